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
from itertools import repeat

import numpy as np
import numpy.typing as npt

from governance.names import chinese_home
from governance.names.block import HAN, Block, Found, among, classes
from governance.names.chinese_lists import NONE, WEIGHT, Codes, Floats, lists
from governance.names.chinese_plain import PLAIN
from governance.names.chinese_said import MOST, TITLES, introduced, said_for
from governance.names.chinese_sieve import alike, compound, sieved
from governance.names.chinese_weigh import (
    ALONE,
    DENSE_NAMES,
    FAMILIAR,
    Candidates,
    apart,
    features,
    model,
    passed,
    summed,
)
from governance.names.cues_zh import HONORIFICS
from governance.names.lexicon import Ints
from governance.names.reading import Bools, reading
from governance.names.simplify import simplified

RECOGNISER = "names_chinese"

#: Log odds from which the first character of a given name, and both together, may be one without a surname.
_GIVEN_FIRST, _GIVEN = 0.0, 2.5

#: Log odds from which a candidate is a name.
ENOUGH = -1.0
#: How much more is asked of a candidate that the dictionary has as a word.
_WORD = 0.6
#: How much more of a frequent word, by its weight (`Words`); and by how much more than that of one that "little" or "old"
#: begins, or that has no surname ("little by little" is no friend).
_OFTEN = np.interp(np.arange(256), (40, 56, 80), (0, 2, 3)).astype(np.float32)
_ODD = np.float32(1.5)
#: The same for an ordinary word of `chinese_plain`, behind a word that counts things, with a surname that is a little word,
#: with an end that is no name's.
_SURE_SIGNS = np.float32(6.0)  # nothing is counted whose characters are all those of names
_PLAIN, _COUNTED, _LITTLE, _ENDED = np.float32(4.0), 1.5, 1.0, 1.5
_WHOLE = DENSE_NAMES.index("whole_word")


_FREQUENT = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍"
    "龚付肖闫兰柳邢路岳齐庄左涂谷祁耿牟卜詹关苗凌费纪靳盛欧甄曲裴席屈鲍覃霍翁隋甘柏宁柯阮桂闵柴冉吉饶刁瞿戚丘古米池滕晋苑臧褚廉娄穆党燕姬屠"
    "晏栾商蒙喻窦宇冷仇艾都井练佟胥蔺阳官徒葛方马侯甫"
)
#: Surnames that few bear: before the longer words of address only, where they make no word with what stands before.
_SELDOM = "单尚辛解查游管钮芮储束项祝梅盛童郁宓郜蓟印怀邰鄂索咸籍卓阴莘郦雍璩桑濮扈郏浦庄充慕茹宦鱼庾暨匡寇蔚隆巩勾敖訾阚简饶毋鞠巢蒯竺权逯桓符栗原降亓仝逄佘奚昝禚郇妥苟麻漆"
_COMPOUND = "欧阳|司徒|司马|上官|诸葛|东方|夏侯|皇甫|慕容|令狐|尉迟|长孙|宇文|公孙|端木"
_SURNAMED = re.compile(f"(?<![百贵同属小生])姓(?:{_COMPOUND}|[{_FREQUENT}])(?![名氏])")
#: The same of any surname, where nothing follows that could make a word of it: "姓裘，", "姓解的教练".
_SURNAMED_SO = re.compile(
    "(?<![百贵同属小生复改随异老我你他她跟冠从])姓(?![名氏啥什甚哪谁么的了不也是都就吗呢吧啊在有和或])[\u3400-\u4dbf\u4e00-\u9fff](?=[，。,；;！!、 \n\ue000-\ue003）)]|\\Z|的?(?:先生|女士|小姐|老师|教练|师傅|医生|阿姨|大哥|大姐|客服|司机|经理|老板|客人|客户|顾客|骑手|同学|朋友|男子|女子))"
)
#: Titles that make longer words with what may follow: "总" is one, "总是" is "always".
_TITLES = {
    "总": "[是会共能要有数体之结统部理算量裁冠决]",
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
    "太": "[后祖宗子太多大小好贵少高低长阳空极平监子快慢油热]",
    "姨": "[妈夫]",
    "叔": "[叔伯父]",
    "伯": "[伯父]",
    "妈": "[妈祖]",
    "姓": "[氏名王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马]",
    "某某": "",
    "某人": "",
    "某": "[些个种]",
    "sir": "[A-Za-z]",
    "Sir": "[A-Za-z]",
}
_TWO = frozenset({"欧阳", "司徒", "司马", "上官", "诸葛", "东方", "夏侯", "皇甫"})
_PLAIN_TITLES = sorted({*HONORIFICS} - {*_TITLES}, key=lambda word: (-len(word), word))
_HONOURED = re.compile(
    f"[{_FREQUENT}](?:(?:{'|'.join(_PLAIN_TITLES)})(?![级傅兄们妹])|"
    + "|".join(f"{title}(?!{end})" if end else title for title, end in _TITLES.items())
    + ")"
    + f"|[{_SELDOM}](?:{'|'.join(word for word in _PLAIN_TITLES if len(word) > 1 and '某' not in word)})(?![级傅兄们妹])"
)


