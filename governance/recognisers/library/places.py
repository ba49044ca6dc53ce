"""Where somebody is: coordinates in the ways of maps, phones and surveyors. Four decimals are ten metres, two a town."""

from __future__ import annotations

import re

from governance.recognisers.library.labelled import labelled
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
        "经度, 纬度, 經度, 緯度, 经纬度, 經緯度, 坐标, 座標, 定位坐标, gps, gps坐标, 北纬, 南纬, 东经, 西经, 北緯, 東經, latitude, longitude, lat, lng, lon, long, coordinates, "
        "coordinate, coords, geo, location, latitud, longitud, coordenadas, longitude, koordinat, lintang, bujur, tọa độ, vĩ độ, kinh độ, พิกัด, ละติจูด, ลองจิจูด, "
        "координаты, широта, долгота, 위도, 경도, 좌표",
        "[+-]?[0-9]{1,3}[.][0-9]{3,15}(?: ?°)?(?: ?[NSEW])?(?: ?[,，;/] ?[+-]?[0-9]{1,3}[.][0-9]{3,15}(?: ?°)?(?: ?[NSEW])?)?(?![0-9A-Za-z])",
        first="[0-9+-]", score=0.8,
    ),
    labelled(
        ENTITY, "location.geohash", "geohash, geohash码, plus code, pluscode, what3words",
        "(?:[0-9B-HJKMNP-Z]{5,12}|[23456789CFGHJMPQRVWX]{4,8}[+][23456789CFGHJMPQRVWX]{2,3}|[A-Z]{3,18}[.][A-Z]{3,18}[.][A-Z]{3,18})(?![0-9A-Za-z])",
        score=0.8,
    ),
)  # fmt: skip
