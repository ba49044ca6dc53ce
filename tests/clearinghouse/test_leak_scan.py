"""The scan of whole folders: one leak planted in each kind of place is found there, and chance is told from leaks."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clearinghouse import leak_places
from clearinghouse.leak_scan import Found, scan
from governance.pseudonyms import Key

PHONE, NAME, SHORT, ID = "13800001111", "Ada Example", "王明", "11010119900307123x"
BORN = "1990-03-07"
KEY = Key(bytes(range(32)))
HOME = "shop.notes"
VALUES = (
    ("PHONE_NUMBER", PHONE), ("PERSON", NAME), ("PERSON", SHORT), ("CN_RESIDENT_ID", ID), ("BIRTH_DATE", BORN),
    ("IP_ADDRESS", "192.0.2.1"), ("PERSON", "สมชาย ใจดี"),
)  # fmt: skip
TRUTH = pl.LazyFrame(
    [{"kind": k, "value": v, "expect": "redact", "dataset": HOME, "field": "body", "place": "text"} for k, v in VALUES]
)


def found(root: Path, **more: Any) -> Found:
    return scan({"here": root}, TRUTH, KEY, **more)


def text(value: str) -> bytes:
    return f"a line\n{value}, and more\n".encode()


def parquet(value: str, **metadata: str) -> bytes:
    sink = io.BytesIO()
    part = pa.struct([("role", pa.string()), ("content", pa.large_string())])
    table = pa.table({"messages": pa.array([[{"role": "user", "content": value}], None], pa.list_(part))})
    pq.write_table(table.replace_schema_metadata(metadata or None), sink, compression="zstd")
    return sink.getvalue()


def arrow(value: str) -> bytes:
    sink = io.BytesIO()
    table = pa.table({"a": pa.array([value.encode()], pa.binary())})
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def database(value: str, *, packed: bool = False, deleted: bool = False) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with closing(sqlite3.connect(path)) as made:
            made.execute("PRAGMA secure_delete = OFF")
            made.execute("CREATE TABLE xcom (id INTEGER, value BLOB)")
            made.execute("INSERT INTO xcom VALUES (1, ?)", (zlib.compress(text(value)) if packed else value,))
            made.execute("INSERT INTO xcom VALUES (2, ?)", ("x" * 500,))
            made.commit()
            if deleted:
                made.execute("DELETE FROM xcom WHERE id = 1")
                made.commit()

    return write


def zipped(value: str) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("inside.txt", text(value))
    return sink.getvalue()


#: A file of each kind of place, what is written there, and the column that the hit names.
PLACES: dict[str, tuple[bytes | Callable[[Path], None], str]] = {
    "store/releases/m/1.0.0/report.html": (f"<p>{NAME}</p>".encode(), ""),
    "store/releases/m/1.0.0/report.json": (json.dumps({"a": [SHORT]}).encode(), ""),
    "store/releases/m/1.0.0/redactions.csv": (f"a,{PHONE},b\n".encode(), ""),
    "store/releases/m/shards/1.parquet": (parquet(f"I am {NAME}"), "messages"),
    "store/releases/m/shards/footer.parquet": (parquet("clean", note=NAME), "metadata"),
    "store/ledger/1.json": (json.dumps({"reason": f"for {NAME}"}).encode(), ""),
    "store/quarantine/shop/notes/1.parquet": (parquet(f"bad row of {SHORT}的"), "messages"),
    "store/erasures/1/request.json": (json.dumps({"phone": int(PHONE)}).encode(), ""),
    "store/quality/shop/docs/index.html": (b"&#29579;&#26126;", ""),
    "exports/card.md": (text("+86 138-0000-1111"), ""),
    "exports/tc260.csv.gz": (gzip.compress(text(PHONE)), "unzipped"),
    "exports/all.zip": (zipped(ID.upper()), "inside.txt"),
    "audit.csv": (text("１３８００００１１１１"), ""),
    "scratch/1.arrow": (arrow(NAME), "a"),
    "scratch/cut.parquet": (b"PAR1" + text(NAME), "bytes"),
    "cache/url": (b"https://example.com/?q=Ada%20Example&n=1", ""),
    "airflow/airflow.db": (database(NAME), "xcom"),
    "airflow/packed.db": (database(NAME, packed=True), "xcom"),
    "airflow/deleted.db": (database(NAME, deleted=True), "bytes"),
    "airflow/logs/task.log": (f"ValueError: {SHORT!a} is no number".encode(), ""),
    "airflow/logs/gbk.log": ("姓名：王明\n".encode("gb18030"), ""),
    "airflow/logs/bytes.log": (repr(f"cannot decode {SHORT}".encode("gb18030")).encode(), ""),
    "logs/progress.err": (text(f"working on {NAME}"), ""),
    f"store/evidence/{PHONE}.txt": (b"nothing", "file name"),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_leak_is_found_in_each_kind_of_place(place: str, tmp_path: Path) -> None:
    content, column = PLACES[place]
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        content(path)
    (tmp_path / "clean.txt").write_text("nothing here, nor 13800001112, nor Ada Exemplar")
    told = found(tmp_path)
    assert (told.planted, told.places) == (len(VALUES), 2)
    assert {(hit.place.rpartition("/")[0], hit.column) for hit in told.hits} >= {
        (f"here/{place}".rpartition("/")[0], column)
    }
    assert len({(hit.entity, hit.value) for hit in told.hits}) == 1
    said = json.dumps(told.as_dict(), ensure_ascii=False)
    assert not [value for _, value in VALUES if value in said]


def test_the_source_is_left_out_and_nothing_else(tmp_path: Path) -> None:
    for name in ("units/a.csv", "truth/b.csv", "store/c.csv"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(text(NAME))
    told = found(tmp_path, source=[tmp_path / "units", tmp_path / "truth"])
    assert [hit.place for hit in told.hits] == ["here/store/c.csv"]
    assert told.places == 1
    assert told.hits[0].value == KEY.value_hash("PERSON", NAME).hex()[:16]


@pytest.mark.parametrize(
    "line",
    [
        "192.0.2.17", "3192.0.2.1", "3800001111", "Ada Examples", "a1990-03-071",
        # A digest of digits is one.
        f"{PHONE}{'0a' * 12}", f"{'7' * 21}{PHONE}",
        # A short name within other words, in a place that has nothing to do with it.
        "国王明白了", "明王", "帝王明月",
    ],
)  # fmt: skip
def test_chance_is_no_leak(line: str, tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(f"{line}\n")
    assert found(tmp_path).hits == ()


@pytest.mark.parametrize(
    "line",
    [
        f"x{PHONE}y",
        f"{PHONE}99",
        "来自192.0.2.1的",
        f"生日{BORN}。"[2:],
        f"「{SHORT}」",
        "tel:(138)0000 1111",
        "บอกสมชาย ใจดีว่า",
    ],
)
def test_what_stands_beside_a_value_does_not_hide_it(line: str, tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(line)
    assert len(found(tmp_path).hits) == 1


def test_a_short_value_is_found_anywhere_where_it_was_planted(tmp_path: Path) -> None:
    """In its field of scrubbed files, its data set's rows of a release and its evidence, not only alone."""
    inside = f"我叫{SHORT}啊"
    for place, columns in {
        "scrubbed/shop/notes/data/1.parquet": {"body": [inside], "other": [inside]},
        "scrubbed/shop/others/data/1.parquet": {"body": [inside]},
        "releases/m/shards/1.parquet": {"source": [HOME, "shop.others"], "text": [inside, "无"]},
        "releases/n/shards/1.parquet": {"source": ["shop.others"], "text": [inside]},
        "evidence/shop/notes/1.parquet": {"context": [inside]},
    }.items():
        path = tmp_path / place
        path.parent.mkdir(parents=True)
        pq.write_table(pa.table(columns), path)
    assert {(hit.place, hit.column) for hit in found(tmp_path).hits} == {
        ("here/scrubbed/shop/notes/data/1.parquet", "body"),
        ("here/releases/m/shards/1.parquet", "text"),
        ("here/evidence/shop/notes/1.parquet", "context"),
    }


def test_numbers_in_columns_of_numbers_count_whole(tmp_path: Path) -> None:
    for name, cells in (("whole", [int(PHONE), 7]), ("part", [int(f"4{PHONE}"), 8]), ("float", [float(PHONE), 0.5])):
        pq.write_table(pa.table({"n": cells}), tmp_path / f"{name}.parquet")
    assert [hit.place for hit in found(tmp_path).hits] == ["here/float.parquet", "here/whole.parquet"]


def test_a_value_across_two_blocks_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leak_places, "_BLOCK", 64)
    for before in range(50, 70):
        (tmp_path / f"{before}.log").write_bytes(b"." * before + f"王 {SHORT}。 {NAME}".encode() + b"." * 40)
    hits = found(tmp_path).hits
    assert len(hits) == 2 * 20
    assert len({hit.value for hit in hits}) == 2


def test_what_must_stay_is_not_looked_for(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("call 95338")
    kept = pl.LazyFrame(
        [{"kind": "PHONE_NUMBER", "value": "95338", "expect": "keep", "dataset": HOME, "field": "b", "place": "text"}]
    )
    told = scan({"here": tmp_path}, kept, KEY)
    assert (told.planted, told.hits) == (0, ())
