"""What an ODCS library metric counts, and whether its operators are satisfied.

The library metrics compare a number of bad rows, or their percentage, with a limit by one of eight operators; Great
Expectations' ``mostly`` says only "at least this share is good".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import polars as pl

from governance.quality import queries
from governance.quality.columns import Column
from governance.quality.literals import Unfit, among
from governance.quality.map_tests import Arguments, matches
from governance.quality.passes import Query

MEASURES = ("nullValues", "missingValues", "invalidValues", "duplicateValues", "rowCount")
ARGUMENTS = ("measure", "missing_values", "valid_values", "pattern")

#: The operators of an ODCS quality rule (clause "Data quality", v3.1.0), in words.
OPERATORS: Mapping[str, str] = {
    "mustBe": "exactly {0}",
    "mustNotBe": "not {0}",
    "mustBeGreaterThan": "more than {0}",
    "mustBeGreaterOrEqualTo": "at least {0}",
    "mustBeLessThan": "fewer than {0}",
    "mustBeLessOrEqualTo": "at most {0}",
    "mustBeBetween": "between {0} and {1}",
    "mustNotBeBetween": "not between {0} and {1}",
}


def holds(operator: str, value: Fraction, limit: Any) -> bool:
    """Whether an ODCS operator is satisfied. "Between" has both its ends in it."""
    if operator in ("mustBeBetween", "mustNotBeBetween"):
        low, high = (exact(end) for end in limit)
        return (low <= value <= high) == (operator == "mustBeBetween")
    other = exact(limit)
    return {
        "mustBe": value == other,
        "mustNotBe": value != other,
        "mustBeGreaterThan": value > other,
        "mustBeGreaterOrEqualTo": value >= other,
        "mustBeLessThan": value < other,
        "mustBeLessOrEqualTo": value <= other,
    }[operator]


def exact(number: Any) -> Fraction:
    """The number as it is written: 0.1 is a tenth, not the float next to it."""
    return Fraction(str(number))


def measured(columns: tuple[Column, ...], values: Arguments) -> pl.Expr | Query:
    """What is to be computed to count a metric's bad rows. Raises `Unfit` for one that is not known."""
    measure = values.get("measure")
    if measure == "rowCount":
        return pl.len()
    if measure == "duplicateValues":
        kept = ~columns[0].missing if len(columns) == 1 else None
        return lambda frame: queries.repeated_rows(frame, [c.value for c in columns], kept)
    (c,) = columns
    if measure == "nullValues":
        return c.missing.sum()
    if measure == "missingValues":
        return _missing(c, values.get("missing_values")).sum()
    if measure == "invalidValues":
        return _invalid(c, values.get("valid_values"), values.get("pattern")).sum()
    raise Unfit(f"no measure {measure!r}; there are {', '.join(MEASURES)}")


def _missing(c: Column, missing_values: Sequence[Any] | None) -> pl.Expr:
    """Null and NaN are missing whatever else is listed: nothing is more missing than they are."""
    listed = among(c.value, c.dtype, missing_values or ()).fill_null(False)
    return c.missing | listed


def _invalid(c: Column, valid_values: Sequence[Any] | None, pattern: str | None) -> pl.Expr:
    good = pl.lit(True)
    if valid_values is not None:
        good = good & among(c.value, c.dtype, valid_values)
    if pattern is not None:
        good = good & matches(c, pattern)
    return ~good.fill_null(False) & ~c.missing


def outcome(rows: int, total: int, unit: str, must: Mapping[str, Any]) -> dict[str, Any]:
    """Success and result of so many bad rows of so many, as Great Expectations writes them."""
    share = Fraction(100 * rows, total) if total else Fraction(0)
    value = share if unit == "percent" else Fraction(rows)
    return {
        "success": all(holds(operator, value, limit) for operator, limit in must.items()),
        "result": {
            "observed_value": float(round(value, 6)) if unit == "percent" else rows,
            "element_count": total,
            "unexpected_count": rows,
            "unexpected_percent": float(round(share, 6)),
        },
    }


_COUNTED = {
    "nullValues": "null values",
    "missingValues": "missing values",
    "invalidValues": "invalid values",
    "duplicateValues": "rows with a value that occurs more than once",
}


MULTIPLE_WORDS = "$column values must be multiples of $multiple_of."


def words(kwargs: Mapping[str, Any]) -> str:
    """The check as a sentence; ``$column`` stands for its column."""
    unit = " percent" if kwargs.get("unit") == "percent" else ""
    limits = [
        OPERATORS[operator].format(*(limit if isinstance(limit, list | tuple) else [limit]))
        for operator, limit in kwargs.get("must", {}).items()
    ]
    if kwargs.get("measure") == "rowCount":
        return f"The number of rows must be {' and '.join(limits)}."
    columns = kwargs.get("column_list")
    subject = ", ".join(columns) + " together" if columns else "$column"
    counted = _COUNTED.get(kwargs.get("measure", ""), "counted rows")
    return f"{subject}: {counted} must be {' and '.join(limits)}{unit}."
