"""A check's columns: what counts as missing, and which rows a check looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import polars as pl

from governance.quality.literals import Unfit


@dataclass(frozen=True)
class Column:
    """One column of the batch. NaN counts as missing, as it does in Great Expectations' pandas engine."""

    name: str
    dtype: pl.DataType

    @property
    def value(self) -> pl.Expr:
        return pl.col(self.name)

    @property
    def missing(self) -> pl.Expr:
        null = self.value.is_null()
        return null | self.value.is_nan().fill_null(False) if self.dtype.is_float() else null

    def need(self, *, numeric: bool = False, text: bool = False) -> None:
        """Raise `Unfit` unless the column is of the wanted kind."""
        if numeric and not (self.dtype.is_numeric() or self.dtype == pl.Boolean):
            raise Unfit(f"{self.name} is {self.dtype}; this check needs a number")
        if text and self.dtype != pl.String:
            raise Unfit(f"{self.name} is {self.dtype}; this check needs text")


def column(schema: Mapping[str, pl.DataType], name: str) -> Column:
    """The column of that name, or `Unfit` that says which there are."""
    if name not in schema:
        raise Unfit(f"no column {name!r}; the columns are {', '.join(schema)}")
    return Column(name, schema[name])


def domain_columns(schema: Mapping[str, pl.DataType], domain: Mapping[str, Any]) -> tuple[Column, ...]:
    """The columns that Great Expectations' domain keyword arguments name, in their order; none for a table."""
    if domain.get("column") is not None:
        names = [domain["column"]]
    elif domain.get("column_A") is not None:
        names = [domain["column_A"], domain["column_B"]]
    else:
        names = list(domain.get("column_list") or ())
    return tuple(column(schema, name) for name in names)


def ignored(columns: tuple[Column, ...], rule: str | None) -> pl.Expr | None:
    """Rows that ``ignore_row_if`` leaves out, or None when it leaves out none."""
    if rule in (None, "neither", "never"):
        return None
    missing = [c.missing for c in columns]
    if rule in ("both_values_are_missing", "all_values_are_missing"):
        return reduce(lambda a, b: a & b, missing)
    if rule in ("either_value_is_missing", "any_value_is_missing"):
        return reduce(lambda a, b: a | b, missing)
    raise Unfit(f"ignore_row_if does not know {rule!r}")
