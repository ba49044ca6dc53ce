"""Names in scripts with capitals (Latin, Cyrillic): runs of capitalised words, weighed word by word.

Each word brings evidence from the lexicon, its place in the sentence and its neighbours; the best stretch of a run
is a name if the evidence is enough. All capitalised words of a block are looked up at once; only runs in which
something speaks for a name are weighed one by one. In rows without capitals, words that are names and nothing else
stand for capitalised ones.
"""

from __future__ import annotations

import numpy as np

from governance.names.block import LETTER, SEPARATOR, Block, Found
from governance.names.cues import CALL, CLAN, NAMER, SAYS, SURNAME, SYLLABLE, TALK
from governance.names.latin_around import WEAK, Runs, around
from governance.names.latin_best import at_best
from governance.names.latin_doubt import Rows, doubts
from governance.names.latin_hash import Hasher, folded, paired
from governance.names.latin_join import RECOGNISER, chained, encouraged, inverted, with_children
from governance.names.latin_quiet import spoken_of
from governance.names.latin_tell import told, weighed
from governance.names.latin_tickets import tickets
from governance.names.latin_weigh import (
    AFTER,
    BEFORE,
    BESIDE,
    ENOUGH,
    FAMILY,
    FLAGS,
    GIVEN,
    GREET,
    LENGTH_BIT,
    LINK,
    MONO,
    NAME,
    NOT,
    ORG,
    PROPER,
    SHOUT_BIT,
    SOUND_BIT,
    TITLE,
    VIET,
    WORD,
)  # fmt: skip
from governance.names.latin_words import (
    BITS,
    CALLED,
    SPOKEN,
    Bools,
    Flags,
    Words,
    grams,
    lexicon,
    linked,
    sounding,
    words_of,
)  # fmt: skip
from governance.names.lexicon import Ints
from governance.recognisers.normalise import FILLER

__all__ = ["BITS", "RECOGNISER", "find", "grams", "sounding"]

#: Fillers stand one behind the other, before the separator.
_FILLERS = ord(SEPARATOR) - ord(FILLER)


def find(block: Block) -> list[Found]:
    """Names among the capitalised words of a block."""
    part, rows = block.part(LETTER)
    return block.moved(_find(part) + tickets(part), part, rows) if len(rows) else []


def _find(block: Block) -> list[Found]:
    words = words_of(block)
    count = len(words.start)
    if not count:
        return []
    known = lexicon()
    keys = Hasher(folded(block))
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
    if quiet_rows.any() and len(filler := np.flatnonzero((block.codes - np.uint32(ord(FILLER))) < _FILLERS)):
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
        every, inside = inside, inside[coarse != 0]
        talk[np.searchsorted(edges, inside[(flags[inside] & TALK) != 0], side="right") - 1] = True
        name = inside[((flags[inside] & GIVEN) != 0) & ((flags[inside] & WEAK) == 0)]
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
        spoken_of(block, words, keys, flags, member, edges, every, coarse)
    _look_up(block, words, keys, flags, np.flatnonzero(capital))
    runs = _runs(block, words, keys, flags, member)
    if not len(runs.head):
        return []
    return _weigh(block, words, keys, flags, runs, Rows(edges, per_row, quiet_rows, talk))


#: What has a name and is nobody: "city name hastings".
_NAMED = frozenset(
    "city town village street road place area state country county district brand product item company business store shop file folder domain host hotel school college university model song movie film book game pet dog cat "
    "horse band plan device network wifi server airport station medicine drug account bank app site website event team club channel page project table column field variable class method recipe dish ship boat".split()
)


def _named(block: Block, words: Words, keys: Hasher, flags: Flags, member: Bools, edges: Ints, namers: Ints) -> None:
    """Names without capitals behind "my name is" and the like: up to three words that are no ordinary ones."""
    if not len(namers):
        return
    stop = edges[np.searchsorted(edges, namers, side="right")]
    near = (namers[:, None] + np.arange(1, 6)).ravel()
    near = np.unique(near[near < np.repeat(stop, 5)])
    flags[near] = lexicon().table.get(keys(words.start[near], words.end[near]))
    codes, text = block.codes, block.text
    for at, end in zip(namers.tolist(), stop.tolist(), strict=True):
        if at and words.start[at] - words.end[at - 1] == 1 and text[words.start[at - 1] : words.end[at - 1]] in _NAMED:
            continue
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
        if folded(block)[words.start[at]] == ord("t"):
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
    cut = (end - words.start[at] > 2) & ((mark == ord("'")) | (mark == ord("’"))) & (folded(block)[end - 1] == ord("s"))
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
        codes, marks = block.codes, words.joints
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


