"""Gates: what a release must meet before a reviewer may sign it. Pure; thresholds are the policy's.

A gate that this program cannot evaluate has failed: nobody looked. One of which there is nothing to measure has passed, and
says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from schemas.contract import Gate

_COMPARE = {"<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b, "==": lambda a, b: a == b}
_PLACES = Decimal("0.000001")


@dataclass(frozen=True)
class Measured:
    """A gate's value: a truth or an exact number, and in words what it was measured on.

    ``value`` is ``None`` where there is nothing to measure: the gate has passed, for the reason that ``detail`` gives.
    """

    value: bool | int | Fraction | None
    detail: str = ""


def evaluate(
    gates: Iterable[Gate],
    values: Mapping[str, Measured],
    *,
    unknown: str = "this program does not know how to measure it",
) -> tuple[dict[str, Any], ...]:
    """One row a gate, in the policy's order, as release manifests hold them: name, value, threshold, comparison,
    passed, citation, verified_by, detail; all plain values. ``unknown`` says why a gate has no value."""
    return tuple(_row(gate, values.get(gate.name), unknown) for gate in gates)


def _row(gate: Gate, measured: Measured | None, unknown: str) -> dict[str, Any]:
    row = {
        "name": gate.name,
        "value": "",
        "threshold": gate.threshold,
        "comparison": gate.comparison,
        "passed": False,
        "citation": gate.citation,
        "verified_by": gate.verified_by,
        "detail": "",
    }
    if measured is None:
        return {**row, "value": "not measured", "detail": unknown}
    if measured.value is None:
        return {**row, "value": "nothing to measure", "detail": measured.detail, "passed": True}
    threshold = _threshold(gate.threshold)
    row.update(value=shown(measured.value), detail=measured.detail)
    if threshold is None or isinstance(threshold, bool) != isinstance(measured.value, bool):
        return {**row, "detail": f"the threshold {gate.threshold!r} does not compare with {row['value']}"}
    return {**row, "passed": bool(_COMPARE[gate.comparison](measured.value, threshold))}


def _threshold(text: str) -> bool | Fraction | None:
    plain = str(text).strip().lower()
    if plain in ("true", "false"):
        return plain == "true"
    try:
        return Fraction(Decimal(plain))
    except (InvalidOperation, ValueError, OverflowError):
        return None


def shown(value: bool | int | Fraction) -> str:
    """A value as text: ``true``, ``12``, or a decimal of at most six places; comparisons are made on the exact one."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) or value.denominator == 1:
        return str(int(value))
    exact = (Decimal(value.numerator) / Decimal(value.denominator)).quantize(_PLACES, ROUND_HALF_EVEN)
    return f"{exact.normalize():f}"
