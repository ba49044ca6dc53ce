"""Links between data sets of a unit: the standard's ``relationships``, and whether what they name is there.

``relationships: [{to: orders.order_id}]`` at a field, or ``from`` and ``to`` at the object for keys of several fields.
Values that linked rows declare as personal are looked for in the free text of the rows that point at them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from schemas.contract import Contract, Field, Link
from schemas.errors import Problem
from schemas.names import did_you_mean
from schemas.raw import as_items, as_mapping
from schemas.yaml_lines import Place, YamlFile, json_path

_NO_KEYS = ("object", "array", "boolean")
Sibling = Callable[[str], Contract | None]
"""The contract of a data set of the same unit by its name, ``None`` where there is none that can be read."""


def build_links(found: YamlFile, thing: Mapping[str, Any], fields: Sequence[Field]) -> tuple[Link, ...]:
    """The links that a contract's one object states, at its fields and as a whole. Faults are reported."""
    unit, name = found.data.get("domain"), found.data.get("name")
    links = []
    for number, item in enumerate(as_items(thing.get("properties"))):
        own = as_mapping(item).get("name")
        for place, relation in _relations(as_mapping(item), ("schema", 0, "properties", number)):
            if isinstance(own, str):
                links.append(_link(found, place, [own], relation.get("to"), unit, fields))
    for place, relation in _relations(thing, ("schema", 0)):
        origin = relation.get("from")
        names = [str(one) for one in (origin if isinstance(origin, list) else [origin])]
        tables = {str(thing.get("name")), str(name)}
        own_names = [one.rpartition(".")[2] for one in names]
        if any("." in one and one.rpartition(".")[0] not in tables for one in names):
            found.report((*place, "from"), "is not of this data set", f"write {thing.get('name') or name}.<field>")
            continue
        links.append(_link(found, place, own_names, relation.get("to"), unit, fields))
    return tuple(link for link in links if link is not None)


def _relations(holder: Mapping[str, Any], place: Place) -> list[tuple[Place, Mapping[str, Any]]]:
    items = as_items(holder.get("relationships"))
    return [((*place, "relationships", i), item) for i, item in enumerate(items) if isinstance(item, dict)]


def _link(
    found: YamlFile, place: Place, own: Sequence[str], to: Any, unit: Any, fields: Sequence[Field]
) -> Link | None:
    at = (*place, "to")
    targets = to if isinstance(to, list) else [to]
    if not all(isinstance(one, str) for one in targets):
        return None  # the shape check has said so
    if any("/" in one or "#" in one for one in targets):
        found.report(at, "references by id are not read", "write <data set>.<field>, such as orders.order_id")
        return None
    if len(targets) != len(own):
        found.report(at, f"names {len(targets)} fields for {len(own)}", "one field for each, in the same order")
        return None
    by_name = {field.name: field for field in fields}
    for name in own:
        if name not in by_name:
            found.report((*place, "from"), f"{name!r} is not a field", did_you_mean(name, by_name, what="fields"))
            return None
        if by_name[name].type in _NO_KEYS or by_name[name].classification == "text.free":
            found.report(place, f"the field {name!r} cannot be a key", "link by a number or a text that names a record")
            return None
    names = []
    for one in targets:
        table, _, field = one.rpartition(".")
        other, dot, table = table.rpartition(".")
        if dot and other != unit:
            found.report(
                at,
                f"{one!r} is of another unit, and data may not leave its unit",
                f"link data sets of {unit} only; what both need, each unit declares itself",
            )
            return None
        names.append((table, field))
    tables = {table for table, _ in names}
    if len(tables) != 1:
        found.report(at, "names fields of several data sets", "one relationship for each data set")
        return None
    pairs = tuple((mine, theirs) for mine, (_, theirs) in zip(own, names, strict=True))
    return Link(f"{unit}.{tables.pop()}", pairs, found.line(at), json_path(at))


def link_problems(contract: Contract, sibling: Sibling, known: Iterable[str]) -> list[Problem]:
    """What is wrong with a contract's links, seen beside the other contracts of its unit, whose names are ``known``."""
    problems = []
    for link in contract.links:
        name = link.dataset.partition(".")[2]
        other = contract if link.dataset == contract.key else sibling(name)

        def report(message: str, hint: str = "", link: Link = link) -> None:
            problems.append(Problem(contract.file, link.line, link.place, message, hint))

        if other is None or other.unit != contract.unit:
            hint = did_you_mean(name, sorted({*known, contract.name}), what="data sets of the unit")
            report(f"there is no data set {link.dataset}", hint)
            continue
        by_name = {field.name: field for field in other.fields}
        whole = {theirs for _, theirs in link.fields} == {field.name for field in other.fields if field.primary_key}
        for mine, theirs in link.fields:
            target = by_name.get(theirs)
            if target is None:
                report(f"{link.dataset} has no field {theirs!r}", did_you_mean(theirs, by_name, what="fields"))
            elif not (whole or _is_key(other, target)):
                report(
                    f"{theirs!r} is not a key of {link.dataset}",
                    "link to its primary key, a unique field, the group of its talks, or a field with a relationship",
                )
            elif (own := contract.field(mine)).type != target.type:
                report(
                    f"{mine!r} is of type {own.type} and {theirs!r} of {link.dataset} of type {target.type}",
                    "give both the same logicalType: keys are compared as what they are",
                )
    return problems


def _is_key(contract: Contract, field: Field) -> bool:
    group = contract.document.group if contract.document else None
    linked = {mine for link in contract.links for mine, _ in link.fields}
    alone = [other.name for other in contract.fields if other.primary_key] == [field.name]
    return alone or field.unique or field.name == group or field.name in linked


def sibling_names(path: Path, suffix: str) -> list[str]:
    """The data sets that have a contract beside this one."""
    return sorted(file.name.removesuffix(suffix) for file in path.parent.glob(f"*{suffix}"))
