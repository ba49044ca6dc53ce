"""Labelled files as records: JSON Lines, a JSON array, CSV, TSV, Parquet, token-per-line files, and plain text.

Records are read one by one; what is wrong with a file or a row is collected with its place, without any value.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from clearinghouse.evaluation.tokens import token_records
from schemas.errors import Problem

TEXT_KEYS = ("text", "full_text", "source_text", "unmasked_text", "content", "sentence", "message")
SPAN_KEYS = ("spans", "entities", "labels", "label", "ner", "NER", "privacy_mask", "span_labels", "annotations")
LANGUAGE_KEYS = ("language", "lang", "locale")
_START = ("start", "start_position", "begin", "start_offset", "startOffset", "start_char")
_END = ("end", "end_position", "stop", "end_offset", "endOffset", "end_char")
_NAME = ("label", "entity_type", "type", "entity", "tag", "entity_group", "class", "name")
_VALUE = ("value", "entity_value", "text", "word")
KEPT_PROBLEMS = 1000


@dataclass(frozen=True)
class Label:
    """A labelled value: code points ``start`` to ``end``, the file's own name for it, and its other fields."""

    start: int
    end: int
    name: str
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Record:
    """One text with its labels. ``row`` counts from 0, blank and broken rows too."""

    row: int
    text: str
    language: str
    labels: tuple[Label, ...]
    fields: Mapping[str, Any]


class Faults:
    """Problems of files and rows: all are counted, the first thousand are kept."""

    def __init__(self) -> None:
        self.count = 0
        self.kept: list[Problem] = []

    def add(self, file: Path, row: int | None, message: str, hint: str = "") -> None:
        self.count += 1
        if len(self.kept) < KEPT_PROBLEMS:
            where = "$" if row is None else f"row {row}"
            self.kept.append(Problem(str(file), 0, where, message, hint))


@dataclass(frozen=True)
class Reading:
    """How to read files: names of fields (``None``: the usual ones), the language where a record names none."""

    text_column: str | None = None
    spans_column: str | None = None
    language: str = ""
    clean: bool = False


def read(file: Path, how: Reading, faults: Faults) -> Iterator[Record]:
    """Records of one file. What is wrong goes to ``faults``; rows that are wrong are left out."""
    if not file.is_file():
        faults.add(file, None, "there is no such file")
        return
    kind = next((s for s in reversed([s.lower() for s in file.suffixes]) if s not in {".gz", ".zst", ".bz2"}), "")
    try:
        if kind in {".conll", ".conllu", ".bio", ".iob", ".bioes", ".bmes", ".iob2"}:
            yield from _tokens(file, how, faults)
            return
        readers = {
            ".jsonl": _jsonl, ".ndjson": _jsonl, ".json": _json, ".csv": _csv, ".tsv": _csv,
            ".parquet": _parquet, ".txt": _lines,
        }  # fmt: skip
        if kind not in readers:
            faults.add(
                file,
                None,
                "is of no known format",
                "reads .jsonl .json .csv .tsv .parquet .conll .bio .txt, also .gz .zst",
            )
            return
        if kind == ".txt" and not how.clean:
            faults.add(
                file,
                None,
                "plain text has no labels",
                "--clean, for text without personal data; .conll for tokens and tags",
            )
            return
        named = _Named(file, how, faults)
        for row, fields in readers[kind](file, faults):
            record = named.record(row, fields)
            if record is not None:
                yield record
        named.done()
    except (OSError, pa.ArrowException) as error:
        faults.add(file, None, f"cannot be read: {type(error).__name__}")


