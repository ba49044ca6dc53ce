"""From weighed runs of words to finds: particles and initials before a name, what is a part of something else.

What names seldom have beside them is asked of all names of a block at once; only those that may have it are looked at
one by one.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from governance.names.block import SEPARATOR, Block, Found
from governance.names.latin_join import RECOGNISER, Spare
from governance.names.latin_weigh import ENOUGH, TITLE, Name, names
from governance.names.latin_words import Flags, Words
from governance.names.lexicon import Ints

#: What is said of runs of more words is not remembered: they would fill the memory.
_LONG = 24

#: Particles in small letters that begin a name.
_BEFORE_NAMES = frozenset({"van ", "von "})
_LONGER = ("van der ", "van den ", "von der ", "van ter ", "van het ", "van de ")
#: Courtesies in small letters that belong to the name behind them: "doña Carmen", "seu Joaquim".
_SMALL_COURTESY = re.compile("(?<!\\w)(?:do[ñn]a|don|seu|sr|sra|srta|dra?|mrs?|ms)\\.? \\Z")
#: "Ma. Guadalupe", "Mª Carmen".
_MARIA = re.compile("(?<!\\w)(?:M[aª]|M\\.ª|MA)\\.? \\Z")
#: Initials before a name.
_INITIALS = re.compile("(?<![\\w.])(?:[A-ZÀ-ÖØ-Þ]\\. ?){1,3}\\Z")
_COURTESY = frozenset(
    (
        "mr mrs ms miss madame mme monsieur sister rev reverend capt sor fray adv excmo dr dra prof sir officer madam mx sr sra srta bpk don dona lic datuk dato seri encik puan cik "
        "tuan ibu bapak pak bu tn ny hj drs seu doña mbak mas bang kak kakak saudara saudari nyonya tante om haji hajjah ustaz cikgu thầy tan"
    ).split()
)


def _marks(characters: str) -> npt.NDArray[np.bool_]:
    table = np.zeros(129, dtype=np.bool_)
    table[[ord(c) for c in characters]] = True
    return table


#: A name beside one of these is a part of an address on the net or of a path.
_PATH_BEFORE, _PATH_BEHIND = _marks("@_/\\="), _marks("@_=")


_SEPARATOR = ord(SEPARATOR)
#: What stands before the "@" of an address of mail.
_HANDLE = np.array([chr(c).isalnum() or chr(c) in "._+-" or c == 128 for c in range(129)])


class Weighed(NamedTuple):
    """Names in runs by columns: the first word of their run, where they begin and end, what speaks for them; and of what
    is best of the rest where it begins and ends, and its weight."""

    head: Ints
    first: Ints
    last: Ints
    weight: npt.NDArray[np.float64]
    reason: npt.NDArray[np.object_]
    rest_first: Ints
    rest_last: Ints
    rest_weight: npt.NDArray[np.float64]


def weighed(packed: Ints, heads: Ints, tails: Ints, columns: tuple[npt.NDArray[Any], ...]) -> Weighed:
    """What `latin_weigh.names` says of runs of words; ``columns`` are the fields of `latin_weigh.Around`.

    Runs alike are many, and each kind is asked once.
    """
    kinds, of, values = _kinds(packed, heads, tails, columns)
    asked = [_TOLD.get(value) for value in values]
    new = [k for k, said in enumerate(asked) if said is None]
    if new:
        some = kinds[new]
        arounds = zip(*(column[some].tolist() for column in columns), strict=True)
        if len(_TOLD) > _MANY:
            _TOLD.clear()
        for k, head, tail, around in zip(new, heads[some].tolist(), tails[some].tolist(), arounds, strict=True):
            said, left = names(tuple(packed[head:tail].tolist()), around)
            asked[k] = own = _Told(said, (-1, -1, 0.0) if left is None else left[:3])
            if tail - head <= _LONG:
                _TOLD[values[k]] = own
    counts = [len(own.names) for own in asked if own is not None]
    best = [name for own in asked if own is not None for name in own.names]
    rest = [own.rest for own in asked if own is not None]
    begin, end, weight, reason = zip(*best, strict=True) if best else ((),) * 4
    # From kinds back to runs, each with as many names as its kind has.
    count = np.array(counts, dtype=np.int64)
    size = count[of]
    index = np.repeat((np.cumsum(count) - count)[of] - np.cumsum(size) + size, size) + np.arange(int(size.sum()))
    head = np.repeat(heads, size)
    low, high, load = (np.array(column)[of] for column in zip(*rest, strict=True))
    left_over = low >= 0
    return Weighed(
        head,
        head + np.array(begin, dtype=np.int64)[index],
        head + np.array(end, dtype=np.int64)[index],
        np.array(weight, dtype=np.float64)[index],
        np.array(reason, dtype=np.object_)[index],
        (heads + low)[left_over],
        (heads + high)[left_over],
        load[left_over],
    )


class _Told(NamedTuple):
    """What is said of a kind of run: its names, and where the best of the rest begins and ends, and its weight."""

    names: tuple[Name, ...]
    rest: tuple[int, int, float]


#: What was said of kinds of runs, by their hashes.
_TOLD: dict[int, _Told] = {}
_MANY = 1 << 16

#: A number to multiply hashes by, and how far they are shifted to mix them.
_MIX, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(29)


def _kinds(
    packed: Ints, heads: Ints, tails: Ints, columns: tuple[npt.NDArray[Any], ...]
) -> tuple[Ints, Ints, list[int]]:
    """One run of each kind, the kind of each run, and the hash of each kind: runs alike have the same words with the same
    around them."""
    value = (tails - heads).astype(np.uint64)
    for column in columns:
        own = column.astype(np.float64).view(np.uint64)
        value = (value ^ own ^ own >> _SHIFT) * _MIX
        value ^= value >> _SHIFT
    # A long run is a kind of its own.
    size, words = tails - heads, packed.view(np.uint64)
    value = np.where(size > _LONG, value ^ np.arange(len(heads)).astype(np.uint64) * _MIX, value)
    going = np.flatnonzero(size <= _LONG)
    for place in range(int(size[going].max(initial=0))):
        going = going[size[going] > place]
        own = (value[going] ^ words[heads[going] + place]) * _MIX
        value[going] = own ^ own >> _SHIFT
    hashes, first, of = np.unique(value, return_index=True, return_inverse=True)
    return first, of, hashes.tolist()


def told(block: Block, words: Words, flags: Flags, member: Ints, runs: Weighed) -> tuple[list[Found], Spare]:
    """The names of weighed runs as finds, and what may become one beside others.

    ``member`` are the words that the runs count.
    """
    begins, ends, marks = words.start[member], words.end[member], flags[member]
    known = np.concatenate([[0], np.cumsum(marks != 0)])
    bare = known[runs.rest_last] == known[runs.rest_first]
    low, high = begins[runs.rest_first], ends[runs.rest_last - 1]
    may = ((runs.rest_weight > 0.0) | (bare & (runs.rest_weight > -0.9))) & (high - low > 1)
    spare = Spare(low[may], high[may], runs.rest_weight[may])
    first = runs.first
    low, high = begins[first], ends[runs.last - 1]
    score = np.minimum(0.95, 0.5 + 0.08 * (runs.weight - ENOUGH + 1))
    behind, one, two, three = (np.minimum(block.codes[place], 128) for place in (high, low - 1, low - 2, low - 3))
    kept = high - low > 1  # an initial by itself is none
    # What ends like "van ", "van der ", "T. " or "mr. " before a name.
    space = one == ord(" ")
    led = (first > runs.head) & ((marks[first - 1] & TITLE) != 0)
    led |= (one == ord(".")) | (two == ord("."))
    led |= space & (two == ord("n")) & ((three == ord("a")) | (three == ord("o")) | (three == ord("e")))
    led |= space & (three == ord("e")) & ((two == ord("r")) | (two == ord("t")))
    led |= space & (two == ord("e")) & (three == ord("d"))
    # "doña ", "dona ", "don ", "seu ", and "sra " or "dr " without their full stop.
    led |= space & (two == ord("a")) & ((three == 128) | (three == ord("n")) | (three == ord("r")))
    led |= space & (
        (two == ord("u")) & (three == ord("e")) | (two == ord("r")) & ((three == ord("d")) | (three == ord("s")))
    )
    valued = (one == ord("=")) & (runs.reason == "context")  # "last_name=Oyelaran"
    # "@Leticia Monroy": two words are no handle.
    mention = (one == ord("@")) & (runs.last - first > 1) & ~(_HANDLE[two] & (block.codes[low - 2] != _SEPARATOR))
    kept &= led | ~((_PATH_BEFORE[one] & ~valued & ~mention) | _PATH_BEHIND[behind])
    plain = kept & ~led
    # Those that are plain as they are, the others one by one.
    columns = (low[plain].tolist(), high[plain].tolist(), score[plain].tolist(), runs.reason[plain].tolist())
    out = [
        Found(start, end, "PERSON", own, RECOGNISER, reason) for start, end, own, reason in zip(*columns, strict=True)
    ]
    for k in np.flatnonzero(kept & led).tolist():
        start, end = _start(block.text, begins, ends, marks, int(runs.head[k]), int(first[k])), int(high[k])
        if block.text[start - 1] == "/" and block.text[start - 2].isalpha():
            start = int(low[k])  # "Bapak/Ibu Rama Safitri"
        if block.text[start - 1] not in "@_/\\=" and block.text[end] not in "@_=":
            out.append(Found(start, end, "PERSON", float(score[k]), RECOGNISER, runs.reason[k]))
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
    elif courtesy := _SMALL_COURTESY.search(text, max(0, low - 7), low):
        low = courtesy.start()
    elif maria := _MARIA.search(text, max(0, low - 6), low):
        low = maria.start()
    if text[low - 1] == "." or text[low - 2] == ".":
        initials = _INITIALS.search(text, max(0, low - 12), low)
        low = initials.start() if initials else low
    return low
