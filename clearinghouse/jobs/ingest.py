"""Ingest, in the steps that the command line and the DAGs share: plan → run units → quality → commit.

Steps take and give ids, keys, digests and counts, so that their results may travel through XCom. Whatever is
killed, the store holds the old snapshot or the new one, and the same command finishes the work.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from functools import lru_cache, partial
from typing import Any

from clearinghouse.jobs import drift
from clearinghouse.jobs import unit as unit_of_work
from clearinghouse.jobs.breach import breach
from clearinghouse.jobs.context import Context
from clearinghouse.jobs.erase_snapshots import Current
from clearinghouse.jobs.plan import Plan, basis, load_plan, make_plan, same_basis
from clearinghouse.jobs.scratch import scratch
from clearinghouse.jobs.unread import Unread, run_or_tell, told
from clearinghouse.settings import Settings
from schemas.canonical import canonical_json, digest
from schemas.errors import AccountingError, ClearinghouseError, QualityBreach, SourceChanged
from schemas.manifest import Counts, Receipt, SnapshotManifest, input_name

# One context a process and data set: a worker that runs many units loads contract, policy and key once.
_context = lru_cache(maxsize=8)(Context.load)


def plan(settings: Settings, contract: str, partition: str | None = None) -> dict[str, Any]:
    """List what is to be read and write the plan into the store.

    Incremental SQL sources start from the newest snapshot's cursor, unless contract, policy, key or code changed
    since: then everything is pulled again. Raises `ContractError`, `SourceUnavailable`.
    """
    from infra.sources import list_pieces

    context = Context.load(settings, contract)
    linked = {}
    if context.contract.links:
        from clearinghouse.linked import linked_pieces

        linked = linked_pieces(context)
    parent = newest_snapshot(context)
    since = parent.cursor if parent is not None and _same(parent, context, linked) else None
    with told(contract):
        pieces = list_pieces(context.contract.source, partition=partition, since=since)
    made = make_plan(context, pieces, contract=contract, partition=partition, linked=linked)
    context.store.put(made.key, made.to_json(), if_absent=True)
    to_do = [unit.id for unit in made.units if not _done(context, unit.id)]
    return {
        "plan": made.key,
        "contract": context.contract.key,
        "partition": partition,
        "units": [unit.id for unit in made.units],
        "to_do": len(to_do),
        "bytes": sum(piece.bytes for unit in made.units for piece in unit.pieces),
    }


def run_unit(settings: Settings, plan_key: str, unit_id: str) -> dict[str, Any]:
    """Run one unit of work of a plan; done before, it costs one read."""
    context, made = _planned(settings, plan_key)
    same_basis(made, context)
    for unit in made.units:
        if unit.id == unit_id:
            receipt = unit_of_work.run(context, made, unit, newest_snapshot(context) if _incremental(made) else None)
            return {"unit": unit_id, "partition": unit.partition, "counts": asdict(receipt.counts)}
    raise ClearinghouseError(f"plan {plan_key} has no unit {unit_id}", fix=f"clearinghouse ingest {made.contract}")


def quality(settings: Settings, plan_key: str, *, strict: bool = True) -> dict[str, Any]:
    """Run the contract's suite over what the plan's units kept, and publish the masked results.

    Raises `QualityBreach` after publishing when a rule of severity ``error`` is broken and ``strict`` is set.
    """
    context, made = _planned(settings, plan_key)
    receipts = _receipts(context, made)
    parent = newest_snapshot(context)
    if parent is not None and _nothing_new(made, receipts):
        # The rows of an incremental pull that finds none were checked when they were committed.
        return {"success": True, "key": parent.quality.get("key", ""), "checks": 0, "broken": 0}
    looked_at = _looked_at(made, receipts, parent)
    folder = _quality_folder(context, made, looked_at)
    summary = _summary(context, folder) or _run_suite(context, looked_at, folder)
    broken = [c for c in summary["checks"] if c["success"] is False and c["severity"] == "error"]
    if strict and not summary["success"]:
        docs = f"{settings.store}/{folder}/data_docs/index.html"
        raise breach(made.dataset, made.contract, summary, looked_at, docs)
    return {"success": summary["success"], "key": folder, "checks": len(summary["checks"]), "broken": len(broken)}


def _run_suite(context: Context, receipts: Iterable[Receipt], folder: str) -> dict[str, Any]:
    """Run the suite and publish its documents, the summary last: where that stands, the rest does too."""
    from governance.quality import run_suite

    entries = [entry for receipt in receipts for entry in receipt.data]
    with scratch() as local:
        files = [context.store.fetch(entry.key, local) for entry in entries]
        found = run_suite(context.contract, context.policy, files, local)
    for name, document in sorted(found.documents.items()):
        context.store.put(f"{folder}/{name}", document)
    summary = {
        "success": found.success,
        "key": folder,
        "checks": [check.as_dict() for check in found.checks],
        "statistics": dict(found.statistics),
        "rows": sum(entry.rows for entry in entries),
    }
    context.store.put(f"{folder}/summary.json", canonical_json(summary))
    return summary


def _summary(context: Context, folder: str) -> dict[str, Any] | None:
    from infra.store import NotFound

    try:
        found: dict[str, Any] = json.loads(context.store.read(f"{folder}/summary.json"))
    except NotFound:
        return None
    return found


def commit(settings: Settings, plan_key: str) -> dict[str, Any]:
    """Make the plan's receipts the data set's newest snapshot; unchanged content is a no-op.

    Partitions that the plan touched are replaced, the others carried over. Raises `QualityBreach` if the suite was
    not run or failed, `DriftBreach` if the snapshot is too far from the last ones, `AccountingError` if the rows do
    not add up.
    """
    from infra.store.sequence import append

    context, made = _planned(settings, plan_key)
    receipts = _receipts(context, made)
    parent = newest_snapshot(context)
    if parent is not None and _nothing_new(made, receipts):
        checked = parent.quality
    else:
        checked = _checked(context, made, _looked_at(made, receipts, parent))
    for receipt in receipts:
        if not receipt.counts.balanced:
            raise AccountingError(f"{made.dataset}, unit {receipt.unit_id}: rows in and out differ")
    incremental = _incremental(made) and made.replaces is None
    news = [r for r in receipts if not incremental or r.counts.kept or r.counts.quarantined]
    outcome: dict[str, Any] = {}

    def make(number: int, previous: bytes | None) -> bytes | None:
        parent = SnapshotManifest.from_json(previous) if previous else None
        _still_there(made, news, parent)
        kept = _merge(parent, news, context, made)
        body = SnapshotManifest(
            dataset=made.dataset,
            ordinal=number,
            parent=parent.digest if parent else None,
            contract={
                "id": context.contract.id,
                "version": context.contract.version,
                "digest": context.contract.digest,
            },
            policy={
                "name": context.policy.name,
                "version": context.policy.version,
                "digest": context.policy.digest,
            },
            key_id=context.key.id,
            code=made.basis["code"],
            receipts=tuple(kept),
            cursor=_watermark(kept),
            quality=checked,
        )
        same = (
            parent is not None
            and (parent.contract, parent.policy) == (body.contract, body.policy)
            and [_identity(r) for r in parent.receipts] == [_identity(r) for r in kept]
        )
        if not same:
            body = replace(body, drift=drift.judged(context, kept, parent, body.digest))
        outcome.update(manifest=parent if same else body, no_op=same)
        return None if same else body.to_json()

    append(context.store, context.snapshots, make)
    manifest: SnapshotManifest = outcome["manifest"]
    run_counts, differing = _total(receipts), _drift_inputs(receipts)
    return {
        "contract": made.dataset,
        "snapshot": manifest.ordinal,
        "digest": manifest.digest,
        "no_op": outcome["no_op"],
        "counts": counts_of(run_counts),
        "redacted": _redacted(receipts),
        "total": counts_of(manifest.counts),
        "drift": list(differing),
        "drift_inputs": differing,
        "drift_status": drift_status(context, manifest),
        "drift_remarks": drift.told(manifest.drift),
        "stale": sorted({r.partition for r in manifest.receipts if r.basis != made.basis}),
    }


def ingest(settings: Settings, contract: str, partition: str | None = None) -> dict[str, Any]:
    """All steps of one data set, with the executor of the settings. What ``clearinghouse ingest`` calls."""
    return carry_out(settings, plan(settings, contract, partition))


def carry_out(settings: Settings, planned: Mapping[str, Any]) -> dict[str, Any]:
    """Run what is left of a plan, check it and commit it."""
    from infra.executors import executor
    from infra.progress import progress

    context, made = _planned(settings, planned["plan"])
    to_do = [unit.id for unit in made.units if not _done(context, unit.id)]
    pool = executor(settings.executor, min(settings.worker_count, max(1, len(to_do))))
    unread = Unread()
    with told(made.contract):
        with progress(len(to_do), f"ingest {context.contract.key}") as advance:
            for done in pool.map(partial(run_or_tell, settings, planned["plan"]), to_do):
                unread.add(done)
                advance(done["partition"])
        unread.raise_any()
    checked = quality(settings, planned["plan"])
    committed = commit(settings, planned["plan"])
    return {
        "contract": context.contract.key,
        "partition": made.partition,
        "units": len(made.units),
        "units_run": len(to_do),
        "bytes": planned["bytes"],
        "quality": checked,
        **committed,
    }


def newest_snapshot(context: Context) -> SnapshotManifest | None:
    """The data set's newest committed snapshot, or ``None`` before the first."""
    from infra.store.sequence import newest

    found = newest(context.store, context.snapshots)
    return SnapshotManifest.from_json(context.store.read(found[1])) if found else None


