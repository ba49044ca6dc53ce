"""Text that nobody should send and somebody will: nothing breaks, nothing hangs, and what is there is found.

Time is never absolute here: work is counted, or compared with a text of half the length.
"""

from __future__ import annotations

import re
import sys
import unicodedata

import numpy as np
import pyarrow as pa
import pytest
from recogniser_samples import ALONE, LABELLED

from governance.recognisers.engine import NOT_TEXT, PatternEngine
from governance.recognisers.library import patterns_for
from governance.recognisers.normalise import LONGEST_TOKEN, fold
from governance.recognisers.pattern import Pattern

REGIONS = ("BR", "CN", "ES", "RU", "TH", "US")
PATTERNS = patterns_for(REGIONS)
ENGINE = PatternEngine(("CN", "US"))


def found(text: str) -> list[tuple[str, str]]:
    return [(s.entity, text[s.start : s.end]) for s in ENGINE.scan([text]) if not s.keep]


# --- work grows with the text and no faster ---


class Counting:
    """Stands where a pattern keeps its expression, and counts the calls."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern, self.flags, self.groupindex, self.calls = pattern.pattern, pattern.flags, pattern.groupindex, 0
        self._search, self._match = pattern.search, pattern.match

    def search(self, *arguments: object) -> re.Match[str] | None:
        self.calls += 1
        return self._search(*arguments)  # type: ignore[arg-type]

    def match(self, *arguments: object) -> re.Match[str] | None:
        self.calls += 1
        return self._match(*arguments)  # type: ignore[arg-type]


def calls(pattern: Pattern, text: str) -> int:
    """How often `pattern` asks its expression about folded `text`."""
    counting = Counting(pattern.verifier)
    copy = Pattern(
        **{
            name: getattr(pattern, name)
            for name in ("entity", "name", "needle", "check", "context", "score", "checked", "contextual", "regions")
        },
        kind=pattern.kind,
        reach=pattern.reach,
        near=pattern.near,
        label=pattern.label,
        verifier=counting,  # type: ignore[arg-type]
    )
    object.__setattr__(copy, "shape", pattern.shape)
    copy.look(text)
    return counting.calls


ADVERSARIES = [value for values in ALONE.values() for value in values] + [
    "".join(parts) for rows in LABELLED.values() for parts in rows
]
GLUE = ("", " ", "-", ".", "a", "1", "@", "，", "电话", "\u200b")


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p.name)
def test_calls_grow_with_the_text_and_no_faster(pattern: Pattern):
    # What looks like a value over and over, joined by what may make it something longer.
    for value in ADVERSARIES:
        for glue in GLUE:
            piece = fold(value).text + glue
            # At most once for each character and once for the end, whatever is found.
            text = piece * (256 // len(piece) + 1)
            assert calls(pattern, text) <= len(text) + 1, (value, glue)


@pytest.mark.parametrize(
    "piece",
    ["138 0013 8000 ", "13800138000,", "a.b@example.com ", "1 ", "1-", "电话13800138000，", "a@", "12 345 6789 ("],
)
def test_a_row_of_many_finds_costs_no_more_each(piece, monkeypatch):
    # The number of characters that all expressions are asked to look at, in a text and in one twice as long.
    asked = 0
    original = Pattern.look

    def look(self, text, windows=(), threshold=0.5, covered=None, **more):
        nonlocal asked
        asked += sum(min(last, len(text)) + self.tail - begin for begin, last in windows or ((0, len(text)),))
        return original(self, text, windows, threshold, covered, **more)

    monkeypatch.setattr(Pattern, "look", look)
    work = []
    for count in (300, 600):
        asked = 0
        ENGINE.scan([piece * count])
        work.append(asked)
    assert work[1] <= 2.5 * work[0] + 10_000


# --- long rows ---


def test_a_line_of_a_megabyte_is_searched_to_its_end():
    filler = "普通的话，没有什么。"
    line = filler * 20_000 + "电话13800138000" + filler * 20_000 + "a.b@example.com"
    assert len(line.encode()) > 1_000_000
    assert found(line) == [("PHONE_NUMBER", "13800138000"), ("EMAIL_ADDRESS", "a.b@example.com")]


def test_ten_million_digits_are_one_token_and_not_text():
    text = "电话13900139000，" + "31415926" * 1_250_000 + "，电话13800138000"
    spans = ENGINE.scan([text])
    assert [text[s.start : s.end] for s in spans] == ["13900139000", "13800138000"]
    assert spans.skipped == ((0, NOT_TEXT),)


def test_numbers_in_rows_without_end_are_found_each():
    text = "13800138000 " * 2_000
    assert found(text) == [("PHONE_NUMBER", "13800138000")] * 2_000


def test_blobs_are_listed_and_what_stands_around_them_is_found():
    blob = "iVBORw0KGgo" * (LONGEST_TOKEN // 11 + 1)
    text = f'<img src="data:image/png;base64,{blob}==">电话13800138000<br>{{"cv":"{blob}","mail":"a.b@example.com"}}'
    spans = ENGINE.scan(["无", text])
    assert [text[s.start : s.end] for s in spans] == ["13800138000", "a.b@example.com"]
    assert spans.skipped == ((1, NOT_TEXT), (1, NOT_TEXT))


# --- signs that are no text ---


@pytest.mark.parametrize(
    "mark", ["\u200e", "\u200f", "\u202a", "\u202b", "\u202e", "\u2066", "\u2067", "\u2069", "\u061c"]
)
def test_marks_of_direction_hide_nothing(mark):
    for text in (f"{mark}13800138000{mark}", f"טל{mark}:{mark}13800138000", f"138{mark}0013{mark}8000"):
        ((entity, value),) = found(text)
        assert entity == "PHONE_NUMBER"
        assert value.strip(mark).replace(mark, "") == "13800138000"


@pytest.mark.parametrize(
    "text",
    ["我的phoneは13800138000です", "טלפון13800138000בבקשה", "هاتف13800138000شكرا", "тел13800138000спасибо", "โทร13800138000ครับ",
     "전화13800138000입니다", "電話13800138000です", "फोन13800138000है", "𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎", "١٣٨٠٠١٣٨٠٠٠", "१३८००१३८०००"],
)  # fmt: skip
def test_scripts_that_touch_a_number_hide_nothing(text):
    assert [entity for entity, _ in found(text)] == ["PHONE_NUMBER"]


def test_bytes_that_are_no_text_are_refused_by_name_of_the_fault():
    # What ingest reads is decoded and checked before it comes here; an array that lies about itself is refused whole.
    values = pa.py_buffer("电话13800138000".encode() + b"\xed\xa0\x80" + b"ok")
    offsets = pa.py_buffer(np.array([0, 20, 22], dtype=np.int64).tobytes())
    lying = pa.Array.from_buffers(pa.large_string(), 2, [None, offsets, values])
    with pytest.raises(UnicodeDecodeError):
        ENGINE.scan(lying)
    with pytest.raises(pa.ArrowInvalid, match="UTF8"):
        ENGINE.scan(pa.array([b"a\xffb"]))
    with pytest.raises(UnicodeEncodeError):
        ENGINE.scan(["13800138000\ud800"])


def test_zero_bytes_and_control_characters_are_characters_like_others():
    assert found("\0\x01电话13800138000\x7f\x80\x85") == [("PHONE_NUMBER", "13800138000")]


# --- what others have masked ---


@pytest.mark.parametrize(
    "text",
    ["<PHONE>", "<PHONE_NUMBER>", "***", "[USERNAME]", "[PHONE]", "{{EMAIL}}", "{{ phone_number }}", "<EMAIL_ADDRESS:abcdefgh>",
     "电话：[PHONE]，邮箱：{{EMAIL}}，密码：***", "password: [PASSWORD]", "password={{PASSWORD_1}}", "password: <PASSWORD>",
     "微信号：[WECHAT_ID]", "username: [USERNAME_12]", "订单号[ORDER_NUMBER]", "取件码：***", "138****8000", "a***@example.com",
     "6222 **** **** 0018", "license plate [LICENSE_PLATE]", "device id: {{DEVICE_ID}}", "card number: ************1111"],
)  # fmt: skip
def test_masks_of_others_stay_and_are_nothing(text):
    assert found(text) == []
    assert found(f"你好 {text} 谢谢") == []


def test_what_stands_beside_a_mask_is_found():
    assert found("[NAME] 的电话13800138000，{{EMAIL}}或a.b@example.com") == [
        ("PHONE_NUMBER", "13800138000"),
        ("EMAIL_ADDRESS", "a.b@example.com"),
    ]


# --- text inside other formats ---


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("<p>电话<b>13800138000</b></p>", ["13800138000"]),
        ('<td class="c138">13800138000</td><td>a.b@example.com</td>', ["13800138000", "a.b@example.com"]),
        ("电话&nbsp;13800138000&lt;br&gt;", ["13800138000"]),
        ('{"phone":"13800138000","n":[1,2],"wx":"微信号：zhang_san88"}', ["13800138000", "zhang_san88"]),
        ('{\\"phone\\":\\"13800138000\\",\\"mail\\":\\"a.b@example.com\\"}', ["13800138000", "a.b@example.com"]),
        ('{"phone":13800138000}', ["13800138000"]),
        ("<phone>13800138000</phone><!-- a.b@example.com -->", ["13800138000", "a.b@example.com"]),
        ("| 13800138000 | a.b@example.com |", ["13800138000", "a.b@example.com"]),
        ("phone,mail\n13800138000,a.b@example.com\n", ["13800138000", "a.b@example.com"]),
    ],
)
def test_values_in_markup_are_found_and_the_markup_is_not(text, values):
    assert [value for _, value in found(text)] == values


def test_digits_of_every_script_are_folded() -> None:
    """The table is made of two planes alone; Unicode has no digits beyond."""
    digits = [chr(code) for code in range(0x80, sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Nd"]
    assert len(digits) > 600
    assert [fold(digit).text for digit in digits] == [str(unicodedata.digit(digit)) for digit in digits]
