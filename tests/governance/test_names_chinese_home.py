"""Chinese names without a surname at home and in chat groups, behind words that say who somebody is, and of the Yi.

All sentences are invented for these tests.
"""

from __future__ import annotations

import pyarrow as pa
import pytest

from governance.names import chinese, chinese_home, translit
from governance.names.block import Block


def found(text: str) -> list[str]:
    block = Block(pa.array([text], pa.large_string()))
    return [text[s.start : s.end] for s in sorted([*chinese.find(block), *translit.find(block)])]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("让东东别玩手机了", "东东"),
        ("我闺女叫朵朵，今年上小班", "朵朵"),
        ("给米米带一份水果", "米米"),
        ("我是沐阳妈妈，请问几点接", "沐阳"),
        ("麻烦转告：知夏奶奶来接孩子", "知夏"),
        ("孩子班主任于洋微信上说的", "于洋"),
        ("导游扎西很热情，给我们献了哈达", "扎西"),
        ("曲比阿乌从凉山寄来的苦荞茶", "曲比阿乌"),
    ],
)
def test_a_name_without_a_surname_or_that_is_a_word_is_told_by_what_stands_beside_it(text: str, name: str) -> None:
    assert name in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "圆圆的月亮挂在天上",
        "让大大的箱子放门口",
        "给乐乐呵呵的老人点赞",
        "这里欢欢喜喜过大年",
        "全职妈妈和新手爸爸必看",
        "孩子妈妈都说好用",
        "联系江主任盖章",
        "客户满意，司机开车很稳",
    ],
)
def test_words_said_twice_and_mothers_in_general_are_nobody(text: str) -> None:
    assert found(text) in ([], ["江主任"])


def test_names_at_home_are_read_the_same_at_the_edges_of_rows() -> None:
    rows = ["朵朵", "沐阳妈妈", "叫东东", "妈妈", "让", "东东"]
    block = Block(pa.array(rows, pa.large_string()))
    spans = chinese_home.find(block)
    assert [block.text[s.start : s.end] for s in spans] == ["东东", "沐阳"]
