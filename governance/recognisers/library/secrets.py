"""Secrets: verification codes, passwords, tokens, keys."""

from __future__ import annotations

import re

from governance.recognisers.library.labelled import counted, families, labelled
from governance.recognisers.library.words import spaced
from governance.recognisers.pattern import Pattern, Verdict

ENTITY = "SECRET"
#: Codes that open an account, a door or a payment; those that open a locker are in `pickup`.
_CODES = {
    "chinese": (
        "验证码, 验证密码, 验证短信, 校验码, 检验码, 确认码, 短信码, 短信验证码, 手机验证码, 语音验证码, 登录验证码, 登陆验证码, 登录码, 注册码, 动态码, 动态口令, 动态密码, 动态验证码, 安全码, 安全验证码, 授权码, 认证码, 身份码, 识别码, 口令码, "
        "一次性密码, 一次性验证码, 随机码, 随机密码, 邀请码, 激活码, 兑换码, 兑换券码, 礼品码, 卡密, 券码, 优惠码, 支付密码, 支付验证码, 交易密码, 取款密码, 查询密码, 解锁码, 解锁密码, 开锁码, 开锁密码, 开门码, 开门密码, 门禁, 门禁码, 门禁密码, "
        "门锁密码, 锁屏密码, 门锁, 房门密码, 大门密码, 楼下密码, 单元门密码, 入户码, 入园码, 提取码, 提取密码, 分享码, 解压码, 绑定码, 配对码, 蓝牙配对码, 恢复码, 备份码, 谷歌验证码, 二步验证码, 两步验证码, "
        "驗證碼, 驗證密碼, 簡訊碼, 簡訊驗證碼, 動態碼, 動態密碼, 認證碼, 確認碼, 校驗碼, 授權碼, 邀請碼, 啟用碼, 開通碼, 兌換碼, 序號碼, 安全碼, 一次性密碼, 門禁密碼, 開門碼, 解鎖碼, 提取碼"
    ),
    "english": (
        "verification code, verification number, verification pin, verify code, validation code, security code, confirm code, your code, my code, the code, code is, sms code, text code, email code, phone code, otp, otp code, otp number, one-time code, "
        "one time code, one-time password, one time password, one-time pin, one time pin, one-time passcode, one time passcode, passcode, pass code, auth code, authentication code, authenticator code, authorization code, authorisation code, confirmation pin, "
        "login code, log-in code, sign-in code, sign in code, signin code, access code, access pin, 2fa, 2fa code, mfa code, two-factor code, two factor code, dynamic code, dynamic password, captcha, unlock code, redeem code, redemption code, promo pin, gift card code, "
        "gift card pin, voucher code, activation code, registration code, invite code, invitation code, recovery code, backup code, reset code, pairing code, door code, gate code, entry code, alarm code, building code, garage code, lockbox code, keypad code, "
        "pin, pin code, pin number, atm pin, card pin, debit pin, wifi code, smscode, verifycode, vcode, authcode"
    ),
    "latin": (
        "tu código, su código, seu código, código de verificación, codigo de verificacion, código de confirmación, código de seguridad, código de acceso, código de activación, código de validación, código otp, código sms, código de un solo uso, clave dinámica, clave de acceso, "
        "clave temporal, clave digital, clave sms, token digital, código de verificação, codigo de verificacao, código de confirmação, código de segurança, código de acesso, código de ativação, código de autenticação, código pix, código de uso único, token de acesso, "
        "código sms, senha temporária, senha provisória, contraseña temporal, contrasinal"
    ),
    "asian": (
        "kode otp, kode verifikasi, kode konfirmasi, kode keamanan, kode akses, kode sms, kode aktivasi, kode masuk, kode rahasia, kode unik, kod otp, kod pengesahan, kod keselamatan, kod akses, kod sekuriti, kod tac, tac, no tac, nombor tac, "
        "mã xác nhận, mã xác thực, mã xác minh, mã otp, mã pin, mã bảo mật, mã kích hoạt, mã đăng nhập, mã kiểm tra, mã an toàn, ma xac nhan, ma xac thuc, "
        "รหัส otp, รหัสยืนยัน, รหัสผ่านครั้งเดียว, รหัสยืนยันตัวตน, รหัสความปลอดภัย, โอทีพี, เลข otp, "
        "인증번호, 인증 번호, 인증코드, 인증 코드, 확인번호, 확인 번호, 확인코드, 확인 코드, 본인확인번호, 보안코드, 보안 코드, 비밀코드, 승인코드, 일회용 비밀번호, 일회용비밀번호, 접속코드, 현관 비밀번호, 공동현관 비밀번호, 현관비번, 공동현관, "
        "認証コード, 認証番号, 暗証番号, 確認コード, 確認番号, セキュリティコード, ワンタイムパスワード, 合言葉, "
        "код подтверждения, код проверки, код доступа, код из смс, код безопасности, код активации, код авторизации, смс-код, смс код, проверочный код, одноразовый код, одноразовый пароль, секретный код, пин-код, пин код, пинкод, пин, код домофона, домофон, "
        "code ng, verification code mo, otp mo"
    ),
}
_CODE = (
    "(?:[0-9]{2,4}(?:[ -][0-9]{2,4}){1,2}|[0-9](?:[ -][0-9]){3,7}|G-[0-9]{6}|[0-9A-Z]{1,3}-[0-9]{1,3}-[0-9]{2,6}|[A-Z]{0,2}[0-9]{1,3}-[0-9]{3,6}|[0-9]{3,8}|[A-Z0-9]{4,12}(?:-[A-Z0-9]{4,6}){0,4})"
    "#?(?![0-9A-Za-z])(?!-[0-9])"
)
_PASSWORDS = (
    "密码, 秘码, 密马, 登录密码, 登陆密码, root密码, ssh密码, 连接密码, psw, mima, 无线网密码, wi-fi,  账号密码, 邮箱密码, 开机密码, 后台密码, 管理员密码, 服务器密码, 数据库密码, 默认密码, 临时密码, 原密码, 会员密码, 网盘密码, 口令, 密碼, 登入密碼, 登錄密碼, 口令密码, 帐号密码, 通关密语, 暗语, 无线密码, wifi口令, 热点密码, 密碼為, "
    "password, passwords, passcode, pass word, passwort, mot de passe, passwd, pwd, passphrase, contraseña, senha, kata sandi, sandi, mật khẩu, 비밀번호, "
    "パスワード, รหัสผ่าน, пароль, 暗号, 解压密码, 初始密码, 新密码, 旧密码, wifi密码, wi-fi密码, wifi password, wifi pass, clave, contrasena, "
    "palavra-passe, kata laluan, "
    "密钥, 秘钥, 私钥, 金鑰, 密鑰, 助记词, 令牌, secret key, secretkey, secret_key, client secret, client_secret, clientsecret, api key, apikey, api_key, api-key, api secret, api_secret, apisecret, x-api-key, "
    "access key, accesskey, access_key, accesskeyid, access_key_id, accesskeysecret, access_key_secret, secret access key, secret_access_key, "
    "aws_secret_access_key, aws_access_key_id, secretid, secret_id, appkey, app_key, appsecret, app_secret, app secret, appid secret, ak:, ak=, ak：, sk:, sk=, sk：, pw:, pw=, pw：, pass:, pass=, pass：, psk:, psk=, signing key, "
    "encryption key, account key, accountkey, sharedaccesskey, master key, webhook secret, secret, token, auth token, auth_token, access token, access_token, refresh_token, "
    "refresh token, id_token, bearer token, session token, session_id, sessionid, session id, cookie :, cookie ：, cookie =, csrf token, private token, private_token, private key, private_key, "
    "mnemonic"
)
#: Signs that open a password, where others belong to it.
_OPENING = "[ \t\n:：=|\"'“”‘’「」『』【】\\[<>{(（→⇒➡👉🔑🔒,，、/·•~～—–-]"
_PASSWORD = r"[!-~]{4,128}"  # noqa: S105 - an expression
_NOT_PASSWORDS = spaced(
    "required enter forgot reset incorrect changed change must null none true false protected field login page here "
    "please your the and for with cannot should invalid wrong strong weak account user username manager"
)


