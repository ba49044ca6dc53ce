"""The door that training jobs open: signed releases as Arrow batches, every byte checked against what was signed.

    import clearinghouse
    release = clearinghouse.open_release("s3://bucket/store", "pretrain-zh", "latest")
    for batch in release.batches(columns=["text"]):
        ...

Needs pyarrow and nothing else. A release never changes: open it by version to read the same rows for ever.
"""

from __future__ import annotations

import json
import os
import re
from functools import partial
from typing import Any

from clearinghouse.reader_cache import as_cache
from clearinghouse.reader_course import BadSetting
from clearinghouse.reader_fetch import as_timeout
from clearinghouse.reader_files import Place, locate
from clearinghouse.reader_holes import Frozen
from clearinghouse.reader_index import UnknownId
from clearinghouse.reader_mixing import RunsDry, mix
from clearinghouse.reader_release import Release, UnknownColumn
from clearinghouse.reader_state import StateRefused, replaced
from clearinghouse.reader_stream import Plan, Stream
from schemas.errors import ClearinghouseError, IntegrityError, ReleaseRefused, StoreError
from schemas.manifest import Decision, ReleaseManifest

__all__ = [
    "BadSetting", "Plan", "Release", "ReleaseNotFound", "RunsDry", "StateRefused", "Stream", "UnknownColumn", "UnknownId",
    "mix", "open_release",
]  # fmt: skip


class ReleaseNotFound(ReleaseRefused):
    """No release has this mix and version."""

    exit_code = 2


def open_release(
    uri: str | os.PathLike[str],
    mix: str,
    version: str = "latest",
    *,
    allow_unsigned: bool = False,
    verify: bool = True,
    cache: str | os.PathLike[str] | None = None,
    cache_bytes: int | str | None = None,
    timeout: float | None = None,
) -> Release:
    """Open a release of the store at ``uri`` (a path, ``s3://bucket/prefix``, or any URI of `pyarrow.fs`).

    ``latest`` is the version that was approved last. The manifest is checked against the digest that the reviewer
    signed, now; with ``verify`` what is read of a shard against the manifest, when it is first touched. ``allow_unsigned``
    opens what nobody has decided on yet; what was rejected stays shut.

    ``cache`` is a folder that keeps what was fetched from a remote store, ``cache_bytes`` of it at most (a number, or
    ``"200GB"``); processes and releases may share one. Without it, ``CLEARINGHOUSE_CACHE`` and
    ``CLEARINGHOUSE_CACHE_BYTES`` say so; an empty ``cache`` is none. A remote read is tried for ``timeout`` seconds, else
    for ``CLEARINGHOUSE_READ_TIMEOUT``, else for two minutes.

    Raises `ReleaseNotFound`, `ReleaseRefused` (unsigned or rejected), `IntegrityError` (bytes that are not what was
    signed, or of a newer format), `CacheRefused` or `StoreError`.
    """
    place = locate(uri, cache=as_cache(cache, cache_bytes), timeout=as_timeout(timeout))
    folder = f"releases/{mix}"
    pointer: dict[str, Any] = {}
    if version == "latest":
        pointer = _latest(place, mix)
        version = str(pointer["version"])
    data = None if _unsafe(mix) or _unsafe(version) else place.read(f"{folder}/{version}/manifest.json")
    if data is None:
        raise _not_found(place, mix, version)
    manifest = _manifest(place, data, mix, version)
    decision = _decision(place, manifest, allow_unsigned)
    for said, what in (
        (decision.manifest_digest if decision else None, "the decision on it"),
        (pointer.get("manifest_digest"), "the pointer `latest`"),
    ):
        if said is not None and said != manifest.digest:
            raise IntegrityError(
                f"{mix}@{version} is not what was signed: {what} names manifest {said}, found {manifest.digest}",
                state="nothing was read",
                fix=f"clearinghouse verify {mix}@{version}; restore the release from a copy or take another version",
            )
    frozen = Frozen.read(place, f"{folder}/{version}", sum(section.rows for section in manifest.sections))
    found = Release(place, manifest, decision, verify=verify, frozen=frozen)
    if place.pieces is not None and place.pieces.cache is not None:
        place.pieces.cache.needs(found.layout.largest, f"the largest shard of {mix}@{version}")
        # What was erased is not to live on in the caches of training machines.
        for shard in replaced(found):
            place.pieces.cache.forget(shard)
    return found


