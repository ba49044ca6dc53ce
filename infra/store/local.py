"""A store in a folder of a POSIX file system.

A write goes to a temporary file beside its place, is flushed to the disk (file, then folder), and takes its name in
one step: ``rename`` where it may replace, ``link`` where it must be the first. A process killed on the way leaves a
temporary file that nothing lists and `LocalStore.sweep` removes.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat as modes
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from infra.store import TEMPORARY, Entry, NotFound, check_key
from schemas.errors import StoreError

if TYPE_CHECKING:
    import pyarrow as pa

#: What a path that does not lead to a file raises: nothing there, a part of it a file, or itself a folder.
_ABSENT = (FileNotFoundError, NotADirectoryError, IsADirectoryError)
_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
_BLOCK = 1 << 20


@dataclass(frozen=True)
class LocalStore:
    """Objects as files under ``root``, an absolute path. The folder is made by the first write."""

    root: str

    @property
    def uri(self) -> str:
        return self.root

    def read(self, key: str) -> bytes:
        with self._told("read", key):
            return self._path(key).read_bytes()

    def open(self, key: str) -> pa.NativeFile:
        import pyarrow as pa

        path = self._path(key)
        with self._told("read", key):
            if not path.is_file():
                raise FileNotFoundError
            return pa.OSFile(str(path), mode="r")

    def put(self, key: str, data: bytes, *, if_absent: bool = False) -> bool:
        return self._write(key, lambda file: file.write(data), if_absent)

    def upload(self, path: Path, key: str) -> None:
        try:
            source = path.open("rb")
        except OSError as error:
            raise StoreError(
                f"cannot read {path} to write {key}: {error.strerror}", state="nothing was changed"
            ) from None
        with source:
            self._write(key, lambda file: shutil.copyfileobj(source, file, _BLOCK), False)

    def fetch(self, key: str, directory: Path) -> Path:  # noqa: ARG002
        """The store's own file: reading it needs no copy, and writing to it would break the store."""
        path = self._path(key)
        with self._told("read", key), path.open("rb"):
            return path

    def list(self, prefix: str = "", *, after: str = "") -> Iterator[Entry]:
        folder, _, start = prefix.rpartition("/")
        if "/" in prefix:
            check_key(folder)
        yield from self._walk(f"{folder}/" if folder else "", start, after)

    def _walk(self, folder: str, start: str = "", after: str = "") -> Iterator[Entry]:
        """Files below ``folder`` (empty or ending in ``/``), in the order of their whole keys, as S3 sorts them."""
        for name, is_folder in self._names(folder, start):
            key = folder + name
            if is_folder:
                yield from self._walk(f"{key}/", after=after)
            elif key > after and (entry := self._entry(key)) is not None:
                yield entry

    def _names(self, folder: str, start: str = "") -> Sequence[tuple[str, bool]]:
        """Names in ``folder`` and whether each is a folder; sorted as if folders ended in ``/``."""
        try:
            with os.scandir(Path(self.root, folder)) as found:
                names = [
                    (item.name, item.is_dir())
                    for item in found
                    if item.name.startswith(start) and not item.name.startswith(TEMPORARY)
                ]
        except _ABSENT:
            return ()
        except OSError as error:
            raise self._failed("list", folder or "the store", error) from None
        return sorted(names, key=lambda name: os.fsencode(name[0]) + (b"/" if name[1] else b""))

    def folders(self, prefix: str = "") -> Iterator[str]:
        if prefix:
            check_key(prefix.removesuffix("/"))
        for name, is_folder in self._names(prefix):
            if is_folder and next(self._walk(f"{prefix}{name}/"), None) is not None:
                yield name

    def stat(self, key: str) -> Entry | None:
        check_key(key)
        with self._told("look at", key):
            return self._entry(key)

    def _entry(self, key: str) -> Entry | None:
        try:
            found = Path(self.root, key).stat()
        except _ABSENT:
            return None
        return Entry(key, found.st_size) if modes.S_ISREG(found.st_mode) else None

    def written(self, key: str) -> datetime:
        path = self._path(key)
        with self._told("look at", key):
            return datetime.fromtimestamp(path.stat().st_mtime, UTC)

    def delete(self, key: str) -> None:
        path = self._path(key)
        with self._told("delete", key), contextlib.suppress(*_ABSENT):
            path.unlink()
            _flush_folder(path.parent)

    def check(self) -> Sequence[str]:
        if not Path(self.root).is_dir():
            error = StoreError(
                f"there is no store at {self.root}",
                fix="give its folder by --store or CLEARINGHOUSE_STORE; the first ingest makes it",
            )
            error.transient = False
            raise error
        with self._told("list", "the store"), os.scandir(self.root):
            return ()

    def sweep(self, older_than: float = 24 * 3600) -> int:
        """Remove temporary files that nothing has written to for ``older_than`` seconds; returns how many.

        The age keeps the writes of live processes: none lets a minute pass between two blocks.
        """
        swept, limit = 0, time.time() - older_than
        for folder, _, names in os.walk(self.root):
            for path in (Path(folder, name) for name in names if name.startswith(TEMPORARY)):
                with self._told("sweep", path.name), contextlib.suppress(FileNotFoundError):
                    if path.stat().st_mtime <= limit:
                        path.unlink()
                        swept += 1
        return swept

    def _path(self, key: str) -> Path:
        return Path(self.root, check_key(key))

    def _write(self, key: str, fill: Callable[[BinaryIO], object], if_absent: bool) -> bool:
        path = self._path(key)
        # Beside its place, so that both are on one file system.
        temporary = path.with_name(f"{TEMPORARY}{os.getpid()}-{uuid.uuid4().hex}")
        named = False
        try:
            _make_folder(path.parent)
            first = not (if_absent and path.exists())
            if first:
                with temporary.open("xb") as file:
                    fill(file)
                    file.flush()
                    os.fsync(file.fileno())
                if if_absent:
                    first = _link(temporary, path)
                else:
                    temporary.replace(path)
            named = True
            # Also for who came second: what it will build upon must outlive a power cut.
            _flush_folder(path.parent)
            return first
        except OSError as error:
            raise self._failed("write", key, error, named=named) from None
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink()

    @contextlib.contextmanager
    def _told(self, verb: str, key: str) -> Iterator[None]:
        try:
            yield
        except StoreError:
            raise
        except _ABSENT:
            raise NotFound(f"there is no {key} in the store {self.root}", state="nothing was changed") from None
        except OSError as error:
            raise self._failed(verb, key, error) from None

    def _failed(self, verb: str, key: str, error: OSError, *, named: bool = False) -> StoreError:
        fixes = {
            errno.ENOSPC: "free some space on that disk, then run the same command again",
            errno.EDQUOT: "free some of the quota, then run the same command again",
            errno.EACCES: "give this user the right to it, then run the same command again",
            errno.EPERM: "give this user the right to it, then run the same command again",
            errno.EROFS: "mount it for writing, or choose another store",
        }
        code = error.errno or 0
        if verb == "write" and code in _NO_LINKS and error.filename2:
            reason, fix = "its file system has no hard links", "choose a folder on another file system, or S3"
        else:
            reason, fix = error.strerror or type(error).__name__, fixes.get(code, "run the same command again")
        made = StoreError(
            f"cannot {verb} {key} in the store {self.root}: {reason}",
            state=(
                f"{key} is written, but may not outlive a power cut"
                if named
                else f"nothing was changed: {key} is as it was before"
            ),
            fix=fix,
        )
        made.transient = code not in {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG}
        return made


def _link(temporary: Path, path: Path) -> bool:
    """Give the file its name unless that is taken: ``link`` fails where ``rename`` would replace."""
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        return False
    return True


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, each made durable in the one that holds it."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        with contextlib.suppress(FileExistsError):
            each.mkdir()
        _flush_folder(each.parent)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        # Some network file systems cannot flush folders; they order name changes themselves.
        if error.errno not in (errno.EINVAL, errno.EBADF):
            raise
    finally:
        os.close(handle)
