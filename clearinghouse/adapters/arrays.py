"""Batches as NumPy arrays, without a copy where Arrow and NumPy agree on the bytes."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pyarrow as pa

from clearinghouse.adapters.missing import need


def numpy(batch: pa.RecordBatch) -> dict[str, Any]:
    """The columns of a batch by name.

    Numbers become an array of shape (n,); lists of one length, such as packed tokens, one of shape (n, length); lists
    of numbers of any length, a list of n arrays. These are views of Arrow's memory and cannot be written to. Booleans
    are unpacked; all else (text, structs, columns with nulls) becomes a list of Python values.
    """
    np = need("numpy")
    return {name: _array(np, column) for name, column in zip(batch.schema.names, batch.columns, strict=True)}


def _array(np: Any, column: pa.Array) -> Any:
    kind = column.type
    if column.null_count:
        return column.to_pylist()
    if pa.types.is_fixed_size_list(kind):
        # Not `flatten`, which looks for nulls: there are none.
        size, values = kind.list_size, column.values
        if _plain(kind.value_type) and not values.null_count:
            return _numbers(np, values, column.offset * size, len(column) * size).reshape(len(column), size)
        flat = _array(np, values.slice(column.offset * size, len(column) * size))
        return flat.reshape(len(column), size) if not isinstance(flat, list) else column.to_pylist()
    if (pa.types.is_list(kind) or pa.types.is_large_list(kind)) and _plain(kind.value_type):
        flat, ends = _array(np, column.values), _array(np, column.offsets)
        return [flat[low:high] for low, high in pairwise(ends)]
    if pa.types.is_boolean(kind):
        return np.asarray(column.to_pylist(), dtype=bool)
    if _plain(kind):
        return _numbers(np, column, 0, len(column))
    return column.to_pylist()


def _numbers(np: Any, column: pa.Array, first: int, count: int) -> Any:
    """Numbers of an array that has no nulls, as a view."""
    data, kind = column.buffers()[1], column.type
    if data is None or not count:
        return np.empty(0, _name(kind))
    return np.frombuffer(data, _name(kind), count, (column.offset + first) * (kind.bit_width // 8))


def _plain(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_float32(kind) or pa.types.is_float64(kind))


def _name(kind: pa.DataType) -> str:
    return {"float": "float32", "double": "float64"}.get(str(kind), str(kind))
