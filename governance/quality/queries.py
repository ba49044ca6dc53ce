"""Counts that need more than one look at the data, each in memory that does not grow with it.

Repeats are found by sorting 64-bit hashes of the keys, one share of them at a time, and looking at the keys whose
hashes are alike; distinct values by grouping one share of the keys at a time; order statistics by narrowing a
histogram around the wanted rank until the values left fit in memory. All are exact.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from governance.quality.columns import Column
from governance.quality.literals import Unfit
from governance.quality.passes import collect

#: Hashes that are sorted at once: half a GiB with the copy that sorting makes.
HASHES_AT_ONCE = 32_000_000
#: Keys that one grouping holds at most: about a GiB of 32-character keys.
KEYS_AT_ONCE = 4_000_000
#: Values that are sorted in memory at most when a histogram has been narrowed down to them.
VALUES_AT_ONCE = 1_000_000
#: More values than this sharing the highest count are not a mode but a key.
MODES = 10_000

_BINS = 4096
_KEY, _COUNT, _HASH = "key", "count", "hash"


def _rows(frame: pl.LazyFrame) -> int:
    return int(collect(frame.select(pl.len())).item())


def _keyed(frame: pl.LazyFrame, keys: Sequence[pl.Expr], kept: pl.Expr | None) -> pl.LazyFrame:
    """Key and hash of the rows that are kept; several expressions are one key."""
    parts = [key.alias(f"{_KEY}_{place}") for place, key in enumerate(keys)]
    key = parts[0].alias(_KEY) if len(parts) == 1 else pl.struct(parts).alias(_KEY)
    rows = frame if kept is None else frame.filter(kept)
    return rows.select(key).with_columns(pl.col(_KEY).hash().alias(_HASH))


def _shares(frame: pl.LazyFrame, keyed: pl.LazyFrame, size: int) -> Iterator[pl.LazyFrame]:
    """Parts of about `size` rows; equal keys are in the same part. Each is one more pass over the keys."""
    passes = max(1, math.ceil(_rows(frame) / size))
    for turn in range(passes):
        yield keyed if passes == 1 else keyed.filter(pl.col(_HASH) % passes == turn)


def _groups(frame: pl.LazyFrame, key: pl.Expr, kept: pl.Expr | None) -> Iterator[pl.LazyFrame]:
    """Frames of (key, count); every key is in exactly one of them."""
    for share in _shares(frame, _keyed(frame, [key], kept), KEYS_AT_ONCE):
        yield share.group_by(_KEY).agg(pl.len().alias(_COUNT))


def _alike(frame: pl.LazyFrame, keyed: pl.LazyFrame) -> Iterator[pl.Series]:
    """Sorted hashes that more than one row has, a share of them at a time."""
    for share in _shares(frame, keyed.select(_HASH), HASHES_AT_ONCE):
        hashes = collect(share)[_HASH].sort()
        yield hashes.filter(hashes == hashes.shift(1)).unique(maintain_order=True)


def repeated_rows(frame: pl.LazyFrame, keys: Sequence[pl.Expr], kept: pl.Expr | None) -> int:
    """Rows whose key occurs more than once among the rows that are kept. Null equals null."""
    total, keyed = 0, _keyed(frame, keys, kept)
    for hashes in _alike(frame, keyed):
        for part in hashes.to_frame().iter_slices(KEYS_AT_ONCE):
            total += int(collect(_repeated(keyed, part[_HASH]).select(pl.col(_COUNT).sum())).item() or 0)
    return total


def _repeated(keyed: pl.LazyFrame, hashes: pl.Series) -> pl.LazyFrame:
    """Keys that occur more than once, among those with one of the hashes."""
    rows = keyed.filter(pl.col(_HASH).is_in(hashes.implode()))
    return rows.group_by(_KEY).agg(pl.len().alias(_COUNT)).filter(pl.col(_COUNT) > 1)


def repeated_keys(frame: pl.LazyFrame, keys: Sequence[pl.Expr], kept: pl.Expr | None, limit: int) -> pl.DataFrame:
    """Up to `limit` keys that occur more than once, sorted; columns ``key_0``, ``key_1`` … Empty if there is none."""
    keyed = _keyed(frame, keys, kept)
    found = collect(keyed.select(_KEY).head(0))
    for hashes in _alike(frame, keyed):
        found = collect(_repeated(keyed, hashes.head(limit)).select(_KEY).sort(_KEY))
        if len(found):
            break
    return found.rename({_KEY: f"{_KEY}_0"}) if len(keys) == 1 else found.unnest(_KEY)


def distinct_count(frame: pl.LazyFrame, key: pl.Expr, kept: pl.Expr | None) -> int:
    """How many different keys the kept rows hold."""
    return sum(int(collect(groups.select(pl.len())).item()) for groups in _groups(frame, key, kept))


def distinct_values(frame: pl.LazyFrame, key: pl.Expr, kept: pl.Expr | None, limit: int) -> list[Any]:
    """The `limit` smallest different keys of the kept rows."""
    parts = [collect(groups.select(_KEY).sort(_KEY).head(limit)) for groups in _groups(frame, key, kept)]
    return pl.concat(parts).sort(_KEY).head(limit)[_KEY].to_list()


def modes(frame: pl.LazyFrame, key: pl.Expr, kept: pl.Expr | None) -> list[Any]:
    """The keys with the highest count, sorted; `Unfit` where they are so many that there is no mode."""
    most = 0
    found: list[pl.DataFrame] = []
    for groups in _groups(frame, key, kept):
        best = groups.filter(pl.col(_COUNT) == pl.col(_COUNT).max()).head(MODES + 1)
        top = collect(best)
        if not len(top) or top[_COUNT][0] < most:
            continue
        if top[_COUNT][0] > most:
            most, found = top[_COUNT][0], []
        found.append(top)
    if not found:
        return []
    together = pl.concat(found)
    if len(together) > MODES:
        raise Unfit(f"more than {MODES} values share the highest count")
    return together.sort(_KEY)[_KEY].to_list()


def out_of_order(frame: pl.LazyFrame, column: Column, kept: pl.Expr | None, *, falling: bool, strictly: bool) -> int:
    """Rows that break the order of the column against the last value before them that is not missing."""
    present = ~column.missing if kept is None else ~column.missing & kept
    broken, last = 0, None
    for batch in frame.filter(present).select(column.value.alias(_KEY)).collect_batches(engine="streaming"):
        values = batch[_KEY] if last is None else pl.concat([last, batch[_KEY]])
        earlier, later = values[:-1], values[1:]
        if falling:
            bad = later >= earlier if strictly else later > earlier
        else:
            bad = later <= earlier if strictly else later < earlier
        broken += int(bad.sum() or 0)
        last = values[-1:]
    return broken


def quantiles(
    frame: pl.LazyFrame, column: Column, kept: pl.Expr | None, shares: Sequence[float], interpolation: str
) -> list[Any]:
    """The column's values at the given shares of its rows, nulls and NaN aside.

    `interpolation` is one of numpy's: ``nearest`` (half to even), ``lower``, ``higher``, ``midpoint``, ``linear``.
    Every value is None when the column has none.
    """
    if interpolation not in ("nearest", "lower", "higher", "midpoint", "linear"):
        raise Unfit(f"unknown interpolation {interpolation!r}")
    ranks = _Ranks(frame, column, kept)
    return [ranks.at(share, interpolation) for share in shares]


class _Ranks:
    """Values of a column by rank, each found by counting values in bins and looking closer where it must be."""

    def __init__(self, frame: pl.LazyFrame, column: Column, kept: pl.Expr | None) -> None:
        if not (column.dtype.is_numeric() or column.dtype.is_temporal()):
            raise Unfit(f"{column.name} is {column.dtype}; this check needs a number or a time")
        present = ~column.missing if kept is None else ~column.missing & kept
        exact = column.value.to_physical() if column.dtype.is_temporal() else column.value
        if column.dtype.is_decimal():
            exact = exact.cast(pl.Float64)
        self.dtype = column.dtype
        self.numbers = frame.filter(present).select(exact.alias(_KEY))
        value = pl.col(_KEY)
        finite = value.is_finite() if column.dtype.is_float() else pl.lit(True)
        self.below, self.count, self.low, self.high = collect(
            self.numbers.select(
                (~finite & (value < 0)).sum().alias("below"),
                pl.len(),
                value.filter(finite).min().alias("low"),
                value.filter(finite).max().alias("high"),
            )
        ).row(0)
        self.within = collect(self.numbers.select(finite.sum())).item() if column.dtype.is_float() else self.count
        self.found: dict[int, Any] = {}

    def at(self, share: float, interpolation: str) -> Any:
        if not self.count:
            return None
        place = share * (self.count - 1)
        floor, ceiling = math.floor(place), math.ceil(place)
        if floor == ceiling or interpolation == "lower":
            value = self.ranked(floor)
        elif interpolation == "higher":
            value = self.ranked(ceiling)
        elif interpolation == "nearest":
            value = self.ranked(round(place))
        else:
            part = 0.5 if interpolation == "midpoint" else place - floor
            lower, upper = self.ranked(floor), self.ranked(ceiling)
            value = lower + (upper - lower) * part
        if not self.dtype.is_temporal():
            return value
        physical = pl.Series(dtype=self.dtype).to_physical().dtype
        return pl.Series([round(value)], dtype=physical).cast(self.dtype).item()

    def ranked(self, rank: int) -> Any:
        """The value of that rank, counted from 0."""
        if rank not in self.found:
            if rank < self.below:
                self.found[rank] = -math.inf
            elif rank - self.below >= self.within:
                self.found[rank] = math.inf
            else:
                self.found[rank] = self._narrow(rank - self.below)
        return self.found[rank]

    def _narrow(self, rank: int) -> Any:
        low, high, value = self.low, self.high, pl.col(_KEY)
        while low != high:
            # Divided before they are subtracted: the difference of two floats may be past the largest one.
            width = float(high) / _BINS - float(low) / _BINS
            place = pl.lit(0)
            if width > 0:
                place = (value / width - float(low) / width).floor().clip(0, _BINS - 1).cast(pl.Int32)
            within = self.numbers.filter(value.is_between(low, high))
            bins = within.group_by(place.alias("bin")).agg(
                pl.len(), value.min().alias("low"), value.max().alias("high")
            )
            counted = collect(bins.sort("bin"))
            ends = counted["len"].cum_sum()
            at = int((ends <= rank).sum())
            _, size, bin_low, bin_high = counted.row(at)
            rank -= int(ends[at]) - size
            if size <= VALUES_AT_ONCE:
                chosen = self.numbers.filter(value.is_between(bin_low, bin_high))
                return collect(chosen.sort(_KEY).slice(rank, 1)).item()
            if (bin_low, bin_high) == (low, high):
                return self._counted(within, rank)
            low, high = bin_low, bin_high
        return low

    @staticmethod
    def _counted(within: pl.LazyFrame, rank: int) -> Any:
        # Too many rows for a sort, too close together for a float to part: they are few different values.
        for found, size in collect(within.group_by(_KEY).agg(pl.len()).sort(_KEY)).iter_rows():
            if rank < size:
                return found
            rank -= size
        raise AssertionError("a rank beyond the rows")
