"""Pages of releases: the list, one release with its facts and gates, its report, and the decision on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from starlette.responses import Response

from clearinghouse import catalog
from clearinghouse.catalog import ReleaseInfo, ReleaseRef
from clearinghouse.desk import guard
from clearinghouse.desk.visit import Visit
from clearinghouse.jobs import signatures
from clearinghouse.jobs.audit import log_view, viewed
from clearinghouse.jobs.context import NotFoundByName
from schemas.errors import IntegrityError, ReleaseRefused
from schemas.registry import People

#: What may be fetched of a release, and as what. Pages are shown, all else is saved.
FILES = {
    "now.html": "text/html; charset=utf-8",
    "report.html": "text/html; charset=utf-8",
    "signed.html": "text/html; charset=utf-8",
    "report.json": "application/json",
    "redactions.csv": "text/csv; charset=utf-8",
    "sources.csv": "text/csv; charset=utf-8",
    "rules.csv": "text/csv; charset=utf-8",
    "audit.json": "application/json",
}
NOW = "now.html"
"""The report as it stands: made when it is asked for, and kept nowhere."""
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._+-]{0,199}")
#: Newest versions of a mix that the list shows.
_SHOWN = 20


def found(visit: Visit) -> ReleaseInfo:
    """The release that the path names. One that the person may not see is, to them, not there. Raises
    `NotFoundByName` or `IntegrityError`."""
    return named(visit, *(str(visit.request.path_params[name]) for name in ("mix", "version")))


def named(visit: Visit, mix: str, version: str) -> ReleaseInfo:
    """`found` for a name from elsewhere."""
    there = None
    if _NAME.fullmatch(mix) and _NAME.fullmatch(version) and ".." not in mix + version:
        store, ref = visit.desk.store, ReleaseRef(mix, version)
        if version not in (catalog.LATEST, catalog.POOL) and store.stat(ref.manifest) is not None:
            there = catalog.release(store, ref)
    if there is None or not visit.who.may_see(mix, there.manifest.sources):
        raise NotFoundByName("There is no such release.", fix="choose one from the list")
    return there


def place(ref: ReleaseRef) -> str:
    """Where the page of a release is."""
    return f"/releases/{ref.mix}/{ref.version}"


def listing(visit: Visit) -> Response:
    people = visit.desk.register.in_force()
    return visit.page("releases", releases=list(_rows(visit, people)), remark=visit.desk.register.remark())


def _rows(visit: Visit, people: People | None) -> Iterator[dict[str, Any]]:
    store = visit.desk.store
    for mix in store.folders("releases/"):
        for version in reversed(catalog.versions(store, mix)[-_SHOWN:]):
            ref = ReleaseRef(mix, version)
            try:
                info = catalog.release(store, ref)
            except IntegrityError as error:
                # One damaged release does not hide the others.
                if visit.who.own is None and visit.who.sees(mix):
                    yield {"ref": ref, "place": "", "damaged": error.message}
                continue
            if visit.who.may_see(mix, info.manifest.sources):
                passed = sum(gate.get("passed") is True for gate in info.manifest.gates)
                yield {
                    "ref": ref,
                    "place": place(ref),
                    "damaged": "",
                    "status": info.status,
                    "latest": info.is_latest,
                    "rows": info.manifest.totals.get("rows", 0),
                    "passed": passed,
                    "gates": len(info.manifest.gates),
                    "high": signatures.high_risk(info.manifest),
                    "audit": audit_state(visit, ref),
                    "who": who_may(visit, info, people) if info.status == "unsigned" else [],
                }


def audit_state(visit: Visit, ref: ReleaseRef) -> str:
    """``none``, ``open`` or ``closed``."""
    from clearinghouse.jobs.audit import result_key
    from clearinghouse.jobs.audit_sample import folder

    store = visit.desk.store
    if store.stat(result_key(ref)) is not None:
        return "closed"
    return "open" if store.stat(f"{folder(ref)}/sample.json") is not None else "none"


def who_may(visit: Visit, info: ReleaseInfo, people: People | None) -> list[str]:
    """Names of those who may approve: reviewers and officers who did not build it, whom the mix allows."""
    if people is None:
        return []
    built = signatures.builders(visit.desk.store, info.ref) or []
    named = [str(name) for name in info.manifest.recipe.get("reviewers") or ()]
    high = signatures.high_risk(info.manifest)
    return [
        one.name
        for one in people.people
        if one.may_sign
        and one.key is not None
        and one.name not in built
        and (not named or one.name in named or (high and "officer" in one.roles))
    ]


def show(visit: Visit) -> Response:
    return page(visit, found(visit))


def page(visit: Visit, info: ReleaseInfo, status: int = 200, **more: Any) -> Response:
    """The page of one release."""
    from clearinghouse.desk.exceptions import of_release
    from clearinghouse.jobs.waivers import applied

    store, ref, manifest = visit.desk.store, info.ref, info.manifest
    people = visit.desk.register.in_force()
    damage, signing = "", tuple[dict[str, Any], ...]()
    try:
        from clearinghouse.jobs import signing_gates

        signing = signing_gates.evaluate(visit.desk.settings, store, manifest)
    except IntegrityError as error:
        damage = error.message
    high = signatures.high_risk(manifest)
    names = signatures.counted(store, ref, manifest, people) if high and people is not None else {}
    asked = [str(name) for name in manifest.recipe.get("reviewers") or ()]
    why_not = _why_not(visit, info, people)
    gates = [*applied(store, manifest, manifest.gates), *signing]
    return visit.page(
        "release",
        status,
        ref=ref,
        place=place(ref),
        manifest=manifest,
        info=info,
        sources=manifest.sources,
        gates=gates,
        signing=[str(row["name"]) for row in signing],
        damage=damage,
        built=signatures.builders(store, ref),
        audit=audit_state(visit, ref),
        files=_files(visit, ref),
        high=high,
        signed_by=sorted(names),
        missing=signatures.missing_roles(people, names, asked) if high and people is not None else [],
        who=who_may(visit, info, people),
        why_not=why_not,
        remark=visit.desk.register.remark(),
        key_at_hand=visit.key_at_hand,
        **of_release(visit, manifest, gates, why_not if info.decision is None else visit.say("Decided")),
        **more,
    )


def _files(visit: Visit, ref: ReleaseRef) -> list[str]:
    """What may be fetched of a release and is there."""
    return [name for name in FILES if visit.desk.store.stat(f"{ref.folder}/{name}") is not None]


def _why_not(visit: Visit, info: ReleaseInfo, people: People | None) -> str:
    """What keeps this person from deciding; empty for nothing."""
    if info.decision is not None:
        return ""
    if not visit.who.may_sign:
        return visit.say("Your role does not let you do this.")
    if people is None:
        return ""
    try:
        signatures.may_sign(visit.desk.store, info.ref, people, "reject", visit.who.name)
    except ReleaseRefused as error:
        return error.message
    return ""


def report(visit: Visit) -> Response:
    """The report in a frame that can do nothing. The frame's own request is the one that is logged."""
    from clearinghouse.desk import quality

    info = found(visit)
    files, docs, damage = _files(visit, info.ref), dict[str, str](), ""
    try:
        docs = quality.of_sources(visit, info)
        files = [NOW, *files]
    except IntegrityError as error:
        damage = error.message
    return visit.page("report", ref=info.ref, place=place(info.ref), files=files, docs=sorted(docs), damage=damage)


