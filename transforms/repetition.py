"""How much a text repeats itself, by runs of words: Gopher's repetition ratios (Rae et al. 2021, table A1).

In scripts without spaces the words of `transforms.words` are characters, so a run of n words stands for n characters
there; `transforms.quality` holds thresholds for each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.words import PASS, Hashes, Ints, Words

TOP = (2, 3, 4)
"""Lengths of runs whose most frequent one is measured."""
REPEATED = (5, 6, 7, 8, 9, 10)
"""Lengths of runs of which all that come again are measured."""


@dataclass(frozen=True)
class Repetition:
    """Of each text of a pass, one row a text. All lengths are code points of words, spaces and signs left out.

    ``length`` is that of all words, ``distinct`` how many different ones there are, ``entropy`` that of their
    frequencies in bits a word (Shannon 1948). ``top[n]`` is what the most frequent run of n words that comes at least twice
    takes up; ``again[n]`` what stands in a run of n words that has come before, overlaps counted once.
    """

    length: Ints
    distinct: Ints
    entropy: NDArray[np.float64]
    top: dict[int, Ints]
    again: dict[int, Ints]


def repetition(part: Words) -> Repetition:
    """The repetition of the texts of a pass; exact but for hash collisions (2^-64 a pair)."""
    text = part.text - part.text.dtype.type(part.first)
    reach = np.zeros(len(text) + 1, np.int64)
    np.cumsum(part.end - part.start, out=reach[1:])
    edges = part.edges
    length = np.diff(reach[edges])
    none = np.zeros(part.count, np.int64)
    top: dict[int, Ints] = dict.fromkeys(TOP, none)
    again: dict[int, Ints] = dict.fromkeys(REPEATED, none)
    if not len(text):
        return Repetition(length, none, none.astype(np.float64), top, again)
    firsts = _Firsts(edges)
    place = np.arange(len(text))
    first = place[firsts.of(part.hash, place)]
    later, lead = _twice(place, first)
    kinds, entropy = _variety(text, edges, first, later, lead)
    # What words and runs are called from here on: one behind the place where they stand first in their text, 0 for one
    # that comes once. A run comes twice only where the shorter runs in it do: each step looks at what the last one left.
    place, called = _called(place, first, lead)
    word = np.zeros(len(text), np.uint64)
    word[place] = called
    for run in range(2, REPEATED[-1] + 1):
        place, called = _longer(word, text, place, called, run)
        first = place[firsts.of(called, place)]
        later, lead = _twice(place, first)
        if not len(later):
            break
        if run in top:
            count = np.bincount(first[later])[lead] + 1
            top[run] = _most(text[lead], (reach[lead + run] - reach[lead]) * count, part.count)
        if run in again:
            again[run] = _covered(place[later], run, text, reach, part.count)
        place, called = _called(place, first, lead)
    return Repetition(length, kinds, entropy, top, again)


#: Bits of a place in a pass, which is no longer than twice `PASS`; two of them are in a key.
_PLACE = np.uint64((2 * PASS).bit_length())
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)
_64 = (1 << 64) - 1
#: Places of a text's table for each of its words.
_ROOM = 2


class _Firsts:
    """Finds where a key stands first in its text, without a sort: every text has a table of its own, and the first of
    those that meet at a place of it holds it. Whoever finds another key there looks at another place."""

    def __init__(self, edges: Ints) -> None:
        counts = np.diff(edges)
        self.base = np.repeat(_ROOM * edges[:-1], counts)
        self.room = np.repeat(_ROOM * counts, counts).astype(np.uint64)
        self.table = np.empty(_ROOM * int(edges[-1]), np.int32)

    def of(self, keys: Hashes, place: Ints) -> NDArray[np.int32]:
        """For each key the number of the first that equals it; ``place`` are their words, ascending."""
        base, room = (self.base, self.room) if len(place) == len(self.base) else (self.base[place], self.room[place])
        number = np.arange(len(keys), dtype=np.int32)
        found = self._held(keys, base, room, number, _SPREAD)
        left = np.flatnonzero(keys[found] != keys)
        turn = 1
        while len(left):
            turn += 1
            some = keys[left]
            held = self._held(some, base[left], room[left], left, np.uint64(int(_SPREAD) * (2 * turn + 1) & _64))
            found[left] = held
            left = left[keys[held] != some]
        return found

    def _held(
        self, keys: Hashes, base: Ints, room: Hashes, number: NDArray[np.integer], spread: np.uint64
    ) -> NDArray[np.int32]:
        slot = keys * spread
        slot >>= _HALF
        slot *= room
        slot >>= _HALF
        at = slot.view(np.int64)
        at += base
        # Of several values for one place NumPy leaves the last.
        self.table[at[::-1]] = number[::-1]
        return self.table[at]


def _twice(place: Ints, first: Ints) -> tuple[Ints, Ints]:
    """The numbers of places whose like stands earlier in the text, and the first places of those, ascending."""
    later = np.flatnonzero(place != first)
    twice = np.zeros(int(place[-1]) + 1 if len(place) else 0, bool)
    twice[first[later]] = True
    return later, np.flatnonzero(twice)


def _called(place: Ints, first: Ints, lead: Ints) -> tuple[Ints, Hashes]:
    """Of places those whose like stands elsewhere too, and what they are called."""
    name = np.zeros(int(place[-1]) + 1, np.uint64)
    name[lead] = lead + 1
    called = name[first]
    some = np.flatnonzero(called != 0)
    return place[some], called[some]


def _variety(
    text: NDArray[np.integer], edges: Ints, first: Ints, later: Ints, lead: Ints
) -> tuple[Ints, NDArray[np.float64]]:
    """Different words of each text, and the entropy of their frequencies."""
    words = np.diff(edges)
    kinds = words - np.diff(np.searchsorted(later, edges))
    whole = np.maximum(words, 1)
    count = np.bincount(first[later])[lead] + 1 if len(later) else later
    surprise = np.bincount(text[lead], count * _logarithms(count), len(words))
    return kinds, np.log2(whole) - surprise / whole


def _logarithms(count: Ints) -> NDArray[np.float64]:
    return np.take(_LOG2, count) if count.max(initial=0) < len(_LOG2) else np.log2(count)


def _longer(word: Hashes, text: NDArray[np.integer], place: Ints, called: Hashes, run: int) -> tuple[Ints, Hashes]:
    """Runs one word longer, of which both shorter ones come again."""
    follows = place[1:] == place[:-1] + 1
    if run == 2:
        follows &= text[place[1:]] == text[place[:-1]]
    first = np.flatnonzero(follows)
    place = place[first]
    return place, (called[first] << _PLACE) | word[place + (run - 1)]


def _most(text: NDArray[np.integer], wide: Ints, texts: int) -> Ints:
    best = np.zeros(texts, np.int64)
    np.maximum.at(best, text, wide)
    return best


def _covered(place: Ints, run: int, text: NDArray[np.integer], reach: Ints, texts: int) -> Ints:
    """Code points of words that stand in one of the runs, which begin at ``place``, ascending."""
    end = place + run
    # Of runs that overlap, each takes what the one before it left.
    start = np.maximum(place, np.append(0, end[:-1]))
    return np.bincount(text[place], reach[end] - reach[start], texts).astype(np.int64)


_LOG2 = np.log2(np.maximum(np.arange(1 << 12), 1))

__all__ = ["REPEATED", "TOP", "Repetition", "repetition"]
