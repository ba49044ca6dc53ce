"""From weighed runs of words to finds: particles and initials before a name, what is a part of something else.

What names seldom have beside them is asked of all names of a block at once; only those that may have it are looked at
one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import repeat

import numpy as np
import numpy.typing as npt

from governance.names.block import Block, Found
from governance.names.latin_join import RECOGNISER
from governance.names.latin_weigh import ENOUGH, TITLE, Name, names
from governance.names.latin_words import Flags, Words
from governance.names.lexicon import Ints

#: Runs of more words are weighed anew each time: to remember them would fill the memory.
_LONG = 24

#: Particles in small letters that begin a name.
_BEFORE_NAMES = frozenset({"van ", "von "})
_LONGER = ("van der ", "van den ", "von der ", "van ter ", "van het ", "van de ")
#: Initials before a name.
_INITIALS = re.compile("(?<![\\w.])(?:[A-ZÀ-ÖØ-Þ]\\. ?){1,3}\\Z")
_COURTESY = frozenset(
    (
        "mr mrs ms miss dr dra prof sir officer madam mx sr sra srta bpk don dona lic datuk dato seri encik puan cik "
        "tuan ibu bapak pak bu tn ny hj drs seu doña mbak mas bang kak kakak saudara saudari nyonya tante om haji hajjah ustaz cikgu thầy tan"
    ).split()
)


def _marks(characters: str) -> npt.NDArray[np.bool_]:
    table = np.zeros(129, dtype=np.bool_)
    table[[ord(c) for c in characters]] = True
    return table


#: A name beside one of these is a part of an address on the net or of a path.
_PATH_BEFORE, _PATH_BEHIND = _marks("@_/\\="), _marks("@_=")


def weighed(
    packed: Ints, heads: Ints, tails: Ints, columns: tuple[npt.NDArray[np.generic], ...]
) -> Iterator[tuple[int, int, tuple[Name, ...], Name | None]]:
    """First word, words, names and the best of the rest of each run; ``columns`` are the fields of `latin_weigh.Around`."""
    words = packed.tolist()
    arounds = zip(*(column.tolist() for column in columns), strict=True)
    for head, tail, around in zip(heads.tolist(), tails.tolist(), arounds, strict=True):
        weigh = names if tail - head <= _LONG else names.__wrapped__
        yield head, tail, *weigh(tuple(words[head:tail]), around)


def told(
    block: Block,
    words: Words,
    flags: Flags,
    member: Ints,
    runs: Iterator[tuple[int, int, tuple[Name, ...], Name | None]],
) -> tuple[list[Found], list[tuple[int, int, float]]]:
    """The names of weighed runs as finds, and what may become one beside others: start, end and weight.

    ``member`` are the words that the runs count.
    """
    sure: list[tuple[int, int, int, float, str]] = []
    rest: list[tuple[int, int, float]] = []
    for head, _, best, left in runs:
        for a, b, weight, reason in best:
            sure.append((head, head + a, head + b, weight, reason))
        if left is not None:
            rest.append((head + left.start, head + left.end, left.weight))
    begins, ends, marks = words.start[member], words.end[member], flags[member]
    spare: list[tuple[int, int, float]] = []
    for a, b, weight in rest:
        if weight > 0.0 or (weight > -0.9 and not marks[a:b].any()):
            start, end = int(begins[a]), int(ends[b - 1])
            if end - start > 1:
                spare.append((start, end, weight))
    if not sure:
        return [], spare
    heads, firsts, lasts, weights, reasons = zip(*sure, strict=True)
    first = np.array(firsts)
    low, high = begins[first], ends[np.array(lasts) - 1]
    score = np.minimum(0.95, 0.5 + 0.08 * (np.array(weights) - ENOUGH + 1))
    codes = np.minimum(block.codes, np.uint32(128))
    behind, one, two, three = (codes[place] for place in (high, low - 1, low - 2, low - 3))
    kept = high - low > 1  # an initial by itself is none
    # What ends like "van ", "van der ", "T. " or "mr. " before a name.
    space = one == ord(" ")
    led = (first > np.array(heads)) & ((marks[first - 1] & TITLE) != 0)
    led |= (one == ord(".")) | (two == ord("."))
    led |= space & (two == ord("n")) & ((three == ord("a")) | (three == ord("o")) | (three == ord("e")))
    led |= space & (three == ord("e")) & ((two == ord("r")) | (two == ord("t")))
    led |= space & (two == ord("e")) & (three == ord("d"))
    kept &= led | ~(_PATH_BEFORE[one] | _PATH_BEHIND[behind])
    plain = kept & ~led
    starts, stops, scores = low.tolist(), high.tolist(), score.tolist()
    out: list[Found] = []
    if plain.all():
        out += map(Found, starts, stops, repeat("PERSON"), scores, repeat(RECOGNISER), reasons)
        return out, spare
    for k in np.flatnonzero(kept).tolist():
        start, end = starts[k], stops[k]
        if not plain[k]:
            start = _start(block.text, begins, ends, marks, heads[k], firsts[k])
            if block.text[start - 1] in "@_/\\=" or block.text[end] in "@_=":
                continue
        out.append(Found(start, end, "PERSON", scores[k], RECOGNISER, reasons[k]))
    return out, spare


def _start(text: str, begins: Ints, ends: Ints, marks: Flags, head: int, first: int) -> int:
    """Where a name begins whose first word is ``first``, in a run from word ``head`` on."""
    while first > head and marks[first - 1] & TITLE and text[begins[first - 1] : ends[first - 1]].lower() in _COURTESY:
        first -= 1
    low = int(begins[first])
    if text[low - 4 : low] in _BEFORE_NAMES:
        low -= 4
    elif text[low - 1] == " " and text.endswith(_LONGER, max(0, low - 8), low):
        low = text.rindex("v", 0, low)
    if text[low - 1] == "." or text[low - 2] == ".":
        initials = _INITIALS.search(text, max(0, low - 12), low)
        low = initials.start() if initials else low
    return low
