"""Filters of a mix: what YAML may say of a field, and whether the contract's field can be asked that.

A filter is a mapping of fields to a value (equal), a list (one of these) or a mapping of operators to values. All of it
must hold. A field is one of the scrubbed rows, as the contract names it, or a column of the documents
(``document.tokens``). Nothing is evaluated here but the values' types.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Literal, get_args

from schemas.contract import Condition, Contract, Field, Policy
from schemas.names import did_you_mean
from schemas.raw import is_number
from schemas.yaml_lines import Place, YamlFile

Value = Decimal | str | bool
Operator = Literal["=", "!=", "<", "<=", ">", ">=", "in", "not in", "null"]
OPERATORS: tuple[str, ...] = get_args(Operator)
_ORDER = ("<", "<=", ">", ">=")

DOCUMENT: Mapping[str, str] = {
    "document.tokens": "integer",
    "document.chars": "integer",
    "document.bytes": "integer",
    "document.rows": "integer",
    "document.language": "string",
    "document.partition": "partition",
}
"""Columns of the documents that a filter may ask of, and their types. A partition's name has an order."""

_INTEGERS = {"u64": (0, 2**64 - 1), "i128": (-(10**38) + 1, 10**38 - 1), "u128": (0, 10**38 - 1)}
_INT64 = (-(2**63), 2**63 - 1)


def exact_decimal(value: int | float) -> Decimal:
    """The number as written: the shortest text that reads back as it (``0.1``, not its binary neighbour)."""
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def read_where(found: YamlFile, raw: Any, place: Place) -> tuple[Condition, ...]:
    """The conditions of a filter, in the order of the file; what is no filter is reported."""
    conditions: list[Condition] = []
    for name, said in raw.items() if isinstance(raw, dict) else ():
        here: Place = (*place, name)
        if isinstance(said, dict):
            if not said:
                found.report(here, "asks nothing", f"an operator and a value: {', '.join(OPERATORS)}")
            for operator, value in said.items():
                made = _condition(found, name, operator, value, (*here, operator))
                if made is not None:
                    conditions.append(made)
        else:
            made = _condition(found, name, "in" if isinstance(said, list) else "=", said, here)
            if made is not None:
                conditions.append(made)
    return tuple(conditions)


def _condition(found: YamlFile, name: str, operator: str, value: Any, place: Place) -> Condition | None:
    if operator not in OPERATORS:
        found.report(place, f"{operator!r} is not an operator", did_you_mean(operator, OPERATORS, what="operators"))
        return None
    many = operator in ("in", "not in")
    if many != isinstance(value, list):
        found.report(place, f"{operator!r} takes {'a list of values' if many else 'one value'}")
        return None
    values = value if isinstance(value, list) else [value]
    if not values:
        found.report(place, "is an empty list, so nothing would be taken", "name values, or leave the field out")
        return None
    made: list[Value] = []
    for item in values:
        if isinstance(item, (str, bool)):
            made.append(item)
        elif is_number(item):
            made.append(exact_decimal(item))
        else:
            what = "nothing" if item is None else "a list or mapping"
            found.report(place, f"compares with {what}", "write null: true for an empty field" if item is None else "")
            return None
    if operator == "null" and not isinstance(made[0], bool):
        found.report(place, "null is true (the field is empty) or false")
        return None
    known: Any = operator
    return Condition(name, known, tuple(made))


def typed(kind: str, options: Mapping[str, Any], value: Value) -> Any:
    """A value of a filter as one of the field's type: int, Decimal, bool, text, date, time or datetime.

    Raises:
        ValueError: it is none; the message says what it should be.
    """
    if kind in ("integer", "number"):
        if isinstance(value, (bool, str)):
            raise ValueError(f"the field holds numbers, not {value!r}")
        return _number(kind, options, value)
    if kind == "boolean":
        if not isinstance(value, bool):
            raise ValueError(f"the field is true or false, not {_shown(value)}")
        return value
    if not isinstance(value, str):
        raise ValueError(f"the field holds text, not {_shown(value)}; quote the value")
    parsers: dict[str, Any] = {
        "date": (date, "a date such as 2026-05-31"),
        "timestamp": (datetime, "a time such as 2026-05-31T08:00:00"),
        "time": (time, "a time of day such as 08:00:00"),
    }
    if kind not in parsers:
        return value
    parser, what = parsers[kind]
    try:
        return parser.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{value!r} is not {what}") from None


