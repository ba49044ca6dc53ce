"""The facts of a release's report: what a reviewer must know before signing.

Figures come from manifests, contracts, policy and evidence, those of earlier releases from `release_report_history`.
What no figure covers is said in words (`release_report_words`); what is shown of text is masked (`release_report_seen`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from clearinghouse.jobs.drift import told
from clearinghouse.jobs.release_facts import limited_by
from clearinghouse.jobs.release_gates import ingested
from clearinghouse.jobs.release_report_erasures import erasures
from clearinghouse.jobs.release_report_history import changes, earlier, history, matrix
from clearinghouse.jobs.release_report_seen import repeated, seen
from clearinghouse.jobs.release_report_words import risks, unchecked
from clearinghouse.jobs.release_select import Chosen, Selection
from schemas.actions import SCOPED, STRICTNESS
from schemas.canonical import digest
from schemas.contract import MixSource
from schemas.manifest import ReleaseManifest, Shard
from schemas.plans import RedactionPlan, redaction_plan

if TYPE_CHECKING:
    from infra.store import Store

#: Actions in the order in which people ask for them: what went, what stands in its place, what stayed.
ACTIONS = tuple(action for action in reversed(STRICTNESS) if action != "scan")


UNDECIDED: dict[str, Any] = {"audit": None, "decided": None, "exceptions": [], "held_back": 0}
"""What a report says of audit, decision, exceptions and rows that are held back before there are any (`clearinghouse.jobs.signed_report`)."""


def facts(
    store: Store, selection: Selection, manifest: ReleaseManifest, parent: ReleaseManifest | None
) -> dict[str, Any]:
    """Everything that the report shows, as plain JSON values without floats.

    ``store`` holds the shards of the release, the evidence of its sources and the releases before it.
    """
    before = earlier(store, manifest)
    plans = {chosen.contract.key: redaction_plan(chosen.contract, selection.policy) for chosen in selection.chosen}
    redactions = [_redaction(name, count, selection) for name, count in manifest.redactions.items()]
    sources = [
        _source(chosen, entry, manifest) for chosen, entry in zip(selection.chosen, manifest.sources, strict=True)
    ]
    not_scanned = list(_not_scanned(selection))
    left = list(risks(selection, manifest, redactions, plans))
    return {
        "format": 2,
        "release": _release(selection, manifest, parent),
        "decision": _decision(selection, manifest),
        "legal": _legal(selection),
        "gates": [dict(gate) for gate in manifest.gates],
        "signing_gates": _at_signing(manifest),
        "sources": sources,
        "units": sorted({source["unit"] for source in sources}),
        "redactions": redactions,
        "matrix": matrix(manifest, before),
        "actions": [action for action in ACTIONS if any(row["action"] == action for row in redactions)],
        "dropped_fields": [
            {"dataset": key, "field": plan.field, "classification": plan.classification}
            for key, plans_of in plans.items()
            for plan in plans_of.doing("drop")
        ],
        "not_scanned": not_scanned,
        "chars": _chars_of(selection.datasets),
        "unchecked": list(unchecked(selection, plans, not_scanned)),
        "risks": [said for said, _ in left],
        "risks_zh": [said for _, said in left],
        "quarantine": [
            {"dataset": source["dataset"], "reason": reason, "rows": rows}
            for source in sources
            for reason, rows in sorted(source["ingest"]["quarantined"].items(), key=lambda item: (-item[1], item[0]))
        ],
        "drift": list(_drift(selection)),
        "duplicates": _duplicates(manifest),
        "parts": _parts(manifest),
        "changes": changes(manifest, parent),
        "history": history(manifest, before),
        "seen": seen(manifest, partial(_shard, store, manifest)),
        "over": _over(store, selection, manifest),
        "erasures": erasures(store, manifest.mix),
        **UNDECIDED,
        "rules": list(_rules(plans)),
        "digests": _digests(manifest),
    }


def _shard(store: Store, manifest: ReleaseManifest, shard: Shard) -> Any:
    return store.open(manifest.shard_key(shard))


def _at_signing(manifest: ReleaseManifest) -> list[dict[str, Any]]:
    """Gates that are measured when somebody approves: their thresholds, and no value yet."""
    return [
        {"value": "", "passed": None, "detail": "", **dict(gate)} for gate in manifest.recipe.get("signing_gates", ())
    ]


def _over(store: Store, selection: Selection, manifest: ReleaseManifest) -> dict[str, Any]:
    """How much of the free text was taken out: by data set, and the strings that went most often."""
    return {
        "chars": [
            {"dataset": chosen.contract.key, **_chars_of([chosen])}
            for chosen in selection.datasets
            if _chars_of([chosen])["scanned"]
        ],
        **repeated(
            store,
            manifest.seed,
            {
                chosen.contract.key: [entry for receipt in chosen.current for entry in receipt.evidence]
                for chosen in selection.datasets
            },
        ),
    }


def _release(selection: Selection, manifest: ReleaseManifest, parent: ReleaseManifest | None) -> dict[str, Any]:
    mix = selection.mix
    return {
        "mix": manifest.mix,
        "version": manifest.version,
        "description": mix.description,
        "audience": mix.audience,
        "purpose": manifest.purpose,
        "sample_format": manifest.sample_format,
        "seed": manifest.seed,
        "budget": mix.budget,
        "limited_by": limited_by(manifest),
        "shards": len(manifest.shards),
        "totals": dict(manifest.totals),
        "tokenizer": dict(manifest.tokenizer),
        "policy": dict(manifest.policy),
        "parent": {"version": parent.version, "digest": parent.digest} if parent else None,
    }


def _decision(selection: Selection, manifest: ReleaseManifest) -> dict[str, Any]:
    name = f"{manifest.mix}@{manifest.version}"
    return {
        "status": "undecided",
        "reviewers": list(selection.mix.reviewers),
        "approve": f"clearinghouse approve {name} --reviewer NAME --reason TEXT",
        "reject": f"clearinghouse reject {name} --reviewer NAME --reason TEXT",
    }


def _legal(selection: Selection) -> list[dict[str, Any]]:
    found: dict[str, list[str]] = {}
    for chosen in selection.datasets:
        found.setdefault(chosen.contract.legal_basis, []).append(chosen.contract.key)
    return [{"basis": basis, "datasets": keys} for basis, keys in sorted(found.items())]


def _source(chosen: Chosen, entry: Mapping[str, Any], manifest: ReleaseManifest) -> dict[str, Any]:
    contract, snapshot = chosen.contract, chosen.snapshot
    counts = ingested(chosen)
    return {
        **entry,
        "title": contract.title,
        "owner": contract.owner,
        "description": contract.description,
        "limitations": contract.limitations,
        "weight": None if chosen.source.weight is None else f"{chosen.source.weight:f}",
        "budget": chosen.source.tokens,
        "asked": _asked(chosen.sources),
        "epochs": f"{chosen.source.epochs:f}",
        "tokens_of": manifest.totals["tokens"],
        "wanted_of": sum(source["tokens_wanted"] for source in manifest.sources),
        "ingest": {**asdict(counts), "filtered": dict(counts.filtered), "quarantined": dict(counts.quarantined)},
        "partitions": len({receipt.partition for receipt in chosen.current}),
        "first_partition": min((receipt.partition for receipt in chosen.current), default=""),
        "last_partition": max((receipt.partition for receipt in chosen.current), default=""),
        "quality": {
            **{name: int(snapshot.quality.get(name, 0)) for name in ("checks", "passed", "warnings", "skipped")},
            "key": str(snapshot.quality.get("key", "")),
        },
        "codes": sorted({receipt.basis.get("code", snapshot.code) for receipt in chosen.current}),
    }


def _asked(sources: Sequence[MixSource]) -> str:
    """What the mix asks of a data set, as one or as several sources."""
    if len(sources) > 1:
        return f"{len(sources)} sources"
    (one,) = sources
    if one.tokens is not None:
        return f"{one.tokens:,} tokens"
    return "by what it holds" if one.weight is None else f"weight {one.weight:f}"


def _parts(manifest: ReleaseManifest) -> dict[str, Any]:
    """The mix's sources, stages and validation split, where they are more than its data sets: columns and rows."""
    recipe, parts = manifest.recipe, manifest.curation.get("parts", ())
    stages, split = recipe.get("stages") or [], recipe.get("split")
    plain = not stages and split is None and all(list(part["datasets"]) == [part["name"]] for part in parts)
    if plain or not parts:
        return {}
    return {
        "stages": [stage["name"] for stage in stages] or ["train"],
        "split": None if split is None else {"validation": split["validation"], "by": split["by"]},
        "rows": [
            {
                "source": part["name"],
                "datasets": list(part["datasets"]),
                "filter": _filter(source),
                "available": part["available"],
                "held_out": part["held_out"],
                "tokens": list(part["tokens"]),
                "validation": part["validation_tokens"],
            }
            for source, part in zip(recipe["sources"], parts, strict=True)
        ],
    }


