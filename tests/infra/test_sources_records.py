"""JSON, JSON Lines, YAML, XML, subtitles, dumps and plain text: records, paths, and what becomes of damage."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.sources import Drift, SourceUnreadable
from infra.sources.columns import Part
from infra.sources.context import Context
from infra.sources.paths import getter, loads, to_text
from infra.sources.pgcopy import _unescaped
from infra.sources.reading import reader_of
from schemas.contract import Source
from tests.infra.source_help import Read, cut, fields, files, read, read_text

TEXT = fields("text")


def one(text: str, format: str, *paths: str, **options: Any) -> Read:
    return read_text([text] if text else [], files("-", format, **options), fields(*paths))


# -- paths ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "want"),
    [
        ("a", 1),
        ("b.c", "x"),
        ("b.l.0", 10),
        ("b.l.-1", 30),
        ("b.l.9", None),
        ("many.k", ["p", "q"]),
        ("dotted.key", "whole"),
        (r"dot\.ted.x", 5),
        ("s|json.n.0", 7),
        ("s|json", {"n": [7]}),
        ("broken|json.n", None),
        ("a.b.c", None),
        ("none.x", None),
        (".", ...),
    ],
)
def test_value_paths(path: str, want: Any) -> None:
    record = {
        "a": 1, "b": {"c": "x", "l": [10, 20, 30]}, "many": [{"k": "p"}, {"k": "q"}, 3], "dotted.key": "whole",
        "dot.ted": {"x": 5}, "s": '{"n": [7]}', "broken": "{", "none": None,
    }  # fmt: skip
    assert getter(path)(record) == (record if want is ... else want)


def test_values_as_text() -> None:
    value = loads('{"f": 4.50, "big": 123456789012345678901234567890, "s": "é\\"", "l": [true, null, 1E+2]}')
    assert to_text(value) == '{"f": 4.50, "big": 123456789012345678901234567890, "s": "é\\"", "l": [true, null, 1E+2]}'
    assert to_text(value["f"]) == "4.50"
    assert [to_text(v) for v in (True, False, None, 7, b"x", b"\xff")] == ["true", "false", None, "7", "x", "/w=="]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(value=json_values)
def test_nested_values_stay_json(value: Any) -> None:
    if isinstance(value, (dict, list)):
        assert json.loads(to_text(value) or "") == value


# -- JSON documents ------------------------------------------------------------------------------------------------


def test_conversations_by_key() -> None:
    text = json.dumps(
        {
            "d1": {"messages": [{"t": "a"}, {"t": "b"}], "kind": "x"},
            "d2": {"kind": "y", "messages": []},
            "d3": {"messages": [{"t": "c", "more": {"n": [1.50, None]}}], "kind": "z"},
            "d4": {"kind": "none"},
        }
    )
    got = one(
        text,
        "json",
        "k=$key",
        "i=$index",
        "p=$parent_index",
        "t",
        "kind=$parent.kind",
        "more",
        "line=$line",
        record="{}.messages[]",
    )
    assert got.tuples == [
        ("d1", "0", "0", "a", "x", None, "1"),
        ("d1", "1", "0", "b", "x", None, "2"),
        ("d3", "0", "2", "c", "z", '{"n": [1.5, null]}', "3"),
    ]
    assert got.positions == [1, 2, 3]


def test_the_object_that_holds_a_streamed_list() -> None:
    text = '{"info": {"year": 2017}, "rows": [{"id": 1}, {"id": 2}], "after": "later", "rest": [[1]]}'
    got = one(text, "json", "id", "y=$parent.info.year", "a=$parent.after", record="rows[]")
    assert got.tuples == [("1", "2017", "later"), ("2", "2017", "later")]
    deep = '{"data": {"v": 9, "rows": {"k1": {"id": 1}, "k2": {"id": 2}}}}'
    got = one(deep, "json", "id", "k=$key", "v=$parent.v", record="data.rows{}")
    assert got.tuples == [("1", "k1", "9"), ("2", "k2", "9")]


@pytest.mark.parametrize(
    ("text", "record", "rows"),
    [
        ('[{"text": 1}, {"text": 2}]', None, ["1", "2"]),
        ('{"text": 1}', None, ["1"]),
        ('{"text": 1} {"text": 2}\n{"text": 3}', None, ["1", "2", "3"]),
        ('{"a": {"text": 1}}', "a", ["1"]),
        ('[[{"text": 1}], [], [{"text": 2}]]', "[][]", ["1", "2"]),
        ("[]", None, []),
        ("", None, []),
        (" \n", None, []),
        ('{"a": []}', "a[]", []),
        ('{"a": null}', "a[]", []),
        ('[{"text": null}, {"text": ""}, {}]', None, [None, "", None]),
    ],
)
def test_shapes(text: str, record: str | None, rows: list[str]) -> None:
    got = one(text, "json", "text", record=record)
    assert [row["text"] for row in got.rows] == rows
    assert got.rejects == []


def test_scalars_as_records() -> None:
    assert one('["a", 2, null]', "json", "text=.").tuples == [("a",), ("2",), (None,)]
    got = one('[{"text": "a"}, 5]', "json", "text")
    assert (got.tuples, got.why) == ([("a",)], [(2, "malformed")])


def test_a_record_path_that_leads_nowhere_is_an_error() -> None:
    for text in ('{"annots": [{"text": 1}]}', '{"a": {"rows": [1]}}', '{"rows": {"x": 1}}'):
        with pytest.raises(SourceUnreadable, match=r"record path 'rows\[\]' leads to nothing"):
            one(text, "json", "text", record="rows[]")


def test_a_broken_document_keeps_what_came_before() -> None:
    for tail in ('{"text": ', "", '{"text": 3}, oops'):
        got = one('[{"text": 1}, {"text": 2}, ' + tail, "json", "text")
        assert [row["text"] for row in got.rows][:2] == ["1", "2"]
        assert [reason for _, reason in got.why] == ["malformed"]


def test_a_unit_of_another_shape_is_one_reject() -> None:
    got = one(
        '{"d1": {"messages": "gone"}, "d2": {"messages": [{"text": "a"}]}, "d3": 7}',
        "json",
        "text",
        record="{}.messages[]",
    )
    assert got.tuples == [("a",)]
    assert got.why == [(1, "malformed"), (3, "malformed")]


def test_wrong_bytes_and_zero_bytes_in_json(tmp_path: Path) -> None:
    (tmp_path / "f.json").write_bytes(
        b'[{"text": "a\xc3\xa9"}, {"text": "b\xff"}, {"x": "\0", "text": "c"}, {"text": "d"}]'
    )
    got = read(files(tmp_path / "f.json", "json"), TEXT)
    assert got.tuples == [("aé",), ("d",)]
    assert got.why == [(2, "undecodable_bytes"), (3, "nul_byte")]
    assert "\ufdd0" not in got.rejects[0].sample
    for codec in ("gb18030", "utf-16"):
        (tmp_path / "f.json").write_bytes('[{"text": "北京市海淀区"}]'.encode(codec))
        assert read(files(tmp_path / "f.json", "json"), TEXT).tuples == [("北京市海淀区",)]


@settings(max_examples=25, deadline=None)
@given(
    sizes=st.lists(st.sampled_from([3, 30, 200_000]), min_size=1, max_size=5),
    keyed=st.booleans(),
    places=st.lists(st.integers(0, 10**6), max_size=5),
    escape=st.sampled_from(["x", '\\"', "\\u4e2d", "\\\\"]),
)
def test_a_record_too_large_is_skipped_and_the_rest_is_read(
    sizes: list[int], keyed: bool, places: list[int], escape: str
) -> None:
    records = [
        f'{{"n": {i}, "text": "{escape * (size // len(escape))}x", "l": [1, {{"text": 2}}]}}'
        for i, size in enumerate(sizes)
    ]
    if keyed:
        text = "{" + ", ".join(f'"k{i}": {record}' for i, record in enumerate(records)) + "}"
    else:
        text = "[" + ", ".join(records) + "]"
    source = files("-", "json", record="{}" if keyed else "[]", max_record_bytes=1000)
    got = read_text(cut(text, places), source, fields("n", "k=$key"))
    # A record is surely too large beyond the parser's buffers, and surely not when it is short.
    want = [str(i) for i, size in enumerate(sizes) if size < 1000]
    assert [row["n"] for row in got.rows] == want
    assert [reason for _, reason in got.why] == ["record_too_large"] * (len(sizes) - len(want))
    assert sorted([*got.positions, *(p for p, _ in got.why)]) == list(range(1, len(sizes) + 1))


def test_what_lies_before_the_records_may_be_long() -> None:
    text = '{"images": [' + ",".join(f'{{"id": {i}}}' for i in range(60_000)) + '], "rows": [{"text": "a"}]}'
    got = one(text, "json", "text", record="rows[]", max_record_bytes=1000)
    assert (got.tuples, got.rejects) == ([("a",)], [])


# -- JSON Lines ----------------------------------------------------------------------------------------------------


def test_json_lines() -> None:
    text = '{"text": "a", "n": 1.50}\n\n  \n{"text": "b", "n": 12345678901234567890123}\r\n{broken\n[1]\n5\n{"text": "\\ud800"}\n{"text": "c", "n": NaN}'
    for parts in ([text], list(text)):
        got = read_text(parts, files("-", "jsonl"), fields("text", "n", "l=$line"))
        assert got.tuples == [
            ("a", "1.50", "1"),
            ("b", "12345678901234567890123", "4"),
            (None, None, "6"),
            (None, None, "7"),
            ("c", "NaN", "9"),
        ]
        assert got.why == [(5, "malformed"), (8, "malformed")]


def test_json_lines_with_a_record_path_and_drift() -> None:
    text = '{"id": "d", "turns": [{"t": "x"}, {"t": "y", "new": 1}]}\n{"id": "e", "turns": 5}\n'
    got = one(text, "jsonl", "t", "id=$parent.id", "i=$index", "gone", record="turns[]")
    assert got.tuples == [("x", "d", "0", None), ("y", "d", "1", None)]
    assert got.positions == [1, 1]
    assert got.why == [(2, "malformed")]
    assert got.drift == {Drift("missing", "gone"), Drift("unknown", "new")}
    with pytest.raises(SourceUnreadable, match="no record has 'gone'"):
        read_text([text], files("-", "jsonl", record="turns[]"), fields("t", "gone", on_drift="fail"))


@settings(max_examples=100, deadline=None)
@given(records=st.lists(st.dictionaries(st.sampled_from(["a", "b", "c"]), json_values, max_size=3), max_size=6))
def test_json_and_json_lines_agree(records: list[Any]) -> None:
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    a = one(lines, "jsonl", "a", "b")
    b = one(json.dumps(records, ensure_ascii=False), "json", "a", "b")
    assert a.tuples == b.tuples == [(to_text(r.get("a")), to_text(r.get("b"))) for r in records]


def test_numbers_keep_their_digits() -> None:
    got = one('{"v": 0.1000000000000000055, "w": {"x": [4.50]}}\n{"v": 19.90}\n', "jsonl", "v", "w")
    assert got.tuples == [("0.1000000000000000055", '{"x": [4.50]}'), ("19.90", None)]


# -- YAML ----------------------------------------------------------------------------------------------------------

CASSETTE = """\
interactions:
- request: {body: '{"shipment": {"to": {"name": "A B"}}}', method: POST}
  response: {body: {string: '{"id": "shp_1", "fee": 5.50}'}, code: 0123}
