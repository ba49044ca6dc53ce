"""The fast lane and Presidio's lane agree, and Presidio's engines work on ours."""

from __future__ import annotations

import socket

import pytest
from hypothesis import HealthCheck, given, settings
from presidio_analyzer import BatchAnalyzerEngine, Pattern, PatternRecognizer
from presidio_anonymizer import AnonymizerEngine
from recogniser_samples import ALONE, CLEAN, LABELLED
from test_recogniser_properties import EXAMPLES, TEXTS

from governance.recognisers.engine import PatternEngine, resolve, whole_characters
from governance.recognisers.pattern import Hit
from governance.recognisers.presidio import ClearinghouseRecognizer, analyzer

ENGINE = PatternEngine(("CN", "US", "TH"), settle=False)
FAST = analyzer(ENGINE, ("zh", "en"))
PLAIN = analyzer(ENGINE, ("zh", "en"), plain=True)
NAMES = [pattern.name for pattern in ENGINE.patterns]


def fast(text: str) -> list[tuple[str, int, int]]:
    return sorted((r.entity_type, r.start, r.end) for r in FAST.analyze(text, language="zh"))


def plain(text: str) -> list[tuple[str, int, int]]:
    """Presidio's answers with our rule for overlaps; what is shielded or public is no answer."""
    hits = [
        (NAMES.index(r.recognition_metadata["recognizer_name"]), Hit(r.start, r.end, r.score, ""))
        for r in PLAIN.analyze(text, language="zh")
    ]
    return sorted(
        (ENGINE.patterns[p].entity, *whole_characters(text, hit.start, hit.end))
        for p, hit in resolve(text, hits, ENGINE.patterns)
        if ENGINE.patterns[p].kind == "pii"
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=EXAMPLES)
@given(TEXTS)
def test_fast_lane_equals_presidio_lane(text):
    assert fast(text) == plain(text)


def test_lanes_agree_on_every_sample():
    for values in ALONE.values():
        for value in values:
            assert fast(f"我的是{value}请回复") == plain(f"我的是{value}请回复") != []
    for rows in LABELLED.values():
        for row in rows:
            assert fast("".join(row)) == plain("".join(row)) != []
    for text in CLEAN:
        assert fast(text) == plain(text) == []


def test_nothing_is_fetched(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    made = analyzer(PatternEngine())
    for language in made.supported_languages:
        results = made.analyze("联系 a.b@example.com 或13800138000", language=language)
        assert {r.entity_type for r in results} == {"EMAIL_ADDRESS", "PHONE_NUMBER"}


def test_batches_and_prepared_tables_give_the_same():
    texts = ["电话13800138000", "无", "a.b@example.com", "电话13800138000"]
    found = list(BatchAnalyzerEngine(FAST).analyze_iterator(texts, language="zh"))
    assert [len(row) for row in found] == [1, 0, 1, 1]
    recognizer = ClearinghouseRecognizer(ENGINE)
    recognizer.prepare(texts)
    prepared = [[(r.start, r.end) for r in recognizer.analyze(t, ["PHONE_NUMBER", "EMAIL_ADDRESS"])] for t in texts]
    assert prepared == [[(r.start, r.end) for r in row] for row in found]
    table = BatchAnalyzerEngine(FAST).analyze_dict({"remark": texts, "n": 1}, language="zh")
    assert [len(row) for row in next(iter(table)).recognizer_results] == [1, 0, 1, 1]


def test_entities_may_be_chosen_and_others_added():
    ours = FAST.analyze("13800138000 a.b@example.com", language="zh", entities=["PHONE_NUMBER"])
    assert [r.entity_type for r in ours] == ["PHONE_NUMBER"]
    third = PatternRecognizer("TICKET", supported_language="zh", patterns=[Pattern("t", "T[0-9]{4}", 0.9)])
    mixed = analyzer(ENGINE, ("zh",), extra=[third]).analyze("票T1234 电话13800138000", language="zh")
    assert {r.entity_type for r in mixed} == {"TICKET", "PHONE_NUMBER"}


def test_presidio_operators_work_on_our_results():
    text = "我的电话是13800138000，邮箱a.b@example.com。"
    made = AnonymizerEngine().anonymize(text, FAST.analyze(text, language="zh"))
    assert made.text == "我的电话是<PHONE_NUMBER>，邮箱<EMAIL_ADDRESS>。"


@pytest.mark.parametrize("text", ["客服热线400-123-4567", "看 https://example.com/news/1.html"])
def test_public_numbers_and_ordinary_links_are_no_results(text):
    assert FAST.analyze(text, language="zh") == []
