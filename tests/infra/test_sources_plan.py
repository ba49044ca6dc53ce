"""What there is to read: locations, partitions, pieces of big files, and the accounting over all of it."""

from __future__ import annotations

import gzip
import hashlib
import json
import pickle
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.sources import Piece, SourceUnreadable, list_pieces, read_piece, together
from infra.sources.locate import expand, glob_regex
from schemas.errors import SourceChanged, SourceUnavailable
from tests.infra.source_help import Read, fields, files, read

TEXT = fields("text")


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name + "\n")


# -- locations -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*.txt", ["a.txt"]),
        ("x/*.txt", ["x/b.txt"]),
        ("**/*.txt", ["a.txt", "x/b.txt", "x/y/c.txt"]),
        ("x/**/c.txt", ["x/y/c.txt"]),
        ("[ab].txt", ["a.txt"]),
        ("x", ["x/b.txt", "x/y/c.txt", "x/y/d.csv"]),
        ("x/y/d.csv", ["x/y/d.csv"]),
        ("file://{}/a.txt", ["a.txt"]),
        ("?.txt", ["a.txt"]),
    ],
)
def test_patterns(tmp_path: Path, pattern: str, found: list[str]) -> None:
    write(tmp_path, "a.txt", "x/b.txt", "x/y/c.txt", "x/y/d.csv", "x/.hidden.txt", "x/_SUCCESS", ".x/z.txt")
    location = pattern.format(tmp_path) if "{}" in pattern else str(tmp_path / pattern)
    pieces = list_pieces(files(location, "text"))
    assert [piece.uri for piece in pieces] == [str(tmp_path / name) for name in found]
    assert all(piece.partition == "all" and piece.start is None for piece in pieces)
    if "*" in pattern:
        names = ["a.txt", "x/b.txt", "x/y/c.txt", "x/y/d.csv", "x/.hidden.txt", ".x/z.txt"]
        assert [name for name in names if glob_regex(pattern).fullmatch(name)] == found


def test_a_file_may_have_a_name_like_a_pattern(tmp_path: Path) -> None:
    write(tmp_path, "a[1].txt", "a1.txt")
    assert read(files(tmp_path / "a[1].txt", "text"), fields("f=$file")).tuples == [("a[1].txt",)]


