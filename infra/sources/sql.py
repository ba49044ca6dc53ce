"""Rows of a PostgreSQL or SQLite database through ADBC, streamed as Arrow batches.

A read is one query over a fixed range of the cursor, in one read-only snapshot of the database, in a fixed order, so
that reading again gives the same rows in the same places. No message carries a value, a password, or what the driver
said: only SQLSTATE and what is known of it.
"""

# ruff: noqa: S608 - names are quoted by `_quoted`, values are parameters; the query itself is the contract's

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote as url_quote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infra.sources.columns import Part, Projection, projection
from infra.sources.context import Context
from infra.sources.cursors import back, plain_cursor
from infra.sources.locate import expand
from infra.sources.model import Drift, Piece, SourceUnreadable
from infra.sources.streams import changed
from infra.sources.typed import settled
from schemas.canonical import digest
from schemas.contract import Source
from schemas.errors import ClearinghouseError, SourceUnavailable

# Arrow 26 counts the buffer's size wrongly when the stop of `binary_slice` is left to its default.
_NO_END = 2**31 - 1

_STATES = {
    "08": "the connection failed",
    "28": "the credentials are refused",
    "3D": "there is no such database",
    "40": "the database ended the transaction",
    "42501": "permission is refused",
    "42P01": "there is no such table",
    "42703": "there is no such column",
    "42": "the query is not valid SQL for this database",
    "53": "the database is out of resources",
    "57014": "the query was cancelled or ran too long",
    "57": "the database is shutting down",
}
# PostgreSQL types that reach Arrow as extensions and yet have an order; others (json, point) go by their text.
_WITH_ORDER = frozenset({"numeric", "uuid", "jsonb", "inet", "cidr", "macaddr", "macaddr8", "timetz"})
_PERMANENT = ("28", "3D", "42", "22")
_SAID = (
    ("Connection refused", "the connection is refused"),
    ("could not translate host", "the host is not known"),
    ("password authentication failed", "the credentials are refused"),
    ("role ", "the credentials are refused"),
    ("database ", "there is no such database"),
    ("timeout", "it did not answer in time"),
    ("no such table", "there is no such table"),
    ("no such column", "there is no such column"),
    ("syntax error", "the query is not valid SQL for this database"),
    ("not a database", "it is no SQLite database"),
)


def label_of(source: Source) -> str:
    """How messages and plans name the source: the location as the contract wrote it, without a password."""
    location = re.sub(r"(://[^:/@]*):[^@/]*@", r"\1:***@", source.location)
    location = re.sub(r"(?i)(password=)[^&\s]*", r"\1***", location)
    return f"{location}#{source.table or 'query'}"


def list_pieces(source: Source, partition: str | None, since: Mapping[str, Any] | None) -> list[Piece]:
    """One piece for what is new, or none.

    With a cursor the piece covers what lies above the last committed ``high`` (less the lag, then inclusive) up to
    the highest value now; a ``partition`` ``<low>..<high>`` asks for that very range again. Rows without a cursor
    value belong to the first read. Without a cursor it is the whole query, whose digest counts its rows, so that an
    unchanged table is known as such.
    """
    label = label_of(source)
    with _open(source) as database:
        if source.cursor is None:
            return [] if partition not in (None, "all") else [Piece(label, None, "all", 0, _all_rows(database))]
        high = plain_cursor(database.one(f"SELECT max({_quoted(source.cursor)}) FROM {database.base}"))
        low: int | str | None = None
        if partition is not None:
            low, high = _range(partition, high, label)
        elif since and since.get("column") == source.cursor and since.get("high") is not None:
            low = back(since["high"], source.lag, label)
        if high is None and (low is not None or not database.one(f"SELECT count(*) FROM {database.base}")):
            return []
        cursor = {"column": source.cursor, "low": low, "high": high}
        where, values = database.where(cursor)
        # The count tells a range that was read before from one in which a tie or a late row has come since.
        count = int(database.one(f"SELECT count(*) FROM {database.base}{where}", values))
        made = digest({"query": database.base, "location": label, "cursor": cursor, "lag": source.lag, "rows": count})
    return [Piece(label, None, f"{'' if low is None else low}..{'' if high is None else high}", 0, made, cursor=cursor)]


def _all_rows(database: _Database) -> str:
    return digest({"query": database.base, "location": label_of(database.source), "rows": database.fingerprint()})


