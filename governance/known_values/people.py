"""Names of people: which script a name is written in, and the forms of names in letters.

Letters with spaces (Latin, Cyrillic): whole in any order, initials, one part alone. Thai and Korean: by given name
beside a polite word. Names in Han characters are in `governance.known_values.people_han`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from governance.known_values.folding import fold
from governance.known_values.matching import Find, Matcher, Row, in_word, is_han
from governance.known_values.people_han import han_name
from governance.known_values.words import is_proper, is_word

PARTS = 4
"""How many parts of a name are looked for by themselves: the first three and the last."""
_GAP, _WIDE_GAP = 3, 4
_SPLIT = re.compile(r"[\s,.·・;，、]+")
_INNER = re.compile(r"[-‐‑‒–—―−_'’‘\"“”/()|*#~\u0300-\u036f\u200b-\u200f\u2060\ufeff]+")
_TITLES = frozenset(
    "mr mrs ms miss dr prof sir madam mister sr sra srta dra herr frau senhor senhora senor senora bapak pak ibu encik "
    "puan khun gospodin".split()
)
_CUE = re.compile(
    r"(?:\b(?:mr|mrs|ms|miss|dr|prof|sr|sra|srta|dra|don|dona|senhor|senhora|senor|senora|pak|bapak|bu|ibu|bang|mas|mbak|kak|encik|puan|cik"
    r"|tuan|ong|ba|anh|chi|em|co|chu|bac|ban|chau|hi|hello|hey|dear|thanks|thank you|thx|bye|ask for|call|contact|name is|named"
    r"|i am|i'm|this is|oi|ola|hola|soy|sou|me llamo|me chamo|para o|para a|falar com|sapa|halo|nama|regards,?|best,?|уважаемый"
    r"|уважаемая|здравствуите,?|привет,?|меня зовут|спасибо,?)[\s.:,]{1,3}|@)$"
)
_AFTER = re.compile(r"['’]s\b|,? (?:here|said|says|speaking|called)\b")
_INITIAL = re.compile(r"(?<!\w)\w(?!\w)")
_INSIDE, _NEXT = re.compile(r"[a-z]{2} $"), re.compile(r" [A-Z]")
_CASES = "а|у|ом|ем|е|ы|и|ои|еи|ею|ою|ю|я|ым|им|ого|его|ому|ему|ых|ам|ами|ах|ая|ую|ии|ью|ию|ием|иеи|ия|ие"
_FLEETING = re.compile(r"^(.*[бвгджзклмнпрстфхцчшщ])[ео]([лнкц])$")


def person(value: str) -> Matcher | None:
    """A matcher for a name, ``None`` where too little is left to look for."""
    folded = fold(value).strip()
    name = "".join(folded.split())
    if is_han(name) and 2 <= len(name) <= 4:
        return han_name(name)
    parts = parts_of(folded)
    if not parts:
        return None
    joined = "".join(parts)
    first = joined[0]
    if is_han(first) or "\u3040" <= first <= "\u30ff":
        return _wide(parts)
    if "\uac00" <= first <= "\ud7a3":
        return _korean(joined) if len(joined) <= 4 else _wide(parts)
    if "\u0e00" <= first <= "\u0e7f":
        return _thai(parts)
    return _letters(parts) if len(joined) >= 3 else None


def parts_of(folded: str) -> list[str]:
    """The parts of a folded name, without what stands inside them ("o'brien" is "obrien") and without titles."""
    parts = [_INNER.sub("", part) for part in _SPLIT.split(folded)]
    parts = [part for part in parts if part]
    return parts[1:] if len(parts) > 1 and parts[0] in _TITLES else parts


def alone(parts: Sequence[str]) -> list[str]:
    """The parts that may stand by themselves."""
    return list(dict.fromkeys([*parts[: PARTS - 1], parts[-1]]))


# ------------------------------------------------------------------------------------------ letters with spaces


def _letters(parts: Sequence[str]) -> Matcher:
    joined = "".join(parts)
    orders = [(list(parts), False)]
    if len(parts) > 1:
        orders += [([parts[-1], *parts[:-1]], False), ([*parts[1:], parts[0]], False)]
        if len(parts) > 2:
            orders.append(([parts[0], parts[-1]], True))
    whole = {"".join(order): (order, partial) for order, partial in reversed(orders)}
    # A word of two names that is one word itself ("Chris Tina") does not stand for both.
    glued = len(joined) >= 8 and min(map(len, parts)) >= 3 and not is_word(joined)
    cyrillic = "\u0400" <= joined[0] <= "\u04ff"
    single = [part for part in alone(parts) if len(part) >= (4 if cyrillic else 2)]
    ordinary = {part for part in single if len(part) < 3 or is_word(part)}
    short = {part[0] for part in (parts[0], parts[-1])}
    several = len(parts) > 1

    def find(row: Row) -> Iterator[Find]:
        for needle, (order, partial) in whole.items():
            if (len(order) == 1 and several) or len(needle) < 3:
                continue
            for place in row.places(needle):
                span = _named(row, place, order, glued)
                if span is None or (order != list(parts) and not _turned(row.text[span[0] : span[1]])):
                    continue
                if several or _alone(row, span, needle in ordinary):
                    yield span[0], span[1], partial
        if cyrillic:
            for part in single:
                for match in _cases(part).finditer(row.folded):
                    if _capital(row, match.start()):
                        yield match.start(), match.end(), several or match[0] != part
            return
        for part in single if several else ():
            for place in row.places(part):
                span = row.span(place, place + len(part), 1)
                if span is not None and row.apart(*span) and _alone(row, span, part in ordinary):
                    yield span[0], span[1], True
        if several and any(letter in short for letter in _INITIAL.findall(row.folded)):
            for match in _initials(parts).finditer(row.folded):
                if _capital(row, match.start()) and row.apart(*match.span()):
                    yield match.start(), match.end(), True

    return Matcher(tuple(part[: max(2, len(part) - 3)] for part in parts) if cyrillic else tuple(parts), find)


def _initials(parts: Sequence[str]) -> re.Pattern[str]:
    """J. Smith, J Smith, Smith J., Smith, J."""
    first, last = parts[0], parts[-1]
    forms = []
    for one, other in ((first, last), (last, first)):
        if len(other) >= 3:
            dot = r"\.?" if len(other) > 3 else r"\."
            letter = re.escape(one[0])
            forms.append(rf"{letter}{dot}[ \u00a0]?(?:[a-zа-я]\.[ \u00a0]?)?(?<=[. \u00a0]){re.escape(other)}")
            forms.append(rf"{re.escape(other)},?[ \u00a0]{letter}\.(?:[ \u00a0]?[a-zа-я]\.)?")
    return re.compile("|".join(f"(?<!\\w)(?:{form})(?!\\w)" for form in forms) or r"(?!)")


def _cases(part: str) -> re.Pattern[str]:
    """A Russian name in any case: its stem with the endings of nouns and adjectives."""
    stem = part
    for ending in ("ии", "ыи", "ая", "ия", "а", "я", "и", "ь", "о", "е"):
        if part.endswith(ending) and len(part) - len(ending) >= 3:
            stem = part[: -len(ending)]
            break
    stems = [stem]
    fleeting = _FLEETING.fullmatch(stem)
    if fleeting is not None and len(stem) > 3:
        stems.append(fleeting[1] + fleeting[2])
    return re.compile(
        rf"(?<![а-яa-z0-9])(?:{re.escape(part)}|(?:{'|'.join(map(re.escape, stems))})(?:{_CASES})?)(?![а-яa-z0-9])"
    )


def _named(row: Row, place: int, order: Sequence[str], glued: bool) -> tuple[int, int] | None:
    """A whole name at a squeezed place: its parts set apart, or long enough to be known when run together."""
    stop = place + sum(map(len, order))
    span = row.span(place, stop, _WIDE_GAP)
    if span is None or not row.apart(*span):
        return None
    if len(order) == 1:
        return span
    text = row.text[span[0] : span[1]]
    # Run together as in a user name; "Christina" is not "Chris Tina".
    if glued and not (text[:1].isupper() and text[1:].islower()):
        return span
    at = place
    for part in order[:-1]:
        at += len(part)
        if row.at[at] == row.at[at - 1] + 1:
            return None
    return span


def _turned(text: str) -> bool:
    """Whether parts in another order are meant as a name: capitals or a comma say so."""
    return "," in text or "，" in text or any(c.isupper() for c in text)


def _capital(row: Row, start: int) -> bool:
    return row.text[start : start + 1].isupper()


def _alone(row: Row, span: tuple[int, int], ordinary: bool) -> bool:
    """Whether one part by itself is meant as a name."""
    start, end = span
    left = row.folded[max(0, start - 16) : start]
    if _CUE.search(left):
        return True
    if not _capital(row, start):
        return False
    if not ordinary:
        return True
    if end - start < 3:
        return False
    # "Rose petals" and "the Rose Hotel" are no one; "give it to Rose" and "Rose's parcel" are about her.
    if _AFTER.match(row.folded, end):
        return True
    return (
        not is_proper(row.folded[start:end])
        and bool(_INSIDE.search(row.text[:start]))
        and not _NEXT.match(row.text, end)
    )


# ----------------------------------------------------------------------------------------------- Thai, Korean, wide

_THAI_TITLES = (
    "นางสาว",
    "เด็กชาย",
    "เด็กหญิง",
    "นาย",
    "นาง",
    "คุณ",
    "น.ส.",
    "ดร.",
    "พี่",
    "น้อง",
    "ครู",
    "หมอ",
    "เฮีย",
    "เจ๊",
    "ป้า",
    "ลุง",
    "น้า",
)
_THAI_CALLED = re.compile(rf"(?:{'|'.join(map(re.escape, _THAI_TITLES))}) ?$")
_THAI_LEAST = 5


def thai_parts(parts: Sequence[str]) -> list[str]:
    """The parts without a title that is written together with the given name."""
    out = []
    for part in parts:
        for title in _THAI_TITLES:
            if part.startswith(title) and len(part) - len(title) >= 2:
                part = part[len(title) :]
                break
        if part not in _THAI_TITLES:
            out.append(part)
    return out


def _thai(parts: Sequence[str]) -> Matcher | None:
    names = thai_parts(parts)
    if not names:
        return None
    joined = "".join(names)

    def find(row: Row) -> Iterator[Find]:
        for place in row.places(joined):
            span = row.span(place, place + len(joined), _WIDE_GAP)
            if span and (len(joined) >= _THAI_LEAST or _THAI_CALLED.search(row.folded[max(0, span[0] - 8) : span[0]])):
                yield span[0], span[1], False
        for name in names if len(names) > 1 else ():
            for place in row.places(name) if len(name) >= 2 else ():
                span = row.span(place, place + len(name), 0)
                if span is None or span[1] != span[0] + len(name):
                    continue  # a mark behind it makes it another word
                if len(name) >= _THAI_LEAST or _THAI_CALLED.search(row.folded[max(0, span[0] - 8) : span[0]]):
                    yield span[0], span[1], True

    return Matcher(tuple(names), find)


_KOREAN_GIVEN = re.compile(
    r" ?(?:씨|님|군|양|선생님|고객님|대리|과장|부장|차장|팀장|사장|실장|기사|이사|언니|오빠|형|누나)(?:님)?|[아야](?=[\s,!.~]|$)"
)
_KOREAN_FAMILY = re.compile(
    r" ?(?:씨|선생|대리|과장|부장|차장|팀장|사장|실장|기사|이사|교수|박사|변호사|원장|회장|대표|주임|여사)(?:님)?(?![가-힣]{3})"
)
_KOREAN_DOUBLE = frozenset("남궁 황보 제갈 사공 선우 서문 독고 동방".split())


def _korean(name: str) -> Matcher | None:
    if len(name) < 2:
        return None
    size = 2 if name[:2] in _KOREAN_DOUBLE and len(name) > 3 else 1
    family, given = name[:size], name[size:]

    def find(row: Row) -> Iterator[Find]:
        if len(name) > 2:
            for place in row.places(name):
                span = row.span(place, place + len(name), 2)
                if span:
                    yield span[0], span[1], False
        for part, polite, least in ((name, _KOREAN_GIVEN, 2), (given, _KOREAN_GIVEN, 2), (family, _KOREAN_FAMILY, 1)):
            if len(part) < least:
                continue
            for place in row.places(part):
                span = row.span(place, place + len(part), 0)
                if span is None or ("가" <= row.before(span[0]) <= "힣" and part is not given):
                    continue
                if part is given and "가" <= row.before(span[0]) <= "힣" and row.before(span[0]) != family[-1]:
                    continue
                called = polite.match(row.folded, span[1])
                if called is not None:
                    yield span[0], called.end(), part is not name

    return Matcher((family, given), find)


def _wide(parts: Sequence[str]) -> Matcher:
    """Names of several parts in a script without spaces: "买买提·吐尔逊", "山田 たろう"."""
    joined = "".join(parts)

    def find(row: Row) -> Iterator[Find]:
        for place in row.places(joined) if len(joined) >= 3 else ():
            span = row.span(place, place + len(joined), _WIDE_GAP)
            if span:
                yield span[0], span[1], False
        for part in parts if len(parts) > 1 else ():
            for place in row.places(part) if len(part) >= 3 else ():
                span = row.span(place, place + len(part), 0)
                if span and not in_word(row.after(span[1])):
                    yield span[0], span[1], True

    return Matcher(tuple(parts), find)
