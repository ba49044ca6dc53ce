"""Where a text may be cut so that the tokens of its pieces are those of the whole.

A byte-level BPE first cuts a text by a pattern and then joins bytes within each cut, never across. So a text may be cut
wherever the pattern cuts whatever is around, and between two signs that no entry of the vocabulary holds side by side: no
merge can reach across them. English falls into words, and most of Chinese into one or two characters; both come again
and again, and are encoded once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Marks = NDArray[np.bool_]
Places = NDArray[np.int64]
NOWHERE: Places = np.empty(0, np.int64)

#: Patterns that cut before a stop behind a letter or digit and before a space behind any sign, whatever is around, and
#: around numbers: those of the house's own tokenizer, of GPT-4 and Llama 3 and of Qwen 2. That of GPT-2 does the former.
_CUTTING = (
    r"[^\r\n\p{L}\p{N}\p{M}]?(?:(?!\p{Han})[\p{L}\p{M}])+|\p{Han}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|"
    r"\s+(?!\S)|\s+",
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
)
_STOPS, _WIDE_STOPS = ",.!?;:", "，。！？；：、"
#: Ideographs that normalisation leaves alone: of the basic block and of extension A.
_HAN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF))
_HAN_SIGN, _STOP_SIGN = 1, 2
#: Bits of the tables of pairs: one in thirty of those that are in no table is taken for one that is, which costs a cut.
_BITS = 20


def _ascii(signs: str) -> Marks:
    table = np.zeros(256, bool)
    table[[ord(sign) for sign in signs]] = True
    return table


def _kinds(**signs: str) -> bytes:
    """A table for `bytes.translate`: of each byte the bits of the kinds of sign that it belongs to."""
    table = bytearray(256)
    for kind, of in signs.items():
        for sign in of:
            table[ord(sign)] |= _BIT[kind]
    return bytes(table)


_WORD = _ascii("".join(map(chr, [*range(48, 58), *range(65, 91), *range(97, 123)])))
_SHOWN = _ascii("".join(map(chr, range(0x21, 0x7F))))
#: What the bytes of a text are told apart by, all at once: what may be cut before, lines' ends, digits, and the first
#: bytes of characters of three.
_BIT = {"end": 1, "space": 2, "line": 4, "digit": 8, "wide": 16}
_KINDS = _kinds(end=_STOPS + " \n", space=" ", line="\n", digit="0123456789", wide="".join(map(chr, range(0xE0, 0xF0))))


class Cutter:
    """Marks the places of UTF-8 text at which it may be cut for one tokenizer. Make it by `cutter_of`.

    ``finer``: its pattern takes digits by three or one by one, apart from all else, and ends a match behind a line's end
    that no white space follows.
    """

    def __init__(self, joined: Joined | None, *, finer: bool) -> None:
        self._joined, self._finer = joined, finer

    def marks(self, data: Bytes, begins: Places = NOWHERE) -> Marks:
        """Whether the text may be cut before each byte, shape of ``data``: a stretch of UTF-8 that begins and ends anywhere
        between two characters. The first is never marked; near either end fewer are than could be. ``begins`` are the
        places, ascending, at which another text begins; it is for the caller to cut there."""
        found = np.zeros(len(data), bool)
        if len(data) < 2:
            return found
        kinds = np.frombuffer(data.tobytes().translate(_KINDS), np.uint8)
        # Before a space or a stop behind a letter or digit.
        ends = np.flatnonzero(kinds[1:] & _BIT["end"] != 0) + 1
        found[ends] = self._words(data, ends)
        # Before a space behind a sign: no match goes on from what is seen to white space, and none looks back.
        spaces = ends[kinds[ends] & _BIT["space"] != 0]
        found[spaces] |= _SHOWN[data[spaces - 1]]
        if self._finer:
            lines = np.flatnonzero(kinds[:-1] & _BIT["line"] != 0) + 1
            found[lines] |= _SHOWN[data[lines]]
            self._numbers(data, np.flatnonzero(kinds & _BIT["digit"] != 0), begins, found)
        lead = np.flatnonzero(kinds[:-2] & _BIT["wide"] != 0)
        if len(lead):
            self._wide(data, lead, found)
        return found

    @staticmethod
    def _numbers(data: Bytes, places: NDArray[np.intp], begins: Places, found: Marks) -> None:
        """Mark the edges of numbers, whose digits stand at ``places``, and every third digit within. Where it is not known
        what stands before a number, it may have begun before: with a digit of another script, or with the stretch."""
        if not len(places):
            return
        first = np.append(True, np.diff(places) != 1)
        at = np.searchsorted(places, begins)
        at = at[places[np.minimum(at, len(places) - 1)] == begins]
        fresh = np.zeros(len(places), bool)
        first[at] = fresh[at] = True
        starts = places[first]
        before = data[starts - 1]
        known = _SHOWN[before] | (before == 0x0A) | ((before == 0x20) & (starts > 1) & _SHOWN[data[starts - 2]])
        known = fresh[first] | (known & (starts > 0))
        run = np.cumsum(first) - 1
        found[places] |= known[run] & ((places - starts[run]) % 3 == 0)
        behind = places[np.append(first[1:], True)] + 1
        behind = behind[behind < len(data)]
        found[behind] |= _SHOWN[data[behind]]

    @staticmethod
    def _words(data: Bytes, places: NDArray[np.intp]) -> Marks:
        """Whether a letter or digit of the basic plane stands before each place."""
        found = _WORD[data[places - 1]]
        wide = np.flatnonzero((data[places - 1] >= 0x80) & (places >= 3))
        if len(wide):
            at = places[wide]
            third, second, last = (data[at - back].astype(np.int32) for back in (3, 2, 1))
            two = (second & 0x1F) << 6 | (last & 0x3F)
            three = (third & 0x0F) << 12 | (second & 0x3F) << 6 | (last & 0x3F)
            code = np.where(second >= 0xC0, two, np.where((third & 0xF0) == 0xE0, three, 0))
            found[wide] = _basic_plane()[0][code]
        return found

    def _wide(self, data: Bytes, lead: NDArray[np.intp], found: Marks) -> None:
        """Mark what may be cut around characters of three bytes, which begin at ``lead``."""
        code = (
            (data[lead].astype(np.int32) & 0x0F) << 12
            | (data[lead + 1].astype(np.int32) & 0x3F) << 6
            | (data[lead + 2].astype(np.int32) & 0x3F)
        )
        kind = _basic_plane()[1][code]
        stops = lead[(kind == _STOP_SIGN) & (lead > 0)]
        found[stops] = self._words(data, stops)
        if self._joined is None:
            return
        # Ideographs behind an ideograph or a stop.
        second = np.flatnonzero((kind[1:] == _HAN_SIGN) & (kind[:-1] != 0) & (np.diff(lead) == 3)) + 1
        found[lead[second]] = ~self._joined.maybe(code[second - 1], code[second])


class Joined:
    """The pairs of characters of three bytes that stand side by side in some entry of a vocabulary."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        pairs: dict[tuple[int, int], set[tuple[int, int]]] = {}
        for left, right in _crossings(vocabulary):
            pairs.setdefault((len(left), len(right)), set()).add((_code(left), _code(right)))
        self._tables: dict[tuple[int, int], Marks] = {}
        for kind, found in pairs.items():
            left, right = np.array(list(found), np.uint32).T
            table = self._tables[kind] = np.zeros(1 << _BITS, bool)
            table[_place(left, right)] = True

    def maybe(self, left: NDArray[np.int32], right: NDArray[np.int32]) -> Marks:
        """Whether each two code points may stand side by side in an entry; those that do are never missed."""
        found = np.zeros(len(left), bool)
        one, two = left.astype(np.uint32), right.astype(np.uint32)
        for (before, after), table in self._tables.items():
            # Entries may begin or end within a character: then what they have of it is compared.
            part = one & np.uint32((1 << min(16, 6 * before)) - 1), two >> np.uint32(6 * (3 - after))
            found |= table[_place(*part)]
        return found


