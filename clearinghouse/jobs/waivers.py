"""Exceptions: a gate that is not passed and is let through for a time, by somebody who answers for it.

The ledger is where they stand, and the only place: an entry names the release by its manifest, the gate, who, why and until
when. One that has run out does not count; the day is today's or that of the newest ledger entry, whichever is later, so
that a clock which goes back brings none to life again. A release that was approved under an exception stays approved.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from clearinghouse import catalog
from clearinghouse.catalog import LEDGER, ReleaseRef
from clearinghouse.jobs.record import now, record
from clearinghouse.settings import Settings
from schemas.errors import ReleaseRefused
from schemas.manifest import ReleaseManifest

if TYPE_CHECKING:
    from governance.signing import Signer
    from infra.store import Store

WAIVER = "waiver"
"""The kind of ledger entry that an exception is."""
LONGEST = 366
#: Gates that nobody may let through: they say that the figures of all others hold.
NEVER = frozenset({"accounting_balanced"})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def waive(
    settings: Settings,
    release: str,
    gate: str,
    *,
    owner: str,
    reason: str,
    until: str,
    signer: Signer | None = None,
) -> dict[str, Any]:
    """Let a gate of ``mix@version`` through until the end of the day ``until`` (RFC 3339, UTC).

    In a governed store the owner is a reviewer or an officer who did not build the release, and signs: with ``signer``
    where the key is open already, else the settings say where it is. Returns release, gate, owner, reason, until and ledger (number of the entry). Raises `ReleaseRefused` with what is wrong,
    `NotFoundByName`, `KeyMissing` or `StoreError`.
    """
    from clearinghouse.jobs.people import authority, sign_as
    from infra.store import open_store

    store = open_store(settings.store)
    ref = catalog.resolve(store, release)
    manifest = catalog.manifest_of(store, ref)
    owner, reason = owner.strip(), reason.strip()
    today = _today(store)
    wrong = list(_faults(ref, manifest, gate, owner, reason, until, today))
    people = authority(settings, store)
    if people is not None:
        person = people.get(owner)
        if person is None or not person.may_sign:
            wrong.append(f"{owner!r} is neither a reviewer nor an officer")
        elif owner in _builders(store, ref):
            wrong.append(f"{owner} built {ref}")
    if wrong:
        raise ReleaseRefused(
            f"no exception for {gate} of {ref}: {'; '.join(wrong)}",
            state="nothing was written",
            fix=f'clearinghouse gate waive {ref} GATE --owner NAME --reason "…" --until YYYY-MM-DD',
        )
    signer = sign_as(settings, store, WAIVER, owner, signer=signer)
    number = record(
        store,
        kind=WAIVER,
        actor=owner,
        at=now(),
        body={
            "mix": ref.mix,
            "version": ref.version,
            "manifest_digest": manifest.digest,
            "gate": gate,
            "reason": reason,
            "until": until,
        },
        signer=signer,
    )
    return {"release": str(ref), "gate": gate, "owner": owner, "reason": reason, "until": until, "ledger": number}


def _builders(store: Store, ref: ReleaseRef) -> list[str]:
    from clearinghouse.jobs.signatures import builders

    return builders(store, ref) or []


def _faults(
    ref: ReleaseRef, manifest: ReleaseManifest, gate: str, owner: str, reason: str, until: str, today: str
) -> Iterable[str]:
    names = [str(row.get("name")) for row in (*manifest.gates, *manifest.recipe.get("signing_gates", ()))]
    if gate not in names:
        yield f"{ref} has no such gate; it has {', '.join(names)}"
    if gate in NEVER:
        yield "nobody may let it through"
    if not owner or not reason:
        yield "an exception has an owner and a reason"
    if not _DAY.fullmatch(until):
        yield f"{until!r} is not a day such as {today}"
        return
    try:
        days = (date.fromisoformat(until) - date.fromisoformat(today)).days
    except ValueError:
        yield f"{until!r} is not a day such as {today}"
        return
    if days < 0:
        yield f"{until} is over"
    elif days > LONGEST:
        yield f"{until} is more than {LONGEST} days away"


def _today(store: Store, at: str = "") -> str:
    """Today, or the day of the newest ledger entry where that is later."""
    from infra.store.sequence import newest

    last = newest(store, LEDGER)
    said = ""
    if last is not None:
        try:
            said = str(json.loads(store.read(last[1])).get("at", ""))[:10]
        except (ValueError, AttributeError):
            said = ""  # a damaged entry is for `clearinghouse ledger verify` to tell
    return max((at or now())[:10], said if _DAY.fullmatch(said) else "")


def waivers(store: Store, manifest: ReleaseManifest) -> list[dict[str, Any]]:
    """All exceptions of a release, oldest first: gate, owner, reason, until, at, ledger and valid (today)."""
    today = _today(store)
    return [{**one, "valid": one["until"] >= today} for one in _recorded(store, manifest)]


def everywhere(store: Store) -> list[dict[str, Any]]:
    """The exceptions of all releases, oldest first, as `waivers` says them, with mix, version and manifest_digest."""
    today = _today(store)
    return [{**one, "valid": one["until"] >= today} for one in _entries(store)]


def _recorded(store: Store, manifest: ReleaseManifest) -> Iterable[dict[str, Any]]:
    this = (manifest.mix, manifest.version, manifest.digest)
    for one in _entries(store):
        if (one["mix"], one["version"], one["manifest_digest"]) == this:
            yield one


def _entries(store: Store) -> Iterable[dict[str, Any]]:
    for entry in catalog.recorded(store, WAIVER):
        body = entry["body"]
        if _DAY.fullmatch(str(body.get("until"))):
            yield {
                **{name: str(body.get(name)) for name in ("mix", "version", "manifest_digest")},
                **{name: str(body.get(name)) for name in ("gate", "reason", "until")},
                "owner": str(entry.get("actor")),
                "at": str(entry.get("at")),
                "ledger": entry.get("ordinal"),
            }


def applied(
    store: Store, manifest: ReleaseManifest, rows: Iterable[Mapping[str, Any]], *, signed_at: str = ""
) -> tuple[dict[str, Any], ...]:
    """Gate rows, where those that are not passed and have an exception are passed and say so under ``waived`` (owner, reason,
    until). ``signed_at`` is when the release was approved: what held then holds. The ledger is read only where a gate failed."""
    made = [dict(row) for row in rows]
    failed = [row for row in made if row.get("passed") is not True]
    if not failed:
        return tuple(made)
    day = signed_at[:10] or _today(store)
    there = {
        one["gate"]: one
        for one in _recorded(store, manifest)
        if one["until"] >= day and one["gate"] not in NEVER and (not signed_at or one["at"] <= signed_at)
    }
    for row in failed:
        one = there.get(str(row.get("name")))
        if one is not None:
            row.update(passed=True, waived={name: one[name] for name in ("owner", "reason", "until")})
    return tuple(made)