def _range(partition: str, high: int | str | None, label: str) -> tuple[int | str | None, int | str | None]:
    first, mark, last = partition.partition("..")
    if not mark:
        raise SourceUnreadable(f"{label}: partition {partition!r} is not a range", fix="write it as <low>..<high>")
    kind = int if isinstance(high, int) else str
    try:
        return (kind(first) if first else None), (kind(last) if last else None)
    except ValueError:
        raise SourceUnreadable(
            f"{label}: the cursor is a number, partition {partition!r} is not a range of numbers"
        ) from None


def read(source: Source, piece: Piece, context: Context) -> Iterator[Part | Drift]:
    """The rows of the piece in the order of cursor and primary key, else of all columns that are read.

    Types: integers, floats, booleans, dates, times and timestamps as Arrow has them; exact numbers, UUIDs, JSON,
    intervals, money and whatever else as text; arrays as JSON text.

    Raises:
        SourceChanged: A source without a cursor has other rows than when it was planned.
    """
    with _open(source) as database:
        if source.cursor is None and _all_rows(database) != piece.digest:
            raise changed(piece)
        proj = projection(context.fields, [field.name for field in database.fields], context.label)
        yield from proj.drift
        cursor = piece.cursor or {}
        if cursor.get("low") is not None and database.one(
            f"SELECT count(*) FROM {database.base} WHERE {_quoted(str(cursor['column']))} IS NULL"
        ):
            yield Drift("null_cursor", str(cursor["column"]))
        where, values = database.where(cursor)
        position = 1
        for columns, rows in database.rows(proj.needed, where, values, _order(proj, cursor)):
            numbers = np.arange(position, position + rows, dtype=np.int64)
            position += rows
            yield settled(proj, columns, numbers, context)


def sample(source: Source, count: int) -> dict[str, pa.Array]:
    """Each column of the first ``count`` rows that the database gives, text as bytes where it may be no UTF-8.

    Raises `SourceUnreadable` and `SourceUnavailable` as a read does.
    """
    some = replace(source, query=f"SELECT * FROM {_base(source)} LIMIT {int(count)}")
    with _open(some) as database, _answering(label_of(source)):
        names = [field.name for field in database.fields]
        batches = [columns for columns, _ in database.rows(names, "", [], ())]
    return {name: pa.concat_arrays([batch[name] for batch in batches]) if batches else pa.nulls(0) for name in names}


def _order(proj: Projection, cursor: Mapping[str, Any]) -> list[str]:
    keys = [b.column for b in proj.bindings if b.field.primary_key and b.column is not None and b.path is None]
    first = [str(cursor["column"])] if cursor else []
    return list(dict.fromkeys([*first, *(keys or proj.needed)]))


def _base(source: Source) -> str:
    """What to select from."""
    if source.query:
        return f"({source.query.strip().rstrip(';')}) AS q"
    if not source.table:
        raise SourceUnreadable(f"{label_of(source)}: a SQL source needs `table` or `query`", fix="add one of them")
    parts = re.findall(r'"(?:[^"]|"")+"|[^."]+', source.table)
    return ".".join(part if part.startswith('"') else _quoted(part) for part in parts) + " AS q"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def _answering(label: str) -> Iterator[None]:
    import adbc_driver_manager

    try:
        yield
    except ClearinghouseError:
        raise
    except (adbc_driver_manager.Error, pa.ArrowException, OSError) as error:
        state = getattr(error, "sqlstate", None) or ""
        text = str(error)
        what = next((said for key, said in _STATES.items() if state.startswith(key)), None) if state else None
        what = what or next((said for key, said in _SAID if key in text), "the database stopped answering")
        permanent = state.startswith(_PERMANENT) or "no such" in what or "not valid" in what or "refused" in what
        kind = SourceUnreadable if permanent and "connection" not in what else SourceUnavailable
        shown = f"{what} (SQLSTATE {state})" if state else what
        raise kind(
            f"{label}: {shown}", fix="check the location, its credentials, `table`, `query` and `cursor`"
        ) from None


