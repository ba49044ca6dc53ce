"""``clearinghouse people``: who may build, review and sign, with which keys."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clearinghouse.cli.output import JsonOption, StoreOption, emit, table

if TYPE_CHECKING:
    from clearinghouse.settings import Settings
    from governance.signing import Signer
    from schemas.registry import People

commands = typer.Typer(
    help="People: who may build, review and sign, with which keys.", no_args_is_help=True, rich_markup_mode=None
)
PeopleOption = Annotated[str | None, typer.Option("--people", help="People file.", envvar="CLEARINGHOUSE_PEOPLE")]
SigningKeyOption = Annotated[
    str | None,
    typer.Option("--signing-key", help="File of the key that signs.", envvar="CLEARINGHOUSE_SIGNING_KEY"),
]
PassphraseOption = Annotated[
    str | None,
    typer.Option(
        "--passphrase",
        help="Where the passphrase is: env:NAME or file:PATH. Asked for on a terminal where it is left out.",
        envvar="CLEARINGHOUSE_SIGNING_PASSPHRASE",
    ),
]
NameArgument = Annotated[str, typer.Argument(help="Sign-in name, such as wen.zhao.")]
FILE = "people.yaml"


@commands.command("add")
def add(
    name: NameArgument,
    roles: Annotated[list[str], typer.Option("--role", help="engineer, reviewer or officer; may be repeated.")],
    units: Annotated[list[str] | None, typer.Option("--unit", help="A unit that this person owns.")] = None,
    key: Annotated[
        str | None, typer.Option("--key", help="File for the new key; NAME.pem if left out. It must not exist.")
    ] = None,
    public_key: Annotated[
        str | None,
        typer.Option("--public-key", help="Take this public key (base64) instead: the person has the other half."),
    ] = None,
    no_key: Annotated[bool, typer.Option("--no-key", help="No key: this person signs nothing.")] = False,
    passphrase: PassphraseOption = None,
    people: PeopleOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a person's key and write the entry. An officer then anchors the file: clearinghouse people anchor."""
    from clearinghouse import people_file
    from schemas.people import ROLES
    from schemas.registry import NAME, NOBODY, Person, PublicKey, raw_key

    if not NAME.fullmatch(name) or name == NOBODY:
        raise typer.BadParameter(f"{name!r} is not a name to sign with", param_hint="NAME")
    unknown = [role for role in roles if role not in ROLES]
    if unknown:
        raise typer.BadParameter(f"{unknown[0]!r} is none of {', '.join(ROLES)}", param_hint="--role")
    path = Path(people or FILE)
    _not_there(path, name)
    file: str | None = None
    public = public_key
    if public is not None:
        try:
            raw_key(public)
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--public-key") from None
    elif not no_key:
        file = key or f"{name}.pem"
        public = _create(file, passphrase).public_text
    keys = (PublicKey(public, _now()),) if public else ()
    made = Person(name, tuple(role for role in ROLES if role in roles), tuple(sorted(set(units or ()))), keys)
    people_file.add(path, made)
    _told(path, made.facts(), f"{name} is in {path}", file, as_json)


