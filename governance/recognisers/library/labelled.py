"""Values that only the word before them tells from any other: a label, what joins it, a shape."""

from __future__ import annotations

import re

from governance.recognisers.library.words import listed
from governance.recognisers.pattern import Check, Kind, Pattern

#: What stands between a label and its value, in a few languages. Literals only: needle and verifier share it.
JOIN = (
    "(?: |:|：|=|是|为|為|叫|#|\\.|-|/|\"|'|“|「|【|\\(|（|号码|號碼|番号|号|號|码|账号|帐号|帳號|id|no|number|is|are|es|é|là|は"
    "|คือ|adalah|का)"
)
_LATIN = "A-Za-zÀ-ɏḀ-ỿ"


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
) -> Pattern:
    """A pattern for ``<label><join><shape>``; the span is the shape's alone.

    ``labels`` are set apart by commas; one in Latin letters must stand as a word. ``shape`` is an
    expression without groups of its own, case-blind for ASCII, that ends with its own guard; ``first`` is an ASCII
    class that holds every character it can begin with. Without ``caseless`` labels and shape are as they are written,
    for labels that are words in small letters.
    """
    # Case is folded for ASCII alone, so other alphabets bring their capitals along.
    forms = set(listed(labels))
    if caseless:
        forms = {form for label in forms for form in (label, label.capitalize(), label.upper())}
        forms = {form for form in forms if not form.isascii()} | {form.lower() for form in forms if form.isascii()}
    known = sorted(forms, key=lambda label: (-len(label), label))
    latin = [label for label in known if re.match(f"[{_LATIN}]", label)]
    other = [label for label in known if label not in latin]
    guarded = [f"(?<![{_LATIN}])(?:{_either(latin)})(?![{_LATIN}])"] if latin else []
    edged = "|".join([*guarded, _either(other)] if other else guarded)
    return Pattern(
        entity,
        name,
        needle=f"{'(?i)' if caseless else ''}(?:{_either(known)}){JOIN}{{0,6}}{first}",
        verifier=re.compile(
            f"(?:{edged}){JOIN}{{0,6}}(?P<value>(?={first}){shape})", re.IGNORECASE | re.ASCII if caseless else re.ASCII
        ),
        check=check,
        score=score,
        checked=checked,
        regions=regions,
        kind=kind,
        reach=reach,
        label=64,
    )


def _either(words: list[str]) -> str:
    # RE2 does not know an escaped space.
    return "|".join(re.escape(word).replace("\\ ", " ") for word in words)


def has_digit(found: re.Match[str]) -> bool | None:
    """A check: a value without any digit is a word, not a number."""
    return True if any(c.isdigit() for c in found["value"]) else None