#: Characters of given names that people are called by among friends and customers, with a word of kinship: "东哥", "梅姐".
_NICKS = "海洋洲阳新彬强军伟明杰辉斌超勇鹏磊涛峰刚波飞龙东浩鑫凯坤彪豪俊宇健林亮云虎建娟芳丽敏霞红燕玲梅英琴萍静慧兰艳雪琳莉洁婷娜颖倩蓉珍凤菊秀桂香莲翠君"
_NICKED = re.compile(f"[{_NICKS}](?:[哥姐叔](?![们妹妇丈伦布拉特斯德比])|[姨嫂婶](?![子妈们太娘]))")


_RECEIVER = re.compile(
    f"(?<=[，,、；;。：: \ue000>）)])([{_FREQUENT}][\u4e00-\u9fff]{{1,2}}?|[小阿](?![件票费包额单货钱店区哥妹孩姐弟朋时心学量批])[\u4e00-\u9fff])(?:亲|代|签)?(?=收(?:[，,。；;、 \n（(]|电话|\\Z))"
)

#: "叫我小鱼就行": what somebody wants to be called.
_CALLED_SO = re.compile(
    "[叫喊]我(?!老[板师公婆大妈爸哥弟乡妹]|小[姐哥妹弟孩朋时心]|阿[姨婆公])((?:[小老阿大][\u4e00-\u9fff]|([\u4e00-\u9fff])\\2)(?=[吧呀啊哦就即，。！,!~～ \n\ue000-\ue003]|\\Z)|[\u4e00-\u9fff]{2,3}?(?=就行|就好|就可以|即可))"
)
#: How much weightier a word may be than the one that it shares a character with, and give way: by its logarithm, once.
_LIKELIER = 16

Marks = npt.NDArray[np.uint16]
(
    _FAMILY,
    _BEGINS,
    _SECOND,
    _CALLED,
    _SURNAME,
    _TITLED,
    _WEEK,
    _WEEKDAY,
    _NO_FAMILY,
    _NICK,
    _KIN,
    _HEAD,
    _TAIL,
    _CALL,
    _ME,
) = (np.uint16(1 << i) for i in range(15))


@lru_cache(maxsize=1)
def _flags() -> Marks:
    """What each character may begin or go on with."""
    known = lists()
    out = np.where(known.family > NONE, _FAMILY, np.uint16(0))
    # Characters that begin given names of two and are no surnames.
    out |= ((known.first > _GIVEN_FIRST) & (known.family <= NONE) & (classes() & HAN > 0)) * _NO_FAMILY
    out |= known.begins_compound * _BEGINS
    out |= known.second_compound * _SECOND
    for bit, characters in (
        (_CALLED, "小老阿"),
        (_SURNAME, _FREQUENT + _SELDOM),
        (_TITLED, "".join(word[0] for word in (*_PLAIN_TITLES, *_TITLES))),
        (_WEEK, "周"),
        (_WEEKDAY, "一二三四五六日末边围"),
        (_NICK, _NICKS),
        (_KIN, "哥姐叔姨嫂婶"),
        (_CALL, "叫喊"),
        (_ME, "我"),
        (_HEAD, "".join(word[0] for word in TITLES)),
        (_TAIL, "".join(word[1] for word in TITLES)),
    ):
        out[[ord(c) for c in characters]] |= bit
    return out


