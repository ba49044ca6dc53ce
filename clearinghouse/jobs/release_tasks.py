"""The parallel parts of a release: plain functions of small values, run by whatever executor there is.

Each reads files and writes files under names that it was told, and returns little. What they write depends on their
task alone, never on the worker or on the order in which they run:

    fetch    a scrubbed file is there and has the digest that the manifest says
    deal     rows of groups are dealt into buckets by group, one Arrow record batch a bucket
    index    documents are made and counted; what is kept of them has no text (see `INDEX`)
    scatter  documents that were chosen are made again and laid out by shard, one record batch a stretch of one
    gather   one shard's rows are put in order and written, a stretch at a time

Documents are made twice, because making them is cheap and holding them is not. An index is kept in the store under
the digest of all that decides it: a run that was killed, or the next release, counts only what is new.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import pairwise
from multiprocessing import parent_process
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if parent_process() is not None:
    # One worker a processor is parallel enough; these are read when the libraries are first imported.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    # Arrow's own pool takes memory in pages of two megabytes, which a virtual machine is slow to give.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from clearinghouse.code import code_version
from clearinghouse.jobs.release_form import Form
from infra.lean import give_back
from schemas.canonical import digest
from schemas.contract import Contract
from schemas.errors import IntegrityError
from schemas.manifest import FileEntry, Shard
from schemas.plans import exact
from schemas.shard_blocks import footer_digest
from transforms import dedup, documents, shards
from transforms.words import Words, passes

if TYPE_CHECKING:
    from infra.store import Store

#: Uncompressed bytes of scrubbed rows that one task makes documents of.
TASK_BYTES = 8 * 1024 * 1024
#: Rows that one task makes documents of, where they are short: what is known of each takes about a kilobyte meanwhile.
TASK_ROWS = 1 << 16

INDEX = pa.schema(
    [
        ("id", pa.binary(16)),
        ("digest", pa.binary(16)),
        ("tokens", pa.int64()),
        ("bytes", pa.int64()),
        ("chars", pa.int64()),
        ("language", pa.string()),
        ("partition", pa.string()),
        ("position", pa.int64()),
        ("rows", pa.int32()),
        ("reason", pa.string()),
        ("group", pa.string()),
    ]
)
"""What is kept of a document to choose by: digest of its text, counts, place, group and, if it may not be used, why."""


@dataclass(frozen=True)
class File:
    """A scrubbed file here on disk. ``groups`` holds rows and uncompressed bytes of each row group."""

    path: str
    sha256: str
    groups: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Piece:
    """Row groups ``start`` to ``stop`` of a file. ``gone`` are the rows in it that a later version replaces."""

    file: File
    start: int
    stop: int
    gone: tuple[int, ...] = ()

    @property
    def name(self) -> list[Any]:
        return [self.file.sha256, self.start, self.stop, list(self.gone)]


@dataclass(frozen=True)
class Task:
    """Documents to be made: of one ``piece``, or of one ``bucket`` of what was dealt into ``dealt``.

    ``name`` is the digest of everything that decides its documents and their counts.
    """

    number: int
    source: int
    contract: Contract
    form: Form
    name: str
    piece: Piece | None = None
    dealt: tuple[str, ...] = ()
    bucket: int = 0

    @property
    def key(self) -> str:
        """Where the task's index stands in the store."""
        return f"scrubbed/{self.contract.unit}/{self.contract.name}/index/{self.name}.parquet"


class DamagedIndex(IntegrityError):
    """An index that is not what was written. Nothing is lost: it can be made again."""


def fetch(store: Store, folder: str, entry: FileEntry) -> tuple[str, File]:
    """Bring a file here and check it. Raises `IntegrityError` where its bytes or rows are not the manifest's."""
    from infra.store import NotFound

    try:
        path = store.fetch(entry.key, Path(folder))
    except NotFound:
        raise _damaged(entry, "is missing") from None
    found = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            found.update(block)
    if found.hexdigest() != entry.sha256:
        raise _damaged(entry, "does not have the digest that its manifest states")
    metadata = pq.read_metadata(path)
    if metadata.num_rows != entry.rows:
        raise _damaged(entry, f"has {metadata.num_rows} rows, its manifest says {entry.rows}")
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    return entry.key, File(str(path), entry.sha256, tuple((g.num_rows, g.total_byte_size) for g in groups))


