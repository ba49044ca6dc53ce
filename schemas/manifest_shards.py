"""The shards that a manifest names, few or a hundred thousand. Standard library only until a sidecar is read.

Few shards stand in the manifest itself. Above `INLINE_SHARDS` (or `INLINE_GROUPS` row groups) the manifest names two
Parquet files beside it, by size and SHA-256, so that what signs the manifest signs them too:

    shards.parquet  a row a shard: sha256, bytes, rows, tokens, first_row, split, stage, erased, groups,
                    footer
    groups.parquet  a row a row group, in the order of shards: rows, tokens

Opening a release reads the first alone; a row number leads to its shard by bisection over the Arrow column as it lies
in memory, and no Python object is made of a shard that nobody asked for. The second is read when the tokens of a row
group are wanted.
"""

from __future__ import annotations

import io
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate, groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from schemas.errors import IntegrityError

if TYPE_CHECKING:
    import pyarrow as pa

INLINE_SHARDS = 1000
"""Up to so many shards stand in the manifest's JSON."""
INLINE_GROUPS = 20_000
"""And up to so many row groups: a manifest is read at every listing of a store."""
SHARDS_FILE, GROUPS_FILE = "shards.parquet", "groups.parquet"
SPLITS = ("train", "validation")
"""In the order in which a release holds them."""

Made = TypeVar("Made")
Read = Callable[[str], bytes | None]
"""Gives the bytes of a file beside a manifest by its name, ``None`` where there is none."""


@dataclass(frozen=True)
class Shard:
    """One Parquet file of a release. ``row_groups`` holds ``[rows, tokens]`` per row group; ``key`` is relative to
    the mix's folder (format 1: to the release's), ``first_row`` is the global number of its first row.

    ``split`` is ``train`` or ``validation`` and ``stage`` the place in the curriculum, from 0: a shard's rows are all
    of one split and stage (a section). ``erased`` counts its rows that are holes. ``footer`` is the SHA-256 of the
    file's footer (`schemas.shard_blocks`), empty where the shard was written without digests inside."""

    key: str
    bytes: int
    sha256: str
    rows: int
    tokens: int
    first_row: int
    row_groups: Sequence[tuple[int, int]]
    split: str = "train"
    stage: int = 0
    erased: int = 0
    footer: str = ""


def pool_key(name: str) -> str:
    """The key of the shard of that SHA-256, relative to its mix's folder: versions share it."""
    return f"shards/{name}.parquet"


@dataclass(frozen=True)
class Section:
    """Consecutive shards of one split and curriculum stage, with their totals. ``first_shard`` and ``first_row`` count
    over the whole release; all row groups but the last have the release's ``rows_per_group`` rows."""

    split: str
    stage: int
    first_shard: int
    shards: int
    first_row: int
    rows: int
    tokens: int
    erased: int = 0


@dataclass(frozen=True)
class Sidecar:
    """A file beside the manifest: its name there, size, SHA-256 and rows."""

    key: str
    bytes: int
    sha256: str
    rows: int


@dataclass(frozen=True)
class Listing:
    """What stands in a manifest in place of its shards: the two files that list them, and the totals of sections."""

    shards: Sidecar
    groups: Sidecar
    sections: tuple[Section, ...]

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Listing:
        """From JSON. Raises ``TypeError`` or ``KeyError`` for what is none."""
        return cls(Sidecar(**raw["shards"]), Sidecar(**raw["groups"]), tuple(Section(**one) for one in raw["sections"]))


def sections_of(shards: Iterable[Shard]) -> tuple[Section, ...]:
    """The sections that shards stand in, in their order."""
    found: list[Section] = []
    number = row = 0
    for (split, stage), some in groupby(shards, key=attrgetter("split", "stage")):
        mine = list(some)
        rows, tokens, erased = (sum(getattr(one, name) for one in mine) for name in ("rows", "tokens", "erased"))
        found.append(Section(split, stage, number, len(mine), row, rows, tokens, erased))
        number, row = number + len(mine), row + rows
    return tuple(found)


