"""The quality suite of a data set: derived from its contract, stated nowhere else.

A suite runs on scrubbed rows. A check of the contract that no longer means anything once a field has been replaced
(a pattern on a column of pseudonyms) is not run; it stays in the suite with the reason, so that nobody takes its
silence for a pass. This module is pure and does not import Great Expectations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any, Literal

from governance.quality.survival import Survival
from schemas.contract import Contract, Field, Policy, QualityRule

#: Share of unique rows asked of a column of pseudonyms. A pseudonym has 40 bits, so that among n of them about
#: n / 2^40 share theirs with another value: 1 in 100,000 rows is past what chance gives up to some 10 million rows.
UNIQUE_PSEUDONYMS = 0.99999

_BOUNDS = {"min": ("minimum", "exclusiveMinimum"), "max": ("maximum", "exclusiveMaximum")}
_WIDTHS = {"i8": (-(2**7), 2**7 - 1), "i16": (-(2**15), 2**15 - 1), "i32": (-(2**31), 2**31 - 1),
           "u8": (0, 2**8 - 1), "u16": (0, 2**16 - 1), "u32": (0, 2**32 - 1), "u64": (0, 2**64 - 1)}  # fmt: skip
#: Formats of text that ODCS names, as far as a pattern can say them (RFC 3986, RFC 9562, RFC 1123, RFC 4648, RFC 5321).
_FORMATS = {
    "uuid": r"^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$",
    "uri": r"^[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`]+$",
    "hostname": r"^(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?(?:\.|$))+$",
    "ipv4": r"^(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])$",
    "email": r"^[^@\s]{1,64}@(?:[^@\s.]+\.)+[^@\s.]+$",
    "byte": r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
}
#: Options that say how a value is read, or that a type holds by itself; validation has dealt with them.
_READ = {"timezone", "defaultTimezone", "precision", "scale"}
_ROWS_UNIQUE = ("expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique")
_TABLE_TYPES = ("expect_table_columns", "expect_table_column_count")


@dataclass(frozen=True)
class Expected:
    """One check of the suite: an expectation type of Great Expectations with its keyword arguments.

    ``origin`` is where the contract says it (``required``, ``logicalTypeOptions.pattern``, the name of a quality
    rule); ``skipped`` is why it is not run, empty when it is.
    """

    type: str
    kwargs: Mapping[str, Any]
    origin: str
    columns: tuple[str, ...] = ()
    severity: Literal["error", "warning"] = "error"
    skipped: str = ""
    note: str = ""

    def config(self) -> dict[str, Any]:
        """The expectation as Great Expectations' configuration."""
        meta = {"origin": self.origin} | ({"note": self.note} if self.note else {})
        severity = "critical" if self.severity == "error" else "warning"
        return {"type": self.type, "kwargs": dict(self.kwargs), "meta": meta, "severity": severity}


@dataclass(frozen=True)
class Suite:
    """All checks of one data set, in a fixed order."""

    name: str
    checks: tuple[Expected, ...] = field(default=())

    @property
    def run(self) -> tuple[Expected, ...]:
        return tuple(check for check in self.checks if not check.skipped)

    @property
    def skipped(self) -> tuple[Expected, ...]:
        return tuple(check for check in self.checks if check.skipped)

    @property
    def expectations(self) -> list[dict[str, Any]]:
        """Great Expectations' configurations of the checks that are run."""
        return [check.config() for check in self.run]


def suite_for(contract: Contract, policy: Policy | None = None) -> Suite:
    """The suite of a contract: of its scrubbed rows under `policy`, or of its typed rows where that is None.

    Raises `ContractError` where contract and policy do not go together.
    """
    survival = Survival(contract, policy)
    return Suite(contract.key, tuple(_judged(check, survival) for check in _derived(contract, survival)))


def _derived(contract: Contract, survival: Survival) -> Iterator[Expected]:
    yield from _stored(survival)
    keys = tuple(f.name for f in contract.fields if f.primary_key)
    for f in contract.fields:
        yield from _of_field(f, keys)
    yield from _of_key(keys, survival)
    for f in contract.fields:
        for number, rule in enumerate(f.quality):
            yield from _of_rule(rule, f"quality[{number}]", f.name)
    for number, rule in enumerate(contract.quality):
        yield from _of_rule(rule, f"schema.quality[{number}]", None)


