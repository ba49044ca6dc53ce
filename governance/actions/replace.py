"""One place where every action is carried out, on many values at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from governance.actions.encrypt import encrypt
from governance.pseudonyms import DROPPED, MASK, Key, placeholder, short_name
from schemas.errors import KeyMissing

LIVE = frozenset({"surrogate", "generalise", "operator"})
"""Actions that leave text which recognisers may look at again; all others leave placeholders."""


@dataclass(frozen=True)
class Order:
    """What to do with values of one entity: an action with its options."""

    action: str
    entity: str
    options: Mapping[str, Any] = field(default_factory=dict)


class Replacer:
    """Carries actions out. ``hashed`` is `Key.value_hash` or something that remembers its answers; ``sealing`` is the
    key for ``encrypt``."""

    def __init__(self, hashed: Callable[[str, str, str], bytes], sealing: Key | None = None) -> None:
        self.hashed, self.sealing = hashed, sealing

    def __call__(self, order: Order, values: Sequence[str], scopes: str | Sequence[str]) -> tuple[list[str], list[str]]:
        """What stands in place of each value, and the action that was carried out on it.

        That is another than ``order.action`` where the value does not allow it: a surrogate of no known shape becomes
        a pseudonym, a value that cannot be generalised or is too long to encrypt becomes a placeholder.
        """
        action, entity = order.action, order.entity
        if action in ("drop", "mask", "placeholder") and "keepLast" not in order.options:
            text = DROPPED if action == "drop" else self._mask(order) if action == "mask" else placeholder(entity)
            return [text] * len(values), [action] * len(values)
        known: dict[tuple[str, str], tuple[str, str]] = {}
        out = []
        for place, value in enumerate(values):
            pair = value, scopes if isinstance(scopes, str) else scopes[place]
            made = known.get(pair)
            if made is None:
                made = known[pair] = self._one(order, *pair)
            out.append(made)
        return [text for text, _ in out], [done for _, done in out]

    def _one(self, order: Order, value: str, scope: str) -> tuple[str, str]:
        action, entity = order.action, order.entity
        if action == "pseudonym":
            return self._pseudonym(entity, value, scope), action
        if action == "mask":
            return self._mask(order, value), action
        made: str | None
        if action == "surrogate":
            # Few policies ask for any, and their tables take a while to build.
            from governance.actions.surrogates import surrogate

            made = surrogate(entity, value, self.hashed(entity, value, scope))
            return (made, action) if made is not None else (self._pseudonym(entity, value, scope), "pseudonym")
        if action == "encrypt":
            if self.sealing is None:
                raise KeyMissing("no sealing key was given, without which nothing can be encrypted")
            made = encrypt(self.sealing, entity, value, scope)
        elif action == "generalise":
            from governance.actions.generalise import generalise

            made = generalise(value, order.options)
        elif action == "operator":
            from governance.actions.operators import run_operator

            made = run_operator(order.options["name"], order.options.get("params", {}), value, entity)
            if (
                made != value
                and run_operator(order.options["name"], order.options.get("params", {}), made, entity) != made
            ):
                made = None  # the next scrub would change it again
        else:
            raise ValueError(f"no action {action!r}")
        return (made, action) if made is not None else (placeholder(entity), "placeholder")

    def _pseudonym(self, entity: str, value: str, scope: str) -> str:
        return f"<{entity}:{short_name(self.hashed(entity, value, scope))}>"

    @staticmethod
    def _mask(order: Order, value: str = "") -> str:
        """`MASK`, with the last characters in sight where the policy wants them and the value is twice as long."""
        sign = order.options.get("character", "*")
        last = order.options.get("keepLast", 0)
        shown = "".join(c for c in value if c.isalnum())
        tail = shown[-last:] if last and len(shown) >= 2 * last else ""
        return f"<{sign * 3}{tail}>" if sign != "*" or tail else MASK
