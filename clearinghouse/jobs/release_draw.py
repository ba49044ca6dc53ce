"""How many tokens each source of a mix gives in each stage and to validation, which documents, and in which order.

Decided on candidates alone (`clearinghouse.jobs.release_choose`). A source's documents stand in one order; stages take
from it one after the other, so nothing comes twice before its epoch is through. Each stage, and the validation split,
is merged by itself, so that every prefix of it holds the sources' shares of it. Memory: 60 bytes a row of the release.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clearinghouse.jobs.release_choose import Candidates, check
from schemas.contract import Mix, MixSource
from schemas.errors import ReleaseRefused
from schemas.manifest import Counts
from transforms import sample
from transforms.sample import Ints
from transforms.shares import StagePlan, deal, schedule, tempered
from transforms.split import sections


@dataclass(frozen=True)
class Order:
    """The release's rows in their order; arrays of one entry a row: source (a place among the candidates), place in
    them, epoch, split (a place in `transforms.split.SPLITS`) and stage of the curriculum, from 0. Sorted by split, then
    stage. ``wanted`` are the tokens that each data set was to give; ``parts`` say what became of the mix's sources."""

    source: NDArray[np.int32]
    place: Ints
    epoch: NDArray[np.int16]
    tokens: Ints
    bytes: Ints
    split: NDArray[np.int8]
    stage: NDArray[np.int16]
    wanted: tuple[int, ...]
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Part:
    """One source of the mix: tokens that it could give in one epoch, and that it was to give and gave in each stage and
    to the validation split; ``documents`` are different ones in training, ``rows`` count each time one is given."""

    name: str
    datasets: tuple[str, ...]
    available: int
    capacity: int
    held_out: int
    documents_available: int
    wanted: tuple[int, ...]
    tokens: tuple[int, ...]
    rows: int
    documents: int
    validation_wanted: int
    validation_tokens: int
    weighed: bool = True

    @property
    def spare(self) -> int:
        """Tokens that its epochs would allow and nobody asked for."""
        return self.capacity - sum(self.wanted)

    def as_dict(self) -> dict[str, Any]:
        """It as plain JSON values."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}


def limiting(budget: int | None, parts: Sequence[Part]) -> list[str]:
    """Sources that ran out first and so decided the size of a mix without a budget."""
    if budget is not None or len(parts) < 2:
        return []
    # Of stages the whole, each size and each part are rounded down.
    spare = {part.name: 3 * len(part.wanted) if len(part.wanted) > 1 else 0 for part in parts}
    return [one.name for one in parts if one.weighed and any(one.wanted) and one.spare <= spare[one.name]]


@dataclass(frozen=True)
class Supply:
    """What one source of the mix could give: different documents and tokens in one epoch, tokens in all that it may,
    and tokens that are held out."""

    name: str
    datasets: tuple[str, ...]
    documents: int
    available: int
    capacity: int
    held_out: int


def supplies(mix: Mix, sources: Sequence[Candidates]) -> list[Supply]:
    """What each source of the mix could give."""
    every = [_Members(place, source, sources) for place, source in enumerate(mix.sources)]
    return [
        Supply(
            one.part.name, one.part.datasets, len(one.train), one.pool.available, one.pool.capacity, one.held_tokens
        )
        for one in every
    ]  # fmt: skip


def draw(mix: Mix, sources: Sequence[Candidates]) -> Order:
    """Sample every source to its target and merge them. Raises `ReleaseRefused` where the budget cannot be met."""
    every = [_Members(place, source, sources) for place, source in enumerate(mix.sources)]
    pools = [one.pool for one in every]
    wanted = amounts(mix, pools)
    totals = [sum(stage[place] for stage in wanted) for place in range(len(pools))]
    held = validation(mix, [one.held_tokens for one in every], totals)
    train = [one.take(one.train, total, mix.seed) for one, total in zip(every, totals, strict=True)]
    aside = [one.take(one.held, total, mix.seed) for one, total in zip(every, held, strict=True)]
    dealt = [
        deal(one.tokens[part.places], [stage[place] for stage in wanted])
        for place, (one, part) in enumerate(zip(every, train, strict=True))
    ]
    rows = [
        _section(every, [_only(part, stages == number) for part, stages in zip(train, dealt, strict=True)], 0, number)
        for number in range(len(wanted))
    ]
    rows.append(_section(every, aside, 1, 0))
    order = {name: np.concatenate([part[name] for part in rows]) for name in rows[0]}
    parts = tuple(
        one.told([stage[place] for stage in wanted], train[place], dealt[place], held[place], aside[place])
        for place, one in enumerate(every)
    )
    return Order(**order, wanted=_by_dataset(sources, every, totals, held), parts=parts)


def amounts(mix: Mix, pools: Sequence[sample.Pool]) -> tuple[tuple[int, ...], ...]:
    """Tokens to take from each source of the mix in each stage, one stage where there are none: ``[stage][source]``.

    Raises `ReleaseRefused` where the budget cannot be met.
    """
    if not mix.stages:
        return schedule(tempered(pools, mix.temperature, bounded=mix.budget is not None), (), mix.budget)
    plans = []
    for stage in mix.stages:
        own = bool(stage.weights or stage.tokens)
        bare = [replace(p, weight=stage.weights.get(p.dataset, Decimal(0)), tokens=None) if own else p for p in pools]
        weighed = tempered(bare, stage.temperature or mix.temperature, bounded=True)
        plans.append(
            StagePlan(
                stage.name,
                stage.budget,
                None if stage.share is None else Fraction(stage.share),
                tuple(None if pool.weight is None else Fraction(pool.weight) for pool in weighed),
                tuple(stage.tokens.get(pool.dataset) for pool in pools),
            )
        )
    return schedule(pools, plans, mix.budget)


def validation(mix: Mix, available: Sequence[int], training: Sequence[int]) -> list[int]:
    """Tokens of the validation split from each source, each document once.

    With ``split.tokens`` they add up to it in the shares of training. Without, each source gives as much beside its
    training part as the split's share is beside the rest, or all that is held out of it. Raises `ReleaseRefused`.
    """
    split = mix.split
    if split is None:
        return [0] * len(available)
    names = [source.name for source in mix.sources]
    if split.tokens is not None:
        pools = [
            sample.Pool(name, there, Fraction(total))
            for name, there, total in zip(names, available, training, strict=True)
        ]
        try:
            return list(sample.targets(pools, split.tokens))
        except ReleaseRefused as error:
            raise ReleaseRefused(
                f"validation: {error.message}",
                state=error.state,
                fix="lower split.tokens or leave it out, raise split.validation, or ingest more",
            ) from None
    share = Fraction(split.validation)
    found = [
        min(there, int(total * share / (1 - share))) for there, total in zip(available, training, strict=True)
    ]  # fmt: skip
    if not any(found):
        raise ReleaseRefused(
            f"{mix.name}: the split holds out {sum(available):,} tokens of its sources at a share of "
            f"{split.validation:f}, so there would be no validation split",
            state="nothing was written",
            fix="raise split.validation, ingest more, or leave the split out",
        )
    return found


class _Members:
    """The documents of one source of the mix, of all data sets that it draws from, in one sequence."""

    def __init__(self, number: int, source: MixSource, sources: Sequence[Candidates]) -> None:
        self.part = source
        mine = [(at, np.flatnonzero(one.part == number)) for at, one in enumerate(sources)]
        self.of = [(at, places) for at, places in mine if len(places)]
        self.ids = self._every(sources, "ids", np.empty((0, 2), np.uint64))
        self.tokens = self._every(sources, "tokens", np.empty(0, np.int64))
        self.bytes = self._every(sources, "bytes", np.empty(0, np.int64))
        self.source = np.repeat(
            np.array([at for at, _ in self.of], np.int32), np.array([len(places) for _, places in self.of], np.int64)
        )
        self.place = np.concatenate([np.empty(0, np.int64), *(places for _, places in self.of)])
        held = self._every(sources, "held", np.empty(0, bool))
        self.train, self.held = np.flatnonzero(~held), np.flatnonzero(held)

    def _every(self, sources: Sequence[Candidates], name: str, none: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate([none, *(getattr(sources[at], name)[places] for at, places in self.of)])

    @property
    def pool(self) -> sample.Pool:
        part = self.part
        return sample.Pool(part.name, int(self.tokens[self.train].sum()), part.weight, part.tokens, part.epochs)

    @property
    def held_tokens(self) -> int:
        return int(self.tokens[self.held].sum())

    def take(self, among: Ints, target: int, seed: int) -> sample.Taken:
        """``target`` tokens among some of the documents; places are in the whole sequence."""
        if not target:
            return sample.Taken(np.empty(0, np.int64), np.empty(0, np.int16))
        found = sample.take(self.ids[among], self.tokens[among], target, seed=seed, dataset=self.part.name)
        return sample.Taken(among[found.places], found.epochs)

    def told(
        self, wanted: Sequence[int], train: sample.Taken, stages: NDArray[np.int16], held: int, aside: sample.Taken
    ) -> Part:
        pool, tokens = self.pool, self.tokens[train.places]
        return Part(
            name=self.part.name,
            datasets=self.part.datasets,
            available=pool.available,
            capacity=pool.capacity,
            held_out=self.held_tokens,
            documents_available=len(self.train),
            wanted=tuple(wanted),
            tokens=tuple(int(tokens[stages == number].sum()) for number in range(len(wanted))),
            rows=len(train.places),
            documents=len(np.unique(train.places)),
            validation_wanted=held,
            validation_tokens=int(self.tokens[aside.places].sum()),
            weighed=self.part.tokens is None,
        )


def _only(taken: sample.Taken, which: NDArray[np.bool_]) -> sample.Taken:
    return sample.Taken(taken.places[which], taken.epochs[which])


def _section(
    every: Sequence[_Members], taken: Sequence[sample.Taken], split: int, stage: int
) -> dict[str, NDArray[Any]]:
    """The rows of one split and stage, merged so that every prefix holds the sources' shares of it."""
    source, at = sample.interleave([one.tokens[part.places] for one, part in zip(every, taken, strict=True)])
    found: dict[str, NDArray[Any]] = {
        "source": np.empty(len(at), np.int32),
        "place": np.empty(len(at), np.int64),
        "epoch": np.empty(len(at), np.int16),
        "tokens": np.empty(len(at), np.int64),
        "bytes": np.empty(len(at), np.int64),
        "split": np.full(len(at), split, np.int8),
        "stage": np.full(len(at), stage, np.int16),
    }
    for number, (one, part) in enumerate(zip(every, taken, strict=True)):
        mine = source == number
        where = part.places[at[mine]]
        found["epoch"][mine] = part.epochs[at[mine]]
        for name in ("source", "place", "tokens", "bytes"):
            found[name][mine] = getattr(one, name)[where]
    return found


