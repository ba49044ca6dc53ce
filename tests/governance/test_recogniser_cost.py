"""No text makes a verifier run away: bounded widths, and a bound on steps counted by a slow model of backtracking."""

from __future__ import annotations

import re
from typing import Any

import pytest

from governance.recognisers.library import patterns_for
from governance.recognisers.pattern import Pattern

PATTERNS = patterns_for(("BR", "CN", "ES", "RU", "TH", "US"))
#: Steps that one start may cost; a verifier of a few hundred characters with a few choices at each stays far below.
MOST_STEPS = 8_000

# What looks like a match for as long as possible and then is none.
ALMOST = (
    "a" * 400,
    "a." * 300,
    "a-" * 300,
    "1" * 400,
    "1 " * 300,
    "1-" * 300,
    "12 " * 200,
    "(1)" * 200,
    "( 1 ) " * 100,
    "1.2" * 200,
    "1:" * 300,
    "ab:" * 200,
    "::" * 300,
    "a@" * 300,
    "a@" + "b." * 300,
    "a at b dot " * 60,
    "a" * 127 + " at " + "b" * 63 + "." + "c" * 63 + ".",
    "a[at]" + "b-" * 200,
    "http://" + "a" * 2500 + "\\n",
    "www." * 300,
    "a.bc/" * 300,
    "+86 " * 100,
    "+" + "1(" * 300,
    "00 86 " * 100,
    "4111 1111 1111 1111 " * 30,
    "138 0013 8000" * 40,
    "1 3 8 0 0 1 3 8 0 0 " * 30,
    "0755 " * 100 + "x",
    "ext" * 100,
)


class Steps:
    """A backtracking matcher over the parse tree of `re`, in continuation style, that counts what it tries."""

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self.tree: Any = re._parser.parse(
            pattern.pattern, pattern.flags & ~re.UNICODE if pattern.flags & re.ASCII else pattern.flags
        )
        self.text, self.count, self.groups = text, 0, {}
        self.fold = bool(pattern.flags & re.IGNORECASE)

    def at(self, start: int) -> int:
        self.count, self.groups = 0, {}
        self.run(list(self.tree), 0, start, lambda _: True)
        return self.count

    def run(self, nodes, index, place, then):
        while True:
            self.count += 1
            if self.count > MOST_STEPS * 10:
                raise OverflowError
            if index == len(nodes):
                return then(place)
            op, argument = nodes[index]
            name = str(op)
            rest = lambda p, i=index: self.run(nodes, i + 1, p, then)  # noqa: E731
            if name in ("LITERAL", "NOT_LITERAL", "IN", "ANY"):
                if place >= len(self.text) or not self.single(name, argument, self.text[place]):
                    return False
                place, index = place + 1, index + 1
                continue
            if name == "SUBPATTERN":
                group, _, _, inner = argument

                def closed(p, group=group, began=place, rest=rest):
                    if group is not None:
                        self.groups[group] = self.text[began:p]
                    return rest(p)

                return self.run(list(inner), 0, place, closed)
            if name == "BRANCH":
                return any(self.run(list(branch), 0, place, rest) for branch in argument[1])
            if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
                return self.repeat(name, *argument, place, rest)
            if name in ("ASSERT", "ASSERT_NOT"):
                direction, inner = argument
                start = place if direction > 0 else place - inner.getwidth()[0]
                held = start >= 0 and bool(self.run(list(inner), 0, start, lambda _: True))
                if held != (name == "ASSERT"):
                    return False
                index += 1
                continue
            if name == "GROUPREF":
                wanted = self.groups.get(argument, "")
                if not self.text.startswith(wanted, place):
                    return False
                place, index = place + len(wanted), index + 1
                continue
            raise NotImplementedError(name)

    def repeat(self, name, least, most, inner, place, rest):
        inner = list(inner)
        if len(inner) == 1 and str(inner[0][0]) in ("LITERAL", "NOT_LITERAL", "IN", "ANY"):
            # Runs of one class, as the real engine has them: forward in one go, then back one by one.
            reached = place
            while (
                reached < len(self.text)
                and reached - place < most
                and self.single(str(inner[0][0]), inner[0][1], self.text[reached])
            ):
                reached += 1
                self.count += 1
            order = range(reached, place + least - 1, -1)
            return any(rest(p) for p in (reversed(order) if name == "MIN_REPEAT" else order))

        def again(p, done):
            if name == "MIN_REPEAT" and done >= least and rest(p):
                return True
            if done < most and self.run(inner, 0, p, lambda q: (q > p or done < least) and again(q, done + 1)):
                return True
            return name != "MIN_REPEAT" and done >= least and rest(p)

        return again(place, 0)

    def single(self, name, argument, character):
        if name == "ANY":
            return True
        if name == "IN":
            negate = str(argument[0][0]) == "NEGATE"
            held = any(self.member(o, a, character) for o, a in argument[negate:])
            return held != negate
        same = character == chr(argument) or (self.fold and character.lower() == chr(argument).lower())
        return same == (name == "LITERAL")

    def member(self, op, argument, character):
        forms = {character, character.lower(), character.upper()} if self.fold and character.isascii() else {character}
        if str(op) == "LITERAL":
            return chr(argument) in forms
        low, high = argument
        return any(low <= ord(form) <= high for form in forms)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p.name)
def test_no_repeat_is_open_ended(pattern: Pattern):
    def walk(tree):
        for op, argument in tree:
            if str(op) in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
                assert argument[1] != re._constants.MAXREPEAT
                walk(argument[2])
            elif str(op) == "SUBPATTERN":
                walk(argument[3])
            elif str(op) == "BRANCH":
                for branch in argument[1]:
                    walk(branch)
            elif str(op) in ("ASSERT", "ASSERT_NOT"):
                walk(argument[1])

    walk(
        re._parser.parse(
            pattern.verifier.pattern,
            pattern.verifier.flags & ~re.UNICODE if pattern.verifier.flags & re.ASCII else pattern.verifier.flags,
        )
    )
    assert re._parser.parse(pattern.verifier.pattern).getwidth()[1] + 4 <= pattern.reach


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p.name)
def test_steps_from_any_start_are_bounded(pattern: Pattern):
    import sys

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(50_000)
    try:
        for text in ALMOST:
            model = Steps(pattern.verifier, text)
            starts = [0, 1, 2, 3, len(text) // 2]
            assert max(model.at(start) for start in starts) <= MOST_STEPS, text[:20]
    finally:
        sys.setrecursionlimit(limit)


def test_the_model_agrees_with_the_real_engine():
    for pattern in PATTERNS:
        for text in (
            "138 0013 8000",
            "a.b@example.com",
            "https://example.com/u/12345",
            "192.0.2.1",
            "4111 1111 1111 1111",
        ):
            model = Steps(pattern.verifier, text)
            held = model.run(list(model.tree), 0, 0, lambda _: True)
            assert bool(held) == (pattern.verifier.match(text) is not None), (pattern.name, text)


def test_the_model_sees_a_runaway():
    with pytest.raises(OverflowError):
        Steps(re.compile("(?:a|aa){1,60}b"), "a" * 60).at(0)
