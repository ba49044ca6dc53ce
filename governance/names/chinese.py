"""Chinese names, and Japanese ones in Chinese text: a surname with a given name behind it, weighed against words.

Each surname character of a block opens candidates of two and three characters (compound and Japanese surnames longer
ones). A first sieve keeps those whose characters are likelier in a name than in running text. What is left is read
both ways: as a name and as part of the words around it (the best cut of a window of ten characters into dictionary
words). The difference, with the words that cross its edges and the characters beside it, goes into a logistic model
that `train` fits on text that `generate` writes. Every step runs over all candidates of a block at once.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from governance.names.block import DIGIT as _DIGIT
from governance.names.block import HAN, SEPARATOR, Block, Found
from governance.names.block import LETTER as _LETTER
from governance.names.chinese_lists import NONE, TOTAL, Codes, Floats, lists
from governance.names.cues_zh import HONORIFICS
from governance.names.lexicon import Ints, load
from governance.names.simplify import simplified

RECOGNISER = "names_chinese"

#: Log odds of its characters from which a candidate is looked at, by the length of surname and given name.
SIEVE = {(1, 1): -0.5, (1, 2): -2.0, (2, 1): -4.0, (2, 2): -6.0, (2, 3): 2.0, (3, 1): -4.0, (3, 2): -4.0}
#: The same for names that are known.
_KNOWN = -5.0
BACK, AHEAD = 3, 7
"""The window around a candidate's start within which words are weighed."""


JAPANESE, FAMILIAR = 1, 2
"""Kinds of names besides the usual one: with a Japanese surname, and "little Li", "old Zhao", a syllable twice."""


class Candidates(NamedTuple):
    """Possible names of a block: where, how many characters of surname and of given name, and their evidence."""

    start: Ints
    family: Ints
    given: Ints
    odds: Floats  # log odds of the characters in a name against running text
    known: npt.NDArray[np.bool_]  # a name that the lists know
    kind: npt.NDArray[np.int64]  # 0 as Chinese names are built, `JAPANESE`, or `FAMILIAR`

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


def candidates(block: Block) -> Candidates:
    """What passes the sieve. ``block``: in simplified characters."""
    known = lists()
    codes = block.codes
    han = (block.kinds & HAN) != 0
    odds = known.family.take(codes[:-8])
    start = np.flatnonzero((odds > NONE) & han[1:-7])
    # Days of the week are no names.
    start = start[(codes[start] != ord("周")) | ~_WEEKDAY[codes[start + 1]]]
    parts: list[_Part] = []
    base = odds[start]
    one = base + known.given1.take(codes.take(start + 1))
    parts.append(_sieved(block, start, one, 1, 1))
    parts += _familiar(block, han, odds)
    three = han[start + 2]
    at = start[three]
    value = base[three] + known.first.take(codes.take(at + 1)) + known.second.take(codes.take(at + 2))
    parts.append(_sieved(block, at, value, 1, 2))
    both = np.flatnonzero(known.begins_compound.take(codes[:-8]) & known.second_compound.take(codes[1:-7]))
    for table, kind in ((known.compound, 0), (known.japanese, JAPANESE)):
        for family in (2, 3):
            hit = both[table.get(codes, both, family) > 0] if len(both) else both
            for given in (1, 2, 3) if kind else (1, 2):
                if (family, given) not in SIEVE:
                    continue
                at = hit[han[hit + 2]]
                for k in range(3, family + given):
                    at = at[han[at + k]]
                value = np.full(len(at), 4.0, dtype=np.float32)
                if kind:
                    for k in range(given):
                        value += known.japanese_given[codes[at + family + k]]
                elif given == 1:
                    value += known.given1[codes[at + family]]
                else:
                    value += known.first[codes[at + family]] + known.second[codes[at + family + 1]]
                parts.append(_sieved(block, at, value, family, given, kind))
    return Candidates(
        np.concatenate([p[0] for p in parts]),
        np.concatenate([np.full(len(p[0]), p[1]) for p in parts]),
        np.concatenate([np.full(len(p[0]), p[2]) for p in parts]),
        np.concatenate([p[3] for p in parts]).astype(np.float32),
        np.concatenate([p[4] for p in parts]),
        np.concatenate([np.full(len(p[0]), p[5]) for p in parts]),
    )


