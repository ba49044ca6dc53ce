"""Names in Han characters: in whole, by surname and address, by given name, by nickname, with letters starred out.

A form that is an everyday word as well ("和平", "小时", "于总" in "由于总是") counts beside a cue only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from governance.known_values.matching import Find, Matcher, Row
from governance.known_values.words import is_word

COMPOUND = frozenset(
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 司徒 夏侯 端木 轩辕 南宫 西门 独孤 申屠 闾丘 呼延 澹台 "
    "公冶 宗政 濮阳 淳于 单于 太叔 钟离 鲜于 司空 万俟 闻人 赫连 东郭 百里 纳兰 第五 拓跋 完颜 叶赫".split()
)
_GAP = 2
_THIN = r"[\s\u200b-\u200f\u2060\ufeff·]{0,2}"
_LONG = (
    "先生|女士|小姐|太太|夫人|老师|师傅|经理|主任|总监|总裁|董事长|老板|医生|大夫|护士|律师|教授|博士|同学|同志|警官|工程师|院长|校长"
    "|局长|处长|科长|部长|队长|店长|组长|站长|所长|书记|秘书|会计|法官|大哥|大姐|大爷|大妈|大叔|大娘|阿姨|叔叔|伯伯|爷爷|奶奶|妈妈"
    "|爸爸|师姐|师兄|师弟|师妹|某某|某某某|掌柜|姑娘|小哥|さん|さま|様|君|くん|ちゃん|氏"
)
_SHORT = "总|哥|姐|叔|伯|工|某|董|队|局|处|姨|婶|嫂|爷|妈|爸|导"
_POLITELY = re.compile(rf"{_THIN}(?:{_LONG})")
_BRIEFLY = re.compile(
    rf"{_THIN}(?:总(?![是共部数体分会价额结统理要算归得要和计之有要量监长裁站台])|工(?![作人厂程资地具业会艺期龄种伤序])"
    r"|处(?![理于在处罚方分境])|局(?![面部长势])|队(?![列伍员友])|导(?![致演航游向购])|某(?![个些种天人年月日次处地])|(?:哥|姐|叔|伯|董|姨|婶|嫂|爷)(?![们]))"
)
_ENDS = r"[^\u3400-\u9fff]|$"
_SPEAKS = "说|问|讲|在|来|去|您|你|好|吗|呢|啊|呀|吧|的|是|给|和|跟|电|已|要|不|没|回|签|取|收|到|就|会|有|打|送|也|还|帮|让|联|发|催|同|今|明|昨|我|他|她|请|把|被|叫|做|能|可|应|刚|先|再|又|都"
_CALLED = re.compile(rf"(?={_THIN}(?:{_LONG}|{_SHORT}|{_SPEAKS}|{_ENDS}))")
_NO_PLACE = re.compile(r"(?![\u3400-\u9fff]?(?:市|区|县|镇|路|街|村|山|河|湖|桥|站))")
_CUE = re.compile(
    r"(?:姓名|名字|名叫|叫|叫做|我是|你是|这是|他是|她是|找|联系|联系人|收件人|收货人|寄件人|发件人|客户|买家|卖家|本人|户主|乘客|司机|快递员|骑手|致电|@|转告|通知)"
    r"[\s:：,，为是]{0,2}$|(?:^|[\s，。！？!?,.;；:：（(「“\"])$"
)
_SURNAME_SAID = re.compile(r"姓$")
#: Made of 小, 老, 大, 阿 and a surname, or of a last character and 哥 and the like, and yet no one's name.
_NO_NAME = frozenset(
    "小时 小米 小于 小白 小黄 小高 小方 小麦 小康 小龙 小包 小鱼 小车 小强 小计 小成 小宁 小路 小项 小单 小毛 小花 小段 小区 小心 小说 小学 "
    "小票 小件 小店 小哥 小姐 小狗 小孩 小屋 小雨 小雪 小红 小明星 小伙 小声 小吃 小费 小事 小儿 小样 小雷 小胡 小金 小古 小国 小海 小江 "
    "大于 大方 大王 大白 大黄 大高 大麦 大包 大车 大成 大路 大项 大单 大毛 大花 大段 大区 大海 大江 大雨 大雪 大红 大连 大同 大家 大多 大金 "
    "大国 大龙 大部 大都 大应 大胡 大关 大石 大陆 大水 大汗 大安 大全 大幅 大巴 大客 大伙 大时 大年 老公 老白 老家 老师 老板 老年 老路 老车 老毛 "
    "老包 老成 老石 老大 老人 老鱼 老城 阿里 阿姨 阿门 阿拉 阿文 大明 小和 大和 小平 大平 小文 大文".split()
)
_NO_LAST = frozenset("大小表帅二三四五老堂学空的师姐哥同男女一几这那位个")
_AMBIGUOUS = frozenset(
    "于和时方高万有得应明成从向对常安全平文关项白黄单毛花段江海龙连都相车路谷水石金元祖计强康包席解能那曾冷舒"
)
_STARS = re.compile(r"[*•●×○某]")
_STARRED = re.compile(r"(?<![*•●×○])([\u3400-\u9fff]?)(?:[*•●×○]{1,2}|某{1,2})(?![*•●×○])([\u3400-\u9fff]{0,2})")


def han_name(name: str) -> Matcher:
    """A matcher for a name of two to four Han characters."""
    size = 2 if name[:2] in COMPOUND and len(name) > 2 else 1
    surname, given = name[:size], name[size:]
    common = len(name) == 2 and is_word(name)
    plain = len(given) == 2 and not is_word(given)
    last = given[-1]
    family = name[:2] if len(name) == 4 and size == 1 else ""

    def find(row: Row) -> Iterator[Find]:
        yield from _whole(row, name, common)
        folded = row.folded
        for place in _places(folded, surname):
            yield from _by_surname(folded, surname, place)
        if family:
            # Japanese: a family name of two characters, as "田中" of "田中太郎".
            for place in _places(folded, family):
                polite = _POLITELY.match(folded, place + 2)
                if polite is not None:
                    yield place, polite.end(), True
        if len(given) == 2:
            for place in row.places(given):
                span = row.span(place, place + 2, _GAP)
                if span and (plain or _cued(folded, *span)):
                    yield span[0], span[1], True
        for place in _places(folded, last):
            yield from _by_last(folded, last, place)
        for match in _STARRED.finditer(folded) if _STARS.search(folded) else ():
            end = _starred(match, surname, name)
            if end:
                yield match.start(), end, True

    return Matcher((surname, last), find)


def _starred(match: re.Match[str], surname: str, name: str) -> int:
    """Where a name ends of which stars hide a part (王*明, *小明, 王**), 0 where it is not this one."""
    head = match[1]
    if head not in ("", surname):
        return 0
    for tail in (match[2], match[2][:1]):
        if tail and name.endswith(tail):
            return match.start(2) + len(tail)
    return match.start(2) if head and match.start(2) - match.end(1) == 2 else 0


def _whole(row: Row, name: str, common: bool) -> Iterator[Find]:
    for place in row.places(name):
        span = row.span(place, place + len(name), _GAP)
        if span and (not common or _cued(row.folded, *span)):
            yield span[0], span[1], False


def _by_surname(folded: str, surname: str, place: int) -> Iterator[Find]:
    """王先生, 王总, 小王, 姓王."""
    end = place + len(surname)
    polite = _POLITELY.match(folded, end)
    if polite is not None:
        yield place, polite.end(), True
    elif (brief := _BRIEFLY.match(folded, end)) is not None and (
        surname not in _AMBIGUOUS or _CUE.search(folded[max(0, place - 8) : place])
    ):
        yield place, brief.end(), True
    before = folded[place - 1 : place]
    if before and before in "小老阿大" and before + surname not in _NO_NAME and _NO_PLACE.match(folded, end):
        # "小王" may be called something too: "小王师傅".
        yield place - 1, polite.end() if polite is not None else end, True
    if before == "姓" and folded[end : end + 1] not in ("名", "氏"):
        yield place, end, True


def _by_last(folded: str, last: str, place: int) -> Iterator[Find]:
    """小明, 阿明, 明哥."""
    end = place + 1
    before = folded[place - 1 : place]
    if before and before in "小阿" and before + last not in _NO_NAME and _CALLED.match(folded, end):
        yield place - 1, end, True
    called = folded[end : end + 1]
    # Not the end of a word: "聪明哥哥".
    fits = last not in _NO_LAST and called and called in "哥姐叔姨嫂爷仔妹弟" and folded[end + 1 : end + 2] != called
    if fits and _CUE.search(folded[max(0, place - 8) : place]):
        yield place, end + 1, True


def _cued(folded: str, start: int, end: int) -> bool:
    """Whether the words around say that a name stands here."""
    left = folded[max(0, start - 8) : start]
    cue = _CUE.search(left)
    if _POLITELY.match(folded, end) or _SURNAME_SAID.search(left):
        return True
    # The mere beginning of a sentence is no cue for a word that begins sentences.
    return cue is not None and cue.end() > cue.start() and any("\u3400" <= c <= "\u9fff" or c == "@" for c in cue[0])


def _places(text: str, part: str) -> Iterator[int]:
    place = text.find(part)
    while place >= 0:
        yield place
        place = text.find(part, place + 1)
