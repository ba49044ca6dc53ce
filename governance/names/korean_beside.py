"""What stands beside Korean words: titles, words of sending and kin, others of a list, ages and doors."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from governance.names.block import DIGIT, Block, among
from governance.names.korean_known import Words, lists
from governance.names.korean_lists import BEHIND, CUES, TITLES, WEAK_TITLES
from governance.names.lexicon import Table, hash_spans, table_of


class Context(NamedTuple):
    """What stands beside each word of a block."""

    before: npt.NDArray[np.float64]
    behind: npt.NDArray[np.float64]


SAID_BEHIND = frozenset(
    (*BEHIND, *(t + p for t in TITLES for p in ("", "이", "가", "은", "는", "을", "를", "의", "과", "와", "도", "께")))
)


@lru_cache(maxsize=1)
def _beside() -> tuple[Table, Table]:
    behind = {word: 1 if word in WEAK_TITLES else 2 for word in SAID_BEHIND}
    return (
        table_of(CUES, np.ones(len(CUES), dtype=np.uint8)),
        table_of(list(behind), np.fromiter(behind.values(), dtype=np.uint8, count=len(behind))),
    )


def _listed(block: Block, words: Words) -> npt.NDArray[np.float64]:
    """What each word gains from another beside it in a list that is built as a name: 김도현, 이채은."""
    codes, start, end = block.codes, words.start, words.end
    worth = np.zeros(len(start))
    if len(start) < 2:
        return worth
    marks = np.flatnonzero(_marks()[codes[end[:-1]]] & (start[1:] - end[:-1] < 4))
    if not len(marks):
        return worth
    both = np.unique(np.concatenate([marks, marks + 1]))
    both = both[end[both] - start[both] == 3]
    count = lists().given.get(hash_spans(codes, start[both] + 1, end[both]))
    whole = lists().words.get(hash_spans(codes, start[both], end[both]))
    named = np.zeros(len(start), dtype=bool)
    named[both] = (lists().family[codes[start[both]]] > -0.6) & (count > 1) & (whole == 0)
    worth[marks] += np.where(named[marks + 1] & named[marks], 0.7, 0.0)
    worth[marks + 1] = np.maximum(worth[marks + 1], np.where(named[marks] & named[marks + 1], 0.7, 0.0))
    return worth


def _marks() -> npt.NDArray[np.bool_]:
    return among(",;·、/")


def context_of(block: Block, words: Words) -> Context:
    codes = block.codes
    cues, behind = _beside()
    start, end = words.start, words.end
    length = end - start
    short = np.flatnonzero(length < 8)
    hashes = hash_spans(codes, start[short], end[short])
    cue = np.zeros(len(start), dtype=bool)
    cue[short] = cues.get(hashes) > 0
    long = np.flatnonzero((length > 2) & (length < 8))
    cue[long] |= cues.get(hash_spans(codes, end[long] - 2, end[long])) > 0
    before = np.zeros(len(start))
    near = (start[1:] - end[:-1] <= 3) & (codes[end[:-1]] < 0x3000)
    before[1:] = np.where(cue[:-1] & near, 1.4, 0.0)
    said = np.zeros(len(start), dtype=np.int64)
    said[short] = behind.get(hashes)
    worth = np.array((0.0, 0.5, 1.8))[said]
    former = (codes[start] == ord("전")) & (length == 1)
    worth[:-1] = np.where(former[:-1] & (said[1:] > 0), 2.5, worth[:-1])
    after = np.zeros(len(start))
    spaced = (start[1:] == end[:-1] + 1) & (codes[end[:-1]] == ord(" "))
    after[:-1] = np.where(spaced, worth[1:], 0.0)
    mark = codes[end]
    aged = np.flatnonzero(mark == ord("("))
    after[aged] += np.where((block.kinds[end[aged] + 1] & DIGIT) != 0, 0.8, 0.0)
    before += _listed(block, words)
    # "101동 302호 여동건": who lives behind the door.
    door = codes[np.maximum(start - 2, 0)]
    behind_door = np.flatnonzero(
        ((door == ord("호")) | (door == ord("층"))) & (codes[np.maximum(start - 1, 0)] == ord(" "))
    )
    lived = (block.kinds[np.maximum(start[behind_door] - 3, 0)] & DIGIT) != 0
    before[behind_door[lived & (end[behind_door] - start[behind_door] == 3)]] += 0.9
    after += np.where((mark == ord("(")) | (mark == ord("·")), 0.5, np.where(mark == ord(","), 0.4, 0.0))
    return Context(before, after)
