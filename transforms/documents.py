"""Scrubbed rows become training documents, as the contract's ``document`` or one of its views says.

Pure functions over Arrow tables; the caller brings the rows. Where one row is one document (`grouped` says no), any
batch of rows will do for `single`. Chats, events and pairs of rows need all rows of a group at once: the caller deals
`members` into `bucket`s by group, and gives one bucket at a time to `together`, which bounds memory by the bucket; groups
that are `crowded` are left out before.

Rows are accounted for: a row is in exactly one document or is dropped for one reason:

    empty          nothing to say after scrubbing
    group_missing  a row of no group
    group_crowded  a row of a group that has more rows than the contract allows
    told_again     a row that says word for word what another of its group says, at the same place of the order: one
                   message that was delivered under two keys (`_once`)
    unmatched      no turn of the contract is said by such a row, or its pairs leave it out
    no_side        an answer that is neither preferred nor rejected; both_sides: one that is both
    unpaired       an answer without another to be compared with
    no_image       no picture, or one that was refused when it was scrubbed

A document that is made but may not be used carries its ``reason``: ``role_unmapped``, those of
`transforms.documents_turns` and `transforms.documents_pairs`, or ``image_redacted``.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from zlib import crc32

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.contract import Contract, Document
from schemas.contract_document import fields_needed
from transforms.documents_image import NotAnImage, clean, is_bytes
from transforms.documents_pairs import in_rows, of_rows
from transforms.documents_templates import TemplateError, blank, met, text, text_of
from transforms.documents_turns import CALLS, conversations
from transforms.language import guess

CALL = pa.struct([("id", pa.string()), ("name", pa.string()), ("arguments", pa.large_string())])
"""A tool that a turn calls; ``arguments`` are a JSON object as text."""

MESSAGE = pa.struct(
    [
        ("role", pa.string()),
        ("content", pa.large_string()),
        ("train", pa.bool_()),
        ("name", pa.string()),
        ("tool_call_id", pa.string()),
        ("tool_calls", pa.list_(CALL)),
    ]
)
"""One turn of a conversation; ``train`` marks what a model is to learn. A tool's turn has the ``name`` of the tool and
the ``tool_call_id`` that it answers."""

IMAGE = pa.struct([("bytes", pa.large_binary()), ("path", pa.string())])
"""A picture by its bytes or by its URI or path; the other is null."""

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
        ("tools", _ENUM),
        ("prompt", pa.list_(MESSAGE)),
        ("chosen", pa.list_(MESSAGE)),
        ("rejected", pa.list_(MESSAGE)),
        ("image", IMAGE),
        ("row_ids", pa.list_(pa.string())),
    ]
)
"""One row a document. ``text`` is what it says, whatever its kind: quality, duplicates and overlap are told by it.
``chars`` counts its code points; ``rows`` the rows it was made of; ``partition`` and ``position`` say where its first row
stands in the source; ``group`` is what its rows share and ``row_ids`` are theirs, sorted; both null for a document of one row that has the row's
own id. ``messages``, ``tools`` (JSON), ``prompt``, ``chosen``, ``rejected`` and ``image`` are null in kinds that have none."""

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


@dataclass(frozen=True)
class Made:
    """Documents (schema `DOCUMENTS`) or members of conversations, and the rows that went into none, by reason."""

    table: pa.Table
    dropped: Mapping[str, int]


def columns_needed(document: Document) -> tuple[str, ...]:
    """The columns of a snapshot that its documents are made of, identity included. Raises `TemplateError`."""
    try:
        return (*IDENTITY, *sorted(fields_needed(document)))
    except ValueError as error:
        raise TemplateError(f"a document template cannot be read: {error}") from None


def grouped(document: Document) -> bool:
    """Whether several rows make one document."""
    return document.kind in ("chat", "events") or (document.kind == "pairs" and document.group is not None)


def single(rows: pa.Table, contract: Contract) -> Made:
    """One document a row, in the order of the rows, for contracts whose document is not `grouped`.

    ``rows`` needs the columns of `columns_needed`. Raises `TemplateError`.
    """
    kind = _document(contract).kind
    if kind == "turns":
        return _spoken(rows, contract)
    if kind == "pairs":
        return _preferences(rows, contract)
    return _images(rows, contract) if kind == "image" else texts(rows, contract)


def together(rows: pa.Table, contract: Contract) -> Made:
    """The documents of whole groups of `members`, for contracts whose document is `grouped`."""
    document = _document(contract)
    if document.kind == "chat":
        return chats(rows, contract)
    order = [document.order] if document.order else []
    frame = _again(rows).sort("_group", *order, "_partition", "_position", "_id", nulls_last=True)
    if document.kind == "pairs":
        pairs, unpaired = of_rows(frame, document)
        return Made(_finish(_named(pairs, document), contract), _some({"unpaired": unpaired}))
    said = [name for name in frame.columns if name not in (*IDENTITY, "_group")]
    frame, again = _once(frame, "_group", document.order, said)
    return Made(_finish(_named(_conversations(frame, document), document), contract), _some({"told_again": again}))


def document_id(rows: Iterable[str], view: str = "") -> str:
    """The id of a document that is made of rows of these ids, under a view: the row's own where it is the only one
    and the view the contract's own document, else a digest that changes when and only when the rows do."""
    ids = sorted(rows)
    if len(ids) == 1 and not view:
        return ids[0]
    return _digest(ids, view)


