"""What is known of Korean names, and the runs of Hangul of a block."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from governance.names import korean_alone
from governance.names.block import DIGIT, HANGUL, LETTER, Block, Found
from governance.names.korean_alone import Given
from governance.names.korean_given import CLEAR
from governance.names.korean_lists import (
    DOUBLE,
    FAMILY,
    FOREIGN,
    FREQUENT,
    MODERN,
    PARTICLE,
    PARTICLES,
    TITLE,
    TITLES,
    WEAK,
    WEAK_TITLES,
    WORDY,
)
from governance.names.lexicon import Ints, Table, load, table_of, unpacked
from governance.recognisers.normalise import FILLER

RECOGNISER = "names_korean"
Floats = npt.NDArray[np.float32]

ENOUGH = 1.0


class Lists(NamedTuple):
    family: Floats  # code point -> weight, -9 where it is none
    given: Table  # hash of two syllables -> number of family names it is known with
    first: Floats  # code point -> how often a given name begins with it, log
    second: Floats
    words: Table  # hash -> 1 for words and places, 2 for common words
    rest: Table  # hash -> what may stand behind a name within a word
    foreign: Table
    double: Table
    alone: Given


@lru_cache(maxsize=1)
def lists() -> Lists:
    data = load("others")
    family = np.full(0x10000, -9.0, dtype=np.float32)
    for syllable in FAMILY:
        family[ord(syllable)] = 0.0
    for rank, syllable in enumerate(FREQUENT):
        family[ord(syllable)] = 0.6 if rank < 12 else 0.35
    for syllable in WORDY:
        family[ord(syllable)] = -0.5
    given, counts = unpacked(data["ko_given"]), data["ko_given_n"]
    borne = dict(zip(given, counts.tolist(), strict=True))
    first, second = np.zeros(0x10000, dtype=np.float32), np.zeros(0x10000, dtype=np.float32)
    for name, count in zip(given, counts.tolist(), strict=True):
        first[ord(name[0])] += count
        second[ord(name[1])] += count
    foreign = unpacked(data["ko_foreign"])
    kinds = dict.fromkeys(PARTICLES, PARTICLE)
    for title in TITLES:
        kind = WEAK if title in WEAK_TITLES else TITLE
        for particle in ("", *PARTICLES):
            kinds[title + particle] = kind
    words = dict(zip(unpacked(data["ko_words"]), data["ko_words_n"].tolist(), strict=True)) | dict.fromkeys(MODERN, 2)
    borne |= {name: max(borne.get(name, 0), 20) for name in CLEAR}
    known_first = np.log1p(first)
    return Lists(
        family,
        table_of(list(borne), np.fromiter(borne.values(), dtype=np.uint8, count=len(borne))),
        known_first,
        np.log1p(second),
        table_of(list(words), np.fromiter(words.values(), dtype=np.uint8, count=len(words))),
        table_of(list(kinds), np.fromiter(kinds.values(), dtype=np.uint8, count=len(kinds))),
        table_of(
            [*FOREIGN, *foreign], np.concatenate([np.full(len(FOREIGN), 61, dtype=np.uint8), data["ko_foreign_n"]])
        ),
        table_of(DOUBLE, np.ones(len(DOUBLE), dtype=np.uint8)),
        korean_alone.known_given(given, counts.tolist(), frozenset(words), known_first),
    )


class Words(NamedTuple):
    """Runs of Hangul of a block."""

    start: Ints
    end: Ints


def words_of(block: Block) -> Words:
    hangul = (block.kinds & HANGUL) != 0
    edges = np.flatnonzero(hangul[1:] != hangul[:-1]) + 1
    if hangul[0]:
        edges = np.concatenate([[0], edges])
    start, end = edges[0::2], edges[1::2]
    before = np.maximum(start - 1, 0)
    # What is left of a word whose beginning was found is a particle.
    gone = (block.codes[before] - np.uint32(ord(FILLER))) < 3
    free = (start == 0) | (((block.kinds[before] & (LETTER | DIGIT)) == 0) & ~gone)
    return Words(start[free], end[free])


def as_found(start: int, end: int, weight: float) -> Found:
    return Found(start, end, "PERSON", min(0.95, 0.45 + weight / 10), RECOGNISER, "grammar")


PARTICLE_SET = frozenset(PARTICLES)
