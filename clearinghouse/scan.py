"""Try the recognisers on a file: every find, what the policy would do with it, and never its value.

Rows are counted from 0 as they stand in the file, blank and broken ones too, so that finds can be laid beside labels.
The file is read as a stream: what is held is one batch of a few megabytes, or one row where a row is larger.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from governance.masking import shape
from governance.recognisers.engine import Spans
from governance.recognisers.seen import Seen
from schemas.contract import Policy
from schemas.errors import ClearinghouseError

BATCH_ROWS = 4096
BATCH_BYTES = 4 * 1024 * 1024
KEPT_NOTES = 20
_PACKED = {".gz", ".zst", ".bz2"}
STDIN = "-"
"""JSON Lines from standard input."""

Batch = tuple[int, pa.Array]
"""The number of the first row, and the texts; null where a row has none."""


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


def asked_regions(given: Sequence[str] | None, language: str) -> tuple[str, ...]:
    """The regions that somebody named, else those of a language.

    Raises `ClearinghouseError` for one that there is not: no number would be found, and nobody would be told.
    """
    from governance.recognisers.regions import regions_for, unknown_regions

    words = " ".join(given or ())
    if unknown := unknown_regions(words):
        raise ClearinghouseError(f"no such region: {', '.join(unknown)}", fix="two letters of ISO 3166-1: CN, SG, BR")
    return regions_for(words or None, language)


class Notes:
    """Rows that gave no text, and parts that were not scanned: all counted by reason, the first twenty with their row."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.first: list[tuple[int, str]] = []

    def add(self, row: int, reason: str) -> None:
        self.counts[reason] += 1
        if len(self.first) < KEPT_NOTES:
            self.first.append((row, reason))


@dataclass
class Scan:
    """A scan under way: iterate over it, or over `json_lines`, once; the counters hold when it is through.

    ``rows`` counts all; ``unread`` notes rows without text (null, broken JSON, another type); ``skipped`` parts of
    cells that were not scanned.
    """

    file: Path
    column: str
    language: str
    regions: tuple[str, ...]
    policy: Policy
    unit: str = ""

    def __post_init__(self) -> None:
        self.rows = self.finds = 0
        self.unread, self.skipped = Notes(), Notes()
        self._actions: dict[tuple[str, bool], str] = {}

    def __iter__(self) -> Iterator[Find]:
        for first, texts, spans in self._scanned():
            held, at = "", -1
            for span in spans:
                if span.row != at:
                    at, held = span.row, texts[span.row].as_py()
                yield Find(
                    row=first + span.row,
                    start=span.start,
                    end=span.end,
                    entity=span.entity,
                    score=span.score,
                    recogniser=span.recogniser,
                    reason=span.reason,
                    action=self._action(span.entity, span.keep),
                    value=held[span.start : span.end],
                )

    def json_lines(self) -> Iterator[str]:
        """The finds of a batch at a time, a JSON object a line: what `Find.as_dict` says, put together by columns."""
        for first, _, spans in self._scanned():
            columns = (spans.entity, spans.score, spans.recogniser, spans.reason, spans.keep)
            # Finds differ in their places and share the rest, which is spelt out once.
            kinds = list(zip(*(column.tolist() for column in columns), strict=True))
            tails = {kind: self._tail(spans, *kind) for kind in set(kinds)}
            rows = (spans.row + first).tolist()
            lines = [
                f'{{"row": {row}, "start": {start}, "end": {end}, {tails[kind]}'
                for row, start, end, kind in zip(rows, spans.start.tolist(), spans.end.tolist(), kinds, strict=True)
            ]
            if lines:
                yield "".join(lines)

    def _tail(self, spans: Spans, entity: int, score: float, recogniser: int, reason: int, keep: bool) -> str:
        """All of a find's line behind its places."""
        name = spans.entities[entity]
        said = {
            "entity": name,
            "score": round(score, 4),
            "recogniser": spans.recognisers[recogniser],
            "reason": spans.reasons[reason],
            "action": self._action(name, keep),
        }
        return json.dumps(said, ensure_ascii=False)[1:] + "\n"

    @cached_property
    def _engine(self) -> Any:
        from clearinghouse.scrub import default_engine, keeps_public_figures

        figures = keeps_public_figures(self.policy, self.unit)
        return default_engine(self.regions, public_figures=figures, entities=self.policy.looked_for)

    def _scanned(self) -> Iterator[tuple[int, pa.Array, Spans]]:
        seen = Seen()
        for first, texts in _Reader(self.file, self.column, self.unread).batches():
            self.rows = first + len(texts)
            spans = seen.scan(self._engine, texts, self.language or "")
            for row, reason in spans.skipped:
                self.skipped.add(first + row, reason)
            self.finds += len(spans)
            yield first, texts, spans

    def _action(self, entity: str, keep: bool) -> str:
        known = self._actions.get((entity, keep))
        if known is None:
            rule = self.policy.action_for(
                entity, unit=self.unit, field=self.column, language=self.language, where="text"
            )
            # What is public stays unless a rule names it; "scan" means nothing for a find: it has been found.
            known = (
                "keep" if keep and rule.entity != entity else "placeholder" if rule.action == "scan" else rule.action
            )
            self._actions[entity, keep] = known
        return known