def _digest(ids: list[str], view: str) -> str:
    return blake2b("\n".join([*ids, *([view] if view else [])]).encode(), digest_size=16).hexdigest()


def texts(rows: pa.Table, contract: Contract) -> Made:
    """One document of text a row, in the order of the rows; rows that say nothing are dropped as ``empty``."""
    document = _document(contract)
    frame = _frame(rows, document)
    made = frame.select(
        id="_id",
        partition="_partition",
        position="_position",
        text=text(document.text, frame),
        language=_language(document, frame),
    )
    full = made.filter(~blank(pl.col("text")))
    return Made(_finish(_alone(full, document), contract), _some({"empty": made.height - full.height}))


def members(rows: pa.Table, contract: Contract) -> Made:
    """The rows of a batch that belong to groups, with the ``group`` of each in a column of that name.

    Of a chat they are its messages: id, group, order, role, content, language, partition, position; else what the
    document is made of, to be said once the group is whole. Rows without a group, and those that could say nothing in
    it, are dropped, counted.
    """
    document = _document(contract)
    frame = _frame(rows, document)
    if not document.group:
        raise TemplateError(f"{contract.key}: a {document.kind} document needs `group`", fix=f"edit {contract.file}")
    if document.kind != "chat":
        return _rows_of_groups(frame, document)
    made = frame.select(
        id="_id",
        group=text_of(document.group, frame),
        order=pl.col(document.order) if document.order else pl.lit(None, pl.Int8),
        role=_role(document, frame),
        content=text(document.text, frame),
        language=_language(document, frame),
        partition="_partition",
        position="_position",
    )
    there = made.filter(~blank(pl.col("group")))
    full = there.filter(~blank(pl.col("content")))
    dropped = {"group_missing": made.height - there.height, "empty": there.height - full.height}
    return Made(_plain(full), _some(dropped))


def _rows_of_groups(frame: pl.DataFrame, document: Document) -> Made:
    assert document.group is not None
    dropped: Counter[str] = Counter()
    left = frame.filter(~blank(text_of(document.group, frame)))
    dropped["group_missing"] = frame.height - left.height
    if document.kind == "events" and all(turn.when for turn in document.turns):
        some = left.filter(pl.any_horizontal(*(met(turn.when, left) for turn in document.turns)))
        dropped["unmatched"] = left.height - some.height
        left = some
    pairing = document.pairing
    if pairing is not None:
        for reason, stays in (
            ("unmatched", met(pairing.when, left)),
            ("empty", ~blank(text(pairing.answer, left))),
            ("no_side", met(pairing.chosen, left) | met(pairing.rejected, left)),
            ("both_sides", ~(met(pairing.chosen, left) & met(pairing.rejected, left))),
        ):
            some = left.filter(stays)
            dropped[reason] += left.height - some.height
            left = some
    # A field may be called as ours are: theirs are set apart by a dot, which no field's name has.
    made = left.select(
        *(pl.col(name) for name in IDENTITY),
        *(pl.col(name).alias(f"field.{name}") for name in left.columns if name not in IDENTITY),
        group=text_of(document.group, left),
        language=_language(document, left),
    )
    return Made(made.to_arrow().combine_chunks(), _some(dropped))


