"""Pre-tokenised columns: as many tokens as are counted, and marks that stand where they should."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import schemas
from schemas.shard_numbers import width_for
from tests.release_builders import PATIENT
from transforms.tokens import counter
from transforms.tokens_columns import IDS, MASK, as_bytes, input_ids, learnt_ids, special

HOUSE = counter((Path(schemas.__file__).parent / "tokenizers" / "house.tokenizer.json").read_bytes())
TEXT = st.text(alphabet=st.sampled_from("ab 中文é\n.,<>🙂0'"), max_size=40)


@PATIENT
@given(st.lists(st.one_of(st.none(), TEXT), max_size=20))
def test_as_many_tokens_as_are_counted(texts: list[str | None]) -> None:
    found = input_ids(HOUSE, texts)
    assert found.type == IDS
    assert [len(ids or ()) for ids in found.to_pylist()] == HOUSE.count(pa.array(texts, pa.large_string())).tolist()
    assert found.is_null().to_pylist() == [text is None for text in texts]


@PATIENT
@given(st.lists(st.none() | st.lists(st.integers(0, 65535), max_size=9), max_size=9), st.integers(0, 3))
def test_bytes_hold_the_same_numbers(rows: list[list[int] | None], first: int) -> None:
    lists = pa.array(rows, IDS).slice(first)
    found = as_bytes(lists, "uint16").to_pylist()
    assert [None if row is None else np.frombuffer(row, "<u2").tolist() for row in found] == rows[first:]


def test_a_token_that_does_not_fit_is_told() -> None:
    with pytest.raises(OverflowError, match="65536 does not fit into uint16"):
        as_bytes(pa.array([[1], [65536]], IDS), "uint16")
    assert width_for(65536) == "uint16"
    assert width_for(65537) == "uint32"
    assert HOUSE.ids == HOUSE.vocabulary


@PATIENT
@given(TEXT, st.integers(0, 40), st.integers(0, 40))
def test_learnt_tokens_are_those_that_reach_into_the_span(text: str, start: int, end: int) -> None:
    start, end = sorted((min(start, len(text)), min(end, len(text))))
    ids, mask = learnt_ids(HOUSE, [text, None], [[(start, end)] if start < end else [], []])
    assert ids[0].as_py() == input_ids(HOUSE, [text])[0].as_py()
    assert mask.type == MASK
    assert mask[1].as_py() is None
    marks = mask[0].as_py()
    encoding = HOUSE.encode([text], offsets=True)[0]
    expected = [start < end and low < end and high > start for low, high in encoding.offsets]
    assert marks == expected
    # All that is learnt is covered, and nothing is where nothing is learnt.
    covered = {at for (low, high), mark in zip(encoding.offsets, marks, strict=True) if mark for at in range(low, high)}
    assert set(range(start, end)) <= covered
    assert any(marks) == (start < end)


@pytest.mark.parametrize(("text", "found"), [("a <|im_end|> b", True), ("<PERSON> said so", False), (None, False)])
def test_special_tokens_in_text_are_seen(text: str | None, found: bool) -> None:
    assert special(HOUSE, [text]) == [found]


def test_calls_are_counted_with_contents() -> None:
    from transforms.documents import MESSAGE

    call = {"id": "call_1", "name": "look", "arguments": '{"at": "door"}'}
    rows = [
        [{"role": "user", "content": "Who is there?"}, {"role": "assistant", "content": "", "tool_calls": [call]}],
        None,
        [],
    ]
    parts = ["Who is there?", "look", '{"at": "door"}']
    counts = HOUSE.count_messages(pa.array(rows, pa.list_(MESSAGE)))
    assert counts.tolist() == [int(HOUSE.count(pa.array(parts)).sum()), 0, 0]
