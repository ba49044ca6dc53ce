from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.shard_numbers import KEY as NUMBERS
from tests.release_builders import PATIENT
from transforms.shards import ROW_OVERHEAD, Cut, cut, schema, stretches, write


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


FORMS: dict[str, dict[str, bool | str]] = {
    "text": {},
    "text tokenised": {"tokenise": True},
    "text with bytes": {"tokenise": "uint32"},
    "messages": {},
    "messages rendered": {"template": True},
    "messages tokenised": {"template": True, "tokenise": True},
    "messages with bytes": {"template": True, "tokenise": "uint16"},
    "preference": {},
    "image-text": {},
}


def table(form: str, count: int = 50) -> pa.Table:
    """Rows of every form of a release, with a mark in all that is said."""
    columns = schema(form.split(" ")[0], **FORMS[form])  # type: ignore[arg-type]

    def said(number: int) -> dict[str, object]:
        mark = f"PRIVATE{number:04d}"
        call = {"id": "call_1", "name": "look_up", "arguments": f'{{"of": "{mark}"}}'}
        talk = [
            {"role": "user", "content": mark, "train": False, "tool_calls": []},
            {"role": "assistant", "content": "", "train": True, "tool_calls": [call]},
        ]
        return {
            "id": f"{number:032x}",
            "source": "media.subtitles",
            "language": "zh" if number % 2 else "en",
            "epoch": 1,
            "n_tokens": number,
            "text": mark,
            "messages": talk,
            "tools": "[]",
            **dict.fromkeys(("prompt", "chosen", "rejected"), talk),
            "image": {"bytes": mark.encode(), "path": None} if number % 2 else {"bytes": None, "path": f"a/{mark}"},
            "input_ids": list(range(number)),
            "loss_mask": [place % 2 == 0 for place in range(number)],
            "provenance": {
                "unit": "media",
                "snapshot": "ab" * 32,
                "partition": "2026-01",
                "position": 1,
                "rows": 1,
                "row_ids": [f"{number:032x}"] if number % 3 else None,
            },
            "erased": False,
        }

    rows = [{name: row[name] for name in columns.names} for row in map(said, range(count))]
    for field in columns:
        for row in rows if pa.types.is_binary(field.type) else ():
            row[field.name] = np.array(row[field.name], field.metadata[NUMBERS].decode()).tobytes()
    return pa.Table.from_pylist(rows, schema=columns)


def written(rows: pa.Table) -> bytes:
    sink = io.BytesIO()
    write(rows, sink, rows_per_group=16)
    return sink.getvalue()


def test_stretches_are_whole_groups_of_rows_and_bytes_enough() -> None:
    shard = Cut(40, 70, 0, tuple((10, 0) for _ in range(7)))
    size = np.full(70, 1000 - ROW_OVERHEAD)
    assert stretches(shard, size, most=1 << 30, least=1) == [40]
    assert stretches(shard, size, most=1, least=1) == [40, 50, 60, 70, 80, 90, 100]
    # Three groups are 30,000 bytes.
    assert stretches(shard, size, most=30_000, least=1) == [40, 70, 100]
    assert stretches(shard, size, most=1, least=35) == [40, 80]
    assert stretches(Cut(0, 3, 0, ((3, 9),)), size[:3], most=1, least=1) == [0]


@pytest.mark.parametrize("sample_format", FORMS)
def test_the_file_gives_back_the_rows_in_fixed_groups(sample_format: str) -> None:
    rows = table(sample_format)
    file = pq.ParquetFile(io.BytesIO(written(rows)), page_checksum_verification=True)
    assert file.read().equals(rows)
    assert [file.metadata.row_group(group).num_rows for group in range(4)] == [16, 16, 16, 2]


@pytest.mark.parametrize("sample_format", FORMS)
def test_the_same_rows_are_the_same_bytes_however_they_are_chunked(sample_format: str) -> None:
    rows = table(sample_format)
    chunked = pa.concat_tables([rows.slice(0, 7), rows.slice(7, 20), rows.slice(27)])
    assert written(rows) == written(chunked.combine_chunks())


@pytest.mark.parametrize("sample_format", FORMS)
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


