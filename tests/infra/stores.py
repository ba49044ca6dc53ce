"""Stores for tests: each kind by name, and the work that child processes do on one."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from pathlib import Path

import pytest

from infra.store import Store, open_store
from infra.store.sequence import append

KINDS = ["local", "moto", pytest.param("radosgw", marks=pytest.mark.service)]


def make_store(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty store: a folder that is not there yet, or a prefix in a fresh bucket (its environment is set)."""
    if kind == "local":
        return open_store(str(tmp_path / "store"))
    server = request.getfixturevalue(f"{kind}_s3")
    return open_store(f"s3://{server.bucket}/some/prefix?endpoint_url={server.endpoint_url}")


def append_some(uri: str, prefix: str, writer: int, count: int) -> list[int]:
    """Append ``count`` objects that name their writer; returns the numbers that it was told."""
    store = open_store(uri)
    return [append(store, prefix, lambda number, _: f"{writer}/{number}/".encode()) for _ in range(count)]


def write_for_ever(uri: str, seed: int) -> None:
    """Replace, create and upload whole objects until killed; every object is one byte value, repeated."""
    store, dice = open_store(uri), random.Random(seed)
    upload = Path(uri).parent / f"upload-{seed}"
    number = 0
    while True:
        data = bytes([dice.randrange(256)]) * dice.choice([1, 4096, 3_000_000])
        choice = dice.randrange(3)
        if choice == 0:
            store.put("replaced", data)
        elif choice == 1:
            store.put(f"created/{os.getpid()}/{number}", data, if_absent=True)
        else:
            upload.write_bytes(data)
            store.upload(upload, "uploaded")
        number += 1


def read_in_forks(store: Store, key: str) -> list[bytes]:
    """What two forks of this process read, whose own client is in use. For a process of its own: one with threads is
    not to be forked."""
    found = [store.read(key)]
    with multiprocessing.get_context("fork").Pool(2) as pool:
        found += pool.starmap(read_back, [(store.uri, key)] * 4)
        found += pool.map(store.read, [key] * 4)
    return [*found, store.read(key)]


def read_back(uri: str, key: str, seconds: float = 0) -> bytes:
    time.sleep(seconds)
    return open_store(uri).read(key)
