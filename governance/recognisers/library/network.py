"""Addresses of machines: IPv4, IPv6 (RFC 4291, RFC 5952) and MAC (IEEE 802)."""

from __future__ import annotations

import ipaddress
import re

from governance.recognisers.library import words
from governance.recognisers.library.numbers import APART, BEYOND
from governance.recognisers.pattern import Context, Pattern, Verdict

_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_HEXTET, _PAIR = "[0-9A-Fa-f]{1,4}", "[0-9A-Fa-f]{2}"
_VERSION = re.compile(
    r"(?i)(?:(?<![A-Za-z])(?:versi[oó]n|vers[aã]o|versi|phiên bản|верси[ияю]|버전|เวอร์ชัน|バージョン|version|ver\.?|v|firmware|release|build|chapter|section)|版本号?|固件|§|第)[ :：=]*\Z"
)
# Loopback, "any" and netmasks lead to nobody.
_NOBODY = ("0.", "127.", "255.")


def _check_v4(found: re.Match[str]) -> Verdict:
    if found[0].startswith(_NOBODY):
        return None
    # Four small numbers with dots are as often a version or a section.
    if _VERSION.search(found.string, max(0, found.start() - 16), found.start()):
        return None
    return True


def _check_v6(found: re.Match[str]) -> Verdict:
    value = found["value"]
    try:
        address = ipaddress.IPv6Address(value.partition("%")[0])
    except ValueError:
        return None
    if address.is_loopback or address.is_unspecified:
        return None
    # "ab::cd" is as often a name in a program.
    groups = [group for group in value.split(":") if group]
    return len(groups) >= 3 or "." in value or any(c.isdigit() for c in groups[0]) or value.lower().startswith("fe80")


def _check_mac(found: re.Match[str]) -> Verdict:
    value = found["value"]
    digits = re.sub("[^0-9A-Fa-f]", "", value).lower()
    if digits == "0" * 12 or digits.isalpha():  # six short words, or nobody's
        return None
    if found["sep"] in " ._":
        return 0.3  # a row of short words and numbers, but for a word beside it
    # All digits in pairs with hyphens are also dates and part numbers.
    return True if not digits.isdigit() or ":" in value else 0.4


IP_PATTERNS = (
    Pattern(
        "IP_ADDRESS",
        "ip.v4",
        needle=r"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]",
        verifier=re.compile(
            rf"(?<![0-9])(?<![0-9]\.){_OCTET}\.{_OCTET}\.{_OCTET}\.{_OCTET}(?![0-9])(?!\.[0-9])(?!\.[A-Za-z]{{2}})"
        ),
        check=_check_v4,
        score=0.5,
        checked=0.85,
    ),
    Pattern(
        "IP_ADDRESS",
        "ip.v6",
        needle="::|(?:[0-9A-Fa-f]{1,4}:){6}[0-9A-Fa-f]",
        verifier=re.compile(
            r"(?:(?<![0-9A-Za-z:.])|(?<=[Ii][Pp]:)|(?<=[Vv][46]:)|(?<=[Dd][Dd][Rr]:))(?P<value>"
            rf"(?:{_HEXTET}:){{7}}{_HEXTET}"
            rf"|(?:{_HEXTET}:){{1,7}}:(?:{_HEXTET}(?::{_HEXTET}){{0,5}})?"
            rf"|::(?:{_HEXTET}:){{0,5}}{_HEXTET}"
            rf"|(?:(?:{_HEXTET}:){{6}}|::|(?:{_HEXTET}:){{0,4}}:(?:{_HEXTET}:){{0,4}}){_OCTET}(?:\.{_OCTET}){{3}}"
            rf"|::[Ff]{{4}}:{_OCTET}(?:\.{_OCTET}){{3}}"
            r")(?P<zone>%[0-9A-Za-z]{1,16})?(?![0-9A-Za-z:])(?!\.[0-9])"
        ),
        check=_check_v6,
        score=0.3,
        checked=0.9,
        reach=96,
    ),
)

#: Six pairs with one sign between them, of which one holds a digit: the first that does, and those before and behind it.
_PAIRS = "|".join(
    f"[A-Fa-f][A-Fa-f]{sign}" * i + "(?:[0-9][0-9A-Fa-f]|[A-Fa-f][0-9])" + f"{sign}{_PAIR}" * (5 - i)
    for sign in (":", " ", "[.]", "_", "-")
    for i in range(6)
)

MAC_PATTERNS = (
    Pattern(
        "MAC_ADDRESS",
        "mac.pairs",
        needle=f"(?:^|[^A-Za-z:-])(?:{_PAIRS})",
        verifier=re.compile(
            # A digit that touches it is none of it: its own come in pairs.
            "(?<![A-Za-z:-])(?P<value>[0-9A-Fa-f]{2}(?P<sep>[: ._-])[0-9A-Fa-f]{2}(?:(?P=sep)[0-9A-Fa-f]{2}){4}"
            "(?:(?P=sep)[0-9A-Fa-f]{2}){0,2})(?![A-Za-z])(?![:-][0-9A-Fa-f])"
        ),
        check=_check_mac,
        context=Context(words.DEVICE),
        score=0.4,
        checked=0.95,
    ),
    Pattern(
        "MAC_ADDRESS",
        "mac.labelled",
        # MAC:00:1b:…, in which the colon of the label looks like one of the address
        needle="(?:[Mm][Aa][Cc]|[Aa][Dd][Dd][Rr])[:-][0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}",
        verifier=re.compile(
            "(?:[Mm][Aa][Cc]|[Aa][Dd][Dd][Rr])[:-](?P<value>[0-9A-Fa-f]{2}(?P<sep>[:-])[0-9A-Fa-f]{2}(?:(?P=sep)[0-9A-Fa-f]{2}){4})(?![0-9A-Za-z])(?![:-][0-9A-Fa-f])"
        ),
        check=_check_mac,
        score=0.4,
        checked=0.95,
        label=5,
    ),
    Pattern(
        "MAC_ADDRESS",
        "mac.quads",
        needle=r"[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}",
        verifier=re.compile(
            r"(?<![A-Za-z.])(?P<value>[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})(?![A-Za-z])(?!\.[0-9])"
        ),
        check=lambda found: 0.4 if found["value"].replace(".", "").isdigit() else True,
        context=Context(words.DEVICE),
        score=0.4,
        checked=0.85,
    ),
    Pattern(
        "MAC_ADDRESS",
        "mac.bare",
        needle=f"{APART}(?:{'|'.join('[A-Fa-f]' * i + '[0-9]' + '[0-9A-Fa-f]' * (11 - i) for i in range(12))}){BEYOND}",
        verifier=re.compile("(?<![0-9A-Za-z])(?P<value>[0-9A-Fa-f]{12})(?![0-9A-Za-z])"),
        check=lambda found: None if found["value"].isalpha() else False,
        context=Context(words.DEVICE, before=20),
        score=0.2,
        checked=0.2,
    ),
)
