"""Invented data sets for tests of documents and releases: contracts, scrubbed rows, snapshots in a store."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, settings

from clearinghouse import catalog
from clearinghouse.settings import Settings
from infra.store import Store, open_store
from infra.store.sequence import append, newest
from schemas.arrow_schema import snapshot_schema
from schemas.canonical import digest
from schemas.contract import Contract, Document, Field, Source
from schemas.contract_loader import load_contract
from schemas.manifest import Counts, FileEntry, Receipt, ReleaseManifest, SnapshotManifest
from schemas.plans import rows_digest
from schemas.policy_loader import load_policy

#: Properties say nothing of time: a busy machine must not fail them.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def row_id(*parts: Any) -> str:
    """An id as ingest would give: 32 hex digits, the same for the same parts."""
    return blake2b(repr(parts).encode(), digest_size=16).hexdigest()


def contract(
    document: Document | None,
    *,
    fields: Sequence[str] = ("text",),
    key: str = "media.notes",
    **more: Any,
) -> Contract:
    """A contract as values, for tests of pure functions. Those of jobs load files."""
    unit, name = key.split(".")
    given: dict[str, Any] = {
        "id": key,
        "unit": unit,
        "name": name,
        "version": "1.0.0",
        "title": name,
        "owner": "owner@example.com",
        "legal_basis": "consent",
        "licence": "CC-BY-4.0",
        "purposes": ("pretrain", "finetune"),
        "residency": "CN",
        "retention": "P3Y",
        "fields": tuple(Field(name=field, path=field, type="string", classification="text.free") for field in fields),
        "source": Source(kind="files", location="nowhere"),
        "document": document,
        "schedule": None,
        "quality": (),
        "description": "",
        "limitations": "",
        "file": "notes.odcs.yaml",
        "digest": "0" * 64,
    }
    return Contract(**{**given, **more})


def rows(values: Sequence[Mapping[str, Any]], schema: Mapping[str, pa.DataType] | None = None) -> pa.Table:
    """Scrubbed rows: identity columns are filled in where a row does not give them."""
    full = [
        {
            "_id": row.get("_id", row_id(number)),
            "_partition": row.get("_partition", "2026-01"),
            "_position": row.get("_position", number + 1),
            **{name: value for name, value in row.items() if not name.startswith("_")},
        }
        for number, row in enumerate(values)
    ]
    table = pa.Table.from_pylist(full)
    for name, kind in (schema or {}).items():
        table = table.set_column(table.schema.get_field_index(name), name, table.column(name).cast(kind))
    return table


CONTRACT = """\
apiVersion: v3.1.0
kind: DataContract
id: {key}
name: {name}
version: 1.0.0
status: active
domain: {unit}
description: {{purpose: Invented {name} for tests., limitations: None of it is true.}}
team: {{members: [{{username: dana.lin, role: owner}}]}}
servers:
  - {{server: files, type: local, path: "/nowhere/*.csv", format: csv}}
