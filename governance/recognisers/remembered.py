"""What is worked out of expressions, kept between processes: to parse hundreds of them takes each process a second."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemas.caches import cache_folder

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

#: The modules that work it out: of other ones it is worked out anew.
_WORKERS = ("chains.py", "needle_scan.py", "pattern.py", "shape.py")
#: The length of a digest as it is written.
DIGEST = 64
#: Files of one kind that stay in the cache.
_KEPT = 256


def remembered(kind: str, keys: Sequence[str], work: Callable[[int], Any]) -> list[Any]:
    """``work(i)`` for each of ``keys``, from the cache where an earlier process left it.

    What ``work`` gives is JSON and depends on ``kind``, the key and the modules of `_WORKERS` alone. A cache that cannot
    be read or written, is damaged, or was left by another Python or another version of those modules, is passed over in
    silence: it only costs time.
    """
    file = _file(kind, keys)
    with contextlib.suppress(OSError, ValueError):
        told = file.read_bytes()
        if told[:DIGEST] == digest(told[DIGEST:]):
            used(file)
            return list(json.loads(told[DIGEST:]))
    body = json.dumps([work(i) for i in range(len(keys))]).encode()
    leave(file, digest(body) + body)
    return list(json.loads(body))


def leave(file: Path, content: bytes, stay: int | None = None) -> None:
    """Leaves a file for later processes, whole or not at all, where that can be done. ``stay`` of its kind stay."""
    with contextlib.suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as temporary:
            temporary.write(content)
        Path(temporary.name).replace(file)
        _thin(file, _KEPT if stay is None else stay)


def used(file: Path) -> None:
    """Tells that a file was read, so that it stays when others go."""
    with contextlib.suppress(OSError):
        os.utime(file)


def _thin(file: Path, stay: int) -> None:
    """Removes what nobody has read for longest where there are more than so many files of one kind: each version of the
    expressions leaves some."""
    others = sorted(file.parent.glob(f"*{file.suffix}"), key=lambda each: each.stat().st_mtime)
    for old in others[: max(0, len(others) - stay)]:
        if old != file:
            old.unlink(missing_ok=True)


def _file(kind: str, keys: Sequence[str]) -> Path:
    name = hashlib.sha256(f"{kind}\0{sys.version}".encode())
    for worker in _WORKERS:
        with contextlib.suppress(OSError):
            name.update(Path(__file__).with_name(worker).read_bytes())
    name.update("\0".join(keys).encode())
    return cache_folder() / f"{name.hexdigest()}.{kind}"


def digest(content: ReadableBuffer) -> bytes:
    """What stands before a file's content and says that it is whole."""
    return hashlib.sha256(content).hexdigest().encode()
