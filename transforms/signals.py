"""Quality signals of documents: numbers that rules may judge by, as columns. Nothing is dropped here.

The rules of Gopher (Rae et al. 2021, appendix A1.1), C4 (Raffel et al. 2020, section 2.2), FineWeb (Penedo et al. 2024,
section 3.6) and the ratios of RedPajama-V2 (2024) that tell good text from poor, in a form that holds for scripts
without spaces: what those count in words is counted in words of `transforms.words`, where every Han, kana or
Thai character is one. ``dense`` says which texts that is, and thresholds (`transforms.quality`) differ by it.

A text longer than one pass (`transforms.words.PASS` bytes) is measured in parts whose figures add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from transforms import characters as ch
from transforms.function_words import FUNCTION_WORDS
from transforms.repetition import REPEATED, TOP, repetition
from transforms.words import Hashes, Ints, Words, distinct, in_turn, passes

Floats = NDArray[np.float64]

_SHORT, _SHORT_DENSE = 30, 15
"""A line of so many characters or fewer is short (FineWeb); half of it where characters are words."""

#: Tags of HTML in capitals that would else be taken for placeholders of what was redacted, such as <PERSON>.
_CAPITALS = (
    "BIG|BLOCKQUOTE|BODY|CENTER|CODE|DIV|FONT|FORM|FRAME|FRAMESET|HEAD|HTML|IMG|INPUT|META|NOBR|OPTION|PRE|SCRIPT|SELECT|"
    "SMALL|SPAN|STRONG|STYLE|SUB|SUP|TABLE|TBODY|THEAD|TITLE"
)
#: What is counted with a regular expression: how many times, or how many characters of the text it takes.
_COUNTED = {
    "tags": r"</[A-Za-z][A-Za-z0-9]*(?:\s[^<>\n]{0,200})?/?>|<[A-Za-z][A-Za-z0-9]*(?:\s[^<>\n]{0,200}/?|/)>"
    rf"|<(?:(?:[a-z]|[A-Z]+[a-z0-9])[A-Za-z0-9]*|[A-Z]{{1,2}}|{_CAPITALS})>"
    r"|&(?:nbsp|amp|lt|gt|quot|#[0-9]{1,6}|#x[0-9A-Fa-f]{1,6});",
    "mojibake": r"Ã[\x80-\xbf\u0192\u2020-\u2122]|Â[\u00a0-\u00bf]|â€[\u0098-\u2122]?|ï»¿|ï¿½|锟斤拷|烫烫烫|屯屯屯",
    "code_words": r"(?i)\bjavascript\b|\blorem ipsum\b|\bfunction\s*\(|\bvar [a-z_]+ =",
    "policy_words": r"(?i)terms of (?:use|service)|privacy policy|cookie policy|uses? cookies|all rights reserved|"
    r"版权所有|隐私政策|服务条款|使用条款|未经许可|京ICP备|沪ICP备|粤ICP备|点击(?:查看|阅读)(?:全文|原文|更多)|转载请注明",
}
_TAKEN = {
    "links": r"(?:https?://|www\.)[^\s<>\"'，。；、）】》]+",
    "redacted": r"<[A-Z][A-Z_]*(?::[a-z0-9]+)?>",
}
#: Few texts have one of these, and only they are looked at for the rest. Each is a search of its own: one for all of them
#: is many times as slow, as is one that looks for single Han characters.
_GATES: dict[str, tuple[str, ...]] = {
    "links": (r"://|www\.",),
    "redacted": ("[<&]",),
    "tags": ("[<&]",),
    "mojibake": ("[ÃÂâï]|锟斤拷|烫烫烫|屯屯屯",),
    "code_words": (r"(?i)\bjavascript\b|\blorem ipsum\b", r"(?i)\bfunction\s*\(|\bvar [a-z_]+ ="),
    "policy_words": (
        "(?i)olicy|ookies|s reserved",
        "(?i)terms of (?:use|service)",
        _COUNTED["policy_words"].rpartition("reserved|")[2],
    ),
}

SIGNALS = (
    "chars", "words", "dense", "word_length", "distinct_share", "entropy", "letter_share", "digit_share",
    "upper_share", "punctuation_share", "symbol_share", "emoji_share", "space_share", "hash_per_word",
    "ellipsis_per_word", "brace_count", "broken_share", "control_share", "zero_width_share", "worded_share",
    "function_words", "function_share", "lines", "line_chars", "bullet_line_share", "ellipsis_line_share",
    "stop_line_share", "short_line_share", "again_line_share", "again_line_char_share",
    *(f"top_{n}_share" for n in TOP), *(f"again_{n}_share" for n in REPEATED),
    "link_share", "redacted_share", "tags", "mojibake", "code_words", "policy_words",
)  # fmt: skip
"""The columns of `signals`. Shares are 0 to 1, of characters that are no space unless the name says of what."""

SCHEMA = pa.schema([(name, pa.float32()) for name in SIGNALS])


def signals(texts: pa.Array | pa.ChunkedArray, languages: Sequence[str | None]) -> pa.Table:
    """Every signal of every text, `SCHEMA`; a null text has zeros. ``languages`` are BCP 47 tags, for the function
    words; one that is not known is judged by all that are."""
    measuring = Measuring(texts, languages)
    for part in passes(texts):
        measuring.add(part)
    return measuring.made()


class Measuring:
    """`signals` of texts whose passes come one by one, in their order."""

    def __init__(self, texts: pa.Array | pa.ChunkedArray, languages: Sequence[str | None]) -> None:
        self.texts = texts
        self.total = {name: np.zeros(len(texts)) for name in _SUMS}
        self.bits = np.array([_language_bit(tag) for tag in languages], np.uint64)

    def add(self, part: Words) -> None:
        rows = slice(part.first, part.first + part.count)
        for name, value in _sums(part, self.bits[rows]).items():
            self.total[name][rows] += value

    def made(self) -> pa.Table:
        columns = _ratios(self.total | _matches(self.texts))
        return pa.table([pa.array(columns[name].astype(np.float32)) for name in SIGNALS], schema=SCHEMA)


_SUMS = (
    *(f"class_{name}" for name in ch.CLASSES), "length", "words", "alone", "worded", "distinct", "entropy",
    "function_words", "function_hits", "lines", "line_chars", "bullet_lines", "ellipsis_lines", "stop_lines",
    "short_lines", "again_lines", "again_line_chars", *(f"top_{n}" for n in TOP), *(f"again_{n}" for n in REPEATED),
)  # fmt: skip


def _sums(part: Words, bits: Hashes) -> dict[str, Floats | Ints]:
    text = part.text - part.text.dtype.type(part.first)
    kinds = _kinds(part)
    found: dict[str, Floats | Ints] = {}
    for name, column in zip(ch.CLASSES, ch.counts(kinds, part.lengths).T, strict=True):
        found[f"class_{name}"] = column
    said = repetition(part)
    found["length"], found["distinct"] = said.length, said.distinct
    found["words"] = np.diff(part.edges)
    found["entropy"] = said.entropy * found["words"]
    found["alone"] = part.of_each(part.alone)
    for n in TOP:
        found[f"top_{n}"] = said.top[n]
    for n in REPEATED:
        found[f"again_{n}"] = said.again[n]
    # Words that hold a letter: a word of digits alone is none that says something.
    found["worded"] = part.of_each(kinds[part.start] != ch.CLASS["digit"])
    found["function_words"], found["function_hits"] = _function_words(part, text, bits)
    return found | _lines(part, kinds)


def _kinds(part: Words) -> NDArray[np.uint8]:
    """The class of every code point of a pass."""
    if part.among is None:
        return ch.classes(part.codes)
    kinds = ch.classes(part.among.heads).copy()
    kinds[part.among.others] = ch.classes(part.among.codes)
    return kinds


def _lines(part: Words, kinds: NDArray[np.uint8]) -> dict[str, Ints]:
    line = ch.lines(kinds, part.lengths)
    size = line.end - line.start
    again = _again(part, line)

    def count(chosen: NDArray[np.bool_]) -> Ints:
        return np.bincount(line.text[chosen], minlength=part.count)

    every = np.ones(len(size), bool)
    closes = line.closes
    # A sentence may end inside quotes or brackets.
    quoted = np.flatnonzero((closes == ch.CLASS["punctuation"]) & (size > 1))
    closes = closes.copy()
    before = kinds[line.end[quoted] - 2]
    ends = (before == ch.CLASS["stop"]) | (before == ch.CLASS["ellipsis"])
    closes[quoted[ends]] = before[ends]
    short = size <= np.where(part.dense[line.text], _SHORT_DENSE, _SHORT)
    three = (closes == ch.CLASS["stop"]) & (size > 2)
    # The first byte of a sign that is no ASCII is none of these.
    codes = part.codes if part.among is None else part.among.heads
    dots = three & (kinds[line.end - 2] == ch.CLASS["stop"]) & (codes[line.end - 1] == ord("."))
    return {
        "lines": count(every),
        "line_chars": np.bincount(line.text, size, part.count).astype(np.int64),
        "bullet_lines": count(line.opens == ch.CLASS["bullet"]),
        "ellipsis_lines": count((closes == ch.CLASS["ellipsis"]) | dots),
        "stop_lines": count((closes == ch.CLASS["stop"]) | (closes == ch.CLASS["ellipsis"])),
        "short_lines": count(short),
        "again_lines": count(again),
        "again_line_chars": np.bincount(line.text[again], size[again], part.count).astype(np.int64),
    }


_P = np.uint64(0x9E3779B97F4A7C15)
_HEAD = np.uint64(48)


def _again(part: Words, line: ch.Lines) -> NDArray[np.bool_]:
    """Lines whose words have stood in the same order in an earlier line of their text; lines without words not."""
    first = np.searchsorted(part.start, line.start)
    last = np.searchsorted(part.start, line.end)
    # Every word stands in a line, so lines have the words one after the other.
    mark = in_turn(part.hash, last - first) ^ (line.text.astype(np.uint64) * _P)
    order = np.argsort(mark, kind="stable")
    again = np.zeros(len(mark), bool)
    again[order[1:]] = mark[order[1:]] == mark[order[:-1]]
    return again & (last > first)


@lru_cache(maxsize=1)
def _function_table() -> tuple[Hashes, Hashes, dict[str, int]]:
    """Hashes of all function words, ascending, with the bits of their languages; and the bit of each language."""
    tags = sorted(FUNCTION_WORDS)
    listed = [word for tag in tags for word in FUNCTION_WORDS[tag].split()]
    owner = np.repeat(np.arange(len(tags)), [len(FUNCTION_WORDS[tag].split()) for tag in tags])
    hashes = np.zeros(len(listed), np.uint64)
    for part in passes(pa.array(listed, pa.large_string())):
        hashes[part.text] = part.hash
    known = distinct(hashes)
    bits = np.zeros(len(known), np.uint64)
    np.bitwise_or.at(bits, np.searchsorted(known, hashes), np.uint64(1) << owner.astype(np.uint64))
    return known, bits, {tag: number for number, tag in enumerate(tags)}


@lru_cache(maxsize=1)
def _function_heads() -> tuple[NDArray[np.int16], int]:
    """By the highest bits of a hash the place of the first function word that has them, -1 for none; and how many words
    have the same ones, at most."""
    heads = (_function_table()[0] >> _HEAD).astype(np.int64)
    found = np.full(1 << 16, -1, np.int16)
    found[heads[::-1]] = np.arange(len(heads), dtype=np.int16)[::-1]
    return found, int(np.bincount(heads).max())


def _language_bit(tag: str | None) -> int:
    place = _function_table()[2].get((tag or "").lower().partition("-")[0])
    return (1 << 63) - 1 if place is None else 1 << place


def _function_words(part: Words, text: NDArray[np.integer], bits: Hashes) -> tuple[Ints, Ints]:
    """How many different function words of its language a text has, and how many times it has one."""
    known, owner, _ = _function_table()
    # Most words are ruled out by their highest bits.
    heads, most = _function_heads()
    place = np.take(heads, (part.hash >> _HEAD).view(np.int64), mode="clip")
    maybe = np.flatnonzero(place >= 0)
    hashes, place = part.hash[maybe], place[maybe].astype(np.int64)
    for _ in range(most - 1):
        place += (known[place] < hashes) & (place + 1 < len(known))
    right = (known[place] == hashes) & ((owner[place] & bits[text[maybe]]) != 0)
    of, place = text[maybe][right].astype(np.int64), place[right]
    times = np.bincount(of, minlength=part.count)
    if part.count * len(known) < max(1 << 20, 16 * len(of)):
        met = np.zeros((part.count, len(known)), bool)
        met[of, place] = True
        return np.count_nonzero(met, axis=1), times
    pairs = distinct((of.astype(np.uint64) << np.uint64(20)) | place.astype(np.uint64))
    return np.bincount((pairs >> np.uint64(20)).astype(np.int64), minlength=part.count), times


def _matches(texts: pa.Array | pa.ChunkedArray) -> dict[str, Floats]:
    column = pl.from_arrow(texts)
    assert isinstance(column, pl.Series)
    column = column.cast(pl.String)
    if column.null_count():
        # This writes every text again.
        column = column.fill_null("")
    found: dict[str, Floats] = {}
    seen = {gate: column.str.contains(gate).to_numpy() for gates in _GATES.values() for gate in gates}
    for name, pattern in (*_COUNTED.items(), *_TAKEN.items()):
        value = np.zeros(len(column))
        rows = np.flatnonzero(np.logical_or.reduce([seen[gate] for gate in _GATES[name]]))
        if len(rows):
            some = column.gather(rows) if len(rows) < len(column) else column
            if name in _COUNTED:
                value[rows] = some.str.count_matches(pattern).to_numpy()
            else:
                value[rows] = some.str.extract_all(pattern).list.join("").str.len_chars().to_numpy()
        found[name] = value
    return found


def _ratios(total: dict[str, Floats]) -> dict[str, Floats]:
    kind = {name: total[f"class_{name}"] for name in ch.CLASSES}
    chars = sum(kind.values(), np.zeros(0) if not kind else np.zeros(len(total["words"])))
    space = kind["space"] + kind["newline"]
    solid = np.maximum(chars - space, 1)
    words, length, rows = (np.maximum(total[name], 1) for name in ("words", "length", "lines"))
    letters = sum((kind[name] for name in _LETTERS), np.zeros(len(chars)))
    out = {
        "chars": chars,
        "words": total["words"],
        "dense": (2 * total["alone"] > total["words"]).astype(float),
        "word_length": total["length"] / words,
        "distinct_share": np.minimum(total["distinct"] / words, 1),
        "entropy": total["entropy"] / words,
        "letter_share": letters / solid,
        "digit_share": kind["digit"] / solid,
        "upper_share": kind["upper"] / np.maximum(kind["upper"] + kind["lower"], 1),
        "punctuation_share": (kind["punctuation"] + kind["stop"] + kind["ellipsis"]) / solid,
        "symbol_share": (kind["symbol"] + kind["hash"] + kind["bullet"] + kind["brace"] + kind["emoji"]) / solid,
        "emoji_share": kind["emoji"] / solid,
        "space_share": space / np.maximum(chars, 1),
        "hash_per_word": kind["hash"] / words,
        "ellipsis_per_word": kind["ellipsis"] / words,
        "brace_count": kind["brace"],
        "broken_share": kind["broken"] / solid,
        "control_share": kind["control"] / solid,
        "zero_width_share": kind["zero_width"] / solid,
        "worded_share": total["worded"] / words,
        "function_words": total["function_words"],
        "function_share": total["function_hits"] / words,
        "lines": total["lines"],
        "line_chars": total["line_chars"] / rows,
        **{f"{name}_line_share": total[f"{name}_lines"] / rows for name in ("bullet", "ellipsis", "stop", "short")},
        "again_line_share": total["again_lines"] / rows,
        "again_line_char_share": total["again_line_chars"] / np.maximum(total["line_chars"], 1),
        **{f"top_{n}_share": total[f"top_{n}"] / length for n in TOP},
        **{f"again_{n}_share": total[f"again_{n}"] / length for n in REPEATED},
        "link_share": total["links"] / solid,
        "redacted_share": total["redacted"] / solid,
        **{name: total[name] for name in _COUNTED},
    }
    return out


_LETTERS = ("lower", "upper", "han", "kana", "hangul", "thai", "cyrillic", "letter", "mark")

__all__ = ["SCHEMA", "SIGNALS", "Measuring", "signals"]
