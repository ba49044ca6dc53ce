"""What a broken quality suite says to the person who has to mend it: every rule, how much, and where the rows stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from schemas.errors import QualityBreach
from schemas.manifest import Receipt, input_name


def breach(
    dataset: str, contract: str, summary: Mapping[str, Any], receipts: Iterable[Receipt], docs: str
) -> QualityBreach:
    """The error for a suite with broken rules of severity ``error``.

    ``contract`` is what the command was called with, ``receipts`` those of the rows that were looked at, ``docs`` where
    the Data Docs can be opened. Every rule has a line; no line has a value of a row.
    """
    checks = summary["checks"]
    broken = [check for check in checks if check["success"] is False and check["severity"] == "error"]
    files = _files(receipts)
    return QualityBreach(
        "\n  ".join(
            [f"{dataset}: {len(broken)} of {len(checks)} quality rules broken:", *(_line(one, files) for one in broken)]
        ),
        state=f"evidence is published under {summary['key']}/; nothing was committed",
        fix=f"look at {docs}, mend the source or the contract's rule, then run: clearinghouse ingest {contract}",
    )


def _line(check: Mapping[str, Any], files: Mapping[str, str]) -> str:
    where = check["column"] or ", ".join(check["columns"]) or "table"
    said = f"{where}: {check['expectation']} ({check['origin']})"
    if check["unexpected_count"] is not None:
        said += f": {check['unexpected_count']:,} of {check['element_count'] or 0:,} rows"
    elif check["observed"] is not None:
        said += f": found {check['observed']}"
    if check["reason"]:
        said += f": {check['reason']}"
    places: dict[str, list[str]] = {}
    for partition, position in check.get("places", ()):
        places.setdefault(files.get(partition, f"partition {partition}"), []).append(f"{position:,}")
    if places:
        named = "; ".join(f"{name} at {', '.join(positions)}" for name, positions in places.items())
        shown = sum(map(len, places.values()))
        said += f", line or record: {named}" + (" …" if (check["unexpected_count"] or 0) > shown else "")
    return said


def _files(receipts: Iterable[Receipt]) -> dict[str, str]:
    """The file of each partition that is read from one alone, whole: there, a position is a line or record of it."""
    found: dict[str, list[str]] = {}
    for receipt in receipts:
        for one in receipt.inputs:
            found.setdefault(receipt.partition, []).append("" if "start" in one else input_name(one))
    return {partition: names[0] for partition, names in found.items() if len(names) == 1 and names[0]}
