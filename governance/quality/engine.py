"""Great Expectations on Polars: an execution engine that is lazy over Parquet files.

Great Expectations 1.24 has engines for pandas, Spark and SQL. This one keeps a `polars.LazyFrame` as the batch;
metrics are Polars expressions (or bounded queries), resolved together in one streaming pass, so that memory
follows the size of a row group and not of the data.

Two rules hold in everything that is registered for this engine. A row's value never leaves through a map metric:
what Great Expectations calls unexpected values are shapes (`governance.masking`). And an error of Polars, whose
text quotes the values it choked on, is replaced by one that names the metric and the kind of error alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import polars as pl
from great_expectations.core.batch import BatchData, BatchMarkers
from great_expectations.core.batch_spec import BatchSpec
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.execution_engine import ExecutionEngine
from great_expectations.expectations.row_conditions import (
    AndCondition,
    ComparisonCondition,
    Condition,
    NullityCondition,
    Operator,
    OrCondition,
    PassThroughCondition,
    deserialize_row_condition,
)
from great_expectations.types import SerializableDotDict

from governance.quality.columns import column, domain_columns, ignored
from governance.quality.literals import Unfit, among, bound
from governance.quality.passes import MeasureError, collect, guarded


class ParquetBatchSpec(SerializableDotDict, BatchSpec):
    """Holds the batch's lazy frame under ``frame``."""

    def to_json_dict(self) -> dict[str, Any]:
        # Great Expectations copies this into its results; paths have no place there.
        return {"engine": "polars"}


class ParquetBatchData(BatchData):
    """A lazy frame and its schema; the rows are read when a metric asks."""

    def __init__(self, execution_engine: PolarsExecutionEngine, frame: pl.LazyFrame) -> None:
        super().__init__(execution_engine=execution_engine)
        self.frame = frame
        self.schema: Mapping[str, pl.DataType] = guarded("schema of the batch", frame.collect_schema)


