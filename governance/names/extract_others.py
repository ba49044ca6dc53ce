"""The lists for Russian, Korean and Thai names: a part of `extract`, run by hand when a list should be renewed."""

from __future__ import annotations

import json
import math
import re
import struct
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np

from governance.names import thai_letters, thai_lists, thai_parts
from governance.names.korean_lists import FAMILY
from governance.names.russian import plain, stem

Names = Callable[[str], tuple[set[str], set[str]]]
_RUSSIAN = re.compile("[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?\\Z")


def others(packages: Path, names: Names) -> dict[str, np.ndarray]:
    """All arrays of ``others.npz``; ``names`` gives given and family names of a Faker locale."""
    return {**russian(packages, names), **korean(packages), **thai(packages, names)}


def packed(words: Iterable[str]) -> np.ndarray:
    return np.frombuffer("\n".join(sorted(set(words))).encode(), dtype=np.uint8)


def russian(packages: Path, names: Names) -> dict[str, np.ndarray]:
    """Given and family names as the packages have them; stems of ordinary words and of places."""
    given, family = names("ru_RU")
    given = {n for n in given if _RUSSIAN.match(n) and not re.search("(?:вич|вна|ична)\\Z", n)}
    family = {n for n in family | names("uk_UA")[1] if _RUSSIAN.match(n) and len(n) > 2}
    stems: set[str] = set()
    places = {plain(n) for n in (*_geonames(packages, _RUSSIAN, 60000), *_countries("ru")) if len(n) > 3}
    for word, flags, shapes in _hunspell(packages):
        if word[0].isupper():
            if word.isupper() or re.search("(?:вич|вна|ична|чем|чом)\\Z", word):
                continue
            # Flag K: nouns of living beings, which here are given names. Family names have flags G and A.
            if flags == "K":
                given.add(word)
            elif "G" not in flags and "A" not in flags and plain(word) not in {plain(n) for n in given}:
                places.add(plain(word))
        elif len(word) < 12 and not re.search("(?:[аеиуыюя]щий|[вш]ший|нный|сть)\\Z", word):
            stems.update(stem(plain(shape)) for shape in shapes)
    persons = {plain(n) for n in given}
    return {
        "ru_given": packed(given),
        "ru_family": packed(n for n in family if not n.endswith(("ова", "ева", "ина", "ская", "ая"))),
        "ru_stems": packed(s for s in stems if len(s) > 2),
        "ru_places": packed(p for p in places - persons if len(p) > 3),
    }


def korean(packages: Path) -> dict[str, np.ndarray]:
    """Given names with how many family names they stand with, parts of foreign names, words; all from mecab-ko-dic.

    Words are those whose cost was learnt from text (words that the dictionary merely lists share a few costs), and
    the names of places; 2 stands for the common ones.
    """
    entries = [e for e in _mecab(next(packages.rglob("mecab_ko_dic/dictionary/sys.dic"))) if _HANGUL.match(e[0])]
    given: Counter[str] = Counter()
    foreign: Counter[str] = Counter()
    costs = Counter(cost for _, tags, cost in entries if tags[0] == "NNG")
    listed = {cost for cost, count in costs.most_common(40) if 2500 < cost < 2700}
    words: dict[str, int] = {}
    for word, tags, cost in entries:
        if tags[:2] == ["NNP", "인명"]:
            if tags[4] == "Preanalysis":
                foreign.update({part.partition("/")[0] for part in tags[7].split("+")})
            elif len(word) == 3 and word[0] in FAMILY:
                given[word[1:]] += 1
            elif 4 <= len(word) <= 6:
                foreign[word] += 1
        elif 2 <= len(word) <= 5 and (tags[:2] == ["NNP", "지명"] or (tags[0] not in _PARTS and cost not in listed)):
            common = tags[0] != "NNP" and (cost < 2550 or tags[1] != "*" or not tags[0].startswith("N"))
            words[word] = max(words.get(word, 0), 2 if common else 1)
    kept = sorted(given)
    parts = sorted(w for w, n in foreign.items() if n > 1 and len(w) < 8)
    return {
        "ko_given": packed(kept),
        "ko_given_n": np.array([min(255, given[w]) for w in kept], dtype=np.uint8),
        "ko_foreign": packed(parts),
        "ko_foreign_n": np.array([min(255, foreign[w]) for w in parts], dtype=np.uint8),
        "ko_words": packed(words),
        "ko_words_n": np.array([words[w] for w in sorted(words)], dtype=np.uint8),
    }


