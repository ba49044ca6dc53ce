"""Questions that are asked of every row: which rows a check finds wrong, as expressions over one batch.

Meanings follow Great Expectations' pandas engine; `MAPS` has them under its names of metrics.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import reduce
from typing import Any, Protocol

import polars as pl
from dateutil.parser import parse as parse_date

from governance.quality import queries
from governance.quality.columns import Column
from governance.quality.literals import Unfit, among, bound, members
from governance.quality.passes import Query, collect

TABLE_KEYS = ("batch_id", "table", "row_condition", "condition_parser")
COLUMN_KEYS = ("batch_id", "table", "column", "row_condition", "condition_parser")
PAIR_KEYS = ("batch_id", "table", "column_A", "column_B", "row_condition", "condition_parser", "ignore_row_if")
MULTI_KEYS = ("batch_id", "table", "column_list", "row_condition", "condition_parser", "ignore_row_if")

#: Rows whose values are turned into shapes, at most, to say what a failing check found.
SHAPES_FROM = 1000

Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Unexpected:
    """What a map metric found wrong.

    ``count`` is resolved in the engine's bundle. ``rows`` narrows a frame (which has a row index) to the offending
    rows; None where only counting is possible in bounded memory. ``condition`` is true on exactly those rows, where
    one expression can say so.
    """

    count: pl.Expr | Query
    rows: Callable[[pl.LazyFrame], pl.LazyFrame] | None
    condition: pl.Expr | None = None


class MapTest(Protocol):
    """Says which rows are unexpected.

    ``kept`` is true on the rows that count, after ``row_condition`` and ``ignore_row_if``; None when all do.
    """

    def __call__(self, columns: tuple[Column, ...], kept: pl.Expr | None, arguments: Arguments) -> Unexpected: ...


def by_row(meets: Callable[..., pl.Expr], *, skip_missing: bool = True) -> MapTest:
    """A test that looks at one row at a time: `meets(*columns, **arguments)` is true on the rows that pass."""

    def test(columns: tuple[Column, ...], kept: pl.Expr | None, arguments: Arguments) -> Unexpected:
        bad = ~meets(*columns, **arguments).fill_null(False)
        if skip_missing:
            bad = bad & ~columns[0].missing
        if kept is not None:
            bad = bad & kept
        return Unexpected(bad.sum(), lambda frame: frame.filter(bad), bad)

    return test


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


def multiple(c: Column, multiple_of: Any) -> pl.Expr:
    """Whether a number is a whole multiple of another. 0.3 is one of 0.1 to whoever wrote the contract, though not
    among binary floats."""
    c.need(numeric=True)
    step = Decimal(str(multiple_of))
    if not step:
        raise Unfit("multiple_of cannot be 0")
    if c.dtype.is_integer() and step == int(step):
        return c.value % int(step) == 0
    times = c.value.cast(pl.Float64) / float(step)
    return (times - times.round()).abs() <= 1e-9 * pl.max_horizontal(times.abs(), pl.lit(1.0))


@dataclass(frozen=True)
class MapMetric:
    """A test under Great Expectations' name of its metric: the domain it is asked of and the arguments that it takes."""

    test: MapTest
    keys: tuple[str, ...] = COLUMN_KEYS
    arguments: tuple[str, ...] = ()


def _rows(meets: Callable[..., pl.Expr], *arguments: str) -> MapMetric:
    return MapMetric(by_row(meets), arguments=arguments)


def _pairs(meets: Callable[..., pl.Expr], *arguments: str, keys: tuple[str, ...] = PAIR_KEYS) -> MapMetric:
    return MapMetric(by_row(meets, skip_missing=False), keys, arguments)


_BOUNDS = ("min_value", "max_value", "strict_min", "strict_max")
MAPS: Mapping[str, MapMetric] = {
    "column_values.nonnull": MapMetric(by_row(lambda c: ~c.missing, skip_missing=False)),
    "column_values.null": MapMetric(by_row(lambda c: c.missing, skip_missing=False)),
    "column_values.unique": MapMetric(_unique),
    "column_values.in_set": _rows(_in_set, "value_set"),
    "column_values.not_in_set": _rows(_not_in_set, "value_set"),
    "column_values.between": _rows(_between, *_BOUNDS),
    "column_values.match_regex": _rows(lambda c, regex: matches(c, regex), "regex"),
    "column_values.not_match_regex": _rows(lambda c, regex: ~matches(c, regex), "regex"),
    "column_values.match_regex_list": _rows(_match_list, "regex_list", "match_on"),
    "column_values.not_match_regex_list": _rows(_match_none, "regex_list"),
    "column_values.value_length.between": _rows(_length_between, *_BOUNDS),
    "column_values.value_length.equals": _rows(_length_equals, "value"),
    "column_values.increasing": MapMetric(_ordered(falling=False), arguments=("strictly",)),
    "column_values.decreasing": MapMetric(_ordered(falling=True), arguments=("strictly",)),
    "column_values.match_strftime_format": _rows(_strftime, "strftime_format"),
    "column_values.dateutil_parseable": _rows(lambda c: _per_value(c, _dateutil)),
    "column_values.json_parseable": _rows(lambda c: _per_value(c, _json)),
    "column_values.match_json_schema": _rows(_json_schema, "json_schema"),
    "column_values.z_score.under_threshold": MapMetric(_z_score, arguments=("double_sided", "threshold")),
    "column_values.not_outliers": MapMetric(_not_outliers, arguments=("method", "multiplier")),
    "column_values.multiple_of": _rows(multiple, "multiple_of"),
    "column_pair_values.equal": _pairs(_equal),
    "column_pair_values.a_greater_than_b": _pairs(_greater, "or_equal"),
    # Great Expectations gives this one no row_condition.
    "column_pair_values.in_set": _pairs(
        _pair_in_set,
        "value_pairs_set",
        keys=tuple(key for key in PAIR_KEYS if key not in ("row_condition", "condition_parser")),
    ),
    "compound_columns.unique": MapMetric(_unique, MULTI_KEYS),
    "select_column_values.unique.within_record": _pairs(_differ, keys=MULTI_KEYS),
    "multicolumn_sum.equal": _pairs(_sum_equal, "sum_total", keys=MULTI_KEYS),
    "multicolumn_values.equal": _pairs(_all_equal, keys=MULTI_KEYS),
}
