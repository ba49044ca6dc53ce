"""Names that people have on services: WeChat, QQ, messengers, user names. By label, but for ids that say what they are."""

from __future__ import annotations

import re

from governance.recognisers.library.labelled import families, labelled
from governance.recognisers.library.words import spaced
from governance.recognisers.pattern import Context, Pattern, Verdict

ENTITY = "USERNAME"
_MESSENGERS = {
    "chinese": (
        "加我, 加我微, 加我v, 加我vx, 加我wx, 加我微信, 加微信, 加个微信, 加下微信, 我微信, 我的微信, 加个v, 加个微, 微信, 微信号, 微信id, 微信账号, 微信名, 微信昵称, 微信联系, 加好友, 加下我, 搜我, 搜索我, 联系我, 找我, 私我, 私聊, 薇信, 威信, 徽信, 微 信, 维信, 卫星, 卫星号, 绿泡泡, 绿信, 绿色软件, 绿聊, "
        "薇：, 薇:, 微：, 微:, 微❤, 薇❤, 威❤, 徽❤, v❤, vx❤, 微♥, v♥, 加❤, 加微❤, 加薇, 加威, v信, 威：, 威:, ➕v, ➕vx, ➕微, ➕微信, +v, +vx, +微, +微信, +薇, 加v, 加微, 加vx, 加wx, vx, wx, vx号, wx号, v号, v：, v:, 微：, 微:, wei信, "
        "wxid, vx同号, v同号, 微信同号, 微信搜, 企业微信, 企微, 公众号, 视频号, 小红书号, 小红书, 小红书id, 小红薯, 红书, 红书号, 抖音号, 抖音, 抖音id, 抖音账号, 某音, dy号, 快手号, 快手, 快手id, 快手账号, ks号, xhs, xhs号, 旺旺, 旺旺号, 旺旺id, 阿里旺旺, 千牛, 淘宝号, 淘宝id, 淘宝账号, 淘宝名, "
        "拼多多号, 闲鱼号, 闲鱼id, 闲鱼, 得物id, 陌陌, 陌陌号, 探探, 探探号, soul, 支付宝, 支付宝账号, 支付宝帐号, 支付宝号, 支付宝账户, zfb, 支付寶, 支付寶帳號, 钉钉, 钉钉号, 钉钉id, 钉钉账号, 釘釘, 釘釘號, 飞书, 飞书号, 飞书id, 飛書, b站, b站id, b站uid, b站号, 哔哩哔哩, bilibili, 知乎id, 知乎, "
        "贴吧id, 豆瓣id, 微博, 微博id, 微博号, 微博名, 网易云id, 网易id, 电报, 电报号, 纸飞机, 飞机号, 飞机, 推特, 脸书, 油管, 游戏id, 游戏名, 战网id, steam, steam id, 原神uid, 王者id, 吃鸡id, 微信號, 微信帳號, 加賴, 賴, 賴id, 我的賴, line帳號, 臉書, 推特帳號, 蝦皮帳號, 蝦皮, 小紅書, 小紅書號, 抖音號, 旺旺號, "
        "釘釘帳號, 帳號名稱, ig帳號, ig账号, line号, line账号, skype号, fb帳號, tg号, tg账号"
    ),
    "world": (
        "add me, add me on, find me on, dm me, text me on, msg me, message me, reach me on, hit me up, follow me, wechat, we chat, wechat id, wechat no, weixin, weixin id, wechat account, my wechat, qq id, alipay, alipay id, alipay account, dingtalk, dingtalk id, lark, lark id, feishu, "
        "whatsapp, whats app, facebook, telegram, telegram id, telegram handle, tele, my tele, line id, lineid, my line, kakao, kakaotalk, kakao talk, kakao id, kakaotalk id, zalo, zalo id, nick zalo, skype, skype id, snapchat, snap id, my snap, instagram, instagram id, insta, insta id, my insta, meu @, mi @, my @, ins, ins号, "
        "my ig, viber, viber id, discord, discord id, discord tag, weibo, weibo id, signal, signal id, threads, xiaohongshu, xhs id, red id, douyin, douyin id, kuaishou, kuaishou id, bilibili id, shopee, shopee id, lazada id, tokopedia id, carousell id, paypal, paypal id, paypal.me, venmo, cash app, cashapp, cashtag, "
        "zelle, tiktok, tiktok id, twitter handle, twitter id, x handle, facebook id, fb id, messenger id, youtube channel, twitch, twitch id, xbox gamertag, psn, psn id, steam id, epic id, github, gitlab, gitee, reddit, "
        "카카오톡, 카톡, 카톡 아이디, 카톡id, 카카오톡 id, 카카오톡 아이디, 카카오 아이디, 라인 아이디, 라인id, 텔레그램, 텔레그램 아이디, 텔레, 인스타, 인스타그램, 인스타 아이디, 위챗, 위챗 아이디, 디스코드, 트위터, ライン, ラインid, インスタ, ツイッター, カカオ, "
        "ไลน์, ไอดีไลน์, ไลน์ไอดี, ไอดี, แอดไลน์, ไอจี, อินสตาแกรม, เฟส, เฟซบุ๊ก, วีแชท, เทเลแกรม, "
        "телеграм, телеграмм, телеграме, телега, телеге, тг, вк, вконтакте, вацап, ватсап, вайбер, скайп, инстаграм, инста, дискорд, вичат, "
        "usuario de telegram, usuario de instagram, mi instagram, mi insta, mi telegram, mi wechat, meu insta, meu instagram, meu telegram, akun ig, akun instagram, akun telegram, akun tiktok, akun shopee, id line, id telegram, id wechat, id shopee, id zalo, akaun telegram, akaun ig, username tele, username telegram"
    ),
}
#: Too short to be a label without a sign behind it.
_SHORT = (
    "ig:, ig：, ig is, ig @, ig id, insta:, insta：, insta is, insta @, tg:, tg：, tg is, tg @, tg id, tg号, snap:, snap：, snap is, snap @, "
    "fb:, fb：, fb is, fb @, twitter:, twitter is, twitter @, line:, line：, line @, line is"
)
_USERS = (
    "用户名, 用户名称, 登录名, 登陆名, 登录id, 登录账号, 登陆账号, 登录帐号, 用户id, 用户ID, 用户账号, 用户号, 用户名为, 会员名, 会员号, 会员id, 会员账号, 会员昵称, 昵称, 网名, 花名, 账户名, 账户名称, 账号名, 账号名称, 账号id, 账号, 帐号, 账户, 买家id, 买家昵称, 买家账号, 卖家id, 卖家昵称, "
    "店铺id, 我的id, 我id, id是, id叫, id为, 游戏昵称, 角色名, 用戶名, 用戶名稱, 用戶id, 使用者名稱, 使用者帳號, 使用者代號, 會員, 會員帳號, 會員名, 會員名稱, 會員id, 登入帳號, 登入名稱, 帳號, 帳號名, 暱稱, 代號, 網名, 買家帳號, 賣家帳號, "
    "username, usernames, user name, user id, userid, user, user account, login, login name, loginname, login id, loginid, logon, signin name, sign-in name, account name, account id, account username, member id, member name, member, handle, handles, nickname, nick name, nick, alias, screen name, "
    "screenname, display name, profile name, buyer id, buyer name, buyer nick, seller id, seller nick, gamertag, gamer tag, ign, uname, usr, "
    "usuario, nombre de usuario, nombre usuario, id de usuario, mi usuario, alias, apodo, nick, usuário, nome de usuário, nome do usuário, meu usuário, id de usuário, apelido, login do usuário, "
    "nama pengguna, nama user, nama akun, id pengguna, nama akaun, akun, akaun, id akun, tên đăng nhập, tên tài khoản, tên người dùng, tên user, tài khoản, biệt danh, "
    "아이디, 유저명, 유저 아이디, 사용자명, 사용자 이름, 사용자 아이디, 회원 아이디, 로그인 아이디, 닉네임, 계정, 계정명, ชื่อผู้ใช้, ชื่อบัญชี, ชื่อยูส, ยูสเซอร์, ยูสเซอร์เนม, ชื่อล็อกอิน, ชื่อเล่นในเกม, ユーザー名, ユーザーid, アカウント名, アカウント, ログインid, "
    "логин, логин пользователя, имя пользователя, ник, никнейм, юзернейм, имя аккаунта, аккаунт, учетная запись, учётная запись, username ko, account ko"
)
#: With Skype's mark of a kind before it, or Discord's number behind it.
_NAME = "@?(?:live:)?[A-Z_][A-Z0-9_.-]{3,31}(?:#[0-9]{4})?(?![A-Za-z0-9_@])"
_QQ = "(?:[1-9][0-9]{4,11}|[1-9][0-9]{1,4}(?:[ .·_-][0-9]{2,5}){1,4}|[1-9](?:[ .-][0-9]){4,11})(?![0-9A-Za-z@]|[.][0-9A-Za-z])(?!-[0-9])"
# What stands behind the name of a service when no name of a person does.
_WORDS = spaced(
    "group chat message messages app pay payment account number login user name official id and or is are the for me "
    "call video voice support mini program public android iphone download install online story live reels post posts"
)


