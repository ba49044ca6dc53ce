"""A policy and contracts for the tests of quality, small enough to see whole."""

from __future__ import annotations

from typing import Any

from schemas.contract import Contract, Field, Policy, QualityRule, Rule, Source

POLICY = Policy(
    name="test",
    version="1",
    rules=(
        Rule("PERSON", "placeholder", citation="house rule 7"),
        Rule("PHONE_NUMBER", "pseudonym", scope="unit"),
        Rule("EMAIL_ADDRESS", "pseudonym", scope="document"),
        Rule("SECRET", "drop"),
        Rule("ORGANISATION", "keep"),
    ),
    categories={
        "none": None,
        "text.free": "*",
        "person.name": "PERSON",
        "person.phone": "PHONE_NUMBER",
        "person.email": "EMAIL_ADDRESS",
        "secret": "SECRET",
        "business.name": "ORGANISATION",
    },
    gates=(),
    file="test.policy.yaml",
    digest="",
)


def contract(*fields: Field, quality: tuple[QualityRule, ...] = ()) -> Contract:
    return Contract(
        id="shop.orders", unit="shop", name="orders", version="1.0.0", title="Orders", owner="someone",
        legal_basis="contract", licence="internal", purposes=("pretrain",), residency="CN", retention="P1Y",
        fields=fields, source=Source("files", "orders.csv", "csv"), document=None, schedule=None, quality=quality,
        description="", limitations="", file="orders.odcs.yaml", digest="",
    )  # fmt: skip


def field(name: str, classification: str = "none", kind: Any = "string", **more: Any) -> Field:
    return Field(name, name, kind, classification, **more)
