"""How the report writes numbers, shares and bars. Integers and exact fractions only: the same text everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any


def number(value: int) -> str:
    """``1234567`` as ``1,234,567``."""
    return f"{value:,}"


def size(value: int) -> str:
    """Bytes in decimal units (IEC 80000-13 keeps kB, MB and GB for powers of ten)."""
    for unit, scale in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if value >= scale:
            tenths = (value * 10 + scale // 2) // scale
            return f"{tenths // 10:,}.{tenths % 10} {unit}"
    return f"{value} bytes"


def share(part: int, whole: int) -> str:
    """A part of a whole in per cent; what is there at all is never shown as nought."""
    if not whole or not part:
        return "0 %"
    tenths = (Fraction(part, whole) * 1000).__round__()
    if not tenths:
        return "< 0.1 %"
    if tenths == 1000 and part < whole:
        return "> 99.9 %"
    return f"{tenths // 10}.{tenths % 10} %" if tenths % 10 else f"{tenths // 10} %"


def rate(part: int, whole: int) -> str:
    """How many to a thousand."""
    if not whole or not part:
        return "0"
    tenths = (Fraction(part * 1000, whole) * 10).__round__()
    return f"{tenths // 10:,}.{tenths % 10}" if tenths else "< 0.1"


def width(part: int, whole: int, most: int = 1000) -> int:
    """Length of a bar out of ``most``; at least 1 for what is there."""
    if not whole or not part:
        return 0
    return max(1, part * most // whole)


def segments(parts: Sequence[Any], most: int = 1000) -> list[dict[str, Any]]:
    """Bars one after another, filling ``most``: start and length for each {label, count, kind}."""
    total = sum(part["count"] for part in parts)
    found, before = [], 0
    for part in parts:
        start = before * most // total if total else 0
        before += part["count"]
        end = before * most // total if total else 0
        if part["count"]:
            found.append({**part, "x": start, "width": max(1, end - start)})
    return found


def words(text: str) -> str:
    """``too_short`` as ``too short``."""
    return text.replace("_", " ")


def threshold(gate: Mapping[str, Any]) -> str:
    """``<= 0.05`` as ``at most 0.05``."""
    said = {"<=": "at most", ">=": "at least", "==": "is"}
    return f"{said[gate['comparison']]} {gate['threshold']}"


def basis(term: str) -> str:
    """A contract's legal basis in words."""
    return _BASES.get(term, term)


_BASES = {
    "consent": "Consent",
    "contract": "Contract with the person",
    "legalObligation": "Legal obligation",
    "vitalInterests": "Vital interests",
    "publicTask": "Public task",
    "legitimateInterests": "Legitimate interests",
    "publicData": "Public data",
}


FILTERS = {
    "number": number,
    "size": size,
    "share": share,
    "rate": rate,
    "width": width,
    "segments": segments,
    "words": words,
    "threshold": threshold,
    "basis": basis,
}
