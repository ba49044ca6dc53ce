"""The reviewer's report of a release, from facts alone: one HTML page, the same facts as JSON, redactions as CSV.

The page is self-contained (no script, no network, no clock), reads on paper, and says the same whenever it is made
from the same facts. Facts hold names, counts and digests; raw values never come here.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from governance.cells import safe
from governance.report.format import FILTERS

COLUMNS = ("dataset", "unit", "field", "entity", "action", "recogniser", "count")
"""Columns of ``redactions.csv``."""


@dataclass(frozen=True)
class Report:
    """The three files, as bytes of UTF-8."""

    html: bytes
    json: bytes
    csv: bytes


def render(facts: Mapping[str, Any]) -> Report:
    """Render the facts that `clearinghouse.jobs.release_report.facts` gathers. Equal facts give equal bytes."""
    return Report(
        html=_template().render(**facts).encode() + b"\n",
        json=json.dumps(facts, sort_keys=True, ensure_ascii=False, indent=1, allow_nan=False).encode() + b"\n",
        csv=_csv(facts["redactions"]),
    )


@lru_cache(maxsize=1)
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    here = Path(__file__).parent
    environment = Environment(
        loader=FileSystemLoader(here),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    # Our own file, with nothing of the facts in it.
    environment.globals["style"] = Markup((here / "report.css").read_text(encoding="utf-8"))  # noqa: S704
    return environment.get_template("report.html")


def _csv(rows: Iterable[Mapping[str, Any]]) -> bytes:
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([safe(row[name]) for name in COLUMNS])
    return sink.getvalue().encode()
