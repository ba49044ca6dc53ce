"""Metrics with one value to a column or table. Meanings follow Great Expectations' pandas engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from governance.masking import shape
from governance.quality import queries
from governance.quality.columns import Column, domain_columns
from governance.quality.engine import PolarsExecutionEngine
from governance.quality.literals import Unfit, among, members
from governance.quality.passes import Query, collect
from governance.quality.registration import (
    TABLE_KEYS,
    Arguments,
    register_aggregate,
    register_derived,
)
from governance.quality.types import described

#: Different values that a distinct-values expectation lists at most (Great Expectations' own limit).
_LISTED = 20


def register_all() -> None:
    """Register every aggregate and table metric of this module for the Polars engine."""
    register_aggregate("column.min", _over(lambda _, value: value.min()))
    register_aggregate("column.max", _over(lambda _, value: value.max()))
    register_aggregate("column.mean", _over(lambda c, value: _number(c, value).mean()))
    register_aggregate("column.standard_deviation", _over(lambda c, value: _number(c, value).std()))
    register_aggregate("column.sum", _over(lambda c, value: _summed(c, value)))
    register_aggregate("column.non_null_count", _over(lambda _, value: value.len()))
    register_aggregate("column_values.length.min", _over(lambda c, value: _text(c, value).str.len_chars().min()))
    register_aggregate("column_values.length.max", _over(lambda c, value: _text(c, value).str.len_chars().max()))
    register_aggregate("column.median", _asked(_median))
    register_aggregate("column.quantile_values", _asked(_quantiles), arguments=("quantiles", "allow_relative_error"))
    register_aggregate("column.most_common_value", _asked(_modes))
    register_aggregate("column.distinct_values.count", _asked(_distinct))
    in_set = "column.distinct_values.not_in_set"
    register_aggregate(f"{in_set}.count", _asked(_strangers), arguments=("value_set",))
    register_aggregate(in_set, _asked(_stranger_shapes), arguments=("value_set", "limit"))
    missing = "column.distinct_values.missing_from_column"
    register_aggregate(f"{missing}.count", _asked(_absent_count), arguments=("value_set",))
    register_aggregate(missing, _asked(_absent), arguments=("value_set", "limit"))
    nulls, rows, distinct = "column_values.nonnull.unexpected_count", "table.row_count", "column.distinct_values.count"
    register_derived("column.unique_proportion", _unique_share, needs=(nulls, rows, distinct))
    register_derived("column.non_null_proportion", _present_share, needs=("column.non_null_count", rows))
    register_aggregate("table.row_count", _row_count, keys=TABLE_KEYS)
    register_derived("table.columns", _columns, keys=TABLE_KEYS)
    register_derived("table.column_count", _column_count, keys=TABLE_KEYS)
    register_derived("table.column_types", _column_types, keys=TABLE_KEYS, arguments=("include_nested",))


def _over(measure: Callable[[Column, pl.Expr], pl.Expr]) -> Any:
    """A measure over the values of one column that are not missing, in the rows that count."""

    def work(engine: PolarsExecutionEngine, domain: Arguments, _: Arguments) -> pl.Expr:
        (c,) = domain_columns(engine.batch(domain).schema, domain)
        kept = engine.row_filter(domain)
        return measure(c, c.value.filter(~c.missing if kept is None else ~c.missing & kept))

    return work


def _asked(query: Callable[[pl.LazyFrame, Column, pl.Expr, Arguments], Any]) -> Any:
    """A measure that needs queries of its own; it is handed the condition that a row counts."""

    def work(engine: PolarsExecutionEngine, domain: Arguments, values: Arguments) -> Query:
        (c,) = domain_columns(engine.batch(domain).schema, domain)
        kept = engine.row_filter(domain)
        present = ~c.missing if kept is None else ~c.missing & kept
        return lambda frame: query(frame, c, present, values)

    return work


def _number(c: Column, value: pl.Expr) -> pl.Expr:
    c.need(numeric=True)
    return value.cast(pl.Float64)


def _summed(c: Column, value: pl.Expr) -> pl.Expr:
    c.need(numeric=True)
    return value.cast(pl.Float64).sum() if c.dtype.is_decimal() else value.sum()


def _text(c: Column, value: pl.Expr) -> pl.Expr:
    c.need(text=True)
    return value


def _median(frame: pl.LazyFrame, c: Column, present: pl.Expr, _: Arguments) -> Any:
    return queries.quantiles(frame, c, present, [0.5], "midpoint")[0]


def _quantiles(frame: pl.LazyFrame, c: Column, present: pl.Expr, values: Arguments) -> list[Any]:
    interpolation = values.get("allow_relative_error") or "nearest"
    if not isinstance(interpolation, str):
        raise Unfit("allow_relative_error is false or the name of an interpolation")
    return queries.quantiles(frame, c, present, values["quantiles"], interpolation)


def _modes(frame: pl.LazyFrame, c: Column, present: pl.Expr, _: Arguments) -> list[Any]:
    return queries.modes(frame, c.value, present)


def _distinct(frame: pl.LazyFrame, c: Column, present: pl.Expr, _: Arguments) -> int:
    return queries.distinct_count(frame, c.value, present)


def _outside(c: Column, present: pl.Expr, values: Arguments) -> pl.Expr:
    return present & ~among(c.value, c.dtype, values.get("value_set") or ())


def _strangers(frame: pl.LazyFrame, c: Column, present: pl.Expr, values: Arguments) -> int:
    return queries.distinct_count(frame, c.value, _outside(c, present, values))


def _stranger_shapes(frame: pl.LazyFrame, c: Column, present: pl.Expr, values: Arguments) -> list[str]:
    found = queries.distinct_values(frame, c.value, _outside(c, present, values), _limit(values))
    return [shape(str(value), 60) for value in found]


def _absent(frame: pl.LazyFrame, c: Column, present: pl.Expr, values: Arguments) -> list[Any]:
    return _never_seen(frame, c, present, values)[: _limit(values)]


def _absent_count(frame: pl.LazyFrame, c: Column, present: pl.Expr, values: Arguments) -> int:
    return len(_never_seen(frame, c, present, values))


def _never_seen(frame: pl.LazyFrame, c: Column, present: pl.Expr, values: Arguments) -> list[Any]:
    """Members of the contract's set that no row holds."""
    wanted = list(dict.fromkeys(values.get("value_set") or ()))
    held = frame.filter(present & among(c.value, c.dtype, wanted)).select(c.value.unique())
    seen = set(collect(held).to_series().to_list())
    missing = []
    for value in wanted:
        typed = members(c.dtype, [value])
        if not len(typed) or typed.item() not in seen:
            missing.append(value)
    return missing


