"""How many were missed by both of two detectors that look on their own (capture and recapture). Pure and exact.

Lincoln's estimate n1 n2 / m (F. C. Lincoln, USDA Circular 118, 1930) has no value where nothing was found twice, and
is too high in small samples; D. G. Chapman's (Univ. Calif. Publ. Stat. 1 (1951) 131), (n1+1)(n2+1)/(m+1) - 1, mends
both. Its variance is G. A. F. Seber's (Biometrika 57 (1970) 13). All of them hold for detectors that miss independently of each
other: where both miss the same things, the truth is higher than the estimate.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Recapture:
    """``first`` and ``second`` found so many, ``both`` of them the same. ``estimate`` is Chapman's of all there are,
    ``variance`` its variance, ``lincoln`` Lincoln's (``None`` where it has no value)."""

    first: int
    second: int
    both: int
    estimate: Fraction
    variance: Fraction
    lincoln: Fraction | None

    @property
    def seen(self) -> int:
        """What at least one of them found."""
        return self.first + self.second - self.both

    @property
    def missed(self) -> Fraction:
        """What neither found, as estimated; never below 0."""
        return max(Fraction(0), self.estimate - self.seen)


def recapture(first: int, second: int, both: int) -> Recapture:
    """Raises ``ValueError`` where ``both`` is more than either found."""
    if not 0 <= both <= min(first, second):
        raise ValueError(f"{both} found twice, of {first} and {second}")
    return Recapture(
        first,
        second,
        both,
        Fraction((first + 1) * (second + 1), both + 1) - 1,
        Fraction((first + 1) * (second + 1) * (first - both) * (second - both), (both + 1) ** 2 * (both + 2)),
        Fraction(first * second, both) if both else None,
    )
