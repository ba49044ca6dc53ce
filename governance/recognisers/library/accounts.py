"""Names that people have on services: WeChat, QQ, messengers, user names. By label, but for ids that say what they are."""

from __future__ import annotations

import re

from governance.recognisers.library.labelled import labelled
from governance.recognisers.library.words import spaced
from governance.recognisers.pattern import Pattern, Verdict

ENTITY = "USERNAME"
_MESSENGERS = (
    "加我, 加我微信, 加微信, 我的微信, add me, 微信, 微信号, 薇信, 威信, 徽信, 微 信, v信, 加v, 加微, 加vx, vx, wx, wxid, wechat, weixin, we chat, 企业微信, 微信同号, 小红书号, "
    "抖音号, 快手号, 旺旺, 陌陌, whatsapp, telegram, tg, 电报, 飞机号, line id, lineid, kakao, kakaotalk, 카카오톡, 카톡, zalo, skype, "
    "snapchat, snap, instagram, insta, ig, viber, discord, weibo, 微博, ไลน์, ไอดีไลน์"
)
_USERS = (
    "用户名, 登录名, 用户id, 用户ID, 会员名, 会员号, 会员id, 昵称, 账户名, 账号名, 用戶名, 會員, username, user name, user id, userid, "
    "login id, account id, member id, handle, nickname, screen name, usuario, usuário, nama pengguna, tên đăng nhập, "
    "아이디, ชื่อผู้ใช้, ユーザー名, логин"
)
_NAME = "@?[A-Z][A-Z0-9_.-]{3,31}(?![A-Za-z0-9_@])"
_QQ = "[1-9][0-9]{4,11}(?![0-9A-Za-z@.])(?!-[0-9])"
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
    labelled(ENTITY, "username.messenger", _MESSENGERS, _NAME, first="[a-z@]", check=_name, checked=0.85),
    labelled(ENTITY, "username.user", _USERS, _NAME, first="[a-z@]", check=_name, checked=0.8),
    labelled(ENTITY, "username.qq", "qq, qq号, 扣扣, 球球, 企鹅号, q号, 加q, qq群, 群号, 企鹅", _QQ, first="[1-9]", score=0.85),
    labelled(
        ENTITY, "username.number", "用户id, 会员号, 会员编号, 用户编号, uid, user id, userid, member id, customer id, 客户号",
        "[0-9]{4,20}(?![0-9A-Za-z])", first="[0-9]", score=0.75,
    ),
)  # fmt: skip
