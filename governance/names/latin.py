"""Names in scripts with capitals (Latin, Cyrillic): runs of capitalised words, weighed word by word.

Each word brings evidence from the lexicon, its place in the sentence and its neighbours; the best stretch of a run
is a name if the evidence is enough. All words of a block are looked up at once; only runs in which something speaks
for a name are weighed one by one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from governance.names.block import JOIN, LETTER, SPACE, UPPER, Block, Found
from governance.names.cues import LATIN
from governance.names.lexicon import Flag, Ints, Table, hash_spans, load, table_of, unpacked

GIVEN, FAMILY, WORD, PLACE = int(Flag.GIVEN), int(Flag.FAMILY), int(Flag.WORD), int(Flag.PLACE)
PROPER, RARE, TITLE, ORG = int(Flag.PROPER), int(Flag.RARE), int(Flag.TITLE), int(Flag.ORG)
BEFORE, AFTER, LINK, ROAD = int(Flag.BEFORE), int(Flag.AFTER), int(Flag.LINK), int(Flag.ROAD)
NOT, MONO = int(Flag.NOT), int(Flag.MONO)
_NAME = GIVEN | FAMILY | MONO

RECOGNISER = "names_capitalised"


@lru_cache(maxsize=1)
def _table() -> Table:
    data = load("latin")
    words = unpacked(data["words"])
    known = dict(zip(words, data["flags"].tolist(), strict=True))
    for flag, cues in LATIN.items():
        for cue in cues:
            known[cue] = known.get(cue, 0) | int(flag)
    return table_of(list(known), np.fromiter(known.values(), dtype=np.uint16, count=len(known)))


class Words(NamedTuple):
    """All words of a block: where they start and end, whether capitalised, whether all in capitals."""

    start: Ints
    end: Ints
    capital: npt.NDArray[np.bool_]
    shout: npt.NDArray[np.bool_]


def words_of(block: Block) -> Words:
    kinds = block.kinds
    letter = (kinds & LETTER) != 0
    join = np.flatnonzero(kinds & JOIN)
    if len(join):
        join = join[(join > 0) & (join < len(kinds) - 1)]
        join = join[letter[join - 1] & letter[join + 1]]
        letter[join] = True
    edges = np.flatnonzero(letter[1:] != letter[:-1]) + 1
    if letter[0]:
        edges = np.concatenate([[0], edges])
    start, end = edges[0::2], edges[1::2]
    upper = (kinds & UPPER) != 0
    capital = upper[start]
    inner = np.minimum(start + 1, len(kinds) - 1)
    shout = capital & upper[inner] & (end - start > 1)
    # The possessive is no part of the word.
    possessive = (end - start > 2) & ((kinds[end - 2] & JOIN) != 0) & (block.folded[end - 1] == ord("s"))
    return Words(start, np.where(possessive, end - 2, end), capital, shout)


def find(block: Block) -> list[Found]:
    """Names among the capitalised words of a block."""
    words = words_of(block)
    count = len(words.start)
    if not count or not words.capital.any():
        return []
    flags = _look_up(block, words)
    linked = _linked(block, words, flags)
    part = words.capital.copy()
    # A particle between two capitalised words belongs to the run.
    between = np.flatnonzero((flags & LINK) != 0)
    between = between[(between > 0) & (between < count - 1) & ~words.capital[between]]
    between = between[linked[between - 1] & linked[between] & words.capital[between - 1]]
    part[between] = True
    joined = part[:-1] & part[1:] & linked[:-1]
    heads = np.flatnonzero(part & ~np.concatenate([[False], joined]))
    tails = np.flatnonzero(part & ~np.concatenate([joined, [False]])) + 1
    if not len(heads):
        return []
    rows = block.rows_of(words.start)
    dense = _title_case(words, rows)
    promising = _promising(words, flags, linked)
    total = np.concatenate([[0], np.cumsum(promising)])
    wanted = total[tails] > total[heads]
    heads, tails = heads[wanted], tails[wanted]
    return _weigh_all(block, words, flags, linked, dense, rows, heads, tails)


def _look_up(block: Block, words: Words) -> npt.NDArray[np.uint16]:
    """Flags of the capitalised words and of the three words on either side of each."""
    near = words.capital.copy()
    near[1:] |= words.capital[:-1]
    near[:-1] |= words.capital[1:]
    near[2:] |= words.capital[:-2]
    chosen = np.flatnonzero(near)
    start, end = words.start[chosen], words.end[chosen]
    found = _table().get(hash_spans(block.folded, start, end))
    # Of a name with a hyphen that is not known as a whole, its first part speaks.
    unknown = np.flatnonzero((found == 0) & (end - start > 4))
    if len(unknown):
        marks = np.flatnonzero(block.kinds & JOIN)
        at = np.searchsorted(marks, start[unknown])
        at = np.minimum(at, max(0, len(marks) - 1))
        if len(marks):
            cut = marks[at]
            inside = (cut > start[unknown] + 1) & (cut < end[unknown])
            again = unknown[inside]
            found[again] = _table().get(hash_spans(block.folded, start[again], cut[inside])) & ~np.uint16(WORD)
    flags = np.zeros(len(words.start), dtype=np.uint16)
    flags[chosen] = found
    return flags


def _linked(block: Block, words: Words, flags: npt.NDArray[np.uint16]) -> npt.NDArray[np.bool_]:
    """Whether each word and the next stand together: one space between them, or an initial's full stop and one."""
    out = np.zeros(len(words.start), dtype=bool)
    end, following = words.end[:-1], words.start[1:]
    gap = following - end
    one = (gap == 1) & ((block.kinds[end] & SPACE) != 0)
    # "J. Smith", "Dr. Smith", "J.K. Rowling"
    short = (words.end[:-1] - words.start[:-1] <= 1) | ((flags[:-1] & TITLE) != 0)
    dot = short & (block.codes[end] == ord("."))
    two = dot & ((gap == 1) | ((gap == 2) & ((block.kinds[np.minimum(end + 1, len(block.kinds) - 1)] & SPACE) != 0)))
    out[:-1] = one | two
    return out


