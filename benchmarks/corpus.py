"""Documents for benchmarks: English and Chinese, invented word by word, with everything planted that a curator looks for.

``write(folder, count, language)`` leaves three files of the same documents in the same order: ``docs.jsonl`` and
``docs.parquet`` (``id``, ``text``, ``language``), which the tools under test read, and ``truth.jsonl``, which they do not:
of each document its ``kind``, the ``id`` of its original, what is bad about it and the personal data in it.

Document i is a function of seed, language and i alone, so the first thousand of a million are the thousand of a run
that makes no more. Kinds: ``unique`` (seven in ten); ``look-alike``, unique but for a long notice that many share,
which must stay; ``exact`` and ``near``, a copy of an earlier unique document as it is or with about one word in a
hundred changed and a line added; ``bad``, what a quality filter is for. A sixth of the good documents hold personal data:
invented names in mail addresses of reserved domains, documentation IP ranges, telephone numbers of no subscriber,
identity and card numbers with computed check digits.
"""

from __future__ import annotations

import json
import random
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Literal

Language = Literal["en", "zh"]
Kind = Literal["unique", "look-alike", "exact", "near", "bad"]

#: Of each hundred documents, how many are of each kind; the rest are unique.
SHARES: dict[Kind, int] = {"look-alike": 4, "exact": 8, "near": 12, "bad": 6}

_FUNCTION = (
    "the of and to a in that it is was for on with as he be by at this had not are but from or have they which one you "
    "were all her she there would their we him been has when who will no more if out so up said what its about than into "
    "them can only other time new some could these two may first then do any like my now over such our man me even most "
    "made after also did many off before must well back through years where much your way down should because long each "
    "just state those people too how little good world make very year still see own work men day get here between both "
    "under never know same last while might us great old go come since against right take used three"
).split()
_ROOTS = (
    "account action address advice animal answer apple arrange article autumn balance bank basin bear bell bicycle boat "
    "bottle branch bread bridge bright bring broad brother build burn button cable calm camera candle carbon carry castle "
    "cause cellar chain chalk change channel chapel cheese child circle city clean clear climb clock cloth cloud coast coffee "
    "cold colour column common copper corner cotton count country course cover craft cream credit crowd curtain custom "
    "damage dance danger daughter debt deep degree depend desert design desk detail develop dinner direct distance divide "
    "doctor double drain draw dream drift drive early earth edge effect elect engine enter equal estate evening event example "
    "expand expert fabric factor family farm father feather field figure finger finish fisher flame flat flight flood floor "
    "flour flower follow forest forget fork form frame free friend front fruit garden gather gentle glass govern grain grass "
    "green ground group guard guide hammer harbour harvest health heat height history hollow honest horse hotel house hunt "
    "island jacket journey judge kitchen knife labour ladder lake lamp language laugh leader leather lemon letter level library "
    "light limit linen listen locker machine market marble master matter meadow measure member metal middle mineral mirror "
    "model modern moment morning motion mountain music narrow nation needle neighbour network noise number object observe "
    "ocean office opera orange order organ owner packet paint paper parcel parent patient pattern pencil people pepper picture "
    "pillar planet plant plate pocket poem police portal powder present prison profit promise public pump quality quarter "
    "question quiet railway rain reason record region remember report request rescue result return rhythm river road rocket "
    "sailor salt sample school science season second secret settle shadow shelter shoulder signal silver sister sleep smoke "
    "social soldier south speak spring square stable station steam stone storm story stranger street strike student summer "
    "surface system table teacher temple theatre thread ticket timber tower trade train travel tunnel valley value vessel "
    "village violin visit voice wagon wander water weather wheel window winter wonder wooden worker yellow"
).split()
_ENDINGS = (
    "",
    "s",
    "ing",
    "ed",
    "er",
    "ly",
    "ful",
    "less",
    "ness",
    "ment",
    "able",
    "ship",
    "like",
    "wise",
    "ward",
    "ish",
)
_PLACES = ("north", "south", "east", "west", "old", "new", "upper", "lower", "great", "little", "inner", "outer")

