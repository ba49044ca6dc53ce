"""``clearinghouse export``: a release in the forms that others ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clearinghouse.cli.output import JsonOption, StoreOption, emit, table


def export(
    release: Annotated[str, typer.Argument(metavar="MIX@VERSION", help="A release, signed or not.")],
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", help="croissant, card, article30, ai-act, openlineage, tc260; repeat it. Default: all."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the files.")] = None,
    about: Annotated[
        Path | None, typer.Option("--about", help="YAML file of what only the organisation can state.")
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write Croissant, data card, GDPR art. 30 row, AI Act summary, OpenLineage events, TC260 sheet."""
    from clearinghouse.jobs.exports import ExportError
    from clearinghouse.jobs.exports import export as job
    from clearinghouse.settings import Settings
    from schemas.canonical import digest

    made = job(Settings.from_env(store=store), release, kind or [], out, about)
    if out is None and not as_json:
        if len(made) == 1 or len(kind or []) == 1:
            print(made[0].data.decode(), end="")
            return
        raise ExportError(
            f"{len(made)} files do not fit on one screen",
            state="nothing was written",
            fix="name a folder with --out, or one kind with --kind",
        )
    rows = [(one.name, one.media, len(one.data), digest(one.data)) for one in made]
    told = [
        {"name": name, "media": media, "bytes": size, "sha256": sha, "path": str(out / name) if out else None}
        | ({} if out else {"text": one.data.decode()})
        for (name, media, size, sha), one in zip(rows, made, strict=True)
    ]
    emit(
        {"release": release, "files": told},
        lambda: table(("file", "type", "bytes", "SHA-256"), [(a, b, c, d[:16]) for a, b, c, d in rows], f"in {out}:"),
        as_json=as_json,
    )


def register(app: typer.Typer) -> None:
    app.command()(export)
