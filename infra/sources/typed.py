"""Columns that come with types (Parquet, SQL): plain types only, and the checks that text formats get on the way."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infra.sources.columns import Part, Projection, with_nulls
from infra.sources.context import Context
from infra.sources.model import Reason, Reject, sample_of
from infra.sources.paths import to_text


def settled(
    projection: Projection,
    columns: Mapping[str, pa.Array],
    positions: np.ndarray[Any, np.dtype[np.int64]],
    context: Context,
) -> Part:
    """A part of typed columns. A row with a string that is too long, holds a zero byte or is not UTF-8 is rejected."""
    limit = context.source.max_record_bytes
    wrong: dict[int, Reason] = {}
    flat: dict[str, pa.Array] = {}
    for name in projection.needed:
        array, bad = plain(columns[name])
        for row in bad:
            wrong.setdefault(row, "undecodable_bytes")
        for row in _rows(_too_long(array, limit)):
            wrong.setdefault(row, "record_too_large")
        for row in _rows(_with_zero(array)):
            wrong.setdefault(row, "nul_byte")
        flat[name] = with_nulls(array, context.nulls)
    rejects = []
    if wrong:
        rejects = [Reject(int(positions[row]), wrong[row], _sample(flat, row)) for row in sorted(wrong)]
        keep = np.ones(len(positions), bool)
        keep[list(wrong)] = False
        flat = {name: array.filter(pa.array(keep)) for name, array in flat.items()}
        positions = positions[keep]
    arrays = projection.arrays(flat, positions, context.specials, positions_as_text=False)
    return Part([_as_json(array) if pa.types.is_nested(array.type) else array for array in arrays], positions, rejects)


def plain(array: pa.Array) -> tuple[pa.Array, list[int]]:
    """The array in a type that every later step knows, and the rows whose bytes are not UTF-8 (null in it).

    Extension types become their storage, dictionaries their values, large and view strings plain ones, binary
    columns text. Lists, structs and maps stay.
    """
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks() if array.num_chunks != 1 else array.chunk(0)
    if isinstance(array.type, pa.BaseExtensionType):
        array = array.storage
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    kind = array.type
    if pa.types.is_null(kind):
        return array.cast(pa.string()), []
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return _utf8(array.cast(pa.large_binary()) if pa.types.is_string_view(kind) else array)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return _utf8(array)
    return array, []


def _utf8(array: pa.Array) -> tuple[pa.Array, list[int]]:
    try:
        made = array if pa.types.is_string(array.type) else array.cast(pa.string())
        made.validate(full=True)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        values, bad = [], []
        for i, value in enumerate(array.cast(pa.large_binary()).to_pylist()):
            try:
                values.append(None if value is None else value.decode())
            except UnicodeDecodeError:
                values.append(None)
                bad.append(i)
        return pa.array(values, pa.string()), bad
    return made, []


def _as_json(array: pa.Array) -> pa.Array:
    keyed = pa.types.is_map(array.type)
    values = (dict(value) if keyed and value is not None else value for value in array.to_pylist())
    return pa.array([to_text(value, sys.maxsize) for value in values], pa.string())


def _rows(mask: pa.Array | None) -> list[int]:
    return [] if mask is None else np.flatnonzero(mask.fill_null(False).to_numpy(zero_copy_only=False)).tolist()


def _too_long(array: pa.Array, limit: int) -> pa.Array | None:
    if not pa.types.is_string(array.type) or array.nbytes <= limit:
        return None
    return pc.greater(pc.binary_length(array), limit)


def _with_zero(array: pa.Array) -> pa.Array | None:
    return pc.match_substring(array, "\0") if pa.types.is_string(array.type) else None


def _sample(columns: Mapping[str, pa.Array], row: int) -> str:
    shown = []
    for array in columns.values():
        value = array[row].as_py()
        shown.append("" if value is None else str(value)[:500])
    return sample_of("\t".join(shown))
