"""Bounded queries give what a query over everything at once gives, however small the share they may hold."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("great_expectations")

from governance.quality import queries
from governance.quality.columns import Column
from governance.quality.literals import Unfit, among, bound, members
from governance.quality.safe_html import clean

SMALL = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
KEYS = st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), st.integers(-3, 3)), max_size=40)
NUMBERS = st.one_of(
    st.lists(st.integers(-(2**62), 2**62), min_size=1, max_size=40),
    st.lists(st.integers(2**53, 2**53 + 9), min_size=1, max_size=40),
    st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=40),
    st.lists(st.sampled_from([-math.inf, math.inf, 0.0, -0.0, 1.5, 1e-300]), min_size=1, max_size=40),
)


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HASHES_AT_ONCE", "KEYS_AT_ONCE", "VALUES_AT_ONCE"):
        monkeypatch.setattr(queries, name, 3)


def _frame(rows: list[tuple[str | None, int]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"word": pl.String, "n": pl.Int64}, orient="row")


@SMALL
@given(KEYS)
@pytest.mark.usefixtures("tiny")
def test_repeats_and_distinct_values(rows: list[tuple[str | None, int]]) -> None:
    frame, counted = _frame(rows).lazy(), Counter(rows)
    both = [pl.col("word"), pl.col("n")]
    assert queries.repeated_rows(frame, both, None) == sum(n for n in counted.values() if n > 1)
    keys = queries.repeated_keys(frame, both, None, limit=100)
    assert keys.columns == ["key_0", "key_1"]
    assert all(counted[row] > 1 for row in keys.iter_rows())
    assert bool(len(keys)) == any(n > 1 for n in counted.values())

    present = pl.col("word").is_not_null()
    words = Counter(word for word, _ in rows if word is not None)
    assert queries.distinct_count(frame, pl.col("word"), present) == len(words)
    assert queries.distinct_values(frame, pl.col("word"), present, limit=2) == sorted(words)[:2]
    most = max(words.values(), default=0)
    assert queries.modes(frame, pl.col("word"), present) == sorted(w for w, n in words.items() if n == most)


def test_too_many_modes_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MODES", 5)
    with pytest.raises(Unfit, match="share the highest count"):
        queries.modes(pl.LazyFrame({"n": range(9)}), pl.col("n"), None)


@SMALL
@given(NUMBERS, st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.77, 1.0]))
@pytest.mark.usefixtures("tiny")
def test_quantiles(values: list[Any], share: float) -> None:
    table = pl.DataFrame({"n": [*values, None]}, strict=False)
    column = Column("n", table.schema["n"])
    for how in ("nearest", "lower", "higher"):
        found = queries.quantiles(table.lazy(), column, None, [share], how)[0]
        assert found == np.quantile(np.array(values), share, method=how)
    between = queries.quantiles(table.lazy(), column, None, [share], "linear")[0]
    edges = [queries.quantiles(table.lazy(), column, None, [share], how)[0] for how in ("lower", "higher")]
    assert math.isnan(between) or edges[0] <= between <= edges[1] or between == pytest.approx(edges[0])


def test_no_values_have_no_quantile_and_text_has_no_rank() -> None:
    nothing = pl.LazyFrame({"n": pl.Series([None], dtype=pl.Float64)})
    assert queries.quantiles(nothing, Column("n", pl.Float64()), None, [0.5], "linear") == [None]
    with pytest.raises(Unfit):
        queries.quantiles(pl.LazyFrame({"n": ["a"]}), Column("n", pl.String()), None, [0.5], "linear")


@SMALL
@given(st.lists(st.one_of(st.none(), st.integers(-2, 2)), max_size=60), st.booleans(), st.booleans())
def test_order(values: list[int | None], falling: bool, strictly: bool) -> None:
    frame = pl.DataFrame({"n": values}, schema={"n": pl.Int64})
    present = [value for value in values if value is not None]
    steps = [(b - a) * (-1 if falling else 1) for a, b in pairwise(present)]
    wanted = sum(step < 0 or (strictly and step == 0) for step in steps)
    column = Column("n", pl.Int64())
    assert queries.out_of_order(frame.lazy(), column, None, falling=falling, strictly=strictly) == wanted


@pytest.mark.parametrize(
    ("dtype", "values", "held"),
    [
        (pl.Int8(), [1, 2.0, 2.5, 300, "3", True, None], [1, 2]),
        (pl.Float64(), [1, 2.5, "x"], [1.0, 2.5]),
        (pl.String(), ["a", 1, None], ["a"]),
        (pl.Boolean(), [True, 1], [True]),
        (pl.Date(), ["2024-05-01", "soon"], [__import__("datetime").date(2024, 5, 1)]),
        (pl.Decimal(10, 2), [1.25, 1.255, 3], [__import__("decimal").Decimal(x) for x in ("1.25", "3.00")]),
    ],
)
def test_a_column_holds_only_what_its_type_can(dtype: pl.DataType, values: list[Any], held: list[Any]) -> None:
    assert members(dtype, values).to_list() == held


def test_bounds_keep_their_own_precision() -> None:
    frame = pl.DataFrame({"n": [1, 2]})
    assert frame.select(pl.col("n") > bound(pl.Int64(), 1.5)).to_series().to_list() == [False, True]
    assert frame.select(among(pl.col("n"), pl.Int64(), [1.5, 2])).to_series().to_list() == [False, True]
    with pytest.raises(Unfit):
        bound(pl.Int64(), "x")


@pytest.mark.parametrize(
    ("dirty", "tidy"),
    [
        ('<p class="x" onclick="go()">a &amp; b</p>', '<p class="x">a &amp; b</p>'),
        ("<script>alert(1)</script>ok", "ok"),
        ('<a href="http://elsewhere">t</a>', "&lt;a href=\"http://elsewhere\"&gt;t"),
        ("a < b <XXXXX_XXXXXX>", "a &lt; b &lt;XXXXX_XXXXXX&gt;"),
        ("<br/><hr>", "<br><hr>"),
    ],
)  # fmt: skip
def test_html_is_reduced_to_what_loads_nothing(dirty: str, tidy: str) -> None:
    assert clean(dirty) == tidy
