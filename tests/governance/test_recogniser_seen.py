"""Long texts that come again are found as they were, and not scanned again."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.names.combined import CombinedEngine
from governance.names.engine import NameEngine
from governance.recognisers import seen
from governance.recognisers.engine import PatternEngine, Spans
from governance.recognisers.seen import Seen

ENGINE = CombinedEngine(PatternEngine(("CN", "US")), NameEngine())
_PAD = " und so weiter" * 40
_BLOB = "QUJD" * 300
_TEXTS = [
    f"Call 13812345678 or 415-555-0199{_PAD}",
    f"我叫王小明，住在北京市朝阳区建国路88号{_PAD}",
    f"nothing of anybody{_PAD}",
    f"data:image/png;base64,{_BLOB} and mail ann.lee@example.com{_PAD}",
    "short, 13812345678",
    f"{_PAD} Dear Maria Fernandez, thank you",
    "",
    None,
]


class _Counting:
    def __init__(self) -> None:
        self.scanned: list[str | None] = []

    def scan(self, texts: pa.LargeStringArray, languages: Sequence[str] | None = None) -> Spans:
        self.scanned += texts.to_pylist()
        return ENGINE.scan(texts, languages)


def _told(spans: Spans) -> tuple[list[object], list[tuple[int, str]]]:
    return list(spans), sorted(spans.skipped)


@given(st.lists(st.lists(st.integers(0, len(_TEXTS) - 1), max_size=12), max_size=8), st.sampled_from((1, 3, 1 << 15)))
def test_finds_are_those_of_a_scan_of_each_batch(batches: list[list[int]], held: int) -> None:
    memory, counting = Seen(), _Counting()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seen, "_TEXTS", held)
        for batch in batches:
            texts = pa.array([_TEXTS[i] for i in batch], pa.large_string())
            assert _told(memory.scan(counting, texts, "")) == _told(ENGINE.scan(texts))


def test_a_long_text_is_scanned_once() -> None:
    memory, counting = Seen(), _Counting()
    for _ in range(3):
        memory.scan(counting, pa.array(_TEXTS, pa.large_string()), "")
    assert [counting.scanned.count(text) for text in _TEXTS[:4]] == [1, 1, 1, 1]
    assert counting.scanned.count(_TEXTS[4]) == 3


def test_what_one_engine_found_in_one_language_is_not_told_for_another() -> None:
    memory, first, second = Seen(), _Counting(), _Counting()
    texts = pa.array(_TEXTS[:1], pa.large_string())
    for engine, language in ((first, ""), (first, "zh"), (second, "")):
        memory.scan(engine, texts, language)
    assert (len(first.scanned), len(second.scanned)) == (2, 1)


def test_the_oldest_goes_where_many_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "_TEXTS", 4)
    memory, counting = Seen(), _Counting()
    for i in range(50):
        memory.scan(counting, pa.array([f"{i} {text}" for text in _TEXTS[:3]], pa.large_string()), "")
        assert len(memory._places) <= 7
        assert len(memory._finds) <= 3
    again = pa.array([f"{i} {_TEXTS[0]}" for i in (0, 49)], pa.large_string())
    before = len(counting.scanned)
    assert _told(memory.scan(counting, again, "")) == _told(ENGINE.scan(again))
    assert counting.scanned[before:] == [again[0].as_py()]
