"""What an erasure came to: its state at any time, and the certificate once nothing is left to be done.

What is said is looked up again: the newest snapshots are searched for the hashes, and of each clean release every
shard is looked into for documents of the subjects that are not holes.

    erasures/<id>/certificate.json   written once, when all clean releases are signed
    erasures/<id>/certificate.md     the same for people
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from clearinghouse import catalog
from clearinghouse.catalog import ReleaseRef
from clearinghouse.jobs import erase_find
from clearinghouse.jobs.erase import _record, done_of, find_request, frozen_of, people_of, requests
from clearinghouse.jobs.erase_held import Shards, frozen_key, wanted_of
from clearinghouse.jobs.erase_purge import deferred, purged_at
from clearinghouse.jobs.erase_suppress import FOLDER
from clearinghouse.jobs.record import now
from clearinghouse.settings import Settings
from governance.erasure import REMAINS, page, standing
from schemas.canonical import canonical_json

if TYPE_CHECKING:
    from infra.store import Store


def certify(settings: Settings, erasure: str) -> dict[str, Any]:
    """The state of an erasure, checked; writes its certificate when nothing is left to be done. Costs a search."""
    from infra.store import open_store

    store = open_store(settings.store)
    asked = find_request(store, erasure)
    found = state(store, asked)
    if found["certified"] or found["state"] not in ("complete", "nothing found"):
        return found
    checked = verification(store, asked, found)
    if checked["left"]:
        return {**found, "state": f"{checked['left']:,} rows are left: run it again", "verification": checked}
    body = {**found, "verification": checked, "certified": max(now(), str(asked["at"]))}
    body["standing"] = standing(asked, body["completed_at"], body["certified"])
    key = f"{FOLDER}/{asked['id']}/certificate"
    store.put(f"{key}.json", canonical_json(body), if_absent=True)
    stands = catalog.parsed(store.read(f"{key}.json"), f"{key}.json")
    store.put(f"{key}.md", page(stands).encode())
    clean = {mix: one["clean"] for mix, one in stands["releases"].items()}
    _record(
        settings, store, asked, "certified", {"state": stands["state"], "clean": clean, "standing": stands["standing"]}
    )
    return stands


def status(settings: Settings, erasure: str) -> dict[str, Any]:
    """The state of one erasure, without a search."""
    from infra.store import open_store

    store = open_store(settings.store)
    return state(store, find_request(store, erasure))


def listing(settings: Settings) -> list[dict[str, Any]]:
    """All erasures with their state, by the day on which they were received."""
    from infra.store import open_store

    store = open_store(settings.store)
    return [state(store, asked) for asked in requests(store)]


def state(store: Store, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of an erasure; of one that is certified, its certificate and what became of the old objects."""
    from infra.store import NotFound

    name = str(asked["id"])
    try:
        key = f"{FOLDER}/{name}/certificate.json"
        found = catalog.parsed(store.read(key), key)
        return {**found, "purge": _purge(store, asked) if found["found"]["rows"] else found["purge"]}
    except NotFound:
        pass
    done, frozen = done_of(store, name), frozen_of(store, name)
    releases = {mix: _mix(store, name, mix, one) for mix, one in sorted((done or {}).get("mixes", {}).items())}
    unsigned = sorted(mix for mix, one in releases.items() if one["clean"] is None and not one["refused"])
    last = max((one["signed_at"] for one in releases.values() if one["signed_at"]), default=None)
    replaced = store.stat(f"{FOLDER}/{name}/replaced.json") is not None
    if replaced:
        said = "made again under another key"
    elif done is None:
        said = "frozen, not rewritten yet: run it again" if frozen else "recorded, not carried out yet: run it"
    elif unsigned:
        said = f"no clean release is signed yet of {', '.join(unsigned)}"
    elif not done["rows"]:
        said = "nothing found"
    else:
        said = "complete"
    completed = None if done is None or unsigned else max(done["at"], last or done["at"])
    return {
        "erasure": name,
        "state": said,
        "law": asked["law"],
        "law_title": asked["law_title"],
        "clause": asked["clause"],
        "why": asked["why"],
        "trigger": asked["trigger"],
        "reason": asked["reason"],
        "by": asked["by"],
        "received": asked["received"],
        "recorded_at": asked["at"],
        "due": asked["due"],
        "extended": asked["extended"],
        "citation": asked["citation"],
        "verified_by": asked["verified_by"],
        "deadline": standing(asked, completed, now()),
        "standing": standing(asked, completed, now()),
        "subjects": asked["subjects"],
        "hashes": asked["hashes"],
        "found": {"subjects": (done or {}).get("subjects", 0), "rows": (done or {}).get("rows", 0)},
        "datasets": (done or {}).get("datasets", {}),
        "releases": releases,
        "not_searched": (done or {}).get("not_searched", []),
        "frozen_at": frozen["at"] if frozen else None,
        "frozen": frozen["releases"] if frozen else {},
        "rewritten_at": done["at"] if done else None,
        "completed_at": completed,
        "purge": _purge(store, asked) if done is None or done["rows"] else "none: nothing was found",
        "remains": [*REMAINS, *_blind((done or {}).get("not_searched", []))],
        "verification": {"left": None, "said": ["not checked yet"]},
        "certified": None,
    }


