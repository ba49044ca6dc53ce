"""Windows into released text: what stands around a redaction, with its shape and without its letters.

Text comes scrubbed and is masked again here: digits become ``0``, letters ``x`` or ``X``, characters without case ``字``
(`governance.masking`). Only the marks of entities that the release counts are shown as they stand, without what follows
their colon; a text in angle brackets that somebody wrote themselves is masked like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from governance.masking import shape

AROUND = 12
"""Code points on either side of a mark."""


@dataclass(frozen=True)
class Window:
    """One mark: where it begins in its text, what it is of, and the masked text before and after it."""

    start: int
    entity: str
    before: str
    mark: str
    after: str


def pattern_of(entities: Iterable[str]) -> re.Pattern[str] | None:
    """The marks of these entities: ``<PERSON>``, ``<PERSON:k7f3q2ab>``; ``None`` where there is no entity."""
    names = sorted(set(entities), key=lambda name: (-len(name), name))
    if not names:
        return None
    return re.compile(rf"<({'|'.join(map(re.escape, names))})(?:(:)[^<>\s]{{1,80}})?>")


def window(text: str, found: Sequence[re.Match[str]], number: int, marks: re.Pattern[str]) -> Window:
    """The mark ``number`` of a text, in which ``marks`` found these, with the masked text around it."""
    one = found[number]
    start, end = max(0, one.start() - AROUND), min(len(text), one.end() + AROUND)
    # A neighbour is shown whole or not at all: half of one would be masked as if it were text.
    for other in found[max(0, number - AROUND) : number]:
        if other.start() < start < other.end():
            start = other.end()
    for other in found[number + 1 : number + 1 + AROUND]:
        if other.start() < end < other.end():
            end = other.start()
    return Window(
        one.start(),
        one[1],
        ("…" if start else "") + _masked(text[start : one.start()], marks),
        _mark(one),
        _masked(text[one.end() : end], marks) + ("…" if end < len(text) else ""),
    )


def _mark(one: re.Match[str]) -> str:
    return f"<{one[1]}:…>" if one[2] else f"<{one[1]}>"


def _masked(text: str, marks: re.Pattern[str]) -> str:
    parts, at = [], 0
    for one in marks.finditer(text):
        parts += [shape(text[at : one.start()]), _mark(one)]
        at = one.end()
    return "".join([*parts, shape(text[at:])])
