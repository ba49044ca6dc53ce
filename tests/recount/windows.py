"""Masked windows: each stands in a shard, and none holds a letter of its own."""

from __future__ import annotations

import re
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.recount.files import Files


def count(files: Files, facts: dict[str, Any]) -> int:
    """Every window stands in a shard: the mark as it is, its surroundings of the same shape. None has a letter of its own."""
    seen = facts["seen"]
    assert seen["of"] == facts["release"]["totals"]["rows"]
    assert seen["rows"] == seen["of"] or seen["rows"] >= 100_000
    rows = pa.concat_tables([pq.read_table(file) for file in files.shard_files])
    shapes = "\n".join(_shape(text) for text in _texts(rows))
    entities = {name.split("|")[2] for name in files.manifest["redactions"]}
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
