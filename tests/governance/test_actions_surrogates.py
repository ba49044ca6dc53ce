"""Surrogates look like what they stand for, are never real, and can be told from real values without a key."""

from __future__ import annotations

import hashlib
import re
import unicodedata

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.actions.surrogates import gate, is_surrogate, names, numbers, pieces, surrogate
from governance.recognisers.engine import PatternEngine
from governance.recognisers.library import checksums

VALUES = {
    "PERSON": [
        "王小明", "欧阳娜娜", "李雷", "John Smith", "JOSÉ GARCÍA LÓPEZ", "Nguyễn Văn An", "Иван Петров", "สมชาย ใจดี",
        "김민수", "买买提·阿不都", "J. R. Smith", "siti nurhaliza",
    ],
    "PHONE_NUMBER": [
        "13812345678", "+86 138-1234-5678", "0571-88881234", "88881234", "(212) 555-0199", "+1 212 555 0199",
        "+6281234567890", "0812-3456-7890", "912 345 678", "１３８００１３８０００", "0086 13812345678", "+34 612 34 56 78",
    ],
    "CN_RESIDENT_ID": ["110101199003078531", "11010119900307853X", "110101 19900307 8531"],
    "BANK_CARD": ["6222 0212 3456 7890 123", "4111111111111111", "6222021234567890"],
    "NATIONAL_ID": [
        "A123456(3)", "S1234567D", "123.456.789-09", "900101-14-5678", "3201234567890001", "X1234567L", "E12345678",
        "20-12345678-3", "GODE561231HDFRRN04", "A123456789", "1101700230708",
    ],
    "BANK_ACCOUNT": ["DE89 3704 0044 0532 0130 00", "ES9121000418450200051332"],
    "WAYBILL": ["SF1234567890123", "RR123456785CN", "YT1234567890123", "75312345678901"],
    "EMAIL_ADDRESS": ["wang.xm@qq.com", "someone@mail.example.org"],
    "ACCOUNT_URL": ["https://weibo.com/u/12345", "t.me/foo"],
    "IP_ADDRESS": ["10.1.2.3", "fe80::1"],
    "MAC_ADDRESS": ["3C:4D:5E:11:22:33", "3c-4d-5e-11-22-33", "02:00:5e:11:22:33"],
    "PLATE": ["京A12345", "粤B·D12345"],
    "BIRTH_DATE": ["1990-03-07", "1990年3月7日", "07/03/1990"],
    "USERNAME": ["john_smith99", "wxid_abc123", "123456789", "小明同学"],
    "ADDRESS": [
        "浙江省杭州市西湖区文三路90号东部软件园3栋501室", "北京市朝阳区建国路88号", "12 Main Street, Springfield, IL 62704",
        "Jl. Sudirman No. 5, Jakarta", "Calle Mayor 10, 3 B, Madrid",
    ],
    "DEVICE_ID": [
        "490154203237518", "89860318742099512345", "cdda802e-fb9c-47ad-9866-0794d394c912", "a1b2c3d4e5f60718",
    ],
    "ORDER_NUMBER": ["20260101123456", "DD-20260101-7788"],
    "USER_ID": ["88997766", "user-1234567"],
}  # fmt: skip
PAIRS = [(entity, value) for entity, values in VALUES.items() for value in values]
REGIONS = "CN HK MO TW SG MY TH VN ID PH KR JP BR MX CL CO AR PE ES RU US GB IN AU DE AT FR IT PT CA".split()


def seed(*parts: object) -> bytes:
    return hashlib.sha256(repr(parts).encode()).digest()


@pytest.mark.parametrize(("entity", "value"), PAIRS)
def test_a_surrogate_is_told_without_a_key_and_stays_itself(entity: str, value: str) -> None:
    assert not pieces(value), "what is real is no surrogate"
    for number in range(40):
        made = surrogate(entity, value, seed(number))
        assert made is not None
        assert made != value
        assert is_surrogate(made)
        assert surrogate(entity, made, seed("another key")) == made
        assert surrogate(entity, value, seed(number)) == made


@pytest.mark.parametrize(("entity", "value"), PAIRS)
def test_a_surrogate_is_found_with_its_own_ends(entity: str, value: str) -> None:
    row = re.compile(gate())
    for number in range(12):
        made = surrogate(entity, value, seed(number)) or ""
        for before, after in (
            ("请给", "打电话"),
            ("to ", " and"),
            ("「", "」"),
            ("", "。"),
            ("：", "，请"),
            ("\n", "\n"),
        ):
            text = f"{before}{made}{after}"
            assert pieces(text) == [(len(before), len(before) + len(made))], (made, before, after)
            assert row.search(text)
        pair = f"{made}、{surrogate(entity, value, seed(number, 2))}"
        assert len(pieces(pair)) == 2


