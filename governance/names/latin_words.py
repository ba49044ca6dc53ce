"""Words in scripts with capitals: where they are, and what the lexicon knows of them.

A word's hash is a polynomial in its folded code points, so the hashes of all words of a block come from one running
sum over its code points and a multiplication for each word.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from governance.names import latin_more, latin_names
from governance.names.block import JOIN, LETTER, SPACE, UPPER, Block
from governance.names.cues import CALL, CLAN, LATIN, NAMER, NOBODY, OWN, PLAIN, SURE, SYLLABLE, TALK
from governance.names.latin_cues import MORE, PAIRS
from governance.names.lexicon import U64, Flag, Ints, Table, load, unpacked

Flags = npt.NDArray[np.uint32]
Bools = npt.NDArray[np.bool_]

_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 1 << 64)
_MIX = np.uint64(0xD1B54A32D192ED03)
#: Blocks up to so many code points are hashed by running sums; the powers for longer ones would fill the memory.
_LONG = 1 << 20
#: No word of a list has more letters.
_LONGEST = 64


@lru_cache(maxsize=1)
def _powers() -> tuple[U64, U64]:
    """The powers of the base and of its inverse."""

    def row(base: int) -> U64:
        steps = np.full(_LONG, base, dtype=np.uint64)
        steps[0] = 1
        return np.multiply.accumulate(steps)

    return row(_BASE), row(_INVERSE)


class Hasher:
    """Hashes of stretches of an array of code points."""

    def __init__(self, codes: npt.NDArray[np.uint32]) -> None:
        self._codes = codes
        self._sums: U64 | None = None

    def _summed(self) -> U64:
        """Running sums, the first of them 0."""
        power, self._inverse = _powers()
        sums = np.zeros(len(self._codes) + 1, dtype=np.uint64)
        np.add(self._codes, np.uint64(1), out=sums[1:])
        sums[1:] *= power[: len(self._codes)]
        return np.cumsum(sums, out=sums)

    def __call__(self, start: Ints, end: Ints) -> U64:
        """``start < end`` for each stretch."""
        if self._sums is None:
            # A few words are hashed letter by letter.
            if len(self._codes) >= _LONG or len(start) * 60 < len(self._codes):
                return self._long(start, end)
            self._sums = self._summed()
        out = self._sums[end]
        out -= self._sums[start]
        out *= self._inverse[start]
        out *= _MIX
        return out

    def _long(self, start: Ints, end: Ints) -> U64:
        out = np.zeros(len(start), dtype=np.uint64)
        size = end - start
        # What is longer than any word is none, and stays 0.
        active, power = np.flatnonzero(size <= _LONGEST), 1
        for k in range(int(size[active].max(initial=0))):
            active = active[size[active] > k]
            out[active] += (self._codes[start[active] + k] + np.uint64(1)) * np.uint64(power)
            power = power * _BASE & 0xFFFFFFFFFFFFFFFF
        return out * _MIX


def hash_words(words: list[str]) -> U64:
    """Hashes of folded words, as `Hasher` makes them."""
    codes = np.frombuffer("\0".join([*words, ""]).encode("utf-32-le"), dtype=np.uint32)
    ends = np.flatnonzero(codes == 0)
    starts = np.concatenate([[0], ends[:-1] + 1])
    out = np.zeros(len(words), dtype=np.uint64)
    power = 1
    for k in range(int((ends - starts).max(initial=0))):
        active = np.flatnonzero(ends - starts > k)
        out[active] += (codes[starts[active] + k] + np.uint64(1)) * np.uint64(power)
        power = power * _BASE & 0xFFFFFFFFFFFFFFFF
    return out * _MIX


#: What the coarse look says of a word: it may be a given name and nothing else, or a word of those who speak.
CALLED, SPOKEN = 1, 2
_NAMES = int(Flag.GIVEN | Flag.FAMILY | Flag.RARE | Flag.MONO | SYLLABLE | CLAN)
_WEAK = int(Flag.WORD | Flag.NOT | Flag.PROPER | Flag.ORG | Flag.PLACE | Flag.RARE)


class Lexicon(NamedTuple):
    """Flags by word; a coarse first look for rows without capitals, whose words are many; pairs that are nobody.

    ``spoken`` holds the words that show that somebody speaks or is called, so few that they stay in the cache.
    """

    table: Table
    spoken: Table
    bits: npt.NDArray[np.uint8]
    pairs: Table

    def coarse(self, keys: U64) -> npt.NDArray[np.uint8]:
        """`CALLED` and `SPOKEN` for each word: too many now and then, never too few."""
        return self.bits[(keys >> np.uint64(44)).astype(np.int64)]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    data = load("latin")
    known: dict[str, int] = dict(zip(unpacked(data["words"]), data["flags"].tolist(), strict=True))
    for own, listed in OWN.items():
        for word in listed:
            known[word] = known.get(word, 0) | int(own)
    either = int(Flag.GIVEN | Flag.FAMILY)
    for kind, names in (
        (int(Flag.GIVEN), latin_names.GIVEN),
        (int(Flag.FAMILY), latin_names.FAMILY),
        (either, latin_names.EITHER),
        (int(Flag.GIVEN), latin_more.MALAY),
        (either, latin_more.TAMIL),
        (int(CLAN), latin_more.CLANS),
    ):
        for name in names:
            # What means something else already is not made a name.
            if not known.get(name, 0) & ~(either | int(Flag.RARE)):
                known[name] = known.get(name, 0) | kind
    for flag, cues in (*LATIN.items(), *MORE.items(), *latin_more.CUES.items(), (SYLLABLE, latin_more.SYLLABLES)):
        for cue in cues:
            known[cue] = known.get(cue, 0) | int(flag)
    for name in SURE:
        known[name] &= ~int(Flag.WORD | Flag.PLACE | Flag.PROPER)
    for name in latin_more.FIRST:
        known[name] = known.get(name, 0) & ~int(Flag.WORD | Flag.PROPER) | int(Flag.GIVEN)
    for word in PLAIN:
        known[word] = known.get(word, 0) & ~_NAMES | int(Flag.WORD)
    words = list(known)
    flags = np.fromiter(known.values(), dtype=np.uint32, count=len(known))
    keys = hash_words(words)
    called = ((flags & Flag.GIVEN) != 0) & ((flags & _WEAK) == 0)
    spoken = (flags & (TALK | CALL | NAMER)) != 0
    bits = np.zeros(1 << 20, dtype=np.uint8)
    slots = (keys >> np.uint64(44)).astype(np.int64)
    bits[slots[called]] = CALLED
    bits[slots[spoken]] |= np.uint8(SPOKEN)
    pairs = [entry.split() for entry in (*NOBODY, *PAIRS)]
    both = paired(hash_words([a for a, _ in pairs]), hash_words([b for _, b in pairs]))
    return Lexicon(
        Table(keys, flags), Table(keys[spoken], flags[spoken]), bits, Table(both, np.ones(len(both), dtype=np.uint8))
    )


def paired(first: U64, second: U64) -> U64:
    """One hash of two words in a row."""
    return (first ^ (second >> np.uint64(17))) * np.uint64(_BASE) + second


class Words(NamedTuple):
    """All words of a block: where they start and end, and whether they are capitalised."""

    start: Ints
    end: Ints
    capital: Bools


def words_of(block: Block) -> Words:
    """Runs of letters; apostrophes and hyphens between letters belong to a word."""
    kinds = block.kinds
    letter = (kinds & LETTER).view(np.bool_)
    join = np.flatnonzero(kinds >= JOIN)  # the highest of the classes
    if len(join):
        join = join[(join > 0) & (join < len(kinds) - 1)]
        join = join[letter[join - 1] & letter[join + 1]]
        letter = letter.copy()
        letter[join] = True
    edges = np.flatnonzero(letter[1:] != letter[:-1]) + 1
    if letter[0]:
        edges = np.concatenate([[0], edges])
    start, end = edges[0::2], edges[1::2]
    capital = (kinds[start] & UPPER) != 0
    # "al-Zahrani": a capital behind a short particle and a hyphen.
    inner = join[(kinds[join + 1] & UPPER) != 0] if len(join) else join
    if len(inner):
        at = np.searchsorted(start, inner, side="right") - 1
        arabic = (inner - start[at] <= 3) & np.isin(block.folded[start[at]], (ord("a"), ord("e")))
        capital[at[arabic & (inner - start[at] >= 2)]] = True
    return Words(start, end, capital)


def linked(block: Block, words: Words, flags: Flags, at: Ints, dotted: int) -> Bools:
    """Whether words ``at`` and the next stand together: a space or two between them, or a full stop and a space.

    A full stop may stand behind an initial and behind a word with a flag of ``dotted``.
    """
    end, following = words.end[at], words.start[np.minimum(at + 1, len(words.start) - 1)]
    gap = following - end
    kinds, codes = block.kinds, block.codes
    after = (kinds[np.minimum(end + 1, len(kinds) - 1)] & SPACE) != 0
    one = (gap == 1) & ((kinds[end] & SPACE) != 0) | (gap == 2) & ((kinds[end] & SPACE) != 0) & after
    short = (end - words.start[at] <= 1) | ((flags[at] & dotted) != 0)
    dot = short & (codes[end] == ord(".")) & ((gap == 1) | (gap == 2) & after)
    return (one | dot) & (at + 1 < len(words.start))


# --- How a word sounds ---

BITS = 15
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_WIDTH = 16


def grams(folded: npt.NDArray[np.uint32], start: Ints, end: Ints) -> tuple[npt.NDArray[np.int32], Ints]:
    """Hashes of the stretches of two to four letters of words, edges marked, and to which word each belongs."""
    size = np.minimum(end - start, _WIDTH)
    column = np.arange(_WIDTH + 2)
    place = np.minimum(start[:, None] + np.maximum(column - 1, 0), len(folded) - 1)
    inside = (column >= 1) & (column <= size[:, None])
    letters = np.where(inside, folded[place].astype(np.uint64), np.uint64(2))
    hashes: list[npt.NDArray[np.int32]] = []
    owners: list[Ints] = []
    for length in (2, 3, 4):
        spots = _WIDTH + 3 - length
        value = np.full((len(start), spots), length, dtype=np.uint64)
        for j in range(length):
            value = (value ^ letters[:, j : j + spots]) * _PRIME
            value ^= value >> np.uint64(29)
        owner, at = np.nonzero(column[:spots] <= size[:, None] + 2 - length)
        hashes.append((value[owner, at] >> np.uint64(64 - BITS)).astype(np.int32))
        owners.append(owner)
    return np.concatenate(hashes), np.concatenate(owners)


@lru_cache(maxsize=1)
def _sounds() -> npt.NDArray[np.float32]:
    data = load("latin_model")
    return data["weights"].astype(np.float32) * data["scale"][0]


def sounding(folded: npt.NDArray[np.uint32], start: Ints, end: Ints) -> npt.NDArray[np.float64]:
    """How much each word sounds like a name rather than a word: log odds of a model of letter sequences."""
    which, owner = grams(folded, start, end)
    return np.bincount(owner, weights=_sounds()[which], minlength=len(start)).astype(np.float64)


# --- Chinese, Cantonese and Hokkien names in Latin letters ---

_PINYIN = (
    "(?:[bpmf]?(?:a|ai|an|ang|ao|o|ou|ei|en|eng|i|ie|iao|iu|ian|in|ing|u)|[dtnl](?:a|ai|an|ang|ao|e|ei|en|eng|i|ia|ie|"
    "iao|iu|ian|iang|in|ing|ong|ou|u|uan|uo|un|ue)|[gkh](?:a|ai|an|ang|ao|e|ei|en|eng|ong|ou|u|ua|uai|uan|uang|ui|un|"
    "uo)|[jqx](?:i|ia|ie|iao|iu|ian|iang|in|ing|iong|u|ue|uan|un)|(?:zh|ch|sh|[rzcs])(?:a|ai|an|ang|ao|e|ei|en|eng|i|"
    "ong|ou|u|ua|uai|uan|uang|ui|un|uo)|y(?:a|an|ang|ao|e|i|in|ing|ong|ou|u|uan|ue|un)|w(?:a|ai|an|ang|ei|en|eng|o|u))"
)
_CHINESE = re.compile(f"{_PINYIN}{{2}}|{_PINYIN}-{_PINYIN}")
_KOREAN = re.compile(
    "(?:[bcdghjkmnpstwy]?[hwy]?(?:a|ae|e|eo|eu|i|o|oo|u|ui|ee|oe|ou)(?:k|n|l|m|p|ng|b|t)?)-?(?:[bcdghjkmnpstwy]?[hwy]?"
    "(?:a|ae|e|eo|eu|i|o|oo|u|ui|ee|oe|ou|yeo|yeon|young|yeong)(?:k|n|l|m|p|ng|b|t)?)"
)


@lru_cache(maxsize=1 << 14)
def chinese_given(word: str) -> bool:
    """Whether a folded word may be a Chinese or Korean given name of two syllables in Latin letters."""
    return bool(_CHINESE.fullmatch(word) or ("-" in word and _KOREAN.fullmatch(word)))
