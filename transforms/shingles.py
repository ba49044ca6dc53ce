"""Each text as the set of its shingles, by a sketch that is exact for most texts and bounded for all.

A shingle is a run of consecutive words (`transforms.words`): three in scripts with spaces, five characters in those
without, by what most of a text is written in. A text with fewer words than that has no shingles and is compared
exactly. The set is kept as 32-bit hashes: all of them for a text of up to `SKETCH` shingles, the `SKETCH` smallest
of a longer one, which are an unbiased sample (bottom-k sketch, Broder 1997; Cohen and Kaplan 2007).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from transforms.words import RUN, Hashes, Ints, Words, distinct, in_order, mixed, passes, runs

SKETCH = 1024
"""Hashes kept of a text. The similarity of two longer texts then has a standard error of at most 0.016."""

WORDS, CHARACTERS = 3, 5
"""Words in a shingle: with spaces between words, and without."""


@dataclass(frozen=True)
class Sketches:
    """Shingles of texts: those of text i are the ``length[i]`` of ``hashes`` from ``first[i]`` on, in any order, and
    a shingle that is there twice may be kept twice. ``size`` counts a text's shingles before sampling; ``digest``
    identifies the sequence of its words (0 where it has none)."""

    hashes: NDArray[np.uint32]
    first: Ints
    length: Ints
    size: Ints
    digest: Hashes

    def __len__(self) -> int:
        return len(self.size)

    def of(self, texts: Ints) -> tuple[NDArray[np.uint32], Ints]:
        """The hashes of some texts, one after the other, and for each the place in ``texts`` that it belongs to."""
        length = self.length[texts]
        owner = np.repeat(np.arange(len(texts)), length)
        place = np.arange(len(owner)) - np.repeat(np.cumsum(length) - length - self.first[texts], length)
        return self.hashes[place], owner


def sketches(texts: pa.Array | pa.ChunkedArray, words: int = WORDS, characters: int = CHARACTERS) -> Sketches:
    """The sketch of every text. Nulls have none. Memory is bounded by the sketches and one pass of words."""
    parts: list[tuple[int, NDArray[np.uint32], Ints, Ints, Hashes]] = []
    for part in passes(texts):
        made = _of_pass(part, words, characters)
        if parts and parts[-1][0] + len(parts[-1][3]) > part.first:
            made = _joined(parts.pop(), made, part.first)
        else:
            made = (part.first, *made[1:])
        parts.append(made)
    none = np.empty(0, np.int64)
    parts = parts or [(0, none.astype(np.uint32), none, none, none.astype(np.uint64))]
    hashes, length, size, digest = (np.concatenate(column) for column in list(zip(*parts, strict=True))[1:])
    return Sketches(hashes, np.cumsum(length) - length, length, size, digest)


def sequences(texts: pa.Array | pa.ChunkedArray) -> tuple[Hashes, Ints]:
    """Of each text a 64-bit digest of its words in their order (0 where it has none), and how many words it has."""
    parts: list[tuple[int, Hashes, Ints]] = []
    for part in passes(texts):
        local = part.text - part.text.dtype.type(part.first)
        counts = np.bincount(local, minlength=part.count)
        found = _sequence(part, counts)
        if parts and parts[-1][0] + len(parts[-1][1]) > part.first:
            # The last text goes on in this pass, which holds nothing else.
            first, before, many = parts.pop()
            found, counts = (
                np.append(before[:-1], mixed(before[-1:] * RUN + found)),
                np.append(many[:-1], many[-1] + counts),
            )
            parts.append((first, found, counts))
        else:
            parts.append((part.first, found, counts))
    if not parts:
        return np.empty(0, np.uint64), np.empty(0, np.int64)
    return np.concatenate([found for _, found, _ in parts]), np.concatenate([counts for _, _, counts in parts])


_Part = tuple[int, NDArray[np.uint32], Ints, Ints, Hashes]


def _of_pass(part: Words, words: int, characters: int) -> _Part:
    local = part.text - part.text.dtype.type(part.first)
    counts = np.bincount(local, minlength=part.count)
    dense = 2 * np.bincount(local[part.alone], minlength=part.count) > counts
    run = np.where(dense, characters, words)
    size = np.maximum(counts - run + 1, 0)
    hashes = np.empty(int(size.sum()), np.uint32)
    both = bool(dense.any()) and not dense.all()
    where = np.repeat(dense, size) if both else dense
    for long, chosen in ((words, False), (characters, True)):
        if len(part.hash) < long or not (dense == chosen).any():
            continue
        _, value = next(runs(part.hash, (long,)))
        # A shingle begins at each word of its text but the last few.
        begins = np.zeros(len(part.hash) + 1, np.int8)
        first = np.cumsum(counts) - counts
        mine = np.flatnonzero((dense == chosen) & (size > 0))
        begins[first[mine]] += 1
        begins[first[mine] + size[mine]] -= 1
        inside = np.cumsum(begins, dtype=np.int8)[: len(value)].view(bool)
        found = (value >> np.uint64(32)).astype(np.uint32)[inside]
        if both:
            hashes[where == chosen] = found
        else:
            hashes = found
    kept = size
    if len(size) and size.max() > SKETCH:
        hashes, kept = _smallest(hashes, size)
    return part.first, hashes, kept, size, _sequence(part, counts)


def _smallest(hashes: NDArray[np.uint32], size: Ints) -> tuple[NDArray[np.uint32], Ints]:
    """Of texts with too many, the smallest that differ; of the others all, as they are."""
    ends = np.cumsum(size)
    parts, kept, at = [], size.copy(), 0
    for text in np.flatnonzero(size > SKETCH).tolist():
        low, high = int(ends[text] - size[text]), int(ends[text])
        some = distinct(hashes[low:high])[:SKETCH]
        parts += [hashes[at:low], some]
        kept[text] = len(some)
        at = high
    return np.concatenate([*parts, hashes[at:]]), kept


def _sequence(part: Words, counts: Ints) -> Hashes:
    """A digest of each text's words in their order."""
    first = np.cumsum(counts) - counts
    found = in_order(part.hash, first, first + counts)
    found[counts == 0] = 0
    return found


