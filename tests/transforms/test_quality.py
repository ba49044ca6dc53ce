"""Signals against hand-counted texts, and limits against signals. One text for each rule, in each sort of script."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.quality_rules import NAMES, Limit
from schemas.quality_rules import SIGNALS as RULED
from transforms import words
from transforms.quality import broken, grade
from transforms.signals import SCHEMA, SIGNALS, signals


def of(text: str, language: str = "en") -> dict[str, float]:
    return {
        name: value[0] for name, value in signals(pa.array([text], pa.large_string()), [language]).to_pydict().items()
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The cat sat.", {"chars": 12, "words": 3, "dense": 0, "word_length": 3, "letter_share": 9 / 10, "lines": 1,
                          "stop_line_share": 1, "punctuation_share": 1 / 10, "upper_share": 1 / 9, "space_share": 2 / 12}),
        ("我很好。", {"chars": 4, "words": 3, "dense": 1, "word_length": 1, "stop_line_share": 1, "letter_share": 3 / 4}),
        ("abc 123 45", {"worded_share": 1 / 3, "digit_share": 5 / 8}),
        ("#a #b c", {"hash_per_word": 2 / 3, "symbol_share": 2 / 5}),
        ("so… so", {"ellipsis_per_word": 1 / 2}),
        ("- a\n- b\nc d", {"lines": 3, "bullet_line_share": 2 / 3, "line_chars": 3}),
        ("end...\nyes", {"ellipsis_line_share": 1 / 2, "stop_line_share": 1 / 2}),
        ("他说“好。”\n不", {"stop_line_share": 1 / 2}),
        ("short\n" + "long line " * 5, {"short_line_share": 1 / 2}),
        ("一二三四五六七八九十一二三四五\n一二三四五六七八九十一二三四五六", {"short_line_share": 1 / 2}),
        ("same line\nother\nSame  line!\n", {"again_line_share": 1 / 3, "again_line_char_share": 11 / 25}),
        ("a b c d", {"top_2_share": 0, "again_5_share": 0, "distinct_share": 1, "entropy": 2}),
        ("ab cd ab cd ef", {"top_2_share": 8 / 10, "distinct_share": 3 / 5}),
        ("甲乙丙丁戊甲乙丙丁戊", {"again_5_share": 1 / 2, "top_2_share": 4 / 10, "top_4_share": 8 / 10}),
        ("one two three four five six seven eight nine ten " * 2, {"again_10_share": 1 / 2}),
        ("visit https://a.example/b now", {"link_share": 19 / 27}),
        ("call <PERSON> at <PHONE_NUMBER:ab12>", {"redacted_share": 27 / 33}),
        ("<p>hi</p> a&nbsp;b", {"tags": 3}),
        ("<DIV>hi</DIV><BR><Br/><IMG SRC=a>", {"tags": 5}),
        ("<PERSON> wrote to <PERSON:ab12cd34> of <ADDRESS>: <EMAIL_ADDRESS>", {"tags": 0}),
        ("cafÃ© â€™ 锟斤拷", {"mojibake": 3}),
        ("a\ufffdb", {"broken_share": 1 / 3}),
        ("a\u200bb\u0007c", {"zero_width_share": 1 / 5, "control_share": 1 / 5}),
        ("{ } {}", {"brace_count": 4}),
        ("lorem ipsum JavaScript", {"code_words": 2}),
        ("All rights reserved. 版权所有", {"policy_words": 2}),
        ("hi 😀😀", {"emoji_share": 2 / 4}),
        ("the cat and the dog", {"function_words": 2, "function_share": 3 / 5}),
        ("", dict.fromkeys(SIGNALS, 0)),
        (" \n ", {"words": 0, "lines": 0, "space_share": 1}),
    ],
)  # fmt: skip
def test_signals_are_what_hands_count(text: str, expected: dict[str, float]) -> None:
    found = of(text)
    assert {name: found[name] for name in expected} == pytest.approx(expected, abs=1e-6)


def test_function_words_are_those_of_the_language() -> None:
    assert of("我的书是在这里", "zh")["function_words"] == 5
    assert of("the book of the year", "zh")["function_words"] == 0
    assert of("the book of the year", "xx")["function_words"] > 0


@settings(max_examples=60)
@given(st.lists(st.text(alphabet="ab 甲乙\n.😀#<>é\u200b", max_size=60), max_size=8))
def test_signals_of_a_text_do_not_depend_on_its_neighbours(texts: list[str]) -> None:
    together = signals(pa.array(texts, pa.large_string()), ["en"] * len(texts)).to_pylist()
    assert together == [of(text) for text in texts]


def test_a_long_text_is_measured_in_parts_that_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n".join(f"line {i} says the number {i * 7} to all." for i in range(300))
    whole = of(text)
    real = words.passes
    monkeypatch.setattr("transforms.signals.passes", lambda texts: real(texts, 1000))
    parts = of(text)
    for name in ("chars", "words", "lines", "stop_line_share", "letter_share", "digit_share", "word_length"):
        assert parts[name] == pytest.approx(whole[name], rel=0.01), name


def test_every_rule_speaks_of_a_signal_that_is_there() -> None:
    assert set(RULED) | {"dense"} == set(SIGNALS) == set(SCHEMA.names)
    assert len(NAMES) == 2 * len(RULED)


def frame(*texts: str) -> pl.DataFrame:
    found = pl.from_arrow(signals(pa.array(texts, pa.large_string()), ["en"] * len(texts)))
    assert isinstance(found, pl.DataFrame)
    return found


def limit(name: str, value: float, script: str = "all") -> Limit:
    return Limit(name, script, Decimal(str(value)))


def test_a_limit_for_one_script_stands_in_place_of_that_for_all() -> None:
    limits = [limit("min_words", 3), limit("min_words", 5, "dense")]
    assert broken(frame("a b c", "a b", "一二三四五", "一二三四"), limits).to_list() == [
        [],
        ["min_words"],
        [],
        ["min_words"],
    ]


def test_a_value_that_is_the_limit_may_stay() -> None:
    limits = [limit("max_digit_share", 0.1), limit("min_letter_share", 0.9)]
    assert broken(frame("abcdefghi1", "abcdefgh12"), limits).to_list() == [[], ["max_digit_share", "min_letter_share"]]


def test_without_limits_nothing_breaks() -> None:
    assert broken(frame("a", ""), []).to_list() == [[], []]
    assert broken(frame(), [limit("min_words", 1)]).to_list() == []


def test_the_cleaner_text_has_the_better_grade() -> None:
    clean, redacted, linked = grade(frame("a fine day it is", "a <PERSON> day it is", "a https://x.example/y day"))
    assert clean == 100
    assert clean > redacted
    assert clean > linked
