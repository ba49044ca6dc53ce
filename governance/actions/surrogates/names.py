"""Invented names by script, and user names.

Each script has its syllables in sets that share no sign, so that a name can be read back in one way only, wherever it
stands: a first part cannot be a last one. Every name ends in a last part, so two names side by side stay two.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product

from governance.actions.surrogates.draw import Draw

# Characters that begin no Chinese surname in use, and given names of two or one rare character.
_SURNAMES = "澄砚枫汐榆樾翎菡霁璎泠筱槿瑭岫珈"
_FIRST = "珩翀旻昱湉瑄祎堃彧暄煊焱翊翯芃茜"
_SECOND = "岚屿淙澍熠璟甯砾笙绡缇芊蔚醴韫飏"
_ONLY = "嵘昶晁曦栩桓淏湛烨玥珑琬瑜睿缜翾"

# Latin letters: onset, a middle of vowels, an end that begins with a consonant.
_GIVEN = (
    ("zorv", "velk", "tamb", "quins", "nedr", "lumb", "kavr", "jorz", "hesp", "galv", "fynd", "dovr", "brask", "aldv"),
    ("ibe", "ove", "uni", "ari", "eko", "oli", "ewa", "inu"),
    ("vith", "zan", "leth", "quor", "mund", "dris", "xan", "bryn"),
)
_FAMILY = (
    ("brex", "crund", "drax", "fleng", "gorv", "haskl", "jund", "klev", "lorv", "mulk", "norx", "plunt", "strev"),
    ("elo", "ani", "oru", "ita", "eba", "udo", "ica", "ame"),
    ("wick", "holm", "stad", "ford", "dale", "gard", "burn", "thorp"),
)
_CYRILLIC_GIVEN = (
    ("зорв", "велк", "тамб", "квинс", "недр", "лумб", "кавр", "жорз", "хесп", "галв", "финд", "довр"),
    ("ибе", "ове", "уни", "ари", "эко", "оли"),
    ("мунд", "зант", "лерт", "квор", "дрис", "брюн"),
)
_CYRILLIC_FAMILY = (
    ("брекс", "крунд", "дракс", "фленг", "горв", "хаскл", "юнд", "клев", "лорв", "мулк"),
    ("ело", "ани", "ору", "ита", "еба", "удо"),
    ("вицк", "хольм", "штад", "форт", "гарт", "торпс"),
)
# Vietnamese: onsets that are usual before rimes that are none.
_VIETNAMESE = ("đ", "kh", "tr", "ph", "th", "nh", "b", "l", "m", "v")
_VIETNAMESE_GIVEN = ("ượnh", "uẫch", "ưỡmp", "oẩnh", "iễnh", "uộnh", "ẵmp", "ẫnh")
_VIETNAMESE_FAMILY = ("ượtng", "iệpm", "oẵngh", "uyệmp", "ưởch", "oậngh", "ẩchp", "ậtng")
_THAI = ("ฌา", "ฆู", "ฎี", "ฒำ", "ฬี", "ฌู", "ฆี", "ฎา", "ฬา", "ฒู")
_THAI_GIVEN = ("วอร์ฌ", "ลัฒ", "นิฆ", "รุฬ", "มาฌ", "ทีฎ")
_THAI_FAMILY = ("ซอฒ", "บูฆ", "กันฌ", "พงฬ", "ชัยฎ", "ศรีฆ")
_KOREAN = ("뇽먐뷰탸캬퍄햐쇼", "롬삭늘멱챙듣폭큰", "뭇낟돋빔섶앎윷쟁", "갉넋닭몫밟삶읽핥")

_MARKED = re.compile("[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9]")
_HAN = "[\u3400-\u4dbf\u4e00-\u9fff]"
_LATIN = re.compile("[A-Za-z\u00aa-\u024f]")


def _any(options: tuple[str, ...]) -> str:
    return f"(?:{'|'.join(sorted(options, key=lambda text: (-len(text), text)))})"


def _word(parts: tuple[tuple[str, ...], ...]) -> str:
    return f"{_any(parts[0])}{_any(parts[1])}?{_any(parts[2])}"


def _names(given: str, family: str) -> str:
    return f"(?:{given} ){{0,5}}{family}"


GIVEN_WORD, FAMILY_WORD = _word(_GIVEN), _word(_FAMILY)
_HAN_NAME = f"(?:[{_SURNAMES}]{{1,2}}(?:[{_FIRST}][{_SECOND}]){{1,6}}|[{_SURNAMES}][{_ONLY}])"
_S, _A, _B, _C = _KOREAN
PATTERN = "|".join(
    (
        f"{_HAN_NAME}(?:·{_HAN_NAME}){{0,4}}",
        f"{FAMILY_WORD}_[0-9]{{3}}(?![0-9])",
        _names(GIVEN_WORD, FAMILY_WORD),
        _names(_word(_CYRILLIC_GIVEN), _word(_CYRILLIC_FAMILY)),
        _names(_any(_VIETNAMESE) + _any(_VIETNAMESE_GIVEN), _any(_VIETNAMESE) + _any(_VIETNAMESE_FAMILY)),
        _names(_any(_THAI) + _any(_THAI_GIVEN), _any(_THAI) + _any(_THAI_FAMILY)),
        f"[{_S}](?:[{_A}][{_B}]|[{_C}])",
    )
)
GATE = "|".join(
    (
        f"[{_SURNAMES}][{_FIRST}{_SURNAMES}{_ONLY}]",
        _word(_FAMILY),
        _word(_CYRILLIC_FAMILY),
        _any(_VIETNAMESE_FAMILY),
        _any(_THAI) + _any(_THAI_FAMILY),
        f"[{_S}][{_A}{_C}]",
    )
)


def person(value: str, draw: Draw) -> str | None:
    """A name in the script of `value`, of as many characters (Chinese, Korean) or words as it has."""
    parts = [part for part in re.split("[·•・‧]", value.replace(" ", "")) if part]
    if parts and all(re.fullmatch(f"{_HAN}{{2,12}}", part) for part in parts):
        return "·".join(_han(len(part), draw) for part in parts)
    if re.fullmatch("[\uac00-\ud7a3]{2,3}", value):
        first = draw.of(_S)
        return first + (draw.of(_A) + draw.of(_B) if len(value) == 3 else draw.of(_C))
    words = value.replace(",", " ").split()
    if not words or len(words) > 6:
        return None
    if all(re.search("[\u0e00-\u0e7f]", word) for word in words):
        return _joined(words, lambda _, last: draw.of(_THAI) + draw.of(_THAI_FAMILY if last else _THAI_GIVEN))
    if all(re.search("[\u0400-\u04ff]", word) for word in words):
        return _joined(words, lambda word, last: _spoken(_CYRILLIC_FAMILY if last else _CYRILLIC_GIVEN, word, draw))
    if not all(_LATIN.search(word) or _MARKED.search(word) for word in words) or re.search("[0-9@/]", value):
        return None
    if _MARKED.search(value) and any(ord(c) > 0x1E9F or c in "ăđơưĂĐƠƯ" for c in value):
        ends = (_VIETNAMESE_GIVEN, _VIETNAMESE_FAMILY)
        return _joined(words, lambda _, last: draw.of(_VIETNAMESE) + draw.of(ends[last]))
    return _joined(words, lambda word, last: _spoken(_FAMILY if last else _GIVEN, word, draw))


def _han(count: int, draw: Draw) -> str:
    if count == 2:
        return draw.of(_SURNAMES) + draw.of(_ONLY)
    head = "".join(draw.of(_SURNAMES) for _ in range(1 + (count % 2 == 0)))
    return head + "".join(draw.of(_FIRST) + draw.of(_SECOND) for _ in range((count - len(head)) // 2))


def _joined(words: list[str], make: Callable[[str, bool], str]) -> str:
    """A made word for each word, in its case; ``make`` is told which is the last."""
    return " ".join(cased(make(word, i == len(words) - 1), word) for i, word in enumerate(words))


def _spoken(parts: tuple[tuple[str, ...], ...], word: str, draw: Draw) -> str:
    middle = draw.of(parts[1]) if len(word) > 6 else ""
    return draw.of(parts[0]) + middle + draw.of(parts[2])


def cased(made: str, like: str) -> str:
    """`made` in capitals, small letters or with one capital, as `like` is."""
    letters = [c for c in like if c.isalpha()]
    if len(letters) > 1 and all(c.isupper() for c in letters):
        return made.upper()
    return made if letters and not letters[0].isupper() else made[:1].upper() + made[1:]


def family_word(draw: Draw, like: str = "") -> str:
    """One invented word in Latin letters, long where `like` is."""
    return _spoken(_FAMILY, like, draw)


def given_word(draw: Draw) -> str:
    """One invented first word in Latin letters."""
    return _spoken(_GIVEN, "", draw)


def username(value: str, draw: Draw) -> str | None:
    """A word and three digits, a number for a number, a name for a name in another script."""
    from governance.actions.surrogates.numbers import identifier

    bare = re.sub("[^0-9A-Za-z]", "", value)
    if bare.isdigit() and len(bare) == len(re.sub("[ -]", "", value)):
        return identifier(value, draw)
    if re.search(_HAN, value) and not bare:
        return person(value, draw)
    if not bare:
        return None
    return f"{cased(family_word(draw, bare), value)}_{draw.below(1000):03d}"


def every_latin_word() -> list[str]:
    """All invented words in Latin letters, for tests."""
    return [a + b + c for parts in (_GIVEN, _FAMILY) for a, b, c in product(parts[0], ("", *parts[1]), parts[2])]


def surnames() -> str:
    """The characters that Chinese surrogates begin with, for tests."""
    return _SURNAMES
