"""Near duplicates of a release: sketches made by tasks and kept in the store, clusters found from them alone.

A task's sketches depend on its documents and on the mix's rule, so they stay valid for every later release: new
data is compared with all that was there before without a look at old text. Memory here is 8 bytes a document, 16 a
key of one part of all keys, and the sketches of those documents that share a key with another, on disk.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from clearinghouse.code import code_version
from clearinghouse.jobs.release_choose import Candidates
from clearinghouse.jobs.release_tasks import DamagedIndex, Task, usable_text
from schemas.canonical import digest
from schemas.contract import Near
from transforms import dedup, near, shingles
from transforms.shingles import Sketches, jaccard
from transforms.words import Ints, Words

NEAR = pa.schema(
    [
        ("size", pa.int64()),
        ("words", pa.uint64()),
        ("sketch", pa.large_binary()),
        ("keys", pa.large_binary()),
    ]
)
"""One row a document of a task, in its order: shingles, digest of its words, sketch (numbers of 32 bits, little-endian),
and the keys it may meet by (of 64 bits)."""

#: Keys that are sorted at a time, about: 16 bytes each, and as much again to sort them. More go to disk, dealt into files
#: by their last bits, of which there are so many at most.
_KEYS, _FILES = 1 << 20, 256
#: Hashes of sketches in a row group, about.
_GROUP = 1 << 20
#: Hashes of sketches that are held in memory, four bytes each; more than that go to disk.
_HELD = 1 << 25
#: Sketches that are compared at a time, in hashes of four bytes: these sort in the processor's cache.
_HASHES = 1 << 17


@dataclass(frozen=True)
class Sketching:
    """Makes the sketches of a task's documents (`release_tasks.OfWords`)."""

    rule: Near

    def key(self, task: Task) -> str:
        name = digest([str(self.rule.threshold), self.rule.words, self.rule.characters, code_version()])[:16]
        return task.key.removesuffix(".parquet") + f".near-{name}.parquet"

    def begin(self, table: pa.Table) -> _Making:
        return _Making(table, self.rule)


class _Making:
    """A file that is written as its texts come, a row group at a time."""

    def __init__(self, table: pa.Table, rule: Near) -> None:
        self.threshold = float(rule.threshold)
        self.sketching = shingles.Sketching(usable_text(table), rule.words, rule.characters)
        self.sink = io.BytesIO()
        # Hashes do not compress; dictionaries and statistics of them are waste.
        self.writer = pq.ParquetWriter(
            self.sink, NEAR, compression="none", use_dictionary=False, write_statistics=False, write_page_checksum=True
        )

    def add(self, part: Words) -> None:
        if self.sketching.at >= _GROUP and not self.sketching.continues(part):
            self._write()
        self.sketching.add(part)

    def made(self) -> bytes:
        self._write()
        self.writer.close()
        return self.sink.getvalue()

    def _write(self) -> None:
        some = self.sketching.made()
        keys, counts = near.keys_of(some, self.threshold)
        columns = [pa.array(some.size), pa.array(some.digest), blobs(some.length, some.hashes), blobs(counts, keys)]
        self.writer.write_table(pa.table(columns, schema=NEAR))


@dataclass(frozen=True)
class TaskFile:
    """What was worked out of a task's documents, here on disk: a Parquet file with a row a document."""

    task: int
    path: str

    def values(self, name: str) -> int:
        """How many numbers of 64 bits a column holds, about."""
        metadata = pq.read_metadata(self.path)
        place = metadata.schema.to_arrow_schema().get_field_index(name)
        groups = range(metadata.num_row_groups)
        return sum(metadata.row_group(group).column(place).total_uncompressed_size for group in groups) // 8

    def column(self, name: str) -> pa.ChunkedArray:
        """Raises `DamagedIndex` where it cannot be read."""
        return pa.chunked_array([values for _, values in self.chunks(name)])

    def chunks(self, name: str) -> Iterator[tuple[int, pa.Array]]:
        """The values of a column, some rows at a time, with the first row of each. Raises `DamagedIndex`."""
        row = 0
        try:
            with pq.ParquetFile(self.path, memory_map=True, page_checksum_verification=True) as file:
                for group in range(file.num_row_groups):
                    values = file.read_row_group(group, [name], use_threads=False).column(0).combine_chunks()
                    yield row, values
                    row += len(values)
        except (pa.ArrowException, OSError) as error:
            raise DamagedIndex(f"{Path(self.path).name} cannot be read", fix="run the same command again") from error


@dataclass(frozen=True)
class NearFound:
    """What near deduplication did: the table of losers, losers of each source, and how it was found."""

    table: pa.Table
    lost: tuple[int, ...]
    compared: int
    cut: int


