"""``clearinghouse demo``: the whole pipeline on simulated units."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
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
    def lines(expect: str) -> Iterable[tuple[Any, ...]]:
        for found in survivors:
            if found["expect"] == expect:
                yield (
                    found["kind"], found["place"], found["planted"],
                    found["snapshots"], found["releases"], found["rest"],
                )  # fmt: skip

    gone, stay = list(lines("redact")), list(lines("keep"))
    headers = ("kind", "planted in", "values", "in snapshots", "in releases", "elsewhere in the store")
    text = table(headers, gone, "Planted personal values that are still to be found (distinct values; 0 is right)")
    total = sum(row[3] for row in gone), sum(row[2] for row in gone)
    columns = [row for row in gone if row[1] == "column"]
    text += (
        f"\nfound / planted in snapshots: {total[0]:,} / {total[1]:,}; in whole columns "
        f"{sum(row[3] for row in columns):,} / {sum(row[2] for row in columns):,}. "
        "Kinds that no recogniser covers yet stay in free text."
    )
    if stay:
        text += "\n\n" + table(headers, stay, "Values that should stay (service lines, characters of films)")
    return text


def _next(figures: Mapping[str, Any], directory: Path) -> str:
    store = directory / "store"
    lines = ["Next:"]
    for release in figures["releases"]:
        name = f"{release['mix']}@{release['version']}"
        lines.append(
            f"  {store}/{release['report']}".replace(f"{store}/{store}/", f"{store}/")
            + f"   the report of {name} ({release['verdict']})"
        )
    lines += [
        f"  clearinghouse ls releases --store {store}",
        f"  clearinghouse show pretrain@latest --store {store}",
        f"  clearinghouse verify all --store {store}",
    ]
    unsigned = [release for release in figures["releases"] if release["verdict"] == "unsigned"]
    if unsigned:
        name = f"{unsigned[0]['mix']}@{unsigned[0]['version']}"
        lines.append(f"  clearinghouse approve {name} --reviewer YOU --reason TEXT --store {store}")
    lines.append(f"  python -c \"import clearinghouse; print(clearinghouse.open_release('{store}', 'pretrain'))\"")
    return "\n".join(lines)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)
