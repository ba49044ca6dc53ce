"""A whole contract as data, to be changed by tests and written out as YAML."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from schemas.contract import Policy
from schemas.policy_loader import load_policy

WHOLE: dict[str, Any] = {
    "apiVersion": "v3.2.0",
    "kind": "DataContract",
    "id": "commerce.chats",
    "name": "chats",
    "version": "1.2.0",
    "status": "active",
    "domain": "commerce",
    "tags": ["service"],
    "description": {"purpose": "Chats of the service desk.", "limitations": "One shop only.", "usage": "Fine-tuning."},
    "team": {"name": "desk", "members": [{"username": "dana.lin", "role": "owner"}]},
    "support": [{"channel": "desk-data", "url": "https://example.com/desk"}],
    "slaProperties": [{"property": "frequency", "value": 1, "unit": "d"}],
    "roles": [{"role": "reader", "access": "read"}],
    "price": {"priceAmount": 0, "priceCurrency": "EUR"},
    "authoritativeDefinitions": [{"url": "https://example.com/def", "type": "businessDefinition"}],
    "context": {"instructions": "Do not quote.", "constraints": [{"constraint": "none"}]},
    "servers": [
        {
            "server": "files",
            "type": "local",
            "path": "${CHATS:-data}/*.csv",
            "format": "csv",
            "customProperties": [
                {"property": "delimiter", "value": ";"},
                {"property": "partition", "value": r"(?P<partition>\d{4}-\d{2}-\d{2})\.csv$"},
            ],
        }
    ],
    "customProperties": [
        {"property": "legalBasis", "value": "consent"},
        {"property": "consent", "value": "chat terms v2 s. 3"},
        {"property": "licence", "value": "LicenseRef-unit-internal"},
        {"property": "purposes", "value": ["finetune", "eval"]},
        {"property": "residency", "value": "CN"},
        {"property": "retention", "value": "P1Y"},
        {"property": "schedule", "value": "@daily"},
        {
            "property": "document",
            "value": {
                "kind": "chat",
                "text": "{body}",
                "group": "conversation",
                "order": "message_id",
                "role": "sender",
                "roles": {"buyer": "user", "seller": "assistant"},
                "language": "zh",
            },
        },
    ],
    "schema": [
        {
            "name": "chats",
            "context": "One row, one message.",
            "properties": [
                {
                    "name": "message_id",
                    "logicalType": "integer",
                    "primaryKey": True,
                    "classification": "identifier.record",
                    "logicalTypeOptions": {"minimum": 1},
                },
                {"name": "conversation", "required": True, "classification": "identifier.record"},
                {
                    "name": "sender",
                    "required": True,
                    "classification": "none",
                    "enum": [{"value": "buyer", "label": "Buyer"}, {"value": "seller"}],
                    "synonyms": [{"synonym": "speaker"}],
                },
                {
                    "name": "phone",
                    "classification": "person.phone",
                    "customProperties": [{"property": "region", "value": "CN"}],
                },
                {
                    "name": "body",
                    "classification": "text.free",
                    "quality": [
                        {"type": "library", "metric": "nullValues", "mustBeLessThan": 5, "unit": "percent"},
                        {
                            "type": "custom",
                            "engine": "greatExpectations",
                            "implementation": {
                                "type": "expect_column_value_lengths_to_be_between",
                                "kwargs": {"max_value": 10000, "mostly": 0.99},
                            },
                        },
                    ],
                },
                {
                    "name": "price",
                    "logicalType": "number",
                    "physicalType": "decimal(12,2)",
                    "classification": "none",
                    "quality": [
                        {"metric": "invalidValues", "arguments": {"validValues": [1, 2]}, "mustBe": 0},
                    ],
                },
                {
                    "name": "sent_at",
                    "logicalType": "timestamp",
                    "classification": "none",
                    "logicalTypeOptions": {"format": "yyyy-MM-dd HH:mm:ss", "timezone": True},
                },
            ],
            "quality": [{"type": "library", "metric": "rowCount", "mustBeGreaterThan": 0}],
        }
    ],
}


class Draft:
    """A contract that a test changes: ``field(name)``, ``custom(name)`` and ``server`` reach into ``data``."""

    def __init__(self, data: dict[str, Any], path: Path) -> None:
        self.data, self.path = data, path

    @property
    def server(self) -> dict[str, Any]:
        return self.data["servers"][0]

    def field(self, name: str) -> dict[str, Any]:
        return next(p for p in self.data["schema"][0]["properties"] if p["name"] == name)

    def add_field(self, **keys: Any) -> None:
        self.data["schema"][0]["properties"].append(keys)

    def custom(self, name: str, value: Any = ..., *, holder: dict[str, Any] | None = None) -> Any:
        """Read a custom property, or set it; `None` takes it out."""
        entries = (holder if holder is not None else self.data).setdefault("customProperties", [])
        found = next((e for e in entries if e["property"] == name), None)
        if value is ...:
            return found["value"] if found else None
        if found is not None:
            entries.remove(found)
        if value is not None:
            entries.append({"property": name, "value": value})
        return value

    def only_text(self) -> None:
        """Make it a text document, so that chat fields may change freely."""
        self.custom("document", {"kind": "text", "text": "{body}"})

    def write(self, text: str | None = None) -> Path:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(text if text is not None else self.yaml(), encoding="utf-8")
        return self.path

    def yaml(self) -> str:
        return yaml.safe_dump(self.data, sort_keys=False, allow_unicode=True, width=200)


@pytest.fixture
def draft(tmp_path: Path) -> Draft:
    return Draft(copy.deepcopy(WHOLE), tmp_path / "commerce" / "chats.odcs.yaml")


@pytest.fixture(scope="session")
def policy() -> Policy:
    return load_policy()


@pytest.fixture
def mix_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a mix that holds; keyword arguments change or (``None``) remove its keys."""

    def write(**changes: Any) -> Path:
        body: dict[str, Any] = {
            "name": "desk",
            "version": "1.0.0",
            "purpose": "finetune",
            "format": "messages",
            "audience": "service model team",
            "tokenizer": "tokenizer.json",
            "sources": [{"dataset": "commerce.chats", "weight": 1}],
            **changes,
        }
        (tmp_path / "tokenizer.json").write_text('{"model": {"type": "BPE"}}')
        path = tmp_path / "desk.mix.yaml"
        path.write_text(yaml.safe_dump({k: v for k, v in body.items() if v is not None}, sort_keys=False))
        return path

    return write
