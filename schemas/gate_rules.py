"""Gates from YAML: those of a policy and those of a profile that a policy or a mix chooses.

A profile (``schemas/profiles/<name>.gates.yaml``, or a file of one's own) is gates with their sources and nothing
else: what one law or guide asks of a release. Where two say something of the same gate, the stricter one counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from schemas.canonical import digest
from schemas.contract import Gate
from schemas.errors import PolicyError, Problem
from schemas.names import SEMVER, did_you_mean
from schemas.raw import as_items, as_mapping, as_text
from schemas.shapes import check_shape, own_schema
from schemas.yaml_lines import Place, YamlFile, read_yaml

SUFFIX = ".gates.yaml"
#: Gates that only a reviewed sample can answer: they are evaluated when a release is approved.
SIGNING = (
    "audit_closed",
    "pii_residual_bound",
    "source_harmful_rate",
    "manual_sample_items",
    "manual_pass_rate",
    "technical_sample_share",
    "technical_pass_rate",
    "reader_kappa",
)
_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_BUNDLED = Path(str(resources.files("schemas"))) / "profiles"


@dataclass(frozen=True)
class Profile:
    """Gates under a name. ``digest`` is of their meaning, not of the file."""

    name: str
    version: str
    description: str
    gates: tuple[Gate, ...]
    digest: str


def read_gates(found: YamlFile, raw: Any, sources: Mapping[str, Any]) -> list[Gate]:
    """The gates of a list, each with its source; problems are reported."""
    gates: dict[str, Gate] = {}
    for number, item in enumerate(raw):
        place: Place = ("gates", number)
        if not isinstance(item, dict):
            continue
        citation, verified_by = source_of(found, item, place, sources)
        name, comparison, threshold = as_text(item.get("name")), item.get("comparison"), item.get("threshold")
        if name in gates:
            found.report((*place, "name"), f"the gate {name!r} is there twice", "keep one of them")
        when = item.get("when", "build")
        if (name in SIGNING) != (when == "sign") and isinstance(comparison, str):
            found.report(
                (*place, "when") if "when" in item else place,
                f"{name!r} is measured when a release is {'signed' if name in SIGNING else 'built'}",
                "say when: sign" if name in SIGNING else "leave `when` out",
            )
        value = _threshold(found, threshold, comparison, (*place, "threshold"))
        options = _options(found, name, as_mapping(item.get("options")), place)
        gates.setdefault(name, Gate(name, value, comparison, citation, verified_by, when, options))  # type: ignore[arg-type]
    return list(gates.values())


def _options(found: YamlFile, name: str, given: Mapping[str, Any], place: Place) -> dict[str, str]:
    if given and name not in ("sources_per_language", "sources_per_type"):
        found.report((*place, "options"), f"the gate {name!r} has no options", "leave them out")
    return {key: f"{Decimal(str(value)):f}" for key, value in given.items() if isinstance(value, int | float)}


def _threshold(found: YamlFile, threshold: Any, comparison: Any, place: Place) -> str:
    if isinstance(threshold, bool):
        if comparison != "==":
            found.report(place, f"{str(threshold).lower()} cannot be compared by {comparison!r}", "use comparison: ==")
        return str(threshold).lower()
    try:
        number = Decimal(repr(threshold) if isinstance(threshold, float) else str(threshold))
    except ArithmeticError:
        found.report(place, f"{threshold!r} is not a threshold", "write a number such as 0.05, or true")
        return ""
    if not number.is_finite():
        found.report(place, f"{threshold!r} is not a threshold", "write a finite number")
        return ""
    return f"{number:f}"


def source_of(found: YamlFile, item: Mapping[str, Any], place: Place, sources: Mapping[str, Any]) -> tuple[str, str]:
    """Citation and who verified it, of the source that an item names."""
    name = as_text(item.get("source"))
    if not name:
        return "", ""
    if name not in sources:
        found.report((*place, "source"), f"there is no source {name!r}", did_you_mean(name, sources, what="sources"))
        return "", ""
    entry = as_mapping(sources[name])
    return as_text(entry.get("citation")), as_text(entry.get("verifiedBy"))


def profile_names() -> tuple[str, ...]:
    """The names of the bundled profiles."""
    return tuple(sorted(path.name.removesuffix(SUFFIX) for path in _BUNDLED.glob(f"*{SUFFIX}")))


def profile_path(name: str, folder: Path) -> Path | None:
    """The file of a profile: bundled under its name, or relative to the file that names it."""
    if _NAME.fullmatch(name) and name in profile_names():
        return _BUNDLED / f"{name}{SUFFIX}"
    path = folder / name
    return path if path.is_file() else None


def read_profile(path: Path) -> tuple[Profile | None, list[Problem]]:
    """A profile, or ``None`` and why not."""
    found = read_yaml(path)
    if found.data is None:
        return None, found.problems
    data = found.data
    check_shape(found, data, _shape())
    version = data.get("version")
    if isinstance(version, str) and not SEMVER.fullmatch(version):
        found.report(("version",), f"{version!r} is not a semantic version", "such as 1.0.0")
    sources = as_mapping(data.get("sources"))
    gates = read_gates(found, as_items(data.get("gates")), sources)
    used = {as_mapping(item).get("source") for item in as_items(data.get("gates"))}
    for name in sources:
        if name not in used:
            found.report(("sources", name), f"nothing names the source {name!r}", "remove it")
    if found.problems:
        return None, sorted(found.problems)
    body = {"name": data["name"], "version": data["version"], "gates": [asdict(gate) for gate in gates]}
    return Profile(data["name"], data["version"], data.get("description", ""), tuple(gates), digest(body)), []


@lru_cache(maxsize=1)
def _shape() -> Mapping[str, Any]:
    """A profile is the part of a policy that is about gates."""
    policy = own_schema("policy.schema.json")["properties"]
    kept = ("name", "version", "description", "sources", "gates")
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "version", "sources", "gates"],
        "properties": {name: policy[name] for name in kept},
    }


def chosen_profiles(found: YamlFile, data: Mapping[str, Any], folder: Path) -> list[Profile]:
    """The profiles that a policy or mix names under ``profile`` (one, or a list); problems are reported."""
    given = data.get("profile")
    names = given if isinstance(given, list) else [given] if given is not None else []
    profiles: list[Profile] = []
    for number, name in enumerate(names):
        place: Place = ("profile", number) if isinstance(given, list) else ("profile",)
        if not isinstance(name, str):
            continue
        path = profile_path(name, folder)
        if path is None:
            hint = did_you_mean(name, profile_names(), what="bundled") or "a path is relative to this file's folder"
            found.report(place, f"there is no profile {name!r}", hint)
            continue
        profile, problems = read_profile(path)
        found.problems.extend(problems)
        if profile is not None:
            profiles.append(profile)
    try:
        merged(*(profile.gates for profile in profiles))
    except PolicyError as error:
        found.report(("profile",), error.problems[0].message, error.problems[0].hint)
    return profiles


def merged(*parts: Iterable[Gate]) -> tuple[Gate, ...]:
    """All gates, each once: of two of a name the stricter one. In the order in which they are first named.

    Raises `PolicyError` where two of a name are not comparable, one from above and one from below.
    """
    found: dict[str, Gate] = {}
    for gate in (gate for part in parts for gate in part):
        known = found.get(gate.name)
        if known is None:
            found[gate.name] = gate
        elif known.comparison != gate.comparison or (
            gate.comparison == "==" and known.threshold.lower() != gate.threshold.lower()
        ):
            said = f"{known.comparison} {known.threshold} ({known.citation}) and {gate.comparison} {gate.threshold}"
            message = f"the gate {gate.name!r} is asked to be {said} ({gate.citation})"
            raise PolicyError([Problem("", 0, "$.gates", message, "choose one of the two profiles")], what="the gates")
        elif _stricter(gate, known):
            found[gate.name] = gate
    return tuple(found.values())


def _stricter(gate: Gate, known: Gate) -> bool:
    try:
        one, other = Decimal(gate.threshold), Decimal(known.threshold)
    except ArithmeticError:
        return False
    return one < other if gate.comparison == "<=" else one > other if gate.comparison == ">=" else False


def profile_facts(profiles: Sequence[Profile]) -> list[dict[str, str]]:
    """Name, version and digest of each, as plans and manifests hold them."""
    return [{"name": one.name, "version": one.version, "digest": one.digest} for one in profiles]
