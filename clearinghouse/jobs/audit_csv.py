"""The sample as a table for a spreadsheet, and verdicts back from it.

A cell that begins with what a spreadsheet takes for a formula gets a quote mark before it, which reading takes away again
(CWE-1236). The file holds scrubbed text: it is written readable by its owner alone, and what was exported is logged.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from clearinghouse.jobs.audit import VERDICTS, Audit, Span, Verdict
from clearinghouse.jobs.audit_rows import Document, documents
from clearinghouse.jobs.audit_sample import AuditError
from clearinghouse.settings import Settings
from schemas.errors import Problem, ProblemsError

COLUMNS = ("release", "row", "id", "source", "language", "document", "verdict", "leaks", "harmful")
#: What spreadsheets begin a formula with, in narrow and wide form, and the quote mark itself.
_RISKY = tuple("=+-@\t\r\n'＝＋－＠")
_PLACE = re.compile(r"(\d+):(\d+)-(\d+)")
_YES = {
    "yes": True,
    "y": True,
    "true": True,
    "1": True,
    "x": True,
    "no": False,
    "n": False,
    "false": False,
    "0": False,
    "": False,
}


class CsvError(ProblemsError):
    """A file of verdicts that does not load; every row that is at fault is named."""

    exit_code = 2


def escaped(cell: str) -> str:
    """The cell as a spreadsheet shows it and does not calculate it."""
    return f"'{cell}" if cell.startswith(_RISKY) else cell


def unescaped(cell: str) -> str:
    """What `escaped` was given. A quote mark that it did not put there stays."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_RISKY) else cell


def shown(document: Document) -> str:
    """A document's parts for one cell: each with its number and, in a conversation, who says it."""
    if len(document.parts) == 1:
        return document.parts[0].text
    return "\n".join(
        f"[{number}{f' {one.role}' if one.role else ''}] {one.text}" for number, one in enumerate(document.parts)
    )


def export(settings: Settings, release: str, reader: str, path: Path) -> dict[str, Any]:
    """Write what ``reader`` has yet to read to ``path``, in the order of the queue. Returns path and rows.

    Raises `AuditError` (nothing to read, the builder, a file that is there) or what reading the release raises.
    """
    audit = Audit.open(settings, release)
    queue = audit.queue(reader)
    if not queue:
        raise AuditError(f"there is nothing left to read for {reader}", fix=f"clearinghouse audit result {audit.ref}")
    there = {one.row: one for one in audit.documents([item.row for item in queue], reader, "csv")}
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise AuditError(f"{path} is there already", state="it was not touched", fix="name another file") from None
    except OSError as error:
        raise AuditError(f"{path} cannot be written: {error.strerror}", fix="name a file that you may write") from None
    # With a byte order mark, so that Excel reads UTF-8 as UTF-8.
    with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        for item in queue:
            one = there[item.row]
            cells = (str(audit.ref), str(one.row), one.id, one.source, one.language, shown(one), "", "", "")
            out.writerow([escaped(cell) for cell in cells])
    return {"release": str(audit.ref), "path": str(path), "rows": len(queue)}


def load(settings: Settings, release: str, reader: str, path: Path) -> dict[str, Any]:
    """Read verdicts of ``reader`` from ``path`` and write them; rows without one are left for later.

    Leaks are one a line: ``PHONE_NUMBER: the text as it stands`` (looked up in the document, never kept) or
    ``PHONE_NUMBER 0:12-23`` (part, first and last code point). Returns release, written, repeated (there already, the
    same) and empty. Raises `CsvError` with every fault of every row before anything is written.
    """
    audit = Audit.open(settings, release)
    rows = list(_rows(path))
    problems: list[Problem] = []
    filled = [(line, cells) for line, cells in rows if cells["verdict"].strip() or cells["leaks"].strip()]
    texts = _texts(audit, [cells["row"] for _, cells in filled])
    made: list[tuple[int, Verdict]] = []
    for line, cells in filled:
        try:
            made.append((line, _verdict(audit, reader, cells, texts)))
        except ValueError as error:
            problems.append(Problem(str(path), line, cells["row"] or "?", str(error)))
    given = {one.row: one for one in audit.verdicts() if one.reader == reader}
    repeated = [(line, one) for line, one in made if one.row in given and _same(one, given[one.row])]
    fresh = [(line, one) for line, one in made if (line, one) not in repeated]
    faults = audit.faults([one for _, one in fresh])
    problems += [
        Problem(str(path), fresh[place][0], str(fresh[place][1].row), said) for place, said in sorted(faults.items())
    ]
    if problems:
        raise CsvError(problems, what=str(path))
    for _, one in fresh:
        audit.write(one)
    return {
        "release": str(audit.ref),
        "reader": reader,
        "written": len(fresh),
        "repeated": len(repeated),
        "empty": len(rows) - len(filled),
    }


