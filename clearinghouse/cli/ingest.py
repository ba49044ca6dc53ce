"""``clearinghouse ingest`` and ``clearinghouse key``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

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


def ingest(
    contract: Annotated[str, typer.Argument(help="A contract file, or a key such as commerce.orders.")],
    partition: Annotated[str | None, typer.Option(help="Only this partition.")] = None,
    store: StoreOption = None,
    contracts: ContractsOption = None,
    policy: PolicyOption = None,
    key_file: KeyOption = None,
    workers: WorkersOption = None,
    executor: Annotated[
        str | None, typer.Option(help="inline, processes or ray.", envvar="CLEARINGHOUSE_EXECUTOR")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Pull a data set under its contract: check, scrub, write a snapshot. Finished work is not done again."""
    from clearinghouse.jobs.ingest import ingest as job
    from clearinghouse.settings import Settings

    settings = Settings.from_env(
        store=store,
        contracts=contracts,
        policy=policy,
        key_file=key_file,
        workers=workers,
        executor=executor,
    )
    result = job(settings, contract, partition)
    emit(result, lambda: _text(result, settings.store), as_json=as_json)


def _text(result: dict[str, Any], store: str) -> str:
    counts = result["counts"]
    rows = [
        ("rows in", counts["rows_in"]),
        ("kept", counts["kept"]),
        *((f"filtered: {reason}", number) for reason, number in sorted(counts["filtered"].items())),
        *((f"quarantined: {reason}", number) for reason, number in sorted(counts["quarantined"].items())),
        ("duplicates of committed rows", counts["duplicates"]),
        ("values redacted", result["redacted"]),
    ]
    checked = result["quality"]
    state = "nothing new" if result["no_op"] else f"snapshot {result['snapshot']}"
    lines = [
        table(("", "this run"), rows, f"{result['contract']}"),
        "",
        f"{state}, digest {result['digest'][:16]}; units of work {result['units']}, run now {result['units_run']}",
        f"quality: {checked['checks']} checks, {checked['broken']} broken; {store}/{checked['key']}",
    ]
    lines += drift_lines(result)
    if result["drift"]:
        lines.append("the source differs from the contract:")
        for column, found in result["drift_inputs"].items():
            more = " …" if found["of"] > len(found["first"]) else ""
            lines.append(
                f"  {column} in {found['of']:,} file{'s' * (found['of'] != 1)}: {', '.join(found['first'])}{more}"
            )
    if result["stale"]:
        lines.append(
            f"partitions still under an older contract, policy or code, and not in the source now: "
            f"{len(result['stale'])} ({', '.join(result['stale'][:5])})"
        )
    return "\n".join(lines)


def drift_lines(result: Mapping[str, Any]) -> list[str]:
    """What a run tells of its snapshot beside the last ones."""
    remarks, key = result["drift_remarks"], result["contract"]
    match result["drift_status"]:
        case "first":
            return ["drift: the first snapshot, nothing to compare with"]
        case "ok":
            return ["drift: none beyond the contract's limits"]
        case "held":
            return [
                "drift: HELD BACK, no release takes this snapshot before it is accepted",
                *(f"  {one}" for one in remarks),
                f"  fix: clearinghouse drift accept {key} --reviewer NAME --reason TEXT, or mend the source",
            ]
        case status:
            return [f"drift: {'accepted' if status == 'accepted' else 'remarks'}", *(f"  {one}" for one in remarks)]


def register(app: typer.Typer) -> None:
    app.command("ingest")(ingest)