_CALLED = np.zeros(0x10000, dtype=bool)
for _c in "小老阿":
    _CALLED[ord(_c)] = True
_Part = tuple[Ints, int, int, Floats, npt.NDArray[np.bool_], int]


def _sieved(block: Block, at: Ints, value: Floats, family: int, given: int, kind: int = 0) -> _Part:
    near = value > _KNOWN
    at, value = at[near], value[near]
    size = family + given
    listed = lists().people.get(block.codes, at, size) > 0 if size < 5 else np.zeros(len(at), dtype=bool)
    keep = listed | (value > SIEVE[family, given])
    return at[keep], family, given, value[keep], listed[keep], kind


def _familiar(block: Block, han: npt.NDArray[np.bool_], odds: Floats) -> list[_Part]:
    """ "Little Li", "old Zhao", "A-zhen", and a syllable of given names said twice."""
    known, codes = lists(), block.codes[:-8]
    follow = block.codes[1:-7]
    both = han[:-8] & han[1:-7]
    out: list[_Part] = []
    for at in (
        np.flatnonzero(_CALLED[codes] & both),
        np.flatnonzero((codes == follow) & both & (odds <= NONE)),
    ):
        value = np.maximum(known.family[follow[at]], known.given1[follow[at]])
        at, value = at[value > 0.5], value[value > 0.5]
        out.append((at, 1, 1, value - 1, np.zeros(len(at), dtype=bool), FAMILIAR))
    return out


_WEEKDAY = np.zeros(0x10000, dtype=bool)
for _c in "一二三四五六日末边围":
    _WEEKDAY[ord(_c)] = True
#: Logarithms are counted in 256ths, so that what lies beyond a row cancels out exactly.
_STEPS = 256
_OUT = -40 * _STEPS
Steps = npt.NDArray[np.int32]


def _word_scores(block: Block, start: Ints) -> Steps:
    """Log probability of each stretch of one to four characters around each start: (position, length, starts)."""
    known = lists()
    last = len(block.codes) - 4
    width = BACK + AHEAD
    at = (start[None, :] + np.arange(-BACK, AHEAD)[:, None]).ravel()
    np.minimum(at, last, out=at)
    out = np.full((4, len(at)), _OUT, dtype=np.int32)
    han = (block.kinds & HAN) != 0
    whole = han[at]
    out[0] = np.where(whole, _single().take(block.codes[at]), -6 * _STEPS)
    for size in (2, 3, 4):
        whole = whole & han[at + size - 1]
        out[size - 1] = np.where(whole, _LOG.take(known.words.get(block.codes, at, size)), _OUT)
    return out.reshape(4, width, len(start)).transpose(1, 0, 2)


@lru_cache(maxsize=1)
def _single() -> Steps:
    return np.round(lists().single * _STEPS).astype(np.int32)


#: Weight of a word to its log probability.
_LOG = np.round(np.where(np.arange(256) > 0, (np.arange(256) - 1) / 16 - TOTAL, -40.0) * _STEPS).astype(np.int32)


def _best(scores: Steps, skip: tuple[int, int] | None = None) -> Steps:
    """The best cut of each window into words; with ``skip``, of what lies before and behind that stretch."""
    width = scores.shape[0]
    best = np.full((width + 1, scores.shape[2]), -10000 * _STEPS, dtype=np.int32)
    best[0] = 0
    for j in range(1, width + 1):
        if skip and skip[0] < j <= skip[1]:
            if j == skip[1]:
                best[j] = best[skip[0]]
            continue
        value = best[j]
        for length in range(1, min(4, j) + 1):
            i = j - length
            if skip and i < skip[1] and j > skip[0]:
                continue
            np.maximum(value, best[i] + scores[i, length - 1], out=value)
    return best[width]


