"""Rows to documents: templates, conversations, identity, and no row without an account."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.contract import Document
from tests.release_builders import PATIENT, contract, row_id, rows
from transforms.documents import (
    DOCUMENTS,
    TemplateError,
    bucket,
    columns_needed,
    identity,
    members,
    superseded,
    texts,
    together,
)

TITLED = Document(kind="text", text="{title}\n{body}\nRated {stars} of 5", language="en", profile="review")


def made(values: list[dict[str, Any]], document: Document = TITLED, **schema: pa.DataType) -> list[dict[str, Any]]:
    names = [name for name in columns_needed(document) if not name.startswith("_")]
    return texts(rows(values, schema), contract(document, fields=names)).table.to_pylist()


def test_a_line_whose_fields_are_all_null_is_left_out() -> None:
    found = made(
        [
            {"title": "Good", "body": "Works.", "stars": 5},
            {"title": None, "body": "Works.", "stars": None},
            {"title": "Good", "body": None, "stars": 4},
        ]
    )
    assert [row["text"] for row in found] == ["Good\nWorks.\nRated 5 of 5", "Works.", "Good\nRated 4 of 5"]


def test_a_null_beside_a_value_on_its_line_is_nothing() -> None:
    document = Document(kind="text", text="From {a} to {b}\nend", language="en")
    found = made([{"a": "x", "b": None}, {"a": "x", "b": "y"}], document)
    assert [row["text"] for row in found] == ["From x to \nend", "From x to y\nend"]


def test_rows_that_say_nothing_are_dropped_and_counted() -> None:
    table = rows([{"title": None, "body": " \n", "stars": None}, {"title": "a", "body": None, "stars": 1}])
    found = texts(table, contract(TITLED, fields=("title", "body", "stars")))
    assert found.dropped == {"empty": 1}
    assert found.table.num_rows == 1


def test_values_of_all_types_read_as_people_write_them() -> None:
    document = Document(kind="text", text="{i}|{f}|{d}|{t}|{b}|{n}", language="en")
    value = {
        "i": 1200,
        "f": 1.5,
        "d": date(2026, 1, 2),
        "t": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        "b": True,
        "n": Decimal("9.90"),
    }
    assert made([value], document)[0]["text"] == "1200|1.5|2026-01-02|2026-01-02T03:04:05.000000+00:00|true|9.90"


def test_braces_are_written_doubled() -> None:
    assert made([{"a": "x"}], Document(kind="text", text="{{{a}}}", language="en"))[0]["text"] == "{x}"


def test_a_template_that_names_a_missing_column_says_so() -> None:
    with pytest.raises(TemplateError, match="body, stars") as refused:
        texts(rows([{"title": "a"}]), contract(TITLED))
    assert "drop" in refused.value.state


@pytest.mark.parametrize("template", ["{a", "{a!r}", "{a:>5}"])
def test_a_template_that_cannot_be_read_is_refused(template: str) -> None:
    with pytest.raises(TemplateError):
        texts(rows([{"a": "x"}]), contract(Document(kind="text", text=template)))


def test_columns_and_identity_of_a_text() -> None:
    table = rows([{"_id": row_id("k"), "_position": 7, "a": "这家店很好吃。"}])
    found = texts(table, contract(Document(kind="text", text="{a}", profile="review"), key="commerce.reviews")).table
    assert found.schema.equals(DOCUMENTS)
    assert found.to_pylist() == [
        {
            "id": row_id("k"),
            "dataset": "commerce.reviews",
            "unit": "commerce",
            "language": "zh-Hans",
            "profile": "review",
            "text": "这家店很好吃。",
            "messages": None,
            "chars": 7,
            "partition": "2026-01",
            "position": 7,
            "rows": 1,
            "reason": None,
            "group": None,
            **dict.fromkeys(("tools", "prompt", "chosen", "rejected", "image", "row_ids")),
        }
    ]


def test_language_from_a_field_falls_back_to_a_guess() -> None:
    document = Document(kind="text", text="{a}", language="field:lang")
    found = made([{"a": "x", "lang": "pt_BR"}, {"a": "这是中文", "lang": " "}, {"a": "это", "lang": None}], document)
    assert [row["language"] for row in found] == ["pt-BR", "zh-Hans", "ru"]


CHAT = Document(
    kind="chat",
    text="{content}",
    group="call",
    order="turn",
    role="who",
    roles={"caller": "user", "agent": "assistant"},
    language="en",
)
NAMES = ("call", "turn", "who", "content")


def said(call: str | None, turn: int | None, who: str | None, content: str | None, **more: Any) -> dict[str, Any]:
    return {"call": call, "turn": turn, "who": who, "content": content, **more}


def chats(values: list[dict[str, Any]], document: Document = CHAT) -> tuple[list[dict[str, Any]], dict[str, int]]:
    found = members(rows(values), contract(document, fields=NAMES))
    return together(found.table, contract(document, fields=NAMES)).table.to_pylist(), dict(found.dropped)


def test_messages_are_ordered_mapped_and_marked_for_training() -> None:
    found, dropped = chats(
        [
            said("b", 2, "agent", "Hello"),
            said("b", 1, "caller", "Hi"),
            said("a", 1, "caller", "Is anyone there?"),
            said("b", 2, "agent", "How can I help?"),
        ]
    )
    assert dropped == {}
    assert [row["text"] for row in found] == [
        "user: Is anyone there?",
        # Equal in order: by position; consecutive messages of one role stay apart.
        "user: Hi\nassistant: Hello\nassistant: How can I help?",
    ]
    plain = {"name": None, "tool_call_id": None, "tool_calls": []}
    assert found[1]["messages"] == [
        {**plain, "role": "user", "content": "Hi", "train": False},
        {**plain, "role": "assistant", "content": "Hello", "train": True},
        {**plain, "role": "assistant", "content": "How can I help?", "train": True},
    ]
    assert (found[1]["rows"], found[1]["position"], found[1]["chars"]) == (3, 2, len(found[1]["text"]))


def told_once(values: list[dict[str, Any]], document: Document = CHAT) -> tuple[list[str], dict[str, int]]:
    found = members(rows(values), contract(document, fields=NAMES))
    done = together(found.table, contract(document, fields=NAMES))
    return done.table.column("text").to_pylist(), dict(done.dropped)


def test_a_message_that_was_delivered_under_two_keys_is_said_once_and_counted() -> None:
    found, dropped = told_once(
        [
            said("a", 1, "caller", "Yes"),
            said("a", 1, "caller", "Yes"),
            said("a", 1, "agent", "Yes"),
            said("a", 2, "caller", "Yes"),
            said("b", 1, "caller", "Yes"),
            said("a", 1, "caller", "Yes."),
            said("a", 1, "caller", "Yes"),
        ]
    )
    assert found == ["user: Yes\nassistant: Yes\nuser: Yes.\nuser: Yes", "user: Yes"]
    assert dropped == {"told_again": 2}


@pytest.mark.parametrize("place", [None, "2026-01-02", date(2026, 1, 2)])
def test_who_says_a_thing_twice_is_not_cut_short_where_no_instant_tells_it_apart(place: Any) -> None:
    found, dropped = told_once([said("a", place, "caller", "Yes"), said("a", place, "caller", "Yes")])
    assert (found, dropped) == (["user: Yes\nuser: Yes"], {})


def test_an_instant_tells_what_was_delivered_twice() -> None:
    when = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    later = datetime(2026, 1, 2, 3, 4, 6, tzinfo=UTC)
    found, dropped = told_once([said("a", one, "caller", "Yes") for one in (when, when, later)])
    assert (found, dropped) == (["user: Yes\nuser: Yes"], {"told_again": 1})


def test_rows_of_no_conversation_and_rows_that_say_nothing_are_counted() -> None:
    found, dropped = chats(
        [
            said("a", 1, "caller", "Hi"),
            said(None, 1, "caller", "x"),
            said(" ", 1, "agent", "y"),
            said("a", 2, "agent", ""),
        ]
    )
    assert dropped == {"group_missing": 2, "empty": 1}
    assert [row["rows"] for row in found] == [1]


@pytest.mark.parametrize("role", ["robot", None])
def test_an_unknown_speaker_spoils_the_conversation_and_says_why(role: str | None) -> None:
    found, _ = chats([said("a", 1, "caller", "Hi"), said("a", 2, role, "Hello"), said("b", 1, "caller", "Hi")])
    assert [row["reason"] for row in found] == ["role_unmapped", None]


def test_without_roles_the_usual_names_stand_for_themselves() -> None:
    document = Document(kind="chat", text="{content}", group="call", role="who", language="en")
    found, _ = chats([said("a", 1, "assistant", "Hi"), said("b", 1, "caller", "Hi")], document)
    assert [row["reason"] for row in found] == [None, "role_unmapped"]


def test_without_order_older_partitions_and_lower_positions_come_first() -> None:
    document = Document(kind="chat", text="{content}", group="call", language="en")
    found, _ = chats(
        [
            said("a", 1, "x", "third", _partition="2026-02", _position=1),
            said("a", 1, "x", "second", _partition="2026-01", _position=9),
            said("a", 1, "x", "first", _partition="2026-01", _position=2),
        ],
        document,
    )
    assert [message["content"] for message in found[0]["messages"]] == ["first", "second", "third"]


rows_of_chats = st.lists(
    st.builds(
        said,
        st.sampled_from(["a", "b", "c", "d", "e"]),
        st.integers(0, 5),
        st.sampled_from(["caller", "agent"]),
        st.text("xyz", min_size=1, max_size=3),
    ),
    min_size=1,
    max_size=30,
)


@given(rows_of_chats, st.randoms(use_true_random=False), st.integers(1, 5))
@PATIENT
def test_conversations_depend_on_their_rows_alone(values: list[dict[str, Any]], random: Any, buckets: int) -> None:
    """Whatever the order in which rows arrive, and into however many buckets they are dealt."""
    numbered = [{**row, "_id": row_id(place), "_position": place + 1} for place, row in enumerate(values)]
    whole, _ = chats(numbered)
    _, again = told_once(numbered)
    random.shuffle(numbered)
    table = members(rows(numbered), contract(CHAT, fields=NAMES)).table
    where = bucket(table.column("group"), buckets)
    dealt: list[dict[str, Any]] = []
    for number in range(buckets):
        part = table.filter(pa.array((where == number).tolist(), pa.bool_()))
        dealt += together(part, contract(CHAT, fields=NAMES)).table.to_pylist()
    assert sorted(dealt, key=lambda row: row["id"]) == sorted(whole, key=lambda row: row["id"])
    assert sum(row["rows"] for row in whole) + again.get("told_again", 0) == len(values)


def test_a_conversation_has_a_new_id_when_a_row_joins() -> None:
    one, _ = chats([said("a", 1, "caller", "Hi")])
    two, _ = chats([said("a", 1, "caller", "Hi"), said("a", 2, "agent", "Hello")])
    again, _ = chats([said("a", 2, "agent", "Changed", _id=row_id(1)), said("a", 1, "caller", "Hi", _id=row_id(0))])
    assert one[0]["id"] != two[0]["id"]
    assert two[0]["id"] == again[0]["id"]


@given(st.lists(st.integers(0, 6), max_size=40))
@PATIENT
def test_the_latest_version_of_a_row_stays(values: list[int]) -> None:
    ids = np.array([[value % 2, value] for value in values], np.uint64).reshape(-1, 2)
    gone = set(superseded(ids).tolist())
    latest = {value: place for place, value in enumerate(values)}
    assert gone == set(range(len(values))) - set(latest.values())


def test_ids_sort_as_their_text_does() -> None:
    names = sorted(row_id(number) for number in range(50))
    words = identity(pa.array(names))
    assert np.lexsort((words[:, 1], words[:, 0])).tolist() == list(range(50))
