"""Waybills, pick-up codes and order numbers; and what has no country: devices, places, secrets."""

from __future__ import annotations

import base64
import json
import string
from random import Random

from tests.holdout import checks
from tests.holdout.kind import Kind, digits, form, fours, grouped, hexes, letters, uuid, words


def _s10(rng: Random, heads: tuple[str, ...] = ("EA", "RR", "LX", "CP", "EE"), country: str = "CN") -> str:
    body = digits(rng, 8)
    return rng.choice(heads) + body + checks.postal(body) + country


def _imei(rng: Random) -> str:
    body = rng.choice(("86", "35", "01")) + digits(rng, 12)
    return body + checks.luhn(body)


def _iccid(rng: Random) -> str:
    body = rng.choice(("898600", "898601", "898603", "898607")) + digits(rng, 13)
    return body[:19] + checks.luhn(body[:19])


def _point(rng: Random) -> tuple[float, float]:
    return rng.uniform(20, 45), rng.uniform(100, 125)


def _jwt(rng: Random) -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).decode().rstrip("=")

    head = part({"alg": "HS256", "typ": "JWT"})
    body = part({"sub": digits(rng, 10), "iat": 1700000000 + rng.randint(0, 9999999)})
    return f"{head}.{body}.{letters(rng, 43, string.ascii_letters + string.digits + '-_')}"


_ALNUM = string.ascii_letters + string.digits


def _pem(rng: Random, name: str) -> str:
    body = "\n".join(letters(rng, 64, _ALNUM + "+/") for _ in range(3))
    return f"-----BEGIN {name}-----\n{body}\n{letters(rng, 38, _ALNUM)}==\n-----END {name}-----"


def _password(rng: Random) -> str:
    return f"{rng.choice(('Abc', 'Qwe', 'Sunny', 'Lucky', 'Pass'))}{rng.choice('@#!')}{digits(rng, 4)}"


