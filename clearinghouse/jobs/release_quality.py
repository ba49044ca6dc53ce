"""Quality of a release's documents: signals made by tasks and kept in the store, and what the mix's rules left out.

Signals depend on documents and code alone; thresholds are the mix's, so that another threshold reads no text again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from clearinghouse.code import code_version
from clearinghouse.jobs.release_choose import Candidates
from clearinghouse.jobs.release_tasks import DamagedIndex, Task, usable_text
from schemas.canonical import digest
from transforms.signals import SCHEMA, Measuring

if TYPE_CHECKING:
    from infra.store import Store

POOR = pa.schema([("id", pa.string()), ("dataset", pa.string()), ("reasons", pa.list_(pa.string()))])
"""One row a document that the quality rules left out: every limit that it breaks."""


@dataclass(frozen=True)
class Signalling:
    """Makes the signals of a task's documents (`release_tasks.OfWords`)."""

    def key(self, task: Task) -> str:
        return task.key.removesuffix(".parquet") + f".signals-{digest(code_version())[:16]}.parquet"

    def begin(self, table: pa.Table) -> _Making:
        return _Making(table)

    def read(self, store: Store, task: Task) -> pa.Table:
        """The signals of each of a task's documents. Raises `DamagedIndex`."""
        key = self.key(task)
        try:
            return pq.read_table(pa.BufferReader(store.read(key)), page_checksum_verification=True).cast(SCHEMA)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise DamagedIndex(f"{key} cannot be read", fix="delete it; it is made again") from error


class _Making:
    def __init__(self, table: pa.Table) -> None:
        self.measuring = Measuring(usable_text(table), table.column("language").to_pylist())
        self.add = self.measuring.add

    def made(self) -> bytes:
        sink = pa.BufferOutputStream()
        pq.write_table(self.measuring.made(), sink, compression="zstd", write_page_checksum=True)
        return bytes(sink.getvalue())


def account(sources: Sequence[Candidates]) -> dict[str, dict[str, int]]:
    """Of each source, how many documents break each limit; one that breaks several is counted at each."""
    found = {}
    for one in sources:
        counts = Counter(name for names in one.poor["broken"].to_list() for name in names)
        if counts:
            found[one.dataset] = dict(sorted(counts.items()))
    return found


def poor(sources: Sequence[Candidates]) -> pa.Table:
    """Every document that the rules left out, with all of its reasons, by data set and id."""
    rows = [
        {"id": name.hex(), "dataset": one.dataset, "reasons": reasons}
        for one in sources
        for name, reasons in sorted(one.poor.rows())
    ]
    return pa.Table.from_pylist(rows, schema=POOR)


__all__ = ["POOR", "Signalling", "account", "poor"]