customProperties:
  - {{property: legalBasis, value: contract}}
  - {{property: licence, value: LicenseRef-unit-internal}}
  - {{property: purposes, value: [{purposes}]}}
  - {{property: residency, value: CN}}
  - {{property: retention, value: P3Y}}
{document}
schema:
  - name: {name}
    properties:
      - {{name: key, primaryKey: true, classification: identifier.record}}
{fields}
"""

TEXT = '  - {property: document, value: {kind: text, text: "{note}", language: "field:lang", profile: review}}'
CHAT = (
    '  - {property: document, value: {kind: chat, text: "{note}", group: talk, order: turn, role: who, '
    "roles: {buyer: user, agent: assistant}, language: zh}}"
)
TEXT_FIELDS = """\
      - {name: note, classification: text.free}
      - {name: lang, classification: none}"""
CHAT_FIELDS = """\
      - {name: talk, classification: identifier.record}
      - {name: turn, logicalType: integer, classification: none}
      - {name: who, classification: none}
      - {name: note, classification: text.free}"""


@dataclass
class ReleaseWorld:
    """A folder with contracts, a mix and a store that holds snapshots; no unit and no ingest."""

    root: Path
    settings: Settings

    @classmethod
    def make(cls, root: Path, workers: int = 1, **more: Any) -> ReleaseWorld:
        for name in ("contracts", "mixes", "store"):
            (root / name).mkdir(parents=True)
        settings = Settings(
            store=str(root / "store"),
            contracts=str(root / "contracts"),
            mixes=str(root / "mixes"),
            workers=workers,
            **more,
        )
        return cls(root, settings)

    @property
    def store(self) -> Store:
        return open_store(self.settings.store)

    def contract(
        self, key: str, *, chat: bool = False, purposes: str = "pretrain, finetune", **replace: str
    ) -> Contract:
        """Write a contract file and load it; ``replace`` swaps pieces of its text."""
        unit, name = key.split(".")
        text = CONTRACT.format(
            key=key,
            unit=unit,
            name=name,
            purposes=purposes,
            document=CHAT if chat else TEXT,
            fields=CHAT_FIELDS if chat else TEXT_FIELDS,
        )
        for old, new in replace.items():
            assert old in text
            text = text.replace(old, new)
        file = self.root / "contracts" / unit / f"{name}.odcs.yaml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return load_contract(file, policy=load_policy())

    def mix(self, sources: Sequence[str], name: str = "house-mix", **more: Any) -> str:
        """Write a mix over ``sources`` (lines of YAML flow mappings); returns its name."""
        values = {"version": "1.0.0", "purpose": "pretrain", "format": "text", "seed": 7, **more}
        lines = [f"name: {name}", "audience: pretraining team", "tokenizer: house"]
        lines += [f"{key}: {value}" for key, value in values.items()]
        lines += ["sources:", *(f"  - {{{source}}}" for source in sources)]
        (self.root / "mixes" / f"{name}.mix.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return name

    def snapshot(
        self,
        contract: Contract,
        files: Sequence[Sequence[Mapping[str, Any]]],
        *,
        partitions: Sequence[str] = (),
        basis: Mapping[str, str] | None = None,
        key_id: str = "0123abcd",
        redactions: Mapping[str, int] | None = None,
        not_scanned: Mapping[str, int] | None = None,
        quarantined: Mapping[str, int] | None = None,
        quality: Mapping[str, Any] | None = None,
    ) -> SnapshotManifest:
        """Commit a snapshot of scrubbed rows, one receipt a file, as ingest would have left it."""
        policy = load_policy()
        schema = snapshot_schema(contract, policy)
        receipts = []
        for number, part in enumerate(files):
            partition = partitions[number] if partitions else f"2026-{number + 1:02d}"
            bad = dict(quarantined or {}) if number == 0 else {}
            receipts.append(
                Receipt(
                    unit_id=row_id(contract.key, number, len(part), partition),
                    partition=partition,
                    inputs=({"uri": f"{partition}.csv", "digest": row_id(partition)},),
                    counts=Counts(rows_in=len(part) + sum(bad.values()), kept=len(part), quarantined=bad),
                    data=self._file(contract, schema, partition, part),
                    quarantine=(),
                    evidence=(),
                    redactions=dict(redactions or {}) if number == 0 else {},
                    not_scanned=dict(not_scanned or {}) if number == 0 else {},
                    bytes_in=100 * len(part),
                    basis={"rows": rows_digest(contract, policy), "key": key_id, "code": "test", **(basis or {})},
                )
            )
        prefix = f"scrubbed/{contract.unit}/{contract.name}/snapshots"
        last = newest(self.store, prefix)
        made = SnapshotManifest(
            dataset=contract.key,
            ordinal=(last[0] if last else 0) + 1,
            parent=None,
            contract={"id": contract.id, "version": contract.version, "digest": contract.digest},
            policy={"name": policy.name, "version": policy.version, "digest": policy.digest},
            key_id=key_id,
            code="test",
            receipts=tuple(receipts),
            cursor=None,
            drift={"status": "first"},
            quality=quality or {"key": "quality/x", "checks": 3, "passed": 2, "warnings": 0, "skipped": 1},
        )
        append(self.store, prefix, lambda number, previous: made.to_json())
        return made

    def _file(
        self, contract: Contract, schema: pa.Schema, partition: str, part: Sequence[Mapping[str, Any]]
    ) -> tuple[FileEntry, ...]:
        if not part:
            return ()
        full = [
            {
                "_id": row.get("_id", row_id(contract.key, row["key"])),
                "_partition": partition,
                "_position": place + 1,
                **{name: value for name, value in row.items() if not name.startswith("_")},
            }
            for place, row in enumerate(part)
        ]
        sink = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(full, schema), sink, compression="zstd", row_group_size=64)
        data = sink.getvalue()
        key = f"scrubbed/{contract.unit}/{contract.name}/data/{digest(data)}.parquet"
        self.store.put(key, data)
        return (FileEntry(key, len(data), digest(data), len(part)),)

    def rows(self, mix: str, version: str) -> list[dict[str, Any]]:
        """All rows of a release, in its order."""
        manifest = self.manifest(mix, version)
        found: list[dict[str, Any]] = []
        for shard in manifest.shards:
            data = self.store.read(manifest.shard_key(shard))
            assert digest(data) == shard.sha256
            found += pq.read_table(io.BytesIO(data)).to_pylist()
        return found

    def manifest(self, mix: str, version: str) -> ReleaseManifest:
        return catalog.manifest_of(self.store, catalog.ReleaseRef(mix, version))

    def objects(self, prefix: str = "") -> dict[str, bytes]:
        return {entry.key: self.store.read(entry.key) for entry in self.store.list(prefix)}


WORDS = ("好", "的", "大家", "面条", "很", "喜欢", "快递", "包装", "the", "box", "was", "broken", "late")


def notes(first: int, count: int, lang: str = "zh", length: int = 12) -> list[dict[str, Any]]:
    """Rows of a text data set whose notes all differ."""
    made = []
    for number in range(first, first + count):
        words = [WORDS[(number * 7 + step * (number % 5 + 1)) % len(WORDS)] for step in range(number % length + 2)]
        made.append({"key": str(number), "note": f"{' '.join(words)} {number}", "lang": lang})
    return made


def talks(first: int, count: int, turns: int = 3) -> list[dict[str, Any]]:
    """Rows of a chat data set: ``count`` conversations of ``turns`` messages, their rows far apart."""
    return [
        {
            "key": f"{talk}-{turn}",
            "talk": f"t{talk}",
            "turn": turn,
            "who": "agent" if turn % 2 else "buyer",
            "note": f"{WORDS[(talk + turn) % len(WORDS)]} {talk} {turn}",
        }
        for turn in range(turns)
        for talk in range(first, first + count)
    ]
