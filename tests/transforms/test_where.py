"""Filters over columns: the same as Python's own comparisons, in every type, with nulls passing nothing."""

from __future__ import annotations

import operator
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.contract import Condition
from schemas.mix_where import typed
from tests.release_builders import PATIENT
from transforms.where import passes

OPS: dict[Any, Any] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
TYPES: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "integer": (pa.int64(), st.integers(-5, 5)),
    "unsigned": (pa.uint64(), st.integers(0, 2**64 - 1)),
    "float": (pa.float64(), st.integers(-9, 9).map(lambda value: value / 4)),
    "decimal": (pa.decimal128(9, 2), st.decimals("-3", "3", places=2)),
    "date": (pa.date32(), st.dates(date(2026, 1, 1), date(2026, 1, 9))),
    "timestamp": (pa.timestamp("us"), st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 2))),
    "time": (pa.time64("us"), st.times(time(1), time(2))),
    "text": (pa.large_string(), st.sampled_from(["", "a", "b", "茶", "é"])),
}


@pytest.mark.parametrize("kind", list(TYPES))
@given(data=st.data())
@PATIENT
def test_every_comparison_is_that_of_python(kind: str, data: st.DataObject) -> None:
    arrow, some = TYPES[kind]
    values = data.draw(st.lists(st.none() | some, max_size=12))
    table = pa.table({"x": pa.array(values, arrow)})
    op = data.draw(st.sampled_from([*OPS, "in", "not in", "null"]))
    against = data.draw(st.lists(some, min_size=1, max_size=3))
    if op == "null":
        want = data.draw(st.booleans())
        one = Condition("x", "null", (want,))
        assert passes(table, [one], {one: []}).tolist() == [(value is None) == want for value in values]
        return
    one = Condition("x", op, ("stands for them",))
    got = passes(table, [one], {one: against if op in ("in", "not in") else against[:1]}).tolist()
    if op == "in":
        expected = [value is not None and value in against for value in values]
    elif op == "not in":
        expected = [value is not None and value not in against for value in values]
    else:
        expected = [value is not None and OPS[op](value, against[0]) for value in values]
    assert got == expected


def test_all_conditions_must_hold() -> None:
    table = pa.table({"x": [1, 2, 3, None], "y": ["a", "b", "a", "a"]})
    low, which = Condition("x", ">", (Decimal(1),)), Condition("y", "=", ("a",))
    values: dict[Condition, list[Any]] = {low: [1], which: ["a"]}
    assert passes(table, [low, which], values).tolist() == [False, False, True, False]
    assert passes(table, [], {}).all()


def test_a_zone_on_one_side_alone_is_utc() -> None:
    noon = datetime(2026, 5, 1, 12, tzinfo=UTC)
    zoned = pa.table({"x": pa.array([noon], pa.timestamp("us", tz="UTC"))})
    plain = pa.table({"x": pa.array([noon.replace(tzinfo=None)], pa.timestamp("us"))})
    one = Condition("x", "=", ("2026-05-01T12:00:00",))
    for table in (zoned, plain):
        for text in ("2026-05-01T12:00:00", "2026-05-01T20:00:00+08:00"):
            assert passes(table, [one], {one: [typed("timestamp", {}, text)]}).tolist() == [True]
    assert typed("timestamp", {}, "2026-05-01T20:00:00+08:00").tzinfo == timezone(timedelta(hours=8))


def test_numbers_are_compared_as_they_are_written() -> None:
    table = pa.table({"x": pa.array([Decimal("0.10"), Decimal("0.11")], pa.decimal128(5, 2))})
    one = Condition("x", "=", (Decimal("0.1"),))
    assert passes(table, [one], {one: [typed("number", {"precision": 5, "scale": 2}, Decimal("0.1"))]}).tolist() == [
        True,
        False,
    ]
    big = pa.table({"x": pa.array([2**53, 2**53 + 1], pa.int64())})
    over = Condition("x", ">", (Decimal(2**53),))
    assert passes(big, [over], {over: [typed("integer", {}, Decimal(2**53))]}).tolist() == [False, True]
