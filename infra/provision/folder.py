"""Zones of a store in a folder: modes and owners. What a disk does with bytes is not seen from here."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from infra.provision import Finding, State
from infra.store.local import LocalStore
from schemas.errors import StoreError
from schemas.zones import Zone, Zones

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_UNSEEN = (
    ("encryption", "a disk is encrypted below the file system: ask who runs this machine"),
    ("versioning", "a folder has no versions: keep backups"),
    ("lock", "files of a folder can be removed by their owner: keep heads of the ledger elsewhere"),
)


def check(store: LocalStore, zones: Zones) -> list[Finding]:
    """Modes and owners of the store's folder and of every zone's that is there."""
    store.check()
    found = [_mode("*", Path(store.root), 0o750, _OTHERS_WRITE)]
    for zone in zones.zones:
        path = Path(store.root, zone.prefix)
        if path.is_dir():
            found.append(_mode(zone.name, path, _wanted(zone), _OTHERS if zone.private else _OTHERS_WRITE))
        else:
            # What the first write makes has the mode of its process: good enough where others may read.
            state: State = "wrong" if zone.private else "ok"
            found.append(
                Finding(zone.name, "mode", state, "there is no such folder yet", oct(_wanted(zone)), mends=True)
            )
        if zone.expire_days is not None:
            told = "nothing here expires by itself: run clearinghouse quarantine purge"
            found.append(Finding(zone.name, "lifecycle", "unknown", told, f"{zone.expire_days} days"))
    found += [Finding("*", what, "unknown", told) for what, told in _UNSEEN]
    return found


def provision(store: LocalStore, zones: Zones, *, dry_run: bool) -> list[str]:
    """Make the folders of all zones, and take from others what is not theirs."""
    done = []
    wanted = [("*", Path(store.root), 0o750, _OTHERS_WRITE)]
    wanted += [
        (zone.name, Path(store.root, zone.prefix), _wanted(zone), _OTHERS if zone.private else _OTHERS_WRITE)
        for zone in zones.zones
    ]
    try:
        for _, path, mode, refused in wanted:
            if not path.is_dir():
                done.append(f"make {path} ({oct(mode)})")
                if not dry_run:
                    path.mkdir(mode=mode, parents=True)
                    path.chmod(mode)
            elif path.stat().st_mode & refused:
                mode = stat.S_IMODE(path.stat().st_mode) & ~refused
                done.append(f"set the mode of {path} to {oct(mode)}")
                if not dry_run:
                    path.chmod(mode)
    except OSError as error:
        raise StoreError(
            f"cannot set up {error.filename}: {error.strerror}",
            state=f"done before it: {', '.join(done[:-1]) or 'nothing'}",
            fix="run the same command as the owner of the store",
        ) from None
    return done


def _wanted(zone: Zone) -> int:
    return 0o700 if zone.private else 0o750


def _mode(zone: str, path: Path, mode: int, refused: int) -> Finding:
    status = path.stat()
    there = stat.S_IMODE(status.st_mode)
    if status.st_uid != os.geteuid():
        told = f"{path} belongs to user {status.st_uid}, not to this one ({os.geteuid()})"
        return Finding(zone, "owner", "wrong", told, f"user {os.geteuid()}")
    if there & refused:
        who = "others can read or write" if refused == _OTHERS else "others can write"
        return Finding(zone, "mode", "wrong", f"{path} is {oct(there)}: {who}", oct(there & ~refused), mends=True)
    return Finding(zone, "mode", "ok", f"{path} is {oct(there)}", oct(mode))
