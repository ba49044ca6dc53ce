"""How much a text repeats itself, by runs of words: Gopher's repetition ratios (Rae et al. 2021, table A1).

In scripts without spaces the words of `transforms.words` are characters, so a run of n words stands for n characters
there; `transforms.quality` holds thresholds for each.
"""

from __future__ import annotations

from collections.abc import Iterator
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
    edges, words = part.edges, len(part.hash)
    reach = np.zeros(words + 1, np.int64)
    np.cumsum(part.end - part.start, out=reach[1:])
    length = reach.take(edges[1:]) - reach.take(edges[:-1])
    none = np.zeros(part.count, np.int64)
    top: dict[int, Ints] = dict.fromkeys(TOP, none)
    again: dict[int, Ints] = dict.fromkeys(REPEATED, none)
    kinds, entropy = none.copy(), none.astype(np.float64)
    # A word is called by the place where it stands first in its text, and a run of words by where it begins first.
    word = np.empty(words, np.int64)
    signs = _Signs(part)
    pairs = []
    for low, high in _blocks(edges):
        at, stop = int(edges[low]), int(edges[high])
        some = _first_words(part, signs, low, high)
        np.add(some, at, out=word[at:stop])
        count = np.bincount(some, minlength=len(some))
        kinds[low:high], entropy[low:high] = _variety(edges[low : high + 1] - at, count)
        pairs.append(at + _pairs(some, (count > 1).take(some, mode="clip"), edges[low + 1 : high] - at))
    text = part.text
    place = np.concatenate([none[:0], *pairs])
    called = word.take(place)
    # A run comes twice only where the shorter runs in it do: each step looks at what the last one left.
    for run in range(2, REPEATED[-1] + 1):
        # The number of the first of the places where the same run begins, for each.
        lead = _firsts(_together(called, word.take(place + (run - 1))), np.searchsorted(place, edges))
        later = np.flatnonzero(lead != np.arange(len(lead)))
        if not len(later):
            break
        count = np.bincount(lead.take(later), minlength=len(lead))
        leads = np.flatnonzero(count)
        first = place.take(leads)
        if run in top:
            wide = (reach.take(first + run) - reach.take(first)) * (count.take(leads) + 1)
            top[run] = _most(text.take(first) - part.first, wide, part.count)
        if run in again:
            more = place.take(later)
            again[run] = _covered(more, run, text.take(more) - part.first, reach, part.count)
        some = np.flatnonzero(count.take(lead))
        place, called = place.take(some), place.take(lead.take(some))
        # The next is one word longer.
        follows = np.flatnonzero(place[1:] == place[:-1] + 1)
        place, called = place.take(follows), called.take(follows)
    return Repetition(length, kinds, entropy, top, again)


#: Words that are looked at together, so that what is made of them stays in the processor's cache.
_BLOCK = 1 << 15
#: Bits of a place in a pass, which is no longer than twice `PASS`; two of them are in a key.
_PLACE = (2 * PASS).bit_length()
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_64 = (1 << 64) - 1
#: Places of a text's table for each of its words.
_ROOM = 2
#: Cells that a table by signs may have for each word.
_CELLS = 8


def _blocks(edges: Ints) -> Iterator[tuple[int, int]]:
    """Consecutive texts of about `_BLOCK` words; those that have none are in one with others, or in none."""
    at, texts = 0, len(edges) - 1
    while at < texts:
        stop = max(at + 1, int(np.searchsorted(edges, edges[at] + _BLOCK, side="right")) - 1)
        if edges[stop] > edges[at]:
            yield at, stop
        at = stop


def _firsts(keys: Hashes, edges: Ints) -> Ints:
    """For each key the number of the first that equals it in its text; ``edges`` are where texts begin among them.

    Without a sort: every text has a table of its own, and the first of those that meet at a place of it holds it. Whoever
    finds another key there looks at another place.
    """
    counts = np.diff(edges)
    table = np.empty(_ROOM * len(keys), np.int64)
    base = np.repeat(_ROOM * edges[:-1], counts)
    room = np.repeat((_ROOM * counts).astype(np.uint32), counts)
    small = bool(_ROOM * counts.max(initial=0) < 1 << 16)
    held = _first_at(table, _slots(keys, base, room, 1, small=small))
    left = np.flatnonzero(keys.take(held) != keys)
    keys, base, room = keys.take(left), base.take(left), room.take(left)
    turn = 1
    while len(left):
        turn += 1
        first = _first_at(table, _slots(keys, base, room, turn, small=small))
        held[left] = left.take(first)
        other = np.flatnonzero(keys.take(first) != keys)
        left, keys, base, room = left.take(other), keys.take(other), base.take(other), room.take(other)
    return held


