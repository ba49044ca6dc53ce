"""Deleting what held erased subjects, once readers have had the time to move: shards, rows, evidence, indexes.

The places of a store, and what is done with each:

    releases/<mix>/shards, <version>/shards   shards with the subjects that no clean version shares: deleted
    releases/<mix>/<version>/…                lists of duplicates, samples of audits and the like that name one of the
                                              documents: deleted; manifest, report, decision: counts alone, stay
    scrubbed/…/data, subjects; evidence/…     files with their rows that the newest snapshot does not use: deleted
    scrubbed/…/index                          counts by document of data sets that held them: deleted, made again
    scrubbed/…/receipts, snapshots; quality/  counts and aggregates: stay
    quarantine/…                              shapes of rejected rows, which no value leads to: go by their own period
    plans/, ledger/                           names of files, digests and counts: stay
    erasures/<id>/found.parquet               ids of the rows, needed to show that none is left: stays

The ledger names every file before the first is deleted, so that `verify` knows why it is missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from clearinghouse import catalog
from clearinghouse.catalog import ReleaseRef
from clearinghouse.jobs import erase_find
from clearinghouse.jobs.erase import _json, _record, _signer, done_of, find_request, requests
from clearinghouse.jobs.erase_find import Row
from clearinghouse.jobs.erase_held import Shards, wanted_of
from clearinghouse.jobs.erase_snapshots import folder
from clearinghouse.jobs.erase_suppress import FOLDER
from clearinghouse.jobs.record import now as stamp
from clearinghouse.quarantine import expires
from clearinghouse.settings import Settings
from governance.erasure import BadRequest
from schemas.canonical import canonical_json
from schemas.errors import StoreError

if TYPE_CHECKING:
    from infra.store import Store

STAYS = (
    "manifest.json",
    "decision.json",
    "plan.json",
    "built.json",
    "report.html",
    "report.json",
    "redactions.csv",
    "card.md",
    "croissant.json",
    "shards.parquet",
    "signed.html",
    "sources.csv",
    "rules.csv",
)
"""Files of a release that hold counts, digests and decisions, and no document."""


def purge(
    settings: Settings,
    erasure: str | None = None,
    *,
    now: datetime | None = None,
    grace: str | None = None,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Delete the old objects of erasures whose grace is over; ``grace`` (ISO 8601) in place of the request's.

    Erasures that are not carried out, that are deferred (`defer`) or whose clean releases are not signed are passed
    over, with why. Returns per erasure the files, their bytes and, where something stands in the way, what.
    """
    from infra.store import open_store

    store, at = open_store(settings.store), now or datetime.now(UTC)
    asked = [find_request(store, erasure)] if erasure else requests(store)
    return {"erasures": [_purge(settings, store, one, at, grace, dry_run=dry_run) for one in asked], "dry_run": dry_run}


def defer(settings: Settings, erasure: str, reason: str, by: str) -> dict[str, Any]:
    """Keep the old objects, frozen: stored and protected, nothing else, because to delete them is technically hard."""
    from infra.store import open_store
    from schemas.erasure_rules import load_erasure_rules

    if not reason.strip() or not by.strip():
        raise BadRequest("a deferral needs a reason and who gives it", state="nothing was written")
    store = open_store(settings.store)
    asked = find_request(store, erasure)
    _signer(settings, store, by.strip())
    rules = load_erasure_rules()
    body = {
        "at": stamp(),
        "reason": reason.strip(),
        "by": by.strip(),
        "text": rules.fallback,
        "citation": rules.fallback_citation,
        "verified_by": rules.fallback_verified_by,
    }
    store.put(f"{FOLDER}/{asked['id']}/deferred.json", canonical_json(body), if_absent=True)
    stands = deferred(store, asked["id"])
    assert stands is not None
    _record(settings, store, {**asked, "by": stands["by"]}, "deferred", {"reason": stands["reason"]})
    return {"erasure": asked["id"], **stands}


def deferred(store: Store, erasure: str) -> dict[str, Any] | None:
    """Why the old objects of an erasure are kept frozen, or ``None``."""
    return _json(store, f"{FOLDER}/{erasure}/deferred.json")


def purged_at(store: Store, erasure: str) -> str | None:
    """When the old objects of an erasure were deleted, or ``None``."""
    found = _json(store, f"{FOLDER}/{erasure}/purged.json")
    return str(found["at"]) if found else None


def purged(store: Store) -> set[str]:
    """Keys of all files that the ledger says were deleted for an erasure."""
    return {
        str(key)
        for entry in catalog.recorded(store, "erasure")
        if entry["body"].get("step") == "purged"
        for key in entry["body"].get("files", ())
    }


