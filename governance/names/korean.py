"""Korean names: a family name and one or two syllables behind it, weighed against the words that they might be.

Every word of a block is looked at at once: does it begin with a family name, is what follows a given name, is it (or
its beginning) an ordinary word, and can what is left be a particle or a title? Then the words around decide. Names of
other peoples are written in parts with spaces between; both parts must be known as parts of names.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from governance.names import korean_alone
from governance.names.block import SEPARATOR, Block, Found, among
from governance.names.korean_alone import agrees
from governance.names.korean_beside import Context, context_of
from governance.names.korean_foreign import chinese_names, foreign_names
from governance.names.korean_known import ENOUGH, PARTICLE_SET, RECOGNISER, Floats, Words, as_found, lists, words_of
from governance.names.korean_lists import (
    BEHIND,
    CUES,
    NOBODY,
    PARTICLE,
    PARTICLES,
    RANKS,
    SUFFIXES,
    TITLE,
    TITLES,
    WEAK,
)
from governance.names.lexicon import Ints, hash_spans


def find(block: Block) -> list[Found]:
    """Korean names of a block."""
    words = words_of(block)
    if not len(words.start):
        return []
    context = context_of(block, words)
    foreign = foreign_names(block, words, context)
    taken = {i for f in foreign for i in (f.start, f.end)}
    foreign += [f for f in chinese_names(block, words) if f.start not in taken]
    taken |= {i for f in foreign for i in (f.start, f.end)}
    native = [f for f in _native(block, words, context) if f.start not in taken]
    return [*foreign, *(f for f in native if block.text[f.start : f.end] not in _NOBODY)]


_NOBODY = frozenset((*TITLES, *BEHIND, *CUES, *NOBODY))


def _native(block: Block, words: Words, context: Context) -> list[Found]:
    known = lists()
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
        for i in np.flatnonzero(total >= ENOUGH).tolist():
            out.append(as_found(int(at[i]), int(at[i]) + size, float(total[i])))
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
    known = lists()
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
    rest[some] *= (rest[some] != PARTICLE) | agrees(codes, end[some])
    value += np.select([left == 0, rest == TITLE, rest == WEAK, rest == PARTICLE], [0.1, 2.0, 0.9, 0.4], default=-1.6)
    if size > 2:
        # Who opens a sentence is often its subject.
        able = (count > 5) & ((rest == PARTICLE) | (left == 0)) & (value > 0.5)
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
    words, codes, end = lists().words, block.codes, at + size
    left = stop - end
    word = words.get(hash_spans(codes, at, end))
    whole = (left > 0) & (words.get(hash_spans(codes, at, stop)) > 0)
    against = np.array((0.0, 0.7, 1.6) if size == 3 else (0.0, 0.5, 1.3))[word] + np.where(whole, 2.5, 0.0)
    if size != 3:
        return against
    # Its first two syllables and a particle or what makes adjectives, verbs and kinds of things.
    short = words.get(hash_spans(codes, at, at + 2))
    tail = lists().rest.get(hash_spans(codes, at + 2, stop))
    made = ((tail == PARTICLE) & agrees(codes, at + 2)) | (tail == WEAK) | _suffixes()[codes[at + 2]]
    against += np.where(made, np.array((0.0, 0.5, 1.9))[short], np.array((0.0, 0.1, 0.4))[short])
    # "현장의 비밀": no name ends so, a word and a particle do.
    against += np.where((left == 0) & (short > 0) & _particles()[codes[at + 2]], 1.5, 0.0)
    more = (left > 0) & (words.get(hash_spans(codes, at, np.minimum(at + 4, stop))) > 0)
    against += np.where(more, 1.2, 0.0)
    # Written without a space before the next word.
    next_word = (left > 1) & (words.get(hash_spans(codes, end, np.minimum(end + 2, stop))) > 0)
    inner = words.get(hash_spans(codes, at + 1, end)) > 1
    against -= np.where(next_word & (rest == 0) & (short < 2) & (word == 0) & ~more & ~inner & (count > 1), 1.5, 0.0)
    return against


def _particles() -> npt.NDArray[np.bool_]:
    return among("의가와과를을")


def _suffixes() -> npt.NDArray[np.bool_]:
    return among(SUFFIXES)


def _by_given_name(block: Block, words: Words, context: Context) -> list[Found]:
    """A given name alone: called, with the particles of talk, or beside a word of family or trade."""
    known = lists()
    tables = known.given, known.rest, known.words
    said = korean_alone.find(block, words.start, words.end, context.before, context.behind, known.alone, tables)
    return [as_found(begin, stop, value) for begin, stop, value in said]


def _by_family_name(block: Block, start: Ints, end: Ints) -> list[Found]:
    """A family name alone before 씨, 모 (somebody) or a title, with it: a find of one syllable would cover nothing."""
    out: list[Found] = []
    codes = block.codes
    second = codes[start + 1]
    named = lists().family[codes[start]] > -0.4
    mister = ((second == ord("씨")) | (second == ord("모"))) & named
    for begin, stop in zip(start[mister].tolist(), end[mister].tolist(), strict=True):
        if block.codes[begin + 1] == ord("모") and not (
            block.text[begin + 2 : begin + 3] == "(" or block.text[begin + 2 : begin + 4] == " 씨"
        ):
            continue
        if stop - begin == 2 or block.text[begin + 2 : stop] in PARTICLE_SET:
            out.append(Found(begin, begin + 2, "PERSON", 0.7, RECOGNISER, "grammar"))
    # "최팀장님께", "이과장".
    ranked = np.flatnonzero(_ranked()[codes[start]] & _rank_opens()[second] & (end - start > 2) & (end - start < 9))
    known = lists().words
    for i in ranked.tolist():
        said = _RANKED.fullmatch(block.text, int(start[i]) + 1, int(end[i]))
        if said and block.text[int(start[i]) : said.end(1)] not in _NOT_RANKED:
            whole = np.array([[start[i], said.end(1)]])
            if known.get(hash_spans(codes, whole[:, 0], whole[:, 1]))[0]:
                continue  # a car park
            out.append(as_found(int(start[i]), said.end(1), 1.5))
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
    table = lists().family > -9
    table[[ord(c) for c in "부총각본제여반명시사원현총"]] = False
    return table


def _rank_opens() -> npt.NDArray[np.bool_]:
    return among("".join(rank[0] for rank in RANKS))


def _parted(block: Block, words: Words, context: Context) -> list[Found]:
    """A family name, a space and a given name, with a title behind them."""
    start, end = words.start, words.end
    if len(start) < 2:
        return []
    size = end - start
    family = (size[:-1] == 1) & (lists().family[block.codes[start[:-1]]] > -0.4)
    near = (start[1:] == end[:-1] + 1) & (block.codes[end[:-1]] == ord(" "))
    chosen = np.flatnonzero(family & near & (size[1:] < 3) & (context.behind[1:] > 1.5))
    out = [as_found(int(start[i]), int(end[i + 1]), 2.0) for i in chosen.tolist()]
    # "백 과장님이": a family name that is no little word, and what its bearer is.
    clear = np.flatnonzero(family & near & (size[1:] > 1) & (size[1:] < 8) & _clear()[block.codes[start[:-1]]])
    said = lists().rest.get(hash_spans(block.codes, start[clear + 1], end[clear + 1]))
    for i in clear[said == TITLE].tolist():
        rank = _RANKED.fullmatch(block.text, int(start[i + 1]), int(end[i + 1]))
        out.append(as_found(int(start[i]), rank.end(1) if rank else int(end[i + 1]), 1.5))
    # "이 과장님", "차 대리": one that is, before a rank.
    little = (size[:-1] == 1) & near & (size[1:] > 1) & (size[1:] < 9) & _little()[block.codes[start[:-1]]]
    for i in np.flatnonzero(little & _rank_opens()[block.codes[start[1:]]]).tolist():
        rank = _RANKED.fullmatch(block.text, int(start[i + 1]), int(end[i + 1]))
        if rank and (block.text[int(start[i])], rank[1]) not in _NOT_PARTED:
            out.append(as_found(int(start[i]), rank.end(1), 1.5))
    return out


#: "This teacher", "one employee", "former chief", "a woman at work".
_NOT_PARTED = frozenset(
    [
        (c, r)
        for c in "이한"
        for r in "선생 사원 작가님 기사님 형사 형사님 변호사 간호사 교수 감독님 강사님 코치님 매니저 대표님 회장님".split()
    ]
)


def _little() -> npt.NDArray[np.bool_]:
    return among("이정한장서신양차고우유방하지채천진변표도석옥설선나라마길위왕주구엄공함염탁피맹육인")


def _clear() -> npt.NDArray[np.bool_]:
    return among("김박최강조윤임오권황안송류홍문손배백허남심노곽성민")
