"""Presidio's operators in our policies, and our actions in Presidio's engine."""

from __future__ import annotations

import pytest
from presidio_anonymizer.entities import InvalidParamError, OperatorConfig

from governance.actions.operators import anonymizer, run_operator
from governance.actions.replace import Order, Replacer
from governance.pseudonyms import Key
from governance.recognisers.presidio import analyzer
from schemas.errors import PolicyError

KEY, SEALING = Key(b"k" * 32), Key(b"s" * 32)
TEXT = "请给13800138000打电话，或写信到 wang.xm@qq.com。"


def test_presidios_operators_run() -> None:
    mask = {"masking_char": "x", "chars_to_mask": 7, "from_end": False}
    assert run_operator("mask", mask, "13800138000", "PHONE_NUMBER") == "xxxxxxx8000"
    assert run_operator("replace", {"new_value": "[tel]"}, "13800138000", "PHONE_NUMBER") == "[tel]"
    assert run_operator("redact", {}, "13800138000", "PHONE_NUMBER") == ""
    salted = run_operator("hash", {"salt": "0123456789abcdef"}, "13800138000", "PHONE_NUMBER")
    assert salted == run_operator("hash", {"salt": "0123456789abcdef"}, "13800138000", "PHONE_NUMBER")


@pytest.mark.parametrize(
    ("name", "params", "words"),
    [
        ("shred", {}, "Presidio has no operator 'shred'"),
        ("mask", {"masking_char": "xx"}, "refuses its parameters"),
        ("hash", {}, "another answer each time"),
    ],
)
def test_operators_that_cannot_be_used_are_refused(name: str, params: dict, words: str) -> None:
    with pytest.raises(PolicyError, match=words) as caught:
        run_operator(name, params, "13800138000", "PHONE_NUMBER")
    assert "1380" not in str(caught.value)


@pytest.mark.parametrize("action", ["drop", "mask", "placeholder", "pseudonym", "surrogate", "encrypt", "keep"])
def test_our_actions_in_presidios_engine_do_what_the_scrubber_does(action: str) -> None:
    params = {"action": action, "key": KEY, "sealing": SEALING, "scope": "u"}
    found = analyzer().analyze(TEXT, language="zh")
    made = anonymizer().anonymize(TEXT, found, {"DEFAULT": OperatorConfig("clearinghouse", params)}).text
    expected = TEXT
    for result in sorted(found, key=lambda r: -r.start):
        value = TEXT[result.start : result.end]
        if action != "keep":
            order = Order(action, result.entity_type)
            expected = (
                expected[: result.start]
                + Replacer(KEY.value_hash, SEALING)(order, [value], "u")[0][0]
                + expected[result.end :]
            )
    assert len(found) == 2
    assert made == expected


def test_our_operator_needs_its_key() -> None:
    for params in ({"action": "shred"}, {"action": "pseudonym"}, {"action": "encrypt", "key": KEY}):
        with pytest.raises(InvalidParamError):
            anonymizer().anonymize(
                TEXT, analyzer().analyze(TEXT, language="zh"), {"DEFAULT": OperatorConfig("clearinghouse", params)}
            )
