"""Finished releases and snapshots of invented text in a store, for tests of whatever reads, signs or checks them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from infra.store import open_store
from infra.store.sequence import append
from schemas.canonical import digest
from schemas.manifest import Counts, FileEntry, Receipt, ReleaseManifest, Shard, SnapshotManifest
from schemas.shard_blocks import footer_digest
from transforms import shards

PASSED = {
    "name": "unscanned_cells",
    "value": "0",
    "threshold": "0",
    "comparison": "<=",
    "passed": True,
    "citation": "house rule",
    "verified_by": "test",
}
FAILED = {**PASSED, "value": "3", "passed": False}


def text_of(number: int) -> str:
    """The text of row ``number``: different lengths, Chinese and English."""
    return f"第{number}条记录 row {number} " + "字" * (number % 7)


def release_table(rows: int, first: int = 0) -> pa.Table:
    """Rows as releases have them, without the columns' statistics: text format."""
    schema = shards.schema("text")
    values = [
        {
            "id": hashlib.blake2b(str(n).encode(), digest_size=16).hexdigest(),
            "source": "media.notes" if n % 3 else "commerce.reviews",
            "language": "zh",
            "epoch": 1,
            "n_tokens": 3 + n % 5,
            "text": text_of(n),
            "provenance": {"unit": "media", "snapshot": "0" * 64, "partition": "2026-01", "position": n + 1, "rows": 1},
            "erased": False,
        }
        for n in range(first, first + rows)
    ]
    return pa.Table.from_pylist(values, schema=schema)


def make_release(
    store_root: str | Path,
    mix: str = "demo",
    rows: int | pa.Table = 100,
    *,
    version: str = "1.0.0",
    rows_per_group: int = 8,
    shard_rows: int = 40,
    gates: Sequence[Mapping[str, Any]] = (PASSED,),
    reviewers: Sequence[str] = (),
    artefacts: Mapping[str, bytes] | None = None,
    parent: str | None = None,
    **changes: Any,
) -> ReleaseManifest:
    """Write a release (unsigned) into the store at a path or URI, and return its manifest.

    ``shard_rows`` is a multiple of ``rows_per_group``; ``changes`` replace fields of the manifest at the end, sound
    or not; with ``format=1`` shards lie in the release's own folder.
    """
    store = open_store(str(store_root))
    table = rows if isinstance(rows, pa.Table) else release_table(rows)
    tokens = np.array(table.column("n_tokens").to_pylist(), np.int64)
    folder = f"releases/{mix}/{version}"
    made = []
    for first in range(0, len(table), shard_rows):
        part = table.slice(first, shard_rows)
        sink = pa.BufferOutputStream()
        shards.write(part, sink, rows_per_group=rows_per_group)
        data = sink.getvalue().to_pybytes()
        name = digest(data)
        store.put(f"{folder if changes.get('format') == 1 else f'releases/{mix}'}/shards/{name}.parquet", data)
        starts = range(first, first + len(part), rows_per_group)
        groups = tuple(
            (
                min(rows_per_group, first + len(part) - at),
                int(tokens[at : min(at + rows_per_group, first + len(part))].sum()),
            )
            for at in starts
        )
        made.append(
            Shard(
                key=f"shards/{name}.parquet",
                bytes=len(data),
                sha256=name,
                rows=len(part),
                tokens=sum(count for _, count in groups),
                first_row=first,
                row_groups=groups,
                footer=footer_digest(data),
            )
        )
    documents = {"report.html": b"<p>report</p>", "report.json": b"{}"} if artefacts is None else artefacts
    for name, data in documents.items():
        store.put(f"{folder}/{name}", data)
    counts = {"rows_in": len(table), "kept": len(table), "filtered": {}, "quarantined": {}, "duplicates": 0}
    manifest = ReleaseManifest(
        mix=mix,
        version=version,
        parent=parent,
        purpose="pretrain",
        sample_format="text",
        seed=7,
        recipe={"name": mix, "reviewers": list(reviewers)},
        tokenizer={"name": "house", "sha256": "1" * 64},
        policy={"name": "default", "version": "1.0.0", "digest": "2" * 64},
        code="0.1.0+test",
        sources=({"dataset": "media.notes", "rows": len(table), "licence": "CC-BY-4.0", "counts": counts},),
        shards=tuple(made),
        totals={
            "rows": len(table),
            "tokens": int(tokens.sum()),
            "bytes": sum(shard.bytes for shard in made),
            "documents_available": len(table),
            "duplicates": 0,
        },
        gates=tuple(gates),
        redactions={"text|PHONE_NUMBER|placeholder|pattern": 5},
        artefacts={name: digest(data) for name, data in documents.items()},
        rows_per_group=0 if changes.get("format") == 1 else rows_per_group,
    )
    manifest = replace(manifest, **changes)
    assert store.put(f"{folder}/manifest.json", manifest.to_json(), if_absent=True)
    return manifest


def make_snapshot(
    store_root: str | Path,
    key: str = "media.notes",
    rows: int = 20,
    *,
    quarantined: int = 2,
    partition: str = "2026-01",
) -> SnapshotManifest:
    """Append a snapshot with one more partition to a data set, with files and receipts as ingest leaves them."""
    store = open_store(str(store_root))
    unit, name = key.split(".")

    def put(room: str, table: pa.Table) -> tuple[FileEntry, ...]:
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink)
        data = sink.getvalue().to_pybytes()
        entry = FileEntry(f"{room}/{digest(data)}.parquet", len(data), digest(data), len(table))
        store.put(entry.key, data)
        return (entry,)

    ids = [f"{partition}/{n}" for n in range(rows)]
    data = put(f"scrubbed/{unit}/{name}/data", pa.table({"_id": ids, "text": [text_of(n) for n in range(rows)]}))
    rejects = pa.table(
        {
            "position": list(range(quarantined)),
            "reason": ["malformed"] * quarantined,
            "partition": [partition] * quarantined,
        }
    )
    receipt = Receipt(
        unit_id=digest([key, partition, rows])[:32],
        partition=partition,
        inputs=({"uri": f"{partition}.csv", "digest": "3" * 64},),
        counts=Counts(rows + quarantined, rows, {}, {"malformed": quarantined} if quarantined else {}, 0),
        data=data,
        quarantine=put(f"quarantine/{unit}/{name}", rejects) if quarantined else (),
        evidence=put(f"evidence/{unit}/{name}", pa.table({"field": ["text"], "partition": [partition]})),
        redactions={"text|PHONE_NUMBER|placeholder|pattern": rows, "text|PERSON|keep|column": 1},
        not_scanned={},
        bytes_in=1000,
    )
    made: list[SnapshotManifest] = []

    def make(number: int, previous: bytes | None) -> bytes:
        before = SnapshotManifest.from_json(previous) if previous else None
        made.append(
            SnapshotManifest(
                dataset=key,
                ordinal=number,
                parent=before.digest if before else None,
                contract={"id": key, "version": "1.0.0", "digest": "4" * 64},
                policy={"name": "default", "version": "1.0.0", "digest": "2" * 64},
                key_id="0a1b2c3d",
                code="0.1.0+test",
                receipts=(*(before.receipts if before else ()), receipt),
                cursor=None,
                quality={"key": "quality/x", "checks": 4, "passed": 4, "warnings": 0, "skipped": 0},
            )
        )
        return made[-1].to_json()

    append(store, f"scrubbed/{unit}/{name}/snapshots", make)
    return made[-1]
