"""The survivor scan finds what is there, in whatever form, and counts it once and where it stands."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearinghouse import leaks
from infra.store import Store, open_store

PHONE = "13800001111"


def truth(*rows: tuple[str, str, str, str, str]) -> pl.LazyFrame:
    """Rows of (kind, value, dataset, field, place)."""
    names = ("kind", "value", "dataset", "field", "place")
    frame = pl.DataFrame({name: [row[i] for row in rows] for i, name in enumerate(names)})
    return frame.with_columns(expect=pl.lit("redact")).lazy()


def put(store: Store, key: str, folder: Path, **columns: object) -> None:
    path = folder / "scratch.parquet"
    pq.write_table(pa.table(columns), path)
    store.upload(path, key)


def found(store: Store, planted: pl.LazyFrame) -> dict[tuple[str, str], tuple[int, int, int, int]]:
    lines = leaks.scan_store(store, planted)
    return {(line.kind, line.place): (line.planted, line.snapshots, line.releases, line.rest) for line in lines}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(str(tmp_path / "store"))


@pytest.mark.parametrize(
    "text",
    [
        f"call {PHONE}",
        f"电话{PHONE}。",
        "138 0000 1111",
        "138-0000-1111",
        "+86 138 0000 1111",
        "１３８００００１１１１",
        "(138)00001111",
    ],
)
def test_a_number_is_found_in_every_form(text: str, store: Store, tmp_path: Path) -> None:
    put(store, "scrubbed/u/d/data/1.parquet", tmp_path, body=["nothing", None, text])
    for typed in (PHONE, "+86 13800001111", "138 0000 1111"):
        assert found(store, truth(("PHONE_NUMBER", typed, "u.d", "body", "text"))) == {
            ("PHONE_NUMBER", "text"): (1, 1, 0, 0)
        }


def test_what_is_gone_is_not_found(store: Store, tmp_path: Path) -> None:
    put(store, "scrubbed/u/d/data/1.parquet", tmp_path, body=["<PHONE_NUMBER>", "1380000111", "13800001112"])
    assert found(store, truth(("PHONE_NUMBER", PHONE, "u.d", "body", "text"))) == {
        ("PHONE_NUMBER", "text"): (1, 0, 0, 0)
    }


def test_a_column_counts_where_it_was_planted(store: Store, tmp_path: Path) -> None:
    put(store, "scrubbed/u/d/data/1.parquet", tmp_path, name=["<PERSON>"], body=["Ada Example was here"])
    planted = truth(
        ("PERSON", "Ada Example", "u.d", "name", "column"),
        ("PERSON", "Ada Example", "u.d", "body", "text"),
        ("PERSON", "Ben Example", "u.d", "name", "column"),
        ("PERSON", "Ada Example", "u.other", "name", "column"),
    )
    assert found(store, planted) == {("PERSON", "column"): (2, 0, 0, 0), ("PERSON", "text"): (1, 1, 0, 0)}


def test_messages_dictionaries_and_dates_are_searched(store: Store, tmp_path: Path) -> None:
    message = pa.struct([("role", pa.string()), ("content", pa.large_string())])
    put(
        store,
        "releases/m/shards/1.parquet",
        tmp_path,
        source=pa.array(["u.d", "u.e"]),
        messages=pa.array([[{"role": "user", "content": f"it is {PHONE}"}], None], pa.list_(message)),
    )
    put(
        store,
        "scrubbed/u/d/data/1.parquet",
        tmp_path,
        born=pa.array([7_000], pa.int32()).cast(pa.date32()),
        city=pa.array(["a@example.com"]).dictionary_encode(),
        phone=pa.array([int(PHONE)]),
    )
    planted = truth(
        ("PHONE_NUMBER", PHONE, "u.d", "body", "text"),
        ("PHONE_NUMBER", PHONE, "u.d", "phone", "column"),
        ("BIRTH_DATE", "1989-03-02", "u.d", "born", "column"),
        ("EMAIL_ADDRESS", "A@Example.com", "u.d", "city", "column"),
    )
    assert found(store, planted) == {
        ("PHONE_NUMBER", "text"): (1, 0, 1, 0),
        ("PHONE_NUMBER", "column"): (1, 1, 0, 0),
        ("BIRTH_DATE", "column"): (1, 1, 0, 0),
        ("EMAIL_ADDRESS", "column"): (1, 1, 0, 0),
    }


def test_evidence_reports_and_quarantine_are_searched(store: Store, tmp_path: Path) -> None:
    put(store, "quarantine/u/d/1.parquet", tmp_path, sample=[f"row {PHONE}"])
    store.put("releases/m/1.0.0/report.html", b"<p>a@example.com</p>")
    planted = truth(
        ("PHONE_NUMBER", PHONE, "u.d", "body", "text"),
        ("EMAIL_ADDRESS", "a@example.com", "u.d", "body", "text"),
        ("PERSON", "Ada Example", "u.d", "body", "text"),
    )
    assert found(store, planted) == {
        ("PHONE_NUMBER", "text"): (1, 0, 0, 1),
        ("EMAIL_ADDRESS", "text"): (1, 0, 0, 1),
        ("PERSON", "text"): (1, 0, 0, 0),
    }


def test_passes_and_frames_do_not_change_the_result(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = [f"user{number}@example.com" for number in range(100)]
    put(store, "scrubbed/u/d/data/1.parquet", tmp_path, body=values[::2])
    put(store, "scrubbed/u/d/data/2.parquet", tmp_path, body=values[:10])
    planted = truth(*(("EMAIL_ADDRESS", value, "u.d", "body", "text") for value in values))
    whole = leaks.scan_store(store, planted)
    monkeypatch.setattr(leaks, "_VALUES", 7)
    monkeypatch.setattr(leaks, "_BATCH_BYTES", 1)
    monkeypatch.setattr(leaks, "_BATCH_ROWS", 3)
    assert leaks.scan_store(store, planted) == whole
    assert [(line.planted, line.snapshots) for line in whole] == [(100, 55)]


def test_no_truth_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no ground truth"):
        leaks.read_truth(tmp_path)


@given(st.text(alphabet="0123456789０１２３ -()·._/+ABc", max_size=30))
def test_normal_forms_are_stable(value: str) -> None:
    assert leaks.normal(leaks.normal(value)) == leaks.normal(value)
    short = leaks.squeezed("PHONE_NUMBER", value)
    if short is not None:
        # What a value is searched by must stand in the squeezed text of the value itself.
        import re

        assert short in re.sub(leaks._SEPARATORS, "", leaks.normal(value))
        assert unicodedata.is_normalized("NFKC", short)
