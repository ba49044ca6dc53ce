"""``clearinghouse quarantine``: what was rejected, reading it again after a fix, and removing what has expired."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from clearinghouse.cli.ingest import drift_lines
from clearinghouse.cli.output import (
    ContractsOption,
    JsonOption,
    KeyOption,
    PolicyOption,
    StoreOption,
    WorkersOption,
    emit,
    table,
)

PartitionOption = Annotated[str | None, typer.Option(help="Only this partition.")]
UncommittedOption = Annotated[
    bool, typer.Option("--uncommitted", help="Of the run that its checks held back, not of the newest snapshot.")
]
ReasonOption = Annotated[str | None, typer.Option(help="Only this reason, such as type:amount.")]


def ls(
    dataset: Annotated[str | None, typer.Argument(metavar="[DATASET]", help="Only this data set.")] = None,
    uncommitted: UncommittedOption = False,
    store: StoreOption = None,
    contracts: ContractsOption = None,
    policy: PolicyOption = None,
    as_json: JsonOption = False,
) -> None:
    """List rejects of the newest snapshots: how many, why, how old, and how long they are kept."""
    from datetime import UTC, datetime

    from clearinghouse.quarantine import listing
    from clearinghouse.settings import Settings
    from infra.store import open_store

    settings = Settings.from_env(store=store, contracts=contracts, policy=policy)
    if uncommitted and dataset is None:
        raise typer.BadParameter("name the data set", param_hint="--uncommitted")
    opened = open_store(settings.store)
    opened.check()
    found = listing(settings, opened, datetime.now(UTC), dataset, pending=uncommitted)
    emit({"store": settings.store, "datasets": found}, lambda: _list_text(found, detail=dataset), as_json=as_json)


def _list_text(found: list[dict[str, Any]], *, detail: str | None) -> str:
    rows = [
        (
            one["dataset"],
            "not committed" if one["snapshot"] is None else one["snapshot"],
            one["rows"],
            one["rows_in"],
            len(one["partitions"]),
            ", ".join(f"{name} {count:,}" for name, count in _most(one["reasons"])),
            one["oldest"] or "purged",
            one["retention"],
            None if one["left"] is None else one["left"],
        )
        for one in found
        if one["rows"]
    ]
    if not rows:
        if any(one["snapshot"] is None for one in found):
            return f"no rejects in the run of {detail} that was not committed"
        return f"no rejects in {detail or 'any newest snapshot'}"
    heads = ("data set", "snapshot", "rejects", "of rows", "partitions", "reasons", "oldest", "kept", "days left")
    parts = [table(heads, rows)]
    if detail:
        lines = [
            (partition, reason, count)
            for one in found
            for partition, reasons in one["partitions"].items()
            for reason, count in reasons.items()
        ]
        parts.append(table(("partition", "reason", "rejects"), lines))
        if found[0]["snapshot"] is None:
            after = f"clearinghouse quarantine show {detail} --uncommitted; after a fix: clearinghouse ingest {detail}"
        else:
            after = f"clearinghouse quarantine show {detail}; after a fix: clearinghouse quarantine replay {detail}"
        parts.append(after)
    return "\n\n".join(parts)


def _most(reasons: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(reasons.items(), key=lambda item: (-item[1], item[0]))[:4]


def show(
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="Such as commerce.orders.")],
    partition: PartitionOption = None,
    reason: ReasonOption = None,
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, help="How many.")] = 20,
    uncommitted: UncommittedOption = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show where rejects stand at the source, why they were refused, and their shape (never a value)."""
    from clearinghouse.quarantine import rejects
    from clearinghouse.settings import Settings
    from infra.store import open_store

    opened = open_store(Settings.from_env(store=store).store)
    opened.check()
    found = rejects(opened, dataset, partition, reason, limit, pending=uncommitted)

    def text() -> str:
        rows = [
            (one["file"], _position(one), ", ".join([one["reason"], *one["also"]]), one["field"], one["sample"])
            for one in found["rejects"]
        ]
        shown = (
            table(("file", "line or record", "reason", "field", "shape"), rows) if rows else "no file of them is left"
        )
        held = ", of a run that was not committed" if uncommitted else ""
        tail = f"{len(rows):,} of {found['of']:,} rejects of {dataset}{held}"
        if found["purged"]:
            tail += f"; {found['purged']:,} were purged when their time was up, only their number is kept"
        return f"{shown}\n{tail}"

    emit(found, text, as_json=as_json)


