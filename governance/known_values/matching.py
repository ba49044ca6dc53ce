"""What the matchers of all kinds of values share: a text to look in, and where a value may begin and end in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

_HAN = re.compile("[\u3400-\u9fff]+")

#: Start and end in code points of the text, and whether only a form of the value stands there.
Find = tuple[int, int, bool]


class Matcher(NamedTuple):
    """Finds one value in one text; finds may overlap. A squeezed text without any of ``needs`` holds none."""

    needs: tuple[str, ...]
    find: Callable[[Row], Iterator[Find]]


class Row:
    """One text, as it is (``text``), folded (same length) and squeezed (``bare``, with ``at`` as the way back)."""

    __slots__ = ("at", "bare", "folded", "text")

    def __init__(self, text: str, folded: str, bare: str, at: Sequence[int]) -> None:
        self.text, self.folded, self.bare, self.at = text, folded, bare, at

    def places(self, needle: str) -> Iterator[int]:
        """Where ``needle`` stands in the squeezed text."""
        find, place = self.bare.find, self.bare.find(needle)
        while place >= 0:
            yield place
            place = find(needle, place + 1)

    def span(self, start: int, stop: int, gap: int) -> tuple[int, int] | None:
        """Squeezed code points as a stretch of the text; ``None`` where more than ``gap`` separators part two."""
        begin, end = self.at[start], self.at[stop - 1] + 1
        if end - begin > stop - start:
            if end - begin > (stop - start) * (gap + 1):
                return None
            places = self.at[start:stop]
            if any(after - before > gap + 1 for before, after in pairwise(places)):
                return None
        return begin, self.whole(end)

    def whole(self, end: int) -> int:
        """``end`` moved behind the marks that belong to the last letter."""
        folded = self.folded
        while (
            end < len(folded)
            and not "\u3400" <= folded[end] <= "\ud7a3"
            and folded[end] > "\u02ff"
            and unicodedata.category(folded[end])[0] == "M"
        ):
            end += 1
        return end

    def before(self, start: int) -> str:
        return self.folded[start - 1 : start]

    def after(self, end: int) -> str:
        return self.folded[end : end + 1]

    def apart(self, start: int, end: int) -> bool:
        """Whether the stretch is not the inside of a longer word or number."""
        return not (in_word(self.before(start)) or in_word(self.after(end)))


def in_word(character: str) -> bool:
    """Whether a neighbour makes a word longer: letters of scripts with spaces, and digits. Han, Kana, Hangul and Thai
    write words without a space between, so they are no such neighbours."""
    if not character:
        return False
    if character.isascii():
        return character.isalnum()
    return character < "\u0e00" and character.isalnum()


def is_han(text: str) -> bool:
    return _HAN.fullmatch(text) is not None
