"""Who may put their name under a release, and the names that stand under one of high risk so far.

A release of a mix of high risk takes two persons: one who is a reviewer and one who is an officer. Each signs the same
manifest digest: an object `signatures/<ordinal>.json` beside the release, then an entry of the ledger under their own
key. The decision is made by whoever comes second. A signature whose entry is not in the ledger counts for nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from clearinghouse import catalog
from clearinghouse.catalog import LEDGER, ReleaseRef
from schemas.canonical import canonical_json, digest
from schemas.errors import ReleaseRefused
from schemas.manifest import ReleaseManifest
from schemas.registry import SIGNING, People

if TYPE_CHECKING:
    from governance.signing import Signer
    from infra.store import Store

KIND = "signature"


@dataclass(frozen=True)
class Signature:
    """One person's approval of a release of high risk."""

    mix: str
    version: str
    manifest_digest: str
    reviewer: str
    reason: str
    at: str

    def to_json(self) -> bytes:
        return canonical_json(asdict(self))

    @classmethod
    def from_json(cls, data: bytes) -> Signature:
        return cls(**json.loads(data))


def high_risk(manifest: ReleaseManifest) -> bool:
    """Whether the mix says that two persons must approve."""
    return manifest.recipe.get("risk") == "high"


def builders(store: Store, ref: ReleaseRef) -> list[str] | None:
    """Who built a release, or ``None`` where it does not say: it was built before this was written down."""
    from infra.store import NotFound

    try:
        found = catalog.parsed(store.read(built_key(ref)), built_key(ref)).get("by")
    except NotFound:
        return None
    return [str(name) for name in found] if isinstance(found, list) else None


def built_key(ref: ReleaseRef) -> str:
    return f"{ref.folder}/built.json"


def note_builder(store: Store, ref: ReleaseRef, name: str, *, first: bool = False) -> None:
    """Write down that ``name`` built a release, beside those who did before; none is ever taken out.

    ``first``: only where nobody is written down yet, for who found the release built.
    """
    key = built_key(ref)
    there = builders(store, ref)
    if there is None and store.put(key, canonical_json({"by": [name]}), if_absent=True):
        return
    if first:
        return
    # Another builder may write at the same time: what counts is that this name stands there at the end.
    while name not in (there := builders(store, ref) or []):
        store.put(key, canonical_json({"by": sorted({*there, name})}))


def may_sign(store: Store, ref: ReleaseRef, people: People, verdict: str, name: str) -> None:
    """Raises `ReleaseRefused` unless ``name`` may decide on a release: known, a reviewer or officer, not its builder."""
    person = people.get(name)
    if person is None:
        raise ReleaseRefused(
            f"{name!r} is not in the registry and cannot decide on {ref}",
            state="nothing was written",
            fix=f"sign as one of {', '.join(one.name for one in people.people if one.may_sign) or 'nobody yet'}",
        )
    if not person.may_sign:
        raise ReleaseRefused(
            f"{name} is {' and '.join(person.roles)} and may not decide on {ref}: that takes {' or '.join(sorted(SIGNING))}",
            state="nothing was written",
            fix="let a reviewer or an officer decide",
        )
    built = builders(store, ref)
    if verdict == "approve" and built is None:
        raise ReleaseRefused(
            f"nothing says who built {ref}, so nobody can be shown not to sign what they built",
            state="nothing was written",
            fix=f"clearinghouse release {ref.mix}",
        )
    if verdict == "approve" and name in (built or ()):
        raise ReleaseRefused(
            f"{name} built {ref} and cannot approve it", state="nothing was written", fix="let somebody else decide"
        )


def key_fits(people: People, kind: str, name: str, signer: Signer, at: str) -> None:
    """Raises `ReleaseRefused` where the ledger would not take this key for ``name``."""
    from governance.ledger import signer_fault

    fault = signer_fault(people, kind, name, signer.key_id, at)
    if fault:
        raise ReleaseRefused(
            f"the decision cannot be recorded: the entry {fault}",
            state="nothing was written",
            fix="sign with your own key: --signing-key or CLEARINGHOUSE_SIGNING_KEY",
        )


