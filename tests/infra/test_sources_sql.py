"""SQL sources: SQLite in a file, PostgreSQL on an embedded server."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from pathlib import Path
from typing import Any

import adbc_driver_postgresql.dbapi as postgresql
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.sources import Drift, SourceUnreadable, list_pieces, read_piece
from infra.sources.cursors import back
from infra.sources.sql import label_of, sample
from schemas.contract import Source
from schemas.errors import SourceChanged, SourceUnavailable
from tests.infra.source_help import Read, fields


def sql(location: str, **options: Any) -> Source:
    return Source(kind="sql", location=location, **{"table": "orders", **options})


def rows(source: Source, *paths: str, partition: str | None = None, since: Any = None, **rules: Any) -> Read:
    out = Read()
    for piece in list_pieces(source, partition=partition, since=since):
        out.take(read_piece(source, piece, fields(*paths, **rules)))
    return out


# -- SQLite --------------------------------------------------------------------------------------------------------


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "orders.db"
    with sqlite3.connect(path) as connection:
        connection.execute(
            'CREATE TABLE orders (id INTEGER PRIMARY KEY, "the name" TEXT, price REAL, at TEXT, "a""b" ANY)'
        )
        connection.executemany(
            "INSERT INTO orders VALUES (?, ?, ?, ?, ?)",
            [(i, f"客户 {i}", i / 10, f"2026-01-{i:02} 08:00:00", i if i % 2 else f"t{i}") for i in range(1, 29)],
        )
    connection.close()
    return path


def test_sqlite_types_by_value(database: Path) -> None:
    got = rows(sql(f"sqlite:///{database}"), "id", "name=the name", "price", 'odd=a"b', "line=$line")
    assert got.rows[:2] == [
        {"id": 1, "name": "客户 1", "price": 0.1, "odd": "1", "line": 1},
        {"id": 2, "name": "客户 2", "price": 0.2, "odd": "t2", "line": 2},
    ]
    assert [row["id"] for row in got.rows] == list(range(1, 29))
    assert [row["price"] for row in got.rows] == [i / 10 for i in range(1, 29)]


def test_sqlite_columns_that_change_type_late(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "f.db") as connection:
        connection.execute("CREATE TABLE orders (id INTEGER, v, n)")
        connection.executemany("INSERT INTO orders VALUES (?, ?, ?)", [(i, None, i) for i in range(3000)])
        connection.execute(
            "INSERT INTO orders VALUES (3000, 'late', 'text'), (3001, x'ff', 1.5), (3002, 'a' || char(0) || 'b', 2)"
        )
    connection.close()
    got = rows(sql(f"sqlite:///{tmp_path}/f.db"), "id", "v", "n")
    assert len(got.rows) == 3001
    assert got.rows[-1] == {"id": 3000, "v": "late", "n": "text"}
    assert got.rows[0] == {"id": 0, "v": None, "n": "0"}
    assert sorted(got.why) == [(3002, "undecodable_bytes"), (3003, "nul_byte")]


def test_sqlite_cursor_ranges(database: Path) -> None:
    source = sql(f"sqlite:///{database}", cursor="at")
    (piece,) = list_pieces(source)
    assert piece.cursor == {"column": "at", "low": None, "high": "2026-01-28 08:00:00"}
    with sqlite3.connect(database) as connection:
        connection.execute("INSERT INTO orders VALUES (90, 'new', 1, '2026-01-29 09:00:00', 0)")
        connection.execute("INSERT INTO orders VALUES (91, 'tie', 1, '2026-01-28 08:00:00', 0)")
    # The plan's range is fixed: what is above it is not read, though it is there by now.
    planned = Read().take(read_piece(source, piece, fields("id")))
    assert 90 not in [row["id"] for row in planned.rows]
    since = {"column": "at", "high": "2026-01-28 08:00:00"}
    # From the watermark on: a tie that came after it was read is not lost; the caller knows what it has.
    assert [row["id"] for row in rows(source, "id", since=since).rows] == [28, 91, 90]
    lagging = sql(f"sqlite:///{database}", cursor="at", lag="P1D")
    assert [row["id"] for row in rows(lagging, "id", since=since).rows] == [27, 28, 91, 90]
    idle = {"column": "at", "high": "2026-01-29 09:00:00"}
    (before,) = list_pieces(source, since=idle)
    with sqlite3.connect(database) as connection:
        connection.execute("INSERT INTO orders VALUES (92, 'tie', 1, '2026-01-29 09:00:00', 0)")
    (after,) = list_pieces(source, since=idle)
    assert before.digest != after.digest
    again = rows(source, "id", partition="2026-01-02 08:00:00..2026-01-04 08:00:00")
    assert [row["id"] for row in again.rows] == [2, 3, 4]


def test_sqlite_number_cursor_and_rows_without_one(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE log (n INTEGER, v TEXT)")
        connection.executemany("INSERT INTO log VALUES (?, ?)", [(1, "a"), (2, "b"), (None, "none"), (9, "c")])
    source = sql(f"sqlite:///{database}", table="log", cursor="n", lag="1")
    first = rows(source, "v")
    assert sorted(row["v"] for row in first.rows) == ["a", "b", "c", "none"]
    later = rows(source, "v", since={"column": "n", "high": 2})
    assert [row["v"] for row in later.rows] == ["a", "b", "c"]
    assert later.drift == {Drift("null_cursor", "n"), Drift("unknown", "n")}
    assert rows(source, "v", partition="1..2").tuples == [("a",), ("b",)]
    with pytest.raises(SourceUnreadable, match="not a range of numbers"):
        list_pieces(source, partition="x..y")


def test_sqlite_query_and_json_inside(database: Path) -> None:
    query = "SELECT id, json_object('k', json_array(id, 'x')) AS p FROM orders WHERE id < 3;"
    got = rows(sql(f"sqlite:///{database}", table=None, query=query), "id", "k=p|json.k.0")
    assert got.tuples == [(1, "1"), (2, "2")]


def test_a_table_without_a_cursor_is_known_by_its_rows(database: Path) -> None:
    source = sql(f"sqlite:///{database}")
    (piece,) = list_pieces(source)
    assert list_pieces(source) == [piece]
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE orders SET price = 5 WHERE id = 3")
    assert list_pieces(source)[0].digest != piece.digest
    with pytest.raises(SourceChanged):
        list(read_piece(source, piece, fields("id")))
    assert list_pieces(source, partition="2026") == []


def test_drift_in_sql(database: Path) -> None:
    got = rows(sql(f"sqlite:///{database}"), "id", "gone")
    assert got.rows[0] == {"id": 1, "gone": None}
    assert Drift("missing", "gone") in got.drift
    with pytest.raises(SourceUnreadable, match="'gone' is missing"):
        rows(sql(f"sqlite:///{database}"), "id", "gone", on_drift="fail")


def test_sql_errors_say_what_is_known_and_nothing_else(database: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable, match="no database file"):
        list_pieces(sql(f"sqlite:///{tmp_path}/none.db"))
    with pytest.raises(SourceUnreadable, match="there is no such table") as caught:
        list_pieces(sql(f"sqlite:///{database}", table="secret_table_x"))
    assert not caught.value.transient
    (tmp_path / "text.db").write_text("this is no database, but it is long enough to be looked at\n" * 50)
    with pytest.raises(SourceUnavailable, match="no SQLite database"):
        list_pieces(sql(f"sqlite:///{tmp_path}/text.db"))
    with pytest.raises(SourceUnreadable, match="only postgresql:// and sqlite:///"):
        list_pieces(sql("mysql://host/db"))
    with pytest.raises(SourceUnreadable, match="needs `table` or `query`"):
        list_pieces(sql(f"sqlite:///{database}", table=None))


def test_an_empty_table(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("DELETE FROM orders")
    assert rows(sql(f"sqlite:///{database}"), "id").sizes == [0]
    assert list_pieces(sql(f"sqlite:///{database}", cursor="at")) == []


# -- cursors -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "lag", "want"),
    [
        (100, "7", 93),
        ("2026-03-01", "P1D", "2026-02-28"),
        ("2026-03-01 00:00", "PT1H", "2026-02-28 23:00"),
        ("2026-03-01T00:00:00Z", "PT30S", "2026-02-28T23:59:30Z"),
        ("2026-03-01T00:00:00.250+08:00", "PT0.5S", "2026-02-28T23:59:59.750+08:00"),
        ("2026-03-01 00:00:00.123456", "P1W", "2026-02-22 00:00:00.123456"),
        ("12.50", "2", "10.50"),
        ("2026-03-01", None, "2026-03-01"),
    ],
)
def test_going_back(value: Any, lag: str | None, want: Any) -> None:
    assert back(value, lag, "x") == want


@pytest.mark.parametrize(
    ("value", "lag"), [(100, "PT1H"), ("2026-03-01", "P1M"), ("abc", "PT1H"), ("2026-03-01", "P"), ("abc", "5")]
)
def test_a_lag_that_does_not_fit(value: Any, lag: str) -> None:
    with pytest.raises(SourceUnreadable, match="write `lag` as"):
        back(value, lag, "x")


@given(st.datetimes(min_value=dt.datetime(1990, 1, 1), max_value=dt.datetime(2100, 1, 1)), st.integers(0, 10**6))
def test_back_is_earlier_by_the_lag(moment: dt.datetime, seconds: int) -> None:
    assert dt.datetime.fromisoformat(str(back(moment.isoformat(), f"PT{seconds}S", "x"))) == (
        moment - dt.timedelta(seconds=seconds)
    )


def test_labels_hold_no_password() -> None:
    for location in (
        "postgresql://u:hunter2@h/db",
        "postgresql://h/db?user=u&password=hunter2",
        "postgresql://u:hun/ter2@h/db",
    ):
        assert "hunter2" not in label_of(sql(location))
    assert label_of(sql("${DSN}")) == "${DSN}#orders"


# -- PostgreSQL ----------------------------------------------------------------------------------------------------

TYPES = """
CREATE TABLE orders (
  id bigint PRIMARY KEY, n numeric(12, 2), at timestamptz, local timestamp, day date, u uuid, j jsonb, ip inet, tags text[],
  t text, span interval, ok boolean, f float8, cost money, raw bytea, js json, "Mixed Case" int
);
INSERT INTO orders VALUES
  (2, 12.50, '2026-01-02 03:04:05.123456+08', '2026-01-02 03:04:05', '2026-01-02', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
   '{"a": 1.50}', '192.0.2.1', '{x,y}', '文本', '1 day 02:00', true, 1.25, '1234.5', '\\x61', '{"z": 1}', 7),
  (1, NULL, '2026-01-01 00:00:00Z', NULL, NULL, NULL, NULL, NULL, NULL, '', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (3, 1e10 / 3, '2026-01-03 00:00:00Z', NULL, NULL, NULL, '[]', NULL, '{}', 'x', NULL, false, 0.1, NULL, NULL, NULL, NULL);
"""


def execute(uri: str, *statements: str) -> None:
    with postgresql.connect(uri, autocommit=True) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.service
def test_postgresql_types(postgres_uri: str) -> None:
    execute(postgres_uri, *filter(str.strip, TYPES.split(";\n")))
    names = [
        "id",
        "n",
        "at",
        "local",
        "day",
        "u",
        "j",
        "ip",
        "tags",
        "t",
        "span",
        "ok",
        "f",
        "cost",
        "raw",
        "js",
        "Mixed Case",
    ]
    got = rows(sql(postgres_uri, cursor="at"), *names)
    assert [row["id"] for row in got.rows] == [1, 2, 3]
    row = got.rows[1]
    assert (row["n"], row["u"], row["ip"], row["span"], row["cost"]) == (
        "12.50", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "192.0.2.1", "1 day 02:00:00", "1234.50",
    )  # fmt: skip
    assert (json.loads(row["j"]), json.loads(row["tags"]), json.loads(row["js"])) == ({"a": 1.5}, ["x", "y"], {"z": 1})
    assert (row["t"], row["ok"], row["f"], row["raw"], row["Mixed Case"]) == ("文本", True, 1.25, "a", 7)
    assert row["at"] == dt.datetime(2026, 1, 1, 19, 4, 5, 123456, tzinfo=dt.UTC)
    assert (row["local"], row["day"]) == (dt.datetime(2026, 1, 2, 3, 4, 5), dt.date(2026, 1, 2))
    assert got.rows[2]["n"] == "3333333333.33"
    assert got.rows[0]["t"] == ""
    seen = sample(sql(postgres_uri), 2)
    assert list(seen) == names
    assert {len(values) for values in seen.values()} == {2}
    assert seen["n"].to_pylist().count("12.50") == 1
    assert seen["id"].type == pa.int64()
    path = rows(sql(postgres_uri), "id", "a=j|json.a")
    assert sorted(path.tuples) == [(1, None), (2, "1.50"), (3, None)]


@pytest.mark.service
@pytest.mark.parametrize(
    ("kind", "values", "high"),
    [
        (
            "timestamptz",
            ["2026-01-01 00:00:00Z", "2026-01-01 00:00:00.000001Z", "2026-01-02 00:00:00Z"],
            "2026-01-02T00:00:00+00:00",
        ),
        ("timestamp", ["2026-01-01 00:00:00", "2026-01-01 12:00:00", "2026-01-02 00:00:00"], "2026-01-02T00:00:00"),
        ("date", ["2026-01-01", "2026-01-02", "2026-01-03"], "2026-01-03"),
        ("integer", ["1", "2", "10"], 10),
        ("numeric", ["1.5", "2.5", "10.25"], "10.25"),
        ("text", ["a", "b", "c"], "c"),
    ],
)
def test_postgresql_cursors(postgres_uri: str, kind: str, values: list[str], high: Any) -> None:
    execute(
        postgres_uri,
        f"CREATE TABLE orders (id int, c {kind})",
        "INSERT INTO orders VALUES " + ", ".join(f"({i}, '{value}')" for i, value in enumerate(values)),
    )
    source = sql(postgres_uri, cursor="c", table="public.orders")
    (first,) = list_pieces(source)
    assert first.cursor == {"column": "c", "low": None, "high": high}
    assert Read().take(read_piece(source, first, fields("id"))).tuples == [(0,), (1,), (2,)]
    (idle,) = list_pieces(source, since=first.cursor)
    assert Read().take(read_piece(source, idle, fields("id"))).tuples == [(2,)]
    middle = f"..{values[1]}"
    assert rows(source, "id", partition=middle).tuples == [(0,), (1,)]
    low = int(values[1]) if kind == "integer" else values[1]
    assert rows(source, "id", since={"column": "c", "high": low}).tuples == [(1,), (2,)]


@pytest.mark.service
def test_postgresql_without_a_cursor_and_in_a_fixed_order(postgres_uri: str) -> None:
    execute(
        postgres_uri,
        "CREATE TABLE orders (a text, b json)",
        """INSERT INTO orders SELECT md5((i % 7)::text), json_build_object('i', i) FROM generate_series(1, 20000) AS i""",
    )
    source = sql(postgres_uri)
    (piece,) = list_pieces(source)
    once = Read().take(read_piece(source, piece, fields("a", "b")))
    execute(postgres_uri, "UPDATE orders SET a = a WHERE a < 'a'")  # moves rows, changes none
    assert list_pieces(source) == [piece]
    again = Read().take(read_piece(source, piece, fields("a", "b")))
    assert len(once.rows) == 20_000
    assert once.rows == again.rows
    assert max(once.sizes) <= 8192
    execute(postgres_uri, "DELETE FROM orders WHERE a = (SELECT min(a) FROM orders)")
    with pytest.raises(SourceChanged):
        next(read_piece(source, piece, fields("a")))


@pytest.mark.service
def test_postgresql_reads_and_never_writes(postgres_uri: str) -> None:
    execute(postgres_uri, "CREATE TABLE orders (id int)", "INSERT INTO orders VALUES (1)",
            "CREATE FUNCTION wipe() RETURNS int LANGUAGE sql AS 'DELETE FROM orders; SELECT 1'")  # fmt: skip
    with pytest.raises(SourceUnavailable):
        rows(sql(postgres_uri, table=None, query="SELECT wipe() AS id"), "id")
    assert len(rows(sql(postgres_uri), "id").rows) == 1


@pytest.mark.service
def test_postgresql_errors(postgres_uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SourceUnreadable, match=r"there is no such table \(SQLSTATE 42P01\)"):
        list_pieces(sql(postgres_uri, table="nothing"))
    with pytest.raises(SourceUnreadable, match=r"not valid SQL for this database \(SQLSTATE 42601\)") as caught:
        list_pieces(sql(postgres_uri, table=None, query="SELEC 'raw value'"))
    assert "raw value" not in str(caught.value)
    execute(postgres_uri, "CREATE TABLE orders (t text)", "INSERT INTO orders VALUES ('raw value')")
    source = sql(postgres_uri, table=None, query="SELECT t::int AS id FROM orders")
    with pytest.raises(SourceUnavailable) as caught:
        rows(source, "id")
    assert "raw value" not in str(caught.value)
    monkeypatch.setenv("DSN", "postgresql://user:hunter2@127.0.0.1:1/db")
    with pytest.raises(SourceUnavailable, match="the connection is refused") as caught:
        list_pieces(sql("${DSN}"))
    assert caught.value.transient
    assert "hunter2" not in str(caught.value)
    with pytest.raises(SourceUnavailable) as caught:
        list_pieces(sql("postgresql://user:hunter2@127.0.0.1:1/db"))
    assert "hunter2" not in str(caught.value)
