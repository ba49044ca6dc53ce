"""Scrubbed rows become training documents, as the contract's ``document`` says.

Pure functions over Arrow tables; the caller brings the rows. Text documents need one row each, so any batch of rows
will do. Conversations need all rows of a group at once: the caller deals rows into `bucket`s by group, and gives one
bucket at a time to `conversations`, which bounds memory by the bucket.

Rows are accounted for: a row is in exactly one document or is dropped for one reason
(``empty``: nothing to say after scrubbing; ``group_missing``: a message of no conversation). A document that is made
but may not be used carries its ``reason`` (``role_unmapped``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from string import Formatter
from zlib import crc32

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from schemas.contract import Contract, Document
from schemas.errors import ClearinghouseError
from transforms.language import guess

MESSAGE = pa.struct([("role", pa.string()), ("content", pa.large_string()), ("train", pa.bool_())])
"""One turn of a conversation; ``train`` marks what a model is to learn: the assistant's turns."""

ROLES = ("system", "user", "assistant", "tool")

#: What stands in the store besides the contract's own fields.
IDENTITY = ("_id", "_partition", "_position")

_ENUM = pa.dictionary(pa.int32(), pa.string())
DOCUMENTS = pa.schema(
    [
        ("id", pa.string()),
        ("dataset", _ENUM),
        ("unit", _ENUM),
        ("language", pa.string()),
        ("profile", _ENUM),
        ("text", pa.large_string()),
        ("messages", pa.list_(MESSAGE)),
        ("chars", pa.int64()),
        ("partition", pa.string()),
        ("position", pa.int64()),
        ("rows", pa.int32()),
        ("reason", pa.string()),
        ("group", pa.string()),
    ]
)
"""One row a document. ``chars`` counts code points of ``text``; ``rows`` the rows it was made of; ``group`` is what they
share, null for a document of one row of its own, which has the row's id; ``partition`` and
``position`` say where its first row stands in the source; ``messages`` is null for plain text."""

_MEMBERS = pa.schema(
    [
        ("id", pa.string()),
        ("group", pa.string()),
        ("order", pa.null()),
        ("role", pa.string()),
        ("content", pa.large_string()),
        ("language", pa.string()),
        ("partition", pa.string()),
        ("position", pa.int64()),
    ]
)


class TemplateError(ClearinghouseError):
    """A document template that names what the snapshot does not have, or that cannot be read."""

    exit_code = 2


@dataclass(frozen=True)
class Made:
    """Documents (schema `DOCUMENTS`) or members of conversations, and the rows that went into none, by reason."""

    table: pa.Table
    dropped: Mapping[str, int]


def columns_needed(document: Document) -> tuple[str, ...]:
    """The columns of a snapshot that its documents are made of, identity included."""
    names = {name for line in _lines(document.text) for _, name in line if name is not None}
    names.update(name for name in (document.group, document.order, document.role) if name)
    if document.language.startswith("field:"):
        names.add(document.language.removeprefix("field:"))
    return (*IDENTITY, *sorted(names))


def texts(rows: pa.Table, contract: Contract) -> Made:
    """One document a row, in the order of the rows; rows that say nothing are dropped as ``empty``.

    ``rows`` needs the columns of `columns_needed`. Raises `TemplateError`.
    """
    document = _document(contract)
    frame = _frame(rows, document)
    made = frame.select(
        id="_id",
        partition="_partition",
        position="_position",
        text=_template(document.text, frame),
        language=_language(document, frame),
    )
    full = made.filter(~_blank("text"))
    return Made(
        _finish(full.with_columns(rows=pl.lit(1, pl.Int32), reason=pl.lit(None, pl.String)), contract, None),
        _some({"empty": made.height - full.height}),
    )


def members(rows: pa.Table, contract: Contract) -> Made:
    """The messages that a batch of rows holds: id, group, order, role, content, language, partition, position.

    Rows without a group and rows without content are dropped, counted.
    """
    document = _document(contract)
    frame = _frame(rows, document)
    if not document.group:
        raise TemplateError(f"{contract.key}: a chat document needs `group`", fix=f"edit {contract.file}")
    made = frame.select(
        id="_id",
        group=_text_of(document.group, frame),
        order=pl.col(document.order) if document.order else pl.lit(None, pl.Int8),
        role=_role(document, frame),
        content=_template(document.text, frame),
        language=_language(document, frame),
        partition="_partition",
        position="_position",
    )
    grouped = made.filter(~_blank("group"))
    full = grouped.filter(~_blank("content"))
    dropped = {"group_missing": made.height - grouped.height, "empty": grouped.height - full.height}
    return Made(_plain(full), _some(dropped))