def _password(found: re.Match[str]) -> Verdict:
    """A sign joins label and value, or the value is one that no sentence holds; it must not be a word of the sentence."""
    start, end = found.span("value")
    joined = found.string[found.start() : start].rstrip(" \t\"'“「『【[<{(（")
    value = found["value"].rstrip(".,;:?)\"'>]}|")
    if value.lower().strip("!*_-") in _NOT_PASSWORDS or len(value) < 4 or counted(found):
        return None
    # letters with digits or signs, or capitals inside: "Abc@9714", "x7Kp"
    letters, digits = any(c.isalpha() for c in value), any(c.isdigit() for c in value)
    mixed = any(not c.isalpha() for c in value) or (value != value.lower() and value != value.capitalize())
    if not joined.endswith(
        (":", "：", "=", "是", "为", "為", "is", "es", "é", "là", "は", "叫", ">", "→", "⇒", "👉", "|")
    ):
        sure = (letters and (digits or re.search("[!@#$%^&*]", value[1:-1])) and len(value) >= 6) or (
            value.isdigit() and 6 <= len(value) <= 16
        )
        if not sure or "://" in value:
            return None
    elif not mixed and not joined.endswith((":", "：", "=", ">", "→", "⇒")):
        return None
    return True, start, end - (len(found["value"]) - len(value))


#: Codes that everybody knows: "zip code is", "error code:".
_PUBLIC_CODE = re.compile(
    "(?i)(?<![a-z])(?:zip|post|postal|area|country|dress|error|status|colou?r|product|item|style|source|bar|qr)[ -]?\\Z"
)


