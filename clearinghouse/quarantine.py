"""What was rejected, where it stands at the source and why; and how long that is kept. Never a value.

Rejects are Parquet files under ``quarantine/<unit>/<name>/``, named by their digest; snapshot manifests name them and
count them by reason. A file is as old as the store says that it was written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from clearinghouse import catalog
from clearinghouse.jobs.context import NotFoundByName, find_contract
from clearinghouse.settings import Settings
from schemas.errors import ClearinghouseError
from schemas.names import DURATION, did_you_mean

if TYPE_CHECKING:
    from infra.store import Store
    from schemas.manifest import FileEntry, Receipt, SnapshotManifest

FOLDER = "quarantine"
PURGE = "quarantine.purge"
"""The kind of ledger entry that names what was purged."""
ACTOR = "retention"
"""In whose name rejects are removed: nobody decides it, the contract does."""


class NothingQuarantined(ClearinghouseError):
    """There is no reject at all where some were asked for."""

    exit_code = 2


def matching(
    snapshot: SnapshotManifest | None, dataset: str, partition: str | None = None, reason: str | None = None
) -> list[Receipt]:
    """Receipts of the snapshot with rejects of the partition and reason (all, where left out).

    Raises `NothingQuarantined` where nothing was rejected, and `NotFoundByName` with near names for a partition or
    reason that no reject has.
    """
    if snapshot is None:
        raise NothingQuarantined(f"{dataset} has no snapshot yet", state="there is nothing to do")
    return _matching(snapshot.receipts, f"snapshot {snapshot.ordinal}", dataset, partition, reason)


def _matching(
    receipts: Sequence[Receipt], where: str, dataset: str, partition: str | None, reason: str | None
) -> list[Receipt]:
    every = [one for one in receipts if one.counts.quarantined]
    if not every:
        raise NothingQuarantined(f"{dataset} has no rejects in {where}", state="there is nothing to do")
    found = every
    if partition is not None:
        found = [one for one in found if one.partition == partition]
        if not found:
            raise _unknown(dataset, "partition", partition, sorted({one.partition for one in every}))
    if reason is not None:
        there = sorted({name for one in found for name in one.counts.quarantined})
        found = [one for one in found if reason in one.counts.quarantined]
        if not found:
            raise _unknown(dataset, "reason", reason, there)
    return found


def _unknown(dataset: str, what: str, name: str, there: Sequence[str]) -> NotFoundByName:
    near = did_you_mean(name, there, what="there are") or f"there are {catalog.some(there)}"
    return NotFoundByName(
        f"no reject of {dataset} has the {what} {name!r}: {near}", fix=f"clearinghouse quarantine ls {dataset}"
    )


def snapshot_of(store: Store, dataset: str) -> SnapshotManifest:
    """The newest snapshot of a data set. Raises `NotFoundByName` with near names."""
    unit, _, name = dataset.partition(".")
    found = catalog.snapshot_of(store, unit, name) if unit and name else None
    if found is None and unit and name and any(store.list(f"scrubbed/{unit}/{name}/receipts/")):
        raise NotFoundByName(
            f"{dataset} has no snapshot in {store.uri} yet: it was ingested, and nothing was committed",
            state="its rejects are kept",
            fix=f"clearinghouse quarantine show {dataset} --uncommitted shows them, clearinghouse ingest {dataset} says "
            "what stands in the way",
        )
    if found is None:
        there = catalog.datasets(store)
        near = did_you_mean(dataset, there, what="there are") or f"there are {catalog.some(there)}"
        raise NotFoundByName(f"there is no snapshot of {dataset!r} in {store.uri}: {near}", fix="clearinghouse ls")
    return found


def uncommitted(store: Store, dataset: str) -> list[Receipt]:
    """Receipts of what was read since the newest snapshot and is not in it: a run that its checks have held back.

    Of several such runs it is the newest: receipts under the same contract, policy, key and code as the last one, and
    of a file that was read more than once the last reading. Raises `NothingQuarantined` where there is none.
    """
    from infra.store.sequence import key_of
    from schemas.manifest import Receipt

    unit, _, name = dataset.partition(".")
    snapshot = catalog.snapshot_of(store, unit, name) if unit and name else None
    there = {one.unit_id for one in snapshot.receipts} if snapshot is not None else set()
    since = (
        store.written(key_of(f"scrubbed/{unit}/{name}/snapshots", snapshot.ordinal)) if snapshot is not None else None
    )
    found: list[tuple[datetime, str, Receipt]] = []
    for entry in store.list(f"scrubbed/{unit}/{name}/receipts/") if unit and name else ():
        if entry.key.rpartition("/")[2].removesuffix(".json") in there:
            continue
        at = store.written(entry.key)
        if since is None or at >= since:
            found.append((at, entry.key, Receipt.from_json(store.read(entry.key))))
    if not found:
        snapshot_of(store, dataset)
        raise NothingQuarantined(f"{dataset} has no run that was not committed", state="there is nothing to do")
    found.sort(key=lambda one: one[:2], reverse=True)
    newest, kept = found[0][2], []
    read: set[tuple[object, ...]] = set()
    for _, _, receipt in found:
        places = {(one["uri"], one.get("member"), one.get("start")) for one in receipt.inputs}
        if receipt.basis == newest.basis and not places & read:
            kept.append(receipt)
            read |= places
    return sorted(kept, key=lambda one: (one.partition, [str(i) for i in one.inputs], one.unit_id))


def listing(
    settings: Settings, store: Store, now: datetime, dataset: str | None = None, *, pending: bool = False
) -> list[dict[str, Any]]:
    """One entry a data set that has rejects in its newest snapshot, or the one asked for.

    With ``pending`` it is the run that was not committed (`uncommitted`) of the one asked for, and snapshot is ``None``.

    dataset, snapshot, rows (rejects), share of the rows in, partitions (each with rows by reason), reasons, oldest
    (RFC 3339; ``None`` when all were purged), retention, left (days until the oldest expires; ``None``: no contract),
    files (of rejects that are there) and purged (files that are not).
    """
    keys = [dataset] if dataset is not None else catalog.datasets(store)
    found = []
    for key in keys:
        snapshot = None if pending else snapshot_of(store, key)
        read = uncommitted(store, key) if snapshot is None else list(snapshot.receipts)
        receipts = [one for one in read if one.counts.quarantined]
        if not receipts and dataset is None:
            continue
        partitions: dict[str, Counter[str]] = {}
        for receipt in receipts:
            partitions.setdefault(receipt.partition, Counter()).update(receipt.counts.quarantined)
        reasons = sum(partitions.values(), Counter[str]())
        entries = [entry for one in receipts for entry in one.quarantine]
        times = [at for entry in entries if (at := _written(store, entry)) is not None]
        oldest, kept = min(times, default=None), retention(settings, key)
        found.append(
            {
                "dataset": key,
                "snapshot": None if snapshot is None else snapshot.ordinal,
                "rows": reasons.total(),
                "rows_in": sum(one.counts.rows_in for one in read),
                "reasons": dict(sorted(reasons.items())),
                "partitions": {name: dict(sorted(counts.items())) for name, counts in sorted(partitions.items())},
                "oldest": _stamp(oldest) if oldest else None,
                "retention": kept,
                "left": (expires(oldest, kept) - now).days if oldest and kept else None,
                "files": len(times),
                "purged": len(entries) - len(times),
            }
        )
    return found


def rejects(
    store: Store,
    dataset: str,
    partition: str | None = None,
    reason: str | None = None,
    limit: int = 20,
    *,
    pending: bool = False,
) -> dict[str, Any]:
    """The first ``limit`` rejects in the source's order, how many there are, and how many were purged.

    They are those of the newest snapshot; with ``pending`` those of the run that was not committed (`uncommitted`).
    Each reject: partition, file, start (byte or row group from which the position counts, in a large file), position
    (line or record, from 1), reason, field, also (further reasons), sample (masked).
    """
    if pending:
        receipts = _matching(uncommitted(store, dataset), "the run that was not committed", dataset, partition, reason)
    else:
        receipts = matching(snapshot_of(store, dataset), dataset, partition, reason)
    total = sum(count for one in receipts for name, count in one.counts.quarantined.items() if reason in (None, name))
    rows: list[dict[str, Any]] = []
    purged = 0
    for receipt in receipts:
        for entry in receipt.quarantine:
            if len(rows) >= limit:
                break
            if store.stat(entry.key) is None:
                purged += entry.rows
                continue
            rows += _rows(store, entry, reason, limit - len(rows))
    return {"dataset": dataset, "rejects": rows, "of": total, "purged": purged}


def _rows(store: Store, entry: FileEntry, reason: str | None, limit: int) -> list[dict[str, Any]]:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    found: list[dict[str, Any]] = []
    with store.open(entry.key) as source:
        for batch in pq.ParquetFile(source).iter_batches(batch_size=1024):
            taken = batch if reason is None else batch.filter(pc.equal(batch.column("reason"), reason))
            found += [_reject(row) for row in taken.slice(0, limit - len(found)).to_pylist()]
            if len(found) >= limit:
                break
    return found


def _reject(row: Mapping[str, Any]) -> dict[str, Any]:
    _, mark, field = row["reason"].partition(":")
    return {
        "partition": row["partition"],
        "file": row["input"],
        "start": row.get("start"),
        "position": row["position"],
        "reason": row["reason"],
        "field": field if mark else None,
        "also": [one for one in (row["detail"] or "").split(", ") if one],
        "sample": row["sample"],
    }


def retention(settings: Settings, dataset: str) -> str | None:
    """How long a data set's rejects are kept, as its contract says; ``None`` without a contract that loads."""
    try:
        contract = find_contract(settings, dataset)
    except ClearinghouseError:
        return None
    return contract.quarantine_retention or contract.retention