def _planned(settings: Settings, plan_key: str) -> tuple[Context, Plan]:
    from infra.store import open_store

    made = load_plan(open_store(settings.store), plan_key)
    return _context(settings, made.contract), made


def _same(parent: SnapshotManifest, context: Context, linked: Mapping[str, Any]) -> bool:
    now = basis(context, linked)
    return all(receipt.basis == now for receipt in parent.receipts)


def _incremental(made: Plan) -> bool:
    return any(piece.cursor for unit in made.units for piece in unit.pieces)


def _nothing_new(made: Plan, receipts: Iterable[Receipt]) -> bool:
    """Whether an incremental pull met nothing but rows that are committed already, or no row at all."""
    if not made.units:
        return True
    return _incremental(made) and not any(r.counts.kept or r.counts.quarantined for r in receipts)


def _done(context: Context, unit_id: str) -> bool:
    return context.store.stat(unit_of_work.receipt_key(context, unit_id)) is not None


def _receipts(context: Context, made: Plan) -> list[Receipt]:
    from infra.store import NotFound

    def settled() -> list[str]:
        newest = newest_snapshot(context)
        return [receipt.unit_id for receipt in newest.receipts] if newest is not None else []

    current = Current(context, settled)
    found, missing = [], []
    for unit in made.units:
        try:
            found.append(current.receipt(unit.id))
        except NotFound:
            missing.append(unit.id)
    if missing:
        raise ClearinghouseError(
            f"{made.dataset}: {len(missing)} of {len(made.units)} units of work are not finished",
            state="nothing was committed",
            fix=f"clearinghouse ingest {made.contract}",
        )
    return found


