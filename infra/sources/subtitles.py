"""Subtitles: SubRip (SRT) and SubStation Alpha (SSA, ASS). A cue is a record; its text is kept as written, with
line breaks, ``\\N`` and tags."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from infra.sources.columns import Part, projection, with_nulls
from infra.sources.context import Context
from infra.sources.model import Drift, Reason, Reject, SourceUnreadable, sample_of
from infra.sources.records import blocks, split, trouble

_TIMES = re.compile(r"\s*(\d+:\d{1,2}:\d{1,2}(?:[.,]\d+)?)\s*-->\s*(\d+:\d{1,2}:\d{1,2}(?:[.,]\d+)?)(?:\s.*)?")
_LIKE_TIMES = re.compile(r"-+>|^\s*\d+:\d+:\d+")
_SRT = ("index", "start", "end", "text")
_ASS = ("layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text")


class _Cues:
    """Collects cues and makes parts of them."""

    def __init__(self, context: Context, names: tuple[str, ...]) -> None:
        self.context = context
        self.projection = projection(context.fields, names, context.label)
        self.rows: list[tuple[int, dict[str, str | None]]] = []
        self.rejects: list[Reject] = []

    def add(self, position: int, values: dict[str, str | None], raw: str) -> None:
        wrong = trouble(raw, self.context.source.max_record_bytes)
        if wrong:
            self.reject(position, wrong, raw)
        else:
            self.rows.append((position, values))

    def reject(self, position: int, reason: Reason, raw: str) -> None:
        self.rejects.append(Reject(position, reason, sample_of(raw)))

    def part(self) -> Part:
        rows, self.rows = self.rows, []
        rejects, self.rejects = self.rejects, []
        positions = np.asarray([position for position, _ in rows], np.int64)
        columns = {
            name: with_nulls(
                pa.array([values.get(name) for _, values in rows], pa.string()), self.context.source.null_values
            )
            for name in self.projection.needed
        }
        arrays = self.projection.arrays(columns, positions, self.context.specials)
        return Part(arrays, positions, rejects)

    def drift(self) -> list[Drift]:
        return [drift for drift in self.projection.drift if drift.kind == "missing"]


def read_srt(chunks: Iterator[str], context: Context) -> Iterator[Part | Drift]:
    """Cues of a SubRip file: ``index``, ``start``, ``end``, ``text``. Positions are the line where a cue begins.

    A cue lasts until the next times, so its text may hold blank lines; one without a number is read. Lines that look
    like times and are none, and text before the first cue, are rejected as malformed.
    """
    srt = _Srt(_Cues(context, _SRT), context.source.max_record_bytes)
    yield from srt.cues.drift()
    for block in blocks(chunks, "\n", srt.limit, context.truncated):
        if isinstance(block, Reject):
            srt.broken(block)
            continue
        for number, line in enumerate(split(block.text, "\n"), block.first):
            srt.line(number, line)
        yield srt.cues.part()
    srt.end()
    yield srt.cues.part()


class _Srt:
    """Follows the lines of a SubRip file: blocks of lines between blank ones, and the cue that they belong to."""

    def __init__(self, cues: _Cues, limit: int) -> None:
        self.cues, self.limit = cues, limit
        self._block: list[str] = []
        self._first = self._block_size = 0
        self._cue: list[str] = []  # number (or nothing), times, text
        self._at = self._cue_size = 0

    def line(self, number: int, line: str) -> None:
        if line.strip():
            if not self._block:
                self._first = number
            if self._block_size <= self.limit:
                self._block.append(line)
            self._block_size += len(line) + 1
        elif self._block:
            self._end_block()

    def broken(self, reject: Reject) -> None:
        """A line too long to hold, or the end of a stream that was cut short."""
        if reject.reason == "truncated":
            lost = "\n".join([*self._cue, *self._block, reject.sample])
            at = self._at if self._cue else self._first if self._block else reject.position
            self.cues.reject(at, "truncated", lost)
            self._cue, self._block = [], []
        else:
            self.line(reject.position, reject.sample)
            self._block_size += self.limit

    def end(self) -> None:
        if self._block:
            self._end_block()
        self._end_cue()

    def _end_block(self) -> None:
        lines, self._block = self._block, []
        size, self._block_size = self._block_size, 0
        at = next((i for i in (0, 1) if i < len(lines) and _TIMES.fullmatch(lines[i])), None)
        if at == 0 or (at == 1 and lines[0].strip().isdigit()):
            self._end_cue()
            self._cue, self._at, self._cue_size = lines if at else ["", *lines], self._first, size
        elif self._cue and not any(_LIKE_TIMES.search(line) for line in lines[:2]):
            self._cue_size += size
            if self._cue_size <= self.limit:
                self._cue += ["", *lines] if len(self._cue) > 2 else lines
        else:
            self.cues.reject(self._first, "record_too_large" if size > self.limit else "malformed", "\n".join(lines))

    def _end_cue(self) -> None:
        cue, self._cue = self._cue, []
        if not cue:
            return
        raw = "\n".join(cue).lstrip("\n")
        if self._cue_size > self.limit:
            self.cues.reject(self._at, "record_too_large", raw)
            return
        times = _TIMES.fullmatch(cue[1])
        assert times is not None
        text = "\n".join(cue[2:])
        values = {"index": cue[0].strip() or None, "start": times[1], "end": times[2], "text": text}
        self.cues.add(self._at, values, raw)


def read_ass(chunks: Iterator[str], context: Context) -> Iterator[Part | Drift]:
    """``Dialogue`` lines of the ``[Events]`` section, by the names of its ``Format`` line in lower case; ``index``
    counts them from 1. ``Comment`` lines are no dialogue and are left out, as players do.

    Raises:
        SourceUnreadable: The file has text but no ``[Events]`` section.
    """
    names: tuple[str, ...] = _ASS
    cues: _Cues | None = None
    section, index, any_text, events = "", 0, False, False
    for block in blocks(chunks, "\n", context.source.max_record_bytes, context.truncated):
        if isinstance(block, Reject):
            cues = cues or _Cues(context, ("index", *names))
            cues.reject(block.position, block.reason, block.sample)
            continue
        for number, line in enumerate(split(block.text, "\n"), block.first):
            text = line.strip()
            any_text = any_text or bool(text)
            if text.startswith("[") and text.endswith("]"):
                section = text.lower()
                events = events or section == "[events]"
                continue
            if section != "[events]":
                continue
            kind, _, rest = line.lstrip().partition(":")
            if kind.lower() == "format":
                names = tuple(name.strip().lower() for name in rest.split(","))
            elif kind.lower() == "dialogue":
                if cues is None:
                    cues = _Cues(context, ("index", *names))
                    yield from cues.drift()
                values = rest.lstrip().split(",", len(names) - 1)
                if len(values) < len(names):
                    cues.reject(number, "columns_missing", line)
                    continue
                index += 1
                cues.add(number, {"index": str(index), **dict(zip(names, values, strict=True))}, line)
        if cues is not None:
            yield cues.part()
    if any_text and not events and not context.truncated():
        raise SourceUnreadable(
            f"{context.label} has no [Events] section: it is no SubStation Alpha file",
            fix="correct `format` in the contract",
        )
    if cues is not None:
        yield cues.part()
