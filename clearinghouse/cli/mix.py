"""``clearinghouse mix``: what a release would be before it is made, which mixes there are, and whether they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def plan(
    mix: Annotated[str, typer.Argument(help="A mix by name, or its file.")],
    store: StoreOption = None,
    mixes: MixesOption = None,
    contracts: ContractsOption = None,
    policy: PolicyOption = None,
    workers: WorkersOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what a release of a mix would hold: what there is, what each filter costs, shares, stages and repeats.

    Writes nothing but the index that releases use too. Exits with 6 where the mix cannot be met.
    """
    from clearinghouse.jobs.mix_plan import plan as job
    from clearinghouse.settings import Settings
    from schemas.errors import ReleaseRefused

    settings = Settings.from_env(store=store, mixes=mixes, contracts=contracts, policy=policy, workers=workers)
    found = job(settings, mix)
    emit(found, lambda: _text(found), as_json=as_json)
    if found["refused"] is not None:
        if as_json:
            raise typer.Exit(ReleaseRefused.exit_code)
        raise ReleaseRefused(found["refused"]["message"], state="nothing was written", fix=found["refused"]["fix"])


def _text(found: Mapping[str, Any]) -> str:
    lines = [
        f"{found['mix']} {found['version']}: {found['purpose']} as {found['format']}, "
        f"tokens by {found['tokenizer']['name']}; nothing is written but the index",
        "",
        *_datasets(found["datasets"]),
        "",
        *_sources(found),
    ]
    if found["stages"] and len(found["stages"]) > 1:
        rows = [(one["split"], one["name"], one["rows"], one["tokens"]) for one in found["stages"]]
        lines += ["", table(("split", "stage", "rows", "tokens"), rows)]
    totals = found["totals"]
    if totals is not None:
        lines += ["", f"{totals['rows']:,} rows, {totals['tokens']:,} tokens"]
        if totals["validation_rows"]:
            lines[-1] += f": {totals['train_tokens']:,} to train on, {totals['validation_tokens']:,} to validate with"
        if found["limited_by"]:
            limits = " and ".join(found["limited_by"])
            lines.append(f"limited by {limits}: for more, lower the weight, raise its epochs or ingest more")
        if found["same_as"]:
            lines.append(f"{found['same_as']} is made of the very same: a release would change nothing")
        else:
            lines.append(f"next: clearinghouse release {found['mix']}")
    return "\n".join(lines)


def _datasets(datasets: Sequence[Mapping[str, Any]]) -> list[str]:
    """What each filter costs, in documents and in tokens."""
    from governance.report.format import share

    reasons = list(dict.fromkeys(_kind(cost) for one in datasets for cost in one["lost"] if cost["documents"]))
    heads = ("data set", "documents", *(reason.replace("_", " ") for reason in reasons), "left", "tokens left", "of")
    rows = []
    for one in datasets:
        lost: dict[str, int] = {}
        for part in one["lost"]:
            lost[_kind(part)] = lost.get(_kind(part), 0) + part["documents"]
        name = f"{one['dataset']}/{one['view']}" if one["view"] else one["dataset"]
        rows.append(
            (
                name,
                one["documents"],
                *(-lost[reason] if lost.get(reason) else 0 for reason in reasons),
                one["documents_left"],
                one["tokens_left"],
                share(one["tokens_left"], one["tokens"]),
            )
        )
    lines = [table(heads, rows, "what filters leave, in documents (and tokens):")]
    cost: dict[str, int] = {}
    for one in datasets:
        for part in one["lost"]:
            cost[_kind(part)] = cost.get(_kind(part), 0) + part["tokens"]
    every = sum(one["tokens"] for one in datasets)
    told = [f"{name.replace('_', ' ')} {tokens:,} ({share(tokens, every)})" for name, tokens in cost.items() if tokens]
    if told:
        lines.append(f"in tokens: {', '.join(told)} of {every:,}")
    return lines


def _kind(cost: Mapping[str, Any]) -> str:
    """Limits of quality are one column; the JSON has each."""
    return str(cost["reason"]).partition(".")[0]


def _sources(found: Mapping[str, Any]) -> list[str]:
    split = any(one["held_out"] for one in found["sources"])
    staged = [one["name"] for one in found["stages"] if one["split"] == "train"]
    staged = staged if len(staged) > 1 else []
    heads = [
        "source",
        "available",
        *(["held out"] if split else []),
        "epochs",
        "wanted",
        "taken",
        "times",
        "share wanted",
        "share got",
        *staged,
        *(["validation"] if split else []),
    ]
    rows = []
    for one in found["sources"]:
        taken = one["tokens"] is not None
        rows.append(
            (
                one["source"],
                one["available"],
                *([one["held_out"]] if split else []),
                one["epochs"],
                one["wanted"],
                one["tokens"],
                _times(one["repeats"]) if taken else None,
                _percent(one["share_wanted"]) if taken else None,
                _percent(one["share"]) if taken else None,
                *(one["stages"][place]["tokens"] for place in range(len(staged))),
                *([one["validation"]["tokens"] if taken else None] if split else []),
            )
        )
    return [table(heads, rows, "what sources give, in tokens:")]


