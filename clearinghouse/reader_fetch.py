"""Bytes from a store that may stall, throttle or break off: tried again with longer and longer pauses, up to a deadline.

Nothing is ever left out silently: what does not come until the deadline is an error that names the object, the bytes
and what was tried. Standard library, pyarrow and `schemas` only.
"""

from __future__ import annotations

import os
import random
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.fs as pafs

from schemas.errors import StoreError

TIMEOUT = 120.0
"""Seconds that a read is tried for, unless told otherwise."""
PAUSE, LONGEST = 0.1, 10.0
"""Seconds before the first further try, about, and the most between two."""
#: Open remote files a process keeps: opening one costs a request.
_OPEN = 64
#: What trying again does not mend, in the words of the AWS SDK and of errno.
_FINAL = re.compile(
    r"ACCESS_DENIED|INVALID_ACCESS_KEY|INVALID_CLIENT_TOKEN|SIGNATURE|NO_SUCH_BUCKET|UNRECOGNIZED_CLIENT|EXPIRED_TOKEN|"
    r"Permission denied|HTTP status 40[013]\b|FORBIDDEN|INVALID_BUCKET",
    re.IGNORECASE,
)

Got = TypeVar("Got")


class Broken(OSError):
    """An answer that is not whole: tried again like one that did not come."""


@dataclass(frozen=True)
class Patience:
    """How long a read is tried for (seconds), and how long one answer may stand still."""

    timeout: float = TIMEOUT

    @property
    def stall(self) -> float:
        """Seconds without a byte after which a connection is given up. curl looks at the last six seconds together, so
        that a connection that broke off in the middle takes as much longer."""
        return max(1.0, min(20.0, self.timeout / 4))

    def run(self, what: str, where: str, call: Callable[[], Got]) -> Got:
        """``call()``, tried again until it succeeds. ``what`` and ``where`` name the object for the error.

        ``FileNotFoundError`` and refusals pass at once; all else is told as `StoreError` once ``timeout`` has passed.
        Pauses double from `PAUSE` to `LONGEST`, each cut by a random part, so that ranks that were throttled together do
        not come back together.
        """
        begun, tries = time.monotonic(), 0
        while True:
            try:
                return call()
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                raise
            except (OSError, pa.ArrowInvalid) as error:
                tries += 1
                said = reason(error)
                spent = time.monotonic() - begun
                pause = min(LONGEST, PAUSE * 2 ** (tries - 1)) * random.uniform(0.5, 1)  # noqa: S311
                if _FINAL.search(str(error)) or isinstance(error, PermissionError):
                    raise StoreError(
                        f"cannot read {what} in {where}: {said}",
                        state="nothing was changed",
                        fix="see that these credentials may read it, then try again",
                    ) from None
                if spent + pause > self.timeout or not threading.main_thread().is_alive():
                    raise StoreError(
                        f"cannot read {what} in {where}: {said} (tried {tries} times in {spent:.0f} s)",
                        state="nothing was changed; what was given out before is right",
                        fix="see that the store is reachable, then go on from the last state; a longer wait is "
                        "timeout=… or CLEARINGHOUSE_READ_TIMEOUT",
                    ) from None
                time.sleep(pause)


def reason(error: BaseException) -> str:
    """The first line of an error: what follows are details of the request."""
    text = (getattr(error, "strerror", None) or str(error) or type(error).__name__).splitlines()[0]
    return text[:300]


def as_timeout(seconds: float | None) -> float:
    """For how many seconds to try: as given, else ``CLEARINGHOUSE_READ_TIMEOUT``, else `TIMEOUT`. Raises ``ValueError``."""
    if seconds is None:
        seconds = float(os.environ.get("CLEARINGHOUSE_READ_TIMEOUT") or TIMEOUT)
    if not 0 <= seconds < float("inf"):
        raise ValueError(f"a timeout is a number of seconds, not {seconds}")
    return seconds


class Handles:
    """Remote files that this process keeps open, the ones used last. For all threads; not carried to other processes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: OrderedDict[str, pa.NativeFile] = OrderedDict()

    def get(self, filesystem: pafs.FileSystem, path: str) -> pa.NativeFile:
        with self._lock:
            found = self._open.get(path)
            if found is not None:
                self._open.move_to_end(path)
                return found
        made = filesystem.open_input_file(path)
        with self._lock:
            self._open[path] = made
            while len(self._open) > _OPEN:
                self._open.popitem(last=False)
        return made

    def drop(self, path: str) -> None:
        with self._lock:
            self._open.pop(path, None)


@dataclass
class Remote:
    """Files of one remote file system, read by ranges. Pickles without what is open."""

    filesystem: pafs.FileSystem
    uri: str
    patience: Patience
    _process: int = 0
    _handles: Handles = field(default_factory=Handles)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_handles": None, "_process": 0}

    def size(self, path: str, name: str) -> int:
        """Bytes of a file. Raises ``FileNotFoundError`` or `StoreError`."""
        return self.patience.run(name, self.uri, lambda: int(self._file(path).size()))

    def read(self, path: str, name: str, start: int, end: int) -> pa.Buffer:
        """Bytes ``start`` up to ``end``, all of them. Raises ``FileNotFoundError`` or `StoreError`."""

        def call() -> pa.Buffer:
            try:
                data = self._file(path).read_at(end - start, start)
                if len(data) != end - start:
                    raise Broken(f"{end - start} bytes were asked for and {len(data)} came")
            except OSError:
                self.drop(path)
                raise
            return pa.py_buffer(data)

        return self.patience.run(f"bytes {start} to {end} of {name}", self.uri, call)

    def drop(self, path: str) -> None:
        """Forget what is known of a file: it is opened anew."""
        self._mine().drop(path)

    def _file(self, path: str) -> pa.NativeFile:
        return self._mine().get(self.filesystem, path)

    def _mine(self) -> Handles:
        if self._process != os.getpid():
            self._process, self._handles = os.getpid(), Handles()
        return self._handles


__all__ = ["LONGEST", "PAUSE", "TIMEOUT", "Broken", "Patience", "Remote", "as_timeout", "reason"]
