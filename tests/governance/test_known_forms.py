"""The forms in which people write what a record declares, and everyday text that only looks like one."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from governance.known_values import FULL, PARTIAL, Declared, KnownValues
from governance.known_values.anchors import anchors, candidates, kind_of, series
from governance.known_values.folding import Folded, fold, squeeze


def found(entity: str, value: str, text: str) -> list[str]:
    batch = pa.record_batch({"x": [value]})
    spans = KnownValues({"x": entity}).scan(batch, pa.array([text], pa.large_string()))
    return [text[s.start : s.end] for s in spans]


@pytest.mark.parametrize(
    ("entity", "value", "text", "piece"),
    [
        ("PERSON", "王小明", "王女士在吗", "王女士"),
        ("PERSON", "王小明", "老王明天来", "老王"),
        ("PERSON", "王小明", "王总让我转告", "王总"),
        ("PERSON", "王小明", "王工已经看过", "王工"),
        ("PERSON", "王小明", "我找明哥拿货", "明哥"),
        ("PERSON", "王小明", "免贵姓王，谢谢", "王"),
        ("PERSON", "王小明", "王*明的快递", "王*明"),
        ("PERSON", "王小明", "收件人：王**", "王**"),
        ("PERSON", "王小明", "小王师傅到了", "小王师傅"),
        ("PERSON", "陈建国", "请联系建国", "建国"),
        ("PERSON", "田中太郎", "田中さん、こんにちは", "田中さん"),
        ("PERSON", "Marco Rossi", "Mr. Rossi is out", "Rossi"),
        ("PERSON", "Anna Smith", "thanks, Anna!", "Anna"),
        ("PERSON", "Anna Smith", "hi anna, here it is", "anna"),
        ("PERSON", "John Smith", "J. Smith called", "J. Smith"),
        ("PERSON", "John Smith", "Smith, John", "Smith, John"),
        ("PERSON", "John Smith", "signed Smith J.", "Smith J."),
        ("PERSON", "JOHN SMITH", "john smith was here", "john smith"),
        ("PERSON", "Mary Ann O'Brien", "Mrs O'Brien", "O'Brien"),
        ("PERSON", "Rose Long", "give it to Rose please", "Rose"),
        ("PERSON", "Jean-Pierre Blanc", "call Jean Pierre", "Jean Pierre"),
        ("PERSON", "Nguyễn Thị Hà", "gửi chị Hà nhé", "Hà"),
        ("PERSON", "Nguyễn Văn Minh", "anh Minh ơi", "Minh"),
        ("PERSON", "สมชาย ใจดี", "คุณสมชายรับของแล้ว", "สมชาย"),
        ("PERSON", "นายสมชาย ใจดี", "ส่งให้สมชาย ใจดี", "สมชาย ใจดี"),
        ("PERSON", "김민수", "민수씨 계신가요", "민수씨"),
        ("PERSON", "김민수", "김 대리님께", "김 대리님"),
        ("PERSON", "김민수", "김민수 고객님", "김민수 고객님"),
        ("PERSON", "Иван Петров", "передайте Ивану Петрову", "Ивану Петрову"),
        ("PERSON", "Анна Иванова", "для Анны", "Анны"),
        ("PERSON", "Павел Орлов", "у Павла", "Павла"),
        ("PERSON", "Дмитрий Островский", "Островскому", "Островскому"),
        ("PERSON", "Maria da Silva", "ligue p/ Maria Silva", "Maria Silva"),
        ("PHONE_NUMBER", "13812341234", "138****1234", "138****1234"),
        ("PHONE_NUMBER", "13812341234", "打138xxxx1234", "138xxxx1234"),
        ("PHONE_NUMBER", "13812341234", "尾号是1234", "尾号是1234"),
        ("PHONE_NUMBER", "13812341234", "ending in 1234", "ending in 1234"),
        ("PHONE_NUMBER", "+6281234567890", "hubungi 0812-3456-7890", "0812-3456-7890"),
        ("PHONE_NUMBER", "081234567890", "+62 812 3456 7890", "+62 812 3456 7890"),
        ("PHONE_NUMBER", "+44 20 7946 0018", "on 020 7946 0018", "020 7946 0018"),
        ("PHONE_NUMBER", "+44 20 7946 0018", "+44 (0)20 7946 0018", "+44 (0)20 7946 0018"),
        ("PHONE_NUMBER", "010-62345678", "打62345678", "62345678"),
        ("PHONE_NUMBER", "13812341234", "电话1 3 8 1 2 3 4 1 2 3 4", "1 3 8 1 2 3 4 1 2 3 4"),
        ("PHONE_NUMBER", "13812341234", "tel13812341234", "13812341234"),
        ("CN_RESIDENT_ID", "11010519491231002X", "证件 110105 19491231 002x", "110105 19491231 002x"),
        ("CN_RESIDENT_ID", "11010519491231002X", "1101**********002X", "1101**********002X"),
        ("BANK_CARD", "6222 0212 3456 7890 128", "6222021234567890128", "6222021234567890128"),
        ("WAYBILL", "SF1234567890123", "1234567890123到了吗", "1234567890123"),
        ("EMAIL_ADDRESS", "zhangsan@x.com", "找 zhangsan 就行", "zhangsan"),
        ("EMAIL_ADDRESS", "zhang.san@x.com", "zhang.san (at) x dot com", "zhang.san (at) x dot com"),
        ("ADDRESS", "广东省深圳市南山区科技路12号3栋501", "在科技路12号等你", "科技路12号"),
        ("ADDRESS", "广东省深圳市南山区科技路12号3栋501", "我在3栋501", "3栋501"),
        ("ADDRESS", "广东省深圳市南山区科技路12号3栋501", "深圳市南山区科技路１２号", "深圳市南山区科技路１２号"),
        ("ADDRESS", "123 Main Street, Springfield", "leave at 123 main street", "123 main street"),
        ("ADDRESS", "Jl. Sudirman No. 12, Jakarta", "ke jl sudirman no 12 ya", "jl sudirman no 12"),
        ("PLATE", "粤B·12345", "车牌粤B12345", "粤B12345"),
        ("PLATE", "粤B12345", "车 B12345 到了", "B12345"),
        ("USERNAME", "blue_fox88", "@Blue Fox 88", "Blue Fox 88"),
        ("IP_ADDRESS", "203.0.113.77", "from 203.0.113.77.", "203.0.113.77"),
        ("MAC_ADDRESS", "00:1A:2B:3C:4D:5E", "mac 00:1a:2b:3c:4d:5e", "00:1a:2b:3c:4d:5e"),
    ],
)
def test_forms(entity: str, value: str, text: str, piece: str) -> None:
    assert " ".join(found(entity, value, text)) == piece


@pytest.mark.parametrize(
    ("entity", "value", "text"),
    [
        ("PERSON", "陈和平", "世界和平，这是大家的愿望"),
        ("PERSON", "高兴", "收到货很高兴"),
        ("PERSON", "刘建国", "那是建国初期的事"),
        ("PERSON", "于小明", "由于总是缺货"),
        ("PERSON", "时大明", "过了几个小时才到"),
        ("PERSON", "方小圆", "他很大方"),
        ("PERSON", "米兰", "买了小米手机"),
        ("PERSON", "王小明", "王府井大街和大王村"),
        ("PERSON", "张晓明", "说明书写得很明白"),
        ("PERSON", "May Day", "it may take a day in May"),
        ("PERSON", "Will Young", "Will you send it to the young man?"),
        ("PERSON", "Mark Hill", "mark it; the hill is steep. Mark the box"),
        ("PERSON", "Ann Lee", "an old sleeve, annual"),
        ("PERSON", "Chris Tina", "Christina is someone else"),
        ("PERSON", "Li Na", "lina, linalool, Lina"),
        ("PERSON", "김민수", "김치 세 개, 민수용품"),
        ("PERSON", "Роман Белый", "белый роман, романтика"),
        ("PERSON", "Nguyễn Thị Hà", "Hà Nội mùa thu"),
        ("PERSON", "王", "王先生"),
        ("PHONE_NUMBER", "13812341234", "1234件"),
        ("PHONE_NUMBER", "13812341234", "订单 20241234"),
        ("PHONE_NUMBER", "13812341234", "139****1234"),
        ("PHONE_NUMBER", "13812341234", "尾号12345"),
        ("PHONE_NUMBER", "13812341234", "99138123412345"),
        ("PHONE_NUMBER", "1", "1"),
        ("USER_ID", "1", "买了1件"),
        ("USER_ID", "12345", "12345 pieces"),
        ("EMAIL_ADDRESS", "service@x.com", "the service is fine"),
        ("EMAIL_ADDRESS", "smile@x.com", "she will smile"),
        ("EMAIL_ADDRESS", "anna@x.com", "annas bananas"),
        ("ADDRESS", "广东省深圳市南山区科技路12号3栋501", "深圳市南山区很大"),
        ("ADDRESS", "广东省深圳市南山区科技路12号3栋501", "科技路很长，买了12个"),
        ("ADDRESS", "广东省深圳市南山区科技路12号3栋501", "13栋5012"),
        ("ADDRESS", "123 Main Street, Springfield", "the main street of Springfield"),
        ("ADDRESS", "123 Main Street", "9123 mainly street"),
        ("ADDRESS", "北京", "我在北京"),
        ("USERNAME", "smile", "keep your smile"),
        ("USERNAME", "abc", "abc"),
        ("IP_ADDRESS", "10.0.0.1", "10.0.0.12 and 110.0.0.1"),
        ("PLATE", "粤B12345", "AB12345C"),
    ],
)
def test_what_only_looks_alike(entity: str, value: str, text: str) -> None:
    assert found(entity, value, text) == []


def test_a_conversation_shares_what_its_rows_declare() -> None:
    batch = pa.record_batch({"x": ["王小明", None, "李芳", None], "talk": ["a", "a", "b", None]})
    texts = pa.array(["李芳", "王小明和李芳", "王小明", "王小明和李芳"], pa.large_string())
    spans = KnownValues({"x": "PERSON"}, "talk").scan(batch, texts)
    assert [(s.row, s.start, s.end) for s in spans] == [(1, 0, 3)]
    part = KnownValues({"x": "PERSON"}, "talk").scan(batch, texts.take([1]), [1])
    assert [(s.row, s.start, s.end) for s in part] == [(0, 0, 3)]


def test_declared_by_others_counts_as_theirs() -> None:
    batch = pa.record_batch({"x": ["", ""]})
    other = Declared("PERSON", "orders.buyer", pa.array(["王小明"], pa.large_string()), np.array([1]), np.array([0]))
    spans = KnownValues({}).scan(batch, pa.array(["王小明", "王小明"], pa.large_string()), None, [other])
    assert [(s.row, s.entity, s.recogniser, s.reason) for s in spans] == [(1, "PERSON", "known.orders.buyer", FULL)]
    assert "王小明" not in repr(other)


WIDE = {c: chr(ord(c) + 0xFEE0) for c in map(chr, range(0x21, 0x7F))}
VALUES = [
    ("PHONE_NUMBER", "13812345678", 2),
    ("PHONE_NUMBER", "+6281234567890", 2),
    ("BANK_CARD", "6222021234567890128", 2),
    ("WAYBILL", "SF1234567890123", 2),
    ("CN_RESIDENT_ID", "11010519491231002X", 2),
    ("PERSON", "欧阳小明", 1),
    ("PERSON", "王小明", 1),
    ("PERSON", "Maria Souza", 0),
    ("PERSON", "Nguyễn Văn An", 0),
    ("PERSON", "Анна Иванова", 0),
    ("EMAIL_ADDRESS", "li.wei77@example.com", 0),
    ("ADDRESS", "广东省深圳市南山区科技路12号3栋501", 1),
    ("PLATE", "粤B12345", 1),
]
AROUND = st.text(alphabet="的了在，。！ \n请问", max_size=8)


@given(st.sampled_from(VALUES), st.data(), AROUND, AROUND)
def test_no_width_case_or_separator_hides_a_value(
    value: tuple[str, str, int], data: st.DataObject, before: str, after: str
) -> None:
    entity, text, gap = value
    noisy = []
    for character in text:
        shown = WIDE.get(character, character) if data.draw(st.booleans()) else character
        if entity != "PERSON" or character > "\u3000":
            shown = shown.upper() if data.draw(st.booleans()) else shown
        if noisy and gap and character.isalnum():
            noisy.append(data.draw(st.text(alphabet=" \u200b·" if gap == 1 else " -.\u3000\u200b", max_size=gap)))
        noisy.append(shown)
    written = "".join(noisy)
    assume(not before or not before[-1].isalnum() or before[-1] > "\u3000")
    pieces = found(entity, text, before + written + after)
    assert pieces
    assert squeeze(fold(text)).removeprefix("+") in squeeze(fold("".join(pieces))) or entity == "PHONE_NUMBER"
    assert squeeze(fold("".join(pieces))).endswith(squeeze(fold(text))[-4:])


@given(
    st.sampled_from(VALUES),
    st.lists(
        st.sampled_from([v for _, v, _ in VALUES] + ["王先生", "小王", "的", " ", "8", "a", "，", "5678"]), max_size=8
    ),
)
def test_looking_again_after_replacing_finds_nothing(value: tuple[str, str, int], pieces: list[str]) -> None:
    entity, declared, _ = value
    text = "".join(pieces)
    batch = pa.record_batch({"x": [declared]})
    known = KnownValues({"x": entity})
    spans = list(known.scan(batch, pa.array([text], pa.large_string())))
    for span in reversed(spans):
        text = text[: span.start] + f"<{span.entity}>" + text[span.end :]
    assert not list(known.scan(batch, pa.array([text], pa.large_string())))


@given(st.sampled_from(VALUES), st.text(max_size=20))
def test_whatever_a_matcher_finds_has_an_anchor(value: tuple[str, str, int], noise: str) -> None:
    """The batch's filter leaves no row out in which the exact search would find something."""
    from governance.known_values.matching import Row
    from governance.known_values.search import _NUMBERS, _matcher

    entity, declared, _ = value
    for text in (
        noise,
        noise + declared,
        declared[:3] + noise + declared[-4:],
        declared[-4:] + noise,
        f"{declared[0]}先生",
    ):
        folded = Folded(pa.array([text], pa.large_string()))
        matcher = _matcher(entity, declared)
        assert matcher is not None
        row = Row(text, folded.folded(0), folded.bare(0), folded.places(0).tolist())
        if list(matcher.find(row)):
            columns = anchors(entity, kind_of(entity, _NUMBERS), pa.array([declared], pa.large_string()))
            assert candidates(series(folded), columns, np.array([0]), np.array([0])).all()


