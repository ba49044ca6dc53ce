"""Numbers and codes that nobody was ever given: phones, ids, cards, waybills, devices, plates, dates of birth.

A number of n digits begins with digits that open no number of that length anywhere (`PHONE_LEADS` by the metadata of
libphonenumber for thirty countries, `_ID_LEADS` by the rules of the ids of that length); its last two or three digits
are worked out from the others by a public function, and it fails every check digit in `governance.recognisers`. A code of
letters and digits ends in three or four signs worked out from the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from hashlib import blake2b

from governance.actions.surrogates.draw import Draw
from governance.recognisers.library import checksums
from governance.recognisers.library import checksums_national as national

PHONE_LEADS = {
    7: ("117", "000"),
    8: ("700", "000"),
    9: ("000", "000"),
    10: ("589", "000"),
    11: ("117", "117"),
    12: ("107", "107"),
    13: ("107", "107"),
}
"""By count of digits: what begins no telephone number, and the same for those that begin with 0."""

# 18: no province 10 (GB/T 2260); 16 and more: card prefixes of no country (ISO/IEC 7812), no province 99 (Indonesia);
# 12 and 13: month 00 (Malaysia, Korea); 15: test prefix of IMEI; 11 and less: below every series in use.
_ID_LEADS = dict.fromkeys(range(7, 25), "99") | {18: "10", 15: "00", 12: "9900", 13: "9900", 11: "00", 10: "00"}

_DIGITS = "0123456789"
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LOWER = _UPPER.lower()
_HEX = _DIGITS + "abcdef"
_UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_COUNTRY = re.compile(r"\s*(?:\+|00)\s*([1-9][0-9]{0,2})(?=\D)")

_DIGIT = re.compile("[0-9]")
_RUN = re.compile(r"(?<![0-9A-Za-z])\+?[0-9](?:[ -]?[0-9]){6,26}(?![0-9A-Za-z])")
_CODE = re.compile(r"(?<![0-9A-Za-z])(?=[0-9A-Z-]*[0-9])[0-9A-Z]+(?:-[0-9A-Z]+)*(?:\([0-9A-Z]\))?(?![0-9A-Za-z])", re.I)
_PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
_SERIAL = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
PLATE_PATTERN = f"[{_PROVINCES}][A-Z][·•]?[{_SERIAL}]{{2}}I[{_SERIAL}]O[{_SERIAL}]?(?![A-Z0-9])"
DATE_PATTERN = (
    "(?<![0-9])18[0-9]{2}(?:[-/.][0-9]{1,2}[-/.][0-9]{1,2}(?![0-9])|年[0-9]{1,2}月[0-9]{1,2}日?)"
    "|(?<![0-9])[0-9]{1,2}[-/.][0-9]{1,2}[-/.]18[0-9]{2}(?![0-9])"
)
GATE = "[0-9](?:[- ]?[0-9A-Z]){6}|[0-9A-Z]{3,}-?[0-9A-Z]{3,}"
WORD_GATE = f"[/.-]18[0-9]{{2}}|18[0-9]{{2}}[/.年-]|[{_PROVINCES}][A-Z][·•]?[A-Z0-9]{{2}}I"


def _tail(head: str, classes: list[str]) -> str:
    """The signs that close a surrogate which begins with `head`: a public function, no key."""
    number = int.from_bytes(blake2b(head.encode(), digest_size=16, person=b"surrogate tail").digest(), "big")
    out = []
    for signs in classes:
        number, place = divmod(number, len(signs))
        out.append(signs[place])
    return "".join(out)


_CHECKS: Mapping[int, tuple[Callable[[str], bool], ...]] = {
    8: (checksums.rut,),
    9: (checksums.rut, national.nit),
    10: (national.korean_firm, national.nit, national.inn),
    11: (checksums.cpf, checksums.cuit, checksums.snils, national.ruc),
    12: (checksums.verhoeff, national.inn, national.spanish_insurance),
    13: (checksums.luhn, checksums.thai_id, national.ean),
    14: (checksums.luhn, national.cnpj),
    18: (checksums.luhn, checksums.resident_id, national.clabe),
} | dict.fromkeys((15, 16, 17, 19), (checksums.luhn,))
"""What could be taken for a check digit in a number of so many digits."""

_MADE: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = tuple(
    (re.compile(pattern), check)
    for pattern, check in (
        ("[0-9]{17}X", checksums.resident_id),
        ("[0-9A-Z]{18}", checksums.uscc),
        ("[A-Z]{1,2}[0-9]{6}[0-9A]", lambda s: checksums.hkid(s[:-7], s[-7:-1], s[-1])),
        ("[A-Z][0-9]{9}", checksums.taiwan_id),
        ("[A-Z]{2}[0-9]{8}", national.taiwan_arc),
        ("[STFGM][0-9]{7}[A-Z]", checksums.nric),
        ("[0-9XYZ][0-9]{7}[A-Z]", checksums.spanish_id),
        ("[0-9]{7,8}K", checksums.rut),
        ("[0-9A-Z]{12}[0-9]{2}", national.cnpj),
        ("[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}", checksums.iban),
        ("[A-Z]{2}[0-9]{9}[A-Z]{2}", lambda s: _s10(s[2:11])),
    )
)


def validates(number: str) -> bool:
    """Whether any checksum that is known here for a number of this length and make holds."""
    if number.isdigit():
        return any(check(number) for check in _CHECKS.get(len(number), ()))
    upper = number.upper()
    return any(make.fullmatch(upper) and check(upper) for make, check in _MADE)


def _s10(digits: str) -> bool:
    """UPU S10: weights 8 6 4 2 3 5 9 7, modulo 11; ten counts 0 and eleven 5."""
    found = 11 - checksums.weighted(digits[:8], (8, 6, 4, 2, 3, 5, 9, 7)) % 11
    return {10: 0, 11: 5}.get(found, found) == int(digits[8])


# --- digits ---


def _is_number(digits: str) -> bool:
    """Whether a run of digits is one of ours."""
    leads = (*PHONE_LEADS.get(len(digits), ()), _ID_LEADS.get(len(digits), "?"))
    end = _checks(len(digits))
    return digits.startswith(leads) and _tail(digits[:-end], [_DIGITS] * end) == digits[-end:] and not validates(digits)


def _checks(count: int) -> int:
    """How many of so many digits are worked out from the others."""
    return 2 if count < 10 else 3


def _number(lead: str, count: int, draw: Draw) -> str:
    """A number of `count` digits that begins with `lead`. One in ten is drawn again, for its check digit held."""
    while True:
        if count == 18 and lead == "10":
            day = f"{1950 + draw.below(56)}{1 + draw.below(12):02d}{1 + draw.below(28):02d}"
            head = f"{lead}{draw.below(10**4):04d}{day}{draw.below(10)}"
        else:
            head = lead + "".join(draw.of(_DIGITS) for _ in range(count - len(lead) - _checks(count)))
        made = head + _tail(head, [_DIGITS] * _checks(count))
        if not validates(made):
            return made


def _spread(digits: str, like: str) -> str:
    """`digits` grouped as those of `like` are, by spaces or hyphens."""
    out: list[str] = []
    at, gap = 0, ""
    for sign in like:
        if sign.isdigit():
            out.append((gap if out else "") + digits[at])
            at, gap = at + 1, ""
        elif sign in "-.‐–" or (not gap and (sign.isspace() or sign in "()")):
            gap = "-" if sign in "-.‐–" else " "
    return "".join(out)


def phone(value: str, draw: Draw) -> str | None:
    """A number that opens no line: the country code and the grouping stay."""
    country = _COUNTRY.match(value)
    rest = value[country.end() :] if country else value
    if re.search("[A-Za-z\u00c0-\uffff]", rest) or (not country and "+" in rest):
        return _whole_international(value, draw) if value.startswith("+") else None
    return _phone(country[1] if country else "", rest, draw)


def _whole_international(value: str, draw: Draw) -> str | None:
    digits = re.sub("[^0-9]", "", value)
    if not re.fullmatch(r"\+[0-9 ().-]+", value):
        return None
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    code = next((digits[:n] for n in (1, 2, 3) if int(digits[:n]) in COUNTRY_CODE_TO_REGION_CODE), "")
    return _phone(code, digits[len(code) :], draw) if code else None


def _phone(country: str, rest: str, draw: Draw) -> str | None:
    digits = re.sub("[^0-9]", "", rest)
    leads = PHONE_LEADS.get(len(digits))
    if leads is None:
        return None
    made = _spread(_number(leads[digits[0] == "0"], len(digits), draw), rest)
    return f"+{country} {made}" if country else made


def _member(candidate: str) -> bool:
    """Whether a run of digits in groups, with or without a country code, is one of ours."""
    if candidate.startswith("+"):
        code, _, rest = candidate[1:].partition(" ")
        return 0 < len(code) <= 3 and code.isdigit() and _is_number(re.sub("[ -]", "", rest))
    return _is_number(re.sub("[ -]", "", candidate))


# --- codes of letters and digits ---


def _classes(signs: str) -> list[str]:
    if len(signs) >= 12 and all(c in _HEX for c in signs.lower()) and re.search("[0-9][A-Fa-f]+[0-9]", signs):
        return [_HEX] * len(signs)
    return [_DIGITS if c.isdigit() else _UPPER if c.isupper() else _LOWER for c in signs]


def _ends(count: int) -> int:
    return 4 if count >= 10 else 3


def _is_code(token: str) -> bool:
    signs = re.sub("[^0-9A-Za-z]", "", token)
    if len(signs) < 8 or signs.isdigit() or validates(signs):
        return False
    end = _ends(len(signs))
    shown = signs.lower() if _classes(signs)[0] is _HEX else signs
    run = re.search("[0-9]{6,}", signs[:-end] + "0" * end)
    if _classes(signs)[0] is not _HEX and run and run.start() < len(signs) - end and not run[0].startswith("00"):
        return False
    return _tail(shown[:-end], _classes(shown)[-end:]) == shown[-end:]


def _code(value: str, draw: Draw, keep: int) -> str | None:
    signs = re.sub("[^0-9A-Za-z]", "", value)
    if len(signs) < 8:
        return None
    if _UUID.fullmatch(value):
        signs = value.lower().replace("-", "")
    classes, end = _classes(signs), _ends(len(signs))
    run = re.search("[0-9]{6,}", signs[:-end] + "0" * end)
    for _ in range(64):
        drawn = [c if i < keep else draw.of(classes[i]) for i, c in enumerate(signs[:-end])]
        if classes[0] is _HEX:
            if len(signs) == 32:
                # Version 0 and variant 15, which no UUID has.
                drawn[12], drawn[16] = "0", "f"
        elif run and run.start() < len(drawn):
            for place in range(run.start(), min(run.start() + 2, len(drawn))):
                drawn[place] = "0"
        head = "".join(drawn)
        made = head + _tail(head, classes[-end:])
        if _is_code(made):
            return _grouped(made.upper() if signs.isupper() and classes[0] is _HEX else made, value)
    return None


def _grouped(signs: str, like: str) -> str:
    closing = re.search(r"\(([0-9A-Za-z])\)$", like)
    if closing:
        return _grouped(signs[:-1], like[: closing.start()]) + f"({signs[-1]})"
    out: list[str] = []
    at, gap = 0, ""
    for sign in like:
        if sign.isascii() and sign.isalnum():
            out.append((gap if out else "") + signs[at])
            at, gap = at + 1, ""
        elif sign == "-":
            gap = "-"
    return "".join(out)


def identifier(value: str, draw: Draw) -> str | None:
    """A number or code of the same shape. The letters before a long number (a carrier, a series) stay."""
    if any(c.isalnum() and not c.isascii() for c in value) or re.search(r"[@/\\:]", value):
        return None
    bare = re.sub("[^0-9A-Za-z]", "", value)
    if bare.isdigit():
        lead = _ID_LEADS.get(len(bare))
        return None if lead is None else _spread(_number(lead, len(bare), draw), value)
    if re.fullmatch("[0-9]{17}[Xx]", bare):
        return _spread(_number("10", 18, draw), value[:-1] + "0")
    series = re.fullmatch("([A-Za-z]{1,4})[0-9]{6,}[A-Za-z]{0,3}", bare)
    return _code(value, draw, len(series[1]) if series else 0)


def plate(value: str, draw: Draw) -> str | None:
    """A mainland plate with I and O in its serial, which stand in none; another country's as a code."""
    bare = re.sub("[·•\\s-]", "", value)
    if not re.fullmatch("[\u4e00-\u9fff][A-Za-z][0-9A-Za-z\u4e00-\u9fff]{5,6}", bare):
        return identifier(value, draw)
    serial = [draw.of(_SERIAL) for _ in range(len(bare) - 2)]
    serial[2], serial[4] = "I", "O"
    return draw.of(_PROVINCES) + draw.of(_SERIAL[:24]) + ("·" if "·" in value else "") + "".join(serial)


