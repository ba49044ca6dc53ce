"""Progress of long work: a bar on a terminal, plain lines in a log. Always on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(total: int, label: str) -> Iterator[Callable[[str], None]]:
    """Yields ``advance(what)``, to be called once an item; ``label`` names the work.

    On a terminal a Rich bar; elsewhere about ten lines over the whole work, so that task logs stay readable.
    """
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[item]}"),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(label, total=total, item="")

            def step(what: str) -> None:
                bar.update(task, advance=1, item=what)

            yield step
        return

    done, every = 0, max(1, total // 10)

    def advance(what: str) -> None:
        nonlocal done
        done += 1
        if total > 1 and (done % every == 0 or done == total):
            print(f"{label}: {done}/{total} {what}".rstrip(), file=sys.stderr, flush=True)

    yield advance
