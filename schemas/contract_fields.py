"""The fields of a contract, built from its YAML with every fault reported."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from schemas.contract import Field, LogicalType, OnDrift
from schemas.contract_quality import build_quality
from schemas.names import did_you_mean, strptime_pattern
from schemas.plans import SCOPES, STRICTNESS
from schemas.raw import Custom, as_items, as_mapping, as_text, check_regex, is_number
from schemas.yaml_lines import Place, YamlFile

LOGICAL_TYPES: tuple[str, ...] = get_args(LogicalType)
SPECIALS = ("$file", "$member", "$line", "$index", "$parent_index", "$key")
NESTED = frozenset({"json", "jsonl", "yaml", "xml"})
"""Formats whose records hold values inside values, so that a field's path is more than a column's name."""

_DOT = re.compile(r"(?<!\\)\.")
_PARTS: Mapping[str, Sequence[str]] = {"srt": ("index", "start", "end", "text"), "text": ("text", "line", ".")}
"""What a record has in formats whose records are always the same."""

_DECIMAL = re.compile(r"(?:decimal|numeric|number)\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)", re.IGNORECASE)


Placed = tuple[Place, Field]
"""A field and where it stands in the file."""


def build_fields(found: YamlFile, raw: Sequence[Any], customs: Mapping[Place, Custom]) -> list[Placed]:
    """Every field of ``schema[0].properties``; ``customs`` holds the custom properties by the place of their holder."""
    fields: list[Placed] = []
    names: dict[str, str] = {}
    paths: dict[str, str] = {}
    for number, item in enumerate(raw):
        place: Place = ("schema", 0, "properties", number)
        if not isinstance(item, dict):
            continue
        field = _field(found, item, place, customs.get(place, ({}, {})))
        if field is None:
            continue
        if field.name.casefold() in names:
            found.report(
                (*place, "name"),
                f"the field name {field.name!r} is there twice",
                "names may not differ by case alone" if names[field.name.casefold()] != field.name else "rename one",
            )
        elif field.path in paths:
            found.report(
                (*place, "physicalName"),
                f"fields {paths[field.path]!r} and {field.name!r} both read {field.path!r}",
                "read each value once, so that it has one classification",
            )
        names.setdefault(field.name.casefold(), field.name)
        paths.setdefault(field.path, field.name)
        fields.append((place, field))
    return fields


def _field(found: YamlFile, item: Mapping[str, Any], place: Place, custom: Custom) -> Field | None:
    name = as_text(item.get("name"))
    if not name:
        return None
    if not name.isidentifier() or name.startswith("_"):
        found.report(
            (*place, "name"),
            f"{name!r} cannot be a field name",
            "use letters, digits and _, not beginning with a digit or _; the source's own name goes into physicalName",
        )
    classification = item.get("classification")
    if not as_text(classification):
        found.report(
            place,
            f"field {name!r} has no classification",
            "say what it holds, such as classification: none, text.free or person.phone; else it is not read",
        )
    kind = item.get("logicalType", "string")
    if kind in ("map", "vector"):
        found.report(
            (*place, "logicalType"), f"fields of type {kind} are not read", "use object or array (kept as JSON text)"
        )
    for nested in ("properties", "items"):
        if nested in item:
            found.report(
                (*place, nested),
                f"field {name!r} has nested {nested}, whose parts could not be classified one by one",
                "make each part a field of its own and give its path in physicalName, such as 'address.city'",
            )
    values, _ = custom
    return Field(
        name=name,
        path=as_text(item.get("physicalName")) or name,
        type=kind if kind in LOGICAL_TYPES else "string",
        classification=as_text(classification),
        required=bool(item.get("required")) or bool(item.get("primaryKey")),
        unique=bool(item.get("unique")),
        primary_key=bool(item.get("primaryKey")),
        entity=as_text(values.get("entity")) or None,
        action=_one_of(values.get("action"), STRICTNESS),
        on_drift=_one_of(values.get("onDrift"), get_args(OnDrift)) or "quarantine",
        # One country, or several where people of many write into the field: kept as ``CN SG``.
        region=" ".join(map(as_text, as_items(values.get("region")))) or as_text(values.get("region")) or None,
        language=as_text(values.get("language")) or None,
        scope=_one_of(values.get("scope"), SCOPES),
        action_options={k: str(v) if k == "asOf" else v for k, v in as_mapping(values.get("actionOptions")).items()},
        subject=values["subject"] if isinstance(values.get("subject"), bool) else None,
        options=_options(found, item, place, str(kind)),
        enum=_enum(item.get("enum")),
        quality=build_quality(found, item.get("quality"), (*place, "quality"), column=name),
        description=as_text(item.get("description")),
        line=found.line(place),
    )


def _one_of(value: Any, allowed: Sequence[str]) -> Any:
    """The value where it is allowed; the shape check has already said where it is not."""
    return value if isinstance(value, str) and value in allowed else None


def _enum(raw: Any) -> tuple[Any, ...]:
    return tuple(entry.get("value") if isinstance(entry, dict) else entry for entry in as_items(raw))


def _options(found: YamlFile, item: Mapping[str, Any], place: Place, kind: str) -> dict[str, Any]:
    options = dict(as_mapping(item.get("logicalTypeOptions")))
    here = (*place, "logicalTypeOptions")
    pattern = options.get("format")
    if kind in ("date", "timestamp", "time") and isinstance(pattern, str):
        try:
            options["format"] = strptime_pattern(pattern)
        except ValueError as error:
            found.report(
                (*here, "format"),
                f"{pattern!r} is not a date pattern: {error}",
                "write Java letters such as yyyy-MM-dd HH:mm:ss, or strptime directives such as %Y-%m-%d",
            )
    if kind == "string" and isinstance(options.get("pattern"), str):
        check_regex(found, (*here, "pattern"), options["pattern"])
    zone = options.get("defaultTimezone")
    if isinstance(zone, str) and not _is_zone(zone):
        found.report(
            (*here, "defaultTimezone"), f"{zone!r} is not a time zone", "use a name such as Asia/Shanghai or Etc/UTC"
        )
    for low, high in (("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems")):
        least, most = options.get(low), options.get(high)
        if is_number(least) and is_number(most) and least > most:
            found.report((*here, low), f"{low} {least} is more than {high} {most}")
    found_decimal = _DECIMAL.fullmatch(as_text(item.get("physicalType")).strip())
    if kind == "number" and found_decimal:
        precision, scale = int(found_decimal[1]), int(found_decimal[2] or 0)
        if not 1 <= precision <= 38 or scale > precision:
            found.report(
                (*place, "physicalType"),
                f"decimal({precision},{scale}) cannot be held",
                "precision is 1 to 38, and scale no more than precision",
            )
        else:
            options["precision"], options["scale"] = precision, scale
    return options


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True


def check_paths(found: YamlFile, fields: Sequence[Placed], format_: str | None, columns: Sequence[str]) -> None:
    """Report field paths that the source's format cannot give."""
    columns = columns or _PARTS.get(format_ or "", ())
    for holder, field in fields:
        place = (*holder, "physicalName")
        first = field.path.split(".", 1)[0].split("|", 1)[0]
        if first.startswith("$"):
            if first == "$parent" and format_ in NESTED:
                if not field.path.removeprefix("$parent").startswith(".") or field.path == "$parent.":
                    found.report(place, f"{field.path!r} does not say what of the parent", "write $parent.<path>")
            elif first not in SPECIALS or (first in ("$key", "$parent_index") and format_ not in NESTED):
                found.report(
                    place,
                    f"{first!r} is not known here",
                    did_you_mean(first, (*SPECIALS, "$parent.<path>"), what="known"),
                )
            elif field.path not in (first, f"{first}|json"):
                found.report(place, f"nothing can follow {first!r}")
        elif columns and field.path.partition("|json")[0] not in columns:
            found.report(
                place if place in found.lines else holder,
                f"field {field.name!r} reads {field.path!r}, which is not among the source's columns",
                did_you_mean(field.path, columns, what="columns"),
            )
        elif (
            format_ in NESTED - {"xml"}
            and field.path != "."
            and not all(_path_part(part) for part in field.path.split("."))
        ):
            found.report(
                place, f"{field.path!r} is not a path", "dotted keys and list indexes, such as customer.phones.0"
            )


def _path_part(part: str) -> bool:
    name, bar, rest = part.partition("|")
    return bool(name.strip()) and (not bar or rest == "json")
