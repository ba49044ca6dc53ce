"""Every text of every file, whatever the file is: what a scan for leaks reads.

Parquet and Arrow files are decoded, with their metadata; SQLite databases are read table by table, and once more as
bytes, for what was deleted and still lies in free pages; gzip, zlib and zip are opened; all else is text. A text that
holds escapes (JSON ``\\u738b``, Python ``\\xe7``, HTML ``&#29579;``, URL ``%E7``) is given a second time without them.
"""

from __future__ import annotations

import gzip
import html
import io
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

_BLOCK = 8 << 20
_OVERLAP = 4 << 10
"""Characters that neighbouring blocks of a text share: longer than any value."""
_ROWS = 8_192
_LEAST_NUMBER = 10**7
"""Numbers below are counts and places; a value that is kept as a number is larger."""
_JSON = re.compile(r"(?:\\+u[0-9a-fA-F]{4})+")
_BYTES = re.compile(r"(?:\\+x[0-9a-fA-F]{2})+")
_ESCAPED = re.compile(r"\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|&#?\w{2,10};|%[0-9a-fA-F]{2}")


@dataclass(frozen=True)
class Piece:
    """Texts of one place. ``column`` is a column or table within the file, ``dataset`` whose rows they are, where that
    is known, ``whole`` whether each text is a number by itself, so that a part of it is nothing."""

    place: str
    column: str
    texts: pl.Series
    dataset: str = ""
    whole: bool = False


def pieces(path: Path, place: str) -> Iterator[Piece]:
    """Texts of a file. What cannot be read as what it looks like is read as text."""
    yield Piece(place, "file name", pl.Series([place], dtype=pl.String))
    with path.open("rb") as file:
        head = file.read(16)
    if head[:4] == b"PAR1":
        yield from _safely(_parquet(path, place), path, place)
    elif head[:6] == b"ARROW1":
        yield from _safely(_arrow(path, place), path, place)
    elif head[:15] == b"SQLite format 3":
        yield from _safely(_sqlite(path, place), path, place)
        yield from _plain(path, place, "bytes")
    elif head[:2] == b"\x1f\x8b":
        yield from _safely(_gzip(path, place), path, place)
    elif head[:4] == b"PK\x03\x04":
        yield from _safely(_zip(path, place), path, place)
    else:
        yield from _plain(path, place, "")


def _safely(found: Iterator[Piece], path: Path, place: str) -> Iterator[Piece]:
    """A file that was cut off half-way is read as bytes: it may hold values all the same."""
    try:
        yield from found
    except (pa.ArrowException, sqlite3.Error, OSError, EOFError, zlib.error, zipfile.BadZipFile):
        yield from _plain(path, place, "bytes")


def _plain(path: Path, place: str, column: str) -> Iterator[Piece]:
    with path.open("rb") as file:
        yield from _stream(file, place, column)


def _stream(file: IO[bytes], place: str, column: str) -> Iterator[Piece]:
    tail = ""
    while block := file.read(_BLOCK):
        # A character that is cut in two at a block's end is whole in none: the next bytes complete it.
        block += _rest_of_character(file, block)
        text = tail + decoded(block)
        yield Piece(place, column, _series([text]))
        tail = text[-_OVERLAP:]


def _rest_of_character(file: IO[bytes], block: bytes) -> bytes:
    for back in range(1, min(4, len(block)) + 1):
        lead = block[-back]
        if lead & 0xC0 == 0x80:
            continue
        length = 4 if lead >= 0xF0 else 3 if lead >= 0xE0 else 2 if lead >= 0xC0 else 1
        return file.read(length - back) if length > back else b""
    return b""