def crowded(groups: Iterable[pa.Array | pa.ChunkedArray], document: Document) -> frozenset[str]:
    """The groups that have more rows than the document allows, from the ``group`` of all members of a bucket."""
    if document.most is None:
        return frozenset()
    counts: Counter[str] = Counter()
    for column in groups:
        for one in pc.value_counts(column).to_pylist():
            counts[one["values"]] += one["counts"]
    return frozenset(name for name, count in counts.items() if count > document.most)


def bucket(groups: pa.Array | pa.ChunkedArray, buckets: int) -> NDArray[np.int64]:
    """Which of ``buckets`` a row's group falls into, the same on every machine (CRC-32 of the group's UTF-8)."""
    names = pl.from_arrow(groups)
    assert isinstance(names, pl.Series)
    unique = names.unique().to_list()
    place = [crc32(name.encode()) % buckets for name in unique]
    return names.replace_strict(unique, place, return_dtype=pl.Int64).to_numpy()


def chats(rows: pa.Table, contract: Contract) -> Made:
    """One conversation a group of a chat's `members`, ordered by group; messages by the order field, partition,
    position, id.

    Consecutive messages of one role stay apart. A conversation with a role that ``roles`` does not map is made, but
    with the reason ``role_unmapped``: to guess who speaks would teach a model to speak for the user. The id is a
    digest of the sorted ids of its rows, so it changes when and only when its rows do.
    """
    document = _document(contract)
    frame = pl.from_arrow(rows)
    assert isinstance(frame, pl.DataFrame)
    frame = frame.sort("group", "order", "partition", "position", "id", nulls_last=True)
    frame, again = _once(frame, "group", "order", ("role", "content"))
    line = pl.concat_str(pl.col("role").fill_null("?"), pl.lit(": "), pl.col("content"))
    message = pl.struct(
        "role",
        "content",
        train=pl.col("role").fill_null("") == "assistant",
        name=pl.lit(None, pl.String),
        tool_call_id=pl.lit(None, pl.String),
        tool_calls=pl.lit([], CALLS),
    )
    made = frame.group_by("group", maintain_order=True).agg(
        ids=pl.col("id").sort(),
        partition=pl.col("partition").first(),
        position=pl.col("position").first(),
        rows=pl.len().cast(pl.Int32),
        text=line.str.join("\n"),
        messages=message,
        language=pl.col("language").drop_nulls().first(),
        reason=pl.when(pl.col("role").is_null().any()).then(pl.lit("role_unmapped")),
    )
    return Made(_finish(_named(made, document), contract), _some({"told_again": again}))


def _once(frame: pl.DataFrame, group: str, order: str | None, said: Sequence[str]) -> tuple[pl.DataFrame, int]:
    """Sorted rows of groups without those that equal an earlier one of their group in place and in all of ``said``,
    and how many went.

    Only where the order says when: an instant or a number. People do say "yes" twice, on the same day too, so rows
    without an order, or whose order is a date or a text, all stay.
    """
    kind = frame.schema[order] if order else pl.Null()
    if order is None or not (kind.is_numeric() or isinstance(kind, pl.Datetime)):
        return frame, 0
    # Rows that share their place in the order are few: only these are compared by what they say.
    shared = frame.select(pl.col(order).is_not_null() & pl.struct(group, order).is_duplicated()).to_series()
    if not shared.any():
        return frame, 0
    frame = frame.with_row_index("_row")
    words = [text_of(name, frame).alias(f"_{place}") for place, name in enumerate(said)]
    twice = frame.filter(shared).select("_row", pl.struct(group, order, *words).alias("_said"))
    gone = twice.filter(~pl.col("_said").is_first_distinct())
    left = frame.join(gone, on="_row", how="anti", maintain_order="left").drop("_row")
    return left, gone.height


