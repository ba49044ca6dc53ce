"""JSON documents as a stream of records, and JSON Lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import ijson
import orjson

from infra.sources.columns import Part
from infra.sources.context import Context
from infra.sources.model import Drift, Reject, SourceUnreadable, sample_of
from infra.sources.nested import CUT_MARK, Collector, Inexact, Marked, Row
from infra.sources.paths import Malformed, Place, RecordPath, loads, record_path, walk
from infra.sources.records import blocks, may_trouble, split, trouble

_BUFFER = 1 << 16
_SLACK = 2 * _BUFFER
_HERE = Place()


def read_lines(chunks: Iterator[str], context: Context) -> Iterator[Part | Drift]:
    """JSON Lines: one document a line, blank lines aside. With a record path, the records in each line's document.

    Positions are line numbers, so the records of one line share theirs.
    """
    limit = context.source.max_record_bytes
    path = record_path(context.source.record) if context.source.record else None
    collector = Collector(context)
    fast = True
    for block in blocks(chunks, "\n", limit, context.truncated):
        if isinstance(block, Reject):
            yield collector.make([], [block])
            continue
        lines = split(block.text, "\n")
        checked = limit if may_trouble(block.text, limit) else None
        # The fast parser rounds fractions. Where one block has them the next ones will, so ask it no more.
        while True:
            parse = orjson.loads if fast else loads
            rows, rejects = _parsed(lines, block.first, parse, checked, path)
            try:
                made = collector.make(rows, rejects, rounded=fast)
                break
            except Inexact:
                fast = False
        # A record can be large: nothing of it is held twice while the batch is worked on.
        del block, lines, rows
        yield made
    yield from collector.drift()


def _parsed(
    lines: list[str], first: int, parse: Callable[[str], Any], limit: int | None, path: RecordPath | None
) -> tuple[list[Row], list[Reject]]:
    rows: list[Row] = []
    rejects: list[Reject] = []
    for position, line in enumerate(lines, first):
        wrong = trouble(line, limit) if limit is not None else None
        if wrong is None:
            try:
                value = parse(line)
            except ValueError:
                if not line.strip(" \t\r\n"):
                    continue
                try:
                    # What is not JSON to a fast and strict parser may be to the exact one: NaN, half a surrogate.
                    value = loads(line)
                except ValueError:
                    wrong = "malformed"
        if wrong is None and path is not None:
            try:
                rows += [(record, place, position) for record, place in walk(value, path.steps, _HERE)]
            except Malformed:
                wrong = "malformed"
        elif wrong is None:
            rows.append((value, _HERE, position))
        if wrong is not None:
            rejects.append(Reject(position, wrong, sample_of(line)))
    return rows, rejects


def read_document(chunks: Iterator[str], context: Context) -> Iterator[Part | Drift]:
    """One JSON document (or several after one another): the records at the contract's record path.

    Without a path an array's elements are the records, and any other document is one record. What is held in memory
    is one element of the outermost container on the path, however large the document. Positions count records and
    rejects. Where the document breaks, what follows is lost and counts as one reject.

    Raises:
        SourceUnreadable: The record path does not exist in the document.
    """
    yield from _Document(context).read(chunks)


class _Document:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.limit = context.source.max_record_bytes
        self.collector = Collector(context)
        self.marked = Marked()
        self.position = 0

    def read(self, chunks: Iterator[str]) -> Iterator[Part | Drift]:
        feed = _Feed(chunks, self.marked, self.limit)
        path = record_path(self.context.source.record or ("[]" if feed.first() == "[" else "."))
        names, mark, inner = path.stream
        above = self._above(names, mark, inner)
        units = 0
        try:
            for key, value in _units(feed, names, mark):
                feed.rest()
                yield from self._unit(value, Place(units if mark else None, None, key, above), inner)
                units += 1
        except _TooLarge:
            feed.drain()
            yield from self._guarded(names, mark, inner, above, units)
        except (ijson.JSONError, ValueError, RecursionError):
            feed.drain()
            yield from self._broken(feed.empty)
        else:
            if self.context.truncated():
                yield from self._broken(feed.empty)
        if not self.position and not feed.empty:
            self._must_exist(names, mark, path)
        yield self.collector.part(marked=self.marked.found)
        yield from self.collector.drift()

    def _unit(self, value: Any, place: Place, inner: tuple[str, ...]) -> Iterator[Part]:
        """The records of one element of the outermost container."""
        try:
            for record, where in walk(value, inner, place):
                self.position += 1
                self.collector.add(record, where, self.position)
        except Malformed:
            self.position += 1
            self.collector.reject(self.position, "malformed")
        if self.collector.full:
            yield self.collector.part(marked=self.marked.found)

    def _broken(self, empty: bool) -> Iterator[Part]:
        truncated = self.context.truncated()
        if truncated or not empty:
            self.position += 1
            self.collector.reject(self.position, "truncated" if truncated else "malformed")
        yield self.collector.part(marked=self.marked.found)

    def _guarded(
        self, names: tuple[str, ...], mark: str | None, inner: tuple[str, ...], above: Any, done: int
    ) -> Iterator[Part]:
        """Once more from the start, event by event, past the records that are done and those that are too large."""
        feed = _Feed(self.context.again(), self.marked, self.limit, guard=True)
        number = 0
        try:
            for key, value, size in _guarded_units(feed, names, mark, self.limit):
                if number >= done:
                    if size > self.limit:
                        self.position += 1
                        self.collector.reject(self.position, "record_too_large")
                    else:
                        yield from self._unit(value, Place(number if mark else None, None, key, above), inner)
                number += 1
        except (ijson.JSONError, ValueError, RecursionError):
            yield from self._broken(False)
        else:
            if self.context.truncated():
                yield from self._broken(False)

    def _above(self, names: tuple[str, ...], mark: str | None, inner: tuple[str, ...]) -> Any:
        """What ``$parent.`` needs of the object that holds the outermost container: the document itself is never
        held, so the values are looked for in a pass of their own."""
        if mark is None or not names or any(step not in ("[]", "{}") for step in inner):
            return None
        wanted = [f.path.removeprefix("$parent.") for f in self.context.fields if f.path.startswith("$parent.")]
        if not wanted:
            return None
        found: dict[str, Any] = {}
        holder = ".".join(names[:-1])
        tops = {path.replace("\\.", ".").split(".")[0].partition("|")[0] for path in wanted} - {names[-1]}
        for top in sorted(tops):
            prefix = f"{holder}.{top}" if holder else top
            feed = _Feed(self.context.again(), Marked(), self.limit)
            try:
                for value in ijson.items(feed, prefix, buf_size=_BUFFER):
                    found[top] = value
                    break
            except (ijson.JSONError, _TooLarge):
                continue
        return found

    def _must_exist(self, names: tuple[str, ...], mark: str | None, path: RecordPath) -> None:
        feed = _Feed(self.context.again(), Marked(), self.limit, guard=True)
        wanted = ("start_array" if mark == "[]" else "start_map", "null")
        try:
            for prefix, event, _ in ijson.parse(feed, multiple_values=True, buf_size=_BUFFER):
                if prefix == ".".join(names) and (mark is None or event in wanted):
                    return
        except (ijson.JSONError, ValueError):
            return  # it broke before; that is already a reject
        raise SourceUnreadable(
            f"{self.context.label}: record path {path.text!r} leads to nothing in the document",
            fix="correct `record` in the contract, or have the unit restore the document's shape",
        )


class _TooLarge(Exception):
    """More has been read since the last record than a record may hold."""


_MARKS = re.compile(r'\\(?:u[0-9a-fA-F]{4}|[^u])|"', re.DOTALL)


class _Feed:
    """Text as a file of UTF-8 for ijson, which counts what a record takes.

    Plain, it stops with `_TooLarge` once the parser has asked for too much since the last record. With ``guard`` it
    follows strings instead, and cuts one that is too long short, so that the parser never holds it whole.
    """

    def __init__(self, chunks: Iterator[str], marked: Marked, limit: int, *, guard: bool = False) -> None:
        self._chunks, self._marked, self._limit, self._guard = chunks, marked, limit, guard
        self._held, self._at, self._since = b"", 0, 0
        self._inside, self._length, self._carry = False, 0, ""
        self.empty = True

    def first(self) -> str:
        """The first character that is not white space, which stays to be read; empty if there is none."""
        while True:
            text = self._held[self._at :].lstrip(b" \t\r\n")
            if text:
                return chr(text[0])
            if not self._more():
                return ""

    def rest(self) -> None:
        """A record is complete: what is read from here on belongs to the next one."""
        self._since = 0

    def drain(self) -> None:
        """Read what is left, so that the digest of the whole is known."""
        for _ in self._chunks:
            pass

    def read(self, size: int = -1) -> bytes:
        if self._at >= len(self._held) and not self._more():
            return b""
        end = len(self._held) if size < 0 else self._at + size
        data = self._held[self._at : end]
        self._at += len(data)
        self._since += len(data)
        if not self._guard and self._since > self._limit + _SLACK:
            raise _TooLarge
        return data

    def _more(self) -> bool:
        for chunk in self._chunks:
            text = self._marked(chunk)
            if self._guard:
                text = self._shortened(text)
            if text:
                if self.empty and text.strip(" \t\r\n"):
                    self.empty = False
                self._held, self._at = self._held[self._at :] + text.encode("utf-8", "replace"), 0
                return True
        return False

    def _shortened(self, text: str) -> str:
        """The text without what goes beyond the limit inside a string; a cut never parts an escape."""
        text, self._carry = self._carry + text, ""
        out: list[str] = []
        at = 0
        for match in _MARKS.finditer(text):
            self._pass(text[at : match.start()], out)
            at = match.end()
            if match[0] == '"':
                if self._inside and self._length > self._limit:
                    out.append(CUT_MARK)
                self._inside, self._length = not self._inside, 0
                out.append('"')
            else:
                self._length += len(match[0])
                if not self._inside or self._length <= self._limit:
                    out.append(match[0])
        half = text.find("\\", at)
        if half >= 0 and len(text) - half < len("\\u0000"):
            text, self._carry = text[:half], text[half:]
        self._pass(text[at:], out)
        return "".join(out)

    def _pass(self, text: str, out: list[str]) -> None:
        if self._inside:
            room = max(0, self._limit - self._length)
            self._length += len(text)
            text = text[:room]
        out.append(text)


def _units(feed: _Feed, names: tuple[str, ...], mark: str | None) -> Iterator[tuple[str | None, Any]]:
    prefix = ".".join(names)
    if mark is None:
        for value in ijson.items(feed, prefix, multiple_values=True, buf_size=_BUFFER):
            yield None, value
    elif mark == "[]":
        where = f"{prefix}.item" if prefix else "item"
        for value in ijson.items(feed, where, multiple_values=True, buf_size=_BUFFER):
            yield None, value
    else:
        yield from ijson.kvitems(feed, prefix, multiple_values=True, buf_size=_BUFFER)


def _guarded_units(
    feed: _Feed, names: tuple[str, ...], mark: str | None, limit: int
) -> Iterator[tuple[str | None, Any, int]]:
    """Key, value and size of each unit; a value beyond the limit is not built, and its size is all that is known."""
    prefix = ".".join(names)
    item = prefix if mark is None else f"{prefix}.item" if prefix else "item"
    key: str | None = None
    builder: Any = None
    depth = size = 0
    for where, event, value in ijson.parse(feed, multiple_values=True, buf_size=_BUFFER):
        if builder is None and depth == 0:
            if mark == "{}":
                if where == prefix and event == "map_key":
                    key, item = value, f"{prefix}.{value}" if prefix else value
                    continue
                if key is None or where != item:
                    continue
            elif where != item or event in ("end_map", "end_array", "map_key"):
                continue
            builder, size = ijson.ObjectBuilder(), 0
        size += 8
        if isinstance(value, str):
            size += len(value.encode("utf-8", "replace")) + (limit if value.endswith(CUT_MARK) else 0)
        if size <= limit and builder is not None:
            builder.event(event, value)
        elif size > limit:
            builder = _Dropped()
        depth += event in ("start_map", "start_array")
        depth -= event in ("end_map", "end_array")
        if depth == 0:
            yield key, getattr(builder, "value", None), size
            builder, key = None, None


class _Dropped:
    """In place of a builder whose value is too large."""

    def event(self, event: str, value: Any) -> None:
        """Nothing is kept."""
