"""What a release says of itself: its manifest, the values of its gates, and the facts of the reviewer's report.

All from manifests, contracts and policy. No value of a unit's data can come here: none of them holds one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from clearinghouse.code import code_version
from clearinghouse.jobs.release_select import Chosen, Selection, policy_facts
from governance.gates import Measured, evaluate, shown
from schemas.contract import Contract
from schemas.errors import ReleaseRefused
from schemas.manifest import Counts, ReleaseManifest

if TYPE_CHECKING:
    from clearinghouse.jobs.release import Built


def manifest_of(
    selection: Selection,
    built: Built,
    *,
    version: str,
    parent: str | None,
    artefacts: Mapping[str, str] | None = None,
) -> ReleaseManifest:
    """The manifest of what was built. ``parent`` is the digest of the release before, ``artefacts`` the SHA-256 of
    each file beside the shards. Raises `ReleaseRefused` for a release without a row."""
    shards = tuple(shard for _, shard in built.shards)
    if not shards:
        raise ReleaseRefused(
            f"{selection.mix.name}: no document is left to release",
            state="nothing was written",
            fix="see the mix's filters and budget",
        )
    documents = [one.documents for one in built.drawn]
    return ReleaseManifest(
        mix=selection.mix.name,
        version=version,
        parent=parent,
        purpose=selection.mix.purpose,
        sample_format=selection.mix.format,
        seed=selection.mix.seed,
        recipe=selection.recipe,
        tokenizer=selection.tokenizer_facts,
        policy=policy_facts(selection.policy),
        code=code_version(),
        sources=tuple(_sources(selection, built)),
        shards=shards,
        totals={
            "rows": sum(shard.rows for shard in shards),
            "tokens": sum(shard.tokens for shard in shards),
            "bytes": sum(shard.bytes for shard in shards),
            "documents": sum(counts.rows_in for counts in documents),
            "taken": sum(counts.kept for counts in documents),
            "duplicates": sum(counts.duplicates for counts in documents),
        },
        gates=evaluate(selection.policy.gates, gate_values(selection, built)),
        redactions=dict(sorted(_redactions(selection).items())),
        artefacts=dict(artefacts or {}),
        curation=built.curation,
        rows_per_group=selection.mix.rows_per_group,
    )


def _sources(selection: Selection, built: Built) -> Iterator[dict[str, Any]]:
    for chosen, rows, drawn, wanted in zip(selection.chosen, built.rows, built.drawn, built.wanted, strict=True):
        contract, snapshot = chosen.contract, chosen.snapshot
        yield {
            "dataset": contract.key,
            "unit": contract.unit,
            "contract": {"id": contract.id, "version": contract.version, "digest": contract.digest},
            "snapshot": {"ordinal": snapshot.ordinal, "digest": snapshot.digest, "key_id": snapshot.key_id},
            "legal_basis": contract.legal_basis,
            "consent": contract.consent,
            "licence": contract.licence,
            "purposes": list(contract.purposes),
            "residency": contract.residency,
            "retention": contract.retention,
            "row_counts": _plain(rows),
            "counts": _plain(drawn.documents),
            "documents": drawn.documents.kept,
            "rows": drawn.rows,
            "tokens": drawn.tokens,
            "tokens_wanted": wanted,
            "tokens_available": drawn.available,
            "languages": dict(drawn.languages),
        }


def _plain(counts: Counts) -> dict[str, Any]:
    found = asdict(counts)
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in found.items()}


def _redactions(selection: Selection) -> Counter[str]:
    """Counts by ``data set|field|entity|action|recogniser`` over the rows that could be drawn from."""
    found: Counter[str] = Counter()
    for chosen in selection.chosen:
        for receipt in chosen.current:
            for name, count in receipt.redactions.items():
                found[f"{chosen.contract.key}|{name}"] += count
    return found


def ingested(chosen: Chosen) -> Counts:
    """Row accounting of the ingest whose rows the release may use."""
    total = Counts()
    for receipt in chosen.current:
        total = total + receipt.counts
    return total


def gate_values(selection: Selection, built: Built) -> dict[str, Measured]:
    """What each gate that this program knows comes to. The policy chooses among them and sets the thresholds."""
    contracts = [chosen.contract for chosen in selection.chosen]
    purpose = selection.mix.purpose
    not_for = [contract.key for contract in contracts if purpose not in contract.purposes]
    incomplete = [contract.key for contract in contracts if not _complete(contract)]
    unlicensed = [contract.key for contract in contracts if not contract.licence]
    stale = [chosen.contract.key for chosen in selection.chosen if chosen.stale_rows]
    balanced = all(counts.balanced for counts in built.rows) and all(one.documents.balanced for one in built.drawn)
    every = [ingested(chosen) for chosen in selection.chosen]
    documents = sum(one.documents.rows_in for one in built.drawn)
    duplicates = sum(one.documents.duplicates for one in built.drawn)
    found = {
        "contract_complete": _all(incomplete, contracts, "name basis, licence, purposes, residency and retention"),
        "purpose_allowed": _all(not_for, contracts, f"allow {purpose}"),
        "licence_present": _all(unlicensed, contracts, "name a licence"),
        "snapshots_current": _all(stale, contracts, "have all rows scrubbed under today's contract and policy"),
        "accounting_balanced": Measured(
            balanced and all(counts.balanced for counts in every), "rows of ingest, rows and documents of the release"
        ),
        "duplicate_share": Measured(
            Fraction(duplicates, documents) if documents else Fraction(0), f"{duplicates:,} of {documents:,} documents"
        ),
    }
    found.update(_quality(selection))
    found.update(_worst_rejection(selection, every))
    found.update(_unscanned(selection))
    return found


def _complete(contract: Contract) -> bool:
    said = (contract.legal_basis, contract.licence, contract.purposes, contract.residency, contract.retention)
    return all(said) and all(field.classification for field in contract.fields)


def _all(failing: list[str], contracts: list[Contract], what: str) -> Measured:
    if failing:
        return Measured(False, f"not so: {', '.join(failing)}")
    return Measured(True, f"{len(contracts)} of {len(contracts)} contracts {what}")


def _quality(selection: Selection) -> dict[str, Measured]:
    """Every snapshot is committed with its suite's figures; one without them cannot be vouched for."""
    missing, broken, checks = [], [], 0
    for chosen in selection.chosen:
        quality = chosen.snapshot.quality
        if not isinstance(quality.get("checks"), int):
            missing.append(chosen.contract.key)
            continue
        checks += quality["checks"]
        told = sum(int(quality.get(name, 0)) for name in ("passed", "warnings", "skipped"))
        if told < quality["checks"]:
            broken.append(chosen.contract.key)
    if missing or broken:
        said = [f"no results: {', '.join(missing)}"] * bool(missing) + [f"broken: {', '.join(broken)}"] * bool(broken)
        return {"quality_passed": Measured(False, "; ".join(said))}
    return {"quality_passed": Measured(True, f"{checks:,} checks, none broken")}


