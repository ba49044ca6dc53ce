"""A document's language, told from the document alone: by its script where that says it, else by an embedded model.

A script that one large language is written in decides at once (Thai, Hangul, kana, Greek, Hebrew). Latin, Cyrillic,
Arabic and Devanagari letters go to py3langid (BSD; a naive Bayes model of byte n-grams that comes inside the package
and never asks the network), which chooses among languages of that script only. Chinese is told to be simplified or
traditional by characters that only one of the two has. Each document is judged for itself, so that neither its
neighbours nor the number of workers change the answer.

Known limits, so that nobody trusts it with more than it can carry:

* one answer a document; mixed text gets the script that has most letters;
* Chinese without a telling character is ``zh``; Cantonese is not told from Mandarin; Japanese without kana is Chinese;
* Indonesian and Malay are nearly the same in short texts: the words that differ decide, else the model;
* brands, numbers and one-word texts are ``und``.

The seam for another identifier is `guess`: it takes texts and gives BCP 47 tags. A contract that names a language
(or a field that holds it) never comes here.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import polars as pl

#: How many characters of a document are looked at: enough for every rule, and long ones cost no more than short ones.
LOOK_AT = 2000
#: Of those, the characters that the model reads: three stretches, from the beginning, the middle and the end.
_STRETCH = 64
#: A model's answer that is less sure than this is ``und``: a name of a product comes to 0.1, a short sentence to 0.4.
LEAST = 0.25
#: Rows that are looked at together; bounds memory at about 25 MB.
_ROWS = 1024

#: What scrubbing put in place of values is written in Latin capitals and is no sign of any language.
_MARKS = re.compile(r"<[A-Z][A-Z_]*(?::[a-z0-9]+)?>|https?://\S+|www\.\S+")
_WORD = re.compile(r"[^\W\d_]+")

#: Code point ranges by Unicode 16 block. A CJK character or a Hangul syllable weighs about as much as three letters.
_RANGES: tuple[tuple[str, tuple[tuple[int, int], ...]], ...] = (
    ("", ()),
    ("zh", ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF))),
    ("ja", ((0x3041, 0x309F), (0x30A1, 0x30FA), (0x30FC, 0x30FF), (0x31F0, 0x31FF), (0xFF66, 0xFF9D))),
    ("ko", ((0x1100, 0x11FF), (0x3131, 0x318E), (0xAC00, 0xD7A3))),
    ("th", ((0x0E01, 0x0E3A), (0x0E40, 0x0E4E))),
    ("cyrillic", ((0x0400, 0x052F),)),
    ("arabic", ((0x0620, 0x064A), (0x066E, 0x06D3), (0x0750, 0x077F), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC))),
    ("he", ((0x05D0, 0x05EA),)),
    ("el", ((0x0370, 0x03FF), (0x1F00, 0x1FFF))),
    ("devanagari", ((0x0900, 0x0963), (0x0971, 0x097F))),
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

#: What the model may answer for each script; ``zxx`` is its name for what is no language.
_AMONG = {
    "latin": "af az bs ca cs cy da de en es et eu fi fr ga gl hr ht hu id is it jv la lt lv ms mt nl no pl pt ro sk sl so "
    "sq sv sw tl tr uz vi zxx",
    "cyrillic": "ba be bg kk ky mk mn ru sr tg tt uk zxx",
    "arabic": "ar fa ps ug ur zxx",
    "devanagari": "hi mr ne zxx",
}

#: Words by which Indonesian and Malay differ. Written for this project from general knowledge.
_INDONESIAN = frozenset(
    "bisa karena uang kualitas kualitasnya pengiriman kirim dikirim banget nggak gak enggak udah kalo aja bikin sepatu "
    "rusak paket paketnya kantor mobil gratis beda pesanannya barangnya kamu apakah saat episode kapan bagaimana "
    "diskon ongkir kak gan mantap toko".split()
)
_MALAY = frozenset(
    "boleh kerana wang duit kualiti kualitinya penghantaran hantar dihantar tak nak dah je kasut bungkusan pejabat "
    "kereta percuma berbeza awak ialah episod bila bagaimanapun daripada semasa sahaja pembelian penjual hospital "
    "bandar tempahan cuti beg telefon isnin ahad".split()
)


def _script_table() -> NDArray[np.int64]:
    table = np.zeros(0x10000, np.int64)
    for kind, (_, ranges) in enumerate(_RANGES):
        for first, last in ranges:
            table[first : last + 1] = kind
    return table


_TABLE = _script_table()


def guess(texts: Sequence[str | None]) -> list[str]:
    """A BCP 47 tag for each text, ``zh-Hans`` and ``zh-Hant`` for Chinese that shows which; ``und`` (ISO 639-2) where
    nothing is sure. Never null."""
    found: list[str] = []
    for start in range(0, len(texts), _ROWS):
        heads = [_MARKS.sub(" ", (text or "")[:LOOK_AT]) for text in texts[start : start + _ROWS]]
        found.extend(_decide(head, row) for head, row in zip(heads, _count(heads).tolist(), strict=True))
    if _whole_model.cache_info().currsize:
        from transforms.language_model import let_go

        let_go()
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
    if most == "zh":
        return _chinese(head)
    if most not in _AMONG:
        return most
    if most == "latin" and vietnamese * 25 >= count["latin"]:
        return "vi"
    return _by_model(head, most)


# --- Latin and other scripts of many languages ---


def _by_model(head: str, script: str) -> str:
    if len(head) > 3 * _STRETCH:
        middle = (len(head) - _STRETCH) // 2
        head = " ".join((head[:_STRETCH], head[middle : middle + _STRETCH], head[-_STRETCH:]))
    tag, sure = _model(script).classify(head)
    if sure < LEAST or tag == "zxx":
        return "und"
    return _malay(head, tag) if tag in ("id", "ms") else str(tag)


def _malay(head: str, tag: str) -> str:
    words = set(_WORD.findall(head.lower()))
    indonesian, malay = len(words & _INDONESIAN), len(words & _MALAY)
    return tag if indonesian == malay else "id" if indonesian > malay else "ms"


@lru_cache(maxsize=len(_AMONG))
def _model(script: str) -> Any:
    found = copy.copy(_whole_model())
    found.set_languages(_AMONG[script].split())
    return found


@lru_cache(maxsize=1)
def _whole_model() -> Any:
    # Reading it takes half a second, so only a process that needs it does.
    from transforms.language_model import load

    return load()


# --- simplified and traditional Chinese ---


def _chinese(head: str) -> str:
    simplified, traditional = (len(telling.findall(head)) for telling in _telling())
    # A quotation or a name in the other script does not change what the text is.
    if simplified > 3 * traditional:
        return "zh-Hans"
    if traditional > 3 * simplified:
        return "zh-Hant"
    return "zh"


@lru_cache(maxsize=1)
def _telling() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Characters of the mainland's set of 1980 (GB 2312) that Taiwan's of 1984 (Big5, the commoner half) lacks, and
    the other way round: both are tables of Python's own codecs."""
    han = [chr(code) for code in range(0x4E00, 0xA000)]
    mainland = {sign for sign in han if _has(sign, "gb2312")}
    taiwan = {sign for sign in han if _has(sign, "big5")}
    common = {sign for sign in taiwan if sign.encode("big5") < b"\xc9\x40"}
    only = sorted(mainland - taiwan), sorted(common - mainland)
    return re.compile(f"[{''.join(only[0])}]"), re.compile(f"[{''.join(only[1])}]")


def _has(sign: str, codec: str) -> bool:
    try:
        sign.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def matches(tag: pl.Expr, ranges: Sequence[str]) -> pl.Expr:
    """Whether a tag is in one of the language ranges: basic filtering of RFC 4647, section 3.3.1.

    ``zh`` matches ``zh``, ``zh-CN`` and ``zh-Hant-TW``; ``*`` matches all.
    """
    import polars as pl

    lower = tag.cast(pl.String).str.to_lowercase()
    hit = pl.lit(False)
    for wanted in ranges:
        if wanted == "*":
            return pl.lit(True)
        hit = hit | (lower == wanted.lower()) | lower.str.starts_with(f"{wanted.lower()}-")
    return hit
