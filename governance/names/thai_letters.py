"""How likely letters follow one another in Thai names and in Thai texts: sequences of three, smoothed by shorter ones.

The names of a kind (given names, family names, names of other peoples as Thai writes them) share their endings and
their rare letters, even those that no list has.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from governance.names.lexicon import load

Floats = npt.NDArray[np.float32]

KINDS = ("given", "family", "abroad", "text")
#: Letters, vowels and marks from U+0E01 on; 0 is the edge of a name and anything else.
SIZE = 79
_FIRST = 0x0E00


def place(character: str) -> int:
    """The number of a letter, 0 for what is none."""
    return max(0, ord(character) - _FIRST) if character and ord(character) < _FIRST + SIZE else 0


def index(first: str, second: str, third: str) -> int:
    """Where a sequence of three letters stands in a table; an empty string is the edge of a name."""
    return (place(first) * SIZE + place(second)) * SIZE + place(third)


@lru_cache(maxsize=len(KINDS))
def table(kind: str) -> Floats:
    """The logarithm of the chance of a letter behind two others, at `index`, for one of `KINDS`."""
    data = load("others")
    counts = np.zeros(SIZE**3, dtype=np.float64)
    counts[data[f"th_{kind}_grams"]] = data[f"th_{kind}_grams_n"]
    three = counts.reshape(SIZE, SIZE, SIZE)
    two = three.sum(axis=0)
    one = two.sum(axis=0)
    weight = 30.0 if kind == "abroad" else 100.0
    shared = (one + weight / SIZE) / (one.sum() + weight)
    paired = (two + weight * shared) / (two.sum(axis=1, keepdims=True) + weight)
    chance = (three + weight * paired) / (three.sum(axis=2, keepdims=True) + weight)
    if kind != "text":
        # Names that no list foresees are written with the sequences of the language at large.
        chance = 0.8 * chance + 0.2 * np.exp(table("text")).reshape(chance.shape)
    return np.log(chance).astype(np.float32).reshape(-1)


@lru_cache(maxsize=1)
def leaning() -> Floats:
    """How much each sequence of three letters speaks for a given name against a text."""
    best = np.maximum(table("given"), table("abroad") - 0.5)
    return np.clip(best - table("text"), -4.0, 4.0).astype(np.float32)


@lru_cache(maxsize=len(KINDS))
def _listed(kind: str) -> list[float]:
    return table(kind).tolist()


def costs(run: str, kind: str, longest: int) -> list[float]:
    """The logarithm of the chance that a name of a kind is the first n letters of a run, for n from 0 on."""
    chances = _listed(kind)
    out = [-99.0]
    total, at = 0.0, 0
    for character in run[:longest]:
        at = (at % (SIZE * SIZE)) * SIZE + ord(character) - _FIRST
        total += chances[at]
        out.append(total + chances[(at % (SIZE * SIZE)) * SIZE])
    return out
