"""Foreign names in Chinese characters: "安德烈·舍甫琴科", "克林顿".

Names are written by sound with some hundred characters that seldom stand together otherwise. A dot between two such
stretches is a name almost always. A stretch by itself is weighed by a logistic model over how loudly its characters
speak, what the lists know of it, and what stands beside it; `train` fits it on text that `generate` writes, where
foreign places and foreign words stand as well.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from governance.names.block import Block, Found
from governance.names.chinese_abroad import STEPPE
from governance.names.chinese_lists import WEIGHT, Floats, lists
from governance.names.chinese_plain import TURKIC
from governance.names.chinese_said import MOST, said_for
from governance.names.chinese_weigh import BITS as HASH_BITS
from governance.names.chinese_weigh import apart, beside, crossing, hashed, summed, surroundings
from governance.names.lexicon import Ints, load
from governance.names.reading import Bools, Reading, Weights, reading
from governance.names.simplify import simplified

RECOGNISER = "names_foreign_zh"
_DOTS = "·•‧・．"
_NOT_SOUND = frozenset("的是了和与在由有为被让对向叫及看从给跟像比而但就都也很要会能说演导星家者员人名片部个位第")
_GOOD, _WEAK, _NO_SOUND = np.float32(0.3), np.float32(-1.3), np.float32(-8.5)
_IS_GOOD, _IS_WEAK, _IS_SOUND, _FIRST, _SECOND, _DOT, _NEVER, _CAPITAL = (np.uint8(1 << i) for i in range(8))
Marks = npt.NDArray[np.uint8]


@lru_cache(maxsize=1)
def _flags() -> Marks:
    """How well each character sounds, and what it may begin."""
    known = lists()
    out = (known.translit > _GOOD) * _IS_GOOD
    out |= (known.translit > _WEAK) * _IS_WEAK
    out |= (known.translit > _NO_SOUND) * _IS_SOUND
    out |= known.foreign_first * _FIRST
    out |= known.foreign_second * _SECOND
    for bit, characters in ((_DOT, _DOTS), (_NEVER, _NOT_SOUND), (_CAPITAL, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")):
        out[[ord(c) for c in characters]] |= bit
    return out


def find(block: Block) -> list[Found]:
    """Foreign names of a block."""
    block = simplified(block)
    marks = _flags().take(block.codes)
    return _dotted(block, marks) + _alone(block, marks)


def _dotted(block: Block, marks: Marks) -> list[Found]:
    """Names with a dot between their parts."""
    dots = np.flatnonzero((marks & _DOT).astype(bool))
    han, finer = reading(block).han, _finer()
    # Nothing reaches a dot but what stands right beside it.
    dots = dots[_opens(han, marks, dots + 1)]
    both = _opens(han, marks, dots - 1)
    if not both.any():
        return []
    between = dots[both]
    left, right = _reach(block, marks, between - 1, -1), _reach(block, marks, dots + 1, 1)
    reach = dict(zip(dots.tolist(), right.tolist(), strict=True))
    triples = []
    for dot, begin in zip(between.tolist(), left.tolist(), strict=True):
        end = reach[dot]
        while end in reach:
            end = reach[end]
        triples.append((begin, dot, dot + 1, end))
    last, first = _edges_of_parts()
    parted = last.take(block.codes.take(between - 1)) & first.take(block.codes.take(between + 1))
    steppe = _steppe(block.text, between[parted].tolist())
    edges = np.array(triples)
    begins, ends = edges[:, ::2], edges[:, 1::2]
    sizes = (ends - begins).ravel()
    firsts = np.cumsum(sizes) - sizes
    within = np.arange(int(sizes.sum())) + np.repeat(begins.ravel() - firsts, sizes)
    whole = np.logical_or.reduceat(han.take(within), firsts).reshape(-1, 2).any(axis=1)
    # Two-character words joined by a dot are a list or a title ("北京·朝阳").
    odds = np.add.reduceat(finer.take(block.codes.take(within)), firsts).reshape(-1, 2).sum(axis=1)
    out, done = [], -1
    for begin, dot, _, end in edges[whole & (odds >= _STEPS // 2)].tolist():
        if dot >= done:
            out.append(Found(begin, end, "PERSON", 0.85, RECOGNISER, "grammar"))
            done = end
    return out + steppe


def _opens(han: Bools, marks: Marks, at: Ints) -> Bools:
    """Whether a part of a name may stand at a place beside a dot: Chinese characters, or a capital letter."""
    out: Bools = han.take(at) | ((marks.take(at) & _CAPITAL) > 0)
    return out


_PARTS = frozenset((*TURKIC, *STEPPE))


@lru_cache(maxsize=1)
def _edges_of_parts() -> tuple[Bools, Bools]:
    """Which characters such parts of names end with, and which they begin with."""
    out = np.zeros((2, 0x10000), dtype=bool)
    for table, at in zip(out, (-1, 0), strict=True):
        table[[ord(part[at]) for part in _PARTS]] = True
    return out[0], out[1]


def _steppe(text: str, dots: list[int]) -> list[Found]:
    """Names of which a part of Uighur, Kazakh or Kirghiz names stands on either side of a dot."""
    out = []
    for dot in dots:
        left = next((n for n in range(6, 1, -1) if text[dot - n : dot] in _PARTS), 0)
        right = next((n for n in range(6, 1, -1) if text[dot + 1 : dot + 1 + n] in _PARTS), 0)
        if left and right:
            out.append(Found(dot - left, dot + 1 + right, "PERSON", 0.85, RECOGNISER, "lexicon"))
    return out


#: The odds of characters are added up in 1024ths: whole numbers make the same sum in any order.
_STEPS = 1024


@lru_cache(maxsize=1)
def _finer() -> Ints:
    return np.round(lists().translit * _STEPS).astype(np.int64)


def _reach(block: Block, marks: Marks, at: Ints, step: int) -> Ints:
    """How far the sounding characters go from `at`; the first two are taken on trust."""
    han, codes, finer = reading(block).han, block.codes, _finer()
    good, debt = at.copy(), np.zeros(len(at), dtype=np.int64)
    going = np.arange(len(at))
    for count in range(7):
        here = at.take(going) + count * step
        letter = (marks.take(here) & _CAPITAL) > 0
        if count:
            letter |= codes.take(here) == ord(".")
        value = finer.take(codes.take(here))
        owed = np.where(value < 0, debt.take(going) + value, 0)
        goes_on = han.take(here)
        if count:
            goes_on &= (marks.take(here) & _NEVER) == 0
            goes_on &= owed >= (-4.6 if count < 2 and step < 0 else -2.0) * _STEPS
        debt[going] = np.where(letter, debt.take(going), owed)
        sounds = value > (-4.6 if count == 1 and step < 0 else -2.0) * _STEPS if count else goes_on
        so_far = letter | (goes_on & sounds)
        good[going[so_far]] = here[so_far] + step
        going = going[letter | goes_on]
        if not len(going):
            break
    return good + 1 if step < 0 else good


@lru_cache(maxsize=1)
def _clipped() -> Floats:
    return np.clip(lists().translit, -3, 6)


def _loud(block: Block, start: Ints, end: Ints) -> Floats:
    """How loudly each stretch speaks: the odds of its characters added up."""
    size, table, codes = end - start, _clipped(), block.codes
    out = table.take(codes.take(start))
    longer = np.arange(len(size))
    for k in range(1, int(size.max()) if len(size) else 0):
        longer = longer[size.take(longer) > k]  # few are long
        out[longer] += table.take(codes.take(start.take(longer) + k))
    return out


def candidates(block: Block, marks: Marks | None = None) -> tuple[Ints, Ints]:
    """Where names by sound may begin and end: runs of sounding characters, a little trimmed, and known names."""
    known, read = lists(), reading(block)
    if marks is None:
        marks = _flags().take(block.codes)
    good = (marks & _IS_GOOD).astype(bool)
    # One weaker character may stand between sounding ones.
    between = good[:-2] & good[2:]
    between &= (marks[1:-1] & _IS_WEAK).astype(bool)
    good[1:-1] |= between
    # Of two sounding characters and more: most stand alone.
    twice = good[:-1] & good[1:]
    edges = np.flatnonzero(twice[1:] != twice[:-1]) + 1
    if twice[0]:
        edges = np.concatenate([[0], edges])
    start, end = edges[0::2], edges[1::2] + 1
    long = np.flatnonzero(end - start <= 9)
    start, end = start.take(long), end.take(long)
    heard = _loud(block, start, end) > np.where(end - start == 2, np.float32(3.6), np.float32(3.0))
    start, end = start[heard], end[heard]
    # A weaker character may end a longer one: "切尔诺梅尔金".
    further = np.flatnonzero((end - start > 2) & ((marks.take(end) & _IS_WEAK) > 0))
    begins = [start, start + 1, start, start + 1, start.take(further)]
    ends = [end, end, end - 1, end - 1, end.take(further) + 1]
    heads = (marks[:-8] & _FIRST).astype(bool)
    heads &= (marks[1:-7] & _SECOND).astype(bool)
    near = block.beside_gone if block.again else None  # what stands alone has been looked at
    if near is not None:
        heads &= near[:-8]
    at = np.flatnonzero(heads)
    at = at[read.get(known.foreign_heads, at, 2) > 0]
    # As far as they sound, from two characters to six.
    sounds = (marks.take(at + np.arange(1, 6)[:, None]) & _IS_SOUND) > 0
    longer, which = np.nonzero(np.logical_and.accumulate(sounds))
    at, size = at.take(which), longer + 2
    hit = np.flatnonzero(read.get(known.foreign, at, size))
    begins.append(at.take(hit))
    ends.append(at.take(hit) + size.take(hit))
    begin = np.concatenate(begins)
    length = np.concatenate(ends) - begin
    keep = np.flatnonzero((length >= 2) & (length <= 9) & (True if near is None else near.take(begin)))
    both = np.sort(begin.take(keep) << 5 | length.take(keep))
    both = both[np.append(True, both[1:] != both[:-1])] if len(both) else both
    begin, length = both >> 5, both & 31
    # Ordinary words that happen to sound are most of what is left in running text.
    short = np.flatnonzero(length <= 3)
    at, size = begin.take(short), length.take(short)
    sums, loud = read.sums(at, size), _loud(block, at, at + size)
    weight = read.words(at, size, sums)
    plain = np.where(size == 2, loud <= np.float32(3.6), (weight > _RARE_WORD) | (loud <= _NO_WORD))
    plain = np.where(size == 2, plain | (weight > 0), plain & (weight > 0))
    abroad = np.flatnonzero(known.foreign.weigh(sums, size))
    plain[abroad] = known.plain.weigh(sums.take(abroad), size.take(abroad)) >= _PLAIN
    kept = np.ones(len(begin), dtype=bool)
    kept[short[plain]] = False
    begin, length = begin[kept], length[kept]
    return begin, begin + length


BITS = 16
#: What speaks against an ordinary word of `chinese_plain`, by `WEIGHT`: a name of the lists that is one is none alone.
_PLAIN = np.uint8(4 * WEIGHT)
#: How loud three characters are that may be a name though the dictionary has them as a word, and how rare a word it is.
_NO_WORD, _RARE_WORD = np.float32(7.0), np.uint8(40)


def features(block: Block, start: Ints, end: Ints) -> tuple[list[npt.NDArray[np.int32]], list[Floats]]:
    """Hashed features and numbers of each candidate, a column for each kind."""
    known, codes, read = lists(), block.codes, reading(block)
    size = end - start
    loud = _loud(block, start, end)
    # Longer ones are asked of no list.
    listed = size * (size <= 6)
    sums = read.sums(start, listed)
    name, place = known.foreign.weigh(sums, listed) > 0, known.places.weigh(sums, listed) > 0
    word = read.words(start, listed, sums)
    inside, part = _within(read, start, end)
    left, right, before, after = crossing(block, start, end)
    around, behind = beside(block, start, end)
    sounds = _sounding()
    longer_left, longer_right = sounds.take(codes.take(start - 1)), sounds.take(codes.take(end))
    kind = (size * 8 + name * 4 + place * 2 + (word > 0)).astype(np.uint32)
    size = size.astype(np.uint32)
    columns = hashed(
        *surroundings(around, behind),
        (kind,),
        (size, (np.clip(loud, -4, 20).astype(np.int32) + 8).astype(np.uint32)),
        (codes.take(start), size),
        (codes.take(end - 1), size),
        (word // 16, name),
        (left // 24, right // 24),
        (longer_left, longer_right, name),
        (inside // 24, size),
        (codes.take(end - 2), codes.take(end - 1)),
    )
    numbers = [
        np.ones(len(start), dtype=np.float32),
        loud / np.float32(8),
        loud / size.astype(np.float32) / np.float32(2),
        name.astype(np.float32),
        place.astype(np.float32),
        word / np.float32(128),
        left / np.float32(128),
        right / np.float32(128),
        before / np.float32(128),
        after / np.float32(128),
        inside / np.float32(128),
        part.astype(np.float32),
        (name & (size == 2)).astype(np.float32),
    ]
    return [column >> (HASH_BITS - BITS) for column in columns], numbers


#: Lengths of words at the edges of a stretch, in the order of `_within`.
_SHORTER = np.array([4, 4, 3, 3, 2, 2])[:, None]


def _within(read: Reading, start: Ints, end: Ints) -> tuple[Weights, Bools]:
    """The weight of the best word that a stretch begins or ends with and that is shorter; and whether a place, of three
    characters or four, is one."""
    shorter = end - start > _SHORTER
    at = np.where(np.arange(6)[:, None] & 1, end - _SHORTER, start)
    sums = read.sums(at, _SHORTER)
    inside: Weights = (read.words(at, _SHORTER, sums) * shorter).max(axis=0)
    part: Bools = np.logical_or.reduce((lists().places.weigh(sums[:4], _SHORTER[:4]) > 0) & shorter[:4])
    return inside, part


@lru_cache(maxsize=1)
def _sounding() -> Bools:
    return lists().translit > _GOOD


@lru_cache(maxsize=1)
def _model() -> tuple[Floats, Floats]:
    data = load("chinese_model")
    return data["foreign_sparse"].astype(np.float32) * data["foreign_scale"][0], data["foreign_dense"]


#: What each character more is worth between stretches that overlap.
_LONGER = 0.5
#: Log odds from which a stretch by itself is a name.
ENOUGH = -0.3


def _alone(block: Block, marks: Marks) -> list[Found]:
    """Names without a dot."""
    start, end = candidates(block, marks)
    if not len(start):
        return []
    columns, numbers = features(block, start, end)
    weights, factors = _model()
    value = summed(columns, weights, numbers, factors)
    # A word beside it that says who somebody is: "导游扎西".
    near = np.flatnonzero((value <= ENOUGH) & (value > ENOUGH - MOST))
    value[near] += said_for(block, start.take(near), end.take(near))
    sure = np.flatnonzero(value > ENOUGH)
    # Of two that overlap, the longer one must be less likely by far to go.
    weight = value + (end - start) * np.float32(_LONGER)
    sure = sure.take(apart(start.take(sure), end.take(sure), weight.take(sure)))
    return [
        Found(a, b, "PERSON", min(0.9, 0.55 + odd / 20), RECOGNISER, "model")
        for a, b, odd in zip(start[sure].tolist(), end[sure].tolist(), value[sure].tolist(), strict=True)
    ]
