"""The cache of remote shards: bounded, shared, whole after any crash, and never in the way."""

from __future__ import annotations

import errno
import os
import pickle
import random
import resource
import signal
import subprocess
import sys
import time
import warnings
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pytest

from clearinghouse import reader_ranges
from clearinghouse.reader import open_release
from clearinghouse.reader_cache import DEFAULT_BYTES, Cache, CacheRefused, CacheWarning, as_bytes, as_cache
from schemas import shard_blocks
from tests.builders import make_release, release_table
from tests.faults import Asked, faulty
from tests.services import S3Server

SIZE = 4096


def shard(number: int) -> str:
    return sha256(str(number).encode()).hexdigest()


def content(number: int, piece: int) -> bytes:
    return random.Random(f"{number} {piece}").randbytes(SIZE)


def put(cache: Cache, number: int, piece: int = 0) -> None:
    cache.put(shard(number), piece, pa.py_buffer(content(number, piece)))


def got(cache: Cache, number: int, piece: int = 0) -> bytes | None:
    found = cache.get(shard(number), piece)
    return None if found is None else found.to_pybytes()


def used(path: Path, seconds_ago: float) -> None:
    then = time.time() - seconds_ago
    os.utime(path, (then, then))


def test_what_was_put_is_got(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", "1MB")
    assert got(cache, 1) is None
    put(cache, 1)
    put(cache, 1, -1)
    assert got(cache, 1) == content(1, 0)
    assert got(cache, 1, -1) == content(1, -1)
    assert got(pickle.loads(pickle.dumps(cache)), 1) == content(1, 0)
    assert got(Cache(tmp_path / "cache"), 1) == content(1, 0)
    assert cache.bytes() == 2 * SIZE
    cache.drop(shard(1), 0)
    assert got(cache, 1) is None
    cache.forget(shard(1))
    assert cache.bytes() == 0
    assert (tmp_path / "cache" / "v1").stat().st_mode & 0o077 == 0


def test_the_limit_holds_and_what_was_used_last_stays(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 10 * SIZE)
    held = None
    for number in range(40):
        put(cache, number)
        files = sorted(tmp_path.glob("v1/??/*"))
        assert sum(path.stat().st_size for path in files) <= 10 * SIZE
        used(next(path for path in files if path.name == f"{shard(number)}-0"), 1000 - number)
        if number == 5:
            held = cache.get(shard(5), 0)
            used(next(tmp_path.glob(f"v1/??/{shard(5)}-0")), 995)
        assert got(cache, 0) == content(0, 0), "what is used again and again stays"
    assert got(cache, 39) == content(39, 0)
    assert got(cache, 5) is None
    # Thrown out, and still readable for who had it open.
    assert held is not None
    assert held.to_pybytes() == content(5, 0)


def test_a_piece_larger_than_the_cache_is_not_kept(tmp_path: Path) -> None:
    cache = Cache(tmp_path, SIZE - 1)
    put(cache, 1)
    assert got(cache, 1) is None
    assert cache.bytes() == 0
    assert not cache.off


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1), (5, 5), ("200GB", 200 * 10**9), ("64 GiB", 64 << 30), ("1.5k", 1500), ("2 tb", 2 * 10**12), ("7B", 7)],
)
def test_sizes_are_read(text: str | int, number: int) -> None:
    assert as_bytes(text) == number


@pytest.mark.parametrize("text", ["", "many", "-5", "0", 0, "5 PB", "GB", "1e9"])
def test_what_is_no_size_is_refused(text: str | int, tmp_path: Path) -> None:
    with pytest.raises(CacheRefused, match="no size of a cache"):
        Cache(tmp_path, text)


def test_settings_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLEARINGHOUSE_CACHE", raising=False)
    monkeypatch.delenv("CLEARINGHOUSE_CACHE_BYTES", raising=False)
    assert as_cache(None, None) is None
    monkeypatch.setenv("CLEARINGHOUSE_CACHE", str(tmp_path / "a"))
    found = as_cache(None, None)
    assert found is not None
    assert (found.folder, found.limit) == (tmp_path / "a", DEFAULT_BYTES)
    monkeypatch.setenv("CLEARINGHOUSE_CACHE_BYTES", "3MB")
    found = as_cache(tmp_path / "b", None)
    assert found is not None
    assert (found.folder, found.limit) == (tmp_path / "b", 3_000_000)
    assert as_cache("", None) is None


def test_a_folder_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CacheRefused, match="cannot be made") as caught:
        Cache(tmp_path / "file" / "cache")
    assert caught.value.fix