def _damaged(entry: FileEntry, said: str) -> IntegrityError:
    return IntegrityError(
        f"{entry.key} {said}",
        state="nothing was released",
        fix="restore the file from a copy, or remove its receipt and ingest its partition again",
    )


def pieces(file: File, gone: Sequence[int]) -> Iterator[Piece]:
    """A file cut into pieces of about `TASK_BYTES` or `TASK_ROWS`; ``gone`` are places of its superseded rows, ascending."""
    start = first = rows = size = 0
    for number, (count, volume) in enumerate(file.groups):
        if size and (size + volume > TASK_BYTES or rows + count > TASK_ROWS):
            yield Piece(file, start, number, _within(gone, first, rows))
            start, first, rows, size = number, first + rows, 0, 0
        rows += count
        size += volume
    if rows:
        yield Piece(file, start, len(file.groups), _within(gone, first, rows))


def _within(gone: Sequence[int], first: int, rows: int) -> tuple[int, ...]:
    return tuple(place - first for place in gone if first <= place < first + rows)


def read_rows(piece: Piece, contract: Contract) -> pa.Table:
    """The rows of a piece that are not superseded, with the columns that documents need."""
    assert contract.document is not None
    # A missing column is told by the transform, which knows what it was wanted for.
    return read_columns(piece, documents.columns_needed(contract.document))


def read_columns(piece: Piece, names: Sequence[str]) -> pa.Table:
    """The rows of a piece that are not superseded, with those of these columns that are there."""
    give_back()
    with pq.ParquetFile(piece.file.path) as file:
        there = set(file.schema_arrow.names)
        wanted = [name for name in names if name in there]
        rows = file.read_row_groups(list(range(piece.start, piece.stop)), columns=wanted, use_threads=False)
    if piece.gone:
        keep = np.ones(len(rows), bool)
        keep[list(piece.gone)] = False
        rows = rows.take(pa.array(np.flatnonzero(keep).tolist(), pa.int64()))
    return rows


def deal(contract: Contract, buckets: int, item: tuple[Piece, str]) -> tuple[str, dict[str, int]]:
    """Deal a piece's rows of groups into buckets, one record batch each, in the Arrow file of that name."""
    piece, path = item
    made = documents.members(read_rows(piece, contract), contract)
    where = documents.bucket(made.table.column("group"), buckets)
    with pa.ipc.new_file(path, made.table.schema, options=_LZ4) as sink:
        for number in range(buckets):
            part = made.table.take(pa.array(np.flatnonzero(where == number).tolist(), pa.int64()))
            sink.write_batch(_one_batch(part))
    return path, dict(made.dropped)


def make_documents(task: Task) -> documents.Made:
    """The task's documents, in an order of their own that is always the same."""
    if task.piece is not None:
        return documents.single(read_rows(task.piece, task.contract), task.contract)
    return _whole_groups(task)


def _whole_groups(task: Task) -> documents.Made:
    """The documents of a bucket's groups. Groups that are too large are told by their names alone, before any is read
    whole, so that one of a million rows takes no more memory than its names."""
    document = task.contract.document
    assert document is not None
    crowded = documents.crowded((_groups(path, task.bucket) for path in task.dealt), document)
    parts, gone = [], 0
    for path in task.dealt:
        part = _read_batch(path, task.bucket)
        if crowded:
            stays = pc.invert(
                pc.is_in(part.column("group"), pa.array(sorted(crowded), part.schema.field("group").type))
            )
            left = part.filter(stays)
            gone += len(part) - len(left)
            part = left
        parts.append(part)
    made = documents.together(pa.Table.from_batches(parts), task.contract)
    dropped = {**made.dropped, **({"group_crowded": gone} if gone else {})}
    return documents.Made(made.table, dropped)


