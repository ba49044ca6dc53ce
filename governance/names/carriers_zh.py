"""Carrier sentences of many kinds of text for the generator: news, courts, sport, film, money, chats, lists, trade.

Slots are filled by `generate.Writer`: {name} a name (labelled), {sur} a surname alone, {foreign} a foreign name
(labelled), {place} a place or body of the lists, {org} a made-up one, the rest by part of speech. All were written
for this project.
"""

from __future__ import annotations

WITH_NAMES: tuple[str, ...] = tuple(
    """
新华社{place}{num}月{num}日电（记者{name}、{name}）{clause}
据新华社{place}电 （记者{name}）{clause}
本报{place}讯 记者{name}、通讯员{name}报道：{clause}
（新华社记者 {name} 摄）
本报记者 {name} 通讯员 {name} {name}
编辑：{name} 责编：{name} 审核：{name}
{place}{role}{name}{t}{v}{n}
{place}市委书记{name}、市长{name}等出席会议。
国家主席{name}{t}在人民大会堂会见{role}{name}。
{name}指出，{clause}。{name}强调，{clause}。
会议由{name}主持，{name}作了报告。
{name}同志在会上作了重要讲话
出席会议的还有{name}、{name}、{name}和{name}。
中共中央政治局委员{name}会见了以{name}为团长的代表团
{role}{name}一行{num}人
任命{name}为{place}{role}，免去{name}的{role}职务
{name}当选为{place}{role}
{name}任{role}，{name}任副{role}
以{name}为首的{n}{v}{n}
在{name}的带领下，{clause}
据{name}介绍，{clause}
“{clause}。”{name}说。
“{clause}”{role}{name}告诉记者
{name}笑着说：“{clause}！”
{name}表示：{clause}
{name}认为，{clause}
面对{n}，{name}{d}{v}
{num}岁的{name}是{place}人
{place}村民{name}家{v}了{num}{q}{n}
{place}大学教授{name}{say}
{place}公司董事长{name}{say}，{clause}
{place}医院{role}{name}提醒，{clause}
{name}，男，{num}年生，{place}人，{n}
{name}（女，{num}岁）{clause}
{name}先后担任{place}{role}、{role}。
著名{role}{name}因病在{place}逝世，享年{num}岁。
纪念{name}诞辰{num}周年
{name}的{n}{v}了{n}
{name}之子{name}
{name}夫妇{v}{n}
{name}夫人{name}
{name}与{name}、{name}等人一起{v}{n}
{name}等{num}人{v}{n}
被告人{name}犯{n}罪，判处有期徒刑{num}年
原告{name}诉被告{name}、{name}{n}纠纷一案，本院{v}
审判长{name} 审判员{name} 书记员{name}
审判长：{name}
委托代理人{name}，{place}律师事务所律师。
申请执行人{name}与被执行人{name}{n}纠纷
法定代表人：{name}，该公司{role}。
上诉人{name}因与被上诉人{name}{n}一案
本院认为，{name}{v}{n}，{clause}
证人{name}证言：{clause}
{name}向法院提起诉讼，要求{name}归还{n}
尊敬的{name}客户，{clause}
户名：{name} 账号：{num}{num} 开户行：{place}银行
兹证明{name}同志系我单位{role}
担保人：{name}
借款人{name}，担保人{name}、{name}
受益人由{name}变更为{name}
死者{name}，{clause}
民警{name}{v}{n}
{name}涉嫌{n}，已被{v}
{name}{num}比{num}战胜{name}，{v}决赛
{name}以{num}环的成绩夺得{n}，{name}获得银牌
{name}和{name}搭档{v}{n}
{n}第{num}分钟，{name}助攻{name}破门
{name}替补{name}登场
{name}传球给{name}，{name}射门
女单{name}、{name}双双{v}
小将{name}不敌名将{name}
主教练{name}赛后表示，{clause}
{name}入选国家队
{name}退役后{v}{n}
{place}队的{name}{v}
由{name}导演，{name}、{name}、{name}等主演
导演{name}，编剧{name}，主演{name} {name} {name}
{name}作词，{name}作曲，{name}演唱
这首歌由{name}填词，{name}编曲
{name}在《{n}{n}》中饰演{name}
{name}凭借《{n}》获得{n}
《{n}{n}》是{name}的代表作
{name}版的{n}
喜欢听{name}的歌，也喜欢{name}
说到{name}，你对{name}了解吗？
你知道{name}吗？听说{name}{v}{n}
{name}演技太好了！
{name}演得真好，{name}也不错
{name}和{name}在一起了！！！
刚刚看到{name}本人了{clause}
{name}加油！
支持{name}
祝{name}生日快乐
今天和{name}去{v}{n}，{clause}
@{name}：{clause}
//@{name}:{clause}
#{name}# {clause}
#{name}{n}# {clause}
【{name}】{clause}
【{name}：{clause}】
{clause} ——{name}
{name} {name} {name} {name}
{name}、{name}、{name}、{name}
{name}，{name}，{name}
{name}/{name}/{name}
01 {name} 02 {name} 03 {name}
1.{name} 2.{name} 3.{name}
一等奖：{name} 二等奖：{name}、{name}
名单：{name}、{name}、{name}
主席团成员：{name}、{name}、{name}
第一组：{name} {name}；第二组：{name} {name}
值班：{name} 电话：{phone}
周{m}：{name}
{n}部{name}、{n}部{name}
评委有{name}和{name}
{name}{role}：{clause}
{role}{name}、{name}
我叫{name}，麻烦查一下{n}
我是{name}，{clause}
你好，我是{place}的{name}
我爸{name}的{n}
收货人{name} 电话{phone} 地址{place}
收件人：{name}
寄{name}收
{name}，{phone}，{place}
{name}收
转{name}
取件人{name}，取件码{num}
联系{name}：{phone}
{name} {phone} {place}
配送员{name}已取餐
工程师{name}已接单
店员{name}{d}{a}
营业员{name}{v}{n}
投诉{name}
经办：{name}  复核：{name}
司机{name}，车牌{num}
预约人{name}，{num}位
护士{name}{v}{n}
叫{name}的{n}
姓{sur}，叫{name}
名叫{name}的{role}
一个叫{name}的人
本名{name}
原名{name}
别名叫{name}
又名{name}
{name}又叫{name}
{name}拿起{n}又放下
{name}看着{name}，{clause}
{name}点了点头，{clause}
{name}走进来，{name}跟在后面
{name}站在{n}里，一动不动
{name}没有说话
{name}笑了笑
{name}心里{d}{a}
{name}不知道{clause}
{name}对{name}说：“{clause}”
{name}把{n}给了{name}
{name}嫁给了{name}
看到{name}走过来，{clause}
想起了{kin}{name}
那天{name}{v}了{n}
后来{name}{v}{n}
大家都劝{name}{clause}
这件事{name}和{name}都知道
{name}的{kin}是{place}人
{name}（{foreign}）{clause}
{foreign}和{name}{v}
{role}{foreign}{say}，{clause}
{foreign}{v}了{n}
{name}是谁写的
{name}的诗
古代{role}{name}
{name}《{n}》
《{name}传》
北宋{name}、{name}
{place}{name}
据悉，{name}将{v}{n}
其中{name}{v}{n}
目前{name}已{v}{n}
日前，{name}{v}{n}
昨晚，{name}在{place}{v}
近日{name}{v}{n}引起关注
随后，{name}{v}{n}
对此，{name}回应称，{clause}
但{name}{d}{v}
而{name}则{v}{n}
与{name}相比，{name}{d}{a}
从{name}到{name}
对于{name}来说，{clause}
像{name}这样的{role}
被{name}{v}
把{name}{v}了
让{name}{v}{n}
请{name}{v}{n}
跟{name}{v}
向{name}{v}{n}
为{name}{v}{n}
由{name}{v}
关于{name}的{n}
除了{name}，还有{name}
还有{name}和{name}
{foreign}夫人{foreign}{v}{n}
{foreign}政府{v}{n}
{place}总统{foreign}{t}抵达{place}
{foreign}总统{v}{n}
{foreign}抵达{place}，与{foreign}举行会谈
{foreign}任命{foreign}为{role}
主帅{foreign}{say}，{clause}
{place}主帅{foreign}
{place}队长{foreign}{v}
{foreign}受伤缺阵
{foreign}因伤{v}
{foreign}和{foreign}{v}
{foreign}、{foreign}、{foreign}
前锋{foreign}打入{num}球
{foreign}加盟{place}
{foreign}加盟{org}，{foreign}离队
{foreign}转会{place}
{foreign}砍下{num}分，{foreign}贡献{num}个{n}
{foreign}首发，{foreign}替补
{foreign}助攻{foreign}得分
用{foreign}换{foreign}
{foreign}：{clause}
【{foreign}】{clause}
老将{foreign}{v}
{foreign}{d}{v}
{foreign}{v}了{n}
{foreign}被{v}
由{foreign}接任{role}
讲述了{foreign}{v}{n}的故事
与{foreign}相遇，{clause}
主人公{foreign}{v}{n}
少年{foreign}和{foreign}{v}{n}
由{foreign}饰演的{n}
经纪人{foreign}透露，{clause}
经纪人{foreign}{say}，{foreign}{v}
{foreign}发布了{n}，{foreign}{v}
{foreign}获得{n}奖
{foreign}和{name}{v}
{name}看了看{name}，{clause}
{name}愣了一下
{name}叹了口气
{name}冷笑一声
{name}低声道：“{clause}”
“{clause}！”{name}喊道
“{clause}！”{name}喊了一声，{clause}
“{name}！”{name}{v}
{name}忙说
{name}皱了皱眉
{name}一把拉住{name}
{name}心想，{clause}
{name}抬起头，{clause}
{name}跟着{name}{v}{n}
{name}哭了
{name}和{name}相遇，{clause}
我和{name}、{name}、{name}是{n}
跟{name}约好{v}{n}
和{name}约了{t}{v}
{name}姐{d}{a}
{name}哥{v}了
{name}妈妈{v}{n}
{name}今天又{v}了
{name}，你{d}{v}{y}
{name}你{v}{y}
{name}，{clause}{y}
今天见到{name}了
今天见到{name}和{name}，好{a}
在{place}偶遇{name}
偶遇{name}，{clause}
梦见{name}了
快看！{name}{v}
{name}太{a}了
{name}好{a}
{name}真的{d}{a}
{name}的演唱会{d}{v}
我爱{name}
{name}什么时候{v}
话说{name}{d}{v}
亲爱的{name}，{clause}
{name}！！！{clause}
{name}新歌{d}{a}
感觉{name}比{name}{a}
求{name}同款
谢谢{name}的{n}
收到{name}的{n}了
{name}宝宝{v}了
让{name}顶班
{name}说明天{v}
{name}说，{clause}
{name}说{clause}
{name}诉称，{clause}
{name}辩称，{clause}
{role}{name}{v}，{role}{name}{v}
队员{name}{name}{name}{v}
记者{name}{name}
{name}摄
{name}主刀，{name}{v}
{name}先生{v}
{name}同志{v}
{name}同志诞辰{num}周年
{name}思想{v}{n}
{name}执教后，{clause}
制表：{name}
审核：{name} 制表：{name}
""".strip().splitlines()
)