def _slots(keys: Hashes, base: Ints, room: NDArray[np.uint32], turn: int, *, small: bool) -> Ints:
    spread = keys * np.uint64(int(_SPREAD) * (2 * turn - 1) & _64)
    if small:
        # Numbers of 32 bits are twice as fast.
        spread >>= np.uint64(48)
        narrow = spread.astype(np.uint32)
        narrow *= room
        narrow >>= np.uint32(16)
        at = narrow.astype(np.int64)
    else:
        spread >>= np.uint64(32)
        spread *= room
        spread >>= np.uint64(32)
        at = spread.view(np.int64)
    at += base
    return at


def _first_at(table: Ints, at: Ints) -> Ints:
    """The number of the first of those that have the same place of a table, for each; what it held before is lost."""
    # Of several values for one place NumPy leaves the last. Arrays that run backwards it reads slowly.
    table[np.ascontiguousarray(at[::-1])] = np.arange(len(at) - 1, -1, -1)
    return table.take(at, mode="clip")


class _Signs:
    """The words of a pass that are one sign, by numbers from 1 on; ``code`` is `None` where there are few."""

    def __init__(self, part: Words) -> None:
        self.code: NDArray[np.uint16] | None = None
        if part.signs is not None:
            known = np.zeros(1 << 16, bool)
            known[part.signs] = True
            known[0] = False
            every = np.flatnonzero(known)
            self.kinds = len(every) + 1
            self.code = np.zeros(1 << 16, np.uint16)
            self.code[every] = np.arange(1, self.kinds, dtype=np.uint16)


def _first_words(part: Words, signs: _Signs, low: int, high: int) -> Ints:
    """Of each word of some texts where it stands first in its text, counted from the first of these words."""
    edges = part.edges[low : high + 1] - part.edges[low]
    words = slice(int(part.edges[low]), int(part.edges[high]))
    keys = part.hash[words]
    if part.signs is None or signs.code is None or signs.kinds * (high - low) > _CELLS * len(keys):
        return _firsts(keys, edges)
    # A table of texts by signs has a place for every word that is one sign, and nothing to compare.
    some = part.signs[words]
    cell = signs.code.take(some.astype(np.int64), mode="clip").astype(np.int64)
    cell += np.repeat(np.arange(0, signs.kinds * (high - low), signs.kinds), np.diff(edges))
    first = _first_at(np.empty(signs.kinds * (high - low), np.int64), cell)
    others = np.flatnonzero(some == 0)
    if len(others):
        first[others] = others.take(_firsts(keys.take(others), np.searchsorted(others, edges)))
    return first


def _pairs(first: Ints, several: NDArray[np.bool_], inner: Ints) -> Ints:
    """Where pairs of words begin that come again in their text, and a few others: ``several`` are the words that do, and
    ``inner`` where texts begin but the first one."""
    follows = several[1:] & several[:-1]
    follows[inner[(inner > 0) & (inner < len(first))] - 1] = False
    place = np.flatnonzero(follows)
    # Most pairs come once. Those are turned away that have a place of a table to themselves.
    bits = max(8, (2 * len(place)).bit_length())
    at = (_together(first.take(place), first.take(place + 1)) * _SPREAD >> np.uint64(64 - bits)).view(np.int64)
    table = np.empty(1 << bits, np.int64)
    number = np.arange(len(place))
    table[at] = number
    last = table.take(at, mode="clip")
    met = last != number
    met[last.take(np.flatnonzero(met))] = True
    return place.take(np.flatnonzero(met))


def _together(one: Ints, two: Ints) -> Hashes:
    key = one << _PLACE
    key |= two
    return key.view(np.uint64)


def _variety(edges: Ints, count: Ints) -> tuple[Ints, NDArray[np.float64]]:
    """Different words of each text, and the entropy of their frequencies; ``count`` stands where a word is the first."""
    words = np.diff(edges)
    lead = np.flatnonzero(count > 1)
    times = count.take(lead)
    text = np.repeat(np.arange(len(words)), np.diff(np.searchsorted(lead, edges)))
    whole = np.maximum(words, 1)
    surprise = np.bincount(text, times * _logarithms(times), len(words))
    kinds = np.diff(np.searchsorted(np.flatnonzero(count > 0), edges))
    return kinds, np.log2(whole) - surprise / whole


def _logarithms(count: Ints) -> NDArray[np.float64]:
    return np.take(_LOG2, count) if count.max(initial=0) < len(_LOG2) else np.log2(count)


def _most(text: NDArray[np.integer], wide: Ints, texts: int) -> Ints:
    best = np.zeros(texts, np.int64)
    np.maximum.at(best, text, wide)
    return best


def _covered(place: Ints, run: int, text: NDArray[np.integer], reach: Ints, texts: int) -> Ints:
    """Code points of words that stand in one of the runs, which begin at ``place``, ascending."""
    end = place + run
    # Of runs that overlap, each takes what the one before it left.
    start = np.maximum(place, np.append(0, end[:-1]))
    return np.bincount(text, reach.take(end) - reach.take(start), texts).astype(np.int64)


_LOG2 = np.log2(np.maximum(np.arange(1 << 12), 1))

__all__ = ["REPEATED", "TOP", "Repetition", "repetition"]