def _place(left: NDArray[np.uint32], right: NDArray[np.uint32]) -> NDArray[np.uint32]:
    mixed = left * np.uint32(0x9E3779B1) + right * np.uint32(0x85EBCA6B)
    return (mixed ^ (mixed >> np.uint32(15))) * np.uint32(0x2C1B3C6D) >> np.uint32(32 - _BITS)


def _crossings(vocabulary: Mapping[str, int]) -> Iterator[tuple[bytes, bytes]]:
    """Last bytes of one and first bytes of the next character, both of three bytes, within the entries."""
    alphabet = _alphabet()
    # Bytes that such a character begins with stand for themselves; what they follow is looked at below.
    candidate = re.compile("(?s).[\u00e0-\u00ef]")
    for entry in vocabulary:
        if not candidate.search(entry) or any(sign not in alphabet for sign in entry):
            continue
        data = bytes(alphabet[sign] for sign in entry)
        for at in range(1, len(data)):
            if data[at] & 0xF0 != 0xE0:
                continue
            left = data[max(0, at - 3) : at]
            start = next((place for place in reversed(range(len(left))) if left[place] >= 0xC0), None)
            if start is None:
                own = left if at < 3 else b""
            else:
                own = left[start:] if left[start] & 0xF0 == 0xE0 and len(left) - start == 3 else b""
            if own and all(byte & 0xC0 == 0x80 for byte in own[1 if start is not None else 0 :]):
                yield own, data[at : at + 3]


