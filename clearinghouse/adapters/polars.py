"""Polars: a release as a LazyFrame that reads through the checks of the reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from clearinghouse.adapters.missing import need

if TYPE_CHECKING:
    from clearinghouse.reader_release import Release


def frame(release: Release) -> Any:
    """A `polars.LazyFrame` over all rows, in the release's order. Only the columns that a query needs are read, and it
    stops when it has its rows; filters run on what was read. ``polars.scan_parquet(release.files())`` also skips row
    groups by their statistics, and checks nothing."""
    pl = need("polars")
    plugins = need("polars.io.plugins", "polars")
    schema = pl.from_arrow(release.schema.empty_table()).schema

    def read(columns: list[str] | None, predicate: Any, rows: int | None, batch_rows: int | None) -> Iterator[Any]:
        left = rows
        for batch in release.batches(columns, batch_rows=batch_rows or 8192):
            found = pl.from_arrow(batch)
            if left is not None:
                found = found.head(left)
                left -= len(found)
            yield found if predicate is None else found.filter(predicate)
            if left == 0:
                return

    return plugins.register_io_source(read, schema=schema)
