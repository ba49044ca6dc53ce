"""Put replacements into string columns: whole cells, or spans of code points inside them. Pure Arrow in and out.

What to replace with what is the caller's to say; this module knows no entities, keys or policies.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]

#: Texts of more bytes are changed one by one where there are no more than so many of them.
_LONG, _FEW = 4 << 20, 64


def apply_spans(texts: pa.Array, rows: Ints, starts: Ints, ends: Ints, replacements: Sequence[str]) -> pa.Array:
    """`texts` with each span replaced; the same array, not a copy, where there is nothing to replace.

    Spans are in code points, sorted by row and start, not overlapping within a row; ``replacements`` has one text
    for each. Rows without spans come out bit for bit. Raises `ValueError` if spans are out of order or overlap, and
    `IndexError` if one reaches past its row or stands in a null.
    """
    if not len(rows):
        return texts
    same_row = rows[1:] == rows[:-1]
    if (rows[1:] < rows[:-1]).any() or (starts[1:][same_row] < ends[:-1][same_row]).any() or (starts > ends).any():
        raise ValueError("spans must be sorted by row and start, and must not overlap")
    touched, first = np.unique(rows, return_index=True)
    edges = np.append(first, len(rows)).tolist()
    start_list, end_list = starts.tolist(), ends.tolist()
    if len(texts) <= _FEW and pc.max(pc.binary_length(texts)).as_py() > _LONG:
        spans = list(zip(start_list, end_list, replacements, strict=True))
        own = {row: spans[first:stop] for row, first, stop in zip(touched.tolist(), edges, edges[1:], strict=False)}
        return pa.concat_arrays([_one(texts.slice(row, 1), own.get(row, []), row) for row in range(len(texts))])
    changed: list[str] = []
    for place, text in enumerate(texts.take(pa.array(touched)).to_pylist()):
        begin, stop = edges[place], edges[place + 1]
        if text is None or end_list[stop - 1] > len(text):
            raise IndexError(f"row {touched[place]} has a span where it has no text")
        parts, at = [], 0
        for i in range(begin, stop):
            parts += [text[at : start_list[i]], replacements[i]]
            at = end_list[i]
        parts.append(text[at:])
        changed.append("".join(parts))
    mask = np.zeros(len(texts), dtype=bool)
    mask[touched] = True
    return pc.replace_with_mask(texts, pa.array(mask), pa.array(changed, texts.type))


def _one(text: pa.Array, spans: Sequence[tuple[int, int, str]], row: int) -> pa.Array:
    """One text with its spans replaced, with as few copies of it as can be."""
    if not spans:
        return text
    (value,) = text.to_pylist()
    if value is None or spans[-1][1] > len(value):
        raise IndexError(f"row {row} has a span where it has no text")
    made, at = bytearray(), 0
    for start, end, new in spans:
        made += value[at:start].encode()
        made += new.encode()
        at = end
    made += value[at:].encode()
    edges = pa.array([0, len(made)], pa.int64() if pa.types.is_large_string(text.type) else pa.int32())
    return pa.Array.from_buffers(text.type, 1, [None, edges.buffers()[1], pa.py_buffer(made)])


def as_text(column: pa.Array) -> pa.Array:
    """A column's values as `large_string`, the way they read in a contract: dates ISO 8601, numbers plain."""
    if pa.types.is_large_string(column.type):
        return column
    return pc.cast(column, pa.large_string())


def cells_to_replace(texts: pa.Array, settled: re.Pattern[str]) -> npt.NDArray[np.bool_]:
    """Which cells hold something to redact: not null, not empty, and not already what `settled` matches whole."""
    if not len(texts):
        return np.zeros(0, dtype=bool)
    done = pc.match_substring_regex(texts, pattern=f"^(?:{settled.pattern})$")
    wanted = pc.and_(pc.greater(pc.binary_length(texts), 0), pc.invert(done))
    return pc.fill_null(wanted, False).to_numpy(zero_copy_only=False)


def replace_cells(texts: pa.Array, wanted: npt.NDArray[np.bool_], replacement: Callable[[str], str]) -> pa.Array:
    """`texts` with every wanted cell replaced by ``replacement(cell)``, called once per distinct value."""
    rows = np.flatnonzero(wanted)
    if not len(rows):
        return texts
    coded = pc.dictionary_encode(texts.take(pa.array(rows)))
    names = pa.array([replacement(value) for value in coded.dictionary.to_pylist()], texts.type)
    return pc.replace_with_mask(texts, pa.array(wanted), names.take(coded.indices))


def fill_cells(texts: pa.Array, wanted: npt.NDArray[np.bool_], text: str) -> pa.Array:
    """`texts` with every wanted cell replaced by the same text."""
    if not wanted.any():
        return texts
    return pc.if_else(pa.array(wanted), pa.scalar(text, texts.type), texts)
