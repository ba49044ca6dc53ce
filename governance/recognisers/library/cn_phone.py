"""Chinese telephone numbers: mobiles and lines with an area code.

Mobiles: eleven digits from 13 to 19, with +86, 0086 or 86 before them, whole or in the groups that people write.
Lines: an area code and seven or eight digits, with an extension. Seven or eight digits alone are a telephone only
beside a word for one (`library.phone`). Service lines are in `library.service_line`.
"""

from __future__ import annotations

import re

from governance.recognisers.library.numbers import BEGIN, END
from governance.recognisers.pattern import Pattern

ENTITY = "PHONE_NUMBER"
_CN = frozenset({"CN"})

_D = "[0-9]"
_S = "(?: ?[-._/] ?| {1,2})"
_PREFIX = "(?:(?:[(（] ?[+]? ?(?:00)?86 ?[)）]|[+] ?[(（]?86[)）]?|(?:00)?86)(?: ?-? ?))?0?"
# In order of trial: whole, then by the lengths of the groups: 3-4-4, 7-4, 3-3-5, 4-4-3, 4-3-4, 3-8, 3-2-2-2-2,
# 5-6, 6-5, digit by digit.
_MOBILE = "|".join(
    (
        f"1[3-9]{_D}{{9}}",
        f"1[3-9]{_D}{_S}{_D}{{4}}{_S}?{_D}{{4}}",
        f"1[3-9]{_D}{{5}}{_S}{_D}{{4}}",
        f"1[3-9]{_D}{_S}{_D}{{3}}{_S}{_D}{{5}}",
        f"1[3-9]{_D}{{2}}{_S}{_D}{{4}}{_S}{_D}{{3}}",
        f"1[3-9]{_D}{{2}}{_S}{_D}{{3}}{_S}{_D}{{4}}",
        f"1[3-9]{_D}{_S}{_D}{{8}}",
        f"1[3-9]{_D}(?:{_S}{_D}{{2}}){{4}}",
        f"1[3-9]{_D}{{3}}{_S}{_D}{{6}}",
        f"1[3-9]{_D}{{4}}{_S}{_D}{{5}}",
        f"1{_S}[3-9](?:{_S}{_D}){{9}}",
    )
)
# A letter beside the number is a label or a name, unless it makes the whole look like hexadecimal.
_LEFT, _RIGHT = "(?<![0-9])(?<![0-9][A-Fa-f])", "(?![0-9])(?![A-Fa-f][0-9])"

# Area codes without their 0. Beijing and the 02x cities have eight-digit numbers, the others seven or eight.
_EIGHT = f"[2-8]{_D}{{3}}{_S}?{_D}{{4}}"
_SEVEN = f"[2-8]{_D}{{2}}{_S}?{_D}{{4}}"
_BIG = "(?:10|2[0-57-9])"
_REST = "(?:[357-9][1-9][0-9]|4[1-8][0-9]|6[36-9][0-9]|7[0-9]{2})"


def _line(opened: str, closed: str) -> str:
    """A line whose area code stands between `opened` and `closed`."""
    return f"{opened}(?:{_BIG}{closed}{_S}?{_EIGHT}|{_REST}{closed}{_S}?(?:{_EIGHT}|{_SEVEN}))(?![0-9])"


_LINE = "|".join(
    (
        _line("0", ""),
        _line("[(（] ?0", " ?[)）]"),
        _line("(?:[+] ?|00)86[ -]?0?", ""),
        _line("86-0?", ""),
        _line("(?:[+] ?|00)86[ -]?[(（]0?", "[)）]"),
    )
)
EXTENSION = "(?:(?: ?(?:转|轉|分机|內線|内线) ?| ?[Ee][Xx][Tt](?:ension)?\\.? ?| ?[Xx])[:：]?[0-9]{1,6}(?![0-9])|-[0-9]{1,5}(?![0-9-]))?"

_HAN = "(?:零|〇|一|二|三|四|五|六|七|八|九|幺|两|壹|贰|叁|肆|伍|陆|柒|捌|玖|[0-9])"

PATTERNS = (
    Pattern(
        ENTITY,
        "phone.cn_mobile",
        # before it no digit but that of a prefix
        needle=f"(?:^|[^1-57-9])1[ ._/-]{{0,3}}[3-9](?:[ ._/-]{{0,3}}[0-9]){{9}}{END}",
        verifier=re.compile(f"{_LEFT}{_PREFIX}(?:{_MOBILE}){_RIGHT}"),
        score=0.85,
        regions=_CN,
        ahead=16,
    ),
    Pattern(
        ENTITY,
        "phone.cn_bracketed",
        # (138)00138000: the network's digits as if they were an area code
        needle="(?:[(]|（)1[3-9][0-9](?:[)]|）)",
        verifier=re.compile(f"[(（]1[3-9]{_D}[)）]{_S}?{_D}{{4}}{_S}?{_D}{{4}}{_RIGHT}"),
        score=0.8,
        regions=_CN,
    ),
    Pattern(
        ENTITY,
        "phone.cn_line",
        needle=f"{BEGIN}(?:0|(?:00)?86(?:[ )(-]|）|（){{0,4}}0?)[1-9][0-9](?:(?:[ ._/)-]|）){{0,5}}[0-9]){{7}}",
        verifier=re.compile(f"{_LEFT}(?:{_LINE}){EXTENSION}"),
        score=0.8,
        regions=_CN,
    ),
    Pattern(
        ENTITY,
        "phone.cn_spelt",
        # 一三八零零…: people dodge filters
        needle=f"(?:一|幺|壹|1)(?:三|四|五|六|七|八|九|叁|肆|伍|陆|柒|捌|玖){_HAN}{{9}}",
        verifier=re.compile(
            f"(?<![0-9])(?:一|幺|壹|1)(?:三|四|五|六|七|八|九|叁|肆|伍|陆|柒|捌|玖){_HAN}{{9}}(?![0-9])"
        ),
        score=0.8,
        regions=_CN,
    ),
)
