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

from governance.names.block import SEPARATOR, Block, Found
from governance.names.chinese_lists import Codes
from governance.names.lexicon import Ints, load, unpacked
from governance.names.simplify import simplified

RECOGNISER = "addresses_chinese"

_N = "0-9一二三四五六七八九十百零〇两"
_END = '，。；！？!?;\n\r\t\ue000\ue001\ue002\ue003“”"《》【】…~～'
#: What no name of a road, village or estate has in it: function words that stand before an address.
_STOP = "的了在到是于去从往至与或及住位址就送寄我你他她它们这那有很也还把被给让叫请您吧吗呢啊不没说吃买等但而且则"
_W = f"(?:[^\\W_{_STOP}]|于(?=[都洪田潜]))"
_STRONG = "地址|住址|位址|住所|收货地|寄送地|送货地|办公地点|详细地点|通讯处"
_MIDDLE = "地点|位于|坐落|家住|住在|寄到|寄往|寄至|送到|送至|派送至|搬到|送货到|发到|座落"
_CUE = re.compile(f"(?P<strong>{_STRONG})|(?:{_MIDDLE})")
#: Where something is left or fetched: a short place follows, with a mark of the spot in it.
_DROP = re.compile(
    "(?:放(?=小区|单位|公司|学校|门卫)|送到|送至|寄到|放到|放在|搁在|存到|存在|我在|我们在|人在|等在|停在)(?:了|我们?|你们?)?"
)
_SPOT = re.compile(
    "[^\\W的了过被把和与及呢吗吧啊您你我他她它这那有没不想吃买看]{0,12}?(?:广场|小区|大厦|大楼|公寓|花园|商场|超市|银行|医院|学校|大学|中学|小学|地铁站|车站|"
    "写字楼|百货|购物中心|酒店|宾馆|便利店|驿站|物业|门卫|公司|村委会|居委会|城|家乐福|沃尔玛|麦当劳|肯德基|星巴克)"
    "(?:的?[^\\W的了过被把和与及呢吗吧啊您你我他她它这那有没不想吃买看]{0,10}?(?:旁边?(?:的?[^\\W的了呢吗吧啊]{0,8}(?:银行|超市|店|药店|驿站))?|门口|[0-9A-Z一二三四五六]号门|[东南西北正后侧]门|斜?对面|隔壁|楼下|楼上|前台|大堂|传达室|驿站|"
    "快递柜|快递点|丰巢柜?|保安亭|岗亭|门卫室?|物业|收发室|停车场|[0-9]+楼))+"
)
_SPOT_NEAR = re.compile(
    "[^\\W的了在我你他]{0,8}?[东南西北正后侧大]门(?:的|斜?对面的?|旁边?的?)*"
    "(?:传达室|门卫|保安亭|岗亭|快递柜|驿站|门口|收发室|丰巢柜?|[^\\W的了]{0,5}店|[^\\W的了]{0,5}超市)"
)
_AFTER_CUE = re.compile(
    "(?:信息|详情)?(?:就|应该|应)?(?:是在|是|在于|在|为|于|有|:|：|改成|改为|填|写|写的是|写成)*[ :：]*"
)

_DIVISION = "(?:省|市|自治区|自治州|特别行政区|地区|盟|区|县|旗|镇|乡|苏木|街道|开发区|新区|村|社区|屯|庄|寨|坊|堡|里弄|大队|林场|农场)"
_ROAD = (
    "(?:[一二三四五六七八九十]段|大街|大道|街|路|巷|胡同|弄|公路|国道|省道|县道|高速|环路|斜街|支路|辅路|马路|道|里|条|坊|园|桥|堤|湾|塘|岭|圩|线)"
    "(?:[东南西北中一二三四五六七八九十]段|[东西南北]街|[东西南北]路|[东西南北]里|[东西南北]侧|[东西南北]口|[东南西北中](?=[0-9一二三四五六七八九十]))?"
)
_PLACE = (
    "(?:大厦|大楼|广场|花园|小区|公寓|家园|花苑|苑|新村|新城|城|中心|商场|百货|超市|饭店|酒店|宾馆|大酒店|写字楼|商务楼|"
    "科技园|工业园|产业园|工业区|园区|园|公园|景区|风景区|学校|大学|学院|中学|小学|医院|银行|市场|车站|地铁站|码头|机场|博物馆|"
    "体育馆|剧院|影院|仓库|厂|公司|宿舍|别墅|名苑|名邸|豪庭|华庭|雅苑|雅居|府|院|馆|楼|阁|轩|湾|郡|居|舍|驿站|菜鸟驿站|门卫|传达室|名都|公馆|国际|时代|天地|半岛|世家|华府|山庄|墅|岸|筑|餐厅|市集|门诊楼|校区|城邦|港|台|都|站)"
)
_UNIT = f"(?:\\d{{1,4}}(?:-\\d{{1,4}}){{1,3}}(?!\\d)(?:号|室)?|[A-Z]\\d?(?:座|栋|塔|区|幢)|附?[甲乙丙丁戊临新]?[{_N}A-Za-z]+(?:[-—–~～#、/至之][{_N}A-Za-z]+)*(?:号楼|号院|号门|号铺|号|寝室|宿舍|舍|#楼?|栋|幢|座|单元|层|楼|室|房|户|弄|排|组|队|门|区|期|巷|铺|档|座)|[底首顶]层|底商|地下室|地下[{_N}]*层|负[{_N}]+[层楼])"

