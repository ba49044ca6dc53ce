"""``clearinghouse drift``: how a snapshot compares with the last ones, and accepting one that is held back."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from clearinghouse.cli.output import ContractsOption, JsonOption, PolicyOption, StoreOption, emit, table
from clearinghouse.cli.people import PassphraseOption, PeopleOption, SigningKeyOption, ask_passphrase, signing_settings


def show(
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="unit.name, or unit.name@3.")],
    every: Annotated[bool, typer.Option("--all", help="Also what is within the contract's limits.")] = False,
    store: StoreOption = None,
    contracts: ContractsOption = None,
    policy: PolicyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a snapshot beside those before it: volume, nulls, lengths, values, languages, redactions."""
    from clearinghouse.jobs.drift import comparison
    from clearinghouse.settings import Settings

    found = comparison(Settings.from_env(store=store, contracts=contracts, policy=policy), dataset)
    emit(found, lambda: _text(found, every=every), as_json=as_json)


def _text(found: dict[str, Any], *, every: bool) -> str:
    lines = [f"{found['dataset']}, snapshot {found['snapshot']}: {found['status']}"]
    if found["accepted"]:
        one = found["accepted"]
        lines.append(f"accepted by {one['reviewer']} on {one['at']}: {one['reason']}")
    against = ", ".join(map(str, sorted(found["baseline"])))
    lines.append(f"compared with the mean of snapshots {against}" if against else "no snapshot to compare with")
    rows = [
        (one["where"] or "all", one["measure"], one["what"], one["before"], one["now"], one["change"], one["level"])
        for one in found["measures"]
        if every or one["level"]
    ]
    if rows:
        lines += ["", table(("where", "measure", "of", "before", "now", "change", "level"), rows)]
    hidden = len(found["measures"]) - len(rows)
    if hidden:
        lines.append(f"{hidden:,} measures within the limits of the contract (--all shows them)")
    return "\n".join(lines)


def accept(
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="Such as commerce.orders.")],
    reviewer: Annotated[str, typer.Option("--reviewer", help="Who accepts it.")],
    reason: Annotated[str, typer.Option("--reason", help="Why. Goes into the ledger.")],
    content: Annotated[
        str | None, typer.Option("--digest", help="Of a snapshot that was refused, as the refusal named it.")
    ] = None,
    signing_key: SigningKeyOption = None,
    passphrase: PassphraseOption = None,
    people: PeopleOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Accept the newest snapshot, which is held back, or one that was refused: then ingest again."""
    from clearinghouse.jobs.drift import accept as job

    settings = signing_settings(store, people, signing_key, passphrase, actor=reviewer)
    found = job(settings, dataset, reviewer, reason, content, ask=ask_passphrase)
    text = f"accepted {dataset} {found['digest'][:16]}; ledger entry {found['ledger']}"
    emit(found, text if content is None else f"{text}\nnext: clearinghouse ingest {dataset}", as_json=as_json)


def register(app: typer.Typer) -> None:
    commands = typer.Typer(
        no_args_is_help=True, rich_markup_mode=None, help="Snapshots beside the last ones: show, accept."
    )
    for command in (show, accept):
        commands.command()(command)
    app.add_typer(commands, name="drift")
