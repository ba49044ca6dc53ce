"""Batches through the scrubber: columns, free text, evidence, counts, and what must never show."""

from __future__ import annotations

import pickle
from collections import Counter
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearinghouse.evidence import EVIDENCE
from clearinghouse.scrub import Scrubber
from governance.pseudonyms import PLACEHOLDER, Key
from schemas.arrow_schema import snapshot_schema, source_schema
from schemas.contract import Contract, Document, Field, Policy, Rule, Source
from schemas.errors import ContractError

KEY = Key(b"k" * 32)
CATEGORIES = {
    "none": None,
    "text.free": "*",
    "person.name": "PERSON",
    "person.phone": "PHONE_NUMBER",
    "person.user_id": "USER_ID",
    "person.birth_date": "BIRTH_DATE",
    "secret": "SECRET",
}
RULES = (
    Rule("SECRET", "drop", where="column"),
    Rule("PHONE_NUMBER", "pseudonym", where="column"),
    Rule("USER_ID", "pseudonym", where="column", scope="document"),
    Rule("PERSON", "placeholder"),
    Rule("BIRTH_DATE", "mask"),
    Rule("EMAIL_ADDRESS", "pseudonym", where="text", scope="dataset"),
    Rule("IP_ADDRESS", "mask", where="text"),
    Rule("MAC_ADDRESS", "drop", where="text"),
    Rule("BANK_CARD", "keep", where="text", units=("shop",)),
    Rule("*", "placeholder"),
)
POLICY = Policy("test", "1", RULES, CATEGORIES, (), "policy.yaml", "p" * 64)


def field(name: str, classification: str, kind: str = "string", **more: Any) -> Field:
    return Field(name=name, path=name, type=kind, classification=classification, **more)  # type: ignore[arg-type]


def contract(*fields: Field, document: Document | None = None) -> Contract:
    return Contract(
        id="shop.notes", unit="shop", name="notes", version="1.0.0", title="Notes", owner="somebody",
        legal_basis="consent", licence="CC0-1.0", purposes=("pretrain",), residency="CN", retention="P1Y",
        fields=fields, source=Source("files", "x.csv", "csv"), document=document, schedule=None, quality=(),
        description="", limitations="", file="notes.odcs.yaml", digest="c" * 64,
    )  # fmt: skip


def batch(made: Contract, rows: list[dict[str, Any]]) -> pa.RecordBatch:
    schema = source_schema(made)
    typed = pa.RecordBatch.from_pylist(rows, schema)
    count = len(rows)
    return pa.RecordBatch.from_arrays(
        [
            pa.array([f"{i:032x}" for i in range(count)], pa.string()),
            pa.array(["2026-01-01"] * count, pa.string()),
            pa.array(range(1, count + 1), pa.int64()),
            *typed.columns,
        ],
        names=["_id", "_partition", "_position", *schema.names],
    )


TEXT = contract(field("body", "text.free"))


def scrub(rows: list[dict[str, Any]], made: Contract = TEXT, policy: Policy = POLICY):
    return Scrubber(made, policy, KEY)(batch(made, rows))


def bodies(texts: list[str | None], policy: Policy = POLICY) -> list[str | None]:
    return scrub([{"body": text} for text in texts], policy=policy).batch.column("body").to_pylist()


def test_columns_get_their_action_whole():
    made = contract(
        field("name", "person.name"),
        field("phone", "person.phone"),
        field("born", "person.birth_date", "date"),
        field("token", "secret"),
        field("n", "none", "integer"),
    )
    rows = [
        {"name": "张三", "phone": "13800138000", "born": None, "token": "abc", "n": 7},
        {"name": "", "phone": "+86 138-0013-8000", "born": 0, "token": None, "n": None},
        {"name": "<PERSON>", "phone": None, "born": 1, "token": "def", "n": 9},
    ]
    done = scrub(rows, made)
    assert done.batch.schema == snapshot_schema(made, POLICY)
    assert "token" not in done.batch.schema.names
    phone = KEY.pseudonym("PHONE_NUMBER", "13800138000", "shop")
    assert done.batch.column("name").to_pylist() == ["<PERSON>", "", "<PERSON>"]
    assert done.batch.column("phone").to_pylist() == [phone, phone, None]
    assert done.batch.column("born").to_pylist() == [None, "<***>", "<***>"]
    assert done.batch.column("n").to_pylist() == [7, None, 9]
    assert done.redactions == Counter(
        {
            "name|PERSON|placeholder|column": 1,
            "phone|PHONE_NUMBER|pseudonym|column": 2,
            "born|BIRTH_DATE|mask|column": 2,
            "token|SECRET|drop|column": 2,
        }
    )
    evidence = done.evidence.to_pylist()
    assert len(evidence) == 7
    assert {row["start"] for row in evidence} == {0}
    assert [row["end"] for row in evidence if row["field"] == "phone"] == [11, 17]
    hashes = [row["value_hash"] for row in evidence if row["field"] == "phone"]
    assert hashes[0] == hashes[1] == KEY.value_hash("PHONE_NUMBER", "13800138000", "evidence")[:16].hex()


