"""People from YAML (``people.yaml``): strict, every problem at once. What is loaded is a `schemas.registry.People`.

    people:
      - name: wen.zhao
        roles: [reviewer]
        units: [commerce]
        publicKey: 11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
        since: 2026-01-31T08:00:00Z
        password: scrypt$32768$8$1$…$…
        retired:
          - {publicKey: …, since: 2025-01-31T08:00:00Z, until: 2026-01-31T08:00:00Z}

``password`` lets a person in at the review desk; the key is what signs. `clearinghouse people` writes both.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from schemas.errors import PeopleError, Problem
from schemas.names import did_you_mean
from schemas.raw import as_items, as_mapping, as_text
from schemas.registry import NAME, NOBODY, ROLES, SIGNING, TIME, People, Person, PublicKey, Role, key_id, raw_key
from schemas.shapes import check_shape, own_schema
from schemas.yaml_lines import Place, YamlFile, parse_yaml, read_yaml

__all__ = ["ROLES", "SIGNING", "People", "Person", "PublicKey", "Role", "key_id", "load_people", "read_people"]

_PASSWORD = re.compile(r"scrypt\$(\d{1,7})\$(\d{1,2})\$(\d{1,2})\$([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+)")
_TIME_HINT = "write RFC 3339 in UTC to the second, such as 2026-01-31T08:00:00Z"


def load_people(path: Path | str) -> People:
    """Everybody in a people file, sorted by name.

    Raises:
        PeopleError: with every problem, each with file, place, line and hint.
    """
    people, problems = read_people(path)
    if people is None or problems:
        raise PeopleError(problems, what=str(path))
    return people


def read_people(path: Path | str, data: bytes | None = None) -> tuple[People | None, list[Problem]]:
    """People, or ``None`` and why not. ``data`` is read in the place of the file's bytes, which `path` only names."""
    if data is None:
        found = read_yaml(path)
    else:
        found = YamlFile(Path(path).as_posix())
        parse_yaml(data, found)
    if found.data is None:
        return None, found.problems
    check_shape(found, found.data, own_schema("people.schema.json"))
    people: list[Person] = []
    names, keys = dict[str, int](), dict[str, str]()
    for number, item in enumerate(as_items(found.data.get("people"))):
        if isinstance(item, dict):
            people.append(_person(found, ("people", number), item, names, keys))
    if found.problems:
        return None, sorted(found.problems)
    return People(tuple(sorted(people, key=lambda person: person.name)), found.name), []


def _person(
    found: YamlFile, place: Place, item: Mapping[str, Any], names: dict[str, int], keys: dict[str, str]
) -> Person:
    name = as_text(item.get("name"))
    if name and not NAME.fullmatch(name):
        found.report(
            (*place, "name"), f"{name!r} is not a name to sign with", "letters, digits and . _ @ + - without spaces"
        )
    elif name == NOBODY:
        found.report((*place, "name"), f"{NOBODY!r} stands for the answer that never came", "use another name")
    elif name.casefold() in names:
        found.report((*place, "name"), f"{name!r} is there already, on line {names[name.casefold()]}", "keep one")
    names.setdefault(name.casefold(), found.line((*place, "name")))
    for role in as_items(item.get("roles")):
        if isinstance(role, str) and role not in ROLES:
            # The schema says that it is none of them; this says which one was meant.
            hint = did_you_mean(role, ROLES)
            if hint:
                found.report((*place, "roles"), f"{role!r} is no role", hint)
    made: list[PublicKey] = []
    if "publicKey" in item:
        made += _key(found, place, item, name, keys)
    elif "since" in item:
        found.report((*place, "since"), "says since when, but there is no key", "add publicKey, or take since out")
    retired = [
        key
        for number, old in enumerate(as_items(item.get("retired")))
        for key in _key(found, (*place, "retired", number), as_mapping(old), name, keys)
    ]
    made += sorted(retired, key=lambda key: key.until or "", reverse=True)
    password = item.get("password", "")
    if isinstance(password, str) and password and not sound_password(password):
        # Never repeated in the message.
        found.report(
            (*place, "password"), "is not a hash that can be checked", "clearinghouse people password NAME writes it"
        )
    roles: tuple[Role, ...] = tuple(role for role in ROLES if role in as_items(item.get("roles")))
    units = tuple(sorted({unit for unit in as_items(item.get("units")) if isinstance(unit, str)}))
    return Person(name, roles, units, tuple(made), as_text(password))


def _key(found: YamlFile, place: Place, item: Mapping[str, Any], name: str, keys: dict[str, str]) -> list[PublicKey]:
    """The key of an entry in a list, or an empty one after its problems were told."""
    value = item.get("publicKey")
    before = len(found.problems)
    if not isinstance(value, str):
        return []
    try:
        raw_key(value)
    except ValueError as error:
        found.report((*place, "publicKey"), str(error), "clearinghouse people add makes the key and writes it here")
    if value in keys:
        found.report((*place, "publicKey"), f"is {keys[value]}'s key already", "every key is one person's, once")
    keys.setdefault(value, name)
    times = {}
    for field in ("since", "until"):
        time = item.get(field)
        if isinstance(time, str) and not TIME.fullmatch(time):
            found.report((*place, field), f"{time!r} is not a time", _TIME_HINT)
        times[field] = time if isinstance(time, str) else None
    if times["since"] and times["until"] and times["until"] < times["since"]:
        found.report((*place, "until"), "lies before since", "a key is retired after it was taken into use")
    return [] if len(found.problems) > before else [PublicKey(value, times["since"], times["until"])]


def sound_password(text: str) -> bool:
    """Whether text is ``scrypt$n$r$p$salt$hash`` (RFC 7914) that is neither too weak nor too dear to check.

    n is a power of two from 2^14 to 2^20, r 8 to 32, p 1 to 16, at most 512 MiB; salt 16 bytes or more and hash 32 or
    more, both base64.
    """
    match = _PASSWORD.fullmatch(text)
    if match is None:
        return False
    n, r, p = (int(match[group]) for group in (1, 2, 3))
    try:
        salt, hashed = (base64.b64decode(match[group], validate=True) for group in (4, 5))
    except binascii.Error:
        return False
    in_bounds = 2**14 <= n <= 2**20 and not n & (n - 1) and 8 <= r <= 32 and 1 <= p <= 16 and 128 * n * r <= 2**29
    return in_bounds and 16 <= len(salt) <= 64 and 32 <= len(hashed) <= 128
