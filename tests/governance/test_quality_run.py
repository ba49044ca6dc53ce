"""A suite's run: what is published of it, and that no value of any row is."""

from __future__ import annotations

import json
import logging
import re
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

pytest.importorskip("great_expectations")

from governance.quality import Check, QualityResult, run_suite
from governance.quality.documents import INDEX, RESULTS, SUITE
from schemas.arrow_schema import snapshot_schema
from schemas.contract import Contract, QualityRule
from schemas.errors import IntegrityError
from tests.governance.quality_contracts import POLICY, contract, field

PLANTED = ("Zhuangzhou Qwerty", "13911112222", "48151623.42", "-90817263", "庄周梦蝶", "zq@example.com", "1987-06-05")


def gx(kind: str, **arguments: Any) -> QualityRule:
    return QualityRule(kind, arguments, "greatExpectations")


def column(kind: str, **arguments: Any) -> QualityRule:
    return gx(f"expect_column_{kind}", **arguments)


DIRTY = contract(
    field("id", kind="integer", primary_key=True, classification="none"),
    field("name", "person.name", required=True),
    field("phone", "person.phone", unique=True),
    field(
        "word", enum=("Zhou", "fine"), unique=True, options={"pattern": "^[a-z]+$", "maxLength": 4},
        quality=(
            QualityRule("invalidValues", {"mustBeLessThan": 1, "unit": "percent", "validValues": ["fine"]}),
            QualityRule("duplicateValues", {"mustBe": 0}, severity="warning", name="few repeats"),
            column("distinct_values_to_be_in_set", value_set=["fine"]),
            column("distinct_values_to_equal_set", value_set=["fine"]),
            column("distinct_values_to_contain_set", value_set=["absent"]),
            column("most_common_value_to_be_in_set", value_set=["fine"]),
            column("values_to_not_be_in_set", value_set=["Zhuangzhou Qwerty", "庄周梦蝶"]),
            column("values_to_be_json_parseable"),
            column("values_to_match_strftime_format", strftime_format="%Y"),
            column("values_to_be_increasing", strictly=True),
            # Errors: of the check's fit, of Polars (whose text quotes values), of Great Expectations' own comparison.
            column("mean_to_be_between", min_value=1),
            column("values_to_be_between", min_value=1),
            column("values_to_match_json_schema", json_schema={"type": "nonsense"}),
            column("values_to_not_be_null", row_condition="CAST(word AS BIGINT) > 1"),
            column("min_to_be_between", min_value="2020-01-01"),
            column("values_to_match_regex", regex="(unclosed"),
        ),
    ),
    field(
        "amount", kind="number", options={"maximum": 10},
        quality=(
            column("max_to_be_between", max_value=1),
            column("min_to_be_between", min_value=1),
            column("sum_to_be_between", max_value=1),
            column("median_to_be_between", max_value=1),
            column("quantile_values_to_be_between", quantile_ranges={"quantiles": [0.5], "value_ranges": [[0, 1]]}),
            column("values_to_be_in_set", value_set=[1.5]),
            column("value_z_scores_to_be_less_than", threshold=0.1, double_sided=True),
        ),
    ),
    field("count", kind="integer", options={"minimum": 0}),
    field(
        "day", kind="date", options={"minimum": "2000-01-01"},
        quality=(column("max_to_be_between", max_value="1980-01-01"),),
    ),
    field("note", "text.free", required=True),
    quality=(
        gx("expect_compound_columns_to_be_unique", column_list=["word", "count"]),
        gx("expect_column_pair_values_a_to_be_greater_than_b", column_A="count", column_B="amount"),
        gx("expect_multicolumn_sum_to_equal", column_list=["count", "amount"], sum_total=1),
        QualityRule("rowCount", {"mustBeGreaterThan": 3}),
    ),
)  # fmt: skip
#: Neither redacted as the policy says nor valid: as bad as data can be.
ROWS: list[dict[str, Any]] = [
    {
        "_id": (f"{place:032x}", "Zhuangzhou Qwerty")[place == 3],
        "_partition": "p",
        "_position": place + 1,
        "id": 7,
        "name": "Zhuangzhou Qwerty",
        "phone": "13911112222",
        "word": ("庄周梦蝶", "zq@example.com", "13911112222", None)[place],
        "amount": 48151623.42,
        "count": -90817263,
        "day": __import__("datetime").date(1987, 6, 5),
        "note": None,
    }
    for place in range(4)
]


