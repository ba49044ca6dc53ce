"""Erasure: for people who are to be forgotten, from the request to the certificate. What commands, DAG and desk call.

    1. request.json     who (keyed hashes), why, by when; from now on ingest filters them
    2. found.parquet    their rows in every snapshot that is there
    3. frozen/<id>.json beside every release that holds them, signed or not: readers treat the rows as holes at once
    4. snapshots        anew, without the rows
    5. releases         a new version of each affected mix that shares all other shards; unsigned
    6. done.json        when and what; the certificate follows once a reviewer has signed the clean releases

Each step finds what an earlier run did, so that the same call finishes whatever was interrupted.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clearinghouse import catalog
from clearinghouse.catalog import ReleaseRef
from clearinghouse.jobs import erase_find, erase_held, erase_releases, erase_snapshots
from clearinghouse.jobs.context import Context, NotFoundByName
from clearinghouse.jobs.erase_find import Row
from clearinghouse.jobs.erase_held import Held
from clearinghouse.jobs.erase_releases import CannotRewrite
from clearinghouse.jobs.erase_suppress import FOLDER, hashes_of, request_of, suppressed, write_hashes
from clearinghouse.jobs.record import now, record
from clearinghouse.settings import Settings
from clearinghouse.subjects import CONVERSATION, Subjects, value_hash
from governance.erasure import BadRequest, Hashed, Person, deadlines, hashed
from schemas.canonical import canonical_json, digest
from schemas.erasure_rules import load_erasure_rules
from schemas.errors import ClearinghouseError
from schemas.manifest import Receipt

if TYPE_CHECKING:
    from governance.pseudonyms import Key
    from governance.signing import Signer
    from infra.store import Store

LEDGER_KIND = "erasure"


@dataclass(frozen=True)
class Why:
    """What a request says beside the people: trigger (`schemas.erasure_rules`), date received, reason, who recorded it."""

    trigger: str
    received: str
    reason: str
    by: str


def request(
    settings: Settings,
    people: Iterable[Person],
    why: Why,
    *,
    ready: Sequence[Hashed] = (),
    rules: Path | str | None = None,
    replaces: str | None = None,
    signer: Signer | None = None,
) -> dict[str, Any]:
    """Record a request; from then on no row of these people is read in. Returns it, with ``new``.

    ``signer`` is the key of whoever records it, where it is open already. ``ready`` are hashes that were made elsewhere
    with the store's key. The same people, trigger and date give the same request. ``replaces`` names one that was made
    under another key. Raises `BadRequest`, `KeyMissing`, `PolicyError`.
    """
    from infra.store import open_store

    missing = [what for what, value in (("a reason", why.reason), ("who records it", why.by)) if not value.strip()]
    if missing:
        raise BadRequest(f"an erasure needs {' and '.join(missing)}", state="nothing was written")
    key, store = key_of(settings), open_store(settings.store)
    _signer(settings, store, why.by.strip(), signer)
    found = load_erasure_rules(rules)
    limits = deadlines(found, why.trigger, why.received)
    hashes = hashed(people, lambda entity, value: value_hash(key, entity, value))
    first = 1 + max((number for _, _, number in hashes), default=-1)
    hashes += [(value, entity, first + number) for value, entity, number in ready]
    if not hashes:
        raise BadRequest("the request names nobody", state="nothing was written", fix="give at least one value")
    if replaces is not None:
        request_of(store, replaces)
    data = write_hashes(hashes)
    name = "e" + digest([digest(data), key.id, why.trigger, why.received])[:15]
    hashes_key = f"{FOLDER}/{name}/subjects.parquet"
    store.put(hashes_key, data, if_absent=True)
    body = {
        "id": name,
        "format": 1,
        "at": now(),
        **limits,
        "received": why.received,
        "reason": why.reason.strip(),
        "by": why.by.strip(),
        "key_id": key.id,
        "rules": {"name": found.name, "version": found.version, "digest": found.digest},
        "grace": found.grace,
        "subjects": 1 + max(number for _, _, number in hashes),
        "hashes": {"key": hashes_key, "sha256": digest(data), "count": len(set(hashes))},
    }
    new = store.put(f"{FOLDER}/{name}/request.json", canonical_json(body), if_absent=True)
    stands = request_of(store, name)
    if replaces is not None and replaces != name:
        store.put(f"{FOLDER}/{replaces}/replaced.json", canonical_json({"by": name}), if_absent=True)
    _record(
        settings,
        store,
        stands,
        "requested",
        {"law": stands["law"], "trigger": stands["trigger"], "received": why.received},
        signer,
    )
    return {**stands, "new": new}


def key_of(settings: Settings) -> Key:
    """The key of the store's hashes. Raises `KeyMissing`."""
    from clearinghouse.keys import load_key

    return load_key(settings.key_file)


