"""The lane of names and addresses: from an Arrow string array to spans like those of the pattern lane."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from governance.names import (
    address_any,
    address_ko,
    address_ru,
    address_th,
    address_zh,
    answers,
    chinese,
    korean,
    lane,
    latin,
    malay,
    russian,
    styles,
    thai,
    translit,
    vietnamese,
    vietnamese_plain,
)
from governance.names.block import CYRILLIC, HAN, HANGUL, LETTER, SEPARATOR, THAI, Block, Found
from governance.names.lexicon import Ints
from governance.recognisers.automata import best_backend
from governance.recognisers.engine import Spans

#: Blocks of about so many bytes at a time: fewer calls, and arrays that stay near the cache.
BLOCK_BYTES = 15 << 16
REASONS = ("lexicon", "context", "model", "grammar", "work", "public_role")

#: What a name inside the title of a work is reported as: recognised and kept.
WORK, PUBLIC = "WORK_TITLE", "PUBLIC_FIGURE"
ENTITIES = ("PERSON", "ADDRESS", WORK, PUBLIC)
_ROLE = re.compile(
    "(?:导演|主演|歌手|演员|编剧|作词|作曲|作者|作家|制片人|监制|主持人|配音|饰演?|演唱|影帝|影后|总统|主席|总理|首相|天王|天后|"
    "director|actor|actress|singer|starring|directed by|written by|author|composer|president|prime minister|senator|"
    "cantante|presidente|diretor|sutradara|penyanyi|режиссер|актер|певец|президент|감독|배우|가수)[ :：是由为]*\\Z",
    re.IGNORECASE,
)
#: How far from a name the signs stand between which a title is given.
_TITLE_REACH = 24
_TITLE_ENDS = np.uint32(ord("》"))
_ROLE_BEHIND = re.compile("(?:执导|主演|饰演|演唱|导演|作词|作曲|的(?:电影|专辑|歌|新片|新歌|代表作))")


class NameEngine:
    """Finds names of people and postal addresses. Picklable; the lexicons are loaded once in a process.

    ``public_figures``: for media text: a name beside a public role (director, singer, president) is reported as
    `PUBLIC` and kept, for the policy to decide. A name inside the title of a work (《…》) is kept everywhere.
    ``languages``: BCP 47 tags of the languages to expect; ``None`` for all that are known. A script that none of
    them is written in is not looked at.
    """

    def __init__(
        self,
        languages: Sequence[str] | None = None,
        *,
        backend: str = "auto",
        settle: bool = True,
        public_figures: bool = False,
    ) -> None:
        self.languages = None if languages is None else tuple(sorted({t.lower().split("-")[0] for t in languages}))
        self.settle = settle
        self.public_figures = public_figures
        self.backend = best_backend() if backend == "auto" else backend

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self.languages, self.backend, self.settle, self.public_figures)

    def supported_entities(self) -> tuple[str, ...]:
        return ENTITIES

    def scan(
        self, texts: pa.Array | pa.ChunkedArray | Sequence[str | None], languages: Sequence[str] | None = None
    ) -> Spans:
        """Spans of names and addresses in each text; nulls have none.

        ``languages`` of this call stand in for those of the engine. Placeholders and pseudonyms are never touched,
        and a text scanned again with its spans replaced holds nothing new.
        """
        return lane.scan(
            texts,
            lambda folded: self.look(folded, languages),
            settle=self.settle,
            again=lambda folded, _gone: self.look(folded, languages, again=True),
        )

    def look(self, texts: pa.LargeStringArray, languages: Sequence[str] | None = None, *, again: bool = False) -> Spans:
        """Spans in folded texts without nulls, as they show at the first look; ``languages`` as in `scan`.

        ``again``: what was found at the first look is blotted out.
        """
        expected = self.languages if languages is None else tuple(t.lower().split("-")[0] for t in languages)
        parts: list[tuple[Ints, Ints, Ints, list[Found]]] = []
        lengths = pc.binary_length(texts).to_numpy(zero_copy_only=False)
        ends = np.cumsum(lengths)
        begin = 0
        while begin < len(texts):
            base = ends[begin - 1] if begin else 0
            stop = max(begin + 1, int(np.searchsorted(ends, base + BLOCK_BYTES, side="right")))
            part = texts.slice(begin, stop - begin)
            block = Block(part, again=again)
            pointed = address_any.look(block, self.backend, expected)
            pointed += vietnamese_plain.look(block, self.backend) + answers.look(block, self.backend)
            found = resolved(find(block, expected) + pointed)
            if found:
                starts, stops = _edges(found)
                found = self._kept(block, found, stops)
                rows = block.rows_of(starts)
                across = (starts < 0) | (stops >= block.starts[rows + 1])
                if across.any():
                    # Spans that leave their text would be memory of others to whoever cuts them out.
                    whose = sorted({found[i].recogniser for i in np.flatnonzero(across).tolist()})
                    raise RuntimeError(f"{', '.join(whose)}: a find does not end in the text that it begins in")
                parts.append((rows + begin, starts - block.starts[rows], stops - block.starts[rows], found))
            begin = stop
        return _columns(parts)

    def _kept(self, block: Block, found: list[Found], stops: Ints) -> list[Found]:
        """The finds, or what they are instead where they stay as they are; ``stops``: where they end."""
        if self.public_figures:
            return [self._kept_one(block.text, item) if item.entity == "PERSON" else item for item in found]
        closes = np.flatnonzero(block.codes == _TITLE_ENDS)
        if not len(closes):
            return found
        # Only where a title closes soon behind it: few.
        next_one = np.minimum(np.searchsorted(closes, stops), len(closes) - 1)
        behind = closes[next_one] - stops
        for i in np.flatnonzero((behind >= 0) & (behind < _TITLE_REACH)).tolist():
            if found[i].entity == "PERSON":
                found[i] = self._kept_one(block.text, found[i])
        return found

    def _kept_one(self, text: str, found: Found) -> Found:
        before = text[max(0, found.start - _TITLE_REACH) : found.start]
        if (
            before.rfind("《") > max(before.rfind("》"), before.rfind(SEPARATOR))
            and "》" in text[found.end : found.end + _TITLE_REACH]
        ):
            return found._replace(entity=WORK, reason="work")
        if self.public_figures and (_ROLE.search(before) or _ROLE_BEHIND.match(text, found.end)):
            return found._replace(entity=PUBLIC, reason="public_role")
        return found


def _rebuild(languages: tuple[str, ...] | None, backend: str, settle: bool, public_figures: bool) -> NameEngine:
    return NameEngine(languages, backend=backend, settle=settle, public_figures=public_figures)


#: Class of characters, languages written in it, what looks for names and addresses in it.
_SCRIPTS: tuple[tuple[int, set[str], tuple[Callable[[Block], list[Found]], ...]], ...] = (
    (HAN, {"zh", "ja"}, (chinese.find, translit.find, address_zh.find)),
    (CYRILLIC, {"ru", "uk", "be", "bg", "kk", "ky", "mk", "sr"}, (russian.find, russian.find_small, address_ru.find)),
    (HANGUL, {"ko"}, (korean.find, address_ko.find)),
    (THAI, {"th"}, (thai.find, address_th.find)),
)


def find(block: Block, languages: tuple[str, ...] | None) -> list[Found]:
    """All finds of a block, overlapping as they may be."""
    found: list[Found] = []
    if block.has(LETTER):
        latin_found = malay.checked(block, vietnamese.checked(block, latin.find(block)))
        found += styles.styled(block, latin_found + malay.find(block) + vietnamese.find(block))
    for kind, tags, finders in _SCRIPTS:
        if (languages is None or tags & set(languages)) and block.has(kind):
            part, rows = block.part(kind)
            for finder in finders:
                found += block.moved(finder(part), part, rows)
    return found


def _edges(found: list[Found]) -> tuple[Ints, Ints]:
    """Where finds begin and where they end."""
    first, last = (np.fromiter(map(itemgetter(k), found), np.int64, len(found)) for k in (0, 1))
    return first, last


def resolved(found: list[Found]) -> list[Found]:
    """Disjoint finds, sorted: addresses before names, longer before shorter, higher scores first."""
    if not found:
        return []
    start, end = _edges(found)
    order = np.argsort(start, kind="stable")
    first, reach = start[order], np.maximum.accumulate(end[order])
    cuts = np.flatnonzero(np.concatenate([[True], first[1:] >= reach[:-1], [True]]))
    alone = np.diff(cuts) == 1
    alone &= (reach - first)[cuts[:-1]] > 1  # a single character is no find
    begins, ends = cuts[:-1][~alone], cuts[1:][~alone]
    low, high = first[begins].tolist(), reach[ends - 1].tolist()
    ordered = [found[i] for i in order.tolist()]
    out: list[Found] = []
    done = 0
    for a, b, least, most in zip(begins.tolist(), ends.tolist(), low, high, strict=True):
        out += ordered[done:a]
        out += _apart({*ordered[a:b]}, least, most)
        done = b
    return out + ordered[done:]


def _rank(item: Found) -> tuple[bool, int, float, int]:
    return item.entity != "ADDRESS", item.start - item.end, -item.score, item.start


def _apart(found: set[Found], least: int, most: int) -> list[Found]:
    """`resolved` for finds of which each overlaps another; together they take ``least`` to ``most``."""
    for item in found:  # most: a name within an address, or the same twice
        if item.start == least and item.end == most and (len(found) == 1 or item.entity == "ADDRESS"):
            same = [other for other in found if other[:3] == item[:3]]
            return [min(same, key=lambda one: (-one.score, one))] if most - least > 1 else []
    ordered = sorted(sorted(found), key=_rank)  # the first of equals does not depend on how they come
    best = ordered[0]
    if best.start == least and best.end == most:
        return [best] if most - least > 1 else []
    taken: list[Found] = []
    covered: set[int] = set()
    for item in ordered:
        start, end = item.start, item.end
        while start < end and start in covered:
            start += 1
        while end > start and end - 1 in covered:
            end -= 1
        if end - start < 2 or (end - start < item.end - item.start and item.entity == "PERSON"):
            continue
        covered.update(range(start, end))
        taken.append(item._replace(start=start, end=end))
    return sorted(taken)


def _columns(parts: list[tuple[Ints, Ints, Ints, list[Found]]]) -> Spans:
    found = [item for _, _, _, items in parts for item in items]
    entity, score, recogniser, reason = (map(itemgetter(k), found) for k in range(2, 6))
    names = list(recogniser)
    recognisers = tuple(sorted(set(names)))
    entities = _coded(entity, ENTITIES, len(found))
    nothing = [np.zeros(0, dtype=np.int64)]
    return Spans(
        row=np.concatenate([rows for rows, _, _, _ in parts] or nothing),
        start=np.concatenate([starts for _, starts, _, _ in parts] or nothing),
        end=np.concatenate([ends for _, _, ends, _ in parts] or nothing),
        entity=entities,
        score=np.fromiter(score, np.float32, len(found)),
        recogniser=_coded(names, recognisers, len(found)),
        reason=_coded(reason, REASONS, len(found)),
        keep=entities >= ENTITIES.index(WORK),
        entities=ENTITIES,
        recognisers=recognisers,
        reasons=REASONS,
    )


def _coded(names: Iterable[str], table: Sequence[str], count: int) -> npt.NDArray[np.int32]:
    """The place of each of ``count`` names in a table."""
    place = {name: code for code, name in enumerate(table)}
    return np.fromiter(map(place.__getitem__, names), np.int32, count)
