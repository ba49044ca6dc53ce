"""Samples packed into sequences of one length, with no loss across documents.

    packed = release.stream(columns=["id", "input_ids"], batch=8, rank=rank, world=world).pack(2048)
    for batch in packed:        # pyarrow.RecordBatch of 8 sequences
        ...

The stream's order is cut into blocks of so many samples, and each block is packed for itself. So where a sequence
stands follows from the block and its number in it, and the state is as small and as free of ranks as the stream's:
position of the block, sequences of it that were given out. Every rank works out every block's plan from the lengths of
its documents, and makes only its own sequences.

Two ways of packing a block. ``fit``: a document longer than a sequence is cut into pieces of that length; what is left
and all others are placed, longest first, into the fullest sequence that has room (best fit decreasing; Ding et al.
2024, "Fewer truncations improve language modeling", arXiv:2404.10830). ``split``: documents in their order, cut where
a sequence is full. Either way a block's last tokens are padded, not lost.

Columns of a batch: ``input_ids``, ``positions`` (from 0 in each piece), ``segments`` (piece of the sequence, from 1; 0 is
padding), ``loss_mask`` (1 where predicting this token from those before it counts: not the first of a piece, not
padding, not what a conversation marks as not to be learnt), each a list of ``length`` values; ``cu_seqlens`` (ends of
the pieces, from 0 to ``length``, padding as a last piece); ``documents`` (``id``, ``start`` in the document's tokens and
``length`` of each piece).
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

import pyarrow as pa

from clearinghouse import reader_state as states
from clearinghouse.reader_ahead import Ahead
from clearinghouse.reader_course import BadSetting
from clearinghouse.reader_tokens import Tokens, tokens_of

if TYPE_CHECKING:
    from clearinghouse.reader_stream import Stream

Method = Literal["fit", "split"]

BLOCK = 512
"""Samples that are packed together."""


class Cut(NamedTuple):
    """A piece of a document: its place in the block, its first token there, and how many."""

    document: int
    start: int
    length: int


def split(lengths: Sequence[int], length: int) -> list[list[Cut]]:
    """Documents in their order, cut where a sequence is full."""
    found: list[list[Cut]] = []
    room = 0
    for document, rest in enumerate(lengths):
        start = 0
        while start < rest:
            if not room:
                found.append([])
                room = length
            taken = min(room, rest - start)
            found[-1].append(Cut(document, start, taken))
            start, room = start + taken, room - taken
    return found


def fit(lengths: Sequence[int], length: int) -> list[list[Cut]]:
    """Documents whole where they fit, longest first, each into the fullest sequence that has room for it.

    Sequences stand in the order in which they were begun; pieces within one, in the documents' order.
    """
    pieces = [
        Cut(document, start, min(length, rest - start))
        for document, rest in enumerate(lengths)
        for start in range(0, rest, length)
    ]
    pieces.sort(key=lambda piece: (-piece.length, piece.document, piece.start))
    found: list[list[Cut]] = []
    rooms: list[tuple[int, int]] = []  # (room, sequence), ascending
    for piece in pieces:
        at = bisect_left(rooms, (piece.length, -1))
        if at == len(rooms):
            found.append([piece])
            room, sequence = length - piece.length, len(found) - 1
        else:
            room, sequence = rooms.pop(at)
            found[sequence].append(piece)
            room -= piece.length
        if room:
            insort(rooms, (room, sequence))
    return [sorted(sequence) for sequence in found]


def schema(length: int) -> pa.Schema:
    """Columns of packed batches."""
    piece = pa.struct([("id", pa.string()), ("start", pa.int32()), ("length", pa.int32())])
    return pa.schema(
        [
            ("input_ids", pa.list_(pa.int32(), length)),
            ("positions", pa.list_(pa.int32(), length)),
            ("segments", pa.list_(pa.int32(), length)),
            ("loss_mask", pa.list_(pa.uint8(), length)),
            ("cu_seqlens", pa.list_(pa.int32())),
            ("documents", pa.list_(piece)),
        ]
    )


@dataclass
class _Block:
    """One block: where it stands, its documents, and its sequences."""

    position: int
    documents: Tokens
    sequences: list[list[Cut]]


class Packed:
    """Batches of packed sequences of one rank. Iterate: it goes on where it stands, and ends with the epoch.

    A step takes ``world · batch`` sequences. Those left over at the end of an epoch are dropped, given out in a short
    batch, or padded with sequences of nothing but padding, as the stream's ``remainder`` says.
    """

    def __init__(
        self,
        stream: Stream,
        length: int,
        *,
        tokens: str = "input_ids",
        tokenizer: object = None,
        method: Method = "fit",
        block: int = BLOCK,
        pad: int = 0,
        begin: int | None = None,
        end: int | None = None,
    ) -> None:
        if type(length) is not int or length < 2:
            raise BadSetting(f"a sequence has 2 tokens or more, not {length!r}", fix="give the length you train with")
        if method not in get_args(Method):
            raise BadSetting(f"there is no packing {method!r}", fix="choose fit or split")
        if type(block) is not int or block < 1:
            raise BadSetting(f"a block has 1 sample or more, not {block!r}", fix=f"leave it at {BLOCK}")
        self.stream, self.length, self.method, self.block, self.pad = stream, length, method, block, pad
        self._tokens = tokens_of(stream.course, tokens, tokenizer, begin, end)
        self.sequence = 0
        self._count = array("i", range(length))

    @property
    def schema(self) -> pa.Schema:
        """Columns of the batches; see the module."""
        return schema(self.length)

    @property
    def epoch(self) -> int:
        """The epoch it reads."""
        return self.stream.epoch

    @property
    def least_sequences(self) -> int:
        """Sequences of an epoch at least; how many more come of padding is known when they are packed."""
        return -(-self.stream.course.tokens // self.length)

    def __repr__(self) -> str:
        return f"<Packed {self.method} to {self.length} tokens: {self.stream!r}, sequence {self.sequence}>"

    def set_epoch(self, epoch: int) -> None:
        """Go to the first sequence of an epoch."""
        self.stream.set_epoch(epoch)
        self.sequence = 0

    def state_dict(self) -> dict[str, Any]:
        """Where it stands: the stream's state at the block's beginning, and the block's sequences given out."""
        state = self.stream.state_dict()
        return {**state, "kind": f"packed {state['kind']}", "sequence": self.sequence, "pack": self._facts()}

    def _facts(self) -> dict[str, Any]:
        return {"length": self.length, "block": self.block, "method": self.method, "tokens": self._tokens.facts()}

    def load_state_dict(self, state: Mapping[str, Any] | str | bytes) -> None:
        """Go to where a state was saved; ranks, batch and padding may be others. Raises `StateRefused`."""
        kind = self.stream.course.kind
        found = states.read(state, f"packed {kind}")
        states.compare(found.get("pack") or {}, self._facts(), ["length", "block", "method", "tokens"])
        sequence = found.get("sequence")
        if type(sequence) is not int or sequence < 0:
            raise states.StateRefused(f"the state stands at sequence {sequence!r}", fix="load what `state_dict()` gave")
        self.stream.load_state_dict({**found, "kind": kind})
        self.sequence = sequence

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        for batch, position, sequence in self._ahead(0, 1, 0):
            self.stream.position, self.sequence = position, sequence
            yield batch
        self.stream.epoch, self.stream.position, self.sequence = self.stream.epoch + 1, 0, 0

    def read(self, worker: int = 0, workers: int = 1, skip: int = 0) -> Iterator[pa.RecordBatch]:
        """As `Stream.read`: every ``workers``-th step from here on, without the first ``skip`` of them."""
        return (batch for batch, _, _ in self._ahead(worker, workers, skip))

    def state_after(self, steps: int) -> dict[str, Any]:
        """The state ``steps`` steps further on. Reads the samples in between, for their lengths."""
        if not steps:
            return self.state_dict()
        state = self.state_dict()
        for _, position, sequence in self._made(
            self.stream.epoch, self.stream.position, self.sequence, steps - 1, steps, 0
        ):
            return {**state, "position": position, "sequence": sequence}
        return {**state, "position": self.stream.course.rows(self.stream.epoch), "sequence": 0}

    def _ahead(self, worker: int, workers: int, skip: int) -> Iterator[tuple[pa.RecordBatch, int, int]]:
        made = self._made(self.stream.epoch, self.stream.position, self.sequence, worker, workers, skip)
        with Ahead(made, self.stream.prefetch, lambda item: int(item[0].nbytes)) as ahead:
            yield from ahead

    def _blocks(self, epoch: int, position: int) -> Iterator[_Block]:
        from clearinghouse.reader_stream import Stream

        course = self.stream.course
        whole = Stream(course, epoch=epoch, batch=self.block, remainder="short", prefetch=self.stream.prefetch)
        whole.position = position
        pack = fit if self.method == "fit" else split
        for batch in whole.read():
            documents = self._tokens.of(batch)
            yield _Block(position, documents, pack(documents.lengths, self.length))
            position += self.block

    def _made(
        self, epoch: int, position: int, sequence: int, worker: int, workers: int, skip: int
    ) -> Iterator[tuple[pa.RecordBatch, int, int]]:
        """A worker's batches with the position and sequence at which the next step begins."""
        number, first = 0, worker + skip * workers
        rank, world, step = self.stream.rank, self.stream.world, self.stream.step_rows
        waiting: list[tuple[_Block, int]] = []
        for block in self._blocks(epoch, position):
            waiting += [(block, place) for place in range(sequence, len(block.sequences))]
            sequence = 0
            at = 0
            while len(waiting) - at >= step:
                if number >= first and number % workers == worker:
                    last, given = waiting[at + step - 1]
                    yield self._batch(waiting[at + rank : at + step : world]), last.position, given + 1
                number, at = number + 1, at + step
            del waiting[:at]
        end = self.stream.course.rows(epoch)
        remainder = self.stream.remainder
        if waiting and remainder != "drop" and number >= first and number % workers == worker:
            yield self._batch(waiting[rank::world], self.stream.batch if remainder == "pad" else 0), end, 0

    def _batch(self, chosen: Sequence[tuple[_Block, int]], least: int = 0) -> pa.RecordBatch:
        """The sequences of ``chosen``, and empty ones up to ``least``."""
        count, length = max(len(chosen), least), self.length
        ids, positions, segments = (array("i", bytes(4 * count * length)) for _ in range(3))
        mask = bytearray(count * length)
        if self.pad:
            ids[:] = array("i", [self.pad]) * (count * length)
        ends: list[list[int]] = []
        pieces: list[list[dict[str, Any]]] = []
        views = [memoryview(part) for part in (ids, positions, segments)]
        for block, number in chosen:
            block.documents.make(cut.document for cut in block.sequences[number])
        for place in range(count):
            at, cu, mine = place * length, [0], []
            filled = [chosen[place]] if place < len(chosen) else []
            for segment, (documents, cut) in enumerate(
                ((one.documents, cut) for one, number in filled for cut in one.sequences[number]), start=1
            ):
                stop = at + cut.length
                found, learnt = documents.tokens(cut.document, cut.start, cut.length)
                views[0][at:stop] = found
                views[1][at:stop] = memoryview(self._count)[: cut.length]
                views[2][at:stop] = array("i", [segment]) * cut.length
                mask[at:stop] = learnt
                mask[at] = 0  # nothing before it in this piece to predict it from
                mine.append({"id": documents.ids[cut.document], "start": cut.start, "length": cut.length})
                cu.append(cu[-1] + cut.length)
                at = stop
            if cu[-1] < length:
                cu.append(length)
            ends.append(cu)
            pieces.append(mine)
        kinds = self.schema
        lists = [
            pa.FixedSizeListArray.from_arrays(
                pa.Array.from_buffers(kinds.field(n).type.value_type, count * length, [None, pa.py_buffer(part)]),
                length,
            )
            for n, part in enumerate((ids, positions, segments, mask))
        ]
        rest = [pa.array(ends, kinds.field(4).type), pa.array(pieces, kinds.field(5).type)]
        return pa.RecordBatch.from_arrays([*lists, *rest], schema=kinds)


def cu_seqlens(batch: pa.RecordBatch) -> array[int]:
    """The ends of all pieces of a batch laid end to end, from 0 to its number of tokens, as int32: what kernels for
    attention over sequences of varying length take."""
    length = batch.schema.field("input_ids").type.list_size
    found = array("i", [0])
    for place, ends in enumerate(batch.column("cu_seqlens").to_pylist()):
        found.extend(place * length + end for end in ends[1:])
    return found


__all__ = ["BLOCK", "Cut", "Method", "Packed", "cu_seqlens", "fit", "schema", "split"]
