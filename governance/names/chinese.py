"""Chinese names: a surname with one or two characters behind it, weighed against the words that they might be.

Each surname character of a block opens candidates of two and three characters (and compound surnames of three and
four). A candidate is read both ways: as a name (how often people have that surname and those characters in their
given names) and as part of the words around it (the best cut of a window of eight characters into dictionary words).
The difference, with the characters beside the candidate, goes into a logistic model that `train` fits on text that
`generate` writes. Every step runs over all candidates of a block at once.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from governance.names.block import DIGIT as _DIGIT
from governance.names.block import HAN, Block, Found
from governance.names.block import LETTER as _LETTER
from governance.names.cues_zh import HONORIFICS
from governance.names.lexicon import Ints, Table, hash_spans, load, table_of, unpacked

RECOGNISER = "names_chinese"
Floats = npt.NDArray[np.float32]

COMPOUND = (
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 "
    "钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 "
    "呼延 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 第五 歐陽 諸葛 司馬 東方 獨孤"
).split()
#: Surnames that the list of the simplified script does not hold.
TRADITIONAL = "張陳劉黃楊趙吳孫馬鄭謝許鄧馮蕭葉呂蘇盧蔣賈閻鍾陸韓羅梁賴龔龍萬錢湯嚴鄒譚廖範顧孟賀倪莊聶關齊費簡塗詹鄺鄔畢穌範潘鮑衛譙應歐寧喬戚溫餘紀紅藍項單岑莫蔔"


class _Lists(NamedTuple):
    words: Table  # hash -> 1 + 16 * log frequency
    single: npt.NDArray[np.float32]  # code point -> log frequency of the character as a word
    surname: npt.NDArray[np.float32]  # code point -> log probability, 0 where it is none
    compound: Table
    never: npt.NDArray[np.bool_]  # frequent characters that no given name on the lists begins with
    given1: npt.NDArray[np.float32]
    first: npt.NDArray[np.float32]
    second: npt.NDArray[np.float32]
    translit: npt.NDArray[np.float32]  # log odds of the character in a transliterated name against running text
    foreign: Table  # transliterated names
    places: Table


_FLOOR = -11.5
_TOTAL = math.log(6e7)


@lru_cache(maxsize=1)
def lists() -> _Lists:
    data = load("chinese")
    words = unpacked(data["words"])
    weights = data["weights"].astype(np.int32)
    long = [i for i, word in enumerate(words) if len(word) > 1]
    single = np.full(0x10000, -18.0, dtype=np.float32)
    for word, weight in zip(words, weights.tolist(), strict=True):
        if len(word) == 1:
            single[ord(word)] = max(-18.0, weight / 16 - _TOTAL)

    def spread(kind: str, floor: float) -> npt.NDArray[np.float32]:
        out = np.full(0x10000, floor, dtype=np.float32)
        for key, value in zip(unpacked(data[kind]), data[kind + "_p"].tolist(), strict=True):
            if len(key) == 1:
                out[ord(key)] = value
        return out

    surname = spread("surname", 0.0)
    for character in TRADITIONAL:
        if surname[ord(character)] == 0:
            surname[ord(character)] = -6.0
    return _Lists(
        words=table_of([words[i] for i in long], (weights[long] + 1).astype(np.uint16)),
        single=single,
        surname=surname,
        compound=table_of(COMPOUND, np.ones(len(COMPOUND), dtype=np.uint8)),
        never=(spread("characters", -30.0) > -8.0) & (spread("single", -30.0) < -20) & (spread("first", -30.0) < -20),
        given1=np.logaddexp(spread("single", -30.0) - 0.1, spread("characters", -13.0) * 0.35 - 7.0),
        first=np.logaddexp(spread("first", -30.0) - 0.1, spread("characters", -13.0) * 0.35 - 7.0),
        second=np.logaddexp(spread("second", -30.0) - 0.1, spread("characters", -13.0) * 0.35 - 7.0),
        translit=spread("translit", -12.5) - spread("characters", -13.0),
        foreign=table_of(unpacked(data["foreign"]), np.ones(len(unpacked(data["foreign"])), dtype=np.uint8)),
        places=table_of(unpacked(data["places"]), np.ones(len(unpacked(data["places"])), dtype=np.uint8)),
    )


class Candidates(NamedTuple):
    """Possible names of a block: where, how many characters of surname and of given name, and their evidence."""

    start: Ints
    family: Ints
    given: Ints
    delta: Floats  # log odds of the reading as a name against the best reading as words
    name: Floats  # log probability of the name by itself


BACK, AHEAD = 3, 7
"""The window around a candidate's start within which words are weighed."""


