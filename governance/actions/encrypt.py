"""Reversible values: AES-256-SIV (RFC 5297), authenticated, the same token for the same value of one scope.

A token is a placeholder, ``<PHONE_NUMBER::mfrgg…>``, so that scrubbing again leaves it alone. It holds a version, the
key's fingerprint and a mark of its scope, all authenticated together with the entity. The key stands apart from the
pseudonym key: who may link people need not be able to read them. What is encrypted is personal information in full.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from governance.pseudonyms import Key, KeyPlace
from schemas.errors import ClearinghouseError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

SEALING_KEY = KeyPlace(
    "CLEARINGHOUSE_SEALING_KEY", "CLEARINGHOUSE_SEALING_KEY_FILE", ".clearinghouse-sealing-key", "sealing key"
)
"""Where the key for ``action: encrypt`` is looked for."""

LONGEST = 240
"""Bytes of a value that a token holds at most; a longer token would read as a blob that nobody scans."""

_TOKEN = re.compile("<([A-Z][A-Z_]{0,62}[A-Z])::([a-z2-7]{40,})>")
_VERSION = b"\x01"


class NotDecrypted(ClearinghouseError):
    """A token that is damaged, or was made with another key or for another entity."""

    exit_code = 3


def load_sealing_key() -> Key:
    """The key for encryption from the environment or its file. Raises `KeyMissing`."""
    return Key.load(place=SEALING_KEY)


def encrypt(key: Key, entity: str, value: str, scope: str = "") -> str | None:
    """The token of `value`; ``None`` where the value is too long for one. Equal triples have equal tokens."""
    data = value.encode("utf-8", "surrogatepass")
    if len(data) > LONGEST:
        return None
    head = _VERSION + bytes.fromhex(key.id) + hmac.digest(key.secret, b"scope " + scope.encode(), "sha256")[:8]
    sealed = head + _cipher(key).encrypt(data or b"\0", [entity.encode(), head])
    return f"<{entity}::{base64.b32encode(sealed).decode('ascii').rstrip('=').lower()}>"


def decrypt(token: str, key: Key) -> str:
    """The value of a token. Raises `NotDecrypted`, which says nothing of the value."""
    from cryptography.exceptions import InvalidTag

    found = _TOKEN.fullmatch(token)
    if found is None:
        raise NotDecrypted("this is no encrypted value")
    try:
        sealed = base64.b32decode(found[2].upper() + "=" * (-len(found[2]) % 8))
    except binascii.Error:
        raise NotDecrypted("an encrypted value is damaged") from None
    head, data = sealed[:13], sealed[13:]
    if head[:1] != _VERSION:
        raise NotDecrypted(f"an encrypted value has version {head[0]}, which this program does not read")
    if head[1:5].hex() != key.id:
        raise NotDecrypted(f"an encrypted value was made with key {head[1:5].hex()}, not with {key.id}")
    try:
        plain = _cipher(key).decrypt(data, [found[1].encode(), head])
    except InvalidTag:
        raise NotDecrypted("an encrypted value is damaged, or its entity was changed") from None
    return plain.decode("utf-8", "surrogatepass") if plain != b"\0" else ""


def _cipher(key: Key) -> AESSIV:
    return _cipher_of(key.secret)


@lru_cache(maxsize=4)
def _cipher_of(secret: bytes) -> AESSIV:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    return AESSIV(hmac.digest(secret, b"clearinghouse sealing 1", "sha512"))
