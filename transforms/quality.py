"""Judging documents by their signals: which limits each one breaks, and how good it is beside others like it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from schemas.quality_rules import Limit


def broken(signals: pl.DataFrame, limits: Sequence[Limit]) -> pl.Series:
    """For each document (`transforms.signals.SCHEMA`) the names of the limits that it breaks, in order of name; an
    empty list for one that may stay. A limit for one sort of script stands in place of the one for all."""
    own = {(limit.name, limit.script) for limit in limits}
    tests = []
    for limit in limits:
        value = pl.col(limit.signal).cast(pl.Float64)
        # Signals are 32-bit: a value that is the limit must not fail by how it was rounded.
        bound = float(np.float32(float(limit.value)))
        test = value < bound if limit.least else value > bound
        if limit.script == "dense":
            test &= pl.col("dense") > 0
        elif limit.script == "spaced":
            test &= pl.col("dense") == 0
        else:
            test &= _not_said_else(limit, own)
        tests.append(pl.when(test).then(pl.lit(limit.name)))
    if not tests:
        return pl.Series("broken", [[]] * signals.height, dtype=pl.List(pl.String))
    return signals.select(broken=pl.concat_list(tests).list.drop_nulls()).get_column("broken")


def _not_said_else(limit: Limit, own: set[tuple[str, str]]) -> pl.Expr:
    test = pl.lit(True)
    if (limit.name, "dense") in own:
        test &= pl.col("dense") == 0
    if (limit.name, "spaced") in own:
        test &= pl.col("dense") > 0
    return test


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
