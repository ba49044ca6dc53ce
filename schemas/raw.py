"""Careful looks at what YAML gave, for code that goes on after a fault has been reported."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from schemas.yaml_lines import Place, YamlFile

Custom = tuple[Mapping[str, Any], Mapping[str, Place]]
"""The custom properties of one place: values by name, and where each one's entry stands."""


def as_text(value: Any) -> str:
    """Text, or empty where the shape check has already said that it is not."""
    return value if isinstance(value, str) else ""


def as_items(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def as_mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def is_number(value: Any) -> TypeGuard[int | float]:
    """Whether a value is a number; true and false are not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def check_regex(found: YamlFile, place: Place, pattern: str) -> re.Pattern[str] | None:
    """Compile a pattern; what is wrong with it becomes a problem."""
    try:
        return re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        found.report(place, f"is not a regular expression: {error}")
        return None
