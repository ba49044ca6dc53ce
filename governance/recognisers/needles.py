"""Where needles stand that may still be personal data once the finds are blotted out, so that most rows need no second look.

A needle that a find overlaps is gone with it, and no match reaches over a filler. One from which all finds are far was
looked at before, with the same text around it. Only where a needle stands near a find, and outside of it, something
new may come up; or where a find held a letter or digit against a word that is a needle without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from governance.recognisers.pattern import Pattern
from governance.recognisers.points import Points

Ints = npt.NDArray[np.int64]

#: A check looks no farther around its match than so many code points; the windows of its words come on top.
_MARGIN = 64
#: Characters that guards of needles name, and those with which a needle behind or before a guard begins or ends.
_GUARDED, _TOUCHING = np.zeros(0x10000, dtype=bool), np.zeros(0x10000, dtype=bool)
_GUARDED[[ord(c) for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.:-"]] = True
for _first, _last in ((0x21, 0x7E), (0xC0, 0x24F), (0x1E00, 0x1EFF)):
    _TOUCHING[_first : _last + 1] = True
_TOUCHING[[ord(c) for c in ",;!?"]] = False


class Reach:
    """How far before the first place where a match of a pattern may begin, and behind the last one, the text counts for
    what is found there. Worked out for a pattern when it is first asked about: it takes a look at its whole expression."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._patterns = patterns
        self._before, self._behind = (np.full(len(patterns), -1, dtype=np.int64) for _ in range(2))

    def of(self, which: Ints) -> tuple[Ints, Ints]:
        """How far before, and how far behind, for each of some patterns."""
        before = self._before[which]
        if (before < 0).any():
            for p in np.unique(which[before < 0]).tolist():
                pattern = self._patterns[p]
                words = pattern.context
                self._before[p] = _MARGIN + (words.before if words else 0)
                self._behind[p] = _MARGIN + (words.after if words else 0) + pattern.tail
        return self._before[which], self._behind[which]


class Needles(NamedTuple):
    """The needles of personal data of some rows, in code points: several of one pattern in a row are one entry.

    ``first``: where the first of an entry ends; ``last``: where the last of it begins at the latest. ``low`` to
    ``high``: the text that counts for what is found there. ``mixed``: rows in which something was kept out of sight of
    personal data (a link, a service line).
    """

    row: Ints
    first: Ints
    last: Ints
    low: Ints
    high: Ints
    mixed: Ints

    def behind(self, rows: int) -> Needles:
        """The same, of rows that stand behind so many others."""
        return self._replace(row=self.row + rows, mixed=self.mixed + rows)

    @classmethod
    def joined(cls, parts: Sequence[Needles]) -> Needles:
        """All of some parts."""
        if not parts:
            return cls(*(np.zeros(0, dtype=np.int64) for _ in cls._fields))
        return cls(*map(np.concatenate, zip(*parts, strict=True)))

    def unsettled(self, rows: Ints, row: Ints, start: Ints, end: Ints, points: Points) -> Ints:
        """Which of ``rows`` (sorted) may hold more personal data without what stands from ``start`` to ``end``, in code
        points, of those that ``row`` counts (sorted and disjoint). ``points`` are of the texts of ``rows``."""
        if not len(rows):
            return rows
        loud = np.zeros(len(rows), dtype=bool)
        # Beside a find begins what it kept from being a needle.
        for inner, outer in ((start, start - 1), (end - 1, end)):
            loud[row[_GUARDED[points.at(row, inner)] & _TOUCHING[points.at(row, outer)]]] = True
        place = np.minimum(np.searchsorted(rows, self.row), len(rows) - 1)
        mine = np.flatnonzero(rows[place] == self.row)
        place = place[mine]
        first, last, low, high = (column[mine] for column in (self.first, self.last, self.low, self.high))
        width = int(max(end.max(initial=0), high.max(initial=0))) + 2
        begins = row * width + start
        overlapped = self._reached(begins, row, end, place, place * width + first, last)
        near = self._reached(begins, row, end, place, place * width + high, low)
        mixed = np.isin(self.row[mine], self.mixed)
        loud[place[~overlapped & (near | mixed)]] = True
        return np.flatnonzero(loud)

    @staticmethod
    def _reached(begins: Ints, row: Ints, end: Ints, place: Ints, before: Ints, behind: Ints) -> npt.NDArray[np.bool_]:
        """Whether the last find that begins before some place of a row, one for each entry, ends behind another."""
        at = np.searchsorted(begins, before) - 1
        found = np.maximum(at, 0)
        return (at >= 0) & (row[found] == place) & (end[found] > behind)
