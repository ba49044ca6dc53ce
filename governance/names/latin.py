"""Names in scripts with capitals (Latin, Cyrillic): runs of capitalised words, weighed word by word.

Each word brings evidence from the lexicon, its place in the sentence and its neighbours; the best stretch of a run
is a name if the evidence is enough. All words of a block are looked up at once; only runs in which something speaks
for a name are weighed one by one.
"""

from __future__ import annotations

import re
from collections import Counter
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
NOT, MONO, SUFFIX = int(Flag.NOT), int(Flag.MONO), int(Flag.SUFFIX)
GREET = int(Flag.GREET)
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
    if not count:
        return []
    flags = _look_up(block, words)
    linked = _linked(block, words, flags)
    rows = block.rows_of(words.start)
    quiet = _quiet(words, rows)
    if quiet.any():
        words, flags = _small_letters(block, words, flags, quiet)
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
    dense = _title_case(words, flags, linked, rows)
    # Only rows with something promising are weighed, all their runs: names in a row speak for one another.
    promising = _promising(words, flags, linked)
    live = np.zeros(int(rows[-1]) + 1, dtype=bool)
    live[rows[promising]] = True
    capable = ((flags & (WORD | NOT | PROPER | ORG)) == 0) | ((flags & _NAME) != 0)
    total = np.concatenate([[0], np.cumsum(capable & words.capital)])
    wanted = live[rows[heads]] & (total[tails] > total[heads])
    heads, tails = heads[wanted], tails[wanted]
    return _weigh_all(block, words, flags, linked, dense, quiet, rows, heads, tails)


def _small_letters(
    block: Block, words: Words, flags: npt.NDArray[np.uint16], quiet: npt.NDArray[np.bool_]
) -> tuple[Words, npt.NDArray[np.uint16]]:
    """In rows without a capital, names that are nothing else count as capitalised."""
    chosen = np.flatnonzero(quiet & (words.end - words.start > 1))
    flags = flags.copy()
    flags[chosen] = _table().get(hash_spans(block.folded, words.start[chosen], words.end[chosen]))
    weak = (flags & (WORD | NOT | PROPER | ORG | PLACE | RARE)) != 0
    name = quiet & ((flags & _NAME) != 0) & ~weak & (words.end - words.start > 2)
    return words._replace(capital=words.capital | name), flags


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
        marks = np.flatnonzero(block.codes == ord("-"))
        at = np.searchsorted(marks, start[unknown])
        at = np.minimum(at, max(0, len(marks) - 1))
        if len(marks):
            cut = marks[at]
            inside = (cut > start[unknown] + 1) & (cut < end[unknown])
            again = unknown[inside]
            found[again] = _table().get(hash_spans(block.folded, start[again], cut[inside]))
    marks = (block.kinds[np.maximum(end - 2, 0)] & JOIN) | (block.kinds[np.maximum(end - 3, 0)] & JOIN)
    contraction = (found == 0) & (end - start > 3) & (marks != 0) & (block.codes[np.maximum(end - 2, 0)] != ord("-"))
    found[contraction] = NOT
    flags = np.zeros(len(words.start), dtype=np.uint16)
    flags[chosen] = found
    return flags


def _linked(block: Block, words: Words, flags: npt.NDArray[np.uint16]) -> npt.NDArray[np.bool_]:
    """Whether each word and the next stand together: one space between them, or an initial's full stop and one."""
    out = np.zeros(len(words.start), dtype=bool)
    end, following = words.end[:-1], words.start[1:]
    gap = following - end
    one = (gap <= 2) & ((block.kinds[end] & SPACE) != 0) & ((block.kinds[following - 1] & SPACE) != 0)
    # "J. Smith", "Dr. Smith", "J.K. Rowling"
    short = (words.end[:-1] - words.start[:-1] <= 1) | ((flags[:-1] & TITLE) != 0)
    dot = short & (block.codes[end] == ord("."))
    two = dot & ((gap == 1) | ((gap == 2) & ((block.kinds[np.minimum(end + 1, len(block.kinds) - 1)] & SPACE) != 0)))
    out[:-1] = one | two
    return out


