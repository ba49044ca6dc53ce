from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.gates import Measured, evaluate, shown
from schemas.contract import Gate
from tests.release_builders import PATIENT


def passed(gate: Gate, value: Measured | None) -> bool:
    return evaluate([gate], {} if value is None else {gate.name: value})[0]["passed"]


@given(
    st.sampled_from(["<=", ">=", "=="]),
    st.fractions(min_value=0, max_value=2),
    st.decimals(min_value=0, max_value=2, places=4),
)
@PATIENT
def test_numbers_are_compared_exactly(comparison: str, value: Fraction, threshold: Decimal) -> None:
    expected = {"<=": value <= threshold, ">=": value >= threshold, "==": value == threshold}[comparison]
    gate = Gate("g", f"{threshold:f}", comparison)  # type: ignore[arg-type]
    assert passed(gate, Measured(value)) == expected


def test_what_rounds_to_the_threshold_but_is_above_it_does_not_pass() -> None:
    value = Measured(Fraction(1, 20) + Fraction(1, 10**12))
    (row,) = evaluate([Gate("g", "0.05", "<=")], {"g": value})
    assert (row["value"], row["passed"]) == ("0.05", False)


def test_truths_and_thresholds() -> None:
    gate = Gate("g", "true", "==", citation="law", verified_by="nobody")
    assert passed(gate, Measured(True))
    assert not passed(gate, Measured(False))
    (row,) = evaluate([gate], {"g": Measured(True, "3 of 3")})
    assert row == {
        "name": "g",
        "value": "true",
        "threshold": "true",
        "comparison": "==",
        "passed": True,
        "citation": "law",
        "verified_by": "nobody",
        "detail": "3 of 3",
    }


@pytest.mark.parametrize("value", [None, Measured(1), Measured(True)])
@pytest.mark.parametrize("threshold", ["a lot", "NaN", "", "Infinity"])
def test_what_cannot_be_evaluated_has_failed(value: Measured | None, threshold: str) -> None:
    assert not passed(Gate("g", threshold, "<="), value)


def test_a_truth_is_not_one() -> None:
    assert not passed(Gate("g", "1", "=="), Measured(True))
    assert not passed(Gate("g", "true", "=="), Measured(1))


def test_an_unknown_gate_says_so_and_the_order_is_the_policys() -> None:
    rows = evaluate([Gate("b", "1", "<="), Gate("a", "1", "<=")], {"a": Measured(0)})
    assert [(row["name"], row["value"], row["passed"]) for row in rows] == [
        ("b", "not measured", False),
        ("a", "0", True),
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [(Fraction(1, 3), "0.333333"), (Fraction(1, 2), "0.5"), (Fraction(4, 2), "2"), (7, "7"), (Fraction(1, 10**9), "0")],
)
def test_values_as_text(value: int | Fraction, text: str) -> None:
    assert shown(value) == text


def test_nothing_to_measure_has_passed_and_says_why() -> None:
    (row,) = evaluate([Gate("k", "5", ">=")], {"k": Measured(None, "no quasi-identifier")})
    assert (row["value"], row["passed"], row["detail"]) == ("nothing to measure", True, "no quasi-identifier")


def test_every_gate_that_a_policy_may_name_is_measured_somewhere() -> None:
    from clearinghouse.jobs.release_gates import MEASURED
    from schemas.gate_rules import SIGNING
    from schemas.shapes import own_schema

    known = own_schema("policy.schema.json")["properties"]["gates"]["items"]["properties"]["name"]["enum"]
    assert set(known) == MEASURED | set(SIGNING)
    assert not MEASURED & set(SIGNING)