def _title_case(words: Words, rows: Ints) -> npt.NDArray[np.bool_]:
    """Whether most words of each word's row are capitalised: then a capital says nothing."""
    counts = np.bincount(rows)
    capitals = np.bincount(rows, weights=words.capital)
    return ((capitals >= 0.6 * counts) & (counts >= 4))[rows]


def _promising(words: Words, flags: npt.NDArray[np.uint16], linked: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Capitalised words that a lexicon or a cue before them speaks for."""
    known = (flags & _NAME) != 0
    weak = (flags & (WORD | NOT | PROPER | ORG)) != 0
    out = known & ~weak
    cue = ((flags & (TITLE | BEFORE)) != 0)[:-1] & linked[:-1]
    unknown = (flags & (WORD | NOT | PROPER | ORG | PLACE)) == 0
    out[1:] |= cue & (unknown | known)[1:]
    out[:-1] |= linked[:-1] & ((flags[1:] & AFTER) != 0) & (unknown | known)[:-1]
    # "Hope Rivers": two that are words and names as well.
    out[1:] |= (known & ((flags & GIVEN) != 0))[:-1] & known[1:] & linked[:-1]
    return out & words.capital


# Evidence in units of log odds, set by hand.
_ENOUGH = 2.0


def _word(flags: int, length: int, first: bool, shout: bool) -> float:
    if flags & NOT:
        return -4.0
    if flags & (GIVEN | FAMILY | MONO):
        weight = 2.2 if flags & GIVEN else 0.7 if flags & RARE else 1.5
        if flags & WORD:
            weight -= 1.7 + (0.5 if first else 0.0)
        if flags & ORG:
            weight -= 2.5
        if flags & PLACE:
            weight -= 0.9
        if flags & PROPER:
            weight -= 1.5
        return weight
    if length == 1:
        return 0.1
    if flags & ORG:
        return -4.0
    if flags & WORD:
        return -2.5
    if flags & PROPER:
        return -2.5
    if flags & PLACE:
        return -1.2
    return -1.0 if shout else -0.3 if first else 0.3


def _weigh_all(
    block: Block,
    words: Words,
    flags: npt.NDArray[np.uint16],
    linked: npt.NDArray[np.bool_],
    dense: npt.NDArray[np.bool_],
    rows: Ints,
    heads: Ints,
    tails: Ints,
) -> list[Found]:
    out: list[Found] = []
    start, end = words.start, words.end
    count = len(start)
    text = block.text
    row_starts = block.starts
    for head, tail in zip(heads.tolist(), tails.tolist(), strict=True):
        marks = flags[head:tail].tolist()
        begins, ends = start[head:tail].tolist(), end[head:tail].tolist()
        shouts = words.shout[head:tail].tolist()
        crowded = bool(dense[head])
        first = _opens(text, begins[0], int(row_starts[rows[head]]))
        before = int(flags[head - 1]) if head and linked[head - 1] else 0
        after = int(flags[tail]) if tail < count and linked[tail - 1] else 0
        for a, b, weight, reason in _names(marks, begins, ends, shouts, first, crowded, before, after):
            score = min(0.95, 0.5 + 0.08 * (weight - _ENOUGH + 1))
            out.append(Found(begins[a], ends[b - 1], "PERSON", score, RECOGNISER, reason))
    return out


def _opens(text: str, at: int, row: int) -> bool:
    """Whether a sentence opens at `at`."""
    before = text[max(row, at - 4) : at].rstrip(" \t\"'“”‘’(*->»«¿¡")
    return not before or before[-1] in ".!?:\n\r…"


def _names(
    marks: list[int],
    begins: list[int],
    ends: list[int],
    shouts: list[bool],
    first: bool,
    crowded: bool,
    before: int,
    after: int,
) -> list[tuple[int, int, float, str]]:
    """(from, to, weight, reason) of each name in one run of words."""
    size = len(marks)
    weights = [
        0.0 if m & LINK and 0 < i < size - 1 and e - b <= 4 else _word(m, e - b, first and i == 0, s)
        for i, (m, b, e, s) in enumerate(zip(marks, begins, ends, shouts, strict=True))
    ]
    out: list[tuple[int, int, float, str]] = []
    a = 0
    # A title is no part of the name; what follows it is.
    while a < size:
        best: tuple[float, int, int, str] | None = None
        for i in range(a, size):
            if marks[i] & LINK and weights[i] == 0.0:
                continue
            left = marks[i - 1] if i else before
            # Vietnamese: a family name and one to three syllables, whatever words they are.
            if marks[i] & MONO and size - i >= 2 and all(e - b <= 6 for b, e in zip(begins[i:], ends[i:], strict=True)):
                pass
            total, reason = 0.0, "lexicon"
            if left & TITLE and (i or before):
                total, reason = 2.4, "context"
            elif left & BEFORE and i == 0:
                total, reason = 0.9, "context"
            for j in range(i, min(size, i + 5)):
                total += weights[j]
                if j > i and marks[j] & FAMILY and marks[j - 1] & GIVEN:
                    total += 0.8
                if marks[j] & LINK and weights[j] == 0.0:
                    continue
                value = total
                right = marks[j + 1] if j + 1 < size else after
                if right & AFTER:
                    value += 0.7
                if right & ORG and not right & WORD:
                    value -= 2.0
                if right & (ORG | ROAD):
                    value -= 1.5
                if crowded:
                    value -= 1.0 + (0.6 if j == i else 0.0)
                if best is None or value > best[0]:
                    best = (value, i, j + 1, reason)
        if best is None or best[0] < _ENOUGH:
            break
        out.append((best[1], best[2], best[0], best[3]))
        a = best[2]
    return out
