"""A self-assessment sheet in the order of TC260-003 (2024-02-29) s. 5 and s. 9, with what this release measured.

The standard was read through secondary sources; each line says whether its requirement was verified against the text.
Lines that only people can answer stand as `UNSTATED`, so that nobody takes an empty cell for "fulfilled".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from governance.exports.facts import UNSTATED, Facts, words

COLUMNS = ("clause", "requirement", "evidence", "result", "verified")
#: The gates that answer a clause, all of them, by the names that policies and profiles give them.
GATES: Mapping[str, tuple[str, ...]] = {
    "before": ("source_rejection_rate",),
    "after": ("source_harmful_rate",),
    "diverse": ("sources_per_language", "sources_per_type"),
    "traceable": ("contract_complete", "licence_present"),
    "consent": ("consent_recorded", "consent_for_personal"),
    "manual": ("manual_sample_items", "manual_pass_rate"),
    "technical": ("technical_sample_share", "technical_pass_rate"),
}
_OUTLINE = "secondary source only, outline"
_FIGURE = "figure not verified against the text"


def tc260(facts: Facts) -> list[dict[str, str]]:
    """Rows of `COLUMNS`; ``result`` is fulfilled, not fulfilled or `UNSTATED`."""
    return [dict(zip(COLUMNS, row, strict=True)) for row in _rows(facts)]


def _rows(facts: Facts) -> Iterator[tuple[str, str, str, str, str]]:
    gates = {gate["name"]: gate for gate in (*facts.manifest.gates, *facts.signing)}
    sources, stated = facts.sources, facts.stated
    yield (
        "5.1 a",
        "each source assessed before collection; more than 5 % unlawful or harmful content: not collected",
        *_gate(gates, "before"),
        _OUTLINE,
    )
    yield (
        "5.1 a",
        "each source verified again after collection, same limit",
        *_gate(gates, "after"),
        _OUTLINE,
    )
    yield (
        "5.1 b",
        "several sources for each language and type; domestic and foreign sources mixed sensibly",
        f"{len(sources)} sources, languages {words(list(facts.languages))}",
        _gate(gates, "diverse")[1],
        _OUTLINE,
    )
    yield (
        "5.1 c",
        "origin traceable: licence, contract or authorisation on record",
        "; ".join(f"{one['dataset']}: {one['licence']}, contract {one['contract']['version']}" for one in sources),
        _gate(gates, "traceable")[1],
        _OUTLINE,
    )
    yield ("5.2 a", "content filtered by keywords, classifiers and manual sampling", UNSTATED, UNSTATED, _OUTLINE)
    yield ("5.2 b", "owner of intellectual property; channel for complaints", stated.complaints, UNSTATED, _OUTLINE)
    yield (
        "5.2 c",
        "consent for personal information, separate consent for sensitive information",
        "; ".join(f"{one['dataset']}: {one['legal_basis']}, {one.get('consent') or UNSTATED}" for one in sources),
        _gate(gates, "consent")[1],
        _OUTLINE,
    )
    yield ("5.3", "annotators trained and examined; labelling and review kept apart", UNSTATED, UNSTATED, _OUTLINE)
    yield (
        "9.1",
        "manual sample of at least 4,000 items, at least 96 % pass",
        f"{_audit(facts.audit)}; {_gate(gates, 'manual')[0]}",
        _gate(gates, "manual")[1],
        _FIGURE,
    )
    yield (
        "9.1",
        "technical sample of at least 10 % of the corpus, at least 98 % pass",
        *_gate(gates, "technical"),
        _FIGURE,
    )


def _gate(gates: Mapping[str, Mapping[str, Any]], clause: str) -> tuple[str, str]:
    """What the gates of a clause say, and its result: fulfilled only where each of them was asked for and passed."""
    asked = [gates[name] for name in GATES[clause] if name in gates]
    told = "; ".join(_told(gate) for gate in asked) or "no gate of the policy or the mix's profiles asks for it"
    if not all(gate["passed"] is True for gate in asked):
        return told, "not fulfilled"
    return told, "fulfilled" if len(asked) == len(GATES[clause]) else UNSTATED


def _told(gate: Mapping[str, Any]) -> str:
    told = f"gate {gate['name']}: {gate['value']} {gate['comparison']} {gate['threshold']}"
    return told + (f" ({gate['detail']})" if gate["detail"] else "")


def _audit(audit: Mapping[str, Any] | None) -> str:
    if audit is None:
        return "no sample was read"
    total = audit["total"]
    return f"{total['read']} documents read, {total['leaks']} with a leak, share below {total['upper']} (95 %)"
