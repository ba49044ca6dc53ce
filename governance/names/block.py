"""Texts side by side as one array of code points, so that every step of the recognisers is a step over all rows.

Rows stand behind one another with a separator that no grammar accepts. Positions in the block are turned back into
(row, position) at the end, once.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from governance.names.lexicon import Ints, folding
from governance.recognisers.engine import as_large_string
from governance.recognisers.normalise import FILLER

SEPARATOR = "\ue003"

# Classes of code points, one bit each.
LETTER, UPPER, DIGIT, HAN, HANGUL, THAI, SPACE, JOIN = (1 << i for i in range(8))
#: Not among the classes: Cyrillic letters, which `Block.part` and `Block.has` tell by their code points.
CYRILLIC = 1 << 8


@lru_cache(maxsize=1)
def classes() -> npt.NDArray[np.uint8]:
    """The classes of each code point of the Basic Multilingual Plane."""
    table = np.zeros(0x10000, dtype=np.uint8)
    for code in [*range(0x41, 0x250), *range(0x370, 0x400), *range(0x1E00, 0x2000)]:
        character = chr(code)
        if character.isalpha():
            table[code] |= LETTER
            if character.isupper():
                table[code] |= UPPER
    table[0x300:0x370] |= LETTER  # accents that stand by themselves
    table[ord("0") : ord("9") + 1] |= DIGIT
    table[0x4E00:0xA000] |= HAN
    table[0x3400:0x4DC0] |= HAN
    table[0xAC00:0xD7A4] |= HANGUL
    table[0x0E01:0x0E3B] |= THAI
    table[0x0E40:0x0E4F] |= THAI
    for character in " \t\u00a0":
        table[ord(character)] |= SPACE
    for character in "'’-":
        table[ord(character)] |= JOIN
    return table


@lru_cache(maxsize=64)
def among(characters: str) -> npt.NDArray[np.bool_]:
    """Which code points of the basic plane are one of some characters, shape (65536,). Not to be written to."""
    out = np.zeros(0x10000, dtype=bool)
    out[[ord(character) for character in characters]] = True
    out.flags.writeable = False
    return out


#: What a name by itself is weighed by stands so many characters before its first one and behind it at most; one that
#: overlapped it and was dropped for what was found counts in.
_BEFORE, _BEHIND = 8, 14


def _joined(texts: pa.LargeStringArray) -> str:
    """The texts with a `SEPARATOR` between each two."""
    if not len(texts):
        return ""
    row = pa.LargeListArray.from_arrays(pa.array([0, len(texts)], pa.int64()), texts)
    values = pc.binary_join(row, pa.scalar(SEPARATOR, pa.large_string())).buffers()[2]
    return "" if values is None else str(values, "utf-8")


class Found(NamedTuple):
    """A find in a block: code points ``start`` to ``end`` of its text."""

    start: int
    end: int
    entity: str
    score: float
    recogniser: str
    reason: str


class Block:
    """Some texts as one: ``text``, its code points, their classes, and where each row starts."""

    def __init__(self, texts: pa.Array, *, again: bool = False) -> None:
        """``texts``: a string array without nulls.

        ``again``: texts whose finds were blotted out, and in which nothing is left to find apart from those.
        """
        self.again = again
        self.texts: pa.LargeStringArray = as_large_string(texts)
        lengths = pc.utf8_length(self.texts).to_numpy(zero_copy_only=False)
        self.starts: Ints = np.zeros(len(lengths) + 1, dtype=np.int64)
        np.cumsum(lengths + 1, out=self.starts[1:])
        # Enough behind the last row for every window that looks ahead.
        self.text: str = _joined(self.texts) + SEPARATOR * 16
        wide = np.frombuffer(self.text.encode("utf-32-le"), dtype=np.uint32)
        self.codes = np.minimum(wide, np.uint32(0xFFFF)) if wide.max() > 0xFFFF else wide
        self.kinds = classes().take(self.codes)

    def part(self, kind: int) -> tuple[Block, Ints]:
        """The rows that hold a character of a class, as a block of their own, and their numbers."""
        if kind == CYRILLIC:
            rows = np.unique(self.rows_of(np.flatnonzero(self.cyrillic)))
        else:
            rows = self.rows_with(kind)
        if len(rows) * 4 > len(self.starts) - 1:
            return self, np.arange(len(self.starts) - 1)
        return Block(self.texts.take(pa.array(rows)), again=self.again), rows

    def moved(self, found: list[Found], part: Block, rows: Ints) -> list[Found]:
        """Finds of a `part` as finds of this block."""
        if part is self or not found:
            return found
        at = part.rows_of(np.array([f.start for f in found], dtype=np.int64))
        shift = (self.starts[rows[at]] - part.starts[at]).tolist()
        return [f._replace(start=f.start + by, end=f.end + by) for f, by in zip(found, shift, strict=True)]

    def rows_with(self, kinds: int) -> Ints:
        """The rows that hold a character of any of some classes."""
        return np.flatnonzero(self._row_kinds & np.uint8(kinds))

    @cached_property
    def _row_kinds(self) -> npt.NDArray[np.uint8]:
        return np.bitwise_or.reduceat(self.kinds, self.starts[:-1])

    @cached_property
    def beside_gone(self) -> npt.NDArray[np.bool_]:
        """Whether what was found before stands so near that a name which begins there may read otherwise without it."""
        gone = (self.codes - np.uint32(ord(FILLER))) < 3
        # How many stood before each place; beyond the ends of the block stands nothing.
        before = np.zeros(len(gone) + 1 + _BEFORE + _BEHIND, dtype=np.int32)
        np.cumsum(gone, out=before[_BEFORE + 1 : len(gone) + _BEFORE + 1])
        before[len(gone) + _BEFORE + 1 :] = before[len(gone) + _BEFORE]
        return before[_BEFORE + _BEHIND + 1 :] != before[: len(gone)]

    @cached_property
    def folded(self) -> npt.NDArray[np.uint32]:
        """Code points in lower case without accents."""
        return folding().take(self.codes)

    def rows_of(self, positions: Ints) -> Ints:
        """The row of each position."""
        return np.minimum(np.searchsorted(self.starts, positions, side="right") - 1, len(self.starts) - 2)

    @cached_property
    def cyrillic(self) -> npt.NDArray[np.bool_]:
        """Whether each code point is a Cyrillic letter."""
        return (self.codes - np.uint32(0x400)) < np.uint32(0x130)

    @cached_property
    def _classes(self) -> int:
        return int(np.bitwise_or.reduce(self.kinds)) | (CYRILLIC if self.cyrillic.any() else 0)

    def has(self, kind: int) -> bool:
        """Whether any character is of a class."""
        return bool(self._classes & kind)
