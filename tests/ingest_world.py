"""A small unit with invented data, a contract for it and a store: what the ingest tests start from."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pyarrow as pa
import pyarrow.parquet as pq

from clearinghouse.jobs.context import Context
from clearinghouse.jobs.ingest import newest_snapshot
from clearinghouse.settings import Settings
from schemas.manifest import SnapshotManifest

PHONES = ["13800138001", "13900139002", "13700137003", "13600136004"]

CONTRACT = """\
apiVersion: v3.1.0
kind: DataContract
id: shop.notes
name: notes
version: 1.0.0
status: active
domain: shop
description: {purpose: Notes that buyers leave., limitations: Invented.}
team: {members: [{username: dana.lin, role: owner}]}
servers:
  - server: files
    type: %(kind)s
    path: %(path)s
    format: %(format)s
    customProperties:
%(extra)s
customProperties:
  - {property: legalBasis, value: contract}
  - {property: licence, value: LicenseRef-unit-internal}
  - {property: purposes, value: [pretrain, finetune]}
  - {property: residency, value: CN}
  - {property: retention, value: P3Y}
  - property: document
    value: {kind: text, text: "{note}", language: zh, profile: review}
schema:
  - name: notes
    properties:
      - {name: id, logicalType: integer, primaryKey: true, classification: identifier.record}
      - {name: buyer, classification: person.name}
      - {name: phone, classification: person.phone, customProperties: [{property: region, value: CN}]}
      - {name: note, required: true, classification: text.free, customProperties: [{property: language, value: zh}]}
      - {name: day, logicalType: date, classification: none}
"""

PARTITION = r"""      - {property: partition, value: '(?P<partition>\d{4}-\d{2}-\d{2})'}"""


def rows(first: int, count: int, day: str = "2024-05-01") -> list[str]:
    """CSV lines whose notes hold a phone number between Chinese characters."""
    return [
        f"{n},王小明,{PHONES[n % 4]},第{n}条留言请打我电话{PHONES[(n + 1) % 4]}谢谢,{day}"
        for n in range(first, first + count)
    ]


HEADER = "id,buyer,phone,note,day"


@dataclass(frozen=True)
class World:
    """Folders of one test: the unit's files, the contracts, the store."""

    root: Path
    settings: Settings

    @property
    def unit(self) -> Path:
        return self.root / "unit"

    @property
    def store(self) -> Path:
        return self.root / "store"

    def write(self, name: str, lines: list[str], header: str = HEADER) -> Path:
        file = self.unit / name
        file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        return file

    def contract(self, **changes: str) -> Path:
        """Write the contract, by default for CSV files whose names hold a date; returns its path."""
        values = {
            "kind": "local",
            "path": f"{self.unit}/*.csv",
            "format": "csv",
            "extra": PARTITION,
            **changes,
        }
        text = CONTRACT % values
        for old, new in changes.items():
            if old.startswith("replace:"):
                before = old.removeprefix("replace:")
                assert before in text
                text = text.replace(before, new)
        file = self.root / "contracts" / "shop" / "notes.odcs.yaml"
        file.write_text(dedent(text), encoding="utf-8")
        return file

    def context(self) -> Context:
        return Context.load(self.settings, "shop.notes")

    def snapshot(self) -> SnapshotManifest:
        found = newest_snapshot(self.context())
        assert found is not None
        return found

    def clean(self) -> pa.Table:
        """All rows of the newest snapshot."""
        tables = [pq.read_table(self.store / e.key) for r in self.snapshot().receipts for e in r.data]
        return pa.concat_tables(tables)

    def quarantine(self) -> list[dict]:
        return [
            row
            for r in self.snapshot().receipts
            for e in r.quarantine
            for row in pq.read_table(self.store / e.key).to_pylist()
        ]

    def store_bytes(self) -> bytes:
        """Every byte of the store and the names of its files, to look for what must not be there.

        Parquet is read back, because compression hides what it holds.
        """
        found = []
        for file in sorted(self.store.rglob("*")):
            if file.is_file():
                found.append(str(file.relative_to(self.store)).encode())
                found.append(
                    str(pq.read_table(file).to_pydict()).encode() if file.suffix == ".parquet" else file.read_bytes()
                )
        return b"\n".join(found)


def make_world(root: Path, workers: int = 1) -> World:
    for folder in ("unit", "contracts/shop"):
        (root / folder).mkdir(parents=True)
    key = root / "key"
    key.write_bytes(base64.b64encode(bytes(range(32))))
    key.chmod(0o600)
    settings = Settings(
        store=str(root / "store"), contracts=str(root / "contracts"), key_file=str(key), workers=workers
    )
    return World(root, settings)
