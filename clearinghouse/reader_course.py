"""What a stream reads: the samples of a release, epoch by epoch, by position. (Of several releases: `reader_mixing`.)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, get_args

import pyarrow as pa

from clearinghouse import reader_state as states
from clearinghouse.reader_order import LANES, SHUFFLES, Order, Part, Piece, Shuffle, lanes_for
from clearinghouse.reader_window import Groups, Holes
from schemas.errors import ClearinghouseError, IntegrityError

if TYPE_CHECKING:
    from clearinghouse.reader_release import Release


class BadSetting(ClearinghouseError, ValueError):
    """A stream that cannot be: a rank out of range, a split that there is not, a weight of nothing."""

    exit_code = 2


class Course(Protocol):
    """Samples by epoch and position, whoever reads them. ``kind`` names it in states."""

    kind: str

    @property
    def releases(self) -> tuple[Release, ...]:
        """What is read."""

    @property
    def patience(self) -> int:
        """Samples after which an open row group that gave none may be closed."""

    @property
    def row_bytes(self) -> int:
        """What a sample takes in memory, about."""

    @property
    def sparse(self) -> bool:
        """Whether a few rows are wanted of each row group at a time, so that none is kept open."""

    @property
    def light(self) -> bool:
        """Whether `load` is hardly more than a check of what lies there (`Release.light`)."""

    @property
    def lanes(self) -> int:
        """Sample p of an epoch comes from lane p mod ``lanes``; 0 where there are none."""

    @property
    def holes(self) -> int:
        """Rows without content in an epoch."""

    @property
    def tokens(self) -> int:
        """Tokens in an epoch."""

    @property
    def schema(self) -> pa.Schema:
        """Columns of what is given out."""

    def rows(self, _epoch: int, /) -> int:
        """Samples in an epoch."""

    def pieces(self, epoch: int, positions: range) -> Iterator[Piece]:
        """The samples at positions of an epoch, by row group; `load` takes the groups' names."""

    def load(self, group: Any) -> pa.RecordBatch:
        """The rows of a row group in the order of its places, as views (`reader_views.plain` ends that)."""

    def facts(self) -> dict[str, Any]:
        """What a state must say for its positions to mean the same."""

    def adopt(self, state: Mapping[str, Any]) -> tuple[Course, tuple[str, ...]]:
        """The course that a state was saved of, and what is to be noted. Raises `StateRefused`."""


def parts_of(release: Release, split: str) -> tuple[Part, ...]:
    """The sections of a split by stage. Raises `BadSetting` where there is none, `IntegrityError` where its row groups
    are of no fixed size."""
    layout, manifest = release.layout, release.manifest
    name = f"{release.mix}@{release.version}"
    found, group = [], 0
    for section in layout.sections:
        size = layout.rows_per_group or _size(release, section.first_shard, section.shards)
        volume = sum(manifest.shards[n].bytes for n in _some(section.first_shard, section.shards))
        volume = volume * section.shards // max(1, len(_some(section.first_shard, section.shards)))
        part = Part(section.split, section.stage, section.first_row, section.rows, group, size, volume)
        group += part.groups
        found.append(part)
    mine = tuple(part for part in found if part.split == split)
    if not any(part.rows for part in mine):
        there = ", ".join(dict.fromkeys(part.split for part in found if part.rows))
        if not there:
            raise BadSetting(f"{name} has no rows at all", fix="open another version, or take it out of the mix")
        raise BadSetting(f"{name} has no split {split!r}; it has: {there}", fix="name a split of the release")
    return mine


