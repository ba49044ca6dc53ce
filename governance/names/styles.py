"""What is said with a name and belongs to it: courtesy and rank before it, degrees behind it, in Latin letters.

"Pn Rohani", "Sr(a). Sofía Soto", "Quý cô Nhật Hoàng", "David Cordova Jr.", "Ratih Utami, S.Kom." A style by itself is
nobody; finds of names grow over those that stand right beside them.
"""

from __future__ import annotations

import re

from governance.names.block import Block, Found

_STYLES = frozenset(
    # Any of these before a name, with or without a full stop, capitalised or in capitals.
    (
        "mr mrs ms miss mx dr prof sir madam rev capt sgt lt col gen maj cpl pvt cmdr adm dame baroness viscount viscountess earl fr sheikh imam rabbi pastor deacon nurse "
        "encik en puan pn cik tuan tn datuk dato dato' datin tan sri puan toh tun tengku tunku ku nik wan syed sharifah megat che haji hj hajah hajjah ustaz ustazah cikgu "
        "yb yab ybhg profesor madya kapten lt kol sac acp dsp asp supt sarjan inspektor konstabel sjn kpl "
        "bapak bpk pak ibu bu tn ny nn sdr sdri mas mbak drs dra ir drg raden kh hj ustadz "
        "ông bà anh chị cô chú bác em quý ông quý bà quý cô quý "
        "sr sra srta srita sr(a) dr(a) d d.ª dª dña don doña ing lic arq abg mtro mtra dn profa "
        "srª drª exmo exma ilmo ilma dom dona seu eng"
    ).split()
)
_BEHIND = re.compile(
    ",? (?:Jr|Sr|II|III|IV|Ph\\. ?D|PhD|M\\. ?D|MD|DDS|DVM|Esq|MBA|CPA|RN|JD|OBE|MBE|CBE|QC|KC)(?![\\w-])\\.?"
    "|(?:, ?(?:(?:[SMAB]|Sp|Dipl)(?:\\. ?[A-Z][A-Za-z]{0,5}){1,3}|S\\.? ?[EHT]|M\\.? ?[MTHAB]|MM|MT|MH|MBA|Ph\\. ?D|Lc|Ak|CA)(?![\\w-])\\.?){1,4}"
)
#: The first of two, before the style of the second.
_PAIR = re.compile("(?<![\\w])(?:Mr|Mrs|Ms|Dr|Prof|Sr|Sra)\\.? (?:&|and|y|e) \\Z")
_SMALL = frozenset(("ông", "bà", "cô", "anh", "chị"))
#: Styles before a name are no more than so many.
_MOST = 4


def styled(block: Block, found: list[Found]) -> list[Found]:
    """The finds, each with the styles that stand right before it and the degrees right behind it."""
    text = block.text
    return [_styled(text, item) if item.entity == "PERSON" else item for item in found]


def _styled(text: str, item: Found) -> Found:
    start, end = item.start, item.end
    for _ in range(_MOST):
        if text[start - 1 : start] != " ":
            break
        before = text[max(0, start - 11) : start - 1]
        if before.lower() == before and before.rpartition(" ")[2] not in _SMALL:
            break  # no capital: most
        word = _word(text, start - 1)
        if word in _SMALL and text.endswith("Quý ", 0, start - 1 - len(word)):
            start -= len(word) + 5  # "Quý cô Yến Phạm"
            break
        if not word[:1].isupper() or word.rstrip(".").lower() not in _STYLES:
            break
        start -= len(word) + 1
    pair = _PAIR.search(text, max(0, start - 12), start)
    if pair is not None and text[start : start + 1].isupper():
        start = pair.start()  # "Mr & Mrs Pemberton"
    if text[end : end + 1] in (",", " ") and " " in text[start:end]:
        behind = _BEHIND.match(text, end)
        if behind is not None:
            end = behind.end()
    return item if start == item.start and end == item.end else item._replace(start=start, end=end)


def _word(text: str, end: int) -> str:
    """The word that ends at a place, up to a space, a bracket or a break."""
    low = end
    while (
        low > 0
        and end - low < 10
        and (text[low - 1].isalpha() or text[low - 1] in ".'’ª" or (text[low - 1] in "()" and low < end))
    ):
        low -= 1
    return text[low:end]
