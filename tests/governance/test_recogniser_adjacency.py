"""Whatever touches a value: scripts without spaces must not hide it, and it must not swallow them.

Each value meets each class of neighbour on either side. Most classes must change nothing. A digit or a Latin letter
may make the value part of something longer, and what is right then differs by entity (`LONGER`):

    same    the value is found as if nothing stood there
    grows   the neighbour belongs to it: the find covers the value and may cover the neighbour
    gone    it may be no value any more: found as it is, or covered by something longer, or not at all
"""

from __future__ import annotations

from itertools import product

import pytest
from recogniser_samples import ALONE

from governance.recognisers.engine import PatternEngine

ENGINE = PatternEngine(("CN", "US"))

NEIGHBOURS = {
    "start or end": "",
    "Han": "我",
    "kana": "の",
    "katakana": "ア",
    "Hangul": "은",
    "Thai": "ก",
    "Cyrillic": "я",
    "comma": "，",
    "colon": "：",
    "quote": "”",
    "bracket": "」",
    "space": " ",
    "line": "\n",
    "emoji": "👍",
    "emoji sequence": "👩\u200d🚀",
    "zero-width": "\u200b",
    "byte order mark": "\ufeff",
    "Latin": "k",
    "full-width letter": "ｋ",
    "digit": "7",
    "full-width digit": "７",
}
LETTERS, DIGITS = {"Latin", "full-width letter"}, {"digit", "full-width digit"}
#: (entity, side) -> what a letter does, what a digit does.
LONGER = {
    ("EMAIL_ADDRESS", "left"): ("grows", "grows"),
    ("EMAIL_ADDRESS", "right"): ("grows", "grows"),
    ("PHONE_NUMBER", "left"): ("same", "gone"),
    ("PHONE_NUMBER", "right"): ("same", "gone"),
    ("CN_RESIDENT_ID", "left"): ("same", "gone"),
    ("CN_RESIDENT_ID", "right"): ("same", "gone"),
    ("BANK_CARD", "left"): ("same", "gone"),
    ("BANK_CARD", "right"): ("same", "gone"),
    ("IP_ADDRESS", "left"): ("gone", "gone"),  # a name in a program, a longer number
    ("IP_ADDRESS", "right"): ("gone", "gone"),
    ("MAC_ADDRESS", "left"): ("gone", "grows"),
    ("MAC_ADDRESS", "right"): ("gone", "grows"),
    ("ACCOUNT_URL", "left"): ("grows", "grows"),
    ("ACCOUNT_URL", "right"): ("grows", "grows"),
}
#: Words that stand for signs are a value only up to a domain that everybody knows.
WORDS_ONLY = {"name at example dot com"}


def effect(entity: str, side: str, neighbour: str) -> str:
    letter, digit = LONGER.get((entity, side), ("gone", "gone"))
    return letter if neighbour in LETTERS else digit if neighbour in DIGITS else "same"


@pytest.mark.parametrize("entity", ALONE)
def test_adjacency(entity):
    texts, cases = [], []
    for value, (left, right) in product(ALONE[entity], product(NEIGHBOURS, repeat=2)):
        texts.append(NEIGHBOURS[left] + value + NEIGHBOURS[right])
        cases.append((value, left, right))
    found: list[list[tuple[str, int, int]]] = [[] for _ in texts]
    for span in ENGINE.scan(texts):
        if not span.keep:
            found[span.row].append((span.entity, span.start, span.end))
    wrong = []
    for text, (value, left, right), spans in zip(texts, cases, found, strict=True):
        start, end = len(NEIGHBOURS[left]), len(NEIGHBOURS[left]) + len(value)
        effects = {effect(entity, "left", left), effect(entity, "right", right)}
        if "gone" in effects or (value in WORDS_ONLY and right in LETTERS):
            continue
        inside = {c for _, a, b in spans for c in range(a, b)}
        if effects == {"same"}:
            right_answer = spans == [(entity, start, end)]
        else:
            right_answer = all(c in inside for c in range(start, end) if text[c].isalnum())
            right_answer &= all(text[c] not in "我のア은กя，：”」 \n👍👩" for c in inside if not start <= c < end)
        if not right_answer:
            wrong.append((left, value, right, spans))
    assert wrong == []
    assert len(cases) == len(ALONE[entity]) * len(NEIGHBOURS) ** 2
