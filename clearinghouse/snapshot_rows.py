"""The first rows of a snapshot, as the contract left them: what a mix would draw from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from clearinghouse.catalog import some
from clearinghouse.jobs.context import NotFoundByName
from infra.store import Store
from schemas.manifest import SnapshotManifest

_AT_ONCE = 1024


def first_rows(
    store: Store, snapshot: SnapshotManifest, count: int, columns: Sequence[str] | None = None
) -> list[dict[str, Any]]:
    """Up to ``count`` rows, oldest partition first, with these columns or all of the contract's fields.

    Raises:
        NotFoundByName: a column that the data set does not have.
    """
    batches = _batches(store, snapshot, min(count, _AT_ONCE), columns)
    return list(islice((row for batch in batches for row in batch.to_pylist()), count))


def _batches(
    store: Store, snapshot: SnapshotManifest, rows: int, columns: Sequence[str] | None
) -> Iterator[pa.RecordBatch]:
    for receipt in snapshot.receipts:
        for entry in receipt.data:
            with store.open(entry.key) as source, pq.ParquetFile(source) as file:
                names = file.schema_arrow.names
                unknown = [name for name in columns or () if name not in names]
                if unknown:
                    raise NotFoundByName(
                        f"{snapshot.dataset} has no column {some(unknown)}", fix=f"there are: {some(names, 40)}"
                    )
                # What begins with an underscore is ours: where the row came from, not what it says.
                wanted = list(columns or (name for name in names if not name.startswith("_")))
                yield from file.iter_batches(rows, columns=wanted)
