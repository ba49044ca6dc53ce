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

from governance.names.block import HAN, Block, Found
from governance.names.chinese import BITS as HASH_BITS
from governance.names.chinese import beside, crossing, mixed
from governance.names.chinese_lists import Floats, lists
from governance.names.lexicon import Ints, load
from governance.names.simplify import simplified

RECOGNISER = "names_foreign_zh"
_DOTS = "·•‧・．"


def find(block: Block) -> list[Found]:
    """Foreign names of a block."""
    block = simplified(block)
    han = (block.kinds & HAN) != 0
    odds = lists().translit.take(block.codes)
    return _dotted(block, odds, han) + _alone(block, odds)


def _dotted(block: Block, odds: np.ndarray, han: np.ndarray) -> list[Found]:
    text, out, done = block.text, [], -1
    dots = np.flatnonzero(_IS_DOT.take(block.codes))
    for dot in dots.tolist():
        if dot < done or not 0 < dot < len(text) - 1:
            continue
        left = _reach(text, odds, han, dot - 1, -1)
        right = dot
        while right < len(text) - 1 and text[right] in _DOTS:
            step = _reach(text, odds, han, right + 1, 1)
            if step == right + 1 and not _initial(text, right + 1):
                break
            right = step if step > right + 1 else right + 2
        if dot - left < 1 or right - dot < 2 or (not han[left:dot].any() and not han[dot + 1 : right].any()):
            continue
        # Two-character words joined by a dot are a list or a title ("北京·朝阳").
        if odds[left:dot].sum() + odds[dot + 1 : right].sum() < 0.5:
            continue
        out.append(Found(left, right, "PERSON", 0.85, RECOGNISER, "grammar"))
        done = right
    return out


_IS_DOT = np.zeros(0x10000, dtype=bool)
for _c in _DOTS:
    _IS_DOT[ord(_c)] = True


def _initial(text: str, at: int) -> bool:
    return at < len(text) and "A" <= text[at] <= "Z"


_NOT_SOUND = frozenset("的是了和与在由有为被让对向叫及看从给跟像比而但就都也很要会能说演导星家者员人名片部个位第")


def _reach(text: str, odds: np.ndarray, han: np.ndarray, at: int, step: int) -> int:
    """How far the sounding characters go from `at`; the first two are taken on trust."""
    count, debt, good = 0, 0.0, at
    while 0 <= at < len(text) and count < 7:
        c = text[at]
        if (c.isascii() and c.isupper()) or (c == "." and count):
            at += step
            count += 1
            good = at
            continue
        if not han[at] or (count and c in _NOT_SOUND):
            break
        value = float(odds[at])
        debt = debt + value if value < 0 else 0.0
        if debt < (-4.6 if count < 2 and step < 0 else -2.0) and count:
            break
        at += step
        count += 1
        if value > -2.0 or count == 1 or (count == 2 and step < 0 and value > -4.6):
            good = at
    return good + 1 if step < 0 else good


_GOOD, _WEAK, _NO_SOUND = np.float32(0.3), np.float32(-1.3), np.float32(-8.5)


def _loud(odds: Floats, start: Ints, end: Ints) -> Floats:
    """How loudly each stretch speaks: the odds of its characters added up."""
    size = end - start
    out = np.zeros(len(start), dtype=np.float32)
    for k in range(int(size.max()) if len(size) else 0):
        out += np.where(k < size, np.clip(odds.take(start + k), -3, 6), np.float32(0))
    return out


def candidates(block: Block, odds: Floats) -> tuple[Ints, Ints]:
    """Where names by sound may begin and end: runs of sounding characters, a little trimmed, and known names."""
    known = lists()
    codes = block.codes
    good = odds > _GOOD
    weak = odds > _WEAK
    # One weaker character may stand between sounding ones.
    good[1:-1] |= weak[1:-1] & good[:-2] & good[2:]
    edges = np.flatnonzero(good[1:] != good[:-1]) + 1
    if good[0]:
        edges = np.concatenate([[0], edges])
    start, end = edges[0::2], edges[1::2]
    long = (end - start >= 2) & (end - start <= 9)
    start, end = start[long], end[long]
    loud = _loud(odds, start, end) > np.where(end - start == 2, 3.6, 3.0)
    start, end = start[loud], end[loud]
    begins = [start, start + 1, start, start + 1]
    ends = [end, end, end - 1, end - 1]
    at = np.flatnonzero(known.foreign_first.take(codes[:-8]) & known.foreign_second.take(codes[1:-7]))
    at = at[known.foreign_heads.get(codes, at, 2) > 0]
    for size in range(2, 7):
        at = at[odds[at + size - 1] > _NO_SOUND]
        hit = at[known.foreign.get(codes, at, size) > 0]
        begins.append(hit)
        ends.append(hit + size)
    lengths = np.clip(np.concatenate(ends) - np.concatenate(begins), 0, 31)
    both = np.unique(np.concatenate(begins) << 5 | lengths)
    begin, length = both >> 5, both & 31
    keep = (length >= 2) & (length <= 9)
    begin, length = begin[keep], length[keep]
    # Ordinary words that happen to sound are most of what is left in running text.
    for size in (2, 3):
        same = np.flatnonzero(length == size)
        at = begin[same]
        plain = known.words.get(codes, at, size) > 0
        if size == 2:
            plain |= _loud(odds, at, at + 2) <= 3.6
        plain &= known.foreign.get(codes, at, size) == 0
        kept = np.ones(len(begin), dtype=bool)
        kept[same[plain]] = False
        begin, length = begin[kept], length[kept]
    return begin, begin + length


