"""What a kind of value is: its entity, how it is written, what people call it, and the messages it stands in."""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

Form = Callable[[Random], str]

#: Spaces, full-width digits and the like, for numbers that people type in groups.
WIDE = str.maketrans({c: chr(ord(c) + 0xFEE0) for c in string.digits + string.ascii_letters})


@dataclass(frozen=True)
class Kind:
    """``forms``: (halves it belongs to, name, maker), halves ``dh`` for the plain form that both need.

    ``words``: what the value is called, for each half. ``carriers``: families of messages (`carriers`), by language.
    """

    name: str
    entity: str
    forms: tuple[tuple[str, str, Form], ...]
    words: tuple[tuple[str, ...], tuple[str, ...]]
    carriers: tuple[str, ...]
    languages: tuple[str, ...] = ("zh",)
    count: int = 40


def words(dev: str, held: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Words of both halves, separated by ``|``."""
    return tuple(dev.split("|")), tuple(held.split("|"))


def digits(rng: Random, n: int, first: str = string.digits) -> str:
    return rng.choice(first) + "".join(rng.choice(string.digits) for _ in range(n - 1))


def letters(rng: Random, n: int, of: str = string.ascii_uppercase) -> str:
    return "".join(rng.choice(of) for _ in range(n))


def hexes(rng: Random, n: int, upper: bool = False) -> str:
    return letters(rng, n, "0123456789ABCDEF" if upper else "0123456789abcdef")


def uuid(rng: Random, upper: bool = False) -> str:
    text = "-".join(hexes(rng, n, upper) for n in (8, 4, 4, 4, 12))
    mark = rng.choice("89AB" if upper else "89ab")
    return f"{text[:14]}4{text[15:19]}{mark}{text[20:]}"


def grouped(text: str, *sizes: int, mark: str = " ") -> str:
    """`text` in groups, the last one holding the rest."""
    parts, at = [], 0
    for size in sizes:
        parts.append(text[at : at + size])
        at += size
    return mark.join([*parts, text[at:]] if at < len(text) else parts)


def fours(text: str, mark: str = " ") -> str:
    return mark.join(text[i : i + 4] for i in range(0, len(text), 4))


def day(rng: Random, first: int = 1950, last: int = 2006) -> tuple[int, int, int]:
    return rng.randint(first, last), rng.randint(1, 12), rng.randint(1, 28)


def form(name: str, maker: Form) -> tuple[str, str, Form]:
    """A form by its name: ``d:spaced`` is for the development half, ``h:wide`` for the held-out, others for both."""
    halves, _, rest = name.rpartition(":")
    return halves or "dh", rest, maker
