"""Lines and paragraphs shared by documents: which are the same, which go, and what is left."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from transforms.lines import Unit, digests, losing, without


def cut(texts: list[str | None], unit: Unit = "lines", words: int = 1, documents: int = 1, keep: int = 1) -> list[str]:
    array = pa.array(texts, pa.large_string())
    values, counts = digests(array, unit, words)
    gone, owner = losing(values, np.repeat(np.arange(len(texts)), counts), documents, keep)
    return without(array, unit, words, owner, gone).texts


def test_a_later_document_loses_what_an_earlier_one_has() -> None:
    assert cut(["one two\nfirst", "second\nOne,  TWO!", "third"]) == ["one two\nfirst", "second", "third"]


def test_paragraphs_are_told_by_blank_lines() -> None:
    texts: list[str | None] = ["shared\nblock\n\nfirst", "second\n \nshared\nblock\n\n\nend", "shared block"]
    assert cut(texts, "paragraphs") == ["shared\nblock\n\nfirst", "second\n\nend", ""]


def test_short_ones_stay() -> None:
    assert cut(["thank you\none two three", "thank you\none two three"], words=3)[1] == "thank you"
    assert cut(["谢谢\n本店支持七天退货", "谢谢\n本店支持七天退货。"], words=5)[1] == "谢谢"


def test_boilerplate_is_what_more_than_so_many_documents_have() -> None:
    texts: list[str | None] = [f"all rights reserved\ntext {number}" for number in range(4)]
    assert cut(texts, documents=4) == texts
    assert cut(texts, documents=3) == [texts[0], "text 1", "text 2", "text 3"]
    assert cut(texts, documents=3, keep=0) == ["text 0", "text 1", "text 2", "text 3"]


def test_a_document_may_repeat_itself() -> None:
    assert cut(["la la\nla la", "other\nla la\nla la"]) == ["la la\nla la", "other"]


def test_nothing_and_blank_and_signs_alone() -> None:
    assert cut(["", None, "\n\n", "-----", "-----"]) == ["", "", "\n\n", "-----", "-----"]


def test_a_gap_is_closed() -> None:
    assert cut(["menu bar", "top\n\nmenu bar\n\nend"])[1] == "top\n\nend"


def test_figures() -> None:
    array = pa.array(["a b c", "a b c\nx\na b c"], pa.large_string())
    values, counts = digests(array, "lines", 2)
    gone, owner = losing(values, np.repeat(np.arange(2), counts), 1, 1)
    found = without(array, "lines", 2, owner, gone)
    assert found.pieces.tolist() == [0, 2]
    assert found.chars.tolist() == [0, 10]


def test_a_long_line_is_the_same_wherever_it_stands() -> None:
    long = "word " * 150_000
    values, counts = digests(pa.array([long, f"x\n{long}", "y" + long]), "lines", 5)
    assert counts.tolist() == [1, 1, 1]
    assert values[0] == values[1] != values[2]


@given(st.lists(st.lists(st.sampled_from(["a", "b", "c c", "d", ""]), max_size=5).map("\n".join), max_size=8))
def test_each_line_stays_in_the_first_document_that_has_it(texts: list[str]) -> None:
    left = cut(list(texts))
    seen: Counter[str] = Counter()
    for before, after in zip(texts, left, strict=True):
        lines = set(filter(None, before.split("\n")))
        assert set(filter(None, after.split("\n"))) == {line for line in lines if not seen[line]}
        seen.update(lines)