def thai(packages: Path, names: Names) -> dict[str, np.ndarray]:
    """Names, words with how often they are read, and how often letters follow one another in names and in texts.

    A word's figure is minus ten times the logarithm of its share among all words. Sequences of three letters are
    counted, with 0 for the edge of a name: ``th_grams`` are their indices (see `thai_letters.index`) for each kind.
    """
    given, family = ({unicodedata.normalize("NFC", n) for n in kind if len(n) > 2} for kind in names("th_TH"))
    often: Counter[str] = Counter()
    for file in ("words_th.txt", "tnc_freq.txt", "ttc_freq.txt"):
        for line in next(packages.rglob(f"corpus/{file}")).read_text(encoding="utf-8").splitlines():
            word, _, count = line.partition("\t")
            if _THAI.match(word) and (not count or int(count) > 19):
                often[word] += int(count or 3)
    apart = {*thai_lists.FOREIGN, *thai_parts.ABROAD, *(n for n in {*given, *thai_lists.GIVEN} if often[n] < 5000)}
    total = sum(often.values())
    words = {w: min(255, round(-10 * math.log(n / total))) for w, n in often.items() if w not in apart and len(w) < 15}
    counts: dict[str, Counter[tuple[str, str, str]]] = {kind: Counter() for kind in thai_letters.KINDS}
    for name in (*given, *thai_lists.GIVEN):
        _count(counts["given"], name, 60)
    for first in thai_parts.FIRST:
        _count(counts["given"], first, 10)
        for second in thai_parts.SECOND:
            _count(counts["given"], first + second, 1)
    for name in family:
        _count(counts["family"], name, 120)
    for first in thai_parts.KIN:
        _count(counts["family"], first, 5)
        for second in thai_parts.KIN:
            _count(counts["family"], first + second, 1)
        for second in (*thai_parts.FIRST, *thai_parts.SECOND):
            _count(counts["family"], second + first, 1)
    for name in (*thai_lists.FOREIGN, *thai_parts.ABROAD):
        _count(counts["abroad"], name, 10)
    order = sorted(w for w in often if _THAI.match(w))
    weight = np.array([often[w] for w in order], dtype=float)
    drawn = np.random.default_rng(7).choice(len(order), 400000, p=weight / weight.sum())
    _count(counts["text"], "".join(order[i] for i in drawn), 1)
    out = {
        "th_given": packed(given),
        "th_family": packed(family),
        "th_words": packed(words),
        "th_words_n": np.array([words[w] for w in sorted(words)], dtype=np.uint8),
    }
    for kind, grams in counts.items():
        keys = sorted(grams, key=lambda gram: thai_letters.index(*gram))
        out[f"th_{kind}_grams"] = np.array([thai_letters.index(*gram) for gram in keys], dtype=np.uint32)
        out[f"th_{kind}_grams_n"] = np.array([min(65535, grams[gram]) for gram in keys], dtype=np.uint16)
    return out


def _count(counts: Counter[tuple[str, str, str]], name: str, weight: int) -> None:
    letters = ["", "", *name, ""]
    for gram in zip(letters, letters[1:], letters[2:], strict=False):
        counts[gram] += weight


_THAI = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]{2,}\\Z")
_HANGUL = re.compile("[가-힣]+\\Z")
_PARTS = frozenset("JKS JKC JKG JKO JKB JKV JKQ JX JC EP EF EC ETN ETM XSN XSV XSA NNP".split())


def _mecab(path: Path) -> Iterator[tuple[str, list[str], int]]:
    """Entries of a compiled MeCab dictionary: the word, its tags, its cost.

    The file is a header, a double array (base, check), tokens of sixteen bytes and the tags as text. The children of
    a node are the places whose check is the node's base; the place of the base itself holds the word's tokens.
    """
    raw = path.read_bytes()
    _, _, _, _, _, _, nodes, tokens, _, _ = struct.unpack("<10I", raw[:40])
    base, check = np.frombuffer(raw, dtype="<i4", count=nodes // 4, offset=72).reshape(-1, 2).astype(np.int64).T
    kinds = [("left", "<u2"), ("right", "<u2"), ("tag", "<u2"), ("cost", "<i2"), ("text", "<u4"), ("compound", "<u4")]
    token = np.frombuffer(raw, dtype=np.dtype(kinds), count=tokens // 16, offset=72 + nodes)
    texts = 72 + nodes + tokens
    order = np.argsort(check, kind="stable")
    ordered = check[order]
    stack = [(0, b"")]
    while stack:
        node, prefix = stack.pop()
        own = int(base[node])
        first, last = np.searchsorted(ordered, own, "left"), np.searchsorted(ordered, own, "right")
        for place in order[first:last].tolist():
            byte = place - own - 1
            if byte == -1 and base[place] < 0:
                value = -int(base[place]) - 1
                for item in token[value >> 8 : (value >> 8) + (value & 0xFF)]:
                    begin = texts + int(item["text"])
                    tags = raw[begin : raw.index(b"\0", begin)].decode().split(",")
                    yield prefix.decode("utf-8", "replace"), tags, int(item["cost"])
            elif place != node and 0 <= byte < 256:
                stack.append((place, prefix + bytes([byte])))


def _hunspell(packages: Path) -> Iterator[tuple[str, str, set[str]]]:
    """Entries of the Russian spelling dictionary: the word, its flags, its forms."""
    folder = next(packages.rglob("dictionary-ru"))
    rules: defaultdict[str, list[tuple[str, str, re.Pattern[str]]]] = defaultdict(list)
    for line in (folder / "index.aff").read_text(encoding="utf-8").splitlines():
        parts = line.split()
        if len(parts) >= 5 and parts[0] == "SFX":
            strip, add = (("" if part == "0" else part.partition("/")[0]) for part in parts[2:4])
            rules[parts[1]].append((strip, add, re.compile(f"(?:{parts[4]})\\Z")))
    for line in (folder / "index.dic").read_text(encoding="utf-8").splitlines()[1:]:
        word, _, flags = line.strip().partition("/")
        if word:
            shapes = {word}
            for flag in flags:
                for strip, add, condition in rules.get(flag, ()):
                    if word.endswith(strip) and condition.search(word):
                        shapes.add(word[: len(word) - len(strip)] + add)
            yield word, flags, shapes


def _geonames(packages: Path, script: re.Pattern[str], people: int) -> Iterator[str]:
    """Names of cities in a script."""
    for city in json.loads(next(packages.rglob("cities15000.json")).read_text(encoding="utf-8")).values():
        if city["population"] >= people:
            yield from (name for name in city["alternatenames"] if script.match(name))


def _countries(language: str) -> Iterator[str]:
    """Names of countries and languages' lands as the CLDR writes them, word by word."""
    from babel import Locale

    for name in Locale.parse(language).territories.values():
        yield from re.findall(r"[^\W\d_-]+", name)
