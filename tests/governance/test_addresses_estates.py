"""Addresses without a street and its number: estates, towers, farms, quarters, and what stands behind a street."""

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
        # English, of all the world
        ("Send it to Plot No. 31, Sector 22, Palam Enclave, Rohtak, Haryana 124001 today", "Plot No. 31, Sector 22, Palam Enclave, Rohtak, Haryana 124001"),
        ("Send it to House 9, Road 14, Uttara, Dhaka 1230.", "House 9, Road 14, Uttara, Dhaka 1230"),
        ("at Door No 22/7, 4th Main, Basavanagudi, Mysuru 570004", "Door No 22/7, 4th Main, Basavanagudi, Mysuru 570004"),
        ("from Ivy Cottage, Chapel Lane, Much Marcle, Hereford HR8 2NT to", "Ivy Cottage, Chapel Lane, Much Marcle, Hereford HR8 2NT"),
        ("on the 3400 block of Girard Avenue on Monday", "3400 block of Girard Avenue"),
        ("He lives on Alder Street, number 63.", "Alder Street, number 63"),
        ("pick up from 18 Flinders St level 4 Hobart 7000", "18 Flinders St level 4 Hobart 7000"),
        ("209 Nathan Road East, 7/F, Jordan, Hong Kong", "209 Nathan Road East, 7/F, Jordan, Hong Kong"),
        ("Rural Route 5, Box 91B, Minot, ND 58701", "Rural Route 5, Box 91B, Minot, ND 58701"),
        ("in Purok 3, Brgy. Santa Lucia, Tanay City, Rizal 1980", "Purok 3, Brgy. Santa Lucia, Tanay City, Rizal 1980"),
        # Malay, Indonesian, Vietnamese
        ("rumah di Blok C-7-03, Pangsapuri Sri Intan, Ampang", "Blok C-7-03, Pangsapuri Sri Intan, Ampang"),
        ("pos ke Peti Surat 318, 93000 Kuching", "Peti Surat 318, 93000 Kuching"),
        ("di Tingkat 5, Menara Perdana, Jalan Tun Ismail, Kuantan", "Tingkat 5, Menara Perdana, Jalan Tun Ismail, Kuantan"),
        ("di Felda Lepar 6, Gambang, Pahang", "Felda Lepar 6, Gambang, Pahang"),
        ("di Batu 7 Jalan Kuala Kangsar", "Batu 7 Jalan Kuala Kangsar"),
        ("di PPR Seri Alam 2, Blok B, Tingkat 4, Unit 9", "PPR Seri Alam 2, Blok B, Tingkat 4, Unit 9"),
        ("ke Apartemen Taman Rasuna Tower Anggrek lantai 8 unit 812", "Apartemen Taman Rasuna Tower Anggrek lantai 8 unit 812"),
        ("tinggal di Lingkungan Sukamaju RT 2 RW 6 Cirebon", "Lingkungan Sukamaju RT 2 RW 6 Cirebon"),
        ("ở chung cư Golden Star, block A2, căn 8.11, Tân Phong, Biên Hòa", "chung cư Golden Star, block A2, căn 8.11, Tân Phong, Biên Hòa"),
        # Spanish, Portuguese
        ("reside en Urbanización Las Brisas, Manzana C, Lote 5, Piura", "Urbanización Las Brisas, Manzana C, Lote 5, Piura"),
        ("Está en Belgrano 3312, 2º A, CABA", "Belgrano 3312, 2º A, CABA"),
        ("a Polígono Industrial El Cerro, nave 9, Segovia", "Polígono Industrial El Cerro, nave 9, Segovia"),
        ("Km 7,5 Carretera a Granada, Residencial Las Flores, casa 3, Masaya", "Km 7,5 Carretera a Granada, Residencial Las Flores, casa 3, Masaya"),
        ("Camí de Valls, 12\n43204 Reus (Tarragona)", "Camí de Valls, 12\n43204 Reus (Tarragona)"),
        ("vive en c/ Pintor Sorolla, nº 8, 2º B, de Gandía.", "c/ Pintor Sorolla, nº 8, 2º B, de Gandía"),
        ("calle 20 número 311 entre 15 y 17, Campeche", "calle 20 número 311 entre 15 y 17, Campeche"),
        ("Av. 10 de Agosto N21-240 y Carrión, Quito", "Av. 10 de Agosto N21-240 y Carrión, Quito"),
        ("Rua dos Ipês, 77, bl. B, ap. 102, Jardins, Aracaju", "Rua dos Ipês, 77, bl. B, ap. 102, Jardins, Aracaju"),
        ("Av. Paulista, 1842 - 9º andar - Bela Vista - São Paulo/SP", "Av. Paulista, 1842 - 9º andar - Bela Vista - São Paulo/SP"),
        ("Condomínio Vila dos Pinhais, Rua C, casa 8, Londrina", "Condomínio Vila dos Pinhais, Rua C, casa 8, Londrina"),
        # Russian, Chinese, Korean, Thai
        ("снимает квартиру на Планетной, 31к2", "Планетной, 31к2"),
        ("встречаемся у дома 12 по улице Чехова", "дома 12 по улице Чехова"),
        ("живёт в 7-м микрорайоне, дом 3, кв. 44", "7-м микрорайоне, дом 3, кв. 44"),
        ("我家在海淀区清河毛纺西园二区309楼1204", "海淀区清河毛纺西园二区309楼1204"),
        ("快递到东门外大街与和平大街交口金融大厦B座7楼", "东门外大街与和平大街交口金融大厦B座7楼"),
        ("부산 수영구 민락동 광안해변로 219 센텀뷰 102동 1203호", "부산 수영구 민락동 광안해변로 219 센텀뷰 102동 1203호"),
        ("บ้านอยู่ ซอยเอกมัย 12 (เจริญใจ) แขวงพระโขนงเหนือ", "ซอยเอกมัย 12 (เจริญใจ) แขวงพระโขนงเหนือ"),
    ],
)  # fmt: skip
def test_addresses_are_covered_whole(engine: NameEngine, text: str, address: str) -> None:
    assert letters_left(engine, text, address) == set()


