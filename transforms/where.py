"""Filters of a mix over Arrow columns: which rows pass. Comparisons are exact, in the column's own type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.contract import Condition

_COMPARE = {
    "=": "equal", "!=": "not_equal", "<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal",
}  # fmt: skip


def passes(table: pa.Table, conditions: Sequence[Condition], values: Mapping[Condition, Sequence[Any]]) -> NDArray[Any]:
    """Whether each row fulfils all conditions, as booleans. A null fulfils ``null: true`` and nothing else.

    Args:
        table: has every column that the conditions name.
        conditions: of a filter.
        values: each condition's values as those of the column's type (`schemas.mix_where.typed`).
    """
    found = np.ones(len(table), bool)
    for one in conditions:
        column = table.column(one.field)
        null = pc.is_null(column)
        if one.op == "null":
            found &= _plain(null) == bool(one.values[0])
            continue
        given = [_scalar(value, column.type) for value in values[one]]
        if one.op in ("in", "not in"):
            said = pc.is_in(column, value_set=pa.array([value.as_py() for value in given], column.type))
            if one.op == "not in":
                said = pc.invert(said)
        else:
            said = pc.call_function(_COMPARE[one.op], [column, given[0]])
        found &= _plain(pc.fill_null(said, False)) & ~_plain(null)
    return found


def _scalar(value: Any, kind: pa.DataType) -> pa.Scalar:
    if pa.types.is_floating(kind) and isinstance(value, Decimal):
        value = float(value)
    if pa.types.is_timestamp(kind) and isinstance(value, datetime):
        # A zone on one side alone: what has none is taken as UTC.
        if kind.tz is None and value.tzinfo is not None:
            value = value.astimezone(UTC).replace(tzinfo=None)
        elif kind.tz is not None and value.tzinfo is None:
            value = value.replace(tzinfo=UTC)
    if pa.types.is_large_string(kind) or pa.types.is_string(kind):
        value = str(value)
    return pa.scalar(value, kind)


def _plain(column: pa.ChunkedArray | pa.Array) -> NDArray[np.bool_]:
    return np.asarray(
        column.to_numpy(zero_copy_only=False) if isinstance(column, pa.Array) else column.to_numpy(), bool
    )
