"""Secrets: pick-up and verification codes, passwords, tokens, keys."""

from __future__ import annotations

import re

from governance.recognisers.library.labelled import has_digit, labelled
from governance.recognisers.library.words import listed, spaced
from governance.recognisers.pattern import Context, Pattern, Verdict

ENTITY = "SECRET"
_CODES = (
    "取件码, 取件号, 取件编号, 取件密码, 取件验证码, 提货码, 提货号, 提取码, 取餐码, 取餐号, 自提号, 收货码, 签收码, 核销码, 货架号, 格口号, 柜号, 凭, 凭码, 凭取件码, 凭提货码, 凭取货码, "
    "凭证码, 短信码, 手机验证码, 短信验证码, 动态口令, 授权码, 邀请码, 支付密码, 交易密码, 取款密码, 解锁码, 收件码, 取貨碼, 取件編號, 提貨碼, 認證碼, 取货码, 自提码, 开柜码, 开箱码, 取件密码, 验证码, 校验码, 动态码, 动态密码, 激活码, 兑换码, 券码, 门禁密码, 门锁密码, "
    "门禁, 取件碼, 驗證碼, pick-up code, pickup code, pick up code, collection code, locker code, verification code, "
    "security code, your code is, your code, otp code, otp is, auth code, authentication code, authorization code, confirmation pin, login code, sign-in code, "
    "2fa code, unlock code, redeem code, gift card code, voucher code, pickup pin, pickup number, retrieval code, delivery code, delivery pin, parcel code, "
    "locker pin, activation code, access code, door code, gate code, entry code, otp, one-time code, one time password, passcode, "
    "pin, pin code, pin number, código de acceso, código de entrega, código de retiro, clave, clave dinámica, código de acesso, token de acesso, código de entrega, código pix, código de verificación, código de recogida, código de verificação, código de retirada, kode otp, "
    "kode verifikasi, kode pengambilan, mã xác nhận, mã xác thực, mã otp, mã nhận hàng, 인증번호, 認証コード, 暗証番号, "
    "รหัสรับพัสดุ, รหัส otp, รหัสยืนยัน, код подтверждения, код получения, код выдачи, код из смс, код доступа, код, пин-код, пин код, 확인번호, 본인확인번호, 비밀코드, 보관함 비밀번호, 픽업번호, 受取番号, 確認コード, kode pickup, kode paket, kode akses, kode verifikasi anda adalah, kode otp anda, "
    "kode, mã pin, mã lấy hàng, mã otp của bạn là, mã, รหัสรับของ, รหัสผ่านครั้งเดียว, รหัส"
)
_CODE = "(?:[0-9]{3}[ -][0-9]{3}|G-[0-9]{6}|[0-9A-Z]{1,3}-[0-9]{1,3}-[0-9]{2,6}|[A-Z]?[0-9]{1,3}-[0-9]{3,6}|[0-9]{3,8}|[A-Z0-9]{4,12})#?(?![0-9A-Za-z])(?!-[0-9])"
_PASSWORDS = (
    "密码, 登录密码, 口令, 密碼, password, passwd, pwd, passphrase, contraseña, senha, kata sandi, sandi, mật khẩu, 비밀번호, "
    "パスワード, รหัสผ่าน, пароль, 暗号, 解压密码, 初始密码, 新密码, 旧密码, wifi密码, wi-fi密码, wifi password, wifi pass, clave, contrasena, "
    "palavra-passe, kata laluan, "
    "secret key, secretkey, secret_key, client secret, client_secret, clientsecret, api key, apikey, api_key, api-key, api secret, api_secret, apisecret, x-api-key, "
    "access key, accesskey, access_key, accesskeyid, access_key_id, accesskeysecret, access_key_secret, secret access key, secret_access_key, "
    "aws_secret_access_key, aws_access_key_id, secretid, secret_id, appkey, app_key, appsecret, app_secret, app secret, appid secret, ak:, ak=, ak：, sk:, sk=, sk：, pw:, pw=, pw：, pass:, pass=, pass：, psk:, psk=, signing key, "
    "encryption key, account key, accountkey, sharedaccesskey, master key, webhook secret, secret, token, auth token, auth_token, access token, access_token, refresh_token, "
    "refresh token, id_token, bearer token, session token, session_id, sessionid, session id, cookie, csrf token, private token, private_token, private key, private_key, "
    "mnemonic"
)
_PASSWORD = r"[!-~]{4,128}"  # noqa: S105 - an expression
_NOT_PASSWORDS = spaced(
    "required enter forgot reset incorrect changed change must null none true false protected field login page here "
    "please your the and for with cannot should invalid wrong strong weak account user username manager"
)


