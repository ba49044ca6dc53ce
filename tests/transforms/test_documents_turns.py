"""Conversations from rows: questions and answers, events of a group, calls of tools, and what makes one unfit."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.document_builders import contract_of, made, said
from tests.release_builders import PATIENT, row_id, rows
from transforms import documents

NUMBER = {"logicalType": "integer"}
REVIEWS = contract_of(
    {"product": {}, "stars": NUMBER, "body": {"classification": "text.free"}, "lang": {}},
    document={"kind": "text", "text": "{body}", "language": "field:lang"},
    documents={
        "ask": {
            "kind": "turns",
            "language": "field:lang",
            "turns": [
                {"role": "system", "text": "Be kind.", "optional": True},
                {
                    "role": "user",
                    "text": {"zh": "评价“{product}”。", "zh-Hant": "評價「{product}」。", "*": "Review {product}."},
                },
                {"role": "assistant", "text": "{body}\nStars: {stars}"},
            ],
        }
    },
)


def review(**row: Any) -> dict[str, Any]:
    return {"product": "tea", "stars": 5, "body": "Good.", "lang": "en", **row}


def test_one_row_is_one_conversation_in_its_language() -> None:
    table = rows([review(), review(lang="zh-CN"), review(lang="zh-Hant"), review(lang=None)])
    found, dropped = made(REVIEWS, table, "ask")
    assert dropped == {}
    assert [said(one)[1] for one in found] == [
        ("user", "Review tea."),
        ("user", "评价“tea”。"),
        ("user", "評價「tea」。"),
        ("user", "Review tea."),
    ]
    assert said(found[0])[2] == ("assistant", "Good.\nStars: 5")
    assert [turn["train"] for turn in found[0]["messages"]] == [False, False, True]
    assert found[0]["text"] == "system: Be kind.\nuser: Review tea.\nassistant: Good.\nStars: 5"
    assert {one["rows"] for one in found} == {1}


def test_views_of_one_row_have_ids_of_their_own_and_one_group() -> None:
    table = rows([review()])
    own = made(REVIEWS, table)[0][0]
    view = made(REVIEWS, table, "ask")[0][0]
    assert own["id"] == row_id(0)
    assert view["id"] == documents.document_id([row_id(0)], "ask") != own["id"]
    assert (own["group"], view["group"]) == (None, row_id(0))


def test_a_row_takes_the_same_wording_for_ever() -> None:
    many = contract_of(
        {"body": {}},
        document={
            "kind": "turns",
            "turns": [{"role": "user", "text": ["a", "b", "c"]}, {"role": "assistant", "text": "{body}"}],
        },
    )
    table = rows([{"body": f"x{number}"} for number in range(60)])
    first = [said(one)[0][1] for one in made(many, table)[0]]
    assert first == [said(one)[0][1] for one in made(many, table)[0]]
    assert set(first) == {"a", "b", "c"}
    # A row's wording does not hang on who stands beside it.
    assert [said(one)[0][1] for one in made(many, table.slice(7, 5))[0]] == first[7:12]


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"product": None, "lang": "en"}, "empty_turn"), ({"body": " ", "stars": None}, "empty_turn"), ({}, None)],
)
def test_an_empty_turn_makes_the_conversation_unfit(change: dict[str, Any], reason: str | None) -> None:
    # Beside a whole row, so that columns have types.
    found, _ = made(REVIEWS, rows([review(**change), review()]), "ask")
    assert [one["reason"] for one in found] == [reason, None]


EVENTS = contract_of(
    {"parcel": {"classification": "identifier.record"}, "step": NUMBER, "what": {}, "city": {}, "weight": {"logicalType": "number"}},
    tools=[
        {
            "name": "track",
            "description": "Where a parcel is.",
            "parameters": {"type": "object", "properties": {"parcel": {"type": "string"}, "weight": {"type": "number"}}, "required": ["parcel"]},
        },
        {
            "name": "redirect",
            "description": "Send it elsewhere.",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
        },
    ],
    documents={
        "trip": {
            "kind": "events",
            "group": "parcel",
            "order": "step",
            "language": "en",
            "tools": ["track", "redirect"],
            "turns": [
                {"role": "user", "text": "Where is {parcel}?"},
                {"role": "assistant", "calls": [{"name": "track", "arguments": {"parcel": "{parcel}", "weight": "{weight}"}}]},
                {"role": "tool", "of": "all", "json": {"what": "{what}", "city": "{city}"}},
                {"role": "assistant", "of": "last", "when": {"what": "stuck"}, "calls": [{"name": "redirect", "arguments": {"city": "{city}"}}], "optional": True},
                {"role": "tool", "of": "last", "when": {"what": "stuck"}, "json": {"ok": "yes, {city}"}, "optional": True},
                {"role": "assistant", "of": "last", "text": "It is in {city}."},
            ],
        },
        "steps": {
            "kind": "events",
            "group": "parcel",
            "order": "step",
            "most": 3,
            "language": "en",
            "turns": [
                {"role": "user", "of": "each", "when": {"what": ["asked"]}, "text": "{city}?"},
                {"role": "assistant", "of": "each", "when": {"what": ["told"]}, "text": "{city}!"},
            ],
        },
    },
)  # fmt: skip


def event(
    parcel: str | None, step: int, what: str, city: str | None = "Bo", weight: float | None = 1.5
) -> dict[str, Any]:
    return {"parcel": parcel, "step": step, "what": what, "city": city, "weight": weight}


def test_events_of_a_group_are_one_trajectory_with_calls_and_results() -> None:
    table = rows([event("p1", 2, "stuck", "Ulm"), event("p2", 1, "sent"), event("p1", 1, "sent", "Bo", None)])
    found, dropped = made(EVENTS, table, "trip")
    assert dropped == {}
    assert [one["reason"] for one in found] == [None, None]
    first, second = found
    assert said(first) == [
        ("user", "Where is p1?"),
        ("assistant", ""),
        ("tool", '[{"what": "sent", "city": "Bo"}, {"what": "stuck", "city": "Ulm"}]'),
        ("assistant", ""),
        ("tool", '{"ok": "yes, Ulm"}'),
        ("assistant", "It is in Ulm."),
    ]
    calls = [call for turn in first["messages"] for call in turn["tool_calls"]]
    # A null argument is left out; a number stays one.
    assert [(call["id"], call["name"], json.loads(call["arguments"])) for call in calls] == [
        ("call_1", "track", {"parcel": "p1"}),
        ("call_2", "redirect", {"city": "Ulm"}),
    ]
    assert json.loads(second["messages"][1]["tool_calls"][0]["arguments"]) == {"parcel": "p2", "weight": 1.5}
    assert [(turn["name"], turn["tool_call_id"]) for turn in first["messages"] if turn["role"] == "tool"] == [
        ("track", "call_1"),
        ("redirect", "call_2"),
    ]
    assert [turn["train"] for turn in first["messages"]] == [False, True, False, True, False, True]
    assert [(one["rows"], one["group"]) for one in found] == [(2, "p1"), (1, "p2")]
    tools = json.loads(first["tools"])
    assert [tool["function"]["name"] for tool in tools] == ["track", "redirect"]
    assert tools[0]["function"]["parameters"]["required"] == ["parcel"]
    # What the transcript says is what duplicates, quality and overlap are judged by.
    assert 'assistant: redirect({"city": "Ulm"})' in first["text"]


def test_rows_that_no_turn_says_and_rows_of_no_group_are_told() -> None:
    table = rows([event("p", 1, "asked"), event("p", 2, "told"), event("p", 3, "noise"), event(None, 1, "asked")])
    found, dropped = made(EVENTS, table, "steps")
    assert [one["rows"] for one in found] == [2]
    assert dropped == {"group_missing": 1, "unmatched": 1}


def test_turns_of_each_row_are_said_row_by_row() -> None:
    table = rows([event("p", step, "told" if step % 2 else "asked", f"c{step}") for step in range(3, -1, -1)])
    found, _ = made(EVENTS, table, "steps")
    assert said(found[0]) == [("user", "c0?"), ("assistant", "c1!"), ("user", "c2?"), ("assistant", "c3!")]


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        (["told", "asked", "told"], "roles_out_of_order"),
        (["asked", "asked", "told"], "roles_out_of_order"),
        (["asked", "told", "told"], "roles_out_of_order"),
        (["asked"], "nothing_to_learn"),
        (["asked", "told"], None),
    ],
)
def test_roles_out_of_order(steps: list[str], reason: str | None) -> None:
    found, _ = made(EVENTS, rows([event("p", place, what) for place, what in enumerate(steps)]), "steps")
    assert [one["reason"] for one in found] == [reason]


def test_a_single_event_is_a_group_like_any_other() -> None:
    found, _ = made(EVENTS, rows([event("p", 1, "sent")]), "trip")
    assert len(said(found[0])) == 4
    assert found[0]["id"] != row_id(0)


def logged(most: int | None = None) -> Any:
    """An agent's own log: every row is a question, a call, a result or an answer."""
    return contract_of(
        {"run": {"classification": "identifier.record"}, "n": NUMBER, "kind": {}, "tool": {}, "arguments": {}, "text": {}},
        tools=[{"name": "look", "description": "Look.", "parameters": {"type": "object", "properties": {"at": {"type": "string"}}, "required": ["at"]}}],
        document={
            "kind": "events", "group": "run", "order": "n", "language": "en", "tools": ["look"],
            **({"most": most} if most else {}),
            "turns": [
                {"role": "user", "of": "each", "when": {"kind": "ask"}, "text": "{text}"},
                {"role": "assistant", "of": "each", "when": {"kind": "call"}, "calls": [{"name": "{tool}", "arguments": "{arguments}"}]},
                {"role": "tool", "of": "each", "when": {"kind": "result"}, "text": "{text}"},
                {"role": "assistant", "of": "each", "when": {"kind": "say"}, "text": "{text}"},
            ],
        },
    )  # fmt: skip


