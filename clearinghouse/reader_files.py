"""The reader's way to bytes: pyarrow's file systems, and files that are what their digest says.

Standard library, pyarrow and `schemas` only: this is what a training job installs.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

import pyarrow as pa
import pyarrow.fs as pafs
import pyarrow.parquet as pq

from clearinghouse import reader_ranges
from clearinghouse.reader_cache import Cache
from clearinghouse.reader_fetch import Patience, Remote, reason
from clearinghouse.reader_ranges import Mismatch, Pieces, Seen
from schemas.errors import IntegrityError, StoreError

#: Files that are hashed whole are fetched in blocks of this size.
_BLOCK = 8 << 20
#: A remote file up to this size is held in memory while it is read, so that it is fetched and hashed in one go.
_HELD = 256 << 20

Got = TypeVar("Got")


@dataclass(frozen=True)
class Place:
    """A folder on some file system. Paths given to its methods are relative, ``/``-separated.

    ``filesystem`` is for other tools and tries again by itself; what is read here goes through ``remote`` (``None`` for
    local folders), with its patience, and ``pieces``, with the cache.
    """

    filesystem: pafs.FileSystem
    root: str
    uri: str
    remote: Remote | None = None
    pieces: Pieces | None = None
    patience: Patience = field(default_factory=Patience)
    seen: Seen = field(default_factory=Seen, compare=False)

    @property
    def local(self) -> bool:
        return isinstance(self.filesystem, pafs.LocalFileSystem)

    def path(self, name: str) -> str:
        """As the file system takes it; for S3 ``bucket/key``."""
        return f"{self.root}/{name}" if name else self.root

    def absolute(self, name: str) -> str:
        """As other tools take it: a path for local files, else ``s3://bucket/key``."""
        scheme = urlsplit(self.uri).scheme if "://" in self.uri else ""
        return self.path(name) if self.local else f"{scheme}://{self.path(name)}"

    def read(self, name: str) -> bytes | None:
        """The bytes of a small file, or ``None`` where there is none."""

        def call() -> bytes | None:
            try:
                with self._files.open_input_stream(self.path(name)) as file:
                    return bytes(file.read())
            except (FileNotFoundError, NotADirectoryError):
                return None

        return self._told(name, call)

    def names(self, folder: str) -> list[str]:
        """Names of files and folders directly in ``folder``; none where it does not exist."""
        where = pafs.FileSelector(self.path(folder), allow_not_found=True)
        return sorted(info.base_name for info in self._told(folder, lambda: self._files.get_file_info(where)))

    def shard(
        self, name: str, *, size: int, digest: str, footer: str, check: bool, fix: str, what: str
    ) -> pq.ParquetFile:
        """A shard to read from, for one thread at a time; ``what`` and ``fix`` are for the errors.

        With ``check``, every byte is checked before it is decoded: against ``footer`` and the digests in it where the
        manifest names one, else the whole file against ``digest`` now. Raises `IntegrityError` or `StoreError`.
        """

        def told(found: Mismatch) -> IntegrityError:
            return found.told(what, fix)

        try:
            if not check or not footer:
                file = self.open(name, size=size, digest=digest, check=check)
                try:
                    return pq.ParquetFile(file)
                except (pa.ArrowInvalid, OSError):
                    raise Mismatch("Parquet", "something else") from None
            if self.remote is None or self.pieces is None:
                mapped = self._told(name, lambda: self._mapped(name, size))
                return reader_ranges.local(mapped, size, digest, footer, self.seen, told).parquet()
            return reader_ranges.remote(
                self.pieces, self.remote, self.path(name), name, size, digest, footer, told
            ).parquet()
        except Mismatch as found:
            raise told(found) from None
        except FileNotFoundError:
            raise told(Mismatch("a file", "none")) from None

    def open(self, name: str, *, size: int, digest: str, check: bool) -> pa.NativeFile:
        """A file for random access, after its size and, with ``check``, its SHA-256 were found right.

        Local files are mapped and hashed in place; a remote file is fetched once and read from memory (above 256 MiB:
        hashed as it comes, then read by ranges). Raises `Mismatch` or `StoreError`.
        """
        if self.remote is None:
            mapped = self._told(name, lambda: self._mapped(name, size))
            if check:
                # Hashing lets other threads run and reads through the page cache: nothing is copied.
                stated = sha256(mapped.read_buffer(size)).hexdigest()
                mapped.seek(0)
                if stated != digest:
                    mapped.close()
                    raise Mismatch(f"sha256 {digest}", f"sha256 {stated}")
            return mapped
        try:
            found = self.remote.size(self.path(name), name)
            if found != size:
                self.remote.drop(self.path(name))
                raise Mismatch(f"{size} bytes", f"{found} bytes")
            if not check:
                return self._told(name, lambda: self.filesystem.open_input_file(self.path(name)))
            stated, held = self._fetched(self.remote, name, size)
        except FileNotFoundError:
            raise Mismatch("a file", "none") from None
        if stated != digest:
            raise Mismatch(f"sha256 {digest}", f"sha256 {stated}")
        return held or self._told(name, lambda: self.filesystem.open_input_file(self.path(name)))

    def _fetched(self, remote: Remote, name: str, size: int) -> tuple[str, pa.NativeFile | None]:
        """The SHA-256 of a remote file, and the file in memory where it is not too large."""
        found = sha256()
        held = pa.BufferOutputStream() if size <= _HELD else None
        for start in range(0, size, _BLOCK):
            block = remote.read(self.path(name), name, start, min(start + _BLOCK, size))
            found.update(block)
            if held is not None:
                held.write(block)
        return found.hexdigest(), pa.BufferReader(held.getvalue()) if held is not None else None

    @property
    def _files(self) -> pafs.FileSystem:
        return self.filesystem if self.remote is None else self.remote.filesystem

    def _mapped(self, name: str, size: int) -> pa.MemoryMappedFile:
        try:
            file = pa.memory_map(self.path(name), "r")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise Mismatch("a file", "none") from None
        found = file.size()
        if found != size:
            file.close()
            raise Mismatch(f"{size} bytes", f"{found} bytes")
        return file

    def _told(self, name: str, call: Callable[[], Got]) -> Got:
        """``call()``; a remote store is asked again for a while, a local one says at once what is wrong."""
        what = name or "the store"
        if self.remote is not None:
            return self.patience.run(what, self.uri, call)
        try:
            return call()
        except OSError as error:
            raise StoreError(
                f"cannot read {what} in {self.uri}: {reason(error)}",
                state="nothing was changed",
                fix="see that the store is reachable and that these credentials may read it, then try again",
            ) from None


