"""Numbers that a record declares: telephones, cards, ids, waybills, devices.

Whatever form is written, the last four characters stand in it: the whole with any separators, with or without the
country's code, its end alone (a landline without area code), the middle behind stars, or "尾号 8001".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from governance.known_values.folding import fold
from governance.known_values.matching import Find, Matcher, Row, in_word

TAIL = 4
LEAST = 6
_GAP = 3
_ENDED = frozenset({"PHONE_NUMBER", "BANK_CARD", "CN_RESIDENT_ID", "NATIONAL_ID"})
"""Entities that people call by their last digits."""
_BETWEEN = r"[\s\u200b-\u200f\u2060\ufeff\-‐-―−_.·・/*()]"
_STARRED = re.compile(r"(?<![0-9a-z])([0-9]{0,8}|[a-z]{1,3}[0-9]{0,6})(?:[\s-]{0,2}[*•●#x]){2,18}[\s-]{0,2}$")
_CALLED = re.compile(
    r"(?:尾号|尾数|后四位|末四位|后4位|末4位|最后四位|(?:ending|ends|end)(?: (?:in|with))?|last (?:four|4)(?: digits)?"
    r"|terminad[oa] em|finales?|termina(?:da)? en|akhiran|đuôi|뒷자리|뒷번호|ลงท้าย)(?:是|为|\W){0,4}$"
)
_TRUNK = re.compile(rf"\(?0\)?{_BETWEEN}{{0,3}}$")
_ABROAD = re.compile(rf"(?:\+|(?<![0-9])00)\s?([0-9]{{1,3}}){_BETWEEN}{{0,3}}(?:\(?0\)?)?{_BETWEEN}{{0,3}}$")
# ITU-T E.164: the country codes of two digits; 1 and 7 have one, all others three.
_TWO = frozenset(
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 "
    "90 91 92 93 94 95 98".split()
)


def alnum(folded: str) -> str:
    """The letters and digits of a folded value."""
    return (
        folded if folded.isascii() and folded.isalnum() else "".join(c for c in folded if c.isascii() and c.isalnum())
    )


def national(folded: str) -> tuple[str, str]:
    """A folded telephone number as (country code or empty, number without code and trunk 0)."""
    bare = alnum(folded)
    stripped = folded.lstrip(" (（")
    if stripped.startswith("+") or bare.startswith("00"):
        bare = bare.removeprefix("00")
        size = 1 if bare[:1] in ("1", "7") else 2 if bare[:2] in _TWO else 3
        code, rest = bare[:size], bare[size:]
    elif len(bare) == 13 and bare.startswith("861"):
        code, rest = "86", bare[2:]
    else:
        code, rest = "", bare
    return code, rest.removeprefix("0")


def number(entity: str, value: str) -> Matcher | None:
    """A matcher for a number, ``None`` for one too short to be told from others."""
    folded = fold(value).strip()
    phone = entity == "PHONE_NUMBER"
    code, core = national(folded) if phone else ("", alnum(folded))
    if len(core) < LEAST:
        return None
    # A mobile of China that is kept bare may be written with 86 before it.
    code = code or ("86" if phone and len(core) == 11 and core[0] == "1" else "")
    tail, head = core[-TAIL:], core[:-TAIL]
    digits = core.isdigit()
    numeric = core.lstrip("abcdefghijklmnopqrstuvwxyz")
    # What still says whose number it is without its beginning: a landline's last digits, a waybill without letters.
    least = 7 if phone and len(core) > 7 else len(numeric) if 8 <= len(numeric) < len(core) else 0
    ended = entity in _ENDED

    def find(row: Row) -> Iterator[Find]:
        bare, at = row.bare, row.at
        for place in row.places(tail):
            stop = place + TAIL
            end = at[stop - 1] + 1
            after = row.after(end)
            if after.isascii() and (after.isdigit() or (not digits and after.isalpha())):
                continue
            start = place - len(head)
            if start >= 0 and bare.startswith(head, start):
                span = row.span(start, stop, _GAP)
                begin = _begin(row, start, span[0], code if phone else "", digits) if span else None
                if span and begin is not None:
                    yield begin, span[1], False
                    continue
            if least:
                same = TAIL
                while same < len(core) and same <= stop - 1 and bare[stop - same - 1] == core[-same - 1]:
                    same += 1
                span = row.span(stop - same, stop, _GAP) if same >= least else None
                if span and not _digit(row.before(span[0])) and not in_word(row.before(span[0])):
                    yield span[0], span[1], True
                    continue
            here = at[place]
            if end - here != TAIL:
                continue
            left = row.folded[max(0, here - 32) : here]
            masked = _STARRED.search(left)
            if masked is not None and (core.startswith(masked[1]) or (code + core).startswith(masked[1])):
                yield here - len(left) + masked.start(), row.whole(end), True
                continue
            called = _CALLED.search(left) if ended else None
            if called is not None:
                yield here - len(left) + called.start(), end, True

    return Matcher((tail,), find)


def _digit(character: str) -> bool:
    return character.isascii() and character.isdigit()


def _begin(row: Row, place: int, start: int, code: str, digits: bool) -> int | None:
    """Where the number at ``place`` of the squeezed text and ``start`` of the text begins with its country code;
    ``None`` where it is the end of a longer one."""
    left = row.folded[max(0, start - 12) : start]
    last = left[-1:]
    if last and last in "0123456789()+ -.":
        abroad = _ABROAD.search(left)
        if abroad is not None and (not code or abroad[1] == code):
            return start - len(left) + abroad.start()
        trunk = _TRUNK.search(left)
        if trunk is not None and not _digit(left[: trunk.start()][-1:]):
            return start - len(left) + trunk.start()
    if code and row.bare.endswith(code, 0, place):
        first = place - len(code)
        span = row.span(first, place, _GAP)
        before = row.bare[first - 1 : first]
        if span and not _digit(before):
            plus = span[0] - 1 if row.before(span[0]) == "+" else span[0]
            return plus
    if last.isascii() and (last.isdigit() or (not digits and last.isalpha())):
        return None
    return start
