"""Addresses as forms and generators of test data write them: letters for buildings, postal codes, divisions without their words."""

from __future__ import annotations

import pytest

from governance.names.engine import NameEngine
from tests.governance.names_help import letters_left, said

WHOLE = [
    # A building by a small letter, towns that no list has, a postal code behind.
    "内蒙古自治区秀荣县东城澳门路c座",
    "广东省想县丰都尹路f座 523000",
    "浙江省绍兴市越城区鲁迅西路12号3幢201室，邮编：312000",
    # Taiwan: a postal code before, sections in digits, towns that no list has.
    "736 新北市仁愛街70號5樓",
    "24281台東縣正義巷5段403號7樓",
    "18990 蘆竹育英巷16號之9",
    "370 褒忠縣景美路6段4號之7",
    "59018 苗栗市中華街443號1樓",
    # Hong Kong: a road called after another place.
    "荃灣青山公路388號中染大廈25樓C室",
    # Korea: streets that end otherwise, cellars, halls of a university, numbered towers.
    "서울특별시 구로구 개포거리 지하383",
    "충청남도 오산시 석촌호수671가 470 (아름김이리)",
    "광주광역시 북구 용봉로 77 전남대학교 공과대학 6호관 512호",
    "서울시 영등포구 여의대로 108 파크원타워1 40층",
    # Thailand: sub-district, district and province without their words, a building in Latin letters, forks of lanes.
    "68 ถนนดิศดใน หนองอิเฒ่า ลำปาง 82550",
    "483/30 ถ.ทศโยธิน บางสะพานน้อย จ.มุกดาหาร 88230",
    "2/4 ถนนถนอมพล เขาพระนอน ป้อมปราบศัตรูพ่าย เชียงราย 71120",
    "อาคารสาทรธานี ชั้น 12 เลขที่ 90 ถนนสาทรเหนือ แขวงสีลม เขตบางรัก กทม. 10500",
    "77/8 ซ.เพชรเกษม 48 แยก 4 แขวงบางด้วน เขตภาษีเจริญ กทม. 10160",
    "199/58 The Grand Condo ชั้น 7 ถ.แจ้งวัฒนะ ต.ปากเกร็ด อ.ปากเกร็ด นนทบุรี 11120",
]
NONE = [
    "分期付款12期免息，每期100元",
    "이 시장에는 볼거리 3가지와 가게 2곳이 있다",
    "국수가 4인분에 2만원",
    "ลดราคา 50 บาท ทุกสาขา เชียงใหม่ 100 แห่ง",
    "第5段第3句怎么翻译",
    "这款C座椅和b座垫都不错",
]


@pytest.fixture(scope="module")
def engine() -> NameEngine:
    return NameEngine()


@pytest.mark.parametrize("address", WHOLE)
@pytest.mark.parametrize("carrier", ["{}", "1001,{}", "A: {}\n"])
def test_addresses_are_covered_whole(engine: NameEngine, address: str, carrier: str) -> None:
    assert not letters_left(engine, carrier.format(address), address)


@pytest.mark.parametrize("text", NONE)
def test_numbers_and_streets_in_talk_are_no_addresses(engine: NameEngine, text: str) -> None:
    assert said(engine, text, "ADDRESS") == []