class _Reader:
    """The texts of one column, by batches."""

    def __init__(self, file: Path, column: str, unread: Notes) -> None:
        self.file, self.column, self.unread = file, column, unread

    def batches(self) -> Iterator[Batch]:
        piped = str(self.file) == STDIN or self.file.is_fifo()
        if not piped and not self.file.is_file():
            raise NotScannable(f"{self.file}: is a folder" if self.file.is_dir() else f"no file {self.file}")
        kind = next((s for s in reversed([s.lower() for s in self.file.suffixes]) if s not in _PACKED), "")
        if piped:
            kind = ".jsonl"
        try:
            if kind == ".parquet":
                yield from self._parquet()
                return
            readers = {
                ".jsonl": self._jsonl, ".ndjson": self._jsonl, ".json": self._jsonl,
                ".csv": self._csv, ".tsv": self._csv, ".txt": self._lines,
            }  # fmt: skip
            if kind not in readers:
                raise NotScannable(
                    f"{self.file}: a scan reads .jsonl, .csv, .tsv, .parquet and .txt, text also as .gz or .zst"
                )
            with self._opened(piped) as stream:
                if stream.peek(2)[:2] in (b"\xff\xfe", b"\xfe\xff"):
                    raise NotScannable(f"{self.file}: is UTF-16", fix=f"iconv -f UTF-16 -t UTF-8 {self.file}")
                yield from self._held(readers[kind](stream))
        except (OSError, pa.ArrowException, csv.Error) as error:
            if isinstance(error, BrokenPipeError):
                raise
            what = "no Parquet file, or a broken one" if kind == ".parquet" else "damaged or cut off"
            raise NotScannable(
                f"{self.file}: cannot be read to its end: {what} ({type(error).__name__})",
                state="finds up to there were told",
            ) from None

    def _opened(self, piped: bool) -> io.BufferedReader:
        if not piped:
            return io.BufferedReader(pa.input_stream(str(self.file), compression="detect"), 1 << 20)
        return open(0 if str(self.file) == STDIN else self.file, "rb", closefd=str(self.file) != STDIN)

    def _held(self, texts: Iterator[str | None]) -> Iterator[Batch]:
        held: list[str | None] = []
        size = first = 0
        for text in texts:
            held.append(text)
            size += len(text or "")
            if len(held) >= BATCH_ROWS or size >= BATCH_BYTES:
                yield first, _array(held)
                first, held, size = first + len(held), [], 0
        if held:
            yield first, _array(held)

    def _parquet(self) -> Iterator[Batch]:
        import pyarrow.parquet as pq

        with pq.ParquetFile(self.file) as source:
            if self.column not in source.schema_arrow.names:
                raise NotScannable(self._missing(source.schema_arrow.names))
            kind = source.schema_arrow.field(self.column).type
            words = kind.value_type if pa.types.is_dictionary(kind) else kind
            if not (pa.types.is_string(words) or pa.types.is_large_string(words) or pa.types.is_string_view(words)):
                raise NotScannable(f"{self.file}: column {self.column!r} holds {kind}, not text")
            first = 0
            for batch in source.iter_batches(batch_size=self._rows_at_once(source), columns=[self.column]):
                texts = batch.column(0).cast(pa.large_string())
                if texts.null_count:
                    for row, there in enumerate(texts.is_valid().to_pylist()):
                        if not there:
                            self.unread.add(first + row, "null")
                yield first, texts
                first += len(texts)

    def _rows_at_once(self, source: Any) -> int:
        """So few rows that a batch stays near `BATCH_BYTES`, by the group with the largest rows."""
        places = [i for i in range(source.metadata.num_columns) if source.schema.column(i).path == self.column]
        groups = (source.metadata.row_group(i) for i in range(source.metadata.num_row_groups))
        sizes = [
            group.column(place).total_uncompressed_size / max(1, group.num_rows) for group in groups for place in places
        ]
        return max(1, min(BATCH_ROWS, int(BATCH_BYTES / max(1.0, *sizes, 1.0))))

    def _jsonl(self, stream: io.BufferedReader) -> Iterator[str | None]:
        seen = False
        row = -1
        names: list[str] = []
        for row, line in enumerate(stream):
            if row == 0:
                line = line.removeprefix(b"\xef\xbb\xbf")
            try:
                record = _loads(line)
            except ValueError:
                self.unread.add(row, "blank line" if not line.strip() else "no JSON")
                yield None
                continue
            if not isinstance(record, dict):
                if row == 0 and isinstance(record, list):
                    raise NotScannable(
                        f"{self.file}: one JSON array; a scan reads JSON Lines", fix=f"jq -c '.[]' {self.file}"
                    )
                self.unread.add(row, "no JSON object")
                yield None
                continue
            names = names or list(record)
            seen = seen or self.column in record
            value = record.get(self.column)
            if isinstance(value, str):
                yield value
                continue
            self.unread.add(row, "no such key" if self.column not in record else "null" if value is None else "no text")
            yield None
        if row >= 0 and not seen:
            if not names:
                raise NotScannable(
                    f"{self.file}: none of its {row + 1:,} lines is a JSON object", fix="a scan reads JSON Lines"
                )
            raise NotScannable(self._missing(names))

    def _csv(self, stream: io.BufferedReader) -> Iterator[str | None]:
        csv.field_size_limit(1 << 30)
        with io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="") as lines:
            first = lines.readline()
            if not first:
                return
            # The separator is the one that makes the column a column: files of tabs called .csv are common.
            headers = {mark: next(csv.reader([first], delimiter=mark)) for mark in (",", "\t", ";", "|")}
            mark = next((mark for mark, header in headers.items() if self.column in header), None)
            if mark is None:
                raise NotScannable(self._missing(max(headers.values(), key=len)))
            place = headers[mark].index(self.column)
            for row, cells in enumerate(csv.reader(lines, delimiter=mark)):
                if place >= len(cells):
                    self.unread.add(row, "too few cells" if cells else "blank line")
                    yield None
                else:
                    yield cells[place]

    def _lines(self, stream: io.BufferedReader) -> Iterator[str | None]:
        with io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="\n") as lines:
            for line in lines:
                yield line.rstrip("\r\n")

    def _missing(self, names: list[str]) -> str:
        # A first row without a header would be data, so only what looks like a name is shown.
        shown = [n if n.isidentifier() and len(n) <= 40 else shape(n, 20) for n in names[:12]]
        return f"{self.file}: no column {self.column!r}; there are: {', '.join(shown) or 'none'}"


def _loads(line: bytes) -> Any:
    """One line of JSON. What the fast reader refuses (lone surrogates, NaN, broken UTF-8) gets a second chance."""
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        try:
            return json.loads(line.decode("utf-8", errors="replace"))
        except RecursionError:
            raise ValueError("nested too deeply") from None


def _array(texts: list[str | None]) -> pa.Array:
    """Texts for the engine. Lone surrogates, which JSON can spell, become question marks: places stay the same."""
    try:
        return pa.array(texts, pa.large_string())
    except UnicodeEncodeError:
        sound = [None if text is None else text.encode(errors="replace").decode() for text in texts]
        return pa.array(sound, pa.large_string())
