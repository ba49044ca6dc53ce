"""One way of writing for text, before anything looks for personal data in it.

Ingest calls `normalise` on free text first, so that recognisers read what a release will hold: an e-mail address cut by
a tag or written in entities is whole by then. Nothing takes text apart after that.

* control and zero-width characters go (joiners stay inside emoji and in scripts that need them);
* full-width letters and digits become ASCII; Chinese punctuation stays as it is;
* Unicode normal form C;
* one sort of line end and of space; spaces at the ends of lines and more than one blank line go;
* mark-up goes as `transforms.markup` says, emoji stay.

Normalising twice is normalising once, for every text: rows are worked on until they stay as they are. Each step is a
regular expression of Polars (Rust), which takes time in proportion to the text whatever the text is; only rows that
need a step go through it. Placeholders of scrubbing are never touched.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from transforms.markup import MARKUPS, remove

#: Sooner or later text stays as it is. What still decodes to something else after so many rounds was made to.
_ROUNDS = 6

_INVISIBLE = (
    r"\x{00AD}\x{034F}\x{061C}\x{115F}\x{1160}\x{17B4}\x{17B5}\x{180B}-\x{180F}\x{200B}\x{200E}\x{200F}"
    r"\x{202A}-\x{202E}\x{2060}-\x{206F}\x{3164}\x{FEFF}\x{FFA0}\x{FFF9}-\x{FFFB}\x{E0000}-\x{E007F}"
)
_CONTROL = r"\x00-\x08\x0E-\x1F\x7F-\x84\x86-\x9F"
_LINE_ENDS = r"\r\n|[\r\x0B\x0C\x{0085}\x{2028}\x{2029}]"
_SPACES = r"\x{00A0}\x{1680}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}"
#: Behind these a joiner joins nothing: ASCII, and scripts whose characters do not change beside each other.
_UNJOINED = r"[\x00-\x{024F}\x{0370}-\x{052F}\x{2010}-\x{2046}\x{3001}-\x{9FFF}\x{AC00}-\x{D7A3}\x{FF00}-\x{FFEF}]"
_FULL_WIDTH = [chr(code) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))]
_ASCII = [chr(ord(sign) - 0xFEE0) for sign in _FULL_WIDTH]

#: Every code point that normal form C changes, or that may change what stands before it; and some more.
_UNSTABLE = (
    r"\p{M}\x{0340}-\x{0387}\x{0958}-\x{0A5E}\x{0B5C}\x{0B5D}\x{0F43}-\x{0FB9}\x{1100}-\x{11FF}\x{1F71}-\x{1FFD}"
    r"\x{2000}\x{2001}\x{2126}-\x{212B}\x{2329}\x{232A}\x{2ADC}\x{F900}-\x{FAFF}\x{FB1D}-\x{FB4E}"
    r"\x{1D15E}-\x{1D1C0}\x{2F800}-\x{2FA1F}"
)
_ODD = rf"[{_CONTROL}{_INVISIBLE}\r\x0B\x0C\x{{0085}}\x{{2028}}\x{{2029}}{_SPACES}０-９Ａ-Ｚａ-ｚ\x{{200C}}\x{{200D}}]"
_LOOSE = r"[ \t]\n|\n\n\n|^\s|\s$"


def normalise(texts: pa.Array, markup: str = "none") -> pa.Array:
    """The texts in normal form; nulls stay. The same array where nothing changes. ``markup`` is one of `MARKUPS`."""
    column = _series(texts)
    rows = _having(column, _wanted(markup))
    if rows is None:
        return texts
    some = column.gather(rows)
    for _ in range(_ROUNDS):
        new = _once(some, markup)
        moved = np.flatnonzero((new != some).to_numpy())
        rows, some = rows[moved], new.gather(moved)
        column.scatter(rows, some)
        again = _having(some, _wanted(markup))
        if again is None:
            break
        rows, some = rows[again], some.gather(again)
    else:
        # Without these two signs there is neither a tag nor an entity.
        some = some.str.replace_all("[&<]", " ")
        for _ in range(3):
            some = _once(some, markup)
        column.scatter(rows, some)
    return column.to_arrow().cast(texts.type)


def _series(texts: pa.Array) -> pl.Series:
    column = pl.from_arrow(texts)
    assert isinstance(column, pl.Series)
    return column.cast(pl.String)


def _wanted(markup: str) -> str:
    marks = {"none": "", "subtitle": r"|[<&{\\]", "html": r"|[<&]|[ \t]{2}", "chat": r"|[<&\[]"}[markup]
    return f"{_ODD}|[{_UNSTABLE}]|{_LOOSE}{marks}"


def _once(texts: pl.Series, markup: str) -> pl.Series:
    texts = _each(texts, f"[{_CONTROL}{_INVISIBLE}]", "")
    texts = _each(texts, rf"({_UNJOINED})[\x{{200C}}\x{{200D}}]+", "$1")
    texts = _each(texts, r"(^|\n)[\x{200C}\x{200D}]+", "$1")
    texts = _each(texts, _LINE_ENDS, "\n")
    if (rows := _having(texts, "[０-９Ａ-Ｚａ-ｚ]")) is not None:
        texts.scatter(rows, texts.gather(rows).str.replace_many(_FULL_WIDTH, _ASCII))
    if (rows := _having(texts, f"[{_UNSTABLE}]")) is not None:
        texts.scatter(rows, texts.gather(rows).str.normalize("NFC"))
    texts = _each(texts, f"[{_SPACES}]", " ")
    texts = remove(texts, markup)
    if markup == "html":
        texts = _each(texts, r"[ \t]{2,}", " ")
    texts = _each(texts, r"[ \t]+(\n|$)", "$1")
    texts = _each(texts, r"\n{3,}", "\n\n")
    return texts.str.replace(r"^\s*\n", "").str.strip_chars_end()


def _having(texts: pl.Series, pattern: str) -> NDArray[np.int64] | None:
    """Places of texts that match; ``None`` where there is none."""
    rows = np.flatnonzero(texts.str.contains(pattern).fill_null(False).to_numpy())
    return rows if len(rows) else None


# Series.scatter writes into the series that it is called on, so it is called on new ones alone.
def _each(texts: pl.Series, pattern: str, instead: str) -> pl.Series:
    return texts.str.replace_all(pattern, instead)


__all__ = ["MARKUPS", "normalise"]
