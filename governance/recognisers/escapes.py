r"""Characters that are spelt out: JSON (``\u0031``), HTML (``&#49;``), links (``%2B``) and bytes (``\xe5\xbc\xa0``).

A text field often holds what another program wrote for a third: a JSON document, a piece of HTML, a form as a browser
sends it. A number in it is a number. Escapes are read once, not again in what they give; what they give of control
characters, surrogates without a partner and private use is left as it is written. Inside a link nothing is read: links
are judged as they stand (`library.account_url`).

Sources: RFC 8259 section 7, HTML Living Standard section 13.2.5.72 and following, RFC 3986 section 2.1.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_NAMED = {
    "nbsp": "\u00a0", "ensp": " ", "emsp": " ", "thinsp": " ", "amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'",
    "commat": "@", "period": ".", "lowbar": "_", "plus": "+", "hyphen": "-", "dash": "-", "colon": ":", "comma": ",",
    "lpar": "(", "rpar": ")", "lsqb": "[", "rsqb": "]", "num": "#", "sol": "/", "equals": "=", "zwnj": "\u200c", "shy": "\u00ad",
    "Tab": "\t", "NewLine": "\n",
}  # fmt: skip
_SHORT = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "/": "/"}

#: What an escape begins with: to look for these is quick, and few texts hold them.
SIGNS = re.compile(r"[\\%&]")
#: An escape for whose sake a text is read, for the gate that chooses rows: RE2, Hyperscan and `re` read it alike. A line
#: break that is spelt out counts where it would make a word longer; with any other escape in the text it is read as well.
GATE = (
    r"\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|/|[nrt][A-Z])|%[2-7][0-9A-Fa-f]|%[C-Fc-f][0-9A-Fa-f]%[89ABab][0-9A-Fa-f]"
    rf"|&#[0-9Xx]|&(?:{'|'.join(sorted(_NAMED))});"
)
_WORTH = re.compile(GATE)
#: A link with a scheme, as far as it goes, and what every one holds.
_LINK = r"(?P<link>(?<![A-Za-z0-9])(?:[A-Za-z][A-Za-z0-9+.-]{1,20}://|[Ww]{3}\.)[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]{1,2048})"
_LINKED = re.compile(r"://|[Ww]{3}\.")
_ALONE = (
    r"(?P<unit>(?:\\{1,8}u[0-9A-Fa-f]{4})+)"
    r"|(?P<byte>(?:\\{1,8}x[0-9A-Fa-f]{2})+|(?:%[0-9A-Fa-f]{2})+)"
    r"|(?P<short>\\{1,8}[nrt\"/])"
    rf"|&(?:amp;){{0,4}}(?:#(?P<number>[0-9]{{1,7}}|[Xx][0-9A-Fa-f]{{1,6}});?|(?P<name>{'|'.join(sorted(_NAMED))});)"
)
_ESCAPE, _ESCAPE_OR_LINK = re.compile(_ALONE), re.compile(f"{_LINK}|{_ALONE}")
_ONE_UNIT, _ONE_BYTE = re.compile(r"\\{1,8}u([0-9A-Fa-f]{4})"), re.compile(r"(?:\\{1,8}x|%)([0-9A-Fa-f]{2})")


class Read(NamedTuple):
    """A text with its escapes read, and for each of its code points where the piece it came from begins and ends."""

    text: str
    starts: list[int]
    ends: list[int]


_Piece = tuple[int, int, str]


def read(text: str) -> Read | None:
    """`text` with its escapes read; ``None`` where it holds none. Takes time in proportion to its length."""
    if _WORTH.search(text) is None:
        return None
    pieces: list[_Piece] = []
    # In a text without a link none is tried at each of its letters.
    either = _ESCAPE if _LINKED.search(text) is None else _ESCAPE_OR_LINK
    for found in either.finditer(text):
        kind = found.lastgroup
        if kind == "link":
            continue
        if kind == "unit":
            pieces += _units(found)
        elif kind == "byte":
            pieces += _bytes(found)
        else:
            pieces += _piece(*found.span(), _single(found))
    return _spelt(text, pieces) if pieces else None


def _single(found: re.Match[str]) -> str:
    if found["short"]:
        return _SHORT[found[0][-1]]
    if found["name"]:
        return _NAMED[found["name"]]
    number = found["number"]
    code = int(number[1:], 16) if number[0] in "Xx" else int(number)
    return chr(code) if code < 0x110000 else "\0"


def _units(found: re.Match[str]) -> list[_Piece]:
    """A run of UTF-16 units, of which two may be one character."""
    out: list[_Piece] = []
    high, begin = 0, 0
    for unit in _ONE_UNIT.finditer(found.string, *found.span()):
        code = int(unit[1], 16)
        if high and 0xDC00 <= code < 0xE000:
            out += _piece(begin, unit.end(), chr(0x10000 + (high - 0xD800) * 0x400 + code - 0xDC00))
            high = 0
            continue
        high, begin = (code, unit.start()) if 0xD800 <= code < 0xDC00 else (0, 0)
        if not 0xD800 <= code < 0xE000:
            out += _piece(*unit.span(), chr(code))
    return out


def _bytes(found: re.Match[str]) -> list[_Piece]:
    """A run of bytes, as UTF-8; those that are none are left."""
    spans = [(*one.span(), int(one[1], 16)) for one in _ONE_BYTE.finditer(found.string, *found.span())]
    out: list[_Piece] = []
    at = 0
    while at < len(spans):
        begin, end, lead = spans[at]
        size = 1 if lead < 0x80 else 2 if 0xC2 <= lead < 0xE0 else 3 if 0xE0 <= lead < 0xF0 else 4
        if size > 1:
            try:
                character = bytes(byte for *_, byte in spans[at : at + size]).decode()
            except UnicodeDecodeError:
                at += 1
                continue
            end = spans[at + size - 1][1]
        else:
            character = chr(lead)
        out += _piece(begin, end, character)
        at += size
    return out


def _piece(start: int, end: int, character: str) -> list[_Piece]:
    if character not in "\t\n\r" and unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn"):
        return []
    return [(start, end, character)]


def _spelt(text: str, pieces: list[_Piece]) -> Read:
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for start, end, character in pieces:
        parts += [text[at:start], character]
        starts.extend(range(at, start + 1))
        ends.extend(range(at + 1, start + 1))
        ends.append(end)
        at = end
    parts.append(text[at:])
    starts.extend(range(at, len(text)))
    ends.extend(range(at + 1, len(text) + 1))
    return Read("".join(parts), starts, ends)
