"""What is known of Chinese words and of the characters of names, in tables that whole arrays are looked up in.

Characters carry log odds: how likely at that place of a name against how likely in running text. Words stand in
tables of up to a million places, without probing: a key's place holds eight bits of its hash and its weight, and where
two keys meet, the more frequent one stays. A stranger is taken for a word once in some thousand look-ups.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from governance.names.block import HAN, classes
from governance.names.carriers_zh import BRANDS, MODERN
from governance.names.chinese_abroad import ABROAD, MONGOLIC, STEPPE, YI
from governance.names.chinese_plain import ENDS, FIGURES, LITTLE, MAKERS, MEASURES, NOBODY, PLAIN, TIBETAN, TURKIC
from governance.names.kept import kept
from governance.names.lexicon import load, unpacked

Floats = npt.NDArray[np.float32]
Codes = npt.NDArray[np.uint32]

COMPOUND = (
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 "
    "钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 "
    "呼延 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 第五 完颜 爱新觉罗 叶赫 纳兰 耶律 阮氏 黄氏 陈氏".split()
)
#: Surnames that few bear and no list of the packages holds.
RARE = "酆贝凤昌荀贲汲羿邴仰韶蓟郇禚妥綦矫雒撖庹禤零佗肇鲜揣漆乜笪逄谌郗厍扈蔺仝亓檀宿撒郦蒙禹仉郄牧隗晁幸阚訾昝逯覃谯麻钮呙佴朴占边笃缑衡青琴南哈谯墨年爱阳佟伯赏法汝鄢涂钦盍岳帅缪干解逯勾敖融冷訾辛阚那简饶空曾沙养须丰巢关蒯相查后红游竺权逯盖益桓公仇栾暴甘钭厉戎祖符刘景詹束龙印怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴郁胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰雍郤璩濮寿通扈燕冀郏浦尚农别庄晏柴阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁"

#: Frequent ones that the lists lack: forms of the second round of simplification, and others.
FORMS = "付肖闫代覃冼佟冉兰家招皮苟占仝宓晋门敬来"

_FLOOR = -18.0
TOTAL = math.log(6e7)
NONE = np.float32(-99)
#: What is told of words in parts of one, and that many parts speak against an ordinary word and one of `FIGURES`, whom
#: living people are called after.
WEIGHT = 4
_AGAINST = {False: 16, True: 10}
#: The same against dictionary words that a table of `Words` has lost, and from which weight on.
_LOST, _LOST_FROM = 12, 48


class Packed(NamedTuple):
    """Words as the code points of all, one behind the other, where each begins, and how many each has. Hundreds of
    thousands of strings would take tens of megabytes."""

    codes: Codes
    start: npt.NDArray[np.int64]
    size: npt.NDArray[np.int64]

    def only(self, chosen: npt.NDArray[np.bool_]) -> Packed:
        """Some of the words."""
        return Packed(self.codes, self.start[chosen], self.size[chosen])

    def keys(self) -> npt.NDArray[np.uint64]:
        """Numbers that tell words of up to four characters apart; 0 for longer ones."""
        out = np.zeros(len(self.start), dtype=np.uint64)
        for k in range(4):
            own = np.flatnonzero((self.size > k) & (self.size < 5))
            out[own] |= self.codes[self.start[own] + k].astype(np.uint64) << np.uint64(16 * k)
        return out


def packed(text: str) -> Packed:
    """The words of a text, one a line."""
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    ends = np.append(np.flatnonzero(codes == ord("\n")), len(codes))
    start = np.append(0, ends[:-1] + 1)
    return Packed(codes, start, ends - start)


class Words:
    """Words of two to four characters with a weight of eight bits: 1 + 16 times the logarithm of the frequency."""

    #: What each character of a word is multiplied with before they are added up.
    FACTORS = tuple(np.uint32(k) for k in (2654435761, 2246822519, 3266489917, 668265263, 374761393, 1274126177))

    def __init__(self, words: list[str] | Packed, weights: npt.NDArray[np.uint8]) -> None:
        """``weights``: of each word, in their order."""
        held = packed("\n".join(words)) if isinstance(words, list) else words
        tables: dict[int, npt.NDArray[np.uint16]] = {}
        for size in (np.flatnonzero(np.bincount(held.size)[1:]) + 1).tolist():
            chosen = np.flatnonzero(held.size == size)
            hashes = self._hash(held.codes[held.start[chosen] + np.arange(size)[:, None]])
            values = weights[chosen].astype(np.uint16)
            order = np.argsort(values, kind="stable")
            table = np.zeros(1 << max(16, min(20, (32 * len(chosen)).bit_length())), dtype=np.uint16)
            mask = np.uint32(len(table) - 1)
            # Of those that share a place the last one stays: the most frequent.
            table[hashes[order] & mask] = (hashes[order] >> np.uint32(24) << np.uint32(8)).astype(np.uint16) | values[
                order
            ]
            tables[size] = table
        # All of them as one: where that of each size begins, and what its places are cut to. Behind them stands nothing.
        cells = np.concatenate([*tables.values(), np.zeros(1, dtype=np.uint16)])
        cuts = np.zeros(max((6, *tables)) + 1, dtype=np.uint32)
        for size, table in tables.items():
            cuts[size] = len(table) - 1
        self._hold(cells, cuts)

    @classmethod
    def of(cls, cells: npt.NDArray[np.uint16], cuts: Codes) -> Words:
        """What `cells` and `cuts` of another one say."""
        out = cls.__new__(cls)
        out._hold(cells, cuts)
        return out

    def _hold(self, cells: npt.NDArray[np.uint16], cuts: Codes) -> None:
        self.cells, self.cuts = cells, cuts
        self._tables: dict[int, npt.NDArray[np.uint16]] = {}
        self._begins = np.full(len(cuts), len(cells) - 1, dtype=np.uint32)
        begin = 0
        for size in np.flatnonzero(cuts).tolist():
            self._begins[size], end = begin, begin + int(cuts[size]) + 1
            self._tables[size], begin = cells[begin:end], end

    def lost(self, held: Packed, weights: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
        """Which words of those it was made of it does not have: a more frequent one has their place."""
        out = np.zeros(len(held.start), dtype=bool)
        for size in self._tables:
            at = np.flatnonzero(held.size == size)
            sums = self._sums(held.codes[held.start[at] + np.arange(size)[:, None]])
            out[at] = self.weigh(sums, size) != weights[at]
        return out

    def hide(self, seed: int, rare: float, frequent: float) -> None:
        """Forget words at random, ``rare`` of the least and ``frequent`` of the most frequent: for training only.

        Text holds words that no list knows; a model that has never met any takes each of them for a name.
        """
        random = np.random.default_rng(seed)
        self._hold(self.cells.copy(), self.cuts)
        for table in self._tables.values():
            weight = (table & np.uint16(0xFF)) / 255
            table[random.random(len(table)) < rare + (frequent - rare) * weight] = 0

    def _sums(self, columns: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
        out = columns[0] * self.FACTORS[0]
        for column, k in zip(columns[1:], self.FACTORS[1:], strict=False):
            out += column * k
        return out

    def _hash(self, columns: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
        out = self._sums(columns)
        return out ^ (out >> np.uint32(15))

    def weigh(self, sums: Codes, size: int | npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
        """The weights of words of ``size`` characters, all of one size or each of its own; zero for what is none.

        ``sums``: the characters of each times `FACTORS`, added up.
        """
        hashes = sums ^ (sums >> np.uint32(15))
        if isinstance(size, int):
            table = self._tables.get(size)
            if table is None:
                return np.zeros(sums.shape, dtype=np.uint8)
            cell = table.take(hashes & np.uint32(len(table) - 1))
        else:
            cell = self.cells.take((hashes & self.cuts.take(size)) + self._begins.take(size))
        hashes >>= np.uint32(24)
        # The upper half of a cell against the hash, the lower half is the weight.
        out = cell.astype(np.uint8)
        out *= ((cell >> np.uint16(8)) == hashes).view(np.uint8)
        return out


class Lists(NamedTuple):
    words: Words
    people: Words  # names that are known
    single: Floats  # code point -> log probability of the character as a word
    family: Floats  # code point -> log odds of the character as a surname, `NONE` where it is none
    compound: Words
    begins_compound: npt.NDArray[np.bool_]  # first characters of compound and Japanese surnames
    second_compound: npt.NDArray[np.bool_]
    given1: Floats  # log odds of a given name of one character
    first: Floats
    second: Floats
    japanese: Words
    japanese_given: Floats
    translit: Floats  # log odds of the character in a transliterated name against running text
    foreign: Words  # transliterated names
    foreign_first: npt.NDArray[np.bool_]  # their first characters
    foreign_second: npt.NDArray[np.bool_]
    foreign_heads: Words  # their first two characters together
    places: Words
    plain: Words  # words that are no names though they are built so, by `WEIGHT` times what speaks against them
    counted: npt.NDArray[np.bool_]  # what counts things and beasts, by code point
    little: npt.NDArray[np.bool_]  # surnames that are little words
    ends: npt.NDArray[np.bool_]  # what no name ends with


#: Characters of Japanese given names, in simplified form.
_JAPANESE = (
    "子美惠由纪香里奈佳爱结衣真理沙菜绘优雅丽春夏秋冬花樱莉绪乃月阳葵舞步彩未来加代久和幸直哉也人太郎次一二三男夫雄辅介助树平也健"
    "司志治史士彦昭明光亮翔大辉龙马辰武刚诚信義义孝弘博文秀英贵隆正清勇浩广洋海航贤哲智学敬俊敏克胜吉藏造之助圭佑悟诚朗宏康晋安斗"
    "弥希梨织枝津江千知枝京圣良实歌音凛凉瞳遥遥步茜绫彩玲铃桂典义村乔光让勤守贞行保男润凪裕崇纯慎忍进勉猛刚毅登茂修治实拓佐朋友伸"
)


@lru_cache(maxsize=1)
def lists() -> Lists:
    """All tables, loaded once in a process."""
    told = kept("chinese", lambda: _flat(_made()))
    whole = {
        name: Words.of(told[name], told[f"{name}.cuts"]) if f"{name}.cuts" in told else told[name]
        for name in Lists._fields
    }
    return Lists(**whole)  # type: ignore[arg-type]  # one name, one type, as `_flat` took them apart


def _flat(made: Lists) -> dict[str, npt.NDArray[Any]]:
    """The arrays that tables are made of, by name."""
    out: dict[str, npt.NDArray[Any]] = {}
    for name, value in made._asdict().items():
        if isinstance(value, Words):
            out |= {name: value.cells, f"{name}.cuts": value.cuts}
        else:
            out[name] = value
    return out


def _made() -> Lists:
    data = load("chinese")
    words = packed(data["words"].tobytes().decode())
    weights = data["weights"].astype(np.int32)
    single = np.full(0x10000, _FLOOR, dtype=np.float32)
    alone = words.size == 1
    single[words.codes[words.start[alone]]] = np.maximum(_FLOOR, weights[alone] / 16 - TOTAL)

    def spread(kind: str, floor: float) -> Floats:
        out = np.full(0x10000, floor, dtype=np.float32)
        for key, value in zip(unpacked(data[kind]), data[kind + "_p"].tolist(), strict=True):
            if len(key) == 1:
                out[ord(key)] = value
        return out

    usual = spread("characters", -13.0)
    surname = spread("surname", 0.0)
    for character in RARE:
        if surname[ord(character)] == 0:
            surname[ord(character)] = -9.0
    for character in FORMS:
        surname[ord(character)] = max(surname[ord(character)], -7.0) if surname[ord(character)] else -7.0
    # Places, things and firms that the list of people holds.
    people = packed(data["people"].tobytes().decode())
    people = people.only(~np.isin(people.keys(), packed("\n".join(NOBODY | MAKERS)).keys()))
    keys = words.keys()
    order = np.argsort(keys)
    borne = people.keys()
    place = order[np.minimum(np.searchsorted(keys, borne, sorter=order), len(keys) - 1)]
    often = np.where(keys[place] == borne, weights[place], 0)
    own = np.full(0x10000, -12.0, dtype=np.float32)
    for character in _JAPANESE + "".join(unpacked(data["japanese_given"])):
        own[ord(character)] = -5.0
    family = sorted({n for n in (*unpacked(data["japanese_family"]), *JAPANESE_FAMILY) if len(n) > 1})

    def mixed(kind: str) -> Floats:
        """Characters that no list has in given names are possible as well."""
        return np.logaddexp(spread(kind, -30.0) - 0.1, usual * 0.35 - 7.0) - usual

    west = {first + second for parts in (TIBETAN, MONGOLIC) for first in parts for second in parts if first != second}
    west |= {*TIBETAN, *TURKIC, *MONGOLIC, *STEPPE, *(family + given for family in YI[0] for given in YI[1])}
    foreign = sorted({name for name in unpacked(data["foreign"]) if 3 <= len(name) <= 6} | FOREIGN | west)
    heads = sorted({name[:2] for name in foreign})
    brands = frozenset(BRANDS)
    places = [p for p in (*unpacked(data["places"]), *BRANDS) if 2 <= len(p) <= 6 and (p in brands or p not in FOREIGN)]
    begins, goes_on = np.zeros((2, 0x10000), dtype=bool)
    for name in (*COMPOUND, *family):
        begins[ord(name[0])] = goes_on[ord(name[1])] = True
    heads_first, heads_second = np.zeros((2, 0x10000), dtype=bool)
    for name in heads:
        heads_first[ord(name[0])] = heads_second[ord(name[1])] = True
    more = packed("\n".join(sorted(w for w in {*BRANDS, *MAKERS, *MODERN} - FOREIGN if len(w) <= 4)))
    more = more.only(~np.isin(more.keys(), keys))
    long = words.size > 1
    dictionary = Packed(
        np.append(words.codes, more.codes),
        np.append(words.start[long], more.start + len(words.codes)),
        np.append(words.size[long], more.size),
    )
    frequency = np.append(np.minimum(weights[long] + 1, 255), [80] * len(more.start)).astype(np.uint8)
    every_word = Words(dictionary, frequency)
    missed = dictionary.only(every_word.lost(dictionary, frequency) & (frequency >= _LOST_FROM))
    lost = {
        "".join(map(chr, missed.codes[at : at + size])): _LOST
        for at, size in zip(missed.start.tolist(), missed.size.tolist(), strict=True)
    }
    plain = lost | {
        word: _AGAINST[word in FIGURES]
        for word in sorted({*PLAIN, *FIGURES, *MAKERS, *NOBODY, *MODERN})
        if 2 <= len(word) <= 4
    }
    counted, little, ends = np.zeros((3, 0x10000), dtype=bool)
    counted[[ord(c) for c in MEASURES]] = little[[ord(c) for c in LITTLE]] = ends[[ord(c) for c in ENDS]] = True
    return Lists(
        words=every_word,
        # Of two names that share a place in the table, the more frequent one stays.
        people=Words(people, (often + 1).clip(1, 255).astype(np.uint8)),
        single=single,
        family=np.where(surname < 0, surname - usual, NONE).astype(np.float32),
        compound=Words(list(COMPOUND), np.ones(len(COMPOUND), dtype=np.uint8)),
        begins_compound=begins,
        second_compound=goes_on,
        given1=mixed("single"),
        first=mixed("first"),
        second=mixed("second"),
        japanese=Words(family, np.ones(len(family), dtype=np.uint8)),
        japanese_given=np.maximum(own - usual, -5.0),
        translit=np.where(classes() & HAN, spread("translit", -12.5) - usual, np.float32(-9)).astype(np.float32),
        # Of two that share a place in the table, the better known one stays.
        foreign=Words(foreign, np.array([1 + (name in FOREIGN) for name in foreign], dtype=np.uint8)),
        foreign_first=heads_first,
        foreign_second=heads_second,
        foreign_heads=Words(heads, np.ones(len(heads), dtype=np.uint8)),
        places=Words(places, np.ones(len(places), dtype=np.uint8)),
        plain=Words([*plain], np.array([*plain.values()], dtype=np.uint8)),
        counted=counted,
        little=little,
        ends=ends,
    )


#: Japanese surnames besides those of the package, in simplified characters.
JAPANESE_FAMILY = (
    "佐藤 铃木 高桥 田中 渡边 伊藤 山本 中村 小林 加藤 吉田 山田 佐佐木 山口 松本 井上 木村 清水 斋藤 山崎 森田 池田 桥本 阿部 "
    "石川 前田 藤田 小川 后藤 冈田 长谷川 村上 近藤 石井 坂本 远藤 青木 藤井 西村 福田 太田 三浦 藤原 冈本 松田 中岛 中川 原田 "
    "小野 竹内 金子 和田 中山 石田 上田 森下 宫崎 黑泽 三船 是枝 北野 安倍 小泉 福原 滨崎 宇多田 新垣 石原 柴崎 深田 岩井 久石 "
    "河濑 志村 樱井 松岛 大野 二宫 相叶 菅野 野田 鸠山 麻生 石破 岸田 河野 宫本 宫泽 绫濑 广末 仲间 天海 堺雅 妻夫木 小栗 玉木 "
    "福山 阪井 坂井 本田 香川 中田 羽生 浅田 福冈 织田 德川 丰臣 武田 上杉 伊达 真田 明智 服部 工藤 毛利 桐岛 大岛 市川 中谷 "
    "长泽 津岛 柳乐 垣内 仲里 细田 新海 竹野 村井 大仓 岩男 河井 尾形 谷村 广濑 武井 岛本 角川 板仓 山根 西井 仲代 纳谷 佐久间 "
    "高山 森谷 辻村 北浦 京町 丰川 三上 尾野 星野 大谷 早田 花泽 井山 三宅 高仓 滨口 土屋 有村 松坂 吉永 山下 赤西 龟梨 二阶堂 "
    "菅田 山寺 水树 林原 神谷 樱庭 泽田 泽村 平井 平野 平田 平山 大桥 大川 大西 大冢 手冢 鸟山 尾田 岸本 高田 高木 高野 内田 内山 "
    "内藤 今井 今村 今田 岩崎 岩田 岩本 小岛 小松 小山 小田 小西 小池 古川 古田 吉川 吉村 吉冈 川口 川崎 川村 川上 川端 川岛 荒木 "
    "荒井 新井 安藤 安田 永井 永田 饭田 饭岛 五十岚 市原 稻叶 稻垣 植田 上野 梅田 大石 大久保 大冈 大森 冈崎 荻原 奥田 奥野 片山 "
    "片冈 桂木 神田 神山 菊池 菊地 北川 北村 北岛 北条 木下 黑木 黑田 桑田 桑原 小仓 酒井 坂口 坂田 榊原 佐野 佐伯 佐竹 涩谷 岛田 "
    "岛津 岛崎 白石 杉山 杉本 须藤 须田 关口 关根 芹泽 高岛 泷泽 竹中 竹田 谷口 谷川 田边 田村 田代 田岛 玉置 千叶 塚本 辻井 津田 "
    "土井 东野 东条 富田 富永 内村 中井 中泽 中野 中西 中本 中森 长野 长岛 西田 西川 西野 西山 西原 二木 沼田 根岸 野口 野村 野泽 "
    "桥口 滨田 早川 林田 原口 樋口 平塚 藤本 藤冈 藤泽 藤村 藤森 古谷 星川 堀江 堀内 本间 前川 牧野 增田 松井 松浦 松尾 松冈 松下 "
    "松原 松永 松山 丸山 三木 三岛 三泽 三谷 水野 水谷 宫川 宫田 宫下 武藤 村田 村山 村松 望月 森本 森山 矢野 矢泽 安井 柳田 山内 "
    "山冈 山形 山村 横山 横田 吉野 吉原 若林 若松 渡部 芥川 志贺 谷崎 太宰 夏目 福泽 伊东 东乡 山县 西乡 坂东 葛饰 松平 足利 石桥"
).split()

#: Foreign names that Chinese text gives without a dot, of history, science, letters, sport, film and the news.
FOREIGN = (
    frozenset(
        "克林顿 叶利钦 普京 布什 小布什 老布什 奥巴马 特朗普 川普 拜登 里根 尼克松 肯尼迪 卡特 福特 杜鲁门 艾森豪威尔 罗斯福 约翰逊 华盛顿 林肯 "
        "杰斐逊 希拉里 奥尔布赖特 赖斯 鲍威尔 基辛格 布林肯 佩洛西 撒切尔 布莱尔 卡梅伦 丘吉尔 张伯伦 约翰逊 苏纳克 斯塔默 梅杰 戴高乐 密特朗 "
        "希拉克 萨科齐 奥朗德 马克龙 科尔 施罗德 默克尔 朔尔茨 默茨 俾斯麦 希特勒 戈林 戈培尔 隆美尔 墨索里尼 贝卢斯科尼 梅洛尼 斯大林 列宁 "
        "赫鲁晓夫 勃列日涅夫 戈尔巴乔夫 梅德韦杰夫 拉夫罗夫 绍伊古 泽连斯基 波罗申科 卢卡申科 切尔诺梅尔金 普里马科夫 托洛茨基 布哈林 "
        "曼德拉 姆贝基 祖马 拉马福萨 卡扎菲 穆巴拉克 萨达特 纳赛尔 塞西 阿拉法特 阿巴斯 内塔尼亚胡 沙龙 佩雷斯 拉宾 萨达姆 侯赛因 霍梅尼 "
        "鲁哈尼 莱希 内贾德 埃尔多安 阿萨德 本拉登 卡尔扎伊 莫迪 甘地 尼赫鲁 瓦杰帕伊 辛格 谢里夫 布托 穆沙拉夫 苏加诺 苏哈托 梅加瓦蒂 "
        "佐科 马哈蒂尔 安瓦尔 他信 英拉 巴育 杜特尔特 马科斯 阿基诺 埃斯特拉达 西哈努克 洪森 胡志明 卡斯特罗 格瓦拉 查韦斯 马杜罗 卢拉 "
        "博索纳罗 米莱 庇隆 阿连德 皮诺切特 安南 加利 潘基文 古特雷斯 谭德塞 冯德莱恩 米歇尔 拉加德 鲍罗廷 白求恩 斯诺 史迪威 马歇尔 "
        "麦克阿瑟 巴顿 蒙哥马利 拿破仑 亚历山大 凯撒 恺撒 马克思 恩格斯 黑格尔 康德 尼采 叔本华 笛卡尔 卢梭 伏尔泰 孟德斯鸠 柏拉图 苏格拉底 "
        "亚里士多德 罗素 弗洛伊德 维特根斯坦 海德格尔 萨特 牛顿 爱因斯坦 霍金 伽利略 哥白尼 开普勒 达尔文 孟德尔 居里夫人 居里 爱迪生 特斯拉 "
        "瓦特 法拉第 麦克斯韦 薛定谔 普朗克 玻尔 海森堡 费米 奥本海默 费曼 图灵 高斯 欧拉 欧几里得 阿基米德 诺贝尔 莎士比亚 狄更斯 雨果 "
        "巴尔扎克 福楼拜 莫泊桑 左拉 托尔斯泰 陀思妥耶夫斯基 契诃夫 高尔基 果戈里 普希金 屠格涅夫 歌德 席勒 海涅 卡夫卡 塞万提斯 但丁 "
        "马尔克斯 博尔赫斯 海明威 福克纳 马克吐温 惠特曼 泰戈尔 王尔德 拜伦 雪莱 济慈 萧伯纳 乔伊斯 安徒生 易卜生 荷马 达芬奇 米开朗基罗 "
        "拉斐尔 梵高 毕加索 莫奈 塞尚 高更 伦勃朗 达利 贝多芬 莫扎特 巴赫 肖邦 舒伯特 李斯特 柴可夫斯基 海顿 勃拉姆斯 帕瓦罗蒂 卡拉扬 "
        "乔丹 科比 詹姆斯 奥尼尔 库里 杜兰特 哈登 邓肯 加内特 艾弗森 麦迪 皮蓬 罗德曼 约基奇 恩比德 字母哥 梅西 贝克汉姆 小贝 罗纳尔多 "
        "内马尔 姆巴佩 齐达内 马拉多纳 贝利 卡卡 苏亚雷斯 莱万多夫斯基 哈兰德 莫德里奇 伊布 弗格森 穆里尼奥 瓜迪奥拉 安切洛蒂 温格 "
        "费德勒 纳达尔 德约科维奇 小德 阿加西 桑普拉斯 莎拉波娃 威廉姆斯 辛纳 阿尔卡拉斯 泰森 阿里 舒马赫 汉密尔顿 博尔特 菲尔普斯 "
        "卓别林 梦露 赫本 奥黛丽 斯皮尔伯格 卡梅隆 诺兰 希区柯克 汉克斯 莱昂纳多 小李子 布拉德 皮特 朱莉 施瓦辛格 史泰龙 阿汤哥 塞隆 "
        "马斯克 盖茨 比尔盖茨 乔布斯 库克 扎克伯格 贝索斯 巴菲特 芒格 索罗斯 洛克菲勒 摩根 黄仁勋 福尔摩斯 华生 哈利波特 哈姆雷特 "
        "罗密欧 朱丽叶 灰姑娘 玛丽 安娜 丽莎 艾米 汤姆 杰克 迈克 约翰 彼得 保罗 大卫 戴维 查理 查尔斯 亨利 威廉 乔治 爱德华 伊丽莎白 戴安娜 "
        "凯特 梅根 哈里 玛格丽特 杰克逊 麦当娜 碧昂丝 泰勒 霉霉 贾斯汀 比伯 艾薇儿 阿黛尔 列侬 猫王".split()
    )
    - {"小李子", "灰姑娘", "特斯拉", "诺贝尔", "华盛顿", "摩根", "福特", "科尔", "卡特", "辛格", "沙龙", "加利"}
    | ABROAD
)