def _purge(
    settings: Settings, store: Store, asked: dict[str, Any], now: datetime, grace: str | None, *, dry_run: bool
) -> dict[str, Any]:
    from clearinghouse.jobs.erase_certificate import state

    name = asked["id"]
    found: dict[str, Any] = {"erasure": name, "files": [], "bytes": 0, "waits": "", "in_the_way": []}
    done = done_of(store, name)
    said = deferred(store, name)
    if said is not None:
        return {**found, "waits": f"deferred: {said['reason']}"}
    if done is None:
        return {**found, "waits": f"not carried out: clearinghouse erase run {name}"}
    standing = state(store, asked)
    if standing["completed_at"] is None:
        return {**found, "waits": standing["state"]}
    after = expires(datetime.fromisoformat(standing["completed_at"]), grace or asked["grace"])
    if after > now:
        return {**found, "waits": f"grace until {after:%Y-%m-%d}"}
    rows = erase_find.read(store, name)
    files = dict(_files(store, rows))
    found |= {"files": sorted(files), "bytes": sum(files.values())}
    if dry_run:
        return found
    fresh = sorted(set(files) - purged(store))
    for start in range(0, len(fresh), _MOST):
        _record(settings, store, asked, "purged", {"files": fresh[start : start + _MOST]})
    for key in sorted(files):
        try:
            store.delete(key)
        except StoreError as error:
            # An object lock or a missing right: the rest goes, this one is told, and a later run tries again.
            found["in_the_way"].append({"file": key, "said": error.message})
    found["in_the_way"] += [{"file": "", "said": said} for said in _versions(store)]
    if not any(one["file"] for one in found["in_the_way"]):
        store.put(
            f"{FOLDER}/{name}/purged.json",
            canonical_json({"at": stamp(), "files": len(files), "bytes": found["bytes"]}),
            if_absent=True,
        )
    return found


_MOST = 5000
"""Files that one entry of the ledger names."""


def _versions(store: Store) -> Iterator[str]:
    """Older versions that a bucket keeps of what is deleted from it."""
    versioned = getattr(store, "versioned", None)
    if versioned is not None and versioned():
        yield (
            "the bucket is versioned: what was deleted stays as an older version until a lifecycle rule "
            "(NoncurrentVersionExpiration) or an administrator removes it, and as long as an object lock says"
        )


def _files(store: Store, rows: list[Row]) -> Iterator[tuple[str, int]]:
    """Key and bytes of every object that holds a row of the subjects and that nothing clean uses."""
    yield from _of_snapshots(store, rows)
    yield from _of_releases(store, rows)


def _of_snapshots(store: Store, rows: list[Row]) -> Iterator[tuple[str, int]]:
    for dataset in sorted({row.dataset for row in rows}):
        unit, name, _ = catalog.parse_snapshot(dataset)
        numbers = catalog.snapshot_numbers(store, unit, name)
        newest = catalog.snapshot_of(store, unit, name)
        used = {
            entry.key
            for receipt in (newest.receipts if newest else ())
            for entry in (*receipt.data, *receipt.evidence, *receipt.subjects)
        }
        units = {row.unit_id for row in rows if row.dataset == dataset}
        seen: set[str] = set()
        for number in numbers:
            snapshot = catalog.snapshot_of(store, unit, name, number)
            for receipt in snapshot.receipts if snapshot else ():
                if receipt.unit_id not in units:
                    continue
                for entry in (*receipt.data, *receipt.evidence, *receipt.subjects):
                    if entry.key not in used and entry.key not in seen and store.stat(entry.key) is not None:
                        seen.add(entry.key)
                        yield entry.key, entry.bytes
        for one in store.list(f"{folder(dataset)}/index/"):
            yield one.key, one.bytes


def _of_releases(store: Store, rows: list[Row]) -> Iterator[tuple[str, int]]:
    look = Shards(store, wanted_of(rows))
    for mix in catalog.mixes(store):
        shards: set[str] = set()
        for version in catalog.versions(store, mix):
            ref = ReleaseRef(mix, version)
            held = look.held(ref, catalog.manifest_of(store, ref))
            for number in held.places:
                key = held.manifest.shard_key(number)
                entry = store.stat(key)
                if entry is not None and key not in shards:
                    shards.add(key)
                    yield key, entry.bytes
            yield from _beside(store, ref, held.ids | {row.id for row in rows})


def _beside(store: Store, ref: ReleaseRef, ids: set[str]) -> Iterator[tuple[str, int]]:
    """Files beside a release's shards that name one of the documents."""
    for entry in store.list(f"{ref.folder}/"):
        name = entry.key.rsplit("/", 1)[-1]
        if name in STAYS or entry.key.startswith((f"{ref.folder}/shards/", f"{ref.folder}/frozen/")):
            continue
        if names_one(store.read(entry.key), name, ids):
            yield entry.key, entry.bytes


_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")


def names_one(data: bytes, name: str, ids: Iterable[str]) -> bool:
    """Whether a file holds one of these ids (32 hex digits), as text or in a column."""
    wanted = set(ids)
    if not name.endswith(".parquet"):
        text = data.decode("utf-8", "replace")
        return any(own in wanted for own in _ID.findall(text))
    table = pq.read_table(pa.BufferReader(data))
    words = pa.array(sorted(wanted), pa.string())
    for column in table.columns:
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            if pc.any(pc.is_in(column.cast(pa.string()), value_set=words)).as_py():
                return True
        elif pa.types.is_fixed_size_binary(column.type) and column.type.byte_width == 16:
            binary = pa.array([bytes.fromhex(own) for own in sorted(wanted)], pa.binary(16))
            if pc.any(pc.is_in(column, value_set=binary)).as_py():
                return True
        elif pa.types.is_nested(column.type) and wanted & set(_ID.findall(json.dumps(column.to_pylist(), default=str))):
            return True
    return False
