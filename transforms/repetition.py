"""How much a text repeats itself, by runs of words: Gopher's repetition ratios (Rae et al. 2021, table A1).

In scripts without spaces the words of `transforms.words` are characters, so a run of n words stands for n characters
there; `transforms.quality` holds thresholds for each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
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
    size = part.end - part.start
    reach = np.concatenate([np.zeros(1, np.int64), np.cumsum(size)])
    edges = np.searchsorted(text, np.arange(part.count + 1))
    length = np.diff(reach[edges])
    none = np.zeros(part.count, np.int64)
    top: dict[int, Ints] = dict.fromkeys(TOP, none)
    again: dict[int, Ints] = dict.fromkeys(REPEATED, none)
    kinds, entropy = none, none.astype(np.float64)
    if not len(text):
        return Repetition(length, kinds, entropy, top, again)
    place, first, count = _words_alike(part.hash, text)
    kinds, entropy = _variety(text[place[first]], count, part.count)
    # What words and runs are called from here on: a number for those that are alike in a text, 0 for one that comes once.
    place, called = _named(place, count, len(text))
    word = np.zeros(len(text), np.uint64)
    word[place] = called
    # A run comes twice only where the shorter runs in it do: each step looks at what the last one left.
    for run in range(2, REPEATED[-1] + 1):
        place, called = _longer(word, text, place, called, run)
        if not len(place):
            break
        place, first, count = _alike(called, place)
        twice = count > 1
        lead = place[first[twice]]
        if run in top and len(lead):
            top[run] = _most(text[lead], (reach[lead + run] - reach[lead]) * count[twice], part.count)
        if run in again:
            later = np.repeat(twice, count)
            later[first] = False
            again[run] = _covered(np.sort(place[later]), run, text, reach, part.count)
        place, called = _named(place, count, len(text))
    return Repetition(length, kinds, entropy, top, again)


#: Bits of a place in a pass, which is no longer than twice `PASS`; three of them are in a key.
_PLACE = (2 * PASS).bit_length()
_LOW = np.uint64((1 << _PLACE) - 1)


def _words_alike(hashes: Hashes, text: NDArray[np.integer]) -> tuple[Ints, Ints, Ints]:
    """As `_alike`, for words of 64 bits, which do not fit beside their place."""
    mixed = hashes ^ (text.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    place, first, count = _alike(mixed >> np.uint64(_PLACE), np.arange(len(text)))
    alike = np.ones(len(text), bool)
    alike[first] = False
    behind = np.flatnonzero(alike)
    if (mixed[place[behind]] == mixed[place[behind - 1]]).all():
        return place, first, count
    # Two words that differ in the lowest bits alone: once in a thousand passes.
    place = np.argsort(mixed, kind="stable")
    sorts = mixed[place]
    first = np.flatnonzero(np.append(True, sorts[1:] != sorts[:-1]))
    return place, first, np.diff(np.append(first, len(place)))


def _alike(called: Hashes, place: Ints) -> tuple[Ints, Ints, Ints]:
    """Places sorted by what is called alike, then by place; where each group begins among them; how many are in it.

    Name and place are sorted as one number, which is several times faster than sorting places by name.
    """
    keys = _sorted((called << np.uint64(_PLACE)) | place.astype(np.uint64))
    name = keys >> np.uint64(_PLACE)
    edge = np.empty(len(keys), bool)
    edge[:1] = True
    np.not_equal(name[1:], name[:-1], out=edge[1:])
    first = np.flatnonzero(edge)
    return (keys & _LOW).astype(np.int64), first, np.diff(np.append(first, len(keys)))


def _sorted(keys: Hashes) -> Hashes:
    return pl.Series(keys).sort(multithreaded=False).to_numpy()  # several times faster than NumPy's


def _named(place: Ints, count: Ints, words: int) -> tuple[Ints, Hashes]:
    """Places whose group has several, ascending, and the number of each one's group, from 1 on."""
    twice = count > 1
    keep = np.repeat(twice, count)
    number = np.repeat(np.arange(1, np.count_nonzero(twice) + 1, dtype=np.uint64), count[twice])
    place = place[keep]
    if 16 * len(place) > words:
        name = np.zeros(words, np.uint64)
        name[place] = number
        place = np.flatnonzero(name)
        return place, name[place]
    keys = _sorted((place.astype(np.uint64) << np.uint64(_PLACE)) | number)
    return (keys >> np.uint64(_PLACE)).astype(np.int64), keys & _LOW


def _variety(text: NDArray[np.integer], count: Ints, texts: int) -> tuple[Ints, NDArray[np.float64]]:
    kinds = np.bincount(text, minlength=texts)
    words = np.bincount(text, count, texts)
    several = np.flatnonzero(count > 1)
    count = count[several]
    surprise = np.bincount(text[several], count * _logarithms(count), texts)
    whole = np.maximum(words, 1)
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
    return place, (called[first] << np.uint64(_PLACE)) | word[place + (run - 1)]


def _most(text: NDArray[np.integer], wide: Ints, texts: int) -> Ints:
    best = np.zeros(texts, np.int64)
    np.maximum.at(best, text, wide)
    return best


def _covered(place: Ints, run: int, text: NDArray[np.integer], reach: Ints, texts: int) -> Ints:
    """Code points of words that stand in one of the runs, which begin at ``place``, ascending."""
    if not len(place):
        return np.zeros(texts, np.int64)
    end = place + run
    # Of runs that overlap, each takes what the one before it left.
    start = np.maximum(place, np.append(0, end[:-1]))
    return np.bincount(text[place], reach[end] - reach[start], texts).astype(np.int64)


_LOG2 = np.log2(np.maximum(np.arange(1 << 12), 1))

__all__ = ["REPEATED", "TOP", "Repetition", "repetition"]
