"""Korean names: a family name and one or two syllables behind it, weighed against the words that they might be.

Every word of a block is looked at at once: does it begin with a family name, is what follows a given name, is it (or
its beginning) an ordinary word, and can what is left be a particle or a title? Then the words around decide. Names of
other peoples are written in parts with spaces between; both parts must be known as parts of names.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from governance.names import korean_alone
from governance.names.block import DIGIT, HANGUL, LETTER, SEPARATOR, Block, Found
from governance.names.korean_alone import Given, agrees
from governance.names.korean_given import CLEAR
from governance.names.korean_lists import (
    BEHIND,
    CUES,
    DOUBLE,
    FAMILY,
    FOREIGN,
    FREQUENT,
    MODERN,
    NOBODY,
    PARTICLES,
    RANKS,
    SUFFIXES,
    TITLES,
    WEAK_TITLES,
    WORDY,
)
from governance.names.lexicon import Ints, Table, hash_spans, load, table_of, unpacked
from governance.recognisers.normalise import FILLER

RECOGNISER = "names_korean"
Floats = npt.NDArray[np.float32]

_PARTICLE, _TITLE, _WEAK = 1, 2, 3
_ENOUGH = 1.0


class _Lists(NamedTuple):
    family: Floats  # code point -> weight, -9 where it is none
    given: Table  # hash of two syllables -> number of family names it is known with
    first: Floats  # code point -> how often a given name begins with it, log
    second: Floats
    words: Table  # hash -> 1 for words and places, 2 for common words
    rest: Table  # hash -> what may stand behind a name within a word
    foreign: Table
    double: Table
    alone: Given


@lru_cache(maxsize=1)
def _lists() -> _Lists:
    data = load("others")
    family = np.full(0x10000, -9.0, dtype=np.float32)
    for syllable in FAMILY:
        family[ord(syllable)] = 0.0
    for rank, syllable in enumerate(FREQUENT):
        family[ord(syllable)] = 0.6 if rank < 12 else 0.35
    for syllable in WORDY:
        family[ord(syllable)] = -0.5
    given, counts = unpacked(data["ko_given"]), data["ko_given_n"]
    borne = dict(zip(given, counts.tolist(), strict=True))
    first, second = np.zeros(0x10000, dtype=np.float32), np.zeros(0x10000, dtype=np.float32)
    for name, count in zip(given, counts.tolist(), strict=True):
        first[ord(name[0])] += count
        second[ord(name[1])] += count
    foreign = unpacked(data["ko_foreign"])
    kinds = dict.fromkeys(PARTICLES, _PARTICLE)
    for title in TITLES:
        kind = _WEAK if title in WEAK_TITLES else _TITLE
        for particle in ("", *PARTICLES):
            kinds[title + particle] = kind
    words = dict(zip(unpacked(data["ko_words"]), data["ko_words_n"].tolist(), strict=True)) | dict.fromkeys(MODERN, 2)
    borne |= {name: max(borne.get(name, 0), 20) for name in CLEAR}
    known_first = np.log1p(first)
    return _Lists(
        family,
        table_of(list(borne), np.fromiter(borne.values(), dtype=np.uint8, count=len(borne))),
        known_first,
        np.log1p(second),
        table_of(list(words), np.fromiter(words.values(), dtype=np.uint8, count=len(words))),
        table_of(list(kinds), np.fromiter(kinds.values(), dtype=np.uint8, count=len(kinds))),
        table_of(
            [*FOREIGN, *foreign], np.concatenate([np.full(len(FOREIGN), 61, dtype=np.uint8), data["ko_foreign_n"]])
        ),
        table_of(DOUBLE, np.ones(len(DOUBLE), dtype=np.uint8)),
        korean_alone.known_given(given, counts.tolist(), frozenset(words), known_first),
    )


class _Words(NamedTuple):
    """Runs of Hangul of a block."""

    start: Ints
    end: Ints


def words_of(block: Block) -> _Words:
    hangul = (block.kinds & HANGUL) != 0
    edges = np.flatnonzero(hangul[1:] != hangul[:-1]) + 1
    if hangul[0]:
        edges = np.concatenate([[0], edges])
    start, end = edges[0::2], edges[1::2]
    before = np.maximum(start - 1, 0)
    # What is left of a word whose beginning was found is a particle.
    gone = (block.codes[before] - np.uint32(ord(FILLER))) < 3
    free = (start == 0) | (((block.kinds[before] & (LETTER | DIGIT)) == 0) & ~gone)
    return _Words(start[free], end[free])


def find(block: Block) -> list[Found]:
    """Korean names of a block."""
    words = words_of(block)
    if not len(words.start):
        return []
    context = _context(block, words)
    foreign = _foreign(block, words, context)
    taken = {i for f in foreign for i in (f.start, f.end)}
    foreign += [f for f in _chinese(block, words) if f.start not in taken]
    taken |= {i for f in foreign for i in (f.start, f.end)}
    native = [f for f in _native(block, words, context) if f.start not in taken]
    return [*foreign, *(f for f in native if block.text[f.start : f.end] not in _NOBODY)]


_NOBODY = frozenset((*TITLES, *BEHIND, *CUES, *NOBODY))


def _native(block: Block, words: _Words, context: _Context) -> list[Found]:
    known = _lists()
    codes = block.codes
    out: list[Found] = []
    family = known.family[codes[words.start]]
    chosen = np.flatnonzero((family > -9) & (words.end - words.start > 1))
    start, end, family = words.start[chosen], words.end[chosen], family[chosen]
    double = known.double.get(hash_spans(codes, start, start + 2)) > 0
    for size in (2, 3, 4):
        own = np.flatnonzero((end - start >= size) & (double | (size < 4)))
        if not len(own):
            continue
        at, stop, two = start[own], end[own], double[own] & (size > 2)
        beside = context.before[chosen[own]] + np.where(stop == at + size, context.behind[chosen[own]], 0.0)
        total = _weigh(block, at, stop, np.where(two, 0.8, family[own]), size, two, beside) + beside
        for i in np.flatnonzero(total >= _ENOUGH).tolist():
            out.append(_found(int(at[i]), int(at[i]) + size, float(total[i])))
    out += _by_given_name(block, words, context)
    out += _by_family_name(block, start, end)
    out += _parted(block, words, context)
    return _longest(out)


def _longest(found: list[Found]) -> list[Found]:
    """Of finds that begin alike the likeliest, the longer of equals."""
    best: dict[int, Found] = {}
    for item in found:
        other = best.get(item.start)
        if other is None or (item.score, item.end) > (other.score, other.end):
            best[item.start] = item
    return sorted(best.values())


def _found(start: int, end: int, weight: float) -> Found:
    return Found(start, end, "PERSON", min(0.95, 0.45 + weight / 10), RECOGNISER, "grammar")


def _weigh(
    block: Block,
    at: Ints,
    stop: Ints,
    family: Floats,
    size: int,
    double: npt.NDArray[np.bool_],
    beside: npt.NDArray[np.float64],
) -> Floats:
    """What the word itself says for a name in its first ``size`` syllables."""
    known = _lists()
    codes = block.codes
    end = at + size
    inner = at + np.where(double, 2, 1)
    count = known.given.get(hash_spans(codes, inner, inner + 2)).astype(np.int64)
    value = family.astype(np.float32).copy()
    if size == 2:
        value -= 0.5
    else:
        likely = (known.first[codes[inner]] > 4.5) & (known.second[codes[end - 1]] > 4.5)
        value += np.select(
            [count >= 20, count >= 6, count >= 2, count >= 1, likely], [1.9, 1.6, 1.3, 1.0, 0.5], default=-0.3
        ).astype(np.float32)
        value = np.where(double & (size == 3), family + 0.4, value)
    left = stop - end
    rest = np.zeros(len(at), dtype=np.int64)
    some = np.flatnonzero((left > 0) & (left < 8) & (value > -1.8))
    rest[some] = known.rest.get(hash_spans(codes, end[some], stop[some]))
    rest[some] *= (rest[some] != _PARTICLE) | agrees(codes, end[some])
    value += np.select(
        [left == 0, rest == _TITLE, rest == _WEAK, rest == _PARTICLE], [0.1, 2.0, 0.9, 0.4], default=-1.6
    )
    if size > 2:
        # Who opens a sentence is often its subject.
        able = (count > 5) & ((rest == _PARTICLE) | (left == 0)) & (value > 0.5)
        value[able] += np.where(_opens(codes, at[able]), 0.4, 0.0).astype(np.float32)
    # What cannot be a name any more is not compared with the words.
    live = np.flatnonzero(
        value + np.where(beside > 1.0, beside, 0.0)
        > (-0.3 if size == 2 else np.where((left > 1) & (rest == 0), -1.2, 0.2))
    )
    out = np.full(len(at), -9.0, dtype=np.float32)
    if len(live):
        out[live] = value[live] - _as_words(block, at[live], stop[live], size, rest[live], count[live])
    return out


def _opens(codes: npt.NDArray[np.uint32], at: Ints) -> npt.NDArray[np.bool_]:
    """Whether a place is the beginning of a row or of a sentence."""
    before = codes[np.maximum(at - 1, 0)]
    far = codes[np.maximum(at - 2, 0)]
    opened = (before == ord(SEPARATOR)) | (before == ord("\n")) | (at == 0)
    return opened | ((before == ord(" ")) & ((far == ord(".")) | (far == ord("?")) | (far == ord("!"))))


def _as_words(block: Block, at: Ints, stop: Ints, size: int, rest: Ints, count: Ints) -> npt.NDArray[np.float64]:
    """What speaks against a name: the readings of the word as other words."""
    words, codes, end = _lists().words, block.codes, at + size
    left = stop - end
    word = words.get(hash_spans(codes, at, end))
    whole = (left > 0) & (words.get(hash_spans(codes, at, stop)) > 0)
    against = np.array((0.0, 0.7, 1.6) if size == 3 else (0.0, 0.5, 1.3))[word] + np.where(whole, 2.5, 0.0)
    if size != 3:
        return against
    # Its first two syllables and a particle or what makes adjectives, verbs and kinds of things.
    short = words.get(hash_spans(codes, at, at + 2))
    tail = _lists().rest.get(hash_spans(codes, at + 2, stop))
    made = ((tail == _PARTICLE) & agrees(codes, at + 2)) | (tail == _WEAK) | _suffixes()[codes[at + 2]]
    against += np.where(made, np.array((0.0, 0.5, 1.9))[short], np.array((0.0, 0.1, 0.4))[short])
    more = (left > 0) & (words.get(hash_spans(codes, at, np.minimum(at + 4, stop))) > 0)
    against += np.where(more, 1.2, 0.0)
    # Written without a space before the next word.
    next_word = (left > 1) & (words.get(hash_spans(codes, end, np.minimum(end + 2, stop))) > 0)
    inner = words.get(hash_spans(codes, at + 1, end)) > 1
    against -= np.where(next_word & (rest == 0) & (short < 2) & (word == 0) & ~more & ~inner & (count > 1), 1.5, 0.0)
    return against


@lru_cache(maxsize=1)
def _suffixes() -> npt.NDArray[np.bool_]:
    table = np.zeros(0x10000, dtype=bool)
    table[[ord(c) for c in SUFFIXES]] = True
    return table


class _Context(NamedTuple):
    """What stands beside each word of a block."""

    before: npt.NDArray[np.float64]
    behind: npt.NDArray[np.float64]


_BEHIND = frozenset(
    (*BEHIND, *(t + p for t in TITLES for p in ("", "이", "가", "은", "는", "을", "를", "의", "과", "와", "도", "께")))
)


@lru_cache(maxsize=1)
def _beside() -> tuple[Table, Table]:
    behind = {word: 1 if word in WEAK_TITLES else 2 for word in _BEHIND}
    return (
        table_of(CUES, np.ones(len(CUES), dtype=np.uint8)),
        table_of(list(behind), np.fromiter(behind.values(), dtype=np.uint8, count=len(behind))),
    )


def _listed(block: Block, words: _Words) -> npt.NDArray[np.float64]:
    """What each word gains from another beside it in a list that is built as a name: 김도현, 이채은."""
    codes, start, end = block.codes, words.start, words.end
    worth = np.zeros(len(start))
    if len(start) < 2:
        return worth
    marks = np.flatnonzero(_marks()[codes[end[:-1]]] & (start[1:] - end[:-1] < 4))
    if not len(marks):
        return worth
    both = np.unique(np.concatenate([marks, marks + 1]))
    both = both[end[both] - start[both] == 3]
    count = _lists().given.get(hash_spans(codes, start[both] + 1, end[both]))
    whole = _lists().words.get(hash_spans(codes, start[both], end[both]))
    named = np.zeros(len(start), dtype=bool)
    named[both] = (_lists().family[codes[start[both]]] > -0.6) & (count > 1) & (whole == 0)
    worth[marks] += np.where(named[marks + 1] & named[marks], 0.7, 0.0)
    worth[marks + 1] = np.maximum(worth[marks + 1], np.where(named[marks] & named[marks + 1], 0.7, 0.0))
    return worth


@lru_cache(maxsize=1)
def _marks() -> npt.NDArray[np.bool_]:
    table = np.zeros(0x10000, dtype=bool)
    table[[ord(c) for c in ",;·、/"]] = True
    return table


def _context(block: Block, words: _Words) -> _Context:
    codes = block.codes
    cues, behind = _beside()
    start, end = words.start, words.end
    length = end - start
    short = np.flatnonzero(length < 8)
    hashes = hash_spans(codes, start[short], end[short])
    cue = np.zeros(len(start), dtype=bool)
    cue[short] = cues.get(hashes) > 0
    long = np.flatnonzero((length > 2) & (length < 8))
    cue[long] |= cues.get(hash_spans(codes, end[long] - 2, end[long])) > 0
    before = np.zeros(len(start))
    near = (start[1:] - end[:-1] <= 3) & (codes[end[:-1]] < 0x3000)
    before[1:] = np.where(cue[:-1] & near, 1.4, 0.0)
    said = np.zeros(len(start), dtype=np.int64)
    said[short] = behind.get(hashes)
    worth = np.array((0.0, 0.5, 1.8))[said]
    former = (codes[start] == ord("전")) & (length == 1)
    worth[:-1] = np.where(former[:-1] & (said[1:] > 0), 2.5, worth[:-1])
    after = np.zeros(len(start))
    spaced = (start[1:] == end[:-1] + 1) & (codes[end[:-1]] == ord(" "))
    after[:-1] = np.where(spaced, worth[1:], 0.0)
    mark = codes[end]
    aged = np.flatnonzero(mark == ord("("))
    after[aged] += np.where((block.kinds[end[aged] + 1] & DIGIT) != 0, 0.8, 0.0)
    before += _listed(block, words)
    # "101동 302호 여동건": who lives behind the door.
    door = codes[np.maximum(start - 2, 0)]
    behind_door = np.flatnonzero(
        ((door == ord("호")) | (door == ord("층"))) & (codes[np.maximum(start - 1, 0)] == ord(" "))
    )
    lived = (block.kinds[np.maximum(start[behind_door] - 3, 0)] & DIGIT) != 0
    before[behind_door[lived & (end[behind_door] - start[behind_door] == 3)]] += 0.9
    after += np.where((mark == ord("(")) | (mark == ord("·")), 0.5, np.where(mark == ord(","), 0.4, 0.0))
    return _Context(before, after)


def _by_given_name(block: Block, words: _Words, context: _Context) -> list[Found]:
    """A given name alone: called, with the particles of talk, or beside a word of family or trade."""
    known = _lists()
    tables = known.given, known.rest, known.words
    said = korean_alone.find(block, words.start, words.end, context.before, context.behind, known.alone, tables)
    return [_found(begin, stop, value) for begin, stop, value in said]


def _by_family_name(block: Block, start: Ints, end: Ints) -> list[Found]:
    """A family name alone before 씨, 모 (somebody) or a title, with it: a find of one syllable would cover nothing."""
    out: list[Found] = []
    codes = block.codes
    second = codes[start + 1]
    named = _lists().family[codes[start]] > -0.4
    mister = ((second == ord("씨")) | (second == ord("모"))) & named
    for begin, stop in zip(start[mister].tolist(), end[mister].tolist(), strict=True):
        if block.codes[begin + 1] == ord("모") and not (
            block.text[begin + 2 : begin + 3] == "(" or block.text[begin + 2 : begin + 4] == " 씨"
        ):
            continue
        if stop - begin == 2 or block.text[begin + 2 : stop] in _PARTICLE_SET:
            out.append(Found(begin, begin + 2, "PERSON", 0.7, RECOGNISER, "grammar"))
    # "최팀장님께", "이과장".
    ranked = np.flatnonzero(_ranked()[codes[start]] & _rank_opens()[second] & (end - start > 2) & (end - start < 9))
    known = _lists().words
    for i in ranked.tolist():
        said = _RANKED.fullmatch(block.text, int(start[i]) + 1, int(end[i]))
        if said and block.text[int(start[i]) : said.end(1)] not in _NOT_RANKED:
            whole = np.array([[start[i], said.end(1)]])
            if known.get(hash_spans(codes, whole[:, 0], whole[:, 1]))[0]:
                continue  # a car park
            out.append(_found(int(start[i]), said.end(1), 1.5))
    return out


#: With a title, words of their own: a chairman, a full professor, an acting head.
_NOT_RANKED = frozenset(
    "이사장 이사장님 정교수 조교수 정교사 부교수 부사장님 정사원 정과장 조선생 민선생 한부장 한기사님 장기사님 이기사님 노기사님 전대표님 한대표님 구대표님 이형사".split()
)
_RANKED = re.compile(
    f"({'|'.join(sorted(RANKS, key=len, reverse=True))})(?:{'|'.join(sorted(PARTICLES, key=len, reverse=True))})?"
)


@lru_cache(maxsize=1)
def _ranked() -> npt.NDArray[np.bool_]:
    table = _lists().family > -9
    table[[ord(c) for c in "부총각본제여반명시사원현총"]] = False
    return table


@lru_cache(maxsize=1)
def _rank_opens() -> npt.NDArray[np.bool_]:
    table = np.zeros(0x10000, dtype=bool)
    table[[ord(rank[0]) for rank in RANKS]] = True
    return table


_PARTICLE_SET = frozenset(PARTICLES)


def _parted(block: Block, words: _Words, context: _Context) -> list[Found]:
    """A family name, a space and a given name, with a title behind them."""
    start, end = words.start, words.end
    if len(start) < 2:
        return []
    size = end - start
    family = (size[:-1] == 1) & (_lists().family[block.codes[start[:-1]]] > -0.4)
    near = (start[1:] == end[:-1] + 1) & (block.codes[end[:-1]] == ord(" "))
    chosen = np.flatnonzero(family & near & (size[1:] < 3) & (context.behind[1:] > 1.5))
    out = [_found(int(start[i]), int(end[i + 1]), 2.0) for i in chosen.tolist()]
    # "백 과장님이": a family name that is no little word, and what its bearer is.
    clear = np.flatnonzero(family & near & (size[1:] > 1) & (size[1:] < 8) & _clear()[block.codes[start[:-1]]])
    said = _lists().rest.get(hash_spans(block.codes, start[clear + 1], end[clear + 1]))
    for i in clear[said == _TITLE].tolist():
        rank = _RANKED.fullmatch(block.text, int(start[i + 1]), int(end[i + 1]))
        out.append(_found(int(start[i]), rank.end(1) if rank else int(end[i + 1]), 1.5))
    # "이 과장님", "차 대리": one that is, before a rank.
    little = (size[:-1] == 1) & near & (size[1:] > 1) & (size[1:] < 9) & _little()[block.codes[start[:-1]]]
    for i in np.flatnonzero(little & _rank_opens()[block.codes[start[1:]]]).tolist():
        rank = _RANKED.fullmatch(block.text, int(start[i + 1]), int(end[i + 1]))
        if rank and (block.text[int(start[i])], rank[1]) not in _NOT_PARTED:
            out.append(_found(int(start[i]), rank.end(1), 1.5))
    return out


#: "This teacher", "one employee", "former chief", "a woman at work".
_NOT_PARTED = frozenset(
    [
        (c, r)
        for c in "이한"
        for r in "선생 사원 작가님 기사님 형사 형사님 변호사 간호사 교수 감독님 강사님 코치님 매니저 대표님 회장님".split()
    ]
)


@lru_cache(maxsize=1)
def _little() -> npt.NDArray[np.bool_]:
    table = np.zeros(0x10000, dtype=bool)
    table[
        [ord(c) for c in "이정한장서신양차고우유방하지채천진변표도석옥설선나라마길위왕주구엄공함염여탁피맹국육인"]
    ] = True
    table[[ord(c) for c in "여국"]] = False
    return table


@lru_cache(maxsize=1)
def _clear() -> npt.NDArray[np.bool_]:
    table = np.zeros(0x10000, dtype=bool)
    table[[ord(c) for c in "김박최강조윤임오권황안송류홍문손배백허남심노곽성민"]] = True
    return table


_AFTER_CONSONANT, _AFTER_VOWEL = (
    frozenset("은 을 과 이 으로 이다 이라는 이란 이라고".split()),
    frozenset("는 를 와 가 로 라는 란 라고".split()),
)
_AFTER_ANY = frozenset("의 도 에게 한테 께서 처럼 보다 에서 까지 부터".split())


def _unknown(block: Block, start: int, end: int, sure: bool) -> int:
    """Where a part of a name that no list knows ends within a word, without its particle; 0 where it is a word.

    ``sure``: the name before it is so common that words with which the part begins do not matter.
    """
    text = block.text
    stop = end
    for size in (3, 2, 1):
        rest = text[end - size : end]
        stem = end - size - start
        if stem < 2:
            continue
        closed = (ord(text[end - size - 1]) - 0xAC00) % 28 > 0
        if rest in _AFTER_ANY or rest in (_AFTER_CONSONANT if closed else _AFTER_VOWEL):
            stop = end - size
            break
    if not 2 <= stop - start <= 6 or text[end - 1] in "다요죠" or text[start:end] in _BEHIND:
        return 0
    bounds = [(start, stop), (start, end), (start, min(start + 2, stop)), (start, min(start + 3, stop))]
    table = np.array(bounds[:2] if sure else bounds, dtype=np.int64)
    return 0 if _lists().words.get(hash_spans(block.codes, table[:, 0], table[:, 1])).any() else stop


#: Given names of one syllable that are no Korean words.
_SHORT = frozenset(
    "톰 존 폴 짐 잭 벤 빌 샘 맷 댄 론 켄 닉 릭 롭 밥 쟝 앤 조 휴 팀 에 마 쥬 줄 숀 션 딘 진 엠 레".split()
)


def _foreign(block: Block, words: _Words, context: _Context) -> list[Found]:
    """Names in two or more parts with a space or a point between, or in one part beside a title."""
    known = _lists()
    codes, text = block.codes, block.text
    start, end = words.start, words.end
    length, count = end - start, len(start)
    # The longest part of a name that each word begins with, when what is left is a particle or a title.
    part = np.zeros(count, dtype=np.int64)
    weight = np.zeros(count, dtype=np.int64)
    one = np.flatnonzero(length == 1)
    part[one], weight[one] = 1, known.foreign.get(hash_spans(codes, start[one], end[one]))
    two = codes[start].astype(np.int64) * 67 + codes[np.minimum(start + 1, len(codes) - 1)]
    able = np.flatnonzero((length > 1) & _openings()[two & _MASK])
    for size in range(2, 8):
        own = able[(length[able] >= size) & (length[able] <= size + 4)]
        if not len(own):
            continue
        often = known.foreign.get(hash_spans(codes, start[own], start[own] + size)).astype(np.int64)
        own, often = own[often > 0], often[often > 0]
        left = length[own] - size
        fits = (left == 0) | (known.rest.get(hash_spans(codes, start[own] + size, end[own])) > 0)
        part[own[fits]], weight[own[fits]] = size, often[fits]
    part[weight == 0] = 0
    whole = (part > 0) & (part == length)
    word = known.words.get(hash_spans(codes, start, start + part))
    strange = (part > 1) & ((word == 0) | ((word == 1) & (weight >= 20)))
    gap = np.zeros(count + 1, dtype=bool)
    between = codes[end[:-1]]
    gap[1:-1] = (start[1:] == end[:-1] + 1) & ((between == ord(" ")) | (between == ord("·")) | (between == ord(".")))
    out: list[Found] = []
    done = -1
    for at in np.flatnonzero(strange | (whole & (part == 1) & (weight > 200))).tolist():
        if at <= done:
            continue
        if not strange[at] and text[start[at]] not in _SHORT:
            continue
        first = at
        while (
            first > 0
            and gap[first]
            and whole[first - 1]
            and first - 1 > done
            and at - first < 2
            and (word[first - 1] < 2 or part[first - 1] == 1)
        ):
            first -= 1
        last = at
        while (
            whole[last]
            and last + 1 < count
            and gap[last + 1]
            and (
                part[last + 1] > 1
                or (part[last + 1] == 1 and strange[at] and text[start[last + 1]] in _PARTS and gap[last + 2])
            )
            and text[start[last + 1] : end[last + 1]] not in _BEHIND
            and (word[last + 1] < 2 or (weight[last] > 60 and context.behind[last] < 0.5))
            and last - first < 3
        ):
            last += 1
        begin, stop = int(start[first]), int(start[last] + part[last])
        rest = text[stop : int(end[last])]
        value = sum(
            _worth(
                part[k], weight[k], strange[k], k > first and (word[k] < 2 or (strange[k - 1] and weight[k - 1] > 60))
            )
            for k in range(first, last + 1)
        )
        if (
            last - first < 2
            and whole[last]
            and gap[last + 1]
            and not part[last + 1]
            and weight[last] > 4
            and value >= 0.8
        ):
            more = _unknown(block, int(start[last + 1]), int(end[last + 1]), bool(weight[last] > 20))
            if more:
                last, stop, value = last + 1, more, value + 0.8
        if last == first:
            value = 0.3 if part[at] > 2 and weight[at] > 3 else 0.0
            if part[at] > 2 and weight[at] > 60 and rest in _PARTICLE_SET:
                value += 1.4
            elif rest and rest not in _PARTICLE_SET and rest in _BEHIND:
                value += 1.7 if rest[0] in "쌤샘" else 1.3
        value += context.before[first] + (context.behind[last] if stop == end[last] else 0.0)
        if value >= 1.6 and stop - begin > 1:
            out.append(_found(begin, stop, value))
            done = last
    return out


#: Names of one syllable within or behind others: "응우옌 티 란", "브라이언 쿡".
_PARTS = frozenset(
    "티 반 란 응 히 꾸 득 민 짱 뚜 롱 안 빈 끼 흐 쿡 킴 콜 힐 홀 벨 폭 챈 첸 쉬 쑨 웡 응 탄 림 판 쿤 로 드 킹".split()
)


#: Syllables with which Korean writes Chinese names and few words of its own.
_STRANGE = "샤쥔훙룽쩌췬쉐톈쯔펑옌웨젠즈둥량핑칭윈췐쥐셩셴"
_CHINESE = re.compile(
    "(?:왕|리|장|류|천|양|자오|황|저우|우|쉬|쑨|주|가오|린|허|궈|마|뤄|량|쑹|정|셰|한|탕|펑|위|둥|샤오|청|차오|위안|덩|선|쩡|펑|뤼|쑤|루|장|차이|자|딩|웨이|쉐|예|옌|판|장)"
    "(?:샤오|하오|웨이|페이|메이|루이|위안|쩌둥|밍|쥔|훙|룽|쩌|췬|쉐|톈|쯔|징|펑|옌|웨|젠|즈|화|린|리|팡|나|친|위|란|량|둥|신|민|핑|이|양|궈|원|칭|윈|셩|셴|춘|롄|쥐|창|강|빈|제|천){1,2}"
)


@lru_cache(maxsize=1)
def _strange() -> npt.NDArray[np.bool_]:
    table = np.zeros(0x10000, dtype=bool)
    table[[ord(c) for c in _STRANGE]] = True
    return table


def _chinese(block: Block, words: _Words) -> list[Found]:
    """Chinese names as they sound: a family name and syllables that Korean words lack."""
    codes, size = block.codes, words.end - words.start
    first = np.minimum(words.start + 1, len(codes) - 1)
    second = np.minimum(words.start + 2, len(codes) - 1)
    strange = _strange()
    out = []
    for i in np.flatnonzero((size > 2) & (size < 9) & (strange[codes[first]] | strange[codes[second]])).tolist():
        begin, end = int(words.start[i]), int(words.end[i])
        name = _CHINESE.match(block.text, begin, end)
        if name and name.end() - begin > 2 and (name.end() == end or block.text[name.end() : end] in _FOLLOWS):
            out.append(_found(begin, name.end(), 1.6))
    return out


_FOLLOWS = frozenset((*PARTICLES, *TITLES))


def _worth(part: int, weight: int, strange: bool, follows: bool) -> float:
    if strange:
        return 1.0 if weight > 9 else 0.8
    if part == 1:
        return 0.9 if weight > 200 else 0.0
    return 0.7 if follows and weight > 2 else 0.25 if weight > 20 else 0.0


_MASK = (1 << 18) - 1


@lru_cache(maxsize=1)
def _openings() -> npt.NDArray[np.bool_]:
    """Which two syllables, hashed, a part of a foreign name begins with."""
    table = np.zeros(_MASK + 1, dtype=bool)
    parts = [name for name in (*FOREIGN, *unpacked(load("others")["ko_foreign"])) if len(name) > 1]
    table[[(ord(name[0]) * 67 + ord(name[1])) & _MASK for name in parts]] = True
    return table
