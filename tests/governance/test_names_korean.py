"""Names and addresses in Korean: particles and titles without a space, foreign names, what is none. All are invented."""

from __future__ import annotations

import pytest
from names_help import letters_left, said

from governance.names.engine import NameEngine


@pytest.fixture(scope="module")
def engine() -> NameEngine:
    return NameEngine()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("김민수씨가 어제 퇴사했다.", "김민수"),
        ("박지영 대표는 매출이 늘었다고 밝혔다.", "박지영"),
        ("윤석호 전 장관은 혐의를 부인했다.", "윤석호"),
        ("배우 송강민이 상을 받았다.", "송강민"),
        ("황희철과 이강준의 호흡이 좋았다.", "이강준"),
        ("선우은영이 방송에서 고백했다.", "선우은영"),
        ("받는 분: 최은지 / 010", "최은지"),
        ("노승환팀장님 확인 부탁드려요", "노승환"),
        ("정씨는 혐의를 인정했다.", "정씨"),
        ("예린아 생일 축하해!", "예린"),
        ("도널드 스미스 대통령이 관세를 발표했다.", "도널드 스미스"),
        ("마이클 존슨의 노래를 좋아한다.", "마이클 존슨"),
        ("이병호연기최고였음 강추", "이병호"),
        ("박 철 감독은 선수들을 격려했다.", "박 철"),
        ("피재현 님이 문 앞에 두고 가셨어요.", "피재현"),
        ("입금자명은 금보미로 해 주세요.", "금보미"),
    ],
)
def test_names_are_covered_without_their_particles(engine: NameEngine, text: str, name: str) -> None:
    assert name in said(engine, text)


@pytest.mark.parametrize(
    "address",
    [
        "서울특별시 강남구 테헤란로 123 101동 1203호",
        "부산광역시 해운대구 우동 1408번지 트럼프월드 A동 2301호",
        "06236 서울시 강남구 역삼동 737 강남파이낸스센터 15층",
        "전라남도 순천시 해룡면 신대리 123-4",
    ],
)
def test_addresses_are_covered_to_the_door(engine: NameEngine, address: str) -> None:
    text = f"배송지 {address} 문 앞에"
    assert not letters_left(engine, text, address)


@pytest.mark.parametrize(
    "text",
    [
        "배송이 빠르고 포장도 꼼꼼해요.",
        "고객님께서 주문하신 상품은 내일 도착 예정입니다.",
        "이상한 이유로 정확한 정보를 설정하지 않았다",
        "국회의원 선거가 열린다. 조선일보가 보도했다.",
        "이마트에서 우유를 샀다. 신라면은 맵다.",
        "종로3가역에서 내려요. 길이가 0입니다.",
        "구매한 지 일주일 만에 고장났어요.",
        "",
    ],
)
def test_other_words_stay(engine: NameEngine, text: str) -> None:
    assert list(engine.scan([text])) == []
