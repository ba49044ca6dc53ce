"""Names and addresses in a small self-written set of ten languages: chats, notes, contracts, news-like sentences, titles.

``tests/names_written/<language>.txt`` has a text a line, ``<names>`` and ``{addresses}`` marked. It was written by hand
apart from the text that the models are trained on, and all people in it are invented. It is self-written: its figures say
that these forms are found, and nothing of how often people write otherwise.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from governance.names.engine import NameEngine

FOLDER = Path(__file__).parents[1] / "names_written"
#: Least share of names covered whole, least share of finds that are names, least share of addresses covered whole.
FLOORS = {
    "en": (0.95, 0.85, 0.8),
    "es": (0.8, 0.85, 0.8),
    "id": (0.9, 0.82, 0.7),
    "ko": (0.85, 0.9, 0.8),
    "ms": (0.9, 0.85, 0.6),
    "pt": (0.85, 0.85, 0.7),
    "ru": (0.95, 0.9, 0.7),
    "th": (0.88, 0.95, 0.6),
    "vi": (0.82, 0.85, 0.5),
    "zh": (0.88, 0.95, 0.8),
    # News, microblogs, dialogue and stories, some of it with spaces between words and signs; no addresses.
    "id_news": (0.74, 0.95, 0.0),
    "ko_news": (0.75, 0.95, 0.0),
    "ms_news": (0.72, 0.95, 0.0),
    "vi_news": (0.86, 0.9, 0.0),
    "zh_news": (0.85, 0.95, 0.0),
}
_OPENS, _CLOSES = {"<": "PERSON", "{": "ADDRESS"}, {">": "PERSON", "}": "ADDRESS"}


@pytest.fixture(scope="module")
def engine() -> NameEngine:
    return NameEngine()


def marked(line: str) -> tuple[str, list[tuple[str, int, int]]]:
    """A line without its marks, and its values: entity, first code point, last one + 1."""
    text, values, opened = "", [], 0
    for character in line:
        if character in _OPENS:
            opened = len(text)
        elif character in _CLOSES:
            values.append((_CLOSES[character], opened, len(text)))
        else:
            text += character
    return text, values


@pytest.mark.parametrize("language", sorted(FLOORS))
def test_the_self_written_set_is_found(engine: NameEngine, language: str) -> None:
    rows = [marked(line) for line in (FOLDER / f"{language}.txt").read_text("utf-8").splitlines()]
    texts = [text for text, _ in rows]
    covered: list[set[int]] = [set() for _ in rows]
    right = said = 0
    for span in engine.scan(texts, [language.partition("_")[0]]):
        covered[span.row].update(range(span.start, span.end))
        if span.entity == "PERSON":
            said += 1
            right += any(e == "PERSON" and a < span.end and span.start < b for e, a, b in rows[span.row][1])
    whole = {"PERSON": [0, 0], "ADDRESS": [0, 0]}
    for (text, values), got in zip(rows, covered, strict=True):
        for entity, start, end in values:
            whole[entity][0] += all(i in got for i in range(start, end) if text[i].isalnum())
            whole[entity][1] += 1
    names, precision, addresses = FLOORS[language]
    assert whole["PERSON"][0] >= names * whole["PERSON"][1]
    assert right >= precision * said
    assert whole["ADDRESS"][0] >= addresses * whole["ADDRESS"][1]


def test_the_set_has_lines_without_names_in_each_language() -> None:
    for language in FLOORS:
        lines = (FOLDER / f"{language}.txt").read_text("utf-8").splitlines()
        assert sum("<" not in line and "{" not in line for line in lines) >= 10, language
