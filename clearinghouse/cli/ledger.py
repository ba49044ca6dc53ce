"""``clearinghouse ledger``: who decided what, when and why, and whether the chain of it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from clearinghouse.cli.output import JsonOption, StoreOption, emit, table

commands = typer.Typer(help="The ledger: who decided what, when and why.", no_args_is_help=True, rich_markup_mode=None)


@commands.command("show")
def show(
    rows: Annotated[int, typer.Option("-n", "--rows", min=1, help="How many of the newest entries.")] = 20,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the newest entries of the ledger, oldest first."""
    from clearinghouse import catalog
    from clearinghouse.cli.store import _open
    from clearinghouse.cli.store_text import printable
    from infra.store.sequence import newest

    _, opened = _open(store)
    last = newest(opened, catalog.LEDGER)
    after = max(0, last[0] - rows) if last else 0
    entries = [
        catalog.parsed(data, f"{catalog.LEDGER}/{number:08d}.json")
        for number, data in catalog.ledger(opened, after=after)
    ]

    def text() -> str:
        if not entries:
            return "the ledger has no entry yet"
        lines = []
        for entry in entries:
            body = entry.get("body") or {}
            reason = printable(str(body.get("reason", "")))
            who = printable(str(entry.get("actor")))
            signed = "yes" if "signature" in entry else "–"
            what = printable(_what(str(entry.get("kind")), body))
            lines.append((str(entry.get("ordinal")), entry.get("at"), who, signed, entry.get("kind"), what, reason))
        return table(("entry", "at", "who", "signed", "kind", "what", "why"), lines)

    emit(entries, text, as_json=as_json)


@commands.command("verify")
def verify(
    folder: Annotated[
        str | None, typer.Argument(metavar="[FOLDER]", help="A copy of the ledger's entries; else the store's ledger.")
    ] = None,
    head: Annotated[str | None, typer.Option(help="A head that was kept earlier: <ordinal>:<digest>.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check the ledger's chain and signatures, and print its head to be kept elsewhere. Exits with 7 if it is broken.

    A copied folder needs no store: python -m governance.ledger_files FOLDER does the same with less installed.
    """
    from clearinghouse.cli.store import _head
    from governance.ledger_files import check, facts, summary

    wanted = _head(head)
    # Problems are told as they are met: their number has no bound.
    done = check(_entries(folder, store), wanted, None if as_json else lambda problem: print(problem.message))
    emit(facts(done, done.problems), lambda: summary(done), as_json=as_json)
    if done.told:
        raise typer.Exit(7)


@commands.command("prove")
def prove(
    number: Annotated[int, typer.Argument(min=1, help="Number of the entry.")],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Prove that one entry is in the ledger without showing the others: RFC 6962 path from the entry to the root."""
    from clearinghouse import catalog
    from clearinghouse.cli.store import _open
    from clearinghouse.jobs.context import NotFoundByName
    from schemas.merkle import Level

    _, opened = _open(store)
    tree = Level()
    for _, data in catalog.ledger(opened):
        tree.add(data)
    if number > tree.size:
        raise NotFoundByName(f"the ledger ends at entry {tree.size}", fix="clearinghouse ledger show")
    entry = opened.read(f"{catalog.LEDGER}/{number:08d}.json").decode()
    found: dict[str, Any] = {
        "entry": entry,
        "index": number - 1,
        "size": tree.size,
        "path": tree.proof(number - 1),
        "root": tree.root,
    }
    emit(
        found,
        lambda: "\n".join([entry, *(f"  {step}" for step in found["path"]), f"root {found['root']}"]),
        as_json=as_json,
    )


def _entries(folder: str | None, store: str | None) -> Iterator[tuple[int, bytes]]:
    from pathlib import Path

    from clearinghouse import catalog
    from clearinghouse.cli.store import _open
    from governance import ledger_files
    from infra.store.local import LocalStore

    if folder is not None:
        return ledger_files.entries(folder)
    _, opened = _open(store)
    local = Path(opened.root, catalog.LEDGER) if isinstance(opened, LocalStore) else None
    # A folder's own listing holds one bit an entry, the store's a name.
    return ledger_files.entries(local) if local is not None and local.is_dir() else catalog.ledger(opened)


def _what(kind: str, body: Mapping[str, Any]) -> str:
    """What an entry is on, in a few words."""
    if "mix" in body:
        said = f"{body.get('verdict', '')} {body.get('mix', '')}@{body.get('version', '')}".strip(" @")
        if kind == "waiver":
            return f"{said}: {body.get('gate')} until {body.get('until')}"
        return f"{said}: {body['leaks']} leaks in {body['read']} rows" if kind == "audit" and "leaks" in body else said
    if kind == "erasure":
        return f"{body.get('erasure') or body.get('id') or ''} {body.get('step', '')}".strip()
    if kind == "people":
        return f"registry of {len(body.get('registry') or ())}, {str(body.get('digest'))[:16]}"
    if kind == "key-rotation":
        return f"{body.get('for')} key {body.get('from')} to {body.get('to')}"
    return str(body.get("dataset") or body.get("id") or body.get("erasure") or "")


def prove_shard(
    release: Annotated[str, typer.Argument(metavar="MIX@VERSION", help="The release.")],
    key: Annotated[str, typer.Argument(help="A shard or artefact as the manifest names it, or a part of its name.")],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Prove that one file is in a signed release without showing the others: RFC 6962 path from the file to the root.

    The root is part of the manifest that was signed.
    """
    from clearinghouse import catalog
    from clearinghouse.cli.store import _open
    from clearinghouse.jobs.context import NotFoundByName
    from schemas.merkle import Level, file_leaf

    _, opened = _open(store)
    ref = catalog.resolve(opened, release)
    manifest = catalog.manifest_of(opened, ref)
    tree, places = Level(), list[tuple[int, tuple[str, str, int | None]]]()
    for place, file in enumerate(manifest.files()):
        tree.add(file_leaf(*file))
        if key in file[0]:
            places.append((place, file))
    if len(places) != 1:
        raise NotFoundByName(
            f"{len(places)} files of {ref} have {key!r} in their name", fix=f"clearinghouse show {ref} --json"
        )
    place, file = places[0]
    found: dict[str, Any] = {
        "release": str(ref),
        "manifest_digest": manifest.digest,
        "leaf": file_leaf(*file).decode(),
        "index": place,
        "size": tree.size,
        "path": tree.proof(place),
        "root": tree.root,
        "signed_root": manifest.root,
        "ok": tree.root == manifest.root,
    }

    def text() -> str:
        lines = [found["leaf"], *(f"  {step}" for step in found["path"]), f"root {found['root']}"]
        if not manifest.root:
            lines.append("the manifest names no root: it was written before releases had one")
        elif not found["ok"]:
            lines.append(f"the manifest names another root: {manifest.root}")
        return "\n".join(lines)

    emit(found, text, as_json=as_json)
    if not found["ok"]:
        raise typer.Exit(7)


def register(app: typer.Typer) -> None:
    app.add_typer(commands, name="ledger")
    app.command("prove")(prove_shard)