def _position(one: dict[str, Any]) -> str:
    return str(one["position"]) if one["start"] is None else f"{one['position']} from {one['start']:,} on"


def replay(
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="A key such as commerce.orders, or a contract.")],
    partition: PartitionOption = None,
    reason: ReasonOption = None,
    store: StoreOption = None,
    contracts: ContractsOption = None,
    policy: PolicyOption = None,
    key_file: KeyOption = None,
    workers: WorkersOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read again what holds rejects, after the contract, the source or the program was mended."""
    from clearinghouse.jobs.replay import replay as job
    from clearinghouse.settings import Settings

    settings = Settings.from_env(store=store, contracts=contracts, policy=policy, key_file=key_file, workers=workers)
    found = job(settings, dataset, partition, reason)
    emit(found, lambda: _replay_text(found), as_json=as_json)


def _replay_text(found: dict[str, Any]) -> str:
    before, after = found["before"], found["after"]
    reasons = sorted({*before["quarantined"], *after["quarantined"]})
    rows = [
        ("rows in", before["rows_in"], after["rows_in"]),
        ("kept", before["kept"], after["kept"]),
        *((f"rejected: {one}", before["quarantined"].get(one, 0), after["quarantined"].get(one, 0)) for one in reasons),
    ]
    lines = []
    if found["no_op"] and found["why"]:
        lines.append(f"nothing was replayed: {found['why']}")
    else:
        lines += [table(("", "before", "now"), rows, f"{found['contract']}"), ""]
        state = "nothing new" if found["no_op"] else f"snapshot {found['snapshot']}"
        lines.append(
            f"{state}, digest {found['digest'][:16]}; units of work {found['units']}, run now {found['units_run']}"
        )
        lines += [found["why"]] if found["why"] else []
        lines += drift_lines(found)
    lines += [f"not read again, its rejects stay: {one['partition']}: {one['said']}" for one in found["gone"]]
    if found["stale"]:
        lines.append(
            f"partitions still under an older contract, policy or program, which releases leave out: "
            f"{len(found['stale'])}; clearinghouse ingest {found['contract']} scrubs them again"
        )
    return "\n".join(lines)


def purge(
    dataset: Annotated[str | None, typer.Argument(metavar="[DATASET]", help="Only this data set.")] = None,
    older_than: Annotated[
        str | None, typer.Option(help="ISO 8601 duration such as P90D, in place of what contracts say.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would go, and remove nothing.")] = False,
    store: StoreOption = None,
    contracts: ContractsOption = None,
    policy: PolicyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove rejects that are older than their contract keeps them. Their counts stay; the ledger names the files."""
    from datetime import UTC, datetime

    from clearinghouse.quarantine import purge as job
    from clearinghouse.settings import Settings
    from infra.store import open_store
    from schemas.names import DURATION

    if older_than is not None and not DURATION.fullmatch(older_than):
        raise typer.BadParameter(f"{older_than!r} is not an ISO 8601 duration such as P90D", param_hint="--older-than")
    settings = Settings.from_env(store=store, contracts=contracts, policy=policy)
    opened = open_store(settings.store)
    opened.check()
    now = datetime.now(UTC)
    found = job(settings, opened, now, dataset=dataset, older_than=older_than, dry_run=dry_run)

    def text() -> str:
        rows = [(one["dataset"], one["files"], one["bytes"], one["after"]) for one in found["removed"]]
        lines = [table(("data set", "files", "bytes", "kept for"), rows) if rows else "nothing has expired"]
        if rows:
            lines.append("nothing was removed: --dry-run" if dry_run else "removed, and recorded in the ledger")
        if found["no_contract"]:
            lines.append(
                f"kept, because no contract says how long: {', '.join(found['no_contract'])} (or give --older-than)"
            )
        return "\n".join(lines)

    emit(found, text, as_json=as_json)


def register(app: typer.Typer) -> None:
    commands = typer.Typer(
        no_args_is_help=True, rich_markup_mode=None, help="Rows that were rejected: list, show, replay, purge."
    )
    for command in (ls, show, replay, purge):
        commands.command()(command)
    app.add_typer(commands, name="quarantine")
