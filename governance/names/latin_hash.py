"""Words in scripts with capitals as numbers of 64 bits, and tables of what is known of them.

A word's hash is a polynomial in its folded code points, so the hashes of all words of a block come from one running
sum over its code points and a multiplication for each word; those of a few from their letters alone.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from governance.names.lexicon import U64, Ints

_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 1 << 64)
_MIX = np.uint64(0xD1B54A32D192ED03)
#: The powers begin anew every so many code points: tables of them for whole blocks would fill the memory.
_TURN = 1 << 16
#: No word of a list has more letters.
_LONGEST = 64
#: From one word in so many code points on, running sums take less time than letters.
_MANY = 30


@lru_cache(maxsize=1)
def _powers() -> tuple[U64, U64]:
    """The powers of the base and of its inverse."""

    def row(base: int) -> U64:
        steps = np.full(_TURN, base, dtype=np.uint64)
        steps[0] = 1
        return np.multiply.accumulate(steps)

    return row(_BASE), row(_INVERSE)


class Hasher:
    """Hashes of stretches of an array of code points."""

    def __init__(self, codes: npt.NDArray[np.uint32]) -> None:
        self._codes = codes
        self._sums: U64 | None = None

    def _summed(self) -> U64:
        """Running sums, the first of them 0."""
        power, _ = _powers()
        sums = np.zeros(len(self._codes) + 1, dtype=np.uint64)
        for turn in range(0, len(self._codes), _TURN):
            some = self._codes[turn : turn + _TURN]
            own = sums[turn + 1 : turn + 1 + len(some)]
            np.add(some, np.uint64(1), out=own)
            own *= power[: len(some)]
        return np.cumsum(sums, out=sums)

    def __call__(self, start: Ints, end: Ints) -> U64:
        """``start < end`` for each stretch."""
        if self._sums is None:
            if len(start) * _MANY < len(self._codes):
                return self._few(start, end)
            self._sums = self._summed()
        out = self._sums.take(end)
        out -= self._sums.take(start)
        out *= _powers()[1].take(start & (_TURN - 1))
        out *= _MIX
        if len(self._codes) > _TURN:
            across = np.flatnonzero((start ^ (end - 1)) >= _TURN)
            out[across] = self._few(start[across], end[across])
        return out

    def _few(self, start: Ints, end: Ints) -> U64:
        """The hashes of a few, letter by letter."""
        if not len(start):
            return np.zeros(0, dtype=np.uint64)
        size = end - start
        long = np.flatnonzero(size > _LONGEST)
        size[long] = 1
        first = np.cumsum(size)
        total = int(first[-1])
        first -= size
        within = np.arange(total) - np.repeat(first, size)
        letters = self._codes.take(np.repeat(start, size) + within).astype(np.uint64)
        letters += np.uint64(1)
        letters *= _powers()[0].take(within)
        out = np.add.reduceat(letters, first)
        out *= _MIX
        out[long] = 0  # what is longer than any word is none
        return out


def hash_words(words: list[str]) -> U64:
    """Hashes of folded words, as `Hasher` makes them."""
    codes = np.frombuffer("\0".join([*words, ""]).encode("utf-32-le"), dtype=np.uint32)
    ends = np.flatnonzero(codes == 0)
    starts = np.concatenate([[0], ends[:-1] + 1])
    out = np.zeros(len(words), dtype=np.uint64)
    power = 1
    for k in range(int((ends - starts).max(initial=0))):
        active = np.flatnonzero(ends - starts > k)
        out[active] += (codes[starts[active] + k] + np.uint64(1)) * np.uint64(power)
        power = power * _BASE & 0xFFFFFFFFFFFFFFFF
    return out * _MIX


def paired(first: U64, second: U64) -> U64:
    """One hash of two words in a row."""
    return (first ^ (second >> np.uint64(17))) * np.uint64(_BASE) + second


#: Flags of a word have so many bits; what is left of 64 tells it from others in its place of a table.
_FLAG_BITS = np.uint64(31)
_FLAGS = np.uint64((1 << 31) - 1)


class Table:
    """An open-addressed hash table of flags in one array: a look-up costs one random read for most words.

    A cell holds 33 bits of the hash and the flags; its place is told by other bits. A word that is in no list is taken
    for one with a chance of one in a thousand million.
    """

    def __init__(self, hashes: U64, flags: npt.NDArray[np.uint32]) -> None:
        """``hashes``: distinct; ``flags``: those of each, of 31 bits."""
        known = np.flatnonzero(flags)
        left, cells = hashes[known], (hashes[known] << _FLAG_BITS) | flags[known].astype(np.uint64)
        self._bits = max(4, int(len(left) * 2.5).bit_length())
        self._cells = np.zeros(1 << self._bits, dtype=np.uint64)
        slot, self._probes = self._slot(left), 0
        while len(cells):
            self._probes += 1
            free = np.flatnonzero(self._cells[slot] == 0)
            _, one = np.unique(slot[free], return_index=True)
            put = free[one]
            self._cells[slot[put]] = cells[put]
            rest = np.ones(len(cells), dtype=np.bool_)
            rest[put] = False
            cells, slot = cells[rest], (slot[rest] + 1) & ((1 << self._bits) - 1)

    def _slot(self, hashes: U64) -> Ints:
        return ((hashes ^ (hashes >> np.uint64(29))) >> np.uint64(64 - self._bits)).view(np.int64)

    def get(self, hashes: U64) -> npt.NDArray[np.uint32]:
        """The flags of each hash, zero where it is unknown."""
        slot = self._slot(hashes)
        cells = self._cells.take(slot)
        own = hashes << _FLAG_BITS
        beyond = cells ^ own
        miss = beyond > _FLAGS
        beyond[miss] = 0
        out = beyond.astype(np.uint32)
        active = np.flatnonzero(miss & (cells != 0))
        at, own = slot[active], own[active]
        for _ in range(self._probes):
            if not len(active):
                break
            at = (at + 1) & ((1 << self._bits) - 1)
            cells = self._cells.take(at)
            beyond = cells ^ own
            hit = beyond <= _FLAGS
            out[active[hit]] = beyond[hit]
            go = np.flatnonzero(~hit & (cells != 0))
            active, at, own = active[go], at[go], own[go]
        return out