BITS = 16
DENSE = 13


def features(block: Block, odds: Floats, start: Ints, end: Ints) -> tuple[npt.NDArray[np.int32], Floats]:
    """Hashed features (candidates x kinds) and numbers (candidates x `DENSE`)."""
    known, codes = lists(), block.codes
    size = end - start
    loud = _loud(odds, start, end)
    name = np.zeros(len(start), dtype=bool)
    place = np.zeros(len(start), dtype=bool)
    word = np.zeros(len(start), dtype=np.uint8)
    for length in range(2, 7):
        chosen = np.flatnonzero(size == length)
        name[chosen] = known.foreign.get(codes, start[chosen], length) > 0
        place[chosen] = known.places.get(codes, start[chosen], length) > 0
        word[chosen] = known.words.get(codes, start[chosen], length)
    inside = np.zeros(len(start), dtype=np.uint8)
    part = np.zeros(len(start), dtype=bool)
    for length in (2, 3, 4):
        shorter = np.flatnonzero(size > length)
        for edge in (start[shorter], end[shorter] - length):
            inside[shorter] = np.maximum(inside[shorter], known.words.get(codes, edge, length))
            if length > 2:
                part[shorter] |= known.places.get(codes, edge, length) > 0
    left, right, before, after = crossing(block, start, end)
    around, behind = beside(block, start, end)
    longer_left, longer_right = odds[start - 1] > _GOOD, odds[end] > _GOOD
    kind = size * 8 + name * 4 + place * 2 + (word > 0)
    columns = [
        mixed(1, around[0]),
        mixed(2, around[0], around[1]),
        mixed(3, around[0], around[1], around[2]),
        mixed(4, behind[0]),
        mixed(5, behind[0], behind[1]),
        mixed(6, behind[0], behind[1], behind[2]),
        mixed(7, kind),
        mixed(8, size, np.clip(loud, -4, 20).astype(np.int32) + 8),
        mixed(9, codes[start], size),
        mixed(10, codes[end - 1], size),
        mixed(11, word // 16, name),
        mixed(12, left // 24, right // 24),
        mixed(13, longer_left, longer_right, name),
        mixed(14, inside // 24, size),
        mixed(15, codes[end - 2], codes[end - 1]),
    ]
    dense = np.stack(
        [
            np.ones(len(start)),
            loud / 8,
            loud / size / 2,
            name,
            place,
            word / 128,
            left / 128,
            right / 128,
            before / 128,
            after / 128,
            inside / 128,
            part,
            name & (size == 2),
        ],
        axis=1,
    ).astype(np.float32)
    return np.stack(columns, axis=1) >> (HASH_BITS - BITS), dense


@lru_cache(maxsize=1)
def _model() -> tuple[Floats, Floats]:
    data = load("chinese_model")
    return data["foreign_sparse"].astype(np.float32) * data["foreign_scale"][0], data["foreign_dense"]


#: Log odds from which a stretch by itself is a name.
ENOUGH = 0.2


def _alone(block: Block, odds: Floats) -> list[Found]:
    start, end = candidates(block, odds)
    if not len(start):
        return []
    sparse, dense = features(block, odds, start, end)
    weights, numbers = _model()
    value = weights.take(sparse).sum(axis=1) + (dense * numbers).sum(axis=1)
    sure = np.flatnonzero(value > ENOUGH)
    sure = sure[np.argsort(-value[sure], kind="stable")]
    taken: set[int] = set()
    out: list[Found] = []
    for a, b, odd in zip(start[sure].tolist(), end[sure].tolist(), value[sure].tolist(), strict=True):
        if taken.isdisjoint(range(a, b)):
            taken.update(range(a, b))
            out.append(Found(a, b, "PERSON", min(0.9, 0.55 + odd / 20), RECOGNISER, "model"))
    return out
