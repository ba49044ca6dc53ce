"""Which parts of names are everyday words too, so that they say little by themselves: "May", "和平"."""

from __future__ import annotations

from functools import lru_cache

from governance.names.lexicon import Flag, load, unpacked

_ORDINARY = Flag.WORD | Flag.PROPER | Flag.NOT
#: 16 * log of the frequency in running text, above which a Chinese word is met everywhere; the second is for words
#: that the dictionary has as names of people too.
_FREQUENT, _FREQUENT_NAME = 60, 100
_NAME_CLASS = 16


@lru_cache(maxsize=2)
def _latin(kinds: Flag) -> frozenset[str]:
    data = load("latin")
    flags = data["flags"].tolist()
    words = zip(unpacked(data["words"]), flags, strict=True)
    return frozenset(word for word, flag in words if flag & kinds)


@lru_cache(maxsize=1)
def _chinese() -> frozenset[str]:
    data = load("chinese")
    rows = zip(unpacked(data["words"]), data["classes"].tolist(), data["weights"].tolist(), strict=True)
    return frozenset(
        word
        for word, kind, weight in rows
        if len(word) == 2 and weight >= (_FREQUENT_NAME if kind == _NAME_CLASS else _FREQUENT)
    )


def is_word(folded: str) -> bool:
    """Whether a folded word of Latin, Cyrillic or two Chinese letters stands in everyday text."""
    return folded in (_latin(_ORDINARY) if folded[:1] < "\u0530" else _chinese())


def is_proper(folded: str) -> bool:
    """Whether a folded word has a capital letter wherever it stands: a month, a day, a language."""
    return folded in _latin(Flag.PROPER)
