"""From bytes to text: which encoding, and how one wrong byte costs one row and no more.

A byte that does not decode becomes the lone surrogate `BAD`, which no encoding yields by itself, so that a reader can
tell the row that holds it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from infra.sources.model import SourceUnreadable
from infra.sources.scripts import COMMON_SIMPLIFIED, COMMON_TRADITIONAL

BAD = "\udc80"
"""Stands in decoded text for what could not be decoded."""
SAMPLE = 1 << 20
"""Bytes at a file's beginning that detection looks at."""

codecs.register_error("clearinghouse.byte", lambda error: (BAD, error.start + 1))  # type: ignore[attr-defined]
codecs.register_error("clearinghouse.unit", lambda error: (BAD, error.end))  # type: ignore[attr-defined]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# Names as contracts write them, to the codec that reads what is met under that name: GB 18030 holds GB 2312 and GBK,
# code page 950 is the Big5 of practice, and the WHATWG Encoding Standard reads Latin-1 as Windows-1252.
_CODECS = {
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "ascii": "utf-8",
    "us-ascii": "utf-8",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "cp936": "gb18030",
    "big5": "cp950",
    "windows-1252": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-1": "cp1252",
    "utf16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}


@dataclass(frozen=True)
class Encoding:
    """A Python codec's name and the length of the byte order mark to leave out."""

    codec: str
    mark: int = 0

    @property
    def is_utf8(self) -> bool:
        return self.codec == "utf-8"


def encoding_of(head: bytes, declared: str = "auto") -> Encoding:
    """The encoding of a file by its first bytes (at most `SAMPLE` count) and what the contract declares.

    A byte order mark outranks the contract. Detection knows UTF-8, UTF-16, GB 18030, Big5 and Windows-1252, is a
    function of the bytes alone, and takes a file that is mostly valid UTF-8 for UTF-8 with damage.

    Raises:
        SourceUnreadable: The contract declares an encoding that Python does not know.
    """
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return Encoding(codec, len(mark))
    name = declared.strip().lower().replace("_", "-")
    if name != "auto":
        try:
            codec = codecs.lookup(_CODECS.get(name, name)).name
        except LookupError:
            raise SourceUnreadable(
                f"encoding {declared!r} is not known", fix="correct `encoding` in the contract"
            ) from None
        return Encoding(_utf16(head[:SAMPLE]) or "utf-16-le" if codec == "utf-16" else codec)
    return Encoding(_detect(head[:SAMPLE]))


def decode(chunks: Iterator[bytes], encoding: Encoding) -> Iterator[str]:
    """Text of byte chunks, the mark left out; `BAD` for each byte (UTF-16 and UTF-32: unit) that does not decode."""
    wide = encoding.codec.startswith(("utf-16", "utf-32"))
    decoder = codecs.getincrementaldecoder(encoding.codec)("clearinghouse.unit" if wide else "clearinghouse.byte")
    skip = encoding.mark
    for chunk in chunks:
        if skip:
            chunk, skip = chunk[skip:], max(0, skip - len(chunk))
        if text := decoder.decode(chunk):
            yield text
    if text := decoder.decode(b"", True):
        yield text


def _detect(head: bytes) -> str:
    if not head:
        return "utf-8"
    if head.isascii() and b"\0" not in head:
        return "utf-8"
    zeros = head.count(0)
    # A few zero bytes in what is otherwise UTF-8 are damage.
    if not (10 * zeros < len(head) and _decodes(head.replace(b"\0", b""), "utf-8")) and (wide := _utf16(head)):
        return wide
    lines = [line for line in head.replace(b"\0", b"").split(b"\n") if not line.isascii()]
    if len(head) >= SAMPLE and len(lines) > 1:
        lines.pop()  # it may be cut in the midst of a character
    runs = [run[0] for line in lines for run in _HIGH_BYTES.finditer(line)]
    if 2 * sum(1 for run in runs if _decodes(run, "utf-8")) >= len(runs):
        return "utf-8"
    scores = {"gb18030": _score(lines, "gb18030"), "cp950": _score(lines, "cp950"), "cp1252": _score_western(lines)}
    best = max(scores, key=lambda codec: scores[codec])  # at a tie the first: GB 18030, then Big5
    if scores[best] >= _DOUBT:
        return best
    return _second_opinion(head) or best


_DOUBT = 0.35
_SECOND_BYTES = 1 << 16


def _second_opinion(head: bytes) -> str | None:
    """charset-normalizer, asked where our own evidence is thin, among the same three encodings."""
    from charset_normalizer import from_bytes

    found = from_bytes(head[:_SECOND_BYTES], cp_isolation=["gb18030", "cp950", "cp1252"]).best()
    return found.encoding if found is not None and found.encoding in ("gb18030", "cp950", "cp1252") else None


def _decodes(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


_NOT_PLAIN = bytes(code for code in range(256) if code not in b"\t\r\n" and not 0x20 <= code < 0x7F)


def _utf16(head: bytes) -> str | None:
    """UTF-16 without a mark: zero bytes stand in one half of the units, and the units are characters."""
    head = head[: len(head) // 2 * 2]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    units = len(head) // 2
    if not units or max(even, odd) < max(1, units // 50) or min(even, odd) * 10 > max(even, odd):
        return None
    plain = len(head.translate(None, _NOT_PLAIN))
    if 10 * (even + odd) < len(head) and 20 * plain > 17 * len(head):
        return None  # ASCII with a few zero bytes: in UTF-16 half of what is not zero would be other bytes
    codec = "utf-16-le" if odd > even else "utf-16-be"
    text = head.decode(codec, "replace")
    wrong = text.count("\ufffd") + text.count("\0")
    return codec if wrong * 50 <= units else None


_MOST_LINES = 4000
_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")
_HIGH = re.compile("[^\x00-\x7f]+")


def _score(lines: list[bytes], codec: str) -> float:
    """How likely the lines' non-ASCII characters are in a Chinese text, −1 to 1, were they in ``codec``.

    Each character counts by how common it is: one of the few hundred most common, of the standard's first level,
    punctuation, or rare. One that stands alone between Latin words counts little, for Chinese comes in runs.
    """
    common = COMMON_SIMPLIFIED if codec == "gb18030" else COMMON_TRADITIONAL
    total, count = 0.0, 0
    for line in lines[:_MOST_LINES]:
        text = line.decode(codec, "clearinghouse.byte")
        for run in _HIGH.finditer(text):
            chars = run[0]
            before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
            alone = len(chars) == 1 and chars >= "\u4e00" and _latin(before) and _latin(after)
            for char in chars:
                total += min(_weight(char, codec, common), 0.1 if alone else 1.0)
            count += len(chars)
    return total / count if count else 0.0


def _latin(char: str) -> bool:
    return char == " " or char.isalpha()


def _weight(char: str, codec: str, common: frozenset[str]) -> float:
    if char in common:
        return 1.0
    if char == BAD:
        return -1.0
    if "\ue000" <= char <= "\uf8ff":
        return -0.5  # private use: a code point that the standard leaves empty
    code = char.encode(codec)
    if len(code) != 2:
        return 0.1
    lead = code[0]
    if codec == "gb18030":
        if code[1] < 0xA1:
            return 0.05  # GBK's extension: traditional and rare characters
        return 0.6 if 0xB0 <= lead <= 0xD7 else 0.7 if lead in (0xA1, 0xA3) else 0.15
    return 0.6 if 0xA4 <= lead <= 0xC6 else 0.7 if lead in (0xA1, 0xA2) else 0.1


# Windows-1252 punctuation as it stands in prose: quotes, dashes, ellipsis, bullet, euro, no-break space.
_WESTERN_MARK = frozenset(b"\x80\x82\x84\x85\x8b\x91\x92\x93\x94\x95\x96\x97\x99\x9b\xa0\xa3\xa9\xab\xae\xb0\xb7\xbb")
_FRACTION = frozenset(b"\xa2\xbc\xbd\xbe\xb2\xb3\xb1\xba\xaa")
_UNDEFINED = frozenset(b"\x81\x8d\x8f\x90\x9d")
_LETTER = frozenset({*range(0xC0, 0x100), 0x8A, 0x8C, 0x8E, 0x9A, 0x9C, 0x9E, 0x9F} - {0xD7, 0xF7})
_PLAIN_LETTER = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _score_western(lines: list[bytes]) -> float:
    """The same for Windows-1252: accented letters among letters, typographic marks; long high runs are not Latin."""
    total, count = 0.0, 0
    for line in lines[:_MOST_LINES]:
        for run in _HIGH_BYTES.finditer(line):
            data, before, after = run[0], line[run.start() - 1 : run.start()], line[run.end() : run.end() + 1]
            near = bool(before and before[0] in _PLAIN_LETTER) + bool(after and after[0] in _PLAIN_LETTER)
            for byte in data:
                if byte in _UNDEFINED:
                    weight = -1.0
                elif byte in _LETTER:
                    weight = (0.5 + 0.25 * near) if len(data) == 1 else 0.4 if len(data) == 2 and near else -0.3
                elif byte in _WESTERN_MARK:
                    weight = 0.7 if len(data) <= 2 else 0.0
                elif byte in _FRACTION:
                    weight = 0.6 if len(data) <= 2 and not near else 0.0
                else:
                    weight = -0.2
                total += weight
            count += len(data)
    return total / count if count else 0.0
