"""What the three units share: sizes, people, truth, the calendar, and files whose bytes depend on the seed alone."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Protocol

from infra.simulators.people import People, Person
from infra.simulators.text import Scribe
from infra.simulators.truth import Truth

#: Records of each data set at scale 1: what a demo on a laptop reads in a few seconds.
BASE: Mapping[str, int] = {
    "commerce.buyers": 1_500,
    "commerce.orders": 2_500,
    "commerce.service_chats": 3_600,
    "commerce.reviews": 2_500,
    "commerce.catalogue": 800,
    "commerce.notices": 60,
    "commerce.searches": 1_200,
    "commerce.refunds": 900,
    "logistics.waybills": 2_500,
    "logistics.tracking": 4_000,
    "logistics.courier_notes": 1_600,
    "media.subtitles": 1_800,
    "media.fansubs": 600,
    "media.comments": 2_500,
    "media.synopses": 500,
    "media.captions": 2_000,
}
FIRST_DAY = date(2025, 3, 1)
_FILES = 4
_MOST_ROWS = 200_000
"""A data set of files has at least `_FILES` files (days) and at most `_MOST_ROWS` records in each."""


def sizes(scale: float = 1.0, only: Mapping[str, int] | None = None) -> dict[str, int]:
    """Records a data set at a scale; ``only`` names some data sets with their own numbers and empties the others."""
    if only is not None:
        unknown = set(only) - set(BASE)
        if unknown:
            raise ValueError(f"no such data set: {', '.join(sorted(unknown))}; there are {', '.join(BASE)}")
        return {name: only.get(name, 0) for name in BASE}
    if scale <= 0:
        raise ValueError("scale must be above 0")
    return {name: max(20, round(rows * scale)) for name, rows in BASE.items()}


class Sink(Protocol):
    """What a unit's file is written to."""

    def write(self, data: bytes, /) -> int: ...


@dataclass
class Site:
    """One unit being written: its folder, its truth and what it counted.

    ``rows`` counts the records that a reader meets, good and bad; ``faults`` the bad ones by data set and reason.
    """

    unit: str
    folder: Path
    seed: int
    sizes: Mapping[str, int]
    people: People
    truth: Truth
    rows: dict[str, int] = field(default_factory=dict)
    faults: dict[str, dict[str, int]] = field(default_factory=dict)

    def rng(self, *names: object) -> Random:
        """A random stream of its own for a data set and file, so that files do not depend on each other."""
        return Random(":".join(map(str, (self.seed, self.unit, *names))))  # noqa: S311 - not for secrets

    def scribe(self, *names: object) -> Scribe:
        return Scribe(self.rng(*names), self.people)

    def buyer_of(self, order: int) -> int:
        """Who placed an order: spread over all buyers, the low numbers more often."""
        buyers = max(1, self.sizes["commerce.buyers"] or BASE["commerce.buyers"])
        spread = (order * 2_654_435_761 + self.seed * 40_503) % 4_294_967_296 / 4_294_967_296
        return int(spread**1.5 * buyers)

    def buyer(self, order: int) -> Person:
        return self.people[self.buyer_of(order)]

    def days(self, dataset: str) -> Iterator[tuple[int, date, range]]:
        """The files of a data set as (number, day, range of record numbers)."""
        total = self.sizes[dataset]
        files = max(_FILES, -(-total // _MOST_ROWS)) if total else 0
        for number in range(files):
            yield (
                number,
                FIRST_DAY + timedelta(days=number),
                range(total * number // files, total * (number + 1) // files),
            )

    def count(self, dataset: str, rows: int) -> None:
        self.rows[dataset] = self.rows.get(dataset, 0) + rows

    def fault(self, dataset: str, reason: str, count: int = 1) -> None:
        reasons = self.faults.setdefault(dataset, {})
        reasons[reason] = reasons.get(reason, 0) + count

    def path(self, name: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


def moment(step: int, *, seconds: int = 37) -> datetime:
    """The time of the step-th happening; seven in a row share one second, as busy systems' rows do."""
    return datetime(2025, 3, 1, 6, 0, 0) + timedelta(seconds=step // 7 * 7 * seconds)


@contextmanager
def writing(path: Path) -> Iterator[Sink]:
    """A binary file to write; ``.gz`` and ``.zst`` are compressed, without a clock in the bytes."""
    if path.suffix == ".gz":
        with (
            path.open("wb") as raw,
            gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=6, mtime=0) as out,
        ):
            yield out
    elif path.suffix == ".zst":
        import pyarrow as pa

        with pa.OSFile(str(path), "wb") as raw, pa.CompressedOutputStream(raw, "zstd") as out:
            yield out
    else:
        with path.open("wb", buffering=1 << 20) as out:
            yield out