def expires(at: datetime, duration: str) -> datetime:
    """``at`` and an ISO 8601 duration later. A month's last day stands for days that a month lacks."""
    found = DURATION.fullmatch(duration)
    if found is None:
        raise ValueError(f"{duration!r} is not an ISO 8601 duration")
    years, months, weeks, days, _, hours, minutes, seconds = (
        int(part[:-1]) if part and part[-1:] in "YMWDHS" and part[0] != "T" else 0 for part in found.groups()
    )
    count = at.year * 12 + at.month - 1 + years * 12 + months
    year, month = divmod(count, 12)
    day = at.day
    while True:
        try:
            moved = at.replace(year=year, month=month + 1, day=day)
            break
        except ValueError:
            if day <= 28:
                return datetime.max.replace(tzinfo=at.tzinfo)
            day -= 1
    try:
        return moved + timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        return datetime.max.replace(tzinfo=at.tzinfo)


def purge(
    settings: Settings,
    store: Store,
    now: datetime,
    *,
    dataset: str | None = None,
    older_than: str | None = None,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Remove files of rejects that are older than their contract keeps them, or than ``older_than``.

    Only files of rejects go; manifests keep their counts, and the ledger gets an entry that names the files, before
    the first of them is deleted, so that `verify` knows why they are missing. Returns dataset by dataset what went,
    and which data sets have no contract that says how long.
    """
    removed, unknown = [], []
    done = purged(store)
    if dataset is not None and dataset not in (there := sorted({*_kept(store), *catalog.datasets(store)})):
        near = did_you_mean(dataset, there, what="there are") or f"there are {catalog.some(there)}"
        raise NotFoundByName(
            f"there is no data set {dataset!r} in {store.uri}: {near}",
            state="nothing was removed",
            fix="clearinghouse quarantine ls",
        )
    for key in _kept(store) if dataset is None else [dataset]:
        duration = older_than or retention(settings, key)
        if duration is None:
            unknown.append(key)
            continue
        folder = f"{FOLDER}/{key.replace('.', '/', 1)}/"
        old = [one for one in store.list(folder) if expires(store.written(one.key), duration) <= now]
        if not old:
            continue
        keys = [one.key for one in old]
        if not dry_run:
            fresh = sorted(set(keys) - done)
            if fresh:
                _record(store, key, fresh, duration, now)
            for name in keys:
                store.delete(name)
        removed.append({"dataset": key, "files": len(keys), "bytes": sum(one.bytes for one in old), "after": duration})
    return {"removed": removed, "no_contract": unknown, "dry_run": dry_run}


def _record(store: Store, dataset: str, keys: Sequence[str], duration: str, now: datetime) -> None:
    from clearinghouse.jobs.record import record
    from infra.store.sequence import newest

    last = newest(store, catalog.LEDGER)
    body = {"dataset": dataset, "retention": duration, "files": list(keys)}
    record(store, kind=PURGE, actor=ACTOR, at=_stamp(now), body=body, since=last[0] if last else 0)


def purged(store: Store) -> set[str]:
    """Keys of all files of rejects that the ledger says were purged."""
    return {str(key) for entry in catalog.recorded(store, PURGE) for key in entry["body"].get("files", ())}


def _kept(store: Store) -> Iterator[str]:
    for unit in store.folders(f"{FOLDER}/"):
        for name in store.folders(f"{FOLDER}/{unit}/"):
            yield f"{unit}.{name}"


def _written(store: Store, entry: FileEntry) -> datetime | None:
    from infra.store import NotFound

    try:
        return store.written(entry.key)
    except NotFound:
        return None


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
