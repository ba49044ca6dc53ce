"""``clearinghouse store``: whether a store's zones are set up as they should be, and setting them up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clearinghouse.cli.output import JsonOption, StoreOption, emit, table

if TYPE_CHECKING:
    from infra.provision import Finding

commands = typer.Typer(
    help="The store's zones: versioning, encryption, locks, expiry, who may do what.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
ZonesOption = Annotated[
    str | None, typer.Option("--zones", help="Zones file; the bundled one if left out.", envvar="CLEARINGHOUSE_ZONES")
]


@commands.command("check")
def check(zones: ZonesOption = None, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Say for each zone what is as it should be, what is not, and what cannot be known. Exits with 7 if any is not."""
    from clearinghouse.settings import Settings
    from infra import provision as zoned
    from infra.store import open_store
    from schemas.zones import load_zones

    wanted = load_zones(zones)
    opened = open_store(Settings.from_env(store=store).store)
    found = zoned.check(opened, wanted)
    emit(_facts(opened.uri, found, []), lambda: _text(found), as_json=as_json)
    if any(one.state == "wrong" for one in found):
        raise typer.Exit(7)


@commands.command("provision")
def provision(
    zones: ZonesOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Set the zones up: make what is missing and mend what is not as it should be. Running it again changes nothing.

    Statements and rules of others in the same bucket are left alone.
    """
    from clearinghouse.settings import Settings
    from infra import provision as zoned
    from infra.store import open_store
    from schemas.zones import load_zones

    wanted = load_zones(zones)
    opened = open_store(Settings.from_env(store=store).store)
    done, found = zoned.provision(opened, wanted, dry_run=dry_run)

    def text() -> str:
        head = "would do:" if dry_run else "done:"
        lines = [head, *(f"  {one}" for one in done)] if done else ["nothing to do"]
        return "\n".join(lines) if dry_run else "\n".join([*lines, "", _text(found)])

    emit({**_facts(opened.uri, found, done), "dry_run": dry_run}, text, as_json=as_json)
    if not dry_run and any(one.state == "wrong" for one in found):
        raise typer.Exit(7)


def register(app: typer.Typer) -> None:
    app.add_typer(commands, name="store")


def _facts(uri: str, found: Sequence[Finding], done: Sequence[str]) -> dict[str, Any]:
    ok = not any(one.state == "wrong" for one in found)
    return {"ok": ok, "store": uri, "done": list(done), "findings": [one.as_dict() for one in found]}


def _text(found: Sequence[Finding]) -> str:
    rows = [(one.zone, one.what, one.state.upper() if one.state == "wrong" else one.state, one.found) for one in found]
    wrong = [one for one in found if one.state == "wrong"]
    lines = [table(("zone", "", "is", "found"), rows)]
    lines += [f"{one.zone}: {one.what} should be: {one.wanted}" for one in wrong]
    if any(one.mends for one in wrong):
        lines.append("mend it: clearinghouse store provision (first with --dry-run)")
    return "\n".join(lines)
