"""Texts written after the recognisers, apart from them and by kind: what people type, and what only looks like it.

Self-written, like the hold-out: telephones come from libphonenumber's own examples with other digits, national numbers
from their published check digits, the rest by hand. A brace pair marks what must be covered.
"""

from __future__ import annotations

import random
import re

import phonenumbers as lib
import pytest

from governance.recognisers.engine import PatternEngine
from governance.recognisers.regions import regions_for

COUNTRIES = {
    "zh": "CN HK TW MO", "en": "US GB SG IN PH MY AU CA NZ", "es": "ES MX AR CL CO PE", "pt": "BR PT", "ko": "KR",
    "vi": "VN", "th": "TH", "id": "ID", "ru": "RU",
}  # fmt: skip
CARRIERS = {
    "zh": ("我的电话是{}，方便的时候打给我", "师傅到了打{}就行", "麻烦联系{}，谢谢", "{}，这是我妈的号", "电话{}（下午别打）"),
    "en": ("You can reach me at {} after six.", "my number is {} thanks", "phone: {}", "{} is my cell", "pls text {} when out"),
    "es": ("Mi teléfono es {}, gracias", "llámame al {} por la tarde", "me escriben al {}.", "Contacto: {}", "mi cel {}"),
    "pt": ("Meu telefone é {}, obrigado", "me liga no {} mais tarde", "Contato: {}", "falar com Ana no {}"),
    "ko": ("제 전화번호는 {} 입니다", "{}으로 연락 주세요", "연락처: {}", "{} 여기로 문자 주세요"),
    "vi": ("Số điện thoại của em là {} ạ", "gọi cho mình số {} nhé", "Liên hệ {} để được tư vấn.", "sđt: {}"),
    "th": ("เบอร์โทร {} ค่ะ", "โทรหาผมที่ {} ได้เลยครับ", "ติดต่อ {} นะคะ", "มือถือ {} ไลน์เดียวกัน"),
    "id": ("Nomor telepon saya {} ya", "hubungi saya di {} kalau sudah sampai", "WA aja ke {} kak", "no hp {}"),
    "ru": ("Мой телефон {}, звоните", "позвоните мне на {} после шести", "Тел.: {}", "номер мамы {} если что"),
}  # fmt: skip
EXTENSIONS = {
    "zh": "转",
    "ko": " 내선 ",
    "th": " ต่อ ",
    "vi": " máy lẻ ",
    "ru": " доб. ",
    "pt": " ramal ",
    "es": " ext. ",
}


def covered(language: str, texts: list[str]) -> list[set[int]]:
    """For each text the letters and digits that go."""
    out: list[set[int]] = [set() for _ in texts]
    for span in PatternEngine(regions_for(None, language)).scan(texts):
        if not span.keep:
            out[span.row].update(i for i in range(span.start, span.end) if texts[span.row][i].isalnum())
    return out


def wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() or c in "+-()" else c for c in text)


def telephones(region: str, language: str, count: int, rng: random.Random) -> list[str]:
    """Valid numbers of a region in the ways that people write them."""
    out = []
    while len(out) < count:
        kind = rng.choice([lib.PhoneNumberType.MOBILE] * 3 + [lib.PhoneNumberType.FIXED_LINE])
        example = lib.example_number_for_type(region, kind)
        digits = str(example.national_number)
        kept = rng.randint(2, 4)
        digits = digits[:kept] + "".join(str(rng.randrange(10)) for _ in digits[kept:])
        number = lib.PhoneNumber(country_code=example.country_code, national_number=int(digits))
        if not lib.is_valid_number_for_region(number, region) or lib.number_type(number) not in (0, 1, 2):
            continue
        national = lib.format_number(number, lib.PhoneNumberFormat.NATIONAL)
        world = lib.format_number(number, lib.PhoneNumberFormat.INTERNATIONAL)
        plain = re.sub("[()]", "", national)
        extension = EXTENSIONS.get(language, " ext ") + str(rng.randint(10, 999))
        out += [
            national, world, world.replace(" ", ""), re.sub("[^0-9]", "", national), "00" + world[1:],
            re.sub("[ -]+", ".", plain), re.sub("[ -]+", "-", plain), re.sub("[ -]+", " ", plain), wide(national),
            f"(+{number.country_code}) {world.partition(' ')[2]}", national + extension,
        ]  # fmt: skip
    return out


