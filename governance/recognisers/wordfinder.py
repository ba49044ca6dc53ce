"""Find words of many scripts in a short window, each with the edges that its script has."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LATIN = "A-Za-zÀ-ɏḀ-ỿ"
_CYRILLIC = "Ѐ-ӿ"


class WordFinder:
    """The last of some words in a lower-case text, looked for from its end.

    Latin words match whole ("tel" is not in "hotel") or, written "llam*", as beginnings; Cyrillic words always as
    beginnings, for they are inflected; all others anywhere, because scripts without spaces and agglutinating
    languages have no word edges to look for. Of words that end at one place the longest counts. One expression over
    the text read backwards, as tries: an alternation of some hundred words is tried word by word at every place.
    ``at_end``: only where the word ends the text. ``cut``: the text may begin within a word, so that a word may begin
    anywhere.
    """

    def __init__(self, words: Iterable[str], *, at_end: bool = False, cut: bool = False) -> None:
        known = {word.lower() for word in words}
        stems = {word.rstrip("*") for word in known if word.endswith("*")}
        known = {word for word in known if not word.endswith("*")}
        latin = {word for word in known if re.match(f"[{_LATIN}]", word)}
        cyrillic = {word for word in known if re.match(f"[{_CYRILLIC}]", word)}
        parts = (
            (f"(?<![{_LATIN}])", latin, f"(?![{_LATIN}])"),
            ("", stems, f"(?![{_LATIN}])"),
            ("", known - latin - cyrillic, ""),
            ("", cyrillic, f"(?![{_CYRILLIC}])"),
        )
        found = []
        # A text of ASCII alone holds no other words: each that need not be tried is time.
        for plain in (True, False):
            backwards = []
            for behind, words, before in parts:
                some = {word[::-1] for word in words if word.isascii() or not plain}
                if some:
                    backwards.append(behind + trie(some) + ("" if cut else before))
            made = re.compile("|".join(backwards) or "(?!)")
            found.append(made.match if at_end else made.search)
        self._plain, self._any = found

    def last(self, text: str) -> str | None:
        """The word that ends last in `text`, ``None`` if there is none."""
        found = (self._plain if text.isascii() else self._any)(text[::-1])
        return None if found is None else found[0][::-1]


def trie(words: set[str]) -> str:
    """An expression that matches any of `words`, longer ones first, branching once a character."""
    if words == {""}:
        return ""
    branches = []
    for first in sorted({word[0] for word in words if word}):
        branches.append(re.escape(first) + trie({word[1:] for word in words if word[:1] == first}))
    joined = branches[0] if len(branches) == 1 and "" not in words else f"(?:{'|'.join(branches)})"
    return joined + ("?" if "" in words else "")
