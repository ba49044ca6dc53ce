"""Presidio's operators for our policies, and our actions for Presidio's engine.

A policy rule with ``action: operator`` runs any operator of ``presidio-anonymizer`` on each find. Its output is not ours
to vouch for: where scrubbing the text again would change it, the scrubber puts a placeholder there instead. An operator
that gives two answers for one value is refused, because no run could be repeated.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import InvalidParamError
from presidio_anonymizer.operators import Operator, OperatorsFactory, OperatorType

from governance.actions.replace import Order, Replacer
from governance.pseudonyms import Key
from schemas.errors import PolicyError, Problem

OURS = ("drop", "mask", "placeholder", "pseudonym", "surrogate", "generalise", "encrypt", "keep")
"""Actions that `ClearinghouseOperator` offers; all but ``operator``, which is Presidio's own, and ``scan``."""


def run_operator(name: str, params: Mapping[str, Any], value: str, entity: str) -> str:
    """What a Presidio operator makes of `value`.

    Raises `PolicyError` for an operator that does not exist, refuses its parameters, or does not repeat itself.
    """
    operator = _operator(name)
    settings = {**params, "entity_type": entity}
    try:
        operator.validate(settings)
        first, second = (str(operator.operate(text=value, params=dict(settings))) for _ in range(2))
    except (InvalidParamError, TypeError, KeyError, ValueError) as problem:
        # Only the kind: an operator may have put the value into its message.
        raise _fault(f"operator {name!r} refuses its parameters ({type(problem).__name__})") from None
    if first != second:
        raise _fault(f"operator {name!r} gives another answer each time", "give it a fixed salt, or use our own action")
    return first


@lru_cache(maxsize=16)
def _operator(name: str) -> Operator:
    factory = OperatorsFactory()
    if name not in factory.get_anonymizers():
        known = ", ".join(sorted(factory.get_anonymizers()))
        raise _fault(f"Presidio has no operator {name!r}", f"there are: {known}")
    return factory.create_operator_class(name, OperatorType.Anonymize)


def _fault(said: str, hint: str = "") -> PolicyError:
    return PolicyError([Problem("policy", 0, "$.rules", said, hint)], what="policy")


class ClearinghouseOperator(Operator):
    """Our actions as one Presidio operator, ``clearinghouse``.

    Parameters: ``action`` and its ``options``, ``key`` (a `Key`), ``scope`` (text) and, for ``encrypt``, ``sealing``.
    """

    NAME = "clearinghouse"

    def operate(self, text: str, params: dict[str, Any] | None = None) -> str:
        """What the action leaves of `text`, as the scrubber would write it."""
        given = params or {}
        if given["action"] == "keep":
            return text
        order = Order(given["action"], given["entity_type"], given.get("options", {}))
        made, _ = Replacer(given["key"].value_hash, given.get("sealing"))(order, [text], given.get("scope", ""))
        return made[0]

    def validate(self, params: dict[str, Any] | None = None) -> None:
        """Raises `InvalidParamError` for an unknown action or a missing key."""
        given = params or {}
        if given.get("action") not in OURS:
            raise InvalidParamError(f"action must be one of {', '.join(OURS)}")
        if given["action"] != "keep" and not isinstance(given.get("key"), Key):
            raise InvalidParamError("key must be a governance.pseudonyms.Key")
        if given["action"] == "encrypt" and not isinstance(given.get("sealing"), Key):
            raise InvalidParamError("sealing must be a governance.pseudonyms.Key")

    def operator_name(self) -> str:
        return self.NAME

    def operator_type(self) -> OperatorType:
        return OperatorType.Anonymize


def anonymizer() -> AnonymizerEngine:
    """An `AnonymizerEngine` that knows our operator beside its own."""
    engine = AnonymizerEngine()
    engine.add_anonymizer(ClearinghouseOperator)
    return engine
