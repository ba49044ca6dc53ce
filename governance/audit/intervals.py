"""Intervals of a proportion from a sample. Pure; bounds are rounded outwards, so that none claims more than was seen.

Wilson: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209. Exact: C. J. Clopper and E. S. Pearson, Biometrika 26 (1934)
404, through quantiles of the beta distribution (SciPy's `betaincinv`).
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from statistics import NormalDist

CONFIDENCE = 0.95
_PLACES = Decimal("0.00000001")


def down(value: float | Fraction) -> Decimal:
    """The value to eight places, never above it."""
    return _exact(value).quantize(_PLACES, ROUND_FLOOR)


def up(value: float | Fraction) -> Decimal:
    """The value to eight places, never below it."""
    return _exact(value).quantize(_PLACES, ROUND_CEILING)


def _exact(value: float | Fraction) -> Decimal:
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(value)


def wilson(hits: int, n: int, confidence: float = CONFIDENCE) -> tuple[Decimal, Decimal]:
    """The two-sided score interval; (0, 1) for an empty sample. Raises ``ValueError`` unless 0 <= hits <= n."""
    _check(hits, n)
    if not n:
        return Decimal(0), Decimal(1)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, square = hits / n, z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = z * (share * (1 - share) / n + square / (4 * n * n)) ** 0.5 / (1 + square / n)
    low = Decimal(0) if hits == 0 else max(Decimal(0), down(middle - half))
    high = Decimal(1) if hits == n else min(Decimal(1), up(middle + half))
    return low, high


def upper(hits: int, n: int, confidence: float = CONFIDENCE) -> Decimal:
    """The exact one-sided upper bound: were the proportion higher, so few hits would come up in fewer than
    1 - ``confidence`` of all samples. 1 for an empty sample; 0 of 2,995 gives less than 0.001."""
    from scipy.special import betaincinv

    _check(hits, n)
    return Decimal(1) if hits == n else min(Decimal(1), up(float(betaincinv(hits + 1, n - hits, confidence))))


def lower(hits: int, n: int, confidence: float = CONFIDENCE) -> Decimal:
    """The exact one-sided lower bound; 0 for an empty sample."""
    from scipy.special import betaincinv

    _check(hits, n)
    return Decimal(0) if hits == 0 else max(Decimal(0), down(float(betaincinv(hits, n - hits + 1, 1 - confidence))))


def items_needed(bound: float, confidence: float = CONFIDENCE) -> int:
    """How many items without a hit show that the proportion is below ``bound``: 299 for 1 %, 2,995 for 0.1 %."""
    from math import ceil, log, log1p

    if not 0 < bound < 1:
        raise ValueError("the bound lies between 0 and 1")
    return ceil(log(1 - confidence) / log1p(-bound))


def _check(hits: int, n: int) -> None:
    if not 0 <= hits <= n:
        raise ValueError(f"{hits} hits in {n} items")
