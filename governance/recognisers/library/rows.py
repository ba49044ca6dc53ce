"""Tables of numbers as arrays: where their runs of digits stand, how long they are, and what parts them.

Most numbers of a table are not what a pattern looks for. Their lengths and first digits tell that of all of them at
once; the expression is tried at those that are left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]

END, UNKNOWN = 0, 1
"""Stand for the end of a text, and for the end of a part behind which it goes on."""
OTHER = ord("?")
"""Stands for every sign beyond ASCII."""


class Rows(NamedTuple):
    """The runs of digits of some parts of texts, by columns: where each begins and its ``size``; the signs ``before`` and
    ``behind`` it; whether the next run stands right behind that sign (``linked``). ``digits`` are all digits one behind the
    other, and ``at`` is which of them a run begins."""

    begin: Ints
    size: Ints
    before: Bytes
    behind: Bytes
    linked: Bools
    digits: Bytes
    at: Ints


#: Which runs a match may begin with that needs no word beside it.
Sieve = Callable[[Rows], Bools]


class Part(NamedTuple):
    """A part of a text: matches may begin from ``first`` to ``last``, and reach to ``end``."""

    text: str
    first: int
    last: int
    end: int


def rows(parts: Sequence[Part]) -> tuple[Rows, Ints]:
    """The runs of parts, and where in what they make together each part begins."""
    pieces = [
        text[max(0, first - 1) : end].encode("ascii", "replace") + bytes((END if end >= len(text) else UNKNOWN,))
        for text, first, _, end in parts
    ]
    edges = np.cumsum([1, *map(len, pieces)])
    data = np.frombuffer(bytes((END,)) + b"".join(pieces), dtype=np.uint8)
    digit = (data - np.uint8(ord("0"))) < 10
    turns = np.flatnonzero(digit[1:] != digit[:-1]) + 1
    begin, end = turns[0::2], turns[1::2]
    size = end - begin
    linked = np.append(begin[1:] - end[:-1] == 1, False)[: len(begin)]
    at = np.cumsum(size) - size
    return Rows(begin, size, data[begin - 1], data[end], linked, data[digit] - np.uint8(ord("0")), at), edges


def sieved(parts: Sequence[Part], sieve: Sieve) -> list[list[tuple[int, int]]]:
    """For each part the windows, first place and last, in which matches may begin; a bracket before a run is in them."""
    found, edges = rows(parts)
    kept = np.flatnonzero(sieve(found))
    begin = found.begin[kept]
    of = np.searchsorted(edges, begin, side="right") - 1
    first = np.array([part.first for part in parts])
    place = begin - edges[of] + np.maximum(first - 1, 0)[of]
    last = np.array([part.last for part in parts])
    opened = np.isin(found.before[kept], (ord("("), OTHER))
    # A bracket may stand at the last place of a part, and its run behind it.
    low, high = np.maximum(place - opened, first[of]), np.minimum(place, last[of])
    inside = (place >= first[of]) & (low <= high)
    out: list[list[tuple[int, int]]] = [[] for _ in parts]
    for each, begins, ends in zip(of[inside].tolist(), low[inside].tolist(), high[inside].tolist(), strict=True):
        out[each].append((begins, ends))
    return out
