"""Addresses outside China: number and street in the order and with the words of each language.

A street word or a door word alone is no address; a number has to stand with it. What follows as unit, district, city
or postal code is covered as long as the chain goes on.
"""

from __future__ import annotations

import re

from governance.names import address_latin
from governance.names.block import Block, Found
from governance.names.lexicon import Ints

RECOGNISER = "addresses"

_KOREAN = re.compile(
    "(?:(?:[가-힣]{1,4}(?:특별시|광역시|특별자치시|특별자치도|도)|서울시?|부산시?|대구시?|인천시?|광주시?|대전시?|울산시?|세종시?|경기|강원|충북|충남|전북|전남|경북|경남|제주)\\s?)?"
    "(?:[가-힣]{1,5}(?:시|군|구)\\s){0,2}(?:[가-힣]{1,5}(?:읍|면)\\s)?"
    "(?:[가-힣A-Za-z0-9]{1,10}(?:대로|로|길)(?:\\s?\\d+(?:번|가|나|다|라)?길)?\\s?\\d+(?:-\\d+)?(?:번길\\s?\\d+(?:-\\d+)?)?(?!\\s?(?:년|월|일|원|명|개|번|위|차|세|%|분|초|시|만|억|호선))|"
    "[가-힣0-9]{1,6}(?:동|리|가)\\s(?:산\\s?)?\\d+(?:-\\d+)?(?:번지)?(?!\\s?(?:년|월|일|원|명|개|위|차|세|%|분|초|시|만|억)))"
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
_WITHOUT_NUMBER = (_THAI, address_latin.VIETNAMESE)
NEEDLES = tuple(needle for needle, _, _, _ in _ALL)
#: A chain of an address is no longer than this in code points.
REACH = (300,) * len(_ALL)


_LABEL = re.compile("[\\n|;,.]\\s*[^\\W\\d_]{2,20}(?: [^\\W\\d_]{2,12})?\\Z")


def find(block: Block, rows: Ints, which: Ints, languages: tuple[str, ...] | None) -> list[Found]:
    """Addresses in those rows in which the automaton found the needle of a pattern."""
    out: list[Found] = []
    starts, text = block.starts, block.text
    for row, number in zip(rows.tolist(), which.tolist(), strict=True):
        _, pattern, known, score = _ALL[number]
        if languages is not None and not known & {*languages, "en"}:
            continue
        low, high = int(starts[row]), int(starts[row + 1]) - 1
        for start, end in address_latin.spans(pattern, text, low, high):
            said = text[start:end].rstrip(" ,;\n|>-–(/")
            if text[start + len(said) : start + len(said) + 2].lstrip()[:1] in (":", "："):
                # The label of what follows: "… Lima\nTeléfono:".
                said = _LABEL.sub("", said).rstrip(" ,;\n|>-–(/")
            if len(said) > 6 and (pattern in _WITHOUT_NUMBER or any(c.isdigit() for c in said)):
                out.append(Found(start, start + len(said), "ADDRESS", score, RECOGNISER, "grammar"))
    return out
