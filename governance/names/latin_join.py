"""Names that belong together: lists of them, sons and daughters, what repeats a part of one in its row."""

from __future__ import annotations

import re

import numpy as np

from governance.names.block import Block, Found
from governance.names.cues import CLAN, OF, SAINT, SYLLABLE
from governance.names.latin_words import Flags, Words
from governance.names.lexicon import Flag

RECOGNISER = "names_capitalised"

_JOINTS = frozenset({",", ".,", "and", ", and", "&", "y", "e", "dan", "и", "và", "or", "with", "/", ";", "vs"})


#: A joint is no longer than so many characters.
_JOINT = 6
#: What weighs as much is sure.
_SURE = 9.0


def encouraged(block: Block, sure: list[Found], spare: list[tuple[int, int, float]]) -> list[Found]:
    """What is not sure by itself is a name in a list of names, or where it repeats a part of one in its row.

    Three or more in a row of commas are a list though none is sure ("anna, peter and lucy").
    """
    if not spare:
        return sure
    text, starts = block.text, block.starts
    everything = sorted([(f.start, f.end, _SURE) for f in sure] + spare)
    low, high = (np.array(column, dtype=np.int64) for column in list(zip(*everything, strict=True))[:2])
    weak = np.array([weight < _SURE for _, _, weight in everything])
    joined = low[1:] - high[:-1] <= _JOINT
    for i in np.flatnonzero(joined).tolist():
        joined[i] = text[everything[i][1] : everything[i + 1][0]].strip() in _JOINTS
    taken: set[int] = set()
    # Chains of two and more that hold something to decide on.
    heads = np.flatnonzero(np.append(True, ~joined))
    sizes = np.diff(np.append(heads, len(low)))
    open_ = np.add.reduceat(weak, heads, dtype=np.int64) > 0
    for head, size in zip(heads[open_ & (sizes > 1)].tolist(), sizes[open_ & (sizes > 1)].tolist(), strict=True):
        _listed(everything, head, head + size, taken)
    if sure:
        row = np.searchsorted(starts, low, side="right") - 1
        wanted = np.isin(row, row[weak])
        parts: dict[int, set[str]] = {}
        for i, own in zip(np.flatnonzero(wanted & ~weak).tolist(), row[wanted & ~weak].tolist(), strict=True):
            parts.setdefault(own, set()).update(re.split("[ .]+", text[everything[i][0] : everything[i][1]]))
        for i, own in zip(np.flatnonzero(weak).tolist(), row[weak].tolist(), strict=True):
            if i not in taken and own in parts and text[everything[i][0] : everything[i][1]] in parts[own]:
                taken.add(i)
    out = list(sure)
    for i in sorted(taken):
        a, b, weight = everything[i]
        if weight < _SURE:
            out.append(Found(a, b, "PERSON", 0.6, RECOGNISER, "context"))
    return out


def _listed(everything: list[tuple[int, int, float]], head: int, tail: int, taken: set[int]) -> None:
    """Take what stands in a list of names: ``head`` to ``tail`` are joined."""
    chain = range(head, tail)
    good = [i for i in chain if everything[i][2] >= 0.9]
    if len(good) >= 3:
        taken.update(good)
    known = [i for i in chain if everything[i][2] == _SURE]
    if len(known) >= 2:
        # Between two that are sure, and at either end of them.
        taken.update(range(max(head, known[0] - 1), min(tail - 1, known[-1] + 1) + 1))
    for order in (chain, reversed(chain)):
        before = False
        for i in order:
            before = i in taken or everything[i][2] == _SURE or (before and everything[i][2] > 0.2)
            if before:
                taken.add(i)


#: What stands between the parts of Indian and Malaysian names: son of, daughter of, also known as.
_SON_OF = re.compile(" (?:a/l|a/p|s/o|d/o|@|bin|binti|binte|bte?\\.?|b\\.|anak|alias) ", re.IGNORECASE)