def _blind(snapshots: Sequence[str]) -> list[str]:
    if not snapshots:
        return []
    return [f"Snapshots made under another key could not be searched: {', '.join(snapshots)}."]


def _purge(store: Store, asked: Mapping[str, Any]) -> str:
    said = deferred(store, str(asked["id"]))
    if said is not None:
        return f"kept frozen, stored and protected only ({said['citation']}): {said['reason']}"
    at = purged_at(store, str(asked["id"]))
    return f"deleted on {at}" if at else f"kept frozen until their grace of {asked['grace']} is over"


def _mix(store: Store, erasure: str, mix: str, one: Mapping[str, Any]) -> dict[str, Any]:
    """The first signed release of a mix that came after those that held the subjects.

    Where all of those were rejected (``refused``) nobody trained on them and nobody can: a decision is for good. The
    erasure does not wait for a release of such a mix.
    """
    affected = [str(name) for name in one["affected"]]
    last = max((name.partition("@")[2] for name in affected), key=catalog.version_key)
    found = {
        "affected": affected,
        "candidate": one["candidate"],
        "how": one["how"],
        "refused": all(_rejected(store, ReleaseRef(mix, name.partition("@")[2])) for name in affected),
        "clean": None,
        "signed_by": None,
        "signed_at": None,
    }
    for version in catalog.versions(store, mix):
        ref = ReleaseRef(mix, version)
        if catalog.version_key(version) <= catalog.version_key(last) or store.stat(frozen_key(ref, erasure)):
            continue
        decision = catalog.decision_of(store, ref)
        if decision is not None and decision.verdict == "approve":
            return {**found, "clean": version, "signed_by": decision.reviewer, "signed_at": decision.at}
    return found


def _rejected(store: Store, ref: ReleaseRef) -> bool:
    decision = catalog.decision_of(store, ref)
    return decision is not None and decision.verdict == "reject"


def verification(store: Store, asked: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """Looks again: how many rows of the subjects are left in the newest snapshots and in the clean releases."""
    rows = erase_find.read(store, str(asked["id"]))
    people = people_of(store, asked, rows)
    said, left = [], 0
    for dataset in catalog.datasets(store):
        unit, name, _ = catalog.parse_snapshot(dataset)
        snapshot = catalog.snapshot_of(store, unit, name)
        if snapshot is None or snapshot.key_id != asked["key_id"]:
            continue
        here = erase_find.left(store, snapshot, people)
        left += here
        said.append(f"{dataset}, snapshot {snapshot.ordinal}: {here:,} rows of {snapshot.counts.kept:,} lead to them")
    look = Shards(store, wanted_of(rows))
    for mix, one in sorted(found["releases"].items()):
        if one["clean"] is None:
            continue
        ref = ReleaseRef(mix, one["clean"])
        manifest = catalog.manifest_of(store, ref)
        here = len(look.held(ref, manifest).rows)
        holes = sum(shard.erased for shard in manifest.shards)
        left += here
        said.append(f"{ref}: {here:,} rows of {manifest.totals['rows']:,} are theirs; {holes:,} are holes")
    return {"left": left, "said": said}
