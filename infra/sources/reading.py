"""Reads one piece: bytes, text, records, batches; and proves at the end that the bytes were those of the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from infra.sources import locate, plan
from infra.sources.columns import Batcher, Part
from infra.sources.context import Context
from infra.sources.encoding import SAMPLE, Encoding, decode, encoding_of
from infra.sources.locate import File
from infra.sources.model import Drift, Piece, SourceBatch, SourceUnreadable
from infra.sources.streams import Stream
from schemas.contract import Field, Source

#: Rows of a batch at most; long rows make it smaller (`columns.BATCH_BYTES`).
BATCH_ROWS = 8192

Reader = Callable[[Iterator[str], Context], Iterator[Part | Drift]]


def read_piece(
    source: Source, piece: Piece, fields: tuple[Field, ...], *, batch_rows: int = BATCH_ROWS
) -> Iterator[SourceBatch]:
    """The rows of a piece in batches of at most ``batch_rows``, in memory bounded by a batch and a record.

    Rows read are the rows in the batches and their rejects, exactly; a piece without rows gives one empty batch. The
    batches are a function of the piece's bytes, the source's settings and the fields.

    Raises:
        SourceUnavailable: The file is not there, or the store or database does not answer.
        SourceUnreadable: The bytes do not fit the contract: a column that must not drift is missing, a checksum
            fails, a document declares entities.
        SourceChanged: The bytes are not those of the plan. As this may be known only after the last row, rows are
            safe to keep only once the iteration has ended.
    """
    batcher = Batcher(fields, batch_rows)
    for made in _parts(source, piece, fields, batch_rows):
        if isinstance(made, Drift):
            batcher.drift([made])
        else:
            yield from batcher.add(made)
    yield from batcher.end()


def _parts(source: Source, piece: Piece, fields: tuple[Field, ...], batch_rows: int) -> Iterator[Part | Drift]:
    if source.kind == "sql":
        from infra.sources import sql

        yield from sql.read(source, piece, _context(source, piece, fields, None, Encoding("utf-8")))
        return
    file = locate.at(piece.uri, source)
    if source.format == "parquet":
        from infra.sources import parquet

        yield from parquet.read(file, piece, _context(source, piece, fields, file, Encoding("utf-8")), batch_rows)
        return
    yield from _text_parts(source, piece, fields, file)


def _text_parts(source: Source, piece: Piece, fields: tuple[Field, ...], file: File) -> Iterator[Part | Drift]:
    head = _file_head(file) if piece.start else None
    prefix = head[: plan.head_length(source, head)] if head is not None else b""
    with Stream(file, piece, source.compression, prefix=prefix) as stream:
        first = head if head is not None else stream.head(SAMPLE)
        encoding = _encoding(source, first)
        if head is not None:
            encoding = Encoding(encoding.codec)  # a mark stands at the file's beginning only
        context = _context(source, piece, fields, file, encoding, stream, head)
        yield from reader_of(source, piece.label)(decode(iter(stream), encoding), context)
        for _ in stream:  # what a reader did not need still counts for the digest
            pass
        stream.finish()


def _file_head(file: File) -> bytes:
    with file.stream() as raw, locate.answering(file.uri):
        data: bytes = raw.read(SAMPLE)
        return data


def _encoding(source: Source, head: bytes) -> Encoding:
    if source.format == "xml" and source.encoding == "auto":
        from infra.sources.xml_records import declared_encoding

        declared = declared_encoding(head)
        if declared is not None:
            return encoding_of(head, declared)
    return encoding_of(head, source.encoding)


def _context(
    source: Source,
    piece: Piece,
    fields: tuple[Field, ...],
    file: File | None,
    encoding: Encoding,
    stream: Stream | None = None,
    head: bytes | None = None,
) -> Context:
    def again() -> Iterator[str]:
        assert file is not None
        with Stream(file, piece, source.compression) as other:
            yield from decode(iter(other), encoding)

    return Context(
        source=source,
        fields=fields,
        label=piece.label,
        specials={"$file": file.name if file is not None else None, "$member": piece.member},
        encoding=encoding.codec,
        truncated=lambda: stream is not None and stream.truncated,
        again=again,
        later=head is not None,
        header=plan.header_of(source, head) if head is not None else None,
    )


def reader_of(source: Source, label: str) -> Reader:
    """The reader of a text format.

    Raises:
        SourceUnreadable: The source states none.
    """
    name: Any = source.format
    if name == "csv":
        from infra.sources import delimited

        return delimited.read
    if name in ("json", "jsonl"):
        from infra.sources import json_records

        return json_records.read_document if name == "json" else json_records.read_lines
    if name == "yaml":
        from infra.sources import yaml_records

        return yaml_records.read
    if name == "xml":
        from infra.sources import xml_records

        return xml_records.read
    if name in ("srt", "ass"):
        from infra.sources import subtitles

        return subtitles.read_srt if name == "srt" else subtitles.read_ass
    if name == "pgcopy":
        from infra.sources import pgcopy

        return pgcopy.read
    if name == "text":
        from infra.sources import text

        return text.read
    raise SourceUnreadable(f"{label}: format {name!r} is not read", fix="state `format` in the contract's server")