def _delta(block: Block, found: Candidates) -> Floats:
    """Log odds of the reading with the name against the best reading as words."""
    starts, which = np.unique(found.start, return_inverse=True)
    scores = _word_scores(block, starts)
    plain = _best(scores)
    out = np.empty(len(found.start), dtype=np.float32)
    size = found.family + found.given
    usual = lists().single
    for length in range(2, 6):
        chosen = np.flatnonzero(size == length)
        if not len(chosen):
            continue
        row = which[chosen]
        own = found.odds[chosen].copy()
        for k in range(length):
            own += np.maximum(usual[block.codes[found.start[chosen] + k]], -14)
        split = _best(scores[:, :, row], (BACK, BACK + length)) - plain[row]
        # A third of a per cent of running text is names.
        out[chosen] = split / np.float32(_STEPS) + own - 5.0
    return out


# --- the model ---

BITS = 18
DENSE_NAMES = (
    "bias", "delta", "delta_low", "odds", "odds_low", "given_two", "compound", "japanese", "familiar", "known", "known_two",
    "left_edge", "right_edge", "one_better", "two_better", "whole_word", "crosses_left", "crosses_right",
    "word_before", "word_behind",
)  # fmt: skip
DENSE = len(DENSE_NAMES)


def beside(block: Block, start: Ints, end: Ints) -> tuple[list[Codes], list[Codes]]:
    """The three characters before each stretch and the three behind it, the nearest first."""
    last = len(block.codes) - 1
    sides: tuple[list[Codes], list[Codes]] = ([], [])
    for side, places in zip(sides, ((start - 1, start - 2, start - 3), (end, end + 1, end + 2)), strict=True):
        for place in places:
            at = np.minimum(place, last)  # before the first row stands what stands behind the last: separators
            kind = block.kinds.take(at)
            # Digits and Latin letters are all alike; signs keep themselves.
            code = np.where(kind & _DIGIT, np.uint32(1), np.where(kind & _LETTER, np.uint32(2), block.codes.take(at)))
            if side:  # nothing is seen beyond the row
                code = np.where(side[-1] == _SEPARATOR, _SEPARATOR, code)
            side.append(code)
    return sides


_SEPARATOR = np.uint32(ord(SEPARATOR))


def crossing(block: Block, start: Ints, end: Ints) -> tuple[Codes, Codes, Codes, Codes]:
    """Weights of the best words over the left and right edge of each stretch, before it and behind it."""
    codes, words = block.codes, lists().words
    han = (block.kinds & HAN) != 0
    one = han[start - 1]
    two = one & han[start - 2]
    next_one = han[end]
    next_two = next_one & han[end + 1]

    def word(at: Ints, size: int, whole: npt.NDArray[np.bool_]) -> Codes:
        return np.where(whole, words.get(codes, at, size), 0).astype(np.uint32)

    left = np.maximum.reduce([word(start - 1, 2, one), word(start - 1, 3, one), word(start - 2, 3, two)])
    right = np.maximum.reduce([word(end - 1, 2, next_one), word(end - 1, 3, next_two), word(end - 2, 3, next_one)])
    before = np.maximum(word(start - 2, 2, two), word(start - 3, 3, two & han[start - 3]))
    after = np.maximum(word(end, 2, next_two), word(end, 3, next_two & han[end + 2]))
    return left, right, before, after


GATE = 10


