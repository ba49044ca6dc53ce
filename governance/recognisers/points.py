"""Code points of an Arrow string array by row and place, and stretches of it cut out, without a Python string a row."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from governance.recognisers.normalise import FILLER

Ints = npt.NDArray[np.int64]

_FILLER = FILLER.encode()
#: What stands for a place before a row's first code point or behind its last.
NOTHING = 0
#: What stands for any code point beyond the Basic Multilingual Plane.
BEYOND = 0xFFFF


class Points:
    """A `large_string` array without nulls as code points; rows and places are those of the array, counted from 0."""

    def __init__(self, texts: pa.LargeStringArray) -> None:
        self._count = len(texts)
        if not len(texts):
            self._data = np.zeros(3, dtype=np.uint8)
            self._edges = self._first = np.zeros(1, dtype=np.int64)
            self._leads = np.zeros(1, dtype=np.int64)
            return
        _, offsets, values = texts.buffers()
        edges = np.frombuffer(offsets, dtype=np.int64, count=len(texts) + 1, offset=texts.offset * 8)
        data = np.frombuffer(values, dtype=np.uint8)[edges[0] : edges[-1]]
        self._data, self._edges = data, edges - edges[0]
        leads = np.flatnonzero((data & np.uint8(0xC0)) != 0x80)
        # The first code point of each row; behind the last code point stands the end of the bytes.
        self._first = np.searchsorted(leads, self._edges)
        self._leads = np.append(leads, len(data))

    def bytes_at(self, rows: Ints, places: Ints) -> Ints:
        """The byte, from the array's first on, at which each code point begins; that of the row's end behind it."""
        return self._leads[self._first[rows] + places]

    def at(self, rows: Ints, places: Ints) -> Ints:
        """The code points at some places, `NOTHING` outside the row, `BEYOND` for those of higher planes."""
        index = self._first[rows] + places
        inside = (places >= 0) & (index < self._first[rows + 1])
        byte = self._leads[np.where(inside, index, 0)]
        last = max(len(self._data) - 1, 0)
        first, second, third = (self._data[np.minimum(byte + k, last)].astype(np.int64) for k in range(3))
        out = np.where(first < 0xE0, (first & 0x1F) << 6 | second & 0x3F, first)
        out = np.where(first >= 0xE0, (first & 0x0F) << 12 | (second & 0x3F) << 6 | third & 0x3F, out)
        out = np.where(first < 0x80, first, np.where(first >= 0xF0, BEYOND, out))
        return np.where(inside, out, NOTHING)

    def blotted(self, rows: Ints, starts: Ints, ends: Ints) -> pa.LargeStringArray:
        """The texts with one `FILLER` for each stretch; stretches are sorted by row and start and disjoint."""
        begins, stops = self.bytes_at(rows, starts), self.bytes_at(rows, ends)
        # Every second piece of these is a stretch.
        cuts = np.empty(2 * len(rows) + 2, dtype=np.int64)
        cuts[0], cuts[1:-1:2], cuts[2:-1:2], cuts[-1] = 0, begins, stops, len(self._data)
        pieces = pa.LargeBinaryArray.from_buffers(
            pa.large_binary(), len(cuts) - 1, [None, pa.py_buffer(cuts), pa.py_buffer(self._data)]
        )
        gone = np.zeros(len(cuts) - 1, dtype=bool)
        gone[1::2] = True
        kept = pc.if_else(pa.array(gone), pa.scalar(_FILLER, pa.large_binary()), pieces)
        less = np.bincount(rows, weights=stops - begins - len(_FILLER), minlength=self._count).astype(np.int64)
        edges = self._edges.copy()
        edges[1:] -= np.cumsum(less)
        return pa.LargeStringArray.from_buffers(len(edges) - 1, pa.py_buffer(edges), _values(kept))


def _values(texts: pa.LargeBinaryArray) -> pa.Buffer:
    """The bytes of an array that was just made, which begin at its first offset."""
    _, offsets, values = texts.buffers()
    first = int(np.frombuffer(offsets, dtype=np.int64, count=1, offset=texts.offset * 8)[0])
    return values.slice(first) if first else values
