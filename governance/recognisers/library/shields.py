"""Long random names of things: what looks like a number inside them is part of a name and nobody's.

A label may still say whose they are (an advertising id, a token); such a find is longer or surer and wins.
"""

from __future__ import annotations

import re

from governance.recognisers.pattern import Pattern, Verdict

_HEX = "[0-9A-Fa-f]"


def _random(found: re.Match[str]) -> Verdict:
    """Letters and digits both: a long row of digits alone is a number."""
    return True if not found[0].isdigit() and not found[0].isalpha() else None


PATTERNS = (
    Pattern(
        "IDENTIFIER",
        "identifier.uuid",
        needle=f"{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-",
        verifier=re.compile(
            f"(?<![0-9A-Za-z]){_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}(?![0-9A-Za-z])"
        ),
        score=0.5,
        kind="shield",
    ),
    Pattern(
        "IDENTIFIER",
        "identifier.digest",
        # MD5, SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512 in hexadecimal
        needle=f"{_HEX}{{32}}",
        verifier=re.compile(
            f"(?<![0-9A-Za-z])(?:{_HEX}{{128}}|{_HEX}{{96}}|{_HEX}{{64}}|{_HEX}{{56}}|{_HEX}{{40}}|{_HEX}{{32}})(?![0-9A-Za-z])"
        ),
        check=_random,
        checked=0.5,
        kind="shield",
        reach=160,
    ),
)
