"""Shares of a mix to the token: powers for temperatures, and stages of a curriculum.

Everything is exact. A share is a rational number; a power is a root of integers in fixed point with 64 binary places,
rounded down, so that it is the same on every machine. No float decides anything.

*Temperature.* Shares are ∝ weight^(1/T) (after Conneau et al. 2020, "Unsupervised Cross-lingual Representation Learning
at Scale", section 3.1, where α = 1/T): 1 leaves them, more evens them out, less sharpens them. A source without a
weight has the tokens that its epochs allow as its weight.

*Stages.* Each has its own number of tokens and shares. A source's documents are taken once, in one order, and dealt to
the stages one after the other, so none comes again in a later stage before its epoch is through.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from schemas.errors import ReleaseRefused
from transforms.sample import Ints, Pool, refuse_short, targets, whole

#: Binary places of a power.
_PLACES = 64


def power(value: Fraction, exponent: Fraction) -> Fraction:
    """``value`` to a positive rational ``exponent``, rounded down to 64 binary places; whole exponents are exact.

    Raises ValueError for a negative value or an exponent that is not above 0.
    """
    if value < 0 or exponent <= 0:
        raise ValueError("powers are of values from 0 on, with exponents above 0")
    if exponent.denominator == 1:
        return value**exponent.numerator
    root, raised = exponent.denominator, value**exponent.numerator
    return Fraction(_root((raised.numerator << (_PLACES * root)) // raised.denominator, root), 1 << _PLACES)


def _root(value: int, degree: int) -> int:
    """The largest integer whose ``degree``-th power is at most ``value``."""
    found = 0
    for bit in range(value.bit_length() // degree, -1, -1):
        if (found | 1 << bit) ** degree <= value:
            found |= 1 << bit
    return found


def tempered(pools: Sequence[Pool], temperature: Decimal, *, bounded: bool) -> list[Pool]:
    """Pools with their weights at this temperature; one with neither weight nor tokens gets a weight by its capacity.

    ``bounded``: a number of tokens is to be shared out. Without one, at temperature 1, such a pool gives all it has.
    """
    exponent = 1 / Fraction(temperature)
    natural = bounded or temperature != 1

    def of(pool: Pool) -> Pool:
        if pool.tokens is not None:
            return pool
        if pool.weight is not None:
            return replace(pool, weight=power(Fraction(pool.weight), exponent))
        return replace(pool, weight=power(Fraction(pool.capacity), exponent)) if natural else pool

    return [of(pool) for pool in pools]


@dataclass(frozen=True)
class StagePlan:
    """What a stage asks of the pools: its ``budget``, or its ``share`` of what is left; a weight or a number of tokens
    of each pool, ``None`` for neither. Where there is a number, the weight says nothing."""

    name: str
    budget: int | None
    share: Fraction | None
    weights: tuple[Fraction | None, ...]
    tokens: tuple[int | None, ...]

    @property
    def parts(self) -> list[Fraction]:
        """Each pool's part of the tokens that no pool has a number of; all 0 where no pool has a weight."""
        pairs = zip(self.weights, self.tokens, strict=True)
        weights = [weight if weight is not None and tokens is None else Fraction(0) for weight, tokens in pairs]
        total = sum(weights, Fraction(0))
        return [weight / total for weight in weights] if total else weights


