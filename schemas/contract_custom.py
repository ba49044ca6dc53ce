"""Our part of a contract: the entries of ``customProperties``, checked against ``profile.schema.json``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.names import did_you_mean
from schemas.raw import Custom, as_items, as_mapping, as_text
from schemas.shapes import check_shape, own_schema
from schemas.yaml_lines import Place, YamlFile

_OUR_PLACES = {
    "contract": "customProperties",
    "server": "servers[0].customProperties",
    "property": "a field's customProperties",
}


def custom_properties(found: YamlFile) -> dict[Place, Custom]:
    """Collect ``customProperties`` everywhere, and check those of the contract, its server and its fields.

    An entry that names another ``vendor`` (ODCS v3.2.0) is that vendor's and is left alone. Any other entry that
    the profile does not know is a problem, wherever it stands.
    """
    profile = own_schema("profile.schema.json")
    customs: dict[Place, Custom] = {}
    for place, entries in _lists_of_custom(found.data, ()):
        kind = _profile_of(place)
        values: dict[str, Any] = {}
        places: dict[str, Place] = {}
        for number, entry in enumerate(as_items(entries)):
            here = (*place, "customProperties", number)
            name = as_text(as_mapping(entry).get("property"))
            if not name or entry.get("vendor", "clearinghouse") != "clearinghouse":
                continue
            if name in values:
                found.report(
                    here,
                    f"{name!r} is there twice; the first is on line {found.line(places[name])}",
                    "keep one of them",
                )
                continue
            values[name], places[name] = entry.get("value"), here
        customs[place] = (values, places)
        _check_custom(found, place, values, places, profile["$defs"][kind], kind)
    if () not in customs:
        _check_custom(found, (), {}, {}, profile["$defs"]["contract"], "contract")
    return customs


def _check_custom(
    found: YamlFile,
    place: Place,
    values: Mapping[str, Any],
    places: Mapping[str, Place],
    shape: Mapping[str, Any],
    kind: str,
) -> None:
    holder = (*place, "customProperties")

    def at(inner: Place) -> Place:
        entry = places.get(str(inner[0])) if inner else None
        if entry is None:
            return holder if holder in found.lines else place
        return (*entry, "value", *inner[1:])

    def hint(inner: Place, key: str) -> str:
        if inner:
            return ""  # within a property, its own keys are what could be meant
        return (
            _elsewhere(key, kind)
            or did_you_mean(key, shape["properties"], what="known here")
            or "no property of ours belongs here; another tool's needs vendor: <its name>"
        )

    def label(inner: Place) -> str:
        return ".".join(map(str, inner))

    root = own_schema("profile.schema.json")
    check_shape(found, dict(values), shape, root=root, at=at, key_hint=hint, label=label)


def _elsewhere(key: str, kind: str) -> str:
    """Where a property of ours that stands at the wrong place belongs, empty for one that is not ours."""
    for other, where in _OUR_PLACES.items():
        if other != kind and key in own_schema("profile.schema.json")["$defs"][other]["properties"]:
            return f"it belongs into {where}"
    return ""


def _profile_of(place: Place) -> str:
    if place == ():
        return "contract"
    if len(place) == 2 and place[0] == "servers":
        return "server"
    if len(place) == 4 and place[0] == "schema" and place[2] == "properties":
        return "property"
    return "none"


def _lists_of_custom(value: Any, place: Place) -> list[tuple[Place, Any]]:
    out: list[tuple[Place, Any]] = []
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "customProperties":
                out.append((place, item))
            elif key not in ("implementation", "examples", "arguments", "value"):
                out += _lists_of_custom(item, (*place, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            out += _lists_of_custom(item, (*place, number))
    return out


def standard_key_hint(_: Place, key: str) -> str:
    """Our own names stand in ``customProperties``; say so where one is met as a key of the standard."""
    for kind, where in _OUR_PLACES.items():
        if key in own_schema("profile.schema.json")["$defs"][kind]["properties"]:
            return f"it goes into {where}: {{property: {key}, value: …}}"
    return ""
