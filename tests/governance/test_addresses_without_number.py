"""Addresses whose house has no number, of the country and of quarters by their blocks and lots, and what is none."""

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
        # "sin número", "sem número"
        ("Vive en la calle Morelos s/n, Col. Centro, Puebla", "calle Morelos s/n, Col. Centro, Puebla"),
        ("Rua das Mangueiras, s/n, Centro, Itabuna", "Rua das Mangueiras, s/n, Centro, Itabuna"),
        ("en Paraje La Fuente s/n, Cadereyta", "Paraje La Fuente s/n, Cadereyta"),
        ("Sítio São Bento, s/n, zona rural, Garanhuns - PE", "Sítio São Bento, s/n, zona rural, Garanhuns - PE"),
        # By the kilometre, by block and lot
        ("Fazenda Santa Cruz, km 31 da BR-101, Campos", "Fazenda Santa Cruz, km 31 da BR-101, Campos"),
        ("en Caserío Etxeberri km 2, Tolosa", "Caserío Etxeberri km 2, Tolosa"),
        ("Asoc. Los Jazmines, Mz D Lt 9, Comas", "Asoc. Los Jazmines, Mz D Lt 9, Comas"),
        ("Mza. 'B', Lote 3, Urb. San José, Ica", "Mza. 'B', Lote 3, Urb. San José, Ica"),
        ("Jr. Ayacucho Mz 2 Lote 8, AA.HH. Las Lomas, Piura", "Jr. Ayacucho Mz 2 Lote 8, AA.HH. Las Lomas, Piura"),
        # A quarter before its street, streets of one letter, short words
        ("moro na Vila Operária, Rua D, 77", "Vila Operária, Rua D, 77"),
        ("QNN 12 conjunto F casa 8, Ceilândia", "QNN 12 conjunto F casa 8, Ceilândia"),
        ("R. Cel. João Dias, 88 - apto 12 - Franca/SP", "R. Cel. João Dias, 88 - apto 12 - Franca/SP"),
        ("Prol. Juárez 120-C, Fracc. Los Álamos, Tepic", "Prol. Juárez 120-C, Fracc. Los Álamos, Tepic"),
        ("Diagonal 61 sur # 22-14 apto 402", "Diagonal 61 sur # 22-14 apto 402"),
        ("Beco do Carmo 9 r/c, Lisboa", "Beco do Carmo 9 r/c, Lisboa"),
        # Villages, plots and streets in their cases
        ("прописан: д. Старые Горки, д. 12", "д. Старые Горки, д. 12"),
        ("Тульская обл., Алексинский р-н, дер. Сосновка, 8", "Тульская обл., Алексинский р-н, дер. Сосновка, 8"),
        ("живут в селе Покровка, ул. Мира, 6", "селе Покровка, ул. Мира, 6"),
        ("дача в СНТ «Ромашка», линия 3, участок 27", "СНТ «Ромашка», линия 3, участок 27"),
        ("приезжайте на Садовую, 17.", "Садовую, 17"),
        # A building whose name begins as a month does
        ("대전 유성구 월평동 512 월드컵아파트 103동 904호", "대전 유성구 월평동 512 월드컵아파트 103동 904호"),
        ("자이 203동 1101호로 보내주세요", "자이 203동 1101호"),
    ],
)
def test_addresses_are_covered_whole(engine: NameEngine, text: str, address: str) -> None:
    assert not letters_left(engine, text, address)


@pytest.mark.parametrize(
    "text",
    [
        "la avenida tiene s/n de casas",
        "El camino a 200 metros de aquí",
        "una manzana roja, lote 25 kg",
        "R. Dias 1996 Remix",
        "п. 5, д. 7 договора",
        "приезжайте на Красную, 12 мая встретимся",
        "Поезд едет на Красной, 5 минут",
        "활동 12월 3일",
    ],
)
def test_what_is_no_address_stays(engine: NameEngine, text: str) -> None:
    assert said(engine, text, "ADDRESS") == []
