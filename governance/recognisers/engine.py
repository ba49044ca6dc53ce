"""The pattern lane: from an Arrow string array to exact spans.

Fold the few rows that need it, let the automaton choose (row, pattern) pairs, verify each pair exactly, resolve
overlaps. Then look again at the rows that had hits, with every hit replaced by a filler: what only its neighbour
had hidden is found in the same scan, so that scrubbed text scanned again holds nothing new.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import regex

from governance.recognisers.automata import Ints, Selection, Units, best_backend, cut
from governance.recognisers.library import all_needles, patterns_for
from governance.recognisers.normalise import FILLER, Folded, fold, rows_to_fold
from governance.recognisers.pattern import Hit, Pattern

Backend = Literal["auto", "hyperscan", "re2", "re"]


class Span(NamedTuple):
    """One row of `Spans` with its words spelt out; for tests, reports and Presidio."""

    row: int
    start: int
    end: int
    entity: str
    score: float
    recogniser: str
    reason: str
    keep: bool


@dataclass(frozen=True)
class Spans:
    """What a scan found, by columns, sorted by row and start, not overlapping within a row.

    ``start`` and ``end`` count code points of the text as it was given. ``entity``, ``recogniser`` and ``reason``
    are indexes into the tuples of their names. ``keep`` marks what was recognised as public and stays as it is.
    ``skipped`` holds (row, reason) for each part of a cell that was not scanned.
    """

    row: Ints
    start: Ints
    end: Ints
    entity: npt.NDArray[np.int32]
    score: npt.NDArray[np.float32]
    recogniser: npt.NDArray[np.int32]
    reason: npt.NDArray[np.int32]
    keep: npt.NDArray[np.bool_]
    entities: tuple[str, ...]
    recognisers: tuple[str, ...]
    reasons: tuple[str, ...]
    skipped: tuple[tuple[int, str], ...] = ()

    @classmethod
    def of(cls, rows: Sequence[tuple[Any, ...]], **tables: Any) -> Spans:
        """From (row, start, end, entity, score, recogniser, reason, keep), sorted; ``tables`` are the names' tuples."""
        columns = list(zip(*rows, strict=True)) if rows else [()] * 8
        return cls(
            row=np.array(columns[0], dtype=np.int64),
            start=np.array(columns[1], dtype=np.int64),
            end=np.array(columns[2], dtype=np.int64),
            entity=np.array(columns[3], dtype=np.int32),
            score=np.array(columns[4], dtype=np.float32),
            recogniser=np.array(columns[5], dtype=np.int32),
            reason=np.array(columns[6], dtype=np.int32),
            keep=np.array(columns[7], dtype=np.bool_),
            **tables,
        )

    def __len__(self) -> int:
        return len(self.row)

    def __iter__(self) -> Iterator[Span]:
        for i in range(len(self.row)):
            yield Span(
                int(self.row[i]),
                int(self.start[i]),
                int(self.end[i]),
                self.entities[self.entity[i]],
                float(self.score[i]),
                self.recognisers[self.recogniser[i]],
                self.reasons[self.reason[i]],
                bool(self.keep[i]),
            )


#: A hit with the index of its pattern.
Found = tuple[int, Hit]

REASONS = ("pattern", "checksum", "context")
_REASON = {reason: code for code, reason in enumerate(REASONS)}
NOT_TEXT = "unbroken_token"
_FEW = 8


