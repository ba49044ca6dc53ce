"""What children and friends are called at home and in chat groups, without a surname: "朵朵", "沐阳妈妈".

A syllable said twice is an ordinary word as often as a name, so a word beside it must say that somebody is called. Of a
given name before a word of kinship two characters that make no word are enough where nothing joins them to the left.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

from governance.names.block import HAN, Block, Found, among, classes
from governance.names.chinese_lists import lists
from governance.names.chinese_said import SYLLABLES
from governance.names.lexicon import Ints
from governance.names.reading import Bools, reading

#: More of what is said twice; alone some of them are words: "明明", "点点", "圆圆".
_PETS = "朵东沙乐豆果贝毛圆甜笑淘壮元洋阳亮强军红兰萌糖丫嘟安康桐宸樱橙桃米柚沫沐汐暖月悦依一文武成龙虎小大欢喜蛋球"
#: Words whose object somebody is, and who is called so.
_CALLS = "让叫给跟找带接送陪问请喊约"
_BEFORE = re.compile(
    f"(?:[{_CALLS}]|我家|女儿|儿子|闺女|宝贝|孙子|孙女|外孙|孩子|小孩|娃|大宝|二宝|小名|名叫|叫做|弟弟|妹妹|外甥|侄女|侄子)(?:叫|是)?\\Z"
)
#: Who of a family comes behind a child's name.
_KIN = "妈爸奶爷姥麻粑"
#: What may stand right before such a name and belongs to no word with it.
_JOINED = "是我叫找给和跟请让问的、与及为"
#: Log odds from which two characters may be a given name.
_GIVEN = 0.0
#: The same for a word, and how weighty a word may be.
_SURELY, _SELDOM = 2.0, 70
#: Words before a syllable said twice, at most so many characters.
_REACH = 4
_SCORE = 0.65
RECOGNISER = "names_chinese"


@lru_cache(maxsize=1)
def _syllables() -> Bools:
    return among(SYLLABLES + _PETS)


@lru_cache(maxsize=1)
def _open() -> Bools:
    """What may stand before a given name: no character of Chinese, or one that joins nothing, by code point."""
    return among(_JOINED) | (classes() & HAN == 0)


def find(block: Block) -> list[Found]:
    """Such names of a block in simplified characters."""
    codes = block.codes
    same = np.flatnonzero(codes[:-8] == codes[1:-7])
    if block.again:  # what stands alone has been looked at
        same = same[block.beside_gone.take(same)]
    own = codes.take(same)
    return _twice(block, same[_syllables().take(own)]) + _before_kin(block, same[_kin().take(own)])


def _twice(block: Block, at: Ints) -> list[Found]:
    text = block.text
    at = at[~_goes_on().take(block.codes.take(at + 2))]
    return [
        Found(start, start + 2, "PERSON", _SCORE, RECOGNISER, "context")
        for start in at.tolist()
        if text[start + 2] != text[start] and _BEFORE.search(text, max(0, start - _REACH), start)
    ]


@lru_cache(maxsize=1)
def _goes_on() -> Bools:
    """What goes on as an ordinary word: "圆圆的", "乐乐呵呵", "大大咧咧"."""
    return among("的地得儿呵咧滴们白")


def _before_kin(block: Block, kin: Ints) -> list[Found]:
    codes, known, read = block.codes, lists(), reading(block)
    at = kin - 2  # before the first row stands what stands behind the last
    at = at[read.han.take(at) & read.han.take(at + 1) & _open().take(codes.take(at - 1))]
    odds = known.first.take(codes.take(at)) + known.second.take(codes.take(at + 1))
    word = read.words(at, 2)
    named = ((word == 0) & (odds > _GIVEN)) | ((word < _SELDOM) & (odds > _SURELY))
    named &= ~known.little.take(codes.take(at)) & (at >= 0)
    return [Found(start, start + 2, "PERSON", _SCORE, RECOGNISER, "context") for start in at[named].tolist()]


@lru_cache(maxsize=1)
def _kin() -> Bools:
    return among(_KIN)
