"""A reviewer's decision on a release: checked, written once, recorded, and only then is `latest` moved.

The steps, each of which a rerun of the same command finds done or does:

    1. decision.json    put if absent: the first decision wins
    2. ledger entry     appended once, signed where the store is governed
    3. `latest`         moved forward (approve only)
    4. signed.html      the report with the decision in it, put if absent

Killed between any two, the reviewer's decision stands and repeating it finishes the rest. Before these, an approval of
high risk puts its signature beside the release and into the ledger (`clearinghouse.jobs.signatures`).
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from clearinghouse import catalog
from clearinghouse.catalog import LEDGER, ReleaseRef
from clearinghouse.jobs import signatures, signed_report, waivers
from clearinghouse.jobs.people import authority, open_signer
from clearinghouse.jobs.record import now, record
from clearinghouse.settings import Settings
from clearinghouse.verify import release_findings
from schemas.canonical import canonical_json, digest
from schemas.errors import IntegrityError, ReleaseRefused
from schemas.manifest import Decision, ReleaseManifest
from schemas.registry import NOBODY, People

if TYPE_CHECKING:
    from governance.signing import Signer
    from infra.store import Store

__all__ = ["NOBODY", "decide"]
# In nobody's name a release is rejected when no reviewer answered in time, whatever the mix says. Never approved.


def decide(
    settings: Settings,
    release: str,
    verdict: str,
    reviewer: str,
    reason: str,
    *,
    signer: Signer | None = None,
    ask: Callable[[str], bytes] | None = None,
) -> dict[str, Any]:
    """Approve or reject ``mix@version``.

    An approval needs every gate passed and every shard and report hashed again to what the manifest names; a reject
    is always possible. In a governed store (`clearinghouse.jobs.people`) the reviewer must be a reviewer or officer,
    must not have built the release, and signs with their own key: ``signer``, or the one that the settings name, whose
    passphrase ``ask`` may give. A mix of high risk takes a reviewer and an officer, two persons; the first approval
    only waits.

    Returns mix, version, verdict, reviewer, reason and at (of the decision or signature that stands), ledger (number
    of its entry), latest (whether `latest` is this version now), repeated (whether it was there before), waits_for
    (roles that have yet to sign; empty for a decision), signed (with a key) and remarks. `latest` never goes back:
    approving an older version leaves it where it is.

    Raises `NotFoundByName` (no such release), `ReleaseRefused` (gates, reviewer, reason, decided otherwise),
    `KeyMissing`, `IntegrityError` (bytes that are not what the manifest names) or `StoreError`.
    """
    from infra.store import open_store
    from infra.store.sequence import newest

    reviewer, reason = reviewer.strip(), reason.strip()
    name = _well_formed(release, verdict, reviewer, reason)
    store = open_store(settings.store)
    ref = catalog.resolve(store, name)
    manifest = catalog.manifest_of(store, ref)
    people = authority(settings, store)
    late = (verdict, reviewer) == ("reject", NOBODY)
    stands = catalog.decision_of(store, ref)
    if people is not None and not late:
        if stands is None:
            signatures.may_sign(store, ref, people, verdict, reviewer)
        signer = signer or open_signer(settings, reviewer, ask=ask)
        signatures.key_fits(people, "decision", reviewer, signer, now())
    else:
        signer = None
    told = _told(store, ref, people, late)
    since, signed_by = 0, dict[str, int]()
    if stands is None:
        _may_decide(store, ref, manifest, verdict, reviewer, people)
        if verdict == "approve":
            _not_held_back(store, ref, manifest)
        values: dict[str, str] = {}
        if verdict == "approve":
            values = _signing_gates(settings, store, ref, manifest)
            _unchanged(store, ref, manifest, "nothing was written: the release is as undecided as before")
            if signatures.high_risk(manifest):
                # _may_decide refuses it otherwise.
                assert people is not None
                assert signer is not None
                waiting, signed_by = _countersign(store, ref, manifest, people, signer, reviewer, reason)
                if waiting is not None:
                    return {**waiting, "signed": True, "remarks": told}
        made = Decision(ref.mix, ref.version, manifest.digest, verdict, reviewer, reason, now())
        last = newest(store, LEDGER)
        if store.put(ref.decision, made.to_json(), if_absent=True):
            since = last[0] if last else 0
        else:
            stands = catalog.decision_of(store, ref)
    decision = stands or made
    if stands is not None:
        values = {}
        if people is not None and signatures.high_risk(manifest) and verdict == stands.verdict == "approve":
            signed_by = signatures.counted(store, ref, manifest, people)
            if reviewer != stands.reviewer and reviewer in signed_by:
                # The other of the two made the decision of both; only they can finish what they began.
                return {**_other(store, ref, stands, signed_by[reviewer]), "remarks": told}
        _same(ref, stands, manifest, verdict, reviewer)
    body: dict[str, Any] = {
        "mix": ref.mix,
        "version": ref.version,
        "verdict": decision.verdict,
        "reason": decision.reason,
        "manifest_digest": decision.manifest_digest,
        "decision": digest(store.read(ref.decision)),
    }
    body |= {"gates": values} if values else {}
    body |= {"signatures": signed_by} if signed_by else {}
    body |= {"built_by": built} if people and (built := signatures.builders(store, ref)) else {}
    entry = record(
        store,
        kind="decision",
        actor=decision.reviewer,
        at=decision.at,
        body=body,
        since=since,
        signer=signer,
        same=("decision",),
    )
    latest = False
    if decision.verdict == "approve":
        latest = _point(store, ref, manifest, entry, hashed=stands is None)
    signed_report.put(settings, store, ref, entry)
    return {
        "mix": ref.mix,
        "version": ref.version,
        "verdict": decision.verdict,
        "reviewer": decision.reviewer,
        "reason": decision.reason,
        "at": decision.at,
        "ledger": entry,
        "latest": latest,
        "repeated": stands is not None,
        "waits_for": [],
        "signed": signer is not None,
        "remarks": told,
    }


def _other(store: Store, ref: ReleaseRef, stands: Decision, entry: int) -> dict[str, Any]:
    """What to say to the one of two signers who did not make the decision."""
    return {
        "mix": ref.mix,
        "version": ref.version,
        "verdict": stands.verdict,
        "reviewer": stands.reviewer,
        "reason": stands.reason,
        "at": stands.at,
        "ledger": entry,
        "latest": catalog.latest_version(store, ref.mix) == ref.version,
        "repeated": True,
        "waits_for": [],
        "signed": True,
    }


def _countersign(
    store: Store,
    ref: ReleaseRef,
    manifest: ReleaseManifest,
    people: People,
    signer: Signer,
    reviewer: str,
    reason: str,
) -> tuple[dict[str, Any] | None, dict[str, int]]:
    """Put one of two signatures under a release; what to say while it waits for the other, and whose count."""
    mine = signatures.Signature(ref.mix, ref.version, manifest.digest, reviewer, reason, now())
    stands, entry = signatures.sign(store, ref, mine, people, signer)
    counted = signatures.counted(store, ref, manifest, people)
    missing = signatures.missing_roles(people, counted, _reviewers(manifest))
    if not missing:
        return None, counted
    waiting = {
        "mix": ref.mix,
        "version": ref.version,
        "verdict": "approve",
        "reviewer": reviewer,
        "reason": stands.reason,
        "at": stands.at,
        "ledger": entry,
        "latest": False,
        "repeated": stands is not mine,
        "waits_for": missing,
    }
    return waiting, counted


def _signing_gates(settings: Settings, store: Store, ref: ReleaseRef, manifest: ReleaseManifest) -> dict[str, str]:
    """The gates of the moment of signing: their values by name. Raises `ReleaseRefused` where one is not passed."""
    if find_spec("clearinghouse.jobs.signing_gates") is None:
        return {}
    rows = import_module("clearinghouse.jobs.signing_gates").evaluate(settings, store, manifest)
    _passed(ref, rows, "gates that hold at the moment of signing", "see to what each of them names, then approve again")
    return {str(row.get("name")): str(row.get("value")) for row in rows}


def _passed(ref: ReleaseRef, rows: Any, what: str, fix: str) -> None:
    rows = list(rows)
    failed = [gate for gate in rows if gate.get("passed") is not True]
    if failed:
        lines = "\n".join(
            f"  {gate.get('name')}: {gate.get('value')}, must be {gate.get('comparison')} {gate.get('threshold')}"
            for gate in failed
        )
        raise ReleaseRefused(
            f"{ref} failed {len(failed)} of {len(rows)} {what} and cannot be approved:\n{lines}",
            state="nothing was written",
            fix=fix,
        )


def _told(store: Store, ref: ReleaseRef, people: People | None, late: bool) -> list[str]:
    """What whoever decides should know: that names are not proven, or that this clock is behind the ledger's."""
    import json

    from infra.store.sequence import newest

    found = []
    if people is None and not late:
        found.append("names are taken on trust: no registry of people is in force (clearinghouse people anchor)")
    last = newest(store, LEDGER)
    if last is not None:
        try:
            before = str(json.loads(store.read(last[1])).get("at"))
        except (ValueError, AttributeError):
            before = ""  # damage is told where the entry is appended
        here = now()
        if here < before:
            found.append(
                f"this clock says {here}, and the newest ledger entry is of {before}: one of the two clocks is wrong; "
                f"the order of the entries counts, and clearinghouse ledger verify will tell the time of {ref}"
            )
    return found


