"""Accounts that hold money: IBAN, bank accounts by label, wallets of crypto-currencies."""

from __future__ import annotations

import hashlib
import re

from governance.recognisers.library import checksums
from governance.recognisers.library import checksums_national as national
from governance.recognisers.library.gaps import LATIN
from governance.recognisers.library.labelled import labelled
from governance.recognisers.library.numbers import APART, LONG
from governance.recognisers.library.words import spaced
from governance.recognisers.pattern import Pattern, Verdict

ACCOUNT, WALLET = "BANK_ACCOUNT", "CRYPTO_WALLET"
_LEFT, _RIGHT = "(?<![0-9A-Za-z])(?<![0-9][.-])", "(?![0-9A-Za-z])(?![.-][0-9])"
_ACCOUNTS = (
    "iban, savings account, current account, checking account, deposit account, account number, account no, acct, acct no, acct number, accnum, acc no, acc number, a/c, a/c no, a/c number, bank account, bank acct, "
    "routing number, routing no, aba number, sort code, bsb, ifsc, swift, swift code, bic code, "
    "银行账号, 银行账户, 银行帐号, 对公账号, 对公账户, 收款账号, 收款账户, 打款账号, 存折账号, 公司账户, 銀行帳號, 帳號, 帳戶號碼, "
    "conta, conta corrente, conta poupança, conta bancária, agência, chave pix, pix, cuenta, número de cuenta, nº de cuenta, cuenta bancaria, akaun, no akaun, nombor akaun, akaun bank, "
    "clabe, clabe interbancaria, cbu, cvu, cci, código interbancario, código de cuenta interbancario, código de cuenta cliente, ccc, c/c, cta, cta cte, cta corriente, cuenta de ahorros, cuenta rut, cuenta corriente, rekening, nomor rekening, no rekening, no. rekening, norek, no rek, no. rek, nomor rek, no rek saya, norek saya, no. rek saya, rekening saya, "
    "số tài khoản, stk, tài khoản, เลขบัญชี, เลขที่บัญชี, บัญชี, 계좌번호, 계좌, 口座番号, 口座, расчетный счет, расчётный счёт, "
    "р/с, номер счета, номер счёта, счет, счёт, upi, upi id, vpa"
)
#: Banks as people name them before an account: "BCA 5270…", "stk Vietcombank 0071…", "국민은행 123456-04-…".
_BANKS = (
    "bca, bni, bri, bsi, mandiri, bank mandiri, bank bca, bank bni, bank bri, cimb, cimb niaga, permata, danamon, bank jago, seabank, maybank, public bank, rhb, rhb bank, "
    "hong leong bank, ambank, bank islam, bank rakyat, bsn, vietcombank, vcb, techcombank, tcb, mb bank, mbbank, acb, bidv, vietinbank, agribank, tpbank, sacombank, vpbank, "
    "กสิกร, กสิกรไทย, ธนาคารกสิกรไทย, กรุงไทย, ธนาคารกรุงไทย, ไทยพาณิชย์, ธนาคารไทยพาณิชย์, ออมสิน, ธนาคารออมสิน, กรุงศรี, ทหารไทย, ttb, scb, kbank, ktb, bbl, "
    "국민은행, 신한은행, 우리은행, 하나은행, 기업은행, 농협은행, 농협, 카카오뱅크, 토스뱅크, 케이뱅크, 새마을금고, 우체국, 신협, 국민, 신한, 하나, "
    "itaú, itau, bradesco, nubank, santander, banco do brasil, caixa econômica, bancolombia, bbva, banorte, banamex, citibanamex, bcp, interbank, "
    "сбербанк, сбер, тинькофф, т-банк, альфа-банк, альфабанк, втб, dbs, posb, ocbc, uob, bdo, bpi, metrobank"
)
#: Those whose names are no words, for numbers before them.
_BEHIND = sorted(
    spaced(
        "bca bni bri bsi mandiri cimb permata danamon maybank rhb seabank vietcombank vcb techcombank tcb mbbank acb bidv vietinbank agribank tpbank sacombank vpbank "
        "momo zalopay gopay itaú itau bradesco nubank santander bancolombia bbva banorte bcp interbank"
    )
)
_UPI = (
    "oksbi|okicici|okhdfcbank|okaxis|ybl|ibl|axl|apl|yapl|rapl|paytm|ptyes|ptaxis|pthdfc|ptsbi|upi|sbi|icici|hdfcbank|axisbank|kotak|kmbl|barodampay|pnb|"
    "cnrb|unionbank|indus|idfcbank|federal|rbl|yesbank|airtel|jio|freecharge|waaxis|wahdfcbank|waicici|wasbi|naviaxis|fbl|dbs|hsbc|citi|postbank|mahb|uco"
)
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def _iban(found: re.Match[str]) -> Verdict:
    # A word of the sentence behind it may look like one group more.
    value = found[0]
    while value:
        if checksums.iban(re.sub("[^0-9A-Za-z]", "", value)):
            return True, found.start(), found.start() + len(value)
        value = value[: max(value.rfind(" "), value.rfind("-"), 0)]
    return None


