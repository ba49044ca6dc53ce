"""Kinds of mainland China, Hong Kong, Macau and Taiwan: papers, cards, telephones, addresses of mail and handles."""

from __future__ import annotations

import string
from random import Random

from tests.holdout import checks
from tests.holdout.kind import WIDE, Kind, day, digits, form, fours, grouped, hexes, letters, words

_AREAS = (
    "110105 310115 440305 330106 320505 510107 420111 350582 410105 370203 610113 530111 120101 210102 230102 450103"
).split()
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def _resident(rng: Random) -> str:
    y, m, d = day(rng)
    body = f"{rng.choice(_AREAS)}{y:04d}{m:02d}{d:02d}{rng.randint(1, 999):03d}"
    return body + checks.resident(body)


def _resident_x(rng: Random) -> str:
    while True:
        value = _resident(rng)
        if value.endswith("X"):
            return value


def _resident15(rng: Random) -> str:
    y, m, d = day(rng, 1950, 1984)
    return f"{rng.choice(_AREAS)}{y % 100:02d}{m:02d}{d:02d}{rng.randint(1, 999):03d}"


def _resident_wrong(rng: Random) -> str:
    value = _resident(rng)
    return value[:-1] + rng.choice([c for c in string.digits if c != value[-1]])


def _hkid(rng: Random, doubled: bool = False) -> tuple[str, str]:
    head = rng.choice(("WX", "XA", "XD", "XG")) if doubled else rng.choice("ABCDEGHKMPRSVYZ")
    number = digits(rng, 6)
    return head + number, checks.hong_kong(head, number)


def _hk_head(rng: Random) -> str:
    return rng.choice(("51", "54", "60", "62", "64", "92", "94", "96", "98"))


def _macau(rng: Random) -> str:
    return rng.choice("157") + digits(rng, 6)


def _taiwan(rng: Random, second: str = "12") -> str:
    head, number = rng.choice("ABCDEFGHJKLMNPQRSTUV"), rng.choice(second) + digits(rng, 7)
    return head + number + checks.taiwan(head, number)


def _plate(rng: Random, tail: str) -> str:
    return rng.choice(_PROVINCES) + rng.choice("ABCDEFGH") + tail


def _tail(rng: Random) -> str:
    body = list(digits(rng, 5))
    body[rng.randint(0, 4)] = rng.choice(_PLATE)
    return "".join(body)


def _card(rng: Random, size: int, heads: tuple[str, ...]) -> str:
    head = rng.choice(heads)
    body = head + digits(rng, size - 1 - len(head))
    return body + checks.luhn(body)


_UNION19 = ("621700", "622202", "622848", "621661", "622588", "621483")
_UNION16 = ("625955", "622575", "628288", "622609")
_WORLD16 = ("4", "51", "52", "54", "55")


def _mobile(rng: Random) -> str:
    heads = "134 135 136 137 138 139 147 150 151 152 157 158 159 178 182 183 187 188 198 130 131 132 155 156 166 175 176 185 186 133 153 173 177 180 181 189 191 199"
    return rng.choice(heads.split()) + digits(rng, 8)


def _landline(rng: Random) -> tuple[str, str]:
    area = rng.choice(("010", "021", "0755", "0571", "028", "027", "025", "0411", "0591", "0312"))
    return area, digits(rng, 7 if area == "0312" else 8, "25678")


def _uscc(rng: Random) -> str:
    org = letters(rng, 8, "0123456789ABCDEFGHJKLMNPQRTUWXY")
    body = rng.choice(("91", "92", "93", "51")) + rng.choice(_AREAS) + org + checks.organisation(org)
    return body + checks.uscc(body)


def _handle(rng: Random, half: str) -> str:
    stems = {
        "d": "sunny moonlight xiaoyu lele dahai keke chenguang tiantian huahua vivi".split(),
        "h": "rainy starfish xiaobei mumu yuanfang nana qingfeng doudou momo lulu".split(),
    }[half]
    stem = rng.choice(stems)
    return rng.choice(
        (
            f"{stem}{digits(rng, 4)}",
            f"{stem}_{digits(rng, 3)}",
            f"wxid_{letters(rng, 14, string.ascii_lowercase + string.digits)}",
            f"{stem}-{rng.choice(stems)}{digits(rng, 2)}",
        )
    )


def _iban(rng: Random, country: str) -> str:
    rest = {
        "GB": lambda: f"NWBK{digits(rng, 14)}",
        "DE": lambda: digits(rng, 18),
        "NL": lambda: f"ABNA{digits(rng, 10)}",
        "BR": lambda: f"{digits(rng, 23)}P{digits(rng, 1)}",
    }[country]()
    return country + checks.iban(country, rest) + rest


