"""``clearinghouse release``: build the next release of a mix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from clearinghouse.cli.output import (
    ContractsOption,
    JsonOption,
    MixesOption,
    PolicyOption,
    StoreOption,
    WorkersOption,
    emit,
    table,
)


def release(
    mix: Annotated[str, typer.Argument(help="A mix by name, or its file.")],
    store: StoreOption = None,
    mixes: MixesOption = None,
    contracts: ContractsOption = None,
    policy: PolicyOption = None,
    workers: WorkersOption = None,
    executor: Annotated[
        str | None, typer.Option(help="inline, processes or ray.", envvar="CLEARINGHOUSE_EXECUTOR")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Build the next release of a mix from the newest snapshots. It stays unsigned until a reviewer approves it."""
    from clearinghouse.jobs.release import build
    from clearinghouse.settings import Settings

    settings = Settings.from_env(
        store=store, mixes=mixes, contracts=contracts, policy=policy, workers=workers, executor=executor
    )
    result = build(settings, mix)
    emit(result, lambda: _text(result, settings.store), as_json=as_json)


def _text(result: Mapping[str, Any], store: str) -> str:
    name = f"{result['mix']}@{result['version']}"
    sources = result["sources"]
    wanted = sum(source["tokens_wanted"] for source in sources)
    reasons = sorted({reason for source in sources for reason in source["filtered"] if reason != "not_sampled"})
    left_out = sorted({reason for source in sources for reason in source["rows_left_out"]})
    near = sum(source["near_duplicates"] for source in sources)
    rows = [
        (
            source["dataset"],
            source["documents"],
            source["duplicates"] - source["near_duplicates"],
            *([source["near_duplicates"]] if near else []),
            *(source["filtered"].get(reason, 0) for reason in reasons),
            source["filtered"].get("not_sampled", 0),
            source["taken"],
            source["tokens"],
            _percent(source["tokens_wanted"], wanted),
            _percent(source["tokens"], result["tokens"]),
        )
        for source in sources
    ]
    headers = (
        "source",
        "documents",
        "duplicates",
        *(["near duplicates"] if near else []),
        *(reason.replace("_", " ") for reason in reasons),
        "not sampled",
        "taken",
        "tokens",
        "share wanted",
        "share got",
    )
    limits = result["limited_by"]
    failed = [gate for gate in result["gates"] if gate["passed"] is not True]
    lines = [
        table(headers, rows, f"{name}{' (nothing new: it is the newest release already)' if result['no_op'] else ''}"),
        "",
        *(
            f"rows that went into no document, {reason.replace('_', ' ')}: "
            + ", ".join(
                f"{source['dataset']} {source['rows_left_out'][reason]:,}"
                for source in sources
                if source["rows_left_out"].get(reason)
            )
            for reason in left_out
        ),
        f"{result['rows']:,} rows, {result['tokens']:,} tokens, {result['shards']:,} "
        f"shard{'' if result['shards'] == 1 else 's'}"
        + (f", {result['shards_reused']:,} of them in the pool already" if result["shards_reused"] else "")
        + f"; digest {result['digest'][:16]}",
        *(
            [f"limited by {' and '.join(limits)}: for more, lower the weight, raise its epochs or ingest more"]
            if limits
            else []
        ),
        *([f"which documents went for which: {store.rstrip('/')}/{result['clusters']}"] if near else []),
        f"report: {store.rstrip('/')}/{result['report']}",
        *(
            f"gate not passed: {gate['name']} is {gate['value']}, not {gate['comparison']} {gate['threshold']} "
            f"({gate['detail']})"
            for gate in failed
        ),
    ]
    if failed:
        lines.append(f"{len(failed)} of {len(result['gates'])} gates not passed: it cannot be approved as it is")
        lines.append(f"mend what they name and release again; exceptions: clearinghouse gate waive {name} GATE …")
    elif result["no_op"]:
        lines.append(f"all {len(result['gates'])} gates passed; whether it is signed: clearinghouse ls")
    else:
        lines.append(f"all {len(result['gates'])} gates passed; read the report, then:")
        if later := result["signing_gates"]:
            lines.append(f"  clearinghouse audit draw {name}   ({len(later)} gates more are measured on its audit)")
        lines.append(f"  clearinghouse approve {name} --reviewer NAME --reason TEXT")
    return "\n".join(lines)


def _percent(part: int, whole: int) -> str:
    from governance.report.format import share

    return share(part, whole)


def register(app: typer.Typer) -> None:
    app.command("release")(release)
