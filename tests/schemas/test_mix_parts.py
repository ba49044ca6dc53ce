"""Sources by unit, filters, stages and splits of mixes: what is read, and every fault that is told."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from schemas.contract import Condition, Contract, Mix, Split, Stage
from schemas.contract_loader import load_contracts
from schemas.errors import MixError
from schemas.mix_loader import load_mix
from schemas.mix_units import check, expand
from schemas.policy_loader import load_policy

Write = Callable[..., Path]

FIELDS = """\
      - {name: rating, logicalType: integer, classification: none}
      - {name: price, logicalType: number, physicalType: "decimal(9,2)", classification: none}
      - {name: score, logicalType: number, classification: none}
      - {name: sold, logicalType: date, classification: none}
      - {name: said, logicalType: timestamp, classification: none}
      - {name: open, logicalType: boolean, classification: none}
      - {name: category, classification: none, enum: [{value: tea}, {value: rice}]}
      - {name: buyer, classification: person.user_id}
      - {name: phone, classification: person.phone}
      - {name: pay, classification: secret}
      - {name: note, classification: text.free}"""


@pytest.fixture(scope="module")
def contracts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Contract]:
    from tests.release_builders import ReleaseWorld

    made = ReleaseWorld.make(tmp_path_factory.mktemp("contracts"))
    name = "      - {name: note, classification: text.free}\n      - {name: lang, classification: none}"
    lang = "      - {name: lang, classification: none}"
    made.contract("shop.reviews", **{name: f"{FIELDS}\n{lang}", "v3.1.0": "v3.2.0"})
    made.contract("shop.chats", chat=True)
    made.contract("shop.notices", purposes="eval")
    made.contract("media.captions")
    return load_contracts(made.root / "contracts")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def file(**changes: Any) -> Path:
        body: dict[str, Any] = {
            "name": "two",
            "version": "1.0.0",
            "purpose": "pretrain",
            "format": "text",
            "audience": "tests",
            "tokenizer": "house",
            "sources": [{"dataset": "shop.reviews", "weight": 1}, {"dataset": "shop.chats", "weight": 2}],
            **changes,
        }
        path = tmp_path / "two.mix.yaml"
        path.write_text(yaml.safe_dump({k: v for k, v in body.items() if v is not None}, sort_keys=False), "utf-8")
        return path

    return file


def load(path: Path, contracts: dict[str, Contract]) -> Mix:
    return load_mix(path, contracts, policy=load_policy())


def test_a_unit_stands_for_its_data_sets_that_fit_and_no_other_source_names(
    write: Write, contracts: dict[str, Contract]
) -> None:
    mix = load(write(sources=[{"unit": "shop"}, {"unit": "media"}]), contracts)
    assert [(one.name, one.datasets) for one in mix.sources] == [
        ("shop", ("shop.chats", "shop.reviews")),
        ("media", ("media.captions",)),
    ]
    talks = load(write(format="messages", sources=[{"unit": "shop"}]), contracts)
    assert talks.sources[0].datasets == ("shop.chats",)
    named = load(write(sources=[{"unit": "shop"}, {"dataset": "shop.chats"}]), contracts)
    assert [one.datasets for one in named.sources] == [("shop.reviews",), ("shop.chats",)]
    less = load(write(sources=[{"unit": "shop", "except": ["shop.reviews"]}]), contracts)
    assert less.sources[0].datasets == ("shop.chats",)


def test_what_a_unit_holds_does_not_change_the_digest_of_the_file(write: Write, contracts: dict[str, Contract]) -> None:
    path = write(sources=[{"unit": "shop"}])
    fewer = {key: one for key, one in contracts.items() if key != "shop.chats"}
    assert load_mix(path, contracts).digest == load_mix(path, fewer).digest == load_mix(path).digest
    assert load_mix(path).sources[0].datasets == ()


def test_a_data_set_may_be_several_sources_of_their_own_names(write: Write, contracts: dict[str, Contract]) -> None:
    parts = [
        {"name": "zh", "dataset": "shop.chats", "languages": ["zh"], "weight": 3},
        {"name": "other", "dataset": "shop.chats", "weight": 1},
    ]
    assert [one.name for one in load(write(sources=parts), contracts).sources] == ["zh", "other"]
    with pytest.raises(MixError, match=r"gets nothing: all documents of shop\.chats go to the source 'other'"):
        load(write(sources=parts[::-1]), contracts)
    with pytest.raises(MixError, match="there twice"):
        load(write(sources=[{**part, "name": "one"} for part in parts]), contracts)


def test_a_filter_keeps_its_values_exactly(write: Write, contracts: dict[str, Contract]) -> None:
    where = {
        "rating": {">=": 4, "!=": 7},
        "category": ["tea", "rice"],
        "price": {"<": 9.95},
        "open": True,
        "sold": {">=": "2026-05-01"},
        "phone": {"null": False},
        "document.rows": {">": 2},
    }
    mix = load(write(sources=[{"dataset": "shop.reviews", "where": where}]), contracts)
    assert mix.sources[0].where == (
        Condition("rating", ">=", (Decimal(4),)),
        Condition("rating", "!=", (Decimal(7),)),
        Condition("category", "in", ("tea", "rice")),
        Condition("price", "<", (Decimal("9.95"),)),
        Condition("open", "=", (True,)),
        Condition("sold", ">=", ("2026-05-01",)),
        Condition("phone", "null", (False,)),
        Condition("document.rows", ">", (Decimal(2),)),
    )
    assert mix.digest != load(write(sources=[{"dataset": "shop.reviews", "where": {"rating": 4}}]), contracts).digest


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ({"ratings": 4}, "did you mean 'rating'?"),
        ({"rating": "4"}, "the field holds numbers, not '4'"),
        ({"rating": 4.5}, "the field holds whole numbers, not 4.5"),
        ({"rating": 1e20}, "more than the field can hold"),
        ({"price": 1.234}, "the field has 2 decimals, and 1.234 more"),
        ({"price": 1e8}, "more than the field can hold"),
        ({"category": "coffee"}, "'category' is never 'coffee'"),
        ({"category": 5}, "the field holds text, not 5; quote the value"),
        ({"note": {">": "a"}}, "is text, which '>' puts in no order"),
        ({"open": {"<": True}}, "is true or false, which '<' puts in no order"),
        ({"open": "yes"}, "is true or false, not 'yes'"),
        ({"sold": "May"}, "'May' is not a date such as 2026-05-31"),
        ({"said": "noon"}, "is not a time such as 2026-05-31T08:00:00"),
        ({"pay": "x"}, "is dropped by redaction"),
        ({"phone": "1"}, "after redaction, which has no meaning to compare"),
        ({"rating": {"=>": 4}}, "'=>' is not an operator"),
        ({"rating": {"in": 4}}, "'in' takes a list of values"),
        ({"rating": {">": [4]}}, "'>' takes one value"),
        ({"rating": []}, "is an empty list"),
        ({"rating": {}}, "asks nothing"),
        ({"rating": None}, "write null: true for an empty field"),
        ({"rating": {"null": 1}}, "null is true"),
        ({"document.token": 4}, "did you mean 'document.tokens'?"),
        ({"document.tokens": "many"}, "the field holds numbers"),
        ({}, "is empty"),
    ],
)
def test_each_fault_of_a_filter_is_told(
    write: Write, contracts: dict[str, Contract], where: dict[str, Any], words: str
) -> None:
    path = write(sources=[{"dataset": "shop.reviews", "weight": 1, "where": where}])
    with pytest.raises(MixError) as caught:
        load(path, contracts)
    assert words in str(caught.value)
    assert all(p.line >= 1 for p in caught.value.problems)


def test_stages_and_split_are_read(write: Write, contracts: dict[str, Contract]) -> None:
    mix = load(
        write(
            budget=1000,
            temperature=1.5,
            stages=[
                {"name": "warm", "budget": 100, "tokens": {"shop.chats": 30}, "weights": {"shop.reviews": 1}},
                {"name": "broad", "share": 0.9},
                {"name": "cool", "share": 0.1, "weights": {"shop.chats": 2.5, "shop.reviews": 0}, "temperature": 2},
            ],
            split={"validation": 0.01, "by": "buyer", "fields": {"shop.chats": "talk"}, "salt": "x", "tokens": 50},
        ),
        contracts,
    )
    assert mix.temperature == Decimal("1.5")
    assert mix.stages == (
        Stage("warm", budget=100, weights={"shop.reviews": Decimal(1)}, tokens={"shop.chats": 30}),
        Stage("broad", share=Decimal("0.9")),
        Stage("cool", share=Decimal("0.1"), weights={"shop.chats": Decimal("2.5")}, temperature=Decimal(2)),
    )
    assert mix.split == Split(Decimal("0.01"), "buyer", {"shop.chats": "talk"}, "x", 50)


ONE = {"name": "one", "share": 1}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"temperature": -1}, "must be more than 0"),
        ({"temperature": 0}, "must be more than 0"),
        ({"temperature": 1.234}, "1.234 has more than two decimals"),
        ({"stages": []}, "is empty"),
        ({"stages": [{"name": "one"}]}, "needs exactly one of budget, share"),
        ({"stages": [{**ONE, "budget": 4}]}, "needs exactly one of budget, share"),
        ({"stages": [{**ONE, "share": 0.5}, {"name": "two", "share": 0.4}]}, "shares add up to 0.9, not 1"),
        ({"stages": [{**ONE, "share": 0.5}, {**ONE, "share": 0.5}]}, "the stage 'one' is there twice"),
        ({"stages": [{**ONE, "temperature": -2}]}, "must be more than 0"),
        ({"stages": [{**ONE, "weights": {"shop.reviewz": 1}}]}, "did you mean 'shop.reviews'?"),
        ({"stages": [{**ONE, "weights": {"shop.reviews": 0}}]}, "all weights are 0"),
        ({"stages": [{**ONE, "weights": {"shop.reviews": -1}}]}, "must be at least 0"),
        (
            {"stages": [{**ONE, "weights": {"shop.reviews": 1}, "tokens": {"shop.reviews": 1}}]},
            "weight and tokens, of which only one",
        ),
        (
            {"budget": 99, "stages": [{"name": "one", "budget": 60}, {"name": "two", "budget": 60}]},
            "120 tokens together, 21 more than the budget of 99",
        ),
        ({"budget": 99, "stages": [{"name": "one", "budget": 60}]}, "60 tokens together, 39 less than the budget"),
        (
            {"budget": 60, "stages": [{"name": "one", "budget": 60}, {"name": "two", "share": 1}]},
            "all of the budget of 60, so those with shares get nothing",
        ),
        (
            {"stages": [{"name": "one", "budget": 60, "tokens": {"shop.chats": 80}}]},
            "ask for 80 tokens, 20 more than its 60",
        ),
        ({"stages": [ONE], "sources": [{"dataset": "shop.chats", "tokens": 3}]}, "with stages a source has no tokens"),
        ({"split": {}}, "'validation' is missing"),
        ({"split": {"validation": 0}}, "must be more than 0"),
        ({"split": {"validation": 0.6}}, "must be at most 0.5"),
        ({"split": {"validation": 0.1, "by": "buyers"}}, "no data set of the mix has a field 'buyers'"),
        ({"split": {"validation": 0.1, "by": "note"}}, "has the action 'scan', after which it tells nobody apart"),
        ({"split": {"validation": 0.1, "by": "pay"}}, "is dropped by redaction"),
        ({"split": {"validation": 0.1, "fields": {"shop.chat": "talk"}}}, "'shop.chat' is no data set of the mix"),
        ({"split": {"validation": 0.1, "fields": {"shop.chats": "talks"}}}, "shop.chats has no field 'talks'"),
        (
            {"split": {"validation": 0.1, "by": "conversation"}, "sources": [{"dataset": "shop.reviews"}]},
            "no data set of the mix has conversations",
        ),
        ({"sources": [{"weight": 1}]}, "needs exactly one of dataset, unit"),
        ({"sources": [{"unit": "shop", "dataset": "shop.chats"}]}, "needs exactly one of dataset, unit"),
        ({"sources": [{"unit": "shops"}]}, "did you mean 'shop'?"),
        ({"sources": [{"unit": "shop", "except": ["shop.chat"]}]}, "'shop.chat' is no data set of shop"),
        ({"sources": [{"dataset": "shop.chats", "except": ["shop.chats"]}]}, "except is for a unit's data sets"),
        (
            {"purpose": "eval", "sources": [{"unit": "media"}]},
            "1 do not allow 'eval', 0 have no documents for format 'text'",
        ),
        (
            {"sources": [{"dataset": "shop.chats", "weight": 1}, {"dataset": "shop.reviews"}]},
            "has neither weight nor tokens, and other sources have weights",
        ),
    ],
)
def test_each_fault_of_the_parts_is_told(
    write: Write, contracts: dict[str, Contract], changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(MixError) as caught:
        load(write(**changes), contracts)
    assert words in str(caught.value)
    assert all(p.line >= 1 for p in caught.value.problems)


def test_without_a_policy_only_what_the_contract_drops_is_known(write: Write, contracts: dict[str, Contract]) -> None:
    path = write(sources=[{"dataset": "shop.reviews", "where": {"phone": "1"}}])
    mix = load_mix(path, contracts)
    assert expand(mix, contracts) == (mix, [])
    assert check(mix, contracts) == []
    assert "no meaning to compare" in check(mix, contracts, load_policy())[0].message
