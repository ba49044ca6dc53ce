"""Names and addresses as courts, clinics, forms, tickets and household registers write them.

All are invented for these tests. ``<…>`` marks a name, ``{…}`` an address; nothing else may be told.
"""

from __future__ import annotations

import re
from functools import cache

import pytest

from governance.names.engine import NameEngine

PAPERS = """
Pt: <DOE, JANE M.>  DOB on file
Hey @<Leticia Monroy> and @<Jon Snowden> please check
@<Leticia Monroy> can you approve this?
Comparece <Doña María de los Ángeles Pérez Quiroga>, mayor de edad
AGRAVANTE : <JOSÉ CARLOS DE ANDRADE FILHO>
Assinado por <Taís Figueiredo de Sá>
Falei com <Lúcia de Sá> ontem
<José Bonifácio de Andrada e Silva>
BCA a/n <Kartika>
经办：<于海>　复核：<江小白>　日期：3月5日
主刀：<郎朗>　麻醉：<柏林>
新郎<魏晨光>、新娘<苏小妹>敬邀
乘客<ZHAO/LIHUA>行程已确认
Passenger: <SMITH/JOHN MR>
1.1<ZHANG/SAN MR> 2.1<LI/XIAOMING MS>
пишет <А. Римский-Корсаков>
교수 <마동석>, 학생 <응우옌 티 란>
户籍所在地{河南省信阳市固始县胡族铺镇刘楼村王庄组}
暂住地{浙江省温州市瓯海区梧田街道慈湖北村}
公司在{苏州工业园区星湖街328号创意产业园9-B}
The property at {77 Upper Clanbrassil Street, Dublin 8} is vacant.
Return: {Flat 9, Kestrel House, 21 Wharf Lane, Bristol BS1 4RW}
She moved to {908 - 1200 West Georgia Street, Vancouver, BC V6E 4R2}
Office: {B-204, Shanti Apartments, MG Road, Pune 411001}
{Rua 14 de Julho, nº 1020, Campo Grande - MS}
привезите на {Ленина 15, подъезд 2, этаж 5}
{Căn 1508, tòa S2.03, Vinhomes Ocean Park, Gia Lâm}
thường trú tại {tổ 5, ấp Bình Hòa, xã Phước Tân, Biên Hòa, Đồng Nai}
AND/OR
ITEM/FORMS, TCP/IP MS server
mail me at leticia@Leticia
Señor de los Anillos
Feria de las Flores
记录：高温天气
付款：支付宝
审核：通过
住地铁站附近很方便
居住地点不限
"""


@cache
def engine() -> NameEngine:
    return NameEngine()


@pytest.mark.parametrize("marked", PAPERS.strip().splitlines())
def test_what_papers_say_of_people_is_told_whole(marked: str) -> None:
    text = re.sub("[<>{}]", "", marked)
    wanted = {("PERSON" if sign == "<" else "ADDRESS", said) for sign, said in re.findall("([<{])(.*?)[>}]", marked)}
    assert {(span.entity, text[span.start : span.end]) for span in engine().scan([text])} == wanted
