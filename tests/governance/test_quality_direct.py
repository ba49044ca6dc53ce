"""What is evaluated without Great Expectations, against what its validator says: the same to the byte."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest

pytest.importorskip("great_expectations")

from governance.quality import direct, evidence
from governance.quality import run as quality_run
from governance.quality.documents import _rendered, documents
from governance.quality.passes import scan
from governance.quality.suite import Expected, Suite
from governance.quality.survival import Survival
from governance.quality.words import said
from tests.governance.quality_contracts import contract, field

C = "expect_column_values_to_"
ABOUT = contract(field("n", kind="integer"), field("word"), field("x", kind="number"), field("day", kind="date"))
SURVIVAL = Survival(ABOUT, None)


def table(rows: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "_id": [f"{place:032x}" if place % 13 else "not an identity" for place in range(rows)],
            "n": [None if place % 7 == 0 else place % 11 for place in range(rows)],
            "word": [("paid", None, "完成", "Lost", "a\nb <i>$n</i>")[place % 5] for place in range(rows)],
            "x": [(0.5, float("nan"), None, -3.25, 1e300)[place % 5] * 1 if place % 5 != 2 else None
                  for place in range(rows)],
            "day": [None if place % 9 == 0 else dt.date(2024, 1, 1) + dt.timedelta(days=place) for place in range(rows)],
            "twin": [place // 2 for place in range(rows)],
            "key": list(range(rows)),
            "nothing": pl.Series([None] * rows, dtype=pl.String),
        },
        schema_overrides={"n": pl.Int64, "word": pl.String, "x": pl.Float64, "day": pl.Date},
    )  # fmt: skip


def one(kind: str, **kwargs: Any) -> Expected:
    columns = [kwargs["column"]] if "column" in kwargs else kwargs.get("column_list", [])
    return Expected(kind, kwargs, "quality[0]", tuple(columns))


COLUMNS = ["_id", "n", "word", "x", "day", "twin", "key", "nothing"]
CHECKS = [
    *(one(f"{C}not_be_null", column=name) for name in COLUMNS),
    *(one(f"{C}be_unique", column=name) for name in COLUMNS),
    one(f"{C}not_be_null", column="n", mostly=0.8),
    one(f"{C}not_be_null", column="n", mostly=0.9),
    one(f"{C}be_unique", column="twin", mostly=0.5),
    one(f"{C}match_regex", column="word", regex="^[a-z]+$"),
    one(f"{C}match_regex", column="word", regex="(?<!x)d", mostly=0.25),
    one(f"{C}match_regex", column="n", regex="^1"),
    one(f"{C}match_regex", column="nothing", regex="^1"),
    one(f"{C}not_match_regex", column="word", regex="o"),
    one(f"{C}not_match_regex", column="word", regex="o", mostly=0.99999),
    one(f"{C}be_in_set", column="word", value_set=["paid", "完成"]),
    one(f"{C}be_in_set", column="n", value_set=[1, 2.0, 3.5, "4"], mostly=0.1),
    one(f"{C}be_in_set", column="nothing", value_set=["a"]),
    one(f"{C}be_in_set", column="word", value_set=[]),
    one(f"{C}not_be_in_set", column="word", value_set=["Lost"]),
    one(f"{C}not_be_in_set", column="x", value_set=[0.5, 7]),
    one(f"{C}be_between", column="n", min_value=2, max_value=8),
    one(f"{C}be_between", column="n", min_value=2, max_value=8, strict_min=True, strict_max=True, mostly=0.5),
    one(f"{C}be_between", column="x", min_value=-2.5),
    one(f"{C}be_between", column="x", max_value=0, strict_max=True),
    one(f"{C}be_between", column="day", min_value="2024-01-05"),
    one(f"{C}be_between", column="day", min_value="2024-01-05", max_value="2024-02-01", strict_max=True),
    one("expect_column_value_lengths_to_be_between", column="word", min_value=3, max_value=4),
    one("expect_column_value_lengths_to_be_between", column="word", min_value=3, strict_min=True, mostly=0.5),
    one("expect_column_value_lengths_to_be_between", column="nothing", max_value=1),
    one(f"{C}be_multiple_of", column="n", multiple_of=2),
    one(f"{C}be_multiple_of", column="x", multiple_of=0.25, mostly=0.5),
    one("expect_compound_columns_to_be_unique", column_list=["n", "word"]),
    one("expect_compound_columns_to_be_unique", column_list=["n", "twin"], mostly=0.5),
    one("expect_compound_columns_to_be_unique", column_list=["key", "word"]),
    one("expect_table_row_count_to_be_between", min_value=1),
    one("expect_table_row_count_to_be_between", min_value=1, max_value=10),
    one("expect_table_row_count_to_be_between", max_value=0),
    one("expect_table_columns_to_match_ordered_list", column_list=COLUMNS),
    one("expect_table_columns_to_match_ordered_list", column_list=["n", "_id"]),
    *(
        one("expect_measured_rows_to_satisfy", measure=measure, must=must, unit=unit, **more)
        for measure, more in (
            ("nullValues", {"column": "n"}),
            ("missingValues", {"column": "word", "missing_values": ["Lost"]}),
            ("invalidValues", {"column": "word", "valid_values": ["paid"]}),
            ("invalidValues", {"column": "word", "pattern": "^p"}),
            ("duplicateValues", {"column": "twin"}),
            ("duplicateValues", {"column_list": ["n", "word"]}),
            ("rowCount", {}),
        )
        for must, unit in (({"mustBe": 0}, "rows"), ({"mustBeBetween": [1, 40], "mustNotBe": 3}, "percent"))
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Mapping[int, list[Path]]:
    """Tables of no, one and many rows; in two files and small row groups, so that there are borders inside."""
    folder = tmp_path_factory.mktemp("direct")
    made = {}
    for rows in (0, 1, 60):
        whole, made[rows] = table(rows), []
        for place, part in enumerate((whole[:25], whole[25:])):
            part.write_parquet(folder / f"{rows}-{place}.parquet", row_group_size=10)
            made[rows].append(folder / f"{rows}-{place}.parquet")
    return made


@pytest.mark.parametrize("rows", [0, 1, 60])
def test_outcomes_are_those_of_the_library(files: Mapping[int, list[Path]], rows: int) -> None:
    suite = Suite("bench.docs", tuple(CHECKS))
    ours = direct.evaluate(suite.checks, scan(files[rows]))
    assert ours is not None
    found = [evidence.measured(check, SURVIVAL, *one) for check, one in zip(CHECKS, ours, strict=True)]
    library = quality_run._by_library(suite, SURVIVAL, files[rows])
    for mine, theirs in zip(found, library, strict=True):
        assert mine == theirs
    statistics = quality_run._statistics(library, rows)
    assert documents(ABOUT, found, statistics, False) == documents(ABOUT, library, statistics, False)
    assert sum(check.status == "failed" for check in library) > (30 if rows == 60 else 0)


@pytest.mark.parametrize(
    "check",
    [
        one(f"{C}be_nice", column="n"),
        one(f"{C}not_be_null", column="n", row_condition="n > 3"),
        one(f"{C}be_between", column="n"),
        one(f"{C}be_between", column="n", min_value=5, max_value=1),
        one(f"{C}be_between", column="n", min_value=2**60),
        one(f"{C}be_between", column="n", min_value=True),
        one(f"{C}be_between", column="n", min_value=3, max_value="x"),
        one(f"{C}match_regex", column="word"),
        one(f"{C}match_regex", column="word", regex=3),
        one(f"{C}be_in_set", column="word", value_set="paid"),
        one(f"{C}be_in_set", column="word", value_set=[["paid"]]),
        one(f"{C}not_be_null", column="n", mostly=1.5),
        one(f"{C}not_be_null"),
        one("expect_compound_columns_to_be_unique", column_list=["n"]),
        one("expect_compound_columns_to_be_unique", column_list=["n", "key"], ignore_row_if="never"),
        one("expect_measured_rows_to_satisfy", measure="nullValues", column="n", must={"mustBeNice": 1}),
        one("expect_measured_rows_to_satisfy", measure="nullValues", must={"mustBe": 1}),
        # Known, but not to be evaluated: the library says why.
        one(f"{C}not_be_null", column="gone"),
        one(f"{C}be_between", column="word", min_value=1),
        one(f"{C}match_regex", column="word", regex="(unclosed"),
        one(f"{C}be_multiple_of", column="word", multiple_of=2),
        one("expect_measured_rows_to_satisfy", measure="oddValues", column="n", must={"mustBe": 1}),
    ],
)
def test_what_is_not_known_is_the_librarys(files: Mapping[int, list[Path]], check: Expected) -> None:
    assert direct.evaluate([CHECKS[0], check], scan(files[60])) is None


@pytest.mark.parametrize("check", CHECKS, ids=range(len(CHECKS)))
def test_words_are_the_librarys(check: Expected) -> None:
    shown = evidence.measured(check, SURVIVAL, True, {})
    ours = said(check.type, shown.arguments)
    assert ours is not None
    theirs = re.sub(r"</?div[^>]*>|<span>\s|\s</span>", " ", str(_rendered(shown)))
    theirs = re.sub(r'<span class="badge">≈?([0-9.]+)</span> %', r"\1 %", theirs)
    assert " ".join(str(ours).split()) == " ".join(theirs.split())


def test_a_usual_suite_imports_no_library(files: Mapping[int, list[Path]], tmp_path: Path) -> None:
    code = (
        "import sys, pathlib\n"
        "from governance.quality import run_suite\n"
        "from tests.governance.quality_contracts import POLICY, contract, field\n"
        "run_suite(contract(field('n', kind='integer', primary_key=True, required=True)), POLICY, [], "
        "pathlib.Path(sys.argv[1]))\n"
        "print(sorted({'great_expectations', 'pandas', 'scipy', 'sqlalchemy'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
