"""Which checks still mean what they say once a field has been redacted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from governance.pseudonyms import PLACEHOLDER
from schemas.contract import Contract, Policy
from schemas.plans import FieldPlan, redaction_plan

#: What a check asks of a column: whether it is null, whether values repeat, that it is not empty text, or the value.
Demand = Literal["null", "unique", "filled", "value"]

_NULL = {
    "expect_column_values_to_not_be_null",
    "expect_column_values_to_be_null",
    "expect_column_proportion_of_non_null_values_to_be_between",
}
_UNIQUE = {
    "expect_column_values_to_be_unique",
    "expect_compound_columns_to_be_unique",
    "expect_column_unique_value_count_to_be_between",
    "expect_column_proportion_of_unique_values_to_be_between",
}
#: Pseudonyms that reach no further than this differ for equal values of two rows.
_TOO_NARROW = ("document", "group")


class Survival:
    """Contract met with policy, seen from the checks. Without a policy every check survives."""

    def __init__(self, contract: Contract, policy: Policy | None) -> None:
        self._plans: dict[str, FieldPlan] = {}
        self.columns: tuple[str, ...] = ()
        if policy is not None:
            from schemas.arrow_schema import snapshot_schema

            self._plans = {plan.field: plan for plan in redaction_plan(contract, policy)}
            self.columns = tuple(snapshot_schema(contract, policy).names)

    def plan(self, name: str) -> FieldPlan | None:
        return self._plans.get(name)

    def whole(self, name: str) -> bool:
        """Whether the stored values of a field are those of the source."""
        plan = self._plans.get(name)
        return plan is None or plan.action == "keep"

    def open(self, name: str) -> bool:
        """Whether the contract holds the field's values to be about no person, so that its limits may be shown."""
        plan = self._plans.get(name)
        return plan is None or (plan.action == "keep" and plan.entity is None)

    def is_pseudonym(self, name: str) -> bool:
        plan = self._plans.get(name)
        return plan is not None and plan.action == "pseudonym"

    def replaced(self) -> Iterator[tuple[str, str]]:
        """Stored columns whose every cell has been replaced, and the pattern of what may stand there.

        That is whatever scrubbing writes, for it leaves alone what it finds already replaced, and empty text.
        """
        for plan in self._plans.values():
            if plan.action in ("encrypt", "pseudonym", "placeholder", "mask"):
                yield plan.field, f"^(?:{PLACEHOLDER.pattern})?$"

    def demands(self, kind: str, kwargs: Mapping[str, Any]) -> Demand:
        """What a check of this kind asks of its columns."""
        measure = kwargs.get("measure")
        if kind in _NULL or measure == "nullValues":
            return "null"
        if measure == "missingValues" and all(value is None for value in kwargs.get("missing_values") or ()):
            return "null"
        if kind in _UNIQUE or measure == "duplicateValues":
            return "unique"
        if kind == "expect_column_value_lengths_to_be_between":
            least, most = kwargs.get("min_value"), kwargs.get("max_value")
            if most is None and isinstance(least, int) and least <= (0 if kwargs.get("strict_min") else 1):
                return "filled"
        return "value"

    def refuses(self, name: str, demand: Demand) -> str:
        """Why such a check cannot be run on this column; empty when it can."""
        plan = self._plans.get(name)
        if plan is None or plan.action == "keep":
            return ""
        because = f" ({plan.citation})" if plan.citation else ""
        if plan.action == "drop":
            return f"{name} is dropped{because}"
        if demand in ("null", "filled"):
            return ""
        if plan.action == "scan":
            return f"{name} is free text, which redaction may have changed"
        if plan.action != "pseudonym" or demand != "unique":
            return f"{name} is replaced by a {plan.action}{because}"
        if plan.scope in _TOO_NARROW:
            return f"{name} is replaced by pseudonyms that differ from one {plan.scope} to the next{because}"
        return ""
