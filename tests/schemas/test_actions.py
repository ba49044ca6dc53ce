"""A contract may make an action stricter than the policy's, in its options too, and never looser."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.contract import Field, Policy, Rule
from schemas.plans import plan_field, rows_digest

CATEGORIES = {"person.name": "PERSON", "person.birth_date": "BIRTH_DATE", "person.bank_card": "BANK_CARD"}
POLICY = Policy(
    "test", "1",
    (
        Rule("PERSON", "surrogate"),
        Rule("BIRTH_DATE", "generalise", options={"to": "month"}),
        Rule("BANK_CARD", "mask", options={"keepLast": 4}),
    ),
    CATEGORIES, (), "policy.yaml", "p" * 64,
)  # fmt: skip


@pytest.mark.parametrize(
    ("term", "action", "options", "fault"),
    [
        ("person.name", None, {}, ""),
        ("person.name", "pseudonym", {}, ""),
        ("person.name", "drop", {}, ""),
        ("person.name", "encrypt", {}, "is looser than the policy's 'surrogate'"),
        ("person.name", "mask", {"keepLast": 1}, "is looser than the policy's 'surrogate'"),
        ("person.name", "generalise", {}, "does not say to what"),
        ("person.birth_date", None, {"to": "year"}, ""),
        ("person.birth_date", "generalise", {"to": "decade"}, ""),
        ("person.birth_date", "pseudonym", {}, "is looser than the policy's 'generalise'"),
        ("person.birth_date", "generalise", {"to": "ageBand", "asOf": "2026-01-01"}, "show more than the policy's"),
        ("person.bank_card", None, {"keepLast": 2}, ""),
        ("person.bank_card", None, {"keepLast": 5}, "show more than the policy's"),
        ("person.bank_card", "placeholder", {}, ""),
        ("person.bank_card", "surrogate", {}, "is looser than the policy's 'mask'"),
        ("person.bank_card", "mask", {"width": 3}, "has no option 'width'"),
    ],
)
def test_tightening(term: str, action: Any, options: dict[str, Any], fault: str) -> None:
    plan, faults = plan_field(Field("f", "f", "string", term, action=action, action_options=options), "shop", POLICY)
    assert [said for said, _ in faults if fault and fault in said] if fault else not faults
    if fault:
        assert plan.action == "drop"
    else:
        assert plan.options == (options or (plan.options if action is None else {}))
        if action or options:
            assert "stricter by contract" in plan.citation


def test_options_are_part_of_what_decides_the_rows() -> None:
    from tests.clearinghouse.test_scrub import contract, field

    made = contract(field("card", "person.bank_card"))
    more = contract(field("card", "person.bank_card", action_options={"keepLast": 2}))
    assert rows_digest(made, POLICY) != rows_digest(more, POLICY)
