"""How the report writes numbers, shares and bars. Integers and exact fractions only: the same text everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from governance.report import charts, texts


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
    """``too_short`` as ``too short``; a field behind it (``null:ticket_no``) is called what it is called."""
    name, mark, field = text.partition(":")
    return name.replace("_", " ") + mark + field


def threshold(gate: Mapping[str, Any], language: str = "en") -> str:
    """``<= 0.05`` as ``at most 0.05``."""
    said = {"<=": ("at most", "不超过"), ">=": ("at least", "不少于"), "==": ("must be", "须为")}
    limit = texts.VALUES.get(str(gate["threshold"]), (gate["threshold"],) * 2)
    return f"{said[gate['comparison']][language == 'zh']} {limit[language == 'zh']}"


def per(part: int, whole: int, of: int = 10_000) -> str:
    """How many to ten thousand, in three digits or more."""
    if not whole or not part:
        return "0"
    value = Fraction(part * of, whole)
    if value >= 100:
        return f"{value.__round__():,}"
    places = 1 if value >= 10 else 2
    cut = (value * 10**places).__round__()
    return f"{cut // 10**places}.{cut % 10**places:0{places}d}" if cut else "< 0.01"


def percent(value: str | None) -> str:
    """A share, given as a decimal, in per cent with the digits that matter."""
    if value is None:
        return "–"
    found = Decimal(value) * 100
    if found and found < Decimal("0.01"):
        return "< 0.01 %"
    text = f"{found.quantize(Decimal('0.01') if found < 10 else Decimal('0.1')):f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"


def gate_name(name: str) -> tuple[str, str]:
    """A gate in both languages."""
    return texts.GATES.get(name, (words(name), words(name)))


def both(term: str, table: str) -> tuple[str, str]:
    """A term of one of the tables of `texts` in both languages."""
    found: tuple[str, str] = getattr(texts, table).get(term, (words(term), words(term)))
    return found


def zh(term: str, table: str) -> str:
    """A term of a table that has Chinese alone; the term itself where it has none."""
    found: str = getattr(texts, table).get(term, term)
    return found


def some(names: Iterable[Any], limit: int = 8) -> tuple[str, int]:
    """The first few names as a list, and how many are left out."""
    every = [str(name) for name in names]
    return ", ".join(every[:limit]), max(0, len(every) - limit)


FILTERS = {
    "number": number,
    "size": size,
    "share": share,
    "rate": rate,
    "per": per,
    "percent": percent,
    "width": width,
    "segments": segments,
    "words": words,
    "threshold": threshold,
    "gate_name": gate_name,
    "both": both,
    "zh": zh,
    "some": some,
    "spark": charts.spark,
    "heat": charts.heat,
    "largest_rate": charts.largest_rate,
    "swing": charts.swing,
    "on_log": charts.on_log,
    "interval": charts.interval,
    "gauge": charts.gauge,
}
