"""Many writers of one governed ledger, on a folder, on moto and on a real gateway: one chain, nothing lost or doubled."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from clearinghouse.catalog import ledger
from clearinghouse.jobs.people import anchor
from clearinghouse.jobs.record import record
from governance.ledger import Verifier
from infra.store import open_store
from tests.governed import World, signer
from tests.infra.stores import KINDS, make_store

pytestmark = pytest.mark.fork

AT = "2026-01-31T08:00:00Z"


def _write(uri: str, name: str, count: int) -> None:
    store = open_store(uri)
    for number in range(count):
        record(store, kind="reveal", actor=name, at=AT, body={"by": name, "n": number}, signer=signer(name))


@pytest.fixture(params=KINDS)
def world(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(tmp_path, monkeypatch, make_store(request.param, request, tmp_path).uri)
    anchor(made.settings, signer("ada"))
    return made


def test_writers_at_once_make_one_signed_chain(world: World) -> None:
    spawn = multiprocessing.get_context("fork")
    names, count = ("eng", "wen", "lin", "ada"), 6
    writers = [spawn.Process(target=_write, args=(world.settings.store, name, count)) for name in names]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * len(names)
    done = Verifier.over(ledger(world.store))
    assert done.problems == []
    assert (done.head.ordinal, done.signed) == (1 + len(names) * count,) * 2
    found = [json.loads(data)["body"] for _, data in ledger(world.store)][1:]
    assert sorted((one["by"], one["n"]) for one in found) == sorted((name, n) for name in names for n in range(count))


def test_a_writer_that_is_killed_leaves_a_chain_that_goes_on(world: World) -> None:
    fork = multiprocessing.get_context("fork")
    for round_ in range(3):
        writer: Any = fork.Process(target=_write, args=(world.settings.store, "eng", 1000))
        writer.start()
        time.sleep(0.15 + 0.1 * round_)
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        before = Verifier.over(ledger(world.store))
        assert before.problems == []
        # What was written is known again; what was not is written now, once.
        _write(world.settings.store, "eng", min(3, before.head.ordinal))
        assert Verifier.over(ledger(world.store)).problems == []
    found = [json.loads(data)["body"].get("n") for _, data in ledger(world.store)][1:]
    assert found == list(range(len(found)))
