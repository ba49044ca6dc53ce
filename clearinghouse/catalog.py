"""What a store holds: data sets and their snapshots, releases and what became of them, and the ledger.

Nothing here writes. Names that nothing has raise `NotFoundByName`, which says what there is instead.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from clearinghouse.jobs.context import NotFoundByName
from schemas.errors import IntegrityError
from schemas.manifest import Decision, ReleaseManifest, SnapshotManifest

if TYPE_CHECKING:
    from infra.store import Store

LEDGER = "ledger"
LATEST = "latest"
POOL = "shards"
"""Folders of a mix that are no release."""
Status = Literal["unsigned", "approved", "rejected"]
_SEMVER = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+.*)?")


@dataclass(frozen=True)
class ReleaseRef:
    """A release by mix and version; its keys in the store."""

    mix: str
    version: str

    def __str__(self) -> str:
        return f"{self.mix}@{self.version}"

    @property
    def folder(self) -> str:
        return f"releases/{self.mix}/{self.version}"

    @property
    def manifest(self) -> str:
        return f"{self.folder}/manifest.json"

    @property
    def decision(self) -> str:
        return f"{self.folder}/decision.json"

    @property
    def pointers(self) -> str:
        return f"releases/{self.mix}/{LATEST}"


@dataclass(frozen=True)
class ReleaseInfo:
    """A release with what was decided on it. ``is_latest``: the pointer of its mix stands on it."""

    ref: ReleaseRef
    manifest: ReleaseManifest
    decision: Decision | None
    is_latest: bool

    @property
    def status(self) -> Status:
        if self.decision is None:
            return "unsigned"
        return "approved" if self.decision.verdict == "approve" else "rejected"

    @property
    def gates_passed(self) -> bool:
        return all(gate.get("passed") is True for gate in self.manifest.gates)


def parse_release(text: str) -> tuple[str, str]:
    """``mix@version``, ``mix@latest`` or ``mix`` (its latest) as mix and version. Raises `NotFoundByName`."""
    mix, at, version = text.strip().partition("@")
    version = version if at else LATEST
    if not mix or not version or any(c in mix + version for c in "/\\@ ") or mix.startswith("."):
        raise NotFoundByName(f"{text!r} does not name a release", fix="write mix@version, or mix for its latest")
    return mix, version


def version_key(version: str) -> tuple[Any, ...]:
    """Sorts versions as Semantic Versioning 2.0.0 §11 orders them; what is no such version comes first."""
    found = _SEMVER.fullmatch(version)
    if not found:
        return (0, version)
    before = found[4]
    # A version sorts after its own pre-releases; numbers in these sort as numbers and before words.
    parts = tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in before.split(".")) if before else ()
    return (1, int(found[1]), int(found[2]), int(found[3]), not before, parts)


def resolve(store: Store, text: str) -> ReleaseRef:
    """The release that ``text`` names (see `parse_release`) and that is in the store."""
    mix, version = parse_release(text)
    if version == LATEST:
        version = latest_version(store, mix) or ""
        if not version:
            there = versions(store, mix)
            if there:
                raise NotFoundByName(
                    f"no release of {mix} is approved yet; there are {some(there)}",
                    fix=f"clearinghouse approve {mix}@{there[-1]} --reviewer NAME --reason TEXT",
                )
            raise _no_mix(store, mix)
    ref = ReleaseRef(mix, version)
    if store.stat(ref.manifest) is None:
        there = versions(store, mix)
        if there:
            raise NotFoundByName(
                f"there is no release {ref} in {store.uri}; of {mix} there are {some(there)}",
                fix="clearinghouse ls releases",
            )
        raise _no_mix(store, mix)
    return ref


def _no_mix(store: Store, mix: str) -> NotFoundByName:
    return NotFoundByName(
        f"there is no release of {mix} in {store.uri}; there are releases of {some(mixes(store))}",
        fix=f"clearinghouse release {mix}",
    )


def mixes(store: Store) -> list[str]:
    """Mixes that have a release."""
    return [mix for mix in store.folders("releases/") if versions(store, mix)]


def versions(store: Store, mix: str) -> list[str]:
    """The finished releases of a mix, oldest version first. A build that was killed has no manifest: not listed."""
    there = (name for name in store.folders(f"releases/{mix}/") if name not in (LATEST, POOL))
    finished = (version for version in there if store.stat(ReleaseRef(mix, version).manifest) is not None)
    return sorted(finished, key=version_key)


def latest_version(store: Store, mix: str) -> str | None:
    """The version that the newest pointer of a mix names, or ``None`` before the first approval."""
    from infra.store.sequence import newest

    found = newest(store, ReleaseRef(mix, LATEST).pointers)
    if found is None:
        return None
    return str(parsed(store.read(found[1]), found[1])["version"])


def pointers(store: Store, mix: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The history of a mix's `latest`, oldest first."""
    from infra.store.sequence import entries

    for number, entry in entries(store, ReleaseRef(mix, LATEST).pointers):
        yield number, parsed(store.read(entry.key), entry.key)


def manifest_of(store: Store, ref: ReleaseRef) -> ReleaseManifest:
    """The manifest of a release. Raises `IntegrityError` where it is damaged or stands in another's place."""
    data = store.read(ref.manifest)
    try:
        made = ReleaseManifest.from_json(data, partial(_beside, store, ref.folder))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _damaged(ref.manifest, error) from None
    if (made.mix, made.version) != (ref.mix, ref.version):
        raise IntegrityError(
            f"{ref.manifest} is the manifest of {made.mix}@{made.version}: the folder was copied or renamed",
            fix=f"restore the folder {ref.folder} from a copy",
        )
    return made


