"""Addresses of machines and mail in ranges and domains set aside for documentation.

RFC 2606 (example.com, .net, .org), RFC 5737 (IPv4), RFC 3849 (IPv6). A MAC address is locally administered, with three
fixed bytes and a check byte, since phones draw such addresses at random.
"""

from __future__ import annotations

import re
from hashlib import blake2b

from governance.actions.surrogates.draw import Draw
from governance.actions.surrogates.names import FAMILY_WORD, GIVEN_WORD, family_word, given_word

_NETS = ("192.0.2", "198.51.100", "203.0.113")
_PAGE = f"{FAMILY_WORD}_[0-9]{{3}}"
PATTERN = "|".join(
    (
        f"(?:https?://)?(?:www\\.)?example\\.(?:com|net|org)(?:/{_PAGE})+",
        f"{GIVEN_WORD}\\.{FAMILY_WORD}[0-9]{{2}}@example\\.(?:com|net|org)",
        "(?<![0-9.])(?:192\\.0\\.2|198\\.51\\.100|203\\.0\\.113)\\.[0-9]{1,3}(?![0-9.]*[0-9]|/)",
        "(?<![0-9a-f:])2001:db8(?::[0-9a-f]{4}){6}(?![0-9a-f:])",
        "(?<![0-9a-f:-])02([:-]?)00\\1?5e(?:\\1?[0-9a-f]{2}){3}(?![0-9a-f:-])",
    )
)
GATE = "example\\.(?:com|net|org)|192\\.0\\.2\\.|198\\.51\\.100\\.|203\\.0\\.113\\.|2001:db8:|02[:-]?00[:-]?5e"


def email(value: str, draw: Draw) -> str | None:
    """``word.word00@example.com``."""
    if not re.search("[@＠]| at |艾特|\\(at\\)|\\[at\\]", value, re.IGNORECASE):
        return None
    top = re.search("\\.(com|net|org)\\b", value.lower())
    return f"{given_word(draw)}.{family_word(draw)}{draw.below(100):02d}@example.{top[1] if top else 'com'}"


def url(value: str, draw: Draw) -> str | None:
    """A page of a reserved domain, as deep as the link was."""
    scheme, mark, rest = value.rpartition("://")
    depth = max(1, min(4, len([part for part in rest.split("?")[0].split("/")[1:] if part])))
    page = "".join(f"/{family_word(draw)}_{draw.below(1000):03d}" for _ in range(depth))
    start = f"{scheme.lower()}{mark}" if scheme.lower() in ("http", "https") else ""
    return f"{start}{'www.' if rest.lower().startswith('www.') else ''}example.com{page}"


def ip(value: str, draw: Draw) -> str | None:
    """An address of a documentation range, of the same version."""
    if re.fullmatch("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}", value):
        return f"{draw.of(_NETS)}.{1 + draw.below(254)}"
    if ":" in value:
        return "2001:db8" + "".join(f":{draw.below(1 << 16):04x}" for _ in range(6))
    return None


def mac(value: str, draw: Draw) -> str | None:
    """A locally administered address under 02-00-5E, grouped by pairs as the value was."""
    if len(re.sub("[^0-9a-fA-F]", "", value)) != 12:
        return None
    body = f"02005e{draw.below(1 << 16):04x}"
    body += check_byte(body)
    mark = next((sign for sign in ":-" if sign in value), ":")
    made = mark.join(body[i : i + 2] for i in range(0, 12, 2))
    return made.upper() if value.upper() == value else made


def holds(found: str) -> bool:
    """Whether what `PATTERN` found is one of ours: a MAC address has its check byte."""
    bare = re.sub("[:-]", "", found.lower())
    return not (len(bare) == 12 and bare.startswith("02005e")) or check_byte(bare[:-2]) == bare[-2:]


def check_byte(body: str) -> str:
    """The last byte of a MAC address of ours, from the five before it."""
    return blake2b(body.lower().encode(), digest_size=1, person=b"surrogate mac").hexdigest()
