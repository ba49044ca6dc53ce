"""The smallest class of quasi-identifiers among the released rows of each source (`governance.anonymity`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from clearinghouse.jobs.release_select import Chosen, Selection
from governance.anonymity import Counting, quasi_identifiers
from schemas.arrow_schema import ID
from transforms.documents import columns_needed

if TYPE_CHECKING:
    from infra.store import Store

_ROWS = 1 << 16


def measure(store: Store, selection: Selection, shards: Iterable[str], folder: Path) -> dict[str, dict[str, Any]]:
    """By data set: ``fields`` that are quasi-identifying, and what `governance.anonymity.Smallest` says of them.

    ``shards`` are the paths of the shards as made, ``folder`` is for scratch. Data sets without such a field are left
    out; nothing is read for them.
    """
    released: dict[str, list[str]] = {}
    by_key: dict[str, Chosen] = {}
    for chosen in selection.chosen:
        document = chosen.contract.document
        if document is not None:
            # A data set may be drawn from by several views: what any of them says is released.
            by_key.setdefault(chosen.contract.key, chosen)
            released.setdefault(chosen.contract.key, []).extend(columns_needed(document))
    found = {}
    paths = list(shards)
    for number, (key, chosen) in enumerate(by_key.items()):
        fields = quasi_identifiers(chosen.contract, selection.policy, released[key])
        if fields:
            counting = Counting(folder / "classes" / str(number))
            _count(store, chosen, fields, paths, counting)
            found[key] = {"fields": list(fields), **asdict(counting.smallest())}
    return found


def _count(store: Store, chosen: Chosen, fields: tuple[str, ...], shards: list[str], counting: Counting) -> None:
    for path in shards:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_ROWS, columns=["id", "source", "provenance.row_ids"]):
                mine = batch.filter(pc.equal(batch.column("source"), chosen.contract.key))
                # A document of several rows, or of a view, says which rows it is made of; one of one row has its id.
                made = pc.struct_field(mine.column("provenance"), "row_ids")
                counting.want(mine.column("id").filter(pc.is_null(made)).to_pylist())
                counting.want(pc.list_flatten(made).to_pylist())
    for entry in chosen.files:
        with store.open(entry.key) as source, pq.ParquetFile(source) as file:
            for batch in file.iter_batches(_ROWS, columns=[ID, *fields]):
                counting.see(batch.column(ID).to_pylist(), [batch.column(name).to_pylist() for name in fields])