def _again(rows: pa.Table) -> pl.DataFrame:
    """Members of a group as they were: fields under their names, ours beginning with an underscore."""
    frame = pl.from_arrow(rows)
    assert isinstance(frame, pl.DataFrame)
    return frame.rename({"group": "_group", "language": "_language"}).rename(
        {name: name.removeprefix("field.") for name in frame.columns if name.startswith("field.")}
    )


def _conversations(frame: pl.DataFrame, document: Document) -> pl.DataFrame:
    """Conversations of sorted rows of groups, with where each comes from."""
    frame = frame.with_columns(_g=(pl.col("_group").rle_id()).cast(pl.UInt32))
    made = frame.group_by("_g", maintain_order=True).agg(
        ids=pl.col("_id").sort(),
        group=pl.col("_group").first(),
        partition=pl.col("_partition").first(),
        position=pl.col("_position").first(),
        rows=pl.len().cast(pl.Int32),
        language=pl.col("_language").drop_nulls().first(),
    )
    return made.join(conversations(frame, document), on="_g", how="left", maintain_order="left")


def _spoken(rows: pa.Table, contract: Contract) -> Made:
    """One conversation a row."""
    document = _document(contract)
    frame = _frame(rows, document)
    frame = frame.with_columns(_language=_language(document, frame), _g=pl.int_range(pl.len(), dtype=pl.UInt32))
    made = conversations(frame, document).with_columns(
        id=frame["_id"], partition=frame["_partition"], position=frame["_position"], language=frame["_language"]
    )
    full = made.filter(~blank(pl.col("text")))
    return Made(_finish(_alone(full, document), contract), _some({"empty": made.height - full.height}))


def _preferences(rows: pa.Table, contract: Contract) -> Made:
    """One pair a row that holds both answers."""
    document = _document(contract)
    assert document.pairing is not None
    frame = _frame(rows, document)
    frame = frame.with_columns(_language=_language(document, frame))
    some = frame.filter(met(document.pairing.when, frame))
    made = in_rows(some, document)
    full = made.filter(pl.col("text").is_not_null())
    dropped = {"unmatched": frame.height - some.height, "empty": made.height - full.height}
    return Made(_finish(_alone(full, document), contract), _some(dropped))


def _images(rows: pa.Table, contract: Contract) -> Made:
    """One picture with its caption a row."""
    document = _document(contract)
    assert document.image is not None
    frame = _frame(rows, document)
    made = frame.select(
        id="_id",
        partition="_partition",
        position="_position",
        text=text(document.text, frame),
        language=_language(document, frame),
        where=text_of(document.image, frame),
    )
    there = made.filter(~blank(pl.col("where")))
    full = there.filter(~blank(pl.col("text")))
    inside = is_bytes(contract.field(document.image))
    images, reasons = [], []
    for where in full["where"].to_list():
        image, reason = _image(where, inside)
        images.append(image)
        reasons.append(reason)
    full = _alone(full, document).with_columns(reason=pl.Series(reasons, dtype=pl.String))
    dropped = {"no_image": made.height - there.height, "empty": there.height - full.height}
    return Made(_finish(full, contract, image=pa.array(images, IMAGE)), _some(dropped))


def _image(where: str, inside: bool) -> tuple[dict[str, bytes | str | None], str | None]:
    """A picture's bytes or place, and why it may not be used."""
    if inside:
        try:
            # Cleaned when it was scrubbed; again, so that no picture leaves that was not.
            return {"bytes": clean(base64.b64decode(where, validate=True)), "path": None}, None
        except (ValueError, NotAnImage) as error:
            return {"bytes": None, "path": None}, error.reason if isinstance(error, NotAnImage) else "not_base64"
    # What was redacted leads nowhere any more.
    return {"bytes": None, "path": where}, "image_redacted" if "<" in where else None


def identity(ids: pa.Array | pa.ChunkedArray) -> NDArray[np.uint64]:
    """Ids of 32 lower-case hex digits as two big-endian 64-bit words each, shape (n, 2), so that they sort alike."""
    parts = [_sixteen(chunk) for chunk in (ids.chunks if isinstance(ids, pa.ChunkedArray) else [ids])]
    return np.concatenate(parts) if len(parts) > 1 else parts[0] if parts else np.empty((0, 2), np.uint64)


