"""Jobs in a process of their own that is killed (SIGKILL) at a chosen change of its store.

The processes are forked from one that has everything imported and nothing running (`multiprocessing`'s fork server), so
a test can afford to kill one at every change.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import great_expectations  # noqa: F401 - seconds, once for all children instead of once in each

import infra.store
from clearinghouse.jobs.decide import decide
from clearinghouse.jobs.erase import run
from clearinghouse.jobs.ingest import ingest
from clearinghouse.jobs.release import build
from schemas import manifest_shards

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.deadly"])
_CHANGES = ("put", "upload", "delete")


@dataclass(frozen=True)
class Death:
    """When to die: at the n-th change of the store counted from 1, or at the put of ``key``; before it or just after.

    ``inline_shards``: from how many shards on a release lists them beside its manifest, if not as many as usual."""

    change: int = 0
    key: str = ""
    after: bool = False
    inline_shards: int | None = None
    seen: list[int] = field(default_factory=lambda: [0])

    def comes(self, name: str, arguments: tuple[Any, ...]) -> bool:
        """Whether this call is the one; each change counts once."""
        if self.key:
            return name == "put" and arguments[0] == self.key
        self.seen[0] += 1
        return self.seen[0] == self.change


def ended(death: Death, job: Callable[..., Any], *arguments: Any) -> int:
    """Run ``job(*arguments)`` until it ends or dies: its exit status, ``-signal.SIGKILL`` for a death."""
    process = _CONTEXT.Process(target=_child, args=(death, job, arguments))
    process.start()
    process.join()
    assert process.exitcode is not None
    return process.exitcode


def _child(death: Death, job: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    real = infra.store.open_store
    if death.inline_shards is not None:
        manifest_shards.INLINE_SHARDS = death.inline_shards
    infra.store.open_store = lambda uri: _Deadly(real(uri), death)  # type: ignore[assignment, return-value]
    job(*arguments)


class _Deadly:
    def __init__(self, inner: Any, death: Death) -> None:
        self._inner, self._death = inner, death

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name not in _CHANGES:
            return found

        def change(*args: Any, **kwargs: Any) -> Any:
            dies = self._death.comes(name, args)
            if dies and not self._death.after:
                os.kill(os.getpid(), signal.SIGKILL)
            result = found(*args, **kwargs)
            if dies:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return change


__all__ = ["Death", "build", "decide", "ended", "ingest", "run"]
