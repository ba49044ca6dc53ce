"""Postal addresses: the levels and the kinds of places stay, names of places and numbers are invented."""

from __future__ import annotations

import re

from governance.actions.surrogates.draw import Draw
from governance.actions.surrogates.names import FAMILY_WORD, cased, family_word

# Two characters that stand together in no name of a place.
_P = "澴濛漷淝滆潩洮沭泖涑溇澽滹溠洈泜"
_Q = "墠堌坶崾坻埭垭塬磴碚硚峁坨岽崴嶂"
_LEVELS = (
    "特别行政区|自治区|自治州|开发区|高新区|工业园|产业园|街道|社区|大道|大街|胡同|小区|花园|广场|大厦|公寓|中心|"
    "省|市|州|盟|地区|区|县|旗|镇|乡|村|路|街|巷|弄|道|苑|园|城|府|湾|庭|里|院|店"
)
_UNITS = "号楼|号院|单元|号|栋|幢|座|室|楼|层|弄|房|户|组|队|期|巷|区"
_NUMERAL = "零〇一二三四五六七八九十"
_KINDS = (
    "street|st|avenue|ave|road|rd|lane|ln|drive|dr|court|ct|square|sq|boulevard|blvd|place|pl|way|apt|unit|suite|ste|"
    "floor|fl|no|block|blk|north|south|east|west|n|s|e|w|p.?o.?|box|calle|avenida|av|plaza|paseo|carrera|cra|colonia|col|"
    "piso|rua|travessa|praça|bairro|alameda|jalan|jl|gang|gg|kota|kabupaten|kecamatan|kelurahan|rt|rw|taman|lorong|"
    "đường|phố|quận|phường|de|del|la|las|los|el|da|do|dos|of|the"
)
_NAME = f"[{_P}][{_Q}]"
_COUNT = f"(?:[0-9A-Z]{{1,6}}|[{_NUMERAL}]{{1,4}})"
_GAP = "(?:, | - |[ ,./#-])"
_TOKEN = "(?=[A-Z]*[0-9])[0-9A-Z]{1,8}(?![0-9A-Za-z])"  # noqa: S105 - a part of an address
PATTERN = "|".join(
    (
        f"{_NAME}(?:{_LEVELS})?(?:{_NAME}(?:{_LEVELS})?|{_COUNT}(?:-{_COUNT}){{0,4}}(?:{_UNITS})){{0,16}}"
        f"(?:[0-9]{{1,6}}(?:-[0-9]{{1,6}}){{0,4}}(?![0-9A-Z]))?",
        f"(?<![0-9A-Za-z])(?:(?:{_TOKEN}|(?:{_KINDS})\\b){_GAP}){{1,8}}{FAMILY_WORD}(?![_a-z])"
        f"(?:{_GAP}(?:{FAMILY_WORD}(?![_a-z])|{_TOKEN}|(?:{_KINDS})\\b)){{0,16}}",
        f"{FAMILY_WORD}(?![_a-z])(?:{_GAP}(?:{_TOKEN}|(?:{_KINDS})\\b)(?:{_GAP}{FAMILY_WORD}(?![_a-z]))?){{1,12}}",
    )
)
GATE = _NAME

_PART = re.compile(
    f"(?P<count>[0-9A-Za-z]+|[{_NUMERAL}]+(?=(?:{_UNITS})))(?P<unit>{_UNITS})?"
    f"|(?P<name>[\u3400-\u9fff]+?)(?:(?P<level>{_LEVELS})(?![省市区县镇乡村路街道])|(?=[0-9A-Za-z\\s,，、()#-])|$)"
    "|(?P<gap>[\\s,，、()#.·-]+)"
)
_WORD = re.compile("[^\\W_]+", re.UNICODE)


def address(value: str, draw: Draw) -> str | None:
    """An address of the same levels. ``None`` for scripts other than Chinese and Latin, and for door numbers alone."""
    if re.search("[\u3400-\u9fff]", value):
        return _chinese(value, draw)
    if all(ord(c) < 0x250 or 0x1E00 <= ord(c) < 0x1F00 for c in value):
        return _latin(value, draw)
    return None


def _chinese(value: str, draw: Draw) -> str | None:
    out: list[str] = []
    at = 0
    named = False
    while at < len(value):
        part = _PART.match(value, at)
        if part is None or part.end() == at:
            return None
        at = part.end()
        if part["gap"] is not None:
            if out and out[-1][-1:].isalnum() and "-" in part["gap"] and re.match("[0-9]", value[at:]):
                out.append("-")
            continue
        if part["name"] is not None:
            out.append(draw.of(_P) + draw.of(_Q) + (part["level"] or ""))
            named = True
        elif not named:
            return None
        else:
            out.append("".join(_sign(c, draw) for c in part["count"]) + (part["unit"] or ""))
    return "".join(out) if named else None


def _sign(sign: str, draw: Draw) -> str:
    if sign.isdigit():
        return str(1 + draw.below(9))
    if sign.isascii():
        return "ABCDEFGH"[draw.below(8)]
    return "一二三四五六七八九"[draw.below(9)]


def _latin(value: str, draw: Draw) -> str | None:
    out: list[str] = []
    at = 0
    for match in _WORD.finditer(value):
        gap = value[at : match.start()]
        if out:
            out.append(", " if "," in gap or "\n" in gap else "-" if "-" in gap.strip() and " " not in gap else " ")
        word, at = match[0], match.end()
        if re.fullmatch(_KINDS, word, re.IGNORECASE):
            out.append(word)
        elif any(c.isdigit() for c in word):
            if len(word) > 8:
                return None
            out.append("".join(_sign(c, draw) if c.isascii() else "1" for c in word))
        else:
            out.append(cased(family_word(draw, word), word))
    return "".join(out) if at else None
