"""A first guess at a document's language, from its script and its function words alone.

What it is: rules over the first 2,000 characters, with no model and no data, the same on every machine.
What it is not: a language identifier. Known limits, so that nobody trusts it with more than it can carry:

* one answer a document; mixed text gets the script that has most letters;
* Han text is ``zh``: traditional and simplified, Cantonese and kana-less Japanese are not told apart;
* Cyrillic is ``ru`` (Ukrainian, Bulgarian, Kazakh … too), Arabic script ``ar``, Devanagari ``hi``;
* Latin script is told apart by Vietnamese letters, then by the commonest words of six languages; short titles and
  other languages are ``und``, and a line of English inside another language can win;
* Malay is taken for Indonesian, Galician for Portuguese.

The seam for a proper identifier is `guess`: it takes texts and gives BCP 47 tags. A contract that names a language
(or a field that holds it) never comes here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

#: How many characters of a document are looked at: enough for every rule, and long ones cost no more than short ones.
LOOK_AT = 2000
#: Rows that are looked at together; bounds memory at about 25 MB.
_ROWS = 1024

#: What scrubbing put in place of values is written in Latin capitals and is no sign of any language.
_MARKS = re.compile(r"<[A-Z][A-Z_]*(?::[a-z0-9]+)?>|https?://\S+")
_WORD = re.compile(r"[^\W\d_]+")

#: Code point ranges by Unicode 16 block. A CJK character or a Hangul syllable weighs about as much as three letters.
_RANGES: tuple[tuple[str, tuple[tuple[int, int], ...]], ...] = (
    ("", ()),
    ("zh", ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF))),
    ("ja", ((0x3041, 0x309F), (0x30A1, 0x30FA), (0x30FC, 0x30FF), (0x31F0, 0x31FF), (0xFF66, 0xFF9D))),
    ("ko", ((0x1100, 0x11FF), (0x3131, 0x318E), (0xAC00, 0xD7A3))),
    ("th", ((0x0E01, 0x0E3A), (0x0E40, 0x0E4E))),
    ("ru", ((0x0400, 0x052F),)),
    ("ar", ((0x0620, 0x064A), (0x066E, 0x06D3), (0x0750, 0x077F))),
    ("he", ((0x05D0, 0x05EA),)),
    ("el", ((0x0370, 0x03FF), (0x1F00, 0x1FFF))),
    ("hi", ((0x0900, 0x0963), (0x0971, 0x097F))),
    # Letters that Vietnamese has and no other large Latin-script language uses.
    ("vi", ((0x0110, 0x0111), (0x01A0, 0x01A1), (0x01AF, 0x01B0), (0x1EA0, 0x1EF9))),
    (
        "latin",
        (
            (0x41, 0x5A),
            (0x61, 0x7A),
            (0xC0, 0xD6),
            (0xD8, 0xF6),
            (0xF8, 0x10F),
            (0x112, 0x19F),
            (0x1E00, 0x1E9F),
        ),
    ),
)
_NAMES = tuple(name for name, _ in _RANGES)
_WEIGHTS = np.array([3 if name in ("zh", "ja", "ko") else 1 for name in _NAMES])
_KINDS = len(_NAMES)

#: The commonest words that the others mostly lack. Order decides nothing: a tie is ``und``.
_WORDS = {
    "en": "the and is of to for with this that was are you have not it be on as at from",
    "pt": "não uma com para por mais muito é são foi dos das ao pelo você produto em os um",
    "es": "el los las del con una por más muy es fue pero como está para y en su lo",
    "id": "yang dan di ini itu dengan untuk tidak dari saya ada ke sangat juga bisa kami sudah",
    "de": "der die das und ist nicht mit für ein eine zu auf den von sich auch",
    "fr": "le les des est une pas pour dans avec ce qui sur et je vous très du",
}
_LANGUAGES: dict[str, tuple[str, ...]] = {}
for _tag, _list in _WORDS.items():
    for _word in _list.split():
        _LANGUAGES[_word] = (*_LANGUAGES.get(_word, ()), _tag)
#: Fewer hits than this say nothing.
_LEAST_WORDS = 2


def _script_table() -> NDArray[np.int64]:
    table = np.zeros(0x10000, np.int64)
    for kind, (_, ranges) in enumerate(_RANGES):
        for first, last in ranges:
            table[first : last + 1] = kind
    return table


_TABLE = _script_table()


def guess(texts: Sequence[str | None]) -> list[str]:
    """A BCP 47 tag for each text: ``zh``, ``ja``, ``ko``, ``th``, ``ru``, ``ar``, ``he``, ``el``, ``hi``, ``vi``,
    ``en``, ``pt``, ``es``, ``id``, ``de``, ``fr``, or ``und`` (ISO 639-2) where the rules cannot say. Never null."""
    found: list[str] = []
    for start in range(0, len(texts), _ROWS):
        heads = [_MARKS.sub(" ", (text or "")[:LOOK_AT]) for text in texts[start : start + _ROWS]]
        found.extend(_decide(head, row) for head, row in zip(heads, _count(heads).tolist(), strict=True))
    return found


def _count(heads: Sequence[str]) -> NDArray[np.int64]:
    """Weighted letters by script, one row a text; columns as `_NAMES`."""
    codes = np.frombuffer("".join(heads).encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _TABLE[np.minimum(codes, 0xFFFF)]
    # Beyond the basic plane only Han counts: supplementary ideographs fill planes 2 and 3.
    kinds[(codes >= 0x20000) & (codes < 0x40000)] = 1
    kinds += np.repeat(np.arange(len(heads)) * _KINDS, [len(head) for head in heads])
    counts = np.bincount(kinds, minlength=len(heads) * _KINDS)
    return counts.reshape(len(heads), _KINDS) * _WEIGHTS


def _decide(head: str, row: Sequence[int]) -> str:
    count = dict(zip(_NAMES, row, strict=True))
    count[""] = 0
    count["latin"] += count["vi"]
    kana, han = count.pop("ja"), count["zh"]
    vietnamese = count.pop("vi")
    # A tenth of kana among Han is Japanese; a single の on a Chinese shop sign is not.
    if kana and kana * 10 >= han + kana:
        count["ja"], count["zh"] = han + kana, 0
    most = max(count, key=lambda name: count[name])
    if not count[most]:
        return "und"
    if most != "latin":
        return most
    if vietnamese * 25 >= count["latin"]:
        return "vi"
    return _by_words(head)


def _by_words(head: str) -> str:
    words = Counter(_WORD.findall(head.lower()))
    hits: Counter[str] = Counter()
    for word in words.keys() & _LANGUAGES.keys():
        for tag in _LANGUAGES[word]:
            hits[tag] += words[word]
    best = hits.most_common(2)
    if not best or best[0][1] < _LEAST_WORDS or (len(best) > 1 and best[0][1] == best[1][1]):
        return "und"
    return best[0][0]


def matches(tag: pl.Expr, ranges: Sequence[str]) -> pl.Expr:
    """Whether a tag is in one of the language ranges: basic filtering of RFC 4647, section 3.3.1.

    ``zh`` matches ``zh``, ``zh-CN`` and ``zh-Hant-TW``; ``*`` matches all.
    """
    lower = tag.cast(pl.String).str.to_lowercase()
    hit = pl.lit(False)
    for wanted in ranges:
        if wanted == "*":
            return pl.lit(True)
        hit = hit | (lower == wanted.lower()) | lower.str.starts_with(f"{wanted.lower()}-")
    return hit
