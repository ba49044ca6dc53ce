"""Pages of the ledger: its entries, newest first, and the check of the whole chain."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from clearinghouse import catalog
from clearinghouse.cli.ledger import _what
from clearinghouse.desk.visit import Visit
from governance.ledger import Head, LedgerProblem, Verifier
from schemas.errors import IntegrityError

#: Entries on a page.
SHOWN = 50
#: Problems that are told one by one.
_TOLD = 50


def show(visit: Visit) -> Response:
    return _page(visit)


def _page(visit: Visit, **more: Any) -> Response:
    from infra.store import NotFound
    from infra.store.sequence import key_of, newest

    last = newest(visit.desk.store, catalog.LEDGER)
    top = last[0] if last else 0
    before = visit.request.query_params.get("before", "")
    if before.isascii() and before.isdigit():
        top = min(top, int(before[:12]) - 1)
    entries: list[dict[str, Any]] = []
    for number in range(top, max(0, top - SHOWN), -1):
        key = key_of(catalog.LEDGER, number)
        try:
            entry = catalog.parsed(visit.desk.store.read(key), key)
        except (NotFound, IntegrityError):
            entries.append({"number": number, "fault": True})
            continue
        body = entry.get("body") if isinstance(entry.get("body"), dict) else {}
        entries.append(
            {
                "number": number,
                "fault": False,
                "at": entry.get("at"),
                "actor": entry.get("actor"),
                "kind": entry.get("kind"),
                "what": _what(str(entry.get("kind")), body or {}),
                "why": (body or {}).get("reason", ""),
                "signed": "signature" in entry,
            }
        )
    older = top - SHOWN + 1 if top > SHOWN else 0
    return visit.page("ledger", entries=entries, older=older, **{"done": None, "problems": (), "kept": "", **more})


def check(visit: Visit) -> Response:
    """Verify every entry, and that a head that was kept elsewhere lies on the chain. Memory does not grow with it."""
    kept, head = visit.form.get("head", "").strip(), None
    if kept:
        try:
            head = Head.parse(kept)
        except ValueError:
            return visit.fault(400, visit.say("A head is a number, a colon and 64 hex digits."))
    problems: list[LedgerProblem] = []

    def tell(problem: LedgerProblem) -> None:
        if len(problems) < _TOLD:
            problems.append(problem)

    done = Verifier(head, tell=tell)
    for number, data in catalog.ledger(visit.desk.store):
        done.add(number, data)
    done.close()
    return _page(visit, done=done, problems=problems, kept=kept)
