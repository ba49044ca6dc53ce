"""Pseudonym and sealing keys, wherever their settings say that they are: in the open, or by reference (`infra.secrets`).

Both are looked for as `governance.pseudonyms.Key.load` does; besides, each place may hold ``env:NAME``, ``file:PATH`` or
``kms:ARN#PATH`` in the stead of a key or a path.
"""

from __future__ import annotations

import base64
import binascii
import os

from governance.actions.encrypt import SEALING_KEY
from governance.pseudonyms import KEY_BYTES, PSEUDONYM_KEY, Key, KeyPlace
from infra import secrets
from schemas.errors import KeyMissing

PLACES = {"pseudonym": PSEUDONYM_KEY, "sealing": SEALING_KEY}


def load_key(given: str | None = None, place: KeyPlace = PSEUDONYM_KEY) -> Key:
    """The key in the file or at the reference ``given``, else where ``place`` says. Raises `KeyMissing`."""
    named = given or os.environ.get(place.variable) or os.environ.get(place.file_variable)
    if not named or not secrets.is_reference(named):
        return Key.load(given, place)
    found = secrets.resolve(named)
    if named.startswith("kms:"):
        return Key(found)
    try:
        return Key(base64.b64decode(b"".join(found.split()), validate=True))
    except binascii.Error:
        raise KeyMissing(f"the {place.name} at {named} is not base64") from None


def load_sealing_key() -> Key:
    """The key for ``action: encrypt``. Raises `KeyMissing`."""
    return load_key(None, SEALING_KEY)


def create(path: str, place: KeyPlace = PSEUDONYM_KEY, *, kms: str | None = None) -> tuple[Key, str, str]:
    """Make a key in a new file; with ``kms`` (an ARN) the file holds it wrapped.

    Returns the key, and the variable and the value by which runs find it. Raises `KeyMissing`.
    """
    if kms:
        return Key(secrets.wrap_new(kms, path, KEY_BYTES)), place.variable, f"kms:{kms}#{path}"
    return Key.create(path, place), place.file_variable, path
