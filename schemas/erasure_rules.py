"""Erasure rules from YAML: which triggers there are, under which law, and by when an erasure is due. Strict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.canonical import digest
from schemas.errors import PolicyError
from schemas.names import DURATION, did_you_mean
from schemas.raw import as_mapping
from schemas.yaml_lines import Place, YamlFile, read_or_bundled

BUNDLED = "policies/default.erasure.yaml"
_SHAPE: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "laws": (("title", "deadline", "citation", "verifiedBy"), ("extended",)),
    "triggers": (("law", "text", "clause"), ()),
}


@dataclass(frozen=True)
class Law:
    """A law with its time limit: ISO 8601 durations from the day on which a request was received."""

    name: str
    title: str
    deadline: str
    extended: str
    citation: str
    verified_by: str


@dataclass(frozen=True)
class Trigger:
    """Why personal data must go: the clause that says so."""

    name: str
    law: str
    text: str
    clause: str


@dataclass(frozen=True)
class ErasureRules:
    """Every trigger, limit and period that an erasure obeys."""

    name: str
    version: str
    laws: Mapping[str, Law]
    triggers: Mapping[str, Trigger]
    grace: str
    fallback: str
    fallback_citation: str
    fallback_verified_by: str
    digest: str


def load_erasure_rules(path: Path | str | None = None) -> ErasureRules:
    """The rules in a file, or the bundled ones. Raises `PolicyError` with every problem."""
    found = read_or_bundled(path, BUNDLED)
    data = as_mapping(found.data)
    if found.data is not None:
        _check(found, data)
    if found.problems:
        raise PolicyError(found.problems, what=str(path or BUNDLED))
    laws = {
        name: Law(name, law["title"], law["deadline"], law.get("extended", ""), law["citation"], law["verifiedBy"])
        for name, law in data["laws"].items()
    }
    triggers = {name: Trigger(name, one["law"], one["text"], one["clause"]) for name, one in data["triggers"].items()}
    fallback = data["fallback"]
    return ErasureRules(
        data["name"],
        str(data["version"]),
        laws,
        triggers,
        data["purge"]["grace"],
        fallback["text"],
        fallback["citation"],
        fallback["verifiedBy"],
        digest(data),
    )


def _check(found: YamlFile, data: Mapping[str, Any]) -> None:
    known = ("name", "version", "laws", "triggers", "purge", "fallback")
    _keys(found, (), data, known, ())
    for part, (needed, allowed) in _SHAPE.items():
        for name, item in as_mapping(data.get(part)).items():
            _keys(found, (part, str(name)), item, needed, allowed)
    _keys(found, ("purge",), data.get("purge"), ("grace", "citation", "verifiedBy"), ())
    _keys(found, ("fallback",), data.get("fallback"), ("text", "citation", "verifiedBy"), ())
    durations: list[tuple[Place, Any]] = [(("purge", "grace"), as_mapping(data.get("purge")).get("grace"))]
    for name, law in as_mapping(data.get("laws")).items():
        durations += [(("laws", str(name), key), as_mapping(law).get(key, "P1D")) for key in ("deadline", "extended")]
    for place, value in durations:
        if not isinstance(value, str) or not DURATION.fullmatch(value):
            found.report(place, f"{value!r} is not an ISO 8601 duration", "such as P30D or P1M")
    for name, trigger in as_mapping(data.get("triggers")).items():
        law = as_mapping(trigger).get("law")
        if law not in as_mapping(data.get("laws")):
            hint = did_you_mean(str(law), list(as_mapping(data.get("laws"))), what="laws")
            found.report(("triggers", str(name), "law"), f"{law!r} is not among the laws", hint)


def _keys(found: YamlFile, place: Place, item: Any, needed: tuple[str, ...], allowed: tuple[str, ...]) -> None:
    there = as_mapping(item)
    for name in needed:
        if there.get(name) in (None, ""):
            found.report(place, f"{name!r} is missing", "")
    for name in there:
        if name not in (*needed, *allowed):
            found.report((*place, str(name)), f"{name!r} is not known here", did_you_mean(str(name), list(needed)))
