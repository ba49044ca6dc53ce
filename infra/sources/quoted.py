"""Records whose fields may be quoted: where each ends, and what its fields are.

As the csv module has it: a quote opens a field only at the field's beginning, a doubled quote inside stands for one,
after a closing quote the rest of the field is plain, and an escape makes the next character plain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from infra.sources.model import sample_of

_START, _PLAIN, _QUOTED, _QUOTE_SEEN = range(4)


@dataclass(frozen=True)
class Dialect:
    """How a delimited file is written. ``quote`` and ``escape`` are single characters or ``None``."""

    delimiter: str
    row: str
    quote: str | None
    escape: str | None

    @property
    def simple(self) -> bool:
        """Whether the csv module can read it."""
        return len(self.delimiter) == 1 and self.row == "\n" and self.delimiter not in "\r\n"

    @property
    def plain(self) -> bool:
        """Whether every delimiter is one, since nothing can hide it."""
        return self.quote is None and self.escape is None

    @cached_property
    def tokens(self) -> re.Pattern[str]:
        marks = sorted(filter(None, (self.delimiter, self.row, self.quote)), key=len, reverse=True)
        parts = [re.escape(mark) for mark in marks]
        if self.escape:
            parts.insert(0, re.escape(self.escape) + ".")
        return re.compile("|".join(parts), re.DOTALL)

    @property
    def longest(self) -> int:
        return max(len(self.delimiter), len(self.row), 2 if self.escape else 1)


@dataclass
class Cutter:
    """Follows the quotes of one record through text that comes in parts."""

    dialect: Dialect
    _state: int = _START
    _held: str = field(default="", repr=False)

    def feed(self, text: str, *, last: bool = False) -> str | None:
        """What follows the record in ``text``, or ``None`` when it does not end there. Then feed the next part.

        The last few characters of a part are looked at again with the next one, unless this is the ``last``.
        """
        d, text = self.dialect, self._held + text
        sure = len(text) if last else max(0, len(text) - d.longest + 1)
        at = 0
        for match in d.tokens.finditer(text):
            if match.start() >= sure:
                break
            if match.start() > at and self._state in (_START, _QUOTE_SEEN):
                self._state = _PLAIN
            at, token = match.end(), match[0]
            if token == d.quote:
                self._state = (_QUOTED, _PLAIN, _QUOTE_SEEN, _QUOTED)[self._state]
            elif self._state != _QUOTED:
                if token == d.row:
                    return text[at:]
                self._state = _START if token == d.delimiter else _PLAIN
        if sure > at:
            if self._state in (_START, _QUOTE_SEEN):
                self._state = _PLAIN
            at = sure
        self._held = text[at:]
        return None

    @property
    def open(self) -> bool:
        """Whether the text fed so far ends inside quotes."""
        return self._state == _QUOTED


class Begun:
    """A record whose end has not come, in memory unless it is too large."""

    def __init__(self, dialect: Dialect, limit: int) -> None:
        self._dialect, self._limit, self._cutter = dialect, limit, Cutter(dialect)
        self._parts: list[str] = []
        self._length = 0
        self._newlines = 0
        self.sample = ""
        self.too_large = False

    def feed(self, text: str) -> str | None:
        """What follows the record, or ``None`` while it goes on."""
        self._length += len(text)
        self._newlines += text.count("\n")
        if not self.too_large:
            self._parts.append(text)
        return self._measured(self._cutter.feed(text))

    def finish(self) -> str | None:
        """The same at the end of the text."""
        return self._measured(self._cutter.feed("", last=True))

    def _measured(self, rest: str | None) -> str | None:
        if rest is not None:
            self._length -= len(rest)
            self._newlines -= rest.count("\n")
        if self._length > self._limit and not self.too_large:
            self.sample, self.too_large, self._parts = sample_of("".join(self._parts)), True, []
        return rest

    @property
    def text(self) -> str:
        return "".join(self._parts)[: self._length]

    @property
    def lines(self) -> int:
        """Lines that the record takes; one, where records do not end with line feeds."""
        return max(1, self._newlines) if self._dialect.simple else 1

    @property
    def open(self) -> bool:
        return self._cutter.open


def record_ends(text: str, d: Dialect) -> Iterator[int]:
    """Where each record that ends in ``text`` ends, its row delimiter included."""
    state, at = _START, 0
    for match in d.tokens.finditer(text):
        if match.start() > at and state in (_START, _QUOTE_SEEN):
            state = _PLAIN
        at, token = match.end(), match[0]
        if token == d.quote:
            state = (_QUOTED, _PLAIN, _QUOTE_SEEN, _QUOTED)[state]
        elif state != _QUOTED:
            if token == d.row:
                yield at
            state = _START if token in (d.delimiter, d.row) else _PLAIN


def fields(record: str, d: Dialect) -> list[str]:
    """The fields of one record, given without its row delimiter (one that stands in it is quoted or escaped)."""
    out: list[str] = []
    parts: list[str] = []
    state, at = _START, 0
    for match in d.tokens.finditer(record):
        if match.start() > at:
            parts.append(record[at : match.start()])
            if state in (_START, _QUOTE_SEEN):
                state = _PLAIN
        at, token = match.end(), match[0]
        if token == d.quote:
            if state in (_PLAIN, _QUOTE_SEEN):
                parts.append(token)
            state = (_QUOTED, _PLAIN, _QUOTE_SEEN, _QUOTED)[state]
        elif token == d.delimiter and state != _QUOTED:
            out.append("".join(parts))
            parts, state = [], _START
        elif d.escape and token.startswith(d.escape) and len(token) == 2:
            parts.append(token[1])
            state = state if state == _QUOTED else _PLAIN
        else:
            parts.append(token)
    out.append("".join([*parts, record[at:]]))
    return out


def first_record(chunks: Iterator[str], dialect: Dialect, limit: int) -> tuple[str | None, str]:
    """The first record of a text, with its delimiter, and what was read beyond it.

    ``None`` when the text ends, or more than ``limit`` characters pass, before the record does.
    """
    cutter, seen = Cutter(dialect), ""
    for chunk in chunks:
        seen += chunk
        rest = cutter.feed(chunk)
        if rest is not None:
            return seen[: len(seen) - len(rest)], rest
        if len(seen) > limit:
            return None, seen
    if not seen or (rest := cutter.feed("", last=True)) is None:
        return (None, seen) if not seen or cutter.open else (seen, "")
    return seen[: len(seen) - len(rest)], rest
