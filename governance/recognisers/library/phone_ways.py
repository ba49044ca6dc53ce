"""How people of a country write its telephone numbers: ways that are a telephone's without a word beside them.

Data, as the numbering plans and the habits have them. Numbers are looked at with one hyphen for each break between
groups of digits, without brackets: ``(11) 98765-4321`` is ``11-98765-4321``. In the tables ways are set apart by spaces and ``D`` is any
digit. What is not here may still be a telephone by the metadata of `phonenumbers` or by a word beside it
(`library.phone`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial

import regex

#: Region -> country code and ways, with the trunk prefix where people write it.
_WAYS: dict[str, tuple[str, str]] = {
    "AR": (
        "54",
        "(?:9-?)?(?:0?-?11-(?:15-)?[2-9]D{3}-D{4}|0?-?[23]D{2}-(?:15-)?D{3}-D{4}|0?-?[23]D{3}-(?:15-)?D{2}-D{4})"
        " 0[23]D{2,3}-?D{6,7} 0?11-[2-9]D{7} 9?-?11[2-7]D{7} 15-D{4}-D{4}",
    ),
    "AU": ("61", "04DD-DDD-?DDD 04D{8} 0[2378]-?[2-9]D{3}-?D{4} 0?4DD-DDD-DDD"),
    "BR": (
        "55",
        "(?:0?[1-9][1-9]-)?9-?D{4}-D{4} 0?[1-9][1-9]-?9-?D{8} 0[1-9][1-9]-?[2-5]D{3}-?D{4} [1-9][1-9]-[2-5]D{3}-?D{4}"
        " [1-9][1-9]9D{4}-D{4} [1-9][1-9]-9DDD-?D{4}",
    ),
    "CA": ("1", "(?!8(?:00|33|44|55|66|77|88))[2-9]DD-[2-9]DD-D{4}"),
    "CL": ("56", "0?9-?[2-9]D{3}-D{4} 0?9-D{4}-?D{4} 0?2-?2D{3}-?D{4} 22-?D{3}-?D{4} [3-7]D-2D{2}-?D{4} 9[2-9]D{7}"),
    "CO": ("57", "3[0-5]D-?D{3}-?D{4} 3[0-5]D-DDD-DD-DD 3[0-5]D-DD-DD-DDD 60[1-8]-?[2-8]D{2}-?(?:D{4}|DD-DD)"),
    "ES": (
        "34",
        "[67]DD-?DDD-?DDD [67]DD-?DD-?DD-?DD [67]D-DDD-DD-DD [89][1-8]D-DDD-DDD [89][1-8]D-DD-DD-DD"
        " [89][1-8]-DDD-DD-DD [89][1-8]-D{3}-D{4} [89][1-8]-D{7} 9[1-8]D{7}",
    ),
    "GB": (
        "44",
        "07DDD-?DDD-?DDD 07DD-?DDD-?DDDD 02D-?D{4}-?D{4} 0[12]DD-?D{3}-?D{4} 0[12]D{3}-D{5,6} 0[12]D{3}-D{3}-D{2,3}"
        " 01D{9} 7DDD-DDD-DDD 7DDD-D{6}",
    ),
    "HK": ("852", "[5679]DDD-D{4} [23]DDD-D{4}"),
    "ID": (
        "62",
        "0?8DD-D{3,4}-D{3,5} 0?8DD-D{7,8} 08DD-D{6} 08D{8,11} 0[2-7]D{1,2}-D{5,8} 0[2-7]D{1,2}-D{3,4}-D{3,4}"
        " 0?8D-D{3,4}-D{4} 0DD-DDD-D{4} 021D{7,8}",
    ),
    "IN": ("91", "0?-?[6-9]D{4}-?D{5} 0?-?[6-9]DD-DDD-DDDD 0DD{1,2}-?[2-7]D{2,3}-?D{4} [6-9]D{3}-D{3}-D{3}"),
    "JP": ("81", "0[5789]0-?D{4}-?D{4} (?!0120|0800|0570)0[1-9]D{0,3}-D{1,4}-D{4} 0[1-9]-?D{8}"),
    "KR": ("82", "01[016-9]-?D{3,4}-?D{4} 0(?:2|[3-6]D|70|50D?)-?D{3,4}-D{4} 0(?:2|[3-6][1-5])D{7,8}"),
    "MO": ("853", "6DDD-D{4} 28DD-D{4}"),
    "MX": (
        "52",
        "(?:(?:01|04[45]|1)-?)?(?:[2-9]D-D{4}-?D{4}|(?!800)[2-9]D{2}-D{3}-?D{4}|[2-9]DD-DDD-DD-DD|[2-9]D-DD-DD-DD-DD)",
    ),
    "MY": ("60", "01D-?D{3,4}-?D{4} 0[3-9]-?D{3,4}-?D{4} 08[2-9]-?D{3}-?D{3}"),
    "NZ": ("64", "02D-?D{3,4}-?D{3,4} 0[34679]-D{3}-D{4}"),
    "PE": ("51", "9DD-?DDD-?DDD 0?1-[2-7]D{2}-?D{4} 0[4-8]D-D{2,3}-?D{3,4} 01[2-7]D{6}"),
    "PH": ("63", "0?9DD-?DDD-?DDDD 0?9DD-DDD-DD-DD 0?2-8?D{3}-?D{4} 0[3-8]D-D{3}-?D{4}"),
    "PT": (
        "351",
        "9[1236]D-?DDD-?DDD 9[1236]-DDD-DD-DD 9[1236]-DDD-DDDD 9[1236]-D{7} 2[1-9]-DDD-DD-DD 2[1-9]-D{3}-D{4}"
        " 2[1-9]D-DDD-DDD 2[12]-D{7} 2[1-9]D-D{6}",
    ),
    "RU": (
        "7",
        "(?!8-?800)[78]-?[3489]DD-?DDD-?DD-?DD (?!8-?800)[78]-DDD-DDD-DD-?DD DDD-DDD-DD-DD [3489]D{4}-D-DD-DD [3489]D{3}-DD-DD-DD"
        " [78]-?[3489]D{4}-?D-DD-DD 9DD-?DDD-?DDDD [78]-9D{2}-D{7} [78]-9D{9}",
    ),
    "SG": ("65", "[3689]DDD-D{4}"),
    "TH": (
        "66",
        "0[689]D-?DDD-?DDDD 0[689]-D{4}-D{4} 0[689]D-DDDD-DDD 02-?D{3}-?D{4} 0-2DDD-D{4} 0[3-7]D-?DDD-?DDD"
        " 0[689]DD-DD-DDDD",
    ),
    "TW": ("886", "0?9DD-?DDD-?DDD 0[2-8]-?[2-9]D{2,3}-?D{4} 0[348][279]-D{3}-?D{3,4} 09D{2}-D{6}"),
    "US": ("1", "(?!8(?:00|33|44|55|66|77|88))[2-9]DD-[2-9]DD-D{4}"),
    "VN": (
        "84",
        "0?[35789]DD-DDD-?DDD 0[35789]DDD{6} 0?[35789]D-DDD-D{4} 0?[35789]DD-DD-DD-DD 0?[35789]D-D{7} 0?[35789]D{3}-D{3}-DDD"
        " 02D{1,2}-?D{3,4}-?D{3,4} 0?[35789]D-D{2}-D{2}-D{3} 0[35789]D{3}-D{5}",
    ),
}
#: Ways that other numbers share: only with a hyphen or bracket in them, never with spaces alone.
_HYPHENED: dict[str, str] = {
    "US": "1?-?(?!8(?:00|33|44|55|66|77|88))(?!400)DDD-DDD-D{4} 001-(?!8(?:00|33|44|55|66|77|88))DDD-DDD-D{4} 1?-?(?!8(?:00|33|44|55|66|77|88))[2-9]DD-[2-9]D{6}",
    "CA": "1?-?(?!8(?:00|33|44|55|66|77|88))(?!400)DDD-DDD-D{4} 001-(?!8(?:00|33|44|55|66|77|88))DDD-DDD-D{4}",
    "BR": "(?!4004|3003|4003|1)[2-5]DDD-D{4}",
    "AR": "[4-6]DDD-D{4}",
    "MX": "[2-9]DD-D{7} [2-9]D-D{8}",
    "IN": "[6-9]DD-D{7}",
    "TW": "[2-9]DDD-D{4}",
}


def _alternatives(region: str) -> Iterator[str]:
    code, ways = _WAYS[region]
    for way in ways.split():
        yield way
        # With the country code in front and no plus sign, the trunk 0 goes or stays behind it.
        rest = re.sub(r"\A0(?:\?)?(?:-\?)?", "", way)
        yield f"(?:00-?)?{code}-?(?:0-?)?{rest}"
    if code in ("65", "852", "853"):
        yield f"(?:00-?)?{code}-?[235689]D{{7}}"


#: What a way demands of the digits that follow, and the parts of it that stand for one digit.
_AHEAD = re.compile(r"\(\?!(?:[^()]|\([^()]*\))*\)")
_ONE = re.compile(r"\{[0-9,]+\}|\[[^]]*\]|[0-9]")


def outline(way: str) -> str:
    """A way whose digits may be any, as an expression in which ``D`` is a digit: what groups a number has."""
    return _ONE.sub(lambda part: part[0] if part[0][0] == "{" else "D", _AHEAD.sub("", way))


class Begins(dict[str, "re.Pattern[str] | None"]):
    """Ways of the same groups, by the first two characters of a number: those of them that it may be, as one expression."""

    def __init__(self, ways: list[str]) -> None:
        self._ways = ways

    def __missing__(self, begin: str) -> re.Pattern[str] | None:
        able = [way for way in self._ways if regex.compile(way).fullmatch(begin, partial=True)]
        self[begin] = found = re.compile("|".join(able)) if able else None
        return found


class Ways:
    """How people of `regions` write their numbers, looked up by the lengths of the groups: most rows of digits are
    grouped as no number is."""

    def __init__(self, regions: tuple[str, ...]) -> None:
        plain = (way for region in regions if region in _WAYS for way in _alternatives(region))
        hyphened = (way for region in regions for way in _HYPHENED.get(region, "").split())
        self._plain = lru_cache(maxsize=4096)(partial(_grouped, _outlined(plain)))
        self._hyphened = lru_cache(maxsize=4096)(partial(_grouped, _outlined(hyphened)))

    def of(self, shape: tuple[int, ...], begin: str, signs: bool) -> tuple[Callable[[str], object], ...]:
        """What matches a number with a hyphen between its groups if it is written as people do; nothing for groups that no
        way has. ``shape``: the lengths of the groups; ``begin``: the first two characters of such a number; ``signs``:
        whether it is written with a hyphen, a dot or a bracket, which some ways need."""
        some = (self._plain(shape), self._hyphened(shape) if signs else None)
        ways = (begins[begin] for begins in some if begins is not None)
        return tuple(way.fullmatch for way in ways if way is not None)


def _outlined(ways: Iterable[str]) -> list[tuple[str, re.Pattern[str]]]:
    """Each way, spelt out, with its `outline`."""
    return [(way.replace("D", "[0-9]"), re.compile(outline(way))) for way in dict.fromkeys(ways)]


def _grouped(ways: list[tuple[str, re.Pattern[str]]], shape: tuple[int, ...]) -> Begins | None:
    """The ways with groups of these lengths."""
    drawn = "-".join("D" * length for length in shape)
    fit = [way for way, outlined in ways if outlined.fullmatch(drawn) is not None]
    return Begins(fit) if fit else None
