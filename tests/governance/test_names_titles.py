"""Titles of things in eleven languages, with capitals throughout as shops write them: nobody's names.

``tests/names_titles.txt`` has a language and a title, a synopsis, a search or a short praise a line, self-written and
without personal data. Names that stand among capitals are found all the same.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from governance.names.engine import NameEngine

LINES = [
    line.split("|", 1) for line in (Path(__file__).parents[1] / "names_titles.txt").read_text("utf-8").splitlines()
]


@pytest.fixture(scope="module")
def engine() -> NameEngine:
    return NameEngine()


@pytest.mark.parametrize("language", sorted({language for language, _ in LINES}))
def test_titles_of_things_stay(engine: NameEngine, language: str) -> None:
    texts = [text for spoken, text in LINES if spoken == language]
    taken: Counter[int] = Counter()
    for span in engine.scan(texts, [language]):
        taken[span.row] += sum(c.isalnum() for c in texts[span.row][span.start : span.end])
    letters = sum(c.isalnum() for text in texts for c in text)
    assert sum(taken.values()) <= 0.05 * letters
    assert len(taken) <= 0.12 * len(texts)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Entrega Para Fernanda Albuquerque", "Fernanda Albuquerque"),
        ("María del Carmen Ruiz Ortega", "María del Carmen Ruiz Ortega"),
        ("Nguyễn Thị Thu Hà", "Nguyễn Thị Thu Hà"),
        ("Siti Nurhaliza Rahma", "Siti Nurhaliza Rahma"),
        ("Emily Nakamura", "Emily Nakamura"),
        # Names here are words of shops elsewhere.
        ("Gate code not working, met Isla Kettlewell at the entrance.", "Isla Kettlewell"),
        ("met Gigi Hartwell at the gate", "Gigi Hartwell"),
        ("Spoke to Siri Hansen.", "Siri Hansen"),
        ("left with Oren Whitcombe", "Oren Whitcombe"),
        ("met Royce Salgado at the gate", "Royce Salgado"),
        ("Penerima: Ahmad Faizal bin Ismail", "Ahmad Faizal bin Ismail"),
        ("Menteri Keuangan Sri Mulyani Indrawati", "Sri Mulyani Indrawati"),
    ],
)
def test_names_among_capitals_are_found(engine: NameEngine, text: str, name: str) -> None:
    start = text.index(name)
    covered = {i for span in engine.scan([text]) for i in range(span.start, span.end)}
    assert {i for i in range(start, start + len(name)) if text[i].isalnum()} <= covered
