"""Values that only the word before them tells from any other: a label, what joins it, a shape."""

from __future__ import annotations

import re
from functools import partial

from governance.recognisers.library.words import listed
from governance.recognisers.pattern import Check, Kind, Pattern, Verdict
from governance.recognisers.wordfinder import trie

#: What stands between a label and its value, in a few languages. Literals only: needle and verifier share it.
JOIN = (
    "(?: |:|：|=|是|为|為|叫|#|\\.|-|/|\"|'|“|「|【|\\(|（|号码|號碼|番号|号|號|码|账号|帐号|帳號|id|no|number|is|are|es|é|là|は"
    "|คือ|adalah|का|는|은)"
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
    gap: int = 0,
    commas: bool = False,
) -> Pattern:
    """A pattern for ``<label><join><shape>``; the span is the shape's alone.

    ``labels`` are set apart by commas; one in Latin letters must stand as a word. ``shape`` is an
    expression without groups of its own, case-blind for ASCII, that ends with its own guard; ``first`` is an ASCII
    class that holds every character it can begin with. Without ``caseless`` labels and shape are as they are written,
    for labels that are words in small letters. With a ``gap`` so many characters of the same sentence may stand
    between them ("número de DNI del titular: …") if the value has six digits or more; no digit may come before it.
    With ``commas`` a comma may join them.
    """
    # Case is folded for ASCII alone, so other alphabets bring their capitals along.
    forms = set(listed(labels))
    if caseless:
        forms = {form for label in forms for form in (label, label.capitalize(), label.upper())}
        forms = {form for form in forms if not form.isascii()} | {form.lower() for form in forms if form.isascii()}
    known = sorted(forms, key=lambda label: (-len(label), label))
    latin = [label for label in known if re.match(f"[{_LATIN}]", label)]
    other = [label for label in known if label not in latin]
    # "v信" begins as a Latin word and does not end as one.
    whole = {label for label in latin if re.search(f"[{_LATIN}]\\Z", label)}
    sides = ((whole, f"(?![{_LATIN}])"), (set(latin) - whole, ""))
    guarded = [f"(?<![{_LATIN}]){trie(words)}{right}" for words, right in sides if words]
    edged = "|".join([*guarded, trie(set(other))] if other else guarded)
    joined, needle = f"{JOIN}{{0,6}}", f"(?:{_either(known)}){JOIN}{{0,6}}{first}"
    if commas:
        joined, needle = f"{joined}(?:, |,|，){{0,1}}", f"(?:{_either(known)}){JOIN}{{0,6}}(?:, |,|，){{0,1}}{first}"
    if gap:
        joined = f"(?:{JOIN}{{0,6}}(?:, |,|，)?|(?P<gap>[^0-9\n。；;!?！？]{{1,{gap}}}(?<![0-9A-Za-z])))"
        # A character is up to four bytes, and a value may begin with some letters.
        needle = f"(?:{_either(known)})[^0-9\n]{{0,{4 * gap + 40}}}[0-9]"
    return Pattern(
        entity,
        name,
        needle=f"{'(?i)' if caseless else ''}{needle}",
        verifier=re.compile(
            f"(?:{edged}){joined}(?P<value>(?={first}){shape})", re.IGNORECASE | re.ASCII if caseless else re.ASCII
        ),
        check=partial(_over_gap, check) if gap else check,
        score=score,
        checked=checked,
        regions=regions,
        kind=kind,
        reach=reach,
        label=64 + gap,
    )


#: Words in a gap that say the number behind them is another.
_OTHERWISE = re.compile(
    "(?i)电话|手机|订单|单号|电話|電話|邮编|日期|phone|tel|mobile|order|date|dob|born|teléfono|telefone|celular|pedido|tanggal|"
    "ngày|điện thoại|โทร|เบอร์|วันที่|телефон|заказ|전화|연락처|주문"
)


def _over_gap(check: Check | None, found: re.Match[str]) -> Verdict:
    """`check`, and for a value that does not stand right behind its label six digits and no other label between."""
    verdict: Verdict = False if check is None else check(found)
    if found["gap"] is None or verdict is None:
        return verdict
    if sum(c.isdigit() for c in found["value"]) < 6 or _OTHERWISE.search(found["gap"]):
        return None
    return (0.65, *verdict[1:]) if isinstance(verdict, tuple) else 0.65


def _either(words: list[str]) -> str:
    # RE2 does not know an escaped space.
    return "|".join(re.escape(word).replace("\\ ", " ") for word in words)


def has_digit(found: re.Match[str]) -> bool | None:
    """A check: a value without any digit is a word, not a number."""
    return True if any(c.isdigit() for c in found["value"]) else None
