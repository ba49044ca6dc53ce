"""How a release lies on disk: its columns, where it is cut, and how a shard is written.

A shard is an ordinary Parquet file. Every row group but a release's last has the same number of rows, and shards are
cut between row groups, so that a global row number leads to its shard, group and place by arithmetic alone. The
bytes hold neither clock nor machine nor release number: the same rows give the same file, which is named by its
SHA-256.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from schemas.shard_blocks import KEY, BlockSink
from schemas.shard_numbers import KEY as NUMBERS
from transforms.documents import MESSAGE
from transforms.tokens_columns import IDS, MASK

PROVENANCE = pa.struct(
    [
        ("unit", pa.string()),
        ("snapshot", pa.string()),
        ("partition", pa.string()),
        ("position", pa.int64()),
        ("rows", pa.int32()),
        ("row_ids", pa.list_(pa.string())),
    ]
)
"""Where a document comes from: the unit, the digest of its snapshot, the partition and record number of its first row of
``rows``, and the ids of all of them, sorted; null for a document of one row that has the row's own id."""

_HEAD = (
    pa.field("id", pa.string(), nullable=False),
    pa.field("source", pa.string(), nullable=False),
    pa.field("language", pa.string(), nullable=False),
    pa.field("epoch", pa.int16(), nullable=False),
    pa.field("n_tokens", pa.int32(), nullable=False),
)
_TAIL = (
    pa.field("provenance", PROVENANCE),
    # A row that is erased later keeps its place: its content becomes null and this mark true.
    pa.field("erased", pa.bool_(), nullable=False),
)

#: Few different values a file: a dictionary pays. Text, ids and counts are written plainly.
_DICTIONARY = (
    "source",
    "language",
    "epoch",
    "erased",
    "provenance.unit",
    "provenance.snapshot",
    "provenance.partition",
    "tools",
    *(
        f"{content}.list.element.{name}"
        for content in ("messages", "prompt", "chosen", "rejected")
        for name in ("role", "train", "name", "tool_calls.list.element.name")
    ),
)
#: Tokens compress better with their bytes apart: 1.46 bytes a token in place of 1.62, and decode faster. (As bytes they
#: are not compressed: 2 bytes a token, and read in a third of the time.)
_IDS = "input_ids.list.element"
#: The footer's least and greatest values would repeat a piece of the text, and outlive its erasure.
_STATISTICS = ("id", "source", "language", "n_tokens")

_PLAIN = (b"uint16", b"uint32")
"""Bytes that are not compressed: tokens. Marks (``uint8``) are."""

#: Bytes that a row costs beside its text, about; only for deciding where to cut.
ROW_OVERHEAD = 96


def schema(
    sample_format: Literal["text", "messages", "preference", "image-text"],
    *,
    template: bool = False,
    tokenise: bool | str = False,
) -> pa.Schema:
    """Columns of a release: ``id`` (32 hex digits), ``source`` (data set), ``language``, ``epoch`` (from 1),
    ``n_tokens``, then the content, then ``provenance`` and ``erased``.

    The content is ``text``; or ``messages`` and ``tools`` (JSON, null without any); or ``prompt``, ``chosen`` and
    ``rejected`` messages; or ``image`` and ``text``. A ``template`` adds the rendered ``text`` to messages,
    ``tokenise`` the ``input_ids`` of the text and, to messages, ``loss_mask``, one mark a token: as lists, or with one
    of `schemas.shard_numbers.WIDTHS` as the bytes of such numbers (marks: of ``uint8``).

    A document that is taken in several epochs has several rows of the same id; (id, epoch) is unique.
    """
    said = pa.field("text", pa.large_string())
    content = {
        "text": [said],
        "messages": [pa.field("messages", pa.list_(MESSAGE)), pa.field("tools", pa.string())],
        "preference": [pa.field(name, pa.list_(MESSAGE)) for name in ("prompt", "chosen", "rejected")],
        "image-text": [pa.field("image", _IMAGE), said],
    }[sample_format]
    if template:
        content = [*content, said]
    if tokenise:
        packed = isinstance(tokenise, str)
        content = [*content, _bytes("input_ids", str(tokenise)) if packed else pa.field("input_ids", IDS)]
        if sample_format == "messages":
            content = [*content, _bytes("loss_mask", "uint8") if packed else pa.field("loss_mask", MASK)]
    return pa.schema([*_HEAD, *content, *_TAIL])


def _bytes(name: str, numbers: str) -> pa.Field:
    return pa.field(name, pa.binary(), metadata={NUMBERS: numbers})


#: As Hugging Face's ``Image`` feature lies on disk.
_IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])


@dataclass(frozen=True)
class Cut:
    """One shard to be: rows ``first_row`` up to ``first_row + rows``, [rows, tokens] of each row group, and the
    section that they are of."""

    first_row: int
    rows: int
    tokens: int
    row_groups: tuple[tuple[int, int], ...]
    split: str = "train"
    stage: int = 0