@pytest.mark.parametrize("language", COUNTRIES)
def test_telephones_of_every_country(language):
    rng = random.Random(f"fresh {language}")
    for region in COUNTRIES[language].split():
        texts, spans = [], []
        for value in telephones(region, language, 160, rng):
            carrier = rng.choice(CARRIERS[language])
            begin = carrier.index("{}")
            texts.append(carrier.format(value))
            spans.append((begin, begin + len(value)))
        missed = [
            text
            for text, gone, (a, b) in zip(texts, covered(language, texts), spans, strict=True)
            if not {i for i in range(a, b) if text[i].isalnum()} <= gone
        ]
        assert len(missed) <= 0.05 * len(texts), (region, missed)


#: By language, a text a line; what stands in braces goes as a whole.
VALUES = {
    "zh": """
【菜鸟驿站】您的包裹已到，请凭{6-2-3015}到南门店领取
丰巢提醒：取件码{84920175}，请24小时内取走
你去帮我取下快递，码是{A03-1127}
快递到了放3号柜，密码{528417}
取餐号{A102}，请到前台
凭{12-3-0088}取货
提货码是{HX8823}哦
验证码：{839201}，5分钟内有效
您的动态口令为{48 29 17}
【招商银行】{628193}（登录验证码），请勿泄露
短信验证码是 {7731}
wifi密码{abc12345}
账号admin 密码{Qwer@1234}
密码我改成{xiaoming2020}了
AccessKey：{LTAI5tExampleKeyAbCdEfGh}
secret={9f86d081884c7d659a2feaa0c55ad015}
token：{eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefghijk}
门禁密码{2580#}
解压密码：{www.xx.com}
加我v{wang_xm1990}
微信{lixiaohong8}备注订单
我的Q是{3847561029}
qq：{38475610}
抖音号{dy99887766}
支付宝{13800138000}
小红书号 {9527884213}
闲鱼昵称：{爱吃鱼的猫咪}
运单号{SF1402938475612}
圆通{YT8839201938475}
中通快递 {78392019384756}
京东单号{JDVA20938475610}
顺丰 {SF 140 293 847 561 2}
邮政{EB839201938CN}
订单号：{202308151234567890}
订单{4839201938475610293}退款
淘宝订单 {1839201938475610293}
车牌{京A·8K392}
粤{B12345}的车
{沪AD12345}停在门口
开的是{粤Z1234港}
车牌号 {川A 9X88M}
护照{E12345678}
港澳通行证 {C12345678}
台胞证号{12345678}
社保号 {310110199003078538}
IMEI：{356938035643809}
设备号 {A1B2C3D4E5F60718}
MAC {3C:22:FB:4D:5E:6F}
mac地址 {3c22fb4d5e6f}
IP是{223.104.3.57}
定位：{39.908722,116.397499}
坐标 {121.473701°E, 31.230416°N}
USDT地址{TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE}
eth：{0x742d35Cc6634C0532925a3b844Bc454e4438f44e}
统一社会信用代码{91310000MA1FL0XX0B}
开户行工行，账号{6222021001122334455}
对公账号 {1001 2345 6789 0123 456}
发到我邮箱zhangsan（at）qq点com
邮箱是{zhangsan艾特163点com}
邮箱 {38475610@qq。com}
""",
    "en": """
Your pickup code is {7K2-918}.
Use PIN {4821} at locker 12
Collect with code {AX93B7}
{839201} is your Amazon verification code
Your OTP is {48 29 17}, valid 10 minutes
password: {Hunter2!}
pwd={s3cr3t_pw}
the wifi password is {sunflower42}
api key: {sk_live_4eC39HqLyjWDarjtT1zdp7dc}
Authorization: Bearer {abcdefghijklmnopqrstuvwx12345}
AWS_SECRET_ACCESS_KEY={wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY}
my insta is {@jane.doe_92}
telegram {@john_smith}
discord: {gamer#1234}
skype id {live:john.doe}
tracking number {1Z999AA10123456784}
USPS {9400 1000 0000 0000 0000 00}
FedEx {7489 1234 5678}
DHL waybill {JD014600006281234567}
order {112-7489123-4567890} never arrived
Order #{SH-2023-00912}
plate number {ABC-1234}
driver's license {D1234-56789-01234}
passport {533380006}
passport no. {X1234567}
VIN {1HGCM82633A004352}
IMEI {35-693803-564380-9}
MAC address {00-1A-2B-3C-4D-5E}
server {10.24.3.17} is down
ipv6 {2001:db8:85a3::8a2e:370:7334}
at {40.712776, -74.005974}
BTC {bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq}
account number {000123456789}
routing {021000021}
NHS number {943 476 5919}
NI number {QQ 12 34 56 C}
Aadhaar {2345 6789 0124}
PAN {ABCPE1234F}
TIN {123-456-789-000}
medicare {2123 45670 1}
EIN {12-3456789}
email me at john (dot) smith (at) example (dot) com
""",
    "es": """
cédula {1.020.345.678}
C.C. {52.345.678}
NIT {900.123.456-7}
RFC {GODE561231GR8}
NSS {12 34 56 7890 1}
pasaporte {AAB123456}
clave INE {GRZLMR85010112M400}
carnet de extranjería {001234567}
licencia {Q12345678}
cuenta CLABE {032180000118359719}
CBU {2850590940090418135201}
código de verificación {839201}
contraseña: {Perro2023!}
mi insta @{maria.perez}
número de guía {1234567890}
pedido {2000012345678}
placa {ABC-123}
matrícula {1234 BCD}
cédula de identidad {V-12.345.678}
RUN {12.345.678-5}
CI {1234567-8}
DUI {01234567-8}
""",
}
#: Numbers that are nobody's: standards, models, prices, days, scores, books, versions, flights.
NOBODYS = {
    "zh": """
执行标准GB/T 25021-2022，符合YY/T 0316-2016要求
产品标准号：Q/HX 0012-2021 生产许可SC10633010400123
型号：MDVH-1021B，额定功率2200W，尺寸1200×600×750mm
货号 F2403-A118 黑色 XL码 现货1280件
ISBN 978-7-111-40701-0 定价69.00元
ISSN 1000-1239 2021年第58卷第3期 页码 512-527
第12届全运会男篮决赛 89-76 获胜
高铁G1234次 08:30-13:45 二等座553.5元
航班CA1831 MU5137 准点率92.35%
版本 v10.15.7 更新于2023-08-15 12:30:45
固件 1.0.0.1234 校验通过
订购数量3000个，单价12.5元，合计37500元
2019-2023年营收1234567890元
销量突破1000000+，好评率99.87%
内存8GB+256GB 电池5000mAh 屏幕6.67英寸 2400x1080
股票代码600519 收盘价1688.00 涨幅2.35%
邮编100084，面积128.5平方米
车次D3105 座位号05车12A
彩票双色球 03 08 15 22 27 31 + 09
比分3:2（25-21, 23-25, 25-19, 20-25, 15-12）
螺丝M8*30 规格GB5783-86 8.8级
批准文号：国药准字H20051234 国械注准20173401234
条形码6901234567892
保质期20230101-20250101
播放量1.2亿，点赞12345678，时长02:15:33
色号 #FF5733 RGB(255,87,51)
考研英语一 2010-2020 真题
热线95588、10086、12315
营业时间09:00-21:00，周一至周日
第1234567号公告 (2021)京0105民初12345号
轮胎225/45R17 94W XL
CPU i7-12700K 显卡RTX4060Ti 16G
淘宝SKU 4611686018427387904-12
海拔8848.86米 人口1411778724人
圆周率3.14159265358979323846
""",
    "en": """
ISO 9001:2015 and IEC 60601-1-2:2014 certified
Model WH-1000XM5/B, part no. 991-000434 rev 2.1
ISBN 978-0-13-468599-1, ISSN 0028-0836 vol. 580 pp. 123-129
Flight UA 889 departs 10:45, gate 23B; train IC 2047
Lakers beat Celtics 112-108 (28-25, 30-22, 26-33, 28-28)
version 2.14.159-rc1 build 20230815.4
Price dropped from $1,299.99 to $899.00 (30.8% off)
SKU: LP-30221-BLK-XL, 2500 pcs in stock
Ships within 3-5 days; weight 12.5 kg; size 1200 x 600 x 750 mm
born in 1987, graduated 2009-2013
12-pack, 330ml each, 4x6 inches, 1080p 60fps
ASTM D4169-16 drop test; EN 71-3; UL 94V-0
The 2022-2023 season had 1,230 games
UPC 036000291452 EAN 4006381333931
Patent US 10,123,456 B2 filed 2016-03-14
RFC 2616 section 4.4, HTTP 404 errors 12345 times
Torx T25 M6x1.0 bolt grade 8.8, 5/16-18 thread
Call of Duty 4: 20th anniversary, 1999-2019
population 331,449,281 as of 2020 census
open 24/7, rated 4.8/5 by 10,234 users
Room 1203, Floor 12, seats 14A-14F
CPU Ryzen 9 7950X3D, GPU RTX 4090 24GB, 6400MT/s
chapter 3.2.1.4, figures 12.1-12.4
10-K filing 0000320193-22-000108
coordinates of the paper: DOI 10.1038/s41586-020-2649-2
arXiv:1706.03762v5 PMID 31978945
""",
    "es": """
Norma UNE-EN ISO 14001:2015, lote 20230815-A
Partido 3-1 (25-20, 22-25, 25-18, 25-21) en 2019-2020
Precio 1.299,99 € antes 1.499,00 €, IVA 21%
Modelo KD-55X85J, televisor de 55"
Vuelo IB 3166 y tren AVE 03141 a las 18:30
ISBN 978-84-376-0494-7, año 1967, 471 páginas
población 47.615.034 habitantes en 2022
versión 4.2.0.1, medidas 120 x 60 x 75 cm, 2.500 unidades
""",
    "pt": """
Norma ABNT NBR 9050:2020 e NBR ISO 9001
Placar 2-1, público 45.678, temporada 2022-2023
R$ 1.299,90 em 12x de R$ 108,33, parcela 3/12
Modelo SM-A546E/DSN código 7892509128551
Voo LA 3456, portão 12, poltrona 23C
ISBN 978-85-359-0277-8 ano 1899 256 páginas
versão 10.0.19045.3324, 2.500 unidades
""",
    "ko": """
KS X 1001, ISO 9001:2015 인증 제품
모델명 RF85B9121AP 용량 875L, 220V 60Hz
가격 1,299,000원 (20% 할인), 2023년 8월 15일
경기 결과 3-2 (25-21, 23-25, 25-19)
항공편 KE901 13:20 출발, KTX 125 열차
ISBN 979-11-5839-123-4, 2019-2020 시즌
고객센터 1588-1234, 수량 2500개 규격 1200x600
""",
    "vi": """
Tiêu chuẩn TCVN 7161:2002, ISO 22000:2018
Giá 1.299.000đ giảm còn 899.000 đ, còn 2500 cái
Model UA55AU7002KXXV năm 2021-2022
Chuyến bay VN 253 lúc 10:45, tàu SE1
Tỷ số 3-1, mùa giải 2022-2023, 45.678 khán giả
ISBN 978-604-2-12345-6, phiên bản 14.5.1
""",
    "th": """
มาตรฐาน มอก. 166-2549 TIS 1195-2561
ราคา 1,299.00 บาท ลดเหลือ 899 บาท 2500 ชิ้น
รุ่น UA55AU7002KXXT ปี 2564-2565
เที่ยวบิน TG 910 เวลา 10:45 ขบวน 9
ผลการแข่งขัน 3-2 (25-21, 23-25)
ISBN 978-616-18-1234-5 เวอร์ชัน 14.5.1
""",
    "id": """
SNI 01-2891-1992 dan ISO 9001:2015
Harga Rp1.299.000 diskon jadi Rp 899.000, stok 2500 pcs
Tipe UA55AU7002KXXD tahun 2021-2022
Penerbangan GA 402 pukul 10:45, KA Argo 8
Skor 3-1, musim 2022/2023, 45.678 penonton
ISBN 978-602-03-1234-5, versi 14.5.1, ukuran 1200x600
""",
    "ru": """
ГОСТ Р 52108-2003, ГОСТ 30494-2011, ISO 9001:2015
Цена 12 999 руб. вместо 15 499 руб., 2500 шт.
Модель UE55AU7002UXRU 2021-2022 гг.
Рейс SU 1234 в 10:45, поезд 026А
Счет 3:2 (25:21, 23:25, 25:19), сезон 2022/2023
ISBN 978-5-17-118366-7, версия 14.5.1, 1200х600 мм
население 146 447 424 чел. на 2023 год
""",
}


