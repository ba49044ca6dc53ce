"""How a metric reaches Great Expectations: one helper registers the whole family that a map expectation asks for.

Great Expectations' own decorators know three engines, so everything goes through `registry.register_metric`.
A metric named with the suffix ``aggregate_fn`` returns what is to be computed, an expression or a `Query`; the
metric without the suffix has no function of its own and is resolved in a bundle by the engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import polars as pl
from great_expectations.core.metric_function_types import MetricFunctionTypes, MetricPartialFunctionTypes
from great_expectations.expectations.metrics.metric_provider import MetricProvider
from great_expectations.expectations.registry import register_metric
from great_expectations.validator.metric_configuration import MetricConfiguration

from governance.masking import shape
from governance.quality.columns import domain_columns
from governance.quality.engine import PolarsExecutionEngine
from governance.quality.map_tests import (
    COLUMN_KEYS,
    MAPS,
    MULTI_KEYS,
    SHAPES_FROM,
    TABLE_KEYS,
    Arguments,
    MapMetric,
    Unexpected,
)
from governance.quality.passes import MeasureError, Query, collect, guarded

_PARTIAL = MetricPartialFunctionTypes.AGGREGATE_FN.metric_suffix
_ROW_ID = re.compile(r"[0-9a-f]{32}")


def register_maps() -> None:
    """Register every metric that asks a question of every row."""
    for name, metric in MAPS.items():
        register_map(name, metric)


def register_map(name: str, metric: MapMetric) -> None:
    """Register ``<name>.unexpected_count`` and its seven companions for the Polars engine."""
    test, keys, arguments = metric.test, metric.keys, metric.arguments

    def found(engine: PolarsExecutionEngine, domain: Arguments, values: Arguments) -> Unexpected:
        columns = domain_columns(engine.batch(domain).schema, domain)
        return test(columns, engine.row_filter(domain), {key: values.get(key) for key in arguments})

    def condition(engine: PolarsExecutionEngine, domain: Arguments, values: Arguments, _: Arguments) -> Any:
        return found(engine, domain, values).condition, dict(domain), {}

    def count(engine: PolarsExecutionEngine, domain: Arguments, values: Arguments, _: Arguments) -> Any:
        return found(engine, domain, values).count, dict(domain), {}

    def considered(engine: PolarsExecutionEngine, domain: Arguments, _: Arguments, __: Arguments) -> Any:
        kept = engine.row_filter(domain)
        return pl.len() if kept is None else kept.sum(), dict(domain), {}

    def sample(engine: PolarsExecutionEngine, domain: Arguments, values: Arguments, wanted: list[str]) -> Any:
        rows = found(engine, domain, values).rows
        if rows is None:
            return pl.DataFrame(schema=dict.fromkeys((_INDEX, *wanted), pl.String))
        indexed = engine.batch(domain).frame.with_row_index(_INDEX)
        # The first rows in the order of the files; reading stops when there are enough of them.
        return collect(rows(indexed).select(_INDEX, *wanted).head(_limit(values)))

    def shapes(engine: PolarsExecutionEngine, domain: Arguments, values: Arguments, metrics: Arguments) -> Any:
        if not metrics[_COUNT]:
            return []
        names = [c.name for c in domain_columns(engine.batch(domain).schema, domain)]
        rows = sample(engine, domain, values, names).drop(_INDEX, strict=False).rows()
        shown = [tuple(map(_shape, row)) for row in rows]
        if keys == COLUMN_KEYS:
            return [row[0] for row in shown]
        return shown if keys != MULTI_KEYS else [dict(zip(names, row, strict=True)) for row in shown]

    def shape_counts(engine: PolarsExecutionEngine, domain: Arguments, values: Arguments, metrics: Arguments) -> Any:
        counted: dict[Any, int] = {}
        for one in shapes(engine, domain, values, metrics):
            key = tuple(one.values()) if isinstance(one, dict) else one
            counted[key] = counted.get(key, 0) + 1
        return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))

    def positions(engine: PolarsExecutionEngine, domain: Arguments, values: Arguments, metrics: Arguments) -> Any:
        if not metrics[_COUNT]:
            return []
        wanted = (values.get("result_format") or {}).get("unexpected_index_column_names")
        if wanted != ["_id"]:
            return sample(engine, domain, values, []).to_series().to_list()
        # Row identities are keyed hashes. Whatever else stands in that column is not shown.
        ids = sample(engine, domain, values, wanted)["_id"].to_list()
        return [{"_id": value if _ROW_ID.fullmatch(str(value)) else _shape(value)} for value in ids]

    def nothing(*_: Any) -> None:
        """Great Expectations would put whole rows, or a query with their keys, here."""

    keys_with_format = (*arguments, "result_format")
    provider = _provider(f"{name}.{_COUNT}", needs_count=True)
    direct = MetricFunctionTypes.VALUE
    _register(f"{name}.condition", keys, arguments, provider, condition, MetricPartialFunctionTypes.MAP_CONDITION_FN)
    _register_bundled(f"{name}.{_COUNT}", keys, arguments, count)
    if keys != COLUMN_KEYS:
        _register_bundled(f"{name}.filtered_row_count", keys, keys_with_format, considered)
    _register(f"{name}.unexpected_values", keys, keys_with_format, provider, shapes, direct)
    _register(f"{name}.unexpected_value_counts", keys, keys_with_format, provider, shape_counts, direct)
    _register(f"{name}.unexpected_index_list", keys, keys_with_format, provider, positions, direct)
    _register(f"{name}.unexpected_index_query", keys, keys_with_format, provider, nothing, direct)
    _register(f"{name}.unexpected_rows", keys, keys_with_format, provider, nothing, direct)


_INDEX, _COUNT = "row index of the batch", "unexpected_count"


def _limit(values: Arguments) -> int:
    wanted = values.get("result_format") or {}
    if wanted.get("result_format") == "BASIC":
        return min(int(wanted.get("partial_unexpected_count", SHAPES_FROM)), SHAPES_FROM)
    return SHAPES_FROM


def _shape(value: Any) -> str:
    return "null" if value is None else shape(str(value), 60)


#: `measure(engine, domain, arguments)` returns what is to be computed.
Measure = Callable[[PolarsExecutionEngine, Arguments, Arguments], "pl.Expr | Query"]


def register_aggregate(
    name: str, measure: Measure, *, keys: tuple[str, ...] = COLUMN_KEYS, arguments: tuple[str, ...] = ()
) -> None:
    """Register a metric of one value to a column or table."""

    def work(engine: PolarsExecutionEngine, domain: Arguments, values: Arguments, _: Arguments) -> Any:
        return measure(engine, domain, values), dict(domain), {}

    _register_bundled(name, keys, arguments, work)


def register_derived(
    name: str,
    work: Callable[[PolarsExecutionEngine, Arguments, Arguments, Arguments], Any],
    *,
    keys: tuple[str, ...] = COLUMN_KEYS,
    arguments: tuple[str, ...] = (),
    needs: tuple[str, ...] = (),
) -> None:
    """Register a metric that follows from the schema, or from the metrics named in `needs`, without a query."""
    _register(name, keys, arguments, _provider(name, needs=needs), work, MetricFunctionTypes.VALUE)


def _register_bundled(name: str, keys: tuple[str, ...], arguments: tuple[str, ...], work: Any) -> None:
    partial = MetricPartialFunctionTypes.AGGREGATE_FN
    _register(f"{name}.{_PARTIAL}", keys, arguments, _provider(name), work, partial)
    _register(name, keys, arguments, _provider(name, bundled=True), None, MetricFunctionTypes.VALUE)


def _register(
    name: str, keys: tuple[str, ...], arguments: tuple[str, ...], provider: Any, work: Any, kind: Any
) -> None:
    def function(  # the signature with which Great Expectations calls every metric
        cls: Any,
        execution_engine: PolarsExecutionEngine,
        metric_domain_kwargs: Arguments,
        metric_value_kwargs: Arguments,
        metrics: Arguments,
        runtime_configuration: Any = None,
    ) -> Any:
        del cls, runtime_configuration
        values = metric_value_kwargs or {}
        try:
            return guarded(name, lambda: work(execution_engine, metric_domain_kwargs, values, metrics))
        except MeasureError as failure:
            execution_engine.said[str(failure)] = failure.reason
            raise

    register_metric(
        metric_name=name,
        metric_domain_keys=keys,
        metric_value_keys=arguments,
        execution_engine=PolarsExecutionEngine,
        metric_class=provider,
        metric_provider=None if work is None else function,
        metric_fn_type=kind,
    )


def _provider(
    name: str, *, bundled: bool = False, needs_count: bool = False, needs: tuple[str, ...] = ()
) -> type[MetricProvider]:
    """A provider class that knows which other metrics its own wait for."""

    def dependencies(_cls: Any, metric: MetricConfiguration, **_: Any) -> dict[str, MetricConfiguration]:
        domain, values = metric.metric_domain_kwargs, dict(metric.metric_value_kwargs or {})
        values.pop("result_format", None)
        wanted: dict[str, str] = {need: need for need in needs}
        if bundled:
            wanted["metric_partial_fn"] = f"{metric.metric_name}.{_PARTIAL}"
        if needs_count and not metric.metric_name.endswith(".condition"):
            wanted[_COUNT] = name
        table = {key: domain[key] for key in TABLE_KEYS if key in domain}
        return {
            key: MetricConfiguration(
                metric_name=other,
                metric_domain_kwargs=table if other.startswith("table.") else domain,
                metric_value_kwargs=None if key in needs else values,
            )
            for key, other in wanted.items()
        }

    return type("PolarsMetric", (MetricProvider,), {"_get_evaluation_dependencies": classmethod(dependencies)})
