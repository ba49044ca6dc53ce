"""Keyed pseudonyms: the same value in the same scope has the same name, and only the key leads back.

HMAC-SHA256 (RFC 2104, FIPS 198-1) over entity, scope and value, each with its length, so that no two triples
share a message. Under PIPL art. 73 and GDPR art. 4(5) the result is still personal data for whoever holds the
key.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import re
import secrets
import shlex
import stat
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.errors import KeyMissing

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

ENV_KEY = "CLEARINGHOUSE_KEY"
ENV_KEY_FILE = "CLEARINGHOUSE_KEY_FILE"
DEFAULT_FILE = ".clearinghouse-key"
KEY_BYTES = 32

MASK = "<***>"
"""Stands for a masked value, whatever it was: neither its sort nor its length shows."""
DROPPED = "<>"
"""Stands where a value was dropped from running text, so that its neighbours do not grow into a new one."""
MASK_SIGNS = "*•●█#"
"""Characters that a mask may be made of."""
#: A placeholder, a pseudonym, an encrypted value, a mask or `DROPPED` as this product writes it; recognisers leave such
#: text alone. Entity names have no digits and a mask shows four characters at most, so that no number in angle brackets
#: can pass for one.
PLACEHOLDER = re.compile(
    rf"<(?:[A-Z][A-Z_]{{0,62}}[A-Z](?::[a-z2-7]{{8}}|::[a-z2-7]{{40,}})?|[{MASK_SIGNS}]{{3}}[^<>\s]{{0,4}})?>"
)

_SEPARATORS = re.compile(r"[\W_]+")
#: The same of ASCII.
_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())
_PARTS_MATTER = frozenset({"EMAIL_ADDRESS", "ACCOUNT_URL", "IP_ADDRESS", "SECRET"})
_CN_MOBILE = re.compile(r"(?:00)?86(1[3-9][0-9]{9})")


def placeholder(entity: str) -> str:
    """``<PHONE_NUMBER>``."""
    return f"<{entity}>"


def normal_form(entity: str, value: str) -> str:
    """What is hashed for `value`: width, case and separators folded (``+86 138-…`` equals ``138…``).

    E-mails, links, addresses of machines and secrets keep their punctuation, because it is part of the value.
    """
    plain = value.isascii()
    folded = value if plain else unicodedata.normalize("NFKC", value)
    if entity == "SECRET":
        return folded.strip()
    small = folded.lower() if plain else folded.casefold()
    folded = small if plain or small == folded else unicodedata.normalize("NFKC", small)
    if entity in _PARTS_MATTER:
        # What stood on either side of a space may compose with it gone.
        return unicodedata.normalize("NFKC", "".join(folded.split()))
    # A value of separators alone keeps them, or all such values would be one person.
    bare = folded
    if not folded.isalnum():
        bare = folded.encode().translate(None, _SIGNS).decode() if plain else _SEPARATORS.sub("", folded)
        bare = bare or folded.strip()
    if entity == "PHONE_NUMBER":
        # Only digits of other scripts are left to fold: the width was folded above.
        bare = bare if bare.isascii() else "".join(str(unicodedata.digit(c, c)) for c in bare)
        mobile = _CN_MOBILE.fullmatch(bare)
        return mobile[1] if mobile else bare
    return bare


@dataclass(frozen=True)
class KeyPlace:
    """Where a key is looked for: two variables of the environment and a file of the working folder."""

    variable: str
    file_variable: str
    file: str
    name: str


PSEUDONYM_KEY = KeyPlace(ENV_KEY, ENV_KEY_FILE, DEFAULT_FILE, "pseudonym key")


@dataclass(frozen=True)
class Key:
    """A secret of at least 32 bytes. Picklable, for worker processes; never shown by ``repr``."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) < KEY_BYTES:
            raise KeyMissing(
                f"the pseudonym key has {len(self.secret)} bytes; at least {KEY_BYTES} are needed",
                fix="clearinghouse key create",
            )

    @classmethod
    def create(cls, path: str | Path, place: KeyPlace = PSEUDONYM_KEY) -> Key:
        """Writes a new random key to `path`, readable by its owner alone; never replaces a file.

        `place` says how runs will find it, for the advice.

        Raises `KeyMissing` if it cannot be written or already exists.
        """
        key = cls(secrets.token_bytes(KEY_BYTES))
        target = Path(path)
        try:
            handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise KeyMissing(
                f"{target} already exists; with another {place.name} nothing would match what is already written",
                state="the file was not touched",
                fix=f"use it (export {place.file_variable}={target}), or name another file",
            ) from None
        except OSError as problem:
            raise KeyMissing(f"cannot write {target}: {problem.strerror}", fix="name a file you may write") from None
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(key.secret) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        return key

    @classmethod
    def load(cls, path: str | Path | None = None, place: KeyPlace = PSEUDONYM_KEY) -> Key:
        """The key in `path`, else in ``CLEARINGHOUSE_KEY`` (base64), else in the file that
        ``CLEARINGHOUSE_KEY_FILE`` names, else in ``.clearinghouse-key`` of the working folder; for another sort of
        key, the like of `place`.

        Raises `KeyMissing`, never with any part of the key in the message.
        """
        if path is None:
            text = os.environ.get(place.variable)
            if text:
                return cls(_decode(text, place.variable, place.name))
            path = os.environ.get(place.file_variable) or None
        create = "clearinghouse key create" + ("" if place is PSEUDONYM_KEY else f" {place.file} --for sealing")
        if path is None:
            path = Path(place.file)
            if not path.exists():
                raise KeyMissing(
                    f"no {place.name}: neither {place.variable} nor {place.file_variable} is set, no file {place.file}",
                    fix=create,
                )
        source = Path(path)
        try:
            text = source.read_text("ascii")
            status = source.stat()
        except FileNotFoundError:
            named = f"clearinghouse key create {shlex.quote(str(source))}"
            fix = named + ("" if place is PSEUDONYM_KEY else " --for sealing")
            raise KeyMissing(f"no {place.name} at {source}", fix=fix) from None
        except (OSError, UnicodeDecodeError) as problem:
            reason = getattr(problem, "strerror", None) or "it is not text"
            raise KeyMissing(f"cannot read the {place.name} at {source}: {reason}") from None
        if status.st_uid == os.geteuid() and status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeyMissing(f"others may read the {place.name} at {source}", fix=f"chmod 600 {source}")
        return cls(_decode(text, str(source), place.name))

    @property
    def id(self) -> str:
        """Eight hex digits that tell keys apart in manifests and say nothing about the key."""
        return hmac.digest(self.secret, b"clearinghouse key id", "sha256").hex()[:8]

    def hash(self, entity: str, value: str, scope: str = "") -> bytes:
        """32 bytes for exactly this triple; the value is taken as it is (for row identities and the like)."""
        data, reach = value.encode("utf-8", "surrogatepass"), scope.encode("utf-8", "surrogatepass")
        inner, outer = _opened(self.secret, entity)
        found = inner.copy()
        found.update(len(reach).to_bytes(8, "big") + reach + len(data).to_bytes(8, "big") + data)
        whole = outer.copy()
        whole.update(found.digest())
        return whole.digest()

    def value_hash(self, entity: str, value: str, scope: str = "") -> bytes:
        """`hash` of the value's `normal_form`: what evidence and pseudonyms are made of."""
        return self.hash(entity, normal_form(entity, value), scope)

    def pseudonym(self, entity: str, value: str, scope: str = "") -> str:
        """``<PHONE_NUMBER:k7f3q2ab>``: 40 bits of `value_hash` in RFC 4648 base32, small letters."""
        return f"<{entity}:{short_name(self.value_hash(entity, value, scope))}>"


@lru_cache(maxsize=1 << 8)
def _opened(secret: bytes, entity: str) -> tuple[Hash, Hash]:
    """HMAC-SHA256 (RFC 2104) begun with the key and the entity: what all values of an entity share."""
    key = (sha256(secret).digest() if len(secret) > 64 else secret).ljust(64, b"\0")
    inner, outer = sha256(bytes(byte ^ 0x36 for byte in key)), sha256(bytes(byte ^ 0x5C for byte in key))
    name = entity.encode("utf-8", "surrogatepass")
    inner.update(len(name).to_bytes(8, "big") + name)
    return inner, outer


def short_name(digest: bytes) -> str:
    """The eight characters of a pseudonym from a `Key.value_hash`."""
    return base64.b32encode(digest[:5]).decode("ascii").lower()


def _decode(text: str, where: str, name: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error:
        raise KeyMissing(f"the {name} in {where} is not base64") from None
