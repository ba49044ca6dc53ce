"""Names that people have on services: WeChat, QQ, messengers, user names. By label, but for ids that say what they are."""

from __future__ import annotations

import re

from governance.recognisers.library.labelled import labelled
from governance.recognisers.library.words import spaced
from governance.recognisers.pattern import Pattern, Verdict

ENTITY = "USERNAME"
_MESSENGERS = (
    "add me, 加我, 加我微信, 加微信, 我的微信, 加个微信, 加个v, 加个微, 微信, 微信号, 微信id, 微信账号, 薇信, 威信, 徽信, 微 信, 维信, 薇：, 薇:, 微❤, 薇❤, 威❤, 徽❤, "
    "v❤, vx❤, 微♥, v♥, 加❤, 加微❤, 加薇, 加威, v信, 威：, 威:, ➕v, ➕vx, ➕微, ➕微信, +v, +vx, +微, +微信, 加v, 加微, 加vx, 加wx, vx, wx, wxid, vx同号, v同号, "
    "微信同号, wechat, wechat id, weixin, we chat, 企业微信, 企微, "
    "小红书号, 小红书, 小红书id, 抖音号, 抖音, 抖音id, 快手号, 快手, 快手id, 旺旺, 旺旺号, 旺旺id, 淘宝号, 淘宝id, 闲鱼号, 闲鱼id, 陌陌, 陌陌号, 支付宝, 支付宝账号, 支付宝帐号, "
    "支付宝账户, 支付寶, alipay, alipay id, alipay account, 钉钉, 钉钉号, 钉钉id, 釘釘, dingtalk, dingtalk id, 飞书, 飞书号, lark id, feishu, b站id, 知乎id, 贴吧id, "
    "whatsapp, telegram, telegram id, 电报, 电报号, 纸飞机, 飞机号, line id, lineid, kakao, kakaotalk, kakao id, 카카오톡, 카톡, 카톡 아이디, zalo, "
    "zalo id, skype, skype id, snapchat, instagram, instagram id, viber, discord, discord id, weibo, weibo id, 微博, 微博id, 微博号, ไลน์, ไอดีไลน์, ไอจี, shopee id, "
    "lazada id, tokopedia id, paypal, paypal.me, venmo, cash app, cashapp, tiktok id, телеграм, телега, тг, вк, вконтакте"
)
#: Too short to be a label without a sign behind it.
_SHORT = (
    "ig:, ig：, ig is, ig @, ig id, insta:, insta：, insta is, insta @, tg:, tg：, tg is, tg @, tg id, tg号, snap:, snap：, snap is, snap @, "
    "fb:, fb：, fb is, fb @, tt:, x: @, twitter:, twitter is, twitter @, line:, line：, line @, line is"
)
_USERS = (
    "用户名, 登录名, 用户id, 用户ID, 会员名, 会员号, 会员id, 昵称, 账户名, 账号名, 用戶名, 會員, username, user name, user id, userid, "
    "用户账号, 登录账号, 登陆账号, 登录id, 用户名为, login, login name, account name, account id, member id, handle, nickname, screen name, gamertag, "
    "usuario, nombre de usuario, usuário, nome de usuário, nama pengguna, tên đăng nhập, "
    "아이디, ชื่อผู้ใช้, ユーザー名, логин"
)
_NAME = "@?[A-Z][A-Z0-9_.-]{3,31}(?![A-Za-z0-9_@])"
_QQ = "[1-9][0-9]{4,11}(?![0-9A-Za-z@]|[.][0-9A-Za-z])(?!-[0-9])"
# What stands behind the name of a service when no name of a person does.
_WORDS = spaced(
    "group chat message messages app pay payment account number login user name official id and or is are the for me "
    "call video voice support mini program public android iphone download install online story live reels post posts"
)


def _name(found: re.Match[str]) -> Verdict:
    """A value with a digit, sign or @ is a name; a bare word only behind a colon or 号."""
    value, label = found["value"].rstrip(".-"), found.string[found.start() : found.start("value")]
    end = found.start("value") + len(value)
    if len(value) < 4 or value.lower() in _WORDS:
        return None
    if any(c in "0123456789_@" for c in value):
        return True, found.start("value"), end
    joined = label.rstrip(" \"'“「")
    if len(value) >= 5 and joined.endswith((":", "：", "号", "號", "id", "ID", "=", "我的微信", "加微信", "加我微信")):
        return 0.6, found.start("value"), end
    return None


