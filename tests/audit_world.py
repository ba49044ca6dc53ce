"""A release for audits: a hundred invented texts with redactions of three kinds, and readers who read them all."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pyarrow as pa

from clearinghouse.jobs.audit import Audit, Span, Verdict
from clearinghouse.settings import Settings
from schemas.manifest import ReleaseManifest
from tests.builders import make_release
from transforms import shards

LEAK = "13900001111"
NAME = "demo@1.0.0"
REDACTIONS = {
    "media.notes|text|PHONE_NUMBER|placeholder|phone": 30,
    "media.notes|text|PERSON|pseudonym|known": 10,
    "media.notes|text|PLATE|placeholder|plate": 2,
}


def text_of(number: int) -> str:
    if number % 10 == 0:
        return f"联系 <PHONE_NUMBER> 或 <PERSON:k7f3q2ab>,第{number}单"
    if number == 33:
        return "车牌 <PLATE> 停在门口,电话 <PHONE_NUMBER>"
    if number % 10 == 5:
        return f"请打 <PHONE_NUMBER> 第{number}单"
    return f"=第{number}单 一切都好 a < b"


def rows_of(texts: list[str], **more: Any) -> pa.Table:
    values = [
        {
            "id": hashlib.blake2b(str(n).encode(), digest_size=16).hexdigest(),
            "source": "media.notes" if n % 4 else "commerce.reviews",
            "language": "zh",
            "epoch": 1,
            "n_tokens": 4,
            "text": text,
            "provenance": {"unit": "media", "snapshot": "0" * 64, "partition": "2026-01", "position": n + 1, "rows": 1},
            "erased": False,
            **more.get(str(n), {}),
        }
        for n, text in enumerate(texts)
    ]
    return pa.Table.from_pylist(values, schema=shards.schema("text"))


SIGN = [
    {"name": "audit_closed", "comparison": "==", "threshold": "true", "citation": "house", "verified_by": "us"},
    {"name": "pii_residual_bound", "comparison": "<=", "threshold": "0.2", "citation": "house", "verified_by": "us"},
]


def release(settings: Settings, rows: int = 100, **more: Any) -> ReleaseManifest:
    table = more.pop("table", None) or rows_of([text_of(n) for n in range(rows)])
    recipe = {"name": "demo", "reviewers": [], "signing_gates": SIGN}
    return make_release(settings.store, rows=table, redactions=REDACTIONS, **{"recipe": recipe, **more})


def state(settings: Settings) -> dict[str, bytes]:
    root = Path(settings.store)
    return {str(f.relative_to(root)): f.read_bytes() for f in root.rglob("*") if f.is_file() and f.name[0] != "."}


def read_all(settings: Settings, *readers: str, leaks: tuple[int, ...] = ()) -> Audit:
    audit = Audit.open(settings, NAME)
    for reader in readers:
        for item in audit.queue(reader):
            spans = (Span(0, 0, 3, "PHONE_NUMBER"),) if item.row in leaks else ()
            audit.add(Verdict(item.row, reader, "leak" if spans else "clean", spans))
    return audit
