"""Ed25519 signatures (RFC 8032) and the files that people keep their keys in.

A private key lies in a PKCS #8 file (RFC 5958, PEM of RFC 7468), encrypted with a passphrase of its owner. Ed25519
signs without randomness, so the same key and bytes give the same signature. `cryptography` does the arithmetic; it is
imported when first needed.
"""

from __future__ import annotations

import base64
import binascii
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemas.errors import KeyMissing
from schemas.registry import key_id

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

__all__ = ["Signer", "key_id", "verify"]

#: Bytes of a passphrase at least. Whoever has the file can try passphrases without being seen.
SHORTEST = 12


@dataclass(frozen=True)
class Signer:
    """A private key, opened. Never shown by ``repr``, never pickled."""

    _private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def create(cls, path: str | Path, passphrase: bytes) -> Signer:
        """A new key, written to ``path`` under the passphrase, readable by its owner alone; never replaces a file.

        Raises `KeyMissing` for a file that is there or cannot be written, or a passphrase that is too short.
        """
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

        if len(passphrase) < SHORTEST:
            raise KeyMissing(
                f"the passphrase has {len(passphrase)} bytes; at least {SHORTEST} are needed",
                state="no key was made",
                fix="choose a longer one: some words in a row",
            )
        made = Ed25519PrivateKey.generate()
        data = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase))
        target = Path(path)
        try:
            handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise KeyMissing(
                f"{target} already exists", state="the file was not touched", fix="name another file"
            ) from None
        except OSError as problem:
            raise KeyMissing(f"cannot write {target}: {problem.strerror}", fix="name a file you may write") from None
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        return cls(made)

    @classmethod
    def load(cls, path: str | Path, passphrase: bytes) -> Signer:
        """The key in a file. Raises `KeyMissing`, never with any part of the key or the passphrase in the message."""
        source = Path(path)
        try:
            data, status = source.read_bytes(), source.stat()
        except FileNotFoundError:
            raise KeyMissing(f"there is no signing key at {source}", fix="clearinghouse people add NAME") from None
        except OSError as problem:
            raise KeyMissing(f"cannot read the signing key at {source}: {problem.strerror}") from None
        if status.st_uid == os.geteuid() and status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeyMissing(f"others may read the signing key at {source}", fix=f"chmod 600 {source}")
        return cls.from_pem(data, passphrase, str(source))

    @classmethod
    def from_pem(cls, data: bytes, passphrase: bytes, name: str = "the signing key") -> Signer:
        """The key in the bytes of a file that messages call ``name``. Raises `KeyMissing`."""
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        if b"BEGIN ENCRYPTED PRIVATE KEY" not in data:
            raise KeyMissing(
                f"{name} is no PKCS #8 key under a passphrase",
                fix="clearinghouse people add makes one; a key that lies open signs for whoever finds it",
            )
        try:
            found = load_pem_private_key(data, passphrase or b"\0")
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise KeyMissing(
                f"the passphrase does not open {name}, or the file is damaged", fix="try again, or restore the file"
            ) from None
        if not isinstance(found, Ed25519PrivateKey):
            raise KeyMissing(f"{name} holds a key of another kind than Ed25519", fix="clearinghouse people add NAME")
        return cls(found)

    @property
    def public(self) -> bytes:
        """The 32 bytes of the public key."""
        return self._private.public_key().public_bytes_raw()

    @property
    def public_text(self) -> str:
        """`public` in base64, as a people file has it."""
        return base64.b64encode(self.public).decode()

    @property
    def key_id(self) -> str:
        return key_id(self.public)

    def sign(self, data: bytes) -> bytes:
        """64 bytes."""
        return self._private.sign(data)

    def signature(self, data: bytes) -> dict[str, str]:
        """``{"key": key id, "value": base64}``, as the ledger has it."""
        return {"key": self.key_id, "value": base64.b64encode(self.sign(data)).decode()}

    def __reduce__(self) -> Any:
        raise TypeError("a private key is not sent to other processes")


def verify(public: bytes, signature: bytes, data: bytes) -> bool:
    """Whether the signature over ``data`` was made with the private half of the 32 bytes ``public``."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def decode(text: str) -> bytes | None:
    """The 64 bytes of a signature in base64, or ``None``, also for a second spelling of the same bytes."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == 64 and base64.b64encode(raw).decode() == text else None
