"""Context-free grammars that write varied sentences fast, from rules kept as plain text.

A rule is ``symbol: alternative | alternative``; ``{name}`` expands a symbol, ``{name?}`` does so half of the time.
A symbol without a rule is *external*: its text comes from the caller's context when it is met.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random

Context = Mapping[str, "str | Callable[[], str]"]
_SYMBOL = re.compile(r"\{(\w+)(\??)\}")


class Grammar:
    """Compiled rules. ``externals`` are the symbols that the context must give.

    Raises `ValueError` for a rule that is defined twice or has an empty line for a name.
    """

    def __init__(self, *sources: str) -> None:
        self._rules: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {}
        for source in sources:
            for line in _logical_lines(source):
                name, separator, body = line.partition(":")
                if not separator or not name.strip().isidentifier():
                    raise ValueError(f"not a rule: {line[:40]!r}")
                self.define(name.strip(), [part.strip() for part in body.split("|")])
        used = {symbol for options in self._rules.values() for _, symbols in options for symbol in symbols}
        self.externals = frozenset(used - set(self._rules))

    def define(self, name: str, alternatives: list[str]) -> None:
        if name in self._rules:
            raise ValueError(f"rule {name} is defined twice")
        self._rules[name] = tuple(self._compile(alternative) for alternative in alternatives)

    def _compile(self, text: str) -> tuple[str, tuple[str, ...]]:
        symbols: list[str] = []

        def found(match: re.Match[str]) -> str:
            name = match[1]
            if match[2]:
                name = f"{match[1]}__maybe"
                if name not in self._rules:
                    self._rules[name] = (("%s", (match[1],)), ("", ()))
            symbols.append(name)
            return "%s"

        fmt = _SYMBOL.sub(found, text.replace("%", "%%"))
        return (fmt if symbols else fmt.replace("%%", "%")).replace("\\n", "\n"), tuple(symbols)

    def __contains__(self, symbol: str) -> bool:
        return symbol in self._rules

    @property
    def symbols(self) -> tuple[str, ...]:
        return tuple(name for name in self._rules if not name.endswith("__maybe"))

    def expand(self, symbol: str, rng: Random, context: Context) -> str:
        """One text of ``symbol``; the same ``rng`` state and context give the same text."""
        return self._expand(symbol, rng.random, context)

    def _expand(self, symbol: str, draw: Callable[[], float], context: Context) -> str:
        options = self._rules.get(symbol)
        if options is None:
            value = context[symbol]
            return value if isinstance(value, str) else value()
        fmt, symbols = options[int(draw() * len(options))]
        if not symbols:
            return fmt
        return fmt % tuple([self._expand(inner, draw, context) for inner in symbols])


def _logical_lines(source: str) -> list[str]:
    """Lines of the source; an indented line carries on the one before it, ``#`` lines and empty ones are left out."""
    lines: list[str] = []
    for line in source.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line[0].isspace() and lines:
            lines[-1] += " " + line.strip()
        else:
            lines.append(line.rstrip())
    return lines
