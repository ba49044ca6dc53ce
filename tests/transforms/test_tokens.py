from __future__ import annotations

import json
import random
from functools import cache
from importlib.resources import files
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.release_builders import PATIENT
from transforms import tokens
from transforms.documents import MESSAGE
from transforms.tokens import TokenCounter, TokenizerError, _cuts_at_spaces, counter


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


def test_words_encoded_once_come_to_the_tokens_of_the_text() -> None:
    house = files("schemas").joinpath("tokenizers", "house.tokenizer.json").read_bytes()
    count, plain = TokenCounter(house), TokenCounter(house)
    assert count._by_word
    plain._by_word = False
    pieces = ["a", " ", "  ", "b", "É", "e\u0301", "\n", "1", "<PERSON>", "<|im_end|>", "你", "，", ".", "'s", "\t", " word",
              "\u00a0", " the", ", of", "! X", "\x1f"]  # fmt: skip
    draw = random.Random(5)
    texts = ["".join(draw.choices(pieces[:-1], k=draw.randrange(40))) for _ in range(3000)]
    texts += ["a b\x1fc d", "the cat. The dog, and " * 50]
    array = pa.array(texts, pa.large_string())
    assert count.count(array).tolist() == plain.count(array).tolist()


@pytest.mark.parametrize(
    "change",
    [
        {"model": {"type": "Unigram"}},
        {"normalizer": {"type": "Lowercase"}},
        {"pre_tokenizer": {"type": "Metaspace"}},
        {"added_tokens": [{"content": "so it", "lstrip": False, "rstrip": False}]},
        {"added_tokens": [{"content": "<X>", "lstrip": True, "rstrip": False}]},
    ],
)
def test_other_tokenizers_read_whole_texts(change: dict[str, Any]) -> None:
    house = json.loads(files("schemas").joinpath("tokenizers", "house.tokenizer.json").read_bytes())
    assert _cuts_at_spaces(house)
    assert not _cuts_at_spaces({**house, **change})


#: What patterns of words treat each in its own way, and letters that join with what follows them.
SIGNS = "ab é e\u0301 好的汉 ใน 👍 0 12 ' 's ,. 。，！？ \n \r\n \t  _ - \u00a0 \u3000 x"


@PATIENT
@given(st.lists(st.sampled_from([*SIGNS.split(" "), " ", "  ", "the", "box"]), min_size=20, max_size=200))
@pytest.mark.parametrize("definition", ["house", "trained"])
def test_a_long_text_counts_the_same_in_pieces(definition: str, parts: list[str]) -> None:
    house = files("schemas").joinpath("tokenizers/house.tokenizer.json").read_bytes()
    made = TokenCounter(house if definition == "house" else trained())
    text = "".join(parts)
    whole = len(made.encode([text])[0].ids)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "_LONG", 12)
        patch.setattr(tokens, "_PIECE", 5)
        assert "".join(made._pieces(text)) == text
        assert made.count(pa.array([text, None, text], pa.large_string())).tolist() == [whole, 0, whole]


def test_a_giant_is_cut_and_one_that_cannot_be_is_not() -> None:
    house = files("schemas").joinpath("tokenizers/house.tokenizer.json").read_bytes()
    made = TokenCounter(house)
    assert max(map(len, made._pieces("好" * 50 + "，" + "w12 w34 " * 100_000))) < 1 << 18
    assert len(list(made._pieces("x" * 300_000))) == 1
