"""The figures of a report counted again from what is on disk: shards, evidence, clean and rejected rows, duplicates.

Nothing of the product is used: JSON as JSON, Parquet by pyarrow, sums in Python. The store is a local folder.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq


def recount(store: Path, mix: str, version: str) -> dict[str, int]:
    """Assert that every count of ``report.json`` is what the files hold; returns how many figures were compared."""
    folder = store / "releases" / mix / version
    facts = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in manifest["artefacts"].items():
        assert sha256((folder / name).read_bytes()).hexdigest() == digest, name
    looked = {"released": _released(store, facts, manifest), "sources": _sources(store, folder, facts)}
    return {**looked, "redactions": _redactions(store, facts), "windows": _windows(store, facts, manifest)}


def _shards(store: Path, manifest: dict[str, Any]) -> pa.Table:
    folder = store / "releases" / manifest["mix"] / "shards"
    files = [folder / f"{shard['sha256']}.parquet" for shard in manifest["shards"]]
    for file, shard in zip(files, manifest["shards"], strict=True):
        assert sha256(file.read_bytes()).hexdigest() == shard["sha256"]
    return pa.concat_tables([pq.read_table(file) for file in files])


def _released(store: Path, facts: dict[str, Any], manifest: dict[str, Any]) -> int:
    rows = _shards(store, manifest)
    totals, release = facts["release"]["totals"], facts["release"]
    files = [store / "releases" / manifest["mix"] / "shards" / f"{one['sha256']}.parquet" for one in manifest["shards"]]
    assert release["shards"] == len(files)
    assert totals["rows"] == len(rows)
    assert totals["tokens"] == sum(rows.column("n_tokens").to_pylist())
    assert totals["bytes"] == sum(file.stat().st_size for file in files)
    sources = rows.column("source").to_pylist()
    by = Counter(sources)
    tokens: Counter[str] = Counter()
    ids: dict[str, set[str]] = {}
    languages: dict[str, Counter[str]] = {}
    for source, count, one, language in zip(
        sources,
        rows.column("n_tokens").to_pylist(),
        rows.column("id").to_pylist(),
        rows.column("language").to_pylist(),
        strict=True,
    ):
        tokens[source] += count
        if one not in ids.setdefault(source, set()):
            ids[source].add(one)
            languages.setdefault(source, Counter())[language] += 1
    for source in facts["sources"]:
        key = source["dataset"]
        if [one["dataset"] for one in facts["sources"]].count(key) > 1:
            continue  # views of one data set carry its name together
        assert (source["rows"], source["tokens"]) == (by[key], tokens[key]), key
        assert source["documents"] == source["counts"]["kept"] == len(ids.get(key, ())), key
        assert source["languages"] == dict(languages.get(key, {})), key
    assert totals["taken"] == sum(source["counts"]["kept"] for source in facts["sources"])
    return len(rows)


def _receipts(store: Path, source: dict[str, Any]) -> list[dict[str, Any]]:
    unit, _, name = source["dataset"].partition(".")
    file = store / "scrubbed" / unit / name / "snapshots" / f"{source['snapshot']['ordinal']:08d}.json"
    snapshot = json.loads(file.read_text(encoding="utf-8"))
    assert snapshot["digest"] == source["snapshot"]["digest"]
    receipts: list[dict[str, Any]] = snapshot["receipts"]
    return receipts


def _rows_in(store: Path, entries: list[dict[str, Any]]) -> int:
    return sum(pq.read_metadata(store / entry["key"]).num_rows for entry in entries)


def _sources(store: Path, folder: Path, facts: dict[str, Any]) -> int:
    lost = Counter(
        one if isinstance(one, str) else str(one)
        for one in pq.read_table(folder / "duplicates.parquet", columns=["dataset"]).column("dataset").to_pylist()
    )
    rejected: Counter[tuple[str, str]] = Counter()
    for source in facts["sources"]:
        receipts = _receipts(store, source)
        kept = _rows_in(store, [entry for receipt in receipts for entry in receipt["data"]])
        bad = [entry for receipt in receipts for entry in receipt["quarantine"]]
        ingest, key = source["ingest"], source["dataset"]
        assert kept == ingest["kept"], key
        assert _rows_in(store, bad) == sum(ingest["quarantined"].values()), key
        others = sum(ingest["filtered"].values()) + ingest.get("duplicates", 0)
        assert ingest["rows_in"] == kept + _rows_in(store, bad) + others, key
        assert source["row_counts"]["rows_in"] == kept, key
        counts = source["counts"]
        assert counts["duplicates"] == lost[key], key
        assert counts["rows_in"] == counts["kept"] + counts["duplicates"] + sum(counts["filtered"].values()), key
        for reason, rows in ingest["quarantined"].items():
            rejected[key, reason] += rows
    assert {(row["dataset"], row["reason"]): row["rows"] for row in facts["quarantine"]} == dict(rejected)
    totals = facts["release"]["totals"]
    assert totals["documents"] == sum(source["counts"]["rows_in"] for source in facts["sources"])
    assert totals["duplicates"] == sum(lost.values())
    return len(facts["sources"])


def _redactions(store: Path, facts: dict[str, Any]) -> int:
    """Every redaction by field and recogniser, the matrix, what was not scanned, and strings that were redacted often."""
    found: Counter[tuple[str, ...]] = Counter()
    strings: Counter[tuple[str, str, str]] = Counter()
    finds = 0
    for source in {one["dataset"]: one for one in facts["sources"]}.values():
        for receipt in _receipts(store, source):
            for entry in receipt["evidence"]:
                names = ["field", "entity", "action", "recogniser", "value_hash"]
                table = pq.read_table(store / entry["key"], columns=names)
                finds += len(table)
                columns = [table.column(name).to_pylist() for name in names]
                for field, entity, action, recogniser, hashed in zip(*columns, strict=True):
                    if action == "not_scanned":
                        continue
                    found[source["dataset"], field, entity, action, recogniser] += 1
                    if action != "keep" and hashed and recogniser != "column" and not recogniser.startswith("known."):
                        strings[source["dataset"], entity, hashed] += 1
    told = {
        (row["dataset"], row["field"], row["entity"], row["action"], row["recogniser"]): row["count"]
        for row in facts["redactions"]
    }
    # A column that is kept as public leaves no evidence: its values are counted where they stand.
    for dataset, field, *rest in [key for key in told if key[3:] == ("keep", "column")]:
        (source,) = {one["dataset"]: one for one in facts["sources"] if one["dataset"] == dataset}.values()
        files = [entry["key"] for receipt in _receipts(store, source) for entry in receipt["data"]]
        columns = [pq.read_table(store / file, columns=[field]).column(field) for file in files]
        found[(dataset, field, *rest)] = sum(len(column) - column.null_count for column in columns)
    assert told == dict(found)
    units = {source["dataset"]: source["unit"] for source in facts["sources"]}
    cells: Counter[tuple[str, str, str]] = Counter()
    for (dataset, _, entity, action, _), count in found.items():
        cells[units[dataset], entity, action] += count
    assert {
        (row["unit"], row["entity"], action): count
        for row in facts["matrix"]
        for action, count in row["actions"].items()
    } == dict(cells)
    for row in facts["matrix"]:
        here = [one for one in facts["sources"] if one["unit"] == row["unit"]]
        assert row["unit_rows"] == sum({one["dataset"]: one["row_counts"]["rows_in"] for one in here}.values())
        assert row["changed"] == sum(count for action, count in row["actions"].items() if action != "keep")
        assert row["series"][-1] == {
            "version": facts["release"]["version"], "count": row["changed"], "tokens": row["unit_tokens"],
        }  # fmt: skip
    over = facts["over"]
    assert (over["finds"], over["of"], over["exact"]) == (finds, finds, True)
    often = sorted((-count, *name) for name, count in strings.items() if count >= 5)[:12]
    assert [(-row["count"], row["dataset"], row["entity"], row["hash"]) for row in over["strings"]] == [
        (count, dataset, entity, hashed[:12]) for count, dataset, entity, hashed in often
    ]
    return sum(found.values())


def _windows(store: Path, facts: dict[str, Any], manifest: dict[str, Any]) -> int:
    """Every window stands in a shard: the mark as it is, its surroundings of the same shape. None has a letter of its own."""
    seen = facts["seen"]
    assert seen["of"] == facts["release"]["totals"]["rows"]
    rows = _shards(store, manifest)
    shapes = "\n".join(_shape(text) for text in _texts(rows))
    entities = {name.split("|")[2] for name in manifest["redactions"]}
    for row in seen["windows"]:
        assert row["mark"] in (f"<{row['entity']}>", f"<{row['entity']}:…>")
        assert row["entity"] in entities
        around = re.sub(rf"<({'|'.join(sorted(entities))})(:…)?>", "", row["before"] + row["after"])
        assert not re.search(r"[1-9a-wyzA-WYZ]|[\u4e00-\u5b56\u5b58-\u9fff]", around), row
        assert _shape(row["before"].lstrip("…") + row["mark"] + row["after"].rstrip("…")) in shapes, row
    return len(seen["windows"])


def _texts(table: pa.Table) -> list[str]:
    found: list[str] = []

    def take(value: Any) -> None:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, list):
            for one in value:
                take(one)
        elif isinstance(value, dict):
            for one in value.values():
                take(one)

    for name in table.column_names:
        if name not in ("id", "source", "language", "provenance", "input_ids", "labels"):
            for value in table.column(name).to_pylist():
                take(value)
    return found


def _shape(text: str) -> str:
    """Runs of letters, digits and spaces as one sign each, marks by their entity: enough to find a place again."""
    text = re.sub(r"<([A-Z][A-Z_]+):[^<>\s]+>", r"<\1>", text)
    parts = re.split(r"(<[A-Z][A-Z_]+>)", text)
    return "".join(
        part if number % 2 else re.sub(r"[\w\s]|[^\x21-\x2f\x3a-\x40]", "", part) for number, part in enumerate(parts)
    )