class Extra(Protocol):
    """Something more that is worked out of a task's documents and kept beside their index. Picklable."""

    def key(self, task: Task) -> str:
        """Where it stands in the store."""
        ...


@runtime_checkable
class OfDocuments(Extra, Protocol):
    """An extra that is made of the documents as they are."""

    def make(self, table: pa.Table) -> bytes:
        """It, from the documents (`transforms.documents.DOCUMENTS`)."""
        ...


class Making(Protocol):
    """An extra in the making, of the words of a task's texts."""

    def add(self, part: Words) -> None:
        """Take in the next pass of words."""
        ...

    def made(self) -> bytes:
        """It, after the last pass."""
        ...


@runtime_checkable
class OfWords(Extra, Protocol):
    """An extra that is made of words, which are cut once for all such extras of a task."""

    def begin(self, table: pa.Table) -> Making:
        """Begin it, for these documents."""
        ...


def from_words(table: pa.Table, makings: Sequence[Making]) -> None:
    """Give the words of the documents' texts to all that are made of them."""
    for part in passes(usable_text(table)) if makings else ():
        for making in makings:
            making.add(part)


def index(store: Store, task: Task, extras: Sequence[Extra] = ()) -> int:
    """Count the task's documents and keep the counts in the store, and beside them what ``extras`` make of the
    documents. What is there already is left alone."""
    made = make_documents(task)
    made = documents.Made(task.form.judged(made.table), made.dropped)
    wanted = [extra for extra in extras if store.stat(extra.key(task)) is None]
    begun = [(extra.key(task), extra.begin(made.table)) for extra in wanted if isinstance(extra, OfWords)]
    from_words(made.table, [making for _, making in begun])
    for key, making in begun:
        store.put(key, making.made(), if_absent=True)
    for extra in wanted:
        if isinstance(extra, OfDocuments):
            store.put(extra.key(task), extra.make(made.table), if_absent=True)
    give_back()
    if store.stat(task.key) is None:
        _count(store, task, made)
    return task.number


def _count(store: Store, task: Task, made: documents.Made) -> None:
    table = made.table
    # What may not be used is not worth counting; its null text has no tokens.
    text = usable_text(table)
    ids = documents.identity(table.column("id"))
    tokens, size = task.form.count(table, text)
    columns = [
        sixteen(ids),
        sixteen(dedup.digests(text)),
        pa.array(tokens),
        pa.array(size),
        table.column("chars"),
        table.column("language"),
        table.column("partition"),
        table.column("position"),
        table.column("rows"),
        table.column("reason"),
        table.column("group"),
    ]
    kept = pa.table(columns, schema=INDEX).replace_schema_metadata({"dropped": json.dumps(dict(made.dropped))})
    sink = pa.BufferOutputStream()
    pq.write_table(kept, sink, compression="zstd", write_statistics=False, write_page_checksum=True)
    store.put(task.key, sink.getvalue().to_pybytes(), if_absent=True)


def usable_text(table: pa.Table) -> pa.ChunkedArray:
    """The documents' texts, null where a document may not be used."""
    reason, text = table.column("reason"), table.column("text")
    if reason.null_count == len(table):
        return text
    return pc.if_else(pc.is_null(reason), text, pa.scalar(None, pa.large_string()))


def read_index(store: Store, task: Task) -> tuple[pa.Table, dict[str, int]]:
    """A task's index, and the rows that went into no document, by reason. Raises `DamagedIndex`."""
    try:
        table = pq.read_table(pa.BufferReader(store.read(task.key)), page_checksum_verification=True)
        return table.cast(INDEX), json.loads(table.schema.metadata[b"dropped"])
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError) as error:
        raise DamagedIndex(f"{task.key} cannot be read", fix="delete it; it is made again") from error


def task_name(parts: Sequence[Any], contract: Contract, form: Form, tokenizer: str) -> str:
    """The digest that names an index: rows, document rule, form, tokenizer and code."""
    assert contract.document is not None
    rule = {"dataset": contract.key, "document": exact(asdict(contract.document)), "form": form.name}
    return digest({**rule, "rows": list(parts), "tokenizer": tokenizer, "code": code_version()})[:32]


