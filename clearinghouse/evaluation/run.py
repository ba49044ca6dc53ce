"""Score the default recognisers on labelled files, in one pass and bounded memory."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc

from clearinghouse.evaluation.labels import IGNORE, LabelMap, LabelsError
from clearinghouse.evaluation.records import Faults, Reading, Record, read
from clearinghouse.evaluation.tally import ALL, Find, Gold, Tally, outside
from governance.masking import shape

BATCH_ROWS, BATCH_CHARS = 2048, 4 * 1024 * 1024
CONTEXT = 12
SHOWN = 20


@dataclass
class Evaluation:
    """A finished evaluation. ``unknown`` and ``ignored`` count labels by their own name; ``skipped`` parts of texts
    that were not scanned, by reason; ``faults`` rows and files that could not be read."""

    tally: Tally
    faults: Faults
    unknown: Counter[str] = field(default_factory=Counter)
    ignored: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    regions: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return {
            "files": self.files,
            "regions": dict(sorted(self.regions.items())),
            "rows": list(self.tally.rows()),
            "unknown_labels": dict(sorted(self.unknown.items())),
            "ignored_labels": dict(sorted(self.ignored.items())),
            "not_scanned": dict(sorted(self.skipped.items())),
            "problems": self.faults.count,
        }


@dataclass(frozen=True)
class Question:
    """What is asked: how to read, which entities (empty: all), least score, group field, regions (``None``: by language)."""

    reading: Reading
    labels: LabelMap
    entities: frozenset[str] = frozenset()
    min_score: float = 0.0
    by: str | None = None
    region: str | None = None


def evaluate(
    files: Sequence[Path],
    question: Question,
    *,
    keep_going: bool = False,
    misses: IO[str] | None = None,
    advance: Callable[[str], None] = lambda _: None,
) -> Evaluation:
    """Score ``files``. Raises `LabelsError` with every fault of every file, unless ``keep_going`` leaves bad rows out.

    ``misses`` gets a JSON line for each label that is not covered in full and each find outside labels: masked, with
    12 code points on either side. ``advance`` is called after each file.
    """
    result = Evaluation(Tally(), Faults())
    for file in files:
        result.files.append(str(file))
        for batch in _batches(read(file, question.reading, result.faults)):
            _score(result, question, file, batch, misses)
        advance(file.name)
    if result.faults.count and not keep_going:
        raise as_error(result.faults)
    return result


def as_error(faults: Faults) -> LabelsError:
    """The faults as one error, which carries a thousand of them; its message shows the first twenty and the count."""
    error = LabelsError(faults.kept, what="the labelled files")
    shown = [str(problem) for problem in faults.kept[:SHOWN]]
    if faults.count > SHOWN:
        shown.append(f"… and {faults.count - SHOWN:,} more")
    error.message = "\n".join(
        [f"{faults.count:,} problem{'s' if faults.count != 1 else ''} in the labelled files:", *shown]
    )
    error.fix = "mend them, or leave those rows out with --keep-going"
    return error


def _batches(records: Iterator[Record]) -> Iterator[list[Record]]:
    held: list[Record] = []
    size = 0
    for record in records:
        held.append(record)
        size += len(record.text)
        if len(held) >= BATCH_ROWS or size >= BATCH_CHARS:
            yield held
            held, size = [], 0
    if held:
        yield held


def _score(result: Evaluation, question: Question, file: Path, batch: list[Record], misses: IO[str] | None) -> None:
    from clearinghouse.scrub import default_engine
    from governance.recognisers.regions import regions_for

    by_language: dict[str, list[Record]] = {}
    for record in batch:
        by_language.setdefault(record.language, []).append(record)
    for language, records in sorted(by_language.items()):
        regions = regions_for(question.region, language)
        result.regions.setdefault(language or ALL, list(regions))
        texts = pa.array([_sound(record.text) for record in records], pa.large_string())
        letters = pc.count_substring_regex(texts, r"[\p{L}\p{N}]").to_pylist()
        spans = default_engine(regions).scan(texts, [language] if language else None)
        result.skipped.update(reason for _, reason in spans.skipped)
        finds: dict[int, list[Find]] = {}
        for span in spans:
            if span.score >= question.min_score and (not question.entities or span.entity in question.entities):
                finds.setdefault(span.row, []).append((span.start, span.end, span.entity, span.keep))
        for i, record in enumerate(records):
            group = _group(record.fields, question.by)
            found, gold = finds.get(i, []), _gold(result, question, record)
            result.tally.text(group, language or "?", letters[i])
            if not found and not gold:
                continue
            missed = result.tally.record(group, language or "?", record.text, gold, found)
            if misses is not None:
                _write(misses, file, record, missed, gold, found)


def _sound(text: str) -> str:
    """Lone surrogates, which JSON can spell, are no text that Arrow holds; one question mark each keeps the places."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


def _gold(result: Evaluation, question: Question, record: Record) -> list[Gold]:
    gold: list[Gold] = []
    for label in record.labels:
        entity = question.labels[label.name]
        if entity is None:
            result.unknown[label.name] += 1
            entity = IGNORE
        elif entity == IGNORE:
            result.ignored[label.name] += 1
        elif question.entities and entity not in question.entities:
            entity = IGNORE
        own = ""
        if question.by and question.by not in record.fields and question.by in label.fields:
            own = str(label.fields[question.by])
        gold.append((label.start, label.end, entity, own))
    return gold


def _group(fields: Any, by: str | None) -> str:
    return str(fields[by]) if by and by in fields else ALL


def _write(
    misses: IO[str], file: Path, record: Record, missed: Sequence[Gold], gold: Sequence[Gold], finds: Sequence[Find]
) -> None:
    text = record.text
    shown = [("missed", start, end, entity) for start, end, entity, _ in missed]
    shown += [("extra", a, b, entity) for a, b, entity, keep in finds if not keep and outside(text, a, b, gold)]
    for what, start, end, entity in shown:
        there = [f for f in finds if f[0] < end and start < f[1] and not f[3]] if what == "missed" else []
        line = {
            "file": file.name,
            "row": record.row,
            "what": "in part" if there else what,
            "entity": entity,
            "language": record.language,
            "start": start,
            "end": end,
            "context": f"{shape(text[max(0, start - CONTEXT) : start])}⟦{shape(text[start:end], 120)}⟧{shape(text[end : end + CONTEXT])}",
        }
        if there:
            line["covered"] = [[max(a, start) - start, min(b, end) - start, name] for a, b, name, _ in there]
        misses.write(json.dumps(line, ensure_ascii=False) + "\n")