# In processes of their own, which import no more than the cache: puts and gets pieces at random, and says how many were
# there and how many were not what was put.
HAMMER = """
import random, sys
from hashlib import sha256
import pyarrow as pa
from clearinghouse.reader_cache import Cache
folder, seed, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
cache, dice, there, wrong = Cache(folder, 20 * size), random.Random(seed), 0, 0
for _ in range(400):
    number = dice.randrange(60)
    data = random.Random(f"{number} 0").randbytes(size)
    shard = sha256(str(number).encode()).hexdigest()
    found = cache.get(shard, 0)
    if found is None:
        cache.put(shard, 0, pa.py_buffer(data))
    else:
        there, wrong = there + 1, wrong + (found.to_pybytes() != data)
print(there, wrong, cache.off)
"""
WRITER = """
import sys
import pyarrow as pa
from hashlib import sha256
from clearinghouse.reader_cache import Cache
cache, number = Cache(sys.argv[1], "1GB"), int(sys.argv[2])
while True:
    cache.put(sha256(str(number).encode()).hexdigest(), 0, pa.py_buffer(bytes([number % 251]) * 3_000_000))
    number += 1
"""
REPOSITORY = Path(__file__).resolve().parents[2]


def start(code: str, *arguments: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, cwd=REPOSITORY)


def test_processes_share_a_cache(tmp_path: Path) -> None:
    running = [start(HAMMER, tmp_path, seed, SIZE) for seed in range(3)]
    most = 0
    while any(process.poll() is None for process in running):
        most = max(most, Cache(tmp_path, 1).bytes())
        time.sleep(0.005)
    for process in running:
        there, wrong, *off = process.communicate()[0].decode().split()
        assert (process.returncode, int(wrong), off) == (0, 0, [])
        assert int(there)
    # A file that gets its name while they are counted may be counted twice, one a writer.
    assert most <= 23 * SIZE
    assert Cache(tmp_path, 1).bytes() <= 20 * SIZE


def test_a_writer_that_is_killed_leaves_nothing_half(tmp_path: Path) -> None:
    for wait in (0.0, 0.004):
        process = start(WRITER, tmp_path, int(1000 * wait))
        end = time.monotonic() + 60
        while len(list(tmp_path.glob("v1/??/*-0"))) < 3 and time.monotonic() < end:
            time.sleep(0.005)
        time.sleep(wait)
        process.kill()
        process.communicate(timeout=30)
        files = list(tmp_path.glob("v1/??/*-0"))
        assert len(files) >= 3
        for path in files:
            data = path.read_bytes()
            assert len(data) == 3_000_000
            assert data == data[:1] * len(data)
            path.unlink()
    # What a dead writer left unfinished goes as soon as room is made; a live one's stays.
    (tmp_path / "v1" / "ab").mkdir(exist_ok=True)
    left = tmp_path / "v1" / "ab" / ".left"
    left.write_bytes(b"x" * SIZE)
    used(left, 3600)
    Cache(tmp_path, 1).bytes()
    assert not left.exists()


def test_a_full_disk_is_told_once_and_done_without(tmp_path: Path) -> None:
    cache = Cache(tmp_path, "1GB")
    put(cache, 1)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SIZE // 2, before[1]))
    try:
        with pytest.warns(CacheWarning, match="done without from now on") as caught:
            put(cache, 2)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            put(cache, 3)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, old)
    assert len(caught) == 1
    assert str(tmp_path) in str(caught[0].message)
    assert [got(cache, number) is None for number in (1, 2, 3)] == [False, True, True]
    assert not list(tmp_path.glob("v1/??/.*"))


# Through the reader

ROWS = 9000
TABLE = release_table(ROWS)
EXPECTED = TABLE.column("id").to_pylist()
PREFIX = "some/prefix"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_ranges, "PIECE", 1 << 16)


@pytest.fixture
def uri(moto_s3: S3Server) -> str:
    found = f"s3://{moto_s3.bucket}/{PREFIX}?endpoint_url={moto_s3.endpoint_url}"
    make_release(found, rows=TABLE, rows_per_group=512, shard_rows=4608)
    return found


def ids(uri: str, **options: object) -> list[str]:
    release = open_release(uri, "demo", "1.0.0", allow_unsigned=True, **options)  # type: ignore[arg-type]
    return [row["id"] for row in release.rows(["id", "text"])]


def test_a_limit_below_the_largest_shard_is_refused(uri: str, tmp_path: Path) -> None:
    with pytest.raises(CacheRefused, match=r"too small: the largest shard of demo@1\.0\.0 is [0-9]+ bytes") as caught:
        ids(uri, cache=tmp_path, cache_bytes=1000)
    assert "cache_bytes=" in caught.value.fix


