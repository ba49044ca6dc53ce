"""Start-up and memory that a process of ours need not pay for.

Arrow looks for pandas when its first array is made from Python, and imports it where it is installed: a third of a CPU
second and 80 MB in every command and every worker, for data frames that nothing here ever gives it. In processes that
are wholly ours (the command line and the workers of `infra.executors`) Arrow is told that there is none. Only the
recognition of pandas' objects (its NA in a list, a Series as an array) is switched off by it: ``to_pandas`` still imports
pandas when it is called, and ``import pandas`` works as ever.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib.util
import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

#: glibc's names of what may be set while it runs (malloc.h).
_TRIM, _MAP = -1, -3
#: Blocks from so many bytes on go back to the system when they are free, and the end of the heap from so many on. What
#: numpy makes and drops on the way is smaller: to have it from the system anew each time costs a sixth of an ingest.
_LARGE, _BACK = 4 << 20, 8 << 20
#: Polars' own allocator (jemalloc, whose variable has this prefix in Rust) keeps pages that are free until the system
#: asks for them, which counts as ours: 25 to 30 MB of a release. Given back at once they cost no CPU that can be measured.
_RUST = ("_RJEM_MALLOC_CONF", "dirty_decay_ms:0,muzzy_decay_ms:0")
#: New objects until Python looks for cycles among them, and how many such looks until older ones are looked at too.
_CYCLES = (100_000, 50, 100)
#: What gives free memory back, in a lean process.
_trim: list[Any] = []


def lean() -> None:
    """Make this process a small one: `arrow_without_pandas`, and free memory goes back to the system: large blocks at
    once, the rest at `give_back`. Arrow's own allocator keeps what it once had, and glibc's does so for blocks of up to
    32 MB: a fifth of the peak of an ingest.
    Python looks for cycles a hundred times less often than it would: it makes next to none here, and to look while
    modules and expressions are built, which all stay, was a tenth of a start.
    """
    arrow_without_pandas()
    gc.set_threshold(*_CYCLES)
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    os.environ.setdefault(*_RUST)
    with contextlib.suppress(OSError, AttributeError):
        # Another C library has no such call.
        library = ctypes.CDLL(None)
        library.mallopt(_MAP, _LARGE)
        library.mallopt(_TRIM, _BACK)
        _trim[:] = [library.malloc_trim]


def give_back() -> None:
    """Give all free memory back to the system, where this process is `lean`: between two steps of a job, so that one
    does not keep what another has no more use for."""
    for trim in _trim:
        trim(0)


def arrow_without_pandas() -> None:
    """Make Arrow do without pandas in this process, now or when it is imported. Not for a process of others."""
    if "pandas" in sys.modules or any(isinstance(finder, _Waiting) for finder in sys.meta_path):
        return
    if "pyarrow" in sys.modules:
        _settle(sys.modules["pyarrow"])
    else:
        sys.meta_path.insert(0, _Waiting())


class _Waiting(MetaPathFinder):
    """Finds nothing, but is asked for Arrow before the finder that does."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        del path, target
        if name != "pyarrow":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            loader: Any = spec.loader
            run = loader.exec_module

            def then_settle(module: ModuleType) -> None:
                run(module)
                _settle(module)

            loader.exec_module = then_settle
        return spec


class _None(MetaPathFinder):
    """There is no pandas."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        del path, target
        if name == "pandas":
            raise ModuleNotFoundError("no pandas for Arrow", name=name)


def _settle(arrow: ModuleType) -> None:
    """Have both of Arrow's looks for pandas fall in a moment when there is none; each is taken once."""
    if "pandas" in sys.modules:
        return
    nowhere = _None()
    sys.meta_path.insert(0, nowhere)
    try:
        # One looks when it is asked for classes to compare with, one when it makes the first array.
        getattr(getattr(arrow.lib, "_pandas_api", None), "have_pandas", None)
        arrow.array([None])
    finally:
        sys.meta_path.remove(nowhere)
