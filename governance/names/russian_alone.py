"""What speaks for a Russian name of one word that no title announces: "слова Чубайса", "задержан Корбан", "Меркель призвала"."""

from __future__ import annotations

import re

#: What people say, are to one another and undergo, in its cases; whose it is stands behind it in the genitive.
_OF_PEOPLE = (
    "слов(?:а|о|ам|ами|ах)?|мнени[а-яё]{1,2}|дел(?:о|а|е|у|ом)|рейтинг(?:а|у|ом|е)?|встреч(?:а|и|е|у|ей)|реч(?:ь|и|ью)|отставк(?:а|и|е|у|ой)|"
    "арест(?:а|у|ом|е)?|приговор(?:а|у|ом|е)?|визит(?:а|у|ом|е)?|высказывани[а-яё]{1,3}|выступлени[а-яё]{1,3}|(?:сторонник|соратник|поклонник|"
    "предшественник|преемник|помощник|заместител|адвокат)[а-яё]{0,3}|биографи[а-яё]|смерт(?:ь|и|ью)|гибел(?:ь|и|ью)|убийств(?:о|а|у|ом|е)|похорон[а-яё]{0,3}|"
    "допрос(?:а|у|ом|е)?|обвинени[а-яё]{1,3}|жен(?:а|ы|е|у|ой)|муж(?:а|у|ем|е)?|доч(?:ь|ери|ерью)|сын(?:а|у|ом|е)?|вдов(?:а|ы|е|у|ой)|мат(?:ь|ери|ерью)|"
    "от(?:ец|ца|цу|цом|це)|брат(?:а|у|ом|е)?|сестр(?:а|ы|е|у|ой)|окружени(?:е|я|ю|ем|и)|показани[а-яё]{1,3}|признани(?:е|я|ю|ем|и)|правлени(?:е|я|ю|ем|и)|"
    "переписк(?:а|и|е|у|ой)|разговор(?:а|у|ом|е|ы)?|гол(?:а|у|ом|ы)?|пас(?:а|у|ом)?"
)
_WHOSE = re.compile(f"(?<![А-Яа-яё-])(?:{_OF_PEOPLE}) \\Z", re.IGNORECASE)
#: Of these some have a maker whose name is an adjective: "музыка Чайковского".
_WORK = re.compile(
    "(?<![А-Яа-яё-])(?:книг|стих|роман|повест|рассказ|пьес|мемуар|дневник|портрет|письм|интервью|творчеств|песн|музык|симфони|опер|балет|фильм|картин|полотн|"
    "роль|рол|удар|подач|победа|победу|поражени|наследи|теори|поэм|спектакл)[а-яё]{0,3} \\Z",
    re.IGNORECASE,
)
#: What happens to people, and what others do to them; who it is stands behind it.
_UNDERGONE = re.compile(
    "(?<![А-Яа-яё-])(?:(?:задержан|арестован|осужд[её]н|допрошен|избран|назначен|уволен|убит|ранен|похоронен|обвин[её]н|оправдан|приговор[её]н|награжд[её]н|"
    "избит|похищен|отпущен|отстран[её]н|удал[её]н|травмирован|заменён|заменен)а?|(?:задержа|арестова|осуди|допроси|обыгра|победи|приговори|обвини|поддержа|"
    "поздрави|наградил|смени|раскритикова|встрети|процитирова|упомяну|уволи|отпусти|освободи|цитиру|обыгра|сыгра)(?:л|ла|ли|ет|ют|в|ть|вший|вшая|вшая)|"
    "вместе с|вслед за|по словам|наряду с|вручили|вручил|вручила) \\Z",
    re.IGNORECASE,
)
#: Verbs of the past, and a few of the present, whose subject is a person more often than anything else.
_DEED = re.compile(
    "(?:ушёл|ушел|ушла|женил|женат|замужем|родил|умер|скончал|погиб|убит|встретил|пригрози|прилете|прибы|приеха|призна(?:л|ет)|поблагодар|извини|"
    "попроси|раскритик|предложи|призва|поддержа|считае|написа|рассказа|вспомни|добави|подчеркну|отмети|заяви|сказа|сообщи|поясни|уточни|"
    "ответи|позвони|улыбну|засмея|засмеял|подума|реши|пообеща|намекну|напомни|возрази|объясни|согласи|отказа|потребова|обсуди|подписа|посети|"
    "выступи|раскры|высказа|прокомментир|посоветова|пожалова|похвали|назва|обвини|приед|прилет|верну|пожа[лв]|уехал|переехал|родом|снялс|снялас|"
    "играет|сыграл|забил|спел|поёт|поет|забивает|уступил|обыграл|победил|говорит|пишет|полагает|уверен|намерен|сидит|живёт|живет|боится|хочет)[а-яё]*\\Z"
)
#: Offices and firms as the papers call them; a party, a club or a house does what people do.
_OFFICE = re.compile(
    "(?:(?:мин|рос|гос|сбер|газпром|мос|евро|единоро|нац|центро|авто|аэро|мега|теле|видео)[а-яё]{2,}|"
    "(?:пентагон|мудис|яндекс|гугл|эппл|самсунг|хуавей|майкрософт|спартак|зенит|динамо|локомотив|ювентус|барселон|реал|челси|"
    "арсенал|бавари|манчестер|ливерпул|милан|интер)[а-яё]{0,4})\\Z"
)
#: Prepositions before places.
_WHERE = re.compile(
    "(?<![А-Яа-яё])(?:в|во|на|из|под|до|около|близ|через|над|возле|по|за)(?: г\\.| городе| город)? \\Z", re.IGNORECASE
)
#: What stands behind an adjective's noun: not another noun, but the end, a sign, a verb or a little word.
_CLOSED = re.compile(
    '[.,;:!?»)…"]|\\Z| [—–(-]| (?:и|а|но|или|не|в|во|на|с|со|к|ко|из|за|по|о|об|от|до|у|при|для|без|над|под|через|после|что|как|за|был|была|было|были|'
    "будет|стал|стала|может|уже|ещё|еще|также|тоже)(?![а-яё])| [а-яё]+(?:[ао]н[оаы]?|[её]н[оаы]?|ено|лся|лась|лось|лись|ала?|али|ила?|или|ела?|ели|ет|ёт|ют|ит|ят)(?![а-яё])"
)
#: Case endings of the great many family names.
_FAMILY = re.compile(
    "[а-яё-]{3,}(?:енко|[оеё]в(?:а|у|ым|е|ой)?|[аеи]ев(?:а|у|ым|е|ой)?|[бвгджзклмнпрстхчшщ]ин(?:а|у|ым|е|ой)?|чук(?:а|у|ом)?)\\Z"
)


