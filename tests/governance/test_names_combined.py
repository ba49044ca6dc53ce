"""Patterns, names and addresses in one scan."""

from __future__ import annotations

from governance.names.combined import CombinedEngine, resolved
from governance.names.engine import NameEngine
from governance.recognisers.engine import PatternEngine, Span

ENGINE = CombinedEngine(PatternEngine(("CN", "US")), NameEngine())
TEXTS = [
    "收货人：陈晓雯，电话13800138000，地址是北京市西城区青石大街217号。",
    "Write to oliver.whitlock@example.com, signed Oliver Whitlock",
    "质量很好，谢谢",
    None,
]


def scrubbed(texts: list[str | None]) -> list[str | None]:
    out = list(texts)
    for span in sorted(ENGINE.scan(texts), key=lambda s: (s.row, -s.start)):
        text = out[span.row]
        assert text is not None
        if not span.keep:
            out[span.row] = f"{text[: span.start]}<{span.entity}>{text[span.end :]}"
    return out


def test_all_kinds_in_one_pass() -> None:
    found = [(s.row, s.entity) for s in ENGINE.scan(TEXTS)]
    assert found == [
        (0, "PERSON"),
        (0, "PHONE_NUMBER"),
        (0, "ADDRESS"),
        (1, "EMAIL_ADDRESS"),
        (1, "PERSON"),
    ]


def test_scrubbing_twice_changes_nothing() -> None:
    once = scrubbed(TEXTS)
    assert scrubbed(once) == once
    assert once[2] == TEXTS[2]


def test_a_checksum_outranks_a_longer_span_and_the_rest_stays_covered() -> None:
    card = Span(0, 5, 12, "BANK_CARD", 0.95, "card", "checksum", False)
    address = Span(0, 0, 20, "ADDRESS", 0.7, "addresses", "grammar", False)
    assert [(s.entity, s.start, s.end) for s in resolved([address, card])] == [
        ("ADDRESS", 0, 5),
        ("BANK_CARD", 5, 12),
        ("ADDRESS", 12, 20),
    ]


def test_what_is_public_yields_to_personal_data() -> None:
    public = Span(0, 2, 8, "PHONE_NUMBER", 0.9, "service", "pattern", True)
    name = Span(0, 6, 12, "PERSON", 0.7, "names", "model", False)
    assert resolved([public, name]) == [name]
