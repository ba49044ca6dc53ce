"""Passwords for the review desk: scrypt (RFC 7914) with a salt of their own, checked in the same time right or wrong."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from schemas.people import sound_password

#: OWASP Password Storage Cheat Sheet: scrypt with N = 2^15, r = 8, p = 3 (32 MiB). Read as a secondary source.
_N, _R, _P = 2**15, 8, 3
_SALT, _HASH = 16, 32
#: A hash of nothing that anybody knows: what the password of an unknown name is checked against.
_DECOY = f"scrypt${_N}${_R}${_P}${base64.b64encode(bytes(_SALT)).decode()}${base64.b64encode(bytes(_HASH)).decode()}"


def hash_password(password: str) -> str:
    """``scrypt$n$r$p$salt$hash``; salt and hash are base64. Two calls never give the same."""
    salt = secrets.token_bytes(_SALT)
    made = _scrypt(password, salt, _N, _R, _P, _HASH)
    return f"scrypt${_N}${_R}${_P}${base64.b64encode(salt).decode()}${base64.b64encode(made).decode()}"


def check_password(password: str, stored: str | None) -> bool:
    """Whether the password is the one that was hashed. ``None`` or a hash that is none takes as long and is wrong."""
    known = bool(stored) and sound_password(stored or "")
    _, n, r, p, salt, hashed = ((stored or "") if known else _DECOY).split("$")
    wanted = base64.b64decode(hashed)
    made = _scrypt(password, base64.b64decode(salt), int(n), int(r), int(p), len(wanted))
    return hmac.compare_digest(made, wanted) and known


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int, length: int) -> bytes:
    data = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(data, salt=salt, n=n, r=r, p=p, maxmem=128 * n * r + (64 << 20), dklen=length)
