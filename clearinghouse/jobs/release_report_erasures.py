"""Erasures that concern a mix, as a report tells them: what was asked, until when, and which release is clean of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from infra.store import Store


def erasures(store: Store, mix: str) -> list[dict[str, Any]]:
    """Erasures that reached a release of the mix, and those of which nobody knows yet, by the day they were received.

    Ids, laws, days and counts; neither the reason nor a hash of anybody. ``standing`` is ``met`` or ``late`` for what is
    done and ``due`` for what is not: a report has no clock, the day stands beside it.
    """
    from clearinghouse.jobs.erase_suppress import FOLDER

    if not any(True for _ in store.folders(f"{FOLDER}/")):
        # What follows brings the search for people with it, a third of a CPU second.
        return []
    from clearinghouse.jobs.erase import requests
    from clearinghouse.jobs.erase_certificate import state
    from clearinghouse.jobs.erase_find import read

    found = []
    for asked in requests(store):
        known = state(store, asked)
        here = known["releases"].get(mix)
        if here is None and known["rewritten_at"] is not None:
            continue
        done = known["completed_at"]
        # While it is carried out a release is made anew: what was found and held back by then is known already.
        rows = known["found"]["rows"] or len({(row.dataset, row.id) for row in read(store, known["erasure"])})
        held = sorted(name for name in known["frozen"] if name.partition("@")[0] == mix)
        found.append(
            {
                "erasure": known["erasure"],
                "law": known["law_title"],
                "clause": known["clause"],
                "received": known["received"],
                "due": known["due"],
                "standing": "due" if done is None else "met" if done[:10] <= known["due"] else "late",
                "completed_at": done,
                "certified": known["certified"],
                "subjects": known["subjects"],
                "rows": rows,
                "affected": list(here["affected"]) if here else held,
                "clean": here["clean"] if here else None,
                "verified_by": known["verified_by"],
            }
        )
    return found
