"""Rows that keep their place and have lost their content: erased in the shards, or frozen by a listing beside them.

Between a request to erase somebody and the release without them, ``frozen/<erasure>.json`` beside the manifest lists
the rows it is about. Who opens the release afterwards reads them as holes at once.
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from clearinghouse.reader_files import Place
from schemas.errors import IntegrityError

KEPT = ("id", "source", "language", "epoch", "n_tokens", "provenance", "erased", "split", "stage")
"""Columns that a hole keeps; all others are content, and null."""


class Frozen:
    """Numbers of rows that are holes whatever their shard says, ascending."""

    def __init__(self, rows: Iterable[int] = ()) -> None:
        self._rows = array("q", sorted(set(rows)))

    @classmethod
    def read(cls, place: Place, folder: str, rows: int) -> Frozen:
        """All listings in ``folder``/frozen of a release of so many rows. Raises `IntegrityError` for what is none: a
        listing that cannot be read must not let through what it is there to keep back."""
        found: list[int] = []
        for name in place.names(f"{folder}/frozen"):
            if not name.endswith(".json"):
                continue
            key = f"{folder}/frozen/{name}"
            try:
                listed = json.loads(place.read(key) or b"")["rows"]
                if not all(type(row) is int and 0 <= row < rows for row in listed):
                    raise ValueError("not rows of this release")
            except (ValueError, KeyError, TypeError):
                raise IntegrityError(
                    f"{key} is damaged: it lists no rows of this release to be held back",
                    state="nothing was read",
                    fix="restore it from a copy, or write it again by the erasure that it belongs to",
                ) from None
            found += listed
        return cls(found)

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def rows(self) -> list[int]:
        """Their numbers, ascending."""
        return self._rows.tolist()

    def count(self, first: int, rows: int) -> int:
        """How many of ``rows`` rows from ``first`` on are frozen."""
        return bisect_left(self._rows, first + rows) - bisect_left(self._rows, first)

    def mask(self, batch: pa.RecordBatch, first: int) -> pa.RecordBatch:
        """``batch``, whose first row has number ``first``, without the content of frozen rows."""
        low, high = bisect_left(self._rows, first), bisect_left(self._rows, first + len(batch))
        if low == high:
            return batch
        marks = bytearray(len(batch))
        for row in self._rows[low:high]:
            marks[row - first] = 1
        frozen = pa.Array.from_buffers(pa.uint8(), len(marks), [None, pa.py_buffer(bytes(marks))]).cast(pa.bool_())
        columns = []
        for field, column in zip(batch.schema, batch.columns, strict=True):
            if field.name == "erased":
                columns.append(pc.or_(column, frozen))
            elif field.name in KEPT:
                columns.append(column)
            else:
                columns.append(pc.if_else(frozen, pa.nulls(1, field.type)[0], column))
        return pa.RecordBatch.from_arrays(columns, schema=batch.schema)
