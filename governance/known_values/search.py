"""Looks for declared values in texts: first which value may stand where, for the whole batch; then exactly."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from governance.known_values.anchors import anchors, candidates, kind_of, series
from governance.known_values.folding import Folded, Ints
from governance.known_values.handles import handle
from governance.known_values.matching import Matcher, Row
from governance.known_values.numbers import number
from governance.known_values.people import person
from governance.known_values.places import address
from governance.pseudonyms import PLACEHOLDER
from governance.recognisers.engine import Spans

#: Column entities whose values are looked for, and as what a find counts. Attributes and dates are too common a
#: text to be searched for literally.
SEARCHED = frozenset(
    {
        "PERSON", "PHONE_NUMBER", "EMAIL_ADDRESS", "CN_RESIDENT_ID", "NATIONAL_ID", "BANK_CARD", "ADDRESS", "USER_ID",
        "USERNAME", "WAYBILL", "PLATE", "DEVICE_ID", "IP_ADDRESS", "MAC_ADDRESS", "ACCOUNT_URL", "SECRET",
    }
)  # fmt: skip
_NUMBERS = frozenset({"PHONE_NUMBER", "CN_RESIDENT_ID", "NATIONAL_ID", "BANK_CARD", "WAYBILL", "DEVICE_ID", "USER_ID"})

#: Of which no form is without a digit, unless the value itself has none.
_WITH_DIGITS = frozenset({"PHONE_NUMBER", "BANK_CARD", "CN_RESIDENT_ID", "ADDRESS"})

FULL, PARTIAL = "known value", "form of a known value"
CODES = 1 << 22
"""Code points of text that are folded at once: memory stays within some hundred megabytes whatever a batch holds."""
PAIRS = 1 << 20
"""Pairs of text and value that are compared at once."""
_ROUNDS = 3
_FEW = 8
LONGEST = 1000
"""Code points of a value from which on it is no name, number or address but a text of its own."""

#: Row, start, end, place of the column, 1 for a partial form.
_Hit = tuple[int, int, int, int, int]


@dataclass(frozen=True)
class Declared:
    """Values that are looked for in some rows: ``values[value[i]]`` in row ``row[i]`` of the batch.

    ``entity`` is as what a find counts and ``label`` who declared it, as in ``orders.recipient``. Never shown.
    """

    entity: str
    label: str
    values: pa.Array
    row: Ints
    value: Ints

    def __repr__(self) -> str:
        return f"Declared({self.entity}, {self.label}, {len(self.row)} pairs)"


class KnownValues:
    """Looks for declared values in texts.

    ``columns`` maps names of columns to their entity; those not in `SEARCHED` are left out. With ``group``, a column's
    name, values of all rows of a group are looked for in each of its rows.
    """

    def __init__(self, columns: Mapping[str, str], group: str | None = None) -> None:
        self.columns = {name: entity for name, entity in columns.items() if entity in SEARCHED}
        self.group = group
        # Remembered for this object alone, which lives for one batch; few, as the rows of a conversation are near.
        self._matcher = lru_cache(maxsize=1 << 9)(_matcher)
        self._declared: tuple[pa.RecordBatch, list[Declared]] | None = None

    def scan(
        self,
        batch: pa.RecordBatch,
        texts: pa.Array,
        rows: Sequence[int] | None = None,
        beyond: Sequence[Declared] = (),
    ) -> Spans:
        """Finds in ``texts``; ``rows`` are their places in ``batch``, all in order when ``None``. ``beyond`` are
        values that other records declare for rows of the batch."""
        if self._declared is None or self._declared[0] is not batch:
            self._declared = batch, self._of(batch)
        declared = [*self._declared[1], *(one for one in beyond if one.entity in SEARCHED and len(one.row))]
        if rows is not None:
            places = np.full(len(batch), -1, dtype=np.int64)
            places[np.asarray(rows, dtype=np.int64)] = np.arange(len(rows))
            declared = [_placed(one, places) for one in declared]
        hits: list[_Hit] = []
        if len(texts) and any(len(one.row) for one in declared):
            for start, stop in _chunks(texts):
                hits += self._scan(texts.slice(start, stop - start), start, declared)
        entities = [one.entity for one in declared]
        return _spans(hits, entities, [f"known.{one.label}" for one in declared])

    def _of(self, batch: pa.RecordBatch) -> list[Declared]:
        found = []
        groups = _groups(batch, self.group)
        for name, entity in self.columns.items():
            if name not in batch.schema.names:
                continue
            coded = pc.dictionary_encode(batch.column(name))
            values = coded.dictionary.cast(pa.large_string())
            codes = coded.indices.fill_null(-1).to_numpy()
            row = np.flatnonzero(codes >= 0)
            row, value = (row, codes[row].astype(np.int64)) if groups is None else _shared(groups, row, codes)
            found.append(_without_placeholders(Declared(entity, name, values, row, value)))
        return found

    def _scan(self, texts: pa.Array, first: int, declared: Sequence[Declared]) -> list[_Hit]:
        """Hits in a stretch of the texts, the first of which is ``first`` of all."""
        folded = Folded(texts)
        squeezed, digits = series(folded), folded.with_digits()
        pairs = []
        for place, one in enumerate(declared):
            inside = (one.row >= first) & (one.row < first + len(texts))
            row, value = (
                (one.row[inside] - first, one.value[inside]) if not inside.all() else (one.row - first, one.value)
            )
            if len(row):
                row, value = _possible(squeezed, digits, one, row, value)
                pairs.append((row, np.full(len(row), place), value))
        if not pairs:
            return []
        rows, places, values = (np.concatenate(part) for part in zip(*pairs, strict=True))
        if not len(rows):
            return []
        order = np.lexsort((values, places, rows))
        rows, places, values = rows[order], places[order], values[order]
        hits: list[_Hit] = []
        begins = np.flatnonzero(np.diff(rows, prepend=-1))
        numbers = rows[begins].tolist()
        lines = texts.take(pa.array(numbers)).to_pylist()
        bounds, kinds = [*begins.tolist(), len(rows)], places.tolist()
        cells = self._cells(declared, places, values)
        for i, at in enumerate(numbers):
            here = slice(bounds[i], bounds[i + 1])
            matchers = [
                (place, matcher)
                for place, cell in zip(kinds[here], cells[here], strict=True)
                if (matcher := self._matcher(declared[place].entity, cell)) is not None
            ]
            text = Row(lines[i], folded.folded(at), folded.bare(at), folded.places(at).tolist())
            hits += [(first + at, *hit) for hit in _in_row(text, matchers)]
        return hits

    @staticmethod
    def _cells(declared: Sequence[Declared], places: Ints, values: Ints) -> list[str]:
        """The values of the pairs."""
        out = np.empty(len(places), dtype=object)
        for place, one in enumerate(declared):
            here = np.flatnonzero(places == place)
            if len(here):
                out[here] = one.values.take(pa.array(values[here])).to_pylist()
        found: list[str] = out.tolist()
        return found


def _matcher(entity: str, value: str) -> Matcher | None:
    if len(value) > LONGEST:
        return None
    if entity in _NUMBERS and (value.isdigit() or sum(map(str.isdigit, value)) * 2 >= len(value)):
        return number(entity, value)
    if entity == "PERSON":
        return person(value)
    if entity == "ADDRESS":
        return address(value)
    return handle(entity, value)


def _in_row(row: Row, matchers: Sequence[tuple[int, Matcher]]) -> Iterator[tuple[int, int, int, int]]:
    """Finds in one text. What a find leaves beside it may be a value once the find is gone, so they are looked for
    again with every find replaced, until nothing more shows: a second scrub changes nothing."""
    done = _placeholders(row.text) if "<" in row.text else None
    for _ in range(_ROUNDS):
        fresh = []
        for place, matcher in matchers:
            for start, end, partial in matcher.find(row):
                if start < end and (done is None or done.find(1, start, end) < 0):
                    fresh.append((start, end, place, int(partial)))
        if not fresh:
            return
        yield from fresh
        bare = _blotted(row.bare, [(bisect_left(row.at, start), bisect_left(row.at, end)) for start, end, *_ in fresh])
        matchers = [(place, one) for place, one in matchers if any(need in bare for need in one.needs)]
        if not matchers:
            return
        spans = [(start, end) for start, end, *_ in fresh]
        seen = bytearray(len(row.text)) if done is None else done
        for start, end in spans:
            seen[start:end] = b"\1" * (end - start)
        done = seen
        row = Row(_blotted(row.text, spans), _blotted(row.folded, spans), bare, row.at)


def _placeholders(text: str) -> bytearray:
    """Which code points belong to a placeholder."""
    found = bytearray(len(text))
    for match in PLACEHOLDER.finditer(text):
        found[match.start() : match.end()] = b"\1" * len(match[0])
    return found


def _blotted(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with each span replaced by signs of the same length that belong to no value."""
    if len(spans) > _FEW:
        letters = list(text)
        for start, end in spans:
            letters[start:end] = "<" * (end - start)
        return "".join(letters)
    for start, end in spans:
        text = text[:start] + "<" * (end - start) + text[end:]
    return text


