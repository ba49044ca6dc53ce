"""What lies in a store about one release: shards, snapshots, rows, evidence, rejects, indexes, copies. Read, not trusted."""

from __future__ import annotations

import json
from collections import Counter
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq


class Files:
    """One release in a local store."""

    def __init__(self, store: Path, mix: str, version: str) -> None:
        self.store, self.mix, self.version = store, mix, version
        self.folder = store / "releases" / mix / version
        self.manifest: dict[str, Any] = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))

    @cached_property
    def shard_files(self) -> list[Path]:
        """The shards in their order, each with the digest that the manifest says."""
        found = []
        for shard in self.manifest["shards"]:
            file = self.store / "releases" / self.mix / "shards" / f"{shard['sha256']}.parquet"
            assert sha256(file.read_bytes()).hexdigest() == shard["sha256"]
            found.append(file)
        return found

    @cached_property
    def rows(self) -> pa.Table:
        """All released rows without their content: id, source, language, epoch, n_tokens, erased, split, stage, made_of."""
        parts = []
        for file, shard in zip(self.shard_files, self.manifest["shards"], strict=True):
            table = pq.read_table(
                file, columns=["id", "source", "language", "epoch", "n_tokens", "erased", "provenance"]
            )
            made_of = pc.struct_field(table.column("provenance").combine_chunks(), "row_ids")
            table = table.drop_columns(["provenance"]).append_column("made_of", made_of)
            size = len(table)
            table = table.append_column("split", pa.array([shard["split"]] * size, pa.string()))
            parts.append(table.append_column("stage", pa.array([shard["stage"]] * size, pa.int32())))
        return pa.concat_tables(parts, promote_options="permissive")

    def by_source(self, dataset: str) -> pa.Table:
        return self.rows.filter(pc.equal(self.rows.column("source"), dataset))

    @cached_property
    def copies(self) -> list[dict[str, Any]]:
        """Documents that went as copies, with the one that stays for each."""
        found: list[dict[str, Any]] = pq.read_table(self.folder / "duplicates.parquet").to_pylist()
        return found

    @cached_property
    def poor(self) -> list[dict[str, Any]]:
        """Documents that broke a rule of quality, with the rules."""
        file = self.folder / "filtered.parquet"
        found: list[dict[str, Any]] = pq.read_table(file).to_pylist() if file.exists() else []
        return found

    @cached_property
    def listed_before(self) -> list[dict[str, Any]]:
        """Documents that the lists of the release before an erasure named, and the releases before that one's."""
        found: list[dict[str, Any]] = []
        erased = self.manifest["curation"].get("erased")
        if erased:
            before = Files(self.store, *erased["from"].split("@"))
            found = [*before.copies, *before.poor, *before.listed_before]
        return found

    def snapshot(self, dataset: str, ordinal: int) -> dict[str, Any]:
        file = self.store / "scrubbed" / dataset.replace(".", "/", 1) / "snapshots" / f"{ordinal:08d}.json"
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return found

    def receipts(self, source: dict[str, Any]) -> list[dict[str, Any]]:
        """The units of work that a source of the manifest was drawn from; after an erasure, those in their place."""
        snapshot = self.snapshot(source["dataset"], source["snapshot"]["ordinal"])
        assert snapshot["digest"] == source["snapshot"]["digest"]
        receipts: list[dict[str, Any]] = snapshot["receipts"]
        if "erased" in self.manifest["curation"]:
            return [self._today(source["dataset"], receipt) for receipt in receipts]
        return receipts

    def _today(self, dataset: str, receipt: dict[str, Any]) -> dict[str, Any]:
        folder = self.store / "scrubbed" / dataset.replace(".", "/", 1)
        name, found = receipt["unit_id"], receipt
        while (pointer := folder / "erased" / f"{name}.json").exists():
            name = json.loads(pointer.read_text(encoding="utf-8"))["next"]
            found = json.loads((folder / "receipts" / f"{name}.json").read_text(encoding="utf-8"))
        return found

    def table(self, entries: list[dict[str, Any]], columns: list[str] | None = None) -> pa.Table | None:
        """Files of a receipt as one table, dictionaries as plain text; ``None`` for none."""
        parts = [self._plain(pq.read_table(self.store / one["key"], columns=columns)) for one in entries]
        return pa.concat_tables(parts, promote_options="permissive") if parts else None

    @staticmethod
    def _plain(table: pa.Table) -> pa.Table:
        for number, field in enumerate(table.schema):
            if pa.types.is_dictionary(field.type):
                table = table.set_column(number, field.name, table.column(number).cast(field.type.value_type))
        return table

    def scanned(self, receipts: list[dict[str, Any]]) -> list[str]:
        """Columns that the rows' own files say were scanned as free text."""
        for receipt in receipts:
            for entry in receipt["data"]:
                schema = pq.read_schema(self.store / entry["key"])
                return [one.name for one in schema if (one.metadata or {}).get(b"action") == b"scan"]
        return []

    def places(self, dataset: str) -> set[tuple[str, int]]:
        """Partition and position of every row of the snapshot that the release was first built from."""
        (ordinal,) = {one["snapshot"]["ordinal"] for one in self.manifest["sources"] if one["dataset"] == dataset}
        files = entries(self.snapshot(dataset, ordinal)["receipts"], "data")
        table = self.table(files, ["_partition", "_position"])
        if table is None:
            return set()
        return set(zip(table.column("_partition").to_pylist(), table.column("_position").to_pylist(), strict=True))

    def index(self, dataset: str) -> list[tuple[list[dict[str, Any]], dict[str, int]]]:
        """What was counted of every document that the release could draw from this data set, file by file, with the rows
        that went into no document by reason.

        A file belongs to the release where it holds documents of it with the same tokens, and none that begins with a row
        which the snapshot does not have: that is the index of an earlier snapshot.
        """
        there = self.places(dataset)
        mine = self.by_source(dataset)
        live = mine.filter(pc.invert(mine.column("erased")))
        tokens = dict(zip(live.column("id").to_pylist(), live.column("n_tokens").to_pylist(), strict=True))
        gone = set(mine.filter(mine.column("erased")).column("id").to_pylist())
        others = {one["id"] for one in (*self.copies, *self.poor) if one["dataset"] == dataset}
        folder = self.store / "scrubbed" / dataset.replace(".", "/", 1) / "index"
        candidates: list[tuple[list[dict[str, Any]], dict[str, int]]] = []
        for file in sorted(folder.glob("*.parquet")):
            if "." in file.stem:
                continue
            table = pq.read_table(file)
            rows = table.to_pylist()
            for row in rows:
                row["id"] = row["id"].hex()
            same = all(tokens.get(row["id"], row["tokens"]) == row["tokens"] for row in rows)
            if same and all((row["partition"], row["position"]) in there for row in rows):
                candidates.append((rows, json.loads(table.schema.metadata[b"dropped"])))
        found, seen = [], set[str]()
        # A snapshot with fewer of the same rows has an index as well: the whole one counts.
        for rows, dropped in sorted(candidates, key=lambda one: -len(one[0])):
            ids = {row["id"] for row in rows}
            if ids & (tokens.keys() | gone | others) and not ids & seen:
                seen |= ids
                found.append((rows, dropped))
        return found


def entries(receipts: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [entry for receipt in receipts for entry in receipt[kind]]


def summed(counters: list[dict[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for one in counters:
        total.update(one)
    return total
