"""Numbers that an organisation gives a person, and mentions of people on services; what only looks like either.

A brace pair marks what must be covered. Everything here is invented.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pytest

from governance.recognisers.engine import PatternEngine
from governance.recognisers.regions import regions_for

VALUES = {
    "en": (
        "Employee ID: {EMP-204817}, start date June 2021",
        "Student ID {S20231145} is enrolled",
        "Patient no. {00482913} was moved to ward 4",
        "your policy number {PL-88213-0042} has been renewed",
        "Insurance ID {XJH984512345}",
        "health plan beneficiary {H12345678}",
        "membership {#4412-8890}",
        "invoice for customer no. {C-99821}",
        "Medicare number {1EG4-TE5-MK73}",
        "Passport {C01X00T47} issued in Berlin",
        "Her date of birth, {1975-03-22}, appears twice.",
        "Please wire it to account {4839 2211 0098} today",
        "Find me on Twitter as {@lena_marks}",
        "hey {@tom.h_99}, where is my parcel?",
    ),
    "zh": (
        "工号：{A20481}",
        "学号{2019302110123}",
        "患者住院号{00482913}，诊断为肺炎",
        "病历号{BL20230098}",
        "您的保单号{PDAA202333010000123456}已生效",
    ),
    "id": ("SIM {1234-5678-901234}", "nomor rekam medis {00-48-29-13}", "NIM {2019302110}"),
    "ms": ("no. daftar {MR123456}", "nombor pekerja {K10293}"),
    "th": ("ผู้ป่วย HN {123456}", "รหัสนักศึกษา {6310500123}"),
    "vi": ("mã bệnh án {BA-20231234}", "thẻ BHYT {DN4010112345678}", "MSSV {20193021}"),
    "es": ("número de póliza {PZ-4471209}", "nº de afiliado {88213004}"),
    "pt": ("prontuário {0048291}", "número da apólice {AP-2291384}"),
    "ru": ("табельный номер {004829}", "номер полиса {0123456789012345}"),
    "ko": ("사번 {A20481}", "환자번호 {00123456}"),
}
NONE = {
    "en": (
        "policy number one",
        "Membership 2023/24 fees",
        "membership 25,000 people",
        "membership $1000",
        "membership: 1200 members",
        "certificate no 2 of 4",
        "claim 10000 dollars",
        "medical record 1999-2003",
        "@Override public void run()",
        "npm install @types/node by hand",
        "follow @media rules",
        "email me @ noon",
        "thanks @all",
    ),
    "zh": ("学号的号码一共8位", "工号牌99元", "保单号查询95519", "检查号2020年", "病历号1000份"),
    "es": ("póliza 2024", "expediente 2023/2024", "póliza de 10.000 euros"),
    "th": ("HN 2567", "รหัสลูกค้า"),
    "ru": ("полис 2024", "полис 10 000 рублей", "лицевой счет 2023 года"),
}


def covered(language: str, texts: list[str]) -> list[set[int]]:
    out: list[set[int]] = [set() for _ in texts]
    for span in PatternEngine(regions_for(None, language)).scan(pa.array(texts, pa.large_string())):
        if not span.keep:
            out[span.row].update(range(span.start, span.end))
    return out


@pytest.mark.parametrize("language", VALUES)
def test_a_number_behind_the_word_for_it_is_covered_and_nothing_else(language: str) -> None:
    marked = VALUES[language]
    texts = [re.sub("[{}]", "", text) for text in marked]
    for text, plain, got in zip(marked, texts, covered(language, texts), strict=True):
        wanted = range(text.index("{"), text.index("}") - 1)
        letters = {i for i in got if plain[i].isalnum()}
        assert letters == {i for i in wanted if plain[i].isalnum()}, text


@pytest.mark.parametrize("language", NONE)
def test_years_counts_prices_and_programs_stay(language: str) -> None:
    texts = list(NONE[language])
    assert dict(zip(texts, covered(language, texts), strict=True)) == {text: set() for text in texts}


def test_a_misspelt_card_of_nineteen_digits_and_a_waybill_named_behind_are_covered_whole() -> None:
    texts = [
        "请转账到6228 4800 1234 5678 910（农行）",
        "75312345678901这个中通单号查不到",
        "加我微xiaomao_0812，备注房东",
    ]
    values = ["6228 4800 1234 5678 910", "75312345678901", "xiaomao_0812"]
    for text, value, got in zip(texts, values, covered("zh", texts), strict=True):
        start = text.index(value)
        assert got == set(range(start, start + len(value))), text
