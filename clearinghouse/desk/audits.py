"""Pages of an audit: how far it is, one document at a time, what readers differ on, and the end.

Who has yet to read is not shown what others found. A document is logged as shown before it is; the text of a leak is
looked up and forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup, escape
from starlette.responses import Response

from clearinghouse.catalog import ReleaseInfo
from clearinghouse.cli.audit import plain
from clearinghouse.desk.releases import audit_state, found, place
from clearinghouse.desk.visit import Visit
from clearinghouse.jobs.audit import VERDICTS, Audit, Span, Verdict
from clearinghouse.jobs.audit_csv import parse_leaks
from clearinghouse.jobs.audit_rows import Document, documents
from clearinghouse.jobs.audit_sample import AuditError, Item
from schemas.subject import KINDS

#: What a leak is most often, beside what the release says of itself.
_ENTITIES = frozenset(entity for found in KINDS.values() for entity in found) - {"RECORD"}


def progress(visit: Visit) -> Response:
    return _page(visit, found(visit))


def _page(visit: Visit, info: ReleaseInfo, **more: Any) -> Response:
    from clearinghouse.jobs.audit_result import closed
    from clearinghouse.jobs.audit_result import result as job

    state = audit_state(visit, info.ref)
    values: dict[str, Any] = {"numbers": None, "result": None, "mine": 0, "unsettled": 0, "why_not": "", "missing": ()}
    if state == "closed":
        values["result"] = closed(visit.desk.store, info.ref)
    elif state == "open":
        audit = Audit.open(visit.desk.settings, str(info.ref))
        values["numbers"] = audit.progress()
        if set(visit.who.roles) & {"reviewer", "officer"}:
            try:
                values["mine"] = len(_queue(visit, audit))
                values["unsettled"] = len(_open_questions(visit, audit))
            except AuditError as error:
                values["why_not"] = error.message
        # Figures of leaks are told once nobody reads any more; what keeps it open is told always.
        values["missing"] = job(visit.desk.settings, str(info.ref))["missing"]
    return visit.page(
        "audit", ref=info.ref, place=place(info.ref), state=state, key_at_hand=visit.key_at_hand, **values, **more
    )


def _queue(visit: Visit, audit: Audit) -> list[Item]:
    """What the person has yet to read; of units that are not theirs, nothing."""
    return [item for item in audit.queue(visit.who.name) if _theirs(visit, audit, item)]


def _theirs(visit: Visit, audit: Audit, item: Item) -> bool:
    own = visit.who.own
    return own is None or audit.sample.strata[item.stratum].stratum.unit in own


def _open_questions(visit: Visit, audit: Audit) -> list[int]:
    """Rows that the person may settle: those that they have not read themselves."""
    audit.queue(visit.who.name)  # refuses who may not read
    mine = {one.row for one in audit.verdicts() if one.reader == visit.who.name}
    items = audit.sample.by_row
    return [row for row in audit.disagreements() if row not in mine and _theirs(visit, audit, items[row])]


def draw(visit: Visit) -> Response:
    from clearinghouse.jobs.audit_sample import draw as job

    info = found(visit)
    size, twice = visit.form.get("size", ""), visit.form.get("twice", "")
    if not (size.isascii() and size.isdigit() and 1 <= int(size[:9]) <= 100_000):
        raise AuditError("a sample has 1 to 100,000 rows", state="nothing was drawn", fix="give a whole number")
    if not (twice.isascii() and twice.isdigit() and int(twice[:9]) <= 100):
        raise AuditError(
            "two readers read 0 to 100 % of a sample", state="nothing was drawn", fix="give a whole number"
        )
    job(visit.settings, str(info.ref), size=int(size), twice=int(twice) / 100, signer=visit.signer())
    return visit.go(f"{place(info.ref)}/audit")


def read(visit: Visit) -> Response:
    """The next document of this reader's queue; with ``after``, the one that comes after a row that is left for later."""
    info = found(visit)
    audit = Audit.open(visit.desk.settings, str(info.ref))
    queue = _queue(visit, audit)
    if not queue:
        return visit.go(f"{place(info.ref)}/audit")
    after = visit.request.query_params.get("after", "")
    rows = [item.row for item in queue]
    start = rows.index(int(after)) + 1 if after.isascii() and after.isdigit() and int(after[:12]) in rows else 0
    row = rows[start % len(rows)]
    (document,) = audit.documents([row], visit.who.name, "desk")
    return _document(visit, info, document, len(queue), audit)


