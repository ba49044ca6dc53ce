"""Words of many texts at once, as numbers: the common ground of near deduplication, decontamination and repetition.

A word is a run of letters and digits; in scripts that put no spaces between words (Han, kana, Thai, Lao, Khmer,
Burmese) every character is a word of its own. Case and width are folded. One rule serves every language and every
mixture of them, so that no text has to be told what it is written in first.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]

SEPARATOR, LETTER, ALONE, MARK = 0, 1, 2, 5
"""Kinds of code points: between words, part of a word, a word of its own, a mark that belongs to what precedes. Parts of
words have the lowest bit."""

#: Code points of one pass: its arrays stay in the processor's cache.
PASS = 1 << 18

_ALONE = (
    (0x0E01, 0x0E30), (0x0E32, 0x0E33), (0x0E40, 0x0E46), (0x0E81, 0x0EB0), (0x0EB2, 0x0EB3), (0x0EC0, 0x0EC6),
    (0x1000, 0x102A), (0x1780, 0x17B3), (0x3005, 0x3007), (0x3041, 0x3096), (0x30A1, 0x30FA), (0x31F0, 0x31FF),
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF66, 0xFF9D),
)  # fmt: skip
_LIMIT = 0x10000
_P = np.uint64(0x9E3779B97F4A7C15)
_INVERSE = np.uint64(pow(int(_P), -1, 1 << 64))
_A, _B = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@dataclass(frozen=True)
class Words:
    """Words of consecutive texts.

    ``hash`` has 64 bits a word; ``text`` is the place of the text that a word stands in, ascending; ``start`` and
    ``end`` are its code points within the pass; ``alone`` marks characters that are words by themselves. ``first`` is
    the place of the first text of the pass and ``count`` how many texts it has; ``codes`` are its code points, one
    NUL between two texts, and ``lengths`` how many each text has.
    """

    hash: Hashes
    text: NDArray[np.int32]
    start: Ints
    end: Ints
    alone: NDArray[np.bool_]
    first: int
    count: int
    codes: NDArray[np.unsignedinteger]
    lengths: Ints


def mixed(values: Hashes) -> Hashes:
    """A bijection of 64-bit words in which every bit depends on all (the finaliser of SplitMix64, Steele 2014)."""
    values = (values ^ (values >> np.uint64(30))) * _A
    values = (values ^ (values >> np.uint64(27))) * _B
    return values ^ (values >> np.uint64(31))


def distinct(values: Hashes) -> Hashes:
    """The values sorted, each once. (`numpy.unique` hashes first, which costs more here.)"""
    values = np.sort(values)
    return values[np.append(True, values[1:] != values[:-1])] if len(values) else values


def passes(texts: pa.Array | pa.ChunkedArray, size: int = PASS) -> Iterator[Words]:
    """The words of every text, in passes of about ``size`` code points; a null is an empty text.

    A text longer than a pass comes in several, cut where a word ends if it can be; ``first`` is then the same. Memory
    is bounded by ``size``, however long a text is. The cuts depend on the texts of the array alone.
    """
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    lengths = np.asarray(pc.fill_null(pc.utf8_length(texts), 0))
    ends = np.cumsum(lengths)
    at = 0
    while at < len(texts):
        base = int(ends[at - 1]) if at else 0
        stop = max(at + 1, int(np.searchsorted(ends, base + size, side="right")))
        if stop == at + 1 and lengths[at] > 2 * size:
            yield from _long(texts[at].as_py(), at, size)
        else:
            some = pc.fill_null(texts.slice(at, stop - at), "")
            yield _words("\0".join(some.to_pylist()), lengths[at:stop], at)
        at = stop


def _long(text: str, place: int, size: int) -> Iterator[Words]:
    at = 0
    while at < len(text):
        stop = min(at + size, len(text))
        if stop < len(text):
            ends = (text.rfind(sign, at + size // 2, stop) for sign in ("\n", "。", " "))
            stop = next((end + 1 for end in ends if end > 0), stop)
        part = text[at:stop]
        yield _words(part, np.array([len(part)]), place)
        at = stop


def _words(joined: str, lengths: NDArray[np.integer], first: int) -> Words:
    """Words of texts that were joined by one NUL each."""
    fold, kinds = _tables()
    if joined.isascii():
        codes: NDArray[np.unsignedinteger] = np.frombuffer(joined.encode(), np.uint8)
        kind, folded = kinds[:128][codes], fold[:128][codes]
    else:
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        small = np.minimum(codes, np.uint32(_LIMIT - 1))
        kind, folded = kinds[small], fold[small]
        beyond = np.flatnonzero(codes >= _LIMIT)
        if len(beyond):
            # Han beyond the basic plane stands alone; emoji and the rest say little about what a text says.
            high = codes[beyond]
            kind[beyond] = np.where((high >= 0x20000) & (high < 0x40000), ALONE, SEPARATOR)
            folded[beyond] = high + np.uint32(1)
    part = (kind & np.uint8(LETTER)).view(bool)
    alone = kind == ALONE
    edge = np.empty(len(part) + 1, bool)
    edge[0], edge[1:-1], edge[-1] = (
        part[0] if len(part) else False,
        part[1:] != part[:-1],
        part[-1] if len(part) else False,
    )
    edges = np.flatnonzero(edge)
    opens, closes = edges[::2], edges[1::2]
    # Marks behind a character that stands alone (Thai vowels) belong to it, and are no word.
    attached = (kind[opens] == MARK) & (opens > 0) & alone[opens - 1]
    begins = alone.copy()
    begins[opens] = True
    begins[opens[attached]] = False
    start = np.flatnonzero(begins)
    lone = alone[start]
    end = start + 1
    end[~lone] = closes[~attached]
    if attached.any():
        end[np.searchsorted(start, opens[attached] - 1)] = closes[attached]
    power, inverse = _powers(len(codes) + 1)
    folded *= power[: len(codes)]
    total = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum(folded, out=total[1:])
    hashes = mixed((total[end] - total[start]) * inverse[start])
    ends = np.searchsorted(start, np.cumsum(lengths.astype(np.int64) + 1))
    text = np.repeat(np.arange(first, first + len(lengths), dtype=np.int32), np.diff(ends, prepend=0))
    return Words(hashes, text, start, end, lone, first, len(lengths), codes, lengths.astype(np.int64))


@lru_cache(maxsize=1)
def _tables() -> tuple[Hashes, NDArray[np.uint8]]:
    """By code point of the basic plane: one more than what it is folded to, and its kind."""
    fold = np.arange(1, _LIMIT + 1, dtype=np.uint64)
    kinds = np.zeros(_LIMIT, np.uint8)
    for code in range(_LIMIT):
        character = chr(code)
        category = unicodedata.category(character)
        if category[0] in "LN":
            kinds[code] = LETTER
            plain = unicodedata.normalize("NFKC", character) if 0xFF00 <= code < 0xFFF0 else character
            plain = plain.lower()
            if len(plain) == 1:
                fold[code] = ord(plain) + 1
        elif category[0] == "M":
            kinds[code] = MARK
    for low, high in _ALONE:
        kinds[low : high + 1] = ALONE
    return fold, kinds


@lru_cache(maxsize=4)
def _powers_of(size: int) -> tuple[Hashes, Hashes]:
    with np.errstate(over="ignore"):
        power = np.full(size, _P)
        power[0] = 1
        inverse = np.full(size, _INVERSE)
        inverse[0] = 1
        return np.cumprod(power), np.cumprod(inverse)


def _powers(size: int) -> tuple[Hashes, Hashes]:
    """Powers of the hash's base and of its inverse modulo 2^64, in a few sizes only."""
    step = 1 << max(18, (size - 1).bit_length())
    return _powers_of(step)


__all__ = ["ALONE", "LETTER", "MARK", "PASS", "SEPARATOR", "Words", "distinct", "mixed", "passes"]
