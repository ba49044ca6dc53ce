"""Samples packed into sequences of one length, with no loss across documents.

    packed = release.stream(columns=["id", "input_ids"], batch=8, rank=rank, world=world).pack(2048)
    for batch in packed:        # pyarrow.RecordBatch of 8 sequences
        ...

The stream's order is cut into blocks of so many samples, and each block is packed for itself. So where a sequence
stands follows from the block and its number in it, and the state is as small and as free of ranks as the stream's:
position of the block, sequences of it that were given out. Every rank works out every block's plan from the lengths of
its documents (`reader_plans`), and makes only its own sequences (`reader_sequences`). NumPy is needed for it.

Two ways of packing a block. ``fit``: a document longer than a sequence is cut into pieces of that length; what is left
and all others are placed, longest first, into the fullest sequence that has room (best fit decreasing; Ding et al.
2024, "Fewer truncations improve language modeling", arXiv:2404.10830). ``split``: documents in their order, cut where
a sequence is full. Either way a block's last tokens are padded, not lost.

Columns of a batch: ``input_ids``, ``positions`` (from 0 in each piece), ``segments`` (piece of the sequence, from 1; 0 is
padding), ``loss_mask`` (1 where predicting this token from those before it counts: not the first of a piece, not
padding, not what a conversation marks as not to be learnt), each a list of ``length`` values; ``cu_seqlens`` (ends of
the pieces, from 0 to ``length``, padding as a last piece); ``documents`` (``id``, ``start`` in the document's tokens and
``length`` of each piece). What is not among ``columns`` is not made, and ``id`` need not be read where ``documents`` is not.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

import pyarrow as pa

from clearinghouse import reader_state as states
from clearinghouse.adapters.missing import need
from clearinghouse.reader_ahead import Ahead
from clearinghouse.reader_course import BadSetting, Course
from clearinghouse.reader_plans import Pieces, fit, split
from clearinghouse.reader_sequences import COLUMNS, Laid, batch_of, cut, schema
from clearinghouse.reader_tokens import Tokens, tokens_of

if TYPE_CHECKING:
    from clearinghouse.reader_stream import Stream

Method = Literal["fit", "split"]

BLOCK_TOKENS = 1 << 20
"""Tokens that are packed together, about, unless that is less than `_SEQUENCES` sequences."""
_SEQUENCES = 32
_LEAST, _MOST = 64, 4096


def block_for(course: Course, length: int) -> int:
    """Samples that are packed together: a power of two, by the release's mean sample. Many make less padding and less
    work for each; a first sequence waits for all of them."""
    mean = max(1, course.tokens // max(1, course.rows(0)))
    wanted = max(BLOCK_TOKENS, _SEQUENCES * length) // mean
    # The nearest by ratio: √2 above a power of two, the next is taken.
    return min(_MOST, max(_LEAST, 1 << ((wanted * wanted // 2).bit_length() + 1) // 2))


@dataclass(frozen=True)
class _Block:
    """One block: where it stands in the epoch, and its documents, to be packed by a method of `reader_plans`."""

    position: int
    documents: Tokens
    method: Method
    length: int

    @cached_property
    def pieces(self) -> Pieces:
        """Where the pieces of the documents stand."""
        return (fit if self.method == "fit" else split)(self.documents.lengths, self.length)

    @property
    def sequences(self) -> int:
        """How many there are."""
        return self.pieces.sequences if self.method == "fit" else -(-self.documents.total // self.length)


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
        block: int | None = None,
        pad: int = 0,
        begin: int | None = None,
        end: int | None = None,
        columns: Sequence[str] | None = None,
    ) -> None:
        if type(length) is not int or length < 2:
            raise BadSetting(f"a sequence has 2 tokens or more, not {length!r}", fix="give the length you train with")
        if method not in get_args(Method):
            raise BadSetting(f"there is no packing {method!r}", fix="choose fit or split")
        # A block that nobody chose gives way to a state's.
        self._chosen = block is not None
        if block is None:
            block = block_for(stream.course, length)
        if type(block) is not int or block < 1:
            raise BadSetting(f"a block has 1 sample or more, not {block!r}", fix="leave it out")
        wanted = COLUMNS if columns is None else tuple(columns)
        if odd := [name for name in wanted if name not in COLUMNS] or (not wanted and ["none at all"]):
            raise BadSetting(
                f"packing makes no column {', '.join(map(repr, odd))}", fix=f"choose of {', '.join(COLUMNS)}"
            )
        self.stream, self.length, self.method, self.block, self.pad = stream, length, method, block, pad
        self._tokens = tokens_of(stream.course, tokens, tokenizer, begin, end, ids="documents" in wanted)
        self.sequence = 0
        kind = self._tokens.kind
        fits = 0 <= pad < 1 << kind.bit_width
        self.schema: pa.Schema = schema(length, wanted, kind if fits else pa.int32())
        # Of columns whose lists are all of one length; to ask a batch costs as much as to make it.
        one_length = all(pa.types.is_fixed_size_list(column) for column in self.schema.types)
        self._row_bytes = length * sum(one.value_type.bit_width // 8 for one in self.schema.types) if one_length else 0

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
        saved = found.get("pack") or {}
        block = saved.get("block")
        if not self._chosen and type(block) is int and block > 0:
            saved = {**saved, "block": self.block}
        states.compare(saved, self._facts(), ["length", "block", "method", "tokens"])
        sequence = found.get("sequence")
        if type(sequence) is not int or sequence < 0:
            raise states.StateRefused(f"the state stands at sequence {sequence!r}", fix="load what `state_dict()` gave")
        self.stream.load_state_dict({**found, "kind": kind})
        self.sequence = sequence
        if not self._chosen and type(block) is int and block > 0:
            self.block = block

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
        for made in self._made(self.stream.epoch, self.stream.position, self.sequence, steps - 1, steps, 0):
            for _, position, sequence in made:
                return {**state, "position": position, "sequence": sequence}
        return {**state, "position": self.stream.course.rows(self.stream.epoch), "sequence": 0}

    def _ahead(self, worker: int, workers: int, skip: int) -> Iterator[tuple[pa.RecordBatch, int, int]]:
        made = self._made(self.stream.epoch, self.stream.position, self.sequence, worker, workers, skip)
        with Ahead(made, self.stream.prefetch, self._bytes) as ahead:
            for some in ahead:
                yield from some

    def _bytes(self, some: Sequence[tuple[pa.RecordBatch, int, int]]) -> int:
        """What batches take in memory."""
        if self._row_bytes:
            return self._row_bytes * sum(len(batch) for batch, _, _ in some)
        return sum(batch.nbytes for batch, _, _ in some)

    def _blocks(self, epoch: int, position: int) -> Iterator[_Block]:
        from clearinghouse.reader_stream import Stream

        course = self.stream.course
        whole = Stream(course, epoch=epoch, batch=self.block, remainder="short", prefetch=self.stream.prefetch)
        whole.position = position
        for batch in whole.inline():
            yield _Block(position, self._tokens.of(batch), self.method, self.length)
            position += self.block

    def _made(
        self, epoch: int, position: int, sequence: int, worker: int, workers: int, skip: int
    ) -> Iterator[list[tuple[pa.RecordBatch, int, int]]]:
        """A worker's batches, by block, with the position and sequence at which the next step begins."""
        np = need("numpy")
        first = worker + skip * workers
        rank, world, batch, step = self.stream.rank, self.stream.world, self.stream.batch, self.stream.step_rows
        mine: list[pa.RecordBatch] = []  # this rank's sequences that wait for their batch
        total = number = 0  # sequences since the first step, and the next step
        for block in self._blocks(epoch, position):
            count = block.sequences - sequence
            at = np.arange(total, total + count)
            steps = at // step
            chosen = (at % world == rank) & (steps >= first) & (steps % workers == worker)
            if chosen.any():
                mine += self._of(block, np.flatnonzero(chosen) + sequence)
            end, made = total + count, []
            while (number + 1) * step <= end:
                if number >= first and number % workers == worker:
                    # Where the last sequence of the step stands: the next step goes on after it.
                    made.append(
                        (_cut(mine, batch, self.schema), block.position, (number + 1) * step - total + sequence)
                    )
                number += 1
            total, sequence = end, 0
            if made:
                yield made
        remainder = self.stream.remainder
        if total > number * step and remainder != "drop" and number >= first and number % workers == worker:
            end = self.stream.course.rows(epoch)
            missing = batch - sum(map(len, mine)) if remainder == "pad" else 0
            if missing:
                mine.append(self._empty(missing))
            yield [(_cut(mine, sum(map(len, mine)), self.schema), end, 0)]

    def _of(self, block: _Block, chosen: Any) -> list[pa.RecordBatch]:
        np = need("numpy")

        def wanted() -> Any:
            found = np.zeros(len(block.documents.lengths), bool)
            found[block.pieces.document[np.isin(block.pieces.sequence, chosen)]] = True
            return found

        laid = block.documents.laid(wanted)
        if self.method == "split" and self._tokens.whole and self.schema.names == ["input_ids"]:
            return cut(laid.ids, chosen, self.schema, self.length, self.pad)
        return [batch_of(laid, block.documents.ids, block.pieces, chosen, self.schema, self.length, self.pad)]

    def _empty(self, count: int) -> pa.RecordBatch:
        """Sequences of nothing but padding."""
        np = need("numpy")
        none = np.empty(0, np.int64)
        nothing = Laid(none.astype(np.int32), None, None)
        pieces = Pieces(none, none, none, np.empty(0, np.int64))
        return batch_of(nothing, pa.nulls(0, pa.string()), pieces, np.arange(count), self.schema, self.length, self.pad)


def _cut(waiting: list[pa.RecordBatch], rows: int, kinds: pa.Schema) -> pa.RecordBatch:
    """The first ``rows`` rows, taken out of those that wait."""
    found = []
    while rows:
        one = waiting.pop(0)
        found.append(one.slice(0, rows))
        if len(one) > rows:
            waiting.insert(0, one.slice(rows))
        rows -= len(found[-1])
    if not found:
        return pa.RecordBatch.from_pylist([], schema=kinds)
    return found[0] if len(found) == 1 else pa.concat_batches(found)


def cu_seqlens(batch: pa.RecordBatch) -> array[int]:
    """The ends of all pieces of a batch laid end to end, from 0 to its number of tokens, as int32: what kernels for
    attention over sequences of varying length take."""
    length = batch.schema.field("input_ids").type.list_size
    found = array("i", [0])
    for place, ends in enumerate(batch.column("cu_seqlens").to_pylist()):
        found.extend(place * length + end for end in ends[1:])
    return found


__all__ = ["Method", "Packed", "cu_seqlens", "fit", "schema", "split"]
