"""Columns of a shard that hold numbers as bytes. Standard library only.

A list of numbers costs Parquet two levels a number, and whoever reads it several times what the numbers cost. Where a mix
asks for it (``tokenise: bytes``) a row's tokens are one value of bytes instead: little-endian numbers of one width, one
after the other, not compressed. The Arrow field, which lies in the file beside Parquet's schema, says which numbers.
"""

from __future__ import annotations

KEY = b"clearinghouse.numbers"
"""In an Arrow field's metadata: the numbers in its bytes, by the names of NumPy and Arrow, such as ``uint16``."""
WIDTHS = {"uint8": 1, "uint16": 2, "uint32": 4}
"""The numbers that there may be, and their bytes."""


def width_for(ids: int) -> str:
    """The numbers that hold tokens whose ids are below ``ids``; never ``uint8``, which is for marks."""
    return "uint16" if ids <= 1 << 16 else "uint32"


__all__ = ["KEY", "WIDTHS", "width_for"]
