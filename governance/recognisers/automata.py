"""Which patterns may occur in which rows: three automata, one answer.

Each takes the values of an Arrow string array and gives pairs of (unit, pattern). A unit is a row, or a slice of a
long row. The answer may hold too much (a needle that crosses from one row into the next), never too little.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from governance.recognisers.needle_scan import NeedleScan

Ints = npt.NDArray[np.int64]

#: Rows up to this many bytes are one unit; longer ones are cut every `UNIT_BYTES`.
LONG_ROW_BYTES = 2048
UNIT_BYTES = 256


class Units(NamedTuple):
    """The values buffer and its units: unit ``u`` is the bytes ``edges[u]`` to ``edges[u + 1]`` of row ``rows[u]``.

    ``rows`` is ``None`` where every row is one unit.
    """

    values: memoryview
    edges: Ints
    rows: Ints | None


class Candidates(NamedTuple):
    """Units and needles (or patterns), sorted and distinct; ``first`` and ``last`` are the ends, as bytes of the
    buffer, of the first and the last needle that makes the pair a candidate; ``begin`` is the first digit of the first
    needle, -1 where its digits are not always as many. ``None``: the automaton does not tell.
    """

    units: Ints
    which: Ints
    first: Ints | None = None
    last: Ints | None = None
    begin: Ints | None = None

    def only(self, index: npt.NDArray[np.bool_] | Ints) -> Candidates:
        """Those at the places of `index`."""
        first, last, begin = self.first, self.last, self.begin
        return Candidates(
            self.units[index],
            self.which[index],
            None if first is None else first[index],
            None if last is None else last[index],
            None if begin is None else begin[index],
        )


class Around(NamedTuple):
    """By needle: so many ``digits`` stand from so many bytes ``before`` its end to so many ``around`` it, or it may be
    left out."""

    digits: Ints
    before: Ints
    behind: Ints

    def holds(self, ends: Ints, which: Ints, places: Ints) -> npt.NDArray[np.bool_]:
        """Whether it is so for needles that end at ``ends`` of a buffer with digits at ``places`` (sorted)."""
        least = self.digits[which]
        last = np.searchsorted(places, ends - self.before[which]) + least - 1
        return (least == 0) | (np.append(places, 1 << 60)[np.minimum(last, len(places))] < ends + self.behind[which])


class Automaton(Protocol):
    def candidates(self, units: Units, near: Sequence[int], around: Around | None = None) -> Candidates:
        """`pairs`, with the places of the needles where the automaton tells them. What does not hold to ``around``
        may be left out."""
        ...

    def pairs(self, units: Units, near: Sequence[int]) -> tuple[Ints, Ints]:
        """Candidate (units, needles), sorted and distinct.

        A needle is a candidate in a unit if it ends in the unit or within ``near[needle]`` code points behind it:
        so far behind its beginning a match that begins in the unit may have its needle.
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
    """Hyperscan in block mode over the buffer as it stands: no copy, no start of match.

    Start-of-match tracking makes long bounded repeats "too large"; the verifier finds the start anyway.
    """

    def __init__(self, needles: Sequence[str]) -> None:
        self._count = len(needles)
        self._scan = NeedleScan(needles)

    def pairs(self, units: Units, near: Sequence[int]) -> tuple[Ints, Ints]:
        return self.candidates(units, near)[:2]

    def candidates(self, units: Units, near: Sequence[int], around: Around | None = None) -> Candidates:
        edges, count = units.edges, self._count
        events = [np.zeros(0, dtype=np.int64)]
        rows, places = edges, [np.zeros(0, dtype=np.int64)]
        if units.rows is not None:
            rows = edges[np.append(True, np.append(units.rows[1:] != units.rows[:-1], True))]
        for ends, which, digits in self._scan.events(units.values, rows):
            if around is not None and len(ends):
                kept = around.holds(ends, which, digits)
                ends, which = ends[kept], which[kept]
            events.append(ends * count + which)
            places.append(digits)
        found = _sorted_distinct(np.concatenate(events))
        ends, patterns = found // count, found % count
        # An event ends behind its last byte, so it belongs to the unit whose edge it does not pass.
        where = np.searchsorted(edges[1:], ends, side="left").astype(np.int64)
        if units.rows is None:
            return self._begun(_grouped(where, patterns, ends, count), places)
        # A match may have begun some units before, in the same row.
        furthest = np.asarray(near, dtype=np.int64)[patterns] * 4
        wheres, kinds, stops = [where], [patterns], [ends]
        for back in range(1, -(-int(furthest.max(initial=0)) // UNIT_BYTES) + 1):
            earlier = where - back
            fits = earlier >= 0
            fits[fits] &= units.rows[earlier[fits]] == units.rows[where[fits]]
            fits[fits] &= ends[fits] - edges[earlier[fits] + 1] < furthest[fits]
            wheres.append(earlier[fits])
            kinds.append(patterns[fits])
            stops.append(ends[fits])
        return self._begun(
            _grouped(np.concatenate(wheres), np.concatenate(kinds), np.concatenate(stops), count), places
        )

    def _begun(self, found: Candidates, places: list[Ints]) -> Candidates:
        """The candidates with the first digits of their needles, by where the buffer's digits are."""
        assert found.first is not None
        digits = np.concatenate(places)
        if len(places) > 2:  # pieces of a long row overlap
            digits = _sorted_distinct(digits)
        exact = self._scan.exact[found.which]
        if not len(digits):
            return found._replace(begin=np.full_like(found.first, -1))
        at = np.maximum(np.searchsorted(digits, found.first) - exact, 0)
        return found._replace(begin=np.where(exact > 0, digits[np.minimum(at, len(digits) - 1)], -1))


class Re2Automaton:
    """RE2 (BSD) ``Set``: one pass over all needles; runs where Hyperscan has no build."""

    def __init__(self, needles: Sequence[str]) -> None:
        import re2

        options = re2.Options()
        options.max_mem = 1 << 28  # a set whose automaton outgrows its memory would miss in silence
        options.dot_nl = True
        self._set = re2.Set.SearchSet(options)
        for needle in needles:
            self._set.Add(needle)
        self._set.Compile()
        self._single = [re2.compile(needle, options) for needle in needles]

    def pairs(self, units: Units, near: Sequence[int]) -> tuple[Ints, Ints]:
        return _block_pairs(units, near, lambda text: self._set.Match(text) or (), self._single)

    def candidates(self, units: Units, near: Sequence[int], around: Around | None = None) -> Candidates:  # noqa: ARG002
        return Candidates(*self.pairs(units, near))


class ReAutomaton:
    """The standard library alone: every needle over every unit. Slow, and the reference for the other two."""

    def __init__(self, needles: Sequence[str]) -> None:
        self._single = [re.compile(needle, re.DOTALL) for needle in needles]

    def pairs(self, units: Units, near: Sequence[int]) -> tuple[Ints, Ints]:
        def match(text: str) -> list[int]:
            return [i for i, needle in enumerate(self._single) if needle.search(text)]

        return _block_pairs(units, near, match, self._single)

    def candidates(self, units: Units, near: Sequence[int], around: Around | None = None) -> Candidates:  # noqa: ARG002
        return Candidates(*self.pairs(units, near))


_BLOCK_UNITS = 16
#: A needle may begin before its match, with the label: bytes.
_BEFORE = 512


def _block_pairs(
    units: Units, near: Sequence[int], match: Callable[[str], Iterable[int]], single: Sequence[Any]
) -> tuple[Ints, Ints]:
    """Pairs by looking at blocks of units first, and unit by unit only at those with a needle in them."""
    furthest, edges = max(near, default=0) * 4, units.edges.tolist()
    found: list[tuple[int, int]] = []
    for first, last, row_start, row_end in _blocks(units):
        hits = match(_text(units, max(row_start, edges[first] - _BEFORE), min(row_end, edges[last] + furthest)))
        for needle in hits:
            if last - first == 1:
                found.append((first, needle))
                continue
            for unit in range(first, last):
                begin = max(row_start, edges[unit] - _BEFORE)
                text = _text(units, begin, min(row_end, edges[unit + 1] + near[needle] * 4))
                if single[needle].search(text):
                    found.append((unit, needle))
    table = np.array(found, dtype=np.int64).reshape(-1, 2)
    return _distinct(table[:, 0], table[:, 1], len(near))


def _blocks(units: Units) -> Iterator[tuple[int, int, int, int]]:
    """(first unit, last unit + 1, the row's first and last byte) of each block that is not empty."""
    edges = units.edges.tolist()
    if units.rows is None:
        yield from ((u, u + 1, edges[u], edges[u + 1]) for u in range(len(edges) - 1) if edges[u + 1] > edges[u])
        return
    starts = np.flatnonzero(np.append(True, np.diff(units.rows) != 0)).tolist()
    for start, stop in pairwise([*starts, len(units.rows)]):
        for first in range(start, stop, _BLOCK_UNITS):
            if edges[stop] > edges[first]:
                yield first, min(first + _BLOCK_UNITS, stop), edges[start], edges[stop]


def _text(units: Units, start: int, end: int) -> str:
    return str(units.values[start:end], "utf-8", "ignore")


def _distinct(units: Ints, patterns: Ints, count: int) -> tuple[Ints, Ints]:
    both = _sorted_distinct(units * count + patterns)
    return both // count, both % count


def _grouped(units: Ints, which: Ints, ends: Ints, count: int) -> Candidates:
    """One candidate for each pair, with the first and the last of its ends."""
    keys = units * count + which
    order = np.argsort(keys, kind="stable")
    keys, ends = keys[order], ends[order]
    heads = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else keys
    first = np.minimum.reduceat(ends, heads) if len(keys) else ends
    last = np.maximum.reduceat(ends, heads) if len(keys) else ends
    return Candidates(keys[heads] // count, keys[heads] % count, first, last)


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


@lru_cache(maxsize=8)
def automaton(backend: str, needles: tuple[str, ...]) -> Automaton:
    """A compiled automaton, once per process: compiling costs far more than a batch."""
    return AUTOMATA[backend](needles)


class Selection:
    """Some patterns over an automaton that may know more needles: one automaton serves all regions and entities.

    ``needles`` are the automaton's, in its order; ``wanted`` the needles of the patterns, in theirs, and so are ``near``
    and ``around`` (`Around` of each pattern).
    """

    def __init__(
        self,
        backend: str,
        needles: tuple[str, ...],
        wanted: Sequence[str],
        near: Sequence[int],
        around: Sequence[tuple[int, int, int]] = (),
    ) -> None:
        self._automaton = automaton(backend, needles)
        self._count = len(wanted)
        users = {needle: [p for p, own in enumerate(wanted) if own == needle] for needle in needles}
        self._near = [max((near[p] for p in users[needle]), default=0) for needle in needles]
        least = [(0, 0, 0)] * len(needles)
        for place, needle in enumerate(needles) if around else ():
            if users[needle]:
                digits, before, behind = zip(*(around[p] for p in users[needle]), strict=True)
                least[place] = min(digits), max(before), max(behind)
        self._around = Around(*np.array(least, dtype=np.int64).reshape(-1, 3).T)
        layers = max((len(found) for found in users.values()), default=0)
        self._patterns = np.full((layers, len(needles)), -1, dtype=np.int64)
        for place, needle in enumerate(needles):
            for layer, p in enumerate(users[needle]):
                self._patterns[layer, place] = p

    def candidates(self, units: Units) -> Candidates:
        """Candidate (units, patterns); see `Automaton.pairs`."""
        found = self._automaton.candidates(units, self._near, self._around)
        layers = [layer[found.which] for layer in self._patterns]
        if not layers:
            return Candidates(found.units[:0], found.which[:0])
        held = [np.flatnonzero(patterns >= 0) for patterns in layers]
        index = np.concatenate(held)
        which = np.concatenate([patterns[some] for patterns, some in zip(layers, held, strict=True)])
        order = np.argsort(found.units[index] * max(self._count, 1) + which, kind="stable")
        return found.only(index[order])._replace(which=which[order])