_CORE = re.compile(
    f"(?:{_W}{{1,9}}?{_DIVISION})*"
    f"(?:{_W}{{1,10}}?(?:{_ROAD}|{_PLACE}|{_DIVISION}))"
    f"(?:[(（]?(?:{_W}{{0,8}}?(?:{_ROAD}|{_PLACE}|{_DIVISION}))?[)）]?)*?"
    f"(?:[ -]?{_UNIT})+"
)
#: A building and a part of it in a row are an address whatever stands before them.
_PAIR = re.compile(
    f"(?:{_W}{{1,9}}?{_DIVISION})*{_W}{{0,10}}?[{_N}A-Z]+(?:号楼|号院|栋|幢|座|#楼?|号)[ -]?"
    f"(?:[{_N}A-Z]+(?:单元|室|层|门|梯)|[{_N}A-Z]+(?:栋|幢|座)[{_N}A-Z]|\\d{{3,4}}(?!\\d))"
)
_MORE = re.compile(
    f"(?:[ ,，、-]?(?:{_UNIT}|{_W}{{1,12}}?{_PLACE}(?:{_UNIT}|\\d{{1,5}}(?:-\\d+)*(?![\\d元块人年月个分米折]))|之[{_N}]+|{_W}{{1,8}}?(?:大厦|大楼|广场|小区|公寓|花园|家园|苑|中心|商场|酒店|饭店|宾馆|写字楼|驿站|超市|餐厅)(?:楼[上下])?))*"
    f"(?:[ -]?[A-Za-z]{{0,2}}\\d{{1,5}}(?:F|(?:-\\d{{1,5}})*)(?:室|铺|号)?(?![\\d元块人年月个分米折]))?(?:之[{_N}]+)?"
)
_TAIL = re.compile(
    "(?:[（(][^（）()]{1,25}[）)])?(?:以?[东南西北]{1,2}(?:侧|面|边|口|门|行)?约?(?:\\d+ ?[m米]|\\d+公里)?(?:处|路[东南西北])?)?(?:(?:正|斜)?对[面过]|旁边?|附近|门口|前台|大堂|大厅|传达室|收发室|门卫|快递柜|架空层|室内|铺|东户|西户|中户|左手|右手|路口|交叉口|交汇处|交界处|拐角处?|[东南西北]侧|内|底商|首层)*(?:[（(][^（）()]{1,25}[）)])?"
)
_MARK = re.compile(
    "[省市区县旗镇乡村路街道巷弄号楼栋幢室层座里园院苑厦庄屯寨桥门口侧站城场湖山湾馆店寺庙宫坛塔府墙堡岭坡沟河江湾岛港码院校桥]|胡同|高速|国道|对面|附近|旁|米|交叉|交汇|中心|公里"
)
_FIRM = re.compile("[省市区县旗镇乡村路街道巷弄胡]|胡同|\\d号|号楼|高速|国道|\\d室|单元|小区|大厦")
_REST = re.compile(
    "(?:附近|周边|周围|电话|联系|评分|人均|营业|门票|价格|推荐|距离|希望|我们|您|可以|需要|谢谢|哦|呢|吗|啊|这|那|而且|然后|还有|它|他|她|想|有没有|是否|游玩|欢迎|交通|步行|评价|不|如果)"
)
_CHAIN = re.compile(
    f"(?:{_W}{{1,7}}?(?:省|自治区|市|自治州|区|县|旗|镇|乡|街道)){{1,4}}{_W}{{1,7}}?(?:村|社区|路|街|大街|大道|巷|胡同|屯|庄|镇|乡|街道|弄|组)(?:{_W}{{0,6}}?(?:[{_N}]+(?:组|队|社|屯|号)|村民小?组|小组|路|街|巷|[庄屯寨湾坪坝冲沟塘岭]))?"
)


