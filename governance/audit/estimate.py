"""From verdicts on a stratified sample to all rows: shares, bounds and extrapolated leaks. Pure.

The total's upper bound holds wherever the leaks may be. With rows sampled at different rates no simple interval does:
leaks may sit in the stratum of which least was read. Let w be rows a row read stands for. Then the share of leaks is at most
max(w) n / N times the expected share among the n rows read, and for that the exact bound on all verdicts holds,
because a sum of binomials is less spread than one binomial of the same mean (W. Hoeffding, Ann. Math. Stat. 27 (1956)
713). Strata that were read whole add what was found in them; strata of which nothing was read count in full.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from governance.audit.intervals import CONFIDENCE, down, lower, up, upper, wilson


@dataclass(frozen=True)
class Read:
    """One stratum: rows in it, rows read, rows in which a leak was found."""

    rows: int
    read: int
    leaks: int

    def __post_init__(self) -> None:
        if not 0 <= self.leaks <= self.read <= self.rows:
            raise ValueError(f"{self.leaks} leaks in {self.read} of {self.rows} rows")


@dataclass(frozen=True)
class Bounds:
    """``lower`` and ``upper`` bound the share of rows with a leak (one-sided, exact for ``upper``); ``wilson_upper``
    is the upper end of the two-sided score interval whose lower end is ``lower``; ``extrapolated`` estimates rows
    with a leak, ``None`` where nothing was read."""

    lower: Decimal
    upper: Decimal
    wilson_upper: Decimal
    extrapolated: Fraction | None


def of_stratum(one: Read, confidence: float = CONFIDENCE) -> Bounds:
    """A stratum that was read whole is known; of an empty one there is nothing to say but 0."""
    if one.read == one.rows:
        share = Fraction(one.leaks, one.rows) if one.rows else Fraction(0)
        return Bounds(down(share), up(share), up(share), Fraction(one.leaks))
    if not one.read:
        return Bounds(Decimal(0), Decimal(1), Decimal(1), None)
    low, high = wilson(one.leaks, one.read, confidence)
    # Rows that were read and are clean are clean.
    most = up(Fraction(one.rows - one.read + one.leaks, one.rows))
    return Bounds(
        max(low, down(Fraction(one.leaks, one.rows))),
        min(upper(one.leaks, one.read, confidence), most),
        min(high, most),
        Fraction(one.rows * one.leaks, one.read),
    )


def of_total(strata: Iterable[Read], confidence: float = CONFIDENCE) -> Bounds:
    """All strata together, weighed by their rows."""
    every = [one for one in strata if one.rows]
    rows = sum(one.rows for one in every)
    if not rows:
        return Bounds(Decimal(0), Decimal(0), Decimal(0), Fraction(0))
    known = sum(one.leaks for one in every if one.read == one.rows)
    unread = sum(one.rows for one in every if not one.read)
    part = [one for one in every if 0 < one.read < one.rows]
    low, high = Fraction(known), Fraction(known + unread)
    wide = high
    if part:
        n, leaks, of = sum(p.read for p in part), sum(p.leaks for p in part), sum(p.rows for p in part)
        weights = [Fraction(one.rows, one.read) for one in part]
        most = of - n + leaks
        low += max(Fraction(leaks), min(weights) * n * Fraction(lower(leaks, n, confidence)))
        high += min(Fraction(most), max(weights) * n * Fraction(upper(leaks, n, confidence)))
        wide += min(Fraction(most), max(weights) * n * Fraction(wilson(leaks, n, confidence)[1]))
    estimate = sum((Fraction(one.rows * one.leaks, one.read) for one in every if one.read), Fraction(0))
    return Bounds(
        down(low / rows),
        min(Decimal(1), up(high / rows)),
        min(Decimal(1), up(wide / rows)),
        None if unread == rows else estimate,
    )
