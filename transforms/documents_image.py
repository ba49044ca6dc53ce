"""Pictures as bytes or by reference, freed of what tells of people: metadata by construction, the rest by refusal.

Of a JPEG (ITU-T T.81) what decodes the picture is kept: tables, frames, scans, a bare JFIF header, the Adobe mark (it
says how colours are coded) and, as one tag of six bytes, which side is up. Everything else goes: Exif with place, time
and camera, XMP, IPTC, comments, colour profiles, thumbnails, second pictures and whatever stands behind the end. Of a
PNG (W3C PNG, third edition) the chunks that draw it stay. Other formats are refused. What a picture *shows* is not looked
at: faces, plates and writing in it stay as they are.

A reference loses what comes after its path (query, fragment) and who may open it (user and password before the host):
there stand the ids and signatures of people. The path is scanned as the contract says.
"""

from __future__ import annotations

import base64
import re
import struct
import zlib
from collections import Counter

import pyarrow as pa

from schemas.contract import Field

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_ALONE = frozenset((0x01, *range(0xD0, 0xD8)))
#: Tables, frames, restart intervals and the number of lines: without these nothing decodes.
_KEPT = frozenset((0xC4, 0xCC, 0xDB, 0xDC, 0xDD, *(m for m in range(0xC0, 0xD0) if m not in (0xC4, 0xC8, 0xCC))))
_PNG = b"\x89PNG\r\n\x1a\n"
_CHUNKS = frozenset(
    (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs")
) | frozenset((b"acTL", b"fcTL", b"fdAT"))

#: A reference in its parts, after RFC 3986, appendix B.
_URI = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*:)?(?://(?P<authority>[^/?#]*))?(?P<path>[^?#]*)(?:\?[^#]*)?(?:#.*)?"
)

REFUSED = ("not_base64", "not_an_image", "image_format", "image_cut")
"""Why a picture is refused: not base64, no picture, a format that is not read, cut short or broken."""


