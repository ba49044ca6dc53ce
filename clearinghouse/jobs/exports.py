"""Exports of a release: gathered from what the store holds of it, and from nothing else.

Everything is checked against the manifest before it is used: a report that was changed is not exported.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from clearinghouse import catalog
from clearinghouse.settings import Settings
from schemas.canonical import digest
from schemas.errors import ClearinghouseError, IntegrityError, ProblemsError

if TYPE_CHECKING:
    from governance.exports import Export, Facts, Stated
    from infra.store import Store
    from schemas.manifest import ReleaseManifest

REPORT = "report.json"
BESIDE = ("card", "croissant")
"""Kinds that every release has among its artefacts: who trains reads them."""


class ExportError(ClearinghouseError):
    """An export that cannot be made."""

    exit_code = 2


class StatedError(ProblemsError):
    """A file of statements that does not read."""

    exit_code = 2


def gather(settings: Settings, release: str, about: Path | None = None) -> Facts:
    """What exports of ``mix@version`` are made from. ``about`` is a YAML file of the organisation's own statements.

    Raises `NotFoundByName`, `IntegrityError` (manifest or report are not what was written), `StatedError` or `StoreError`.
    """
    from clearinghouse.jobs import signing_gates
    from governance.exports import Facts, Stated
    from infra.store import open_store

    store = open_store(settings.store)
    ref = catalog.resolve(store, release)
    manifest = catalog.manifest_of(store, ref)
    data = store.read(f"{ref.folder}/{REPORT}")
    if digest(data) != manifest.artefacts.get(REPORT):
        raise IntegrityError(
            f"{ref.folder}/{REPORT} is not the report that the manifest of {ref} names",
            state="nothing was exported",
            fix=f"clearinghouse verify {ref}",
        )
    decision = catalog.decision_of(store, ref)
    return Facts(
        manifest=manifest,
        report=json.loads(data),
        columns=_columns(store, manifest),
        at=store.written(ref.manifest).strftime("%Y-%m-%dT%H:%M:%SZ"),
        decision=None if decision is None else json.loads(decision.to_json()),
        audit=_json(store, f"{ref.folder}/audit.json"),
        signing=signing_gates.evaluate(settings, store, manifest),
        stated=stated(about) if about is not None else Stated(),
    )


def artefacts(store: Store, manifest: ReleaseManifest, report: bytes) -> dict[str, bytes]:
    """The exports that lie beside a release's shards, by name. They stand in its manifest's digest, so nothing of a
    decision, an audit or a clock is in them; the shards must be in the store already."""
    from governance.exports import Facts
    from governance.exports import export as make

    facts = Facts(manifest, json.loads(report), _columns(store, manifest))
    return {one.name: one.data for kind in BESIDE for one in make(facts, kind)}


def export(
    settings: Settings, release: str, kinds: list[str], out: Path | None = None, about: Path | None = None
) -> list[Export]:
    """The files of these kinds (all when empty), written into the folder ``out`` where one is given.

    Raises `ExportError` for unknown kinds, and what `gather` raises.
    """
    from governance.exports import KINDS
    from governance.exports import export as make

    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise ExportError(
            f"no export is called {', '.join(unknown)}; there are: {', '.join(KINDS)}",
            state="nothing was written",
            fix="name kinds of these with --kind",
        )
    facts = gather(settings, release, about)
    made = [one for kind in kinds or KINDS for one in make(facts, kind)]
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for one in made:
            beside = out / f".{one.name}.part"
            beside.write_bytes(one.data)
            beside.replace(out / one.name)
    return made


def stated(path: Path) -> Stated:
    """Statements from a YAML file: a mapping of the names of `governance.exports.Stated` to text."""
    from governance.exports import Stated
    from schemas.names import did_you_mean
    from schemas.yaml_lines import read_yaml

    found = read_yaml(path)
    names = Stated.names()
    body = found.data if isinstance(found.data, dict) else {}
    if not found.problems and not isinstance(found.data, dict):
        found.report((), "is no mapping of statements", f"write one of: {', '.join(names)}")
    for name, value in body.items():
        if name not in names:
            hint = did_you_mean(str(name), names, what="known here")
            found.report((name,), f"{name!r} is no statement", hint)
        elif not isinstance(value, str) or not value.strip():
            found.report((name,), "is not text", "write a sentence or a name")
    if found.problems:
        raise StatedError(found.problems, what=str(path))
    return Stated(**body)


def _columns(store: Store, manifest: ReleaseManifest) -> tuple[tuple[str, str], ...]:
    """Names and types of the shards' columns; nothing but the footer of one shard is read. Of a release whose shards
    were all deleted for an erasure, those of its format."""
    import pyarrow.parquet as pq

    from infra.store import NotFound
    from transforms import shards as layout

    if not len(manifest.shards):
        return ()
    for number in range(len(manifest.shards)):
        try:
            with store.open(manifest.shard_key(number)) as file:
                schema = pq.read_schema(file)
        except NotFound:
            continue
        break
    else:
        schema = layout.schema(cast("Any", manifest.sample_format))
    return tuple((field.name, str(field.type)) for field in schema)


def _json(store: Store, key: str) -> dict[str, Any] | None:
    from infra.store import NotFound

    try:
        return catalog.parsed(store.read(key), key)
    except NotFound:
        return None