def written(folder: Path, rows: Sequence[dict[str, Any]], about: Contract, name: str = "rows.parquet") -> Path:
    schema = pa.schema([f.with_nullable(True) for f in snapshot_schema(about, POLICY)])
    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), folder / name)
    return folder / name


def check(result: QualityResult, origin: str, column: str | None = None) -> Check:
    (found,) = [c for c in result.checks if c.origin == origin and (column is None or c.column == column)]
    return found


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> tuple[QualityResult, str, Path]:
    """The worst of data, its result, and all that was said meanwhile."""
    folder = tmp_path_factory.mktemp("dirty")
    file = written(folder, ROWS, DIRTY)
    said: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(self.format(record))

    root, keeper = logging.getLogger(), Keeper()
    level = root.level
    root.addHandler(keeper)
    root.setLevel(logging.DEBUG)
    try:
        result = run_suite(DIRTY, POLICY, [file], folder)
    finally:
        root.removeHandler(keeper)
        root.setLevel(level)
    return result, "\n".join(said), file


def test_no_planted_value_is_in_anything_that_leaves(dirty: tuple[QualityResult, str, Path]) -> None:
    result, said, _ = dirty
    everything = [said, repr(result), json.dumps([c.as_dict() for c in result.checks], ensure_ascii=False)]
    everything += [body.decode() for body in result.documents.values()]
    for planted in (*PLANTED, "48151623", "4.81516", "90817263", "Qwerty", "zq@", "梦蝶"):
        for text in everything:
            assert planted not in text


def test_the_planted_values_were_found(dirty: tuple[QualityResult, str, Path]) -> None:
    result, _, _ = dirty
    assert not result.success
    assert check(result, "redaction", "name").unexpected_count == 4
    assert check(result, "redaction", "name").shapes == (("Xxxxxxxxxx Xxxxxx", 4),)
    assert check(result, "redaction", "phone").shapes == (("00000000000", 4),)
    assert check(result, "required", "note").unexpected_count == 4
    assert check(result, "enum", "word").shapes == (("00000000000", 1), ("xx@xxxxxxx.xxx", 1), ("字字字字", 1))
    assert check(result, "logicalTypeOptions.minimum", "count").shapes == (("-00000000", 4),)
    assert check(result, "logicalTypeOptions.minimum", "day").shapes == (("0000-00-00", 4),)
    assert check(result, "quality[0]", "day").observed == "0000-00-00"
    assert check(result, "quality[0]", "amount").status == "failed"


def test_rows_are_named_by_their_identity_and_only_where_it_is_one(dirty: tuple[QualityResult, str, Path]) -> None:
    result, _, _ = dirty
    assert check(result, "enum", "word").rows == tuple(f"{place:032x}" for place in range(3))
    assert check(result, "required", "note").rows == tuple(f"{place:032x}" for place in range(3))


def test_unexpected_rows_are_placed_at_their_source(dirty: tuple[QualityResult, str, Path], tmp_path: Path) -> None:
    result, _, _ = dirty
    assert check(result, "enum", "word").places == (("p", 1), ("p", 2), ("p", 3))
    assert (
        "Line or record at the source, by partition: p 1, p 2, p 3<"
        in result.documents["data_docs/index.html"].decode()
    )
    told = json.loads(result.documents["results.json"])["results"]
    assert {"partition": "p", "position": 3} in [
        place for one in told for place in one["result"].get("unexpected_places", ())
    ]

    about = contract(field("key", primary_key=True))
    rows = [
        {"_id": f"{place % 40:032x}", "_partition": f"day {place % 3}", "_position": place, "key": f"k{place % 40}"}
        for place in range(1, 42)
    ]
    files = [written(tmp_path, rows[:20], about, "one.parquet"), written(tmp_path, rows[20:], about, "two.parquet")]
    twice = run_suite(about, POLICY, files, tmp_path)
    # Keys 1 to 39, 0, and 1 again.
    (unique,) = [c for c in twice.checks if c.column == "key" and c.expectation.endswith("unique")]
    assert unique.unexpected_count == 2
    assert unique.places == (("day 1", 1), ("day 2", 41))


