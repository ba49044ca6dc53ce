"""A first draft of a contract from a sample of the data. It does not load until a person has decided what is what.

Names, paths and types are inferred; what each field holds is guessed and marked ``TODO``, and so are the legal
basis, licence, purposes, residency, retention and owner. No value of the sample gets into the draft.
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

from schemas.errors import ClearinghouseError
from schemas.names import UNDECIDED

SAMPLE_BYTES = 1024 * 1024
SAMPLE_ROWS = 500
_SUFFIXES = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json",
    ".parquet": "parquet", ".srt": "srt",
}  # fmt: skip

# Guesses by a column's name, then by the shape of its values. The first that fits; a person decides.
_BY_NAME = (
    (r"password|passwd|secret|(^|_)token($|_)|api_?key|密码|密钥", "secret"),
    (r"e_?mail|邮箱|邮件", "person.email"),
    (r"phone|mobile|(^|_)tel($|_)|telephone|手机|电话", "person.phone"),
    (r"id_?card|resident_?id|national_?id|身份证|(^|_)ssn($|_)", "person.national_id"),
    (r"bank_?card|card_?(no|number)|credit_?card|银行卡|卡号", "person.bank_card"),
    (r"birth|(^|_)dob($|_)|生日|出生", "person.birth_date"),
    (r"waybill|tracking_?(no|number|code)|运单|快递单", "logistics.waybill"),
    (r"(^|_)(number_?|licen[cs]e_?)?plate($|_)|车牌", "person.plate"),
    (r"(^|_)ip(_|$)|ip_?addr", "person.ip"),
    (r"(^|_)mac(_|$)|mac_?addr", "person.mac"),
    (r"imei|device_?id|idfa|oaid|设备", "person.device"),
    (r"address|street|addr($|_)|postal|zip_?code|地址|邮编", "person.address"),
    (r"(^|_)(lat|lon|lng|latitude|longitude|geo)(_|$)|经度|纬度", "person.location"),
    (r"user_?name|nick_?name|screen_?name|login|昵称|用户名", "person.username"),
    (
        r"(user|customer|buyer|member|client|account|rider|courier|seller)_?(id|no|number|key)$|用户编?号|会员",
        "person.user_id",
    ),
    (
        r"(first|last|middle|full|buyer|customer|receiver|sender|contact|reviewer)_?name|姓名|收货人|联系人",
        "person.name",
    ),
    (r"gender|(^|_)sex($|_)|marital|income|性别|婚姻|收入", "person.attribute"),
    (r"(^|_)(id|no|key|uuid|code)$|编号|单号", "identifier.record"),
    (
        r"comment|review|message|body|content|remark|note|description|text|query|utterance|评论|内容|备注|留言",
        "text.free",
    ),
)
_BY_VALUE = (
    (r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}", "person.email"),
    (r"\d{17}[\dXx]", "person.national_id"),
    (r"\+?\d[\d\s().-]{8,16}\d", "person.phone"),
    (r"\d{1,3}(\.\d{1,3}){3}", "person.ip"),
    (r"([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}", "person.mac"),
)
_LONG_TEXT = 40
#: What the cell of a header hardly ever is: an address of mail, a row of digits, a sentence, or no letter at all.
_DATA = re.compile(r".{65,}|[^@]+@[^@]+|(?:.*\d){6}.*|[\W\d_]*\d[\W\d_]*", re.DOTALL)
_ZIPPED = 64


class NoDraft(ClearinghouseError):
    """A sample that no contract can be drafted from."""

    exit_code = 2


@dataclass
class _Column:
    path: str
    values: list[Any] = field(default_factory=list)
    type: str | None = None


@dataclass(frozen=True)
class _Sample:
    format: str
    columns: Sequence[_Column]
    options: Mapping[str, Any]
    remarks: tuple[str, ...] = ()


def draft_contract(unit: str, name: str, sample: Path) -> str:
    """The YAML of a drafted contract for the files that ``sample`` is one of.

    Raises:
        NoDraft: the file is missing, empty, of no known format, or its bytes do not read as such.
    """
    found = _read(sample)
    if not found.columns:
        raise NoDraft(f"{sample} has no columns", fix="give a file that holds at least a header or one record")
    lines = [
        "# Drafted from a sample. It does not load until every TODO is decided by someone who knows the data and",
        "# the terms under which it was collected. `clearinghouse contract check` names what is left.",
        "apiVersion: v3.1.0",
        "kind: DataContract",
        f"id: {unit}.{name}",
        f"name: {name}",
        "version: 1.0.0",
        f"status: draft  # {UNDECIDED}: active, once it is agreed",
        f"domain: {unit}",
        f"description: {{purpose: {UNDECIDED}, limitations: {UNDECIDED}}}",
        "team: {members: []}  # TODO: [{username: <who answers for the data>, role: owner}]",
        "servers:",
        "  - server: files",
        "    type: local",
        f"    path: {_quoted(sample.as_posix())}  # a glob takes many files: folder/*.csv",
        f"    format: {found.format}",
    ]
    if found.options:
        lines.append("    customProperties:")
        lines += [f"      - {{property: {key}, value: {_quoted(value)}}}" for key, value in found.options.items()]
    lines += [f"    # {remark}" for remark in found.remarks]
    names: dict[str, int] = {}
    named = [(column, _name(column.path, number, names)) for number, column in enumerate(found.columns, 1)]
    texts = [name for column, name in named if _guess(column, column.type or _type(column.values)) == "text.free"]
    lines += [
        "customProperties:",
        f"  - {{property: legalBasis, value: {UNDECIDED}}}",
        f"  - {{property: licence, value: {UNDECIDED}}}",
        f"  - {{property: purposes, value: [{UNDECIDED}]}}",
        f"  - {{property: residency, value: {UNDECIDED}}}",
        f"  - {{property: retention, value: {UNDECIDED}}}",
        "  # To be in a mix, rows become text by a template over the fields (docs/contracts.md, Documents), such as:",
        f'  # - {{property: document, value: {{kind: text, text: "{{{(texts or [named[0][1]])[0]}}}", '
        "language: auto, profile: comment}}",
        "schema:",
        f"  - name: {name}",
        "    properties:  # mark the key with primaryKey: true",
    ]
    for column, name in named:
        lines.append(f"      - {{{_field(column, name)}}}")
        if found.format in ("json", "jsonl") and _holds_records(column) and "." not in column.path:
            record = f"{found.options.get('record', '')}.{column.path}[]".removeprefix(".")
            lines.append(
                f'        # a row of each entry: record: "{record}"; fields of the entry by name, those of what holds '
                "them by $parent.<name>"
            )
    return "\n".join(lines) + "\n"


def _field(column: _Column, name: str) -> str:
    kind = column.type or _type(column.values)
    parts = [f"name: {name}"]
    if column.path != name:
        parts.append(f"physicalName: {_quoted(column.path)}")
    if kind != "string":
        parts.append(f"logicalType: {kind}")
    parts.append(f"classification: {UNDECIDED} {_guess(column, kind)}")
    return ", ".join(parts)


def _name(path: str, number: int, taken: dict[str, int]) -> str:
    """A field name near the source's own: snake case, no leading digit or underscore, unique."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", path)
    name = re.sub(r"\W+", "_", words).strip("_").lower()
    if not name or not name.isidentifier():
        name = f"field_{number}" if not name else f"field_{name}"
    if not name.isidentifier():
        name = f"field_{number}"
    taken[name] = taken.get(name, 0) + 1
    return name if taken[name] == 1 else f"{name}_{taken[name]}"


