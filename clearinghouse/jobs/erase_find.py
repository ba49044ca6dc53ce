"""Where the records of erased subjects are: rows of every snapshot that is still there, by data set.

Indexes are read that may hold one of the hashes, each once however many snapshots share it; where a unit of work is
older than indexes, its evidence is read instead. Rows of a conversation that holds a subject's row belong to it.

    erasures/<id>/found.parquet   rows: data set, unit of work, id, document, partition, position, subject
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from clearinghouse import catalog
from clearinghouse.jobs.erase_suppress import FOLDER
from clearinghouse.subjects import CONVERSATION, Hit, Subjects, entries_of_evidence, search
from schemas.manifest import FileEntry, Receipt, SnapshotManifest

if TYPE_CHECKING:
    from infra.store import Store

FOUND = pa.schema(
    [
        ("dataset", pa.string()),
        ("unit_id", pa.string()),
        ("id", pa.string()),
        ("document", pa.string()),
        ("partition", pa.string()),
        ("position", pa.int64()),
        ("subject", pa.int32()),
    ]
)
_COLUMNS = ["value_hash", "entity", "field", "id", "document"]


@dataclass(frozen=True, order=True)
class Row:
    """A row of a subject: where it is, and its place in the source (``None`` where its file is gone)."""

    dataset: str
    unit_id: str
    id: str
    document: str
    partition: str
    position: int
    subject: int


def find(store: Store, subjects: Subjects, key_id: str) -> tuple[list[Row], list[str]]:
    """All rows, sorted, and the snapshots that could not be searched because they were made under another key."""
    found: list[Row] = []
    blind: list[str] = []
    for dataset in catalog.datasets(store):
        unit, name, _ = catalog.parse_snapshot(dataset)
        receipts: dict[str, Receipt] = {}
        for number in catalog.snapshot_numbers(store, unit, name):
            snapshot = catalog.snapshot_of(store, unit, name, number)
            if snapshot is None:
                continue
            if snapshot.key_id != key_id:
                blind.append(f"{dataset}@{number}")
                continue
            receipts.update((receipt.unit_id, receipt) for receipt in snapshot.receipts)
        found += _of_dataset(store, dataset, list(receipts.values()), subjects)
    return sorted(set(found)), blind


def _of_dataset(store: Store, dataset: str, receipts: list[Receipt], subjects: Subjects) -> Iterator[Row]:
    hits = {receipt.unit_id: of_receipt(store, receipt, subjects) for receipt in receipts}
    talks = {hit.document: hit.subject for some in hits.values() for hit in some if hit.document != hit.id}
    if talks:
        marks = Subjects([(bytes.fromhex(mark), CONVERSATION, subject) for mark, subject in talks.items()])
        for receipt in receipts:
            hits[receipt.unit_id] = [*hits[receipt.unit_id], *of_receipt(store, receipt, marks)]
    for receipt in receipts:
        some = {(hit.id, hit.subject): hit for hit in hits[receipt.unit_id]}
        if some:
            places = places_of(store, receipt.data, {own for own, _ in some})
            for (own, subject), hit in sorted(some.items()):
                partition, position = places.get(own, ("", -1))
                yield Row(dataset, receipt.unit_id, own, hit.document, partition, position, subject)


def of_receipt(store: Store, receipt: Receipt, subjects: Subjects) -> list[Hit]:
    """Rows of one unit of work, from its index or, without one, from its evidence; none of files that were purged."""
    there = [entry for entry in receipt.subjects if store.stat(entry.key) is not None]
    if receipt.subjects or not receipt.data:
        return search(store, there, subjects)
    found: list[Hit] = []
    wanted = pa.array([value.hex() for value in subjects.hashes], pa.string())
    for entry in receipt.evidence:
        if store.stat(entry.key) is None:
            continue
        with store.open(entry.key) as source, pq.ParquetFile(source) as file:
            near = [
                batch.filter(pc.is_in(batch.column("value_hash"), value_set=wanted))
                for batch in file.iter_batches(columns=_COLUMNS)
            ]
        for batch in pa.Table.from_batches(near).combine_chunks().to_batches() if near else []:
            found += subjects.hits(entries_of_evidence(batch))
    return found


def rows_of(store: Store, receipt: Receipt, subjects: Subjects) -> set[str]:
    """Ids of the rows of one unit of work that lead to a subject, with the rest of their conversations."""
    hits = of_receipt(store, receipt, subjects)
    talks = {hit.document for hit in hits if hit.document != hit.id}
    if talks:
        hits += of_receipt(store, receipt, Subjects([(bytes.fromhex(mark), CONVERSATION, 0) for mark in talks]))
    return {hit.id for hit in hits}


def places_of(store: Store, files: Iterable[FileEntry], ids: set[str]) -> dict[str, tuple[str, int]]:
    """Partition and position of these rows; files that were purged are passed over."""
    found: dict[str, tuple[str, int]] = {}
    wanted = pa.array(sorted(ids), pa.string())
    for entry in files:
        if store.stat(entry.key) is None:
            continue
        with store.open(entry.key) as source, pq.ParquetFile(source) as file:
            for batch in file.iter_batches(columns=["_id", "_partition", "_position"]):
                some = batch.filter(pc.is_in(batch.column("_id"), value_set=wanted)).to_pydict()
                found.update(
                    (own, (partition, position))
                    for own, partition, position in zip(some["_id"], some["_partition"], some["_position"], strict=True)
                )
    return found


def write(store: Store, erasure: str, rows: Iterable[Row]) -> list[Row]:
    """Keep what was found, with what an earlier run found: files that it was found in may be gone by now."""
    every = sorted({*rows, *read(store, erasure)})
    table = pa.table(
        [pa.array([getattr(row, name) for row in every], FOUND.field(name).type) for name in FOUND.names], schema=FOUND
    )
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", use_dictionary=["dataset", "unit_id", "partition"])
    store.put(f"{FOLDER}/{erasure}/found.parquet", sink.getvalue())
    return every


def read(store: Store, erasure: str) -> list[Row]:
    """What was found so far; empty before the first search."""
    from infra.store import NotFound

    try:
        data = store.read(f"{FOLDER}/{erasure}/found.parquet")
    except NotFound:
        return []
    return [Row(**row) for row in pq.read_table(pa.BufferReader(data)).to_pylist()]


def left(store: Store, snapshot: SnapshotManifest, subjects: Subjects) -> int:
    """Rows of a snapshot that still lead to one of the subjects."""
    return sum(len({hit.id for hit in of_receipt(store, receipt, subjects)}) for receipt in snapshot.receipts)
