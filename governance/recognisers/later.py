"""Expressions that are compiled when they are first used: a process reads hundreds and uses the few whose needles it meets."""

from __future__ import annotations

import re
from typing import Any

_NAMES = re.compile(r"\(\?P<(\w+)>")


class Later:
    """Stands in for a compiled ``re.Pattern`` of text. ``pattern``, ``flags`` and the names of groups are there at once;
    anything else compiles it. An expression that does not compile says so then."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = pattern
        self.flags = int(flags) if flags & re.ASCII else int(flags) | int(re.UNICODE)
        self.groupindex = {name: place for place, name in enumerate(_NAMES.findall(pattern), 1)}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = self.__dict__["_made"] = self.__dict__.get("_made") or re.compile(self.pattern, self.flags)
        found = getattr(made, name)
        if name in ("search", "match", "fullmatch", "finditer"):
            # From now on without a detour.
            self.__dict__[name] = found
        return found

    def __reduce__(self) -> tuple[Any, ...]:
        return Later, (self.pattern, self.flags)

    def __repr__(self) -> str:
        return f"Later({self.pattern!r}, {self.flags})"


def later(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """`re.compile`, put off."""
    made: Any = Later(pattern, flags)
    return made
