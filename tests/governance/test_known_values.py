"""Values that a record declares are found in its own text; nothing else is."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.known_values import FULL, PARTIAL, KnownValues, fold
from governance.recognisers.engine import PatternEngine
from governance.recognisers.merge import merge_spans


def found(entity: str, value: str, text: str) -> list[tuple[str, str]]:
    batch = pa.record_batch({"x": [value]})
    spans = KnownValues({"x": entity}).scan(batch, pa.array([text], pa.large_string()))
    return [(text[s.start : s.end], s.reason) for s in spans]


@pytest.mark.parametrize(
    ("entity", "value", "text", "piece", "reason"),
    [
        ("PERSON", "王小明", "请联系王小明取件", "王小明", FULL),
        ("PERSON", "王小明", "请联系王 小 明取件", "王 小 明", FULL),
        ("PERSON", "王小明", "王先生您好", "王先生", PARTIAL),
        ("PERSON", "王小明", "找小王就行", "小王", PARTIAL),
        ("PERSON", "王小明", "小明说他在家", "小明", PARTIAL),
        ("PERSON", "欧阳娜娜", "欧阳女士已签收", "欧阳女士", PARTIAL),
        ("PERSON", "Maria Souza", "ligue para MARIA  SOUZA hoje", "MARIA  SOUZA", FULL),
        ("PERSON", "Maria Souza", "A Souza atendeu", "Souza", PARTIAL),
        ("PERSON", "Nguyễn Văn An", "gọi anh Nguyen Van An nhé", "Nguyen Van An", FULL),
        ("PHONE_NUMBER", "13800138001", "打１３８－００１３－８００１", "１３８－００１３－８００１", FULL),
        ("PHONE_NUMBER", "13800138001", "打+86 138 0013 8001吧", "+86 138 0013 8001", FULL),
        ("PHONE_NUMBER", "+86 13800138001", "打13800138001吧", "13800138001", FULL),
        ("PHONE_NUMBER", "13800138001", "尾号8001的客户", "尾号8001", PARTIAL),
        ("EMAIL_ADDRESS", "Li.Wei@example.com", "发到li.wei@EXAMPLE.com", "li.wei@EXAMPLE.com", FULL),
        ("WAYBILL", "SF1234567890123", "单号sf 1234 5678 90123到了", "sf 1234 5678 90123", FULL),
        ("ADDRESS", "广东省深圳市南山区科技路12号3栋501", "送到科技路12号3栋501门口", "科技路12号3栋501", PARTIAL),
    ],
)
def test_a_value_is_found_in_the_forms_people_write(
    entity: str, value: str, text: str, piece: str, reason: str
) -> None:
    assert found(entity, value, text) == [(piece, reason)]


@pytest.mark.parametrize(
    ("entity", "value", "text"),
    [
        ("PERSON", "Rose Long", "a rose and a long day"),
        ("PERSON", "Ann Lee", "Annual sleeves"),
        ("PERSON", "王小明", "王府井和明天见"),
        ("PHONE_NUMBER", "13800138001", "单号9138001380019"),
        ("USER_ID", "1234", "共1234件"),
        ("PERSON", "<PERSON:mynqnnyn>", "<PERSON:mynqnnyn>说"),
        ("PERSON_ATTRIBUTE", "female", "female shoes"),
    ],
)
def test_what_only_looks_alike_stays(entity: str, value: str, text: str) -> None:
    assert found(entity, value, text) == []


def test_each_row_knows_its_own_values_only() -> None:
    batch = pa.record_batch({"x": ["王小明", "李芳", None]})
    texts = pa.array(["李芳来了", "李芳来了", "王小明来了"], pa.large_string())
    assert list(KnownValues({"x": "PERSON"}).scan(batch, texts).row) == [1]


def test_rows_of_a_part_are_those_of_the_batch() -> None:
    batch = pa.record_batch({"x": ["王小明", "李芳"]})
    spans = KnownValues({"x": "PERSON"}).scan(batch, pa.array(["李芳来了"], pa.large_string()), [1])
    assert [(s.row, s.start, s.end) for s in spans] == [(0, 0, 2)]


def test_text_that_is_redacted_already_stays() -> None:
    assert found("USERNAME", "phone_number", "<PHONE_NUMBER:k7f3q2ab> ok") == []


@given(st.text(max_size=60))
def test_folding_keeps_places(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(
    st.lists(
        st.sampled_from(["王小明", "13800138001", "Maria Souza", "ab@example.com", "", "<PERSON>", "x" * 9]), max_size=4
    ),
    st.lists(
        st.sampled_from(["王小明", "王先生", "13800138001", "maria souza", "，", " ", "ab@example.com", "好"]),
        max_size=9,
    ),
)
def test_finds_are_sorted_apart_and_inside_the_text(values: list[str], pieces: list[str]) -> None:
    text = "".join(pieces)
    names = ["PERSON", "PHONE_NUMBER", "PERSON", "EMAIL_ADDRESS"]
    batch = pa.record_batch({f"c{i}": [value] for i, value in enumerate(values)} or {"none": [""]})
    known = KnownValues({f"c{i}": names[i] for i in range(len(values))})
    texts = pa.array([text], pa.large_string())
    spans = known.scan(batch, texts)
    patterns = PatternEngine(("CN",)).scan(texts)
    for found_spans in (spans, merge_spans((spans, patterns)), merge_spans((patterns, spans))):
        ends = 0
        for span in found_spans:
            assert ends <= span.start < span.end <= len(text)
            ends = span.end
    covered = {i for s in (*spans, *patterns) if not s.keep for i in range(s.start, s.end)}
    merged = {i for s in merge_spans((spans, patterns)) if not s.keep for i in range(s.start, s.end)}
    assert covered <= merged


def test_nulls_among_texts_beyond_ascii_are_empty() -> None:
    from governance.known_values.folding import Folded

    hidden = pc.if_else(pa.array([True, False, True]), pa.scalar(None, pa.large_string()), pa.array(["a1", "é2", "x3"]))
    for texts in (pa.array([None, "é2", None], pa.large_string()), hidden.cast(pa.large_string())):
        folded = Folded(texts)
        assert folded.with_digits().tolist() == [False, True, False]
        assert [folded.bare(row) for row in range(3)] == ["", "e2", ""]
