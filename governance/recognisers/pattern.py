"""A pattern as a value: a cheap needle for the automaton, an exact verifier, a check, and the words beside it.

The needle says where to look, the verifier what is there. Needles know no look-around and must find every text
that the verifier matches (tested by property); verifiers carry the guards. Guards name ASCII classes and never use
``\\b`` or ``\\w``: Han, kana, Hangul and Thai are word characters to Unicode, and a number that touches them is
still a number.

All of it works on folded text (`governance.recognisers.normalise`): digits, Latin letters and the signs inside
numbers are ASCII, zero-width characters are gone, placeholders are one `FILLER` character.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

#: What `Pattern.check` may say: ``True`` the checksum holds; ``False`` the shape fits, no more; a score of its own;
#: ``None`` not this entity at all. Or ``(verdict, start, end)``, to narrow the match as well.
Verdict = bool | float | None | tuple[bool | float, int, int]
Check = Callable[[re.Match[str]], Verdict]
#: ``pii`` is redacted as the policy says; ``public`` is recognised, kept and counted (service lines); ``shield``
#: is kept without a word and keeps other patterns out of it (ordinary links).
Kind = Literal["pii", "public", "shield"]


class Hit(NamedTuple):
    """One verified match: code points ``start`` to ``end``, score 0 to 1, and what decided."""

    start: int
    end: int
    score: float
    reason: str


_LATIN = "A-Za-zÀ-ɏḀ-ỿ"
_CYRILLIC = "Ѐ-ӿ"


@dataclass(frozen=True)
class Context:
    """Words that make a weak match a sure one, and words that say it is something else.

    ``words`` maps a language to its words (all languages are looked for: a Chinese chat says ``tel``); the word
    nearest to the left of the match decides. Latin words match whole, Cyrillic words as beginnings (they are
    inflected), all others anywhere, because scripts without spaces and agglutinating languages have no word edges
    to look for. ``before`` and ``after`` are windows in code points; ``following`` are the words that count to the
    right of the match.
    """

    words: Mapping[str, tuple[str, ...]]
    against: tuple[str, ...] = ()
    before: int = 24
    after: int = 8
    following: tuple[str, ...] = ()

    @cached_property
    def _left(self) -> re.Pattern[str]:
        wanted = {word for words in self.words.values() for word in words}
        return re.compile(f"(?P<for>{_any(wanted)})|(?P<against>{_any(self.against)})", re.IGNORECASE)

    @cached_property
    def _right(self) -> re.Pattern[str] | None:
        return re.compile(_any(self.following), re.IGNORECASE) if self.following else None

    def supports(self, text: str, start: int, end: int) -> bool:
        """Whether a word beside ``text[start:end]`` speaks for the match."""
        nearest = None
        window = text[max(0, start - self.before) : start]
        for found in self._left.finditer(window):
            nearest = found.lastgroup
        if nearest is not None:
            return nearest == "for"
        return self._right is not None and self._right.search(text, end, end + self.after) is not None


def _any(words: set[str] | tuple[str, ...]) -> str:
    """An alternation, longest word first so that a longer word of the other side is not cut short."""
    return "|".join(_edged(word) for word in sorted(words, key=lambda w: (-len(w), w))) or "(?!)"


def _edged(word: str) -> str:
    """`word` as a regular expression with the edges its script needs."""
    left = right = ""
    if re.match(f"[{_LATIN}]", word):
        left = f"(?<![{_LATIN}])"
    elif re.match(f"[{_CYRILLIC}]", word):
        left = f"(?<![{_CYRILLIC}])"
    if re.search(f"[{_LATIN}]$", word):
        right = f"(?![{_LATIN}])"
    return left + re.escape(word) + right


@dataclass(frozen=True)
class Pattern:
    """One way in which an entity is written.

    ``needle``: an expression that Hyperscan, RE2 and `re` read alike: ASCII classes, literals, bounded repeats, an
    inline ``(?i)``; a match is at most `MAX_NEEDLE` bytes long. ``verifier``: a compiled `re` with guards;
    its group ``value`` is the span where it has one. ``score`` holds without a check or when the check fails,
    ``checked`` when it holds, ``contextual`` when a word beside it speaks for it. A hit below the engine's
    threshold is no hit. ``regions``: ISO 3166-1 codes the pattern belongs to, empty for all. ``reach``: the most
    code points that a match and its guards span, for windows in long rows.
    """

    entity: str
    name: str
    needle: str
    verifier: re.Pattern[str]
    check: Check | None = None
    context: Context | None = None
    score: float = 0.6
    checked: float = 0.95
    contextual: float = 0.8
    regions: frozenset[str] = frozenset()
    kind: Kind = "pii"
    reach: int = 256
    _group: str | int = field(init=False, repr=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_group", "value" if "value" in self.verifier.groupindex else 0)

    def find(self, text: str, start: int = 0, end: int | None = None, threshold: float = 0.5) -> Iterator[Hit]:
        """Verified hits of folded `text` that begin in ``[start, end)``, left to right, not overlapping.

        After a match that does not hold, the search goes on one character later, so that a number inside a longer
        row of numbers is not lost with it.
        """
        at, stop = start, len(text) if end is None else end
        search = self.verifier.search
        while found := search(text, at, stop):
            hit = self.judge(found, threshold)
            if hit is None:
                at = found.start() + 1
            else:
                yield hit
                at = max(hit.end, found.start() + 1)
            if at > stop:
                return

    def judge(self, found: re.Match[str], threshold: float = 0.5) -> Hit | None:
        """Score one match of the verifier: check first, context only where the check does not decide."""
        start, end = found.span(self._group)
        score, reason = self.score, "pattern"
        if self.check is not None:
            verdict = self.check(found)
            if isinstance(verdict, tuple):
                verdict, start, end = verdict
            if verdict is None:
                return None
            if verdict is True:
                score, reason = self.checked, "checksum"
            elif verdict is not False:
                score = verdict
        if score < threshold and self.context is not None and self.context.supports(found.string, start, end):
            score = self.contextual
            reason = "checksum+context" if reason == "checksum" else "context"
        return Hit(start, end, score, reason) if score >= threshold else None


#: The longest text, in bytes, that a needle may match; blocks of a scan overlap by it.
MAX_NEEDLE = 4096