def _code(part: bytes) -> int:
    """The code point of a character of three bytes, or what some of them say of it."""
    found = 0
    for byte in part:
        found = found << 6 | (byte & (0x0F if byte & 0xF0 == 0xE0 else 0x3F))
    return found


@lru_cache(maxsize=1)
def _alphabet() -> dict[str, int]:
    """The byte that each sign of a byte-level vocabulary stands for, as GPT-2 has them: printing signs of Latin-1 for
    themselves, the others for the code points from 256 on."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in set(plain)]
    return {chr(byte): byte for byte in plain} | {chr(256 + place): byte for place, byte in enumerate(others)}


@lru_cache(maxsize=1)
def _basic_plane() -> tuple[Marks, Bytes]:
    """Of each code point whether it is a letter or digit, and whether it is an ideograph or a stop of three bytes."""
    word = np.fromiter(map(str.isalnum, map(chr, range(0x10000))), bool, 0x10000)
    kind = np.zeros(0x10000, np.uint8)
    for first, last in _HAN:
        kind[first : last + 1] = _HAN_SIGN
    kind[[ord(sign) for sign in _WIDE_STOPS]] = _STOP_SIGN
    return word, kind


def cutter_of(definition: Mapping[str, Any]) -> Cutter | None:
    """The cutter of a ``tokenizer.json``, or ``None`` where nothing is known of where it cuts: it knows byte-level BPE
    behind a pattern of `_CUTTING` or that of GPT-2, with no added token that could be cut or that looks at its neighbours.
    """
    model = definition.get("model") or {}
    if (
        model.get("type") != "BPE"
        or model.get("dropout")
        or (definition.get("normalizer") or {"type": "NFC"}) != {"type": "NFC"}
        or not _cuts_by_words(definition.get("pre_tokenizer") or {})
    ):
        return None
    # Where a whole word is looked up before it is merged, or its end is marked, a part of it may have other tokens.
    apart = not (
        model.get("ignore_merges") or model.get("continuing_subword_prefix") or model.get("end_of_word_suffix")
    )
    joined = Joined(model.get("vocab") or {}) if apart else None
    added = definition.get("added_tokens") or ()
    if any(token.get(name) for token in added for name in ("lstrip", "rstrip", "single_word")):
        return None
    followed = [np.frombuffer(f"{token['content']}a".encode(), np.uint8) for token in added]
    finer = _pattern(definition.get("pre_tokenizer") or {}) is not None
    for cutter in (Cutter(joined, finer=True), Cutter(joined, finer=False))[not finer :]:
        if not any(cutter.marks(token)[:-1].any() for token in followed):
            return cutter
    return None


def one_a_byte(definition: Mapping[str, Any]) -> bool:
    """Whether a ``tokenizer.json`` makes a token of each byte of UTF-8, whatever the text: byte-level BPE that joins
    nothing, over a text that nothing changes before."""
    model, first = definition.get("model") or {}, definition.get("pre_tokenizer") or {}
    return (
        model.get("type") == "BPE"
        and not model.get("merges")
        and not any(model.get(name) for name in ("dropout", "continuing_subword_prefix", "end_of_word_suffix"))
        # A piece that is an entry of its own as a whole would be one token.
        and set(model.get("vocab") or ()) == set(_alphabet())
        and first.get("type") == "ByteLevel"
        and not first.get("add_prefix_space")
        and not definition.get("normalizer")
        and not definition.get("added_tokens")
    )


def _cuts_by_words(first: Mapping[str, Any]) -> bool:
    steps = first.get("pretokenizers", []) if first.get("type") == "Sequence" else [first]
    if not steps or steps[-1].get("type") != "ByteLevel" or steps[-1].get("add_prefix_space"):
        return False
    if len(steps) == 1:
        return bool(steps[0].get("use_regex", True))
    return len(steps) == 2 and not steps[1].get("use_regex", True) and _pattern(first) is not None


def _pattern(first: Mapping[str, Any]) -> str | None:
    """The pattern of `_CUTTING` that a pre-tokenizer begins with, if any."""
    split: Mapping[str, Any] = next(iter(first.get("pretokenizers") or ()), {})
    known = split.get("type") == "Split" and (split.get("behavior"), split.get("invert")) == ("Isolated", False)
    found = (split.get("pattern") or {}).get("Regex") if known else None
    return found if found in _CUTTING else None


__all__ = ["Cutter", "cutter_of", "one_a_byte"]
