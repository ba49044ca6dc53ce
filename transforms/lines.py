"""Lines and paragraphs that many documents share: found by digests, cut out of all documents but the first ones.

A line is what stands between two line ends, a paragraph what stands between blank lines. Two are the same when they
have the same words (`transforms.words`), so spaces, punctuation, case and width do not tell them apart. Those of few
words say too little to be anybody's in particular ("Thank you.") and are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from transforms.shingles import sequences
from transforms.words import Hashes, Ints

Unit = Literal["paragraphs", "lines"]

UNITS: tuple[Unit, ...] = ("paragraphs", "lines")
"""In the order in which they are cut."""

_BLANK = r"\n[ \t\r]*\n\s*"
_GAP = re.compile(r"\n(?:[ \t\r]*\n){2,}")
_BETWEEN: Mapping[Unit, str] = {"paragraphs": "\n\n", "lines": "\n"}


def pieces(texts: pa.Array | pa.ChunkedArray, unit: Unit) -> tuple[pa.Array, Ints]:
    """The lines or paragraphs of texts, one after the other, and how many each text has; a null has none."""
    texts = _one(texts)
    found = pc.split_pattern(texts, "\n") if unit == "lines" else pc.split_pattern_regex(texts, _BLANK)
    return found.flatten(), np.asarray(pc.fill_null(pc.list_value_length(found), 0)).astype(np.int64)


def digests(texts: pa.Array | pa.ChunkedArray, unit: Unit, words: int) -> tuple[Hashes, Ints]:
    """Of each text the 64-bit digests of its lines or paragraphs that have at least so many ``words``, in order, and
    how many there are. Two different ones share a digest with a chance of n²/2⁶⁵ among n."""
    every, counts = pieces(texts, unit)
    found, length = sequences(every)
    told = length >= max(words, 1)
    owner = np.repeat(np.arange(len(counts)), counts)
    return found[told], np.bincount(owner[told], minlength=len(counts))


def losing(values: Hashes, owner: Ints, documents: int, keep: int) -> tuple[Hashes, Ints]:
    """Which digests go from which texts: those in more than so many ``documents``, but for the first ``keep`` of them.

    ``owner`` is the text of each digest; texts stand in order of precedence. A digest that a text has twice counts
    once. Sorted by digest, then text.
    """
    order = np.lexsort((owner, values))
    values, owner = values[order], owner[order]
    if not len(values):
        return values, owner
    fresh = np.append(True, (values[1:] != values[:-1]) | (owner[1:] != owner[:-1]))
    values, owner = values[fresh], owner[fresh]
    starts = np.flatnonzero(np.append(True, values[1:] != values[:-1]))
    size = np.diff(np.append(starts, len(values)))
    turn = np.arange(len(values)) - np.repeat(starts, size)
    goes = (np.repeat(size, size) > documents) & (turn >= keep)
    return values[goes], owner[goes]


@dataclass(frozen=True)
class Without:
    """Texts after the cut, and of each how many pieces and code points (line ends left out) went."""

    texts: list[str]
    pieces: Ints
    chars: Ints


def without(texts: pa.Array | pa.ChunkedArray, unit: Unit, words: int, owner: Ints, values: Hashes) -> Without:
    """Cut from text ``owner[i]`` every line or paragraph of digest ``values[i]``; other texts stay as they are."""
    every, counts = pieces(texts, unit)
    found, length = sequences(every)
    of = np.repeat(np.arange(len(counts)), counts)
    known, code = np.unique(values, return_inverse=True)
    goes = np.zeros(len(found), bool)
    if len(known):
        # A pair of text and digest is one number, once digests are told by their places.
        place = np.minimum(np.searchsorted(known, found), len(known) - 1)
        goes = (known[place] == found) & (length >= max(words, 1))
        goes &= np.isin(of * len(known) + place, owner * len(known) + code)
    chars = np.asarray(pc.fill_null(pc.utf8_length(every), 0))
    cut = np.bincount(of[goes], minlength=len(counts))
    left = list(_left(_one(texts), every, counts, goes, cut, _BETWEEN[unit]))
    return Without(left, cut, np.bincount(of[goes], chars[goes], len(counts)).astype(np.int64))


def _left(
    texts: pa.Array, every: pa.Array, counts: Ints, goes: NDArray[np.bool_], cut: Ints, between: str
) -> Iterator[str]:
    ends = np.cumsum(counts)
    for number, gone in enumerate(cut.tolist()):
        if not gone:
            yield texts[number].as_py() or ""
            continue
        low, high = int(ends[number] - counts[number]), int(ends[number])
        stays = pa.array(np.flatnonzero(~goes[low:high]) + low)
        # What stood between two blank lines leaves one.
        yield _GAP.sub("\n\n", between.join(every.take(stays).to_pylist())).strip()


def _one(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    return texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts


__all__ = ["UNITS", "Unit", "Without", "digests", "losing", "pieces", "without"]
