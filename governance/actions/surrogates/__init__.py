"""Surrogates: values of the same shape and locale that look real and never are.

The set S of all surrogates can be told without a key, by construction:

- numbers and codes begin where no authority issues any (or, where there is such, in a documentation range), fail every
  check digit known here, and end in signs that are a public function of those before them;
- mail and web addresses stand under the domains that RFC 2606 reserves; IP addresses in RFC 5737 and RFC 3849 ranges;
- names, places and user names are put together from closed lists of invented syllables and of characters that no
  name in use begins with; dates of birth lie in the nineteenth century; plates have the letters that plates never have.

So S holds no value of a person, a surrogate is never its own input, and `pieces` finds the members of S in a text with
exactly the ends that they were written with. Whoever scrubs blots them out before the recognisers look, as placeholders
are: what is S already is done, and scrubbing again changes nothing. Only under a policy that asks for surrogates is
text searched for them, since a value of S that somebody typed would stay.

What is not of a known shape has no surrogate (`surrogate` gives ``None``); the caller falls back to a pseudonym.
Surrogates are few beside persons: the same value in a scope has always the same one, two values may share one. Nobody
should join tables by them. They are personal information as long as the key exists (PIPL art. 73).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from governance.actions.surrogates import names, network, numbers, places
from governance.actions.surrogates.draw import Draw

Make = Callable[[str, Draw], str | None]

_MAKERS: dict[str, Make] = {
    "PERSON": names.person,
    "PUBLIC_FIGURE": names.person,
    "ADDRESS": places.address,
    "LOCATION": places.address,
    "PHONE_NUMBER": numbers.phone,
    "EMAIL_ADDRESS": network.email,
    "ACCOUNT_URL": network.url,
    "IP_ADDRESS": network.ip,
    "MAC_ADDRESS": network.mac,
    "PLATE": numbers.plate,
    "BIRTH_DATE": numbers.birth_date,
    "USERNAME": names.username,
}
#: What has no shape to keep: words about a person, firms, and secrets, which must not look usable.
_NEVER = frozenset({"SECRET", "SENSITIVE", "PERSON_ATTRIBUTE", "ORGANISATION"})

_WORDS = re.compile(
    "|".join((network.PATTERN, places.PATTERN, names.PATTERN, numbers.DATE_PATTERN, numbers.PLATE_PATTERN)),
    re.IGNORECASE,
)


_WORD_GATE = f"(?i){names.GATE}|{network.GATE}|{places.GATE}|{numbers.WORD_GATE}"
try:
    import re2

    _FAST = re2.compile(_WORD_GATE)
except ImportError:  # slower, and the same answers
    _FAST = None


def _may_hold(text: str) -> bool:
    """Whether the words of a surrogate may be in `text`: a quick look before the exact one."""
    try:
        return _FAST is None or _FAST.search(text) is not None
    except UnicodeEncodeError:  # half a surrogate pair, which has no UTF-8
        return True


def surrogate(entity: str, value: str, seed: bytes) -> str | None:
    """The surrogate of `value` that the keyed hash `seed` chooses, ``None`` where its shape is not known.

    What is a surrogate already is given back as it is.
    """
    if entity in _NEVER:
        return None
    plain = unicodedata.normalize("NFKC", value).strip()
    if is_surrogate(value):
        return value
    made = _MAKERS.get(entity, numbers.identifier)(plain, Draw(seed))
    return made if made is not None and is_surrogate(made) else None


def is_surrogate(text: str) -> bool:
    """Whether the whole of `text` is one surrogate. No key is needed, and no value of a person is one."""
    return pieces(text) == [(0, len(text))]


def pieces(text: str) -> list[tuple[int, int]]:
    """Where surrogates stand in `text`: disjoint (start, end) in code points, in order."""
    found = [m.span() for m in _WORDS.finditer(text) if network.holds(m[0])] if _may_hold(text) else []
    taken = list(found)
    for start, end in numbers.pieces(text):
        if all(end <= a or b <= start for a, b in found):
            taken.append((start, end))
    return sorted(taken)


def gate() -> str:
    """An RE2 expression that every text with a surrogate in it matches; few others do."""
    return f"{_WORD_GATE}|{numbers.GATE}"


__all__ = ["gate", "is_surrogate", "pieces", "surrogate"]
