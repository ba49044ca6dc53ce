"""Which rows of a release are read: strata, how many rows of each, and which. Pure; the seed decides everything.

A row belongs to one stratum: its unit, its language, and the rarest entity among those that stood in it (rarest in its
unit and language, so that a kind of which there are few rows is looked at on its own), or none for un-redacted rows. Rows of which
some find had a low score are a stratum beside the others of their kind.

Every stratum gets at least `FLOOR` rows as far as the size allows; the rest is dealt out in proportion to rows, where
un-redacted rows (a miss can only be read there, nothing marks it) and rows of low score count `FACTOR` times. The
estimate weighs this back (`governance.audit.estimate`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

FLOOR = 5
FACTOR = 2
REDACTED, UNREDACTED = "redacted", "unredacted"
LOW = "low"


@dataclass(frozen=True, order=True)
class Stratum:
    """Rows of one kind. ``entity`` is empty for un-redacted rows; ``score`` is ``low`` or empty."""

    unit: str
    language: str
    entity: str
    side: str
    score: str = ""

    @property
    def factor(self) -> int:
        """How many times over its rows count when the sample is dealt out."""
        return FACTOR if self.side == UNREDACTED or self.score == LOW else 1


@dataclass(frozen=True, order=True)
class Kind:
    """What is known of a row before it has a stratum: all the entities that stood in it."""

    unit: str
    language: str
    entities: tuple[str, ...]
    score: str = ""


def strata_of(kinds: Mapping[Kind, int]) -> dict[Kind, Stratum]:
    """The stratum of each kind of row, from the number of rows of each kind."""
    rows: dict[tuple[str, str, str], int] = {}
    for kind, count in kinds.items():
        for entity in kind.entities:
            place = (kind.unit, kind.language, entity)
            rows[place] = rows.get(place, 0) + count
    found = {}
    for kind in kinds:
        rarest = min(kind.entities, key=lambda e: (rows[kind.unit, kind.language, e], e), default="")
        side = REDACTED if kind.entities else UNREDACTED
        found[kind] = Stratum(kind.unit, kind.language, rarest, side, kind.score)
    return found


def allocate(populations: Mapping[Stratum, int], size: int) -> dict[Stratum, int]:
    """How many rows of each stratum are read; all of a stratum at most, and ``size`` in all if there are as many.

    With fewer rows than strata, those that count most get one each. Rounding is by largest remainder.
    """
    strata = sorted(stratum for stratum, rows in populations.items() if rows > 0)
    size = min(size, sum(populations[stratum] for stratum in strata))
    if not strata or size <= 0:
        return dict.fromkeys(populations, 0)
    heavy = sorted(strata, key=lambda one: (-populations[one] * one.factor, one))
    floor = min(FLOOR, max(1, size // len(strata)))
    given = dict.fromkeys(populations, 0)
    for stratum in heavy[:size]:
        given[stratum] = min(floor, populations[stratum])
    left = size - sum(given.values())
    while left > 0:
        open_ = [one for one in strata if given[one] < populations[one]]
        total = sum(populations[one] * one.factor for one in open_)
        exact = {one: Fraction(left * populations[one] * one.factor, total) for one in open_}
        more = {one: min(int(exact[one]), populations[one] - given[one]) for one in open_}
        if not any(more.values()):
            # Less than one row each: the largest remainders get it.
            for one in sorted(open_, key=lambda one: (-exact[one], one))[:left]:
                given[one] += 1
                left -= 1
            continue
        for one, count in more.items():
            given[one] += count
            left -= count
    return given


def seeded(seed: int, *names: str) -> int:
    """64 bits from a seed and names, each with its length."""
    said = "".join(f"{len(name)}:{name}" for name in (str(seed), *names))
    return int.from_bytes(sha256(said.encode()).digest()[:8], "big")


def priorities(rows: NDArray[np.int64], seed: int) -> NDArray[np.uint64]:
    """A number for each row as if drawn at random, always the same for a seed; rows of the smallest are read.

    SplitMix64 (G. L. Steele, D. Lea and C. H. Flood, OOPSLA 2014) of the row number: for one seed no two rows share a number.
    """
    with np.errstate(over="ignore"):
        mixed = rows.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(seed)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return mixed ^ (mixed >> np.uint64(31))


def choose(
    rows: NDArray[np.int64], stratum: NDArray[np.int32], wanted: Sequence[int], seed: int
) -> list[tuple[int, int]]:
    """Row and stratum of those that are read, in the order in which they are: at random, so that whoever stops
    half-way has read a smaller sample of the same kind.

    ``wanted`` counts rows by stratum number; ``stratum`` is that of each of ``rows``.
    """
    drawn = priorities(rows, seed)
    found: list[tuple[int, int, int]] = []
    order = np.argsort(stratum, kind="stable")
    bounds = np.searchsorted(stratum[order], np.arange(len(wanted) + 1))
    for number, count in enumerate(wanted):
        mine = order[bounds[number] : bounds[number + 1]]
        if count and len(mine):
            best = mine[np.argsort(drawn[mine], kind="stable")[:count]]
            found += zip(drawn[best].tolist(), rows[best].tolist(), [number] * len(best), strict=True)
    return [(row, number) for _, row, number in sorted(found)]
