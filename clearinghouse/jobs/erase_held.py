"""Which rows of releases belong to erased subjects, and holding them back: at once, from every reader that opens a release.

``releases/<mix>/<version>/frozen/<erasure>.json`` beside a manifest names the rows that readers treat as holes from then
on. The release itself is not changed; what is made anew without these rows is `erase_releases`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from clearinghouse import catalog
from clearinghouse.catalog import ReleaseRef
from clearinghouse.jobs.erase_find import Row
from schemas.canonical import canonical_json
from schemas.manifest import ReleaseManifest
from transforms.documents import document_id

if TYPE_CHECKING:
    from infra.store import Store

_COLUMNS = ["id", "source", "epoch", "n_tokens", "language", "provenance", "erased"]


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
    #: Documents that can be made of the rows, in the release or not, by id: data set and view, and rows of each.
    named: dict[str, tuple[str, str, int]] = field(default_factory=dict)

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
        self._talks = list(talks.values())
        self._talk_of = {document_id(own, ""): mark for mark, own in talks.items()}

    def named(self, view: str) -> dict[str, int]:
        """Ids that documents of these rows have under a view, and of how many of the rows each is made."""
        alone = {document_id([own], view): 1 for own in self.ids}
        return {**alone, **{document_id(own, view): len(own) for own in self._talks}}

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

    @cached_property
    def _every(self) -> pa.Array:
        """The rows' ids, as shards are asked for them: made once, however many shards there are."""
        return pa.array(sorted(self.ids), pa.string())

    def _made_of(self, table: pa.Table) -> set[int]:
        """Rows of a shard whose document says that it is made of one of the rows, whatever the view."""
        lists = pc.struct_field(table.column("provenance").combine_chunks(), "row_ids")
        hits = pc.filter(pc.list_parent_indices(lists), pc.is_in(pc.list_flatten(lists), value_set=self._every))
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
            key, view = source["dataset"], source.get("view", "")
            views[key].append(view)
            if key in self._wanted:
                found.named.update((own, (key, view, rows)) for own, rows in self._wanted[key].named(view).items())
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
            theirs = wanted.places(some)
            places += mine[theirs].tolist()
            for row in some.take(pa.array(theirs, pa.int64())).to_pylist():
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
