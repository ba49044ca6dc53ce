"""Names that belong together: lists of them, sons and daughters, what repeats a part of one in its row."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np

from governance.names.block import Block, Found

RECOGNISER = "names_capitalised"

_JOINTS = frozenset({",", ".,", "and", ", and", "&", "y", "e", "dan", "и", "và", "or", "with", "/", ";", "vs"})


def encouraged(text: str, block: Block, sure: list[Found], spare: list[tuple[int, int, float]]) -> list[Found]:
    """What is not sure by itself is a name in a list of names, or where it repeats a part of one in its row.

    Three or more in a row of commas are a list though none is sure ("anna, peter and lucy").
    """
    if not spare:
        return sure
    everything = sorted([(f.start, f.end, 9.0) for f in sure] + spare)
    joined = [b[0] - a[1] <= 6 and text[a[1] : b[0]].strip() in _JOINTS for a, b in pairwise(everything)]
    taken: set[int] = set()
    low = 0
    for high in range(len(everything)):
        if high < len(joined) and joined[high]:
            continue
        if high > low:
            chain = range(low, high + 1)
            good = [i for i in chain if everything[i][2] >= 0.9]
            if len(good) >= 3:
                taken.update(good)
            known = [i for i in chain if everything[i][2] == 9.0]
            if len(known) >= 2:
                # Between two that are sure, and at either end of them.
                taken.update(i for i in range(max(low, known[0] - 1), min(high, known[-1] + 1) + 1))
            for order in (chain, reversed(chain)):
                before = False
                for i in order:
                    before = i in taken or everything[i][2] == 9.0 or (before and everything[i][2] > 0.2)
                    if before:
                        taken.add(i)
        low = high + 1
    out = list(sure)
    starts = block.starts
    if sure:
        rows = np.searchsorted(starts, [f.start for f in sure], side="right") - 1
        parts: dict[int, set[str]] = {}
        wanted = set((np.searchsorted(starts, [a for a, _, _ in spare], side="right") - 1).tolist())
        for row, name in zip(rows.tolist(), sure, strict=True):
            if row in wanted:
                parts.setdefault(row, set()).update(re.split("[ .]+", text[name.start : name.end]))
        at = (np.searchsorted(starts, [a for a, _, _ in everything], side="right") - 1).tolist()
        for i, ((a, b, weight), row) in enumerate(zip(everything, at, strict=True)):
            if weight < 9.0 and i not in taken and row in parts and text[a:b] in parts[row]:
                taken.add(i)
    for i in sorted(taken):
        a, b, weight = everything[i]
        if weight < 9.0:
            out.append(Found(a, b, "PERSON", 0.6, RECOGNISER, "context"))
    return out


#: What stands between the parts of Indian and Malaysian names: son of, daughter of, also known as.
_SON_OF = re.compile(" (?:a/l|a/p|s/o|d/o|@|bin|binti|anak|alias) ", re.IGNORECASE)


#: Words on either side of "son of", whatever is known of them.
_CHILD = re.compile(
    "(?<![A-Za-z])[A-Z][a-z'’-]+(?: [A-Z][a-z'’-]+){0,2} (?:a/l|a/p|s/o|d/o|A/L|A/P|S/O|D/O|bin|binti|binte|Bin|Binti) "
    "[A-Z][a-z'’-]+(?: [A-Z][a-z'’-]+){0,2}"
)


def children(block: Block) -> list[tuple[int, int]]:
    """Where names with "son of" or "daughter of" stand."""
    codes, folded, text = block.codes, block.folded, block.text
    bin_ = np.flatnonzero(folded == ord("b"))
    bin_ = bin_[(folded[bin_ + 1] == ord("i")) & (folded[bin_ + 2] == ord("n")) & (codes[bin_ - 1] == ord(" "))]
    slash = np.flatnonzero(codes == ord("/"))
    slash = slash[(codes[slash - 2] == ord(" ")) & (codes[slash + 2] == ord(" "))]
    out: set[tuple[int, int]] = set()
    for at in np.concatenate([bin_, slash]).tolist():
        out.update(found.span() for found in _CHILD.finditer(text, max(0, at - 60), at + 60))
    return sorted(out)


_PARENT = re.compile("[A-Z][a-z'-]+(?: [A-Z][a-z'-]+){0,2} (?:a/l|a/p|s/o|d/o) \\Z")


def with_children(block: Block, found: list[Found]) -> list[Found]:
    """The finds, and what stands around "son of" whole."""
    out = found
    for low, high in children(block):
        out = [f for f in out if f.end <= low or f.start >= high or f.start < low or f.end > high]
        if not any(f.start < high and low < f.end for f in out):
            out.append(Found(low, high, "PERSON", 0.9, RECOGNISER, "context"))
    return out


def chained(text: str, found: list[Found]) -> list[Found]:
    """Join what stands on either side of "son of", and put the Balinese "I" before the name behind it."""
    out: list[Found] = []
    for item in sorted(found):
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
        if out and item.start - out[-1].end < 9 and _SON_OF.fullmatch(text, out[-1].end, item.start):
            item = out.pop()._replace(end=item.end)
        out.append(item)
    return out


#: What stands before names of Bali and Aceh and is no name by itself.
_BIRTH = ("I ", "Ni ", "Cut ", "IB ")
_BALI = frozenset(
    ("wayan made nyoman ketut gusti gede putu komang kadek dewa nengah luh nyak meutia kade ayu dewi sri").split()
)