def schedule(pools: Sequence[Pool], stages: Sequence[StagePlan], budget: int | None) -> tuple[tuple[int, ...], ...]:
    """Tokens to take from each pool in each stage: ``[stage][pool]``.

    With a budget the stages add up to it, and each stage's pools to the stage. Without one, the pool that runs out
    first decides how much is shared out, and parts are rounded down. Raises `ReleaseRefused`.
    """
    if not stages:
        return (targets(pools, budget),)
    fixed = sum(stage.budget or 0 for stage in stages)
    shared = sum((stage.share or Fraction(0) for stage in stages), Fraction(0))
    if budget is not None and (fixed > budget or (fixed < budget and not shared)):
        said = f"{fixed - budget:,} more than" if fixed > budget else f"{budget - fixed:,} less than"
        raise ReleaseRefused(
            f"the stages ask for {fixed:,} tokens, which is {said} the budget of {budget:,}",
            state="nothing was written",
            fix="change `budget`, or the stages' budgets",
        )
    most = _most(pools, stages) if shared else None
    rest = (
        Fraction(0)
        if not shared
        else (Fraction(budget - fixed) if budget is not None else max(Fraction(0), most or Fraction(0)))
    )
    exact = [(stage.share or Fraction(0)) * rest for stage in stages]
    # Without a budget only the parts are rounded: a size rounded as well would leave the pool that decides with tokens.
    sizes: Sequence[Fraction | int] = exact if budget is None else whole(exact, floor=False)
    # Shares that do not add up to one would leave tokens to nobody; the loader does not let them pass.
    found = [
        _stage(stage, stage.budget if stage.budget is not None else size, floor=budget is None and stage.budget is None)
        for stage, size in zip(stages, sizes, strict=True)
    ]
    asked = [
        replace(pool, weight=Fraction(any(part.weights[place] or part.tokens[place] for part in stages)), tokens=None)
        for place, pool in enumerate(pools)
    ]
    totals = [sum(stage[place] for stage in found) for place in range(len(pools))]
    refuse_short(asked, totals, budget if budget is not None else fixed or None, fixed + int(most) if most else None)
    return tuple(found)


def _stage(stage: StagePlan, size: Fraction | int, *, floor: bool) -> tuple[int, ...]:
    """A stage's tokens of each pool, adding up to ``size`` unless ``floor``."""
    tokens = sum(count or 0 for count in stage.tokens)
    if tokens > size or (tokens < size and not any(stage.parts)):
        whole_size = int(size)
        said = f"{tokens - whole_size:,} more than" if tokens > size else f"{whole_size - tokens:,} less than"
        raise ReleaseRefused(
            f"stage {stage.name}: its sources ask for {tokens:,} tokens, which is {said} the {whole_size:,} that it has",
            state="nothing was written",
            fix="change the stage's budget, share or tokens, or give the rest by `weights`",
        )
    parts = whole([(size - tokens) * part for part in stage.parts], floor=floor)
    return tuple(count if count is not None else part for count, part in zip(stage.tokens, parts, strict=True))


def _most(pools: Sequence[Pool], stages: Sequence[StagePlan]) -> Fraction:
    """The most tokens that the stages with a share can have together, so that no pool gives more than it has.

    What a pool gives is a + b·R of what is shared out, R; the smallest (capacity − a) / b decides.
    """
    limits = []
    for place, pool in enumerate(pools):
        constant, slope = Fraction(0), Fraction(0)
        for stage in stages:
            part = stage.parts[place]
            tokens = sum(count or 0 for count in stage.tokens)
            constant += stage.tokens[place] or 0
            constant += ((stage.budget or 0) - tokens) * part
            slope += (stage.share or Fraction(0)) * part
        if slope:
            limits.append((pool.capacity - constant) / slope)
    return min(limits, default=Fraction(0))


def deal(tokens: Ints, wanted: Sequence[int]) -> NDArray[np.int16]:
    """The stage of each document of one source, in the order in which they are taken.

    Each stage ends with the document that reaches what it and those before it want together, so every stage is off its
    number by less than one document.

    Args:
        tokens: of each document that was taken.
        wanted: tokens of each stage.
    """
    sums = np.cumsum(np.array(wanted, np.int64))
    reached = np.cumsum(tokens)
    ends = np.where(sums > 0, np.searchsorted(reached, sums, side="left") + 1, 0)
    # Documents without tokens behind the last one needed belong to the last stage that takes any.
    ends[sums >= (sums[-1] if len(sums) else 0)] = len(tokens)
    return np.searchsorted(ends, np.arange(len(tokens)), side="right").astype(np.int16)
