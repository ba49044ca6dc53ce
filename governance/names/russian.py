"""Russian names: runs of capitalised words, read by the roles that their words can have.

A word is a given name (in any case), a patronymic or a family name by its ending, an initial, an ordinary word, a
place, or unknown. A name is one of a few orders of roles (given name and family name, initials and family name, ...);
a role that stands alone needs a word beside it, or its place within the sentence, to speak for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from governance.names.block import SEPARATOR, Block, Found
from governance.names.lexicon import load, unpacked
from governance.names.russian_alone import beside, named, speaks
from governance.names.russian_lists import CALLED, DOUBTFUL, FOREIGN, MADE, NOT, SHORT, SPEAKS, THINGS, TITLES, WORKS

RECOGNISER = "names_russian"

_PATRONYMIC = re.compile(
    "[а-я]{2,}(?:(?:[оеё]вич|[иь]ич|мич)(?:а|у|ем|ом|е|и|ей|ам)?|(?:[оеё]вн|иничн|ичн)(?:а|ы|е|у|ой|ою))\\Z|"
    "(?:ильич|лукич|кузьмич|фомич|никитич|саввич|палыч|иваныч|петрович|степаныч|михалыч|николаич|сергеич|андреич|алексеич|василич|юрьич)(?:а|у|ем|ом|е)?\\Z"
)
#: Endings of family names in all cases, most telling first.
_SURE = re.compile(
    "[а-я]{2,}(?:енко|енко|чук(?:а|у|ом|е)?|нюк(?:а|у|ом|е)?|дзе|швили|ян(?:а|у|ом|е|ц)?|янц|ович|евич|"
    "[оеё]в(?:а|у|ым|е|ой|ы|ых|ыми)?|[иы]н(?:а|у|ым|е|ой|ы|ых|ыми)?|(?:ов|ев|ин)ск(?:ий|ого|ому|им|ом|ая|ой|ую|ие|их)|(?:с|ц)к(?:ий|ого|ому|им|ом|ая|ой|ую|ие|их)|"
    "[оеы]й|[аеяо]го|[ыи]х|оглы|кызы|заде|уллин(?:а|у|ым|е|ой)?|ук(?:а|у|ом|е)?|юк(?:а|у|ом|е)?|ейко|ило|айло|ак(?:а|у|ом|е)?|ик(?:а|у|ом|е)?|ец)\\Z"
)
_STRONG = re.compile(
    "[а-я]{2,}(?:енко|чук(?:а|у|ом|е)?|дзе|швили|[аи]ев(?:а|у|ым|е|ой|ы|ых)?|[бвгджзклмнпрстфхцчшщ]ов(?:а|у|ым|е|ой|ы|ых|ыми)?|"
    "[бвгджзклмнпрстфхцчшщйьаеои]ев(?:а|у|ым|е|ой|ы|ых)?|[бвгджзклмнпрстфхцчшщ][иы]н(?:а|у|ым|е|ой|ы|ых)?|[а-я]ян(?:а|у|ом|е)?|"
    "(?:ов|ев|ин)ск(?:ий|ого|ому|им|ом|ая|ую)|цк(?:ий|ого|ому|ая|ую)|оглы|заде|уллин|гареев)\\Z"
)
_ADJECTIVE = re.compile("[а-я]{2,}[сц]к(?:ий|ого|ому|им|ом|ая|ой|ую|ие|их|ими|ое)\\Z")
_ENDINGS = (
    "а я о е ё ы и у ю ь й ей ой ий ый ая яя ое ее ие ые ую юю ого его ому ему ым им ом ем ах ях ам ям ами ями ов ев их ых ыми ими ою ею ешь ет ем ете "
    "ут ют ишь ит ите ат ят ть ти л ла ло ли ся сь лся лась лось лись тся ться ется ются ятся ится ал ала ало али ил ила ило или ел ела ело ели "
    "ать ять ить еть ен на но ны вший вшая вшие вшего вшей вших вшим в вши"
).split()
_STEM = re.compile(f"(?<=...)(?:{'|'.join(sorted(_ENDINGS, key=len, reverse=True))})\\Z")

_WORD = "[А-ЯЁ](?:[а-яё]+|[А-ЯЁ]+)(?:-[А-ЯЁа-яё]{2,})*"
_INITIAL = "[А-ЯЁ][жзюье]?\\."
_PART = f"(?:{_INITIAL}|{_WORD}(?![а-яёА-ЯЁ]))"
_RUN = re.compile(f"(?<![А-Яа-яЁёA-Za-z0-9_@-])(?:{_PART})(?: ?(?<=[. ]){_PART})*")
_PIECE = re.compile(_PART)
_ORDERS = re.compile(
    "(?P<full>[GgL]P[A-Za-z]?|W[GgUL]P|WII(?![GgFfUAKHIP])|[FfUAK][Gg]I(?=$)|[FfUAHKL][GgUL]P|[UKFfH]P[FfUAK]?|[FfUAKLGg]II|[FfUAGgKL]I(?=$)|I{1,3}[FfUAHKGgWL]|U[GgU]P[FfUA]?)|"
    "(?P<pair>[Gg]{1,2}[FfUAKH][UFA]?|[FfUAK]G|[FK]g|[WL][FfK]|GG|g{3}|[Gg]U+|UF)|(?P<close>[Gg][LW])|(?P<strange>UU[UF]?|[FKU]{2}|UA)|"
    "(?P<given>[Gg])|(?P<patronymic>P)|(?P<family>[FfAK])|(?P<unknown>[UH])|(?P<word>W)"
)
_BEFORE = re.compile('([А-Яа-яЁё-]+)"?(?: ?[.,:]| —| -)? ?[«"(]?\\Z')
#: What stands before the name of who writes or is written to.
_SIGNED = re.compile(
    "(?i:уважением|пожеланиями|обнимаю|целую|привет|спасибо|любовью|наилучшими|извините|простите|искренне ваш[аи]?|от|кому|здравствуйте|здравствуй|добрый день|добрый вечер|доброе утро|доброго дня|доброго времени суток|рождения|миром|алло|слушай|послушай(?:те)?)[,!:]? ?\n?\\Z"
)
_AFTER = re.compile('[»")]? ?(?:(?:не|уже|снова|опять|точно|также|затем|тоже|вновь|сам|сама|никогда) )?([а-яё]+)')
#: A role with what it is the role of: "начальник цеха", "министр иностранных дел Турции".
_ROLE_OF = re.compile("([А-Яа-яё-]{3,}) (?:[а-яё]{3,} ){1,2}\\Z")
_PAST = re.compile(
    "[а-яё]{2,}(?:[аеиоуыяё]л(?:а|и|о)?(?:с[яь])?|[зснпкчг]л?(?:ла|ли|ло)(?:с[яь])?|ш[её]л|шла|шли|сь|лся|[ёе]т)\\Z"
)


class _Lists(NamedTuple):
    given: frozenset[str]
    doubtful: frozenset[str]
    family: frozenset[str]
    words: frozenset[str]  # stems
    places: frozenset[str]


def plain(word: str) -> str:
    """A word in small letters with е for ё."""
    return word.lower().replace("ё", "е")


def stem(word: str) -> str:
    """A folded word without the longest ending that leaves three letters."""
    found = _STEM.search(word)
    return word[: found.start()] if found else word


def forms(name: str) -> list[str]:
    """A folded given name in its cases."""
    last, base = name[-1], name[:-1]
    if name.endswith("ия"):
        return [name, *(base + e for e in ("и", "ю", "ей"))]
    if last == "а":
        soft = base[-1:] in "гкхжшщчц"
        return [name, *(base + e for e in ("и" if soft else "ы", "е", "у", "ой", "ою", "ей"))]
    if last == "я":
        return [name, *(base + e for e in ("и", "е", "ю", "ей", "ею"))]
    if last == "й":
        return [name, *(base + e for e in ("я", "ю", "ем", "е", "и"))]
    if last == "ь":
        return [name, *(base + e for e in ("я", "ю", "ем", "е", "и", "ью"))]
    if last in "оеиуюыэ":
        return [name]
    out = [name, *(name + e for e in ("а", "у", "ом", "ем", "е"))]
    if name.endswith(("ек", "ок")):
        out += [name[:-2] + e for e in ("ька", "ьку", "ьком", "ка", "ку", "ком")]
    return out


@lru_cache(maxsize=1)
def _lists() -> _Lists:
    data = load("others")
    listed = {plain(name) for name in [*unpacked(data["ru_given"]), *SHORT.split(), *FOREIGN.split()]}
    special = (
        "павел:павла павлу павлом павле",
        "лев:льва льву львом льве",
        "петр:петра петру петром петре",
        "пётр:петра",
    )
    given = {form for name in listed if len(name) > 1 for form in forms(name)} - NOT
    for entry in special:
        given.update(entry.partition(":")[2].split())
    doubtful = {form for name in DOUBTFUL for form in forms(name)}
    return _Lists(
        frozenset(given),
        frozenset(doubtful),
        frozenset(plain(name) for name in unpacked(data["ru_family"])),
        frozenset(unpacked(data["ru_stems"])),
        frozenset(form for name in unpacked(data["ru_places"]) for form in (*forms(name), stem(name))),
    )


#: What family names of two parts begin with.
_FAMILY_BEGINS = frozenset(("тер", "тэр", "мак", "бен"))
#: Endings of things and of what they are like, which no name has: "беспроводные", "шумоподавление".
_THING = re.compile("(?:[бвджзлмнпрстчшщ]ые|[гкхжшчщ]ие|[еа]ние|ость|ции)\\Z")


#: Little words that open sentences: "Но Анна пришла", "За Олегом приехали".
_LITTLE = frozenset(
    "Но Да Же Бы Там Им Ей Вас Их Её Ее Та То Те Со Во На За Над Из От До По Без Ко Об Не Ни Ну Ой Ах Эх Ух Эй Тем Итак Мы Вы Он Ты Нему Само Весь Здравствуйте".split()
)


@lru_cache(maxsize=1 << 16)
def role(token: str) -> str:
    """What a capitalised word can be.

    I initial, G given name, g given name and something else, P patronymic, F family name, f family name or word,
    A adjective or family name, K family name of a list, H part of a name with a hyphen, U unknown, W word, L place.
    """
    if token.endswith("."):
        return "I"
    if len(token) == 1 or token in _LITTLE:
        return "W"
    known = _lists()
    word = plain(token)
    base = stem(word)
    ordinary = base in known.words
    if _PATRONYMIC.match(word) and word not in NOT and not (word.endswith("вич") and len(word) < 6):
        return "W" if ordinary and word.endswith(("ой", "ою", "ы", "ая", "ую")) else "P"
    if word in known.given:
        return "g" if word in known.doubtful else "G"
    if token.isupper() and len(token) < 4:
        return "W"
    family = _family(word, known.family)
    if word in known.places:
        return "f" if family or _STRONG.match(word) else "L"
    if family:
        return "f" if ordinary else "K"
    if _ADJECTIVE.match(word):
        return "A" if not ordinary or word.endswith(("ский", "ского", "скому", "ская", "скую")) else "W"
    if "-" in word:
        first, _, last = word.partition("-")
        if first in known.given and last in known.given:
            return "G"  # "Анна-Мария"
        parts = role(first.capitalize()), role(last.capitalize())
        surely = _SURE.match(last) is not None or _family(last, known.family)
        if all(part in "GFKUA" for part in parts):
            return "F" if surely else "G" if first in known.given else "U"
        if first in _FAMILY_BEGINS and parts[1] in "FfKUA":
            return "F"  # "Тер-Петросян"
        # Two family names that are words too: "Петров-Водкин".
        return "F" if surely and all(part in "FfK" for part in parts) else "W"
    if ordinary:
        return "f" if _STRONG.match(word) else "W"
    if _STRONG.match(word):
        return "F"
    return "W" if _THING.search(word) else "U"


def _family(word: str, listed: frozenset[str]) -> bool:
    """Whether a word is a listed family name in some case, of a man, a woman or a family."""
    if word in listed:
        return True
    for ending in ("а", "у", "ым", "е", "ой", "ы", "ых", "ыми", "ом"):
        if word.endswith(ending) and word[: -len(ending)] in listed:
            return True
    return False


@lru_cache(maxsize=1)
def _titles() -> frozenset[str]:
    """Words before names in their cases."""
    return frozenset(form for word in TITLES for form in (*forms(plain(word)), plain(word) + "ом"))


@lru_cache(maxsize=1)
def _things() -> frozenset[str]:
    return frozenset(form for word in THINGS for form in forms(plain(word)))


def _titled(word: str) -> bool:
    """Whether a word, in whatever case, is one that stands before names."""
    return plain(word) in _titles()


def find(block: Block) -> list[Found]:
    """Russian names of a block."""
    out: list[Found] = []
    text = block.text
    for run in _RUN.finditer(text):
        start, end = run.span()
        if text[start - 1] in _QUOTES and _WORK.search(text, max(0, start - 24), start):
            continue
        said = run[0]
        if " " not in said and "." not in said:
            # Most runs are one word that opens a sentence.
            kind = role(said)
            if kind in "WLI":
                continue
            spans, kinds = [(start, end)], kind
        else:
            pieces = [m.span() for m in _PIECE.finditer(text, start, end)]
            spans, kinds = pieces, _korean("".join(role(text[a:b]) for a, b in pieces), [text[a:b] for a, b in pieces])
            if not said.isupper():
                # An abbreviation among words that are none.
                kinds = "".join(
                    "W" if b - a > 2 and text[a:b].isupper() else k for k, (a, b) in zip(kinds, pieces, strict=True)
                )
        _read(text, spans, kinds, out)
    if out:
        taken = {place for item in out for place in (item.start, item.end)}
        out += [
            Found(a, b, "PERSON", 0.6, RECOGNISER, "context")
            for item in [*out]
            for a, b in beside(text, item.start, item.end)
            if a not in taken and b not in taken and role(text[a:b]) in "UAf"
        ]
    out += _on_cards(text)
    return [_styled(text, item) for item in _with_fathers(text, sorted(out))]


#: Family names of the Koreans of Russia and Central Asia, words and given names many of them.
_KOREANS = frozenset(
    "Пак Ким Цой Тен Хан Югай Хван Шин Кан Нам Лим Юн Сон Мун Хо Но Ан Пан Чен Тян Огай Когай Хегай Шегай Эм Ли Лян Лигай Тигай Ногай Мин Шим Чон Чжен".split()
)

#: Of them, words that open sentences: "Но Анна пришла".
_OPENERS = frozenset("Но Ан Сон Нам Пан Кан Мин Хан".split())


def _korean(kinds: str, said: list[str]) -> str:
    """The roles of some words, those of Korean family names beside a given name: "Пак Светлана", "Саша Ким"."""
    if _KOREANS.isdisjoint(said):
        return kinds
    out = list(kinds)
    for i, word in enumerate(said):
        beside = kinds[max(0, i - 1) : i] + ("" if word in _OPENERS else kinds[i + 1 : i + 2])
        if word in _KOREANS and "G" in beside:
            out[i] = "K"
    return "".join(out)


#: Two words with a hyphen of which the last ends as family names do.
_DOUBLE = re.compile(
    "-[А-ЯЁ][а-яё]*(?:(?<!че)(?<!ичес)(?:ск|цк)(?:ий|ого|ому|им|ом|ая|ой|ую)|[оеё]в(?:а|у|ым|е|ой)?|ин(?:а|у|ым|е|ой)?|ко|ян(?:а|у|ом|е)?|швили|дзе|их|ых|юк|чук)\\Z"
)
#: What is said with a name and belongs to it.
_STYLES = (
    "г-н ",
    "г-жа ",
    "г-на ",
    "г-ну ",
    "г-жи ",
    "г-же ",
    "г-жу ",
    "тов. ",
    "Г-н ",
    "Г-жа ",
    "Тов. ",
    "Господин ",
    "Госпожа ",
)


def _styled(text: str, item: Found) -> Found:
    """A find with the style before it: "г-жа Ремизова"."""
    if text[item.start - 1] == " ":
        for style in _STYLES:
            low = item.start - len(style)
            if text.startswith(style, max(0, low)) and not text[max(0, low - 1)].isalpha():
                return item._replace(start=low)
    return item


#: "Держатель карты: IVAN PETROV": names on cards and passports stand in Latin capitals.
_ON_CARD = re.compile("[A-Z][A-Za-z'-]+(?: [A-Z][A-Za-z'-]+){1,2}(?![A-Za-z])")
_CARD = re.compile(
    "(?:держател[ьяю]|владел(?:ец|ьца|ьцу)|латиницей|загранпаспорт[еа]?)[а-яё ]{0,20}[:—-] ?\\Z", re.IGNORECASE
)


def _on_cards(text: str) -> Iterator[Found]:
    """Names in Latin letters behind words of Russian forms."""
    for found in _ON_CARD.finditer(text):
        if _CARD.search(text, max(0, found.start() - 40), found.start()):
            yield Found(*found.span(), "PERSON", 0.75, RECOGNISER, "context")


_SON_OF = (" оглы ", " кызы ", " улы ", " оглу ", " ибн ", " аль-")


def _with_fathers(text: str, found: list[Found]) -> list[Found]:
    """The finds, and those as one that "son of" or "daughter of" stands between."""
    out: list[Found] = []
    for item in found:
        if out and 4 < item.start - out[-1].end < 8 and text[out[-1].end : item.start] in _SON_OF:
            item = out.pop()._replace(end=item.end)
        out.append(item)
    return out


def _read(text: str, spans: list[tuple[int, int]], kinds: str, out: list[Found]) -> None:
    at = 0
    # A role that opens a sentence is no part of the name behind it.
    while at + 1 < len(kinds) and kinds[at] not in "IGgP" and _titled(text[slice(*spans[at])]):
        at += 1
    if at:
        kinds = "W" * at + kinds[at:]
    while found := _ORDERS.search(kinds, at):
        first, last = found.span()
        at = last
        start, end = spans[first][0], spans[last - 1][1]
        if _work(text, spans, first, last):
            continue
        weight = _weight(text, spans, kinds, first, last, found.lastgroup or "")
        if weight >= 1.0:
            if kinds[last - 1] == "I" and text[end : end + 1] == ".":
                end += 1
            roman = _ROMAN.match(text, end)
            if roman and kinds[last - 1] in "GgFfKU":
                end = roman.end()
            out.append(Found(start, end, "PERSON", min(0.95, 0.5 + 0.1 * weight), RECOGNISER, "grammar"))
        elif last - first > 1:
            at = first + 1


_QUOTES = frozenset('«"“„')


def _work(text: str, spans: list[tuple[int, int]], first: int, last: int) -> bool:
    """Whether pieces, or one and the one before it, are a work or somebody in one: "Евгений Онегин", "Дядя Ваня"."""
    if last - first == 1 and first:
        first -= 1
    return last - first == 2 and plain(text[spans[first][0] : spans[last - 1][1]]) in WORKS


#: Works, places and things that bear a name in quotes.
_WORK = re.compile(
    "(?i:роман|книг|фильм|сериал|опер|балет|пьес|спектакл|песн|картин|повест|рассказ|поэм|альбом|мюзикл|мультфильм|игр|ресторан|кафе|магазин|бар|отел|гостиниц|"
    'теплоход|ледокол|крейсер|преми|фабрик|компани|конфет|шоколад|духи|бренд|салон|клиник|аптек|завод|колхоз|стадион|парк)[а-яё]{0,5} ?[«"“„]\\Z'
)
_ROMAN = re.compile(" [IVX]{1,4}\\b")
_OPENING = re.compile("(?:[.!?…\n\\r*•>;)(]|\\A|" + SEPARATOR + ')[ \t"«»“”—–-]*\\Z')


def _weight(text: str, spans: list[tuple[int, int]], kinds: str, first: int, last: int, order: str) -> float:
    """How much speaks for a name, from 1.0 on enough."""
    start, end = spans[first][0], spans[last - 1][1]
    own = kinds[first:last]
    behind = text[end : end + 24]
    low = max(0, start - 24)
    before = text[low:start]
    opens = first == 0 and _OPENING.search(before) is not None
    quoted = before.endswith(("«", '"', "“", "„")) and behind[:1] in '»"”“'
    left = _BEFORE.search(before)
    titled = False
    if first:
        titled = kinds[first - 1] in "WU" and _titled(text[spans[first - 1][0] : spans[first - 1][1]])
    elif left is not None:
        titled = _titled(left[1]) and SEPARATOR not in before[left.start() :] and left[1] == left[1].strip("-")
        if titled and before.rstrip(' «"(')[-1:] == "." and left[1].lower() not in ("г", "гр", "тов", "св"):
            titled = False
    labelled = titled and not first and before.endswith((': "', ':"'))
    made = text[slice(*spans[first - 1])] if first else left[1] if left is not None and before[-1:] == " " else ""
    if made and not titled and stem(plain(made)) in MADE:
        return 0.0  # "Шоколад Алёнка", "проспект Андропова"
    if not first and not titled and before.endswith(("\n", ", ")):
        titled = _SIGNED.search(before) is not None
    role_of = None if titled or first else _ROLE_OF.search(before)
    roled = role_of is not None and _titled(role_of[1]) and not _PAST.match(before.split()[-1])
    following = _AFTER.match(behind)
    after = following[1] if following else ""
    # Ordinary capitalised words beside it: a title of a work, of a brand, of an institution.
    opener = first == 1 and _OPENING.search(text[max(0, spans[0][0] - 24) : spans[0][0]]) is not None
    neighbours = (first > 0 and kinds[first - 1] in "WLAU" and not titled and not opener) or (
        last < len(kinds) and kinds[last] in "WLAU"
    )
    thing = bool(after) and after != "дома" and plain(after) in _things()
    verb = bool(after) and (_PAST.match(after) is not None or after in SPEAKS)
    if before.endswith(("имени ", " им. ", " им.")) and not before.endswith("от имени "):
        return 0.0  # "Больница имени Боткина"
    if order == "full" and own[0] == "W":
        # "Получатель: Бережная Мирослава Олеговна": a family name that is a word as well.
        opening = plain(text[slice(*spans[first])])
        if own == "WII" and verb:
            return 2.0  # "Бойко В. А. подал иск"
        return 0.0 if (opens and not _WORDLY.search(opening)) or _POLITE.match(opening) else 3.0
    if order == "full":
        if own[0] == "I" and own[-1] == "W":
            # "А. Римский-Корсаков": a double name, though its parts are words.
            double = _DOUBLE.search(text[slice(*spans[last - 1])]) is not None
            return 1.2 if (len(own) > 2 and not opens) or double else 0.0
        if own.endswith("I") and len(own) == 2:
            return 1.2 if (titled or not neighbours) and not text[start:end].isupper() else 0.0
        if own[0] == "I" and len(own) == 2:
            return 2.0 if own[-1] in "FfKUA" or not opens else 0.8
        return 4.0
    if text[start:end].isupper() and order not in ("full", "pair") and not (titled and set(own) <= set("GFK")):
        return 0.0
    if order == "pair" and own[0] in "WL":
        # "Сотрудница Мерседес Торкунова", "письмо Кассандры Дубровиной"
        if _WORDLY.search(plain(text[slice(*spans[first])])) and not titled:
            return 0.0
        plainly = own[0] == "W" and own[1] != "f" and not (opens or neighbours or quoted)
        return 1.6 if titled and not neighbours else 1.0 if plainly else 0.0
    if order == "pair":
        weak = own[0] == "g" and (own[-1] == "U" or (own[-1] == "A" and opens))
        weak = weak and not _chinese(text, spans[first:last])
        value = 2.5 if "G" in own else 1.6
        value -= 1.0 if weak and not titled and not (own == "gU" and not neighbours and named(before)) else 0.0
        value -= 1.0 if own[-1] == "A" and thing else 0.0
        return value - (1.2 if quoted and "G" not in own else 0.0)
    if order == "close":
        value = (1.3 if own[0] == "G" else 0.6) + (0.8 if titled else 0.0) - (1.0 if thing or quoted else 0.0)
        return value - (0.6 if opens and own[0] == "g" else 0.0) + (0.5 if own == "gW" and not opens else 0.0)
    value = {"strange": 0.9, "given": 1.4, "patronymic": 1.3, "family": 0.6, "unknown": -0.2, "word": -0.2}[order]
    if order == "given" and own == "g":
        value = 0.3 if opens or quoted or neighbours else 0.7
    if order == "family":
        value = {"F": 1.0, "K": 1.1, "f": 0.2, "A": 0.0}[own]
    if order == "strange":
        value += 0.1 if not opens else -0.3
        value += 0.3 if set(own) & set("FK") else 0.0
        value += 0.6 if _chinese(text, spans[first:last]) else 0.0
        value += 0.6 if opens and behind.startswith((" — ", " – ", " (")) else 0.0
    if order == "word" and (opens or not titled or not (verb or behind[:1] in ",.;)" or behind.startswith(" —"))):
        return 0.0
    if not (titled or roled or neighbours or quoted) and order in ("family", "unknown") and last - first == 1:
        value += speaks(text, start, end, own, before, after, opens=opens)
    if titled:
        value += 1.3
    elif roled and own != "f":
        value += 1.0
    if verb:
        value += 0.6 if order != "given" else 0.3
        if order == "family" and _agrees(plain(text[start:end]), after):
            value += 0.5
    elif after and order in ("family", "unknown") and own in "AfU" and not titled:
        value -= 0.2
    if opens and order != "strange":
        value -= 0.5 if order in ("family", "unknown") else 0.0
    if quoted and not labelled:
        value -= 1.2
    if neighbours:
        value -= 0.8 if order != "given" or own == "g" else 0.5
    if thing:
        value -= 1.5
    if behind[:1] == "," and opens and order == "given":
        value += 0.6
    if opens and own == "g" and _TELLS.match(after):
        value += 0.8  # "Надежда сказала"
    if order in ("given", "family", "unknown") and _AGED.match(behind):
        value += 1.4
    return value


#: Endings of family names that are adjectives; adjectives of address, which are none.
_WORDLY = re.compile("(?:[аяо][яй]|[иы]й|ую|[оеы]го|[оеы]му|[иы]м)\\Z")
_POLITE = re.compile("(?:не|много|глубоко)?(?:уважаем|дорог|мил|почтен|любим|прекрасн|добр|так|сам|наш|ваш|мо)")
#: What nobody but people does.
_TELLS = re.compile(
    "(?:сказал|ответил|позвонил|написал|спросил|попросил|обещал|рассказал|заявил|сообщил|согласил)(?:а|ся|ась)?\\Z"
)
#: An age behind a name: ", 32 года", "(32)".
_AGED = re.compile(" ?[,(] ?\\d{2}(?: (?:лет|года?)(?![а-яё])|[ ,]{0,2}[,)])")
#: Chinese and Korean family names, and syllables as Russian writes them.
_CLANS = frozenset(
    "ли ван чжан лю чэнь чэн чжао хуан чжоу сюй сунь чжу линь ма ло лян сун тан хань фэн дэн цао пэн цзэн сяо тянь дун пань "
    "юань цай цзян юй ду вэй су люй дин жэнь шэнь яо лу цзя го гао хэ ху у ян се цуй тань ким пак цой чхве чон кан чо юн чан "
    "лим квон хван син нгуен фам хоанг буй".split()
)
_SYLLABLES = re.compile(
    "(?:(?:чж|цз|нг|пх|тх|кх|чх|[бвгджзйклмнпрстфхцчшщ])?ь?(?:юэ|уэ|уа|уо|яо|ао|ай|эй|оу|уй|[аэеиоуыюяё])(?:нь|нг|[нрйкмплт])?){1,2}\\Z"
)


def _chinese(text: str, spans: list[tuple[int, int]]) -> bool:
    """Whether words are a Chinese, Korean or Vietnamese family name and the syllables of a given name."""
    words = [plain(text[a:b]) for a, b in spans]
    return words[0] in _CLANS and all(_SYLLABLES.match(word) and len(word) < 9 for word in words[1:])


def _agrees(family: str, verb: str) -> bool:
    """Whether a family name and a verb of the past are both of a man or both of a woman, in the nominative."""
    verb = verb.removesuffix("ся").removesuffix("сь")
    return (family.endswith(("ов", "ев", "ин", "ын", "ий", "ко", "ян")) and verb.endswith("л")) or (
        family.endswith(("ова", "ева", "ина", "ына", "ая", "ко", "ян")) and verb.endswith("ла")
    )


#: "игорь валентинович"
_SMALL_FATHER = re.compile("(?<![А-Яа-яЁё-])(?P<given>[а-яё]{3,12}) (?P<father>[а-яё]{4,16})\\Z")
#: How patronymics end, in their cases.
_FATHERS = (
    "вич",
    "вича",
    "вичу",
    "вичем",
    "виче",
    "вна",
    "вны",
    "вне",
    "вну",
    "вной",
    "ична",
    "ичны",
    "ичне",
    "ичной",
    "льич",
)
_SMALL = re.compile("[:,]? (?P<one>[а-яё]{3,})(?: (?P<two>[а-яё]{3,}))?(?: (?P<three>[а-яё]{4,}))?")


def find_small(block: Block) -> list[Found]:
    """Names in small letters behind words that announce one."""
    out: list[Found] = []
    known = _lists()
    text = block.text
    for ending in _FATHERS:
        at = text.find(ending)
        while at >= 0:
            end = at + len(ending)
            found = None if text[end].isalpha() else _SMALL_FATHER.search(text, max(0, at - 28), end)
            if found is not None:
                word = plain(found["given"])
                if word in known.given and word not in known.doubtful and _PATRONYMIC.match(plain(found["father"])):
                    out.append(Found(*found.span(), "PERSON", 0.65, RECOGNISER, "grammar"))
            at = text.find(ending, end)
    for found in sorted(_announced(text), key=re.Match.start):
        words = [(name, plain(found[name])) for name in ("one", "two", "three") if found[name]]
        given = [word in known.given and word not in known.doubtful for _, word in words]
        end = 0
        if given[0]:
            end = 1
            while end < len(words) and (
                _PATRONYMIC.match(words[end][1])
                or _STRONG.match(words[end][1])
                or (_SURE.match(words[end][1]) and _looks_family(words[end][1], known))
            ):
                end += 1
        elif len(words) > 1 and given[1] and _looks_family(words[0][1], known):
            end = 2 + (len(words) > 2 and _PATRONYMIC.match(words[2][1]) is not None)
        if end:
            out.append(
                Found(found.start(words[0][0]), found.end(words[end - 1][0]), "PERSON", 0.65, RECOGNISER, "context")
            )
    return out


def _announced(text: str) -> Iterator[re.Match[str]]:
    """What stands behind each word that announces a name."""
    for cue in CALLED:
        at = text.find(cue)
        while at >= 0:
            end = at + len(cue)
            found = _SMALL.match(text, end)
            if found is not None and not text[at - 1 : at].isalpha():
                yield found
            at = text.find(cue, end)


def _looks_family(word: str, known: _Lists) -> bool:
    return _family(word, known.family) or (_STRONG.match(word) is not None and stem(word) not in known.words)
