"""Splits and stages of a release."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.release_builders import PATIENT
from transforms.split import SPLITS, sections

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
