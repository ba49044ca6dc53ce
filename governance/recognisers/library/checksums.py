"""Check digits. Each takes the characters of one number and says whether they agree."""

from __future__ import annotations

from datetime import date
from itertools import cycle
from operator import mul

_RIC_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RIC_CHECK = "10X98765432"


#: What each digit counts, whole and doubled.
_PLAIN = bytes.maketrans(b"0123456789", bytes(range(10)))
_DOUBLED = bytes.maketrans(b"0123456789", bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B: from the right, every second digit doubled and its digits added."""
    raw = digits.encode("ascii")
    return (sum(raw[::-2].translate(_PLAIN)) + sum(raw[-2::-2].translate(_DOUBLED))) % 10 == 0


def resident_id(number: str) -> bool:
    """GB 11643-1999: 17 digits and a check character, ISO 7064 MOD 11-2; ``x`` or ``X`` for ten."""
    total = weighted(number[:17], _RIC_WEIGHTS)
    return number[17].upper() == _RIC_CHECK[total % 11]


def is_date(year: int, month: int, day: int) -> bool:
    """Whether the calendar has this day."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


_USCC_VALUES = {sign: value for value, sign in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def uscc(code: str) -> bool:
    """GB 32100-2015: 17 signs weighted by powers of 3, modulo 31, over digits and letters without I, O, S, V, Z."""
    values = [_USCC_VALUES.get(sign, -1) for sign in code.upper()]
    return -sum(map(mul, values, _USCC_WEIGHTS)) % 31 == values[17] and min(values) >= 0


def hkid(letters: str, digits: str, check: str) -> bool:
    """Hong Kong identity card: weights 9 to 2 over two letters (a blank counts 36) and six digits, modulo 11."""
    padded = [36 if c == " " else ord(c) - 55 for c in letters.upper().rjust(2)] + [int(c) for c in digits]
    total = sum(weight * value for weight, value in zip(range(9, 1, -1), padded, strict=True))
    return "0123456789A"[-total % 11] == check.upper()


_TW_LETTERS = {c: 10 + i for i, c in enumerate("ABCDEFGHJKLMNPQRSTUVXYWZIO")}


def taiwan_id(number: str) -> bool:
    """Taiwan identity card: the letter as two digits, weights 1 9 8 … 1 1, modulo 10."""
    letter = _TW_LETTERS[number[0].upper()]
    digits = [letter // 10, letter % 10, *map(int, number[1:])]
    return sum(w * d for w, d in zip((1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1), digits, strict=True)) % 10 == 0


# Lengths by country, from the registry of ISO 13616.
_IBAN_LENGTHS = {
    country: int(length)
    for length, countries in (
        pair.split(":")
        for pair in "15:NO 16:BE 18:DK FO FI GL NL SD 19:MK SI 20:AT BA EE KZ LT LU XK MN 21:CH HR LI LV 22:BG BH CR DE GB GE IE"
        " ME RS VA 23:AE GI IL IQ OM SO TL 24:AD CZ ES MD PK RO SA SE SK TN VG 25:LY PT ST 26:IS TR 27:BI DJ FR GR IT MC MR SM"
        " 28:AL AZ BY CY DO GT HU LB NI PL SV 29:BR EG PS QA UA 30:JO KW MU YE 31:MT SC 32:LC 33:RU".replace(" 1", "|1")
        .replace(" 2", "|2")
        .replace(" 3", "|3")
        .split("|")
    )
    for country in countries.split()
}


def iban(code: str) -> bool:
    """ISO 13616: a length of its country; the first four signs moved to the end, letters as 10 to 35, modulo 97 is 1."""
    moved = code[4:] + code[:4]
    return _IBAN_LENGTHS.get(code[:2].upper()) == len(code) and int("".join(str(int(c, 36)) for c in moved)) % 97 == 1


def weighted(digits: str, weights: tuple[int, ...]) -> int:
    """The weighted sum that most national numbers start from."""
    return sum(map(mul, map(int, digits), weights))


def cpf(digits: str) -> bool:
    """Brazil's CPF: two check digits, each modulo 11 (0 and 1 remaining give 0); eleven equal digits are none."""
    if len(set(digits)) == 1:
        return False
    first = weighted(digits, (10, 9, 8, 7, 6, 5, 4, 3, 2)) * 10 % 11 % 10
    second = weighted(digits, (11, 10, 9, 8, 7, 6, 5, 4, 3, 2)) * 10 % 11 % 10
    return digits[9:] == f"{first}{second}"


def thai_id(digits: str) -> bool:
    """Thailand: weights 13 to 2, (11 - sum modulo 11) modulo 10."""
    return (11 - weighted(digits, tuple(range(13, 1, -1))) % 11) % 10 == int(digits[12])


def nric(number: str) -> bool:
    """Singapore's NRIC and FIN: weights 2 7 6 5 4 3 2, plus 4 for T and G, plus 3 for M."""
    first = number[0].upper()
    total = weighted(number[1:8], (2, 7, 6, 5, 4, 3, 2)) + {"T": 4, "G": 4, "M": 3}.get(first, 0)
    if first in "ST":
        return "JZIHGFEDCBA"[total % 11] == number[8].upper()
    if first in "FG":
        return "XWUTRQPNMLK"[total % 11] == number[8].upper()
    return "KLJNPQRTUWX"[10 - total % 11] == number[8].upper()


def spanish_id(number: str) -> bool:
    """Spain's DNI and NIE: modulo 23 chooses the letter; X, Y, Z before a NIE count as 0, 1, 2."""
    body = number[:-1].upper()
    body = {"X": "0", "Y": "1", "Z": "2"}.get(body[0], body[0]) + body[1:]
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(body) % 23] == number[-1].upper()


def rut(number: str) -> bool:
    """Chile's RUT: weights 2 to 7 from the right, modulo 11; K for ten."""
    body, check = number[:-1], number[-1].upper()
    total = sum(int(d) * (2 + i % 6) for i, d in enumerate(reversed(body)))
    return "0123456789K0"[11 - total % 11] == check


def cuit(digits: str) -> bool:
    """Argentina's CUIT and CUIL: weights 5 4 3 2 7 6 5 4 3 2, modulo 11."""
    return (11 - weighted(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11) % 11 == int(digits[10])


def snils(digits: str) -> bool:
    """Russia's SNILS: weights 9 to 1, modulo 101, 100 written 00."""
    return weighted(digits, tuple(range(9, 0, -1))) % 101 % 100 == int(digits[9:])


_VERHOEFF_D = [[int(digit) for digit in row] for row in (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)]  # fmt: skip
_VERHOEFF_P = [[int(digit) for digit in row] for row in (
    "0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258",
)]  # fmt: skip


def verhoeff(digits: str) -> bool:
    """India's Aadhaar: the dihedral group of Verhoeff (1969)."""
    state = 0
    for row, digit in zip(cycle(_VERHOEFF_P), map(int, reversed(digits)), strict=False):
        state = _VERHOEFF_D[state][row[digit]]
    return state == 0
