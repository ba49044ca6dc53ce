"""A suite evaluated without Great Expectations, where it asks for nothing but what is known here.

Importing Great Expectations takes seconds and 200 MB, which is most of what an ingest of a small data set costs. The
expectations that contracts are mostly made of need none of it: their metrics are ours (`map_tests`), and what is
left is a comparison. `evaluate` answers for a suite of those alone, with the very results that the library's
validator gives on our engine (tests compare them byte for byte); for any other suite, and for one that meets an error,
it answers nothing and the library is asked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import polars as pl

from governance.masking import shape
from governance.quality import measured
from governance.quality.columns import Column, column, ignored
from governance.quality.literals import Unfit
from governance.quality.map_tests import MAPS, SHAPES_FROM, Unexpected
from governance.quality.passes import MeasureError, Query, collect, guarded
from governance.quality.suite import Expected

Outcome = tuple[bool, Mapping[str, Any]]
"""Success, and the result as Great Expectations writes it under ``SUMMARY``, as far as `evidence` reads it."""

#: Shapes and rows of one check that a result holds: the library's ``partial_unexpected_count``.
PARTIAL = 20
_INDEX = "row index of the batch"
_ROW_ID = re.compile(r"[0-9a-f]{32}")
#: Integers above it lose digits where the library turns them into floats.
_EXACT = 2**53


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _number(value: Any) -> bool:
    return not isinstance(value, bool) and (
        isinstance(value, float) or (isinstance(value, int) and abs(value) <= _EXACT)
    )


def _limit(value: Any) -> bool:
    return value is None or _number(value) or _text(value)


def _length(value: Any) -> bool:
    return value is None or (isinstance(value, int) and _number(value))


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _share(value: Any) -> bool:
    return _number(value) and 0 <= value <= 1


def _set(value: Any) -> bool:
    return isinstance(value, list) and all(_text(one) or _flag(one) or _number(one) for one in value)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_text, value))


_COLUMN = {"column": _text, "mostly": _share}
_SIDES = {"strict_min": _flag, "strict_max": _flag}


@dataclass(frozen=True)
class _Kind:
    """An expectation type that is known: the metric that it asks of every row, and its arguments with what they may
    be. Any other argument, or one that is anything else, is the library's business."""

    metric: str
    arguments: Mapping[str, Callable[[Any], bool]] = field(default_factory=dict)

    def takes(self, kwargs: Mapping[str, Any]) -> bool:
        return all(name in self.arguments and self.arguments[name](value) for name, value in kwargs.items())


KINDS: Mapping[str, _Kind] = {
    "expect_column_values_to_not_be_null": _Kind("column_values.nonnull", _COLUMN),
    "expect_column_values_to_be_unique": _Kind("column_values.unique", _COLUMN),
    "expect_column_values_to_match_regex": _Kind("column_values.match_regex", _COLUMN | {"regex": _text}),
    "expect_column_values_to_not_match_regex": _Kind("column_values.not_match_regex", _COLUMN | {"regex": _text}),
    "expect_column_values_to_be_in_set": _Kind("column_values.in_set", _COLUMN | {"value_set": _set}),
    "expect_column_values_to_not_be_in_set": _Kind("column_values.not_in_set", _COLUMN | {"value_set": _set}),
    "expect_column_values_to_be_between": _Kind(
        "column_values.between", _COLUMN | _SIDES | {"min_value": _limit, "max_value": _limit}
    ),
    "expect_column_value_lengths_to_be_between": _Kind(
        "column_values.value_length.between", _COLUMN | _SIDES | {"min_value": _length, "max_value": _length}
    ),
    "expect_column_values_to_be_multiple_of": _Kind("column_values.multiple_of", _COLUMN | {"multiple_of": _number}),
    "expect_compound_columns_to_be_unique": _Kind("compound_columns.unique", {"column_list": _texts, "mostly": _share}),
    "expect_table_row_count_to_be_between": _Kind("", {"min_value": _length, "max_value": _length}),
    "expect_table_columns_to_match_ordered_list": _Kind("", {"column_list": _texts}),
    "expect_measured_rows_to_satisfy": _Kind(
        "", {"column": _text, "column_list": _texts, "measure": _text, "unit": _text, "pattern": _text,
             "must": lambda value: isinstance(value, dict) and bool(value) and set(value) <= set(measured.OPERATORS),
             "missing_values": _set, "valid_values": _set},
    ),
}  # fmt: skip
_NULLS = "expect_column_values_to_not_be_null"
_NEEDED = {
    "expect_column_values_to_match_regex": ("regex",),
    "expect_column_values_to_not_match_regex": ("regex",),
    "expect_column_values_to_be_in_set": ("value_set",),
    "expect_column_values_to_not_be_in_set": ("value_set",),
    "expect_column_values_to_be_multiple_of": ("multiple_of",),
    "expect_compound_columns_to_be_unique": ("column_list",),
    "expect_table_columns_to_match_ordered_list": ("column_list",),
    "expect_measured_rows_to_satisfy": ("measure", "must"),
}