class PatternEngine:
    """All patterns of some regions and entities, ready to scan. Cheap to make after the first of its kind.

    ``regions``: ISO 3166-1 codes whose national forms are looked for (international forms always are).
    ``entities``: ``None`` for all. ``backend``: ``auto`` takes the fastest that is installed; all give the same
    spans. ``threshold``: the least score of a hit. Picklable: a worker process compiles once and remembers.
    """

    def __init__(
        self,
        regions: Iterable[str] = ("CN",),
        entities: Iterable[str] | None = None,
        backend: Backend = "auto",
        *,
        threshold: float = 0.5,
        settle: bool = True,
        patterns: Sequence[Pattern] | None = None,
    ) -> None:
        self.regions = tuple(sorted({region.upper() for region in regions}))
        self.entities = None if entities is None else tuple(sorted(set(entities)))
        self.backend = best_backend() if backend == "auto" else backend
        self.threshold = threshold
        self.settle = settle
        self._given = None if patterns is None else tuple(patterns)
        patterns = self._given if self._given is not None else patterns_for(self.regions, self.entities)
        # Those that need a word beside them come last: most of what they match is known by then.
        self.patterns = tuple(sorted(patterns, key=lambda pattern: pattern.never_sure(threshold)))
        self._reach = tuple(pattern.reach for pattern in self.patterns)
        self._selection: Selection | None = None  # made at the first scan: compiling takes a while
        self._pii = frozenset(i for i, pattern in enumerate(self.patterns) if pattern.kind == "pii")
        self._last = tuple(pattern.never_sure(threshold) for pattern in self.patterns)

    def __reduce__(self) -> tuple[Any, ...]:
        state = (self.regions, self.entities, self.backend, self.threshold, self.settle, self._given)
        return _rebuild, state

    def supported_entities(self) -> tuple[str, ...]:
        """Entities that a scan may report, in order of their patterns."""
        return tuple(dict.fromkeys(p.entity for p in self.patterns if p.kind != "shield"))

    def scan(
        self,
        texts: pa.Array | pa.ChunkedArray | Sequence[str | None],
        *,
        folded: bool = False,
        settle: bool | None = None,
    ) -> Spans:
        """Spans of personal data in each text. Nulls have none. The array is read where it lies, slices too.

        ``folded``: the texts are folded already. ``settle`` stands in for that of the engine.
        """
        array = as_large_string(texts)
        folds = {} if folded else dict(zip(*self._fold(array), strict=True))
        found = self._hits(array, skip=folds.keys())
        if folds:
            rows = list(folds)
            again = self._hits(pa.array([folds[row].text for row in rows], pa.large_string()))
            found.update({rows[i]: value for i, value in again.items()})
        if self.settle if settle is None else settle:
            self._settle(found)
        return self._spans(array, found, folds)

    def _fold(self, array: pa.LargeStringArray) -> tuple[list[int], list[Folded]]:
        if len(array) <= _FEW:
            # To compile the gate costs more than to fold a few texts.
            some = {row: fold(text) for row, text in enumerate(array.to_pylist()) if text}
            return list(some), list(some.values())
        rows = rows_to_fold(array)
        return rows.tolist(), [fold(text) for text in array.take(pa.array(rows)).to_pylist()]

    def _hits(self, array: pa.LargeStringArray, skip: Iterable[int] = ()) -> dict[int, tuple[str, list[Found]]]:
        """Verified, resolved hits per row, with the text they count in."""
        if not self.patterns:
            return {}
        values, offsets = buffers(array)
        units = cut(values, offsets)
        if self._selection is None:
            known = all_needles() if self._given is None else tuple(dict.fromkeys(p.needle for p in self.patterns))
            self._selection = Selection(
                self.backend, known, [p.needle for p in self.patterns], [p.near for p in self.patterns]
            )
        where, which = self._selection.pairs(units)
        rows = where if units.rows is None else units.rows[where]
        wanted = np.ones(len(rows), dtype=bool)
        if array.null_count:
            wanted &= array.is_valid().to_numpy(zero_copy_only=False)[rows]
        skipped = np.fromiter(skip, dtype=np.int64)
        if len(skipped):
            wanted &= ~np.isin(rows, skipped)
        where, which, rows = where[wanted], which[wanted], rows[wanted]
        first = np.flatnonzero(np.append(True, rows[1:] != rows[:-1])) if len(rows) else rows
        hit_rows = rows[first]
        texts = array.take(pa.array(hit_rows)).to_pylist()
        edges = np.append(first, len(rows)).tolist()
        found: dict[int, tuple[str, list[Found]]] = {}
        for i, (row, text) in enumerate(zip(hit_rows.tolist(), texts, strict=True)):
            pairs = slice(edges[i], edges[i + 1])
            hits = self._verify(text, units, where[pairs], which[pairs])
            if hits:
                found[row] = text, resolve(text, hits, self.patterns)
        return found

    def _verify(self, text: str, units: Units, where: Ints, which: Ints) -> list[Found]:
        """Hits of the candidate patterns in one row, windows of a long row one by one."""
        sure: list[Found] = []
        weak: list[Found] = []
        if units.rows is None or _only(units.rows, int(where[0])):
            for p in which.tolist():
                covered = [(hit.start, hit.end) for _, hit in sure] if sure and self._last[p] else ()
                found, unsure = self.patterns[p].look(text, 0, None, self.threshold, covered)
                if found:
                    sure += [(p, hit) for hit in found]
                if unsure:
                    weak += [(p, hit) for hit in unsure]
        else:
            bounds = _code_points(units, int(where[0]))
            first = int(np.searchsorted(units.rows, units.rows[where[0]]))
            order = np.argsort(which, kind="stable")
            for unit, p in zip((where[order] - first).tolist(), which[order].tolist(), strict=True):
                self._look(text, p, bounds[unit], bounds[unit + 1], sure, weak)
        return sure + self._backed(text, sure, weak) if weak else sure

    def _look(self, text: str, p: int, start: int, end: int, sure: list[Found], weak: list[Found]) -> None:
        """Adds to `sure` and `weak` what a pattern finds that begins from `start` to `end`."""
        pattern, reach = self.patterns[p], self._reach[p]
        covered = [(hit.start, hit.end) for _, hit in sure] if sure and self._last[p] else ()
        low, high = max(0, start - reach), min(len(text), end + reach)
        found, unsure = pattern.look(text, low, high, self.threshold, covered)
        for hits, into in ((found, sure), (unsure, weak)):
            for hit in hits:
                if start <= hit.start < end:
                    into.append((p, hit))

    def _backed(self, text: str, sure: list[Found], weak: list[Found]) -> list[Found]:
        """The weak hits that words beside them speak for. What lies inside something sure needs no asking."""
        out: list[Found] = []
        for p, hit in weak:
            if not any(other.start <= hit.start and hit.end <= other.end for _, other in sure):
                backed = self.patterns[p].supported(text, hit)
                if backed is not None and backed.score >= self.threshold:
                    out.append((p, backed))
        return out

    def _settle(self, found: dict[int, tuple[str, list[Found]]]) -> None:
        """Scan rows with hits again with the hits blotted out, until nothing new comes up."""
        pii = self._pii
        pending = [row for row, (_, hits) in found.items() if any(p in pii for p, _ in hits)]
        while pending:
            spans = [[(h.start, h.end) for p, h in found[row][1] if p in pii] for row in pending]
            blotted = [_blot(found[row][0], gone) for row, gone in zip(pending, spans, strict=True)]
            again = self._hits(pa.array(blotted, pa.large_string()))
            changed = []
            for i, (_, hits) in again.items():
                fresh = [(p, _moved(hit, spans[i])) for p, hit in hits if p in pii]
                if not fresh:
                    continue
                text, before = found[pending[i]]
                # What was kept and now has personal data in it is kept no longer.
                stay = [
                    (p, h)
                    for p, h in before
                    if p in pii or not any(h.start < new.end and new.start < h.end for _, new in fresh)
                ]
                found[pending[i]] = text, sorted([*stay, *fresh], key=lambda item: item[1].start)
                changed.append(pending[i])
            pending = changed

    def _spans(
        self,
        array: pa.LargeStringArray,
        found: dict[int, tuple[str, list[Found]]],
        folds: dict[int, Folded],
    ) -> Spans:
        names = tuple(dict.fromkeys(p.entity for p in self.patterns))
        codes = [names.index(p.entity) for p in self.patterns]
        kinds = [p.kind for p in self.patterns]
        originals = _originals(array, [row for row in found if row in folds])
        out: list[tuple[int, int, int, int, float, int, int, bool]] = []
        for row in sorted(found):
            text, hits = found[row]
            folded = folds.get(row)
            source = text if folded is None else originals[row]
            plain = source.isascii()
            for p, hit in hits:
                if kinds[p] == "shield":
                    continue
                start, end = hit.start, hit.end
                if folded is not None:
                    start, end = folded.original(start, end)
                if not plain:
                    start, end = whole_characters(source, start, end)
                out.append((row, start, end, codes[p], hit.score, p, _REASON[hit.reason], kinds[p] == "public"))
        return Spans.of(
            out,
            entities=names,
            recognisers=tuple(p.name for p in self.patterns),
            reasons=REASONS,
            skipped=tuple((row, NOT_TEXT) for row, folded in folds.items() for _ in folded.skipped),
        )


