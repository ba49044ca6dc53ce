"""Chinese names and addresses: what is found, what is left, and that neither neighbours nor training change it.

All sentences are invented for these tests, all numbers are nobody's.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest
from names_help import said

from governance.names import address_zh, chinese, train, translit
from governance.names.block import Block, Found
from governance.names.chinese_lists import Words, lists
from governance.names.chinese_weigh import BITS, hashed
from governance.names.engine import NameEngine
from governance.names.generate import Writer
from governance.names.reading import reading
from governance.names.simplify import simplified


def found(text: str) -> list[str]:
    block = Block(pa.array([text], pa.large_string()))
    spans = [*chinese.find(block), *translit.find(block)]
    return [text[s.start : s.end] for s in sorted(spans)]


def addresses(text: str) -> list[str]:
    return [text[s.start : s.end] for s in address_zh.find(Block(pa.array([text], pa.large_string())))]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("收货人：尉迟恭宇 请放门卫", "尉迟恭宇"),
        ("本报记者 王子墨 报道", "王子墨"),
        ("被告人伍国华犯诈骗罪，判处有期徒刑三年", "伍国华"),
        ("行政院長蘇貞昌今日表示，將持續推動建設。", "蘇貞昌"),
        ("美国总统克林顿昨日抵达日内瓦。", "克林顿"),
        ("听小李说，下个月就搬家了", "小李"),
        ("这事得请示彭部长", "彭部长"),
        ("师傅姓龚，上次就是他来装的空调", "姓龚"),
        ("日本作家村上春树出席了签售会", "村上春树"),
        ("“好的。”婷婷说，“我这就去。”", "婷婷"),
        ("韩文里他叫崔英道", "崔英道"),
    ],
)
def test_names_of_many_kinds_are_found(text: str, name: str) -> None:
    assert name in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "周一到周五都可以送货，周末家里没人",
        "高铁站门口的方便面很贵",
        "张家口今天有雷阵雨，温度十度",
        "这张专辑的编曲非常有层次感",
        "白云机场到天河怎么走",
        "马上要下雨了，赶紧收衣服",
        "黄焖鸡米饭微辣，加一份金针菇",
        "水果沙拉配巧克力很新鲜",
        "包装很严实，没有破损",
    ],
)
def test_words_that_begin_like_names_are_left(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("陈方女士已签收", "陈方女士"),
        ("联系刘江经理", "刘江经理"),
        ("客户李宁先生来电", "李宁先生"),
        ("请找陈小江经理签字", "陈小江经理"),
        ("和江经理说一声", "江经理"),
        ("公司方女士来过", "方女士"),
    ],
)
def test_a_name_whose_end_is_a_surname_too_is_covered_whole_before_a_title(text: str, name: str) -> None:
    spans = NameEngine(("zh",)).scan([text])
    assert [text[s.start : s.end] for s in spans] == [name]


def test_people_of_tales_and_founders_are_nobody_on_goods_and_somebody_where_it_is_said() -> None:
    for text in ("李宁运动鞋男款新品", "孔子学院成立十周年", "红楼梦里的林黛玉葬花"):
        assert found(text) == [], text
    assert found("我叫李宁，住在北京") == ["李宁"]


def test_a_title_is_no_part_of_a_longer_word() -> None:
    assert set(found("王总今天不在公司")) == {"王总"}
    assert "王总" not in found("小王总是迟到")


@pytest.mark.parametrize(
    "address",
    [
        "浙江省杭州市余杭区文一西路969号3幢5单元1201室",
        "台北市大安區忠孝東路四段100號5樓之3",
        "香港九龍旺角彌敦道678號恒生大廈12樓A室",
        "湖南省邵阳市隆回县金石桥镇高田村五组",
        "阳光花园12-3-401",
        "新疆乌鲁木齐市天山区解放南路275号附1号",
        "重庆市渝中区民权路28号英利国际金融中心32-8",
        "广州天河体育西路103号维多利广场A塔2503",
    ],
)
def test_an_address_is_covered_to_its_door(address: str) -> None:
    assert address in addresses(f"寄到：{address}，谢谢")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("麻烦放到万达广场北门麦当劳旁就行", "万达广场北门麦当劳旁"),
        ("麻烦送到Building A座 1201，谢谢", "Building A座 1201"),
    ],
)
def test_a_place_by_landmark_or_in_two_scripts_is_found(text: str, place: str) -> None:
    assert place in addresses(text)


@pytest.mark.parametrize("finder", [chinese.find, translit.find, address_zh.find])
def test_a_row_is_read_the_same_whatever_stands_around_it(finder: Callable[[Block], list[Found]]) -> None:
    writer = Writer(7)
    rows = [writer.sentence().text.replace("\n", " ") for _ in range(120)]
    together = Block(pa.array(rows, pa.large_string()))
    each: list[list[Found]] = [[] for _ in rows]
    for span in finder(together):
        at = int(together.rows_of(np.array([span.start]))[0])
        base = int(together.starts[at])
        each[at].append(span._replace(start=span.start - base, end=span.end - base))
    for row, spans in zip(rows, each, strict=True):
        assert sorted(finder(Block(pa.array([row], pa.large_string())))) == sorted(spans), row


def test_simplified_keeps_positions_and_leaves_simplified_text_alone() -> None:
    block = Block(pa.array(["劉德華與張學友😀在", "刘德华"], pa.large_string()))
    assert simplified(block).text[:7] == "刘德华与张学友"
    assert len(simplified(block).text) == len(block.text)
    plain = Block(pa.array(["刘德华"], pa.large_string()))
    assert simplified(plain) is plain


def test_words_know_their_own_and_hardly_a_stranger() -> None:
    words = Words(["你好", "世界", "你好吗"], np.array([3, 4, 5], dtype=np.uint8))
    at = np.arange(3)

    def weights(text: str, table: Words, places: np.ndarray, size: int) -> np.ndarray:
        return reading(Block(pa.array([text], pa.large_string()))).get(table, places, size)

    assert weights("你好吗世界", words, at, 2).tolist() == [3, 0, 0]
    assert weights("你好吗世界", words, at, 3).tolist() == [5, 0, 0]
    assert weights("你好吗世界", words, at, 4).tolist() == [0, 0, 0]
    random = np.random.default_rng(5)
    strangers = "".join(map(chr, random.integers(0x3400, 0x4DB0, 20000).tolist()))
    assert (weights(strangers, lists().words, np.arange(19000), 2) > 0).mean() < 0.005


def test_words_of_several_lengths_weigh_what_each_weighs_by_itself() -> None:
    known, read = lists(), reading(Block(pa.array(["克林顿和叶利钦在北京，托尔斯泰是作家"], pa.large_string())))
    at, size = (a.ravel() for a in np.meshgrid(np.arange(16), np.arange(1, 7)))
    for table in (known.foreign, known.places, known.words, known.plain):
        each = [read.get(table, at[i : i + 1], int(size[i]))[0] for i in range(len(at))]
        assert read.get(table, at, size).tolist() == each
    assert (read.get(known.foreign, at, size) > 0).sum() > 2
    assert not known.foreign.weigh(read.sums(at, 2), at * 0).any()
    within = (size > 1) & (size < 5)
    each = [read.words(at[i : i + 1], int(size[i]))[0] for i in np.flatnonzero(within)]
    assert read.words(at[within], size[within]).tolist() == each
    two = read.sums(at, 2)
    assert np.array_equal(read.sums(at, 3, two), read.sums(at, 3))


def test_features_are_hashed_by_place_and_values() -> None:
    one, other = np.array([5, 6, 5], dtype=np.uint32), np.array([True, False, True])
    made = hashed((one,), (one, other), (other, one), (one,), (one, other, one))
    assert [len({*column.tolist()}) for column in made] == [2] * 5
    assert all(column[0] == column[2] and column.min() >= 0 and column.max() < 1 << BITS for column in made)
    assert len({int(column[0]) for column in made}) == 5
    assert [column[:1].tolist() for column in made] == [
        column.tolist()
        for column in hashed(
            *(
                (o[:1], *(v[:1] for v in rest))
                for o, *rest in ((one,), (one, other), (other, one), (one,), (one, other, one))
            )
        )
    ]


def test_words_over_the_edge_of_a_row_are_none() -> None:
    read = reading(Block(pa.array(["你好，世", "界"], pa.large_string())))
    assert (read.words(np.arange(6), 2) > 0).tolist() == [True, False, False, False, False, False]


def test_training_is_repeatable() -> None:
    once, again = (train.fit_chinese(11, 8000, 1) for _ in range(2))
    assert once.keys() == again.keys()
    for key, value in once.items():
        assert np.array_equal(value, again[key]), key


def test_generated_labels_hold_the_names_that_were_written() -> None:
    writer = Writer(3)
    for _ in range(300):
        sentence = writer.sentence()
        for a, b in sentence.names:
            assert b - a > 1
            assert sentence.text[a:b].strip() == sentence.text[a:b]


def test_who_a_parcel_is_for_is_found_between_signs() -> None:
    texts = [
        "补发请寄：<ADDRESS>，卢家轩收，电话<PHONE_NUMBER>",
        "放门口，李雷代收，谢谢",
        "已签收，方便收，请查收，马上收，应收，",
    ]
    found = [(span.row, texts[span.row][span.start : span.end]) for span in NameEngine().scan(texts)]
    assert found == [(0, "卢家轩"), (1, "李雷")]


@pytest.mark.parametrize(
    "text",
    [
        "万向轮坏了一个，行李箱推不动了",
        "康师傅红烧牛肉面一箱24桶",
        "一匹马奔驰在草原上，一只熊走进树林",
        "一只斑马站在丛林中的一颗树旁",
        "高清显示屏，牛舌和毛肚都不错",
    ],
)
def test_ordinary_words_and_counted_things_stay(text: str) -> None:
    assert said(NameEngine(), text) == []


@pytest.mark.parametrize("name", ["达瓦次仁", "扎西卓玛", "艾力·买买提"])
def test_tibetan_and_uighur_names_are_found(name: str) -> None:
    assert said(NameEngine(), f"我叫{name}，在西宁做干果生意") == [name]


def test_a_whole_name_before_a_title_is_told_in_the_first_row_as_in_any() -> None:
    for texts in (["苏江经理"], ["x", "苏江经理"]):
        found = NameEngine(("zh",)).scan(texts)
        assert [texts[s.row][s.start : s.end] for s in found] == ["苏江经理"], texts


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("凌霄律师很专业，案子赢了", "凌霄"),
        ("金顺姬阿姨今天来了吗", "金顺姬阿姨"),
        ("房东段先生人很好", "段先生"),
        ("云南方女士来电", "方女士"),
        ("听东哥的没错", "东哥"),
        ("跟梅姐说一声", "梅姐"),
        ("陈sir，人已经带到了", "陈sir"),
        ("不用叫全名，叫我小鱼就行", "小鱼"),
        ("你可以叫我诺诺", "诺诺"),
        ("快递小哥小马服务好", "小马"),
        ("听翠翠说要下雨", "翠翠"),
        ("感谢豆豆妈送来的东西", "豆豆妈"),
        ("“仇英”邀请“强嘉”加入了群聊", "强嘉"),
        ("预约人：操明辉，周六下午", "操明辉"),
        ("驾校学员管晓东科目三挂了", "管晓东"),
        ("就是那个老孙他儿子在税务局", "老孙"),
        ("下面请安国强副校长讲话", "安国强"),
        ("队长海哥请吃烧烤", "海哥"),
        ("帮我把卜文杰拉进群", "卜文杰"),
        ("曾可：明早八点楼下集合", "曾可"),
        ("拉毛卓玛把青稞酒端了上来", "拉毛卓玛"),
        ("大学生桑吉卓玛放弃了城里的工作", "桑吉卓玛"),
    ],
)
def test_what_stands_beside_a_name_speaks_for_it(text: str, name: str) -> None:
    assert name in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "鲁花压榨一级花生油5L",
        "杜蕾斯超薄装12只",
        "方太油烟机侧吸式",
        "张家界玻璃栈道门票",
        "任天堂游戏机 掌机",
        "钟点工一小时多少钱",
        "毛血旺很正宗",
        "叫我老板也没用",
        "不明白先生的意思",
        "获得第二季总冠军",
        "黎明前的暗战",
        "那张5张冠军专辑",
        "那导演是谁来着",
        "舒化奶无乳糖250ml",
    ],
)
def test_makers_trades_and_roles_are_nobody(text: str) -> None:
    assert not found(text)


def test_an_address_at_a_crossing_begins_with_the_first_road() -> None:
    said = "天津市河西区友谊路与平江道交口大安大厦A座"
    assert addresses(said + "，谢谢") == [said]


@pytest.mark.parametrize("text", ["青介虾和鲍鱼肉都很新鲜", "龙趸鱼片配桂花糕", "这款黄啤不错，黄豆粒也脆"])
def test_no_name_ends_with_what_is_eaten(text: str) -> None:
    assert not [s for s in NameEngine(("zh",)).scan([text]) if not s.keep]
