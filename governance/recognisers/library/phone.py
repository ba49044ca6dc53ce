"""Telephone numbers of the world, verified with `phonenumbers` (libphonenumber's metadata, Apache-2.0).

International forms (+ or 00) are always looked for. National forms are looked for in the regions that the contract
names: alone where the way of writing is a telephone's (trunk prefix, brackets, the country's own grouping), else
beside a word for one. Any seven to fifteen digits beside such a word are taken, whatever the region.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import NamedTuple

from governance.recognisers.library import words
from governance.recognisers.library.cn_phone import EXTENSION
from governance.recognisers.library.numbers import ANY, APART, prefixes, runs
from governance.recognisers.library.phone_ways import is_way
from governance.recognisers.pattern import Context, Pattern, Verdict

ENTITY = "PHONE_NUMBER"
#: Regions with their own patterns; the rest of the world goes through `national`.
_OWN = frozenset({"CN"})

#: In Chinese texts these are mainland numbers, and `library.cn_phone` has them.
_CHINESE = frozenset({"CN", "HK", "MO", "TW"})
_OWN_SHAPE = re.compile("1[3-9][0-9]{9}|0[0-9]{2,3}-[0-9]{8}|0[0-9]{3}-[0-9]{7}|0[0-9]{10,11}")

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

_CONTEXT = Context(
    words.PHONE,
    against=words.NOT_PHONE,
    before=32,
    after=14,
    following=words.PHONE_FOLLOWING,
    adjacent=words.PHONE_ADJACENT,
)


#: More groups has no number, neither as its country writes it nor as people do: only one in brackets, or with a 0 before
#: it, is taken for valid whatever its groups.
MOST_GROUPS = 9
_BRACKET = re.compile("[(（]")


class _National(NamedTuple):
    """What the metadata say of a number: whether it is valid and mobile."""

    valid: bool
    mobile: bool


@lru_cache(maxsize=512)
def _ways(region: str) -> re.Pattern[str] | None:
    """An expression for the numbers of a region, to leave most others without a parse; ``None``: none is left out,
    for what stands there is rewritten before it is dialled."""
    import phonenumbers as lib

    data = lib.PhoneMetadata.metadata_for_region(region)
    if data is None or data.national_prefix_transform_rule:
        return None
    kinds = "fixed_line mobile toll_free premium_rate shared_cost personal_number voip pager uan voicemail"
    known = [getattr(data, kind) for kind in kinds.split()]
    each = {kind.national_number_pattern for kind in known if kind is not None and kind.national_number_pattern}
    return re.compile(f"(?:{'|'.join(sorted(each))})\\Z") if each else None


class _Plan(NamedTuple):
    """What is asked of each number of some regions: whether only those of `_CHINESE` are, and `_ways` of each region."""

    chinese: bool
    ways: tuple[tuple[str, Callable[[str], object] | None], ...]

    def valid(self, digits: str) -> Iterator[tuple[str, _National]]:
        """The regions of which digits are a valid number."""
        for region, search in self.ways:
            if search is None or search(digits):  # some of the last digits may be one: it is worth a parse
                known = _look_up(digits, region)
                if known is not None and known.valid:
                    yield region, known


@lru_cache(maxsize=512)
def _plan(regions: tuple[str, ...]) -> _Plan:
    each = ((region, _ways(region)) for region in regions)
    return _Plan(
        _CHINESE.issuperset(regions), tuple((region, None if ways is None else ways.search) for region, ways in each)
    )


@lru_cache(maxsize=1 << 16)
def _groups(digits: str, region: str) -> tuple[int, ...]:
    """The lengths of the groups in which a valid number is written."""
    import phonenumbers as lib

    shown = lib.format_number(lib.parse(digits, region), lib.PhoneNumberFormat.NATIONAL)
    return tuple(len(group) for group in re.findall("[0-9]+", shown))


@lru_cache(maxsize=1 << 16)
def _look_up(digits: str, region: str | None) -> _National | None:
    """Metadata of a number; ``None`` if it cannot be one. ``region`` ``None``: `digits` begin with a country code."""
    import phonenumbers as lib

    try:
        number = lib.parse(digits if region else "+" + digits, region)
    except lib.NumberParseException:
        return None
    kind = lib.number_type(number)
    if kind in (lib.PhoneNumberType.TOLL_FREE, lib.PhoneNumberType.SHARED_COST, lib.PhoneNumberType.UAN):
        return None  # public: `library.service_line`
    valid = lib.is_valid_number(number) if region is None else lib.is_valid_number_for_region(number, region)
    if not valid:
        return _National(False, False) if lib.is_possible_number(number) else None
    mobile = kind in (lib.PhoneNumberType.MOBILE, lib.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    return _National(True, mobile)


def _check_international(found: re.Match[str]) -> Verdict:
    possible: Verdict = None
    for digits, end, _ in prefixes(found.string, runs(found, "number"), 7, 15):
        known = _look_up(digits, None)
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
        known = _look_up(digits.removeprefix("00"), None)
        stop = found.end() if end == found.end("number") else end
        if known is not None and known.valid:
            return True, found.start(), stop
        if known is not None and taken > 2 and len(digits) >= 12:
            return 0.55, found.start(), stop
    return None


def _check_national(regions: tuple[str, ...], found: re.Match[str]) -> Verdict:
    text, start, plan = found.string, found.start(), _plan(regions)
    begin, stop = found.span("number")
    whole = text[begin:stop]
    if plan.chinese and _OWN_SHAPE.fullmatch(whole):
        return None
    if _DATE.match(text, begin):
        return None
    groups = [(begin, stop)] if whole.isdigit() else runs(found, "number")
    counted = [text[a:b] for a, b in groups]
    if plan.chinese and _OWN_SHAPE.fullmatch("-".join(counted)):
        return None
    # A row of short numbers.
    crowded = len(groups) > MOST_GROUPS and counted[0][0] != "0" and _BRACKET.search(text, start, stop) is None
    for taken in range(len(groups), 0, -1):
        digits = "".join(counted[:taken])
        if not 7 <= len(digits) <= 15:
            continue
        if _is_service(digits, regions, taken == 1):
            return None
        if crowded and taken > MOST_GROUPS:
            continue
        end = found.end() if groups[taken - 1][1] == stop else groups[taken - 1][1]
        score = _sureness(text[start:end], counted[:taken], digits, regions, plan)
        if not score:
            continue
        if _AFTER.match(text, end) or (taken == 2 and _STREET.match(text, end)) or _CONTEXT.denies(text, start):
            return None
        return score, _inside(text, start, end), end
    return None


def _inside(text: str, start: int, stop: int) -> int:
    """Where the number begins: a bracket that closes behind it is around it and no part of it."""
    return start + (text[start] in "(（" and not any(sign in text[start:stop] for sign in ")）"))


def _sureness(text: str, parts: list[str], digits: str, regions: tuple[str, ...], plan: _Plan) -> float:
    """A score for a national number without a word beside it; 0 if only a word would make it one.

    ``text``: all that was matched of it; ``parts``: its groups of digits."""
    bracketed = "(" in text
    if bracketed and ")" not in text and "(" in text[1:]:
        return 0.0  # what stands in the bracket is something else: "112-108 (28-25, 30-22)"
    shape = tuple(map(len, parts))
    round_ones = digits.endswith("00000") or (shape == (4, 4) and all(part.endswith("00") for part in parts))
    if not round_ones and "/" not in text and is_way(regions, "-".join(parts), text):
        return 0.8
    # Metadata are slow to ask. Where a word beside the number is needed anyway, `phone.labelled` asks for no more.
    bracketed = bracketed or "（" in text
    alone = len(shape) == 1 and len(digits) >= 10 and not round_ones
    if not (bracketed or alone or digits[0] == "0" or (len(shape) > 2 and len(digits) >= 9)):
        return 0.0
    for region, known in plan.valid(digits):
        if _telling(text, digits, shape, known, region):
            return 0.8
        if alone and known.mobile:
            # Ten digits and more that are a mobile's are hardly ever anything else.
            return 0.55
    return 0.0


def _telling(text: str, digits: str, shape: tuple[int, ...], known: _National, region: str) -> bool:
    """Whether the way a valid number is written is a telephone's, so that no word beside it is needed."""
    if len(shape) == 1:
        return known.mobile and ((digits[0] == "0" and len(digits) >= 9) or (region == "RU" and len(digits) == 11))
    if "/" in text:
        return False  # doses and fractions
    if "(" in text or "（" in text:
        return True
    if shape == _groups(digits, region):
        return len(digits) >= 8
    if digits[0] == "0":
        return len(digits) >= 9
    # North America and Russia also write all groups with one sign, whatever the brackets of the official form.
    return shape in ((3, 3, 4), (1, 3, 3, 4), (1, 3, 3, 2, 2), (3, 3, 2, 2), (2, 5, 4), (3, 4, 4), (3, 3, 3))


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
        check=partial(_check_national, known),
        context=_CONTEXT,
        score=0.3,
        checked=0.8,
        contextual=0.85,
        reach=96,
        near=_NEAR,
        ahead=1,
    )
    return (*_ALWAYS, _BRAZIL, national, _labelled(known))