def _blot(text: str, spans: list[tuple[int, int]]) -> str:
    """`text` with a filler for each span."""
    if len(spans) == 1:
        return text[: spans[0][0]] + FILLER + text[spans[0][1] :]
    parts, at = [], 0
    for start, end in spans:
        parts.append(text[at:start])
        at = end
    return FILLER.join([*parts, text[at:]])


def _moved(hit: Hit, spans: list[tuple[int, int]]) -> Hit:
    """A hit in blotted text at its place in the text before."""
    shift = 0
    for start, end in spans:
        if start - shift >= hit.end:
            break
        shift += end - start - 1
    return hit._replace(start=hit.start + shift, end=hit.end + shift)


def _rebuild(
    regions: tuple[str, ...],
    entities: tuple[str, ...] | None,
    backend: Backend,
    threshold: float,
    settle: bool,
    patterns: tuple[Pattern, ...] | None,
) -> PatternEngine:
    return PatternEngine(regions, entities, backend, threshold=threshold, settle=settle, patterns=patterns)


def as_large_string(texts: pa.Array | pa.ChunkedArray | Sequence[str | None]) -> pa.LargeStringArray:
    """The texts as one `large_string` array; no copy of the values where it is one or is a `string` array."""
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    elif not isinstance(texts, pa.Array):
        return pa.array(texts, pa.large_string())
    if pa.types.is_large_string(texts.type):
        return texts
    return texts.cast(pa.large_string())


