"""Give a batch the types of its contract; say of each row that does not fit why, and never drop it in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.contract import Field


@dataclass(frozen=True)
class Conformed:
    """``batch`` holds the rows that fit, typed; ``kept`` are their indices in the input.

    ``reasons`` maps the index of each other row to its reasons, ``type:<field>`` or ``null:<field>``, in the
    order of the contract's fields.
    """

    batch: pa.RecordBatch
    kept: pa.Int64Array
    reasons: Mapping[int, tuple[str, ...]]


def conform(
    batch: pa.RecordBatch,
    schema: pa.Schema,
    fields: Iterable[Field],
    *,
    null_values: tuple[str, ...] = ("",),
    date_format: str | None = None,
) -> Conformed:
    """Cast every column of ``batch`` to ``schema`` and check what the contract requires.

    A column that the batch lacks is null throughout. Strings equal to one of ``null_values`` are null (for string
    fields too, so that an empty cell of a required field is a missing value). A field's own ``format``, else
    ``date_format``, is a `strptime` pattern that is tried before ISO 8601.
    """
    columns: list[pa.Array] = []
    bad: dict[int, list[str]] = {}
    for field in fields:
        wanted = schema.field(field.name).type
        place = batch.schema.get_field_index(field.name)
        found = pa.nulls(len(batch), wanted) if place < 0 else batch.column(place)
        found = _nulls(found, null_values)
        stated = field.options.get("format") if _is_clock(wanted) else None
        typed, wrong = _cast(found, wanted, stated or date_format)
        for index in wrong:
            bad.setdefault(index, []).append(f"type:{field.name}")
        if field.required and typed.null_count:
            missing = np.flatnonzero(np.asarray(pc.is_null(typed)))
            wrong_here = set(wrong)
            for index in missing.tolist():
                if index not in wrong_here:
                    bad.setdefault(index, []).append(f"null:{field.name}")
        columns.append(typed)
    made = pa.RecordBatch.from_arrays(columns, schema=schema)
    if not bad:
        return Conformed(made, pa.array(range(len(batch)), pa.int64()), {})
    keep = np.ones(len(batch), dtype=bool)
    keep[list(bad)] = False
    kept = pa.array(np.flatnonzero(keep).tolist(), pa.int64())
    return Conformed(made.take(kept), kept, {index: tuple(bad[index]) for index in sorted(bad)})


def _nulls(column: pa.Array, null_values: tuple[str, ...]) -> pa.Array:
    if not _is_text(column.type) or not null_values or not len(column):
        return column
    marks = pc.is_in(column, value_set=pa.array(null_values, column.type))
    if not pc.any(marks).as_py():
        return column
    return pc.if_else(marks, pa.scalar(None, column.type), column)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _cast(column: pa.Array, wanted: pa.DataType, date_format: str | None) -> tuple[pa.Array, list[int]]:
    """The column in the wanted type, with null where a value has no such reading, and the indices of those."""
    if column.type == wanted:
        return column, []
    if not (_is_text(column.type) and date_format and _is_clock(wanted)):
        try:
            trimmed = pc.utf8_trim_whitespace(column) if _is_text(column.type) and not _is_text(wanted) else column
            return trimmed.cast(wanted), []
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            pass  # at least one value does not fit: look at them one by one
    read = _reader(wanted, date_format)
    values: list[Any] = []
    wrong: list[int] = []
    for index, value in enumerate(column.to_pylist()):
        if value is None:
            values.append(None)
            continue
        try:
            values.append(read(value))
        except (ValueError, TypeError, InvalidOperation, OverflowError):
            values.append(None)
            wrong.append(index)
    try:
        return pa.array(values, wanted), wrong
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        # A value that Python reads but the Arrow type cannot hold, such as an integer of 70 bits.
        for index, value in enumerate(values):
            try:
                pa.scalar(value, wanted)
            except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
                values[index] = None
                wrong.append(index)
        return pa.array(values, wanted), sorted(wrong)


def _is_clock(kind: pa.DataType) -> bool:
    return bool(pa.types.is_timestamp(kind) or pa.types.is_date(kind) or pa.types.is_time(kind))


def _reader(wanted: pa.DataType, date_format: str | None) -> Callable[[Any], Any]:
    if pa.types.is_integer(wanted):
        return _integer
    if pa.types.is_floating(wanted):
        return _number
    if pa.types.is_decimal(wanted):
        return lambda value: Decimal(str(value).strip()).quantize(Decimal(1).scaleb(-wanted.scale))
    if pa.types.is_boolean(wanted):
        return _boolean
    if pa.types.is_timestamp(wanted):
        return partial(_timestamp, zone=wanted.tz, date_format=date_format)
    if pa.types.is_date(wanted):
        return lambda value: _timestamp(value, zone=None, date_format=date_format).date()
    if pa.types.is_time(wanted):
        return lambda value: value if isinstance(value, time) else time.fromisoformat(str(value).strip())
    return _text


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode()  # UnicodeDecodeError is a ValueError: the row does not fit
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        import json

        return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return str(value)


def _integer(value: Any) -> int:
    # "16353.0" is how spreadsheets write an integer; "16353.5" is not one.
    number = Decimal(str(value).strip())
    if number != number.to_integral_value():
        raise ValueError("not an integer")
    return int(number)


def _number(value: Any) -> float:
    found = float(str(value).strip())
    if found != found or found in (float("inf"), float("-inf")):
        raise ValueError("not a finite number")
    return found


_TRUE = frozenset({"true", "t", "yes", "y", "1", "是"})
_FALSE = frozenset({"false", "f", "no", "n", "0", "否"})


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError("not a boolean")


def _timestamp(value: Any, *, zone: str | None, date_format: str | None) -> datetime:
    if isinstance(value, datetime):
        found = value
    elif isinstance(value, date):
        found = datetime(value.year, value.month, value.day)
    else:
        found = _clock(str(value).strip(), date_format)
    if zone:
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found


def _clock(text: str, date_format: str | None) -> datetime:
    if date_format:
        try:
            return datetime.strptime(text, date_format)
        except ValueError:
            pass  # ISO 8601 is taken as well
    return datetime.fromisoformat(text)
