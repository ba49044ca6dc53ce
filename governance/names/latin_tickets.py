"""Names as tickets and manifests write them: family name, stroke, given names, and often a style ("ZHANG/SAN MR").

The form is that of passenger name records (IATA Passenger and Airport Data Interchange Standards, PNRGOV: up to the
stroke the family name, behind it given names and style).
"""

from __future__ import annotations

import re

import numpy as np

from governance.names.block import UPPER, Block, Found
from governance.names.latin_hash import hash_words
from governance.names.latin_join import RECOGNISER
from governance.names.latin_words import chinese_given, lexicon
from governance.names.lexicon import Flag

#: A family name of up to two words, given names of up to two, and the style behind them, parted or not.
_STYLED = re.compile(
    "(?<![A-Za-z/])[A-Z]{2,}(?:[ '-][A-Z]{2,})?/(?:[A-Z]+(?: [A-Z]+)??(?= )|[A-Z]{2,}?(?: [A-Z]+)??)"
    "(?: ?(?:MRS?|MSTR)(?![A-Za-z/]| [A-Z][a-z])| (?:MISS|MS|CHD|INF)(?![A-Za-z/]| [A-Za-z]))"
)
_PLAIN = re.compile("(?<![A-Za-z/])[A-Z]{2,}(?:[ '-][A-Z]{2,})?/[A-Z]{2,}(?: [A-Z]{2,})?(?![A-Za-z/])")
#: What says that somebody travels; and words of forms of all kinds, behind which names have to be known ones.
_TRAVELS = re.compile(
    "(?:乘客|旅客|乘机人|乘机|出行人|入住人|住客|승객|탑승객|ผู้โดยสาร|(?i:пассажир\\w*|passengers?|pax|travell?er|passageir[oa]|pasajer[oa]|penumpang|"
    "hành khách|viajante))[^\\n]{0,8}\\Z"
)
_LOOSE = re.compile("(?i:姓名|guest|name)[^\\n]{0,8}\\Z")
_STYLE = re.compile(" ?(?:MRS?|MSTR|MISS|MS|CHD|INF)\\Z")
_KNOWN = int(Flag.GIVEN | Flag.FAMILY | Flag.RARE)
#: How far before its stroke a name begins, and how far behind it the name ends, in characters.
_REACH = 40


def tickets(block: Block) -> list[Found]:
    """Names of this form in a block."""
    codes, kinds = block.codes, block.kinds
    at = np.flatnonzero(codes[:-1] == ord("/"))
    at = at[(kinds[at - 1] & kinds[at + 1] & UPPER) != 0]
    at = at[(kinds[at - 2] & UPPER) != 0]
    out: list[Found] = []
    text = block.text
    for stroke in at.tolist():
        row = int(block.starts[block.rows_of(np.array([stroke]))[0]])
        low = max(row, stroke - _REACH)
        for pattern in (_STYLED, _PLAIN):
            found = next(
                (f for f in pattern.finditer(text, low, stroke + _REACH) if f.start() < stroke < f.end()), None
            )
            if found and _somebody(text, row, found):
                if not out or out[-1].end <= found.start():
                    out.append(Found(*found.span(), "PERSON", 0.75, RECOGNISER, "grammar"))
                break
    return out


def _somebody(text: str, row: int, found: re.Match[str]) -> bool:
    """Whether a match is of a person: behind a word of travel, or of names that are known ("PET/CT MR" is nobody)."""
    low = max(row, found.start() - 24)
    travels, loose = (said.search(text, low, found.start()) is not None for said in (_TRAVELS, _LOOSE))
    if travels and not loose:
        return True
    if found.re is _PLAIN and not (travels or loose):
        return False
    words = re.findall("[A-Z]+", _STYLE.sub("", found[0]))
    words = [word.lower() for word in words if len(word) > 1]
    flags = lexicon().table.get(hash_words(words))
    sure = ((flags & _KNOWN) != 0) & ((flags & int(Flag.WORD)) == 0)
    return bool(sure.any()) or any(map(chinese_given, words))