def bucket(groups: pa.Array | pa.ChunkedArray, buckets: int) -> NDArray[np.int64]:
    """Which of ``buckets`` a row's group falls into, the same on every machine (CRC-32 of the group's UTF-8)."""
    names = pl.from_arrow(groups)
    assert isinstance(names, pl.Series)
    unique = names.unique().to_list()
    place = [crc32(name.encode()) % buckets for name in unique]
    return names.replace_strict(unique, place, return_dtype=pl.Int64).to_numpy()


def conversations(rows: pa.Table, contract: Contract) -> Made:
    """One document a group of `members`, ordered by group; messages by the order field, partition, position, id.

    Consecutive messages of one role stay apart. A conversation with a role that ``roles`` does not map is made, but
    with the reason ``role_unmapped``: to guess who speaks would teach a model to speak for the user. The id is a
    digest of the sorted ids of its rows, so it changes when and only when its rows do.
    """
    frame = pl.from_arrow(rows)
    assert isinstance(frame, pl.DataFrame)
    frame = frame.sort("group", "order", "partition", "position", "id", nulls_last=True)
    line = pl.concat_str(pl.col("role").fill_null("?"), pl.lit(": "), pl.col("content"))
    made = frame.group_by("group", maintain_order=True).agg(
        ids=pl.col("id").sort(),
        partition=pl.col("partition").first(),
        position=pl.col("position").first(),
        rows=pl.len().cast(pl.Int32),
        text=line.str.join("\n"),
        messages=pl.struct("role", "content", train=pl.col("role").fill_null("") == "assistant"),
        language=pl.col("language").drop_nulls().first(),
        reason=pl.when(pl.col("role").is_null().any()).then(pl.lit("role_unmapped")),
    )
    ids = [blake2b("\n".join(found).encode(), digest_size=16).hexdigest() for found in made["ids"].to_list()]
    made = made.with_columns(id=pl.Series(ids, dtype=pl.String))
    return Made(_finish(made, contract, made["messages"].to_arrow()), {})


def identity(ids: pa.Array | pa.ChunkedArray) -> NDArray[np.uint64]:
    """Ids of 32 lower-case hex digits as two big-endian 64-bit words each, shape (n, 2), so that they sort alike."""
    joined = "".join(ids.to_pylist())
    if len(joined) != 32 * len(ids):
        raise ValueError("an id is not 32 hexadecimal digits")
    return np.frombuffer(bytes.fromhex(joined), ">u8").astype(np.uint64).reshape(-1, 2)


