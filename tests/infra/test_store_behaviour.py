"""What every store does, whatever it is made of: one suite over a folder, a mock of S3 and Ceph's gateway."""

from __future__ import annotations

import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from infra.store import Entry, NotFound, Store, open_store
from schemas.errors import StoreError
from tests.infra.stores import KINDS, make_store, read_back, read_in_forks


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return make_store(request.param, request, tmp_path)


def keys(store: Store, prefix: str = "") -> list[str]:
    return [entry.key for entry in store.list(prefix)]


def test_what_is_written_is_read(store: Store) -> None:
    for key, data in {"a/b.json": b"{}", "empty": b"", "中文/データ 1+1=2 %2F&?#.bin": bytes(range(256))}.items():
        assert store.put(key, data) is True
        assert store.read(key) == data
        assert store.stat(key) == Entry(key, len(data))
        with store.open(key) as file:
            assert file.read() == data


def test_put_replaces_unless_told_not_to(store: Store) -> None:
    assert store.put("k", b"one", if_absent=True) is True
    assert store.put("k", b"two", if_absent=True) is False
    assert store.read("k") == b"one"
    assert store.put("k", b"three") is True
    assert store.read("k") == b"three"
    assert keys(store) == ["k"]


def test_a_missing_key_is_told_by_name(store: Store) -> None:
    store.put("a/b", b"x")
    for key in ("nope", "a", "a/b/c", "a/bb"):
        for read in (store.read, store.open, lambda key: store.fetch(key, Path("/nowhere"))):
            with pytest.raises(NotFound, match=key) as caught:
                read(key)
            assert isinstance(caught.value, KeyError)
            assert isinstance(caught.value, StoreError)
            assert not caught.value.transient
        assert store.stat(key) is None


def test_delete_removes_and_may_be_repeated(store: Store) -> None:
    store.put("a/b", b"x")
    store.put("a/c", b"y")
    store.delete("a/b")
    store.delete("a/b")
    store.delete("never/there")
    assert keys(store) == ["a/c"]
    assert store.put("a/b", b"again", if_absent=True) is True


def test_list_is_sorted_by_whole_key_and_takes_any_prefix(store: Store) -> None:
    # "-" sorts before "/" and "0" after it: an order by folders would be another.
    names = ["a/1", "a/2/x", "a-b", "a0", "a.json", "b/1", "é", "中"]
    for name in reversed(names):
        store.put(name, b"12")
    expected = sorted(names, key=str.encode)
    assert keys(store) == expected
    for prefix in ("a", "a/", "a/2", "a-", "zzz", "zzz/", "b/1", "b/1/"):
        assert keys(store, prefix) == [name for name in expected if name.startswith(prefix)], prefix
    for after in ("a", "a.json", "a/1", "a/2/x", "中"):
        assert [e.key for e in store.list(after=after)] == [name for name in expected if name > after]
    assert [e.key for e in store.list("a/", after="a/1")] == ["a/2/x"]
    assert all(entry.bytes == 2 for entry in store.list())
    assert list(store.folders()) == ["a", "b"]
    assert list(store.folders("a/")) == ["2"]
    assert list(store.folders("nope/")) == []


def test_list_goes_beyond_one_page(store: Store, request: pytest.FixtureRequest) -> None:
    count = 150 if "radosgw" in request.node.name else 1100
    names = [f"many/{n:05d}" for n in range(count)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: store.put(name, b""), names))
    assert keys(store, "many/") == names


def test_upload_and_fetch_carry_files(store: Store, tmp_path: Path) -> None:
    path, scratch = tmp_path / "up", tmp_path / "scratch"
    scratch.mkdir()
    for size in (0, 10, 300_000):
        path.write_bytes(bytes(size))
        store.upload(path, "d/file")
        store.upload(path, "d/file")
        got = store.fetch("d/file", scratch)
        assert got.read_bytes() == bytes(size)
        assert path.exists()
    assert keys(store) == ["d/file"]
    with pytest.raises(StoreError, match="missing"):
        store.upload(tmp_path / "missing", "d/other")
    assert keys(store) == ["d/file"]


def test_parquet_opens_at_random_places(store: Store, tmp_path: Path) -> None:
    table = pa.table({"n": list(range(50_000)), "text": [f"row {n}" * 5 for n in range(50_000)]})
    pq.write_table(table, tmp_path / "t.parquet", row_group_size=1000)
    store.upload(tmp_path / "t.parquet", "t.parquet")
    with store.open("t.parquet") as file:
        parquet = pq.ParquetFile(file)
        assert parquet.read_row_group(37).column("n").to_pylist() == list(range(37_000, 38_000))
        assert parquet.read(columns=["n"]).equals(table.select(["n"]))


