"""Names in small letters that are words too: told where what stands beside them says so, and words elsewhere."""

from __future__ import annotations

import pytest

from governance.names.engine import NameEngine
from tests.governance.names_help import said


@pytest.fixture(scope="module")
def engine() -> NameEngine:
    return NameEngine()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("my name is mark", "mark"),
        ("my name is grace and i need help", "grace"),
        ("customer name: frank lee, order 5512", "frank lee"),
        ("hi i'm jack from the store", "jack"),
        ("i am joe", "joe"),
        ("hello grace, any news?", "grace"),
        ("thanks, mark", "mark"),
        ("where is my order?\nmany thanks\ntom", "tom"),
        ("regards, tom whitfield", "tom whitfield"),
        ("grace mbeki signed for it", "grace mbeki"),
        ("my boss jack fletcher said so", "jack fletcher"),
        ("my sister rose told me", "rose"),
        ("i met grace yesterday", "grace"),
        ("uncle joe is coming", "joe"),
        ("ask mr kowalski next door", "kowalski"),
        ("remind me to call dr nguyen at 5", "nguyen"),
        ("me llamo rosa y quiero devolver", "rosa"),
        ("hola soy luz, no llega mi pedido", "luz"),
        ("la señora pilar firmó", "pilar"),
        ("falei com a dona aparecida", "aparecida"),
        ("obrigada\nluna", "luna"),
        ("kak indah tolong cek", "indah"),
        ("nama saya bagus prakoso", "bagus prakoso"),
        ("saya wahyu dari toko sebelah", "wahyu"),
    ],
)
def test_what_stands_beside_a_word_makes_it_a_name(engine: NameEngine, text: str, name: str) -> None:
    assert any(found.endswith(name) for found in said(engine, text))


@pytest.mark.parametrize(
    "text",
    [
        "my name is not important",
        "my name is wrong on the card",
        "thanks, will do",
        "this is rose gold",
        "it's amber colored",
        "im just sandy from the beach",
        "i'm a guy, the guy was rude",
        "good morning sunshine, hi honey",
        "rose water 200ml, jade necklace, amber ring, olive oil",
        "name: rose petal tea",
        "customer: star bakery",
        "contact: sky news",
        "the woman rose up",
        "barangnya bagus dan indah, sudah bagus banget",
        "con flores y luz natural",
        "the courier drew a mark on the box",
        "mr coffee and dr pepper",
    ],
)
def test_words_stay_words(engine: NameEngine, text: str) -> None:
    assert said(engine, text) == []


def test_a_name_is_told_of_its_own_row_alone(engine: NameEngine) -> None:
    """What stands beside a word is its row's, wherever the row lies in a block."""
    rows = ["my name is", "mark", "thanks,", "grace", "is coming", "uncle", "joe went"]
    spans = engine.scan(rows)
    assert [(s.row, rows[s.row][s.start : s.end]) for s in spans] == [
        (i, row[s.start : s.end]) for i, row in enumerate(rows) for s in engine.scan([row])
    ]
