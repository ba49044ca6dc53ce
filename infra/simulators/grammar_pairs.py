"""Lines of narration in Chinese and English side by side, for bilingual subtitles. Slots are filled alike in both."""

from __future__ import annotations

import re
from random import Random

_ARTICLE = re.compile(r"\ba (?=[aeio])")

_PAIRS = {
    "thing": (
        "瓦片=tile|面团=dough|齿轮=gear|航线=route|信号=signal|茶叶=tea leaf|木榫=wooden joint|珊瑚=coral|"
        "程序=program|河床=river bed|唱腔=melody|街区=street block|候鸟=migrating bird|镜片=lens|种子=seed|"
        "潮汐=tide|火山灰=volcanic ash|墨水=ink|桥墩=bridge pier|酵母=yeast|钟摆=pendulum|麦穗=ear of wheat|"
        "绳结=knot|蜂蜡=beeswax|罗盘=compass|化石=fossil|窗棂=lattice|丝线=silk thread|水车=water wheel|星图=star chart|"
        "石臼=mortar|帆布=sail cloth|铜钉=copper nail|苔藓=moss|琴弦=string"
    ),
    "place": (
        "杭州=Hangzhou|云南的高山=the mountains of Yunnan|海底=the sea floor|老作坊=the old workshop|"
        "实验室=the laboratory|沙漠边缘=the edge of the desert|冬天的湖面=the lake in winter|港口=the harbour|"
        "观测站=the observatory|乡间的厨房=a country kitchen|屋顶=the roof|图书馆=the library|"
        "峡谷的底部=the bottom of the gorge|集市=the market|灯塔=the lighthouse|雪线以上=above the snow line|"
        "火车站=the railway station|盐田=the salt pans|果园=the orchard|地下室=the basement"
    ),
    "adj": (
        "脆弱=fragile|耐心=patient|精确=precise|安静=quiet|古老=old|复杂=complex|轻=light|意外=unexpected|"
        "普通=ordinary|珍贵=precious|粗糙=rough|"
        "温暖=warm|坚固=firm|稀少=rare|沉重=heavy|明亮=bright"
    ),
    "n": (
        "三=three|五=five|七=seven|十=ten|十二=twelve|二十=twenty|一百=a hundred|两千=two thousand|四十=forty|六十=sixty|"
        "八十=eighty|三百=three hundred"
    ),
    "time": (
        "清晨=early in the morning|入夜以后=after dark|每年春天=every spring|几百年前=hundreds of years ago|"
        "雨停之后=after the rain|涨潮时=at high tide|到了这一步=by this point|"
        "第二天=on the second day|停电的时候=during the power cut|秋收以前=before the harvest|午饭过后=after lunch"
    ),
    "do": (
        "慢慢冷却=cool down slowly|重新排列=rearrange itself|沿着裂缝移动=move along the crack|"
        "发出声音=make a sound|改变颜色=change colour|回到原处=return to where it was|"
        "支撑整个结构=hold the whole structure|记录下时间=keep a record of time"
    ),
}
_WORDS = {
    name: tuple((zh, en) for zh, en in (pair.split("=") for pair in pairs.split("|"))) for name, pairs in _PAIRS.items()
}

_LINES: tuple[tuple[str, str], ...] = (
    ("{time}，我们来到{place}", "{time} we came to {place}"),
    ("这里的{thing}比看上去更{adj}", "the {thing} here is more {adj} than it looks"),
    ("它会在{n}分钟内{do}", "within {n} minutes it will {do}"),
    ("为什么{thing}能够{do}？", "why can the {thing} {do}?"),
    ("答案藏在{place}", "the answer lies in {place}"),
    ("师傅说，{thing}要做得{adj}", "the master says a {thing} must be {adj}"),
    ("一共需要{n}道工序", "it takes {n} steps in all"),
    ("如果少了{thing}，一切都会停下", "without the {thing} everything would stop"),
    ("{time}，{thing}开始{do}", "{time} the {thing} begins to {do}"),
    ("请注意这个{adj}的细节", "notice this {adj} detail"),
    ("{n}年来没有人发现这一点", "for {n} years nobody noticed"),
    ("从{place}到{place2}，路程并不远", "from {place} to {place2} is not far"),
    ("我们把{thing}和{thing2}放在一起", "we put the {thing} and the {thing2} together"),
    ("结果令人{adj}", "the result was {adj}"),
    ("你可以在家里试一试", "you can try this at home"),
    ("好，我们继续", "all right, let us go on"),
    ("下一次，我们会讲{thing}", "next time we will talk about the {thing}"),
    ("一个{adj}的{thing}，可以{do}", "a {adj} {thing} can {do}"),
    ("在{place}，{thing}并不少见", "in {place} a {thing} is nothing rare"),
    ("据说最早的{thing}来自{place}", "the first {thing} is said to come from {place}"),
    ("{thing}和{thing2}有什么不同？", "how do the {thing} and the {thing2} differ?"),
    ("先别急，等它{do}", "wait, let it {do} first"),
    ("谢谢观看", "thank you for watching"),
)


def line(rng: Random) -> tuple[str, str]:
    """One cue of narration, of one clause or two, as (Chinese, English)."""
    zh, en = _clause(rng)
    if rng.random() < 0.55:
        more_zh, more_en = _clause(rng)
        zh, en = f"{zh.rstrip('？')}，{more_zh}", f"{en.rstrip('?')}, {more_en}"
    return zh, en


def _clause(rng: Random) -> tuple[str, str]:
    zh, en = _LINES[int(rng.random() * len(_LINES))]
    zh_words: dict[str, str] = {}
    en_words: dict[str, str] = {}
    for slot, pairs in _WORDS.items():
        for name in (slot, slot + "2"):
            if "{" + name + "}" in zh:
                zh_words[name], en_words[name] = pairs[int(rng.random() * len(pairs))]
    if not zh_words:
        return zh, en
    return zh.format(**zh_words), _ARTICLE.sub("an ", en.format(**en_words))


def sentences(rng: Random, count: int) -> tuple[str, str]:
    """``count`` lines as one paragraph per language."""
    made = [_clause(rng) for _ in range(count)]
    return "，".join(zh for zh, _ in made) + "。", ". ".join(en[0].upper() + en[1:] for _, en in made) + "."