- request: {body: null, method: GET}
  response: {body: {string: ''}, code: no}
version: 1
"""


def test_recorded_traffic() -> None:
    got = one(
        CASSETTE, "yaml", "m=request.method", "to=request.body|json.shipment.to.name", "id=response.body.string|json.id",
        "fee=response.body.string|json.fee", "code=response.code", "v=$parent.version", "i=$index", record="interactions[]",
    )  # fmt: skip
    assert got.tuples == [("POST", "A B", "shp_1", "5.50", "0123", "1", "0"), ("GET", None, None, None, "no", "1", "1")]


def test_yaml_documents_fail_alone() -> None:
    text = "# about\n%YAML 1.1\n---\ntext: a\n---\ntext: [\n---\n- {text: b}\n- {text: c}\n---\n...\n---\ntext: !!python/name:os.system\n--- {text: d}\n"
    for parts in ([text], list(text)):
        got = read_text(parts, files("-", "yaml"), TEXT)
        assert got.tuples == [("a",), ("b",), ("c",), ("d",)]
        assert got.why == [(2, "malformed"), (5, "malformed")]


def test_yaml_beyond_the_limit_and_bombs() -> None:
    big = "text: " + "x" * 3000 + "\n"
    got = one("text: a\n---\n" + big + "---\ntext: b\n", "yaml", "text", max_record_bytes=1000)
    assert (got.tuples, got.why) == ([("a",), ("b",)], [(2, "record_too_large")])
    bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 9)
    )
    for text in (bomb, "a: &a [*a]\n"):
        got = one(text, "yaml", "text=a8", "a")
        assert got.why == [(1, "malformed")]
    got = one("base: &b {k: v}\nrows: [{<<: *b, text: 1}, *b]\n", "yaml", "k", "text", record="rows[]")
    assert got.tuples == [("v", "1"), ("v", None)]
    with pytest.raises(SourceUnreadable, match="leads to nothing"):
        one("a: 1\n", "yaml", "text", record="rows[]")


# -- XML -----------------------------------------------------------------------------------------------------------


def test_xml_records() -> None:
    text = """<?xml version="1.0" encoding="GB2312"?>
