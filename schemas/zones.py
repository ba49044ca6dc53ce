"""Zones of a store from YAML: prefixes, what is locked and what expires, and whose principals may do what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from schemas.errors import PolicyError, Problem
from schemas.names import SEMVER
from schemas.raw import as_items, as_mapping, as_text
from schemas.shapes import check_shape, own_schema
from schemas.yaml_lines import read_or_bundled

BUNDLED = "policies/default.zones.yaml"
ROLES = ("engineer", "reviewer", "officer", "training")


@dataclass(frozen=True)
class Zone:
    """A prefix of the store, ending in ``/``.

    Objects are removed ``expire_days`` after they were written, and cannot be removed or replaced for ``lock_days``
    (those that a pattern of ``lock_only`` fits, or all). ``private``: what lies below ``<prefix><unit>/`` is for that
    unit's owner alone.
    """

    name: str
    prefix: str
    expire_days: int | None = None
    private: bool = False
    lock_days: int | None = None
    lock_only: tuple[str, ...] = ()

    def locks(self, key: str) -> bool:
        """Whether an object of that key is to be locked."""
        if self.lock_days is None or not key.startswith(self.prefix):
            return False
        rest = key[len(self.prefix) :]
        return not self.lock_only or any(fnmatchcase(rest, pattern) for pattern in self.lock_only)


@dataclass(frozen=True)
class Zones:
    """All zones, ARNs of principals by role (`ROLES`), and ARNs of owners by unit."""

    name: str
    version: str
    zones: tuple[Zone, ...]
    encryption: str = "AES256"
    principals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    units: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    file: str = ""

    def zone(self, name: str) -> Zone:
        """By name. Raises `KeyError`."""
        return {zone.name: zone for zone in self.zones}[name]


def load_zones(path: Path | str | None = None) -> Zones:
    """The zones in a file, or the bundled ones. Raises `PolicyError` with every problem."""
    zones, problems = read_zones(path)
    if zones is None or problems:
        raise PolicyError(problems, what=str(path or BUNDLED))
    return zones


def read_zones(path: Path | str | None = None) -> tuple[Zones | None, list[Problem]]:
    """Zones, or ``None`` and why not."""
    found = read_or_bundled(path, BUNDLED)
    if found.data is None:
        return None, found.problems
    data = found.data
    check_shape(found, data, own_schema("zones.schema.json"))
    if isinstance(data.get("version"), str) and not SEMVER.fullmatch(data["version"]):
        found.report(("version",), f"{data['version']!r} is not a semantic version", "such as 1.0.0")
    seen: dict[str, int] = {}
    for number, item in enumerate(as_items(data.get("zones"))):
        item = as_mapping(item)
        for key in ("name", "prefix"):
            value = as_text(item.get(key))
            if value and value in seen:
                found.report(("zones", number, key), f"{value!r} is there already, on line {seen[value]}", "keep one")
            seen.setdefault(value, found.line(("zones", number, key)))
        if "lockOnly" in item and "lockDays" not in item:
            found.report(("zones", number, "lockOnly"), "says what is locked, but not for how long", "add lockDays")
        if "expireDays" in item and "lockDays" in item:
            found.report(
                ("zones", number), "is locked and expires: a lock keeps what should go", "choose one of the two"
            )
    if found.problems:
        return None, sorted(found.problems)
    zones = tuple(
        Zone(
            name=item["name"],
            prefix=item["prefix"],
            expire_days=item.get("expireDays"),
            private=item.get("private", False),
            lock_days=item.get("lockDays"),
            lock_only=tuple(item.get("lockOnly", ())),
        )
        for item in data["zones"]
    )
    principals = as_mapping(data.get("principals"))
    made = Zones(
        name=data["name"],
        version=data["version"],
        zones=zones,
        encryption=data.get("encryption", "AES256"),
        principals={role: tuple(sorted(principals.get(role, ()))) for role in ROLES},
        units={unit: tuple(sorted(arns)) for unit, arns in sorted(as_mapping(data.get("units")).items())},
        file=found.name,
    )
    return made, []
