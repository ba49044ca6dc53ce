"""Invented data sets for tests of documents and releases: contracts, scrubbed rows, snapshots in a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

import pyarrow as pa

from schemas.contract import Contract, Document, Field, Source


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
