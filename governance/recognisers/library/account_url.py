"""Links that lead to an account or carry one: profiles, user ids, addresses, tokens. Ordinary links stay.

Every link is looked at. One that names an account is personal data as a whole; any other is a shield, so that an
article number inside it is not taken for a telephone number.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from urllib.parse import parse_qsl, unquote, urlsplit

from governance.recognisers.library.checksums import resident_id
from governance.recognisers.library.words import spaced
from governance.recognisers.pattern import Pattern, Verdict

ENTITY = "ACCOUNT_URL"

_CHARS = r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]"
_REACH = 2560
_NEAR = 416
_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,6}[A-Za-z]{2,18}"

# Schemes whose whole point is a person or an account.
_PERSONAL = spaced(
    "mailto tel sms smsto weixin wechat wxp alipay alipays mqq mqqapi mqqwpa tencent qq skype whatsapp tg telegram"
    " line lineapp kakaotalk kakaolink sip sips xmpp facetime facetime-audio zalo viber fb fb-messenger twitter"
    " instagram snssdk1128 sinaweibo weibo taobao aliim wangwang otpauth"
)
_LONG_NAMES = tuple(name for name in sorted(_PERSONAL) if len(name) >= 6)
# Names of parameters that hold an account, a person, an address or a secret.
_KEYS = spaced(
    "uid user userid user_id username user_name uname account acct accountid account_id member memberid member_id"
    " openid open_id unionid union_id buyer buyerid buyer_id buyernick buyer_nick sellerid seller_id sellernick"
    " customer customerid customer_id custid nick nickname loginid login_id login token access_token accesstoken"
    " refresh_token id_token authtoken auth_token auth session sessionid session_id sid jsessionid phpsessid phone"
    " phonenumber phone_number mobile tel telephone msisdn cell email mail e_mail wxid wx wechat qq uin password"
    " passwd pwd secret apikey api_key appsecret app_secret idcard id_card idno realname real_name invitecode"
    " invite_code inviter inviter_id invite share_uid shareuid from_uid fromuid share_user_id shareid referrer_id"
    " referrer_uid profile profile_id profileid touid to_uid target_uid author_id authorid host_uid sec_uid sec_user_id"
    " user_number_id usernumid ticket signature sig amz_signature amz_security_token amz_credential goog_signature"
    " oss_signature auth_key otp sso passport orderid order_id waybill waybillno mailno"
)
# Folders behind which an account stands.
_FOLDERS = spaced(
    "u user users uid profile profiles people person member members account accounts space home author authors"
    " channel user-profile userprofile u-center usercenter id in add join invite reset verify unsubscribe"
)
_TOKEN_FOLDERS = spaced("reset verify unsubscribe invite join add")
# Pages that stand in the same places and are nobody's.
_PAGES = spaced(
    "login logout signin signup sign_in sign_up sign-in sign-up register registration settings setting agreement"
    " protocol help index list search all new edit password forgot about terms privacy guide faq center home me"
    " self info default main dashboard welcome explore hot top popular recommend"
)
# Parameters that number articles, pages and moments; an eleven-digit article is no telephone.
_ITEMS = spaced(
    "id itemid item_id item goodsid goods_id sku skuid sku_id spu spuid pid product_id productid aid vid cid tid"
    " page p t ts time timestamp _t _ v ver version gid shopid shop_id catid cat_id spm scm pvid num"
)
_MOBILE = re.compile(r"(?:\+|00)?(?:86)?1[3-9][0-9]{9}")
_MAILBOX = re.compile(r"[A-Za-z0-9._+-]+(?:@|%40)[A-Za-z0-9-]+(?:\.|%2[Ee])[A-Za-z]")
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}")
_NAME = re.compile(r"[A-Za-z0-9_.@%-]{2,64}")
_NUMBER = re.compile(r"[0-9]{4,20}")

# Sites whose first folder is an account: (end of host name) -> the rest of the path must be empty.
_NAMES_AT_TOP = (
    "twitter.com", "x.com", "instagram.com", "facebook.com", "fb.com", "threads.net", "t.me", "telegram.me",
    "wa.me", "github.com", "gitee.com", "gitlab.com", "medium.com", "vk.com", "ok.ru", "pinterest.com", "linktr.ee",
    "paypal.me", "ko-fi.com", "patreon.com", "snapchat.com", "zalo.me", "lin.ee", "twitch.tv", "blog.naver.com",
    "m.me", "space.bilibili.com", "user.qzone.qq.com", "bsky.app", "dribbble.com", "behance.net", "ask.fm", "about.me",
)  # fmt: skip
_NUMBERS_AT_TOP = (
    "weibo.com",
    "weibo.cn",
    "space.bilibili.com",
    "user.qzone.qq.com",
    "facebook.com",
    "zalo.me",
    "wa.me",
)
# Sites on which a folder of this name is a person.
_FOLDERS_OF = {
    "weibo.com": {"n", "u", "p"},
    "weibo.cn": {"n", "u"},
    "linkedin.com": {"in", "pub"},
    "douyin.com": {"user"},
    "kuaishou.com": {"profile"},
    "zhihu.com": {"people"},
    "line.me": {"p", "ti"},
    "steamcommunity.com": {"id", "profiles"},
    "reddit.com": {"u", "user"},
    "stackoverflow.com": {"users"},
    "youtube.com": {"c", "user", "channel"},
    "douban.com": {"people"},
    "tieba.baidu.com": {"home"},
    "qm.qq.com": {"cgi-bin", "q"},
    "u.wechat.com": {""},
}
_PERSONAL_HOST = re.compile(r"^(?:shop[0-9]+\.(?:m\.)?taobao|[0-9]{5,12}\.(?:user\.)?qzone\.qq)\.com$")


def _of(host: str, sites: tuple[str, ...]) -> bool:
    return any(host == site or host.endswith("." + site) for site in sites)


@lru_cache(maxsize=256)  # each link is asked about twice: is it an account, is it none
def names_account(url: str) -> bool | None:
    """Whether a link leads to an account or carries one; ``None`` if the text is not a usable link.

    ``url`` may lack its scheme (``weibo.com/u/1``).
    """
    try:
        parts = urlsplit(url if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d)", url) else "//" + url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    # Letters may touch a scheme from the left.
    if scheme in _PERSONAL or scheme.endswith(_LONG_NAMES):
        return len((parts.netloc + parts.path + parts.query).strip("/")) > 0
    if not host or (not scheme and "." not in host):
        return None
    if "@" in parts.netloc or _MAILBOX.search(url) or _JWT.search(url):
        return True
    if _PERSONAL_HOST.match(host):
        return True
    query = parse_qsl(parts.query.replace(";", "&")) + parse_qsl(parts.fragment.partition("?")[2] or parts.fragment)
    for key, value in query:
        name = key.lower().replace("-", "_").removeprefix("x_")
        if name in _KEYS and value:
            return True
        if name not in _ITEMS and _personal_number(value):
            return True
    return _path_names_account(host, [unquote(part) for part in parts.path.split("/") if part])


def _path_names_account(host: str, path: list[str]) -> bool:
    if not path:
        return False
    if any(_personal_number(part) or (part.startswith("@") and len(part) > 1) for part in path):
        return True
    first, rest = path[0], path[1:]
    if not rest:
        if _of(host, _NUMBERS_AT_TOP) and _NUMBER.fullmatch(first):
            return True
        if _of(host, _NAMES_AT_TOP) and _NAME.fullmatch(first) and first.lower() not in _PAGES:
            return "." not in first or not _of(host, ("github.com", "gitee.com", "gitlab.com"))
    for site, folders in _FOLDERS_OF.items():
        if _of(host, (site,)) and first.lower() in folders and rest:
            return True
    return any(_account_after(folder.lower(), name) for folder, name in pairwise(path))


def _account_after(folder: str, name: str) -> bool:
    if folder not in _FOLDERS or folder in {"id", "in", "home", "channel"}:
        return folder in {"home", "channel", "id"} and _NUMBER.fullmatch(name) is not None
    stem = name.lower().partition(".")[0]
    if stem in _PAGES or not _NAME.fullmatch(name):
        return False
    if folder in _TOKEN_FOLDERS:
        return len(name) >= 8 and any(c.isdigit() for c in name)
    return True


#: A pair of coordinates in a link to a map: `library.places` finds it there, so that the link must not hide it.
_PLACE = re.compile(
    "[=@/:,]-?[0-9]{1,3}[.][0-9]{3,15}(?:,|%2C|%2c|;|/)(?: |[+]|%20)?-?[0-9]{1,3}[.][0-9]{3,15}(?![0-9A-Za-z.])"
)


def _personal_number(value: str) -> bool:
    parts = re.split("[^0-9A-Za-z+]+", value)
    return any(map(_is_personal, parts)) if len(parts) > 1 else _is_personal(value)


def _is_personal(value: str) -> bool:
    return _MOBILE.fullmatch(value) is not None or (
        re.fullmatch(r"[1-9][0-9]{16}[0-9Xx]", value) is not None and resident_id(value)
    )


_LINK_SIGN = re.compile(r"[/?]|\A[Ww]{3}\.")


def _trimmed(text: str, start: int, end: int) -> int:
    """The end of a link without the punctuation of the sentence around it."""
    while end > start:
        last = text[end - 1]
        pair = {")": "(", "]": "["}.get(last)
        unpaired = pair is not None and text.count(pair, start, end) < text.count(last, start, end)
        if last not in ".,;:!?'*~" and not unpaired:
            break
        end -= 1
    return end


def _check(wanted: bool, found: re.Match[str]) -> Verdict:
    end = _trimmed(found.string, found.start(), found.end())
    link = found.string[found.start() : end]
    if names_account(link) is not wanted or not _LINK_SIGN.search(link):
        return None
    if not wanted and _PLACE.search(link) is not None:
        return None
    # A link to a bare machine address is that address and something behind it.
    if not wanted and re.match(r"[a-z]*:?/{0,2}(?:[0-9]{1,3}\.){3}[0-9]|[a-z]+://\[", found[0]):
        return None
    return True, found.start(), end


_SERVICE = re.compile(r"(?:\+?86-?)?[48]00-?[0-9]{3}-?[0-9]{4}|1[0-9]{2,4}|9[56][0-9]{3,5}")
_MARKUP = frozenset("\"'(<=")


def _check_scheme(found: re.Match[str]) -> Verdict:
    """``mailto:`` must hold an address. ``tel:`` counts inside markup, where it is a link; in running text it is a
    label, and so are ``WeChat:`` and the like without slashes: other patterns know better where the value ends."""
    text, start = found.string, found.start()
    end = _trimmed(text, start, found.end())
    scheme, _, rest = text[start:end].partition(":")
    scheme, rest = scheme.lower(), unquote(rest)
    if len(scheme) < 6 and start and text[start - 1].isascii() and text[start - 1].isalnum():
        return None  # "gossip:"
    if scheme in ("tel", "sms", "smsto", "facetime"):
        linked = start > 0 and text[start - 1] in _MARKUP
        if not linked or _SERVICE.fullmatch(rest) or sum(c.isdigit() for c in rest) < 7:
            return None
    elif scheme == "mailto":
        if not re.match(r"[^@?]+@[^@?]+\.[A-Za-z]", rest):
            return None
    elif scheme in ("wechat", "weixin", "whatsapp", "skype") and not rest.startswith("//"):
        return None
    return (True, start, end) if len(rest.strip("/")) >= 3 else None


# A digit before a scheme is the number of a list; before a bare host it is part of the host.
_LINK = re.compile(
    r"(?:(?<![A-Za-z])[A-Za-z][A-Za-z0-9+.-]{1,20}://|(?<![A-Za-z@.-])[Ww]{3}\."
    rf"|(?<![A-Za-z0-9@._-]){_HOST}[/?]){_CHARS}{{1,2048}}"
)
_LINK_NEEDLE = r"://|[Ww][Ww][Ww]\.|[A-Za-z0-9]\.[A-Za-z]{2,18}[/?]"

PATTERNS = (
    Pattern(
        ENTITY,
        "account_url.link",
        needle=_LINK_NEEDLE,
        verifier=_LINK,
        check=lambda found: _check(True, found),
        checked=0.9,
        score=0.0,
        reach=_REACH,
        near=_NEAR,
    ),
    Pattern(
        ENTITY,
        "account_url.scheme",
        # mailto:, tel: and other schemes without slashes
        needle=r"(?i)(?:mailto|tel|sms|smsto|skype|sip|sips|xmpp|facetime|weixin|wechat|whatsapp|otpauth):[^ ]",
        verifier=re.compile(
            r"(?:mailto|tel|sms|smsto|skype|sip|sips|xmpp|facetime|weixin|wechat|whatsapp|otpauth)"
            rf":{_CHARS}{{3,512}}",
            re.IGNORECASE | re.ASCII,
        ),
        check=_check_scheme,
        checked=0.9,
        score=0.0,
        reach=_REACH,
        near=_NEAR,
    ),
)

#: Ordinary links keep other patterns out. Listed last: any hit of the same length wins over them.
SHIELDS = (
    Pattern(
        "URL",
        "url.ordinary",
        needle=_LINK_NEEDLE,
        verifier=_LINK,
        check=lambda found: _check(False, found),
        checked=0.5,
        score=0.0,
        kind="shield",
        reach=_REACH,
        near=_NEAR,
    ),
)
