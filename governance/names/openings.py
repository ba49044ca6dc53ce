"""Where matches of some expressions may begin, told from two characters at a time over a whole array of code points.

`re` tries an expression with many first words at every place of a text. The first two characters of all that it
matches are read off its parse tree once, as classes; one look-up a character then leaves the few places that are worth
a try. It errs on the generous side: what a guard forbids is tried all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from governance.names.lexicon import Ints

_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_NOTHING = ("ASSERT", "ASSERT_NOT", "AT")
#: Classes of characters: each ASCII letter, digits, the other ASCII characters, all that is not ASCII.
_DIGIT, _OTHER, _BEYOND, _CLASSES = 52, 53, 54, 64
_ANY = frozenset(range(_BEYOND + 1))
Head = tuple[frozenset[int], ...]


def _class(code: int) -> int:
    if 97 <= code <= 122:
        return code - 97
    if 65 <= code <= 90:
        return code - 65 + 26
    return _DIGIT if 48 <= code <= 57 else _OTHER if code < 128 else _BEYOND


@lru_cache(maxsize=1)
def _classes() -> npt.NDArray[np.uint16]:
    """The class of each code point of the Basic Multilingual Plane."""
    out = np.full(0x10000, _BEYOND, dtype=np.uint16)
    out[:128] = [_class(code) for code in range(128)]
    return out


class Openings:
    """Where matches of an expression may begin. It matches nothing right behind an ASCII letter or digit."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self._pattern = pattern

    @cached_property
    def _pairs(self) -> npt.NDArray[np.bool_]:
        """By two classes, whether a match may begin with them."""
        parser: Any = re._parser  # type: ignore[attr-defined]
        tree, flags = parser.parse(self._pattern.pattern, self._pattern.flags), self._pattern.flags
        out = np.zeros(_CLASSES * _CLASSES, dtype=np.bool_)
        for head in _heads(tree, flags, 2):
            first, second = (*head, _ANY, _ANY)[:2]
            out[[a * _CLASSES + b for a in first for b in second]] = True
        return out

    def places(self, codes: npt.NDArray[np.uint32], begins: Ints, ends: Ints) -> list[list[int]]:
        """Where a match may begin in each stretch ``begins`` to ``ends`` of the code points, in order.

        A character stands behind each stretch; what stands before it is a sign.
        """
        sizes = ends - begins + 1
        firsts = np.cumsum(sizes) - sizes
        index = np.arange(int(sizes.sum())) + np.repeat(begins - firsts, sizes)
        own = _classes().take(codes.take(index))
        may = self._pairs.take(own[:-1] * np.uint16(_CLASSES) + own[1:])
        may[1:] &= own[:-2] > _DIGIT
        may[firsts[1:] - 1] = False
        at = np.flatnonzero(may)
        bounds = np.searchsorted(at, firsts).tolist()
        told = index.take(at).tolist()
        return [told[a:b] for a, b in pairwise([*bounds, len(told)])]


def _heads(nodes: Iterable[Any], flags: int, size: int) -> set[Head]:
    """The classes of the first ``size`` characters of a match, in every way; shorter where it may end there."""
    done: set[Head] = set()
    heads: set[Head] = {()}
    for code, argument in nodes:
        parts = _parts(str(code), argument, flags, size)
        longer = {(*head, *part)[:size] for head in heads for part in parts}
        done |= {head for head in longer if len(head) == size}
        heads = {head for head in longer if len(head) < size}
        if not heads:
            break
    return done | heads


def _parts(op: str, argument: Any, flags: int, size: int) -> set[Head]:
    """`_heads` of a node."""
    if op in _NOTHING:
        return {()}
    if op == "SUBPATTERN":
        return _heads(argument[3], (flags | argument[1]) & ~argument[2], size)
    if op == "BRANCH":
        return set().union(*(_heads(branch, flags, size) for branch in argument[1]))
    if op in _REPEATS:
        least, most, inner = argument
        once = list(inner)
        turns = range(int(least), min(int(most), int(least) + size) + 1)
        return set().union(*(_heads(once * turn, flags, size) for turn in turns))
    if op == "LITERAL":
        return {(_ranged([(argument, argument)], flags),)}
    if op == "IN":
        return {(_listed(argument, flags),)}
    return {(_ANY,) * (1 if op in ("ANY", "NOT_LITERAL") else size)}


def _listed(argument: Any, flags: int) -> frozenset[int]:
    """The classes of what stands in square brackets."""
    ranges: list[tuple[int, int]] = []
    for kind, value in argument:
        if str(kind) == "LITERAL":
            ranges.append((value, value))
        elif str(kind) == "RANGE":
            ranges.append(value)
        elif str(value) == "CATEGORY_DIGIT":
            ranges += [(48, 57), (0x660, 0x669)]
        else:
            return _ANY
    return _ranged(ranges, flags)


#: Letters beyond ASCII that count as ASCII ones where small and large ones do not differ: ``İıſ`` and the sign of kelvin.
_SAME = (0x130, 0x131, 0x17F, 0x212A)


def _ranged(ranges: Iterable[tuple[int, int]], flags: int) -> frozenset[int]:
    """The classes of ranges of code points."""
    out = {_class(code) for low, high in ranges for code in range(low, min(high, 128) + 1)}
    out |= {_BEYOND for _, high in ranges if high > 127}
    if flags & re.IGNORECASE:
        letters = {one for one in out if one < _DIGIT}
        out |= {(one + 26) % 52 for one in letters} | ({_BEYOND} if letters else set())
        if any(low <= code <= high for low, high in ranges for code in _SAME):
            return _ANY
    return frozenset(out)
