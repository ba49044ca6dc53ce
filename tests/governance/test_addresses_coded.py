"""Addresses told by what they end with, and streets by more of their words; names with their styles."""

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
        ("Send it to Ann Lee, 4471 Marisol Cliffs\nEastonville, NV 88902 please", "4471 Marisol Cliffs\nEastonville, NV 88902"),
        ('{"address": "Flat 9b, Horton Dell, Lake Moira, NE4 7QT"}', "Flat 9b, Horton Dell, Lake Moira, NE4 7QT"),
        ("lives at 18 Bellamy Tor\nPortside, TAS, 7012 now", "18 Bellamy Tor\nPortside, TAS, 7012"),
        ("office 203 Dunning Isle Suite 7, Corbyshire, MB T2K 4P8", "203 Dunning Isle Suite 7, Corbyshire, MB T2K 4P8"),
        ("at 41/306, Banerjee Chowk, Nagpur-440912 since", "41/306, Banerjee Chowk, Nagpur-440912"),
        ("in Block 4 Lot 17 Sampaguita Estates Phase 2, Molave Road, Carigara, 6529 Leyte", "Block 4 Lot 17 Sampaguita Estates Phase 2, Molave Road, Carigara, 6529 Leyte"),
        ("vive en Pasadizo de Elvira Soto 14 Piso 2 , Huesca, 22004", "Pasadizo de Elvira Soto 14 Piso 2 , Huesca, 22004"),
        ("en Tr. 31 # 44-12 Sur, Bodega 3, 110231, Soacha, Cundinamarca", "Tr. 31 # 44-12 Sur, Bodega 3, 110231, Soacha, Cundinamarca"),
        ("vive en Los Maitenes 812 Dpto. 4, Quillota, Región de Valparaíso, 2260000", "Los Maitenes 812 Dpto. 4, Quillota, Región de Valparaíso, 2260000"),
        ("mora em Fazenda Moura, 31\nBela Vista\n30110-222 Prado do Norte / BA desde", "Fazenda Moura, 31\nBela Vista\n30110-222 Prado do Norte / BA"),
        ("sống tại Số 7/12 Hẻm 9 Lê Lai phường An Lạc TP. Cần Thơ 94000", "Số 7/12 Hẻm 9 Lê Lai phường An Lạc TP. Cần Thơ 94000"),
    ],
)  # fmt: skip
def test_addresses_are_covered_from_the_door_to_the_code(engine: NameEngine, text: str, address: str) -> None:
    assert letters_left(engine, text, address) == set()


@pytest.mark.parametrize(
    "text",
    [
        "SET 10 CARDS CHRISTMAS TREE 16955",
        "Pack of 6 Beach Balls",
        "Order 12, Blue Shirt, Invoice 123456",
        "Ruta 40 abierta",
    ],
)
def test_numbers_of_things_are_no_addresses(engine: NameEngine, text: str) -> None:
    assert said(engine, text, "ADDRESS") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Yth. Bapak/Ibu Wulan Handayani, S.I.Kom, janji temu", "Wulan Handayani, S.I.Kom"),
        ("David Marlowe Jr. called about the invoice.", "David Marlowe Jr."),
        ("Chào Quý cô Yến Phạm, đơn đã gửi", "Quý cô Yến Phạm"),
        ("NGUYỄN THỊ ÁNH VIÊN ĐÃ NỘP HỌC PHÍ", "NGUYỄN THỊ ÁNH VIÊN"),
        ("Konstabel Fairuz cedera ringan.", "Konstabel Fairuz"),
        ("Saksi kedua, Letchumi a/p Perumal, memberi keterangan.", "Letchumi a/p Perumal"),
        ("Hantar barang kepada Teoh Wai Kit esok.", "Teoh Wai Kit"),
    ],
)
def test_styles_and_degrees_belong_to_the_name(engine: NameEngine, text: str, name: str) -> None:
    assert letters_left(engine, text, name, "PERSON") == set()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("по адресу к. Осташково, алл. Лесная, д. 14/2 стр. 3, 481900", "к. Осташково, алл. Лесная, д. 14/2 стр. 3, 481900"),
        ("живёт: г. Кировск (Мурм.), ш. М.Горького, д. 7", "г. Кировск (Мурм.), ш. М.Горького, д. 7"),
        ("в с. Горки, пр. 9 мая, д. 22 к. 3, 785847", "с. Горки, пр. 9 мая, д. 22 к. 3, 785847"),
    ],
)  # fmt: skip
def test_russian_addresses_with_their_short_words(engine: NameEngine, text: str, address: str) -> None:
    assert letters_left(engine, text, address) == set()


def test_a_name_before_an_address_is_not_cut(engine: NameEngine) -> None:
    text = "посылку: Карп Ануфриевич Сорокин, г. Тверь, ул. Мира, д. 4"
    assert "Карп Ануфриевич Сорокин" in said(engine, text)
    assert "тов. Блинов Прокл Андреевич" in said(engine, "С уважением,\nтов. Блинов Прокл Андреевич")


@pytest.mark.parametrize(
    "text",
    [
        "Instituto Miguel Hidalgo vuelve a clases",
        "Vinho Dona Ermelinda tinto",
        "Шоколад Алёнка 100 г",
        "Евгений Онегин роман в стихах",
        "Masjid Jamek Sultan Abdul Samad menjadi tumpuan pelancong.",
        "Mì Hảo Hảo tôm chua cay",
    ],
)
def test_what_is_called_after_a_person_stays(engine: NameEngine, text: str) -> None:
    assert said(engine, text) == []
