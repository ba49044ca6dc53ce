"""Executors do the same work, in this process or in others."""

from __future__ import annotations

import os

import pytest

from infra.executors import Inline, UnknownExecutor, WorkerDied, executor
from schemas.errors import SourceChanged


def double(number: int) -> int:
    return 2 * number


def fail(number: int) -> int:
    raise SourceChanged(f"piece {number}", state="nothing", fix="again")


def die(number: int) -> int:
    os._exit(9)


@pytest.mark.parametrize(("kind", "workers"), [("inline", 4), ("processes", 1), ("processes", 2)])
def test_every_item_is_done(kind: str, workers: int) -> None:
    assert sorted(executor(kind, workers).map(double, range(5))) == [0, 2, 4, 6, 8]


def test_one_worker_needs_no_pool() -> None:
    assert executor("processes", 1) == Inline()


def test_an_error_comes_back_whole() -> None:
    with pytest.raises(SourceChanged) as caught:
        list(executor("processes", 2).map(fail, [1]))
    assert (caught.value.state, caught.value.fix) == ("nothing", "again")


def test_a_worker_that_dies_is_told() -> None:
    with pytest.raises(WorkerDied):
        list(executor("processes", 2).map(die, [1, 2]))


@pytest.mark.parametrize("workers", [1, 2])
def test_an_executor_that_is_not_there(workers: int) -> None:
    with pytest.raises(UnknownExecutor, match="magic"):
        executor("magic", workers)