class PolarsExecutionEngine(ExecutionEngine[pl.Expr]):
    """Resolves metrics as Polars expressions over lazy frames."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        # Great Expectations computes a whole round of metrics again, three times, when one of them fails.
        self._settled: dict[Any, Any] = {}
        self._failed: dict[Any, MeasureError] = {}
        #: Every message of an error that this engine has raised, with its reason. They are free of data.
        self.said: dict[str, str] = {}

    def load_batch_data(self, batch_id: str, batch_data: Any) -> None:
        # A batch keeps its name when the files behind its asset change.
        self._settled.clear()
        self._failed.clear()
        super().load_batch_data(batch_id, batch_data)

    def get_batch_data_and_markers(self, batch_spec: BatchSpec) -> tuple[BatchData, BatchMarkers]:
        # The load time would be the one thing that differs between two runs over the same files.
        return ParquetBatchData(self, batch_spec["frame"]), BatchMarkers({"ge_load_time": None})

    def batch(self, domain: Mapping[str, Any]) -> ParquetBatchData:
        """The batch that domain keyword arguments speak of: the named one, or the active one."""
        if domain.get("table"):
            raise Unfit("this engine has one table to a batch")
        key = domain.get("batch_id")
        data = self.batch_manager.batch_data_cache.get(key) if key else self.batch_manager.active_batch_data
        if not isinstance(data, ParquetBatchData):
            raise Unfit("no batch has been loaded")
        return data

    def row_filter(self, domain: Mapping[str, Any]) -> pl.Expr | None:
        """Rows that ``row_condition`` and ``ignore_row_if`` let in, as a condition without nulls; None for all."""
        schema = self.batch(domain).schema
        kept: pl.Expr | None = None
        condition = domain.get("row_condition")
        if condition:
            kept = self._condition(condition, schema).fill_null(False)
        left_out = ignored(domain_columns(schema, domain), domain.get("ignore_row_if"))
        if left_out is not None:
            kept = ~left_out if kept is None else kept & ~left_out
        return kept

    def get_domain_records(self, domain_kwargs: dict[str, Any]) -> pl.LazyFrame:
        frame, kept = self.batch(domain_kwargs).frame, self.row_filter(domain_kwargs)
        return frame if kept is None else frame.filter(kept)

    def get_compute_domain(
        self,
        domain_kwargs: dict[str, Any],
        domain_type: str | MetricDomainTypes,
        accessor_keys: Iterable[str] | None = None,
    ) -> tuple[pl.LazyFrame, dict[str, Any], dict[str, Any]]:
        parts = self._partition_domain_kwargs(domain_kwargs, domain_type, accessor_keys)
        return self.get_domain_records(domain_kwargs), parts.compute, parts.accessor

    def resolve_metric_bundle(self, metric_fn_bundle: Iterable[Any]) -> dict[Any, Any]:
        """Every expression of the round in one pass over the files; then the queries, one by one.

        Raises the first `MeasureError`, after all else has been computed and remembered.
        """
        wanted = list(metric_fn_bundle)
        fresh = [
            item
            for item in wanted
            if item.metric_configuration.id not in self._settled and item.metric_configuration.id not in self._failed
        ]
        together = [item for item in fresh if isinstance(item.metric_fn, pl.Expr)]
        by_batch: dict[Any, list[Any]] = {}
        for item in together:
            by_batch.setdefault(item.metric_configuration.metric_domain_kwargs.get("batch_id"), []).append(item)
        for items in by_batch.values():
            self._select(items)
        for item in fresh:
            if not isinstance(item.metric_fn, pl.Expr):
                self._settle(item, partial(item.metric_fn, self._frame(item)))
        for item in wanted:
            failure = self._failed.get(item.metric_configuration.id)
            if failure is not None:
                raise failure
        return {item.metric_configuration.id: self._settled[item.metric_configuration.id] for item in wanted}

    def _frame(self, item: Any) -> pl.LazyFrame:
        return self.batch(item.metric_configuration.metric_domain_kwargs).frame

    def _select(self, items: list[Any]) -> None:
        query = [item.metric_fn.alias(str(place)) for place, item in enumerate(items)]
        try:
            row = guarded("all", lambda: collect(self._frame(items[0]).select(query)).row(0))
        except MeasureError:
            # One expression that does not fit spoils the pass for all: find it, and keep the others.
            if len(items) == 1:
                self._settle(items[0], lambda: collect(self._frame(items[0]).select(query)).row(0)[0])
            else:
                middle = len(items) // 2
                self._select(items[:middle])
                self._select(items[middle:])
            return
        for item, value in zip(items, row, strict=True):
            self._settled[item.metric_configuration.id] = value

    def _settle(self, item: Any, work: Callable[[], Any]) -> None:
        key = item.metric_configuration.id
        try:
            self._settled[key] = guarded(item.metric_configuration.metric_name, work)
        except MeasureError as failure:
            self.said[str(failure)] = failure.reason
            self._failed[key] = failure

    def _condition(self, condition: Any, schema: Mapping[str, pl.DataType]) -> pl.Expr:
        found = deserialize_row_condition(condition)
        if isinstance(found, PassThroughCondition):
            return _predicate(found.pass_through_filter)
        if isinstance(found, str):
            return _predicate(found)
        if not isinstance(found, Condition):
            raise Unfit("row_condition is not a condition")
        return _typed_condition(found, schema)

    # Great Expectations' own four steps know no types; they serve callers of `condition_to_filter_clause`.
    def _comparison_condition_to_filter_clause(self, condition: ComparisonCondition) -> pl.Expr:
        return _compare(pl.col(condition.column.name), condition.operator, condition.parameter)

    def _nullity_condition_to_filter_clause(self, condition: NullityCondition) -> pl.Expr:
        found = pl.col(condition.column.name)
        return found.is_null() if condition.is_null else found.is_not_null()

    def _and_condition_to_filter_clause(self, condition: AndCondition) -> pl.Expr:
        return pl.all_horizontal([self.condition_to_filter_clause(c) for c in condition.conditions])

    def _or_condition_to_filter_clause(self, condition: OrCondition) -> pl.Expr:
        return pl.any_horizontal([self.condition_to_filter_clause(c) for c in condition.conditions])


def _predicate(text: str) -> pl.Expr:
    """A condition written as text is an SQL predicate over the columns (``status = 'paid'``)."""
    try:
        return pl.sql_expr(text)  # type: ignore[return-value]
    except Exception as error:
        raise Unfit(f"row_condition is no SQL predicate: {type(error).__name__}") from None


def _typed_condition(condition: Condition, schema: Mapping[str, pl.DataType]) -> pl.Expr:
    if isinstance(condition, AndCondition):
        return pl.all_horizontal([_typed_condition(c, schema).fill_null(False) for c in condition.conditions])
    if isinstance(condition, OrCondition):
        return pl.any_horizontal([_typed_condition(c, schema).fill_null(False) for c in condition.conditions])
    if isinstance(condition, NullityCondition):
        found = column(schema, condition.column.name)
        return found.missing if condition.is_null else ~found.missing
    if not isinstance(condition, ComparisonCondition):
        raise Unfit(f"row_condition does not know {type(condition).__name__}")
    found = column(schema, condition.column.name)
    if condition.operator in (Operator.IN, Operator.NOT_IN):
        held = among(found.value, found.dtype, condition.parameter)
        return held if condition.operator == Operator.IN else ~held.fill_null(False)
    compared = _compare(found.value, condition.operator, bound(found.dtype, condition.parameter))
    # A missing value is not equal to anything, and so let in, as it is by pandas.
    return compared.fill_null(condition.operator == Operator.NOT_EQUAL)


def _compare(left: pl.Expr, operator: Any, right: Any) -> pl.Expr:
    made: dict[Any, Callable[[], pl.Expr]] = {
        Operator.EQUAL: lambda: left == right,
        Operator.NOT_EQUAL: lambda: left != right,
        Operator.LESS_THAN: lambda: left < right,
        Operator.LESS_THAN_OR_EQUAL: lambda: left <= right,
        Operator.GREATER_THAN: lambda: left > right,
        Operator.GREATER_THAN_OR_EQUAL: lambda: left >= right,
        Operator.IN: lambda: left.is_in(right),
        Operator.NOT_IN: lambda: ~left.is_in(right),
    }
    return made[Operator(operator)]()
