"""Typing a batch by its contract: what fits is typed, what does not is named, nothing vanishes."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.contract import Field
from transforms.validate import conform

TYPES = {
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "string": pa.large_string(),
}


def one(values, kind, *, required=False, **options):
    field = Field(name="x", path="x", type=kind, classification="none", required=required)
    schema = pa.schema([("x", TYPES[kind])])
    batch = pa.record_batch({"x": pa.array(values, pa.large_string())})
    return conform(batch, schema, [field], **options)


def test_a_number_with_words_in_it_is_refused_alone():
    found = one(["3", "three", " 4 ", "5.0", "5.5"], "integer")
    assert found.batch.column(0).to_pylist() == [3, 4, 5]
    assert found.reasons == {1: ("type:x",), 4: ("type:x",)}
    assert found.kept.to_pylist() == [0, 2, 3]


@pytest.mark.parametrize("text", ["nan", "inf", "-Infinity"])
def test_what_is_not_a_finite_number_is_not_a_number_once_looked_at(text):
    found = one([text, "x", "1.5"], "number")
    assert found.batch.column(0).to_pylist() == [1.5]


def test_an_integer_too_big_for_the_type_is_refused():
    found = one(["1", str(2**70), "y"], "integer")
    assert found.batch.column(0).to_pylist() == [1]
    assert sorted(found.reasons) == [1, 2]


def test_dates_of_1900_are_dates():
    found = one(["1900-01-01", "2024-02-30"], "date")
    assert found.batch.column(0).to_pylist() == [date(1900, 1, 1)]
    assert found.reasons == {1: ("type:x",)}


def test_a_declared_date_format_is_tried_first_and_iso_after_it():
    found = one(["02/03/2024", "2024-03-02"], "date", date_format="%d/%m/%Y")
    assert found.batch.column(0).to_pylist() == [date(2024, 3, 2)] * 2


def test_timestamps_without_a_zone_are_utc_and_others_are_brought_there():
    found = one(["2024-01-01 08:00:00", "2024-01-01T08:00:00+08:00", "soon"], "timestamp")
    assert found.batch.column(0).to_pylist() == [
        datetime(2024, 1, 1, 8, tzinfo=UTC),
        datetime(2024, 1, 1, 0, tzinfo=UTC),
    ]


def test_chinese_yes_and_no():
    assert one(["是", "否", "?"], "boolean").batch.column(0).to_pylist() == [True, False]


def test_a_required_value_that_is_missing_or_a_null_mark_is_refused():
    found = one(["a", "", "NULL", None], "string", required=True, null_values=("", "NULL"))
    assert found.batch.column(0).to_pylist() == ["a"]
    assert found.reasons == {1: ("null:x",), 2: ("null:x",), 3: ("null:x",)}


def test_a_wrong_value_of_a_required_field_has_one_reason():
    assert one(["x"], "integer", required=True).reasons == {0: ("type:x",)}


def test_reasons_follow_the_order_of_the_contract():
    fields = [
        Field(name="a", path="a", type="integer", classification="none", required=True),
        Field(name="b", path="b", type="date", classification="none"),
    ]
    schema = pa.schema([("a", pa.int64()), ("b", pa.date32())])
    found = conform(pa.record_batch({"b": ["x"], "a": [None]}), schema, fields)
    assert found.reasons == {0: ("null:a", "type:b")}


def test_a_column_that_is_not_there_is_null():
    field = Field(name="x", path="x", type="string", classification="none")
    found = conform(pa.record_batch({"y": ["1"]}), pa.schema([("x", pa.large_string())]), [field])
    assert found.batch.column(0).to_pylist() == [None]


def test_native_columns_keep_their_values():
    field = Field(name="x", path="x", type="integer", classification="none")
    found = conform(pa.record_batch({"x": pa.array([1, 2], pa.int32())}), pa.schema([("x", pa.int64())]), [field])
    assert found.batch.column(0).to_pylist() == [1, 2]


@given(
    st.lists(st.one_of(st.none(), st.text(max_size=8), st.integers().map(str), st.dates().map(str)), max_size=40),
    st.sampled_from(sorted(TYPES)),
    st.booleans(),
)
def test_every_row_is_kept_or_has_a_reason(values, kind, required):
    found = one(values, kind, required=required)
    assert len(found.batch) + len(found.reasons) == len(values)
    assert sorted([*found.kept.to_pylist(), *found.reasons]) == list(range(len(values)))
    if required:
        assert found.batch.column(0).null_count == 0
