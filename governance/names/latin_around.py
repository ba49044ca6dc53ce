"""What stands around runs of capitalised words: the words beside them, labels and colons, line ends, ages.

Most of it is seldom there: each thing is looked at only where a first look, over all runs of a block, leaves it open.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from governance.names.block import DIGIT, LETTER, SEPARATOR, UPPER, Block
from governance.names.cues import CALL, LABEL, NAMER, SAYS, TALK
from governance.names.latin_cues import CLOSING, DAYTIME, GOOD
from governance.names.latin_hash import Hasher, Letters, folded
from governance.names.latin_weigh import AFTER, BEFORE, GREET, LINK, NAME, NOT, ORG, PLACE, PROPER, RARE, TITLE, WORD
from governance.names.latin_words import Bools, Flags, Words, lexicon, linked
from governance.names.lexicon import Ints

WEAK = WORD | NOT | PROPER | ORG | PLACE | RARE
_BLANK, _LINE, _COMMA, _COLON, _STOP, _OPEN = (ord(sign) for sign in " \n,:.(")
_APART = np.array([ord(sign) for sign in ",;|/"], dtype=np.uint32)
_SEPARATOR = ord(SEPARATOR)


class Runs(NamedTuple):
    """Runs of words that belong together: words ``member[head:tail]`` for each head and tail."""

    member: Ints
    head: Ints
    tail: Ints


class Around(NamedTuple):
    """What stands around runs, by run. ``rows``: of the block; ``first`` and ``last``: words of the block.

    ``before`` and ``after``: flags of the words beside them; ``opens``: a sentence opens with it; ``label``: a label
    stands before it; ``speaker``: a colon behind it; ``whole``: it is a line of its own; ``aged``: an age, a country or
    what people do follows; ``part``: it opens a row and "of" or "for" follows.
    """

    rows: Ints
    first: Ints
    last: Ints
    before: Flags
    after: Flags
    opens: Bools
    label: Bools
    speaker: Bools
    whole: Bools
    aged: Bools
    part: Bools


def around(block: Block, words: Words, keys: Hasher, flags: Flags, runs: Runs, edges: Ints) -> Around:
    """What stands around runs. ``edges``: the first word of each row. Fills in the flags of the words beside them."""
    start, end, capital, count = words.start, words.end, words.capital, len(words.start)
    codes, final = block.codes, len(block.codes) - 1
    first, last = runs.member[runs.head], runs.member[runs.tail - 1]
    size = runs.tail - runs.head
    rows = np.searchsorted(edges, first, side="right") - 1
    left, right = np.maximum(first - 1, 0), np.minimum(last + 1, count - 1)
    further = np.maximum(left - 1, 0)
    _look_up_beside(words, keys, flags, runs, left, right)
    begin, stop, left_end, right_begin = start[first], end[last], end[left], start[right]
    behind, joint = codes[stop], codes[left_end]
    flags_first, flags_left, flags_right = flags[first], flags[left], flags[right]
    first_capital, right_capital = capital[first], capital[right]
    left_short = left_end - start[left]

    # --- The words beside it ---
    has_before = (first > 0) & linked(block, words, flags, left, TITLE)
    before = np.where(has_before, flags_left, np.uint32(0))
    # "sou a patricia": the word before the article.
    article = np.flatnonzero(has_before & ~first_capital & (left_short <= 2) & (left > 0))
    article = article[(flags[further[article]] & CALL) != 0]
    before[article] = CALL
    # "my name is …", "call me …"
    short = np.flatnonzero(
        has_before & (left_short <= 3) & ((flags_left & (BEFORE | TALK | LINK | NOT)) != 0) & (further < left)
    )
    # "Boa tarde Tatiane"
    polite = np.flatnonzero(has_before & ((flags_left & DAYTIME) != 0))
    blank = np.concatenate([further[short], further[polite]])
    blank = blank[flags[blank] == 0]
    flags[blank] = lexicon().table.get(keys(start[blank], end[blank]))
    before_that, at = flags[further[short]], left[short]
    letters = folded(block)
    me = (letters[start[at]] == ord("m")) & (letters[end[at] - 1] == ord("e"))
    named = (before_that & (NAMER | LABEL)) != 0
    named |= ((before_that & BEFORE) != 0) & me
    before[short[named]] |= np.uint32(GREET)
    possessive = (behind == ord("'")) | (behind == ord("’"))
    has_after = (last + 1 < count) & linked(block, words, flags, last, 0) & ~possessive
    # "Whitcombe 's husband", "( Ghana )"; a bracket or a comma parts.
    after = np.where(has_after, flags_right, np.uint32(0))
    own = np.flatnonzero(possessive)
    # "Parkinson's disease": what is owned is a thing that bears the name.
    owned = (right_begin[own] - stop[own] == 3) & ((flags_right[own] & ORG) != 0)
    after[own] = np.where(owned, flags_right[own], np.uint32(AFTER))
    polite = polite[(flags[further[polite]] & GOOD) != 0]
    before[polite] |= np.uint32(GREET)
    verb = np.flatnonzero(has_after & ((after & (SAYS | AFTER | ORG | NOT)) == 0) & ~right_capital & first_capital)
    verb = verb[acting(block, right_begin[verb], end[right[verb]])]
    after[verb] |= np.uint32(AFTER)
    # "Kwabena and his sister"
    kin = np.flatnonzero(has_after & ~right_capital & first_capital & (end[right] - right_begin < 4))
    text = block.text
    after[[i for i in kin.tolist() if text.startswith(_KIN, int(stop[i]))]] |= np.uint32(AFTER)

    # --- Labels and lines ---
    gap = begin - left_end
    near = (gap <= 8) & (first > 0) & (left >= edges[rows])
    close = np.where(joint == _BLANK, codes[np.minimum(left_end + 1, final)], joint)
    colon = near & ((close == _COLON) | (close == ord("=")))
    label = colon & ((flags_left & (LABEL | TITLE | GREET)) != 0)
    label |= near & (close == ord("?")) & ((flags_left & LABEL) != 0)
    # "a.n. Budi Santoso", "a/n Budi": in the name of.
    initial = np.flatnonzero(
        near & (gap <= 2) & (left_short == 1) & (start[left] - end[further] == 1) & (left > further)
    )
    at, letters = left[initial], folded(block)
    initial = initial[
        (letters[start[at]] == ord("n"))
        & (letters[start[at] - 2] == ord("a"))
        & ((codes[start[at] - 1] == _STOP) | (codes[start[at] - 1] == ord("/")))
    ]
    label[initial] = True
    # "Petugas: Slamet": a word that is no name, and a colon, at the start of a line.
    form = np.flatnonzero(colon & (size > 1) & ((flags_first & (WORD | NOT | ORG | PROPER | PLACE)) == 0))
    at = left[form]
    label[form] |= opening(block, start[at]) & capital[at] & ((flags_left[form] & NAME) == 0)
    # "Name: …; Blood type: B": what was found before is what the label is of.
    held = np.flatnonzero(label & (gap > 3))
    if len(held):
        signs = np.flatnonzero(np.isin(codes, _APART))
        label[held] = np.searchsorted(signs, left_end[held]) == np.searchsorted(signs, begin[held])
    opens = opening(block, begin)
    front = codes[np.maximum(begin - 1, 0)]
    two = codes[np.maximum(begin - 2, 0)]
    line_start = (begin == block.starts[rows]) | (front == _LINE) | (front == ord(">"))
    line_start |= (front == _BLANK) & ((two == _LINE) | (two == ord(">")))
    line_start &= opens
    speaker = _speaking(block, words, flags, runs, edges, rows, line_start & (behind == _COLON) & (size < 4))
    whole = line_start & (behind == _LINE) & (size < 5) & (size > 1)
    # Beneath "Best regards,".
    closing = np.flatnonzero((front == _LINE) & (two == _COMMA) & line_start & (gap < 40) & (size < 5))
    closing = closing[left[closing] >= edges[rows[closing]]]
    last_sign = behind[closing]
    whole[closing] |= (last_sign == _LINE) | (last_sign == _SEPARATOR) | (last_sign == _STOP) | (size[closing] > 1)
    # "Cheers, Nige"
    signs = np.flatnonzero(near & (joint == _COMMA) & (gap == 2) & (size < 4) & ((flags_left & CLOSING) != 0))
    signs = signs[(flags_first[signs] & (NOT | ORG | WORD)) == 0]
    last_sign = behind[signs]
    ends = (last_sign == _LINE) | (last_sign == _SEPARATOR)
    ends |= (last_sign == _STOP) & ((block.kinds[np.minimum(stop[signs] + 2, final)] & LETTER) == 0)
    label[signs[ends]] = True

    # --- What follows ---
    # "Dolores de espalda", "Consuelo para bebé": a name that is a word, and what it is of or for.
    part = np.zeros(len(first), dtype=np.bool_)
    head = np.flatnonzero(has_after & (size == 1) & (begin == block.starts[rows]) & ~right_capital)
    second, at = np.minimum(last[head] + 2, count - 1), right[head]
    of = ~capital[second] & ((flags_right[head] & (LINK | BEFORE)) != 0) & (end[at] - start[at] < 5)
    part[head[of & (start[second] - end[at] == 1)]] = True
    aged = _aged(block, stop)
    place = np.flatnonzero((right_begin - stop <= 3) & ((flags_right & (PLACE | PROPER)) != 0) & (size > 1))
    at = right_begin[place]
    aged[place] |= (codes[np.maximum(at - 1, 0)] == _OPEN) | (codes[np.maximum(at - 2, 0)] == _OPEN)
    # Runs between commas.
    apart = np.flatnonzero((gap == 2) & (joint == _COMMA) & (right_begin - stop == 2) & (behind == _COMMA))
    roled = ((flags_left[apart] & (BEFORE | TITLE | LABEL)) != 0) & ((flags_first[apart] & WEAK) == 0)
    apart = apart[(size[apart] > 1) | roled]
    aged[apart] |= _apposed(block, words, keys, left[apart], last[apart], right[apart])
    return Around(rows, first, last, before, after, opens, label, speaker, whole, aged, part)


def _look_up_beside(words: Words, keys: Hasher, flags: Flags, runs: Runs, left: Ints, right: Ints) -> None:
    """Add the flags of the words in small letters beside runs; what was said of them before stays."""
    beside = np.zeros(len(words.start), dtype=np.bool_)
    beside[left] = beside[right] = True
    beside &= ~words.capital  # they are known
    beside[runs.member] = False
    at = np.flatnonzero(beside)
    flags[at] |= lexicon().table.get(keys(words.start[at], words.end[at]))


def _speaking(block: Block, words: Words, flags: Flags, runs: Runs, edges: Ints, rows: Ints, likely: Bools) -> Bools:
    """Which of the runs that are ``likely`` to be speakers, at the start of a line with a colon behind them, are."""
    out = np.zeros(len(likely), dtype=np.bool_)
    at = np.flatnonzero(likely)
    if not len(at):
        return out
    codes = block.codes
    first, last = runs.member[runs.head[at]], runs.member[runs.tail[at] - 1]
    alone = runs.tail[at] - runs.head[at] == 1
    begin, stop = words.start[first], words.end[first]
    plain = (flags[first] & (LABEL | WORD | NOT | ORG | TITLE)) != 0
    shout = ((block.kinds[np.minimum(begin + 1, len(codes) - 1)] & UPPER) != 0) & (stop - begin < 5)
    # A word that is no name is the label of a field, unless somebody is quoted in a text of its own.
    unheard = alone & ((flags[first] & NAME) == 0)
    ahead = np.minimum(words.end[last] + 1, len(codes) - 2)
    quoted = _quote(codes[ahead]) | ((codes[ahead] == _BLANK) & _quote(codes[ahead + 1]))
    after = np.minimum(last + 1, len(words.start) - 1)
    asked = (begin == block.starts[rows[at]]) & (after < edges[rows[at] + 1]) & ((flags[after] & (NOT | NAME)) == NOT)
    out[at] = ~((plain | shout) & alone) & (~unheard | quoted | asked)
    return out


def _quote(codes: npt.NDArray[np.uint32]) -> Bools:
    return (codes == ord('"')) | (codes == ord("“"))


_SKIP_SIZE = 0x2100
_SKIP = np.zeros(_SKIP_SIZE + 1, dtype=np.bool_)
_SKIP[[ord(c) for c in " \t\"'“”‘’(*->»«¿¡"]] = True
_OPENS = np.zeros(_SKIP_SIZE + 1, dtype=np.bool_)
_OPENS[[ord(c) for c in ".!?:\n\r…"]] = True


def opening(block: Block, at: Ints) -> Bools:
    """Whether a sentence opens at each position."""
    codes = block.codes
    place = at - 1
    code = codes.take(np.maximum(place, 0))
    for _ in range(3):
        skip = np.flatnonzero(_SKIP.take(code, mode="clip") & (place >= 0))
        if not len(skip):
            break
        place[skip] -= 1
        code[skip] = codes.take(np.maximum(place[skip], 0))
    return (place < 0) | _OPENS.take(code, mode="clip") | (code == _SEPARATOR)


def _aged(block: Block, at: Ints) -> Bools:
    """Whether a number of two digits in commas or brackets stands at each position, "Badrul, 29," or "( 29 )", or an age
    in words, ", aged 29"."""
    codes, kinds, last = block.codes, block.kinds, len(block.codes) - 1

    def skipped(place: Ints) -> Ints:
        return np.minimum(place + (codes[place] == _BLANK), last)

    out = np.zeros(len(at), dtype=np.bool_)
    place = skipped(at)
    opened = np.flatnonzero((codes[place] == _COMMA) | (codes[place] == _OPEN))
    one = skipped(np.minimum(place[opened] + 1, last))
    two, three = np.minimum(one + 1, last), np.minimum(one + 2, last)
    digits = ((kinds[one] & kinds[two] & ~kinds[three]) & DIGIT) != 0
    behind = codes[skipped(three)]
    out[opened] = digits & ((behind == _COMMA) | (behind == ord(")")) | (behind == ord("t")))
    said = opened[_AGE_BEGINS.take(np.minimum(codes[one], 127)) & ((kinds[three] & UPPER) == 0)]
    if len(said):
        text = block.text
        out[said] = [_AGE.match(text, begin) is not None for begin in at[said].tolist()]
    return out


_AGE = re.compile(
    " ?[,(] ?(?:(?:aged?|berusia|usia|umur) [0-9]{1,2}(?![0-9])(?! ?(?:months?|weeks?|days?|bulan|hari|minggu|years?(?! old))\\b)|(?:de|com) [0-9]{1,2} a[nñ]os)"
)
_AGE_BEGINS = np.zeros(128, dtype=np.bool_)
_AGE_BEGINS[[ord(c) for c in "abcdu"]] = True


#: Endings of verbs that people do, and what such verbs begin with in Indonesian and Malay.
_ENDINGS = ("ou", "iu", "ed")
_BEGINNINGS = ("men", "mem", "ber", "mel", "mer")


def _first_letters(words: tuple[str, ...]) -> Bools:
    out = np.zeros(128, dtype=np.bool_)
    out[[ord(word[0]) for word in words]] = True
    return out


_ENDS, _BEGINS = _first_letters(tuple(ending[::-1] for ending in _ENDINGS)), _first_letters(_BEGINNINGS)


#: A person has somebody with them.
_KIN = (
    " and his ",
    " and her ",
    " and their ",
    " y su ",
    " y sus ",
    " e sua ",
    " e seu ",
    " dan istrinya",
    " dan suaminya",
    " dan anaknya",
    " dan isterinya",
)


def acting(block: Block, start: Ints, end: Ints) -> Bools:
    """Whether words look like verbs of which a person may be the subject ("divergiu", "menolak", "dimitió")."""
    letters, size = folded(block), end - start
    out = (size >= 5) & (block.codes[end - 1] == ord("ó"))
    ends = np.flatnonzero(_ENDS[np.minimum(letters[end - 1], 127)] & (size >= 5))
    out[ends] |= _spelling(letters, end[ends] - 2, _ENDINGS)
    begins = np.flatnonzero(_BEGINS[np.minimum(letters[start], 127)] & (size >= 6))
    out[begins] |= _spelling(letters, start[begins], _BEGINNINGS)
    return out


def _spelling(letters: Letters, at: Ints, words: tuple[str, ...]) -> Bools:
    """Whether any of some words of the same length is spelt at each place."""
    spelt = np.zeros(len(at), dtype=np.int64)
    for k in range(len(words[0])):
        spelt = spelt << 16 | letters[at + k]
    out = np.zeros(len(at), dtype=np.bool_)
    for word in words:
        out |= spelt == sum(ord(letter) << 16 * k for k, letter in enumerate(reversed(word)))
    return out


def _apposed(block: Block, words: Words, keys: Hasher, left: Ints, last: Ints, right: Ints) -> Bools:
    """Which runs that stand between commas have what people do behind them: "the coach, Fakhri Kurniadi, resigned"."""
    codes, start, end = block.codes, words.start, words.end
    out = ~words.capital[left] & ~words.capital[right]
    out &= (codes[end[left] + 1] == _BLANK) & (codes[end[last] + 1] == _BLANK)
    at = np.flatnonzero(out)
    if len(at):
        verb = right[at]
        known = lexicon().table.get(keys(start[verb], end[verb]))
        out[at] = ((known & (SAYS | AFTER)) != 0) | acting(block, start[verb], end[verb])
    return out
