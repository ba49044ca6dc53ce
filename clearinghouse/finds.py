"""Finds of one stretch of free text and what stands in their place, by columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from governance.actions.replace import LIVE
from governance.recognisers.engine import Spans
from schemas.actions import STRICTNESS
from transforms.redact import apply_spans

Ints = npt.NDArray[np.int64]


class Finds:
    """`spans` of ``texts`` with their decisions: ``done`` and ``asked`` are places in ``actions``.

    Decisions are filled in by `keep` and `put`; until then a find is kept.
    """

    actions = STRICTNESS

    def __init__(self, texts: pa.Array, spans: Spans) -> None:
        self.spans = spans
        count = len(spans)
        rows, place = np.unique(spans.row, return_inverse=True)
        lines = texts.take(pa.array(rows)).to_pylist()
        self.values: list[str] = [
            lines[line][start:end]
            for line, start, end in zip(place.tolist(), spans.start.tolist(), spans.end.tolist(), strict=True)
        ]
        self.new: list[str] = list(self.values)
        self.done = np.zeros(count, dtype=np.int32)
        self.asked = np.zeros(count, dtype=np.int32)
        self.same = np.zeros(count, dtype=bool)

    def texts(self, which: Ints) -> list[str]:
        """The values of some finds."""
        return [self.values[i] for i in which.tolist()]

    def keep(self, which: Ints) -> None:
        """These stay as they are, which is what the policy wants."""
        self.done[which] = self.asked[which] = self.actions.index("keep")

    def put(self, which: Ints, action: str, asked: str, new: Sequence[str], done: Sequence[str]) -> None:
        """`new` stands in place of these. What comes out as it was is kept; a surrogate that does was there before and
        is no find."""
        self.asked[which] = self.actions.index(asked)  # type: ignore[arg-type]
        codes = {name: self.actions.index(name) for name in set(done)}  # type: ignore[arg-type]
        self.done[which] = [codes[name] for name in done] if len(codes) > 1 else codes[done[0]]
        live = action in LIVE
        for i, text in zip(which.tolist(), new, strict=True):
            self.new[i] = text
            if live and text == self.values[i]:
                self.done[i] = self.actions.index("keep")
                self.same[i] = action == "surrogate"

    @property
    def gone(self) -> npt.NDArray[np.bool_]:
        """Finds whose value is replaced."""
        return (self.done != self.actions.index("keep")) & ~self.same

    @property
    def noted(self) -> npt.NDArray[np.bool_]:
        """Finds that leave a row of evidence: all but those that an earlier scrub had settled."""
        return ~self.same

    @property
    def live(self) -> npt.NDArray[np.bool_]:
        """Finds in whose place text stands that recognisers may look at again."""
        return np.isin(self.done, [code for code, name in enumerate(self.actions) if name in LIVE]) & ~self.same

    def lengths(self) -> Ints:
        """Code points of what stands there now."""
        return np.fromiter(map(len, self.new), dtype=np.int64, count=len(self.new))

    def hashes(self, hashed: Callable[[str, str], str]) -> pa.Array:
        """A keyed hash for each value, worked out once for each entity and value."""
        out: list[str | None] = [None] * len(self.values)
        for code, entity in enumerate(self.spans.entities):
            mine = np.flatnonzero(self.spans.entity == code).tolist()
            known = {value: hashed(entity, value) for value in {self.values[i] for i in mine}}
            for i in mine:
                out[i] = known[self.values[i]]
        return pa.array(out, pa.string())

    def applied(self, texts: pa.Array) -> pa.Array:
        """`texts` with all replacements in their places."""
        gone = np.flatnonzero(self.gone)
        if not len(gone):
            return texts
        spans = self.spans
        return apply_spans(texts, spans.row[gone], spans.start[gone], spans.end[gone], [self.new[i] for i in gone])


def counted(field: str, finds: Finds) -> Counter[str]:
    """Finds by ``<field>|<entity>|<action>|<recogniser>``."""
    noted, spans = finds.noted, finds.spans
    table = np.stack([spans.entity[noted], finds.done[noted], spans.recogniser[noted]])
    kinds, counts = np.unique(table, axis=1, return_counts=True)
    found: Counter[str] = Counter()
    for (entity, action, recogniser), count in zip(kinds.T.tolist(), counts.tolist(), strict=True):
        found[f"{field}|{spans.entities[entity]}|{finds.actions[action]}|{spans.recognisers[recogniser]}"] += count
    return found


def per_value(texts: pa.Array, function: Callable[[str], str]) -> pa.Array:
    """``function`` of each text, called once for each that differs; null for null."""
    coded = pc.dictionary_encode(texts)
    return pa.array([function(value) for value in coded.dictionary.to_pylist()], pa.string()).take(coded.indices)
