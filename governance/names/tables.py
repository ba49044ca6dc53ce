"""Tables and records inside a text: the head of a column, or the key, is the label of each value.

"Guest | Passport" over "Hargrove, Philippa | 532170946": nothing stands beside the number but its place. Each cell
under a head that is known is looked at as "Passport No: 532170946", and the value of a key in JSON likewise, so that
all that recognisers know of labels holds there. What stands under "full name" is a person, whoever is called so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from governance.names.heads import Head, head_of
from governance.names.named import is_name
from governance.recognisers.automata import Ints, automaton, cut
from governance.recognisers.engine import Span, Spans, buffers
from governance.recognisers.merge import columns, picked

RECOGNISER = "names_labelled"

_PEOPLE = "name|姓|名|nombre|apellido|sobrenome|apelido|nama|фио|ФИО|Ф\\.|фамили|Фамили|имя|Имя|이름|성명|수령인|수취인|예약자|회원|tên|Tên|TÊN|ชื่อ|สกุล"
#: Cells between tabs or bars; between commas; a key and its value; a label, its colon and a name.
NEEDLES = (
    "[\\t|]",
    "(?i)[a-z_\"'\\x80-\\xff][,;][\"'a-z\\x80-\\xff]",
    "[\"'] ?: ?[\"'0-9]",
    f"(?i)({_PEOPLE})[^\\n:]{{0,6}}(:|：)",
)
_BARS, _COMMAS, _KEYS, _LABELS = range(len(NEEDLES))
_REACH = (120,) * len(NEEDLES)
_CELL, _MOST = 200, 64
_PAIR = re.compile(
    "([\"'])(?P<key>[^\"'\\n:,{}]{1,40})\\1\\s{0,3}:\\s{0,3}(?:([\"'])(?P<value>[^\"'\\\\\\n]{1,200})\\3|(?P<number>\\d[\\d.]{4,24}))"
)
_LINE = re.compile(
    "(?:^|(?<=[\\n|;；,，\\t]))[ \\t>*•-]{0,6}(?P<key>[^\\n:：|;；,，\\t]{1,40}?)[ ]?[:：][ \\t]{0,4}(?P<value>[^\\n:：|;；,，\\t]{2,60})(?=[\\n|;；,，\\t]|$)"
)
_RULE = re.compile("[\\s|:+=-]+")


class _Piece(NamedTuple):
    """A value: its label and where it stands in its text."""

    head: Head
    start: int
    end: int


class Tables(NamedTuple):
    """Values of rows as lines of their own: ``texts``, of which each stands for one of ``rows``. By line: where it begins
    in its text, where its value begins there and where that stood before, and how long it is. ``lines``: how many lines
    come before those of each text. ``people``: values that are persons whatever else they are."""

    texts: pa.LargeStringArray
    rows: Ints
    begin: Ints
    own: Ints
    was: Ints
    size: Ints
    lines: Ints
    people: Spans

    def moved(self, found: Spans) -> Spans:
        """Finds in ``texts``, so far as they stand in values, where these stood."""
        if not len(found):
            return found
        width = int(self.begin.max(initial=0)) + int(found.end.max()) + 2
        number = np.repeat(np.arange(len(self.rows)), np.diff(np.append(self.lines, len(self.begin))))
        line = np.searchsorted(number * width + self.begin, found.row * width + found.start, side="right") - 1
        start = np.maximum(found.start, self.own[line]) - self.own[line]
        end = np.minimum(found.end - self.own[line], self.size[line])
        shift = self.was[line]
        out = replace(found, row=self.rows[found.row], start=start + shift, end=end + shift)
        out = picked(out, np.flatnonzero(end > start))
        return picked(out, np.lexsort((out.start, out.row)))


def look(texts: pa.LargeStringArray, backend: str) -> Tables | None:
    """The values of tables and records in folded texts; ``None`` where there are none."""
    values, offsets = buffers(texts)
    units = cut(values, offsets)
    found = automaton(backend, NEEDLES).candidates(units, _REACH)
    if not len(found.units):
        return None
    where = found.units if units.rows is None else units.rows[found.units]
    bits = np.zeros(len(texts), dtype=np.int64)
    np.bitwise_or.at(bits, where, 1 << found.which)
    rows = np.flatnonzero(bits)
    out: list[str] = []
    kept: list[int] = []
    marks: list[tuple[int, int, int, int]] = []
    lines: list[int] = []
    people: list[Span] = []
    for row, seen, text in zip(rows.tolist(), bits[rows].tolist(), texts.take(pa.array(rows)).to_pylist(), strict=True):
        parts: list[str] = []
        at, first = 0, len(marks)
        for head, start, end in _pieces(text, seen):
            value = text[start:end]
            label = f"{head.label}: "
            parts.append(f"{label}{value}\n")
            marks.append((at, at + len(label), start, end - start))
            at += len(label) + len(value) + 1
            if head.person and is_name(value):
                people.append(_person(row, start, end))
        if seen & 1 << _LABELS:
            people += [_person(row, a, b) for a, b in _labelled(text)]
        if parts:
            kept.append(row)
            lines.append(first)
            out.append("".join(parts))
    if not kept and not people:
        return None
    begin, own, was, size = np.array(marks, dtype=np.int64).reshape(-1, 4).T
    ordered = columns(sorted(set(people)))
    return Tables(
        pa.array(out, pa.large_string()),
        np.array(kept, dtype=np.int64),
        begin,
        own,
        was,
        size,
        np.array(lines, dtype=np.int64),
        ordered,
    )


def _person(row: int, start: int, end: int) -> Span:
    return Span(row, start, end, "PERSON", 0.8, RECOGNISER, "context", False)


def _labelled(text: str) -> Iterator[tuple[int, int]]:
    """Names behind labels that are those of persons alone: "Surname: VAN DER MERWE"."""
    for found in _LINE.finditer(text):
        head = head_of(found["key"])
        if head is not None and head.person:
            value = found["value"].rstrip()
            if is_name(value):
                yield found.start("value"), found.start("value") + len(value)


def _pieces(text: str, seen: int) -> Iterator[_Piece]:
    """Values under heads and behind keys."""
    if seen & (1 << _BARS | 1 << _COMMAS) and "\n" in text:
        yield from _cells(text, seen)
    if seen & 1 << _KEYS:
        for found in _PAIR.finditer(text):
            head = head_of(found["key"])
            if head is not None:
                group = "value" if found["value"] is not None else "number"
                yield _Piece(head, *found.span(group))


def _cells(text: str, seen: int) -> Iterator[_Piece]:
    """Values of tables whose first line says what stands in each column."""
    signs = [
        sign
        for sign, bit in (("\t", _BARS), ("|", _BARS), (",", _COMMAS), (";", _COMMAS))
        if seen & 1 << bit and sign in text
    ]
    lines: list[tuple[int, int]] = []
    at = 0
    for line in text.split("\n"):
        lines.append((at, at + len(line)))
        at += len(line) + 1
    for sign in signs:
        heads: list[Head | None] = []
        for number, (low, high) in enumerate(lines):
            count = text.count(sign, low, high)
            if not count:
                if high - low > 1:
                    heads = []
                continue
            if count >= _MOST:
                continue
            own = _split(text, low, high, sign)
            if heads:
                if len(own) == len(heads) and not _RULE.fullmatch(text, low, high):
                    for head, (start, end) in zip(heads, own, strict=True):
                        if head is not None and 1 < end - start <= _CELL:
                            yield _Piece(head, start, end)
                continue
            following = next((k for k in lines[number + 1 : number + 3] if not _RULE.fullmatch(text, *k)), None)
            if following is None or len(_split(text, *following, sign)) != len(own):
                continue
            told = [head_of(text[start:end]) for start, end in own]
            if any(told) and all(end - start <= 48 for start, end in own):
                heads = told


def _split(text: str, low: int, high: int, sign: str) -> list[tuple[int, int]]:
    """Where the cells of a line stand, without what is around them; quotes hold signs together."""
    out: list[tuple[int, int]] = []
    at = low
    while at <= high:
        stop = -1
        if text.startswith('"', at) and (close := text.find('"', at + 1, high)) >= 0:
            stop = text.find(sign, close, high)
        else:
            stop = text.find(sign, at, high)
        stop = high if stop < 0 else stop
        a, b = at, stop
        while a < b and text[a] in " \"'*`\r\u3000":
            a += 1
        while b > a and text[b - 1] in " \"'*`\r\u3000":
            b -= 1
        out.append((a, b))
        at = stop + 1
        if stop == high:
            break
    return out


__all__ = ["NEEDLES", "RECOGNISER", "Tables", "look"]
