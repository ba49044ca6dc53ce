"""Each snapshot beside the last committed ones: remarked on, held back or refused, as its contract says.

The whole is compared with the mean of the last snapshots. Where a data set has partitions, each one that is new or
was made again is also compared with the mean of those up to it, itself as it was included; rows are then counted to
a partition. Snapshots and partitions that are held back and not accepted are no measure for others.

What shows the very figures of the snapshot before, which let them pass, is no news: the same rows under a new program.
A partition that is held is compared again with each later snapshot, until it was made anew or a person accepted it.
An acceptance is written once (``scrubbed/<unit>/<name>/accepted/<digest>.json``) and recorded in the ledger.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from clearinghouse.catalog import LEDGER, find_snapshot, parse_snapshot, parsed, snapshot_numbers, snapshot_of
from clearinghouse.jobs.context import Context
from clearinghouse.jobs.people import sign_as
from clearinghouse.jobs.profile import total
from clearinghouse.jobs.record import now, record
from clearinghouse.settings import Settings
from governance.drift import Change, compare, unchanged
from schemas.canonical import canonical_json
from schemas.contract import Contract
from schemas.errors import ClearinghouseError, DriftBreach
from schemas.manifest import Receipt, SnapshotManifest

if TYPE_CHECKING:
    from infra.store import Store

WHOLE = ""
"""The place of a change of the snapshot as a whole; other places are partitions."""
MOST = 60
"""Changes that a manifest names; further ones are counted."""
ACCEPTED = "drift.accept"
"""The kind of ledger entry that says who accepted a snapshot."""
_ORDER = ("fail", "hold", "warn")


class NotHeld(ClearinghouseError):
    """Something is to be accepted that is not held back, or was never refused."""

    exit_code = 2


def assess(
    contract: Contract,
    receipts: Sequence[Receipt],
    parent: SnapshotManifest | None,
    before: Sequence[SnapshotManifest],
    *,
    parent_held: bool,
    accepted: bool,
) -> dict[str, Any]:
    """What a snapshot's manifest says of drift.

    ``before`` are the snapshots to compare with, newest first; ``parent_held`` whether the parent's held partitions
    are held still; ``accepted`` whether a person accepted this very content.
    """
    changes, base = measures(contract, receipts, parent, before, parent_held=parent_held)
    found = [{"where": where, **one.as_dict()} for where, all_of in changes.items() for one in all_of if one.level]
    found.sort(key=lambda one: (_ORDER.index(one["level"]), one["where"], one["measure"], one["what"]))
    held = sorted({one["where"] for one in found if one["level"] != "warn"})
    levels = {one["level"] for one in found}
    status = "warn" if levels else "ok" if changes else "first"
    if held:
        status = "accepted" if accepted else "fail" if "fail" in levels else "held"
    return {
        "status": status,
        "baseline": base,
        "changes": found[:MOST],
        "further": max(0, len(found) - MOST),
        "held": [] if accepted else held,
    }


def measures(
    contract: Contract,
    receipts: Sequence[Receipt],
    parent: SnapshotManifest | None,
    before: Sequence[SnapshotManifest],
    *,
    parent_held: bool,
) -> tuple[dict[str, list[Change]], list[int]]:
    """All measures by place, and the numbers of the snapshots that the whole was compared with."""
    limits, changes = contract.drift, dict[str, list[Change]]()
    ranges = contract.source.cursor is not None
    files = bool(contract.source.partition)
    mine, base, numbers = _profile(receipts, split=files), [], []
    for manifest in before:
        one = _profile(manifest.receipts, split=files)
        if one is not None:
            base.append(one)
            numbers.append(manifest.ordinal)
    if mine is not None and base:
        changes[WHOLE] = compare(mine, base, limits)
        former = None
        if parent is not None and parent.ordinal in numbers:
            former = _profile(parent.receipts, split=files)
        if former is not None:
            changes[WHOLE] = unchanged(changes[WHOLE], compare(mine, [former], limits))
    if parent is None or not (files or ranges):
        return changes, numbers
    kept_out = parent.drift.get("held", ()) if parent_held else ()
    old, new = _by_partition(parent.receipts), _by_partition(receipts)
    measure = {
        name: profile
        for name, group in sorted(old.items())
        if name not in kept_out and (profile := _profile(group)) is not None
    }
    for name, group in sorted(new.items()):
        same = {r.unit_id for r in group} == {r.unit_id for r in old.get(name, ())}
        if same and name not in kept_out:
            continue
        profile = _profile(group)
        near = [one for one in measure if one <= name][-limits.window :] or list(measure)[: limits.window]
        if profile is not None and near:
            changes[name] = compare(profile, [measure[one] for one in near], limits, volume=not ranges)
            if name in measure:
                own = compare(profile, [measure[name]], limits, volume=not ranges)
                changes[name] = unchanged(changes[name], own)
    return changes, numbers


def _profile(receipts: Sequence[Receipt], *, split: bool = False) -> dict[str, Any] | None:
    made = total(receipts)
    if made is not None:
        made["volume"] = made["rows"]
        if split and receipts:
            made["volume"] = made["rows"] / len({receipt.partition for receipt in receipts})
    return made


def _by_partition(receipts: Sequence[Receipt]) -> dict[str, list[Receipt]]:
    found: dict[str, list[Receipt]] = defaultdict(list)
    for receipt in receipts:
        found[receipt.partition].append(receipt)
    return found


def judged(
    context: Context, receipts: Sequence[Receipt], parent: SnapshotManifest | None, content: str
) -> dict[str, Any]:
    """`assess` for a snapshot that is about to be committed with the digest ``content``.

    Publishes the evidence of one that is held or refused. Raises `DriftBreach` for one that is refused.
    """
    store, contract = context.store, context.contract
    held = parent is not None and is_held(store, parent)
    found = assess(
        contract,
        receipts,
        parent,
        baseline(store, parent, contract.drift.window),
        parent_held=held,
        accepted=acceptance(store, contract.key, content) is not None,
    )
    if found["status"] in ("held", "fail"):
        store.put(
            _evidence(contract.key, content), canonical_json({"dataset": contract.key, "digest": content, **found})
        )
    if found["status"] == "fail":
        raise DriftBreach(
            "\n  ".join([f"{contract.key}: too far from the last snapshots:", *told(found, 20)]),
            state=f"evidence is published as {_evidence(contract.key, content)}; nothing was committed",
            fix="mend the source and run the same command again; or, if the change is meant: "
            f"clearinghouse drift accept {contract.key} --digest {content[:16]} --reviewer NAME --reason TEXT",
        )
    return found


def told(found: Mapping[str, Any], limit: int = 8) -> list[str]:
    """The changes of a manifest's ``drift`` in words, the gravest first."""
    changes = found.get("changes", [])
    said = [
        (f"partition {one['where']}: " if one["where"] else "")
        + str(Change(**{name: value for name, value in one.items() if name != "where"}))
        for one in changes[:limit]
    ]
    more = len(changes) - len(said) + int(found.get("further", 0))
    return [*said, *([f"and {more} more"] if more > 0 else [])]


