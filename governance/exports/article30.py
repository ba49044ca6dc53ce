"""The record of processing activities, a row a source: Regulation (EU) 2016/679 art. 30(1)(a) to (g)."""

from __future__ import annotations

from governance.exports.facts import SECURITY, UNSTATED, Facts, words

COLUMNS = (
    "activity",
    "controller",
    "contact",
    "representative",
    "protection_officer",
    "purposes",
    "legal_basis",
    "consent",
    "categories_of_subjects",
    "categories_of_data",
    "recipients",
    "transfers",
    "residency",
    "time_limits",
    "security",
    "release",
    "manifest",
)
"""Art. 30(1): (a) controller to protection officer; (b) purposes; (c) categories; (d) recipients; (e) transfers;
(f) time limits; (g) security. Basis, consent and residency are not asked for there and help who reads it."""


def article30(facts: Facts) -> list[dict[str, str]]:
    """Rows of `COLUMNS`. Categories of data are the contract's classifications; whose they are follows from those."""
    stated = facts.stated
    rows = []
    for source in facts.sources:
        categories = facts.categories(source["dataset"])
        rows.append(
            {
                "activity": f"{facts.manifest.purpose} of language models on {source['dataset']} ({source['title']})",
                "controller": stated.controller if stated.controller != UNSTATED else f"{source['unit']} (unit)",
                "contact": stated.contact if stated.contact != UNSTATED else str(source["owner"]),
                "representative": stated.representative,
                "protection_officer": stated.protection_officer,
                "purposes": words(list(source["purposes"])),
                "legal_basis": source["legal_basis"],
                "consent": source.get("consent") or UNSTATED,
                "categories_of_subjects": "persons whom these fields or the free text are about"
                if categories
                else "none declared",
                "categories_of_data": words(categories) if categories else "none declared",
                "recipients": stated.recipients if stated.recipients != UNSTATED else facts.release["audience"],
                "transfers": stated.transfers,
                "residency": source["residency"],
                "time_limits": source["retention"],
                "security": stated.security or SECURITY,
                "release": facts.name,
                "manifest": facts.manifest.digest,
            }
        )
    return rows
