"""A store in a folder: killed, filled up, forbidden; whole objects come of it or none."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import stat
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from infra.store import open_store
from infra.store.local import LocalStore
from schemas.errors import StoreError
from tests.infra.stores import write_for_ever

pytestmark = pytest.mark.fork


def temporaries(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.name.startswith(".tmp-")]


def test_killed_writers_leave_whole_objects(tmp_path: Path) -> None:
    """SIGKILL at random (seeded) moments; objects of one repeated byte show any tear."""
    store, dice = LocalStore(str(tmp_path / "store")), random.Random(20)
    spawn = multiprocessing.get_context("fork")
    seen = strays = 0
    for turn in range(25):
        child = spawn.Process(target=write_for_ever, args=(store.uri, turn))
        child.start()
        # However busy the machine is, it is killed at work and not before.
        patience = time.monotonic() + 20
        while not any((tmp_path / "store").rglob("*")) and time.monotonic() < patience:
            time.sleep(0.001)
        time.sleep(dice.uniform(0.005, 0.06))
        child.kill()
        child.join()
        for entry in store.list():
            data = store.read(entry.key)
            assert len(data) == entry.bytes
            assert data == data[:1] * len(data)
            assert len(data) in (1, 4096, 3_000_000)
            seen += 1
        strays += len(temporaries(tmp_path))
        shutil.rmtree(tmp_path / "store", ignore_errors=True)
    assert seen > 25, "the children were killed before they wrote anything"
    assert strays, "no child was killed in the middle of a write"


def test_an_object_is_flushed_before_it_gets_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[str] = []
    real = {name: getattr(os, name) for name in ("fsync", "link", "replace", "rename")}

    def spy(name: str):
        def call(*args, **kwargs):
            if name == "fsync":
                events.append("flush folder" if stat.S_ISDIR(os.fstat(args[0]).st_mode) else "flush file")
            else:
                events.append("name")
            return real[name](*args, **kwargs)

        return call

    (tmp_path / "a").mkdir()
    for name in real:
        monkeypatch.setattr(os, name, spy(name))
    for if_absent in (True, False):
        LocalStore(str(tmp_path)).put("a/k", b"x", if_absent=if_absent)
        assert events == ["flush file", "name", "flush folder"]
        events.clear()
    # New folders are flushed into the ones that hold them, or a power cut would lose all that is below.
    LocalStore(str(tmp_path)).put("new/deep/k", b"x")
    assert events == ["flush folder", "flush folder", "flush file", "name", "flush folder"]


def test_sweep_takes_what_the_dead_left_and_no_more(tmp_path: Path) -> None:
    store = LocalStore(str(tmp_path))
    store.put("a/k", b"x")
    old, fresh = tmp_path / "a" / ".tmp-1-old", tmp_path / "a" / ".tmp-2-fresh"
    for path in (old, fresh):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    assert [entry.key for entry in store.list()] == ["a/k"]
    assert list(store.folders()) == ["a"]
    assert store.sweep() == 1
    assert not old.exists()
    assert fresh.exists()
    assert store.sweep(older_than=-60) == 1
    assert store.sweep(older_than=-60) == 0
    assert store.read("a/k") == b"x"


def test_a_full_disk_is_told_and_changes_nothing(tmp_path: Path) -> None:
    root = tmp_path / "small"
    root.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(root)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small file system needs root")
    try:
        store = open_store(str(root / "store"))
        store.put("a/k", b"old")
        big = tmp_path / "big"
        big.write_bytes(bytes(1 << 20))
        for write in (
            lambda: store.put("a/k", bytes(1 << 20)),
            lambda: store.put("a/new", bytes(1 << 20), if_absent=True),
            lambda: store.upload(big, "a/k"),
        ):
            with pytest.raises(StoreError, match="No space left") as caught:
                write()
            assert "a/" in caught.value.message
            assert "nothing was changed" in caught.value.state
            assert "space" in caught.value.fix
            assert caught.value.transient
        assert store.read("a/k") == b"old"
        assert store.stat("a/new") is None
        assert not temporaries(root)
        subprocess.run(["mount", "-o", "remount,ro", str(root)], check=True)
        with pytest.raises(StoreError, match="Read-only") as caught:
            store.put("a/k", b"new")
        assert not caught.value.transient
    finally:
        subprocess.run(["umount", str(root)], check=True)


def _as_nobody(uri: str, results) -> None:
    os.setgid(65534)
    os.setuid(65534)
    store = open_store(uri)
    for work in (lambda: store.put("a/k", b"x"), lambda: store.read("secret/k"), lambda: list(store.list("secret/"))):
        try:
            work()
            results.put("no error")
        except StoreError as error:
            results.put((str(error), error.transient))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_lack_of_rights_is_told() -> None:
    root = Path(tempfile.mkdtemp())
    try:
        root.chmod(0o755)
        store = LocalStore(str(root))
        store.put("secret/k", b"x")
        (root / "secret").chmod(0o700)
        context = multiprocessing.get_context("fork")
        results = context.Queue()
        child = context.Process(target=_as_nobody, args=(store.uri, results))
        child.start()
        told = [results.get(timeout=60) for _ in range(3)]
        child.join()
    finally:
        shutil.rmtree(root)
    for (text, transient), key in zip(told, ("a/k", "secret/k", "secret/"), strict=True):
        assert key in text
        assert "Permission denied" in text
        assert "fix:" in text
        assert not transient


def test_a_key_below_a_file_cannot_be_written(tmp_path: Path) -> None:
    store = LocalStore(str(tmp_path))
    store.put("a", b"x")
    with pytest.raises(StoreError, match="a/b"):
        store.put("a/b", b"y")
    store.put("folder/k", b"x")
    with pytest.raises(StoreError, match="folder"):
        store.put("folder", b"y")
    assert [entry.key for entry in store.list()] == ["a", "folder/k"]
    assert not temporaries(tmp_path)


def test_fetch_is_the_stores_own_file(tmp_path: Path) -> None:
    store = LocalStore(str(tmp_path / "store"))
    store.put("a/k", b"x")
    assert store.fetch("a/k", tmp_path) == tmp_path / "store/a/k"
