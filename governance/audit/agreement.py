"""Agreement of two readers: Cohen's kappa (J. Cohen, Educ. Psychol. Meas. 20 (1960) 37). Pure and exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Agreement:
    """``read`` items had both verdicts; ``agreement`` is the share of equal ones. ``kappa`` is what is left of it
    without the agreement that chance alone would give: 1 at best, 0 for none, ``None`` where it is not defined
    (nothing was read twice, or both gave one and the same verdict to everything)."""

    read: int
    agreement: Fraction | None
    kappa: Fraction | None


def kappa(pairs: Iterable[tuple[str, str]]) -> Agreement:
    """Of pairs of verdicts on the same items: the first reader's, the second's."""
    table = Counter(pairs)
    n = table.total()
    if not n:
        return Agreement(0, None, None)
    first, second = Counter[str](), Counter[str]()
    for (one, two), count in table.items():
        first[one] += count
        second[two] += count
    same = Fraction(sum(count for (one, two), count in table.items() if one == two), n)
    chance = Fraction(sum(first[verdict] * second[verdict] for verdict in first), n * n)
    return Agreement(n, same, None if chance == 1 else (same - chance) / (1 - chance))
