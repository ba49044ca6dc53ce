"""Chinese resident identity numbers (GB 11643-1999), 18 characters, and the 15 digits used before 1999.

Written whole, in groups (6-8-4, 6-4-4-4 and the like) or with a space between any two characters; a small x and
full-width characters too. A number with the right region and birth date is taken even where its check digit is
wrong, for a misspelt number still leads to the person; anything of its length is taken beside a word for it.
"""

from __future__ import annotations

import re

import numpy as np

from governance.recognisers.library import words
from governance.recognisers.library.checksums import is_date, resident_id
from governance.recognisers.library.numbers import BEGIN, END
from governance.recognisers.library.rows import Bools, Rows
from governance.recognisers.library.words import spaced
from governance.recognisers.pattern import Context, Pattern, Verdict

ENTITY = "CN_RESIDENT_ID"
# GB/T 2260 province codes; 9 and a digit begin the numbers of foreign permanent residents.
_PROVINCES = spaced(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83"
    " 91 92 93 94 95 96 97 98"
)
#: A score that needs no words beside it, below that of a number whose check digit is right.
_REGION_AND_DATE = 0.65


_S = "[ ./-]?"
#: With a year, a month and a day in their places.
_DATED = (
    f"(?<![0-9])[1-9](?:{_S}[0-9]){{5}}{_S}(?:1{_S}[89]|2{_S}[01])(?:{_S}[0-9]){{2}}{_S}(?:0{_S}[1-9]|1{_S}[0-2])"
    f"{_S}(?:0{_S}[1-9]|[12]{_S}[0-9]|3{_S}[01])(?:{_S}[0-9]){{3}}{_S}(?:[0-9]|[Xx])(?![0-9])"
)


def _plausible(number: str, year: str, month: str, day: str) -> bool:
    return number[:2] in _PROVINCES and "1880" <= year <= "2100" and is_date(int(year), int(month), int(day))


def _check_18(found: re.Match[str]) -> Verdict:
    number = found[0].encode("ascii").translate(None, b" ./-").decode("ascii")
    if not _plausible(number, number[6:10], number[10:12], number[12:14]):
        return False
    return resident_id(number) or _REGION_AND_DATE


def _check_15(found: re.Match[str]) -> Verdict:
    number = found[0]
    return False if _plausible(number, "19" + number[6:8], number[8:10], number[10:12]) else None


def _sieve(found: Rows) -> Bools:
    """Which runs of digits a number may begin with: those with a year, a month and a day in their places."""
    digits = np.pad(found.digits, (0, 14)).astype(np.int64)
    begin = found.at
    century = digits[begin + 6] * 10 + digits[begin + 7]
    month, day = (digits[begin + k] * 10 + digits[begin + k + 1] for k in (10, 12))
    dated: Bools = (century >= 18) & (century <= 21) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    return dated & (digits[begin] > 0)


_CONTEXT = Context(words.CN_ID, against=words.NOT_CARD, following=("身份证", "身份證", "证件号"))

PATTERNS = (
    Pattern(
        ENTITY,
        "cn_resident_id.18",
        needle=f"{BEGIN}[1-9](?:[ ./-]?[0-9]){{16}}[ ./-]?[0-9Xx]{END}",
        verifier=re.compile("(?<![0-9])[1-9](?:[ ./-]?[0-9]){16}[ ./-]?(?:[0-9]|[Xx])(?![0-9])"),
        check=_check_18,
        context=_CONTEXT,
        score=0.2,
        checked=0.99,
        alone=re.compile(_DATED),
        sieve=_sieve,
    ),
    Pattern(
        ENTITY,
        "cn_resident_id.15",
        needle=f"{BEGIN}[1-9][0-9]{{7}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{{3}}{END}",
        verifier=re.compile("(?<![0-9])[1-9][0-9]{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}(?![0-9])"),
        check=_check_15,
        context=_CONTEXT,
        score=0.3,
    ),
)