@pytest.mark.parametrize(("entity", "value"), PAIRS)
def test_the_shape_stays(entity: str, value: str) -> None:
    made = surrogate(entity, value, seed(1)) or ""
    plain = unicodedata.normalize("NFKC", value)
    if entity in ("PHONE_NUMBER", "CN_RESIDENT_ID", "BANK_CARD", "PLATE", "BANK_ACCOUNT"):
        digits = re.sub("[^0-9]", "", plain.removeprefix("00"))
        assert (
            len(re.sub("[^0-9A-Z]", "", made)) == len(re.sub("[^0-9A-Z]", "", plain.removeprefix("00").upper()))
            or digits
        )
    if entity == "PERSON":
        assert len(made.split()) == len(plain.split())
        if plain[0] > "\u3000":
            assert len(made) == len(plain)
        assert made.isupper() == plain.isupper()
        assert unicodedata.name(made[0]).split()[0] == unicodedata.name(plain[0]).split()[0], "the script"
    if entity == "ADDRESS" and plain[0] > "\u3000":
        marks = "[省市区路号栋室]"
        assert re.findall(marks, made) == re.findall(marks, plain)


def test_country_and_grouping_of_a_phone_stay() -> None:
    assert re.fullmatch(r"\+86 \d{3}-\d{4}-\d{4}", surrogate("PHONE_NUMBER", "+86 138-1234-5678", seed(1)) or "")
    assert re.fullmatch(r"\d{4}-\d{8}", surrogate("PHONE_NUMBER", "0571-88881234", seed(1)) or "")
    assert re.fullmatch(r"SF00\d{11}", surrogate("WAYBILL", "SF1234567890123", seed(1)) or "")


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(VALUES["PHONE_NUMBER"] + ["22334455", "2233445", "5511987654321"]), st.integers())
def test_no_surrogate_opens_a_line(value: str, number: int) -> None:
    made = surrogate("PHONE_NUMBER", value, seed(number)) or ""
    for region in [None] if made.startswith("+") else REGIONS:
        try:
            assert not phonenumbers.is_valid_number(phonenumbers.parse(made, region)), (made, region)
        except phonenumbers.NumberParseException:
            continue


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([p for p in PAIRS if p[0] in ("CN_RESIDENT_ID", "BANK_CARD", "NATIONAL_ID", "DEVICE_ID")]),
    st.integers(),
)
def test_no_surrogate_passes_a_check(pair: tuple[str, str], number: int) -> None:
    made = surrogate(*pair, seed(number)) or ""
    assert not numbers.validates(re.sub("[^0-9A-Za-z]", "", made))


@given(st.integers(0, 10**18), st.integers(13, 19))
def test_a_real_card_is_never_taken_for_a_surrogate(number: int, length: int) -> None:
    body = f"99{number:018d}"[: length - 1]
    card = next(f"{body}{check}" for check in range(10) if checksums.luhn(f"{body}{check}"))
    assert not is_surrogate(card)


def test_recognisers_with_a_checksum_do_not_take_surrogates() -> None:
    engine = PatternEngine(REGIONS)
    reserved = {"WAYBILL", "EMAIL_ADDRESS", "IP_ADDRESS", "MAC_ADDRESS", "ACCOUNT_URL"}
    texts = [surrogate(e, value, seed(n)) or "" for e, value in PAIRS if e not in reserved for n in range(10)]
    sure = [s for s in engine.scan(texts) if s.reason == "checksum" and s.end - s.start == len(texts[s.row])]
    assert not sure, [(texts[s.row], s.recogniser) for s in sure][:5]


def test_invented_names_are_nobodys() -> None:
    assert len(set(names.every_latin_word())) == len(names.every_latin_word())
    known = set(
        "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段漕钱汤尹黎易常武乔贺赖龚文"
    )
    assert not known & set(names.surnames())


def test_common_text_holds_no_surrogate() -> None:
    said = (
        "我在北京市朝阳区建国路88号，电话13800138000，身份证110101199003078531，邮箱a@qq.com。Call John Smith at +1 212 555 0199 "
        "or write to j.smith@mail.com; the order 20260101123456 was sent on 1868-01-30 by SF1234567890123. 1234-5678-9012"
    )
    assert pieces(said) == [(said.index("1868"), said.index("1868") + 10)], (
        "a day of the nineteenth century is nobody's"
    )


@pytest.mark.parametrize(
    ("entity", "value"),
    [("SECRET", "AKIA1234567890"), ("ORGANISATION", "某某公司"), ("PHONE_NUMBER", "12"), ("PERSON", "🙂")],
)
def test_what_has_no_shape_has_no_surrogate(entity: str, value: str) -> None:
    assert surrogate(entity, value, seed(1)) is None


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(VALUES)), st.text(max_size=40))
def test_any_text_gives_a_surrogate_or_none(entity: str, value: str) -> None:
    made = surrogate(entity, value, seed(value))
    assert made is None or is_surrogate(made)


def test_hostile_text_takes_no_time() -> None:
    import time

    start = time.process_time()
    for text in (
        "1-" * 20000,
        "A1-" * 20000,
        "brex" * 20000,
        "zorvvith " * 10000,
        "澄珩" * 20000,
        "12 " * 20000,
        "no " * 20000,
    ):
        pieces(text)
    assert time.process_time() - start < 20


def test_half_a_pair_is_text_too() -> None:
    assert pieces("\ud800澄珩岚\udfff") == [(1, 4)]
    assert not is_surrogate("\ud800")
