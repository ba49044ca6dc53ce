"""What the lane of names and addresses finds and leaves, on invented text."""

from __future__ import annotations

import pickle
from itertools import permutations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance.names.block import Found
from governance.names.engine import NameEngine, resolved


@pytest.fixture(scope="module")
def engine() -> NameEngine:
    return NameEngine()


def said(engine: NameEngine, text: str, entity: str) -> list[str]:
    return [text[s.start : s.end] for s in engine.scan([text]) if s.entity == entity]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("您好，我叫陈晓雯，订单还没有到", "陈晓雯"),
        ("收货人：欧阳志远，请放门口", "欧阳志远"),
        ("快件已由李建国签收，感谢使用", "李建国"),
        ("麻烦请王先生回个电话", "王先生"),
        ("作者安德烈·佩特罗夫今天表示", "安德烈·佩特罗夫"),
        ("Please send it to Oliver Whitlock by Monday", "Oliver Whitlock"),
        ("my name is helen cooper and my order is late", "helen cooper"),
        ("Thanks, Mr. Tobias Hargrave called yesterday", "Mr. Tobias Hargrave"),
        ("Me llamo Lucía Fernández y no llegó el pedido", "Lucía Fernández"),
        ("O cliente João da Silva pediu reembolso", "João da Silva"),
        ("Menurut Budi Santoso barangnya rusak", "Budi Santoso"),
        ("Chị Nguyễn Thị Hoa gọi lại cho khách", "Nguyễn Thị Hoa"),
        ("นายสมชาย ใจดี กล่าวว่า สินค้ายังไม่มา", "สมชาย ใจดี"),
        ("김민수 고객님 배송이 시작되었습니다", "김민수"),
        ("Позвоните, пожалуйста, Ивану Петрову", "Ивану Петрову"),
    ],
)
def test_names_are_covered_whole(engine: NameEngine, text: str, name: str) -> None:
    start = text.index(name)
    covered = {i for s in engine.scan([text]) for i in range(s.start, s.end) if s.entity == "PERSON"}
    assert set(range(start, start + len(name))) <= covered | {i for i, c in enumerate(text) if not c.isalnum()}


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("地址是北京市西城区青石大街217号。", "北京市西城区青石大街217号"),
        (
            "收货地址：浙江省杭州市西湖区文澜路18号翠湖花园3号楼2单元501室，别放驿站",
            "浙江省杭州市西湖区文澜路18号翠湖花园3号楼2单元501室",
        ),
        ("我住在和风小区5号楼3单元602室", "和风小区5号楼3单元602室"),
        ("I live at 12 Baker Street, London", "12 Baker Street"),
        ("Envíalo a Calle Mayor 25, Madrid", "Calle Mayor 25"),
        ("Entregar na Rua das Flores, 123, apto 45", "Rua das Flores, 123, apto 45"),
        ("Kirim ke Jl. Merdeka No. 10 RT 03/RW 05, Kel. Menteng", "Jl. Merdeka No. 10 RT 03/RW 05, Kel. Menteng"),
        ("Giao đến số 12 đường Lê Lợi, phường Bến Nghé, quận 1", "số 12 đường Lê Lợi, phường Bến Nghé, quận 1"),
        ("ส่งที่ 99/1 หมู่ 5 ถนนสุขุมวิท แขวงคลองเตย เขตคลองเตย", "99/1 หมู่ 5 ถนนสุขุมวิท แขวงคลองเตย เขตคลองเตย"),
        ("서울특별시 강남구 테헤란로 123 4층으로 보내주세요", "서울특별시 강남구 테헤란로 123"),
        ("Доставка: ул. Тверская, д. 5, кв. 12", "ул. Тверская, д. 5, кв. 12"),
    ],
)
def test_addresses_are_covered_to_the_door(engine: NameEngine, text: str, address: str) -> None:
    start = text.index(address)
    covered = {i for s in engine.scan([text]) for i in range(s.start, s.end) if s.entity == "ADDRESS"}
    assert set(range(start, start + len(address))) <= covered | {i for i, c in enumerate(text) if not c.isalnum()}


@pytest.mark.parametrize(
    "text",
    [
        "谢谢，东西收到了，质量很好，沙拉也好吃",
        "加厚防滑马克杯 男女通用 家用 第二代",
        "地铁10号线很挤，3号店人少",
        "smart coffee table with storage",
        "The Best Kitchen Storage Table And Chair Set",
        "kamar bersih dan nyaman, pelayanan ramah",
        "Quarto de hotel muito bom, entrega rápida",
        "คุณภาพดีมาก บริการประทับใจ",
        "배송이 빠르고 제품이 좋아요",
        "Доставка быстрая, качество хорошее",
        "",
        "12345 67890",
    ],
)
def test_plain_text_stays(engine: NameEngine, text: str) -> None:
    assert list(engine.scan([text])) == []


def test_placeholders_are_not_touched(engine: NameEngine) -> None:
    text = "收货人：<PERSON>，地址是<ADDRESS>，call <PERSON:k7f3q2ab> or <PHONE_NUMBER>"
    assert list(engine.scan([text])) == []


def test_titles_of_works_stay_and_say_why(engine: NameEngine) -> None:
    text = "我喜欢《陈晓雯传》这部电影"
    assert [(s.entity, s.reason, s.keep) for s in engine.scan([text])] == [("WORK_TITLE", "work", True)]


