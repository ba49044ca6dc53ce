"""Words of many texts at once: what a word is, in every script, and that passes change nothing."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.words import passes


def words(*texts: str | None) -> list[list[str]]:
    """The words of each text, as they stand in it."""
    found: list[list[str]] = [[] for _ in texts]
    for part in passes(pa.array(texts, pa.large_string())):
        base = "\0".join(text or "" for text in texts[part.first : part.first + part.count])
        for text, start, end in zip(part.text.tolist(), part.start.tolist(), part.end.tolist(), strict=True):
            found[text].append(base[start:end])
    return found


def hashes(*texts: str, size: int = 1 << 18) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in texts]
    for part in passes(pa.array(texts, pa.large_string()), size):
        for text, value in zip(part.text.tolist(), part.hash.tolist(), strict=True):
            found[text].append(value)
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The cat, the hat.", ["The", "cat", "the", "hat"]),
        ("它很好，ok吗？", ["它", "很", "好", "ok", "吗"]),
        ("iPhone15很好 3.5寸", ["iPhone15", "很", "好", "3", "5", "寸"]),
        ("café naïve", ["café", "naïve"]),
        ("cafe\u0301 x", ["cafe\u0301", "x"]),
        ("ขายดีมาก", ["ข", "า", "ย", "ดี", "ม", "า", "ก"]),
        ("한국어 문장", ["한국어", "문장"]),
        ("東京タワー", ["東", "京", "タ", "ワ", "ー"]),
        ("😀👍 ok", ["ok"]),
        ("𠮷野家", ["𠮷", "野", "家"]),
        ("...", []),
        ("", []),
        (None, []),
        ("\u0301ab", ["\u0301ab"]),
    ],
)
def test_what_a_word_is(text: str | None, expected: list[str]) -> None:
    assert words(text) == [expected]


def test_texts_are_kept_apart() -> None:
    assert words("one two", None, "", "二三", "four") == [["one", "two"], [], [], ["二", "三"], ["four"]]


def test_case_and_width_are_folded() -> None:
    a, b, c = hashes("Hello １３８ World", "hello 138 WORLD", "hello 139 world")
    assert a == b
    assert a[1] != c[1]


def test_a_word_has_one_hash_wherever_it_stands() -> None:
    one, two = hashes("alpha beta gamma", "x gamma, y z beta alpha 中文 alpha")
    assert one[0] == two[5] == two[-1]
    assert one[2] == two[1]
    assert len({*one, *two}) == 8


@pytest.mark.parametrize(
    "word",
    [
        "a",
        "ABBA",
        "eight888",
        "nine99999",
        "sixteen-letters".replace("-", "x"),
        "w" * 1000,
        "naïve",
        "Ёлка",
        "한국어",
        "中",
    ],
)
def test_a_word_has_one_hash_among_few_and_among_many_other_signs(word: str) -> None:
    plain, few, many = hashes(word, f"{word} …{'plain ' * 60}", f"{word}。{'汉字' * 60}𠮷")
    assert plain == few[:1] == many[:1]
    (other,) = hashes(word[:-1] + "z")
    assert other != plain


def test_every_letter_has_a_hash_of_its_own() -> None:
    signs = [
        chr(code)
        for code in (*range(0x61, 0x7B), *range(0x430, 0x450), *range(0x4E00, 0x9FA6), *range(0x20000, 0x20400))
    ]
    (found,) = hashes("。".join(signs))
    assert len(set(found)) == len(signs) == len(found)
    assert [value for (value,) in hashes(*signs[:300])] == found[:300]


@given(st.lists(st.text(alphabet="ab é中文ไทย🙂.\n", max_size=40), max_size=12), st.integers(1, 30))
def test_passes_change_nothing_for_texts_that_fit(texts: list[str], size: int) -> None:
    size = max([size, *(len(text.encode()) for text in texts)])
    assert hashes(*texts, size=size) == hashes(*texts)


def test_a_long_text_is_cut_between_words() -> None:
    text = " ".join(f"word{i}" for i in range(500))
    assert hashes(text, size=64) == hashes(text)
