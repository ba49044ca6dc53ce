"""Releases without the records of erased subjects: held back at once, then made anew where it matters.

A release is never edited. ``releases/<mix>/<version>/frozen/<erasure>.json`` beside its manifest names the rows that
readers treat as holes from then on. A new version of the mix shares every shard with the old one but those that held
such a row; in these the row keeps its place, its content and its provenance are null, ``erased`` is true and it counts
no tokens. It is unsigned until a reviewer approves it.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b, sha256
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from clearinghouse import catalog
from clearinghouse.catalog import ReleaseRef
from clearinghouse.code import code_version
from clearinghouse.jobs import signatures
from clearinghouse.jobs.erase_find import Row
from clearinghouse.jobs.erase_snapshots import Removed, follow, receipt_of
from clearinghouse.jobs.writer import scratch
from clearinghouse.settings import Settings
from schemas.canonical import canonical_json, digest
from schemas.errors import ClearinghouseError, IntegrityError, ReleaseRefused
from schemas.manifest import FORMAT, Counts, Receipt, ReleaseManifest, Shard, pool_key
from schemas.shard_blocks import footer_digest

if TYPE_CHECKING:
    from clearinghouse.jobs.release_select import Selection
    from infra.store import Store

_COLUMNS = ["id", "source", "epoch", "n_tokens", "language", "provenance", "erased"]


class CannotRewrite(ClearinghouseError):
    """A release that cannot be made again without some rows, because what it was made by is not what holds today."""


@dataclass
class Lost:
    """What a release loses of one source: a data set under one view."""

    rows: int = 0
    tokens: int = 0
    documents: int = 0
    source_rows: int = 0
    first_tokens: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    #: Tokens by split and stage.
    sections: Counter[tuple[str, int]] = field(default_factory=Counter)


@dataclass
class Held:
    """Rows of one release that belong to erased subjects: by shard, the places in it."""

    ref: ReleaseRef
    manifest: ReleaseManifest
    places: dict[int, list[int]] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    #: By data set and view.
    lost: dict[tuple[str, str], Lost] = field(default_factory=lambda: defaultdict(Lost))

    @property
    def rows(self) -> list[int]:
        """Global row numbers, ascending."""
        return sorted(
            self.manifest.shards[number].first_row + place for number, places in self.places.items() for place in places
        )


class Wanted:
    """Which documents of a data set belong to the rows that were found."""

    def __init__(self, rows: Iterable[Row]) -> None:
        talks: dict[str, set[str]] = defaultdict(set)
        self.ids: set[str] = set()
        self._places: dict[str, set[tuple[str, int]]] = defaultdict(set)
        for row in rows:
            self.ids.add(row.id)
            if row.document != row.id:
                talks[row.document].add(row.id)
                if row.position >= 0:
                    self._places[row.document].add((row.partition, row.position))
        self._talk_of = {
            blake2b("\n".join(sorted(own)).encode(), digest_size=16).hexdigest(): mark for mark, own in talks.items()
        }

    def places(self, table: pa.Table) -> list[int]:
        """Rows of a shard (columns id and provenance, of this data set) that belong to them.

        A conversation has the digest of its rows' ids. In a release whose documents do not name their rows, and that was
        made of fewer rows than are known today, it is told by where its first row stands; that may take in another row
        of that number in the same partition.
        """
        if not len(table):
            return []
        ids = table.column("id").to_pylist()
        found = {place for place, own in enumerate(ids) if own in self.ids or own in self._talk_of}
        if table.schema.field("provenance").type.get_field_index("row_ids") >= 0:
            # Documents say which rows they are made of: there is nothing to guess.
            return sorted(found | self._made_of(table))
        told = {self._talk_of[ids[place]] for place in found if ids[place] in self._talk_of}
        near = set().union(*(places for mark, places in self._places.items() if mark not in told), set())
        if near:
            provenance = table.column("provenance").combine_chunks()
            if isinstance(provenance, pa.ChunkedArray):
                provenance = provenance.chunk(0)
            spots = zip(
                pc.struct_field(provenance, "partition").to_pylist(),
                pc.struct_field(provenance, "position").to_pylist(),
                pc.struct_field(provenance, "rows").to_pylist(),
                strict=True,
            )
            found |= {place for place, (part, at, rows) in enumerate(spots) if (part, at) in near and (rows or 0) > 0}
        return sorted(found)

    def _made_of(self, table: pa.Table) -> set[int]:
        """Rows of a shard whose document says that it is made of one of the rows, whatever the view."""
        lists = pc.struct_field(table.column("provenance").combine_chunks(), "row_ids")
        wanted = pa.array(sorted(self.ids), pa.string())
        hits = pc.filter(pc.list_parent_indices(lists), pc.is_in(pc.list_flatten(lists), value_set=wanted))
        return set(hits.to_pylist())


class Shards:
    """Looks into shards for documents, each once however many releases share it."""

    def __init__(self, store: Store, wanted: Mapping[str, Wanted]) -> None:
        self._store, self._wanted = store, wanted
        self._seen: dict[str, tuple[list[int], set[str], dict[tuple[str, str], Lost]]] = {}

    def held(self, ref: ReleaseRef, manifest: ReleaseManifest) -> Held:
        """The rows of a release that belong to the subjects and are not holes already."""
        found = Held(ref, manifest)
        if not {source["dataset"] for source in manifest.sources} & set(self._wanted):
            return found
        views: dict[str, list[str]] = defaultdict(list)
        for source in manifest.sources:
            views[source["dataset"]].append(source.get("view", ""))
        for number, shard in enumerate(manifest.shards):
            if shard.sha256 not in self._seen:
                self._seen[shard.sha256] = self._look(manifest.shard_key(shard), views)
            places, ids, lost = self._seen[shard.sha256]
            if places:
                found.places[number] = places
                found.ids |= ids
                for source_of, one in lost.items():
                    mine = found.lost[source_of]
                    for name in ("rows", "tokens", "documents", "source_rows", "first_tokens"):
                        setattr(mine, name, getattr(mine, name) + getattr(one, name))
                    mine.languages.update(one.languages)
                    mine.sections[shard.split, shard.stage] += one.tokens
        return found

    def _look(
        self, key: str, views: Mapping[str, Sequence[str]]
    ) -> tuple[list[int], set[str], dict[tuple[str, str], Lost]]:
        if self._store.stat(key) is None:
            return [], set(), {}  # purged: nobody reads it any more
        with self._store.open(key) as source:
            table = pq.read_table(source, columns=_COLUMNS, use_threads=False)
        sources = np.array(table.column("source").to_pylist(), object)
        live = ~table.column("erased").to_numpy()
        places: list[int] = []
        ids: set[str] = set()
        lost: dict[tuple[str, str], Lost] = {}
        for dataset, wanted in self._wanted.items():
            mine = np.flatnonzero((sources == dataset) & live)
            some = table.take(pa.array(mine))
            for place in wanted.places(some):
                places.append(int(mine[place]))
                row = some.slice(place, 1).to_pylist()[0]
                ids.add(row["id"])
                one = lost.setdefault((dataset, _view_of(row, views.get(dataset, ()))), Lost())
                one.rows += 1
                one.tokens += row["n_tokens"]
                if row["epoch"] == 1:
                    one.documents += 1
                    one.source_rows += (row["provenance"] or {}).get("rows") or 1
                    one.first_tokens += row["n_tokens"]
                    one.languages[row["language"]] += 1
        return sorted(places), ids, lost


def _view_of(row: Mapping[str, Any], views: Sequence[str]) -> str:
    """Under which of a data set's views a document was made: its id is the digest of its rows' ids and the view."""
    if len(views) < 2:
        return views[0] if views else ""
    from transforms.documents import document_id

    made = (row["provenance"] or {}).get("row_ids") or [row["id"]]
    return next((view for view in views if document_id(made, view) == row["id"]), "")


def wanted_of(rows: Iterable[Row]) -> dict[str, Wanted]:
    """What to look for in releases, by data set."""
    by_dataset: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_dataset[row.dataset].append(row)
    return {key: Wanted(some) for key, some in by_dataset.items()}


def affected(store: Store, rows: Sequence[Row]) -> list[Held]:
    """Every release with rows of the subjects, signed or not, oldest first."""
    look = Shards(store, wanted_of(rows))
    found = []
    for mix in catalog.mixes(store):
        for version in catalog.versions(store, mix):
            ref = ReleaseRef(mix, version)
            held = look.held(ref, catalog.manifest_of(store, ref))
            if held.places:
                found.append(held)
    return found


def frozen_key(ref: ReleaseRef, erasure: str) -> str:
    return f"{ref.folder}/frozen/{erasure}.json"


def freeze(store: Store, held: Held, erasure: str) -> None:
    """Hold the rows back from every reader that opens the release from now on."""
    store.put(frozen_key(held.ref, erasure), canonical_json({"erasure": erasure, "rows": held.rows}))


def is_frozen(store: Store, ref: ReleaseRef) -> bool:
    """Whether a release has rows that are held back."""
    return next(iter(store.list(f"{ref.folder}/frozen/")), None) is not None


def freeze_late(store: Store, ref: ReleaseRef, manifest: ReleaseManifest) -> None:
    """Hold back what a release has of people who were erased while it was built, from snapshots of before."""
    from clearinghouse.jobs import erase, erase_find

    taken = {source["dataset"]: source["snapshot"]["ordinal"] for source in manifest.sources if "snapshot" in source}
    for asked in erase.requests(store):
        done = erase.done_of(store, asked["id"]) or {}
        if not any(taken.get(key, one["snapshot"]) < one["snapshot"] for key, one in done.get("datasets", {}).items()):
            continue
        if store.stat(frozen_key(ref, asked["id"])) is None:
            held = Shards(store, wanted_of(erase_find.read(store, asked["id"]))).held(ref, manifest)
            if held.places:
                freeze(store, held, asked["id"])


# --- making it anew ---


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
        body = _manifest(selection, held, shards, version, erasure, redactions)
        for path, shard in made:
            key = body.shard_key(shard)
            if store.stat(key) is None:
                store.upload(path, key)
    folder = f"releases/{base.mix}/{version}"
    bare, listing = body.beside()
    artefacts = _artefacts(store, selection, bare, held)
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


def _manifest(
    selection: Selection,
    held: Held,
    shards: tuple[Shard, ...],
    version: str,
    erasure: str,
    redactions: Mapping[str, Mapping[str, int]],
) -> ReleaseManifest:
    base = held.manifest
    sources = tuple(
        _source(source, held.lost.get((source["dataset"], source.get("view", "")))) for source in base.sources
    )
    counts = Counter(base.redactions)
    for key in {dataset for dataset, _ in held.lost}:
        if key in redactions:
            counts.subtract({f"{key}|{name}": count for name, count in redactions.get(key, {}).items()})
    documents = sum(one.documents for one in held.lost.values())
    totals = {
        **base.totals,
        "tokens": sum(shard.tokens for shard in shards),
        "bytes": sum(shard.bytes for shard in shards),
        "taken": base.totals["taken"] - documents,
        "erased": sum(shard.erased for shard in shards),
    }
    before = base.curation.get("erased", {})
    return replace(
        base,
        version=version,
        parent=base.digest,
        code=code_version(),
        sources=sources,
        shards=shards,
        totals=totals,
        gates=_gates(selection, base, sources),
        redactions={name: count for name, count in sorted(counts.items()) if count > 0},
        artefacts={},
        curation={
            **base.curation,
            "erased": {
                "from": str(held.ref),
                "erasures": sorted({*before.get("erasures", ()), erasure}),
                "documents": before.get("documents", 0) + documents,
                "shards": len(held.places),
            },
        },
        rows_per_group=base.rows_per_group or (shards[0].row_groups[0][0] if shards else 0),
        listing=None,
        format=FORMAT,
    )


def _source(source: Mapping[str, Any], lost: Lost | None) -> Mapping[str, Any]:
    if lost is None:
        return source
    languages = Counter(source["languages"])
    languages.subtract(lost.languages)
    sections = [
        {**one, "tokens": one["tokens"] - lost.sections[one["split"], one["stage"]]}
        for one in source.get("sections", ())
    ]
    return {
        **source,
        **({"sections": sections} if sections else {}),
        "row_counts": _without(source["row_counts"], lost.source_rows),
        "counts": _without(source["counts"], lost.documents),
        "documents": source["documents"] - lost.documents,
        "tokens": source["tokens"] - lost.tokens,
        "tokens_available": source["tokens_available"] - lost.first_tokens,
        "languages": {tag: count for tag, count in sorted(languages.items()) if count > 0},
        "erased": source.get("erased", 0) + lost.rows,
    }


def _without(counts: Mapping[str, Any], gone: int) -> dict[str, Any]:
    gone = min(gone, counts["kept"])
    filtered = {**counts["filtered"], "erased": counts["filtered"].get("erased", 0) + gone}
    return {**counts, "kept": counts["kept"] - gone, "filtered": dict(sorted(filtered.items()))}


def _gates(
    selection: Selection, base: ReleaseManifest, sources: Sequence[Mapping[str, Any]]
) -> tuple[Mapping[str, Any], ...]:
    """The gates measured again on what is left; those that need the rows themselves keep their last value."""
    from clearinghouse.jobs.release_gates import gate_rows

    if len(selection.chosen) != len(sources):
        return base.gates
    drawn = tuple(
        SimpleNamespace(
            documents=Counts(**source["counts"]),
            rows=source["rows"],
            tokens=source["tokens"],
            available=source["tokens_available"],
            languages=source["languages"],
        )
        for source in sources
    )
    built: Any = SimpleNamespace(
        rows=tuple(Counts(**source["row_counts"]) for source in sources),
        drawn=drawn,
        wanted=tuple(source["tokens_wanted"] for source in sources),
        curation=base.curation,
        classes={},
    )
    again = {row["name"]: row for row in gate_rows(selection, built)}
    return tuple(row if row["name"] in OF_ROWS else again.get(row["name"], row) for row in base.gates)


OF_ROWS = frozenset({"k_anonymity"})
"""Gates that are measured on the released rows; who is left after an erasure is looked at by the next build."""


def _artefacts(store: Store, selection: Selection, body: ReleaseManifest, held: Held) -> dict[str, bytes]:
    from clearinghouse.jobs import exports
    from clearinghouse.jobs.release_facts import describe
    from infra.store import NotFound

    made = dict(describe(store, selection, body, held.manifest))
    made |= exports.artefacts(store, body, made[exports.REPORT])
    for name in ("duplicates.parquet", "filtered.parquet"):
        if name not in held.manifest.artefacts:
            continue
        try:
            table = pq.read_table(pa.BufferReader(store.read(f"{held.ref.folder}/{name}")))
        except NotFound:
            continue
        for column in ("id", "winner"):
            if column in table.schema.names:
                ids = pa.array(sorted(held.ids), table.schema.field(column).type)
                table = table.filter(pc.invert(pc.is_in(table.column(column), value_set=ids)))
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, compression="zstd")
        made[name] = sink.getvalue().to_pybytes()
    return made


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
