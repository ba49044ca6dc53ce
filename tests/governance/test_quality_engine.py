"""The Polars engine against Great Expectations' own pandas engine, on the same Parquet file."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

gx = pytest.importorskip("great_expectations")

from governance.quality.context import new_context  # noqa: E402

ROWS = 60


def _table() -> pl.DataFrame:
    days = [dt.date(2024, 1, 1) + dt.timedelta(days=i % 31) for i in range(ROWS)]
    return pl.DataFrame(
        {
            "id": [f"{i:04d}" for i in range(ROWS)],
            "twin": [f"{i // 2:04d}" if i < 10 else f"{i:04d}" for i in range(ROWS)],
            "n": [None if i % 7 == 3 else i % 11 for i in range(ROWS)],
            "x": [float("nan") if i == 5 else None if i == 6 else i / 4 - 3 for i in range(ROWS)],
            "y": [i / 4 - 3 if i % 5 else i / 2 for i in range(ROWS)],
            "rise": [i // 3 for i in range(ROWS)],
            "fall": [-i if i != 30 else 5 for i in range(ROWS)],
            "word": [None if i % 9 == 4 else ("paid", "sent", "完成", "Lost")[i % 4] for i in range(ROWS)],
            "code": [f"A-{i:03d}" if i % 6 else f"b{i}" for i in range(ROWS)],
            "day": [str(day) if i % 8 else "never" for i, day in enumerate(days)],
            "json": ['{"a": 1}' if i % 4 else '{"a": "b"}' for i in range(ROWS)],
            "broken": ["[1, 2]" if i % 4 else "{" for i in range(ROWS)],
            "when": [dt.datetime(2024, 1, 1) + dt.timedelta(hours=i) for i in range(ROWS)],
            "flag": [i % 2 == 0 for i in range(ROWS)],
            "nothing": pl.Series([None] * ROWS, dtype=pl.String),
            "p": [i % 3 for i in range(ROWS)],
            "q": [None if i % 10 == 0 else i % 4 for i in range(ROWS)],
            "r": [i % 5 for i in range(ROWS)],
        }
    )


@pytest.fixture(scope="module")
def batches(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("parity")
    table = _table()
    # Two files and small row groups, so that batches have borders inside the data.
    for place, part in enumerate((table[:37], table[37:])):
        part.write_parquet(folder / f"{place}.parquet", row_group_size=10)
    table.write_parquet(folder / "whole.parquet")
    context = new_context()
    ours = context.data_sources.add_polars("ours").add_parquet("asset", [folder / "0.parquet", folder / "1.parquet"])
    theirs = context.data_sources.add_pandas("theirs").add_parquet_asset("asset", path=folder / "whole.parquet")
    return {
        "ours": ours.get_batch(ours.build_batch_request()),
        "theirs": theirs.get_batch(theirs.build_batch_request()),
    }


def run(batch: Any, kind: str, result_format: Any = "BASIC", **arguments: Any) -> Any:
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    expectation = ExpectationConfiguration(type=kind, kwargs=arguments).to_domain_obj()
    return batch.validate(expectation, result_format=result_format)


def raised(result: Any) -> bool:
    return "raised_exception': True" in str(result.exception_info)


C = "expect_column_values_to_"
CASES: list[tuple[str, dict[str, Any]]] = [
    (C + "not_be_null", {"column": "n"}),
    (C + "not_be_null", {"column": "x"}),
    (C + "not_be_null", {"column": "n", "mostly": 0.8}),
    (C + "not_be_null", {"column": "nothing"}),
    (C + "be_null", {"column": "n"}),
    (C + "be_null", {"column": "nothing"}),
    (C + "be_unique", {"column": "id"}),
    (C + "be_unique", {"column": "twin"}),
    (C + "be_unique", {"column": "n"}),
    (C + "be_unique", {"column": "x"}),
    (C + "be_unique", {"column": "nothing"}),
    (C + "be_in_set", {"column": "word", "value_set": ["paid", "sent", "完成"]}),
    (C + "be_in_set", {"column": "word", "value_set": ["paid", "sent", "完成"], "mostly": 0.5}),
    (C + "be_in_set", {"column": "n", "value_set": [1, 2.0, 3.5, "4"]}),
    (C + "be_in_set", {"column": "nothing", "value_set": ["a"]}),
    (C + "not_be_in_set", {"column": "word", "value_set": ["Lost"]}),
    (C + "not_be_in_set", {"column": "n", "value_set": [20, 21]}),
    (C + "be_between", {"column": "n", "min_value": 2, "max_value": 8}),
    (C + "be_between", {"column": "n", "min_value": 2, "max_value": 8, "strict_min": True, "strict_max": True}),
    (C + "be_between", {"column": "x", "min_value": -2.5}),
    (C + "be_between", {"column": "y", "max_value": 3, "strict_max": True}),
    (C + "be_between", {"column": "when", "min_value": "2024-01-01T05:00:00", "max_value": "2024-01-02T00:00:00"}),
    (C + "match_regex", {"column": "code", "regex": r"^A-\d{3}$"}),
    (C + "match_regex", {"column": "word", "regex": "^[a-z]+$"}),
    (C + "match_regex", {"column": "code", "regex": r"(?<!b)\d+$"}),
    (C + "match_regex", {"column": "rise", "regex": r"^1"}),
    (C + "not_match_regex", {"column": "code", "regex": "^b"}),
    (C + "match_regex_list", {"column": "code", "regex_list": ["^A", "0$"]}),
    (C + "match_regex_list", {"column": "code", "regex_list": ["^A", "0$"], "match_on": "all"}),
    (C + "not_match_regex_list", {"column": "code", "regex_list": ["^b1", "^b2"]}),
    ("expect_column_value_lengths_to_be_between", {"column": "word", "min_value": 3, "max_value": 4}),
    ("expect_column_value_lengths_to_be_between", {"column": "code", "min_value": 3, "strict_min": True}),
    ("expect_column_value_lengths_to_equal", {"column": "code", "value": 5}),
    (C + "be_increasing", {"column": "rise"}),
    (C + "be_increasing", {"column": "rise", "strictly": True}),
    (C + "be_increasing", {"column": "n"}),
    (C + "be_decreasing", {"column": "fall"}),
    (C + "be_decreasing", {"column": "fall", "strictly": True}),
    (C + "match_strftime_format", {"column": "day", "strftime_format": "%Y-%m-%d"}),
    (C + "be_dateutil_parseable", {"column": "day"}),
    (C + "be_json_parseable", {"column": "broken"}),
    (C + "match_json_schema", {"column": "json", "json_schema": {"properties": {"a": {"type": "integer"}}}}),
    ("expect_column_value_z_scores_to_be_less_than", {"column": "y", "threshold": 1.5, "double_sided": True}),
    ("expect_column_value_z_scores_to_be_less_than", {"column": "fall", "threshold": 1, "double_sided": False}),
    (C + "not_be_outliers", {"column": "y"}),
    (C + "not_be_outliers", {"column": "fall", "method": "std", "multiplier": 1.2}),
    (C + "be_of_type", {"column": "rise", "type_": "int64"}),
    (C + "be_of_type", {"column": "word", "type_": "str"}),
    (C + "be_of_type", {"column": "y", "type_": "int64"}),
    (C + "be_in_type_list", {"column": "y", "type_list": ["int64", "float64"]}),
    (C + "be_in_type_list", {"column": "flag", "type_list": ["int64", "float64"]}),
    ("expect_column_type_to_be", {"column": "rise", "type_": "int64"}),
    ("expect_column_type_to_be", {"column": "y", "type_": "int64"}),
    ("expect_column_min_to_be_between", {"column": "x", "min_value": -3, "max_value": 0}),
    ("expect_column_min_to_be_between", {"column": "when", "min_value": "2024-01-01T00:00:00"}),
    ("expect_column_min_to_be_between", {"column": "nothing", "min_value": 1}),
    ("expect_column_max_to_be_between", {"column": "n", "max_value": 9}),
    ("expect_column_max_to_be_between", {"column": "when", "max_value": "2024-06-01T00:00:00"}),
    ("expect_column_mean_to_be_between", {"column": "n", "min_value": 4, "max_value": 6}),
    ("expect_column_mean_to_be_between", {"column": "x", "min_value": 4, "max_value": 6}),
    ("expect_column_median_to_be_between", {"column": "n", "min_value": 5, "max_value": 5}),
    ("expect_column_median_to_be_between", {"column": "y", "min_value": 100}),
    ("expect_column_stdev_to_be_between", {"column": "y", "min_value": 1, "max_value": 10}),
    ("expect_column_sum_to_be_between", {"column": "n", "min_value": 1, "max_value": 10}),
    ("expect_column_sum_to_be_between", {"column": "x", "min_value": 1, "max_value": 1000}),
    (
        "expect_column_quantile_values_to_be_between",
        {
            "column": "y",
            "quantile_ranges": {
                "quantiles": [0, 0.1, 0.5, 0.9, 1],
                "value_ranges": [[-9, 9], [-9, 9], [0, 9], [0, 20], [0, None]],
            },
        },
    ),
    (
        "expect_column_quantile_values_to_be_between",
        {
            "column": "n",
            "allow_relative_error": "linear",
            "quantile_ranges": {"quantiles": [0.25, 0.75], "value_ranges": [[2, 3], [7, 8]]},
        },
    ),
    ("expect_column_unique_value_count_to_be_between", {"column": "n", "min_value": 1, "max_value": 10}),
    ("expect_column_unique_value_count_to_be_between", {"column": "word", "min_value": 4, "max_value": 4}),
    ("expect_column_proportion_of_unique_values_to_be_between", {"column": "n", "max_value": 0.3}),
    ("expect_column_proportion_of_unique_values_to_be_between", {"column": "nothing", "max_value": 0.3}),
    ("expect_column_proportion_of_non_null_values_to_be_between", {"column": "n", "min_value": 0.9}),
    ("expect_column_distinct_values_to_be_in_set", {"column": "word", "value_set": ["paid", "sent", "完成"]}),
    ("expect_column_distinct_values_to_be_in_set", {"column": "p", "value_set": [0, 1, 2, 3]}),
    ("expect_column_distinct_values_to_contain_set", {"column": "word", "value_set": ["paid", "gone"]}),
    ("expect_column_distinct_values_to_contain_set", {"column": "word", "value_set": ["paid"]}),
    ("expect_column_distinct_values_to_equal_set", {"column": "p", "value_set": [0, 1, 2]}),
    ("expect_column_distinct_values_to_equal_set", {"column": "p", "value_set": [0, 1, 7]}),
    ("expect_column_most_common_value_to_be_in_set", {"column": "word", "value_set": ["sent"]}),
    ("expect_column_most_common_value_to_be_in_set", {"column": "p", "value_set": [0], "ties_okay": True}),
    ("expect_table_row_count_to_be_between", {"min_value": 1, "max_value": 100}),
    ("expect_table_row_count_to_equal", {"value": 59}),
    ("expect_table_column_count_to_equal", {"value": 18}),
    ("expect_table_column_count_to_be_between", {"min_value": 30}),
    ("expect_column_to_exist", {"column": "word"}),
    ("expect_column_to_exist", {"column": "absent"}),
    ("expect_table_columns_to_match_set", {"column_set": ["id", "n"], "exact_match": False}),
    ("expect_table_columns_to_match_set", {"column_set": ["id", "n"], "exact_match": True}),
    ("expect_table_columns_to_match_ordered_list", {"column_list": ["id", "twin"]}),
    ("expect_compound_columns_to_be_unique", {"column_list": ["p", "q"]}),
    ("expect_compound_columns_to_be_unique", {"column_list": ["p", "id"]}),
    ("expect_compound_columns_to_be_unique", {"column_list": ["p", "q"], "ignore_row_if": "any_value_is_missing"}),
    ("expect_compound_columns_to_be_unique", {"column_list": ["n", "word"], "ignore_row_if": "never"}),
    ("expect_column_pair_values_to_be_equal", {"column_A": "x", "column_B": "y"}),
    (
        "expect_column_pair_values_to_be_equal",
        {"column_A": "x", "column_B": "y", "ignore_row_if": "either_value_is_missing"},
    ),
    ("expect_column_pair_values_to_be_equal", {"column_A": "x", "column_B": "y", "ignore_row_if": "neither"}),
    ("expect_column_pair_values_a_to_be_greater_than_b", {"column_A": "y", "column_B": "x"}),
    ("expect_column_pair_values_a_to_be_greater_than_b", {"column_A": "y", "column_B": "x", "or_equal": True}),
    (
        "expect_column_pair_values_to_be_in_set",
        {"column_A": "p", "column_B": "q", "value_pairs_set": [[0, 1], [1, 1], [2, 2], [0, None]]},
    ),
    ("expect_multicolumn_sum_to_equal", {"column_list": ["p", "r"], "sum_total": 3}),
    ("expect_multicolumn_sum_to_equal", {"column_list": ["p", "q", "r"], "sum_total": 5}),
    ("expect_multicolumn_values_to_be_equal", {"column_list": ["p", "q", "r"]}),
    ("expect_select_column_values_to_be_unique_within_record", {"column_list": ["p", "q", "r"]}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "arguments"), CASES, ids=[f"{i}-{case[0]}" for i, case in enumerate(CASES)])
def test_same_as_pandas(batches: dict[str, Any], kind: str, arguments: dict[str, Any]) -> None:
    ours, theirs = run(batches["ours"], kind, **arguments), run(batches["theirs"], kind, **arguments)
    assert not raised(theirs), theirs.exception_info
    assert not raised(ours), ours.exception_info
    assert ours.success == theirs.success
    for key in ("element_count", "unexpected_count", "missing_count"):
        assert ours.result.get(key) == theirs.result.get(key), key
    found, wanted = ours.result.get("observed_value"), theirs.result.get("observed_value")
    assert found == wanted or _close(found, wanted)
    # Asking for more adds shapes and positions, and changes no count.
    summary = run(batches["ours"], kind, "SUMMARY", **arguments)
    assert not raised(summary), summary.exception_info
    assert (summary.success, summary.result.get("unexpected_count")) == (
        ours.success,
        ours.result.get("unexpected_count"),
    )
    positions = run(batches["theirs"], kind, "SUMMARY", **arguments).result.get("partial_unexpected_index_list")
    if positions and "creasing" not in kind:
        assert summary.result["partial_unexpected_index_list"] == positions


def _close(found: Any, wanted: Any) -> bool:
    if isinstance(found, dict):
        return all(_close(found[key], wanted[key]) for key in wanted)
    if isinstance(found, list):
        return len(found) == len(wanted) and all(map(_close, found, wanted))
    if isinstance(found, str):
        return str(found).replace("T", " ") == str(wanted).replace("T", " ")
    return found == pytest.approx(wanted, rel=1e-12)


CONDITIONS: list[Any] = [
    ('col("word") == "paid"', "great_expectations"),
    ('col("n").notnull()', "great_expectations"),
    ({"type": "comparison", "column": {"name": "rise"}, "operator": ">=", "parameter": 5}, None),
    ({"type": "comparison", "column": {"name": "word"}, "operator": "IN", "parameter": ["paid", "sent"]}, None),
    ({"type": "comparison", "column": {"name": "word"}, "operator": "NOT_IN", "parameter": ["paid", "sent"]}, None),
    ({"type": "nullity", "column": {"name": "n"}, "is_null": True}, None),
    (
        {
            "type": "and",
            "conditions": [
                {"type": "comparison", "column": {"name": "rise"}, "operator": "<", "parameter": 15},
                {"type": "comparison", "column": {"name": "q"}, "operator": "!=", "parameter": 1},
            ],
        },
        None,
    ),
    (
        {
            "type": "or",
            "conditions": [
                {"type": "comparison", "column": {"name": "rise"}, "operator": ">", "parameter": 15},
                {"type": "nullity", "column": {"name": "q"}, "is_null": False},
            ],
        },
        None,
    ),
]  # fmt: skip
CONDITIONED: list[tuple[str, dict[str, Any]]] = [
    (C + "be_between", {"column": "n", "min_value": 2, "max_value": 8}),
    (C + "be_unique", {"column": "twin"}),
    (C + "be_increasing", {"column": "n"}),
    ("expect_column_mean_to_be_between", {"column": "y", "min_value": 2}),
    ("expect_column_median_to_be_between", {"column": "y", "min_value": 2}),
    ("expect_column_unique_value_count_to_be_between", {"column": "n", "min_value": 3}),
    ("expect_column_pair_values_to_be_equal", {"column_A": "p", "column_B": "q"}),
    ("expect_compound_columns_to_be_unique", {"column_list": ["p", "q"]}),
    ("expect_table_row_count_to_be_between", {"min_value": 30}),
]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("condition", CONDITIONS, ids=range(len(CONDITIONS)))
@pytest.mark.parametrize(("kind", "arguments"), CONDITIONED, ids=[case[0] for case in CONDITIONED])
def test_row_condition_is_the_same_as_pandas(
    batches: dict[str, Any], kind: str, arguments: dict[str, Any], condition: Any
) -> None:
    row_condition, parser = condition
    more = {"row_condition": row_condition} | ({"condition_parser": parser} if parser else {})
    test_same_as_pandas(batches, kind, arguments | more)
