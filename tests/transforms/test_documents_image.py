"""Pictures: what draws them stays, what tells of people goes, and what is no picture is refused."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.document_builders import contract_of, made
from tests.release_builders import PATIENT, rows
from transforms.documents_image import NotAnImage, clean, clean_cells, clean_references

SECRET = b"ana@example.com 31.2304N 121.4737E"


def segment(mark: int, body: bytes) -> bytes:
    return bytes((0xFF, mark)) + struct.pack(">H", len(body) + 2) + body


def exif(turned: int, order: str = "<") -> bytes:
    head = (b"II*\x00" if order == "<" else b"MM\x00*") + struct.pack(f"{order}I", 8)
    entries = struct.pack(f"{order}HHIH2x", 0x0112, 3, 1, turned) + struct.pack(f"{order}HHII", 0x8825, 4, 1, 999)
    return segment(0xE1, b"Exif\x00\x00" + head + struct.pack(f"{order}H", 2) + entries + SECRET)


FRAME = segment(0xC0, b"\x08\x00\x01\x00\x01\x01\x01\x11\x00")
SCAN = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
JFIF = segment(0xE0, b"JFIF\x00\x01\x02\x01\x00H\x00H\x01\x01abc")


def jpeg(*extra: bytes, tail: bytes = b"") -> bytes:
    tables = segment(0xDB, b"\x00" + bytes(64)) + segment(0xC4, b"\x00" + bytes(17))
    return b"\xff\xd8" + JFIF + b"".join(extra) + tables + FRAME + SCAN + b"\xff\xd9" + tail


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(*extra: bytes, tail: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(b"\x00\x80"))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + data + chunk(b"IEND", b"") + tail


@pytest.mark.parametrize(
    "data",
    [
        jpeg(exif(1)),
        jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + SECRET), segment(0xED, b"Photoshop 3.0" + SECRET)),
        jpeg(segment(0xFE, SECRET), segment(0xE2, b"ICC_PROFILE\x00\x01\x01" + SECRET)),
        jpeg(tail=jpeg(segment(0xFE, SECRET))),
        png(chunk(b"tEXt", b"Author\x00" + SECRET), chunk(b"eXIf", b"II*\x00" + SECRET), chunk(b"tIME", bytes(7))),
        png(chunk(b"prVt", SECRET), tail=SECRET),
    ],
)
def test_what_tells_of_people_goes_and_the_picture_stays(data: bytes) -> None:
    found = clean(data)
    assert SECRET in data
    assert SECRET not in found
    bare = clean(jpeg() if data[:2] == b"\xff\xd8" else png())
    assert found == bare == clean(found)
    # Nothing of what is drawn is lost.
    assert (SCAN if data[:2] == b"\xff\xd8" else chunk(b"IDAT", zlib.compress(b"\x00\x80"))) in found
    assert b"abc" not in found


@pytest.mark.parametrize("order", ["<", ">"])
def test_which_side_is_up_stays_and_nothing_else_of_exif(order: str) -> None:
    found = clean(jpeg(exif(6, order)))
    assert SECRET not in found
    assert found != clean(jpeg(exif(1, order)))
    assert clean(found) == found
    assert len(found) < len(clean(jpeg())) + 40


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"hello, I am a picture", "not_an_image"),
        (b"", "not_an_image"),
        (b"GIF89a....", "image_format"),
        (b"RIFF\x00\x00\x00\x00WEBP", "image_format"),
        (jpeg()[:-1], "image_cut"),
        (jpeg()[:40], "image_cut"),
        (b"\xff\xd8\xff\xd9", "image_cut"),
        (png()[:-4], "image_cut"),
        (png().replace(zlib.compress(b"\x00\x80"), zlib.compress(b"\x00\x81")), "image_cut"),
        (b"\x89PNG\r\n\x1a\n" + chunk(b"IDAT", b"x"), "not_an_image"),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(NotAnImage) as refused:
        clean(data)
    assert refused.value.reason == reason


@PATIENT
@given(st.binary(max_size=200), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", jpeg()[:60], png()[:40]]))
def test_any_bytes_are_cleaned_or_refused(data: bytes, start: bytes) -> None:
    try:
        found = clean(start + data)
    except NotAnImage:
        return
    assert clean(found) == found


def test_cells_are_counted() -> None:
    cells = [base64.b64encode(one).decode() for one in (jpeg(exif(1)), clean(png()), b"text")]
    found, counts = clean_cells(pa.array([*cells, "not base64!", None, ""], pa.large_string()))
    assert counts == {"metadata": 1, "not_an_image": 1, "not_base64": 1}
    assert found.is_valid().to_pylist() == [True, True, False, False, False, False]


@pytest.mark.parametrize(
    ("where", "left"),
    [
        ("https://ana:pw@img.example.com:8443/a/b.jpg?uid=42&sig=x#me", "https://img.example.com:8443/a/b.jpg"),
        ("https://img.example.com/a.jpg", "https://img.example.com/a.jpg"),
        ("s3://bucket/a b.png?versionId=3", "s3://bucket/a b.png"),
        ("albums/1/2.png", "albums/1/2.png"),
        ("data:image/png;base64,AAAA", None),
        ("https://img.example.com/", None),
        ("a\nb.png", None),
    ],
)
def test_a_reference_keeps_its_path_alone(where: str, left: str | None) -> None:
    found, counts = clean_references(pa.array([where]))
    assert found.to_pylist() == [left]
    assert sum(counts.values()) == (left != where)


def pictures(inside: bool) -> Any:
    options: dict[str, Any] = {"logicalTypeOptions": {"format": "byte"}} if inside else {"classification": "text.free"}
    return contract_of(
        {"picture": options, "caption": {"classification": "text.free"}},
        document={"kind": "image", "image": "picture", "text": "{caption}", "language": "en"},
    )


def test_pictures_and_references_become_documents() -> None:
    data = base64.b64encode(jpeg(exif(1))).decode()
    table = rows(
        [{"picture": data, "caption": "A cat."}, {"picture": None, "caption": "x"}, {"picture": data, "caption": " "}]
    )
    found, dropped = made(pictures(inside=True), table)
    # Cleaned here too, whatever was in the store.
    assert found[0]["image"] == {"bytes": clean(jpeg()), "path": None}
    assert (found[0]["text"], dropped) == ("A cat.", {"no_image": 1, "empty": 1})
    where = [{"picture": "a/b.png", "caption": "A cat."}, {"picture": "a/<PERSON>.png", "caption": "A dog."}]
    found, dropped = made(pictures(inside=False), rows(where))
    assert [(one["image"]["path"], one["reason"]) for one in found] == [
        ("a/b.png", None),
        ("a/<PERSON>.png", "image_redacted"),
    ]
    assert dropped == {}
