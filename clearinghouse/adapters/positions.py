"""Samples by position, for Grain, JAX and whatever else wants ``__len__`` and ``__getitem__``.

    source = Positions(release.stream(seed=7, columns=["text"]))
    dataset = grain.MapDataset.source(source).batch(32)       # Grain's own state resumes it

Positions are those of the stream's epoch, so the order is the reader's: do not shuffle again. Reading them in turn, each
row group is decoded once; far jumps decode one each.
"""

from __future__ import annotations

import operator
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from clearinghouse.adapters.arrays import numpy
from clearinghouse.reader_views import plain
from clearinghouse.reader_window import ALIVE

if TYPE_CHECKING:
    from clearinghouse.reader_stream import Stream


class Positions:
    """The samples of an epoch of a stream, as dicts by column: numbers as NumPy scalars or arrays, text as str.

    A hole is ``None``. Safe to share among threads, and travels to processes.
    """

    def __init__(self, stream: Stream, *, groups: int | None = None) -> None:
        """``groups`` row groups stay decoded: by default one a lane, and some."""
        self.stream = stream
        self._most = groups or max(stream.course.lanes, 8) + 8
        self._groups: OrderedDict[Any, pa.RecordBatch] = OrderedDict()
        self._lock = threading.Lock()

    def __getstate__(self) -> dict[str, Any]:
        return {"stream": self.stream, "_most": self._most}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _groups=OrderedDict(), _lock=threading.Lock())

    def __len__(self) -> int:
        return self.stream.course.rows(self.stream.epoch)

    def __repr__(self) -> str:
        return f"<Positions 0 to {len(self) - 1:,} of {self.stream.course!r}, epoch {self.stream.epoch}>"

    def __getitem__(self, position: int) -> dict[str, Any] | None:
        number = operator.index(position)
        if number < 0:
            number += len(self)
        if not 0 <= number < len(self):
            raise IndexError(f"position {position} of an epoch of {len(self)} samples")
        (piece,) = self.stream.course.pieces(self.stream.epoch, range(number, number + 1))
        row = plain(self._group(piece.group).slice(piece.ks[0], 1), self.stream.course.schema)
        if ALIVE in row.schema.names:
            if not row.column(ALIVE)[0].as_py():
                return None
            row = row.drop_columns([ALIVE])
        return {name: values[0] for name, values in numpy(row).items()}

    def _group(self, group: Any) -> pa.RecordBatch:
        with self._lock:
            found = self._groups.get(group)
            if found is None:
                found = self._groups[group] = self.stream.course.load(group)
                if len(self._groups) > self._most:
                    self._groups.popitem(last=False)
            else:
                self._groups.move_to_end(group)
            return found