LOGGED = logged()


def step(
    n: int, kind: str, text: str | None = None, tool: str | None = None, arguments: str | None = None
) -> dict[str, Any]:
    return {"run": "r", "n": n, "kind": kind, "tool": tool, "arguments": arguments, "text": text}


@pytest.mark.parametrize(
    ("tool", "arguments", "reason"),
    [
        ("look", '{"at": "door"}', None),
        ("look", "at the door", "arguments_not_json"),
        ("look", '["door"]', "arguments_not_json"),
        ("look", '{"at": "door"', "arguments_not_json"),
        ("look", "{}", "argument_missing"),
        ("leap", '{"at": "door"}', "tool_unknown"),
        (None, '{"at": "door"}', "tool_unknown"),
    ],
)
def test_calls_as_an_agent_logged_them(tool: str | None, arguments: str, reason: str | None) -> None:
    table = rows(
        [
            step(1, "ask", "Who is there?"),
            step(2, "call", tool=tool, arguments=arguments),
            step(3, "result", "A cat."),
            step(4, "say", "A cat is."),
        ],
        {"tool": pa.string()},
    )
    found, _ = made(LOGGED, table)
    assert [one["reason"] for one in found] == [reason]
    if reason is None:
        assert found[0]["messages"][1]["tool_calls"] == [
            {"id": "call_1", "name": "look", "arguments": '{"at": "door"}'}
        ]


