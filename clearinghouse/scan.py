"""Try the recognisers on a file: every find, what the policy would do with it, and never its value.

Rows are counted from 0 as they stand in the file, blank and broken ones too, so that finds can be laid beside labels.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from schemas.contract import Policy
from schemas.errors import ClearinghouseError

BATCH_ROWS = 2048
BATCH_BYTES = 8 * 1024 * 1024


class NotScannable(ClearinghouseError):
    """A file that is not there, of no known format, or without the column of text."""

    exit_code = 3


@dataclass(frozen=True)
class Find:
    """One detection: code points ``start`` to ``end`` of row ``row``. ``value`` is held for ``--reveal`` alone."""

    row: int
    start: int
    end: int
    entity: str
    score: float
    recogniser: str
    reason: str
    action: str
    value: str

    def __repr__(self) -> str:
        return f"Find(row={self.row}, start={self.start}, end={self.end}, entity={self.entity!r})"

    def as_dict(self, *, reveal: bool = False) -> dict[str, Any]:
        found: dict[str, Any] = {
            "row": self.row,
            "start": self.start,
            "end": self.end,
            "entity": self.entity,
            "score": round(self.score, 4),
            "recogniser": self.recogniser,
            "reason": self.reason,
            "action": self.action,
        }
        return {**found, "value": self.value} if reveal else found


@dataclass
class Scan:
    """A scan under way: iterate over it for finds; the counters hold when it is through.

    ``unread`` counts rows that are no text (broken JSON, another type); ``skipped`` parts of cells that were not
    scanned, by reason.
    """

    file: Path
    column: str
    language: str
    regions: tuple[str, ...]
    policy: Policy
    unit: str = ""

    def __post_init__(self) -> None:
        self.rows = self.unread = 0
        self.skipped: dict[str, int] = {}

    def __iter__(self) -> Iterator[Find]:
        from clearinghouse.scrub import default_engine, keeps_public_figures

        engine = default_engine(
            self.regions,
            public_figures=keeps_public_figures(self.policy, self.unit),
            external=self.policy.recognisers,
        )
        languages = [self.language] if self.language else None
        for first, texts in _batches(self.file, self.column):
            self.rows += len(texts)
            self.unread += sum(text is None for text in texts)
            spans = engine.scan(pa.array(texts, pa.large_string()), languages)
            for _, reason in spans.skipped:
                self.skipped[reason] = self.skipped.get(reason, 0) + 1
            for span in spans:
                yield Find(
                    row=first + span.row,
                    start=span.start,
                    end=span.end,
                    entity=span.entity,
                    score=span.score,
                    recogniser=span.recogniser,
                    reason=span.reason,
                    action=self._action(span.entity, span.keep),
                    value=(texts[span.row] or "")[span.start : span.end],
                )

    def _action(self, entity: str, keep: bool) -> str:
        rule = self.policy.action_for(entity, unit=self.unit, field=self.column, language=self.language, where="text")
        if keep and rule.entity != entity:
            return "keep"
        return "placeholder" if rule.action == "scan" else rule.action


def _batches(file: Path, column: str) -> Iterator[tuple[int, list[str | None]]]:
    held: list[str | None] = []
    size = first = 0
    for text in _texts(file, column):
        held.append(text)
        size += len(text or "")
        if len(held) >= BATCH_ROWS or size >= BATCH_BYTES:
            yield first, held
            first, held, size = first + len(held), [], 0
    if held:
        yield first, held


def _texts(file: Path, column: str) -> Iterator[str | None]:
    if not file.is_file():
        raise NotScannable(f"no file {file}")
    suffixes = [s.lower() for s in file.suffixes]
    kind = next((s for s in reversed(suffixes) if s not in {".gz", ".zst", ".bz2"}), "")
    if kind == ".parquet":
        yield from _parquet(file, column)
        return
    readers = {".jsonl": _jsonl, ".ndjson": _jsonl, ".json": _jsonl, ".csv": _csv, ".tsv": _csv}
    if kind not in readers:
        raise NotScannable(f"{file}: a scan reads .jsonl, .csv, .tsv and .parquet, plain or .gz or .zst")
    with pa.input_stream(str(file), compression="detect") as stream:
        lines = io.TextIOWrapper(io.BufferedReader(stream), encoding="utf-8-sig", errors="replace", newline="")
        yield from readers[kind](lines, file, column)


def _parquet(file: Path, column: str) -> Iterator[str | None]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(file) as source:
        if column not in source.schema_arrow.names:
            raise NotScannable(_missing(file, column, source.schema_arrow.names))
        for batch in source.iter_batches(batch_size=BATCH_ROWS, columns=[column]):
            for value in batch.column(0).to_pylist():
                yield value if isinstance(value, str) else None


def _jsonl(lines: io.TextIOWrapper, file: Path, column: str) -> Iterator[str | None]:
    seen = False
    number = 0
    names: list[str] = []
    for number, line in enumerate(lines, 1):
        try:
            record = json.loads(line)
        except ValueError:
            yield None
            continue
        if number == 1 and isinstance(record, list):
            raise NotScannable(f"{file}: one JSON array; a scan reads JSON Lines", fix=f"jq -c '.[]' {file}")
        value = record.get(column) if isinstance(record, dict) else None
        names = names or (list(record) if isinstance(record, dict) else [])
        seen = seen or (isinstance(record, dict) and column in record)
        yield value if isinstance(value, str) else None
    if number and not seen:
        raise NotScannable(_missing(file, column, names))


def _csv(lines: io.TextIOWrapper, file: Path, column: str) -> Iterator[str | None]:
    csv.field_size_limit(1 << 30)
    first = lines.readline()
    if not first:
        return
    # The separator is the one that makes the column a column: files of tabs called .csv are common.
    headers = {mark: next(csv.reader([first], delimiter=mark)) for mark in (",", "\t", ";", "|")}
    mark = next((mark for mark, header in headers.items() if column in header), None)
    if mark is None:
        raise NotScannable(_missing(file, column, max(headers.values(), key=len)))
    place = headers[mark].index(column)
    for row in csv.reader(lines, delimiter=mark):
        yield row[place] if place < len(row) else None


def _missing(file: Path, column: str, names: list[str]) -> str:
    from governance.masking import shape

    # A first row without a header would be data, so only what looks like a name is shown.
    shown = [n if n.isidentifier() and len(n) <= 40 else shape(n, 20) for n in names[:12]]
    return f"{file}: no column {column!r}; there are: {', '.join(shown) or 'none'}"
