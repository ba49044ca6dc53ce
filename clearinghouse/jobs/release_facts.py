"""What a release says of itself: its manifest and the facts of the reviewer's report.

All from manifests, contracts and policy. No value of a unit's data can come here: none of them holds one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from clearinghouse.code import code_version
from clearinghouse.jobs.release_draw import Part, limiting
from clearinghouse.jobs.release_gates import gate_rows, signing_rows
from clearinghouse.jobs.release_select import Selection, policy_facts
from governance.gates import shown
from schemas.errors import ReleaseRefused
from schemas.manifest import Counts, ReleaseManifest

if TYPE_CHECKING:
    from clearinghouse.jobs.release import Built
    from infra.store import Store


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
        recipe={**selection.recipe, **({"signing_gates": later} if (later := signing_rows(selection)) else {})},
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
        gates=gate_rows(selection, built),
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
            **({"view": chosen.source.view} if chosen.source.view else {}),
            "unit": contract.unit,
            "contract": {"id": contract.id, "version": contract.version, "digest": contract.digest},
            "snapshot": {"ordinal": snapshot.ordinal, "digest": snapshot.digest, "key_id": snapshot.key_id},
            "legal_basis": contract.legal_basis,
            "consent": contract.consent,
            "licence": contract.licence,
            **({"synthetic": contract.synthetic} if contract.synthetic else {}),
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
            **drawn.told,
        }


def _plain(counts: Counts) -> dict[str, Any]:
    found = asdict(counts)
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in found.items()}


def _redactions(selection: Selection) -> Counter[str]:
    """Counts by ``data set|field|entity|action|recogniser`` over the rows that could be drawn from."""
    found: Counter[str] = Counter()
    for chosen in selection.datasets:
        for receipt in chosen.current:
            for name, count in receipt.redactions.items():
                found[f"{chosen.contract.key}|{name}"] += count
    return found


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
        "signing_gates": [
            {name: gate[name] for name in ("name", "comparison", "threshold")}
            for gate in manifest.recipe.get("signing_gates", ())
        ],
        "sources": [_figures(source, manifest) for source in manifest.sources],
        "clusters": f"releases/{manifest.mix}/{manifest.version}/duplicates.parquet",
        "limited_by": limited_by(manifest),
        "report": f"releases/{manifest.mix}/{manifest.version}/report.html",
        "no_op": no_op,
    }


def limited_by(manifest: ReleaseManifest) -> list[str]:
    """Sources that ran out first and so decided the size of a mix of weights without a budget."""
    if manifest.recipe["budget"] is not None:
        return []
    if "parts" in manifest.curation:
        return limiting(None, [Part(**part) for part in manifest.curation["parts"]])
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


def describe(
    store: Store, selection: Selection, manifest: ReleaseManifest, parent: ReleaseManifest | None
) -> dict[str, bytes]:
    """The files beside the shards, by name: the report as page, as JSON and as CSV. The shards are in ``store`` already."""
    from clearinghouse.jobs.release_report import facts
    from governance.report import render

    return render(facts(store, selection, manifest, parent)).files