@commands.command("rotate")
def rotate(
    name: NameArgument,
    key: Annotated[str, typer.Option("--key", help="File for the new key. It must not exist.")],
    passphrase: PassphraseOption = None,
    people: PeopleOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a person a new key and retire the one in use. What the old one signed stays good."""
    from clearinghouse import people_file
    from schemas.registry import PublicKey

    path = Path(people or FILE)
    _there(path, name)
    made = people_file.rotate(path, name, PublicKey(_create(key, passphrase).public_text, _now())).get(name)
    assert made is not None
    text = f"{name} has a new key in {path}; keep the old file until the change is anchored"
    _told(path, made.facts(), text, key, as_json)


@commands.command("password")
def password(
    name: NameArgument,
    password: Annotated[
        str | None, typer.Option("--from", help="Where the password is: env:NAME or file:PATH. Asked for if left out.")
    ] = None,
    people: PeopleOption = None,
    as_json: JsonOption = False,
) -> None:
    """Set the password with which a person signs in at the review desk. Only its hash is written."""
    from clearinghouse import people_file
    from governance.passwords import hash_password
    from governance.signing import SHORTEST
    from schemas.errors import KeyMissing

    path = Path(people or FILE)
    _there(path, name)
    found = _secret(password, f"password of {name}", confirm=True)
    if len(found) < SHORTEST:
        raise KeyMissing(
            f"the password has {len(found)} bytes; at least {SHORTEST} are needed", state="nothing was changed"
        )
    people_file.set_password(path, name, hash_password(found.decode("utf-8", "surrogateescape")))
    emit({"name": name, "file": str(path)}, f"{name} has a password in {path}", as_json=as_json)


@commands.command("list")
def list_people(people: PeopleOption = None, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """List people with roles, units and keys: those of the file, or without one those whom the ledger names."""
    found = _people(people, store)
    value = {"file": found.file or None, "registry": found.digest, "people": found.facts()}

    def text() -> str:
        lines = []
        for person in found.people:
            key, retired = person.key, sum(one.until is not None for one in person.keys)
            roles, units = ", ".join(person.roles), ", ".join(person.units) or None
            lines.append((person.name, roles, units, key.id[:16] if key else None, key.since if key else None, retired))
        heads = ("name", "roles", "owns", "key", "since", "retired keys")
        return table(heads, lines) + f"\nregistry {found.digest}"

    emit(value, text, as_json=as_json)


@commands.command("check")
def check(people: PeopleOption = None, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Say whether the people file holds, can do its work, and is what the ledger has. Exits with 7 if not."""
    from clearinghouse.jobs.people import in_force
    from infra.store import open_store

    settings = _settings(people=people or _default(), store=store)
    wanted = _people(settings.people, None)
    remarks = _remarks(wanted)
    opened = open_store(settings.store)
    opened.check()
    found = in_force(opened)
    anchored = found is not None and found[1].digest == wanted.digest
    if found is None:
        remarks.append("no registry is anchored: names are taken on trust (clearinghouse people anchor)")
    elif not anchored:
        differs = _differences(found[1], wanted)
        remarks.append(
            f"the ledger has another registry (entry {found[0]}): {differs}; to put the file in force, an officer runs "
            "clearinghouse people anchor"
        )
    value = {"ok": anchored, "registry": wanted.digest, "ledger": found[0] if found else None, "remarks": remarks}

    def text() -> str:
        head = f"{len(wanted.people)} people, registry {wanted.digest}"
        if anchored and found:
            head += f", in force by ledger entry {found[0]}"
        return "\n".join([*remarks, head])

    emit(value, text, as_json=as_json)
    if not anchored:
        raise typer.Exit(7)


@commands.command("anchor")
def anchor(
    signing_key: SigningKeyOption = None,
    passphrase: PassphraseOption = None,
    people: PeopleOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put the people file in force: an officer signs its registry into the ledger. From then on names need keys."""
    from clearinghouse.jobs.people import anchor as put_in_force
    from clearinghouse.jobs.people import open_signer
    from infra.store import open_store

    settings = _settings(
        people=people or _default(), store=store, signing_key=signing_key, signing_passphrase=passphrase
    )
    open_store(settings.store).check()
    _people(settings.people, None)
    done = put_in_force(settings, open_signer(settings, settings.who, ask=ask_passphrase))

    def text() -> str:
        if done["repeated"]:
            return f"in force already, by ledger entry {done['ledger']}"
        return (
            f"{len(done['people'])} people are in force, anchored by {done['actor']} in ledger entry {done['ledger']}"
        )

    emit(done, text, as_json=as_json)


def register(app: typer.Typer) -> None:
    app.add_typer(commands, name="people")


def ask_passphrase(path: str) -> bytes:
    """Asks on the terminal for what opens a key. Raises `KeyMissing` where there is no terminal."""
    return _secret(None, f"passphrase of {path}", confirm=False)


def signing_settings(
    store: str | None, people: str | None, signing_key: str | None, passphrase: str | None, *, actor: str | None
) -> Settings:
    """The settings of a command that somebody signs, from the options that all of them have."""
    from clearinghouse.settings import Settings

    return Settings.from_env(
        store=store, people=people, signing_key=signing_key, signing_passphrase=passphrase, actor=actor
    )


def open_key(settings: Settings, kind: str, name: str) -> Signer | None:
    """The key under which ``name`` may record an entry of that kind, its passphrase asked for on the terminal where nothing
    says where it is; ``None`` where names are believed. Raises what `clearinghouse.jobs.people.sign_as` does."""
    from clearinghouse.jobs.people import sign_as
    from infra.store import open_store

    return sign_as(settings, open_store(settings.store), kind, name, ask=ask_passphrase)


def _secret(reference: str | None, what: str, *, confirm: bool) -> bytes:
    from infra import secrets
    from schemas.errors import KeyMissing

    if reference:
        return secrets.text(reference)
    if not sys.stdin.isatty():
        raise KeyMissing(
            f"the {what} was not given, and there is no terminal to ask on",
            state="nothing was changed",
            fix="name where it is: env:NAME or file:PATH",
        )
    # Asked and echoed nowhere; `err` keeps it off standard output, which may be piped.
    return str(typer.prompt(what, hide_input=True, confirmation_prompt=confirm, err=True)).encode()


def _create(path: str, passphrase: str | None) -> Signer:
    from governance.signing import Signer
    from schemas.errors import KeyMissing

    if Path(path).exists():
        raise KeyMissing(f"{path} already exists", state="nothing was changed", fix="name another file by --key")
    return Signer.create(path, _secret(passphrase, f"passphrase for {path}", confirm=True))


def _settings(**given: Any) -> Settings:
    from clearinghouse.settings import Settings

    return Settings.from_env(**given)


def _default() -> str | None:
    return FILE if Path(FILE).exists() else None


def _people(path: str | None, store: str | None) -> People:
    from clearinghouse.jobs.people import in_force
    from infra.store import open_store
    from schemas.errors import PeopleError, Problem
    from schemas.people import load_people

    path = path or _default()
    if path:
        return load_people(path)
    found = in_force(open_store(_settings(store=store).store))
    if found is None:
        raise PeopleError([Problem(FILE, 0, "$", "there is no such file", "clearinghouse people add NAME --role ROLE")])
    return found[1]


def _there(path: Path, name: str) -> None:
    """Before a key is made: is there somebody to have it?"""
    from clearinghouse.people_file import NotEdited

    if _people(str(path), None).get(name) is None:
        raise NotEdited(f"{name} is not in {path}", state="nothing was changed", fix="clearinghouse people add NAME")


def _not_there(path: Path, name: str) -> None:
    from clearinghouse.people_file import NotEdited

    if path.exists() and _people(str(path), None).get(name) is not None:
        raise NotEdited(
            f"{name} is in {path} already", state="nothing was changed", fix=f"clearinghouse people rotate {name}"
        )


def _remarks(people: People) -> list[str]:
    found = [
        f"{person.name} is {' and '.join(person.roles)} and has no key: cannot sign"
        for person in people.people
        if person.may_sign and person.key is None
    ]
    officers = [person for person in people.holders("officer") if person.key is not None]
    if not officers:
        found.append("there is no officer with a key: nobody can anchor this file")
    elif len(officers) == 1:
        found.append(f"{officers[0].name} is the only officer: if that key is lost, nobody can change the registry")
    if not any(person.key is not None and person not in officers for person in people.holders("reviewer")):
        found.append("no reviewer with a key beside the officers: mixes of high risk take two persons")
    return found


def _differences(old: People, new: People) -> str:
    there, wanted = ({one.name: one.facts() for one in people.people} for people in (old, new))
    parts = [f"{name} is new" for name in wanted if name not in there]
    parts += [f"{name} is gone" for name in there if name not in wanted]
    parts += [f"{name} was changed" for name in wanted if name in there and there[name] != wanted[name]]
    return ", ".join(parts)


def _told(path: Path, facts: dict[str, Any], text: str, key: str | None, as_json: bool) -> None:
    if key:
        text += f"; the key is {key}: keep it and its passphrase apart, and out of version control"
    text += "\nnot in force yet: let an officer run clearinghouse people anchor"
    emit({"file": str(path), "key_file": key, "person": facts}, text, as_json=as_json)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
