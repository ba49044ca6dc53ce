"""Foreign names in Chinese characters: "安德烈·舍甫琴科", "克林顿", and Japanese names.

Names are written by sound with some hundred characters that seldom stand together otherwise. A dot between two such
stretches is a name almost always; a stretch by itself is one if its characters speak loudly enough, the dictionary
knows no place of that name, and nothing behind it makes a place or a firm of it.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from governance.names.block import HAN, Block, Found
from governance.names.chinese import lists
from governance.names.cues_zh import FOREIGN_PLACES, HONORIFICS, PLACES, ROLES, SAYING
from governance.names.lexicon import Ints, Table, hash_spans, load, table_of, unpacked

RECOGNISER = "names_foreign_zh"
_DOTS = "·•‧・．"
_BEHIND = (
    *sorted({*FOREIGN_PLACES, *PLACES} - {"人", "家", "面", "店", "海", "山"}, key=lambda word: (-len(word), word)),
    "人民",
    "人口",
    "政府",
    "方面",
    "当局",
    "军队",
    "首都",
    "边境",
)
_SPEAKS = tuple(
    {
        *SAYING,
        *HONORIFICS,
        "说",
        "表示",
        "认为",
        "执导",
        "饰演",
        "主演",
        "导演",
        "出演",
        "夫人",
        "总统",
        "首相",
        "总理",
        "先生",
        "本人",
        "（",
        "(",
        "的",
    }
)
_ROLES = (
    *ROLES,
    "总统",
    "首相",
    "国王",
    "女王",
    "教皇",
    "国务卿",
    "饰",
    "作家",
    "哲学家",
    "科学家",
    "影帝",
    "影后",
)


@lru_cache(maxsize=1)
def _japanese() -> Table:
    names = unpacked(load("others")["ja_family"])
    more = (
        "佐藤 铃木 高桥 田中 渡边 伊藤 山本 中村 小林 加藤 吉田 山田 佐佐木 山口 松本 井上 木村 清水 斋藤 山崎 森田 池田 桥本 阿部 "
        "石川 前田 藤田 小川 后藤 冈田 长谷川 村上 近藤 石井 坂本 远藤 青木 藤井 西村 福田 太田 三浦 藤原 冈本 松田 中岛 中川 原田 "
        "小野 竹内 金子 和田 中山 石田 上田 森下 宫崎 黑泽 三船 是枝 北野 安倍 小泉 福原 滨崎 宇多田 新垣 石原 柴崎 深田 岩井 久石 "
        "河濑 志村 樱井 松岛 大野 二宫 相叶 菅野 野田 鸠山 麻生 菅直 森喜 桥下 石破 岸田 河野 宫本 宫泽 绫濑 广末 仲间 天海 堺雅 "
        "妻夫木 小栗 玉木 福山 阪井 坂井 本田 香川 中田 羽生 浅田 福冈 織田 德川 丰臣 织田 武田 上杉 伊达 真田 明智 服部 工藤 毛利"
    ).split()
    return table_of([*names, *more], np.ones(len(names) + len(more), dtype=np.uint8))


def find(block: Block) -> list[Found]:
    """Foreign names of a block."""
    known = lists()
    codes = block.codes
    han = (block.kinds & HAN) != 0
    odds = np.where(han, known.translit[codes], np.float32(-9))
    return _dotted(block, odds, han) + _alone(block, odds) + _from_japan(block, han)


def _dotted(block: Block, odds: np.ndarray, han: np.ndarray) -> list[Found]:
    text, out, done = block.text, [], -1
    dots = np.flatnonzero(np.isin(block.codes, _DOT_CODES))
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


_DOT_CODES = np.array([ord(c) for c in _DOTS], dtype=np.uint32)


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


def _alone(block: Block, odds: np.ndarray) -> list[Found]:
    known = lists()
    good = odds > 0.35
    edges = np.flatnonzero(good[1:] != good[:-1]) + 1
    if good[0]:
        edges = np.concatenate([[0], edges])
    start, end = edges[0::2], edges[1::2]
    total = np.concatenate([[0.0], np.cumsum(np.maximum(odds, 0), dtype=np.float64)])
    weight = total[end] - total[start]
    size = end - start
    chosen = np.flatnonzero((size >= 2) & (size <= 7) & (weight > np.where(size == 2, 4.0, 3.6)))
    start, end, weight = start[chosen], end[chosen], weight[chosen]
    if not len(start):
        return []
    hashes = hash_spans(block.codes, start, end)
    place = known.places.get(hashes) > 0
    name = known.foreign.get(hashes) > 0
    word = known.words.get(hashes).astype(np.float32) / 16
    # Words that reach over an end of the run, or fill half of it, speak against it.
    across = np.zeros(len(start), dtype=np.float32)
    last = len(block.codes) - 1
    for low, high in ((-1, 1), (-1, 2), (-2, 1)):
        a = np.maximum(start + low, 0)
        across = np.maximum(across, known.words.get(hash_spans(block.codes, a, start + high)) / np.float32(16))
    for low, high in ((-1, 1), (-2, 1), (-1, 2), (-2, 2)):
        b = np.minimum(end + high, last)
        across = np.maximum(
            across, known.words.get(hash_spans(block.codes, np.maximum(end + low, 0), b)) / np.float32(16)
        )
    for high in (2, 3):
        inner = known.words.get(hash_spans(block.codes, start, np.minimum(start + high, end))) / np.float32(16)
        across = np.maximum(across, np.where(start + high <= end, inner - 1, 0))
        inner = known.words.get(hash_spans(block.codes, np.maximum(end - high, start), end)) / np.float32(16)
        across = np.maximum(across, np.where(end - high >= start, inner - 1, 0))
    out: list[Found] = []
    text = block.text
    columns = (start, end, weight, place, name, word, across)
    for a, b, w, p, n, f, x in zip(*(column.tolist() for column in columns), strict=True):
        behind, before = text[b : b + 4], text[max(0, a - 4) : a]
        value = w - 5.4 + (0.0 if b - a > 2 else -2.0) + (2.2 if n else 0.0) - 0.55 * x
        if p or (f and not n):
            continue
        if behind.startswith(_BEHIND):
            value -= 4
        elif behind.startswith(_SPEAKS):
            value += 1.0
        if before.endswith(_ROLES):
            value += 2.0
        elif (before and before[-1] in "在赴到于去往") or before.endswith("《"):
            value -= 2.5
        if any(_part_place(text[a:b], k) for k in (3, 4)):
            value -= 2.5
        if value > 0.7:
            out.append(Found(a, b, "PERSON", min(0.9, 0.55 + value / 20), RECOGNISER, "model"))
    return out


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    return frozenset(unpacked(load("chinese")["places"]))


def _part_place(text: str, size: int) -> bool:
    """Whether a known place stands at an end of `text`: the run has swallowed its neighbour."""
    return len(text) >= size and (text[:size] in _places() or text[-size:] in _places())


def _from_japan(block: Block, han: np.ndarray) -> list[Found]:
    """Japanese surnames with a given name of one to three characters behind them, as far as no word begins."""
    table = _japanese()
    codes = block.codes
    at: Ints = np.flatnonzero(han[:-4] & han[1:-3] & han[2:-2])
    hit = at[table.get(hash_spans(codes, at, at + 2)) > 0] if len(at) else at
    out: list[Found] = []
    text = block.text
    for a in hit.tolist():
        for tail in (
            "之介 太郎 次郎 三郎 一郎 美子 由美 纪子 惠子 雄二 耀司 步美 里奈 奈美 结衣 敏郎 裕和 直美 健一 健二 英树 喜朗 纯一郎 "
            "晋三 由纪夫 直人 太阳 明 骏 乔 让 武 光 爱 圭佑 真司 英寿 结弦 真央 贵子 凉子 正男 和夫 俊二 龙一 春树 圭吾 幸一 康成"
        ).split():
            if text.startswith(tail, a + 2):
                out.append(Found(a, a + 2 + len(tail), "PERSON", 0.75, RECOGNISER, "lexicon"))
                break
    return out
