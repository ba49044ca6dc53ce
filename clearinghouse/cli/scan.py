"""``clearinghouse scan``."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clearinghouse.cli.output import JsonOption, PolicyOption

if TYPE_CHECKING:
    from clearinghouse.scan import Scan


def scan(
    file: Annotated[
        Path,
        typer.Argument(
            help="JSON Lines, CSV, TSV, Parquet, or lines of text (.txt); .gz and .zst too; - for JSON Lines from a pipe."
        ),
    ],
    language: Annotated[str, typer.Option(help="BCP 47 tag of the text: zh, en, pt …")] = "auto",
    text_column: Annotated[str, typer.Option(help="Column or key that holds the text.")] = "text",
    region: Annotated[
        list[str] | None, typer.Option(help="Country whose numbers to look for; repeat. Default: by language.")
    ] = None,
    unit: Annotated[str, typer.Option(help="Unit for which the policy is asked.")] = "",
    policy: PolicyOption = None,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show the values too; on a terminal only.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show what the recognisers find in a file and what the policy would do. One find a line; values are not shown."""
    from clearinghouse.scan import Scan, asked_regions
    from schemas.errors import ClearinghouseError
    from schemas.policy_loader import load_policy

    if reveal and not sys.stdout.isatty():
        raise ClearinghouseError("--reveal shows personal data and works on a terminal only")
    tag = "" if language == "auto" else language
    work = Scan(
        file=file,
        column=text_column,
        language=tag,
        regions=asked_regions(region, tag),
        policy=load_policy(Path(policy) if policy else None),
        unit=unit,
    )
    try:
        _print(work, reveal, plain=sys.stdout.isatty() and not as_json)
    except BrokenPipeError:
        # The reader of a pipe (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    _notes(work, guessed=not region)


def _print(work: Scan, reveal: bool, plain: bool) -> None:
    if plain:
        _lines(work, reveal)
    elif reveal:
        for find in work:
            print(json.dumps(find.as_dict(reveal=True), ensure_ascii=False))
    else:
        for lines in work.json_lines():
            sys.stdout.write(lines)
    sys.stdout.flush()


def _lines(work: Scan, reveal: bool) -> None:
    for find in work:
        value = f"  {find.value}" if reveal else ""
        print(
            f"{find.row:>8}  {find.start:>6}-{find.end:<6}  {find.entity:<16}  {find.score:.2f}  "
            f"{find.action:<11}  {find.recogniser}{value}"
        )


def _notes(work: Scan, guessed: bool) -> None:
    """On standard error: how much was looked at, what was not, and why. ``guessed``: the regions follow the language."""
    from governance.recognisers.regions import is_known

    finds, rows = "find" if work.finds == 1 else "finds", "row" if work.rows == 1 else "rows"
    print(f"{work.finds:,} {finds} in {work.rows:,} {rows}", file=sys.stderr)
    if guessed and not is_known(work.language):
        print(
            f"language {work.language!r} is not known: numbers of {', '.join(work.regions)} were looked for; "
            "--region says which",
            file=sys.stderr,
        )
    for what, notes in (("rows without text", work.unread), ("not scanned", work.skipped)):
        for reason, count in sorted(notes.counts.items()):
            places = [f"{row:,}" for row, why in notes.first if why == reason]
            at = f" (row {', '.join(places)}{' …' if len(places) < count else ''})" if places else ""
            print(f"{what}: {count:,} {reason}{at}", file=sys.stderr)


def register(app: typer.Typer) -> None:
    app.command("scan")(scan)