def standing(store: Store, ref: ReleaseRef) -> list[tuple[int, bytes, Signature]]:
    """The signatures under a release, as they were put there. Raises `IntegrityError` for a damaged one."""
    from infra.store.sequence import entries

    found = []
    for number, entry in entries(store, _folder(ref)):
        data = store.read(entry.key)
        made = catalog.parsed(data, entry.key)
        try:
            found.append((number, data, Signature(**made)))
        except TypeError as error:
            raise catalog._damaged(entry.key, error) from None
    return found


def sign(store: Store, ref: ReleaseRef, made: Signature, people: People, signer: Signer) -> tuple[Signature, int]:
    """Put a person's signature under a release, once; returns the one that stands and the number of its entry."""
    from clearinghouse.jobs.record import record
    from infra.store.sequence import append, newest

    last = newest(store, LEDGER)
    before: list[Signature] = []

    def make(_: int, __: bytes | None) -> bytes | None:
        before[:] = [one for _, _, one in standing(store, ref) if one.reviewer == made.reviewer]
        return None if before else made.to_json()

    append(store, _folder(ref), make)
    stands = before[0] if before else made
    if stands.manifest_digest != made.manifest_digest:
        raise ReleaseRefused(
            f"{made.reviewer} signed another manifest of {ref}: {stands.manifest_digest}",
            state="that signature stands; nothing was written",
            fix=f"clearinghouse verify {ref}",
        )
    key_fits(people, KIND, made.reviewer, signer, made.at)
    entry = record(
        store,
        kind=KIND,
        actor=stands.reviewer,
        at=stands.at,
        body={
            "mix": ref.mix,
            "version": ref.version,
            "verdict": "approve",
            "reason": stands.reason,
            "manifest_digest": stands.manifest_digest,
            "signature": digest(stands.to_json()),
        },
        since=last[0] if last and not before else 0,
        signer=signer,
        same=("signature",),
    )
    return stands, entry


def counted(store: Store, ref: ReleaseRef, manifest: ReleaseManifest, people: People) -> dict[str, int]:
    """Whose signatures count, and the numbers of their ledger entries: signed with a key that the registry knows."""
    from governance.ledger import payload, signer_fault
    from governance.signing import decode, verify

    wanted = {
        digest(data): one.reviewer for _, data, one in standing(store, ref) if one.manifest_digest == manifest.digest
    }
    found: dict[str, int] = {}
    for entry in _recorded_back(store, len(wanted)):
        body = entry["body"]
        name = wanted.get(str(body.get("signature")))
        signature = entry.get("signature")
        if name is None or name != entry.get("actor") or name in found or not isinstance(signature, Mapping):
            continue
        at, key = str(entry.get("at")), str(signature.get("key"))
        raw, owner = decode(str(signature.get("value"))), people.key(key)
        if raw is None or owner is None or signer_fault(people, KIND, name, key, at):
            continue
        if verify(owner[1].raw, raw, payload(entry)):
            found[name] = int(entry["ordinal"])
        if len(found) == len(wanted):
            break
    return found


def _recorded_back(store: Store, wanted: int) -> Any:
    """The ledger's entries of `KIND`, newest first; none is read where none is wanted."""
    from infra.store import NotFound
    from infra.store.sequence import key_of, newest

    last = newest(store, LEDGER) if wanted else None
    for number in range(last[0] if last else 0, 0, -1):
        try:
            data = store.read(key_of(LEDGER, number))
            entry = json.loads(data) if KIND.encode() in data else None
        except (NotFound, ValueError):
            continue
        if isinstance(entry, dict) and entry.get("kind") == KIND and isinstance(entry.get("body"), dict):
            yield entry


def missing_roles(people: People, names: Mapping[str, int] | set[str], reviewers: list[str]) -> list[str]:
    """Which roles have yet to sign: ``reviewer``, ``officer``, both or none.

    One person counts for one role, whatever roles they have. Where the mix names reviewers, one of these signs as such.
    """
    as_reviewer = {
        name
        for name in names
        if (person := people.get(name)) and "reviewer" in person.roles and (not reviewers or name in reviewers)
    }
    as_officer = {name for name in names if (person := people.get(name)) and "officer" in person.roles}
    if any(one != other for one in as_reviewer for other in as_officer):
        return []
    if as_reviewer and as_officer:
        # One person who is both: whoever comes may be either.
        return ["reviewer or officer"]
    return [role for role, there in (("reviewer", as_reviewer), ("officer", as_officer)) if not there]


def _folder(ref: ReleaseRef) -> str:
    return f"{ref.folder}/signatures"
