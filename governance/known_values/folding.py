"""Texts as values are compared: one way of writing, and nothing of what people put between the parts of a value.

A whole column is folded at once. Folding is one code point for one (width, case, accents, digits of any script), so
places stay places; squeezing takes separators out and keeps, for every code point left, where it stood.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[Any]

SEPARATORS = " \t\r\n-‐‑‒–—―−_.·・•●/|\\*(),'’‘\"“”~#"
"""What may stand between the parts of a value, after folding; white space, invisible marks and accents besides."""
_SIZE = 0x20000
_FOLDED = (range(0x80, 0x3400), range(0xA640, 0xAC00), range(0xF900, 0x10000), range(0x1D400, 0x1D800))
_MORE = {"đ": "d", "ı": "i", "ø": "o", "ł": "l", "ð": "d", "ё": "е"}


def _fold_one(character: str) -> str:
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.digit(character))
    whole = unicodedata.normalize("NFKC", character)
    if len(whole) != 1:
        return character
    low = whole.lower()
    low = low if len(low) == 1 else whole
    low = _MORE.get(low, low)
    # Accents of letters only: a syllable of Hangul or a kana is another one without its parts.
    if ord(low) < 0x700 or 0x1E00 <= ord(low) < 0x2000:
        base = unicodedata.normalize("NFD", low)[0]
        return low if unicodedata.combining(base) else base
    return low


@lru_cache(maxsize=1)
def _folds() -> Codes:
    table = np.arange(_SIZE, dtype=np.uint32)
    for code in range(0x41, 0x5B):
        table[code] = code + 32
    for codes in _FOLDED:
        for code in codes:
            table[code] = ord(_fold_one(chr(code)))
    return table


@lru_cache(maxsize=1)
def _stays() -> npt.NDArray[np.bool_]:
    """Whether a folded code point is part of a value, and no separator."""
    table = np.ones(_SIZE, dtype=np.bool_)
    table[[ord(c) for c in SEPARATORS]] = False
    invisible = (range(0x300, 0x370), range(0x200B, 0x2010), range(0x202A, 0x202F), range(0x2060, 0x2070))
    spaces = (range(0x09, 0x0E), (0x85, 0xA0, 0xAD, 0x3000, 0xFEFF, 0x1680), range(0x2000, 0x200B), (0x202F, 0x205F))
    for codes in (*invisible, *spaces, range(0xFE00, 0xFE10)):
        table[list(codes)] = False
    return table


@lru_cache(maxsize=1)
def _alnum() -> npt.NDArray[np.bool_]:
    table = np.zeros(_SIZE, dtype=np.bool_)
    table[[*range(48, 58), *range(97, 123)]] = True
    return table


@lru_cache(maxsize=1)
def _parts() -> tuple[Codes, npt.NDArray[np.bool_]]:
    """Tables for names: white space, commas and dots become a space that stays, other separators go."""
    folds, stays = _folds().copy(), _stays().copy()
    between = [c for c in range(0x3001) if chr(c).isspace()] + [ord(c) for c in ",.·・;，、"]
    folds[np.isin(folds, between)] = 32
    stays[32] = True
    return folds, stays


class Folded:
    """The texts of a column, folded and squeezed.

    ``offsets`` and ``bare_offsets`` say where each text begins in the folded and in the squeezed code points; ``at``
    holds the place of each squeezed code point among the folded ones. Null counts as empty.
    """

    def __init__(self, texts: pa.Array, *, kind: str = "text") -> None:
        """``kind``: ``text``; ``number`` keeps letters and digits alone; ``name`` keeps one space between parts."""
        if texts.type != pa.large_string():
            texts = texts.cast(pa.large_string())
        if texts.null_count:
            # What lies under a null is not its text.
            texts = texts.fill_null("")
        data, byte_offsets = _buffers(texts)
        folds, stays = _parts() if kind == "name" else (_folds(), _alnum() if kind == "number" else _stays())
        self._narrow = data.isascii()
        codes: Codes
        if self._narrow:
            codes = np.frombuffer(data, dtype=np.uint8)
            folds, stays = folds[:0x80].astype(np.uint8), stays[:0x80]
            self.offsets = byte_offsets
        else:
            codes = np.frombuffer(data.decode("utf-8").encode("utf-32-le"), dtype=np.uint32)
            self.offsets = np.zeros(len(texts) + 1, dtype=np.int64)
            np.cumsum(pc.utf8_length(texts).to_numpy(zero_copy_only=False), out=self.offsets[1:])
        if not self._narrow and int(codes.max()) >= _SIZE:
            # Rare planes beyond: they stay as they are.
            folded = np.where(codes < _SIZE, folds[np.minimum(codes, _SIZE - 1)], codes)
            keep = stays[np.minimum(folded, _SIZE - 1)]
        else:
            folded = folds[codes]
            keep = stays[folded]
        self._folded: Codes = folded
        self._whole: str | None = None
        self._local: Ints | None = None
        self.at = np.flatnonzero(keep)
        self.codes: Codes = folded[self.at]
        self.bare_offsets = np.searchsorted(self.at, self.offsets)
        self._bare = self._text(self.codes)

    def _text(self, codes: Codes) -> str:
        return codes.tobytes().decode("ascii" if self._narrow else "utf-32-le")

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def folded(self, row: int) -> str:
        """One text, folded: as long as it was."""
        if self._whole is None:
            self._whole = self._text(self._folded)
        return self._whole[self.offsets[row] : self.offsets[row + 1]]

    def bare(self, row: int) -> str:
        """One text, squeezed."""
        return self._bare[self.bare_offsets[row] : self.bare_offsets[row + 1]]

    def places(self, row: int) -> Ints:
        """Where each squeezed code point of one text stands in it."""
        if self._local is None:
            self._local = self.at - np.repeat(self.offsets[:-1], self.lengths())
        return self._local[self.bare_offsets[row] : self.bare_offsets[row + 1]]

    def with_digits(self) -> npt.NDArray[np.bool_]:
        """Whether each text holds a digit."""
        places = np.flatnonzero((self.codes >= 48) & (self.codes < 58))
        found = np.zeros(len(self), dtype=np.bool_)
        found[np.searchsorted(self.bare_offsets, places, side="right") - 1] = True
        return found

    def arrow(self) -> pa.Array:
        """The squeezed texts as an Arrow column."""
        data, codes = self._bare.encode("utf-8"), self.codes
        if len(data) == len(codes):
            offsets = self.bare_offsets
        else:
            more = (codes >= 0x80).view(np.uint8) + (codes >= 0x800).view(np.uint8) + (codes >= 0x10000).view(np.uint8)
            full = np.flatnonzero(self.lengths())
            sizes = self.lengths()
            sizes[full] += np.add.reduceat(more, self.bare_offsets[:-1][full], dtype=np.int64)
            offsets = np.zeros(len(self) + 1, dtype=np.int64)
            np.cumsum(sizes, out=offsets[1:])
        offsets = offsets.astype(np.int64)
        return pa.LargeStringArray.from_buffers(len(self), pa.py_buffer(offsets), pa.py_buffer(data))

    def first(self) -> Codes:
        """The first squeezed code point of each text, 0 where there is none."""
        starts, ends = self.bare_offsets[:-1], self.bare_offsets[1:]
        out = np.zeros(len(self), dtype=np.uint32)
        full = ends > starts
        out[full] = self.codes[starts[full]]
        return out

    def lengths(self) -> Ints:
        """How many squeezed code points each text has."""
        return np.diff(self.bare_offsets)


def _buffers(texts: pa.Array) -> tuple[bytes, Ints]:
    """The bytes of all texts, none of them null, and where each begins."""
    _, offsets, data = texts.buffers()
    if data is None or not len(texts):
        return b"", np.zeros(len(texts) + 1, dtype=np.int64)
    places = np.frombuffer(offsets, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return data[int(places[0]) : int(places[-1])].to_pybytes(), places - places[0]


class _Fold(dict[int, int]):
    def __missing__(self, code: int) -> int:
        self[code] = int(_folds()[code]) if code < _SIZE else code
        return self[code]


_FOLD = _Fold()


def fold(text: str) -> str:
    """The text as values are compared: same length, width, case, accents and digits folded."""
    return text.lower() if text.isascii() else text.translate(_FOLD)


@lru_cache(maxsize=1)
def _separators() -> re.Pattern[str]:
    dropped = np.flatnonzero(~_stays())
    return re.compile("[" + "".join(re.escape(chr(code)) for code in dropped.tolist()) + "]+")


def squeeze(folded: str) -> str:
    """Folded text without what people put between the parts of a value."""
    return _separators().sub("", folded)