def _marks(block: Block) -> tuple[Marks, Marks]:
    """`_flags` of each character of a block; and those of it that the character behind it goes on with.

    Each flag that goes on with another is the bit above it.
    """
    marks = _flags().take(block.codes)
    return marks, marks[:-8] & (marks[1:-7] >> np.uint16(1))


def candidates(block: Block, found: tuple[Marks, Marks] | None = None) -> Candidates:
    """What passes the sieve. ``block``: in simplified characters."""
    known, read = lists(), reading(block)
    codes, han = block.codes, read.han
    marks, pairs = found or _marks(block)
    # A surname and something behind it, but no days of the week.
    opens = (marks[:-8] & _FAMILY).astype(bool)
    opens &= han[1:-7]
    opens &= (pairs & _WEEK) == 0
    near = block.beside_gone if block.again else None  # what stands alone has been looked at
    if near is not None:
        opens &= near[:-8]
    start = np.flatnonzero(opens)
    own = codes.take(start)
    next_one = codes.take(start + 1)
    base = known.family.take(own)
    parts = [sieved(read, start, base + known.given1.take(next_one), 1, 1)]
    parts.append(_familiar(codes, han, marks, near))
    parts.append(_alone(codes, han, marks, near))
    three = np.flatnonzero(han.take(start + 2))
    at = start.take(three)
    value = base.take(three) + known.first.take(next_one.take(three)) + known.second.take(codes.take(at + 2))
    parts.append(sieved(read, at, value, 1, 2))
    compounds = (pairs & _BEGINS).astype(bool)
    if near is not None:
        compounds &= near[:-8]
    parts += compound(read, np.flatnonzero(compounds))
    return Candidates(*map(np.concatenate, zip(*parts, strict=True)))


def _familiar(codes: Codes, han: Bools, marks: Marks, near: Bools | None) -> Candidates:
    """ "Little Li", "old Zhao", "A-zhen", and a syllable of given names said twice."""
    known = lists()
    twice = codes[:-8] == codes[1:-7]
    twice &= han[:-8]
    twice &= (marks[:-8] & _FAMILY) == 0
    called = (marks[:-8] & _CALLED).astype(bool)
    called &= han[1:-7]
    if near is not None:
        twice &= near[:-8]
        called &= near[:-8]
    at = np.concatenate([np.flatnonzero(called), np.flatnonzero(twice)])
    follow = codes.take(at + 1)
    value = np.maximum(known.family.take(follow), known.given1.take(follow))
    enough = np.flatnonzero(value > 0.5)
    at, value = at.take(enough), value.take(enough)
    return alike(at, 1, 1, value - np.float32(1), np.zeros(len(at), dtype=bool), FAMILIAR)


def _alone(codes: Codes, han: Bools, marks: Marks, near: Bools | None) -> Candidates:
    """Given names of two characters without a surname: "晓明", "淑芬"."""
    known = lists()
    begins = (marks[:-8] & _NO_FAMILY).astype(bool)
    begins &= han[1:-7]
    if near is not None:
        begins &= near[:-8]
    at = np.flatnonzero(begins)
    value = known.first.take(codes.take(at)) + known.second.take(codes.take(at + 1))
    enough = np.flatnonzero(value > _GIVEN)
    at, value = at.take(enough), value.take(enough)
    return alike(at, 1, 1, value - np.float32(3), np.zeros(len(at), dtype=bool), ALONE)