WITHOUT: tuple[str, ...] = tuple(
    """
这张{n}{d}{a}
那张{n}是{n}的
一张{n}，两张{n}
这张{a}的{n}
几张{n}{v}了
这段{n}{d}{a}
那段时间{clause}
一段{a}的{n}
双方{v}{n}
任何{n}都{v}
任何人不得{v}{n}
于是{clause}
由于{n}{a}，{clause}
从{place}到{place}
从{place}出发，{clause}
在{place}附近
去{place}怎么走
{place}{n}{d}{a}
{place}和{place}
{place}、{place}、{place}
{place}至{place}高速
{place}{n}有限公司
{org}股份有限公司{v}{n}
{org}和{org}{v}{n}
{org}发布{n}，{clause}
{org}董事会{v}{n}
{org}、{org}等{n}
{place}发生{n}
{place}今日{a}转{a}，气温{num}到{num}度
{place}至{place}的高铁票多少钱
{num}月{num}日，{place}{v}{n}
{num}年，{place}{v}{num}{q}{n}
周末{clause}
周{m}至周{m}{v}
周边{n}{d}{a}
马上{v}{n}
高{n}{n}{v}
高兴{clause}
方便{v}{n}吗
金{n}{v}
白{n}{a}，黑{n}{a}
黄{n}{n}{n}
水{n}{d}{a}
小{n}{n}{d}{a}
全{n}{n}{num}{q}装
{n}{n}{a}{n}{n}{a}{n}女{n}{n}
{n}{n}{n}{n}{a}{n}男{n}
{a}{n}{n}家用{n}{n}
{n}式{n}{n}{num}{q}
{n}机{n}器{n}手{n}
新款{n}{n}{a}{n}
正品{n}{n}{num}ml
{n}质量{a}，{n}{a}，{n}也{a}
{n}味道{a}，{n}{a}，服务{a}
{n}、{n}、{n}都{d}{a}
{n}不错，{n}一般，{n}有点{a}
环境{a}，{n}{a}，下次还来
点了{n}、{n}和{n}，{clause}
推荐{n}和{n}
{n}里的{n}{d}{a}
{d}{v}了{n}，{d}{a}
{n}怎么{v}
{n}多少钱
{n}和{n}哪个{a}
{n}有什么{n}
什么{n}{a}
如何{v}{n}
请问{n}{v}吗
有没有{a}的{n}
能不能{v}{n}
为什么{n}{d}{a}
{i}，{i}
{i}的{n}{v}{n}
{n}{i}
{v}{n}，{v}{n}，{v}{n}
{v}了{v}{n}
{n}部门{v}{n}
{n}委员会{v}{n}
{n}局{v}{n}
{n}股{v}{num}%
{n}指数{v}{num}点
同比{v}{num}%
本{n}{v}第{num}届{n}{n}奖
获得第{num}届{n}奖{a}{n}奖
第{num}届{place}{n}节
《{n}{n}》《{n}》都是{n}
《{place}{n}》
《{org}》
老师{v}{n}，同学{v}{n}
总经理{v}{n}
经理{v}了{n}
记者{v}{n}发现，{clause}
医生{v}{n}
专家{say}，{clause}
有关负责人{say}，{clause}
一名{role}{say}，{clause}
{role}们{v}{n}
{role}和{role}{v}{n}
广大{role}{v}{n}
{sur}先生{v}{n}
{sur}女士{say}，{clause}
{sur}老师{v}{n}
{sur}某{v}{n}
{sur}姓男子{v}{n}
{sur}氏{n}
{sur}家{n}{v}
{sur}记{n}{d}{a}
老{sur}{v}{n}
{t}，{n}{v}{n}，{clause}
{n}上{v}{n}，{n}下{v}{n}
{f}有{num}{q}{n}
{num}{q}{n}，{num}{q}{n}，{num}{q}{n}
{m}{q}{a}{n}
又{a}又{a}的{n}
越{v}越{a}
{d}{d}{a}
不{v}不{v}
{r}{v}{r}
{r}的{n}{d}{a}{y}
{r}{d}{v}{n}{y}
{r}{v}{r}{v}{n}
{c}{r}{v}{n}，{c}{r}{d}{v}
{n}之{n}
{n}与{n}的{n}
{n}及{n}
对{n}的{n}
经{n}{v}，{n}{v}{n}
成{n}{v}{n}
应{v}{n}
将{n}{v}
向{n}{v}{n}
和{n}{v}{n}
连{n}都{v}了
时{n}{d}{a}
安{n}{v}{n}
关{n}{v}{n}
一匹{a}马{v}在{n}{f}
一匹马{v}着{n}
几匹马{v}在{n}{f}
许多马{v}着{n}
骑着马{v}
一只{a}的熊{v}着{n}
一只玩具熊{v}在{n}{f}
玩具熊{d}{v}
一头牛{v}在{n}{f}
许多牛{v}{n}
许多鸟{v}在{n}{f}
{a}的小羊{v}在{n}{f}
两只小羊{v}{n}
一只小熊{v}{n}
小牛{v}着{n}
有点小{a}
价格小{a}
大包小包{v}
{a}的双层巴士{v}在{n}{f}
一{q}{n}停在{n}{f}
池里{v}着{n}
盘里{v}着{n}
锅里{v}{n}
房子前{v}着{n}
边{v}边{v}
高高{v}起
张大{n}{v}
{a}的{n}和{a}的{n}
{v}着{a}的{n}{v}在{a}的{n}{f}
黄{n}{v}{a}
白{n}{f}{v}{n}
原{n}{d}{a}
汤{d}{a}
鱼{d}{a}，肉{d}{a}
{org}家{d}{a}
{org}的{n}{d}{a}
不如{org}
比{org}{a}
位于{place}的{org}
像{org}一样
来{org}{v}{n}
约在{org}{v}
{org}{n}{n}男款{n}
{org}{n}女{n}{n}
{org}旗舰店{n}
{org}对面{v}
""".strip().splitlines()
)

