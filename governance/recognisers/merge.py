"""Put the finds of several recognisers on the same texts together, so that nothing that any of them covered shows.

Finds that touch no other pass through as columns. Only where finds overlap are they looked at one by one, and a
rule says what becomes of them: `united` for `merge_spans`, that of the combined engine for its two lanes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from governance.recognisers.engine import Span, Spans

Ints = npt.NDArray[np.int64]
Decide = Callable[[list[Span]], list[Span]]


def merge_spans(parts: Sequence[Spans]) -> Spans:
    """One `Spans` of all ``parts`` (scans of the same array, most trusted first), sorted and without overlaps.

    Where finds overlap, their union is covered and bears the entity of the longest, of the first part where lengths
    are equal. A find that stays as it is (``keep``) gives way to any that does not.
    """
    return merged(parts, united)


def united(spans: list[Span]) -> list[Span]:
    """The union of spans each of which overlaps another, most trusted first where they are equal."""
    best = min(spans, key=lambda s: (s.keep, s.start - s.end))
    shown = [s for s in spans if s.keep == best.keep]
    return [best._replace(start=min(s.start for s in shown), end=max(s.end for s in shown))]


def merged(parts: Sequence[Spans], decide: Decide) -> Spans:
    """One `Spans` of all ``parts``, sorted by row and start.

    ``decide`` gets each group of spans of one row that overlap, those of the first part first, and gives what is left
    of them, disjoint.
    """
    full = [part for part in parts if len(part) or part.skipped]
    if len(full) <= 1:
        return full[0] if full else parts[0]
    spans = joined(full)
    width = int(spans.end.max(initial=0)) + 1
    begins, ends = spans.row * width + spans.start, spans.row * width + spans.end
    order = np.argsort(begins, kind="stable")
    reach = np.maximum.accumulate(ends[order])
    opens = np.append(True, begins[order][1:] >= reach[:-1])[: len(order)]
    heads = np.flatnonzero(opens)
    sizes = np.diff(np.append(heads, len(order)))
    if (sizes == 1).all():
        return picked(spans, order)
    crowded = np.repeat(sizes > 1, sizes)
    left: list[Span] = []
    for head, size in zip(heads[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        group = np.sort(order[head : head + size])
        left += decide(list(picked(spans, group)))
    alone = picked(spans, order[~crowded])
    both = joined([alone, columns(left)])
    return replace(picked(both, np.lexsort((both.start, both.row))), skipped=spans.skipped)


def picked(spans: Spans, index: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Spans:
    """The spans at these places, in their order."""
    return replace(
        spans,
        row=spans.row[index],
        start=spans.start[index],
        end=spans.end[index],
        entity=spans.entity[index],
        score=spans.score[index],
        recogniser=spans.recogniser[index],
        reason=spans.reason[index],
        keep=spans.keep[index],
    )


def joined(parts: Sequence[Spans]) -> Spans:
    """All spans of the parts behind one another, their names in common tables."""
    tables: dict[str, tuple[str, ...]] = {}
    codes: dict[str, npt.NDArray[np.int32]] = {}
    for table, column in (("entities", "entity"), ("recognisers", "recogniser"), ("reasons", "reason")):
        names = tuple(dict.fromkeys(name for part in parts for name in getattr(part, table)))
        place = {name: code for code, name in enumerate(names)}
        tables[table] = names
        codes[column] = np.concatenate(
            [
                np.array([place[name] for name in getattr(part, table)] or [0], dtype=np.int32)[getattr(part, column)]
                for part in parts
            ]
        )
    return Spans(
        row=np.concatenate([part.row for part in parts]),
        start=np.concatenate([part.start for part in parts]),
        end=np.concatenate([part.end for part in parts]),
        entity=codes["entity"],
        score=np.concatenate([part.score for part in parts]),
        recogniser=codes["recogniser"],
        reason=codes["reason"],
        keep=np.concatenate([part.keep for part in parts]),
        entities=tables["entities"],
        recognisers=tables["recognisers"],
        reasons=tables["reasons"],
        skipped=tuple(sorted({entry for part in parts for entry in part.skipped})),
    )


def columns(spans: Sequence[Span]) -> Spans:
    """Spans one by one as columns, in their order."""
    entities, recognisers, reasons = (
        tuple(dict.fromkeys(getattr(s, name) for s in spans)) for name in ("entity", "recogniser", "reason")
    )
    return Spans.of(
        [
            (
                s.row,
                s.start,
                s.end,
                entities.index(s.entity),
                s.score,
                recognisers.index(s.recogniser),
                reasons.index(s.reason),
                s.keep,
            )
            for s in spans
        ],
        entities=entities,
        recognisers=recognisers,
        reasons=reasons,
    )
