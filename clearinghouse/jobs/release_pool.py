"""The pool of a mix: shards by their digest, shared by the releases that hold them.

    releases/<mix>/shards/<sha256>.parquet

A release puts only what is not there yet, so a version that differs in one shard costs one shard. Pools belong to a
mix and not to the store: who may read one mix may not read another, and access is given by folder.

What no manifest names is left over from a build that was killed or given up, and may be removed once it is older than
any build can take (`purge`). A build that finds such a left-over and means to use it writes it again, so that it is
young, and a purge asks for its age right before it removes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from clearinghouse import catalog
from clearinghouse.catalog import ReleaseRef
from infra.store import NotFound
from schemas.errors import ClearinghouseError
from schemas.manifest import ReleaseManifest, Shard, ShardList

if TYPE_CHECKING:
    from infra.store import Entry, Store

GRACE = timedelta(days=7)
"""How old what no manifest names must be before it is removed: longer than any build takes."""
_FRESH = timedelta(hours=12)
"""A left-over that was written within this time is taken as it is: no purge of the same day can want it."""


def folder(mix: str) -> str:
    """Where the shards of a mix's releases lie (format 2), ending in a slash."""
    return f"releases/{mix}/shards/"


def pooled(store: Store, mix: str) -> dict[str, int]:
    """Bytes of every object of a mix's pool by its key."""
    return {entry.key: entry.bytes for entry in store.list(folder(mix))}


def names(release: ReleaseManifest) -> frozenset[str]:
    """Keys of the store of all shards of a release."""
    return frozenset(release.shard_key(number) for number in range(len(release.shards)))


def missing(store: Store, release: ReleaseManifest) -> list[int]:
    """Numbers of the shards of a release that are not there, or not of their size."""
    there = {entry.key: entry.bytes for entry in store.list(f"{release.pool}/shards/")}
    return [
        number
        for number in range(len(release.shards))
        if there.get(release.shard_key(number)) != _bytes(release.shards, number)
    ]


def _bytes(shards: Sequence[Shard], number: int) -> int:
    return shards.columns.bytes[number] if isinstance(shards, ShardList) else shards[number].bytes


def to_send(
    store: Store, release: ReleaseManifest, made: Iterable[tuple[str, Shard]], parent: ReleaseManifest | None
) -> list[tuple[str, str]]:
    """Of the shards that were made (local path and entry), path and key of those that the pool does not hold yet.

    Those of ``parent`` are there for good. Others that are found were left by a build that did not end: taken as they
    are while they are young.
    """
    there = pooled(store, release.mix)
    kept = names(parent) if parent is not None else frozenset()
    found = []
    for path, shard in made:
        key = release.shard_key(shard)
        if there.get(key) != shard.bytes or not (key in kept or _age(store, key) < _FRESH):
            found.append((path, key))
    return found


def put(store: Store, item: tuple[str, str]) -> str:
    """Put one shard (local path, key); returns its key."""
    path, key = item
    store.upload(Path(path), key)
    return key


def unreferenced(store: Store, mix: str) -> list[Entry]:
    """Objects of a mix's pool that no manifest names, by key. Raises `IntegrityError` where a manifest cannot be read:
    what it names is not known then."""
    # Listed first: what is named by a manifest that is written meanwhile was put before it.
    there = list(store.list(folder(mix)))
    named: set[str] = set()
    for version in catalog.versions(store, mix):
        named |= names(catalog.manifest_of(store, ReleaseRef(mix, version)))
    return [entry for entry in there if entry.key not in named]


@dataclass(frozen=True)
class Purged:
    """What no manifest names in the pool of one mix: what of it was (or, for a dry run, would be) removed, and what
    is too young to be."""

    mix: str
    removed: tuple[Entry, ...]
    kept: tuple[Entry, ...]

    @property
    def bytes(self) -> int:
        return sum(entry.bytes for entry in self.removed)


def purge(store: Store, mix: str, *, grace: timedelta = GRACE, dry_run: bool = False) -> Purged:
    """Remove what no manifest of a mix names and what is older than ``grace``. A rerun goes on where one was killed.

    Raises `PoolError` for a grace period under a day: a build under way would lose what it has put.
    """
    if grace < timedelta(days=1):
        raise PoolError(
            "a grace period of less than a day could take a build's shards from under it",
            state="nothing was removed",
            fix="give at least one day",
        )
    removed: list[Entry] = []
    kept: list[Entry] = []
    for entry in unreferenced(store, mix):
        try:
            # Asked for last: a build that takes up a left-over writes it again first.
            old = _age(store, entry.key) > grace
        except NotFound:
            continue
        (removed if old else kept).append(entry)
        if old and not dry_run:
            store.delete(entry.key)
    return Purged(mix, tuple(removed), tuple(kept))


class PoolError(ClearinghouseError):
    """A purge that could remove what is in use."""

    exit_code = 2


def _age(store: Store, key: str) -> timedelta:
    return datetime.now(UTC) - store.written(key)