class _Named:
    """Finds text, labels and language in the fields of records."""

    def __init__(self, file: Path, how: Reading, faults: Faults) -> None:
        self.file, self.how, self.faults = file, how, faults
        self.rows = self.texts = self.labelled = 0
        self.names: list[str] = []

    def record(self, row: int, fields: Mapping[str, Any]) -> Record | None:
        self.rows += 1
        self.names = self.names or list(fields)
        keys = (self.how.text_column,) if self.how.text_column else TEXT_KEYS
        key = next((k for k in keys if k in fields), None)
        if key is None:
            return None
        self.texts += 1
        text = fields[key]
        if text is None or text == "":
            return None
        if not isinstance(text, str):
            self.faults.add(self.file, row, f"{key!r} is no text")
            return None
        language = next((v for k in LANGUAGE_KEYS if isinstance(v := fields.get(k), str) and v), self.how.language)
        labels: list[Label] = []
        if not self.how.clean:
            wanted = (self.how.spans_column,) if self.how.spans_column else SPAN_KEYS
            name = next((k for k in wanted if k in fields), None)
            if name is not None:
                self.labelled += 1
                found = self._labels(row, text, fields[name])
                if found is None:
                    return None
                labels = found
        rest = {k: v for k, v in fields.items() if k != key and isinstance(v, (str, int, float, bool))}
        return Record(row, text, language, tuple(labels), rest)

    def done(self) -> None:
        """Say what the file as a whole lacks."""
        if self.rows and not self.texts:
            wanted = self.how.text_column or "text"
            self.faults.add(
                self.file, None, f"no column {wanted!r}; there are: {shown(self.names)}", "--text-column NAME"
            )
        elif self.rows and not self.labelled and not self.how.clean:
            wanted = self.how.spans_column or "spans, entities or labels"
            self.faults.add(
                self.file,
                None,
                f"no column of labels ({wanted}); there are: {shown(self.names)}",
                "--spans-column NAME, or --clean for text without personal data",
            )

    def _labels(self, row: int, text: str, given: Any) -> list[Label] | None:
        if isinstance(given, str):
            try:
                given = json.loads(given) if given.strip() else []
            except ValueError:
                self.faults.add(self.file, row, "the labels are no JSON")
                return None
        if given is None:
            return []
        if not isinstance(given, Sequence) or isinstance(given, str):
            self.faults.add(self.file, row, "the labels are no list")
            return None
        out: list[Label] = []
        good = True
        for number, item in enumerate(given):
            found, fault = _labels(item, text)
            if fault:
                self.faults.add(self.file, row, f"label {number}: {fault}")
                good = False
            out += found
        return out if good else None


def _labels(item: Any, text: str) -> tuple[list[Label], str]:
    """The labels that one entry of a list means, or what is wrong with it."""
    rest: dict[str, Any] = {}
    said = None
    if isinstance(item, Mapping):
        start, end = (next((item[k] for k in keys if item.get(k) is not None), None) for keys in (_START, _END))
        named = next((k for k in _NAME if item.get(k) is not None), "")
        name = item.get(named)
        said = next((item[k] for k in (*_VALUE, "entity") if k != named and isinstance(item.get(k), str)), None)
        rest = {k: v for k, v in item.items() if isinstance(v, (str, int, float, bool)) and k not in _VALUE}
    elif isinstance(item, (list, tuple)) and len(item) == 3:
        start, end, name = item
    else:
        return [], "is neither {start, end, label} nor [start, end, label]"
    if not isinstance(name, str) or not name:
        return [], "has no name"
    if start is None and end is None and said:
        # No places, but the value itself: every place where it stands is meant.
        found = [Label(m.start(), m.end(), name, rest) for m in re.finditer(re.escape(said), text)]
        return found, "" if found else "its value does not stand in the text"
    if isinstance(start, float) and start.is_integer() and isinstance(end, float) and end.is_integer():
        start, end = int(start), int(end)  # what a data frame makes of whole numbers beside nothing
    if not isinstance(start, int) or not isinstance(end, int) or isinstance(start, bool) or isinstance(end, bool):
        return [], "has no whole numbers as start and end"
    if not 0 <= start < end <= len(text):
        return [], f"code points {start} to {end} do not lie in a text of {len(text)}"
    if said is not None and text[start:end].strip() != said.strip():
        return [], f"code points {start} to {end} do not hold the value beside them (are they bytes or UTF-16 units?)"
    return [Label(start, end, name, rest)], ""


