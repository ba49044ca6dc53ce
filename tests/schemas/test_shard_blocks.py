"""Digests inside a shard: every byte of its rows is covered, any flipped bit is found, and where."""

from __future__ import annotations

import io
from hashlib import sha256

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.shard_blocks import KEY, TAIL, Blocks, BlockSink, footer_bytes, footer_digest
from tests.builders import release_table
from transforms.shards import write


def shard(rows: int, rows_per_group: int = 8) -> bytes:
    sink = io.BytesIO()
    write(release_table(rows), sink, rows_per_group=rows_per_group)
    return sink.getvalue()


def blocks_of(data: bytes) -> Blocks:
    found = Blocks.of(pq.ParquetFile(pa.BufferReader(data)).metadata.metadata)
    assert found is not None
    return found


@pytest.mark.parametrize("rows", [0, 1, 8, 3000])
def test_a_shard_holds_digests_of_all_its_rows(rows: int) -> None:
    data = shard(rows)
    found = blocks_of(data)
    metadata = pq.ParquetFile(pa.BufferReader(data)).metadata
    ends = [
        (chunk.dictionary_page_offset or chunk.data_page_offset) + chunk.total_compressed_size
        for group in range(metadata.num_row_groups)
        for chunk in (metadata.row_group(group).column(i) for i in range(metadata.num_columns))
    ]
    # Nothing of a row lies behind the bytes that the digests cover.
    assert found.end == max(ends, default=found.end)
    assert found.wrong(data[: found.end], 0) is None
    assert footer_digest(data) == sha256(data[-footer_bytes(data[-TAIL:]) :]).hexdigest()
    assert shard(rows) == data


@given(st.data())
def test_a_flipped_bit_is_found_where_it_is(draw: st.DataObject) -> None:
    size = draw.draw(st.integers(1, 50))
    data = bytearray(draw.draw(st.binary(min_size=1, max_size=400)))
    kept = io.BytesIO()
    sink = BlockSink(kept, size)
    at = 0
    while at < len(data):
        step = draw.draw(st.integers(1, 120))
        sink.write(memoryview(data)[at : at + step])
        at += step
    found = sink.blocks()
    assert kept.getvalue() == bytes(data)
    assert Blocks.of({KEY.encode(): found.entry().encode()}) == found
    first, last = sorted((draw.draw(st.integers(0, len(data) - 1)), draw.draw(st.integers(0, len(data) - 1))))
    start, end = found.around(first, last + 1)
    assert start <= first <= last < end <= len(data)
    assert found.wrong(data[start:end], start) is None
    place = draw.draw(st.integers(start, end - 1))
    data[place] ^= 1 << draw.draw(st.integers(0, 7))
    wrong = found.wrong(data[start:end], start)
    assert wrong is not None
    assert wrong.offset == place // size * size
    assert wrong.expected != wrong.found


def test_what_is_no_digest_of_blocks_is_refused() -> None:
    assert Blocks.of({}) is Blocks.of(None) is None
    whole = Blocks(4, 8, b"x" * 32).entry()
    for entry in ("{}", "[]", whole.replace("8", "9"), whole.replace("eHh4", "e!h4", 1), whole.replace("4", "0", 1)):
        with pytest.raises(ValueError, match=r"digests of blocks|Expecting"):
            Blocks.of({KEY.encode(): entry.encode()})
    for tail in (b"", b"1234PAR2", b"PAR1"):
        with pytest.raises(ValueError, match="no Parquet file"):
            footer_bytes(tail)
