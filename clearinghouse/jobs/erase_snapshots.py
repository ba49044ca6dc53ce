"""Snapshots without the rows of erased subjects: units of work are written anew from their own clean rows.

    1. files     rows, evidence and index without the subjects, content-named
    2. receipt   of the new unit of work, whose id follows from the old one and the erasure
    3. pointer   scrubbed/<unit>/<name>/erased/<old unit>.json, put if absent: from now on ingest takes the new one
    4. snapshot  appended to the history

Killed between any two, the store is sound and the same call goes on; an ingest that comes between finds the pointer.
The source is not read: what is left of a unit of work is what was there, less those rows.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from clearinghouse.evidence import NOT_SCANNED
from clearinghouse.jobs.scratch import scratch
from clearinghouse.jobs.writer import ParquetSink, send
from clearinghouse.subjects import hexed, read_entries, write_index
from schemas.canonical import canonical_json, digest
from schemas.manifest import Counts, FileEntry, Receipt, SnapshotManifest

if TYPE_CHECKING:
    from clearinghouse.jobs.context import Context
    from infra.store import Store


@dataclass
class Removed:
    """What a unit of work loses: rows, and the counts that its receipt had of them."""

    rows: int
    redactions: Counter[str]
    not_scanned: Counter[str]
    chars: Counter[str]

    def taken_from(self, receipt: Receipt) -> Receipt:
        """The receipt's figures without them."""
        counts = receipt.counts
        filtered = {**counts.filtered, "erased": counts.filtered.get("erased", 0) + self.rows}
        return replace(
            receipt,
            counts=Counts(
                rows_in=counts.rows_in,
                kept=counts.kept - self.rows,
                filtered=dict(sorted(filtered.items())),
                quarantined=counts.quarantined,
                duplicates=counts.duplicates,
            ),
            redactions=_less(receipt.redactions, self.redactions),
            not_scanned=_less(receipt.not_scanned, self.not_scanned),
            chars={name: count - self.chars[name] for name, count in receipt.chars.items()},
        )


def nothing() -> Removed:
    return Removed(0, Counter(), Counter(), Counter())


def _less(before: Mapping[str, int], gone: Counter[str]) -> dict[str, int]:
    return {name: count - gone[name] for name, count in sorted(before.items()) if count > gone[name]}


def folder(dataset: str) -> str:
    return "scrubbed/" + dataset.replace(".", "/", 1)


def next_of(store: Store, dataset: str, unit_id: str) -> str | None:
    """The unit of work that was put in the place of this one, ``None`` where none was."""
    from infra.store import NotFound

    try:
        return str(json.loads(store.read(f"{folder(dataset)}/erased/{unit_id}.json"))["next"])
    except NotFound:
        return None


def follow(store: Store, dataset: str, unit_id: str) -> str:
    """The unit of work that stands for this one today."""
    seen = {unit_id}
    while (found := next_of(store, dataset, unit_id)) is not None and found not in seen:
        unit_id = found
        seen.add(unit_id)
    return unit_id


def receipt_of(store: Store, dataset: str, unit_id: str) -> Receipt:
    return Receipt.from_json(store.read(f"{folder(dataset)}/receipts/{unit_id}.json"))


def removed(store: Store, receipt: Receipt, ids: set[str]) -> Removed:
    """What a receipt counts of these rows, worked out from its rows and its evidence."""
    wanted = pa.array(sorted(ids), pa.string())
    found = nothing()
    scanned = [name.rpartition("|")[0] for name in receipt.chars if name.endswith("|scanned")]
    kept = [name.split("|")[:2] for name in receipt.redactions if name.endswith("|keep|column")]
    for entry in receipt.data:
        for batch in _batches(store, entry):
            some = batch.filter(pc.is_in(batch.column("_id"), value_set=wanted))
            found.rows += len(some)
            for field in scanned:
                if field in some.schema.names:
                    found.chars[f"{field}|scanned"] += pc.sum(pc.utf8_length(some.column(field))).as_py() or 0
            for field, entity in kept:
                if field in some.schema.names:
                    found.redactions[f"{field}|{entity}|keep|column"] += len(some) - some.column(field).null_count
    for entry in receipt.evidence:
        cells: set[tuple[str, str, str]] = set()
        for batch in _batches(store, entry):
            some = batch.filter(pc.is_in(batch.column("id"), value_set=wanted))
            for row in some.select(
                ["id", "field", "entity", "action", "recogniser", "reason", "start", "end", "length"]
            ).to_pylist():
                field, action = row["field"], row["action"]
                if action == NOT_SCANNED:
                    cells.add((row["id"], field, row["reason"]))
                    continue
                found.redactions[f"{field}|{row['entity']}|{action}|{row['recogniser']}"] += 1
                if row["reason"] != "column" and action != "keep":
                    # The text that was scanned had the value where its replacement stands now.
                    found.chars[f"{field}|scanned"] += row["end"] - row["start"] - row["length"]
                    found.chars[f"{field}|covered"] += row["end"] - row["start"]
        found.not_scanned.update(f"{field}|{reason}" for _, field, reason in cells)
    return found


