"""Splits and stages of a release."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.release_builders import PATIENT
from tests.transforms.test_sample import ids_of
from transforms.split import SPLITS, held_out, keys_of, sections

rows = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 3)), max_size=60)


@given(rows)
@PATIENT
def test_sections_hold_every_row_once_and_one_split_and_stage_each(found: list[tuple[int, int]]) -> None:
    found = sorted(found)
    split, stage = np.array([s for s, _ in found], np.int8), np.array([s for _, s in found], np.int16)
    got = list(sections(split, stage))
    assert [row for one in got for row in range(one.start, one.stop)] == list(range(len(found)))
    for one in got:
        assert {(SPLITS[a], b) for a, b in found[one.start : one.stop]} == {(one.split, one.stage)}
    assert len({(one.split, one.stage) for one in got}) == len(got)


def test_rows_out_of_order_have_no_sections() -> None:
    with pytest.raises(ValueError, match="sorted"):
        list(sections(np.array([1, 0], np.int8), np.zeros(2, np.int16)))


shares = st.decimals(min_value="0.001", max_value="0.999", places=3)


@given(st.lists(st.text(max_size=8), min_size=1, max_size=40), st.lists(st.text(max_size=8), max_size=40), shares)
@PATIENT
def test_what_is_held_out_does_not_depend_on_what_else_there_is(old: list[str], new: list[str], share: Decimal) -> None:
    before = dict(zip(old, held_out(keys_of(old), "salt", share).tolist(), strict=True))
    both = [*new, *old]
    after = dict(zip(both, held_out(keys_of(both), "salt", share).tolist(), strict=True))
    assert {name: after[name] for name in before} == before


@given(st.integers(1, 200), shares, shares)
@PATIENT
def test_a_larger_share_holds_out_all_that_a_smaller_one_did(count: int, one: Decimal, two: Decimal) -> None:
    ids = ids_of(count)
    small, large = held_out(ids, "salt", min(one, two)), held_out(ids, "salt", max(one, two))
    assert not (small & ~large).any()


def test_the_share_is_kept_and_salts_are_unrelated() -> None:
    ids = ids_of(100_000)
    first, other = held_out(ids, "a", Decimal("0.1")), held_out(ids, "b", Decimal("0.1"))
    # Five standard deviations of a binomial draw.
    assert abs(first.sum() - 10_000) < 5 * 95
    assert abs((first & other).sum() - 1_000) < 5 * 32
    assert not held_out(ids, "a", Decimal(0)).any()
    assert held_out(ids, "a", Decimal(1)).all()


def test_the_split_is_frozen() -> None:
    """Documents move across if these change."""
    ids = np.arange(32, dtype=np.uint64).reshape(16, 2)
    assert np.flatnonzero(held_out(ids, "clearinghouse", Decimal("0.25"))).tolist() == FROZEN
    assert keys_of(["", "客户"]).tolist() == [list(divmod(int(name, 16), 1 << 64)) for name in NAMES]


#: Worked out with Python's own integers and hashlib, apart from the code under test.
FROZEN = [0, 5, 7, 9]
NAMES = ("cae66941d9efbd404e4d88758ea67670", "5bfce47e084d2db29fe355d1b331755b")
