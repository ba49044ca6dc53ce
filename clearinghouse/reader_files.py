"""The reader's way to bytes: pyarrow's file systems, and files that are what their digest says.

Standard library, pyarrow and `schemas` only: this is what a training job installs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import pyarrow as pa
import pyarrow.fs as pafs

from schemas.errors import IntegrityError, StoreError

_BLOCK = 8 << 20
#: A remote file up to this size is held in memory while it is read, so that it is fetched and hashed in one go.
_HELD = 256 << 20


@dataclass(frozen=True)
class Place:
    """A folder on some file system. Paths given to its methods are relative, ``/``-separated."""

    filesystem: pafs.FileSystem
    root: str
    uri: str

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
        with self._told(name):
            try:
                with self.filesystem.open_input_stream(self.path(name)) as file:
                    return bytes(file.read())
            except (FileNotFoundError, NotADirectoryError):
                return None

    def names(self, folder: str) -> list[str]:
        """Names of files and folders directly in ``folder``; none where it does not exist."""
        with self._told(folder):
            found = self.filesystem.get_file_info(pafs.FileSelector(self.path(folder), allow_not_found=True))
        return sorted(info.base_name for info in found)

    def open(self, name: str, *, size: int, digest: str, check: bool) -> pa.NativeFile:
        """A file for random access, after its size and, with ``check``, its SHA-256 were found right.

        Local files are mapped and hashed in place; a remote file is fetched once and read from memory (above 256 MiB:
        hashed as a stream, then read by ranges). Raises `Mismatch`.
        """
        with self._told(name):
            try:
                if self.local:
                    file: pa.NativeFile = pa.memory_map(self.path(name), "r")
                else:
                    file = self.filesystem.open_input_file(self.path(name))
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                raise Mismatch("a file", "none") from None
            found = file.size()
            if found != size:
                file.close()
                raise Mismatch(f"{size} bytes", f"{found} bytes")
            if not check:
                return file
            if self.local:
                # Hashing lets other threads run and reads through the page cache: nothing is copied.
                stated, held = sha256(file.read_buffer(size)).hexdigest(), file
                file.seek(0)
            elif size <= _HELD:
                stated, held = _held(file, size)
            else:
                stated, held = _streamed(file), file
        if stated != digest:
            held.close()
            raise Mismatch(f"sha256 {digest}", f"sha256 {stated}")
        return held

    @contextmanager
    def _told(self, name: str) -> Iterator[None]:
        try:
            yield
        except Mismatch:
            raise
        except OSError as error:
            # The first line says what; what may follow are details of the request.
            reason = (error.strerror or str(error) or type(error).__name__).splitlines()[0]
            raise StoreError(
                f"cannot read {name or 'the store'} in {self.uri}: {reason[:300]}",
                state="nothing was changed",
                fix="see that the store is reachable and that these credentials may read it, then try again",
            ) from None


class Mismatch(Exception):
    """A file that is not what the manifest names: what was expected, what was found."""

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(expected, found)
        self.expected, self.found = expected, found

    def told(self, what: str, fix: str) -> IntegrityError:
        return IntegrityError(
            f"{what} is not what its manifest names: expected {self.expected}, found {self.found}",
            state="nothing of it was given out",
            fix=fix,
        )


def _held(file: pa.NativeFile, size: int) -> tuple[str, pa.NativeFile]:
    buffer, found, at = pa.allocate_buffer(size), sha256(), 0
    with file, memoryview(buffer) as view:
        while at < size:
            count = file.readinto(view[at : at + _BLOCK])
            if not count:
                raise Mismatch(f"{size} bytes", f"{at} bytes")
            found.update(view[at : at + count])
            at += count
    return found.hexdigest(), pa.BufferReader(buffer)


def _streamed(file: pa.NativeFile) -> str:
    found = sha256()
    while block := file.read_buffer(_BLOCK):
        found.update(block)
    file.seek(0)
    return found.hexdigest()


def locate(uri: str | os.PathLike[str]) -> Place:
    """The folder that a path, ``file://`` URI, ``s3://bucket/prefix`` or other URI of `pyarrow.fs` names.

    For S3 the endpoint comes from ``?endpoint_override=`` (or ``?endpoint_url=``), ``AWS_ENDPOINT_URL_S3`` or
    ``AWS_ENDPOINT_URL``; credentials from where the AWS SDK looks. Raises `StoreError`.
    """
    text = os.fspath(uri)
    if "://" not in text:
        return Place(pafs.LocalFileSystem(), *(2 * [str(Path(text).expanduser().absolute())]))
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
            return _s3(parts.netloc, unquote(parts.path), dict(parse_qsl(parts.query)), text)
        filesystem, root = pafs.FileSystem.from_uri(text)
        return Place(filesystem, root.rstrip("/"), text.split("?")[0])
    except (OSError, ValueError) as error:
        raise StoreError(
            f"{text.split('?')[0]} cannot be opened: {str(error).splitlines()[0][:300]}",
            fix="give a folder, file:///folder or s3://bucket/prefix",
        ) from None


def _s3(bucket: str, prefix: str, options: dict[str, str], uri: str) -> Place:
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
    filesystem = pafs.S3FileSystem(
        region=region,
        connect_timeout=10,
        request_timeout=60,
        retry_strategy=pafs.AwsStandardS3RetryStrategy(max_attempts=5),
        **where,
    )
    root = f"{bucket}/{prefix.strip('/')}".rstrip("/")
    return Place(filesystem, root, uri)
