"""What a suite holds follows from contract and policy alone; what cannot be checked is listed with its reason."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from governance.quality.suite import Expected, Suite, condition_columns, suite_for
from schemas.contract import QualityRule
from schemas.errors import ContractError
from tests.governance.quality_contracts import POLICY, contract, field


def told(suite: Suite, origin: str) -> list[Expected]:
    return [check for check in suite.checks if check.origin == origin]


def only(suite: Suite, origin: str) -> Expected:
    (found,) = told(suite, origin)
    return found


def rule(metric: str, arguments: dict[str, Any] | None = None, **more: Any) -> QualityRule:
    return QualityRule(metric, arguments or {}, **more)


def test_each_statement_of_a_field_becomes_one_expectation() -> None:
    suite = suite_for(
        contract(
            field("id", primary_key=True),
            field("sku", required=True, unique=True, options={"pattern": "^S", "minLength": 2, "maxLength": 9}),
            field("state", enum=("paid", "sent")),
            field("n", kind="integer", options={"minimum": 1, "exclusiveMaximum": 10, "multipleOf": 2, "format": "i8"}),
            field("day", kind="date", options={"minimum": "2024-01-31", "format": "%Y-%m-%d"}),
            field("at", kind="timestamp", options={"exclusiveMaximum": "2024-02-01", "timezone": True}),
            field("ref", options={"format": "uuid"}),
            field("tags", kind="array", options={"minItems": 1, "uniqueItems": True}),
        )
    )
    found = {(check.origin, check.columns): (check.type, dict(check.kwargs)) for check in suite.run}
    assert not suite.skipped
    between, length = "expect_column_values_to_be_between", "expect_column_value_lengths_to_be_between"
    option = "logicalTypeOptions."
    assert found == {
        ("primaryKey", ("id",)): ("expect_column_values_to_be_unique", {"column": "id"}),
        ("required", ("sku",)): ("expect_column_values_to_not_be_null", {"column": "sku"}),
        ("unique", ("sku",)): ("expect_column_values_to_be_unique", {"column": "sku"}),
        (option + "pattern", ("sku",)): ("expect_column_values_to_match_regex", {"column": "sku", "regex": "^S"}),
        (option + "minLength", ("sku",)): (length, {"column": "sku", "min_value": 2}),
        (option + "maxLength", ("sku",)): (length, {"column": "sku", "max_value": 9}),
        ("enum", ("state",)): ("expect_column_values_to_be_in_set", {"column": "state", "value_set": ["paid", "sent"]}),
        (option + "minimum", ("n",)): (between, {"column": "n", "min_value": 1}),
        (option + "exclusiveMaximum", ("n",)): (between, {"column": "n", "max_value": 10, "strict_max": True}),
        (option + "multipleOf", ("n",)): ("expect_column_values_to_be_multiple_of", {"column": "n", "multiple_of": 2}),
        (option + "format", ("n",)): (between, {"column": "n", "min_value": -128, "max_value": 127}),
        (option + "minimum", ("day",)): (between, {"column": "day", "min_value": "2024-01-31"}),
        (option + "exclusiveMaximum", ("at",)): (
            between,
            {"column": "at", "max_value": "2024-02-01T00:00:00", "strict_max": True},
        ),
        (option + "format", ("ref",)): found[(option + "format", ("ref",))],
        (option + "minItems, uniqueItems", ("tags",)): (
            "expect_column_values_to_match_json_schema",
            {"column": "tags", "json_schema": {"type": "array", "minItems": 1, "uniqueItems": True}},
        ),
    }
    # The primary key is not null either; it shares its origin with the check of its uniqueness.
    types = {check.type for check in told(suite, "primaryKey")}
    assert types == {"expect_column_values_to_not_be_null", "expect_column_values_to_be_unique"}


def test_a_key_of_several_fields_is_unique_together() -> None:
    suite = suite_for(contract(field("a", primary_key=True), field("b", primary_key=True)))
    last = told(suite, "primaryKey")[-1]
    assert (last.type, last.kwargs) == ("expect_compound_columns_to_be_unique", {"column_list": ["a", "b"]})


@pytest.mark.parametrize(
    ("quality", "kind", "arguments"),
    [
        (rule("nullValues", {"mustBe": 0}), "expect_column_values_to_not_be_null", {}),
        (rule("duplicateValues"), "expect_column_values_to_be_unique", {}),
        (
            rule("duplicateValues", {"mustBe": 0, "properties": ["b"]}),
            "expect_compound_columns_to_be_unique",
            {"column_list": ["a", "b"]},
        ),
        (
            rule("invalidValues", {"mustBe": 0, "validValues": ["x"]}),
            "expect_column_values_to_be_in_set",
            {"value_set": ["x"]},
        ),
        (rule("invalidValues", {"mustBe": 0, "pattern": "^x"}), "expect_column_values_to_match_regex", {"regex": "^x"}),
        (
            rule("invalidValues", {"mustBeLessThan": 5, "unit": "percent", "validValues": ["x"], "pattern": "x"}),
            "expect_measured_rows_to_satisfy",
            {
                "measure": "invalidValues",
                "must": {"mustBeLessThan": 5},
                "unit": "percent",
                "valid_values": ["x"],
                "pattern": "x",
            },
        ),
        (
            rule("missingValues", {"mustBeBetween": [1, 3], "missingValues": ["", "N/A"]}),
            "expect_measured_rows_to_satisfy",
            {
                "measure": "missingValues",
                "must": {"mustBeBetween": [1, 3]},
                "unit": "rows",
                "missing_values": ["", "N/A"],
            },
        ),
        (rule("nullValues", mostly=0.9), "expect_column_values_to_not_be_null", {"mostly": 0.9}),
        (
            rule("expect_column_values_to_be_between", {"min_value": 3}, engine="greatExpectations", mostly=0.5),
            "expect_column_values_to_be_between",
            {"min_value": 3, "mostly": 0.5},
        ),
        (
            rule(
                "expect_column_pair_values_to_be_equal", {"column_A": "a", "column_B": "b"}, engine="greatExpectations"
            ),
            "expect_column_pair_values_to_be_equal",
            {"column_A": "a", "column_B": "b"},
        ),
    ],
)  # fmt: skip
def test_quality_rules_of_a_field(quality: QualityRule, kind: str, arguments: dict[str, Any]) -> None:
    check = only(suite_for(contract(field("a", quality=(quality,)), field("b"))), "quality[0]")
    wanted = arguments if "column_list" in arguments or "column_A" in arguments else {"column": "a", **arguments}
    assert (check.type, dict(check.kwargs)) == (kind, wanted)


@pytest.mark.parametrize(
    ("operators", "bounds"),
    [
        ({}, {"min_value": 1}),
        ({"mustBe": 7}, {"min_value": 7, "max_value": 7}),
        ({"mustBeGreaterThan": 5}, {"min_value": 6}),
        ({"mustBeGreaterThan": 5.5}, {"min_value": 6}),
        ({"mustBeGreaterOrEqualTo": 5.5}, {"min_value": 6}),
        ({"mustBeLessThan": 5}, {"max_value": 4}),
        ({"mustBeLessThan": 5.5}, {"max_value": 5}),
        ({"mustBeLessOrEqualTo": 5.5}, {"max_value": 5}),
        ({"mustBeBetween": [2, 9], "mustBeLessThan": 9}, {"min_value": 2, "max_value": 8}),
    ],
)
def test_row_counts_are_bounds_of_whole_numbers(operators: dict[str, Any], bounds: dict[str, int]) -> None:
    check = only(suite_for(contract(field("a"), quality=(rule("rowCount", operators),))), "schema.quality[0]")
    assert (check.type, dict(check.kwargs)) == ("expect_table_row_count_to_be_between", bounds)


def test_row_counts_that_are_no_bounds() -> None:
    check = only(suite_for(contract(field("a"), quality=(rule("rowCount", {"mustNotBe": 0}),))), "schema.quality[0]")
    assert check.type == "expect_measured_rows_to_satisfy"


def test_severity_and_name_come_from_the_rule() -> None:
    quality = rule("nullValues", severity="warning", name="few gaps")
    check = only(suite_for(contract(field("a", quality=(quality,)))), "quality[0]: few gaps")
    assert check.severity == "warning"
    assert check.config()["severity"] == "warning"
    assert suite_for(contract(field("a", required=True))).expectations[0]["severity"] == "critical"


SENSITIVE = contract(
    field("name", "person.name", required=True, options={"pattern": "^X", "minLength": 1}),
    field("phone", "person.phone", unique=True, options={"pattern": "^1"}),
    field("mail", "person.email", required=True, unique=True),
    field("token", "secret", required=True),
    field("note", "text.free", required=True, enum=("a",), options={"minLength": 1, "maxLength": 9}),
    field("firm", "business.name", enum=("Acme",)),
    field("plain", enum=("a",)),
)


def outcome(check: Expected) -> str:
    return check.skipped or "run"


def test_what_survives_each_action() -> None:
    suite = suite_for(SENSITIVE, POLICY)
    found = {(check.columns[-1], check.origin): outcome(check) for check in suite.checks if check.columns}
    replaced = "name is replaced by a placeholder (house rule 7)"
    assert found[("name", "required")] == "run"
    assert found[("name", "logicalTypeOptions.minLength")] == "run", "a placeholder is not empty"
    assert found[("name", "logicalTypeOptions.pattern")] == replaced
    assert found[("phone", "unique")] == "run"
    assert found[("phone", "logicalTypeOptions.pattern")] == "phone is replaced by a pseudonym"
    assert found[("mail", "required")] == "run"
    assert found[("mail", "unique")].startswith("mail is replaced by pseudonyms that differ from one document")
    assert found[("token", "required")] == "token is dropped"
    assert found[("note", "required")] == "run"
    assert found[("note", "logicalTypeOptions.minLength")] == "run"
    assert found[("note", "logicalTypeOptions.maxLength")] == "note is free text, which redaction may have changed"
    assert found[("note", "enum")] == found[("note", "logicalTypeOptions.maxLength")]
    assert found[("firm", "enum")] == "run"
    assert found[("plain", "enum")] == "run"


def test_no_check_is_lost_between_contract_and_stored_rows() -> None:
    before, after = suite_for(SENSITIVE), suite_for(SENSITIVE, POLICY)
    own = ("stored columns", "row identity", "redaction")
    assert [(c.origin, c.columns) for c in after.checks if c.origin not in own] == [
        (c.origin, c.columns) for c in before.checks
    ]
    assert all(check.skipped for check in after.skipped)
    assert len(after.expectations) == len(after.run) == len(after.checks) - len(after.skipped)


def test_unique_pseudonyms_leave_room_for_chance_only() -> None:
    (check,) = [c for c in suite_for(SENSITIVE, POLICY).checks if (c.origin, c.columns) == ("unique", ("phone",))]
    assert 0.9999 < check.kwargs["mostly"] < 1
    assert "pseudonyms" in check.note


def test_a_redacted_key_is_checked_by_the_row_identity() -> None:
    suite = suite_for(contract(field("phone", "person.phone", primary_key=True), field("n", primary_key=True)), POLICY)
    check = told(suite, "primaryKey")[-1]
    assert (check.type, check.columns, check.skipped) == ("expect_column_values_to_be_unique", ("_id",), "")
    kept = suite_for(contract(field("n", primary_key=True)), POLICY)
    assert told(kept, "primaryKey")[-1].columns == ("n",)


def test_stored_rows_promise_their_columns_identity_and_redaction() -> None:
    suite = suite_for(SENSITIVE, POLICY)
    columns = only(suite, "stored columns").kwargs["column_list"]
    assert columns == ["_id", "_partition", "_position", "name", "phone", "mail", "note", "firm", "plain"]
    assert [check.columns for check in told(suite, "redaction")] == [("name",), ("phone",), ("mail",)]
    assert len(told(suite, "row identity")) == 2


def test_rules_that_touch_redacted_columns_are_skipped_with_the_reason() -> None:
    def gx(kind: str, **arguments: Any) -> QualityRule:
        return rule(kind, arguments, engine="greatExpectations")

    filled = "expect_column_values_to_not_be_null"
    quality = (
        gx("expect_column_pair_values_to_be_equal", column_A="plain", column_B="name"),
        gx("expect_table_column_count_to_equal", value=7),
        gx(filled, column="plain", row_condition='col("name") == "x"'),
        gx(filled, column="plain", row_condition="name = 'x'"),
        rule("duplicateValues", {"properties": ["plain", "phone"], "mustBeLessThan": 3}),
        gx("expect_column_values_to_be_unique", column="plain"),
    )
    suite = suite_for(replace(SENSITIVE, quality=quality), POLICY)
    reasons = [only(suite, f"schema.quality[{place}]").skipped for place in range(len(quality))]
    assert "name is replaced" in reasons[0]
    assert "stored columns" in reasons[1]
    assert reasons[2].startswith("row_condition: name is replaced")
    assert reasons[3] == reasons[2]
    assert reasons[4:] == ["", ""]


def test_what_has_no_check_is_listed() -> None:
    fields = (
        field("a", options={"format": "zip code"}),
        field("b", kind="time", options={"minimum": "08:00:00"}),
        field("c", kind="date", options={"minimum": "the first of May"}),
        field("d", options={"shoeSize": 4}),
    )
    skipped = {check.columns[0]: check.skipped for check in suite_for(contract(*fields)).skipped}
    assert set(skipped) == {"a", "b", "c", "d"}
    assert "zip code" in skipped["a"]
    assert "shoeSize" in skipped["d"]


def test_a_contract_that_the_policy_refuses_has_no_suite() -> None:
    with pytest.raises(ContractError):
        suite_for(contract(field("a", "unheard.of")), POLICY)


@pytest.mark.parametrize(
    "condition",
    [
        'col("a") > 3',
        "a > 3",
        {"type": "comparison", "column": {"name": "a"}, "operator": ">", "parameter": 3},
        {"type": "or", "conditions": [{"type": "nullity", "column": {"name": "a"}, "is_null": True}]},
        {"type": "pass_through", "pass_through_filter": "a > 3"},
    ],
)
def test_columns_of_a_condition(condition: Any) -> None:
    assert condition_columns(condition) == ("a",)


def test_a_suite_costs_no_import_of_great_expectations() -> None:
    code = "import sys, governance.quality; sys.exit('great_expectations' in sys.modules or 'polars' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