def _addressed(block: Block, marks: Marks, pairs: Marks) -> list[Found]:
    """ "王先生", "姓李的": a surname with a word of address."""
    text, read = block.text, reading(block)
    out: list[Found] = []
    at = np.flatnonzero((pairs & (_SURNAME | _NICK)).astype(bool))
    # "明白先生": the character belongs to a word with the one before it.
    # In "房东段先生" the one before it belongs to a likelier word with what stands before that.
    prior = at - 1
    crossed, before = read.words(prior, 2).astype(np.int64), read.words(prior - 1, 2)
    at = at[(crossed == 0) | ((before > 0) & (crossed <= before + _LIKELIER))]
    # "陈方女士": a whole name, whose second character is a surname too; in "江苏方女士" the first belongs to a word.
    prior = at - 1
    named = ((marks.take(prior) & _SURNAME) > 0) & ~lists().little.take(block.codes.take(prior))
    named &= read.words(at - 2, 2) == 0
    for start, before in zip(at.tolist(), named.tolist(), strict=True):
        found = _HONOURED.match(text, start) or _NICKED.match(text, start)
        if found and found[0] not in PLAIN:
            first = start - (start > 1 and text[start - 1 : start + 1] in _TWO)
            if first == start and before and text[start - 1 : start + 1] not in PLAIN:
                first = start - 1
            out.append(Found(first, found.end(), "PERSON", 0.75, RECOGNISER, "context"))
    # "…，卢家轩收，": who a parcel is for, between signs.
    for end in np.flatnonzero(block.codes[:-8] == ord("收")).tolist():
        found = _RECEIVER.search(text, max(0, end - 6), min(len(text), end + 2))
        if found and (found[1][0] in "小阿" or len(found[1]) != 2 or not read.words(np.array([found.start(1)]), 2)[0]):
            out.append(Found(found.start(1), found.end(1), "PERSON", 0.7, RECOGNISER, "context"))
    for start in np.flatnonzero((pairs & _CALL).astype(bool)).tolist():
        found = _CALLED_SO.match(text, start)
        if found:
            out.append(Found(found.start(1), found.end(1), "PERSON", 0.7, RECOGNISER, "context"))
    said = np.flatnonzero(block.codes[:-8] == ord("姓"))
    for start in said.tolist():
        found = _SURNAMED.match(text, start) or _SURNAMED_SO.match(text, start)
        if found:
            out.append(Found(start, found.end(), "PERSON", 0.75, RECOGNISER, "context"))
    return out


def find(block: Block) -> list[Found]:
    """Chinese names of a block."""
    block = simplified(block)
    marks = _marks(block)
    named = _modelled(block, candidates(block, marks), marks[1])
    whole = [_married(block, item) for item in _whole(named, _addressed(block, *marks))]
    return whole + chinese_home.find(block)


#: Family names of husbands before those of their wives, as Hong Kong and Taiwan write, and how such a woman is addressed.
_HUSBANDS = frozenset(
    "陈林黄张李王吴刘蔡杨许郑谢郭洪曾邱廖赖周徐苏叶庄吕江何罗高萧潘简朱钟游彭詹胡施沈余卢梁赵颜柯翁魏孙戴方宋范邓杜傅侯曹薛丁马蓝冯谭麦关区莫邝甘招容"
)
_WIVES = ("女士", "太太", "夫人", "小姐", "婆婆", "居士", "老太太")


def _married(block: Block, item: Found) -> Found:
    """A find with the family name of her husband before it: "林黄秀凤女士"."""
    at, text = item.start - 1, block.text
    wed = text.startswith(_WIVES, item.end) or text.endswith(_WIVES, item.start, item.end)
    if not wed or at < 0 or text[at] not in _HUSBANDS:
        return item
    if "一" <= text[at - 1] <= "鿿" and reading(block).words(np.array([at - 1]), 2)[0]:
        return item  # "山林黄秀凤女士"
    return item._replace(start=at)


def _whole(names: list[Found], addressed: list[Found]) -> list[Found]:
    """Both, and each surname with a word of address whose surname is the end of a name as that name with it: of two that
    overlap one would go, and "陈小江经理" is neither "江经理" nor without a title."""
    ending = {item.end: item for item in names}
    out = list(names)
    for item in addressed:
        name = next((ending[end] for end in (item.start + 1, item.start + 2) if end in ending), None)
        first = item.start if name is None else min(name.start, item.start)
        out.append(item if first == item.start else item._replace(start=first))
    return out


