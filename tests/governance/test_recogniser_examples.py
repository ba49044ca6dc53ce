"""What is found and what stays, form by form."""

from __future__ import annotations

import pytest
from recogniser_samples import ALONE, CLEAN, LABELLED

from governance.recognisers.engine import PatternEngine

ENGINE = PatternEngine(("CN",))
WORLD = PatternEngine(("CN", "US", "GB", "ES", "KR", "TH", "RU", "BR", "VN"))


def found(text: str, engine: PatternEngine = ENGINE) -> list[tuple[str, str]]:
    return [(s.entity, text[s.start : s.end]) for s in engine.scan([text]) if not s.keep]


@pytest.mark.parametrize(("entity", "value"), [(e, v) for e, values in ALONE.items() for v in values])
@pytest.mark.parametrize("carrier", ["{}", "我的是{}请回复", "see {} now", "({})", "“{}”，谢谢", "\n{}\n", "：{}。"])
def test_values_alone(entity, value, carrier):
    assert found(carrier.format(value)) == [(entity, value)]


@pytest.mark.parametrize(("entity", "before", "value", "after"), [(e, *v) for e, vs in LABELLED.items() for v in vs])
def test_values_beside_a_word(entity, before, value, after):
    assert found(before + value + after) == [(entity, value)]
    # Some shapes are telling without the word: a telephone's, a carrier's, a market's, a wallet's.
    assert found(value) == [] or entity in ("PHONE_NUMBER", "ORDER_NUMBER", "WAYBILL", "CRYPTO_WALLET", "ORGANISATION")


@pytest.mark.parametrize("text", CLEAN)
@pytest.mark.parametrize("engine", [ENGINE, WORLD], ids=["cn", "world"])
def test_what_is_nobodys_stays(text, engine):
    assert found(text, engine) == []


def test_in_doubt_a_number_is_somebodys():
    # 1-800-837-5616 in America, and a mobile in China.
    assert found("18008375616", WORLD) == [("PHONE_NUMBER", "18008375616")]
    assert found("call 1-800-555-0100", WORLD) == []
    assert found("call +1 800 555 0100", WORLD) == []
    assert found("0345 867 0000", PatternEngine(("CN", "GB"))) == [("PHONE_NUMBER", "0345 867 0000")]
