"""Values that are spelt out in escapes: found, whole, and what is no escape stays as it is."""

import json
from html import escape
from urllib.parse import quote

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearinghouse.scrub import default_engine
from governance.recognisers import escapes
from governance.recognisers.engine import PatternEngine
from governance.recognisers.normalise import fold, rows_to_fold

ENGINE = PatternEngine(("CN", "US"))


def units(text: str) -> str:
    """Every character as JSON escapes."""
    return "".join(f"\\u{ord(c):04x}" for c in text)


def references(text: str) -> str:
    return "".join(f"&#{ord(c)};" for c in text)


def hexadecimal(text: str) -> str:
    return "".join(f"&#x{ord(c):X};" for c in text)


def percent(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def python_bytes(text: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


VALUES = {
    "13800138000": "PHONE_NUMBER",
    "138-0013-8000": "PHONE_NUMBER",
    "１３８００１３８０００": "PHONE_NUMBER",
    "li.wei@example.com": "EMAIL_ADDRESS",
    "11010119900307803X": "CN_RESIDENT_ID",
    "4111 1111 1111 1111": "BANK_CARD",
}


@pytest.mark.parametrize("spell", [units, references, hexadecimal, percent, python_bytes])
@pytest.mark.parametrize("value", VALUES)
def test_a_value_in_escapes_is_found_whole(spell, value):
    spelt = spell(value)
    for before, after in (("", ""), ("电话 ", " 谢谢"), ('{"text": "', '"}'), ("找我", "吧")):
        (span,) = ENGINE.scan([before + spelt + after])
        assert (span.start, span.end) == (len(before), len(before) + len(spelt))
        assert span.entity == VALUES[value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("phone=%2B8613800138000&x=1", "%2B8613800138000"),
        ("138&nbsp;0013&nbsp;8000", "138&nbsp;0013&nbsp;8000"),
        ("call 138\\u00200013\\u20118000 now", "138\\u00200013\\u20118000"),
        ("li.wei&commat;example.com", "li.wei&commat;example.com"),
        ("&lt;li.wei@example.com&gt;", "li.wei@example.com"),
        ("li.wei\\u0040example.com", "li.wei\\u0040example.com"),
        ('"{\\"tel\\":\\"\\\\u0031\\\\u00338 0013 8000\\"}"', "\\\\u0031\\\\u00338 0013 8000"),
        ("https:\\/\\/weibo.com\\/u\\/1234567", "https:\\/\\/weibo.com\\/u\\/1234567"),
        ("&amp;#49;&amp;#51;800138000", "&amp;#49;&amp;#51;800138000"),
    ],
)
def test_forms_in_which_part_is_spelt_out(text, value):
    assert [text[span.start : span.end] for span in ENGINE.scan([text])] == [value]


def test_a_name_in_escapes_is_found():
    engine = default_engine(("CN",))
    for spelt in (units("王小明"), references("王小明"), percent("王小明")):
        text = f"收货人：{spelt}，电话13800138000"
        found = [text[span.start : span.end] for span in engine.scan([text], ["zh"])]
        assert found == [spelt, "13800138000"]


@pytest.mark.parametrize(
    "text",
    [
        "100% cotton, 50% off", "a & b", "AT&T", "R&D &c.", "C:\\users\\li", "\\udead\\ud800", "%FF%FE", "%zz", "&#;", "&#xZ;",
        "&#0;", "&#1114112;", "\\u12", "&unknown;", "\\ue000\\u0000", "https://example.com/?q=%E4%BD%A0&a=1",
        "www.example.com/a%20b",
    ],
)  # fmt: skip
def test_what_is_no_escape_stays(text):
    assert escapes.read(text) is None
    assert fold(text).text == text


def test_a_pair_of_surrogates_is_one_character():
    read = escapes.read("a\\ud83d\\ude00b")
    assert read is not None
    assert read.text == "a😀b"
    assert list(zip(read.starts, read.ends, strict=True)) == [(0, 1), (1, 13), (13, 14)]


TEXTS = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.sampled_from(["\\", "%", "&", "&#", "\\u00", "amp;", ";", "u0041", "%E5%BC", "A0"]),
        st.text("0123456789ABCDEFabcdefux%&#;\\", max_size=16),
        st.text(max_size=4).map(quote),
        st.text(max_size=4).map(json.dumps),
        st.text(max_size=4).map(escape),
    ),
    max_size=8,
).map("".join)


@settings(deadline=None, max_examples=150)
@given(TEXTS)
def test_places_lead_back_and_the_gate_opens_for_all(text):
    text = text.encode("utf-8", "replace").decode()
    read = escapes.read(text)
    if read is not None:
        assert len(read.text) == len(read.starts) == len(read.ends)
        assert read.starts[0] == 0
        assert read.ends[-1] == len(text)
        assert read.starts[1:] == read.ends[:-1]
        for character, start, end in zip(*read, strict=True):
            assert end - start > 1 or text[start] == character
        array = pa.array([text] * 9, pa.large_string())
        assert len(rows_to_fold(array)) == 9
    folded = fold(text)
    assert folded.starts is None or folded.starts == sorted(set(folded.starts))


def test_time_grows_with_length():
    for piece in ("\\", "&amp;", "%", "&#", "\\u", "%E5", "a://", "\\u005c"):
        assert fold(piece * 40_000) is not None
