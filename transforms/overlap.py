"""Overlap of texts with benchmarks, by runs of words that both have: decontamination.

A text is contaminated by a benchmark when it holds a run of so many words of one of its items (13 words, Brown et al.
2020, appendix C; for scripts without spaces as many characters as say as much), or the whole of a shorter item that
is not too short to be chance. Words are those of `transforms.words`, so case, width, spaces and punctuation hide
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from transforms.words import Hashes, Ints, Words, distinct, passes, runs

WORDS, CHARACTERS = 13, 20
"""Words of a run that tells: with spaces between words, and without."""
LEAST_WORDS, LEAST_CHARACTERS = 6, 10
"""A shorter item than this is met by chance and is not looked for."""


@dataclass(frozen=True)
class Runs:
    """What to look for: hashes of runs by their length in words, and the benchmarks that each belongs to.

    ``hashes[length]`` is ascending and distinct; ``owner[length]`` has for each the bits of its benchmarks, whose
    names are ``names`` (at most 63). ``items`` counts each benchmark's items, ``short`` those that were too short.
    """

    names: tuple[str, ...]
    hashes: Mapping[int, Hashes]
    owner: Mapping[int, Hashes]
    items: tuple[int, ...]
    short: tuple[int, ...]


def runs_of(benchmarks: Mapping[str, Iterable[str]], words: int = WORDS, characters: int = CHARACTERS) -> Runs:
    """The runs of every item of each benchmark. Raises `ValueError` for more than 63 benchmarks."""
    if len(benchmarks) > 63:
        raise ValueError("at most 63 benchmarks can be looked for at a time")
    found: dict[int, list[tuple[Hashes, int]]] = {}
    items, short = [], []
    for number, texts in enumerate(benchmarks.values()):
        everything = pa.array(list(texts), pa.large_string())
        items.append(len(everything))
        seen = 0
        for part in passes(everything):
            local = part.text - part.first
            length = np.minimum(np.diff(part.edges), np.where(part.dense, characters, words))
            enough = length >= np.where(part.dense, min(LEAST_CHARACTERS, characters), min(LEAST_WORDS, words))
            seen += int(enough.sum())
            for run, value in runs(part.hash, np.unique(length[enough]).tolist()):
                where = local[: len(value)]
                mine = (enough & (length == run))[where] & (where == local[run - 1 :][: len(value)])
                found.setdefault(run, []).append((value[mine], number))
        short.append(items[-1] - min(seen, items[-1]))
    hashes, owner = {}, {}
    for run, parts in sorted(found.items()):
        every = distinct(np.concatenate([value for value, _ in parts]))
        bits = np.zeros(len(every), np.uint64)
        for value, number in parts:
            # A set bit at most once: the values of one part are met by their places.
            bits[np.searchsorted(every, distinct(value))] |= np.uint64(1 << number)
        hashes[run], owner[run] = every, bits
    return Runs(tuple(benchmarks), hashes, owner, tuple(items), tuple(short))


def overlaps(texts: pa.Array | pa.ChunkedArray, sought: Runs) -> Hashes:
    """For each text the bits of the benchmarks that it overlaps with, 0 for none."""
    marking = Marking(len(texts), sought)
    for part in passes(texts) if marking.filters else ():
        marking.add(part)
    return marking.found


class Marking:
    """`overlaps` of texts whose passes come one by one; ``found`` is what they come to."""

    def __init__(self, texts: int, sought: Runs) -> None:
        self.sought = sought
        self.found = np.zeros(texts, np.uint64)
        self.filters = {run: _filter(values) for run, values in sought.hashes.items() if len(values)}

    def add(self, part: Words) -> None:
        for run, value in runs(part.hash, self.filters):
            # Most runs are no benchmark's: a table of bits turns them away before the exact look.
            shift, table = self.filters[run]
            maybe = np.flatnonzero(table[value >> shift])
            maybe = maybe[part.text[maybe] == part.text[maybe + run - 1]]
            if not len(maybe):
                continue
            known, bits = self.sought.hashes[run], self.sought.owner[run]
            place = np.minimum(np.searchsorted(known, value[maybe]), len(known) - 1)
            hit = known[place] == value[maybe]
            np.bitwise_or.at(self.found, part.text[maybe][hit], bits[place[hit]])


def _filter(values: Hashes) -> tuple[np.uint64, NDArray[np.bool_]]:
    bits = min(24, max(12, (32 * len(values)).bit_length()))
    table = np.zeros(1 << bits, bool)
    shift = np.uint64(64 - bits)
    table[values >> shift] = True
    return shift, table


def named(bits: Ints | Hashes, names: Sequence[str]) -> list[tuple[str, ...]]:
    """The names that each entry's bits stand for."""
    return [tuple(name for number, name in enumerate(names) if int(one) >> number & 1) for one in bits.tolist()]


__all__ = ["CHARACTERS", "LEAST_CHARACTERS", "LEAST_WORDS", "WORDS", "Marking", "Runs", "named", "overlaps", "runs_of"]