def test_pieces_of_erased_rows_leave_the_cache(small: None, uri: str, tmp_path: Path) -> None:
    first = ids(uri, cache=tmp_path)
    there = {path.name.split("-")[0] for path in tmp_path.glob("v1/??/*")}
    old = open_release(uri, "demo", "1.0.0", allow_unsigned=True).manifest
    assert there >= {shard.sha256 for shard in old.shards}
    place = TABLE.schema.get_field_index("text")
    text = [None if row == 5 else one for row, one in enumerate(TABLE.column("text").to_pylist())]
    changed = TABLE.set_column(place, TABLE.schema.field("text"), pa.array(text, pa.large_string()))
    how = {"rows": changed, "rows_per_group": 512, "shard_rows": 4608}
    made = make_release(uri, version="0.9.0", **how).shards
    holes = tuple(replace(shard, erased=int(number == 0)) for number, shard in enumerate(made))
    make_release(uri, version="1.0.1", parent=old.digest, shards=holes, **how)
    release = open_release(uri, "demo", "1.0.1", allow_unsigned=True, cache=tmp_path)
    left = {path.name.split("-")[0] for path in tmp_path.glob("v1/??/*")}
    assert there - left == {old.shards[0].sha256}, "and no piece of any other shard"
    assert [row["id"] for row in release.rows(["id"])] == first


def test_a_piece_that_rotted_is_fetched_again(small: None, uri: str, tmp_path: Path) -> None:
    assert ids(uri, cache=tmp_path) == EXPECTED
    files = sorted(tmp_path.glob("v1/??/*"))
    assert len(files) > 4
    for path in files:
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    files[0].write_bytes(b"")
    files[1].unlink()
    assert ids(uri, cache=tmp_path) == EXPECTED
    assert ids(uri, cache=tmp_path) == EXPECTED


def test_a_cached_piece_is_hashed_once_a_process(
    small: None, uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often it leaves memory: an epoch after the first from the cache hashes nothing."""
    monkeypatch.setattr(reader_ranges, "HELD", 1)
    hashed: list[int] = []
    real = shard_blocks.sha256
    monkeypatch.setattr(shard_blocks, "sha256", lambda *a: hashed.append(1) or real(*a))
    release = open_release(uri, "demo", "1.0.0", allow_unsigned=True, cache=tmp_path)
    counts = []
    for _ in range(4):
        assert [row["id"] for row in release.rows(["id", "text"])] == EXPECTED
        counts.append(len(hashed))
        hashed.clear()
    assert counts[0] > 0
    assert counts[1] > 0
    assert counts[2:] == [0, 0]
    assert ids(uri, cache=tmp_path) == EXPECTED
    assert hashed, "who opens it anew checks for himself"


def test_a_small_cache_gives_the_same_rows(small: None, uri: str, tmp_path: Path) -> None:
    largest = max(shard.bytes for shard in open_release(uri, "demo", "1.0.0", allow_unsigned=True).manifest.shards)
    for _ in range(2):
        assert ids(uri, cache=tmp_path, cache_bytes=largest) == EXPECTED
        assert 0 < Cache(tmp_path, largest).bytes() <= largest


def test_a_full_disk_does_not_stop_a_reader(
    small: None, uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.warns(CacheWarning, match="No space left on device") as caught:
        assert ids(uri, cache=tmp_path) == EXPECTED
    assert len(caught) == 1
    assert "free some space" in str(caught[0].message)


READER = """
import sys
from clearinghouse import reader_ranges
reader_ranges.PIECE, reader_ranges.RUN = 1 << 16, 1
import clearinghouse
release = clearinghouse.open_release(sys.argv[1], "demo", "1.0.0", allow_unsigned=True, cache=sys.argv[2])
for row in release.rows(["id", "text"]):
    print(row["id"], flush=True)
"""


def test_a_reader_that_is_killed_in_mid_download_leaves_a_sound_cache(
    small: None, uri: str, moto_s3: S3Server, tmp_path: Path
) -> None:
    with faulty(moto_s3.endpoint_url) as proxy:
        asked: list[str] = []

        def rule(one: Asked) -> str | None:
            if one.method == "GET" and one.path.endswith(".parquet"):
                asked.append(one.range)
                # The footer and a piece come; the next one breaks off in the middle and stands still.
                return "stall" if len(asked) > 2 else None
            return None

        proxy.rule = rule  # type: ignore[assignment]
        process = start(READER, uri.replace(moto_s3.endpoint_url, proxy.url), tmp_path)
        end = time.monotonic() + 60
        while len(asked) < 3 and time.monotonic() < end:
            time.sleep(0.02)
        process.kill()
        process.communicate(timeout=30)
    assert len(asked) >= 3
    assert ids(uri, cache=tmp_path) == EXPECTED


def test_two_readers_share_a_cache(small: None, uri: str, moto_s3: S3Server, tmp_path: Path) -> None:
    for process in [start(READER, uri, tmp_path), start(READER, uri, tmp_path)]:
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        assert out.decode().split() == EXPECTED
    with faulty(moto_s3.endpoint_url) as proxy:
        assert ids(uri.replace(moto_s3.endpoint_url, proxy.url), cache=tmp_path) == EXPECTED
        assert not proxy.shards(), "all of it was there"