PATTERNS = (
    Pattern(
        ENTITY,
        "username.wxid",
        needle="wxid_[a-z0-9_-]",
        verifier=re.compile("(?<![A-Za-z0-9])wxid_[a-z0-9_-]{6,32}"),
        score=0.95,
    ),
    labelled(ENTITY, "username.messenger", _MESSENGERS, _NAME, first="[a-z@]", check=_name, checked=0.85, commas=True),
    labelled(ENTITY, "username.messenger_short", _SHORT, _NAME, first="[a-z@]", check=_name, checked=0.85),
    # Accounts that are numbers or begin with one: Alipay, DingTalk, Xiaohongshu
    labelled(
        ENTITY, "username.messenger_number",
        "微信, 微信号, vx, wx, v信, 加v, 加微, 加微信, 支付宝, 支付宝账号, 钉钉, 钉钉号, 旺旺, 小红书号, 小红书, 抖音号, 抖音, 快手号, 快手, 飞书, 陌陌号, alipay, dingtalk, "
        "telegram, telegram id, line id, kakao id, zalo, discord id, uid",
        "[0-9][0-9A-Z_-]{4,24}(?![0-9A-Za-z@]|[.][0-9A-Za-z])", first="[0-9]", score=0.75,
    ),
    # A nick in Han letters, behind a label that can be nothing else and a colon
    Pattern(
        ENTITY,
        "username.nick",
        needle="(?:旺旺|淘宝|闲鱼|用户|会员|登录|微信|账户|账号|帐号|买家|卖家|店铺|昵)(?:号|名|名称|昵称|ID|Id|id|称|旺旺|昵称)(?: ?)(?::|：)",
        verifier=re.compile(
            "(?:(?:旺旺|淘宝|闲鱼|用户|会员|登录|微信|账户|账号|帐号|买家|卖家)(?:号|名|名称|昵称|ID|Id|id|旺旺)|昵称) ?[:：] ?[\"“「【]?"
            "(?P<value>(?!是|为|的|有|无|暂无|请|不)[0-9A-Za-z_\u4e00-\u9fff·~-]{2,20})"
        ),
        check=lambda found: any(not c.isascii() for c in found["value"]) or None,
        checked=0.65,
        reach=128,
        label=32,
    ),
    Pattern(
        ENTITY,
        "username.then_asked",
        # "zhang_san88，通过一下"
        needle="通过一下|通过下|麻烦通过|同意一下|加我|加一下|加下我|是我微信|我微信号|我的微信号|是我的微信",
        verifier=re.compile(
            "(?<![A-Za-z0-9_@./-])(?P<value>[A-Za-z][A-Za-z0-9_-]{5,19})(?: |，|,|。|~){0,3}"
            "(?:通过一下|通过下|麻烦通过|同意一下|加我|加一下|加下我|是我微信|这是我微信|是我的微信|我微信号|我的微信号)"
        ),
        check=lambda found: any(c in "0123456789_-" for c in found["value"]) or None,
        checked=0.75,
        reach=96,
    ),
    labelled(ENTITY, "username.user", _USERS, _NAME, first="[a-z@]", check=_name, checked=0.8),
    labelled(ENTITY, "username.qq", "qq, qq号, qq号码, qq账号, 扣扣, 扣扣号, 口口, 抠抠, 球球, 企鹅号, q号, q:, q：, 加q, 加扣, 加扣扣, ➕q, +q, qq群, 群号, 企鹅, 🐧, qq同号, tim", _QQ, first="[1-9]", score=0.85),
    labelled(ENTITY, "username.account", "账号, 帐号, 賬號", "[1-9][0-9]{4,10}(?![0-9A-Za-z@]|[.][0-9A-Za-z])(?!-[0-9])", first="[1-9]", score=0.7),
    labelled(
        ENTITY, "username.number", "用户id, 会员号, 会员编号, 用户编号, 工号, 学号, 会员卡号, uid, user id, userid, member id, customer id, customer number, client id, 客户号, 客户编号, employee id, employee number, id pelanggan, id cliente, número de cliente, mã khách hàng, รหัสลูกค้า, รหัสสมาชิก, 회원번호, 고객번호, 会員番号, お客様番号, id клиента, номер клиента",
        "[0-9]{4,20}(?![0-9A-Za-z])", first="[0-9]", score=0.75,
    ),
)  # fmt: skip