def test_a_check_that_cannot_be_evaluated_says_why_and_counts_as_broken(
    dirty: tuple[QualityResult, str, Path],
) -> None:
    result, _, _ = dirty
    reasons = {c.origin: c.reason for c in result.checks if c.status == "unevaluated" and c.column == "word"}
    assert sorted(reasons) == [f"quality[{place}]" for place in (10, 11, 12, 13, 14, 15)]
    assert "needs a number" in reasons["quality[10]"]
    assert "cannot be compared" in reasons["quality[11]"]
    assert "not a JSON Schema" in reasons["quality[12]"]
    assert "InvalidOperationError" in reasons["quality[13]"] or "ComputeError" in reasons["quality[13]"]
    assert "not kept" in reasons["quality[14]"]
    assert "not a regular expression" in reasons["quality[15]"]
    assert result.statistics["unevaluated"] == 6
    assert all(c.success is False for c in result.checks if c.status == "unevaluated")


def test_every_check_of_the_suite_is_accounted_for(dirty: tuple[QualityResult, str, Path]) -> None:
    result, _, _ = dirty
    statistics = result.statistics
    outcomes = ("passed", "failed", "warnings", "unevaluated", "skipped")
    assert sum(statistics[name] for name in outcomes) == statistics["checks"] == len(result.checks)
    assert statistics["rows"] == 4
    assert check(result, "schema.quality[3]").status == "passed"
    warning = check(result, "quality[1]: few repeats")
    assert warning.severity == "warning"


def test_a_second_run_is_equal_byte_for_byte(dirty: tuple[QualityResult, str, Path], tmp_path: Path) -> None:
    result, _, file = dirty
    assert run_suite(DIRTY, POLICY, [file], tmp_path).documents == result.documents
    # Another process orders its sets another way.
    code = (
        "import sys, hashlib, pathlib\n"
        "from tests.governance import test_quality_run as t\n"
        "found = t.run_suite(t.DIRTY, t.POLICY, [pathlib.Path(sys.argv[1])], pathlib.Path(sys.argv[2]))\n"
        "sys.stdout.buffer.write(b'\\0'.join(found.documents[n] for n in sorted(found.documents)))\n"
    )
    root = Path(__file__).parents[2]
    command = [sys.executable, "-W", "ignore", "-c", code, str(file), str(tmp_path)]
    other = subprocess.run(command, check=True, capture_output=True, cwd=root, env={"PYTHONHASHSEED": "7"})
    assert other.stdout == b"\0".join(result.documents[name] for name in sorted(result.documents))
    for planted in PLANTED:
        assert planted.encode() not in other.stderr


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        self.ids += [value or "" for name, value in attrs if name == "id"]


def test_the_documents_load_nothing_and_their_links_lead_somewhere(dirty: tuple[QualityResult, str, Path]) -> None:
    result, _, _ = dirty
    assert set(result.documents) == {RESULTS, INDEX, SUITE}
    assert max(len(body) for body in result.documents.values()) < 100_000
    for name in (INDEX, SUITE):
        text = result.documents[name].decode()
        page = _Page()
        page.feed(text)
        assert not {"script", "link", "img", "iframe"} & set(page.tags)
        assert not re.search(r"https?://|url\(|@import", text)
        for link in page.links:
            assert (
                link.removeprefix("#") in page.ids if link.startswith("#") else f"data_docs/{link}" in result.documents
            )
    body = json.loads(result.documents[RESULTS])
    assert len(body["results"]) + len(body["not_run"]) == len(result.checks)


def test_the_pages_say_what_was_expected_in_words(dirty: tuple[QualityResult, str, Path]) -> None:
    text = dirty[0].documents[INDEX].decode()
    for words in ("values must never be null", "values must belong to this set", "invalid values must be fewer than"):
        assert words in text
    # Values that are forbidden are values that occur: they are counted, not shown.
    assert "(2 values, not shown)" in text


def test_limits_of_columns_about_persons_are_not_shown(tmp_path: Path) -> None:
    about = contract(field("firm", "business.name", enum=("Acme Ltd",), options={"pattern": "^Acme"}))
    row = {"_id": "0" * 32, "_partition": "p", "_position": 1, "firm": "Acme Ltd"}
    result = run_suite(about, POLICY, [written(tmp_path, [row], about)], tmp_path)
    assert result.success
    assert check(result, "enum").arguments == {"column": "firm", "value_set": ["(1 values, not shown)"]}
    assert b"Acme" not in b"".join(result.documents.values())


