"""The facts of a release's report: what a reviewer must know before signing.

Figures come from manifests, contracts and policy. What no figure covers is said in words: `_unchecked` and `_risks`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from clearinghouse.jobs.drift import told
from clearinghouse.jobs.release_facts import limited_by
from clearinghouse.jobs.release_gates import ingested
from clearinghouse.jobs.release_select import Chosen, Selection
from schemas.actions import KEYED, MARKS, SCOPED, STRICTNESS
from schemas.canonical import digest
from schemas.contract import MixSource
from schemas.manifest import ReleaseManifest
from schemas.plans import RedactionPlan, redaction_plan

#: Actions in the order in which people ask for them: what went, what stands in its place, what stayed.
ACTIONS = tuple(action for action in reversed(STRICTNESS) if action != "scan")


def facts(selection: Selection, manifest: ReleaseManifest, parent: ReleaseManifest | None) -> dict[str, Any]:
    """Everything that the report shows, as plain JSON values without floats."""
    plans = {chosen.contract.key: redaction_plan(chosen.contract, selection.policy) for chosen in selection.chosen}
    redactions = [_redaction(name, count, selection) for name, count in manifest.redactions.items()]
    sources = [
        _source(chosen, entry, manifest) for chosen, entry in zip(selection.chosen, manifest.sources, strict=True)
    ]
    not_scanned = list(_not_scanned(selection))
    return {
        "format": 1,
        "release": _release(selection, manifest, parent),
        "decision": _decision(selection, manifest),
        "legal": _legal(selection),
        "gates": list(manifest.gates),
        "sources": sources,
        "units": sorted({source["unit"] for source in sources}),
        "redactions": redactions,
        "matrix": _matrix(redactions, sources),
        "actions": [action for action in ACTIONS if any(row["action"] == action for row in redactions)],
        "dropped_fields": [
            {"dataset": key, "field": plan.field, "classification": plan.classification}
            for key, plans_of in plans.items()
            for plan in plans_of.doing("drop")
        ],
        "not_scanned": not_scanned,
        "chars": _chars(selection),
        "unchecked": list(_unchecked(selection, plans, not_scanned)),
        "risks": list(_risks(selection, manifest, redactions, plans)),
        "quarantine": [
            {"dataset": source["dataset"], "reason": reason, "rows": rows}
            for source in sources
            for reason, rows in sorted(source["ingest"]["quarantined"].items(), key=lambda item: (-item[1], item[0]))
        ],
        "drift": list(_drift(selection)),
        "duplicates": _duplicates(manifest),
        "parts": _parts(manifest),
        "changes": _changes(manifest, parent),
        "rules": list(_rules(plans)),
        "digests": _digests(manifest),
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


def _matrix(redactions: list[dict[str, Any]], sources: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Unit × entity × action, with the unit's rows beside it, so that rates can be told."""
    rows = Counter[str]()
    for source in sources:
        rows[source["unit"]] += source["row_counts"]["rows_in"]
    found: dict[tuple[str, str], Counter[str]] = {}
    for row in redactions:
        found.setdefault((row["unit"], row["entity"]), Counter())[row["action"]] += row["count"]
    return [
        {
            "unit": unit,
            "entity": entity,
            "actions": dict(sorted(actions.items())),
            "changed": sum(count for action, count in actions.items() if action != "keep"),
            "unit_rows": rows[unit],
        }
        for (unit, entity), actions in sorted(found.items())
    ]


def _not_scanned(selection: Selection) -> Iterator[dict[str, Any]]:
    for chosen in selection.datasets:
        found: Counter[str] = Counter()
        for receipt in chosen.current:
            found.update(receipt.not_scanned)
        for name, cells in sorted(found.items()):
            field, _, reason = name.partition("|")
            yield {"dataset": chosen.contract.key, "field": field, "reason": reason, "cells": cells}