def _percent(value: str | None) -> str | None:
    from fractions import Fraction

    return None if value is None else f"{float(Fraction(value) * 100):.1f} %"


def _times(value: str | None) -> str | None:
    return None if value is None else f"{float(value):.2f}"


def ls(mixes: MixesOption = None, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """List the mixes of a folder, and the newest release of each in the store."""
    from pathlib import Path

    from clearinghouse import catalog
    from clearinghouse.settings import Settings
    from infra.store import open_store
    from schemas.mix_loader import check_mixes

    settings = Settings.from_env(mixes=mixes, store=store)
    loaded = check_mixes([settings.mixes] if Path(settings.mixes).is_dir() else [])
    there = open_store(settings.store)
    rows: list[dict[str, Any]] = []
    for name, mix in loaded.mixes.items():
        versions = catalog.versions(there, name)
        rows.append(
            {
                "mix": name,
                "version": mix.version,
                "purpose": mix.purpose,
                "format": mix.format,
                "budget": mix.budget,
                "sources": [source.name for source in mix.sources],
                "stages": [stage.name for stage in mix.stages],
                "validation": f"{mix.split.validation:f}" if mix.split else None,
                "newest": versions[-1] if versions else None,
                "latest": catalog.latest_version(there, name),
                "description": mix.description,
                "file": mix.file,
            }
        )
    broken = sorted({problem.file for problem in loaded.problems})
    heads = ("mix", "version", "purpose", "format", "budget", "sources", "stages", "validation", "newest", "signed")
    cells = [
        (
            *(one[key] for key in ("mix", "version", "purpose", "format", "budget")),
            len(one["sources"]),
            len(one["stages"]) or None,
            *(one[key] for key in ("validation", "newest", "latest")),
        )
        for one in rows
    ]
    said = [table(heads, cells)] if rows else [f"no mixes in {settings.mixes}"]
    said += [f"{file} does not load: clearinghouse mix check" for file in broken]
    emit({"mixes": rows, "broken": broken}, "\n".join(said), as_json=as_json)


def check(
    names: Annotated[list[str] | None, typer.Argument(help="Mixes by name or file; all of the folder if none.")] = None,
    mixes: MixesOption = None,
    contracts: ContractsOption = None,
    policy: PolicyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Load mixes and hold them against contracts and policy; tell every problem. Exits with 2 if there is one."""
    from pathlib import Path

    from clearinghouse.jobs.release_select import mix_file
    from clearinghouse.settings import Settings
    from schemas.contract_loader import check_contracts
    from schemas.errors import ProblemsError
    from schemas.mix_loader import check_mixes
    from schemas.policy_loader import load_policy

    settings = Settings.from_env(mixes=mixes, contracts=contracts, policy=policy)
    rules = load_policy(settings.policy)
    loaded = check_contracts([settings.contracts], policy=rules)
    paths = [mix_file(settings, name) for name in names or []] or [Path(settings.mixes)]
    found = check_mixes(paths, loaded.contracts, broken=loaded.broken, policy=rules)
    value = {
        "ok": not found.problems,
        "files": [str(path) for path in found.files],
        "mixes": {
            name: {source.name: list(source.datasets) for source in mix.sources} for name, mix in found.mixes.items()
        },
        "problems": [problem.as_dict() for problem in found.problems],
    }
    rows = [
        (name, source.name, ", ".join(source.datasets)) for name, mix in found.mixes.items() for source in mix.sources
    ]
    count = len(found.files)
    said = f"checked {count} mix{'' if count == 1 else 'es'}"
    if loaded.problems:
        said += "; contracts that do not load were left alone: clearinghouse contract check"
    emit(value, "\n\n".join([*([table(("mix", "source", "draws from"), rows)] if rows else []), said]), as_json=as_json)
    if found.problems:
        if as_json:
            raise typer.Exit(ProblemsError.exit_code)
        raise ProblemsError(found.problems, what=f"{count} mix{'' if count == 1 else 'es'}")


def register(app: typer.Typer) -> None:
    commands = typer.Typer(
        no_args_is_help=True, rich_markup_mode=None, help="Recipes of releases: plan one, list them, check them."
    )
    for command in (plan, ls, check):
        commands.command()(command)
    app.add_typer(commands, name="mix")