def _number(kind: str, options: Mapping[str, Any], value: Decimal) -> int | Decimal:
    if kind == "integer":
        low, high = _INTEGERS.get(str(options.get("format")), _INT64)
        if value != value.to_integral_value():
            raise ValueError(f"the field holds whole numbers, not {value:f}")
        if not low <= value <= high:
            raise ValueError(f"{value:f} is more than the field can hold")
        return int(value)
    if "precision" in options:
        scale = int(options.get("scale", 0))
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > scale and value != round(value, scale):
            raise ValueError(f"the field has {scale} decimals, and {value:f} more")
        if abs(value) >= Decimal(10) ** (int(options["precision"]) - scale):
            raise ValueError(f"{value:f} is more than the field can hold")
    return value


def _shown(value: Value) -> str:
    return (
        f"{value:f}" if isinstance(value, Decimal) else str(value).lower() if isinstance(value, bool) else repr(value)
    )


def actions_of(contract: Contract, policy: Policy | None) -> Mapping[str, str]:
    """What redaction does to each field; without a policy only what the contract itself says."""
    if policy is None:
        return {field.name: field.action or "keep" for field in contract.fields}
    from schemas.plans import redaction_plan

    return {plan.field: plan.action for plan in redaction_plan(contract, policy)}


def fault(condition: Condition, contract: Contract, actions: Mapping[str, str]) -> tuple[str, str] | None:
    """Why a condition cannot be asked of a data set, and what mends it.

    Args:
        condition: of a filter on the documents of ``contract``.
        contract: of one of the source's data sets.
        actions: what redaction does to each of its fields (`actions_of`).
    """
    name = condition.field
    if name.startswith("document."):
        if name not in DOCUMENT:
            return f"documents have no column {name!r}", did_you_mean(name, DOCUMENT, what="columns")
        return _misfit(condition, DOCUMENT[name], {}, ())
    field = next((one for one in contract.fields if one.name == name), None)
    if field is None:
        names = [one.name for one in contract.fields]
        return f"{contract.key} has no field {name!r}", did_you_mean(name, [*names, *DOCUMENT], what="fields")
    action = actions.get(name, "keep")
    if action == "drop":
        return f"the field {name!r} of {contract.key} is dropped by redaction", "ask of another field"
    if condition.op == "null":
        return None
    if action not in ("keep", "scan", "generalise"):
        said = f"the field {name!r} of {contract.key} is a {action} after redaction, which has no meaning to compare"
        return said, "only null can be asked of it"
    kind = field.type if action != "generalise" else "string"
    return _misfit(condition, kind, field.options, field.enum)


def _misfit(
    condition: Condition, kind: str, options: Mapping[str, Any], enum: tuple[Any, ...]
) -> tuple[str, str] | None:
    name = condition.field
    if condition.op == "null":
        return None
    if condition.op in _ORDER and kind in ("string", "object", "array", "boolean"):
        what = "true or false" if kind == "boolean" else "text"
        return f"{name!r} is {what}, which {condition.op!r} puts in no order", "use =, != or in"
    for value in condition.values:
        try:
            made = typed(kind, options, value)
        except ValueError as error:
            return f"{name!r}: {error}", ""
        if enum and condition.op in ("=", "in") and made not in enum and str(made) not in map(str, enum):
            return f"{name!r} is never {_shown(value)}", did_you_mean(str(made), map(str, enum), what="values")
    return None


def field_of(contract: Contract, name: str) -> Field | None:
    """A contract's field by name."""
    return next((one for one in contract.fields if one.name == name), None)


def columns(where: tuple[Condition, ...]) -> tuple[str, ...]:
    """The fields of the scrubbed rows that a filter asks of, sorted."""
    return tuple(sorted({one.field for one in where if not one.field.startswith("document.")}))
