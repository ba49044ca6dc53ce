"""Who may decide, and with which keys they sign: the public half of a people file. Standard library only.

The ledger carries this registry (`People.facts`) as data, so that signatures can be checked years later without the
file that it came from. Keys are Ed25519 (RFC 8032), each known by the SHA-256 of its 32 public bytes.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal

from schemas.canonical import digest

Role = Literal["engineer", "reviewer", "officer"]
ROLES: tuple[Role, ...] = ("engineer", "reviewer", "officer")
#: Roles whose holders may put their name under a release.
SIGNING: frozenset[str] = frozenset(("reviewer", "officer"))
#: In whose name a release is rejected when nobody answered in time; no person is called so.
NOBODY = "nobody"

NAME = re.compile(r"[^\W_][\w.@+-]{0,119}")
TIME = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ")
_KEY_BYTES = 32


@dataclass(frozen=True)
class PublicKey:
    """A person's key: ``value`` is base64 of its 32 bytes; good from ``since`` to before ``until`` (RFC 3339, UTC).

    ``None`` is: from the beginning, and: not retired.
    """

    value: str
    since: str | None = None
    until: str | None = None

    @property
    def raw(self) -> bytes:
        return raw_key(self.value)

    @property
    def id(self) -> str:
        """64 hex digits."""
        return key_id(self.raw)

    def good_at(self, at: str) -> bool:
        """Whether the key may sign at a time of the form of ``since``. Such times sort as text."""
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


@dataclass(frozen=True)
class Person:
    """One person. ``keys``: the one in use first, then retired ones, newest first. ``units`` are those they own."""

    name: str
    roles: tuple[Role, ...]
    units: tuple[str, ...] = ()
    keys: tuple[PublicKey, ...] = ()
    #: ``scrypt$n$r$p$salt$hash`` for the review desk, or empty. Never part of the registry.
    password: str = field(default="", repr=False)

    @property
    def key(self) -> PublicKey | None:
        """The key in use, or ``None``: then this person cannot sign."""
        return next((key for key in self.keys if key.until is None), None)

    @property
    def may_sign(self) -> bool:
        return bool(SIGNING & set(self.roles))

    def facts(self) -> dict[str, Any]:
        keys = [{"public": key.value, "since": key.since, "until": key.until} for key in self.keys]
        return {"name": self.name, "roles": list(self.roles), "units": list(self.units), "keys": keys}


@dataclass(frozen=True)
class People:
    """Everybody who is known, by name. ``file`` says where this was read."""

    people: tuple[Person, ...]
    file: str = ""

    def get(self, name: str) -> Person | None:
        return next((person for person in self.people if person.name == name), None)

    def holders(self, role: str) -> tuple[Person, ...]:
        """Who has a role, by name."""
        return tuple(person for person in self.people if role in person.roles)

    def key(self, identity: str) -> tuple[Person, PublicKey] | None:
        """Whose key that is, in use or retired."""
        for person in self.people:
            for key in person.keys:
                if key.id == identity:
                    return person, key
        return None

    def facts(self) -> list[dict[str, Any]]:
        """What the ledger carries: names, roles, units and public keys; no password, salted or not."""
        return [person.facts() for person in self.people]

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of `facts`."""
        return digest(self.facts())

    @classmethod
    def from_facts(cls, facts: Any) -> People:
        """The registry that `facts` gave. Raises ``ValueError`` for anything else, with what is wrong with it."""
        if not isinstance(facts, list):
            raise ValueError("a registry is a list of people")
        people = tuple(sorted((_person(item) for item in facts), key=lambda person: person.name))
        faults = key_faults(people)
        names = [person.name for person in people]
        if len(set(names)) != len(names):
            faults = ["a person is there twice", *faults]
        if faults:
            raise ValueError("; ".join(faults))
        made = cls(people)
        if made.facts() != facts:
            raise ValueError("a registry is sorted by name and holds no more than it should")
        return made


def key_id(public: bytes) -> str:
    """How a public key is called everywhere: the SHA-256 of its 32 bytes, in hex."""
    return sha256(public).hexdigest()


def raw_key(text: str) -> bytes:
    """The 32 bytes of a public key in base64. Raises ``ValueError``, also for a second spelling of the same bytes."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("a public key is base64") from None
    if len(raw) != _KEY_BYTES or base64.b64encode(raw).decode() != text:
        raise ValueError(f"a public key is base64 of {_KEY_BYTES} bytes (Ed25519, RFC 8032)")
    return raw


def key_faults(people: Iterable[Person]) -> list[str]:
    """What is wrong with the keys of all people together; empty for none."""
    faults, seen = list[str](), dict[str, str]()
    for person in people:
        used = [key for key in person.keys if key.until is None]
        if len(used) > 1:
            faults.append(f"{person.name} has {len(used)} keys that are not retired")
        for key in person.keys:
            if key.value in seen:
                faults.append(f"one key is {seen[key.value]}'s and {person.name}'s")
            seen[key.value] = person.name
            if key.since is not None and key.until is not None and key.until < key.since:
                faults.append(f"a key of {person.name} was retired before it was taken into use")
    return faults


def _person(item: Any) -> Person:
    if not isinstance(item, Mapping) or set(item) != {"name", "roles", "units", "keys"}:
        raise ValueError("a person of a registry has name, roles, units and keys")
    name, roles, units, keys = (item[field] for field in ("name", "roles", "units", "keys"))
    if not isinstance(name, str) or not NAME.fullmatch(name) or name == NOBODY:
        raise ValueError("a person of a registry has a name that nobody may have")
    if not _texts(roles) or not _texts(units) or set(roles) - set(ROLES) or not isinstance(keys, list):
        raise ValueError(f"{name} has roles, units or keys that a registry cannot hold")
    return Person(name, tuple(roles), tuple(units), tuple(_key(name, key) for key in keys))


def _key(name: str, item: Any) -> PublicKey:
    if not isinstance(item, Mapping) or set(item) != {"public", "since", "until"}:
        raise ValueError(f"a key of {name} has public, since and until")
    for time in (item["since"], item["until"]):
        if time is not None and not (isinstance(time, str) and TIME.fullmatch(time)):
            raise ValueError(f"a key of {name} has a time that is none")
    if not isinstance(item["public"], str):
        raise ValueError(f"a key of {name} is no text")
    raw_key(item["public"])
    return PublicKey(item["public"], item["since"], item["until"])


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
