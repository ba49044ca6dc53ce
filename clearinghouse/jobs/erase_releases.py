"""Releases made anew without the records of erased subjects.

A release is never edited. A new version of the mix shares every shard with the old one but those that held such a row;
in these the row keeps its place, its content and its provenance are null, ``erased`` is true and it counts no tokens.
It is unsigned until a reviewer approves it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from clearinghouse import catalog
from clearinghouse.catalog import ReleaseRef
from clearinghouse.jobs import erase_figures, signatures
from clearinghouse.jobs.erase_held import Held
from clearinghouse.jobs.erase_snapshots import Removed, follow, receipt_of
from clearinghouse.jobs.scratch import scratch
from clearinghouse.settings import Settings
from schemas.canonical import canonical_json, digest
from schemas.errors import ClearinghouseError, IntegrityError, ReleaseRefused
from schemas.manifest import Receipt, ReleaseManifest, Shard, pool_key
from schemas.shard_blocks import footer_digest

if TYPE_CHECKING:
    from clearinghouse.jobs.release_select import Selection
    from infra.store import Store


class CannotRewrite(ClearinghouseError):
    """A release that cannot be made again without some rows, because what it was made by is not what holds today."""


def _plan(held: Held, erasure: str) -> bytes:
    """What claims the new version, as a build's plan does."""
    return canonical_json({"erasure": erasure, "base": str(held.ref), "digest": held.manifest.digest})


def made(store: Store, held: Held, erasure: str) -> str | None:
    """The version without these rows, where an earlier run finished it."""
    done = _claimed(store, held.ref, _plan(held, erasure))
    return done if done is not None and store.stat(ReleaseRef(held.ref.mix, done).manifest) is not None else None


def clean(settings: Settings, store: Store, held: Held, erasure: str, gone: Gone, by: str) -> str:
    """The version without these rows; made, unless an earlier run made it. Raises `CannotRewrite`."""
    base = held.manifest
    plan = _plan(held, erasure)
    done = _claimed(store, held.ref, plan)
    if done is not None and store.stat(ReleaseRef(base.mix, done).manifest) is not None:
        return done
    selection, redactions = _selection(settings, store, base, gone)
    version = done or _claim(store, held.ref, plan)
    with scratch() as local:
        shards, made = _shards(store, held, local)
        left = erase_figures.lists(store, held)
        body = erase_figures.manifest(selection, held, shards, version, erasure, redactions, left)
        for path, shard in made:
            key = body.shard_key(shard)
            if store.stat(key) is None:
                store.upload(path, key)
    folder = f"releases/{base.mix}/{version}"
    bare, listing = body.beside()
    artefacts = erase_figures.artefacts(store, selection, bare, base, left)
    for name, data in sorted({**artefacts, **listing}.items()):
        store.put(f"{folder}/{name}", data)
    # Who built the shards that are shared built this release as well.
    ref = ReleaseRef(base.mix, version)
    for name in sorted({*(signatures.builders(store, held.ref) or ()), by}):
        signatures.note_builder(store, ref, name)
    finished = replace(bare, artefacts={name: digest(data) for name, data in sorted(artefacts.items())}).rooted()
    if not store.put(f"{folder}/manifest.json", finished.to_json(), if_absent=True):
        there = catalog.manifest_of(store, ReleaseRef(base.mix, version))
        if there.content_digest != finished.content_digest:
            raise IntegrityError(
                f"{base.mix}@{version} was written at the same time with other content",
                state=f"{folder}/manifest.json is what the other run wrote",
                fix=f"clearinghouse verify {base.mix}@{version}",
            )
    return version


Gone = Callable[[str, Receipt], Removed]
"""What a unit of work of a data set loses by the erasure."""


def _selection(
    settings: Settings, store: Store, base: ReleaseManifest, gone: Gone
) -> tuple[Selection, dict[str, Counter[str]]]:
    """What the release was made from, with the figures of what is left, and the redactions that each data set loses.

    Raises `CannotRewrite`.
    """
    from clearinghouse.jobs.release_select import policy_facts, select
    from schemas.plans import rows_digest

    name = f"{base.mix}@{base.version}"
    try:
        found = select(settings, base.mix, store)
    except ClearinghouseError as error:
        raise CannotRewrite(f"{name}: {error.message}", fix=error.fix) from None
    said = []
    recipe = {key: value for key, value in base.recipe.items() if key != "signing_gates"}
    if json.loads(canonical_json(found.recipe)) != json.loads(canonical_json(recipe)):
        said.append("the mix")
    if policy_facts(found.policy) != dict(base.policy):
        said.append("the policy")
    before = {(source["dataset"], source.get("view", "")): source for source in base.sources}
    if len(before) < len(base.sources):
        raise CannotRewrite(
            f"{name} has several sources of one data set and view, whose figures cannot be told apart afterwards",
            fix=f"clearinghouse release {base.mix}: what is left of the snapshots is without the subjects",
        )
    said += [
        f"the contract of {one.contract.key}"
        for one in found.chosen
        if before.get((one.contract.key, one.source.view), {}).get("contract", {}).get("digest") != one.contract.digest
    ]
    if said:
        raise CannotRewrite(
            f"{name} was made by another version of {', '.join(said)} than holds today",
            fix=f"clearinghouse release {base.mix}: what is left of the snapshots is without the subjects",
        )
    chosen, redactions = [], {}
    for one in found.chosen:
        key, contract = one.contract.key, one.contract
        stated = before[key, one.source.view]["snapshot"]
        snapshot = catalog.snapshot_of(store, contract.unit, contract.name, stated["ordinal"])
        if snapshot is None or snapshot.digest != stated["digest"]:
            raise CannotRewrite(
                f"{name}: snapshot {stated['ordinal']} of {key} is not there any more",
                fix=f"clearinghouse release {base.mix}: what is left of the snapshots is without the subjects",
            )
        now = {"rows": rows_digest(contract, found.policy), "key": snapshot.key_id}
        fits = [r for r in snapshot.receipts if all(r.basis.get(what) == value for what, value in now.items())]
        lost: Counter[str] = Counter()
        left = []
        for receipt in fits:
            removed = gone(key, receipt)
            lost.update(removed.redactions)
            left.append(_left(store, key, receipt, removed))
        redactions[key] = lost
        stale = snapshot.counts.kept - sum(receipt.counts.kept for receipt in fits)
        chosen.append(replace(one, snapshot=snapshot, current=tuple(left), stale_rows=stale))
    return replace(found, chosen=tuple(chosen)), redactions


