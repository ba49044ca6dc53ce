"""What the characters and lines of many texts are, counted at once: letters, digits, signs, ends of lines, debris."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Codes = NDArray[np.uint32]

CLASSES = (
    "other", "lower", "upper", "han", "kana", "hangul", "thai", "cyrillic", "letter", "mark", "digit", "space",
    "newline", "stop", "ellipsis", "punctuation", "hash", "bullet", "brace", "symbol", "emoji", "zero_width",
    "control", "broken",
)  # fmt: skip
"""Classes of characters. ``stop`` ends a sentence in any script; ``hash`` is #; ``brace`` is a curly one; ``broken`` is
what decoding left (U+FFFD, private use, unassigned, surrogates)."""

CLASS = {name: place for place, name in enumerate(CLASSES)}
_LIMIT = 0x20000
_CHARACTERS = {
    "stop": ".!?。！？．｡؟।॥\u2047\u2048\u2049",
    "ellipsis": "…⋯",
    "hash": "#＃",
    "bullet": "•●○■□▪▫◆◇★☆※►▶-*·–—",
    "brace": "{}",
    "newline": "\n\r\u2028\u2029\u0085\x0b\x0c",
    "space": "\t",
    "broken": "\ufffd",
}
_CATEGORIES = {
    "Lu": "upper", "Lt": "upper", "Ll": "lower", "Lm": "letter", "Lo": "letter", "Mn": "mark", "Mc": "mark",
    "Me": "mark", "Nd": "digit", "Nl": "digit", "No": "digit", "Zs": "space", "Zl": "newline", "Zp": "newline",
    "Pc": "punctuation", "Pd": "punctuation", "Ps": "punctuation", "Pe": "punctuation", "Pi": "punctuation",
    "Pf": "punctuation", "Po": "punctuation", "Sm": "symbol", "Sc": "symbol", "Sk": "symbol", "So": "symbol",
    "Cc": "control", "Cf": "zero_width", "Cs": "broken", "Co": "broken", "Cn": "broken",
}  # fmt: skip
_RANGES = (
    ("han", ((0x3005, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF))),
    ("kana", ((0x3041, 0x30FF), (0x31F0, 0x31FF), (0xFF66, 0xFF9D))),
    ("hangul", ((0x1100, 0x11FF), (0x3131, 0x318E), (0xAC00, 0xD7A3))),
    ("thai", ((0x0E01, 0x0E4E),)),
    ("cyrillic", ((0x0400, 0x052F),)),
)
_EMOJI = ((0x2600, 0x27BF), (0x1F000, 0x1FAFF))


@dataclass(frozen=True)
class Lines:
    """Lines of a pass that are not blank: their text, first and last code point (spaces stripped; the end is
    exclusive), and the classes of their first and last character."""

    text: Ints
    start: Ints
    end: Ints
    opens: NDArray[np.uint8]
    closes: NDArray[np.uint8]


def codes_of(joined: str) -> Codes:
    """Code points of a text; lone surrogates come as they are."""
    return np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)


def classes(codes: NDArray[np.unsignedinteger]) -> NDArray[np.uint8]:
    """The class of every code point, as places in `CLASSES`. Codes of one byte are told faster."""
    if codes.dtype == np.uint8:
        return np.frombuffer(codes.tobytes().translate(_bytes()), np.uint8)
    found: NDArray[np.uint8] = _table().take(codes.astype(np.int64), mode="clip")
    beyond = np.flatnonzero(codes >= _LIMIT)
    if len(beyond):
        found[beyond] = np.where(codes[beyond] < 0x40000, CLASS["han"], CLASS["other"])
    return found


def counts(kinds: NDArray[np.uint8], lengths: Ints) -> NDArray[np.int64]:
    """How many characters of each class each text has, shape (texts, classes). Texts follow each other with one
    code point between two, which is not counted."""
    size = len(CLASSES)
    # The commonest class is what the others leave, so that most characters need no counting.
    common = int(np.argmax(np.bincount(kinds[::64], minlength=size))) if len(kinds) else 0
    rare = np.flatnonzero(kinds != common)
    owners = np.diff(np.searchsorted(rare, np.cumsum(lengths + 1)), prepend=0)
    owner = np.repeat(np.arange(len(lengths)) * size, owners)
    found = np.bincount(owner + kinds[rare], minlength=len(lengths) * size).reshape(len(lengths), size)
    if common != CLASS["control"]:
        found[:-1, CLASS["control"]] -= 1  # the code point between
    found[:, common] = lengths - (found.sum(axis=1) - found[:, common])
    return found


def lines(kinds: NDArray[np.uint8], lengths: Ints) -> Lines:
    """The lines of a pass that hold more than spaces."""
    ends = np.cumsum(lengths + 1) - 1
    bound = kinds == CLASS["newline"]
    bound[ends[:-1]] = True
    cuts = np.append(np.flatnonzero(bound), len(kinds))
    space = np.append(kinds == CLASS["space"], False)
    start = _past(space, np.append(0, cuts[:-1] + 1), cuts, 1)
    full = start < cuts
    start, cuts = start[full], cuts[full]
    last = _past(space, cuts - 1, start - 1, -1)
    return Lines(np.searchsorted(ends, start), start, last + 1, kinds[start], kinds[last])


def _past(space: NDArray[np.bool_], place: Ints, end: Ints, step: int) -> Ints:
    """The first place from each on, one ``step`` after the other, that is no space; ``end`` where there is none."""
    place = place.copy()
    on = np.flatnonzero((place != end) & space[place])
    for _ in range(_SPACES):
        if not len(on):
            return place
        place[on] += step
        on = on[(place[on] != end[on]) & space[place[on]]]
    # So many spaces in a row are rare, and are told by where the next sign stands that is none.
    solid = np.flatnonzero(~space)
    if step > 0:
        place[on] = np.minimum(solid[np.searchsorted(solid, place[on])], end[on])
    else:
        found = np.searchsorted(solid, place[on], side="right") - 1
        place[on] = np.maximum(np.where(found < 0, -1, solid[np.maximum(found, 0)]), end[on])
    return place


#: Spaces that are gone past one by one.
_SPACES = 8


@lru_cache(maxsize=1)
def _bytes() -> bytes:
    return bytes(_table()[:256])


@lru_cache(maxsize=1)
def _table() -> NDArray[np.uint8]:
    found = {category: CLASS[name] for category, name in _CATEGORIES.items()}
    category = unicodedata.category
    table = np.array([found[category(chr(code))] for code in range(_LIMIT)], np.uint8)
    letters = np.isin(table, [CLASS[name] for name in ("lower", "upper", "letter")])
    for name, ranges in _RANGES:
        for low, high in ranges:
            table[low : high + 1][letters[low : high + 1]] = CLASS[name]
    for low, high in _EMOJI:
        table[low : high + 1] = CLASS["emoji"]
    for name, characters in _CHARACTERS.items():
        table[[ord(character) for character in characters]] = CLASS[name]
    return table


__all__ = ["CLASS", "CLASSES", "Lines", "classes", "codes_of", "counts", "lines"]
