"""Comma- and otherwise separated text: any separators, quoted or not, with a line number for every row.

Most blocks go through Arrow's reader; one with anything out of the ordinary (a record over several lines, a stray
carriage return, a byte that does not decode) goes through the csv module, or through `quoted` where the separators
are longer than one character. All give the same rows: the tests hold them against each other.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from infra.sources.columns import Part, Projection, projection, with_nulls
from infra.sources.context import Context
from infra.sources.encoding import BAD
from infra.sources.model import Drift, Reject, SourceUnreadable, sample_of
from infra.sources.quoted import Begun, Dialect, fields, first_record, record_ends
from infra.sources.records import blocks, drop_rows, may_trouble, split, trouble

_END = "\x02"  # a line of our own after a block; it comes back by itself if and only if every quote is closed
_RETURN = "\udcfe"  # stands for a carriage return inside a line while the csv module works
_BARE_RETURN = re.compile(r"\r(?!\n)")
_HIGHEST_FIELD = 2**31 - 1


def read(chunks: Iterator[str], context: Context) -> Iterator[Part | Drift]:
    """The rows of one file or range.

    With ``record: columns`` in an unquoted dialect a record ends at the row delimiter after its last column only, so
    that earlier columns may hold row delimiters, as in files that bulk loaders write.

    Raises:
        SourceUnreadable: The header lacks a column that must not drift, or names one twice, or cannot be read.
    """
    return _Delimited(context).read(chunks)


def dialect_of(context: Context) -> Dialect:
    """The dialect that the contract states.

    Raises:
        SourceUnreadable: A quote or escape of more than one character, or an empty separator.
    """
    s = context.source
    row = "\n" if s.row_delimiter == "\r\n" else s.row_delimiter
    for name, value in (("quote", s.quote), ("escape", s.escape)):
        if value and len(value) != 1:
            raise SourceUnreadable(f"{context.label}: `{name}` must be one character", fix="correct the contract")
    if not s.delimiter or not row:
        raise SourceUnreadable(f"{context.label}: `delimiter` and `rowDelimiter` must not be empty")
    return Dialect(s.delimiter, row, s.quote or None, s.escape or None)


class _Delimited:
    def __init__(self, context: Context) -> None:
        self.context, self.source = context, context.source
        self.dialect = dialect_of(context)
        self.projection: Projection
        self.names: list[str] = []
        self.indexes: dict[str, int] = {}

    def read(self, chunks: Iterator[str]) -> Iterator[Part | Drift]:
        d, s = self.dialect, self.source
        first = 1
        if self.context.later:
            self._bind(None if self.context.header is None else self._header(self.context.header))
        else:
            if s.skip_rows:
                chunks, first = drop_rows(chunks, d.row, s.skip_rows), 1 + s.skip_rows
            if s.header:
                record, rest = first_record(chunks, d, max(s.max_record_bytes, 1 << 16))
                if record is None:
                    yield from self._no_header(rest, first)
                    return
                self._bind(self._header(record))
                first += record.count(d.row)
                chunks = _chain(rest, chunks)
            else:
                self._bind(None)
        yield from self.projection.drift
        if s.record == "columns":
            if not d.plain:
                raise SourceUnreadable(f"{self.context.label}: `record: columns` needs `quote` and `escape` to be null")
            made = self._by_columns(chunks, first)
        elif d.plain:
            made = self._plain(chunks, first)
        else:
            made = self._quoted(chunks, first)
        yield from made

    # -- header ----------------------------------------------------------------------------------------------

    def _header(self, record: str) -> list[str]:
        d = self.dialect
        text = record.removesuffix(d.row)
        if d.row == "\n":
            text = text.removesuffix("\r")
        if BAD in text or "\0" in text:
            raise SourceUnreadable(
                f"{self.context.label}: the header cannot be read as {self.context.encoding}",
                fix="state the right `encoding` in the contract",
            )
        return fields(text, d) if not d.plain else text.split(d.delimiter)

    def _no_header(self, rest: str, position: int) -> Iterator[Part]:
        if self.context.truncated():
            yield self._rejected(Reject(position, "truncated", sample_of(rest)))
        elif rest:
            raise SourceUnreadable(
                f"{self.context.label}: the header does not end: a quote in it is not closed, or it is too long",
                fix="check `quote`, `rowDelimiter` and `header` in the contract",
            )

    def _bind(self, header: list[str] | None) -> None:
        names = list(self.source.columns) or header
        fields_ = self.context.fields
        if names is None:
            names = [f.path for f in fields_ if not f.path.startswith("$")]
        self.names = names
        self.projection = projection(fields_, names, self.context.label)
        self.indexes = {name: names.index(name) for name in self.projection.needed}

    # -- from rows to parts ------------------------------------------------------------------------------------

    def _rejected(self, reject: Reject) -> Part:
        empty: Sequence[Any] = ()
        return Part([pa.array(empty, pa.string()) for _ in self.context.fields], np.array([], np.int64), [reject])

    def _part(self, columns: dict[str, pa.Array], positions: Any, rejects: list[Reject]) -> Part:
        nulls = self.source.null_values
        columns = {name: with_nulls(array, nulls) for name, array in columns.items()}
        arrays = self.projection.arrays(columns, positions, self.context.specials)
        return Part(arrays, positions, rejects)

    def _rows(self, rows: list[list[str]], lines: Sequence[int], raw: Callable[[int], str], careful: bool) -> Part:
        """A part of split rows; ``raw(i)`` gives the text of the i-th, which is looked through when ``careful``."""
        n, limit = len(self.names), self.source.max_record_bytes
        rejects: list[Reject] = []
        good: list[list[str]] = rows
        positions: Sequence[int] | list[int] = lines
        if careful or any(len(row) != n for row in rows):
            good, kept = [], []
            for i, row in enumerate(rows):
                wrong = trouble(raw(i), limit) if careful else None
                if wrong is None and len(row) != n:
                    wrong = "columns_missing" if len(row) < n else "columns_extra"
                if wrong:
                    rejects.append(Reject(lines[i], wrong, sample_of(raw(i))))
                else:
                    good.append(row)
                    kept.append(lines[i])
            positions = kept
        columns = {name: pa.array([row[i] for row in good], pa.string()) for name, i in self.indexes.items()}
        return self._part(columns, np.asarray(positions, np.int64), rejects)

    # -- three ways through a block ----------------------------------------------------------------------------

    def _arrow(self, text: str, first: int) -> Part | None:
        """The block by Arrow, or ``None`` when it has anything that Arrow and the csv module may see differently."""
        d, n = self.dialect, len(self.names)
        if not (d.simple and d.escape is None and d.delimiter.isascii() and (d.quote or "x").isascii()):
            return None
        if may_trouble(text, self.source.max_record_bytes) or not text.endswith("\n"):
            return None
        returns = text.count("\r") if "\r" in text else 0
        if returns and returns != text.count("\r\n"):
            return None
        if not text or (n > 1 and (text[0] in "\r\n" or "\n\n" in text or (returns and "\n\r\n" in text))):
            return None
        lines = text.count("\n")
        data = (text + _END + "\n").encode()
        names = [str(i) for i in range(n)]
        invalid: list[pacsv.InvalidRow] = []

        def handle(row: pacsv.InvalidRow) -> str:
            invalid.append(row)
            return "skip"

        wanted = {str(i): name for name, i in self.indexes.items()}
        try:
            table = pacsv.read_csv(
                pa.BufferReader(data),
                pacsv.ReadOptions(use_threads=False, block_size=len(data) + 1, column_names=names),
                pacsv.ParseOptions(
                    delimiter=d.delimiter,
                    quote_char=d.quote or False,
                    double_quote=d.quote is not None,
                    newlines_in_values=d.quote is not None,
                    ignore_empty_lines=False,
                    invalid_row_handler=handle,
                ),
                pacsv.ConvertOptions(
                    check_utf8=False,
                    include_columns=list(wanted) or names[:1],
                    column_types=dict.fromkeys(names, pa.string()),
                    null_values=[],
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid:
            return None
        if table.num_rows + len(invalid) != lines + 1:
            return None  # a record over several lines
        rows = table.num_rows
        if n == 1:
            rows -= 1
        else:
            invalid.pop()
        positions = np.arange(first, first + lines, dtype=np.int64)
        rejects = [
            Reject(
                first + row.number - 1,
                "columns_missing" if row.actual_columns < n else "columns_extra",
                sample_of(row.text),
            )
            for row in invalid
        ]
        if invalid:
            keep = np.ones(lines, bool)
            keep[[row.number - 1 for row in invalid]] = False
            positions = positions[keep]
        columns = {name: _whole(table.column(i)).slice(0, rows) for i, name in wanted.items()}
        return self._part(columns, positions, rejects)

    def _plain(self, chunks: Iterator[str], first: int) -> Iterator[Part]:
        d, limit, n = self.dialect, self.source.max_record_bytes, len(self.names)
        for block in blocks(chunks, d.row, limit, self.context.truncated, first=first):
            if isinstance(block, Reject):
                yield self._rejected(block)
                continue
            part = self._arrow(block.text, block.first)
            if part is None:
                records = split(block.text, d.row)
                numbers: Sequence[int] = range(block.first, block.first + len(records))
                if n > 1 and "" in records:
                    kept = [i for i, record in enumerate(records) if record]
                    records, numbers = [records[i] for i in kept], [block.first + i for i in kept]
                rows = [record.split(d.delimiter) for record in records]
                part = self._rows(rows, numbers, records.__getitem__, may_trouble(block.text, limit))
            yield part

    def _by_columns(self, chunks: Iterator[str], first: int) -> Iterator[Part]:
        """Lines are put together until a record has all its columns; a line that is whole by itself begins anew."""
        d, limit, n = self.dialect, self.source.max_record_bytes, len(self.names)
        pending, at = "", 0
        for block in blocks(chunks, d.row, limit, self.context.truncated, first=first):
            if isinstance(block, Reject):
                if pending:
                    yield self._rejected(Reject(at, "columns_missing", sample_of(pending)))
                    pending = ""
                yield self._rejected(block)
                continue
            records: list[str] = []
            numbers: list[int] = []
            for i, line in enumerate(split(block.text, d.row)):
                here = block.first + i
                alone = line.count(d.delimiter) + 1
                if pending:
                    together = pending + d.row + line
                    count = together.count(d.delimiter) + 1
                    if count <= n and alone < n and len(together) <= limit:
                        if count < n:
                            pending = together
                        else:
                            records.append(together)
                            numbers.append(at)
                            pending = ""
                        continue
                    records.append(pending)
                    numbers.append(at)
                    pending = ""
                if alone < n:
                    if line or n == 1:
                        pending, at = line, here
                else:
                    records.append(line)
                    numbers.append(here)
            rows = [record.split(d.delimiter) for record in records]
            careful = may_trouble(block.text, limit) or any(may_trouble(record, limit) for record in records)
            yield self._rows(rows, numbers, records.__getitem__, careful)
        if pending:
            yield self._rejected(Reject(at, "columns_missing", sample_of(pending)))

    def _quoted(self, chunks: Iterator[str], line: int) -> Iterator[Part]:
        begun: Begun | None = None
        for chunk in chunks:
            begun, line = yield from self._consume(chunk, begun, line)
        if self.context.truncated():
            sample = "" if begun is None else begun.sample or sample_of(begun.text)
            yield self._rejected(Reject(line, "truncated", sample))
            return
        while begun is not None:
            text, line = yield from self._last(begun, line)
            begun = None
            if text:
                begun, line = yield from self._consume(text, None, line)

    def _consume(self, text: str, begun: Begun | None, line: int) -> Generator[Part, None, tuple[Begun | None, int]]:
        """The whole records of a text; gives back the one that goes on beyond it, and the line where that begins."""
        while text:
            if begun is None:
                part, passed, text = self._whole_records(text, line)
                if part is not None:
                    yield part
                line += passed
                if not text:
                    break
                begun = Begun(self.dialect, self.source.max_record_bytes)
            rest = begun.feed(text)
            if rest is None:
                break
            yield from self._single(begun, line)
            line += begun.lines
            begun, text = None, rest
        return begun, line

    def _whole_records(self, text: str, line: int) -> tuple[Part | None, int, str]:
        """A part of the records that end in ``text``, the lines they take, and the text after them."""
        d, careful = self.dialect, may_trouble(text, self.source.max_record_bytes)
        if not d.simple:
            ends = list(record_ends(text, d))
            if not ends:
                return None, 0, text
            records = [text[a:b] for a, b in zip([0, *ends], ends, strict=False)]
            return self._general_part(records, line, careful), len(ends), text[ends[-1] :]
        cut = text.rfind("\n") + 1
        if not cut:
            return None, 0, text
        body = text[:cut]
        part = self._arrow(body, line)
        if part is not None:
            return part, body.count("\n"), text[cut:]
        lines, rows, ends = self._csv(body)
        made = self._csv_part(lines, rows, ends, line, careful)
        if not ends or ends[-1] < len(lines):
            cut = sum(map(len, lines[: ends[-1] if ends else 0]))
        return made, ends[-1] if ends else 0, text[cut:]

    def _csv(self, text: str) -> tuple[list[str], list[list[str]], list[int]]:
        """Lines, the records that end in them, and the line number (from 1) on which each ends."""
        lines = _lines(text)
        reader = self._csv_reader(itertools.chain(lines, [_END + "\n"]))
        rows: list[list[str]] = []
        ends: list[int] = []
        for row in reader:
            rows.append(row)
            ends.append(reader.line_num)
        ends.pop()
        # When a quote is open, the last row has swallowed the line of ours: it is no record yet.
        rows.pop()
        return lines, rows, ends

    def _csv_reader(self, lines: Iterable[str]) -> Any:
        d = self.dialect
        csv.field_size_limit(_HIGHEST_FIELD)
        return csv.reader(
            lines,
            delimiter=d.delimiter,
            quotechar=d.quote,
            escapechar=d.escape,
            quoting=csv.QUOTE_MINIMAL if d.quote else csv.QUOTE_NONE,
        )

    def _csv_part(
        self, lines: list[str], rows: list[list[str]], ends: list[int], line: int, careful: bool
    ) -> Part | None:
        n = len(self.names)
        starts = [0, *ends[:-1]]
        kept = [i for i, row in enumerate(rows) if row or n == 1] if n > 1 and [] in rows else range(len(rows))

        def raw(i: int) -> str:
            return "".join(lines[starts[kept[i]] : ends[kept[i]]]).replace(_RETURN, "\r").rstrip("\r\n")

        chosen = [rows[i] or [""] for i in kept]
        if any(_RETURN in text for text in lines):
            chosen = [[value.replace(_RETURN, "\r") for value in row] for row in chosen]
        return self._rows(chosen, [line + starts[i] for i in kept], raw, careful) if chosen else None

    def _general_part(self, records: list[str], line: int, careful: bool) -> Part:
        """A part of whole records in a dialect that the csv module does not know."""
        d = self.dialect
        records = [record.removesuffix(d.row) for record in records]
        if d.row == "\n":
            records = [record.removesuffix("\r") for record in records]
        kept = [i for i, record in enumerate(records) if record or len(self.names) == 1]
        records = [records[i] for i in kept]
        rows = [fields(record, d) for record in records]
        return self._rows(rows, [line + i for i in kept], records.__getitem__, careful)

    def _single(self, begun: Begun, line: int) -> Iterator[Part]:
        """The part of one record that stood across the end of a chunk."""
        if begun.too_large:
            yield self._rejected(Reject(line, "record_too_large", begun.sample))
            return
        d, record = self.dialect, begun.text
        careful = may_trouble(record, self.source.max_record_bytes)
        if not d.simple:
            yield self._general_part([record], line, careful)
            return
        lines = _lines(record)
        rows = list(self._csv_reader(lines))
        made = self._csv_part(lines, rows[:1], [len(lines)], line, careful)
        if made is not None:
            yield made

    def _last(self, begun: Begun, line: int) -> Generator[Part, None, tuple[str, int]]:
        """What the text ends with. An open quote costs its first line only: the lines after it are read anew."""
        rest = begun.finish()
        if rest is None and begun.open and not begun.too_large:
            text, row = begun.text, self.dialect.row
            cut = text.find(row) + len(row) if row in text else len(text)
            yield self._rejected(Reject(line, "malformed", sample_of(text[:cut])))
            return text[cut:], line + 1
        yield from self._single(begun, line)
        return rest or "", line + begun.lines


def _lines(text: str) -> list[str]:
    if "\r" in text:
        text = _BARE_RETURN.sub(_RETURN, text)
    return list(io.StringIO(text, newline="\n"))


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from rest