def known(check: Expected) -> bool:
    """Whether `evaluate` can answer for a check. Whatever the library might refuse or read otherwise is not known."""
    kind = KINDS.get(check.type)
    if kind is None or not kind.takes(check.kwargs):
        return False
    needed = ("column",) if "mostly" in kind.arguments and kind.metric != "compound_columns.unique" else ()
    if any(name not in check.kwargs for name in (*needed, *_NEEDED.get(check.type, ()))):
        return False
    if check.type == "expect_compound_columns_to_be_unique":
        return len(check.kwargs["column_list"]) > 1
    if check.type == "expect_measured_rows_to_satisfy":
        return ("column" in check.kwargs) != ("column_list" in check.kwargs) or check.kwargs["measure"] == "rowCount"
    low, high = check.kwargs.get("min_value"), check.kwargs.get("max_value")
    if check.type.endswith("_to_be_between"):
        return not (low is None and high is None) and (low is None or high is None or _ordered(low, high))
    return True


def _ordered(low: Any, high: Any) -> bool:
    return isinstance(low, str) == isinstance(high, str) and low <= high


def evaluate(checks: Sequence[Expected], frame: pl.LazyFrame) -> list[Outcome] | None:
    """The outcomes of checks over a batch, in their order; ``None`` where one is not known or cannot be evaluated."""
    if not all(map(known, checks)):
        return None
    try:
        schema = guarded("schema of the batch", frame.collect_schema)
        return _Batch(frame, schema).outcomes(checks)
    except (MeasureError, Unfit):
        # The library says of each check by itself why it cannot be evaluated.
        return None