def baseline(store: Store, newest: SnapshotManifest | None, window: int) -> list[SnapshotManifest]:
    """The last ``window`` snapshots up to ``newest`` that are no longer or never were held back, newest first."""
    if newest is None:
        return []
    unit, name, _ = parse_snapshot(newest.dataset)
    found: list[SnapshotManifest] = []
    for number in reversed(snapshot_numbers(store, unit, name)):
        if number > newest.ordinal:
            continue
        manifest = newest if number == newest.ordinal else snapshot_of(store, unit, name, number)
        if manifest is not None and not is_held(store, manifest):
            found.append(manifest)
        if len(found) == window:
            break
    return found


def is_held(store: Store, snapshot: SnapshotManifest) -> bool:
    """Whether a snapshot is held back and nobody accepted it since."""
    return bool(snapshot.drift.get("held")) and acceptance(store, snapshot.dataset, snapshot.digest) is None


def acceptance(store: Store, dataset: str, content: str) -> dict[str, Any] | None:
    """Who accepted a snapshot's content, when and why (reviewer, at, reason), or ``None``."""
    from infra.store import NotFound

    try:
        found: dict[str, Any] = json.loads(store.read(_acceptance(dataset, content)))
    except NotFound:
        return None
    return found


def acceptances(store: Store, dataset: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """All acceptances of a data set's snapshots, with their keys."""
    unit, name, _ = parse_snapshot(dataset)
    for entry in store.list(f"scrubbed/{unit}/{name}/accepted/"):
        yield entry.key, parsed(store.read(entry.key), entry.key)


def accept(
    settings: Settings,
    dataset: str,
    reviewer: str,
    reason: str,
    content: str | None = None,
    *,
    ask: Callable[[str], bytes] | None = None,
) -> dict[str, Any]:
    """Accept the newest snapshot, which is held, or what was refused under the digest that begins with ``content``.

    Written once and recorded in the ledger, signed by the reviewer where the store is governed, who then needs a key
    (whose passphrase ``ask`` may give) and the role of a reviewer or officer; repeating it finishes what was
    interrupted. Raises `NotHeld`, `NotFoundByName`, `ReleaseRefused`, `KeyMissing` or `StoreError`.
    """
    from infra.store import open_store
    from infra.store.sequence import newest

    reviewer, reason = reviewer.strip(), reason.strip()
    if not reviewer or not reason:
        raise NotHeld("an acceptance has a reviewer and a reason", state="nothing was written")
    store = open_store(settings.store)
    signer = sign_as(settings, store, ACCEPTED, reviewer, ask=ask)
    wanted = _held(store, dataset) if content is None else _refused(store, dataset, content)
    body = {"dataset": dataset, "digest": wanted, "reviewer": reviewer, "reason": reason}
    last = newest(store, LEDGER)
    made = {**body, "at": now()}
    first = store.put(_acceptance(dataset, wanted), canonical_json(made), if_absent=True)
    stands = acceptance(store, dataset, wanted) or made
    same = (stands["reviewer"], stands["reason"]) == (reviewer, reason)
    if not same:
        raise NotHeld(
            f"{dataset} {wanted[:16]} was accepted already by {stands['reviewer']} on {stands['at']}",
            state="that acceptance stands; nothing was written",
        )
    entry = record(
        store,
        kind=ACCEPTED,
        actor=reviewer,
        at=stands["at"],
        body={"dataset": dataset, "digest": wanted, "reason": reason},
        since=last[0] if first and last else 0,
        signer=signer,
    )
    return {**stands, "ledger": entry, "repeated": not first}


def _held(store: Store, dataset: str) -> str:
    snapshot = find_snapshot(store, dataset)
    if not snapshot.drift.get("held"):
        raise NotHeld(
            f"snapshot {snapshot.ordinal} of {dataset} is not held back",
            state="nothing was written",
            fix=f"clearinghouse drift show {dataset}; for one that was refused name its digest with --digest",
        )
    return snapshot.digest


def _refused(store: Store, dataset: str, content: str) -> str:
    unit, name, _ = parse_snapshot(dataset)
    folder = f"quality/{unit}/{name}/drift/"
    there = [entry.key.removeprefix(folder).removesuffix(".json") for entry in store.list(folder)]
    found = [digest for digest in there if digest.startswith(content)]
    if len(content) < 8 or len(found) != 1:
        raise NotHeld(
            f"no snapshot of {dataset} was held or refused under the digest {content!r}",
            state="nothing was written",
            fix="write at least 8 digits of the digest that the refusal named"
            + (f"; there are {', '.join(digest[:16] for digest in there[:8])}" if there else ""),
        )
    return found[0]


def _acceptance(dataset: str, content: str) -> str:
    unit, name, _ = parse_snapshot(dataset)
    return f"scrubbed/{unit}/{name}/accepted/{content}.json"


def _evidence(dataset: str, content: str) -> str:
    unit, name, _ = parse_snapshot(dataset)
    return f"quality/{unit}/{name}/drift/{content}.json"


def comparison(settings: Settings, name: str) -> dict[str, Any]:
    """A snapshot (``unit.name``, ``unit.name@3``) beside those before it, measured again by the contract of today.

    dataset, snapshot, status (after what people accepted), accepted, baseline (numbers of snapshots), measures.
    """
    from clearinghouse.jobs.context import find_contract
    from infra.store import open_store

    store = open_store(settings.store)
    snapshot = find_snapshot(store, name)
    unit, short, _ = parse_snapshot(name)
    contract = find_contract(settings, snapshot.dataset)
    before = [one for one in snapshot_numbers(store, unit, short) if one < snapshot.ordinal]
    parent = snapshot_of(store, unit, short, before[-1]) if before else None
    held = parent is not None and is_held(store, parent)
    changes, base = measures(
        contract, snapshot.receipts, parent, baseline(store, parent, contract.drift.window), parent_held=held
    )
    status = str(snapshot.drift.get("status", "not compared"))
    accepted = acceptance(store, snapshot.dataset, snapshot.digest)
    return {
        "dataset": snapshot.dataset,
        "snapshot": snapshot.ordinal,
        "status": "accepted" if status == "held" and accepted else status,
        "accepted": accepted,
        "baseline": base,
        "measures": [{"where": where, **one.as_dict()} for where, all_of in changes.items() for one in all_of],
    }
