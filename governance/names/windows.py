"""Many texts and very long ones in parts, so that what a look takes follows neither their number nor their length.

A look needs some forty bytes for each byte of text; a document of 50 MB would take 2 GB. Texts are looked at in parts of
about `TOGETHER` bytes; more at a time is no quicker. Texts longer than `LONG` are cut into pieces of `LEAST` to `MOST` bytes, each of which is looked at as a text of its own. They are cut where next to nothing
can stand across: behind a blank line with no digit, at sign or colon near it; else behind a blank line, a line's end, a
space; else between two characters. Which of several such places is taken follows from the bytes behind it and not from
where it stands, so that scrubbed text is cut where it was cut before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from governance.recognisers.engine import Spans, buffers

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

LONG = 4 << 20
TOGETHER = 1 << 20
LEAST, MOST = 1 << 19, 1 << 20
#: Bytes on each side of a place that are looked at to see whether it is a quiet one.
_NEAR = 160
#: So many places of a kind are enough to choose from.
_FEW = 4096

_NOISE = np.zeros(256, dtype=bool)
_NOISE[[ord(sign) for sign in "0123456789@:"]] = True


@dataclass(frozen=True)
class Part:
    """Whole texts or pieces of them. ``row``: the text that each is of; ``start``: the code points of it that stand before."""

    texts: pa.LargeStringArray
    row: Ints
    start: Ints

    def spans(self, found: Spans) -> Spans:
        """Spans of these as spans of the texts that they are of."""
        start = self.start[found.row]
        return replace(
            found,
            row=self.row[found.row],
            start=found.start + start,
            end=found.end + start,
            skipped=tuple((int(self.row[row]), reason) for row, reason in found.skipped),
        )


def parts(texts: pa.LargeStringArray) -> Iterator[Part] | None:
    """The texts in order, in parts of which each fits into little memory; ``None`` where all together do."""
    _, offsets = buffers(texts)
    long = np.flatnonzero(np.diff(offsets) > LONG)
    if not len(long) and offsets[-1] - offsets[0] <= 2 * TOGETHER:
        return None
    return _parts(texts, offsets, long.tolist())


def _parts(texts: pa.LargeStringArray, offsets: Ints, long: list[int]) -> Iterator[Part]:
    begin = 0
    for row in [*long, len(texts)]:
        for first, last in _together(offsets, begin, row):
            yield Part(texts.slice(first, last - first), np.arange(first, last), np.zeros(last - first, dtype=np.int64))
        if row < len(texts) and texts[row].is_valid:
            yield from _pieces(texts, row)
        begin = row + 1


def _together(offsets: Ints, begin: int, end: int) -> list[tuple[int, int]]:
    """Rows from ``begin`` to ``end`` in stretches of about the same number of bytes, none much above `TOGETHER`."""
    count = max(1, round(int(offsets[end] - offsets[begin]) / TOGETHER))
    edges = np.linspace(offsets[begin], offsets[end], count, endpoint=False)[1:]
    cuts = [begin, *np.searchsorted(offsets[begin : end + 1], edges) + begin, end]
    return [(int(first), int(last)) for first, last in pairwise(cuts) if first < last]


def _pieces(texts: pa.LargeStringArray, row: int) -> Iterator[Part]:
    values, offsets = buffers(texts)
    data = np.frombuffer(values, dtype=np.uint8)[offsets[row] : offsets[row + 1]]
    before = at = 0
    while at < len(data):
        end = at + cut(data[at:])
        edges = pa.py_buffer(np.array([0, end - at], dtype=np.int64))
        piece = pa.LargeStringArray.from_buffers(1, edges, pa.py_buffer(data[at:end]))
        yield Part(piece, np.array([row]), np.array([before]))
        before += pc.utf8_length(piece)[0].as_py()
        at = end


def cut(data: Bytes) -> int:
    """Where the first piece of some UTF-8 text ends, in bytes: the text's end where it is short enough."""
    if len(data) <= MOST:
        return len(data)
    window = data[LEAST:MOST]
    line = window[:-1] == 0x0A
    behind_blank = np.flatnonzero(line[:-1] & line[1:]) + 2
    for places in (_quiet(data, behind_blank + LEAST), behind_blank + LEAST):
        if len(places):
            return _chosen(data, places)
    for sign in (0x0A, 0x20):
        places = np.flatnonzero(window == sign) + 1 + LEAST
        if len(places):
            return _chosen(data, places)
    return int(np.flatnonzero((window & 0xC0) != 0x80)[-1]) + LEAST


def _quiet(data: Bytes, places: Ints) -> Ints:
    """Those of the places with nothing near them that a number, an address or a label would have."""
    loud = np.concatenate(([0], np.cumsum(_NOISE[data[: MOST + _NEAR]], dtype=np.int64)))
    return places[loud[np.minimum(places + _NEAR, len(loud) - 1)] == loud[places - _NEAR]]


def _chosen(data: Bytes, places: Ints) -> int:
    """One of the places, by the bytes behind it."""
    return min(places[-_FEW:].tolist(), key=lambda place: (crc32(data[place : place + 24].tobytes()), place))


__all__ = ["LONG", "Part", "cut", "parts"]
