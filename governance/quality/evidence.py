"""What may be published of a check: counts, shapes and row identities, and never a value of any row.

Everything that leaves a suite's run goes through this module, whatever Great Expectations put into its results.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from governance.masking import shape
from governance.quality.suite import Expected, condition_columns
from governance.quality.survival import Survival

#: Arguments that say which rows and columns a check looks at and how much of it has to hold.
_STRUCTURE = frozenset(
    ("column", "column_A", "column_B", "column_list", "column_set", "mostly", "strict_min", "strict_max",
     "exact_match", "ignore_row_if", "or_equal", "strictly", "match_on", "double_sided", "method", "measure", "unit",
     "must", "allow_relative_error", "ties_okay", "type_", "type_list", "condition_parser")
)  # fmt: skip
#: Expectations whose observed value is a count, a share or the name of a type.
_COUNTS = frozenset(
    f"expect_{name}"
    for name in (
        "table_row_count_to_be_between", "table_row_count_to_equal", "table_column_count_to_be_between",
        "table_column_count_to_equal", "column_unique_value_count_to_be_between",
        "column_proportion_of_unique_values_to_be_between", "column_proportion_of_non_null_values_to_be_between",
        "column_values_to_be_of_type", "column_values_to_be_in_type_list", "column_type_to_be",
        "measured_rows_to_satisfy",
    )
)  # fmt: skip
_LIMIT = 60
_ROW_ID = re.compile(r"[0-9a-f]{32}")
_SHOWN_SHAPES, _SHOWN_ROWS = 10, 20


@dataclass(frozen=True)
class Check:
    """The outcome of one check of the suite.

    ``arguments`` are those of the contract, with values that may be personal masked. ``shapes`` counts the shapes of
    the first thousand unexpected values, ``rows`` are identities of the first unexpected rows (``_id``, a keyed hash;
    or the position in the batch where there is none), ``places`` the partition and the line or record at the source of
    the first of them (`placed`). ``success`` is None for a check that was not run, and
    ``reason`` says why, or why it could not be evaluated.
    """

    expectation: str
    column: str | None
    columns: tuple[str, ...]
    arguments: Mapping[str, Any]
    origin: str
    severity: Literal["error", "warning"]
    status: Literal["passed", "failed", "unevaluated", "skipped"]
    element_count: int | None = None
    missing_count: int | None = None
    unexpected_count: int | None = None
    unexpected_percent: str | None = None
    observed: Any = None
    shapes: tuple[tuple[str, int], ...] = ()
    rows: tuple[str | int, ...] = ()
    places: tuple[tuple[str, int], ...] = ()
    reason: str = ""
    note: str = ""

    @property
    def success(self) -> bool | None:
        return None if self.status == "skipped" else self.status == "passed"

    def as_dict(self) -> dict[str, Any]:
        """JSON-able and free of floats but those that a contract wrote."""
        return asdict(self) | {"success": self.success}


def skipped(check: Expected, survival: Survival) -> Check:
    """A check that is not run."""
    return _check(check, survival, "skipped", reason=check.skipped)


def unevaluated(check: Expected, survival: Survival, reason: str) -> Check:
    """A check that could not be evaluated. `reason` must be text of ours."""
    return _check(check, survival, "unevaluated", reason=reason)


def measured(check: Expected, survival: Survival, success: bool, result: Mapping[str, Any]) -> Check:
    """A check that was run, from the ``result`` that Great Expectations gave it."""
    count = _count(result.get("unexpected_count"))
    share = result.get("unexpected_percent")
    return _check(
        check,
        survival,
        "passed" if success else "failed",
        element_count=_count(result.get("element_count")),
        missing_count=_count(result.get("missing_count")),
        unexpected_count=count,
        unexpected_percent=None if share is None else f"{float(share):.6f}".rstrip("0").rstrip("."),
        observed=_observed(check, result, survival),
        shapes=_shapes(result) if count else (),
        rows=_rows(result) if count else (),
    )


def arguments(check: Expected, survival: Survival) -> dict[str, Any]:
    """A check's arguments as they may be shown.

    They come from the contract, not from the data. Still, where a column is about persons, or where values are listed
    because they are forbidden, only their number or shape is shown.
    """
    named = (*check.columns, *condition_columns(check.kwargs.get("row_condition")))
    shown_in_full = check.origin == "redaction" or all(survival.open(name) for name in named)
    made = {}
    for key, value in check.kwargs.items():
        forbidden = key == "value_set" and "not_be_in_set" in check.type
        if key in _STRUCTURE or (shown_in_full and not forbidden):
            made[key] = _plain(value)
        else:
            made[key] = _hidden(value)
    return made


def _check(check: Expected, survival: Survival, status: Any, **more: Any) -> Check:
    column = check.kwargs.get("column")
    return Check(
        expectation=check.type,
        column=column if isinstance(column, str) else None,
        columns=check.columns,
        arguments=arguments(check, survival),
        origin=check.origin,
        severity=check.severity,
        status=status,
        note=check.note,
        **more,
    )


def _plain(value: Any) -> Any:
    """Contract values as JSON has them."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _hidden(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {"not shown": len(value)}
    if isinstance(value, list | tuple | set | frozenset):
        return [f"({len(value)} values, not shown)"]
    return shape(str(value), _LIMIT)


def _count(value: Any) -> int | None:
    return None if value is None else int(value)


def _shapes(result: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    counted = [
        (_shape(entry["value"]), int(entry["count"]))
        for entry in result.get("partial_unexpected_counts") or ()
        if "value" in entry
    ]
    if not counted:
        counted = [(_shape(value), 1) for value in result.get("partial_unexpected_list") or ()]
    together: dict[str, int] = {}
    for found, times in counted:
        together[found] = together.get(found, 0) + times
    return tuple(sorted(together.items(), key=lambda pair: (-pair[1], pair[0]))[:_SHOWN_SHAPES])


def _shape(value: Any) -> str:
    if value is None or value == "null":
        return "null"
    if isinstance(value, Mapping):
        return ", ".join(map(_shape, value.values()))
    if isinstance(value, list | tuple):
        return ", ".join(map(_shape, value))
    return shape(str(value), _LIMIT)


def _rows(result: Mapping[str, Any]) -> tuple[str | int, ...]:
    shown: list[str | int] = []
    for entry in (result.get("partial_unexpected_index_list") or ())[:_SHOWN_ROWS]:
        identity = entry.get("_id") if isinstance(entry, Mapping) else entry
        if isinstance(identity, int) or (isinstance(identity, str) and _ROW_ID.fullmatch(identity)):
            shown.append(identity)
    return tuple(shown)


def _observed(check: Expected, result: Mapping[str, Any], survival: Survival) -> Any:
    value = result.get("observed_value")
    if value is None:
        return None
    if check.type in _COUNTS:
        return _decimal(value)
    if check.type.startswith("expect_table_columns"):
        return _names(value, survival.columns)
    if isinstance(value, Mapping) and "quantiles" in value:
        return {"quantiles": [_decimal(q) for q in value["quantiles"]], "values": [_seen(v) for v in value["values"]]}
    return _seen(value)


def _decimal(value: Any) -> Any:
    return f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else value


def _seen(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float):
        # Rounded: sums of floats differ in their last digits with the order that threads finish in.
        return shape(f"{value:.6g}", _LIMIT)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_seen(item) for item in value]
    return shape(str(value), _LIMIT)


def _names(found: Any, known: Collection[str]) -> list[str]:
    """Column names of the contract; a name that is not may be a value in the wrong place."""
    return [name if name in known else shape(str(name), _LIMIT) for name in found]
