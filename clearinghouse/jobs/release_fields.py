"""Fields of the scrubbed rows that a mix asks of: its filters, and what its split goes by.

They are read from the snapshot's own columns, one file after the other, and nothing of them is kept: a document gets a
bit a source and, where the split goes by a field, the digest of its value. Memory is the columns asked of, of one data
set at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from clearinghouse.jobs.release_tasks import Piece, read_columns
from schemas.contract import Condition, Contract, Document, MixSource
from schemas.mix_where import DOCUMENT, columns, field_of, typed
from transforms.documents import IDENTITY, TemplateError
from transforms.where import passes

#: Columns of `release_tasks.INDEX` by the name that filters have for them.
INDEXED = {name: name.removeprefix("document.") for name in DOCUMENT}


@dataclass(frozen=True)
class Asked:
    """What the sources of one data set and the split ask of its rows.

    ``places`` and ``sources`` are those of the mix that draw from it; ``by`` is the field of the split, if any.
    """

    contract: Contract
    places: tuple[int, ...]
    sources: tuple[MixSource, ...]
    by: str | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of the rows that are asked of, sorted."""
        names = {name for source in self.sources for name in columns(source.where)}
        return tuple(sorted(names | ({self.by} if self.by else set())))


def rows_asked(asked: Asked, pieces: Sequence[Piece]) -> pl.DataFrame | None:
    """What each document has in the fields that are asked of; ``None`` where none is.

    Columns: ``key`` (the row's id, or what the rows of a document share), one boolean ``passes_<place>`` a source with a
    filter on fields, and ``by`` (text, null where the field is empty). A document of several rows has of each field the
    first value that is not empty, in the order of its rows.

    Raises:
        TemplateError: the snapshot has no such column.
    """
    names = asked.fields
    if not names:
        return None
    document = asked.contract.document
    assert document is not None
    grouped = (document.group, document.order) if document.group else ()
    wanted = list(dict.fromkeys([*IDENTITY, *(name for name in grouped if name), *names]))
    found = [read_columns(piece, wanted) for piece in pieces]
    table = pa.concat_tables(found) if found else pa.table({name: pa.array([], pa.string()) for name in wanted})
    missing = [name for name in wanted if name not in table.schema.names]
    if missing:
        raise TemplateError(
            f"the mix asks of {', '.join(missing)}, which the snapshot of {asked.contract.key} does not have",
            state="a field whose action is `drop` is gone after scrubbing",
            fix="take the field out of the mix, or give it another action",
        )
    if document.group:
        table = _first(table, document, names)
    else:
        table = table.rename_columns([{"_id": "key"}.get(name, name) for name in table.schema.names])
    return _answers(asked, table)


def _first(table: pa.Table, document: Document, names: Sequence[str]) -> pa.Table:
    """Of each group the first value of each field that is not null, in the order of its rows."""
    assert document.group is not None
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    order = [pl.col(document.order)] if document.order else []
    first = (
        frame.with_columns(key=pl.col(document.group).cast(pl.String))
        .filter(pl.col("key").is_not_null())
        .sort(*order, "_partition", "_position", "_id", nulls_last=True)
        .group_by("key", maintain_order=True)
        .agg(*(pl.col(name).drop_nulls().first() for name in names))
    )
    made = first.to_arrow()
    # Comparisons are in the types that the contract gave.
    for name in names:
        made = made.set_column(
            made.schema.get_field_index(name), name, made.column(name).cast(table.schema.field(name).type)
        )
    return made


def _answers(asked: Asked, table: pa.Table) -> pl.DataFrame:
    columns_: dict[str, Any] = {"key": table.column("key").cast(pa.large_string())}
    for place, source in zip(asked.places, asked.sources, strict=True):
        conditions = [one for one in source.where if one.field not in DOCUMENT]
        if conditions:
            columns_[f"passes_{place}"] = pa.array(passes(table, conditions, _typed(asked.contract, conditions, table)))
    frame = pl.from_arrow(pa.table(columns_))
    assert isinstance(frame, pl.DataFrame)
    if asked.by:
        values = pl.from_arrow(table.select([asked.by]))
        assert isinstance(values, pl.DataFrame)
        frame = frame.with_columns(by=values[asked.by].cast(pl.String))
    return frame.unique("key", keep="first", maintain_order=True)


def _typed(contract: Contract, conditions: Sequence[Condition], table: pa.Table) -> Mapping[Condition, Sequence[Any]]:
    made: dict[Condition, Sequence[Any]] = {}
    for one in conditions:
        field = field_of(contract, one.field)
        assert field is not None
        # What redaction replaced is text, whatever it was before.
        text = pa.types.is_large_string(table.schema.field(one.field).type)
        kind, options = ("string", {}) if text else (field.type, field.options)
        made[one] = [] if one.op == "null" else [typed(kind, options, value) for value in one.values]
    return made


def of_documents(source: MixSource, index: pa.Table) -> NDArray[np.bool_]:
    """Which documents pass what a source asks of the documents' own columns (`release_tasks.INDEX`)."""
    conditions = [one for one in source.where if one.field in DOCUMENT]
    if not conditions:
        return np.ones(len(index), bool)
    table = index.select([INDEXED[name] for name in sorted({one.field for one in conditions})])
    table = table.rename_columns(sorted({one.field for one in conditions}))
    values = {
        one: [] if one.op == "null" else [typed(DOCUMENT[one.field], {}, value) for value in one.values]
        for one in conditions
    }
    return passes(table, conditions, values)
