"""The report of a release as it stands: with its audit, exceptions, signatures and decision; kept as ``signed.html``.

What was built stands in ``report.json``, which the manifest names; this adds what people did since. The page that was
put when the release was decided stays: ``signed.html`` is written once. The same page can be made anew at any time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from clearinghouse import catalog
from clearinghouse.catalog import LEDGER, ReleaseRef
from clearinghouse.jobs import signatures
from clearinghouse.settings import Settings
from schemas.canonical import digest
from schemas.errors import IntegrityError
from schemas.manifest import Decision, ReleaseManifest

if TYPE_CHECKING:
    from infra.store import Store

BUILT, SIGNED = "report.json", "signed.html"


def signed_key(ref: ReleaseRef) -> str:
    return f"{ref.folder}/{SIGNED}"


def put(settings: Settings, store: Store, ref: ReleaseRef, entry: int) -> bool:
    """Write ``signed.html`` of a decided release unless it is there; ``entry`` is the decision's number in the ledger.

    A release whose report is gone, or was never a report, gets none: its decision does not hang on a page. Returns whether
    it is there. Raises `StoreError`.
    """
    from governance.report import render

    if store.stat(signed_key(ref)) is not None:
        return True
    try:
        found = as_it_stands(settings, store, ref, entry=entry)
    except IntegrityError:
        return False
    store.put(signed_key(ref), render(found).html, if_absent=True)
    return True


def of_release(settings: Settings, release: str) -> dict[str, Any]:
    """The facts of the report of ``mix@version`` with all that was done since. Raises `NotFoundByName`, `IntegrityError`
    or `StoreError`."""
    from infra.store import open_store

    store = open_store(settings.store)
    return as_it_stands(settings, store, catalog.resolve(store, release))


def as_it_stands(settings: Settings, store: Store, ref: ReleaseRef, *, entry: int = 0) -> dict[str, Any]:
    """`of_release` for a store that is open. ``entry`` spares the search for the decision in the ledger."""
    from clearinghouse.jobs.audit_rows import frozen
    from clearinghouse.jobs.release_report_erasures import erasures
    from clearinghouse.jobs.waivers import applied

    manifest = catalog.manifest_of(store, ref)
    facts = built(store, ref, manifest)
    decision = catalog.decision_of(store, ref)
    at = decision.at if decision else ""
    audit, gates = _audited(settings, store, ref, manifest, at)
    facts["gates"] = [dict(row) for row in applied(store, manifest, manifest.gates, signed_at=at)]
    facts["signing_gates"] = gates or facts["signing_gates"]
    facts["exceptions"] = [
        {"gate": row["name"], **row["waived"]}
        for row in (*facts["gates"], *facts["signing_gates"])
        if row.get("waived")
    ]
    facts["audit"] = audit
    facts["erasures"] = erasures(store, ref.mix)
    facts["held_back"] = len(frozen(store, ref))
    _as_of_now(facts)
    facts["decided"] = _decided(store, ref, manifest, decision, entry)
    return facts


def _as_of_now(facts: dict[str, Any]) -> None:
    """What people did since takes what was said of it when the release was built out of the sentences of the report."""
    from clearinghouse.jobs.release_report_words import SAMPLE, not_passed

    if facts["audit"] is not None:
        facts["unchecked"] = [row for row in facts["unchecked"] if row["what"] != SAMPLE]
    now = list(not_passed([*facts["gates"], *facts["signing_gates"]]))
    for name, said in (("risks", [one for one, _ in now]), ("risks_zh", [one for _, one in now])):
        facts[name] = [one for one in facts[name] if not one.startswith(_GATES)] + said


_GATES = ("Gates not passed:", "未通过的关卡：")


def built(store: Store, ref: ReleaseRef, manifest: ReleaseManifest) -> dict[str, Any]:
    """The facts that the release was built with, whatever version of the program built it.

    Raises `IntegrityError` where ``report.json`` is gone, is not what the manifest names, or is no report.
    """
    from governance.report import complete
    from infra.store import NotFound

    key = f"{ref.folder}/{BUILT}"
    fix = f"restore {key} from a copy, then: clearinghouse verify {ref}"
    try:
        data = store.read(key)
    except NotFound:
        raise IntegrityError(f"{key} is gone", state="nothing was written", fix=fix) from None
    if digest(data) != manifest.artefacts.get(BUILT):
        raise IntegrityError(
            f"{key} is not the report that the manifest of {ref} names", state="nothing was written", fix=fix
        )
    found = complete(catalog.parsed(data, key))
    if found is None:
        raise IntegrityError(f"{key} is no report", state="nothing was written", fix=fix)
    return found


def _audited(
    settings: Settings, store: Store, ref: ReleaseRef, manifest: ReleaseManifest, at: str
) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """The closed audit, and the gates of signing measured on it as they were when the release was decided.

    An audit that cannot be relied on is not shown, and its gates say why.
    """
    from clearinghouse.jobs.audit_result import closed
    from clearinghouse.jobs.signing_gates import asked, evaluate

    try:
        rows = [dict(row) for row in evaluate(settings, store, manifest, signed_at=at)]
        audit = closed(store, ref)
    except IntegrityError as error:
        gates = [{**vars(gate), "threshold": str(gate.threshold)} for gate in asked(manifest)]
        return None, [{**row, "value": "not measured", "passed": False, "detail": error.message} for row in gates]
    if audit is not None and audit.get("manifest_digest") != manifest.digest:
        return None, rows
    return audit, rows


def _decided(
    store: Store, ref: ReleaseRef, manifest: ReleaseManifest, decision: Decision | None, entry: int
) -> dict[str, Any] | None:
    """Who decided what, in which role, with which signature, and where the ledger has it; ``None`` before anybody did."""
    from clearinghouse.jobs.people import in_force

    under = signatures.standing(store, ref)
    if decision is None and not under:
        return None
    found = in_force(store)
    people = found[1] if found else None

    def roles(name: str) -> list[str]:
        person = people.get(name) if people else None
        return list(person.roles) if person else []

    made: dict[str, Any] = {
        "status": "waits" if decision is None else "approved" if decision.verdict == "approve" else "rejected",
        "manifest_digest": manifest.digest,
        "built_by": signatures.builders(store, ref),
        "signatures": [
            {"reviewer": one.reviewer, "roles": roles(one.reviewer), "reason": one.reason, "at": one.at}
            for _, _, one in under
        ],
        "by": None,
        "ledger": None,
    }
    if decision is None:
        return made
    made["by"] = {
        "reviewer": decision.reviewer,
        "roles": roles(decision.reviewer),
        "reason": decision.reason,
        "at": decision.at,
        "manifest_digest": decision.manifest_digest,
    }
    wanted = digest(store.read(ref.decision))
    for number, there in _entries(store, entry):
        body = there.get("body")
        if there.get("kind") == "decision" and isinstance(body, Mapping) and body.get("decision") == wanted:
            made["ledger"] = {
                "entry": number,
                "digest": digest(_entry(store, number)),
                "previous": str(there.get("previous", "")),
                "signature": there.get("signature"),
                "gates": dict(body.get("gates") or {}),
            }
            break
    return made


def _entries(store: Store, entry: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """The ledger's entries, the named one first and then from the newest back; what cannot be read is passed over."""
    from infra.store import NotFound
    from infra.store.sequence import newest

    last = newest(store, LEDGER)
    numbers = [*([entry] if entry else []), *range(last[0] if last else 0, 0, -1)]
    for number in numbers:
        try:
            found = json.loads(_entry(store, number))
        except (NotFound, ValueError):
            continue
        if isinstance(found, dict):
            yield number, found


def _entry(store: Store, number: int) -> bytes:
    from infra.store.sequence import key_of

    return store.read(key_of(LEDGER, number))
