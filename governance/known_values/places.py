"""Addresses that a record declares: people leave out what the other knows, so any telling part of one counts.

A part is telling where letters and a number stand together: street and number, building and room. From such a key
the match grows to both sides as far as text and address agree. A city, a district or a street alone says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from governance.known_values.folding import fold, squeeze
from governance.known_values.matching import Find, Matcher, Row, in_word

_GAP = 3
WIDE = r"\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
"""Letters of scripts that are written without spaces, as the inside of a character class."""
KEYS = rf"[{WIDE}]{{2}}[0-9]+|[0-9]+[{WIDE}]{{1,2}}[0-9]+|[^\W\d_{WIDE}]{{3}}[0-9]+|[0-9]+[a-z]?[^\W\d_{WIDE}]{{4}}"
"""Regular expression (`re` and Rust's `regex`) of the keys of a squeezed address."""
_KEYS = re.compile(KEYS)
KEYLESS = 6
_LEAST_WIDE, _LEAST = 5, 8
_WIDE = re.compile(f"[{WIDE}]")
_DIVISIONS = re.compile(r"(?:.*?(?:省|自治区|特别行政区))?(?:.*?[市州盟])?(?:.*?[区县旗市])?(?P<rest>.+)")


def address(value: str) -> Matcher | None:
    """A matcher for an address, ``None`` for one that tells nothing."""
    bare = squeeze(fold(value))
    keys = [(match[0], match.start()) for match in _KEYS.finditer(bare)]
    tails = {bare}
    if not keys:
        if len(bare) < KEYLESS:
            return None
        # Without a number, only the whole or what is left without province, city and district.
        rest = _DIVISIONS.fullmatch(bare)
        if rest and len(rest["rest"]) >= KEYLESS:
            tails.add(rest["rest"])
        keys = [(tail, bare.rfind(tail)) for tail in sorted(tails)]

    def find(row: Row) -> Iterator[Find]:
        text, reached = row.bare, -1
        for key, place in keys:
            for found in row.places(key):
                if found < reached:
                    continue
                start, stop = found, found + len(key)
                first, last = place, place + len(key)
                while start and first and text[start - 1] == bare[first - 1]:
                    start, first = start - 1, first - 1
                while stop < len(text) and last < len(bare) and text[stop] == bare[last]:
                    stop, last = stop + 1, last + 1
                agreed = _trimmed(row, start, stop)
                if agreed is None:
                    continue
                start, stop = agreed
                part = text[start:stop]
                if part == bare:
                    partial = False
                elif (any(c.isdigit() for c in part) and _telling(part)) or part in tails:
                    partial = True
                else:
                    continue
                span = row.span(start, stop, _GAP)
                if span:
                    reached = stop
                    yield span[0], span[1], partial

    return Matcher(tuple(key for key, _ in keys), find)


def _telling(part: str) -> bool:
    wide = len(_WIDE.findall(part))
    letters = sum(c.isalpha() for c in part)
    return len(part) >= _LEAST_WIDE and wide >= 1 if wide * 2 >= letters else len(part) >= _LEAST and letters >= 4


def _trimmed(row: Row, start: int, stop: int) -> tuple[int, int] | None:
    """The agreement without the parts of words and numbers at its ends that only begin or end alike."""
    while start < stop and _inside(row, start, -1):
        start += 1
        while start < stop and not _boundary(row, start):
            start += 1
    while start < stop and _inside(row, stop - 1, 1):
        stop -= 1
        while start < stop and not _boundary(row, stop):
            stop -= 1
    return (start, stop) if stop - start > 2 else None


def _inside(row: Row, place: int, side: int) -> bool:
    """Whether the code point's neighbour in the text makes it part of the same word or number."""
    at = row.at[place]
    neighbour = row.before(at) if side < 0 else row.after(at + 1)
    here = row.folded[at]
    if not in_word(neighbour) or not in_word(here):
        return False
    return neighbour.isdigit() == here.isdigit() or not (neighbour.isdigit() or here.isdigit())


def _boundary(row: Row, place: int) -> bool:
    """Whether a word or number begins at a squeezed place."""
    return place >= len(row.at) or not _inside(row, place, -1)
