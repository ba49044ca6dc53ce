"""Tables and records inside a text: the head of a column or the key tells what each value is; and labels of people alone."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearinghouse.scrub import default_engine
from governance.names import tables
from governance.names.combined import CombinedEngine
from governance.names.heads import head_of
from governance.names.named import is_name
from governance.recognisers.automata import AUTOMATA
from governance.recognisers.engine import as_large_string
from governance.recognisers.regions import regions_for


@pytest.fixture(scope="module")
def engine() -> CombinedEngine:
    return default_engine(regions_for(None, "zh"))


def _found(engine: CombinedEngine, text: str) -> set[tuple[str, str]]:
    return {(s.entity, text[s.start : s.end]) for s in engine.scan([text]) if not s.keep}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "| Guest | Room | Passport | Arr. |\n|---|---|---|---|\n| Hargrove, Philippa | 214 | 532170946 | 3 May |\n| Jens Müller | 9 | G2947106 | 4 May |",
            {("PERSON", "Hargrove, Philippa"), ("NATIONAL_ID", "532170946"), ("NATIONAL_ID", "G2947106")},
        ),
        (
            "Name\tDept\tMobile\tPlate\nTan Ah Seng\tWarehouse\t9171 5568\tSKV 4182 K\nNur Aisyah\tGate\t\tGBD 1182 X\n",
            {("PLATE", "SKV 4182 K"), ("PLATE", "GBD 1182 X"), ("PHONE_NUMBER", "9171 5568"), ("PERSON", "Nur Aisyah")},
        ),
        (
            'order_id,customer_name,phone,total\n100382,Rakesh Chaurasia,9198234471,1499.0\n100383,"Osei, Kwame",96218840,20\n',
            {("PHONE_NUMBER", "9198234471"), ("PHONE_NUMBER", "96218840"), ("PERSON", "Osei, Kwame")},
        ),
        ('{"uid": 44, "real_name": "齐放", "passportNo": "Z5210846"}', {("PERSON", "齐放"), ("NATIONAL_ID", "Z5210846")}),
        (
            "姓名\t班组\t车号\n吉克拉木嘎\t夜班\tNXB-5183\n古曉‧谷木\t白班\tAVQ-6072",
            {("PERSON", "吉克拉木嘎"), ("PERSON", "古曉‧谷木"), ("PLATE", "NXB-5183"), ("PLATE", "AVQ-6072")},
        ),
        ("Surname: VAN DER MERWE\nFirst names: Anneliese", {("PERSON", "VAN DER MERWE"), ("PERSON", "Anneliese")}),
        ("ФИО: Ким Со Ён", {("PERSON", "Ким Со Ён")}),
        ("收件人姓名：齐放，共两件", {("PERSON", "齐放")}),
    ],
)  # fmt: skip
def test_what_stands_under_a_head_is_told_by_it(
    engine: CombinedEngine, text: str, wanted: set[tuple[str, str]]
) -> None:
    assert wanted <= _found(engine, text)


@pytest.mark.parametrize(
    "text",
    [
        "name,price,stock\nBlue Kettle,20,3\nRose Vase,30,4",
        "Full name: not provided\nFirst name: Acme Ltd\n姓名：匿名",
        "the name, phone and address are needed,\nwhich we do not have, sorry",
        "Date, place, name\nMonday, here, nobody",
        "Passport | Fee\nAdult | 100\nChild | 50",
        '{"name": "Blue Kettle", "plate": "dinner plate 12cm", "account": "free"}',
        "姓名：未填写\n收货人姓名：某某有限公司",
        "car BMW 320, truck MAN 1840, the bus 2015 AND onwards, moto KTM-1290",
    ],
)
def test_what_is_no_personal_data_stays(engine: CombinedEngine, text: str) -> None:
    assert _found(engine, text) == set()


@pytest.mark.parametrize(
    ("text", "plate"),
    [
        ("The car (SF67 ZBO) is kept here", "SF67 ZBO"),
        ("the rider's motorcycle, FBM 2291 X, had stopped", "FBM 2291 X"),
        ("昨日騎機車（MLP-2715）前往", "MLP-2715"),
        ("pallets, truck ND 482-917. Gate", "ND 482-917"),
        ("El coche 4827 JBC estaba mal aparcado", "4827 JBC"),
    ],
)
def test_a_plate_behind_a_word_for_a_car(engine: CombinedEngine, text: str, plate: str) -> None:
    assert ("PLATE", plate) in _found(engine, text)


@pytest.mark.parametrize("number", ["96218840", "95348840"])
def test_a_mobile_of_hong_kong_is_no_service_line(engine: CombinedEngine, number: str) -> None:
    assert ("PHONE_NUMBER", number) in _found(engine, f"電話：{number}")


def test_a_line_of_another_width_is_left_and_the_table_goes_on(engine: CombinedEngine) -> None:
    text = "Passport|Room\nZ5210846|12\nsee|the|desk\nG2947106|14"
    assert {("NATIONAL_ID", "Z5210846"), ("NATIONAL_ID", "G2947106")} <= _found(engine, text)


_CELL = st.sampled_from(
    ["Tan Ah Seng", "齐放", "Z5210846", "9171 5568", "SKV 4182 K", "", "-", "12", 'a "b"', "张三", "N/A"]
)
_HEAD = st.sampled_from(["Name", "full name", "姓名", "Passport", "Mobile", "plate", "Room", "车号", "address", "x"])


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from("\t|,;"),
    st.lists(_HEAD, min_size=2, max_size=5),
    st.lists(st.lists(_CELL, min_size=1, max_size=6), min_size=1, max_size=5),
)
def test_a_table_scrubbed_holds_nothing_new(sign: str, heads: list[str], cells: list[list[str]]) -> None:
    engine = default_engine(regions_for(None, "zh"))
    text = "\n".join(sign.join(line) for line in [heads, *cells])
    spans = [s for s in engine.scan([text]) if not s.keep]
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    for s in reversed(spans):
        text = f"{text[: s.start]}<{s.entity}>{text[s.end :]}"
    assert [s for s in engine.scan([text]) if not s.keep] == []


@pytest.mark.parametrize("backend", sorted(AUTOMATA))
def test_every_automaton_points_to_the_same_values(backend: str) -> None:
    texts = [
        "nothing here",
        "Passport|Room\nZ5210846|12",
        '{"full_name": "Ana Ruiz"}',
        "Full name: Ana Ruiz",
        "a,phone\nb,123456",
    ]
    told = tables.look(as_large_string(texts), backend)
    assert told is not None
    assert told.texts.to_pylist() == ["Passport No: Z5210846\n", "Name: Ana Ruiz\n", "Phone: 123456\n"]
    assert told.rows.tolist() == [1, 2, 4]
    assert [(s.row, s.start, s.end) for s in told.people] == [(2, 15, 23), (3, 11, 19)]


@pytest.mark.parametrize(
    "said", ["customer_name", "customerName", "Customer Name", '"CUSTOMER NAME"', "* Customer name:"]
)
def test_heads_are_told_however_they_are_written(said: str) -> None:
    head = head_of(said)
    assert head is not None
    assert head.label == "Name"
    assert head.person


@pytest.mark.parametrize(
    "said",
    ["", "2024", "price", "product name", "file name", "商品名称", "x" * 60, "user agent", "name of the product"],
)
def test_heads_of_other_things_are_not(said: str) -> None:
    assert head_of(said) is None


@pytest.mark.parametrize(
    "value", ["Ana", "van den Berg, Joost", "k m prendergast", "O'Neill", "古曉‧谷木", "Ким Со Ён", "มานะ ใจดี"]
)
def test_names_by_their_looks(value: str) -> None:
    assert is_name(value)


@pytest.mark.parametrize(
    "value",
    ["N/A", "not provided", "Acme Ltd", "匿名", "某某有限公司", "ООО Ромашка", "12", "see above", "<PERSON>", "***"],
)
def test_values_that_are_no_names(value: str) -> None:
    assert not is_name(value)