@pytest.mark.parametrize("form", FORMS)
def test_any_tool_opens_it(form: str, tmp_path: Path) -> None:
    duckdb, pandas, polars = (pytest.importorskip(name) for name in ("duckdb", "pandas", "polars"))
    rows = table(form)
    file = tmp_path / "shard.parquet"
    file.write_bytes(written(rows))
    expected = rows.to_pylist()
    assert polars.read_parquet(file).to_dicts() == expected
    frame = pandas.read_parquet(file)
    assert list(frame["id"]) == [row["id"] for row in expected]
    # A connection of its own: the module's may stand half-way through a result of somebody else.
    with duckdb.connect() as connection:
        found = connection.sql(f"select * from '{file}'")
        names, told = found.columns, found.fetchall()
    for name in rows.schema.names:
        assert [row[names.index(name)] for row in told] == [row[name] for row in expected], name
        if name == "messages":
            assert [turn["content"] for turn in frame[name][7]] == [turn["content"] for turn in expected[7][name]]


def test_tokens_are_split_by_their_bytes() -> None:
    metadata = pq.ParquetFile(io.BytesIO(written(table("messages tokenised")))).metadata.row_group(0)
    columns = {metadata.column(place).path_in_schema: metadata.column(place) for place in range(metadata.num_columns)}
    assert "BYTE_STREAM_SPLIT" in columns["input_ids.list.element"].encodings


def test_tokens_as_bytes_are_not_compressed_and_say_what_they_are() -> None:
    rows = table("messages with bytes")
    data = written(rows)
    file = pq.ParquetFile(io.BytesIO(data))
    group = file.metadata.row_group(0)
    columns = {group.column(place).path_in_schema: group.column(place) for place in range(group.num_columns)}
    assert {name for name, column in columns.items() if column.compression == "UNCOMPRESSED"} == {"input_ids"}
    assert columns["loss_mask"].compression == "ZSTD"
    told = {field.name: field.metadata[NUMBERS] for field in file.schema_arrow if field.metadata}
    assert told == {"input_ids": b"uint16", "loss_mask": b"uint8"}
    # Any tool has the tokens by one call.
    last = pq.read_table(io.BytesIO(data), columns=["input_ids"]).column("input_ids")[49].as_py()
    assert np.frombuffer(last, "<u2").tolist() == list(range(49))


def test_a_flipped_bit_is_found() -> None:
    data = bytearray(written(table("text")))
    data[300] ^= 1
    with pytest.raises(OSError, match=r"(?i)crc|checksum|corrupt|decompress|deserial"):
        pq.ParquetFile(io.BytesIO(bytes(data)), page_checksum_verification=True).read()


def frames(data: bytes) -> set[bytes]:
    """The compressed pages of a file: each begins with the magic number of zstd (RFC 8878, 3.1.1)."""
    return set(data.split((0xFD2FB528).to_bytes(4, "little")))


def test_pages_cut_by_content_outlast_a_removal() -> None:
    """What of a file is new after two rows went, in bytes of its pages: the rest a store of pieces has already."""
    words = np.random.default_rng(7).integers(0, 10_000, (6000, 150))
    texts = [" ".join(map(str, row)) for row in words.tolist()]
    rows = pa.table(
        {"id": [f"{number:032x}" for number in range(len(texts))], "text": pa.array(texts, pa.large_string())}
    )
    new = {}
    for cdc in (False, True):
        first, second = (io.BytesIO(), io.BytesIO())
        write(rows, first, rows_per_group=2048, cdc=cdc)
        keep = pa.array([number not in (100, 103) for number in range(len(rows))])
        write(rows.filter(keep), second, rows_per_group=2048, cdc=cdc)
        assert pq.read_table(io.BytesIO(second.getvalue())).equals(rows.filter(keep).combine_chunks())
        new[cdc] = sum(map(len, frames(second.getvalue()) - frames(first.getvalue()))) / len(second.getvalue())
        again = io.BytesIO()
        write(rows, again, rows_per_group=2048, cdc=cdc)
        assert again.getvalue() == first.getvalue()
    assert new[True] < 0.75 * new[False]