#: Words on either side of "son of", whatever is known of them.
_CHILD = re.compile(
    "(?<![A-Za-z])[A-Z][a-z'’-]+(?: [A-Z][a-z'’-]+){0,2} (?:a/l|a/p|s/o|d/o|A/L|A/P|S/O|D/O|bin|binti|binte|Bin|Binti) "
    "[A-Z][a-z'’-]+(?: [A-Z][a-z'’-]+){0,2}"
)


def children(block: Block, words: Words) -> list[tuple[int, int]]:
    """Where names with "son of" or "daughter of" stand, sorted."""
    codes, folded, text = block.codes, block.folded, block.text
    bin_ = words.start[folded[words.start] == ord("b")]
    bin_ = bin_[(folded[bin_ + 1] == ord("i")) & (folded[bin_ + 2] == ord("n")) & (codes[bin_ - 1] == ord(" "))]
    slash = np.flatnonzero(codes == ord("/"))
    slash = slash[(codes[slash - 2] == ord(" ")) & (codes[slash + 2] == ord(" "))]
    out: set[tuple[int, int]] = set()
    for at in np.concatenate([bin_, slash]).tolist():
        out.update(found.span() for found in _CHILD.finditer(text, max(0, at - 60), at + 60))
    return sorted(out)


_PARENT = re.compile("[A-Z][a-z'-]+(?: [A-Z][a-z'-]+){0,2} (?:a/l|a/p|s/o|d/o) \\Z")


def with_children(block: Block, words: Words, found: list[Found]) -> list[Found]:
    """The finds, and what stands around "son of" whole."""
    whole = children(block, words)
    if not whole:
        return found
    waiting = sorted(found, reverse=True)
    near: list[Found] = []
    out: list[Found] = []
    for low, high in whole:
        while waiting and waiting[-1].start < high:
            near.append(waiting.pop())
        out += [f for f in near if f.end <= low]  # none that comes begins further to the left
        near = [f for f in near if f.end > low and (f.start < low or f.end > high)]
        if not any(f.start < high for f in near):
            near.append(Found(low, high, "PERSON", 0.9, RECOGNISER, "context"))
    return out + near + waiting


def chained(block: Block, found: list[Found]) -> list[Found]:
    """Join what stands on either side of "son of", and put the Balinese "I" before the name behind it."""
    ordered = sorted(found)
    text, codes = block.text, block.codes
    start = np.array([f.start for f in ordered], dtype=np.int64)
    gap = start - np.array([-_CLOSE, *(f.end for f in ordered[:-1])], dtype=np.int64)[: len(start)]
    # Few have anything before them that could be either.
    space = codes[start - 1] == ord(" ")
    birth = space & _ENDS_BIRTH[np.minimum(codes[start - 2], 128)]
    parent = space & (codes[start - 3] == ord("/"))
    looked = birth | parent | (gap < _CLOSE)
    if not looked.any():
        return ordered
    out: list[Found] = []
    for item, look in zip(ordered, looked.tolist(), strict=True):
        out.append(_chained(text, item, out) if look else item)
    return out


def _chained(text: str, item: Found, out: list[Found]) -> Found:
    """A find with what belongs to it before it, be it the last one of ``out``, which is taken from there."""
    low = item.start
    if text[low - 1 : low] == " " and text[low : item.end].split(" ", 1)[0].lower() in _BALI:
        birth = next((b for b in _BIRTH if text.endswith(b, max(0, low - 4), low)), "")
        if birth and not text[low - len(birth) - 1 : low - len(birth)].isalnum():
            low -= len(birth)
            item = item._replace(start=low)
    left = _PARENT.search(text, max(0, item.start - 50), item.start)
    if left and not (out and out[-1].end > left.start()):
        item = item._replace(start=left.start())
    second = out and item.start - out[-1].end == 3 and text[out[-1].end : item.start] == " y "
    if (
        second
        and text[out[-1].start - 2] not in ",:"
        and " " in text[out[-1].start : out[-1].end]
        and " " not in text[item.start : item.end]
    ):
        item = out.pop()._replace(end=item.end)  # "Fulgencio Aldecoa y Marín"
    if out and item.start - out[-1].end < _CLOSE and _SON_OF.fullmatch(text, out[-1].end, item.start):
        item = out.pop()._replace(end=item.end)
    return item


