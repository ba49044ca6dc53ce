"""What the tokens of documents are, and which of them are learnt: the pre-tokenised columns of a release."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from transforms.chat_template import Span
from transforms.tokens import TokenCounter

IDS = pa.list_(pa.field("element", pa.int32(), nullable=False))
MASK = pa.list_(pa.field("element", pa.bool_(), nullable=False))
"""No token of a list is null, and a reader that knows it decodes a third faster. The list of an erased row is null."""

_TEXTS = 256


def as_bytes(lists: pa.Array | pa.ChunkedArray, numbers: str) -> pa.Array:
    """Lists of numbers or marks as bytes of little-endian ``numbers`` (`schemas.shard_numbers`); null stays null.

    Raises ``OverflowError`` for a number that does not fit.
    """
    array = lists.combine_chunks() if isinstance(lists, pa.ChunkedArray) else lists
    lengths = pc.fill_null(pc.list_value_length(array), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    values = array.flatten().to_numpy(zero_copy_only=False)
    kind = np.dtype(numbers).newbyteorder("<")
    if len(values) and (int(values.min()) < 0 or int(values.max()) > np.iinfo(kind).max):
        raise OverflowError(f"token {int(values.max())} does not fit into {numbers}")
    ends = np.concatenate(([0], np.cumsum(lengths))) * kind.itemsize
    valid = pa.array(array.is_valid()).buffers()[1] if array.null_count else None
    buffers = [valid, pa.py_buffer(ends.astype(np.int64)), pa.py_buffer(values.astype(kind))]
    return pa.Array.from_buffers(pa.large_binary(), len(array), buffers).cast(pa.binary())


def input_ids(counter: TokenCounter, texts: Sequence[str | None]) -> pa.Array:
    """The tokens of each text (`IDS`), as many as `TokenCounter.count` says; null for a null text."""
    found = [encoding.ids for some in _batches(texts) for encoding in counter.encode(some)]
    return _lists(found, texts, np.dtype(np.int32), IDS)


def learnt_ids(
    counter: TokenCounter, texts: Sequence[str | None], spans: Sequence[Sequence[Span]]
) -> tuple[pa.Array, pa.Array]:
    """The tokens of each text, and of each token whether it is learnt (`MASK`): whether a character of it stands in one
    of the text's ``spans``, which are ascending. Both null for a null text."""
    ids: list[Any] = []
    marks: list[Any] = []
    there = iter([spans[place] for place, text in enumerate(texts) if text is not None])
    for some in _batches(texts):
        for encoding in counter.encode(some, offsets=True):
            ids.append(encoding.ids)
            marks.append(_marks(encoding.offsets, next(there)))
    return _lists(ids, texts, np.dtype(np.int32), IDS), _lists(marks, texts, np.dtype(np.bool_), MASK)


def special(counter: TokenCounter, texts: Sequence[str | None]) -> list[bool]:
    """Whether each text spells one of the tokenizer's special tokens, which stand for themselves wherever they are."""
    tokens = counter.special
    if not tokens:
        return [False] * len(texts)
    seek = re.compile("|".join(map(re.escape, sorted(tokens, key=lambda token: (-len(token), token)))))
    return [text is not None and seek.search(text) is not None for text in texts]


def _marks(offsets: Sequence[Span], spans: Sequence[Span]) -> NDArray[np.bool_]:
    """Which tokens, given by the characters that they cover, reach into a span. Bytes of one character share it."""
    at = np.array(offsets, np.int64).reshape(-1, 2)
    learnt = np.zeros(len(at), bool)
    for start, end in spans:
        # A token of no width belongs to where it stands.
        learnt |= (at[:, 0] < end) & np.where(at[:, 1] > at[:, 0], at[:, 1] > start, at[:, 0] >= start)
    return learnt


def _batches(texts: Sequence[str | None]) -> list[list[str]]:
    there = [text for text in texts if text is not None]
    return [there[at : at + _TEXTS] for at in range(0, len(there), _TEXTS)]


def _lists(found: Sequence[Any], texts: Sequence[str | None], kind: np.dtype[Any], made: pa.DataType) -> pa.Array:
    there = iter(found)
    rows = [None if text is None else next(there) for text in texts]
    lengths = np.array([0 if row is None else len(row) for row in rows], np.int64)
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    values = np.concatenate([np.empty(0, kind), *(np.asarray(row, kind) for row in rows if row is not None)])
    # Null rows have no values; the mask says that they are not merely empty.
    mask = pa.array([row is None for row in rows], pa.bool_())
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(values), type=made, mask=mask)


__all__ = ["IDS", "MASK", "as_bytes", "input_ids", "learnt_ids", "special"]