def _reviewers(manifest: ReleaseManifest) -> list[str]:
    return [str(name) for name in manifest.recipe.get("reviewers") or ()]


def _well_formed(release: str, verdict: str, reviewer: str, reason: str) -> str:
    missing = [what for what, value in (("a reviewer", reviewer), ("a reason", reason)) if not value]
    command = verdict if verdict in ("approve", "reject") else "approve"
    fix = f'clearinghouse {command} mix@version --reviewer NAME --reason "…"'
    if verdict not in ("approve", "reject"):
        raise ReleaseRefused(f"a verdict is approve or reject, not {verdict!r}", state="nothing was written", fix=fix)
    if missing:
        raise ReleaseRefused(
            f"a decision on {release} needs {' and '.join(missing)}", state="nothing was written", fix=fix
        )
    if (verdict, reviewer) == ("approve", NOBODY):
        raise ReleaseRefused(f"{NOBODY} cannot approve {release}", state="nothing was written", fix=fix)
    mix, version = catalog.parse_release(release)
    if version == catalog.LATEST:
        raise ReleaseRefused(
            f"{release!r} names no version: a decision is on one release, not on whatever is newest",
            state="nothing was written",
            fix=f"clearinghouse ls releases, then: clearinghouse {command} {mix}@VERSION …",
        )
    return f"{mix}@{version}"


