"""What stands around the recognisers: texts are folded once, repeated texts are looked at once, finds are settled.

A lane gives `scan` a ``look`` that finds spans in folded texts. Where it found personal data, it looks again with the
finds blotted out, until nothing new comes up: text scrubbed with the spans holds nothing that the lane would find.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from governance.recognisers.engine import NOT_TEXT, Spans, as_large_string, whole_characters
from governance.recognisers.merge import joined, picked
from governance.recognisers.normalise import FILLER, Folded, fold, rows_to_fold

Ints = npt.NDArray[np.int64]
Look = Callable[[pa.LargeStringArray], Spans]

#: From so many rows on it pays to look for repeated ones.
_MANY = 64
_ROUNDS = 8


def scan(
    texts: pa.Array | pa.ChunkedArray | Sequence[str | None],
    look: Look,
    *,
    settle: bool = True,
    again: Look | None = None,
) -> Spans:
    """Spans of ``look`` in each text, in code points of the text as it was given; nulls have none.

    ``again`` looks at texts whose finds are blotted out, where ``look`` found all that it could: the same, quicker.
    """
    array, places = _distinct(as_large_string(texts))
    rows = rows_to_fold(array).tolist()
    folds: dict[int, Folded] = {}
    work = array
    if rows:
        folds = dict(zip(rows, map(fold, array.take(pa.array(rows, pa.int64())).to_pylist()), strict=True))
        mask = np.zeros(len(array), dtype=bool)
        mask[rows] = True
        work = pc.replace_with_mask(array, pa.array(mask), pa.array([f.text for f in folds.values()], array.type))
    spans = look(work)
    if settle:
        spans = settled(work, spans, look, again)
    skipped = tuple((row, NOT_TEXT) for row, folded in folds.items() for _ in folded.skipped)
    return _spread(replace(_original(array, spans, folds), skipped=skipped), places)


def _distinct(array: pa.LargeStringArray) -> tuple[pa.LargeStringArray, Ints | None]:
    """Texts of two bytes and more, each once if that saves much; and which of them each row is, -1 for none."""
    long = pc.fill_null(pc.greater(pc.binary_length(array), 1), False).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(long)
    places = None
    if len(rows) < len(array):
        places = np.full(len(array), -1, dtype=np.int64)
        places[rows] = np.arange(len(rows))
        array = array.take(pa.array(rows))
    if len(array) < _MANY:
        return array, places
    coded = array.dictionary_encode()
    if len(coded.dictionary) > 0.97 * len(array):
        return array, places
    codes = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    if places is None:
        return coded.dictionary, codes
    places[rows] = codes
    return coded.dictionary, places


def _spread(spans: Spans, places: Ints | None) -> Spans:
    """Spans of distinct texts as spans of the rows that hold them."""
    if places is None:
        return spans
    held = np.flatnonzero(places >= 0)
    which = places[held]
    first, last = np.searchsorted(spans.row, which, "left"), np.searchsorted(spans.row, which, "right")
    counts = last - first
    within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    out = replace(picked(spans, np.repeat(first, counts) + within), row=np.repeat(held, counts).astype(np.int64))
    if spans.skipped:
        reasons: dict[int, list[str]] = {}
        for row, reason in spans.skipped:
            reasons.setdefault(row, []).append(reason)
        pairs = zip(held.tolist(), which.tolist(), strict=True)
        out = replace(out, skipped=tuple((row, reason) for row, at in pairs for reason in reasons.get(at, ())))
    return out


def settled(array: pa.LargeStringArray, spans: Spans, look: Look, again: Look | None = None) -> Spans:
    """The spans, and what comes up when the rows that hold personal data are looked at without it; ``again`` as in `scan`."""
    texts: dict[int, str] = {}
    rows: Ints = np.unique(spans.row[~spans.keep])
    for number in range(_ROUNDS):
        if not len(rows):
            break
        lacking = [row for row in rows.tolist() if row not in texts]
        texts.update(zip(lacking, array.take(pa.array(lacking, pa.int64())).to_pylist(), strict=True))
        gone = _pieces(spans, rows)
        blotted = [_blot(texts[row], gone[row]) for row in rows.tolist()]
        # What comes up may bring more up with it, wherever it stands: then all is looked at once more.
        fresh = (look if number or again is None else again)(pa.array(blotted, pa.large_string()))
        fresh = picked(fresh, ~fresh.keep)
        if not len(fresh):
            break
        at = rows[fresh.row]
        moved = [
            _moved(start, end, gone[row])
            for row, start, end in zip(at.tolist(), fresh.start.tolist(), fresh.end.tolist(), strict=True)
        ]
        fresh = replace(
            fresh,
            row=at,
            start=np.array([start for start, _ in moved], dtype=np.int64),
            end=np.array([end for _, end in moved], dtype=np.int64),
        )
        # What was kept and has personal data in it after all is kept no longer; what a find took in goes into it.
        stay = np.ones(len(spans), dtype=bool)
        for row, (start, end) in zip(at.tolist(), moved, strict=True):
            first, last = np.searchsorted(spans.row, row, "left"), np.searchsorted(spans.row, row, "right")
            stay[first:last] &= (spans.end[first:last] <= start) | (end <= spans.start[first:last])
        both = joined([picked(spans, stay), fresh])
        spans = picked(both, np.lexsort((both.start, both.row)))
        rows = np.unique(at)
    return spans


def _pieces(spans: Spans, rows: Ints) -> dict[int, list[tuple[int, int]]]:
    """Where the personal data of each row stands."""
    out: dict[int, list[tuple[int, int]]] = {row: [] for row in rows.tolist()}
    chosen = np.flatnonzero(~spans.keep & np.isin(spans.row, rows))
    for row, start, end in zip(
        spans.row[chosen].tolist(), spans.start[chosen].tolist(), spans.end[chosen].tolist(), strict=True
    ):
        out[row].append((start, end))
    return out


def _blot(text: str, gone: list[tuple[int, int]]) -> str:
    """The text with one filler for each piece."""
    if len(gone) == 1:
        return text[: gone[0][0]] + FILLER + text[gone[0][1] :]
    parts, at = [], 0
    for start, end in gone:
        parts.append(text[at:start])
        at = end
    return FILLER.join([*parts, text[at:]])


def _moved(start: int, end: int, gone: list[tuple[int, int]]) -> tuple[int, int]:
    """A span of blotted text in the text before; a filler that it took in stands for its whole piece."""
    shift, begin = 0, -1
    for first, last in gone:
        filler = first - shift
        if begin < 0 and start <= filler:
            begin = start + shift
        if end <= filler:
            break
        shift += last - first - 1
    return (start + shift if begin < 0 else begin), end + shift


#: Characters at which a grapheme cluster ends and begins whatever letter or sign of the same kind is beside them.
_PLAIN = (
    (0x20, 0x7F), (0xA1, 0xAD), (0xAE, 0x300), (0x370, 0x483), (0x48A, 0x530), (0xE01, 0xE31), (0xE32, 0xE33),
    (0xE3F, 0xE47), (0x1E00, 0x2000), (0x2010, 0x2028), (0x2030, 0x205F), (0x3000, 0x302A), (0x3030, 0x3099),
    (0x309B, 0xA000), (0xAC00, 0xD7A4), (0xFF01, 0xFF9E),
)  # fmt: skip


_ALL_PLAIN = re.compile(f"[{''.join(f'{chr(first)}-{chr(last - 1)}' for first, last in _PLAIN)}]*").fullmatch


def _original(array: pa.LargeStringArray, spans: Spans, folds: dict[int, Folded]) -> Spans:
    """Spans of folded texts as spans of the texts before, whole characters each."""
    rows = np.unique(spans.row)
    texts = dict(zip(rows.tolist(), array.take(pa.array(rows)).to_pylist(), strict=True))
    starts, ends = spans.start.tolist(), spans.end.tolist()
    last, reach, gone = -1, 0, []
    for i, (row, start, end) in enumerate(zip(spans.row.tolist(), starts, ends, strict=True)):
        text = texts[row]
        if row in folds:
            start, end = folds[row].original(start, end)
        around = text[start - 1 : start] + text[end - 1 : end + 1]
        if not around.isascii() and not _ALL_PLAIN(around):
            start, end = whole_characters(text, start, end)
        if row == last and start < reach:
            start = reach
            if start >= end:
                gone.append(i)
                continue
        last, reach = row, end
        starts[i], ends[i] = start, end
    out = replace(spans, start=np.array(starts, dtype=np.int64), end=np.array(ends, dtype=np.int64))
    return picked(out, np.delete(np.arange(len(spans)), gone)) if gone else out
