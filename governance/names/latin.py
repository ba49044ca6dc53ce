"""Names in scripts with capitals (Latin, Cyrillic): runs of capitalised words, weighed word by word.

Each word brings evidence from the lexicon, its place in the sentence and its neighbours; the best stretch of a run
is a name if the evidence is enough. All capitalised words of a block are looked up at once; only runs in which
something speaks for a name are weighed one by one. In rows without capitals, words that are names and nothing else
stand for capitalised ones.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from governance.names.block import DIGIT, LETTER, SEPARATOR, UPPER, Block, Found
from governance.names.cues import CALL, CLAN, LABEL, NAMER, SAYS, SURNAME, SYLLABLE, TALK
from governance.names.latin_cues import CLOSING, DAYTIME, GOOD
from governance.names.latin_join import RECOGNISER, chained, encouraged, inverted, with_children
from governance.names.latin_tell import told, weighed
from governance.names.latin_weigh import (
    AFTER,
    BEFORE,
    BESIDE,
    ENOUGH,
    FAMILY,
    FLAGS,
    GIVEN,
    GREET,
    KNOWN,
    LENGTH_BIT,
    LINK,
    MONO,
    NAME,
    NOT,
    ORG,
    PLACE,
    PROPER,
    RARE,
    SHOUT_BIT,
    SOUND_BIT,
    SOUND_LOW,
    SOUND_STEPS,
    TITLE,
    TITLED,
    VIET,
    WORD,
)  # fmt: skip
from governance.names.latin_words import (
    BITS,
    CALLED,
    SPOKEN,
    Bools,
    Flags,
    Hasher,
    Words,
    chinese_given,
    grams,
    lexicon,
    linked,
    paired,
    sounding,
    words_of,
)  # fmt: skip
from governance.names.lexicon import Ints
from governance.recognisers.normalise import FILLER

__all__ = ["BITS", "RECOGNISER", "find", "grams", "sounding"]

_QUOTES = (ord('"'), ord("“"))
#: Fillers stand one behind the other, before the separator.
_FILLERS = ord(SEPARATOR) - ord(FILLER)
_WEAK = WORD | NOT | PROPER | ORG | PLACE | RARE


class _Runs(NamedTuple):
    """Runs of words that belong together: words ``member[head:tail]`` for each head and tail."""

    member: Ints
    head: Ints
    tail: Ints


def find(block: Block) -> list[Found]:
    """Names among the capitalised words of a block."""
    part, rows = block.part(LETTER)
    return block.moved(_find(part), part, rows) if len(rows) else []


def _find(block: Block) -> list[Found]:
    words = words_of(block)
    count = len(words.start)
    if not count:
        return []
    known = lexicon()
    keys = Hasher(block.folded)
    flags: Flags = np.zeros(count, dtype=np.uint32)
    capital = words.capital
    _possessives(block, words, np.flatnonzero(capital))
    edges = np.searchsorted(words.start, block.starts)
    capitals = np.concatenate([[0], np.cumsum(capital)])
    per_row = np.diff(capitals[edges])
    quiet_rows = per_row == 0
    # A row whose only capital is its first letter has none to spare for names either.
    some = np.flatnonzero(per_row == 1)
    quiet_rows[some] = capital[np.minimum(edges[some], count - 1)]
    # Nor has one that begins without and holds a few.
    some = np.flatnonzero((per_row > 0) & (per_row < 4) & (np.diff(edges) > 3 * per_row))
    quiet_rows[some] |= ~capital[np.minimum(edges[some], count - 1)]
    # What was found before stands there as a filler: it may have been the capitals.
    filler = np.flatnonzero((block.codes - np.uint32(ord(FILLER))) < _FILLERS)
    if len(filler):
        held, first = np.unique(block.rows_of(filler), return_index=True)
        begin = np.minimum(edges[held], count - 1)
        quiet_rows[held[capital[begin] | (filler[first] < words.start[begin])]] = False
    member = capital.copy()
    talk = np.zeros(len(quiet_rows), dtype=np.bool_)
    rows_quiet = quiet_rows & (np.diff(edges) > 0)
    if rows_quiet.any():
        inside = np.flatnonzero(np.repeat(rows_quiet, np.diff(edges)))
        hashes = keys(words.start[inside], words.end[inside])
        coarse = known.coarse(hashes)
        said = np.flatnonzero(coarse & SPOKEN)
        flags[inside[said]] = known.spoken.get(hashes[said])
        likely = np.flatnonzero(coarse & CALLED)
        flags[inside[likely]] = known.table.get(hashes[likely])
        inside = inside[coarse != 0]
        talk[np.searchsorted(edges, inside[(flags[inside] & TALK) != 0], side="right") - 1] = True
        name = inside[((flags[inside] & GIVEN) != 0) & ((flags[inside] & _WEAK) == 0)]
        name = name[words.end[name] - words.start[name] > 2]
        member[name] = True
        # A family name behind a given one: "helen cooper".
        following = name[name + 1 < edges[np.searchsorted(edges, name, side="right")]] + 1
        following = following[~member[following]]
        flags[following] = known.table.get(keys(words.start[following], words.end[following]))
        family = ((flags[following] & (FAMILY | GIVEN)) != 0) & ((flags[following] & (WORD | NOT | ORG)) == 0)
        family |= (flags[following] & SURNAME) != 0
        member[following[family & (words.end[following] - words.start[following] > 2)]] = True
        brands = name[member[np.minimum(name + 1, count - 1)]]
        second = np.minimum(brands + 1, count - 1)
        pair = paired(keys(words.start[brands], words.end[brands]), keys(words.start[second], words.end[second]))
        brands = brands[known.pairs.get(pair) > 0]
        member[brands] = False
        member[brands + 1] = False
        _named(block, words, keys, flags, member, edges, inside[(flags[inside] & NAMER) != 0])
    _look_up(block, words, keys, flags, np.flatnonzero(capital))
    runs = _runs(block, words, keys, flags, member)
    if not len(runs.head):
        return []
    return _weigh(block, words, keys, flags, runs, edges, quiet_rows, talk)


def _named(block: Block, words: Words, keys: Hasher, flags: Flags, member: Bools, edges: Ints, namers: Ints) -> None:
    """Names without capitals behind "my name is" and the like: up to three words that are no ordinary ones."""
    if not len(namers):
        return
    stop = edges[np.searchsorted(edges, namers, side="right")]
    near = (namers[:, None] + np.arange(1, 6)).ravel()
    near = np.unique(near[near < np.repeat(stop, 5)])
    flags[near] = lexicon().table.get(keys(words.start[near], words.end[near]))
    codes = block.codes
    for at, end in zip(namers.tolist(), stop.tolist(), strict=True):
        first = at + 1
        while (
            first < min(end, at + 3)
            and flags[first] & (WORD | NOT)
            and words.end[first] - words.start[first] < 5
            and not (flags[first] & MONO and first + 1 < end and flags[first + 1] & SYLLABLE)
        ):
            first += 1
        last = first
        if first >= end:
            continue
        if flags[first] & MONO and not words.capital[first]:
            # "ten tran thu thuy"
            while (
                last < min(end, first + 4)
                and flags[last] & (SYLLABLE | MONO)
                and (last == first or codes[words.end[last - 1]] == 32)
            ):
                last += 1
            if last - first > 1:
                member[first:last] = True
                flags[first] = MONO | GIVEN | SYLLABLE
                flags[first + 1 : last] = SYLLABLE | GIVEN
                flags[first - 1] |= GREET
                continue
            last = first
        if block.folded[words.start[at]] == ord("t"):
            continue  # "ten" is a number elsewhere
        while last < min(end, first + 4) and (last == first or codes[words.end[last - 1]] in (32, 46)):
            length = words.end[last] - words.start[last]
            if words.capital[last] or flags[last] & (WORD | NOT | ORG) or (length < 3 and not last > first):
                break
            last += 1
        if last > first and first - at < 4:
            member[first:last] = True
            flags[first - 1] |= GREET


def _possessives(block: Block, words: Words, at: Ints) -> None:
    """Cut the possessive off words: it is no part of them."""
    if "'" not in block.text and "’" not in block.text:
        return
    end = words.end[at]
    mark = block.codes[np.maximum(end - 2, 0)]
    cut = (end - words.start[at] > 2) & ((mark == ord("'")) | (mark == ord("’"))) & (block.folded[end - 1] == ord("s"))
    words.end[at[cut]] -= 2


def _look_up(block: Block, words: Words, keys: Hasher, flags: Flags, at: Ints) -> None:
    """Fill in the flags of words ``at``."""
    if not len(at):
        return
    known = lexicon()
    start, end = words.start[at], words.end[at]
    hashes = keys(start, end)
    found = known.table.get(hashes)
    unknown = np.flatnonzero((found == 0) & (end - start > 3))
    if len(unknown):
        # Of a name with a hyphen that is not known as a whole, its parts speak; contractions are words.
        codes = block.codes
        marks = np.flatnonzero((codes == ord("-")) | (codes == ord("'")) | (codes == ord("’")))
        if len(marks):
            where = np.minimum(np.searchsorted(marks, start[unknown]), len(marks) - 1)
            cut = marks[where]
            inside = (cut > start[unknown]) & (cut < end[unknown] - 1)
            again, cut = unknown[inside], cut[inside]
            if len(again):
                first = known.table.get(keys(start[again], cut))
                second = known.table.get(keys(cut + 1, end[again]))
                dash = codes[cut] == ord("-")
                speaks = np.where((first & NAME) != 0, first, second)
                short = ~dash & (end[again] - cut <= 3)
                # "Min-seo", "Siew-Ling": syllables.
                speaks = np.where((first & (SYLLABLE | CLAN)) != 0, SYLLABLE | (speaks & GIVEN), speaks)
                found[again] = np.where(dash, speaks, np.where(short, NOT, second & ~np.uint32(WORD | NOT)))
    # "Rose Garden", "New York": two words that are nobody together.
    near = np.flatnonzero((np.diff(at) == 1) & (start[1:] - end[:-1] <= 3))
    if len(near):
        pairs = known.pairs.get(paired(hashes[near], hashes[near + 1])) > 0
        bad = near[pairs]
        found[bad] = (found[bad] & (TITLE | ORG)) | NOT
        found[bad + 1] = NOT
    flags[at] = found


def _runs(block: Block, words: Words, keys: Hasher, flags: Flags, member: Bools) -> _Runs:
    """Runs of capitalised words, with particles between two of them ("João da Silva")."""
    at = np.flatnonzero(member)
    if not len(at):
        return _Runs(at, at, at)
    gap = np.diff(at)
    for size in (2, 3):
        left = at[:-1][gap == size]
        left = left[words.start[left + size] - words.end[left] < 5 * size]
        if not len(left):
            continue
        between = (left[:, None] + np.arange(1, size)).ravel()
        flags[between] = lexicon().table.get(keys(words.start[between], words.end[between]))
        # "văn" is no "van".
        plain = (block.codes[words.start[between] + 1] < 128) & (block.codes[words.start[between]] < 128)
        good = (plain & ((flags[between] & LINK) != 0)).reshape(-1, size - 1).all(axis=1)
        for k in range(size):
            good &= linked(block, words, flags, left + k, TITLE)
        member[between.reshape(-1, size - 1)[good].ravel()] = True
    at = np.flatnonzero(member)
    joined = (np.diff(at) == 1) & linked(block, words, flags, at[:-1], TITLE)
    head = np.flatnonzero(np.concatenate([[True], ~joined]))
    tail = np.concatenate([head[1:], [len(at)]])
    # A run of which nothing could be a name is none.
    own = flags[at]
    capable = ((own & (WORD | NOT | PROPER | ORG)) == 0) | ((own & NAME) != 0)
    total = np.concatenate([[0], np.cumsum(capable)])
    keep = total[tail] > total[head]
    return _Runs(at, head[keep], tail[keep])


def _opening(block: Block, at: Ints) -> Bools:
    """Whether a sentence opens at each position."""
    codes = block.codes
    place = at - 1
    for _ in range(3):
        place = np.where((place >= 0) & _SKIP[np.minimum(codes[np.maximum(place, 0)], _SKIP_SIZE)], place - 1, place)
    return (
        (place < 0)
        | _OPENS[np.minimum(codes[np.maximum(place, 0)], _SKIP_SIZE)]
        | (codes[np.maximum(place, 0)] == ord(SEPARATOR))
    )


def _aged(block: Block, at: Ints) -> Bools:
    """Whether a number of two digits in commas or brackets stands at each position: "Badrul, 29," or "( 29 )"."""
    codes, kinds, last = block.codes, block.kinds, len(block.codes) - 1

    def skipped(place: Ints) -> Ints:
        return np.minimum(place + (codes[place] == ord(" ")), last)

    place = skipped(at)
    opened = (codes[place] == ord(",")) | (codes[place] == ord("("))
    place = skipped(np.minimum(place + 1, last))
    one, two = place, np.minimum(place + 1, last)
    three = np.minimum(place + 2, last)
    digits = ((kinds[one] & kinds[two] & ~kinds[three]) & DIGIT) != 0
    behind = codes[skipped(three)]
    closed = (behind == ord(",")) | (behind == ord(")")) | (behind == ord("t"))
    return opened & digits & closed


#: Endings of verbs that people do, and what such verbs begin with in Indonesian and Malay.
_ENDINGS = tuple(np.array([ord(c) for c in ending], dtype=np.uint32) for ending in ("ou", "iu", "ed"))
_BEGINNINGS = tuple(
    np.array([ord(c) for c in beginning], dtype=np.uint32) for beginning in ("men", "mem", "ber", "mel", "mer")
)


def _acting(block: Block, start: Ints, end: Ints) -> Bools:
    """Whether words look like verbs of which a person may be the subject ("divergiu", "menolak", "dimitió")."""
    folded, out = block.folded, np.zeros(len(start), dtype=np.bool_)
    long = end - start >= 5
    for ending in _ENDINGS:
        out |= (folded[end - 2] == ending[0]) & (folded[np.maximum(end - 1, 0)] == ending[1])
    for beginning in _BEGINNINGS:
        same = end - start >= 6
        for k, code in enumerate(beginning):
            same &= folded[np.minimum(start + k, len(folded) - 1)] == code
        out |= same
    return long & (out | (block.codes[end - 1] == ord("ó")))


def _apposed(
    block: Block,
    words: Words,
    keys: Hasher,
    before: Ints,
    head: Ints,
    last: Ints,
    after: Ints,
) -> Bools:
    """Whether runs stand between commas and what people do follows: "the coach, Fakhri Kurniadi, resigned"."""
    codes, start, end = block.codes, words.start, words.end
    out = (start[head] - end[before] == 2) & (codes[end[before]] == ord(",")) & ~words.capital[before]
    out &= (start[after] - end[last] == 2) & (codes[end[last]] == ord(",")) & ~words.capital[after]
    out &= (codes[end[before] + 1] == ord(" ")) & (codes[end[last] + 1] == ord(" "))
    at = np.flatnonzero(out)
    if len(at):
        verb = after[at]
        known = lexicon().table.get(keys(start[verb], end[verb]))
        out[at] = ((known & (SAYS | AFTER)) != 0) | _acting(block, start[verb], end[verb])
    return out


_SKIP_SIZE = 0x2100
_SKIP = np.zeros(_SKIP_SIZE + 1, dtype=np.bool_)
_SKIP[[ord(c) for c in " \t\"'“”‘’(*->»«¿¡"]] = True
_OPENS = np.zeros(_SKIP_SIZE + 1, dtype=np.bool_)
_OPENS[[ord(c) for c in ".!?:\n\r…"]] = True


def _weigh(
    block: Block, words: Words, keys: Hasher, flags: Flags, runs: _Runs, edges: Ints, quiet_rows: Bools, talk: Bools
) -> list[Found]:
    start, end, count, codes = words.start, words.end, len(words.start), block.codes
    known = lexicon()
    member = runs.member
    head_word, last_word = member[runs.head], member[runs.tail - 1]
    rows = np.searchsorted(edges, head_word, side="right") - 1
    # The neighbours of each run.
    before_at, after_at = np.maximum(head_word - 1, 0), np.minimum(last_word + 1, count - 1)
    beside_any = np.zeros(count, dtype=np.bool_)
    beside_any[before_at] = beside_any[after_at] = True
    beside = np.flatnonzero(beside_any & ~words.capital)
    flags[beside] = known.table.get(keys(start[beside], end[beside]))
    has_before = (head_word > 0) & linked(block, words, flags, before_at, TITLE)
    before = np.where(has_before, flags[before_at], 0)
    # "sou a patricia": the word before the article.
    further = np.maximum(before_at - 1, 0)
    article = ~words.capital[head_word] & has_before & (end[before_at] - start[before_at] <= 2) & (before_at > 0)
    before = np.where(article & ((flags[further] & CALL) != 0), CALL, before)
    # "my name is …", "call me …"
    blank = further[flags[further] == 0]
    flags[blank] = known.table.get(keys(start[blank], end[blank]))
    short = (
        has_before & (end[before_at] - start[before_at] <= 3) & ((flags[before_at] & (BEFORE | TALK | LINK | NOT)) != 0)
    )
    named = (flags[further] & (NAMER | LABEL)) != 0
    me = (block.folded[start[before_at]] == ord("m")) & (block.folded[end[before_at] - 1] == ord("e"))
    named |= ((flags[further] & BEFORE) != 0) & me
    before = np.where(short & named & (further < before_at), before | GREET, before)
    possessive = (codes[end[last_word]] == ord("'")) | (codes[end[last_word]] == ord("’"))
    has_after = (last_word + 1 < count) & linked(block, words, flags, last_word, 0) & ~possessive
    # "Whitcombe 's husband", "( Ghana )"; a bracket or a comma parts.
    after = np.where(has_after, flags[after_at], np.where(possessive, AFTER, 0))
    # "Parkinson's disease": what is owned is a thing that bears the name.
    owned = possessive & (start[after_at] - end[last_word] == 3) & ((flags[after_at] & ORG) != 0)
    after = np.where(owned, flags[after_at], after)
    # "Boa tarde Tatiane"
    polite = has_before & ((flags[before_at] & DAYTIME) != 0) & ((flags[further] & GOOD) != 0)
    before = np.where(polite, before | GREET, before)
    verb = has_after & (after & (SAYS | AFTER | ORG | NOT) == 0) & ~words.capital[after_at] & words.capital[head_word]
    after = np.where(verb & _acting(block, start[after_at], end[after_at]), after | AFTER, after)
    close = np.where(
        codes[end[before_at]] == ord(" "), codes[np.minimum(end[before_at] + 1, len(codes) - 1)], codes[end[before_at]]
    )
    near = (
        (start[head_word] - end[before_at] <= 8)
        & (head_word > 0)
        & (rows == np.searchsorted(edges, before_at, side="right") - 1)
    )
    colon = near & ((close == ord(":")) | (close == ord("=")))
    label = colon & ((flags[before_at] & (LABEL | TITLE | GREET)) != 0)
    label |= near & (close == ord("?")) & ((flags[before_at] & LABEL) != 0)
    opens = _opening(block, start[head_word])
    behind = codes[end[last_word]]
    size = runs.tail - runs.head
    row_begin = block.starts[rows]
    front = codes[np.maximum(start[head_word] - 1, 0)]
    line_start = opens & (
        (start[head_word] == row_begin)
        | (front == ord("\n"))
        | (front == ord(">"))
        | (
            (front == ord(" "))
            & (
                (codes[np.maximum(start[head_word] - 2, 0)] == ord("\n"))
                | (codes[np.maximum(start[head_word] - 2, 0)] == ord(">"))
            )
        )
    )
    plain = (flags[head_word] & (LABEL | WORD | NOT | ORG | TITLE)) != 0
    unheard = (flags[head_word] & NAME) == 0
    rows_of_after = np.searchsorted(edges, after_at, side="right") - 1
    flags_behind = flags[after_at]
    inner_head = np.minimum(start[head_word] + 1, len(codes) - 1)
    short_shout = ((block.kinds[inner_head] & UPPER) != 0) & (end[head_word] - start[head_word] < 5)
    speaker = line_start & (behind == ord(":")) & (size < 4) & ~((plain | short_shout) & (size == 1))
    # A word that is no name is the label of a field, unless somebody is quoted in a text of its own.
    ahead = np.minimum(end[last_word] + 1, len(codes) - 2)
    quoted = np.isin(codes[ahead], _QUOTES) | ((codes[ahead] == ord(" ")) & np.isin(codes[ahead + 1], _QUOTES))
    asked = (start[head_word] == row_begin) & (rows_of_after == rows) & ((flags_behind & NOT) != 0)
    speaker &= ~((size == 1) & unheard) | quoted | asked
    # "Petugas: Slamet": a word that is no name, and a colon, at the start of a line.
    first_before = _opening(block, start[before_at]) & words.capital[before_at] & ((flags[before_at] & NAME) == 0)
    label |= colon & first_before & (size > 1) & ((flags[head_word] & (WORD | NOT | ORG | PROPER | PLACE)) == 0)
    whole = line_start & (behind == ord("\n")) & (size < 5) & (size > 1)
    # Beneath "Best regards,".
    closing = codes[np.maximum(start[head_word] - 2, 0)] == ord(",")
    closing &= (
        (rows == np.searchsorted(edges, before_at, side="right") - 1)
        & (front == ord("\n"))
        & (start[head_word] - 40 < end[before_at])
        & (size < 5)
        & line_start
    )
    whole |= closing & ((behind == ord("\n")) | (behind == ord(SEPARATOR)) | (behind == ord(".")) | (size > 1))
    # "Cheers, Nige"
    ends = (behind == ord("\n")) | (behind == ord(SEPARATOR))
    ends |= (behind == ord(".")) & ~(block.kinds[np.minimum(end[last_word] + 2, len(codes) - 1)] & LETTER).astype(bool)
    signs = near & (codes[end[before_at]] == ord(",")) & (start[head_word] - end[before_at] == 2) & ends & (size < 4)
    label |= signs & ((flags[before_at] & CLOSING) != 0) & ((flags[head_word] & (NOT | ORG | WORD)) == 0)
    # How much a capital says in each row.
    capital_words = np.flatnonzero(words.capital)
    of = np.searchsorted(edges, capital_words, side="right") - 1
    own = flags[capital_words]
    lengths = end - start
    shout = np.zeros(count, dtype=np.bool_)
    inner = np.minimum(start[capital_words] + 1, len(codes) - 1)
    shout[capital_words] = ((block.kinds[inner] & UPPER) != 0) & (lengths[capital_words] > 1)
    n = len(edges) - 1
    opening = _opening(block, start[capital_words])
    ordinary = np.bincount(
        of, weights=~opening & ((own & (WORD | NOT | ORG)) != 0) & ((own & (GIVEN | MONO | SYLLABLE)) == 0), minlength=n
    )
    large = np.bincount(of, minlength=n)
    loud = np.bincount(of, weights=shout[capital_words], minlength=n)
    singles = np.bincount(of, weights=lengths[capital_words] == 1, minlength=n)
    small = np.concatenate([[0], np.cumsum(~words.capital & (lengths > 3))])
    # Short words count for less: titles have a few as well.
    small = small + 0.4 * np.concatenate([[0], np.cumsum(~words.capital & (lengths < 4))])
    small = small[edges[1:]] - small[edges[:-1]]
    total = np.diff(edges)
    dense = (ordinary >= 2) & (ordinary > 1.2 * small) & (ordinary > 0.3 * large)
    loud_row = (loud > 0) & (loud + singles >= large) & (loud * 2 > total)
    doubt = np.where(loud_row, 2.2, np.where(dense, 1.0, np.where(quiet_rows, np.where(talk, 0.5, 0.75), 0.0)))
    viet = (codes - np.uint32(0x1EA0)) <= 0x59
    strange = np.zeros(n, dtype=np.bool_)
    if viet.any():
        strange[block.rows_of(np.flatnonzero(viet))] = True
    # Syllables are words of other languages: only nearly all capitals make a title.
    doubt = np.where(
        strange & ~loud_row, np.where((large > 4) & (large > 0.7 * total), 1.0, np.where(quiet_rows, doubt, 0.0)), doubt
    )
    run_doubt = np.where(quiet_rows[rows] & words.capital[head_word], 0.0, doubt[rows])
    # Titles of any language: four capitals in a row and more, most of which are nobody's names.
    sheer = np.concatenate(
        [[0], np.cumsum(((flags[member] & NAME) != 0) & ((flags[member] & (WORD | NOT | ORG)) == 0))]
    )
    spelt = np.concatenate([[0], np.cumsum(lengths[member] > 1)])
    spelt = spelt[runs.tail] - spelt[runs.head]
    titled = (spelt > 3) & (2 * (sheer[runs.tail] - sheer[runs.head]) < spelt) & words.capital[head_word]
    run_doubt = np.where(titled, np.maximum(run_doubt, TITLED), run_doubt)
    # "Dolores de espalda", "Consuelo para bebé": a name that is a word, and what it is of or for.
    second = np.minimum(last_word + 2, count - 1)
    part = has_after & (size == 1) & (start[head_word] == row_begin) & ~words.capital[after_at] & ~words.capital[second]
    part &= ((flags[after_at] & (LINK | BEFORE)) != 0) & (end[after_at] - start[after_at] < 5)
    part &= start[second] - end[after_at] == 1
    run_doubt = np.where(part, np.maximum(run_doubt, 0.6), run_doubt)
    announced = label | speaker & ~loud_row[rows] | whole & ~loud_row[rows] & ~dense[rows]
    bracket = (codes[np.maximum(start[after_at] - 1, 0)] == ord("(")) | (
        codes[np.maximum(start[after_at] - 2, 0)] == ord("(")
    )
    country = bracket & ((flags[after_at] & (PLACE | PROPER)) != 0) & (start[after_at] - end[last_word] <= 3)
    aged = _aged(block, end[last_word]) | country & (size > 1)
    roled = ((flags[before_at] & (BEFORE | TITLE | LABEL)) != 0) & ((flags[head_word] & _WEAK) == 0)
    aged |= ((size > 1) | roled) & _apposed(block, words, keys, before_at, head_word, last_word, after_at)
    # What could be a name at the very best.
    best, sounds, cued = _at_best(block, words, flags, runs, member)
    value = best + np.where(
        (before & TITLE) != 0,
        2.4,
        np.where((before & (GREET | CALL)) != 0, 2.1, np.where((before & BEFORE) != 0, 1.7, 0.0)),
    )
    value += np.where((after & SAYS) != 0, 2.0, np.where((after & AFTER) != 0, 1.0, 0.0)) + np.where(announced, 2.4, 0)
    value += np.where(aged, 1.8, 0.0) + np.where(strange[rows] & ((before & VIET) != 0), 4.0, 0.0)
    heard = announced | ((before & (TITLE | GREET | CALL)) != 0) | cued
    value -= np.where(heard, 0.0, run_doubt * np.where(size > 1, 1.0, 1.6))
    strong = value >= ENOUGH - 1e-6
    live = np.zeros(n, dtype=np.bool_)
    live[rows[strong]] = True
    # Three that are nearly names make a list.
    live |= np.bincount(rows[value >= 0.9], minlength=n) >= 3
    chosen = np.flatnonzero(strong | live[rows] & (value > 0.0))
    if not len(chosen):
        return []
    member_lengths = np.minimum(lengths[member], 7)
    packed = (
        flags[member].astype(np.int64) & FLAGS
        | shout[member].astype(np.int64) << SHOUT_BIT
        | _CLASS[member_lengths] << LENGTH_BIT
        | sounds << SOUND_BIT
    )
    columns = (
        before[chosen] & BESIDE, after[chosen] & BESIDE, opens[chosen], run_doubt[chosen], announced[chosen],
        strange[rows[chosen]], quiet_rows[rows[chosen]] & ~words.capital[head_word[chosen]], aged[chosen],
    )  # fmt: skip
    out, spare = told(block, words, flags, member, weighed(packed, runs.head[chosen], runs.tail[chosen], columns))
    found = chained(block, encouraged(block, out, spare))
    return inverted(block, words, flags, with_children(block, words, found))


#: Length of a word to its class: one letter, two, up to six, more.
_CLASS = np.array([0, 0, 1, 2, 2, 2, 2, 3], dtype=np.int64)


def _at_best(block: Block, words: Words, flags: Flags, runs: _Runs, member: Ints) -> tuple[np.ndarray, Ints, Bools]:
    """What each run could come to at best, and how each word sounds (a step of `SOUND_STEPS`)."""
    start, end = words.start[member], words.end[member]
    own = flags[member]
    inside = np.zeros(len(member) + 1, dtype=np.int64)
    np.add.at(inside, runs.head, 1)
    np.add.at(inside, runs.tail, -1)
    unknown = np.flatnonzero((np.cumsum(inside[:-1]) > 0) & ((own & (NAME | KNOWN | TITLE)) == 0) & (end - start > 1))
    sounds = np.full(len(member), round(-SOUND_LOW / SOUND_STEPS), dtype=np.int64)
    if len(unknown):
        value = np.clip(0.45 * sounding(block.folded, start[unknown], end[unknown]), SOUND_LOW, 1.1)
        sounds[unknown] = np.round((value - SOUND_LOW) / SOUND_STEPS)
        _syllables(block, words, flags, member, unknown)
        own = flags[member]
    named = (own & NAME) != 0
    best = np.where((own & GIVEN) != 0, 2.2, np.where((own & RARE) != 0, 0.7, 1.5))
    best = np.where((own & WORD) != 0, best - 1.7, best) - np.where((own & ORG) != 0, 2.5, 0.0)
    best = np.where(named, best - np.where((own & PROPER) != 0, 1.5, 0.0), sounds * SOUND_STEPS + SOUND_LOW)
    best = np.where((own & (NAME | KNOWN)) == 0, np.maximum(best, 0.15), best)
    best = np.where((own & NOT) != 0, 0.0, np.maximum(best, 0.0))
    total = np.concatenate([[0.0], np.cumsum(best)])
    size = runs.tail - runs.head
    value = total[runs.tail] - total[runs.head] + 0.95 * (size - 1)
    cue = np.concatenate([[0], np.cumsum((own & (TITLE | GREET)) != 0)])
    value += np.where(cue[runs.tail] > cue[runs.head], 2.4, 0.0) + np.where(size > 1, 0.9, 0.0)
    east = np.concatenate([[0], np.cumsum((own & (MONO | CLAN)) != 0)])
    value += np.where((east[runs.tail] > east[runs.head]) & (size > 1), 4.0, 0.0)
    return value, sounds, cue[runs.tail] > cue[runs.head]


def _syllables(block: Block, words: Words, flags: Flags, member: Ints, unknown: Ints) -> None:
    """Mark unknown words beside a Chinese or Korean family name that are built as given names are."""
    clan = np.concatenate([[False], (flags[member] & CLAN) != 0, [False]])
    text = block.text
    for at in member[unknown[clan[unknown] | clan[unknown + 2]]].tolist():
        if chinese_given(text[words.start[at] : words.end[at]].lower()):
            flags[at] |= SYLLABLE
