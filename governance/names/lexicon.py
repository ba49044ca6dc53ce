"""Lexicons as sorted hash tables: whole arrays of words are looked up at once.

A word's hash is a polynomial in its code points modulo 2**64, so that the hashes of all tokens of a batch are made
column by column. Two of some hundred thousand words fall together with a chance of one in a thousand million.
"""

from __future__ import annotations

import unicodedata
from enum import IntFlag
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

DATA = Path(__file__).parent / "data"
U64 = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]

_BASE = np.uint64(0x9E3779B97F4A7C15)


class Flag(IntFlag):
    """What is known of a word in Latin or Cyrillic letters."""

    GIVEN = 1
    FAMILY = 2
    WORD = 4  # an ordinary word of some language, written in lower case
    PLACE = 8  # a city, state or country, or a part of its name
    PROPER = 16  # months, days, languages, countries: capitalised and nobody's name
    RARE = 32  # a family name beyond the twelve thousand most frequent of the census
    TITLE = 64  # Mr, Dr, Sra., Bapak: a name follows
    ORG = 128  # Ltd, University, Hotel: what stands with it is no person
    BEFORE = 256  # words after which a name is likely: "by", "with", "call"
    AFTER = 512  # words before which a name is likely: "said", "called", "dijo"
    LINK = 1024  # de, van, bin: between the parts of one name
    ROAD = 2048  # street, avenue: the capitalised words before it are an address
    NOT = 4096  # never a name by itself, whatever the lists say
    MONO = 8192  # Vietnamese family names
    SUFFIX = 16384  # Jr, III, PhD
    GREET = 32768  # "Hi", "named", "I'm": a name follows very likely


class Table:
    """An open-addressed hash table in two arrays: a look-up costs one random read for most keys."""

    def __init__(self, hashes: U64, values: npt.NDArray[Any]) -> None:
        """``hashes``: distinct or not (the first wins); ``values``: one for each, zero meaning nothing."""
        keys, first = np.unique(np.where(hashes == 0, np.uint64(1), hashes), return_index=True)
        self._bits = max(4, int(len(keys) * 2.5).bit_length())
        self._keys = np.zeros(1 << self._bits, dtype=np.uint64)
        self._values = np.zeros(1 << self._bits, dtype=values.dtype)
        left, chosen = keys, values[first]
        slot, self._probes = self._slot(left), 0
        while len(left):
            self._probes += 1
            free = np.flatnonzero(self._keys[slot] == 0)
            _, one = np.unique(slot[free], return_index=True)
            put = free[one]
            self._keys[slot[put]], self._values[slot[put]] = left[put], chosen[put]
            rest = np.ones(len(left), dtype=bool)
            rest[put] = False
            left, chosen, slot = left[rest], chosen[rest], (slot[rest] + 1) & ((1 << self._bits) - 1)

    def _slot(self, hashes: U64) -> Ints:
        return ((hashes ^ (hashes >> np.uint64(29))) >> np.uint64(64 - self._bits)).astype(np.int64)

    def get(self, hashes: U64) -> npt.NDArray[Any]:
        """The value of each hash, zero where it is unknown."""
        slot = self._slot(hashes)
        keys = self._keys[slot]
        out = np.where(keys == hashes, self._values[slot], self._values.dtype.type(0))
        active = np.flatnonzero((keys != hashes) & (keys != 0))
        for _ in range(self._probes):
            if not len(active):
                break
            at = slot[active] = (slot[active] + 1) & ((1 << self._bits) - 1)
            keys = self._keys[at]
            hit = keys == hashes[active]
            out[active[hit]] = self._values[at[hit]]
            active = active[~hit & (keys != 0)]
        return out


@lru_cache(maxsize=1)
def folding() -> npt.NDArray[np.uint32]:
    """Code point to the code point of its lower-case letter without accents, for all of Latin, Greek, Cyrillic."""
    table = np.arange(0x10000, dtype=np.uint32)
    for code in [*range(0x41, 0x250), *range(0x370, 0x530), *range(0x1E00, 0x2000)]:
        character = unicodedata.normalize("NFD", chr(code))[0].lower()
        if len(character) == 1:
            table[code] = ord(character)
    for a, b in ("đd", "Đd", "øo", "Øo", "łl", "Łl", "ıi", "İi", "ёе", "Ёе", "’'", "ʼ'", "ßs", "ðd", "þt", "йй", "Йй"):
        table[ord(a)] = ord(b)
    return table


def fold_word(word: str) -> str:
    """One word in lower case without accents, as `folding` does it."""
    table = folding()
    return "".join(chr(int(table[min(ord(c), 0xFFFF)])) for c in unicodedata.normalize("NFC", word))


def hash_spans(codes: npt.NDArray[np.uint32], starts: Ints, ends: Ints) -> U64:
    """The hashes of ``codes[start:end]`` for each pair; at most 24 code points of each count."""
    out = np.zeros(len(starts), dtype=np.uint64)
    lengths = np.minimum(ends - starts, 24)
    active = np.arange(len(starts))
    for k in range(int(lengths.max()) if len(lengths) else 0):
        active = active[lengths[active] > k]
        out[active] = (out[active] + codes[starts[active] + k].astype(np.uint64) + np.uint64(1)) * _BASE
    return out


def hash_words(words: list[str]) -> U64:
    """Hashes of words as they are."""
    text = "\0".join(words) + "\0"
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    ends = np.flatnonzero(codes == 0)
    starts = np.concatenate([[0], ends[:-1] + 1])
    return hash_spans(codes, starts, ends)


def table_of(words: list[str], values: npt.NDArray[Any]) -> Table:
    return Table(hash_words(words), values)


def unpacked(array: npt.NDArray[np.uint8]) -> list[str]:
    """Words as `extract` packs them."""
    return array.tobytes().decode().split("\n")


class Data:
    """The arrays of a file in ``data/``, each read when it is asked for: most are made into tables and forgotten."""

    def __init__(self, name: str) -> None:
        self._file = DATA / f"{name}.npz"

    def __getitem__(self, key: str) -> npt.NDArray[Any]:
        with np.load(self._file, allow_pickle=False) as file:
            array: npt.NDArray[Any] = file[key]
            return array


def load(name: str) -> Data:
    """All arrays of a file in ``data/``."""
    return Data(name)