def _same(one: Verdict, other: Verdict) -> bool:
    return (one.verdict, one.harmful, set(one.spans)) == (other.verdict, other.harmful, set(other.spans))


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Line and cells of each row. Raises `CsvError` for a file that is no such table."""
    csv.field_size_limit(1 << 30)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            sample = file.readline()
            file.seek(0)
            # What spreadsheets write in countries where the comma is a decimal sign.
            mark = max((",", ";", "\t"), key=sample.count)
            reader = csv.DictReader(file, delimiter=mark)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                said = f"the column {', '.join(missing)} is missing"
                raise CsvError([Problem(str(path), 1, "header", said, "export the sample again")], what=str(path))
            for cells in reader:
                yield reader.line_num, {name: unescaped(cells.get(name) or "") for name in COLUMNS}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        said = f"cannot be read: {type(error).__name__}"
        raise CsvError([Problem(str(path), 0, "$", said, "save it as CSV in UTF-8")], what=str(path)) from None


def _texts(audit: Audit, rows: Sequence[str]) -> dict[int, Document]:
    """The documents that leaks are looked up in. Nothing is shown to anybody by this."""
    items = audit.sample.by_row
    wanted = {int(row): items[int(row)].id for row in rows if row.isascii() and row.isdigit() and int(row) in items}
    wanted = {row: identity for row, identity in wanted.items() if row not in audit.gone}
    return {one.row: one for one in documents(audit.store, audit.manifest, wanted)}


def _verdict(audit: Audit, reader: str, cells: Mapping[str, str], texts: Mapping[int, Document]) -> Verdict:
    """Raises ``ValueError`` saying what is wrong with a row, and nothing of what it says."""
    if cells["release"].strip() != str(audit.ref):
        raise ValueError(f"the row is of another release than {audit.ref}")
    if not (cells["row"].isascii() and cells["row"].isdigit()):
        raise ValueError("the row has no number")
    row = int(cells["row"])
    item = audit.sample.by_row.get(row)
    if item is None or item.id != cells["id"].strip():
        raise ValueError("the document is not in the sample")
    verdict = cells["verdict"].strip().lower().replace(" ", "-")
    if verdict not in VERDICTS:
        raise ValueError(f"the verdict is none of {', '.join(VERDICTS)}")
    harmful = _YES.get(cells["harmful"].strip().lower())
    if harmful is None:
        raise ValueError("harmful is yes or no")
    document = texts.get(row)
    spans = tuple(sorted(set(parse_leaks(cells["leaks"], document)))) if document else ()
    return Verdict(row, reader, verdict, spans, harmful)  # type: ignore[arg-type]


def parse_leaks(said: str, document: Document) -> Iterator[Span]:
    """Marks from lines as people write them. Raises ``ValueError`` with the number of the line, never its text."""
    for number, line in enumerate(filter(None, map(str.strip, said.splitlines())), 1):
        entity, _, rest = line.replace("：", ":", 1).partition(":") if not _PLACE.search(line) else line.partition(" ")
        entity, rest = entity.strip().upper(), rest.strip()
        if not re.fullmatch("[A-Z][A-Z_]*", entity) or not rest:
            raise ValueError(f"leak {number} is not ENTITY: text, nor ENTITY part:start-end")
        place = _PLACE.fullmatch(rest)
        if place:
            part, start, end = map(int, place.groups())
            if part >= len(document.parts) or not start < end <= len(document.parts[part].text):
                raise ValueError(f"leak {number} does not stand within the document")
            yield Span(part, start, end, entity)
            continue
        found = list(located(rest, document, entity))
        if not found:
            raise ValueError(f"leak {number} does not stand in the document as it is written")
        yield from found


def located(text: str, document: Document, entity: str) -> Iterator[Span]:
    """Every place in a document where ``text`` stands."""
    for number, part in enumerate(document.parts):
        start = part.text.find(text)
        while start >= 0:
            yield Span(number, start, start + len(text), entity)
            start = part.text.find(text, start + len(text))
