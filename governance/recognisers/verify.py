"""From candidate pairs to hits: each row's candidate patterns, looked at where their needles stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from governance.recognisers.automata import Candidates, Ints, Units
from governance.recognisers.library.rows import Part, sieved
from governance.recognisers.needles import Needles, Reach
from governance.recognisers.pattern import WIDE, Covered, Hit, Pattern

#: A hit with the index of its pattern.
Found = tuple[int, Hit]
#: First and last place where a match may begin, in code points.
Window = tuple[int, int]
#: Farther than any text reaches.
_FAR = 1 << 40
#: Characters of tables that are sifted at once.
_AT_ONCE = 1 << 16
#: Rows with more hits than that are looked at in full: to compare each with each would cost more.
_MANY = 16


class Clues:
    """The candidates of some rows by columns, in code points of their texts, sorted by row and rank of pattern.

    ``which`` are patterns; ``low`` to ``high`` is where their matches may begin; ``first`` and ``last`` where the
    first and the last of their needles end. ``edges``: row ``i`` has those from ``edges[i]`` to ``edges[i + 1]``.
    ``place``, ``patterns`` and ``columns`` are rows, patterns and these four as arrays.
    """

    def __init__(
        self, ranks: Ranks, found: Candidates, units: Units, offsets: Ints, rows: Ints, texts: pa.LargeStringArray
    ) -> None:
        """``texts`` are the texts of ``rows`` (sorted, distinct); every candidate belongs to one of them.
        ``offsets`` are those of the scanned array, whose bytes the candidates count in."""
        where = found.units if units.rows is None else units.rows[found.units]
        place = np.searchsorted(rows, where)
        order = np.argsort(place * len(ranks.place) + ranks.place[found.which], kind="stable")
        place, which = place[order], found.which[order]
        self.edges = np.searchsorted(place, np.arange(len(rows) + 1)).tolist()
        self.which = which.tolist()
        self.place, self.patterns = place, which
        if found.first is not None and found.last is not None:
            at = _CodePoints(texts, place, offsets[rows])
            first, last = at(found.first[order]), at(found.last[order])
            low, high = first - ranks.back[which], last - ranks.least[which]
            if found.begin is not None:
                begin, ahead = found.begin[order], ranks.ahead[which]
                told = (begin >= 0) & (ahead >= 0)
                low[told] = np.maximum(low, at(np.maximum(begin, offsets[rows][place])) - ahead)[told]
            low = np.maximum(low, 0)
        else:
            if units.rows is None:
                low, high = np.zeros_like(which), np.full_like(which, _FAR)
            else:
                at = _CodePoints(texts, place, offsets[rows])
                unit = found.units[order]
                low, high = at(units.edges[unit]), at(units.edges[unit + 1]) - 1
            first, last = np.full_like(which, -1), np.full_like(which, _FAR)
        #: Windows that stand in for those of a pattern in a row, where no word stands beside anything.
        self.sieved: dict[tuple[int, int], list[Window]] = {}
        self.columns = low, high, first, last
        self.low, self.high, self.first, self.last = (column.tolist() for column in self.columns)


class Ranks(NamedTuple):
    """Columns by pattern: in which order to look, how far a match may begin before its first needle's end, how long
    a needle is at least, and `Pattern.ahead`."""

    place: Ints
    back: Ints
    least: Ints
    ahead: Ints


class _CodePoints:
    """Bytes of the scanned buffer as code points of their rows."""

    def __init__(self, texts: pa.LargeStringArray, place: Ints, begins: Ints) -> None:
        _, offsets, values = texts.buffers()
        edges = np.frombuffer(offsets, dtype=np.int64, count=len(texts) + 1, offset=texts.offset * 8)
        data = np.frombuffer(values, dtype=np.uint8)[edges[0] : edges[-1]]
        before = np.zeros(len(data) + 1, dtype=np.int64)
        np.cumsum((data & 0xC0) != 0x80, out=before[1:])
        self._before = before
        self._shift = (edges[:-1] - edges[0] - begins)[place]
        self._base = before[edges[:-1] - edges[0]][place]

    def __call__(self, at: Ints) -> Ints:
        return self._before[at + self._shift] - self._base


def _sift(clues: Clues, p: int, pattern: Pattern, parts: Sequence[Part], rows: Sequence[int]) -> None:
    """Tell the clues what is left of parts of some rows."""
    if parts and pattern.sieve is not None:
        for row, left in zip(rows, sieved(parts, pattern.sieve), strict=True):
            clues.sieved[row, p] += left


class Verifier:
    """The patterns of an engine at work on rows.

    Those of the highest scores are looked at first: what lies wholly inside a sure hit and cannot win over it needs
    no look. Those that need a word beside them come last.
    """

    def __init__(self, patterns: Sequence[Pattern], threshold: float) -> None:
        self.patterns, self.threshold = patterns, threshold
        self._unsure = [pattern.never_sure(threshold) for pattern in patterns]
        self._pii = [pattern.kind == "pii" for pattern in patterns]
        self._least = [pattern.least for pattern in patterns]
        # Numbers that fail their check are sieved out: where such a match would count, nothing is.
        self._sieves = [p for p, one in enumerate(patterns) if one.sieve is not None and one.score < threshold]
        self._most = [pattern.most_score for pattern in patterns]
        self._reach, self._data = Reach(patterns), np.array(self._pii, dtype=bool)
        order = sorted(range(len(patterns)), key=lambda p: (self._unsure[p], -self._most[p], p))
        place = np.zeros(len(patterns), dtype=np.int64)
        place[order] = np.arange(len(patterns))
        self.ranks = Ranks(
            place,
            np.array([pattern.back for pattern in patterns], dtype=np.int64),
            np.array(self._least, dtype=np.int64),
            np.array([pattern.ahead for pattern in patterns], dtype=np.int64),
        )

    def sieve(self, texts: Sequence[str], clues: Clues) -> None:
        """Tell the clues where the numbers of tables are that a pattern may find by itself. ``texts``: of their rows."""
        low, high, _, _ = clues.columns
        for p in self._sieves:
            own = np.flatnonzero(clues.patterns == p)
            if not len(own):
                continue
            pattern, place = self.patterns[p], clues.place[own]
            heads = np.flatnonzero(np.append(True, place[1:] != place[:-1]))
            tails = np.append(heads[1:], len(own))
            wide = np.flatnonzero(high[own[tails - 1]] - low[own[heads]] > WIDE)
            parts: list[Part] = []
            of: list[int] = []
            held = 0
            for head, tail in zip(heads[wide].tolist(), tails[wide].tolist(), strict=True):
                row, mine = int(place[head]), own[head:tail]
                text, windows = texts[row], list(zip(low[mine].tolist(), high[mine].tolist(), strict=True))
                if not pattern.lone(text, windows[0][0], windows[-1][1]):
                    continue
                clues.sieved[row, p] = []
                done = -1
                for begin, last in windows:
                    if last > done:
                        parts.append(Part(text, max(begin, done + 1), last, min(last + pattern.tail + 1, len(text))))
                        of.append(row)
                        done = last
                        held += parts[-1].end - parts[-1].first
                if held > _AT_ONCE:
                    _sift(clues, p, pattern, parts, of)
                    parts, of, held = [], [], 0
            _sift(clues, p, pattern, parts, of)

    def hits(self, text: str, clues: Clues, row: int) -> list[Found]:
        """Verified hits of one row of the clues, overlapping as they may be."""
        which, low, high, first, last = clues.which, clues.low, clues.high, clues.first, clues.last
        k, end = clues.edges[row], clues.edges[row + 1]
        if k + 1 == end:  # most rows
            p = which[k]
            left = clues.sieved.get((row, p)) if clues.sieved else None
            if left is None:
                alone, unsure = self.patterns[p].look(text, ((low[k], high[k]),), self.threshold)
            else:
                alone, unsure = self.patterns[p].look(text, left, self.threshold, lone=True) if left else ([], [])
            sure: list[Found] = [(p, hit) for hit in alone]
            return sure + self._backed(text, sure, [(p, hit) for hit in unsure]) if unsure else sure
        sure = []
        weak: list[Found] = []
        while k < end:
            p = which[k]
            windows: Sequence[Window]
            if k + 1 == end or which[k + 1] != p:
                windows, begun, done = ((low[k], high[k]),), first[k], last[k]
                k += 1
            else:
                begin = k
                while k < end and which[k] == p:
                    k += 1
                windows = tuple(zip(low[begin:k], high[begin:k], strict=True))
                begun, done = first[begin], max(last[begin:k])
            covered = None
            if sure:
                if self._beaten(text, p, begun, done, sure):
                    continue
                if self._unsure[p]:
                    covered = Covered(hit for _, hit in sure)
            left = clues.sieved.get((row, p)) if clues.sieved else None
            if left is None:
                found, unsure = self.patterns[p].look(text, windows, self.threshold, covered)
            elif left:
                found, unsure = self.patterns[p].look(text, left, self.threshold, covered, lone=True)
            else:
                continue
            for hit in found:
                sure.append((p, hit))
            for hit in unsure:
                weak.append((p, hit))
        return sure + self._backed(text, sure, weak) if weak else sure

    def _beaten(self, text: str, p: int, first: int, last: int, sure: list[Found]) -> bool:
        """Whether nothing that a pattern may find here can count: all its needles end in one sure hit, and what
        stands beside the hit is no part of a match, so that its matches lie inside; and the hit wins over whatever
        does. A pattern that needs a word is not asked inside any sure hit."""
        edges = self.patterns[p].edges if len(sure) <= _MANY else None
        if edges is None:
            return False
        letters, lead, ends = edges
        for q, hit in sure:
            if hit.start < first and last <= hit.end:
                if not self._unsure[p]:
                    most = self._most[p]
                    if not self._pii[q] or hit.score < most or (hit.score == most and q > p):
                        continue
                left, right = hit.start - 1, hit.end
                while left >= 0 and letters(text, left):
                    if lead(text, left):
                        return False
                    left -= 1
                while letters(text, right):
                    if ends(text, right):
                        return False
                    right += 1
                return True
        return False

    def _backed(self, text: str, sure: list[Found], weak: list[Found]) -> list[Found]:
        """The weak hits that words beside them speak for. What lies inside something sure needs no asking."""
        out: list[Found] = []
        covered = Covered(hit for _, hit in sure)
        for p, hit in weak:
            if not covered.holds(hit.start, hit.end):
                backed = self.patterns[p].supported(text, hit)
                if backed is not None and backed.score >= self.threshold:
                    out.append((p, backed))
        return out

    def needles(self, clues: Clues, rows: Ints, mixed: Ints) -> Needles:
        """The needles of personal data in some rows of an array; ``mixed``: those with hits of another kind."""
        chosen = np.flatnonzero(self._data[clues.patterns])
        which = clues.patterns[chosen]
        before, behind = self._reach.of(which)
        low, high, first, last = (column[chosen] for column in clues.columns)
        return Needles(
            rows[clues.place[chosen]],
            first,
            last - self.ranks.least[which],
            low - before,
            high + behind,
            mixed,
        )

    def quiet(self, text: str, clues: Clues, row: int, hits: Sequence[Found]) -> bool:
        """Whether a row with its personal data blotted out holds no whole needle of personal data, so that there is
        nothing to look for in it again: each needle overlaps a hit, and no match reaches over a filler."""
        gone = [hit for p, hit in hits if self._pii[p]]
        if len(gone) > _MANY:
            return False
        for hit in gone:
            # A word that touched a hit stands whole beside a filler, and may be a label.
            behind = text[hit.end : hit.end + 1]
            if behind.isascii() and behind.isalpha():
                return False
        which, first, last, pii, least = clues.which, clues.first, clues.last, self._pii, self._least
        for k in range(clues.edges[row], clues.edges[row + 1]):
            p = which[k]
            if pii[p]:
                begun, done = first[k], last[k] - least[p]
                for hit in gone:
                    if hit.start < begun and done < hit.end:
                        break
                else:
                    return False
        return True
