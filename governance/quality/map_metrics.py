"""Metrics that ask a question of every row. Meanings follow Great Expectations' pandas engine."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import reduce
from typing import Any

import polars as pl
from dateutil.parser import parse as parse_date

from governance.quality import queries
from governance.quality.columns import Column
from governance.quality.engine import Query, collect
from governance.quality.literals import Unfit, among, bound, members
from governance.quality.registration import (
    MULTI_KEYS,
    PAIR_KEYS,
    Arguments,
    MapTest,
    Unexpected,
    by_row,
    register_map,
)


def register_all() -> None:
    """Register every map metric of this module for the Polars engine."""
    bounds = ("min_value", "max_value", "strict_min", "strict_max")
    register_map("column_values.nonnull", by_row(lambda c: ~c.missing, skip_missing=False))
    register_map("column_values.null", by_row(lambda c: c.missing, skip_missing=False))
    register_map("column_values.unique", _unique)
    register_map("column_values.in_set", by_row(_in_set), arguments=("value_set",))
    register_map("column_values.not_in_set", by_row(_not_in_set), arguments=("value_set",))
    register_map("column_values.between", by_row(_between), arguments=bounds)
    register_map("column_values.match_regex", by_row(lambda c, regex: matches(c, regex)), arguments=("regex",))
    register_map("column_values.not_match_regex", by_row(lambda c, regex: ~matches(c, regex)), arguments=("regex",))
    register_map("column_values.match_regex_list", by_row(_match_list), arguments=("regex_list", "match_on"))
    register_map("column_values.not_match_regex_list", by_row(_match_none), arguments=("regex_list",))
    register_map("column_values.value_length.between", by_row(_length_between), arguments=bounds)
    register_map("column_values.value_length.equals", by_row(_length_equals), arguments=("value",))
    register_map("column_values.increasing", _ordered(falling=False), arguments=("strictly",))
    register_map("column_values.decreasing", _ordered(falling=True), arguments=("strictly",))
    register_map("column_values.match_strftime_format", by_row(_strftime), arguments=("strftime_format",))
    register_map("column_values.dateutil_parseable", by_row(lambda c: _per_value(c, _dateutil)))
    register_map("column_values.json_parseable", by_row(lambda c: _per_value(c, _json)))
    register_map("column_values.match_json_schema", by_row(_json_schema), arguments=("json_schema",))
    register_map("column_values.z_score.under_threshold", _z_score, arguments=("double_sided", "threshold"))
    register_map("column_values.not_outliers", _not_outliers, arguments=("method", "multiplier"))

    def pairs(meets: Callable[..., pl.Expr]) -> MapTest:
        return by_row(meets, skip_missing=False)

    register_map("column_pair_values.equal", pairs(_equal), keys=PAIR_KEYS)
    register_map("column_pair_values.a_greater_than_b", pairs(_greater), keys=PAIR_KEYS, arguments=("or_equal",))
    # Great Expectations gives this one no row_condition.
    in_set_keys = tuple(key for key in PAIR_KEYS if key not in ("row_condition", "condition_parser"))
    register_map("column_pair_values.in_set", pairs(_pair_in_set), keys=in_set_keys, arguments=("value_pairs_set",))
    register_map("compound_columns.unique", _unique, keys=MULTI_KEYS)
    register_map("select_column_values.unique.within_record", pairs(_differ), keys=MULTI_KEYS)
    register_map("multicolumn_sum.equal", pairs(_sum_equal), keys=MULTI_KEYS, arguments=("sum_total",))
    register_map("multicolumn_values.equal", pairs(_all_equal), keys=MULTI_KEYS)


def _in_set(c: Column, value_set: Sequence[Any] | None) -> pl.Expr:
    return pl.lit(True) if value_set is None else among(c.value, c.dtype, value_set)


def _not_in_set(c: Column, value_set: Sequence[Any] | None) -> pl.Expr:
    return pl.lit(True) if value_set is None else ~among(c.value, c.dtype, value_set)


def _between(c: Column, **arguments: Any) -> pl.Expr:
    return _within(c.value, lambda value: bound(c.dtype, value), **arguments)


def _within(
    value: pl.Expr,
    literal: Callable[[Any], pl.Expr],
    min_value: Any = None,
    max_value: Any = None,
    strict_min: bool | None = None,
    strict_max: bool | None = None,
) -> pl.Expr:
    if min_value is None and max_value is None:
        raise Unfit("min_value and max_value cannot both be left out")
    numbers = all(isinstance(value, int | float) for value in (min_value, max_value))
    if (numbers or type(min_value) is type(max_value)) and min_value > max_value:
        raise Unfit("min_value is greater than max_value")
    parts = []
    if min_value is not None:
        parts.append(value > literal(min_value) if strict_min else value >= literal(min_value))
    if max_value is not None:
        parts.append(value < literal(max_value) if strict_max else value <= literal(max_value))
    return reduce(lambda a, b: a & b, parts)


def matches(c: Column, pattern: str) -> pl.Expr:
    """A match anywhere in the value, as JSON Schema and Great Expectations have it.

    Linear-time matching where the pattern allows it; look-around and back-references go through Python's `re`.
    """
    text = c.value.cast(pl.String)
    try:
        pl.Series([""]).str.contains(pattern)
    except pl.exceptions.PolarsError:
        try:
            compiled = re.compile(pattern)
        except re.error as error:
            raise Unfit(f"not a regular expression: {error.msg} at {error.pos}") from None
        return _per_value(c, lambda value: compiled.search(value) is not None)
    return text.str.contains(pattern)


def _match_list(c: Column, regex_list: Sequence[str], match_on: str | None) -> pl.Expr:
    found = [matches(c, pattern).fill_null(False) for pattern in regex_list]
    if match_on in (None, "any"):
        return pl.any_horizontal(found)
    if match_on == "all":
        return pl.all_horizontal(found)
    raise Unfit("match_on is either 'any' or 'all'")


def _match_none(c: Column, regex_list: Sequence[str]) -> pl.Expr:
    return ~_match_list(c, regex_list, "any")


def _length(c: Column) -> pl.Expr:
    return c.value.cast(pl.String).str.len_chars()


def _length_between(c: Column, **arguments: Any) -> pl.Expr:
    return _within(_length(c).cast(pl.Int64), pl.lit, **arguments)


def _length_equals(c: Column, value: int) -> pl.Expr:
    return _length(c) == value


def _per_value(c: Column, passes: Callable[[str], bool]) -> pl.Expr:
    """Ask Python about each different value of a batch once. `passes` raises nothing."""
    c.need(text=True)

    def work(values: pl.Series) -> pl.Series:
        known = values.unique().drop_nulls()
        answers = pl.Series([passes(value) for value in known], dtype=pl.Boolean)
        return values.replace_strict(known, answers, default=None, return_dtype=pl.Boolean)

    return c.value.map_batches(work, return_dtype=pl.Boolean, is_elementwise=True)


def _strftime(c: Column, strftime_format: str) -> pl.Expr:
    def passes(value: str) -> bool:
        try:
            datetime.strptime(value, strftime_format)
        except ValueError:
            return False
        return True

    return _per_value(c, passes)


def _dateutil(value: str) -> bool:
    try:
        parse_date(value)
    except (ValueError, OverflowError):
        return False
    return True


def _json(value: str) -> bool:
    try:
        json.loads(value)
    except (ValueError, RecursionError):
        return False
    return True


def _json_schema(c: Column, json_schema: dict[str, Any]) -> pl.Expr:
    from jsonschema.exceptions import SchemaError
    from jsonschema.validators import validator_for

    kind = validator_for(json_schema)
    try:
        kind.check_schema(json_schema)
    except SchemaError:
        raise Unfit("json_schema is not a JSON Schema") from None
    validator = kind(json_schema)

    def passes(value: str) -> bool:
        try:
            return bool(validator.is_valid(json.loads(value)))
        except (ValueError, RecursionError):
            return False

    return _per_value(c, passes)


def _unique(columns: tuple[Column, ...], kept: pl.Expr | None, arguments: Arguments) -> Unexpected:
    """Of one column, missing values do not count; of several, null equals null, as in pandas' ``duplicated``."""
    del arguments
    keys = [c.value for c in columns]
    if len(columns) == 1:
        kept = ~columns[0].missing if kept is None else ~columns[0].missing & kept

    def rows(frame: pl.LazyFrame) -> pl.LazyFrame:
        found = queries.repeated_keys(frame, keys, kept, limit=1000)
        within = frame if kept is None else frame.filter(kept)
        names = [c.name for c in columns]
        return within.join(
            found.lazy(), left_on=names, right_on=found.columns, how="semi", nulls_equal=True, maintain_order="left"
        )

    return Unexpected(lambda frame: queries.repeated_rows(frame, keys, kept), rows)


