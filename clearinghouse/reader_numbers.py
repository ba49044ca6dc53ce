"""Columns of bytes that hold numbers (`schemas.shard_numbers`), given out as lists of them. Arrow alone, nothing copied."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from clearinghouse.reader_views import as_list
from schemas.shard_numbers import KEY, WIDTHS


def shown(schema: pa.Schema) -> pa.Schema:
    """A shard's schema as a reader of the release sees it: lists of numbers in place of their bytes."""
    for place, field in enumerate(schema):
        name = (field.metadata or {}).get(KEY, b"").decode("ascii", "replace")
        if name in WIDTHS and pa.types.is_binary(field.type):
            kind = pa.list_(pa.field("element", pa.type_for_alias(name), nullable=False))
            schema = schema.set(place, pa.field(field.name, kind, field.nullable))
    return schema


def lists(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """``batch`` with the columns that are bytes as the lists that ``schema`` (of `shown`) says they are."""
    columns = {
        name: as_list(batch.column(name), schema.field(name).type)
        for name in batch.schema.names
        if is_bytes(batch.schema.field(name).type, schema, name)
    }
    return _with(batch, columns)


def table(whole: pa.Table, schema: pa.Schema) -> pa.Table:
    """`lists` of a table."""
    if not any(is_bytes(field.type, schema, field.name) for field in whole.schema):
        return whole
    batches = [lists(batch, schema) for batch in whole.to_batches()]
    kinds = [schema.field(name) for name in whole.schema.names]
    return pa.Table.from_batches(batches, pa.schema(kinds, whole.schema.metadata))


def is_bytes(kind: pa.DataType, schema: pa.Schema, name: str) -> bool:
    """Whether a column of that name is still the bytes of what ``schema`` shows as a list."""
    return bool(
        pa.types.is_binary(kind) and schema.get_field_index(name) >= 0 and pa.types.is_list(schema.field(name).type)
    )


def _with(batch: pa.RecordBatch, columns: Mapping[str, pa.Array]) -> pa.RecordBatch:
    if not columns:
        return batch
    fields = [
        pa.field(one.name, columns[one.name].type, one.nullable) if one.name in columns else one for one in batch.schema
    ]
    arrays = [columns.get(name, batch.column(name)) for name in batch.schema.names]
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields, batch.schema.metadata))


__all__ = ["is_bytes", "lists", "shown", "table"]