_HAN = (
    "一国在人有我他这中大来上个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日"
    "于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理"
    "美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信"
    "北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常"
    "提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交"
    "爱让认算论百吃义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联言权往展该领传近留红治决周保达办运武半候七必城"
    "父强步完革深区即求品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱党倒未持取设始版双历越史商千片容研像找友"
    "孩站广改议形委早房音火际则首单据导影失拿网香似斯专石若兵弟谁校读志飞观争究包组造落视济喜离虽坏兴切图茶雨米纸桥船店窗"
    "春夏秋冬湖河岛园街村镇树叶草鱼鸟鸡牛羊盐糖油布针线灯床椅桌杯碗刀剪箱袋邮货仓库票账银币税医药病痛疗养护厂矿煤铁铜钢木"
)
_ZH_FUNCTION = (
    "的 了 是 在 和 不 也 就 都 而 及 与 着 或 一个 没有 我们 你们 他们 因为 所以 但是 如果 虽然 已经 可以 这个 那个 什么 怎么 "
    "非常 比较 以后 以前 其中 对于 关于 以及 通过 根据 为了 这样 那样 现在 时候 还是 只是 不过 于是 然后 同时 之间"
).split()

_NOTICE = {
    "en": (
        "This page is provided for the convenience of readers and may be changed at any time without further notice. "
        "Opinions are those of their authors and need not be those of the publisher. Questions about deliveries, returns "
        "and refunds are answered on working days between nine and five; please have the number of the order at hand. "
        "Reproduction in whole or in part is allowed when the source is named and nothing is left out."
    ),
    "zh": (
        "本页面仅供读者参考，内容可能随时更改，恕不另行通知。文中观点只代表作者本人，与发布方立场无关。关于配送、退货和退款的问题，"
        "请在工作日上午九点至下午五点之间咨询，并准备好订单编号。注明出处且不作删改的，可以全部或部分转载。"
    ),
}


@dataclass(frozen=True)
class Document:
    """One document and the truth about it. ``pii`` holds kind and value of every planted item."""

    id: str
    text: str
    language: Language
    kind: Kind
    original: str = ""
    bad: str = ""
    pii: tuple[tuple[str, str], ...] = field(default=())


def documents(count: int, language: Language, seed: int = 1) -> Iterator[Document]:
    """The first ``count`` documents."""
    return (document(number, language, seed) for number in range(count))


def document(number: int, language: Language, seed: int = 1) -> Document:
    """Document ``number``, counted from 0."""
    kind, source = _plan(number, language, seed)
    name = _name(number, language)
    draw = _random("text", number, language, seed)
    if kind in ("exact", "near"):
        text, pii = _good(source, language, seed)
        text = text if kind == "exact" else _edited(text, language, draw)
        return Document(name, text, language, kind, original=_name(source, language), pii=pii)
    if kind == "bad":
        what = draw.choice(sorted(_BAD))
        return Document(name, _BAD[what](draw, language), language, kind, bad=what)
    text, pii = _good(number, language, seed)
    if kind == "look-alike":
        text += ("\n\n" if language == "en" else "\n") + _NOTICE[language]
    return Document(name, text, language, kind, pii=pii)


def write(folder: Path, count: int, language: Language, seed: int = 1) -> Path:
    """Write ``count`` documents and the truth about them; returns the folder. The same arguments write the same bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    schema = pa.schema([("id", pa.string()), ("text", pa.string()), ("language", pa.string())])
    names = ("docs.jsonl", "truth.jsonl")
    with (
        (folder / names[0]).open("w", encoding="utf-8") as docs,
        (folder / names[1]).open("w", encoding="utf-8") as truth,
        pq.ParquetWriter(folder / "docs.parquet", schema, compression="zstd") as sink,
    ):
        rows: list[dict[str, str]] = []
        for one in documents(count, language, seed):
            row = {"id": one.id, "text": one.text, "language": one.language}
            docs.write(json.dumps(row, ensure_ascii=False) + "\n")
            known = asdict(one)
            del known["text"], known["language"]
            truth.write(json.dumps(known, ensure_ascii=False) + "\n")
            rows.append(row)
            if len(rows) == 4096:
                sink.write_table(pa.Table.from_pylist(rows, schema))
                rows = []
        if rows:
            sink.write_table(pa.Table.from_pylist(rows, schema))
    return folder


def truth(folder: Path) -> list[dict[str, object]]:
    """What ``truth.jsonl`` says, in the order of the documents."""
    with (folder / "truth.jsonl").open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _name(number: int, language: str) -> str:
    return f"{language}-{number:08d}"


def _random(what: str, number: int, language: str, seed: int) -> random.Random:
    # Seeded by text, which Python hashes by SHA-512 and not by its own salted hash.
    return random.Random(f"{seed} {language} {number} {what}")


def _plan(number: int, language: str, seed: int) -> tuple[Kind, int]:
    """A document's kind, and the original of a copy."""
    draw = _random("kind", number, language, seed)
    at = draw.randrange(100)
    edges = list(accumulate(SHARES.values()))
    if at >= edges[-1]:
        return "unique", number
    kind = list(SHARES)[bisect_right(edges, at)]
    if kind in ("look-alike", "bad"):
        return kind, number
    for _ in range(50):
        source = draw.randrange(number) if number else 0
        if source < number and _plan_is_unique(source, language, seed):
            return kind, source
    return "unique", number


