"""What a training job keeps to go on where it stopped: a few hundred bytes of JSON, the same on every rank.

A state counts samples, not batches, and says nothing of ranks, workers or batch size: it may be loaded with others.
What it must agree in is all that decides which sample stands where.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from schemas.errors import ClearinghouseError, IntegrityError
from schemas.manifest import ReleaseManifest

if TYPE_CHECKING:
    from clearinghouse.reader_release import Release

FORMAT = 1


class StateRefused(ClearinghouseError, ValueError):
    """A state that was saved of something else than what it is loaded into, or is no state."""

    exit_code = 2


def refuse(differ: Sequence[tuple[str, object, object]]) -> StateRefused:
    """For settings that differ: name, what the state says, what there is."""
    lines = "\n".join(
        f"  {name}: the state has {_shown(then)}, this stream has {_shown(now)}" for name, then, now in differ
    )
    return StateRefused(
        f"the state does not belong to this stream; it differs in\n{lines}",
        state="the stream is where it was",
        fix="open the release, and make the stream with the settings, that the state was saved with; ranks, batch, "
        "workers and columns may change freely",
    )


def read(state: object, kind: str) -> Mapping[str, Any]:
    """A state of that kind, as it was saved or as JSON. Raises `StateRefused`."""
    if isinstance(state, str | bytes):
        try:
            state = json.loads(state)
        except ValueError:
            raise StateRefused("this is no state: it is not JSON", fix="load what `state_dict()` gave") from None
    if not isinstance(state, Mapping) or "position" not in state or "kind" not in state:
        raise StateRefused("this is no state of a stream", fix="load what `state_dict()` gave")
    if not isinstance(state.get("format"), int) or state["format"] > FORMAT:
        raise StateRefused(
            f"state format {state.get('format')!r} is newer than this program reads ({FORMAT})",
            fix="install a newer clearinghouse",
        )
    if state["kind"] != kind:
        raise StateRefused(
            f"the state is of a stream of kind {state['kind']!r}, this one is of kind {kind!r}",
            fix="make the stream in the way that the state was saved from",
        )
    return state


def compare(state: Mapping[str, Any], now: Mapping[str, Any], names: Sequence[str]) -> None:
    """Raises `StateRefused` with every one of ``names`` in which they differ."""
    differ = [(name, state.get(name), now[name]) for name in names if state.get(name) != now[name]]
    if differ:
        raise refuse(differ)


def inherits(release: Release, version: str, digest: str) -> str | None:
    """Whether ``release`` is the version with that manifest digest after erasures: then what is to be noted.

    The way back leads over the manifests' ``parent``; on it every shard must be the same, or have the same rows and
    more holes. Another release of the mix, of as many rows by chance, is not taken for one.
    """
    then = _manifest(release, version)
    if then is None or then.digest != digest:
        return None
    known = {one.digest: one for one in _versions(release)}
    now: ReleaseManifest = release.manifest
    while now.digest != digest:
        before = known.get(now.parent or "")
        if before is None or not _same_but_holes(before, now):
            return None
        now = before
    erased = sum(part.erased for part in release.manifest.sections) - sum(part.erased for part in then.sections)
    return f"{release.mix}@{release.version} is {release.mix}@{version} after an erasure: {erased} rows less since"


def _versions(release: Release) -> Iterator[ReleaseManifest]:
    for version in release.siblings():
        found = _manifest(release, version)
        if found is not None:
            yield found


def _manifest(release: Release, version: str) -> ReleaseManifest | None:
    if not isinstance(version, str) or not version or "/" in version or version in (".", ".."):
        return None
    try:
        return release.sibling(version)
    except (IntegrityError, ValueError, TypeError, KeyError):
        return None  # a manifest that is damaged proves nothing


def replaced(release: Release) -> list[str]:
    """SHA-256 of the shards of the version before that this one has without content that was erased; none where it is no
    version after an erasure."""
    now = release.manifest
    if not now.parent or not any(part.erased for part in now.sections):
        return []
    before = next((one for one in _versions(release) if one.digest == now.parent), None)
    if before is None or not _same_but_holes(before, now):
        return []
    pairs = zip(before.shards, now.shards, strict=True)
    return [old.sha256 for old, new in pairs if old.sha256 != new.sha256]


def _same_but_holes(before: ReleaseManifest, after: ReleaseManifest) -> bool:
    if before.rows_per_group != after.rows_per_group or len(before.shards) != len(after.shards):
        return False
    for old, new in zip(before.shards, after.shards, strict=True):
        same = (old.first_row, old.rows, old.split, old.stage) == (new.first_row, new.rows, new.split, new.stage)
        if not same or (old.sha256 != new.sha256 and new.erased <= old.erased):
            return False
    return True


def _shown(value: object) -> str:
    return repr(value) if isinstance(value, str) else json.dumps(value, default=str)
