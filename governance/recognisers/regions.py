"""Which countries' national ways of writing numbers to look for in a text."""

from __future__ import annotations

import re

#: By language: where people who write it live, most first. China is always there: the house is Chinese, and its
#: customers abroad deal with people at home.
_BY_LANGUAGE: dict[str, tuple[str, ...]] = {
    "zh": ("CN", "HK", "TW", "MO"),
    "en": ("US", "GB", "SG", "IN", "PH", "MY", "AU", "CA", "HK", "NZ"),
    "es": ("ES", "MX", "AR", "CL", "CO", "PE", "US", "EC", "VE", "UY"),
    "pt": ("BR", "PT"),
    "ko": ("KR",),
    "ja": ("JP",),
    "vi": ("VN",),
    "th": ("TH",),
    "id": ("ID",),
    "ms": ("MY", "SG"),
    "ru": ("RU",),
    "tl": ("PH",),
    "fil": ("PH",),
    "fr": ("FR",),
    "de": ("DE", "AT"),
    "it": ("IT",),
}
_SCRIPTS = {"hant": ("TW", "HK", "MO")}
_UNKNOWN = ("US",)


def unknown_regions(given: str) -> list[str]:
    """The words of `given` that are no region whose telephone numbers are known."""
    import phonenumbers

    return [word for word in re.findall("[^ ,;]+", given) if word.upper() not in phonenumbers.SUPPORTED_REGIONS]


def is_known(language: str) -> bool:
    """Whether `regions_for` knows where people write a language; no language at all is known to be none."""
    return not language or re.split("[-_]", language.lower())[0] in _BY_LANGUAGE


def regions_for(region: str | None, language: str) -> tuple[str, ...]:
    """ISO 3166-1 codes for a contract's ``region`` (one or several, ``CN SG``), else for a BCP 47 language tag.

    A region in the tag comes first (``zh-HK``); a language that is not known is read as English and Chinese.
    """
    if region:
        return tuple(dict.fromkeys(code.upper() for code in re.findall("[A-Za-z]{2,3}", region)))
    parts = re.split("[-_]", language.lower()) if language else [""]
    own = tuple(part.upper() for part in parts[1:] if len(part) == 2)
    script = tuple(code for part in parts[1:] for code in _SCRIPTS.get(part, ()))
    return tuple(dict.fromkeys((*own, *script, *_BY_LANGUAGE.get(parts[0], _UNKNOWN), "CN")))
