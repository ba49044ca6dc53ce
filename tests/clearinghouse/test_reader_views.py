"""Rows in another order: what comes out is what Arrow's own `take` gives, of the same types."""

from __future__ import annotations

import pyarrow as pa
import pytest

from clearinghouse.reader_views import integers, plain, taken, viewed

COLUMNS = {
    "text": pa.array(["", "a", None, "longer than twelve bytes", "é" * 40, "x"], pa.large_string()),
    "short": pa.array(["", "a", None, "longer than twelve bytes", "é" * 40, "x"], pa.string()),
    "bytes": pa.array([b"", b"a", None, b"longer than twelve bytes", b"\0" * 40, b"x"], pa.binary()),
    "ids": pa.array([[], [1], None, [2, 3, 4, 5, 6], [-7] * 20, [8, 9]], pa.list_(pa.int32())),
    "sound": pa.array(
        [[], [1], None, [2, 3], [4], [5]], pa.list_(pa.field("element", pa.int16(), nullable=False))
    ),
    "holes": pa.array([[], [None], None, [2, None], [4], [5]], pa.list_(pa.int32())),
    "marks": pa.array([[], [True], None, [False, True], [True], [True]], pa.list_(pa.bool_())),
    "count": pa.array([1, 2, None, 4, 5, 6], pa.int32()),
    "struct": pa.array([{"a": "x"}, {"a": None}, None, {"a": "z"}, {"a": "w"}, {"a": "v"}]),
    "none": pa.array([None] * 6, pa.large_string()),
}  # fmt: skip
BATCH = pa.RecordBatch.from_arrays(list(COLUMNS.values()), names=list(COLUMNS))


@pytest.mark.parametrize("cut", [(0, 6), (1, 4), (2, 1), (3, 0)])
@pytest.mark.parametrize("rows", [[], [0], [3, 3, 0], [2, 1, 0]])
def test_views_give_back_what_they_were_made_of(cut: tuple[int, int], rows: list[int]) -> None:
    batch = BATCH.slice(*cut)
    assert plain(viewed(batch), batch.schema).equals(batch)
    rows = [row for row in rows if row < len(batch)]
    found = plain(taken(viewed(batch), integers(rows)), batch.schema)
    found.validate(full=True)
    assert found.equals(batch.take(integers(rows)))
    sliced = plain(viewed(BATCH).slice(*cut), BATCH.schema)
    sliced.validate(full=True)
    assert sliced.equals(batch)
    some, others = viewed(batch.drop_columns(["holes"])), viewed(BATCH.drop_columns(["holes"]))
    joined = plain(pa.concat_batches([some, others]), BATCH.schema)
    joined.validate(full=True)
    assert joined.equals(pa.concat_batches([batch, BATCH]).drop_columns(["holes"]))


def test_text_and_tokens_are_views_and_what_has_no_view_is_not() -> None:
    kinds = {field.name: str(field.type) for field in viewed(BATCH).schema}
    assert {name for name, kind in kinds.items() if kind.endswith("view")} == {
        "text", "short", "bytes", "ids", "sound", "none",
    }  # fmt: skip
    # A list with a null in it has no bytes of its own for that.
