"""Words of many texts at once, as numbers: the common ground of near deduplication, decontamination and repetition.

A word is a run of letters and digits; in scripts that put no spaces between words (Han, kana, Thai, Lao, Khmer,
Burmese) every character is a word of its own. Case and width are folded. One rule serves every language and every
mixture of them, so that no text has to be told what it is written in first.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TypeVar

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Codes = NDArray[np.unsignedinteger]
Hashes = NDArray[np.uint64]
Value = TypeVar("Value", np.uint32, np.uint64)

SEPARATOR, LETTER, ALONE, MARK = 0, 1, 2, 5
"""Kinds of code points: between words, part of a word, a word of its own, a mark that belongs to what precedes. Parts of
words have the lowest bit."""

#: Bytes of one pass: its arrays stay in the processor's cache.
PASS = 3 << 17

_ALONE = (
    (0x0E01, 0x0E30), (0x0E32, 0x0E33), (0x0E40, 0x0E46), (0x0E81, 0x0EB0), (0x0EB2, 0x0EB3), (0x0EC0, 0x0EC6),
    (0x1000, 0x102A), (0x1780, 0x17B3), (0x3005, 0x3007), (0x3041, 0x3096), (0x30A1, 0x30FA), (0x31F0, 0x31FF),
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF66, 0xFF9D),
)  # fmt: skip
_LIMIT = 0x10000
#: Han and Hangul, letters that have no case, and surrogates and private use: most code points, and all alike.
_PLAIN, _NO_SIGNS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3)), (0xD800, 0xF8FF)
_A, _B = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@dataclass(frozen=True)
class Among:
    """Code points of a pass that is ASCII with some others in it: ``heads`` has the first byte of each as UTF-8, and
    ``others`` are the places of those that are no ASCII, with their ``codes``."""

    heads: NDArray[np.uint8]
    others: Ints
    codes: NDArray[np.uint32]


@dataclass(frozen=True)
class Words:
    """Words of consecutive texts.

    ``hash`` has 64 bits a word; ``edges`` are the first word of each text, and at the end the number of all words;
    ``start`` and ``end`` are a word's code points within the pass; ``alone`` marks characters that are words by
    themselves. ``first`` is the place of the first text of the pass and ``count`` how many texts it has; ``data`` is their
    UTF-8, one NUL between two, and ``lengths`` the code points of each. ``signs``, of a pass that is little ASCII, are the
    code points of words that are one character standing alone, folded, and 0 of all other words; ``among`` are the code points of one that is nearly all ASCII.
    """

    hash: Hashes
    edges: Ints
    start: Ints
    end: Ints
    alone: NDArray[np.bool_]
    first: int
    count: int
    lengths: Ints
    data: bytes
    decoded: Codes | None = None
    signs: NDArray[np.uint16] | None = None
    among: Among | None = None

    @cached_property
    def text(self) -> NDArray[np.int32]:
        """The place of the text that each word stands in, ascending."""
        return np.repeat(np.arange(self.first, self.first + self.count, dtype=np.int32), np.diff(self.edges))

    def of_each(self, words: NDArray[np.bool_]) -> Ints:
        """How many words of each text are marked."""
        found = np.zeros(self.count, np.int64)
        some = np.flatnonzero(np.diff(self.edges))
        if len(some):
            found[some] = np.add.reduceat(words, self.edges[some], dtype=np.int64)
        return found

    @cached_property
    def dense(self) -> NDArray[np.bool_]:
        """Which texts are for the most part characters that are words by themselves."""
        if not self.alone.any():
            return np.zeros(self.count, bool)
        return 2 * self.of_each(self.alone) > np.diff(self.edges)

    @cached_property
    def codes(self) -> Codes:
        """The code points of the texts, one NUL between two, in as many bytes each as the largest one needs."""
        return _decoded(self.data) if self.decoded is None else self.decoded


def mixed(values: Hashes) -> Hashes:
    """A bijection of 64-bit words in which every bit depends on all (the finaliser of SplitMix64, Steele 2014)."""
    values = values ^ (values >> np.uint64(30))
    values *= _A
    values ^= values >> np.uint64(27)
    values *= _B
    values ^= values >> np.uint64(31)
    return values


RUN = np.uint64(0xD6E8FEB86659FD93)
"""What the hash of a run of words is multiplied by for each word more."""


def runs(hashes: Hashes, lengths: Iterable[int]) -> Iterator[tuple[int, Hashes]]:
    """The hash of every run of so many words, by where it begins, over the borders of texts too; for each length in
    ascending order. An array holds until the next is asked for."""
    value, length = hashes.copy(), 1
    for wanted in sorted(lengths):
        while length < wanted and len(value):
            value = value[:-1]
            value *= RUN
            value += hashes[length:]
            length += 1
        yield wanted, value


def in_order(hashes: Hashes, first: Ints, last: Ints) -> Hashes:
    """A digest of the words from each ``first`` to its ``last`` (exclusive) in their order, wherever they stand."""
    # A word counts by itself and by its place among all, and the place of the first is taken off.
    place = np.arange(len(hashes) + 1, dtype=np.uint64)
    total = np.zeros((2, len(hashes) + 1), np.uint64)
    np.cumsum(hashes, out=total[0, 1:])
    np.cumsum(hashes * place[:-1], out=total[1, 1:])
    plain, placed = total[:, last] - total[:, first]
    return mixed(plain * RUN + mixed(placed - plain * place[first]))


def in_turn(hashes: Hashes, counts: Ints) -> Hashes:
    """As `in_order`, of so many words each, one text behind the other; 0 where there is none."""
    found = np.zeros(len(counts), np.uint64)
    some = np.flatnonzero(counts)
    if len(some):
        first = (np.cumsum(counts) - counts)[some]
        plain = np.add.reduceat(hashes, first)
        placed = np.add.reduceat(hashes * np.arange(len(hashes), dtype=np.uint64), first)
        found[some] = mixed(plain * RUN + mixed(placed - plain * first.astype(np.uint64)))
    return found


def ascending(values: NDArray[Value]) -> NDArray[Value]:
    """The values sorted. (NumPy's sort takes twice as long as that of Polars.)"""
    return pl.Series(values).sort(multithreaded=False).to_numpy() if len(values) > 2048 else np.sort(values)


def distinct(values: NDArray[Value]) -> NDArray[Value]:
    """The values sorted, each once. (`numpy.unique` hashes first, which costs more here.)"""
    values = ascending(values)
    return values[np.append(True, values[1:] != values[:-1])] if len(values) else values


def passes(texts: pa.Array | pa.ChunkedArray, size: int = PASS) -> Iterator[Words]:
    """The words of every text, in passes of about ``size`` bytes of UTF-8; a null is an empty text.

    A text longer than two passes comes in several, cut where a word ends if it can be; ``first`` is then the same. Memory
    is bounded by ``size``, however long a text is. The cuts depend on the texts of the array alone.
    """
    lengths = _numbers(pc.utf8_length(texts))
    ends = np.cumsum(_numbers(pc.binary_length(texts)))
    at = 0
    while at < len(texts):
        base = int(ends[at - 1]) if at else 0
        stop = max(at + 1, int(np.searchsorted(ends, base + size, side="right")))
        data = _joined(texts.slice(at, stop - at))
        if stop == at + 1 and len(data) > 2 * size:
            yield from _long(data, at, size)
        else:
            yield _words(data, lengths[at:stop], at)
        at = stop


def _numbers(lengths: pa.Array | pa.ChunkedArray) -> Ints:
    return np.asarray(pc.fill_null(lengths, 0)).astype(np.int64)


def _joined(texts: pa.Array | pa.ChunkedArray) -> bytes:
    """The UTF-8 of texts, one NUL between two."""
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.chunk(0) if texts.num_chunks == 1 else texts.combine_chunks()
    if not pa.types.is_large_string(texts.type):
        texts = texts.cast(pa.large_string())
    if texts.null_count:
        texts = pc.fill_null(texts, "")
    _, offsets, data = texts.buffers()
    if data is None:
        return bytes(max(len(texts) - 1, 0))
    edges = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1].tolist()
    view = memoryview(data)
    return b"\0".join([view[low:high] for low, high in pairwise(edges)])


