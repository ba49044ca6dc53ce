"""Temperatures, and stages of a curriculum: exact, in order, and refused with figures."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from schemas.errors import ReleaseRefused
from tests.release_builders import PATIENT
from transforms.sample import Pool, targets
from transforms.shares import StagePlan, deal, power, schedule, tempered

rationals = st.fractions(min_value=0, max_value=10**9, max_denominator=1000)
exponents = st.fractions(min_value="1/40", max_value=5, max_denominator=40).filter(bool)


@given(rationals, exponents)
@PATIENT
def test_a_power_is_the_largest_of_its_places_that_is_not_too_large(value: Fraction, exponent: Fraction) -> None:
    got, step = power(value, exponent), Fraction(1, 2**64)
    raised = value**exponent.numerator
    if exponent.denominator == 1:
        assert got == raised
        return
    assert got**exponent.denominator <= raised < (got + step) ** exponent.denominator


def test_powers_of_what_has_none_are_refused() -> None:
    for value, exponent in ((Fraction(-1), Fraction(1, 2)), (Fraction(1), Fraction(0)), (Fraction(1), Fraction(-1))):
        with pytest.raises(ValueError, match="powers"):
            power(value, exponent)


def test_a_temperature_evens_out_and_its_inverse_sharpens() -> None:
    pools = [Pool("a.b", 10**6, Decimal(9)), Pool("c.d", 10**6, Decimal(4)), Pool("e.f", 10**6, Decimal(1))]
    assert targets(tempered(pools, Decimal(1), bounded=True), 14_000) == (9_000, 4_000, 1_000)
    # Square roots: 3, 2 and 1 of 6.
    assert targets(tempered(pools, Decimal(2), bounded=True), 6_000) == (3_000, 2_000, 1_000)
    assert targets(tempered(pools, Decimal("0.5"), bounded=True), 98_000) == (81_000, 16_000, 1_000)


def test_without_weights_shares_are_of_what_there_is_in_all_epochs() -> None:
    pools = [Pool("a.b", 800), Pool("c.d", 50, epochs=Decimal(4)), Pool("e.f", 0)]
    assert targets(tempered(pools, Decimal(1), bounded=True), 500) == (400, 100, 0)
    assert targets(tempered(pools, Decimal(1), bounded=False), None) == (800, 200, 0)
    # At temperature 2 the shares are 2 to 1, and the first source runs out... of 200 the second gives all.
    assert targets(tempered(pools, Decimal(2), bounded=False), None) == (400, 200, 0)


weights = st.lists(st.fractions(min_value=0, max_value=9, max_denominator=7), min_size=3, max_size=3).filter(any)


@st.composite
def curricula(draw: st.DrawFn) -> tuple[list[Pool], list[StagePlan]]:
    pools = [
        Pool(name, draw(st.integers(1, 10**6)), epochs=draw(st.decimals("0.5", "3", places=1)))
        for name in ("a.b", "c.d", "e.f")
    ]
    count = draw(st.integers(1, 4))
    parts = draw(st.lists(st.integers(1, 9), min_size=count, max_size=count))
    return pools, [
        StagePlan(f"s{number}", None, Fraction(part, sum(parts)), tuple(draw(weights)), (None, None, None))
        for number, part in enumerate(parts)
    ]


@given(curricula(), st.data())
@PATIENT
def test_stages_meet_budget_and_weights_to_the_token_or_are_refused(
    made: tuple[list[Pool], list[StagePlan]], data: st.DataObject
) -> None:
    pools, stages = made
    budget = data.draw(st.integers(1, 2 * sum(pool.capacity for pool in pools)))
    exact = [
        [budget * stage.share * (weight or 0) / sum(w or 0 for w in stage.weights) for weight in stage.weights]
        for stage in stages
        if stage.share is not None
    ]
    try:
        got = schedule(pools, stages, budget)
    except ReleaseRefused:
        over = [sum(stage[place] for stage in exact) + 2 * len(stages) > p.capacity for place, p in enumerate(pools)]
        assert any(over)
        return
    assert sum(map(sum, got)) == budget
    for stage, wanted in zip(got, exact, strict=True):
        assert abs(sum(stage) - sum(wanted)) < 1
        assert all(abs(tokens - share) < 2 for tokens, share in zip(stage, wanted, strict=True))
    for place, pool in enumerate(pools):
        assert sum(stage[place] for stage in got) <= pool.capacity


@given(curricula())
@PATIENT
def test_without_a_budget_stages_take_all_that_the_scarcest_pool_allows(
    made: tuple[list[Pool], list[StagePlan]],
) -> None:
    pools, stages = made
    totals = [sum(stage[place] for stage in schedule(pools, stages, None)) for place in range(len(pools))]
    assert all(total <= pool.capacity for total, pool in zip(totals, pools, strict=True))
    # Rounding down loses less than a token a pool and stage, and what was lost of the whole.
    slack = 3 * len(stages) + 1
    assert any(total + slack >= pool.capacity for total, pool in zip(totals, pools, strict=True))


def test_stages_by_budget_and_by_share_stand_beside_each_other() -> None:
    pools = [Pool("a.b", 10_000), Pool("c.d", 1_000)]
    both, last = (Fraction(3), Fraction(1)), (Fraction(0), Fraction(1))
    stages = [
        StagePlan("warm", 400, None, both, (None, None)),
        StagePlan("main", None, Fraction(1), both, (None, 150)),
        StagePlan("cool", 100, None, last, (None, None)),
    ]
    assert schedule(pools, stages, 1_000) == ((300, 100), (350, 150), (0, 100))
    # c.d has 1,000: 100 in warm-up, 150 as told and 100 at the end, so a.b decides how much more there can be.
    assert schedule(pools, stages, None) == ((300, 100), (9_700, 150), (0, 100))


@pytest.mark.parametrize(
    ("budget", "stages", "words"),
    [
        (99, [("one", 100, None)], "ask for 100 tokens, which is 1 more than the budget of 99"),
        (101, [("one", 100, None)], "ask for 100 tokens, which is 1 less than the budget of 101"),
        (3_000, [("one", None, Fraction(1))], "a.b: wants 2,250, has 1,000 × 1 epochs = 1,000: 1,250 short"),
    ],
)
def test_stages_that_cannot_be_met_say_by_how_much(
    budget: int, stages: list[tuple[str, int | None, Fraction | None]], words: str
) -> None:
    pools = [Pool("a.b", 1_000), Pool("c.d", 1_000)]
    plans = [StagePlan(name, size, share, (Fraction(3), Fraction(1)), (None, None)) for name, size, share in stages]
    with pytest.raises(ReleaseRefused) as refused:
        schedule(pools, plans, budget)
    assert words in refused.value.message
    if budget == 3_000:
        assert "the largest budget is 1,333" in refused.value.fix


def test_a_stage_that_asks_for_more_than_it_has_is_named() -> None:
    pools = [Pool("a.b", 1_000)]
    with pytest.raises(ReleaseRefused, match="stage one: its sources ask for 70 tokens, which is 20 more than the 50"):
        schedule(pools, [StagePlan("one", 50, None, (None,), (70,))], None)
    with pytest.raises(ReleaseRefused, match="no documents are left to take"):
        schedule([*pools, Pool("c.d", 0)], [StagePlan("one", None, Fraction(1), (Fraction(1),) * 2, (None,) * 2)], None)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60), st.data())
@PATIENT
def test_documents_are_dealt_to_stages_in_order_each_within_a_document(tokens: list[int], data: st.DataObject) -> None:
    total = sum(tokens)
    assume(total)
    cuts = sorted(data.draw(st.lists(st.integers(0, total), max_size=3)))
    # As `take` leaves them: the last document is the one that reaches the total.
    wanted = [high - low for low, high in zip([0, *cuts], [*cuts, total], strict=True)]
    got = deal(np.array(tokens, np.int64), wanted)
    assert len(got) == len(tokens)
    assert (np.diff(got) >= 0).all()
    assert set(got.tolist()) <= set(range(len(wanted)))
    for stage in range(len(wanted)):
        # Up to and with this stage: what is wanted, and less than its last document more.
        mine = [count for count, where in zip(tokens, got.tolist(), strict=True) if where <= stage]
        upto = sum(wanted[: stage + 1])
        assert sum(mine) >= upto
        trailing = [count for count in mine if count]
        assert not trailing or sum(trailing[:-1]) < upto or not upto
