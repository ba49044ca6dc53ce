from __future__ import annotations

import polars as pl
import pytest

from transforms.language import guess, matches


def guessed(*texts: str | None) -> list[str]:
    return guess(texts)


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("zh-Hans", "这家店的面条很好吃，下次还会再来。"),
        ("zh-Hans", "iPhone 13 手机壳 防摔"),
        ("zh-Hans", "の店 很好吃的日式拉面，推荐大家来试试"),
        ("zh-Hans", "联系 <EMAIL_ADDRESS:k7f3q2ab> 或 <PHONE_NUMBER:aaaabbbb> 退货"),
        ("zh-Hant", "這個顏色不錯，質量比想像的好"),
        ("zh-Hant", "我的包裹到哪裡了？"),
        ("zh", "不要，太小了"),
        ("zh-Hans", "这次去台灣出差，顺便买了东西，发货快"),
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
        ("es", "No funciona y quiero una devolución"),
        ("es", "Zapatos de mujer talla grande"),
        ("pt", "Sapatos femininos tamanho grande"),
        ("fr", "Où est ma commande ?"),
        ("de", "Wo ist meine Bestellung?"),
        ("tl", "Nasaan na ang order ko?"),
        ("ms", "Barang bagus, penghantaran cepat"),
        ("id", "Barang bagus, pengiriman cepat"),
        ("vi", "san pham rat tot, giao hang nhanh"),
        ("en", "cheap phone case"),
        ("it", "La qualità è migliore di quanto pensassi"),
        ("uk", "Якість краща, ніж я очікував"),
        ("ar", "الجودة أفضل مما توقعت"),
        ("fa", "محصول خیلی خوب بود و زود رسید"),
        ("hi", "मेरा ऑर्डर कहाँ है?"),
        ("und", "iPhone 15 Pro Max 256GB"),
        ("und", "Nike Air Max 97"),
        ("und", "OK"),
        ("und", "12345 -- !!"),
        ("und", "<PHONE_NUMBER>"),
        ("und", ""),
    ],
)
def test_guess(tag: str, text: str) -> None:
    assert guessed(text) == [tag]


def test_null_is_und_and_rows_do_not_mix() -> None:
    assert guessed(None, "这是中文", "the cat and the dog") == ["und", "zh-Hans", "en"]


def test_only_the_head_is_looked_at() -> None:
    assert guessed("这里" * 2000 + "the and of " * 10_000) == ["zh-Hans"]


def test_the_middle_and_the_end_of_a_head_count_too() -> None:
    assert guessed("Opening title. " + "Onde está o meu pedido e quando chega a encomenda? " * 20) == ["pt"]


def test_the_answer_does_not_depend_on_the_batch() -> None:
    texts = ["Où est ma commande ?", "Где мой заказ?", "OK", "東西很好", "Salamat po, natanggap ko na"] * 300
    assert guessed(*texts) == [guessed(text)[0] for text in texts[:5]] * 300


@pytest.mark.parametrize(
    "text", ["@" * 50_000, "a" * 50_000, "< " * 30_000, "\ud800" * 10, "http://" * 9000, "\0" * 99]
)
def test_strange_texts_have_a_tag(text: str) -> None:
    assert len(guessed(text)) == 1


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
