"""Samples of data that contracts are drafted from: columns, a few hundred of their values, and how to read the file.

No message names a value: a parser's own words can hold one.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from clearinghouse.draft_nested import copied_tables, xml_record, yaml_documents
from schemas.errors import ClearinghouseError

SAMPLE_BYTES = 1024 * 1024
SAMPLE_ROWS = 500
_SUFFIXES = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json",
    ".parquet": "parquet", ".srt": "srt", ".ass": "ass", ".ssa": "ass", ".yaml": "yaml", ".yml": "yaml", ".xml": "xml",
    ".sql": "pgcopy", ".md": "text", ".log": "text",
}  # fmt: skip
#: What the cell of a header hardly ever is: an address of mail, a row of digits, a sentence, or no letter at all.
_DATA = re.compile(r".{65,}|[^@]+@[^@]+|(?:.*\d){6}.*|[\W\d_]*\d[\W\d_]*", re.DOTALL)
_ZIPPED = 64
_CUES = {
    "srt": {"index": "integer", "start": "string", "end": "string", "text": "string"},
    "ass": {
        "index": "integer",
        "start": "string",
        "end": "string",
        "style": "string",
        "name": "string",
        "text": "string",
    },
}
#: Formats of which no part can be read by itself as easily as the whole.
_WHOLE = ("json", "yaml")


class NoDraft(ClearinghouseError):
    """A sample that no contract can be drafted from."""

    exit_code = 2


@dataclass
class Column:
    """A column of a sample; ``type`` is the logical type where the file says it, else what the values fit. ``quotes``:
    the file tells text from numbers."""

    path: str
    values: list[Any] = field(default_factory=list)
    type: str | None = None
    quotes: bool = False

    @property
    def kind(self) -> str:
        return self.type or narrowest(self.values)


@dataclass(frozen=True)
class Sample:
    """Columns of a file, its format, and options and remarks for those who read it; of a table, the format ``sql``."""

    format: str
    columns: Sequence[Column]
    options: Mapping[str, Any]
    remarks: tuple[str, ...] = ()


def is_database(place: str) -> bool:
    """Whether this is the URI of a database, as it is or as the environment has it.

    Raises `SourceUnreadable` where it needs a variable that is not set.
    """
    from infra.sources.locate import expand

    return re.match(r"(sqlite|postgres(ql)?):", expand(place)) is not None


def read_table(location: str, table: str) -> Sample:
    """The sample that a table of a database gives. Raises `NoDraft`, `SourceUnreadable` and `SourceUnavailable`."""
    from infra.sources import sql
    from infra.sources.locate import expand
    from schemas.contract import Source
    from schemas.contract_source import holds_password

    if holds_password(location):
        raise NoDraft(
            "the location holds a password",
            fix="put the whole URI into the environment and give its name: --from '${SHOP_DB}'",
        )
    found = sql.sample(Source("sql", location, table=table), SAMPLE_ROWS)
    typed = not expand(location).startswith("sqlite:")
    columns = []
    for name, values in found.items():
        kind = _arrow(values.type) if typed and not _is_text(values.type) else None
        columns.append(Column(name, [_text(value) for value in values.to_pylist()], kind, quotes=True))
    cursors = [one.path for one in columns if one.kind in ("timestamp", "date")]
    remarks = tuple(
        f"- {{property: cursor, value: {name}}}  # then a run reads what is new, not all" for name in cursors[:1]
    )
    return Sample("sql", columns, {"table": table}, remarks)


def _is_text(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind))


def _text(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def read_sample(path: Path, table: str | None = None) -> Sample:
    """The sample that a file gives; ``table`` is the one of a PostgreSQL dump. Raises `NoDraft`."""
    if not path.is_file():
        raise NoDraft(
            f"there is no file {path}",
            fix="give a file of the data with --from, or sqlite:///… or postgresql://… with --table",
        )
    name = path.name.removesuffix(".gz").removesuffix(".zst")
    if path.suffix.lower() == ".zip":
        return _zip(path)
    format_ = _SUFFIXES.get(Path(name).suffix.lower())
    if format_ is None:
        raise NoDraft(
            f"{path}: no contract can be drafted from a file that ends like this",
            fix=f"use one of {', '.join(_SUFFIXES)}, .gz, .zst and .zip of them, or write the contract by hand",
        )
    try:
        if format_ == "parquet":
            return _parquet(path)
        raw, whole = _bytes(path, len_limit=16 * SAMPLE_BYTES if format_ in _WHOLE else SAMPLE_BYTES)
        return _parsed(format_, raw, whole, path, table)
    except (ValueError, OSError, EOFError, csv.Error) as error:
        # The message of a parser can hold a value of the data: name its kind alone.
        raise NoDraft(f"{path} does not read as {format_}: {type(error).__name__}", fix="give another sample") from None


def _parsed(format_: str, raw: bytes, whole: bool, path: Path, table: str | None = None) -> Sample:
    if not raw.strip():
        raise NoDraft(f"{path} is empty", fix="give a file that holds at least a header or one record")
    if format_ in _CUES:
        return Sample(format_, [Column(name, type=kind) for name, kind in _CUES[format_].items()], {})
    text, encoding = _decode(raw, path)
    options = {"encoding": encoding} if encoding else {}
    if format_ == "csv":
        return _csv(text, whole, options)
    if format_ == "jsonl":
        return _records("jsonl", _lines(text, whole), options)
    if format_ == "text":
        return Sample("text", [Column("text", text.splitlines()[:SAMPLE_ROWS], "string")], options)
    if format_ == "xml":
        record, records = xml_record(text)
        return _records("xml", records[:SAMPLE_ROWS], {**options, "record": record})
    if format_ == "yaml":
        return _yaml(yaml_documents(text, whole=whole), options)
    if format_ == "pgcopy":
        return _dump(text, path, table, options)
    body = json.loads(text) if whole else _beginning(text)
    if not whole and not body:
        raise NoDraft(f"{path}: its first {len(raw):,} bytes hold no whole record", fix="cut a smaller sample")
    return _json(body, options)


def _zip(path: Path) -> Sample:
    """The sample of the first member that can be read; ``member`` says which, where there are others beside it."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [one.filename for one in archive.infolist() if not one.is_dir()]
            known = [
                name for name in names[:_ZIPPED] if _SUFFIXES.get(Path(name).suffix.lower(), "parquet") != "parquet"
            ]
            if not known:
                raise NoDraft(f"{path}: it holds no file that a contract can be drafted from", fix="unpack it first")
            suffix = Path(known[0]).suffix
            format_ = _SUFFIXES[suffix.lower()]
            limit = 16 * SAMPLE_BYTES if format_ in _WHOLE else SAMPLE_BYTES
            with archive.open(known[0]) as file:
                raw = file.read(limit + 1)
        found = _parsed(format_, raw[:limit], len(raw) <= limit, path)
    except (ValueError, OSError, EOFError, RuntimeError, zipfile.BadZipFile, csv.Error) as error:
        raise NoDraft(f"{path} does not read as a zip: {type(error).__name__}", fix="give another sample") from None
    others = any(Path(name).suffix != suffix for name in names)
    options = {**found.options, "member": f"*{suffix}"} if others else found.options
    return Sample(found.format, found.columns, options, found.remarks)


