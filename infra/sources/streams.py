"""A piece's bytes: out of gzip, zstd or zip, in chunks of one size, with the digest proved at the end.

A compressed stream that is cut short, or turns to rubbish, gives what could be read and says so (`Stream.truncated`);
one that is complete but fails its own checksum is an error, for then no row read from it can be trusted.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Literal

import pyarrow as pa

from infra.sources.archives import member_info, member_range, opened_zip
from infra.sources.locate import File, answering
from infra.sources.model import Piece, SourceUnreadable
from schemas.errors import SourceChanged

CHUNK = 1 << 20
"""Bytes of a chunk after decompression. Constant, so that batches do not depend on where or how a file is stored."""
READ = 4 << 20
"""Bytes asked for at a time of a file; on S3 each is one request."""
_ZSTD_READ = 1 << 16
Kind = Literal["none", "gzip", "zstd", "zip"]
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"BZh", "bzip2"),
    (b"7z\xbc\xaf\x27\x1c", "7-zip"),
    (b"Rar!\x1a\x07", "rar"),
)


class _Truncated(Exception):
    """The compressed stream ends or breaks before its end."""


def kind_of(declared: str, head: bytes, name: str) -> Kind:
    """The compression in force: as declared, or by the first bytes.

    Raises:
        SourceUnreadable: The first bytes are of a compression that is not read here (xz, bzip2, 7-zip, rar), or
            not of the declared one.
    """
    if declared != "auto":
        expected = [magic for magic, kind in _MAGIC if kind == declared]
        if head and expected and not any(head.startswith(magic) for magic in expected):
            raise SourceUnreadable(
                f"{name} is declared as {declared} but does not begin like it",
                fix="correct `compression` in the contract, or leave it out",
            )
        return declared  # type: ignore[return-value]
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            # A text may begin with these three letters; a bzip2 block also has its size and a fixed number.
            if kind == "bzip2" and head[4:10] != b"1AY&SY":
                continue
            if kind in ("none", "gzip", "zstd", "zip"):
                return kind  # type: ignore[return-value]
            raise SourceUnreadable(
                f"{name} is compressed with {kind}, which is not read here",
                fix="deliver it plain, or as gzip, zstd or zip",
            )
    return "none"


class _Reader(io.RawIOBase):
    """Raw bytes of one part of a file, in order, hashed on the way; a range when ``stop`` is given."""

    def __init__(self, file: File, digest: Any, start: int = 0, stop: int | None = None) -> None:
        self._file, self._digest = file, digest
        self._raw = file.stream() if start == 0 else file.random()
        if start:
            self._raw.seek(start)
        self._left = None if stop is None else stop - start
        self.count = 0

    def read(self, size: int | None = -1) -> bytes:
        if size is None or size < 0:
            size = READ
        if self._left is not None:
            size = min(size, self._left)
        if not size:
            return b""
        with answering(self._file.uri):
            data: bytes = self._raw.read(size)
        self.count += len(data)
        if self._left is not None:
            self._left -= len(data)
        self._digest.update(data)
        return data

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class Stream:
    """The decompressed bytes of a piece as an iterator of chunks of `CHUNK` bytes (the last one shorter).

    Iterate to the end, then call `finish`. ``truncated`` is right once the iteration has ended. ``prefix`` is what
    the piece's digest counts before its bytes: the file's head, where a range does not start the file.
    """

    def __init__(self, file: File, piece: Piece, compression: str, *, prefix: bytes = b"") -> None:
        self.file, self.piece, self.compression = file, piece, compression
        self.truncated = False
        self._digest = hashlib.sha256(prefix)
        self._closers: list[Callable[[], None]] = []
        self._pending: list[bytes] = []
        self._check_size()
        self._reader: _Reader | None = None
        self._chunks = _rechunk(self._decompressed())

    def head(self, size: int = CHUNK) -> bytes:
        """The first bytes, which the iteration will give again; ``size`` is at most `CHUNK`."""
        if not self._pending:
            self._pending = [next(self._chunks, b"")]
        return self._pending[0][:size]

    def __iter__(self) -> Iterator[bytes]:
        while self._pending:
            if chunk := self._pending.pop():
                yield chunk
        yield from self._chunks

    def finish(self) -> None:
        """Read what is left of the raw bytes and compare their digest with the plan's.

        Raises:
            SourceChanged: They are not the bytes that were planned.
        """
        try:
            reader = self._reader or self._open()
            while reader.read(READ):
                pass
            if self._digest.hexdigest() != self.piece.digest:
                raise changed(self.piece)
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the file; `finish` does it too."""
        while self._closers:
            with suppress(OSError, ValueError):
                self._closers.pop()()

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _check_size(self) -> None:
        piece = self.piece
        whole = piece.member is None and piece.start is None
        if (whole and self.file.size != piece.bytes) or (piece.stop is not None and self.file.size < piece.stop):
            raise changed(piece)

    def _open(self) -> _Reader:
        start, stop = self.piece.start or 0, self.piece.stop
        if self.piece.member is not None:
            with opened_zip(self.file) as (archive, raw):
                info = member_info(archive, self.piece.member, self.file.uri)
                if info.compress_size != self.piece.bytes:
                    raise changed(self.piece)
                start, stop = member_range(raw, info)
        self._reader = _Reader(self.file, self._digest, start, stop)
        self._closers.append(self._reader.close)
        return self._reader

    def _decompressed(self) -> Iterator[bytes]:
        if self.piece.member is not None:
            source = _inflated_member(self.file, self.piece, self._open())
            declared = "auto" if self.compression in ("auto", "zip") else self.compression
        else:
            source, declared = _plain(self._open()), self.compression
        try:
            first = next(source, b"")
            kind = "none" if self.piece.start is not None else kind_of(declared, first, self.piece.label)
            if kind == "zip":
                raise SourceUnreadable(f"{self.piece.label} is a zip archive inside a zip archive: deliver it flat")
            chunks = _chain(first, source)
            if kind == "gzip":
                chunks = _gunzip(chunks, self.piece.label)
            elif kind == "zstd":
                chunks = _unzstd(chunks, self._reopened, self.piece.label)
            yield from chunks
        except _Truncated:
            self.truncated = True

    def _reopened(self) -> Iterator[bytes]:
        """The same bytes once more, hashed by nobody."""
        other = Stream(self.file, self.piece, "none")
        self._closers.append(other.close)
        return iter(other)


