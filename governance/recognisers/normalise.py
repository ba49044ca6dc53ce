"""Folding: one way of writing for what patterns look at, with the way back to the original code points.

Digits of every script, full-width and mathematical letters, and the signs used inside numbers and addresses become
ASCII, one code point for one. Only three things change the length, and only rows that hold them carry a map:
invisible characters go; a placeholder or pseudonym, a run of mask stars, and an unbroken token that is too long
to be text each become one filler character, which no pattern matches.

Chinese punctuation (，：（） and the like) stays: patterns accept it where it may stand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from governance.pseudonyms import PLACEHOLDER
from governance.recognisers import escapes

FILLER = "\ue000"
"""Stands for a placeholder, a pseudonym or the mark of a dropped value."""
STARS = "\ue001"
"""Stands for other people's masks: three or more stars, ``[USERNAME]``, ``{{EMAIL_1}}``."""
TOKEN = "\ue002"  # noqa: S105 - a filler character
"""Stands for an unbroken token of `LONGEST_TOKEN` code points or more."""
LONGEST_TOKEN = 512

#: The longest placeholder, pseudonym or mask of others that the gate is to find whole.
LONGEST_MARK = 256
#: What the gate knows an escape by is no longer than that, in bytes.
_LONGEST_ESCAPE = 12

_THEIRS = r"\[[A-Z][A-Z_]{3,31}(?:_?[0-9]{1,4})?\]|\{\{ ?[A-Za-z][A-Za-z_]{1,31}(?:_?[0-9]{1,4})? ?\}\}"
_TOKEN_CLASS = "A-Za-z0-9+/=_-"  # noqa: S105 - a character class
#: Less is searched as it is.
_FEW_BYTES = 1 << 12
#: So many bytes in a row of a token's characters are few in text.
_RUN = 24
_TOKEN_BYTES = np.array([re.match(f"[{_TOKEN_CLASS}]", chr(byte)) is not None for byte in range(256)])
_LONG_TOKEN = re.compile(f"(?<![{_TOKEN_CLASS}])[{_TOKEN_CLASS}]{{{LONGEST_TOKEN},}}+")

# Characters that show nothing: zero-width space and joiners, bidirectional marks, soft hyphen, byte order mark,
# variation selectors, the enclosing keycap, tags.
_REMOVED = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20e3\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff"
)
# Full-width signs that take part in numbers, e-mail addresses and links.
_SIGNS = "＠．－＋／＿＝％＆＃＊～＼｜"
# Spaces and hyphens that count only beside a letter or digit; elsewhere they are indents and dashes.
_SPACES = "\u00a0\u2000-\u200a\u202f\u205f\u3000\u1680"
_HYPHENS = "\u2010-\u2015\u2212\u2043\ufe58\ufe63\u207b\u208b"
_DOTS = "\u00b7\u2022\u2027\u2219\u22c5\u30fb"
_BETWEEN = _SPACES + _HYPHENS + _DOTS


def _members(ranges: str) -> list[str]:
    """The characters of the body of a character class, of single ones and ranges."""
    found: list[str] = []
    for part in re.finditer("(?s)(.)(?:-(.))?", ranges):
        found += map(chr, range(ord(part[1]), ord(part[2] or part[1]) + 1))
    return found


@lru_cache(maxsize=1)
def _singles() -> dict[int, str]:
    """Code point to ASCII character, one for one, wherever it stands."""
    table: dict[int, str] = {}
    for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)):
        table[code] = chr(code - 0xFEE0)
    for character in _SIGNS:
        table[ord(character)] = chr(ord(character) - 0xFEE0)
    table[0xFE6B], table[0xFF61] = "@", "."
    for code in range(0x1D400, 0x1D800):
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1 and plain.isascii() and plain.isalnum():
            table[code] = plain
    # Beyond the first two planes Unicode has no digits: CJK ideographs, tags and private use.
    for code in range(0x80, 0x20000):
        if unicodedata.category(chr(code)) == "Nd":
            table[code] = str(unicodedata.digit(chr(code)))
    return table


def _ranges(codes: list[int]) -> str:
    """A character class body that RE2 and `re` read alike."""
    out, first, last = [], codes[0], codes[0]
    for code in [*codes[1:], -1]:
        if code == last + 1:
            last = code
            continue
        out.append(chr(first) if first == last else f"{chr(first)}-{chr(last)}")
        first = last = code
    return "".join(out)


@lru_cache(maxsize=1)
def _foreign() -> re.Pattern[str]:
    """A run of characters that `_singles` replaces: few hold any, and to look for them is quick."""
    return re.compile(f"[{_ranges(sorted(_singles()))}]+")


