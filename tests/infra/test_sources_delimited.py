"""Separated text: every row once, at its line, whatever the separators, quotes, damage and chunks."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from infra.sources import Drift, SourceUnreadable
from infra.sources.delimited import _Delimited
from schemas.contract import Source
from tests.infra.source_help import cut, fields, files, read, read_text

AB = fields("a", "b")
places = st.lists(st.integers(0, 400), max_size=6)


def source(**options: Any) -> Source:
    return files("-", "csv", **{"header": False, "columns": ("a", "b"), "null_values": (), **options})


def reference(text: str, n: int) -> tuple[list[tuple[int, tuple[str, ...]]], list[tuple[int, str]]]:
    """Rows and rejects with their lines by the csv module, for text in which every quote is closed."""
    reader = csv.reader(io.StringIO(text, newline="\n"))
    rows, rejects, line = [], [], 1
    for row in reader:
        if len(row) == n:
            rows.append((line, tuple(row)))
        elif row or n == 1:
            rejects.append((line, "columns_missing" if len(row) < n else "columns_extra"))
        line = reader.line_num + 1
    return rows, rejects


def closed(text: str) -> bool:
    return list(csv.reader(io.StringIO(text + "\nend", newline="\n")))[-1:] == [["end"]]


@settings(max_examples=400, deadline=None)
@given(text=st.text(alphabet='ab,"\n', max_size=40), places=places)
@example(text='a,"b\nc"\nd,e\n', places=[3, 7])
@example(text='a,b\n"a""",b"\n\nx\n', places=[])
def test_quoted_text_reads_as_the_csv_module_reads_it(text: str, places: list[int]) -> None:
    if not closed(text):
        return
    rows, rejects = reference(text, 2)
    got = read_text(cut(text, places), source(), AB)
    assert list(zip(got.positions, got.tuples, strict=True)) == rows
    assert got.why == rejects


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet='ab,"\r\n é中\x0b\u2028', max_size=40), places=places)
def test_chunks_make_no_difference(text: str, places: list[int]) -> None:
    whole, parts = read_text([text] if text else [], source(), AB), read_text(cut(text, places), source(), AB)
    assert (parts.tuples, parts.positions, parts.why) == (whole.tuples, whole.positions, whole.why)


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet="ab|\r\n中", max_size=40), places=places)
def test_fast_and_careful_ways_agree(
    text: str,
    places: list[int],
) -> None:
    for quote in ('"', None):
        fast = read_text(cut(text, places), source(delimiter="|", quote=quote), AB)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(_Delimited, "_arrow", lambda *_: None)
            slow = read_text(cut(text, places), source(delimiter="|", quote=quote), AB)
        assert (fast.tuples, fast.positions, fast.why) == (slow.tuples, slow.positions, slow.why)