def _latest(place: Place, mix: str) -> dict[str, Any]:
    folder = f"releases/{mix}/latest"
    there = [] if _unsafe(mix) else [name for name in place.names(folder) if re.fullmatch(r"[0-9]{8}\.json", name)]
    if not there:
        raise _not_found(place, mix, "latest")
    data = place.read(f"{folder}/{there[-1]}")
    try:
        found = json.loads(data or b"")
        if isinstance(found, dict) and isinstance(found["version"], str):
            return found
    except (ValueError, KeyError):
        pass
    raise IntegrityError(
        f"{folder}/{there[-1]} in {place.uri} is damaged: it names no version",
        fix=f"clearinghouse verify all; meanwhile open {mix} by version",
    )


def _manifest(place: Place, data: bytes, mix: str, version: str) -> ReleaseManifest:
    try:
        manifest = ReleaseManifest.from_json(data, partial(_beside, place, f"releases/{mix}/{version}"))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise IntegrityError(
            f"the manifest of {mix}@{version} is damaged: it cannot be read as one",
            fix=f"restore releases/{mix}/{version}/manifest.json from a copy",
        ) from None
    if (manifest.mix, manifest.version) != (mix, version):
        raise IntegrityError(
            f"releases/{mix}/{version} holds the manifest of {manifest.mix}@{manifest.version}",
            fix=f"open {manifest.mix}@{manifest.version}, or restore the folder from a copy",
        )
    return manifest


def _beside(place: Place, folder: str, name: str) -> bytes | None:
    return place.read(f"{folder}/{name}")


def _decision(place: Place, manifest: ReleaseManifest, allow_unsigned: bool) -> Decision | None:
    name = f"{manifest.mix}@{manifest.version}"
    data = place.read(f"releases/{manifest.mix}/{manifest.version}/decision.json")
    if data is None:
        if allow_unsigned:
            return None
        raise ReleaseRefused(
            f"{name} is unsigned: nobody has approved it",
            state="nothing was read",
            fix=f'clearinghouse approve {name} --reviewer NAME --reason "…"; or, to look at it, allow_unsigned=True '
            "(--allow-unsigned)",
        )
    try:
        decision = Decision.from_json(data)
    except (ValueError, TypeError):
        raise IntegrityError(
            f"the decision on {name} is damaged: it cannot be read as one", fix=f"clearinghouse verify {name}"
        ) from None
    if decision.verdict != "approve":
        raise ReleaseRefused(
            f"{name} was rejected by {decision.reviewer} on {decision.at}: {decision.reason}",
            state="nothing was read",
            fix=f"open another version, or mend what the reason names and: clearinghouse release {manifest.mix}",
        )
    return decision


def _not_found(place: Place, mix: str, version: str) -> ClearinghouseError:
    if not place.names(""):
        return StoreError(f"there is no store at {place.uri}", fix="give the folder or URI that holds `releases`")
    there = (
        [] if _unsafe(mix) else [name for name in place.names(f"releases/{mix}") if name not in ("latest", "shards")]
    )
    if not there:
        known = ", ".join(place.names("releases")) or "none"
        return ReleaseNotFound(
            f"there is no release of {mix!r} in {place.uri}; there are releases of: {known}",
            fix="clearinghouse ls releases",
        )
    if version == "latest":
        return ReleaseNotFound(
            f"no release of {mix} is approved yet; versions there: {', '.join(there)}",
            fix=f'clearinghouse approve {mix}@VERSION --reviewer NAME --reason "…"; or open one by its version',
        )
    return ReleaseNotFound(
        f"there is no release {mix}@{version} in {place.uri}; versions there: {', '.join(there)}",
        fix="clearinghouse ls releases",
    )


def _unsafe(name: str) -> bool:
    """Names that would lead out of their folder."""
    return not name or name in (".", "..") or "/" in name or "\\" in name
