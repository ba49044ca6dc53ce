"""Where somebody is: coordinates in the ways of maps, phones and surveyors. Four decimals are ten metres, two a town."""

from __future__ import annotations

import re

from governance.recognisers.library.labelled import has_digit, labelled
from governance.recognisers.pattern import Pattern, Verdict

ENTITY = "LOCATION"
_DEGREES = "[+-]?[0-9]{1,3}[.][0-9]{3,15}"
_BETWEEN = "(?: ?[,，;；/] ?| {1,2})"
_LETTER = " ?°? ?[NSEWnsew]?"


def _pair(found: re.Match[str]) -> Verdict:
    """Latitude and longitude in either order, with four decimals both; prices in a row have two."""
    first, second = float(found["first"]), float(found["second"])
    fine = min(len(found[name].partition(".")[2]) for name in ("first", "second"))
    if fine < 4 or max(abs(first), abs(second)) > 180 or min(abs(first), abs(second)) > 90:
        return None
    # Of small numbers a pair is as often a vector or a share.
    return True if max(abs(first), abs(second)) >= 10 else None


def _fine(found: re.Match[str]) -> Verdict:
    """Four decimals behind a word for a place, three where there are two numbers; a version or a price has fewer."""
    if (found["gap"] or "").startswith(("系", "轴", "軸")):
        return None  # what is spoken of are axes
    decimals = [len(part) for part in re.findall("[.]([0-9]+)", found["value"])]
    return True if max(decimals) >= 4 or len(decimals) > 1 else None


def _lettered(found: re.Match[str]) -> Verdict:
    """A letter and three decimals are also a code of a catalogue ("E11.415"): four, or a degree sign, or Chinese."""
    value = found[0]
    return (
        True
        if "°" in value or "度" in value or not value.isascii() or len(value.rpartition(".")[2].rstrip(" NSEW")) > 3
        else None
    )


