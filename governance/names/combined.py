"""Patterns, names and addresses in one scan: the default recognisers of free text.

Patterns whose checksum holds come first, then the longest span, then the pattern lane. What is left of a longer loser
beside a winner stays covered. A row with finds is looked at again with all of them blotted out, until nothing new
comes up, so that text scrubbed with this engine holds nothing that it would find.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from governance.names import lane, tables
from governance.recognisers.engine import PatternEngine, Span, Spans
from governance.recognisers.merge import merged, picked
from governance.recognisers.needles import Needles

if TYPE_CHECKING:
    from governance.names.engine import NameEngine

CHECKSUM = "checksum"
OF_NAMES = frozenset({"PERSON", "ADDRESS"})
"""What the lane of names is run for."""
#: What the lane of names tells (`governance.names.engine.ENTITIES`), and for the sake of which.
_TELLS = {"PERSON": "PERSON", "ADDRESS": "ADDRESS", "WORK_TITLE": "PERSON", "PUBLIC_FIGURE": "PERSON"}


class CombinedEngine:
    """`PatternEngine` and `NameEngine` as one; ``scan`` has the same shape. Picklable. Without ``names`` it is patterns
    alone, settled in the same way."""

    def __init__(
        self, patterns: PatternEngine, names: NameEngine | None, entities: Sequence[str] | None = None
    ) -> None:
        self.patterns, self.names = patterns, names
        #: Of what `names` finds, this alone is told; ``None`` for all.
        self.entities = None if entities is None else tuple(sorted(entities))
        wanted = OF_NAMES if self.entities is None else OF_NAMES & set(self.entities)
        self._told = tuple(one for one, sake in _TELLS.items() if sake in wanted) if names is not None else ()

    def __reduce__(self) -> tuple[Any, ...]:
        return CombinedEngine, (self.patterns, self.names, self.entities)

    def supported_entities(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.patterns.supported_entities(), *self._told)))

    def _with_names(self, patterns: Spans, texts: pa.LargeStringArray, *, again: bool = False) -> Spans:
        """The finds of the pattern lane with those of the lane of names, which does not run for nothing."""
        if self.names is None or not self._told:
            return patterns
        found = self.names.look(texts, again=again)
        if self.entities is not None:
            found = picked(found, np.isin(found.entity, [found.entities.index(name) for name in self._told]))
        return merged((patterns, found), resolved)

    def _with_tables(self, found: Spans, texts: pa.LargeStringArray) -> Spans:
        """The finds with those in tables and records, by the head of their column or their key."""
        told = tables.look(texts, self.patterns.backend)
        if told is None:
            return found
        parts = [found]
        if len(told.rows):
            patterns, _ = self.patterns.look(told.texts)
            parts.append(told.moved(self._with_names(patterns, told.texts)))
        if "PERSON" in self._told and len(told.people):
            parts.append(told.people)
        return merged(parts, resolved)

    def scan(
        self, texts: pa.Array | pa.ChunkedArray | Sequence[str | None], languages: Sequence[str] | None = None
    ) -> Spans:
        """Disjoint spans of both engines, sorted by row and start.

        ``languages`` says what the texts are written in, for engines that take one. Names are looked for in every
        script that is there: a Chinese note names the Thai customer as she writes herself.
        """
        del languages
        seen: list[Needles] = []

        def look(folded: pa.LargeStringArray) -> Spans:
            patterns, needles = self.patterns.look(folded)
            seen[:] = [needles]
            return self._with_tables(self._with_names(patterns, folded), folded)

        def again(blotted: pa.LargeStringArray, gone: lane.Gone) -> Spans:
            # What the look at these texts saw before anything was taken out of them.
            rows = seen[0].unsettled(*gone)
            some = blotted if len(rows) == len(blotted) else blotted.take(pa.array(rows))
            patterns = self.patterns.scan(some, folded=True, settle=False)
            patterns = replace(patterns, row=rows[patterns.row])
            return self._with_tables(self._with_names(patterns, blotted, again=True), blotted)

        return lane.scan(texts, look, again=again)


def resolved(spans: list[Span]) -> list[Span]:
    """Disjoint spans of one row that cover all that its spans of personal data covered."""
    ordered = sorted(
        spans, key=lambda s: (s.keep, s.reason != CHECKSUM, s.start - s.end, s.entity in OF_NAMES, s.start)
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