#: No word that people write holds so many consonants in a row.
_UNSPOKEN = re.compile("(?!.*(?:ght|sch|tch))[bcdfghjklmnpqrstvwxz]{5}")


def _name(found: re.Match[str]) -> Verdict:
    """A value with a digit, sign or @ is a name; a bare word only behind a colon or 号."""
    value, label = found["value"].rstrip(".-"), found.string[found.start() : found.start("value")]
    end = found.start("value") + len(value)
    if len(value) < 4 or value.lower() in _WORDS:
        return None
    if value[0] == "_" and label[-1:].isascii() and label[-1:].isalnum():
        return None  # "user_buffer", "GITHUB_TOKEN": a name in a program
    if any(c in "0123456789_@" for c in value) or _UNSPOKEN.search(value.lower()):
        return True, found.start("value"), end
    joined = label.rstrip(" \t\n\"'“‘「『【[(（<{@👉→")
    if len(value) >= 5 and joined.endswith(
        (":", "：", "号", "號", "id", "ID", "Id", "=", "我的微信", "加微信", "加我微信", "→", "⇒", ">")
    ):
        return 0.6, found.start("value"), end
    return None


#: What a mention of everybody is called, and rules and decorators of programs.
_NOBODY = spaced(
    "all everyone everybody here channel media import param params return returns override property see since user users username "
    "author version deprecated test interface charset font-face supports keyframes layer page throws example admin"
)
#: A name in Latin letters that other patterns find, and the Chinese that goes on behind it.
_THEN_CHINESE = re.compile("[A-Za-z][A-Za-z0-9_-]{4,31}(?=[\u4e00-\u9fff·~])")


