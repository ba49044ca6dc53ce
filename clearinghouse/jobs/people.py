"""Who may sign in this store: the registry that its ledger carries, and the people file that says what it should be.

A store is *governed* once a registry is anchored. From then on its ledger is the authority: whoever leaves the people
file out of the settings is held to the registry all the same. Where a people file is given and says something else,
nothing is signed before an officer has anchored it.

Anchoring is two steps, each of which a rerun finds done or does: the ledger entry, then `people/<ordinal>.json`, which
says where in the ledger the registry stands. A store killed between the two is under the registry before.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from clearinghouse.jobs.record import now, record
from clearinghouse.settings import Settings
from schemas.canonical import canonical_json
from schemas.errors import IntegrityError, KeyMissing, ReleaseRefused
from schemas.registry import People

if TYPE_CHECKING:
    from collections.abc import Callable

    from governance.signing import Signer
    from infra.store import Store

FOLDER = "people"


def authority(settings: Settings, store: Store) -> People | None:
    """The registry in force, or ``None`` for a store that is not governed: there, names are taken on trust.

    Raises `ReleaseRefused` where the people file of the settings is not what is anchored, `PeopleError` where it does
    not load, and `IntegrityError` where the ledger does not hold the registry that it should.
    """
    found = in_force(store)
    if settings.people:
        from schemas.people import load_people

        wanted = load_people(settings.people)
        if found is None or found[1].digest != wanted.digest:
            state = "no registry is anchored in" if found is None else "another registry is anchored in"
            raise ReleaseRefused(
                f"{settings.people} is not in force: {state} the ledger of {store.uri}",
                state="nothing was written",
                fix="let an officer run: clearinghouse people anchor",
            )
    return found[1] if found else None


def in_force(store: Store) -> tuple[int, People] | None:
    """The anchored registry and the number of its ledger entry, or ``None``."""
    from clearinghouse.catalog import LEDGER, parsed
    from governance.ledger import PEOPLE, anchored
    from infra.store import NotFound
    from infra.store.sequence import key_of, newest

    last = newest(store, FOLDER)
    if last is None:
        return None
    number = parsed(store.read(last[1]), last[1]).get("ledger")
    key = key_of(LEDGER, number) if isinstance(number, int) else last[1]
    try:
        entry = parsed(store.read(key), key)
    except NotFound:
        entry = {}
    found = anchored(entry) if entry.get("kind") == PEOPLE and isinstance(entry.get("body"), dict) else None
    if found is None or not isinstance(number, int):
        raise IntegrityError(
            f"{last[1]} says that a registry of people stands in {key}, and none does",
            state="nothing was written",
            fix="clearinghouse ledger verify; restore the ledger from a copy",
        )
    return number, found


def anchor(settings: Settings, signer: Signer) -> dict[str, Any]:
    """Put the registry of the settings' people file in force, in the name of an officer, whose key ``signer`` is.

    Returns ledger (number of the entry), registry (digest), people (names), actor and repeated. The first registry is
    signed by an officer whom it names itself, a later one by an officer whom the one before names, with the key that it
    names. Raises `ReleaseRefused`, `PeopleError`, `IntegrityError` or `StoreError`.
    """
    from governance.ledger import PEOPLE, signer_fault
    from infra.store import open_store
    from infra.store.sequence import append
    from schemas.people import load_people

    if not settings.people:
        raise ReleaseRefused(
            "there is no people file to anchor",
            state="nothing was written",
            fix="clearinghouse people add NAME, then name the file by --people or CLEARINGHOUSE_PEOPLE",
        )
    wanted, store = load_people(settings.people), open_store(settings.store)
    found = in_force(store)
    at = now()
    judge = found[1] if found else wanted
    owner = judge.key(signer.key_id)
    actor = owner[0].name if owner else settings.who
    if found and found[1].digest == wanted.digest:
        return _anchored(found[0], wanted, actor, repeated=True)
    fault = signer_fault(judge, PEOPLE, actor, signer.key_id, at)
    if fault:
        raise ReleaseRefused(
            f"this registry cannot be anchored: the entry {fault}",
            state="nothing was written",
            fix="let an officer sign it"
            + (" with the key that the registry in force names; it may be retired in the new one" if found else ""),
        )
    body = {"registry": wanted.facts(), "digest": wanted.digest}
    entry = record(store, kind=PEOPLE, actor=actor, at=at, body=body, since=found[0] if found else 0, signer=signer)

    def make(_: int, previous: bytes | None) -> bytes | None:
        before = json.loads(previous).get("ledger") if previous is not None else 0
        return canonical_json({"ledger": entry, "digest": wanted.digest}) if before < entry else None

    append(store, FOLDER, make)
    return _anchored(entry, wanted, actor, repeated=False)


def _anchored(entry: int, people: People, actor: str, *, repeated: bool) -> dict[str, Any]:
    names = [person.name for person in people.people]
    return {"ledger": entry, "registry": people.digest, "people": names, "actor": actor, "repeated": repeated}


def sign_as(
    settings: Settings,
    store: Store,
    kind: str,
    name: str,
    *,
    signer: Signer | None = None,
    ask: Callable[[str], bytes] | None = None,
) -> Signer | None:
    """The key under which ``name`` may put an entry of that kind into the ledger of ``store``, for `record`.

    ``None`` where the store is not governed. ``signer`` is a key that is open already; else `open_signer` opens one.
    Raises `ReleaseRefused` where the ledger would not take it (another's key, a retired one, a role that may not),
    and what `authority` and `open_signer` raise. Call it before anything is written.
    """
    from governance.ledger import signer_fault

    people = authority(settings, store)
    if people is None:
        return None
    found = signer or open_signer(settings, name, ask=ask)
    fault = signer_fault(people, kind, name, found.key_id, now())
    if fault:
        raise ReleaseRefused(
            f"{name} cannot record this: the entry {fault}",
            state="nothing was written",
            fix="sign with your own key (--signing-key or CLEARINGHOUSE_SIGNING_KEY), or let somebody do it who may",
        )
    return found


def open_signer(settings: Settings, name: str, *, ask: Callable[[str], bytes] | None = None) -> Signer:
    """The key of ``name`` as the settings say where it is. Raises `KeyMissing`."""
    from governance.signing import Signer
    from infra import secrets

    path = (settings.signing_key or "").removeprefix("file:").replace("{name}", name)
    if not path:
        raise KeyMissing(
            f"{name} signs with a key, and no key was given",
            state="nothing was written",
            fix="name its file: CLEARINGHOUSE_SIGNING_KEY, or --signing-key where the command has it",
        )
    if settings.signing_passphrase:
        passphrase = secrets.text(settings.signing_passphrase.replace("{name}", name))
    elif ask is not None:
        passphrase = ask(path)
    else:
        raise KeyMissing(
            f"the passphrase of {path} was not given",
            state="nothing was written",
            fix="name where it is by CLEARINGHOUSE_SIGNING_PASSPHRASE: env:NAME or file:PATH",
        )
    return Signer.load(path, passphrase)
