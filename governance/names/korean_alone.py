"""Korean given names that stand alone: called, with the particles of talk, beside words of family or trade, as speakers.

Particles tell a name from the words that share its syllables: they agree with its last sound (은, 이, 을, 과 behind a
consonant; 는, 가, 를, 와 behind a vowel), and a name that ends in a consonant is called with 이 before them ("재석이가",
"다솜이는"), which no other word is.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from governance.names.block import SEPARATOR, Block
from governance.names.korean_given import ALSO_WORDS, CALLED, CLEAR, COMMON, DOUBLED, LABELS, LAST, NOT_GIVEN
from governance.names.korean_lists import PARTICLE, TITLE
from governance.names.lexicon import Ints, Table, hash_spans, table_of

SLOTS = 1 << 18
_AFTER_CONSONANT, _AFTER_VOWEL = "은을과이", "는를와가랑"


class Given(NamedTuple):
    """What is known of given names: ``kind`` 2 for a name that is hardly anything else, 1 for one that is a word too."""

    kind: Table
    opens: npt.NDArray[np.bool_]  # which two syllables, hashed, are a given name at all


def known_given(names: list[str], counts: list[int], words: frozenset[str], first: npt.NDArray[np.float32]) -> Given:
    """The given names of a list with how often each is borne; ``first``: how often names begin with a syllable, log."""
    kinds = {
        name: 2
        for name, count in zip(names, counts, strict=True)
        if count > 2 and name not in words and name[1] in LAST and first[ord(name[0])] > 4.5
    }
    kinds |= dict.fromkeys(CLEAR, 2) | dict.fromkeys(ALSO_WORDS, 1)
    for name in NOT_GIVEN:
        kinds.pop(name, None)
    opens = np.zeros(SLOTS, dtype=bool)
    opens[[slot(n) for n in (*kinds, *(n for n, count in zip(names, counts, strict=True) if count > 1))]] = True
    return Given(table_of(list(kinds), np.fromiter(kinds.values(), dtype=np.uint8, count=len(kinds))), opens)


def slot(name: str) -> int:
    """The place of a name's first two syllables in a table of `SLOTS` places."""
    return (ord(name[0]) * 67 + ord(name[1])) & (SLOTS - 1)


def slots(codes: npt.NDArray[np.uint32], start: Ints) -> Ints:
    """`slot` of the words that begin at each place."""
    return (codes[start].astype(np.int64) * 67 + codes[np.minimum(start + 1, len(codes) - 1)]) & (SLOTS - 1)


@lru_cache(maxsize=1)
def sounds() -> npt.NDArray[np.int8]:
    """What each code point as a particle asks of the sound before it: 1 a consonant, 2 a vowel, 0 nothing."""
    table = np.zeros(0x10000, dtype=np.int8)
    table[[ord(c) for c in _AFTER_CONSONANT]] = 1
    table[[ord(c) for c in _AFTER_VOWEL]] = 2
    return table


def agrees(codes: npt.NDArray[np.uint32], at: Ints) -> npt.NDArray[np.bool_]:
    """Whether the particle at each place agrees with the sound before it."""
    asked = sounds()[codes[np.minimum(at, len(codes) - 1)]]
    closed = (codes[at - 1].astype(np.int64) - 0xAC00) % 28 > 0
    return (asked == 0) | ((asked == 1) == closed)


_CALLED = frozenset(CALLED)
_DOUBLED, _COMMON = frozenset(DOUBLED), frozenset(COMMON)
_AGAIN = frozenset("이 가 는 은 를 을 랑 의 와 과 도 에게 엄마 아빠".split())
_CALLS = frozenset(
    "야 아 한테 한테서 씨 씨가 씨는 님 님이 님은 쌤 쌤이 쌤은 쌤한테 이가 이는 이랑 이도 이한테 언니 오빠 누나 형".split()
)
#: What may stand behind the word of a call: "민지야,", "민지야 어디".
_CLOSES = frozenset(" ,!?~.…\n" + SEPARATOR)


