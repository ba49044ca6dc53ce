"""Which patterns may occur in which rows: three automata, one answer.

Each takes the values of an Arrow string array and gives pairs of (unit, pattern). A unit is a row, or a slice of a
long row. The answer may hold too much (a needle that crosses from one row into the next), never too little.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

#: Rows up to this many bytes are one unit; longer ones are cut every `UNIT_BYTES`.
LONG_ROW_BYTES = 2048
UNIT_BYTES = 256
#: Hyperscan takes lengths as unsigned 32-bit numbers; a scan goes in blocks far below that.
BLOCK_BYTES = 64 * 1024 * 1024


class Units(NamedTuple):
    """The values buffer and its units: unit ``u`` is the bytes ``edges[u]`` to ``edges[u + 1]`` of row ``rows[u]``.

    ``rows`` is ``None`` where every row is one unit.
    """

    values: memoryview
    edges: Ints
    rows: Ints | None


class Automaton(Protocol):
    def pairs(self, units: Units, reach: Sequence[int]) -> tuple[Ints, Ints]:
        """Candidate (units, patterns), sorted and distinct.

        A pattern is a candidate in a unit if its needle ends in the unit or within ``reach[pattern]`` code points
        behind it, for a match that begins in a unit may end in the next.
        """
        ...


def cut(values: memoryview, offsets: Ints) -> Units:
    """Units of an Arrow array from its values buffer and its offsets (n + 1 of them)."""
    lengths = np.diff(offsets)
    if not len(lengths) or lengths.max() <= LONG_ROW_BYTES:
        return Units(values, offsets, None)
    counts = np.where(lengths > LONG_ROW_BYTES, -(-lengths // UNIT_BYTES), 1)
    rows = np.repeat(np.arange(len(lengths), dtype=np.int64), counts)
    within = np.arange(len(rows), dtype=np.int64) - np.repeat(np.cumsum(counts) - counts, counts)
    starts = offsets[rows] + within * UNIT_BYTES
    data = np.frombuffer(values, dtype=np.uint8)
    inner = within > 0
    for _ in range(3):  # a UTF-8 character has at most three continuation bytes
        at = starts[inner]
        starts[inner] = at - ((data[at] & 0xC0) == 0x80)
    return Units(values, np.append(starts, offsets[-1]), rows)


class HyperscanAutomaton:
    """Hyperscan (Intel, BSD) in block mode over the buffer as it stands: no copy, no start of match.

    Start-of-match tracking makes long bounded repeats "too large"; the verifier finds the start anyway.
    """

    def __init__(self, needles: Sequence[str]) -> None:
        import hyperscan

        self._count = len(needles)
        self._lock = threading.Lock()  # scratch space serves one scan at a time
        self._database: Any = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        self._database.compile(
            expressions=[needle.encode() for needle in needles],
            ids=list(range(self._count)),
            flags=[hyperscan.HS_FLAG_DOTALL] * self._count,
        )

    def pairs(self, units: Units, reach: Sequence[int]) -> tuple[Ints, Ints]:
        from governance.recognisers.pattern import MAX_NEEDLE

        edges = units.edges
        events: list[int] = []
        add, count = events.append, self._count
        first, last = int(edges[0]), int(edges[-1])
        for block in range(first, last, BLOCK_BYTES):
            begin = max(first, block - MAX_NEEDLE)

            def seen(pattern: int, _start: int, end: int, _flags: int, begin: int) -> None:
                add((begin + end) * count + pattern)

            with self._lock:
                self._database.scan(units.values[begin : min(last, block + BLOCK_BYTES)], seen, context=begin)
        found = _sorted_distinct(np.array(events, dtype=np.int64))
        ends, patterns = found // count, found % count
        # An event ends behind its last byte, so it belongs to the unit whose edge it does not pass.
        where = np.searchsorted(edges[1:], ends, side="left").astype(np.int64)
        if units.rows is not None:
            behind = ends - edges[where] <= np.asarray(reach, dtype=np.int64)[patterns] * 4
            behind &= where > 0
            behind[behind] = units.rows[where[behind]] == units.rows[where[behind] - 1]
            where = np.concatenate([where, where[behind] - 1])
            patterns = np.concatenate([patterns, patterns[behind]])
        return _distinct(where, patterns, count)


class Re2Automaton:
    """RE2 (BSD) ``Set``: one pass per unit over all needles; runs where Hyperscan has no build."""

    def __init__(self, needles: Sequence[str]) -> None:
        import re2

        options = re2.Options()
        options.max_mem = 1 << 28  # a set whose automaton outgrows its memory would miss in silence
        options.dot_nl = True
        self._count = len(needles)
        self._set = re2.Set.SearchSet(options)
        for needle in needles:
            self._set.Add(needle)
        self._set.Compile()

    def pairs(self, units: Units, reach: Sequence[int]) -> tuple[Ints, Ints]:
        furthest = max(reach, default=0)
        found = [(unit, p) for unit, text in _texts(units, furthest) for p in self._set.Match(text) or ()]
        return _columns(found, self._count)


class ReAutomaton:
    """The standard library alone: every needle over every unit. Slow, and the reference for the other two."""

    def __init__(self, needles: Sequence[str]) -> None:
        self._needles = [re.compile(needle, re.DOTALL) for needle in needles]

    def pairs(self, units: Units, reach: Sequence[int]) -> tuple[Ints, Ints]:
        furthest = max(reach, default=0)
        found = [
            (unit, p)
            for unit, text in _texts(units, furthest)
            for p, needle in enumerate(self._needles)
            if needle.search(text)
        ]
        return _columns(found, len(self._needles))


def _texts(units: Units, furthest: int) -> list[tuple[int, str]]:
    """Each unit's text with what may follow it of its row."""
    edges, rows = units.edges.tolist(), units.rows
    if rows is None:
        return [(u, str(units.values[a:b], "utf-8")) for u, (a, b) in enumerate(pairwise(edges)) if b > a]
    ends = np.append(np.flatnonzero(np.diff(rows)), len(rows) - 1)
    row_end = units.edges[1:][ends][np.searchsorted(ends, np.arange(len(rows)))].tolist()
    return [
        (u, str(units.values[a : min(end, b + furthest * 4)], "utf-8", "ignore"))
        for u, (a, b, end) in enumerate(zip(edges[:-1], edges[1:], row_end, strict=True))
        if b > a
    ]


def _columns(found: list[tuple[int, int]], count: int) -> tuple[Ints, Ints]:
    table = np.array(found, dtype=np.int64).reshape(-1, 2)
    return _distinct(table[:, 0], table[:, 1], count)


def _distinct(units: Ints, patterns: Ints, count: int) -> tuple[Ints, Ints]:
    both = _sorted_distinct(units * count + patterns)
    return both // count, both % count


def _sorted_distinct(values: Ints) -> Ints:
    values = np.sort(values)
    return values[np.append(True, values[1:] != values[:-1])] if len(values) else values


AUTOMATA: dict[str, type[HyperscanAutomaton] | type[Re2Automaton] | type[ReAutomaton]] = {
    "hyperscan": HyperscanAutomaton,
    "re2": Re2Automaton,
    "re": ReAutomaton,
}


def best_backend() -> str:
    """The fastest automaton that this installation has."""
    for name, module in (("hyperscan", "hyperscan"), ("re2", "re2")):
        try:
            __import__(module)
        except ImportError:
            continue
        return name
    return "re"


@lru_cache(maxsize=32)
def automaton(backend: str, needles: tuple[str, ...]) -> Automaton:
    """A compiled automaton, once per process: compiling costs far more than a batch."""
    return AUTOMATA[backend](needles)
