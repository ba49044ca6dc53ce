"""Mixes: what loads, what is refused against which contract, and exact shares."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from schemas.contract import Contract
from schemas.contract_loader import load_contract
from schemas.errors import MixError
from schemas.mix_loader import bundled_tokenizers, check_mixes, load_mix, load_mixes, tokenizer_path
from tests.schemas.conftest import Draft

MixFile = Callable[..., Path]


@pytest.fixture
def contracts(draft: Draft) -> dict[str, Contract]:
    found = {"commerce.chats": load_contract(draft.write())}
    draft.custom("document", {"kind": "text", "text": "{body}"})
    draft.custom("purposes", ["pretrain", "finetune"])
    draft.data.update(name="notes", id="commerce.notes")
    found["commerce.notes"] = load_contract(draft.write())
    draft.custom("document", None)
    draft.data.update(name="rows", id="commerce.rows")
    found["commerce.rows"] = load_contract(draft.write())
    return found


def test_a_whole_mix_loads(mix_file: MixFile, contracts: dict[str, Contract]) -> None:
    path = mix_file(
        budget=2_000_000, seed=7, reviewers=["wen.zhao"], schedule="@weekly", description="Chats.",
        shards={"tokens": 500, "bytes": 4096, "rowsPerGroup": 16},
        sources=[{"dataset": "commerce.chats", "weight": 0.1, "epochs": 1.5, "languages": ["zh", "pt-BR"],
                  "minChars": 2, "maxChars": 9}],
    )  # fmt: skip
    mix = load_mix(path, contracts)
    (source,) = mix.sources
    assert source.weight == Decimal("0.1"), "shares are exact, not binary"
    assert source.epochs == Decimal("1.5")
    assert (source.languages, source.min_chars, source.max_chars) == (("zh", "pt-BR"), 2, 9)
    assert (mix.shard_tokens, mix.shard_bytes, mix.rows_per_group, mix.seed) == (500, 4096, 16, 7)
    assert mix.reviewers == ("wen.zhao",)
    assert tokenizer_path(mix) == path.parent / "tokenizer.json"


def test_defaults_are_those_of_the_value(mix_file: MixFile, contracts: dict[str, Contract]) -> None:
    mix = load_mix(mix_file(), contracts)
    assert (mix.seed, mix.budget, mix.shard_tokens, mix.rows_per_group) == (0, None, 50_000_000, 1024)


def test_an_exact_share_survives_the_number_of_its_spelling(mix_file: MixFile) -> None:
    path = mix_file()
    path.write_text(path.read_text().replace("weight: 1", "weight: 0.30"))
    assert load_mix(path).sources[0].weight == Decimal("0.3")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": None}, "'name' is missing"),
        ({"name": "other"}, "rename the file to other.mix.yaml"),
        ({"tokenizr": "x"}, "did you mean 'tokenizer'?"),
        ({"version": "1"}, "is not a semantic version"),
        ({"purpose": "training"}, "'training' is not known here"),
        ({"format": "chat"}, "'chat' is not known here"),
        ({"budget": 0}, "0 must be at least 1"),
        ({"budget": "2M"}, "must be a whole number, not text"),
        ({"seed": -1}, "must be at least 0"),
        ({"schedule": "weekly"}, "has 1 fields where cron has 5"),
        ({"sources": []}, "is empty"),
        ({"sources": [{"weight": 1}]}, "needs exactly one of dataset, unit"),
        (
            {"sources": [{"dataset": "commerce.chats", "weight": 1, "tokens": 5}]},
            "weight and tokens, of which only one",
        ),
        ({"sources": [{"dataset": "commerce.chats", "weight": 0}]}, "all weights are 0"),
        ({"sources": [{"dataset": "commerce.chats", "weight": -1}]}, "must be at least 0"),
        ({"sources": [{"dataset": "commerce.chats", "weight": True}]}, "must be a number, not true"),
        ({"sources": [{"dataset": "commerce.chats", "weight": 1}] * 2}, "is there twice"),
        ({"sources": [{"dataset": "commerce.chats", "weight": 1, "epochs": 0}]}, "must be more than 0"),
        ({"sources": [{"dataset": "commerce.chats", "weight": 1, "languages": ["Chinese"]}]}, "BCP 47"),
        ({"sources": [{"dataset": "commerce.chats", "weight": 1, "minChars": 9, "maxChars": 3}]}, "less than minChars"),
        ({"budget": 10, "sources": [{"dataset": "commerce.chats", "tokens": 11}]}, "more than the budget"),
        ({"budget": 12, "sources": [{"dataset": "commerce.chats", "tokens": 11}]}, "cannot fill the budget"),
        ({"sources": [{"dataset": "commerce.chatz", "weight": 1}]}, "did you mean 'commerce.chats'?"),
        ({"purpose": "pretrain"}, "does not allow 'pretrain'"),
        ({"sources": [{"dataset": "commerce.notes", "weight": 1}]}, "which has no speakers to make messages of"),
        ({"format": "text", "sources": [{"dataset": "commerce.rows", "weight": 1}]}, "has no document"),
        ({"tokenizer": "no.json"}, "there is no tokenizer 'no.json'"),
        ({"tokenizer": "desk.mix.yaml"}, "is not a tokenizer.json"),
    ],
)
def test_each_fault_is_told(
    mix_file: MixFile, contracts: dict[str, Contract], changes: dict[str, Any], words: str
) -> None:
    path = mix_file(**changes)
    text = path.read_text()
    if "&id" in text:  # a dumper's anchor for a repeated value
        path.write_text(text.replace("&id001", "").replace("- *id001", "- dataset: commerce.chats\n  weight: 1"))
    with pytest.raises(MixError) as caught:
        load_mix(path, contracts)
    assert words in str(caught.value)
    assert all(p.line >= 1 for p in caught.value.problems)


def test_all_faults_at_once(mix_file: MixFile, contracts: dict[str, Contract]) -> None:
    with pytest.raises(MixError) as caught:
        load_mix(mix_file(version="x", budget=-1, colour="red", tokenizer="none"), contracts)
    assert len(caught.value.problems) == 4


def test_text_takes_chats_too(mix_file: MixFile, contracts: dict[str, Contract]) -> None:
    both = [{"dataset": "commerce.chats", "weight": 1}, {"dataset": "commerce.notes", "tokens": 5}]
    assert len(load_mix(mix_file(format="text", sources=both), contracts).sources) == 2


def test_without_contracts_data_sets_are_not_checked(mix_file: MixFile) -> None:
    assert load_mix(mix_file(purpose="pretrain")).purpose == "pretrain"


def test_a_mix_is_not_blamed_for_a_contract_that_does_not_load(mix_file: MixFile) -> None:
    path = mix_file()
    assert "there is no contract" in str(check_mixes([path], {}).problems[0])
    assert check_mixes([path], {}, broken={"commerce.chats"}).problems == ()


def test_the_digest_is_of_the_meaning_and_of_the_tokenizer(mix_file: MixFile, tmp_path: Path) -> None:
    first = load_mix(mix_file())
    path = mix_file()
    path.write_text("# a comment\n" + path.read_text())
    assert load_mix(path).digest == first.digest
    (tmp_path / "tokenizer.json").write_text('{"model": {"type": "Unigram"}}')
    assert load_mix(path).digest != first.digest
    assert load_mix(mix_file(seed=1)).digest != first.digest


def test_two_mixes_of_one_name(mix_file: MixFile, tmp_path: Path) -> None:
    path = mix_file()
    other = tmp_path / "more" / "desk.mix.yaml"
    other.parent.mkdir()
    other.write_text(path.read_text().replace("tokenizer.json", "../tokenizer.json"))
    with pytest.raises(MixError, match="the mix 'desk' is there already"):
        load_mixes(tmp_path)


@pytest.mark.parametrize("name", bundled_tokenizers() or [pytest.param("", marks=pytest.mark.skip("none bundled"))])
def test_bundled_tokenizers_by_name(mix_file: MixFile, name: str) -> None:
    mix = load_mix(mix_file(tokenizer=name))
    assert tokenizer_path(mix).is_file()
