"""Records of the beginnings of YAML, XML and PostgreSQL dumps, for contracts to be drafted from.

They are read by the pieces that ingest reads with, so a draft's paths are those that its contract will have. A file may
have been cut: what is whole before the cut counts. No message names a value.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import Any

from infra.sources import pgcopy, xml_records, yaml_records

XML_DEPTH = 12
"""Levels of elements below which no record is looked for."""


def yaml_documents(text: str, *, whole: bool) -> list[Any]:
    """The values of the documents of a YAML text, scalars as they are written; of a cut text without what was cut.

    Raises `ValueError` where a document does not read.
    """
    if whole:
        return list(yaml_records.documents(text))
    lines = text.splitlines()[:-1]
    # Something whole ends before the last document, key of the top or element of the outermost list that starts.
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.lstrip().startswith("- ")), default=0)
    starts = re.compile(rf"---(\s|$)| {{{indent}}}-\s|[^\s#-][^#]*:")
    for number in range(len(lines) - 1, 0, -1):
        if starts.match(lines[number]):
            return list(yaml_records.documents("\n".join(lines[:number]) + "\n"))
    return []


def xml_record(text: str) -> tuple[str, list[Any]]:
    """The path of what a row is, and the rows: the outermost element that comes again and holds something.

    Where nothing comes again, it is the first child of the root that holds something, else the root. Raises
    `ValueError` where there is no element, or the document declares entities.
    """
    paths = xml_records.element_paths(text, XML_DEPTH)
    if not paths:
        raise ValueError("no element")
    holding = {path for path, (_, holds) in paths.items() if holds}
    again = [path for path in holding if paths[path][0] > 1]
    below = [path for path in holding if len(path) == 2]
    chosen = min(again or below or [next(iter(paths))], key=lambda path: (len(path), -paths[path][0], path))
    # The shortest end of the path that no other element has.
    taken = Counter(path[-length:] for path in paths for length in range(1, len(path) + 1))
    ends = (chosen[-length:] for length in range(1, len(chosen) + 1))
    record = "/".join(next((end for end in ends if taken[end] == 1), chosen))
    return record, xml_records.records(text, record)


def copied_tables(text: str, rows: int) -> dict[str, tuple[Sequence[str], list[list[str | None]]]]:
    """The tables that a dump copies, in its order: names of columns and the first ``rows`` rows of each."""
    found: dict[str, tuple[Sequence[str], list[list[str | None]]]] = {}
    for table, columns, lines in pgcopy.copied(text):
        kept = list(islice((row for row in lines if len(row) == len(columns)), rows))
        found.setdefault(table, (columns, []))[1].extend(kept[: rows - len(found[table][1])])
    return found
