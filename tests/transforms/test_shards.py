from __future__ import annotations

import io

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.release_builders import PATIENT
from transforms.documents import MESSAGE
from transforms.shards import PROVENANCE, ROW_OVERHEAD, cut, schema, write


@PATIENT
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 200)), max_size=120),
    st.integers(1, 9),
    st.integers(1, 200),
    st.integers(1, 4000),
)
def test_shards_cover_every_row_once_within_their_bounds(
    rows: list[tuple[int, int]], per_group: int, most_tokens: int, most_bytes: int
) -> None:
    tokens = np.array([row[0] for row in rows], np.int64)
    size = np.array([row[1] for row in rows], np.int64)
    found = cut(tokens, size, rows_per_group=per_group, shard_tokens=most_tokens, shard_bytes=most_bytes)
    at = 0
    groups = []
    for shard in found:
        assert shard.first_row == at
        assert at % per_group == 0
        assert shard.rows == sum(rows for rows, _ in shard.row_groups)
        assert shard.tokens == int(tokens[at : at + shard.rows].sum())
        if len(shard.row_groups) > 1:
            assert shard.tokens <= most_tokens
            assert int((size[at : at + shard.rows] + ROW_OVERHEAD).sum()) <= most_bytes
        at += shard.rows
        groups += shard.row_groups
    assert at == len(rows)
    # Fixed row groups, so that a row number leads to its place by arithmetic.
    assert all(group[0] == per_group for group in groups[:-1])


def table(sample_format: str, count: int = 50) -> pa.Table:
    marks = [f"PRIVATE{number:04d}" for number in range(count)]
    content = (
        pa.array(marks, pa.large_string())
        if sample_format == "text"
        else pa.array([[{"role": "user", "content": mark, "train": False}] for mark in marks], pa.list_(MESSAGE))
    )
    origin = {"unit": "media", "snapshot": "ab" * 32, "partition": "2026-01", "position": 1, "rows": 1}
    columns = [
        pa.array([f"{number:032x}" for number in range(count)]),
        pa.array(["media.subtitles"] * count),
        pa.array(["zh", "en"] * (count // 2)),
        pa.array([1] * count, pa.int16()),
        pa.array(range(count), pa.int32()),
        content,
        pa.array([origin] * count, PROVENANCE),
        pa.array([False] * count),
    ]
    return pa.table(columns, schema=schema(sample_format))  # type: ignore[arg-type]


def written(rows: pa.Table) -> bytes:
    sink = io.BytesIO()
    write(rows, sink, rows_per_group=16)
    return sink.getvalue()


@pytest.mark.parametrize("sample_format", ["text", "messages"])
def test_the_file_gives_back_the_rows_in_fixed_groups(sample_format: str) -> None:
    rows = table(sample_format)
    file = pq.ParquetFile(io.BytesIO(written(rows)), page_checksum_verification=True)
    assert file.read().equals(rows)
    assert [file.metadata.row_group(group).num_rows for group in range(4)] == [16, 16, 16, 2]


@pytest.mark.parametrize("sample_format", ["text", "messages"])
def test_the_same_rows_are_the_same_bytes_however_they_are_chunked(sample_format: str) -> None:
    rows = table(sample_format)
    chunked = pa.concat_tables([rows.slice(0, 7), rows.slice(7, 20), rows.slice(27)])
    assert written(rows) == written(chunked.combine_chunks())


@pytest.mark.parametrize("sample_format", ["text", "messages"])
def test_the_footer_repeats_no_text(sample_format: str) -> None:
    """Least and greatest values in a footer would outlive an erasure of the text."""
    data = written(table(sample_format))
    metadata = pq.ParquetFile(io.BytesIO(data)).metadata
    has = {
        metadata.schema.column(number).path: metadata.row_group(0).column(number).statistics is not None
        for number in range(metadata.num_columns)
    }
    assert {name for name, stated in has.items() if stated} == {"id", "source", "language", "n_tokens"}
    footer = int.from_bytes(data[-8:-4], "little")
    assert b"PRIVATE" not in data[-8 - footer :]


def test_a_flipped_bit_is_found() -> None:
    data = bytearray(written(table("text")))
    data[300] ^= 1
    with pytest.raises(OSError, match=r"(?i)crc|checksum|corrupt|decompress|deserial"):
        pq.ParquetFile(io.BytesIO(bytes(data)), page_checksum_verification=True).read()
