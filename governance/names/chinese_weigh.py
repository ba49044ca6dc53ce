"""How a stretch that may be a Chinese name is weighed: its characters, the words around it, what stands beside it.

A candidate is read both ways: as a name and as part of the words around it (the best cut of a window of ten characters
into dictionary words). The difference, with the words that cross its edges and the characters beside it, goes into a
logistic model that `train` fits. Every step runs over all candidates of a block at once, and no sum runs over them,
so that what one weighs does not depend on the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from governance.names.block import DIGIT, HAN, LETTER, SEPARATOR, Block, classes
from governance.names.chinese_lists import TOTAL, Codes, Floats, Words, lists
from governance.names.lexicon import Ints, load
from governance.names.reading import Weights, reading

BACK, AHEAD = 3, 7
"""The window around a candidate's start within which words are weighed."""

JAPANESE, FAMILIAR, ALONE = 1, 2, 3
"""Kinds of names besides the usual one: with a Japanese surname; "little Li", "old Zhao", a syllable twice; a given name
without a surname."""


class Candidates(NamedTuple):
    """Possible names of a block: where, how many characters of surname and of given name, and their evidence."""

    start: Ints
    family: Ints
    given: Ints
    odds: Floats  # log odds of the characters in a name against running text
    known: npt.NDArray[np.bool_]  # a name that the lists know
    kind: npt.NDArray[np.int64]  # 0 as Chinese names are built, `JAPANESE`, `FAMILIAR` or `ALONE`

    @property
    def end(self) -> Ints:
        return self.start + self.family + self.given

    def only(self, chosen: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Candidates:
        return Candidates(
            self.start[chosen],
            self.family[chosen],
            self.given[chosen],
            self.odds[chosen],
            self.known[chosen],
            self.kind[chosen],
        )


#: Logarithms are counted in 256ths, so that what lies beyond a row cancels out exactly.
_STEPS = 256
Steps = npt.NDArray[np.int32]


@lru_cache(maxsize=1)
def _single() -> Steps:
    """Log probability of each character as a word of its own."""
    return np.where(classes() & HAN, np.round(lists().single * _STEPS), -6 * _STEPS).astype(np.int32)


#: Weight of a word to its log probability.
_LOG = np.round(np.where(np.arange(256) > 0, (np.arange(256) - 1) / 16 - TOTAL, -40.0) * _STEPS).astype(np.int32)


@lru_cache(maxsize=1)
def _usual() -> Floats:
    return np.maximum(lists().single, np.float32(-14))


class Window(NamedTuple):
    """What stands around each candidate, from `BACK` before its start on: (place, candidate)."""

    codes: Codes
    two: Weights  # the words of two Han characters that begin at each place
    three: Weights
    four: Weights


def _window(block: Block, start: Ints) -> Window:
    width, words, factors = BACK + AHEAD, lists().words, Words.FACTORS
    at = start + np.arange(-BACK, AHEAD + 3)[:, None]
    codes, whole = block.codes.take(at), reading(block).han.take(at)
    sums, han = codes[:width] * factors[0], whole[:width]
    out = []
    for k in (1, 2, 3):
        sums = sums + codes[k : k + width] * factors[k]
        han = han & whole[k : k + width]
        weight = words.weigh(sums, k + 1)
        weight *= han.view(np.uint8)
        out.append(weight)
    return Window(codes, *out)


def _delta(found: Candidates, window: Window) -> Floats:
    """Log odds of the reading with the name against the best reading as words."""
    size, width, codes = found.family + found.given, BACK + AHEAD, window.codes
    scores = [_single().take(codes[:width]), *(_LOG.take(weights) for weights in window[1:])]
    # The best cut of what lies between each place of the window and its end.
    rest = np.zeros((width + 1, len(size)), dtype=np.int32)
    for i in range(width - 1, -1, -1):
        best = np.add(scores[0][i], rest[i + 1], out=rest[i])
        for length in range(2, min(4, width - i) + 1):
            np.maximum(best, scores[length - 1][i] + rest[i + length], out=best)
    # The same for what lies before the name.
    before = [np.zeros(len(size), dtype=np.int32)]
    for j in range(1, BACK + 1):
        cuts = [before[j - length] + scores[length - 1][j - length] for length in range(1, min(4, j) + 1)]
        before.append(np.maximum.reduce(cuts))
    split = before[BACK] + rest[BACK + size, np.arange(len(size))] - rest[0]
    own = found.odds.copy()
    usual = _usual().take(codes[BACK : BACK + 5])
    for k in range(5):
        own += usual[k] if k < 2 else usual[k] * (size > k)
    # A third of a per cent of running text is names.
    return split.astype(np.float32) / np.float32(_STEPS) + own - np.float32(5.0)


BITS = 18
DENSE_NAMES = (
    "bias", "delta", "delta_low", "odds", "odds_low", "given_two", "compound", "japanese", "familiar", "known", "known_two",
    "left_edge", "right_edge", "one_better", "two_better", "whole_word", "crosses_left", "crosses_right",
    "word_before", "word_behind", "alone",
)  # fmt: skip
DENSE = len(DENSE_NAMES)


@lru_cache(maxsize=1)
def _signs() -> Codes:
    """Code points as what stands beside a name: digits and Latin letters are all alike, signs keep themselves."""
    kinds = classes()
    codes = np.arange(0x10000, dtype=np.uint32)
    return np.where(kinds & DIGIT, np.uint32(1), np.where(kinds & LETTER, np.uint32(2), codes)).astype(np.uint32)


def beside(block: Block, start: Ints, end: Ints) -> tuple[list[Codes], list[Codes]]:
    """The three characters before each stretch and the three behind it, the nearest first."""
    signs, codes = _signs(), block.codes
    sides: tuple[list[Codes], list[Codes]] = ([], [])
    for side, places in zip(sides, ((start - 1, start - 2, start - 3), (end, end + 1, end + 2)), strict=True):
        for at in places:  # before the first row stands what stands behind the last: separators
            code = signs.take(codes.take(at))
            if side:  # nothing is seen beyond the row
                code[side[-1] == _SEPARATOR] = _SEPARATOR
            side.append(code)
    return sides


_SEPARATOR = np.uint32(ord(SEPARATOR))


def crossing(block: Block, start: Ints, end: Ints) -> tuple[Weights, Weights, Weights, Weights]:
    """Weights of the best words over the left and right edge of each stretch, before it and behind it."""
    read = reading(block)
    places = np.concatenate([start - 1, start - 2, start - 3, end, end - 1, end - 2]).reshape(6, len(start))
    sums = read.sums(places, 2)
    two, three = read.words(places, 2, sums), read.words(places, 3, read.sums(places, 3, sums))
    left = np.maximum(np.maximum(two[0], three[0]), three[1])
    right = np.maximum(np.maximum(two[4], three[4]), three[5])
    return left, right, np.maximum(two[1], three[2]), np.maximum(two[3], three[3])


def _crossing(window: Window, size: Ints) -> tuple[Weights, Weights, Weights, Weights]:
    """`crossing` for candidates whose window is known."""
    two, three, at = window.two, window.three, BACK + size
    one = np.arange(len(size))
    left = np.maximum(np.maximum(two[BACK - 1], three[BACK - 1]), three[BACK - 2])
    right = np.maximum(np.maximum(two[at - 1, one], three[at - 1, one]), three[at - 2, one])
    before = np.maximum(two[BACK - 2], three[BACK - 3])
    return left, right, before, np.maximum(two[at, one], three[at, one])


def gate(block: Block, found: Candidates, sides: Floats) -> list[Floats]:
    """A few numbers of each candidate that are quickly had: most candidates are dropped on them alone.

    ``sides``: what the model thinks of a character before a name and behind one, by code point.
    """
    return _quick(block, found, sides) + _worded(block, found)


def _quick(block: Block, found: Candidates, sides: Floats) -> list[Floats]:
    """The numbers of the gate that no word is looked up for."""
    codes, start, end = block.codes, found.start, found.end
    odds = np.maximum(found.odds, np.float32(-8))
    return [
        np.ones(len(start), dtype=np.float32),
        np.minimum(odds, np.float32(12)),
        np.minimum(odds, np.float32(2)),
        (found.family + found.given == 2).astype(np.float32),
        sides[0].take(codes.take(start - 1)),
        sides[1].take(codes.take(end)),
    ]


def _worded(block: Block, found: Candidates) -> list[Floats]:
    """The others: words that a name begins and ends with, and words over its edges."""
    start, end = found.start, found.end
    at = np.concatenate([start, end - 2, start - 1, end - 1])
    two = (reading(block).words(at, 2) * np.float32(1 / 32)).reshape(4, len(start))
    two[1] *= found.family + found.given > 2
    return list(two)


def features(block: Block, found: Candidates) -> tuple[list[npt.NDArray[np.int32]], list[Floats]]:
    """Hashed features and numbers (`DENSE_NAMES`) of each candidate, a column for each kind."""
    codes, han = block.codes, reading(block).han
    start, end = found.start, found.end
    window = _window(block, start)
    delta = np.clip(_delta(found, window), -20, 16)
    around, behind = beside(block, start, end)
    size = (found.family + found.given).astype(np.uint32)
    family, tail = codes.take(start), codes.take(end - 1)
    whole = np.zeros(len(start), dtype=np.uint8)
    for length, weights in enumerate(window[1:], 2):
        np.copyto(whole, weights[BACK], where=size == length)
    left, right, before, after = _crossing(window, found.family + found.given)
    shape = (size * 8 + found.known * 4 + found.kind).astype(np.uint32)
    columns = hashed(
        *surroundings(around, behind),
        (family, size),
        (family, codes.take(start + 1)),
        (tail, behind[0]),
        (tail, size),
        (around[0], family),
        (shape, (delta.astype(np.int32) + 32).astype(np.uint32)),
        (shape, (np.clip(found.odds, -12, 19).astype(np.int32) + 32).astype(np.uint32)),
        (size, left // 24, right // 24),
        (size, whole // 16, found.known),
        (around[0], behind[0]),
    )
    two = found.given == 2
    # How the rival candidate at the same place does.
    key = start * 8 + found.family
    order = np.argsort(key, kind="stable")
    rival = np.full(len(start), np.float32(-20.0))
    in_turn = key.take(order)
    same = np.flatnonzero(in_turn[1:] == in_turn[:-1])
    rival[order[same]], rival[order[same + 1]] = delta[order[same + 1]], delta[order[same]]
    gap = np.clip(delta - rival, -8, 8) / np.float32(8)
    numbers = [
        np.ones(len(start), dtype=np.float32),
        delta / np.float32(8),
        np.minimum(delta, np.float32(0)) / np.float32(8),
        np.clip(found.odds, -8, 16) / np.float32(8),
        np.minimum(found.odds, np.float32(0)) / np.float32(8),
        two.astype(np.float32),
        ((found.family == 2) & (found.kind == 0)).astype(np.float32),
        (found.kind == JAPANESE).astype(np.float32),
        (found.kind == FAMILIAR).astype(np.float32),
        found.known.astype(np.float32),
        (found.known & (size == 2)).astype(np.float32),
        (~han.take(start - 1)).astype(np.float32),
        (~han.take(end)).astype(np.float32),
        gap * ~two,
        gap * two,
        whole / np.float32(128),
        left / np.float32(128),
        right / np.float32(128),
        before / np.float32(128),
        after / np.float32(128),
        (found.kind == ALONE).astype(np.float32),
    ]
    return columns, numbers


_A, _C, _KIND = np.uint32(2654435761), np.uint32(2246822519), np.uint32(0x9E3779B1)
_SHIFT, _REST = np.uint32(15), np.uint32(32 - BITS)


def surroundings(around: Sequence[Codes], behind: Sequence[Codes]) -> tuple[tuple[Codes, ...], ...]:
    """What `beside` tells, for `hashed`: one, two and three characters before each candidate, and as many behind it."""
    return tuple(tuple(side[:count]) for side in (around, behind) for count in (1, 2, 3))


def hashed(*values: tuple[npt.NDArray[np.generic], ...]) -> list[npt.NDArray[np.int32]]:
    """Hashed features of ``BITS`` bits for each candidate, one for each tuple of one value or more.

    The place of a tuple counts: the same values in another one make another feature.
    """
    # Those of many values first: each step is one over those that have so many.
    order = sorted(range(len(values)), key=lambda i: -len(values[i]))
    out = np.empty((len(values), len(values[0][0])), dtype=np.uint32)
    for row, i in zip(out, order, strict=True):
        row[:] = values[i][0]
    out ^= (np.array(order, dtype=np.uint32)[:, None] + np.uint32(1)) * _KIND
    for k in range(1, len(values[order[0]])):
        part = out[: sum(len(one) > k for one in values)]
        part *= _A
        part ^= part >> _SHIFT
        for row, i in zip(part, order, strict=False):
            np.bitwise_xor(row, values[i][k], out=row, casting="unsafe")
    out *= _A
    out ^= out >> _SHIFT
    out *= _C
    out >>= _REST
    made = out.view(np.int32)
    return [made[i] for i in np.argsort(order).tolist()]


def summed(columns: list[npt.NDArray[np.int32]], weights: Floats, numbers: list[Floats], factors: Floats) -> Floats:
    """The log odds of each candidate. Column by column: the order of the additions is the same for any number of rows."""
    out = _weighted(numbers, factors)
    for column in columns:
        out += weights.take(column)
    return out


class Model(NamedTuple):
    """Weights of hashed features and of numbers, of the gate, and of single characters beside a name."""

    sparse: Floats
    dense: Floats
    gate: Floats
    sides: Floats


@lru_cache(maxsize=1)
def model() -> Model:
    data = load("chinese_model")
    sparse = data["sparse"].astype(np.float32) * data["scale"][0]
    return Model(sparse, data["dense"], data["gate"], data["sides"].astype(np.float32))


#: How much the gate's numbers may lack before what looks like a word of address.
_BEFORE_TITLE = np.float32(4.0)
#: The same behind a word that says who somebody is.
_INTRODUCED = np.float32(3.0)
#: The same of three characters that are all at home in names, and of "little Li" and "old Zhao"; the log odds of both.
_AT_HOME, _HOMELY, _FRIENDS, _FRIENDLY = np.float32(1.5), np.float32(5.0), np.float32(1.0), np.float32(2.5)


def passed(
    block: Block,
    found: Candidates,
    weights: Floats,
    sides: Floats,
    titles: npt.NDArray[np.bool_] | None = None,
    introduced: npt.NDArray[np.bool_] | None = None,
) -> Ints:
    """Which candidates pass the gate: those with names that are known, and those whose numbers add up to more than 0.

    ``titles``: by place in the block, whether a word of address may begin there; a name before one needs less.
    ``introduced``: by candidate, whether a word that a name follows stands before it; so does that one.
    """
    quick = _quick(block, found, sides)
    value = _weighted(quick, weights[: len(quick)])
    if titles is not None:
        value[titles.take(found.end, mode="clip")] += _BEFORE_TITLE
        size = found.family + found.given
        value[(found.odds > _HOMELY) & (size == 3) & (found.kind == 0)] += _AT_HOME
        value[(found.odds > _FRIENDLY) & (found.kind == FAMILIAR)] += _FRIENDS
    if introduced is not None:
        value[introduced] += _INTRODUCED
    rest = weights[len(quick) :]
    # Words speak against a name: what has nothing to spare without them is out.
    at = np.flatnonzero(value > 0) if (rest <= 0).all() else np.arange(len(value))
    for number, weight in zip(_worded(block, found.only(at)), rest, strict=True):
        value[at] += number * weight
    return np.flatnonzero((value > 0) | found.known)


def _weighted(numbers: list[Floats], factors: Floats) -> Floats:
    out = numbers[0] * factors[0]
    for number, factor in zip(numbers[1:], factors[1:], strict=True):
        out += number * factor
    return out


def apart(start: Ints, end: Ints, value: Floats) -> Ints:
    """Which stretches stay where they overlap: the likeliest first, and the first of equals."""
    order = np.argsort(start, kind="stable")
    first, last = start.take(order), np.maximum.accumulate(end.take(order))
    # Where no stretch before reaches a new one, those before are done with.
    cuts = np.concatenate([[0], np.flatnonzero(first[1:] >= last[:-1]) + 1, [len(order)]])
    sizes = np.diff(cuts)
    kept = order.take(cuts[:-1][sizes == 1]).tolist()
    for a, b in zip(cuts[:-1][sizes > 1].tolist(), cuts[1:][sizes > 1].tolist(), strict=True):
        covered: set[int] = set()
        group = np.sort(order[a:b])
        for i in group[np.argsort(-value.take(group), kind="stable")].tolist():
            own = range(start[i], end[i])
            if covered.isdisjoint(own):
                covered.update(own)
                kept.append(i)
    return np.sort(np.array(kept, dtype=np.int64))
