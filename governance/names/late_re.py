"""Expressions that are compiled when they are first used: it stands in for `re` in modules with many large ones.

A process that meets no address in Vietnamese need not spend its start on compiling what finds one.
"""

from __future__ import annotations

import re
from re import Match, Pattern
from typing import Any, cast


class _Late:
    """An expression; what is asked of it is asked of the compiled one."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags
        self._compiled: re.Pattern[str] | None = None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if self._compiled is None:
            self._compiled = re.compile(self.pattern, self._flags)
        value = self.__dict__[name] = getattr(self._compiled, name)  # found without a detour from now on
        return value


def compile(pattern: str, flags: int = 0) -> Pattern[str]:
    """``re.compile``, put off until the expression is used. An error in it is raised then."""
    return cast("Pattern[str]", _Late(pattern, flags))


__all__ = ["Match", "Pattern", "compile"]