def _modelled(block: Block, found: Candidates, pairs: Marks) -> list[Found]:
    """Names that the model finds, disjoint. ``pairs``: of `_marks`."""
    known = model()
    titled, told = (pairs & _HEAD).astype(bool), introduced(block, found.start)
    found = found.only(passed(block, found, known.gate, known.sides, titled, told))
    if not len(found.start):
        return []
    columns, numbers = features(block, found)
    value = summed(columns, known.sparse, numbers, known.dense)
    # A word of the dictionary must be a name more surely than what is no word.
    value -= np.where((numbers[_WHOLE] > 0) & ~found.known, np.float32(_WORD), np.float32(0))
    near = np.flatnonzero(value > ENOUGH - _DOUBT - MOST)
    found, value = found.only(near), value.take(near)
    spoken = said_for(block, found.start, found.end)
    often = _often(block, found, numbers[_WHOLE].take(near))
    spoken[(numbers[_WHOLE].take(near) > 0) & ~found.known] *= np.float32(0.5)
    # "叫我小鱼": an ordinary word, but not what is said here.
    against = np.maximum(_against(block, found), often)
    value += spoken - np.where(spoken > 0, np.minimum(against, np.float32(_LITTLE)), against)
    value[(spoken == 0) & (value < ENOUGH - _DOUBT)] = _NEVER
    start, end = found.start, found.end
    sure = np.flatnonzero(value > ENOUGH)
    sure = sure.take(apart(start.take(sure), end.take(sure), value.take(sure)))
    if not len(sure):
        return []
    first = _surnamed(block, found.only(sure))
    out = _as_found(first, end.take(sure), value.take(sure), "model")
    # In a list of names, beside sure names, or repeating a name of its row, less is enough.
    taken = np.zeros(len(block.codes), dtype=bool)
    _mark(taken, start.take(sure), end.take(sure))
    spare = np.flatnonzero((value <= ENOUGH) & (value > _NEVER))
    spare = spare[~_touched(taken, start.take(spare), end.take(spare))]
    row, in_row = block.rows_of(start.take(spare)), block.rows_of(start.take(sure))
    chosen = np.isin(row, in_row[value.take(sure) > _SURELY])
    if not chosen.any():
        return out
    spare, row = spare[chosen], row[chosen]
    order = np.argsort(-value.take(spare), kind="stable")
    spare, row = spare.take(order), row.take(order)
    return out + _beside_sure(
        block.text, out, in_row.tolist(), start.take(spare), end.take(spare), value.take(spare), row
    )


def _surnamed(block: Block, found: Candidates) -> Ints:
    """Where names begin: a given name that one character parts from a sign, "：操明辉", has a surname no list knows."""
    out, codes, known = found.start.copy(), block.codes, lists()
    own = codes.take(out)
    given = (found.kind == 0) & (found.family + found.given == 2) & (known.first.take(own) > known.family.take(own))
    at = np.flatnonzero(given | (found.kind == ALONE))
    before = out.take(at) - 1
    han = reading(block).han
    stands = han.take(before) & ~han.take(before - 1) & ~_no_surname().take(codes.take(before))
    out[at[stands]] -= 1
    return out


@lru_cache(maxsize=1)
def _no_surname() -> Bools:
    """Characters that stand alone before a given name and belong to no name, by code point."""
    out = lists().little.copy()
    out[
        [
            ord(c)
            for c in "的了是叫给让和跟找请问对向把被为在与同帮替谢听说你我他她它这那哈嗨嘿喂嗯啊哦呀小老阿大有到去来等由从以及并又也还就都才只得不没要想会能可将使令派约见陪送接教爱恨怪夸骂致号但因如若而却则故已再另且或既该某各每另前后里中上下外内女男"
        ]
    ] = True
    return out


def _where() -> Bools:
    return among("里中上下内外前后和与了着过")