def _plain(found: re.Match[str]) -> str:
    return found[0].translate(_singles())


@lru_cache(maxsize=1)
def _gates() -> tuple[str, str, str]:
    """Expressions that find every row that folding would change: by one or two characters, by an escape, and by more."""
    always = _ranges(sorted(_singles())) + _REMOVED
    few = f"[{always}]|[0-9A-Za-z][{_BETWEEN}]|[{_BETWEEN}][0-9A-Za-z]"
    return few, escapes.GATE, f"\\*{{3}}|{_THEIRS}|{PLACEHOLDER.pattern}"


_BESIDE = re.compile(f"(?<=[0-9A-Za-z])[{_BETWEEN}]+|[{_BETWEEN}]+(?=[0-9A-Za-z])")
_PLAIN = {
    **dict.fromkeys(map(ord, _members(_SPACES)), " "),
    **dict.fromkeys(map(ord, _members(_HYPHENS)), "-"),
    **dict.fromkeys(map(ord, _members(_DOTS)), "."),
}
_SHRINK = re.compile(
    f"(?P<placeholder>{PLACEHOLDER.pattern})|(?P<stars>\\*{{3,}}|{_THEIRS})|(?P<removed>[{_REMOVED}]+)"
)
#: What a piece that changes the length begins with, and what counts beside a letter or digit.
_SHRINKS, _COUNTS = re.compile(f"[<*[{{{_REMOVED}]"), re.compile(f"[{_BETWEEN}]")
_SHRUNK = {"placeholder": FILLER, "stars": STARS, "removed": "", "token": TOKEN}


