"""What an expression says of itself: how wide it is, what it may begin with, what it may consist of.

Read off the parse tree of `re`, once for each pattern. All of it errs on the generous side: widths are upper bounds,
character classes may hold too much, and ``None`` stands for any character.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any

_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_NOTHING = ("ASSERT", "ASSERT_NOT", "AT")
#: An end of the text, or a word's, may be as far away as it likes.
_ENDLESS = 1 << 40
#: Wider classes at the beginning are looked for as a class.
_FEW = 4
#: Wider ranges are taken for letters.
_MOST = 64
#: What a shape tells: expressions, and numbers and truths.
_CLASSES = ("lead", "start", "ends", "letters", "opening")
_NUMBERS = ("width", "beyond", "begins_plainly", "digits", "ascii_only")
#: Ranges of code points, first and last; ``None`` for all.
Ranges = set[tuple[int, int]] | None


class Shape:
    """What can be said of one verifier; each thing is worked out when it is asked for first."""

    def __init__(self, verifier: re.Pattern[str]) -> None:
        self._source, self._flags = verifier.pattern, verifier.flags
        self._told: dict[str, Any] = {}

    def facts(self) -> dict[str, Any]:
        """All that can be said, as JSON."""
        some = {name: getattr(self, name) for name in (*_CLASSES, *_NUMBERS)}
        return {name: [one.pattern, one.flags] if isinstance(one, re.Pattern) else one for name, one in some.items()}

    def tell(self, facts: dict[str, Any]) -> None:
        """Takes what `facts` said of the same expression."""
        self._told = facts
        self.__dict__.update((name, facts[name]) for name in _NUMBERS)

    @property
    def _tree(self) -> Any:
        # Most is asked of a shape when it is new; the trees of all together would take 16 MB.
        return _parsed(self._source, self._flags)

    @cached_property
    def width(self) -> int:
        """Code points that a match has at most."""
        return int(self._tree.getwidth()[1])

    @cached_property
    def beyond(self) -> int:
        """How far behind a match its guards look at most, in code points."""
        return _beyond(self._tree)

    @cached_property
    def lead(self) -> re.Pattern[str] | None:
        """A character that a match may begin with; ``None``: any, here and below."""
        return self._expression("lead", lambda: self._edge(1))

    @cached_property
    def start(self) -> re.Pattern[str] | None:
        """A digit or sign that a match may begin with, where none stands before it that no match begins behind, so that a
        number is met once and not at each of its digits; ``None`` for matches of another kind."""
        return self._expression("start", self._start)

    def _start(self) -> re.Pattern[str] | None:
        guard = _first_guard(self._tree)
        if guard is None or self.lead is None or not self.begins_plainly:
            return None
        behind = _class(guard, self._flags)
        return None if behind is None else re.compile(f"(?<!{behind.pattern}){self.lead.pattern}", self.lead.flags)

    @cached_property
    def begins_plainly(self) -> bool:
        """Whether every match begins with a digit or a sign, none with a letter of any script."""
        ranges, empty = _edge(list(self._tree), 1)
        if ranges is None or empty or any(high - low > _MOST for low, high in ranges):
            return False
        return not any(chr(code).isalpha() for low, high in ranges for code in range(low, high + 1))

    @cached_property
    def ends(self) -> re.Pattern[str] | None:
        """A character that a match may end with."""
        return self._expression("ends", lambda: self._edge(-1))

    @cached_property
    def letters(self) -> re.Pattern[str] | None:
        """A character that a match may hold."""
        return self._expression("letters", lambda: _class(_letters(self._tree), self._flags))

    @cached_property
    def digits(self) -> int:
        """ASCII digits that a match has at least."""
        return least_digits(self._tree)

    @cached_property
    def ascii_only(self) -> bool:
        """Whether all of a match is ASCII."""
        ranges = _letters(self._tree)
        return ranges is not None and all(high < 128 for _, high in ranges) and not self._flags & re.IGNORECASE

    @cached_property
    def opening(self) -> re.Pattern[str] | None:
        """The first of two characters that a match may begin with."""
        return self._expression("opening", lambda: _opening(self._tree, self._flags))

    def _expression(self, name: str, work: Callable[[], re.Pattern[str] | None]) -> re.Pattern[str] | None:
        """What was told by this name, else what is worked out."""
        if name not in self._told:
            return work()
        told = self._told[name]
        return None if told is None else re.compile(*told)

    def _edge(self, step: int) -> re.Pattern[str] | None:
        ranges, empty = _edge(list(self._tree), step)
        return None if empty else _class(ranges, self._flags)


@lru_cache(maxsize=1024)
def shape(verifier: re.Pattern[str]) -> Shape:
    """The shape of a compiled expression."""
    return Shape(verifier)


@lru_cache(maxsize=1024)
def widths(needle: str) -> tuple[int, int]:
    """The least and the most code points that a needle spans. Automata read bytes: what may be any byte but some may
    be part of a character that stands already counted."""
    tree = _parsed(needle, 0)
    return _least(tree), int(tree.getwidth()[1])


@lru_cache(maxsize=16)
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


def _first_guard(nodes: Any) -> Ranges:
    """The characters that stand before no match, if it says so before all else."""
    for code, argument in nodes:
        if str(code) == "ASSERT_NOT" and argument[0] < 0 and len(argument[1]) == 1:
            kind, value = argument[1][0]
            return _single(str(kind), value)
        if str(code) not in _NOTHING:
            break
    return None


def _opening(nodes: Any, flags: int) -> re.Pattern[str] | None:
    """One character that a match may begin with where one that may come next stands behind it; literal and in both
    cases, for so `re` skips from one to the next without trying."""
    second: dict[int, set[tuple[int, int]] | None] = {}
    for prefix in _prefixes(nodes, 2):
        if len(prefix) < 2 or prefix[0] is None:
            return None
        for low, high in prefix[0]:
            if high - low > _FEW:
                return None
            for code in range(low, high + 1):
                known = second.setdefault(code, set())
                second[code] = None if known is None or prefix[1] is None else known | prefix[1]
    if not second or (flags & re.IGNORECASE and not flags & re.ASCII):
        return None
    guarded, parts = _guarded(list(nodes)), []
    for code, ranges in sorted(second.items()):
        behind = "" if ranges is None else _class(ranges, 0).pattern  # type: ignore[union-attr]
        if behind and flags & re.IGNORECASE:
            behind = f"(?i:{behind})"
        character = chr(code)
        both = {character.lower(), character.upper()} if flags & re.IGNORECASE and character.isascii() else {character}
        # A word that must stand whole does not begin inside another.
        alone = "(?<![A-Za-z].)" if guarded and character.isascii() and character.isalpha() else ""
        parts += [re.escape(each) + alone + (f"(?={behind})" if behind else "") for each in sorted(both)]
    return re.compile("|".join(parts), re.ASCII | re.DOTALL)


def _guarded(nodes: list[Any]) -> bool:
    """Whether no match that begins with an ASCII letter stands right behind another one."""
    for code, argument in nodes:
        op = str(code)
        if op == "ASSERT_NOT" and argument[0] < 0 and len(argument[1]) == 1:
            kind, value = argument[1][0]
            ranges = _single(str(kind), value)
            if ranges is not None and {(65, 90), (97, 122)} <= ranges:
                return True
            continue
        if op in _NOTHING:
            continue
        if op in ("SUBPATTERN", "BRANCH"):
            return all(_guarded(inner) for inner in _inner(op, argument))
        first, empty = _edge([(code, argument)], 1)
        return not (first is None or empty or any(low < 123 and high > 64 for low, high in first))
    return False


def _prefixes(nodes: Any, size: int) -> set[tuple[frozenset[tuple[int, int]] | None, ...]]:
    """The classes of the first `size` characters of a match, in every way; ``None`` for any, shorter if it may end."""
    out: set[tuple[frozenset[tuple[int, int]] | None, ...]] = {()}
    for code, argument in nodes:
        op = str(code)
        if op in _NOTHING:
            continue
        trees = _inner(op, argument)
        if trees:
            parts = set().union(*(_prefixes(tree, size) for tree in trees))
            if op in _REPEATS:
                # A second turn may follow the first: from there on anything.
                again = argument[1] > 1
                parts = {(*part, *[None] * (size if again else 0))[:size] for part in parts}
                if argument[0] == 0:
                    parts.add(())
        elif op == "GROUPREF":
            parts = {(None,) * size}
        else:
            ranges = _single(op, argument)
            parts = {(None if ranges is None else frozenset(ranges),)}
        out = {(*head, *part)[:size] if len(head) < size else head for head in out for part in parts}
        if all(len(head) == size for head in out):
            break
    return out


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


def least_digits(nodes: Any) -> int:
    """ASCII digits that whatever a parse tree matches holds at least."""
    total = 0
    for code, argument in nodes:
        op = str(code)
        if op in _NOTHING or op == "GROUPREF":
            continue
        inner = [least_digits(tree) for tree in _inner(op, argument)]
        if inner:
            total += min(inner) * (argument[0] if op in _REPEATS else 1)
        else:
            ranges = _single(op, argument)
            total += bool(ranges) and all(low >= 48 and high <= 57 for low, high in ranges or ())
    return total


def exact_digits(nodes: Any) -> int:
    """ASCII digits that whatever a parse tree matches holds; 0 if it is not always as many, or not told."""
    return max(0, _exact(nodes))


def _exact(nodes: Any) -> int:
    """`exact_digits`, and -1 for what is not told."""
    total = 0
    for code, argument in nodes:
        op = str(code)
        if op in _NOTHING:
            continue
        inner = {_exact(tree) for tree in _inner(op, argument)}
        if inner:
            if -1 in inner or len(inner) > 1 or (op in _REPEATS and argument[0] != argument[1] and inner != {0}):
                return -1
            total += inner.pop() * (argument[0] if op in _REPEATS else 1)
            continue
        ranges = _single(op, argument)
        if not ranges:
            return -1
        some = [low <= 57 and high >= 48 for low, high in ranges]
        if any(some) and not all(low >= 48 and high <= 57 for low, high in ranges):
            return -1
        total += all(some)
    return total


def begins_with_digit(nodes: Any) -> bool:
    """Whether whatever a parse tree matches begins with an ASCII digit."""
    ranges, empty = _edge(list(nodes), 1)
    return not empty and bool(ranges) and all(low >= 48 and high <= 57 for low, high in ranges or ())


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