@lru_cache(maxsize=1 << 20)
def _plan_is_unique(number: int, language: str, seed: int) -> bool:
    return _plan(number, language, seed)[0] == "unique"


@lru_cache(maxsize=2)
def _words(language: str) -> tuple[list[str], list[float]]:
    """Content words and their cumulative weights (Zipf), the same on every machine."""
    draw = random.Random(f"words {language}")
    if language == "en":
        words = [root + ending for root in _ROOTS for ending in _ENDINGS]
        words += [place + root for root in _ROOTS for place in _PLACES]
        draw.shuffle(words)
    else:
        han = sorted(set(_HAN))
        words = sorted({draw.choice(han) + draw.choice(han) for _ in range(12_000)})
        draw.shuffle(words)
    return words, list(accumulate(1 / (rank + 30) for rank in range(len(words))))


@lru_cache(maxsize=2)
def _function(language: str) -> tuple[list[str], list[float]]:
    words = _FUNCTION if language == "en" else _ZH_FUNCTION
    return words, list(accumulate(1 / (rank + 4) for rank in range(len(words))))


def _sentence(draw: random.Random, language: str) -> str:
    length = draw.randint(7, 24) if language == "en" else draw.randint(6, 16)
    content, weights = _words(language)
    function, often = _function(language)
    words = draw.choices(content, cum_weights=weights, k=length)
    for place, word in enumerate(draw.choices(function, cum_weights=often, k=length)):
        if draw.random() < 0.45:
            words[place] = word
    if length > 12 and draw.random() < 0.6:
        words[length // 2] += "," if language == "en" else "，"
    if language == "en":
        text = " ".join(words)
        return text[0].upper() + text[1:] + draw.choices(".?!", (18, 1, 1))[0]
    return "".join(words) + draw.choices("。？！", (18, 1, 1))[0]


def _good(number: int, language: Language, seed: int) -> tuple[str, tuple[tuple[str, str], ...]]:
    draw = _random("good", number, language, seed)
    sentences = max(8, min(400, int(draw.lognormvariate(2.75 if language == "en" else 2.9, 0.75))))
    paragraphs: list[str] = []
    made: list[str] = []
    pii: list[tuple[str, str]] = []
    personal = draw.random() < 1 / 6
    for _ in range(sentences):
        made.append(_sentence(draw, language))
        if personal and draw.random() < 0.2:
            kind, value, said = _personal(draw, language)
            pii.append((kind, value))
            made.append(said)
        if len(made) >= draw.randint(4, 8):
            paragraphs.append((" " if language == "en" else "").join(made))
            made = []
    if made:
        paragraphs.append((" " if language == "en" else "").join(made))
    return ("\n\n" if language == "en" else "\n").join(paragraphs), tuple(pii)


def _personal(draw: random.Random, language: str) -> tuple[str, str, str]:
    kind, value = draw.choice(_PERSONAL[language])(draw)
    frames = {
        "en": (
            "You can reach us at {}.",
            "The entry names {} as it stands.",
            "Write to {} or call back.",
            "It says {}.",
        ),
        "zh": ("请联系{}。", "登记的是{}，没有更改。", "资料里写着{}。", "回复{}即可。"),
    }
    return kind, value, draw.choice(frames[language]).format(value)


def _mail(draw: random.Random) -> tuple[str, str]:
    name = draw.choice(_ROOTS) + draw.choice((".", "_", "")) + draw.choice(_ROOTS) + str(draw.randrange(100))
    return "email", f"{name}@{draw.choice(('example.com', 'example.org', 'example.net', 'mail.example'))}"


def _ip(draw: random.Random) -> tuple[str, str]:
    return "ip", f"{draw.choice(('192.0.2', '198.51.100', '203.0.113'))}.{draw.randint(1, 254)}"


def _card(draw: random.Random) -> tuple[str, str]:
    digits = [4, *(draw.randrange(10) for _ in range(14))]
    doubled = sum(sum(divmod(2 * digit, 10)) if place % 2 == 0 else digit for place, digit in enumerate(digits))
    text = "".join(map(str, digits)) + str(-doubled % 10)
    return "card", " ".join(text[at : at + 4] for at in range(0, 16, 4)) if draw.random() < 0.5 else text


def _us_phone(draw: random.Random) -> tuple[str, str]:
    # 555-0100 to 555-0199 are kept for fiction.
    area = draw.choice(("212", "312", "415", "503", "617", "713"))
    return "phone", draw.choice(("({}) 555-01{:02d}", "{}-555-01{:02d}")).format(area, draw.randrange(100))


def _cn_mobile(draw: random.Random) -> tuple[str, str]:
    return "phone", draw.choice(("138", "139", "150", "186", "199")) + "0000" + f"{draw.randrange(10_000):04d}"


def _cn_id(draw: random.Random) -> tuple[str, str]:
    # Mod 11-2 of GB 11643.
    body = "110101" + f"{draw.randint(1950, 2005)}{draw.randint(1, 12):02d}{draw.randint(1, 28):02d}"
    body += f"{draw.randrange(1000):03d}"
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(body))
    return "id_card", body + "10X98765432"[total % 11]