def run(settings: Settings, erasure: str) -> dict[str, Any]:
    """Carry a request out, or what is left of it; returns what `status` says of it. Raises what its steps raise."""
    from infra.store import open_store

    store, key = open_store(settings.store), key_of(settings)
    asked = find_request(store, erasure)
    _signer(settings, store, asked["by"])
    if asked["key_id"] != key.id:
        raise BadRequest(
            f"{erasure} was made under key {asked['key_id']}, not under {key.id}",
            state="nothing was changed",
            fix="use that key, or make the request again with --replaces",
        )
    rows, blind = _search(store, asked, key)
    held = _freeze(settings, store, asked, rows)
    datasets = _snapshots(settings, store, asked, rows, key)
    mixes = _releases(settings, store, asked, rows, held)
    _finish(settings, store, asked, rows, datasets, mixes, blind)
    from clearinghouse.jobs.erase_certificate import certify

    return certify(settings, erasure)


def erase(settings: Settings, people: Iterable[Person], why: Why, **more: Any) -> dict[str, Any]:
    """`request`, then `run`."""
    return run(settings, request(settings, people, why, **more)["id"])


def still_open(settings: Settings) -> list[str]:
    """Requests that are not certified: to be carried out, or waiting for a signature. Oldest first."""
    from infra.store import open_store

    store = open_store(settings.store)
    return [
        one["id"]
        for one in requests(store)
        if all(store.stat(f"{FOLDER}/{one['id']}/{name}.json") is None for name in ("certificate", "replaced"))
    ]


def find_request(store: Store, erasure: str) -> dict[str, Any]:
    """A request by its id. Raises `NotFoundByName`."""
    from infra.store import NotFound

    if erasure.isalnum():
        try:
            return request_of(store, erasure)
        except NotFound:
            pass
    raise NotFoundByName(f"there is no erasure {erasure[:40]!r} in {store.uri}", fix="clearinghouse erase ls")


def requests(store: Store) -> list[dict[str, Any]]:
    """All requests, by the day on which they were received."""
    found = [
        request_of(store, name)
        for name in store.folders(f"{FOLDER}/")
        if store.stat(f"{FOLDER}/{name}/request.json") is not None
    ]
    return sorted(found, key=lambda one: (one["received"], one["id"]))


def people_of(store: Store, asked: Mapping[str, Any], rows: Iterable[Row] = ()) -> Subjects:
    """Whom a request asks for, with the conversations that were found to be theirs."""
    marks = {(row.document, row.subject) for row in rows if row.document != row.id}
    talks = [(bytes.fromhex(mark), CONVERSATION, subject) for mark, subject in marks]
    return Subjects([*hashes_of(store, dict(asked)), *talks])


def _search(store: Store, asked: Mapping[str, Any], key: Key) -> tuple[list[Row], list[str]]:
    found, blind = erase_find.find(store, people_of(store, asked), key.id)
    rows = erase_find.write(store, asked["id"], found)
    talks = [(bytes.fromhex(row.document), CONVERSATION, row.subject) for row in rows if row.document != row.id]
    if talks:
        store.put(f"{FOLDER}/{asked['id']}/conversations.parquet", write_hashes(talks))
    return rows, blind


