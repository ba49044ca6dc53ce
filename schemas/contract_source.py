"""The source of a contract: what ``servers[0]`` says about where bytes are and how they read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, get_args
from urllib.parse import parse_qsl, urlsplit

from schemas.contract import Field, Format, Source
from schemas.names import did_you_mean, environment_fault
from schemas.raw import Custom, as_items, as_text, check_regex
from schemas.yaml_lines import Place, YamlFile

SERVER: Place = ("servers", 0)
SERVER_TYPES = ("local", "s3", "postgres", "postgresql", "custom")
FORMATS: tuple[str, ...] = get_args(Format)

# Keys of ODCS itself, by the name of the `Source` attribute that they give.
_STANDARD_KEYS = {
    "path": "location", "location": "location", "format": "format", "encoding": "encoding", "delimiter": "delimiter",
    "endpointUrl": "endpointUrl",
}  # fmt: skip

# Reading options that mean something for some formats only; the others mean something for all files.
_TEXT_TABLES = frozenset({"csv"})
_ONLY_FOR: Mapping[str, frozenset[str]] = {
    "delimiter": frozenset({"csv", "pgcopy"}),
    "rowDelimiter": frozenset({"csv", "text"}),
    "quote": _TEXT_TABLES,
    "escape": _TEXT_TABLES,
    "header": _TEXT_TABLES,
    "skipRows": frozenset({"csv", "text", "jsonl"}),
    "columns": frozenset({"csv", "pgcopy"}),
    "record": frozenset({"csv", "json", "jsonl", "text", "xml", "yaml"}),
    "encoding": frozenset(FORMATS) - {"parquet"},
    "table": frozenset({"pgcopy"}),
}
_SQL_ONLY = ("query", "cursor", "lag")
_FILES_ONLY = (
    "format", "compression", "encoding", "delimiter", "rowDelimiter", "quote", "escape", "header", "skipRows",
    "columns", "record", "member", "partition", "maxRecordBytes", "endpointUrl",
)  # fmt: skip
_CURSOR_TYPES = ("integer", "timestamp", "date", "string")
_STEP = re.compile(r"(?:\\.|[^\[\]{}|.\\])*(?:\[\]|\{\})*")
_FIXED_LENGTH = re.compile(r"P(\d+W)?(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?")


def build_source(found: YamlFile, custom: Custom, fields: Sequence[Field]) -> Source | None:
    """The `Source`, or ``None`` where ``servers`` is too broken to say anything. Faults are reported."""
    server = _only_server(found)
    if server is None:
        return None
    stated, places = _stated(found, server, custom)
    kind = _kind(server, stated)
    location = _location(found, server, stated, places, kind)
    at = _Places(places)
    if kind == "sql":
        return _sql(found, server, stated, at, location, fields)
    return _files(found, server, stated, at, location, fields)


class _Places:
    """Where each option stands; for one that is not there, the server."""

    def __init__(self, places: Mapping[str, Place]) -> None:
        self.places = places

    def __call__(self, name: str) -> Place:
        return self.places.get(name, SERVER)


def _only_server(found: YamlFile) -> Mapping[str, Any] | None:
    servers = as_items(found.data.get("servers"))
    if not servers:
        found.report(
            ("servers",) if "servers" in found.data else (),
            "no server says where the data is",
            "add servers: with one entry (type: local, s3, postgres or custom)",
        )
        return None
    if len(servers) > 1:
        found.report(
            ("servers", 1),
            f"has {len(servers)} servers where one is read",
            "one data set, one source: split the contract",
        )
    server = servers[0]
    if not isinstance(server, dict):
        return None
    kind = server.get("type")
    if isinstance(kind, str) and kind not in SERVER_TYPES:
        found.report((*SERVER, "type"), f"servers of type {kind!r} are not read", f"one of: {', '.join(SERVER_TYPES)}")
        return None
    return server


def _stated(found: YamlFile, server: Mapping[str, Any], custom: Custom) -> tuple[dict[str, Any], dict[str, Place]]:
    stated: dict[str, Any] = {}
    places: dict[str, Place] = {}
    for key, name in _STANDARD_KEYS.items():
        if key in server and not (key == "location" and "path" in server):
            stated[name], places[name] = server[key], (*SERVER, key)
    for name, value in custom[0].items():
        place = (*custom[1][name], "value")
        if name in stated:
            found.report(
                place,
                f"{name!r} is stated twice",
                f"the server's own key says it on line {found.line(places[name])}; keep one",
            )
            continue
        stated[name], places[name] = value, place
    return stated, places


def _kind(server: Mapping[str, Any], stated: Mapping[str, Any]) -> str:
    if stated.get("kind") in ("files", "sql"):
        return str(stated["kind"])
    if server.get("type") in ("postgres", "postgresql"):
        return "sql"
    location = as_text(stated.get("location"))
    if server.get("type") == "custom" and "format" not in stated:
        scheme = location.split(":", 1)[0]
        if (
            scheme in ("sqlite", "postgresql", "postgres")
            or {"table", "query"} & set(stated)
            or ":-sqlite:" in location
        ):
            return "sql"
    return "files"


def _location(
    found: YamlFile, server: Mapping[str, Any], stated: Mapping[str, Any], places: Mapping[str, Place], kind: str
) -> str:
    location = as_text(stated.get("location"))
    place = places.get("location", SERVER)
    if not location and server.get("type") in ("postgres", "postgresql"):
        host, port, database = (server.get(name) for name in ("host", "port", "database"))
        location = f"postgresql://{host}:{port}/{database}"
    if not location:
        example = "sqlite:///${SHOP_DB:-shop.db}" if kind == "sql" else "${FILES:-data}/*.csv"
        found.report(place, "nothing says where the data is", f"add location: {example}")
        return ""
    fault = environment_fault(location)
    if fault:
        found.report(place, fault)
    if kind == "sql" and holds_password(location):
        found.report(
            place,
            "holds a password",
            "secrets come from the environment: write ${NAME} for the whole URI or for its password",
        )
    return location


def holds_password(location: str) -> bool:
    """Whether a URI holds a password, before its host or among its parameters, that is not ``${NAME}``."""
    try:
        parts = urlsplit(location)
        stated = [parts.password or "", *(value for key, value in parse_qsl(parts.query) if key.lower() == "password")]
    except ValueError:
        return False
    return any(value and not re.fullmatch(r"\$\{\w+\}", value) for value in stated)


def _sql(
    found: YamlFile,
    server: Mapping[str, Any],
    stated: Mapping[str, Any],
    at: _Places,
    location: str,
    fields: Sequence[Field],
) -> Source:
    _misplaced(found, stated, at, _FILES_ONLY, "is for files, and this source is a database")
    query = as_text(stated.get("query"))
    table = as_text(stated.get("table")) or ("" if query else _physical_name(found))
    if not table and not query:
        found.report(
            SERVER,
            "nothing says which table to read",
            "add the custom property table or query, or schema[0].physicalName",
        )
    if table and query:
        found.report(at("query"), "table and query are both stated", "keep one of them")
    if query and not re.match(r"\s*(select|with)\b", query, re.IGNORECASE):
        found.report(at("query"), "is not a SELECT", "a source is read, never changed")
    if ";" in query.rstrip().removesuffix(";"):
        found.report(at("query"), "holds more than one statement", "one SELECT without ';'")
    if table and "." not in table and as_text(server.get("schema")) not in ("", "public"):
        table = f"{server['schema']}.{table}"
    cursor = _cursor(found, as_text(stated.get("cursor")), at, fields)
    lag = _lag(found, stated, at, cursor)
    return Source(
        kind="sql",
        location=location,
        table=table or None,
        query=query.rstrip().removesuffix(";") or None,
        cursor=cursor.path if cursor else None,
        lag=lag,
        null_values=_texts(stated, "nullValues", ()),
        date_format=as_text(stated.get("dateFormat")) or None,
    )


def _physical_name(found: YamlFile) -> str:
    objects = as_items(found.data.get("schema"))
    return as_text(objects[0].get("physicalName")) if objects and isinstance(objects[0], dict) else ""


def _cursor(found: YamlFile, name: str, at: _Places, fields: Sequence[Field]) -> Field | None:
    if not name:
        return None
    for field in fields:
        if name in (field.name, field.path):
            if field.type not in _CURSOR_TYPES:
                found.report(
                    at("cursor"),
                    f"the cursor {name!r} is of type {field.type}, which has no order to follow",
                    "use an integer, timestamp or date",
                )
            return field
    known = sorted({field.name for field in fields} | {field.path for field in fields})
    found.report(at("cursor"), f"the cursor {name!r} is not a field", did_you_mean(name, known, what="fields"))
    return None


def _lag(found: YamlFile, stated: Mapping[str, Any], at: _Places, cursor: Field | None) -> str | None:
    lag = stated.get("lag")
    if lag is None:
        return None
    if cursor is None:
        if not stated.get("cursor"):
            found.report(at("lag"), "a lag says nothing without a cursor", "add the custom property cursor")
        return str(lag)
    numeric = str(lag).isdecimal()
    if not numeric and not _FIXED_LENGTH.fullmatch(str(lag)):
        found.report(
            at("lag"), f"a lag of {lag} has no fixed length", "write weeks, days, hours, minutes, seconds: P30D"
        )
    if (cursor.type == "integer") != numeric and cursor.type != "string":
        wanted = "a whole number" if cursor.type == "integer" else "an ISO 8601 duration such as PT1H"
        found.report(at("lag"), f"the cursor {cursor.name!r} is of type {cursor.type}, so the lag must be {wanted}")
    return str(lag)


def _files(
    found: YamlFile,
    server: Mapping[str, Any],
    stated: Mapping[str, Any],
    at: _Places,
    location: str,
    fields: Sequence[Field],
) -> Source:
    format_ = as_text(stated.get("format"))
    if format_ not in FORMATS:
        if format_:
            hint = (
                'tab-separated files are csv with delimiter: "\\t"'
                if format_ == "tsv"
                else did_you_mean(format_, FORMATS, what="formats")
            )
            found.report(at("format"), f"files of format {format_!r} are not read", hint)
        else:
            found.report(SERVER, "nothing says how the files read", f"add format: one of {', '.join(FORMATS)}")
        format_ = ""
    _misplaced(found, stated, at, _SQL_ONLY, "is for databases, and this source is files")
    if format_:
        for name, formats in _ONLY_FOR.items():
            if name in stated and format_ not in formats:
                found.report(
                    at(name), f"{name!r} says nothing about {format_} files", f"it is for {', '.join(sorted(formats))}"
                )
    if server.get("type") == "s3" and location and not location.startswith(("s3://", "${")):
        found.report(at("location"), "a server of type s3 needs an s3:// location", "s3://bucket/prefix/*.jsonl")
    if "endpointUrl" in stated and not (server.get("type") == "s3" or location.startswith("s3://")):
        found.report(at("endpointUrl"), "'endpointUrl' is for s3 locations")
    _partition(found, stated, at)
    _record(found, format_, stated, at)
    defaults = Source(kind="files", location="")
    pgcopy = format_ == "pgcopy"
    table = (as_text(stated.get("table")) or _physical_name(found)) if pgcopy else ""
    if pgcopy and not table:
        found.report(
            SERVER, "a dump needs the table to read", "add the custom property table, or schema[0].physicalName"
        )
    header = stated.get("header") if isinstance(stated.get("header"), bool) else defaults.header
    columns = _texts(stated, "columns", ())
    if format_ == "csv":
        if header and columns:
            found.report(
                at("columns"),
                "columns are for files without a header",
                "add header: false, and skipRows: 1 to replace a header",
            )
        if not header and not columns:
            columns = tuple(field.path for field in fields if not field.path.startswith("$"))
    quote = stated.get("quote", defaults.quote)
    limit = stated.get("maxRecordBytes")
    return Source(
        kind="files",
        location=location,
        format=format_ or None,  # type: ignore[arg-type]
        compression=stated.get("compression", "auto"),
        encoding=_encoding(found, as_text(stated.get("encoding")), at) or defaults.encoding,
        delimiter=as_text(stated.get("delimiter")) or ("\t" if pgcopy else defaults.delimiter),
        row_delimiter=as_text(stated.get("rowDelimiter")) or defaults.row_delimiter,
        quote=quote if isinstance(quote, str) else None,
        escape=as_text(stated.get("escape")) or None,
        header=bool(header),
        skip_rows=_whole(stated.get("skipRows"), 0),
        columns=columns,
        null_values=_texts(stated, "nullValues", ("\\N",) if pgcopy else defaults.null_values),
        record=as_text(stated.get("record")) or None,
        member=as_text(stated.get("member")) or None,
        table=table or None,
        partition=as_text(stated.get("partition")) or None,
        date_format=as_text(stated.get("dateFormat")) or None,
        max_record_bytes=_whole(limit, defaults.max_record_bytes),
        endpoint_url=as_text(stated.get("endpointUrl")) or None,
    )


def _misplaced(found: YamlFile, stated: Mapping[str, Any], at: _Places, names: Sequence[str], why: str) -> None:
    for name in names:
        if name in stated:
            found.report(at(name), f"{name!r} {why}", "remove it")


def _partition(found: YamlFile, stated: Mapping[str, Any], at: _Places) -> None:
    pattern = as_text(stated.get("partition"))
    compiled = check_regex(found, at("partition"), pattern) if pattern else None
    if compiled is not None and "partition" not in compiled.groupindex:
        found.report(
            at("partition"),
            "has no group named 'partition'",
            "name the part that is the partition: (?P<partition>\\d{4}-\\d{2}-\\d{2})",
        )


def _record(found: YamlFile, format_: str, stated: Mapping[str, Any], at: _Places) -> None:
    """What is one record: a path in nested formats, a word in text ones."""
    record = as_text(stated.get("record"))
    if format_ == "xml" and not record:
        found.report(
            SERVER, "XML needs the tag path of a record", "add the custom property record, such as row or .//review"
        )
    if not record:
        return
    if format_ == "text" and record not in ("line", "file"):
        found.report(at("record"), f"a text has no record {record!r}", "line or file")
    elif format_ == "csv" and record != "columns":
        found.report(
            at("record"),
            f"csv has no record {record!r}",
            "leave it out, or columns: a record ends after its last column",
        )
    elif format_ == "csv" and (stated.get("quote", "") is not None or stated.get("escape") is not None):
        found.report(at("record"), "record: columns is for files without quotes", "add the custom property quote: null")
    elif format_ in ("json", "jsonl", "yaml") and record != ".":
        steps = re.split(r"(?<!\\)\.", record)
        if not all(step and _STEP.fullmatch(step) for step in steps):
            found.report(
                at("record"),
                f"{record!r} is not a record path",
                "names go down, [] goes through a list, {} through the values of an object: {}.messages[]",
            )


def _encoding(found: YamlFile, name: str, at: _Places) -> str:
    import codecs

    if name and name != "auto":
        try:
            codecs.lookup(name)
        except LookupError:
            found.report(at("encoding"), f"the encoding {name!r} is not known", "use auto, utf-8, gb18030, latin-1, …")
    return name


def _texts(stated: Mapping[str, Any], name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    value = stated.get(name)
    return tuple(map(str, value)) if isinstance(value, list) else default


def _whole(value: Any, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else default
