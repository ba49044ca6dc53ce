"""Pages of erasures: what was asked for and how it stands, and a new request by an officer.

What is typed is hashed at once with the store's key. It is in no page, no message, no log and no file.
"""

from __future__ import annotations

import os

from starlette.responses import Response

from clearinghouse.desk.visit import Visit
from clearinghouse.jobs.erase_certificate import listing as job_listing
from clearinghouse.jobs.erase_certificate import status
from governance.erasure import BadRequest
from schemas.erasure_rules import ErasureRules, load_erasure_rules
from schemas.subject import KINDS

#: Values of one person that the form takes.
VALUES = 6


def listing(visit: Visit) -> Response:
    return visit.page("erasures", erasures=job_listing(visit.desk.settings))


def show(visit: Visit) -> Response:
    found = status(visit.desk.settings, str(visit.request.path_params["erasure"]))
    return visit.page("erasure", one=found)


def _rules() -> ErasureRules:
    return load_erasure_rules(os.environ.get("CLEARINGHOUSE_ERASURE_RULES"))


def form(visit: Visit) -> Response:
    return visit.page(
        "erasure_new",
        kinds=list(KINDS),
        rules=_rules(),
        values=range(VALUES),
        governed=visit.desk.register.in_force() is not None,
        key_at_hand=visit.key_at_hand,
    )


def request(visit: Visit) -> Response:
    """Record a request. A fault is told without what was typed, and the form has to be filled in again: a page that
    gave the values back would hold them."""
    from clearinghouse.jobs.erase import Why
    from clearinghouse.jobs.erase import request as job
    from governance.erasure import Person

    values = []
    for number in range(VALUES):
        kind, value = visit.form.get(f"kind{number}", ""), visit.form.get(f"value{number}", "")
        if not value.strip():
            continue
        if kind not in KINDS:
            raise BadRequest(
                f"value {number + 1} is of no kind that is known", state="nothing was written", fix="choose its kind"
            )
        values.append((kind, value))
    reason = visit.form.get("reason", "")[:2000]
    if any(value.strip().casefold() in reason.casefold() for _, value in values):
        # The reason goes into the ledger and the certificate, for good.
        raise BadRequest(
            "the reason holds one of the values", state="nothing was written", fix="name the request, not the person"
        )
    signer = visit.signer()
    why = Why(visit.form.get("trigger", ""), visit.form.get("received", ""), reason, visit.who.name)
    rules = os.environ.get("CLEARINGHOUSE_ERASURE_RULES")
    done = job(visit.settings, [Person(tuple(values))] if values else [], why, rules=rules, signer=signer)
    said = (
        "Recorded as {erasure}, due {due}. Their rows are kept out from now on."
        if done["new"]
        else "{erasure} is there."
    )
    found = status(visit.desk.settings, done["id"])
    return visit.page("erasure", one=found, notice=visit.say(said, erasure=done["id"], due=done["due"]))