def _bytes(path: Path, len_limit: int) -> tuple[bytes, bool]:
    with path.open("rb") as file:
        if path.suffix == ".zst":
            import pyarrow as pa

            raw = pa.CompressedInputStream(file, "zstd").read(len_limit + 1)
        else:
            raw = (gzip.GzipFile(fileobj=file) if path.suffix == ".gz" else file).read(len_limit + 1)
    return raw[:len_limit], len(raw) <= len_limit


def _decode(raw: bytes, path: Path) -> tuple[str, str | None]:
    for end in range(len(raw), max(len(raw) - 4, 0), -1):  # a cut may fall inside a character
        try:
            return raw[:end].decode("utf-8-sig"), None
        except UnicodeDecodeError:
            continue
    from charset_normalizer import from_bytes

    best = from_bytes(raw).best()
    if best is None:
        raise NoDraft(f"{path}: its encoding cannot be told", fix="save the sample as UTF-8")
    return str(best), best.encoding


def _csv(text: str, whole: bool, options: dict[str, Any]) -> Sample:
    body = text if whole else text[: text.rfind("\n") + 1] or text
    try:
        delimiter = csv.Sniffer().sniff(body[:65536], ",\t;|").delimiter
    except csv.Error:
        delimiter = ","
    rows = list(islice(csv.reader(io.StringIO(body, newline=""), delimiter=delimiter), SAMPLE_ROWS + 1))
    if delimiter != ",":
        options = {**options, "delimiter": delimiter}
    header, below = rows[0] if rows else [], rows[1:]
    remarks: tuple[str, ...] = ()
    if _is_data(header, below):
        # What looks like a header may be somebody's record: its cells are named by their place, never by what they hold.
        below, header = rows, [f"field_{number}" for number in range(1, len(header) + 1)]
        options = {**options, "header": False}
        remarks = ("the first row looks like data and not like names, so fields go by their place: name them",)
    columns = [Column(name) for name in header]
    for row in below[:SAMPLE_ROWS]:
        for column, value in zip(columns, row, strict=False):
            column.values.append(value)
    return Sample("csv", columns, options, remarks)


