"""Chinese addresses, from province to door: by the words that announce one, and by their build.

An address is a chain of divisions, roads, numbers, buildings and doors, each with its suffix. Anything after "address
is" is one as far as the clause goes, if a suffix is in it; elsewhere a chain must hold a number behind a road, or
several divisions down to a village or road. Only the places where a number meets its suffix, or a village its
township, are looked at, found by array operations over the whole block.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from governance.names.address_zh_grammar import (
    AFTER_CUE,
    CHAIN,
    CORE,
    CUE,
    DIVISION,
    DROP,
    END,
    FIRM,
    MARK,
    MORE,
    PAIR,
    PLACE,
    REST,
    ROAD,
    SPOT,
    SPOT_NEAR,
    STOP,
    TAIL,
    UNIT,
    N,
    W,
)
from governance.names.block import SEPARATOR, Block, Found
from governance.names.chinese_lists import Codes
from governance.names.lexicon import Ints, load, unpacked
from governance.names.simplify import simplified

RECOGNISER = "addresses_chinese"

#: Regions and cities that the list of divisions lacks or has in another form.
_BEYOND = (
    "新疆 内蒙古 广西 西藏 宁夏 香港 香港岛 九龙 新界 澳门 台湾 台湾省 台北 台北市 新北 新北市 桃园市 台中 台中市 台南 台南市 高雄 高雄市 基隆市 新竹市 "
    "新竹县 嘉义市 嘉义县 苗栗县 彰化县 南投县 云林县 屏东县 宜兰县 花莲县 台东县 澎湖县 金门县 "
    "荃湾 沙田 屯门 元朗 天水围 大埔 粉岭 上水 西贡 将军澳 葵涌 葵芳 青衣 观塘 黄大仙 深水埗 旺角 油麻地 尖沙咀 湾仔 铜锣湾 上环 西营盘 鲗鱼涌 筲箕湾 "
    "红磡 土瓜湾 新蒲岗 牛头角 荔枝角 长沙湾 氹仔 路环"
).split()


@lru_cache(maxsize=1)
def _divisions() -> tuple[frozenset[str], frozenset[str]]:
    """Names of divisions, whole, and their first two characters."""
    names = set(unpacked(load("chinese")["divisions"]))
    short = {re.sub("(?:省|市|自治区|自治州|地区|区|县)$", "", name) for name in names}
    # "交口" is where roads meet far more often than a county.
    names |= {name for name in short if len(name) >= 2 and name != "交口"} | set(_BEYOND)
    return frozenset(names), frozenset(name[:2] for name in names)


_CUE_FIRST, _CUE_SECOND, _DROP_FIRST, _DROP_SECOND, _NUMBERED, _VILLAGE, _NUMERAL, _DIGIT, _UPPER, _ENDING, _BREAK = (
    np.uint16(1 << i) for i in range(11)
)
_LETTERED, _WALL = np.uint16(1 << 11), np.uint16(1 << 12)
Kinds = npt.NDArray[np.uint16]


@lru_cache(maxsize=1)
def _classes() -> Kinds:
    table = np.zeros(0x10000, dtype=np.uint16)
    for bit, characters in (
        (_CUE_FIRST, "地住位收寄送办详通坐座家派搬发籍"),
        (_CUE_SECOND, "址点所在于货送到往至公细讯落住地"),
        (_DROP_FIRST, "送寄放搁存我人等停"),
        (_DROP_SECOND, "到至在们小单公学门"),
        (_NUMBERED, "号室栋幢弄座层楼组塔队户铺"),
        (_VILLAGE, "村镇乡庄组队路街道"),
        (_NUMERAL, "0123456789一二三四五六七八九十#"),
        (_DIGIT, "0123456789"),
        (_UPPER, "县区市镇乡"),
        # Ends of divisions, roads, estates and buildings: a number alone is no address.
        (_ENDING, "路街道巷弄村镇区市县苑园城厦寓场庄里院府邸庭轩郡心楼湾居阁舍段屯寨旗组营桥港社"),
        (_LETTERED, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"),
        (_BREAK, END + ",、()（）:：[]" + SEPARATOR),
    ):
        for character in characters:
            table[ord(character)] |= bit
    # What no part of an address holds: no match reaches over it. What lies beyond the plane stands at its end.
    outside = set(STOP) - set("于至")
    walls = [c for c in range(0xFFFF) if chr(c) in outside or not (chr(c).isalnum() or chr(c) in "_ -—–#/")]
    table[walls] |= _WALL
    return table


def _places(kinds: Kinds, bit: np.uint16) -> Ints:
    """Where characters of a class stand."""
    return np.flatnonzero((kinds & bit).astype(bool))


def _pairs(kinds: Kinds, first: np.uint16, second: np.uint16) -> Ints:
    """Where a character of one class stands before one of another."""
    at = _places(kinds[:-1], first)
    return at[(kinds.take(at + 1) & second) > 0]


def _last(kinds: Kinds, places: Ints, bit: np.uint16, reach: int) -> Ints:
    """How far before each place the nearest character of a class stands; ``reach`` plus one if farther or nowhere."""
    back = np.minimum(np.arange(1, reach + 1)[:, None], places)
    near = (kinds.take(places - back) & bit).astype(bool)
    return np.where(near.any(axis=0), near.argmax(axis=0), reach) + 1


def find(block: Block) -> list[Found]:
    """Addresses of a block; they may overlap."""
    block = simplified(block)
    kinds = _classes().take(block.codes)
    text = block.text
    out = _cued(text, kinds)
    numbers, lettered = _numbers(block.codes, kinds)
    for place in lettered.tolist():
        for mixed in _MIXED.finditer(text, max(0, place - 46), place + 8):
            if mixed.end() > place:
                out.append(Found(mixed.start(), mixed.end(), "ADDRESS", 0.7, RECOGNISER, "grammar"))
    # A township, village or road counts where a district or county stands before it.
    villages = _places(kinds, _VILLAGE)
    villages = villages[_last(kinds, villages, _UPPER, 8) <= 8]
    for places, look in ((numbers, _built), (villages, _chained)):
        cuts = np.maximum(places - _last(kinds, places, _BREAK, _FAR) + 1, 0)
        walls = np.maximum(places - _last(kinds, places, _WALL, _FAR) + 1, 0)
        reach = -1
        for place, cut, wall in zip(places.tolist(), cuts.tolist(), walls.tolist(), strict=True):
            if place < reach:
                continue
            found = look(text, place, cut, wall)
            if found:
                out.append(found)
                reach = found.end
    return out


#: So far before a number its address begins at the most.
_FAR = 45


def _cued(text: str, kinds: Kinds) -> list[Found]:
    """Addresses that a word announces, and places where something is left or fetched."""
    out: list[Found] = []
    done = 0
    for at in _pairs(kinds, _CUE_FIRST, _CUE_SECOND).tolist():
        cue = CUE.match(text, at) if at >= done else None
        if cue is None:
            continue
        found = _announced(text, cue.end(), cue.lastgroup == "strong")
        if found:
            out.append(found)
            done = found.end
    for at in _pairs(kinds, _DROP_FIRST, _DROP_SECOND).tolist():
        drop = DROP.match(text, at)
        spot = drop and (SPOT.match(text, drop.end()) or SPOT_NEAR.match(text, drop.end()))
        if drop and spot:
            out.append(Found(drop.end(), spot.end(), "ADDRESS", 0.6, RECOGNISER, "context"))
    return out


def _numbers(codes: Codes, kinds: Kinds) -> tuple[Ints, Ints]:
    """Where a number of an address meets its suffix, and suffixes behind capital letters or digits."""
    numbered = _places(kinds, _NUMBERED)
    before = kinds.take(numbered - 1)
    suffix = numbered[(before & _NUMERAL) > 0]
    hyphens = np.flatnonzero(codes[:-1] == ord("-"))
    hyphens = hyphens[(kinds.take(hyphens - 1) & kinds.take(hyphens + 1) & _DIGIT) > 0]
    signs = codes.take(numbered)
    towers = (signs == ord("座")) | (signs == ord("塔"))
    letters = numbered[towers & (codes.take(numbered - 1) < 0x7B)]
    lettered = numbered[(towers | (signs == ord("栋"))) & ((before & _LETTERED) > 0)]
    numbers = np.unique(np.concatenate([suffix, hyphens, letters]))
    # An end of a division or road stands before the number, besides a suffix of its own.
    numbers = numbers[_last(kinds, np.maximum(numbers - 1, 0), _ENDING, 13) <= 13]
    units = np.flatnonzero(codes[:-1] == ord("单"))
    units = units[(codes.take(units + 1) == ord("元")) & ((kinds.take(units - 1) & _NUMERAL) > 0)]
    return np.unique(np.concatenate([numbers, units])), lettered


#: A building in Latin letters with a Chinese suffix: "Building A座 1201".
_MIXED = re.compile(
    "[A-Z][A-Za-z]{1,20}(?: [A-Za-z]{1,20})? ?[A-Z0-9]{1,3}(?:座|栋|塔)[ -]?(?:[0-9]{1,5}(?:室|层|楼|F)?)?"
)


def _clause(text: str, start: int, limit: int = 90) -> int:
    """Where the clause that begins at `start` ends; brackets within it count as part of it."""
    stop = min(len(text), start + limit)
    first = _QUIET.match(text, start, stop).end()  # type: ignore[union-attr]
    if first == stop or (text[first] in _ENDS):
        return first
    depth = 0
    for sign in _SIGNS.finditer(text, start, stop):
        i = sign.start()
        c = text[i]
        if c in _ENDS and not (depth and c == "，"):
            return i
        if c in "（(":
            depth += 1
        elif c in "）)":
            if depth == 0:
                return i
            depth -= 1
        elif not depth and c in ",、，" and not _goes_on(text, i + 1):
            return i
    return stop


_SIGNS = re.compile(f"[{re.escape(END)},、，（）()]")
_QUIET = re.compile(f"[^{re.escape(END)},、，（）()]*")
_ENDS = frozenset(END)


def _goes_on(text: str, at: int) -> bool:
    """Whether what follows a comma still belongs to the address."""
    rest = text[at : at + 14].lstrip()
    if not rest or REST.match(rest):
        return False
    close = _HEAD_ENDS.search(rest)
    head = rest[: close.start()] if close else rest
    return bool(FIRM.search(head) or _BESIDE.search(head)) and not _SIGHT.search(head)


_HEAD_ENDS = re.compile(f"[{END},、，（(]")
_BESIDE = re.compile("对面|[东西南北]侧|旁|内$")
_SIGHT = re.compile("餐馆|酒店有|景点")


def _announced(text: str, at: int, strong: bool) -> Found | None:
    """The address that a cue announces."""
    lead = AFTER_CUE.match(text, at)
    start = lead.end() if lead else at
    end = _clause(text, start)
    if end - start < 3:  # what was found here before is gone, most often
        return None
    said = text[start:end]
    if "  " in said:
        said = said[: said.index("  ")]
    stop = REST.search(said, 4)
    if stop and not MARK.search(said[stop.start() :]):
        said = said[: stop.start()]
    said = said.rstrip(" ,、的哦呢啊哈呀吧了")
    if len(said) < 3 or not MARK.search(said) or said[0] in "的了和吗呢？":
        return None
    if not strong:
        known = _known(said[:8])
        if not known and not _SOMEWHERE.search(said):
            return None
    elif (not FIRM.search(said) and not _known(said[:8]) and (len(said) > 24 or "的" in said)) or (
        said[0] in "多几哪什怎没不可能告您我你他请" and not _STREET.search(said)
    ):
        return None
    return Found(start, start + len(said), "ADDRESS", 0.85 if strong else 0.75, RECOGNISER, "context")


_SOMEWHERE = re.compile(f"[{N}]号|路\\d|[路街巷弄镇乡村县](?:$|[{N}东東西南北口])|胡同|大街|大道|[县镇乡]{W}")
_STREET = re.compile("\\d号|路|街")


def _known(head: str) -> int:
    """How many characters of a known division `head` begins with."""
    whole, _ = _divisions()
    for size in range(min(8, len(head)), 1, -1):
        if head[:size] in whole:
            return size
    return 0


def _built(text: str, place: int, cut: int, wall: int) -> Found | None:
    """The address around a number with its suffix at `place`, in the clause that begins at ``cut``.

    ``wall``: where what may be in an address begins.
    """
    if not _solid(text[max(cut, place - 30) : place + 12]):
        return None
    low = max(cut, wall, place - _FAR)
    window = _upto(text, low, place, place + 60)
    core = _around(CORE, window, place - low) or _around(PAIR, window, place - low)
    if core is None:
        return None
    start = low + core.start() + _lead(core[0])
    body = text[start : low + core.end()]
    # A building and its door without a word between them: "四区410楼1503".
    if not _solid(body) and not (body.endswith("楼") and _solid(text[start : low + core.end() + 5])):
        return None
    start, end = _with_code(text, _crossroad(text, cut, start, body), _to_the_end(text, low + core.end()))
    return Found(start, end, "ADDRESS", 0.8, RECOGNISER, "grammar")


#: The first of two roads that cross: "友谊路与" before "平江道交口".
_CROSSING = re.compile(f"(?:{W}{{1,9}}?{DIVISION})*{W}{{1,8}}?(?:路|街|道|巷)[与和、]\\Z")


def _crossroad(text: str, low: int, start: int, body: str) -> int:
    """Where the address begins whose ``body`` begins at ``start``: at the road that its own one crosses."""
    if text[start - 1 : start] not in ("与", "和", "、") or "交" not in body[:16]:
        return start
    other = _CROSSING.search(text, max(low, start - 30), start)
    return other.start() + _lead(other[0]) if other else start


def _to_the_end(text: str, end: int) -> int:
    """Where an address ends whose number ends at ``end``: behind the buildings, doors and places beside them."""
    more = MORE.match(text, end)
    end = _extended(text, more.end() if more else end)
    tail = TAIL.match(text, end)
    return tail.end() if tail else end


#: Postal codes: three, five or six digits before a Taiwanese address, six behind one of the mainland.
_CODE_BEFORE = re.compile("(?<![0-9A-Za-z.-])[1-9][0-9]{2,5} ?\\Z")
_CODE_BEHIND = re.compile("[ ,，]{0,2}(?:邮编|邮政编码)?[ :：]{0,2}[0-8][0-9]{5}(?![0-9元块年月日.:-])")


def _with_code(text: str, start: int, end: int) -> tuple[int, int]:
    """An address with the postal code before it or behind it."""
    code = _CODE_BEFORE.search(text, max(0, start - 8), start)
    if code and (code[0][-1] == " " or _known(text[start : start + 8])):
        start = code.start()
    code = _CODE_BEHIND.match(text, end)
    return start, code.end() if code else end


_CLOSES = re.compile(f"[，。；！？!?;\n\r\t{SEPARATOR}]")


def _upto(text: str, low: int, place: int, high: int) -> str:
    """The text from ``low`` on, as far as the clause of `place` goes."""
    close = _CLOSES.search(text, place, high)
    return text[low : close.start() if close else high]


def _around(both: tuple[re.Pattern[str], re.Pattern[str]], window: str, place: int) -> re.Match[str] | None:
    """The match whose stretch holds `place`."""
    pattern = both["于" in window]
    found = pattern.search(window)
    while found and found.end() <= place:
        found = pattern.search(window, found.start() + 1)
    return found if found and found.start() <= place else None


_FURTHER = re.compile(
    f"(?:[^{re.escape(END)},，、（）()：: {STOP}]|[与和](?=[^{re.escape(END)},，、 ]{{1,8}}(?:路|街|道)))(?:[ ](?=[A-Za-z0-9]))?"
)
_LAST = re.compile(
    f"{UNIT}|{PLACE}|{ROAD}|(?<![\\dA-Za-z-])[A-Za-z]{{0,2}}[0-9]{{1,5}}[A-Za-z]?[0-9]{{0,3}}(?:-[0-9]{{1,5}}){{0,3}}(?![\\d元块年月个分米折点.:])|[口旁侧角内]|门口|对面|"
    "[东西南北]户?$|大堂|前台|店面?|房|舍|栋|柜|岗"
)


def _extended(text: str, at: int) -> int:
    """The end of the last mark of an address in what follows without a break, or `at`."""
    stop = at
    while stop < len(text) and stop - at < 40:
        step = _FURTHER.match(text, stop)
        if not step:
            break
        stop = step.end()
    said = text[at:stop]
    rest = REST.search(said)
    said = said[: rest.start()] if rest else said
    end = 0
    for mark in _LAST.finditer(said):
        # Marks near one another: a far one belongs to another clause.
        if mark.start() - end > 14:
            break
        end = mark.end()
    return at + end


_SOLID = re.compile(
    f"(?:路|街|巷|弄|道|胡同|里|条|村|庄|屯|镇|小区|花园|公寓|苑|大厦|广场|新村|家园|城|社区|园|府|中心|院|庭|居|郡|期|湾|都|国际).{{0,12}}?[甲乙丙丁临附]?[{N}A-Za-z]+(?:-[{N}]+)?(?:号|栋|幢|座|单元|室|组|弄|号楼|塔|队|户|#|-\\d)|[{N}]+(?:号|#)楼?[{N}]*(?:单元|室|层)|[{N}]+(?:栋|幢|座|单元)[{N}A-Z]|[区里园苑][0-9]{{1,3}}楼[0-9]{{3,4}}(?![0-9元块人年月日个分米折])"
)
_NOT = re.compile(
    f"地铁{W}{{0,3}}号线|[{N}]号线|[{N}]号(?:店|色|码|球|机|电池|员工|选手|嘉宾)|(?:19|20)\\d\\d年|[{N}]月[{N}]+号|第[{N}]+[层组]"
)


def _solid(body: str) -> bool:
    return bool(_SOLID.search(body)) and not _NOT.search(body)


_ROADS = re.compile(ROAD)
_LEAD = re.compile(f"^.*[{STOP}:：]")


def _lead(body: str) -> int:
    """How many characters before the first division or road name are not part of it."""
    lead = _LEAD.match(body[:-3]) if len(body) > 3 else None
    skip = lead.end() if lead else 0
    heads = _divisions()[1]
    # Where a known division stands near, the address starts with it.
    for i in range(skip, min(len(body) - 2, skip + 8)):
        size = _known(body[i : i + 8]) if body[i : i + 2] in heads else 0
        # "荃湾青山公路" has a road called after one, "苗栗市中华街" an end of one.
        if size and (i == skip or not (body[i] in "市县区" or _ROADS.match(body, i + size))):
            return skip if i == skip + 1 else i  # "褒忠县": of a name that is not known rather than a word
    return skip


_LEVELS = re.compile("[省市区县旗镇乡村路街庄]")


def _chained(text: str, place: int, cut: int, wall: int) -> Found | None:
    """Divisions in a row down to a village, township or road around `place`; ``cut`` and ``wall`` as in `_built`."""
    low = max(cut, wall, place - 28)
    chain = _around(CHAIN, _upto(text, low, place, place + 20), place - low)
    if chain is None:
        return None
    start = low + chain.start() + _lead(chain[0])
    body = text[start : low + chain.end()]
    if len(body) < 6 or not _known(body[:8]) or len(_LEVELS.findall(body)) < 2:
        return None
    end = _to_the_end(text, low + chain.end())
    if text[place] in "路街道" and not (text[end - 1].isdigit() or text[end - 1] in "口旁侧角处号内面楼室层组"):
        return None  # the road alone is where many are
    start, end = _with_code(text, start, end)
    return Found(start, end, "ADDRESS", 0.65, RECOGNISER, "grammar")
