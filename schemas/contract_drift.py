"""The drift part of a contract: from where on a snapshot that differs from the last ones is told, held or refused."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations
from typing import Any

from schemas.contract import Drift, Levels
from schemas.raw import as_mapping, is_number
from schemas.yaml_lines import Place, YamlFile

LEVELS = ("warn", "hold", "fail")
MEASURES = ("volume", "nulls", "psi", "redactions")


def build_drift(found: YamlFile, raw: Any, place: Place) -> Drift:
    """The `Drift` of ``drift: {volume: {warn: 0.2, hold: 0.5}}``; what is left out has its default. Faults are reported."""
    body = as_mapping(raw)
    stated: dict[str, Any] = {name: _levels(found, body[name], (*place, name)) for name in MEASURES if name in body}
    window = body.get("window")
    if isinstance(window, int) and not isinstance(window, bool):
        return Drift(window=window, **stated)
    return Drift(**stated)


def _levels(found: YamlFile, raw: Any, place: Place) -> Levels:
    values = {name: Decimal(repr(value)) for name, value in as_mapping(raw).items() if is_number(value)}
    values = {name: value for name, value in values.items() if name in LEVELS}
    for low, high in combinations([name for name in LEVELS if name in values], 2):
        if values[low] > values[high]:
            found.report(
                (*place, high),
                f"{high!r} comes before {low!r}: {values[high]} is less than {values[low]}",
                "warn is the least, fail the most",
            )
            break
    return Levels(**values)
