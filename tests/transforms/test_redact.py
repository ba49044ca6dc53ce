from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms import redact
from transforms.redact import apply_spans, as_text, cells_to_replace, fill_cells, replace_cells

SETTLED = re.compile("<[A-Z]+>")
ALPHABET = "aé我👍\u0301 "


def ints(values):
    return np.array(values, dtype=np.int64)


@st.composite
def texts_and_spans(draw):
    texts = draw(st.lists(st.one_of(st.none(), st.text(ALPHABET, max_size=12)), max_size=6))
    spans = []
    for row, text in enumerate(texts):
        if text:
            edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
            spans += [(row, a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    return texts, spans


@settings(deadline=None)
@given(texts_and_spans(), st.sampled_from([pa.string(), pa.large_string()]), st.integers(0, 2))
def test_spans_are_cut_out_and_nothing_else_changes(made, kind, lead):
    texts, spans = made
    array = pa.array(["x"] * lead + texts, kind).slice(lead)
    rows, starts, ends = (ints([s[i] for s in spans]) for i in range(3))
    got = apply_spans(array, rows, starts, ends, [f"<{i}>" for i in range(len(spans))])
    expected = []
    for row, text in enumerate(texts):
        if text is None:
            expected.append(None)
            continue
        for i, (r, a, b) in reversed(list(enumerate(spans))):
            if r == row:
                text = text[:a] + f"<{i}>" + text[b:]
        expected.append(text)
    assert got.to_pylist() == expected
    assert got.type == kind


def test_nothing_to_do_is_no_copy():
    array = pa.array(["a", None], pa.large_string())
    assert apply_spans(array, ints([]), ints([]), ints([]), []) is array
    assert fill_cells(array, np.zeros(2, dtype=bool), "x") is array
    assert replace_cells(array, np.zeros(2, dtype=bool), str.upper) is array


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_long_texts_are_changed_one_by_one(kind, monkeypatch):
    texts = ["aé我👍b", None, "plain", "x👍y我"]
    array = pa.array(texts, kind)
    some = (ints([0, 0, 3]), ints([1, 4, 0]), ints([3, 5, 2]), ["<我>", "", "<2>"])
    told = apply_spans(array, *some)
    monkeypatch.setattr(redact, "_LONG", 3)
    assert apply_spans(array, *some).equals(told)
    assert told.to_pylist() == ["a<我>👍", None, "plain", "<2>y我"]
    with pytest.raises(IndexError, match="row 2"):
        apply_spans(array, ints([2]), ints([0]), ints([9]), ["x"])


@pytest.mark.parametrize(
    ("rows", "starts", "ends"), [([0, 0], [0, 1], [2, 3]), ([1, 0], [0, 0], [1, 1]), ([0], [2], [1])]
)
def test_spans_that_cross_are_refused(rows, starts, ends):
    with pytest.raises(ValueError, match="sorted"):
        apply_spans(pa.array(["abc", "abc"]), ints(rows), ints(starts), ints(ends), ["x"] * len(rows))


def test_spans_outside_the_text_are_refused():
    with pytest.raises(IndexError, match="row 1"):
        apply_spans(pa.array(["abc", None]), ints([1]), ints([0]), ints([1]), ["x"])
    with pytest.raises(IndexError, match="row 0"):
        apply_spans(pa.array(["abc", None]), ints([0]), ints([0]), ints([4]), ["x"])


def test_whole_cells_skip_nulls_blanks_and_what_is_done():
    array = pa.array(["a", None, "", "<X>", "b", "a", "<X>y"], pa.large_string())
    wanted = cells_to_replace(array, SETTLED)
    assert wanted.tolist() == [True, False, False, False, True, True, True]
    calls = []

    def name(value):
        calls.append(value)
        return f"<{value}>"

    assert replace_cells(array, wanted, name).to_pylist() == ["<a>", None, "", "<X>", "<b>", "<a>", "<<X>y>"]
    assert sorted(calls) == ["<X>y", "a", "b"]  # once for each distinct value
    assert fill_cells(array, wanted, "<E>").to_pylist() == ["<E>", None, "", "<X>", "<E>", "<E>", "<E>"]


def test_values_read_as_text():
    assert as_text(pa.array([1, None])).to_pylist() == ["1", None]
    assert as_text(pa.array([0], pa.date32())).to_pylist() == ["1970-01-01"]
    array = pa.array(["a"], pa.large_string())
    assert as_text(array) is array