def _joined(one: _Part, two: _Part, place: int) -> _Part:
    """The last text of ``one`` goes on in ``two``, which holds nothing else."""
    first, hashes, lengths, sizes, digests = one
    assert first + len(sizes) - 1 == place
    assert len(two[3]) == 1
    head = len(hashes) - int(lengths[-1])
    union = np.union1d(hashes[head:], two[1])
    size = int(sizes[-1]) + int(two[3][0])
    return (
        first,
        np.concatenate([hashes[:head], union[:SKETCH]]),
        np.append(lengths[:-1], min(len(union), SKETCH)),
        np.append(sizes[:-1], size),
        np.append(digests[:-1], mixed(digests[-1:] * RUN + two[4])),
    )


def jaccard(
    a: Sketches, left: Ints, right: Ints, b: Sketches | None = None, *, memory: int = 1 << 17
) -> NDArray[np.float64]:
    """Similarity of the texts ``left[i]`` of ``a`` and ``right[i]`` of ``b`` (of ``a`` again where ``b`` is not
    given): shared shingles by all shingles of both, 0 to 1.

    Exact where both sketches hold whole sets. Else it is read off the `SKETCH` smallest hashes of the union.
    ``memory`` bounds the hashes that are compared at a time.
    """
    b = a if b is None else b
    out = np.zeros(len(left), np.float64)
    width = a.length[left] + b.length[right]
    ends = np.cumsum(width)
    at = 0
    while at < len(left):
        base = int(ends[at - 1]) if at else 0
        stop = max(at + 1, int(np.searchsorted(ends, base + memory, side="right")))
        out[at:stop] = _some(a, left[at:stop], b, right[at:stop])
        at = stop
    return out


def _some(a: Sketches, left: Ints, b: Sketches, right: Ints) -> NDArray[np.float64]:
    pairs = len(left)
    keys = distinct(np.concatenate([_keyed(a, left, 0), _keyed(b, right, 1)]))
    plain = keys >> np.uint64(1)
    again = np.zeros(len(keys), bool)
    again[1:] = plain[1:] == plain[:-1]
    owner = (keys >> np.uint64(33)).astype(np.int64)
    both = np.bincount(owner[again], minlength=pairs)
    union = np.bincount(owner, minlength=pairs) - both
    sampled = (a.size[left] > SKETCH) | (b.size[right] > SKETCH)
    if sampled.any():
        # Of a sampled pair only the smallest hashes of the union are a fair sample of both sets.
        first = np.cumsum(union) - union
        turn = np.cumsum(~again) - 1 - first[owner]
        both = np.where(sampled, np.bincount(owner[again & (turn < SKETCH)], minlength=pairs), both)
        union = np.where(sampled, np.minimum(union, SKETCH), union)
    return both / np.maximum(union, 1)


def _keyed(a: Sketches, which: Ints, side: int) -> Hashes:
    hashes, owner = a.of(which)
    return (owner.astype(np.uint64) << np.uint64(33)) | (hashes.astype(np.uint64) << np.uint64(1)) | np.uint64(side)


__all__ = ["CHARACTERS", "SKETCH", "WORDS", "Sketches", "jaccard", "sequences", "sketches"]
