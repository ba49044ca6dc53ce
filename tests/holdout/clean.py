"""Hard negatives: messages that look as if they held personal data and hold none.

Slots: ``{nK}`` K digits, ``{h8}`` eight hex digits, ``{price}``, ``{date}``, ``{isbn}``, ``{u}`` two capitals.
"""

from __future__ import annotations

_ZH_DEV = """chat|亲，这款是华为Mate{n2}Pro，{n3}G内存，现价{price}元
chat|客服热线400-{n3}-{n4}，周一到周日9:00-21:00
chat|有问题请拨打95338或者12306，前台不能转接
product|小米电饭煲 4L MDFBZ{n2}ACM 智能预约 {n4}W
product|ISBN {isbn} 精装 定价{price}元 {date}出版
notice|本店货号{n6}，尺码{n3}/92A，库存{n4}件，满{n3}减{n2}
forum|第{n2}集{n2}分{n2}秒那段配乐太好听了
review|用了{n2}天，掉色，一百多块不值，{n1}星
title|长安十二时辰 第{n2}集 {n4}P 高清
notice|标准GB/T {n5}-2022自{date}起实施
notice|活动时间：{date} 00:00 至 {date} 23:59，每人限购{n1}件
chat|您的手机号138****{n4}已绑定成功
chat|收件人：<PERSON>，电话：<PHONE_NUMBER>
chat|屏幕是{n4}x{n4}的，电池{n4}mAh，重{n3}克
chat|比分{n2}:{n2}，最后{n1}秒绝杀
chat|版本更新到v{n1}.{n2}.{n3}，修复了{n2}个问题
query|{n2}寸行李箱 女 静音万向轮 {n4}新款
title|{n4}年度十大好书推荐
notice|股票代码{n6}，收盘价{price}，成交量{n6}手
chat|微信支付优惠，最高减{n2}元，扫码就行
chat|快递一般三到五天到，单号发货后会更新的
chat|取件码会发短信给你的，别着急
chat|身份证正反面都要拍清楚哦
product|奥迪A{n1}L {n2}TFSI 时尚动感型 指导价{price}万
forum|这条高速限速{n3}，G{n2}和S{n3}交界那里
log|GET /api/v2/items/{n3} 200 {n2}ms
notice|条形码69{n8}{n3}，保质期{n2}个月
title|万历十五年
query|老干妈 风味豆豉 {n3}g*{n1}瓶
chat|加点糖和盐，{n3}克面粉，{n2}度烤{n2}分钟"""
_ZH_HELD = """chat|宝贝型号SM-G{n4}，{n2}+{n3}的，券后{price}
chat|官方电话是400{n7}，其他都是骗子
chat|建行打95533，移动打10086，别接陌生电话
product|美的空调 KFR-{n2}GW/N8MJC1 大1.5匹 能效一级
product|书号{isbn}，印张{n2}.5，字数{n3}千
notice|款号{u}{n5}黑色缺货，预计{date}补货
forum|{n4}章之后节奏变慢，{n3}万字还没完结
review|标的{n3}ml实际{n3}ml都不到，{price}块钱打水漂
title|三体：第{n1}季第{n2}集
notice|依据GB {n4}-2018第{n1}.{n1}.{n1}条执行
notice|报名{date}截止，共{n3}人，录取{n2}人
chat|尾号{n4}的卡扣款{price}元
chat|姓名：***，手机：***********
chat|分辨率{n4}*{n4}，刷新率{n3}Hz，{n2}位色深
chat|下半场{n2}分钟换人，{n1}比{n1}战平
chat|固件{n1}.{n1}.{n4}装完要重启
query|男鞋 {n2}码 透气 跑步 {n4}春季
title|{n2}个让你少走弯路的习惯
notice|基金{n6}净值{n1}.{n4}，较上日+{n1}.{n2}%
chat|QQ音乐会员买一年送{n1}个月
chat|运单号等仓库出了再给您登记
chat|车牌要拍全，别反光
chat|支付宝和微信都能付的
product|宝马{n3}Li M运动套装 {date}上市
forum|京{n2}线和沪{n2}线哪条快
log|batch {n6} done rows={n7} cost={n3}s
notice|批号{n8}，生产日期{date}
title|围城
query|黄飞红麻辣花生 {n3}克 袋装
chat|水烧到{n2}度，茶叶{n1}克，泡{n2}秒"""

