"""One table of a plain PostgreSQL dump: the rows of its ``COPY … FROM stdin`` blocks (COPY's text format)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from infra.sources.columns import Part, Projection, projection, with_nulls
from infra.sources.context import Context
from infra.sources.model import Drift, Reason, Reject, SourceUnreadable, sample_of
from infra.sources.records import blocks, split, trouble

_NAME = r'(?:"(?:[^"]|"")+"|[\w$]+)'
_COPY = re.compile(
    rf"COPY\s+(?P<table>{_NAME}(?:\.{_NAME})?)\s*(?:\((?P<columns>[^;]*?)\))?\s+FROM\s+stdin\b(?P<options>[^;]*);\s*",
    re.IGNORECASE,
)
_PARTS = re.compile(_NAME)
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)", re.DOTALL)
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def read(chunks: Iterator[str], context: Context) -> Iterator[Part | Drift]:
    r"""The rows of every block of ``table`` (``name`` or ``schema.name``), by the columns that COPY lists.

    ``\N`` is null, an empty field is not, and escapes are undone (PostgreSQL, COPY, "Text Format"). Positions are
    lines of the dump.

    Raises:
        SourceUnreadable: The dump has no such block, one in another format than text, or none that names columns.
    """
    if not context.source.table:
        raise SourceUnreadable(f"{context.label}: a dump needs `table`", fix="add it to the contract")
    dump = _Dump(context, context.source.table)
    for block in blocks(chunks, "\n", context.source.max_record_bytes, dump.cut):
        if isinstance(block, Reject):
            # The end mark may lack its line feed; then the dump is whole.
            whole = block.sample == "\\." and not context.truncated()
            if (dump.ours or block.reason == "truncated") and not whole:
                yield dump.part([], [], [block])
        else:
            yield from dump.block(split(block.text, "\n"), block.first)
    if not dump.found and not context.truncated():
        raise SourceUnreadable(
            f"{context.label} has no `COPY {dump.table} … FROM stdin` block",
            fix="correct `table` in the contract; a dump made with --inserts must be made without it",
        )


def copied(text: str) -> Iterator[tuple[str, list[str], Iterator[list[str | None]]]]:
    """Table, columns and rows of each block of a text, whole or cut, whose columns it names. Rows are read while the
    next block is not."""
    lines = iter(text.splitlines()[: None if text.endswith("\n") else -1])

    def rows() -> Iterator[list[str | None]]:
        for line in lines:
            if line == "\\.":
                return
            try:
                yield [_unescaped(value) for value in line.split("\t")]
            except UnicodeDecodeError:
                continue

    for line in lines:
        match = _opening(line)
        if match is not None and not match["options"].strip():
            block = rows()
            if match["columns"]:
                yield match["table"], [_unquoted(part) for part in _PARTS.findall(match["columns"])], block
            for _ in block:
                pass


class _Dump:
    """Follows the lines of a dump: inside a COPY block or not, and whether that block is ours."""

    def __init__(self, context: Context, table: str) -> None:
        self.context, self.table = context, table
        self.inside = self.ours = self.found = False
        self.names: list[str] = []
        self.projection: Projection | None = None

    def cut(self) -> bool:
        """Whether the end of the text is no proper end: also when it comes inside the table."""
        return self.ours or self.context.truncated()

    def block(self, lines: list[str], first: int) -> Iterator[Part | Drift]:
        rows: list[list[str | None]] = []
        positions: list[int] = []
        rejects: list[Reject] = []
        for number, line in enumerate(lines, first):
            if not self.inside:
                match = _opening(line)
                if match is not None:
                    self.inside, self.ours = True, _same(match["table"], self.table)
                    if self.ours:
                        yield self.part(rows, positions, rejects)
                        rows, positions, rejects = [], [], []
                        yield from self._begin(match)
            elif line == "\\.":
                self.inside = self.ours = False
            elif self.ours:
                values, wrong = self._row(line)
                if wrong:
                    rejects.append(Reject(number, wrong, sample_of(line)))
                else:
                    rows.append(values)
                    positions.append(number)
        if rows or rejects:
            yield self.part(rows, positions, rejects)

    def _begin(self, match: re.Match[str]) -> Iterator[Drift]:
        self.found = True
        self.names = _columns(self.context, match)
        self.projection = projection(self.context.fields, self.names, self.context.label)
        yield from self.projection.drift

    def _row(self, line: str) -> tuple[list[str | None], Reason | None]:
        wrong = trouble(line, self.context.source.max_record_bytes)
        if wrong:
            return [], wrong
        values = line.split("\t")
        if len(values) != len(self.names):
            return [], "columns_missing" if len(values) < len(self.names) else "columns_extra"
        if "\\" not in line:
            return list(values), None
        try:
            return [_unescaped(value) for value in values], None
        except UnicodeDecodeError:
            return [], "undecodable_bytes"

    def part(self, rows: list[list[str | None]], positions: list[int], rejects: list[Reject]) -> Part:
        numbers = np.asarray(positions, np.int64)
        if self.projection is None:
            return Part([pa.array([], pa.string()) for _ in self.context.fields], numbers, rejects)
        columns = {
            name: with_nulls(pa.array([row[self.names.index(name)] for row in rows], pa.string()), self.context.nulls)
            for name in self.projection.needed
        }
        return Part(self.projection.arrays(columns, numbers, self.context.specials), numbers, rejects)


def _opening(line: str) -> re.Match[str] | None:
    """The first line of a block."""
    return _COPY.fullmatch(line) if line[:4].upper() == "COPY" else None


def _same(found: str, wanted: str) -> bool:
    parts = [_unquoted(part) for part in _PARTS.findall(found)]
    asked = [_unquoted(part) for part in _PARTS.findall(wanted)]
    return parts == asked or (len(asked) == 1 and parts[-1:] == asked)


def _unquoted(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()


def _columns(context: Context, match: re.Match[str]) -> list[str]:
    if match["options"].strip():
        raise SourceUnreadable(
            f"{context.label}: the block of {context.source.table} has options of its own; only plain text COPY is read"
        )
    names = [_unquoted(part) for part in _PARTS.findall(match["columns"] or "")] or list(context.source.columns)
    if not names:
        raise SourceUnreadable(
            f"{context.label}: COPY {context.source.table} names no columns", fix="list them as `columns`"
        )
    return names


def _unescaped(value: str) -> str | None:
    if value == "\\N":
        return None
    if "\\" not in value:
        return value
    if not re.search(r"\\[x0-7]", value):
        return _ESCAPE.sub(lambda match: _LETTERS.get(match[1], match[1]), value)
    # Octal and hexadecimal escapes stand for bytes, which make characters only together.
    out = bytearray()
    at = 0
    for match in _ESCAPE.finditer(value):
        out += value[at : match.start()].encode()
        at, code = match.end(), match[1]
        if code[0] == "x" and len(code) > 1:
            out.append(int(code[1:], 16))
        elif code[0] in "01234567":
            out.append(int(code, 8) & 0xFF)
        else:
            out += _LETTERS.get(code, code).encode()
    return (out + value[at:].encode()).decode()