def speaks(text: str, start: int, end: int, own: str, before: str, after: str, *, opens: bool) -> float:
    """What the words beside ``text[start:end]``, one capitalised word of the role ``own``, add to its weight.

    ``before``: the text before it; ``after``: the word behind it; ``opens``: it opens a sentence.
    """
    word = text[start:end].lower()
    if own not in "AUf" or len(word) < 4 or text[start:end].isupper() or _OFFICE.match(word):
        return 0.0
    behind = text[end : end + 24]
    if opens:
        return 1.2 if own == "U" and after and _DEED.match(after) else 0.0
    if not before[-2:-1].islower() or _WHERE.search(before):
        # Behind a capital, a number or a quotation mark it may be part of something else; behind "в", a place.
        return 0.0
    whose, undergone = _WHOSE.search(before) is not None, _UNDERGONE.search(before) is not None
    if own == "U":
        return 1.5 if whose or undergone or (after and _DEED.match(after)) else 0.0
    closed = _CLOSED.match(behind) is not None
    if own == "A":
        masculine = word.endswith(
            ("ский", "цкий", "ского", "цкого", "скому", "цкому", "ским", "цким", "ской", "ская", "скую")
        )
        return 1.3 if closed and masculine and (whose or undergone or _WORK.search(before)) else 0.0
    return 0.8 if closed and _FAMILY.match(word) else 0.0


def named(before: str) -> bool:
    """Whether the word before says that somebody follows: "избран Герман Греф"."""
    return _UNDERGONE.search(before) is not None


_ONE = "[А-ЯЁ][а-яё]{3,}(?:-[А-ЯЁ][а-яё]+)?"
_BESIDE = re.compile(f'(?<![А-Яа-яЁёA-Za-z0-9_@«"-])({_ONE}) и \\Z')
_BEHIND = re.compile(f" и ({_ONE})(?![А-Яа-яЁё-]| [А-ЯЁ])")


def beside(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Capitalised words that "и" joins to a name."""
    found = (_BESIDE.search(text, max(0, start - 24), start), _BEHIND.match(text, end))
    return [each.span(1) for each in found if each is not None and not _OFFICE.match(each[1].lower())]