def _limit(values: Arguments) -> int:
    return int(values.get("limit") or _LISTED)


def _unique_share(_: PolarsExecutionEngine, __: Arguments, ___: Arguments, metrics: Arguments) -> float:
    present = metrics["table.row_count"] - metrics["column_values.nonnull.unexpected_count"]
    return metrics["column.distinct_values.count"] / present if present else 0


def _present_share(_: PolarsExecutionEngine, __: Arguments, ___: Arguments, metrics: Arguments) -> float:
    rows = metrics["table.row_count"]
    return metrics["column.non_null_count"] / rows if rows else 0


def _row_count(engine: PolarsExecutionEngine, domain: Arguments, _: Arguments) -> pl.Expr:
    kept = engine.row_filter(domain)
    return pl.len() if kept is None else kept.sum()


def _columns(engine: PolarsExecutionEngine, domain: Arguments, _: Arguments, __: Arguments) -> list[str]:
    return list(engine.batch(domain).schema)


def _column_count(engine: PolarsExecutionEngine, domain: Arguments, _: Arguments, __: Arguments) -> int:
    return len(engine.batch(domain).schema)


def _column_types(
    engine: PolarsExecutionEngine, domain: Arguments, _: Arguments, __: Arguments
) -> list[dict[str, Any]]:
    return [{"name": name, "type": described(dtype)} for name, dtype in engine.batch(domain).schema.items()]
