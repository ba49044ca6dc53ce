"""Which of overlapping hits stand, and where a span must end so that no visible character is split."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import regex

from governance.recognisers.pattern import Hit, Pattern
from governance.recognisers.points import BEYOND, NOTHING
from governance.recognisers.verify import Found


def resolve(text: str, hits: list[Found], patterns: Sequence[Pattern]) -> list[Found]:
    """Disjoint hits that cover all that personal-data hits covered, sorted by start.

    The longest wins, then the higher score, then the earlier pattern. A loser inside a winner goes; of one that
    sticks out, the rest stays if it holds a letter or digit. What is only recognised to be kept yields to any
    personal-data hit that is not wholly inside it.
    """
    if len(hits) == 1:
        return hits
    ordered = sorted(set(hits), key=lambda item: (item[1].start, item[1].end, item[0]))
    out: list[Found] = []
    cluster: list[Found] = []
    furthest = -1
    for item in ordered:
        if cluster and item[1].start >= furthest:
            out += _resolve_cluster(text, cluster, patterns)
            cluster = []
        cluster.append(item)
        furthest = max(furthest, item[1].end) if len(cluster) > 1 else item[1].end
    return out + _resolve_cluster(text, cluster, patterns)


def _resolve_cluster(text: str, hits: list[Found], patterns: Sequence[Pattern]) -> list[Found]:
    """`resolve` for hits of which each overlaps another."""
    if len(hits) < 2:
        return hits
    pii = [h for p, h in hits if patterns[p].kind == "pii"]
    rivals = [
        (p, h)
        for p, h in hits
        if patterns[p].kind == "pii"
        or all(o.end <= h.start or h.end <= o.start or (h.start <= o.start and o.end <= h.end) for o in pii)
    ]
    rivals.sort(key=lambda item: (item[1].start - item[1].end, -item[1].score, item[0], item[1].start))
    taken: list[Found] = []
    for p, hit in rivals:
        for start, end in _uncovered(text, hit, taken):
            taken.append((p, hit._replace(start=start, end=end)))
    return sorted(taken, key=lambda item: item[1].start)


def _uncovered(text: str, hit: Hit, taken: list[Found]) -> list[tuple[int, int]]:
    """What `taken` leaves of a hit, from its first to its last letter or digit."""
    rest = text[hit.start : hit.end]
    touched = False
    for _, other in taken:
        if other.start < hit.end and hit.start < other.end:
            touched = True
            a, b = max(0, other.start - hit.start), min(len(rest), other.end - hit.start)
            rest = rest[:a] + "\0" * (b - a) + rest[b:]
    if not touched:
        return [(hit.start, hit.end)]
    return [(hit.start + m.start(), hit.start + m.end()) for m in _WORDY.finditer(rest)]


_CLUSTER = regex.compile(r"\X")
_PREPENDED = regex.compile(r"\p{Grapheme_Cluster_Break=Prepend}+\Z")
_WORDY = re.compile(r"[^\W_](?:[^\0]*[^\W_])?")


#: Characters at which a visible character ends and begins whatever stands beside them; all others are asked about.
_PLAIN_RANGES = (
    (0x20, 0x7F), (0xA1, 0xAD), (0xAE, 0x300), (0x370, 0x483), (0x48A, 0x530), (0xE01, 0xE31), (0xE32, 0xE33),
    (0xE3F, 0xE47), (0x1E00, 0x2000), (0x2010, 0x2028), (0x2030, 0x205F), (0x3000, 0x302A), (0x3030, 0x3099),
    (0x309B, 0xA000), (0xAC00, 0xD7A4), (0xFF01, 0xFF9E),
)  # fmt: skip
_PLAIN = bytearray(0x110000)
for _first, _last in _PLAIN_RANGES:
    _PLAIN[_first:_last] = b"\1" * (_last - _first)


@lru_cache(maxsize=1)
def plain_points() -> npt.NDArray[np.bool_]:
    """The same for code points as `Points.at` tells them: whether whole characters begin and end at them."""
    table = np.frombuffer(_PLAIN, dtype=np.uint8)[:0x10000].astype(bool)
    table[NOTHING], table[BEYOND] = True, False
    return table


def whole_characters(text: str, start: int, end: int) -> tuple[int, int]:
    """The span widened so that it splits no grapheme cluster (UAX #29): a keycap, an accent, an emoji sequence."""
    if (
        (not start or _PLAIN[ord(text[start - 1])])
        and _PLAIN[ord(text[end - 1])]
        and (end == len(text) or _PLAIN[ord(text[end])])
    ):
        return start, end
    return _widened(text, start, end)


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    if end < len(text) and not text[end].isascii():
        cluster = _CLUSTER.match(text, end - 1)
        if cluster is not None:
            end = max(end, cluster.end())
    if start and not text[start - 1].isascii():
        prepended = _PREPENDED.search(text, max(0, start - 8), start)
        if prepended is not None:
            start = prepended.start()
    return start, end