class Edit(Protocol):
    """Something that is done to a task's documents before they are laid out. Picklable."""

    def apply(self, table: pa.Table) -> pa.Table:
        """The documents (`transforms.documents.DOCUMENTS`), row by row the same ones."""
        ...


@dataclass(frozen=True)
class Scatter:
    """Documents of one task that go into the release; ``places`` is a NumPy file with the columns row of the task's
    documents, row of the release, epoch and tokens, sorted by row of the release."""

    task: Task
    snapshot: str
    places: str
    path: str
    edit: Edit | None = None


def scatter(first_rows: Sequence[int], item: Scatter) -> str:
    """Lay out a task's chosen documents: record batch k holds those of the stretch of the release that starts at
    ``first_rows[k]``, with their row of the release in ``_row``."""
    row, release_row, epoch, tokens = np.load(item.places)
    task = item.task
    # Each document is taken once and gathered by shard; several epochs repeat it then.
    table = make_documents(task).table
    if item.edit is not None:
        table = item.edit.apply(table)
    used, row = np.unique(row, return_inverse=True)
    table = table.take(pa.array(used.tolist(), pa.int64()))
    content = pa.table(task.form.columns(table))
    if task.form.tokenise:
        _as_planned(task, content, row, tokens)
        content = task.form.stored(content)
    # The content has the texts; they are not taken twice.
    table = table.select(_OF_DOCUMENTS)
    bounds = np.searchsorted(release_row, [*first_rows, np.iinfo(np.int64).max])
    with pa.ipc.new_file(item.path, task.form.schema.append(pa.field("_row", pa.int64())), options=_LZ4) as sink:
        for low, high in pairwise(bounds.tolist()):
            of = pa.array(row[low:high].tolist(), pa.int64())
            made = (table.take(of), content.take(of), epoch[low:high], tokens[low:high], release_row[low:high])
            sink.write_batch(_one_batch(_release_rows(item, *made)))
    return item.path


_PLACE = ("partition", "position", "rows", "row_ids")
#: What a release has of a document beside its content.
_OF_DOCUMENTS = ["id", "language", *_PLACE]


def _as_planned(task: Task, content: pa.Table, row: Any, tokens: Any) -> None:
    """Tokens were counted before they were made; raises `IntegrityError` where there are more or fewer of them now."""
    made = pc.list_value_length(content.column("input_ids")).to_numpy()[row]
    if (made != tokens).any():
        raise IntegrityError(
            f"{task.contract.key}: {int((made != tokens).sum())} documents have other tokens than were counted",
            state="nothing was released",
            fix="run the same command again; if it goes on, report it with the tokenizer",
        )


def _release_rows(item: Scatter, some: pa.Table, content: pa.Table, epoch: Any, tokens: Any, row: Any) -> pa.Table:
    contract, count = item.task.contract, len(some)
    schema = item.task.form.schema
    some = some.combine_chunks()
    provenance = pa.StructArray.from_arrays(
        [
            _same(contract.unit, count),
            _same(item.snapshot, count),
            *(_chunk(some, name) for name in _PLACE),
        ],
        fields=list(shards.PROVENANCE),
    )
    columns = {
        "id": some.column("id"),
        "source": _same(contract.key, count),
        "language": some.column("language"),
        "epoch": pa.array(epoch.tolist(), pa.int16()),
        "n_tokens": pa.array(tokens.tolist(), pa.int32()),
        "provenance": provenance,
        "erased": pa.array([False] * count, pa.bool_()),
    }
    for name in content.schema.names:
        columns[name] = content.column(name).cast(schema.field(name).type)
    made = pa.table([columns[name] for name in schema.names], schema=schema)
    return made.append_column(pa.field("_row", pa.int64()), [pa.array(row.tolist(), pa.int64())])


@dataclass(frozen=True)
class Gather:
    """One shard to be written to ``path`` from the batches ``batch`` and following of every scattered file, one for each
    of its stretches, which start at the rows ``starts``."""

    number: int
    cut: shards.Cut
    rows_per_group: int
    scattered: tuple[str, ...]
    path: str
    batch: int
    starts: tuple[int, ...]
    cdc: bool = False