def listed(shards: Sequence[Shard], *, always: bool = False) -> tuple[Listing, dict[str, bytes]] | None:
    """The listing of shards and its two files by name, or ``None`` for few shards, which need none unless ``always``.

    Keys must be those of the pool (`pool_key`): a listing holds digests alone. The same shards give the same bytes.
    """
    few = len(shards) <= INLINE_SHARDS and sum(len(shard.row_groups) for shard in shards) <= INLINE_GROUPS
    if few and not always:
        return None
    if any(shard.key != pool_key(shard.sha256) for shard in shards):
        raise ValueError("only shards of the pool can be listed in a sidecar")
    import pyarrow as pa

    def column(kind: Any, values: Iterable[int], code: str) -> pa.Array:
        data = array(code, values)
        return pa.Array.from_buffers(kind, len(data), [None, pa.py_buffer(data)])

    def long(name: str) -> pa.Array:
        return column(pa.int64(), map(attrgetter(name), shards), "q")

    def short(values: Iterable[int]) -> pa.Array:
        return column(pa.int32(), values, "i")

    names = b"".join(bytes.fromhex(shard.sha256) for shard in shards)
    one = {
        "sha256": pa.Array.from_buffers(pa.binary(32), len(shards), [None, pa.py_buffer(names)]),
        **{name: long(name) for name in ("bytes", "rows", "tokens", "first_row")},
        "split": pa.array([shard.split for shard in shards], pa.string()),
        "stage": short(shard.stage for shard in shards),
        "erased": short(shard.erased for shard in shards),
        "groups": short(len(shard.row_groups) for shard in shards),
        "footer": pa.array([bytes.fromhex(shard.footer) or None for shard in shards], pa.binary(32)),
    }
    groups = [group for shard in shards for group in shard.row_groups]
    two = {"rows": short(group[0] for group in groups), "tokens": short(group[1] for group in groups)}
    files = {SHARDS_FILE: _written(one), GROUPS_FILE: _written(two)}
    first, second = (
        Sidecar(name, len(files[name]), sha256(files[name]).hexdigest(), rows)
        for name, rows in ((SHARDS_FILE, len(shards)), (GROUPS_FILE, len(groups)))
    )
    return Listing(first, second, sections_of(shards)), files


