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
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Any, Literal, NamedTuple

from governance.recognisers.library.rows import Sieve
from governance.recognisers.remembered import remembered
from governance.recognisers.shape import Shape, shape, widths
from governance.recognisers.wordfinder import WordFinder, trie

#: What `Pattern.check` may say: ``True`` the checksum holds; ``False`` the shape fits, no more; a score of its own, not
#: above the pattern's; ``None`` not this entity at all. Or ``(verdict, start, end)``, to narrow the match as well.
Verdict = bool | float | None | tuple[bool | float, int, int]
Check = Callable[[re.Match[str]], Verdict]
#: ``pii`` is redacted as the policy says; ``public`` is recognised, kept and counted (service lines); ``shield``
#: is kept without a word and keeps other patterns out of it (ordinary links).
Kind = Literal["pii", "public", "shield"]


#: Whether the character at a place is of a class.
At = Callable[[str, int], object]
#: `re.Pattern.search` or `re.Pattern.match`.
Search = Callable[..., re.Match[str] | None]


class Hit(NamedTuple):
    """One verified match: code points ``start`` to ``end``, score 0 to 1, and what decided."""

    start: int
    end: int
    score: float
    reason: str


class Covered:
    """Spans, and whether one of them holds another: sorted once, so that a row of a million finds stays cheap."""

    def __init__(self, hits: Iterable[Hit]) -> None:
        self._spans = [hit[:2] for hit in hits]
        self._starts: list[int] = []
        if len(self._spans) > _SEVERAL:
            self._spans.sort()
            self._starts = [start for start, _ in self._spans]
            self._reach = list(accumulate((end for _, end in self._spans), max))

    def holds(self, start: int, end: int) -> bool:
        """Whether ``start`` to ``end`` lies within one span."""
        if not self._starts:
            return any(first <= start and end <= last for first, last in self._spans)
        at = bisect_right(self._starts, start)
        return at > 0 and self._reach[at - 1] >= end


@dataclass(frozen=True)
class Context:
    """Words that make a weak match a sure one, and words that say it is something else.

    ``words`` maps a language to its words (all languages are looked for: a Chinese chat says ``tel``); the word
    nearest to the left of the match decides. ``before`` and ``after`` are windows in code points; ``following`` are
    the words that count to the right of the match, ``adjacent`` those, too short to count from afar, that must
    stand right before it.
    """

    words: Mapping[str, tuple[str, ...]]
    against: tuple[str, ...] = ()
    before: int = 24
    after: int = 8
    following: tuple[str, ...] = ()
    adjacent: tuple[str, ...] = ()

    @cached_property
    def _wanted(self) -> frozenset[str]:
        return frozenset(word.lower().rstrip("*") for words in self.words.values() for word in words)

    @cached_property
    def _left(self) -> WordFinder:
        return WordFinder((*(word for words in self.words.values() for word in words), *self.against))

    @cached_property
    def _right(self) -> WordFinder:
        return WordFinder(self.following)

    @cached_property
    def _beside(self) -> WordFinder:
        return WordFinder(self.adjacent, at_end=True)

    def possible(self, text: str, first: int, last: int, reach: int, *, apart: bool = False) -> bool:
        """Whether a word may speak for a match that begins between `first` and `last` and is no longer than `reach`.
        ``apart``: it begins with no letter, so that a word that ends before it ends as a word."""
        if self._spelt and _said_nothing(text[max(0, first - self.before) : last + reach + self.after]):
            return False
        window = text[max(0, first - self.before) : last].lower()
        if not apart:
            if self._before.search(window) is not None:
                return True
        elif self._whole.holds(window) or (
            self.adjacent and self._single.holds(text[max(0, first - _ADJACENT - 1) : last].lower())
        ):
            return True
        return bool(self.following) and self._behind.search(text[first : last + reach + self.after].lower()) is not None

    @cached_property
    def _spelt(self) -> bool:
        """Whether no word is made of signs and digits alone."""
        return not any(map(_said_nothing, (*self._wanted, *self.adjacent, *self.following)))

    @cached_property
    def _whole(self) -> WordFinder:
        return WordFinder((word for words in self.words.values() for word in words), cut=True)

    @cached_property
    def _single(self) -> WordFinder:
        return WordFinder(self.adjacent)

    @cached_property
    def _before(self) -> re.Pattern[str]:
        return re.compile(trie({word.lower() for word in (*self._wanted, *self.adjacent)}))

    @cached_property
    def _behind(self) -> re.Pattern[str]:
        return re.compile(trie({word.lower().rstrip("*") for word in self.following}))

    def supports(self, text: str, start: int, end: int) -> bool:
        """Whether a word beside ``text[start:end]`` speaks for the match."""
        window = text[max(0, start - self.before) : start].lower()
        if self.adjacent:
            beside = window[-_ADJACENT:].rstrip(" :：.")
            # A word at the very edge may be the end of a longer one.
            word = self._beside.last(beside)
            if word is not None and (len(word) < len(beside) or len(window) <= _ADJACENT):
                return True
        nearest = self._left.last(window)
        if nearest is not None:
            return nearest in self._wanted
        return bool(self.following) and self._right.last(text[end : end + self.after].lower()) is not None

    def denies(self, text: str, start: int) -> bool:
        """Whether the word nearest to the left of `start` speaks against the match."""
        nearest = self._left.last(text[max(0, start - self.before) : start].lower())
        return nearest is not None and nearest not in self._wanted