def drop_near(sources: Sequence[Candidates], files: Sequence[TaskFile], rule: Near, folder: Path) -> NearFound:
    """Leave one of each cluster of near duplicates, within and across sources.

    Precedence is that of `Everyone`. ``folder`` takes the sketches that are compared.
    """
    everyone = Everyone(sources)
    # Work is in ranks: rank 0 goes before all others.
    same = _equal_words(everyone, files)
    stay = np.flatnonzero(same == np.arange(len(same)))
    found = _groups(everyone, files, stay, folder)
    chosen = np.unique(found.texts)
    held = _Held(everyone, files, chosen, folder)
    place = np.full(len(same), -1, np.int64)
    place[chosen] = np.arange(len(chosen))

    def similarity(left: Ints, right: Ints) -> np.ndarray:
        return jaccard(held.sketches, place[left], place[right], memory=_HASHES)

    made = near.clusters(len(same), found, similarity, float(rule.threshold))
    # Whoever has the same words as one that went has gone to the same winner.
    winner = made.winner[same]
    alike = np.where(winner == np.arange(len(winner)), 1, made.similarity[same])
    return everyone.dropped(winner, alike, made.compared, made.cut)


class Everyone:
    """All candidates of all sources, by rank of precedence: quality, then the order of the mix (trust), then partition
    and position (time), then id."""

    def __init__(self, sources: Sequence[Candidates]) -> None:
        self.sources = sources
        sizes = [len(one) for one in sources]
        self.source = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        quality = np.concatenate([one.quality for one in sources])
        # Sources stand in the order of the mix, and each in its canonical order already.
        self.order = np.argsort(-quality, kind="stable")
        task = np.concatenate([one.task for one in sources])[self.order]
        row = np.concatenate([one.row for one in sources])[self.order]
        self.task, self.row = task, row
        self.by_task = np.lexsort((row, task))
        self.edges = np.searchsorted(task[self.by_task], np.arange(int(task.max(initial=-1)) + 2))

    def __len__(self) -> int:
        return len(self.order)

    def of(self, task: int) -> tuple[Ints, Ints]:
        """Ranks of a task's documents and their rows, ascending by row."""
        if task + 1 >= len(self.edges):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        ranks = self.by_task[self.edges[task] : self.edges[task + 1]]
        return ranks, self.row[ranks].astype(np.int64)

    def values(self, files: Sequence[TaskFile], column: str, staying: np.ndarray) -> Iterator[tuple[np.ndarray, Ints]]:
        """The numbers of a column of `blobs` of 64 bits and the rank of each, some at a time, of the ranks that are
        ``staying``."""
        for file in files:
            ranks, rows = self.of(file.task)
            stay = staying[ranks]
            ranks, rows = ranks[stay], rows[stay]
            for row, found in file.chunks(column):
                values, lengths = numbers(found, np.uint64)
                low, high = np.searchsorted(rows, [row, row + len(found)])
                rank_of = np.full(len(found), -1, np.int64)
                rank_of[rows[low:high] - row] = ranks[low:high]
                mine = np.repeat(rank_of >= 0, lengths)
                yield values[mine], np.repeat(rank_of, np.where(rank_of >= 0, lengths, 0))

    def dropped(self, winner: Ints, similarity: np.ndarray, compared: int, cut: int) -> NearFound:
        """Take the losers out of the sources and write them down."""
        place = np.arange(len(winner))
        at = np.empty(len(winner), np.int64)
        at[self.order] = self.order[winner]
        alike = np.ones(len(winner), np.float32)
        alike[self.order] = similarity
        ids = np.concatenate([one.ids for one in self.sources])
        names = [one.dataset for one in self.sources]
        table = dedup.duplicates(at, ids, self.source, names, kind="near", similarity=alike)
        kept = at == place
        lost, start = [], 0
        for one in self.sources:
            mine = kept[start : start + len(one)]
            start += len(one)
            lost.append(int(len(mine) - mine.sum()))
            one.only(mine)
        return NearFound(table, tuple(lost), compared, cut)


def _equal_words(everyone: Everyone, files: Sequence[TaskFile]) -> Ints:
    """For each rank the first with the same words: texts that differ in signs, spaces, case or width alone."""
    words = np.zeros(len(everyone), np.uint64)
    for file in files:
        ranks, rows = everyone.of(file.task)
        words[ranks] = file.column("words").to_numpy()[rows]
    rank = np.arange(len(words))
    order = np.lexsort((rank, words))
    first = np.append(True, words[order][1:] != words[order][:-1]) if len(words) else np.empty(0, bool)
    first |= words[order] == 0
    same = np.empty(len(words), np.int64)
    same[order] = order[first][np.cumsum(first) - 1] if len(words) else 0
    return same


