"""``clearinghouse evaluate``."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clearinghouse.cli.output import JsonOption, emit, table

if TYPE_CHECKING:
    from clearinghouse.evaluation import Evaluation


def evaluate(
    files: Annotated[
        list[Path],
        typer.Argument(help="Labelled files: JSON Lines, JSON, CSV, TSV, Parquet, CoNLL/BIO; .gz and .zst too."),
    ],
    language: Annotated[str, typer.Option(help="BCP 47 tag of texts that name none: zh, en, pt …")] = "auto",
    labels: Annotated[
        Path | None, typer.Option(help="YAML or JSON map of label names: PER: PERSON, ORG: ignore.")
    ] = None,
    clean: Annotated[
        bool, typer.Option("--clean", help="Texts without personal data: count what is covered anyway.")
    ] = False,
    by: Annotated[
        str | None, typer.Option(help="Field of records or labels to group by: source, genre, kind …")
    ] = None,
    entities: Annotated[
        str | None, typer.Option(help="Only these entities, by comma; other labels are don't-care.")
    ] = None,
    min_score: Annotated[float, typer.Option(min=0, max=1, help="Leave out finds below this score.")] = 0.0,
    text_column: Annotated[
        str | None, typer.Option(help="Column of the text. Default: text, full_text, content …")
    ] = None,
    spans_column: Annotated[
        str | None, typer.Option(help="Column of labels. Default: spans, entities, labels …")
    ] = None,
    region: Annotated[
        list[str] | None, typer.Option(help="Country whose numbers to look for; repeat. Default: by language.")
    ] = None,
    misses: Annotated[
        Path | None, typer.Option(help="Write what was missed and what was covered for nothing, masked, as JSON Lines.")
    ] = None,
    keep_going: Annotated[bool, typer.Option("--keep-going", help="Leave out rows that cannot be read.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Score the recognisers on labelled files: recall, precision and over-redaction, by entity and language."""
    from clearinghouse.evaluation import evaluate as score
    from clearinghouse.evaluation.labels import LabelMap, load_map
    from clearinghouse.evaluation.records import Reading
    from clearinghouse.evaluation.run import Question
    from clearinghouse.scan import asked_regions
    from infra.progress import progress
    from schemas.errors import ClearinghouseError

    question = Question(
        Reading(text_column, spans_column, "" if language == "auto" else language, clean),
        LabelMap(load_map(labels) if labels else None),
        frozenset(name.strip().upper() for name in (entities or "").split(",") if name.strip()),
        min_score,
        by,
        " ".join(asked_regions(region, "")) if region else None,
    )
    if unknown := sorted(question.entities - question.labels.entities):
        raise ClearinghouseError(
            f"no such entity: {', '.join(unknown)}", fix=f"one of {', '.join(sorted(question.labels.entities))}"
        )
    with ExitStack() as stack:
        try:
            out = stack.enter_context(misses.open("w", encoding="utf-8")) if misses else None
        except OSError as error:
            raise ClearinghouseError(f"{misses} cannot be written: {error.strerror}") from None
        advance = stack.enter_context(progress(len(files), "scoring"))
        result = score(files, question, keep_going=keep_going, misses=out, advance=advance)
    emit(result.as_dict(), lambda: _text(result, by), as_json=as_json)
    if not as_json:
        _notes(result, misses)


_HEAD = (
    "language",
    "entity",
    "labels",
    "full cover",
    "95 %",
    "any",
    "typed",
    "finds",
    "precision",
    "95 %",
    "over/1,000",
)


def _text(result: Evaluation, by: str | None) -> str:
    head = (by, *_HEAD) if by else _HEAD
    rows = [((row["group"], *_cells(row)) if by else _cells(row)) for row in result.tally.rows()]
    if not rows:
        return "no texts"
    if sys.stdout.isatty():
        return _rich(head, rows)
    return table(head, rows)


def _cells(row: dict[str, Any]) -> tuple[Any, ...]:
    def share(name: str) -> str | None:
        return None if row[name] is None else f"{row[name]:.3f}"

    def interval(name: str) -> str | None:
        return None if row[name] is None else f"{row[name][0]:.3f} to {row[name][1]:.3f}"

    over = row["over_per_1000"]
    return (
        row["language"], row["entity"], row["labels"], share("full"), interval("full_interval"), share("any"),
        share("typed"), row["finds"], share("precision"), interval("precision_interval"),
        None if over is None else f"{over:.2f}",
    )  # fmt: skip


def _rich(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    from rich.console import Console
    from rich.table import Table

    shown = Table(box=None, header_style="bold", pad_edge=False)
    texts = 2 + (len(head) > len(_HEAD))
    for i, name in enumerate(head):
        shown.add_column(name, justify="left" if i < texts else "right", no_wrap=True)
    for cells in rows:
        total = cells[texts - 1] == "all"
        shown.add_row(
            *("–" if c is None else f"{c:,}" if isinstance(c, int) else str(c) for c in cells),
            style="bold" if total else "",
        )
    console = Console()
    with console.capture() as said:
        console.print(shown)
    return said.get().rstrip("\n")


def _notes(result: Evaluation, misses: Path | None) -> None:
    from clearinghouse.evaluation.run import SHOWN

    def counted(names: dict[str, int]) -> str:
        return ", ".join(f"{name} ({count:,})" for name, count in sorted(names.items()))

    if result.unknown:
        print(
            f"labels that nobody explained, taken as don't-care: {counted(result.unknown)}; say what they are with --labels",
            file=sys.stderr,
        )
    if result.ignored:
        print(f"labels taken as don't-care: {counted(result.ignored)}", file=sys.stderr)
    for reason, count in sorted(result.skipped.items()):
        print(f"not scanned: {count:,} parts, {reason}", file=sys.stderr)
    for problem in result.faults.kept[:SHOWN]:
        print(f"left out: {problem}", file=sys.stderr)
    if result.faults.count > SHOWN:
        print(f"left out: … and {result.faults.count - SHOWN:,} more", file=sys.stderr)
    if misses:
        print(f"what was missed, masked: {misses}", file=sys.stderr)


def register(app: typer.Typer) -> None:
    app.command("evaluate")(evaluate)
