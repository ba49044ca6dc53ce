"""The Arrow schemas that follow from a contract: of rows as read and typed, and of rows as scrubbed and stored.

Text is ``large_string`` throughout, whose 64-bit offsets let a scanner run over a whole column's buffer.
"""

from __future__ import annotations

import pyarrow as pa

from schemas.contract import Contract, Field, Policy
from schemas.plans import redaction_plan

ID, PARTITION, POSITION = "_id", "_partition", "_position"
"""Columns that every stored row has: its identity, its partition, and its record number in the piece, from 1."""

RESERVED = (
    pa.field(ID, pa.string(), False),
    pa.field(PARTITION, pa.string(), False),
    pa.field(POSITION, pa.int64(), False),
)


def arrow_type(field: Field) -> pa.DataType:
    """The Arrow type of a field's typed values.

    ``timestamp`` is naive microseconds, or UTC where the field states ``timezone`` or ``defaultTimezone``;
    ``number`` is float64, or decimal128 with ``precision`` and ``scale``; objects and arrays are their JSON text.
    """
    options = field.options
    if field.type == "integer":
        if options.get("format") == "u64":
            return pa.uint64()
        return pa.decimal128(38, 0) if options.get("format") in ("i128", "u128") else pa.int64()
    if field.type == "number":
        if "precision" in options:
            return pa.decimal128(int(options["precision"]), int(options.get("scale", 0)))
        return pa.float64()
    if field.type == "boolean":
        return pa.bool_()
    if field.type == "date":
        return pa.date32()
    if field.type == "timestamp":
        zoned = bool(options.get("timezone")) or "defaultTimezone" in options
        return pa.timestamp("us", tz="UTC" if zoned else None)
    if field.type == "time":
        return pa.time64("us")
    return pa.large_string()


def source_schema(contract: Contract) -> pa.Schema:
    """Typed columns as they stand after validation and before scrubbing, one per field, in the contract's order."""
    return pa.schema([_column(field, arrow_type(field)) for field in contract.fields])


def snapshot_schema(contract: Contract, policy: Policy) -> pa.Schema:
    """Columns as they are stored: reserved ones first, dropped fields gone, redacted fields as text.

    Raises `ContractError` where the contract is looser than the policy.
    """
    columns = list(RESERVED)
    for field, plan in zip(contract.fields, redaction_plan(contract, policy).fields, strict=True):
        if plan.action == "drop":
            continue
        kind = pa.large_string() if plan.whole_cell else arrow_type(field)
        column = _column(field, kind, action=plan.action, entity=plan.entity or "")
        # A redaction may leave nothing of a cell, so only what is kept as it is stays required.
        columns.append(column if plan.action == "keep" else column.with_nullable(True))
    return pa.schema(columns)


def _column(field: Field, kind: pa.DataType, **more: str) -> pa.Field:
    facts = {"classification": field.classification, **more}
    return pa.field(field.name, kind, nullable=not field.required, metadata={k: v for k, v in facts.items() if v})