def rewrite(
    store: Store, dataset: str, receipt: Receipt, ids: set[str], erasure: str, suppressed: str, context: Context | None
) -> Receipt:
    """The receipt of the unit of work without these rows, made where it is not there yet."""
    from infra.store import NotFound

    name = digest([receipt.unit_id, erasure])[:32]
    try:
        made = receipt_of(store, dataset, name)
    except NotFound:
        made = _made(store, dataset, receipt, ids, name, suppressed, context)
        store.put(f"{folder(dataset)}/receipts/{name}.json", made.to_json(), if_absent=True)
    pointer = f"{folder(dataset)}/erased/{receipt.unit_id}.json"
    if not store.put(pointer, canonical_json({"next": name, "erasure": erasure}), if_absent=True):
        # Another erasure was first with this unit of work: go on from where it leads.
        tail = follow(store, dataset, receipt.unit_id)
        if tail != name:
            other = receipt_of(store, dataset, tail)
            return (
                other
                if not _holds(store, other, ids)
                else rewrite(store, dataset, other, ids, erasure, suppressed, context)
            )
    return made


def _made(
    store: Store, dataset: str, receipt: Receipt, ids: set[str], name: str, suppressed: str, context: Context | None
) -> Receipt:
    gone = removed(store, receipt, ids)
    wanted = pa.array(sorted(ids), pa.string())
    place = dataset.replace(".", "/", 1)
    profiler = _profiler(receipt, context)
    with scratch() as local:
        data, evidence = ParquetSink(local, "data"), ParquetSink(local, "evidence")
        for entry in receipt.data:
            for batch in _batches(store, entry):
                kept = batch.filter(pc.invert(pc.is_in(batch.column("_id"), value_set=wanted)))
                if len(kept):
                    data.write(kept)
                    if profiler is not None:
                        profiler.add(kept)
        for entry in receipt.evidence:
            for batch in _batches(store, entry):
                evidence.write(batch.filter(pc.invert(pc.is_in(batch.column("id"), value_set=wanted))))
        return replace(
            gone.taken_from(receipt),
            unit_id=name,
            data=data.finish(store, f"scrubbed/{place}/data"),
            evidence=evidence.finish(store, f"evidence/{place}"),
            subjects=_index(store, receipt, ids, local, f"scrubbed/{place}/subjects"),
            suppressed=suppressed,
            profile=profiler.as_dict() if profiler is not None else {},
        )


def _profiler(receipt: Receipt, context: Context | None) -> Any:
    """Counts what is left where contract and policy are those of the rows; else nothing is told of it."""
    from clearinghouse.jobs.profile import Profiler
    from schemas.plans import rows_digest

    if context is None or receipt.basis.get("rows") != rows_digest(context.contract, context.policy):
        return None
    return Profiler(context.contract, context.policy, context.key)


def _index(store: Store, receipt: Receipt, ids: set[str], local: Path, prefix: str) -> tuple[FileEntry, ...]:
    made = []
    for entry in receipt.subjects:
        path = local / "subjects.parquet"
        with store.open(entry.key) as source:
            rows = write_index(
                (
                    part[[own not in ids for own in hexed(part["i0"], part["i1"])]]
                    for part in read_entries(source)
                    if len(part)
                ),
                path,
            )
        if rows:
            made.append(send(store, path, prefix, rows))
        else:
            path.unlink()
    return tuple(made)


def _holds(store: Store, receipt: Receipt, ids: set[str]) -> bool:
    from clearinghouse.jobs.erase_find import places_of

    return bool(places_of(store, receipt.data, ids))


