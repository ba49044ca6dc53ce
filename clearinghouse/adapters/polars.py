"""Polars: a release as a LazyFrame, after its shards were checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clearinghouse.adapters.missing import need

if TYPE_CHECKING:
    from clearinghouse.reader_release import Release

_ROW = "__row"


def frame(release: Release) -> Any:
    """A `polars.LazyFrame` over all rows, in the release's order, without those that are frozen for an erasure.

    Hashes every shard first (`Release.verify`); what Polars reads afterwards, it reads itself, with all it knows of
    Parquet, and from S3 with its own credentials. Raises `IntegrityError`.
    """
    pl = need("polars")
    release.verify()
    lazy = pl.scan_parquet(release.files())
    if len(release.frozen):
        frozen = pl.Series(_ROW, release.frozen.rows, dtype=pl.UInt32)
        lazy = lazy.with_row_index(_ROW).filter(~pl.col(_ROW).is_in(frozen.implode())).drop(_ROW)
    return lazy
