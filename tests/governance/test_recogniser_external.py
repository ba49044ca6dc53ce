"""Models of others beside ours: found, mapped, merged, and missed in words that help. Exercised with a blank spaCy
pipeline and rules; Stanza, transformers and GLiNER are not installed here, and only their absence is tested."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from clearinghouse.scrub import Scrubber, default_engine
from governance.pseudonyms import Key
from governance.recognisers.external import EngineMissing, ExternalEngine, identity, loaded
from schemas.contract import External, Policy, Rule
from tests.clearinghouse.test_scrub import CATEGORIES, batch, contract, field

spacy = pytest.importorskip("spacy")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = spacy.blank("en")
    rules = made.add_pipe("entity_ruler")
    rules.add_patterns(
        [
            {"label": "PERSON", "pattern": "Zorbulax Quimbly"},
            {"label": "ORG", "pattern": "Acme"},
            {"label": "HANDLE", "pattern": [{"TEXT": {"REGEX": "^zq[0-9]+$"}}]},
        ]
    )
    folder = tmp_path_factory.mktemp("model") / "rules"
    made.to_disk(folder)
    return folder


@pytest.fixture(scope="module")
def engine(model: Path) -> External:
    return External("spacy", str(model), ("en",), labels=(("HANDLE", "USERNAME"), ("PERSON", "PERSON")))


TEXTS = ["Send it to Zorbulax Quimbly of Acme, zq77, call 13800138000.", "没有", None, "", "👍 Zorbulax Quimbly"]


def test_its_finds_join_ours(engine: External) -> None:
    found = default_engine(("CN", "US"), external=(engine,)).scan(TEXTS, ["en"])
    shown = [(s.row, (TEXTS[s.row] or "")[s.start : s.end], s.entity, s.recogniser, s.reason) for s in found]
    assert (0, "zq77", "USERNAME", "spacy.rules", "model") in shown
    assert (4, "Zorbulax Quimbly", "PERSON") in [one[:3] for one in shown]
    assert (0, "13800138000", "PHONE_NUMBER") in [one[:3] for one in shown]
    assert not any(one[1] == "Acme" for one in shown), "a label that nobody mapped"
    assert "USERNAME" in ExternalEngine(default_engine(("CN",)), (engine,)).supported_entities()


def test_it_reads_its_own_languages_alone(engine: External) -> None:
    found = default_engine(("CN", "US"), external=(engine,)).scan(TEXTS, ["zh"])
    assert "spacy.rules" not in {s.recogniser for s in found}


def test_a_policy_calls_it_in_and_scrubs_once_and_for_all(engine: External) -> None:
    made = contract(field("body", "text.free", language="en"))
    policy = Policy("test", "1", (Rule("*", "placeholder"),), CATEGORIES, (), "p.yaml", "p" * 64, (engine,))
    scrubber = pickle.loads(pickle.dumps(Scrubber(made, policy, Key(b"k" * 32))))
    once = scrubber(batch(made, [{"body": text} for text in TEXTS])).batch
    assert once.column("body")[0].as_py() == "Send it to <PERSON> of Acme, <USERNAME>, call <PHONE_NUMBER>."
    twice = scrubber(batch(made, [{"body": text} for text in once.column("body").to_pylist()])).batch
    assert twice.column("body") == once.column("body")


def test_long_texts_are_read_in_parts(engine: External) -> None:
    text = "Nothing here. " * 8000 + "Zorbulax Quimbly"
    found = [
        s
        for s in default_engine(("US",), external=(engine,)).scan([text], ["en"])
        if "Zorbulax" in text[s.start : s.end]
    ]
    assert [(s.start, s.end) for s in found] == [(len(text) - 16, len(text))]


def test_weights_are_part_of_its_name(engine: External, model: Path) -> None:
    name = identity(engine)
    assert name.startswith(f"spacy {spacy.__version__} ")
    meta = model / "meta.json"
    before = meta.read_bytes()
    try:
        meta.write_bytes(before + b" ")
        identity.cache_clear()
        assert identity(engine) != name
    finally:
        meta.write_bytes(before)
        identity.cache_clear()


@pytest.mark.parametrize(
    ("engine_name", "there"), [("spacy", True), ("stanza", False), ("transformers", False), ("gliner", False)]
)
def test_what_is_missing_is_named_with_its_cure(engine_name: str, there: bool, tmp_path: Path) -> None:
    missing = External(engine_name, "no_such_model", ("zh",))  # type: ignore[arg-type]
    with pytest.raises(EngineMissing) as caught:
        loaded(missing)
    said = str(caught.value) + str(caught.value.fix)
    assert "no_such_model" in said
    assert f"engine: {engine_name}" in said
    assert "pip install" in said or "download" in said
    with pytest.raises(EngineMissing):
        loaded(replace(missing, model=str(tmp_path)))