def _password(found: re.Match[str]) -> Verdict:
    """A sign must join label and value, and the value must not be a word of the sentence."""
    start, end = found.span("value")
    joined = found.string[found.start() : start].rstrip(" \"'“「【(（")
    value = found["value"].rstrip(".,;:?)\"'")
    if not joined.endswith((":", "：", "=", "是", "为", "為", "is", "es", "é", "là", "は")):
        return None
    if value.lower() in _NOT_PASSWORDS or len(value) < 4:
        return None
    mixed = any(not c.isalpha() for c in value) or (value != value.lower() and value != value.capitalize())
    if not mixed and not joined.endswith((":", "：", "=")):
        return None
    return True, start, end - (len(found["value"]) - len(value))


def _random(found: re.Match[str]) -> Verdict:
    """Letters and digits or signs both: a word behind "basic" is a word."""
    value = found["value"]
    return True if any(not c.isalpha() for c in value) and any(c.isalpha() for c in value) else None


#: Year, month and day of this century.
_DAY = re.compile("2[0-9]-(?:1[0-2]|0?[1-9])-(?:[12]?[0-9]|3[01])\\Z")


def _shelf(found: re.Match[str]) -> Verdict:
    return None if _DAY.match(found[0]) else False


PATTERNS = (
    labelled(ENTITY, "secret.code", _CODES, _CODE, check=has_digit, checked=0.85),
    labelled(ENTITY, "secret.cvv", "cvv, cvc, cvv2, cvc2, 安全码, 背面三位", "[0-9]{3,4}(?![0-9])", first="[0-9]", score=0.85),
    labelled(ENTITY, "secret.password", _PASSWORDS, _PASSWORD, first="[!-~]", check=_password, checked=0.85, reach=320),
    Pattern(
        ENTITY,
        "secret.jwt",
        needle="eyJ[A-Za-z0-9_-]{8}",
        verifier=re.compile(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,2048}\.[A-Za-z0-9_-]{8,2048}(?:\.[A-Za-z0-9_-]{0,1024})?"),
        score=0.99,
        reach=5200,
    ),
    Pattern(
        ENTITY,
        "secret.pem",
        needle="-----BEGIN [A-Z ]{0,24}PRIVATE KEY",
        verifier=re.compile(
            r"-----BEGIN [A-Z ]{0,24}PRIVATE KEY(?: BLOCK)?-----[A-Za-z0-9+/=\s:,.\\-]{0,8192}"
            r"(?:-----END [A-Z ]{0,24}PRIVATE KEY(?: BLOCK)?-----)?"
        ),
        score=0.99,
        reach=8400,
    ),
    Pattern(
        ENTITY,
        "secret.vendor_key",
        # Keys that carry their issuer's mark.
        needle=(
            "(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{20}|glpat-[A-Za-z0-9_-]{20}"
            "|sk-[A-Za-z0-9_-]{20}|(?:npm_|pypi-|dckr_pat_|shpat_|shpss_|dop_v1_|sq0[a-z]{3}-|rk_live_|pk_live_|whsec_|SG[.]|key-|dapi|AKLT|AGPA|AROA|EAAC|ya29[.]|1//0)[A-Za-z0-9_.-]{16}"
            "|[0-9]{8,10}:AA[A-Za-z0-9_-]{30}|xox[abprs]-[A-Za-z0-9-]{10}|AIza[A-Za-z0-9_-]{35}|LTAI[A-Za-z0-9]{12}|AKID[A-Za-z0-9]{13}"
            "|hf_[A-Za-z0-9]{30}|sk_live_[A-Za-z0-9]{16}"
        ),
        verifier=re.compile(
            "(?<![A-Za-z0-9])(?:(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36,251}|github_pat_[A-Za-z0-9_]{20,100}"
            "|(?:npm_|pypi-|dckr_pat_|shpat_|shpss_|dop_v1_|sq0[a-z]{3}-|rk_live_|pk_live_|whsec_|SG[.]|key-|dapi|AKLT|AGPA|AROA|EAAC|ya29[.]|1//0)[A-Za-z0-9_.-]{16,200}"
            "|[0-9]{8,10}:AA[A-Za-z0-9_-]{30,40}|glpat-[A-Za-z0-9_-]{20,64}|sk-[A-Za-z0-9_-]{20,200}|xox[abprs]-[A-Za-z0-9-]{10,200}|AIza[A-Za-z0-9_-]{35}"
            "|LTAI[A-Za-z0-9]{12,24}|AKID[A-Za-z0-9]{13,40}|hf_[A-Za-z0-9]{30,40}|sk_live_[A-Za-z0-9]{16,99})(?![A-Za-z0-9])"
        ),
        score=0.97,
        reach=320,
    ),
    Pattern(
        ENTITY,
        "secret.connection",
        # mysql://user:password@host, redis://:password@host
        needle="[a-z0-9+]://[^ /@\\n]{0,128}:[^ /@\\n]{1,256}@[A-Za-z0-9]",
        verifier=re.compile(
            r"(?<![A-Za-z0-9])[a-z][a-z0-9+]{1,20}(?::[a-z]{2,12})?://[A-Za-z0-9._%~+-]{0,64}:[!-.0-?A-~]{1,128}@[A-Za-z0-9][A-Za-z0-9.:_,-]{0,200}"
            r"(?:/[A-Za-z0-9_.?=&%-]{0,128})?"
        ),
        score=0.9,
        reach=640,
        near=320,
    ),
    Pattern(
        ENTITY,
        "secret.bearer",
        needle="(?i)(?:bearer|basic) [a-z0-9_.~+/-]{12}",
        verifier=re.compile(
            "(?<![A-Za-z])(?:bearer|basic) (?P<value>[A-Za-z0-9_.~+/-]{16,1024}={0,2})(?![A-Za-z0-9])", re.IGNORECASE | re.ASCII
        ),
        check=_random,
        checked=0.9,
        reach=1100,
        label=16,
    ),
    Pattern(
        ENTITY,
        "secret.code_first",
        # "483920 is your verification code", "483920（登录验证码）"
        needle=(
            "(?i)[0-9]{3}(?: |\\)|）|】|\\]){0,2}(?:is your|as your|is the|，|,|为您|是您|是你|为你|\\(|（|【| - |es tu|es su|é o seu|é seu|adalah|là mã|คือ|ваш|- ваш|는|은|입니다)"
        ),
        verifier=re.compile(
            "(?<![0-9A-Za-z.:/-])(?P<value>(?:G-)?(?:[0-9]{4,8}|[0-9]{3}[ -][0-9]{3,4}))(?: |\\)|）|】|\\]){0,2}"
            "(?:is your|as your|is the|，|,|为您|是您|是你|为你|\\(|（|【| - |es tu|es su|é o seu|é seu|adalah|là mã|คือ|ваш|- ваш|는|은|입니다)"
            "[^0-9\\n。]{0,24}?(?:verification|otp|one-time|security code|login code|验证码|校验码|动态码|取件码|驗證碼|código|kode|xác (?:nhận|thực|minh)|รหัส|код|인증번호)",
            re.IGNORECASE,
        ),
        score=0.8,
        reach=128,
    ),
    Pattern(
        ENTITY,
        "secret.shelf",
        # 6-3-2015: shelf, row and number of a parcel at a pick-up point
        needle="[0-9A-Z]-[0-9]{1,2}-[0-9]{2}",
        verifier=re.compile("(?<![0-9A-Za-z.-])[0-9A-Z]{1,3}-[0-9]{1,2}-[0-9]{2,5}(?![0-9A-Za-z])(?!-[0-9])"),
        check=_shelf,
        context=Context(
            {
                "zh": listed(
                    "取件, 驿站, 菜鸟, 快递柜, 丰巢, 自提, 自提点, 代收点, 代收, 取货, 提货, 货架, 柜, 兔喜, 妈妈驿站, 溪鸟, 领取, 包裹, 快递, 取一下, 帮我取, "
                    "驛站, 取貨"
                )
            },
            following=("取件", "取货", "领取", "取", "到驿站", "提货", "取件码"),
        ),
        score=0.3,
        checked=0.3,
    ),
)  # fmt: skip
