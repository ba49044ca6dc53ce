"""Lines and paragraphs that documents share, cut from all but the first: digests by tasks, the decision from them alone.

It comes after duplicates have gone, so that a copy goes whole and leaves no scraps; what is left of a document is
counted again, and goes where it now equals another or says too little. Conversations are never cut. Memory is 24
bytes a line or paragraph of one part of all digests, 12 a cut, and one task's documents a worker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from clearinghouse.code import code_version
from clearinghouse.jobs import release_tasks as tasks
from clearinghouse.jobs.release_choose import Candidates
from clearinghouse.jobs.release_near import Everyone, TaskFile, blobs
from schemas.canonical import digest
from schemas.contract import Dedup, Repeated
from transforms import dedup, lines
from transforms.words import Hashes, Ints

if TYPE_CHECKING:
    from infra.store import Store

#: Digests that are sorted at a time.
_DIGESTS = 1 << 24

CUT = pa.schema(
    [
        ("row", pa.int32()),
        ("digest", pa.binary(16)),
        ("tokens", pa.int64()),
        ("bytes", pa.int64()),
        ("chars", pa.int64()),
        ("pieces", pa.int64()),
        ("gone", pa.int64()),
    ]
)
"""One row a document that was cut: its row among the task's documents, digest and counts of what is left, and the
pieces and code points that went."""


@dataclass(frozen=True)
class Lines:
    """Makes the digests of a task's lines and paragraphs (`release_tasks.OfDocuments`)."""

    words: Mapping[lines.Unit, int]

    @classmethod
    def of(cls, rule: Dedup) -> Lines | None:
        """For a mix's rule; ``None`` where it wants neither cut."""
        found = units(rule)
        return cls({unit: one.words for unit, one in found.items()}) if found else None

    def key(self, task: tasks.Task) -> str:
        name = digest([dict(self.words), code_version()])[:16]
        return task.key.removesuffix(".parquet") + f".lines-{name}.parquet"

    def make(self, table: pa.Table) -> bytes:
        # A conversation loses its sense with a turn of it.
        plain = pc.is_null(table.column("messages"))
        texts = pc.if_else(plain, tasks.usable_text(table), pa.scalar(None, pa.large_string()))
        columns = {}
        for unit, words in self.words.items():
            found, counts = lines.digests(texts, unit, words)
            columns[unit] = blobs(counts, found)
        sink = pa.BufferOutputStream()
        pq.write_table(
            pa.table(columns), sink, compression="none", use_dictionary=False, write_statistics=False,
            write_page_checksum=True,
        )  # fmt: skip
        return bytes(sink.getvalue())


def units(rule: Dedup) -> dict[lines.Unit, Repeated]:
    """What a mix wants cut, in the order of the cuts."""
    found: dict[lines.Unit, Repeated | None] = {"paragraphs": rule.paragraphs, "lines": rule.lines}
    return {unit: one for unit in lines.UNITS if (one := found[unit]) is not None}


@dataclass(frozen=True)
class Cuts:
    """What goes from the documents of one task: ``path`` is a file of rows and digests of each unit (`numpy.savez`)
    with the SHA-256 ``name`` of what it says. Picklable."""

    task: tasks.Task
    path: str
    name: str
    words: Mapping[lines.Unit, int]

    @property
    def key(self) -> str:
        """Where what is left is counted."""
        name = digest([self.name, dict(self.words), code_version()])[:32]
        return self.task.key.removesuffix(".parquet") + f".cut-{name}.parquet"

    def apply(self, table: pa.Table) -> pa.Table:
        """The task's documents after the cut (`release_tasks.Edit`)."""
        rows, left = self.left(table)
        mask = np.zeros(len(table), bool)
        mask[rows] = True
        text = pa.array(left.texts, table.schema.field("text").type)
        column = pc.replace_with_mask(table.column("text").combine_chunks(), pa.array(mask), text)
        return table.set_column(table.schema.get_field_index("text"), "text", column)

    def left(self, table: pa.Table) -> tuple[Ints, lines.Without]:
        """Rows of the documents that lose something, ascending, and what is left of them."""
        with np.load(self.path) as found:
            cuts = {unit: (found[f"{unit}_row"], found[f"{unit}_digest"]) for unit in self.words}
        rows = np.unique(np.concatenate([row for row, _ in cuts.values()])).astype(np.int64)
        texts: Any = table.column("text").take(pa.array(rows)).combine_chunks()
        gone = np.zeros((2, len(rows)), np.int64)
        for unit, words in self.words.items():
            row, values = cuts[unit]
            made = lines.without(texts, unit, words, np.searchsorted(rows, row), values)
            texts = pa.array(made.texts, pa.large_string())
            gone += np.stack([made.pieces, made.chars])
        return rows, lines.Without(made.texts, *gone)