def _may_decide(
    store: Store, ref: ReleaseRef, manifest: ReleaseManifest, verdict: str, reviewer: str, people: People | None
) -> None:
    reviewers = _reviewers(manifest)
    late = (verdict, reviewer) == ("reject", NOBODY)
    two = signatures.high_risk(manifest)
    person = people.get(reviewer) if people else None
    # A mix names who reviews; of an officer, whom a mix of high risk takes besides, it does not speak.
    officer = two and person is not None and "officer" in person.roles
    if reviewers and reviewer not in reviewers and not late and not officer:
        raise ReleaseRefused(
            f"{reviewer!r} may not decide on {ref}: its mix names {', '.join(reviewers)}",
            state="nothing was written",
            fix="let one of them decide, or add the reviewer to the mix and release it again",
        )
    if verdict == "approve" and two and people is None:
        raise ReleaseRefused(
            f"{ref} is of high risk: it takes a reviewer and an officer, and no registry says who is what",
            state="nothing was written",
            fix="clearinghouse people add, then clearinghouse people anchor",
        )
    if verdict == "approve":
        fix = f"mend the data or the mix, ingest and release again; or: clearinghouse reject {ref} …"
        _passed(ref, waivers.applied(store, manifest, manifest.gates), "gates", fix)


def _not_held_back(store: Store, ref: ReleaseRef, manifest: ReleaseManifest) -> None:
    """A release with rows of people who were erased is read with holes and signed by nobody."""
    from clearinghouse.jobs.erase_held import freeze_late, is_frozen

    freeze_late(store, ref, manifest)
    if is_frozen(store, ref):
        raise ReleaseRefused(
            f"{ref} holds rows of people who were erased and cannot be approved",
            state="nothing was written; readers treat those rows as holes",
            fix="clearinghouse erase ls names the release to be signed in its place",
        )


def _unchanged(store: Store, ref: ReleaseRef, manifest: ReleaseManifest, state: str) -> None:
    found = release_findings(store, manifest)
    if found:
        lines = "\n".join(f"  {finding}" for finding in found)
        raise IntegrityError(
            f"{ref} is not what its manifest names and cannot be approved; {len(found)} problem"
            f"{'s' * (len(found) != 1)}:\n{lines}",
            state=state,
            fix=f"clearinghouse release {ref.mix} (a lost shard is made again), or restore these files from a copy",
        )


def _same(ref: ReleaseRef, stands: Decision, manifest: ReleaseManifest, verdict: str, reviewer: str) -> None:
    """The decision that stands is the one that is asked for: then this run finishes it."""
    if (stands.reviewer, stands.verdict) != (reviewer, verdict):
        done = "approved" if stands.verdict == "approve" else "rejected"
        raise ReleaseRefused(
            f"{ref} is decided already: {done} by {stands.reviewer} on {stands.at}: {stands.reason}",
            state="that decision stands; nothing was written",
            fix=f"clearinghouse show {ref}; a new decision needs a new release",
        )
    if stands.manifest_digest != manifest.digest:
        raise IntegrityError(
            f"{ref} is not what was signed: the decision names manifest {stands.manifest_digest}, "
            f"found {manifest.digest}",
            state="nothing was written; `latest` was not moved",
            fix=f"restore {ref.manifest} from a copy, then: clearinghouse verify {ref}",
        )


def _point(store: Store, ref: ReleaseRef, manifest: ReleaseManifest, entry: int, *, hashed: bool) -> bool:
    """Move `latest` to this release unless it is there or further on; returns whether it stands there now."""
    from infra.store.sequence import append

    stands = ref.version

    def make(_: int, previous: bytes | None) -> bytes | None:
        nonlocal hashed, stands
        there = str(catalog.parsed(previous, ref.pointers).get("version")) if previous is not None else None
        if there is not None and catalog.version_key(there) >= catalog.version_key(ref.version):
            stands = there
            return None
        if not hashed:
            # An interrupted approval: the bytes were right then, but `latest` moves now.
            _unchanged(store, ref, manifest, "the decision stands and is recorded; `latest` was not moved")
            hashed = True
        return canonical_json(
            {"mix": ref.mix, "version": ref.version, "manifest_digest": manifest.digest, "ledger": entry}
        )

    append(store, ref.pointers, make)
    return stands == ref.version
