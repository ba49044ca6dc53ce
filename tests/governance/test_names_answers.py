"""Names that were asked for, and names behind "the name on it is", in small letters too."""

from __future__ import annotations

import pyarrow as pa
import pytest

from governance.names import answers
from governance.names.block import Block
from governance.names.engine import NameEngine
from governance.recognisers.automata import AUTOMATA
from tests.governance.names_help import said


@pytest.fixture(scope="module")
def engine() -> NameEngine:
    return NameEngine()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("AGENT: Can I get your name and tracking number pls\nCUST: danielle okoro tracking 1Z1", "danielle okoro"),
        ("Rep: can you confirm last name and DOB\nCust: tso-makwa, 11/30/1988", "tso-makwa"),
        ("refund to the card, name on it is k m prendergast cheers", "k m prendergast"),
        ("Agent: ok and contact name?\nCustomer: lim geok choo hp 96218840", "lim geok choo"),
        ("may I have your name?\n[10:02] me: hi its lerato mokwena", "lerato mokwena"),
        ("Agente: me indica su nombre completo\nCliente: si claro, wilmer chacua", "wilmer chacua"),
        ("Atendente: qual seu nome?\nCliente: oi sou a jucileide", "jucileide"),
        ("CS: nama lengkap dan nomor hp\nP: wagiman slamet 0812", "wagiman slamet"),
        ("CS: boleh tahu nama kakak?\nKak: suharti mbak", "suharti"),
        ("order under prendergast please", "prendergast"),
    ],
)
def test_a_name_that_was_asked_for_is_told(engine: NameEngine, text: str, name: str) -> None:
    assert said(engine, text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Agent: your name please\nCustomer: yes sure",
        "Agent: your full name please\nCustomer: why do you need it",
        "Agent: may I have your name?\nCustomer: dont have one",
        "Agente: me indica su nombre completo\nCliente: para que lo necesita",
        "Atendente: qual seu nome?\nCliente: não quero informar",
        "CS: nama lengkap dan nomor hp\nP: sudah saya kirim tadi",
        "What is the name of the product\nblue kettle large",
        "What is the file name?\nreport final",
        "the name of the game is money, and name is required",
        "brand name: kettle pro",
        "we are under pressure and order under way",
        "AGENT: Can I help you? May I ask why?",
    ],
)
def test_other_answers_are_nobody(engine: NameEngine, text: str) -> None:
    assert said(engine, text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("打我老公 138 0573 6619 姓裘", "姓裘"),
        ("驾校千万别找姓解的教练，抽烟", "姓解"),
        ("朝阳区阜荣街10号，小雨收。", "小雨"),
    ],
)
def test_a_seldom_surname_behind_its_word_and_who_a_parcel_is_for(engine: NameEngine, text: str, name: str) -> None:
    assert said(engine, text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "他姓什么，姓谁",
        "老百姓，大家",
        "我姓的比较少",
        "孩子跟妈妈姓。",
        "改姓，随母亲姓",
        "请寄，小件收，大件不收",
        "放门口，小区收，谢谢",
    ],
)
def test_other_words_around_surnames_and_parcels(engine: NameEngine, text: str) -> None:
    assert said(engine, text) == []


@pytest.mark.parametrize("backend", sorted(AUTOMATA))
def test_every_automaton_points_to_the_same_answers(backend: str) -> None:
    block = Block(
        pa.array(["nothing", "name on it is k m prendergast", "your name?\nx: tolu adebisi"], pa.large_string())
    )
    assert [block.text[f.start : f.end] for f in answers.look(block, backend)] == ["k m prendergast", "tolu adebisi"]


def test_a_long_text_of_questions_takes_time_linear_in_its_length(engine: NameEngine) -> None:
    text = "your name?\nx: tolu adebisi\n" * 2000
    assert said(engine, text) == ["tolu adebisi"] * 2000