@pytest.mark.parametrize("language", VALUES)
def test_values_by_kind(language):
    texts, spans = [], []
    for line in VALUES[language].split("\n"):
        parts = re.split("[{}]", line)
        texts.append("".join(parts))
        begins = [len("".join(parts[:i])) for i in range(len(parts) + 1)]
        spans.append([(begins[i], begins[i + 1]) for i in range(1, len(parts), 2)])
    for text, gone, wanted in zip(texts, covered(language, texts), spans, strict=True):
        for a, b in wanted:
            assert {i for i in range(a, b) if text[i].isalnum()} <= gone, text


@pytest.mark.parametrize("language", NOBODYS)
def test_numbers_that_are_nobodys_stay(language):
    texts = NOBODYS[language].strip().split("\n")
    gone = sum(map(len, covered(language, texts)))
    assert gone <= 0.08 * sum(c.isalnum() for text in texts for c in text), (
        "not eight letters of a hundred in any language"
    )
    assert language == "es" or gone == 0


def test_a_name_ends_where_the_sentence_goes_on():
    texts = [
        "微信号：zhang_san88我在楼下等你",
        "昵称：abc小宇",
        "server 10.24.3.17 is down",
        "versión 10.24.3.17 instalada",
    ]
    found = covered("zh", texts)
    assert ["".join(text[i] for i in sorted(gone)) for text, gone in zip(texts, found, strict=True)] == [
        "zhangsan88", "abc小宇", "1024317", "",
    ]  # fmt: skip
