"""The reviewer's report of a release, from facts alone: one HTML page, the same facts as JSON, tables as CSV.

The page is self-contained (no script, no network, no clock), reads on paper and in English and Chinese, and says the same
whenever it is made from the same facts. Facts hold names, counts, digests and masked text; raw values never come here.
Long lists end on the page after `MOST` rows, which says how many are left out; the CSV files hold them all.
"""

from __future__ import annotations

import copy
import csv
import io
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from governance.cells import safe

COLUMNS = ("dataset", "unit", "field", "entity", "action", "recogniser", "count")
"""Columns of ``redactions.csv``."""
SOURCES = (
    "dataset", "unit", "owner", "legal_basis", "consent", "licence", "synthetic", "residency", "retention", "contract_version",
    "contract_digest", "snapshot", "snapshot_digest", "first_partition", "last_partition", "rows_in", "rows_rejected",
    "documents", "taken", "duplicates", "filtered", "not_sampled", "rows", "tokens", "tokens_wanted", "tokens_available",
    "drift", "quality_checks", "quality_passed", "description", "limitations",
)  # fmt: skip
"""Columns of ``sources.csv``."""
RULES = ("dataset", "field", "classification", "entity", "action", "scope", "citation", "verified_by")
"""Columns of ``rules.csv``."""
MOST = 60
"""Rows of a table on the page."""

_LATER: Mapping[str, Any] = {
    "signing_gates": [],
    "risks_zh": [],
    "history": [],
    "seen": {"rows": 0, "of": 0, "windows": []},
    "over": {"chars": [], "finds": 0, "of": 0, "exact": True, "strings": []},
    "erasures": [],
    "audit": None,
    "decided": None,
    "exceptions": [],
    "held_back": 0,
    "parts": {},
    "duplicates": {},
}
"""What facts of earlier versions of the program lack, as it is told where it is not known."""


@dataclass(frozen=True)
class Report:
    """The files of a report, as bytes of UTF-8."""

    html: bytes
    json: bytes
    csv: bytes
    sources: bytes
    rules: bytes

    @property
    def files(self) -> dict[str, bytes]:
        """By the name that each has beside the shards."""
        return {
            "report.html": self.html,
            "report.json": self.json,
            "redactions.csv": self.csv,
            "sources.csv": self.sources,
            "rules.csv": self.rules,
        }


def render(facts: Mapping[str, Any]) -> Report:
    """Render the facts that `clearinghouse.jobs.release_report.facts` gathers. Equal facts give equal bytes."""
    return Report(
        html=_template().render(**facts, most=MOST).encode() + b"\n",
        json=json.dumps(facts, sort_keys=True, ensure_ascii=False, indent=1, allow_nan=False).encode() + b"\n",
        csv=_csv(COLUMNS, facts["redactions"]),
        sources=_csv(SOURCES, map(_source, facts["sources"], _drifts(facts))),
        rules=_csv(RULES, facts["rules"]),
    )


def complete(facts: Mapping[str, Any]) -> dict[str, Any] | None:
    """Facts as this version renders them, from those of any version; ``None`` for what is no report's facts."""
    if facts.get("format") not in (1, 2) or not isinstance(facts.get("release"), Mapping):
        return None
    found = copy.deepcopy({**_LATER, **facts})
    tokens: dict[str, dict[str, int]] = {}
    for source in found["sources"]:
        mine = tokens.setdefault(source["unit"], {})
        mine[source["dataset"]] = max(mine.get(source["dataset"], 0), source["tokens_available"])
    for row in found["matrix"]:
        row.setdefault("unit_tokens", sum(tokens.get(row["unit"], {}).values()))
        row.setdefault("series", [])
    for row in found["unchecked"]:
        row.setdefault("what_zh", row["what"])
        row.setdefault("why_zh", row["why"])
    found["risks_zh"] = found["risks_zh"] or list(found["risks"])
    for row in (found["changes"] or {}).get("entities", ()):
        row.setdefault("flag", "")
    return found


def _compiled() -> Any:
    """Templates as an earlier process compiled them, by their text; ``None`` where there is no folder to keep them."""
    from jinja2 import FileSystemBytecodeCache

    from schemas.caches import cache_folder

    folder = cache_folder() / "templates"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return FileSystemBytecodeCache(str(folder)) if os.access(folder, os.W_OK) else None


@lru_cache(maxsize=1)
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    from governance.report.format import FILTERS

    here = Path(__file__).parent
    environment = Environment(
        loader=FileSystemLoader(here),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_compiled(),
    )
    environment.filters.update(FILTERS)
    # Our own file, with nothing of the facts in it.
    environment.globals["style"] = Markup((here / "report.css").read_text(encoding="utf-8"))  # noqa: S704
    return environment.get_template("report.html")


def _drifts(facts: Mapping[str, Any]) -> list[str]:
    found = {row["dataset"]: row["status"] for row in facts["drift"]}
    return [found.get(source["dataset"], "") for source in facts["sources"]]


def _source(source: Mapping[str, Any], drift: str) -> dict[str, Any]:
    counts, ingest = source["counts"], source["ingest"]
    skipped = counts["filtered"].get("not_sampled", 0)
    return {
        **{name: source.get(name) or "" for name in SOURCES if name in source},
        "synthetic": source.get("synthetic", ""),
        "contract_version": source["contract"]["version"],
        "contract_digest": source["contract"]["digest"],
        "snapshot": source["snapshot"]["ordinal"],
        "snapshot_digest": source["snapshot"]["digest"],
        "rows_in": ingest["rows_in"],
        "rows_rejected": sum(ingest["quarantined"].values()),
        "documents": counts["rows_in"],
        "taken": counts["kept"],
        "duplicates": counts["duplicates"],
        "filtered": sum(counts["filtered"].values()) - skipped,
        "not_sampled": skipped,
        "rows": source["rows"],
        "tokens": source["tokens"],
        "tokens_wanted": source["tokens_wanted"],
        "tokens_available": source["tokens_available"],
        "drift": drift,
        "quality_checks": source["quality"]["checks"],
        "quality_passed": source["quality"]["passed"],
    }


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([safe(row[name]) for name in columns])
    return sink.getvalue().encode()
