"""Tables of numbers: what is told of all their numbers at once is what each of them says by itself."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.recognisers.engine import PatternEngine
from governance.recognisers.library import bank_card, cn_resident_id
from governance.recognisers.library.checksums import luhn
from governance.recognisers.library.phone_forms import plan
from governance.recognisers.library.rows import Part, rows, sieved
from governance.recognisers.verify import Verifier

REGIONS = [("CN",), ("CN", "US"), ("ID", "VN", "TH"), ("BR", "MX", "RU"), ("HK", "SG", "MY", "KR")]
ENGINES = {regions: PatternEngine(regions) for regions in REGIONS}


def _card(begin: str, size: int) -> str:
    body = begin.ljust(size - 1, "7")
    return next(body + str(check) for check in range(10) if luhn(body + str(check)))


def _grouped(number: str, sizes: list[int], sign: str) -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(number[at : at + size])
        at += size
    return sign.join(part for part in [*parts, number[at:]] if part)


DIGITS = st.text("0123456789", min_size=1, max_size=8)
CARDS = st.builds(
    _grouped,
    st.sampled_from([_card("4", 16), _card("62", 19), _card("50", 12), _card("3528", 18), _card("37", 15)]),
    st.lists(st.integers(3, 6), min_size=1, max_size=4),
    st.sampled_from(" .-"),
)
NUMBERS = st.one_of(
    DIGITS,
    DIGITS,
    st.text("0123456789", min_size=9, max_size=19),
    CARDS,
    st.from_regex(
        r"\A(?:[0-9]{3} [0-9]{3} [0-9]{4}|\([0-9]{3}\) ?[0-9]{3}-[0-9]{4}|0[0-9]{2} [0-9]{4} ?[0-9]{4}|[689][0-9]{3} [0-9]{4})\Z"
    ),
    st.builds("110101{}{:02d}{:02d}{:03d}X".format, st.integers(1890, 2030), st.integers(0, 13), st.integers(0, 32), st.integers(0, 999)),
)  # fmt: skip
SIGNS = st.sampled_from([*(" " * 8), "\n", "  ", ", ", "-", "\t", "|", " (", ") ", "（", "x", " 转", "/"])
TABLES = st.builds(
    lambda before, rows, after: before + "".join(number + sign for number, sign in rows) + after,
    st.sampled_from(["", "", "table ", "电话 ", "(", "5", "卡号"]),
    st.lists(st.tuples(NUMBERS, SIGNS), min_size=40, max_size=90),
    st.sampled_from(["", "", "end", "分机 12", "7"]),
)


@pytest.mark.parametrize("regions", REGIONS)
@settings(max_examples=16)
@given(texts=st.lists(TABLES, min_size=1, max_size=3))
def test_tables_are_read_as_their_numbers_are(regions: tuple[str, ...], texts: list[str]) -> None:
    engine = ENGINES[regions]
    found = list(engine.scan(texts))
    with patch.object(Verifier, "sieve", lambda *_: None):
        assert list(engine.scan(texts)) == found


def _left(text: str, sieve: object) -> list[str]:
    """The runs of digits that are left of a text."""
    (windows,) = sieved([Part(text, 0, len(text), len(text))], sieve)  # type: ignore[arg-type]
    return [text[high:].split()[0] for _, high in windows]


def test_rows_that_no_number_is_grouped_as_are_left_out() -> None:
    text = "965836 799992 984642 224725 41234\n(212) 555-0147 288735 882239\n212 555 0147 88888 965836 799992"
    left = _left(text, plan(("US",)).sieve)
    assert "212" in left
    assert "212)" in left
    assert not {"965836", "984642", "882239", "288735"} & set(left)


def test_groups_that_pass_luhn_are_left() -> None:
    card = _grouped(_card("4", 16), [4, 4, 4], " ")
    text = f"965836 799992 {card} 224725 412345\n888 777"
    left = _left(text, bank_card._sieve)
    assert card.split()[0] in left
    assert "965836" not in left


def test_rows_with_a_date_in_its_place_are_left() -> None:
    assert _left("965836 79900102 1234 110101 19900102 1239 4455", cn_resident_id._sieve) == ["110101"]


def test_numbers_of_one_part_do_not_run_into_the_next() -> None:
    parts = [Part("11 2222", 0, 7, 7), Part("x3333 44", 2, 8, 8), Part("5 66", 0, 2, 3)]
    assert sieved(parts, lambda found: found.size > 0) == [[(0, 0), (3, 3)], [(6, 6)], [(0, 0), (2, 2)]]
    assert rows(parts)[0].size.tolist() == [2, 4, 4, 2, 1, 1]


@pytest.mark.parametrize("backend", ["hyperscan", "re2", "re"])
def test_a_bracket_where_one_stretch_ends_is_read_with_its_number(backend: str) -> None:
    # A long row is cut into stretches; the bracket stands before, at and behind each place where two may meet.
    engine = PatternEngine(("US",), ("PHONE_NUMBER",), backend=backend)
    line = "965836 799992 984642 224725 41234\n"
    for before in (*range(250, 260), *range(629, 634)):
        text = (line * 30)[: before - 6] + "\n789 (212) 5550147\n" + line * 70
        assert [text[s.start : s.end] for s in engine.scan([text])] == ["(212) 5550147"], before


def test_a_bracket_at_the_end_of_a_part_is_left_without_its_run() -> None:
    text = "789 (212) 555"
    whole = [Part(text, 0, 4, len(text)), Part(text, 5, len(text), len(text))]
    assert sieved(whole, lambda found: found.size > 0) == [[(0, 0), (4, 4)], [(5, 5), (10, 10)]]


def test_where_a_failed_check_counts_nothing_is_sieved_out() -> None:
    text = "965836 799992 984642 224725 41234\n" * 12 + "4123 4567 8901 2345\n" + "965836 799992 984642\n" * 8
    engine = PatternEngine(("CN",), ("BANK_CARD",), threshold=0.2)
    with patch.object(Verifier, "sieve", lambda *_: None):
        plain = list(engine.scan([text]))
    assert plain
    assert list(engine.scan([text])) == plain
