"""The ground truth, kept aside of the units: which personal value was planted where.

One Parquet file a unit with the columns of `SCHEMA`, written in batches so that memory does not grow with the data.
``place`` is ``column`` for a whole cell and ``text`` for a value inside free text; ``expect`` is ``redact``, or
``keep`` for what must stay (service lines, public figures); ``row`` is the record's own key or line.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as pq

from infra.simulators.text import Planted

_WORD = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        ("kind", _WORD),
        ("value", pa.string()),
        ("expect", _WORD),
        ("dataset", _WORD),
        ("field", _WORD),
        ("place", _WORD),
        ("file", _WORD),
        ("row", pa.string()),
    ]
)
Entry = tuple[str, str, str, str, str, str, str, str]
"""One planted value, in the order of `SCHEMA`."""
_BATCH = 65_536


class Truth:
    """Writes one unit's truth. A context manager; not safe for two writers."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._writer = pq.ParquetWriter(path, SCHEMA, compression="zstd")
        self._entries: list[Entry] = []
        self.count = 0

    def cells(self, dataset: str, file: str, row: str, found: Iterable[tuple[str, str, str | None]]) -> None:
        """Whole cells of one record as (kind, field, value); empty values are left out."""
        for kind, field, value in found:
            if value:
                self._entries.append((kind, value, "redact", dataset, field, "column", file, row))
        self._full()

    def text(self, dataset: str, field: str, file: str, row: str, planted: Iterable[Planted]) -> None:
        """What one text gave away."""
        for kind, value, expect in planted:
            self._entries.append((kind, value, expect, dataset, field, "text", file, row))
        self._full()

    def _full(self) -> None:
        if len(self._entries) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        if not self._entries:
            return
        columns = list(zip(*self._entries, strict=True))
        arrays = [pa.array(column, SCHEMA.field(i).type) for i, column in enumerate(columns)]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=SCHEMA))
        self.count += len(self._entries)
        self._entries.clear()

    def __enter__(self) -> Truth:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.flush()
        self._writer.close()
