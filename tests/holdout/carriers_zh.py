"""Chinese messages that hold a value. ``{x}`` is the value, ``{l}`` what it is called; both halves share no message.

Other slots: ``{name}``, ``{mobile}`` and ``{address}`` are labelled too; ``{n}``, ``{price}`` and ``{date}`` are
noise that is nobody's.
"""

from __future__ import annotations

#: A message with its genre, by family, for (development, held out).
Carriers = tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]

LABELLED: Carriers = (
    (
        ("chat", "我{l}是{x}，麻烦查一下"),
        ("chat", "亲，{l}{x}，帮我看看到哪一步了"),
        ("form", "{l}：{x}"),
        ("form", "【必填】{l}: {x}"),
        ("screenshot", "实名认证\n{l}\n{x}\n下一步"),
        ("forum", "求助！填{l}（{x}）的时候一直提示格式错误，有人遇到过吗"),
        ("notice", "系统登记的{l}为{x}，如有误请联系柜台更正。"),
        ("chat", "{l}发你了：{x}"),
        ("email", "您好，附上{l}{x}，烦请核对，谢谢！"),
        ("chat", "{l}👉{x}👈"),
        ("chat", "好的，{l}[{x}]"),
        ("log", '{{"{l}":"{x}","status":"ok"}}'),
        ("chat", "我的{l}填的{x}，没收到短信"),
        ("form", "序号 {n}\t{l} {x}\t已提交"),
    ),
    (
        ("chat", "诶那个{l}我记一下啊 {x} 没错吧"),
        ("form", "{l}|{x}|已核验"),
        ("screenshot", "< 返回   详细信息\n{l}　{x}\n编辑"),
        ("forum", "楼主把{l}都写错了，应该是{x}"),
        ("notice", "请携带原件，{l}（{x}）须与登记一致"),
        ("review", "客服非要我报{l}，我报了{x}还说查不到，差评"),
        ("email", "兹确认：{l}“{x}”，请于{date}前回复。"),
        ("form", "{l}　　{x}　　备注：无"),
        ("chat", "刚才打错了，{l}改成{x}～"),
        ("chat", "{l}后面填{x}就行"),
        ("html", "<tr><td>{l}</td><td>{x}</td></tr>"),
        ("chat", "🙏🙏帮忙登记下 {l}:{x}"),
        ("chat", "{l}=>{x}，收到回个1"),
        ("log", "INFO {l}={x} retry={n}"),
    ),
)

BARE: Carriers = (
    (
        ("chat", "{x}"),
        ("chat", "给，{x}"),
        ("chat", "就这个{x}你查下"),
        ("screenshot", "上午9:12\n{x}\n已读"),
        ("chat", "{x}！！！"),
        ("chat", "记好了啊{x}别弄丢"),
        ("forum", "回复2楼：{x}"),
        ("chat", "嗯嗯（{x}）"),
    ),
    (
        ("chat", "发过了呀{x}"),
        ("chat", "{x}收到请回"),
        ("screenshot", "昨天\n长按复制\n{x}"),
        ("chat", "我这边显示{x}对不对"),
        ("chat", "哦哦～{x}～"),
        ("chat", "「{x}」这个"),
        ("forum", "沙发，{x}，谢谢楼主"),
        ("chat", "你看{x}是不是少了一位"),
    ),
)

WAYBILL: Carriers = (
    (
        ("courier_message", "您的快件（{l}{x}）正在派送中，请保持电话畅通"),
        ("chat", "亲，{l}：{x}，今天发出的哈"),
        ("chat", "{l}{x}怎么三天没动了"),
        ("form", "{l} {x}"),
        ("screenshot", "物流信息\n{l}：{x} 复制\n运输中"),
        ("courier_message", "【快递】{l} {x} 已签收，感谢使用"),
        ("chat", "麻烦催一下 {l}是{x}"),
        ("forum", "{l}{x}卡在中转站一周了，怎么投诉"),
    ),
    (
        ("courier_message", "尊敬的客户，{l}[{x}]已到达本市营业点，预计今日送达"),
        ("chat", "给你发了哈，{l}，{x}，注意查收"),
        ("chat", "查不到啊 {l}:{x}"),
        ("form", "{l}\t{x}\t{date}"),
        ("screenshot", "包裹详情 〉\n{l}\n{x}\n已揽收"),
        ("review", "{l}{x}，等了{n}天才到，盒子都压扁了"),
        ("email", "您咨询的{l}（{x}）已转交站点处理。"),
        ("chat", "单子是{l}的 {x} 退回来了"),
    ),
)