def cut(
    tokens: NDArray[np.integer],
    size: NDArray[np.integer],
    *,
    rows_per_group: int,
    shard_tokens: int,
    shard_bytes: int,
) -> list[Cut]:
    """Where shards begin and end. ``tokens`` and ``size`` (bytes of content, UTF-8) hold one number a row in order.

    Row groups are ``rows_per_group`` rows each, the last what is left. A shard takes row groups while it stays
    within both bounds, and at least one. Sizes are counted before compression, so that cutting needs no writing and
    a shard's file is smaller than its bound.
    """
    starts = np.arange(0, len(tokens), rows_per_group)
    if not len(starts):
        return []
    ends = np.append(starts[1:], len(tokens))
    group_tokens = np.add.reduceat(tokens.astype(np.int64), starts).tolist()
    group_bytes = np.add.reduceat(size.astype(np.int64) + ROW_OVERHEAD, starts).tolist()
    group_rows = (ends - starts).tolist()
    cuts: list[Cut] = []
    held: list[tuple[int, int]] = []
    first = held_tokens = held_bytes = 0
    for rows, count, volume in zip(group_rows, group_tokens, group_bytes, strict=True):
        if held and (held_tokens + count > shard_tokens or held_bytes + volume > shard_bytes):
            cuts.append(_cut(first, held))
            first += cuts[-1].rows
            held, held_tokens, held_bytes = [], 0, 0
        held.append((rows, count))
        held_tokens += count
        held_bytes += volume
    cuts.append(_cut(first, held))
    return cuts


def _cut(first: int, groups: Sequence[tuple[int, int]]) -> Cut:
    return Cut(first, sum(rows for rows, _ in groups), sum(tokens for _, tokens in groups), tuple(groups))


def stretches(one: Cut, size: NDArray[np.integer], *, most: int, least: int) -> list[int]:
    """First rows of the stretches that a shard's rows are brought together in: whole row groups, of about ``most`` bytes
    and, but for the last, ``least`` rows and more. ``size`` holds the bytes of each of its rows."""
    starts = np.cumsum([0, *(rows for rows, _ in one.row_groups)])
    before = np.concatenate(([0], np.cumsum(size.astype(np.int64) + ROW_OVERHEAD)))[starts]
    found = [0]
    for place in range(1, len(starts) - 1):
        if starts[place] - starts[found[-1]] >= least and before[place + 1] - before[found[-1]] > most:
            found.append(place)
    return [one.first_row + int(starts[place]) for place in found]


def write(table: pa.Table, sink: IO[bytes] | Any, *, rows_per_group: int, cdc: bool = False) -> None:
    """`write_groups` of one shard's rows."""
    groups = (table.slice(start, rows_per_group) for start in range(0, len(table), rows_per_group))
    write_groups(table.schema, groups, sink, cdc=cdc)


def write_groups(schema: pa.Schema, groups: Iterable[pa.Table], sink: IO[bytes] | Any, *, cdc: bool = False) -> None:
    """Write one shard (of a `schema`) to an open file or Arrow stream, a row group for each table.

    zstd 3 decodes as fast as zstd 1 and is a fifth smaller; page checksums find rot on disk, the page index lets a
    reader skip. No clock. The footer holds digests of the bytes before it (`schemas.shard_blocks`), so that a reader
    can check what it reads and no more.

    With ``cdc`` pages end where the content says (content-defined chunking) and not where a count does, so that a
    change of few rows changes few pages: of use where what lies under the store keeps equal pieces of files once.
    Files are some 4 % larger. Two documents erased of 24,576 then cost 2.8 % of new bytes in place of 5.1 %, removed
    33 % in place of 80 % (64 KiB pieces).
    """
    through = BlockSink(sink)
    # What lies there as bytes is there to be read fast.
    plain = [one.name for one in schema if (one.metadata or {}).get(NUMBERS) in _PLAIN]
    packing: dict[str, Any] = {"compression": "zstd", "compression_level": 3}
    if plain:
        others = [path for path in _leaves(schema) if path not in plain]
        packing = {
            "compression": {**dict.fromkeys(others, "zstd"), **dict.fromkeys(plain, "none")},
            "compression_level": dict.fromkeys(others, 3),
        }
    with pq.ParquetWriter(
        through,
        schema,
        **packing,
        use_dictionary=[name for name in _DICTIONARY if name.split(".")[0] in schema.names],
        write_statistics=list(_STATISTICS),
        write_page_index=True,
        write_page_checksum=True,
        data_page_version="1.0",
        version="2.6",
        column_encoding={_IDS: "BYTE_STREAM_SPLIT"} if _IDS in _leaves(schema) else None,
        store_schema=True,
        use_content_defined_chunking=cdc,
    ) as writer:
        for group in groups:
            writer.write_table(group, row_group_size=len(group))
        writer.add_key_value_metadata({KEY: through.blocks().entry()})


def _leaves(schema: pa.Schema) -> list[str]:
    """Paths of the columns that Parquet makes of a schema."""
    found: list[str] = []

    def walk(path: str, kind: pa.DataType) -> None:
        if pa.types.is_struct(kind):
            for inner in kind:
                walk(f"{path}.{inner.name}", inner.type)
        elif pa.types.is_list(kind):
            walk(f"{path}.list.element", kind.value_type)
        else:
            found.append(path)

    for field in schema:
        walk(field.name, field.type)
    return found
