"""One canonical encoding and one digest for everything that is named by its content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

Json = Mapping[str, Any] | Sequence[Any] | str | int | float | bool | None


def canonical_json(value: Json) -> bytes:
    """UTF-8 JSON with sorted keys, no spaces and no NaN, so that equal values have equal bytes.

    After RFC 8785 (JSON Canonicalization Scheme) for the values we use: strings, integers, booleans, null, lists
    and objects. Floats are refused by convention: write exact decimals as strings.
    """
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def digest(value: Json | bytes) -> str:
    """SHA-256 (FIPS 180-4) in lower-case hex of bytes, or of a value's canonical JSON."""
    data = value if isinstance(value, bytes) else canonical_json(value)
    return hashlib.sha256(data).hexdigest()
