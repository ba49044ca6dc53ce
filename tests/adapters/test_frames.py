"""Hugging Face, Polars and DuckDB: the rows of the release, checked as they are read, and something learnt from them."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pyarrow.compute as pc
import pytest

import clearinghouse
from clearinghouse.reader import Release
from schemas.errors import IntegrityError
from tests.adapters.worlds import WORDS, small_release, tokens_release


@pytest.fixture
def release(tmp_path: Path) -> Release:
    return small_release(tmp_path)


def damaged(release: Release, folder: Path) -> Release:
    """The same release, opened anew with a bit among the rows of its last shard flipped."""
    path = Path(release.files()[-1])
    data = bytearray(path.read_bytes())
    data[200] ^= 1
    path.write_bytes(data)
    return clearinghouse.open_release(folder, "demo", "1.0.0", allow_unsigned=True)


def test_hugging_face_gives_a_ranks_samples_and_a_model_learns(release: Release) -> None:
    pytest.importorskip("datasets", reason="datasets is not installed: make adapters")
    from clearinghouse.adapters.huggingface import iterable_dataset

    stream = release.stream(seed=2, columns=["id", "text"], batch=10, rank=1, world=2)
    expected = [one for batch in stream.read() for one in batch.column("id").to_pylist()]
    dataset = iterable_dataset(stream)
    assert [row["id"] for row in dataset] == expected
    assert dataset.column_names == ["id", "text"]
    # Resume: the stream's state costs nothing.
    state = json.dumps(stream.state_after(4))
    later = release.stream(seed=2, columns=["id", "text"], batch=10, rank=1, world=2)
    later.load_state_dict(state)
    assert [row["id"] for row in iterable_dataset(later)] == expected[40:]
    # Counts of what follows what are a model: after a colour comes a number, always.
    follows: dict[str, set[str]] = {}
    for row in dataset:
        words = row["text"].split()
        for one, two in pairwise(words):
            follows.setdefault(one, set()).add(two)
    assert all(follows[colour] == {*WORDS[3:]} for colour in WORDS[:3])


def test_hugging_face_and_duckdb_take_tokens_that_lie_as_bytes(tmp_path: Path) -> None:
    pytest.importorskip("datasets", reason="datasets is not installed: make adapters")
    from clearinghouse.adapters.duckdb import relation
    from clearinghouse.adapters.huggingface import iterable_dataset

    release = tokens_release(tmp_path)
    said = {row["id"]: [WORDS.index(word) for word in row["text"].split()] for row in release.rows(["id", "text"])}
    rows = list(iterable_dataset(release.stream(seed=2, columns=["id", "input_ids"])))
    assert len(rows) > 200
    assert all(row["input_ids"] == said[row["id"]] for row in rows)
    assert dict(relation(release, ["id", "input_ids"]).fetchall()) == said


def test_polars_scans_with_checks_and_fits_a_line(release: Release, tmp_path: Path) -> None:
    polars = pytest.importorskip("polars", reason="Polars is not installed: make adapters")
    from clearinghouse.adapters.polars import frame

    lazy = frame(release)
    assert lazy.collect_schema().names() == release.schema.names
    assert lazy.select("id").collect()["id"].to_list() == release.table(["id"]).column("id").to_pylist()
    assert lazy.head(5).collect().height == 5
    kept = lazy.filter(polars.col("n_tokens") > 8).select(polars.len()).collect().item()
    assert kept == pc.sum(pc.greater(release.table(["n_tokens"]).column("n_tokens"), 8)).as_py()
    # Least squares: characters by words, from the data alone.
    x, y = polars.col("n_tokens").cast(polars.Float64), polars.col("text").str.len_chars().cast(polars.Float64)
    fitted = lazy.select(slope=polars.cov(x, y) / x.var(), r=polars.corr(x, y)).collect().row(0, named=True)
    assert 4 < fitted["slope"] < 6
    assert fitted["r"] > 0.9
    # Rows that are frozen for an erasure are not there.
    folder = tmp_path / "releases/demo/1.0.0/frozen"
    folder.mkdir()
    (folder / "e1.json").write_text('{"erasure":"e1","rows":[0,7]}')
    ids = release.table(["id"]).column("id").to_pylist()
    frozen = clearinghouse.open_release(tmp_path, "demo", "1.0.0", allow_unsigned=True)
    assert frame(frozen).select("id").collect()["id"].to_list() == ids[1:7] + ids[8:]
    with pytest.raises(IntegrityError, match="not what its manifest names"):
        frame(damaged(release, tmp_path))


def test_duckdb_queries_with_checks_and_fits_a_line(release: Release, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed: make adapters")
    from clearinghouse.adapters.duckdb import relation

    connection = duckdb.connect()
    [(rows, tokens)] = relation(release, ["n_tokens"], connection).aggregate("count(*), sum(n_tokens)").fetchall()
    assert (rows, tokens) == (len(release), release.tokens)
    [(slope, r)] = (
        relation(release, ["n_tokens", "text"], connection)
        .aggregate("regr_slope(length(text), n_tokens), corr(length(text), n_tokens)")
        .fetchall()
    )
    assert 4 < slope < 6
    assert r > 0.9
    with pytest.raises(IntegrityError):
        relation(damaged(release, tmp_path), None, connection).fetchall()


def test_a_missing_framework_is_named() -> None:
    from clearinghouse.adapters.missing import Missing, need

    with pytest.raises(Missing, match="no_such_framework is not installed") as caught:
        need("no_such_framework.part", "such-a-thing")
    assert caught.value.fix == "pip install such-a-thing"
