"""A folder that keeps pieces of remote shards: bounded, shared by processes and readers, whole after any crash.

Each piece is a file of its own, ``v1/<2 of the digest>/<SHA-256 of the shard>-<number of the piece>``, written under a
temporary name and renamed, so that a name stands for whole bytes. What is read from it is checked like what comes from
the store: a piece that rotted is thrown away and fetched again. Nothing waits for anyone: two processes that want the
same piece may both fetch it, and one of the two files stays. A piece that one process throws out while another reads
it stays readable for that one, as files do.

The bytes in the folder are counted in ``v1/size`` under an advisory lock that is held for the moment of counting; a
process that dies gives it back. What has no room goes: those used longest ago first, down to nine tenths of the limit.
A cache that cannot be written (full disk, no permission) is told of once and done without.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pyarrow as pa

from schemas.errors import ClearinghouseError

DEFAULT_BYTES = 50 * 10**9
"""Limit of a cache where none is given."""
_LOW = 0.9
_UNITS = {
    "": 1,
    "K": 10**3,
    "M": 10**6,
    "G": 10**9,
    "T": 10**12,
    "KI": 1 << 10,
    "MI": 1 << 20,
    "GI": 1 << 30,
    "TI": 1 << 40,
}
#: A temporary file that nobody holds and that is older (seconds) was left by a process that died.
_LEFT_BEHIND = 60.0


class CacheRefused(ClearinghouseError, ValueError):
    """A cache that cannot be: a limit that is none, or below what reading needs."""

    exit_code = 2


class CacheWarning(UserWarning):
    """A cache that is done without from now on."""


def as_bytes(text: str | int) -> int:
    """A number of bytes from ``200GB``, ``64 GiB`` or a plain number. Raises `CacheRefused`."""
    match = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([KMGT]I?)?B?\s*", str(text).upper())
    number = int(float(match[1]) * _UNITS[match[2] or ""]) if match else 0
    if number < 1:
        raise CacheRefused(f"{text!r} is no size of a cache", fix="write cache_bytes=200_000_000_000 or '200GB'")
    return number


class Cache:
    """Pieces in ``folder``, of ``limit`` bytes at most. Threads and processes may share it; it can be pickled."""

    def __init__(self, folder: str | os.PathLike[str], limit: int | str | None = None) -> None:
        """Makes the folder, readable by this user alone. Raises `CacheRefused`."""
        self.limit = DEFAULT_BYTES if limit is None else as_bytes(limit)
        self.folder = Path(folder).expanduser().absolute()
        self._root = self.folder / "v1"
        self.off = ""
        """Why it is done without, if it is."""
        self._lock = threading.Lock()
        try:
            self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise CacheRefused(
                f"the cache folder {self.folder} cannot be made: {error.strerror}", fix="name another folder"
            ) from None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_lock": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _lock=threading.Lock())

    def needs(self, number: int, what: str) -> None:
        """Raises `CacheRefused` where the limit is below ``number`` bytes."""
        if self.limit < number:
            raise CacheRefused(
                f"a cache of {self.limit} bytes is too small: {what} is {number} bytes",
                fix=f"give cache_bytes={number} or more, or no cache",
            )

    def get(self, shard: str, piece: int) -> pa.Buffer | None:
        """A piece, mapped into memory, or ``None``. Marks it as used."""
        path = self._path(shard, piece)
        try:
            with pa.memory_map(str(path), "r") as file:
                found: pa.Buffer = file.read_buffer()
            os.utime(path)
        except (OSError, pa.ArrowInvalid):
            return None
        return found

    def put(self, shard: str, piece: int, data: pa.Buffer) -> None:
        """Keep a piece, where there is room or room can be made. Never raises for the disk's sake."""
        path = self._path(shard, piece)
        if self.off or data.size > self.limit or path.exists():
            return
        try:
            with self._counting() as count:
                if count.bytes + data.size > self.limit:
                    count.bytes = self._evict(min(int(self.limit * _LOW), self.limit - data.size))
                # As long as it will be from the first: whoever counts the files meanwhile counts all of it.
                handle, name = self._begin(path, data.size)
                count.bytes += data.size
            self._write(handle, name, path, data)
        except OSError as error:
            self._without(error)

    def forget(self, shard: str) -> None:
        """Throw away all pieces of a shard, such as one whose rows were erased."""
        folder = self._root / shard[:2]
        for path in folder.glob(f"{shard}-*") if folder.is_dir() else ():
            path.unlink(missing_ok=True)

    def drop(self, shard: str, piece: int) -> None:
        """Throw away a piece that is not what it should be."""
        self._path(shard, piece).unlink(missing_ok=True)

    def bytes(self) -> int:
        """Bytes that its files take now."""
        return sum(size for _, size, _ in self._files())

    def _path(self, shard: str, piece: int) -> Path:
        return self._root / shard[:2] / f"{shard}-{piece}"

    def _begin(self, path: Path, size: int) -> tuple[int, str]:
        path.parent.mkdir(exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(prefix=".", dir=path.parent)
        try:
            # The lock tells others that somebody is at it; it goes with the process.
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.posix_fallocate(handle, 0, size)
        except OSError:
            os.close(handle)
            Path(name).unlink(missing_ok=True)
            raise
        return handle, name

    def _write(self, handle: int, name: str, path: Path, data: pa.Buffer) -> None:
        try:
            with os.fdopen(handle, "r+b") as file:
                file.write(data)
                file.flush()
                Path(name).rename(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise

    @contextmanager
    def _counting(self) -> Iterator[_Count]:
        handle = os.open(self._root / "size", os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b", buffering=0) as file, self._lock:
            with suppress(OSError):  # a file system without locks: the count is a guess, corrected at every eviction
                fcntl.flock(file, fcntl.LOCK_EX)
            raw = file.read(8)
            count = _Count(int.from_bytes(raw, "little") if len(raw) == 8 else sum(s for _, s, _ in self._files()))
            yield count
            file.seek(0)
            file.write(max(count.bytes, 0).to_bytes(8, "little"))

    def _evict(self, target: int) -> int:
        """Throw out what was used longest ago until the files take ``target`` bytes; returns what they take."""
        files = sorted(self._files())
        total = sum(size for _, size, _ in files)
        for _, size, path in files:
            if total <= max(target, 0):
                break
            with suppress(FileNotFoundError):
                path.unlink()
            total -= size
        return total

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        """When each file was used last, its bytes and its path; what dead processes left behind is removed."""
        for folder in os.scandir(self._root):
            if not folder.is_dir():
                continue
            for entry in os.scandir(folder.path):
                with suppress(FileNotFoundError):
                    stat = entry.stat()
                    if entry.name.startswith(".") and _left_behind(entry.path, stat.st_mtime):
                        Path(entry.path).unlink()
                        continue
                    yield stat.st_mtime, stat.st_size, Path(entry.path)

    def _without(self, error: OSError) -> None:
        if self.off:
            return
        self.off = error.strerror or str(error)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            fix = "free some space, or give a smaller cache_bytes"
        else:
            fix = "see that the folder can be written"
        warnings.warn(
            f"the cache in {self.folder} is done without from now on: {self.off}. What is read comes from the store. "
            f"To use it again: {fix}, and open the release again.",
            CacheWarning,
            stacklevel=2,
        )


def as_cache(folder: str | os.PathLike[str] | None, limit: int | str | None) -> Cache | None:
    """The cache that arguments name, else the environment; ``None`` where neither does. Raises `CacheRefused`."""
    if folder is None:
        folder = os.environ.get("CLEARINGHOUSE_CACHE") or ""
    if limit is None:
        limit = os.environ.get("CLEARINGHOUSE_CACHE_BYTES") or None
    return Cache(folder, limit) if os.fspath(folder) else None


class _Count:
    def __init__(self, number: int) -> None:
        self.bytes = number


def _left_behind(path: str, used: float) -> bool:
    if time.time() - used < _LEFT_BEHIND:
        return False
    with suppress(OSError), Path(path).open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


__all__ = ["DEFAULT_BYTES", "Cache", "CacheRefused", "CacheWarning", "as_bytes", "as_cache"]
