"""Judging documents by their signals: which limits each one breaks, and how good it is beside others like it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from schemas.quality_rules import Limit


def broken(signals: pl.DataFrame, limits: Sequence[Limit]) -> pl.Series:
    """For each document (`transforms.signals.SCHEMA`) the names of the limits that it breaks, in order of name; an
    empty list for one that may stay. A limit for one sort of script stands in place of the one for all."""
    own = {(limit.name, limit.script) for limit in limits}
    dense = signals.get_column("dense").to_numpy() > 0
    tests = np.zeros((signals.height, len(limits)), bool)
    for place, limit in enumerate(limits):
        value = signals.get_column(limit.signal).to_numpy()
        # Signals are 32-bit: a value that is the limit must not fail by how it was rounded.
        bound = np.float32(float(limit.value))
        test = value < bound if limit.least else value > bound
        tests[:, place] = test & _script(limit, own, dense)
    # Few documents break a limit: a list of strings is made of those alone that are broken.
    row, which = np.nonzero(tests)
    edges = np.zeros(signals.height + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=signals.height), out=edges[1:])
    names = pa.array([limit.name for limit in limits], pa.large_string()).take(pa.array(which))
    return pl.Series("broken", pa.LargeListArray.from_arrays(pa.array(edges), names))


def _script(limit: Limit, own: set[tuple[str, str]], dense: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which documents a limit speaks of."""
    if limit.script == "dense":
        return dense
    if limit.script == "spaced":
        return ~dense
    spoken = np.ones(len(dense), bool)
    if (limit.name, "dense") in own:
        spoken &= ~dense
    if (limit.name, "spaced") in own:
        spoken &= dense
    return spoken


def grade(signals: pl.DataFrame) -> NDArray[np.float32]:
    """How good a document is beside another that says nearly the same, 0 to 100 in whole steps.

    What was redacted, repeated, linked or garbled is taken off; so of two near duplicates the cleaner one stays.
    """
    off = (
        pl.col("redacted_share")
        + pl.col("again_10_share")
        + 0.5 * pl.col("link_share")
        + 0.5 * pl.col("symbol_share")
        + pl.col("broken_share")
        + pl.col("control_share")
        + 0.01 * pl.col("mojibake")
        + 0.01 * pl.col("tags")
    )
    return signals.select(grade=(100 * (1 - off)).round().clip(0, 100).cast(pl.Float32))["grade"].to_numpy()


__all__ = ["broken", "grade"]
