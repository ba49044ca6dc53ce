"""Normal form of text and mark-up: what goes, what stays, that twice is once, and that no text makes it slow."""

from __future__ import annotations

import sys
import time
import unicodedata

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from governance.pseudonyms import PLACEHOLDER
from schemas.contract_document import MARKUP
from transforms.markup import MARKUPS
from transforms.normalise_text import _UNSTABLE, normalise


def of(text: str, markup: str = "none") -> str:
    (found,) = normalise(pa.array([text], pa.large_string()), markup).to_pylist()
    assert isinstance(found, str)
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ＡＢＣ１２３，全角。", "ABC123，全角。"),
        ("cafe\u0301", "café"),
        ("ｅ\u0301", "é"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a \t\n\n\n\nb", "a\n\nb"),
        ("\n\n  indented\n    code  ", "  indented\n    code"),
        ("a\u00a0b\u3000c", "a b c"),
        ("j\u200boe\ufeff@x\u0000.com", "joe@x.com"),
        ("13\u200d8\u200c0", "1380"),
        ("👨\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3", "👨\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("<b>stays</b> &amp; {\\an8}", "<b>stays</b> &amp; {\\an8}"),
        ("", ""),
        (" ", ""),
    ],
)
def test_text(text: str, expected: str) -> None:
    assert of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>One</p><p>two<br/>three</p>", "\nOne\n\ntwo\nthree"),
        ("j<b></b>ohn@example<wbr>.com", "john@example.com"),
        ("&#49;&#51;&#56;&#x30;", "1380"),
        ("&amp;lt;b&amp;gt;bold&lt;/b&gt;", "bold"),
        ("a &lt; b &amp;&amp; c", "a < b && c"),
        ("<a href=\"https://x.example/?a>b\" title='c'>label</a>", "label"),
        ("<a title=it's>label</a>", "label"),
        ("x<script>var a = '</b>';</script>y<style>p {}</style>z<!-- no -->", "x y z"),
        ("List<String> <joe@example.com> 1 < 2 <3 <unknown>", "List<String> <joe@example.com> 1 < 2 <3 <unknown>"),
        ("<B>by <PERSON> <PHONE_NUMBER:abcdefgh></B>", "by <PERSON> <PHONE_NUMBER:abcdefgh>"),
        ("<ｂ>wide</ｂ>", "wide"),
        ("a <div <p>>", "a"),
        ("&copy; &nosuch; &;", "© &nosuch; &;"),
        ("<td>a</td><td>b</td>", " a b"),
    ],
)
def test_html(text: str, expected: str) -> None:
    assert of(text, "html").strip("\n") == expected.strip("\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"{\an8}你好\N再见", "你好\n再见"),
        (r"{\pos(1,2)\b1}a{\b0}{note}", "a{note}"),
        ('<i>so</i> <font color="#fff">what</font>', "so what"),
        ("<c.yellow>a</c> <v Roger>b <00:01.000>c", "a b c"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
    ],
)
def test_subtitle(text: str, expected: str) -> None:
    assert of(text, "subtitle") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[b]hi[/b] [url=https://x.example]shop[/url]", "hi shop"),
        ("see <https://x.example/a|this page>", "see this page https://x.example/a"),
        ("[图片] a[1] <@U1> &lt;3", "[图片] a[1] <@U1> <3"),
    ],
)
def test_chat(text: str, expected: str) -> None:
    assert of(text, "chat") == expected


PIECES = st.sampled_from(
    [*"ab <>&;/#[]{}\\\n\t\"'=1０ａ", "&amp;", "&lt;", "&#60;", "&#38;", "amp;", "#38;", "<b>", "</b>", "<br", "<!--", "-->",
     "<script>", "</script>", "\u0301", "\u200b", "\u200d", "\u200c", "\u3000", "\r", "\x00", "{\\", "\\N", "[b]", "你", "가",
     "\u1100", "\u1161", "😀", "<PERSON>", "<EMAIL_ADDRESS:abcdefgh>", "\u0958", "\uf900", "\u2000"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join), st.sampled_from(MARKUPS))
@example("&amp;" * 9, "html")
@example("&" + "#38;" * 12 + "lt;b&gt;", "html")
def test_twice_is_once(text: str, markup: str) -> None:
    once = of(text, markup)
    assert of(once, markup) == once
    assert unicodedata.is_normalized("NFC", once)


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join), st.sampled_from(MARKUPS))
def test_neighbours_change_nothing(text: str, markup: str) -> None:
    texts = pa.array([text, None, "<b>x</b>", text], pa.large_string())
    assert normalise(texts, markup).to_pylist() == [of(text, markup), None, of("<b>x</b>", markup), of(text, markup)]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(["<PERSON>", "<CREDIT_CARD:abcdefgh>", " ", "，", "a"]), max_size=12),
    st.sampled_from(MARKUPS),
)
def test_placeholders_stay(parts: list[str], markup: str) -> None:
    text = "x" + "".join(parts) + "x"
    assert PLACEHOLDER.findall(of(text, markup)) == PLACEHOLDER.findall(text)


def test_no_tag_is_named_like_an_entity() -> None:
    from governance.names.engine import ENTITIES
    from governance.recognisers.library import entities

    for entity in {*ENTITIES, *entities(), "IDENTIFIER", "PERSON", "CONTACT", "ACCOUNT", "TEXT"}:
        for markup in MARKUPS:
            assert of(f"a <{entity}> b", markup) == f"a <{entity}> b", entity


def test_what_normal_form_changes_is_looked_at() -> None:
    signs = pl.Series([chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000])
    changed = signs.filter(signs.str.normalize("NFC") != signs)
    assert changed.filter(~changed.str.contains(f"[{_UNSTABLE}]")).to_list() == []


def test_the_same_array_where_nothing_changes() -> None:
    texts = pa.array(["plain text", None, "没有什么"], pa.large_string())
    assert normalise(texts, "html") is texts
    assert normalise(texts.slice(0, 0), "html").to_pylist() == []


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<b ",
        '<a "',
        "<!--",
        "<script>",
        "&amp;",
        "#38;",
        " ",
        '<a href="b>',
        "{\\",
        "\u0301",
        "&lt;b&gt;",
        "\u200d",
        "[b",
        "<b>",
    ],
)
def test_no_text_makes_it_slow(piece: str, markup: str) -> None:
    text = "&" + piece * (400_000 // len(piece))
    start = time.process_time()
    once = of(text, markup)
    assert time.process_time() - start < 3
    assert of(once, markup) == once


def test_profiles_have_markups_that_there_are() -> None:
    assert set(MARKUP.values()) <= set(MARKUPS)
