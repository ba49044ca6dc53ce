"""Packed sequences as Arrow columns, made of a block's tokens and `Pieces` for all sequences of a rank at once.

Tokens lie one document after the other in one buffer. Pieces of it are moved as whole values (Arrow's large binary),
and everything else is arithmetic over their lengths; no document is looked at by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from clearinghouse.adapters.missing import need
from clearinghouse.reader_plans import Pieces

COLUMNS = ("input_ids", "positions", "segments", "loss_mask", "cu_seqlens", "documents")


class Laid(NamedTuple):
    """Tokens of a block's documents, one after the other.

    ``ids`` (int32, or uint16 or uint32 as they lie in the release) and ``learnt`` uint8 (1 where a token is to be learnt; ``None``: everywhere) as NumPy arrays;
    ``there`` says of each document whether its tokens are among them (``None``: all are).
    """

    ids: Any
    learnt: Any
    there: Any


def schema(length: int, columns: Sequence[str] = COLUMNS, ids: pa.DataType | None = None) -> pa.Schema:
    """Columns of packed batches of that sequence length; token ids are int32 unless ``ids`` says otherwise."""
    piece = pa.struct([("id", pa.string()), ("start", pa.int32()), ("length", pa.int32())])
    kinds = {
        "input_ids": pa.list_(ids or pa.int32(), length),
        **dict.fromkeys(("positions", "segments"), pa.list_(pa.int32(), length)),
        "loss_mask": pa.list_(pa.uint8(), length),
        "cu_seqlens": pa.list_(pa.int32()),
        "documents": pa.list_(piece),
    }
    return pa.schema([(name, kinds[name]) for name in columns])


def batch_of(
    laid: Laid, ids: pa.Array | None, pieces: Pieces, chosen: Any, kinds: pa.Schema, length: int, pad: int
) -> pa.RecordBatch:
    """The sequences ``chosen`` (ascending numbers) of a block, with the columns of ``kinds``.

    ``ids`` are the documents', for the column ``documents``.
    """
    np = need("numpy")
    count = len(chosen)
    slot = np.full(max(pieces.sequences, count and int(chosen[-1]) + 1), -1, np.int64)
    slot[chosen] = np.arange(count)
    mine = np.flatnonzero(slot[pieces.sequence] >= 0)
    document, start, size = pieces.document[mine], pieces.start[mine], pieces.length[mine]
    place = slot[pieces.sequence[mine]]
    filled = np.bincount(place, size, count).astype(np.int64) if len(mine) else np.zeros(count, np.int64)
    moves = _moves(np, laid, pieces, mine)
    token = str(kinds.field("input_ids").type.value_type) if "input_ids" in kinds.names else "int32"
    # Padding is a last piece of a sequence: number of the piece in its sequence from 1, 0 for padding.
    short = np.flatnonzero(filled < length)
    many = np.bincount(place, minlength=count)
    number = np.arange(1, len(mine) + 1) - np.repeat(np.cumsum(many) - many, many)
    at = np.cumsum(many)[short]
    sizes, numbers = np.insert(size, at, (length - filled)[short]), np.insert(number, at, 0)
    many[short] += 1

    columns: dict[str, Any] = {}
    for name in kinds.names:
        if name == "input_ids":
            columns[name] = _flat(_padded(np, _moved(np, laid.ids, *moves), filled, length, pad, token), length)
        elif name == "positions":
            found = np.arange(count * length, dtype=np.int32)
            found -= np.repeat((np.cumsum(sizes) - sizes).astype(np.int32), sizes)
            if len(short):
                found[np.repeat(numbers == 0, sizes)] = 0
            columns[name] = _flat(found, length)
        elif name == "segments":
            columns[name] = _flat(np.repeat(numbers.astype(np.int32), sizes), length)
        elif name == "loss_mask":
            if laid.learnt is None:
                mask = np.repeat((numbers != 0).astype(np.uint8), sizes)
            else:
                mask = _padded(np, _moved(np, laid.learnt, *moves), filled, length, 0, np.uint8).copy()
            # Nothing before a piece's first token in its sequence to predict it from.
            mask[np.cumsum(sizes) - sizes] = 0
            columns[name] = _flat(mask, length)
        elif name == "cu_seqlens":
            ends = np.cumsum(sizes) - np.repeat(np.arange(count) * length, many)
            columns[name] = _lists(
                np, _numbers(np.insert(ends, np.cumsum(many) - many, 0).astype(np.int32)), many + 1, kinds.field(name)
            )
        else:
            assert ids is not None
            parts = [ids.take(_numbers(document)), *(_numbers(one.astype(np.int32)) for one in (start, size))]
            made = pa.StructArray.from_arrays(parts, fields=list(kinds.field(name).type.value_type))
            columns[name] = _lists(np, made, np.bincount(place, minlength=count), kinds.field(name))
    return pa.RecordBatch.from_arrays([columns[name] for name in kinds.names], schema=kinds)


def cut(ids: Any, chosen: Any, kinds: pa.Schema, length: int, pad: int) -> list[pa.RecordBatch]:
    """The sequences ``chosen`` (ascending numbers, at least one) of a block's tokens that are cut wherever a sequence is
    full, with ``input_ids`` alone: which document a token is of does not matter then. Sequences that follow each other
    stay where they are."""
    np = need("numpy")
    token = str(kinds.field("input_ids").type.value_type)
    if ids.dtype != token:
        ids = ids.astype(token)
    full, rest = divmod(len(ids), length)
    first, last = int(chosen[0]), int(chosen[-1])
    there = chosen[: len(chosen) - (last == full)]
    if last - first == len(chosen) - 1:
        parts = [ids[first * length : (first + len(there)) * length]]
    else:
        parts = [ids[: full * length].reshape(full, length)[there].reshape(-1)]
    if last == full:
        end = np.full(length, pad, token)
        end[:rest] = ids[full * length :]
        parts.append(end)
    return [pa.RecordBatch.from_arrays([_flat(one, length)], schema=kinds) for one in parts if len(one)]


def _ascending(pieces: Pieces) -> bool:
    place = pieces.document << 32 | pieces.start
    return bool((place[1:] > place[:-1]).all())


def _moves(np: Any, laid: Laid, pieces: Pieces, mine: Any) -> tuple[Any, Any]:
    """Where the pieces of the documents that are laid begin, and in what order those of ``mine`` are wanted."""
    if laid.there is None and _ascending(pieces):
        return np.concatenate(([0], np.cumsum(pieces.length))), mine
    there = np.arange(len(pieces.document)) if laid.there is None else np.flatnonzero(laid.there[pieces.document])
    order = there[np.lexsort((pieces.start[there], pieces.document[there]))]
    ends = np.concatenate(([0], np.cumsum(pieces.length[order])))
    back = np.empty(len(pieces.document), np.int64)
    back[order] = np.arange(len(order))
    return ends, back[mine]


def _moved(np: Any, values: Any, ends: Any, wanted: Any) -> Any:
    """The pieces of ``values`` that are wanted, one after the other."""
    if not len(wanted):
        return values[:0]
    if wanted[-1] - wanted[0] == len(wanted) - 1 and (np.diff(wanted) == 1).all():
        return values[ends[wanted[0]] : ends[wanted[-1] + 1]]
    lain = pa.Array.from_buffers(
        pa.large_binary(), len(ends) - 1, [None, pa.py_buffer(ends * values.itemsize), pa.py_buffer(values)]
    )
    found = lain.take(_numbers(wanted))
    return np.frombuffer(found.buffers()[2], values.dtype)


def _padded(np: Any, values: Any, filled: Any, length: int, pad: int, kind: Any) -> Any:
    """Sequences of ``filled`` values each as numbers of ``kind``, filled up to ``length``. Nothing is copied if all are full
    and of that kind."""
    if len(values) == len(filled) * length and values.dtype == kind:
        return values
    found = np.empty(len(filled) * length, kind)
    first = at = 0
    # Runs of full sequences in one go.
    for end in [*(np.flatnonzero(filled < length) + 1).tolist(), len(filled)]:
        start, some = first * length, int(filled[first:end].sum())
        found[start : start + some] = values[at : at + some]
        found[start + some : end * length] = pad
        first, at = end, at + some
    return found


def _numbers(values: Any) -> pa.Array:
    kind = _KINDS[values.dtype.str[1:]]
    # Not `pa.array`, which imports pandas where it is installed.
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(values)])


_KINDS = {"u1": pa.uint8(), "u2": pa.uint16(), "u4": pa.uint32(), "i4": pa.int32(), "i8": pa.int64()}


def _flat(values: Any, length: int) -> pa.Array:
    return pa.FixedSizeListArray.from_arrays(_numbers(values), length)


def _lists(np: Any, values: pa.Array, counts: Any, field: pa.Field) -> pa.Array:
    offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
    return pa.ListArray.from_arrays(_numbers(offsets), values, type=field.type)


__all__ = ["COLUMNS", "Laid", "batch_of", "cut", "schema"]
