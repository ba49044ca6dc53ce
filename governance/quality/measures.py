"""Expectations of our own, for what a contract can say and Great Expectations has no words for.

The ODCS library metrics compare a number of bad rows, or their percentage, with a limit by one of eight operators;
Great Expectations' ``mostly`` says only "at least this share is good". And ``multipleOf`` has no expectation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

import polars as pl
from great_expectations.compatibility import pydantic
from great_expectations.expectations.expectation import BatchExpectation, ColumnMapExpectation
from great_expectations.render import LegacyRendererType, RenderedStringTemplateContent
from great_expectations.render.renderer.renderer import renderer

from governance.quality import queries
from governance.quality.columns import Column, domain_columns
from governance.quality.engine import PolarsExecutionEngine, Query
from governance.quality.literals import Unfit, among
from governance.quality.registration import Arguments, by_row, register_aggregate, register_map

_MEASURED = "rows.measured"
_MEASURES = ("nullValues", "missingValues", "invalidValues", "duplicateValues", "rowCount")
_KEYS = ("batch_id", "column", "column_list")
_ARGUMENTS = ("measure", "missing_values", "valid_values", "pattern")

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


def register_all() -> None:
    """Register this module's metrics for the Polars engine; its expectations register themselves."""
    register_aggregate(_MEASURED, _measured, keys=_KEYS, arguments=_ARGUMENTS)
    register_map("column_values.multiple_of", by_row(_multiple), arguments=("multiple_of",))


def _measured(engine: PolarsExecutionEngine, domain: Arguments, values: Arguments) -> pl.Expr | Query:
    columns = domain_columns(engine.batch(domain).schema, domain)
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
    raise Unfit(f"no measure {measure!r}; there are {', '.join(_MEASURES)}")


def _missing(c: Column, missing_values: Sequence[Any] | None) -> pl.Expr:
    """Null and NaN are missing whatever else is listed: nothing is more missing than they are."""
    listed = among(c.value, c.dtype, missing_values or ()).fill_null(False)
    return c.missing | listed


def _invalid(c: Column, valid_values: Sequence[Any] | None, pattern: str | None) -> pl.Expr:
    from governance.quality.map_metrics import matches

    good = pl.lit(True)
    if valid_values is not None:
        good = good & among(c.value, c.dtype, valid_values)
    if pattern is not None:
        good = good & matches(c, pattern)
    return ~good.fill_null(False) & ~c.missing


def _multiple(c: Column, multiple_of: Any) -> pl.Expr:
    c.need(numeric=True)
    step = Decimal(str(multiple_of))
    if not step:
        raise Unfit("multiple_of cannot be 0")
    if c.dtype.is_integer() and step == int(step):
        return c.value % int(step) == 0
    # 0.3 is a multiple of 0.1 to whoever wrote the contract, though not among binary floats.
    times = c.value.cast(pl.Float64) / float(step)
    return (times - times.round()).abs() <= 1e-9 * pl.max_horizontal(times.abs(), pl.lit(1.0))


class ExpectMeasuredRowsToSatisfy(BatchExpectation):
    """Expect the number or percentage of rows that an ODCS library metric counts to satisfy its operators.

    ``must`` maps operators (`OPERATORS`) to limits; all have to hold. ``unit`` is ``rows``, or ``percent`` of all
    rows of the batch (0 for a batch without rows). ``duplicateValues`` counts the rows whose value, or values of
    ``column_list`` together, occur more than once.
    """

    measure: str
    must: dict[str, Any]
    unit: str = "rows"
    column: str | None = None
    column_list: list[str] | None = None
    missing_values: list[Any] | None = None
    valid_values: list[Any] | None = None
    pattern: str | None = None

    domain_keys: ClassVar[tuple[str, ...]] = _KEYS
    success_keys: ClassVar[tuple[str, ...]] = (*_ARGUMENTS, "unit", "must")
    metric_dependencies: ClassVar[tuple[str, ...]] = (_MEASURED, "table.row_count")

    @pydantic.validator("must")
    def _known_operators(cls, must: dict[str, Any]) -> dict[str, Any]:
        unknown = set(must) - set(OPERATORS)
        if unknown or not must:
            raise ValueError(f"operators are {', '.join(OPERATORS)}")
        return must

    def _validate(
        self, metrics: Mapping[str, Any], runtime_configuration: Any = None, execution_engine: Any = None
    ) -> dict[str, Any]:
        del runtime_configuration, execution_engine
        rows, total = int(metrics[_MEASURED]), int(metrics["table.row_count"])
        share = Fraction(100 * rows, total) if total else Fraction(0)
        value = share if self.unit == "percent" else Fraction(rows)
        return {
            "success": all(holds(operator, value, limit) for operator, limit in self.must.items()),
            "result": {
                "observed_value": float(round(value, 6)) if self.unit == "percent" else rows,
                "element_count": total,
                "unexpected_count": rows,
                "unexpected_percent": float(round(share, 6)),
            },
        }

    @classmethod
    @renderer(renderer_type=LegacyRendererType.PRESCRIPTIVE)
    def _prescriptive_renderer(
        cls, configuration: Any = None, result: Any = None, runtime_configuration: Any = None
    ) -> list[RenderedStringTemplateContent]:
        configuration = configuration or (result.expectation_config if result else None)
        return [_words(configuration.kwargs, runtime_configuration)]


class ExpectColumnValuesToBeMultipleOf(ColumnMapExpectation):
    """Expect every number of the column to be a whole multiple of ``multiple_of``."""

    multiple_of: float

    map_metric: ClassVar[str] = "column_values.multiple_of"
    success_keys: ClassVar[tuple[str, ...]] = ("multiple_of", "mostly")

    @classmethod
    @renderer(renderer_type=LegacyRendererType.PRESCRIPTIVE)
    def _prescriptive_renderer(
        cls, configuration: Any = None, result: Any = None, runtime_configuration: Any = None
    ) -> list[RenderedStringTemplateContent]:
        configuration = configuration or (result.expectation_config if result else None)
        kwargs = configuration.kwargs
        return [_said("$column values must be multiples of $multiple_of.", kwargs, runtime_configuration)]


_COUNTED = {
    "nullValues": "null values",
    "missingValues": "missing values",
    "invalidValues": "invalid values",
    "duplicateValues": "rows with a value that occurs more than once",
}


def _words(kwargs: Mapping[str, Any], runtime_configuration: Any) -> RenderedStringTemplateContent:
    unit = " percent" if kwargs.get("unit") == "percent" else ""
    limits = [
        OPERATORS[operator].format(*(limit if isinstance(limit, list | tuple) else [limit]))
        for operator, limit in kwargs.get("must", {}).items()
    ]
    if kwargs.get("measure") == "rowCount":
        return _said(f"The number of rows must be {' and '.join(limits)}.", kwargs, runtime_configuration)
    columns = kwargs.get("column_list")
    subject = ", ".join(columns) + " together" if columns else "$column"
    counted = _COUNTED.get(kwargs.get("measure", ""), "counted rows")
    return _said(f"{subject}: {counted} must be {' and '.join(limits)}{unit}.", kwargs, runtime_configuration)


def _said(text: str, kwargs: Mapping[str, Any], runtime_configuration: Any) -> RenderedStringTemplateContent:
    styling = (runtime_configuration or {}).get("styling", {})
    return RenderedStringTemplateContent(
        content_block_type="string_template",
        string_template={"template": text, "params": dict(kwargs), "styling": styling},
    )
