"""Sampling and estimates of the audit, against published values and against brute force."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.audit.agreement import kappa
from governance.audit.design import FACTOR, Kind, Stratum, allocate, choose, priorities, seeded, strata_of
from governance.audit.estimate import Read, of_stratum, of_total
from governance.audit.intervals import items_needed, lower, upper, wilson
from governance.audit.recapture import recapture
from tests.release_builders import PATIENT


def binomial_cdf(hits: int, n: int, p: float) -> float:
    return math.fsum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(hits + 1))


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        # R. G. Newcombe, Stat. Med. 17 (1998) 857, table I, method 3 (score, no continuity correction).
        (81, 263, "0.2553", "0.3662"),
        (15, 148, "0.0624", "0.1605"),
        (0, 20, "0.0000", "0.1611"),
        (1, 29, "0.0061", "0.1718"),
    ],
)
def test_wilson_as_published(hits: int, n: int, low: str, high: str) -> None:
    assert [f"{bound:.4f}" for bound in wilson(hits, n)] == [low, high]


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    # The same table, method 5 (Clopper and Pearson, 95 % two-sided, so 97.5 % on each side).
    [
        (81, 263, "0.2527", "0.3676"),
        (15, 148, "0.0578", "0.1617"),
        (0, 20, "0.0000", "0.1684"),
        (1, 29, "0.0009", "0.1776"),
    ],
)
def test_clopper_and_pearson_as_published(hits: int, n: int, low: str, high: str) -> None:
    assert [f"{bound:.4f}" for bound in (lower(hits, n, 0.975), upper(hits, n, 0.975))] == [low, high]


def test_no_leak_in_2995_rows_is_below_a_thousandth() -> None:
    assert upper(0, 2995) < Decimal("0.001") <= upper(0, 2994)
    assert upper(0, 299) < Decimal("0.01") <= upper(0, 298)
    assert (items_needed(0.01), items_needed(0.001)) == (299, 2995)


@given(st.integers(0, 40), st.integers(1, 40))
@PATIENT
def test_the_exact_bounds_are_where_the_tail_is_five_percent(hits: int, n: int) -> None:
    hits = min(hits, n)
    if hits < n:
        assert binomial_cdf(hits, n, float(upper(hits, n))) == pytest.approx(0.05, abs=1e-5)
    if hits:
        assert 1 - binomial_cdf(hits - 1, n, float(lower(hits, n))) == pytest.approx(0.05, abs=1e-5)
    low, high = wilson(hits, n)
    assert 0 <= low <= Decimal(hits) / n + Decimal("1e-8")
    assert Decimal(hits) / n - Decimal("1e-8") <= high <= 1


def test_an_empty_sample_says_nothing() -> None:
    assert wilson(0, 0) == (0, 1)
    assert (lower(0, 0), upper(0, 0)) == (0, 1)
    with pytest.raises(ValueError, match="3 hits in 2 items"):
        upper(3, 2)


def test_kappa_as_published() -> None:
    # J. L. Fleiss, Statistical Methods for Rates and Proportions, 2nd ed. (1981), table 13.1: kappa 0.68.
    shares = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]
    names = ["psychotic", "neurotic", "organic"]
    pairs = [(names[i], names[j]) for i, j in itertools.product(range(3), repeat=2) for _ in range(shares[i][j])]
    found = kappa(pairs)
    assert found.read == 100
    assert found.agreement == Fraction(89, 100)
    assert found.kappa is not None
    assert round(float(found.kappa), 2) == 0.68


def test_kappa_where_there_is_none() -> None:
    assert kappa([]).kappa is None
    assert kappa([("clean", "clean")] * 4).kappa is None
    assert kappa([("clean", "clean")] * 4).agreement == 1
    assert kappa([("clean", "leak"), ("leak", "clean")]).kappa == -1


def test_recapture_as_published() -> None:
    # Turtles: 10 marked, 15 caught, 5 of them marked (Krebs, Ecological Methodology): Lincoln 30, Chapman 28.33.
    found = recapture(10, 15, 5)
    assert found.lincoln == 30
    assert round(float(found.estimate), 2) == 28.33
    assert found.seen == 20
    # Seber's formula, in exact numbers.
    assert found.variance == Fraction(11 * 16 * 5 * 10, 36 * 7)
    assert recapture(3, 3, 3).missed == 0
    assert recapture(2, 2, 0).lincoln is None
    assert recapture(2, 2, 0).missed == 4
    with pytest.raises(ValueError, match="found twice"):
        recapture(1, 5, 2)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
@PATIENT
def test_recapture_never_estimates_less_than_was_seen(first: int, second: int, both: int) -> None:
    found = recapture(first, second, min(first, second, both))
    assert found.estimate >= found.seen
    assert found.missed == found.estimate - found.seen


READS = st.builds(
    lambda rows, read, leaks: Read(rows, min(rows, read), min(rows, read, leaks)),
    st.integers(0, 200),
    st.integers(0, 200),
    st.integers(0, 5),
)


@given(st.lists(READS, max_size=5))
@PATIENT
def test_bounds_hold_what_is_known(strata: list[Read]) -> None:
    total = of_total(strata)
    rows = sum(one.rows for one in strata)
    least = Fraction(sum(one.leaks for one in strata), rows) if rows else Fraction(0)
    most = Fraction(rows - sum(one.read - one.leaks for one in strata), rows) if rows else Fraction(0)
    edge = Fraction(1, 10**7)
    assert least - edge <= Fraction(total.lower) <= Fraction(total.upper) + edge
    assert Fraction(total.upper) <= most + edge
    for one in strata:
        found = of_stratum(one)
        assert 0 <= found.lower <= found.upper <= 1
        assert (found.extrapolated is None) == (one.read == 0 and one.rows > 0)


def test_of_a_proportional_sample_the_total_is_the_exact_bound() -> None:
    assert of_total([Read(100_000, 2_000, 0), Read(49_750, 995, 0)]).upper == pytest.approx(
        upper(0, 2995), rel=Decimal("1e-6")
    )
    assert of_total([Read(10**6, 2995, 0)]).upper < Decimal("0.001")


def test_of_strata_read_whole_or_not_at_all() -> None:
    assert of_stratum(Read(1, 1, 1)).upper == 1
    assert of_stratum(Read(1, 1, 0)).upper == 0
    assert of_total([Read(1, 1, 1), Read(9, 9, 0)]) == of_stratum(Read(10, 10, 1))
    half = of_total([Read(50, 0, 0), Read(50, 50, 0)])
    assert (half.lower, half.upper, half.extrapolated) == (0, Decimal("0.5"), 0)
    assert of_total([Read(50, 0, 0)]).extrapolated is None
    assert of_total([]).upper == 0


@pytest.mark.parametrize("shares", [(0.0, 0.05), (0.05, 0.0), (0.02, 0.02), (0.001, 0.1)])
def test_the_upper_bound_covers_wherever_the_leaks_are(shares: tuple[float, float]) -> None:
    """Every outcome of two strata read at unlike rates, with its probability: it misses in 5 % of samples at most."""
    rows, read = (1_000, 9_000), (60, 40)
    true = sum(share * n for share, n in zip(shares, rows, strict=True)) / sum(rows)
    missed = 0.0
    for leaks in itertools.product(range(13), range(13)):
        chance = math.prod(
            math.comb(n, x) * p**x * (1 - p) ** (n - x) for n, x, p in zip(read, leaks, shares, strict=True)
        )
        if chance > 1e-9:
            found = of_total([Read(r, n, x) for r, n, x in zip(rows, read, leaks, strict=True)])
            missed += chance * (float(found.upper) < true)
    assert missed <= 0.05


def test_a_row_is_of_the_stratum_of_its_rarest_entity() -> None:
    kinds = {
        Kind("shop", "zh", ("PERSON", "PLATE")): 3,
        Kind("shop", "zh", ("PERSON",)): 50,
        Kind("shop", "zh", ()): 100,
        Kind("shop", "en", ("PERSON", "PLATE")): 5,
        Kind("shop", "zh", ("PERSON",), "low"): 2,
    }
    found = strata_of(kinds)
    assert found[Kind("shop", "zh", ("PERSON", "PLATE"))] == Stratum("shop", "zh", "PLATE", "redacted")
    assert found[Kind("shop", "zh", ())] == Stratum("shop", "zh", "", "unredacted")
    # As many of both: the name decides.
    assert found[Kind("shop", "en", ("PERSON", "PLATE"))].entity == "PERSON"
    assert found[Kind("shop", "zh", ("PERSON",), "low")] == Stratum("shop", "zh", "PERSON", "redacted", "low")


STRATA = st.dictionaries(
    st.builds(
        lambda n, side, score: Stratum("u", "zh", f"E{n}" if side == "redacted" else "", side, score),
        st.integers(0, 6),
        st.sampled_from(["redacted", "unredacted"]),
        st.sampled_from(["", "low"]),
    ),
    st.integers(0, 300),
    max_size=10,
)


@given(STRATA, st.integers(0, 800))
@PATIENT
def test_the_sample_is_dealt_out_whole(populations: dict[Stratum, int], size: int) -> None:
    given_ = allocate(populations, size)
    assert sum(given_.values()) == min(size, sum(populations.values()))
    assert all(0 <= given_[one] <= populations[one] for one in populations)
    there = [one for one in populations if populations[one]]
    if size >= len(there):
        assert all(given_[one] for one in there), "a stratum was left out although the size allows for it"
    assert given_ == allocate(dict(reversed(populations.items())), size)


def test_unredacted_rows_are_read_more() -> None:
    plain, marked = Stratum("u", "zh", "", "unredacted"), Stratum("u", "zh", "PERSON", "redacted")
    given_ = allocate({plain: 10_000, marked: 10_000}, 900)
    assert given_[plain] == pytest.approx(FACTOR * given_[marked], rel=0.03)


@given(st.integers(0, 2**63), st.integers(1, 400), st.integers(1, 5), st.data())
@PATIENT
def test_what_is_drawn_depends_on_seed_and_rows_alone(seed: int, n: int, strata: int, data: st.DataObject) -> None:
    rows = np.arange(n, dtype=np.int64) * 3
    stratum = (rows % strata).astype(np.int32)
    wanted = [data.draw(st.integers(0, 20)) for _ in range(strata)]
    found = choose(rows, stratum, wanted, seed)
    counted = Counter(number for _, number in found)
    for number, count in enumerate(wanted):
        assert counted[number] == min(count, int((stratum == number).sum()))
    assert len({row for row, _ in found}) == len(found)
    assert all(stratum[row // 3] == number for row, number in found)
    shuffled = np.random.default_rng(1).permutation(n)
    assert choose(rows[shuffled], stratum[shuffled], wanted, seed) == found
    # More rows of a stratum: those that were drawn stay drawn.
    more = choose(rows, stratum, [count + 1 for count in wanted], seed)
    assert set(found) <= set(more)


def test_priorities_are_spread_evenly_and_never_shared() -> None:
    rows = np.arange(200_000, dtype=np.int64)
    drawn = priorities(rows, seeded(42, "some digest"))
    assert len(np.unique(drawn)) == len(rows)
    counts, _ = np.histogram(drawn.astype(float), bins=16, range=(0, 2.0**64))
    assert counts.min() > 12_000
    assert seeded(1, "ab", "c") != seeded(1, "a", "bc")
