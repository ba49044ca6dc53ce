"""From the id of a document to its row: an index in Arrow's memory, made once of the column of ids."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from schemas.errors import ClearinghouseError

if TYPE_CHECKING:
    from clearinghouse.reader_release import Release

_DIGITS = 16


class UnknownId(ClearinghouseError, LookupError):
    """No row of the release has this id and epoch."""

    exit_code = 2


class Index:
    """The first 64 bits of every id, sorted, and the row of each: 16 bytes a row, and twice as many while it is made.

    Looking one up bisects them and reads the rows that agree, of which there is more than one only where a document
    was drawn in several epochs.
    """

    def __init__(self, release: Release, keys: pa.Array, rows: pa.Array) -> None:
        self._release = release
        self._keys = memoryview(keys.buffers()[1])[: 8 * len(keys)].cast("Q")
        self._rows = memoryview(rows.buffers()[1])[: 8 * len(rows)].cast("Q")

    @classmethod
    def of(cls, release: Release) -> Index:
        """Reads the column ``id`` of a release, whose ids are 32 hexadecimal digits."""
        prefix = pa.scalar("0x")
        parts = [
            pc.cast(
                pc.binary_join_element_wise(
                    prefix, pc.utf8_slice_codeunits(batch.column("id"), 0, _DIGITS), pa.scalar("")
                ),
                pa.uint64(),
            )
            for batch in release.batches(["id"], batch_rows=1 << 16)
        ]
        keys = pa.concat_arrays(parts) if parts else pa.array([], pa.uint64())
        rows = pc.array_sort_indices(keys)
        return cls(release, keys.take(rows), rows)

    def find(self, id: str, epoch: int) -> int:
        """The number of the row with that id and epoch. Raises `UnknownId`."""
        epochs = []
        try:
            wanted = int(id[:_DIGITS], 16)
        except ValueError:
            wanted = -1
        at = bisect_left(self._keys, wanted) if wanted >= 0 else len(self._keys)
        while at < len(self._keys) and self._keys[at] == wanted:
            row = self._rows[at]
            found = self._release.row(row, ["id", "epoch"])
            if found["id"] == id:
                if found["epoch"] == epoch:
                    return row
                epochs.append(found["epoch"])
            at += 1
        name = f"{self._release.mix}@{self._release.version}"
        if epochs:
            raise UnknownId(
                f"document {id} is in {name} in epoch {', '.join(map(str, sorted(epochs)))}, not in {epoch}",
                fix="ask for one of these epochs",
            )
        raise UnknownId(f"no document of {name} has the id {id!r}", fix="see in which releases it stands")