def birth_date(value: str, draw: Draw) -> str | None:
    """A day of the nineteenth century, written in the same way."""
    first = re.fullmatch("([0-9]{4})([-/.年])([0-9]{1,2})([-/.月])([0-9]{1,2})(日?)(?:[T ].*)?", value)
    last = re.fullmatch("([0-9]{1,2})([-/.])([0-9]{1,2})([-/.])([0-9]{4})", value)
    year, month, day = f"18{draw.below(100):02d}", f"{1 + draw.below(12):02d}", f"{1 + draw.below(12):02d}"
    if first:
        return f"{year}{first[2]}{month}{first[4]}{day}{first[6]}"
    return f"{day}{last[2]}{month}{last[4]}{year}" if last else None


# --- in running text ---


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """Numbers and codes of ours in `text`. Where several stand side by side, the longest run that is one."""
    if not _DIGIT.search(text):
        return
    for pattern, joint, member in ((_RUN, "[ -]", _member), (_CODE, "-", _is_code)):
        for match in pattern.finditer(text):
            if member(match[0]):
                yield match.span()
                continue
            starts = [match.start(), *(match.start() + m.end() for m in re.finditer(joint, match[0]))]
            if len(starts) > 1:
                yield from _within(text, starts, match.end(), member)


def _within(text: str, starts: list[int], end: int, member: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    ends = [start - 1 for start in starts[1:]] + [end]
    first = 0
    while first < len(starts):
        for last in range(min(len(starts), first + 8) - 1, first - 1, -1):
            if member(text[starts[first] : ends[last]]):
                yield starts[first], ends[last]
                first = last
                break
        first += 1