def buffers(array: pa.LargeStringArray) -> tuple[memoryview, Ints]:
    """The values buffer and the offsets of the array's own rows, both without a copy."""
    _, offsets, values = array.buffers()
    if not len(array) or offsets is None:
        return memoryview(b""), np.zeros(1, dtype=np.int64)
    rows = np.frombuffer(offsets, dtype=np.int64, count=len(array) + 1, offset=array.offset * 8)
    return (memoryview(b"") if values is None else memoryview(values)), rows


def _originals(array: pa.LargeStringArray, rows: list[int]) -> dict[int, str]:
    return dict(zip(rows, array.take(pa.array(rows, pa.int64())).to_pylist(), strict=True))


def _only(rows: Ints, unit: int) -> bool:
    """Whether `unit` is its row's only one."""
    row = rows[unit]
    before = unit > 0 and rows[unit - 1] == row
    after = unit + 1 < len(rows) and rows[unit + 1] == row
    return not before and not after


def _code_points(units: Units, unit: int) -> list[int]:
    """Where each unit of the row of `unit` begins, in code points of the row, and the row's length."""
    assert units.rows is not None
    row = units.rows[unit]
    first, last = np.searchsorted(units.rows, row, "left"), np.searchsorted(units.rows, row, "right")
    edges = units.edges[first : last + 1]
    data = np.frombuffer(units.values, dtype=np.uint8)[edges[0] : edges[-1]]
    leading = (data & 0xC0) != 0x80
    return [0, *np.cumsum(np.add.reduceat(leading, edges[:-1] - edges[0], dtype=np.int64)).tolist()]


def resolve(text: str, hits: list[Found], patterns: Sequence[Pattern]) -> list[Found]:
    """Disjoint hits that cover all that personal-data hits covered, sorted by start.

    The longest wins, then the higher score, then the earlier pattern. A loser inside a winner goes; of one that
    sticks out, the rest stays if it holds a letter or digit. What is only recognised to be kept yields to any
    personal-data hit that is not wholly inside it.
    """
    if len(hits) == 1:
        return hits
    ordered = sorted(set(hits), key=lambda item: (item[1].start, item[1].end, item[0]))
    out: list[Found] = []
    cluster: list[Found] = []
    furthest = -1
    for item in ordered:
        if cluster and item[1].start >= furthest:
            out += _resolve_cluster(text, cluster, patterns)
            cluster = []
        cluster.append(item)
        furthest = max(furthest, item[1].end) if len(cluster) > 1 else item[1].end
    return out + _resolve_cluster(text, cluster, patterns)


def _resolve_cluster(text: str, hits: list[Found], patterns: Sequence[Pattern]) -> list[Found]:
    """`resolve` for hits of which each overlaps another."""
    if len(hits) < 2:
        return hits
    pii = [h for p, h in hits if patterns[p].kind == "pii"]
    rivals = [
        (p, h)
        for p, h in hits
        if patterns[p].kind == "pii"
        or all(o.end <= h.start or h.end <= o.start or (h.start <= o.start and o.end <= h.end) for o in pii)
    ]
    rivals.sort(key=lambda item: (item[1].start - item[1].end, -item[1].score, item[0], item[1].start))
    taken: list[Found] = []
    for p, hit in rivals:
        for start, end in _uncovered(text, hit, taken):
            taken.append((p, hit._replace(start=start, end=end)))
    return sorted(taken, key=lambda item: item[1].start)


def _uncovered(text: str, hit: Hit, taken: list[Found]) -> list[tuple[int, int]]:
    """What `taken` leaves of a hit, from its first to its last letter or digit."""
    rest = text[hit.start : hit.end]
    touched = False
    for _, other in taken:
        if other.start < hit.end and hit.start < other.end:
            touched = True
            a, b = max(0, other.start - hit.start), min(len(rest), other.end - hit.start)
            rest = rest[:a] + "\0" * (b - a) + rest[b:]
    if not touched:
        return [(hit.start, hit.end)]
    return [(hit.start + m.start(), hit.start + m.end()) for m in _WORDY.finditer(rest)]


_CLUSTER = regex.compile(r"\X")
_PREPENDED = regex.compile(r"\p{Grapheme_Cluster_Break=Prepend}+\Z")
_WORDY = re.compile(r"[^\W_](?:[^\0]*[^\W_])?")


def whole_characters(text: str, start: int, end: int) -> tuple[int, int]:
    """The span widened so that it splits no grapheme cluster (UAX #29): a keycap, an accent, an emoji sequence."""
    if end < len(text) and not text[end].isascii():
        cluster = _CLUSTER.match(text, end - 1)
        if cluster is not None:
            end = max(end, cluster.end())
    if start and not text[start - 1].isascii():
        prepended = _PREPENDED.search(text, max(0, start - 8), start)
        if prepended is not None:
            start = prepended.start()
    return start, end