def test_each_find_in_text_gets_the_action_of_its_entity():
    email, ip, mac, card, phone = (
        "a.b@example.com", "192.0.2.17", "02:1A:2B:3C:4D:5E", "4111111111111111", "13800138000",
    )  # fmt: skip
    done = scrub(
        [{"body": f"我{email}在{ip}用{mac}和{card}及{phone}，客服400-123-4567。"}, {"body": None}, {"body": ""}]
    )
    name = KEY.pseudonym("EMAIL_ADDRESS", email, "shop.notes")
    assert done.batch.column("body").to_pylist() == [
        f"我{name}在<***>用<>和{card}及<PHONE_NUMBER>，客服400-123-4567。", None, "",
    ]  # fmt: skip
    assert done.redactions == Counter(
        {
            "body|EMAIL_ADDRESS|pseudonym|email.address": 1,
            "body|IP_ADDRESS|mask|ip.v4": 1,
            "body|MAC_ADDRESS|drop|mac.pairs": 1,
            "body|BANK_CARD|keep|bank_card.bare": 1,
            "body|PHONE_NUMBER|placeholder|phone.cn_mobile": 1,
            "body|SERVICE_LINE|keep|service_line.cn": 1,
        }
    )
    done_with = [row["action"] for row in done.evidence.to_pylist()]
    assert done_with == ["pseudonym", "mask", "drop", "keep", "placeholder", "keep"]
    text = f"我{email}在{ip}用{mac}和{card}及{phone}，客服400-123-4567。"
    assert done.chars == Counter({"body|scanned": len(text), "body|covered": len(email + ip + mac + phone)})
    row = done.evidence.to_pylist()[0]
    assert (row["dataset"], row["partition"], row["position"], row["field"]) == ("shop.notes", "2026-01-01", 1, "body")
    assert text[row["start"] : row["end"]] == email
    assert row["policy"] == POLICY.digest
    assert row["reason"] == "pattern"


def test_a_rule_may_redact_service_lines():
    strict = replace(POLICY, rules=(Rule("SERVICE_LINE", "placeholder"), *RULES))
    assert bodies(["客服400-123-4567"]) == ["客服400-123-4567"]
    assert bodies(["客服400-123-4567"], strict) == ["客服<SERVICE_LINE>"]


def test_scope_decides_who_is_the_same():
    chat = Document("chat", "{body}", group="talk", order="n", role="who", roles={})
    made = contract(
        field("talk", "none"), field("who", "none"), field("n", "none", "integer"),
        field("user", "person.user_id"), field("body", "text.free"), document=chat,
    )  # fmt: skip
    rows = [
        {"talk": "t1", "who": "a", "n": 1, "user": "u1", "body": "x"},
        {"talk": "t1", "who": "a", "n": 2, "user": "u1", "body": "x"},
        {"talk": "t2", "who": "a", "n": 3, "user": "u1", "body": "x"},
        {"talk": None, "who": "a", "n": 4, "user": "u1", "body": "x"},
    ]
    first, second, third, fourth = scrub(rows, made).batch.column("user").to_pylist()
    assert first == second
    assert len({first, third, fourth}) == 3


