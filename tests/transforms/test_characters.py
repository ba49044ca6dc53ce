"""Classes of characters and the lines of texts, against what a plain reading of each text says."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.characters import CLASS, classes, codes_of, lines

SPACES = " \t\u00a0\u3000"
ENDS = "\n\r\u2028"


def plainly(texts: list[str]) -> list[tuple[int, int, int]]:
    """Text, beginning and end of every line that holds more than spaces; places are those in the joined texts."""
    found, at = [], 0
    for number, text in enumerate(texts):
        line = ""
        for place, sign in enumerate([*text, "\n"]):
            if sign not in ENDS:
                line += sign
                continue
            if line.strip(SPACES):
                head = at + place - len(line)
                found.append(
                    (
                        number,
                        head + len(line) - len(line.lstrip(SPACES)),
                        head + len(line.rstrip(SPACES)),
                    )
                )
            line = ""
        at += len(text) + 1
    return found


def told(texts: list[str]) -> list[tuple[int, int, int]]:
    kinds = classes(codes_of("\0".join(texts)))
    found = lines(kinds, np.array([len(text) for text in texts]))
    assert (found.opens == kinds[found.start]).all()
    assert (found.closes == kinds[found.end - 1]).all()
    return list(zip(found.text.tolist(), found.start.tolist(), found.end.tolist(), strict=True))


def test_lines_are_stripped_of_spaces_however_many() -> None:
    texts = [f"{' ' * 40}a b{' ' * 30}\n{' ' * 50}\n \u3000中。\u3000", "", " ", f"x{' ' * 9}", f"{' ' * 9}\n\ny"]
    assert told(texts) == plainly(texts)
    assert [text for text, *_ in told(texts)] == [0, 0, 3, 4]


def test_a_line_may_end_or_begin_with_any_sign() -> None:
    assert told(["• one.\n(two)"]) == [(0, 0, 6), (0, 7, 12)]
    assert classes(codes_of("•."))[0] == CLASS["bullet"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(alphabet=f"ab中。{SPACES}{ENDS}", max_size=40), min_size=1, max_size=6))
def test_lines_are_those_of_a_plain_reading(texts: list[str]) -> None:
    assert told(texts) == plainly(texts)