def gather(item: Gather) -> tuple[int, Shard]:
    """Write one shard. Its key is relative to the mix's folder, as manifests have it."""
    schema = _schema(item.scattered[0])
    with Path(item.path).open("wb") as sink:
        shards.write_groups(schema.remove(schema.get_field_index("_row")), _row_groups(item), sink, cdc=item.cdc)
    data = Path(item.path)
    with pa.memory_map(item.path) as file:
        whole = file.read_buffer()
        name, footer = sha256(whole).hexdigest(), footer_digest(whole)
    return item.number, Shard(
        key=f"shards/{name}.parquet",
        bytes=data.stat().st_size,
        sha256=name,
        rows=item.cut.rows,
        tokens=item.cut.tokens,
        first_row=item.cut.first_row,
        row_groups=item.cut.row_groups,
        split=item.cut.split,
        stage=item.cut.stage,
        footer=footer,
    )


def _row_groups(item: Gather) -> Iterator[pa.Table]:
    """The shard's rows in order, a row group at a time; of what is laid out no more than a stretch is held."""
    last = item.cut.first_row + item.cut.rows
    counts = iter(item.cut.row_groups)
    for batch, (start, end) in enumerate(pairwise([*item.starts, last]), item.batch):
        give_back()
        # Each part holds its rows in order.
        parts = [part for path in item.scattered if len(part := _read_batch(path, batch))]
        if (rows := sum(map(len, parts))) != end - start:
            raise _other_rows(item, rows, end - start)
        places = [part.column("_row").to_numpy() for part in parts]
        for first in range(start, end, item.rows_per_group):
            stop = min(first + item.rows_per_group, end)
            bounds = [np.searchsorted(place, (first, stop)).tolist() for place in places]
            table = pa.Table.from_batches(
                [part.slice(low, high - low) for part, (low, high) in zip(parts, bounds, strict=True)], parts[0].schema
            )
            if (len(table), pc.sum(table.column("n_tokens")).as_py()) != next(counts):
                raise _other_rows(item, len(table), stop - first)
            table = table.take(pc.sort_indices(table, sort_keys=[("_row", "ascending")]))
            yield table.drop_columns(["_row"]).combine_chunks()


def _other_rows(item: Gather, rows: int, planned: int) -> IntegrityError:
    return IntegrityError(
        f"shard {item.number} came to {rows} rows or other tokens where {planned} rows were planned",
        state="nothing was released",
        fix="run the same command again; if it goes on, report it",
    )


_LZ4 = pa.ipc.IpcWriteOptions(compression="lz4")


def _schema(path: str) -> pa.Schema:
    with pa.memory_map(path) as source:
        return pa.ipc.open_file(source).schema


def _read_batch(path: str, number: int) -> pa.RecordBatch:
    with pa.memory_map(path) as source:
        return pa.ipc.open_file(source).get_batch(number)


def _groups(path: str, number: int) -> pa.Array:
    """The groups of the members in a batch; nothing else of it is read."""
    with pa.memory_map(path) as source:
        names = pa.ipc.open_file(source).schema.names
        options = pa.ipc.IpcReadOptions(included_fields=[names.index("group")])
        return pa.ipc.open_file(source, options=options).get_batch(number).column(0)


def _one_batch(table: pa.Table) -> pa.RecordBatch:
    batches = table.combine_chunks().to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], table.schema)


def sixteen(words: Any) -> pa.Array:
    """Digests or ids of two 64-bit words each as 16 bytes."""
    data = pa.py_buffer(np.ascontiguousarray(words.astype(">u8")).tobytes())
    return pa.Array.from_buffers(pa.binary(16), len(words), [None, data])


def _same(value: str, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(value, pa.string()), count)


def _chunk(table: pa.Table, name: str) -> pa.Array:
    column = table.column(name)
    return column.chunk(0) if column.num_chunks else pa.array([], column.type)
