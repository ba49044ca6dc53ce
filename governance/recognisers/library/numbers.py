"""Help for numbers written in groups."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: What stands beside a number in a needle: no digit; no digit or letter.
BEGIN, END = "(?:^|[^0-9])", "(?:$|[^0-9])"
APART, BEYOND = "(?:^|[^0-9A-Za-z])", "(?:$|[^0-9A-Za-z])"
#: Needles that many patterns share, so that an automaton speaks up once: twelve digits, and seven however written.
LONG = f"{BEGIN}[0-9]{{12}}"
ANY = f"{BEGIN}[0-9](?:(?:[ ()./-]|（|）){{0,3}}[0-9]){{6}}"

_RUN = re.compile("[0-9]+")


def runs(found: re.Match[str], group: str | int = 0) -> list[tuple[int, int]]:
    """Spans of the runs of digits inside a match, in the coordinates of the matched text."""
    return [run.span() for run in _RUN.finditer(found.string, *found.span(group))]


def prefixes(text: str, groups: list[tuple[int, int]], least: int, most: int) -> Iterator[tuple[str, int, int]]:
    """``(digits, end, groups taken)`` for each leading row of groups with `least` to `most` digits, longest first.

    A number and what follows it (an expiry date, a quantity, another number) look like one row of groups; the
    longest row that passes a check is the number.
    """
    counted = [text[a:b] for a, b in groups]
    for taken in range(len(groups), 0, -1):
        digits = "".join(counted[:taken])
        if least <= len(digits) <= most:
            yield digits, groups[taken - 1][1], taken