def _quality_folder(context: Context, made: Plan, receipts: Iterable[Receipt]) -> str:
    """Named by all that decides what a suite finds: contract, policy, code and the files, so it is run once."""
    files = [[entry.sha256 for entry in receipt.data] for receipt in receipts]
    name = digest([context.contract.digest, context.policy.digest, made.basis["code"], files])[:32]
    return f"quality/{context.contract.unit}/{context.contract.name}/{name}"


def _checked(context: Context, made: Plan, receipts: list[Receipt]) -> Mapping[str, Any]:
    folder = _quality_folder(context, made, receipts)
    summary = _summary(context, folder)
    if summary is None:
        raise QualityBreach(
            f"{made.dataset}: the quality suite has not run on this partition",
            state="nothing was committed",
            fix=f"clearinghouse ingest {made.contract}",
        )
    if not summary["success"]:
        raise QualityBreach(
            f"{made.dataset}: the quality suite failed on this partition",
            state=f"evidence is published under {folder}/; nothing was committed",
            fix="mend the source or the contract's rule, then ingest again",
        )
    outcomes = [check["success"] for check in summary["checks"]]
    return {
        "key": folder,
        "checks": len(outcomes),
        "passed": outcomes.count(True),
        "warnings": outcomes.count(False),
        "skipped": outcomes.count(None),
    }