def _ordered(*, falling: bool) -> MapTest:
    def test(columns: tuple[Column, ...], kept: pl.Expr | None, arguments: Arguments) -> Unexpected:
        strictly = bool(arguments.get("strictly"))
        count: Query = lambda frame: queries.out_of_order(  # noqa: E731
            frame, columns[0], kept, falling=falling, strictly=strictly
        )
        return Unexpected(count, None)

    return test


def _after_a_look(
    columns: tuple[Column, ...],
    kept: pl.Expr | None,
    condition: Callable[[pl.LazyFrame], pl.Expr],
) -> Unexpected:
    """A test of single rows whose limits come from the column as a whole, so that it takes two passes."""
    present = ~columns[0].missing if kept is None else ~columns[0].missing & kept

    def bad(frame: pl.LazyFrame) -> pl.Expr:
        return ~condition(frame.filter(present)).fill_null(False) & present

    return Unexpected(
        lambda frame: collect(frame.select(bad(frame).sum())).item(), lambda frame: frame.filter(bad(frame))
    )


def _spread(frame: pl.LazyFrame, c: Column) -> tuple[float | None, float | None]:
    value = c.value.cast(pl.Float64)
    mean, deviation = collect(frame.select(value.mean().alias("mean"), value.std().alias("std"))).row(0)
    return mean, deviation


