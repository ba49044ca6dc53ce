"""Values that only the word before them tells from any other: a label, what joins it, a shape."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

from governance.recognisers.later import later
from governance.recognisers.library import gaps
from governance.recognisers.library.words import listed
from governance.recognisers.needle_scan import EDGE
from governance.recognisers.pattern import Check, Kind, Pattern, Verdict
from governance.recognisers.shape import least_digits
from governance.recognisers.wordfinder import trie

#: Words of a label may be set apart by a space, a hyphen, an underscore (names of fields), or not at all.
_APART = "[ _-]?"
#: A value that has its first digit farther from its beginning is none.
_AHEAD = 18
_BODY = "[0-9a-z -]"
#: Of more labels than so many a needle holds the first letters alone.
_MANY, _STEM = 60, 11
#: Characters that a stem has at least behind a shorter label in it.
_BEYOND = 4
#: So many labels a pattern.
_MOST = 50
#: A value that is longer, in bytes, holds its digits anywhere.
_FAR = 512


_LATIN, _LATIN_BEHIND = re.compile(f"[{gaps.LATIN}]"), re.compile(f" ?[{gaps.LATIN}]")
_ASCII = re.compile("[A-Za-z]")


def labelled(
    entity: str,
    name: str,
    labels: str,
    shape: str,
    *,
    first: str = "[a-z0-9]",
    check: Check | None = None,
    score: float = 0.8,
    checked: float = 0.9,
    regions: frozenset[str] = frozenset(),
    kind: Kind = "pii",
    reach: int = 192,
    caseless: bool = True,
    gap: int = 0,
    over: int = 6,
    commas: bool = False,
    signs: str = "",
    digits: int | None = None,
    body: str = _BODY,
    tail: str = "",
    least: int = 0,
) -> Pattern:
    """A pattern for ``<label><gap><shape>``; the span is the shape's alone. What a gap may hold is in `gaps`.

    ``labels`` are set apart by commas; one in Latin letters must stand as a word. ``shape`` is an
    expression without groups of its own, case-blind for ASCII, that ends with its own guard; ``first`` is an ASCII
    class that holds every character it can begin with. Without ``caseless`` labels and shape are as they are written,
    for labels that are words in small letters. With a ``gap`` so many characters of the same sentence may stand
    between them ("número de DNI del titular: …") if the value has ``over`` digits or more; no digit may come before it.
    With ``commas`` a comma may join them; ``signs`` is a class in place of all signs, for values that begin with one.
    For the needle: with ``digits`` a value has a digit within its first characters and so many characters of the class
    ``body`` behind that; ``tail`` is an expression of its own for a value from its first digit on. ``least``: digits that
    `check` asks of a value at least, where its shape asks for fewer.
    """
    # Case is folded for ASCII alone, so other alphabets bring their capitals along.
    forms = set(listed(labels))
    if caseless:
        forms = {form for label in forms for form in (label, label.capitalize(), label.upper())}
        forms = {form for form in forms if not form.isascii()} | {form.lower() for form in forms if form.isascii()}
    known = sorted(forms, key=lambda label: (-len(label), label))
    latin = [label for label in known if _LATIN.match(label)]
    other = [label for label in known if label not in latin]
    # "v信" begins as a Latin word and does not end as one.
    whole = {label for label in latin if _LATIN.match(label, len(label) - 1)}
    sides = ((whole, f"(?![{gaps.LATIN}])"), (set(latin) - whole, ""))
    guarded = [f"(?<![{gaps.LATIN}]){trie(words)}{right}" for words, right in sides if words]
    edged = "|".join([*guarded, trie(set(other))] if other else guarded).replace("\\ ", _APART)
    joined = gaps.gap(commas or gap > 0, signs, lettered=not gap and digits is None)
    if gap:
        joined = f"(?:{joined}|(?P<gap>[^0-9\n。；;!?！？\ue000-\ue002]{{1,{gap}}}(?<![0-9A-Za-z])))"
    words, stems, beyond = _stems(known, shortened=gap > 0 or digits is not None)
    widest, fewest = _measured(shape)
    most = widest * (1 if shape.isascii() else 4)
    if digits is not None or gap:
        tail = tail or "[0-9]" + (f"{body}{{{digits}}}" if digits else "")
        # A character is up to four bytes, and a value may begin with some letters.
        room = gaps.room(4 * gap, _AHEAD + beyond)
        needle, closed = f"[^0-9]{{0,{room}}}{tail}", f"(?:[^0-9A-Za-z][^0-9]{{0,{room}}})?{tail}"
        check = partial(_soon, later(f"[^0-9]{{0,{_AHEAD}}}(?:{tail})", re.IGNORECASE), check)
        before = _measured(tail)[0]
    else:
        some = f"{first[:-1]}a-z]"
        needle = f"{gaps.needle_gap()}{some}"
        closed = f"(?:{gaps.needle_gap(1)}{some}|[0-9])"
        # A word of the gap may be what the needle ends with.
        before, most = 1, most + 4 * gaps.WIDTH
    least = max(least, fewest)
    if gap:
        check = partial(_over_gap, over, check)
    return Pattern(
        entity,
        name,
        needle=f"{'(?i)' if caseless else ''}{_openings(words, stems, needle, closed)}",
        verifier=later(
            f"(?:{edged}){joined}(?P<value>(?={first}){shape})", re.IGNORECASE | re.ASCII if caseless else re.ASCII
        ),
        check=check,
        score=score,
        checked=checked,
        regions=regions,
        kind=kind,
        reach=max(reach, 192),
        label=64 + max(gap, gaps.WIDTH),
        digits=(least, before, most) if least and most <= _FAR else (0, 0, 0),
    )


@lru_cache(maxsize=64)
def _measured(expression: str) -> tuple[int, int]:
    """The most characters that an expression matches, and the digits that all it matches holds at least."""
    parser: Any = re._parser  # type: ignore[attr-defined]
    tree = parser.parse(expression)
    return int(tree.getwidth()[1]), least_digits(tree)


def families(entity: str, name: str, labels: Mapping[str, str], shape: str, **how: Any) -> tuple[Pattern, ...]:
    """`labelled` for labels by group; of a large group several patterns, for automata take so many words at once."""
    out = []
    for group, words in labels.items():
        known = sorted(listed(words))
        for i in range(0, len(known), _MOST):
            part = f"{name}_{group}" + (f"_{i // _MOST + 1}" if len(known) > _MOST else "")
            out.append(labelled(entity, part, ", ".join(known[i : i + _MOST]), shape, **how))
    return tuple(out)


#: Words in a gap that say the number behind them is another.
_OTHERWISE = re.compile(
    "(?i)电话|手机|电話|電話|热线|客服|拨打|邮编|日期|时间|金额|价格|共计|合计|满减|优惠|phone|tel|mobile|date|time|dob|born|price|"
    "amount|total|teléfono|telefone|celular|precio|tanggal|ngày|điện thoại|โทร|เบอร์|วันที่|телефон|цена|전화|연락처"
)
#: What stands behind a number that counts or measures something, or is a day.
_COUNTED = re.compile(
    "(?i) ?(?:元|块|塊|圆|角|毛|年|月|日|天|号楼|楼|层|室|时|点|分|秒|周|次|人|个|個|件|单|票|张|條|条|本|台|只|位|名|米|里|斤|克|吨|升|度|"
    "倍|折|%|％|万|萬|亿|億|千|百|rmb|cny|usd|yuan|dollars?|euros?|kg|g|km|cm|mm|ml|gb|mb|px|mah|wh|kwh|w|v|hz|mhz|ghz|rpm|lm|people|pcs|days?|hours?|minutes?|"
    "years?|years old|原|円)(?![a-z])"
)
#: A day, with or without signs, and perhaps the time of it.
_DAY = re.compile(
    "(?:19[5-9]|20[0-4])[0-9](?P<sign>[-/. ]?)(?:0[1-9]|1[0-2]|[1-9](?=[-/. ]))(?P=sign)(?:0[1-9]|[12][0-9]|3[01]|[1-9](?![0-9]))"
    "(?:[ T][0-9]{1,2}(?::?[0-9]{2}){0,2})?\\Z"
    # codes of lockers are written 3-2-1968
    "|(?:(?:0?[1-9]|[12][0-9]|3[01])(?P<mark>[/.])(?:0?[1-9]|1[0-2])(?P=mark)|(?:0[1-9]|[12][0-9]|3[01])-(?:0[1-9]|1[0-2])-)(?:19[5-9]|20[0-4])[0-9]\\Z"
)


def _soon(tail: re.Pattern[str], check: Check | None, found: re.Match[str]) -> Verdict:
    """`check`, for a value in which the needle's tail stands."""
    if tail.match(found["value"]) is None:
        return None
    return False if check is None else check(found)