def _worst_rejection(selection: Selection, every: list[Counts]) -> dict[str, Measured]:
    worst, where = Fraction(0), ""
    for chosen, counts in zip(selection.chosen, every, strict=True):
        rejected = sum(counts.quarantined.values())
        share = Fraction(rejected, counts.rows_in) if counts.rows_in else Fraction(0)
        if share > worst or not where:
            worst, where = share, f"highest: {chosen.contract.key}, {rejected:,} of {counts.rows_in:,} rows"
    return {"source_rejection_rate": Measured(worst, where)}


def _unscanned(selection: Selection) -> dict[str, Measured]:
    from schemas.plans import redaction_plan

    cells = unread = 0
    for chosen in selection.chosen:
        scanned = {plan.field for plan in redaction_plan(chosen.contract, selection.policy).doing("scan")}
        cells += len(scanned) * sum(receipt.counts.kept for receipt in chosen.current)
        unread += sum(
            count
            for receipt in chosen.current
            for name, count in receipt.not_scanned.items()
            if name.split("|")[0] in scanned
        )
    share = Fraction(unread, cells) if cells else Fraction(0)
    return {"unscanned_share": Measured(share, f"{unread:,} of {cells:,} cells of free text")}


def summary(manifest: ReleaseManifest, *, no_op: bool, reused: int | None = None) -> dict[str, Any]:
    """What a step or command tells of a release: ids, keys, digests and counts. ``reused`` are the shards that were in
    the pool already; all of them where nothing was made."""
    return {
        "mix": manifest.mix,
        "version": manifest.version,
        "digest": manifest.digest,
        "content_digest": manifest.content_digest,
        "rows": manifest.totals["rows"],
        "tokens": manifest.totals["tokens"],
        "shards": len(manifest.shards),
        "shards_reused": len(manifest.shards) if reused is None else reused,
        "gates": [{name: gate[name] for name in _GATE} for gate in manifest.gates],
        "gates_passed": all(gate["passed"] is True for gate in manifest.gates),
        "sources": [_figures(source, manifest) for source in manifest.sources],
        "clusters": f"releases/{manifest.mix}/{manifest.version}/duplicates.parquet",
        "limited_by": limited_by(manifest),
        "report": f"releases/{manifest.mix}/{manifest.version}/report.html",
        "no_op": no_op,
    }


def limited_by(manifest: ReleaseManifest) -> list[str]:
    """Data sets that ran out first and so decided the size of a mix of weights without a budget."""
    if manifest.recipe["budget"] is not None:
        return []
    parts = {part["dataset"]: part for part in manifest.recipe["sources"]}
    return [
        source["dataset"]
        for source in manifest.sources
        if (part := parts[source["dataset"]])["weight"] is not None
        and source["tokens_wanted"]
        and source["tokens_wanted"] == int(Fraction(part["epochs"]) * source["tokens_available"])
        and len(parts) > 1
    ]


_GATE = ("name", "value", "comparison", "threshold", "passed", "detail")


def _figures(source: Mapping[str, Any], manifest: ReleaseManifest) -> dict[str, Any]:
    counts, tokens = source["counts"], manifest.totals["tokens"]
    lost = manifest.curation.get("duplicates", {}).get("sources", {}).get(source["dataset"], {})
    return {
        "dataset": source["dataset"],
        "documents": counts["rows_in"],
        "duplicates": counts["duplicates"],
        "near_duplicates": lost.get("near", 0),
        "filtered": dict(counts["filtered"]),
        "rows_left_out": dict(source["row_counts"]["filtered"]),
        "taken": source["documents"],
        "rows": source["rows"],
        "tokens": source["tokens"],
        "tokens_wanted": source["tokens_wanted"],
        "tokens_available": source["tokens_available"],
        "share": shown(Fraction(source["tokens"], tokens)) if tokens else "0",
    }


def describe(selection: Selection, manifest: ReleaseManifest, parent: ReleaseManifest | None) -> dict[str, bytes]:
    """The files beside the shards, by name: report.html, report.json and redactions.csv."""
    from clearinghouse.jobs.release_report import facts
    from governance.report import render

    made = render(facts(selection, manifest, parent))
    return {"report.html": made.html, "report.json": made.json, "redactions.csv": made.csv}