def _z_score(columns: tuple[Column, ...], kept: pl.Expr | None, arguments: Arguments) -> Unexpected:
    c, threshold = columns[0], arguments.get("threshold")
    c.need(numeric=True)
    if not isinstance(threshold, int | float):
        raise Unfit("threshold is a number")
    both_sides = arguments.get("double_sided") is not False

    def condition(present: pl.LazyFrame) -> pl.Expr:
        mean, deviation = _spread(present, c)
        if not deviation:
            return pl.lit(True)
        score = (c.value.cast(pl.Float64) - mean) / deviation
        return score.abs() < abs(threshold) if both_sides else score < threshold

    return _after_a_look(columns, kept, condition)


def _not_outliers(columns: tuple[Column, ...], kept: pl.Expr | None, arguments: Arguments) -> Unexpected:
    c = columns[0]
    c.need(numeric=True)
    method = arguments.get("method") or "iqr"
    multiplier = float(1.5 if arguments.get("multiplier") is None else arguments["multiplier"])
    if method not in ("iqr", "std"):
        raise Unfit("method is either 'iqr' or 'std'")

    def condition(present: pl.LazyFrame) -> pl.Expr:
        value = c.value.cast(pl.Float64)
        if method == "iqr":
            first, third = queries.quantiles(present, c, None, [0.25, 0.75], "linear")
            if first is None or not math.isfinite(third - first):
                return pl.lit(True)
            reach = multiplier * (third - first)
            return value.is_between(first - reach, third + reach)
        mean, deviation = _spread(present, c)
        if mean is None or deviation is None or not math.isfinite(deviation):
            return pl.lit(True)
        reach = multiplier * deviation
        return value == mean if reach <= 0 else (value - mean).abs() < reach

    return _after_a_look(columns, kept, condition)


def _comparable(a: Column, b: Column) -> None:
    if a.dtype != b.dtype and not (a.dtype.is_numeric() and b.dtype.is_numeric()):
        if a.dtype.is_temporal() and b.dtype.is_temporal():
            return
        raise Unfit(f"{a.name} is {a.dtype} and {b.name} is {b.dtype}; they cannot be compared")


def _equal(a: Column, b: Column) -> pl.Expr:
    _comparable(a, b)
    return (a.value == b.value) & ~a.missing & ~b.missing


def _greater(a: Column, b: Column, or_equal: bool | None) -> pl.Expr:
    _comparable(a, b)
    # Polars orders NaN above all numbers; in pandas nothing is above or below it.
    held = a.value >= b.value if or_equal else a.value > b.value
    return held & ~a.missing & ~b.missing


def _pair_in_set(a: Column, b: Column, value_pairs_set: Sequence[Sequence[Any]] | None) -> pl.Expr:
    if value_pairs_set is None:
        return pl.lit(True)
    allowed = [
        _is(a, first) & _is(b, second) for first, second in value_pairs_set if _holds(a, first) and _holds(b, second)
    ]
    return pl.any_horizontal(allowed) if allowed else pl.lit(False)


def _holds(c: Column, value: Any) -> bool:
    return value is None or len(members(c.dtype, [value])) == 1


def _is(c: Column, value: Any) -> pl.Expr:
    if value is None:
        return c.missing
    return (c.value == pl.lit(members(c.dtype, [value]).item(), dtype=c.dtype)).fill_null(False)


def _differ(*columns: Column) -> pl.Expr:
    """Every value of the row is another; two missing ones are alike."""
    alike = [
        ((a.missing & b.missing) | (a.value == b.value).fill_null(False))
        for place, a in enumerate(columns)
        for b in columns[place + 1 :]
        if a.dtype == b.dtype or (a.dtype.is_numeric() and b.dtype.is_numeric())
    ]
    return ~pl.any_horizontal(alike) if alike else pl.lit(True)


def _sum_equal(*columns: Column, sum_total: float) -> pl.Expr:
    for c in columns:
        c.need(numeric=True)
    return reduce(lambda a, b: a + b, [c.value for c in columns]) == sum_total


def _all_equal(first: Column, *others: Column) -> pl.Expr:
    for other in others:
        _comparable(first, other)
    return pl.all_horizontal(
        [
            (first.missing & c.missing) | ((c.value == first.value) & ~c.missing & ~first.missing).fill_null(False)
            for c in others
        ]
    )
