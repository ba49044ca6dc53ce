"""Korean addresses: by road or by lot, with the towns before and the building, floor and door behind."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from governance.names.block import DIGIT, Block, Found, among

RECOGNISER = "addresses_korean"

_PROVINCE = (
    "(?:서울특별시|서울시|서울|부산광역시|부산시|부산|대구광역시|대구시|대구|인천광역시|인천시|인천|광주광역시|광주시|광주|대전광역시|대전시|대전|울산광역시|울산시|울산|"
    "세종특별자치시|세종시|세종|경기도|경기|강원특별자치도|강원도|강원|충청북도|충북|충청남도|충남|전북특별자치도|전라북도|전북|전라남도|전남|경상북도|경북|경상남도|경남|"
    "제주특별자치도|제주도|제주)"
)
_TOWNS = f"(?:(?<!\\d)\\d{{5}}\\)? ?,? ?)?(?:대한민국 ?)?(?:{_PROVINCE} ?)?(?:[가-힣]{{1,5}}(?:시|군|구) ?){{0,2}}(?:[가-힣]{{1,5}}(?:읍|면) ?)?"
_BUILDING = "[가-힣A-Za-z0-9]{0,14}(?:아파트|빌딩|타워|오피스텔|빌라|맨션|주택|마을|단지|프라자|플라자|센터|상가|캐슬|파크|스퀘어|힐스|자이|래미안|푸르지오|월드|하이츠|연립|기숙사|원룸)"
#: What a number counts is no house's; what a building is called may begin as that does: "월성동 1847 월성푸르지오 104동".
_NOT_A_HOUSE = f"(?!\\d)(?:(?= {_BUILDING} ?\\d)|(?! ?(?:년|월|일|원|명|개|번째|번 |위|차|세|살|%|분|초|시|만|억|천|호선|km|킬로|미터|m\\b|주|대 |편|화|배|점|층짜리)))"
_ROAD = f"[가-힣A-Za-z0-9]{{1,12}}(?:대로|로|길)(?: ?\\d{{1,4}}(?:번|가|나|다|라)?길)? ?(?:지하 ?)?[1-9]\\d{{0,4}}(?:-\\d{{1,4}})?{_NOT_A_HOUSE}"
#: Behind a province and a district roads end otherwise too: "개포거리 지하383", "석촌호수671가 470".
_STREET = (
    f"{_PROVINCE} (?:[가-힣]{{1,5}}(?:시|군|구) ){{0,2}}(?:[가-힣]{{1,5}}(?:읍|면) )?[가-힣]{{1,8}}\\d{{0,4}}(?:거리|가|로|길) ?"
    f"(?:지하 ?)?[1-9]\\d{{0,4}}(?:-\\d{{1,4}})?{_NOT_A_HOUSE}"
)
_LOT = f"(?:[가-힣]{{1,6}}\\d?(?:동|리)|[가-힣]{{1,5}}\\d가) (?:산 ?)?[1-9]\\d{{0,4}}(?:-\\d{{1,4}})?(?:번지)?{_NOT_A_HOUSE}"
_DOOR = "(?:[A-Za-z가나다라마바사아자차카타파하](?=동(?![가-힣]))|\\d{1,4})동|\\d{1,2}호관|(?:지하 ?|B)?\\d{1,3}층|[A-Z]?\\d{1,5}호|\\d{1,3}-\\d{1,4}호?"
_TAIL = f"(?:,? ?(?:\\([^)\\n]{{1,25}}\\)|{_BUILDING}(?:\\d{{1,2}}(?!\\d))?(?![가-힣])|(?:{_DOOR})(?![0-9])|[가-힣A-Za-z0-9]{{2,14}}(?: [가-힣A-Za-z0-9]{{1,10}})?(?= (?:{_DOOR})))){{0,7}}"
_ADDRESS = re.compile(
    f"(?<![가-힣A-Za-z0-9])(?:{_TOWNS}(?:(?<=[시군구] )[가-힣]{{1,5}}동 )?(?:{_ROAD}|{_LOT})|{_STREET}){_TAIL}"
)
#: An apartment complex is address enough: its name, the building and the door.
_FLAT = re.compile(
    f"(?<![가-힣A-Za-z0-9])(?:{_TOWNS})(?:[가-힣]{{1,6}}동 )?{_BUILDING} ?(?:\\d{{1,2}}단지 ?)?(?:[A-Z]|\\d{{1,4}})동 ?\\d{{1,5}}호"
)
_HINT = re.compile("(?:로|길|동|리|가|읍|면|\\d)(?: 산)? ?(?:지하 ?)?\\d")
_REACH = 14
#: Words that end like roads and lots.
_NOT = re.compile(
    "(?:별로|으로|바로|새로|서로|따로|홀로|주로|실제로|대체로|정말로|스스로|그대로|제대로|마음대로|위로|아래로|뒤로|앞으로|추가|평가|가격|누가|내가|네가|제가|우리|활동|이동|자동|행동|운동|감동|거리|자리|요리|머리|관리|처리|정리|이길|달리|빨리|멀리|미리|카페|화면|라면|으면|하면|되면|가면|보면|전면|장면|측면)\\Z"
)


def find(block: Block) -> list[Found]:
    """Addresses with a house or lot number in the rows of a block."""
    out: list[Found] = []
    text, done = block.text, -1
    for low, high in _windows(block):
        for pattern in (_ADDRESS, _FLAT):
            for found in pattern.finditer(text, max(low, done), high):
                said = found[0].rstrip(" ,")
                first = said.partition(" ")[0]
                if _NOT.search(re.split("[ 0-9]", said)[0]) or len(first) == len(said) < 5:
                    continue
                out.append(Found(found.start(), found.start() + len(said), "ADDRESS", 0.75, RECOGNISER, "grammar"))
                done = max(done, found.end())
    return out


def _ends() -> npt.NDArray[np.bool_]:
    return among("로길동리가읍면0123456789")


def _windows(block: Block) -> Iterator[tuple[int, int]]:
    """Stretches of text around numbers that may be a house's or a lot's."""
    digits = np.flatnonzero(block.kinds & DIGIT)
    if not len(digits):
        return
    opening = digits[np.concatenate([[True], np.diff(digits) > 1])]
    # Cheaply first: what a road or a lot ends with stands at most five characters before its number.
    ends = _ends()[block.codes[np.maximum(opening[:, None] - np.arange(1, 6), 0)]]
    opening = opening[ends.any(axis=1)]
    last = -1
    for at, row in zip(opening.tolist(), block.rows_of(opening).tolist(), strict=True):
        if at < last or _HINT.search(block.text, max(0, at - 5), at + 1) is None:
            continue
        low = max(int(block.starts[row]), at - 48)
        last = min(int(block.starts[row + 1]) - 1, at + 100)
        yield low, last
