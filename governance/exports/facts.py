"""What exports are made from: a release's manifest, its report's facts, and what its organisation states of itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from schemas.manifest import ReleaseManifest

UNSTATED = "not stated"
"""Stands where nobody stated what a form asks for. An empty cell would read as "none"."""

SECURITY = (
    "raw data is scrubbed in memory and never stored; personal values are replaced by keyed pseudonyms or placeholders; "
    "files are named by their digests and verified on reading; a release is signed by a reviewer before it can be read; "
    "decisions stand in a hash-chained ledger"
)
"""What the product itself does, for forms that ask for security measures (GDPR art. 32(1))."""


@dataclass(frozen=True)
class Stated:
    """What only the organisation can say. Every field is a sentence or a name; what is left out is `UNSTATED`."""

    controller: str = UNSTATED
    contact: str = UNSTATED
    representative: str = UNSTATED
    protection_officer: str = UNSTATED
    provider: str = UNSTATED
    models: str = UNSTATED
    recipients: str = UNSTATED
    transfers: str = UNSTATED
    security: str = ""
    url: str = ""
    complaints: str = UNSTATED
    opt_outs: str = UNSTATED
    illegal_content: str = UNSTATED

    @classmethod
    def names(cls) -> tuple[str, ...]:
        return tuple(one.name for one in fields(cls))


@dataclass(frozen=True)
class Facts:
    """A release as exports see it. ``columns`` are (name, Arrow type as text) of its shards; ``at`` is when its manifest
    was written, RFC 3339 in UTC, as the store says, for forms that need a time; ``decision`` and ``audit`` are ``None``
    while there are none; ``signing`` are rows of the gates that are measured when a release is approved."""

    manifest: ReleaseManifest
    report: Mapping[str, Any]
    columns: Sequence[tuple[str, str]] = ()
    at: str = ""
    decision: Mapping[str, Any] | None = None
    audit: Mapping[str, Any] | None = None
    signing: Sequence[Mapping[str, Any]] = ()
    stated: Stated = field(default_factory=Stated)

    @property
    def name(self) -> str:
        return f"{self.manifest.mix}@{self.manifest.version}"

    @property
    def sources(self) -> list[Mapping[str, Any]]:
        return list(self.report["sources"])

    @property
    def release(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.report["release"]
        return found

    def values(self, name: str) -> list[str]:
        """Distinct values of a fact of the sources, sorted; what a source does not state is left out."""
        return sorted({str(source[name]) for source in self.sources if source.get(name)})

    @property
    def languages(self) -> dict[str, int]:
        """Documents by language tag, most first."""
        found: Counter[str] = Counter()
        for source in self.sources:
            found.update(source["languages"])
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    @property
    def redacted(self) -> dict[str, dict[str, int]]:
        """Values by entity and action, in all rows that could be drawn from."""
        found: dict[str, Counter[str]] = {}
        for row in self.report["redactions"]:
            found.setdefault(row["entity"], Counter())[row["action"]] += row["count"]
        return {entity: dict(sorted(actions.items())) for entity, actions in sorted(found.items())}

    @property
    def status(self) -> str:
        """Who decided what, in one line."""
        if self.decision is None:
            return "not decided"
        one = self.decision
        return f"{one['verdict']}d by {one['reviewer']} on {one['at']}".replace("rejectd", "rejected")

    def categories(self, dataset: str) -> list[str]:
        """Classifications of the personal fields of a data set, from its rules."""
        return sorted({rule["classification"] for rule in self.report["rules"] if rule["dataset"] == dataset})


def words(values: Sequence[str]) -> str:
    """A list in one cell."""
    return ", ".join(values) if values else UNSTATED