def _freeze(settings: Settings, store: Store, asked: Mapping[str, Any], rows: Sequence[Row]) -> list[Held]:
    held = erase_held.affected(store, rows)
    for one in held:
        erase_held.freeze(store, one, asked["id"])
    if held:
        facts = {str(one.ref): len(one.rows) for one in held}
        body = {"at": max(now(), asked["at"]), "releases": facts}
        store.put(f"{FOLDER}/{asked['id']}/frozen.json", canonical_json(body), if_absent=True)
        _record(settings, store, asked, "frozen", {"releases": facts})
    return held


def _snapshots(
    settings: Settings, store: Store, asked: Mapping[str, Any], rows: Sequence[Row], key: Key
) -> dict[str, dict[str, Any]]:
    """Rows and clean snapshot of each data set that held some."""
    by_dataset: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        by_dataset[row.dataset][row.unit_id].add(row.id)
    subjects, listed = people_of(store, asked, rows), suppressed(store, key).digest
    found = {}
    for dataset, ids in sorted(by_dataset.items()):

        def look(receipt: Receipt) -> set[str]:
            return erase_find.rows_of(store, receipt, subjects)

        done = erase_snapshots.commit(store, dataset, ids, asked["id"], listed, _context(settings, dataset), look)
        every = set().union(*ids.values())
        found[dataset] = {"rows": len(every), "snapshot": done["snapshot"], "digest": done["digest"]}
    return found


def _context(settings: Settings, dataset: str) -> Context | None:
    """Contract and policy of a data set, where they still load: an erasure does not wait for a broken contract."""
    try:
        return Context.load(settings, dataset)
    except ClearinghouseError:
        return None


def _releases(
    settings: Settings, store: Store, asked: Mapping[str, Any], rows: Sequence[Row], held: Sequence[Held]
) -> dict[str, dict[str, Any]]:
    """For each affected mix, the version that is made anew without the rows, or why it has to be built."""
    ids: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        ids[row.dataset].add(row.id)

    @cache
    def removed(dataset: str, unit_id: str) -> erase_snapshots.Removed:
        receipt = erase_snapshots.receipt_of(store, dataset, unit_id)
        return erase_snapshots.removed(store, _there(store, dataset, receipt), ids[dataset])

    touched = {(row.dataset, row.unit_id) for row in rows}

    def gone(dataset: str, receipt: Receipt) -> erase_snapshots.Removed:
        if (dataset, receipt.unit_id) not in touched:
            return erase_snapshots.nothing()
        return removed(dataset, receipt.unit_id)

    found: dict[str, dict[str, Any]] = {}
    for mix in sorted({one.ref.mix for one in held}):
        mine = [one for one in held if one.ref.mix == mix]
        base = _base(store, mine)
        versions = catalog.versions(store, mix)
        one: dict[str, Any] = {"affected": [str(each.ref) for each in mine], "base": str(base.ref)}
        later = versions[versions.index(mine[-1].ref.version) + 1 :]
        if erase_releases.made(store, base, asked["id"]) is None and later and not _by_erasure(store, mix, later[-1]):
            # A newer release was built since, and holds none of these rows.
            found[mix] = {**one, "candidate": f"{mix}@{later[-1]}", "how": "a newer release holds none of the rows"}
            continue
        try:
            version = erase_releases.clean(settings, store, base, asked["id"], gone, asked["by"])
            found[mix] = {**one, "candidate": f"{mix}@{version}", "how": "rewritten", "shards": len(base.places)}
        except CannotRewrite as error:
            found[mix] = {**one, "candidate": None, "how": f"to be built anew: {error.message}", "fix": error.fix}
    return found