def base58check(text: str) -> bool:
    """Bitcoin's base58check: four bytes of the double SHA-256 at the end, over 21 bytes (version and hash)."""
    number = 0
    for sign in text:
        number = number * 58 + _BASE58.index(sign)
    raw = number.to_bytes(25, "big") if number.bit_length() <= 200 else b""
    if not raw:
        return False
    return hashlib.sha256(hashlib.sha256(raw[:-4]).digest()).digest()[:4] == raw[-4:]


_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def bech32(text: str) -> bool:
    """BIP 173 and BIP 350: the polynomial checksum of bech32 (1) or bech32m."""
    text = text.lower()
    prefix, _, data = text.rpartition("1")
    values = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + [_BECH32.find(c) for c in data]
    if min(values) < 0:
        return False
    check = 1
    for value in values:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for i, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if top >> i & 1 else 0
    return check in (1, 0x2BC830A3)


def _base58(found: re.Match[str]) -> Verdict:
    """The checksum holds, or 33 to 35 signs of all three kinds, as no word or number has: an address misspelt."""
    value = found[0]
    if base58check(value):
        return True
    kinds = (any(c.isdigit() for c in value), any(c.isupper() for c in value[1:]), any(c.islower() for c in value))
    return False if 33 <= len(value) <= 35 and all(kinds) else None


def _wallet(found: re.Match[str]) -> Verdict:
    """Four digits and as many letters at least: neither a number nor a row of words."""
    value = found["value"]
    return True if sum(c.isdigit() for c in value) >= 2 and sum(c.isalpha() for c in value) >= 4 else None


def _account(found: re.Match[str]) -> Verdict:
    """A digit, and no word of the sentence behind the number: "… 4069 24 thanks"."""
    value = found["value"]
    if not any(c.isdigit() for c in value):
        return None
    words = re.search("(?: [a-z]+)+\\Z", value)
    return (True, found.start("value"), found.start("value") + words.start()) if words else True


def _no_card(found: re.Match[str]) -> Verdict:
    """Eight digits and more, of which no more than three are alike in a row (prices have noughts)."""
    value = re.sub("[^0-9]", "", found["value"])
    return True if len(value) >= 8 and not re.search("0{4}\\Z", value) else None


def _clabe(found: re.Match[str]) -> Verdict:
    return True if national.clabe(found[0]) else None


