"""``clearinghouse key``: the keys of pseudonyms and of sealed values."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from clearinghouse.cli.output import JsonOption, KeyOption, StoreOption, emit
from clearinghouse.cli.people import PassphraseOption, PeopleOption, SigningKeyOption, ask_passphrase

commands = typer.Typer(
    no_args_is_help=True, help="Keys of pseudonyms and sealed values: create, rotate, show the fingerprint."
)
ForOption = Annotated[
    Literal["pseudonym", "sealing"],
    typer.Option("--for", help="pseudonym: who is who. sealing: what the action encrypt is undone with."),
]
CreateForOption = Annotated[
    Literal["pseudonym", "sealing"] | None,
    typer.Option("--for", help="pseudonym (if left out): who is who. sealing: what the action encrypt is undone with."),
]
KmsOption = Annotated[
    str | None, typer.Option("--kms", help="ARN of a key of AWS KMS: the file then holds the new key wrapped by it.")
]


@commands.command("create")
def create(
    path: Annotated[str | None, typer.Argument(help="File to write; it must not exist.")] = None,
    purpose: CreateForOption = None,
    kms: KmsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a new key. Keep it out of the store and out of version control."""
    from clearinghouse import keys
    from infra import secrets

    if purpose is None:
        # A file that has the name of the sealing key's own is meant for one.
        sealing = path is not None and Path(path).name == Path(keys.PLACES["sealing"].file).name
        purpose = "sealing" if sealing else "pseudonym"
    place = keys.PLACES[purpose]
    # Where runs would look for it, if somebody has said so, else where they look by themselves.
    said = os.environ.get(place.file_variable)
    path = path or (said if said and not secrets.is_reference(said) else place.file)
    key, variable, value = keys.create(path, place, kms=kms)
    text = f"wrote {path} ({place.name} {key.id}); export {variable}={value}"
    found = {"path": path, "key": key.id, "for": purpose, "variable": variable, "value": value}
    emit(found, text, as_json=as_json)


@commands.command("id")
def identity(key_file: KeyOption = None, purpose: ForOption = "pseudonym", as_json: JsonOption = False) -> None:
    """Show the fingerprint of the key in use, as manifests name it."""
    from clearinghouse import keys

    key = keys.load_key(key_file if purpose == "pseudonym" else None, keys.PLACES[purpose])
    emit({"key": key.id, "for": purpose}, key.id, as_json=as_json)


@commands.command("rotate")
def rotate(
    path: Annotated[str, typer.Argument(help="File for the new key; it must not exist.")],
    reason: Annotated[str, typer.Option("--reason", help="Why. Goes into the ledger.")],
    purpose: ForOption = "pseudonym",
    kms: KmsOption = None,
    key_file: KeyOption = None,
    actor: Annotated[str | None, typer.Option("--actor", help="Who rotates it.", envvar="CLEARINGHOUSE_ACTOR")] = None,
    signing_key: SigningKeyOption = None,
    passphrase: PassphraseOption = None,
    people: PeopleOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a new key in the place of the one in use, and say so in the ledger, by fingerprints alone.

    New snapshots do not link with old ones: the same person gets another pseudonym. Releases that are there stay as they
    are. Keep the old key while an erasure may have to find people in what was made with it.
    """
    from clearinghouse.jobs.keys import rotate as make
    from clearinghouse.settings import Settings

    settings = Settings.from_env(
        store=store,
        key_file=key_file,
        actor=actor,
        people=people,
        signing_key=signing_key,
        signing_passphrase=passphrase,
    )
    done = make(settings, purpose, path, reason, kms=kms, ask=ask_passphrase)

    def text() -> str:
        return (
            f"wrote {path} ({done['for']} key {done['to']}, before it {done['from']}), ledger entry {done['ledger']}\n"
            f"from the next ingest on: export {done['variable']}={done['value']}\n{done['effect']}"
        )

    if not done["signed"]:
        print("note: the store is not governed; the name in the ledger is taken on trust", file=sys.stderr)
    emit(done, text, as_json=as_json)


def register(app: typer.Typer) -> None:
    app.add_typer(commands, name="key")