def _left(store: Store, dataset: str, receipt: Receipt, removed: Removed) -> Receipt:
    """The unit of work as it is today, after this erasure and others."""
    tail = follow(store, dataset, receipt.unit_id)
    return receipt_of(store, dataset, tail) if tail != receipt.unit_id else removed.taken_from(receipt)


def _shards(store: Store, held: Held, local: Path) -> tuple[tuple[Shard, ...], list[tuple[Path, Shard]]]:
    """All shards of the new version, and those that are not in the pool yet with their files."""
    from transforms import shards as layout

    made: list[tuple[Path, Shard]] = []
    every: list[Shard] = []
    base = held.manifest
    for number, shard in enumerate(base.shards):
        if number not in held.places:
            if base.format < 2:
                # Shards of a release of format 1 lie in its own folder: they come into the pool once.
                path = store.fetch(base.shard_key(shard), local)
                shard = replace(shard, key=pool_key(shard.sha256))
                made.append((path, shard))
            every.append(shard)
            continue
        with store.open(base.shard_key(shard)) as source, pq.ParquetFile(source) as file:
            sizes = [file.metadata.row_group(group).num_rows for group in range(file.metadata.num_row_groups)]
            table = holes(file.read(use_threads=False), held.places[number])
        path = local / f"{number}.parquet"
        with path.open("wb") as sink:
            layout.write(table, sink, rows_per_group=max(sizes), cdc=bool(base.recipe.get("shard_cdc")))
        data = path.read_bytes()
        tokens = table.column("n_tokens").to_numpy()
        starts = np.cumsum([0, *sizes[:-1]])
        groups = tuple(zip(sizes, np.add.reduceat(tokens.astype(np.int64), starts).tolist(), strict=True))
        name = sha256(data).hexdigest()
        shard = replace(
            shard,
            key=pool_key(name),
            bytes=len(data),
            sha256=name,
            tokens=int(tokens.sum()),
            row_groups=groups,
            erased=int(pc.sum(table.column("erased")).as_py()),
            footer=footer_digest(data),
        )
        made.append((path, shard))
        every.append(shard)
    return tuple(every), made


def holes(table: pa.Table, places: Sequence[int]) -> pa.Table:
    """The rows of a shard, those at ``places`` without content, provenance and tokens and marked as erased."""
    table = table.combine_chunks()
    marks = np.zeros(len(table), bool)
    marks[list(places)] = True
    mask = pa.array(marks)
    stays = {"id", "source", "language", "epoch", "split", "stage"}
    for number, one in enumerate(table.schema):
        if one.name in stays:
            continue
        column = table.column(number)
        if one.name in ("erased", "n_tokens"):
            value = pa.scalar(True if one.name == "erased" else 0, one.type)
        else:
            value = pa.scalar(None, one.type)
        filled = pc.if_else(mask, value, column)
        table = table.set_column(number, one, filled)
    return table


def _claimed(store: Store, ref: ReleaseRef, plan: bytes) -> str | None:
    """The version that an earlier run of this erasure claimed."""
    from infra.store import NotFound

    for version in store.folders(f"releases/{ref.mix}/"):
        try:
            if store.read(f"releases/{ref.mix}/{version}/plan.json") == plan:
                return str(version)
        except NotFound:
            continue
    return None


def _claim(store: Store, ref: ReleaseRef, plan: bytes) -> str:
    """The next free version of the mix's newest major and minor."""
    newest = catalog.versions(store, ref.mix)[-1]
    major, minor, patch = (int(part) for part in newest.split("-")[0].split("+")[0].split(".")[:3])
    for number in range(patch + 1, patch + 10_001):
        version = f"{major}.{minor}.{number}"
        if store.put(f"releases/{ref.mix}/{version}/plan.json", plan, if_absent=True):
            return version
    raise ReleaseRefused(f"{ref.mix} has no free version at {major}.{minor}", fix="raise the mix's version")
