"""Patterns, names and addresses in one scan."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.names import lane
from governance.names.combined import CombinedEngine, resolved
from governance.names.engine import NameEngine
from governance.recognisers.engine import PatternEngine, Span, Spans
from governance.recognisers.merge import columns, merge_spans, merged
from governance.recognisers.normalise import FILLER, fold

ENGINE = CombinedEngine(PatternEngine(("CN", "US")), NameEngine())
TEXTS = [
    "收货人：陈晓雯，电话13800138000，地址是北京市西城区青石大街217号。",
    "Write to oliver.whitlock@example.com, signed Oliver Whitlock",
    "质量很好，谢谢",
    None,
]


def scrubbed(texts: list[str | None]) -> list[str | None]:
    out = list(texts)
    for span in sorted(ENGINE.scan(texts), key=lambda s: (s.row, -s.start)):
        text = out[span.row]
        assert text is not None
        if not span.keep:
            out[span.row] = f"{text[: span.start]}<{span.entity}>{text[span.end :]}"
    return out


def test_all_kinds_in_one_pass() -> None:
    found = [(s.row, s.entity) for s in ENGINE.scan(TEXTS)]
    assert found == [
        (0, "PERSON"),
        (0, "PHONE_NUMBER"),
        (0, "ADDRESS"),
        (1, "EMAIL_ADDRESS"),
        (1, "PERSON"),
    ]


def test_scrubbing_twice_changes_nothing() -> None:
    once = scrubbed(TEXTS)
    assert scrubbed(once) == once
    assert once[2] == TEXTS[2]


def test_a_checksum_outranks_a_longer_span_and_the_rest_stays_covered() -> None:
    card = Span(0, 5, 12, "BANK_CARD", 0.95, "card", "checksum", False)
    address = Span(0, 0, 20, "ADDRESS", 0.7, "addresses", "grammar", False)
    assert [(s.entity, s.start, s.end) for s in resolved([address, card])] == [
        ("ADDRESS", 0, 5),
        ("BANK_CARD", 5, 12),
        ("ADDRESS", 12, 20),
    ]


def test_what_is_public_yields_to_personal_data() -> None:
    public = Span(0, 2, 8, "PHONE_NUMBER", 0.9, "service", "pattern", True)
    name = Span(0, 6, 12, "PERSON", 0.7, "names", "model", False)
    assert resolved([public, name]) == [name]


PIECES = st.sampled_from(
    "收货人： 陈晓雯 ， 电话 13800138000 138 地址是 北京市 西城区 青石大街 217号 3单元 502室 oliver.whitlock@example.com Oliver Whitlock "
    "+86 <PERSON> 《 》 김민수 고객님 Ивану Петрову д. 5 นาย สมชาย ใจดี １３８００１３８０００ \u200b 👍🏽 e\u0301 110105199003074477 王先生".split(
        " "
    )
)
ROWS = st.lists(st.lists(PIECES, max_size=9).map("".join) | st.lists(PIECES, max_size=7).map(" ".join), max_size=5)


def plain(spans: object) -> list[tuple[int, int, int, str, bool]]:
    return [(s.row, s.start, s.end, s.entity, s.keep) for s in spans]  # type: ignore[attr-defined]


@settings(max_examples=120, deadline=None)
@given(ROWS)
def test_text_scrubbed_once_holds_nothing_more(texts: list[str]) -> None:
    once = scrubbed(list(texts))
    assert [s for s in ENGINE.scan(once) if not s.keep] == []


BESIDE_NAMES = st.sampled_from(
    "李晓雯 张伟 和 与 、 是 马 艾薇儿 安德烈 的 Ann Lee and son, of 张 周 5 号 路 address 12 north elm st".split(" ")
)


@settings(max_examples=120, deadline=None)
@given(ROWS | st.lists(st.lists(PIECES | BESIDE_NAMES, max_size=12).map("".join), max_size=4))
def test_looks_after_the_first_find_what_whole_looks_would(texts: list[str]) -> None:
    def look(folded: pa.LargeStringArray) -> Spans:
        return merged((ENGINE.patterns.look(folded)[0], ENGINE.names.look(folded)), resolved)

    assert list(ENGINE.scan(texts)) == list(lane.scan(texts, look))


@settings(max_examples=40, deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_repeated_rows_get_the_spans_of_each_by_itself(texts: list[str], random: object) -> None:
    alone = [plain(ENGINE.scan([text])) for text in texts]
    many: list[str | None] = [*texts * 40, None, "", "x"]
    random.shuffle(many)  # type: ignore[attr-defined]
    expected = [
        (row, *found[1:])
        for row, text in enumerate(many)
        if text is not None and text in texts
        for found in alone[texts.index(text)]
    ]
    assert plain(ENGINE.scan(pa.array(many, pa.string()))) == expected


def test_parts_that_were_not_scanned_are_told_for_every_row_that_repeats_them() -> None:
    token = "Ab1" * 200
    texts = [f"see {token}", "nothing"] * 50
    assert [row for row, _ in ENGINE.scan(texts).skipped] == list(range(0, 100, 2))


BESIDE = st.sampled_from(
    "tel: 电话 验证码 密码： QQ号 order no. Tom: wechat http://a.example/u?q= 010-62193338 5551234567 12 (415) 555-0132 sf1234567890123 4111111111111111 "
    "400-820-8820 . - , 。 /".split(" ")
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.lists(PIECES | BESIDE, max_size=9).map("".join) | st.lists(PIECES | BESIDE, max_size=9).map(" ".join),
        max_size=5,
    )
)
def test_patterns_find_nothing_more_in_rows_that_are_not_looked_at_again(texts: list[str]) -> None:
    array = pa.array([fold(text).text for text in texts], pa.large_string())
    patterns, needles = ENGINE.patterns.look(array)
    spans = merged((patterns, ENGINE.names.look(array)), resolved)
    rows = np.unique(spans.row[~spans.keep])
    gone = lane.taken_out(array, spans, rows)
    blotted = gone.points.blotted(gone.row, gone.start, gone.end)
    expected = []
    for row, text in zip(rows.tolist(), array.take(pa.array(rows)).to_pylist(), strict=True):
        for span in sorted((s for s in spans if s.row == row and not s.keep), key=lambda s: -s.start):
            text = f"{text[: span.start]}{FILLER}{text[span.end :]}"
        expected.append(text)
    assert blotted.to_pylist() == expected
    fresh = {s.row for s in ENGINE.patterns.scan(blotted, folded=True, settle=False) if not s.keep}
    assert fresh <= set(needles.unsettled(*gone).tolist())


SPAN = st.tuples(st.integers(0, 2), st.integers(0, 20), st.integers(1, 8), st.booleans(), st.sampled_from("AB"))


def disjoint(spans: list[tuple[int, int, int, bool, str]]) -> list[Span]:
    out: list[Span] = []
    for row, start, size, keep, entity in sorted(spans):
        if not out or out[-1].row != row or out[-1].end <= start:
            out.append(Span(row, start, start + size, entity, 0.5, "r", "pattern", keep))
    return out


@given(st.lists(SPAN, max_size=8), st.lists(SPAN, max_size=8))
def test_parts_put_together_cover_what_each_covered_and_leave_lone_finds_alone(
    first: list[tuple[int, int, int, bool, str]], second: list[tuple[int, int, int, bool, str]]
) -> None:
    parts = [disjoint(first), disjoint(second)]
    every = [s for part in parts for s in part]
    covered = {(s.row, i) for s in every if not s.keep for i in range(s.start, s.end)}
    lone = [s for s in every if sum(o.row == s.row and o.start < s.end and s.start < o.end for o in every) == 1]
    for spans in (merge_spans([columns(p) for p in parts]), merged([columns(p) for p in parts], resolved)):
        out = list(spans)
        assert out == sorted(out, key=lambda s: (s.row, s.start))
        assert all(a.row < b.row or a.end <= b.start for a, b in pairwise(out))
        shown = {(s.row, i) for s in out if not s.keep for i in range(s.start, s.end)}
        assert {
            p for p in covered - shown if {(p[0], p[1] - 1), (p[0], p[1] + 1)} & (covered & shown) == set()
        } == set()
        assert all(s in out for s in lone)


def test_spans_found_in_blotted_text_take_whole_pieces_with_them() -> None:
    text = "aaa bbb ccc ddd"
    array = pa.array([text], pa.large_string())
    piece = columns([Span(0, 4, 7, "A", 0.5, "r", "pattern", False)])
    wider = columns([Span(0, 4, 9, "B", 0.5, "r", "pattern", False)])  # filler, " ccc"
    looks = iter([wider, piece.__class__.of([], entities=(), recognisers=(), reasons=())])
    spans = lane.settled(array, piece, lambda _: next(looks))
    assert plain(spans) == [(0, 4, 11, "B", False)]
    assert np.array_equal(spans.row, [0])


def test_names_of_another_language_than_the_text_are_found() -> None:
    engine = CombinedEngine(PatternEngine(("CN",)), NameEngine())
    texts = ["身份证核验：นาย สมชาย ใจดี。", "Иван Петров signed, thanks", "联系人 김민수씨，电话见面单"]
    for language in ("zh", "en"):
        found = {(span.row, span.entity) for span in engine.scan(texts, [language])}
        assert {(0, "PERSON"), (1, "PERSON"), (2, "PERSON")} <= found
