"""Folders for clean rows on their way to the store. A process that is killed leaves its own; the next one sweeps it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, gettempdir

from schemas.errors import StoreError


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone at the end (``TMPDIR`` chooses the disk). Raw values never enter it.

    Raises `StoreError` where the disk is full or cannot be written.
    """
    try:
        with _place() as place:
            # No other process sweeps between the folder and its lock, which goes with the process.
            with _locked(place):
                _sweep(place)
                made = TemporaryDirectory(dir=place)
                held = _lock(Path(made.name))
            try:
                with made as folder:
                    yield Path(folder)
            finally:
                if held is not None:
                    os.close(held)
    except OSError as error:
        raise StoreError(
            f"cannot write the scratch folder: {error.strerror or type(error).__name__}",
            state="nothing was committed; units finished before keep their receipts",
            fix="free some space or set TMPDIR to a disk that has it, then run the same command again",
        ) from None


@contextmanager
def _place() -> Iterator[Path]:
    """Where the folders of this user stand; a place of this call's own where another user made that name."""
    place = Path(gettempdir(), f"clearinghouse-scratch-{os.getuid()}")
    place.mkdir(mode=0o700, exist_ok=True)
    if not place.is_symlink() and place.stat().st_uid == os.getuid():
        yield place
        return
    with TemporaryDirectory(prefix="clearinghouse-") as own:
        yield Path(own)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):  # a file system without locks: nothing is swept there either
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _lock(folder: Path) -> int | None:
    """Takes a folder's lock and gives what holds it; ``None`` where somebody has it, or where no folder is."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _sweep(place: Path) -> None:
    """Removes the folders that no process holds."""
    for left in place.iterdir():
        held = _lock(left)
        if held is not None:
            rmtree(left, ignore_errors=True)
            os.close(held)
