"""An open release: its rows as Arrow batches, tables or dicts, each shard checked when it is first read."""

from __future__ import annotations

import operator
import os
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from clearinghouse import reader_numbers as numbers
from clearinghouse.reader_files import Mismatch, Place
from clearinghouse.reader_holes import Frozen
from clearinghouse.reader_index import Index
from clearinghouse.reader_layout import Layout, Position
from schemas.errors import ClearinghouseError, IntegrityError, StoreError
from schemas.manifest import Decision, ReleaseManifest

if TYPE_CHECKING:
    import pyarrow.dataset as pads

    from clearinghouse.reader_order import Shuffle
    from clearinghouse.reader_stream import Plan, Remainder, Stream
    from clearinghouse.reader_window import Holes

#: Shards that a thread keeps open: one is being read, one was read just before.
_OPEN = 2


class UnknownColumn(ClearinghouseError, ValueError):
    """A column that the release does not have."""

    exit_code = 2


class Release:
    """An open release. Give it to threads and processes as you like: files are opened by each on its own.

    ``manifest`` holds all that is known of it: sources, shards, gates, recipe; ``decision`` who signed it, or ``None``.
    """

    def __init__(
        self,
        place: Place,
        manifest: ReleaseManifest,
        decision: Decision | None,
        *,
        verify: bool,
        frozen: Frozen | None = None,
    ) -> None:
        self.manifest, self.decision = manifest, decision
        self.layout = Layout(manifest)
        self.frozen = frozen or Frozen()
        self._place, self._verify = place, verify
        self._index: Index | None = None
        self._checked: set[int] = set()
        self._schema: pa.Schema | None = None
        self._shown: pa.Schema | None = None
        self._local = _Opened()

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_local": None, "_index": None, "_checked": set(self._checked)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _local=_Opened())

    @property
    def mix(self) -> str:
        return self.manifest.mix

    @property
    def version(self) -> str:
        return self.manifest.version

    @property
    def tokens(self) -> int:
        """Tokens by the tokenizer that the manifest names."""
        return self.layout.tokens

    @property
    def schema(self) -> pa.Schema:
        """Columns as they are given out: numbers that lie as bytes are lists. Opens the first shard."""
        if self._shown is None:
            self._shown = numbers.shown(self._stored)
        return self._shown

    @property
    def _stored(self) -> pa.Schema:
        """Columns of every shard."""
        if self._schema is None:
            self._schema = self._open(0).schema_arrow if self.manifest.shards else pa.schema([])
        return self._schema

    def light(self, columns: Sequence[str]) -> bool:
        """Whether to read these columns is hardly more than to check them: they are numbers that lie as bytes, not
        compressed, in local files. Opens the first shard."""
        stored, shown = self._stored, self.schema
        if not (self._place.local and len(self) and columns):
            return False
        if not all(numbers.is_bytes(stored.field(name).type, shown, name) for name in columns):
            return False
        group = self._open(0).metadata.row_group(0)
        packed = {
            group.column(n).path_in_schema
            for n in range(group.num_columns)
            if group.column(n).compression != "UNCOMPRESSED"
        }
        return packed.isdisjoint(columns)

    def __len__(self) -> int:
        return self.layout.rows

    def __repr__(self) -> str:
        state = f"{self.decision.verdict}d by {self.decision.reviewer}" if self.decision else "unsigned"
        return f"<Release {self.mix}@{self.version}: {len(self):,} rows, {self.tokens:,} tokens, {state}>"

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return self.rows()

    def __getitem__(self, number: int) -> dict[str, Any]:
        return self.row(number)

    def batches(self, columns: Sequence[str] | None = None, batch_rows: int = 1024) -> Iterator[pa.RecordBatch]:
        """All rows in manifest order, as batches of at most ``batch_rows`` rows; a batch ends with its shard.

        ``columns`` are read alone and come in that order. Memory is bounded by a row group and a batch, and for
        remote stores with ``verify`` by one shard.
        """
        if batch_rows < 1:
            raise ValueError("batch_rows is at least 1")
        names = self._names(columns)
        return self._batches(names, batch_rows)

    def _batches(self, names: list[str] | None, batch_rows: int) -> Iterator[pa.RecordBatch]:
        for number in range(len(self.manifest.shards)):
            found = self._open(number).iter_batches(batch_size=batch_rows, columns=names)
            first = self.layout.firsts[number]
            while True:
                with self.reading(number):
                    batch = next(found, None)
                if batch is None:
                    break
                if len(batch):
                    batch = numbers.lists(self.masked(batch, first), self.schema)
                    first += len(batch)
                    yield batch if names is None else batch.select(names)

    def rows(self, columns: Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
        """All rows in manifest order, as dicts of Python values."""
        return (row for batch in self.batches(columns) for row in batch.to_pylist())

    def table(self, columns: Sequence[str] | None = None) -> pa.Table:
        """The whole release in memory."""
        names = self._names(columns)
        tables = []
        for number in range(len(self.manifest.shards)):
            with self.reading(number):
                tables.append(self._masked(self._open(number).read(columns=names), self.layout.firsts[number]))
        found = numbers.table(pa.concat_tables(tables), self.schema) if tables else self.schema.empty_table()
        return found if names is None else found.select(names)

    def row(self, number: int, columns: Sequence[str] | None = None) -> dict[str, Any]:
        """One row by its number (negative: from the end). Reads its row group, and keeps the last one read."""
        names = self._names(columns)
        number = operator.index(number)
        at = self.layout.find(number)
        first = (number + len(self) if number < 0 else number) - at.row
        found: dict[str, Any] = self._group(at, names, first).slice(at.row, 1).to_pylist()[0]
        return found

    def find(self, id: str, epoch: int = 1) -> int:
        """The row number of a document by its ``id`` and the ``epoch`` that it was drawn in. Raises `UnknownId`.

        The first call reads the column of ids and keeps 16 bytes a row; the others cost a bisection.
        """
        if self._index is None:
            self._index = Index.of(self)
        return self._index.find(id, epoch)

    def by_id(self, id: str, epoch: int = 1, columns: Sequence[str] | None = None) -> dict[str, Any]:
        """The row of a document (`find`)."""
        return self.row(self.find(id, epoch), columns)

    def masked(self, batch: pa.RecordBatch, first: int) -> pa.RecordBatch:
        """``batch``, whose first row has number ``first``, without the content of rows that are frozen."""
        return self.frozen.mask(batch, first)

    def _masked(self, table: pa.Table, first: int) -> pa.Table:
        if not self.frozen.count(first, len(table)):
            return table
        return pa.Table.from_batches([self.masked(table.combine_chunks().to_batches()[0], first)])

    def has_holes(self, shard: int, first: int, rows: int) -> bool:
        """Whether there may be holes among ``rows`` rows from ``first`` on, which lie in that shard."""
        return bool(self.manifest.shards[shard].erased or self.frozen.count(first, rows))

    def _group(self, at: Position, names: list[str] | None, first: int) -> pa.Table:
        wanted = (at.shard, at.group, None if names is None else tuple(names))
        mine = self._local.mine()
        if mine.group is None or mine.group[0] != wanted:
            with self.reading(at.shard):
                table = self._open(at.shard).read_row_group(at.group, columns=names)
            table = numbers.table(self._masked(table, first), self.schema)
            mine.group = (wanted, table if names is None else table.select(names))
        return mine.group[1]

    def stream(
        self,
        *,
        seed: int = 0,
        epoch: int = 0,
        shuffle: Shuffle = "window",
        split: str = "train",
        rank: int = 0,
        world: int = 1,
        batch: int = 64,
        columns: Sequence[str] | None = None,
        remainder: Remainder = "drop",
        holes: Holes = "leave",
        prefetch: int | None = None,
    ) -> Stream:
        """Batches for rank ``rank`` of ``world``, in an order that (release, seed, epoch) alone decide.

        ``shuffle``: ``window`` (row groups permuted, rows within them, many read side by side), ``full`` (every row
        anywhere; reads each row group again and again) or ``none`` (as written). Stages come in their order under
        all three. ``remainder`` says what becomes of the samples that do not fill a step of all ranks: ``drop``,
        ``pad`` (with samples of the epoch's beginning) or ``short``. ``holes``: ``leave`` erased rows out of their
        batch, or ``refill`` their place with another row of the same source and row group. ``prefetch`` bytes of
        batches are read ahead. Raises `BadSetting`.
        """
        from clearinghouse.reader_course import ReleaseCourse
        from clearinghouse.reader_stream import PREFETCH, Stream

        course = ReleaseCourse(self, seed=seed, shuffle=shuffle, split=split, columns=columns, holes=holes)
        return Stream(
            course,
            epoch=epoch,
            rank=rank,
            world=world,
            batch=batch,
            remainder=remainder,
            prefetch=PREFETCH if prefetch is None else prefetch,
        )

    def plan(self, *, world: int = 1, batch: int = 64, split: str = "train", remainder: Remainder = "drop") -> Plan:
        """What an epoch would be on so many ranks: steps, tail, tokens, first repeat. Reads nothing."""
        return self.stream(world=world, batch=batch, split=split, remainder=remainder).plan()

    def files(self) -> list[str]:
        """Shards in manifest order for polars, DuckDB, pandas…: absolute paths, or ``s3://`` URIs.

        Nothing is read here, and what others read we cannot check: call `verify` first where it matters.
        """
        return [self._place.absolute(self._key(number)) for number in range(len(self.manifest.shards))]

    def dataset(self) -> pads.Dataset:
        """The release as a `pyarrow.dataset.Dataset`, for filters and projections; unchecked, as with `files`."""
        import pyarrow.dataset as pads

        paths = [self._place.path(self._key(number)) for number in range(len(self.manifest.shards))]
        return pads.dataset(paths, schema=self._stored, format="parquet", filesystem=self._place.filesystem)

    def verify(self) -> int:
        """Hash every shard again; returns the bytes that were right. Raises `IntegrityError` naming all that differ."""
        wrong = []
        for number, shard in enumerate(self.manifest.shards):
            try:
                self._place.open(self._key(number), size=shard.bytes, digest=shard.sha256, check=True).close()
                self._checked.add(number)
            except Mismatch as found:
                self._checked.discard(number)
                wrong.append(f"  {shard.key}: expected {found.expected}, found {found.found}")
        if wrong:
            raise IntegrityError(
                f"{len(wrong)} of {len(self.manifest.shards)} shards of {self._name} are not what its manifest names:\n"
                + "\n".join(wrong),
                state="the store was not changed",
                fix=f"restore these files from a copy, then: clearinghouse verify {self._name}",
            )
        return sum(shard.bytes for shard in self.manifest.shards)

    @property
    def _name(self) -> str:
        return f"{self.mix}@{self.version}"

    def siblings(self) -> list[str]:
        """Versions of the same mix that stand in the store."""
        return [name for name in self._place.names(f"releases/{self.mix}") if name not in ("latest", "shards")]

    def sibling(self, version: str) -> ReleaseManifest | None:
        """The manifest of another version of the mix, for what it says of its shards; ``None`` where there is none."""
        folder = f"releases/{self.mix}/{version}"
        data = self._place.read(f"{folder}/manifest.json")
        return (
            None if data is None else ReleaseManifest.from_json(data, lambda name: self._place.read(f"{folder}/{name}"))
        )

    def names(self, columns: Sequence[str] | None) -> list[str]:
        """``columns``, or all there are. Raises `UnknownColumn`."""
        return self._names(columns) or ([] if columns is not None else self.schema.names)

    def _key(self, number: int) -> str:
        return self.manifest.shard_key(number)

    def _names(self, columns: Sequence[str] | None) -> list[str] | None:
        if columns is None:
            return None
        if isinstance(columns, str):
            raise TypeError(f"columns is a list of names: write [{columns!r}]")
        there = self.schema.names
        wrong = [name for name in columns if name not in there]
        if wrong:
            raise UnknownColumn(
                f"{self._name} has no column {', '.join(map(repr, wrong))}; it has {', '.join(there)}",
                fix="name columns of the release",
            )
        return list(columns)

    @contextmanager
    def reading(self, number: int) -> Iterator[None]:
        """Tells errors of reading shard ``number``: a remote store that stopped answering, bytes that are no Parquet."""
        try:
            yield
        except (OSError, pa.ArrowInvalid) as error:
            what = f"cannot read shard {self.manifest.shards[number].key} of {self._name}"
            reason = (str(error) or type(error).__name__).splitlines()[0][:300]
            if isinstance(error, OSError) and not self._place.local:
                raise StoreError(
                    f"{what} in {self._place.uri}: {reason}",
                    state="rows given out before are right",
                    fix="open the release again and go on where it stopped",
                ) from None
            raise IntegrityError(f"{what}: {reason}", fix=f"clearinghouse verify {self._name}") from None

    def _open(self, number: int) -> pq.ParquetFile:
        mine = self._local.mine()
        if number in mine.files:
            mine.files.move_to_end(number)
            return mine.files[number]
        file = mine.files[number] = self.opened(number)
        if len(mine.files) > _OPEN:
            mine.files.popitem(last=False)
        return file

    def opened(self, number: int) -> pq.ParquetFile:
        """A shard by its number, opened anew and checked; who asked owns it. For one thread at a time."""
        shard = self.manifest.shards[number]
        # A shard that was once hashed whole is not again; a remote one is, because it is fetched whole again anyway.
        check = self._verify and (bool(shard.footer) or number not in self._checked or not self._place.local)
        file = self._place.shard(
            self._key(number),
            size=shard.bytes,
            digest=shard.sha256,
            footer=shard.footer,
            check=check,
            what=f"shard {shard.key} of {self._name}",
            fix=f"restore it from a copy, then: clearinghouse verify {self._name}",
        )
        groups = tuple(file.metadata.row_group(i).num_rows for i in range(file.metadata.num_row_groups))
        if self._schema is None:
            self._schema = file.schema_arrow
        if groups != self.layout.group_rows(number) or not file.schema_arrow.equals(self._schema):
            raise Mismatch("its row groups and the columns of the other shards", "others").told(
                f"shard {shard.key} of {self._name}", f"clearinghouse verify {self._name}"
            )
        if self._verify:
            self._checked.add(number)
        return file


class _Mine:
    """What one thread of one process has open."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self.files: OrderedDict[int, pq.ParquetFile] = OrderedDict()
        self.group: tuple[tuple[int, int, tuple[str, ...] | None], pa.Table] | None = None


class _Opened(threading.local):
    """`_Mine` of each thread; a forked child starts afresh, because file positions are shared over a fork."""

    def mine(self) -> _Mine:
        found: _Mine | None = self.__dict__.get("_mine")
        if found is None or found.process != os.getpid():
            found = self.__dict__["_mine"] = _Mine()
        return found
