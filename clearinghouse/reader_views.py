"""Rows brought into another order without copying what they hold. Arrow alone.

Text, bytes and lists of numbers are *views* while samples are put together: 16 bytes a value that say where it lies
(Arrow's BinaryView layout), so that to cut, join and reorder rows moves 16 bytes each, however long a document is. What
is given out is copied together once, in its place, as the type that the release has.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

#: A view says in 32 bits where its value lies.
_MOST = (1 << 31) - 1
_WIDTH = 16


def integers(values: Iterable[int]) -> pa.Array:
    """An Arrow array of 64-bit integers, without the way through Python objects of Arrow's own (or NumPy)."""
    data = values if isinstance(values, array) else array("q", values)
    return pa.Array.from_buffers(pa.int64(), len(data), [None, pa.py_buffer(data)])


_counted = array("q", range(1 << 12))


def counting(first: int, last: int, step: int = 1) -> array[int]:
    """The numbers of ``range(first, last, step)`` (``step`` above 0), cut out of a list that is kept: rows of a row group
    and places of a block, which are few thousand."""
    global _counted
    known = _counted
    if last > len(known):
        _counted = known = array("q", range(max(last, 2 * len(known))))
    return known[first:last:step]


# Not `pa.scalar`, nor a Python number given to a function of Arrow's: both import pandas where it is installed.


def viewed(batch: pa.RecordBatch) -> pa.RecordBatch:
    """``batch`` with views in place of values of any length. What has no view (lists of lists, structs) stays as it is."""
    return _each(batch, [_view(column) for column in batch.columns])


def plain(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """What `viewed` was given, one value after the other again; ``schema`` says the types, for columns that it names.
    Bytes become the lists of numbers that it names."""
    columns = []
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        place = schema.get_field_index(name)
        columns.append(column if place < 0 else _laid(column, schema.field(place).type))
    return _each(batch, columns)


def taken(batch: pa.RecordBatch, rows: pa.Array) -> pa.RecordBatch:
    """The rows of those numbers. Views are moved, and not what they point to."""
    return _each(batch, [_taken(column, rows) for column in batch.columns])


def _each(batch: pa.RecordBatch, columns: Sequence[pa.Array]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _is_view(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string_view(kind) or pa.types.is_binary_view(kind))


def _width(kind: pa.DataType) -> int:
    """Bytes of a value of a list that is as good as bytes; 0 for any other type."""
    if not pa.types.is_list(kind) or not pa.types.is_primitive(kind.value_type):
        return 0
    bits: int = kind.value_type.bit_width
    return bits // 8 if bits % 8 == 0 else 0


def _view(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_large_string(kind) or pa.types.is_string(kind):
        return column.cast(pa.string_view()) if _near(column.buffers()[2]) else column
    if pa.types.is_large_binary(kind) or pa.types.is_binary(kind):
        return column.cast(pa.binary_view()) if _near(column.buffers()[2]) else column
    if _width(kind):
        if column.offset:  # a cut of another array, whose bitmap begins elsewhere
            column = pa.concat_arrays([column.slice(0, 0), column])
        values = column.values
        buffer = values.buffers()[1] or pa.py_buffer(b"")
        if not values.null_count and _near(buffer):
            ends = _times(column.offsets.cast(pa.int64()), _width(kind), values.offset)
            lain = pa.Array.from_buffers(
                pa.large_binary(), len(column), [column.buffers()[0], ends.buffers()[1], buffer], offset=ends.offset
            )
            return lain.cast(pa.binary_view())
    return column


def _times(numbers: pa.Array, width: int, more: int) -> pa.Array:
    """``width`` times each number and ``more``."""
    return pc.multiply(pc.add(numbers, integers([more])[0]), integers([width])[0])


def _near(buffer: pa.Buffer | None) -> bool:
    return buffer is None or buffer.size <= _MOST


def _laid(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if not _is_view(column.type):
        return as_list(column, kind) if pa.types.is_binary(column.type) and pa.types.is_list(kind) else column
    width = _width(kind)
    if not width:
        return column.cast(kind)
    lain = column.cast(pa.large_binary())
    valid, ends, data = lain.buffers()
    ends = pc.divide(
        pa.Array.from_buffers(pa.int64(), len(lain) + 1, [None, ends], offset=lain.offset), integers([width])[0]
    )
    values = pa.Array.from_buffers(
        kind.value_type, ends[len(lain)].as_py(), [None, data if data is not None else pa.py_buffer(b"")]
    )
    if lain.offset:  # a cast begins afresh; a bitmap that does not would have to be moved
        valid = pc.is_valid(lain).buffers()[1]
    return pa.Array.from_buffers(kind, len(lain), [valid, ends.cast(pa.int32()).buffers()[1]], children=[values])


def _taken(column: pa.Array, rows: pa.Array) -> pa.Array:
    if not _is_view(column.type):
        return column.take(rows)
    # Arrow moves values of a fixed width, and has no way yet to do so with views.
    valid, views, *data = column.buffers()
    moved = pa.Array.from_buffers(pa.binary(_WIDTH), len(column), [valid, views], offset=column.offset).take(rows)
    valid, views = moved.buffers()
    return pa.Array.from_buffers(column.type, len(moved), [valid, views, *data], offset=moved.offset)


def as_list(column: pa.Array, kind: pa.DataType) -> pa.Array:
    """Bytes (Arrow's binary) as lists of numbers, of type ``kind``; nothing is copied. Raises ``ArrowInvalid`` where they
    are no whole numbers of values."""
    width = kind.value_type.bit_width // 8
    if column.offset:  # a cut of another array, whose bitmap begins elsewhere
        column = pa.concat_arrays([column.slice(0, 0), column])
    valid, ends, data = column.buffers()
    if ends is None or not len(column):
        return pa.nulls(0, kind)
    by = integers([width])[0].cast(pa.int32())
    numbers = pa.Array.from_buffers(pa.int32(), len(column) + 1, [None, ends])
    cut = pc.divide(numbers, by)
    if not pc.multiply(cut, by).equals(numbers):
        raise pa.ArrowInvalid(f"bytes that are no numbers of {width} bytes each")
    if data is None:
        data = pa.py_buffer(b"")
    values = pa.Array.from_buffers(kind.value_type, cut[len(column)].as_py(), [None, data])
    return pa.Array.from_buffers(kind, len(column), [valid, cut.buffers()[1]], children=[values])


__all__ = ["as_list", "counting", "integers", "plain", "taken", "viewed"]