PICKUP: Carriers = (
    (
        ("courier_message", "【菜鸟驿站】您有包裹已到站，{l}{x}，请于21:00前来取"),
        ("courier_message", "【驿站】{l}：{x}，营业时间8:30-20:30"),
        ("chat", "帮我带下快递呗 {l}{x}"),
        ("chat", "{l}是{x}，谢啦"),
        ("screenshot", "待取件\n{l}\n{x}\n出示身份码"),
        ("courier_message", "请凭{l} {x} 领取您的包裹，24小时内免费存放"),
    ),
    (
        ("courier_message", "【丰巢】{l}[{x}]，包裹已存入快递柜，18小时后开始收费"),
        ("courier_message", "亲爱的用户，您的{l}为“{x}”，请尽快领取"),
        ("chat", "老公下班顺路拿一下，{l} {x}"),
        ("chat", "没收到短信，是{x}这个{l}吗"),
        ("screenshot", "我的包裹（{n}）\n{l}：{x}\n已到站"),
        ("courier_message", "包裹到啦！{l}→{x}，忙时可委托他人"),
    ),
)

PLATE: Carriers = (
    (
        ("chat", "{l}{x}，停在地库出口"),
        ("chat", "{x}挪一下车"),
        ("notice", "请{x}车主速到前台"),
        ("form", "{l}：{x}"),
        ("screenshot", "停车缴费\n{x}\n应付{price}元"),
        ("forum", "曝光{x}，高速占应急车道"),
        ("chat", "师傅开的白色车{x}，到门口了"),
        ("log", "闸机入场 {l}={x}"),
    ),
    (
        ("chat", "麻烦{x}把车开走，堵门了"),
        ("chat", "我打的车是{x}你看到没"),
        ("notice", "违章提醒：您的车辆{x}于{date}有新记录"),
        ("form", "{l}\t{x}\t临时车"),
        ("screenshot", "司机已接单\n{x} 黑色\n预计3分钟"),
        ("forum", "求认识（{x}）车主，灯没关"),
        ("chat", "访客登记下，{l}是{x}"),
        ("review", "代驾{x}刮了车门不承认，{n}分不能再多"),
    ),
)

HANDLE: Carriers = (
    (
        ("chat", "{l}：{x}，备注来意"),
        ("chat", "{l} {x} 详聊"),
        ("forum", "想要的{l}{x}"),
        ("chat", "我{l}是{x}"),
        ("forum", "九成新，{price}出，有意{l}: {x}"),
        ("form", "{l}\t{x}"),
        ("chat", "你搜{l}{x}就能找到我"),
        ("review", "卖家让我{l}【{x}】返现，大家小心"),
    ),
    (
        ("chat", "{l}→{x}"),
        ("chat", "{l}，{x}，同意一下"),
        ("forum", "资料自取，{l}：{x}（别在评论问了）"),
        ("chat", "换号了，{l} {x}"),
        ("form", "{l}|{x}|本人"),
        ("screenshot", "名片\n{l}: {x}\n添加到通讯录"),
        ("chat", "{l}是 {x} 你加下"),
        ("notice", "入群请先{l}：{x}，注明单元号"),
    ),
)

CODE: Carriers = (
    (
        ("code", '{l} = "{x}"'),
        ("chat", "帮看看是不是{l}过期了：{x}"),
        ("log", "config loaded, {l}={x}"),
        ("forum", "{l}填的{x}，一直报403"),
    ),
    (
        ("code", "export {l}='{x}'"),
        ("chat", "{l}给你 {x} 先用着"),
        ("log", "[WARN] {l}: {x} (deprecated)"),
        ("forum", "代码里写死了{l}：{x} 能跑通"),
    ),
)
URL: Carriers = (
    (("code", "{l}=postgres://app:{x}@db.internal:5432/shop"), ("chat", "{l}是 redis://default:{x}@cache.internal:6379/0 吧")),
    (("code", "{l}: mysql+pymysql://svc:{x}@db.lan:3306/orders?charset=utf8"), ("log", "connect {l} amqp://mq:{x}@mq.lan:5672/ ok")),
)  # fmt: skip
PASSWORD: Carriers = (
    (
        ("chat", "{l}是{x}，进去改一下"),
        ("chat", "{l}：{x}"),
        ("notice", "账号已开通，{l}为{x}，首次登录请修改"),
        ("chat", "wifi{l}{x}"),
    ),
    (
        ("chat", "{l}:{x} 别外传"),
        ("chat", "后台{l}我改成{x}了"),
        ("email", "初始{l}：{x}，请妥善保管。"),
        ("form", "{l}={x}"),
    ),
)

