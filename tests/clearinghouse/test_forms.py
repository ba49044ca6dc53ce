"""Recall on many ways of writing, and what is covered of text that only looks personal. Self-written: `tests/holdout`."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest

from clearinghouse.evaluation import evaluate
from clearinghouse.evaluation.labels import LabelMap, load_map
from clearinghouse.evaluation.records import Reading
from clearinghouse.evaluation.run import Question
from clearinghouse.scrub import default_engine
from governance.recognisers.regions import regions_for

HERE = Path(__file__).resolve().parents[1] / "holdout"
#: Least share of values covered in full; a kind that is not named: all of it.
FLOORS = {"EMAIL_ADDRESS": 0.985, "PHONE_NUMBER": 0.98, "PLATE": 0.94, "WAYBILL": 0.88}
#: Letters and digits of a thousand that others than the finders of names cover, at most.
OVER = {"en": 14.0, "es": 8.0, "zh": 16.0}
OF_NAMES = frozenset({"PERSON", "ADDRESS", "PUBLIC_FIGURE"})


def test_ways_of_writing_are_known() -> None:
    found = evaluate([HERE / "forms.jsonl"], Question(Reading(), LabelMap(load_map(HERE / "labels.yaml"))))
    labels: Counter[str] = Counter()
    full: Counter[str] = Counter()
    for (_, _, entity), counts in found.tally.counts.items():
        labels[entity] += counts.labels
        full[entity] += counts.full
    short = {
        entity: (full[entity], count)
        for entity, count in labels.items()
        if full[entity] < FLOORS.get(entity, 1) * count
    }
    assert not short
    assert sum(labels.values()) > 1_900


@pytest.mark.parametrize("language", ["en", "zh", "es", "pt", "ko", "vi", "th", "id", "ru"])
def test_what_only_looks_personal_stays(language: str) -> None:
    records = map(json.loads, (HERE / "clean_forms.jsonl").read_text(encoding="utf-8").splitlines())
    texts = [record["text"] for record in records if record["language"] == language]
    spans = default_engine(regions_for(None, language)).scan(pa.array(texts, pa.large_string()), [language])
    covered = [(s.entity, texts[s.row][s.start : s.end]) for s in spans if not s.keep and s.entity not in OF_NAMES]
    letters = sum(c.isalnum() for text in texts for c in text)
    over = 1000 * sum(c.isalnum() for _, value in covered for c in value) / letters
    assert len(texts) >= 100
    assert over <= OVER.get(language, 0.5), covered
