"""Which documents a release takes, and in which order: exact, seeded, the same on every machine.

Shares are rational numbers made from the decimals of the mix; no float decides anything.

*Targets.* A source with ``tokens`` gets that many. What is left of the budget is shared by ``weight``, in whole
tokens by largest remainder, so that the targets add up to the budget. Without a budget the weights decide: the
source that runs out first (``epochs`` × its tokens) gives all it has, and the others their share beside it. A source
with neither gives all it has.

*Taking.* A source's documents stand in the order of a keyed hash of their ids: one order an epoch, whole epochs
first, then the shortest prefix of the next that reaches the target. So a source is never short of its target, and
over it by less than one document. (With a fractional ``epochs`` the cap can be passed by that same document.)
As hash order does not depend on what else is there, a few new documents change little.

*Order.* `interleave` merges the sources so that every prefix holds their shares to within a few documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from schemas.canonical import digest
from schemas.errors import ReleaseRefused

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]

#: Tokens that one source of one release may hold: what the fixed-point arithmetic of `interleave` is exact for.
MOST_TOKENS = 1 << 47


@dataclass(frozen=True)
class Pool:
    """What a source could give (``available`` tokens in one epoch) and what the mix asks of it."""

    dataset: str
    available: int
    weight: Decimal | Fraction | None = None
    tokens: int | None = None
    epochs: Decimal = Decimal(1)

    @property
    def capacity(self) -> int:
        """Tokens that the epochs cap allows, rounded down."""
        return int(Fraction(self.epochs) * self.available)


def targets(pools: Sequence[Pool], budget: int | None) -> tuple[int, ...]:
    """Tokens to take from each pool, adding up to ``budget`` where there is one.

    Raises `ReleaseRefused`, naming for every source that falls short by how much, and the budget that would do.
    """
    plain = sum(pool.capacity for pool in pools if pool.weight is None and pool.tokens is None)
    fixed = plain + sum(pool.tokens or 0 for pool in pools)
    weights = [Fraction(pool.weight or 0) for pool in pools]
    total = sum(weights, Fraction(0))
    most = _largest(pools, weights)
    shared = most if budget is None else Fraction(budget - fixed)
    if shared < 0 or (shared and not total):
        raise ReleaseRefused(
            f"the sources ask for {fixed:,} tokens, which is not the budget of {budget:,}",
            state="nothing was written",
            fix="change `budget` or the sources' `tokens` in the mix, or give the rest by `weight`",
        )
    parts = [shared * weight / total if total else Fraction(0) for weight in weights]
    asked = whole(parts, floor=budget is None)
    found = []
    for pool, part in zip(pools, asked, strict=True):
        if pool.weight is not None:
            found.append(part)
        else:
            found.append(pool.capacity if pool.tokens is None else pool.tokens)
    refuse_short(pools, found, budget, fixed + int(most) if total else None)
    return tuple(found)


def _largest(pools: Sequence[Pool], weights: Sequence[Fraction]) -> Fraction:
    """The most tokens that weighted sources can give together at exactly their shares; 0 without weights."""
    total = sum(weights, Fraction(0))
    limits = [pool.capacity * total / weight for pool, weight in zip(pools, weights, strict=True) if weight]
    return min(limits, default=Fraction(0))


def whole(parts: Sequence[Fraction], *, floor: bool) -> list[int]:
    """Whole numbers for rational parts; unless ``floor``, their sum is kept by largest remainder (Hamilton)."""
    down = [int(part) for part in parts]
    if not floor and parts:
        left = int(sum(parts)) - sum(down)
        order = sorted(range(len(parts)), key=lambda place: (down[place] - parts[place], place))
        for place in order[:left]:
            down[place] += 1
    return down


def refuse_short(pools: Sequence[Pool], found: Sequence[int], budget: int | None, most: int | None) -> None:
    """Refuse what the pools cannot give: ``found`` tokens of each, and ``most`` is the budget that would do."""
    short = []
    for pool, wanted in zip(pools, found, strict=True):
        asks = bool(pool.weight) or pool.tokens is not None
        if wanted > pool.capacity:
            short.append(
                f"{pool.dataset}: wants {wanted:,}, has {pool.available:,} × {pool.epochs} epochs "
                f"= {pool.capacity:,}: {wanted - pool.capacity:,} short{_epochs_needed(pool, wanted)}"
            )
        elif asks and not pool.available:
            short.append(f"{pool.dataset}: no documents are left to take")
    if short:
        what = f"the budget of {budget:,} tokens cannot be met" if budget is not None else "the mix cannot be met"
        hint = f"; at these weights the largest budget is {most:,}" if most and budget is not None else ""
        raise ReleaseRefused(
            f"{what}:\n" + "\n".join(f"  {line}" for line in short),
            state="nothing was written",
            fix=f"lower the budget, raise `epochs` or ingest more{hint}",
        )
    if not any(pool.available for pool in pools):
        raise ReleaseRefused(
            "no source of the mix has a document to give",
            state="nothing was written",
            fix="see the counts of `clearinghouse ingest` and the mix's filters (languages, min_chars)",
        )


def _epochs_needed(pool: Pool, wanted: int) -> str:
    """How many epochs would do, rounded up to a tenth; nothing where there is nothing to repeat."""
    if not pool.available:
        return ""
    tenths = -(-wanted * 10 // pool.available)
    return f" ({tenths // 10}.{tenths % 10} epochs would do)" if tenths % 10 else f" ({tenths // 10} epochs would do)"


def hash_order(ids: Words, seed: int, dataset: str, epoch: int) -> Ints:
    """Places of documents in the order of a keyed hash of their ids; ties, if ever, by id.

    The finaliser of SplitMix64 (Steele, Lea and Flood 2014; constants of Stafford's variant 13) is applied to both
    halves of the id under a key drawn from seed, data set and epoch. Ids are digests already; what is asked of the
    hash is that orders of different keys are unrelated.
    """
    mixed = keyed(ids, digest({"seed": seed, "dataset": dataset, "epoch": epoch}))
    return np.lexsort((ids[:, 1], ids[:, 0], mixed))


def keyed(ids: Words, key: str) -> Words:
    """A 64-bit hash of each id (two words) under a key of 48 hex digits or more; see `hash_order`."""
    data = bytes.fromhex(key)
    first, second, third = (int.from_bytes(data[at : at + 8], "big") for at in (0, 8, 16))
    mixed = _mix(_mix(ids[:, 0] ^ np.uint64(first)) + (ids[:, 1] ^ np.uint64(second)))
    return _mix(mixed ^ np.uint64(third))


def _mix(words: Words) -> Words:
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


@dataclass(frozen=True)
class Taken:
    """A source's part: places of its documents in taking order, and the epoch (from 1) of each."""

    places: Ints
    epochs: NDArray[np.int16]


def take(ids: Words, tokens: Ints, target: int, *, seed: int, dataset: str) -> Taken:
    """Documents of one source until ``target`` tokens are reached: whole epochs, then the shortest prefix.

    ``tokens`` has each document's count. The target must be within reach: some document has tokens.
    """
    available = int(tokens.sum())
    if not len(tokens) or (not available and target):
        raise ValueError("no tokens to take from")
    whole, rest = divmod(target, available) if available else (1, 0)
    places = [hash_order(ids, seed, dataset, epoch) for epoch in range(1, whole + 1)]
    if rest:
        order = hash_order(ids, seed, dataset, whole + 1)
        ends = np.cumsum(tokens[order])
        places.append(order[: int(np.searchsorted(ends, rest, side="left")) + 1])
    epochs = [np.full(len(part), number, np.int16) for number, part in enumerate(places, start=1)]
    if not places:
        return Taken(np.empty(0, np.int64), np.empty(0, np.int16))
    return Taken(np.concatenate(places), np.concatenate(epochs))


def interleave(sequences: Sequence[Ints]) -> tuple[NDArray[np.int32], Ints]:
    """Merge sources' documents, given by their token counts, into one order: (source, place in its sequence).

    Each document stands at the middle of its own tokens, as a fraction of its source's total, and the fractions are
    sorted; equal ones by the order of the sources. So, with Lᵢ the longest document of source i and sᵢ its share of
    all tokens, the tokens of i in any prefix are off its share by at most ½·Lᵢ·(1 − sᵢ) + ½·sᵢ·Σⱼ≠ᵢ Lⱼ.
    """
    keys = [_middles(tokens) for tokens in sequences]
    sizes = [len(key) for key in keys]
    source = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    place = np.concatenate([np.arange(size, dtype=np.int64) for size in sizes]) if sizes else np.empty(0, np.int64)
    # A stable sort of runs that are sorted already is a merge.
    order = np.argsort(np.concatenate(keys), kind="stable") if sizes else np.empty(0, np.int64)
    return source[order], place[order]


def _middles(tokens: Ints) -> Words:
    """(2·before + own) / (2·total) of each document in fixed point with 60 binary places, exactly rounded down.

    Long division digit by digit keeps it in 64-bit integers; documents without tokens in a source without any stand
    evenly by count.
    """
    weight = tokens if tokens.sum() else np.ones(len(tokens), np.int64)
    total = int(weight.sum())
    if total >= MOST_TOKENS:
        raise ReleaseRefused(f"a source of {total:,} tokens is more than one release can order", fix="split the mix")
    rest = (2 * np.cumsum(weight) - weight).astype(np.uint64)
    bound = np.uint64(max(1, 2 * total))
    found = np.zeros(len(weight), np.uint64)
    for _ in range(4):
        rest = rest << np.uint64(15)
        found = (found << np.uint64(15)) | (rest // bound)
        rest = rest % bound
    return found
