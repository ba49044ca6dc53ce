"""Long texts that come again: what was found in them stands for what would be found.

A crawl holds the same page in many places, and a source the same description. Texts are told by a cryptographic digest
(BLAKE2b, RFC 7693, 128 bits), so that nobody can make one that passes for another. What is kept is bounded, oldest first out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from hashlib import blake2b
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from governance.recognisers.engine import as_large_string, buffers
from governance.recognisers.merge import joined, picked
from governance.recognisers.spans import Spans

Ints = npt.NDArray[np.int64]
Scan = Callable[[pa.LargeStringArray], Spans]


class Engine(Protocol):
    """What scans texts, each by itself."""

    def scan(self, texts: pa.LargeStringArray, languages: Sequence[str] | None = None) -> Spans:
        """Spans in each text, in the languages that are expected."""
        ...


#: Shorter texts, in bytes, are scanned about as soon as they are looked up.
_LONG = 512
#: So many texts and spans are kept, some ten megabytes.
_TEXTS, _SPANS = 1 << 15, 1 << 17
_ROW_BITS = 32


class Seen:
    """Finds of the long texts that were scanned last, by digest, engine and language."""

    def __init__(self) -> None:
        self._engines: dict[tuple[Engine, str], bytes] = {}
        #: The array, and in the last bits its row, that each text stood in: one number takes half of what two do.
        self._places: dict[bytes, int] = {}
        self._finds: dict[int, Spans] = {}
        self._order: deque[tuple[int, list[bytes]]] = deque()
        self._next = self._spans = 0

    def scan(self, engine: Engine, texts: pa.Array, language: str) -> Spans:
        """What an engine finds in each text; texts that are known are not scanned. ``language``: a BCP 47 tag, or empty."""
        array = as_large_string(texts)
        scan: Scan = partial(engine.scan, languages=[language] if language else None)
        rows = np.flatnonzero(pc.fill_null(pc.greater_equal(pc.binary_length(array), _LONG), False))
        if not len(rows):
            return scan(array)
        values, offsets = buffers(array)
        bounds = zip(offsets[rows].tolist(), offsets[rows + 1].tolist(), strict=True)
        salt = self._engines.setdefault((engine, language), len(self._engines).to_bytes(8, "little"))
        digests = [blake2b(values[first:last], digest_size=16, salt=salt).digest() for first, last in bounds]
        places = list(map(self._places.get, digests))
        new = np.array([place is None for place in places], dtype=np.bool_)
        if new.all():
            spans = scan(array)
            self._keep(spans, rows, digests)
            return spans
        before = np.array([place for place in places if place is not None], dtype=np.int64)
        arrays, held, known = before >> _ROW_BITS, before & ((1 << _ROW_BITS) - 1), rows[~new]
        others = np.ones(len(array), dtype=np.bool_)
        others[known] = False
        left = np.flatnonzero(others)
        found = scan(array.take(pa.array(left)))
        parts = [_in_rows(found, np.arange(len(left)), left)]
        for number in np.unique(arrays).tolist():
            parts.append(_in_rows(self._finds[number], held[arrays == number], known[arrays == number]))
        self._keep(
            found, np.searchsorted(left, rows[new]), [each for each, is_new in zip(digests, new, strict=True) if is_new]
        )
        both = joined(parts)
        return picked(both, np.lexsort((both.start, both.row)))

    def _keep(self, spans: Spans, rows: Ints, digests: list[bytes]) -> None:
        """Keeps the finds of some rows, told by these digests; what was kept for longest goes for it."""
        number = self._next
        self._next += 1
        held = _in_rows(spans, rows, rows)
        self._finds[number] = held
        self._places.update(zip(digests, ((number << _ROW_BITS | row) for row in rows.tolist()), strict=True))
        self._order.append((number, digests))
        self._spans += len(held)
        while len(self._order) > 1 and (len(self._places) > _TEXTS or self._spans > _SPANS):
            oldest, gone = self._order.popleft()
            self._spans -= len(self._finds.pop(oldest))
            for digest in gone:
                if self._places.get(digest, -1) >> _ROW_BITS == oldest:
                    del self._places[digest]


def _in_rows(spans: Spans, old: Ints, new: Ints) -> Spans:
    """The spans of the rows ``old``, each as many times as it stands there, as those of the rows ``new``."""
    first, last = np.searchsorted(spans.row, old, "left"), np.searchsorted(spans.row, old, "right")
    counts = last - first
    within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    out = replace(picked(spans, np.repeat(first, counts) + within), row=np.repeat(new, counts).astype(np.int64))
    reasons: dict[int, list[str]] = {}
    for row, reason in spans.skipped:
        reasons.setdefault(row, []).append(reason)
    pairs = zip(old.tolist(), new.tolist(), strict=True) if reasons else ()
    return replace(out, skipped=tuple((to, reason) for at, to in pairs for reason in reasons.get(at, ())))
