"""The command line. Modules add their commands by ``register(app)`` and import what is heavy inside the commands."""

from __future__ import annotations

from importlib import import_module

import typer

from clearinghouse.cli.output import run

app = typer.Typer(
    name="clearinghouse",
    help="Unit data in under contract; scrubbed, checked, signed training shards out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

#: In the order in which ``--help`` lists their commands.
MODULES = (
    "contracts",
    "scan",
    "evaluate",
    "ingest",
    "keys",
    "quarantine",
    "drift",
    "mix",
    "release",
    "report",
    "export",
    "audit",
    "desk",
    "gate",
    "erase",
    "store",
    "versions",
    "decisions",
    "ledger",
    "people",
    "zones",
    "demo",
)

for _name in MODULES:
    import_module(f"clearinghouse.cli.{_name}").register(app)


def main() -> None:
    """Entry point of the ``clearinghouse`` script: errors are told, not traced."""
    run(app)
