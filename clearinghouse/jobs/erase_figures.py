"""What a release says of itself once the rows of erased subjects are holes: its figures, its gates and the lists beside it.

Documents of erased subjects that the release held, and those that had gone as copies or for their quality, count as
``erased`` from then on, and no list names them. What was not sampled stays counted as it was when the release was
built: its documents are in no release.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from clearinghouse.code import code_version
from clearinghouse.jobs.erase_held import Held, Lost
from schemas.manifest import FORMAT, Counts, ReleaseManifest, Shard
from transforms import dedup

if TYPE_CHECKING:
    from clearinghouse.jobs.release_select import Selection
    from infra.store import Store

LISTS = ("duplicates.parquet", "filtered.parquet")
"""What stands beside a release and names documents: those that went as copies, and those that broke quality rules."""


@dataclass(frozen=True)
class Lists:
    """The lists beside a release without the documents of erased subjects, and how many went from them.

    ``copies`` and ``poor`` count documents by data set and view, ``poor`` by the first rule that each broke; ``rows`` are
    the rows that they were made of.
    """

    tables: Mapping[str, pa.Table]
    copies: Counter[tuple[str, str]]
    poor: Counter[tuple[str, str, str]]
    rows: Counter[tuple[str, str]]


def lists(store: Store, held: Held) -> Lists:
    """The lists of the release that is made anew; one that was purged stays away.

    A copy of an erased subject's document stays listed as one, without the id of the document that it was a copy of.
    """
    from infra.store import NotFound

    tables: dict[str, pa.Table] = {}
    copies, poor, rows = Counter[tuple[str, str]](), Counter[tuple[str, str, str]](), Counter[tuple[str, str]]()
    for name in LISTS:
        if name not in held.manifest.artefacts:
            continue
        try:
            table = pq.read_table(pa.BufferReader(store.read(f"{held.ref.folder}/{name}")))
        except NotFound:
            continue
        theirs = _theirs(table, "id", held)
        for row in table.filter(theirs).to_pylist():
            dataset, view, made_of = held.named[row["id"]]
            rows[dataset, view] += made_of
            if name == "duplicates.parquet":
                copies[dataset, view] += 1
            else:
                poor[dataset, view, row["reasons"][0]] += 1
        table = table.filter(pc.invert(theirs))
        if "winner" in table.schema.names:
            at = table.schema.get_field_index("winner")
            winner = pc.if_else(_theirs(table, "winner", held), pa.scalar(None, pa.string()), table.column(at))
            table = table.set_column(at, table.schema.field(at), winner)
        tables[name] = table
    return Lists(tables, copies, poor, rows)


def _theirs(table: pa.Table, column: str, held: Held) -> pa.ChunkedArray:
    """Which rows of a list name a document of the subjects: ids are unique to a data set and a view."""
    ids = pa.array(sorted(held.named), pa.string())
    return pc.fill_null(pc.is_in(table.column(column).cast(pa.string()), value_set=ids), False)


def manifest(
    selection: Selection,
    held: Held,
    shards: tuple[Shard, ...],
    version: str,
    erasure: str,
    redactions: Mapping[str, Mapping[str, int]],
    left: Lists,
) -> ReleaseManifest:
    """The manifest of the release without the rows, before its artefacts are made. ``redactions`` are those that each data
    set lost."""
    base = held.manifest
    sources = tuple(_source(source, held, left) for source in base.sources)
    counts = Counter(base.redactions)
    for key, lost in redactions.items():
        counts.subtract({f"{key}|{name}": count for name, count in lost.items()})
    documents = sum(one.documents for one in held.lost.values())
    totals = {
        **base.totals,
        "tokens": sum(shard.tokens for shard in shards),
        "bytes": sum(shard.bytes for shard in shards),
        "taken": base.totals["taken"] - documents,
        "duplicates": base.totals["duplicates"] - left.copies.total(),
        "erased": sum(shard.erased for shard in shards),
    }
    before = base.curation.get("erased", {})
    return replace(
        base,
        version=version,
        parent=base.digest,
        code=code_version(),
        sources=sources,
        shards=shards,
        totals=totals,
        gates=_gates(selection, base, sources),
        redactions={name: count for name, count in sorted(counts.items()) if count > 0},
        artefacts={},
        curation={
            **base.curation,
            **_curation(base, left),
            "erased": {
                "from": str(held.ref),
                "erasures": sorted({*before.get("erasures", ()), erasure}),
                "documents": before.get("documents", 0) + documents,
                "shards": len(held.places),
            },
        },
        rows_per_group=base.rows_per_group or (shards[0].row_groups[0][0] if shards else 0),
        listing=None,
        format=FORMAT,
    )


def _curation(base: ReleaseManifest, left: Lists) -> dict[str, Any]:
    """What is said of copies, of the list as it is now."""
    table, how = left.tables.get("duplicates.parquet"), base.curation.get("duplicates")
    if table is None or how is None:
        return {}
    kinds = Counter(table.column("kind").to_pylist())
    known = table.filter(pc.is_valid(table.column("winner")))
    said = {
        "exact": kinds["exact"],
        "near": kinds["near"],
        "sources": dedup.losses(table),
        "largest": dedup.largest(known),
    }
    return {"duplicates": {**how, **said}}


def _source(source: Mapping[str, Any], held: Held, left: Lists) -> Mapping[str, Any]:
    key = (source["dataset"], source.get("view", ""))
    lost = held.lost.get(key, Lost())
    copies, poor = left.copies[key], {rule: count for (*of, rule), count in left.poor.items() if tuple(of) == key}
    gone = lost.documents + copies + sum(poor.values())
    if not gone and not lost.rows:
        return source
    languages = Counter(source["languages"])
    languages.subtract(lost.languages)
    sections = [
        {**one, "tokens": one["tokens"] - lost.sections[one["split"], one["stage"]]}
        for one in source.get("sections", ())
    ]
    counts = source["counts"]
    filtered = Counter(counts["filtered"])
    filtered.subtract({f"quality.{rule}": count for rule, count in poor.items()})
    counts = {**counts, "duplicates": counts["duplicates"] - copies, "filtered": dict(filtered)}
    return {
        **source,
        **({"sections": sections} if sections else {}),
        "row_counts": _without(
            source["row_counts"], lost.source_rows + left.rows[key], lost.source_rows + left.rows[key]
        ),
        "counts": _without(counts, lost.documents, gone),
        "documents": source["documents"] - lost.documents,
        "tokens": source["tokens"] - lost.tokens,
        "tokens_available": source["tokens_available"] - lost.first_tokens,
        "languages": {tag: count for tag, count in sorted(languages.items()) if count > 0},
        "erased": source.get("erased", 0) + lost.rows,
    }


def _without(counts: Mapping[str, Any], kept: int, gone: int) -> dict[str, Any]:
    """Counts of which so many that were kept, and so many in all, went by the erasure."""
    filtered = {**counts["filtered"], "erased": counts["filtered"].get("erased", 0) + gone}
    return {**counts, "kept": counts["kept"] - kept, "filtered": {k: n for k, n in sorted(filtered.items()) if n}}


def _gates(
    selection: Selection, base: ReleaseManifest, sources: Sequence[Mapping[str, Any]]
) -> tuple[Mapping[str, Any], ...]:
    """The gates measured again on what is left; those that need the rows themselves keep their last value."""
    from clearinghouse.jobs.release_gates import gate_rows

    if len(selection.chosen) != len(sources):
        return base.gates
    drawn = tuple(
        SimpleNamespace(
            documents=Counts(**source["counts"]),
            rows=source["rows"],
            tokens=source["tokens"],
            available=source["tokens_available"],
            languages=source["languages"],
        )
        for source in sources
    )
    built: Any = SimpleNamespace(
        rows=tuple(Counts(**source["row_counts"]) for source in sources),
        drawn=drawn,
        wanted=tuple(source["tokens_wanted"] for source in sources),
        curation=base.curation,
        classes={},
    )
    again = {row["name"]: row for row in gate_rows(selection, built)}
    return tuple(row if row["name"] in OF_ROWS else again.get(row["name"], row) for row in base.gates)


OF_ROWS = frozenset({"k_anonymity"})
"""Gates that are measured on the released rows; who is left after an erasure is looked at by the next build."""


def artefacts(
    store: Store, selection: Selection, body: ReleaseManifest, parent: ReleaseManifest, left: Lists
) -> dict[str, bytes]:
    """The files beside the shards, by name."""
    from clearinghouse.jobs import exports
    from clearinghouse.jobs.release_facts import describe

    made = dict(describe(store, selection, body, parent))
    made |= exports.artefacts(store, body, made[exports.REPORT])
    for name, table in left.tables.items():
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, compression="zstd")
        made[name] = sink.getvalue().to_pybytes()
    return made
