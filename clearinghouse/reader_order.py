"""In which order a training job reads rows: arithmetic alone, a function of (release, seed, epoch) and nothing else.

*Positions.* An epoch's samples have positions, from 0. Whoever reads on how many ranks, with how many workers and in
batches of what size only decides who takes which position, never what stands at it. So a position is all that a
resume needs, and any position is found without those before it.

*Lanes.* A section of a release (one split, one curriculum stage) is read in lanes: sample p comes from lane p mod L.
A lane reads one *unit* after the other, each some row groups that follow each other in the release; which unit a lane
reads when is a keyed permutation (`Permutation`). Lanes start at different places of their first unit, so that they do
not come to new row groups all at once; what they leave out there, they read last. Units that do not fill a round of
all lanes are read by fewer lanes in the end; rows that do not fill a unit are read on their own, at a place between
rounds that the key chooses.

*Rows.* Within a row group a few stretches of rows change places (`reader_window`), so that the weave of sources that the
release was written in stays. Units are at most `UNITS` a section, so that the mix's shares hold to some tens of
documents at any position, however large the release: within a unit the errors of neighbouring row groups cancel, as
they do in the release.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import accumulate
from math import gcd
from typing import Any, Literal, NamedTuple, Protocol

from schemas.canonical import Json, canonical_json

Shuffle = Literal["window", "full", "none"]
SHUFFLES: tuple[Shuffle, ...] = ("window", "full", "none")

UNITS = 1024
"""A section is cut into at most so many units, of as many row groups as that takes."""
LANES = 64
"""Lanes at most; fewer where so many open row groups would take more than `OPEN_BYTES`."""
OPEN_BYTES = 40 << 20
"""Decoded bytes of row groups that may stand open, about."""
#: Decoded bytes for one of a shard: zstd makes text 2.3 to 3 times smaller.
_EXPANDS = 3
#: Rounds from which lanes start at different places. What that reads twice is at most one part in so many.
_STAGGERED = 4
_ROUNDS = 4
_MASK = (1 << 64) - 1


def derive(**parts: Json) -> bytes:
    """A key of 32 bytes from named values. Neighbouring seeds and epochs give unrelated keys."""
    return sha256(canonical_json({"for": "clearinghouse order 1", **parts})).digest()


class Permutation:
    """A keyed permutation of ``range(size)`` that takes neither memory nor time to make: a Feistel network over the
    next even number of bits, walked until it lands inside (Black and Rogaway 2002, "Ciphers with arbitrary finite
    domains"). A round is the finaliser of SplitMix64 under a key of its own. For order, not for secrecy."""

    __slots__ = ("_bits", "_keys", "_low", "size")

    def __init__(self, key: bytes, size: int) -> None:
        self.size = size
        self._bits = max(1, (max(size - 1, 1).bit_length() + 1) // 2)
        self._low = (1 << self._bits) - 1
        self._keys = tuple(int.from_bytes(key[8 * n : 8 * n + 8], "little") for n in range(_ROUNDS))

    def __call__(self, place: int) -> int:
        """Where ``place`` goes; each of ``range(size)`` is taken once."""
        bits, low = self._bits, self._low
        while True:
            left, right = place >> bits, place & low
            for key in self._keys:
                mixed = (right ^ key) * 0xBF58476D1CE4E5B9 & _MASK
                mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB & _MASK
                left, right = right, left ^ ((mixed ^ (mixed >> 31)) & low)
            place = left << bits | right
            if place < self.size:
                return place


class Piece(NamedTuple):
    """Samples of one row group: the ``ks``-th rows of group ``group`` (in its own order), and which places of the
    result they take."""

    group: Any
    ks: Sequence[int]
    out: Sequence[int]
    last: bool
    """Nothing more of the group is read for this lane: it may be closed."""


@dataclass(frozen=True)
class Part:
    """What an order is made of: a section's place in the release. ``first_group`` counts row groups over the release;
    all of them have ``rows_per_group`` rows but the section's last. ``bytes`` is the size of its shards."""

    split: str
    stage: int
    first_row: int
    rows: int
    first_group: int
    rows_per_group: int
    bytes: int

    @property
    def groups(self) -> int:
        return -(-self.rows // self.rows_per_group)

    def rows_of(self, group: int) -> int:
        """Rows of a row group, by its number in the release."""
        return min(self.rows_per_group, self.rows - (group - self.first_group) * self.rows_per_group)


def lanes_for(parts: Sequence[Part]) -> int:
    """How many lanes a release is read in: a power of two, by what is known of the size of its row groups."""
    largest = max((_EXPANDS * part.bytes // max(part.groups, 1) for part in parts if part.rows), default=0)
    fits = max(1, min(LANES, OPEN_BYTES // max(largest, 1)))
    return 1 << (fits.bit_length() - 1)


class Segment(Protocol):
    """A stretch of positions that follows one rule; it counts its positions from 0."""

    @property
    def rows(self) -> int:
        """Samples in it."""

    def at(self, position: int) -> tuple[int, int]:
        """Row group and place in the group's own order."""

    def pieces(self, first: int, step: int, count: int, out: int) -> Iterator[Piece]:
        """The samples at ``first``, ``first + step``…, to stand from place ``out`` of the result on."""


class Lanes(NamedTuple):
    """``lanes`` lanes of ``rounds`` units each; see the module."""

    part: Part
    unit: Permutation
    groups: int
    first_unit: int
    rounds: int
    lanes: int
    staggered: bool

    @property
    def rows(self) -> int:
        return self.lanes * self._lane

    @property
    def _lane(self) -> int:
        return self.rounds * self.groups * self.part.rows_per_group

    def _start(self, lane: int) -> int:
        return lane * self.groups * self.part.rows_per_group // self.lanes if self.staggered else 0

    def _group(self, lane: int, x: int) -> int:
        """The row group that holds row ``x`` of a lane."""
        number, group = divmod(x // self.part.rows_per_group, self.groups)
        return self.part.first_group + self.unit(self.first_unit + number * self.lanes + lane) * self.groups + group

    def at(self, position: int) -> tuple[int, int]:
        row, lane = divmod(position, self.lanes)
        x = (row + self._start(lane)) % self._lane
        return self._group(lane, x), x % self.part.rows_per_group

    def pieces(self, first: int, step: int, count: int, out: int) -> Iterator[Piece]:
        turn = self.lanes // gcd(self.lanes, step)
        stride, size, length = step * turn // self.lanes, self.part.rows_per_group, self._lane
        for slot in range(min(turn, count)):
            row, lane = divmod(first + slot * step, self.lanes)
            left, place, start = -(-(count - slot) // turn), out + slot, self._start(lane)
            x = (row + start) % length
            while left:
                k = x % size
                taken = min(left, -(-(size - k) // stride))
                yield Piece(
                    self._group(lane, x),
                    range(k, k + taken * stride, stride),
                    range(place, place + taken * turn, turn),
                    k + taken * stride >= size,
                )
                x, left, place = x + taken * stride, left - taken, place + taken * turn
                if x >= length:
                    x -= length


class Straight(NamedTuple):
    """Row groups one after the other, from the ``skip``-th of the part on: what fills no unit, and order ``none``."""

    part: Part
    skip: int

    @property
    def rows(self) -> int:
        return self.part.rows - self.skip * self.part.rows_per_group

    def at(self, position: int) -> tuple[int, int]:
        group, k = divmod(position, self.part.rows_per_group)
        return self.part.first_group + self.skip + group, k

    def pieces(self, first: int, step: int, count: int, out: int) -> Iterator[Piece]:
        while count:
            group, k = self.at(first)
            rows = self.part.rows_of(group)
            taken = min(count, -(-(rows - k) // step))
            last = k + taken * step >= rows
            yield Piece(group, range(k, k + taken * step, step), range(out, out + taken), last)
            first, count, out = first + taken * step, count - taken, out + taken


class Full(NamedTuple):
    """Every row at a place of its own: a keyed permutation of all rows."""

    part: Part
    row: Permutation

    @property
    def rows(self) -> int:
        return self.part.rows

    def at(self, position: int) -> tuple[int, int]:
        group, k = divmod(self.row(position), self.part.rows_per_group)
        return self.part.first_group + group, k

    def pieces(self, first: int, step: int, count: int, out: int) -> Iterator[Piece]:
        found: dict[int, tuple[list[int], list[int]]] = {}
        for n in range(count):
            group, k = self.at(first + n * step)
            ks, places = found.setdefault(group, ([], []))
            ks.append(k)
            places.append(out + n)
        for group in sorted(found):
            yield Piece(group, *found[group], last=True)


def _window(part: Part, key: bytes, lanes: int) -> list[Lanes | Straight]:
    whole = part.rows // part.rows_per_group
    groups = max(1, -(-whole // UNITS))
    units = whole // groups
    unit = Permutation(key, max(units, 1))
    rounds, few = divmod(units, lanes)
    found: list[Lanes | Straight] = []

    def some(first: int, count: int, staggered: bool) -> None:
        if count:
            found.append(Lanes(part, unit, groups, first, count, lanes, staggered))

    rest = Straight(part, units * groups)
    if not rest.rows:
        some(0, rounds, rounds >= _STAGGERED)
    else:
        # What is always read last is what is always dropped: let the key choose where the rest stands.
        before = int.from_bytes(key[:8], "big") % (rounds + 1)
        some(0, before, before >= _STAGGERED)
        found.append(rest)
        some(before * lanes, rounds - before, rounds - before >= _STAGGERED)
    if few:
        found.append(Lanes(part, unit, groups, rounds * lanes, 1, few, False))
    return found


@dataclass(frozen=True)
class Order:
    """The order of one epoch of one split: its sections by stage, never mixed."""

    name: str
    parts: tuple[Part, ...]
    seed: int
    epoch: int
    shuffle: Shuffle
    lanes: int

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """In the order of reading."""
        found: list[Segment] = []
        for part in self.parts:
            if not part.rows:
                continue
            key = self._key(part, "groups")
            if self.shuffle == "window":
                found += _window(part, key, self.lanes)
            else:
                found.append(Full(part, Permutation(key, part.rows)) if self.shuffle == "full" else Straight(part, 0))
        return tuple(found)

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(segment.rows for segment in self.segments))

    @property
    def rows(self) -> int:
        """Samples in the epoch: its positions are ``range(rows)``."""
        return sum(part.rows for part in self.parts)

    def _key(self, part: Part, what: str) -> bytes:
        return derive(
            mix=self.name, seed=self.seed, epoch=self.epoch, split=part.split, stage=part.stage, shuffle=self.shuffle,
            what=what,
        )  # fmt: skip

    @cached_property
    def _row_keys(self) -> dict[int, bytes]:
        return {part.first_group: self._key(part, "rows") for part in self.parts}

    def part_of(self, group: int) -> Part:
        """The section that a row group lies in."""
        firsts = [part.first_group for part in self.parts]
        return self.parts[bisect_right(firsts, group) - 1]

    def row_key(self, group: int) -> bytes | None:
        """The key by which stretches of a row group change places; ``None`` where they stand as they were written."""
        if self.shuffle != "window":
            return None
        return self._row_keys[self.part_of(group).first_group] + group.to_bytes(8, "big")

    def at(self, position: int) -> tuple[int, int]:
        """Row group and place in its own order of the sample at ``position``."""
        segment = bisect_right(self._ends, position)
        first = self._ends[segment - 1] if segment else 0
        return self.segments[segment].at(position - first)

    def pieces(self, positions: range) -> Iterator[Piece]:
        """The samples at ``positions`` (ascending), by row group. Memory and time as their number."""
        out = 0
        while out < len(positions):
            position = positions[out]
            segment = bisect_right(self._ends, position)
            end = self._ends[segment]
            first = end - self.segments[segment].rows
            count = min(len(positions) - out, -(-(end - position) // positions.step))
            yield from self.segments[segment].pieces(position - first, positions.step, count, out)
            out += count