TEXTS: dict[str, tuple[str, str]] = {
    "zh": (_ZH_DEV, _ZH_HELD),
    "en": (
        """product|Logitech M{n3} wireless mouse, 2.4 GHz, {n4} dpi, ${price}
title|The Last Lighthouse: A Novel
notice|Article {n6} ships in {n1} to {n1} weeks, MOQ {n3}
product|ISBN {isbn}, hardcover, {n3} pages
query|queen size bed frame {n2} inch grey
log|GET /items/{n5} 200 in {n3} ms
review|Lasted {n1} months, then the zip broke. {n1}/5.
chat|Version {n1}.{n2}.{n1} fixes the crash on startup""",
        """product|Bosch GSR {n2}V-{n2} drill, {n1}.0 Ah, part no. 0601{n6}
title|A Winter Without Snow (Season {n1})
notice|SKU {u}-{n5} is out of stock until {date}
product|{isbn} paperback {n3} g
query|stainless steel kettle {n1}.{n1} l
log|worker {n2} finished chunk {n4} of {n4}
review|Ordered {n1}, got {n1}. Price {price} is a joke.
chat|It scored {n2}-{n2} at half time""",
    ),
    "es": (
        "product|Taladro {n3} W, {n4} rpm, garantía {n1} años\nreview|Llegó en {n1} días, talla {n2}, precio {price}\nnotice|Ref. {n6}, oferta válida hasta {date}\ntitle|El jardín de los relojes",
        "product|Televisor {n2} pulgadas 4K modelo {u}{n4}\nreview|Duró {n1} meses y costó {price}\nnotice|Artículo {n5} agotado, vuelve el {date}\ntitle|La última estación del tren",
    ),
    "pt": (
        "product|Furadeira {n3} W, {n4} rpm, {n3} V\nreview|Chegou em {n1} dias, tamanho {n2}, paguei {price}\nnotice|Ref. {n6}, promoção até {date}\ntitle|O jardim dos relógios",
        "product|Geladeira {n3} litros frost free {u}{n4}\nreview|Durou {n1} meses, nota {n1}\nnotice|Produto {n5} esgotado\ntitle|A última estação",
    ),
    "id": (
        "product|Sepatu lari ukuran {n2}, harga Rp{n3}.000\nreview|Barang sampai {n1} hari, bintang {n1}\nnotice|Kode barang {n6}, promo sampai {date}\ntitle|Hujan di Bulan Juni",
        "product|Kipas angin {n2} inci {n2} watt {u}-{n4}\nreview|Baru {n1} minggu sudah rusak\nnotice|Stok {n5} habis\nquery|tas ransel wanita {n2} liter",
    ),
    "vi": (
        "product|Áo thun cỡ {n2}, giá {n3}.000đ\nreview|Giao {n1} ngày, cho {n1} sao\nnotice|Mã hàng {n6}, khuyến mãi đến {date}",
        "product|Nồi cơm điện {n1}.{n1} lít {u}{n4}\nreview|Dùng {n1} tháng thì hỏng\nnotice|Hết hàng mã {n5}",
    ),
    "th": (
        "product|พัดลม {n2} นิ้ว ราคา {n3} บาท\nreview|ส่ง {n1} วัน ให้ {n1} ดาว\nnotice|รหัสสินค้า {n6} โปรถึง {date}",
        "product|หม้อหุงข้าว {n1}.{n1} ลิตร รุ่น {u}{n4}\nreview|ใช้ได้ {n1} เดือนก็พัง\nnotice|สินค้า {n5} หมด",
    ),
    "ko": (
        "product|무선 청소기 {n3}W 모델 {u}{n4}\nreview|배송 {n1}일 걸렸고 별 {n1}개\nnotice|상품번호 {n6}, {date}까지 할인",
        "product|전기밥솥 {n1}인용 {n4}W\nreview|{n1}개월 쓰고 고장났어요\nnotice|{n5}번 상품 품절",
    ),
    "ru": (
        "product|Чайник {n1}.{n1} л, {n4} Вт, арт. {n6}\nreview|Доставили за {n1} дня, оценка {n1}\nnotice|Акция до {date}, скидка {n2}%",
        "product|Пылесос {n4} Вт, модель {u}-{n4}\nreview|Сломался через {n1} месяца\nnotice|Товар {n5} закончился",
    ),
}


def lines(language: str, half: int) -> list[tuple[str, str]]:
    """(genre, template) of one half."""
    parts = (line.partition("|") for line in TEXTS[language][half].splitlines())
    return [(genre, text) for genre, _, text in parts]
