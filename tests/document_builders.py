"""Contracts with the documents that a test writes down, loaded as any other, and rows of them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from schemas.contract import Contract
from schemas.contract_loader import load_contract
from schemas.errors import ContractError
from transforms import documents

HEAD: dict[str, Any] = {
    "apiVersion": "v3.1.0",
    "kind": "DataContract",
    "id": "shop.things",
    "name": "things",
    "version": "1.0.0",
    "status": "active",
    "domain": "shop",
    "description": {"purpose": "Invented things for tests.", "limitations": "None of it is true."},
    "team": {"members": [{"username": "dana.lin", "role": "owner"}]},
    "servers": [{"server": "files", "type": "local", "path": "/nowhere/*.jsonl", "format": "jsonl"}],
}
CUSTOM = {
    "legalBasis": "contract",
    "licence": "LicenseRef-unit-internal",
    "purposes": ["pretrain", "finetune"],
    "residency": "CN",
    "retention": "P3Y",
}


def contract_of(fields: Mapping[str, Mapping[str, Any]], **custom: Any) -> Contract:
    """A contract of ``fields`` (name and properties; classified as nothing where they do not say) with custom
    properties such as ``document``, ``documents`` and ``tools``. Raises `ContractError`."""
    body = {
        **HEAD,
        "customProperties": [{"property": name, "value": value} for name, value in {**CUSTOM, **custom}.items()],
        "schema": [
            {
                "name": "things",
                "properties": [{"name": name, "classification": "none", **facts} for name, facts in fields.items()],
            }
        ],
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "things.odcs.yaml"
        file.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
        return load_contract(file)


def faults_of(fields: Mapping[str, Mapping[str, Any]], **custom: Any) -> str:
    """What is wrong with such a contract, empty where nothing is."""
    try:
        contract_of(fields, **custom)
    except ContractError as error:
        return str(error)
    return ""


def made(contract: Contract, table: Any, view: str = "") -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The documents of a view, whole groups at once, and the rows that went into none."""
    seen = contract.seen(view)
    assert seen.document is not None
    if not documents.grouped(seen.document):
        found = documents.single(table, seen)
        return found.table.to_pylist(), dict(found.dropped)
    members = documents.members(table, seen)
    found = documents.together(members.table, seen)
    dropped = {
        name: members.dropped.get(name, 0) + found.dropped.get(name, 0) for name in {*members.dropped, *found.dropped}
    }
    return found.table.to_pylist(), dropped


def said(document: Mapping[str, Any], column: str = "messages") -> Sequence[tuple[str, str]]:
    """Roles and contents of a conversation."""
    return [(turn["role"], turn["content"]) for turn in document[column]]