@pytest.mark.parametrize(
    "text",
    [
        "We tested plot 4, line 2 and sector 7 in the simulation.",
        "Flat 2, road 1 in the rankings",
        "door 3, main 2 valves",
        "Batu 3 di jalan itu licin, hati-hati.",
        "Menara KL 421 meter tinggi, lantai 2 ada restoran.",
        "Apartemen murah 2 kamar dengan 1 unit AC dijual.",
        "Km 42 de la maratón fue duro. Km 3 Ruta",
        "La villa tiene 3 torres y un lote de vinos.",
        "Colonia Tovar, casa 3 estrellas recomendada",
        "Level 12, Boss Plaza Tower unlocked!",
        "He ran the 400 block of code twice.",
        "На Марсе, 24 часа в сутки пыль.",
        "на Спартаке, 3/4 билетов проданы",
        "商场3楼有餐厅,2楼有1203个座位",
        "Rivadavia 1826, primer presidente",
        "PPR 2 laporan kewangan",
    ],
)
def test_numbers_of_other_things_stay(engine: NameEngine, text: str) -> None:
    assert said(engine, text, "ADDRESS") == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Pickup at Gate 7, Riverside Estate, Ngong Road, Nairobi", "Gate 7, Riverside Estate, Ngong Road, Nairobi"),
        ("Consignee: Flat 210, Shanti Apartments, FC Road, Pune 411004", "Flat 210, Shanti Apartments, FC Road, Pune 411004"),
        ("Building 4C, Elm Industrial Park, Station Rd, Perth WA 6000", "Building 4C, Elm Industrial Park, Station Rd, Perth WA 6000"),
        ("12/9 Thonglor Soi 8, Khlong Tan Nuea, Watthana, Bangkok 10110", "12/9 Thonglor Soi 8, Khlong Tan Nuea, Watthana, Bangkok 10110"),
        ("Jane Roe, Flat 4, Rose Estate, Mill Lane, Leeds", "Flat 4, Rose Estate, Mill Lane, Leeds"),
        ("alamat: Dsn. Mulyorejo, Ds. Karangan, Kab. Trenggalek 66361", "Dsn. Mulyorejo, Ds. Karangan, Kab. Trenggalek 66361"),
    ],
)  # fmt: skip
def test_parts_with_commas_between_are_an_address(engine: NameEngine, text: str, address: str) -> None:
    assert letters_left(engine, text, address) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Flight 22, Gate 5, Terminal B, Chicago",
        "Abbey Road, 1969, Apple Records",
        "Wall Street, Gordon Gekko, 20th Century Fox",
        "Sesame Street, Season 3, Episode 5",
        "Lego City, Police Station, 60316, Building Set, Plaza",
        "USB Drive, 64GB, Black",
        "Royal Society, 1662, London",
        "Tower 1, Row 5, Seat 12",
        "John Smith, Anna Lee, Street Fighter 6, Capcom",
        "Oxford Street, Regent Street, Bond Street",
        "Penny Lane, Strawberry Fields Forever, 1967",
        "Unit 731, Harbin, Manchuria",
        "Villa 2, Arsenal 1, Chelsea 0",
        "House 4, Senate 2, President",
    ],
)
def test_other_things_with_commas_between_stay(engine: NameEngine, text: str) -> None:
    assert said(engine, text, "ADDRESS") == []


def test_a_name_before_an_address_stays_a_name(engine: NameEngine) -> None:
    assert said(engine, "Jane Roe, Flat 4, Rose Estate, Mill Lane, Leeds") == ["Jane Roe"]