def _code(found: re.Match[str]) -> Verdict:
    """A code has a digit; after a gap in which more than signs stands, four, and it is no day, year or amount."""
    value = found["value"]
    if not any(c.isdigit() for c in value) or counted(found):
        return None
    if _PUBLIC_CODE.search(found.string, max(0, found.start() - 10), found.start()):
        return None
    if found.groupdict().get("gap") is not None:
        digits = sum(c.isdigit() for c in value)
        return None if digits > 8 or (digits == 4 and value[:2] in ("19", "20")) else True
    return True


def _bare_code(found: re.Match[str]) -> Verdict:
    """Behind "code" alone: six digits and more, or four behind a sign or "is". Articles and vouchers have letters."""
    value = found["value"]
    if not value.isdigit():
        return None
    joined = found.string[found.start() : found.start("value")].rstrip(" \t\"'“「『【[<{(（")
    sure = joined.endswith((":", "：", "=", "is", "es", "é", "là", "คือ", "adalah", "ialah", "→", ">", "-", "—"))
    return _code(found) if len(value) >= 6 or sure else None


def _key(found: re.Match[str]) -> Verdict:
    """Random: capitals and small letters and digits, or a long row of hexadecimal digits."""
    value = found["value"]
    kinds = (any(c.isdigit() for c in value), any(c.isupper() for c in value), any(c.islower() for c in value))
    return True if kinds[0] and (all(kinds) or len(value) >= 24) else None


def _random(found: re.Match[str]) -> Verdict:
    """Letters and digits or signs both: a word behind "basic" is a word."""
    value = found["value"]
    return True if any(not c.isalpha() for c in value) and any(c.isalpha() for c in value) else None


#: Between a code and the words that say what it is, and those words. Case is folded for ASCII alone.
_SAYS = (
    "(?: |\\)|）|】|\\]){0,2}(?:is your|as your|is the|，|,|为您|是您|是你|为你|\\(|（|【| - |es tu|es su|(?:é|É) o seu|(?:é|É) seu|"
    "adalah|l(?:à|À) m(?:ã|Ã)|คือ|ваш|Ваш|ВАШ|- ваш|는|은|입니다)"
)
_SAID = (
    "(?:verification|otp|one-time|security code|login code|验证码|校验码|动态码|取件码|驗證碼|c(?:ó|Ó)digo|kode|"
    "x(?:á|Á)c (?:nhận|thực|minh|NHẬN|THỰC)|รหัส|код|Код|КОД|인증번호)"
)

PATTERNS = (
    *families(ENTITY, "secret.code", _CODES, _CODE, check=_code, checked=0.85, gap=10, over=4, digits=2, least=1),
    labelled(ENTITY, "secret.code_word", "kode, kod, mã, รหัส, код, código, codigo, code:, code：, code is", _CODE, check=_bare_code, checked=0.8, digits=2),
    labelled(
        ENTITY, "secret.key",
        "ak, sk, akid, aksk, key, keys, apitoken, api token, api key id, credential, credentials, sign key, sign secret, secret access key, secretaccesskey, secretid, secret id, access key id, access key secret, ak secret, app token, bot token, personal access token, api密钥, api秘钥, 访问密钥, 访问令牌, 应用密钥, 密钥对, 签名key, 凭据,  secret key, secret, secretkey, client secret, api key, apikey, api secret, access key, accesskey, accesskeyid, accesskeysecret, app key, appkey, app secret, appsecret, signing key, encryption key, master key, account key, "
        "private key, privatekey, token, tokens, access token, accesstoken, refresh token, bearer, auth token, session key, session id, webhook, mchkey, paykey, 密钥, 秘钥, 私钥, 密鑰, 金鑰, 令牌, 授权密钥, 接口密钥, 商户密钥, 签名密钥, 支付密钥, "
        "clave api, clave secreta, chave de api, chave secreta, chave privada, khóa bí mật, khóa api, kunci api, kunci rahasia, ключ, ключ api, секретный ключ, токен, 비밀키, 시크릿 키, 액세스 키, 토큰, คีย์",
        "[A-Za-z0-9][A-Za-z0-9_+/.-]{14,255}={0,2}(?![A-Za-z0-9_])", check=_key, checked=0.86, gap=12, over=1, digits=3, body="[0-9a-z_+/.-]", reach=420,
    ),
    labelled(ENTITY, "secret.cvv", "cvv, cvc, cvv2, cvc2, cvn, csc, 安全码, 卡背面, 背面三位, 后三位", "[0-9]{3,4}(?![0-9])", first="[0-9]", score=0.85),
    *families(ENTITY, "secret.password", {"words": _PASSWORDS}, _PASSWORD, first="[!-~]", check=_password, checked=0.85, reach=320, signs=_OPENING),
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
        needle=f"(?i)[0-9]{{3}}{_SAYS}[^0-9\\n]{{0,96}}{_SAID}",
        verifier=re.compile(
            f"(?<![0-9A-Za-z.:/-])(?P<value>(?:G-)?(?:[0-9]{{4,8}}|[0-9]{{3}}[ -][0-9]{{3,4}})){_SAYS}[^0-9\\n。]{{0,24}}?{_SAID}",
            re.IGNORECASE | re.ASCII,
        ),
        score=0.8,
        reach=128,
    ),
)  # fmt: skip
