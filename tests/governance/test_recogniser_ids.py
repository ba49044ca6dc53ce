"""Numbers that name a person, country by country: alone where shape or check digit tells, beside a label everywhere.

Every number is made here, with check digits worked out apart from the product; each stands between neighbours of
several scripts. A wrong check digit beside a label must not let a number through, and alone must not take one.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from recogniser_samples import luhn_digit, resident_id

from governance.recognisers.engine import PatternEngine
from governance.recognisers.regions import regions_for

ENGINES: dict[str, PatternEngine] = {}


def covered(text: str, value: str, language: str) -> bool:
    """Whether every letter and digit of `value` lies in spans that are not kept."""
    engine = ENGINES.setdefault(language, PatternEngine(regions_for(None, language)))
    start = text.index(value)
    inside = {c for s in engine.scan([text]) if not s.keep for c in range(s.start, s.end)}
    return all(c in inside for c in range(start, start + len(value)) if text[c].isalnum())


def digits(rng: Random, count: int, first: str = "123456789") -> str:
    return rng.choice(first) + "".join(str(rng.randrange(10)) for _ in range(count - 1))


def day(rng: Random) -> str:
    return f"{rng.randrange(60, 99):02d}{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}"


def mod11(body: str, weights: list[int]) -> int:
    return sum(int(c) * w for c, w in zip(body, weights, strict=True)) % 11


def hkid(rng: Random) -> str:
    body = rng.choice("ABCDEGHKMPRVYZ") + digits(rng, 6)
    total = 36 * 9 + (ord(body[0]) - 55) * 8 + sum(int(c) * w for c, w in zip(body[1:], range(7, 1, -1), strict=True))
    return f"{body}({'0123456789A'[-total % 11]})"


def taiwan(rng: Random) -> str:
    letters = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
    body = rng.choice("ABCDEFH") + rng.choice("12") + digits(rng, 7, "0123456789")
    value = letters.index(body[0]) + 10
    total = value // 10 + value % 10 * 9 + sum(int(c) * w for c, w in zip(body[1:], range(8, 0, -1), strict=True))
    return f"{body}{-total % 10}"


def nric(rng: Random) -> str:
    letter, body = rng.choice("ST"), digits(rng, 7)
    total = sum(int(c) * w for c, w in zip(body, (2, 7, 6, 5, 4, 3, 2), strict=True)) + (4 if letter == "T" else 0)
    return f"{letter}{body}{'JZIHGFEDCBA'[total % 11]}"


def thai(rng: Random) -> str:
    body = digits(rng, 12, "1345")
    return body + str((11 - mod11(body, list(range(13, 1, -1)))) % 10)


def cpf(rng: Random) -> str:
    body = digits(rng, 9)
    for size in (9, 10):
        rest = mod11(body, list(range(size + 1, 1, -1)))
        body += str(0 if rest < 2 else 11 - rest)
    return f"{body[:3]}.{body[3:6]}.{body[6:9]}-{body[9:]}"


def cnpj(rng: Random, letters: str = "") -> str:
    body = "".join(rng.choice("0123456789" + letters) for _ in range(8)) + "0001"
    for weights in ([5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2], [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]):
        rest = sum((ord(c) - 48) * w for c, w in zip(body, weights, strict=True)) % 11
        body += str(0 if rest < 2 else 11 - rest)
    return f"{body[:2]}.{body[2:5]}.{body[5:8]}/{body[8:12]}-{body[12:]}"


def rut(rng: Random) -> str:
    body = digits(rng, 8, "12")
    check = -mod11(body[::-1], [2, 3, 4, 5, 6, 7, 2, 3]) % 11
    return f"{body[:2]}.{body[2:5]}.{body[5:]}-{'0123456789K'[check]}"


def cuit(rng: Random) -> str:
    while True:
        body = rng.choice(("20", "23", "27")) + digits(rng, 8)
        check = -mod11(body, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
        if check < 10:
            return f"{body[:2]}-{body[2:]}-{check}"


def ruc(rng: Random) -> str:
    body = "10" + digits(rng, 8)
    return body + str((11 - mod11(body, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2])) % 10)


def nit(rng: Random) -> str:
    body = digits(rng, 9, "89")
    rest = mod11(body[::-1], [3, 7, 13, 17, 19, 23, 29, 37, 41])
    return f"{body[:3]}.{body[3:6]}.{body[6:]}-{rest if rest < 2 else 11 - rest}"


def dni(rng: Random) -> str:
    body = digits(rng, 8)
    return body + "TRWAGMYFPDXBNJZSQVHLCKE"[int(body) % 23]


def nie(rng: Random) -> str:
    letter, body = rng.choice("XYZ"), digits(rng, 7)
    return f"{letter}{body}{'TRWAGMYFPDXBNJZSQVHLCKE'[int(str('XYZ'.index(letter)) + body) % 23]}"


def nss(rng: Random) -> str:
    body = "28" + digits(rng, 8)
    return f"28 {body[2:]} {int(body) % 97:02d}"


def snils(rng: Random) -> str:
    body = digits(rng, 9)
    check = sum(int(c) * w for c, w in zip(body, range(9, 0, -1), strict=True)) % 101 % 100
    return f"{body[:3]}-{body[3:6]}-{body[6:]} {check:02d}"


def inn(rng: Random) -> str:
    body = digits(rng, 10)
    for weights in ([7, 2, 4, 10, 3, 5, 9, 4, 6, 8], [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]):
        body += str(mod11(body, weights) % 10)
    return body


def firm_kr(rng: Random) -> str:
    body = digits(rng, 9)
    total = sum(int(c) * w for c, w in zip(body, (1, 3, 7, 1, 3, 7, 1, 3, 5), strict=True)) + int(body[8]) * 5 // 10
    number = f"{body}{-total % 10}"
    return f"{number[:3]}-{number[3:5]}-{number[5:]}"


def uscc(rng: Random, start: str = "92") -> str:
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = start + "".join(rng.choice("0123456789") for _ in range(6)) + "".join(rng.choice(signs) for _ in range(9))
    return body + signs[-sum(signs.index(c) * pow(3, i, 31) for i, c in enumerate(body)) % 31]


def s10(rng: Random) -> str:
    body = digits(rng, 8)
    rest = 11 - sum(int(c) * w for c, w in zip(body, (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
    return f"RR{body}{ {10: 0, 11: 5}.get(rest, rest) }CN"


def card(rng: Random) -> str:
    body = "62" + digits(rng, 16)
    return body + luhn_digit(body)


def resident(rng: Random) -> str:
    return resident_id(f"11019919{day(rng)}{rng.randrange(1000):03d}")


def grouped(number: str, *sizes: int) -> str:
    starts = [sum(sizes[:i]) for i in range(len(sizes))]
    return " ".join(number[a : a + size] for a, size in zip(starts, sizes, strict=True))


#: Name -> (language whose text it stands in, maker). Alone, without any word beside it.
ALONE: dict[str, tuple[str, Callable[[Random], str]]] = {
    "resident id": ("zh", resident),
    "resident id in groups": ("zh", lambda r: grouped(resident(r), 6, 4, 4, 4)),
    "hong kong": ("zh", hkid),
    "hong kong, full-width": ("zh", lambda r: hkid(r).replace("(", "（").replace(")", "）")),
    "macau": ("zh", lambda r: f"{digits(r, 7, '157')}({r.randrange(10)})"),
    "taiwan": ("zh", taiwan),
    "sole trader": ("zh", uscc),
    "unionpay": ("zh", card),
    "unionpay in groups": ("zh", lambda r: grouped(card(r), 4, 4, 4, 4, 3)),
    "passport line": ("zh", lambda r: f"E{digits(r, 8)}0CHN{day(r)}3F{day(r)}1<<<<<<<<<<<<<<04"),
    "iccid": ("zh", lambda r: f"898600{digits(r, 14)}"),
    "parcel": ("zh", s10),
    "parcel, spaced": ("en", lambda r: grouped(s10(r), 2, 3, 3, 3, 2)),
    "sf": ("zh", lambda r: f"sf{digits(r, 13)}"),
    "yto": ("zh", lambda r: f"YT{digits(r, 13)}"),
    "jd": ("zh", lambda r: f"JDVB{digits(r, 11)}"),
    "j&t": ("zh", lambda r: f"JT{digits(r, 13)}"),
    "cainiao": ("zh", lambda r: f"LP00{digits(r, 12)}"),
    "ups": ("en", lambda r: f"1Z{digits(r, 3)}AA{digits(r, 11)}"),
    "amazon order": ("en", lambda r: f"{digits(r, 3)}-{digits(r, 7)}-{digits(r, 7)}"),
    "singapore": ("en", nric),
    "malaysia": ("en", lambda r: f"{day(r)}-14-{digits(r, 4)}"),
    "united states": ("en", lambda r: f"{digits(r, 3, '1234')}-{digits(r, 2)}-{digits(r, 4)}"),
    "taxpayer": ("en", lambda r: f"9{digits(r, 2)}-7{digits(r, 1)}-{digits(r, 4)}"),
    "india": ("en", lambda r: f"ABCP{r.choice('KLMN')}{digits(r, 4)}Z"),
    "philippines": ("en", lambda r: f"{digits(r, 4)}-{digits(r, 7)}-{digits(r, 1)}"),
    "indonesia": (
        "id",
        lambda r: f"3171{digits(r, 2, '0')}{r.randrange(1, 29):02d}{r.randrange(1, 13):02d}85{digits(r, 4)}",
    ),
    "indonesia, tax": (
        "id",
        lambda r: f"{digits(r, 2)}.{digits(r, 3)}.{digits(r, 3)}.{digits(r, 1)}-{digits(r, 3)}.000",
    ),
    "thailand": ("th", thai),
    "thailand in groups": ("th", lambda r: grouped(thai(r), 1, 4, 5, 2, 1)),
    "vietnam": ("vi", lambda r: f"0{r.randrange(1, 96):02d}{r.randrange(4)}{digits(r, 8, '6789')}"),
    "korea": ("ko", lambda r: f"{day(r)}-{digits(r, 7, '12')}"),
    "korea, firm": ("ko", firm_kr),
    "korea, licence": ("ko", lambda r: f"11-{digits(r, 2)}-{digits(r, 6)}-{digits(r, 2)}"),
    "brazil": ("pt", cpf),
    "brazil, bare": ("pt", lambda r: cpf(r).replace(".", "").replace("-", "")),
    "brazil, firm": ("pt", cnpj),
    "brazil, firm with letters": ("pt", lambda r: cnpj(r, "ABCDEFGHJK")),
    "mexico": ("es", lambda r: f"LOAM{day(r)}MDFPRR0{digits(r, 1)}"),
    "mexico, tax": ("es", lambda r: f"LOAM{day(r)}AB{digits(r, 1)}"),
    "chile": ("es", rut),
    "chile, plain": ("es", lambda r: rut(r).replace(".", "")),
    "colombia": ("es", nit),
    "argentina": ("es", cuit),
    "peru": ("es", ruc),
    "spain": ("es", dni),
    "spain, foreigners": ("es", nie),
    "spain, insurance": ("es", nss),
    "russia, insurance": ("ru", snils),
    "russia, tax": ("ru", inn),
    "russia, passport": ("ru", lambda r: f"45 {r.randrange(5, 23):02d} {digits(r, 6)}"),
}
#: Language -> (label, maker of a number whose check digit need not be right).
LABELLED: tuple[tuple[str, str, Callable[[Random], str]], ...] = (
    ("zh", "身份证号：", lambda r: f"110199{digits(r, 12)}"),
    ("zh", "身份证号码是", lambda r: f"110199{day(r)}{digits(r, 3)}"),
    ("zh", "护照号 ", lambda r: f"E{r.choice('ABCD')}{digits(r, 7)}"),
    ("zh", "护照：", lambda r: f"{r.choice('GDSPH')}{digits(r, 8)}"),
    ("zh", "港澳通行证", lambda r: f"C{digits(r, 8)}"),
    ("zh", "回乡证号：", lambda r: f"H{digits(r, 10)}"),
    ("zh", "台胞证 ", lambda r: digits(r, 8)),
    ("zh", "香港身份证号码：", lambda r: f"A{digits(r, 6)}(9)"),
    ("zh", "银行卡号：", lambda r: f"6222{digits(r, 15)}"),
    ("zh", "社保卡号", lambda r: digits(r, 9)),
    ("zh", "驾驶证档案编号：", lambda r: digits(r, 12)),
    ("zh", "运单号", lambda r: digits(r, 13)),
    ("zh", "快递单号是", lambda r: f"77{digits(r, 13)}"),
    ("zh", "订单编号：", lambda r: digits(r, 18)),
    ("zh", "IMEI：", lambda r: digits(r, 15)),
    ("zh", "取件码 ", lambda r: f"{r.randrange(1, 20)}-{r.randrange(1, 9)}-{digits(r, 4)}"),
    ("zh", "凭取件码", lambda r: digits(r, 8)),
    ("zh", "验证码为：", lambda r: digits(r, 6)),
    ("zh", "经纬度：", lambda r: f"116.{digits(r, 6)},39.{digits(r, 6)}"),
    ("zh", "QQ：", lambda r: digits(r, 9)),
    ("zh", "扣扣", lambda r: digits(r, 8)),
    ("zh", "加v：", lambda r: f"wxu_{digits(r, 6)}"),
    ("zh", "微❤", lambda r: f"sunny{digits(r, 4)}"),
    ("zh", "vx同号：", lambda r: f"abc_{digits(r, 5)}"),
    ("zh", "支付宝账号：", lambda r: f"pay_{digits(r, 5)}"),
    ("zh", "QQ邮箱", lambda r: digits(r, 9)),
    ("en", "SSN: ", lambda r: digits(r, 9)),
    ("en", "my passport number is ", lambda r: f"X{digits(r, 8)}"),
    ("en", "NRIC ", lambda r: f"S{digits(r, 7)}Z"),
    ("en", "IC no. ", lambda r: f"{day(r)}14{digits(r, 4)}"),
    ("en", "Aadhaar: ", lambda r: digits(r, 12, "23456789")),
    ("en", "PhilSys ", lambda r: f"{digits(r, 4)}-{digits(r, 4)}-{digits(r, 4)}-{digits(r, 4)}"),
    ("en", "SSS no ", lambda r: f"34-{digits(r, 7)}-{digits(r, 1)}"),
    ("en", "tracking number ", lambda r: digits(r, 12)),
    ("en", "account number ", lambda r: digits(r, 10)),
    ("en", "lat, long: ", lambda r: f"1.{digits(r, 5)}, 103.{digits(r, 5)}"),
    ("id", "NIK saya adalah ", lambda r: digits(r, 16)),
    ("id", "No. KTP: ", lambda r: digits(r, 16)),
    ("id", "rekening BCA ", lambda r: digits(r, 10)),
    ("vi", "CCCD của tôi là ", lambda r: digits(r, 12)),
    ("vi", "số CMND: ", lambda r: digits(r, 9)),
    ("th", "เลขบัตรประชาชนของฉันคือ ", lambda r: digits(r, 13)),
    ("ko", "주민등록번호는 ", lambda r: digits(r, 13)),
    ("ko", "운전면허번호 ", lambda r: f"11-{digits(r, 2)}-{digits(r, 6)}-{digits(r, 2)}"),
    ("ko", "계좌번호: ", lambda r: f"110-{digits(r, 3)}-{digits(r, 6)}"),
    ("pt", "CPF do titular: ", lambda r: digits(r, 11)),
    ("pt", "RG ", lambda r: f"{digits(r, 2)}.{digits(r, 3)}.{digits(r, 3)}-{digits(r, 1)}"),
    ("pt", "meu RG é ", lambda r: digits(r, 9)),
    ("pt", "CNH nº ", lambda r: digits(r, 11)),
    ("es", "DNI del cliente: ", lambda r: f"{digits(r, 2)}.{digits(r, 3)}.{digits(r, 3)}"),
    ("es", "cédula de ciudadanía ", lambda r: digits(r, 10)),
    ("es", "mi RUT es ", lambda r: f"{digits(r, 8)}-0"),
    ("es", "CURP: ", lambda r: f"XXXX{day(r)}HDFABC0{digits(r, 1)}"),
    ("es", "pasaporte ", lambda r: f"AAB{digits(r, 6)}"),
    ("es", "CLABE ", lambda r: digits(r, 18)),
    ("ru", "ИНН ", lambda r: digits(r, 12)),
    ("ru", "СНИЛС: ", lambda r: digits(r, 11)),
    ("ru", "паспорт серия ", lambda r: f"45 07 № {digits(r, 6)}"),
    ("ru", "паспорт ", lambda r: f"4507 {digits(r, 6)}"),
    ("ru", "трек-номер ", lambda r: digits(r, 14)),
)  # fmt: skip
NEIGHBOURS = (("", ""), ("我的是", "，谢谢"), ("see ", " now"), ("「", "」"), ("\n", "\n"), ("：", "。"), ("ที่ ", " ค่ะ"), ("это ", "!"), ("번호 ", " 입니다"))  # fmt: skip


@pytest.mark.parametrize("name", ALONE)
def test_telling_numbers_stand_alone(name):
    language, make = ALONE[name]
    rng = Random(f"alone {name}")
    missed = []
    for left, right in NEIGHBOURS * 3:
        value = make(rng)
        text = f"{left}{value}{right}"
        if not covered(text, value, language):
            missed.append(text)
    assert missed == []


@pytest.mark.parametrize(
    ("language", "label", "make"), LABELLED, ids=[f"{lang} {label}" for lang, label, _ in LABELLED]
)
def test_labels_tell_a_number_whatever_its_check_digit(language, label, make):
    rng = Random(f"labelled {label}")
    missed = []
    for left, right in (("", ""), ("你好，", "，谢谢"), ("Hi, ", "."), ("“", "”"), ("\n", "\n")):
        for _ in range(4):
            value = make(rng)
            text = f"{left}{label}{value}{right}"
            if not covered(text, value, language):
                missed.append(text)
    assert missed == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "商品编码6901234567892，规格500ml×12"),
        ("zh", "2024-05-20至2024-06-20，满300减40"),
        ("zh", "型号A1234567，颜色黑，价格5000-6000元"),
        ("zh", "库存20000件，销量1000000"),
        ("en", "EAN 4006381333931, ISBN 978-3-16-148410-0, ISSN 2049-3630"),
        ("en", "SKU 12345678, 24 x 330 ml, 5000 6000 mAh"),
        ("en", "Model WH-1000XM4, RTX 4090, part 123-4567"),
        ("en", "The match ended 3-2 in 1998-99; 1,234,567 people watched"),
        ("es", "código 8412345678905, 2.500.000 pesos, temporada 2019-2020"),
        ("pt", "código 7891234567895, R$ 1.234,56, 2019-2020"),
        ("th", "รหัสสินค้า 8851234567895 ราคา 1,290 บาท"),
        ("ko", "상품코드 8801234567893, 12,900원, 101호"),
        ("ru", "артикул 4601234567893, 1 234 567 рублей, 2019-2020"),
        ("vi", "giá 1.250.000 đ, mã 8931234567890"),
        ("id", "harga Rp 1.250.000, kode 8991234567891"),
    ],
)  # fmt: skip
def test_numbers_of_things_stay(language, text):
    engine = ENGINES.setdefault(language, PatternEngine(regions_for(None, language)))
    assert [(s.entity, text[s.start : s.end]) for s in engine.scan([text]) if not s.keep] == []


def test_wrong_check_digits_alone_take_nothing():
    engine = PatternEngine(("CN", "BR", "ES", "TH", "SG"))
    for text in ("6212345678901234561", "S1234567A", "1101992199130785", "12345678A", "8006381333932"):
        assert [s for s in engine.scan([text]) if not s.keep] == [], text
