"""Find words of many scripts in a short window, each with the edges that its script has."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LATIN = "A-Za-zÀ-ɏḀ-ỿ"
_CYRILLIC = "Ѐ-ӿ"


class WordFinder:
    """The last of some words in a lower-case text.

    Latin words match whole ("tel" is not in "hotel") or, written "llam*", as beginnings; Cyrillic words always as
    beginnings, for they are inflected; all others anywhere, because scripts without spaces and agglutinating
    languages have no word edges to look for. Of words that begin at one place the longest counts. One expression a
    script, as tries: an alternation of some hundred words is tried word by word at every place. ``at_end``: only
    where the word ends the text.
    """

    def __init__(self, words: Iterable[str], *, at_end: bool = False) -> None:
        known = {word.lower() for word in words}
        stems = {word.rstrip("*") for word in known if word.endswith("*")}
        known = {word for word in known if not word.endswith("*")}
        latin = {word for word in known if re.match(f"[{_LATIN}]", word)}
        cyrillic = {word for word in known if re.match(f"[{_CYRILLIC}]", word)}
        end = r"\Z" if at_end else ""
        self._other = _compiled("", known - latin - cyrillic, end)
        self._latin = _compiled(f"(?<![{_LATIN}])", latin, end or f"(?![{_LATIN}])")
        self._stems = _compiled(f"(?<![{_LATIN}])", stems, end)
        self._cyrillic = _compiled(f"(?<![{_CYRILLIC}])", cyrillic, end)

    def last(self, text: str) -> str | None:
        """The word that ends last in `text`, ``None`` if there is none."""
        word, furthest = None, -1
        others = () if text.isascii() else (self._other, self._cyrillic)
        for finder in (self._latin, self._stems, *others):
            if finder is None:
                continue
            for found in finder.finditer(text):
                if found.end() > furthest:
                    word, furthest = found[0], found.end()
        return word


def _compiled(left: str, words: set[str], right: str) -> re.Pattern[str] | None:
    return re.compile(left + trie(words) + right) if words else None


def trie(words: set[str]) -> str:
    """An expression that matches any of `words`, longer ones first, branching once a character."""
    if words == {""}:
        return ""
    branches = []
    for first in sorted({word[0] for word in words if word}):
        branches.append(re.escape(first) + trie({word[1:] for word in words if word[:1] == first}))
    joined = branches[0] if len(branches) == 1 and "" not in words else f"(?:{'|'.join(branches)})"
    return joined + ("?" if "" in words else "")
