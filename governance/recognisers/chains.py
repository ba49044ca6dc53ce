"""How close together the digits of a needle stand: so that numbers are looked for only where digits stand that close.

Read off the parse tree of a needle as the automaton has it, over bytes. A *chain* is a row of digits with no more than
some bytes between one and the next. All of it errs on the generous side: what may be a digit or something else counts
as something else, and what may be left out counts as there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

#: More ways than that to write what a needle matches, and nothing is told of it.
_MOST = 2000
#: Numbers that reach farther than so many bytes beyond their digits are taken for words.
_FAR = 40
#: One way: the bytes before the first digit, between the digits, behind the last; for no digit, all its bytes.
_Way = tuple[int, ...]


class Chain(NamedTuple):
    """All that a needle matches holds a chain of so many ``digits``, not more than ``gap`` bytes between two; and what it
    matches begins no more than ``before`` bytes before the chain and ends no more than ``behind`` after it."""

    digits: int
    gap: int
    before: int
    behind: int


@lru_cache(maxsize=4096)
def chain(needle: str, digits: int, gap: int) -> Chain | None:
    """The chain of at least ``digits`` in a needle, ``None`` if there may be none."""
    ways = _known(needle)
    if ways is None:
        return None
    before = behind = 0
    for way in ways:
        found = _longest(way, gap)
        if found is None or found.digits < digits:
            return None
        before, behind = max(before, found.before), max(behind, found.behind)
    return Chain(digits, gap, before, behind) if max(before, behind) <= _FAR else None


def _longest(way: _Way, gap: int) -> Chain | None:
    """The longest chain in one way to write a needle."""
    if len(way) < 2:
        return None
    # Digit k stands between part k and part k + 1.
    breaks = [0, *(k for k in range(1, len(way) - 1) if way[k] > gap), len(way) - 1]
    first, last = max(pairwise(breaks), key=lambda pair: pair[1] - pair[0])
    before = sum(way[: first + 1]) + first
    behind = sum(way[last:]) + len(way) - 1 - last
    return Chain(last - first, gap, before, behind)


def wide_enough(chains: Iterable[Chain]) -> Chain:
    """One for all of some chains of the same kind."""
    some = list(chains)
    return some[0]._replace(before=max(each.before for each in some), behind=max(each.behind for each in some))


@lru_cache(maxsize=1024)
def _known(needle: str) -> frozenset[_Way] | None:
    parser: Any = re._parser  # type: ignore[attr-defined]
    try:
        return _ways(list(parser.parse(needle.encode(), re.DOTALL)))
    except OverflowError:
        return None


def _ways(nodes: list[Any]) -> frozenset[_Way]:
    """The ways to write what some nodes match one after another."""
    out: frozenset[_Way] = frozenset({(0,)})
    for code, argument in nodes:
        op = str(code)
        if op in ("AT", "ASSERT", "ASSERT_NOT"):
            continue
        if op == "SUBPATTERN":
            part = _ways(list(argument[3]))
        elif op == "BRANCH":
            part = _few(way for branch in argument[1] for way in _ways(list(branch)))
        elif op in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            part = _repeated(_ways(list(argument[2])), argument[0], int(argument[1]))
        elif op in ("LITERAL", "IN", "NOT_LITERAL", "ANY"):
            part = frozenset({(0, 0) if _digit(op, argument) else (1,)})
        else:
            raise OverflowError(op)
        out = _joined(out, part)
    return out


def _digit(op: str, argument: Any) -> bool:
    """Whether a node reads a digit and nothing else."""
    if op == "LITERAL":
        return 48 <= int(argument) <= 57
    if op != "IN":
        return False
    ranges = [value if str(kind) == "RANGE" else (value, value) for kind, value in argument if str(kind) != "NEGATE"]
    plain = all(str(kind) in ("RANGE", "LITERAL") for kind, _ in argument)
    return plain and all(low >= 48 and high <= 57 for low, high in ranges)


def _repeated(part: frozenset[_Way], least: int, most: int) -> frozenset[_Way]:
    if all(len(way) == 1 for way in part):
        return frozenset({(max(way[0] for way in part) * most,)})
    out: frozenset[_Way] = frozenset({(0,)})
    for _ in range(least):
        out = _joined(out, part)
    every = out
    for _ in range(most - least):
        out = _joined(out, part)
        every = _few({*every, *out})
    return every


def _joined(left: frozenset[_Way], right: frozenset[_Way]) -> frozenset[_Way]:
    if len(left) * len(right) > _MOST:
        raise OverflowError
    return _few((*a[:-1], a[-1] + b[0], *b[1:]) for a in left for b in right)


def _few(ways: Any) -> frozenset[_Way]:
    """The ways, of those without a digit only the longest."""
    out = set(ways)
    none = [way for way in out if len(way) == 1]
    if len(none) > 1:
        out.difference_update(none)
        out.add(max(none))
    if len(out) > _MOST:
        raise OverflowError
    return frozenset(out)