def _stored(survival: Survival) -> Iterator[Expected]:
    """What the product itself promises of stored rows: their columns, their identity, their redaction."""
    if not survival.columns:
        return
    columns = {"column_list": list(survival.columns)}
    yield Expected("expect_table_columns_to_match_ordered_list", columns, "stored columns")
    yield Expected("expect_column_values_to_not_be_null", {"column": "_id"}, "row identity", ("_id",))
    yield Expected("expect_column_values_to_be_unique", {"column": "_id"}, "row identity", ("_id",))
    for name, pattern in survival.replaced():
        kwargs = {"column": name, "regex": pattern}
        note = "every cell is a placeholder, a pseudonym or empty"
        yield Expected("expect_column_values_to_match_regex", kwargs, "redaction", (name,), note=note)


def _of_field(f: Field, keys: tuple[str, ...]) -> Iterator[Expected]:
    one = (f.name,)
    if f.required or f.primary_key:
        origin = "required" if f.required else "primaryKey"
        yield Expected("expect_column_values_to_not_be_null", {"column": f.name}, origin, one)
    if f.unique and keys != one:
        yield Expected("expect_column_values_to_be_unique", {"column": f.name}, "unique", one)
    if f.enum:
        in_set = {"column": f.name, "value_set": list(f.enum)}
        yield Expected("expect_column_values_to_be_in_set", in_set, "enum", one)
    yield from _of_options(f)


def _of_key(keys: tuple[str, ...], survival: Survival) -> Iterator[Expected]:
    if not keys:
        return
    if survival.columns and not all(survival.whole(name) for name in keys):
        # A row's identity is a keyed hash of its primary key before anything was replaced, with 128 bits.
        note = f"{', '.join(keys)} by the row identity, which is their keyed hash"
        yield Expected("expect_column_values_to_be_unique", {"column": "_id"}, "primaryKey", ("_id",), note=note)
    elif len(keys) == 1:
        yield Expected("expect_column_values_to_be_unique", {"column": keys[0]}, "primaryKey", keys)
    else:
        kwargs = {"column_list": list(keys)}
        yield Expected("expect_compound_columns_to_be_unique", kwargs, "primaryKey", keys)


def _of_options(f: Field) -> Iterator[Expected]:
    options = dict(f.options)
    for name in _READ:
        options.pop(name, None)

    def check(kind: str, origin: str, skipped: str = "", **kwargs: Any) -> Expected:
        place = f"logicalTypeOptions.{origin}"
        return Expected(kind, {"column": f.name, **kwargs}, place, (f.name,), skipped=skipped)

    if "pattern" in options:
        yield check("expect_column_values_to_match_regex", "pattern", regex=options.pop("pattern"))
    low, high = options.pop("minLength", None), options.pop("maxLength", None)
    if low is not None:
        yield check("expect_column_value_lengths_to_be_between", "minLength", min_value=low)
    if high is not None:
        yield check("expect_column_value_lengths_to_be_between", "maxLength", max_value=high)
    for side, names in _BOUNDS.items():
        for name in names:
            if name not in options:
                continue
            value, misfit = _bound(f, options.pop(name))
            strict = {f"strict_{side}": True} if name.startswith("exclusive") else {}
            kwargs = {f"{side}_value": value, **strict}
            yield check("expect_column_values_to_be_between", name, skipped=misfit, **kwargs)
    if "multipleOf" in options:
        step = options.pop("multipleOf")
        yield check("expect_column_values_to_be_multiple_of", "multipleOf", multiple_of=step)
    yield from _of_format(f, options.pop("format", None), check)
    if f.type in ("object", "array"):
        schema, options = _json_schema(f.type, options)
        if len(schema) > 1:
            kind = "expect_column_values_to_match_json_schema"
            yield check(kind, ", ".join(sorted(set(schema) - {"type"})), json_schema=schema)
    for name in sorted(options):
        yield check("", name, skipped=f"there is no check for the option {name!r} of type {f.type}")