@dataclass(frozen=True)
class Pattern:
    """One way in which an entity is written.

    ``needle``: an expression that Hyperscan, RE2 and `re` read alike: ASCII classes, literals, bounded repeats, an
    inline ``(?i)``; a match is at most `MAX_NEEDLE` bytes long. ``verifier``: a compiled `re` with guards;
    its group ``value`` is the span where it has one. ``score`` holds without a check or when the check fails,
    ``checked`` when it holds, ``contextual`` when a word beside it speaks for it. A hit below the engine's
    threshold is no hit. ``regions``: ISO 3166-1 codes the pattern belongs to, empty for all. ``reach``: the most
    code points that a match and its guards span. ``near``: within so many code points from the start of the whole
    match, label and all, it has a whole needle; ``label``: how far before the start that needle may begin, where a label
    is part of it: such a needle begins where the whole match does. ``digits`` stands in for `around` where a label does.
    ``ahead``: how far before the first digit of its first needle a match begins at most, for needles of a number of
    digits that is always the same (`needle_scan.digits_exactly`); -1 where that is not told. ``pivot``: something that
    every match holds and that is sooner found than the beginning of one, and an expression for the text before it, read
    backwards, that reaches at least as far as the match does (`_PIVOTED` at most). ``alone``: what all that needs no word
    beside it looks like, as the verifier begins and ends: tables of numbers are read by it. ``sieve``: which numbers of a
    table such a match may begin with (`library.rows`).
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
    reach: int = 64
    near: int = 64
    label: int = 0
    digits: tuple[int, int, int] = (0, 0, 0)
    ahead: int = -1
    pivot: tuple[re.Pattern[str], re.Pattern[str]] | None = None
    alone: re.Pattern[str] | None = None
    sieve: Sieve | None = None
    _group: str | int = field(init=False, repr=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_group", "value" if "value" in self.verifier.groupindex else 0)

    def never_sure(self, threshold: float) -> bool:
        """Whether no match of this pattern stands without a word beside it."""
        return max(self.score, self.checked) < threshold

    @cached_property
    def shape(self) -> Shape:
        """Widths and characters of the verifier."""
        return shape(self.verifier)

    @cached_property
    def edges(self) -> tuple[At, At, At] | None:
        """What tells, of a place, whether a character of a match stands there, one that a match may begin with, one
        that it may end with; ``None`` where any may, or where a label belongs to the match."""
        shape = self.shape
        if self.label or shape.letters is None or shape.lead is None or shape.ends is None:
            return None
        return shape.letters.match, shape.lead.match, shape.ends.match

    @cached_property
    def most_score(self) -> float:
        """The highest score that a hit may have; a check's own scores are not above it."""
        checked = self.score if self.check is None else max(self.score, self.checked)
        return checked if self.context is None else max(checked, self.contextual)

    @cached_property
    def _widths(self) -> tuple[int, int]:
        return widths(self.needle)

    @cached_property
    def least(self) -> int:
        """Code points that a needle has at least."""
        return self._widths[0]

    @cached_property
    def back(self) -> int:
        """How far before the end of the first needle in it a match begins at most, in code points. A needle with a
        label in it begins where the match does."""
        return min(self._widths[1] if self.label else self.near, self.shape.width)

    @cached_property
    def around(self) -> tuple[int, int, int]:
        """The digits that a match holds at least, and how many bytes before and behind the end of a needle in it they
        stand at most; no digits where a match may lie far from its needles."""
        if self.label:
            return self.digits
        shape = self.shape
        size = 1 if shape.ascii_only else 4
        if not shape.digits or shape.width * size > _CLOSE:
            return 0, 0, 0
        return shape.digits, min(self.back, shape.width) * size, shape.width * size

    @cached_property
    def tail(self) -> int:
        """How far behind its beginning a match and its guards end at most, in code points."""
        return self.shape.width + self.shape.beyond

    def look(
        self,
        text: str,
        windows: Sequence[tuple[int, int]] = (),
        threshold: float = 0.5,
        covered: Covered | None = None,
        *,
        lone: bool = False,
        plain: bool = False,
    ) -> tuple[list[Hit], list[Hit]]:
        """Hits of folded `text` that are sure, and those that a word beside them would make so.

        ``windows``: where matches may begin, first and last place, in order; none for all of the text. After a match
        that is not sure the search goes on one character later, so that a number inside a longer row of numbers is
        not lost with it; what is weak inside something weak is not told again, for the same words stand beside it.
        Matches inside ``covered`` are passed over. ``lone``: no word stands beside anything there. ``plain``: the expression is searched as it stands, without skipping
        to where a match may begin; it finds the same.
        """
        sure: list[Hit] = []
        weak: list[Hit] = []
        at, told = 0, -1
        skip, search, opened, tail, most = self._plan
        if plain:
            skip, search, opened = None, self.verifier.search, False
        elif self.pivot is not None:
            windows = self._pivoted(text, windows or ((0, len(text)),))
            if not windows:
                return sure, weak
        unsure = most < threshold
        if lone:
            if opened and self.alone is not None:
                search = self.alone.match
        elif windows and unsure and self.context is not None:
            # Most such numbers have no word beside them; that is sooner seen than what they are.
            possible, width, apart = self.context.possible, self.shape.width, self.shape.begins_plainly
            if len(windows) > _WINDOWS and not possible(text, windows[0][0], windows[-1][1], width):
                return sure, weak
            windows = [each for each in windows if possible(text, *each, width, apart=apart)]
            if not windows:
                return sure, weak
        elif windows and self.context is not None and windows[-1][1] - windows[0][0] > WIDE and not plain:
            # Where no word may stand beside anything, what needs one need not be looked at: a table of numbers.
            lone = self.lone(text, windows[0][0], windows[-1][1])
            if lone and opened and self.alone is not None:
                search = self.alone.match
        for begin, last in windows or ((0, len(text)),):
            if begin > at:
                at = begin
            while at <= last:
                if skip is not None:
                    begun = skip(text, at, last + 2)
                    if begun is None:
                        break
                    at = begun.start()
                found = search(text, at, last + tail)
                if found is None:
                    if opened:
                        at += 1
                        continue
                    break
                start = found.start()
                if start > last:
                    break
                if covered is not None and covered.holds(start, found.end()):
                    at = found.end()
                    continue
                hit = self._judge(found)
                if hit is not None and hit.score >= threshold:
                    sure.append(hit)
                    at = max(hit.end, start + 1)
                    continue
                if hit is not None and self.context is not None and not lone and hit.start >= told:
                    weak.append(hit)
                    told = hit.end
                    if unsure:
                        at = max(hit.end, start + 1)  # what begins in it would not be told
                        continue
                at = start + 1
        return sure, weak

    def lone(self, text: str, first: int, last: int) -> bool:
        """Whether no word can stand beside any match that begins from ``first`` to ``last``."""
        return self.context is not None and not self.context.possible(text, first, last, self.shape.width)

    def _pivoted(self, text: str, windows: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """What is left of the windows before pivots."""
        assert self.pivot is not None
        pivot, before = self.pivot
        out: list[tuple[int, int]] = []
        parts: list[tuple[int, int]] = []
        done = k = 0
        for first, last in windows:
            # What begins up to `done` is read to its end.
            for found in pivot.finditer(text, max(first, done), last + 2 * self.tail):
                at = found.start()
                run = before.match(text[max(0, at - _PIVOTED) : at][::-1])
                if run is not None:
                    parts.append((at - run.end(), at))
            done = max(done, last + self.tail)
            while k < len(parts) and parts[k][1] < first:
                k += 1
            out += [(max(begin, first), min(end, last)) for begin, end in parts[k:] if begin <= last]
        return sorted(out)

    @cached_property
    def _plan(self) -> tuple[Search | None, Search, bool, int, float]:
        """What `look` does: how it skips to where a match may begin, how it tries there, whether it tries each such
        place by itself, how far it reads, and the highest score without a word beside."""
        # A label is looked for by its first two characters; a number is soon found by its first, and tried there alone.
        opening = self.shape.opening if self.label else None
        start = opening or self.shape.start
        lead = start or self.shape.lead
        each = start is not None or self.pivot is not None
        skip = None if lead is None else lead.search
        return (
            skip,
            self.verifier.match if each else self.verifier.search,
            each,
            self.tail,
            max(self.score, self.checked),
        )

    def supported(self, text: str, hit: Hit) -> Hit | None:
        """A weak hit with its score in context, if a word beside it speaks for it."""
        assert self.context is not None
        if not self.context.supports(text, hit.start, hit.end):
            return None
        return hit._replace(score=self.contextual, reason="context")

    def find(self, text: str, threshold: float = 0.5) -> list[Hit]:
        """All hits of this pattern alone in folded `text`."""
        sure, weak = self.look(text, threshold=threshold)
        backed = (self.supported(text, hit) for hit in weak)
        return sorted([*sure, *(hit for hit in backed if hit is not None and hit.score >= threshold)])

    def _judge(self, found: re.Match[str]) -> Hit | None:
        start, end = found.span(self._group)
        if self.check is None:
            return Hit(start, end, self.score, "pattern")
        verdict = self.check(found)
        if isinstance(verdict, tuple):
            verdict, start, end = verdict
        if verdict is None:
            return None
        if verdict is True:
            return Hit(start, end, self.checked, "checksum")
        return Hit(start, end, self.score if verdict is False else verdict, "pattern")


def prepare(patterns: Sequence[Pattern]) -> None:
    """Tells patterns what an earlier process worked out of their expressions, or works it out for later ones."""

    def work(i: int) -> tuple[tuple[int, int], dict[str, Any]]:
        return widths(patterns[i].needle), patterns[i].shape.facts()

    keys = [f"{each.needle}\0{each.verifier.flags}\0{each.verifier.pattern}" for each in patterns]
    for pattern, (spans, facts) in zip(patterns, remembered("patterns", keys, work), strict=True):
        pattern.__dict__["_widths"] = tuple(spans)
        pattern.shape.tell(facts)


def _said_nothing(text: str) -> bool:
    """Whether a text is of digits, signs and spaces of ASCII alone."""
    return text.isascii() and text.lower() == text.upper()


#: Of more windows than so many, and of more characters, it is first asked whether any word stands beside any of them.
_WINDOWS, WIDE = 4, 256
#: Within so many characters before a match stands a word that must stand right before it, and signs behind it.
_ADJACENT = 14
#: A match begins no farther before its pivot.
_PIVOTED = 256
#: So few spans are looked through one by one.
_SEVERAL = 8
#: Digits farther away, in bytes, tell nothing.
_CLOSE = 256
#: The longest text, in bytes, that a needle may match; blocks of a scan overlap by it.
MAX_NEEDLE = 4096
