"""DuckDB: a release as a relation whose bytes were checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from clearinghouse.adapters.missing import need

if TYPE_CHECKING:
    from clearinghouse.reader_release import Release


def relation(release: Release, columns: Sequence[str] | None = None, connection: Any = None) -> Any:
    """A `duckdb.DuckDBPyRelation` over all rows; ``columns`` alone are read, checked, and held in memory by Arrow.

    For more than fits, ``read_parquet(release.files())`` after ``release.verify()``. (A stream of Arrow batches made in
    Python would do without the memory, but DuckDB waits for it while it holds Python's lock.)
    """
    duckdb = need("duckdb")
    # Its own connection: the shared one may be in the middle of another result.
    return (connection or duckdb.connect()).from_arrow(release.table(columns))
