"""Views of a contract: what loads, what each fault says, and what a change of them costs."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from schemas.contract_document import misfit
from schemas.plans import rows_digest
from schemas.policy_loader import load_policy
from tests.document_builders import contract_of, faults_of

FIELDS: dict[str, dict[str, Any]] = {
    "talk": {"classification": "identifier.record"},
    "n": {"logicalType": "integer"},
    "kind": {},
    "body": {"classification": "text.free"},
    "note": {},
    "key": {"classification": "secret"},
    "street": {"classification": "person.address"},
    "picture": {"logicalTypeOptions": {"format": "byte"}},
    "link": {"classification": "text.free"},
}
TOOL = {
    "name": "look",
    "description": "Look.",
    "parameters": {"type": "object", "properties": {"at": {"type": "string"}}, "required": ["at"]},
}
EVENTS: dict[str, Any] = {
    "kind": "events",
    "group": "talk",
    "order": "n",
    "language": "zh",
    "tools": ["look"],
    "turns": [
        {"role": "user", "text": "{body}"},
        {"role": "assistant", "calls": [{"name": "look", "arguments": {"at": "{note}"}}]},
        {"role": "tool", "json": {"found": "{note}"}},
        {"role": "assistant", "of": "last", "text": {"zh": "{body}", "*": ["{note}", "{body}"]}},
    ],
}
PAIRS: dict[str, Any] = {
    "kind": "pairs",
    "group": "talk",
    "language": "zh",
    "prompt": [{"role": "user", "text": "{note}"}],
    "answer": "{body}",
    "chosen": {"n": {"atLeast": 4}},
    "rejected": {"n": {"atMost": 2}},
}


def faults(view: dict[str, Any]) -> str:
    return faults_of(FIELDS, tools=[TOOL], documents={"some": view})


@pytest.mark.parametrize(
    "view",
    [
        EVENTS,
        PAIRS,
        {"kind": "image", "image": "picture", "text": "{body}"},
        {"kind": "image", "image": "link", "text": "{body}"},
        {
            "kind": "pairs",
            "language": "zh",
            "prompt": PAIRS["prompt"],
            "chosen": "{body}",
            "rejected": "{note}",
            "swap": {"n": 2},
        },
    ],
)
def test_what_holds_loads(view: dict[str, Any]) -> None:
    assert faults(view) == ""


def changed(view: dict[str, Any], change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    made = copy.deepcopy(view)
    change(made)
    return made


@pytest.mark.parametrize(
    ("view", "change", "words"),
    [
        (EVENTS, lambda v: v["turns"][0].update(text="{key}"), "which is dropped by redaction"),
        (EVENTS, lambda v: v["turns"][0].update(text="{bdy}"), "did you mean 'body'?"),
        (EVENTS, lambda v: v["turns"][0].update(text="{body"), "is not a template"),
        (EVENTS, lambda v: v["turns"][1]["calls"][0].update(name="lok"), "did you mean 'look'?"),
        (EVENTS, lambda v: v["turns"][1]["calls"][0].update(arguments={"near": "{note}"}), "'near' is not a parameter of look"),
        (EVENTS, lambda v: v["turns"][1]["calls"][0].update(arguments={"at": "{key}"}), "which is dropped by redaction"),
        (EVENTS, lambda v: v["turns"][1]["calls"][0].pop("arguments"), "look needs the argument 'at'"),
        (EVENTS, lambda v: v["turns"][1].update(of="all"), "a call is made by one row"),
        (EVENTS, lambda v: v["turns"][0].update(calls=v["turns"][1]["calls"]), "a turn of 'user' calls no tools"),
        (EVENTS, lambda v: v["turns"][0].update(train=True), "a turn of 'user' is not learnt"),
        (EVENTS, lambda v: v["turns"].pop(0), "assistant speaks first"),
        (EVENTS, lambda v: v["turns"].pop(2), "before the tools have answered"),
        (EVENTS, lambda v: v["turns"].pop(1), "a tool answers that nobody called"),
        (EVENTS, lambda v: v.update(turns=v["turns"][:1]), "no turn of the assistant's is learnt"),
        (EVENTS, lambda v: v["turns"].append({"role": "system", "text": "x"}), "a system's turn comes after others"),
        (EVENTS, lambda v: v["turns"].insert(0, {"role": "user"}), "a turn that says nothing"),
        (EVENTS, lambda v: v["turns"][0].update(json={"a": "{note}"}), "either `text` or `json`"),
        (EVENTS, lambda v: v["turns"][0].update(when={"street": "x"}), "no longer tells rows apart"),
        (EVENTS, lambda v: v["turns"][0].update(when={"kind": {"atLeast": 3}}), "has no bounds"),
        (EVENTS, lambda v: v["turns"][0].update(when={"n": {"atLeast": 3, "atMost": 1}}), "is above atMost"),
        (EVENTS, lambda v: v.update(language="auto"), "need to know the rows' language"),
        (EVENTS, lambda v: v["turns"][3]["text"].update(Chinese="x"), "'Chinese' is not a language"),
        (EVENTS, lambda v: v.pop("group"), "'group' is missing"),
        (EVENTS, lambda v: v.update(group="street"), "no longer tells rows apart"),
        (EVENTS, lambda v: v.update(tools=["find"]), "there is no tool 'find'"),
        (EVENTS, lambda v: v.update(tools=["look", TOOL]), "is there twice"),
        (EVENTS, lambda v: v.update(tools=[{**TOOL, "parameters": {"type": "objct"}}]), "not a JSON Schema"),
        (EVENTS, lambda v: v.update(tools=[{**TOOL, "parameters": {"type": "string"}}]), "not those of an object"),
        (EVENTS, lambda v: v.update(kind="turns"), "'group' is for kind"),
        (EVENTS, lambda v: v.update(role="kind"), "'role' is for chats"),
        (EVENTS, lambda v: v["turns"][0].update(off="first"), "the key 'off' is not known here"),
        (PAIRS, lambda v: v.pop("answer"), "pairs of rows need 'answer'"),
        (PAIRS, lambda v: v.pop("group"), "pairs of rows need 'group'"),
        (PAIRS, lambda v: v.pop("rejected"), "a pair needs 'rejected'"),
        (PAIRS, lambda v: v.update(rejected="{note}"), "both templates or both conditions"),
        (PAIRS, lambda v: v.update(swap={"n": 1}), "rows that hold both answers"),
        (PAIRS, lambda v: v["prompt"].append({"role": "assistant", "text": "{note}"}), "a prompt ends with the user's turn"),
        (PAIRS, lambda v: v.pop("prompt"), "'prompt' is missing"),
        ({"kind": "image", "text": "{body}"}, lambda v: None, "'image' is missing"),
        ({"kind": "image", "text": "{body}", "image": "note"}, lambda v: None, "nothing looks for personal data in it"),
        ({"kind": "image", "text": "{body}", "image": "n"}, lambda v: None, "holds no picture"),
        ({"kind": "image", "text": "{body}", "image": "key"}, lambda v: None, "which is dropped by redaction"),
        ({"kind": "text"}, lambda v: None, "'text' is missing"),
        ({"kind": "poem", "text": "{body}"}, lambda v: None, "'poem' is not known here"),
    ],
)  # fmt: skip
def test_each_fault_is_told(view: dict[str, Any], change: Callable[[dict[str, Any]], Any], words: str) -> None:
    assert words in faults(changed(view, change))


def test_alternatives_need_not_all_be_there() -> None:
    view = changed(EVENTS, lambda v: v["turns"].append({**v["turns"][3], "when": {"kind": "end"}}))
    assert "assistant speaks twice" in faults(view)
    for turn in view["turns"][3:]:
        turn["optional"] = True
    assert faults(view) == ""


def test_a_view_is_named_plainly() -> None:
    assert "cannot name a view" in faults_of(FIELDS, documents={"My view": {"kind": "text", "text": "{body}"}})


def test_which_mixes_take_which_views() -> None:
    contract = contract_of(
        FIELDS, tools=[TOOL], document={"kind": "text", "text": "{body}"}, documents={"trip": EVENTS, "pairs": PAIRS}
    )
    taken = {
        (view, form): misfit(contract, view, form) is None
        for view in ("", "trip", "pairs")
        for form in ("text", "messages", "preference", "image-text")
    }
    assert {key for key, fits in taken.items() if fits} == {
        ("", "text"), ("trip", "text"), ("trip", "messages"), ("pairs", "preference"),
    }  # fmt: skip
    assert misfit(contract, "trp", "messages") == (
        "the contract of shop.things has no view 'trp'",
        "did you mean 'trip'?",
    )
    assert misfit(contract, "", "messages") is not None
    # What would fit is named.
    assert "view: trip" in str(misfit(contract, "", "messages"))


def test_a_view_costs_a_new_pull_only_where_it_reads_more() -> None:
    policy = load_policy()
    plain = {"kind": "text", "text": "{body}\n{note}", "language": "zh"}
    own = contract_of(FIELDS, document=plain)
    same = contract_of(FIELDS, tools=[TOOL], document=plain, documents={"trip": EVENTS})
    more = contract_of(FIELDS, document=plain, documents={"kinds": {"kind": "text", "text": "{kind}"}})
    seen = contract_of(FIELDS, document=plain, documents={"p": {"kind": "image", "image": "picture", "text": "{body}"}})
    assert rows_digest(own, policy) == rows_digest(same, policy)
    assert len({rows_digest(one, policy) for one in (own, more, seen)}) == 3
    assert own.digest != same.digest
