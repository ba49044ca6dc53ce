"""The shape of a value: what may be shown of it in a log, a report or a quarantine sample."""

from __future__ import annotations

import unicodedata


def _mask(character: str) -> str:
    kind = unicodedata.category(character)
    if kind[0] == "N":
        return "0"
    if kind in ("Lu", "Lt"):
        return "X"
    if kind == "Ll":
        return "x"
    if kind[0] == "L":
        return "字"
    if kind[0] == "M":
        return ""
    if kind[0] in "ZC":
        # A value must not fill many lines of a log; format and private characters may carry text.
        return " " if character in "\t\n\r\v\f\x85" or kind[0] == "Z" else "□"
    # Circled letters, squared words and the like are symbols to Unicode but spell the value all the same.
    folded = unicodedata.normalize("NFKC", character)
    if folded != character and any(c.isalnum() for c in folded):
        return "".join(_mask(c) for c in folded)
    return character


class _Shapes(dict[int, str]):
    """A table for `str.translate` that works each character out once."""

    def __missing__(self, codepoint: int) -> str:
        shown = self[codepoint] = _mask(chr(codepoint))
        return shown


_SHAPES = _Shapes()


def shape(text: str, limit: int = 80) -> str:
    """`text` with every letter and digit replaced, at most `limit` code points long.

    Digits become ``0``, capitals ``X``, small letters ``x``, letters without case ``字``; spaces and
    punctuation stay, line breaks become spaces, combining marks go, other invisible characters become ``□``.
    A longer text ends in ``…``. No letter or digit of the value is in the result, so it may stand in logs.
    """
    shown = text[: limit + 1].translate(_SHAPES)
    if len(text) > limit or len(shown) > limit:
        return shown[: limit - 1] + "…"
    return shown
