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


_STATUS = {
    "first": "the first, nothing to compare with",
    "ok": "nothing beyond the contract's limits",
    "warn": "remarks",
    "held": "held back, no release takes it",
}


def _text(found: dict[str, Any], *, every: bool) -> str:
    lines = [f"{found['dataset']}, snapshot {found['snapshot']}: {_STATUS.get(found['status'], found['status'])}"]
    if found["accepted"]:
        one = found["accepted"]
        lines.append(f"accepted by {one['reviewer']} on {one['at']}: {one['reason']}")
    base = sorted(found["baseline"])
    if base:
        several = "the mean of snapshots " if len(base) > 1 else "snapshot "
        lines.append(f"compared with {several}{', '.join(map(str, base))}")
    elif found["status"] != "first":
        lines.append("no snapshot to compare with")
    rows = [
        (one["where"] or "all", one["measure"], one["what"], one["before"], one["now"], one["change"], _level(one))
        for one in found["measures"]
        if every or one["level"]
    ]
    if rows:
        lines += ["", table(("where", "measure", "of", "before", "now", "change", "level"), rows)]
    hidden = len(found["measures"]) - len(rows)
    if hidden:
        measures = "1 measure" if hidden == 1 else f"{hidden:,} measures"
        lines.append(f"{measures} within the limits of the contract (--all shows them)")
    if found["status"] == "held":
        lines.append(
            f"if the change is meant: clearinghouse drift accept {found['dataset']} --reviewer NAME --reason TEXT"
        )
    return "\n".join(lines)


def _level(one: dict[str, str]) -> str:
    return f"{one['level']} from {one['threshold']}" if one["level"] else ""


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