def _chars(selection: Selection) -> dict[str, int]:
    """Code points of free text that were read by recognisers, and those that they replaced."""
    found: Counter[str] = Counter()
    for chosen in selection.datasets:
        for receipt in chosen.current:
            for name, count in receipt.chars.items():
                found[name.rpartition("|")[2]] += count
    return {name: found[name] for name in ("scanned", "covered")}


def _unchecked(
    selection: Selection, plans: Mapping[str, RedactionPlan], not_scanned: list[dict[str, Any]]
) -> Iterator[dict[str, str]]:
    """What nobody looked at, most serious first. An empty list would be a claim that nothing was missed."""
    scanned = [key for key, plan in plans.items() if plan.doing("scan")]
    for what, datasets in _no_recogniser(selection, plans).items():
        where = "every source that has any" if datasets == scanned else ", ".join(datasets)
        yield {
            "what": f"{what} in free text",
            "why": f"no recogniser of this kind ran; such values may stand in the free text of {where}",
        }
    if scanned:
        yield {
            "what": "How many names and addresses were missed",
            "why": "they are found by word lists and a model trained on generated text, which miss some; on the "
            "labelled sets that were measured, one name in five to ten",
        }
    cells = sum(row["cells"] for row in not_scanned)
    if cells:
        reasons = sorted({row["reason"] for row in not_scanned})
        why = f"{cells:,} cells or parts of cells: {', '.join(reasons).replace('_', ' ')}"
        yield {"what": "Parts of free text", "why": f"{why} (listed below)"}
    skipped = [
        chosen.contract.key for chosen in selection.datasets if int(chosen.snapshot.quality.get("skipped", 0) or 0)
    ]
    if skipped:
        yield {
            "what": "Some quality checks",
            "why": f"skipped for {', '.join(skipped)}: rules that look at values which scrubbing took away",
        }
    yield {
        "what": "Unlawful or harmful content",
        "why": "no keyword list, classifier or manual sample was applied; the rejection rate counts broken rows only",
    }
    yield {
        "what": "A blind sample of redactions and misses",
        "why": "none was drawn, so the share of missed values is not known; 0 leaks in n rows read would bound it "
        "under about 3/n (95 %)",
    }
    if selection.mix.format == "image-text":
        yield {
            "what": "What pictures show",
            "why": "faces, plates, screens and writing in them were not looked at; metadata was taken out of bytes, and "
            "pictures by reference were not fetched",
        }
    if selection.mix.dedup.near is None:
        yield {"what": "Near-duplicates", "why": "only documents equal after normalisation were taken out"}
    if selection.mix.decontaminate is None:
        yield {"what": "Benchmark contamination", "why": "no overlap with evaluation sets was looked for"}
    guessed = [
        chosen.contract.key
        for chosen in selection.datasets
        if chosen.contract.document is not None and chosen.contract.document.language == "auto"
    ]
    if guessed:
        yield {"what": "Language", "why": f"guessed by script and common words for {', '.join(guessed)}"}


def _no_recogniser(selection: Selection, plans: Mapping[str, RedactionPlan]) -> dict[str, list[str]]:
    """Kinds of personal data of the policy that no recogniser looks for in the free text that is released."""
    from clearinghouse.scrub import default_engine
    from governance.recognisers.regions import regions_for
    from schemas.plans import known_entities

    missing: dict[str, list[str]] = {}
    for chosen in selection.datasets:
        key = chosen.contract.key
        scanned = plans[key].doing("scan")
        if not scanned:
            continue
        language = chosen.contract.document.language if chosen.contract.document else ""
        stated = "" if language == "auto" or language.startswith("field:") else language
        regions = {code for plan in scanned for code in regions_for(plan.region, plan.language or stated)}
        there = set(default_engine(tuple(sorted(regions))).supported_entities())
        absent = known_entities(selection.policy) - there
        people = [name for entity, name in _FIRST.items() if entity in absent]
        others = [entity.lower().replace("_", " ") for entity in sorted(absent - set(_FIRST))]
        for names in (people, others):
            if names:
                said = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
                missing.setdefault(said[0].upper() + said[1:], []).append(key)
    return missing


