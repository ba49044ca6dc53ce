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
        ("지훈이랑 서윤이는 먼저 갔대", "지훈이"),
        ("지호랑 놀이터에 있었어", "지호"),
        ("태민이도 온다고 했어", "태민이"),
        ("승희는 늦는다더라", "승희"),
        ("윤경언니가 골라줬어요", "윤경"),
        ("은호쌤 수업 좋아요", "은호"),
        ("써니쌤 추천합니다", "써니"),
        ("정순 할머니네 김치 맛있어요", "정순"),
        ("영호 형이 알려줬음", "영호"),
        ("재민아, 이따 보자", "재민"),
        ("민수: 지금 어디야?", "민수"),
        ("하늘이가 제일 좋아해요", "하늘이"),
        ("이 과장님 자리 비우셨어요", "이 과장님"),
        ("조 과장님이 대신 나갔습니다", "조 과장님"),
        ("회의 참석: 손 팀장, 방 차장", "방 차장"),
        ("최팀장님께 보고드렸습니다", "최팀장"),
        ("참석자: 김도현, 이채은, 박시우", "이채은"),
        ("고은별(29·여)씨는 지난해 이사했다.", "고은별"),
        ("황소정드림", "황소정"),
        ("성함이 추가영이셨나 그랬어요", "추가영"),
        ("강사 브라이언 쿡 선생님", "브라이언 쿡"),
        ("동료 응우옌 티 란 씨가 도왔다", "응우옌 티 란"),
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
        "하늘이 맑고 보라 꽃이 예뻐요. 나라에서 지원해 준대요.",
        "배송: 3일, 색상: 보라, 수정: 불가",
        "이 작가님 책은 다 좋아요. 한 사원이 제보했다.",
        "현미 쌀과 구이용 한우, 이름 각인 도장",
        "신임 이사장님 인사말, 정교수와 조교수",
        "선택된 태스크를 문서화합니다.",
        "이혼 전문 변호사가 나온다.",
        "",
    ],
)
def test_other_words_stay(engine: NameEngine, text: str) -> None:
    assert list(engine.scan([text])) == []
