"""Names and addresses of many origins by language, in sets written before they were scored.

``tests/names_fresh/<language>.txt`` has a text a line, ``<names>`` and ``{addresses}`` marked, ``\\n`` for a line break:
tickets, forms, sign-offs, headlines, match reports, text as tokenisers leave it, text in small letters. ``<language>_without.txt``
has titles, searches, headlines and forms that name nobody, chosen for words that are names elsewhere. Self-written; all
people are invented. Much of it is harder than what people write, so the floors tell of change, not of quality.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from governance.names.engine import NameEngine

FOLDER = Path(__file__).parents[1] / "names_fresh"
#: Least share of names covered whole, least share of finds that touch one, least share of addresses covered whole,
#: most letters of a thousand taken from texts without any.
FLOORS = {
    "en": (0.85, 0.95, 0.8, 32.0),
    "es": (0.87, 0.95, 0.85, 52.0),
    "pt": (0.85, 0.95, 0.8, 35.0),
    "ko": (0.93, 0.97, 0.97, 4.0),
    "th": (0.88, 0.97, 0.92, 4.0),
    "ru": (0.87, 0.97, 0.9, 15.0),
}
_OPENS, _CLOSES = {"<": "PERSON", "{": "ADDRESS"}, {">", "}"}


@pytest.fixture(scope="module")
def engine() -> NameEngine:
    return NameEngine()


def _lines(name: str) -> list[str]:
    return [line.replace("\\n", "\n") for line in (FOLDER / name).read_text("utf-8").splitlines()]


def _marked(line: str) -> tuple[str, list[tuple[str, int, int]]]:
    """A line without its marks, and its values: entity, first code point, last one + 1."""
    text, values, kind, opened = "", [], "", 0
    for character in line:
        if character in _OPENS:
            kind, opened = _OPENS[character], len(text)
        elif character in _CLOSES:
            values.append((kind, opened, len(text)))
        else:
            text += character
    return text, values


@pytest.mark.parametrize("language", sorted(FLOORS))
def test_names_and_addresses_are_covered_whole(engine: NameEngine, language: str) -> None:
    rows = [_marked(line) for line in _lines(f"{language}.txt")]
    covered: list[set[int]] = [set() for _ in rows]
    right = said = 0
    for span in engine.scan([text for text, _ in rows], [language]):
        covered[span.row].update(range(span.start, span.end))
        if span.entity == "PERSON":
            said += 1
            right += any(a < span.end and span.start < b for _, a, b in rows[span.row][1])
    whole = {"PERSON": [0, 0], "ADDRESS": [0, 0]}
    for (text, values), got in zip(rows, covered, strict=True):
        for entity, start, end in values:
            whole[entity][0] += all(i in got for i in range(start, end) if text[i].isalnum())
            whole[entity][1] += 1
    names, precision, addresses, _ = FLOORS[language]
    assert whole["PERSON"][0] >= names * whole["PERSON"][1]
    assert right >= precision * said
    assert whole["ADDRESS"][0] >= addresses * whole["ADDRESS"][1]


@pytest.mark.parametrize("language", sorted(FLOORS))
def test_texts_that_name_nobody_stay(engine: NameEngine, language: str) -> None:
    texts = _lines(f"{language}_without.txt")
    taken = sum(
        sum(c.isalnum() for c in texts[span.row][span.start : span.end]) for span in engine.scan(texts, [language])
    )
    letters = sum(c.isalnum() for text in texts for c in text)
    assert 1000 * taken <= FLOORS[language][3] * letters


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("en", "Okonkwo-Bright, Mary Ann – room 12", "Okonkwo-Bright, Mary Ann"),
        ("en", "Cheers, Gav", "Gav"),
        ("en", "first_name=Rosalind&order=12", "Rosalind"),
        ("en", "Good morning Emeline, the form is signed", "Emeline"),
        ("es", "Buenas tardes Clotilde, ¿me ayuda?", "Clotilde"),
        ("pt", "Procurador: Hermógenes Calabresi", "Hermógenes Calabresi"),
        ("ru", "Получатель: Бережная Агния Олеговна", "Бережная Агния Олеговна"),
        ("ru", "расписался егор васильевич", "егор васильевич"),
        ("ru", "Владелец карты: MARINA KLIMOVA", "MARINA KLIMOVA"),
    ],
)
def test_forms_of_names(engine: NameEngine, language: str, text: str, name: str) -> None:
    assert name in {text[span.start : span.end] for span in engine.scan([text], [language])}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Parkinson's disease support line"),
        ("es", "Catedral de Burgos: precios y horarios"),
        ("es", "Dolores de espalda: causas y remedios"),
        ("pt", "Serra da Estrela: estado das pistas"),
        ("ru", "Больница имени Боткина переехала"),
    ],
)
def test_what_bears_a_name_is_nobody(engine: NameEngine, language: str, text: str) -> None:
    assert not len(engine.scan([text], [language]))
