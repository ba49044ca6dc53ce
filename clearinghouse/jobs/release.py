"""The release: snapshots → documents → deduplication → sampling → shards → report → manifest.

What is made depends on the mix, the snapshots, the policy, the tokenizer and the code alone, to the byte, whatever
the number of workers. The manifest is written last and once: killed before, there is no release, and the same
command finishes it under the same version, counting nothing twice that was counted before. Memory is bounded by one
task's documents and one shard's rows a worker, and some hundred bytes a document here (650 where all are duplicates).

With executor ``ray`` on several nodes the scratch folder (``TMPDIR``) must be one that they share.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from clearinghouse import catalog
from clearinghouse.jobs import (
    exports,
    release_classes,
    release_fields,
    release_lines,
    release_near,
    release_overlap,
    release_pool,
    release_quality,
    signatures,
)
from clearinghouse.jobs import release_tasks as tasks
from clearinghouse.jobs.release_choose import Candidates, candidates, check, drop_duplicates
from clearinghouse.jobs.release_costs import Costs
from clearinghouse.jobs.release_draw import Drawn, Order, Part, account, draw
from clearinghouse.jobs.release_facts import describe, manifest_of, summary
from clearinghouse.jobs.release_form import Form
from clearinghouse.jobs.release_select import Chosen, Selection, select
from clearinghouse.jobs.scratch import scratch
from clearinghouse.settings import Settings
from schemas.canonical import digest
from schemas.errors import IntegrityError, ReleaseRefused
from schemas.manifest import Counts, FileEntry, ReleaseManifest, Shard
from schemas.mix_units import split_field
from transforms import dedup, shards
from transforms.documents import grouped, identity, superseded
from transforms.split import sections

if TYPE_CHECKING:
    from infra.store import Store

#: Below this many bytes of scrubbed files, worker processes cost more than they save.
SMALL = 16 * 1024 * 1024
#: Bytes of a shard that are brought together at a time, and rows that a task lays out together where it can.
LAID_BYTES, LAID_ROWS = 8 * 1024 * 1024, 64
_PLAIN = re.compile(r"\d+\.\d+\.\d+")

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Built:
    """A release as made, before it has a version: figures, shards on local disk, and the table of duplicates."""

    rows: tuple[Counts, ...]
    drawn: tuple[Drawn, ...]
    wanted: tuple[int, ...]
    shards: tuple[tuple[str, Shard], ...]
    duplicates: pa.Table
    poor: pa.Table
    curation: Mapping[str, Any]
    #: Classes of quasi-identifiers by data set (`release_classes`).
    classes: Mapping[str, Any] = field(default_factory=dict)
    #: What became of the mix's sources.
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Prepared:
    """All that a release may draw from, before anything is drawn: tasks, rows of each data set, candidates, documents
    lost as duplicates, what every step cost, and what is cut out of documents."""

    made: tuple[tasks.Task, ...]
    rows: tuple[Counts, ...]
    sources: tuple[Candidates, ...]
    lost: tuple[int, ...]
    costs: Costs
    duplicates: pa.Table
    curation: Mapping[str, Any]
    edits: Mapping[int, tasks.Edit]


def prepare(settings: Settings, store: Store, selection: Selection, folder: Path) -> Prepared:
    """Count and choose documents as `build` would, in an empty scratch folder. Writes nothing to the store but indexes."""
    return _Build(settings, store, selection, folder).prepare()


def build(settings: Settings, mix: str) -> dict[str, Any]:
    """Make the next release of a mix, given by name or file, or find that the newest one is what it would be.

    Returns mix, version, digest, content_digest, rows, tokens, shards, gates (name, value, threshold, passed),
    gates_passed, sources (figures), report (key) and no_op. Raises `ReleaseRefused`, `MixError`, `ContractError`,
    `PolicyError`, `IntegrityError`, `AccountingError` or `StoreError`.
    """
    from infra.store import open_store

    store = open_store(settings.store)
    selection = select(settings, mix, store)
    parent = newest_release(store, selection.mix.name)
    if parent is not None and _same_plan(store, parent, selection) and _complete(store, parent):
        signatures.note_builder(store, catalog.ReleaseRef(parent.mix, parent.version), settings.who, first=True)
        return summary(parent, no_op=True)
    with scratch() as folder:
        built = _Build(settings, store, selection, folder).run()
        classes = release_classes.measure(store, selection, (path for path, _ in built.shards), folder)
        built = replace(built, classes=classes)
        found, _ = manifest_of(selection, built, version="", parent=parent.digest if parent else None).beside()
        if parent is not None and parent.content_digest == found.content_digest:
            # The same release again: only what has gone missing of it is put back.
            _send(settings, store, parent, built, None)
            return summary(parent, no_op=True)
        return _publish(settings, store, selection, built, parent)


def newest_release(store: Store, mix: str) -> ReleaseManifest | None:
    """The newest complete release of a mix, signed or not, or ``None``."""
    there = catalog.versions(store, mix)
    return catalog.manifest_of(store, catalog.ReleaseRef(mix, there[-1])) if there else None


def _plan_key(mix: str, version: str) -> str:
    return f"releases/{mix}/{version}/plan.json"


def _same_plan(store: Store, parent: ReleaseManifest, selection: Selection) -> bool:
    from infra.store import NotFound

    try:
        return store.read(_plan_key(parent.mix, parent.version)) == selection.plan
    except NotFound:
        return False


def _complete(store: Store, release: ReleaseManifest) -> bool:
    """Whether all shards are there, so that a rerun mends a release that lost one."""
    return not release_pool.missing(store, release)


class _Build:
    """One run from snapshots to shards on local disk. Nothing in it writes to the store but indexes."""

    def __init__(self, settings: Settings, store: Store, selection: Selection, folder: Path) -> None:
        from infra.executors import executor

        self.store, self.selection, self.folder = store, selection, folder
        entries = [entry for chosen in selection.chosen for entry in chosen.files]
        small = sum(entry.bytes for entry in entries) < SMALL
        self.pool = executor("inline" if small else settings.executor, settings.worker_count)
        self.entries = {entry.key: entry for entry in entries}
        for name in ("inputs", "dealt", "places", "scattered", "shards"):
            (folder / name).mkdir()
        self.tokenizer = folder / "tokenizer.json"
        self.tokenizer.write_bytes(selection.tokenizer)
        self.form = Form.of(selection.mix, str(self.tokenizer))

    def prepare(self) -> Prepared:
        files = dict(self._map(partial(tasks.fetch, self.store, str(self.folder / "inputs")), self._files(), "fetch"))
        made: list[tasks.Task] = []
        read: list[Counter[str]] = []
        self.pieces: list[list[tasks.Piece]] = []
        for number, chosen in enumerate(self.selection.chosen):
            dropped: Counter[str] = Counter()
            made += self._tasks(number, chosen, files, len(made), dropped)
            read.append(dropped)
        mix = self.selection.mix
        self.sketching = release_near.Sketching(mix.dedup.near) if mix.dedup.near is not None else None
        self.lines = release_lines.Lines.of(mix.dedup)
        self.overlap = release_overlap.Overlap.of(mix) if mix.decontaminate is not None else None
        self.signalling = release_quality.Signalling() if mix.quality is not None else None
        extras = (self.sketching, self.lines, self.overlap, self.signalling)
        self.extras: list[tasks.Extra] = [extra for extra in extras if extra is not None]
        self._index(made)
        sources = []
        for number, chosen in enumerate(self.selection.chosen):
            tables = self._indexes((task for task in made if task.source == number), read[number])
            asked = release_fields.Asked(
                chosen.contract, chosen.places, chosen.sources, split_field(mix, chosen.contract)
            )
            fields = release_fields.rows_asked(asked, self.pieces[number])
            sources.append(candidates(chosen, tables, mix.quality, fields=fields, split=mix.split))
        self.costs = Costs(sources)
        rows = tuple(
            self._rows(chosen, dropped, one.rows_used)
            for chosen, dropped, one in zip(self.selection.chosen, read, sources, strict=True)
        )
        duplicates, lost, how = self._dedup(made, sources)
        curation: dict[str, Any] = {"duplicates": how}
        edits: dict[int, tasks.Edit] = {}
        if self.lines is not None:
            cuts, curation["lines"] = self._cut_lines(made, sources)
            edits = {one.task.number: one for one in cuts}
            # What is left of two documents may be the same.
            again, more = drop_duplicates(sources)
            duplicates = pa.concat_tables([duplicates, again])
            lost = [one + two for one, two in zip(lost, more, strict=True)]
            how["exact"] += sum(more)
            self.costs.note("duplicates", sources)
        duplicates = dedup.settled(duplicates)
        how |= {"sources": dedup.losses(duplicates), "largest": dedup.largest(duplicates)}
        if self.overlap is not None:
            curation["benchmarks"] = self.overlap.account(sources)
        if self.signalling is not None:
            curation["quality"] = release_quality.account(sources)
        return Prepared(tuple(made), rows, tuple(sources), tuple(lost), self.costs, duplicates, curation, edits)

    def run(self) -> Built:
        found = self.prepare()
        sources = found.sources
        order = draw(self.selection.mix, sources)
        drawn = account(sources, found.lost, order)
        parts = self._cut(order)
        where = [
            (one.task[order.place[mine]], one.row[order.place[mine]], mine)
            for number, one in enumerate(sources)
            if len(mine := np.flatnonzero(order.source == number))
        ]
        starts = _stretches(parts, order, len(found.made))
        scattered = self._scatter(found.made, where, order, [row for own in starts for row in own], found.edits)
        return Built(
            found.rows,
            tuple(drawn),
            order.wanted,
            self._gather(parts, starts, scattered),
            found.duplicates,
            release_quality.poor(sources),
            {**found.curation, "parts": [part.as_dict() for part in order.parts]},
            parts=order.parts,
        )

    def _dedup(
        self, made: Sequence[tasks.Task], sources: Sequence[Candidates]
    ) -> tuple[pa.Table, list[int], dict[str, Any]]:
        """Take equal documents out, and near duplicates where the mix says so; what went, and how it was found."""
        rule = self.selection.mix.dedup
        before = [len(one) for one in sources]
        table, lost = drop_duplicates(sources)
        how: dict[str, Any] = {"exact": sum(lost), "near": 0}
        self.costs.note("duplicates", sources)
        if self.sketching is not None and any(before):
            files = self._here(made, self.sketching)
            found = release_near.drop_near(sources, files, self.sketching.rule, self.folder)
            table = pa.concat_tables([table, found.table])
            lost = [one + two for one, two in zip(lost, found.lost, strict=True)]
            how |= {"near": sum(found.lost), "compared": found.compared, "cut": found.cut}
            self.costs.note("near_duplicates", sources)
        over = [
            f"{one.dataset} loses {part:,} of {whole:,} documents{_winners(table, one.dataset)}"
            for one, part, whole in zip(sources, lost, before, strict=True)
            if part > rule.max_loss * whole
        ]
        if over:
            raise ReleaseRefused(
                f"{self.selection.mix.name}: more duplicates than its ceiling of {rule.max_loss:%} allows: "
                + "; ".join(over),
                state="nothing was released",
                fix="look at the sources named, then raise dedup.maxLoss, raise dedup.near.threshold, or take one out",
            )
        return table, lost, how

    def _here(self, made: Sequence[tasks.Task], extra: tasks.Extra) -> list[release_near.TaskFile]:
        """What an extra made of every task, brought here."""
        folder = self.folder / "extras"
        folder.mkdir(exist_ok=True)
        # Tasks of one name hold the same documents; each has its own place among the candidates.
        keys = {task.number: extra.key(task) for task in made}
        paths = {key: str(self.store.fetch(key, folder)) for key in sorted(set(keys.values()))}
        return [release_near.TaskFile(number, paths[key]) for number, key in keys.items()]

    def _cut_lines(
        self, made: Sequence[tasks.Task], sources: Sequence[Candidates]
    ) -> tuple[list[release_lines.Cuts], dict[str, dict[str, int]]]:
        """Cut what documents share with earlier ones and count what is left of them; what went from each source."""
        assert self.lines is not None
        if not any(map(len, sources)):
            return [], {}
        (self.folder / "cuts").mkdir()
        files = self._here(made, self.lines)
        cuts = release_lines.find(sources, made, files, self.selection.mix.dedup, self.folder / "cuts")
        for _ in self._map(partial(release_lines.count, self.store), cuts, "cut lines"):
            pass
        told = release_lines.settle(self.store, sources, cuts)
        self.costs.note("repeated", sources)
        return cuts, told

    def _files(self) -> list[FileEntry]:
        return [self.entries[key] for key in sorted(self.entries)]

    def _map(self, fn: Callable[[Item], Result], items: Iterable[Item], label: str) -> Iterator[Result]:
        from infra.progress import progress

        todo = list(items)
        with progress(len(todo), f"release {self.selection.mix.name}: {label}") as advance:
            for result in self.pool.map(fn, todo) if todo else ():
                advance("")
                yield result

    def _tasks(
        self, source: int, chosen: Chosen, files: Mapping[str, tasks.File], first: int, dropped: Counter[str]
    ) -> list[tasks.Task]:
        """Tasks of one source; rows that go into no document while they are dealt are counted in ``dropped``."""
        here = [files[entry.key] for entry in chosen.files]
        gone = _superseded(here)
        dropped["superseded"] += sum(map(len, gone))
        parts = [piece for file, places in zip(here, gone, strict=True) for piece in tasks.pieces(file, places)]
        self.pieces.append(parts)
        contract, form = chosen.contract, self.form
        tokenizer = self.selection.tokenizer_facts["sha256"]

        def name(what: Sequence[Any]) -> str:
            return tasks.task_name(what, contract, form, tokenizer)

        assert contract.document is not None
        if not grouped(contract.document):
            return [
                tasks.Task(first + place, source, contract, form, name(piece.name), piece=piece)
                for place, piece in enumerate(parts)
            ]
        groups = [group for file in here for group in file.groups]
        rows, size = sum(count for count, _ in groups), sum(size for _, size in groups)
        buckets = max(1, size // tasks.TASK_BYTES, rows // tasks.TASK_ROWS)
        items = [(piece, str(self.folder / "dealt" / f"{source}-{place}.arrow")) for place, piece in enumerate(parts)]
        for _, reasons in self._map(partial(tasks.deal, contract, buckets), items, f"deal {contract.key}"):
            dropped.update(reasons)
        every = [piece.name for piece in parts]
        return [
            tasks.Task(
                first + bucket,
                source,
                contract,
                form,
                name([*every, buckets, bucket]),
                dealt=tuple(path for _, path in items),
                bucket=bucket,
            )
            for bucket in range(buckets if items else 0)
        ]

    def _index(self, made: Sequence[tasks.Task]) -> None:
        todo = {
            task.key: task
            for task in made
            if any(self.store.stat(key) is None for key in (task.key, *(extra.key(task) for extra in self.extras)))
        }
        work = partial(tasks.index, self.store, extras=self.extras)
        for _ in self._map(work, todo.values(), "count documents"):
            pass

    def _indexes(self, made: Iterable[tasks.Task], dropped: Counter[str]) -> Iterator[tuple[int, pa.Table]]:
        """The indexes of tasks one by one; rows that went into no document are counted in ``dropped``."""
        for task in made:
            table, gone = self._read_index(task)
            dropped.update(gone)
            yield task.number, self._with_extras(task, table)

    def _with_extras(self, task: tasks.Task, table: pa.Table) -> pa.Table:
        """The index of a task with what benchmarks its documents overlap with and their signals, where asked for."""
        if self.overlap is not None:
            table = table.append_column("overlap", self.overlap.read(self.store, task))
        if self.signalling is not None:
            signals = self.signalling.read(self.store, task)
            for name in signals.schema.names:
                # Characters are counted in the index already.
                if name not in table.schema.names:
                    table = table.append_column(name, signals.column(name))
        return table

    def _read_index(self, task: tasks.Task) -> tuple[pa.Table, dict[str, int]]:
        try:
            return tasks.read_index(self.store, task)
        except tasks.DamagedIndex:
            self.store.delete(task.key)
            tasks.index(self.store, task, self.extras)
            return tasks.read_index(self.store, task)

    def _rows(self, chosen: Chosen, dropped: Counter[str], used: int) -> Counts:
        """Rows of the snapshot: each in one document, or left out for one reason."""
        found = Counts(
            rows_in=chosen.snapshot.counts.kept,
            kept=used,
            filtered={
                reason: count for reason, count in sorted({**dropped, "stale": chosen.stale_rows}.items()) if count
            },
        )
        return check(found, f"{chosen.contract.key}: rows")

    def _cut(self, order: Order) -> list[shards.Cut]:
        """Shards of each section by themselves: none holds rows of two splits or stages."""
        mix = self.selection.mix
        return [
            replace(cut, first_row=one.start + cut.first_row, split=one.split, stage=one.stage)
            for one in sections(order.split, order.stage)
            for cut in shards.cut(
                order.tokens[one.start : one.stop],
                order.bytes[one.start : one.stop],
                rows_per_group=mix.rows_per_group,
                shard_tokens=mix.shard_tokens,
                shard_bytes=mix.shard_bytes,
            )
        ]

    def _scatter(
        self,
        made: Sequence[tasks.Task],
        where: Sequence[Any],
        order: Order,
        first_rows: list[int],
        edits: Mapping[int, tasks.Edit],
    ) -> tuple[str, ...]:
        items = []
        if where:
            task = np.concatenate([one[0] for one in where])
            row = np.concatenate([one[1] for one in where])
            release_row = np.concatenate([one[2] for one in where])
            by_task = np.lexsort((release_row, task))
            numbers, starts = np.unique(task[by_task], return_index=True)
            for number, low, high in zip(numbers, starts, [*starts[1:], len(by_task)], strict=True):
                mine = by_task[low:high]
                rows = release_row[mine]
                places = self.folder / "places" / f"{number}.npy"
                np.save(
                    places,
                    np.stack(
                        [row[mine].astype(np.int64), rows, order.epoch[rows].astype(np.int64), order.tokens[rows]]
                    ),
                )
                chosen = self.selection.chosen[made[number].source]
                path = str(self.folder / "scattered" / f"{number}.arrow")
                edit = edits.get(int(number))
                items.append(tasks.Scatter(made[number], chosen.snapshot.digest, str(places), path, edit))
        return tuple(sorted(self._map(partial(tasks.scatter, first_rows), items, "lay out documents")))

    def _gather(
        self, cuts: Sequence[shards.Cut], starts: Sequence[Sequence[int]], scattered: tuple[str, ...]
    ) -> tuple[tuple[str, Shard], ...]:
        batches = np.cumsum([0, *map(len, starts)]).tolist()
        items = [
            tasks.Gather(
                number,
                cut,
                self.selection.mix.rows_per_group,
                scattered,
                str(self.folder / "shards" / f"{number}.parquet"),
                batches[number],
                tuple(starts[number]),
                self.selection.mix.shard_cdc,
            )
            for number, cut in enumerate(cuts)
        ]
        found = dict(self._map(tasks.gather, items, "write shards"))
        return tuple((items[number].path, found[number]) for number in range(len(items)))


def _winners(duplicates: pa.Table, dataset: str) -> str:
    """To which data sets one loses its duplicates, the most first."""
    mine = duplicates.filter(pc.equal(duplicates.column("dataset"), dataset)).column("winner_dataset")
    counted = sorted((-one["counts"].as_py(), one["values"].as_py()) for one in pc.value_counts(mine))
    return f" ({', '.join(f'{-count:,} to its own' if name == dataset else f'{-count:,} to {name}' for count, name in counted[:3])})"


def _stretches(cuts: Sequence[shards.Cut], order: Order, makers: int) -> list[list[int]]:
    """Where the stretches of each shard begin. One of few rows is not worth a batch in the file of each of its makers."""
    return [
        shards.stretches(
            cut, order.bytes[cut.first_row : cut.first_row + cut.rows], most=LAID_BYTES, least=LAID_ROWS * makers
        )
        for cut in cuts
    ]


def _superseded(files: Sequence[tasks.File]) -> list[list[int]]:
    """Places of superseded rows in each file, oldest version first as the files stand."""
    ids = []
    for file in files:
        column = pq.read_table(file.path, columns=["_id"], use_threads=False).column("_id")
        try:
            ids.append(identity(column))
        except ValueError as error:
            raise IntegrityError(f"{Path(file.path).name}: {error}", state="nothing was released") from None
    if not ids:
        return []
    gone = superseded(np.concatenate(ids))
    starts = np.cumsum([0, *map(len, ids)])
    return [
        (gone[np.searchsorted(gone, low) : np.searchsorted(gone, high)] - low).tolist()
        for low, high in pairwise(starts.tolist())
    ]


def _publish(
    settings: Settings, store: Store, selection: Selection, built: Built, parent: ReleaseManifest | None
) -> dict[str, Any]:
    """Claim a version, put shards, artefacts and, last, the manifest."""
    mix = selection.mix.name
    version = _claim(store, selection)
    signatures.note_builder(store, catalog.ReleaseRef(mix, version), settings.who)
    folder = f"releases/{mix}/{version}"
    bare, listing = manifest_of(selection, built, version=version, parent=parent.digest if parent else None).beside()
    reused = len(built.shards) - _send(settings, store, bare, built, parent)
    artefacts = describe(store, selection, bare, parent)
    artefacts |= exports.artefacts(store, bare, artefacts[exports.REPORT])
    sink = pa.BufferOutputStream()
    pq.write_table(built.duplicates, sink, compression="zstd", use_dictionary=["dataset", "winner_dataset"])
    artefacts["duplicates.parquet"] = sink.getvalue().to_pybytes()
    if len(built.poor):
        sink = pa.BufferOutputStream()
        pq.write_table(built.poor, sink, compression="zstd", use_dictionary=["dataset"])
        artefacts["filtered.parquet"] = sink.getvalue().to_pybytes()
    for name, data in sorted({**artefacts, **listing}.items()):
        store.put(f"{folder}/{name}", data)
    made = replace(bare, artefacts={name: digest(data) for name, data in sorted(artefacts.items())}).rooted()
    if not store.put(f"{folder}/manifest.json", made.to_json(), if_absent=True):
        # Only a run of the same plan shares a version, and it makes the same content.
        there = catalog.manifest_of(store, catalog.ReleaseRef(mix, version))
        if there.content_digest != made.content_digest:
            raise IntegrityError(
                f"{mix}@{version} was written at the same time with other content from the same plan",
                state=f"{folder}/manifest.json is what the other run wrote",
                fix=f"clearinghouse verify {mix}@{version}",
            )
        return summary(there, no_op=True)
    return summary(made, no_op=False, reused=reused)


def _send(
    settings: Settings, store: Store, release: ReleaseManifest, built: Built, parent: ReleaseManifest | None
) -> int:
    """Put the shards that the pool does not hold into it; returns how many that were."""
    from infra.executors import executor
    from infra.progress import progress

    todo = release_pool.to_send(store, release, built.shards, parent)
    small = sum(shard.bytes for _, shard in built.shards) < SMALL
    pool = executor("inline" if small else settings.executor, settings.worker_count)
    with progress(len(todo), f"release {release.mix}: put shards") as advance:
        for _ in pool.map(partial(release_pool.put, store), todo) if todo else ():
            advance("")
    return len(todo)


def _claim(store: Store, selection: Selection) -> str:
    """The next free version of the mix's major.minor: above every complete release, and not begun with another plan.

    A version is claimed by its plan, put there if absent. A run that was killed finds its own claim again.
    """
    from infra.store import NotFound

    mix = selection.mix
    major, minor = (int(part) for part in mix.version.split("-")[0].split("+")[0].split(".")[:2])
    done = [version.split(".") for version in catalog.versions(store, mix.name) if _PLAIN.fullmatch(version)]
    patch = max((int(at[2]) for at in done if at[:2] == [str(major), str(minor)]), default=-1) + 1
    for number in range(patch, patch + 10_000):
        version = f"{major}.{minor}.{number}"
        key = _plan_key(mix.name, version)
        if store.put(key, selection.plan, if_absent=True):
            return version
        try:
            if store.read(key) == selection.plan:
                return version
        except NotFound:
            continue
    raise ReleaseRefused(f"{mix.name} has no free version at {major}.{minor}", fix="raise the mix's version")
