"""Drawing as a property: budgets, stages, validation and prefixes are exact for any candidates."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl
from hypothesis import assume, given
from hypothesis import strategies as st

from clearinghouse.jobs.release_choose import Candidates
from clearinghouse.jobs.release_draw import Order, account, draw, limiting
from schemas.contract import Mix, MixSource, Split, Stage
from schemas.errors import ReleaseRefused
from tests.release_builders import PATIENT
from transforms.sample import Pool
from transforms.shares import StagePlan, schedule
from transforms.split import held_out, sections


def made(number: int, tokens: list[int], part: list[int], split: Split | None) -> Candidates:
    """A data set of so many documents; which source each belongs to is given."""
    count = len(tokens)
    ids = np.random.default_rng(number).integers(0, 2**64, (count, 2), np.uint64)
    return Candidates(
        dataset=f"unit.set{number}",
        ids=ids,
        digest=ids,
        tokens=np.array(tokens, np.int64),
        bytes=np.array(tokens, np.int64) * 4,
        task=np.zeros(count, np.int32),
        row=np.arange(count, dtype=np.int32),
        language=np.zeros(count, np.int32),
        quality=np.zeros(count, np.float32),
        languages=("zh",),
        made=count,
        filtered={},
        rows_used=count,
        overlaps={},
        poor=pl.DataFrame({"id": [], "broken": []}),
        part=np.array(part, np.int16),
        held=held_out(ids, split.salt, split.validation) if split else np.zeros(count, bool),
    )


@st.composite
def worlds(draw_: st.DrawFn) -> tuple[Mix, list[Candidates]]:
    count = draw_(st.integers(1, 4))
    split = draw_(st.none() | st.builds(Split, st.sampled_from([Decimal("0.2"), Decimal("0.5")])))
    weights = draw_(st.lists(st.integers(1, 9), min_size=count, max_size=count))
    sources = tuple(
        MixSource(
            datasets=("unit.set0", "unit.set1"),
            name=f"s{place}",
            weight=Decimal(weight),
            epochs=draw_(st.sampled_from([Decimal(1), Decimal(2), Decimal("2.5")])),
        )
        for place, weight in enumerate(weights)
    )
    stages: tuple[Stage, ...] = ()
    if draw_(st.booleans()):
        shares = draw_(st.sampled_from([["1"], ["0.5", "0.5"], ["0.7", "0.2", "0.1"]]))
        stages = tuple(
            Stage(f"t{number}", share=Decimal(share), weights={"s0": Decimal(1)} if number == 1 else {})
            for number, share in enumerate(shares)
        )
    mix: Any = Mix(
        name="any", version="1.0.0", purpose="pretrain", format="text", sources=sources, tokenizer="house",
        seed=draw_(st.integers(0, 9)), budget=draw_(st.none() | st.integers(1, 400)), audience="", description="",
        file="any.mix.yaml", digest="", stages=stages, split=split,
        temperature=draw_(st.sampled_from([Decimal(1), Decimal("2.5")])),
    )  # fmt: skip
    candidates = []
    for number in range(2):
        tokens = draw_(st.lists(st.integers(1, 30), min_size=1, max_size=40))
        part = draw_(st.lists(st.integers(0, count - 1), min_size=len(tokens), max_size=len(tokens)))
        candidates.append(made(number, tokens, part, split))
    return mix, candidates


def tried(mix: Mix, candidates: list[Candidates]) -> Order:
    try:
        return draw(mix, candidates)
    except ReleaseRefused:
        assume(condition=False)
        raise


@given(worlds())
@PATIENT
def test_whatever_is_drawn_is_exact(world: tuple[Mix, list[Candidates]]) -> None:
    mix, candidates = world
    order = tried(mix, candidates)
    longest = max(int(one.tokens.max()) for one in candidates)
    # To the token: what was asked of the sources adds up to the budget.
    asked = sum(sum(part.wanted) for part in order.parts)
    if mix.budget is not None:
        assert asked == mix.budget
    for part in order.parts:
        assert sum(part.wanted) <= part.capacity
        over = 0
        for wanted, tokens in zip(part.wanted, part.tokens, strict=True):
            over += tokens - wanted
            assert 0 <= over < longest
    assert sum(order.wanted) == asked + sum(part.validation_wanted for part in order.parts)
    # Sorted by split and stage; every row is a document of its source, each once an epoch, and never on both sides.
    keys = list(zip(order.split.tolist(), order.stage.tolist(), strict=True))
    assert keys == sorted(keys)
    rows = list(zip(order.source.tolist(), order.place.tolist(), order.epoch.tolist(), strict=True))
    assert len(set(rows)) == len(rows)
    for (number, place, epoch), split, tokens in zip(rows, order.split.tolist(), order.tokens.tolist(), strict=True):
        assert candidates[number].held[place] == bool(split)
        assert candidates[number].tokens[place] == tokens
        assert epoch == 1 or not split
    account(candidates, [0] * len(candidates), order)
    # Without a budget somebody ran out, and is named.
    if mix.budget is None and len(mix.sources) > 1 and asked:
        assert limiting(None, order.parts)


def test_a_lone_stage_leaves_the_source_that_decides_without_tokens() -> None:
    pools = [Pool("first", 2, Decimal(3)), Pool("second", 2, Decimal(1))]
    stage = StagePlan("all", None, Fraction(1), (Fraction(3), Fraction(1)), (None, None))
    assert schedule(pools, (stage,), None) == ((2, 0),)


@given(worlds())
@PATIENT
def test_every_prefix_of_every_section_keeps_the_shares(world: tuple[Mix, list[Candidates]]) -> None:
    mix, candidates = world
    order = tried(mix, candidates)
    for one in sections(order.split, order.stage):
        here = slice(one.start, one.stop)
        part = [
            int(candidates[number].part[place])
            for number, place in zip(order.source[here].tolist(), order.place[here].tolist(), strict=True)
        ]
        tokens = order.tokens[here].tolist()
        total = sum(tokens)
        of = {name: sum(t for t, p in zip(tokens, part, strict=True) if p == name) for name in set(part)}
        long = {name: max(t for t, p in zip(tokens, part, strict=True) if p == name) for name in of}
        running = dict.fromkeys(of, 0)
        for name, count in zip(part, tokens, strict=True):
            running[name] += count
            prefix = sum(running.values())
            for other, have in running.items():
                share = Fraction(of[other], total)
                bound = (long[other] * (1 - share) + share * (sum(long.values()) - long[other])) / 2
                assert abs(have - share * prefix) <= bound


@given(worlds())
@PATIENT
def test_stages_go_on_where_the_one_before_stopped(world: tuple[Mix, list[Candidates]]) -> None:
    mix, candidates = world
    order = tried(mix, candidates)
    for name in range(len(mix.sources)):
        mine = [
            (stage, epoch, number, place)
            for number, place, epoch, stage, split in zip(
                order.source.tolist(), order.place.tolist(), order.epoch.tolist(), order.stage.tolist(),
                order.split.tolist(), strict=True,
            )
            if not split and candidates[number].part[place] == name
        ]  # fmt: skip
        epochs = [epoch for _, epoch, _, _ in mine]
        # No stage begins an epoch before the last one is through.
        assert epochs == sorted(epochs)
        there = sum(int(((one.part == name) & ~one.held).sum()) for one in candidates)
        for epoch in set(epochs) - {max(epochs, default=0)}:
            assert epochs.count(epoch) == there