def _long(data: bytes, place: int, size: int) -> Iterator[Words]:
    at = 0
    while at < len(data):
        stop = min(at + size, len(data))
        if stop < len(data):
            ends = ((sign, data.rfind(sign, at + size // 2, stop)) for sign in _ENDS)
            stop = next((end + len(sign) for sign, end in ends if end > 0), stop)
            while stop < len(data) and data[stop] in _CONTINUES:
                stop += 1
        part = data[at:stop]
        yield _words(part, np.array([len(part.translate(None, _CONTINUES))]), place)
        at = stop


def _words(data: bytes, lengths: Ints, first: int) -> Words:
    """Words of texts that were joined by one NUL each."""
    count = int(lengths.sum()) + len(lengths) - 1
    codes: Codes | None = None
    signs: NDArray[np.uint16] | None = None
    among: Among | None = None
    if len(data) == count:
        codes = np.frombuffer(data, np.uint8)
        low = _folded_ascii(codes)
        start, end = _runs_of(low[: len(data)] != 0)
        lone = np.zeros(len(start), bool)
        hashes = mixed(_sums(low, _FACTORS, start, end))
    elif len(data) < 1.25 * count:
        among = _among(data)
        start, end, lone, hashes = _few(among)
    else:
        codes = _decoded(data)
        start, end, lone, hashes, signs = _many(codes)
    edges = np.searchsorted(start, np.cumsum(lengths + 1) - (lengths + 1))
    return Words(
        hashes, np.append(edges, len(start)), start, end, lone, first, len(lengths), lengths, data, codes, signs
    )


def _decoded(data: bytes) -> NDArray[np.uint32]:
    return np.frombuffer(data.decode("utf-8", "surrogatepass").encode("utf-32-le", "surrogatepass"), np.uint32)


def _folded_ascii(codes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What bytes of ASCII are folded to, 0 between words and for all other bytes; `_PAD` at the end."""
    low = np.zeros(len(codes) + len(_PAD), np.uint8)
    body = low[: len(codes)]
    # The bit that tells small letters from capitals is set in digits anyway.
    np.bitwise_or(codes, np.uint8(0x20), out=body)
    part = (body - np.uint8(ord("a"))) < 26
    part |= (codes - np.uint8(ord("0"))) < 10
    body *= part.view(np.uint8)
    return low


_Found = tuple[Ints, Ints, NDArray[np.bool_], Hashes]


def _among(data: bytes) -> Among:
    every = np.frombuffer(data, np.uint8)
    at = np.flatnonzero(every >= 0x80)
    begins = np.flatnonzero(every[at] >= 0xC0)
    heads = _heads(data, at[every[at] < 0xC0])
    # A sign stands as many code points into the text as bytes, less the bytes that only went on with one before.
    others = at[begins] - (begins - np.arange(len(begins)))
    signs = every[at].tobytes().decode("utf-8", "surrogatepass")
    return Among(heads, others, np.frombuffer(signs.encode("utf-32-le", "surrogatepass"), np.uint32))


def _few(among: Among) -> _Found:
    """Beginning, end, standing alone and hash of the words of a text that is ASCII with some other signs in it."""
    others, codes = among.others, among.codes
    low = _folded_ascii(among.heads)
    kind = (low[: len(among.heads)] != 0).view(np.uint8)
    found, kind[others], beyond = _folded(codes)
    low[others] = found & np.uint16(0xFF)
    start, end, lone = _spans(kind)
    total = _sums(low, _FACTORS, start, end)
    upper = (found >> np.uint16(8)).astype(np.uint8)
    inside = others[(upper > 0) & (kind[others] != SEPARATOR)]
    if len(inside):
        which = np.unique(np.searchsorted(start, inside, side="right") - 1)
        high = np.zeros(len(low), np.uint8)
        high[others] = upper
        total[which] += _sums(high, _UPPER, start[which], end[which])
    if len(beyond):
        total[np.searchsorted(start, others[beyond])] += codes[beyond] * _BEYOND
    return start, end, lone, mixed(total)


def _heads(data: bytes, others: Ints) -> NDArray[np.uint8]:
    """The bytes that a code point begins with; ``others`` are the places of those that go on with one."""
    if 128 * len(others) > len(data):
        return np.frombuffer(data.translate(None, _CONTINUES), np.uint8)
    view = memoryview(data)
    edges = [-1, *others.tolist(), len(data)]
    return np.frombuffer(b"".join([view[low + 1 : high] for low, high in pairwise(edges)]), np.uint8)


def _many(codes: NDArray[np.uint32]) -> tuple[Ints, Ints, NDArray[np.bool_], Hashes, NDArray[np.uint16]]:
    """The same for a text of other signs with some ASCII in it, and the words that are one sign (`Words`)."""
    folded, kind, beyond = _folded(codes)
    start, end, lone = _spans(kind)
    signs = folded.take(start)
    hashes = _tables()[1].take(signs.astype(np.int64), mode="clip")
    several = end - start > 1
    if len(beyond):
        several[np.searchsorted(start, beyond)] = True
    which = np.flatnonzero(several)
    if not len(which):
        return start, end, lone, hashes, signs
    signs[which] = 0
    length = end[which] - start[which]
    last = np.cumsum(length)
    first = last - length
    # Lower and upper bytes each for themselves, so that a word of ASCII comes to the same as among ASCII alone.
    halves = folded[np.arange(last[-1]) + np.repeat(start[which] - first, length)].view(np.uint8).reshape(-1, 2)
    low, high = (halves[:, side].tobytes() + _PAD for side in (0, 1))
    total = _sums(low, _FACTORS, first, last) + _sums(high, _UPPER, first, last)
    if len(beyond):
        total[np.searchsorted(which, np.searchsorted(start, beyond))] += codes[beyond] * _BEYOND
    hashes[which] = mixed(total)
    return start, end, lone, hashes, signs


def _folded(codes: NDArray[np.uint32]) -> tuple[NDArray[np.uint16], NDArray[np.uint8], Ints]:
    """What code points are folded to, their kinds, and which are words beyond the basic plane (folded to 0)."""
    # Places of 64 bits are what NumPy takes by; others it turns into them a few at a time, at several times the cost.
    found = _tables()[0].take(codes.astype(np.int64), mode="clip")
    kind = (found >> np.uint32(16)).astype(np.uint8)
    folded = found.astype(np.uint16)
    beyond = np.flatnonzero(codes >= _LIMIT)
    if len(beyond):
        # Han beyond the basic plane stands alone; emoji and the rest say little about what a text says.
        folded[beyond] = 0
        kind[beyond] = np.where((codes[beyond] >= 0x20000) & (codes[beyond] < 0x40000), ALONE, SEPARATOR)
        beyond = beyond[kind[beyond] == ALONE]
    return folded, kind, beyond


def _runs_of(part: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Where each run of true values begins and ends."""
    edge = np.zeros(len(part) + 1, bool)
    if len(part):
        edge[0], edge[-1] = part[0], part[-1]
        np.not_equal(part[1:], part[:-1], out=edge[1:-1])
    edges = np.flatnonzero(edge)
    return edges[::2], edges[1::2]


def _spans(kind: NDArray[np.uint8]) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """Beginning and end of each word, and whether it is a character that stands alone."""
    opens, closes = _runs_of((kind & np.uint8(LETTER)).view(bool))
    alone = kind == ALONE
    if not alone.any():
        return opens, closes, np.zeros(len(opens), bool)
    # Marks behind a character that stands alone (Thai vowels) belong to it, and are no word.
    attached = (kind[opens] == MARK) & (opens > 0) & alone[opens - 1]
    words = ~attached if attached.any() else slice(None)
    begins = alone.copy()
    begins[opens[words]] = True
    start = np.flatnonzero(begins)
    end = start + 1
    lone = np.ones(len(start), bool)
    several = np.searchsorted(start, opens[words])
    end[several], lone[several] = closes[words], False
    if attached.any():
        end[np.searchsorted(start, opens[attached] - 1)] = closes[attached]
    return start, end, lone


def _sums(data: bytes | NDArray[np.uint8], factors: Hashes, start: Ints, end: Ints) -> Hashes:
    """For each run of bytes the sum of its words of eight bytes times the factor of their place, modulo 2^64."""
    eights: Hashes = np.frombuffer(data, "<u8", len(data) >> 3)
    length = end - start
    total = _eight(eights, start)
    total &= _MASKS.take(length, mode="clip")
    total *= factors[0]
    longer = np.flatnonzero(length > 8)
    if len(longer):
        length = length[longer] - 8
        total[longer] += (_eight(eights, start[longer] + 8) & _MASKS.take(length, mode="clip")) * factors[1]
        longer, length = longer[length > 8], length[length > 8] - 8
    if len(longer):
        steps = (length + 7) >> 3
        first = np.cumsum(steps) - steps
        step = np.arange(2, int(steps.sum()) + 2) - np.repeat(first, steps)
        at = np.repeat(start[longer], steps) + 8 * step
        left = np.repeat(end[longer], steps) - at
        total[longer] += np.add.reduceat((_eight(eights, at) & _MASKS.take(left, mode="clip")) * factors[step], first)
    return total


def _eight(eights: Hashes, at: Ints) -> Hashes:
    """The eight bytes from each place on. (NumPy reads what is not aligned by a copy of everything.)"""
    place, bits = at >> 3, ((at & 7) << 3).astype(np.uint64)
    found = eights.take(place)
    found >>= bits
    place += 1
    rest = eights.take(place)
    # By 64 bits in two steps: C does not say what one such step does.
    rest <<= np.uint64(63) - bits
    rest <<= np.uint64(1)
    found |= rest
    return found


@lru_cache(maxsize=1)
def _tables() -> tuple[NDArray[np.uint32], Hashes]:
    """By code point of the basic plane: what it is folded to with its kind above that, and its hash as a word."""
    fold = np.arange(_LIMIT, dtype=np.uint32)
    kinds = np.zeros(_LIMIT, np.uint32)
    for low, high in _PLAIN:
        kinds[low : high + 1] = LETTER
    for code in _but(_LIMIT, (*_PLAIN, _NO_SIGNS)):
        character = chr(code)
        category = unicodedata.category(character)
        if category[0] in "LN":
            kinds[code] = LETTER
            plain = unicodedata.normalize("NFKC", character) if 0xFF00 <= code < 0xFFF0 else character
            plain = plain.lower()
            if len(plain) == 1:
                fold[code] = ord(plain)
        elif category[0] == "M":
            kinds[code] = MARK
    for low, high in _ALONE:
        kinds[low : high + 1] = ALONE
    every = np.arange(_LIMIT, dtype=np.uint64)
    single = mixed((every & np.uint64(0xFF)) * _FACTORS[0] + (every >> np.uint64(8)) * _UPPER[0])
    return fold | (kinds << np.uint32(16)), single


def _but(limit: int, ranges: Iterable[tuple[int, int]]) -> Iterator[int]:
    """Numbers below a limit that are in none of the ranges, which ascend."""
    at = 0
    for low, high in ranges:
        yield from range(at, low)
        at = high + 1
    yield from range(at, limit)


def _powers(base: int, count: int) -> Hashes:
    found: Hashes = np.full(count, base, np.uint64)
    return np.multiply.accumulate(found)


#: More than a pass has words of eight bytes.
_FACTORS, _UPPER = _powers(0x9E3779B97F4A7C15, PASS // 2), _powers(0xA0761D6478BD642F, PASS // 2)
_BEYOND = np.uint64(0xE7037ED1A0B428DB)
_MASKS = np.array([(1 << 8 * count) - 1 for count in range(9)], np.uint64)
#: Behind bytes that are read eight at a time.
_PAD = bytes(24)
_CONTINUES = bytes(range(0x80, 0xC0))
_ENDS = (b"\n", "。".encode(), b" ")

__all__ = [
    "ALONE",
    "LETTER",
    "MARK",
    "PASS",
    "RUN",
    "SEPARATOR",
    "Among",
    "Words",
    "ascending",
    "distinct",
    "in_order",
    "in_turn",
    "mixed",
    "passes",
    "runs",
]
