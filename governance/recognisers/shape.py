"""What an expression says of itself: how wide it is, what it may begin with, what it may consist of.

Read off the parse tree of `re`, once for each pattern. All of it errs on the generous side: widths are upper bounds,
character classes may hold too much, and ``None`` stands for any character.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_NOTHING = ("ASSERT", "ASSERT_NOT", "AT")
#: An end of the text, or a word's, may be as far away as it likes.
_ENDLESS = 1 << 40
#: Ranges of code points, first and last; ``None`` for all.
Ranges = set[tuple[int, int]] | None


class Shape(NamedTuple):
    """A verifier in numbers: ``width`` code points at most, guards behind it ``beyond`` more; ``lead`` is what it may
    begin with, ``ends`` what it may end with, ``letters`` whatever it may hold (``None``: anything)."""

    width: int
    beyond: int
    lead: re.Pattern[str] | None
    ends: re.Pattern[str] | None
    letters: re.Pattern[str] | None


@lru_cache(maxsize=1024)
def shape(verifier: re.Pattern[str]) -> Shape:
    """The shape of a compiled expression."""
    tree = _parsed(verifier.pattern, verifier.flags)
    first, empty = _edge(list(tree), 1)
    last, _ = _edge(list(tree), -1)
    return Shape(
        tree.getwidth()[1],
        _beyond(tree),
        None if empty else _class(first, verifier.flags),
        None if empty else _class(last, verifier.flags),
        _class(_letters(tree), verifier.flags),
    )


@lru_cache(maxsize=1024)
def widths(needle: str) -> tuple[int, int]:
    """The least and the most code points that a needle spans. Automata read bytes: what may be any byte but some may
    be part of a character that stands already counted."""
    tree = _parsed(needle, 0)
    return _least(tree), int(tree.getwidth()[1])


def _parsed(expression: str, flags: int) -> Any:
    parser: Any = re._parser  # type: ignore[attr-defined]
    return parser.parse(expression, flags & ~re.UNICODE if flags & re.ASCII else flags)


def _class(ranges: Ranges, flags: int) -> re.Pattern[str] | None:
    if not ranges:
        return None
    body = "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in sorted(ranges))
    return re.compile(f"[{body}]", flags & (re.IGNORECASE | re.ASCII))


def _single(op: str, argument: Any) -> Ranges:
    """The characters of a node that reads one."""
    if op == "LITERAL":
        return {(argument, argument)}
    if op != "IN":
        return None
    out: set[tuple[int, int]] = set()
    for kind, value in argument:
        if str(kind) == "LITERAL":
            out.add((value, value))
        elif str(kind) == "RANGE":
            out.add(tuple(value))
        else:
            return None
    return out


def _inner(op: str, argument: Any) -> list[list[Any]]:
    """The trees inside a node that has some."""
    if op == "SUBPATTERN":
        return [list(argument[3])]
    if op == "BRANCH":
        return [list(branch) for branch in argument[1]]
    if op in _REPEATS:
        return [list(argument[2])]
    if op == "ATOMIC_GROUP":
        return [list(argument)]
    return []


def _edge(nodes: list[Any], step: int) -> tuple[Ranges, bool]:
    """What a match may begin with (``step`` 1) or end with (-1), and whether it may be empty."""
    out: set[tuple[int, int]] = set()
    for code, argument in nodes[::step]:
        op = str(code)
        if op in _NOTHING:
            continue
        if op == "GROUPREF":
            return None, False
        parts = [_edge(inner, step) for inner in _inner(op, argument)] or [(_single(op, argument), False)]
        empty = any(part[1] for part in parts) or (op in _REPEATS and argument[0] == 0)
        for ranges, _ in parts:
            if ranges is None:
                return None, False
            out |= ranges
        if not empty:
            return out, False
    return out, True


def _letters(nodes: Any) -> Ranges:
    out: set[tuple[int, int]] = set()
    for code, argument in nodes:
        op = str(code)
        if op in _NOTHING or op == "GROUPREF":
            continue
        inner = _inner(op, argument)
        parts = [_letters(tree) for tree in inner] if inner else [_single(op, argument)]
        for ranges in parts:
            if ranges is None:
                return None
            out |= ranges
    return out


def _least(nodes: Any) -> int:
    total = 0
    for code, argument in nodes:
        op = str(code)
        if op in _NOTHING or op == "GROUPREF":
            continue
        inner = [_least(tree) for tree in _inner(op, argument)]
        if inner:
            total += min(inner) * (argument[0] if op in _REPEATS else 1)
        elif _single(op, argument) is not None:
            total += 1
    return total


def _beyond(nodes: Any) -> int:
    """The widest look ahead anywhere in the tree."""
    most = 0
    for code, argument in nodes:
        op = str(code)
        if op in ("ASSERT", "ASSERT_NOT"):
            if argument[0] > 0:
                most = max(most, int(argument[1].getwidth()[1]) + _beyond(argument[1]))
            continue
        if op == "AT":
            most = _ENDLESS
        most = max([most, *(_beyond(tree) for tree in _inner(op, argument))])
    return most
