"""The quality rules of a contract (ODCS ``quality``), built from its YAML with every fault reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from schemas.contract import QualityRule
from schemas.names import did_you_mean
from schemas.raw import as_items, as_mapping, as_text, check_regex, is_number
from schemas.shapes import check_shape, own_schema
from schemas.yaml_lines import Place, YamlFile

_OPERATORS = (
    "mustBe", "mustNotBe", "mustBeGreaterThan", "mustBeGreaterOrEqualTo", "mustBeLessThan", "mustBeLessOrEqualTo",
    "mustBeBetween", "mustNotBeBetween",
)  # fmt: skip
_BAD_ROWS = ("nullValues", "missingValues", "invalidValues")
_COLUMN_ARGUMENTS = ("column", "column_A", "column_B")


def build_quality(found: YamlFile, raw: Any, place: Place, *, column: str | None = None) -> tuple[QualityRule, ...]:
    """Quality rules of a field, or of the whole object where ``column`` is ``None``. Prose rules are left out."""
    rules = []
    for number, item in enumerate(as_items(raw)):
        here = (*place, number)
        if not isinstance(item, dict):
            continue
        kind = item.get("type", "library")
        severity = item.get("severity", "error")
        if severity not in ("error", "warning"):
            found.report(
                (*here, "severity"), f"{severity!r} is not known here", did_you_mean(severity, ("error", "warning"))
            )
        rule = None
        if kind == "library":
            rule = _library(found, item, here, column)
        elif kind == "custom":
            rule = _expectation(found, item, here, column)
        elif kind == "sql":
            found.report(
                (*here, "type"),
                "SQL cannot be run on rows that are streamed",
                "use a library metric, or type: custom with engine: greatExpectations",
            )
        if rule is not None:
            metric, arguments, engine, mostly = rule
            rules.append(
                QualityRule(
                    metric,
                    arguments,
                    engine,
                    mostly,
                    severity if severity == "warning" else "error",
                    as_text(item.get("name")),
                )
            )
    return tuple(rules)


_Rule = tuple[str, dict[str, Any], str, float]


def _library(found: YamlFile, item: Mapping[str, Any], here: Place, column: str | None) -> _Rule | None:
    metric = as_text(item.get("metric"))
    if not metric:
        found.report(here, "a quality rule needs a metric", "for example metric: nullValues with mustBe: 0")
        return None
    profile = own_schema("profile.schema.json")
    if metric not in profile["$defs"]:
        return None  # the standard's schema has named the known metrics
    stated = item.get("arguments", {})
    if isinstance(stated, dict):
        check_shape(
            found, stated, profile["$defs"][metric], root=profile, at=lambda place: (*here, "arguments", *place)
        )
    if metric == "rowCount" and column is not None:
        found.report(
            (*here, "metric"), "rowCount belongs to the object, not to a field", "move it to schema[0].quality"
        )
    if metric in _BAD_ROWS and column is None:
        found.report((*here, "metric"), f"{metric} belongs to a field", "move it to the field's own quality")
    if metric == "duplicateValues" and column is None and not as_mapping(stated).get("properties"):
        found.report(
            here, "duplicateValues of the object needs the fields to compare", "arguments: {properties: [a, b]}"
        )
    pattern = as_mapping(stated).get("pattern")
    if isinstance(pattern, str):
        check_regex(found, (*here, "arguments", "pattern"), pattern)
    unit = item.get("unit")
    if unit not in (None, "rows", "percent"):
        found.report(
            (*here, "unit"), f"{unit!r} is not known here", did_you_mean(unit, ("rows", "percent"), what="one of")
        )
    arguments = dict(as_mapping(stated))
    arguments.update({key: item[key] for key in _OPERATORS if key in item})
    if unit is not None:
        arguments["unit"] = unit
    return metric, arguments, "library", _mostly(found, item, here, metric, unit)


def _mostly(found: YamlFile, item: Mapping[str, Any], here: Place, metric: str, unit: Any) -> float:
    """The least share of good rows that a limit on the percentage of bad rows means."""
    if unit != "percent" or metric not in _BAD_ROWS:
        return 1.0
    for key in ("mustBe", "mustBeLessOrEqualTo", "mustBeLessThan"):
        limit = item.get(key)
        if is_number(limit):
            if not 0 <= limit <= 100:
                found.report((*here, key), f"{limit} is not a percentage", "write 0 to 100")
                return 1.0
            return round(1 - limit / 100, 12)
    return 1.0


def _expectation(found: YamlFile, item: Mapping[str, Any], here: Place, column: str | None) -> _Rule | None:
    engine = item.get("engine")
    if engine not in ("greatExpectations", "great-expectations"):
        found.report(
            (*here, "engine"),
            f"the quality engine {engine!r} is not run here",
            did_you_mean(engine, ("greatExpectations",), what="known engine"),
        )
        return None
    profile = own_schema("profile.schema.json")
    body = item.get("implementation")
    if not isinstance(body, dict):
        found.report(
            (*here, "implementation"),
            "must be keys and values",
            "implementation: {type: expect_column_values_to_be_between, kwargs: {min_value: 0}}",
        )
        return None
    check_shape(
        found,
        body,
        profile["$defs"]["implementation"],
        root=profile,
        at=lambda place: (*here, "implementation", *place),
    )
    arguments = dict(as_mapping(body.get("kwargs")))
    mostly = arguments.pop("mostly", 1.0)
    if not is_number(mostly) or not 0 <= mostly <= 1:
        found.report((*here, "implementation", "kwargs", "mostly"), "must be a share from 0 to 1")
        mostly = 1.0
    metric = as_text(body.get("type"))
    of_field = metric.startswith(("expect_column_values", "expect_column_value_"))
    if column is None and of_field and "column" not in arguments:
        found.report(
            (*here, "implementation"),
            f"{metric} does not say of which column",
            "move it to the field, or add kwargs: {column: name}",
        )
    return metric, arguments, "greatExpectations", float(mostly)


def check_quality_columns(found: YamlFile, raw: Any, place: Place, names: Sequence[str]) -> None:
    """Report fields that quality rules name and the contract does not have."""
    for number, item in enumerate(as_items(raw)):
        if not isinstance(item, dict):
            continue
        here = (*place, number)
        for name in as_items(as_mapping(item.get("arguments")).get("properties")):
            if name not in names:
                found.report(
                    (*here, "arguments", "properties"),
                    f"there is no field {name!r}",
                    did_you_mean(name, names, what="fields"),
                )
        arguments = as_mapping(as_mapping(item.get("implementation")).get("kwargs"))
        stated = [arguments[key] for key in _COLUMN_ARGUMENTS if key in arguments] + list(
            as_items(arguments.get("column_list"))
        )
        for name in stated:
            if name not in names:
                found.report(
                    (*here, "implementation", "kwargs"),
                    f"there is no field {name!r}",
                    did_you_mean(name, names, what="fields"),
                )
