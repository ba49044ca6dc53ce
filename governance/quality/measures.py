"""Expectations of our own, for what a contract can say and Great Expectations has no words for.

The ODCS library metrics have operators (`measured`), and ``multipleOf`` has no expectation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import polars as pl
from great_expectations.compatibility import pydantic
from great_expectations.expectations.expectation import BatchExpectation, ColumnMapExpectation
from great_expectations.render import LegacyRendererType, RenderedStringTemplateContent
from great_expectations.render.renderer.renderer import renderer

from governance.quality import measured
from governance.quality.columns import domain_columns
from governance.quality.engine import PolarsExecutionEngine
from governance.quality.map_tests import Arguments
from governance.quality.passes import Query
from governance.quality.registration import register_aggregate

_MEASURED = "rows.measured"
_KEYS = ("batch_id", "column", "column_list")


def register_all() -> None:
    """Register this module's metric for the Polars engine; its expectations register themselves."""
    register_aggregate(_MEASURED, _measured, keys=_KEYS, arguments=measured.ARGUMENTS)


def _measured(engine: PolarsExecutionEngine, domain: Arguments, values: Arguments) -> pl.Expr | Query:
    return measured.measured(domain_columns(engine.batch(domain).schema, domain), values)


class ExpectMeasuredRowsToSatisfy(BatchExpectation):
    """Expect the number or percentage of rows that an ODCS library metric counts to satisfy its operators.

    ``must`` maps operators (`measured.OPERATORS`) to limits; all have to hold. ``unit`` is ``rows``, or ``percent`` of
    all rows of the batch (0 for a batch without rows). ``duplicateValues`` counts the rows whose value, or values of
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
    success_keys: ClassVar[tuple[str, ...]] = (*measured.ARGUMENTS, "unit", "must")
    metric_dependencies: ClassVar[tuple[str, ...]] = (_MEASURED, "table.row_count")

    @pydantic.validator("must")
    def _known_operators(cls, must: dict[str, Any]) -> dict[str, Any]:
        unknown = set(must) - set(measured.OPERATORS)
        if unknown or not must:
            raise ValueError(f"operators are {', '.join(measured.OPERATORS)}")
        return must

    def _validate(
        self, metrics: Mapping[str, Any], runtime_configuration: Any = None, execution_engine: Any = None
    ) -> dict[str, Any]:
        del runtime_configuration, execution_engine
        return measured.outcome(int(metrics[_MEASURED]), int(metrics["table.row_count"]), self.unit, self.must)

    @classmethod
    @renderer(renderer_type=LegacyRendererType.PRESCRIPTIVE)
    def _prescriptive_renderer(
        cls, configuration: Any = None, result: Any = None, runtime_configuration: Any = None
    ) -> list[RenderedStringTemplateContent]:
        configuration = configuration or (result.expectation_config if result else None)
        return [_said(measured.words(configuration.kwargs), configuration.kwargs, runtime_configuration)]


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
        return [_said(measured.MULTIPLE_WORDS, configuration.kwargs, runtime_configuration)]


def _said(text: str, kwargs: Mapping[str, Any], runtime_configuration: Any) -> RenderedStringTemplateContent:
    styling = (runtime_configuration or {}).get("styling", {})
    return RenderedStringTemplateContent(
        content_block_type="string_template",
        string_template={"template": text, "params": dict(kwargs), "styling": styling},
    )
