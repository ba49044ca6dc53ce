"""Contracts from YAML: strict, in two passes, every problem at once.

The first pass is the Open Data Contract Standard's own JSON Schema (v3.1.0 or v3.2.0), the second our profile: what
must be said before personal data may be read, and whether it hangs together with the policy. The default is to deny: a
contract without a legal basis, licence, purpose, residency, retention or a field without a classification does
not load.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from schemas.canonical import digest
from schemas.contract import Contract, Drift, Policy
from schemas.contract_custom import custom_properties, standard_key_hint
from schemas.contract_document import build_documents, plain_document
from schemas.contract_drift import build_drift
from schemas.contract_fields import Placed, build_fields, check_paths
from schemas.contract_links import build_links, link_problems, sibling_names
from schemas.contract_quality import build_quality, check_quality_columns
from schemas.contract_source import build_source
from schemas.errors import ContractError, Problem
from schemas.names import SEMVER, cron_fault, did_you_mean
from schemas.plans import FieldPlan, exact, plan_field
from schemas.raw import as_items, as_mapping, as_text
from schemas.shapes import check_shape, odcs_schema
from schemas.yaml_lines import Place, YamlFile, read_yaml

VERSIONS = ("v3.1.0", "v3.2.0")
SUFFIX = ".odcs.yaml"
LOADING = ("active", "deprecated")
"""The states in which a contract may be used; a draft, proposed or retired one does not load."""

_STATES = ("proposed", "draft", *LOADING, "retired")
_NAME = re.compile(r"[a-z][a-z0-9_-]*")
# Keys that v3.2.0 brought, by the kind of place at which this loader meets them.
_NEW_KEYS = {
    "contract": ("context",),
    "object": ("synonyms", "deprecated", "context"),
    "property": ("enum", "map", "semanticType", "synonyms", "deprecated"),
}


@dataclass(frozen=True)
class Loaded:
    """What a set of files gave: the contracts that hold, by key, and every problem of the others.

    ``broken`` are the keys of contracts that could be read far enough to tell, and do not hold.
    """

    contracts: Mapping[str, Contract]
    problems: tuple[Problem, ...]
    files: tuple[Path, ...]
    broken: frozenset[str] = frozenset()


def load_contract(path: Path | str, *, policy: Policy | None = None, base: Path | str | None = None) -> Contract:
    """One contract.

    Args:
        path: the YAML file.
        policy: whose vocabulary and rules the contract must fit; the bundled one where left out.
        base: folder that `Contract.file` is written relative to; the path as given where left out.

    Raises:
        ContractError: with every problem, each with file, place, line and hint.
    """
    contract, problems = read_contract(path, policy=policy, base=base)
    if contract is not None:
        problems += _linked_problems(contract, Path(path), {}, policy)
    if contract is None or problems:
        raise ContractError(problems, what=str(path))
    return contract


def load_contracts(
    directory: Path | str, *, base: Path | str | None = None, policy: Policy | None = None
) -> dict[str, Contract]:
    """Every ``**/*.odcs.yaml`` below a folder, by key, sorted.

    Raises:
        ContractError: with all problems of all files.
    """
    loaded = check_contracts([directory], base=base, policy=policy)
    if loaded.problems:
        raise ContractError(loaded.problems, what=str(directory))
    return dict(loaded.contracts)


def check_contracts(
    paths: Iterable[Path | str], *, base: Path | str | None = None, policy: Policy | None = None
) -> Loaded:
    """Read files and folders without raising: contracts that hold, problems of those that do not, files looked at.

    A file that a folder gave must stand at ``<unit>/<name>.odcs.yaml``; keys and ids must differ between files.
    """
    policy = policy or _default_policy()
    problems: list[Problem] = []
    contracts: dict[str, Contract] = {}
    ids: dict[str, str] = {}
    places: dict[str, Path] = {}
    seen: list[Path] = []
    for path, in_folder in _files(paths, problems):
        seen.append(path)
        contract, faults = read_contract(path, policy=policy, base=base)
        problems += faults
        if contract is None:
            continue
        if in_folder and (path.parent.name, path.name) != (contract.unit, contract.name + SUFFIX):
            problems.append(
                Problem(
                    contract.file, 0, "$", f"does not stand where the contract of {contract.key} belongs",
                    f"move it to {contract.unit}/{contract.name}{SUFFIX}",
                )
            )  # fmt: skip
        if contract.key in contracts:
            first = contracts[contract.key].file
            problems.append(
                Problem(
                    contract.file,
                    0,
                    "$.name",
                    f"the data set {contract.key} has a contract already: {first}",
                    "keep one, or rename one",
                )
            )
            continue
        if contract.id in ids:
            problems.append(
                Problem(
                    contract.file,
                    0,
                    "$.id",
                    f"the id {contract.id!r} is that of {ids[contract.id]} too",
                    "ids are unique",
                )
            )
        ids.setdefault(contract.id, contract.file)
        contracts[contract.key] = contract
        places[contract.key] = path
    for key, contract in contracts.items():
        problems += _linked_problems(contract, places[key], contracts, policy)
    faulty = {problem.file for problem in problems}
    good = {key: contract for key, contract in sorted(contracts.items()) if contract.file not in faulty}
    return Loaded(good, tuple(sorted(problems)), tuple(seen), frozenset(contracts) - frozenset(good))


def _linked_problems(
    contract: Contract, path: Path, contracts: Mapping[str, Contract], policy: Policy | None
) -> list[Problem]:
    """What is wrong with a contract's links; data sets that are not among ``contracts`` are read from beside it."""
    if not contract.links:
        return []

    def sibling(name: str) -> Contract | None:
        known = contracts.get(f"{contract.unit}.{name}")
        file = path.parent / f"{name}{SUFFIX}"
        return known or (read_contract(file, policy=policy)[0] if file.is_file() else None)

    names = {other.name for other in contracts.values() if other.unit == contract.unit}
    return link_problems(contract, sibling, {*names, *sibling_names(path, SUFFIX)})


def _files(paths: Iterable[Path | str], problems: list[Problem]) -> list[tuple[Path, bool]]:
    out: dict[Path, bool] = {}
    for given in map(Path, paths):
        if given.is_dir():
            below = sorted(given.rglob(f"*{SUFFIX}"))
            for stray in sorted({*given.rglob("*.odcs.yml"), *given.rglob("*.odcs.json")}):
                problems.append(
                    Problem(stray.as_posix(), 0, "$", "would not be read", f"contracts end with {SUFFIX}: rename it")
                )
            out.update((path, True) for path in below if path not in out)
        else:
            out.setdefault(given, False)
    return list(out.items())


@lru_cache(maxsize=1)
def _default_policy() -> Policy:
    from schemas.policy_loader import load_policy

    return load_policy()


def read_contract(
    path: Path | str, *, policy: Policy | None = None, base: Path | str | None = None
) -> tuple[Contract | None, list[Problem]]:
    """A contract as far as it can be built, and its problems. With problems, what is built must not be used."""
    policy = policy or _default_policy()
    path = Path(path)
    found = read_yaml(path, name=_name_of(path, base))
    if found.data is None:
        return None, found.problems
    _first_pass(found)
    contract = _second_pass(found, policy)
    return contract, sorted(found.problems)


def _name_of(path: Path, base: Path | str | None) -> str:
    if base is not None and path.resolve().is_relative_to(Path(base).resolve()):
        return path.resolve().relative_to(Path(base).resolve()).as_posix()
    return path.as_posix()


# ---------------------------------------------------------------------------------------------------- first pass


def _first_pass(found: YamlFile) -> None:
    data = found.data
    version = data.get("apiVersion")
    if isinstance(version, str) and version not in VERSIONS:
        found.report(("apiVersion",), f"ODCS {version} is not read", f"use one of {', '.join(VERSIONS)}")
        data = {**data, "apiVersion": VERSIONS[-1]}
    check_shape(found, _with_defaults(data), odcs_schema(), key_hint=standard_key_hint)
    if version == "v3.1.0":
        _newer_keys(found)


def _with_defaults(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The data with ``logicalType: string`` where a field states none: the standard's conditions need one."""
    objects = []
    for item in as_items(data.get("schema")):
        if isinstance(item, dict) and isinstance(item.get("properties"), list):
            typed = [{"logicalType": "string", **p} if isinstance(p, dict) else p for p in item["properties"]]
            item = {**item, "properties": typed}
        objects.append(item)
    return {**data, "schema": objects} if isinstance(data.get("schema"), list) else data


def _newer_keys(found: YamlFile) -> None:
    places: list[tuple[str, Place, Any]] = [("contract", (), found.data)]
    for i, item in enumerate(as_items(found.data.get("schema"))):
        places.append(("object", ("schema", i), item))
        places += [
            ("property", ("schema", i, "properties", j), p)
            for j, p in enumerate(as_items(as_mapping(item).get("properties")))
        ]
    for kind, place, item in places:
        for key in _NEW_KEYS[kind]:
            if key in as_mapping(item):
                found.report((*place, key), f"{key!r} came with ODCS v3.2.0", "set apiVersion: v3.2.0")


# --------------------------------------------------------------------------------------------------- second pass


def _second_pass(found: YamlFile, policy: Policy) -> Contract | None:
    data = found.data
    customs = custom_properties(found)
    values, places = customs.get((), ({}, {}))
    unit, name = _names(found)
    _status(found)
    owner = _owner(found)
    objects = as_items(data.get("schema"))
    if len(objects) != 1:
        here: Place = ("schema",) if "schema" in data else ()
        found.report(
            here, f"has {len(objects)} objects under schema where one is read", "one data set, one contract, one object"
        )
    thing = as_mapping(objects[0]) if objects else {}
    raw_fields = as_items(thing.get("properties"))
    if objects and not raw_fields:
        found.report(("schema", 0), "has no fields", "list them under properties")

    placed = build_fields(found, raw_fields, customs)
    fields = tuple(field for _, field in placed)
    source = build_source(found, customs.get(("servers", 0), ({}, {})), fields)
    if source is not None and source.kind == "files" and source.format:
        check_paths(found, placed, source.format, source.columns)
    elif source is not None and source.kind == "sql":
        check_paths(found, placed, None, ())
    plans = _plans(found, placed, unit, policy)
    quality_place: Place = ("schema", 0, "quality")
    quality = build_quality(found, thing.get("quality"), quality_place)
    names = [field.name for field in fields]
    check_quality_columns(found, thing.get("quality"), quality_place, names)
    for number, item in enumerate(raw_fields):
        check_quality_columns(
            found, as_mapping(item).get("quality"), ("schema", 0, "properties", number, "quality"), names
        )
    links = build_links(found, thing, fields)
    document, documents = build_documents(
        found,
        values.get("document"),
        values.get("documents"),
        values.get("tools"),
        places,
        fields,
        plans,
    )
    schedule = as_text(values.get("schedule")) or None
    if schedule:
        fault = cron_fault(schedule)
        if fault:
            found.report((*places["schedule"], "value"), f"the schedule {schedule!r} {fault}")
    if source is None or not name or not unit:
        return None

    description = as_mapping(data.get("description"))
    residency = values.get("residency", "")
    contract = Contract(
        id=as_text(data.get("id")),
        unit=unit,
        name=name,
        version=as_text(data.get("version")),
        title=as_text(thing.get("businessName")) or name,
        owner=owner,
        legal_basis=as_text(values.get("legalBasis")),
        licence=as_text(values.get("licence")),
        purposes=tuple(map(str, as_items(values.get("purposes")))),
        residency=",".join(map(str, residency)) if isinstance(residency, list) else as_text(residency),
        retention=as_text(values.get("retention")),
        fields=fields,
        source=source,
        document=document,
        schedule=schedule,
        quality=quality,
        description=as_text(description.get("purpose")),
        limitations=as_text(description.get("limitations")),
        file=found.name,
        digest="",
        tags=tuple(map(str, as_items(data.get("tags")))),
        consent=as_text(values.get("consent")) or None,
        extra=_extra(data),
        links=links,
        quarantine_retention=as_text(values.get("quarantineRetention")),
        documents=documents,
        synthetic=as_text(values.get("synthetic")),
        drift=build_drift(found, values["drift"], (*places["drift"], "value")) if "drift" in values else Drift(),
    )
    return _with_digest(contract)


def _with_digest(contract: Contract) -> Contract:
    """Set the digest: over all that the contract says, and nothing of how or where it is written.

    Comments, order of keys, formatting, lines, the file's place and what the environment puts into ``${NAME}`` are
    not in it. `schemas.plans.rows_digest` is the narrower one, of what decides rows.
    """
    body = asdict(contract)
    for name in ("file", "digest"):
        del body[name]
    for part in (*body["fields"], *body["links"]):
        del part["line"]
    for link in body["links"]:
        del link["place"]
    if body["document"]:
        body["document"] = plain_document(body["document"])
    # What a contract leaves out is not in its digest, so that it keeps the one it had before there was such a thing.
    for name in ("links", "quarantine_retention", "documents"):
        if not body[name]:
            del body[name]
    if not body["synthetic"]:
        del body["synthetic"]
    if contract.drift == Drift():
        del body["drift"]
    values = {name: getattr(contract, name) for name in contract.__dataclass_fields__}
    return Contract(**{**values, "digest": digest(exact(body))})


def _names(found: YamlFile) -> tuple[str, str]:
    out = []
    for key, what in (("domain", "the unit"), ("name", "the data set")):
        value = as_text(found.data.get(key))
        if not value:
            if key not in found.data:
                found.report((), f"{key!r} is missing", f"it names {what}: lower-case letters, digits, _ and -")
            elif isinstance(found.data[key], str):
                found.report((key,), f"{key!r} is empty", f"it names {what}")
        elif not _NAME.fullmatch(value):
            found.report(
                (key,), f"{value!r} cannot name {what}", "lower-case letters, digits, _ and -, beginning with a letter"
            )
        out.append(value)
    version = found.data.get("version")
    if isinstance(version, str) and not SEMVER.fullmatch(version):
        found.report(("version",), f"{version!r} is not a semantic version", "such as 1.0.0")
    return out[0], out[1]


def _status(found: YamlFile) -> None:
    status = found.data.get("status")
    if status is None:
        found.report((), "'status' is missing", "status: active, once the contract is agreed")
    elif isinstance(status, str) and status not in _STATES:
        found.report(("status",), f"{status!r} is not known here", did_you_mean(status, _STATES, what="one of"))
    elif isinstance(status, str) and status not in LOADING:
        found.report(
            ("status",),
            f"a contract that is {status} is not used",
            "set status: active once it is agreed, or move the file away",
        )


def _owner(found: YamlFile) -> str:
    team = found.data.get("team")
    members = as_items(as_mapping(team).get("members"))
    for member in members:
        if as_text(as_mapping(member).get("role")).lower() == "owner" and as_text(member.get("username")):
            return str(member["username"])
    where: Place = ("team",) if "team" in found.data else ()
    found.report(where, "has no owner", "team: {members: [{username: dana.lin, role: owner}]}")
    return ""


def _plans(found: YamlFile, fields: Sequence[Placed], unit: str, policy: Policy) -> dict[str, FieldPlan]:
    """The plans of fields without fault; the faults of the others are reported at the field."""
    plans = {}
    for place, field in fields:
        if not field.classification:
            continue
        plan, faults = plan_field(field, unit, policy)
        for said, hint in faults:
            at = (*place, "classification") if said.startswith("the classification") else place
            found.report(at, f"field {field.name!r}: {said}", hint)
        if not faults:
            plans[field.name] = plan
    return plans


def _extra(data: Mapping[str, Any]) -> dict[str, Any]:
    """What else a report or docs page shows: service levels, usage, support channels, the state."""
    out: dict[str, Any] = {"status": data.get("status")}
    usage = as_mapping(data.get("description")).get("usage")
    if usage:
        out["usage"] = usage
    levels = {}
    for item in as_items(data.get("slaProperties")):
        row = as_mapping(item)
        if row.get("property"):
            levels[str(row["property"])] = " ".join(str(row[k]) for k in ("value", "unit") if row.get(k) is not None)
    if levels:
        out["sla"] = levels
    channels = [str(row["channel"]) for row in as_items(data.get("support")) if as_mapping(row).get("channel")]
    if channels:
        out["support"] = channels
    return out