def gate(block: Block, found: Candidates, sides: Floats) -> Floats:
    """A few numbers of each candidate that are quickly had: most candidates are dropped on them alone.

    ``sides``: what the model thinks of a character before a name and behind one, by code point.
    """
    codes, words = block.codes, lists().words
    size = found.family + found.given
    start, end = found.start, found.end
    whole = words.get(codes, start, 2)
    tail = words.get(codes, end - 2, 2)
    left = np.where(block.kinds[start - 1] & HAN, words.get(codes, start - 1, 2), 0)
    right = np.where(block.kinds[end] & HAN, words.get(codes, end - 1, 2), 0)
    return np.stack(
        [
            np.ones(len(start), dtype=np.float32),
            np.clip(found.odds, -8, 12),
            np.clip(found.odds, -8, 2),
            (size == 2).astype(np.float32),
            whole / np.float32(32),
            np.where(size > 2, tail, 0) / np.float32(32),
            left / np.float32(32),
            right / np.float32(32),
            sides[0, codes[start - 1]],
            sides[1, codes[end]],
        ],
        axis=1,
    )


def features(block: Block, found: Candidates) -> tuple[npt.NDArray[np.int32], Floats]:
    """Hashed features (candidates x kinds) and numbers (candidates x `DENSE`)."""
    codes, kinds, words = block.codes, block.kinds, lists().words
    last = len(codes) - 1
    start, end = found.start, found.end
    delta = np.clip(_delta(block, found), -20, 16)
    around, behind = beside(block, start, end)
    size = (found.family + found.given).astype(np.uint32)
    family, tail = codes[start], codes[end - 1]
    whole = np.zeros(len(start), dtype=np.uint8)
    for length in (2, 3, 4):
        chosen = np.flatnonzero(size == length)
        whole[chosen] = words.get(codes, start[chosen], length)
    left, right, before, after = crossing(block, start, end)
    shape = size * 8 + found.known * 4 + found.kind
    columns = [
        mixed(1, around[0]),
        mixed(2, around[0], around[1]),
        mixed(3, around[0], around[1], around[2]),
        mixed(4, behind[0]),
        mixed(5, behind[0], behind[1]),
        mixed(6, behind[0], behind[1], behind[2]),
        mixed(7, family, size),
        mixed(8, family, codes[start + 1]),
        mixed(9, tail, behind[0]),
        mixed(10, tail, size),
        mixed(11, around[0], family),
        mixed(12, shape, (delta.astype(np.int32) + 32).astype(np.uint32)),
        mixed(13, shape, (np.clip(found.odds, -12, 19).astype(np.int32) + 32).astype(np.uint32)),
        mixed(14, size, (left // 24).astype(np.uint32), (right // 24).astype(np.uint32)),
        mixed(15, size, (whole // 16).astype(np.uint32), found.known.astype(np.uint32)),
        mixed(16, around[0], behind[0]),
    ]
    sparse = np.stack(columns, axis=1)
    edge_left = (kinds[start - 1] & HAN) == 0
    edge_right = (kinds[np.minimum(end, last)] & HAN) == 0
    two = found.given == 2
    # How the rival candidate at the same place does.
    key = start * 8 + found.family
    order = np.argsort(key, kind="stable")
    rival = np.full(len(start), np.float32(-20.0))
    same = np.flatnonzero(key[order][1:] == key[order][:-1])
    rival[order[same]], rival[order[same + 1]] = delta[order[same + 1]], delta[order[same]]
    gap = np.clip(delta - rival, -8, 8) / 8
    dense = np.stack(
        [
            np.ones(len(start)),
            delta / 8,
            np.minimum(delta, 0) / 8,
            np.clip(found.odds, -8, 16) / 8,
            np.minimum(found.odds, 0) / 8,
            two,
            (found.family == 2) & (found.kind == 0),
            found.kind == JAPANESE,
            found.kind == FAMILIAR,
            found.known,
            found.known & (size == 2),
            edge_left,
            edge_right,
            np.where(two, 0, gap),
            np.where(two, gap, 0),
            whole / 128,
            left / 128,
            right / 128,
            before / 128,
            after / 128,
        ],
        axis=1,
    ).astype(np.float32)
    return sparse, dense


_A, _C = np.uint32(2654435761), np.uint32(2246822519)


def mixed(kind: int, *values: npt.NDArray[np.generic]) -> npt.NDArray[np.int32]:
    out = np.full(len(values[0]), kind * 0x9E3779B1 & 0xFFFFFFFF, dtype=np.uint32)
    for value in values:
        out = (out ^ value.astype(np.uint32)) * _A
        out ^= out >> np.uint32(15)
    out *= _C
    return (out >> np.uint32(32 - BITS)).astype(np.int32)


class _Model(NamedTuple):
    sparse: Floats
    dense: Floats
    gate: Floats
    sides: Floats


@lru_cache(maxsize=1)
def _model() -> _Model:
    data = load("chinese_model")
    sparse = data["sparse"].astype(np.float32) * data["scale"][0]
    return _Model(sparse, data["dense"], data["gate"], data["sides"].astype(np.float32))


#: Log odds from which a candidate is a name.
ENOUGH = -0.5
#: How much more is asked of a candidate that the dictionary has as a word.
_WORD = 0.6
_WHOLE = DENSE_NAMES.index("whole_word")


_FREQUENT = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍"
    "龚付肖闫兰柳邢路岳齐庄左涂谷祁耿牟卜詹关苗凌费纪靳盛欧甄曲裴席屈鲍覃霍翁隋甘柏宁柯阮桂闵柴冉吉饶刁瞿戚丘古米池滕晋苑臧褚廉娄穆党燕姬屠"
    "晏栾商蒙喻窦宇冷仇艾都井练佟胥蔺阳官徒葛方马侯甫"
)
_SURNAMED = re.compile(f"(?<![百贵同属小生])姓[{_FREQUENT}](?![名氏])")
#: Titles that make longer words with what may follow: "总" is one, "总是" is "always".
_TITLES = {
    "总": "[是会共能要有数体之结统部理算量裁]",
    "工": "[作人厂程资业地会商农艺具期序龄钱]",
    "导": "[致演航师游入向读购弹体火电]",
    "队": "[员伍友列形]",
    "局": "[面势部限长]",
    "董": "[事]",
    "行": "[业为动程政走人李长驶使]",
    "院士": "",
    "秘书": "[处长]",
    "大夫": "[们]",
    "妈妈": "",
    "爸爸": "",
    "大婶": "",
    "大嫂": "",
    "嫂": "[子]",
    "婶": "[子]",
    "妹妹": "",
    "公子": "",
    "夫人": "",
    "太": "[太多大小好贵少高低长阳空极平监子快慢]",
    "姨": "[妈夫]",
    "叔": "[叔伯父]",
    "伯": "[伯父]",
    "妈": "[妈祖]",
    "姓": "[氏名王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马]",
    "某某": "",
    "某人": "",
    "某": "[些个种]",
}
_TWO = frozenset({"欧阳", "司徒", "司马", "上官", "诸葛", "东方", "夏侯", "皇甫"})
_PLAIN_TITLES = sorted({*HONORIFICS} - {*_TITLES}, key=lambda word: (-len(word), word))
_HONOURED = re.compile(
    f"[{_FREQUENT}](?:(?:{'|'.join(_PLAIN_TITLES)})(?![级傅兄们妹])|"
    + "|".join(f"{title}(?!{end})" if end else title for title, end in _TITLES.items())
    + ")"
)


_SURNAMES = np.zeros(0x10000, dtype=bool)
for _c in _FREQUENT:
    _SURNAMES[ord(_c)] = True
_TITLED = np.zeros(0x10000, dtype=bool)
for _c in (*_PLAIN_TITLES, *_TITLES):
    _TITLED[ord(_c[0])] = True


def _addressed(block: Block) -> list[Found]:
    """ "王先生", "姓李的": a surname with a word of address."""
    words = lists().words
    text, codes = block.text, block.codes
    out: list[Found] = []
    family = _SURNAMES.take(codes)
    at = np.flatnonzero(family[:-2] & _TITLED.take(codes[1:-1]))
    # "明白先生": the character belongs to a word with the one before it.
    part = words.get(codes, at - 1, 2) > 0
    for start in at[~part].tolist():
        found = _HONOURED.match(text, start)
        if found:
            first = start - (start > 1 and text[start - 1 : start + 1] in _TWO)
            out.append(Found(first, found.end(), "PERSON", 0.75, RECOGNISER, "context"))
    for start in np.flatnonzero((codes[:-2] == ord("姓")) & family[1:-1]).tolist():
        found = _SURNAMED.match(text, start)
        if found:
            out.append(Found(start, found.end(), "PERSON", 0.75, RECOGNISER, "context"))
    return out


def find(block: Block) -> list[Found]:
    """Chinese names of a block."""
    block = simplified(block)
    return _modelled(block) + _addressed(block)


def _modelled(block: Block) -> list[Found]:
    """Names that the model finds, disjoint."""
    found = candidates(block)
    model = _model()
    if len(found.start):
        found = found.only(found.known | ((gate(block, found, model.sides) * model.gate).sum(axis=1) > 0))
    if not len(found.start):
        return []
    sparse, dense = features(block, found)
    # Sums by row, not a product of matrices, whose last digits depend on how many rows there are.
    value = model.sparse.take(sparse).sum(axis=1) + (dense * model.dense).sum(axis=1)
    # A word of the dictionary must be a name more surely than what is no word.
    value = value - np.where((dense[:, _WHOLE] > 0) & ~found.known, _WORD, 0.0)
    sure = np.flatnonzero(value > ENOUGH)
    if not len(sure):
        return []
    end = found.end
    taken: set[int] = set()
    ends: dict[int, int] = {}
    starts: dict[int, int] = {}
    out: list[Found] = []

    def take(start: int, stop: int, odds: float, reason: str) -> None:
        taken.update(range(start, stop))
        starts[start], ends[stop] = stop, start
        score = min(0.95, max(0.5, 0.5 + 0.45 * math.tanh(odds / 6)))
        out.append(Found(start, stop, "PERSON", score, RECOGNISER, reason))

    sure = sure[np.argsort(-value[sure], kind="stable")]
    for start, stop, odds in zip(found.start[sure].tolist(), end[sure].tolist(), value[sure].tolist(), strict=True):
        if taken.isdisjoint(range(start, stop)):
            take(start, stop, odds, "model")
    # In a list of names, beside sure names, or repeating a name of its row, less is enough.
    spare = np.flatnonzero((value > ENOUGH - _DOUBT) & (value <= ENOUGH))
    row = block.rows_of(found.start[spare])
    known = np.array(list(starts), dtype=np.int64)
    in_row = block.rows_of(known)
    chosen = np.isin(row, in_row)
    spare, row = spare[chosen], row[chosen]
    if not len(spare):
        return out
    text = block.text
    names: dict[int, set[str]] = {}
    for start, at in zip(known.tolist(), in_row.tolist(), strict=True):
        names.setdefault(at, set()).add(text[start : starts[start]])
    order = np.argsort(-value[spare], kind="stable")
    spare, row = spare[order], row[order]
    rest = list(zip(found.start[spare].tolist(), end[spare].tolist(), value[spare].tolist(), row.tolist(), strict=True))
    for _ in range(2):
        for start, stop, odds, at in rest:
            if not taken.isdisjoint(range(start, stop)):
                continue
            listed = (text[start - 1] in _LISTS and start - 1 in ends) or (text[stop] in _LISTS and stop + 1 in starts)
            if listed or odds > ENOUGH - _NEAR or text[start:stop] in names[at]:
                take(start, stop, odds, "context")
    return out


#: How far below `ENOUGH` a candidate may be that a list or a repetition speaks for.
_DOUBT = 2.5
#: The same for one beside a sure name in its row.
_NEAR = 0.9
_LISTS = frozenset("、和与及,，/ ")
