"""What stands right beside a Chinese name and says loudly that it is one: who somebody is, and words of address.

The model learns from generated text what a name stands beside, but only of the words that the generator writes. These
tables are short and asked about doubtful candidates only. A word is told by its last two characters where it is longer.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from governance.names.block import SEPARATOR, Block, among
from governance.names.chinese_lists import Floats, Words, lists
from governance.names.cues_zh import KIN
from governance.names.lexicon import Ints
from governance.names.reading import Bools, reading

#: Words of address of two characters and more, behind a whole name or a given one.
TITLES = (
    "院士 博士 先生 女士 小姐 老师 医生 医师 大夫 律师 师傅 教练 阿姨 叔叔 伯伯 同学 小朋友 妈妈 爸爸 经理 主任 教授 老板 警官 护士 学长 学姐 师兄 师姐 学弟 学妹 "
    "太太 夫人 同志 大哥 大姐 大爷 大妈 大叔 大婶 奶奶 爷爷 店长 班长 所长 院长 校长 局长 处长 科长 部长 总监 法官 导师 副校长 副主任 副教授 副院长 副局长 副书记 副处长 副总 副经理"
).split()
#: Words that a name follows: what people are to one another, what they do for a living, what forms ask for.
ROLES = (
    "同事 同桌 室友 舍友 闺蜜 闺密 发小 基友 战友 学弟 学妹 学长 学姐 师兄 师姐 邻居 房东 房客 租客 网友 队友 队长 组长 组员 成员 班长 团长 学员 会员 村民 居民 市民 "
    "小伙 姑娘 女孩 男孩 老人 男子 女子 老汉 导游 领队 司机 教练 技师 客服 店员 店长 小哥 小妹 中介 顾问 销售 管家 保安 门卫 前台 老板 大厨 主厨 老师 医生 律师 师傅 "
    "护士 护工 月嫂 保姆 阿姨 助理 秘书 会计 出纳 主管 经理 主任 作者 主播 记者 民警 辅警 嫌犯 证人 原告 被告 死者 伤者 患者 病人 产妇 乘客 旅客 客户 顾客 "
    "新郎 新娘 伴郎 伴娘 买家 卖家 车主 业主 户主 家长 监护人 联系人 收件人 寄件人 收货人 取件人 签收人 申请人 经办人 负责人 主持人 当事人 受害人 志愿者 辅导员 服务员 快递员 派送员 派件员 "
    "配送员 业务员 收银员 售货员 驾驶员 理发师 化妆师 美容师 咖啡师 发型师 设计师 工程师 摄影师 维修工 电工 焊工 木工 瓦工 骑手 机长 船长 空姐 乘务员 列车长 外教 家教 教员 学徒 徒弟 "
    "表弟 表妹 表哥 表姐 堂弟 堂哥 堂姐 侄女 外孙 孙子 孙女 儿媳 女婿 岳父 岳母 闺女 外甥女 爱人 未婚妻 未婚夫 男友 女友 投诉人 举报人 报案人 委托人 代理人 承租人 出租人 担保人 借款人 被告人 嫌疑人 "
    "上诉人 申诉人 检察官 书记员 审判员 评审员 讲师 导师 领班 组员 店主 摊主 站长 社工 义工 护工"
).split()
#: What forms ask for where a colon stands behind it: who did what.
FORMS = (
    "经办 复核 审核 审批 批准 制表 制单 填表 填报 编制 校对 记录 签名 签字 签收 验收 验货 质检 开票 收款 付款 户名 主讲 主持 责编 主编 编辑 摄影 撰稿 供稿 领用 盘点 值班 "
    "拟稿 签发 承办 主审 主刀 麻醉 报告 采样 监理 调解 公证 见证 介绍"
).split()
#: Words of speech and deed whose object is a person.
CALLS = "我叫 他叫 她叫 名叫 叫我 交给 转给 转交 感谢 谢谢 多谢 遇见 认识 恭喜 祝贺 联系 通知 采访 艾特".split()
#: What programs of chat groups write behind a name, between quotes or not.
DOES = "撤回 邀请 加入群聊 退出群聊 拍了拍 签收 代签 请假 离职 入职 住院 出院 转正 负责 值班 打来电话 考上".split()
#: Log odds that each kind of words speaks for a name.
_TITLED, _ROLE, _CALLED = 3.0, 1.75, 1.75
_TWICE, _SPEAKS = 1.25, 0.75
_STEPS = 16
#: Log odds from which a character is a surname that many bear.
_SURNAME = 0.5
SYLLABLES = "思佳佩翠苗诺莹婷娜莉丽芳玲敏倩璐欣琪瑶颖晨浩涛磊菲雯娟燕媛妍彤瑞妞囡楠姗珊薇蕾玥琳霞帆伟鹏嘉茜宇航轩豪杰凯俊辰泽涵萱怡冉果"
MOST = _TITLED
"""The most that words of another can say for a stretch."""


@lru_cache(maxsize=1)
def _tables() -> tuple[Words, Words]:
    """What words before a candidate say for it, and words behind it, in sixteenths, by two characters."""
    before = {word[-2:]: int(_CALLED * _STEPS) for word in CALLS}
    before |= {word[-2:]: int(_ROLE * _STEPS) for word in (*ROLES, *KIN)}
    behind = {word[:2]: int(_ROLE * _STEPS) for word in DOES}
    behind |= {word[:2]: int(_TITLED * _STEPS) for word in TITLES}
    first, second = (Words([*table], np.array([*table.values()], dtype=np.uint8)) for table in (before, behind))
    return first, second


def said_for(block: Block, start: Ints, end: Ints) -> Floats:
    """Log odds that the words beside each stretch speak for a name."""
    before, behind = _tables()
    read = reading(block)
    ahead = start - _sign().take(block.codes.take(start - 1))
    after = end + _sign().take(block.codes.take(end))
    introduced_by = read.get(before, ahead - 2, 2)
    at = np.flatnonzero(introduced_by)
    introduced_by[at[_of_another(block, ahead.take(at) - 2)]] = 0
    out = np.maximum(introduced_by, read.get(behind, after, 2)).astype(np.float32)
    out *= read.get(before, start, 2) == 0  # "房东大哥": a role itself
    out /= np.float32(_STEPS)
    # "审批人：": who signs, in forms; "曾可：": who speaks, at the head of a row.
    codes = block.codes
    colon = _colon()
    who = colon.take(codes.take(start - 1)) & (
        (codes.take(start - 2) == ord("人")) | (codes.take(start - 2) == ord("者"))
    )
    form = np.flatnonzero(colon.take(codes.take(start - 1)) & ~who)
    who[form] = read.get(_forms(), start.take(form) - 3, 2) > 0
    out[who] = np.maximum(out[who], np.float32(_ROLE))
    speaks = (codes.take(start - 1) == ord(SEPARATOR)) & colon.take(codes.take(end))
    out[speaks] = np.maximum(out[speaks], np.float32(_SPEAKS))
    # "豆豆妈": whose mother somebody is, of names of two alike.
    alike = (end - start == 2) & (codes.take(start) == codes.take(start + 1))
    out[alike & _parent().take(codes.take(end))] = _TITLED
    out[alike & _syllable().take(codes.take(start))] += _TWICE
    return out


@lru_cache(maxsize=1)
def _forms() -> Words:
    return Words(FORMS, np.ones(len(FORMS), dtype=np.uint8))


@lru_cache(maxsize=1)
def _ends() -> Bools:
    """Characters that words before names end with, by code point."""
    return among("".join(sorted({word[-1] for word in (*CALLS, *ROLES, *KIN)})))


def introduced(block: Block, start: Ints) -> Bools:
    """Whether a word that a name follows stands before each stretch, or before one sign ahead of it."""
    ahead = start - _sign().take(block.codes.take(start - 1))
    out = _ends().take(block.codes.take(ahead - 1))
    at = np.flatnonzero(out)
    out[at] = reading(block).get(_tables()[0], ahead.take(at) - 2, 2) > 0
    at = at[out.take(at)]
    out[at] = ~_of_another(block, ahead.take(at) - 2)
    return out


def _of_another(block: Block, word: Ints) -> Bools:
    """Whether a word for somebody belongs to the surname before it: "江主任盖章"."""
    before = block.codes.take(word - 1)
    out: Bools = (lists().family.take(before) > _SURNAME) & (reading(block).words(word - 2, 2) == 0)
    return out


def _colon() -> Bools:
    """Colons, by code point."""
    return among(":：")


def _parent() -> Bools:
    """Mother and father, by code point."""
    return among("妈爸")


def _syllable() -> Bools:
    """What children and friends are called twice, and nothing else is: "佩佩", by code point."""
    return among(SYLLABLES)


def _sign() -> Bools:
    """What may stand between such a word and the name, by code point."""
    return among(" :：、“\"'\u3000@")
