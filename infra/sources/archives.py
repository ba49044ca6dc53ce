"""Zip archives: which members there are, and where each one's packed bytes stand."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from fnmatch import fnmatchcase
from typing import Any

from infra.sources.locate import File, answering
from infra.sources.model import SourceUnreadable
from schemas.errors import SourceChanged, SourceUnavailable


@contextmanager
def opened_zip(file: File) -> Iterator[tuple[zipfile.ZipFile, Any]]:
    """A zip archive and its raw file, closed at the end of the block.

    Raises:
        SourceUnreadable: The file has no central directory: it was cut short, or is no zip archive.
    """
    with closing(file.random()) as raw:
        try:
            archive = zipfile.ZipFile(raw)
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            with answering(file.uri):
                if "AWS Error" in str(error):
                    raise
            raise SourceUnreadable(
                f"{file.uri} has no readable zip directory: it was cut short, or is no zip archive",
                fix="have the unit deliver it again",
            ) from None
        with archive:
            yield archive, raw


def members(archive: zipfile.ZipFile, pattern: str | None, uri: str) -> list[zipfile.ZipInfo]:
    """The members that ``pattern`` names, sorted; without one, all. Folders, and what dots and the Finder hide, do
    not count unless a whole name asks for them.

    Raises:
        SourceUnavailable: The pattern names none.
        SourceUnreadable: A name occurs twice, so that it does not tell which member is meant.
    """
    found = sorted((i for i in archive.infolist() if not i.is_dir()), key=lambda info: info.filename)
    found = [i for i in found if i.filename == pattern or not _left_out(i.filename)]
    if pattern is not None:
        found = [i for i in found if i.filename == pattern or fnmatchcase(i.filename, pattern)]
        if not found:
            raise SourceUnavailable(f"{uri} has no member {pattern!r}", fix="correct `member` in the contract")
    names = [i.filename for i in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise SourceUnreadable(f"{uri} has more than one member named {', '.join(twice)}")
    return found


def _left_out(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")


def member_info(archive: zipfile.ZipFile, name: str, uri: str) -> zipfile.ZipInfo:
    """The member that a plan named."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        raise SourceChanged(f"{uri} has no member {name!r} any more", fix="plan again") from None
    if info.flag_bits & 0x1:
        raise SourceUnreadable(f"{uri}!{name} is encrypted", fix="have the unit deliver it without a password")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise SourceUnreadable(
            f"{uri}!{name} is packed by method {info.compress_type}; only stored and deflated members are read"
        )
    return info


def member_range(raw: Any, info: zipfile.ZipInfo) -> tuple[int, int]:
    """Where a member's packed bytes stand in the archive (APPNOTE 4.3.7: 30 bytes, name, extra field, data)."""
    raw.seek(info.header_offset)
    header = raw.read(30)
    if header[:4] != b"PK\x03\x04":
        raise SourceUnreadable(f"zip member {info.filename} has no header where the directory says: damaged archive")
    start = info.header_offset + 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    return start, start + info.compress_size