def _there(store: Store, dataset: str, receipt: Receipt) -> Receipt:
    """The unit of work whose files are still there: it, or one that an earlier erasure put in its place."""
    while any(store.stat(entry.key) is None for entry in (*receipt.data, *receipt.evidence)):
        following = erase_snapshots.next_of(store, dataset, receipt.unit_id)
        if following is None:
            return receipt
        receipt = erase_snapshots.receipt_of(store, dataset, following)
    return receipt


def _base(store: Store, held: Sequence[Held]) -> Held:
    """Which of a mix's affected versions is made anew: the newest that was approved, else the newest."""
    approved = [
        one
        for one in held
        if (decision := catalog.decision_of(store, one.ref)) is not None and decision.verdict == "approve"
    ]
    return (approved or list(held))[-1]


def _by_erasure(store: Store, mix: str, version: str) -> bool:
    from infra.store import NotFound

    try:
        return "erasure" in json.loads(store.read(f"{ReleaseRef(mix, version).folder}/plan.json"))
    except (NotFound, ValueError):
        return False


def _finish(
    settings: Settings,
    store: Store,
    asked: Mapping[str, Any],
    rows: Sequence[Row],
    datasets: Mapping[str, Any],
    mixes: Mapping[str, Any],
    blind: Sequence[str],
) -> None:
    earlier = done_of(store, asked["id"])
    # A mix that was seen to hold the subjects stays in the account, though its shards may be gone by now.
    mixes = {**(earlier["mixes"] if earlier else {}), **mixes}
    body = {
        "at": earlier["at"] if earlier else max(now(), asked["at"]),
        "rows": len({(row.dataset, row.id) for row in rows}),
        "subjects": len({row.subject for row in rows}),
        "datasets": datasets,
        "mixes": mixes,
        "not_searched": list(blind),
    }
    store.put(f"{FOLDER}/{asked['id']}/done.json", canonical_json(body))
    facts = {key: one["rows"] for key, one in datasets.items()}
    candidates = {mix: one["candidate"] for mix, one in mixes.items()}
    _record(settings, store, asked, "rewritten", {"rows": facts, "candidates": candidates})


def done_of(store: Store, erasure: str) -> dict[str, Any] | None:
    """What the steps did, or ``None`` while they have not got through."""
    return _json(store, f"{FOLDER}/{erasure}/done.json")


def frozen_of(store: Store, erasure: str) -> dict[str, Any] | None:
    """When releases were held back, and which."""
    return _json(store, f"{FOLDER}/{erasure}/frozen.json")


def _json(store: Store, key: str) -> dict[str, Any] | None:
    from infra.store import NotFound

    try:
        return catalog.parsed(store.read(key), key)
    except NotFound:
        return None


def _record(
    settings: Settings,
    store: Store,
    asked: Mapping[str, Any],
    step: str,
    facts: Mapping[str, Any],
    key: Signer | None = None,
) -> None:
    """An entry of the ledger: counts, names of releases and digests; never a value. Signed where the store is governed:
    by who is at work, else by who recorded the request."""
    actor, signer = _signer(settings, store, str(asked["by"]), key)
    record(
        store,
        kind=LEDGER_KIND,
        actor=actor,
        at=max(now(), str(asked["at"])),
        body={
            "erasure": asked["id"],
            "step": step,
            "subjects": asked["subjects"],
            "hashes": asked["hashes"]["sha256"],
            **facts,
        },
        signer=signer,
    )


def _signer(settings: Settings, store: Store, by: str, signer: Signer | None = None) -> tuple[str, Signer | None]:
    """Who is at work, an officer where the store is governed, and the key with which they sign. Asked for before
    anything is written as well, so that nothing is begun that could not be recorded. Raises `KeyMissing`,
    `ReleaseRefused`."""
    from clearinghouse.jobs.people import sign_as

    actor = settings.actor or by
    return actor, sign_as(settings, store, LEDGER_KIND, actor, signer=signer)
