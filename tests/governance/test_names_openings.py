"""Places where expressions may match are told without trying any: never too few."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from governance.names import address_latin
from governance.names.openings import Openings

TESTS = Path(__file__).parent.parent
#: Addresses and other texts of all languages, as invented for other tests.
TEXTS = [
    *(json.loads(line)["text"] for line in (TESTS / "values_written.jsonl").read_text("utf-8").splitlines()),
    *((TESTS / "names_written" / "en.txt").read_text("utf-8").splitlines()),
    *((TESTS / "names_written" / "id.txt").read_text("utf-8").splitlines()),
    *((TESTS / "names_written" / "vi.txt").read_text("utf-8").splitlines()),
    "ALAMAT: JL. SUDIRMAN NO. 5, my new address is 12 The Strand, Địa chỉ: số 5 Lê Lợi, quận 1; ship to Ann Way 7",
    "c/ Mayor 5, C/O Ann, \u017fqn 5, 12b rue de la Paix, P.O. Box 12, 5jalan 7, Blk 12 Bedok #02-03, ul. Długa 7",
]


def _codes(texts: list[str]) -> tuple[str, np.ndarray, np.ndarray, np.ndarray]:
    """Texts with a sign between each two, their code points, and where each begins and ends."""
    text = "".join(f"{each}\ue003" for each in texts)
    ends = np.cumsum([len(each) + 1 for each in texts]) - 1
    codes = np.minimum(np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32), 0xFFFF)
    return text, codes, ends - np.array([len(each) for each in texts]), ends


@pytest.mark.parametrize("number", range(len(address_latin.ALL)))
def test_every_match_of_an_address_begins_at_a_place_that_was_told(number: int) -> None:
    pattern = address_latin.ALL[number][1]
    text, codes, begins, ends = _codes(TEXTS)
    told = Openings(pattern).places(codes, begins, ends)
    tries = 0
    for own, begin, end in zip(told, begins.tolist(), ends.tolist(), strict=True):
        matched = [at for at in range(begin, end) if pattern.match(text, at, end)]
        assert set(matched) <= set(own)
        assert list(address_latin.spans(pattern, text, begin, end, own)) == list(
            address_latin.spans(pattern, text, begin, end)
        )
        tries += len(own)
    assert tries < len(text) / 5  # worth the while


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("ab", [8]),
        ("(?i)ab", [5, 8]),
        ("a(?i:b)", [8]),
        ("(?:x|y)?ab", [8, 14]),
        ("[0-9]{2}", [11]),
        ("\\d,?", [11, 18, 19]),  # digits of other scripts
        ("(?i)k", [18]),  # the sign of kelvin is one
        ("(?:y|a{2,})b", []),
        ("(?<!x)(?=a)[^b]b", [5, 8]),
        ("(?:a|y)*b", [0, 14, 8]),
    ],
)
def test_places_follow_from_the_first_two_characters(expression: str, expected: list[int]) -> None:
    _, codes, begins, ends = _codes(["(", "b  a Ab ab 12 yab é1"])
    _, second = Openings(re.compile(expression)).places(codes, begins, ends)
    assert [at - int(begins[1]) for at in second] == sorted(expected)