_ID = ("zh_labelled",)
_BARE = ("zh_labelled", "zh_bare")
_WAY = ("zh_waybill",)
_WAYWORDS = words("快递单号|运单号|物流单号|单号", "快递号|运单编号|物流编号|快件单号")
_WAYBILLS = [
    Kind(
        "waybill_sf",
        "WAYBILL",
        (
            form("13", lambda r: "SF" + digits(r, 13, "1")),
            form("d:small", lambda r: "sf" + digits(r, 13, "1")),
            form("h:spaced", lambda r: "SF" + " " + grouped(digits(r, 13, "1"), 4, 4)),
        ),
        words("顺丰单号|顺丰运单", "顺丰快递|顺丰快件"),
        ("zh_waybill", "zh_bare"),
        count=32,
    ),
    Kind(
        "waybill_sf_12",
        "WAYBILL",
        (form("12", lambda r: digits(r, 12, "2367")),),
        words("顺丰单号|顺丰", "顺丰运单号|顺丰速运单号"),
        _WAY,
        count=20,
    ),
    Kind(
        "waybill_yto",
        "WAYBILL",
        (form("YT", lambda r: "YT" + digits(r, 13, "5678")), form("h:small", lambda r: "yt" + digits(r, 13, "8"))),
        words("圆通单号|圆通", "圆通快递|圆通速递"),
        ("zh_waybill", "zh_bare"),
        count=24,
    ),
    Kind(
        "waybill_zto",
        "WAYBILL",
        (
            form("14", lambda r: r.choice(("73", "75", "76", "78")) + digits(r, 12)),
            form("d:12", lambda r: r.choice(("53", "73")) + digits(r, 10)),
        ),
        words("中通单号|中通", "中通快递|中通运单"),
        _WAY,
        count=28,
    ),
    Kind(
        "waybill_sto",
        "WAYBILL",
        (form("15", lambda r: "77" + digits(r, 13)), form("d:13", lambda r: r.choice(("55", "22")) + digits(r, 11))),
        words("申通单号|申通", "申通快递|申通运单号"),
        _WAY,
        count=28,
    ),
    Kind(
        "waybill_yunda",
        "WAYBILL",
        (
            form("15", lambda r: r.choice(("43", "46", "31")) + digits(r, 13)),
            form("h:13", lambda r: "43" + digits(r, 11)),
        ),
        words("韵达单号|韵达", "韵达快递|韵达运单"),
        _WAY,
        count=28,
    ),
    Kind(
        "waybill_jt",
        "WAYBILL",
        (form("JT", lambda r: "JT" + digits(r, 13, "0235")),),
        words("极兔单号|极兔", "极兔速递|极兔运单"),
        ("zh_waybill", "zh_bare"),
        count=24,
    ),
    Kind(
        "waybill_jd",
        "WAYBILL",
        (
            form("JD", lambda r: "JD" + digits(r, 13, "0")),
            form("d:JDV", lambda r: "JDV" + digits(r, 12, "0")),
            form("h:JDX", lambda r: "JDX" + digits(r, 12, "0")),
            form("h:parcel", lambda r: "JD" + digits(r, 13, "0") + "-1-1-"),
        ),
        words("京东单号|京东快递", "京东物流|京东运单"),
        ("zh_waybill", "zh_bare"),
        count=32,
    ),
    Kind(
        "waybill_cainiao",
        "WAYBILL",
        (
            form("LP", lambda r: "LP00" + digits(r, 12)),
            form("d:CN", lambda r: "CNG00" + digits(r, 13)),
            form("h:AE", lambda r: "LP" + digits(r, 14, "0")),
        ),
        words("菜鸟单号|菜鸟", "菜鸟裹裹|菜鸟国际"),
        _WAY,
        count=24,
    ),
    Kind(
        "waybill_postal",
        "WAYBILL",
        (
            form("S10", _s10),
            form("d:spaced", lambda r: grouped(_s10(r), 2, 3, 3, 3)),
            form("h:abroad", lambda r: _s10(r, ("RB", "LZ", "EE"), r.choice(("MY", "SG", "TH")))),
            form("h:domestic", lambda r: r.choice(("10", "11", "99")) + digits(r, 11)),
        ),
        words("EMS单号|邮政单号", "邮政快递|EMS"),
        _WAY,
        count=32,
    ),
    Kind(
        "waybill_deppon",
        "WAYBILL",
        (form("DPK", lambda r: "DPK" + digits(r, 12)),),
        words("德邦单号|德邦", "德邦快递|德邦物流"),
        ("zh_waybill", "zh_bare"),
        count=20,
    ),
    Kind(
        "waybill_any",
        "WAYBILL",
        (
            form("12", lambda r: digits(r, 12, "123456789")),
            form("d:13", lambda r: digits(r, 13, "123456789")),
            form("h:15", lambda r: digits(r, 15, "3456789")),
        ),
        _WAYWORDS,
        _WAY,
        count=32,
    ),
    Kind(
        "pickup_code",
        "PICKUP_CODE",
        (
            form("rack", lambda r: f"{r.randint(1, 30)}-{r.randint(1, 9)}-{digits(r, 4)}"),
            form("6 digits", lambda r: digits(r, 6)),
            form("d:letter", lambda r: f"{r.choice('ABCD')}{r.randint(1, 20)}-{digits(r, 4)}"),
            form("h:letter", lambda r: f"{r.choice('EFGH')}-{r.randint(1, 20)}-{digits(r, 3)}"),
            form("d:8 digits", lambda r: digits(r, 8)),
            form("h:4 digits", lambda r: digits(r, 4)),
            form("h:two parts", lambda r: f"{digits(r, 3)}-{digits(r, 4)}"),
        ),
        words("取件码|取货码|提货码", "开柜码|取件号|自提码|取餐码"),
        ("zh_pickup",),
        count=90,
    ),
    Kind(
        "order_number",
        "ORDER_NUMBER",
        (
            form("19", lambda r: digits(r, 19, "1234")),
            form("12", lambda r: digits(r, 12, "123")),
            form(
                "d:dated",
                lambda r: f"{r.randint(23, 26):02d}{r.randint(1, 12):02d}{r.randint(1, 28):02d}" + "-" + digits(r, 15),
            ),
            form("h:letters", lambda r: r.choice(("E", "WX", "DD")) + "20" + digits(r, 14, "2")),
            form("h:16", lambda r: digits(r, 16, "1256")),
            form("d:18", lambda r: digits(r, 18, "7896")),
        ),
        words("订单号|订单编号|淘宝订单号", "订单号码|拼多多订单|交易单号|订单"),
        _ID,
        count=64,
    ),
]
_DEVICE = [
    Kind(
        "imei",
        "DEVICE_ID",
        (
            form("plain", _imei),
            form("d:spaced", lambda r: grouped(_imei(r), 2, 6, 6)),
            form("h:hyphens", lambda r: grouped(_imei(r), 2, 6, 6, mark="-")),
        ),
        words("IMEI|串号", "IMEI1|手机串号|imei码"),
        _BARE[:1],
        count=32,
    ),
    Kind(
        "iccid",
        "DEVICE_ID",
        (form("plain", _iccid), form("h:fours", lambda r: fours(_iccid(r)))),
        words("ICCID|SIM卡号", "iccid号|卡的ICCID"),
        _ID,
        count=24,
    ),
    Kind(
        "mac",
        "MAC_ADDRESS",
        (
            form("colons", lambda r: ":".join(hexes(r, 2, True) for _ in range(6))),
            form("d:hyphens", lambda r: "-".join(hexes(r, 2, True) for _ in range(6))),
            form("h:small", lambda r: ":".join(hexes(r, 2) for _ in range(6))),
            form("h:cisco", lambda r: ".".join(hexes(r, 4) for _ in range(3))),
        ),
        words("MAC地址|mac", "网卡地址|WLAN MAC"),
        _BARE[:1],
        count=28,
    ),
    Kind(
        "oaid",
        "DEVICE_ID",
        (
            form("16 hex", lambda r: hexes(r, 16)),
            form("uuid", uuid),
            form("h:64 hex", lambda r: hexes(r, 64)),
            form("d:32 hex", lambda r: hexes(r, 32)),
        ),
        words("OAID|设备号", "oaid值|设备标识"),
        _ID,
        count=32,
    ),
    Kind(
        "idfa",
        "DEVICE_ID",
        (form("uuid", lambda r: uuid(r, True)),),
        words("IDFA|广告标识符", "idfa码|苹果IDFA"),
        _ID,
        count=20,
    ),
    Kind(
        "android_id",
        "DEVICE_ID",
        (form("16 hex", lambda r: hexes(r, 16)),),
        words("AndroidID|android_id", "Android ID|安卓ID"),
        _ID,
        count=16,
    ),
    Kind(
        "coordinates",
        "LOCATION",
        (
            form("lat,lng", lambda r: "{:.6f},{:.6f}".format(*_point(r))),
            form("d:lng,lat", lambda r: "{1:.6f}, {0:.6f}".format(*_point(r))),
            form("h:named", lambda r: "{:.5f}°N, {:.5f}°E".format(*_point(r))),
            form("h:spaced", lambda r: "{:.5f} {:.5f}".format(*_point(r))),
            form(
                "d:degrees",
                lambda r: (
                    f"北纬{r.randint(20, 45)}°{r.randint(10, 59)}′{r.randint(10, 59)}″，东经{r.randint(100, 125)}°{r.randint(10, 59)}′{r.randint(10, 59)}″"
                ),
            ),
        ),
        words("坐标|定位", "经纬度|GPS位置"),
        _ID,
        count=40,
    ),
]
_SECRETS = [
    Kind("aws_key", "SECRET", (form("AKIA", lambda r: "AKIA" + letters(r, 16, string.ascii_uppercase + "234567")),), words("AccessKey|AK", "access_key_id|AWS key"), ("zh_code",), count=16),
    Kind("aliyun_key", "SECRET", (form("LTAI", lambda r: "LTAI5t" + letters(r, 18, _ALNUM)),), words("AccessKeyId|阿里云AK", "accessKeyId|ALIYUN_AK"), ("zh_code",), count=16),
    Kind("secret_key", "SECRET", (form("30", lambda r: letters(r, 30, _ALNUM)), form("h:40", lambda r: letters(r, 40, _ALNUM + "/+"))), words("AccessKeySecret|SK", "secret_key|client_secret"), ("zh_code",), count=24),
    Kind("github_token", "SECRET", (form("ghp", lambda r: "ghp_" + letters(r, 36, _ALNUM)), form("h:pat", lambda r: "github_pat_" + letters(r, 22, _ALNUM) + "_" + letters(r, 59, _ALNUM))), words("token|GitHub token", "GITHUB_TOKEN|访问令牌"), ("zh_code",), count=20),
    Kind("openai_key", "SECRET", (form("d:sk", lambda r: "sk-" + letters(r, 48, _ALNUM)), form("h:sk-proj", lambda r: "sk-proj-" + letters(r, 48, _ALNUM))), words("api key|key", "OPENAI_API_KEY|apikey"), ("zh_code",), count=16),
    Kind("jwt", "SECRET", (form("hs256", _jwt),), words("token|Authorization", "jwt|登录凭证"), ("zh_code",), count=16),
    Kind("pem", "SECRET", (form("rsa", lambda r: _pem(r, "RSA PRIVATE KEY")), form("h:pkcs8", lambda r: _pem(r, "PRIVATE KEY")), form("d:ec", lambda r: _pem(r, "EC PRIVATE KEY"))), words("私钥|证书", "密钥文件|private key"), ("zh_code",), count=12),
    Kind("password", "SECRET", (form("plain", _password),), words("密码|登录密码", "口令|password|pwd"), ("zh_password",), count=32),
    Kind("url_password", "SECRET", (form("14", lambda r: letters(r, 14, _ALNUM)),), words("数据库连接|DATABASE_URL", "连接串|DSN"), ("zh_url",), count=12),
]  # fmt: skip

KINDS = (*_WAYBILLS, *_DEVICE, *_SECRETS)
