"""Words in scripts with capitals as numbers of 64 bits, and tables of what is known of them.

A word's hash is made of eight of its folded letters at a time, which are read as two numbers: so the hashes of all words
of a block take a few steps over arrays of words, whatever their letters. Words of up to four letters never share one.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from governance.names.block import UPPER, Block
from governance.names.lexicon import U64, Ints, folding

Letters = npt.NDArray[np.uint16]

_FIRST, _SECOND, _LAST = (np.uint64(odd) for odd in (0x9E3779B97F4A7C15, 0xD1B54A32D192ED03, 0xBF58476D1CE4E5B9))
_HALF, _SHIFT = np.uint64(32), np.uint64(29)
#: So many letters are read at a time.
_STEP = 8
#: No word of a list has more letters.
_LONGEST = 64
#: By how many of eight letters count: those of two numbers of four letters each that are read.
_COUNTED = np.array([[(1 << 16 * min(max(n - at, 0), 4)) - 1 for at in (0, 4)] for n in range(_STEP + 1)], dtype="<u8")


@lru_cache(maxsize=1)
def _narrow_folding() -> Letters:
    return folding().astype(np.uint16)


def folded(block: Block) -> Letters:
    """The code points of a block in lower case without accents, `Block.folded` in half the space."""
    known: Letters | None = block.__dict__.get("_narrow")
    if known is None:
        known = block.__dict__["_narrow"] = block.codes.astype(np.uint16)
        known += (block.kinds & np.uint8(UPPER)) * np.uint8(32 // UPPER)
        beyond = np.flatnonzero(block.codes > 127)
        known[beyond] = _narrow_folding().take(block.codes[beyond])
    return known


class Hasher:
    """Hashes of stretches of an array of letters."""

    def __init__(self, letters: Letters) -> None:
        padded = np.zeros(len(letters) + _STEP, dtype="<u2")
        padded[: len(letters)] = letters
        #: The eight letters that begin at each place.
        self._eights = np.ndarray((len(letters),), dtype="V16", buffer=padded.data, strides=(2,))

    def __call__(self, start: Ints, end: Ints) -> U64:
        """``start < end`` for each stretch. What is longer than any word of a list is 0."""
        size = end - start
        out = self._stirred(np.zeros(len(size), dtype=np.uint64), start, size)
        done = _STEP
        more = np.flatnonzero(size > done)
        while len(more) and done < _LONGEST:
            out[more] = self._stirred(out[more], start[more] + done, size[more] - done)
            done += _STEP
            more = more[size[more] > done]
        out[more] = 0
        return out

    def _stirred(self, out: U64, start: Ints, size: Ints) -> U64:
        """The hashes with the next eight letters, or as many as there are, stirred in."""
        letters = self._eights[start].view("<u8").reshape(-1, 2)
        letters &= _COUNTED.take(np.minimum(size, _STEP), axis=0)
        out ^= letters[:, 0]
        out *= _FIRST
        out ^= out >> _HALF
        out += letters[:, 1]
        out *= _SECOND
        out ^= out >> _SHIFT
        out *= _LAST
        return out


#: Words of a list that are hashed at once: all together would take tens of megabytes for a moment.
_AT_ONCE = 1 << 13


def hash_words(words: list[str]) -> U64:
    """Hashes of folded words, as `Hasher` makes them."""
    return np.concatenate([_hashed(words[at : at + _AT_ONCE]) for at in range(0, max(1, len(words)), _AT_ONCE)])


def _hashed(words: list[str]) -> U64:
    letters = np.frombuffer("\0".join([*words, ""]).encode("utf-16-le"), dtype="<u2")
    ends = np.flatnonzero(letters == 0)
    return Hasher(letters)(np.concatenate([[0], ends[:-1] + 1])[: len(ends)], ends)


def paired(first: U64, second: U64) -> U64:
    """One hash of two words in a row."""
    return (first ^ (second >> np.uint64(17))) * _FIRST + second


#: Flags of a word have so many bits; what is left of 64 tells it from others in its place of a table.
_FLAG_BITS = np.uint64(31)
_FLAGS = np.uint64((1 << 31) - 1)


class Table:
    """Flags by hash. A word has two places in an array, and is in one of them if it is known: a look-up is two reads.

    A cell holds 33 bits of the hash and the flags; the others tell the places. A word that is in no list is taken for
    one with a chance of one in a thousand million.
    """

    def __init__(self, hashes: U64, flags: npt.NDArray[np.uint32]) -> None:
        """``hashes``: distinct; ``flags``: those of each, of 31 bits, zero meaning nothing."""
        known = np.flatnonzero(flags)
        hashes, cells = hashes[known], (hashes[known] << _FLAG_BITS) | flags[known].astype(np.uint64)
        self._bits = max(4, int(len(known) * 2.5).bit_length())
        while (held := self._settled(hashes)) is None:
            self._bits += 1
        self.cells = np.where(held >= 0, cells[held], np.uint64(0))

    @classmethod
    def of(cls, cells: U64) -> Table:
        """What `cells` of another one say."""
        out = cls.__new__(cls)
        out.cells, out._bits = cells, len(cells).bit_length() - 1
        return out

    def _settled(self, hashes: U64) -> npt.NDArray[np.int32] | None:
        """Which word each place holds, -1 for none; ``None`` where they do not fit.

        Who comes to a place puts out who is there, who goes to his other one.
        """
        held = np.full(1 << self._bits, -1, dtype=np.int32)
        places = np.stack(self._places(hashes))
        turn = np.zeros(len(hashes), dtype=np.int8)
        coming = np.arange(len(hashes), dtype=np.int32)
        for _ in range(1000):
            if not len(coming):
                return held
            place = places[turn[coming], coming]
            there = held[place]
            held[place] = coming
            late = coming[held[place] != coming]
            coming = np.concatenate([late, np.unique(there[there >= 0])])
            turn[coming] ^= 1
        return None

    def _places(self, hashes: U64) -> tuple[Ints, Ints]:
        """The two places of each hash, of its upper bits."""
        rest = np.uint64(64 - self._bits)
        return (hashes >> rest).view(np.int64), (((hashes >> np.uint64(33)) * _SECOND) >> rest).view(np.int64)

    def get(self, hashes: U64) -> npt.NDArray[np.uint32]:
        """The flags of each hash, zero where it is unknown."""
        one, two = self._places(hashes)
        own = hashes << _FLAG_BITS
        out = self.cells.take(one)
        out ^= own
        out *= out <= _FLAGS
        other = self.cells.take(two)
        other ^= own
        other *= other <= _FLAGS
        out |= other
        return out.astype(np.uint32)
