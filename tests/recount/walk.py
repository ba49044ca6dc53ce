"""All numbers of a report, and what each must be.

A number is an integer, text that is one, and in sentences every run of digits. Their places are written as
``sources[3].counts.kept``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

SENTENCES = re.compile(
    r"gates\[\d+\]\.detail|risks(_zh)?\[\d+\]|unchecked\[\d+\]\.why(_zh)?|drift\[\d+\]\.changes\[\d+\]"
)
"""Places of sentences that state figures. Others (citations, descriptions, reasons) are quoted from elsewhere."""
_NUMBER = re.compile(r"(?<![\w.])-?\d{1,3}(?:,\d{3})+(?![\d,])|(?<![\w.])-?\d+(?:\.\d+)?(?!\w|\.\d)", re.ASCII)
_PLAIN = re.compile(r"-?\d+(\.\d+)?")

NO_COUNTS: Mapping[str, str] = {
    r"format": "version of the report's format",
    r"release\.(seed|budget)|audit\.seed": "asked for by the mix",
    r"sources\[\d+\]\.(weight|budget|epochs)": "asked for by the mix",
    r"parts\.split\.validation": "asked for by the mix",
    r"(signing_)?gates\[\d+\]\.threshold": "limit of the policy",
    r"audit\.format": "version of the audit's format",
}
"""Numbers that count nothing: patterns of places, and why."""
_NAMES = re.compile(
    r"(.*\.)?(hash|id|digest|key_id|erasure|recogniser|entity|field|key|code|version|public|name|previous)"
)
"""Text that may happen to be digits alone: names and digests."""


def numbers(facts: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Place and value of every number; of a sentence, the tuple of its numbers."""
    if isinstance(facts, dict):
        for name, value in facts.items():
            yield from numbers(value, f"{place}.{name}" if place else name)
    elif isinstance(facts, list):
        for number, value in enumerate(facts):
            yield from numbers(value, f"{place}[{number}]")
    elif isinstance(facts, bool) or facts is None:
        return
    elif isinstance(facts, int | float):
        yield place, facts
    elif SENTENCES.fullmatch(place):
        if found := in_words(facts):
            yield place, found
    elif _PLAIN.fullmatch(facts) and not _NAMES.fullmatch(place):
        yield place, facts


def in_words(said: str) -> tuple[int, ...]:
    """The whole numbers of a sentence; digits within a name (``media_2``) or a decimal are none."""
    return tuple(int(one.replace(",", "")) for one in _NUMBER.findall(said) if "." not in one)


class Book:
    """What each number must be, by its place."""

    def __init__(self) -> None:
        self._wanted: dict[str, Any] = {}

    def put(self, place: str, value: Any) -> None:
        """The number at a place: an int, a Fraction (to the places that are shown), or the tuple of a sentence."""
        assert place not in self._wanted, f"{place} is counted twice"
        self._wanted[place] = value

    def put_all(self, place: str, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            self.put(f"{place}.{name}", value)

    def bears_out(self, place: str, said: Any) -> bool:
        """Whether a number is what it must be."""
        return _same(said, self._wanted[place])

    def compare(self, facts: Mapping[str, Any]) -> dict[str, int]:
        """Assert that all is as it must be; returns how many numbers each part of the facts has."""
        there = dict(numbers(facts))
        nobody = [
            place
            for place in there
            if place not in self._wanted and not any(re.fullmatch(one, place) for one in NO_COUNTS)
        ]
        assert not nobody, f"{len(nobody)} numbers that nobody counted again: {nobody[:20]}"
        missing = [place for place, value in self._wanted.items() if place not in there and value not in ((), None)]
        assert not missing, f"{len(missing)} numbers that the report lacks: {missing[:20]}"
        wrong = [
            f"{place}: the report says {there[place]}, the files {self._wanted[place]}"
            for place in there
            if place in self._wanted and not self.bears_out(place, there[place])
        ]
        assert not wrong, f"{len(wrong)} numbers that the files do not bear out:\n" + "\n".join(wrong[:20])
        return dict(Counter(re.split(r"[.\[]", place)[0] for place in there))


def _same(said: Any, counted: Any) -> bool:
    if isinstance(counted, tuple):
        return said == counted
    if isinstance(said, str):
        shown = Decimal(said)
        exponent = shown.as_tuple().exponent
        assert isinstance(exponent, int)
        # At most half of the last of six places is lost.
        return abs(Fraction(shown) - Fraction(counted)) <= Fraction(1, 2 * 10 ** max(6, -exponent))
    return bool(said == counted)