def changed(piece: Piece) -> SourceChanged:
    """The error for bytes that are not those of the plan."""
    return SourceChanged(
        f"{piece.label} is not the file that was planned: its size or digest differs",
        state="nothing of this piece was committed",
        fix="run again: the plan is made anew from what is there now",
    )


def _plain(reader: _Reader) -> Iterator[bytes]:
    while data := reader.read(CHUNK):
        yield data


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _rechunk(source: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in chunks of `CHUNK`."""
    parts: list[bytes] = []
    held = 0
    for data in source:
        at = 0
        while held + len(data) - at >= CHUNK:
            end = at + CHUNK - held
            yield b"".join([*parts, data[at:end]])
            parts, held, at = [], 0, end
        if at < len(data):
            parts.append(data[at:])
            held += len(data) - at
    if held:
        yield b"".join(parts)


def _gunzip(source: Iterator[bytes], name: str) -> Iterator[bytes]:
    """RFC 1952: members one after another; zero bytes may pad the end."""
    member = None
    for data in source:
        while data:
            if member is None:
                data = data.lstrip(b"\0")
                if not data:
                    break
                member = zlib.decompressobj(wbits=31)
            yield from _inflate_some(member, data, name)
            data = member.unused_data
            if member.eof:
                member = None
    if member is not None:
        raise _Truncated


def _inflate_some(member: Any, data: bytes, name: str) -> Iterator[bytes]:
    """All that ``data`` expands to, at most `CHUNK` bytes at a time, up to the member's end."""
    while True:
        try:
            out = member.decompress(data, CHUNK)
        except zlib.error as error:
            raise _damage(error, name) from None
        if out:
            yield out
        data = member.unconsumed_tail
        # A full chunk may have left more in the decoder, even with no input left.
        if member.eof or (not data and len(out) < CHUNK):
            return


def _damage(error: zlib.error, name: str) -> Exception:
    if "incorrect" in str(error) and "check" in str(error) and "header" not in str(error):
        return SourceUnreadable(
            f"{name}: the compressed stream's own checksum does not match its bytes: the file is damaged",
            fix="have the unit deliver it again",
        )
    return _Truncated()


def _unzstd(source: Iterator[bytes], again: Callable[[], Iterator[bytes]], name: str) -> Iterator[bytes]:
    """RFC 8878 through Arrow, which drops what it had decoded of a read that fails: that tail is read once more."""
    stream = pa.CompressedInputStream(pa.PythonFile(_File(source), mode="r"), "zstd")
    given = 0
    while True:
        try:
            out = stream.read(_ZSTD_READ)
        except (OSError, pa.ArrowInvalid) as error:
            if "checksum" in str(error):
                raise _damage(zlib.error("incorrect data check"), name) from None
            yield from _to_the_last_byte(again(), given)
            raise _Truncated from None
        if not out:
            return
        given += len(out)
        yield out


def _to_the_last_byte(source: Iterator[bytes], skip: int) -> Iterator[bytes]:
    stream = pa.CompressedInputStream(pa.PythonFile(_File(source), mode="r"), "zstd")
    while skip:
        skip -= len(stream.read(min(skip, _ZSTD_READ)))
    out = bytearray()
    with suppress(OSError, pa.ArrowInvalid):
        while byte := stream.read(1):
            out += byte
    yield bytes(out)


class _File(io.RawIOBase):
    """An iterator of bytes as a file to read from."""

    def __init__(self, source: Iterator[bytes]) -> None:
        self._source, self._held = source, b""

    def read(self, size: int | None = -1) -> bytes:
        if not self._held:
            self._held = next(self._source, b"")
        size = len(self._held) if size is None or size < 0 else size
        out, self._held = self._held[:size], self._held[size:]
        return out

    def readable(self) -> bool:
        return True


def _inflated_member(file: File, piece: Piece, reader: _Reader) -> Iterator[bytes]:
    with opened_zip(file) as (archive, _):
        info = member_info(archive, str(piece.member), file.uri)
    packed = _plain(reader)
    checksum = 0
    for out in packed if info.compress_type == zipfile.ZIP_STORED else _inflate(packed, piece.label):
        checksum = zlib.crc32(out, checksum)
        yield out
    if checksum != info.CRC:
        raise _damage(zlib.error("incorrect data check"), piece.label)


def _inflate(source: Iterator[bytes], name: str) -> Iterator[bytes]:
    """RFC 1951: a zip member's bare deflate stream."""
    inflate = zlib.decompressobj(wbits=-15)
    for data in source:
        yield from _inflate_some(inflate, data, name)
        if inflate.eof:
            return
    raise _Truncated
