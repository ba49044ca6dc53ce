"""Bad days of an object store: the rows come right, or an error says which bytes of what did not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from clearinghouse import reader_fetch, reader_ranges
from clearinghouse.reader import open_release
from infra.store import open_store
from schemas.errors import IntegrityError, StoreError
from schemas.manifest import ReleaseManifest
from tests.builders import make_release, release_table
from tests.faults import Asked, Fault, Proxy, faulty, times
from tests.services import S3Server

ROWS = 9000
PREFIX = "some/prefix"


@pytest.fixture
def proxy(moto_s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    # Small pieces and short pauses: a small release has many of them, and a test little time.
    monkeypatch.setattr(reader_ranges, "PIECE", 1 << 16)
    monkeypatch.setattr(reader_ranges, "RUN", 1)
    monkeypatch.setattr(reader_fetch, "PAUSE", 0.01)
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with faulty(moto_s3.endpoint_url) as found:
        yield found


@pytest.fixture
def manifest(moto_s3: S3Server) -> ReleaseManifest:
    """A release whose shards have several pieces each."""
    uri = f"s3://{moto_s3.bucket}/{PREFIX}?endpoint_url={moto_s3.endpoint_url}"
    return make_release(uri, rows=TABLE, rows_per_group=512, shard_rows=4608)


def uri(proxy: Proxy, server: S3Server) -> str:
    return f"s3://{server.bucket}/{PREFIX}?endpoint_url={proxy.url}"


def ids(proxy: Proxy, server: S3Server, **options: object) -> list[str]:
    release = open_release(uri(proxy, server), "demo", "1.0.0", allow_unsigned=True, **options)  # type: ignore[arg-type]
    return [row["id"] for row in release.rows(["id", "text"])]


def shard(asked: Asked) -> bool:
    return asked.method == "GET" and asked.path.endswith(".parquet")


TABLE = release_table(ROWS)
EXPECTED = TABLE.column("id").to_pylist()


@pytest.mark.parametrize("fault", ["throttle", "half", "short", "flip", "reset"])
def test_what_passes_is_tried_again(
    fault: Fault, proxy: Proxy, moto_s3: S3Server, manifest: ReleaseManifest, tmp_path: Path
) -> None:
    # A server that says less and means it is only found out by the digests, as a flipped bit is: asked once more.
    proxy.rule = times(1 if fault in ("flip", "short") else 5, fault, shard)
    assert ids(proxy, moto_s3, timeout=30, cache=tmp_path / "cache") == EXPECTED
    pieces = sum(-(-one.bytes // reader_ranges.PIECE) for one in manifest.shards)
    assert len(proxy.shards()) > pieces
    # What came broken was not kept: another reader finds all it needs, and right.
    proxy.log.clear()
    assert ids(proxy, moto_s3, cache=tmp_path / "cache") == EXPECTED
    assert not proxy.shards()


@pytest.mark.slow
def test_a_store_that_stands_still_is_asked_again(proxy: Proxy, moto_s3: S3Server, manifest: ReleaseManifest) -> None:
    proxy.rule = times(1, "stall", shard)
    # curl takes some six seconds longer than it is told to see that nothing comes.
    assert ids(proxy, moto_s3, timeout=14) == EXPECTED


@pytest.mark.parametrize("fault", ["stall", "throttle", "half", "reset"])
def test_what_does_not_pass_is_told(
    fault: Fault, proxy: Proxy, moto_s3: S3Server, manifest: ReleaseManifest, tmp_path: Path
) -> None:
    proxy.rule = lambda asked: fault if shard(asked) else None
    with pytest.raises(StoreError) as caught:
        ids(proxy, moto_s3, timeout=1.5)
    told = str(caught.value)
    assert re.search(r"cannot read bytes [0-9]+ to [0-9]+ of releases/demo/shards/[0-9a-f]{64}\.parquet", told)
    assert any(one.key in told for one in manifest.shards)
    assert proxy.url in told
    assert re.search(r"tried [0-9]+ times in [0-9]+ s", told)
    assert "CLEARINGHOUSE_READ_TIMEOUT" in caught.value.fix
    assert caught.value.transient


def test_rows_before_a_fault_are_given_out(proxy: Proxy, moto_s3: S3Server, manifest: ReleaseManifest) -> None:
    second = manifest.shards[1].key
    proxy.rule = lambda asked: "throttle" if asked.path.endswith(second) else None
    release = open_release(uri(proxy, moto_s3), "demo", "1.0.0", allow_unsigned=True, timeout=0.5)
    given: list[str] = []
    with pytest.raises(StoreError):
        given.extend(row["id"] for row in release.rows(["id"]))
    assert given == EXPECTED[: manifest.shards[0].rows]


def test_a_refusal_is_told_at_once(proxy: Proxy, moto_s3: S3Server, manifest: ReleaseManifest) -> None:
    proxy.rule = lambda asked: "forbid" if shard(asked) else None
    with pytest.raises(StoreError, match="ACCESS_DENIED") as caught:
        ids(proxy, moto_s3, timeout=60)
    assert "credentials" in caught.value.fix
    assert len(proxy.shards()) == 1


def test_bytes_that_are_wrong_twice_are_never_given_out(
    proxy: Proxy, moto_s3: S3Server, manifest: ReleaseManifest, tmp_path: Path
) -> None:
    first = manifest.shards[0].key
    # The footer comes right; every piece of rows does not.
    proxy.rule = lambda asked: "flip" if asked.path.endswith(first) and asked.range.startswith("bytes=65536-") else None
    with pytest.raises(IntegrityError) as caught:
        ids(proxy, moto_s3, cache=tmp_path / "cache")
    told = str(caught.value)
    assert re.search(r"expected bytes 65536 to [0-9]+ with SHA-256 beginning [0-9a-f]{32}, found [0-9a-f]{32}", told)
    assert first in told
    assert "clearinghouse verify demo@1.0.0" in caught.value.fix
    assert len([asked for asked in proxy.shards() if asked.range.startswith("bytes=65536-")]) == 2
    proxy.rule = lambda _: None
    assert ids(proxy, moto_s3, cache=tmp_path / "cache") == EXPECTED


@pytest.mark.parametrize("where", ["manifest.json", "decision.json"])
def test_documents_are_tried_again_too(where: str, proxy: Proxy, moto_s3: S3Server, manifest: ReleaseManifest) -> None:
    proxy.rule = times(3, "throttle", lambda asked: asked.path.endswith(where))
    assert ids(proxy, moto_s3) == EXPECTED


@pytest.mark.parametrize("how", ["cut", "missing", "footer", "rows"])
def test_a_damaged_shard_is_named(
    how: str, proxy: Proxy, moto_s3: S3Server, manifest: ReleaseManifest, tmp_path: Path
) -> None:
    store = open_store(f"s3://{moto_s3.bucket}/{PREFIX}?endpoint_url={moto_s3.endpoint_url}")
    key = manifest.shard_key(1)
    data = bytearray(store.read(key))
    if how == "missing":
        store.delete(key)
    else:
        if how == "cut":
            del data[len(data) // 2 :]
        else:
            data[-500 if how == "footer" else 70_000] ^= 1
        store.put(key, bytes(data))
    expected = {
        "cut": rf"expected {manifest.shards[1].bytes} bytes, found {len(data)} bytes",
        "missing": "expected a file, found none",
        "footer": r"expected a footer \([0-9]+ bytes at [0-9]+\) with SHA-256 [0-9a-f]{64}, found",
        "rows": r"expected bytes 65536 to [0-9]+ with SHA-256",
    }[how]
    release = open_release(
        uri(proxy, moto_s3), "demo", "1.0.0", allow_unsigned=True, cache=tmp_path / "cache", timeout=20
    )
    given: list[str] = []
    with pytest.raises(IntegrityError, match=expected) as caught:
        given.extend(row["id"] for row in release.rows(["id", "text"]))
    assert manifest.shards[1].key in str(caught.value)
    assert given == EXPECTED[: len(given)]


def test_one_reading_fetches_no_byte_twice(
    proxy: Proxy, moto_s3: S3Server, manifest: ReleaseManifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = []
    for run in (1, 8):
        monkeypatch.setattr(reader_ranges, "RUN", run)
        proxy.log.clear()
        assert ids(proxy, moto_s3) == EXPECTED
        ranges: dict[str, list[tuple[int, int]]] = {}
        for one in proxy.shards():
            first, last = one.range.removeprefix("bytes=").split("-")
            ranges.setdefault(one.path, []).append((int(first), int(last)))
        for shard in manifest.shards:
            mine = sorted(found for path, some in ranges.items() if path.endswith(shard.key) for found in some)
            # One of them is the footer, with what of the end comes along.
            mine.remove(max(mine, key=lambda found: found[1]))
            assert mine[0][0] == 0
            assert all(before[1] < after[0] for before, after in pairwise(mine))
        requests.append(len(proxy.shards()))
    assert requests[1] < requests[0], "pieces that follow each other come in one request"


def test_patience_has_an_end_and_pauses_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    now, pauses = [0.0], []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        now[0] += seconds

    monkeypatch.setattr(reader_fetch.time, "sleep", sleep)
    monkeypatch.setattr(reader_fetch.time, "monotonic", lambda: now[0])

    def call() -> None:
        raise OSError("AWS Error SLOW_DOWN during GetObject")

    with pytest.raises(StoreError, match="SLOW_DOWN"):
        reader_fetch.Patience(100).run("x", "s3://b", call)
    assert 80 < now[0] <= 100
    bounds = [min(reader_fetch.LONGEST, reader_fetch.PAUSE * 2**n) for n in range(len(pauses))]
    assert all(bound / 2 <= pause <= bound for pause, bound in zip(pauses, bounds, strict=True))
    with pytest.raises(StoreError, match="tried 1 times"):
        reader_fetch.Patience(0).run("x", "s3://b", call)
    assert reader_fetch.Patience(3).run("x", "s3://b", lambda: 5) == 5


def test_a_timeout_is_a_number_of_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    assert reader_fetch.as_timeout(None) == reader_fetch.TIMEOUT
    monkeypatch.setenv("CLEARINGHOUSE_READ_TIMEOUT", "7.5")
    assert reader_fetch.as_timeout(None) == 7.5
    assert reader_fetch.as_timeout(3) == 3
    for wrong in (-1.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="seconds"):
            reader_fetch.as_timeout(wrong)