def test_nothing_there_names_location_and_pattern(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEED", str(tmp_path))
    with pytest.raises(SourceUnavailable) as caught:
        list_pieces(files("${FEED}/in/*.csv", "csv"))
    assert str(tmp_path / "in" / "*.csv") in str(caught.value)
    assert "${FEED}/in/*.csv" in str(caught.value)
    assert caught.value.transient
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A", "1")
    monkeypatch.delenv("B", raising=False)
    assert expand("x/${A}/${B:-two}/${B:-}") == "x/1/two/"
    with pytest.raises(SourceUnreadable, match="variable B, which is not set"):
        expand("${B}")


def test_unknown_store() -> None:
    with pytest.raises(SourceUnreadable, match="file:// or s3://"):
        list_pieces(files("ftp://host/x", "csv"))


def test_file_names_are_below_the_fixed_part(tmp_path: Path) -> None:
    write(tmp_path, "x/b.txt", "x/y/c.txt")
    assert read(files(tmp_path / "**/*.txt", "text"), fields("f=$file")).tuples == [("x/b.txt",), ("x/y/c.txt",)]
    assert read(files(tmp_path / "x", "text"), fields("f=$file")).tuples == [("b.txt",), ("y/c.txt",)]
    assert read(files(tmp_path / "x" / "b.txt", "text"), fields("f=$file")).tuples == [("b.txt",)]


# -- partitions ----------------------------------------------------------------------------------------------------


def test_partitions(tmp_path: Path) -> None:
    write(tmp_path, "d=2026-01-01/a.txt", "d=2026-01-02/a.txt", "d=2026-01-02/b.txt")
    source = files(tmp_path / "*" / "*.txt", "text", partition=r"d=(?P<partition>[\d-]+)/")
    assert [piece.partition for piece in list_pieces(source)] == ["2026-01-01", "2026-01-02", "2026-01-02"]
    assert len(list_pieces(source, partition="2026-01-02")) == 2
    with pytest.raises(SourceUnavailable, match="partition '2026-01-03'"):
        list_pieces(source, partition="2026-01-03")
    write(tmp_path, "other/a.txt")
    with pytest.raises(SourceUnreadable, match=r"other/a\.txt belongs to no partition"):
        list_pieces(source)
    with pytest.raises(SourceUnreadable, match="does not work"):
        list_pieces(files(tmp_path / "other/a.txt", "text", partition="(?P<day>.*)"))


# -- pieces --------------------------------------------------------------------------------------------------------


def test_digest_is_of_the_files_bytes(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_bytes(b"a\n1\n")
    (piece,) = list_pieces(files(tmp_path / "f.csv", "csv"))
    assert piece == Piece(str(tmp_path / "f.csv"), None, "all", 4, hashlib.sha256(b"a\n1\n").hexdigest())
    assert pickle.loads(pickle.dumps(piece)) == piece


def split_rows(source: Any, wanted: Any, size: int) -> tuple[list[Piece], Read]:
    pieces = list_pieces(source, piece_bytes=size)
    out = Read()
    for piece in pieces:
        out.take(read_piece(source, piece, wanted))
    return pieces, out


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=st.lists(st.tuples(st.text(alphabet="ab中é ", max_size=9), st.text(alphabet="xyz", max_size=9)), max_size=30),
    size=st.integers(1, 120),
    row=st.sampled_from(["\n", "&|\n"]),
    header=st.booleans(),
    last=st.booleans(),
    mark=st.booleans(),
)
def test_cut_up_files_read_as_whole_ones(
    tmp_path: Path, rows: list[tuple[str, str]], size: int, row: str, header: bool, last: bool, mark: bool
) -> None:
    lines = (["a|b"] if header else []) + [f"{a}|{b}" for a, b in rows]
    data = (b"\xef\xbb\xbf" if mark else b"") + (row.join(lines) + (row if last else "")).encode()
    (tmp_path / "f").write_bytes(data)
    source = files(
        tmp_path / "f", "csv", quote=None, delimiter="|", row_delimiter=row, header=header,
        columns=() if header else ("a", "b"), null_values=(), encoding="utf-8",
    )  # fmt: skip
    pieces, got = split_rows(source, fields("a", "b"), size)
    whole = read(source, fields("a", "b"))
    assert got.tuples == whole.tuples
    assert len(got.rejects) == len(whole.rejects) == 0
    assert whole.tuples == rows
    assert sum(piece.bytes for piece in pieces) == len(data)
    if len(pieces) > 1:
        assert [p.start for p in pieces] == [0, *[p.stop for p in pieces[:-1]]]


@pytest.mark.parametrize("format", ["jsonl", "text"])
def test_lines_cut_up(tmp_path: Path, format: str) -> None:
    lines = [json.dumps({"text": f"{i} {'中' * (i % 7)}"}, ensure_ascii=False) for i in range(500)]
    (tmp_path / "f").write_text("\n".join(lines))
    source = files(tmp_path / "f", format)
    pieces, got = split_rows(source, TEXT, 1000)
    assert 10 < len(pieces) < 40
    assert got.tuples == read(source, TEXT).tuples
    assert len(got.rows) == 500
    assert list_pieces(source, piece_bytes=1000) == pieces


def test_a_longer_file_keeps_its_earlier_pieces(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("a\n" + "row of text\n" * 300)
    source = files(path, "csv", quote=None)
    before = list_pieces(source, piece_bytes=1000)
    with path.open("a") as file:
        file.write("row of text\n" * 300)
    after = list_pieces(source, piece_bytes=1000)
    assert after[: len(before) - 1] == before[:-1]
    got = Read().take(read_piece(source, before[1], fields("a")))
    assert len(got.rows) > 50


def test_a_header_that_changed_changes_every_piece(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("ab\n" + "row of text\n" * 300)
    source = files(path, "csv", quote=None)
    before = list_pieces(source, piece_bytes=1000)
    path.write_text("ba\n" + "row of text\n" * 300)
    with pytest.raises(SourceChanged):
        list(read_piece(source, before[2], fields("ba")))


@pytest.mark.parametrize(
    "options",
    [{"quote": '"'}, {"encoding": "gb18030"}, {"record": "columns"}, {"escape": "\\"}],
)
def test_what_cannot_be_cut_is_one_piece(tmp_path: Path, options: dict[str, str]) -> None:
    (tmp_path / "f.csv").write_text("a\n" + "row\n" * 1000)
    assert len(list_pieces(files(tmp_path / "f.csv", "csv", **{"quote": None, **options}), piece_bytes=100)) == 1
    (tmp_path / "f.gz").write_bytes(gzip.compress(b"a\n" + random.Random(0).randbytes(1000)))
    assert len(list_pieces(files(tmp_path / "f.gz", "csv", quote=None), piece_bytes=100)) == 1


# -- batches -------------------------------------------------------------------------------------------------------


def test_batches_are_of_the_size_asked_for(tmp_path: Path) -> None:
    (tmp_path / "f.txt").write_text("".join(f"{i}\n" for i in range(1000)))
    got = read(files(tmp_path / "f.txt", "text"), TEXT, batch_rows=300)
    assert got.sizes == [300, 300, 300, 100]
    assert got.positions == list(range(1, 1001))


def test_a_flood_of_rejects_does_not_pile_up(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("a,b\n" + "lonely\n" * 400_000)
    source = files(tmp_path / "f.csv", "csv", quote=None)
    (piece,) = list_pieces(source)
    sizes = [len(batch.rejects) for batch in read_piece(source, piece, fields("a", "b"))]
    assert sum(sizes) == 400_000
    assert max(sizes) < 400_000


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    seed=st.integers(0, 2**32),
    codec=st.sampled_from(["utf-8", "gb18030", "cp950", "utf-16-le"]),
    packed=st.booleans(),
    quote=st.sampled_from(['"', None]),
)
def test_rows_and_rejects_are_all_the_lines(
    tmp_path: Path, seed: int, codec: str, packed: bool, quote: str | None
) -> None:
    """A file of random rows with random damage: what comes out is what went in, line for line."""
    chance = random.Random(seed)
    lines, good = [], []
    for i in range(chance.randrange(200)):
        a, b = str(i), "".join(chance.choices("ab中文字é" if codec != "cp950" else "ab中文字", k=chance.randrange(9)))
        kind = chance.randrange(8)
        line = {0: a, 1: f"{a},{b},x", 2: f"{a},{b}\0"}.get(kind, f"{a},{b}").encode(codec)
        if kind == 3:
            line += {"utf-8": b"\xff", "gb18030": b"\xff", "cp950": b"\xff", "utf-16-le": b"\x00\xdc"}[codec]
        lines.append(line)
        good.append((a, b) if kind > 3 else None)
    data = "a,b\n".encode(codec) + b"".join(line + "\n".encode(codec) for line in lines)
    (tmp_path / "f").write_bytes(gzip.compress(data) if packed else data)
    source = files(
        tmp_path / "f", "csv", encoding=codec, quote=quote, null_values=(), compression="gzip" if packed else "none"
    )
    got = read(source, fields("a", "b"))
    assert got.tuples == [row for row in good if row is not None]
    assert got.positions == [i for i, row in enumerate(good, 2) if row is not None]
    assert [position for position, _ in got.why] == [i for i, row in enumerate(good, 2) if row is None]


# -- Parquet -------------------------------------------------------------------------------------------------------


def parquet(path: Path, rows: int = 1000, group: int = 100) -> pa.Table:
    table = pa.table(
        {
            "id": pa.array(range(rows), pa.int64()),
            "text": [f"文本 {i}" for i in range(rows)],
            "kind": pa.array([("a", "b")[i % 2] for i in range(rows)]).dictionary_encode(),
            "who": [{"name": f"n{i}", "tags": ["x", str(i)]} for i in range(rows)],
            "when": pa.array([i * 10**6 for i in range(rows)], pa.timestamp("us", "UTC")),
        }
    )
    pq.write_table(table, path, row_group_size=group)
    return table


def test_parquet_pieces_are_row_groups(tmp_path: Path) -> None:
    parquet(tmp_path / "f.parquet")
    source, wanted = (
        files(tmp_path / "f.parquet", "parquet"),
        fields("id", "text", "k=kind", "name=who.name", "who", "t=when"),
    )
    whole = read(source, wanted)
    pieces, got = split_rows(source, wanted, 20_000)
    assert len(pieces) > 2
    assert [p.start for p in pieces] == [0, *[p.stop for p in pieces[:-1]]]
    assert got.rows == whole.rows
    assert whole.rows[3]["name"] == "n3"
    assert json.loads(whole.rows[3]["who"]) == {"name": "n3", "tags": ["x", "3"]}
    assert [row["id"] for row in got.rows] == list(range(1000))
    (piece,) = list_pieces(source)
    batch = next(read_piece(source, piece, wanted)).batch
    assert [str(kind) for kind in batch.schema.types] == [
        "int64",
        "string",
        "string",
        "string",
        "string",
        "timestamp[us, tz=UTC]",
    ]


def test_parquet_that_changed(tmp_path: Path) -> None:
    parquet(tmp_path / "f.parquet")
    source = files(tmp_path / "f.parquet", "parquet")
    for size in (10**9, 20_000):
        piece = list_pieces(source, piece_bytes=size)[-1]
        data = bytearray((tmp_path / "f.parquet").read_bytes())
        footer = int.from_bytes(data[-8:-4], "little") + 8
        # A byte of a page header's statistics or of a compressed page: readable or not, it must not pass.
        data[-footer - 30] ^= 1
        (tmp_path / "g.parquet").write_bytes(data)
        moved = Piece(str(tmp_path / "g.parquet"), None, "all", piece.bytes, piece.digest, piece.start, piece.stop)
        with pytest.raises((SourceChanged, SourceUnreadable)):
            list(read_piece(source, moved, TEXT))


def test_parquet_drift_damage_and_emptiness(tmp_path: Path) -> None:
    parquet(tmp_path / "f.parquet", rows=10)
    got = read(files(tmp_path / "f.parquet", "parquet"), fields("text", "gone"))
    assert got.rows[0] == {"text": "文本 0", "gone": None}
    assert {(d.kind, d.column) for d in got.drift if d.kind == "missing"} == {("missing", "gone")}
    with pytest.raises(SourceUnreadable, match="'gone' is missing"):
        read(files(tmp_path / "f.parquet", "parquet"), (*TEXT, *fields("gone", on_drift="fail")))
    (tmp_path / "cut.parquet").write_bytes((tmp_path / "f.parquet").read_bytes()[:-9])
    with pytest.raises(SourceUnreadable, match="no readable Parquet file"):
        list_pieces(files(tmp_path / "cut.parquet", "parquet"))
    pq.write_table(pa.table({"text": pa.array([], pa.string())}), tmp_path / "none.parquet")
    assert read(files(tmp_path / "none.parquet", "parquet"), TEXT).sizes == [0]


def test_parquet_cells_that_are_no_text(tmp_path: Path) -> None:
    cells = [b"fine", b"\xff\xfe", b"a\0b", b"x" * 2000, None]
    for kind in (pa.binary(), pa.large_binary()):
        pq.write_table(pa.table({"id": [1, 2, 3, 4, 5], "text": pa.array(cells, kind)}), tmp_path / "f.parquet")
        got = read(files(tmp_path / "f.parquet", "parquet", max_record_bytes=1000), fields("id", "text"))
        assert got.tuples == [(1, "fine"), (5, None)]
        assert got.why == [(2, "undecodable_bytes"), (3, "nul_byte"), (4, "record_too_large")]


def test_all_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.parquet").write_bytes(b"PAR1 is not all of it")
    pq.write_table(pa.table({"x": ["1"]}), tmp_path / "b.parquet")
    with pytest.raises(SourceUnreadable) as caught:
        list_pieces(files(tmp_path / "*.parquet", "parquet"))
    assert caught.value.message.startswith("2 things at the source cannot be read:")
    assert [name for name in "abc" if f"{name}.parquet is no readable" in caught.value.message] == ["a", "c"]
    assert caught.value.fix == "have the unit deliver it again"
    # Errors of several units are told as one list.
    again = together([caught.value, SourceUnreadable("d.csv: none", fix="look at d"), caught.value])
    assert again.message.startswith("3 things")
    assert again.fix == "have the unit deliver it again; look at d"