#: Regions and cities that the list of divisions lacks or has in another form.
_BEYOND = (
    "新疆 内蒙古 广西 西藏 宁夏 香港 香港岛 九龙 新界 澳门 台湾 台湾省 台北 台北市 新北 新北市 桃园市 台中 台中市 台南 台南市 高雄 高雄市 基隆市 新竹市 "
    "新竹县 嘉义市 嘉义县 苗栗县 彰化县 南投县 云林县 屏东县 宜兰县 花莲县 台东县 澎湖县 金门县"
).split()


@lru_cache(maxsize=1)
def _divisions() -> tuple[frozenset[str], frozenset[str]]:
    """Names of divisions, whole, and their first two characters."""
    names = set(unpacked(load("chinese")["divisions"]))
    short = {re.sub("(?:省|市|自治区|自治州|地区|区|县)$", "", name) for name in names}
    names |= {name for name in short if len(name) >= 2} | set(_BEYOND)
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
        (_CUE_FIRST, "地住位收寄送办详通坐座家派搬发"),
        (_CUE_SECOND, "址点所在于货送到往至公细讯落住"),
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
        (_BREAK, _END + ",、()（）:：[]" + SEPARATOR),
    ):
        for character in characters:
            table[ord(character)] |= bit
    # What no part of an address holds: no match reaches over it. What lies beyond the plane stands at its end.
    outside = set(_STOP) - set("于至")
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
        cue = _CUE.match(text, at) if at >= done else None
        if cue is None:
            continue
        found = _announced(text, cue.end(), cue.lastgroup == "strong")
        if found:
            out.append(found)
            done = found.end
    for at in _pairs(kinds, _DROP_FIRST, _DROP_SECOND).tolist():
        drop = _DROP.match(text, at)
        spot = drop and (_SPOT.match(text, drop.end()) or _SPOT_NEAR.match(text, drop.end()))
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
    letters = numbered[towers & (codes.take(numbered - 1) < 0x5B)]
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


_SIGNS = re.compile(f"[{re.escape(_END)},、，（）()]")
_QUIET = re.compile(f"[^{re.escape(_END)},、，（）()]*")
_ENDS = frozenset(_END)


def _goes_on(text: str, at: int) -> bool:
    """Whether what follows a comma still belongs to the address."""
    rest = text[at : at + 14].lstrip()
    if not rest or _REST.match(rest):
        return False
    close = _HEAD_ENDS.search(rest)
    head = rest[: close.start()] if close else rest
    return bool(_FIRM.search(head) or _BESIDE.search(head)) and not _SIGHT.search(head)


_HEAD_ENDS = re.compile(f"[{_END},、，（(]")
_BESIDE = re.compile("对面|[东西南北]侧|旁|内$")
_SIGHT = re.compile("餐馆|酒店有|景点")


def _announced(text: str, at: int, strong: bool) -> Found | None:
    """The address that a cue announces."""
    lead = _AFTER_CUE.match(text, at)
    start = lead.end() if lead else at
    end = _clause(text, start)
    if end - start < 3:  # what was found here before is gone, most often
        return None
    said = text[start:end]
    if "  " in said:
        said = said[: said.index("  ")]
    stop = _REST.search(said, 4)
    if stop and not _MARK.search(said[stop.start() :]):
        said = said[: stop.start()]
    said = said.rstrip(" ,、的哦呢啊哈呀吧了")
    if len(said) < 3 or not _MARK.search(said) or said[0] in "的了和吗呢？":
        return None
    if not strong:
        known = _known(said[:8])
        if not known and not _SOMEWHERE.search(said):
            return None
    elif (not _FIRM.search(said) and not _known(said[:8]) and (len(said) > 24 or "的" in said)) or (
        said[0] in "多几哪什怎没不可能告您我你他请" and not _STREET.search(said)
    ):
        return None
    return Found(start, start + len(said), "ADDRESS", 0.85 if strong else 0.75, RECOGNISER, "context")


_SOMEWHERE = re.compile(f"[{_N}]号|路\\d|[路街巷弄镇乡村县](?:$|[{_N}东東西南北口])|胡同|大街|大道|[县镇乡]{_W}")
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
    core = _around(_CORE, window, place - low) or _around(_PAIR, window, place - low)
    if core is None:
        return None
    start = low + core.start() + _lead(core[0])
    body = text[start : low + core.end()]
    if not _solid(body):
        return None
    end = low + core.end()
    more = _MORE.match(text, end)
    end = _extended(text, more.end() if more else end)
    tail = _TAIL.match(text, end)
    end = tail.end() if tail else end
    return Found(start, end, "ADDRESS", 0.8, RECOGNISER, "grammar")


