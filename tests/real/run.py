"""Ingest every real feed, release every mix of them, and show for each feed that its rows add up."""

from __future__ import annotations

import os
import resource
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
    cpu: float
    """Seconds of processor time, of this process and of workers that have ended."""

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
            f"{self.cpu:.1f}",
        )


HEADERS = (
    "feed", "rows in", "= kept", "+ filtered", "+ quarantined", "+ duplicates", "", "redacted", "why", "cpu s",
)  # fmt: skip


@dataclass(frozen=True)
class Released:
    """What became of one mix: its release, or why there is none."""

    mix: str
    result: dict[str, Any]
    cpu: float

    @property
    def failed_gates(self) -> tuple[str, ...]:
        return tuple(gate["name"] for gate in self.result.get("gates", ()) if gate["passed"] is not True)

    def row(self) -> tuple[Any, ...]:
        said = self.result
        if "error" in said:
            return (self.mix, "refused", "", "", "", f"{self.cpu:.1f}")
        passed = len(said["gates"]) - len(self.failed_gates)
        gates = f"{passed}/{len(said['gates'])}" + "".join(f", not {name}" for name in self.failed_gates)
        return (self.mix, said["version"], said["rows"], said["tokens"], gates, f"{self.cpu:.1f}")


def counted_again(settings: Settings, released: Released) -> int:
    """Count every figure of a release's report again from its files; returns how many numbers it has. Raises
    ``AssertionError`` with those that the files do not bear out."""
    from tests.recount import recount

    return sum(recount(Path(settings.store), released.mix, released.result["version"]).values())


RELEASE_HEADERS = ("mix", "version", "rows", "tokens", "gates passed", "cpu s")


def _cpu() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def feeds() -> list[str]:
    """The keys of all contracts here, sorted."""
    return sorted(
        f"{file.parent.name}.{file.name.removesuffix('.odcs.yaml')}" for file in HERE.glob("contracts/*/*.odcs.yaml")
    )


def ingest_all(settings: Settings, keys: Iterable[str]) -> list[Feed]:
    """Ingest the feeds one after the other."""
    from clearinghouse.jobs.ingest import ingest

    done = []
    for key in keys:
        before = _cpu()
        result = ingest(settings, key)
        done.append(Feed(key, result, _cpu() - before))
    return done


def release_all(settings: Settings, mixes: Iterable[str]) -> list[Released]:
    """Release the mixes one after the other; one that is refused does not stop the others."""
    from clearinghouse.jobs.release import build
    from schemas.errors import ClearinghouseError

    done = []
    for mix in mixes:
        before = _cpu()
        try:
            result = build(settings, mix)
        except ClearinghouseError as error:
            result = {"error": str(error), "exit_code": error.exit_code}
        done.append(Released(mix, result, _cpu() - before))
    return done
