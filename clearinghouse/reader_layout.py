"""Where the rows of a release lie: arithmetic over the manifest, without opening a file. Imports the manifest alone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from schemas.errors import IntegrityError
from schemas.manifest import ReleaseManifest, Shard


class Position(NamedTuple):
    """One row: number of its shard, of the row group in the shard, and of the row in the group; all from 0."""

    shard: int
    group: int
    row: int


class Layout:
    """Row numbers of a release (0 to ``rows`` - 1, in manifest order) and the shards and row groups they lie in."""

    def __init__(self, manifest: ReleaseManifest) -> None:
        """Raises `IntegrityError` where shards do not follow each other or do not add up: a bug of who wrote them."""
        self.shards: Sequence[Shard] = manifest.shards
        self.rows = self.tokens = 0
        for shard in self.shards:
            rows, tokens = (sum(group[i] for group in shard.row_groups) for i in (0, 1))
            if shard.first_row != self.rows or shard.rows != rows or shard.tokens != tokens:
                name = f"{manifest.mix}@{manifest.version}"
                raise IntegrityError(
                    f"the manifest of {name} contradicts itself: {shard.key} says it holds rows {shard.first_row} to "
                    f"{shard.first_row + shard.rows} and {shard.tokens} tokens; rows before it are {self.rows}, its "
                    f"row groups hold {rows} rows and {tokens} tokens",
                    fix=f"clearinghouse verify {name}",
                )
            self.rows += rows
            self.tokens += tokens
        self._first = [shard.first_row for shard in self.shards]
        # Ends of row groups within each shard, for binary search; as many numbers as the manifest has groups.
        self._ends = [list(accumulate(group[0] for group in shard.row_groups)) for shard in self.shards]

    def find(self, row: int) -> Position:
        """Where row number ``row`` lies. Negative numbers count from the end; raises ``IndexError`` beyond."""
        number = row + self.rows if row < 0 else row
        if not 0 <= number < self.rows:
            raise IndexError(f"row {row} of a release of {self.rows} rows")
        # Empty shards share their first row with the next: the last of them is the one that holds it.
        shard = bisect_right(self._first, number) - 1
        within = number - self._first[shard]
        group = bisect_right(self._ends[shard], within)
        return Position(shard, group, within - (self._ends[shard][group - 1] if group else 0))
