"""What `phonenumbers` (libphonenumber's metadata, Apache-2.0) knows of a number, asked only of those it may know.

To parse a number and look it up takes a tenth of a millisecond. Most rows of digits are none: an expression for each
region, made of the same metadata, and the ways in which its numbers are grouped tell most of them beforehand.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

import regex

_RUN = re.compile("[0-9]+")
_KINDS = ("fixed_line", "mobile", "premium_rate", "personal_number", "voip", "pager", "voicemail")
#: Numbers that everybody may know: `library.service_line`.
_PUBLIC = ("toll_free", "shared_cost", "uan")


class Known(NamedTuple):
    """What the metadata say of a number: whether it is valid and mobile."""

    valid: bool
    mobile: bool


@lru_cache(maxsize=1 << 16)
def look_up(digits: str, region: str | None) -> Known | None:
    """Metadata of a number; ``None`` if it cannot be one, or is none of `region`. ``region`` ``None``: `digits` begin with
    a country code."""
    import phonenumbers as lib

    try:
        number = lib.parse(digits if region else "+" + digits, region)
    except lib.NumberParseException:
        return None
    if region is not None and not lib.is_valid_number_for_region(number, region):
        return None
    kind = lib.number_type(number)
    if kind in (lib.PhoneNumberType.TOLL_FREE, lib.PhoneNumberType.SHARED_COST, lib.PhoneNumberType.UAN):
        return None  # those of `_PUBLIC`
    if region is None and not lib.is_valid_number(number):
        return Known(False, False) if lib.is_possible_number(number) else None
    return Known(True, kind in (lib.PhoneNumberType.MOBILE, lib.PhoneNumberType.FIXED_LINE_OR_MOBILE))


@lru_cache(maxsize=1 << 16)
def groups(digits: str, region: str) -> tuple[int, ...]:
    """The lengths of the groups in which a valid number is written."""
    import phonenumbers as lib

    shown = lib.format_number(lib.parse(digits, region), lib.PhoneNumberFormat.NATIONAL)
    return tuple(map(len, _RUN.findall(shown)))


class Candidates(NamedTuple):
    """What may be a number of a region, dialled there or from elsewhere: one of ``lengths`` digits that the expression
    ``number`` matches, behind what the expression ``before`` does."""

    before: str
    number: str
    lengths: frozenset[int]

    @property
    def expression(self) -> str:
        """All of such a number."""
        return f"(?:{self.before})(?:{self.number})"

    def may_begin(self, begin: str, size: int) -> bool:
        """Whether one of ``size`` digits may begin with a few."""
        before = _before(self.before)
        behind = {size - length for length in self.lengths if length <= size}
        return any(before.fullmatch(begin[:some], partial=some > len(begin)) for some in behind)


@lru_cache(maxsize=512)
def _before(expression: str) -> regex.Pattern[str]:
    return regex.compile(expression)


#: Of a region whose numbers are rewritten before they are dialled, or that is not known.
_ANY = Candidates("[0-9]*?", "[0-9]+", frozenset(range(1, 18)))


@lru_cache(maxsize=512)
def candidates(region: str) -> Candidates:
    """The candidates of a region: the prefixes that `phonenumbers` takes off, and its numbers of every kind that
    `look_up` may tell."""
    import phonenumbers as lib

    data = lib.PhoneMetadata.metadata_for_region(region)
    if data is None:
        return _ANY
    rule = data.national_prefix_transform_rule
    # The first of the regions that share a code says itself what kind its numbers are; those of others it may know better.
    first = data.leading_digits is None and lib.region_code_for_country_code(data.country_code or 0) == region
    kinds = _KINDS if first else _KINDS + _PUBLIC
    known = [kind for kind in (getattr(data, name) for name in kinds) if kind and kind.national_number_pattern]
    if not known or (rule and re.fullmatch(r"\\[0-9]", rule) is None):
        return _ANY
    abroad = f"(?:{data.international_prefix})?" if data.international_prefix else ""
    # The prefix is taken off once behind the code of the country, and once more from what is left.
    trunk = f"(?:{data.national_prefix_for_parsing}){{0,2}}" if data.national_prefix_for_parsing else ""
    # Where a part of the prefix is all that stays, it is the last digits: what was dialled behind a carrier's code.
    before = "[0-9]*?" if rule else f"{abroad}(?:{data.country_code})?{trunk}"
    numbers = "|".join(sorted({kind.national_number_pattern for kind in known}))
    return Candidates(before, numbers, frozenset(length for kind in known for length in kind.possible_length))


@lru_cache(maxsize=512)
def shapes(region: str) -> frozenset[tuple[int, ...]]:
    """The lengths of groups, two and more, in which numbers of a region may be written: `groups` of each that has some is
    one of them."""
    import phonenumbers as lib

    code = lib.country_code_for_region(region)
    # A country's numbers are shown as those of the first of the regions that share its code.
    data = lib.PhoneMetadata.metadata_for_region(lib.region_code_for_country_code(code)) if code else None
    out: set[tuple[int, ...]] = set()
    for shown in data.number_format if data else ():
        first = (shown.national_prefix_formatting_rule or r"\1").split(r"\1")
        # Each group as a field, in the first of them what the rule puts around it.
        fields = re.sub(r"\\([0-9])", r"{\1}", shown.format or "")
        form = re.sub(r"({[0-9]})", lambda field, first=first: field[0].join(first), fields, count=1)  # type: ignore[misc]
        for lengths in product(*_widths(shown.pattern or "")):
            text = form.format("", *("0" * length for length in lengths))
            out.add(tuple(map(len, _RUN.findall(text))))
    return frozenset(shape for shape in out if len(shape) > 1)


def _widths(expression: str) -> list[range]:
    """How many characters each group of an expression may have."""
    parser: Any = re._parser  # type: ignore[attr-defined]
    widths = (argument[3].getwidth() for code, argument in parser.parse(expression) if str(code) == "SUBPATTERN")
    return [range(int(low), int(high) + 1) for low, high in widths]