def _title_case(
    words: Words, flags: npt.NDArray[np.uint16], linked: npt.NDArray[np.bool_], rows: Ints
) -> npt.NDArray[np.bool_]:
    """Whether ordinary words of each word's row are capitalised as well: then a capital says little."""
    size = int(rows[-1]) + 1
    inner = np.concatenate([[False], linked[:-1]])
    ordinary = words.capital & inner & ((flags & (WORD | NOT | ORG)) != 0) & ((flags & (GIVEN | MONO)) == 0)
    capital = np.bincount(rows, weights=ordinary, minlength=size)
    small = np.bincount(rows, weights=~words.capital & (words.end - words.start > 3), minlength=size)
    known = np.bincount(rows, weights=words.capital, minlength=size)
    return ((capital >= 2) & (capital > 1.2 * small) & (capital > 0.3 * known))[rows]


def _quiet(words: Words, rows: Ints) -> npt.NDArray[np.bool_]:
    """Whether each word's row has no capital at all: then names have none either."""
    return (np.bincount(rows, weights=words.capital) == 0)[rows]


def _promising(words: Words, flags: npt.NDArray[np.uint16], linked: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Capitalised words that a lexicon or a cue before them speaks for."""
    known = (flags & _NAME) != 0
    weak = (flags & (WORD | NOT | PROPER | ORG)) != 0
    out = known & ~weak
    cue = ((flags & (TITLE | BEFORE | GREET)) != 0)[:-1] & linked[:-1]
    unknown = (flags & (WORD | NOT | PROPER | ORG | PLACE)) == 0
    out[1:] |= cue & (unknown | known)[1:]
    out[:-1] |= linked[:-1] & ((flags[1:] & AFTER) != 0) & (unknown | known)[:-1]
    # Two unknown words side by side within a sentence.
    inner = np.concatenate([[False], linked[:-1]])
    strange = unknown & ~known & words.capital & ~words.shout & (words.end - words.start > 2)
    out[1:] |= strange[1:] & strange[:-1] & linked[:-1] & inner[:-1]
    # "Hope Rivers": two that are words and names as well.
    out[1:] |= (known & ((flags & GIVEN) != 0))[:-1] & known[1:] & linked[:-1]
    mono = (flags & MONO) != 0
    out[:-1] |= mono[:-1] & words.capital[1:] & linked[:-1]
    return out & words.capital


# Evidence in units of log odds, set by hand.
_ENOUGH = 1.4


def _word(flags: int, length: int, first: bool, shout: bool, sound: float) -> float:
    if length == 1 and not first:
        return 0.1
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
    if flags & SUFFIX:
        return 0.2
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
    return sound - (1.4 if shout else 0.45 if first else 0.0)


BITS = 15


def grams(folded: npt.NDArray[np.uint32], start: Ints, end: Ints) -> tuple[npt.NDArray[np.int32], Ints]:
    """Hashes of the stretches of two to four letters of words, edges marked, and to which word each belongs."""
    size = np.minimum(end - start, 16)
    columns: list[npt.NDArray[np.uint64]] = []
    owners: list[Ints] = []
    everyone = np.arange(len(start))

    def at(which: Ints, k: int) -> npt.NDArray[np.uint64]:
        place = start[which] + k
        inside = (place >= start[which]) & (k < size[which])
        return np.where(inside, folded[np.minimum(place, len(folded) - 1)].astype(np.uint64), np.uint64(2))

    for length in (2, 3, 4):
        for k in range(-1, 16):
            which = everyone[(size + 1 - k) >= length]
            if not len(which):
                break
            value = np.full(len(which), length, dtype=np.uint64)
            for j in range(length):
                value = (value ^ at(which, k + j)) * _PRIME
                value ^= value >> np.uint64(29)
            columns.append(value >> np.uint64(64 - BITS))
            owners.append(which)
    return np.concatenate(columns).astype(np.int32), np.concatenate(owners)


_PRIME = np.uint64(0x9E3779B97F4A7C15)


@lru_cache(maxsize=1)
def _sounds() -> npt.NDArray[np.float32]:
    data = load("latin_model")
    return data["weights"].astype(np.float32) * data["scale"][0]


def sounding(folded: npt.NDArray[np.uint32], start: Ints, end: Ints) -> npt.NDArray[np.float64]:
    """How much each word sounds like a name rather than a word: log odds of a model of letter sequences."""
    which, owner = grams(folded, start, end)
    return np.bincount(owner, weights=_sounds()[which], minlength=len(start)).astype(np.float64)


def _weigh_all(
    block: Block,
    words: Words,
    flags: npt.NDArray[np.uint16],
    linked: npt.NDArray[np.bool_],
    dense: npt.NDArray[np.bool_],
    quiet: npt.NDArray[np.bool_],
    rows: Ints,
    heads: Ints,
    tails: Ints,
) -> list[Found]:
    out: list[Found] = []
    start, end = words.start, words.end
    count = len(start)
    sounds = np.zeros(count, dtype=np.float32)
    depth = np.zeros(count + 1, dtype=np.int8)
    depth[heads] += 1
    depth[tails] -= 1
    unknown = np.flatnonzero(np.cumsum(depth[:-1]) > 0)
    unknown = unknown[(flags[unknown] & (_NAME | WORD | NOT | PROPER | ORG | PLACE)) == 0]
    if len(unknown):
        sounds[unknown] = np.clip(0.45 * sounding(block.folded, start[unknown], end[unknown]), -0.8, 1.1)
    behind = block.codes[end[tails - 1]]
    line_end = (behind == ord(":")) | (behind == ord("\n"))
    kept = _worth(flags, line_end, sounds, rows, heads, tails)
    heads, tails = heads[kept], tails[kept]
    text = block.text
    row_starts = block.starts
    shouting = np.bincount(rows, weights=words.shout)
    loud = ((shouting > 0) & (shouting >= np.bincount(rows, weights=end - start > 1)))[rows]
    spare: list[tuple[int, int, float]] = []  # what is not enough by itself
    lows = row_starts[rows[heads]].tolist()
    all_marks, all_shouts, all_sounds = flags.tolist(), words.shout.tolist(), sounds.tolist()
    all_begins, all_ends = start.tolist(), end.tolist()
    for head, tail, low in zip(heads.tolist(), tails.tolist(), lows, strict=True):
        marks, shouts = all_marks[head:tail], all_shouts[head:tail]
        begins, ends = all_begins[head:tail], all_ends[head:tail]
        first = _opens(text, begins[0], low)
        before = int(flags[head - 1]) if head and linked[head - 1] else 0
        after = int(flags[tail]) if tail < count and linked[tail - 1] else 0
        # A line of its own ("Oliver Whitlock", then an address) or the speaker of one ("Oliver: …").
        line = (
            first
            and (begins[0] == low or text[begins[0] - 1] in "\n> ")
            and text[ends[-1]] in "\n:"
            and tail - head < 4
        )
        names, rest = _names(
            marks,
            begins,
            ends,
            shouts,
            all_sounds[head:tail],
            first,
            2.2 if loud[head] else 1.0 if dense[head] else 0.75 if quiet[head] else 0.0,
            before,
            after,
            text[max(low, begins[0] - 16) : begins[0]].rstrip(" :=").lower().endswith(_ANNOUNCED)
            or (line and (tail - head > 1 or text[ends[-1]] == ":") and not loud[head]),
        )
        for a, b, weight, reason in names:
            if ends[b - 1] - begins[a] < 2:
                continue  # an initial by itself
            score = min(0.95, 0.5 + 0.08 * (weight - _ENOUGH + 1))
            if a and marks[a - 1] & TITLE and text[begins[a - 1] : ends[a - 1]].lower() in _COURTESY:
                a -= 1
            if text[begins[a] - 1] in "@_/\\=" or text[ends[b - 1]] in "@_=":
                continue  # a part of an address on the net or of a path
            out.append(Found(begins[a], ends[b - 1], "PERSON", score, RECOGNISER, reason))
        if rest is not None and rest[2] > 0.0 and ends[rest[1] - 1] - begins[rest[0]] > 1:
            spare.append((begins[rest[0]], ends[rest[1] - 1], rest[2]))
    return _encouraged(text, block, out, spare)


def _lists(text: str, block: Block, spare: list[tuple[int, int, float]]) -> list[Found]:
    """Three or more given names in a row of commas are names, though none is sure ("anna, peter and lucy")."""
    good = [(a, b) for a, b, weight in spare if weight >= 0.9]
    if len(good) < 3:
        return []
    ends, starts = {b for _, b in good}, {a for a, _ in good}
    chained = [(a, b) for a, b in good if _joint_left(text, a, ends) or _joint_right(text, b, starts)]
    rows = block.rows_of(np.array([a for a, _ in chained], dtype=np.int64)).tolist()
    counts = Counter(rows)
    return [
        Found(a, b, "PERSON", 0.6, RECOGNISER, "context")
        for (a, b), row in zip(chained, rows, strict=True)
        if counts[row] >= 3
    ]


_JOINTS = frozenset({",", "and", ", and", "&", "y", "e", "dan", "и", "và", "or", "with", "/", ";"})


def _encouraged(text: str, block: Block, sure: list[Found], spare: list[tuple[int, int, float]]) -> list[Found]:
    """What is not sure by itself is a name in a list of names, or where it repeats a part of one in its row."""
    out = [*sure, *_lists(text, block, spare)]
    if not out or not spare:
        return out
    sure = list(out)
    rows = block.rows_of(np.array([f.start for f in sure], dtype=np.int64)).tolist()
    parts: dict[int, set[str]] = {}
    for row, name in zip(rows, sure, strict=True):
        parts.setdefault(row, set()).update(re.split("[ .]+", text[name.start : name.end]))
    ends = {f.end for f in sure}
    starts = {f.start for f in sure}
    spare_rows = block.rows_of(np.array([s for s, _, _ in spare], dtype=np.int64)).tolist()
    taken = {i for i, (a, _, _) in enumerate(spare) if a in starts}
    for order in (range(len(spare)), range(len(spare) - 1, -1, -1)):
        for i in order:
            a, b, weight = spare[i]
            if i in taken or spare_rows[i] not in parts:
                continue
            left = _joint_left(text, a, ends) if order.step > 0 else False
            right = _joint_right(text, b, starts) if order.step < 0 else False
            if text[a:b] in parts[spare_rows[i]] or ((left or right) and weight > 0.4):
                taken.add(i)
                ends.add(b)
                starts.add(a)
                out.append(Found(a, b, "PERSON", 0.6, RECOGNISER, "context"))
    return out


def _joint_left(text: str, start: int, ends: set[int]) -> bool:
    return any(text[start - size : start].strip() in _JOINTS and start - size in ends for size in (2, 3, 5, 6, 4))


def _joint_right(text: str, end: int, starts: set[int]) -> bool:
    return any(text[end : end + size].strip() in _JOINTS and end + size in starts for size in (2, 3, 5, 6, 4))


_ANNOUNCED = (
    "name is", "names are", "name", "nombre es", "nombre", "nome é", "nome", "nama", "user", "customer", "client", "contact", "attn",
    "attention", "by", "recipient", "sender", "assistant to", "имя", "tên", "họ tên", "cliente", "penerima", "pengirim", "gửi",
)  # fmt: skip
_COURTESY = frozenset(
    {"mr", "mrs", "ms", "miss", "dr", "prof", "sir", "officer", "madam", "mx", "sr", "sra", "srta", "dra", "bpk"}
)


def _opens(text: str, at: int, row: int) -> bool:
    """Whether a sentence opens at `at`."""
    before = text[max(row, at - 4) : at].rstrip(" \t\"'“”‘’(*->»«¿¡")
    return not before or before[-1] in ".!?:\n\r…"


def _worth(
    flags: npt.NDArray[np.uint16],
    colon: npt.NDArray[np.bool_],
    sounds: npt.NDArray[np.float32],
    rows: Ints,
    heads: Ints,
    tails: Ints,
) -> npt.NDArray[np.bool_]:
    """Which runs could be names at the very best, or could be encouraged by one in their row. Never too few."""
    known = (flags & _NAME) != 0
    best = np.where((flags & GIVEN) != 0, 2.2, np.where((flags & RARE) != 0, 0.7, 1.5))
    best = np.where((flags & WORD) != 0, best - 1.7, best) - np.where((flags & ORG) != 0, 2.5, 0.0)
    best = np.where(known, best - np.where((flags & PROPER) != 0, 1.5, 0.0), np.maximum(sounds, 0.15))
    best = np.where((flags & NOT) != 0, 0.0, np.maximum(best, 0.0))
    total = np.concatenate([[0.0], np.cumsum(best)])
    size = tails - heads
    value = total[tails] - total[heads] + 0.95 * (size - 1)
    inside = np.concatenate([[0], np.cumsum((flags & (TITLE | BEFORE | GREET)) != 0)])
    value += np.where(inside[tails] > inside[heads], 2.4, 0.0)
    before = np.where(heads > 0, flags[np.maximum(heads - 1, 0)], 0)
    value += np.where((before & TITLE) != 0, 2.4, np.where((before & (BEFORE | GREET)) != 0, 1.7, 0.0))
    after = np.where(tails < len(flags), flags[np.minimum(tails, len(flags) - 1)], 0)
    value += np.where((after & AFTER) != 0, 1.0, 0.0)
    mono = np.concatenate([[0], np.cumsum((flags & MONO) != 0)])
    value += np.where((mono[tails] > mono[heads]) & (size > 1), 4.0, 0.0)
    value += np.where(colon, 1.7, 0.0)
    strong = value >= _ENOUGH - 1e-6
    live = np.zeros(int(rows[-1]) + 1, dtype=bool)
    live[rows[heads[strong]]] = True
    return strong | (live[rows[heads]] & (value > 0.0))


def _names(
    marks: list[int],
    begins: list[int],
    ends: list[int],
    shouts: list[bool],
    sounds: list[float],
    first: bool,
    doubt: float,
    before: int,
    after: int,
    announced: bool = False,
) -> tuple[list[tuple[int, int, float, str]], tuple[int, int, float] | None]:
    """(from, to, weight, reason) of each name in one run of words; and what is best of the rest."""
    size = len(marks)
    weights = [
        0.0 if m & LINK and 0 < i < size - 1 and e - b <= 4 else _word(m, e - b, first and i == 0, s, w)
        for i, (m, b, e, s, w) in enumerate(zip(marks, begins, ends, shouts, sounds, strict=True))
    ]
    for i in (0, 1):
        # Vietnamese: a family name and one to three syllables, whatever words they are.
        if (
            size - i in (2, 3, 4)
            and marks[i] & MONO
            and all(e - b <= 6 for b, e in zip(begins[i:], ends[i:], strict=True))
        ):
            return [(i, size, 3.5, "lexicon")], None
    out: list[tuple[int, int, float, str]] = []
    a = 0
    # A title is no part of the name; what follows it is.
    while a < size:
        best: tuple[float, int, int, str] | None = None
        for i in range(a, size):
            if marks[i] & LINK and weights[i] == 0.0:
                continue
            left = marks[i - 1] if i else before
            total, reason = 0.0, "lexicon"
            if left & TITLE and (i or before):
                total, reason = 2.4, "context"
            elif left & GREET or (announced and i == 0):
                total, reason = 1.7, "context"
            elif left & BEFORE and (i == 0 or marks[i - 1] & (WORD | NOT)):
                total, reason = 0.9, "context"
            for j in range(i, min(size, i + 5)):
                weight = weights[j]
                if j > i and marks[j - 1] & GIVEN and not marks[j - 1] & WORD and ends[j] - begins[j] > 2:
                    # Behind a given name a family name is one, whatever else it means.
                    if marks[j] & FAMILY and not marks[j] & ORG:
                        weight = max(weight, 0.4)
                    elif not marks[j] & (WORD | NOT | ORG | PROPER | TITLE):
                        weight = max(weight, 0.15)
                elif j > i and marks[j - 1] & marks[j] & FAMILY and not marks[j] & (NOT | ORG):
                    weight = max(weight, 0.3)
                total += weight
                if j > i and marks[j] & FAMILY and not marks[j] & (NOT | ORG):
                    total += (
                        0.8 if marks[j - 1] & GIVEN else 0.5 if not marks[j - 1] & (_NAME | WORD | NOT | ORG) else 0.0
                    )
                elif j > i and not marks[j] & (_NAME | WORD | NOT | ORG | PLACE) and marks[j - 1] & GIVEN:
                    total += 0.3
                if marks[j] & LINK and weights[j] == 0.0:
                    continue
                value = total
                right = marks[j + 1] if j + 1 < size else after
                if right & AFTER:
                    value += 1.0
                if right & ORG and not right & WORD:
                    value -= 2.0
                if right & (ORG | ROAD):
                    value -= 1.5
                if doubt and not (reason == "context" and total > 2.4 and doubt < 2):
                    value -= doubt * (1.0 if j > i else 1.6)
                if best is None or value > best[0]:
                    best = (value, i, j + 1, reason)
        if best is None:
            break
        if best[0] < _ENOUGH:
            return out, (best[1], best[2], best[0])
        out.append((best[1], best[2], best[0], best[3]))
        a = best[2]
    return out, None
