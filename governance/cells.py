"""Cells of CSV files that people open in a spreadsheet."""

from __future__ import annotations

from typing import Any

#: What makes a spreadsheet take a cell for a formula, full width too (OWASP, CSV injection).
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before it. Numbers stay numbers."""
    if isinstance(value, str) and value.startswith(_STARTS):
        return "'" + value
    return value
