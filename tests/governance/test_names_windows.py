"""Very long texts are looked at in pieces: where they are cut, and that finds are those of the whole."""

from __future__ import annotations

from random import Random

import numpy as np
import pyarrow as pa
import pytest

from governance.names import windows
from governance.names.combined import CombinedEngine
from governance.names.engine import NameEngine
from governance.recognisers.engine import PatternEngine

ENGINE = CombinedEngine(PatternEngine(("CN", "US")), NameEngine())
SAID = (
    "收货人：陈晓雯，电话13800138000，地址是北京市西城区青石大街217号。",
    "Write to oliver.whitlock@example.com, signed Oliver Whitlock.",
    "My name is Helen Cooper and my order is late.",
    "质量很好，谢谢。",
    "The parcel stood before the door when we came home.",
)


def story(seed: int, size: int, between: str = "\n\n") -> str:
    random, parts, length = Random(seed), [], 0
    while length < size:
        parts.append(" ".join(random.choices(SAID, weights=(1, 1, 1, 6, 6), k=8)))
        length += len(parts[-1])
    return between.join(parts)


def spans(texts: list[str | None]) -> list[tuple[object, ...]]:
    return [tuple(span) for span in ENGINE.scan(texts)]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "LONG", 9000)
    monkeypatch.setattr(windows, "LEAST", 2000)
    monkeypatch.setattr(windows, "MOST", 4000)


def test_pieces_find_what_the_whole_does(request: pytest.FixtureRequest) -> None:
    texts = ["Oliver Whitlock, 13800138000", story(1, 30_000), None, "", story(2, 300), story(3, 12_000)]
    whole = spans(texts)
    assert len(whole) > 100
    request.getfixturevalue("small")
    assert windows.parts(pa.array(texts, pa.large_string())) is not None
    assert spans(texts) == whole


def test_many_texts_are_looked_at_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [None if seed % 7 == 3 else story(seed, 400 + 90 * (seed % 5)) for seed in range(60)]
    array = pa.array(["", *texts, None], pa.large_string()).slice(1)
    whole = [tuple(span) for span in ENGINE.scan(array)]
    assert len({span[0] for span in whole}) > 30
    assert windows.parts(array) is None
    monkeypatch.setattr(windows, "TOGETHER", 5000)
    found = list(windows.parts(array) or ())
    assert len(found) > 4
    assert [text for part in found for text in part.texts.to_pylist()] == array.to_pylist()
    assert [row for part in found for row in part.row.tolist()] == list(range(len(array)))
    assert [tuple(span) for span in ENGINE.scan(array)] == whole


@pytest.mark.usefixtures("small")
def test_scrubbed_text_is_cut_where_it_was_and_holds_nothing_new() -> None:
    text = story(4, 40_000)
    for span in sorted(ENGINE.scan([text]), key=lambda span: -span.start):
        text = f"{text[: span.start]}<{span.entity}>{text[span.end :]}"
    assert spans([text]) == []


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("text", [story(5, 20_000), story(6, 20_000, "\n"), "a b " * 5000, "é" * 9000, "x" * 20_000])
def test_pieces_are_the_text(text: str) -> None:
    found = windows.parts(pa.array(["before", text, None, "behind"], pa.large_string()))
    assert found is not None
    pieces = list(found)
    assert pieces[0].texts.to_pylist() == ["before"]
    assert pieces[-1].texts.to_pylist() == [None, "behind"]
    assert pieces[-1].row.tolist() == [2, 3]
    own = pieces[1:-1]
    assert "".join(piece.texts[0].as_py() for piece in own) == text
    assert {int(piece.row[0]) for piece in own} == {1}
    starts = np.cumsum([0, *(len(piece.texts[0].as_py()) for piece in own)])[:-1]
    assert [int(piece.start[0]) for piece in own] == starts.tolist()
    assert all(len(piece.texts[0].as_py().encode()) <= 4000 for piece in own)
    if "\n\n" in text:
        assert all(piece.texts[0].as_py().endswith("\n\n") for piece in own[:-1])


def test_short_texts_are_left_alone() -> None:
    assert windows.parts(pa.array(["a" * 1000, None], pa.large_string())) is None
    assert windows.parts(pa.array([], pa.large_string())) is None
