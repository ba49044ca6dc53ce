"""From nested records to columns of text: what JSON, JSON Lines, YAML and XML share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from infra.sources.columns import Part, safe_names, with_nulls
from infra.sources.context import Context
from infra.sources.encoding import BAD
from infra.sources.model import Drift, Reason, Reject, SourceUnreadable, sample_of
from infra.sources.paths import Malformed, Place, getter, plain_key, to_text

BAD_MARK = "\ufdd0\ufdd1"
"""Two code points that are no characters, in place of `encoding.BAD` where a parser would refuse that."""
NUL_MARK = "\ufdd0\ufdd2"
CUT_MARK = "\ufdd0\ufdd3"
"""Ends a string that was cut off while it streamed by, because its record is too large anyway."""
Row = tuple[Any, Place, int]
"""A record, where it was met, and its position in the piece."""
_ROWS = 2048
_MOST_KEYS = 1000


class Inexact(Exception):
    """A value that a fast parser has rounded: read the records again by the exact one."""


@dataclass
class Marked:
    """Makes text fit for a parser that stops at lone surrogates and zero bytes; ``found`` once it had to."""

    found: bool = False

    def __call__(self, text: str) -> str:
        if BAD in text or "\0" in text:
            self.found = True
            return text.replace(BAD, BAD_MARK).replace("\0", NUL_MARK)
        return text


class Collector:
    """Takes records with their positions and makes parts of them; keeps what drift there is.

    ``defaults`` says whether the format has no null of its own, so that the contract's ``nullValues`` (the empty
    string, where it does not say) stand for it.
    """

    def __init__(self, context: Context, *, defaults: bool = False) -> None:
        self.context = context
        self._nulls = context.source.null_values if defaults else context.nulls
        self._fields = [(f, _special_or_getter(f.path)) for f in context.fields]
        self._keys = [plain_key(f.path) for f in context.fields]
        self._records: list[Row] = []
        self._rejects: list[Reject] = []
        self._absent = {f.path for f, get in self._fields if get is not None and not f.path.startswith(("$", "."))}
        self._known = {path.split(".")[0].partition("|")[0] for path in self._absent} | self._absent
        self._unknown: set[str] = set()
        self._scalars = any(f.path == "." or f.path.startswith("$") for f in context.fields)
        self._rows = 0

    def __len__(self) -> int:
        return len(self._records) + len(self._rejects)

    def add(self, record: Any, place: Place, position: int) -> None:
        """Take a record."""
        self._records.append((record, place, position))

    def reject(self, position: int, reason: Reason, sample: str = "") -> None:
        """Take a record that could not be read."""
        self._rejects.append(Reject(position, reason, sample_of(sample)))

    @property
    def full(self) -> bool:
        return len(self) >= _ROWS

    def part(self, *, marked: bool = False) -> Part:
        """The part of what was taken since the last one. ``marked``: look for `BAD_MARK` and `NUL_MARK`."""
        records, self._records = self._records, []
        rejects, self._rejects = self._rejects, []
        return self.make(records, rejects, marked=marked)

    def make(self, records: list[Row], rejects: list[Reject], *, marked: bool = False, rounded: bool = False) -> Part:
        """The part of these records, with these rejects.

        Raises:
            Inexact: The records are ``rounded`` and a field's value is, or holds, a binary fraction.
        """
        good, rejects = [], list(rejects)
        for row in records:
            record = row[0]
            wrong = _mark_in(record) if marked else None
            if wrong is None and not isinstance(record, (dict, list)) and not self._scalars:
                wrong = "malformed"
            if wrong:
                rejects.append(Reject(row[2], wrong, sample_of(_shown(record))))
            else:
                good.append(row)
        columns, good = self._columns(good, rejects, rounded)
        self._notice([row[0] for row in good])
        rejects.sort(key=lambda reject: reject.position)
        self._rows += len(good)
        positions = np.asarray([row[2] for row in good], np.int64)
        part = Part([with_nulls(column, self._nulls) for column in columns], positions, rejects)
        for i, (f, _) in enumerate(self._fields):
            if f.path in self.context.specials:
                value = pa.scalar(self.context.specials[f.path], pa.string())
                part.arrays[i] = pa.repeat(value, len(positions))
        return part

    def _columns(self, good: list[Row], rejects: list[Reject], rounded: bool) -> tuple[list[pa.Array], list[Row]]:
        try:
            records = [row[0] for row in good]
            objects = all(type(record) is dict for record in records)
            columns = []
            for (f, get), key in zip(self._fields, self._keys, strict=True):
                quick = objects and key is not None
                values = [record.get(key) for record in records] if quick else _values(f.path, get, good)
                columns.append(_strings(values, rounded))
            return columns, good
        except (Malformed, UnicodeEncodeError, pa.ArrowInvalid):
            # Some record holds what no text can (half a surrogate pair, a document of nested aliases): find it.
            kept, rows = [], []
            for row in good:
                try:
                    found = [_values(f.path, get, [row])[0] for f, get in self._fields]
                    values = [to_text(_exact(value) if rounded else value) for value in found]
                    for value in values:
                        (value or "").encode()
                except (Malformed, UnicodeEncodeError):
                    rejects.append(Reject(row[2], "malformed", sample_of(_shown(row[0]))))
                else:
                    kept.append(row)
                    rows.append(values)
            return [pa.array([values[i] for values in rows], pa.string()) for i in range(len(self._fields))], kept

    def _notice(self, records: Sequence[Any]) -> None:
        for record in records:
            if type(record) is dict:
                if self._absent:
                    self._absent -= {path for path in self._absent if _present(record, path)}
                if len(self._unknown) < _MOST_KEYS and not record.keys() <= self._known:
                    self._unknown |= {str(key) for key in record} - self._known
            elif self._absent:
                self._absent -= {path for path in self._absent if getter(path)(record) is not None}

    def drift(self) -> list[Drift]:
        """What the records read so far say about the contract's fields.

        Raises:
            SourceUnreadable: A field that must not drift was in none of them.
        """
        if not self._rows:
            return []
        fatal = [f.path for f, _ in self._fields if f.path in self._absent and f.on_drift == "fail"]
        if fatal:
            raise SourceUnreadable(
                f"{self.context.label}: no record has {', '.join(map(repr, sorted(fatal)))}",
                fix="have the unit restore it, or correct physicalName or set onDrift: quarantine in the contract",
            )
        out = [Drift("missing", path) for path in sorted(self._absent)]
        return out + [Drift("unknown", name) for name in safe_names(self._unknown)]


def _special_or_getter(path: str) -> Callable[[Any], Any] | None:
    if path.startswith("$parent."):
        return getter(path.removeprefix("$parent."))
    return None if path.startswith("$") else getter(path)


def _values(path: str, get: Callable[[Any], Any] | None, rows: list[Row]) -> list[Any]:
    if get is not None:
        if path.startswith("$parent."):
            return [get(place.parent) for _, place, _ in rows]
        return [get(record) for record, _, _ in rows]
    if path == "$line":
        return [str(position) for _, _, position in rows]
    if path == "$index":
        return [place.index for _, place, _ in rows]
    if path == "$parent_index":
        return [place.parent_index for _, place, _ in rows]
    if path == "$key":
        return [place.key for _, place, _ in rows]
    return [None] * len(rows)


def _present(record: dict[str, Any], path: str) -> bool:
    if path in record:
        return True
    name = path.split(".")[0].partition("|")[0]
    return name in record and (name == path or getter(path)(record) is not None)


def _strings(values: list[Any], rounded: bool) -> pa.Array:
    try:
        return pa.array(values, pa.string())
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        if rounded:
            values = [_exact(value) for value in values]
        return pa.array([to_text(value) for value in values], pa.string())


def _mark_in(value: Any) -> Reason | None:
    if isinstance(value, str):
        if "\ufdd0" in value:
            return "undecodable_bytes" if BAD_MARK in value else "nul_byte" if NUL_MARK in value else None
        return None
    items: Iterator[Any]
    if isinstance(value, dict):
        items = iter([*value.keys(), *value.values()])
    elif isinstance(value, list):
        items = iter(value)
    else:
        return None
    for item in items:
        if wrong := _mark_in(item):
            return wrong
    return None


def _shown(record: Any) -> str:
    try:
        text = to_text(record, 1 << 20) or ""
    except Malformed:
        return ""
    return text.replace(BAD_MARK, "\ufffd").replace(NUL_MARK, "\ufffd")


def _exact(value: Any) -> Any:
    if type(value) is float:
        raise Inexact
    if type(value) is dict:
        for item in value.values():
            _exact(item)
    elif type(value) is list:
        for item in value:
            _exact(item)
    return value