def _beside(store: Store, folder: str, name: str) -> bytes | None:
    """A file beside a manifest; a module's function, so that a manifest can be pickled with its way to it."""
    from infra.store import NotFound

    try:
        return store.read(f"{folder}/{name}")
    except NotFound:
        return None


def decision_of(store: Store, ref: ReleaseRef) -> Decision | None:
    """What was decided on a release, or ``None`` while it is unsigned."""
    from infra.store import NotFound

    try:
        data = store.read(ref.decision)
    except NotFound:
        return None
    try:
        return Decision.from_json(data)
    except (ValueError, TypeError) as error:
        raise _damaged(ref.decision, error) from None


def release(store: Store, ref: ReleaseRef) -> ReleaseInfo:
    return ReleaseInfo(
        ref, manifest_of(store, ref), decision_of(store, ref), latest_version(store, ref.mix) == ref.version
    )


def releases(store: Store, mix: str | None = None) -> Iterator[ReleaseInfo]:
    """All finished releases, by mix and version. One that is damaged raises `IntegrityError`."""
    for name in [mix] if mix else list(store.folders("releases/")):
        there = versions(store, name)
        latest = latest_version(store, name) if there else None
        for version in there:
            ref = ReleaseRef(name, version)
            yield ReleaseInfo(ref, manifest_of(store, ref), decision_of(store, ref), version == latest)


def datasets(store: Store) -> list[str]:
    """Keys (``unit.name``) of the data sets that have a snapshot."""
    return [
        f"{unit}.{name}"
        for unit in store.folders("scrubbed/")
        for name in store.folders(f"scrubbed/{unit}/")
        if next(iter(store.list(f"scrubbed/{unit}/{name}/snapshots/")), None) is not None
    ]


def parse_snapshot(text: str) -> tuple[str, str, int | None]:
    """``unit.name`` or ``unit.name@ordinal`` as unit, name and ordinal. Raises `NotFoundByName`."""
    key, at, number = text.strip().partition("@")
    unit, dot, name = key.partition(".")
    if not (unit and dot and name) or "/" in key or (at and not number.isdigit()):
        raise NotFoundByName(f"{text!r} does not name a data set", fix="write unit.name, or unit.name@ordinal")
    return unit, name, int(number) if at else None


def snapshot_of(store: Store, unit: str, name: str, number: int | None = None) -> SnapshotManifest | None:
    """The newest snapshot of a data set, or the one of that number; ``None`` where there is none."""
    from infra.store import NotFound
    from infra.store.sequence import key_of, newest

    folder = f"scrubbed/{unit}/{name}/snapshots"
    if number is None:
        found = newest(store, folder)
        if found is None:
            return None
        number = found[0]
    key = key_of(folder, number)
    try:
        data = store.read(key)
    except NotFound:
        return None
    try:
        made = SnapshotManifest.from_json(data)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _damaged(key, error) from None
    if (made.dataset, made.ordinal) != (f"{unit}.{name}", number):
        raise IntegrityError(
            f"{key} is the manifest of snapshot {made.ordinal} of {made.dataset}: it was copied or renamed",
            fix=f"restore {key} from a copy",
        )
    return made


def find_snapshot(store: Store, text: str) -> SnapshotManifest:
    """`snapshot_of` for a reference as people write it; one that is not there raises `NotFoundByName`."""
    unit, name, number = parse_snapshot(text)
    found = snapshot_of(store, unit, name, number)
    if found is not None:
        return found
    if number is not None and snapshot_of(store, unit, name) is not None:
        raise NotFoundByName(
            f"{unit}.{name} has no snapshot {number} in {store.uri}", fix=f"clearinghouse show {unit}.{name}"
        )
    raise NotFoundByName(
        f"there is no snapshot of {unit}.{name} in {store.uri}; there are snapshots of {some(datasets(store))}",
        fix=f"clearinghouse ingest {unit}.{name}",
    )


def snapshot_numbers(store: Store, unit: str, name: str) -> list[int]:
    from infra.store.sequence import entries

    return [number for number, _ in entries(store, f"scrubbed/{unit}/{name}/snapshots")]


def ledger(store: Store, *, after: int = 0) -> Iterator[tuple[int, bytes]]:
    """The ledger's entries whose numbers are above ``after``, one read at a time."""
    from infra.store.sequence import entries

    for number, entry in entries(store, LEDGER, after=after):
        yield number, store.read(entry.key)


def recorded(store: Store, kind: str) -> Iterator[dict[str, Any]]:
    """The ledger's entries of a kind. What cannot be read is passed over: `clearinghouse ledger verify` tells it."""
    for _, data in ledger(store):
        if kind.encode() not in data:
            continue
        try:
            entry = json.loads(data)
        except ValueError:
            continue
        if isinstance(entry, dict) and entry.get("kind") == kind and isinstance(entry.get("body"), dict):
            yield entry


def parsed(data: bytes, key: str) -> dict[str, Any]:
    """A small JSON object of the store. Raises `IntegrityError` where it is none."""
    try:
        found = json.loads(data)
    except ValueError as error:
        raise _damaged(key, error) from None
    if not isinstance(found, dict):
        raise _damaged(key, TypeError("not an object"))
    return found


def _damaged(key: str, error: Exception) -> IntegrityError:
    return IntegrityError(
        f"{key} cannot be read as what it should be ({type(error).__name__})",
        state="nothing was changed",
        fix=f"restore {key} from a copy, then: clearinghouse verify all",
    )


def some(names: Iterable[str], limit: int = 12) -> str:
    """Names for a message: the first few, and how many more."""
    found = list(names)
    shown = ", ".join(found[:limit]) or "none"
    return shown + (f" and {len(found) - limit} more" if len(found) > limit else "")
