"""Telephone numbers of the world, verified with `phonenumbers` (libphonenumber's metadata, Apache-2.0).

International forms (+ or 00) are always looked for. National forms are looked for in the regions that the contract
names: alone where the way of writing is a telephone's (trunk prefix, brackets, the country's own grouping), else
beside a word for one. Any seven to fifteen digits beside such a word are taken, whatever the region.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from governance.recognisers.library import words
from governance.recognisers.library.cn_phone import EXTENSION
from governance.recognisers.library.numbers import ANY, APART, prefixes, runs
from governance.recognisers.library.phone_forms import LEAST, MOST, Plan, plan
from governance.recognisers.library.phone_metadata import look_up
from governance.recognisers.pattern import Context, Pattern, Verdict

ENTITY = "PHONE_NUMBER"
#: Regions with their own patterns; the rest of the world goes through `national`.
_OWN = frozenset({"CN"})

_SEP = "[ ()（）./-]{0,3}"
_NEEDLE_SEP = "(?:[ ()./-]|（|）){0,3}"
_EXT = EXTENSION.replace(
    "[Xx])",
    "[Xx] ?| ?# ?| ?(?:分機|分机号|內線|内线|内線|내선|ต่อ|máy lẻ|[Rr]amal|[Aa]nexo|[Ii]nterno|[Ii]nt\\.|[Дд]об\\.?|[Вв]н\\.|[Ll]oc(?:al)?\\.)[.:]? ?)",
).replace(
    "|-[0-9]",
    "| ?[(（](?:内线|內線|内線|分机|分機|转|轉|[Ee][Xx][Tt](?:ension)?|내선|ต่อ|máy lẻ|[Rr]amal|[Aa]nexo|[Ii]nterno|[Ii]nt|[Дд]об|[Вв]н)"
    "[.:：]? ?[0-9]{1,6}[)）]|-[0-9]",
    1,
)
# Not part of a longer number, a decimal, a code with a hyphen or a price; a letter only as the end of a label.
_LEFT = (
    r"(?<![0-9_#$€£¥￥₩₽₫฿])(?<![0-9]\.)(?<![0-9A-Za-z]-)"
    r"(?:(?<![A-Za-z])|(?<=[Tt][Ee][Ll])|(?<=[Pp][Hh])|(?<=[Mm][Oo][Bb])|(?<=[Ff][Aa][Xx]))"
)
_UNIT = (
    r"(?! ?(?:元|美元|美金|欧元|歐元|日元|韩元|港元|港币|英镑|卢布|泰铢|人民币|块|塊|圆|圓|米|号(?!码)|年|月|日|人|个|個|件|票|分|秒|次|度|公里|公斤|平|万|萬|亿|億|点|%|％|℃|원|円"
    r"|บาท|(?:km|kg|cm|mm|gb|mb|rmb|cny|usd|eur|gbp|idr|vnd|đ|dollars?|euros?|pounds?|percent|years?|people|units?"
    r"|pcs|views?|visitas|visualizaç(?:ão|ões)|visualizaci(?:ón|ones)|vistas|downloads?|descargas|likes?|followers|seguidores|votes?|votos|habitantes|inhabitants"
    r"|reproducciones|subscribers|suscriptores|inscritos|lượt|penduduk|tayangan)(?![a-zÀ-ɏḀ-ỿ])))"
)
_AFTER = re.compile(_UNIT.replace("(?!", "(?=", 1))
_YEAR, _MONTH, _DAY = "(?:19|20)[0-9]{2}", "(?:0?[1-9]|1[0-2])", "(?:[12][0-9]|3[01]|0?[1-9])"
_DATE = re.compile(
    rf"(?:{_YEAR}(?P<a>[-./ ]){_MONTH}(?P=a){_DAY}|{_DAY}(?P<b>[-./ ]){_DAY}(?P=b){_YEAR}"
    rf"|{_YEAR} ?[-/.] ?{_YEAR}|20[0-9]{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))(?![0-9])"
)
# "9543 1819 St. John Street": two numbers and a name are an address.
_STREET = re.compile(" [A-Z][a-z]")
_CN_SERVICE = re.compile("[48]00[0-9]{7}|9[56][0-9]{3,6}|1010[0-9]{4}|100[0-9]{2}|12[0-9]{3}")

#: How those begin of them that have seven digits and more.
_PUBLIC = ("400", "800", "95", "96", "1010")

_CONTEXT = Context(
    words.PHONE,
    against=words.NOT_PHONE,
    before=32,
    after=14,
    following=words.PHONE_FOLLOWING,
    adjacent=words.PHONE_ADJACENT,
)


_RUN = re.compile("[0-9]+")


def _check_international(found: re.Match[str]) -> Verdict:
    possible: Verdict = None
    for digits, end, _ in prefixes(found.string, runs(found, "number"), 7, 15):
        known = look_up(digits, None)
        stop = found.end() if end == found.end("number") else end
        if known is not None and known.valid:
            return True, found.start(), stop
        # Numbers that no plan has are still written as somebody's: misspelt, made up, from before a reform.
        if (
            possible is None
            and len(digits) >= 9
            and not digits.endswith("00000")
            and not _AFTER.match(found.string, stop)
        ):
            possible = (0.6 if known is not None else 0.55), found.start(), stop
    return possible if possible is not None else False


def _check_international_00(found: re.Match[str]) -> Verdict:
    for digits, end, taken in prefixes(found.string, runs(found, "number"), 9, 17):
        known = look_up(digits.removeprefix("00"), None)
        stop = found.end() if end == found.end("number") else end
        if known is not None and known.valid:
            return True, found.start(), stop
        if known is not None and taken > 2 and len(digits) >= 12:
            return 0.55, found.start(), stop
    return None


def _check_national(known: Plan, found: re.Match[str]) -> Verdict:
    text = found.string
    start, stop = found.span("number")
    tries = known.tries(text[start : found.end()], stop - start)
    if not tries:
        return None
    digits = joined = text[start:stop]
    parts = [digits]
    if tries[0].size != len(digits):
        parts = _RUN.findall(digits)
        digits, joined = "".join(parts), "-".join(parts)
    for each in tries:
        score = each.score(digits[: each.size], joined[: each.size + each.taken - 1], known)
        if score:
            break
    else:
        return None
    end = start + each.end
    if (
        _DATE.match(text, start)
        or (digits.startswith(_PUBLIC) and any(_are_public(parts, known.regions, each.taken)))
        or _AFTER.match(text, end)
        or (each.taken == 2 and _STREET.match(text, end))
        or _CONTEXT.denies(text, start)
    ):
        return None
    return score, _inside(text, start, end), end


def _are_public(parts: list[str], regions: tuple[str, ...], least: int) -> Iterator[bool]:
    """Whether the first groups of a row are a number that everybody may know; for `least` groups and more."""
    for taken in range(least, len(parts) + 1):
        digits = "".join(parts[:taken])
        yield LEAST <= len(digits) <= MOST and _is_service(digits, regions, taken == 1)


def _inside(text: str, start: int, stop: int) -> int:
    """Where the number begins: a bracket that closes behind it is around it and no part of it."""
    return start + (text[start] in "(（" and not any(sign in text[start:stop] for sign in ")）"))


def _is_service(digits: str, regions: tuple[str, ...], whole: bool) -> bool:
    """Whether everybody may know a number in China. Mobiles of Hong Kong and Singapore begin like some of them, and
    are written in two groups."""
    if digits[0] not in "1489":
        return False
    if len(digits) == 8 and {"SG", "HK", "MO"} & set(regions):
        return whole and "SG" not in regions and digits.startswith(("950", "951"))
    return _CN_SERVICE.fullmatch(digits) is not None


def _check_labelled(regions: tuple[str, ...], found: re.Match[str]) -> Verdict:
    text, (start, end) = found.string, found.span()
    if _DATE.match(text, found.start("number")):
        return None
    whole = found["number"]
    if not whole.isdigit():
        whole = whole.translate(_SIGNS)
    if len(whole) <= 13:  # most are one number
        return None if _is_service(whole, regions, whole == found["number"]) else (False, start, end)
    groups = runs(found, "number")
    for digits, end, taken in prefixes(found.string, groups, 7, 15):
        if _is_service(digits, regions, taken == 1):
            return None
        if len(digits) > 13 and taken > 1:
            continue  # two numbers rather than one
        return False, found.start(), found.end() if end == found.end("number") else end
    return None


_SIGNS = dict.fromkeys(map(ord, " ()（）./-"))
#: Within so many characters a number has its seventh digit.
_NEAR = 32
_ANY = f"(?P<number>[(（]?[0-9](?:{_SEP}[0-9]){{6,16}})(?![0-9])"

_ALWAYS = (
    Pattern(
        ENTITY,
        "phone.international",
        needle=rf"[+](?:[ (]|（){{0,2}}[1-9](?:{_NEEDLE_SEP}[0-9]){{6}}",
        verifier=re.compile(rf"(?<![0-9])[+] ?(?P<number>[(（]?[1-9](?:{_SEP}[0-9]){{6,16}})(?![0-9])(?!@){_EXT}"),
        check=_check_international,
        context=_CONTEXT,
        score=0.3,
        checked=0.95,
        reach=96,
        near=_NEAR,
    ),
    Pattern(
        ENTITY,
        "phone.international_00",
        needle=f"{APART}00[1-9](?:{_NEEDLE_SEP}[0-9]){{6}}",
        verifier=re.compile(
            rf"(?<![0-9A-Za-z])(?<![0-9][.-])(?P<number>00[1-9](?:{_SEP}[0-9]){{6,15}})(?![0-9]){_EXT}"
        ),
        check=_check_international_00,
        score=0.3,
        checked=0.8,
        reach=96,
        near=_NEAR,
    ),
)
_BRAZIL = Pattern(
    ENTITY,
    "phone.brazil_carrier",
    # 0xx11 …: the two signs stand for the carrier that the caller chooses
    needle="0 ?[Xx]{2} ?[1-9][0-9]",
    verifier=re.compile("[(]?0 ?[Xx]{2} ?[1-9][0-9][)]?[ .-]?[0-9]{4,5}[ .-]?[0-9]{4}(?![0-9])"),
    score=0.85,
    regions=frozenset({"BR"}),
)
_LABELLED_NUMBER = re.compile(f"{_LEFT}{_ANY}{_EXT}{_UNIT}")


def _labelled(regions: tuple[str, ...]) -> Pattern:
    return Pattern(
        ENTITY,
        "phone.labelled",
        needle=ANY,
        verifier=_LABELLED_NUMBER,
        check=partial(_check_labelled, regions),
        context=_CONTEXT,
        score=0.2,
        checked=0.2,
        contextual=0.7,
        reach=96,
        near=_NEAR,
        ahead=1,
    )


def patterns(regions: tuple[str, ...]) -> tuple[Pattern, ...]:
    """International and labelled forms, and the national forms of `regions` that have no patterns of their own."""
    known = tuple(region for region in regions if region not in _OWN)
    if not known:
        return (*_ALWAYS, _labelled(()))
    national = Pattern(
        ENTITY,
        "phone.national",
        needle=ANY,
        verifier=re.compile(f"{_LEFT}{_ANY}{_EXT}"),
        check=partial(_check_national, plan(known)),
        sieve=plan(known).sieve,
        context=_CONTEXT,
        score=0.3,
        checked=0.8,
        contextual=0.85,
        reach=96,
        near=_NEAR,
        ahead=1,
    )
    return (*_ALWAYS, _BRAZIL, national, _labelled(known))