def candidates(block: Block) -> Candidates:
    known = lists()
    codes = block.codes
    han = (block.kinds & HAN) != 0
    prior = known.surname[codes]
    start = np.flatnonzero((prior < 0) & han)
    start = start[start < len(codes) - 8]
    start = start[han[start + 1] & ~known.never[codes[start + 1]]]
    size = len(start)
    if not size:
        empty = np.zeros(0, dtype=np.int64)
        return Candidates(empty, empty, empty, empty.astype(np.float32), empty.astype(np.float32))
    two = ((codes[start].astype(np.uint64) + 1) * _B + codes[start + 1] + 1) * _B
    compound = known.compound.get(two) > 0
    scores = _word_scores(block, start)
    plain = _best(scores)
    out: list[tuple[Ints, int, int, Floats, Floats]] = []
    floor = np.float32(-8.5)
    for family, given in ((1, 1), (1, 2), (2, 1), (2, 2)):
        length = family + given
        chosen = np.flatnonzero(han[start + length - 1] & (compound if family == 2 else True))
        if length > 2:
            chosen = chosen[han[start[chosen] + 2]]
        if length > 3:
            chosen = chosen[han[start[chosen] + 3]]
        at = start[chosen]
        name = np.full(len(at), floor, dtype=np.float32) if family == 2 else prior[at].copy()
        if given == 1:
            name += known.given1[codes[at + family]] - 1.2
        else:
            name += known.first[codes[at + family]] + known.second[codes[at + family + 1]] - 0.4
        # A third of a per cent of running text is names.
        cost = name - 5.0
        split = _best(scores[chosen], (BACK, BACK + length))
        out.append((at, family, given, split + cost - plain[chosen], name))
    starts = np.concatenate([o[0] for o in out])
    return Candidates(
        starts,
        np.concatenate([np.full(len(o[0]), o[1]) for o in out]),
        np.concatenate([np.full(len(o[0]), o[2]) for o in out]),
        np.concatenate([o[3] for o in out]).astype(np.float32),
        np.concatenate([o[4] for o in out]).astype(np.float32),
    )


_B = np.uint64(0x9E3779B97F4A7C15)
_OUT = np.float32(-40.0)


def _word_scores(block: Block, start: Ints) -> Floats:
    """Log probability of each stretch of one to four characters around each start: (starts, position, length)."""
    known = lists()
    width = BACK + AHEAD
    codes = block.codes
    limit = len(codes) - 1
    # Each position is looked up once, however many windows it is in.
    near = np.zeros(len(codes) + width, dtype=bool)
    for k in range(-BACK, AHEAD):
        near[np.maximum(start + k, 0)] = True
    where = np.flatnonzero(near[: len(codes)])
    place = np.cumsum(near[: len(codes)]) - 1
    han = block.kinds[where] & HAN
    table = np.full((len(where), 4), _OUT, dtype=np.float32)
    table[:, 0] = np.where(han, known.single[codes[where]], np.float32(-6.0))
    rolling = (codes[where].astype(np.uint64) + 1) * _B
    alive = np.flatnonzero(han)
    for length in (2, 3, 4):
        following = np.minimum(where[alive] + length - 1, limit)
        keep = (block.kinds[following] & HAN) != 0
        alive, following = alive[keep], following[keep]
        rolling[alive] = (rolling[alive] + codes[following].astype(np.uint64) + np.uint64(1)) * _B
        found = known.words.get(rolling[alive])
        table[alive, length - 1] = np.where(found > 0, (found.astype(np.float32) - 1) / 16 - np.float32(_TOTAL), _OUT)
    at = np.maximum(start[:, None] + np.arange(-BACK, AHEAD)[None, :], 0)
    return table[place[at]]


