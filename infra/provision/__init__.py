"""Zones of a store as they should be: what is so, what is not, and making it so.

`check` looks and changes nothing; `provision` mends what can be mended and looks again. A store in a bucket has
versioning, encryption, locks, lifecycle and a policy; one in a folder has modes and an owner, and of the rest nothing can
be said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from infra.store import Store
    from schemas.zones import Zones

State = Literal["ok", "wrong", "unknown"]


@dataclass(frozen=True)
class Finding:
    """One thing about a zone (``*``: the whole store): as it should be, not so, or not to be known."""

    zone: str
    what: str
    state: State
    found: str
    wanted: str = ""
    #: Whether `provision` can make it so.
    mends: bool = False

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def check(store: Store, zones: Zones) -> list[Finding]:
    """What is as it should be and what is not. Raises `StoreError` where the store cannot be looked at."""
    from infra.store.s3 import S3Store

    if isinstance(store, S3Store):
        from infra.provision import bucket

        return bucket.check(store, zones)
    from infra.provision import folder
    from infra.store.local import LocalStore

    assert isinstance(store, LocalStore)
    return folder.check(store, zones)


def provision(store: Store, zones: Zones, *, dry_run: bool = False) -> tuple[list[str], list[Finding]]:
    """Make it so. Returns what was done (with ``dry_run``: would be), and what `check` says after it."""
    from infra.store.s3 import S3Store

    if isinstance(store, S3Store):
        from infra.provision import bucket

        done = bucket.provision(store, zones, dry_run=dry_run)
    else:
        from infra.provision import folder
        from infra.store.local import LocalStore

        assert isinstance(store, LocalStore)
        done = folder.provision(store, zones, dry_run=dry_run)
    return done, _after(store, zones, done, dry_run)


def _after(store: Store, zones: Zones, done: Sequence[str], dry_run: bool) -> list[Finding]:
    from schemas.errors import StoreError

    try:
        return check(store, zones)
    except StoreError:
        # A bucket or folder that only would be made cannot be looked at.
        if dry_run and done:
            return []
        raise
