"""Small shared grammar of what people write: near names, versions, durations, schedules, dates, environment."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

UNDECIDED = "TODO"
"""What a drafted file writes where a person has to decide; nothing that holds it loads."""

SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
"""Semantic Versioning 2.0.0, without its rule on leading zeros in pre-release numbers."""

DURATION = re.compile(r"P(?!$)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?")
"""ISO 8601-1:2019 durations with whole numbers."""

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?")
"""The part of BCP 47 that we use: language, script, region."""

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(:-[^${}]*)?\}")
_SHORTHANDS = ("@hourly", "@daily", "@weekly", "@monthly", "@yearly")
_CRON_BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_CRON_NAMES: tuple[dict[str, int], ...] = (
    {},
    {},
    {},
    dict(
        zip(
            ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
            range(1, 13),
            strict=True,
        )
    ),
    dict(zip(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), range(7), strict=True)),
)

# Letters of java.time.format.DateTimeFormatter, which ODCS uses for `format`, as strptime directives.
_JAVA_DATE = {
    "yyyy": "%Y", "uuuu": "%Y", "yy": "%y", "uu": "%y", "MMMM": "%B", "MMM": "%b", "MM": "%m", "M": "%m",
    "dd": "%d", "d": "%d", "DDD": "%j", "EEEE": "%A", "EEE": "%a", "EE": "%a", "E": "%a", "HH": "%H", "H": "%H",
    "hh": "%I", "h": "%I", "mm": "%M", "m": "%M", "ss": "%S", "s": "%S", "a": "%p", "z": "%Z",
    "Z": "%z", "ZZ": "%z", "ZZZ": "%z", "X": "%z", "XX": "%z", "XXX": "%z", "x": "%z", "xx": "%z", "xxx": "%z",
    **{"S" * n: "%f" for n in range(1, 7)},
}  # fmt: skip


def nearest(word: object, known: Iterable[str]) -> str | None:
    """The known name that a person most likely meant, or ``None`` where none is near."""
    # Codes of two letters are all near to each other: a guess among them misleads.
    names = {str(name).lower(): str(name) for name in sorted(map(str, known), reverse=True) if len(str(name)) > 2}
    text = str(word).lower()
    found = get_close_matches(text, names, n=1, cutoff=0.6)
    if not found and len(text) > 2:
        found = sorted((name for name in names if name.startswith(text)), key=len)
    return names[found[0]] if found else None


def did_you_mean(word: object, known: Iterable[str], *, what: str = "known") -> str:
    """A hint: the nearest known name, and the list of all while that stays readable."""
    names = sorted(map(str, known))
    near = nearest(word, names)
    if near:
        return f"did you mean {near!r}?"
    return f"{what}: {', '.join(names)}" if names and len(names) <= 30 else ""


def cron_fault(text: str) -> str | None:
    """Why ``text`` is not a schedule (five cron fields, or ``@daily`` and its kin), else ``None``."""
    if text.startswith("@"):
        return None if text in _SHORTHANDS else f"is not one of {', '.join(_SHORTHANDS)}"
    parts = text.split()
    if len(parts) != 5:
        return f"has {len(parts)} fields where cron has 5"
    for part, (low, high), names in zip(parts, _CRON_BOUNDS, _CRON_NAMES, strict=True):
        for item in part.split(","):
            match = re.fullmatch(r"(\*|(\w+)(?:-(\w+))?)(?:/([1-9]\d*))?", item)
            if not match:
                return f"has the field {part!r}, which cron does not know"
            for end in (match[2], match[3]):
                if end is None:
                    continue
                value = names.get(end.upper(), int(end) if end.isdecimal() else -1)
                if not low <= value <= high:
                    return f"has {end!r} where cron takes {low} to {high}"
    return None


def environment_fault(text: str) -> str | None:
    """Why the ``${NAME}`` and ``${NAME:-default}`` in ``text`` cannot be expanded, else ``None``."""
    rest = _VARIABLE.sub("", text)
    return "has a '${' that is not ${NAME} or ${NAME:-default}" if "${" in rest else None


def strptime_pattern(pattern: str) -> str:
    """A date pattern as `datetime.strptime` reads it; Java patterns (``yyyy-MM-dd``) are translated.

    Raises:
        ValueError: a letter that has no counterpart, or an open quote.
    """
    if "%" in pattern:
        return pattern
    out: list[str] = []
    for match in re.finditer(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+|'", pattern):
        part = match[0]
        if part == "'":
            raise ValueError("an open quote")
        if match[1] is not None:
            out.append(match[1].replace("''", "'") or "'")
        elif match[2]:
            if part not in _JAVA_DATE:
                raise ValueError(f"{part!r} is not known")
            out.append(_JAVA_DATE[part])
        else:
            out.append(part)
    return "".join(out)