def _document(visit: Visit, info: ReleaseInfo, document: Document, left: int, audit: Audit, **more: Any) -> Response:
    kinds = {name.split("|")[-3] for name in info.manifest.redactions if name.count("|") >= 3}
    return visit.page(
        more.pop("template", "read"),
        ref=info.ref,
        place=place(info.ref),
        document=document,
        parts=[(number, part, shown(part.text)) for number, part in enumerate(document.parts)],
        entities=sorted(_ENTITIES | {name for name in kinds if name.replace("_", "").isalpha()}),
        left=left,
        numbers=audit.progress(),
        **{"said": (), "finds": (), "verdicts": VERDICTS, **more},
    )


def shown(text: str) -> Markup:
    """A document's text for the page: what stands in the place of a value is marked, and signs that cannot be seen are
    shown as ``□``. One sign stays one sign, so that places in it hold."""
    made = Markup("")
    for number, piece in enumerate(_pieces(plain(text))):
        made += Markup("<mark>{}</mark>").format(piece) if number % 2 else escape(piece)
    return made


def _pieces(text: str) -> Sequence[str]:
    """Text and marks in turns, text first."""
    import re

    return re.split(r"(<[A-Z][A-Z_]*(?::[0-9A-Za-z]+)?>|<[*•●█#]{3}[^<>\s]{0,4}>)", text)


def verdict(visit: Visit) -> Response:
    info = found(visit)
    audit = Audit.open(visit.desk.settings, str(info.ref))
    made = _verdict(visit, audit)
    if not _theirs(visit, audit, audit.sample.by_row[made.row]):
        raise AuditError(f"row {made.row} is of a unit that is not yours", state="nothing was written")
    audit.add(made)
    return visit.go(f"{place(info.ref)}/audit/read")


def _verdict(visit: Visit, audit: Audit) -> Verdict:
    """What the form says. Raises `AuditError`, never with a word of the document or of what was typed."""
    row = visit.form.get("row", "")
    item = audit.sample.by_row.get(int(row[:12])) if row.isascii() and row.isdigit() else None
    if item is None or item.id != visit.form.get("id"):
        raise AuditError("that document is not in the sample", state="nothing was written")
    said = visit.form.get("verdict", "")
    if said not in VERDICTS:
        raise AuditError(f"a verdict is {', '.join(VERDICTS)}", state="nothing was written")
    spans: tuple[Span, ...] = ()
    lines = visit.form.get("leaks", "").strip()
    if lines and said in ("leak", "over-redacted"):
        if item.row in audit.gone:
            raise AuditError(f"row {item.row} is frozen", state="nothing was written")
        (document,) = documents(audit.store, audit.manifest, {item.row: item.id})
        try:
            spans = tuple(sorted(set(parse_leaks(lines, document))))
        except ValueError as error:
            raise AuditError(
                str(error), state="nothing was written", fix="copy the text as it stands, or give its place"
            ) from None
    return Verdict(item.row, visit.who.name, said, spans, visit.form.get("harmful") == "yes")


def unsettled(visit: Visit) -> Response:
    """The first document on which readers differ, with what they said and without their names."""
    info = found(visit)
    audit = Audit.open(visit.desk.settings, str(info.ref))
    rows = _open_questions(visit, audit)
    if not rows:
        return visit.go(f"{place(info.ref)}/audit")
    (document,) = audit.documents([rows[0]], visit.who.name, "desk")
    said = [one for one in audit.verdicts() if one.row == rows[0]]
    return _document(
        visit,
        info,
        document,
        len(rows),
        audit,
        template="settle",
        said=[(one.verdict, one.harmful, places(one.spans)) for one in said],
        finds=places(audit.second_finds().get(rows[0], ())),
        verdicts=[one for one in VERDICTS if one != "unsure"],
    )


def places(spans: Iterable[Span]) -> list[str]:
    """Marks as the form takes them."""
    return [f"{span.entity or '–'} {span.part}:{span.start}-{span.end}" for span in spans]


def settle(visit: Visit) -> Response:
    info = found(visit)
    audit = Audit.open(visit.desk.settings, str(info.ref))
    made = _verdict(visit, audit)
    if not _theirs(visit, audit, audit.sample.by_row[made.row]):
        raise AuditError(f"row {made.row} is of a unit that is not yours", state="nothing was written")
    audit.adjudicate(made)
    return visit.go(f"{place(info.ref)}/audit/settle")


def close(visit: Visit) -> Response:
    from clearinghouse.jobs.audit_result import close as job

    info = found(visit)
    done = job(visit.settings, str(info.ref), visit.who.name, signer=visit.signer())
    return _page(visit, info, notice=visit.say("The audit is closed: ledger entry {number}.", number=done["ledger"]))
