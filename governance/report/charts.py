"""Geometry of the page's charts, in whole numbers: the same picture everywhere, without a float's last digit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

#: A share of this or less stands at the left edge of a logarithmic axis of shares.
_DECADES = 4


def spark(series: Sequence[Mapping[str, int]], wide: int = 100, high: int = 24) -> dict[str, Any]:
    """A line of rates (count of tokens), oldest first: ``points`` for a polyline and the last point, ``x`` and ``y``."""
    rates = [Fraction(one["count"], one["tokens"]) if one["tokens"] else Fraction(0) for one in series]
    most = max(rates, default=Fraction(0))
    step = Fraction(wide - 6, max(1, len(rates) - 1))
    places = [
        (3 + int(number * step), high - 3 - (int(rate / most * (high - 6)) if most else 0))
        for number, rate in enumerate(rates)
    ]
    x, y = places[-1] if places else (3, high - 3)
    return {"points": " ".join(f"{left},{top}" for left, top in places), "x": x, "y": y, "several": len(places) > 1}


def heat(part: int, whole: int, most: Fraction) -> int:
    """Shade 0 to 5 of a rate beside the largest one; what is there at all has a shade."""
    if not whole or not part or not most:
        return 0
    return max(1, min(5, int(Fraction(part, whole) / most * 5) + (Fraction(part, whole) < most)))


def largest_rate(rows: Sequence[Mapping[str, Any]]) -> Fraction:
    """The largest rate of a matrix."""
    return max(
        (Fraction(row["changed"], row["unit_tokens"]) for row in rows if row["unit_tokens"]), default=Fraction(0)
    )


def swing(before: int, of_before: int, now: int, of_now: int, most: int = 500) -> int:
    """How far a rate moved, from -most (gone) over 0 to most (new): 1 - smaller/larger, falls below nought."""
    old = Fraction(before, of_before) if of_before else Fraction(0)
    new = Fraction(now, of_now) if of_now else Fraction(0)
    if old == new:
        return 0
    length = int((1 - min(old, new) / max(old, new)) * most)
    return max(1, length) if new > old else -max(1, length)


def on_log(value: str | Decimal | None, most: int = 1000) -> int:
    """Where a share stands on an axis from 0.01 % to 100 % by powers of ten."""
    share = Decimal(value or 0)
    if share <= 0:
        return 0
    place = (share.log10() + _DECADES) / _DECADES * most
    return int(min(Decimal(most), max(Decimal(0), place)))


def interval(row: Mapping[str, Any]) -> dict[str, int]:
    """A stratum of an audit on that axis: lower and upper bound, and the share of the rows read that leak."""
    read = row["read"]
    low = on_log(row["lower"]) if row["leaks"] else 0
    high = max(on_log(row["upper"]), low + 6)
    return {"low": low, "high": high, "point": on_log(Decimal(row["leaks"]) / Decimal(read)) if read else 0}


def gauge(gate: Mapping[str, Any], most: int = 1000) -> dict[str, int] | None:
    """A measured value beside its threshold, ``None`` where they are no numbers: lengths on an axis twice the larger."""
    try:
        value, limit = Decimal(str(gate["value"])), Decimal(str(gate["threshold"]))
    except InvalidOperation:
        return None
    if gate["comparison"] == "==" or not value.is_finite() or not limit.is_finite() or min(value, limit) < 0:
        return None
    end = max(value, 2 * limit)
    if not end:
        return None
    return {"value": int(value / end * most), "limit": int(limit / end * most)}
