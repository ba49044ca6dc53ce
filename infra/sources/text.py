"""Plain text: a line is a record, or a whole file is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from infra.sources.columns import Part, projection, with_nulls
from infra.sources.context import Context
from infra.sources.model import Drift, Reject, SourceUnreadable, sample_of
from infra.sources.records import blocks, drop_rows, may_trouble, split, trouble

_NAMES = ("text", ".", "line")


def read(chunks: Iterator[str], context: Context) -> Iterator[Part | Drift]:
    """One record a line (``record``: nothing or ``line``), blank ones too, or one a file (``record: file``).

    The record's text has the path ``text`` (or ``line``, or ``.``).

    Raises:
        SourceUnreadable: The contract names another kind of record, or no field for the text.
    """
    source = context.source
    if source.record not in (None, "line", "file"):
        raise SourceUnreadable(
            f"{context.label}: a text has no record {source.record!r}", fix="write `line` or `file`, or leave it out"
        )
    proj = projection(context.fields, _NAMES, context.label)
    limit = source.max_record_bytes

    def part(records: list[str], positions: list[int], rejects: list[Reject]) -> Part:
        array = with_nulls(pa.array(records, pa.string()), source.null_values)
        numbers = np.asarray(positions, np.int64)
        columns = dict.fromkeys(_NAMES, array)
        return Part(proj.arrays(columns, numbers, context.specials), numbers, rejects)

    yield from (drift for drift in proj.drift if drift.kind == "missing")
    skip = 0 if context.later else source.skip_rows
    if skip:
        chunks = drop_rows(chunks, source.row_delimiter, skip)
    if source.record == "file":
        yield part(*_whole(chunks, context))
        return
    delimiter = "\n" if source.row_delimiter == "\r\n" else source.row_delimiter
    for block in blocks(chunks, delimiter, limit, context.truncated, first=1 + skip):
        if isinstance(block, Reject):
            yield part([], [], [block])
            continue
        records = split(block.text, delimiter)
        positions = list(range(block.first, block.first + len(records)))
        rejects: list[Reject] = []
        if may_trouble(block.text, limit):
            kept = []
            for position, record in zip(positions, records, strict=True):
                wrong = trouble(record, limit)
                if wrong:
                    rejects.append(Reject(position, wrong, sample_of(record)))
                else:
                    kept.append((record, position))
            records, positions = [record for record, _ in kept], [position for _, position in kept]
        yield part(records, positions, rejects)


def _whole(chunks: Iterator[str], context: Context) -> tuple[list[str], list[int], list[Reject]]:
    limit = context.source.max_record_bytes
    parts: list[str] = []
    held = 0
    for chunk in chunks:
        held += len(chunk)
        if held <= limit or not parts:
            parts.append(chunk)
    text = "".join(parts)
    if context.truncated():
        return [], [], [Reject(1, "truncated", sample_of(text))]
    if not held:
        return [], [], []
    wrong = "record_too_large" if held > limit else trouble(text, limit)
    if wrong:
        return [], [], [Reject(1, wrong, sample_of(text))]  # type: ignore[arg-type]
    return [text], [1], []