#: Name, telephone and address in one message, as people paste them.
RECIPIENT: Carriers = (
    (
        ("form", "收货人：{name}\n手机号码：{mobile}\n所在地区：{address}"),
        ("chat", "{name} {mobile} {address}"),
        ("chat", "{name}，{mobile}，{address}"),
        ("chat", "地址改成{address}，{name}，{mobile}"),
        ("form", "收件人: {name} 电话: {mobile} 地址: {address}"),
        ("chat", "{mobile} {name} {address}"),
        ("screenshot", "{name}  {mobile}\n{address}\n默认"),
        ("courier_message", "派件：{name} {mobile} {address}，到付{price}元"),
        ("chat", "寄给{name}吧，电话{mobile}，{address}"),
        ("form", "姓名：{name}；联系电话：{mobile}；详细地址：{address}；"),
    ),
    (
        ("form", "收货人 {name}\n联系方式 {mobile}\n收货地址 {address}"),
        ("chat", "{address} {name} {mobile}"),
        ("chat", "{address}，{name}收，{mobile}"),
        ("chat", "麻烦发到{address}\n收件人{name}\n{mobile}"),
        ("form", "收:{name}/{mobile}/{address}"),
        ("chat", "{name}\n{mobile}\n{address}"),
        ("screenshot", "送至 {address}\n{name} {mobile}"),
        ("courier_message", "寄件人：{name}（{mobile}），取件地址：{address}"),
        ("chat", "帮我改地址！新地址：{address} 姓名{name} 手机{mobile}"),
        ("form", "收货信息：{name}，{mobile}，{address}，邮编{n}"),
    ),
)
#: Parts of it.
PARTIAL: Carriers = (
    (
        ("chat", "收货人写{name}，电话{mobile}"),
        ("chat", "送到{address}，放门口就行"),
        ("courier_message", "您好{name}，您的外卖已送达{address}"),
        ("chat", "我叫{name}，住{address}"),
        ("form", "签收人：{name}"),
        ("chat", "{name}女士的快递，打{mobile}没人接"),
    ),
    (
        ("chat", "改成{name}收，号码{mobile}"),
        ("chat", "退货寄{address}对吗"),
        ("courier_message", "骑手已到{address}，请{name}下楼取餐"),
        ("chat", "本人{name}，家庭住址{address}"),
        ("form", "经办人：{name}　　联系电话：{mobile}"),
        ("chat", "找{name}先生，他的号是{mobile}"),
    ),
)

HANT: Carriers = (
    (
        ("chat", "我的{l}是{x}，麻煩幫我查一下"),
        ("form", "{l}：{x}"),
        ("notice", "系統登記的{l}為{x}，如有錯誤請聯絡客服。"),
        ("chat", "{l}{x}，請問幾時到貨"),
        ("screenshot", "會員資料\n{l}\n{x}\n修改"),
    ),
    (
        ("chat", "不好意思{l}打錯了，改成{x}"),
        ("form", "{l}　{x}　已驗證"),
        ("review", "客服一直要{l}，給了{x}還是查不到"),
        ("email", "您好，茲附上{l}（{x}），煩請核對。"),
        ("chat", "{l}係{x}呀，唔該"),
    ),
)

FAMILIES: dict[str, Carriers] = {
    "zh_labelled": LABELLED,
    "zh_bare": BARE,
    "zh_waybill": WAYBILL,
    "zh_pickup": PICKUP,
    "zh_plate": PLATE,
    "zh_handle": HANDLE,
    "zh_code": CODE,
    "zh_url": URL,
    "zh_password": PASSWORD,
    "zh-Hant_labelled": HANT,
    "zh_recipient": RECIPIENT,
    "zh_partial": PARTIAL,
}
