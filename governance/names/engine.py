"""The lane of names and addresses: from an Arrow string array to spans like those of the pattern lane."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from governance.names import address_any, address_zh, chinese, korean, latin, thai, translit
from governance.names.block import HAN, HANGUL, LETTER, SEPARATOR, THAI, Block, Found
from governance.recognisers.automata import automaton, best_backend, cut
from governance.recognisers.engine import Spans, as_large_string, buffers, whole_characters
from governance.recognisers.normalise import FILLER, Folded, fold, rows_to_fold, splice

#: Blocks of about so many bytes at a time: arrays of a block stay in the cache.
BLOCK_BYTES = 1 << 18
REASONS = ("lexicon", "context", "model", "grammar", "work", "public_role")

#: What a name inside the title of a work is reported as: recognised and kept.
WORK, PUBLIC = "WORK_TITLE", "PUBLIC_FIGURE"
_ROLE = re.compile(
    "(?:导演|主演|歌手|演员|编剧|作词|作曲|作者|作家|制片人|监制|主持人|配音|饰演?|演唱|影帝|影后|总统|主席|总理|首相|天王|天后|"
    "director|actor|actress|singer|starring|directed by|written by|author|composer|president|prime minister|senator|"
    "cantante|presidente|diretor|sutradara|penyanyi|режиссер|актер|певец|президент|감독|배우|가수)[ :：是由为]*\\Z",
    re.IGNORECASE,
)
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
        return ("PERSON", "ADDRESS", WORK, PUBLIC)

    def scan(
        self, texts: pa.Array | pa.ChunkedArray | Sequence[str | None], languages: Sequence[str] | None = None
    ) -> Spans:
        """Spans of names and addresses in each text; nulls have none.

        ``languages`` of this call stand in for those of the engine. Placeholders and pseudonyms are never touched,
        and a text scanned again with its spans replaced holds nothing new.
        """
        array = as_large_string(texts)
        expected = self.languages if languages is None else tuple(t.lower().split("-")[0] for t in languages)
        rows = np.flatnonzero(
            pc.fill_null(pc.greater(pc.binary_length(array), 1), False).to_numpy(zero_copy_only=False)
        )
        if len(rows) < len(array):
            array = array.take(pa.array(rows))
        folds = dict(zip(*_fold(array), strict=True))
        work = array
        if folds:
            mask = np.zeros(len(array), dtype=bool)
            mask[list(folds)] = True
            work = pc.replace_with_mask(array, pa.array(mask), pa.array([f.text for f in folds.values()], array.type))
        found = [(row, item) for row, item in self._blocks(work, expected)]
        if self.settle and found:
            found = self._settle(work, found, expected)
        return _spans(array, found, folds, rows)

    def _blocks(self, array: pa.LargeStringArray, languages: tuple[str, ...] | None) -> list[tuple[int, Found]]:
        out: list[tuple[int, Found]] = []
        lengths = pc.binary_length(array).to_numpy(zero_copy_only=False)
        if not len(lengths):
            return out
        ends = np.cumsum(lengths)
        begin = 0
        while begin < len(array):
            base = ends[begin - 1] if begin else 0
            stop = max(begin + 1, int(np.searchsorted(ends, base + BLOCK_BYTES, side="right")))
            part = array.slice(begin, stop - begin)
            block = Block(part)
            units = cut(*buffers(part))
            where, which = automaton(self.backend, address_any.NEEDLES).pairs(units, address_any.REACH)
            both = np.unique((where if units.rows is None else units.rows[where]) * len(address_any.NEEDLES) + which)
            addresses = address_any.find(block, *np.divmod(both, len(address_any.NEEDLES)), languages)
            found = [self._kept(block.text, f) for f in _resolved(find(block, languages) + addresses)]
            if found:
                starts = np.array([f.start for f in found], dtype=np.int64)
                rows = block.rows_of(starts)
                firsts = block.starts[rows].tolist()
                out += [
                    (begin + row, f._replace(start=f.start - first, end=f.end - first))
                    for row, first, f in zip(rows.tolist(), firsts, found, strict=True)
                ]
            begin = stop
        return out

    def _kept(self, text: str, found: Found) -> Found:
        """The find, or what it is instead if it stays as it is."""
        if found.entity != "PERSON":
            return found
        before = text[max(0, found.start - 24) : found.start]
        if (
            before.rfind("《") > max(before.rfind("》"), before.rfind(SEPARATOR))
            and "》" in text[found.end : found.end + 24]
        ):
            return found._replace(entity=WORK, reason="work")
        if self.public_figures and (_ROLE.search(before) or _ROLE_BEHIND.match(text, found.end)):
            return found._replace(entity=PUBLIC, reason="public_role")
        return found

    def _settle(
        self, array: pa.LargeStringArray, found: list[tuple[int, Found]], languages: tuple[str, ...] | None
    ) -> list[tuple[int, Found]]:
        """Scan rows with finds again with the finds blotted out, until nothing new comes up."""
        everything: dict[int, list[Found]] = {}
        for row, item in found:
            everything.setdefault(row, []).append(item)
        pending = {
            row: gone
            for row, items in everything.items()
            if (gone := [f for f in items if f.entity not in (WORK, PUBLIC)])
        }
        first = sorted(pending)
        texts = array.take(pa.array(first, pa.int64())).to_pylist()
        state: dict[int, tuple[str, Sequence[int]]] = {
            row: (text, range(len(text))) for row, text in zip(first, texts, strict=True)
        }
        for _ in range(8):
            if not pending:
                break
            rows = sorted(pending)
            for row in rows:
                text, origin = state[row]
                shorter, stayed = splice(text, [(f.start, f.end, FILLER) for f in sorted(pending[row])])
                state[row] = shorter, [origin[i] for i in stayed]
            again = self._blocks(pa.array([state[row][0] for row in rows], pa.large_string()), languages)
            pending = {}
            for i, item in again:
                if item.entity in (WORK, PUBLIC):
                    continue
                row = rows[i]
                origin = state[row][1]
                pending.setdefault(row, []).append(item)
                start, end = origin[item.start], origin[item.end - 1] + 1
                # What was kept and is somebody's name after all is kept no longer.
                stay = [f for f in everything[row] if f.end <= start or end <= f.start]
                everything[row] = [*stay, item._replace(start=start, end=end)]
        return [(row, item) for row in sorted(everything) for item in sorted(everything[row])]


def _rebuild(languages: tuple[str, ...] | None, backend: str, settle: bool, public_figures: bool) -> NameEngine:
    return NameEngine(languages, backend=backend, settle=settle, public_figures=public_figures)


#: Class of characters, languages written in it, what looks for names and addresses in it.
_SCRIPTS: tuple[tuple[int, set[str], tuple[Callable[[Block], list[Found]], ...]], ...] = (
    (HAN, {"zh", "ja"}, (chinese.find, translit.find, address_zh.find)),
    (HANGUL, {"ko"}, (korean.find,)),
    (THAI, {"th"}, (thai.find,)),
)


def find(block: Block, languages: tuple[str, ...] | None) -> list[Found]:
    """All finds of a block, overlapping as they may be."""
    found: list[Found] = []
    if block.has(LETTER):
        found += latin.find(block)
    for kind, tags, finders in _SCRIPTS:
        if (languages is None or tags & set(languages)) and block.has(kind):
            part, rows = block.part(kind)
            for finder in finders:
                found += block.moved(finder(part), part, rows)
    return found


def _resolved(found: list[Found]) -> list[Found]:
    """Disjoint finds: addresses before names, longer before shorter, higher scores first."""
    taken: list[Found] = []
    ordered = sorted(set(found), key=lambda f: (f.entity != "ADDRESS", f.start - f.end, -f.score, f.start))
    if len(ordered) < 2:
        return ordered
    covered: dict[int, Found] = {}
    for item in ordered:
        start, end = item.start, item.end
        while start < end and start in covered:
            start += 1
        while end > start and end - 1 in covered:
            end -= 1
        if end - start < 2 or (end - start < item.end - item.start and item.entity == "PERSON"):
            continue
        item = item._replace(start=start, end=end)
        covered.update(dict.fromkeys(range(start, end), item))
        taken.append(item)
    return sorted(taken)


def _fold(array: pa.LargeStringArray) -> tuple[list[int], list[Folded]]:
    rows = rows_to_fold(array)
    return rows.tolist(), [fold(text) for text in array.take(pa.array(rows)).to_pylist()]


def _spans(
    array: pa.LargeStringArray, found: list[tuple[int, Found]], folds: dict[int, Folded], rows: np.ndarray
) -> Spans:
    entities = tuple(sorted({f.entity for _, f in found}))
    recognisers = tuple(sorted({f.recogniser for _, f in found}))
    originals: dict[int, str] = {}
    hit = sorted({row for row, _ in found})
    if hit:
        originals = dict(zip(hit, array.take(pa.array(hit)).to_pylist(), strict=True))
    out: list[tuple[int, int, int, int, float, int, int, bool]] = []
    for row, f in found:
        start, end = f.start, f.end
        if row in folds:
            start, end = folds[row].original(start, end)
        if not originals[row].isascii():
            start, end = whole_characters(originals[row], start, end)
        if out and out[-1][0] == rows[row] and start < out[-1][2]:
            start = out[-1][2]
            if start >= end:
                continue
        out.append(
            (
                int(rows[row]),
                start,
                end,
                entities.index(f.entity),
                f.score,
                recognisers.index(f.recogniser),
                REASONS.index(f.reason),
                f.entity in (WORK, PUBLIC),
            )
        )
    return Spans.of(
        out,
        entities=entities,
        recognisers=recognisers,
        reasons=REASONS,
    )