def _over_gap(over: int, check: Check | None, found: re.Match[str]) -> Verdict:
    """`check`, and for a value that does not stand right behind its label `over` digits and no other label between."""
    verdict: Verdict = False if check is None else check(found)
    if found["gap"] is None or verdict is None:
        return verdict
    value = found["value"]
    if sum(c.isdigit() for c in value) < over or _OTHERWISE.search(found["gap"]):
        return None
    if counted(found) or _DAY.match(value):
        return None
    return (0.65, *verdict[1:]) if isinstance(verdict, tuple) else 0.65


def counted(found: re.Match[str]) -> bool:
    """Whether a unit stands behind the value, so that it says how many."""
    return _COUNTED.match(found.string, found.end("value")) is not None


def is_day(value: str) -> bool:
    """Whether the value is a day: a year, a month and a day in order."""
    return _DAY.match(value) is not None


def _stems(labels: list[str], *, shortened: bool) -> tuple[set[str], set[str], int]:
    """What labels begin with, for a needle: automata do not take all the words, and a needle's gap holds anything but
    digits, so it finds the longer ones too. First the stems that stand as words, for what follows a Latin letter at once
    is no label and no value; then those that labels go on from; and how many bytes a label goes on behind one of them."""
    whole: set[str] = set()
    stems: set[str] = set()
    beyond = 0
    for label in sorted(labels, key=len):
        latin = _LATIN.match(label) is not None
        at = [len(stem) for stem in whole if label.startswith(stem)] if shortened else []
        # A space may be left out, so that a letter follows the shorter label.
        at = [end for end in at if not _LATIN_BEHIND.match(label, end)]
        at += [len(stem) for stem in stems if label.startswith(stem)] if shortened else []
        if not at and shortened and len(labels) > _MANY:
            inside = max((len(stem) for stem in whole if label.startswith(stem)), default=-_BEYOND)
            most = max(_STEM if latin else _STEM // 2 + 1, inside + _BEYOND)
            if most < len(label) and not _has_digit(label[most:]):
                stems.add(label[:most])
                at = [most]
        if at and not _has_digit(label[max(at) :]):
            beyond = max(beyond, len(label[max(at) :].encode()))
        elif latin and _ASCII.match(label, len(label) - 1):
            whole.add(label)
        else:
            stems.add(label)
    return whole, stems, beyond


def _has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text)


def _openings(whole: set[str], stems: set[str], rest: str, closed: str) -> str:
    """A needle for stems with something behind them; one in Latin letters does not begin within a word, and one of
    those that stand as words does not end within one."""
    latin = {stem for stem in stems if _ASCII.match(stem)}
    parts = ((EDGE, whole, closed), (EDGE, latin, rest), ("", stems - latin, rest))
    return "|".join(f"{edge}(?:{_either(words)}){behind}" for edge, words, behind in parts if words)


def _either(words: set[str]) -> str:
    # RE2 does not know an escaped space.
    known = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace("\\ ", _APART) for word in known)


def has_digit(found: re.Match[str]) -> bool | None:
    """A check: a value without any digit is a word, not a number."""
    return True if any(c.isdigit() for c in found["value"]) else None
