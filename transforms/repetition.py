"""How much a text repeats itself, by runs of words: Gopher's repetition ratios (Rae et al. 2021, table A1).

In scripts without spaces the words of `transforms.words` are characters, so a run of n words stands for n characters
there; `transforms.quality` holds thresholds for each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.words import Hashes, Ints, Words

TOP = (2, 3, 4)
"""Lengths of runs whose most frequent one is measured."""
REPEATED = (5, 6, 7, 8, 9, 10)
"""Lengths of runs of which all that come again are measured."""

_Q = np.uint64(0xD6E8FEB86659FD93)


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
    length = np.bincount(text, size, part.count).astype(np.int64)
    none = np.zeros(part.count, np.int64)
    top: dict[int, Ints] = dict.fromkeys(TOP, none)
    again: dict[int, Ints] = dict.fromkeys(REPEATED, none)
    # A run comes twice only where the shorter runs in it do: each step looks at what the last one left.
    place, value = np.arange(len(part.hash)), part.hash
    kinds, entropy = none, none.astype(np.float64)
    for run in range(1, REPEATED[-1] + 1):
        if run > 1:
            place, value = _longer(part.hash, text, place, value, run)
        if not len(place):
            break
        order, first, count = _groups(text[place], value)
        twice = count > 1
        if run == 1:
            kinds, entropy = _variety(text[order[first]], count, part.count)
        if run in top:
            group = np.repeat(np.arange(len(count)), count)
            lead = order[first]
            wide = (reach[place[lead] + run] - reach[place[lead]]) * count
            best = np.zeros(part.count, np.int64)
            np.maximum.at(best, text[place[lead[twice]]], wide[twice])
            top[run] = best
            keep = twice[group]
        else:
            keep = np.repeat(twice, count)
        if run in again:
            later = keep.copy()
            later[first] = False
            again[run] = _covered(place[order[later]], run, len(part.hash), text, size, part.count)
        stay = np.sort(order[keep])
        place, value = place[stay], value[stay]
    return Repetition(length, kinds, entropy, top, again)


def _variety(text: NDArray[np.integer], count: Ints, texts: int) -> tuple[Ints, NDArray[np.float64]]:
    kinds = np.bincount(text, minlength=texts)
    words = np.bincount(text, count, texts)
    surprise = np.bincount(text, count * np.log2(count), texts)
    whole = np.maximum(words, 1)
    return kinds, np.log2(whole) - surprise / whole


def _longer(hashes: Hashes, text: NDArray[np.integer], place: Ints, value: Hashes, run: int) -> tuple[Ints, Hashes]:
    """Runs one word longer, of which both shorter ones come again."""
    if len(place) < 2:
        return place[:0], value[:0]
    follows = np.flatnonzero(place[1:] == place[:-1] + 1)
    place, value = place[follows], value[follows]
    inside = text[place + run - 1] == text[place]
    place = place[inside]
    return place, value[inside] * _Q + hashes[place + run - 1]


def _groups(text: NDArray[np.integer], value: Hashes) -> tuple[Ints, Ints, Ints]:
    """Order by text and hash, in each group by place; where each group begins in it; how many are in it."""
    mixed = value ^ (text.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    order = np.argsort(mixed, kind="stable")
    kept = mixed[order]
    first = np.flatnonzero(np.append(True, kept[1:] != kept[:-1]))
    return order, first, np.diff(np.append(first, len(order)))


def _covered(place: Ints, run: int, words: int, text: NDArray[np.integer], size: Ints, count: int) -> Ints:
    """Code points of words that stand in one of the runs."""
    edge = np.zeros(words + 1, np.int32)
    np.add.at(edge, place, 1)
    np.add.at(edge, place + run, -1)
    inside = np.cumsum(edge[:-1]) > 0
    return np.bincount(text[inside], size[inside], count).astype(np.int64)


__all__ = ["REPEATED", "TOP", "Repetition", "repetition"]
