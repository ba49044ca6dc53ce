"""Patterns, names and addresses in one scan: the default recognisers of free text.

Patterns whose checksum holds come first, then the longest span, then the pattern lane. What is left of a longer loser
beside a winner stays covered. A row with finds is looked at again with all of them blotted out, until nothing new
comes up, so that text scrubbed with this engine holds nothing that it would find.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from governance.names.engine import NameEngine
from governance.recognisers.engine import PatternEngine, Span, Spans, as_large_string
from governance.recognisers.normalise import FILLER, splice

CHECKSUM = "checksum"


class CombinedEngine:
    """`PatternEngine` and `NameEngine` as one; ``scan`` has the same shape. Picklable."""

    def __init__(self, patterns: PatternEngine, names: NameEngine) -> None:
        self.patterns, self.names = patterns, names

    def __reduce__(self) -> tuple[Any, ...]:
        return CombinedEngine, (self.patterns, self.names)

    def supported_entities(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.patterns.supported_entities(), *self.names.supported_entities())))

    def scan(
        self, texts: pa.Array | pa.ChunkedArray | Sequence[str | None], languages: Sequence[str] | None = None
    ) -> Spans:
        """Disjoint spans of both engines, sorted by row and start."""
        array = as_large_string(texts)
        patterns = self.patterns.scan(array)
        found = self._merged(patterns, self.names.scan(array, languages))
        rows = sorted(row for row, spans in found.items() if any(not s.keep for s in spans))
        # Each engine has settled its own finds; only where both found something can one have hidden from the other.
        mixed = [row for row in rows if len({s.entity in _OF_NAMES for s in found[row] if not s.keep}) == 2]
        if mixed:
            self._settle(array, found, mixed, languages)
        return _columns([span for row in sorted(found) for span in found[row]], patterns.skipped)

    def _merged(self, patterns: Spans, names: Spans) -> dict[int, list[Span]]:
        out: dict[int, list[Span]] = {}
        for span in names:
            out.setdefault(span.row, []).append(span)
        both = set(out) & set(np.unique(patterns.row).tolist())
        for span in patterns:
            out.setdefault(span.row, []).append(span)
        for row in both:
            out[row] = resolved(out[row])
        return out

    def _settle(
        self, array: pa.LargeStringArray, found: dict[int, list[Span]], rows: list[int], languages: Sequence[str] | None
    ) -> None:
        texts = dict(zip(rows, array.take(pa.array(rows)).to_pylist(), strict=True))
        for _ in range(8):
            lines: list[str] = []
            maps: list[list[int]] = []
            for row in rows:
                pieces = [(s.start, s.end, FILLER) for s in found[row] if not s.keep]
                line, kept = splice(texts[row], pieces)
                lines.append(line)
                maps.append(kept)
            blotted = pa.array(lines, pa.large_string())
            fresh = self._merged(self.patterns.scan(blotted), self.names.scan(blotted, languages))
            again: list[int] = []
            for i, spans in fresh.items():
                row, origin = rows[i], maps[i]
                new = [
                    s._replace(row=row, start=origin[s.start], end=origin[s.end - 1] + 1) for s in spans if not s.keep
                ]
                if new:
                    stay = [
                        k for k in found[row] if not k.keep or all(n.end <= k.start or k.end <= n.start for n in new)
                    ]
                    found[row] = sorted([*stay, *new], key=lambda s: s.start)
                    again.append(row)
            if not again:
                return
            rows = again


_OF_NAMES = frozenset({"PERSON", "ADDRESS"})


def resolved(spans: list[Span]) -> list[Span]:
    """Disjoint spans of one row that cover all that its spans of personal data covered."""
    ordered = sorted(
        spans, key=lambda s: (s.keep, s.reason != CHECKSUM, s.start - s.end, s.entity in _OF_NAMES, s.start)
    )
    taken: list[Span] = []
    for span in ordered:
        pieces = [(span.start, span.end)]
        for other in taken:
            pieces = [
                piece
                for a, b in pieces
                for piece in ((a, min(b, other.start)), (max(a, other.end), b))
                if piece[0] < piece[1]
            ]
        whole = pieces == [(span.start, span.end)]
        if span.keep and not whole:
            continue
        taken += [span._replace(start=a, end=b) for a, b in pieces if whole or b - a > 1]
    return sorted(taken, key=lambda s: s.start)


def _columns(spans: list[Span], skipped: tuple[tuple[int, str], ...]) -> Spans:
    entities = tuple(sorted({s.entity for s in spans}))
    recognisers = tuple(sorted({s.recogniser for s in spans}))
    reasons = tuple(sorted({s.reason for s in spans}))
    codes = ({e: i for i, e in enumerate(names)} for names in (entities, recognisers, reasons))
    of_entity, of_recogniser, of_reason = codes
    return Spans(
        row=np.array([s.row for s in spans], dtype=np.int64),
        start=np.array([s.start for s in spans], dtype=np.int64),
        end=np.array([s.end for s in spans], dtype=np.int64),
        entity=np.array([of_entity[s.entity] for s in spans], dtype=np.int32),
        score=np.array([s.score for s in spans], dtype=np.float32),
        recogniser=np.array([of_recogniser[s.recogniser] for s in spans], dtype=np.int32),
        reason=np.array([of_reason[s.reason] for s in spans], dtype=np.int32),
        keep=np.array([s.keep for s in spans], dtype=np.bool_),
        entities=entities,
        recognisers=recognisers,
        reasons=reasons,
        skipped=skipped,
    )