def _sixteen(ids: pa.Array) -> NDArray[np.uint64]:
    """`identity` of one array, from the bytes that it lies in."""
    array = ids.cast(pa.large_string())
    _, offsets, values = array.buffers()
    ends = (
        np.frombuffer(offsets, np.int64)[array.offset : array.offset + len(array) + 1]
        if len(array)
        else np.zeros(1, np.int64)
    )
    if array.null_count or (np.diff(ends) != 32).any():
        raise ValueError("an id is not 32 hexadecimal digits")
    digits = str(memoryview(values)[ends[0] : ends[-1]], "ascii", "replace") if len(array) else ""
    return np.frombuffer(bytes.fromhex(digits), ">u8").astype(np.uint64).reshape(-1, 2)


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


def _role(document: Document, frame: pl.DataFrame) -> pl.Expr:
    if document.role is None:
        return pl.lit("user")
    found = text_of(document.role, frame).str.strip_chars()
    roles = dict(document.roles) or {name: name for name in ROLES}
    return found.replace_strict(list(roles), list(roles.values()), default=None, return_dtype=pl.String)


def _language(document: Document, frame: pl.DataFrame) -> pl.Expr:
    if document.language == "auto":
        return pl.lit(None, pl.String)
    if document.language.startswith("field:"):
        found = text_of(document.language.removeprefix("field:"), frame).str.strip_chars().str.replace_all("_", "-")
        return pl.when(found.str.len_bytes() > 0).then(found)
    return pl.lit(document.language)


def _alone(made: pl.DataFrame, document: Document) -> pl.DataFrame:
    """Documents of one row each, named by it and the view."""
    ids = [document_id((own,), document.view) for own in made["id"].to_list()]
    # Under another name than its row's, so the row says what it belongs to.
    if document.view:
        made = made.with_columns(group=pl.col("id"), ids=pl.concat_list("id"))
    reason = [] if "reason" in made.columns else [pl.lit(None, pl.String).alias("reason")]
    return made.with_columns(pl.Series("id", ids, pl.String), pl.lit(1, pl.Int32).alias("rows"), *reason)


def _named(made: pl.DataFrame, document: Document) -> pl.DataFrame:
    """Documents of several rows, named by the sorted ``ids`` of these and the view."""
    ids = [_digest(found, document.view) for found in made["ids"].to_list()]
    return made.with_columns(id=pl.Series(ids, dtype=pl.String))


def _finish(made: pl.DataFrame, contract: Contract, image: pa.Array | None = None) -> pa.Table:
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
        "chars": made["text"].str.len_chars().cast(pl.Int64).to_arrow(),
        "partition": made["partition"].to_arrow(),
        "position": made["position"].to_arrow(),
        "rows": made["rows"].to_arrow(),
        "reason": made["reason"].to_arrow(),
        "group": made["group"].to_arrow() if "group" in made.columns else pa.nulls(count, pa.string()),
    }
    columns |= {name: made[name].to_arrow() for name in ("messages", "prompt", "chosen", "rejected") if name in made}
    if "ids" in made.columns:
        columns["row_ids"] = made["ids"].to_arrow()
    if document.tools:
        columns["tools"] = _constant(_tools(document), count)
    if image is not None:
        columns["image"] = image
    nulls = {field.name: pa.nulls(count, field.type) for field in DOCUMENTS if field.name not in columns}
    columns |= nulls
    return pa.table({name: columns[name].cast(DOCUMENTS.field(name).type) for name in DOCUMENTS.names}, DOCUMENTS)


def _tools(document: Document) -> str:
    """The tools of a view in the form that chat templates take, as JSON."""
    made = [
        {
            "type": "function",
            "function": {
                "name": tool.name,
                "description": tool.description,
                "parameters": json.loads(tool.parameters),
            },
        }
        for tool in document.tools
    ]
    return json.dumps(made, ensure_ascii=False)


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
