"""Values written in a contract, given the type of the column they are compared with.

A contract says ``2024-05-01`` or ``5``; a Parquet column holds dates, decimals or text. A value that the column's
type cannot hold is in no row of it, so it drops out of a set; as a bound it is an error.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

import polars as pl


class Unfit(Exception):
    """A check that does not fit its column. The text names columns, types and arguments, never a row's value."""


_MISFIT = object()


def bound(dtype: pl.DataType, value: Any) -> pl.Expr:
    """`value` as a literal of the column's type, to compare rows with.

    Raises `Unfit` when the type and the value have no order between them, such as text and a number.
    """
    if dtype.is_numeric():
        number = _number(value)
        if number is _MISFIT:
            raise Unfit(f"a column of type {dtype} cannot be compared with text")
        # Not cast to the column's type: an integer column may well have the bound 1.5.
        return pl.lit(number)
    typed = _typed(dtype, value)
    if typed is _MISFIT:
        raise Unfit(f"a column of type {dtype} cannot be compared with a value of type {type(value).__name__}")
    return pl.lit(typed, dtype=dtype)


def members(dtype: pl.DataType, values: Iterable[Any]) -> pl.Series:
    """Those of `values` that a column of `dtype` can hold, as a series of that type without nulls."""
    typed = [_typed(dtype, value) for value in values if value is not None]
    return pl.Series([value for value in typed if value is not _MISFIT], dtype=dtype)


def among(value: pl.Expr, dtype: pl.DataType, values: Iterable[Any]) -> pl.Expr:
    """Whether a row's value is one of `values`; null where the value is null."""
    return value.is_in(members(dtype, values).implode())


def _typed(dtype: pl.DataType, value: Any) -> Any:
    if dtype == pl.String:
        return value if isinstance(value, str) else _MISFIT
    if dtype == pl.Boolean:
        return value if isinstance(value, bool) else _MISFIT
    if dtype.is_integer():
        return _integer(dtype, value)
    if dtype.is_float():
        number = _number(value)
        return _MISFIT if number is _MISFIT else float(number)
    if dtype.is_decimal():
        return _decimal(dtype, value)
    if dtype == pl.Date:
        return _date(value)
    if dtype == pl.Datetime:
        return _datetime(dtype, value)
    if dtype == pl.Time:
        return _parsed(time.fromisoformat, value) if isinstance(value, str) else _kind(value, time)
    return _MISFIT


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return _MISFIT
    return value


def _integer(dtype: pl.DataType, value: Any) -> Any:
    number = _number(value)
    if number is _MISFIT or not math.isfinite(number) or number != int(number):
        return _MISFIT
    whole = int(number)
    try:
        return pl.Series([whole], dtype=dtype, strict=True).item()
    except (OverflowError, TypeError):
        return _MISFIT


def _decimal(dtype: pl.DataType, value: Any) -> Any:
    number = _number(value)
    if number is _MISFIT:
        return _MISFIT
    exact = Decimal(str(number)) if isinstance(number, float) else Decimal(number)
    try:
        scaled = exact.quantize(Decimal(1).scaleb(-(getattr(dtype, "scale", 0) or 0)))
    except InvalidOperation:
        return _MISFIT
    return scaled if scaled == exact else _MISFIT


def _date(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else _MISFIT
    return _parsed(date.fromisoformat, value) if isinstance(value, str) else _kind(value, date)


def _datetime(dtype: pl.DataType, value: Any) -> Any:
    if isinstance(value, str):
        value = _parsed(datetime.fromisoformat, value)
    elif isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        return _MISFIT
    zone = getattr(dtype, "time_zone", None)
    if zone and value.tzinfo is None:
        return pl.Series([value]).dt.replace_time_zone("UTC").item()
    if not zone and value.tzinfo is not None:
        return pl.Series([value]).dt.convert_time_zone("UTC").dt.replace_time_zone(None).item()
    return value


def _kind(value: Any, kind: type) -> Any:
    return value if isinstance(value, kind) else _MISFIT


def _parsed(parse: Any, text: str) -> Any:
    try:
        return parse(text)
    except ValueError:
        return _MISFIT
