"""Who a visitor is: names and passwords from the people file, roles and units from the registry in force."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemas.errors import PeopleError
from schemas.registry import SIGNING, People, Person

if TYPE_CHECKING:
    from clearinghouse.settings import Settings
    from infra.store import Store


@dataclass(frozen=True)
class Caller:
    """A person at the desk. ``csrf`` is what their forms carry, ``sees`` says of a mix whether another gate-keeper
    (Airflow) lets them see it."""

    name: str
    roles: tuple[str, ...]
    units: tuple[str, ...]
    csrf: str = field(repr=False)
    csrf_before: str = field(default="", repr=False)
    sees: Callable[[str], bool] = field(default=lambda _: True, repr=False)

    @property
    def may_sign(self) -> bool:
        return bool(SIGNING & set(self.roles))

    @property
    def officer(self) -> bool:
        return "officer" in self.roles

    @property
    def own(self) -> frozenset[str] | None:
        """The units that the person is held to; ``None`` for all. Officers answer for all of them."""
        return frozenset(self.units) if self.units and not self.officer else None

    def may_see(self, mix: str, sources: Iterable[Mapping[str, Any]]) -> bool:
        """Whether a release of these sources is one that the person sees: one that draws on a unit of theirs."""
        own = self.own
        there = {str(source.get("dataset", "")).partition(".")[0] for source in sources}
        return self.sees(mix) and (own is None or bool(own & there))


class Register:
    """People as the desk knows them. The file is read again when it changed."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings, self._store = settings, store
        self._lock = threading.Lock()
        self._read: tuple[object, People] | None = None

    def file(self) -> People:
        """The people file. Raises `PeopleError`."""
        from schemas.people import load_people

        if not self._settings.people:
            return People(())
        path = Path(self._settings.people)
        try:
            status = path.stat()
            stamp: object = (status.st_mtime_ns, status.st_size, status.st_ino)
        except OSError:
            stamp = None
        with self._lock:
            if self._read is None or stamp is None or self._read[0] != stamp:
                self._read = (stamp, load_people(path))
            return self._read[1]

    def in_force(self) -> People | None:
        """The anchored registry. Raises `IntegrityError`."""
        from clearinghouse.jobs.people import in_force

        found = in_force(self._store)
        return found[1] if found else None

    def person(self, name: str) -> Person | None:
        """Somebody by name, with the roles that are in force; before a registry is anchored, those of the file."""
        found = self.in_force()
        return (found if found is not None else self.file()).get(name)

    def remark(self) -> str:
        """What stands in the way of signing for everybody; empty for nothing."""
        found = self.in_force()
        try:
            wanted = self.file() if self._settings.people else None
        except PeopleError:
            return "The people file does not load. Nobody signs in or signs until it is mended."
        if found is None:
            return "No registry of people is in force. An officer has to run: clearinghouse people anchor"
        if wanted is not None and wanted.digest != found.digest:
            return "The people file was changed and is not in force. An officer has to run: clearinghouse people anchor"
        return ""


def mark(person: Person) -> str:
    """What a session remembers of the password that let somebody in; it is not the hash."""
    return sha256(f"session\0{person.password}".encode()).hexdigest()