def _possible(
    squeezed: pl.Series, digits: npt.NDArray[np.bool_], one: Declared, row: Ints, value: Ints
) -> tuple[Ints, Ints]:
    """The pairs of which the text holds an anchor of the value; ``digits`` says which texts hold a digit."""
    if one.entity in _WITH_DIGITS:
        plain = np.zeros(len(one.values), dtype=np.bool_)
        if one.entity == "ADDRESS":
            plain = ~Folded(one.values).with_digits()
        kept = digits[row] | plain[value]
        row, value = row[kept], value[kept]
        if not len(row):
            return row, value
    used, value_used = np.unique(value, return_inverse=True)
    values = one.values if len(used) == len(one.values) else one.values.take(pa.array(used))
    columns = anchors(one.entity, kind_of(one.entity, _NUMBERS), values)
    if not columns:
        return row[:0], value[:0]
    found = [
        candidates(squeezed, columns, row[start : start + PAIRS], value_used[start : start + PAIRS])
        for start in range(0, len(row), PAIRS)
    ]
    chosen = np.concatenate(found)
    return row[chosen], value[chosen]


def _chunks(texts: pa.Array) -> Iterator[tuple[int, int]]:
    """Stretches of rows with about `CODES` code points."""
    ends = np.cumsum(pc.fill_null(pc.binary_length(texts), 0).to_numpy(zero_copy_only=False).astype(np.int64))
    start = 0
    while start < len(texts):
        base = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, base + CODES, side="right")))
        yield start, stop
        start = stop