_CLOSES = re.compile(f"[，。；！？!?;\n\r\t{SEPARATOR}]")


def _upto(text: str, low: int, place: int, high: int) -> str:
    """The text from ``low`` on, as far as the clause of `place` goes."""
    close = _CLOSES.search(text, place, high)
    return text[low : close.start() if close else high]


def _around(pattern: re.Pattern[str], window: str, place: int) -> re.Match[str] | None:
    """The match whose stretch holds `place`."""
    found = pattern.search(window)
    while found and found.end() <= place:
        found = pattern.search(window, found.start() + 1)
    return found if found and found.start() <= place else None


_FURTHER = re.compile(
    f"(?:[^{re.escape(_END)},，、（）()：: {_STOP}]|[与和](?=[^{re.escape(_END)},，、 ]{{1,8}}(?:路|街|道)))(?:[ ](?=[A-Za-z0-9]))?"
)
_LAST = re.compile(
    f"{_UNIT}|{_PLACE}|{_ROAD}|(?<![\\dA-Za-z-])[A-Za-z]{{0,2}}[0-9]{{1,5}}[A-Za-z]?[0-9]{{0,3}}(?:-[0-9]{{1,5}}){{0,3}}(?![\\d元块年月个分米折点.:])|[口旁侧角内]|门口|对面|"
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
    rest = _REST.search(said)
    said = said[: rest.start()] if rest else said
    end = 0
    for mark in _LAST.finditer(said):
        # Marks near one another: a far one belongs to another clause.
        if mark.start() - end > 14:
            break
        end = mark.end()
    return at + end


_SOLID = re.compile(
    f"(?:路|街|巷|弄|道|胡同|里|条|村|庄|屯|镇|小区|花园|公寓|苑|大厦|广场|新村|家园|城|社区|园|府|中心|院|庭|居|郡|期|湾|都|国际).{{0,12}}?[甲乙丙丁临附]?[{_N}A-Za-z]+(?:-[{_N}]+)?(?:号|栋|幢|座|单元|室|组|弄|号楼|塔|队|户|#|-\\d)|[{_N}]+(?:号|#)楼?[{_N}]*(?:单元|室|层)|[{_N}]+(?:栋|幢|座|单元)[{_N}A-Z]"
)
_NOT = re.compile(
    f"地铁{_W}{{0,3}}号线|[{_N}]号线|[{_N}]号(?:店|色|码|球|机|电池|员工|选手|嘉宾)|(?:19|20)\\d\\d年|[{_N}]月[{_N}]+号|第[{_N}]+[层组]"
)


def _solid(body: str) -> bool:
    return bool(_SOLID.search(body)) and not _NOT.search(body)


_LEAD = re.compile(f"^.*[{_STOP}:：]")


def _lead(body: str) -> int:
    """How many characters before the first division or road name are not part of it."""
    lead = _LEAD.match(body[:-3]) if len(body) > 3 else None
    skip = lead.end() if lead else 0
    heads = _divisions()[1]
    # Where a known division stands near, the address starts with it.
    for i in range(skip, min(len(body) - 2, skip + 8)):
        if body[i : i + 2] in heads and _known(body[i : i + 8]):
            return i
    return skip


_LEVELS = re.compile("[省市区县旗镇乡村路街庄]")


def _chained(text: str, place: int, cut: int, wall: int) -> Found | None:
    """Divisions in a row down to a village, township or road around `place`; ``cut`` and ``wall`` as in `_built`."""
    low = max(cut, wall, place - 28)
    chain = _around(_CHAIN, _upto(text, low, place, place + 20), place - low)
    if chain is None:
        return None
    start = low + chain.start() + _lead(chain[0])
    body = text[start : low + chain.end()]
    if len(body) < 6 or not _known(body[:8]) or len(_LEVELS.findall(body)) < 2:
        return None
    end = low + chain.end()
    more = _MORE.match(text, end)
    end = _extended(text, more.end() if more else end)
    tail = _TAIL.match(text, end)
    end = tail.end() if tail else end
    if text[place] in "路街道" and not (text[end - 1].isdigit() or text[end - 1] in "口旁侧角处号内面楼室层组"):
        return None  # the road alone is where many are
    return Found(start, end, "ADDRESS", 0.65, RECOGNISER, "grammar")