<!DOCTYPE feed>
<feed xmlns:p="urn:p"><meta><row><text>inside</text></row></meta>
  <row id="1"><text>a &amp; b</text><p:tag>x</p:tag><p:tag>y</p:tag><empty/></row>
  <row id="2"><text>so <b>it</b> goes</text><row><text>inner</text></row></row>
</feed>"""
    for parts in ([text], list(text)):
        got = read_text(
            parts, files("-", "xml", record="row"), fields("id=@id", "text", "tag", "t0=tag.0", "empty", "b=text.b")
        )
        assert got.tuples == [
            (None, "inside", None, None, None, None),
            ("1", "a & b", '["x", "y"]', "x", None, None),
            ("2", '{"b": "it", "#text": "so it goes"}', None, None, None, "it"),
        ]
    assert one(text, "xml", "text=text.#text", record="feed/row").tuples == [(None,), ("so it goes",)]
    assert one(text, "xml", "text", record=".//meta/row").tuples == [("inside",)]


def test_xml_in_its_own_encoding(tmp_path: Path) -> None:
    body = '<?xml version="1.0" encoding="{}"?><r><row><text>北京</text></row></r>'
    for name in ("GB18030", "Big5", "UTF-16"):
        (tmp_path / "f.xml").write_bytes(body.format(name).encode(name))
        assert read(files(tmp_path / "f.xml", "xml", record="row"), TEXT).tuples == [("北京",)]


@pytest.mark.parametrize(
    "entity",
    [
        '<!ENTITY a "x"><!ENTITY b "&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        '<!ENTITY % a SYSTEM "http://127.0.0.1/x">',
    ],
)
def test_xml_entities_are_refused(entity: str) -> None:
    with pytest.raises(SourceUnreadable, match="declares entities") as caught:
        one(f"<!DOCTYPE r [{entity}]><r><row><text>&b;</text></row></r>", "xml", "text", record="row")
    assert not caught.value.transient


def test_xml_damage() -> None:
    rows = "<row><text>a</text></row>"
    got = one(f"<r>{rows}<row><text>b</row></r>", "xml", "text", record="row")
    assert (got.tuples, got.why) == ([("a",)], [(2, "malformed")])
    got = one(f"<r>{rows}", "xml", "text", record="row")
    assert (got.tuples, got.why) == ([("a",)], [(2, "malformed")])
    got = one(f"<r><row><text>{'x' * 5000}</text></row>{rows}</r>", "xml", "text", record="row", max_record_bytes=1000)
    assert (got.tuples, got.why) == ([("a",)], [(1, "record_too_large")])
    got = one(f"<r>{rows}<row><text>\udc80</text></row></r>", "xml", "text", record="row")
    assert (got.tuples, got.why) == ([("a",)], [(2, "undecodable_bytes")])
    assert one("<r/>", "xml", "text", record="row").rows == []
    with pytest.raises(SourceUnreadable, match="no element is named 'row'"):
        one("<r><item/></r>", "xml", "text", record="row")
    with pytest.raises(SourceUnreadable, match="needs `record`"):
        one("<r/>", "xml", "text")


# -- subtitles -----------------------------------------------------------------------------------------------------

SRT = """\ufeff1
00:00:01,066 --> 00:00:02,333
你好
<i>hello</i>\\N{\\an8}there