def _groups(everyone: Everyone, files: Sequence[TaskFile], stay: Ints, folder: Path) -> near.Groups:
    """Ranks that share a key. Keys are read once and brought together part by part, so that memory is bounded."""
    staying = np.zeros(len(everyone), bool)
    staying[stay] = True
    total = sum(pq.read_metadata(file.path).num_rows for file in files) * near.BANDS
    parts = min(_FILES, max(1, -(-total // _KEYS)))
    pairs = everyone.values(files, "keys", staying)
    if parts == 1:
        every = list(pairs)
        if not every:
            return near.joined([])
        return near.joined([near.groups(*map(np.concatenate, zip(*every, strict=True)))])
    paths = [folder / f"keys-{part}.bin" for part in range(parts)]
    for keys, owners in pairs:
        _deal(np.stack([keys, owners.view(np.uint64)], axis=1), paths)
    found = []
    for path in paths:
        if path.exists():
            both = np.fromfile(path, np.uint64).reshape(-1, 2)
            found.append(near.groups(np.ascontiguousarray(both[:, 0]), both[:, 1].astype(np.int64)))
            path.unlink()
    return near.joined(found)


def _deal(pairs: np.ndarray, paths: Sequence[Path]) -> None:
    """Append keys and their owners, shape (n, 2), to the file of each key's remainder."""
    part = (pairs[:, 0] % np.uint64(len(paths))).astype(np.int64)
    order = np.argsort(part, kind="stable")
    edges = np.searchsorted(part[order], np.arange(len(paths) + 1))
    for number, path in enumerate(paths):
        if edges[number] < edges[number + 1]:
            with path.open("ab") as sink:
                pairs[order[edges[number] : edges[number + 1]]].tofile(sink)


class _Held:
    """Sketches of chosen ranks: in memory as long as they are few, else in a file that is mapped and not held."""

    def __init__(self, everyone: Everyone, files: Sequence[TaskFile], chosen: Ints, folder: Path) -> None:
        place = np.full(len(everyone), -1, np.int64)
        place[chosen] = np.arange(len(chosen))
        size = np.zeros(len(chosen), np.int64)
        first = np.zeros(len(chosen), np.int64)
        length = np.zeros(len(chosen), np.int64)
        path = folder / "sketches.bin"
        waiting: list[np.ndarray] = []
        written = held = 0
        with path.open("wb") as sink:
            for file in files:
                ranks, rows = everyone.of(file.task)
                mine = place[ranks] >= 0
                if not mine.any():
                    continue
                at, rows = place[ranks[mine]], rows[mine]
                size[at] = file.column("size").to_numpy()[rows]
                for row, sketches in file.chunks("sketch"):
                    low, high = np.searchsorted(rows, [row, row + len(sketches)])
                    some = at[low:high]
                    values, lengths = numbers(sketches.take(pa.array(rows[low:high] - row)), np.uint32)
                    first[some] = written + np.cumsum(lengths) - lengths
                    length[some] = lengths
                    waiting.append(values)
                    written += len(values)
                    held += len(values)
                    if held > _HELD:
                        _spill(waiting, sink)
                        held = 0
            if held < written:
                _spill(waiting, sink)
        if held < written:
            hashes: np.ndarray = np.memmap(path, np.uint32, "r")
        else:
            hashes = np.concatenate([np.empty(0, np.uint32), *waiting])
        self.sketches = Sketches(hashes, first, length, size, np.empty(0, np.uint64))


def _spill(waiting: list[np.ndarray], sink: BinaryIO) -> None:
    for one in waiting:
        one.tofile(sink)
    waiting.clear()


def blobs(lengths: Ints, values: np.ndarray) -> pa.LargeBinaryArray:
    """Numbers as bytes, little-endian, so many of them each. (Lists of numbers take Parquet several times as long.)"""
    values = values.astype(values.dtype.newbyteorder("<"), copy=False)
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]) * values.itemsize
    return pa.Array.from_buffers(pa.large_binary(), len(lengths), [None, pa.py_buffer(offsets), pa.py_buffer(values)])


def numbers(found: pa.LargeBinaryArray, kind: type[np.unsignedinteger]) -> tuple[np.ndarray, Ints]:
    """The numbers of `blobs`, one after the other, and how many each row has."""
    offsets = np.frombuffer(found.buffers()[1], np.int64)[found.offset : found.offset + len(found) + 1]
    low, high = (int(offsets[0]), int(offsets[-1])) if len(found) else (0, 0)
    size = np.dtype(kind).itemsize
    if high == low:
        return np.empty(0, kind), np.zeros(len(found), np.int64)
    data = memoryview(found.buffers()[2])[low:high]
    return np.frombuffer(data, np.dtype(kind).newbyteorder("<")), np.diff(offsets) // size