def decoded(data: bytes) -> str:
    """Bytes as text. What is no UTF-8 is given as GB 18030 too: a log may quote a source in its own encoding."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        both = data.decode("utf-8", "replace")
        return f"{both}\n{data.decode('gb18030', 'replace')}"


def unescaped(text: str) -> str | None:
    """The text without escapes, or ``None`` where it has none."""
    if not _ESCAPED.search(text):
        return None
    found = _JSON.sub(_from_json, text)
    found = _BYTES.sub(_from_bytes, found)
    return html.unescape(unquote(found) if "%" in found else found)


def _from_json(found: re.Match[str]) -> str:
    units = [int(part[:4], 16) for part in re.split(r"\\+u", found[0])[1:]]
    return b"".join(unit.to_bytes(2, "little") for unit in units).decode("utf-16-le", "replace")


def _from_bytes(found: re.Match[str]) -> str:
    return decoded(bytes(int(part[:2], 16) for part in re.split(r"\\+x", found[0])[1:]))


def _series(texts: Iterable[str | None]) -> pl.Series:
    there = [text for text in texts if text]
    return pl.Series([*there, *(more for text in there if (more := unescaped(text)))], dtype=pl.String)


# --- tables ---


def _parquet(path: Path, place: str) -> Iterator[Piece]:
    file = pq.ParquetFile(path)
    held = [decoded(part) for pair in (file.metadata.metadata or {}).items() for part in pair]
    yield Piece(place, "metadata", _series([*held, *file.schema_arrow.names]))
    for batch in file.iter_batches(_ROWS):
        yield from _table(pa.table(batch), place)


def _arrow(path: Path, place: str) -> Iterator[Piece]:
    with pa.memory_map(str(path)) as source:
        file = pa.ipc.open_file(source)
        for number in range(file.num_record_batches):
            yield from _table(pa.table(file.get_batch(number)), place)


def _table(table: pa.Table, place: str) -> Iterator[Piece]:
    """By data set where the rows say of which they are: those of a release do."""
    if "source" in table.column_names and pa.types.is_string(table.schema.field("source").type):
        for dataset in table["source"].unique().to_pylist():
            mine = table.filter(pc.equal(table["source"], dataset))
            yield from _columns(mine, place, str(dataset))
    else:
        yield from _columns(table, place, "")


def _columns(table: pa.Table, place: str, dataset: str) -> Iterator[Piece]:
    for name in table.column_names:
        for chunk in table[name].chunks:
            for array, whole in _texts(chunk):
                made = pl.from_arrow(array.drop_null())
                assert isinstance(made, pl.Series)
                texts = made.cast(pl.String).unique()
                if not whole:
                    odd = texts.filter(texts.str.contains(r"\\[ux]|&#|&\w+;|%[0-9a-fA-F]{2}"))
                    texts = pl.concat([texts, _series(odd)]) if len(odd) else texts
                if len(texts):
                    yield Piece(place, name, texts, dataset, whole)


def _texts(array: pa.Array) -> Iterator[tuple[pa.Array, bool]]:
    """Arrays of text in an array, however deeply they are nested, and whether they are numbers."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        yield from _texts(array.dictionary)
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
        yield array, False
    elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        yield pa.array([None if one is None else decoded(one) for one in array.to_pylist()], pa.large_string()), False
    elif pa.types.is_map(kind):
        yield from _texts(array.keys)
        yield from _texts(array.items)
    elif pa.types.is_struct(kind):
        for child in array.flatten():
            yield from _texts(child)
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        yield from _texts(array.flatten())
    elif pa.types.is_temporal(kind):
        yield array.cast(pa.string()), False
    elif pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        large = array.filter(pc.greater_equal(array, _LEAST_NUMBER))
        if len(large):
            yield large.cast(pa.string()), True
    elif pa.types.is_floating(kind):
        large = array.filter(pc.and_(pc.greater_equal(array, float(_LEAST_NUMBER)), pc.less(array, 9e18)))
        if len(large):
            yield pc.floor(large).cast(pa.int64()).cast(pa.string()), True


# --- containers ---


def _sqlite(path: Path, place: str) -> Iterator[Piece]:
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        database.text_factory = bytes
        tables = [decoded(name) for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            rows = database.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - a table's own name
            while batch := rows.fetchmany(1000):
                yield Piece(place, table, _series(_cell(cell) for row in batch for cell in row))


def _cell(cell: Any) -> str | None:
    if isinstance(cell, bytes):
        try:
            return decoded(zlib.decompress(cell))
        except zlib.error:
            return decoded(cell)
    return None if cell is None else str(cell)


def _gzip(path: Path, place: str) -> Iterator[Piece]:
    with gzip.open(path) as file:
        yield from _stream(file, place, "unzipped")  # type: ignore[arg-type]


def _zip(path: Path, place: str) -> Iterator[Piece]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            yield Piece(place, "member name", _series([name]))
            yield from _stream(io.BytesIO(archive.read(name)), place, name)