def _merge(parent: SnapshotManifest | None, news: list[Receipt], context: Context, made: Plan) -> list[Receipt]:
    """Receipts of the new snapshot, sorted by partition: the parent's that were not replaced, and the new ones."""
    carried: Sequence[Receipt] = parent.receipts if parent is not None else ()
    ids = {receipt.unit_id for receipt in news}
    if made.replaces is not None:
        carried = [r for r in carried if r.unit_id not in ids and r.unit_id not in made.replaces]
    else:
        replaced = {receipt.partition for receipt in news}
        carried = [r for r in carried if r.unit_id not in ids and r.partition not in replaced]
        if parent is not None and made.partition is None and _incremental(made):
            # Everything was pulled again, as one range: what the ranges before it held is in it.
            carried = carried if _same(parent, context, made.linked) else []
    return sorted([*carried, *news], key=_place)


def _place(receipt: Receipt) -> tuple[Any, ...]:
    return (receipt.partition, [str(i) for i in receipt.inputs], receipt.unit_id)


def _looked_at(made: Plan, receipts: list[Receipt], parent: SnapshotManifest | None) -> list[Receipt]:
    """What the suite runs on: the plan's rows, and for some units of a snapshot what stands beside them after them."""
    if made.replaces is None or parent is None:
        return receipts
    _still_there(made, receipts, parent)
    gone = {*made.replaces, *(receipt.unit_id for receipt in receipts)}
    beside = [r for r in parent.receipts if r.unit_id not in gone and r.basis == made.basis]
    return sorted([*beside, *receipts], key=_place)


def _still_there(made: Plan, news: list[Receipt], parent: SnapshotManifest | None) -> None:
    """Units that are to be replaced are in the newest snapshot still, or were replaced by these very ones."""
    there = {receipt.unit_id for receipt in parent.receipts} if parent is not None else set()
    if made.replaces is None or there.issuperset(r.unit_id for r in news) or there.issuperset(made.replaces):
        return
    raise SourceChanged(
        f"{made.dataset}: another run committed other rows in place of those that were to be replaced",
        state="nothing was committed; units already finished keep their receipts",
        fix="run the same command again",
    )


def drift_status(context: Context, manifest: SnapshotManifest) -> str:
    """The status in the manifest, after what people accepted since."""
    status = str(manifest.drift.get("status", "first"))
    return status if status != "held" or drift.is_held(context.store, manifest) else "accepted"


def _identity(receipt: Receipt) -> tuple[Any, ...]:
    return (receipt.unit_id, receipt.partition, receipt.data, receipt.counts)


def _watermark(receipts: Iterable[Receipt]) -> Mapping[str, Any] | None:
    found = [receipt.cursor for receipt in receipts if receipt.cursor and receipt.cursor.get("high") is not None]
    return max(found, key=lambda cursor: cursor["high"]) if found else None


def _drift_inputs(receipts: Iterable[Receipt]) -> dict[str, dict[str, Any]]:
    """Where the source and the contract differ: by column, how many inputs and the first names of them.

    A unit of work tells of all its inputs together, so in a unit of several files each of them is named.
    """
    found: dict[str, set[str]] = {}
    for receipt in receipts:
        for column in receipt.drift:
            found.setdefault(column, set()).update(map(input_name, receipt.inputs))
    return {column: {"of": len(names), "first": sorted(names)[:5]} for column, names in sorted(found.items())}


def _total(receipts: Iterable[Receipt]) -> Counts:
    total = Counts()
    for receipt in receipts:
        total = total + receipt.counts
    return total


def counts_of(counts: Counts) -> dict[str, Any]:
    """Counts as commands tell them."""
    return {
        "rows_in": counts.rows_in,
        "kept": counts.kept,
        "filtered": dict(counts.filtered),
        "quarantined": dict(counts.quarantined),
        "duplicates": counts.duplicates,
        "balanced": counts.balanced,
    }


def _redacted(receipts: Iterable[Receipt]) -> int:
    """Cells and spans that were changed; what the policy keeps is counted in the report, not here."""
    return sum(
        count for receipt in receipts for name, count in receipt.redactions.items() if name.split("|")[2] != "keep"
    )
