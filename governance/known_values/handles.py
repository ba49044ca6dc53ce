"""What is written as it is: e-mail addresses and their local parts, user names, plates, links, addresses of machines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from governance.known_values.folding import fold, squeeze
from governance.known_values.matching import Find, Matcher, Row, is_han
from governance.known_values.words import is_word

_GAP = 2
LEAST, LOCAL = 4, 5
_AT = re.compile(r"[\s(\[{<]{0,3}(?:@|#|at|圈a|艾特|arroba)[\s)\]}>]{0,3}")
_DOT = re.compile(r"[\s(\[{]{0,3}(?:\.|dot|点|punto|ponto)[\s)\]}]{0,3}")
_MAILBOXES = frozenset(
    "admin administrator info contact service services support sales hello office mail email webmaster postmaster "
    "customer orders order billing noreply marketing press kontakt contato ventas soporte suporte".split()
)
_EXACT = frozenset({"IP_ADDRESS", "ACCOUNT_URL", "SECRET"})
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼港澳"


def handle(entity: str, value: str) -> Matcher | None:
    """A matcher for a value of any other kind, ``None`` for one too short."""
    folded = fold(value).strip()
    if entity == "EMAIL_ADDRESS" and folded.count("@") == 1:
        return _email(folded)
    if entity in _EXACT:
        return _exact(folded) if len(folded) >= LEAST else None
    bare = squeeze(folded)
    if len(bare) < LEAST and not (len(bare) == 3 and is_han(bare)):
        return None
    return _literal(entity, bare)


def _email(folded: str) -> Matcher | None:
    local, _, domain = folded.partition("@")
    needle = squeeze(local)
    if not needle:
        return None
    parts = domain.split(".")
    alone = len(needle) >= LOCAL and needle not in _MAILBOXES and not is_word(needle)

    def find(row: Row) -> Iterator[Find]:
        for place in row.places(needle):
            span = row.span(place, place + len(needle), _GAP)
            if span is None or (row.before(span[0]).isalnum() and row.before(span[0]).isascii()):
                continue
            end = _domain(row.folded, span[1], parts)
            if end and row.apart(span[0], end):
                yield span[0], end, False
            elif alone and row.apart(*span):
                yield span[0], span[1], True

    return Matcher((needle,), find)


def _domain(folded: str, place: int, parts: list[str]) -> int:
    """Where an e-mail address ends whose local part ends at ``place``; 0 where its domain does not follow."""
    at = _AT.match(folded, place)
    if at is None:
        return 0
    place = at.end()
    for number, part in enumerate(parts):
        dot = _DOT.match(folded, place) if number else None
        if number and dot is None:
            return 0
        place = dot.end() if dot else place
        if not folded.startswith(part, place):
            return 0
        place += len(part)
    return place


def _exact(folded: str) -> Matcher:
    """Where dots and signs are part of the value."""

    def find(row: Row) -> Iterator[Find]:
        place = row.folded.find(folded)
        while place >= 0:
            end = place + len(folded)
            longer = row.after(end) in "./" and row.after(end + 1).isdigit() and folded[-1].isdigit()
            if row.apart(place, end) and not (longer and row.after(end)):
                yield place, end, False
            place = row.folded.find(folded, place + 1)

    return Matcher((squeeze(folded),), find)


def _literal(entity: str, bare: str) -> Matcher:
    # A plate without its province still has its six letters and digits.
    short = bare[1:] if entity == "PLATE" and bare[0] in _PROVINCES and len(bare) >= 7 else ""
    # A nickname that is an everyday word needs to be called by: "@smile".
    common = entity == "USERNAME" and is_word(bare)

    def find(row: Row) -> Iterator[Find]:
        for needle, partial in ((bare, False), (short, True)) if short else ((bare, False),):
            for place in row.places(needle):
                span = row.span(place, place + len(needle), _GAP)
                if span and row.apart(*span) and not (common and row.before(span[0]) != "@"):
                    yield span[0], span[1], partial

    return Matcher((short or bare,), find)