def _mail(rng: Random, half: str) -> tuple[str, str]:
    users = {
        "d": ("zhangsan", "li.na", "sunny_88", "kefu.wang", "m.chen"),
        "h": ("wangwu", "zhao.lei", "rainy-21", "liuxing", "t.huang"),
    }
    hosts = {
        "d": ("qq.com", "163.com", "example.com", "foxmail.com"),
        "h": ("126.com", "example.cn", "outlook.com", "sina.com"),
    }
    return rng.choice(users[half]) + digits(rng, rng.randint(1, 3)), rng.choice(hosts[half])


_ID = ("zh_labelled",)
_BARE = ("zh_labelled", "zh_bare")

_DOC = [
    Kind(
        "resident_id",
        "CN_RESIDENT_ID",
        (
            form("plain", _resident),
            form("plain", _resident),
            form("d:x", lambda r: _resident_x(r)[:-1] + "x"),
            form("h:X", _resident_x),
            form("d:6-8-4", lambda r: grouped(_resident(r), 6, 8)),
            form("h:6-4-4-4", lambda r: grouped(_resident(r), 6, 4, 4)),
            form("d:hyphens", lambda r: grouped(_resident(r), 6, 8, mark="-")),
            form("h:3-3-4-4-4", lambda r: grouped(_resident(r), 3, 3, 4, 4)),
            form("d:wide", lambda r: _resident(r).translate(WIDE)),
            form("h:wide X", lambda r: _resident_x(r).translate(WIDE)),
        ),
        words("身份证号|身份证|身份证号码", "证件号|居民身份证|公民身份号码"),
        _BARE,
        count=80,
    ),
    Kind(
        "resident_id_wrong_check",
        "CN_RESIDENT_ID",
        (form("wrong", _resident_wrong),),
        words("身份证号|身份证号码", "身份证|公民身份号码"),
        _ID,
        count=24,
    ),
    Kind(
        "resident_id_15",
        "CN_RESIDENT_ID",
        (form("15", _resident15),),
        words("身份证号|旧身份证号", "身份证|一代身份证"),
        _ID,
        count=24,
    ),
    Kind(
        "hong_kong_id",
        "NATIONAL_ID",
        (
            form("brackets", lambda r: "{}({})".format(*_hkid(r))),
            form("d:two letters", lambda r: "{}({})".format(*_hkid(r, True))),
            form("h:full-width brackets", lambda r: "{}（{}）".format(*_hkid(r))),
            form("d:plain", lambda r: "".join(_hkid(r))),
            form("h:spaced", lambda r: "{} ({})".format(*_hkid(r))),
        ),
        words("香港身份证|香港身份证号码|HKID", "香港身份證號碼|HKID card|香港居民身份证"),
        _BARE,
        ("zh", "zh-Hant"),
        48,
    ),
    Kind(
        "macau_id",
        "NATIONAL_ID",
        (
            form("brackets", lambda r: f"{_macau(r)}({digits(r, 1)})"),
            form("d:slashes", lambda r: f"{(m := _macau(r))[0]}/{m[1:]}/{digits(r, 1)}"),
            form("h:full-width brackets", lambda r: f"{_macau(r)}（{digits(r, 1)}）"),
        ),
        words("澳门身份证|澳门身份证号", "澳門居民身份證|澳门居民身份证号码"),
        _ID,
        ("zh", "zh-Hant"),
        32,
    ),
    Kind(
        "taiwan_id",
        "NATIONAL_ID",
        (
            form("plain", _taiwan),
            form("d:small letter", lambda r: _taiwan(r).lower()),
            form("h:spaced", lambda r: grouped(_taiwan(r), 1, 3, 3)),
            form("h:resident", lambda r: _taiwan(r, "89")),
        ),
        words("台湾身份证|身分證字號", "身份證字號|统一证号|台湾身份证字号"),
        _BARE,
        ("zh", "zh-Hant"),
        40,
    ),
    Kind(
        "permit_to_mainland",
        "NATIONAL_ID",
        (
            form("8 digits", lambda r: r.choice("HM") + digits(r, 8)),
            form("d:with version", lambda r: r.choice("HM") + digits(r, 8) + "0" + r.choice("0123")),
        ),
        words("回乡证|回乡证号", "港澳居民来往内地通行证|回乡证号码"),
        _ID,
        count=32,
    ),
    Kind(
        "permit_to_hong_kong",
        "NATIONAL_ID",
        (
            form("8 digits", lambda r: "C" + digits(r, 8)),
            form("h:two letters", lambda r: "C" + letters(r, 1, "ABCDEFGHJK") + digits(r, 7)),
        ),
        words("港澳通行证|往来港澳通行证号", "港澳通行证号|往来港澳通行证"),
        _ID,
        count=32,
    ),
    Kind(
        "taiwan_permit",
        "NATIONAL_ID",
        (form("8 digits", lambda r: digits(r, 8)),),
        words("台胞证|台胞证号", "台湾居民来往大陆通行证|台胞证号码"),
        _ID,
        count=32,
    ),
    Kind(
        "permit_to_taiwan",
        "NATIONAL_ID",
        (form("8 digits", lambda r: r.choice("TL") + digits(r, 8)),),
        words("往来台湾通行证|台湾通行证", "大陆居民往来台湾通行证|入台通行证"),
        _ID,
        count=24,
    ),
    Kind(
        "residence_permit",
        "CN_RESIDENT_ID",
        (
            form(
                "hk mo tw",
                lambda r: (
                    (
                        b := r.choice(("810000", "820000", "830000"))
                        + "{:04d}{:02d}{:02d}".format(*day(r))
                        + digits(r, 3)
                    )
                    + checks.resident(b)
                ),
            ),
        ),
        words("港澳台居住证|居住证号", "港澳居民居住证|台湾居民居住证"),
        _BARE,
        count=24,
    ),
    Kind(
        "passport",
        "NATIONAL_ID",
        (
            form("E", lambda r: "E" + digits(r, 8)),
            form("d:E letter", lambda r: "E" + letters(r, 1, "ABCDEFGHJK") + digits(r, 7)),
            form("h:G", lambda r: "G" + digits(r, 8)),
            form("h:spaced", lambda r: "E" + " " + digits(r, 8)),
            form("d:official", lambda r: r.choice(("SE", "PE", "DE")) + digits(r, 7)),
            form("d:small", lambda r: "e" + digits(r, 8)),
        ),
        words("护照号|护照|护照号码", "护照编号|因私护照|passport no"),
        _ID,
        count=48,
    ),
    Kind(
        "uscc",
        "ORGANISATION",
        (
            form("plain", _uscc),
            form("d:spaced", lambda r: grouped(_uscc(r), 2, 6, 9)),
            form("h:fours", lambda r: fours(_uscc(r))),
        ),
        words("统一社会信用代码|税号", "社会信用代码|纳税人识别号|开票税号"),
        _BARE,
        count=40,
    ),
    Kind(
        "plate",
        "PLATE",
        (
            form("five", lambda r: _plate(r, digits(r, 5))),
            form("letter", lambda r: _plate(r, _tail(r))),
            form("dot", lambda r: (p := _plate(r, _tail(r)))[:2] + "·" + p[2:]),
            form("new energy", lambda r: _plate(r, r.choice("DF") + digits(r, 5))),
            form("d:spaced", lambda r: (p := _plate(r, _tail(r)))[:2] + " " + p[2:]),
            form("h:hyphen", lambda r: (p := _plate(r, _tail(r)))[:2] + "-" + p[2:]),
            form("d:new energy lorry", lambda r: _plate(r, digits(r, 5) + r.choice("DF"))),
            form("h:new energy dot", lambda r: (p := _plate(r, r.choice("DF") + digits(r, 5)))[:2] + "·" + p[2:]),
            form("h:small", lambda r: (p := _plate(r, _tail(r)))[0] + p[1:].lower()),
            form("d:police", lambda r: _plate(r, digits(r, 4)) + r.choice("警学")),
            form("h:border", lambda r: "粤Z" + digits(r, 4) + r.choice("港澳")),
        ),
        words("车牌|车牌号", "车牌号码|车号"),
        ("zh_plate",),
        count=80,
    ),
]
_MONEY = [
    Kind(
        "bank_card",
        "BANK_CARD",
        (
            form("19 plain", lambda r: _card(r, 19, _UNION19)),
            form("16 plain", lambda r: _card(r, 16, _UNION16)),
            form("19 fours", lambda r: fours(_card(r, 19, _UNION19))),
            form("d:16 hyphens", lambda r: fours(_card(r, 16, _WORLD16), "-")),
            form("h:16 fours", lambda r: fours(_card(r, 16, _WORLD16))),
            form("d:6-13", lambda r: grouped(_card(r, 19, _UNION19), 6)),
            form("h:wide", lambda r: _card(r, 19, _UNION19).translate(WIDE)),
            form("d:17", lambda r: _card(r, 17, ("622908", "622909"))),
            form("h:18", lambda r: _card(r, 18, ("622908", "621462"))),
            form("h:no-break spaces", lambda r: fours(_card(r, 19, _UNION19), "\xa0")),
        ),
        words("卡号|银行卡号|建行卡", "工行卡号|收款账号|储蓄卡号"),
        _BARE,
        count=80,
    ),
    Kind(
        "bank_card_wrong_check",
        "BANK_CARD",
        (form("wrong", lambda r: (c := _card(r, 19, _UNION19))[:-1] + str((int(c[-1]) + r.randint(1, 9)) % 10)),),
        words("银行卡号|卡号", "收款卡号|打款账户"),
        _ID,
        count=24,
    ),
    Kind(
        "iban",
        "BANK_ACCOUNT",
        (
            form("plain", lambda r: _iban(r, r.choice(("GB", "DE", "NL")))),
            form("fours", lambda r: fours(_iban(r, r.choice(("GB", "DE", "NL", "BR"))))),
        ),
        words("IBAN|收款账户", "IBAN 号|国际账号"),
        ("zh_labelled", "en_labelled"),
        ("zh", "en"),
        32,
    ),
    Kind(
        "crypto",
        "CRYPTO_WALLET",
        (
            form("ethereum", lambda r: "0x" + hexes(r, 40)),
            form("tron", lambda r: "T" + letters(r, 33, "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")),
        ),
        words("钱包地址|USDT地址", "收币地址|TRC20 地址"),
        _ID,
        count=20,
    ),
]
_CONTACT = [
    Kind(
        "mobile",
        "PHONE_NUMBER",
        (
            form("plain", _mobile),
            form("3-4-4 spaces", lambda r: grouped(_mobile(r), 3, 4)),
            form("3-4-4 hyphens", lambda r: grouped(_mobile(r), 3, 4, mark="-")),
            form("+86", lambda r: "+86" + _mobile(r)),
            form("wide", lambda r: _mobile(r).translate(WIDE)),
            form("d:+86 spaced", lambda r: "+86 " + grouped(_mobile(r), 3, 4)),
            form("h:(86)", lambda r: "(+86)" + _mobile(r)),
            form("d:86-", lambda r: "86-" + _mobile(r)),
            form("h:0086", lambda r: "0086" + _mobile(r)),
            form("h:dots", lambda r: grouped(_mobile(r), 3, 4, mark=".")),
            form("d:wide hyphen", lambda r: grouped(_mobile(r), 3, 4, mark="－")),
            form("h:en dash", lambda r: grouped(_mobile(r), 3, 4, mark="–")),
            form("d:4-3-4", lambda r: grouped(_mobile(r), 4, 3)),
            form("h:3-3-5", lambda r: grouped(_mobile(r), 3, 3)),
        ),
        words("电话|手机号|联系方式", "手机|联系电话|打我电话"),
        _BARE,
        count=110,
    ),
    Kind(
        "landline",
        "PHONE_NUMBER",
        (
            form("hyphen", lambda r: "-".join(_landline(r))),
            form("d:brackets", lambda r: "({}){}".format(*_landline(r))),
            form("h:full-width brackets", lambda r: "（{}）{}".format(*_landline(r))),
            form("d:extension", lambda r: "-".join(_landline(r)) + "-" + digits(r, 3)),
            form("h:extension", lambda r: "-".join(_landline(r)) + "转" + digits(r, 4)),
            form("d:spaced", lambda r: " ".join(_landline(r))),
            form(
                "h:+86",
                lambda r: "+86 {} {}".format(*(p.lstrip("0") if i == 0 else p for i, p in enumerate(_landline(r)))),
            ),
            form("h:plain", lambda r: "".join(_landline(r))),
        ),
        words("座机|办公电话", "固话|家里电话"),
        _BARE,
        count=48,
    ),
    Kind(
        "local_line",
        "PHONE_NUMBER",
        (form("8 digits", lambda r: digits(r, 8, "268")),),
        words("座机|电话", "固定电话|门店电话"),
        _ID,
        count=24,
    ),
    Kind(
        "hk_phone",
        "PHONE_NUMBER",
        (
            form("+852", lambda r: f"+852 {_hk_head(r)}{digits(r, 2)} {digits(r, 4)}"),
            form("d:852-", lambda r: f"852-{_hk_head(r)}{digits(r, 6)}"),
            form("h:(852)", lambda r: f"(852) {_hk_head(r)}{digits(r, 2)}-{digits(r, 4)}"),
        ),
        words("香港电话|whatsapp", "香港手機|電話"),
        _BARE,
        ("zh", "zh-Hant"),
        24,
    ),
    Kind(
        "tw_phone",
        "PHONE_NUMBER",
        (
            form("09", lambda r: "09" + digits(r, 8)),
            form("d:09-", lambda r: grouped("09" + digits(r, 8), 4, 3, mark="-")),
            form("h:+886", lambda r: f"+886 9{digits(r, 2)} {digits(r, 3)} {digits(r, 3)}"),
            form("h:landline", lambda r: f"(02){digits(r, 4, '2')}-{digits(r, 4)}"),
        ),
        words("手機|台湾手机", "連絡電話|台灣電話"),
        _ID,
        ("zh-Hant",),
        24,
    ),
    Kind(
        "email_plain",
        "EMAIL_ADDRESS",
        (form("d:plain", lambda r: "@".join(_mail(r, "d"))), form("h:plain", lambda r: "@".join(_mail(r, "h")))),
        words("邮箱|email", "电子邮箱|E-mail"),
        _BARE,
        count=32,
    ),
    Kind(
        "email_obfuscated",
        "EMAIL_ADDRESS",
        (
            form("d:(at)", lambda r: "(at)".join(_mail(r, "d"))),
            form("d:[at][dot]", lambda r: "[at]".join(_mail(r, "d")).replace(".com", "[dot]com")),
            form("d:#", lambda r: "#".join(_mail(r, "d"))),
            form("d:wide at", lambda r: "＠".join(_mail(r, "d"))),
            form("d:艾特", lambda r: "艾特".join(_mail(r, "d"))),
            form("d:spaces", lambda r: " @ ".join(_mail(r, "d"))),
            form(
                "h: at  dot ",
                lambda r: " at ".join(_mail(r, "h")).replace(".com", " dot com").replace(".cn", " dot cn"),
            ),
            form("h:(a)", lambda r: "(a)".join(_mail(r, "h"))),
            form("h:点", lambda r: "@".join(_mail(r, "h")).replace(".com", "点com").replace(".cn", "点cn")),
            form("h:full stop", lambda r: "@".join(_mail(r, "h")).replace(".c", "。c")),
            form("h: AT ", lambda r: " AT ".join(_mail(r, "h"))),
            form("h:圈a", lambda r: "圈a".join(_mail(r, "h"))),
            form("h:wide", lambda r: "@".join(_mail(r, "h")).translate(WIDE).replace("@", "＠")),
        ),
        words("邮箱|邮箱地址", "电子邮件|邮箱号"),
        _ID,
        count=64,
    ),
    Kind(
        "wechat",
        "USERNAME",
        (
            form("d:handle", lambda r: _handle(r, "d")),
            form("h:handle", lambda r: _handle(r, "h")),
            form("h:small", lambda r: letters(r, 3, string.ascii_lowercase) + digits(r, 6)),
        ),
        words("微信号|微信|加v|vx|WeChat", "薇信|V信|wx号|加我微信|绿泡泡"),
        ("zh_handle",),
        count=80,
    ),
    Kind(
        "qq",
        "USERNAME",
        (
            form("number", lambda r: digits(r, r.randint(7, 10), "123456789")),
            form("d:spaced", lambda r: grouped(digits(r, 9, "123456789"), 3, 3)),
        ),
        words("QQ|QQ号|扣扣", "q号|企鹅号|Q Q"),
        ("zh_handle",),
        count=56,
    ),
    Kind(
        "dingtalk",
        "USERNAME",
        (form("d:handle", lambda r: _handle(r, "d")), form("h:handle", lambda r: _handle(r, "h"))),
        words("钉钉号|钉钉", "钉钉账号|DingTalk"),
        ("zh_handle",),
        count=24,
    ),
    Kind(
        "alipay_phone",
        "PHONE_NUMBER",
        (form("plain", _mobile), form("h:spaced", lambda r: grouped(_mobile(r), 3, 4))),
        words("支付宝|支付宝账号", "支付宝号|zfb"),
        ("zh_handle",),
        count=20,
    ),
    Kind(
        "alipay_mail",
        "EMAIL_ADDRESS",
        (form("d:plain", lambda r: "@".join(_mail(r, "d"))), form("h:plain", lambda r: "@".join(_mail(r, "h")))),
        words("支付宝|支付宝账号", "支付宝号|alipay"),
        ("zh_handle",),
        count=16,
    ),
    Kind(
        "other_handle",
        "USERNAME",
        (form("d:handle", lambda r: _handle(r, "d")), form("h:handle", lambda r: _handle(r, "h"))),
        words("抖音号|小红书号|快手号", "闲鱼号|微博账号|B站账号"),
        ("zh_handle",),
        count=32,
    ),
]

KINDS = (*_DOC, *_MONEY, *_CONTACT)
