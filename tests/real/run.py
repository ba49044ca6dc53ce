"""Ingest every real feed, release every mix of them, and show for each feed that its rows add up."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clearinghouse.settings import Settings

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MIXES = (
    "real-pretrain",
    "real-chat",
    "real-frontier",
    "real-search",
    "real-support",
    "real-logistics",
    "real-7b",
    "real-image-text",
)


def shared() -> Path:
    """Where the feeds lie: ``CLEARINGHOUSE_SHARED``, else the folder ``shared`` beside the repository."""
    return Path(os.environ.get("CLEARINGHOUSE_SHARED") or ROOT.parent / "shared")


def settings_in(folder: Path, workers: int | None = None) -> Settings:
    """Settings of a run whose store and key lie in ``folder``; the key is made on the first run."""
    from governance.pseudonyms import Key

    os.environ.setdefault("CLEARINGHOUSE_SHARED", str(shared()))
    folder.mkdir(parents=True, exist_ok=True)
    key = folder / "key"
    if not key.exists():
        Key.create(key)
    return Settings.from_env(
        store=str(folder / "store"),
        contracts=str(HERE / "contracts"),
        mixes=str(HERE / "mixes"),
        key_file=str(key),
        workers=workers,
    )


@dataclass(frozen=True)
class Feed:
    """What became of one feed's rows."""

    key: str
    result: dict[str, Any]

    def row(self) -> tuple[Any, ...]:
        counts = self.result["counts"]
        refused = ", ".join(f"{reason} {count}" for reason, count in counts["quarantined"].items())
        return (
            self.key,
            counts["rows_in"],
            counts["kept"],
            sum(counts["filtered"].values()),
            sum(counts["quarantined"].values()),
            counts["duplicates"],
            "holds" if counts["balanced"] else "BROKEN",
            self.result["redacted"],
            refused,
        )


HEADERS = ("feed", "rows in", "= kept", "+ filtered", "+ quarantined", "+ duplicates", "", "redacted", "why")


def feeds() -> list[str]:
    """The keys of all contracts here, sorted."""
    return sorted(
        f"{file.parent.name}.{file.name.removesuffix('.odcs.yaml')}" for file in HERE.glob("contracts/*/*.odcs.yaml")
    )


def ingest_all(settings: Settings, keys: Iterable[str]) -> list[Feed]:
    """Ingest the feeds one after the other."""
    from clearinghouse.jobs.ingest import ingest

    return [Feed(key, ingest(settings, key)) for key in keys]
