"""What the readers of sources hand over: pieces to read, batches read, rows that could not be read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pyarrow as pa

from schemas.errors import SourceUnavailable

#: Why a row was not read. ``truncated`` is one reject for the lost tail of a stream, however long it was.
Reason = Literal[
    "undecodable_bytes",
    "nul_byte",
    "record_too_large",
    "columns_missing",
    "columns_extra",
    "malformed",
    "truncated",
]
SAMPLE_CHARS = 2000
"""Code points of a rejected row that are kept in memory as its sample."""
_SURROGATES = re.compile("[\ud800-\udfff]")


class SourceUnreadable(SourceUnavailable):
    """A source that answers with bytes that do not fit its contract: trying again unchanged cannot help."""

    transient = False

    def __init__(self, message: str, *, state: str = "", fix: str = "") -> None:
        super().__init__(message, state=state, fix=fix)
        #: What cannot be read, one line each.
        self.each: tuple[str, ...] = (message,)


def together(errors: Sequence[SourceUnreadable]) -> SourceUnreadable:
    """Several errors (at least one) as one that tells them all, each once, and all that mends them."""
    said = list(dict.fromkeys(error.message for error in errors))
    if len(said) == 1:
        return errors[0]
    # What stands together already is taken apart, so that the number told is that of the lines.
    lines = list(dict.fromkeys(line for one in errors for line in one.each))
    found = SourceUnreadable(
        f"{len(lines)} things at the source cannot be read:\n  " + "\n  ".join(lines),
        fix="; ".join(dict.fromkeys(error.fix for error in errors if error.fix)),
    )
    found.each = tuple(lines)
    return found


@dataclass(frozen=True)
class Piece:
    """One part of a source that one unit of work reads, named by its content.

    Attributes:
        uri: Absolute path or ``s3://bucket/key``; for SQL the location as the contract wrote it, without a
            password, then ``#`` and the table or ``query``.
        member: Name inside a zip archive, else ``None``.
        partition: The slice of the data set that the piece belongs to.
        bytes: Size of what is read, as stored (compressed bytes of a zip member, a range's length); 0 for SQL.
        digest: SHA-256 in hex of those bytes. For a byte range that does not start the file, of the file's head
            (mark, skipped lines, header) and then the range, so that a longer file leaves earlier ranges as they
            were; for row groups, of the file's footer and then their bytes. For SQL with a cursor, of the query
            and its range; without one, of the query and the rows.
        start: First row group, or first byte, of a part of a file; ``None`` for a whole file.
        stop: Row group or byte after the last one.
        cursor: ``{"column", "low", "high"}`` of an incremental SQL read; integers or ISO 8601 strings.
            ``low`` is ``None`` on the first read; it belongs to the range only when the source states a lag.
    """

    uri: str
    member: str | None
    partition: str
    bytes: int
    digest: str
    start: int | None = None
    stop: int | None = None
    cursor: Mapping[str, Any] | None = None

    @property
    def label(self) -> str:
        """How messages name the piece; never a value of its data."""
        name = f"{self.uri}!{self.member}" if self.member is not None else self.uri
        return name if self.start is None else f"{name}[{self.start}:{self.stop}]"


@dataclass(frozen=True, slots=True)
class Reject:
    """One row that could not be read.

    ``position`` is the line or record number in the piece, from 1. ``sample`` is the beginning of the raw text,
    for masking and then for quarantine; it stays in memory, and neither ``repr`` nor ``str`` shows it.
    """

    position: int
    reason: Reason
    sample: str = field(default="", repr=False)


@dataclass(frozen=True, order=True)
class Drift:
    """One way in which a piece's columns differ from its contract.

    ``kind`` is ``missing`` (the contract has it, the source does not: its values are null), ``unknown`` (the
    source has it, the contract does not: it is not read), ``duplicate`` (an unread name that occurs twice) or
    ``null_cursor`` (rows without a cursor value, which no incremental read can ever reach).
    """

    kind: Literal["missing", "unknown", "duplicate", "null_cursor"]
    column: str


@dataclass(frozen=True)
class SourceBatch:
    """Some rows of a piece.

    Attributes:
        batch: Columns named by ``Field.name`` in the contract's order; strings for text formats, the source's own
            types for Parquet and SQL.
        positions: Line or record number in the piece of each row, from 1.
        rejects: Rows met meanwhile that could not be read.
        drift: How the piece's columns differ from the contract; on one batch of a piece only.
    """

    batch: pa.RecordBatch = field(repr=False)
    positions: pa.Int64Array = field(repr=False)
    rejects: list[Reject] = field(default_factory=list)
    drift: tuple[Drift, ...] = ()


def sample_of(text: str) -> str:
    """The beginning of a rejected row; what could not be decoded shows as U+FFFD."""
    return _SURROGATES.sub("\ufffd", text[:SAMPLE_CHARS])
