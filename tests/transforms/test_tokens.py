from __future__ import annotations

from functools import cache

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.release_builders import PATIENT
from transforms.documents import MESSAGE
from transforms.tokens import TokenizerError, counter


@cache
def trained() -> bytes:
    """A real byte-level BPE, trained on a few lines: its truncation and padding are on, as in many published files."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300,
        special_tokens=["<pad>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator(["the box was broken", "the box arrived", "这家店很好吃"], trainer)
    made.enable_truncation(4)
    made.enable_padding(length=4)
    return made.to_str().encode()


def alone(text: str) -> int:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_buffer(trained())
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return len(tokenizer.encode(text, add_special_tokens=False).ids)


@PATIENT
@given(st.lists(st.one_of(st.none(), st.text(max_size=40)), max_size=20))
def test_a_batch_counts_what_each_text_counts_alone(texts: list[str | None]) -> None:
    found = counter(trained()).count(pa.array(texts, pa.large_string())).tolist()
    assert found == [alone(text) if text else 0 for text in texts]


def test_truncation_and_padding_of_the_file_do_not_count() -> None:
    found = counter(trained()).count(pa.array(["the", "the box was broken " * 50], pa.large_string())).tolist()
    assert found[0] < 4
    assert found[1] > 100


def test_messages_count_their_contents() -> None:
    rows = [
        [
            {"role": "user", "content": "the box", "train": False},
            {"role": "assistant", "content": "这家店", "train": True},
        ],
        [],
        None,
        [{"role": "user", "content": "broken", "train": False}],
    ]
    array = pa.array(rows, pa.list_(MESSAGE))
    assert counter(trained()).count_messages(array).tolist() == [
        alone("the box") + alone("这家店"),
        0,
        0,
        alone("broken"),
    ]
    assert counter(trained()).count_messages(array.slice(3)).tolist() == [alone("broken")]


def test_one_counter_a_process() -> None:
    assert counter(trained()) is counter(bytes(trained()))


def test_what_is_not_a_tokenizer_is_refused() -> None:
    with pytest.raises(TokenizerError, match=r"tokenizer\.json"):
        counter(b"{}")