def test_public_figures_stay_in_media_text_alone() -> None:
    text = ["这部电影的导演陈晓雯很有名，收货人：李建国，电话"]
    media = [(s.entity, s.keep) for s in NameEngine(public_figures=True).scan(text)]
    assert media == [("PUBLIC_FIGURE", True), ("PERSON", False)]
    assert {s.entity for s in NameEngine().scan(text)} == {"PERSON"}


def test_nulls_and_slices(engine: NameEngine) -> None:
    texts = pa.array(["x", None, "My name is Oliver Whitlock", "", "收货人：陈晓雯，"], pa.string())
    whole = list(engine.scan(texts))
    assert {s.row for s in whole} == {2, 4}
    assert [(s.row - 2, s.start, s.end) for s in whole] == [(s.row, s.start, s.end) for s in engine.scan(texts[2:])]


def test_a_row_does_not_depend_on_its_neighbours(engine: NameEngine) -> None:
    texts = [
        "My name is Oliver Whitlock",
        "收货人：陈晓雯，电话",
        "地址是北京市西城区青石大街217号。",
        "김민수 고객님",
        "Kirim ke Budi Santoso",
    ]
    alone = [[(s.start, s.end, s.entity) for s in engine.scan([t])] for t in texts]
    spans = engine.scan(texts * 40)
    for row in range(len(texts) * 40):
        assert [(s.start, s.end, s.entity) for s in spans if s.row == row] == alone[row % len(texts)]


def test_an_engine_survives_pickling(engine: NameEngine) -> None:
    again = pickle.loads(pickle.dumps(engine))
    text = ["my name is Oliver Whitlock"]
    assert list(again.scan(text)) == list(engine.scan(text))


def test_a_script_that_is_not_expected_is_left(engine: NameEngine) -> None:
    text = ["收货人：陈晓雯，电话"]
    assert len(engine.scan(text)) == 1
    assert len(engine.scan(text, ["th"])) == 0


PIECES = st.sampled_from(
    "我叫 陈晓雯 收货人： ，。 地址是 北京市 西城区 青石大街 217号 3单元 502室 My name is Oliver Whitlock Calle Mayor 25 "
    "<PERSON> <ADDRESS> นาย สมชาย ใจดี 김민수 고객님 ул. Тверская д. 5 Иван Петров Nguyễn Thị Hoa Jl. Merdeka No. 10 · 王先生 "
    "\u200b 👍🏽 ４５号 \ud83d 𠮷 e\u0301 , \n".split(" ")
).filter(lambda piece: piece.isprintable() or piece == "\n" or piece == "\u200b")
TEXTS = st.lists(
    st.one_of(PIECES, st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=6)), max_size=14
).map(" ".join)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_spans_are_disjoint_inside_and_settled(engine: NameEngine, texts: list[str]) -> None:
    spans = engine.scan(texts)
    assert np.array_equal(spans.row, np.sort(spans.row))
    last: dict[int, int] = {}
    scrubbed = list(texts)
    for span in sorted(spans, key=lambda s: (s.row, s.start)):
        assert 0 <= span.start < span.end <= len(texts[span.row])
        assert span.start >= last.get(span.row, 0)
        last[span.row] = span.end
        assert any(c.isalnum() for c in texts[span.row][span.start : span.end])
    for span in sorted(spans, key=lambda s: (s.row, -s.start)):
        text = scrubbed[span.row]
        scrubbed[span.row] = f"{text[: span.start]}<{span.entity}>{text[span.end :]}"
    assert list(engine.scan(scrubbed)) == []
    assert list(engine.scan(texts)) == list(spans)


def test_finds_that_overlap_come_out_alike_in_any_order() -> None:
    name = Found(4, 8, "PERSON", 0.7, "a", "model")
    groups = {
        (("a", 4, 8),): [name, name._replace(recogniser="b"), name._replace(start=7, end=9)],
        (("a", 0, 9),): [
            name,
            Found(0, 9, "ADDRESS", 0.7, "a", "grammar"),
            Found(0, 9, "ADDRESS", 0.7, "b", "grammar"),
        ],
        (("a", 2, 5), ("b", 5, 10)): [
            name,
            Found(2, 6, "ADDRESS", 0.7, "a", "grammar"),
            Found(5, 10, "ADDRESS", 0.7, "b", "grammar"),
        ],
        (("b", 4, 8),): [name, name._replace(recogniser="b", score=0.8)],
        (("a", 4, 8), ("a", 9, 11)): [name, name, name._replace(start=9, end=11)],
        (): [name._replace(end=5)],
    }
    for told, group in groups.items():
        for found in permutations(group):
            assert tuple((f.recogniser, f.start, f.end) for f in resolved([*found])) == told


def test_a_find_that_leaves_its_text_is_an_error_that_names_its_recogniser(monkeypatch: pytest.MonkeyPatch) -> None:
    """And no span that whoever cuts texts would read others' memory by."""
    wrong = [Found(2, 30, "PERSON", 0.9, "names_wrong", "lexicon")]
    monkeypatch.setattr("governance.names.engine.find", lambda *_: wrong)
    with pytest.raises(RuntimeError, match=r"^names_wrong: a find does not end in the text"):
        NameEngine().scan(["a text of its own", "and another one beside it"])