def _holds_records(column: _Column) -> bool:
    lists = [value for value in column.values if isinstance(value, list) and value]
    return bool(lists) and all(isinstance(one, dict) for value in lists for one in value)


def _guess(column: _Column, kind: str) -> str:
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", column.path).lower().replace(" ", "_").replace("-", "_")
    for pattern, term in _BY_NAME:
        if re.search(pattern, name) and not (term == "text.free" and kind not in ("string", "object", "array")):
            return term
    texts = [value.strip() for value in column.values if isinstance(value, str) and value.strip()]
    if texts and kind in ("string", "integer"):
        for pattern, term in _BY_VALUE:
            if sum(bool(re.fullmatch(pattern, text)) for text in texts) * 2 >= len(texts):
                return term
    if kind in ("object", "array") or (texts and sum(map(len, texts)) / len(texts) >= _LONG_TEXT):
        return "text.free"
    return "none"


def _type(values: Iterable[Any]) -> str:
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


# ------------------------------------------------------------------------------------------------------ samples


def _read(path: Path) -> _Sample:
    if not path.is_file():
        raise NoDraft(f"there is no file {path}", fix="give a CSV, JSON, JSONL or Parquet file with --from")
    name = path.name.removesuffix(".gz")
    if path.suffix.lower() == ".zip":
        return _zip(path)
    format_ = _SUFFIXES.get(Path(name).suffix.lower())
    if format_ is None:
        raise NoDraft(
            f"{path}: no contract can be drafted from a file that ends like this",
            fix=f"use one of {', '.join(_SUFFIXES)}, .gz and .zip of them, or write the contract by hand",
        )
    try:
        if format_ == "parquet":
            return _parquet(path)
        raw, whole = _bytes(path, len_limit=16 * SAMPLE_BYTES if format_ == "json" else SAMPLE_BYTES)
        return _parsed(format_, raw, whole, path)
    except (ValueError, OSError, EOFError, csv.Error) as error:
        # The message of a parser can hold a value of the data: name its kind alone.
        raise NoDraft(f"{path} does not read as {format_}: {type(error).__name__}", fix="give another sample") from None


