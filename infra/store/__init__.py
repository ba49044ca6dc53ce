"""Where bytes live: one small interface over a folder and over S3.

Keys are relative, ``/``-separated names such as ``ledger/00000001.json``. Every write is all or nothing: whoever
reads a key, at whatever moment, finds the old bytes or the new ones, whole. What may happen only once is written
with ``if_absent``; `infra.store.sequence` builds numbered histories on it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from schemas.errors import StoreError

if TYPE_CHECKING:
    import pyarrow as pa

#: Names that begin so are writes under way, or what a killed process left of them: never objects.
TEMPORARY = ".tmp-"


@dataclass(frozen=True, order=True)
class Entry:
    """One object of a store: its key and its size in bytes."""

    key: str
    bytes: int


class NotFound(StoreError, KeyError):
    """No object has this key."""

    transient = False


class Store(Protocol):
    """A flat space of objects. Implementations are picklable and may be used by several threads and after a fork.

    Every method may raise `StoreError`, whose text names the key and says what is left; those that read raise
    `NotFound` for a key that is not there.
    """

    @property
    def uri(self) -> str:
        """What `open_store` takes to open this store again; free of secrets."""
        ...

    def read(self, key: str) -> bytes:
        """The whole object."""
        ...

    def open(self, key: str) -> pa.NativeFile:
        """The object for random access; close it after use."""
        ...

    def put(self, key: str, data: bytes, *, if_absent: bool = False) -> bool:
        """Write an object, atomically and durably.

        With ``if_absent`` of any number of writers exactly one is told ``True``; ``False`` means that the key was
        there already and is as it was. Without it the result is always ``True``.
        """
        ...

    def upload(self, path: Path, key: str) -> None:
        """Write a file's bytes, atomically; an object of that key is replaced. The file is left alone."""
        ...

    def fetch(self, key: str, directory: Path) -> Path:
        """A local file with the object's bytes, to be read only: in ``directory``, or the store's own file."""
        ...

    def list(self, prefix: str = "", *, after: str = "") -> Iterator[Entry]:
        """Objects whose keys begin with ``prefix`` (any string, as in S3) and sort after ``after``, sorted by key."""
        ...

    def folders(self, prefix: str = "") -> Iterator[str]:
        """Names directly under ``prefix`` (empty, or ending in ``/``) that have objects below them, sorted.

        Unlike `list`, its cost does not grow with the objects below.
        """
        ...

    def stat(self, key: str) -> Entry | None:
        """The object's entry, or ``None`` where there is none."""
        ...

    def written(self, key: str) -> datetime:
        """When the object was written last, in UTC, as the store itself says. A copy of a store may say otherwise."""
        ...

    def delete(self, key: str) -> None:
        """Remove an object; one that is not there is no error."""
        ...

    def check(self) -> Sequence[str]:
        """Raise `StoreError` unless the store is there and lists; returns what its owner should know of it."""
        ...


def open_store(uri: str) -> Store:
    """The store at a path, a ``file://`` URI or ``s3://bucket/prefix``.

    An S3 endpoint other than AWS comes from ``?endpoint_url=``, ``AWS_ENDPOINT_URL_S3`` or ``AWS_ENDPOINT_URL``,
    the region from ``?region=`` or the environment; credentials only from where boto3 looks for them. Nothing is
    read, written or connected to yet. Raises `StoreError` for a URI that names no store.
    """
    if not uri:
        raise _unusable(uri, "it is empty")
    if "://" not in uri:
        from infra.store.local import LocalStore

        return LocalStore(str(Path(os.path.abspath(os.path.expanduser(uri)))))  # noqa: PTH100, PTH111
    parts = urlsplit(uri)
    if parts.username is not None or parts.password is not None:
        # Not repeated in the message: it holds a secret.
        raise StoreError(
            f"credentials do not belong into the URI of a store ({parts.scheme}://…)",
            state="nothing was done",
            fix="give them by AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or by an AWS profile",
        )
    if parts.scheme == "file":
        from infra.store.local import LocalStore

        if parts.netloc not in ("", "localhost") or not parts.path.startswith("/") or parts.query:
            raise _unusable(uri, "a file URI is file:///absolute/path")
        return LocalStore(os.path.normpath(unquote(parts.path)))
    if parts.scheme == "s3":
        from infra.store.s3 import S3Store

        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        endpoint = options.pop("endpoint_url", None) or options.pop("endpoint_override", None)
        region = options.pop("region", None)
        if options:
            raise _unusable(uri, f"unknown option {sorted(options)[0]}; known are endpoint_url and region")
        if not parts.netloc:
            raise _unusable(uri, "it names no bucket")
        if endpoint and "://" not in endpoint:
            raise _unusable(uri, "endpoint_url begins with http:// or https://")
        if endpoint and urlsplit(endpoint).username is not None:
            raise StoreError("credentials do not belong into endpoint_url", state="nothing was done")
        return S3Store(parts.netloc, unquote(parts.path).strip("/"), endpoint, region)
    raise _unusable(uri, f"stores of scheme {parts.scheme}:// are not known")


def _unusable(uri: str, reason: str) -> StoreError:
    error = StoreError(
        f"{uri!r} is not a store: {reason}",
        state="nothing was done",
        fix="give a folder, file:///folder or s3://bucket/prefix (--store or CLEARINGHOUSE_STORE)",
    )
    error.transient = False
    return error


def check_key(key: str) -> str:
    """``key`` if it is one; raises `StoreError` for what could leave the store or hide in it.

    Refused are empty keys and parts, ``.``, ``..``, absolute keys, control characters, backslashes, names of
    `TEMPORARY` files, parts over 255 bytes (what file systems hold) and keys over 900 (S3 holds 1024, the store's
    own prefix included).
    """
    reason = ""
    if len(key.encode("utf-8", "surrogatepass")) > 900:
        reason = "longer than 900 bytes"
    elif any(ord(c) < 32 or c in "\\\x7f" or 0xD800 <= ord(c) < 0xE000 for c in key):
        reason = "control characters, backslashes and lone surrogates are not allowed"
    for part in key.split("/"):
        if part in ("", ".", ".."):
            reason = "keys are relative and have no empty, '.' or '..' parts"
        elif part.startswith(TEMPORARY):
            reason = f"names that begin with {TEMPORARY} are kept for writes under way"
        elif len(part.encode("utf-8", "surrogatepass")) > 255:
            reason = "a part is longer than 255 bytes"
    if reason:
        error = StoreError(f"{key[:300]!r} is not a key of a store: {reason}", state="nothing was changed")
        error.transient = False
        raise error
    return key
