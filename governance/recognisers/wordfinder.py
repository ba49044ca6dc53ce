"""Find words of many scripts in a short window, each with the edges that its script has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import groupby
from operator import itemgetter

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
        edge, inner = f"(?![{_LATIN}])", f"(?<![{_LATIN}].)"
        cyrillic_edge = f"(?![{_CYRILLIC}])"
        if cut:
            edge = cyrillic_edge = ""
        # Each begins with a letter of some, so that `re` skips all others without trying.
        plain = [_backwards(latin, edge, inner), _backwards(stems, edge)]
        others = [_backwards(known - latin - cyrillic, ""), _backwards(cyrillic, cyrillic_edge)]
        self._at_end = at_end
        self._branches = [branch for each in plain for branch in each], [branch for each in others for branch in each]

    def holds(self, text: str) -> bool:
        """Whether `last` finds a word in `text`, wherever it ends."""
        return (self._spoken if text.isascii() else self._written)(text[::-1]) is not None

    @cached_property
    def _spoken(self) -> Callable[[str], re.Match[str] | None]:
        """Looks for all words that an ASCII text may hold."""
        return self._one(self._branches[0])

    @cached_property
    def _written(self) -> Callable[[str], re.Match[str] | None]:
        return self._one([*self._branches[0], *self._branches[1]])

    def _one(self, branches: list[str]) -> Callable[[str], re.Match[str] | None]:
        made = re.compile("|".join(branches) or "(?!)", re.DOTALL)
        return made.match if self._at_end else made.search

    def last(self, text: str) -> str | None:
        """The word that ends last in `text`, ``None`` if there is none."""
        # All in one: of words that end at one place those of the first list count, and of a list the longest.
        found = (self._spoken if text.isascii() else self._written)(text[::-1])
        return None if found is None else found[0][::-1]


def _backwards(words: set[str], edge: str, inner: str = "") -> list[str]:
    """Expressions for words read backwards, by first letter, with ``edge`` behind and, within, ``inner`` behind the first
    letter."""
    turned = {word[::-1] for word in words}
    branches = []
    for first in sorted({word[0] for word in turned}):
        rest = {word[1:] for word in turned if word[0] == first}
        branches.append(f"{re.escape(first)}{inner}{trie(rest)}{edge}")
    return branches


def trie(words: set[str]) -> str:
    """An expression that matches any of `words`, longer ones first, branching once a character."""
    return _trie(sorted(words), 0)


def _trie(words: list[str], at: int) -> str:
    """`trie` of what stands behind the first ``at`` characters of some words that begin alike."""
    if len(words) == 1:
        return re.escape(words[0][at:])
    longer = words[1:] if words and len(words[0]) == at else words
    branches = [re.escape(first) + _trie(list(some), at + 1) for first, some in groupby(longer, itemgetter(at))]
    if longer is words:
        return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
    return f"(?:{'|'.join(branches)})?"