def superseded(ids: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Places of rows that a later version of the same row replaces, ascending.

    ``ids`` are in the order of versions, oldest first. The same id twice is the same row delivered twice: a primary
    key pulled again, or the same file under a second name. 24 bytes a row.
    """
    if len(ids) < 2:
        return np.empty(0, np.int64)
    order = np.lexsort((ids[:, 1], ids[:, 0]))
    again = (ids[order[1:]] == ids[order[:-1]]).all(axis=1)
    return np.sort(order[:-1][again])


def _document(contract: Contract) -> Document:
    if contract.document is None:
        raise TemplateError(
            f"{contract.key} does not say how its rows become documents",
            fix=f"add `document` to {contract.file}",
        )
    return contract.document


def _frame(rows: pa.Table, document: Document) -> pl.DataFrame:
    missing = [name for name in columns_needed(document) if name not in rows.schema.names]
    if missing:
        raise TemplateError(
            f"the document needs {', '.join(missing)}, which the snapshot does not have",
            state="a field whose action is `drop` is gone after scrubbing",
            fix="take the field out of the document's template or give it another action",
        )
    frame = pl.from_arrow(rows.select(list(columns_needed(document))))
    assert isinstance(frame, pl.DataFrame)
    return frame


def _lines(template: str) -> list[list[tuple[str, str | None]]]:
    """(literal, field or None) pairs of each line of a template."""
    found = []
    for line in template.split("\n"):
        try:
            parts = list(Formatter().parse(line))
        except ValueError as error:
            raise TemplateError(f"document template {template!r}: {error}") from None
        if any(spec or conversion for _, _, spec, conversion in parts):
            raise TemplateError(f"document template {template!r}: a field takes no format after its name")
        found.append([(literal, name) for literal, name, _, _ in parts])
    return found


def _template(template: str, frame: pl.DataFrame) -> pl.Expr:
    """The template as an expression; null where every field is null or blank.

    A line whose fields are all null is left out; a line without fields stays, unless all others went.
    """
    lines: list[pl.Expr] = []
    values: list[pl.Expr] = []
    for line in _lines(template):
        names = [name for _, name in line if name is not None]
        parts = []
        for literal, name in line:
            if literal:
                parts.append(pl.lit(literal))
            if name is not None:
                parts.append(_text_of(name, frame).fill_null(""))
        text = pl.concat_str(parts) if parts else pl.lit("")
        if names:
            values.extend(_text_of(name, frame) for name in names)
            text = pl.when(pl.any_horizontal(*(pl.col(name).is_not_null() for name in names))).then(text)
        lines.append(text)
    said = pl.any_horizontal(*(value.str.strip_chars().str.len_bytes().fill_null(0) > 0 for value in values))
    whole = pl.concat_str(lines, separator="\n", ignore_nulls=True)
    return pl.when(said).then(whole) if values else whole


def _text_of(name: str, frame: pl.DataFrame) -> pl.Expr:
    """A column as text: numbers plainly, times in ISO 8601, lists joined by commas, objects as JSON."""
    kind = frame.schema[name]
    column = pl.col(name)
    if kind == pl.String:
        return column
    if isinstance(kind, pl.Datetime):
        return column.dt.to_string("iso:strict")
    if isinstance(kind, pl.List) and isinstance(kind.inner, pl.String):
        return column.list.join(", ", ignore_nulls=True)
    if isinstance(kind, pl.Struct):
        return column.struct.json_encode()
    if isinstance(kind, pl.List):
        return pl.when(column.is_not_null()).then(pl.struct(column).struct.json_encode())
    return column.cast(pl.String)


def _role(document: Document, frame: pl.DataFrame) -> pl.Expr:
    if document.role is None:
        return pl.lit("user")
    found = _text_of(document.role, frame).str.strip_chars()
    roles = dict(document.roles) or {name: name for name in ROLES}
    return found.replace_strict(list(roles), list(roles.values()), default=None, return_dtype=pl.String)


def _language(document: Document, frame: pl.DataFrame) -> pl.Expr:
    if document.language == "auto":
        return pl.lit(None, pl.String)
    if document.language.startswith("field:"):
        found = _text_of(document.language.removeprefix("field:"), frame).str.strip_chars().str.replace_all("_", "-")
        return pl.when(found.str.len_bytes() > 0).then(found)
    return pl.lit(document.language)


def _blank(name: str) -> pl.Expr:
    return pl.col(name).is_null() | (pl.col(name).str.strip_chars().str.len_bytes() == 0)


def _finish(made: pl.DataFrame, contract: Contract, messages: pa.Array | None) -> pa.Table:
    document = _document(contract)
    count = made.height
    given = made["language"].to_list()
    unknown = [place for place, tag in enumerate(given) if tag is None]
    if unknown:
        for place, tag in zip(unknown, guess(made["text"].gather(unknown).to_list()), strict=True):
            given[place] = tag
    columns = {
        "id": made["id"].to_arrow(),
        "dataset": _constant(contract.key, count),
        "unit": _constant(contract.unit, count),
        "language": pa.array(given, pa.string()),
        "profile": _constant(document.profile, count),
        "text": made["text"].to_arrow(),
        "messages": pa.nulls(count, DOCUMENTS.field("messages").type) if messages is None else messages,
        "chars": made["text"].str.len_chars().cast(pl.Int64).to_arrow(),
        "partition": made["partition"].to_arrow(),
        "position": made["position"].to_arrow(),
        "rows": made["rows"].to_arrow(),
        "reason": made["reason"].to_arrow(),
        "group": made["group"].to_arrow() if "group" in made.columns else pa.nulls(count, pa.string()),
    }
    return pa.table({name: columns[name].cast(DOCUMENTS.field(name).type) for name in DOCUMENTS.names}, DOCUMENTS)


def _constant(value: str, count: int) -> pa.DictionaryArray:
    zeros = pa.Array.from_buffers(pa.int32(), count, [None, pa.py_buffer(bytes(4 * count))])
    return pa.DictionaryArray.from_arrays(zeros, pa.array([value], pa.string()))


def _plain(frame: pl.DataFrame) -> pa.Table:
    """Members as Arrow with fixed types; only the order field keeps the type that the contract gave it."""
    table = frame.to_arrow()
    for place, field in enumerate(_MEMBERS):
        if field.name != "order":
            table = table.set_column(place, field.name, table.column(place).cast(field.type))
    return table.combine_chunks()


def _some(counts: Mapping[str, int]) -> dict[str, int]:
    return {reason: count for reason, count in counts.items() if count}