2
00:00:03,000 --> 00:00:04,000 X1:40 X2:600

late text

and more

00:00:05,000 --> 00:00:06.5
no number

oops --> 00:00:07,000
bad

4
00:00:08,000 --> 00:00:09,000
"""


def test_srt() -> None:
    for parts in ([SRT[1:]], list(SRT[1:])):
        got = read_text(parts, files("-", "srt"), fields("index", "start", "end", "text", "f=$file"))
        assert got.tuples == [
            ("1", "00:00:01,066", "00:00:02,333", "你好\n<i>hello</i>\\N{\\an8}there", "file"),
            ("2", "00:00:03,000", "00:00:04,000", "late text\n\nand more", "file"),
            (None, "00:00:05,000", "00:00:06.5", "no number", "file"),
            ("4", "00:00:08,000", "00:00:09,000", None, "file"),
        ]
        assert got.positions == [1, 6, 13, 19]
        assert got.why == [(16, "malformed")]
    assert one(
        "stray\n\n1\n00:00:01,0 --> 00:00:02,0\n" + "x" * 500 + "\n\n2\n00:00:03,0 --> 00:00:04,0\nok\n",
        "srt",
        "text",
        max_record_bytes=100,
    ).why == [
        (1, "malformed"),
        (3, "record_too_large"),
    ]


def test_ass() -> None:
    text = (
        "[Script Info]\nTitle: x\n\n[Events]\nFormat: Layer, Start, End, Style, Text\nComment: 0,0:00:00.00,0:00:01.00,S,not this\n"
        "Dialogue: 0,0:00:01.00,0:00:02.00,S,{\\an8}你好, 世界\\Nhello\nDialogue: 0,0:00:01.00\n[Fonts]\nDialogue: no\n"
    )
    got = one(text, "ass", "index", "start", "style", "text")
    assert got.tuples == [("1", "0:00:01.00", "S", "{\\an8}你好, 世界\\Nhello")]
    assert got.why == [(8, "columns_missing")]
    with pytest.raises(SourceUnreadable, match=r"no \[Events\] section"):
        one("hello\n", "ass", "text")


# -- dumps ---------------------------------------------------------------------------------------------------------

DUMP = (
    "-- dump\nSET x = 1;\nCOPY public.other (id) FROM stdin;\n1\n\\.\n\n"
    'COPY public.customer (id, "first name", note) FROM stdin;\n'
    "1\tAnn\t\\N\n2\tB\\tob\tline\\nbreak \\\\ \\x41\\344\\275\\240\n3\tshort\n4\t\tCOPY public.x (a) FROM stdin;\n\\.\n"
    'COPY public."Customer" (id) FROM stdin;\n99\n\\.\nCOPY customer (id, note) FROM stdin;\n5\tlast\n\\.'
)


def test_pgcopy() -> None:
    for parts in ([DUMP], list(DUMP)):
        got = read_text(parts, files("-", "pgcopy", table="customer"), fields("id", "name=first name", "note"))
        assert got.tuples == [
            ("1", "Ann", None),
            ("2", "B\tob", "line\nbreak \\ A你"),
            ("4", "", "COPY public.x (a) FROM stdin;"),
            ("5", None, "last"),
        ]
        assert got.positions == [8, 9, 11, 17]
        assert got.why == [(10, "columns_missing")]
    assert one(DUMP, "pgcopy", "id", table='public."Customer"').tuples == [("99",)]
    with pytest.raises(SourceUnreadable, match="no `COPY nothing"):
        one(DUMP, "pgcopy", "id", table="nothing")


@pytest.mark.parametrize("tail", ["1\tab\n2\tc", "1\tab\n", ""])
def test_a_dump_that_ends_in_the_table(tail: str) -> None:
    got = one("COPY t (id, v) FROM stdin;\n" + tail, "pgcopy", "id", "v", table="t")
    assert got.tuples == ([("1", "ab")] if tail else [])
    assert [reason for _, reason in got.why] == ["truncated"]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=20))
def test_copy_escapes(text: str) -> None:
    written = text
    for a, b in (
        ("\\", "\\\\"),
        ("\t", "\\t"),
        ("\n", "\\n"),
        ("\r", "\\r"),
        ("\b", "\\b"),
        ("\f", "\\f"),
        ("\v", "\\v"),
    ):
        written = written.replace(a, b)
    assert _unescaped(written) == text


# -- plain text ----------------------------------------------------------------------------------------------------


def test_text_lines_and_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("one\r\n\ntwo\u2028still\n".encode())
    got = read(files(tmp_path / "*.txt", "text"), fields("l=$line", "text=.", "f=$file"))
    assert got.tuples == [("1", "one", "a.txt"), ("2", None, "a.txt"), ("3", "two\u2028still", "a.txt")]
    got = read(files(tmp_path / "*.txt", "text", record="file"), TEXT)
    assert got.tuples == [("one\r\n\ntwo\u2028still\n",)]
    assert one("x\n" * 100, "text", "text", record="file", max_record_bytes=50).why == [(1, "record_too_large")]
    with pytest.raises(SourceUnreadable, match="no record 'page'"):
        one("x\n", "text", "text", record="page")


# -- memory --------------------------------------------------------------------------------------------------------


_LONG = "x" * 60


@pytest.mark.parametrize(
    ("format", "begin", "middle", "end", "options"),
    [
        ("text", "a\n", _LONG, "\nb\n", {}),
        ("jsonl", '{"text": "a"}\n{"text": "', _LONG, '"}\n{"text": "b"}\n', {}),
        ("json", '[{"text": "a"}, {"text": "', _LONG, '"}, {"text": "b"}]', {}),
        ("json", '[{"text": "a"}, {"text": [', f'"{_LONG}",', '""]}, {"text": "b"}]', {}),
        ("csv", 'text,n\na,1\n"', _LONG + '\n""', '",1\nb,1\n', {}),
        ("csv", 'text+|n\na+|1\n"', _LONG + '\n""', '"+|1\nb+|1\n', {"delimiter": "+|"}),
        ("csv", "text,n\na,1\n", _LONG, ",1\nb,1\n", {"quote": None}),
        ("yaml", "text: a\n---\n", f"# {_LONG}\n", "text: c\n---\ntext: b\n", {}),
        ("xml", "<r><row><text>a</text></row><row><text>", _LONG, "</text></row><row><text>b</text></row></r>", {"record": "row"}),
        ("srt", "1\n0:0:1 --> 0:0:2\na\n\n2\n0:0:1 --> 0:0:2\n", f"{_LONG}\n", "\n3\n0:0:1 --> 0:0:2\nb\n", {}),
        ("pgcopy", "COPY t (text) FROM stdin;\na\n", _LONG, "\nb\n\\.\n", {"table": "t"}),
    ],
)  # fmt: skip
def test_a_record_of_any_length_takes_little_memory(
    format: str, begin: str, middle: str, end: str, options: dict[str, Any]
) -> None:
    chunk = middle * (50_000 // len(middle))

    source: Source = files("-", format, max_record_bytes=60_000, **options)

    def parts_of(times: int) -> list[Part]:
        def chunks() -> Iterator[str]:
            yield begin
            yield from repeat(chunk, times)
            yield end

        context = Context(source, TEXT, "text", {}, "utf-8", lambda: False, chunks)
        return [part for part in reader_of(source, "text")(chunks(), context) if not isinstance(part, Drift)]

    parts_of(1)  # what is imported on the way is not the reader's memory
    tracemalloc.start()
    try:
        parts = parts_of(80)  # 4 MB
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [value for part in parts for value in part.arrays[0].to_pylist()] == ["a", "b"]
    assert [reject.reason for part in parts for reject in part.rejects] == ["record_too_large"]
    assert peak < 1_500_000
