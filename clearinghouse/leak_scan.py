"""Does any planted value stand anywhere outside its source? A scan of whole folders, whatever lies in them.

Every value of a ground truth is looked for in every text of every file (`clearinghouse.leak_places`): as it was
written with width and case folded (NFKC), and, where it is a number, with separators and country code taken off.
`clearinghouse.leaks` finds candidates as this does; here each is looked at again where it stands, by three rules:

- A value is not found inside a longer word or number of its own script (``192.0.2.1`` in ``192.0.2.17``), but a number of
  11 digits or more is, because two numbers may have been typed without a space. In a column of numbers the whole number
  counts: random numbers hold others by chance.
- A digest (32 hexadecimal digits or more) holds nothing: its digits are random.
- A short value (a name of up to `_SHORT_NAME` characters, a date) turns up by chance in text that has nothing to do with
  it. It counts wherever it stands in the data set that it was planted in (in scrubbed files: in that field), and in any
  other place where it stands alone: a whole cell, or with no letter and no digit beside it.

What is found is named by place, entity and a keyed hash, never by the value, and a path that holds a value is masked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from clearinghouse.leak_places import Piece, pieces
from clearinghouse.leaks import squeezed

if TYPE_CHECKING:
    from governance.pseudonyms import Key

_FRAME_BYTES = 32 << 20
_VALUES = 300_000
_GLUED = 11
_SHORT_NAME = 3
_DATE = "BIRTH_DATE"
_SEPARATOR = r"[\s\-().·_/]"
_GAP = r"[ \t\u00a0\u3000\-().·_/]{0,3}"
#: What may stand before the bare number: a country code, the trunk's 0.
_BEFORE = rf"(?:(?:\+|00)?(?:86|62|66|84|55|52|1){_GAP})?(?:0{_GAP})?"
_HEX = frozenset("0123456789abcdef")
_DIGEST = 32
_MASKED = "<masked>"


@dataclass(frozen=True, order=True)
class Hit:
    """A planted value outside its source: where it stands, what it is, and its keyed hash."""

    place: str
    column: str
    entity: str
    value: str


@dataclass(frozen=True)
class Found:
    """``planted`` are distinct values that were looked for, ``places`` the files that were read."""

    planted: int
    places: int
    hits: tuple[Hit, ...]

    def as_dict(self, most: int = 1000) -> dict[str, Any]:
        """As one JSON object: planted, places_scanned, hits and, of the first ``most``, where."""
        return {
            "planted": self.planted,
            "places_scanned": self.places,
            "hits": len(self.hits),
            "where": [asdict(hit) for hit in self.hits[:most]],
        }


@dataclass(frozen=True)
class _Value:
    """A planted value. ``homes`` are the (data set, field) that it was planted in."""

    kind: str
    value: str
    short: bool
    homes: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class _Needles:
    """Values by the form in which they are looked for: as written, and without separators."""

    plain: Mapping[str, tuple[_Value, ...]]
    bare: Mapping[str, tuple[_Value, ...]]


def scan(roots: Mapping[str, Path], truth: pl.LazyFrame, key: Key, *, source: Sequence[Path] = ()) -> Found:
    """Look for the values of ``truth`` that are to be redacted in every file under ``roots`` (by the name that places
    begin with). Folders in ``source`` hold the values rightly and are left out, as is the key's hash of nothing.

    Links are not followed: what they lead to is scanned where it lies, or not ours.
    """
    values = _values(truth)
    files = [pair for name, root in sorted(roots.items()) for pair in _files(name, root, source)]
    hits: set[Hit] = set()
    for first in range(0, max(1, len(values)), _VALUES):
        needles = _needles(values[first : first + _VALUES])
        found = {
            (place, column, value)
            for frame in _frames(piece for path, place in files for piece in pieces(path, place))
            for place, column, value in _search(frame, needles)
        }
        for place, column, value in found:
            hashed = key.value_hash(value.kind, value.value).hex()[:16]
            hits.add(Hit(_masked(place, needles), _masked(column, needles), value.kind, hashed))
    return Found(len({(one.kind, _folded(one.value)) for one in values}), len(files), tuple(sorted(hits)))


def _files(name: str, root: Path, source: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """Files with their places, sorted; a root may be a file."""
    left_out = {path.resolve() for path in source}
    if root.is_file():
        yield root, name
        return
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink() and left_out.isdisjoint((path.resolve(), *path.resolve().parents)):
            yield path, f"{name}/{path.relative_to(root).as_posix()}"


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _values(truth: pl.LazyFrame) -> list[_Value]:
    rows = (
        truth.filter(pl.col("expect") == "redact")
        .group_by("kind", "value")
        .agg(pl.struct("dataset", "field").unique().alias("homes"))
        .sort("kind", "value")
        .collect()
    )
    return [
        _Value(
            row["kind"],
            row["value"],
            row["kind"] == _DATE or len(_folded(row["value"])) <= _SHORT_NAME,
            frozenset((home["dataset"], home["field"]) for home in row["homes"]),
        )
        for row in rows.iter_rows(named=True)
    ]


def _needles(values: Iterable[_Value]) -> _Needles:
    plain: dict[str, list[_Value]] = {}
    bare: dict[str, list[_Value]] = {}
    for one in values:
        plain.setdefault(_folded(one.value), []).append(one)
        number = squeezed(one.kind, one.value)
        if number:
            bare.setdefault(number, []).append(one)
    plain.pop("", None)
    return _Needles(
        {form: tuple(found) for form, found in plain.items()}, {form: tuple(found) for form, found in bare.items()}
    )


def _frames(found: Iterable[Piece]) -> Iterator[pl.DataFrame]:
    """Texts with where they stand, in frames of about `_FRAME_BYTES`."""
    waiting: list[pl.DataFrame] = []
    size = 0
    for piece in found:
        where = {"place": piece.place, "column": piece.column, "dataset": piece.dataset}
        frame = pl.DataFrame({"text": piece.texts}, schema={"text": pl.String})
        waiting.append(frame.with_columns(*(pl.lit(v).alias(k) for k, v in where.items()), whole=pl.lit(piece.whole)))
        size += int(piece.texts.str.len_bytes().sum() or 0)
        if size >= _FRAME_BYTES:
            yield pl.concat(waiting)
            waiting, size = [], 0
    if waiting:
        yield pl.concat(waiting)


def _search(frame: pl.DataFrame, needles: _Needles) -> Iterator[tuple[str, str, _Value]]:
    """Each value that stands in a text, with place and column."""
    folded = frame.with_columns(pl.col("text").str.normalize("NFKC").str.to_lowercase())
    for forms, squeeze in ((needles.plain, False), (needles.bare, True)):
        if not forms:
            continue
        texts = folded["text"].str.replace_all(_SEPARATOR, "") if squeeze else folded["text"]
        matched = folded.with_columns(form=texts.str.extract_many(list(forms), overlapping=True))
        matched = matched.filter(pl.col("form").list.len() > 0).with_columns(pl.col("form").list.unique())
        for row in matched.iter_rows(named=True):
            for form in row["form"]:
                for value in forms[form]:
                    if _stands(form, value, row, squeeze):
                        yield row["place"], row["column"], value


def _stands(form: str, value: _Value, row: Mapping[str, Any], squeezed_form: bool) -> bool:
    text: str = row["text"]
    if row["whole"]:
        return bool(re.fullmatch(_BEFORE + re.escape(form), text))
    if squeezed_form:
        places = (found.span() for found in _spaced(form).finditer(text))
        return any(not _in_digest(text, start, stop) for start, stop in places)
    alone = value.short and not _at_home(value, row)
    return any(_whole(text, start, stop, alone=alone) for start, stop in _places(form, text))


@lru_cache(maxsize=1 << 12)
def _spaced(form: str) -> re.Pattern[str]:
    """A bare number as people type it; a country code may stand before it, a digit of another number may not."""
    return re.compile(rf"(?<!\d){_BEFORE}{_GAP.join(map(re.escape, form))}(?!\d)")


def _places(form: str, text: str) -> Iterator[tuple[int, int]]:
    start = text.find(form)
    while start >= 0:
        yield start, start + len(form)
        start = text.find(form, start + 1)


def _at_home(value: _Value, row: Mapping[str, Any]) -> bool:
    """Whether a text belongs to a data set, and in scrubbed files a field, that the value was planted in."""
    place: str = row["place"]
    for dataset, field in value.homes:
        unit, _, name = dataset.partition(".")
        if f"/scrubbed/{unit}/{name}/" in place:
            return bool(row["column"] == field)
        if row["dataset"] == dataset or f"/{unit}/{name}/" in place:
            return True
    return False


def _whole(text: str, start: int, stop: int, *, alone: bool) -> bool:
    before, after = text[start - 1 : start], text[stop : stop + 1]
    if alone:
        return not (before.isalnum() or after.isalnum())
    if _in_digest(text, start, stop):
        return False
    if stop - start >= _GLUED and text[start:stop].isdecimal():
        return True
    return not (_joined(before, text[start]) or _joined(text[stop - 1], after))


def _joined(left: str, right: str) -> bool:
    """Whether two neighbours belong to one word or number. Scripts without spaces between words join nothing."""
    return (left.isdecimal() and right.isdecimal()) or (_spaces(left) and _spaces(right))


def _spaces(sign: str) -> bool:
    return sign.isalpha() and (ord(sign) < 0x0E00 or 0x1E00 <= ord(sign) < 0x2000)


def _in_digest(text: str, start: int, stop: int) -> bool:
    if not _HEX.issuperset(text[start:stop]):
        return False
    while start > 0 and stop - start < _DIGEST and text[start - 1] in _HEX:
        start -= 1
    while stop < len(text) and stop - start < _DIGEST and text[stop] in _HEX:
        stop += 1
    return stop - start >= _DIGEST


def _masked(name: str, needles: _Needles) -> str:
    """A place's or column's name, of which what holds a value is masked."""
    if not _held(name, needles):
        return name
    parts = [_MASKED if _held(part, needles) else part for part in name.split("/")]
    return _MASKED if _held("/".join(parts), needles) else "/".join(parts)


def _held(name: str, needles: _Needles) -> bool:
    row = {"text": _folded(name), "whole": False, "place": "", "dataset": "", "column": ""}
    frame = pl.DataFrame([row])
    return next(_search(frame, needles), None) is not None
