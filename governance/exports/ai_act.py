"""Summary of training content: Regulation (EU) 2024/1689 art. 53(1)(d), after the Commission's template.

The template (24 July 2025, again as C(2025) 8311 of 5 December 2025) has three sections: general information, list of
data sources, relevant aspects of data processing. Headings and order follow what secondary sources say of it; whoever
publishes the summary compares it with the template first, and the page says so.
"""

from __future__ import annotations

from typing import Any

from governance.exports.facts import UNSTATED, Facts

TEMPLATE = "C(2025) 8311 of 2025-12-05; headings from secondary sources, not verified against the text"
#: Upper bounds of the template's size ranges of text, in tokens.
_RANGES = ((10**9, "less than 1 billion tokens"), (10**13, "1 billion to 10 trillion tokens"))


def ai_act(facts: Facts) -> dict[str, Any]:
    """The three sections as plain values. A release is one part of what a model is trained on: a provider adds up."""
    manifest, stated = facts.manifest, facts.stated
    tokens = manifest.totals["tokens"]
    last = max((source["last_partition"] for source in facts.sources if source["last_partition"]), default=UNSTATED)
    return {
        "template": TEMPLATE,
        "covers": f"release {facts.name} alone, manifest {manifest.digest}",
        "1_general_information": {
            "1.1_provider": {"name_and_contact": stated.provider, "representative": stated.representative},
            "1.2_models": stated.models,
            "1.3_modalities_and_size": {
                "text": {
                    "range": next((name for most, name in _RANGES if tokens < most), "more than 10 trillion tokens"),
                    "tokens": tokens,
                    "documents": manifest.totals["rows"],
                },
                "languages": facts.languages,
            },
            "1.4_latest_data": last,
        },
        "2_list_of_data_sources": {
            "2.1_publicly_available_datasets": [],
            "2.2_private_datasets": {
                "licensed_commercially": UNSTATED,
                "from_third_parties": UNSTATED,
                "of_own_units": [
                    {
                        "dataset": one["dataset"],
                        "description": one["description"],
                        "licence": one["licence"],
                        "documents": one["documents"],
                        "tokens": one["tokens"],
                    }
                    for one in facts.sources
                ],
            },
            "2.3_crawled_from_online_sources": "none: a release draws on the units' own systems under contract",
            "2.4_user_data": [
                {
                    "dataset": one["dataset"],
                    "legal_basis": one["legal_basis"],
                    "consent": one.get("consent") or UNSTATED,
                }
                for one in facts.sources
                if facts.categories(one["dataset"])
            ],
            "2.5_synthetic_data": _synthetic(facts),
            "2.6_other": UNSTATED,
        },
        "3_data_processing": {
            "3.1_reservation_of_rights": stated.opt_outs,
            "3.2_illegal_content": stated.illegal_content,
            "3.3_personal_data": {
                "removed": facts.redacted,
                "left": dict(manifest.left),
                "not_checked": [one["what"] for one in facts.report["unchecked"]],
            },
        },
    }


def _synthetic(facts: Facts) -> Any:
    told = [one["dataset"] for one in facts.sources if one.get("synthetic")]
    return told or "none declared by the contracts"