PATTERNS = (
    Pattern(
        ACCOUNT,
        "bank_account.iban",
        needle=f"{APART}[A-Za-z]{{2}}[0-9]{{2}}(?:[A-Za-z0-9]{{11}}|[ -][A-Za-z0-9]{{4}}[ -][A-Za-z0-9]{{4}})",
        verifier=re.compile(
            f"{_LEFT}[A-Za-z]{{2}}[0-9]{{2}}(?:[A-Za-z0-9]{{11,30}}|(?P<sep>[ -])[A-Za-z0-9]{{4}}(?:(?P=sep)[A-Za-z0-9]{{4}}){{1,6}}"
            f"(?:(?P=sep)[A-Za-z0-9]{{1,3}})?){_RIGHT}"
        ),
        check=_iban,
        checked=0.98,
    ),
    Pattern(
        ACCOUNT,
        "bank_account.clabe",
        needle=LONG,
        verifier=re.compile(f"{_LEFT}[0-9]{{18}}{_RIGHT}"),
        check=_clabe,
        checked=0.6,
        regions=frozenset({"MX"}),
    ),
    labelled(
        ACCOUNT, "bank_account.labelled", _ACCOUNTS,
        "(?:[A-Z]{2}[0-9]{2}[ -]?[A-Z0-9]{4}(?:[ -]?[A-Z0-9]){4,30}|[A-Z]{3,9}[0-9]{8,18}|[0-9](?:[ ./-]?[0-9]){5,29}(?:-[0-9X])?|[A-Z]{4}0[A-Z0-9]{6}"
        "|[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)(?![0-9A-Za-z])",
        check=_account, checked=0.7, gap=16, digits=3, body="[0-9a-z ./-]",
    ),
    labelled(
        ACCOUNT, "bank_account.account", "account, accounts, accnt, acct., a/c., 账户, 账号, 帐号, 帳戶",
        "[0-9]{3,5}(?:[ -][0-9]{2,5}){2,5}(?![0-9A-Za-z])", first="[0-9]", check=_no_card, checked=0.65, digits=6, body="[0-9 -]", least=8,
    ),
    Pattern(
        ACCOUNT,
        "bank_account.then_bank",
        # "chuyển vào 6925017171 VCB", "transfer ke 1664626220 BCA": the bank behind the number
        needle=f"(?i)[0-9]{{4}}[ ,(/-]{{1,3}}(?:ngân hàng |nh |bank |banco )?(?:{'|'.join(_BEHIND)})",
        verifier=re.compile(
            f"(?<![0-9A-Za-z])(?<![0-9][.-])(?P<value>[0-9](?:[ .-]?[0-9]){{3,13}}[0-9]{{4}})[ ,(/-]{{1,3}}(?:ngân hàng |nh |bank |banco )?(?:{'|'.join(_BEHIND)})"
            f"(?![0-9{LATIN}])",
            re.IGNORECASE | re.ASCII,
        ),
        check=_no_card,
        checked=0.65,
    ),
    Pattern(
        ACCOUNT,
        "bank_account.sorted",
        # The United Kingdom: "sort code 20-00-00 account 55779911"
        needle="(?i)sort[ _-]?code[^0-9]{0,16}[0-9]{2}",
        verifier=re.compile(
            "(?<![A-Za-z])sort[ _-]?code[^0-9\n]{0,16}[0-9]{2}[ -]?[0-9]{2}[ -]?[0-9]{2}[^0-9\n]{1,24}(?P<value>[0-9]{4} ?[0-9]{3,8})(?![0-9A-Za-z])",
            re.IGNORECASE | re.ASCII,
        ),
        checked=0.8,
        label=72,
        reach=128,
    ),
    labelled(
        ACCOUNT, "bank_account.bank", _BANKS, "[0-9](?:[ .-]?[0-9]){7,17}(?:-[0-9X])?(?![0-9A-Za-z])",
        first="[0-9]", check=_no_card, checked=0.65, digits=6, body="[0-9 .-]", least=8,
    ),
    Pattern(
        ACCOUNT,
        "bank_account.upi",
        # India's payment addresses: a name and the bank's or the application's handle, without a domain
        needle=f"(?i)[a-z0-9._-]@(?:{_UPI})",
        verifier=re.compile(f"(?<![0-9A-Za-z._@-])[A-Za-z0-9][A-Za-z0-9._-]{{1,40}}@(?:{_UPI})(?![0-9A-Za-z@-])(?![.][0-9A-Za-z])", re.IGNORECASE | re.ASCII),
        score=0.85,
        reach=96,
        near=96,
    ),
    labelled(
        ACCOUNT, "bank_account.pix_key", "pix, chave pix, chave aleatória, pix aleatória, pix aleatório, chave pix aleatória, chave, clave",
        "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9A-Za-z-])", first="[0-9a-f]", checked=0.85,
    ),
    Pattern(
        WALLET,
        "wallet.bitcoin",
        # Bitcoin, Litecoin, Dogecoin, Dash, Tron: all end with the same check
        needle="[13LMDXT][1-9A-HJ-NP-Za-km-z]{25}",
        verifier=re.compile("(?<![0-9A-Za-z])[13LMDXT][1-9A-HJ-NP-Za-km-z]{25,34}(?![0-9A-Za-z])"),
        check=_base58,
        score=0.6,
        checked=0.97,
    ),
    Pattern(
        WALLET,
        "wallet.bech32",
        needle="(?i)(?:bc|tb|ltc|addr|cosmos|osmo|bnb|lnbc[0-9]{0,6}[munp]?)1[a-z0-9]{11}",
        verifier=re.compile("(?<![0-9A-Za-z])(?:bc|tb|ltc|addr|cosmos|osmo|bnb|lnbc[0-9]{0,6}[munp]?)1[a-z0-9]{11,107}(?![0-9A-Za-z])", re.IGNORECASE | re.ASCII),
        check=lambda found: bech32(found[0]) or 0.6,
        checked=0.97,
        reach=128,
    ),
    Pattern(
        WALLET,
        "wallet.ethereum",
        needle="0x[0-9A-Fa-f]{40}",
        verifier=re.compile("(?<![0-9A-Za-z])0x[0-9A-Fa-f]{40}(?![0-9A-Za-z])"),
        score=0.9,
    ),
    labelled(
        WALLET, "wallet.labelled",
        "钱包, 钱包地址, 钱包id, 收币地址, 收款地址, 提币地址, 提现地址, 充币地址, 充值地址, 转账地址, 转币地址, 打币地址, 打款地址, 合约地址, 区块链地址, 链上地址, 币地址, 虚拟币地址, 数字货币地址, 加密钱包, 冷钱包, 热钱包, 比特币, 比特币地址, 以太坊, 以太坊地址, 以太币, "
        "波场, 波场地址, 泰达币, 莱特币, 狗狗币, 瑞波币, 索拉纳, 柚子, 门罗币, u地址, u链接, usdt, usdt地址, usdt-trc20, usdt-erc20, usdc, trc20, trc20地址, trc-20, erc20, erc20地址, bep20, bsc地址, trx, trx地址, tron, tron address, btc, btc地址, btc address, eth, eth地址, eth address, "
        "ltc, ltc地址, doge, doge地址, sol地址, solana, solana address, xmr, monero, xrp, ripple, bch, cardano, avax, matic, bnb, ton地址, okx, 欧易, 币安, binance, 火币, imtoken, metamask, 小狐狸, 錢包, 錢包地址, 收幣地址, 提幣地址, 充幣地址, 比特幣, 比特幣地址, 以太幣, 泰達幣, 虛擬貨幣, "
        "bitcoin, bitcoin address, ethereum, ethereum address, litecoin, dogecoin, crypto, crypto address, crypto wallet, wallet, wallet address, wallet id, deposit address, withdrawal address, receiving address, payout address, blockchain address, tether, "
        "billetera, dirección de billetera, dirección btc, monedero, cartera, carteira, endereço da carteira, dompet, alamat dompet, alamat wallet, ví, địa chỉ ví, ví điện tử, กระเป๋า, ที่อยู่กระเป๋า, กระเป๋าเงิน, 지갑, 지갑주소, 지갑 주소, 비트코인 주소, 비트코인, 이더리움, ウォレット, "
        "кошелек, кошелёк, адрес кошелька, кошелька, биткоин, биткойн, крипта",
        "(?:bitcoincash:)?[a-zA-Z0-9_-]{24,106}(?![0-9A-Za-z])", check=_wallet, checked=0.8, gap=14, over=1, digits=5, body="[0-9a-z_-]",
    ),
)  # fmt: skip