def _filter(source: Mapping[str, Any]) -> str:
    """What a source of a recipe takes, in words."""
    said = [", ".join(source["languages"])] if source["languages"] else []
    said += [f"{one['field']} {one['op']} {', '.join(map(str, one['values']))}" for one in source["where"]]
    return "; ".join(said)


def _redaction(name: str, count: int, selection: Selection) -> dict[str, Any]:
    dataset, field, entity, action, recogniser = name.split("|", 4)
    units = {chosen.contract.key: chosen.contract.unit for chosen in selection.chosen}
    return {
        "dataset": dataset,
        "unit": units[dataset],
        "field": field,
        "entity": entity,
        "action": action,
        "recogniser": recogniser,
        "count": count,
    }


def _not_scanned(selection: Selection) -> Iterator[dict[str, Any]]:
    for chosen in selection.datasets:
        found: Counter[str] = Counter()
        for receipt in chosen.current:
            found.update(receipt.not_scanned)
        for name, cells in sorted(found.items()):
            field, _, reason = name.partition("|")
            yield {"dataset": chosen.contract.key, "field": field, "reason": reason, "cells": cells}


def _chars_of(datasets: Sequence[Chosen]) -> dict[str, int]:
    """Code points of free text that were read by recognisers, and those that they replaced."""
    found: Counter[str] = Counter()
    for chosen in datasets:
        for receipt in chosen.current:
            for name, count in receipt.chars.items():
                found[name.rpartition("|")[2]] += count
    return {name: found[name] for name in ("scanned", "covered")}