def test_the_language_of_a_row_decides_whose_numbers_are_looked_for():
    made = contract(
        field("language", "none"), field("body", "text.free"),
        document=Document("text", "{body}", language="field:language"),
    )  # fmt: skip
    rows = [
        {"language": "th", "body": "0812345678 ครับ"},
        {"language": "zh", "body": "0812345678 好"},
        {"language": None, "body": "(212) 555-0123"},
        {"language": "zh", "body": "13800138000"},
    ]
    assert scrub(rows, made).batch.column("body").to_pylist() == [
        "<PHONE_NUMBER> ครับ", "0812345678 好", "<PHONE_NUMBER>", "<PHONE_NUMBER>",
    ]  # fmt: skip
    fixed = contract(field("body", "text.free", region="TH"))
    assert scrub([{"body": "0812345678"}], fixed).batch.column("body").to_pylist() == ["<PHONE_NUMBER>"]


def test_cells_that_are_not_scanned_are_counted():
    done = scrub([{"body": "图片 " + "QUJD" * 200 + " 电话13800138000"}, {"body": "A" * 600 + " " + "B" * 600}])
    assert done.not_scanned == Counter({"body|unbroken_token": 2})
    assert done.batch.column("body")[0].as_py().endswith("电话<PHONE_NUMBER>")


def test_no_value_is_in_evidence_or_counts():
    values = ["13800138000", "a.b@example.com", "192.0.2.17", "张三丰"]
    made = contract(field("name", "person.name"), field("body", "text.free"))
    done = scrub([{"name": values[3], "body": "，".join(values[:3])}], made)
    said = repr(done.evidence.to_pylist()) + repr(done.redactions) + repr(done.not_scanned) + repr(done.chars)
    assert len(done.evidence) == 4
    for value in values:
        assert value not in said


def test_a_loose_contract_is_refused():
    with pytest.raises(ContractError):
        Scrubber(contract(field("name", "person.name", action="keep")), POLICY, KEY)


def test_an_empty_batch_has_the_schemas():
    done = scrub([])
    assert done.batch.schema == snapshot_schema(TEXT, POLICY)
    assert done.evidence.schema == EVIDENCE
    assert len(done.batch) == len(done.evidence) == 0


def test_scrubbers_travel_and_backends_agree():
    rows = [{"body": "电话13800138000，a.b@example.com，192.0.2.17"}, {"body": None}, {"body": "无"}]
    expected = scrub(rows)
    for backend in ("hyperscan", "re2", "re"):
        made = pickle.loads(pickle.dumps(Scrubber(TEXT, POLICY, KEY, backend=backend)))
        done = made(batch(TEXT, rows))
        assert done.batch.equals(expected.batch)
        assert done.evidence.equals(expected.evidence)
        assert done.redactions == expected.redactions


def test_equal_input_has_equal_bytes():
    rows = [{"body": f"电话1380013{n:04d}，a{n % 7}@example.com"} for n in range(50)]

    def written(made: pa.RecordBatch) -> bytes:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, made.schema) as writer:
            writer.write_batch(made)
        return sink.getvalue().to_pybytes()

    one, two = scrub(rows), scrub(rows)
    assert written(one.batch) == written(two.batch)
    assert written(one.evidence) == written(two.evidence)


PIECES = st.sampled_from(
    ["电话", "13800138000", "a.b@example.com", "192.0.2.17", "02:1A:2B:3C:4D:5E", "4111111111111111", "1380013", "8000",
     " ", "，", "-", "@example.com", "***", "我", "k", "7", "：", "87186666", "https://weibo.com/u/1234567", "👍",
     "\u200d", "e\u0301"]
)  # fmt: skip


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(PIECES, max_size=8).map("".join), max_size=4))
def test_a_second_scrub_changes_nothing(texts):
    once = bodies(texts)
    assert bodies(once) == once


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(st.none(), st.text(max_size=8), st.sampled_from(["<PERSON>", "<***>", "<>"])), max_size=5))
def test_columns_settle_too(values):
    made = contract(field("name", "person.name"), field("phone", "person.phone"))
    rows = [{"name": value, "phone": value} for value in values]
    once = scrub(rows, made).batch
    again = scrub([{"name": r["name"], "phone": r["phone"]} for r in once.to_pylist()], made)
    assert again.batch.equals(once)
    assert len(again.evidence) == 0
    for row in once.to_pylist():
        for value in (row["name"], row["phone"]):
            assert not value or PLACEHOLDER.fullmatch(value)
