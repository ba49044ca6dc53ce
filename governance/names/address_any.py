"""Addresses outside China: number and street in the order and with the words of each language.

A street word or a door word alone is no address; a number has to stand with it. What follows as unit, district, city
or postal code is covered as long as the chain goes on.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa

from governance.names import address_latin
from governance.names.block import DIGIT, HANGUL, LETTER, THAI, Block, Found
from governance.names.lexicon import Ints
from governance.names.openings import Openings
from governance.recognisers.automata import automaton, cut
from governance.recognisers.engine import buffers

RECOGNISER = "addresses"

_KOREAN = re.compile(
    "(?:(?:[가-힣]{1,4}(?:특별시|광역시|특별자치시|특별자치도|도)|서울시?|부산시?|대구시?|인천시?|광주시?|대전시?|울산시?|세종시?|경기|강원|충북|충남|전북|전남|경북|경남|제주)\\s?)?"
    "(?:[가-힣]{1,5}(?:시|군|구)\\s){0,2}(?:[가-힣]{1,5}(?:읍|면)\\s)?"
    "(?:[가-힣A-Za-z0-9]{1,10}(?:대로|로|길)(?:\\s?\\d+(?:번|가|나|다|라)?길)?\\s?\\d+(?:-\\d+)?(?:번길\\s?\\d+(?:-\\d+)?)?(?!\\d|\\s?(?:년|월|일|원|명|개|번|위|차|세|%|분|초|시|만|억|호선))|"
    "[가-힣0-9]{1,6}(?:동|리|가)\\s(?:산\\s?)?\\d+(?:-\\d+)?(?:번지)?(?!\\d|동|호|\\s?(?:년|월|일|원|명|개|위|차|세|%|분|초|시|만|억)))"
    "(?:,?\\s?(?:\\([^)]{1,25}\\)|[가-힣A-Za-z0-9]{1,12}(?:아파트|빌딩|타워|오피스텔|빌라|맨션|주택|마을|단지|프라자|센터|상가)|[A-Za-z가-힣0-9]{1,4}동|\\d+층|[A-Z]?\\d+호|지하\\s?\\d*층?)){0,6}"
)
_THAI = re.compile(
    "(?:(?:บ้านเลขที่|เลขที่|ที่อยู่|อยู่ที่)[ :]*)?(?<!\\d)\\d{1,4}(?:/\\d{1,4})?(?:-\\d+)?[ ]+(?:(?:หมู่ที่|หมู่บ้าน|หมู่|ม\\.|อาคาร|ชั้น|ห้อง|คอนโด|ซอย|ซ\\.|ถนน|ถ\\.|แขวง|ตำบล|ต\\.|เขต|อำเภอ|อ\\.|จังหวัด|จ\\.)[ ]?[\u0e01-\u0e4eA-Za-z0-9/.-]+[ ,]*(?:\\d{1,3}(?!\\d)[ ]?)?){1,9}"
    "(?:กรุงเทพมหานคร|กรุงเทพฯ?|กทม\\.?)?[ ]?(?:\\d{5}(?!\\d))?"
    "|(?:(?:ถนน|ถ\\.|ซอย|ซ\\.)[ ]?[\u0e01-\u0e4eA-Za-z0-9/. -]{2,25}?[ ,]*)?(?:แขวง|ตำบล|ต\\.)[ ]?[\u0e01-\u0e4e]+[ ,]+(?:เขต|อำเภอ|อ\\.)[ ]?[\u0e01-\u0e4e]+[ ,]*(?:(?:จังหวัด|จ\\.)[ ]?[\u0e01-\u0e4e]+|กรุงเทพมหานคร|กรุงเทพฯ?|กทม\\.?)?[ ]?(?:\\d{5}(?!\\d))?"
)
#: For each pattern what a row must hold (an expression for the automata, which know no look-around), the pattern,
#: its languages, and how sure it is.
_ALL: tuple[tuple[str, re.Pattern[str], frozenset[str], float], ...] = tuple(
    (needle, pattern, frozenset(languages.split()), score)
    for needle, pattern, languages, score in (
        *address_latin.ALL,
        ("(\ub85c|\uae38|\ub3d9|\ub9ac|\uac00)( |\uc0b0 )?[0-9]", _KOREAN, "ko", 0.7),
        (
            "(\u0e16\u0e19\u0e19|\u0e16\\.|\u0e0b\u0e2d\u0e22|\u0e0b\\.|\u0e41\u0e02\u0e27\u0e07|\u0e15\u0e33\u0e1a\u0e25|\u0e15\\.|\u0e2b\u0e21\u0e39\u0e48|\u0e21\\.|\u0e40\u0e02\u0e15|\u0e2d\u0e33\u0e40\u0e20\u0e2d)",
            _THAI,
            "th",
            0.7,
        ),
    )
)
#: Chains of divisions are addresses without a number.
_WITHOUT_NUMBER = np.array([pattern in (_THAI, address_latin.VIETNAMESE) for _, pattern, _, _ in _ALL])
NEEDLES = tuple(needle for needle, _, _, _ in _ALL)
#: A chain of an address is no longer than this in code points.
REACH = (300,) * len(_ALL)
#: Of each pattern, how many spaces a match holds at most before the end of its needle; -1 where that is not told.
_SPACES = np.array([-1 if n is None else n for n in (address_latin.spaces(pattern) for _, pattern, _, _ in _ALL)])


#: Of each pattern in Latin letters, where it may begin.
_OPENINGS = tuple(Openings(pattern) for _, pattern, _, _ in address_latin.ALL)
#: Streets in small letters.
_SMALL = next(number for number, (_, pattern, _, _) in enumerate(_ALL) if pattern is address_latin.SMALL)

#: A number, or what is written in its place where a house has none ("sin número").
_NUMBERED = re.compile("\\d|(?i:s/n)\\b")
_LABEL = re.compile("[\\n|;,.]\\s*[^\\W\\d_]{2,20}(?: [^\\W\\d_]{2,12})?\\Z")
#: What is no part of an address at its end, and what tells that it ends with a label.
_TRAIL = " ,;\n|>-–(/"
_LABELLED = ":："


def look(block: Block, backend: str, languages: tuple[str, ...] | None) -> list[Found]:
    """Addresses of a block, in those rows only that an automaton of a kind (`recognisers.automata`) points to."""
    rows = block.rows_with(LETTER | HANGUL | THAI)
    if not len(rows):
        return []
    texts = block.texts if len(rows) == len(block.texts) else block.texts.take(pa.array(rows))
    values, offsets = buffers(texts)
    units = cut(values, offsets)
    found = automaton(backend, NEEDLES).candidates(units, REACH)
    if not len(found.units):
        return []
    where = found.units if units.rows is None else units.rows[found.units]
    keys = where * len(NEEDLES) + found.which
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    heads = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    where, which = np.divmod(keys[heads], len(NEEDLES))
    row = rows[where]
    low, high = block.starts[row], block.starts[row + 1] - 1
    if found.first is not None and found.last is not None and (_SPACES[which] >= 0).any():
        # Where a row is one byte to a character it is known where its needles end.
        shift = low - offsets[where]
        plain = (high - low == offsets[where + 1] - offsets[where]) & (_SPACES[which] >= 0)
        first = np.minimum.reduceat(found.first[order], heads) + shift
        last = np.maximum.reduceat(found.last[order], heads) + shift
        low = np.where(plain, np.maximum(low, _back(block, first, _SPACES[which])), low)
        high = np.where(plain, np.minimum(high, last), high)
    return find(block, row, which, languages, low, high)


def _back(block: Block, at: Ints, count: Ints) -> Ints:
    """The place behind the space that comes before so many others before each place."""
    spaces = np.append(-1, np.flatnonzero(block.codes == ord(" ")))
    return spaces[np.maximum(np.searchsorted(spaces, at) - np.maximum(count, 0) - 1, 0)] + 1


def find(
    block: Block,
    rows: Ints,
    which: Ints,
    languages: tuple[str, ...] | None,
    low: Ints | None = None,
    high: Ints | None = None,
) -> list[Found]:
    """Addresses in those rows in which the automaton found the needle of a pattern.

    ``low`` and ``high``: between which places of the block a match that begins with a number may begin.
    """
    starts, text = block.starts, block.text
    begins, ends = starts[rows], starts[rows + 1] - 1
    places = _places(block, which, begins, ends, begins if low is None else low, ends if high is None else high)
    told: list[tuple[int, int, int]] = []
    small = address_latin.SMALL.match
    wanted = [languages is None or not known.isdisjoint({*languages, "en"}) for _, _, known, _ in _ALL]
    for number, begin, end, own in zip(which.tolist(), begins.tolist(), ends.tolist(), places, strict=True):
        if wanted[number]:
            if number == _SMALL:  # most of what stands in chats, and nothing belongs to it
                for at in own or ():
                    found = small(text, at, end) if at >= begin else None
                    if found:
                        begin = found.end()
                        told.append((at, begin, number))
                continue
            if own is None or own:
                for start, stop in address_latin.spans(_ALL[number][1], text, begin, end, own):
                    told.append((start, stop, number))
    return _told(block, told) if told else []


def _places(block: Block, which: Ints, begins: Ints, ends: Ints, low: Ints, high: Ints) -> list[list[int] | None]:
    """Where each pattern may match in its row, in order; ``None``: anywhere."""
    out: list[list[int] | None] = [None] * len(which)
    numbers: Ints | None = None
    told: list[int] = []
    for number in np.unique(which).tolist():
        if number >= len(_OPENINGS):
            continue
        mine = np.flatnonzero(which == number)
        if _SPACES[number] >= 0:
            if numbers is None:
                numbers = _numbers(block)
                told = numbers.tolist()
            first, last = np.searchsorted(numbers, low[mine]).tolist(), np.searchsorted(numbers, high[mine]).tolist()
            some = [told[a:b] for a, b in zip(first, last, strict=True)]
        else:
            some = _OPENINGS[number].places(block.codes, begins[mine], ends[mine])
        for at, own in zip(mine.tolist(), some, strict=True):
            out[at] = own
    return out


def _numbers(block: Block) -> Ints:
    """Where numbers begin that may be those of doors: nothing that goes on stands before them."""
    digit = (block.kinds & DIGIT) != 0
    digit[1:] &= ~digit[:-1]
    at = np.flatnonzero(digit)
    before = np.minimum(block.codes[at - 1], 128)
    return at[~_GOES_ON[before]]


#: Characters that no number of a door stands right behind.
_GOES_ON = np.array([(chr(c).isalnum() or chr(c) in "_.@/-") and c < 128 for c in range(129)])


def _told(block: Block, told: list[tuple[int, int, int]]) -> list[Found]:
    """Finds from starts, ends and numbers of patterns: without what is no part of them, and only those with a number."""
    text, codes = block.text, block.codes
    start, end, _ = np.array(told, dtype=np.int64).T
    # Most end as they should and have no label behind them.
    plain = ~np.isin(codes[end - 1], _TRAIL_CODES) & ~np.isin(codes[end], _LABEL_CODES)
    plain &= ~(np.isin(codes[end + 1], _LABEL_CODES))
    plain &= ((block.kinds[start] & DIGIT) != 0) & (end - start > 6)
    out: list[Found] = []
    for (a, b, number), fits in zip(told, plain.tolist(), strict=True):
        if not fits:
            said = text[a:b].rstrip(_TRAIL)
            if text[a + len(said) : a + len(said) + 2].lstrip()[:1] in (":", "："):
                # The label of what follows: "… Lima\nTeléfono:".
                said = _LABEL.sub("", said).rstrip(_TRAIL)
            if len(said) <= 6 or not (_WITHOUT_NUMBER[number] or _NUMBERED.search(said)):
                continue
            b = a + len(said)
        out.append(Found(a, b, "ADDRESS", _ALL[number][3], RECOGNISER, "grammar"))
    return out


_TRAIL_CODES = np.array([ord(c) for c in _TRAIL])
_LABEL_CODES = np.array([ord(c) for c in _LABELLED])
