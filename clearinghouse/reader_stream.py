"""A stream of samples for training: any rank's batches of an order that depends on no rank.

    stream = release.stream(seed=7, rank=rank, world=world, batch=64, columns=["text"])
    for batch in stream:            # pyarrow.RecordBatch
        ...
    state = stream.state_dict()     # JSON, the same on every rank

Step s of a stream that stands at position P takes the samples from P + s·world·batch on, as many as ``world · batch``;
rank r takes those whose place among them is r modulo ``world``. A background thread reads ahead, bounded in bytes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import count
from math import gcd
from typing import TYPE_CHECKING, Any, Literal, get_args

import pyarrow as pa

from clearinghouse import reader_state as states
from clearinghouse.reader_ahead import Ahead
from clearinghouse.reader_course import BadSetting, Course
from clearinghouse.reader_order import Piece
from clearinghouse.reader_views import integers, plain, taken
from clearinghouse.reader_window import ALIVE, assemble

if TYPE_CHECKING:
    from clearinghouse.reader_packing import Method, Packed

Remainder = Literal["drop", "pad", "short"]

PREFETCH = 24 << 20
"""Bytes of batches that wait to be taken, unless a stream says otherwise."""
_THREADS = 2
#: Samples that are brought into order at a time, whatever their size.
_MOST = 2048


@dataclass(frozen=True)
class Plan:
    """What an epoch will be for a number of ranks and a batch size. Every rank makes the same number of steps.

    ``rows`` samples and ``tokens`` of an epoch, of which ``holes`` rows have lost their content; ``steps`` a rank, the
    last of which is short or padded where ``remainder`` says so; ``tail`` samples are left over by whole batches, and
    dropped, padded with ``padded`` samples of the epoch's beginning, or given out in a short batch.
    ``first_repeat`` is the step (from 0) at which a sample of this epoch comes a second time, ``None`` if none does.
    ``decoded`` says how often the ranks together decode what they read: once where ``world`` divides the lanes.
    """

    rows: int
    tokens: int
    holes: int
    world: int
    batch: int
    steps: int
    remainder: Remainder
    tail: int
    padded: int
    first_repeat: int | None
    decoded: int


class Stream:
    """Batches of one rank. Iterate: it goes on where it stands, and ends with the epoch; again: the next epoch.

    ``epoch`` and ``position`` say where it stands: samples of the epoch that were given out, over all ranks.
    ``left_out`` counts the holes that this rank met. ``notes`` says what loading a state found.
    """

    def __init__(
        self,
        course: Course,
        *,
        epoch: int = 0,
        rank: int = 0,
        world: int = 1,
        batch: int = 64,
        remainder: Remainder = "drop",
        prefetch: int = PREFETCH,
    ) -> None:
        _whole("world", world, 1)
        _whole("batch", batch, 1)
        _whole("epoch", epoch, 0)
        if type(rank) is not int or not 0 <= rank < world:
            raise BadSetting(
                f"rank {rank!r} is out of range: there are {world} ranks, 0 to {world - 1}",
                fix="give rank and world as your launcher numbers them, from 0",
            )
        if remainder not in get_args(Remainder):
            raise BadSetting(f"there is no remainder {remainder!r}", fix="choose drop, pad or short")
        self.course = course
        self.rank, self.world, self.batch = rank, world, batch
        self.remainder: Remainder = remainder
        self.prefetch = prefetch
        self.epoch, self.position, self.left_out = epoch, 0, 0
        self.notes: tuple[str, ...] = ()

    @property
    def schema(self) -> pa.Schema:
        """Columns of the batches."""
        return self.course.schema

    @property
    def step_rows(self) -> int:
        """Samples of a step over all ranks."""
        return self.world * self.batch

    def __len__(self) -> int:
        """Steps left in the epoch; the same on every rank."""
        full, tail = divmod(self._rows - self.position, self.step_rows)
        return full + bool(tail and self.remainder != "drop")

    def __repr__(self) -> str:
        return (
            f"<Stream of {self.course!r}: rank {self.rank} of {self.world}, batch {self.batch}; epoch {self.epoch}, "
            f"position {self.position:,} of {self._rows:,}>"
        )

    @property
    def _rows(self) -> int:
        return self.course.rows(self.epoch)

    def plan(self) -> Plan:
        """What a whole epoch of this stream will be."""
        rows, step = self._rows, self.step_rows
        full, tail = divmod(rows, step)
        extra = bool(tail and self.remainder != "drop")
        padded = step - tail if extra and self.remainder == "pad" else 0
        lanes = self.course.lanes
        return Plan(
            rows=rows,
            tokens=self.course.tokens,
            holes=self.course.holes,
            world=self.world,
            batch=self.batch,
            steps=full + extra,
            remainder=self.remainder,
            tail=tail,
            padded=padded,
            first_repeat=full if padded else None,
            decoded=self.world // gcd(lanes, self.world) if lanes else self.world,
        )

    def set_epoch(self, epoch: int) -> None:
        """Go to the first sample of an epoch."""
        _whole("epoch", epoch, 0)
        self.epoch, self.position = epoch, 0

    def state_dict(self) -> dict[str, Any]:
        """Where the stream stands after the last batch that was taken: JSON, of a few hundred bytes."""
        return self.state_after(0)

    def state_after(self, steps: int) -> dict[str, Any]:
        """The state ``steps`` steps further on, for loaders that count what they hand out themselves."""
        epoch, position = self.epoch, min(self._rows, self.position + steps * self.step_rows)
        return {
            "format": states.FORMAT,
            "kind": self.course.kind,
            **self.course.facts(),
            "epoch": epoch,
            "position": position,
        }

    def load_state_dict(self, state: Mapping[str, Any] | str | bytes) -> None:
        """Go to where a state was saved; ranks, batch and workers may be others. Raises `StateRefused`."""
        found = states.read(state, self.course.kind)
        course, notes = self.course.adopt(found)
        epoch, position = found.get("epoch"), found.get("position")
        if type(epoch) is not int or epoch < 0 or type(position) is not int or not 0 <= position <= course.rows(epoch):
            raise states.StateRefused(
                f"the state stands at position {position!r} of epoch {epoch!r}, which this stream has not",
                state="the stream is where it was",
                fix="load what `state_dict()` gave",
            )
        self.course, self.notes = course, notes
        self.epoch, self.position = epoch, position

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        start = self.position
        for step, batch in enumerate(self.read()):
            self.position = min(self._rows, start + (step + 1) * self.step_rows)
            self.left_out += self._wanted(start, step) - len(batch)
            yield batch
        self.epoch, self.position = self.epoch + 1, 0

    def read(self, worker: int = 0, workers: int = 1, skip: int = 0) -> Iterator[pa.RecordBatch]:
        """The batches from here to the epoch's end of every ``workers``-th step, from the ``worker``-th on and without the
        first ``skip`` of them; the stream stays where it is. For loaders that deal steps to workers."""
        first = worker + skip * workers
        with (
            self._decoding() as pool,
            Ahead(self._made(pool, self.epoch, self.position, first, workers), self.prefetch, _size) as ahead,
        ):
            for batches in ahead:
                yield from batches

    def inline(self) -> Iterator[pa.RecordBatch]:
        """As `read`, for who reads ahead himself: row groups are decoded by threads, and put together by the caller's."""
        with self._decoding() as pool:
            for batches in self._made(pool, self.epoch, self.position, 0, 1):
                yield from batches

    def _decoding(self) -> AbstractContextManager[ThreadPoolExecutor | None]:
        """Threads that row groups are decoded by, where that is work. Where they are merely checked, hashing lets go of the
        interpreter every few microseconds, and threads that pass it to and fro cost half as much again as they save."""
        return nullcontext() if self.course.light else ThreadPoolExecutor(_THREADS, "clearinghouse-decode")

    def pack(
        self,
        length: int,
        *,
        tokens: str = "input_ids",
        tokenizer: object = None,
        method: Method = "fit",
        block: int | None = None,
        pad: int = 0,
        begin: int | None = None,
        end: int | None = None,
        columns: Sequence[str] | None = None,
    ) -> Packed:
        """Sequences of ``length`` tokens instead of samples; see `reader_packing`.

        The tokens stand in the column ``tokens``, or are made by ``tokenizer`` (path or bytes of the tokenizer.json that
        the release was counted with). ``begin`` and ``end`` are ids put around every document, ``pad`` fills up;
        ``columns`` are made alone.
        Raises `BadSetting` or `WrongTokenizer`.
        """
        from clearinghouse.reader_packing import Packed

        return Packed(
            self, length, tokens=tokens, tokenizer=tokenizer, method=method, block=block,
            pad=pad, begin=begin, end=end, columns=columns,
        )  # fmt: skip

    def _wanted(self, start: int, step: int) -> int:
        """Samples that this rank has in a step."""
        if self.remainder == "pad":
            return self.batch
        first = start + step * self.step_rows + self.rank
        return len(range(first, min(first - self.rank + self.step_rows, self._rows), self.world))

    def _blocks(self, rows: int, start: int, step: int, workers: int) -> Iterator[list[list[range]]]:
        """Positions of this rank: blocks of steps, each some ranges. Small at first, for a first sample soon."""
        full, tail = divmod(rows - start, self.step_rows)
        most = min(_MOST, self.prefetch // 3 // self.course.row_bytes)
        if self.course.sparse:
            # What is read of a row group in one go decides how often it is decoded.
            most = self.prefetch // 3 // self.course.row_bytes
        most = max(1, most // self.batch)
        size = 1
        while step < full:
            some = min(size, -(-(full - step) // workers))
            yield [[self._step(start, step + n * workers)] for n in range(some)]
            step, size = step + some * workers, min(4 * size, most)
        if tail and self.remainder != "drop" and full >= step and (full - step) % workers == 0:
            yield [list(self._last(rows, start, full))]

    def _step(self, start: int, step: int) -> range:
        first = start + step * self.step_rows
        return range(first + self.rank, first + self.step_rows, self.world)

    def _last(self, rows: int, start: int, step: int) -> Iterator[range]:
        mine = self._step(start, step)
        if self.remainder == "short":
            yield range(mine.start, rows, self.world)
            return
        while mine:
            inside = -(-max(0, rows - mine.start) // self.world)
            if inside:
                yield mine[:inside]
            mine = mine[inside:]
            mine = range(mine.start - rows, mine.stop - rows, self.world)

    def _made(
        self, pool: ThreadPoolExecutor | None, epoch: int, start: int, first: int, workers: int
    ) -> Iterator[list[pa.RecordBatch]]:
        # Where it starts is given: the stream itself moves on while this reads ahead.
        open_groups, asked = _Open(self.course, pool), deque[tuple[list[Piece], list[int]]]()
        for block in self._blocks(self.course.rows(epoch), start, first, workers):
            pieces = list(_pieces(self.course, epoch, block, joined=workers == 1))
            open_groups.ask(pieces)
            asked.append((pieces, [sum(map(len, step)) for step in block]))
            if len(asked) > 1:
                yield open_groups.take(*asked.popleft())
        while asked:
            yield open_groups.take(*asked.popleft())


def _pieces(course: Course, epoch: int, block: list[list[range]], *, joined: bool) -> Iterator[Piece]:
    """The pieces of a block. Consecutive steps of one reader are one range of positions."""
    ranges = [one for step in block for one in step]
    if joined and len(block) > 1:
        ranges = [range(ranges[0].start, ranges[-1].stop, ranges[0].step)]
    at = 0
    for one in ranges:
        for piece in course.pieces(epoch, one):
            if at:
                out = piece.out
                moved: Any = (
                    range(out.start + at, out.stop + at, out.step)
                    if isinstance(out, range)
                    else [place + at for place in out]
                )
                piece = piece._replace(out=moved)
            yield piece
        at += len(one)


class _Later:
    """What is done when its result is asked for first, by who asks."""

    def __init__(self, do: Callable[[], pa.RecordBatch]) -> None:
        self._do = do

    @cached_property
    def _found(self) -> pa.RecordBatch:
        return self._do()

    def result(self) -> pa.RecordBatch:
        return self._found


class _Open:
    """Row groups that were asked for, being read or standing open. For one thread; without a pool it reads by itself."""

    def __init__(self, course: Course, pool: ThreadPoolExecutor | None) -> None:
        self._course, self._pool = course, pool
        self._groups: dict[Any, Future[pa.RecordBatch] | _Later] = {}
        self._used: dict[Any, int] = {}
        self._asked: dict[Any, int] = {}
        self._rows = 0
        self._numbers = count()

    def ask(self, pieces: list[Piece]) -> None:
        """Begin to read what is not open yet."""
        if self._course.sparse:
            for number, piece in enumerate(pieces):
                group = (piece.group, next(self._numbers))
                self._groups[group], self._asked[group] = self._begin(partial(self._some, piece)), 1
                pieces[number] = piece._replace(group=group, ks=range(len(piece.ks)))
            return
        for group in dict.fromkeys(piece.group for piece in pieces):
            self._asked[group] = self._asked.get(group, 0) + 1
            if group not in self._groups:
                self._groups[group] = self._begin(partial(self._course.load, group))

    def _begin(self, do: Callable[[], pa.RecordBatch]) -> Future[pa.RecordBatch] | _Later:
        return _Later(do) if self._pool is None else self._pool.submit(do)

    def _some(self, piece: Piece) -> pa.RecordBatch:
        # Views would hold all of the row group for the sake of a few rows.
        return plain(taken(self._course.load(piece.group), integers(piece.ks)), self._course.schema)

    def take(self, pieces: list[Piece], counts: list[int]) -> list[pa.RecordBatch]:
        """The samples of ``pieces``, cut into batches of so many."""
        groups = dict.fromkeys(piece.group for piece in pieces)
        loaded = {group: self._groups[group].result() for group in groups}
        total = sum(counts)
        if not total:
            return [pa.RecordBatch.from_pylist([], schema=self._course.schema) for _ in counts]
        block = assemble(pieces, loaded, total, self._course.schema)
        self._rows += total
        self._close(groups, {piece.group for piece in pieces if piece.last})
        batches, at = [], 0
        for rows in counts:
            batch = block.slice(at, rows)
            at += rows
            if ALIVE in batch.schema.names:
                alive = batch.column(ALIVE)
                batch = batch.drop_columns([ALIVE])
                if alive.false_count:
                    batch = batch.filter(alive)
            batches.append(batch)
        return batches

    def _close(self, groups: Mapping[Any, None], done: set[Any]) -> None:
        for group in groups:
            self._used[group] = self._rows
            self._asked[group] -= 1
        idle = self._rows - self._course.patience
        for group, used in list(self._used.items()):
            if not self._asked[group] and (group in done or used < idle):
                for held in (self._groups, self._used, self._asked):
                    del held[group]


def _size(batches: list[pa.RecordBatch]) -> int:
    return sum(batch.nbytes for batch in batches)


def _whole(name: str, value: object, least: int) -> None:
    if type(value) is not int or value < least:
        raise BadSetting(f"{name} is a whole number from {least} on, not {value!r}", fix=f"give {name}={least} or more")
