"""Every action through the scrubber, on columns and on finds; scrubbing twice is scrubbing once; full evidence."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearinghouse.scrub import Scrubber
from governance.actions.encrypt import decrypt
from governance.actions.surrogates import is_surrogate, pieces
from governance.pseudonyms import PLACEHOLDER, Key
from schemas.contract import Document, Policy, Rule
from schemas.errors import KeyMissing
from schemas.policy_loader import load_policy
from tests.clearinghouse.test_scrub import CATEGORIES, KEY, batch, contract, field

SEALING = Key(b"s" * 32)
SURROGATES = load_policy(Path(__file__).parents[2] / "schemas/policies/surrogates.policy.yaml")
MADE = contract(
    field("name", "person.name"),
    field("phone", "person.phone"),
    field("address", "person.address"),
    field("card", "person.bank_card"),
    field("waybill", "logistics.waybill"),
    field("born", "person.birth_date", "date"),
    field("body", "text.free"),
)
ROWS: list[dict[str, Any]] = [
    {
        "name": "王小明", "phone": "13800138000", "address": "浙江省杭州市西湖区文三路90号3栋501室", "card": "6222021234567890",
        "waybill": "SF1234567890123", "born": 7000,
        "body": "收货人王小明，电话138-0013-8000，地址浙江省杭州市西湖区文三路90号3栋501室，单号SF1234567890123，王先生请回电。",
    },
    {
        "name": "John Smith", "phone": "+1 212 555 0199", "address": "12 Main Street, Springfield", "card": "12", "waybill": None,
        "born": None, "body": "Dear John Smith, we called +1 212 555 0199 and wrote to j.smith@mail.com from 10.1.2.3 today.",
    },
    {"name": None, "phone": "", "address": None, "card": None, "waybill": "", "born": None, "body": "没有什么。400-123-4567"},
]  # fmt: skip


def policy(*rules: Rule) -> Policy:
    return Policy("test", "1", (*rules, Rule("*", "placeholder")), CATEGORIES, (), "policy.yaml", "p" * 64)


def scrub(rows: list[dict[str, Any]], by: Policy = SURROGATES, made=MADE):
    return Scrubber(made, by, KEY, sealing=SEALING)(batch(made, rows))


def again(done, by: Policy = SURROGATES, made=MADE):
    """What was scrubbed, scrubbed once more; dropped and typed columns as text."""
    names = done.batch.schema.names
    plain = replace(made, fields=tuple(replace(f, type="string") for f in made.fields if f.name in names))
    rows = [{f.name: row[f.name] for f in plain.fields} for row in done.batch.to_pylist()]
    return Scrubber(plain, by, KEY, sealing=SEALING)(batch(plain, rows))


def test_the_second_policy_does_what_it_says() -> None:
    done = scrub(ROWS)
    first, second, third = done.batch.to_pylist()
    assert is_surrogate(first["name"])
    assert len(first["name"]) == 3
    assert is_surrogate(first["phone"])
    assert first["address"] == "浙江省杭州市西湖区"
    assert first["card"] == "<***7890>"
    assert second["card"] == "<***>"
    assert decrypt(first["waybill"], SEALING) == "SF1234567890123"
    assert first["born"] == "1989"
    assert first["name"] in first["body"], "the column and the text agree"
    for value in ("王小明", "13800138000", "138-0013-8000", "文三路", "SF1234567890123"):
        assert value not in first["body"]
    assert second["name"] in second["body"]
    assert "10.1.2.0/24" in second["body"]
    assert "@example.com" in second["body"]
    assert third["body"] == "没有什么。400-123-4567"


def test_scrubbed_is_scrubbed() -> None:
    once = scrub(ROWS)
    twice = again(once)
    assert twice.batch.to_pylist() == once.batch.to_pylist()
    assert not [k for k in twice.redactions if "|keep|" not in k]


WORDS = (
    "王小明", "李雷", "欧阳娜娜", "张女士", "13800138000", "+86 138-1234-5678", "0571-88881234", "110101199003078531", "京A12345",
    "6222021234567894", "a.b@qq.com", "John Smith", "Nguyễn Văn An", "10.1.2.3", "02:1A:2B:3C:4D:5E", "电话", "收货人：",
    "北京市朝阳区建国路88号3单元501", "订单号 20260101123456", "微信号 wx_abc123", "取件码 8-3-2011", "，", "。", " ", "请给", "Dear ",
    "from ", "先生", "SF1234567890123", "490154203237518", "https://weibo.com/u/1234567", "1990年3月7日", "12", "A", "号", "👍",
)  # fmt: skip


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map("".join))
def test_any_text_is_scrubbed_once_and_for_all(text: str) -> None:
    made = contract(field("body", "text.free"))
    once = scrub([{"body": text}], made=made)
    twice = again(once, made=made)
    assert twice.batch.column("body").to_pylist() == once.batch.column("body").to_pylist()


def test_a_surrogate_in_a_sentence_is_seldom_given_up() -> None:
    made = contract(field("body", "text.free"))
    texts = [
        f"请联系{n}，电话{p}，谢谢"
        for n in ("王小明", "李雷", "赵子龙", "陈静")
        for p in ("13800138000", "0571-88881234")
    ]
    done = scrub([{"body": text} for text in texts], made=made)
    actions = [row["action"] for row in done.evidence.to_pylist()]
    assert actions.count("surrogate") >= len(actions) * 3 // 4
    for text in done.batch.column("body").to_pylist():
        assert pieces(text)


def test_the_evidence_says_what_was_asked_and_what_was_done() -> None:
    made = contract(field("body", "text.free"), field("user", "person.user_id"))
    by = policy(
        Rule("USER_ID", "surrogate"),
        Rule("IP_ADDRESS", "generalise", options={"to": "year"}),
        Rule("BANK_CARD", "keep"),
    )
    rows = [{"body": "用10.1.2.3和4111111111111111。", "user": "u1"}, {"body": "x" * 600, "user": "88997766"}]
    done = Scrubber(made, by, KEY)(batch(made, rows))
    found = {(row["field"], row["entity"]): row for row in done.evidence.to_pylist() if row["entity"]}
    ip, card, user = found["body", "IP_ADDRESS"], found["body", "BANK_CARD"], done.evidence.to_pylist()[0]
    assert (ip["asked"], ip["action"], ip["length"]) == ("generalise", "placeholder", len("<IP_ADDRESS>"))
    assert (card["asked"], card["action"]) == ("keep", "keep")
    assert card["length"] == card["end"] - card["start"] == 16
    assert card["reason"] == "checksum"
    assert (user["field"], user["asked"], user["action"]) == ("user", "surrogate", "pseudonym")
    assert ip["document"] == ip["id"]
    missed = [row for row in done.evidence.to_pylist() if row["action"] == "not_scanned"]
    assert [(r["position"], r["field"], r["start"], r["end"], r["reason"]) for r in missed] == [
        (2, "body", 0, 600, "unbroken_token")
    ]
    assert missed[0]["value_hash"] is None
    assert done.not_scanned == {"body|unbroken_token": 1}
    assert sum(done.redactions.values()) == len(done.evidence) - len(missed)


def test_messages_of_a_conversation_share_a_document() -> None:
    chat = Document("chat", "body", group="talk", order="talk", role=None)
    made = contract(field("talk", "none"), field("body", "text.free"), document=chat)
    rows = [{"talk": talk, "body": "电话13800138000"} for talk in ("a", "a", "b", None)]
    done = Scrubber(made, SURROGATES, KEY, sealing=SEALING)(batch(made, rows))
    marks = [row["document"] for row in done.evidence.to_pylist()]
    assert marks[0] == marks[1] != marks[2]
    assert marks[3] == f"{3:032x}"
    bodies = done.batch.column("body").to_pylist()
    assert bodies[0] == bodies[1] != bodies[2], "one surrogate a conversation"


def test_encryption_that_shall_not_link_does_not() -> None:
    made = contract(field("phone", "person.phone"), field("body", "text.free"))
    rows = [{"phone": "13800138000", "body": "13800138000和13800138000"}] * 2
    loose = Scrubber(made, policy(Rule("PHONE_NUMBER", "encrypt")), KEY, sealing=SEALING)(batch(made, rows)).batch
    apart = policy(Rule("PHONE_NUMBER", "encrypt", options={"consistent": False}))
    tight = Scrubber(made, apart, KEY, sealing=SEALING)(batch(made, rows)).batch
    assert len(set(loose.column("phone").to_pylist())) == 1
    assert len(set(tight.column("phone").to_pylist())) == 2
    tokens = [token for text in tight.column("body").to_pylist() for token in text.split("和")]
    assert len(set(tokens)) == 4
    assert {decrypt(token, SEALING) for token in tokens} == {"13800138000"}


def test_without_a_sealing_key_nothing_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CLEARINGHOUSE_SEALING_KEY", raising=False)
    monkeypatch.delenv("CLEARINGHOUSE_SEALING_KEY_FILE", raising=False)
    with pytest.raises(KeyMissing, match="no sealing key") as caught:
        Scrubber(MADE, SURROGATES, KEY)
    assert "clearinghouse key create .clearinghouse-sealing-key" in str(caught.value.fix)


@pytest.mark.parametrize(
    ("name", "params", "text"),
    [
        ("mask", {"masking_char": "x", "chars_to_mask": 20, "from_end": False}, "请拨xxxxxxxxxxx。"),
        ("replace", {"new_value": "[tel]"}, "请拨[tel]。"),
        ("redact", {}, "请拨。"),
        ("replace", {"new_value": "[tel] +86 13900139000"}, "请拨<PHONE_NUMBER>。"),
        ("keep", {}, "请拨13800138000。"),
    ],
)
def test_a_presidio_operator_runs_unless_it_leaves_something_to_scrub(name: str, params: dict, text: str) -> None:
    made = contract(field("body", "text.free"))
    by = policy(Rule("PHONE_NUMBER", "operator", options={"name": name, "params": params}))
    once = Scrubber(made, by, KEY)(batch(made, [{"body": "请拨13800138000。"}]))
    assert once.batch.column("body").to_pylist() == [text]
    assert len(once.evidence) == 1, "what an operator leaves is said to stay"
    twice = Scrubber(made, by, KEY)(batch(made, [{"body": text}]))
    assert twice.batch.column("body").to_pylist() == [text]


def test_a_scrubber_travels_with_its_keys() -> None:
    there = pickle.loads(pickle.dumps(Scrubber(MADE, SURROGATES, KEY, sealing=SEALING)))
    assert there(batch(MADE, ROWS)).batch == scrub(ROWS).batch


def test_no_value_is_in_the_evidence() -> None:
    evidence = str(scrub(ROWS).evidence.to_pylist())
    for row in ROWS:
        for value in row.values():
            if isinstance(value, str) and len(value) > 3:
                assert value not in evidence


def test_a_default_policy_leaves_placeholders_alone_that_new_actions_wrote() -> None:
    made = contract(field("body", "text.free"))
    text = f"卡<***7890>，单{scrub(ROWS).batch.column('waybill')[0].as_py()}，人<PERSON:abcdefgh>"
    done = Scrubber(made, policy(), KEY)(batch(made, [{"body": text}]))
    assert done.batch.column("body").to_pylist() == [text]
    assert PLACEHOLDER.search(text)
    assert isinstance(done.batch, pa.RecordBatch)
