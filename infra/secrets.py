"""Secrets by reference: what stands in a setting says where a secret is, never what it is.

    env:NAME            a variable of the environment
    file:PATH           a file that its owner alone may read
    kms:ARN#PATH        a file whose bytes (base64) AWS KMS opens with the key of that ARN

Errors name the reference and never hold any part of what it leads to.
"""

from __future__ import annotations

import base64
import binascii
import os
import stat
from pathlib import Path
from typing import Any

from schemas.errors import KeyMissing

KINDS = ("env", "file", "kms")


def is_reference(text: str | None) -> bool:
    """Whether text names a place (``env:…``, ``file:…``, ``kms:…``); no base64 and few paths do."""
    return text is not None and text.partition(":")[0] in KINDS and ":" in text


def resolve(reference: str) -> bytes:
    """The secret, as it is: bytes of a file, of a variable, or what KMS opened. Raises `KeyMissing`."""
    kind, _, place = reference.partition(":")
    if not is_reference(reference) or not place:
        raise KeyMissing(
            "a secret is named by a reference, and this is none", fix="write env:NAME, file:PATH or kms:ARN#PATH"
        )
    if kind == "env":
        found = os.environ.get(place)
        if not found:
            raise KeyMissing(f"{reference}: the variable is not set", fix=f"export {place}=…")
        return found.encode("utf-8", "surrogateescape")
    if kind == "file":
        return _file(reference, place)
    arn, hashed, path = place.partition("#")
    if not hashed or not path or not arn.startswith("arn:"):
        raise KeyMissing(
            f"{reference}: a key of KMS is written kms:ARN#PATH", fix="clearinghouse key create --kms ARN PATH"
        )
    return _kms(reference, arn, _file(reference, path, private=False))


def text(reference: str) -> bytes:
    """A passphrase or a key in base64: the secret without the line's end that editors leave."""
    return resolve(reference).rstrip(b"\r\n")


def wrap_new(arn: str, path: str, size: int = 32) -> bytes:
    """A new random secret of ``size`` bytes from KMS; ``path`` gets it wrapped (base64), and never replaces a file."""
    target = Path(path)
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyMissing(f"{path} already exists", state="the file was not touched", fix="name another file") from None
    except OSError as error:
        raise KeyMissing(f"cannot write {path}: {error.strerror}", fix="name a file you may write") from None
    try:
        made = _asked(f"kms:{arn}#{path}", arn, "generate_data_key", NumberOfBytes=size)
    except KeyMissing:
        os.close(handle)
        target.unlink()
        raise
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(made["CiphertextBlob"]) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return bytes(made["Plaintext"])


def _file(reference: str, place: str, *, private: bool = True) -> bytes:
    path = Path(place).expanduser()
    try:
        data, status = path.read_bytes(), path.stat()
    except OSError as error:
        raise KeyMissing(f"{reference}: cannot be read: {error.strerror}") from None
    if private and status.st_uid == os.geteuid() and status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyMissing(f"{reference}: others may read it", fix=f"chmod 600 {path}")
    return data


def _kms(reference: str, arn: str, wrapped: bytes) -> bytes:
    try:
        blob = base64.b64decode(b"".join(wrapped.split()), validate=True)
    except binascii.Error:
        raise KeyMissing(f"{reference}: the file does not hold base64") from None
    return bytes(_asked(reference, arn, "decrypt", CiphertextBlob=blob)["Plaintext"])


def _asked(reference: str, arn: str, call: str, **arguments: Any) -> Any:
    """What KMS answers; the region stands in the ARN (``arn:aws:kms:<region>:…``)."""
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    parts = arn.split(":")
    if len(parts) < 6 or parts[2] != "kms":
        raise KeyMissing(f"{reference}: {arn} is no key of KMS", fix="write kms:arn:aws:kms:REGION:ACCOUNT:key/ID#PATH")
    try:
        client = boto3.session.Session().client("kms", region_name=parts[3] or None)
        return getattr(client, call)(KeyId=arn, **arguments)
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "an error")
        raise KeyMissing(f"{reference}: KMS answered {code}", fix="see that this role may use the key") from None
    except BotoCoreError as error:
        raise KeyMissing(f"{reference}: KMS was not asked ({type(error).__name__})") from None
