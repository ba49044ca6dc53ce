"""``clearinghouse gate``: the gates of a release as they stand now, and exceptions to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from clearinghouse.cli.output import JsonOption, StoreOption, emit, table
from clearinghouse.cli.people import PassphraseOption, PeopleOption, SigningKeyOption, open_key, signing_settings

Release = Annotated[str, typer.Argument(metavar="MIX@VERSION", help="Such as pretrain@1.0.0.")]


def ls(release: Release, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """List the gates of a release: those of its manifest, those of signing as the audit has them now, and exceptions."""
    from clearinghouse import catalog
    from clearinghouse.jobs.signing_gates import evaluate
    from clearinghouse.jobs.waivers import applied, waivers
    from clearinghouse.settings import Settings
    from infra.store import open_store

    settings = Settings.from_env(store=store)
    opened = open_store(settings.store)
    ref = catalog.resolve(opened, release)
    manifest = catalog.manifest_of(opened, ref)
    rows = [{**row, "when": "build"} for row in applied(opened, manifest, manifest.gates)]
    rows += [{**row, "when": "sign"} for row in evaluate(settings, opened, manifest)]
    found = {"release": str(ref), "gates": rows, "waivers": waivers(opened, manifest)}
    emit(found, lambda: _text(found), as_json=as_json)


def _text(found: Mapping[str, Any]) -> str:
    rows = [
        (
            gate["name"],
            "let through" if gate.get("waived") else "passed" if gate["passed"] is True else "FAILED",
            gate["value"],
            f"{gate['comparison']} {gate['threshold']}",
            gate["when"],
            gate["citation"],
            gate["verified_by"],
        )
        for gate in found["gates"]
    ]
    lines = [table(("gate", "", "value", "must be", "at", "after", "verified"), rows, found["release"])]
    for one in found["waivers"]:
        state = "until" if one["valid"] else "ran out on"
        lines.append(f"exception: {one['gate']}, {one['owner']}, {state} {one['until']}: {one['reason']}")
    return "\n".join(lines)


def waive(
    release: Release,
    gate: Annotated[str, typer.Argument(help="The gate's name.")],
    owner: Annotated[str, typer.Option("--owner", help="Who answers for it.")],
    reason: Annotated[str, typer.Option("--reason", help="Why. Goes into the ledger.")],
    until: Annotated[str, typer.Option("--until", help="The last day, such as 2026-12-31 (UTC).")],
    signing_key: SigningKeyOption = None,
    passphrase: PassphraseOption = None,
    people: PeopleOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a gate through that is not passed, for a time. Recorded in the ledger and shown wherever the gate is."""
    from clearinghouse.jobs.waivers import WAIVER
    from clearinghouse.jobs.waivers import waive as job

    settings = signing_settings(store, people, signing_key, passphrase, actor=owner)
    signer = open_key(settings, WAIVER, owner)
    found = job(settings, release, gate, owner=owner, reason=reason, until=until, signer=signer)
    emit(
        found,
        f"{gate} of {found['release']} let through until {until}, ledger entry {found['ledger']}",
        as_json=as_json,
    )


def register(app: typer.Typer) -> None:
    commands = typer.Typer(
        no_args_is_help=True, rich_markup_mode=None, help="Gates of a release and exceptions to them: ls, waive."
    )
    for command in (ls, waive):
        commands.command()(command)
    app.add_typer(commands, name="gate")