def find(
    block: Block,
    start: Ints,
    end: Ints,
    before: npt.NDArray[np.float64],
    behind: npt.NDArray[np.float64],
    given: Given,
    tables: tuple[Table, Table, Table],
) -> list[tuple[int, int, float]]:
    """Given names alone among words: begin, end, weight (1 and more is a name).

    ``before``, ``behind``: what stands beside each word; ``tables``: how often a given name is borne, what may stand
    behind a name within a word, and words.
    """
    often, rests, others = tables
    codes, text = block.codes, block.text
    size = end - start
    chosen = np.flatnonzero((size >= 2) & (size <= 8) & given.opens[slots(codes, start)])
    if not len(chosen):
        return []
    hashes = hash_spans(codes, start[chosen], start[chosen] + 2)
    kind, count = given.kind.get(hashes), often.get(hashes)
    around = before[chosen] + behind[chosen]
    # A word that is nothing but a name that is a word too, or a rare one, says nothing by itself.
    bare = size[chosen] == 2
    marked = codes[end[chosen]] == ord(":")
    live = np.flatnonzero((kind > 0) | (count > 4) | (~bare & (count > 1)))
    live = live[~bare[live] | (kind[live] > 1) | (around[live] > 0) | marked[live]]
    chosen, kind, count, around = chosen[live], kind[live], count[live], around[live]
    start, end, hashes = start[chosen], end[chosen], hashes[live]
    rest = rests.get(hash_spans(codes, start + 2, end))
    # What is left must be nothing, a particle that agrees or what people are called.
    fits = np.flatnonzero(
        (end - start == 2) | ((rest > 0) & agrees(codes, start + 2)) | (codes[start + 2] == ord("이"))
    )
    chosen, kind, count, start, end = chosen[fits], kind[fits], count[fits], start[fits], end[fits]
    word = others.get(hashes[fits])
    longer = (end - start > 2) & (others.get(hash_spans(codes, start, end)) > 0)
    columns = (start, end, kind, count, word, longer, rest[fits], before[chosen], behind[chosen])
    out: list[tuple[int, int, float]] = []
    for begin, stop, sort, bearers, other, whole, left, ahead, after in zip(
        *(c.tolist() for c in columns), strict=True
    ):
        tail = text[begin + 2 : stop]
        value, reach = -9.0, begin + 2
        if sort > 1 or (sort and not whole):
            value, reach = _told(text, begin, stop, tail, left, sort == 2)
            value += ahead + (after if not tail or tail == "이" else 0.0)
        if not whole and (
            bearers >= (5 if after > 1.5 else 12) or (bearers > 1 and tail in ("야", "아") and _opens(text, begin))
        ):
            value = max(value, _by_count(tail, other, bearers, ahead, after))
        if value >= 1.0:
            out.append((begin, max(reach, begin + 2), value))
    return out


def _by_count(tail: str, word: int, count: int, before: float, behind: float) -> float:
    """The weight of a name of the list that nobody has judged: by how many bear it, and whether it is a word."""
    value = 1.6 if tail in _CALLS else 0.6 if not tail or tail in _AGAIN else -9.0
    if word:
        value -= 0.1 if tail.startswith("한테") and count >= 20 else 0.5 if word < 2 else 1.0
    return -9.0 if value < -1 else value + before + (0.0 if tail else behind)


def _opens(text: str, begin: int) -> bool:
    """Whether a place is the beginning of a row or of a sentence."""
    return begin == 0 or text[begin - 1] in SEPARATOR + "\n" or text[begin - 2 : begin] in (". ", "? ", "! ")


def _told(text: str, begin: int, stop: int, tail: str, rest: int, clear: bool) -> tuple[float, int]:
    """The weight of a judged name by what follows it in its word and behind it, and where the name as called ends."""
    mark = text[stop : stop + 1]
    if not tail:
        if mark == ":" and _opens(text, begin):
            return (1.6 if clear else -0.4 if text[begin:stop] in LABELS else 1.2), stop
        return (1.0 if clear else -0.4), stop
    closed = (ord(text[begin + 1]) - 0xAC00) % 28 > 0
    if tail[0] == "이" and closed:
        after = tail[1:]
        if after in _DOUBLED and (clear or after not in _COMMON):
            return 1.4, begin + 3
        if after in _CALLED or (clear and _person(after)):
            return 1.6, begin + 3
        if not after:
            return (1.1 if clear else -0.4), begin + 3
    if tail in _CALLED or (clear and (rest == TITLE or _person(tail))):
        return (2.0 if clear else 1.2), begin + 2
    if tail == ("아" if closed else "야"):
        called = _opens(text, begin) and mark in _CLOSES
        return (1.4 if clear else 1.0 if called and mark in " ,!~" else 0.0), begin + 2
    if rest == PARTICLE and clear:
        return 1.3, begin + 2
    return -9.0, begin + 2


def _person(tail: str) -> bool:
    """Whether a tail is what people are called, with or without a particle."""
    return any(tail[:size] in _CALLED and tail[size:] in _LEFT for size in range(1, min(len(tail), 5) + 1))


_LEFT = frozenset(
    " 이 가 은 는 을 를 의 도 과 와 께 께서 한테 에게 랑 이랑 네 만 하고 이다 입니다 이에요 예요".split(" ")
)
