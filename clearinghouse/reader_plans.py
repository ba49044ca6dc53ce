"""Which piece of which document stands in which sequence. NumPy alone, by arithmetic over lengths.

`split` needs no loop at all: documents end to end, cut at every multiple of the length. `fit` is a greedy rule, so it
goes from document to document, but only over numbers, and what fills a sequence by itself it does not look at.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import Any, NamedTuple

from clearinghouse.adapters.missing import need


class Pieces(NamedTuple):
    """Pieces of a block's documents, one number of each a piece (int64), by sequence and within it by document.

    ``document`` is its number in the block, ``start`` the piece's first token in it, ``length`` how many (never 0),
    ``sequence`` where it stands. All pieces of a document together are the document.
    """

    document: Any
    start: Any
    length: Any
    sequence: Any

    @property
    def sequences(self) -> int:
        """How many there are."""
        return int(self.sequence[-1]) + 1 if len(self.sequence) else 0


def split(lengths: Any, length: int) -> Pieces:
    """Documents in their order, cut where a sequence is full."""
    np = need("numpy")
    ends = np.cumsum(np.asarray(lengths, np.int64))
    total = int(ends[-1]) if len(ends) else 0
    bounds = np.concatenate((ends, np.arange(0, total, length)))
    bounds.sort()
    # A document may end where a sequence does, or have no tokens.
    there = np.flatnonzero(bounds[1:] > bounds[:-1])
    first, last = bounds[there], bounds[there + 1]
    document = np.searchsorted(ends, first, "right")
    begin = ends - lengths if len(ends) else ends
    return Pieces(document, first - begin[document], last - first, first // length)


def fit(lengths: Any, length: int) -> Pieces:
    """Documents whole where they fit, longest first, each into the fullest sequence that has room for it.

    Sequences stand in the order in which they were begun.
    """
    np = need("numpy")
    counts = np.asarray(lengths, np.int64)
    whole, rest = counts // length, counts % length
    # Pieces that fill a sequence, by document and start; then what is left, longest first.
    document = np.repeat(np.arange(len(counts)), whole)
    start = (np.arange(len(document)) - np.repeat(np.cumsum(whole) - whole, whole)) * length
    left = np.flatnonzero(rest)
    left = left[np.argsort(-rest[left], kind="stable")]
    placed = _placed(rest[left].tolist(), length) if len(left) else []
    found = Pieces(
        np.concatenate((document, left)),
        np.concatenate((start, whole[left] * length)),
        np.concatenate((np.full(len(document), length), rest[left])),
        np.concatenate((np.arange(len(document)), np.asarray(placed, np.int64) + len(document))),
    )
    order = np.lexsort((found.start, found.document, found.sequence))
    return Pieces(*(part[order] for part in found))


def _placed(sizes: list[int], length: int) -> list[int]:
    """The sequence of each piece, best fit; the pieces come longest first."""
    rooms: list[int] = []  # ascending: room of a sequence, and below it the sequence's number
    found, begun, shift = [], 0, 40
    for size in sizes:
        at = bisect_left(rooms, size << shift)
        if at == len(rooms):
            room, sequence = length - size, begun
            begun += 1
        else:
            held = rooms.pop(at)
            room, sequence = (held >> shift) - size, held & ((1 << shift) - 1)
        found.append(sequence)
        if room:
            insort(rooms, room << shift | sequence)
    return found


__all__ = ["Pieces", "fit", "split"]
