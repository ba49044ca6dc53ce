"""Write batches to one content-named Parquet file of the store, in bounded memory and with the same bytes always."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.manifest import FileEntry

if TYPE_CHECKING:
    from infra.store import Store

#: A row group is closed at whichever comes first, so that neither many short rows nor a few long ones fill memory.
GROUP_ROWS = 8192
GROUP_BYTES = 8 * 1024 * 1024


class ParquetSink:
    """Collects batches of one schema into a Parquet file; `finish` puts it into the store under its digest.

    Row groups are cut by rows and bytes of what arrives. Readers cut their batches by the source's bytes alone, so
    the file is the same however many workers there are.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._path = folder / f"{name}.parquet"
        self._writer: pq.ParquetWriter | None = None
        self._held: list[pa.RecordBatch] = []
        self._held_rows = self._held_bytes = 0
        self.rows = 0

    def write(self, batch: pa.RecordBatch) -> None:
        start = 0
        while start < len(batch):
            piece = batch.slice(start, GROUP_ROWS - self._held_rows)
            size = piece.nbytes
            if size + self._held_bytes > GROUP_BYTES and len(piece) > 1:
                # Long rows: they are taken one by one until the group is full. Rows by themselves are no smaller than
                # together, so that they do not all fit in.
                start = self._fill(batch, start)
            else:
                self._hold(piece, size)
                start += len(piece)
            if self._held_rows >= GROUP_ROWS or self._held_bytes >= GROUP_BYTES:
                self._flush()

    def _fill(self, batch: pa.RecordBatch, start: int) -> int:
        """Take rows until the group is full or there are no more; the first that was not taken."""
        for size in _alone(batch.slice(start, GROUP_ROWS - self._held_rows)):
            self._hold(batch.slice(start, 1), size)
            start += 1
            if self._held_bytes >= GROUP_BYTES:
                break
        return start

    def _hold(self, piece: pa.RecordBatch, size: int) -> None:
        self._held.append(piece)
        self._held_rows += len(piece)
        self._held_bytes += size
        self.rows += len(piece)

    def _flush(self) -> None:
        if not self._held:
            return
        table = pa.Table.from_batches(self._held)
        if self._writer is None:
            strings = [f.name for f in table.schema if pa.types.is_dictionary(f.type)]
            self._writer = pq.ParquetWriter(
                self._path,
                table.schema,
                compression="zstd",
                compression_level=3,
                use_dictionary=strings or False,
                write_statistics=["_id", "_partition", "_position"] if "_id" in table.schema.names else False,
                write_page_checksum=True,
                store_schema=True,
            )
        self._writer.write_table(table, row_group_size=len(table))
        self._held, self._held_rows, self._held_bytes = [], 0, 0

    def finish(self, store: Store, prefix: str) -> tuple[FileEntry, ...]:
        """Upload as ``<prefix>/<sha256>.parquet``; no rows, no file."""
        self._flush()
        if self._writer is None:
            return ()
        self._writer.close()
        return (send(store, self._path, prefix, self.rows),)


def _alone(batch: pa.RecordBatch) -> Iterator[int]:
    """The bytes of each row by itself, as Arrow counts them. To ask it row by row costs far more than the rows."""
    lengths = np.zeros(len(batch), np.int64)
    for column in batch.columns:
        kind = column.type
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            width = np.int64 if pa.types.is_large_string(kind) else np.int32
            offsets = np.frombuffer(column.buffers()[1], width)[column.offset : column.offset + len(batch) + 1]
            lengths += np.diff(offsets)
        elif pa.types.is_nested(kind) or not (pa.types.is_primitive(kind) or pa.types.is_dictionary(kind)):
            return (batch.slice(row, 1).nbytes for row in range(len(batch)))
    # All else takes as much in every row.
    return iter((batch.slice(0, 1).nbytes - int(lengths[0]) + lengths).tolist())


def send(store: Store, path: Path, prefix: str, rows: int) -> FileEntry:
    """Upload a Parquet file as ``<prefix>/<sha256>.parquet`` unless it is there, and remove it here."""
    found = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            found.update(block)
    name = found.hexdigest()
    entry = FileEntry(f"{prefix}/{name}.parquet", path.stat().st_size, name, rows)
    there = store.stat(entry.key)
    if there is None or there.bytes != entry.bytes:
        store.upload(path, entry.key)
    path.unlink()
    return entry
