"""Near duplicates: candidates by hashed keys, every pair of them checked, one text of each group kept by rule.

Two texts are near duplicates when the Jaccard similarity of their shingles (`transforms.shingles`) reaches a
threshold. Texts stand in order of precedence, and a text goes exactly when a better one that *stays* is similar to
it: the kept texts are the first maximal independent set of the similarity graph. So every text that goes has a
winner that is similar to it itself, not by a chain of neighbours, and the result depends on neither the order in which
pairs are met nor on who met them. (Connected components, which others join, may give a text up for one that it
has nothing in common with.)

Candidates. Short texts share two of their smallest hashes if they are similar at all (prefix filter: Chaudhuri,
Ganti and Kaushik 2006; Bayardo, Ma and Srikant 2007): none is missed. Longer ones are banded by one-permutation MinHash
(Li, Owen and Zhang 2012; densified by rotation, Shrivastava and Li 2014).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.shingles import Sketches
from transforms.words import Hashes, Ints, ascending, distinct, mixed

THRESHOLD = 0.75
BINS, BANDS, ROWS = 128, 25, 5
"""A pair of similarity 0.75 shares one of 25 bands of 5 with a chance of 0.9988, one of 0.5 with 0.55."""

SHORT = 24
"""Distinct shingles up to which the prefix filter serves; around it texts carry both sorts of keys."""

#: Texts of one key that are compared with the others of the key, at most; fewer where many share it.
LEADERS = 128
_PAIRS_OF_KEY = 200_000

_BAND = np.uint64(0xA0761D6478BD642F)


def keys_of(sketches: Sketches, threshold: float = THRESHOLD) -> tuple[Hashes, Ints]:
    """The keys of every text and how many each has. Similar texts share a key; a text without shingles has none."""
    found: list[tuple[Ints, Hashes]] = []
    size = sketches.size
    short = np.flatnonzero((size > 0) & (size <= SHORT / threshold))
    if len(short):
        found += _prefix_keys(sketches, short, threshold)
    long = np.flatnonzero(size >= SHORT * threshold)
    # Few enough at a time that their bins stay in the processor's cache.
    for at in range(0, len(long), 1 << 8):
        found.append(_band_keys(sketches, long[at : at + (1 << 8)]))
    if not found:
        return np.empty(0, np.uint64), np.zeros(len(sketches), np.int64)
    owner = np.concatenate([o for o, _ in found])
    keys = np.concatenate([k for _, k in found])
    if len(short):
        order = np.argsort(owner, kind="stable")
        keys = keys[order]
    return keys, np.bincount(owner, minlength=len(sketches))


def _prefix_keys(sketches: Sketches, texts: Ints, threshold: float) -> list[tuple[Ints, Hashes]]:
    hashes, owner = sketches.of(texts)
    rows = distinct((owner.astype(np.uint64) << np.uint64(32)) | hashes)
    size = np.bincount((rows >> np.uint64(32)).astype(np.int64), minlength=len(texts))
    first = np.cumsum(size) - size
    rows &= np.uint64(0xFFFFFFFF)
    found = []
    for many in np.unique(size).tolist():
        some = np.flatnonzero(size == many)
        mine = rows[first[some][:, None] + np.arange(many)]
        shared = math.ceil(threshold * many - 1e-9)
        if shared < 2:
            found.append((np.repeat(texts[some], many), mixed(mine.ravel())))
            continue
        one, two = np.triu_indices(min(many, many - shared + 2), 1)
        keys = mixed((mine[:, one] << np.uint64(32)) | mine[:, two])
        found.append((np.repeat(texts[some], len(one)), keys.ravel()))
    return found


_NONE = np.uint32(0xFFFFFFFF)
_AWAY = np.uint32(0xC2B2AE35)
#: What the numbers of a band are multiplied by, each by its own.
_OF_ROW = np.multiply.accumulate(np.full(ROWS, 0x9E3779B97F4A7C15, np.uint64))


def _band_keys(sketches: Sketches, texts: Ints) -> tuple[Ints, Hashes]:
    hashes, owner = sketches.of(texts)
    # A sampled set is its smallest hashes only; the bins take their order from another hash of these.
    value = hashes * np.uint32(0x9E3779B1)
    value ^= value >> np.uint32(15)
    value *= np.uint32(0x85EBCA77)
    bins = np.full(len(texts) * BINS, _NONE)
    owner *= BINS
    owner += value >> np.uint32(25)
    np.minimum.at(bins, owner, value)
    _densify(bins)
    bands = bins.reshape(len(texts), BINS)[:, : BANDS * ROWS].astype(np.uint64).reshape(len(texts), BANDS, ROWS)
    keys = mixed(bands @ _OF_ROW + (np.arange(BANDS, dtype=np.uint64) + np.uint64(1)) * _BAND)
    return np.repeat(texts, BANDS), keys.ravel()


def _densify(bins: NDArray[np.uint32]) -> None:
    """An empty bin takes the value of the next one of its text that is not, with how far it came."""
    there = bins != _NONE
    full = np.flatnonzero(there)
    if len(full) == len(bins):
        return
    # Full ones up to each bin are as many as the place of the next full one among them.
    count = np.cumsum(there, dtype=np.int32)
    empty = np.flatnonzero(~there)
    following = full.take(count.take(empty), mode="clip")
    # Behind the text's last one its first.
    text = empty & -BINS
    around = np.flatnonzero((following & -BINS) != text)
    before = text[around] - 1
    following[around] = full[np.where(before < 0, 0, count[before])]
    away = ((following - empty) & (BINS - 1)).astype(np.uint32)
    bins[empty] = bins[following] + away * _AWAY


@dataclass(frozen=True)
class Groups:
    """Texts that share a key, in CSR form; each group ascending and distinct, of two texts or more."""

    texts: Ints
    bounds: Ints

    def __len__(self) -> int:
        return len(self.bounds) - 1


def groups(keys: Hashes, owner: Ints) -> Groups:
    """The groups of equal keys; ``owner`` is the text of each key."""
    if len(keys) > 1 << 10:
        # Most keys are alone, and are turned away before keys and texts are sorted together.
        several = np.flatnonzero(_several(keys))
        keys, owner = keys[several], owner[several]
    # Sorted by key, then text: keys are told by their places first, so that a pair of both is one number.
    order = np.argsort(keys)
    keys = keys[order]
    place = np.cumsum(np.append(False, keys[1:] != keys[:-1])) if len(keys) else np.empty(0, np.int64)
    both = distinct((place.astype(np.uint64) << np.uint64(32)) | owner[order].astype(np.uint64))
    keys, owner = both >> np.uint64(32), (both & np.uint64(0xFFFFFFFF)).astype(np.int64)
    first = np.append(True, keys[1:] != keys[:-1]) if len(keys) else np.empty(0, bool)
    size = np.diff(np.append(np.flatnonzero(first), len(keys)))
    many = size > 1
    texts = owner[np.repeat(many, size)]
    return joined([Groups(texts, np.concatenate([np.zeros(1, np.int64), np.cumsum(size[many])]))])


def _several(keys: Hashes) -> NDArray[np.bool_]:
    """All keys that are there more than once, and few others."""
    order = ascending(keys)
    again = order[1:][order[1:] == order[:-1]]
    # A table by the upper bits, with room enough that it tells most keys apart.
    bits = min(27, max(12, (8 * len(again)).bit_length()))
    met = np.zeros(1 << bits, bool)
    shift = np.uint64(64 - bits)
    met[(again >> shift).view(np.int64)] = True
    return met.take((keys >> shift).view(np.int64), mode="clip")


def joined(parts: Sequence[Groups]) -> Groups:
    """Several sets of groups as one; equal groups are kept once."""
    texts = np.concatenate([part.texts for part in parts]) if parts else np.empty(0, np.int64)
    size = np.concatenate([np.diff(part.bounds) for part in parts]) if parts else np.empty(0, np.int64)
    if not len(size):
        return Groups(np.empty(0, np.int64), np.zeros(1, np.int64))
    first = np.cumsum(size) - size
    # Texts that share one band often share others: the same group many times over.
    mark = np.add.reduceat(mixed(texts.astype(np.uint64)), first) + size.astype(np.uint64) * _BAND
    some = np.sort(np.unique(mark, return_index=True)[1])
    keep = np.zeros(len(size), bool)
    keep[some] = True
    return Groups(texts[np.repeat(keep, size)], np.concatenate([np.zeros(1, np.int64), np.cumsum(size[keep])]))


@dataclass(frozen=True)
class Clusters:
    """For every text the place of the one that stays for it (its own, if it stays), and the similarity of the two.

    ``compared`` counts the pairs that were checked, ``cut`` the keys that too many texts shared to compare all.
    """

    winner: Ints
    similarity: NDArray[np.float32]
    compared: int
    cut: int


Similarity = Callable[[Ints, Ints], NDArray[np.float64]]


def clusters(count: int, found: Groups, similarity: Similarity, threshold: float = THRESHOLD) -> Clusters:
    """One text of each cluster stays: see the module. ``count`` texts stand in order of precedence.

    ``similarity(left, right)`` gives the similarity of pairs; each pair is asked for once.
    """
    winner = np.arange(count, dtype=np.int64)
    best = np.ones(count, np.float32)
    sizes = np.diff(found.bounds)
    group = np.repeat(np.arange(len(found)), sizes)
    texts = found.texts
    turns = np.minimum(LEADERS, np.maximum(4, _PAIRS_OF_KEY // np.maximum(sizes, 1)))
    compared = cut = 0
    while len(texts):
        # What stands first in all of its groups has nothing better left to go for: it stays, and leads them.
        head = np.append(True, group[1:] != group[:-1])
        leads = np.zeros(count, bool)
        leads[texts] = True
        leads[texts[~head]] = False
        leader = texts[head][np.cumsum(head) - 1]
        led = leads[leader]
        pairs = distinct(
            (leader[led & ~head].astype(np.uint64) << np.uint64(32)) | texts[led & ~head].astype(np.uint64)
        )
        left, right = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
        value = similarity(left, right)
        compared += len(pairs)
        hit = value >= threshold
        left, right, value = left[hit], right[hit], value[hit]
        # Of several that stay, the one of best precedence wins: it is written last.
        order = np.lexsort((-left, right))
        winner[right[order]], best[right[order]] = left[order], value[order]
        closed = leads
        closed[right] = True
        # A group that has had its turns is left at that; the same texts may still meet by another key.
        turns[group[head & led]] -= 1
        remaining = np.bincount(group[~closed[texts]], minlength=len(found))
        spent = (turns <= 0) & (remaining > 1)
        cut += int(spent.sum())
        stay = ~closed[texts] & ((remaining > 1) & ~spent)[group]
        texts, group = texts[stay], group[stay]
    return Clusters(winner, best, compared, cut)
