"""Run a plain callable over items: in this process, in worker processes, or as Ray tasks.

The plan is made before an executor is chosen, so what is done never depends on the number of workers.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from infra.lean import lean
from schemas.errors import ClearinghouseError

Item = TypeVar("Item")
Result = TypeVar("Result")


class Executor(Protocol):
    """Applies ``fn`` to every item and yields results as they finish; the first error stops the rest."""

    def map(self, fn: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]: ...


class WorkerDied(ClearinghouseError):
    """A worker process was killed from outside, most often for want of memory."""

    exit_code = 9
    transient = True


class UnknownExecutor(ClearinghouseError):
    """A name that is no executor's."""

    exit_code = 2


@dataclass(frozen=True)
class Inline:
    """Everything in this process, in order. What tests and single units use."""

    def map(self, fn: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        return map(fn, items)


@dataclass(frozen=True)
class Processes:
    """A pool of spawned processes. Spawn, not fork: Arrow, Polars and Hyperscan hold threads and locks."""

    workers: int

    def map(self, fn: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(self.workers, mp_context=spawn, initializer=lean) as pool:
            waiting = {pool.submit(fn, item) for item in items}
            try:
                for done in as_completed(waiting):
                    waiting.discard(done)
                    yield done.result()
            except BrokenProcessPool as broken:
                raise WorkerDied(
                    "a worker process died before it finished its unit of work",
                    state="finished units have their receipts; the one that died left nothing",
                    fix="run the same command again; with --workers 1 if memory was short",
                ) from broken
            finally:
                for future in waiting:
                    future.cancel()


@dataclass(frozen=True)
class Ray:
    """Ray Core tasks, for runs that need more than one node. Needs the ``ray`` extra.

    Connects to the cluster that ``RAY_ADDRESS`` names, or else starts one on this machine.
    """

    workers: int

    def map(self, fn: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        import ray

        if not ray.is_initialized():
            ray.init(num_cpus=self.workers, include_dashboard=False, log_to_driver=False)
        task: Any = ray.remote(max_retries=2)(fn)
        waiting = [task.remote(item) for item in items]
        while waiting:
            done, waiting = ray.wait(waiting, num_returns=1)
            try:
                yield ray.get(done[0])
            except ray.exceptions.RayTaskError as error:
                raise error.as_instanceof_cause() from None


def executor(kind: str, workers: int) -> Executor:
    """The executor of that name; one worker needs no pool."""
    if kind not in ("inline", "processes", "ray"):
        raise UnknownExecutor(
            f"no executor is called {kind!r}", fix="choose inline, processes or ray (CLEARINGHOUSE_EXECUTOR)"
        )
    if kind == "ray":
        return Ray(workers)
    return Inline() if kind == "inline" or workers == 1 else Processes(workers)
