"""``clearinghouse demo``: the whole pipeline on simulated units."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from clearinghouse.cli.output import ContractsOption, JsonOption, MixesOption, PolicyOption, WorkersOption, emit, table

_SUMMED = ("rows_in", "kept", "quarantined", "redacted", "filtered", "duplicates", "not_drawn", "documents", "tokens")


def demo(
    directory: Annotated[Path, typer.Option("--dir", help="Folder of the demo: units, truth, store, key.")] = Path(
        "demo"
    ),
    scale: Annotated[float, typer.Option(help="Times the size of the small demo (about 26,000 rows).")] = 1.0,
    seed: Annotated[int, typer.Option(help="Another seed makes other people and texts.")] = 7,
    keep: Annotated[bool, typer.Option("--keep", help="Take the units as they lie there, edited or not.")] = False,
    contracts: ContractsOption = None,
    mixes: MixesOption = None,
    policy: PolicyOption = None,
    workers: WorkersOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make simulated units, pull them under contract, release and sign: the main job from end to end.

    Run again, it finds that nothing changed. What it writes is one folder, which may be deleted.
    """
    from clearinghouse.demo import run
    from clearinghouse.settings import Settings

    settings = Settings.from_env(contracts=contracts, mixes=mixes, policy=policy, workers=workers)
    figures = run(directory, seed=seed, scale=scale, keep=keep, settings=settings, say=_say)
    emit(figures, lambda: _text(figures, directory), as_json=as_json)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _text(figures: Mapping[str, Any], directory: Path) -> str:
    from clearinghouse.demo import Place, tree

    parts = [
        "",
        _units(figures["datasets"]),
        "",
        _quarantine(figures["datasets"]),
        "",
        _survivors(figures["survivors"]),
        "",
        *tree(Place(directory)),
        "",
        _next(figures, directory),
    ]
    if figures["no_op"]:
        parts.append("Nothing had changed since the last run: every snapshot and release is the one that was there.")
    parts.append(f"{figures['cpu_seconds']} s of processor time.")
    return "\n".join(parts)


def _units(datasets: list[Mapping[str, Any]]) -> str:
    units: dict[str, dict[str, int]] = {}
    for found in datasets:
        unit = units.setdefault(found["unit"], dict.fromkeys(_SUMMED, 0))
        for name in _SUMMED:
            unit[name] += found[name]
    rows = [(name, *(unit[column] for column in _SUMMED)) for name, unit in sorted(units.items())]
    rows.append(("all", *(sum(unit[column] for unit in units.values()) for column in _SUMMED)))
    headers = ("unit", *(name.replace("_", " ") for name in _SUMMED))
    title = "Rows of each unit, and what the pretrain release made of them (documents)"
    return table(headers, rows, title)


def _quarantine(datasets: list[Mapping[str, Any]]) -> str:
    rows = [
        (found["dataset"], reason, count) for found in datasets for reason, count in sorted(found["reasons"].items())
    ]
    return table(("quarantined in", "reason", "rows"), rows)


def _survivors(survivors: list[Mapping[str, Any]]) -> str:
    gone = [found for found in survivors if found["expect"] == "redact"]
    rows = [
        (
            found["kind"],
            found["place"],
            "contract" if found["place"] == "column" else "recognisers" if found["covered"] else "nothing yet",
            *(found[name] for name in ("planted", "snapshots", "releases", "rest")),
        )
        for found in gone
    ]
    headers = ("kind", "planted in", "found by", "planted", "in snapshots", "in releases", "elsewhere")
    parts = [table(headers, rows, "Planted personal values that survive (distinct values; 0 is right)"), ""]
    for what, chosen in (
        ("whole columns", [found for found in gone if found["place"] == "column"]),
        ("text, kinds with recognisers", [f for f in gone if f["place"] == "text" and f["covered"]]),
        ("text, kinds without recognisers yet", [f for f in gone if f["place"] == "text" and not f["covered"]]),
    ):
        left, planted = (sum(found[name] for found in chosen) for name in ("snapshots", "planted"))
        parts.append(f"survivors / planted in {what}: {left:,} / {planted:,}")
    stay = [
        (found["kind"], found["planted"], found["snapshots"], found["releases"])
        for found in survivors
        if found["expect"] == "keep"
    ]
    kept = ("kind", "planted", "in snapshots", "in releases")
    parts += ["", table(kept, stay, "Values that should stay (service lines, characters of films)")]
    return "\n".join(parts)


def _next(figures: Mapping[str, Any], directory: Path) -> str:
    store = directory / "store"
    releases = figures["releases"]
    lines = ["Reports:"]
    lines += [f"  {store / r['report']}  ({r['mix']}@{r['version']}, {r['verdict']})" for r in releases]
    lines += [
        "Next:",
        f"  export CLEARINGHOUSE_STORE={store} CLEARINGHOUSE_KEY_FILE={directory / 'key'} CLEARINGHOUSE_DEMO={directory}",
        "  clearinghouse ls releases",
        "  clearinghouse show pretrain@latest",
        "  clearinghouse verify all",
    ]
    lines += [
        f"  clearinghouse approve {r['mix']}@{r['version']} --reviewer demo-reviewer --reason 'read the report'"
        for r in releases
        if r["verdict"] == "unsigned"
    ]
    code = f"import clearinghouse as c; print(c.open_release('{store}', 'pretrain'))"
    return "\n".join([*lines, f'  python -c "{code}"'])


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)