def _against(block: Block, found: Candidates) -> Floats:
    """What speaks against candidates and the model has not learnt from generated text."""
    known, read, codes = lists(), reading(block), block.codes
    size = found.family + found.given
    against = read.get(known.plain, found.start, size) * np.float32(1 / WEIGHT)
    unlisted = ~found.known
    # "车库里": a word and where.
    three = np.flatnonzero((size == 3) & _where().take(codes.take(found.end - 1)))
    against[three[read.words(found.start.take(three), 2) > 0]] = _PLAIN
    counted = (
        known.counted.take(codes.take(found.start - 1)) & unlisted & (found.kind == 0) & (found.odds < _SURE_SIGNS)
    )
    # "5张", "首张": the surname counts what follows.
    before = codes.take(found.start - 1)
    counted |= (codes.take(found.start) == ord("张")) & ((before == ord("首")) | ((before >= 48) & (before <= 57)))
    little = known.little.take(codes.take(found.start)) & unlisted & (found.family == 1)
    ended = known.ends.take(codes.take(found.end - 1)) & unlisted & (found.kind == 0)
    return against + counted * np.float32(_COUNTED) + (little + ended * np.float32(_ENDED)) * np.float32(_LITTLE)


def _often(block: Block, found: Candidates, whole: Floats) -> Floats:
    """What speaks against frequent words of the dictionary that are no known names. ``whole``: their weights, over 128."""
    often = _OFTEN.take((whole * np.float32(128)).astype(np.intp))
    # "老李" is a word as well, and somebody.
    odd = found.kind >= FAMILIAR
    named = odd & (found.kind == FAMILIAR) & _usual_surname().take(block.codes.take(found.start + 1))
    often[found.known | named] = 0
    often[odd] *= _ODD
    return often


@lru_cache(maxsize=1)
def _usual_surname() -> Bools:
    """Surnames that many bear, by code point."""
    return among(_FREQUENT[:100])


def _beside_sure(
    text: str, known: list[Found], in_row: list[int], start: Ints, end: Ints, value: Floats, row: Ints
) -> list[Found]:
    """Doubtful names in the rows of sure ones, the likeliest first, where a sure one speaks for them."""
    out: list[Found] = []
    covered: set[int] = set()
    starts, ends = {f.start for f in known}, {f.end for f in known}
    names: dict[int, set[str]] = {at: set() for at in row.tolist()}
    for item, at in zip(known, in_row, strict=True):
        if at in names:
            names[at].add(text[item.start : item.end])
    rest = list(zip(start.tolist(), end.tolist(), value.tolist(), row.tolist(), strict=True))
    for _ in range(2):
        left = []
        for a, b, odds, at in rest:
            listed = (text[a - 1] in _LISTS and a - 1 in ends) or (text[b] in _LISTS and b + 1 in starts)
            if not (listed or odds > ENOUGH - _NEAR or text[a:b] in names[at]):
                left.append((a, b, odds, at))
            elif covered.isdisjoint(range(a, b)):
                covered.update(range(a, b))
                starts.add(a)
                ends.add(b)
                out.append(Found(a, b, "PERSON", _score(odds), RECOGNISER, "context"))
        rest = left
    return out


def _score(odds: float) -> float:
    score = 0.5 + 0.45 * math.tanh(odds / 6)
    return 0.5 if score < 0.5 else score  # never above 0.95


def _as_found(start: Ints, end: Ints, value: Floats, reason: str) -> list[Found]:
    scores = map(_score, value.tolist())
    same = repeat("PERSON"), scores, repeat(RECOGNISER), repeat(reason)
    return list(map(Found, start.tolist(), end.tolist(), *same))


def _mark(taken: Bools, start: Ints, end: Ints) -> None:
    """Take stretches of two to six characters."""
    for k in range(6):
        taken[np.minimum(start + k, end - 1)] = True


def _touched(taken: Bools, start: Ints, end: Ints) -> Bools:
    """Whether any character of a stretch of two to six is taken."""
    out = taken.take(start)
    for k in range(1, 6):
        out |= taken.take(np.minimum(start + k, end - 1))
    return out


#: Log odds from which a name speaks for doubtful ones in its row.
_SURELY = 1.5
#: How far below `ENOUGH` a candidate may be that a list or a repetition speaks for.
_DOUBT = 2.5
_NEVER = np.float32(-99)
#: The same for one beside a sure name in its row.
_NEAR = 0.9
_LISTS = frozenset("、和与及,，/ \n\t|；;")
