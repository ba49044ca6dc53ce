"""Generalised values: true, but coarser. Each function gives ``None`` for what it cannot read.

All are idempotent: what is already as coarse comes back as it is.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

Options = Mapping[str, Any]

_DATE = re.compile(
    "(?P<y>[0-9]{4})[-/.年](?P<m>[0-9]{1,2})(?:[-/.月](?P<d>[0-9]{1,2})日?)?(?:[T ].*)?月?"
    "|(?P<d2>[0-9]{1,2})[-/.](?P<m2>[0-9]{1,2})[-/.](?P<y2>[0-9]{4})"
    "|(?P<y3>[0-9]{4})(?P<m3>[0-9]{2})(?P<d3>[0-9]{2})"
    "|(?P<y4>[0-9]{4})年?"
)
_DECADE = re.compile("[0-9]{3}0s")
_BAND = re.compile("(?:<|≥)?-?[0-9]+(?:-[0-9]+)?")
_BASE32 = "0123456789bcdefghjkmnpqrstuvwxyz"


def generalise(value: str, options: Options) -> str | None:
    """`value` as coarse as ``options["to"]`` says (`schemas.actions.GENERALISATIONS`); ``None`` if it cannot be read."""
    plain = unicodedata.normalize("NFKC", value).strip()
    return _HOW[options["to"]](plain, options)


# --- dates ---


def _day(value: str) -> tuple[int, int, int] | None:
    """Year, month and day, 0 for what is not said. A day before or after its month is told by which can be a month."""
    match = _DATE.fullmatch(value)
    if match is None:
        return None
    year, month, day = (
        int(match[name] or match[f"{name}2"] or match[f"{name}3"] or (match["y4"] if name == "y" else 0) or 0)
        for name in "ymd"
    )
    if match["m2"] and month > 12:
        month, day = day, month
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    return year, month, day


def _month(value: str, _: Options) -> str | None:
    day = _day(value)
    return f"{day[0]:04d}-{day[1]:02d}" if day and day[1] else None


def _year(value: str, _: Options) -> str | None:
    day = _day(value)
    return f"{day[0]:04d}" if day else None


def _decade(value: str, _: Options) -> str | None:
    if _DECADE.fullmatch(value):
        return value
    day = _day(value)
    return f"{day[0] // 10}0s" if day else None


def _age_band(value: str, options: Options) -> str | None:
    width = options.get("width", 10)
    if re.fullmatch("[0-9]{1,3}-[0-9]{1,3}|90\\+", value):
        return value
    if re.fullmatch("[0-9]{1,3}", value):
        age = int(value)
    else:
        day, asked = _day(value), date.fromisoformat(options["asOf"])
        if day is None:
            return None
        age = asked.year - day[0] - ((asked.month, asked.day) < (day[1] or 1, day[2] or 1))
    if not 0 <= age < 130:
        return None
    if age >= 90:
        return "90+"  # so few that a band of ten years may be one person
    return f"{age // width * width}-{age // width * width + width - 1}"


# --- places ---

_PROVINCE = re.compile(
    "(?:中国|中华人民共和国)?((?:北京|天津|上海|重庆)市?|(?:内蒙古|广西壮族|西藏|宁夏回族|新疆维吾尔)自治区"
    "|(?:香港|澳门)特别行政区|[\u4e00-\u9fff]{2,3}省)"
)
_CITY = re.compile("[\u4e00-\u9fff]{2,10}?(?:自治州|地区|市|盟|州)")
_DISTRICT = re.compile("[\u4e00-\u9fff]{1,10}?(?:自治县|自治旗|新区|区|县|旗|市)")
_OWN_CITY = ("北京", "天津", "上海", "重庆", "香港", "澳门")


def _levels(value: str) -> list[str]:
    """Province, city and district of a Chinese address, as far as they are written."""
    bare = re.sub("[\\s,，、]", "", value)
    province = _PROVINCE.match(bare)
    out = [province[1]] if province else []
    at = province.end() if province else 0
    if province is None or not province[1].startswith(_OWN_CITY):
        city = _CITY.match(bare, at)
        if city is not None:
            out.append(city[0])
            at = city.end()
        elif province is not None:
            return out
    else:
        own = re.compile(f"{province[1][:2]}市|市辖区").match(bare, at)
        at = own.end() if own else at
    district = _DISTRICT.match(bare, at)
    return [*out, district[0]] if district else out


def _district(value: str, _: Options) -> str | None:
    return "".join(_levels(value)) or None


def _city(value: str, _: Options) -> str | None:
    levels = _levels(value)
    if not levels or levels[0].startswith(_OWN_CITY):
        return levels[0] if levels else None
    if _PROVINCE.fullmatch(levels[0]):
        return "".join(levels[:2])
    return levels[0] if levels[0].endswith(("市", "州", "盟", "地区")) else None


def _province(value: str, _: Options) -> str | None:
    levels = _levels(value)
    return levels[0] if levels and _PROVINCE.fullmatch(levels[0]) else None


_POINT = re.compile("[(\\[]?\\s*(-?[0-9]{1,3}(?:\\.[0-9]+)?)\\s*[,;， ]\\s*(-?[0-9]{1,3}(?:\\.[0-9]+)?)\\s*[)\\]]?")


def _point(value: str) -> tuple[Decimal, Decimal] | None:
    """Latitude and longitude; where only one order is possible, that one."""
    match = _POINT.fullmatch(value)
    if match is None:
        return None
    first, second = Decimal(match[1]), Decimal(match[2])
    if abs(first) > 90:
        first, second = second, first
    return (first, second) if abs(first) <= 90 and abs(second) <= 180 else None


def _grid(value: str, options: Options) -> str | None:
    point = _point(value)
    step = Decimal(1).scaleb(-options.get("decimals", 1))
    return None if point is None else ",".join(f"{part.quantize(step) + 0:f}" for part in point)


def _geohash(value: str, options: Options) -> str | None:
    """Geohash (G. Niemeyer, 2008): longitude and latitude halved in turn, five halvings to a sign."""
    precision = options.get("precision", 5)
    point = _point(value)
    if point is None:
        known = re.fullmatch(f"[{_BASE32}]{{{precision},12}}", value.lower())
        return known[0][:precision] if known else None
    ranges = [[Decimal(-180), Decimal(180)], [Decimal(-90), Decimal(90)]]
    places = (point[1], point[0])
    bits = 0
    for step in range(5 * precision):
        low, high = ranges[step % 2]
        middle = (low + high) / 2
        upper = places[step % 2] >= middle
        bits = bits * 2 + upper
        ranges[step % 2] = [middle, high] if upper else [low, middle]
    return "".join(_BASE32[bits >> 5 * i & 31] for i in range(precision - 1, -1, -1))


# --- amounts, networks, codes ---


def _band(value: str, options: Options) -> str | None:
    if re.fullmatch("(?:<|≥)-?[0-9]+|-?[0-9]+-[0-9]+", value):
        return value
    try:
        amount = Decimal(re.sub("[\\s,，￥¥$€£元]|CNY|RMB|USD|EUR", "", value))
    except InvalidOperation:
        return None
    if not amount.is_finite():
        return None
    edges = options.get("edges")
    if edges:
        place = bisect_right(edges, amount)
        if place == 0:
            return f"<{edges[0]}"
        return f"≥{edges[-1]}" if place == len(edges) else f"{edges[place - 1]}-{edges[place]}"
    width = options["width"]
    low = int((amount / width).to_integral_value("ROUND_FLOOR")) * width
    return f"<{low + width}" if low < 0 else f"{low}-{low + width}"


def _network(value: str, options: Options) -> str | None:
    try:
        found = ipaddress.ip_network(value, strict=False)
    except ValueError:
        return None
    bits = options.get("v4", 24) if found.version == 4 else options.get("v6", 48)
    return str(found if found.prefixlen <= bits else found.supernet(new_prefix=bits))


def _prefix(value: str, options: Options) -> str | None:
    keep = options.get("keep", 3)
    bare = re.sub("[\\s-]", "", value)
    if re.fullmatch("[0-9A-Za-z]{1,4}\\*", value):
        return value
    return f"{bare[:keep]}*" if re.fullmatch("[0-9A-Za-z]{4,10}", bare) else None


NETWORK_PATTERN = "(?<![0-9.])(?:[0-9]{1,3}\\.){3}0/(?:8|9|1[0-9]|2[0-4])(?![0-9])|(?<![0-9a-f:])[0-9a-f:]{2,15}::/[1-4][0-9](?![0-9])"
"""Networks as `generalise` writes them: what looks like an address in them is not looked at again."""

_HOW: Mapping[str, Callable[[str, Options], str | None]] = {
    "month": _month,
    "year": _year,
    "decade": _decade,
    "ageBand": _age_band,
    "district": _district,
    "city": _city,
    "province": _province,
    "geohash": _geohash,
    "grid": _grid,
    "band": _band,
    "network": _network,
    "prefix": _prefix,
}
