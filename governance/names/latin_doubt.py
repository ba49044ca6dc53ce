"""How little a capital says: in rows without any or in capitals throughout, in titles, among ordinary words, on goods.

`doubts` tells it of runs, by what their rows and they themselves hold.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from governance.names.block import DIGIT, UPPER, Block
from governance.names.cues import SYLLABLE
from governance.names.latin_around import Around, Runs, opening
from governance.names.latin_hash import Hasher, hash_words
from governance.names.latin_weigh import GIVEN, MONO, NAME, NOT, ORG, TITLED, WORD
from governance.names.latin_words import Bools, Flags, Words, vietnamese
from governance.names.lexicon import Ints

#: What goods are measured in, behind a number, folded; and how many words a line of goods has at most.
_UNITS = np.sort(
    hash_words(
        "kg g gr grs gms mg ml cl l lt lts ltr litros oz fl lb lbs cm mm inch inches mtr mts pack pk pcs pc pieces piezas pecas ct "
        "count unidades uds und pares pairs v volt w watts mah gb tb mb hz ghz rpm btu tabs caps capsules capsulas".split()
    )
)
_LINE = 16
#: How little a capital says of a word with a number at its end.
_CODED = 3.0


class Rows(NamedTuple):
    """Rows of a block: the first word of each, how many capitals it has, whether those say little, whether somebody talks."""

    edges: Ints
    capitals: Ints
    quiet: Bools
    talk: Bools


class Doubts(NamedTuple):
    """``of_run``: how little a capital says in each run. By row: ``loud``: in capitals throughout; ``dense``: ordinary
    words in capitals; ``strange``: Vietnamese letters. By word of the block, ``shout``: in capitals."""

    of_run: npt.NDArray[np.float64]
    loud: Bools
    dense: Bools
    strange: Bools
    shout: Bools


def doubts(block: Block, words: Words, keys: Hasher, flags: Flags, runs: Runs, rows: Rows, near: Around) -> Doubts:
    """How little a capital says in each run."""
    lengths = words.end - words.start
    capital = np.flatnonzero(words.capital)
    shout, loud = _loud(block, words, capital, lengths, rows)
    dense = _dense(block, words, flags, capital, lengths, rows)
    doubt = np.where(loud, 2.2, np.where(dense, 1.0, np.where(rows.quiet, np.where(rows.talk, 0.5, 0.75), 0.0)))
    strange = np.zeros(len(rows.capitals), dtype=np.bool_)
    marked = vietnamese(block)
    if len(marked):
        strange[block.rows_of(marked)] = True
        # Syllables are words of other languages: only nearly all capitals make a title.
        large = rows.capitals
        title = (large > 4) & (large > 0.7 * np.diff(rows.edges))
        own = np.where(title, 1.0, np.where(rows.quiet, doubt, 0.0))
        doubt = np.where(strange & ~loud, own, doubt)
    capital_first = words.capital[near.first]
    of_run = np.where(rows.quiet[near.rows] & capital_first, 0.0, doubt[near.rows])
    # Titles of any language: four capitals in a row and more, most of which are nobody's names.
    long = np.flatnonzero((runs.tail - runs.head > 3) & capital_first)
    if len(long):
        own_flags, head, tail = flags[runs.member], runs.head[long], runs.tail[long]
        sheer = _counted(((own_flags & NAME) != 0) & ((own_flags & (WORD | NOT | ORG)) == 0))
        spelt = _counted(lengths[runs.member] > 1)
        size = spelt[tail] - spelt[head]
        titled = long[(size > 3) & (2 * (sheer[tail] - sheer[head]) < size)]
        of_run[titled] = np.maximum(of_run[titled], TITLED)
    # Names in Latin letters among Cyrillic words are brands.
    russian = (block.codes[words.start] - np.uint32(0x400)) < 0x100
    if russian.any():
        mixed = np.zeros(len(rows.capitals), dtype=np.bool_)
        mixed[_rows_of(rows, np.flatnonzero(russian))] = True
        of_run[mixed[near.rows] & ~russian[near.first]] += 1.0
    of_run[near.part] = np.maximum(of_run[near.part], 0.6)
    # "RON95", "ALAN5": a word that ends with a short number is a code.
    behind = words.end[near.last]
    coded = (near.first == near.last) & ((block.kinds[behind] & DIGIT) != 0) & ((block.kinds[behind + 3] & DIGIT) == 0)
    of_run[coded] = np.maximum(of_run[coded], _CODED)
    goods = _goods(block, words, keys, rows)[near.rows] & ~strange[near.rows]
    of_run[goods] = np.maximum(of_run[goods], 1.0)
    return Doubts(of_run, loud, dense, strange, shout)


def _goods(block: Block, words: Words, keys: Hasher, rows: Rows) -> Bools:
    """The rows that are a line of goods: a few words and a measure ("Aceite de oliva Carbonell 1 L" is nobody's)."""
    out = np.zeros(len(rows.capitals), dtype=np.bool_)
    start = words.start
    behind = block.kinds[np.maximum(start - 1, 0)]
    mark, further = block.codes[np.maximum(start - 1, 0)], block.kinds[np.maximum(start - 2, 0)]
    spaced = ((mark == ord(" ")) | (mark == ord("-"))) & ((further & DIGIT) != 0)
    at = np.flatnonzero((((behind & DIGIT) != 0) | spaced) & (start > 1))
    if len(at):
        hashes = keys(start[at], words.end[at])
        found = np.minimum(np.searchsorted(_UNITS, hashes), len(_UNITS) - 1)
        out[_rows_of(rows, at[_UNITS[found] == hashes])] = True
        size = np.diff(rows.edges)
        out &= (size > 2) & (size <= _LINE)
    return out


def _counted(marks: Bools) -> Ints:
    """How many stand before each place."""
    out = np.zeros(len(marks) + 1, dtype=np.int64)
    np.cumsum(marks, out=out[1:])
    return out


def _loud(block: Block, words: Words, capital: Ints, lengths: Ints, rows: Rows) -> tuple[Bools, Bools]:
    """The words in capitals, and the rows in capitals throughout."""
    shout = np.zeros(len(words.start), dtype=np.bool_)
    loud = np.zeros(len(rows.capitals), dtype=np.bool_)
    inner = np.minimum(words.start[capital] + 1, len(block.codes) - 1)
    own = ((block.kinds[inner] & UPPER) != 0) & (lengths[capital] > 1)
    shout[capital[own]] = True
    if own.any():
        n = len(loud)
        many = np.bincount(_rows_of(rows, capital[own]), minlength=n)
        singles = np.bincount(_rows_of(rows, capital[lengths[capital] == 1]), minlength=n)
        loud = (many > 0) & (many + singles >= rows.capitals) & (many * 2 > np.diff(rows.edges))
    return shout, loud


def _dense(block: Block, words: Words, flags: Flags, capital: Ints, lengths: Ints, rows: Rows) -> Bools:
    """The rows with more ordinary words in capitals than others."""
    out = np.zeros(len(rows.capitals), dtype=np.bool_)
    own = flags[capital]
    at = capital[((own & (WORD | NOT | ORG)) != 0) & ((own & (GIVEN | MONO | SYLLABLE)) == 0)]
    at = at[~opening(block, words.start[at])]
    ordinary = np.bincount(_rows_of(rows, at), minlength=len(out))
    some = np.flatnonzero((ordinary >= 2) & (ordinary > 0.3 * rows.capitals))
    if len(some):
        begin, end = rows.edges[some], rows.edges[some + 1]
        small, long = np.flatnonzero(~words.capital), np.flatnonzero(~words.capital & (lengths > 3))

        def weight(edge: Ints) -> npt.NDArray[np.float64]:
            all_, big = np.searchsorted(small, edge), np.searchsorted(long, edge)
            # Short words count for less: titles have a few as well.
            return big + 0.4 * (all_ - big)

        out[some] = ordinary[some] > 1.2 * (weight(end) - weight(begin))
    return out


def _rows_of(rows: Rows, words: Ints) -> Ints:
    return np.searchsorted(rows.edges, words, side="right") - 1
