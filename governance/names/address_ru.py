"""Russian addresses: a street with its word before or behind it, the house, and what stands around the two.

A street without a house number is no address. What is said of the flat, the entrance and the floor behind it, and
the index, region and town before it are covered with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from governance.names.block import DIGIT, SEPARATOR, Block, Found

RECOGNISER = "addresses_russian"

_KINDS = (
    "ул|улиц[аеуы]|улицей|пр-к?т[аеу]?|просп|проспект[ае]?|пр|пр-д[ае]?|проезд[ае]?|пер|переул(?:ок|к[аеу])|бульвар[ае]?|б-р|бул|ш|шоссе|наб|"
    "набережн(?:ая|ой|ую)|пл|площад[ьи]|туп|тупик[ае]?|алле[яеи]|алл|мкр|мкрн|микрорайон[ае]?|квартал[ае]?|линия|линии|тракт[ае]?|спуск[ае]?|дор|дорога"
)
_SUFFIXED = (
    "ул\\.|улиц[аеуы]|пр-к?т[аеу]?|просп\\.|проспект[ае]?|пр\\.|пр-д|проезд[ае]?|пер\\.|переул(?:ок|к[аеу])|бульвар[ае]?|б-р|шоссе|наб\\.|"
    "набережн(?:ая|ой|ую)|площад[ьи]|пл\\.|тупик|алле[яеи]|линия|тракт[ае]?"
)
#: A patronymic, which is no part of a town's name.
_FATHER = "[А-ЯЁ][а-яё]+(?:ович|евич|ьич|овна|евна|ична|инична)[а-яё]{0,2}(?![а-яё])"
_CAPITAL = "[А-ЯЁ][А-Яа-яЁё-]*\\.?"
_NAME = (
    f"(?:\\d{{1,4}}(?:-(?:[а-я]{{1,3}}))? )?(?:лет |им\\. ?|имени |реки )?{_CAPITAL}(?:(?: |(?<=\\.))(?:{_CAPITAL}|и|\\d{{1,4}}(?=-)))"
    + "{0,3}"
    + "|\\d{1,2} (?:мая|января|февраля|марта|апреля|июня|июля|августа|сентября|октября|ноября|декабря)"
)
_NAME = f"(?:{_NAME})"
_SMALL = "(?!на |в |по |с |к |у |от |до |из |что |не |где |как |это |был|есть )[а-яё-]{4,}(?: [а-яё-]{4,})?"
_NUMBER = (
    "\\d{1,4}(?: ?[А-Яа-яЁё](?![а-яёА-ЯЁ.\\d])|[кс]\\d{1,2}(?!\\d)(?:с\\d{1,2}(?!\\d))?)?(?:[/-]\\d{1,4}[А-Яа-я]?(?![а-яё\\d]))?(?!\\d)"
    "(?! ?(?:км|метр|м\\b|мин|час|лет|год|руб|тыс|млн|дн|%|раз|шт|чел|кг|градус))"
)
_HOUSE = f"(?:,? ?(?:д|дом|доме|вл|владение|зд|здание|уч|участок)\\b\\.? ?№? ?{_NUMBER}|,? ?{_NUMBER})"
_DOOR = (
    "(?:,? ?(?i:корп|корпус|к|стр|строение|лит|литера?|кв|кварт|квартир[аеу]|оф|офис[ае]?|пом|помещение|под|подъезд[ае]?|эт|этаж[ае]?|ком|комната|комн|каб|"
    "кабинет|блок|секция|бокс|домофон|код|д|дом|уч|участок|лифт|вход)\\b\\.? ?№? ?(?:\\d{1,5}[А-Яа-яA-Z]?|[А-ЯЁ])(?![а-яё])(?:[/-]\\d{1,4})?"
    "|,? ?\\d{1,3}(?:-?[йя])? (?:подъезд|этаж)|-\\d{1,4})"
)
_STREET = (
    f"(?:(?<![А-Яа-яЁё])(?:(?i:{_KINDS})(?:\\. ?| ){_NAME}|(?i:ул|пр-к?т|просп|пер|мкр|б-р|наб)(?:\\. ?| ){_SMALL}(?= ?,? ?(?:д\\.? ?|дом )?\\d))"
    f"|(?<![А-Яа-яЁё-])(?:\\d{{1,3}}-[а-я]{{1,3}} )?[А-ЯЁ][а-яё-]+(?:ая|яя|ой|ый|ий|ое|ее|ом|ем|ого|ей|ую|ые|ых|ого)(?: [А-ЯЁ][а-яё-]+)? (?:{_SUFFIXED})(?![а-яё])"
    f"|(?<![А-Яа-яЁё])(?i:мкр|мкрн|микрорайон|квартал)\\.? ?\\d{{1,3}}[а-яА-Я]?)"
)
_TOWNS = (
    "Москва|Санкт-Петербург|СПб|Новосибирск|Екатеринбург|Казань|Самара|Омск|Томск|Пермь|Уфа|Тула|Тверь|Рязань|Сочи|Ростов(?:-на-Дону)?|"
    "Нижний Новгород|Челябинск|Красноярск|Краснодар|Воронеж|Волгоград|Саратов|Тюмень|Ижевск|Барнаул|Иркутск|Хабаровск|Владивосток|Минск"
)
_TAIL = f"(?:,? ?(?:г\\. ?)?(?i:{_TOWNS})(?![а-яё])|,? ?(?<!\\d)\\d{{6}}(?!\\d))"
#: The flat by its number alone, last in its line.
_FLAT = f"(?:, ?\\d{{1,3}}(?=\\.?[\n{SEPARATOR}]))?"
_ADDRESS = re.compile(f"{_STREET}{_HOUSE}{_FLAT}{_DOOR}{{0,7}}{_TAIL}{{0,2}}")
#: A street without its word, told by the flat behind it: "Комсомольской 15, кв 8".
_BARE = re.compile(
    f"(?<![А-Яа-яЁё-])[А-ЯЁ][а-яё-]{{3,}}(?: [А-ЯЁ][а-яё]+)?,? (?:д\\.? ?|дом )?{_NUMBER},? ?(?i:кв|квартира|корп|оф|офис|подъезд)\\b\\.? ?\\d{{1,4}}{_DOOR}{{0,6}}"
)
#: A street without its word behind its town, told by the house and what follows, or by its ending: "Казань, Чистопольская 77".
_TOWN_BARE = re.compile(
    f"(?<![А-Яа-яЁё-])(?:г\\. ?)?(?i:{_TOWNS}), ?(?:[А-ЯЁ][а-яё-]+ )?[А-ЯЁ][а-яё-]{{3,}},? (?:д\\.? ?|дом )?{_NUMBER}(?:{_FLAT}{_DOOR}{{0,7}}|-\\d{{1,4}})"
)
#: A street without its word behind a little word, told by how its house is written: "на Профсоюзной, 104к1".
_CASED = re.compile(
    "(?<![А-Яа-яЁё])(?:на|по|с|со|из) (?P<street>(?:[А-ЯЁ][а-яё-]+(?:ой|ую|ом|ого) )?[А-ЯЁ](?:[а-яё]+-[А-ЯЁ])?[а-яё-]+(?:ой|ей|ую|юю|ого|ом|ке|ку|[аеуыи]),? (?:д\\.? ?|дом )?"
    f"\\d{{1,3}}(?:/\\d{{1,3}}|[кс]\\d{{1,2}}|[а-гА-Г](?![а-яёА-ЯЁ]))(?!\\d){_DOOR}{{0,6}})(?= *(?:[.,;:!?)\n{SEPARATOR}]|\\Z))"
)
#: The house before its street, a plot of an estate, a house of a quarter by its number.
_OTHER = re.compile(
    f"(?<![А-Яа-яЁё])(?i:дом[аеу]?|д\\.) ?\\d{{1,3}}[а-гА-Г]?,? (?:по|на) (?i:{_KINDS})(?:\\. ?| ){_NAME}"
    f'|(?<![А-Яа-яЁё])(?:СНТ|ДНП|ДНТ|СТ|КП|ЖК|ГСК|ТСН) ?[«"“]?{_CAPITAL}(?: (?:{_CAPITAL}|\\d{{1,3}})){{0,2}}[»"”]?,? ?(?i:уч|участок|дом|д|бокс|корп|корпус|линия|секция)\\b\\.? ?№? ?\\d{{1,4}}[а-я]?{_DOOR}{{0,6}}'
    f"|(?<![\\d-])\\d{{1,3}}-(?:м|й|ой|ом|го|я) (?i:микрорайон[ае]?|мкр\\.?|квартал[ае]?|линии|линия|просек[аеи]){_HOUSE}{_FLAT}{_DOOR}{{0,6}}"
)
#: A house of a village that has no streets: "дер. Кузнецово, д. 25", behind its district without the word as well.
_VILLAGE = re.compile(
    "(?P<near>(?:р-н[ае]?|район[ае]?|обл\\.|област[ьи]|округ[ае]?),? )?(?P<street>(?<![А-Яа-яЁё-])(?:(?i:деревн[яе]|сел[оеа]|пос[её]л(?:ок|ке)|хутор[ае]?|аул[ае]?|станиц[ае]) |(?:дер|пос|[сдпх])\\. ?)"
    "[А-ЯЁ][а-яё-]{2,}(?: [А-ЯЁ][а-яё-]{2,})?,"
    f"(?: ?(?i:д|дом)\\b\\.? ?№? ?{_NUMBER}{_DOOR}{{0,3}}| ?{_NUMBER}(?(near)|(?!))))"
)
#: A box of the post office, and what says so: "101000, г. Москва, а/я 214".
_BOX = re.compile("(?<![А-Яа-яЁё])(?i:а/я|абонентский ящик|аб\\. ?ящик) ?№? ?\\d{1,6}(?!\\d)")
#: Where somebody lives, a street in small letters and the house with its flat: "живу на ленина 45-12".
_LIVED = re.compile(
    "(?i:(?<![а-яё])(?:живу|живём|живем|живёт|живет|проживаю|проживает|адрес|доставьте|привезите|везите)(?: мой| доставки)?:? (?:(?:на|по|в) )?)"
    "(?P<street>(?:[а-яёА-ЯЁ-]{4,} )?[а-яёА-ЯЁ-]{4,}(?:а|я|ы|и|ой|ая|ого|ых|ей|ва|на),? (?:д\\.? ?|дом )?\\d{1,3}[а-г]?(?:[/-]\\d{1,4}|,? ?кв\\.? ?\\d{1,4}))(?![\\d-])"
)
#: Where somebody lives or is to come to, a street in its case and the house: "приезжайте на Лесную 12".
_COMES = re.compile(
    "(?i:(?<![а-яё])(?:жив[уеё](?:т|м|шь)?|жил[аи]?|прожива(?:ю|ет|ем|л|ла|ли)|(?:про|при|подъ|за|до)езжайте|(?:при|подъ|до)еха(?:ть|л|ла|ли)|переехал[аи]?|едем|еду|достав(?:ьте|ить|ка)|прив[её]з(?:ите|ти)|заб(?:ерите|рать)|вызов|вызвали|выехали) )(?:(?:машину|скорую|бригаду|такси|заказ|посылку) )?(?:на|по|с|со) "
    "(?P<street>(?:[А-ЯЁ][а-яё-]+(?:ой|ую|ого) )?[А-ЯЁ][а-яё-]+(?:ой|ей|ую|юю|ого|ова|ева|ина),? (?:д\\.? ?|дом )?"
    f"\\d{{1,3}}[а-г]?(?![\\d-]){_DOOR}{{0,6}})(?= *(?:[.,;:!?)\n{SEPARATOR}]|\\Z))"
)
_HEAD = re.compile(
    "(?:(?:(?<!\\d)\\d{6},? ?|(?:Россия|РФ|Российская Федерация),? ?|"
    "(?:(?<![А-Яа-яЁё-])(?i:г|гор|город|с|село|пос|посёлок|п|пгт|рп|х|хутор|к|клх|дер|деревня|д|селе|деревне|посёлке|поселке|городе|станице|хуторе|ст|станица|респ|республика|обл|область|край|р-н|район|снт|тер|округ|мкр|мкрн|микрорайон)\\b\\.? ?)"
    f"{_CAPITAL}(?: {_CAPITAL})?(?: \\([А-ЯЁ][а-яё]+\\.?\\))?(?: (?:обл\\.|область|край|р-н|район))?,? ?|"
    f"{_CAPITAL}(?: {_CAPITAL})? (?:обл\\.?|область|край|р-н|район|округ),? ?|(?!{_FATHER}){_CAPITAL}(?:-на-{_CAPITAL}|-{_CAPITAL})?(?: (?!{_FATHER}){_CAPITAL})?, ?"
    "|(?<=\\d ){_CAPITAL}, ?)){1,6}\\Z".replace("{_CAPITAL}", _CAPITAL).replace("{_FATHER}", _FATHER)
)
_INDEX = re.compile("(?<!\\d)\\d{6}(?=,? )")
_BORN = re.compile("(?:ович|евич|ьич|овна|евна|ична|инична)[а-яё]{0,2} \\Z")
#: A number stands no further behind the street's word, in code points.
_REACH = 60
_HINT = re.compile(
    f"(?i:(?<![а-яё])(?:{_KINDS}|кв|корп|оф|подъезд)\\b|а/я|ящик|жив[уеё]|жил|прожива|адрес|достав|вез[иё]т|еха[тл]|езжайте|еду|едем|забер|забра|вызов|вызвал|(?<![а-яё])(?:{_TOWNS}),|(?<![а-яё])(?:уч|участок)\\b|, ?(?:д|дом)\\b\\.? ?\\d|(?:р-н|район|обл|область|округ)[ае.]?,? (?:дер|деревня|село|пос|посёлок|с|д|п)\\b|-(?:м|й|ой|ом|го) (?:микрорайон|мкр|квартал|лини|просек))"
    "|(?<![А-Яа-яЁё])(?:на|по|с|со|из) [А-ЯЁ][А-ЯЁа-яё-]+(?: [А-ЯЁ][а-яё-]+)?,? (?:д\\.? ?|дом )?\\d{1,3}(?:/\\d|[кс]\\d|[а-гА-Г](?![а-яёА-ЯЁ]))"
)


def _hints(block: Block) -> Iterator[re.Match[str]]:
    """Words of addresses a few words before a digit."""
    digits = np.flatnonzero(block.kinds & DIGIT)
    if not len(digits):
        return
    breaks = np.flatnonzero(np.diff(digits) > _REACH)
    firsts = digits[np.concatenate([[0], breaks + 1])]
    lasts = digits[np.concatenate([breaks, [len(digits) - 1]])]
    for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
        yield from _HINT.finditer(block.text, max(0, first - _REACH), last + 12)


def find(block: Block) -> list[Found]:
    """Addresses with a house number in the rows of a block."""
    out: list[Found] = []
    text = block.text
    done = -1
    for hint in _hints(block):
        if hint.start() < done:
            continue
        low = int(block.starts[block.rows_of(np.array([hint.start()]))[0]])
        begin = max(low, hint.start() - 48)
        for pattern in (_ADDRESS, _BARE, _TOWN_BARE, _BOX, _LIVED, _COMES, _CASED, _OTHER, _VILLAGE):
            found = pattern.search(text, begin, hint.end() + 160)
            if found is None or found.start() > hint.start():
                continue
            start = found.start("street") if "street" in pattern.groupindex else found.start()
            head = _HEAD.search(text, max(low, start - 100), start)
            if head is not None:
                start = head.start()
                if _BORN.search(text, max(low, start - 24), start) and "," in head[0][:-2]:
                    start = head.start() + head[0].index(",") + 1  # "Карп Ануфриевич Сорокин, г. Тверь"
                    start += text[start] == " "
                index = _INDEX.search(text, start, head.end())
                if index is not None and not text.startswith(("Росс", "РФ"), start):
                    start = index.start()  # who stands before the index is a person
            end = found.start() + len(found[0].rstrip(" ,"))
            if done <= start or done <= found.start():
                out.append(Found(max(start, done), end, "ADDRESS", 0.8, RECOGNISER, "grammar"))
                done = end
            break
    return out