def shown(names: Sequence[str]) -> str:
    """Column names for a message. A first row without a header would be data: only what looks like a name is shown."""
    from governance.masking import shape

    said = [n if n.isidentifier() and len(n) <= 40 else shape(n, 20) for n in names[:12]]
    return ", ".join(said) or "none"


def _stream(file: Path) -> io.TextIOWrapper:
    raw = pa.input_stream(str(file), compression="detect")
    return io.TextIOWrapper(io.BufferedReader(raw), encoding="utf-8-sig", errors="replace", newline="")


def _jsonl(file: Path, faults: Faults) -> Iterator[tuple[int, Mapping[str, Any]]]:
    with closing(_stream(file)) as lines:
        for row, line in enumerate(lines):
            if not line.strip():
                continue
            try:
                found = json.loads(line)
            except ValueError as error:
                faults.add(
                    file,
                    row,
                    f"is no JSON: {getattr(error, 'msg', 'not readable')} at column {getattr(error, 'colno', 0)}",
                )
                continue
            if isinstance(found, Mapping):
                yield row, found
            else:
                faults.add(file, row, "is no JSON object")


def _json(file: Path, faults: Faults) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """An array of objects, item by item; JSON Lines under another name; or an object that holds the array."""
    import ijson

    with closing(_stream(file)) as lines:
        first = lines.read(1)
        while first and first.isspace():
            first = lines.read(1)
    if first == "{":
        with closing(_stream(file)) as lines:
            second = [line for _, line in zip(range(2), lines, strict=False)]
        try:
            json.loads(second[0])
        except ValueError:
            faults.add(file, None, "is one JSON object, not a list of records", "give the list alone, or JSON Lines")
            return
        yield from _jsonl(file, faults)
        return
    with closing(pa.input_stream(str(file), compression="detect")) as raw:
        row = -1
        try:
            for row, item in enumerate(ijson.items(raw, "item", use_float=True)):
                if isinstance(item, Mapping):
                    yield row, item
                else:
                    faults.add(file, row, "is no JSON object")
        except ijson.JSONError:
            faults.add(file, row + 1, "is no JSON from here on")


def _csv(file: Path, faults: Faults) -> Iterator[tuple[int, Mapping[str, Any]]]:
    csv.field_size_limit(1 << 30)
    with closing(_stream(file)) as lines:
        first = lines.readline()
        if not first:
            return
        header, mark = max(
            ((next(csv.reader([first], delimiter=m)), m) for m in (",", "\t", ";", "|")), key=lambda h: len(h[0])
        )
        for row, cells in enumerate(csv.reader(lines, delimiter=mark)):
            if len(cells) != len(header):
                if cells:
                    faults.add(file, row, f"has {len(cells)} cells where the header has {len(header)}")
                continue
            yield row, dict(zip(header, cells, strict=True))


def _parquet(file: Path, _: Faults) -> Iterator[tuple[int, Mapping[str, Any]]]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(file) as source:
        row = 0
        for batch in source.iter_batches(batch_size=1024):
            for fields in batch.to_pylist():
                yield row, fields
                row += 1


def _lines(file: Path, _: Faults) -> Iterator[tuple[int, Mapping[str, Any]]]:
    with closing(_stream(file)) as lines:
        for row, line in enumerate(lines):
            yield row, {"text": line.rstrip("\r\n")}


def _tokens(file: Path, how: Reading, faults: Faults) -> Iterator[Record]:
    with closing(_stream(file)) as lines:
        for row, text, labels in token_records(lines, how.language, lambda line, say: faults.add(file, line, say)):
            kept = () if how.clean else tuple(Label(*label) for label in labels)
            yield Record(row, text, how.language, kept, {})
