"""A store in a bucket of S3 or of a server that speaks its protocol (tried: Ceph's gateway 16, moto).

What must happen once rests on conditional writes (``If-None-Match: *``; RFC 9110 §13.1.2, in S3 since 2024). A
server that ignores the condition would let two writers win, so the first conditional write of a process proves that
it is kept; on Ceph's gateway it is *not* exclusive while the bucket is versioned, and such a bucket is refused.

Credentials are boto3's business (environment, profile, role) and never appear in a URI, a pickle or an error.
"""

from __future__ import annotations

import contextlib
import io
import os
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from infra.store import TEMPORARY, Entry, NotFound, check_key
from schemas.errors import StoreError

if TYPE_CHECKING:
    import pyarrow as pa

#: Written once a store, to see whether the server keeps the condition. `list` does not show it.
_PROBE = f"{TEMPORARY}conditional-writes"
_ABSENT = {"NoSuchKey", "404", "NotFound"}
_TAKEN = {"PreconditionFailed", "412"}
_DENIED = {"AccessDenied", "403", "Forbidden", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken"}
#: AWS answers so while another conditional write of the same key is under way; trying again decides.
_RACING = {"ConditionalRequestConflict", "409", "OperationAborted"}
_MAX_WAIT = 2.0
_BODY_ATTEMPTS = 4
_READ_AHEAD = 1 << 18


@dataclass(frozen=True)
class S3Store:
    """Objects of ``bucket`` whose keys begin with ``prefix/``; ``endpoint`` is ``None`` for AWS."""

    bucket: str
    prefix: str = ""
    endpoint: str | None = None
    region: str | None = None
    #: One client a process: clients are shared by threads but do not survive a fork or a pickle.
    _clients: dict[int, Any] = field(default_factory=dict, compare=False, repr=False)
    _proven: set[int] = field(default_factory=set, compare=False, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_clients": {}, "_proven": set()}

    @property
    def uri(self) -> str:
        options = {"endpoint_url": self.endpoint, "region": self.region}
        query = "&".join(f"{name}={quote(value, safe=':/')}" for name, value in options.items() if value)
        place = f"{self.bucket}/{quote(self.prefix)}" if self.prefix else self.bucket
        return f"s3://{place}" + (f"?{query}" if query else "")

    @property
    def client(self) -> Any:
        """This process's boto3 client."""
        mine = os.getpid()
        if mine not in self._clients:
            # Two threads may both come here: the client that is lost costs nothing but the time to make it.
            self._clients[mine] = _client(self.endpoint, self.region)
        return self._clients[mine]

    def read(self, key: str) -> bytes:
        with self._told("read", key):
            return self._get(self._name(key))

    def _get(self, name: str, **options: str) -> bytes:
        """An object's bytes. boto3 tries again to get an answer, but not to read its body: that is done here."""
        from botocore.exceptions import BotoCoreError

        for attempt in range(_BODY_ATTEMPTS):
            answer = self.client.get_object(Bucket=self.bucket, Key=name, **options)
            try:
                return bytes(answer["Body"].read())
            except BotoCoreError:
                if attempt + 1 == _BODY_ATTEMPTS:
                    raise
                time.sleep(0.1 * 2**attempt)
        raise AssertionError("unreachable")

    def open(self, key: str) -> pa.NativeFile:
        import pyarrow as pa

        name = self._name(key)
        with self._told("read", key):
            head = self.client.head_object(Bucket=self.bucket, Key=name)
        ranges = _Ranges(self, key, int(head["ContentLength"]), head["ETag"])
        return pa.PythonFile(io.BufferedReader(ranges, _READ_AHEAD), mode="r")

    def put(self, key: str, data: bytes, *, if_absent: bool = False) -> bool:
        name = self._name(key)
        if if_absent:
            self._prove()
            return self._put_if_absent(name, key, data)
        with self._told("write", key):
            self.client.put_object(Bucket=self.bucket, Key=name, Body=data)
        return True

    def _put_if_absent(self, name: str, key: str, data: bytes) -> bool:
        mark, wait = uuid.uuid4().hex, 0.05
        while True:
            with self._told("write", key):
                try:
                    self.client.put_object(
                        Bucket=self.bucket, Key=name, Body=data, IfNoneMatch="*", Metadata={"writer": mark}
                    )
                    return True
                except self.client.exceptions.ClientError as error:
                    code = _code(error)
                    if code in _TAKEN:
                        # boto3 tries again when an answer is lost: then what stands in the way may be our own.
                        again = error.response["ResponseMetadata"].get("RetryAttempts", 0) > 0 or wait > 0.05
                        return again and self._written_by(name, mark)
                    if code not in _RACING or wait > _MAX_WAIT:
                        raise
            time.sleep(wait)
            wait *= 2

    def _written_by(self, name: str, mark: str) -> bool:
        head = self.client.head_object(Bucket=self.bucket, Key=name)
        return bool(head.get("Metadata", {}).get("writer") == mark)

    def _prove(self) -> None:
        """Once a process: a second conditional write of one key must fail, and the bucket must be fit for it."""
        mine = os.getpid()
        if mine in self._proven:
            return
        versioned, ceph = self._nature()
        if versioned and ceph:
            raise self._refusal(
                "the bucket is versioned, and on Ceph's gateway conditional writes are not exclusive there",
                "suspend versioning of the bucket, or use another bucket",
            )
        name = self._full(_PROBE)
        if self._put_if_absent(name, _PROBE, b"") and self._put_if_absent(name, _PROBE, b""):
            raise self._refusal(
                "the server ignores If-None-Match: two writers could both be told that they were first",
                "use a server with conditional writes (AWS S3, Ceph's gateway, MinIO)",
            )
        self._proven.add(mine)

    def _nature(self) -> tuple[bool, bool]:
        """Whether the bucket is (or may be) versioned, and whether a Ceph gateway answers."""
        with self._told("look at", "the bucket"):
            try:
                found = self.client.get_bucket_versioning(Bucket=self.bucket)
            except self.client.exceptions.ClientError as error:
                if _code(error) not in {"AccessDenied", "403", "NotImplemented", "501", "MethodNotAllowed"}:
                    raise
                return False, False
        meta = found["ResponseMetadata"]
        headers = {name.lower(): str(value) for name, value in meta.get("HTTPHeaders", {}).items()}
        # Ceph names itself in newer versions; its request ids (tx0…-…-<zone>) have always told it.
        ceph = "ceph" in headers.get("server", "").lower() or headers.get("x-amz-request-id", "").startswith("tx0")
        return found.get("Status") == "Enabled", ceph

    def _refusal(self, reason: str, fix: str) -> StoreError:
        error = StoreError(f"bucket {self.bucket} cannot hold a store: {reason}", state="nothing was changed", fix=fix)
        error.transient = False
        return error

    def upload(self, path: Path, key: str) -> None:
        from boto3.exceptions import S3UploadFailedError

        name = self._name(key)
        with self._told("write", key):
            try:
                self.client.upload_file(str(path), self.bucket, name, Config=_transfer())
            except S3UploadFailedError as error:
                # boto3 wraps the server's answer into a text; the answer itself says more.
                raise (error.__context__ or error) from None
            except OSError as error:
                raise StoreError(
                    f"cannot read {path} to write {key}: {error.strerror}", state="nothing was changed"
                ) from None

    def fetch(self, key: str, directory: Path) -> Path:
        path = directory / key.rsplit("/", 1)[-1]
        temporary = directory / f"{TEMPORARY}{uuid.uuid4().hex}"
        name = self._name(key)
        try:
            with self._told("read", key):
                self.client.download_file(self.bucket, name, str(temporary), Config=_transfer())
            temporary.replace(path)
        except OSError as error:
            raise StoreError(
                f"cannot write {key} of bucket {self.bucket} to {directory}: {error.strerror}",
                state="the store was not changed",
                fix="free some space there or set TMPDIR, then run the same command again",
            ) from None
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink()
        return path

    def list(self, prefix: str = "", *, after: str = "") -> Iterator[Entry]:
        start = len(self._full(""))
        for page in self._pages(prefix, **({"StartAfter": self._full(after)} if after else {})):
            for item in page.get("Contents", ()):
                key = item["Key"][start:]
                # A key that ends in "/" is a folder that a console made.
                if not key.endswith("/") and not key.rpartition("/")[2].startswith(TEMPORARY):
                    yield Entry(key, int(item["Size"]))

    def folders(self, prefix: str = "") -> Iterator[str]:
        start = len(self._full(prefix))
        for page in self._pages(prefix, Delimiter="/"):
            for item in page.get("CommonPrefixes", ()):
                yield item["Prefix"][start:].rstrip("/")

    def _pages(self, prefix: str, **options: Any) -> Iterator[Any]:
        arguments = {"Bucket": self.bucket, "Prefix": self._full(prefix), **options}
        with self._told("list", prefix or "the store"):
            yield from self.client.get_paginator("list_objects_v2").paginate(**arguments)

    def stat(self, key: str) -> Entry | None:
        name = self._name(key)
        try:
            with self._told("look at", key):
                head = self.client.head_object(Bucket=self.bucket, Key=name)
        except NotFound:
            return None
        return Entry(key, int(head["ContentLength"]))

    def written(self, key: str) -> datetime:
        name = self._name(key)
        with self._told("look at", key):
            found: datetime = self.client.head_object(Bucket=self.bucket, Key=name)["LastModified"]
        return found

    def delete(self, key: str) -> None:
        name = self._name(key)
        with self._told("delete", key), contextlib.suppress(NotFound):
            self.client.delete_object(Bucket=self.bucket, Key=name)

    def check(self) -> Sequence[str]:
        with self._told("list", "the store"):
            self.client.list_objects_v2(Bucket=self.bucket, Prefix=self._full(""), MaxKeys=1)
        versioned, ceph = self._nature()
        if versioned and ceph:
            return (
                f"bucket {self.bucket} is versioned: on Ceph's gateway conditional writes are not exclusive then, "
                "and writing what may happen only once is refused; suspend its versioning",
            )
        if versioned and self.client.meta.endpoint_url.find("amazonaws.com") < 0:
            return (
                f"bucket {self.bucket} is versioned on a server that is not AWS: ask its vendor whether "
                "conditional writes (If-None-Match) are exclusive on versioned buckets",
            )
        return ()

    def versioned(self) -> bool:
        """Whether the bucket keeps older versions of what is replaced or deleted."""
        return self._nature()[0]

    def _full(self, key: str) -> str:
        return f"{self.prefix}/{key}" if self.prefix else key

    def _name(self, key: str) -> str:
        return self._full(check_key(key))

    @contextlib.contextmanager
    def _told(self, verb: str, key: str) -> Iterator[None]:
        """Turn boto3's errors into ours: bucket, key, the server's code; never its text, which may hold an id."""
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError

        try:
            yield
        except ClientError as error:
            raise self._failed(verb, key, error) from None
        except (NoCredentialsError, PartialCredentialsError):
            raise self._trouble(
                verb,
                key,
                "there are no credentials",
                fix="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
            ) from None
        except (BotoCoreError, Boto3Error) as error:
            sent = verb in ("write", "delete")
            raise self._trouble(
                verb,
                key,
                f"{self.endpoint or 'the server'} did not answer ({type(error).__name__})",
                state=f"{key} may or may not have changed; it is whole either way" if sent else "",
                fix="see that the server is reachable, then run the same command again",
                transient=True,
            ) from None

    def _failed(self, verb: str, key: str, error: Any) -> StoreError:
        code = _code(error)
        if code in _ABSENT:
            return NotFound(f"there is no {key} in {self._place}", state="nothing was changed")
        if code in _TAKEN and verb == "read":
            return self._trouble(
                verb, key, "it was replaced meanwhile", fix="run the same command again", transient=True
            )
        if code == "NoSuchBucket":
            return self._trouble(verb, key, "there is no such bucket", fix=f"make the bucket {self.bucket} first")
        if code in _DENIED:
            return self._trouble(
                verb, key, f"access denied ({code})", fix="see that these credentials may use the bucket"
            )
        if code in {"NotImplemented", "501"}:
            return self._trouble(
                verb,
                key,
                f"the server does not do this ({code})",
                fix="use a server with conditional writes (AWS S3, Ceph's gateway, MinIO)",
            )
        return self._trouble(verb, key, f"the server answered {code}", fix="run the same command again", transient=True)

    def _trouble(
        self, verb: str, key: str, reason: str, *, state: str = "", fix: str, transient: bool = False
    ) -> StoreError:
        made = StoreError(
            f"cannot {verb} {key} in {self._place}: {reason}", state=state or "nothing was changed", fix=fix
        )
        made.transient = transient
        return made

    @property
    def _place(self) -> str:
        return f"bucket {self.bucket}" + (f" under {self.prefix}/" if self.prefix else "")


class _Ranges(io.RawIOBase):
    """An object as a file: each read is one ranged GET of the version that was there when it was opened."""

    def __init__(self, store: S3Store, key: str, size: int, etag: str) -> None:
        self._store, self._key, self._size, self._etag, self._at = store, key, size, etag, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        wanted = min(len(view), self._size - self._at)
        if wanted <= 0:
            return 0
        store = self._store
        with store._told("read", self._key):
            data = store._get(
                store._name(self._key), Range=f"bytes={self._at}-{self._at + wanted - 1}", IfMatch=self._etag
            )
        view[: len(data)] = data
        self._at += len(data)
        return len(data)


def _client(endpoint: str | None, region: str | None) -> Any:
    import boto3
    from botocore.config import Config

    other = endpoint or os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    options: dict[str, Any] = {
        "connect_timeout": 10,
        "read_timeout": 60,
        "retries": {"mode": "standard", "max_attempts": 5},
        "max_pool_connections": 32,
    }
    if other:
        # Servers other than AWS: no DNS name for each bucket, and no aws-chunked trailers (Ceph 16 refuses them).
        options |= {
            "s3": {"addressing_style": "path"},
            "request_checksum_calculation": "when_required",
            "response_checksum_validation": "when_required",
        }
    # A session of its own: boto3's shared one must not be used by two threads at once.
    session = boto3.session.Session()
    return session.client(
        "s3",
        endpoint_url=endpoint,
        region_name=region or session.region_name or ("us-east-1" if other else None),
        config=Config(**options),
    )


def _transfer() -> Any:
    from boto3.s3.transfer import TransferConfig

    return TransferConfig(multipart_threshold=64 << 20, multipart_chunksize=32 << 20, max_concurrency=4)


def _code(error: Any) -> str:
    found = error.response.get("Error", {}).get("Code")
    return str(found or error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", "unknown"))
