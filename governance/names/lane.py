"""What stands around the recognisers: texts are folded once, repeated texts are looked at once, finds are settled.

A lane gives `scan` a ``look`` that finds spans in folded texts. Where it found personal data, it looks again with the
finds blotted out, until nothing new comes up: text scrubbed with the spans holds nothing that the lane would find.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import accumulate, groupby
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from governance.names import windows
from governance.recognisers.engine import NOT_TEXT, Spans, as_large_string
from governance.recognisers.merge import joined, picked
from governance.recognisers.normalise import Folded, fold, rows_to_fold
from governance.recognisers.overlaps import plain_points, whole_characters
from governance.recognisers.points import Points

Ints = npt.NDArray[np.int64]


class Gone(NamedTuple):
    """What is blotted out of some rows of an array: ``rows`` are their numbers there, sorted; stretches ``start`` to
    ``end``, in code points, of the texts that ``row`` counts among them, sorted and disjoint. ``points``: of the texts
    before."""

    rows: Ints
    row: Ints
    start: Ints
    end: Ints
    points: Points

    def pieces(self, row: int) -> list[tuple[int, int]]:
        """The stretches of one row."""
        first, last = np.searchsorted(self.row, row, "left"), np.searchsorted(self.row, row, "right")
        return list(zip(self.start[first:last].tolist(), self.end[first:last].tolist(), strict=True))


Look = Callable[[pa.LargeStringArray], Spans]
Again = Callable[[pa.LargeStringArray, Gone], Spans]

#: From so many rows on it pays to look for repeated ones.
_MANY = 64
_ROUNDS = 8


def scan(
    texts: pa.Array | pa.ChunkedArray | Sequence[str | None],
    look: Look,
    *,
    settle: bool = True,
    again: Again | None = None,
) -> Spans:
    """Spans of ``look`` in each text, in code points of the text as it was given; nulls have none.

    ``again`` looks at texts whose finds are blotted out, where ``look`` found all that it could: the same, quicker. It is
    told what they were. Texts that are very long are looked at in pieces (`governance.names.windows`).
    """
    array = as_large_string(texts)
    pieces = windows.parts(array)
    if pieces is None:
        return _scan(array, look, settle, again)
    return joined([part.spans(_scan(part.texts, look, settle, again)) for part in pieces])


def _scan(whole: pa.LargeStringArray, look: Look, settle: bool, again: Again | None) -> Spans:
    array, places = _distinct(whole)
    rows = rows_to_fold(array).tolist()
    folds: dict[int, Folded] = {}
    work = array
    if rows:
        folds = dict(zip(rows, map(fold, array.take(pa.array(rows, pa.int64())).to_pylist()), strict=True))
        mask = np.zeros(len(array), dtype=bool)
        mask[rows] = True
        work = pc.replace_with_mask(array, pa.array(mask), pa.array([f.text for f in folds.values()], array.type))
    spans = look(work)
    gone: list[Gone] = []
    if settle:
        spans = settled(work, spans, look, again, gone)
    skipped = tuple((row, NOT_TEXT) for row, folded in folds.items() for _ in folded.skipped)
    return _spread(replace(_original(array, spans, folds, gone), skipped=skipped), places)


def _distinct(array: pa.LargeStringArray) -> tuple[pa.LargeStringArray, Ints | None]:
    """Texts of two bytes and more, each once if that saves much; and which of them each row is, -1 for none."""
    long = pc.fill_null(pc.greater(pc.binary_length(array), 1), False).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(long)
    places = None
    if len(rows) < len(array):
        places = np.full(len(array), -1, dtype=np.int64)
        places[rows] = np.arange(len(rows))
        array = array.take(pa.array(rows))
    if len(array) < _MANY:
        return array, places
    coded = array.dictionary_encode()
    if len(coded.dictionary) > 0.97 * len(array):
        return array, places
    codes = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    if places is None:
        return coded.dictionary, codes
    places[rows] = codes
    return coded.dictionary, places


def _spread(spans: Spans, places: Ints | None) -> Spans:
    """Spans of distinct texts as spans of the rows that hold them."""
    if places is None:
        return spans
    held = np.flatnonzero(places >= 0)
    which = places[held]
    first, last = np.searchsorted(spans.row, which, "left"), np.searchsorted(spans.row, which, "right")
    counts = last - first
    within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    out = replace(picked(spans, np.repeat(first, counts) + within), row=np.repeat(held, counts).astype(np.int64))
    if spans.skipped:
        reasons: dict[int, list[str]] = {}
        for row, reason in spans.skipped:
            reasons.setdefault(row, []).append(reason)
        pairs = zip(held.tolist(), which.tolist(), strict=True)
        out = replace(out, skipped=tuple((row, reason) for row, at in pairs for reason in reasons.get(at, ())))
    return out


def settled(
    array: pa.LargeStringArray, spans: Spans, look: Look, again: Again | None = None, taken: list[Gone] | None = None
) -> Spans:
    """The spans, and what comes up when the rows that hold personal data are looked at without it; ``again`` as in `scan`.

    What was taken out is added to ``taken``.
    """
    rows = spans.row[~spans.keep]
    rows = rows[np.append(True, rows[1:] != rows[:-1])[: len(rows)]]
    for _ in range(_ROUNDS):
        if not len(rows):
            break
        gone = taken_out(array, spans, rows)
        if taken is not None:
            taken.append(gone)
        blotted = gone.points.blotted(gone.row, gone.start, gone.end)
        # What comes up may bring more up with it, beside it or beside what was taken out before.
        fresh = look(blotted) if again is None else again(blotted, gone)
        fresh = picked(fresh, ~fresh.keep)
        if not len(fresh):
            break
        at = rows[fresh.row]
        moved = []
        for own, some in groupby(
            zip(fresh.row.tolist(), fresh.start.tolist(), fresh.end.tolist(), strict=True), itemgetter(0)
        ):
            unblotted = Unblotted(gone.pieces(own))
            moved += [unblotted(start, end) for _, start, end in some]
        fresh = replace(
            fresh,
            row=at,
            start=np.array([start for start, _ in moved], dtype=np.int64),
            end=np.array([end for _, end in moved], dtype=np.int64),
        )
        # What was kept and has personal data in it after all is kept no longer; what a find took in goes into it.
        stay = np.ones(len(spans), dtype=bool)
        for row, (start, end) in zip(at.tolist(), moved, strict=True):
            first, last = np.searchsorted(spans.row, row, "left"), np.searchsorted(spans.row, row, "right")
            stay[first:last] &= (spans.end[first:last] <= start) | (end <= spans.start[first:last])
        both = joined([picked(spans, stay), fresh])
        spans = picked(both, np.lexsort((both.start, both.row)))
        rows = np.unique(at)
    return spans


def taken_out(array: pa.LargeStringArray, spans: Spans, rows: Ints) -> Gone:
    """The personal data of some rows."""
    wanted = np.zeros(len(array), dtype=bool)
    wanted[rows] = True
    chosen = np.flatnonzero(~spans.keep & wanted[spans.row])
    some = array if len(rows) == len(array) else array.take(pa.array(rows))
    row = np.searchsorted(rows, spans.row[chosen])
    return Gone(rows, row, spans.start[chosen], spans.end[chosen], Points(some))


class Unblotted:
    """Spans of a blotted text in the text before; a filler that one took in stands for its whole piece."""

    def __init__(self, pieces: Sequence[tuple[int, int]]) -> None:
        self._shifts = [0, *accumulate(last - first - 1 for first, last in pieces)]
        self._fillers = [first - shift for (first, _), shift in zip(pieces, self._shifts, strict=False)]

    def __call__(self, start: int, end: int) -> tuple[int, int]:
        fillers, shifts = self._fillers, self._shifts
        return start + shifts[bisect_left(fillers, start)], end + shifts[bisect_left(fillers, end)]


def _original(array: pa.LargeStringArray, spans: Spans, folds: dict[int, Folded], seen: Sequence[Gone] = ()) -> Spans:
    """Spans of folded texts as spans of the texts before, whole characters each. ``seen``: what was taken out of them."""
    if not len(spans):
        return spans
    unclear = _unclear(array, spans, seen)
    if folds:
        folded = np.zeros(len(array), dtype=bool)
        folded[list(folds)] = True
        unclear |= folded[spans.row]
    # A span that grows may reach into the next one of its row.
    doubtful = np.unique(spans.row[unclear])
    if not len(doubtful):
        return spans
    texts = dict(zip(doubtful.tolist(), array.take(pa.array(doubtful)).to_pylist(), strict=True))
    start_of, end_of = spans.start.copy(), spans.end.copy()
    gone: list[int] = []
    last, reach = -1, 0
    for i in np.flatnonzero(np.isin(spans.row, doubtful)).tolist():
        own, start, end = int(spans.row[i]), int(spans.start[i]), int(spans.end[i])
        if own in folds:
            start, end = folds[own].original(start, end)
        start, end = whole_characters(texts[own], start, end)
        if own == last and start < reach:
            start = reach
            if start >= end:
                gone.append(i)
                continue
        last, reach = own, end
        start_of[i], end_of[i] = start, end
    out = replace(spans, start=start_of, end=end_of)
    return picked(out, np.delete(np.arange(len(spans)), gone)) if gone else out


def _unclear(array: pa.LargeStringArray, spans: Spans, seen: Sequence[Gone]) -> npt.NDArray[np.bool_]:
    """Whether a visible character may reach over an end of a span. Of rows that hold a folded text it says nothing."""
    out = np.zeros(len(spans), dtype=bool)
    left = np.ones(len(spans), dtype=bool)
    # Most rows were read when their personal data was taken out.
    if seen:
        gone = seen[0]
        place = np.minimum(np.searchsorted(gone.rows, spans.row), len(gone.rows) - 1)
        left = gone.rows[place] != spans.row
        out[~left] = _reached(gone.points, place[~left], spans.start[~left], spans.end[~left])
    if left.any():
        rows, row = np.unique(spans.row[left], return_inverse=True)
        out[left] = _reached(Points(array.take(pa.array(rows))), row, spans.start[left], spans.end[left])
    return out


def _reached(points: Points, row: Ints, start: Ints, end: Ints) -> npt.NDArray[np.bool_]:
    """`_unclear` for stretches of rows whose points are known."""
    plain = plain_points()
    return ~np.logical_and.reduce([plain[points.at(row, place)] for place in (start - 1, end - 1, end)])
