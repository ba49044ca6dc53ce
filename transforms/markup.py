"""Mark-up of web pages, subtitles and chats, taken off text.

Tags are taken off by the names that each sort of mark-up has, so that ``List<String>``, ``<someone@example.org>``, ``a < b``
and the placeholders of scrubbing stay. Every pattern runs alone over the text, without look-around or alternatives
that would have to be tried twice: time is in proportion to the text, also for a million unclosed tags.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

import polars as pl

MARKUPS = ("none", "html", "subtitle", "chat")
"""``html``: tags, comments, scripts, styles, entities. ``subtitle``: overrides of ASS (``{\\an8}``, ``\\N``), tags of
SRT and WebVTT, entities. ``chat``: tags, entities, BBCode, links with labels."""

#: Behind these the line ends.
_BLOCKS = (
    "article aside blockquote br center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header "
    "hr li main nav ol option p pre section select summary table tbody tfoot thead tr ul"
).split()
#: A space stands for these.
_CELLS = ["td", "th", "caption", "img", "input", "button"]
_INLINE = (
    "a abbr acronym b base bdi bdo big body canvas cite code col colgroup data del dfn em embed font head html i iframe ins "
    "kbd label link map mark meta noscript object param picture q rp rt ruby s samp small source span strike strong sub "
    "sup svg path textarea time title track tt u var video audio wbr"
).split()
_SUBTITLE = ["i", "b", "u", "s", "font", "c", "v", "ruby", "rt", "lang", "span"]

#: What stands behind a tag's name: attributes, in which > may stand in quotes; if the quotes do not fit, up to the next >.
_QUOTED = r"""(?:[\s/](?:[^<>"']|"[^"<\n]*"|'[^'<\n]*')*)?>"""
_ROUGH = r"(?:[\s/][^<>]*)?>"

_ENTITY = re.compile(r"&(?:#[0-9]{1,7};?|#[xX][0-9A-Fa-f]{1,6};?|[A-Za-z][A-Za-z0-9]{1,31};)")
_ENTITY_THERE = r"&(?:#[0-9]|#[xX][0-9A-Fa-f]|[A-Za-z][A-Za-z0-9]{1,31};)"

_WHOLE = (r"(?s)<!--.*?-->", r"(?is)<script(?:\s[^>]*)?>.*?</script\s*>", r"(?is)<style(?:\s[^>]*)?>.*?</style\s*>")
_DECLARED = r"(?i)<!doctype[^<>]*>|<!\[CDATA\[|\]\]>|<\?xml[^<>]*>"
_BBCODE = r"(?i)\[/?(?:b|i|u|s|url|img|quote|code|color|size|font|list|center|email)(?:=[^\[\]\n]{0,300})?\]"


def remove(texts: pl.Series, markup: str) -> pl.Series:
    """The texts without mark-up, one round of it: what entities stood for may be mark-up again."""
    if markup == "none":
        return texts
    if markup == "subtitle":
        texts = texts.str.replace_all(r"\{\\[^{}\n]*\}", "")
        texts = texts.str.replace_all(r"\\[Nn]", "\n").str.replace_all(r"\\h", " ")
        texts = texts.str.replace_all(r"<[0-9:.]{5,12}>", "")
        texts = _tags(texts, ["br"], "\n")
        texts = texts.str.replace_all(rf"(?i)</?(?:{'|'.join(_SUBTITLE)})(?:\.[\w.-]+)?{_QUOTED}", "")
        return _decoded(_tags(texts, _SUBTITLE, ""))
    if markup == "chat":
        texts = texts.str.replace_all(r"<(https?://[^\s<>|]+)\|([^<>|\n]*)>", "$2 $1")
        texts = texts.str.replace_all(_BBCODE, "")
    for pattern in _WHOLE:
        texts = texts.str.replace_all(pattern, " ")
    texts = texts.str.replace_all(_DECLARED, "")
    texts = _tags(texts, _BLOCKS, "\n")
    texts = _tags(texts, _CELLS, " ")
    # Taken off without a space: tags stand inside words too.
    texts = _tags(texts, [*_INLINE, "script", "style"], "")
    return _decoded(texts)


def _tags(texts: pl.Series, names: list[str], instead: str) -> pl.Series:
    for rest in (_QUOTED, _ROUGH):
        texts = texts.str.replace_all(_pattern(tuple(names), rest), instead)
    return texts


@lru_cache(maxsize=16)
def _pattern(names: tuple[str, ...], rest: str) -> str:
    return rf"(?i)</?(?:{'|'.join(names)}){rest}"


def _decoded(texts: pl.Series) -> pl.Series:
    rows = texts.str.contains(_ENTITY_THERE).arg_true()
    if not len(rows):
        return texts
    # Entities of entities: a chain of them is one.
    some = texts.gather(rows).str.replace_all(r"&(?:amp;)+", "&").to_list()
    return texts.scatter(rows, pl.Series([_ENTITY.sub(_sign, text) for text in some], dtype=pl.String))


def _sign(found: re.Match[str]) -> str:
    return html.unescape(found[0])


__all__ = ["MARKUPS", "remove"]