def _some(first: int, count: int) -> range:
    """Shards to judge the size of all by: no more than a hundred, evenly."""
    return range(first, first + count, max(1, count // 100))


def _size(release: Release, first: int, count: int) -> int:
    """Rows of a row group of a release of format 1, whose manifest does not say."""
    sizes = [rows for n in range(first, first + count) for rows in release.layout.group_rows(n)]
    if any(size != sizes[0] for size in sizes[:-1]) or sizes[-1:] > sizes[:1]:
        name = f"{release.mix}@{release.version}"
        raise IntegrityError(
            f"{name} cannot be read as a stream: its row groups have different numbers of rows",
            state="nothing was read",
            fix=f"read it by batches(), or release {release.mix} again",
        )
    return sizes[0] if sizes else 1


class ReleaseCourse:
    """The samples of one split of a release."""

    kind = "release"

    def __init__(
        self,
        release: Release,
        *,
        seed: int,
        shuffle: Shuffle,
        split: str,
        columns: Sequence[str] | None,
        holes: Holes,
        lanes: int | None = None,
        most_lanes: int = LANES,
        within: str = "",
    ) -> None:
        """``lanes`` is for a state that was saved with as many, ``most_lanes`` bounds what is chosen otherwise;
        ``within`` is the name in a mix: the same release under two names is read in two orders."""
        if shuffle not in SHUFFLES:
            raise BadSetting(f"there is no shuffle {shuffle!r}", fix=f"choose one of {', '.join(SHUFFLES)}")
        if holes not in get_args(Holes):
            raise BadSetting(f"there is no way {holes!r} with holes", fix="choose leave or refill")
        if type(seed) is not int:
            raise BadSetting(f"a seed is a whole number, not {seed!r}", fix="give seed=0, 1, 2…")
        self.release, self.seed, self.shuffle, self.split = release, seed, shuffle, split
        self.parts = parts_of(release, split)
        self.lanes = (lanes or min(most_lanes, lanes_for(self.parts))) if shuffle == "window" else 0
        self._within = within
        self._how = (columns if columns is None else tuple(columns), holes)
        names = release.names(columns)
        if not names:
            raise BadSetting("a stream of no columns gives nothing", fix="name a column; without columns= it reads all")
        self.groups = Groups.of(release, names, holes)
        self.schema = pa.schema([release.schema.field(name) for name in names])
        self.light = release.light(names)
        self._orders: dict[int, Order] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_orders": {}, "groups": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.groups = Groups.of(self.release, self.schema.names, self._how[1])

    @property
    def releases(self) -> tuple[Release, ...]:
        return (self.release,)

    def __repr__(self) -> str:
        return f"{self.release.mix}@{self.release.version} {self.split} ({self.shuffle}, seed {self.seed})"

    @property
    def patience(self) -> int:
        return 4 * LANES

    @property
    def sparse(self) -> bool:
        return self.shuffle == "full"

    @property
    def row_bytes(self) -> int:
        return max(64, 3 * sum(part.bytes for part in self.parts) // max(1, self.rows(0)))

    @property
    def holes(self) -> int:
        sections = [one for one in self.release.layout.sections if one.split == self.split]
        frozen = sum(self.release.frozen.count(one.first_row, one.rows) for one in sections)
        return sum(one.erased for one in sections) + frozen

    @property
    def tokens(self) -> int:
        return sum(one.tokens for one in self.release.layout.sections if one.split == self.split)

    def rows(self, _epoch: int) -> int:
        return sum(part.rows for part in self.parts)

    def order(self, epoch: int) -> Order:
        """The order of an epoch."""
        if epoch not in self._orders:
            if len(self._orders) > 2:
                self._orders.clear()
            self._orders[epoch] = Order(
                f"{self.release.mix}:{self._within}" if self._within else self.release.mix,
                self.parts,
                self.seed,
                epoch,
                self.shuffle,
                max(1, self.lanes),
            )
        return self._orders[epoch]

    def pieces(self, epoch: int, positions: range) -> Iterator[Piece]:
        for piece in self.order(epoch).pieces(positions):
            yield piece._replace(group=(epoch, piece.group))

    def load(self, group: Any) -> pa.RecordBatch:
        epoch, number = group
        return self.groups.load(self.order(epoch), number)

    def facts(self) -> dict[str, Any]:
        return {
            "release": f"{self.release.mix}@{self.release.version}",
            "manifest": self.release.manifest.digest,
            "seed": self.seed,
            "shuffle": self.shuffle,
            "split": self.split,
            "lanes": self.lanes,
        }

    def adopt(self, state: Mapping[str, Any]) -> tuple[ReleaseCourse, tuple[str, ...]]:
        notes: tuple[str, ...] = ()
        now = self.facts()
        names = ["seed", "shuffle", "split"]
        if state.get("manifest") != now["manifest"]:
            mix, _, version = str(state.get("release")).rpartition("@")
            note = (
                states.inherits(self.release, version, str(state.get("manifest"))) if mix == self.release.mix else None
            )
            if note is None:
                names = ["release", "manifest", *names]
            else:
                notes = (note,)
        states.compare(state, now, names)
        lanes = state.get("lanes")
        if lanes == self.lanes:
            return self, notes
        if type(lanes) is not int or not 0 < lanes <= LANES or lanes & (lanes - 1):
            raise states.refuse([("lanes", lanes, self.lanes)])
        return self._with(lanes), notes

    def _with(self, lanes: int) -> ReleaseCourse:
        columns, holes = self._how
        return ReleaseCourse(
            self.release, seed=self.seed, shuffle=self.shuffle, split=self.split, columns=columns, holes=holes,
            lanes=lanes, within=self._within,
        )  # fmt: skip
