"""Parquet: row groups as pieces, the columns that the contract reads, the types that the file states."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from infra.sources.columns import Part, projection
from infra.sources.context import Context
from infra.sources.locate import File, answering
from infra.sources.model import Drift, Piece, SourceUnreadable
from infra.sources.streams import READ, changed
from infra.sources.typed import settled
from schemas.errors import SourceUnavailable

_READ_BYTES = 32 * 1024 * 1024


def _opened(file: File) -> tuple[pa.NativeFile, pq.ParquetFile]:
    raw = file.random()
    try:
        return raw, pq.ParquetFile(raw)
    except (pa.ArrowInvalid, OSError) as error:
        raw.close()
        if "AWS Error" in str(error):
            raise SourceUnavailable(f"{file.uri} cannot be read: S3 stopped answering") from None
        raise SourceUnreadable(
            f"{file.uri} is no readable Parquet file: its footer is missing, damaged or encrypted",
            fix="have the unit deliver it again",
        ) from None


def ranges(file: File, piece_bytes: int) -> list[tuple[int, int]]:
    """Runs of row groups of about ``piece_bytes`` bytes each; a run has at least one."""
    if file.size == 0:
        return []
    raw, parquet = _opened(file)
    with closing(raw):
        out: list[tuple[int, int]] = []
        start = held = 0
        for i in range(parquet.num_row_groups):
            size = parquet.metadata.row_group(i).total_byte_size
            if i > start and held + size > piece_bytes:
                out.append((start, i))
                start, held = i, 0
            held += size
        return [*out, (start, parquet.num_row_groups)] if parquet.num_row_groups else []


def extent(parquet: pq.ParquetFile, start: int, stop: int) -> tuple[int, int]:
    """The bytes from the first column chunk of the row groups to the end of the last one."""
    begin, end = None, 0
    for i in range(start, stop):
        group = parquet.metadata.row_group(i)
        for j in range(group.num_columns):
            column = group.column(j)
            at = column.data_page_offset
            if column.dictionary_page_offset:
                at = min(at, column.dictionary_page_offset)
            begin = at if begin is None else min(begin, at)
            end = max(end, at + column.total_compressed_size)
    return begin or 0, max(begin or 0, end)


def group_digest(file: File, start: int, stop: int) -> tuple[str, int]:
    """SHA-256 of the footer and of the row groups' bytes, and the length of the latter."""
    raw, parquet = _opened(file)
    with closing(raw), answering(file.uri):
        raw.seek(file.size - 8)
        length = int.from_bytes(raw.read(4), "little")
        made = hashlib.sha256()
        begin, end = extent(parquet, start, stop)
        _hash(raw, file.size - 8 - length, file.size, made)
        _hash(raw, begin, end, made)
        return made.hexdigest(), end - begin


def file_digest(file: File) -> str:
    """SHA-256 of the whole file."""
    made = hashlib.sha256()
    with closing(file.stream()) as raw, answering(file.uri):
        while data := raw.read(READ):
            made.update(data)
    return made.hexdigest()


def _hash(raw: Any, begin: int, end: int, made: Any) -> None:
    raw.seek(begin)
    while begin < end:
        data = raw.read(min(READ, end - begin))
        if not data:
            return
        begin += len(data)
        made.update(data)


def read(file: File, piece: Piece, context: Context, batch_rows: int) -> Iterator[Part | Drift]:
    """The rows of a piece, in the types of the file; lists, structs and maps as JSON text.

    Random access cannot be hashed on the way, so the bytes are hashed once more after the last row.

    Raises:
        SourceUnreadable: The file or a page of it is damaged.
        SourceChanged: The bytes are not those of the plan.
    """
    if piece.start is None and file.size != piece.bytes:
        raise changed(piece)
    if file.size:
        raw, parquet = _opened(file)
        with closing(raw):
            yield from _rows(parquet, piece, context, batch_rows)
    digest = file_digest(file) if piece.start is None else group_digest(file, piece.start, piece.stop or 0)[0]
    if digest != piece.digest:
        raise changed(piece)


def _rows(parquet: pq.ParquetFile, piece: Piece, context: Context, batch_rows: int) -> Iterator[Part | Drift]:
    groups: Sequence[int] = range(parquet.num_row_groups)
    if piece.start is not None:
        if (piece.stop or 0) > parquet.num_row_groups:
            raise changed(piece)
        groups = range(piece.start, piece.stop or 0)
    schema = parquet.schema_arrow
    proj = projection(context.fields, schema.names, context.label, structs=True)
    yield from proj.drift
    sizes = [parquet.metadata.row_group(i) for i in groups]
    rows = sum(group.num_rows for group in sizes)
    width = sum(group.total_byte_size for group in sizes) // rows if rows else 1
    position = 1
    try:
        batches = parquet.iter_batches(
            batch_size=max(1, min(batch_rows, _READ_BYTES // max(1, width))),
            row_groups=list(groups),
            columns=list(proj.needed) or schema.names[:1],
            use_threads=False,
        )
        for batch in batches:
            numbers = np.arange(position, position + batch.num_rows, dtype=np.int64)
            position += batch.num_rows
            columns = {name: batch.column(batch.schema.get_field_index(name)) for name in proj.needed}
            yield settled(proj, columns, numbers, context)
    except (pa.ArrowException, OSError) as error:
        if "AWS Error" in str(error):
            raise SourceUnavailable(f"{piece.label} cannot be read: S3 stopped answering") from None
        raise SourceUnreadable(
            f"{piece.label}: a page after row {position - 1} is damaged", fix="have the unit deliver it again"
        ) from None
    if position == 1:
        yield settled(proj, {name: pa.array([], schema.field(name).type) for name in proj.needed}, _NONE, context)


_NONE = np.array([], np.int64)
