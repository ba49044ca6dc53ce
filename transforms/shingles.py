"""Each text as the set of its shingles, by a sketch that is exact for most texts and bounded for all.

A shingle is a run of consecutive words (`transforms.words`): three in scripts with spaces, five characters in those
without, by what most of a text is written in. A text with fewer words than that has no shingles and is compared
exactly. The set is kept as 32-bit hashes: all of them for a text of up to `SKETCH` shingles, the `SKETCH` smallest
of a longer one, which are an unbiased sample (bottom-k sketch, Broder 1997; Cohen and Kaplan 2007).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from transforms.words import RUN, Hashes, Ints, Words, distinct, in_turn, mixed, passes

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
        first = self.first[texts]
        if len(texts) and (first[1:] == first[:-1] + length[:-1]).all():
            return self.hashes[first[0] : first[-1] + length[-1]], owner
        place = np.arange(len(owner)) - np.repeat(np.cumsum(length) - length - first, length)
        return self.hashes[place], owner


def sketches(texts: pa.Array | pa.ChunkedArray, words: int = WORDS, characters: int = CHARACTERS) -> Sketches:
    """The sketch of every text. Nulls have none. Memory is bounded by the sketches and one pass of words."""
    sketching = Sketching(texts, words, characters)
    for part in passes(texts):
        sketching.add(part)
    return sketching.made()


class Sketching:
    """`sketches` of texts whose passes come one by one, in their order; all at once or some after the other."""

    def __init__(self, texts: pa.Array | pa.ChunkedArray, words: int = WORDS, characters: int = CHARACTERS) -> None:
        self.run = words, characters
        # A word takes at least two bytes of its text, and what is not written on is not taken.
        size = pc.sum(pc.binary_length(texts)).as_py() or 0
        self.hashes = np.empty(size // 2 + len(texts), np.uint32)
        self.at = 0
        self.parts: list[_Part] = []

    def continues(self, part: Words) -> bool:
        """Whether a pass goes on with the last text that was added."""
        return bool(self.parts) and self.parts[-1].first + len(self.parts[-1].size) > part.first

    def add(self, part: Words) -> None:
        made = _of_pass(part, *self.run)
        if self.continues(part):
            before = self.parts.pop()
            made = _continued(before, made)
            self.at -= len(before.hashes)
        mine = self.hashes[self.at : self.at + len(made.hashes)]
        mine[:] = made.hashes
        self.at += len(mine)
        self.parts.append(replace(made, hashes=mine))

    def made(self) -> Sketches:
        """Those of the texts since the last call. They hold until more is added."""
        none = np.empty(0, np.int64)
        length = np.concatenate([none, *(part.length for part in self.parts)])
        size = np.concatenate([none, *(part.size for part in self.parts)])
        digest = np.concatenate([none.astype(np.uint64), *(part.digest for part in self.parts)])
        found = Sketches(self.hashes[: self.at], np.cumsum(length) - length, length, size, digest)
        self.at, self.parts = 0, []
        return found


def sequences(texts: pa.Array | pa.ChunkedArray) -> tuple[Hashes, Ints]:
    """Of each text a 64-bit digest of its words in their order (0 where it has none), and how many words it has."""
    parts: list[tuple[int, Hashes, Ints]] = []
    for part in passes(texts):
        counts = np.diff(part.edges)
        found = in_turn(part.hash, counts)
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


@dataclass(frozen=True)
class _Part:
    """Sketches of the texts of one pass, as `Sketches` without ``first`` of each; ``first`` is the first text's place."""

    first: int
    hashes: NDArray[np.uint32]
    length: Ints
    size: Ints
    digest: Hashes


def _of_pass(part: Words, words: int, characters: int) -> _Part:
    edges, dense = part.edges, part.dense
    counts = np.diff(edges)
    run = np.where(dense, characters, words)
    size = np.maximum(counts - run + 1, 0)
    hashes, kept = _shingles(part.hash, edges, counts, dense, (words, characters)), size
    if size.max(initial=0) > SKETCH:
        hashes, kept = _smallest(hashes, size)
    return _Part(part.first, hashes, kept, size, in_turn(part.hash, counts))


