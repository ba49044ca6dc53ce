"""Numbers that everybody may know: free and shared-cost lines of firms and authorities. Recognised, counted, kept.

Each region's forms as its numbering plan has them. A number here is public whoever answers; a policy may still name
``SERVICE_LINE`` and redact it.
"""

from __future__ import annotations

import re

from governance.recognisers.library import words
from governance.recognisers.library.cn_phone import EXTENSION
from governance.recognisers.library.numbers import BEGIN, BEYOND, END
from governance.recognisers.pattern import Context, Pattern

ENTITY = "SERVICE_LINE"
_S = "[ .-]?"
_NANP = f"(?:[+]?1{_S})?[(]?8(?:00|33|44|55|66|77|88)[)]?{_S}[0-9]{{3}}{_S}[0-9]{{4}}"

#: Region -> forms without guards.
_FORMS: dict[str, str] = {
    "CN": "(?:[+]?86[ -]?)?[48]00(?:[ -]?[0-9]){7}",
    "US": _NANP,
    "CA": _NANP,
    # Elsewhere 03… is a region: in Britain's own grouping alone.
    "GB": f"0(?:80[08]{_S}[0-9]{{3}}{_S}[0-9]{{3,4}}|(?:3[0-9]{{2}}|84[345]|87[0-3])[ -][0-9]{{3}}[ -][0-9]{{4}})",
    "AU": f"1[38]00{_S}[0-9]{{3}}{_S}[0-9]{{3}}",
    "SG": f"1?800{_S}[0-9]{{3}}{_S}[0-9]{{4}}",
    "MY": f"1[38]00{_S}[0-9]{{2}}{_S}[0-9]{{4}}",
    "IN": f"1800{_S}[0-9]{{3}}{_S}[0-9]{{3,4}}",
    "PH": f"1800{_S}[0-9]{{2,4}}{_S}[0-9]{{4}}",
    "ID": f"0800{_S}[0-9]{{1,3}}{_S}[0-9]{{3,4}}|1500[0-9]{{3}}",
    "TH": f"1800{_S}[0-9]{{3}}{_S}[0-9]{{3}}",
    "VN": f"1[89]00{_S}(?:[0-9]{{6}}|[0-9]{{4}})",
    "KR": f"080{_S}[0-9]{{3}}{_S}[0-9]{{4}}|1[5-8][0-9]{{2}}{_S}[0-9]{{4}}",
    "JP": f"0120{_S}[0-9]{{2,3}}{_S}[0-9]{{3,4}}|0800{_S}[0-9]{{3}}{_S}[0-9]{{4}}",
    "HK": f"800{_S}[0-9]{{2,3}}{_S}[0-9]{{3,4}}",
    "TW": f"0800{_S}[0-9]{{3}}{_S}[0-9]{{3}}",
    "BR": f"0800{_S}[0-9]{{3}}{_S}[0-9]{{4}}|(?:4004|3003){_S}[0-9]{{4}}",
    "MX": f"(?:01{_S})?800{_S}[0-9]{{3}}{_S}[0-9]{{4}}",
    "ES": f"90[0-2]{_S}[0-9]{{3}}{_S}[0-9]{{3}}",
    "PT": f"(?:800|808|707){_S}[0-9]{{3}}{_S}[0-9]{{3}}",
    "AR": f"0?800{_S}[0-9]{{3}}{_S}[0-9]{{4}}",
    "CL": f"(?:800|600){_S}[0-9]{{2,3}}{_S}[0-9]{{3,4}}",
    "CO": f"01{_S}8000{_S}[0-9]{{6}}",
    "PE": f"0800{_S}[0-9]{{2}}{_S}[0-9]{{3}}",
    "RU": f"(?:8|[+]7){_S}[(]?800[)]?{_S}[0-9]{{3}}{_S}[0-9]{{2}}{_S}[0-9]{{2}}",
    "DE": f"0800{_S}[0-9]{{3}}{_S}[0-9]{{4}}",
    "FR": f"080[0-9]{_S}[0-9]{{3}}{_S}[0-9]{{3}}",
}

REGIONS = frozenset(_FORMS)
_SHORT_CN = "9[56][0-9]{3}(?:[0-9]{1,3})?|1010[0-9]{4}|100[0-9]{2}|12[0-9]{3}"

#: Where mobiles of Singapore or Hong Kong may stand, which have eight digits and begin with 9, fewer of China's are known.
_MOBILE_9 = frozenset({"SG", "HK"})
_SHORT_CN_BESIDE = "9[56][0-9]{3}(?:[0-9]{1,2})?|1010[0-9]{4}|100[0-9]{2}|12[0-9]{3}"


def _short(forms: str) -> Pattern:
    return Pattern(
        ENTITY,
        "service_line.short",
        needle=f"(?:^|[^0-9A-Za-z.])(?:{_SHORT_CN}){BEYOND}",
        verifier=re.compile(f"(?<![0-9A-Za-z.])(?:{forms})(?![0-9A-Za-z])"),
        context=Context(words.PHONE, against=words.NOT_PHONE),
        score=0.2,
        checked=0.2,
        kind="public",
        regions=frozenset({"CN"}),
    )


def patterns(regions: tuple[str, ...]) -> tuple[Pattern, ...]:
    """A pattern for each form of `regions`, and the short numbers of China where it is among them."""
    forms = dict.fromkeys(_FORMS[region] for region in regions if region in _FORMS)
    long = tuple(_long(form) for form in forms)
    return (
        (*long, _short(_SHORT_CN if _MOBILE_9.isdisjoint(regions) else _SHORT_CN_BESIDE)) if "CN" in regions else long
    )


def _long(form: str) -> Pattern:
    region = next(region for region in _FORMS if _FORMS[region] == form)
    return Pattern(
        ENTITY,
        f"service_line.{region.lower()}",
        needle=f"{BEGIN}(?:{form}){END}",
        verifier=re.compile(f"(?<![0-9])(?<![0-9][A-Fa-f])(?:{form})(?![0-9])(?!-[0-9])(?![A-Fa-f][0-9]){EXTENSION}"),
        # Below every sure telephone pattern: 1 800 … is also how a Chinese mobile begins, and in doubt it is one.
        score=0.78,
        kind="public",
    )
