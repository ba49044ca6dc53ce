"""Where the rows of a document stand in their data set: what snapshots and the indexes of releases know of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from clearinghouse import catalog
from schemas.errors import IntegrityError, StoreError
from schemas.manifest import Receipt, SnapshotManifest
from transforms.documents import document_id

if TYPE_CHECKING:
    from infra.store import Store

_INDEX = re.compile(r"[0-9a-f]{32}\.parquet")


@dataclass(frozen=True)
class Place:
    """Where a document's first row stands in its data set, and of how many rows it is made."""

    dataset: str
    partition: str
    position: int
    rows: int


@dataclass(frozen=True)
class Indexed:
    """What releases knew of a document when they chose: counts, language, and why it may not be used, if so."""

    place: Place
    language: str | None
    chars: int | None
    tokens: int | None
    reason: str | None


@dataclass
class Origin:
    """Rows of a snapshot that a document was made of. ``snapshots`` are the numbers of those that hold them,
    ``inputs`` the files of the unit that they came from; ``complete`` says whether all rows are known, ``policies`` what
    the policies of those snapshots are called, by digest."""

    dataset: str
    unit: str
    partition: str
    position: int
    rows: list[str]
    complete: bool
    snapshots: list[int]
    newest: bool
    files: list[str]
    inputs: list[Mapping[str, Any]]
    policies: dict[str, str] = field(default_factory=dict)
    receipts: list[Receipt] = field(repr=False, default_factory=list)


def indexed(store: Store, name: str) -> list[Indexed]:
    """What the indexes of releases hold of a document; one that is damaged is made again, so it is passed over."""
    found = []
    wanted = ("partition", "position", "rows", "language", "chars", "tokens", "reason")
    for key in catalog.datasets(store):
        for entry in store.list(f"scrubbed/{key.replace('.', '/')}/index/"):
            if not _INDEX.fullmatch(entry.key.rsplit("/", 1)[1]):
                continue
            try:
                with store.open(entry.key) as source:
                    file = pq.ParquetFile(source)
                    at = pc.indices_nonzero(pc.equal(file.read(["id"]).column("id"), bytes.fromhex(name)))
                    if not len(at):
                        continue
                    rows = file.read([column for column in wanted if column in columns_of(file)]).take(at).to_pylist()
            except (StoreError, pa.ArrowException, OSError, KeyError):
                continue
            for row in rows:
                place = Place(key, row["partition"], row["position"], row["rows"])
                found.append(Indexed(place, *(row.get(column) for column in wanted[3:])))
    return list(dict.fromkeys(found))


def origin(store: Store, name: str, place: Place | None, views: Sequence[str], unread: list[str]) -> Origin | None:
    """The document's rows in the newest snapshot that holds its first one."""
    for key in [place.dataset] if place is not None else catalog.datasets(store):
        unit, _, short = key.partition(".")
        looked: dict[str, dict[str, Any] | None] = {}
        snapshots = []
        for number in reversed(catalog.snapshot_numbers(store, unit, short)):
            try:
                snapshots.append(catalog.find_snapshot(store, f"{key}@{number}"))
            except IntegrityError as error:
                unread.append(error.message)
        for snapshot in snapshots:
            for receipt in snapshot.receipts:
                for entry in receipt.data:
                    if entry.key not in looked:
                        looked[entry.key] = _first_row(store, entry.key, name, place, unread)
                    if looked[entry.key] is not None:
                        return _rows(store, name, place, views, snapshots, snapshot, entry.key, looked[entry.key] or {})
    return None


def _first_row(store: Store, key: str, name: str, place: Place | None, unread: list[str]) -> dict[str, Any] | None:
    """The row of a file that has the id, or stands in the place: all its columns of text, to find its group by."""
    try:
        with store.open(key) as source:
            file = pq.ParquetFile(source)
            if not {"_id", "_partition", "_position"} <= set(columns_of(file)):
                return None
            for group in range(file.num_row_groups):
                table = file.read_row_group(group, columns=["_id", "_partition", "_position"], use_threads=False)
                mine = pc.equal(table.column("_id"), name)
                if place is not None:
                    there = pc.and_(
                        pc.equal(table.column("_partition"), place.partition),
                        pc.equal(table.column("_position"), place.position),
                    )
                    mine = pc.or_(mine, there)
                at = pc.indices_nonzero(mine)
                if len(at):
                    words = [f.name for f in file.schema_arrow if _is_text(f.type)]
                    columns = list(dict.fromkeys(["_id", "_partition", "_position", *words]))
                    found: dict[str, Any] = file.read_row_group(group, columns=columns).take(at[:1]).to_pylist()[0]
                    return found
    except (StoreError, pa.ArrowException, OSError) as error:
        unread.append(f"{key}: {getattr(error, 'message', type(error).__name__)}")
    return None


def _is_text(kind: pa.DataType) -> bool:
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    return pa.types.is_string(inner) or pa.types.is_large_string(inner)


def _rows(
    store: Store,
    name: str,
    place: Place | None,
    views: Sequence[str],
    snapshots: Sequence[SnapshotManifest],
    snapshot: SnapshotManifest,
    key: str,
    row: Mapping[str, Any],
) -> Origin:
    ids = [str(row["_id"])]
    count = place.rows if place is not None else 1
    complete = any(document_id(ids, view) == name for view in views)
    if not complete and count > 1:
        whole = _group(store, name, count, views, snapshot, row)
        ids, complete = (whole, True) if whole else (ids, False)
    files = [key]
    holding = [one for one in snapshots if any(e.key == key for r in one.receipts for e in r.data)]
    receipts = [receipt for receipt in snapshot.receipts if any(entry.key == key for entry in receipt.data)]
    unit = snapshot.dataset.partition(".")[0]
    return Origin(
        dataset=snapshot.dataset,
        unit=unit,
        partition=str(row["_partition"]),
        position=int(row["_position"]),
        rows=ids,
        complete=complete,
        snapshots=sorted(one.ordinal for one in holding),
        newest=snapshot is snapshots[0],
        files=files,
        inputs=[dict(one) for receipt in receipts for one in receipt.inputs],
        policies={
            str(one.policy.get("digest")): f"{one.policy.get('name')} {one.policy.get('version')}" for one in snapshots
        },
        receipts=receipts if len(ids) == 1 else list(snapshot.receipts),
    )


def _group(
    store: Store, name: str, count: int, views: Sequence[str], snapshot: SnapshotManifest, row: Mapping[str, Any]
) -> list[str]:
    """The rows that share a value with the first one and whose ids make the document's: its conversation.

    Which column groups them is for the contract to say, and contracts change; the id tells when it is found.
    """
    for column, value in row.items():
        if column.startswith("_") or value is None:
            continue
        ids: list[str] = []
        for receipt in snapshot.receipts:
            for entry in receipt.data:
                with store.open(entry.key) as source:
                    file = pq.ParquetFile(source)
                    if column not in columns_of(file):
                        continue
                    for group in range(file.num_row_groups):
                        table = file.read_row_group(group, columns=["_id", column], use_threads=False)
                        ids += table.filter(pc.equal(table.column(column), value)).column("_id").to_pylist()
            if len(ids) > 4 * count:
                break
        # The same row may have been delivered twice; the last one holds.
        distinct = sorted(set(ids))
        if len(distinct) == count and any(document_id(distinct, view) == name for view in views):
            return distinct
    return []


def columns_of(file: pq.ParquetFile) -> list[str]:
    """Names of the columns of a file."""
    found: list[str] = file.schema_arrow.names
    return found
