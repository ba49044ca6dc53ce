"""Overlap with benchmarks, against counting by hand."""

from __future__ import annotations

from random import Random

import pyarrow as pa
import pytest

from transforms.overlap import named, overlaps, runs_of

RANDOM = Random(3)
VOCABULARY = [f"v{i}" for i in range(5000)]
HAN = [chr(0x4E00 + i) for i in range(4000)]


def found(texts: list[str | None], **benchmarks: list[str]) -> list[tuple[str, ...]]:
    sought = runs_of(benchmarks)
    return named(overlaps(pa.array(texts, pa.large_string()), sought), sought.names)


def sentence(length: int) -> str:
    return " ".join(RANDOM.choices(VOCABULARY, k=length))


def test_thirteen_words_tell_and_twelve_do_not() -> None:
    item = sentence(40)
    words = item.split()
    around = sentence(200)
    thirteen, twelve = " ".join(words[5:18]), " ".join(words[5:17])
    assert found([f"{around} {thirteen} {around}", f"{around} {twelve} {around}", around], quiz=[item]) == [
        ("quiz",), (), (),
    ]  # fmt: skip


def test_case_signs_and_spaces_hide_nothing() -> None:
    item = sentence(15)
    assert found([item.upper().replace(" ", ",  ")], quiz=[item]) == [("quiz",)]


def test_chinese_is_compared_by_characters() -> None:
    item = "".join(RANDOM.sample(HAN, 40))
    around = "".join(RANDOM.choices(HAN, k=300))
    texts = [around + item[3:23] + around, around + item[3:22] + around]
    assert found(texts, exam=[item]) == [("exam",), ()]


def test_a_short_item_is_looked_for_whole_and_a_very_short_one_not_at_all() -> None:
    item = sentence(8)
    seven = " ".join(item.split()[:7])
    sought = runs_of({"quiz": [item, "yes", "v1 v2"], "none": []})
    texts = pa.array([f"a b {item} c", f"a b {seven} c", "yes v1 v2"], pa.large_string())
    assert overlaps(texts, sought).tolist() == [1, 0, 0]
    assert (sought.items, sought.short) == ((3, 0), (2, 0))


def test_each_benchmark_is_told() -> None:
    one, two = sentence(20), sentence(20)
    texts = [one, two, f"{one} {two}", None, ""]
    assert found(texts, a=[one], b=[two, one]) == [("a", "b"), ("b",), ("a", "b"), (), ()]


def test_runs_do_not_reach_over_texts() -> None:
    words = sentence(13).split()
    assert found([" ".join(words[:6]), " ".join(words[6:])], quiz=[" ".join(words)]) == [(), ()]


def test_too_many_benchmarks_are_refused() -> None:
    with pytest.raises(ValueError, match="63"):
        runs_of({str(number): [] for number in range(64)})