class NotAnImage(ValueError):
    """Bytes that are no picture of a format that is read; ``reason`` is one of `REFUSED`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def is_bytes(field: Field) -> bool:
    """Whether a field holds pictures in base64, not where they are: ``logicalTypeOptions: {format: byte}``."""
    return field.options.get("format") in ("byte", "binary")


def clean(data: bytes) -> bytes:
    """A JPEG or PNG with what draws it and nothing else; clean bytes stay the same. Raises `NotAnImage`."""
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data.startswith(_PNG):
        return _png(data)
    known = (b"GIF8", b"RIFF", b"BM", b"II*\x00", b"MM\x00*")
    raise NotAnImage("image_format" if data.startswith(known) or data[4:8] == b"ftyp" else "not_an_image")


def clean_cells(cells: pa.Array) -> tuple[pa.Array, Counter[str]]:
    """Pictures in base64, cleaned; null where refused. Counts cells by why they are (`REFUSED`), and those that lost
    something as ``metadata``."""
    found: list[str | None] = []
    counts: Counter[str] = Counter()
    for cell in cells.to_pylist():
        if cell is None or not cell.strip():
            found.append(None)
            continue
        try:
            data = base64.b64decode("".join(cell.split()), validate=True)
        except ValueError:
            counts["not_base64"] += 1
            found.append(None)
            continue
        try:
            made = clean(data)
        except NotAnImage as error:
            counts[error.reason] += 1
            found.append(None)
            continue
        counts["metadata"] += made != data
        found.append(base64.b64encode(made).decode())
    return pa.array(found, cells.type), +counts


def clean_references(cells: pa.Array) -> tuple[pa.Array, Counter[str]]:
    """References to pictures without query, fragment and user; null where a cell holds the picture itself (``data:``)
    or no reference. Counts cells that lost something as ``reference`` and those refused as ``not_a_reference``."""
    found: list[str | None] = []
    counts: Counter[str] = Counter()
    for cell in cells.to_pylist():
        if cell is None or not cell.strip():
            found.append(None)
            continue
        made = _reference(cell.strip())
        if made is None:
            counts["not_a_reference"] += 1
        elif made != cell:
            counts["reference"] += 1
        found.append(made)
    return pa.array(found, cells.type), +counts


def _reference(where: str) -> str | None:
    if any(ord(mark) < 32 for mark in where) or where.lower().startswith(("data:", "javascript:")):
        return None
    found = _URI.fullmatch(where)
    if found is None or not found["path"].strip("/"):
        return None
    host = found["authority"]
    # Who may open it stands before the last at sign.
    there = "" if host is None else f"//{host.rpartition('@')[2]}"
    return f"{found['scheme'] or ''}{there}{found['path']}"


def _jpeg(data: bytes) -> bytes:
    out = bytearray(b"\xff\xd8")
    at, turned, header, adobe, scans = 2, 1, b"", b"", 0
    parts: list[bytes] = []
    while True:
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        if at + 2 > len(data) or data[at] != 0xFF:
            raise NotAnImage("image_cut")
        mark = data[at + 1]
        if mark == _EOI:
            break
        if mark in _ALONE:
            at += 2
            continue
        if at + 4 > len(data):
            raise NotAnImage("image_cut")
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        body = data[at : at + 2 + size]
        if size < 2 or len(body) < 2 + size:
            raise NotAnImage("image_cut")
        at += 2 + size
        if mark == 0xE0 and body[4:9] == b"JFIF\x00":
            header = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        elif mark == 0xE1 and body[4:10] == b"Exif\x00\x00":
            turned = _orientation(body[10:]) or turned
        elif mark == 0xEE and body[4:9] == b"Adobe" and len(body) >= 16:
            adobe = b"\xff\xee\x00\x0e" + body[4:16]
        elif mark in _KEPT:
            parts.append(body)
        elif mark == _SOS:
            end = _scan(data, at)
            parts.append(body + data[at:end])
            at, scans = end, scans + 1
    if not scans:
        raise NotAnImage("image_cut")
    out += header + _upright(turned) + adobe
    for part in parts:
        out += part
    return bytes(out + b"\xff\xd9")


def _scan(data: bytes, at: int) -> int:
    """Where the coded data that begin at ``at`` end: at the next mark that is neither a restart nor a stuffed byte."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise NotAnImage("image_cut")
        mark = data[at + 1]
        if mark and not 0xD0 <= mark <= 0xD7 and mark != 0xFF:
            return at
        at += 1 if mark == 0xFF else 2


def _orientation(tiff: bytes) -> int:
    """Tag 0x0112 of the first directory of an Exif block (TIFF 6.0), 0 where there is none."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return 0
    (start,) = struct.unpack_from(f"{order}I", tiff, 4)
    if start + 2 > len(tiff):
        return 0
    (count,) = struct.unpack_from(f"{order}H", tiff, start)
    for entry in range(start + 2, min(start + 2 + 12 * count, len(tiff) - 11), 12):
        tag, kind = struct.unpack_from(f"{order}HH", tiff, entry)
        if (tag, kind) == (0x0112, 3):
            (value,) = struct.unpack_from(f"{order}H", tiff, entry + 8)
            return value if 1 <= value <= 8 else 0
    return 0


def _upright(turned: int) -> bytes:
    """An Exif block that says which side is up and nothing else; none where that is the usual one."""
    if turned == 1:
        return b""
    tiff = b"MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01" + bytes((0, turned)) + bytes(6)
    body = b"Exif\x00\x00" + tiff
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body


def _png(data: bytes) -> bytes:
    out = bytearray(_PNG)
    at, first = len(_PNG), True
    while True:
        head = data[at : at + 8]
        if len(head) < 8:
            raise NotAnImage("image_cut")
        size, name = int.from_bytes(head[:4], "big"), head[4:]
        whole = data[at : at + 12 + size]
        if len(whole) < 12 + size or zlib.crc32(whole[4:-4]) != int.from_bytes(whole[-4:], "big"):
            raise NotAnImage("image_cut")
        if first and name != b"IHDR":
            raise NotAnImage("not_an_image")
        first = False
        if name in _CHUNKS:
            out += whole
        if name == b"IEND":
            return bytes(out)
        at += 12 + size


__all__ = ["REFUSED", "NotAnImage", "clean", "clean_cells", "clean_references", "is_bytes"]