#: Plain talk without names, in which characters stand that are surnames elsewhere.
TALK: tuple[str, ...] = tuple(
    """
谢谢您，祝您生活愉快|谢谢你的推荐|谢啦|不用谢|祝你玩得开心|祝您用餐愉快|别太贵就行|别客气|那好吧，再见|都还不错|都挺好吃的|都蛮赞的
和朋友一起来的|和同事聚餐|和家里人商量一下|和文艺青年没关系|来喝下午茶|来过好几次了|来一份|来都来了|周边逛逛|周围有什么好吃的|周日不营业
周一到周五|周二下午|周三有课|周四出发|周五晚上|周六见|周末人多|周到热情|原以为会很贵|原味的好吃|向东拐第二家|向左转|向前走五百米
从地铁站出来|从进门开始|连白开水都没有|连个人影都没有|解锁新技能|解渴又解腻|可以安静吃饭聊天|安静的角落|管住嘴迈开腿|盖饭好吃|盖上盖子
汤有点咸|汤底很浓|汤汁浓郁|汤里有虾|汤水蛮清的|汤头鲜美|沙拉很新鲜|沙发坐着舒服|沙冰太甜|冷盘分量不足|冷气太足|冷冰冰的态度|温度适中|温馨提示
鲜香麻辣|鲜嫩多汁|鲜洁爽口|焦香酥脆|焦了一点|薄荷味的|薄薄一片|黄灿灿的|黄绿色的|黄白相间|白白的墙|白色的盘子|白衬衫|白开水|白菜炖粉条
红汤和白汤|红蓝相间|蓝黑色的|蓝天白云|花钱买罪受|花里胡哨|花样很多|花丛中|毛绒玩具|毛茸茸的|毛肚很脆|毛毯很软|马路边上|马桶堵了|马上就到|马卡龙很甜
牛排七分熟|牛肉丸很弹|牛肉面|牛奶麦片|牛油果|牛仔裤|牛站在草地上|熊躺在地上|马儿在吃草|鱼丸粗面|龙虾很肥|龙井茶|熊猫在吃竹子|鲍鱼粥
高高跳起|高高的树|高峰期没有座位|高档小区|高性价比|高铁站|张大嘴巴|张开翅膀|张望着远方|张灯结彩|一张照片|这张床|第五张|几张桌子
戴着帽子|戴眼镜的男人|戴口罩|穿着红裙子|端着盘子|车里拿东西|车盖打开了|车上有人|车站旁边|林荫道上|林边的小路|森林里|树林中|丛林深处|花园里
池边有人|池上的桥|湖边散步|江边的风|海边的沙滩|山上的雪|山里的空气|石头上|石色的墙|钟表显示三点|钟塔下面|钟楼旁边|木桩上|木柜里|木地板
夏装上新|夏天穿的|冬季保暖|秋款外套|温泉酒店|万一不行呢|万分感谢|时间太晚了|时不时来一次|时髦的女孩|成年人的世界|成功了|成套购买|成都火锅
任性一回|任何时候|任务完成|于是就走了|由于下雨|应该没问题|应有尽有|关键是便宜|关门了|关于价格|经常来|经过门口|经理过来道歉|经典款
全是套路|全部吃完|全家一起|全程高能|全五星好评|单人套餐|单独包装|单身狗|双人床|双层的|双击屏幕|平时不来|平均一百左右|平底锅|康复训练
强烈推荐|强迫症|余香满口|余下的打包|余晖洒下来|充电宝|充值送话费|古色古香|古城墙|古长城|国内航班|国庆人太多|越来越好|越吃越香|燕窝很贵
易拉罐|易碎品|敬请期待|敬酒|景色宜人|景点很多|景区里面|满满的诚意|满意|巩固一下|计划去|计算机|广场舞|广告太多|广大市民|党员干部
后来才知道|后面的人|游玩时间|游客很多|游泳池|游戏机|明天去|明明很好|明显不如|明虾|祖传秘方|祖国万岁|水果拼盘|水煮鱼|水平一般|路过看到
路边摊|路上堵车|路口左转|房间干净|房价合理|房东|田园风光|田里|井里的水|京城名吃|京味小吃|宁可饿着|宁波人|宁愿等|管他呢|管理混乱
帅哥服务员|帅气|终于来了|终端机|查一下|查看订单|查收|商圈里|商品不错|商家态度|商务酒店|项目很多|相当不错|相机拍的|相册|相信我
顾客很多|顾不上|顾虑|步行十分钟|步行街|秒杀价|党和国家|区别不大|区域|家用电器|家里人|家门口|家常菜|师傅很专业|师大附近|都市丽人
上官网查|东方美食|公共交通|公园里|公司楼下|长处|长得不错|南门正对面|西门口|北门进|东门外|司机迷路了|空调坏了|空间很大|鲜花饼|闻着很香
来福士|王府井|全聚德|海底捞|钱汤|余额宝|花呗|支付宝|景泰蓝|席梦思|乔丹鞋|李宁鞋|安踏|康师傅|王老吉|老干妈|张裕|周大福|周黑鸭|金龙鱼|花王|高盛
韩式烤肉|韩料|韩国料理|韩剧|韩版|日式|泰式|港式|法式|江浙沪|江湖菜|江南风格|江景房|邓小平理论|毛泽东思想|雷阵雨|雷锋精神|金融街|金针菇|金色的
哈哈哈哈哈|哈哈|呵呵呵|嘻嘻|拜托|拜拜|尼玛|哇哈哈|比比看|萝卜皮|巧克力|卡布奇诺|马卡龙|提拉米苏|慕斯蛋糕|芝士焗饭|沙拉酱|凯撒沙拉|披萨|布丁
拿铁|摩卡|玛奇朵|罗勒酱|咖喱牛腩|三文鱼|寿司|乌冬面|可乐|雪碧|芬达|威士忌|伏特加|香槟|沙丁鱼|阿司匹林|维他命|维生素|荷尔蒙|卡路里|马赛克
""".strip()
    .replace("\n", "|")
    .split("|")
)