def _is_data(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether the first row is a record: a cell is of a kind that names are not, or comes again further down."""
    if any(_DATA.fullmatch(cell.strip()) for cell in first):
        return True
    return any(
        len(cell) > 1 and any(len(row) > place and row[place] == cell for row in below)
        for place, cell in enumerate(first)
    )


def _lines(text: str, whole: bool) -> list[Any]:
    lines = text.splitlines()
    if not whole:
        lines = lines[:-1]
    return [json.loads(line) for line in lines[:SAMPLE_ROWS] if line.strip()]


def _beginning(text: str) -> Any:
    """What is whole in the first part of a JSON document: elements of its list; else values of its object, and of the
    list that was cut its elements."""
    import ijson

    raw = text.encode()
    found: dict[str, Any] = {}
    items: list[Any] = []
    try:
        if text.lstrip("\ufeff \t\r\n").startswith("["):
            items += islice(_until_cut(ijson.items(io.BytesIO(raw), "item", use_float=True)), SAMPLE_ROWS)
            return items
        found.update(islice(_until_cut(ijson.kvitems(io.BytesIO(raw), "", use_float=True)), SAMPLE_ROWS))
        keys = (
            value
            for prefix, event, value in _until_cut(ijson.parse(io.BytesIO(raw)))
            if (prefix, event) == ("", "map_key")
        )
        cut = next((key for key in keys if key not in found), None) if len(found) < SAMPLE_ROWS else None
        if cut is not None:
            items += islice(_until_cut(ijson.items(io.BytesIO(raw), f"{cut}.item", use_float=True)), SAMPLE_ROWS)
            found |= {cut: items} if items else {}
    except ijson.JSONError as error:
        raise ValueError(type(error).__name__) from None
    return found


def _until_cut(events: Iterable[Any]) -> Iterable[Any]:
    import ijson

    try:
        yield from events
    except ijson.IncompleteJSONError:
        return


def _json(body: Any, options: dict[str, Any]) -> Sample:
    if isinstance(body, list):
        return _records("json", body[:SAMPLE_ROWS], {**options, "record": "[]"})
    if isinstance(body, dict):
        lists = {
            key: len(value)
            for key, value in body.items()
            if isinstance(value, list) and value and isinstance(value[0], dict) and re.fullmatch(r"[^.\[\]{}|]+", key)
        }
        if lists:
            longest = max(lists, key=lambda key: lists[key])
            return _records("json", body[longest][:SAMPLE_ROWS], {**options, "record": f"{longest}[]"})
        if body and all(isinstance(value, dict) for value in body.values()):
            made = _records("json", list(body.values())[:SAMPLE_ROWS], {**options, "record": "{}"})
            return Sample("json", [Column("$key", list(body)[:SAMPLE_ROWS]), *made.columns], made.options)
        return _records("json", [body], options)
    raise ValueError("neither a list nor an object")


def _yaml(documents: Sequence[Any], options: dict[str, Any]) -> Sample:
    """One document reads as JSON would; of several each is a record, or each element of its list."""
    if not documents:
        raise ValueError("no whole document")
    if len(documents) == 1 and isinstance(documents[0], dict):
        made = _json(documents[0], options)
        return Sample("yaml", made.columns, made.options)
    rows = [row for one in documents for row in (one if isinstance(one, list) else [one])]
    return _records("yaml", rows[:SAMPLE_ROWS], options)


def _dump(text: str, path: Path, table: str | None, options: dict[str, Any]) -> Sample:
    tables = copied_tables(text, SAMPLE_ROWS)
    ends = {name.rpartition(".")[2]: name for name in tables}
    chosen = (
        table if table in tables else ends.get(table) if table else next(iter(tables)) if len(tables) == 1 else None
    )
    if chosen is None:
        said = (
            f"no table {table!r}" if table else "more than one table" if tables else "no COPY block that names columns"
        )
        raise NoDraft(
            f"{path}: its beginning holds {said}" + (f"; there are {', '.join(tables)}" if tables else ""),
            fix="say which with --table"
            if tables
            else "make the dump without --inserts, or write the contract by hand",
        )
    names, rows = tables[chosen]
    columns = [Column(name, [row[place] for row in rows]) for place, name in enumerate(names)]
    return Sample("pgcopy", columns, {**options, "table": chosen})


def _records(format_: str, records: Sequence[Any], options: Mapping[str, Any]) -> Sample:
    columns: dict[str, Column] = {}
    for record in records:
        if isinstance(record, list):
            record = {str(index): value for index, value in enumerate(record)}
        if not isinstance(record, dict):
            columns.setdefault(".", Column(".", quotes=True)).values.append(record)
            continue
        for path, value in _flat(record):
            columns.setdefault(path, Column(path, quotes=True)).values.append(value)
    return Sample(format_, list(columns.values()), options)


def _flat(record: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Iterable[tuple[str, Any]]:
    for key, value in record.items():
        plain = re.fullmatch(r"[^.|$\s]+", key) is not None
        if isinstance(value, dict) and value and depth < 2 and plain:
            yield from _flat(value, f"{prefix}{key}.", depth + 1)
        elif plain:
            yield f"{prefix}{key}", value


def _parquet(path: Path) -> Sample:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            schema = file.schema_arrow
            batch = next(file.iter_batches(SAMPLE_ROWS), None)
    except pa.ArrowException as error:
        raise ValueError(type(error).__name__) from None
    columns = []
    for number, item in enumerate(schema):
        values = batch.column(number).to_pylist() if batch is not None else []
        columns.append(Column(item.name, values, _arrow(item.type)))
    return Sample("parquet", columns, {})


def _arrow(kind: Any) -> str:
    import pyarrow as pa

    tests = (
        (pa.types.is_boolean, "boolean"),
        (pa.types.is_integer, "integer"),
        (pa.types.is_floating, "number"),
        (pa.types.is_decimal, "number"),
        (pa.types.is_date, "date"),
        (pa.types.is_timestamp, "timestamp"),
        (pa.types.is_time, "time"),
        (pa.types.is_struct, "object"),
        (pa.types.is_map, "object"),
        (pa.types.is_nested, "array"),
    )
    return next((name for test, name in tests if test(kind)), "string")


def narrowest(values: Iterable[Any]) -> str:
    """The narrowest logical type that every value that is there fits; text where nothing is there."""
    there = [value for value in values if value is not None and value != ""]
    if not there:
        return "string"
    if all(isinstance(value, bool) for value in there):
        return "boolean"
    if any(isinstance(value, (dict, list)) for value in there):
        return "object" if all(isinstance(value, dict) for value in there) else "array"
    texts = [str(value).strip() for value in there]
    if all(text.lower() in ("true", "false") for text in texts):
        return "boolean"
    if all(re.fullmatch(r"-?(0|[1-9]\d{0,17})", text) for text in texts):
        return "integer"
    if all(re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?", text) for text in texts):
        return "number"
    if all(_fits(date.fromisoformat, text) for text in texts):
        return "date"
    if all(len(text) > 10 and _fits(datetime.fromisoformat, text) for text in texts):
        return "timestamp"
    return "string"


def _fits(read: Any, text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return not text.isdigit()
