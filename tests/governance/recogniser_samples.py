"""Invented personal data in the forms people write: one table for all tests of the recognisers.

Numbers are made up: mainland mobiles and lines are repetitive, North American ones are 555-01xx, resident ids carry
county codes that no county has, cards are test prefixes, hosts are under example.com, addresses RFC 5737 and 3849.
"""

from __future__ import annotations

from datetime import date
from random import Random

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def resident_id(body: str) -> str:
    """17 digits and their check character (GB 11643-1999), worked out apart from the product."""
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


def luhn_digit(body: str) -> str:
    """The digit that makes `body` pass (ISO/IEC 7812-1), worked out apart from the product."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return str(-total % 10)


def card(prefix: str, length: int, rng: Random) -> str:
    body = prefix + "".join(str(rng.randrange(10)) for _ in range(length - len(prefix) - 1))
    return body + luhn_digit(body)


ID_18 = resident_id("11019919900307853")
ID_X = next(n for n in (resident_id(f"3201991985061{i:04d}") for i in range(2000)) if n.endswith("X"))
CARD_16 = "4111111111111111"
CARD_19 = "621234" + "000000000001" + luhn_digit("621234" + "000000000001")

#: Entity -> texts that are one whole value of it, found without any words beside them.
ALONE: dict[str, tuple[str, ...]] = {
    "EMAIL_ADDRESS": (
        "a.b@example.com",
        "first_last+tag@mail.example.co.uk",
        "x1@example.org",
        "josé@example.com",
        "10001@qq.example.com",
        "name[at]example.com",
        "name (at) example (dot) com",
        "name at example dot com",
        "name＠example.com",
        "ｎａｍｅ＠ｅｘａｍｐｌｅ．ｃｏｍ",
        "name【at】mail.example.com",
    ),
    "PHONE_NUMBER": (
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "138.0013.8000",
        "1380013 8000",
        "138 00138000",
        "1 3 8 0 0 1 3 8 0 0 0",
        "+8613800138000",
        "+86 138 0013 8000",
        "+86-13800138000",
        "(+86)13800138000",
        "（+86）138-0013-8000",
        "8613800138000",
        "0086 13800138000",
        "１３８００１３８０００",
        "１３８－００１３－８０００",
        "＋８６１３８００１３８０００",
        "138—0013—8000",
        "138\u00a00013\u00a08000",
        "138\u30000013\u30008000",
        "13\u200b80\u200b0138000",
        "010-69590000",
        "01069590000",
        "(010)69590000",
        "（0755）2590 0000",
        "0571-8590000",
        "021-6959-0000转8012",
        "+86-10-6959-0000",
        "+1 212 555 0123",
        "+1 (212) 555-0123",
        "+65 6123 4567",
        "+44 20 7946 0018",
        "+55 11 91234-5678",
        "+84 912 345 678",
    ),
    "CN_RESIDENT_ID": (
        ID_18,
        ID_X,
        ID_X.lower(),
        f"{ID_18[:6]} {ID_18[6:14]} {ID_18[14:]}",
        f"{ID_X[:6]}-{ID_X[6:14]}-{ID_X[14:]}",
        f"{ID_18[:6]} {ID_18[6:10]} {ID_18[10:14]} {ID_18[14:]}",
        "".join(chr(ord(c) + 0xFEE0) for c in ID_X),
        ID_18[:-1] + str((int(ID_18[-1]) + 1) % 10),
    ),
    "BANK_CARD": (
        CARD_16,
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        CARD_19,
        f"{CARD_19[:6]} {CARD_19[6:]}",
        f"{CARD_19[:4]} {CARD_19[4:8]} {CARD_19[8:12]} {CARD_19[12:16]} {CARD_19[16:]}",
        "３７８２８２２４６３１０００５",
        "3782 822463 10005",
        "5555 5555 5555 4444",
    ),
    "IP_ADDRESS": (
        "192.0.2.17",
        "198.51.100.200",
        "2001:db8::8a2e:370:7334",
        "2001:db8:0:0:0:0:2:1",
        "fe80::1ff:fe23:4567:890a",
        "１９２．０．２．１７",
    ),
    "MAC_ADDRESS": ("02:1A:2B:3C:4D:5E", "02-1a-2b-3c-4d-5e", "021a.2b3c.4d5e"),
    "ACCOUNT_URL": (
        "https://weibo.com/u/1234567890",
        "https://example.com/user/zhang_san88",
        "http://www.example.com/profile?uid=12345&x=1",
        "https://example.com/reset?token=a1b2c3d4e5",
        "https://shop123456.taobao.com/",
        "weixin://dl/chat?user_x",
        "https://space.bilibili.com/10000001",
        "https://user:secret@example.com/x",
        "https://t.me/somebody01",
        "mailto:a.b@example.com",
    ),
    "BANK_ACCOUNT": ("GB82WEST12345698765432", "GB82 WEST 1234 5698 7654 32", "DE89370400440532013000"),
    "NATIONAL_ID": (
        "A123456(3)",
        "S1234567D",
        "1-2345-67890-12-1",
        "123.456.789-09",
        "12.345.678-5",
        "880101-14-0000",
        "880101-1234567",
        "112-233-445 95",
    ),
    "PLATE": ("京A12345", "粤B·D0001", "沪AD00012"),
    "WAYBILL": ("RR123456785CN", "SF1234567890123", "YT1234567890123"),
    "SECRET": (
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMDAwIn0.AAAAAAAAAAAAAAAA",
        "AKIAIOSFODNN7EXAMPLE",
        "ghp_000000000000000000000000000000000000",
    ),
    "USERNAME": ("wxid_a1b2c3d4e5f6g7",),
}

#: Entity -> (before, value, after): found because of the words beside them.
LABELLED: dict[str, tuple[tuple[str, str, str], ...]] = {
    "PHONE_NUMBER": (
        ("电话：", "69590000", "。"),
        ("联系电话", "6959-0000", "，谢谢"),
        ("座机是", "8590000", "。"),
        ("Call me on ", "555-0123 456", "."),
        ("teléfono ", "600 123 456", ""),
        ("전화번호는 ", "1588-0000-12", "입니다"),
        ("โทร ", "081 234 5678", ""),
        ("тел. ", "8 (900) 123-45-67", ""),
    ),
    "CN_RESIDENT_ID": (
        ("身份证号", "110199900307853", "，"),
        ("身份证：", "991399199013990017", "。"),
    ),
    "BANK_CARD": (
        ("卡号：", "6212340000000000018", "，"),
        ("卡号是 ", "0000".replace("0", "1") + "22223333", "。"),
        ("card number ", "4111 1111 1111 1112", ""),
    ),
    "BANK_ACCOUNT": (("银行账号 ", "111122223333", "。"), ("account number: ", "0001-2345678", ".")),
    "MAC_ADDRESS": (("MAC: ", "021a2b3c4d5e", ""),),
    "NATIONAL_ID": (
        ("护照号：", "E00000000", "，"),
        ("passport no. ", "X0000000", "."),
        ("SSN is ", "219099999", "."),
        ("CPF ", "12345678909", ""),
        ("港澳通行证", "C00000000", "。"),
    ),
    "ORDER_NUMBER": (
        ("订单号：", "20240520123456789", "，"),
        ("order #", "112-0000000-0000000", " is late"),
        ("好的，淘宝订单号[", "3137870613432342074", "]"),
        ("订单号发你了：", "269436124170", ""),
        ('{"order_no": "', "3137870613432342074", '"}'),
        ("<td>订单编号</td><td>", "3137870613432342074", "</td>"),
        ("mã đơn hàng của tôi là ", "240520123456", ""),
        ("หมายเลขคำสั่งซื้อ ", "240520123456", ""),
        ("номер заказа – ", "240520123456", ""),
        ("pedido nº ", "240520123456", ""),
    ),
    "WAYBILL": (
        ("快递单号", "773000000000000", "。"),
        ("tracking number: ", "1Z0000000000000000", ""),
        ("快递单号（申通）", "773000000000000", ""),
        ("trackingNo=", "773000000000000", "&x"),
        ("nomor resi saya ", "773000000000000", ""),
        ("운송장 번호는 ", "773000000000", "입니다"),
        ("трек-номер ", "773000000000000", ""),
    ),
    "PICKUP_CODE": (
        ("取件码", "3-2-1105", "，"),
        ("pick-up code ", "6-1-3245", "."),
        ("待取件\n提货码\n", "552830", "\n出示"),
        ("取货码发你了：", "D5-9763", "。"),
        ("kode pengambilan: ", "482910", ""),
        ("수령번호는 [", "482910", "]"),
    ),
    "SECRET": (
        ("验证码是", "483920", "，"),
        ("인증번호는 [", "482910", "]"),
        ("wifi密码", "Lucky#1545", "。"),
        ("SK填的", "ZaGJLr078oplaxLAJC4nZpSMiyM5l5", "，一直报403"),
        ("password: ", "hunter2!", ""),
        ("密码：", "Abc_12345", "，"),
    ),
    "USERNAME": (
        ("微信号：", "zhang_san88", "，"),
        ("加QQ", "10000001", "。"),
        ("username: ", "sunny_day7", ","),
        ("扣扣【", "113 429 466", "】"),
        ("微信号\t", "keke_050", ""),
        ("绿泡泡搜", "keke_050", ""),
        ("Zalo của tôi: ", "minh.anh92", ""),
        ("카톡 아이디 → ", "sunny_day7", ""),
    ),
    "LOCATION": (("定位填的", "41.312, 120.770", "。"), ("lat=", "39.908722", "&")),
    "CRYPTO_WALLET": (("USDT地址填的", "TnHofyx4S1MXvdtgUnDvCwYMCMxcd4z82v", "，"),),
    "ORGANISATION": (("税号", "91 120101 X2836N1L9 G", "，"),),
    "DEVICE_ID": (
        ("我的IDFA填的", "4AA74DF1-D98B-4D48-9F0F-6EA07087BF0F", "，"),
        ('{"android_id":"', "0826e9e1bd1e1bc5", '"}'),
        ("序列号→", "C02XK0AAJG5J", ""),
        ("IMEI: ", "490154203237518", ""),
        ("设备id ", "550e8400-e29b-41d4-a716-446655440000", "。"),
    ),
    "PLATE": (("license plate ", "ABC-1234", ""), ("车牌", "京ABCDEF", "。")),
    "EMAIL_ADDRESS": (("email: ", "name @ example.com", ""), ("邮箱 ", "name at example.com", "")),
}

#: Texts in which nothing is personal.
CLEAN: tuple[str, ...] = (
    "今天天气不错，我们去公园玩吧。",
    "The quick brown fox jumps over the lazy dog 42 times.",
    "价格是1299.00元，满2000减300",
    "版本1.2.3.4已经发布",
    "localhost is 127.0.0.1, any is 0.0.0.0",
    "2024-05-20 13:45:27.123456",
    "圆周率是3.14159265358979",
    "https://shop.example.com/item.htm?id=13800138000&skuId=4111111111111111",
    "看这里 https://example.com/news/2024/05/20/138001380001.html 不错",
    "www.example.com 是个例子",
    "icon@2x.png 和 @张三 说",
    "std::vector<int> a; ns::b::c()",
    "12:34:56 出发，ISBN 978-7-111-11111-1",
    "客服热线400-123-4567",
    "客服电话95588，或10086",
    "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "uuid 550e8400-e29b-41d4-a716-446655440000",
    "00000000-0000-4000-8000-018904798958",
    "d41d8cd98f00b204e9800998ecf8427e 36140521283624aabbccddeeff001122",
    "订单已发货，快递很快，密码忘记了怎么办",
    "I forgot my password, is there an order page? Tracking is nice.",
    "sinyal4G nya ok, pin the tail, token of love",
    "1/2 + 3/4 = 5/4，第12章第3节",
    "面积 120.5 平方米，邮编 100000",
    "条形码6928716942321，保质期92个月",
    "标准GB/T 13317-2022自2020-06-13起实施",
    "รหัสสินค้า 181549 โปรถึง 2019-08-09",
    "Mã hàng 302326, khuyến mãi đến 2019-06-19",
    "订单已付款，预计2024年5月20日送达，满300元减50元",
    "Order placed on 2024-05-01 12:30, 3 items, total 129.00",
    "取件时间9:00，共3件，快递费12元",
    "<PHONE_NUMBER> 和 <EMAIL_ADDRESS:abcdefgh> 已经换掉，138****8000 也是",
)


def born(rng: Random) -> str:
    day = date.fromordinal(rng.randrange(date(1950, 1, 1).toordinal(), date(2010, 1, 1).toordinal()))
    return f"{day:%Y%m%d}"