def find(
    sources: Sequence[Candidates],
    made: Sequence[tasks.Task],
    files: Sequence[TaskFile],
    rule: Dedup,
    folder: Path,
) -> list[Cuts]:
    """What is to go from which task's documents. Precedence is that of near duplicates."""
    everyone = Everyone(sources)
    wanted = units(rule)
    found = {unit: _losing(everyone, files, unit, one) for unit, one in wanted.items()}
    cuts = []
    for task in made:
        parts: dict[str, Any] = {}
        for unit, (of, rank, values) in found.items():
            low, high = np.searchsorted(of, [task.number, task.number + 1])
            parts[f"{unit}_row"], parts[f"{unit}_digest"] = everyone.row[rank[low:high]], values[low:high]
        if any(map(len, parts.values())):
            path = folder / f"{task.number}.npz"
            with path.open("wb") as sink:
                np.savez(sink, **parts)
            name = sha256(b"".join(part.tobytes() for part in parts.values())).hexdigest()
            cuts.append(Cuts(task, str(path), name, {unit: one.words for unit, one in wanted.items()}))
    return cuts


def _losing(
    everyone: Everyone, files: Sequence[TaskFile], unit: lines.Unit, rule: Repeated
) -> tuple[Ints, Ints, Hashes]:
    """Task, rank and digest of every cut, sorted by task, rank and digest."""
    staying = np.ones(len(everyone), bool)
    parts = max(1, -(-sum(file.values(unit) for file in files) // _DIGESTS))
    ranks, digests = [np.empty(0, np.int64)], [np.empty(0, np.uint64)]
    for part in range(parts):
        values, owners = [np.empty(0, np.uint64)], [np.empty(0, np.int64)]
        for some, rank in everyone.values(files, unit, staying):
            mine = (some % np.uint64(parts) == part) if parts > 1 else slice(None)
            values.append(some[mine])
            owners.append(rank[mine])
        gone, owner = lines.losing(np.concatenate(values), np.concatenate(owners), rule.documents, rule.keep)
        ranks.append(owner)
        digests.append(gone)
    rank, value = np.concatenate(ranks), np.concatenate(digests)
    of = everyone.task[rank]
    order = np.lexsort((value, rank, of))
    return of[order], rank[order], value[order]


def count(store: Store, cuts: Cuts) -> int:
    """Count what is left of a task's documents, and keep it in the store. What is there already is left alone."""
    if store.stat(cuts.key) is None:
        table = tasks.make_documents(cuts.task).table
        rows, left = cuts.left(table)
        some = table.take(pa.array(rows))
        text = pa.array(left.texts, pa.large_string())
        some = some.set_column(some.schema.get_field_index("text"), "text", text)
        tokens, size = cuts.task.form.count(some, text)
        columns = [
            pa.array(rows, pa.int32()),
            tasks.sixteen(dedup.digests(text)),
            pa.array(tokens),
            pa.array(size),
            pc.cast(pc.utf8_length(text), pa.int64()),
            pa.array(left.pieces),
            pa.array(left.chars),
        ]
        sink = pa.BufferOutputStream()
        pq.write_table(pa.table(columns, CUT), sink, compression="zstd", write_page_checksum=True)
        store.put(cuts.key, sink.getvalue().to_pybytes(), if_absent=True)
    return cuts.task.number


def settle(store: Store, sources: Sequence[Candidates], cuts: Sequence[Cuts]) -> dict[str, dict[str, int]]:
    """Give the candidates the counts of what is left of them, and take out those of which less is left than the fewest
    code points that their source takes (reason ``repeated``).

    Returns of each source that lost something: documents cut, documents gone, pieces and code points cut. Raises
    `release_tasks.DamagedIndex`.
    """
    told = {}
    for number, one in enumerate(sources):
        figures = dict.fromkeys(("documents", "dropped", "pieces", "chars"), 0)
        stays = np.ones(len(one), bool)
        order = np.lexsort((one.row, one.task))
        for cut in cuts:
            if cut.task.source != number:
                continue
            table = _read(store, cut.key)
            low, high = np.searchsorted(one.task[order], [cut.task.number, cut.task.number + 1])
            mine = order[low:high]
            at = mine[np.searchsorted(one.row[mine], table.column("row").to_numpy())]
            one.digest[at] = _words(table.column("digest"))
            one.tokens[at] = table.column("tokens").to_numpy()
            one.bytes[at] = table.column("bytes").to_numpy()
            stays[at] = table.column("chars").to_numpy() >= np.maximum(one.least[at], 1)
            figures["documents"] += len(at)
            figures["pieces"] += pc.sum(table.column("pieces")).as_py()
            figures["chars"] += pc.sum(table.column("gone")).as_py()
        figures["dropped"] = int(len(stays) - stays.sum())
        if figures["dropped"]:
            one.filtered = {**one.filtered, "repeated": figures["dropped"]}
            one.only(stays)
        if figures["documents"]:
            told[one.dataset] = figures
    return told


def _read(store: Store, key: str) -> pa.Table:
    try:
        return pq.read_table(pa.BufferReader(store.read(key)), page_checksum_verification=True).cast(CUT)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise tasks.DamagedIndex(f"{key} cannot be read", fix="delete it; it is made again") from error


def _words(column: pa.ChunkedArray) -> Any:
    return np.frombuffer(b"".join(column.to_pylist()), ">u8").astype(np.uint64).reshape(-1, 2)


__all__ = ["CUT", "Cuts", "Lines", "count", "find", "settle", "units"]
