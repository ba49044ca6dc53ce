"""Accounts that hold money: IBAN, bank accounts by label, wallets of crypto-currencies."""

from __future__ import annotations

import hashlib
import re

from governance.recognisers.library import checksums
from governance.recognisers.library import checksums_national as national
from governance.recognisers.library.labelled import has_digit, labelled
from governance.recognisers.library.numbers import LONG
from governance.recognisers.pattern import Pattern, Verdict

ACCOUNT, WALLET = "BANK_ACCOUNT", "CRYPTO_WALLET"
_LEFT, _RIGHT = "(?<![0-9A-Za-z])(?<![0-9][.-])", "(?![0-9A-Za-z])(?![.-][0-9])"
_ACCOUNTS = (
    "iban, account number, account no, acct no, acct number, a/c no, a/c number, bank account, bank acct, "
    "routing number, routing no, aba number, sort code, bsb, ifsc, swift, swift code, bic code, "
    "银行账号, 银行账户, 银行帐号, 对公账号, 对公账户, 收款账号, 收款账户, 打款账号, 存折账号, 公司账户, 銀行帳號, 帳號, 帳戶號碼, "
    "conta, conta corrente, conta poupança, conta bancária, agência, chave pix, pix, cuenta, número de cuenta, nº de cuenta, cuenta bancaria, "
    "clabe, cbu, cvu, cci, cuenta rut, cuenta corriente, rekening, nomor rekening, no rekening, no. rekening, norek, no rek, "
    "số tài khoản, stk, tài khoản, เลขบัญชี, เลขที่บัญชี, บัญชี, 계좌번호, 계좌, 口座番号, 口座, расчетный счет, расчётный счёт, "
    "р/с, номер счета, номер счёта, счет, счёт, upi, upi id, vpa"
)
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def _iban(found: re.Match[str]) -> Verdict:
    return True if checksums.iban(re.sub("[^0-9A-Za-z]", "", found[0])) else None


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


def _clabe(found: re.Match[str]) -> Verdict:
    return True if national.clabe(found[0]) else None


PATTERNS = (
    Pattern(
        ACCOUNT,
        "bank_account.iban",
        needle="[A-Za-z]{2}[0-9]{2}[ -]?[A-Za-z0-9]{4}",
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
        "(?:[A-Z]{2}[0-9]{2}[ -]?[A-Z0-9]{4}(?:[ -]?[A-Z0-9]){4,30}|[0-9](?:[ ./-]?[0-9]){5,29}(?:-[0-9X])?|[A-Z]{4}0[A-Z0-9]{6}"
        "|[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)(?![0-9A-Za-z])",
        check=has_digit, checked=0.7, gap=16,
    ),
    Pattern(
        WALLET,
        "wallet.bitcoin",
        # Bitcoin, Litecoin, Dogecoin, Dash, Tron: all end with the same check
        needle="[13LMDXT][1-9A-HJ-NP-Za-km-z]{25}",
        verifier=re.compile("(?<![0-9A-Za-z])[13LMDXT][1-9A-HJ-NP-Za-km-z]{25,34}(?![0-9A-Za-z])"),
        check=lambda found: True if base58check(found[0]) else None,
        checked=0.97,
    ),
    Pattern(
        WALLET,
        "wallet.bech32",
        needle="(?i)(?:bc|tb|ltc)1[a-z0-9]{11}",
        verifier=re.compile("(?<![0-9A-Za-z])(?:bc|tb|ltc)1[a-z0-9]{11,87}(?![0-9A-Za-z])", re.IGNORECASE | re.ASCII),
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
        "钱包地址, 钱包, 收币地址, 提币地址, 充币地址, usdt, usdt地址, trc20, erc20, btc地址, eth地址, btc, eth, solana, xmr, monero, "
        "xrp, ripple, wallet, wallet address, crypto wallet, кошелек, кошелёк",
        "(?:[a-zA-Z0-9]{25,106})(?![0-9A-Za-z])", check=has_digit, checked=0.8,
    ),
)  # fmt: skip