def _best(scores: Floats, block: tuple[int, int] | None = None) -> Floats:
    """The best cut of each window into words; with ``block``, of what lies before and behind that stretch."""
    width = scores.shape[1]
    best = np.full((len(scores), width + 1), -1e4, dtype=np.float32)
    best[:, 0] = 0
    # A word may have begun before the window.
    for j in range(1, width + 1):
        if block and block[0] < j <= block[1]:
            if j == block[1]:
                best[:, j] = best[:, block[0]]
            continue
        value = best[:, j]
        for length in range(1, min(4, j) + 1):
            i = j - length
            if block and i < block[1] and j > block[0]:
                continue
            np.maximum(value, best[:, i] + scores[:, i, length - 1], out=value)
    return best[:, width]


# --- the model ---

BITS = 16
DENSE_NAMES = (
    "bias",
    "delta",
    "delta_low",
    "name",
    "given_two",
    "compound",
    "left_edge",
    "right_edge",
    "one_better",
    "two_better",
)
DENSE = len(DENSE_NAMES)


def features(block: Block, found: Candidates) -> tuple[npt.NDArray[np.int32], Floats]:
    """Hashed features (candidates x kinds) and numbers (candidates x `DENSE`)."""
    codes, kinds = block.codes, block.kinds
    last = len(codes) - 1
    start = found.start
    end = start + found.family + found.given
    around = [np.where(start - k >= 0, codes[np.maximum(start - k, 0)], 0).astype(np.uint64) for k in (1, 2, 3)]
    behind = [codes[np.minimum(end + k, last)].astype(np.uint64) for k in (0, 1, 2)]
    # Digits and Latin letters are all alike; signs keep themselves.
    for values, places in ((around, [start - 1, start - 2, start - 3]), (behind, [end, end + 1, end + 2])):
        for k, place in enumerate(places):
            kind = kinds[np.clip(place, 0, last)]
            values[k] = np.where(kind & _DIGIT, np.uint64(1), np.where(kind & _LETTER, np.uint64(2), values[k]))
    columns = [
        _mixed(1, around[0]),
        _mixed(2, around[0], around[1]),
        _mixed(3, around[0], around[1], around[2]),
        _mixed(4, behind[0]),
        _mixed(5, behind[0], behind[1]),
        _mixed(6, behind[0], behind[1], behind[2]),
        _mixed(7, codes[start].astype(np.uint64)),
        _mixed(8, codes[start].astype(np.uint64), (found.given + 1).astype(np.uint64)),
    ]
    sparse = np.stack(columns, axis=1)
    edge_left = (kinds[np.maximum(start - 1, 0)] & HAN) == 0
    edge_right = (kinds[np.minimum(end, last)] & HAN) == 0
    given_two = found.given == 2
    # How the rival candidate at the same place does.
    key = start * 4 + found.family
    order = np.argsort(key, kind="stable")
    rival = np.full(len(start), np.float32(-20.0))
    same = np.flatnonzero(key[order][1:] == key[order][:-1])
    rival[order[same]], rival[order[same + 1]] = found.delta[order[same + 1]], found.delta[order[same]]
    gap = np.clip(found.delta - rival, -8, 8) / 8
    delta = np.clip(found.delta, -20, 12)
    dense = np.stack(
        [
            np.ones(len(start)),
            delta / 8,
            np.minimum(delta, 0) / 8,
            (found.name + 14) / 4,
            given_two,
            found.family == 2,
            edge_left,
            edge_right,
            np.where(given_two, 0, gap),
            np.where(given_two, gap, 0),
        ],
        axis=1,
    ).astype(np.float32)
    return sparse, dense


def _mixed(kind: int, *values: npt.NDArray[np.uint64]) -> npt.NDArray[np.int32]:
    out = np.full(len(values[0]), kind, dtype=np.uint64) * _B
    for value in values:
        out = (out ^ (value + np.uint64(0x1F))) * _B
        out ^= out >> np.uint64(31)
    return (out >> np.uint64(64 - BITS)).astype(np.int32)


class _Model(NamedTuple):
    sparse: Floats
    dense: Floats


@lru_cache(maxsize=1)
def _model() -> _Model:
    data = load("chinese_model")
    return _Model(data["sparse"].astype(np.float32) * data["scale"][0], data["dense"])


#: Log odds from which a candidate is a name.
ENOUGH = 0.2


