"""Spans of texts whose finds are blotted out, back in the texts before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from governance.names.lane import Unblotted


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 6)), max_size=12), st.integers(0, 5), st.data())
def test_a_filler_stands_for_its_whole_piece(steps: list[tuple[int, int]], rest: int, data: st.DataObject) -> None:
    pieces: list[tuple[int, int]] = []
    places: list[tuple[int, int]] = []  # of each character of the blotted text, what it is of the text before
    at = 0
    for gap, size in steps:
        places += [(i, i + 1) for i in range(at, at + gap)]
        at += gap
        pieces.append((at, at + size))
        places.append((at, at + size))
        at += size
    places += [(i, i + 1) for i in range(at, at + rest)]
    if not places:
        return
    start = data.draw(st.integers(0, len(places) - 1))
    end = data.draw(st.integers(start + 1, len(places)))
    assert Unblotted(pieces)(start, end) == (places[start][0], places[end - 1][1])
