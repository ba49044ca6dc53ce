from __future__ import annotations

import json
import random
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.release_builders import PATIENT
from transforms import tokens
from transforms.documents import MESSAGE
from transforms.tokens import TokenCounter, TokenizerError, counter
from transforms.tokens_cut import _CUTTING, _alphabet, cutter_of, one_a_byte


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


def house() -> bytes:
    return files("schemas").joinpath("tokenizers", "house.tokenizer.json").read_bytes()


@cache
def merging(pattern: int, *, ignore_merges: bool = False) -> bytes:
    """A BPE behind one of the patterns that are known, with merges between ideographs, stops and parts of characters."""
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

    made = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    split = pre_tokenizers.Split(Regex(_CUTTING[pattern]), "isolated")
    level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    made.pre_tokenizer = pre_tokenizers.Sequence([split, level])
    trainer = trainers.BpeTrainer(
        vocab_size=700, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    draw = random.Random(3)
    texts = ["".join(draw.choices("好的汉字店很吃，。！the box", k=60)) for _ in range(200)]
    made.train_from_iterator(texts, trainer)
    raw = json.loads(made.to_str())
    # Entries that begin or end within a character, as large vocabularies have them.
    signs = {byte: sign for sign, byte in _alphabet().items()}
    for left, right in ((b"\xe5\xa5\xbd", b"\xe5\xad"), (b"\x84", b"\xe5\xba\x97"), (b"\xbc\x8c", b"\xe5")):
        one, two = ("".join(signs[byte] for byte in part) for part in (left, right))
        for part in (one, two):
            for at in range(2, len(part) + 1):
                if part[:at] not in raw["model"]["vocab"]:
                    raw["model"]["vocab"][part[:at]] = len(raw["model"]["vocab"])
                    raw["model"]["merges"].append([part[: at - 1], part[at - 1]])
        raw["model"]["vocab"].setdefault(one + two, len(raw["model"]["vocab"]))
        raw["model"]["merges"].append([one, two])
    return json.dumps(raw).encode()


DEFINITIONS = {
    "house": house,
    "trained": trained,
    "0": lambda: merging(0),
    "1": lambda: merging(1),
    "2": lambda: merging(2),
    "ignore merges": lambda: merging(1, ignore_merges=True),
}
#: What patterns of words treat each in its own way, and letters that join with what follows them.
SIGNS = ["a", "b", "é", "e\u0301", "好", "的", "汉", "字", "店", "吃", "ใ", "น", "👍", "0", "12", "'", "'s", ",", ".", "。", "，", "！",
         "\n", "\r\n", "\t", "_", "-", "\u00a0", "\u3000", "x", " ", "  ", " the", "box", ", of", "! X", "<PERSON>",
         "<|im_end|>", "\u302a", "豈", "\U00020000", "한", "か\u3099", "\u2028", "…", "\x1f"]  # fmt: skip


@pytest.mark.parametrize("name", DEFINITIONS)
def test_pieces_come_to_the_tokens_of_the_text(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = TokenCounter(DEFINITIONS[name]())
    assert made._cutter is not None
    draw = random.Random(5)
    texts = [None, "", *("".join(draw.choices(SIGNS, k=draw.randrange(40))) for _ in range(1500))]
    texts += ["".join(draw.choices("好的汉字店很吃，。！", k=30)) for _ in range(500)]
    # Numbers, which go on from one text to the next in memory; and lines.
    texts += ["".join(draw.choices(["1", "23", "4567", "٣", " ", "a", "\n", "*", "好"], k=6)) for _ in range(1500)]
    array = pa.array(texts, pa.large_string())
    whole = made._by_text(array).tolist()
    assert made.count(array).tolist() == whole
    # However text is cut into stretches, chunks and slices.
    monkeypatch.setattr(tokens, "_WINDOW", 300)
    assert made.count(pa.chunked_array([array[:7], array[7:7], array[7:]])).tolist() == whole
    assert made.count(array[100:900].cast(pa.string())).tolist() == whole[100:900]
    cuts = sum(int(made._cutter.marks(np.frombuffer(text.encode(), np.uint8)).sum()) for text in texts if text)
    assert cuts > 3000


@pytest.mark.parametrize("name", DEFINITIONS)
def test_pieces_encoded_behind_one_another_have_their_own_tokens(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = TokenCounter(DEFINITIONS[name]())
    draw = random.Random(11)
    more = [*SIGNS, "<|im", "_end|>", "<PER", "SON>", "<|im_end|>", "1", "23", "4567", " 8", "é", "\u0301", "e", " e"]
    made_up = {"".join(draw.choices(more, k=draw.randrange(1, 4))) for _ in range(2500)}
    pieces = sorted(made_up, key=lambda _: draw.random())
    each = [len(made._tokenizer.encode(piece, add_special_tokens=False)) for piece in pieces]
    monkeypatch.setattr(tokens, "_FEW", 1)
    for size in (7, 60, len(pieces)):
        found = [made._joined(pieces[at : at + size]).tolist() for at in range(0, len(pieces), size)]
        assert [count for part in found for count in part] == each


def test_words_are_encoded_together_and_not_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    made = TokenCounter(house())
    words = [f" word{'abcdefghij'[number % 10]}{'klmnopqrst'[number // 10]}" for number in range(100)]
    each = made._whole(words).tolist()
    texts: list[str] = []
    encode = made._encode

    def watched(some: list[str], **options: Any) -> Any:
        texts.extend(some)
        return encode(some, **options)

    monkeypatch.setattr(made, "_encode", watched)
    assert made._joined(words).tolist() == each
    assert texts == ["".join(words)]
    # What normalisation changes is encoded by itself, and the others with it no more.
    texts.clear()
    assert made._joined([*words, "\ne\u0301x", *words]).tolist() == [*each, len(encode(["\ne\u0301x"])[0]), *each]


@pytest.mark.parametrize(
    "change",
    [
        {"model": {"type": "Unigram"}},
        {"normalizer": {"type": "Lowercase"}},
        {"pre_tokenizer": {"type": "Metaspace"}},
        {"added_tokens": [{"content": "so it", "lstrip": False, "rstrip": False}]},
        {"added_tokens": [{"content": "龘靐", "lstrip": False, "rstrip": False}]},
        {"added_tokens": [{"content": "so. ", "lstrip": False, "rstrip": False}]},
        {"added_tokens": [{"content": "<X>", "lstrip": True, "rstrip": False}]},
        {"added_tokens": [{"content": "<X>", "single_word": True}]},
    ],
)
def test_other_tokenizers_read_whole_texts(change: dict[str, Any]) -> None:
    definition = json.loads(house())
    assert cutter_of(definition) is not None
    assert cutter_of({**definition, **change}) is None


def test_a_giant_is_read_in_stretches_and_what_cannot_be_cut_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    made = TokenCounter(house())
    text = "好" * 50 + "，" + "w12 w34 " * 50_000 + "x" * 30_000
    longest = [0]
    encode = made._encode

    def watched(texts: list[str], **options: Any) -> Any:
        longest[0] = max([longest[0], *map(len, texts)])
        return encode(texts, **options)

    whole = made.count(pa.array([text[:401], text[-40_000:]], pa.large_string())).sum()
    monkeypatch.setattr(made, "_encode", watched)
    monkeypatch.setattr(tokens, "_WINDOW", 1 << 12)
    made._known.clear()
    assert made.count(pa.array([text], pa.large_string()))[0] > whole
    assert longest[0] == 30_001


@pytest.mark.parametrize("text", ["", "a b\n", "你好，世界", "\U0001f600 caf\u00e9\r\n", "\u0e01\u0e33"])
def test_bytes_are_counted_without_encoding(text: str) -> None:
    definition = (files("schemas") / "tokenizers/bytes.tokenizer.json").read_bytes()
    made = TokenCounter(definition)
    (encoded,) = made.encode([text])
    assert list(text.encode()) == encoded.ids, "a token's number is the byte's value"
    assert made.count(pa.array([None, text, text])).tolist() == [0, len(encoded.ids), len(encoded.ids)]
    assert made.ids == 256


@pytest.mark.parametrize(
    "change",
    [
        {"normalizer": {"type": "NFC"}},
        {"added_tokens": [{"id": 256, "content": "<x>", "special": True}]},
        {"pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": True}},
        {"pre_tokenizer": None},
    ],
)
def test_what_is_more_than_bytes_is_encoded(change: dict[str, Any]) -> None:
    definition = json.loads((files("schemas") / "tokenizers/bytes.tokenizer.json").read_text())
    assert one_a_byte(definition)
    assert not one_a_byte(definition | change)
    model = definition["model"]
    assert not one_a_byte(definition | {"model": model | {"merges": [["a", "b"]]}})
    assert not one_a_byte(definition | {"model": model | {"vocab": model["vocab"] | {"ab": 256}}})