def file(visit: Visit) -> Response:
    """One file of a release. That it was looked at is written down before it is sent."""
    from infra.store import NotFound

    info, name = found(visit), str(visit.request.path_params["file"])
    if name not in FILES:
        raise NotFoundByName("There is no such file.", fix="choose one from the page of the release")
    try:
        body = as_it_stands(visit, info.ref) if name == NOW else visit.desk.store.read(f"{info.ref.folder}/{name}")
    except NotFound:
        raise NotFoundByName(f"{info.ref} has no {name}.", fix=f"clearinghouse release {info.ref.mix}") from None
    if visit.request.method != "HEAD":
        log_view(visit.desk.store, info.ref, visit.who.name, (), f"desk {name}")
    answer = Response(body, media_type=FILES[name])
    answer.headers["Content-Security-Policy"] = guard.REPORT
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    if not name.endswith(".html"):
        answer.headers["Content-Disposition"] = f'attachment; filename="{info.ref.mix}-{info.ref.version}-{name}"'
    return answer


def as_it_stands(visit: Visit, ref: ReleaseRef) -> bytes:
    """The report with the audit, the exceptions and the signatures that there are now. Raises `IntegrityError`."""
    from clearinghouse.jobs import signed_report
    from governance.report import render

    return render(signed_report.as_it_stands(visit.settings, visit.desk.store, ref)).html


def views(visit: Visit) -> Response:
    """Who was shown what of a release."""
    info = found(visit)
    return visit.page("views", ref=info.ref, place=place(info.ref), views=list(viewed(visit.desk.store, info.ref)))


def decide(visit: Visit) -> Response:
    """Approve or reject, under the caller's own key. What is decided is the manifest that the page showed."""
    from clearinghouse.jobs.decide import decide as job

    info = found(visit)
    same_manifest(visit, info)
    wanted = visit.form.get("verdict", "")
    if wanted == "approve" and visit.form.get("read") != "yes":
        raise ReleaseRefused(
            f"who approves {info.ref} has read its report, and says so",
            state="nothing was written",
            fix="read the report, then tick the box",
        )
    signer = visit.signer()
    done = job(
        visit.settings, str(info.ref), wanted, visit.who.name, visit.form.get("reason", "")[:4000], signer=signer
    )
    if done["waits_for"]:
        roles = ", ".join(visit.say(role) for role in done["waits_for"])
        notice = visit.say(
            "Signed as ledger entry {number}. It waits for: {roles}.", number=done["ledger"], roles=roles
        )
    elif done["verdict"] == "approve":
        notice = visit.say("Approved and published: ledger entry {number}.", number=done["ledger"])
    else:
        notice = visit.say("Rejected: ledger entry {number}.", number=done["ledger"])
    return page(visit, found(visit), notice=notice, remarks=done["remarks"])


def same_manifest(visit: Visit, info: ReleaseInfo) -> None:
    """Raises `ReleaseRefused` where a form was filled in on a page that showed another manifest."""
    if visit.form.get("manifest") != info.manifest.digest:
        raise ReleaseRefused(
            f"{info.ref} is not what your page showed: its manifest is another one",
            state="nothing was written",
            fix="load the page again and read the report again",
        )
