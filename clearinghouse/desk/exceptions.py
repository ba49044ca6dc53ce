"""Exceptions at the desk: gates that somebody let through for a time. All of them, and a new one for a release."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from clearinghouse.catalog import ReleaseRef
from clearinghouse.desk import releases
from clearinghouse.desk.visit import Visit
from clearinghouse.jobs.context import NotFoundByName
from clearinghouse.jobs.waivers import NEVER, everywhere, waivers
from schemas.errors import IntegrityError


def listing(visit: Visit) -> Response:
    """Every exception of releases that the person sees, those that hold first, by the day on which they run out."""
    seen: dict[tuple[str, str], str | None] = {}
    rows = []
    for one in everywhere(visit.desk.store):
        key = (one["mix"], one["version"])
        if key not in seen:
            seen[key] = _digest(visit, *key)
        if seen[key] is not None:
            # One of a manifest that is not there any more lets nothing through.
            there = seen[key] == one["manifest_digest"]
            ref = ReleaseRef(*key)
            rows.append({**one, "ref": ref, "place": releases.place(ref), "valid": one["valid"] and there})
    rows.sort(key=lambda one: (not one["valid"], one["until"], str(one["ref"]), one["gate"]))
    return visit.page("exceptions", exceptions=rows)


def _digest(visit: Visit, mix: str, version: str) -> str | None:
    try:
        return releases.named(visit, mix, version).manifest.digest
    except (NotFoundByName, IntegrityError):
        return None


def of_release(visit: Visit, manifest: Any, gates: list[dict[str, Any]], why_not: str) -> dict[str, Any]:
    """What the page of a release says of exceptions: those there are, and the gates that this person can enter one for;
    who built the release lets nothing through."""
    from clearinghouse.jobs.signatures import builders

    stuck = [str(row["name"]) for row in gates if row.get("passed") is not True and row["name"] not in NEVER]
    built = builders(visit.desk.store, ReleaseRef(manifest.mix, manifest.version)) or []
    return {
        "exceptions": waivers(visit.desk.store, manifest),
        "may_except": stuck if visit.who.may_sign and not why_not and visit.who.name not in built else [],
    }


def enter(visit: Visit) -> Response:
    """Let a gate through until a day, under the caller's own key and name."""
    from clearinghouse.jobs.waivers import waive

    info = releases.found(visit)
    releases.same_manifest(visit, info)
    done = waive(
        visit.settings,
        str(info.ref),
        visit.form.get("gate", "")[:200],
        owner=visit.who.name,
        reason=visit.form.get("reason", "")[:4000],
        until=visit.form.get("until", "")[:40],
        signer=visit.signer(),
    )
    notice = visit.say(
        "{gate} is let through until {until}: ledger entry {number}.",
        gate=done["gate"],
        until=done["until"],
        number=done["ledger"],
    )
    return releases.page(visit, releases.found(visit), notice=notice)