def _runs(block: Block, words: Words, keys: Hasher, flags: Flags, member: Bools) -> Runs:
    """Runs of capitalised words, with particles between two of them ("João da Silva")."""
    at = np.flatnonzero(member)
    if not len(at):
        return Runs(at, at, at)
    gap = np.diff(at)
    for size in (2, 3):
        left = at[:-1][gap == size]
        left = left[words.start[left + size] - words.end[left] < 5 * size]
        if not len(left):
            continue
        between = (left[:, None] + np.arange(1, size)).ravel()
        flags[between] = lexicon().table.get(keys(words.start[between], words.end[between]))
        if size == 3:
            _of_the(block, words, flags, left)
        # "văn" is no "van".
        plain = (block.codes[words.start[between] + 1] < 128) & (block.codes[words.start[between]] < 128)
        good = (plain & ((flags[between] & LINK) != 0)).reshape(-1, size - 1).all(axis=1)
        if size == 2:
            # "Añada el romero": behind a word that is nobody's name "el" is the article.
            article = (block.codes[words.start[between]] == ord("e")) & (
                block.codes[words.start[between] + 1] == ord("l")
            )
            good &= ~article | ((flags[left] & NAME) != 0)
        for k in range(size):
            good &= linked(block, words, flags, left + k, TITLE)
        member[between.reshape(-1, size - 1)[good].ravel()] = True
    at = np.flatnonzero(member)
    joined = np.diff(at) == 1
    beside = np.flatnonzero(joined)
    joined[beside] = linked(block, words, flags, at[beside], TITLE)
    head = np.flatnonzero(np.concatenate([[True], ~joined]))
    tail = np.concatenate([head[1:], [len(at)]])
    # A run of which nothing could be a name is none.
    own = flags[at]
    capable = ((own & (WORD | NOT | PROPER | ORG)) == 0) | ((own & NAME) != 0)
    total = np.concatenate([[0], np.cumsum(capable)])
    keep = total[tail] > total[head]
    return Runs(at, head[keep], tail[keep])


def _of_the(block: Block, words: Words, flags: Flags, left: Ints) -> None:
    """Make the article of "María de los Ángeles" a particle, between names alone."""
    codes, article = block.codes, left + 2
    at = words.start[article]
    spelt = (words.end[article] - at == 3) & (codes[at] == ord("l")) & (codes[at + 2] == ord("s"))
    spelt &= (flags[left] & GIVEN != 0) & ((flags[left] | flags[left + 3]) & (WORD | NOT | ORG | TITLE) == 0)
    spelt &= (flags[left + 1] & LINK != 0) & (flags[left + 3] & NAME != 0)
    flags[article[spelt]] = LINK


#: Length of a word to its class: one letter, two, up to six, more.
_CLASS = np.array([0, 0, 1, 2, 2, 2, 2, 3], dtype=np.int64)


def _weigh(block: Block, words: Words, keys: Hasher, flags: Flags, runs: Runs, rows: Rows) -> list[Found]:
    near = around(block, words, keys, flags, runs, rows.edges)
    doubt = doubts(block, words, keys, flags, runs, rows, near)
    best = at_best(block, words, keys, flags, runs)
    before, after, of_row = near.before, near.after, near.rows
    announced = near.label | near.speaker & ~doubt.loud[of_row] | near.whole & ~(doubt.loud | doubt.dense)[of_row]
    called = (before & (TITLE | GREET | CALL)) != 0
    value = best.value + np.where(
        called, np.where((before & TITLE) != 0, 2.4, 2.1), np.where((before & BEFORE) != 0, 1.7, 0.0)
    )
    value += np.where((after & SAYS) != 0, 2.0, np.where((after & AFTER) != 0, 1.0, 0.0)) + np.where(
        announced, 2.4, 0.0
    )
    value += np.where(near.aged, 1.8, 0.0) + np.where(doubt.strange[of_row] & ((before & VIET) != 0), 4.0, 0.0)
    doubted = np.flatnonzero((doubt.of_run > 0) & ~(announced | called | best.cued))
    alone = runs.tail[doubted] - runs.head[doubted] == 1
    value[doubted] -= doubt.of_run[doubted] * np.where(alone, 1.6, 1.0)
    strong = value >= ENOUGH - 1e-6
    live = np.zeros(len(rows.capitals), dtype=np.bool_)
    live[of_row[strong]] = True
    # Three that are nearly names make a list.
    live |= np.bincount(of_row[value >= 0.9], minlength=len(live)) >= 3
    chosen = np.flatnonzero(strong | live[of_row] & (value > 0.0))
    if not len(chosen):
        return []
    member = runs.member
    packed = (
        flags[member].astype(np.int64) & FLAGS
        | doubt.shout[member].astype(np.int64) << SHOUT_BIT
        | _CLASS[np.minimum(words.end[member] - words.start[member], 7)] << LENGTH_BIT
        | best.sounds << SOUND_BIT
    )
    in_row = of_row[chosen]
    columns = (
        before[chosen] & BESIDE, after[chosen] & BESIDE, near.opens[chosen], doubt.of_run[chosen], announced[chosen],
        doubt.strange[in_row], rows.quiet[in_row] & ~words.capital[near.first[chosen]], near.aged[chosen],
    )  # fmt: skip
    out, spare = told(block, words, flags, member, weighed(packed, runs.head[chosen], runs.tail[chosen], columns))
    found = chained(block, encouraged(block, out, spare))
    return inverted(block, words, flags, with_children(block, words, found))
