"""The pattern lane: from an Arrow string array to exact spans.

Fold the few rows that need it, let the automaton choose (row, pattern) pairs, verify each pair exactly, resolve
overlaps. Then look again at the rows that had hits, with every hit replaced by a filler: what only its neighbour
had hidden is found in the same scan, so that scrubbed text scanned again holds nothing new.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from governance.recognisers.automata import Ints, Selection, best_backend, cut
from governance.recognisers.library import all_needles, patterns_for
from governance.recognisers.needles import Needles
from governance.recognisers.normalise import FILLER, Folded, fold, rows_to_fold
from governance.recognisers.overlaps import resolve, whole_characters
from governance.recognisers.pattern import Hit, Pattern, prepare
from governance.recognisers.spans import Span, Spans
from governance.recognisers.verify import Clues, Found, Verifier

Backend = Literal["auto", "hyperscan", "re2", "re"]


class _Row(NamedTuple):
    """A row with hits: the text they count in; ``quiet``: without its personal data it holds no more."""

    text: str
    hits: list[Found]
    quiet: bool


REASONS = ("pattern", "checksum", "context")
_REASON = {reason: code for code, reason in enumerate(REASONS)}
NOT_TEXT = "unbroken_token"
_FEW = 8
#: Rows are looked at in blocks of about so many bytes: what a block needs is gone before the next one.
_BLOCK_BYTES = 1 << 20


class _Finds:
    """Spans as they are found: row, start, end, index of the pattern, score, reason; and needles where they are asked
    for."""

    def __init__(self, needles: list[Needles] | None = None) -> None:
        self.told: list[tuple[int, int, int, int, float, str]] = []
        self.skipped: list[tuple[int, str]] = []
        self.needles = needles


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
        self._selection: Selection | None = None  # made at the first scan: compiling takes a while
        self._verifier: Verifier | None = None
        self._shield = [pattern.kind == "shield" for pattern in self.patterns]
        self._pii = frozenset(i for i, pattern in enumerate(self.patterns) if pattern.kind == "pii")

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
        return self._found(as_large_string(texts), folded, self.settle if settle is None else settle, _Finds())

    def look(self, texts: pa.LargeStringArray) -> tuple[Spans, Needles]:
        """Spans of folded texts without a second look, and the needles that tell where one might find more."""
        needles: list[Needles] = []
        spans = self._found(texts, True, False, _Finds(needles))
        return spans, Needles.joined(needles)

    def _found(self, array: pa.LargeStringArray, folded: bool, settle: bool, finds: _Finds) -> Spans:
        for begin, end in _blocks(array):
            self._scan(array.slice(begin, end - begin), begin, folded, settle, finds)
        names = tuple(dict.fromkeys(p.entity for p in self.patterns))
        rows, starts, ends, patterns, scores, reasons = zip(*finds.told, strict=True) if finds.told else ((),) * 6
        which = np.array(patterns, dtype=np.int32)
        return Spans(
            row=np.array(rows, dtype=np.int64),
            start=np.array(starts, dtype=np.int64),
            end=np.array(ends, dtype=np.int64),
            entity=np.array([names.index(p.entity) for p in self.patterns] or [0], dtype=np.int32)[which],
            score=np.array(scores, dtype=np.float32),
            recogniser=which,
            reason=np.array([_REASON[each] for each in reasons], dtype=np.int32),
            keep=np.array([p.kind == "public" for p in self.patterns] or [False], dtype=np.bool_)[which],
            entities=names,
            recognisers=tuple(p.name for p in self.patterns),
            reasons=REASONS,
            skipped=tuple(finds.skipped),
        )

    def _scan(self, array: pa.LargeStringArray, begin: int, folded: bool, settle: bool, finds: _Finds) -> None:
        """Adds the finds of a block whose first row is ``begin``."""
        folds = {} if folded else dict(zip(*self._fold(array), strict=True))
        work = array
        if folds:
            mask = np.zeros(len(array), dtype=bool)
            mask[list(folds)] = True
            work = pc.replace_with_mask(array, pa.array(mask), pa.array([f.text for f in folds.values()], array.type))
        found = self._hits(work, settle, begin, finds.needles)
        if settle:
            self._settle(found)
        shield, told = self._shield, finds.told
        originals = _originals(array, [row for row in found if row in folds])
        for row in sorted(found):
            text, hits, _ = found[row]
            fold_of = folds.get(row)
            source = text if fold_of is None else originals[row]
            plain = source.isascii()
            for p, (start, end, score, reason) in hits:
                if shield[p]:
                    continue
                if fold_of is not None:
                    start, end = fold_of.original(start, end)
                if not plain:
                    start, end = whole_characters(source, start, end)
                told.append((begin + row, start, end, p, score, reason))
        finds.skipped += [(begin + row, NOT_TEXT) for row, each in folds.items() for _ in each.skipped]

    def _fold(self, array: pa.LargeStringArray) -> tuple[list[int], list[Folded]]:
        if len(array) <= _FEW:
            # To compile the gate costs more than to fold a few texts.
            some = {row: fold(text) for row, text in enumerate(array.to_pylist()) if text}
            return list(some), list(some.values())
        rows = rows_to_fold(array)
        return rows.tolist(), [fold(text) for text in array.take(pa.array(rows)).to_pylist()]

    def _hits(
        self, array: pa.LargeStringArray, settle: bool = True, begin: int = 0, needles: list[Needles] | None = None
    ) -> dict[int, _Row]:
        """Verified, resolved hits per row. Whether a row is quiet is told to ``settle``; its ``needles`` are those of rows
        that stand behind ``begin`` others."""
        if not self.patterns:
            return {}
        values, offsets = buffers(array)
        units = cut(values, offsets)
        if self._selection is None or self._verifier is None:
            prepare(self.patterns)
            known = all_needles() if self._given is None else tuple(dict.fromkeys(p.needle for p in self.patterns))
            self._selection = Selection(
                self.backend,
                known,
                [p.needle for p in self.patterns],
                [p.near + p.label for p in self.patterns],
                [p.around for p in self.patterns],
            )
            self._verifier = Verifier(self.patterns, self.threshold)
        found = self._selection.candidates(units)
        rows = found.units if units.rows is None else units.rows[found.units]
        if array.null_count:
            wanted = array.is_valid().to_numpy(zero_copy_only=False)[rows]
            found, rows = found.only(wanted), rows[wanted]
        if not len(rows):
            return {}
        rows = rows[np.append(True, rows[1:] != rows[:-1])]
        texts = array.take(pa.array(rows))
        verifier, out = self._verifier, {}
        clues = Clues(verifier.ranks, found, units, offsets, rows, texts)
        said: list[str] = texts.to_pylist()
        verifier.sieve(said, clues)
        for i, (row, text) in enumerate(zip(rows.tolist(), said, strict=True)):
            hits = verifier.hits(text, clues, i)
            if hits:
                if len(hits) > 1:
                    hits = resolve(text, hits, self.patterns)
                out[row] = _Row(text, hits, settle and verifier.quiet(text, clues, i, hits))
        if needles is not None:
            pii = self._pii
            mixed = [row for row, seen in out.items() if not all(p in pii for p, _ in seen.hits)]
            needles.append(verifier.needles(clues, rows, np.array(mixed, dtype=np.int64)).behind(begin))
        return out

    def _settle(self, found: dict[int, _Row]) -> None:
        """Scan rows with hits again with the hits blotted out, until nothing new comes up."""
        pii = self._pii
        pending = [row for row, seen in found.items() if not seen.quiet and any(p in pii for p, _ in seen.hits)]
        while pending:
            spans = [[(h.start, h.end) for p, h in found[row].hits if p in pii] for row in pending]
            blotted = [_blot(found[row].text, gone) for row, gone in zip(pending, spans, strict=True)]
            again = self._hits(pa.array(blotted, pa.large_string()))
            changed = []
            for i, seen in again.items():
                fresh = [(p, _moved(hit, spans[i])) for p, hit in seen.hits if p in pii]
                if not fresh:
                    continue
                # What was kept and now has personal data in it is kept no longer.
                stay = [
                    (p, h)
                    for p, h in found[pending[i]].hits
                    if p in pii or not any(h.start < new.end and new.start < h.end for _, new in fresh)
                ]
                hits = sorted([*stay, *fresh], key=lambda item: item[1].start)
                found[pending[i]] = found[pending[i]]._replace(hits=hits)
                if not seen.quiet:
                    changed.append(pending[i])
            pending = changed


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


def _blocks(array: pa.LargeStringArray) -> Iterator[tuple[int, int]]:
    """First row and last row + 1 of each block of an array."""
    _, offsets = buffers(array)
    begin, count = 0, len(array)
    while begin < count:
        end = int(np.searchsorted(offsets, offsets[begin] + _BLOCK_BYTES, side="right")) - 1
        end = min(max(end, begin + 1), count)
        yield begin, end
        begin = end


def _originals(array: pa.LargeStringArray, rows: list[int]) -> dict[int, str]:
    return dict(zip(rows, array.take(pa.array(rows, pa.int64())).to_pylist(), strict=True))


__all__ = [
    "NOT_TEXT",
    "REASONS",
    "PatternEngine",
    "Span",
    "Spans",
    "as_large_string",
    "buffers",
    "resolve",
    "whole_characters",
]
