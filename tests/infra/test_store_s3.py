"""What is peculiar to S3: lost answers, servers that ignore conditions, versioned buckets, secrets in errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from infra.store import NotFound, open_store
from infra.store.s3 import S3Store
from infra.store.sequence import append
from schemas.errors import StoreError
from tests.services import S3Server


def store_of(server: S3Server, prefix: str = "p") -> S3Store:
    store = open_store(f"s3://{server.bucket}/{prefix}?endpoint_url={server.endpoint_url}")
    assert isinstance(store, S3Store)
    return store


def test_a_winner_whose_answer_was_lost_still_wins(moto_s3: S3Server) -> None:
    """The write arrives, its answer does not, boto3 sends it again and the server says that the key is taken."""
    store = store_of(moto_s3)
    lost: list[Any] = []

    def lose_once(response: Any, **_: Any) -> float | None:
        if response and response[0].status_code == 200 and not lost:
            lost.append(response)
            return 0.0
        return None

    store.put("first", b"x", if_absent=True)  # so that the probe is over
    store.client.meta.events.register_first("needs-retry.s3.PutObject", lose_once)
    assert store.put("k", b"mine", if_absent=True) is True
    assert lost
    lost.clear()
    assert append(store, "numbers", lambda number, _: b"mine") == 1
    assert lost
    # One that truly came second is not taken in by the same.
    other = store_of(moto_s3)
    lost.clear()
    assert other.put("k", b"mine", if_absent=True) is False


def test_a_server_that_ignores_the_condition_is_refused(moto_s3: S3Server) -> None:
    store = store_of(moto_s3)

    def drop(request: Any, **_: Any) -> None:
        del request.headers["If-None-Match"]

    store.client.meta.events.register("before-sign.s3.PutObject", drop)
    for _ in range(2):
        with pytest.raises(StoreError, match="If-None-Match") as caught:
            store.put("ledger/00000001.json", b"x", if_absent=True)
        assert not caught.value.transient
    assert store.stat("ledger/00000001.json") is None


@pytest.mark.service
def test_a_versioned_bucket_of_ceph_is_refused(radosgw_s3: S3Server) -> None:
    versioning = {"Status": "Enabled"}
    radosgw_s3.client().put_bucket_versioning(Bucket=radosgw_s3.bucket, VersioningConfiguration=versioning)
    store = store_of(radosgw_s3)
    with pytest.raises(StoreError, match="versioned") as caught:
        store.put("k", b"x", if_absent=True)
    assert "suspend" in caught.value.fix
    assert "versioned" in store.check()[0]
    assert store.put("data", b"x") is True
    versioning["Status"] = "Suspended"
    radosgw_s3.client().put_bucket_versioning(Bucket=radosgw_s3.bucket, VersioningConfiguration=versioning)
    assert store.put("k", b"x", if_absent=True) is True


def test_a_versioned_bucket_elsewhere_is_noted(moto_s3: S3Server) -> None:
    versioning = {"Status": "Enabled"}
    moto_s3.client().put_bucket_versioning(Bucket=moto_s3.bucket, VersioningConfiguration=versioning)
    store = store_of(moto_s3)
    assert store.put("k", b"x", if_absent=True) is True
    assert "versioned" in store.check()[0]


def test_the_probe_is_no_object(moto_s3: S3Server) -> None:
    store = store_of(moto_s3)
    store.put("k", b"x", if_absent=True)
    assert [entry.key for entry in store.list()] == ["k"]


def test_prefixes_do_not_mix(moto_s3: S3Server) -> None:
    one, two, root = store_of(moto_s3, "one"), store_of(moto_s3, "one-more"), store_of(moto_s3, "")
    one.put("k", b"1")
    two.put("k", b"2")
    assert one.read("k") == b"1"
    assert [entry.key for entry in one.list()] == ["k"]
    assert [entry.key for entry in root.list()] == ["one-more/k", "one/k"]


@pytest.mark.service  # a mock takes any credentials
def test_wrong_credentials_are_told_without_them(radosgw_s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAFORGOTTEN")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2hunter2")
    store = store_of(radosgw_s3)
    for work in (lambda: store.put("a/k", b"x"), lambda: store.read("a/k"), lambda: store.stat("a/k"), store.check):
        with pytest.raises(StoreError) as caught:
            work()
        text = str(caught.value) + repr(caught.value) + repr(caught.value.__cause__)
        assert radosgw_s3.bucket in text
        assert "credentials" in text
        assert caught.value.__suppress_context__
        assert not caught.value.transient
        for secret in ("AKIAFORGOTTEN", "hunter2"):
            assert secret not in text


def test_no_credentials_are_told(moto_s3: S3Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(StoreError, match="no credentials") as caught:
        store_of(moto_s3).read("k")
    assert "AWS_PROFILE" in caught.value.fix


def test_a_silent_server_is_told_and_worth_another_try(moto_s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    store = open_store(f"s3://{moto_s3.bucket}/p?endpoint_url=http://127.0.0.1:9")
    with pytest.raises(StoreError, match="did not answer") as caught:
        store.put("a/k", b"x")
    assert caught.value.transient
    assert "may or may not" in caught.value.state
    with pytest.raises(StoreError, match=r"a/k.*did not answer") as caught:
        store.read("a/k")
    assert caught.value.state == "nothing was changed"


def test_an_object_replaced_while_it_is_read_is_noticed(moto_s3: S3Server) -> None:
    store = store_of(moto_s3)
    store.put("k", bytes(1_000_000))
    with store.open("k") as file:
        file.read(10)
        store.put("k", b"\1" * 1_000_000)
        file.seek(900_000)
        with pytest.raises(StoreError, match="replaced"):
            file.read(10)


def test_a_body_cut_short_is_read_again(moto_s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    from botocore.exceptions import IncompleteReadError
    from botocore.response import StreamingBody

    store, cuts, real = store_of(moto_s3), [2], StreamingBody.read

    def read(body: StreamingBody, amt: int | None = None) -> bytes:
        if cuts[0]:
            cuts[0] -= 1
            raise IncompleteReadError(actual_bytes=1, expected_bytes=2)
        return real(body, amt)

    store.put("k", b"whole")
    monkeypatch.setattr(StreamingBody, "read", read)
    assert store.read("k") == b"whole"
    cuts[0] = 99
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    with pytest.raises(StoreError, match="did not answer"):
        store.read("k")


@pytest.mark.slow
@pytest.mark.service
def test_large_files_go_in_parts(radosgw_s3: S3Server, tmp_path: Path) -> None:
    store, path = store_of(radosgw_s3), tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(70 << 20)
        file.seek(69 << 20)
        file.write(b"tail")
    store.upload(path, "large")
    head = radosgw_s3.client().head_object(Bucket=radosgw_s3.bucket, Key="p/large")
    assert "-" in head["ETag"], "it was not a multipart upload"
    got = store.fetch("large", tmp_path / "..")
    assert got.stat().st_size == 70 << 20
    with store.open("large") as file:
        file.seek(69 << 20)
        assert file.read(4) == b"tail"
    got.unlink()


def test_fetch_of_a_missing_key_leaves_no_file(moto_s3: S3Server, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        store_of(moto_s3).fetch("nope/file", tmp_path)
    assert list(tmp_path.iterdir()) == []
