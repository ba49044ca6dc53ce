"""Row groups in the order in which they are read, and samples put together from many of them. Arrow alone.

When a release is written, each source's documents are in the order of a keyed hash, so they are shuffled already, and
the sources are woven together so that every prefix holds the mix's shares of tokens. Reading must not tear that up: a
row group is cut into a few stretches, which change places, and within a stretch the weave stays as it is. (To permute
rows one by one, even among rows of their own source, lets shares drift by the lengths of documents: measured, three
times as far.)
"""

from __future__ import annotations

import threading
from array import array
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256, shake_256
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from clearinghouse.reader_order import Order, Piece
from clearinghouse.reader_views import counting, integers, plain, taken, viewed

if TYPE_CHECKING:
    import pyarrow.parquet as pq

    from clearinghouse.reader_release import Release

Holes = Literal["leave", "refill"]

ALIVE = "__alive"
"""A column that goes with the samples while they are put together: false for holes. Only where there are any."""
#: Shards that stand open at a time; a shard's footer is read again when it comes back.
_FILES = 32
STRETCHES = 4
"""Pieces that a row group is cut into and read in another order."""


def stretches(key: bytes, rows: int) -> list[tuple[int, int]]:
    """(first row, rows) of the stretches of a row group in the order in which they are read: it is cut in `STRETCHES`
    places, drawn by ``key`` (SHAKE-256, FIPS 202), as a ring, and the pieces change places."""
    draws = shake_256(key).digest(16 * STRETCHES)
    words = [int.from_bytes(draws[8 * n : 8 * n + 8], "little") for n in range(2 * STRETCHES)]
    cuts = sorted({word % rows for word in words[:STRETCHES]})
    ring = [(low, high - low) for low, high in pairwise([*cuts, cuts[0] + rows])]
    order = sorted(range(len(ring)), key=lambda n: words[STRETCHES + n])
    return [ring[n] for n in order]


def rearranged(key: bytes, batch: pa.RecordBatch) -> pa.RecordBatch:
    """A row group's rows in the order in which they are read."""
    count, parts = len(batch), []
    for first, some in stretches(key, count) if count else ():
        parts.append(batch.slice(first, min(some, count - first)))
        if first + some > count:
            parts.append(batch.slice(0, first + some - count))
    return pa.concat_batches(parts) if len(parts) > 1 else batch


def refilled(key: bytes, alive: pa.Array, sources: pa.Array) -> pa.Array:
    """The row to stand at each place: a hole's is a live row of its source, chosen by ``key``. A hole stays where its
    source has no live row."""
    living: dict[Any, list[int]] = {}
    names = sources.to_pylist()
    dead = set()
    for row, (name, there) in enumerate(zip(names, alive.to_pylist(), strict=True)):
        if there:
            living.setdefault(name, []).append(row)
        else:
            dead.add(row)
    found = list(range(len(names)))
    for row in dead:
        if others := living.get(names[row]):
            draw = int.from_bytes(sha256(key + b"hole" + row.to_bytes(8, "big")).digest()[:8], "big")
            found[row] = others[draw % len(others)]
    return integers(found)


class Files:
    """Shards that stand open for all threads of one reading. One thread at a time reads a shard."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._open: OrderedDict[int, tuple[threading.Lock, list[pq.ParquetFile]]] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, shard: int, group: int, columns: Sequence[str]) -> pa.RecordBatch:
        with self._lock:
            lock, held = self._open.setdefault(shard, (threading.Lock(), []))
            self._open.move_to_end(shard)
            if len(self._open) > _FILES:
                self._open.popitem(last=False)
        with lock, self._release.reading(shard):
            if not held:
                held.append(self._release.opened(shard))
            table = held[0].read_row_group(group, columns=columns, use_threads=False)
            found = table.combine_chunks().to_batches()
        return found[0] if found else pa.RecordBatch.from_pylist([], schema=table.schema)


@dataclass(frozen=True)
class Groups:
    """Loads row groups of a release in the order of their rows. Give it to threads as you like."""

    release: Release
    columns: tuple[str, ...]
    holes: Holes
    files: Files

    @classmethod
    def of(cls, release: Release, columns: Sequence[str], holes: Holes) -> Groups:
        return cls(release, tuple(columns), holes, Files(release))

    def load(self, order: Order, group: int) -> pa.RecordBatch:
        """The rows of a row group in the order of its places, as views (`reader_views`), with `columns`, and `ALIVE` where
        it has holes."""
        part = order.part_of(group)
        first = part.first_row + (group - part.first_group) * part.rows_per_group
        at = self.release.layout.find(first)
        key = order.row_key(group)
        holes = self.release.has_holes(at.shard, first, part.rows_of(group))
        wanted = dict.fromkeys(self.columns)
        if holes:
            wanted["erased"] = None
            if self.holes == "refill":
                wanted["source"] = None
        found = self.files.read(at.shard, at.group, tuple(wanted))
        chosen = viewed(found.select(list(self.columns)))
        if holes:
            found = self.release.masked(found, first)
            alive = pc.invert(found.column("erased"))
            chosen = viewed(found.select(list(self.columns)))
            if self.holes == "refill":
                rows = refilled(group.to_bytes(8, "big"), alive, found.column("source"))
                chosen, alive = taken(chosen, rows), alive.take(rows)
            chosen = chosen.append_column(ALIVE, alive)
        return chosen if key is None else rearranged(key, chosen)


def assemble(
    pieces: Sequence[Piece], loaded: Mapping[Any, pa.RecordBatch], count: int, schema: pa.Schema
) -> pa.RecordBatch:
    """The samples of ``pieces`` at their places, of the types of ``schema``: views are joined and brought in order, and
    then copied together, once."""
    parts, index, at = [], array("q", bytes(8 * count)), 0
    alive = any(ALIVE in loaded[piece.group].schema.names for piece in pieces)
    for piece in pieces:
        part, ks, out = loaded[piece.group], piece.ks, piece.out
        if isinstance(ks, range) and ks.step == 1:
            part = part.slice(ks.start, len(ks))
        else:
            part = taken(part, integers(counting(ks.start, ks.stop, ks.step) if isinstance(ks, range) else ks))
        if alive and ALIVE not in part.schema.names:
            part = part.append_column(ALIVE, pa.repeat(True, len(part)))
        parts.append(part)
        places = counting(at, at + len(part))
        if isinstance(out, range):
            index[out.start : out.stop : out.step] = places
        else:
            for place, one in zip(out, places, strict=True):
                index[place] = one
        at += len(part)
    if len(parts) == 1 and isinstance(pieces[0].out, range) and pieces[0].out.step == 1:
        return plain(parts[0], schema)
    if any(part.schema != parts[0].schema for part in parts):
        # A row group too large for views among others.
        parts = [plain(part, schema) for part in parts]
    return plain(taken(pa.concat_batches(parts), integers(index)), schema)
