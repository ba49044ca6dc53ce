"""Check digits, written out from their published rules. The product's own are not used: they are what is tested."""

from __future__ import annotations

import string


def weighted(digits: str, weights: tuple[int, ...]) -> int:
    """Sum of digits times weights."""
    return sum(int(d) * w for d, w in zip(digits, weights, strict=True))


def resident(body: str) -> str:
    """GB 11643: the 18th character of a mainland resident id, of its first 17."""
    return "10X98765432"[weighted(body, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)) % 11]


def luhn(body: str) -> str:
    """ISO/IEC 7812 (cards, IMEI, ICCID)."""
    total = 0
    for place, d in enumerate(reversed(body)):
        n = int(d) * (1 if place % 2 else 2)
        total += n // 10 + n % 10
    return str(-total % 10)


USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def uscc(body: str) -> str:
    """GB 32100: the 18th character, of the first 17."""
    return USCC[-sum(USCC.index(c) * (3**i % 31) for i, c in enumerate(body)) % 31]


def organisation(body: str) -> str:
    """GB 11714: the ninth character of an organisation code, of its first eight."""
    values = string.digits + string.ascii_uppercase
    n = 11 - sum(values.index(c) * w for c, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    return {10: "X", 11: "0"}.get(n, str(n))


def hong_kong(letters: str, digits: str) -> str:
    """The character in brackets of a Hong Kong identity card; one letter counts as if a blank (36) stood before it."""
    values = [36] * (2 - len(letters)) + [ord(c) - 55 for c in letters] + [int(d) for d in digits]
    n = -sum(v * w for v, w in zip(values, range(9, 1, -1), strict=True)) % 11
    return "A" if n == 10 else str(n)


_TAIWAN = dict(zip("ABCDEFGHJKLMNPQRSTUVXYWZIO", range(10, 36), strict=True))


def taiwan(letter: str, digits: str) -> str:
    """The tenth character of a Taiwan id, of its letter and eight digits."""
    value = _TAIWAN[letter]
    return str(-(value // 10 + value % 10 * 9 + weighted(digits, (8, 7, 6, 5, 4, 3, 2, 1))) % 10)


def postal(digits: str) -> str:
    """UPU S10, of eight digits."""
    n = 11 - weighted(digits, (8, 6, 4, 2, 3, 5, 9, 7)) % 11
    return {10: "0", 11: "5"}.get(n, str(n))


def singapore(letter: str, digits: str) -> str:
    """The last letter of an NRIC or FIN."""
    n = weighted(digits, (2, 7, 6, 5, 4, 3, 2)) + {"T": 4, "G": 4, "M": 3}.get(letter, 0)
    return {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "M": "XWUTRQPNJLK"}.get(letter, "XWUTRQPNMLK")[n % 11]


def thai(body: str) -> str:
    """The 13th digit of a Thai id."""
    return str((11 - weighted(body, tuple(range(13, 1, -1))) % 11) % 10)


def korean(body: str) -> str:
    """The 13th digit of a Korean resident number given out before October 2020."""
    return str((11 - weighted(body, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10)


def cpf(body: str) -> str:
    """Both check digits of a Brazilian CPF, of nine digits."""
    for start in (10, 11):
        n = weighted(body, tuple(range(start, 1, -1))) * 10 % 11
        body += str(n % 10)
    return body[-2:]


def curp(body: str) -> str:
    """The 18th character of a Mexican CURP."""
    values = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
    return str(-sum(values.index(c) * w for c, w in zip(body, range(18, 1, -1), strict=True)) % 10)


def rut(body: str) -> str:
    """The check character of a Chilean RUT."""
    n = 11 - sum(int(d) * (2 + i % 6) for i, d in enumerate(reversed(body))) % 11
    return {10: "K", 11: "0"}.get(n, str(n))


def nit(body: str) -> str:
    """The check digit of a Colombian NIT."""
    n = sum(int(d) * w for d, w in zip(reversed(body), (3, 7, 13, 17, 19, 23, 29, 37, 41, 43), strict=False)) % 11
    return str(n if n < 2 else 11 - n)


def cuit(body: str) -> str | None:
    """The 11th digit of an Argentine CUIT or CUIL, ``None`` where the rule gives ten."""
    n = -weighted(body, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return None if n == 10 else str(n)


def ruc(body: str) -> str:
    """The 11th digit of a Peruvian RUC."""
    return str((11 - weighted(body, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11) % 10)


def nif(number: int) -> str:
    """The letter of a Spanish DNI (or of an NIE whose X, Y, Z became 0, 1, 2)."""
    return "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23]


def inn(body: str) -> str:
    """Both check digits of a personal Russian INN, of ten digits."""
    first = weighted(body, (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10
    second = weighted(f"{body}{first}", (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10
    return f"{first}{second}"


def snils(body: str) -> str:
    """Both check digits of a Russian SNILS, of nine digits."""
    return f"{weighted(body, (9, 8, 7, 6, 5, 4, 3, 2, 1)) % 101 % 100:02d}"


def iban(country: str, rest: str) -> str:
    """ISO 13616: the two check digits."""
    spelt = "".join(str(int(c, 36)) for c in f"{rest}{country}00")
    return f"{98 - int(spelt) % 97:02d}"


def tin(body: str) -> str | None:
    """The ninth digit of a Philippine TIN, ``None`` where the rule gives ten."""
    n = weighted(body, (1, 2, 3, 4, 5, 6, 7, 8)) % 11
    return None if n == 10 else str(n)