@contextmanager
def _open(source: Source) -> Iterator[_Database]:
    label, location = label_of(source), expand(source.location)
    with _answering(label):
        if location.startswith("sqlite:"):
            import adbc_driver_sqlite.dbapi as sqlite

            path = _sqlite_path(location)
            if not path.is_file():
                raise SourceUnavailable(f"{label}: there is no database file", fix="check the location")
            with sqlite.connect(f"file:{url_quote(str(path))}?mode=ro") as connection:
                yield _Sqlite(connection, source)
        elif location.startswith(("postgresql:", "postgres:")):
            import adbc_driver_postgresql.dbapi as postgresql

            with postgresql.connect(location) as connection:
                database = _Postgres(connection, source)
                database.prepare()
                yield database
        else:
            raise SourceUnreadable(
                f"{label}: only postgresql:// and sqlite:/// are read", fix="correct the location in the contract"
            )


def _sqlite_path(location: str) -> Path:
    """``sqlite:////absolute``, ``sqlite:///relative``; three slashes before an absolute path that exists will do."""
    rest = location.removeprefix("sqlite:").removeprefix("//")
    relative = Path(rest.removeprefix("/"))
    return relative if relative.exists() or not rest.startswith("/") else Path("/" + rest.lstrip("/"))


class _Database:
    """One connection in one read-only transaction, and what the source selects from."""

    def __init__(self, connection: Any, source: Source) -> None:
        self._connection, self.source, self.base = connection, source, _base(source)

    def one(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The first value of the first row."""
        return self.first(sql, values)[0]

    def first(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...]:
        """The first row."""
        with self._connection.cursor() as cursor:
            cursor.execute(sql, tuple(values) or None)
            return tuple(cursor.fetchone())

    def stream(self, sql: str, values: Sequence[Any] = ()) -> Iterator[pa.RecordBatch]:
        """The rows as Arrow batches of a few megabytes."""
        with self._connection.cursor() as cursor:
            self.tune(cursor)
            cursor.execute(sql, tuple(values) or None)
            yield from cursor.fetch_record_batch()

    def tune(self, cursor: Any) -> None:
        """Set how much a batch may hold."""

    @cached_property
    def fields(self) -> list[pa.Field]:
        """The query's columns, with what the database says of their types."""
        with self._connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {self.base} LIMIT 0")
            return list(cursor.fetch_record_batch().schema)

    def fingerprint(self) -> str:
        """A digest of all rows, in whatever order they come."""
        raise NotImplementedError

    def where(self, cursor: Mapping[str, Any]) -> tuple[str, list[Any]]:
        """The condition for the cursor's range and its parameters."""
        if not cursor:
            return "", []
        column, low, high = _quoted(cursor["column"]), cursor["low"], cursor["high"]
        if high is None:
            return f" WHERE {column} IS NULL", []
        if low is None:
            return f" WHERE ({column} <= {self.parameter(1)} OR {column} IS NULL)", [high]
        # From the watermark on, not above it: rows that tie with it may have come after it was read.
        return f" WHERE {column} >= {self.parameter(1)} AND {column} <= {self.parameter(2)}", [low, high]

    def parameter(self, number: int) -> str:
        """A placeholder that compares as the cursor does."""
        raise NotImplementedError

    def rows(
        self, names: Sequence[str], where: str, values: list[Any], order: Sequence[str]
    ) -> Iterator[tuple[dict[str, pa.Array], int]]:
        """The named columns of each batch, and how many rows it has."""
        raise NotImplementedError


class _Postgres(_Database):
    def prepare(self) -> None:
        """One snapshot for all that is asked, and one way to write values."""
        with self._connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            for setting in ("TIME ZONE 'UTC'", "datestyle = 'ISO'", "extra_float_digits = 1", "bytea_output = 'hex'"):
                cursor.execute(f"SET {setting}")

    def tune(self, cursor: Any) -> None:
        cursor.adbc_statement.set_options(**{"adbc.postgresql.batch_size_hint_bytes": str(4 << 20)})

    def fingerprint(self) -> str:
        sums = [f"coalesce(sum(hashtextextended(q::text, {seed})::numeric), 0)::text" for seed in (0, 1)]
        return "/".join(self.first(f"SELECT count(*)::text, {', '.join(sums)} FROM {self.base}"))

    @cached_property
    def _cursor_type(self) -> str:
        return str(self.one(f"SELECT pg_typeof(max({_quoted(str(self.source.cursor))}))::text FROM {self.base}"))

    def parameter(self, number: int) -> str:
        return f"CAST(CAST(${number} AS text) AS {self._cursor_type})"

    def rows(
        self, names: Sequence[str], where: str, values: list[Any], order: Sequence[str]
    ) -> Iterator[tuple[dict[str, pa.Array], int]]:
        listed = ", ".join(map(self._selected, names)) or "1"
        by = ", ".join(map(self._ordered, order)) or "1"
        sql = f"SELECT {listed} FROM {self.base}{where} ORDER BY {by}"
        for batch in self.stream(sql, [str(value) for value in values]):
            yield {name: batch.column(i) for i, name in enumerate(names)}, batch.num_rows

    def _field(self, name: str) -> tuple[pa.DataType, str]:
        found = next(field for field in self.fields if field.name == name)
        return found.type, (found.metadata or {}).get(b"POSTGRESQL:type", b"").decode()

    def _selected(self, name: str) -> str:
        column = _quoted(name)
        kind, stated = self._field(name)
        if pa.types.is_nested(kind):
            return f"to_jsonb({column})::text"
        if stated == "money":
            return f"{column}::numeric::text"
        if isinstance(kind, pa.BaseExtensionType) or pa.types.is_interval(kind):
            # As psql shows it; a cast to text would add a mask to an inet.
            return f"CASE WHEN {column} IS NOT NULL THEN format('%s', {column}) END"
        return column

    def _ordered(self, name: str) -> str:
        kind, stated = self._field(name)
        orderless = isinstance(kind, pa.BaseExtensionType) and stated not in _WITH_ORDER and name != self.source.cursor
        return self._selected(name) if orderless else _quoted(name)


class _Sqlite(_Database):
    """SQLite types values, not columns, and the driver guesses a column's type from its first rows. So every value
    is asked for as text, and a column whose values are all integers, or all numbers, becomes that here."""

    def fingerprint(self) -> str:
        listed = ", ".join(f"quote({_quoted(field.name)})" for field in self.fields)
        total = count = 0
        for batch in self.stream(f"SELECT {listed} FROM {self.base}"):
            for row in zip(*(column.cast(pa.binary()).to_pylist() for column in batch.columns), strict=True):
                total += int.from_bytes(hashlib.sha256(b"\x1f".join(row)).digest(), "big")
                count += 1
        return f"{count}/{total % (1 << 256):064x}"

    def parameter(self, number: int) -> str:
        return f"?{number}"

    def rows(
        self, names: Sequence[str], where: str, values: list[Any], order: Sequence[str]
    ) -> Iterator[tuple[dict[str, pa.Array], int]]:
        types = self._types(names, where, values)
        listed = ", ".join(self._selected(name, types[name]) for name in names) or "'='"
        by = ", ".join(map(_quoted, order)) or "1"
        for batch in self.stream(f"SELECT {listed} FROM {self.base}{where} ORDER BY {by}", values):
            columns = {}
            for i, name in enumerate(names):
                raw = batch.column(i).cast(pa.binary())
                text = pc.if_else(pc.equal(raw, b"~"), pa.scalar(None, pa.binary()), pc.binary_slice(raw, 1, _NO_END))
                # What is no UTF-8 is told from the rest by `typed.plain`.
                columns[name] = text if types[name] is None else text.cast(pa.string()).cast(types[name])
            yield columns, batch.num_rows

    def _types(self, names: Sequence[str], where: str, values: list[Any]) -> dict[str, pa.DataType | None]:
        if not names:
            return {}
        tests = []
        for column in map(_quoted, names):
            tests.append(f"coalesce(sum(typeof({column}) NOT IN ('integer', 'null')), 0)")
            tests.append(f"coalesce(sum(typeof({column}) NOT IN ('integer', 'real', 'null')), 0)")
            tests.append(f"coalesce(sum({column} IS NOT NULL), 0)")
        found = self.first(f"SELECT {', '.join(tests)} FROM {self.base}{where}", values)
        out: dict[str, pa.DataType | None] = {}
        for i, name in enumerate(names):
            strange, unnumeric, present = found[3 * i : 3 * i + 3]
            out[name] = None if not present or unnumeric else pa.float64() if strange else pa.int64()
        return out

    def _selected(self, name: str, kind: pa.DataType | None) -> str:
        column = _quoted(name)
        text = f"CAST({column} AS TEXT)"
        if kind is not None and pa.types.is_floating(kind):
            text = f"CASE typeof({column}) WHEN 'real' THEN printf('%!.17g', {column}) ELSE {text} END"
        # Never null, so that the driver takes the column for text from its first row on.
        return f"coalesce('=' || {text}, '~')"
