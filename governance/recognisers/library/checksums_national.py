"""Check digits of national numbers beside those of `library.checksums`. Each takes bare digits or letters of one number."""

from __future__ import annotations

from governance.recognisers.library.checksums import weighted


def ean(digits: str) -> bool:
    """GS1 article numbers (EAN-13, UPC-A, GTIN-14): weights 1 and 3 from the right, modulo 10."""
    return sum(int(d) * (3 if place % 2 else 1) for place, d in enumerate(reversed(digits))) % 10 == 0


def taiwan_arc(number: str) -> bool:
    """Taiwan's residence numbers of before 2021: a second letter, of whose value the last digit counts."""
    values = {c: 10 + i for i, c in enumerate("ABCDEFGHJKLMNPQRSTUVXYWZIO")}
    first, second = values[number[0].upper()], values[number[1].upper()] % 10
    digits = [first // 10, first % 10, second, *map(int, number[2:])]
    return sum(w * d for w, d in zip((1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1), digits, strict=True)) % 10 == 0


def korean_firm(digits: str) -> bool:
    """South Korea's business registration number: weights 1 3 7 1 3 7 1 3 5, and the tens of the last product."""
    total = weighted(digits[:9], (1, 3, 7, 1, 3, 7, 1, 3, 5)) + int(digits[8]) * 5 // 10
    return (10 - total % 10) % 10 == int(digits[9])


def cnpj(number: str) -> bool:
    """Brazil's CNPJ: two check digits modulo 11 over signs that count ASCII code minus 48, letters too from 2026."""
    values = [ord(c) - 48 for c in number.upper()]
    if len(set(values)) == 1:
        return False
    for place in (12, 13):
        weights = [2 + i % 8 for i in range(place)][::-1]
        remainder = sum(w * v for w, v in zip(weights, values, strict=False)) % 11
        if values[place] != (0 if remainder < 2 else 11 - remainder):
            return False
    return True


def nit(digits: str) -> bool:
    """Colombia's NIT: primes 3 7 13 17 19 23 29 37 41 from the right, modulo 11."""
    total = weighted(digits[-2::-1], (3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71))
    remainder = total % 11
    return int(digits[-1]) == (remainder if remainder < 2 else 11 - remainder)


def ruc(digits: str) -> bool:
    """Peru's RUC: weights 5 4 3 2 7 6 5 4 3 2, modulo 11."""
    return (11 - weighted(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11) % 10 == int(digits[10])


def spanish_insurance(digits: str) -> bool:
    """Spain's social security number: province, eight digits, and the remainder modulo 97."""
    province, number, check = digits[:2], int(digits[2:10]), int(digits[10:])
    body = int(province) * 10_000_000 + number if number < 10_000_000 else int(digits[:10])
    return body % 97 == check


def inn(digits: str) -> bool:
    """Russia's INN: one check digit for firms (10 digits), two for people (12), modulo 11 modulo 10."""
    if len(digits) == 10:
        return weighted(digits, (2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10 == int(digits[9])
    first = weighted(digits, (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10
    second = weighted(digits, (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10
    return digits[10:] == f"{first}{second}"


def clabe(digits: str) -> bool:
    """Mexico's CLABE bank account: weights 3 7 1, each product modulo 10."""
    total = sum(int(d) * w % 10 for d, w in zip(digits[:17], (3, 7, 1) * 6, strict=False))
    return -total % 10 == int(digits[17])