def _drift(selection: Selection) -> Iterator[dict[str, Any]]:
    """Each source's snapshot beside those before it. One that is held back here was accepted by a person."""
    for chosen in selection.datasets:
        found = chosen.snapshot.drift
        yield {
            "dataset": chosen.contract.key,
            "snapshot": chosen.snapshot.ordinal,
            "status": "accepted" if found.get("held") else str(found.get("status", "not compared")),
            "baseline": list(found.get("baseline", ())),
            "changes": told(found),
        }


def _duplicates(manifest: ReleaseManifest) -> dict[str, Any]:
    """Documents of each source that went as copies, the largest clusters by id and size, and what was cut of documents."""
    how = manifest.curation.get("duplicates", {})
    made: Counter[str] = Counter()
    for source in manifest.sources:
        made[source["dataset"]] += source["counts"]["rows_in"]
    return {
        "near": how.get("near", 0),
        "sources": [{"dataset": key, "documents": made[key], **lost} for key, lost in how.get("sources", {}).items()],
        "largest": list(how.get("largest", [])),
        "lines": [{"dataset": key, **cut} for key, cut in manifest.curation.get("lines", {}).items()],
    }


def _rules(plans: Mapping[str, RedactionPlan]) -> Iterator[dict[str, Any]]:
    for key, plan in plans.items():
        for field in plan:
            if field.entity is None and field.action == "keep":
                continue
            yield {
                "dataset": key,
                "field": field.field,
                "classification": field.classification,
                "entity": "free text" if field.entity == "*" else field.entity or "",
                "action": field.action,
                "scope": field.scope if field.action in SCOPED else "",
                "citation": field.citation,
                "verified_by": field.verified_by,
            }


def _digests(manifest: ReleaseManifest) -> dict[str, Any]:
    return {
        "content": manifest.content_digest,
        "shards": digest([shard.sha256 for shard in manifest.shards]),
        "mix": str(manifest.recipe["digest"]),
        "policy": manifest.policy["digest"],
        "tokenizer": manifest.tokenizer["sha256"],
        "code": manifest.code,
        "sources": [
            {
                "dataset": source["dataset"],
                "snapshot": source["snapshot"]["digest"],
                "ordinal": source["snapshot"]["ordinal"],
                "contract": source["contract"]["digest"],
                "version": source["contract"]["version"],
            }
            for source in manifest.sources
        ],
    }
