"""``clearinghouse scan``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from clearinghouse.cli.output import JsonOption, PolicyOption


def scan(
    file: Annotated[Path, typer.Argument(help="JSON Lines, CSV, TSV or Parquet; .gz and .zst too.")],
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
    from clearinghouse.scan import Scan
    from governance.recognisers.regions import regions_for
    from schemas.errors import ClearinghouseError
    from schemas.policy_loader import load_policy

    if reveal and not sys.stdout.isatty():
        raise ClearinghouseError("--reveal shows personal data and works on a terminal only")
    tag = "" if language == "auto" else language
    work = Scan(
        file=file,
        column=text_column,
        language=tag,
        regions=regions_for(" ".join(region) if region else None, tag),
        policy=load_policy(Path(policy) if policy else None),
        unit=unit,
    )
    plain = sys.stdout.isatty() and not as_json
    found = 0
    for find in work:
        found += 1
        if plain:
            value = f"  {find.value}" if reveal else ""
            print(
                f"{find.row:>8}  {find.start:>6}-{find.end:<6}  {find.entity:<16}  {find.score:.2f}  "
                f"{find.action:<11}  {find.recogniser}{value}"
            )
        else:
            print(json.dumps(find.as_dict(reveal=reveal), ensure_ascii=False))
    said = [f"{found:,} finds in {work.rows:,} rows"]
    if work.unread:
        said.append(f"{work.unread:,} rows without text")
    said.extend(f"{count:,} cells not scanned: {reason}" for reason, count in sorted(work.skipped.items()))
    print("; ".join(said), file=sys.stderr)


def register(app: typer.Typer) -> None:
    app.command("scan")(scan)
