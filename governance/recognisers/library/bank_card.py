"""Payment cards (ISO/IEC 7812): 12 to 19 digits with an issuer prefix and a Luhn digit, whole or in groups.

One number in ten passes Luhn by chance, and order numbers are as long as cards, so a number alone must also have a
prefix and length that some scheme issues. Beside a word for a card or an account any such length is taken.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from governance.recognisers.library import words
from governance.recognisers.library.checksums import luhn
from governance.recognisers.library.numbers import BEGIN, LONG
from governance.recognisers.library.rows import Bools, Rows
from governance.recognisers.pattern import Context, Pattern, Verdict

ENTITY = "BANK_CARD"

# Scheme prefixes (first and last) and the lengths they are issued in.
_ISSUED: tuple[tuple[str, str, frozenset[int]], ...] = (
    ("62", "62", frozenset(range(16, 20))),  # UnionPay
    ("81", "81", frozenset({16, 19})),  # UnionPay and RuPay
    ("9558", "9558", frozenset({16, 19})),  # Chinese debit cards from before UnionPay's own prefix
    ("6013", "6013", frozenset({19})),
    ("4", "4", frozenset({13, 16, 19})),  # Visa
    ("51", "55", frozenset({16})),  # Mastercard
    ("2221", "2720", frozenset({16})),
    ("34", "34", frozenset({15})),  # American Express
    ("37", "37", frozenset({15})),
    ("3528", "3589", frozenset({16, 17, 18, 19})),  # JCB
    ("2131", "2131", frozenset({15})),
    ("1800", "1800", frozenset({15})),
    ("300", "305", frozenset({14, 16})),  # Diners Club
    ("36", "36", frozenset({14, 16})),
    ("38", "39", frozenset({14, 16})),
    ("6011", "6011", frozenset({16, 19})),  # Discover
    ("644", "659", frozenset({16, 19})),
    ("50", "50", frozenset(range(12, 20))),  # Maestro
    ("56", "58", frozenset(range(12, 20))),
    ("60", "61", frozenset({16, 19})),
    ("63", "63", frozenset(range(12, 20))),
    ("67", "67", frozenset(range(12, 20))),
    ("2200", "2204", frozenset({16, 17, 18, 19})),  # Mir
)


#: Prefix -> lengths: the ranges written out, longest prefix of four digits.
_LENGTHS: dict[str, frozenset[int]] = {}
for _low, _high, _lengths in _ISSUED:
    for _prefix in range(int(_low), int(_high) + 1):
        _LENGTHS[str(_prefix)] = _LENGTHS.get(str(_prefix), frozenset()) | _lengths


@lru_cache(maxsize=10_000)
def _lengths_of(begin: str) -> frozenset[int]:
    """The lengths in which some scheme issues numbers that begin with these four digits."""
    return frozenset[int]().union(*(_LENGTHS.get(begin[:length], ()) for length in (1, 2, 3, 4)))


def issued(digits: str) -> bool:
    """Whether some scheme issues numbers of this prefix and length."""
    return len(digits) in _lengths_of(digits[:4])


def _check_bare(found: re.Match[str]) -> Verdict:
    digits = found[0]
    if not (issued(digits) and luhn(digits)):
        return False
    # Short numbers are article numbers and times in milliseconds as often as cards.
    return len(digits) >= 14


def _check_grouped(found: re.Match[str]) -> Verdict:
    groups = found[0].split(found["sep"])
    digits = "".join(groups)
    lengths, start, size = _lengths_of(digits[:4]), found.start(), len(digits)
    weak: tuple[bool, int, int] | None = None
    # A number and what follows it (an expiry date, a quantity) look like one row of groups: the longest that is a card.
    for taken in range(len(groups), 1, -1):
        if size < 12:
            break
        if size <= 19:
            end = start + size + taken - 1
            if size in lengths and luhn(digits[:size]):
                # Three digits behind it: the code on its back, or the rest of one misspelt. Neither is left.
                rest = (
                    len(groups[taken]) == 3 and size == 16 and taken == len(groups) - 1
                    if taken < len(groups)
                    else False
                )
                return True, start, end + 4 * rest
            # Misspelt, and all of it: 6228 4800 1234 5678 910 is UnionPay's longest form, not sixteen digits and a rest.
            whole = weak is not None and digits.startswith("62") and end + 4 == weak[2]
            if weak is None or (size == 16 and not whole):
                weak = False, start, end
        size -= len(groups[taken - 1])
    return weak


@lru_cache(maxsize=1)
def _sizes() -> npt.NDArray[np.uint32]:
    """By the first four digits, a bit for each length in which some scheme issues numbers."""
    return np.array([sum(1 << n for n in _lengths_of(f"{begin:04d}")) for begin in range(10_000)], dtype=np.uint32)


def _sieve(found: Rows) -> Bools:
    """Which runs of digits begin groups with one sign between them whose digits some scheme issues and that pass Luhn."""
    size, behind, linked = found.size, found.behind, found.linked
    keep = np.zeros(len(size), dtype=bool)
    which = np.flatnonzero(linked & (size > 2) & (size < 7) & np.isin(behind, _SIGNS))
    if not len(which):
        return keep
    digits = np.pad(found.digits, (0, _LONGEST))
    begins = found.at[which]
    issued_in = _sizes()[sum(digits[begins + k].astype(np.int64) * 10 ** (3 - k) for k in range(4))]
    able = issued_in > 0
    which, begins, issued_in = which[able], begins[able], issued_in[able]
    some = digits[begins[:, None] + np.arange(_LONGEST)]  # no sum of them is above 171
    # Luhn of every length: of an even one the digits at even places are doubled, of an odd one those at odd places.
    doubled = _DOUBLED[some]
    even = np.arange(_LONGEST) % 2 == 0
    sums = np.stack(
        [np.cumsum(np.where(even == parity, doubled, some), axis=1, dtype=np.uint8) for parity in (True, False)]
    )
    going, total, good = np.ones(len(which), dtype=bool), size[which], np.zeros(len(which), dtype=bool)
    for k in range(1, _MOST_GROUPS):
        before = np.minimum(which + k - 1, len(size) - 1)
        going &= linked[before] & (behind[before] == behind[which])
        total = total + np.where(going, size[np.minimum(which + k, len(size) - 1)], 0)
        fits = np.flatnonzero(going & (total >= 12) & (total <= _LONGEST))
        fits = fits[(issued_in[fits] >> total[fits].astype(np.uint32) & 1) > 0]
        good[fits] |= sums[total[fits] % 2, fits, total[fits] - 1] % 10 == 0
    keep[which[good]] = True
    return keep


_SIGNS = np.frombuffer(b" .-", dtype=np.uint8)
_MOST_GROUPS, _LONGEST = 6, 19
_DOUBLED = np.array([0, 2, 4, 6, 8, 1, 3, 5, 7, 9], dtype=np.uint8)
#: Behind the first digit: the rest of the first group, a sign, and so many that there are twelve.
_GROUPS = "|".join(
    f"[0-9]{{{first}}}{sign}[0-9]{{2}}(?:{sign}?[0-9]){{{9 - first}}}"
    for first in (2, 3, 4, 5)
    for sign in (" ", "-", "[.]")
)

_GROUPED = "[0-9]{2,5}(?P<sep>[ .-])[0-9]{2,15}(?:(?P=sep)[0-9]{1,7}){0,4}(?![0-9])"
#: First digits of what some scheme issues, and what their second ones are.
_BEGINS = sorted(f"{first}(?=[{''.join(sorted({p[1] for p in _LENGTHS if p[0] == first and len(p) > 1}))}])" if first not in _LENGTHS else first
                 for first in {prefix[0] for prefix in _LENGTHS})  # fmt: skip

_CONTEXT = Context(words.CARD, against=words.NOT_CARD)

PATTERNS = (
    Pattern(
        ENTITY,
        "bank_card.bare",
        ahead=0,
        needle=LONG,
        verifier=re.compile("(?<![0-9])[0-9]{12,19}(?![0-9])"),
        check=_check_bare,
        context=_CONTEXT,
        score=0.2,
        checked=0.9,
    ),
    Pattern(
        ENTITY,
        "bank_card.grouped",
        ahead=0,
        needle=f"{BEGIN}[1-9](?:{_GROUPS})",
        verifier=re.compile(f"(?<![0-9])[1-9]{_GROUPED}"),
        check=_check_grouped,
        context=_CONTEXT,
        score=0.2,
        checked=0.95,
        alone=re.compile(f"(?<![0-9])(?:{'|'.join(_BEGINS)}){_GROUPED}"),
        sieve=_sieve,
    ),
)
