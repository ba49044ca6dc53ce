"""Words that are no names, where names stand: at the head of a sentence, behind an article, beside "of", "and" and "about".

Each was taken for a person once. The probes put every frequent word of a language into sentences of a few forms and looked
at what was told of them; those here are a few of each kind.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from governance.names.chinese_lists import lists
from governance.names.engine import NameEngine

NOBODY = {
    "zh": """
        关于古琴的故事
        关于乌云的故事
        今天在网上看到了高雅的装修，很喜欢
        他把希望寄托在下一代身上
        我想了解一下小于和大于的区别
        一个失意的退伍老兵回到家乡
        老宅的院子里种着石榴
        从修水渠到通高铁，村里变了样
        施行新的规定以后排队少了
        文工团下乡演出
        这家店的恭维话听着舒畅
        许诺的赠品没有收到
    """,
    "es": """
        Ganar es lo que importa.
        Ella es mi hermana menor.
        Feliz es el que no se queja.
        Verano es cuando más se vende.
        Vida de Plata
        Pobre es el que no sueña.
    """,
    "pt": """
        O Medo e a cidade
        O Casamento e a vida
        O Rei e o Mendigo
        A Casa da Colina
        Segurança é o que mais se pede.
    """,
    "id": """
        Aman untuk kulit bayi
        Bermain adalah hak anak
        Ilmu adalah cahaya
        Ayah sedang tidur
        Produk: yang mana ya
        Iklan adalah biaya terbesar
    """,
    "vi": """
        Kem cho da khô
        Với quyền lợi như vậy thì nên mua
        với hướng đi mới
    """,
    "th": """
        ความลับของรัฐ
        ขนมและน้ำแข็ง
        อิทธิพลของดวงจันทร์
        นมถั่วเหลือง 250 มล. ยกลัง
    """,
    "ko": """
        장미의 계절
        지진의 원인
        하느님의 뜻
        강수량 기록
    """,
    "ru": """
        Сила воли
        Людей было много
        Семена огурцов
        Деревне нужна дорога
        Майка мужская хлопковая
        Уровне моря
        Олимпиада для школьников
    """,
    "en": """
        we talked about brain science again
        The charity of the season
        Indie for kitchen and home
    """,
}

#: The same words, where something says that somebody bears them.
SOMEBODY = """
    我叫<黎明>，昨天下的单
    <黎明>先生您好
    收货人：<高洁>
    谢谢<许诺>的帮助
    同事<汪洋>昨天请假了
    La llamó <Luz de la Torre> por teléfono
    <Rosa de la Cruz> vive aquí
    <João da Silva> chegou cedo
    <Иван Петрович> ушёл домой
"""


@cache
def engine() -> NameEngine:
    return NameEngine()


def told(text: str) -> set[str]:
    return {text[span.start : span.end] for span in engine().scan([text]) if span.entity == "PERSON" and not span.keep}


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


@pytest.mark.parametrize("text", [line for some in NOBODY.values() for line in lines(some)])
def test_words_are_nobody(text: str) -> None:
    assert told(text) == set()


@pytest.mark.parametrize("text", lines(SOMEBODY))
def test_who_bears_such_a_name_is_told(text: str) -> None:
    before, _, rest = text.partition("<")
    name, _, behind = rest.partition(">")
    assert name in told(before + name + behind)


def test_words_without_a_place_in_the_table_are_known_as_words() -> None:
    """Of two words that share a place of the table the rarer one is lost; it is told of all the same."""
    known = lists()
    first, second = (np.array([ord(c)], np.uint32) * f for c, f in zip("寄托", known.words.FACTORS, strict=False))
    assert known.words.weigh(first + second, 2)[0] == 0
    assert known.plain.weigh(first + second, 2)[0] > 0
