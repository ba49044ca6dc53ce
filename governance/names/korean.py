"""Korean names: a family name of one syllable and two of a given name, as the first three of a word.

Particles and titles may stand right behind a name, so the word is cut after the third syllable if what remains is
one of them. Syllables of given names are a small set; a title, a particle of address or a cue word settles it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from governance.names.block import Block, Found
from governance.names.lexicon import load, unpacked

RECOGNISER = "names_korean"
_FAMILY = "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용예경봉사부"
_TWO = "남궁|황보|제갈|선우|독고|사공|서문"
_GIVEN = (
    "가강건경계고관광교구국권규균근금기길나남노다단달담대덕도동두득라란람래량려련렬령로루류륜률리린림마만명모무문미민바반"
    "방배백범별병보복봉부빈사산상새서석선설섭성세소솔송수숙순슬승시식신아안애양언여연열영예오옥완용우욱운웅원월유육윤율"
    "은을의이익인일임자장재전점정제조종주준중지진찬창채천철청초춘충치태택판평표필하학한해행향헌혁현형혜호홍화환회효후훈휘희흠"
)
_TITLE = (
    "씨|님|군|양|선생님?|교수|기자|의원|대표|사장|부장|과장|대리|팀장|실장|국장|차장|이사|상무|전무|회장|부회장|위원장|위원|장관|"
    "차관|총리|대통령|전 대통령|시장|지사|검사|판사|변호사|박사|원장|소장|센터장|감독|코치|선수|배우|가수|작가|작곡가|아나운서|"
    "고객님?|기사님?|여사|할머니|할아버지|아저씨|누나|형|언니|오빠|후보|총장|학생|어린이|경위|경감|대장|중위|대위|소령|연구원|간호사|의사|PD|앵커"
)
_PARTICLE = "은|는|이|가|을|를|의|에게|에게서|한테|께서|께|와|과|도|만|로|으로|이다|이라|라고|이라고|이며|이고|입니다|이에요|예요|이란|란|랑|이랑|에|씨는|씨가|씨의|야|아|보다|까지|부터|처럼|였다|이었다|인|이자|로부터"
_NAME = re.compile(
    f"(?<![가-힣A-Za-z0-9])(?P<name>(?:{_TWO})[{_GIVEN}]{{1,2}}|[{_FAMILY}][{_GIVEN}]{{2}}|[{_FAMILY}][{_GIVEN}](?=(?: ?)(?:{_TITLE})))"
    f"(?P<gap> ?)(?P<title>{_TITLE})?(?P<rest>{_PARTICLE})?(?![가-힣])"
)
_CUE = re.compile(
    "(?:이름은|이름이|성함은|성명|이름|성함|저는|제 이름은|수취인|받는 ?분|받는 ?사람|수령인|보내는 ?분|보내는 ?사람|담당자?|기사|고객명|예금주|"
    "신청인|연락처|기자|배우|가수|감독|선수|대표|교수|사장|회장|의원|장관|대통령|작가|원장|팀장|변호사|씨,|인|아내|남편|아들|딸|동생|친구|주연|출연|작곡|작사|판사|검사|후보|PD|앵커|MC)[ :：은는이가의]*\\Z"
)
#: Common words of the same build.
_NOT = frozenset(
    "이상한 이유로 이번에 이전에 이제는 이용자 이용한 이미지 이동한 이지만 정도의 정보를 정확한 정말로 정상적 조용한 조선일 주문한 주소는 주차장 주인공 "
    "주말에 장소가 장점은 장난감 고객님 고객의 고양이 고등학 고구마 고추장 강아지 강남구 강원도 전라도 전라남 전라북 경상도 서비스 서울시 서초구 성남시 "
    "안양시 안산시 수원시 부산시 대전시 인천시 광주시 한국어 한국의 한국인 한국은 한글로 한번에 한마디 한가지 신용카 신청서 신상품 신제품 신고서 "
    "배송지 배송이 배송은 배송비 배달이 문제가 문제는 문제를 문제점 문의를 문의는 문화재 유명한 유용한 유튜브 유치원 임대료 "
    "안전한 안내문 안내를 오전에 오후에 오늘은 오래된 오랜만 오히려 조금만 조건이 조사를 조사한 진행한 진행중 진짜로 지난해 지금은 지하철 지역의 지원을 "
    "하지만 하나의 하루에 현재는 현실적 현장에 공연을 공원에 공항에 공부를 공사를 방법이 방법은 방문한 방송인 방송에 변호사 기자가 기자는 기본적 기분이 "
    "인터넷 인기가 인형을 남자가 남자는 남성이 노래를 노력을 도시의 도서관 도착한 우리의 우리는 우선은 마지막 마음이 마음에 마리아 소리가 소설을 소비자 "
    "여자가 여자는 여성의 여행을 여행지 연구를 연구원 연락을 연예인 원하는 원래는 위원회 위원장 위치한 위하여 제품이 제품은 제품을 제가요 제주도 제작한 "
    "주제로 천천히 최고의 최고다 최근에 최대한 최소한 최종적 추천은 추가로 추석에 차이가 차량이 채용을 구매한 구성원 구조가 국내의 국민의 국가의 국회의 "
    "권리를 금융위 길이가 나라의 노동자 노인이 전체적 전화를 전화번 전문가 전국의 전기차 전통적 선생님 선수가 선수들 선물로 선거에 설명을 성공한 성능이 "
    "성격이 손님이 손가락 송파구 심리적 양념이 엄마가 엄마는 예정이 예약을 왕복으 용기가 은행에 정부가 정부의 정부는 정치인 정책을 주민이 주요한 주장을 "
    "장애인 장면이 조직의 조합원 김치찌 김밥을 박물관 박스에 강의를 강력한 강조한 윤리적 임신한 한다는 한다고 한다면 한편의 황금의 이상의 이하의 이후에 "
    "이후의 이외에 이내에 이러한 이렇게 이것은 이것이 이거는 이날은 이들의 이들은 이를테 이어서 이어진 이어폰 이사를 이야기 이해가 이해를 이혼한 이익을 "
    "하면서 하면은 하려고 하는데 하겠다 하였다 하고서 하기로 하기에 한다며 한다는 한편으 유럽의 유일한 유지한 미국의 미국은 오징어 고마워 고마운 고려한 고민이 "
    "사람이 사람은 사람의 사실은 사실이 사용한 사이에 사이트 사진을 사회의 사건이 사고가 사랑이 사랑해 사무실 사업을 부모님 부분이 부분은 부족한 부탁해 부동산 "
    "도와주 도대체 도움이 도로의 도전을 소식을 소유한 소재로 소개한 명절에 명령을 모두가 모든것 모습을 모양이 모임에 모바일 국어를 어머니 어린이 어른이 은근히 "
    "기대를 기술이 기업의 기업이 기준이 기록을 기능이 기간에 기억이 기회를 반대로 반응이 반드시 설마나 표현이 표정이 석유를 선택한 선정한 경기를 경기도 경찰이 "
    "경찰은 경제적 경우에 경우는 경험이 경쟁이 예를들 인간의 인구가 인물이 인생의 인정한 인천의 제일로 제한된 제공한 제도가 용량이 용도로 민주당 민주주 민간의 "
    "진정한 진실을 지방의 지속적 지식을 지도를 지시를 우수한 우주의 우연히 구체적 구입한 구급차 차라리 차지한 천연의 방향으 방안을 공개한 공급이 공동의 공무원 "
    "공식적 공격을 현대의 현금을 현상이 변화가 변경을 추진한 추억이 마치고 마련한 연결이 연말에 연인이 위해서 위험한 위기의".split()
)


@lru_cache(maxsize=1)
def _given() -> frozenset[str]:
    return frozenset(unpacked(load("others")["ko_given"]))


def find(block: Block) -> list[Found]:
    """Korean names of a block."""
    out: list[Found] = []
    text = block.text
    known = _given()
    for found in _NAME.finditer(text):
        name, title, rest = found["name"], found["title"], found["rest"]
        if found["gap"] and not title:
            rest = None
        if name in _NOT or (title is None and name[:2] + (rest or "") in _NOT):
            continue
        value = 0.0
        if name[-2:] in known:
            value += 2.0
        if title:
            value += 2.0 if len(name) > 2 or title not in ("이", "양", "군", "형") else 0.0
        if _CUE.search(text, max(0, found.start() - 10), found.start()):
            value += 2.0
        if name[0] in "김박최윤황권홍송류배백허곽엄":
            value += 1.0
        elif name[0] in "이정강조장임한오서신안전고문양손유남심노":
            value += 0.3
        if rest and not title:
            value += 0.2 if rest in ("은", "는", "이", "가", "의", "을", "를", "에게", "과", "와") else 0.0
        elif text[found.end() : found.end() + 1] in ",()（·":
            value += 0.6
        if name[1] in "가나다라" or name[2:] in ("을", "의", "이", "은", "로", "에"):
            value -= 1.2
        if value >= 1.8:
            end = found.start() + len(name)
            out.append(Found(found.start(), end, "PERSON", min(0.9, 0.55 + value / 15), RECOGNISER, "grammar"))
    return out