@settings(max_examples=300, deadline=None)
@given(text=st.text(alphabet='ab,"\n', max_size=40), places=places)
def test_long_separators_read_as_short_ones_do(text: str, places: list[int]) -> None:
    # The general reader is the only one that knows these; a one-to-one change of alphabet must change nothing.
    if not closed(text):
        return
    short = read_text([text] if text else [], source(), AB)
    long = text.replace("\n", "&|\n").replace(",", "+|")
    got = read_text(cut(long, places), source(delimiter="+|", row_delimiter="&|\n"), AB)
    assert [
        (r["a"].replace("&|\n", "\n").replace("+|", ","), r["b"].replace("&|\n", "\n").replace("+|", ","))
        for r in got.rows
    ] == short.tuples
    assert [reason for _, reason in got.why] == [reason for _, reason in short.why]


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.text(alphabet='a,"\n\r\\é中 ', max_size=6), st.text(alphabet="b,\n", max_size=6)), max_size=8
    ),
    escape=st.sampled_from([None, "\\"]),
    places=places,
)
def test_what_the_csv_module_writes_comes_back(rows: Any, escape: str | None, places: list[int]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n", escapechar=escape, doublequote=escape is None)
    writer.writerows(rows)
    got = read_text(cut(out.getvalue(), places), source(escape=escape), AB)
    assert got.tuples == rows
    assert got.rejects == []


@settings(max_examples=200, deadline=None)
@given(
    lines=st.lists(st.sampled_from(["x,y", "x", "x,y,z", '"p,q",r', '"p""q",r', '"open,r', "", "n\0l,y", "b\udc80d,y",
                                    "l" * 60 + ",y"]), max_size=12),
    newline=st.sampled_from(["\n", "\r\n"]),
    end=st.booleans(),
    places=places,
)  # fmt: skip
def test_every_line_is_a_row_or_a_reject(lines: list[str], newline: str, end: bool, places: list[int]) -> None:
    text = newline.join(lines) + (newline if end else "")
    got = read_text(cut(text, places), source(max_record_bytes=50, quote=None), AB)
    wanted = [line for line in lines if line]
    assert len(got.rows) + len(got.rejects) == len(wanted)
    numbers = [i for i, line in enumerate(lines, 1) if line]
    assert sorted([*got.positions, *(position for position, _ in got.why)]) == numbers
    reasons = dict(got.why)
    for i, line in enumerate(lines, 1):
        if not line:
            continue
        commas = line.count(",")
        want = (
            "record_too_large" if len(line) > 50
            else "undecodable_bytes" if "\udc80" in line
            else "nul_byte" if "\0" in line
            else "columns_missing" if commas < 1
            else "columns_extra" if commas > 1
            else None
        )  # fmt: skip
        assert reasons.get(i) == want


def test_an_unclosed_quote_costs_its_line_only() -> None:
    text = 'a,b\n1,2\n3,"4\n5,6\n7,8\n'
    for parts in ([text], list(text)):
        got = read_text(parts, source(header=True, columns=()), AB)
        assert got.tuples == [("1", "2"), ("5", "6"), ("7", "8")]
        assert got.why == [(3, "malformed")]
        assert got.rejects[0].sample == '3,"4\n'


def test_a_stray_quote_pairs_up_with_the_next_one() -> None:
    got = read_text(['1,"2\n3,4"\n5,6\n'], source(), AB)
    assert got.tuples == [("1", "2\n3,4"), ("5", "6")]
    assert got.positions == [1, 3]


def test_positions_are_lines_of_the_file() -> None:
    text = 'skip me\na,b\n1,"x\ny\nz"\n\n2,w\n3\n4,v\n'
    got = read_text([text], source(header=True, columns=(), skip_rows=1), AB)
    assert got.tuples == [("1", "x\ny\nz"), ("2", "w"), ("4", "v")]
    assert got.positions == [3, 7, 9]
    assert got.why == [(8, "columns_missing")]


@pytest.mark.parametrize("quoted", [True, False])
def test_a_huge_record_is_skipped_and_never_held(quoted: bool) -> None:
    limit, chunk = 1000, "x\n" * 50 if quoted else "x" * 100
    held = []

    def chunks() -> Any:
        yield 'a,b\n1,2\n3,"' if quoted else "a,b\n1,2\n3,"
        for _ in range(5000):
            held.append(chunk)
            yield chunk
        yield '"\n5,6\n' if quoted else "\n5,6\n"

    wanted = source(header=True, columns=(), max_record_bytes=limit, quote='"' if quoted else None)
    from infra.sources.context import Context
    from infra.sources.delimited import read as read_parts

    context = Context(wanted, AB, "text", {}, "utf-8", lambda: False, lambda: iter(()))
    parts = [part for part in read_parts(chunks(), context) if not isinstance(part, Drift)]
    rows = [row for part in parts for row in zip(*(array.to_pylist() for array in part.arrays), strict=True)]
    rejects = [reject for part in parts for reject in part.rejects]
    assert rows == [("1", "2"), ("5", "6")]
    assert [(r.position, r.reason) for r in rejects] == [(3, "record_too_large")]
    assert len(rejects[0].sample) <= 2000


def test_raw_row_delimiters_in_a_column() -> None:
    text = "1\tfine\tx\n2\tone\ntwo\n\nthree\ty\n3\tshort\n4\tgood\tz\n5\talso\t!\n"
    wanted = source(delimiter="\t", quote=None, record="columns", columns=("n", "t", "e"))
    for parts in ([text], list(text)):
        got = read_text(parts, wanted, fields("n", "t", "e"))
        assert got.tuples == [
            ("1", "fine", "x"),
            ("2", "one\ntwo\n\nthree", "y"),
            ("4", "good", "z"),
            ("5", "also", "!"),
        ]
        assert got.positions == [1, 2, 7, 8]
        assert got.why == [(6, "columns_missing")]


def test_null_values_in_all_ways() -> None:
    for text in ('1,\n"",NA\nx,y\n', '1,\n"",NA\nx,"y"\n\n', '1,\n"",NA\nx,y'):
        got = read_text([text], source(null_values=("", "NA")), AB)
        assert got.tuples == [("1", None), (None, None), ("x", "y")]


def test_empty_and_header_only(tmp_path: Path) -> None:
    for content in (b"", b"a,b\n", b"a,b", b"\xef\xbb\xbfa,b\r\n"):
        (tmp_path / "f.csv").write_bytes(content)
        got = read(files(tmp_path / "f.csv", "csv"), AB)
        assert (got.rows, got.rejects, got.sizes) == ([], [], [0])


def test_blank_lines_are_rows_of_one_column() -> None:
    got = read_text(["a\n\nb\n"], source(columns=("a",), null_values=("",)), fields("a"))
    assert got.tuples == [("a",), (None,), ("b",)]


# -- columns ---------------------------------------------------------------------------------------------------


def test_order_and_unknown_columns() -> None:
    got = read_text(["x, b ,a\n1,2,3\n"], source(header=True, columns=()), AB)
    assert got.rows == [{"a": "3", "b": "2"}]
    assert got.drift == {Drift("unknown", "x")}


def test_a_missing_column_is_null_or_fatal_as_its_rule_says() -> None:
    text = ["a,c\n1,2\n"]
    for rule in ("quarantine", "ignore"):
        got = read_text(text, source(header=True, columns=()), (*fields("a"), *fields("b", on_drift=rule)))
        assert got.rows == [{"a": "1", "b": None}]
        assert Drift("missing", "b") in got.drift
    with pytest.raises(SourceUnreadable) as caught:
        read_text(text, source(header=True, columns=()), (*fields("a"), *fields("b", "d", on_drift="fail")))
    assert "text: column 'b', 'd' is missing" in str(caught.value)
    assert not caught.value.transient


def test_a_header_that_fits_nowhere_is_an_error_that_shows_no_data() -> None:
    with pytest.raises(SourceUnreadable) as caught:
        read_text(["Zhang San,13800000000\nLi Si,13900000000\n"], source(header=True, columns=()), AB)
    assert "'a', 'b'" in str(caught.value)
    assert "Zhang" not in str(caught.value)


def test_a_name_that_occurs_twice() -> None:
    with pytest.raises(SourceUnreadable, match="'a' stands more than once"):
        read_text(["a,b,a\n1,2,3\n"], source(header=True, columns=()), AB)
    got = read_text(["a,b,c,c\n1,2,3,4\n"], source(header=True, columns=()), AB)
    assert got.tuples == [("1", "2")]
    assert Drift("duplicate", "c") in got.drift
    named = read_text(["a,b,a\n1,2,3\n"], source(header=True, columns=("a", "b", "z")), AB)
    assert named.tuples == [("1", "2")]


def test_specials_and_json_inside_a_column() -> None:
    text = ['a,p\n1,"{""u"": {""n"": ""x"", ""k"": [1, 2.50]}}"\n2,broken\n']
    wanted = fields("file=$file", "line=$line", "i=$index", "m=$member", "n=p|json.u.n", "k=p|json.u.k")
    got = read_text(text, source(header=True, columns=()), wanted)
    assert got.tuples == [("file", "2", "1", None, "x", "[1, 2.50]"), ("file", "3", "2", None, None, None)]


def test_names_that_look_like_values_are_not_reported() -> None:
    got = read_text(["a,b,me@example.com,13800000000\n1,2,3,4\n"], source(header=True, columns=()), AB)
    assert {d.column for d in got.drift} == {"(14 characters)", "(11 characters)"}


@pytest.mark.parametrize("options", [{"quote": "''"}, {"delimiter": ""}, {"row_delimiter": ""}])
def test_a_dialect_that_cannot_be(options: dict[str, str]) -> None:
    with pytest.raises(SourceUnreadable):
        read_text(["a,b\n"], source(**options), AB)


def test_samples_do_not_show_in_a_repr() -> None:
    got = read_text(["secret\n"], source(), AB)
    assert got.rejects[0].sample == "secret"
    assert "secret" not in repr(got.rejects)