def test_an_open_file_seeks_and_ends(store: Store) -> None:
    store.put("k", bytes(range(200)))
    with store.open("k") as file:
        assert file.size() == 200
        file.seek(190)
        assert file.read(100) == bytes(range(190, 200))
        assert file.read(1) == b""
        file.seek(0)
        assert file.read(3) == b"\0\1\2"


@pytest.mark.parametrize(
    "key", ["", "/abs", "../up", "a/../../up", "a//b", "a/", ".", "a/./b", "a\\b", "a\nb", "\0", ".tmp-x", "x" * 300]
)
def test_keys_that_could_leave_or_hide_are_refused(store: Store, key: str, tmp_path: Path) -> None:
    for use in (store.read, store.open, store.stat, store.delete, lambda key: store.put(key, b"")):
        with pytest.raises(StoreError, match="not a key"):
            use(key)
    assert keys(store) == []


def test_stores_travel_to_other_processes(store: Store) -> None:
    store.put("k", b"v")
    assert pickle.loads(pickle.dumps(store)).read("k") == b"v"
    assert open_store(store.uri) == store
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert list(pool.map(read_back, [store.uri] * 4, ["k"] * 4)) == [b"v"] * 4
        assert list(pool.map(store.read, ["k"] * 4)) == [b"v"] * 4
        # The parent's client is in use already: a forked child must not share its connections.
        assert pool.submit(read_in_forks, store, "k").result() == [b"v"] * 10
    assert store.read("k") == b"v"


def test_secrets_are_in_no_pickle_uri_or_repr(store: Store) -> None:
    store.put("k", b"v")
    for text in (pickle.dumps(store), repr(store).encode(), store.uri.encode()):
        for secret in (b"LABSECRET", b"LABKEY", b"testing"):
            assert secret not in text


def test_check_knows_a_store_from_a_typing_error(store: Store, tmp_path: Path) -> None:
    store.put("k", b"v")
    assert list(store.check()) == []
    wrong = (
        open_store(store.uri.replace("s3://", "s3://no-such-"))
        if store.uri.startswith("s3:")
        else open_store(f"{store.uri}-no-such")
    )
    with pytest.raises(StoreError, match="no-such"):
        wrong.check()
    assert wrong.stat("k") is None


@pytest.mark.parametrize("writers", [8])
def test_of_many_first_writers_one_wins(store: Store, writers: int) -> None:
    for turn in range(5):
        with ThreadPoolExecutor(writers) as pool:
            key = f"race/{turn}"
            won = list(pool.map(lambda n, key=key: store.put(key, str(n).encode(), if_absent=True), range(writers)))
        assert sum(won) == 1
        assert store.read(f"race/{turn}") == str(won.index(True)).encode()


@pytest.mark.parametrize(
    ("uri", "told"),
    [
        ("", "empty"),
        ("gs://bucket/x", "gs://"),
        ("s3://", "no bucket"),
        ("s3://b?colour=red", "colour"),
        ("s3://b?endpoint_url=127.0.0.1:1", "http"),
        ("file://host/x", "file:///"),
        ("s3://AKIAEXAMPLE:hunter2@bucket/x", "credentials"),
        ("s3://b?endpoint_url=http://AKIAEXAMPLE:hunter2@h", "credentials"),
    ],
)
def test_a_uri_that_names_no_store_is_refused(uri: str, told: str) -> None:
    with pytest.raises(StoreError, match=told) as caught:
        open_store(uri)
    assert "hunter2" not in str(caught.value)


def test_paths_and_file_uris_name_one_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    first = open_store("some/place here")
    assert first == open_store(f"{tmp_path}/some/x/../place here") == open_store(f"file://{tmp_path}/some/place%20here")
    assert Path(first.uri).is_absolute()


def test_when_an_object_was_written_is_told(store: Store) -> None:
    before = datetime.now(UTC) - timedelta(minutes=5)
    store.put("a/b", b"x")
    # A server's clock may be a little off.
    assert before < store.written("a/b") < datetime.now(UTC) + timedelta(minutes=5)
    with pytest.raises(NotFound, match="a/c"):
        store.written("a/c")