CLEAN = contract(
    field("n", kind="integer", primary_key=True, options={"minimum": 0, "multipleOf": 5}),
    field("phone", "person.phone", options={"pattern": "^1"}, quality=(QualityRule("nullValues", {"mustBe": 1}),)),
    field(
        "state",
        quality=(
            QualityRule("missingValues", {"mustBeLessOrEqualTo": 50, "unit": "percent", "missingValues": ["?"]}),
        ),
    ),
    quality=(QualityRule("rowCount", {"mustBe": 5}, severity="warning"),),
)  # fmt: skip


def clean_rows(count: int) -> list[dict[str, Any]]:
    return [
        {
            "_id": f"{place:032x}",
            "_partition": "p",
            "_position": place + 1,
            "n": place * 5,
            "phone": None if place == 1 else f"<PHONE_NUMBER:{'abcdefgh'[place % 8] * 8}>",
            "state": "?" if place % 2 else "ok",
        }
        for place in range(count)
    ]


def test_clean_rows_of_several_files_pass(tmp_path: Path) -> None:
    rows = clean_rows(6)
    files = [written(tmp_path, rows[:2], CLEAN, "a.parquet"), written(tmp_path, rows[2:], CLEAN, "b.parquet")]
    result = run_suite(CLEAN, POLICY, files, tmp_path)
    assert result.success
    assert result.statistics == {
        "rows": 6, "checks": 12, "passed": 10, "failed": 0, "warnings": 1, "unevaluated": 0, "skipped": 1,
    }  # fmt: skip
    assert check(result, "logicalTypeOptions.pattern").reason == "phone is replaced by a pseudonym"
    assert "phone is replaced by a pseudonym" in result.documents[INDEX].decode()
    missing = check(result, "quality[0]", "state")
    assert (missing.status, missing.observed, missing.unexpected_count) == ("passed", "50", 3)


def test_a_seventh_row_breaks_what_it_should(tmp_path: Path) -> None:
    worse = [*clean_rows(6), {**clean_rows(7)[6], "n": 7, "state": "?", "phone": None, "_id": "0" * 32}]
    result = run_suite(CLEAN, POLICY, [written(tmp_path, worse, CLEAN)], tmp_path)
    broken = {c.origin for c in result.checks if c.status == "failed" and c.severity == "error"}
    assert broken == {"row identity", "logicalTypeOptions.multipleOf", "quality[0]"}
    assert {c.column for c in result.checks if c.origin == "quality[0]" and not c.success} == {"phone", "state"}
    assert not result.success


def test_an_expectation_that_nobody_knows_is_reported_and_the_others_run(tmp_path: Path) -> None:
    odd = (
        gx("expect_column_values_to_be_nice", column="n"),
        gx("expect_column_values_to_be_between", column="n"),
        gx("expect_column_values_to_match_like_pattern", column="state", like_pattern="o%"),
        gx("expect_column_values_to_be_unique", column="gone"),
    )
    about = replace(CLEAN, quality=odd)
    result = run_suite(about, POLICY, [written(tmp_path, clean_rows(2), about)], tmp_path)
    assert not result.success
    first, second, third, fourth = (check(result, f"schema.quality[{place}]") for place in range(4))
    assert "expect_column_values_to_be_nice not found" in first.reason
    assert "min_value and max_value cannot both be None" in second.reason
    assert "does not measure column_values.match_like_pattern" in third.reason
    assert "no column 'gone'" in fourth.reason
    assert result.statistics["unevaluated"] == 4
    assert "expect_column_values_to_be_nice" in result.documents[INDEX].decode()


def test_no_files_are_no_rows(tmp_path: Path) -> None:
    result = run_suite(CLEAN, POLICY, [], tmp_path / "scratch")
    assert result.statistics["rows"] == 0
    assert {c.origin for c in result.checks if c.success is False} == {"schema.quality[0]", "quality[0]"}


def test_files_that_cannot_be_read_are_all_named(tmp_path: Path) -> None:
    good = written(tmp_path, clean_rows(2), CLEAN)
    torn = tmp_path / "torn.parquet"
    torn.write_bytes(good.read_bytes()[:-20])
    other = tmp_path / "other.parquet"
    pq.write_table(pa.table({"n": [1]}), other)
    with pytest.raises(IntegrityError) as caught:
        run_suite(CLEAN, POLICY, [good, torn, other, tmp_path / "gone.parquet"], tmp_path)
    for name in ("torn.parquet", "other.parquet", "gone.parquet"):
        assert name in str(caught.value)


def test_nothing_is_asked_of_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert run_suite(CLEAN, POLICY, [written(tmp_path, clean_rows(6), CLEAN)], tmp_path).success
