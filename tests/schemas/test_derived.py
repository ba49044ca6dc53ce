"""What follows from a contract follows its changes: plan, Arrow schemas, docs page, digests, and its own grammar."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.arrow_schema import snapshot_schema, source_schema
from schemas.contract import Contract, Field, Policy
from schemas.contract_loader import load_contract
from schemas.docs_page import docs_page, index_page
from schemas.errors import ContractError
from schemas.names import DURATION, cron_fault, strptime_pattern
from schemas.plans import STRICTNESS, plan_field, redaction_plan, rows_digest
from tests.schemas.conftest import Draft


@pytest.fixture
def contract(draft: Draft) -> Contract:
    return load_contract(draft.write())


def reloaded(draft: Draft, change: Callable[[Draft], Any]) -> Contract:
    change(draft)
    return load_contract(draft.write())


def test_the_plan_says_what_happens_and_on_whose_word(contract: Contract, policy: Policy) -> None:
    plan = redaction_plan(contract, policy)
    assert [(p.field, p.action) for p in plan] == [
        ("message_id", "keep"), ("conversation", "keep"), ("sender", "keep"), ("phone", "pseudonym"), ("body", "scan"),
        ("price", "keep"), ("sent_at", "keep"),
    ]  # fmt: skip
    phone = plan["phone"]
    assert (phone.entity, phone.scope, phone.region) == ("PHONE_NUMBER", "unit", "CN")
    assert phone.citation.startswith("PIPL art. 51")
    assert phone.verified_by
    assert plan["body"].entity == "*"
    assert plan["price"].entity is None
    assert [p.field for p in plan.doing("pseudonym", "scan")] == ["phone", "body"]
    assert not plan["body"].whole_cell
    assert plan["phone"].whole_cell


def test_a_contract_may_be_stricter(draft: Draft, policy: Policy) -> None:
    def change(d: Draft) -> None:
        d.custom("action", "drop", holder=d.field("phone"))
        d.custom("action", "scan", holder=d.field("conversation"))
        d.custom("action", "mask", holder=d.field("price"))
        d.only_text()

    plan = redaction_plan(reloaded(draft, change), policy)
    assert [plan[n].action for n in ("phone", "conversation", "price")] == ["drop", "scan", "mask"]
    assert "stricter by contract" in plan["phone"].citation


@given(
    term=st.sampled_from(["none", "text.free", "person.phone", "person.address", "secret", "business.name"]),
    asked=st.sampled_from(STRICTNESS),
    entity=st.sampled_from([None, "USER_ID", "ORGANISATION", "SECRET"]),
)
def test_no_contract_is_looser_than_the_policy(policy: Policy, term: str, asked: str, entity: str | None) -> None:
    usual, faults = plan_field(Field("f", "f", "string", term), "commerce", policy)
    assert not faults
    field = Field("f", "f", "string", term, action=asked, entity=entity)  # type: ignore[arg-type]
    plan, faults = plan_field(field, "commerce", policy)
    assert STRICTNESS.index(plan.action) >= STRICTNESS.index(usual.action)
    if faults:
        assert plan.action == "drop"
    else:
        assert plan.action == asked


def test_another_policy_refuses_what_it_does_not_know(contract: Contract, policy: Policy) -> None:
    narrow = replace(policy, categories={"none": None})
    with pytest.raises(ContractError) as caught:
        redaction_plan(contract, narrow)
    assert {p.line for p in caught.value.problems} == {
        contract.field(n).line for n in ("message_id", "conversation", "phone", "body")
    }


def test_arrow_schemas(contract: Contract, policy: Policy) -> None:
    source = source_schema(contract)
    assert source.field("message_id").type == pa.int64()
    assert not source.field("message_id").nullable
    assert source.field("price").type == pa.decimal128(12, 2)
    assert source.field("sent_at").type == pa.timestamp("us", "UTC")
    assert source.field("body").type == pa.large_string()
    stored = snapshot_schema(contract, policy)
    assert stored.names == ["_id", "_partition", "_position", *source.names]
    assert stored.field("_position").type == pa.int64()
    assert stored.field("phone").type == pa.large_string()
    assert stored.field("phone").metadata == {
        b"classification": b"person.phone", b"action": b"pseudonym", b"entity": b"PHONE_NUMBER",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("keys", "kind"),
    [
        ({}, pa.large_string()),
        ({"logicalType": "integer"}, pa.int64()),
        ({"logicalType": "integer", "logicalTypeOptions": {"format": "u64"}}, pa.uint64()),
        ({"logicalType": "integer", "logicalTypeOptions": {"format": "i128"}}, pa.decimal128(38, 0)),
        ({"logicalType": "number"}, pa.float64()),
        ({"logicalType": "number", "physicalType": "NUMERIC(10)"}, pa.decimal128(10, 0)),
        ({"logicalType": "boolean"}, pa.bool_()),
        ({"logicalType": "date"}, pa.date32()),
        ({"logicalType": "time"}, pa.time64("us")),
        ({"logicalType": "timestamp"}, pa.timestamp("us")),
        (
            {"logicalType": "timestamp", "logicalTypeOptions": {"defaultTimezone": "Asia/Shanghai"}},
            pa.timestamp("us", "UTC"),
        ),
        ({"logicalType": "object"}, pa.large_string()),
        ({"logicalType": "array"}, pa.large_string()),
    ],
)
def test_types(draft: Draft, keys: dict[str, Any], kind: pa.DataType) -> None:
    contract = reloaded(draft, lambda d: d.add_field(name="x", classification="none", **keys))
    assert source_schema(contract).field("x").type == kind


def test_dropped_fields_are_not_stored_and_redacted_numbers_are_text(draft: Draft, policy: Policy) -> None:
    def change(d: Draft) -> None:
        d.field("phone").update(classification="secret")
        d.add_field(name="birth", logicalType="date", classification="person.birth_date", required=True)

    stored = snapshot_schema(reloaded(draft, change), policy)
    assert "phone" not in stored.names
    assert stored.field("birth").type == pa.large_string()


CHANGES: dict[str, Callable[[Draft], Any]] = {
    "a field more": lambda d: d.add_field(name="more", classification="none"),
    "a field less": lambda d: d.data["schema"][0]["properties"].remove(d.field("price")),
    "another type": lambda d: d.field("price").update(logicalType="string", physicalType="text", quality=[]),
    "another classification": lambda d: d.field("phone").update(classification="person.address"),
    "another name": lambda d: d.field("price").update(name="cost", physicalName="price"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_derived_artefact_changes_with_the_contract(
    draft: Draft, contract: Contract, policy: Policy, change: str
) -> None:
    other = reloaded(draft, CHANGES[change])
    assert not source_schema(other).equals(source_schema(contract), check_metadata=True)
    assert not snapshot_schema(other, policy).equals(snapshot_schema(contract, policy), check_metadata=True)
    assert docs_page(other, policy) != docs_page(contract, policy)
    assert rows_digest(other, policy) != rows_digest(contract, policy)
    if change != "another type":  # a kept field is kept whatever its type
        assert redaction_plan(other, policy).digest != redaction_plan(contract, policy).digest


@pytest.mark.parametrize(
    ("change", "pulls_again"),
    [
        (lambda d: d.data["description"].update(limitations="New words."), False),
        (lambda d: d.field("body").update(description="New words."), False),
        (lambda d: d.custom("document").update(text="> {body}"), False),
        (lambda d: d.custom("purposes", ["eval"]), False),
        (lambda d: d.data["schema"][0].update(quality=[]), False),
        (lambda d: d.data.update(version="1.3.0"), False),
        (lambda d: d.custom("document").update(group="phone"), True),
        (lambda d: d.server.update(path="more/*.csv"), True),
        (lambda d: d.custom("region", "SG", holder=d.field("phone")), True),
        (lambda d: d.field("body").update(required=True), True),
    ],
)
def test_rows_are_pulled_again_only_for_what_decides_them(
    draft: Draft, contract: Contract, policy: Policy, change: Callable[[Draft], Any], pulls_again: bool
) -> None:
    other = reloaded(draft, change)
    assert other.digest != contract.digest
    assert (rows_digest(other, policy) != rows_digest(contract, policy)) is pulls_again
    assert docs_page(other, policy) != docs_page(contract, policy)


def test_a_policy_change_pulls_again_and_a_gate_does_not(contract: Contract, policy: Policy) -> None:
    stricter = replace(policy, rules=(replace(policy.rules[0], action="mask"), *policy.rules[1:]))
    assert rows_digest(contract, stricter) != rows_digest(contract, policy)
    assert rows_digest(contract, replace(policy, gates=())) == rows_digest(contract, policy)


def test_contracts_and_policies_cross_processes(contract: Contract, policy: Policy) -> None:
    assert pickle.loads(pickle.dumps((contract, policy))) == (contract, policy)


# ---------------------------------------------------------------------------------------------------- docs page


def test_the_docs_page_tells_a_reviewer_what_matters(contract: Contract, policy: Policy) -> None:
    page = docs_page(contract, policy)
    for words in (
        "# commerce.chats", "chat terms v2 s. 3", "LicenseRef-unit-internal", "finetune, eval", "P1Y", "One shop only.",
        "keyed pseudonym PHONE_NUMBER, one per unit", "PIPL art. 51", "not verified against the text",
        "buyer is user", "nullValues", "0.95", contract.digest[:12], policy.digest[:12],
    ):  # fmt: skip
        assert words in page, words
    assert page == docs_page(contract, policy)
    assert "commerce/chats.md" in index_page({contract.key: contract})


def test_prose_cannot_break_the_page(draft: Draft, policy: Policy) -> None:
    evil = "a | b\n| <script>alert(1)</script> `x`"

    def change(d: Draft) -> None:
        d.field("body").update(description=evil)
        d.data["description"].update(purpose=evil, limitations=evil)
        d.add_field(name="pipe", physicalName="a|b`c", classification="none")

    page = docs_page(reloaded(draft, change), policy)
    assert "<script" not in page
    table = page.split("## Fields")[1].split("## Source")[0].strip().splitlines()
    assert len(table) == 2 + 8, "one line a field"
    assert {line.replace("\\|", "").count("|") for line in table} == {8}


# ------------------------------------------------------------------------------------------------------ grammar


@pytest.mark.parametrize(
    ("java", "strptime"),
    [
        ("yyyy-MM-dd", "%Y-%m-%d"), ("dd/MM/yy HH:mm", "%d/%m/%y %H:%M"),
        ("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "%Y-%m-%dT%H:%M:%S.%f%z"),
        ("h:mm a", "%I:%M %p"), ("yyyy''MM", "%Y'%m"), ("%d.%m.%Y", "%d.%m.%Y"), ("yyyy年MM月dd日", "%Y年%m月%d日"),
        ("EEE MMM dd HH:mm:ss Z yyyy", "%a %b %d %H:%M:%S %z %Y"),
    ],
)  # fmt: skip
def test_date_patterns(java: str, strptime: str) -> None:
    assert strptime_pattern(java) == strptime


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)))
def test_a_translated_pattern_reads_what_it_describes(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    pattern = strptime_pattern("dd/MM/yyyy HH:mm:ss")
    assert datetime.strptime(moment.strftime("%d/%m/%Y %H:%M:%S"), pattern) == moment


@pytest.mark.parametrize("pattern", ["yyyy-QQ", "yyyy'T", "nnnn"])
def test_patterns_that_are_not(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"not known|open quote"):
        strptime_pattern(pattern)


@pytest.mark.parametrize("text", ["* * * * *", "0 2 * * MON-FRI", "*/15 0-6 1,15 JAN *", "@daily", "0 0 * * 7"])
def test_schedules(text: str) -> None:
    assert cron_fault(text) is None


@pytest.mark.parametrize(
    "text", ["", "* * * *", "60 * * * *", "* * 0 * *", "* * * * MOON", "@never", "*/0 * * * *", "1-99 * * * *"]
)
def test_schedules_that_are_not(text: str) -> None:
    assert cron_fault(text)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("P3Y", True),
        ("P1Y6M", True),
        ("PT1H30M", True),
        ("P2W", True),
        ("P", False),
        ("PT", False),
        ("3Y", False),
        ("P1H", False),
    ],
)
def test_durations(text: str, holds: bool) -> None:
    assert bool(DURATION.fullmatch(text)) is holds
