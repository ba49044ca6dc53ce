"""Repetition is what a plain count of words and runs says, whatever the texts and however they are told apart."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms import repetition as module
from transforms.repetition import REPEATED, TOP, Repetition, repetition
from transforms.words import Words, passes


def plainly(words: list[int], sizes: list[int]) -> dict[str, float]:
    """The same of one text, run by run."""
    counts = Counter(words)
    said: dict[str, float] = {"length": sum(sizes), "distinct": len(counts)}
    said["entropy"] = -sum(n / len(words) * np.log2(n / len(words)) for n in counts.values())
    for run in (*TOP, *REPEATED):
        runs = [tuple(words[at : at + run]) for at in range(len(words) - run + 1)]
        if run in TOP:
            taken = Counter(runs)
            said[f"top {run}"] = max(
                (n * sum(sizes[runs.index(one) :][:run]) for one, n in taken.items() if n > 1), default=0
            )
            continue
        covered: set[int] = set()
        met = set()
        for at, one in enumerate(runs):
            if one in met:
                covered.update(range(at, at + run))
            met.add(one)
        said[f"again {run}"] = sum(sizes[at] for at in covered)
    return said


def told(said: Repetition, text: int) -> dict[str, float]:
    found: dict[str, float] = {"length": said.length[text], "distinct": said.distinct[text]}
    found["entropy"] = said.entropy[text]
    return (
        found
        | {f"top {run}": said.top[run][text] for run in TOP}
        | {f"again {run}": said.again[run][text] for run in REPEATED}
    )


def agrees(part: Words) -> None:
    said = repetition(part)
    sizes = part.end - part.start
    for text in range(part.count):
        mine = slice(int(part.edges[text]), int(part.edges[text + 1]))
        words = part.hash[mine].tolist()
        assert told(said, text) == pytest.approx(plainly(words, sizes[mine].tolist()), abs=1e-9)


#: Few words, so that runs come again: signs that stand alone, some of two code points or beyond the basic plane, and
#: words of letters, so that a pass is told by signs, by hashes or by both.
WORDS = st.sampled_from(
    ["天", "地", "人", "ｱ", "ア", "ก", "กั", "\U00020000", "a", "go ", "gone ", "7", "。", " ", "\n"]
)


@settings(max_examples=60)
@given(st.lists(st.lists(WORDS, max_size=80).map("".join), max_size=12), st.sampled_from([1, 7, 1 << 15]))
def test_repetition_is_that_of_a_plain_count(texts: list[str], block: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", block)
        for part in passes(pa.array(texts, pa.large_string())):
            agrees(part)


def test_a_text_that_says_one_thing_again_and_again() -> None:
    texts = ["春眠不觉晓处处闻啼鸟。" * 40, "", "one two three four five six " * 30, "无" * 500, "never twice the same"]
    for part in passes(pa.array(texts, pa.large_string())):
        agrees(part)


def test_more_signs_than_a_table_of_texts_by_signs_has_room_for() -> None:
    # Short texts of many different signs: a table of all texts by all signs would be nearly empty.
    texts = ["".join(chr(0x4E00 + 40 * text + at % 9) for at in range(20)) for text in range(300)]
    (part,) = passes(pa.array(texts, pa.large_string()))
    assert part.signs is not None
    assert len(np.unique(part.signs)) * part.count > 8 * len(part.hash)
    agrees(part)
