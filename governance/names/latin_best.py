"""What runs of capitalised words could come to at the very best, and how words sound that nobody knows.

Most runs come to nothing whatever stands around them; those that may be names are weighed one by one elsewhere.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from governance.names.block import Block
from governance.names.cues import CLAN, SYLLABLE
from governance.names.latin_around import Runs
from governance.names.latin_hash import Hasher, folded
from governance.names.latin_weigh import (
    GIVEN,
    GREET,
    KNOWN,
    MONO,
    NAME,
    NOT,
    ORG,
    PROPER,
    RARE,
    SOUND_LOW,
    SOUND_STEPS,
    TITLE,
    WORD,
)  # fmt: skip
from governance.names.latin_words import Bools, Flags, Words, chinese_given, sounding
from governance.names.lexicon import U64, Ints


class Best(NamedTuple):
    """By run, ``value``: what it could come to; ``cued``: a word in it announces a name. By word of the runs, ``sounds``:
    how it sounds, in steps of `SOUND_STEPS`."""

    value: npt.NDArray[np.float64]
    cued: Bools
    sounds: Ints


_SILENT = round(-SOUND_LOW / SOUND_STEPS)


def at_best(block: Block, words: Words, keys: Hasher, flags: Flags, runs: Runs) -> Best:
    """What each run could come to at best. Marks words as syllables that look like them."""
    member = runs.member
    start, end, own = words.start[member], words.end[member], flags[member]
    inside = np.zeros(len(member) + 1, dtype=np.int64)
    inside[runs.head] += 1
    inside[runs.tail] -= 1
    unknown = np.flatnonzero((np.cumsum(inside[:-1]) > 0) & ((own & (NAME | KNOWN | TITLE)) == 0) & (end - start > 1))
    sounds = np.full(len(member), _SILENT, dtype=np.int64)
    if len(unknown):
        sounds[unknown] = _sounds(block, keys, start[unknown], end[unknown])
        _syllables(block, words, flags, member, unknown)
        own = flags[member]
    best = np.where((own & GIVEN) != 0, 2.2, np.where((own & RARE) != 0, 0.7, 1.5))
    best = np.where((own & WORD) != 0, best - 1.7, best) - np.where((own & ORG) != 0, 2.5, 0.0)
    best = np.where((own & NAME) != 0, best - np.where((own & PROPER) != 0, 1.5, 0.0), sounds * SOUND_STEPS + SOUND_LOW)
    best = np.where((own & (NAME | KNOWN)) == 0, np.maximum(best, 0.15), best)
    best = np.where((own & NOT) != 0, 0.0, np.maximum(best, 0.0))
    total = np.concatenate([[0.0], np.cumsum(best)])
    size = runs.tail - runs.head
    value = total[runs.tail] - total[runs.head] + 0.95 * (size - 1)
    cued = _holding(runs, (own & (TITLE | GREET)) != 0)
    value += np.where(cued, 2.4, 0.0) + np.where(size > 1, 0.9, 0.0)
    value += np.where(_holding(runs, (own & (MONO | CLAN)) != 0) & (size > 1), 4.0, 0.0)
    return Best(value, cued, sounds)


def _holding(runs: Runs, marks: Bools) -> Bools:
    """Which runs hold a word that is marked."""
    at = np.flatnonzero(marks)
    return np.searchsorted(at, runs.tail) > np.searchsorted(at, runs.head)


#: How words sounded that came before, one in each place: their hashes but for the last bits, which hold the sound.
_SOUND_BITS = np.uint64(31)
_HEARD: U64 = np.zeros(1 << 14, dtype=np.uint64)


def _sounds(block: Block, keys: Hasher, start: Ints, end: Ints) -> Ints:
    """How words sound, in steps. Words come again and again: each is listened to once, as long as it is remembered."""
    hashes = keys(start, end)
    place = (hashes >> np.uint64(50)).view(np.int64)
    heard = _HEARD.take(place)
    out = (heard & _SOUND_BITS).view(np.int64)
    new = np.flatnonzero(((heard ^ hashes) > _SOUND_BITS) | (hashes <= _SOUND_BITS))
    if len(new):
        value = np.clip(0.45 * sounding(folded(block), start[new], end[new]), SOUND_LOW, 1.1)
        out[new] = np.round((value - SOUND_LOW) / SOUND_STEPS)
        _HEARD[place[new]] = (hashes[new] & ~_SOUND_BITS) | out[new].view(np.uint64)
    return out


def _syllables(block: Block, words: Words, flags: Flags, member: Ints, unknown: Ints) -> None:
    """Mark unknown words beside a Chinese or Korean family name that are built as given names are."""
    clan = np.concatenate([[False], (flags[member] & CLAN) != 0, [False]])
    text = block.text
    for at in member[unknown[clan[unknown] | clan[unknown + 2]]].tolist():
        if chinese_given(text[words.start[at] : words.end[at]].lower()):
            flags[at] |= SYLLABLE
