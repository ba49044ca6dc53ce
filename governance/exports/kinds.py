"""The kinds of export, and their bytes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from governance.cells import safe
from governance.exports.ai_act import ai_act
from governance.exports.article30 import COLUMNS as ARTICLE30
from governance.exports.article30 import article30
from governance.exports.card import card
from governance.exports.croissant import croissant
from governance.exports.facts import Facts
from governance.exports.openlineage import openlineage
from governance.exports.tc260 import COLUMNS as TC260
from governance.exports.tc260 import tc260


@dataclass(frozen=True)
class Export:
    """One file: its name, its media type and its bytes."""

    name: str
    media: str
    data: bytes


def _json(name: str, value: Any) -> Export:
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return Export(name, "application/json", text.encode() + b"\n")


def _csv(name: str, columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> Export:
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, lineterminator="\n")
    heads = list(columns)
    writer.writerow(heads)
    for row in rows:
        writer.writerow([safe(row[head]) for head in heads])
    return Export(name, "text/csv; charset=utf-8", sink.getvalue().encode())


def _croissant(facts: Facts) -> list[Export]:
    # The order of keys is kept: JSON-LD is read by people, and its context comes first.
    text = json.dumps(croissant(facts), ensure_ascii=False, indent=1, allow_nan=False)
    return [Export("croissant.json", "application/ld+json", text.encode() + b"\n")]


def _card(facts: Facts) -> list[Export]:
    return [Export("card.md", "text/markdown; charset=utf-8", card(facts).encode())]


def _article30(facts: Facts) -> list[Export]:
    rows = article30(facts)
    return [_csv("article30.csv", ARTICLE30, rows), _json("article30.json", rows)]


def _ai_act(facts: Facts) -> list[Export]:
    return [_json("ai-act.json", ai_act(facts))]


def _openlineage(facts: Facts) -> list[Export]:
    lines = [json.dumps(event, ensure_ascii=False, sort_keys=True) for event in openlineage(facts)]
    return [Export("openlineage.jsonl", "application/x-ndjson", "".join(f"{line}\n" for line in lines).encode())]


def _tc260(facts: Facts) -> list[Export]:
    rows = tc260(facts)
    return [_csv("tc260.csv", TC260, rows), _json("tc260.json", rows)]


KINDS: Mapping[str, Callable[[Facts], list[Export]]] = {
    "croissant": _croissant,
    "card": _card,
    "article30": _article30,
    "ai-act": _ai_act,
    "openlineage": _openlineage,
    "tc260": _tc260,
}


def export(facts: Facts, kind: str) -> list[Export]:
    """The files of one kind. Equal facts give equal bytes. Raises ``KeyError`` for a kind that is none of `KINDS`."""
    return KINDS[kind](facts)