#: Two names that "son of" stands between are closer than that.
_CLOSE = 9


#: What stands before names of Bali and Aceh and is no name by itself.
_BIRTH = ("I ", "Ni ", "Cut ", "IB ")
_BALI = frozenset(
    ("wayan made nyoman ketut gusti gede putu komang kadek dewa nengah luh nyak meutia kade ayu dewi sri").split()
)
#: With what, before the space, `_BIRTH` ends.
_ENDS_BIRTH = np.isin(np.arange(129), [ord(birth[-2]) for birth in _BIRTH])


# --- Family name first ---

_NEVER = int(Flag.NOT | Flag.ORG | Flag.TITLE | Flag.PROPER | Flag.GREET | OF | SAINT)
_GIVEN, _FAMILY, _WORD, _PLACE = int(Flag.GIVEN), int(Flag.FAMILY), int(Flag.WORD), int(Flag.PLACE)
#: Up to three words and a comma at the start of a line or behind a colon, up to three words, and the end of the item.
_INVERTED = re.compile(
    "(?:(?:[Vv][ao]n|[Dd]e|[Dd]er|[Dd]en|[Ll]a|[Dd]el|[Dd]os|[Dd]a|[Aa]l|[Ee]l|[Bb]in)[ -]){0,2}[^\\W\\d_][\\w'’-]+(?:[ -][^\\W\\d_][\\w'’-]+)?"
    " ?, [^\\W\\d_][\\w'’-]+(?: (?:[^\\W\\d_a-zà-ÿ][\\w'’-]*\\.?)){0,2}"
)
_ITEM = re.compile("(?: ?[–—|;():\n\r\t\ue003]| - | ?, ?\\d|\\.?[\n\ue003]| [a-z]{4,} | ?<)")


def inverted(block: Block, words: Words, flags: Flags, found: list[Found]) -> list[Found]:
    """The finds, and "Okonkwo, Mary Ann" as one where it opens a line or an item of a form."""
    codes, text = block.codes, block.text
    end, start = words.end, words.start
    at = np.flatnonzero(words.capital[:-1] & words.capital[1:])
    gap = start[at + 1] - end[at]
    comma = (codes[end[at]] == 44) & (gap == 2) | (codes[end[at]] == 32) & (codes[end[at] + 1] == 44) & (gap == 3)
    at = at[comma]
    if not len(at):
        return found
    first, second = flags[at], flags[at + 1]
    likely = ((second & (_GIVEN | int(CLAN))) != 0) & ((first & _NEVER) == 0)
    eastern = ((first & int(Flag.MONO | CLAN)) != 0) & ((second & int(SYLLABLE)) != 0)
    likely &= ((second & (_NEVER | _PLACE)) == 0) | eastern
    likely &= ((second & _WORD) == 0) | ((first & _FAMILY) != 0)
    likely &= ((first & (_WORD | _PLACE)) == 0) | ((first & _FAMILY) != 0)
    whole: list[Found] = []
    for word in at[likely].tolist():
        low = int(start[max(0, word - 3)])
        for head in (word - 3, word - 2, word - 1, word):
            if head < 0:
                continue
            low = int(start[head])
            before = text[max(0, low - 2) : low]
            if low > 0 and not before.endswith(("\n", "\ue003", ": ", "\t", ":", "| ")):
                continue
            item = _INVERTED.match(text, low)
            if item is None or item.end() < end[word + 1] or _ITEM.match(text, item.end()) is None:
                continue
            stop = item.end()
            if not whole or whole[-1].end <= low:
                whole.append(Found(low, stop, "PERSON", 0.75, RECOGNISER, "grammar"))
            break
    if not whole:
        return found
    ends = np.array([item.end for item in whole], dtype=np.int64)
    near = np.searchsorted(ends, np.array([f.start for f in found], dtype=np.int64), side="right").tolist()
    # What reaches into one of them is a part of it.
    return [f for f, k in zip(found, near, strict=True) if k == len(whole) or f.end <= whole[k].start] + whole
