"""What a reviewer of names and addresses of papers found: houses of towns that were lost, things that were told."""

from __future__ import annotations

import pytest

from governance.names.engine import NameEngine
from tests.governance.names_help import letters_left, said


@pytest.fixture(scope="module")
def engine() -> NameEngine:
    return NameEngine()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Vivo en la Calle Mayor 12 de Madrid", "Calle Mayor 12 de Madrid"),
        ("con domicilio en la calle Luna 5 de Sevilla, mayor de edad", "calle Luna 5 de Sevilla"),
        ("calle Balmes, número 140 de Barcelona", "calle Balmes, número 140 de Barcelona"),
        ("Rua das Flores 25 do Porto", "Rua das Flores 25"),
        ("Calle 9 de Julio 1200", "Calle 9 de Julio 1200"),
        ("Rua 14 de Julho, nº 1020", "Rua 14 de Julho, nº 1020"),
        ("B-204, Sunrise Heights, Andheri West, Mumbai 400058", "B-204, Sunrise Heights, Andheri West, Mumbai 400058"),
    ],
)
def test_houses_of_towns_are_addresses(engine: NameEngine, text: str, address: str) -> None:
    assert letters_left(engine, text, address) == set()


@pytest.mark.parametrize(
    "text",
    [
        "IR/NMR, HPLC/NMR, EHR/EMR, GSM/AMR, MRI/FMRS",
        "PET/CT MR and SSD/HDD INF",
        "AC/DC MS",
        "READ/WRITE MISS",
        "name AND/OR address",
        "姓名：NAME/SEX",
        "Part A-12, Section B, Version 202401",
        "Code AB 12, Invoice Number, Total 123456",
        "Cheddar, aged 18 months",
        "Glenfiddich, aged 12 years",
        "И. Бизнес-план",
        "С. Северо-Восток",
        "А. Химико-технологический",
        "推荐：唐诗",
        "检查：黄疸",
    ],
)
def test_things_are_nobody_and_nowhere(engine: NameEngine, text: str) -> None:
    assert said(engine, text) == []
    assert said(engine, text, "ADDRESS") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ZHANG/SANMR", "ZHANG/SANMR"),
        ("KOWALCZYK/PIOTR MR", "KOWALCZYK/PIOTR MR"),
        ("passenger: WONG/KAMING", "WONG/KAMING"),
        ("Name: LIM/WEI JIE", "LIM/WEI JIE"),
        ("John Abara, aged 34, was", "John Abara"),
        ("А. Римский-Корсаков", "А. Римский-Корсаков"),
    ],
)
def test_people_are_people(engine: NameEngine, text: str, name: str) -> None:
    assert letters_left(engine, text, name, "PERSON") == set()