def _of_format(f: Field, written: Any, check: Any) -> Iterator[Expected]:
    if written is None or f.type not in ("string", "integer"):
        return
    if f.type == "integer":
        if written in _WIDTHS:
            low, high = _WIDTHS[written]
            yield check("expect_column_values_to_be_between", "format", min_value=low, max_value=high)
    elif written in _FORMATS:
        yield check("expect_column_values_to_match_regex", "format", regex=_FORMATS[written])
    else:
        kind = "expect_column_values_to_match_regex"
        yield check(kind, "format", skipped=f"there is no check for the format {written!r}")


def _bound(f: Field, value: Any) -> tuple[Any, str]:
    """The bound of a field as ISO 8601 text or a number, and why it cannot be checked, if it cannot."""
    if f.type not in ("date", "timestamp", "time") or not isinstance(value, str):
        return value, ""
    if f.type == "time":
        return value, "Great Expectations has no bounds for a time of day"
    parse = date.fromisoformat if f.type == "date" else datetime.fromisoformat
    try:
        found: date = parse(value)
    except ValueError:
        try:
            found = datetime.strptime(value, str(f.options.get("format")))
        except ValueError:
            return value, f"{value!r} is neither ISO 8601 nor of the field's own format"
    if f.type == "date":
        return (found.date() if isinstance(found, datetime) else found).isoformat(), ""
    return (found if isinstance(found, datetime) else datetime.combine(found, time())).isoformat(), ""


