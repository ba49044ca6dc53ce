"""Secrets: pick-up and verification codes, passwords, tokens, keys."""

from __future__ import annotations

import re

from governance.recognisers.library.labelled import has_digit, labelled
from governance.recognisers.library.words import spaced
from governance.recognisers.pattern import Pattern, Verdict

ENTITY = "SECRET"
_CODES = (
    "取件码, 提货码, 取货码, 自提码, 开柜码, 开箱码, 取件密码, 验证码, 校验码, 动态码, 动态密码, 激活码, 兑换码, 券码, 门禁密码, 门锁密码, "
    "门禁, 取件碼, 驗證碼, pick-up code, pickup code, pick up code, collection code, locker code, verification code, "
    "security code, access code, door code, gate code, entry code, otp, one-time code, one time password, passcode, "
    "pin, pin code, código de verificación, código de recogida, código de verificação, código de retirada, kode otp, "
    "kode verifikasi, kode pengambilan, mã xác nhận, mã xác thực, mã otp, mã nhận hàng, 인증번호, 認証コード, 暗証番号, "
    "รหัสรับพัสดุ, รหัส otp, รหัสยืนยัน, код подтверждения, код получения, пин-код"
)
_CODE = "(?:[0-9A-Z]{1,3}-[0-9]{1,3}-[0-9]{2,6}|[A-Z]?[0-9]{1,3}-[0-9]{3,6}|[0-9]{3,8}|[A-Z0-9]{4,12})#?(?![0-9A-Za-z])(?!-[0-9])"
_PASSWORDS = (
    "密码, 登录密码, 口令, 密碼, password, passwd, pwd, passphrase, contraseña, senha, kata sandi, sandi, mật khẩu, 비밀번호, "
    "パスワード, รหัสผ่าน, пароль, secret key, client secret, api key, apikey, api_key, access key, secret, token, auth token, "
    "access token, private key"
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
            "|sk-[A-Za-z0-9_-]{20}|xox[abprs]-[A-Za-z0-9-]{10}|AIza[A-Za-z0-9_-]{35}|LTAI[A-Za-z0-9]{12}|AKID[A-Za-z0-9]{13}"
            "|hf_[A-Za-z0-9]{30}|sk_live_[A-Za-z0-9]{16}"
        ),
        verifier=re.compile(
            "(?<![A-Za-z0-9])(?:(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36,251}|github_pat_[A-Za-z0-9_]{20,100}"
            "|glpat-[A-Za-z0-9_-]{20,64}|sk-[A-Za-z0-9_-]{20,200}|xox[abprs]-[A-Za-z0-9-]{10,200}|AIza[A-Za-z0-9_-]{35}"
            "|LTAI[A-Za-z0-9]{12,24}|AKID[A-Za-z0-9]{13,40}|hf_[A-Za-z0-9]{30,40}|sk_live_[A-Za-z0-9]{16,99})(?![A-Za-z0-9])"
        ),
        score=0.97,
        reach=320,
    ),
)  # fmt: skip