class _Batch:
    """One batch: what the checks count is counted in one pass, and what needs a query of its own once."""

    def __init__(self, frame: pl.LazyFrame, schema: Mapping[str, pl.DataType]) -> None:
        self.frame, self.schema = frame, schema
        self.counts: dict[str, int] = {}

    def outcomes(self, checks: Sequence[Expected]) -> list[Outcome]:
        tests = [self._test(check) for check in checks]
        wanted: dict[str, pl.Expr | Query] = {_ROWS: pl.len()}
        for check, test in zip(checks, tests, strict=True):
            wanted.update(self._wanted(check, test))
        together = {name: what for name, what in wanted.items() if isinstance(what, pl.Expr)}
        query = [what.alias(str(place)) for place, what in enumerate(together.values())]
        row = guarded("all", lambda: collect(self.frame.select(query)).row(0))
        self.counts = {name: int(value) for name, value in zip(together, row, strict=True)}
        for name, what in wanted.items():
            if not isinstance(what, pl.Expr):
                self.counts[name] = int(guarded(name, partial(what, self.frame)))
        return [self._outcome(check, test) for check, test in zip(checks, tests, strict=True)]

    def _columns(self, check: Expected) -> tuple[Column, ...]:
        one = check.kwargs.get("column")
        names = [one] if one is not None else check.kwargs.get("column_list", ())
        return tuple(column(self.schema, name) for name in names)

    def _test(self, check: Expected) -> Unexpected | None:
        metric = MAPS.get(KINDS[check.type].metric)
        if metric is None:
            return None
        arguments = {name: check.kwargs.get(name) for name in metric.arguments}
        return metric.test(self._columns(check), self._kept(check), arguments)

    def _kept(self, check: Expected) -> pl.Expr | None:
        """Of several columns, rows with a value in any of them; that is the library's default."""
        left_out = ignored(self._columns(check), "all_values_are_missing") if "column_list" in check.kwargs else None
        return None if left_out is None else ~left_out

    def _wanted(self, check: Expected, test: Unexpected | None) -> Iterator[tuple[str, pl.Expr | Query]]:
        if test is not None:
            yield _name(check), test.count
            # How many rows are no part of the answer.
            kept = self._kept(check)
            yield _missing(check), self._columns(check)[0].missing.sum() if kept is None else (~kept).sum()
        elif check.type == "expect_measured_rows_to_satisfy":
            values = {name: check.kwargs.get(name) for name in measured.ARGUMENTS}
            yield _name(check), measured.measured(self._columns(check), values)

    def _outcome(self, check: Expected, test: Unexpected | None) -> Outcome:
        rows, kwargs = self.counts[_ROWS], check.kwargs
        if test is not None:
            return self._mapped(check, test)
        if check.type == "expect_table_row_count_to_be_between":
            low, high = kwargs.get("min_value"), kwargs.get("max_value")
            return (low is None or rows >= low) and (high is None or rows <= high), {"observed_value": rows}
        if check.type == "expect_table_columns_to_match_ordered_list":
            return list(self.schema) == list(kwargs["column_list"]), {"observed_value": list(self.schema)}
        found = measured.outcome(self.counts[_name(check)], rows, kwargs.get("unit", "rows"), kwargs["must"])
        return found["success"], found["result"]

    def _mapped(self, check: Expected, test: Unexpected) -> Outcome:
        rows, bad, mostly = self.counts[_ROWS], self.counts[_name(check)], check.kwargs.get("mostly", 1)
        # A check of nulls is about the missing rows too.
        missing = None if check.type == _NULLS else self.counts[_missing(check)]
        asked = rows - (missing or 0)
        success = not asked or (float(asked) - float(bad)) / float(asked) >= mostly
        share = None if not rows or not asked else bad / asked * 100
        result: dict[str, Any] = {"element_count": rows, "unexpected_count": bad, "unexpected_percent": share}
        if missing is not None:
            result["missing_count"] = missing
        if bad and test.rows is not None:
            result |= self._sample(check, test.rows)
        return success, result

    def _sample(self, check: Expected, narrowed: Callable[[pl.LazyFrame], pl.LazyFrame]) -> dict[str, Any]:
        """Shapes of the first offending rows in the order of the files, and who they are."""
        names = [c.name for c in self._columns(check)]
        wanted = list(dict.fromkeys([*names, "_id"]))
        found = guarded(
            _name(check),
            lambda: collect(narrowed(self.frame.with_row_index(_INDEX)).select(_INDEX, *wanted).head(SHAPES_FROM)),
        )
        # Values become shapes here, and nothing else is kept of them.
        rows = [tuple(map(_shape, row)) for row in found.select(names).rows()]
        shapes: list[Any] = rows if "column_list" in check.kwargs else [row[0] for row in rows]
        common = sorted(Counter(shapes).most_common(PARTIAL), key=lambda pair: (-pair[1], pair[0]))
        ids = found["_id"].to_list()[:PARTIAL]
        return {
            "partial_unexpected_list": shapes[:PARTIAL],
            "partial_unexpected_counts": [{"value": value, "count": count} for value, count in common],
            # Row identities are keyed hashes. Whatever else stands in that column is not shown.
            "partial_unexpected_index_list": [
                {"_id": value if _ROW_ID.fullmatch(str(value)) else _shape(value)} for value in ids
            ],
        }


_ROWS = "rows"


def _shape(value: Any) -> str:
    return "null" if value is None else shape(str(value), 60)


def _missing(check: Expected) -> str:
    return f"missing in {check.kwargs.get('column') or check.kwargs.get('column_list')}"


def _name(check: Expected) -> str:
    """Equal checks are counted once."""
    asked = {name: value for name, value in check.kwargs.items() if name not in ("mostly", "must", "unit")}
    return f"{check.type} {sorted(asked.items(), key=lambda pair: pair[0])!r}"