def _nick(found: re.Match[str]) -> Verdict:
    """A name with Han letters. Behind a whole name in Latin letters they belong to the sentence."""
    value = found["value"]
    return None if value.isascii() or _THEN_CHINESE.match(value) else True


PATTERNS = (
    Pattern(
        ENTITY,
        "username.wxid",
        needle="wxid_[a-z0-9_-]",
        verifier=re.compile("(?<![A-Za-z0-9])(?:[vV][xX]?|[wW][xX])?(?P<value>wxid_[a-z0-9_-]{6,32})"),
        score=0.95,
    ),
    *families(ENTITY, "username.messenger", _MESSENGERS, _NAME, first="[a-z@_]", check=_name, checked=0.85, commas=True),
    Pattern(
        ENTITY,
        "username.x",
        # "X: @name": alone a letter and a colon are everywhere
        needle="[Xx](?:: @|:@|：@|： @)[A-Za-z_]",
        verifier=re.compile("(?<![A-Za-z0-9])[Xx][:：] ?(?P<value>@[A-Za-z_][A-Za-z0-9_]{3,15})(?![A-Za-z0-9_@.])"),
        score=0.8,
        label=4,
    ),
    Pattern(
        ENTITY,
        "username.mention",
        # "find me on Twitter as @name": a mention alone may be a place's, a medium's or a decorator's
        # not the "@" of an address of mail
        needle="(?:^|[^A-Za-z0-9_@./:-])@[A-Za-z_][A-Za-z0-9_.]{2}",
        verifier=re.compile("(?<![A-Za-z0-9_@./:-])@[A-Za-z_][A-Za-z0-9_.]{2,29}(?<![.])(?![A-Za-z0-9_@/(])"),
        context=Context(
            {
                "en": ("twitter", "instagram", "insta", "telegram", "tiktok", "snapchat", "threads", "mastodon", "facebook", "handle", "handles",
                       "username", "user", "follow", "follower*", "followed", "dm", "dms", "tweet*", "retweet*", "tagged", "ping", "cc", "thanks",
                       "hey", "hi", "hello", "message", "contact", "account", "youtube", "twitch", "discord"),
                "latin": ("usuario", "usuário", "sígueme", "síguenos", "seguir", "cuenta", "conta", "perfil", "akun", "pengguna", "ikuti", "nick", "tài khoản", "theo dõi", "gracias", "obrigado", "obrigada", "hola", "oi", "makasih"),
                "zh": ("推特", "微博", "脸书", "电报", "账号", "关注", "用户", "艾特", "回复"),
                "ru": ("телеграм*", "твиттер*", "инстаграм*", "аккаунт*", "ник", "подпис*", "пиши*", "привет", "спасибо"),
                "asian": ("트위터", "인스타", "인스타그램", "텔레그램", "아이디", "계정", "팔로우", "ทวิตเตอร์", "อินสตาแกรม", "ไอจี", "ไอดี", "ติดตาม"),
            },
            before=32,
            after=24,
            following=("on twitter", "on instagram", "on telegram", "on tiktok", "on x", "on threads", "twitter", "instagram", "telegram", "thank", "thanks", "wrote", "said", "posted", "tweeted", "replied"),
        ),
        check=lambda found: None if found[0][1:].lower() in _NOBODY else False,
        score=0.3,
        checked=0.3,
        contextual=0.7,
    ),
    labelled(ENTITY, "username.messenger_short", _SHORT, _NAME, first="[a-z@_]", check=_name, checked=0.85),
    # Accounts that are numbers or begin with one: Alipay, DingTalk, Xiaohongshu
    labelled(
        ENTITY, "username.messenger_number",
        "微信, 微信号, 微信id, vx, wx, v信, 加我, 加v, 加微, 加微信, 薇信, 威信, 绿泡泡, ➕v, +v, +vx, 抖音id, 快手id, 小红书id, 小红薯, dy号, ks号, xhs号, 淘宝id, b站uid, b站id, 原神uid, 游戏id, 游戏uid, 王者id, 豆瓣id, 知乎id, 知乎, 闲鱼号, 闲鱼id, 闲鱼, 得物id, 拼多多号, 拼多多id, 淘宝号, 京东id, 京东账号, 陌陌, 探探号, 探探id, 网易云id, 贴吧id, 米哈游uid, 微博id, 微博uid, 電報, telegram, whatsapp, skype, line, line id, zalo, kakao, 카톡, ไลน์, 微信號, 小紅書號, 抖音號, 支付宝, 支付宝账号, 钉钉, 钉钉号, 旺旺, 小红书号, 小红书, 抖音号, 抖音, 快手号, 快手, 飞书, 陌陌号, alipay, dingtalk, "
        "telegram, telegram id, line id, kakao id, zalo, discord id, uid",
        "[0-9][0-9A-Z_-]{4,24}(?![0-9A-Za-z@]|[.][0-9A-Za-z])", first="[0-9]", score=0.75, digits=4, body="[0-9a-z_-]",
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
        check=_nick,
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
        check=lambda found: any(c in "0123456789_-" for c in found["value"]) or _UNSPOKEN.search(found["value"]) is not None or None,
        checked=0.75,
        reach=96,
    ),
    *families(ENTITY, "username.user", {"names": _USERS}, _NAME, first="[a-z@_]", check=_name, checked=0.8),
    labelled(ENTITY, "username.qq",
        "qq, qq号, 我的q, 我q, 他的q, 她的q, qq号码, qq账号, qq帐号, qq小号, qq大号, qq联系, 扣扣, 扣扣号, 口口, 抠抠, 叩叩, 寇寇, 蔻蔻, 球球, 秋秋, 丘丘, 求求, 鹅号, 企鹅号, 企鹅, 企鹅群, 小企鹅, 🐧, q号, q群, q:, q：, q q, 加q, 加扣, 加扣扣, 加企鹅, 加球, ➕q, +q, +扣, qq群, qq群号, 群号, 群, 交流群, "
        "腾讯号, qq同号, tim, tim号, qq號, qq號碼, 企鵝, 企鵝號, 扣扣號, 群號, qqno, qq number, qq no, qq group, 큐큐, куку", _QQ, first="[1-9]", score=0.85, gap=10, over=6, digits=4, body="[0-9 ._-]",
    ),
    labelled(ENTITY, "username.account", "账号, 帐号, 賬號, 帳號, 游戏账号, 登录账号", "[1-9][0-9]{4,10}(?![0-9A-Za-z@]|[.][0-9A-Za-z])(?!-[0-9])", first="[1-9]", score=0.7, digits=4, body="[0-9]"),
    labelled(
        ENTITY, "username.number", "用户id, 会员号, 会员编号, 用户编号, 工号, 学号, 会员卡号, uid, user id, userid, member id, customer id, customer number, client id, 客户号, 客户编号, employee id, employee number, id pelanggan, id cliente, número de cliente, mã khách hàng, รหัสลูกค้า, รหัสสมาชิก, 회원번호, 고객번호, 会員番号, お客様番号, id клиента, номер клиента",
        "[0-9]{4,20}(?![0-9A-Za-z])", first="[0-9]", score=0.75, digits=3, body="[0-9]",
    ),
)  # fmt: skip