def _written(columns: Mapping[str, pa.Array]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    # Counts that hardly differ are small as deltas; digests are noise, and the few splits and stages a dictionary.
    few = [name for name in ("split", "stage") if name in columns]
    pq.write_table(
        pa.table(dict(columns)),
        sink,
        compression="zstd",
        compression_level=3,
        use_dictionary=few,
        column_encoding={name: "DELTA_BINARY_PACKED" for name in columns if name not in ("sha256", "footer", *few)},
        write_statistics=False,
        write_page_checksum=True,
        row_group_size=1 << 26,
    )
    return sink.getvalue()


class Columns:
    """What a reader needs of every shard, as it lies in Arrow's memory: one number or digest by the shard's number."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self.bytes, self.rows, self.tokens, self.first_row = (
            _numbers(table, name, "q") for name in ("bytes", "rows", "tokens", "first_row")
        )
        self.erased, self.groups = (_numbers(table, name, "i") for name in ("erased", "groups"))
        self._digests = _buffer(table, "sha256")

    def __len__(self) -> int:
        return len(self.bytes)

    def digest(self, number: int) -> str:
        """SHA-256 of a shard in lower-case hex."""
        return self._digests[32 * number : 32 * (number + 1)].hex()

    def footer(self, number: int) -> str:
        """SHA-256 of a shard's footer in lower-case hex, or nothing where it was written without digests."""
        found: bytes | None = self._table.column("footer")[number].as_py()
        return (found or b"").hex()

    def __reduce__(self) -> tuple[object, ...]:
        return Columns, (self._table,)


class ShardList(Sequence[Shard]):
    """The shards of a `Listing`, read when they are first looked at.

    Works in threads and after a fork, and is pickled with what it has read. `columns` is the fast way to a number.
    """

    def __init__(self, listing: Listing, read: Read | None, name: str) -> None:
        """``name`` is the release's, for messages. Without ``read`` shards can be counted and no more; it must be
        picklable where the list is to be."""
        self.listing, self._read, self._name = listing, read, name
        self._starts = [section.first_shard for section in listing.sections]
        self._columns: Columns | None = None
        self._groups: tuple[memoryview, memoryview, Sequence[int]] | None = None

    def __len__(self) -> int:
        return self.listing.shards.rows

    @overload
    def __getitem__(self, place: int) -> Shard: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Shard, ...]: ...
    def __getitem__(self, place: int | slice) -> Shard | tuple[Shard, ...]:
        if isinstance(place, slice):
            return tuple(self[number] for number in range(*place.indices(len(self))))
        number = place + len(self) if place < 0 else place
        if not 0 <= number < len(self):
            raise IndexError(f"shard {place} of {self._name}, which has {len(self)}")
        here, digest = self.columns, self.columns.digest(number)
        section = self.listing.sections[bisect_right(self._starts, number) - 1]
        return Shard(
            key=pool_key(digest),
            bytes=here.bytes[number],
            sha256=digest,
            rows=here.rows[number],
            tokens=here.tokens[number],
            first_row=here.first_row[number],
            row_groups=_Groups(self, number),
            split=section.split,
            stage=section.stage,
            erased=here.erased[number],
            footer=here.footer(number),
        )

    def __iter__(self) -> Iterator[Shard]:
        return (self[number] for number in range(len(self)))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, ShardList):
            return self.listing == other.listing
        return isinstance(other, tuple) and self[:] == other

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{len(self):,} shards of {self._name}>"

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_groups": None}

    @property
    def columns(self) -> Columns:
        """The columns of `SHARDS_FILE`. Raises `IntegrityError` where the file is missing or not what was signed."""
        if self._columns is None:
            wanted = ["sha256", "bytes", "rows", "tokens", "first_row", "erased", "groups", "footer"]
            self._columns = self._load(self.listing.shards, wanted, Columns)
        return self._columns

    def row_groups(self, number: int) -> tuple[tuple[int, int], ...]:
        """Rows and tokens of each row group of a shard. Reads `GROUPS_FILE` once, and may raise `IntegrityError`."""
        if self._groups is None:
            starts = array("q", accumulate(self.columns.groups, initial=0))

            def make(table: pa.Table) -> tuple[memoryview, memoryview, Sequence[int]]:
                if starts[-1] != len(table):
                    raise ValueError("has other row groups than its shards")
                return _numbers(table, "rows", "i"), _numbers(table, "tokens", "i"), starts

            self._groups = self._load(self.listing.groups, ["rows", "tokens"], make)
        rows, tokens, firsts = self._groups
        here = slice(firsts[number], firsts[number + 1])
        return tuple(zip(rows[here], tokens[here], strict=True))

    def _load(self, file: Sidecar, wanted: list[str], make: Callable[[pa.Table], Made]) -> Made:
        import pyarrow as pa
        import pyarrow.parquet as pq

        data = self._read(file.key) if self._read is not None else None
        if data is None:
            raise self._damaged(file, "is missing")
        if (found := sha256(data).hexdigest()) != file.sha256:
            raise self._damaged(file, f"is not what the manifest names: expected sha256 {file.sha256}, found {found}")
        try:
            table = pq.ParquetFile(pa.BufferReader(data)).read(columns=wanted, use_threads=False).combine_chunks()
            if len(table) != file.rows:
                raise ValueError(f"has {len(table)} rows, not {file.rows}")
            return make(table)
        except (pa.ArrowException, OSError, ValueError, KeyError) as error:
            # The bytes are those that were named: whoever wrote them wrote something else than shards.
            raise self._damaged(file, f"does not list its shards ({type(error).__name__})") from None

    def _damaged(self, file: Sidecar, said: str) -> IntegrityError:
        return IntegrityError(
            f"{file.key} of {self._name}, which lists its shards, {said}",
            state="nothing was read",
            fix=f"restore it from a copy, then: clearinghouse verify {self._name}",
        )


class _Groups(Sequence[tuple[int, int]]):
    """``[rows, tokens]`` of a listed shard's row groups; their number is known before they are read."""

    def __init__(self, shards: ShardList, number: int) -> None:
        self._shards, self._number = shards, number

    def __len__(self) -> int:
        return self._shards.columns.groups[self._number]

    @overload
    def __getitem__(self, place: int) -> tuple[int, int]: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[tuple[int, int], ...]: ...
    def __getitem__(self, place: int | slice) -> tuple[int, int] | tuple[tuple[int, int], ...]:
        return self._shards.row_groups(self._number)[place]

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(self._shards.row_groups(self._number))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Groups | tuple) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


def _buffer(table: pa.Table, name: str) -> memoryview:
    column = table.column(name)
    if column.null_count:
        raise ValueError(f"{name} has nulls")
    if not len(column):
        return memoryview(b"")
    part = column.chunk(0)
    width = part.type.byte_width
    return memoryview(part.buffers()[1])[part.offset * width : (part.offset + len(part)) * width]


def _numbers(table: pa.Table, name: str, kind: Literal["i", "q"]) -> memoryview:
    """A column of integers as Python sees an array of them, without a copy."""
    if table.schema.field(name).type.byte_width != array(kind).itemsize:
        raise ValueError(f"{name} is of another type")
    return _buffer(table, name).cast("B").cast(kind)