PATTERNS = (
    Pattern(
        ENTITY,
        "location.pair",
        needle="[0-9][.][0-9]{4,15} ?(?:°)? ?[NSEWnsew]?(?: ?(?:,|，|;|；|/) ?| {1,2})[NSEWnsew]? ?[+-]?[0-9]{1,3}[.][0-9]{4}",
        verifier=re.compile(
            f"(?<![0-9A-Za-z.])[NSEW]? ?(?P<first>{_DEGREES}){_LETTER}{_BETWEEN}[NSEWnsew]? ?(?P<second>{_DEGREES}){_LETTER}(?![0-9A-Za-z])(?![.][0-9])"
        ),
        check=_pair,
        checked=0.85,
        reach=96,
    ),
    Pattern(
        ENTITY,
        "location.sexagesimal",
        # 39°54'20"N 116°23'29"E, 北纬39°54′20″
        needle="(?:°|º) ?[0-9]{1,2}|度 ?[0-9]{1,2}(?:[.][0-9]{1,8})? ?(?:分|′|’|‘|')",
        verifier=re.compile(
            "(?<![0-9A-Za-z.])(?:[NSEW]|北纬|南纬|东经|西经|北緯|東經)? ?[0-9]{1,3} ?[°º度] ?[0-9]{1,2}(?:[.][0-9]{1,8})? ?['’′‘分]"
            "(?: ?[0-9]{1,2}(?:[.][0-9]{1,6})? ?(?:\"|”|″|“|''|秒))? ?[NSEWO]?(?![A-Za-z])"
        ),
        score=0.75,
        reach=96,
    ),
    labelled(
        ENTITY, "location.labelled",
        "经度, 纬度, 經度, 緯度, 经纬度, 經緯度, 经纬, 坐标, 座標, 坐標, 定位, 位置, 地理位置, 定位坐标, 当前位置, 我的位置, 实时位置, 所在位置, gps, gps坐标, 北纬, 南纬, 东经, 西经, 北緯, 南緯, 東經, 西經, latitude, longitude, lat, lng, lon, long, latlng, lnglat, latlon, "
        "lat/lng, lat/long, lat/lon, coordinates, coordinate, coords, coord, geo, geopoint, location, loc, position, pos, pin, pinned, point, center, ll, latitud, longitud, coordenadas, coordenada, ubicación, ubicacion, posición, localização, localizacao, posição, "
        "koordinat, lokasi, posisi, lintang, bujur, tọa độ, toạ độ, vị trí, định vị, vĩ độ, kinh độ, พิกัด, ตำแหน่ง, โลเคชั่น, ละติจูด, ลองจิจูด, координаты, координата, геолокация, локация, геопозиция, широта, долгота, 위도, 경도, 좌표, 위치, 緯度, 経度",
        "[+-]?[0-9]{1,3}[.][0-9]{3,15}(?: ?°)?(?: ?[NSEW])?(?: ?[,，;；/|、] ?(?:lng|lon|经度|經度)?[:：= ]{0,3}[+-]?[0-9]{1,3}[.][0-9]{3,15}(?: ?°)?(?: ?[NSEW])?"
        "| {1,2}[+-]?[0-9]{1,3}[.][0-9]{3,15}(?: ?°)?(?: ?[NSEW])?)?(?![0-9A-Za-z])",
        first="[0-9+-]", check=_fine, score=0.8, checked=0.8, gap=12, over=6, digits=4, body="[0-9.]",
    ),
    Pattern(
        ENTITY,
        "location.lettered",
        # 北纬39.9087度, N39.9087, 39.9087° N, 116.3975E
        needle="(?:N|S|E|W|纬|緯|经|經)(?: |:|：|=){0,2}[0-9]{1,3}[.][0-9]{3}|[0-9][.][0-9]{3,15} ?(?:°|度)? ?[NSEW]",
        verifier=re.compile(
            "(?<![0-9A-Za-z.])(?:(?:[NSEW]|[北南][纬緯]|[东東西][经經])[ :：=]{0,2}[0-9]{1,3}[.][0-9]{3,15} ?[°度]?"
            "|[0-9]{1,3}[.][0-9]{3,15} ?[°度]? ?[NSEW])(?![0-9A-Za-z])"
        ),
        check=_lettered,
        checked=0.75,
        score=0.75,
    ),
    Pattern(
        ENTITY,
        "location.map",
        # geo:39.9,116.4; links to a map's place: @39.9087,116.3975,17z; ?q=39.9,116.4; markers, positions
        needle="(?:geo:|[@=/:])-?[0-9]{1,3}[.][0-9]{3}",
        verifier=re.compile(
            "(?<=[@=/:,])-?[0-9]{1,3}[.][0-9]{3,15}(?:,|%2C|%2c|;|/)(?: |[+]|%20)?-?[0-9]{1,3}[.][0-9]{3,15}(?![0-9A-Za-z.])"
        ),
        score=0.8,
    ),
    Pattern(
        ENTITY,
        "location.plus_code",
        needle="[23456789CFGHJMPQRVWX]{4}[+][23456789CFGHJMPQRVWX]{2}",
        verifier=re.compile("(?<![0-9A-Za-z+])[23456789CFGHJMPQRVWX]{4}(?:[23456789CFGHJMPQRVWX]{4})?[+][23456789CFGHJMPQRVWX]{2,3}(?![0-9A-Za-z+])"),
        check=lambda found: (any(c.isalpha() for c in found[0]) and any(c.isdigit() for c in found[0])) or None,
        checked=0.7,
    ),
    labelled(
        ENTITY, "location.geohash", "geohash, geohash码, geohash编码, geo hash, plus code, pluscode, open location code, olc",
        "(?:[23456789CFGHJMPQRVWX]{4,8}[+][23456789CFGHJMPQRVWX]{2,3}|[0-9B-HJKMNP-Z]{5,12})(?![0-9A-Za-z])", check=has_digit, checked=0.8, gap=8, over=1,
    ),
    labelled(
        ENTITY, "location.words", "what3words, w3w, three words, 三词地址, what3words地址, ///",
        "[A-Z]{3,18}[.][A-Z]{3,18}[.][A-Z]{3,18}(?![0-9A-Za-z])", first="[a-z]", score=0.8,
    ),
)  # fmt: skip
