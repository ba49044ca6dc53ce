"""Names of things: what looks like a number inside them is part of a name and nobody's.

Long random names, the numbers of standards (``GB/T 25021-2022``, ``ISO 9001:2015``, ``DB31/T 1234-2020``) and of Chinese
licences for web sites (``粤B2-20090191``). A label may still say whose they are (an advertising id, a token); such a find is longer or surer and wins.
"""

from __future__ import annotations

import re

from governance.recognisers.pattern import Pattern, Verdict

_HEX = "[0-9A-Fa-f]"


def _random(found: re.Match[str]) -> Verdict:
    """Letters and digits both: a long row of digits alone is a number."""
    return True if not found[0].isdigit() and not found[0].isalpha() else None


#: Who sets standards: China's, its trades' and its firms' (GB, GB/T, YY/T, T/CAS, Q/ABC, DB31), and those of the world.
_SETTERS = (
    "GBZ?(?:/[TZ])?|[A-Z]{2}/[TZ]|[TQ]/[A-Z]{2,8}[0-9]{0,4}|DB ?[0-9]{2,4}(?:/T)?|GJB(?:/Z)?|JJ[FG]|CNS|CCC|CNCA|"
    "(?:ISO|IEC|IEEE|ANSI|ASTM|DIN|BS|EN|NF|UNI|JIS|KS|UL|NIST|SAE|ETSI|ITU-T|RFC|ECMA|IPC|MIL-STD|NFPA|ASME|AS/NZS|CSA|FCC|SNI|TIS|TCVN|MS|PNS|ABNT|NBR|NOM|UNE|IRAM|"
    "ГОСТ)(?:[ /-](?:R|Р|TS|TR|IEC|ISO|IEEE|EN|NBR|PAS|IDT|SP|FIPS)){0,2}"
)
#: What each of them begins with or holds.
_OPENINGS = (
    "GB|/T|/Z|T/[A-Z]|Q/[A-Z]|DB|GJB|JJ[FG]|CNS|CCC|CNCA|ISO|IEC|IEEE|ANSI|ASTM|DIN|BS|EN|NF|UNI|JIS|KS|UL|NIST|SAE|ETSI|ITU-T|RFC|ECMA|IPC|MIL-STD|"
    "ASME|AS/NZS|CSA|FCC|SNI|TIS|TCVN|MS|PNS|ABNT|NBR|NOM|UNE|IRAM|ГОСТ|ТУ"
)

PATTERNS = (
    Pattern(
        "IDENTIFIER",
        "identifier.standard",
        needle=f"(?:{_OPENINGS})[^0-9]{{0,14}}[0-9]{{2}}",
        verifier=re.compile(
            f"(?<![A-Za-zА-Яа-я0-9])(?:{_SETTERS})[ -]?(?:[A-Z] ?)?[0-9]{{2,6}}(?:[.-][0-9]{{1,6}}){{0,3}}"
            "(?: ?[-—–:：] ?(?:19|20)[0-9]{2})?(?![0-9A-Za-z])"
            # technical conditions of Russian firms: ТУ 9185-001-12345678-2015
            "|(?<![А-Яа-я])ТУ ?[0-9]{2,4}(?:[.-][0-9]{1,8}){2,5}(?![0-9A-Za-z])"
        ),
        score=0.5,
        kind="shield",
    ),
    Pattern(
        "IDENTIFIER",
        "identifier.licence_cn",
        # A telecommunications licence: a province, a class of service, eight digits, perhaps the number of a site
        needle="[AB][12]-[0-9]{8}",
        verifier=re.compile("(?<![0-9A-Za-z])[AB][12]-[0-9]{8}(?:-[0-9]{1,3})?(?![0-9A-Za-z])"),
        score=0.95,
        kind="shield",
    ),
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
