"""Shards are plain Parquet: every common tool opens them as they lie, with every kind of sample and its columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import clearinghouse
from tests.builders import make_release, release_table
from tests.transforms.test_shards import FORMS, table
from transforms.shards import write


@pytest.fixture(scope="module", params=[*FORMS, "cdc"])
def shard(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, pa.Table]:
    """A shard of each kind, with pages cut by count and by content, and a hole in it."""
    form = "text" if request.param == "cdc" else request.param
    rows = table(form)
    place = rows.schema.get_field_index("erased")
    rows = rows.set_column(place, rows.schema.field(place), pa.array([n == 3 for n in range(len(rows))]))
    path = tmp_path_factory.mktemp("shard") / "shard.parquet"
    with path.open("wb") as sink:
        write(rows, sink, rows_per_group=16, cdc=request.param == "cdc")
    return path, rows


def ids(rows: pa.Table) -> list[str]:
    return [name for name, erased in zip(rows["id"].to_pylist(), rows["erased"].to_pylist(), strict=True) if not erased]


def test_pyarrow_checks_its_pages(shard: tuple[Path, pa.Table]) -> None:
    path, rows = shard
    assert pq.read_table(path, page_checksum_verification=True).equals(rows)
    metadata = pq.ParquetFile(path).metadata
    column = metadata.row_group(0).column(0)
    assert column.compression == "ZSTD"
    assert column.has_offset_index


def test_pandas(shard: tuple[Path, pa.Table]) -> None:
    path, rows = shard
    frame = pd.read_parquet(path)
    assert list(frame.columns) == rows.column_names
    assert frame[~frame["erased"]]["id"].tolist() == ids(rows)
    assert frame["n_tokens"].sum() == sum(range(50))


def test_polars(shard: tuple[Path, pa.Table]) -> None:
    path, rows = shard
    frame = pl.scan_parquet(path).filter(~pl.col("erased")).collect()
    assert frame["id"].to_list() == ids(rows)
    assert frame.drop("id").to_arrow().num_rows == 49
    unit = pl.scan_parquet(path).select(pl.col("provenance").struct.field("unit")).collect()
    assert set(unit["unit"]) == {"media"}
    for name in rows.column_names:
        assert plain(pl.read_parquet(path, columns=[name])[name].to_list()) == plain(rows[name].to_pylist())


def test_duckdb(shard: tuple[Path, pa.Table]) -> None:
    path, rows = shard
    with duckdb.connect() as connection:
        query = "select id from read_parquet(?) where not erased order by n_tokens"
        assert [row[0] for row in connection.execute(query, [str(path)]).fetchall()] == ids(rows)
        names = [row[0] for row in connection.execute("describe from read_parquet(?)", [str(path)]).fetchall()]
        assert names == rows.column_names
        for name in rows.column_names:
            found = connection.execute(f'select "{name}" from read_parquet(?)', [str(path)]).fetchall()
            assert plain([row[0] for row in found]) == plain(rows[name].to_pylist())


def plain(values: list[Any]) -> list[Any]:
    """As lists, dicts and scalars; tools differ in what they call a row of a list."""
    if isinstance(values, dict):
        return {name: plain(value) for name, value in values.items()}  # type: ignore[return-value]
    if isinstance(values, list | tuple | pl.Series):
        return [plain(value) for value in values]
    return values


def test_hugging_face(shard: tuple[Path, pa.Table], tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets", reason="Hugging Face datasets is not installed")
    path, rows = shard
    for streaming in (False, True):
        found = datasets.load_dataset(
            "parquet", data_files=str(path), split="train", cache_dir=str(tmp_path), streaming=streaming
        )
        assert [row["id"] for row in found if not row["erased"]] == ids(rows)


def test_spark(shard: tuple[Path, pa.Table]) -> None:
    sql = pytest.importorskip("pyspark.sql", reason="Spark is not installed")
    path, rows = shard
    session = sql.SparkSession.builder.master("local[1]").getOrCreate()
    try:
        found = session.read.parquet(str(path)).where("not erased").orderBy("n_tokens").collect()
        assert [row["id"] for row in found] == ids(rows)
    finally:
        session.stop()


def test_a_whole_release_by_its_files(tmp_path: Path) -> None:
    make_release(tmp_path / "store")
    release = clearinghouse.open_release(tmp_path / "store", "demo", "1.0.0", allow_unsigned=True)
    wanted = release_table(100)
    files = release.files()
    assert len(files) == 3
    assert pl.scan_parquet(files).select("text").collect()["text"].to_list() == wanted["text"].to_pylist()
    with duckdb.connect() as connection:
        query = "select source, sum(n_tokens) from read_parquet(?) group by 1 order by 1"
        sums = dict(connection.execute(query, [files]).fetchall())
    assert sum(sums.values()) == release.tokens
    assert pd.concat(map(pd.read_parquet, files))["id"].tolist() == wanted["id"].to_pylist()
