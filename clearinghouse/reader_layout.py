"""Where the rows of a release lie: arithmetic over the manifest, without opening a file. Imports the manifest alone.

Opening costs a pass over one array of numbers, however many shards there are, and finding a row a bisection over it:
every row group of a section but its last has the same number of rows, so a division does the rest.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from schemas.errors import IntegrityError
from schemas.manifest import ReleaseManifest, Section, Shard, ShardList
from schemas.manifest_shards import SPLITS


class Position(NamedTuple):
    """One row: number of its shard, of the row group in the shard, and of the row in the group; all from 0."""

    shard: int
    group: int
    row: int


class Layout:
    """Row numbers of a release (0 to ``rows`` - 1, in manifest order) and the shards and row groups they lie in.

    ``sections`` are the splits and stages in the order of rows; ``firsts`` holds the first row of each shard, and in
    the end the number of rows; ``rows_per_group`` is 0 where row groups are of no fixed size (format 1).
    """

    def __init__(self, manifest: ReleaseManifest) -> None:
        """Raises `IntegrityError` where shards do not follow each other or do not add up: a bug of who wrote them."""
        self.shards: Sequence[Shard] = manifest.shards
        self.rows_per_group = manifest.rows_per_group
        self.sections: tuple[Section, ...] = manifest.sections
        self._name = f"{manifest.mix}@{manifest.version}"
        rows: Sequence[int]
        if isinstance(self.shards, ShardList):
            columns = self.shards.columns
            rows, self.tokens, self.erased = columns.rows, sum(columns.tokens), sum(columns.erased)
            self.bytes = sum(columns.bytes)
        else:
            rows = array("q", (shard.rows for shard in self.shards))
            self.tokens = sum(shard.tokens for shard in self.shards)
            self.erased = sum(shard.erased for shard in self.shards)
            self.bytes = sum(shard.bytes for shard in self.shards)
        self.firsts = array("q", accumulate(rows, initial=0))
        self.rows = self.firsts[-1]
        if isinstance(self.shards, ShardList):
            self._same_totals(self.shards)
        else:
            self._add_up()
        if [*map(_order, self.sections)] != sorted({*map(_order, self.sections)}):
            raise self._contradicts("the shards of its splits and stages do not stand in their order")

    def find(self, row: int) -> Position:
        """Where row number ``row`` lies. Negative numbers count from the end; raises ``IndexError`` beyond."""
        number = row + self.rows if row < 0 else row
        if not 0 <= number < self.rows:
            raise IndexError(f"row {row} of a release of {self.rows} rows")
        # Empty shards share their first row with the next: the last of them is the one that holds it.
        shard = bisect_right(self.firsts, number) - 1
        within = number - self.firsts[shard]
        if self.rows_per_group:
            return Position(shard, *divmod(within, self.rows_per_group))
        ends = list(accumulate(group[0] for group in self.shards[shard].row_groups))
        group = bisect_right(ends, within)
        return Position(shard, group, within - (ends[group - 1] if group else 0))

    @property
    def largest(self) -> int:
        """Bytes of the largest shard."""
        if isinstance(self.shards, ShardList):
            return max(self.shards.columns.bytes, default=0)
        return max((shard.bytes for shard in self.shards), default=0)

    def group_rows(self, shard: int) -> tuple[int, ...]:
        """Rows of each row group of a shard."""
        if not self.rows_per_group:
            return tuple(rows for rows, _ in self.shards[shard].row_groups)
        full, rest = divmod(self.firsts[shard + 1] - self.firsts[shard], self.rows_per_group)
        return (self.rows_per_group,) * full + (rest,) * bool(rest)

    def groups(self, section: Section) -> int:
        """Row groups of a section, where they are of a fixed size."""
        return -(-section.rows // self.rows_per_group)

    def check(self) -> None:
        """Looks at every shard and row group too, which opening a long listing does not. Raises `IntegrityError`."""
        self._add_up()

    def _same_totals(self, shards: ShardList) -> None:
        """A listing's columns, its sections and the manifest agree, as far as a look at each column tells."""
        columns, sections = shards.columns, self.sections
        totals = tuple(sum(getattr(one, name) for one in sections) for name in ("shards", "rows", "tokens", "erased"))
        if totals != (len(columns), self.rows, self.tokens, self.erased):
            raise self._contradicts("its shards come to other totals than its splits and stages")
        if columns.first_row.tobytes() != self.firsts[:-1].tobytes():
            raise self._contradicts("its shards do not follow each other")
        at = 0
        for section in sections:
            if section.first_shard != at or self.firsts[at] != section.first_row:
                raise self._contradicts(f"its section {section.split} {section.stage} begins elsewhere")
            at += section.shards

    def _add_up(self) -> None:
        ends = {section.first_shard + section.shards - 1 for section in self.sections}
        first = 0
        for number, shard in enumerate(self.shards):
            groups = tuple(shard.row_groups)
            rows, tokens = sum(group[0] for group in groups), sum(group[1] for group in groups)
            if shard.first_row != first or shard.rows != rows or shard.tokens != tokens:
                raise self._contradicts(
                    f"{shard.key} says it holds rows {shard.first_row} to "
                    f"{shard.first_row + shard.rows} and {shard.tokens} tokens; rows before it are {first}, its "
                    f"row groups hold {rows} rows and {tokens} tokens"
                )
            size = self.rows_per_group
            if size and (
                self.group_rows(number) != tuple(g[0] for g in groups) or (rows % size and number not in ends)
            ):
                raise self._contradicts(f"{shard.key} has row groups of other sizes than {size} rows")
            first += rows

    def _contradicts(self, said: str) -> IntegrityError:
        return IntegrityError(
            f"the manifest of {self._name} contradicts itself: {said}", fix=f"clearinghouse verify {self._name}"
        )


def _order(section: Section) -> tuple[int, int]:
    return (SPLITS.index(section.split) if section.split in SPLITS else len(SPLITS), section.stage)