#: What matters most, and has a name that people know it by.
_FIRST = {"PERSON": "names of persons", "ADDRESS": "postal addresses"}


def _risks(
    selection: Selection,
    manifest: ReleaseManifest,
    redactions: list[dict[str, Any]],
    plans: Mapping[str, RedactionPlan],
) -> Iterator[str]:
    """What is left, in words."""
    keys = ", ".join(sorted({source["snapshot"]["key_id"] for source in manifest.sources}))
    for action, count in manifest.left.items():
        if action == "pseudonym":
            yield (
                f"{count:,} values were replaced by keyed pseudonyms. Whoever holds key {keys} can link "
                "them, so they remain personal information."
            )
        else:
            named = f" (key {keys})" if action == "surrogate" else ""
            still = "; they remain personal information (PIPL art. 73)" if action in KEYED else ""
            yield f"{count:,} values were replaced by {MARKS[action]}{named}{still}."
    if any(plan.entity == "*" for plan in _all_fields(plans)):
        yield (
            "Free text was searched by patterns, for the record's own values and for names and addresses. What a person says "
            "about themselves in other words (a nickname, "
            "a workplace, a rare illness) is still there."
        )
    kept = [row for row in redactions if row["action"] == "keep"]
    if kept:
        kinds = ", ".join(sorted({row["entity"].lower().replace("_", " ") for row in kept}))
        yield f"{sum(row['count'] for row in kept):,} values were found and kept, as public: {kinds}."
    stale = sum(chosen.stale_rows for chosen in selection.datasets)
    if stale:
        yield f"{stale:,} rows scrubbed under an older contract, policy or key were left out, not scrubbed again."
    codes = {receipt.basis.get("code", "") for chosen in selection.datasets for receipt in chosen.current}
    if len(codes) > 1:
        yield f"Rows were scrubbed by {len(codes)} versions of the program; newer recognisers did not see older rows."
    cut = manifest.curation.get("duplicates", {}).get("cut", 0)
    if cut:
        yield (
            f"{cut:,} key{'' if cut == 1 else 's'} of near duplicates stood in more documents than were compared with each "
            "other, so some near duplicates among those may be left."
        )
    failed = [gate["name"] for gate in manifest.gates if gate["passed"] is not True]
    if failed:
        yield f"Gates not passed: {', '.join(failed)}. The release cannot be approved as it is."


def _all_fields(plans: Mapping[str, RedactionPlan]) -> Iterator[Any]:
    for plan in plans.values():
        yield from plan


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


def _changes(manifest: ReleaseManifest, parent: ReleaseManifest | None) -> dict[str, Any] | None:
    """This release beside the one before: tokens of each source, and redactions to a thousand rows."""
    if parent is None:
        return None
    before, now = _tokens(parent), _tokens(manifest)
    entities = sorted({name.split("|")[2] for name in [*parent.redactions, *manifest.redactions]})
    return {
        "version": parent.version,
        "tokens": [
            {
                "dataset": key,
                "before": before.get(key),
                "now": now.get(key),
            }
            for key in sorted({*before, *now})
        ],
        "entities": [
            {"entity": entity, "before": _by_entity(parent, entity), "now": _by_entity(manifest, entity)}
            for entity in entities
            if _by_entity(parent, entity) or _by_entity(manifest, entity)
        ],
        "rows": {"before": _rows(parent), "now": _rows(manifest)},
        "policy": {"before": dict(parent.policy), "now": dict(manifest.policy)},
    }


def _tokens(manifest: ReleaseManifest) -> Counter[str]:
    """Tokens by data set, all its views together."""
    found: Counter[str] = Counter()
    for source in manifest.sources:
        found[source["dataset"]] += source["tokens"]
    return found


def _by_entity(manifest: ReleaseManifest, entity: str) -> int:
    return sum(
        count
        for name, count in manifest.redactions.items()
        if name.split("|")[2] == entity and name.split("|")[3] != "keep"
    )


def _rows(manifest: ReleaseManifest) -> int:
    return sum(source["row_counts"]["rows_in"] for source in manifest.sources)


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