class Folded(NamedTuple):
    """Folded text and, where its length changed, the original index of each of its code points.

    ``skipped`` holds the spans, in original code points, that were too long to be text and are not scanned. ``ends``: where
    a code point was spelt out, the index behind what spelt it; ``None`` where none was.
    """

    text: str
    starts: list[int] | None
    skipped: tuple[tuple[int, int], ...] = ()
    ends: list[int] | None = None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The original span of folded code points ``start`` to ``end``; neither end may be a filler."""
        if self.starts is None:
            return start, end
        return self.starts[start], self.starts[end - 1] + 1 if self.ends is None else self.ends[end - 1]


def fold(text: str) -> Folded:
    """Fold one text. The identity on plain ASCII without placeholders, stars or escapes; without escapes idempotent."""
    spelt = escapes.read(text) if escapes.SIGNS.search(text) is not None else None
    if spelt is None:
        return _folded(text)
    folded = _folded(spelt.text)
    if folded.starts is None and not folded.skipped:
        return Folded(folded.text, spelt.starts, (), spelt.ends)
    kept = range(len(spelt.text)) if folded.starts is None else folded.starts
    skipped = tuple((spelt.starts[start], spelt.ends[end - 1]) for start, end in folded.skipped)
    return Folded(folded.text, [spelt.starts[i] for i in kept], skipped, [spelt.ends[i] for i in kept])


def _folded(text: str) -> Folded:
    if not text.isascii():
        text = _foreign().sub(_plain, text)
    pieces = list(_pieces(text))
    skipped: tuple[tuple[int, int], ...] = ()
    if len(text) >= LONGEST_TOKEN:
        skipped = tuple(m.span() for m in _LONG_TOKEN.finditer(text))
        if skipped:
            pieces = _merged(pieces, skipped)
    starts = None
    if pieces:
        text, starts = splice(text, [(a, b, _SHRUNK[kind]) for a, b, kind in pieces])
    if not text.isascii() and _COUNTS.search(text) is not None:
        text = _BESIDE.sub(lambda m: m[0].translate(_PLAIN), text)
    return Folded(text, starts, skipped)


def _pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """What is made shorter, and of which kind it is. Most texts hold none; to look for one character is quick."""
    begun = _SHRINKS.search(text)
    while begun is not None:
        found = _SHRINK.match(text, begun.start())
        if found is not None:
            yield (*found.span(), found.lastgroup or "")
        begun = _SHRINKS.search(text, begun.end() if found is None else found.end())


def _merged(pieces: list[tuple[int, int, str]], tokens: tuple[tuple[int, int], ...]) -> list[tuple[int, int, str]]:
    """Tokens swallow what lies inside them; a token never overlaps a piece partly, for they share no character."""
    kept = [p for p in pieces if not any(a <= p[0] and p[1] <= b for a, b in tokens)]
    return sorted([*kept, *((a, b, "token") for a, b in tokens)])


def splice(text: str, pieces: Sequence[tuple[int, int, str]]) -> tuple[str, list[int]]:
    """`text` with each ``(start, end, replacement)`` put in, sorted and disjoint, replacements of at most one
    code point; and for each new code point the index in `text` where it came from."""
    parts: list[str] = []
    kept: list[int] = []
    at = 0
    for start, end, replacement in pieces:
        parts += [text[at:start], replacement]
        kept.extend(range(at, start + len(replacement)))
        at = end
    parts.append(text[at:])
    kept.extend(range(at, len(text)))
    return "".join(parts), kept


def rows_to_fold(texts: pa.Array) -> npt.NDArray[np.int64]:
    """Rows of a string array that `fold` would change; nulls are not among them. Vectorised (Hyperscan, RE2)."""
    changed = _gated(texts)
    if changed is None:
        changed = _matching(texts, "|".join(_gates()))
    long_rows = _long_rows(texts)
    if len(long_rows):
        some = texts.take(pa.array(long_rows))
        if some.nbytes < _FEW_BYTES or _may_hold_token(some):
            tokens = [i for i, text in enumerate(some.to_pylist()) if _LONG_TOKEN.search(text)]
            changed = np.union1d(changed, long_rows[tokens])
    return changed.astype(np.int64)


def _long_rows(texts: pa.Array) -> npt.NDArray[np.int64]:
    """Rows that may hold an unbroken token. A null has no length."""
    if pa.types.is_large_string(texts.type) and len(texts):
        edges = np.frombuffer(texts.buffers()[1], dtype=np.int64, count=len(texts) + 1, offset=texts.offset * 8)
        found = np.flatnonzero(np.diff(edges) >= LONGEST_TOKEN)
        return found[texts.take(pa.array(found)).is_valid().to_numpy(zero_copy_only=False)] if len(found) else found
    lengths = pc.fill_null(pc.greater_equal(pc.binary_length(texts), LONGEST_TOKEN), False)
    return np.flatnonzero(lengths.to_numpy(zero_copy_only=False))


def _may_hold_token(texts: pa.Array) -> bool:
    """Whether a few bytes anywhere in a raster are all of a token: a long one lies over a point of the raster."""
    values = texts.buffers()[-1]
    data = np.frombuffer(values, dtype=np.uint8) if values is not None else np.zeros(0, dtype=np.uint8)
    points = np.arange(0, len(data) - _RUN, LONGEST_TOKEN // 2)
    return bool(_TOKEN_BYTES[data[points[:, None] + np.arange(_RUN)]].all(axis=1).any())


def _matching(texts: pa.Array, expression: str) -> npt.NDArray[np.int64]:
    found = pc.fill_null(pc.match_substring_regex(texts, pattern=expression), False)
    return np.flatnonzero(found.to_numpy(zero_copy_only=False))


def _gated(texts: pa.Array) -> npt.NDArray[np.int64] | None:
    """Rows that the gates open to; ``None``: not told, for want of Hyperscan or because the array is not of large
    strings. Rows lie end to end, and what reaches from one into the next is looked at again."""
    scan = _gate_scan() if pa.types.is_large_string(texts.type) and len(texts) else None
    if scan is None:
        return None
    _, offsets, values = texts.buffers()
    if values is None:
        return np.zeros(0, dtype=np.int64)
    edges = np.frombuffer(offsets, dtype=np.int64, count=len(texts) + 1, offset=texts.offset * 8)
    ends, which = scan.ends(memoryview(values), int(edges[0]), int(edges[-1]))
    rows = np.searchsorted(edges[1:], ends, side="left")
    inside = ends - edges[rows] > np.array([4, _LONGEST_ESCAPE, 4 * LONGEST_MARK])[which]
    open_rows, unsure = np.unique(rows[inside]), np.unique(rows[~inside])
    unsure = unsure[~np.isin(unsure, open_rows)]
    again = re.compile("|".join(_gates()))
    sure = [again.search(text or "") is not None for text in texts.take(pa.array(unsure)).to_pylist()]
    return np.union1d(open_rows, unsure[np.array(sure, dtype=bool)])


@lru_cache(maxsize=1)
def _gate_scan() -> Any:
    from governance.recognisers.needle_scan import TextScan

    try:
        return TextScan(_gates())
    except ImportError:
        return None


__all__ = ["FILLER", "LONGEST_TOKEN", "STARS", "TOKEN", "Folded", "fold", "rows_to_fold", "splice"]
