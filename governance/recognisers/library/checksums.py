"""Check digits. Each takes the characters of one number and says whether they agree."""

from __future__ import annotations

from datetime import date

_RIC_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RIC_CHECK = "10X98765432"


_DOUBLED = str.maketrans("0123456789", "0246813579")


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B: from the right, every second digit doubled and its digits added."""
    return sum(map(int, digits[::-2] + digits[-2::-2].translate(_DOUBLED))) % 10 == 0


def resident_id(number: str) -> bool:
    """GB 11643-1999: 17 digits and a check character, ISO 7064 MOD 11-2; ``x`` or ``X`` for ten."""
    total = sum(weight * (ord(digit) - 48) for weight, digit in zip(_RIC_WEIGHTS, number[:17], strict=True))
    return number[17].upper() == _RIC_CHECK[total % 11]


def is_date(year: int, month: int, day: int) -> bool:
    """Whether the calendar has this day."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
