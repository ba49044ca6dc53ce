"""Row groups of the files that ingest writes: cut by rows and bytes, the same bytes as when each row is asked for its size."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clearinghouse.jobs import writer
from clearinghouse.jobs.writer import ParquetSink, _alone


def batch(rows: int, longest: int, seed: int) -> pa.RecordBatch:
    draw = random.Random(seed)
    texts = [None if draw.random() < 0.1 else "é" * draw.randrange(longest) for _ in range(rows)]
    return pa.record_batch(
        {
            "text": pa.array(texts, pa.large_string()),
            "short": pa.array(["x" * draw.randrange(5) for _ in range(rows)], pa.string()),
            "kind": pa.array([draw.choice(["a", "b"]) for _ in range(rows)]).dictionary_encode(),
            "number": pa.array([draw.choice([None, 3]) for _ in range(rows)], pa.int32()),
            "good": pa.array([draw.choice([None, True, False]) for _ in range(rows)]),
        }
    )


@pytest.mark.parametrize("nested", [False, True])
def test_rows_are_as_large_as_arrow_says(nested: bool) -> None:
    made = batch(50, 40, 1)
    if nested:
        lists = pa.array([[1] * (row % 4) for row in range(50)])
        made = pa.record_batch([*made.columns, lists], names=[*made.schema.names, "list"])
    for some in (made, made.slice(7), made.slice(3, 11)):
        assert list(_alone(some)) == [some.slice(row, 1).nbytes for row in range(len(some))]


def one_by_one(some: pa.RecordBatch) -> Iterator[int]:
    return (some.slice(row, 1).nbytes for row in range(len(some)))


def written(folder: Path, name: str) -> tuple[bytes, list[int]]:
    sink = ParquetSink(folder, name)
    for seed, longest in enumerate((30, 2000, 9, 700, 4000)):
        sink.write(batch(120, longest, seed))
    sink._flush()
    assert sink._writer is not None
    sink._writer.close()
    metadata = pq.read_metadata(folder / f"{name}.parquet")
    groups = [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]
    assert sum(groups) == sink.rows == 600
    return (folder / f"{name}.parquet").read_bytes(), groups


def test_groups_close_at_rows_and_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "GROUP_ROWS", 100)
    monkeypatch.setattr(writer, "GROUP_BYTES", 100_000)
    data, groups = written(tmp_path, "data")
    assert max(groups) == 100
    assert min(groups[:-1]) < 60
    monkeypatch.setattr(writer, "_alone", one_by_one)
    assert written(tmp_path, "again") == (data, groups)
