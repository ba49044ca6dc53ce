"""Looks at the rows of a batch, and errors of them that quote no data. No engine and no suite is known here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from governance.quality.literals import Unfit

#: A query over the whole batch, for what no single expression can say within bounded memory.
Query = Callable[[pl.LazyFrame], Any]


class MeasureError(Exception):
    """A metric that could not be computed, and why. Neither text holds a value of any row."""

    def __init__(self, metric: str, reason: str) -> None:
        super().__init__(f"{metric}: {reason}")
        self.reason = reason


def scan(paths: Sequence[Path]) -> pl.LazyFrame:
    """The rows of Parquet files one after the other, in the order given, read when asked for. At least one file."""
    return pl.scan_parquet(list(paths), glob=False, hive_partitioning=False)


def collect(frame: pl.LazyFrame) -> pl.DataFrame:
    """Run a query with the streaming engine, batch by batch, and return its result."""
    return frame.collect(engine="streaming")


def guarded(what: str, work: Callable[[], Any]) -> Any:
    """`work()`, its errors replaced by a `MeasureError` that quotes no data."""
    try:
        return work()
    except MeasureError:
        raise
    except Unfit as error:
        raise MeasureError(what, str(error)) from None
    except Exception as error:
        kind = type(error).__name__
    # Raised outside the handler: inside it, the original and its values would hang on as the context.
    raise MeasureError(what, f"{kind} (its text may quote data and is not kept)")
