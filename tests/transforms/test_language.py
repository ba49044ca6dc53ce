from __future__ import annotations

import polars as pl
import pytest

from transforms.language import guess, matches


def guessed(*texts: str | None) -> list[str]:
    return guess(texts)


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("zh", "这家店的面条很好吃，下次还会再来。"),
        ("zh", "iPhone 13 手机壳 防摔"),
        ("zh", "の店 很好吃的日式拉面，推荐大家来试试"),
        ("zh", "联系 <EMAIL_ADDRESS:k7f3q2ab> 或 <PHONE_NUMBER:aaaabbbb> 退货"),
        ("ja", "このラーメンはとても美味しかったです。"),
        ("ko", "이 가게는 정말 맛있어요"),
        ("th", "อาหารอร่อยมาก"),
        ("ru", "Очень хороший товар, спасибо"),
        ("he", "אוזניות טובות מאוד"),
        ("el", "Πολύ καλό προϊόν"),
        ("vi", "Sản phẩm rất tốt, giao hàng nhanh"),
        ("en", "The box was broken and I want to return it."),
        ("pt", "Produto muito bom, não demorou para chegar"),
        ("id", "Kamar hotel ini sangat bersih dan nyaman"),
        ("und", "Blue dress XL"),
        ("und", "12345 -- !!"),
        ("und", "<PHONE_NUMBER>"),
        ("und", ""),
    ],
)
def test_guess(tag: str, text: str) -> None:
    assert guessed(text) == [tag]


def test_null_is_und_and_rows_do_not_mix() -> None:
    assert guessed(None, "这是中文", "the cat and the dog") == ["und", "zh", "en"]


def test_only_the_head_is_looked_at() -> None:
    assert guessed("中文" * 2000 + "the and of " * 10_000) == ["zh"]


@pytest.mark.parametrize(
    ("tag", "ranges", "expected"),
    [
        ("zh-CN", ("zh",), True),
        ("zh", ("zh-CN",), False),
        ("ZH-hans", ("en", "zh"), True),
        ("zhx", ("zh",), False),
        ("und", ("*",), True),
    ],
)
def test_matches(tag: str, ranges: tuple[str, ...], expected: bool) -> None:
    found = pl.DataFrame({"l": [tag]}).select(m=matches(pl.col("l"), ranges))["m"].to_list()
    assert found == [expected]