_FREQUENT = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍"
    "張陳劉黃楊趙吳孫馬鄭謝許鄧馮蕭葉呂蘇盧蔣賈閻鍾陸韓羅賴龔欧阳司徒上官诸葛"
)
_HONOURED = re.compile(
    f"(?:欧阳|司徒|上官|诸葛|[{_FREQUENT}])(?:{'|'.join(sorted(HONORIFICS, key=len, reverse=True))})(?![级傅兄们妹])"
)
_FAMILIAR = re.compile(
    "(?<![\u4e00-\u9fff])(?:[小老][王李张刘陈杨赵周吴徐孙胡朱何郭罗梁宋郑谢韩唐冯董程曹袁邓许沈曾彭吕苏卢蒋蔡贾丁魏薛]|阿[强明华芳珍梅兰英霞敏军勇杰伟涛鹏刚辉])"
    r"(?=[，。！？：:,.!?\s]|说|来|去|在|也|和|跟|帮|给|师傅|你好|您好|到了|送|打电话|联系)"
)


def _addressed(block: Block) -> list[Found]:
    """ "王先生", "小李": a surname with a word of address."""
    known = lists()
    text, codes = block.text, block.codes
    out: list[Found] = []
    for found in _HONOURED.finditer(text):
        start = found.start()
        # "明白先生": the character belongs to a word with the one before it.
        if start and block.kinds[start - 1] & HAN:
            two = hash_spans(codes, np.array([start - 1]), np.array([start + 1]))
            if known.words.get(two)[0]:
                continue
        out.append(Found(start, found.end(), "PERSON", 0.75, RECOGNISER, "context"))
    for found in _FAMILIAR.finditer(text):
        out.append(Found(found.start(), found.end(), "PERSON", 0.6, RECOGNISER, "context"))
    return out


def find(block: Block) -> list[Found]:
    """Chinese names of a block."""
    return _modelled(block) + _addressed(block)


def _modelled(block: Block) -> list[Found]:
    """Names that the model finds, disjoint."""
    found = candidates(block)
    if not len(found.start):
        return []
    hopeful = np.flatnonzero(found.delta > -14)
    found = Candidates(
        found.start[hopeful], found.family[hopeful], found.given[hopeful], found.delta[hopeful], found.name[hopeful]
    )
    sparse, dense = features(block, found)
    model = _model()
    value = model.sparse[sparse].sum(axis=1) + dense @ model.dense
    maybe = np.flatnonzero(value > ENOUGH - _DOUBT)
    maybe = maybe[np.argsort(-value[maybe], kind="stable")]
    size = found.family + found.given
    taken: set[int] = set()
    sure: dict[int, int] = {}
    ends: set[int] = set()
    spare: list[tuple[int, int, float]] = []
    out: list[Found] = []

    def take(start: int, length: int, odds: float, reason: str) -> None:
        taken.update(range(start, start + length))
        sure[start] = length
        ends.add(start + length)
        score = min(0.95, max(0.5, 0.5 + 0.45 * math.tanh(odds / 6)))
        out.append(Found(start, start + length, "PERSON", score, RECOGNISER, reason))

    for start, length, odds in zip(
        found.start[maybe].tolist(), size[maybe].tolist(), value[maybe].tolist(), strict=True
    ):
        if not taken.isdisjoint(range(start, start + length)):
            continue
        if odds > ENOUGH:
            take(start, length, odds, "model")
        else:
            spare.append((start, length, odds))
    # In a list of names, or repeating a name of its row, less is enough.
    text = block.text
    rows: dict[int, set[str]] = {}
    if spare and sure:
        known = sorted(sure)
        for start, row in zip(known, block.rows_of(np.array(known, dtype=np.int64)).tolist(), strict=True):
            rows.setdefault(row, set()).add(text[start : start + sure[start]])
        at = block.rows_of(np.array([s for s, _, _ in spare], dtype=np.int64)).tolist()
        for _ in range(2):
            for (start, length, odds), row in zip(spare, at, strict=True):
                if row not in rows or not taken.isdisjoint(range(start, start + length)):
                    continue
                stop = start + length
                listed = (text[start - 1] in _LISTS and start - 1 in ends) or (
                    text[stop] in _LISTS and stop + 1 in sure
                )
                if listed or text[start:stop] in rows[row]:
                    take(start, length, odds, "context")
    return out


#: How far below `ENOUGH` a candidate may be that a list or a repetition speaks for.
_DOUBT = 2.5
_LISTS = frozenset("、和与及,，/ ")
