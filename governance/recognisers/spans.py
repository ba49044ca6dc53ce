"""What a scan found: spans by columns, and one of them spelt out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


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