@given(st.lists(st.text(max_size=30), max_size=6))
def test_columns_fold_as_texts_do(texts: list[str]) -> None:
    texts = [text.encode("utf-8", "ignore").decode() for text in texts]
    column = Folded(pa.array(texts, pa.large_string()))
    assert column.arrow().to_pylist() == [squeeze(fold(text)) for text in texts]
    for row, text in enumerate(texts):
        assert column.folded(row) == fold(text)
        assert [column.folded(row)[place] for place in column.places(row)] == list(column.bare(row))
    assert PARTIAL


LONG = {
    "one surname": ("PERSON", "王王王", "王" * 200_000),
    "one word": ("PERSON", "Ann Ann", "Ann " * 50_000),
    "one digit": ("PHONE_NUMBER", "11111111111", "1" * 300_000),
    "stars": ("PHONE_NUMBER", "13812341234", "*" * 300_000 + "1234"),
    "one street": ("ADDRESS", "路" * 900 + "1号", "路" * 100_000 + "1号"),
    "a value that is a text": ("PERSON", "王" * 100_000, "王" * 100_000),
    "one letter": ("EMAIL_ADDRESS", "aaaaaa@aaa.com", "a.a" * 60_000),
}


@pytest.mark.parametrize("name", LONG)
def test_long_lines_of_one_sign_are_over_soon(name: str) -> None:
    """No bound on time is asserted; a search that is not linear would not end within the test's own limit."""
    found(*LONG[name])