def _batches(store: Store, entry: FileEntry) -> Any:
    with store.open(entry.key) as source, pq.ParquetFile(source) as file:
        yield from file.iter_batches(batch_size=8192)


class Current:
    """Units of work as they stand after all erasures: what ingest commits in the place of what a plan named."""

    def __init__(self, context: Context, settled: Callable[[], Iterable[str]]) -> None:
        """``settled`` gives the units of the newest snapshot, which the erasures themselves see to."""
        from clearinghouse.jobs.erase_suppress import suppressed

        self._context, self._dataset = context, context.contract.key
        self._list = suppressed(context.store, context.key)
        moved = next(iter(context.store.list(f"{folder(self._dataset)}/erased/")), None)
        self._moved = moved is not None
        self._settled = frozenset(settled()) if len(self._list.subjects) else frozenset()

    def receipt(self, unit_id: str) -> Receipt:
        """Raises `NotFound` where the unit of work was not finished."""
        from clearinghouse.jobs.erase_find import rows_of

        store = self._context.store
        found = receipt_of(store, self._dataset, follow(store, self._dataset, unit_id) if self._moved else unit_id)
        if found.suppressed == self._list.digest or found.unit_id in self._settled or not len(self._list.subjects):
            return found
        # It ran before a request came: what it has of that subject must not get into a snapshot.
        ids = rows_of(store, found, self._list.subjects)
        if not ids:
            return found
        made = rewrite(store, self._dataset, found, ids, self._list.digest, self._list.digest, self._context)
        # What no snapshot names no purge would know of.
        kept = {entry.key for entry in (*made.data, *made.evidence, *made.subjects)} | _named(store, self._dataset)
        for entry in (*found.data, *found.evidence, *found.subjects):
            if entry.key not in kept:
                store.delete(entry.key)
        return made


def _named(store: Store, dataset: str) -> set[str]:
    """Keys of all files that a snapshot of the data set names."""
    from clearinghouse import catalog

    unit, name, _ = catalog.parse_snapshot(dataset)
    found: set[str] = set()
    for number in catalog.snapshot_numbers(store, unit, name):
        snapshot = catalog.snapshot_of(store, unit, name, number)
        for receipt in snapshot.receipts if snapshot else ():
            found.update(entry.key for entry in (*receipt.data, *receipt.evidence, *receipt.subjects))
    return found


def commit(
    store: Store,
    dataset: str,
    ids: Mapping[str, set[str]],
    erasure: str,
    suppressed: str,
    context: Context | None,
    look: Callable[[Receipt], set[str]],
) -> dict[str, Any]:
    """Make the newest snapshot one without these rows (ids by unit of work), if it holds any.

    ``look`` gives the rows of a unit of work that was not searched: one that came meanwhile. Returns the newest
    snapshot's number and digest, and the rows that this very call took out.
    """
    from infra.store.sequence import append

    outcome: dict[str, Any] = {"rows": 0}

    def make(number: int, previous: bytes | None) -> bytes | None:
        assert previous is not None
        parent = SnapshotManifest.from_json(previous)
        receipts, rows = [], 0
        for receipt in parent.receipts:
            mine = ids[receipt.unit_id] if receipt.unit_id in ids else look(receipt)
            if mine and _holds(store, receipt, mine):
                made = rewrite(store, dataset, receipt, mine, erasure, suppressed, context)
                rows += receipt.counts.kept - made.counts.kept
                receipts.append(made)
            else:
                receipts.append(receipt)
        outcome.update(rows=rows, snapshot=parent.ordinal, digest=parent.digest)
        if not rows:
            return None
        body = replace(
            parent, ordinal=number, parent=parent.digest, receipts=tuple(receipts), drift=_drift(store, parent)
        )
        outcome.update(snapshot=number, digest=body.digest)
        return body.to_json()

    append(store, f"{folder(dataset)}/snapshots", make)
    return outcome


def _drift(store: Store, parent: SnapshotManifest) -> Mapping[str, Any]:
    """What was said of drift, with an acceptance that people gave: it holds for what is left as well."""
    from clearinghouse.jobs.drift import is_held

    if parent.drift.get("status") == "held" and not is_held(store, parent):
        return {**parent.drift, "status": "accepted", "held": []}
    return parent.drift