def _json_schema(kind: str, options: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Objects and arrays are stored as JSON text, so their options are a JSON Schema; and what is left over."""
    known = {"object": ("minProperties", "maxProperties", "required"), "array": ("minItems", "maxItems", "uniqueItems")}
    schema = {name: options[name] for name in known[kind] if name in options}
    return {"type": kind, **schema}, {name: value for name, value in options.items() if name not in schema}


def _of_rule(rule: QualityRule, place: str, column: str | None) -> Iterator[Expected]:
    origin = f"{place}: {rule.name}" if rule.name else place
    if rule.engine == "greatExpectations":
        yield _passed_through(rule, origin, column)
        return
    arguments = dict(rule.arguments)
    unit = arguments.pop("unit", None) or "rows"
    must = {name: arguments.pop(name) for name in list(arguments) if name.startswith("must")}
    columns = tuple(([column] if column else []) + [p for p in arguments.get("properties", ()) if p != column])
    made = (columns, origin, rule)
    if rule.metric == "rowCount":
        yield _row_count(must, made)
    elif (not must or must == {"mustBe": 0}) and (core := _core(rule.metric, columns, arguments)):
        kind, kwargs = core
        share = {"mostly": rule.mostly} if not must and rule.mostly < 1 else {}
        yield _expected(kind, {**kwargs, **share}, made)
    else:
        kwargs = {"measure": rule.metric, "must": must or {"mustBe": 0}, "unit": unit}
        kwargs |= {"column": columns[0]} if len(columns) == 1 else {"column_list": list(columns)}
        named = {"missingValues": "missing_values", "validValues": "valid_values", "pattern": "pattern"}
        kwargs |= {ours: arguments[theirs] for theirs, ours in named.items() if theirs in arguments}
        yield _expected("expect_measured_rows_to_satisfy", kwargs, made)


_Made = tuple[tuple[str, ...], str, QualityRule]


def _expected(kind: str, kwargs: Mapping[str, Any], made: _Made, note: str = "") -> Expected:
    columns, origin, rule = made
    return Expected(kind, kwargs, origin, columns, rule.severity, note=note)


def _core(metric: str, columns: Sequence[str], arguments: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """The core expectation that says "no bad rows", where there is one."""
    if metric == "nullValues":
        return "expect_column_values_to_not_be_null", {"column": columns[0]}
    if metric == "duplicateValues":
        if len(columns) == 1:
            return "expect_column_values_to_be_unique", {"column": columns[0]}
        return "expect_compound_columns_to_be_unique", {"column_list": list(columns)}
    if metric == "invalidValues" and set(arguments) == {"validValues"}:
        return "expect_column_values_to_be_in_set", {"column": columns[0], "value_set": list(arguments["validValues"])}
    if metric == "invalidValues" and set(arguments) == {"pattern"}:
        return "expect_column_values_to_match_regex", {"column": columns[0], "regex": arguments["pattern"]}
    return None


def _row_count(must: Mapping[str, Any], made: _Made) -> Expected:
    """Of whole rows, "more than 5" is "at least 6"; only "not" needs an expectation of our own."""
    low: list[int] = []
    high: list[int] = []
    for operator, limit in (must or {"mustBeGreaterThan": 0}).items():
        if operator == "mustBe":
            low.append(limit)
            high.append(limit)
        elif operator == "mustBeBetween":
            low.append(limit[0])
            high.append(limit[1])
        elif operator == "mustBeGreaterThan":
            low.append(int(limit // 1) + 1)
        elif operator == "mustBeGreaterOrEqualTo":
            low.append(-int(-limit // 1))
        elif operator == "mustBeLessThan":
            high.append(-int(-limit // 1) - 1)
        elif operator == "mustBeLessOrEqualTo":
            high.append(int(limit // 1))
        else:
            return _expected("expect_measured_rows_to_satisfy", {"measure": "rowCount", "must": dict(must)}, made)
    kwargs = {"min_value": max(low)} if low else {}
    kwargs |= {"max_value": min(high)} if high else {}
    return _expected("expect_table_row_count_to_be_between", kwargs, made)


def _passed_through(rule: QualityRule, origin: str, column: str | None) -> Expected:
    kwargs = dict(rule.arguments)
    of_table = rule.metric.startswith("expect_table_")
    named = {"column", "column_A", "column_list", "column_set"} & set(kwargs)
    if column is not None and not named and not of_table:
        kwargs["column"] = column
    if rule.mostly < 1:
        kwargs["mostly"] = rule.mostly
    columns = [kwargs[key] for key in ("column", "column_A", "column_B") if kwargs.get(key)]
    if not of_table:
        columns += list(kwargs.get("column_list") or ())
    return Expected(rule.metric, kwargs, origin, tuple(columns), rule.severity)


def _judged(check: Expected, survival: Survival) -> Expected:
    """The check as it can be run on stored rows: as it is, loosened with a note, or skipped with the reason."""
    if check.skipped or not survival.columns or check.origin in ("stored columns", "row identity", "redaction"):
        return check
    if check.type.startswith(_TABLE_TYPES) or check.type == "expect_column_to_exist":
        reason = "stored columns follow from contract and policy and have a check of their own"
        return replace(check, skipped=reason)
    uses = survival.demands(check.type, check.kwargs)
    for name in check.columns:
        reason = survival.refuses(name, uses)
        if reason:
            return replace(check, skipped=reason)
    for name in condition_columns(check.kwargs.get("row_condition")):
        reason = survival.refuses(name, "value")
        if reason:
            return replace(check, skipped=f"row_condition: {reason}")
    if uses == "unique" and any(survival.is_pseudonym(name) for name in check.columns):
        note = "of pseudonyms, which differ when values do but for chance"
        if check.type not in _ROWS_UNIQUE:
            return replace(check, note=note)
        kwargs = {**check.kwargs, "mostly": min(UNIQUE_PSEUDONYMS, check.kwargs.get("mostly", 1.0))}
        return replace(check, kwargs=kwargs, note=note)
    return check


_COL = re.compile(r"""col\(\s*["']([^"']+)["']\s*\)""")


def condition_columns(condition: Any) -> tuple[str, ...]:
    """The columns that a row condition names, in whichever of its three forms it is written."""
    if isinstance(condition, Mapping):
        own = [condition["column"]["name"]] if isinstance(condition.get("column"), Mapping) else []
        inner = [name for part in condition.get("conditions", ()) for name in condition_columns(part)]
        if condition.get("type") == "pass_through":
            return condition_columns(condition.get("pass_through_filter"))
        return tuple(dict.fromkeys([*own, *inner]))
    if not isinstance(condition, str):
        return ()
    found = _COL.findall(condition)
    if found:
        return tuple(dict.fromkeys(found))
    import polars as pl

    try:
        return tuple(dict.fromkeys(pl.sql_expr(condition).meta.root_names()))  # type: ignore[union-attr]
    except pl.exceptions.PolarsError:
        return ()