def _shingles(
    hashes: Hashes, edges: Ints, counts: Ints, dense: NDArray[np.bool_], lengths: tuple[int, int]
) -> NDArray[np.uint32]:
    """The shingles of texts one behind the other; ``lengths`` are the words of one, in texts that are not ``dense`` and
    in those that are."""
    # The upper half of a word's hash is as good, and numbers of 32 bits are several times as fast.
    half = np.ascontiguousarray(hashes.view(np.uint32)[_UPPER_HALF::2])
    if not dense.any() or dense.all():
        value = _runs(half, lengths[int(bool(dense.any()))])
    else:
        value = np.where(np.repeat(dense, counts), _runs(half, lengths[1]), _runs(half, lengths[0]))
    # A shingle begins at each word of its text but the last few.
    inside = np.ones(len(value), bool)
    run = np.where(dense, lengths[1], lengths[0])
    for back in range(1, max(lengths)):
        inside[(edges[1:] - back)[(run > back) & (counts >= back)]] = False
    return value[inside]


def _runs(half: NDArray[np.uint32], length: int) -> NDArray[np.uint32]:
    """The hash of the run of so many words that begins at each word; what goes beyond the last word is any."""
    value = half.copy()
    for later in range(1, min(length, len(half))):
        value *= _RUN
        value[:-later] += half[later:]
    return value


#: What the hash of a run is multiplied by for each word more, and which half of a 64-bit number is the upper one here.
_RUN = np.uint32(0x9E3779B1)
_UPPER_HALF = int(sys.byteorder == "little")


def _smallest(hashes: NDArray[np.uint32], size: Ints) -> tuple[NDArray[np.uint32], Ints]:
    """Of texts with too many the smallest, of which the last is the largest; of the others all, as they are."""
    ends = np.cumsum(size)
    parts, kept, at = [], size.copy(), 0
    for text in np.flatnonzero(size > SKETCH).tolist():
        low, high = int(ends[text] - size[text]), int(ends[text])
        some = _sample(hashes[low:high])
        parts += [hashes[at:low], some]
        kept[text] = len(some)
        at = high
    return np.concatenate([*parts, hashes[at:]]), kept


