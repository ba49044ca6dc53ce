"""Names behind courtesies with particles, of couples, of two families in Russian, of home and of other peoples."""

from __future__ import annotations

import pytest

from governance.names.engine import NameEngine
from tests.governance.names_help import letters_left, said


@pytest.fixture(scope="module")
def engine() -> NameEngine:
    return NameEngine()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mr von Hohenfels checked in", "Mr von Hohenfels"),
        ("Mrs van der Wal boarded", "Mrs van der Wal"),
        ("Sr. de Oliveira assinou", "Sr. de Oliveira"),
        ("placed by Mr & Mrs Pemberton", "Mr & Mrs Pemberton"),
        ("Dr. and Mrs. Alan Pierce live here", "Dr. and Mrs. Alan Pierce"),
        ("The late Dame Agatha Thorne left it", "Dame Agatha Thorne"),
        ("kurir Ucup sudah sampai", "Ucup"),
        ("Ответчик Петров-Водкин А.Г. не явился", "Петров-Водкин А.Г."),
        ("Ответчик Тер-Петросян А.Г. не явился", "Тер-Петросян А.Г."),
        ("Со слов гр. Ткаченко, ничего не видел", "Ткаченко"),
        ("жилец Кац из 12-й", "Кац"),
        ("甲方代表:酆子墨", "酆子墨"),
        ("本人热依汗古丽·买买提因身份证遗失声明作废", "热依汗古丽·买买提"),
        ("응우옌티란 씨가 신청함", "응우옌티란"),
    ],
)
def test_names_are_covered_with_what_belongs_to_them(engine: NameEngine, text: str, name: str) -> None:
    assert letters_left(engine, text, name, "PERSON") == set()


@pytest.mark.parametrize(
    "text",
    [
        "Doctor de Barcelona",
        "Dona do Restaurante Feliz",
        "Don de Gente",
        "Mr. of the Year",
        "Dr. do Hospital",
        "ask Mr and she said so",
        "Волга-Волга, Плащ-Палатка, Бизнес-Леди, Кафе-Бар",
    ],
)
def test_what_is_nobody_stays(engine: NameEngine, text: str) -> None:
    assert said(engine, text, "PERSON") == []