#: Parts of made-up things: what they are of, and what they are.
OF = (
    "牛鱼鸡鸭羊猪白黄红青蓝绿金银花梅桂桃李杨柳汤沙龙毛马熊冷温江海山石玉古高小大老鲜焦盖包盛敬薄韩水火木车牛米麦豆糖盐油酒茶奶冰"
    "雪云月星竹松兰菊荷莲桑麻葛芦苗蓝池湖河溪井泉林森武文史于时和向成应常安平康乐喜祝谢单双全满明尚景钱钟铁钢布皮"
)
INNER = "肉菜豆花果皮油汤水面粉饭茶奶糖酒米心头底边色香味光风沙石木竹纸布皮毛"
HEADS = (
    "丸肚腩排舌筋肉汤粥面粉饭菜椒酱汁油糖糕饼虾蟹鱼鸡鸭串锅茶奶冰酒皮丝片块条粒叶花瓜果豆笋菇包卷角盒袋瓶杯碗盘柜桌椅床灯镜机器车衣裤裙"
    "帽鞋袜巾色香味式款型号码版城园坊记堂轩阁斋里上边中下类料品物具件套层座箱罐筒勺叉刀锁门窗墙地板垫毯被枕绳线球棒棋牌书画本笔纸卡票券"
)
#: Brands and shops, many of them written by sound or called after people.
BRANDS = tuple(
    "麦当劳 肯德基 星巴克 必胜客 汉堡王 德克士 哈根达斯 海底捞 全聚德 沃歌斯 希尔顿 万豪 喜来登 香格里拉 洲际 凯悦 凯宾斯基 诺富特 宜必思 华美达 "
    "格林豪泰 如家 汉庭 七天 来福士 凯德 龙之梦 万象城 王府井 大悦城 银泰 万达 沃尔玛 家乐福 大润发 麦德龙 欧尚 永辉 宜家 屈臣氏 万宁 丝芙兰 "
    "阿里巴巴 亚马逊 苏宁 国美 京东 拼多多 唯品会 当当 携程 飞猪 去哪儿 马蜂窝 滴滴 美团 饿了么 摩拜 哈啰 高德 百度 腾讯 网易 新浪 搜狐 "
    "华为 小米 魅族 联想 海尔 海信 格力 美的 康佳 长虹 飞利浦 西门子 博世 松下 索尼 东芝 三星 戴森 诺基亚 摩托罗拉 爱立信 惠普 戴尔 华硕 佳能 尼康 "
    "奔驰 宝马 奥迪 凯迪拉克 别克 雪佛兰 福特 林肯 保时捷 法拉利 兰博基尼 玛莎拉蒂 劳斯莱斯 宾利 特斯拉 沃尔沃 雷克萨斯 丰田 本田 马自达 现代 起亚 "
    "标致 雪铁龙 雷诺 比亚迪 吉利 奇瑞 长城 哈弗 五菱 蔚来 理想 小鹏 阿迪达斯 耐克 彪马 安踏 匡威 斐乐 优衣库 无印良品 海澜之家 波司登 李维斯 "
    "路易威登 古驰 普拉达 香奈儿 迪奥 爱马仕 巴宝莉 蒂芙尼 卡地亚 欧米茄 劳力士 浪琴 天梭 雅诗兰黛 兰蔻 倩碧 欧莱雅 玉兰油 资生堂 雪花秀 施华洛世奇 "
    "可口可乐 百事可乐 雀巢 德芙 费列罗 好时 奥利奥 乐事 品客 康师傅 统一 王老吉 加多宝 老干妈 李锦记 王致和 同仁堂 云南白药 片仔癀 周大福 周大生 周生生 "
    "老凤祥 谢瑞麟 周黑鸭 张小泉 张一元 吴裕泰 章光 高盛 摩根士丹利 瑞银 花旗 汇丰 渣打 巴克莱 穆迪 标普 德勤 普华永道 安永 毕马威 麦肯锡 贝恩 "
    "沙宣 潘婷 海飞丝 飘柔 舒肤佳 高露洁 佳洁士 奥妙 汰渍 雕牌 立白 蓝月亮 花王 尤妮佳 帮宝适 好奇 惠氏 美赞臣 雅培 伊利 蒙牛 光明 乐高 芭比 迪士尼 "
    "奥斯卡 格莱美 戛纳 威尼斯 艾美奖 金马奖 金鸡奖 金像奖 金曲奖 诺贝尔奖 吉尼斯 奥林匹克 世界杯 汤尤杯 乾隆 乾隆朝 康熙 雍正 嘉庆".split()
)
#: Everyday words that the dictionary is too old or too bookish to hold.
MODERN = tuple(
    "牛轧糖 汪星人 喵星人 全麦 花甲 毛肚 黄喉 牛肉丸 牛筋丸 牛百叶 牛小排 牛仔骨 鱼丸 虾滑 龙虾 沙拉 慕斯 蓝莓 车厘子 芥兰 娃娃菜 花菜 西兰花 金针菇 杏鲍菇 "
    "黄瓜丝 土豆丝 姜丝 葱花 豆芽 胡萝卜 萝卜皮 金钱肚 简餐 套餐 盖饭 盖浇饭 煲仔饭 苏打水 白开水 柠檬水 奶茶 奶盖 珍珠奶茶 薄荷糖 薄荷叶 罗勒 芝士 披萨 "
    "汉堡 薯条 寿司 刺身 三文鱼 寿喜锅 关东煮 章鱼烧 马卡龙 提拉米苏 泡芙 曲奇 布丁 冰沙 沙冰 自拍 网红 粉丝 吐槽 点赞 拍砖 颜值 高冷 高清 单曲 微博 微信 "
    "朋友圈 公众号 小程序 表情包 段子 段子手 路人 宅男 宅女 白富美 高富帅 黄牛 代购 海淘 秒杀 包邮 差评 好评 余额宝 花呗 充电宝 移动电源 数据线 手机壳 路由器 "
    "平板电脑 单反 微单 卫衣 连帽 雪纺 打底裤 牛仔裤 连衣裙 双肩包 斜挎包 马丁靴 洞洞鞋 卫生巾 湿巾 面膜 粉底 眼影 睫毛膏 韩式 日式 港式 泰式 中式 美式 法式 "
    "韩版 韩料 日料 韩剧 美剧 宁波人 温州人 成都人 韩国人 古城墙 银杏叶 桂花香 马路边 封神 解锁 解压 畅享 畅玩 暴走 明虾 白灼 焦糖 焦香 鲜香 鲜嫩 满分 "
    "商圈 门店 门脸 门头 包间 包厢 卡座 位子 龙门阵 涂鸦 高铁 动车 网约车 共享单车 和谐号 温馨 盛宴 钟表 钟楼 余晖 景区 阳台 阳伞 马桶 马克杯 毛绒 毛巾".split()
)
