"""What there is to read: the pieces of a source, named by their content."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any, TypeVar

from infra.sources import archives, locate, parquet, sql, streams
from infra.sources.encoding import decode, encoding_of
from infra.sources.locate import File, answering
from infra.sources.model import Piece, SourceUnreadable, together
from schemas.contract import Source
from schemas.errors import SourceUnavailable

Item = TypeVar("Item")
Result = TypeVar("Result")

PIECE_BYTES = 128 * 1024 * 1024
"""About how much one unit of work reads."""
_HEAD = streams.CHUNK


def list_pieces(
    source: Source,
    *,
    partition: str | None = None,
    since: Mapping[str, Any] | None = None,
    piece_bytes: int = PIECE_BYTES,
) -> list[Piece]:
    """The pieces of a source as it is now, sorted by URI, member and place; every file is read once for its digest.

    Args:
        source: Where the data set comes from.
        partition: Only this slice: a value of the ``partition`` expression's named group, or for SQL ``<low>..<high>``.
        since: The cursor of the last committed snapshot, ``{"column", "high"}``. Files take no notice of it.
        piece_bytes: About how long a piece of a file that can be split is. Parquet splits at row groups; plain UTF-8
            text, JSON Lines without a record path and unquoted separated text at row delimiters. The cuts are a
            function of the bytes and of this number.

    Raises:
        SourceUnavailable: Nothing is there, or the store or database does not answer.
        SourceUnreadable: What is there does not fit the contract (no zip directory, a path without a partition); of
            several files all are told.
    """
    if source.kind == "sql":
        return sql.list_pieces(source, partition, since)
    files = _each(locate.find(source), lambda file: [(file, _partition(source, file))])
    if partition is not None:
        files = [(file, name) for file, name in files if name == partition]
        if not files:
            raise SourceUnavailable(
                f"no file at {source.location!r} belongs to partition {partition!r}",
                fix="check the partition's name, or wait until the unit has delivered",
            )
    pieces = _each(files, lambda one: _pieces(source, *one, piece_bytes))
    return sorted(pieces, key=lambda piece: (piece.uri, piece.member or "", piece.start or 0))


def _each(items: Iterable[Item], work: Callable[[Item], Iterable[Result]]) -> list[Result]:
    """What ``work`` gives for all items; what it cannot read of any of them is raised together, at the end."""
    done: list[Result] = []
    unread: list[SourceUnreadable] = []
    for item in items:
        try:
            done += work(item)
        except SourceUnreadable as error:
            unread.append(error)
    if unread:
        raise together(unread)
    return done


def _partition(source: Source, file: File) -> str:
    if not source.partition:
        return "all"
    try:
        match = re.search(source.partition, file.uri)
        found = match["partition"] if match else None
    except (re.error, IndexError) as error:
        raise SourceUnreadable(
            f"the expression {source.partition!r} does not work: {error}",
            fix="write `partition` as a regular expression with a group (?P<partition>…)",
        ) from None
    if found is None:
        raise SourceUnreadable(
            f"{file.uri} belongs to no partition: {source.partition!r} does not match it",
            fix="narrow the location so that it leaves the file out, or widen the expression",
        )
    return found


def _pieces(source: Source, file: File, partition: str, piece_bytes: int) -> Iterator[Piece]:
    if source.format == "parquet":
        yield from _parquet_pieces(file, partition, piece_bytes)
        return
    with closing(file.stream()) as raw, answering(file.uri):
        head = raw.read(_HEAD)
    if streams.kind_of(source.compression, head, file.uri) == "zip":
        yield from _members(source, file, partition)
    elif file.size > piece_bytes and splittable(source, head):
        yield from _ranges(source, file, partition, head, piece_bytes)
    else:
        size, made = 0, hashlib.sha256()
        with closing(file.stream()) as raw, answering(file.uri):
            while data := raw.read(streams.READ):
                size += len(data)
                made.update(data)
        yield Piece(file.uri, None, partition, size, made.hexdigest())


def _parquet_pieces(file: File, partition: str, piece_bytes: int) -> Iterator[Piece]:
    ranges = parquet.ranges(file, piece_bytes)
    if len(ranges) < 2:
        yield Piece(file.uri, None, partition, file.size, parquet.file_digest(file))
        return
    for start, stop in ranges:
        made, size = parquet.group_digest(file, start, stop)
        yield Piece(file.uri, None, partition, size, made, start, stop)


def _members(source: Source, file: File, partition: str) -> Iterator[Piece]:
    with archives.opened_zip(file) as (archive, raw), answering(file.uri):
        for info in archives.members(archive, source.member, file.uri):
            archives.member_info(archive, info.filename, file.uri)
            start, stop = archives.member_range(raw, info)
            made = hashlib.sha256()
            raw.seek(start)
            while start < stop and (data := raw.read(min(streams.READ, stop - start))):
                start += len(data)
                made.update(data)
            yield Piece(file.uri, info.filename, partition, info.compress_size, made.hexdigest())


def splittable(source: Source, head: bytes) -> bool:
    """Whether a file with these first bytes can be cut at any row delimiter."""
    if streams.kind_of(source.compression, head, source.location) != "none":
        return False
    if not encoding_of(head, source.encoding).is_utf8:
        return False
    if source.format == "csv":
        return not source.quote and not source.escape and source.record is None
    return (source.format == "jsonl" and source.record is None) or (source.format == "text" and source.record != "file")


def head_length(source: Source, head: bytes) -> int:
    """Bytes of a file before its first record: mark, skipped lines, header."""
    row = source.row_delimiter.encode()
    at = encoding_of(head, source.encoding).mark
    lines = source.skip_rows + (1 if source.format == "csv" and source.header else 0)
    for _ in range(lines if source.format in ("csv", "text") else 0):
        end = head.find(row, at)
        if end < 0:
            return len(head)
        at = end + len(row)
    return at


def header_of(source: Source, head: bytes) -> str | None:
    """The header of a file that can be split, for its later ranges; ``None`` for a file without one."""
    if source.format != "csv" or not source.header:
        return None
    text = decode(iter([head[: head_length(source, head)]]), encoding_of(head, source.encoding))
    return "".join(text).split(source.row_delimiter)[source.skip_rows]


def _ranges(source: Source, file: File, partition: str, head: bytes, piece_bytes: int) -> Iterator[Piece]:
    """Cuts after the first row delimiter at or after each multiple of ``piece_bytes``, in one pass over the file."""
    row = (source.row_delimiter if source.format != "jsonl" else "\n").encode()
    prefix = head[: head_length(source, head)]
    start, made, read = 0, hashlib.sha256(), 0
    held = b""  # bytes not yet counted to a piece: what may be the first part of a delimiter
    with closing(file.stream()) as raw, answering(file.uri):
        while True:
            data = raw.read(streams.READ)
            held += data
            read += len(data)
            base = read - len(held)  # where `held` begins in the file
            goal = max((start // piece_bytes + 1) * piece_bytes, len(prefix))
            while data and base + len(held) >= goal + len(row):
                at = held.find(row, max(0, goal - len(row) - base))
                if at < 0:
                    break
                stop = base + at + len(row)
                made.update(held[: at + len(row)])
                yield Piece(file.uri, None, partition, stop - start, made.hexdigest(), start, stop)
                held, base, start = held[at + len(row) :], stop, stop
                made = hashlib.sha256(prefix)
                goal = (start // piece_bytes + 1) * piece_bytes
            if not data:
                break
            keep = min(len(held), len(row) - 1)
            made.update(held[: len(held) - keep])
            held = held[len(held) - keep :]
    made.update(held)
    if read > start:
        whole = start == 0
        yield Piece(
            file.uri, None, partition, read - start, made.hexdigest(), None if whole else start, None if whole else read
        )