def _parsed(format_: str, raw: bytes, whole: bool, path: Path) -> _Sample:
    if not raw.strip():
        raise NoDraft(f"{path} is empty", fix="give a file that holds at least a header or one record")
    if format_ == "srt":
        kinds = {"index": "integer", "start": "string", "end": "string", "text": "string"}
        return _Sample("srt", [_Column(name, type=kind) for name, kind in kinds.items()], {})
    text, encoding = _decode(raw, path)
    options = {"encoding": encoding} if encoding else {}
    if format_ == "csv":
        return _csv(text, whole, options)
    if format_ == "jsonl":
        return _records("jsonl", _lines(text, whole), options)
    if not whole:
        raise NoDraft(f"{path} is more than {len(raw):,} bytes of JSON", fix="cut a smaller sample, or use JSONL")
    return _json(json.loads(text), options)


def _zip(path: Path) -> _Sample:
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
            limit = 16 * SAMPLE_BYTES if format_ == "json" else SAMPLE_BYTES
            with archive.open(known[0]) as file:
                raw = file.read(limit + 1)
        found = _parsed(format_, raw[:limit], len(raw) <= limit, path)
    except (ValueError, OSError, EOFError, RuntimeError, zipfile.BadZipFile, csv.Error) as error:
        raise NoDraft(f"{path} does not read as a zip: {type(error).__name__}", fix="give another sample") from None
    others = any(Path(name).suffix != suffix for name in names)
    options = {**found.options, "member": f"*{suffix}"} if others else found.options
    return _Sample(found.format, found.columns, options, found.remarks)


def _bytes(path: Path, len_limit: int) -> tuple[bytes, bool]:
    with path.open("rb") as file:
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


def _csv(text: str, whole: bool, options: dict[str, Any]) -> _Sample:
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
    columns = [_Column(name) for name in header]
    for row in below[:SAMPLE_ROWS]:
        for column, value in zip(columns, row, strict=False):
            column.values.append(value)
    return _Sample("csv", columns, options, remarks)


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


def _json(body: Any, options: dict[str, Any]) -> _Sample:
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
            return _Sample("json", [_Column("$key", list(body)[:SAMPLE_ROWS]), *made.columns], made.options)
        return _records("json", [body], options)
    raise ValueError("neither a list nor an object")


def _records(format_: str, records: Sequence[Any], options: Mapping[str, Any]) -> _Sample:
    columns: dict[str, _Column] = {}
    for record in records:
        if isinstance(record, list):
            record = {str(index): value for index, value in enumerate(record)}
        if not isinstance(record, dict):
            columns.setdefault(".", _Column(".")).values.append(record)
            continue
        for path, value in _flat(record):
            columns.setdefault(path, _Column(path)).values.append(value)
    return _Sample(format_, list(columns.values()), options)


def _flat(record: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Iterable[tuple[str, Any]]:
    for key, value in record.items():
        plain = re.fullmatch(r"[^.|$\s]+", key) is not None
        if isinstance(value, dict) and value and depth < 2 and plain:
            yield from _flat(value, f"{prefix}{key}.", depth + 1)
        elif plain:
            yield f"{prefix}{key}", value


def _parquet(path: Path) -> _Sample:
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
        columns.append(_Column(item.name, values, _arrow(item.type)))
    return _Sample("parquet", columns, {})


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


def _quoted(value: Any) -> str:
    """A YAML scalar: plain where that cannot be misread, else in double quotes as JSON has them."""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return text if re.fullmatch(r"[A-Za-z_][\w./-]*", text, re.ASCII) else json.dumps(text, ensure_ascii=False)
