"""Replay: read again from the source what holds rejects, under what contract, policy and code say today.

Raw rows are never in the store, so a reject can only be mended by reading its source again. What is read are the units
of work that hold matching rejects, and no others; they take the place of the old ones in a new snapshot, by the steps
of an ordinary ingest. Where the source's files have changed since, the files of those units are read as they are now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from clearinghouse.jobs.context import Context
from clearinghouse.jobs.ingest import carry_out, counts_of, drift_status, ingest, newest_snapshot
from clearinghouse.jobs.plan import Plan, UnitOfWork, basis, units_of
from clearinghouse.quarantine import matching
from clearinghouse.settings import Settings
from schemas.errors import SourceUnavailable
from schemas.manifest import Counts, Receipt, SnapshotManifest

if TYPE_CHECKING:
    from infra.sources import Piece

Place = tuple[str, str | None]
"""A file, or a member of an archive, by its name without folders: what receipts tell of their inputs."""


def replay(
    settings: Settings, contract: str, partition: str | None = None, reason: str | None = None
) -> dict[str, Any]:
    """Run the units of work again that hold rejects of this partition and reason (all, where left out).

    Returns contract, units, before and after (kept, quarantined by reason), gone (files that are not there any more),
    no_op, why, and, when something was committed, what `ingest` returns. Interrupted, the same call finishes it.

    Raises `NothingQuarantined`, `NotFoundByName`, `SourceUnavailable` (nothing of what matched is at the source any
    more; the rejects stay), and whatever an ingest raises.
    """
    context = Context.load(settings, contract)
    parent = newest_snapshot(context)
    chosen = matching(parent, context.contract.key, partition, reason)
    assert parent is not None
    now, linked = _basis(context)
    if context.contract.source.cursor is not None:
        return _pulled_again(settings, contract, context, chosen, now)
    units, replaced, gone = _again(context, parent, chosen, now)
    found = {"contract": context.contract.key, "matching": len(chosen), "gone": gone}
    if not units:
        why = "contract, policy, key, program and source are what they were when these rows were rejected"
        if replaced:
            return _nothing(context, parent, chosen, why, **found)
        raise SourceUnavailable(
            f"{context.contract.key}: nothing that has matching rejects is at the source any more: "
            + "; ".join(dict.fromkeys(f"{one['partition']}: {one['said']}" for one in gone)),
            state="nothing was changed; the rejects stay as they are",
            fix=f"put the files back, then run: clearinghouse quarantine replay {contract}",
        )
    made = Plan(contract, context.contract.key, None, now, units, linked, tuple(sorted(replaced)))
    context.store.put(made.key, made.to_json(), if_absent=True)
    before = _sum(receipt for receipt in parent.receipts if receipt.unit_id in replaced)
    planned = {"plan": made.key, "bytes": sum(piece.bytes for unit in units for piece in unit.pieces)}
    done = carry_out(settings, planned)
    return {**done, **found, "before": before, "after": done["counts"], "why": ""}


def _basis(context: Context) -> tuple[dict[str, str], Mapping[str, tuple[Piece, ...]]]:
    linked = {}
    if context.contract.links:
        from clearinghouse.linked import linked_pieces

        linked = linked_pieces(context)
    return basis(context, linked), linked


def _again(
    context: Context, parent: SnapshotManifest, chosen: Sequence[Receipt], now: Mapping[str, str]
) -> tuple[tuple[UnitOfWork, ...], set[str], list[dict[str, str]]]:
    """Units to run, units of the parent that they replace (empty units: what would be the same again), what is gone."""
    from infra.sources import list_pieces

    units: dict[str, UnitOfWork] = {}
    replaced: set[str] = set()
    gone: list[dict[str, str]] = []
    for name in sorted({receipt.partition for receipt in chosen}):
        here = [receipt for receipt in chosen if receipt.partition == name]
        wanted = None if name == "all" and not context.contract.source.partition else name
        try:
            pieces = list_pieces(context.contract.source, partition=wanted)
        except SourceUnavailable as error:
            if type(error) is not SourceUnavailable:
                raise
            gone.append({"partition": name, "said": error.message})
            continue
        beside = [receipt for receipt in parent.receipts if receipt.partition == name]
        for receipt in here:
            if receipt.unit_id in replaced:
                continue
            group, read = _pieces_of(receipt, beside, pieces)
            missing = _places(group) - {_place_of(piece) for piece in pieces}
            if missing:
                told = ", ".join(sorted("!".join(filter(None, place)) for place in missing))
                gone.append({"partition": name, "said": f"{told} is not there any more"})
                continue
            replaced |= {one.unit_id for one in group}
            units.update((unit.id, unit) for unit in units_of(context, read, now))
    same = replaced & set(units)
    return (
        tuple(unit for name, unit in units.items() if name not in same),
        replaced - (same if units.keys() - same else set()),
        gone,
    )


def _pieces_of(
    receipt: Receipt, beside: Sequence[Receipt], pieces: Sequence[Piece]
) -> tuple[list[Receipt], list[Piece]]:
    """The receipts that are to be done anew for one of them, and the pieces of today for them.

    Where all that the unit read is there unchanged, that is the unit alone. Where a file changed, it is every unit that
    read of that file, because the cuts of a large file move with its content.
    """
    by_content = {(piece.digest, *_place_of(piece), piece.start, piece.stop): piece for piece in pieces}
    same = [
        by_content.get((one["digest"], one["uri"], one.get("member"), one.get("start"), one.get("stop")))
        for one in receipt.inputs
    ]
    if all(piece is not None for piece in same):
        return [receipt], [piece for piece in same if piece is not None]
    group = [receipt]
    places = _places(group)
    while True:
        group = [one for one in beside if _places([one]) & places]
        if _places(group) == places:
            return group, [piece for piece in pieces if _place_of(piece) in places]
        places = _places(group)


def _places(receipts: Iterable[Receipt]) -> set[Place]:
    return {(one["uri"], one.get("member")) for receipt in receipts for one in receipt.inputs}


def _place_of(piece: Piece) -> Place:
    return piece.uri.rsplit("/", 1)[-1], piece.member


def _pulled_again(
    settings: Settings, contract: str, context: Context, chosen: Sequence[Receipt], now: Mapping[str, str]
) -> dict[str, Any]:
    """A database that is read by ranges of a cursor: ranges overlap and rows move between them, so that one alone
    cannot be read again. When something of ours changed, an ingest pulls everything anyway."""
    parent = newest_snapshot(context)
    assert parent is not None
    found = {"contract": context.contract.key, "matching": len(chosen), "gone": []}
    if all(receipt.basis == now for receipt in chosen):
        why = (
            "contract, policy, key and program are what they were; rows that were mended in the database come with "
            f"the next ingest if their {context.contract.source.cursor} is newer than what was read"
        )
        return _nothing(context, parent, chosen, why, **found)
    done = ingest(settings, contract)
    why = "ranges of a database overlap, so all of them were pulled again"
    return {**done, **found, "before": counts_of(parent.counts), "after": done["total"], "why": why}


def _nothing(
    context: Context, parent: SnapshotManifest, chosen: Sequence[Receipt], why: str, **more: Any
) -> dict[str, Any]:
    before = _sum(chosen)
    return {
        **more,
        "no_op": True,
        "why": why,
        "units": 0,
        "units_run": 0,
        "before": before,
        "after": before,
        "snapshot": parent.ordinal,
        "digest": parent.digest,
        "drift_status": drift_status(context, parent),
        "drift_remarks": [],
        "stale": [],
    }


def _sum(receipts: Iterable[Receipt]) -> dict[str, Any]:
    total = Counts()
    for receipt in receipts:
        total = total + receipt.counts
    return counts_of(total)