_PERSONAL: dict[str, tuple[Callable[[random.Random], tuple[str, str]], ...]] = {
    "en": (_mail, _ip, _us_phone, _card),
    "zh": (_mail, _ip, _cn_mobile, _cn_id, _card),
}


def _edited(text: str, language: str, draw: random.Random) -> str:
    """A near duplicate: about one word in a hundred another one (at least one), and a line in front or at the end."""
    content, weights = _words(language)
    if language == "en":
        words = text.split(" ")
        for place in draw.sample(range(len(words)), max(1, len(words) // 110)):
            words[place] = draw.choices(content, cum_weights=weights)[0]
        text = " ".join(words)
        line = f"Posted by {draw.choice(content)} on day {draw.randint(1, 366)}."
    else:
        signs = list(text)
        places = [
            place for place in range(len(signs) - 1) if signs[place] not in "，。？！\n" and signs[place + 1] != "\n"
        ]
        for place in draw.sample(places, max(1, len(places) // 200)):
            signs[place] = draw.choice(_HAN)
        text = "".join(signs)
        line = f"第{draw.randint(1, 366)}天转载"
    return line + "\n" + text if draw.random() < 0.5 else text + "\n" + line


def _repeated(draw: random.Random, language: str) -> str:
    return "\n".join([_sentence(draw, language)] * draw.randint(12, 40))


def _symbols(draw: random.Random, language: str) -> str:
    words = draw.choices(_words(language)[0], k=60)
    return " ".join(word + draw.choice((" #", " ...", " ###", " | ", " …")) for word in words)


def _menu(draw: random.Random, language: str) -> str:
    return "\n".join(f"{draw.choice('•-*')} {draw.choice(_words(language)[0])}" for _ in range(draw.randint(30, 80)))


def _digits(draw: random.Random, _: str) -> str:
    rows = draw.randint(10, 30)
    return "\n".join(" ".join(str(draw.randrange(10**6)) for place in range(10)) for row in range(rows))


def _short(draw: random.Random, language: str) -> str:
    return draw.choice(_words(language)[0])


def _markup(draw: random.Random, _: str) -> str:
    rows = [
        f'<div class="{draw.choice(_ROOTS)}"><a href="/{draw.choice(_ROOTS)}">x</a>{{ var y; }}</div>'
        for row in range(40)
    ]
    return "\n".join(rows)


def _cut_off(draw: random.Random, language: str) -> str:
    """Lines that all break off."""
    return "\n".join(_sentence(draw, language)[:40] + ("..." if language == "en" else "……") for _ in range(20))


_BAD: dict[str, Callable[[random.Random, str], str]] = {
    "repeated": _repeated,
    "symbols": _symbols,
    "menu": _menu,
    "digits": _digits,
    "short": _short,
    "markup": _markup,
    "cut_off": _cut_off,
}

__all__ = ["SHARES", "Document", "document", "documents", "truth", "write"]