def _sample(hashes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The `SKETCH` smallest that differ, ascending; all that differ where there are no more."""
    enough = SKETCH + SKETCH // 4
    if len(hashes) > enough:
        # Hashes are spread evenly: so small are about as many as are wanted, and a quarter more.
        some = distinct(hashes.take(np.flatnonzero(hashes <= np.uint32((enough << 32) // len(hashes)))))
        if len(some) >= SKETCH:
            return some[:SKETCH]
    return distinct(hashes)[:SKETCH]


def _continued(one: _Part, two: _Part) -> _Part:
    """The last text of ``one`` goes on in ``two``, which holds nothing else."""
    head = len(one.hashes) - int(one.length[-1])
    union = distinct(np.concatenate([one.hashes[head:], two.hashes]))[:SKETCH]
    return _Part(
        one.first,
        np.concatenate([one.hashes[:head], union]),
        np.append(one.length[:-1], len(union)),
        np.append(one.size[:-1], one.size[-1] + two.size[0]),
        np.append(one.digest[:-1], mixed(one.digest[-1:] * RUN + two.digest)),
    )


def jaccard(
    a: Sketches, left: Ints, right: Ints, b: Sketches | None = None, *, memory: int = 1 << 17
) -> NDArray[np.float64]:
    """Similarity of the texts ``left[i]`` of ``a`` and ``right[i]`` of ``b`` (of ``a`` again where ``b`` is not
    given): shared shingles by all shingles of both, 0 to 1.

    Exact where both sketches hold whole sets. Else it is read off the hashes up to where both samples are whole, which
    are a fair sample of the union. ``memory`` bounds the hashes that are compared at a time.
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
    one, of_one = a.of(left)
    two, of_two = b.of(right)
    limit = np.minimum(_limit(a, left), _limit(b, right))
    if (limit < _MOST).any():
        inside = one <= limit[of_one]
        one, of_one = one[inside], of_one[inside]
        inside = two <= limit[of_two]
        two, of_two = two[inside], of_two[inside]
    both, union = _counted(one, of_one, two, of_two, len(left))
    return both / np.maximum(union, 1)


def _limit(sketches: Sketches, texts: Ints) -> NDArray[np.uint32]:
    """The hash up to which each sketch holds all of its text."""
    limit = np.full(len(texts), _MOST)
    sampled = np.flatnonzero((sketches.size[texts] > SKETCH) & (sketches.length[texts] == SKETCH))
    some = texts[sampled]
    limit[sampled] = sketches.hashes[sketches.first[some] + sketches.length[some] - 1]
    return limit


def _counted(
    one: NDArray[np.uint32], of_one: Ints, two: NDArray[np.uint32], of_two: Ints, pairs: int
) -> tuple[Ints, Ints]:
    """Of each pair of sets how many they share and how many both have; a member may be named several times.

    Every pair has a table of its own that the members of its first set are written into by their place there, the
    last of those that meet. What is not found in its place by this is little, and is sorted.
    """
    many = np.bincount(of_one, minlength=pairs)
    slots = 4 * many + 1
    base = np.cumsum(slots) - slots
    slot_one = _slots(one, many, slots, base)
    slot_two = _slots(two, np.bincount(of_two, minlength=pairs), slots, base)
    place = np.arange(len(one), dtype=np.int32)
    table = np.full(int(slots.sum()) + 1, len(one), np.int32)
    table[slot_one] = place
    holder = table[slot_one]
    there = holder == place
    lost = np.flatnonzero(one[holder] != one)
    # Where nothing was written stands the last of these, which is nobody's.
    met = table[slot_two]
    hit = np.append(one, np.uint32(0))[met] == two
    hit &= met < len(one)
    shared = np.zeros(len(one), bool)
    shared[met[hit]] = True
    miss = np.flatnonzero(~hit)
    both, union = _marked(shared, many), _marked(there, many)
    keys = distinct(np.concatenate([_keyed(one[lost], of_one[lost], 0), _keyed(two[miss], of_two[miss], 1)]))
    plain = keys >> np.uint64(1)
    again = np.zeros(len(keys), bool)
    again[1:] = plain[1:] == plain[:-1]
    owner = (keys >> np.uint64(33)).astype(np.int64)
    both += np.bincount(owner[again], minlength=pairs)
    union += np.bincount(owner[~again], minlength=pairs)
    return both, union


def _marked(flags: NDArray[np.bool_], many: Ints) -> Ints:
    """How many of so many flags each, one pair's behind the other's, are set."""
    found = np.zeros(len(many), np.int64)
    some = np.flatnonzero(many)
    if len(some):
        found[some] = np.add.reduceat(flags, (np.cumsum(many) - many)[some], dtype=np.int64)
    return found


def _slots(values: NDArray[np.uint32], many: Ints, slots: Ints, base: Ints) -> Ints:
    spread = (values * _SPREAD).astype(np.uint64)
    spread *= np.repeat(slots.astype(np.uint64), many)
    spread >>= np.uint64(32)
    place = spread.view(np.int64)
    place += np.repeat(base, many)
    return place


def _keyed(values: NDArray[np.uint32], owner: Ints, side: int) -> Hashes:
    return (owner.astype(np.uint64) << np.uint64(33)) | (values.astype(np.uint64) << np.uint64(1)) | np.uint64(side)


_MOST = np.uint32(0xFFFFFFFF)
_SPREAD = np.uint32(0x85EBCA6B)

__all__ = ["CHARACTERS", "SKETCH", "WORDS", "Sketches", "Sketching", "jaccard", "sequences", "sketches"]