def locate(uri: str | os.PathLike[str], *, cache: Cache | None = None, timeout: float | None = None) -> Place:
    """The folder that a path, ``file://`` URI, ``s3://bucket/prefix`` or other URI of `pyarrow.fs` names.

    ``cache`` keeps pieces of remote shards; ``timeout`` is for how many seconds a remote read is tried.

    For S3 the endpoint comes from ``?endpoint_override=`` (or ``?endpoint_url=``), ``AWS_ENDPOINT_URL_S3`` or
    ``AWS_ENDPOINT_URL``; credentials from where the AWS SDK looks. Raises `StoreError`.
    """
    text, patience = os.fspath(uri), Patience() if timeout is None else Patience(timeout)
    if "://" not in text:
        path = str(Path(text).expanduser().absolute())
        return Place(pafs.LocalFileSystem(), path, path)
    parts = urlsplit(text)
    if parts.username is not None or parts.password is not None:
        raise StoreError(
            f"credentials do not belong into the URI of a store ({parts.scheme}://…)",
            fix="give them by AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or by an AWS profile",
        )
    if parts.scheme == "file":
        path = os.path.normpath(unquote(parts.path))
        return Place(pafs.LocalFileSystem(), path, path)
    try:
        if parts.scheme == "s3":
            return _s3(parts.netloc, unquote(parts.path), dict(parse_qsl(parts.query)), text, cache, patience)
        filesystem, root = pafs.FileSystem.from_uri(text)
        uri = text.split("?")[0]
        if isinstance(filesystem, pafs.LocalFileSystem):
            return Place(filesystem, root.rstrip("/"), uri)
        remote = Remote(filesystem, uri, patience)
        return Place(filesystem, root.rstrip("/"), uri, remote, Pieces(remote, cache), patience)
    except (OSError, ValueError) as error:
        raise StoreError(
            f"{text.split('?')[0]} cannot be opened: {str(error).splitlines()[0][:300]}",
            fix="give a folder, file:///folder or s3://bucket/prefix",
        ) from None


def _s3(bucket: str, prefix: str, options: dict[str, str], uri: str, cache: Cache | None, patience: Patience) -> Place:
    given = options.get("endpoint_override") or options.get("endpoint_url")
    endpoint = given or os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    region = options.get("region") or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    if not region:
        # Servers other than AWS take any; on AWS the bucket knows.
        region = "us-east-1" if endpoint else pafs.resolve_s3_region(bucket)
    where: dict[str, str] = {}
    if endpoint:
        scheme, _, host = endpoint.rpartition("://")
        where = {"endpoint_override": host.rstrip("/"), "scheme": scheme or options.get("scheme", "https")}

    def connect(tries: int) -> pafs.S3FileSystem:
        return pafs.S3FileSystem(
            region=region,
            connect_timeout=min(10.0, patience.stall),
            # Seconds without a byte, not of the whole answer.
            request_timeout=patience.stall,
            retry_strategy=pafs.AwsStandardS3RetryStrategy(max_attempts=tries),
            **where,
        )

    root = f"{bucket}/{prefix.strip('/')}".rstrip("/")
    # What is read here is tried again by `Patience`, which knows its deadline; other tools leave that to the SDK.
    remote = Remote(connect(1), uri, patience)
    return Place(connect(5), root, uri, remote, Pieces(remote, cache), patience)
