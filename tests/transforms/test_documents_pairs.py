"""Pairs of answers: who is preferred to whom, by what rule, and every row accounted for."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tests.document_builders import contract_of, made, said
from tests.release_builders import PATIENT, row_id, rows
from transforms import documents

RATED = contract_of(
    {"product": {}, "stars": {"logicalType": "integer"}, "body": {}, "lang": {}},
    document={
        "kind": "pairs",
        "group": "product",
        "language": "field:lang",
        "prompt": [{"role": "user", "text": ["Recommend {product}.", "Tell me of {product}."]}],
        "answer": "{body}",
        "chosen": {"stars": {"atLeast": 4}},
        "rejected": {"stars": {"atMost": 2}},
    },
)


def rated(product: str | None, stars: int | None, body: str | None, lang: str = "en") -> dict[str, Any]:
    return {"product": product, "stars": stars, "body": body, "lang": lang}


def test_the_first_that_is_preferred_meets_the_first_that_is_not() -> None:
    table = rows(
        [rated("tea", 1, "Bad."), rated("tea", 5, "Good."), rated("tea", 4, "Fine."), rated("tea", 2, "Poor.")]
    )
    found, dropped = made(RATED, table)
    assert dropped == {}
    assert [(said(one, "chosen"), said(one, "rejected")) for one in found] == [
        ([("assistant", "Good.")], [("assistant", "Bad.")]),
        ([("assistant", "Fine.")], [("assistant", "Poor.")]),
    ]
    assert said(found[0], "prompt")[0][1] in ("Recommend tea.", "Tell me of tea.")
    assert [turn["train"] for name in ("prompt", "chosen", "rejected") for turn in found[0][name]] == [
        False,
        True,
        False,
    ]
    assert found[0]["id"] == documents.document_id([row_id(0), row_id(1)])
    # The earlier row says where the pair stands.
    assert (found[0]["position"], found[0]["rows"], found[0]["group"]) == (1, 2, "tea")
    assert found[0]["text"].endswith("chosen: Good.\nrejected: Bad.")


def test_every_row_is_in_a_pair_or_left_out_for_a_reason() -> None:
    table = rows(
        [
            rated("tea", 5, "Good."),
            rated("tea", 1, "Bad."),
            rated("tea", 5, "Lonely."),
            rated("tea", 3, "Middling."),
            rated("tea", None, "Unrated."),
            rated("tea", 5, " "),
            rated(None, 5, "Of what?"),
            rated("tea", 1, "Schlecht.", "de"),
        ]
    )
    found, dropped = made(RATED, table)
    # A model is not to learn to prefer a language: the German one stays alone.
    assert dropped == {"unpaired": 2, "no_side": 2, "empty": 1, "group_missing": 1}
    assert sum(one["rows"] for one in found) + sum(dropped.values()) == len(table)


def test_equal_answers_and_prompts_that_differ_are_unfit() -> None:
    found, _ = made(RATED, rows([rated("tea", 5, "So."), rated("tea", 1, " So. ")]))
    assert [one["reason"] for one in found] == ["equal_answers"]
    loose = contract_of(
        {"product": {}, "stars": {"logicalType": "integer"}, "body": {}},
        document={
            "kind": "pairs",
            "group": "product",
            "language": "en",
            "prompt": [{"role": "user", "text": "Why {stars}?"}],
            "answer": "{body}",
            "chosen": {"stars": [4, 5]},
            "rejected": {"stars": [1, 2]},
        },
    )
    found, _ = made(
        loose, rows([{"product": "tea", "stars": 5, "body": "a"}, {"product": "tea", "stars": 1, "body": "b"}])
    )
    assert [one["reason"] for one in found] == ["prompt_differs"]


BOTH = contract_of(
    {"question": {}, "a": {}, "b": {}, "winner": {}},
    document={
        "kind": "pairs",
        "language": "en",
        "prompt": [{"role": "user", "text": "{question}"}],
        "chosen": "{a}",
        "rejected": "{b}",
        "swap": {"winner": "b"},
        "when": {"winner": ["a", "b"]},
    },
)


def test_two_answers_of_one_row_change_sides_where_the_second_won() -> None:
    def asked(winner: str, b: str | None = "no") -> dict[str, Any]:
        return {"question": "Is it?", "a": "yes", "b": b, "winner": winner}

    found, dropped = made(BOTH, rows([asked("a"), asked("b"), asked("tie"), asked("a", None)]))
    assert [(said(one, "chosen")[0][1], said(one, "rejected")[0][1]) for one in found] == [("yes", "no"), ("no", "yes")]
    assert dropped == {"unmatched": 1, "empty": 1}
    assert found[0]["id"] == row_id(0)


@PATIENT
@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 5)), min_size=1), st.randoms())
def test_any_order_of_rows_gives_the_same_pairs(values: list[tuple[str, int]], random: Any) -> None:
    table = rows([rated(product, stars, f"{place}") for place, (product, stars) in enumerate(values)])
    order = list(range(len(values)))
    random.shuffle(order)
    found, dropped = made(RATED, table)
    assert made(RATED, table.take(pa.array(order))) == (found, dropped)
    assert sum(one["rows"] for one in found) + sum(dropped.values()) == len(values)
    # Rows that come later leave the pairs that are there as they are.
    early = made(RATED, table.slice(0, len(values) - 1))[0]
    assert {one["id"] for one in early} <= {one["id"] for one in found}
