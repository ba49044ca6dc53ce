"""A reviewer's decision on a release: checked, written once, recorded, and only then is `latest` moved.

The steps, each of which a rerun of the same command finds done or does:

    1. decision.json    put if absent: the first decision wins
    2. ledger entry     appended once
    3. `latest`         moved forward (approve only)

Killed between any two, the reviewer's decision stands and repeating it finishes the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clearinghouse import catalog
from clearinghouse.catalog import LEDGER, ReleaseRef
from clearinghouse.jobs.record import now, record
from clearinghouse.settings import Settings
from clearinghouse.verify import release_findings
from schemas.canonical import canonical_json, digest
from schemas.errors import IntegrityError, ReleaseRefused
from schemas.manifest import Decision, ReleaseManifest

if TYPE_CHECKING:
    from infra.store import Store

NOBODY = "nobody"
"""In whose name a release is rejected when no reviewer answered in time, whatever the mix says. Never approves."""


def decide(settings: Settings, release: str, verdict: str, reviewer: str, reason: str) -> dict[str, Any]:
    """Approve or reject ``mix@version``.

    An approval needs every gate passed and every shard and report hashed again to what the manifest names; a reject
    is always possible. Returns mix, version, verdict, reviewer, reason and at (of the decision that stands), ledger
    (number of its entry), latest (whether `latest` is this version now) and repeated (whether the decision was there
    before). `latest` never goes back: approving an older version leaves it where it is.

    Raises `NotFoundByName` (no such release), `ReleaseRefused` (gates, reviewer, reason, decided otherwise),
    `IntegrityError` (bytes that are not what the manifest names) or `StoreError`.
    """
    from infra.store import open_store
    from infra.store.sequence import newest

    reviewer, reason = reviewer.strip(), reason.strip()
    name = _well_formed(release, verdict, reviewer, reason)
    store = open_store(settings.store)
    ref = catalog.resolve(store, name)
    manifest = catalog.manifest_of(store, ref)
    stands = catalog.decision_of(store, ref)
    since = 0
    if stands is None:
        _may_decide(ref, manifest, verdict, reviewer)
        if verdict == "approve":
            _unchanged(store, ref, manifest, "nothing was written: the release is as undecided as before")
        made = Decision(ref.mix, ref.version, manifest.digest, verdict, reviewer, reason, now())
        last = newest(store, LEDGER)
        if store.put(ref.decision, made.to_json(), if_absent=True):
            since = last[0] if last else 0
        else:
            stands = catalog.decision_of(store, ref)
    decision = stands or made
    if stands is not None:
        _same(ref, stands, manifest, verdict, reviewer)
    entry = record(
        store,
        kind="decision",
        actor=decision.reviewer,
        at=decision.at,
        body={
            "mix": ref.mix,
            "version": ref.version,
            "verdict": decision.verdict,
            "reason": decision.reason,
            "manifest_digest": decision.manifest_digest,
            "decision": digest(store.read(ref.decision)),
        },
        since=since,
    )
    latest = False
    if decision.verdict == "approve":
        latest = _point(store, ref, manifest, entry, hashed=stands is None)
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
    }


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


def _may_decide(ref: ReleaseRef, manifest: ReleaseManifest, verdict: str, reviewer: str) -> None:
    reviewers = list(manifest.recipe.get("reviewers") or ())
    late = (verdict, reviewer) == ("reject", NOBODY)
    if reviewers and reviewer not in reviewers and not late:
        raise ReleaseRefused(
            f"{reviewer!r} may not decide on {ref}: its mix names {', '.join(reviewers)}",
            state="nothing was written",
            fix="let one of them decide, or add the reviewer to the mix and release it again",
        )
    failed = [gate for gate in manifest.gates if gate.get("passed") is not True]
    if verdict == "approve" and failed:
        lines = "\n".join(
            f"  {gate.get('name')}: {gate.get('value')}, must be {gate.get('comparison')} {gate.get('threshold')}"
            for gate in failed
        )
        raise ReleaseRefused(
            f"{ref} failed {len(failed)} of {len(manifest.gates)} gates and cannot be approved:\n{lines}",
            state="nothing was written",
            fix=f"mend the data or the mix, ingest and release again; or: clearinghouse reject {ref} …",
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
