"""``clearinghouse report``: the report of a release as it stands, with its audit, exceptions, signatures and decision."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from clearinghouse.cli.output import JsonOption, StoreOption, emit, table


def report(
    release: Annotated[str, typer.Argument(metavar="MIX@VERSION", help="Such as pretrain@1.0.0.")],
    html: Annotated[Path | None, typer.Option("--html", help="Write the page into this file.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the report of a release as it stands now, or write it as a page: what was built, and what people did since."""
    from clearinghouse.jobs.signed_report import of_release
    from clearinghouse.settings import Settings

    settings = Settings.from_env(store=store)
    found = of_release(settings, release)
    if html is not None:
        from governance.report import render

        html.parent.mkdir(parents=True, exist_ok=True)
        folder = f"{settings.store.rstrip('/')}/releases/{found['release']['mix']}/{found['release']['version']}"
        html.write_bytes(_relinked(render(found).html, _place(folder, html.parent)))
    emit(found, lambda: _text(found, html), as_json=as_json)


def _place(folder: str, seen_from: Path) -> str:
    """Where the release's folder is for a page in another one: a relative address, or the URI of a bucket."""
    if "://" in folder and not folder.startswith("file://"):
        return folder
    return quote(os.path.relpath(folder.removeprefix("file://"), seen_from).replace(os.sep, "/"))


def _relinked(page: bytes, place: str) -> bytes:
    """The page with its links to what lies beside the release's own report, Data Docs among it, led there."""
    return _LINK.sub(lambda _: f'href="{escape(place)}/'.encode(), page)


#: A link that is relative; a quotation mark of the text itself is escaped, so it stands in tags alone.
_LINK = re.compile(rb'href="(?![#"]|[a-z][a-z0-9+.-]*:)')


def _text(found: Mapping[str, Any], html: Path | None) -> str:
    about, totals, decided = found["release"], found["release"]["totals"], found["decided"]
    changed = sum(row["changed"] for row in found["matrix"])
    lines = [
        f"{about['mix']}@{about['version']}: {totals['rows']:,} rows, {totals['tokens']:,} tokens from "
        f"{len(found['sources'])} data sets, for {about['audience']}",
        f"removed: {changed:,} values, {sum(row['rows'] for row in found['quarantine']):,} rows, "
        f"{totals['duplicates']:,} duplicates",
        "not checked: " + "; ".join(row["what"] for row in found["unchecked"]),
        "risk left: " + _risk(found),
        "decided: " + _decided(decided),
        "",
        table(
            ("gate", "", "value", "must be", "verified"),
            [
                (
                    gate["name"],
                    "let through" if gate.get("waived") else _VERDICTS[gate["passed"]],
                    gate["value"] or "-",
                    f"{gate['comparison']} {gate['threshold']}",
                    gate["verified_by"],
                )
                for gate in (*found["gates"], *found["signing_gates"])
            ],
        ),
    ]
    return "\n".join([*lines, *([f"written: {html}"] if html is not None else [])])


_VERDICTS = {True: "passed", False: "FAILED", None: "at signing"}


def _risk(found: Mapping[str, Any]) -> str:
    if found["audit"] is None:
        return "no audit is closed, the share of missed values is not known"
    total = found["audit"]["total"]
    return f"{total['leaks']:,} leaks in {total['read']:,} rows read, at most {total['upper']} of all rows (95 %)"


def _decided(decided: Mapping[str, Any] | None) -> str:
    if decided is None:
        return "by nobody yet"
    if decided["by"] is None:
        return f"signed by {', '.join(one['reviewer'] for one in decided['signatures'])}, waits for a second signature"
    by = decided["by"]
    entry = f", ledger entry {decided['ledger']['entry']}" if decided["ledger"] else ", not in the ledger"
    return f"{decided['status']} by {by['reviewer']} on {by['at']}{entry}: {by['reason']}"


def register(app: typer.Typer) -> None:
    app.command()(report)