def _groups(batch: pa.RecordBatch, name: str | None) -> Ints | None:
    """The number of each row's group; a row without one is a group of its own."""
    if name is None or name not in batch.schema.names:
        return None
    codes = pc.dictionary_encode(batch.column(name)).indices.fill_null(-1).to_numpy().astype(np.int64)
    alone = codes < 0
    codes[alone] = (int(codes.max()) if len(codes) else 0) + 1 + np.arange(int(alone.sum()))
    return codes


def _shared(groups: Ints, row: Ints, codes: Ints) -> tuple[Ints, Ints]:
    """Every distinct value of a group with every row of it."""
    size = int(codes.max(initial=-1)) + 1
    if not size:
        return row[:0], row[:0]
    both = np.unique(groups[row] * size + codes[row])
    group, value = both // size, both % size
    order = np.argsort(groups, kind="stable")
    starts = np.searchsorted(groups[order], group, side="left")
    counts = np.searchsorted(groups[order], group, side="right") - starts
    at = np.repeat(starts - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum()))
    return order[at], np.repeat(value, counts)


def _without_placeholders(one: Declared) -> Declared:
    """Without values that were replaced already."""
    there = pc.match_substring(one.values, "<")
    if not pc.any(there).as_py():
        return one
    texts = one.values.to_pylist()
    good = np.array([not PLACEHOLDER.fullmatch(text) for text in texts])
    keep = good[one.value]
    return Declared(one.entity, one.label, one.values, one.row[keep], one.value[keep])


def _placed(one: Declared, places: Ints) -> Declared:
    row = places[one.row]
    here = row >= 0
    return Declared(one.entity, one.label, one.values, row[here], one.value[here])


def _spans(hits: Iterable[_Hit], entities: list[str], recognisers: list[str]) -> Spans:
    """Sorted, the longest of overlapping finds first, overlaps joined."""
    kept: list[list[int]] = []
    for row, start, end, place, reason in sorted(hits, key=lambda h: (h[0], h[1], -h[2], h[4])):
        if kept and kept[-1][0] == row and start < kept[-1][2]:
            kept[-1][2] = max(kept[-1][2], end)
            continue
        kept.append([row, start, end, place, reason])
    table = np.array(kept, dtype=np.int64).reshape(-1, 5)
    names = tuple(dict.fromkeys(entities))
    codes = np.array([names.index(entity) for entity in entities], dtype=np.int32)
    labels = tuple(dict.fromkeys(recognisers))
    label_codes = np.array([labels.index(label) for label in recognisers], dtype=np.int32)
    empty = np.empty(0, dtype=np.int32)
    return Spans(
        row=table[:, 0],
        start=table[:, 1],
        end=table[:, 2],
        entity=codes[table[:, 3]] if len(table) else empty,
        score=np.where(table[:, 4] == 0, 1.0, 0.9).astype(np.float32),
        recogniser=label_codes[table[:, 3]] if len(table) else empty,
        reason=table[:, 4].astype(np.int32),
        keep=np.zeros(len(table), dtype=np.bool_),
        entities=names,
        recognisers=labels,
        reasons=(FULL, PARTIAL),
    )
