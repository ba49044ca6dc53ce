"""Put the finds of several recognisers on the same texts together, so that nothing that any of them covered shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from governance.recognisers.engine import Spans


def merge_spans(parts: Sequence[Spans]) -> Spans:
    """One `Spans` of all ``parts`` (scans of the same array, most trusted first), sorted and without overlaps.

    Where finds overlap, their union is covered and bears the entity of the longest, of the first part where lengths
    are equal. A find that stays as it is (``keep``) gives way to any that does not.
    """
    full = [part for part in parts if len(part) or part.skipped]
    if len(full) <= 1:
        return full[0] if full else parts[0]
    entities, recognisers, reasons = (
        tuple(dict.fromkeys(name for part in full for name in getattr(part, table)))
        for table in ("entities", "recognisers", "reasons")
    )
    found = []
    for rank, part in enumerate(full):
        for span in part:
            size = span.end - span.start
            found.append((span.row, span.start, span.keep, rank, -size, span))
    found.sort(key=lambda item: item[:2])
    kept = []
    for item in _groups(found):
        best = min(item, key=lambda one: (one[2], one[4], one[3]))[5]
        shown = [one[5] for one in item if one[2] == best.keep]
        start, end = min(s.start for s in shown), max(s.end for s in shown)
        kept.append((best, start, end))
    skipped = tuple(sorted({entry for part in full for entry in part.skipped}))
    return Spans(
        row=np.array([s.row for s, _, _ in kept], dtype=np.int64),
        start=np.array([start for _, start, _ in kept], dtype=np.int64),
        end=np.array([end for _, _, end in kept], dtype=np.int64),
        entity=np.array([entities.index(s.entity) for s, _, _ in kept], dtype=np.int32),
        score=np.array([s.score for s, _, _ in kept], dtype=np.float32),
        recogniser=np.array([recognisers.index(s.recogniser) for s, _, _ in kept], dtype=np.int32),
        reason=np.array([reasons.index(s.reason) for s, _, _ in kept], dtype=np.int32),
        keep=np.array([s.keep for s, _, _ in kept], dtype=np.bool_),
        entities=entities,
        recognisers=recognisers,
        reasons=reasons,
        skipped=skipped,
    )


def _groups(found: list[tuple[Any, ...]]) -> list[list[tuple[Any, ...]]]:
    """Runs of finds of one row in which each overlaps the reach of those before it."""
    groups: list[list[tuple[Any, ...]]] = []
    reach = -1
    for item in found:
        row, start, span = item[0], item[1], item[5]
        if groups and groups[-1][0][0] == row and start < reach:
            groups[-1].append(item)
            reach = max(reach, span.end)
        else:
            groups.append([item])
            reach = span.end
    return groups
