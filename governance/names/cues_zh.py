"""Words and sentences around Chinese names: what the generator writes and what the grammar looks for."""

from __future__ import annotations

ROLES: tuple[str, ...] = tuple(
    "记者 总统 主席 总理 部长 书记 市长 局长 院长 校长 教授 主任 经理 师傅 老师 医生 司机 快递员 派送员 客服 演员 导演 歌手 作者 "
    "编剧 主演 同学 律师 董事长 总经理 总裁 嫌疑人 被告人 受害人 选手 球员 队员 教练 队长 主持人 运动员 专家 博士 院士 研究员 同志 "
    "工程师 农民 村民 市民 网友 学生 家长 战士 民警 法官 检察官 副主席 副总理 外长 发言人 秘书长 主教练 门将 前锋 后卫 名将 冠军 "
    "诗人 作家 画家 影星 明星 艺人 设计师 创始人 负责人 联系人 收货人 收件人 寄件人 业务员 店长 顾客 用户 乘客 患者 病人 "
    "首席执行官 副总裁 代表 委员 会长 所长 处长 科长 县长 镇长 村长 省长 司令 将军 上校 大使 特使 总监 制片人 摄影师 新华社记者 本报记者 "
    "男主角 女主角 饰演者 新人 老板 房东 邻居 朋友 好友 同事 队友 对手 老乡 战友".split()
)
KIN: tuple[str, ...] = tuple(
    "妻子 丈夫 儿子 女儿 哥哥 弟弟 姐姐 妹妹 父亲 母亲 爸爸 妈妈 爷爷 奶奶 老公 老婆 表哥 堂妹 外甥 侄子 女友 男友".split()
)
SAYING: tuple[str, ...] = tuple(
    "说 表示 认为 指出 介绍 告诉记者 称 透露 强调 回忆 坦言 解释 补充道 笑着说 问道 回答 写道 宣布 承认 否认 呼吁 建议 提出 "
    "介绍说 说道 告诉我们 在接受采访时说 昨天表示 对记者说 发表讲话 出席会议 会见了 率团 当选 出任 夺得冠军 因病去世 出生于".split()
)
CARRIERS: tuple[str, ...] = tuple(
    """
您好，我叫{name}，{clause}
我是{name}，电话{phone}
姓名：{name}，电话：{phone}
姓名:{name} 手机:{phone}
收货人：{name}，{phone}
收件人{name}，电话{phone}，{n}{n}
联系人{name}{phone}
{name}，{phone}，{ns}{n}
{name} {phone}
寄件人：{name} 收件人：{name}
【派送员：{name}，电话：{phone}】正在为您派件
快件已由{name}签收，感谢使用{brand}
快递员{name}正在派送，请保持电话畅通
您的快件由{name}（{phone}）派送
签收人：{name}
已签收，签收人是{name}
请转交{name}先生
麻烦找一下{name}女士
{name}先生您好，您的订单{num}已发货
{name}女士您好，{clause}
我姓名是{name}，订单号{num}
备注：请交给{name}
我的名字是{name}
他叫{name}，是{ns}人
她叫{name}，今年{num}岁
这位是{name}{role}
{role}{name}{say}，{clause}。
{name}{say}：“{clause}。”
{name}（{role}）{say}
{role}：{name}
{role}是{name}
{kin}{name}{v}{n}
{name}的{kin}{name}也{v}了
{name}、{name}、{name}等{role}{v}{n}
{name}和{name}{v}{n}
{name}与{name}{d}{v}
由{name}执导，{name}、{name}主演
导演{name}的作品
{name}饰{name}
{name}饰演的{n}
主演有{name}和{name}
知道{name}吗？
你喜欢{name}吗
我最喜欢{name}的{n}了
{name}是谁
听说{name}{v}了{n}
{name}是{ns}的{role}
新华社{ns}电（记者{name}）{clause}
（记者{name} {name}）{clause}
本报讯 {role}{name}{v}{n}
@{name} {clause}
回复@{name}:{clause}
感谢{name}老师的{n}
客服{name}态度{d}{a}
{name}服务{d}{a}，{clause}
开户名：{name}，卡号{num}
户名{name}
投保人{name}，{n}{n}
患者{name}，{num}岁，{clause}
被告人{name}{v}{n}
原告{name}与被告{name}{n}纠纷一案
请{name}速与{n}联系
{name}于{num}年出生于{ns}
{num}年{name}{v}{n}
经办人{name}
发言人{name}{say}
我和{name}一起{v}{n}
给{name}打电话
帮{name}{v}一下{n}
叫{name}来{v}
这个{n}是{name}的
{name}又{v}了
{brand}{n}{n} {num}{q}
{brand}{a}{n}{n}{b}{n}
{a}{n} {n}{n} {num}{q}装
{n}很{a}，{n}也{a}，{clause}
在{ns}{v}了{n}，{clause}
{brand}的{n}{d}{a}，{d}{v}
推荐您去{brand}，人均消费{num}元
{brand}（{ns}店）{d}{a}
地址是{ns}{brand}{num}号，电话是{phone}。
{clause}，{clause}，{clause}。
{t}{p}{ns}{v}{n}
{n}{n}{n}
{v}{n}{n}
《{n}{n}》{v}了{n}
{num}{q}{n}，{num}元
一{q}{a}的{n}在{n}{f}{v}
一个{n}{v}着{n}
一张{a}{n}
一{q}{n}和{num}{q}{n}
周一至周日 10:00-22:00；{clause}
周{m}{v}{n}
附近有{brand}、{brand}和{brand}
推荐{brand}，评分4.5分
{brand}离{brand}不远
谢谢，{clause}
好的，谢谢你
{d}{a}！！！{clause}
""".strip().splitlines()
)
#: Words of address behind a surname alone: "王先生".
HONORIFICS: tuple[str, ...] = tuple(
    "先生 女士 小姐 太太 老师 师傅 经理 主任 教授 医生 同学 同志 总监 老板 阿姨 叔叔 大哥 大姐 大爷 大妈 奶奶 爷爷 警官 律师 "
    "护士 店长 班长 部长 镇长 村长 县长 市长 省长 区长 所长 组长 站长 行长 社长 会长 团长 连长 营长 政委 将军 导演 教练 博士 工程师 设计师 "
    "助理 会计 总监 总裁 董事 代表 委员 大使 议员 法官 检察官 医师 护士长 司机 师姐 师兄 学长 学姐 队长 局长 处长 科长 院长 校长 厂长 董事长 总经理 书记 老太 某某 某 姐 哥".split()
)

#: What makes a place, a shop or a firm of a name before it.
PLACES: tuple[str, ...] = tuple(
    "酒店 大酒店 饭店 宾馆 园 村 庄 山 路 店 大厦 记 居 楼 家 镇 寺 桥 街 湖 公园 餐厅 火锅 烤鸭店 小吃 集团 公司 牌 广场 县 区 市 "
    "医院 大学 中学 小学 站 庙 府 阁 轩 坊 堂 公寓 国际酒店 商务酒店 会馆 博物馆 纪念馆 故居 美术馆 宫 殿 塔 岭 峡 洞 河 沟 海 岛 关 "
    "氏 家菜 庄园 小区 花园 中心 奖 杯 队 族 鱼 菜 面 酒 茶 牛肉面 包子".split()
)
FOREIGN_PLACES: tuple[str, ...] = tuple(
    "州 市 国 河 岛 湾 海 大学 公司 队 奖 区 镇 港 山 人 语 族 酒店 机场 电影节 海峡 半岛 王国 共和国 城 集团 俱乐部 球队 大街 宫 "
    "地区 咖啡 品牌 系列 电视台".split()
)
