"""The rows of releases as the store has them, without their content: for what looks at releases, not for training."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from clearinghouse.catalog import ReleaseRef
from schemas.errors import IntegrityError
from schemas.manifest import ReleaseManifest

if TYPE_CHECKING:
    from infra.store import Store

_COLUMNS = ("id", "source", "language", "epoch", "n_tokens", "erased")


@dataclass(frozen=True)
class Rows:
    """Consecutive rows of a shard: identity and counts alone. ``first`` counts from the shard's first row."""

    first: int
    ids: pa.Array
    source: pa.Array
    language: pa.Array
    epoch: NDArray[np.int16]
    tokens: NDArray[np.int32]
    erased: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.ids)


def rows_of(store: Store, manifest: ReleaseManifest, number: int) -> Iterator[Rows]:
    """The rows of one shard, a row group at a time. Raises `IntegrityError` where it cannot be read as one."""
    key = manifest.shard_key(number)
    with opened(store, manifest, key) as file:
        first = 0
        for group in range(file.num_row_groups):
            table = file.read_row_group(group, columns=list(_COLUMNS), use_threads=False).combine_chunks()
            if len(table):
                batch = table.to_batches()[0]
                yield Rows(
                    first,
                    batch.column("id"),
                    batch.column("source"),
                    batch.column("language"),
                    _numbers(batch, "epoch", np.int16),
                    _numbers(batch, "n_tokens", np.int32),
                    _numbers(batch, "erased", np.bool_),
                )
                first += len(batch)


def _numbers(batch: pa.RecordBatch, name: str, kind: Any) -> NDArray[Any]:
    # A hole may have lost its counts too.
    column = batch.column(name)
    if column.null_count:
        column = column.fill_null(False if kind is np.bool_ else 0)
    return np.asarray(column.to_numpy(zero_copy_only=False), kind)


@contextmanager
def opened(store: Store, manifest: ReleaseManifest, key: str) -> Iterator[pq.ParquetFile]:
    """A shard of a release; what cannot be read as one is an `IntegrityError` that says which."""
    from infra.store import NotFound

    def damaged(said: str) -> IntegrityError:
        name = f"{manifest.mix}@{manifest.version}"
        return IntegrityError(f"{key} of {name} {said}", fix=f"clearinghouse verify {name}")

    try:
        source = store.open(key)
    except NotFound:
        raise damaged("is missing") from None
    with source:
        try:
            yield pq.ParquetFile(source)
        except (pa.ArrowException, OSError, KeyError):
            raise damaged("cannot be read as a shard") from None


def words(ids: pa.Array) -> NDArray[np.uint64]:
    """Ids of 32 hex digits as two 64-bit words each, shape (n, 2); `IntegrityError` for others."""
    from transforms.documents import identity

    try:
        return identity(ids)
    except ValueError as error:
        raise IntegrityError(f"a release has rows whose {error}") from None


def frozen_listings(store: Store, ref: ReleaseRef) -> dict[str, NDArray[np.int64]]:
    """Rows of a release that erasures have frozen, ascending, by the erasure's id."""
    found = {}
    for entry in store.list(f"{ref.folder}/frozen/"):
        try:
            raw = json.loads(store.read(entry.key))
            found[str(raw["erasure"])] = np.array(raw["rows"], np.int64)
        except (ValueError, TypeError, KeyError):
            raise IntegrityError(
                f"{entry.key} does not list rows", fix=f"restore it from a copy, then: clearinghouse verify {ref}"
            ) from None
    return found


def frozen_rows(store: Store, ref: ReleaseRef) -> NDArray[np.int64]:
    """All frozen rows of a release, ascending."""
    found = frozen_listings(store, ref)
    return np.unique(np.concatenate([*found.values(), np.empty(0, np.int64)]))