def _by_dataset(
    sources: Sequence[Candidates], every: Sequence[_Members], training: Sequence[int], held: Sequence[int]
) -> tuple[int, ...]:
    """Tokens that each data set was to give: those of its parts, shared in a unit's source by what each holds."""
    found = [0] * len(sources)
    for one, *wanted in zip(every, training, held, strict=True):
        for among, total in zip((one.train, one.held), wanted, strict=True):
            has = np.bincount(one.source[among], one.tokens[among], len(sources)).astype(np.int64).tolist()
            everything = sum(has)
            if everything:
                for at, part in enumerate(
                    sample.whole([Fraction(total * own, everything) for own in has], floor=False)
                ):
                    found[at] += part
    return tuple(found)


@dataclass(frozen=True)
class Drawn:
    """What one data set gave, in figures. ``available`` are its tokens in one epoch, after filters and duplicates;
    ``told`` is what the manifest says besides: its sections, where the mix has stages or a split."""

    documents: Counts
    rows: int
    tokens: int
    available: int
    languages: Mapping[str, int]
    told: Mapping[str, Any] = field(default_factory=dict)


def account(sources: Sequence[Candidates], lost: Sequence[int], order: Order) -> list[Drawn]:
    """Figures of each data set, and the identity of its documents: made = taken + duplicates + filtered by reason,
    with ``not_sampled`` among the reasons. Raises `AccountingError` where it does not hold."""
    found = []
    for number, (one, duplicates) in enumerate(zip(sources, lost, strict=True)):
        mine = order.source == number
        distinct = np.unique(order.place[mine & (order.epoch == 1)])
        counts = Counts(
            rows_in=one.made,
            kept=len(distinct),
            filtered={**one.filtered, "not_sampled": len(one) - len(distinct)},
            duplicates=duplicates,
        )
        check(counts, f"{one.dataset}: documents")
        tags = Counter(one.language[distinct].tolist())
        found.append(
            Drawn(
                documents=counts,
                rows=int(mine.sum()),
                tokens=int(order.tokens[mine].sum()),
                available=int(one.tokens.sum()),
                languages={one.languages[tag]: count for tag, count in sorted(tags.items())},
                told=_sections(order, mine),
            )
        )
    return found


def _sections(order: Order, mine: NDArray[np.bool_]) -> dict[str, Any]:
    every = list(sections(order.split, order.stage))
    if len(every) < 2:
        return {}
    found = []
    for one in every:
        here = mine[one.start : one.stop]
        tokens = int(order.tokens[one.start : one.stop][here].sum())
        found.append({"split": one.split, "stage": one.stage, "rows": int(here.sum()), "tokens": tokens})
    return {"sections": found}
