"""How commands speak: tables or JSON on standard output, errors and progress on standard error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any

import typer

from infra.lean import lean
from schemas.errors import ClearinghouseError, ProblemsError

StoreOption = Annotated[
    str | None,
    typer.Option("--store", help="Folder or s3:// URI of the store.", envvar="CLEARINGHOUSE_STORE"),
]
ContractsOption = Annotated[
    str | None,
    typer.Option("--contracts", help="Folder of contracts.", envvar="CLEARINGHOUSE_CONTRACTS"),
]
MixesOption = Annotated[str | None, typer.Option("--mixes", help="Folder of mixes.", envvar="CLEARINGHOUSE_MIXES")]
PolicyOption = Annotated[str | None, typer.Option("--policy", help="Policy file.", envvar="CLEARINGHOUSE_POLICY")]
KeyOption = Annotated[
    str | None,
    typer.Option("--key-file", help="File of the pseudonym key.", envvar="CLEARINGHOUSE_KEY_FILE"),
]
WorkersOption = Annotated[
    int | None,
    typer.Option("--workers", min=1, help="Worker processes.", envvar="CLEARINGHOUSE_WORKERS"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def emit(value: Any, text: str | Callable[[], str], *, as_json: bool) -> None:
    """Print ``value`` as one JSON document, or else the text (made only when it is wanted)."""
    if as_json:
        print(json.dumps(value, ensure_ascii=False, sort_keys=True, default=str))
    else:
        print(text() if callable(text) else text)


def table(headers: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "") -> str:
    """Rows as a plain table that survives a pipe; wide (CJK) characters count two columns, numbers stand right."""
    from rich.cells import cell_len

    cells = [[_cell(value) for value in row] for row in rows]
    right = [
        all(isinstance(row[i], (int, float)) or row[i] is None for row in _again(rows, cells)) if cells else False
        for i in range(len(headers))
    ]
    widths = [max([cell_len(h), *(cell_len(row[i]) for row in cells)]) for i, h in enumerate(headers)]

    def line(row: Sequence[str]) -> str:
        out = []
        for i, value in enumerate(row):
            pad = " " * (widths[i] - cell_len(value))
            out.append(pad + value if right[i] else value + pad)
        return "  ".join(out).rstrip()

    rule = "  ".join("─" * width for width in widths)
    return "\n".join([*([title] if title else []), line(list(headers)), rule, *map(line, cells)])


def _again(rows: Iterable[Sequence[Any]], cells: Sequence[Sequence[str]]) -> Sequence[Sequence[Any]]:
    if isinstance(rows, Sequence):
        return rows
    return [[int(c.replace(",", "")) if c.replace(",", "").isdigit() else c for c in row] for row in cells]


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


def run(app: typer.Typer) -> None:
    """Run the app. A `ClearinghouseError` becomes a message (JSON when ``--json`` was given) and its exit code."""
    lean()
    try:
        app()
    except ClearinghouseError as error:
        if "--json" in sys.argv:
            print(json.dumps({"error": describe(error)}, ensure_ascii=False, sort_keys=True))
        else:
            print(f"error: {error}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None
    except BrokenPipeError:
        # The reader of a pipe (head, less) went away: not an error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None


def describe(error: ClearinghouseError) -> Mapping[str, Any]:
    """An error as JSON: type, message, state, fix and, for files that do not load, every problem."""
    found: dict[str, Any] = {
        "type": type(error).__name__,
        "message": error.message,
        "state": error.state,
        "fix": error.fix,
    }
    if isinstance(error, ProblemsError):
        found["problems"] = [problem.as_dict() for problem in error.problems]
    return found
