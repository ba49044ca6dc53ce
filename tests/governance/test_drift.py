"""Measures of drift against hand-counted figures: both directions, chance left out, nothing of few rows."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.drift import Change, compare
from schemas.contract import Drift, Levels

LIMITS = Drift(
    volume=Levels(Decimal("0.2"), Decimal("0.5"), Decimal("0.9")),
    nulls=Levels(Decimal("0.05"), Decimal("0.3")),
    psi=Levels(Decimal("0.1"), Decimal("0.25")),
    redactions=Levels(Decimal("0.2"), Decimal("0.5"), Decimal("0.9")),
)


def profile(rows: int = 1000, **more: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {"nulls": {}, "lengths": {}, "values": {}, "languages": {}, "redacted": {}}
    return {"rows": rows, "volume": rows, **empty, **more}


def only(found: list[Change], measure: str) -> Change:
    (one,) = [change for change in found if change.measure == measure]
    return one


@pytest.mark.parametrize(
    ("rows", "change", "level"),
    [(1000, "0.0000", ""), (850, "0.1500", ""), (800, "0.2000", "warn"), (500, "0.5000", "hold"), (2000, "0.5000", "hold"),
     (1250, "0.2000", "warn"), (100, "0.9000", "fail"), (0, "1.0000", "fail")],
)  # fmt: skip
def test_volume_falls_and_rises_alike(rows: int, change: str, level: str) -> None:
    found = only(compare(profile(rows), [profile(900), profile(1100)], LIMITS), "volume")
    assert (found.before, found.now, found.change, found.level) == ("1,000", f"{rows:,}", change, level)


def test_the_mean_is_of_all_that_is_compared_with() -> None:
    before = [profile(100, nulls={"a": 10}), profile(300, nulls={"a": 90})]
    found = only(compare(profile(200, nulls={"a": 150}), before, LIMITS), "nulls")
    assert (found.before, found.now, found.change, found.level) == ("0.25", "0.75", "0.5000", "hold")


@pytest.mark.parametrize(("now", "level"), [(0, "warn"), (100, ""), (160, "warn"), (600, "hold")])
def test_nulls_in_both_directions(now: int, level: str) -> None:
    assert only(compare(profile(nulls={"a": now}), [profile(nulls={"a": 100})], LIMITS), "nulls").level == level


def test_a_recogniser_that_goes_blind_is_a_drop_of_one() -> None:
    before = [profile(redacted={"PHONE_NUMBER": 300, "EMAIL_ADDRESS": 1})]
    found = {one.what: one for one in compare(profile(redacted={}), before, LIMITS) if one.measure == "redactions"}
    assert (found["PHONE_NUMBER"].change, found["PHONE_NUMBER"].level) == ("1.0000", "fail")
    assert (found["PHONE_NUMBER"].before, found["PHONE_NUMBER"].now) == ("300", "0")
    # One more or less is chance.
    assert (found["EMAIL_ADDRESS"].change, found["EMAIL_ADDRESS"].level) == ("1.0000", "")
    risen = compare(profile(redacted={"PHONE_NUMBER": 900}), before, LIMITS)
    assert {one.what: one.level for one in risen if one.measure == "redactions"}["PHONE_NUMBER"] == "hold"


def test_rates_are_normalised_by_volume() -> None:
    before = [profile(10_000, redacted={"PHONE_NUMBER": 3000}, nulls={"a": 1000})]
    found = compare(profile(1000, redacted={"PHONE_NUMBER": 300}, nulls={"a": 100}), before, LIMITS)
    assert [one.level for one in found if one.measure != "volume"] == ["", ""]


def test_the_index_is_that_of_the_formula() -> None:
    now, old = {"zh": 600, "en": 400}, {"zh": 900, "en": 100}
    found = only(compare(profile(languages={"note": now}), [profile(languages={"note": old})], LIMITS), "languages")
    shares = [((600.5, 900.5), 1001), ((400.5, 100.5), 1001)]
    wanted = sum((p / n - q / n) * math.log(p / q) for (p, q), n in shares)
    assert found.change == f"{wanted:.4f}"
    assert wanted > 0.25
    assert found.level == "hold"
    assert (found.before, found.now) == ("en 10.0 %, zh 90.0 %", "40.0 %, 60.0 %")


def test_lengths_are_told_by_their_range() -> None:
    found = compare(profile(lengths={"note": {"3": 1000}}), [profile(lengths={"note": {"8": 1000}})], LIMITS)
    assert only(found, "lengths").before.startswith("4 to 7 characters 0.0 %, 128 to 255 characters")


def test_one_range_is_told_once() -> None:
    found = compare(profile(lengths={"note": {"3": 1000}}), [profile(lengths={"note": {"3": 900}})], LIMITS)
    assert (only(found, "lengths").before, only(found, "lengths").now) == ("4 to 7 characters 100.0 %", "100.0 %")


def test_few_rows_prove_nothing() -> None:
    now = profile(4, nulls={"a": 2}, languages={"n": {"zh": 3, "en": 1}}, redacted={"X": 3})
    before = [profile(5, nulls={"a": 0}, languages={"n": {"zh": 5}}, redacted={"X": 1})]
    assert [one.level for one in compare(now, before, LIMITS)] == [""] * 4


def test_fields_of_many_values_or_on_one_side_alone_are_passed_over() -> None:
    now = profile(values={"a": None, "b": {"x": 1000}}, nulls={"new": 5})
    assert [one.measure for one in compare(now, [profile(values={"a": {"x": 9}, "c": {"x": 1000}})], LIMITS)] == [
        "volume"
    ]


def test_without_limits_nothing_is_remarked_on() -> None:
    free = Drift(volume=Levels(), nulls=Levels(), psi=Levels(), redactions=Levels())
    found = compare(profile(10, redacted={"X": 900}), [profile(redacted={"X": 3})], free)
    assert [one.level for one in found] == ["", ""]


counts = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 10**6), max_size=6)


@given(st.integers(0, 10**6), st.integers(0, 10**6), counts, counts)
def test_any_counts_give_finite_figures_that_do_not_depend_on_order(n: int, m: int, one: Any, two: Any) -> None:
    now = profile(n, values={"f": one}, redacted=one, nulls={"f": n // 2})
    before = [profile(m, values={"f": two}, redacted=two, nulls={"f": m // 3}), profile(n + m, values={"f": one})]
    before[1]["nulls"] = {"f": 0}
    found = compare(now, before, LIMITS)
    assert all(Decimal(change.change) >= 0 for change in found)
    shuffled = {**now, "values": {"f": dict(reversed(one.items()))}}
    assert compare(shuffled, before[::-1], LIMITS) == found
