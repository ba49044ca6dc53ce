"""Names that belong together: lists of them, sons and daughters, what repeats a part of one in its row."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from governance.names.block import Block, Found
from governance.names.cues import CLAN, OF, SAINT, SYLLABLE
from governance.names.latin_cues import CLOSING
from governance.names.latin_hash import folded
from governance.names.latin_words import Flags, Words
from governance.names.lexicon import Flag, Ints

RECOGNISER = "names_capitalised"

_JOINTS = frozenset({",", ".,", "and", ", and", "&", "y", "e", "dan", "и", "và", "or", "with", "/", ";", "vs"})


#: A joint is no longer than so many characters.
_JOINT = 6
#: What weighs as much is sure.
_SURE = 9.0


class Spare(NamedTuple):
    """Stretches that are not names by themselves: where they begin and end in the block, and how much speaks for them."""

    low: Ints
    high: Ints
    weight: npt.NDArray[np.float64]


def encouraged(block: Block, sure: list[Found], spare: Spare) -> list[Found]:
    """What is not sure by itself is a name in a list of names, or where it repeats a part of one in its row.

    Three or more in a row of commas are a list though none is sure ("anna, peter and lucy").
    """
    if not len(spare.low):
        return sure
    text = block.text
    low = np.concatenate([np.array([f.start for f in sure], dtype=np.int64), spare.low])
    high = np.concatenate([np.array([f.end for f in sure], dtype=np.int64), spare.high])
    weight = np.concatenate([np.full(len(sure), _SURE), spare.weight])
    order = np.lexsort((weight, high, low))
    low, high, weight = low[order], high[order], weight[order]
    weak = weight < _SURE
    joined = low[1:] - high[:-1] <= _JOINT
    for i in np.flatnonzero(joined).tolist():
        joined[i] = text[high[i] : low[i + 1]].strip() in _JOINTS
    taken: set[int] = set()
    # Chains of two and more that hold something to decide on.
    if joined.any():
        heads = np.flatnonzero(np.append(True, ~joined))
        sizes = np.diff(np.append(heads, len(low)))
        open_ = np.flatnonzero((sizes > 1) & (np.add.reduceat(weak, heads, dtype=np.int64) > 0))
        for head, size in zip(heads[open_].tolist(), sizes[open_].tolist(), strict=True):
            taken.update(head + i for i in _listed(weight[head : head + size].tolist()))
    if sure:
        row = block.rows_of(low)
        told = np.zeros(len(block.starts), dtype=np.bool_)
        told[row[~weak]] = True
        open_ = np.flatnonzero(weak & told[row])
        if len(open_):
            _repeated(text, low, high, row, np.flatnonzero(~weak & np.isin(row, row[open_])), open_, taken)
    ends = [(low[i], high[i]) for i in sorted(taken) if weak[i] and not _VALUE.match(text, high[i])]
    return sure + [Found(int(a), int(b), "PERSON", 0.6, RECOGNISER, "context") for a, b in ends]


#: What stands behind the name of another field: "Ann Brook; Age: 34".
_VALUE = re.compile(" ?[:=] ?[0-9]| [0-9]")


def _repeated(text: str, low: Ints, high: Ints, row: Ints, sure: Ints, weak: Ints, taken: set[int]) -> None:
    """Take what is ``weak`` and a part of something ``sure`` in its row."""
    parts: dict[int, set[str]] = {}
    for i in sure.tolist():
        parts.setdefault(int(row[i]), set()).update(re.split("[ .]+", text[low[i] : high[i]]))
    taken.update(i for i in weak.tolist() if text[low[i] : high[i]] in parts[int(row[i])])


def _listed(weights: list[float]) -> set[int]:
    """Which of some that are joined, by their weights, stand in a list of names."""
    taken: set[int] = set()
    chain = range(len(weights))
    good = [i for i in chain if weights[i] >= 0.9]
    if len(good) >= 3:
        taken.update(good)
    known = [i for i in chain if weights[i] == _SURE]
    if len(known) >= 2:
        # Between two that are sure, and at either end of them.
        taken.update(range(max(0, known[0] - 1), min(len(weights) - 1, known[-1] + 1) + 1))
    for order in (chain, reversed(chain)):
        before = False
        for i in order:
            before = i in taken or weights[i] == _SURE or (before and weights[i] > 0.2)
            if before:
                taken.add(i)
    return taken


#: What stands between the parts of Indian and Malaysian names: son of, daughter of, also known as.
_SON_OF = re.compile(" (?:a/l|a/p|s/o|d/o|@|bin|binti|binte|bte?\\.?|b\\.|anak|alias) ", re.IGNORECASE)


#: Words on either side of "son of", whatever is known of them.
_CHILD = re.compile(
    "(?<![A-Za-z])[A-Z][a-z'’-]+(?: [A-Z][a-z'’-]+){0,2} (?:a/l|a/p|s/o|d/o|A/L|A/P|S/O|D/O|bin|binti|binte|Bin|Binti) "
    "[A-Z][a-z'’-]+(?: [A-Z][a-z'’-]+){0,2}"
    # In capitals the next words may be of anything: "RAJU A/L MANIAM NO KP".
    "|(?<![A-Za-z])[A-Z][A-Z'’-]+ (?:A/L|A/P|S/O|D/O) [A-Z][A-Z'’-]+(?![a-z])"
)


def children(block: Block, words: Words) -> list[tuple[int, int]]:
    """Where names with "son of" or "daughter of" stand, sorted."""
    codes, letters, text = block.codes, folded(block), block.text

    def born(at: Ints) -> Ints:
        """Which of the places where words begin have "bin" there."""
        at = at[letters[at] == ord("b")]
        return at[(letters[at + 1] == ord("i")) & (letters[at + 2] == ord("n")) & (codes[at - 1] == ord(" "))]

    # Few blocks hold a slash, or "bin" with a capital behind it.
    slash = np.flatnonzero(codes == ord("/")) if "/" in text else np.zeros(0, dtype=np.int64)
    slash = slash[(codes[slash - 2] == ord(" ")) & (codes[slash + 2] == ord(" "))]
    if not len(slash) and not len(born(words.start[np.flatnonzero(words.capital) - 1])):
        return []
    out: set[tuple[int, int]] = set()
    for at in np.concatenate([born(words.start), slash]).tolist():
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
        near = [f for f in near if f.end > low]
        # What reaches into it belongs to it, and so does what it reaches beyond it.
        within = [f for f in near if f.start < high]
        low, high = min([low, *(f.start for f in within)]), max([high, *(f.end for f in within)])
        near = [f for f in near if f.start >= high]
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
        and (text[out[-1].start - 2] not in ",:" or text[out[-1].start].islower())
        and " " in text[out[-1].start : out[-1].end]
        and " " not in text[item.start : item.end]
    ):
        item = out.pop()._replace(end=item.end)  # "Fulgencio Aldecoa y Marín"
    if (
        out
        and text[out[-1].end : item.start] == " e "
        and text[item.start : item.end] in _SECOND
        and _NOBLE.search(text, out[-1].start, out[-1].end)
    ):
        item = out.pop()._replace(end=item.end)  # "José Bonifácio de Andrada e Silva"
    if out and item.start - out[-1].end < _CLOSE and _SON_OF.fullmatch(text, out[-1].end, item.start):
        item = out.pop()._replace(end=item.end)
    return item


#: What stands in Portuguese names before the second of two family names with "e" between, and families that are it.
_NOBLE = re.compile(" (?:d[aeo]|dos|das) ")
_SECOND = frozenset(
    "Silva Castro Souza Sousa Melo Mello Albuquerque Costa Lima Almeida Menezes Abreu Cunha Sá Brito Vasconcelos Carvalho".split()
)
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

_NEVER = int(Flag.NOT | Flag.ORG | Flag.TITLE | Flag.PROPER | Flag.GREET | OF | SAINT | CLOSING)
_GIVEN, _FAMILY, _WORD, _PLACE = int(Flag.GIVEN), int(Flag.FAMILY), int(Flag.WORD), int(Flag.PLACE)
#: Up to three words and a comma at the start of a line or behind a colon, up to three words, and the end of the item.
_INVERTED = re.compile(
    "(?:(?:[Vv][ao]n|[Dd]e|[Dd]er|[Dd]en|[Ll]a|[Dd]el|[Dd]os|[Dd]a|[Aa]l|[Ee]l|[Bb]in)[ -]){0,2}[^\\W\\d_][\\w'’-]+(?:[ -][^\\W\\d_][\\w'’-]+)?"
    " ?, [^\\W\\d_][\\w'’-]+(?: (?:[^\\W\\d_a-zà-ÿ][\\w'’-]*\\.?)){0,2}"
)
_ITEM = re.compile("(?: ?[–—|;():\n\r\t\ue003]| - | ?, ?\\d|\\.?[\n\ue003]| [a-z]{4,} | ?<|  )")


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
    # What reaches into one of them is a part of it, to its end: "Mokhtar, Aminah binti Daud".
    out: list[Found] = []
    for each, k in zip(found, near, strict=True):
        if k == len(whole) or each.end <= whole[k].start:
            out.append(each)
        elif each.end > whole[k].end:
            whole[k] = whole[k]._replace(end=each.end)
    return out + whole