def test_two_calls_are_answered_in_their_order() -> None:
    call = '{"at": "x"}'
    table = rows(
        [
            step(1, "ask", "Go."),
            step(2, "call", tool="look", arguments=call),
            step(3, "result", "one"),
            step(4, "call", tool="look", arguments=call),
            step(5, "result", "two"),
            step(6, "say", "Done."),
        ]
    )
    found, _ = made(LOGGED, table)
    answers = [(turn["tool_call_id"], turn["content"]) for turn in found[0]["messages"] if turn["role"] == "tool"]
    assert answers == [("call_1", "one"), ("call_2", "two")]
    # A result that nobody asked for, and a call that is left hanging.
    for gone in (1, 2):
        left = pa.concat_tables([table.slice(0, gone), table.slice(gone + 1)])
        assert [one["reason"] for one in made(LOGGED, left)[0]] == ["roles_out_of_order"]


@PATIENT
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["ask", "say"])), min_size=1),
    st.randoms(),
    st.integers(1, 4),
)
def test_any_order_of_rows_and_any_buckets_give_the_same_documents(
    values: list[tuple[str, str]], random: Any, buckets: int
) -> None:
    contract = LOGGED
    table = rows(
        [{**step(place, kind, f"t{place}"), "run": run} for place, (run, kind) in enumerate(values)],
        {"tool": pa.string(), "arguments": pa.string()},
    )
    whole = documents.together(documents.members(table, contract).table, contract).table.to_pylist()
    order = list(range(len(values)))
    random.shuffle(order)
    members = documents.members(table.take(pa.array(order)), contract).table
    where = documents.bucket(members.column("group"), buckets)
    dealt = [
        document
        for number in range(buckets)
        for document in documents.together(
            members.filter(pa.array((where == number).tolist(), pa.bool_())), contract
        ).table.to_pylist()
    ]
    assert sorted(dealt, key=lambda one: one["id"]) == sorted(whole, key=lambda one: one["id"])
    assert sum(one["rows"] for one in whole) == len(values)


def test_a_crowded_group_is_told_by_its_name_alone() -> None:
    names = pa.array(["big"] * 100_000 + ["small"] * 3)
    document = logged(most=1000).document
    assert document is not None
    tracemalloc.start()
    found = documents.crowded([names.slice(0, 60_000), names.slice(60_000)], document)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == {"big"}
    assert peak < 1 << 20


def test_a_hundred_thousand_events_are_one_trajectory_where_they_may_be() -> None:
    count = 100_000
    kinds = np.where(np.arange(count) % 2 == 0, "ask", "say")
    texts = pa.array([f"t{place}" for place in range(count)])
    table = pa.table(
        {
            "_id": pa.array([f"{place:032x}" for place in range(count)]),
            "_partition": pa.array(["p"] * count),
            "_position": pa.array(range(count)),
            "run": pa.array(["r"] * count),
            "n": pa.array(range(count)),
            "kind": pa.array(kinds.tolist()),
            "tool": pa.nulls(count, pa.string()),
            "arguments": pa.nulls(count, pa.string()),
            "text": texts,
        }
    )
    contract = logged(most=count)
    found = documents.together(documents.members(table, contract).table, contract).table
    assert found.column("rows").to_pylist() == [count]
    assert found.column("reason").to_pylist() == [None]
    assert len(found.column("messages")[0]) == count


def test_no_rows_are_no_documents() -> None:
    assert made(EVENTS, rows([event("p", 1, "sent")]).slice(0, 0), "trip") == ([], {})
    assert made(REVIEWS, rows([review()]).slice(0, 0), "ask") == ([], {})
