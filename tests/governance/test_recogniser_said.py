"""What people say of themselves in passing, and codes and addresses as they are mistyped; what only looks like either.

A brace pair marks what must be covered. Everything here is invented.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pytest

from governance.recognisers.engine import PatternEngine
from governance.recognisers.regions import regions_for

VALUES = {
    "zh": (
        "我{1995年3月2日}出生的，属猪",
        "本人于{1988-11-04}出生",
        "张某，男，{1980年1月1日}出生，汉族",
        "女，{1992年7月}生，住合肥市",
        "我出生于{1979.5.6}",
        "凭{B-0613}取件",
        "取件码{P-4305}，今天拿",
        "取货码：<b>{4-2-1107}</b>",
        "取餐码{25-8-21}",
        "帮我拿下快递，{K81042}，在菜鸟驿站",
        "包裹号{541651}取一下",
        "资料发{204207745#qq.com}",
        "发我邮箱：{awsjrt@163,com}",
        "{emqibp#foxmail.com}",
        "vx{wxid_kdredn7673}",
        "闲鱼号：{6926392792}",
        "B站UID：{qtbh_huz}",
        "打这个{(177)92099166}也行",
        "中通{ZTO320905442781}到了吗",
        # Its first sixteen digits pass for a card by chance.
        "卡号{6217 3203 9653 8538 945}是我的",
    ),
    "en": (
        "I was born on {July 4, 1987}, in case you need it",
        "my birthday is on {1990-02-11}",
        "sort code {20-00-00} account",
        "insta {wuve_rvxt}",
    ),
    "es": ("nací el {21 de marzo de 1977}", "mi cumpleaños es el {03/11/1985}", "insta {ejwwha93}"),
    "pt": ("nasci em {09/04/1960}", "nasci no dia {3 de julho de 1991}", "meu @ é {qryewe91}"),
    "ru": ("я родился {10 марта 1966 г.}", "родилась я {06.01.1982}"),
    "id": ("saya lahir {14-10-1993}", "TTL: Jakarta, {24 Agustus 1960}", "transfer ke {1664626220} BCA ya"),
    "ms": ("saya lahir pada {21 Ogos 1997}", "tarikh lahir: {3 Mac 1988}", "plat {VES 8265}", "no konsainmen {ERC941269972MY}"),
    "vi": ("em sinh {12-02-1972}", "tôi sinh ngày {3/4/1987}", "chuyển khoản vào {6925017171} VCB"),
    "th": ("ผมเกิดวันที่ {3/4/2530}",),
    "ko": ("통관부호 {P661150039176}", "개인통관고유부호: {P181347371990}", "{P181347371990} 이걸로 통관해 주세요"),
}  # fmt: skip
NONE = {
    "zh": (
        "工厂1995年3月生产",
        "男鞋 2023年5月生效的退换规则",
        "鲁迅生于1881年9月25日",
        "我2019年5月1日生活用品买多了",
        "版本25-8-21更新",
        "价格#163.com风格",
        "见附件B-0613型号",
    ),
    "en": ("The director was born on March 3, 1946 in Ohio", "tag @alice,me or bob", "size (177) x 920"),
    "ko": ("모델 P12 5000",),
    "id": ("Soekarno lahir pada 6 Juni 1901", "harga 10.000.000 BCA"),
    "ms": ("plat besi 12", "lahir di Johor"),
}


def covered(language: str, texts: list[str]) -> list[set[int]]:
    out: list[set[int]] = [set() for _ in texts]
    for span in PatternEngine(regions_for(None, language)).scan(pa.array(texts, pa.large_string())):
        if not span.keep:
            out[span.row].update(range(span.start, span.end))
    return out


@pytest.mark.parametrize("language", VALUES)
def test_what_is_said_of_oneself_or_mistyped_is_covered_and_nothing_else(language: str) -> None:
    marked = VALUES[language]
    texts = [re.sub("[{}]", "", text) for text in marked]
    for text, plain, got in zip(marked, texts, covered(language, texts), strict=True):
        wanted = range(text.index("{"), text.index("}") - 1)
        assert {i for i in got if plain[i].isalnum()} == {i for i in wanted if plain[i].isalnum()}, text


@pytest.mark.parametrize("language", NONE)
def test_lives_of_others_goods_and_mentions_stay(language: str) -> None:
    texts = list(NONE[language])
    assert dict(zip(texts, covered(language, texts), strict=True)) == {text: set() for text in texts}


def test_both_numbers_of_an_account_in_britain_are_covered() -> None:
    text = "sort code 20-00-00 account 55779911 thanks"
    got = covered("en", [text])[0]
    assert {text[i] for i in got} <= set("0123456789-")
    assert len([i for i in got if text[i].isdigit()]) == 14
