"""What everybody may know stays, whatever countries are read beside China; and a bracket around a number stays too."""

from __future__ import annotations

import pytest

from governance.recognisers.engine import PatternEngine

REGIONS = ("CN", "US", "ID", "TH", "VN", "BR", "MX")


@pytest.mark.parametrize("regions", [("CN",), ("CN", "MX"), ("CN", "BR"), REGIONS])
@pytest.mark.parametrize("number", ["400-000-9517", "4000009517", "400 800 0000", "95338", "12305"])
def test_a_service_line_stays(regions: tuple[str, ...], number: str) -> None:
    found = list(PatternEngine(regions).scan([f"如有疑问请致电客服热线 {number}，感谢"]))
    assert [(span.entity, span.keep) for span in found] == [("SERVICE_LINE", True)]


@pytest.mark.parametrize("regions", [("CN",), ("CN", "BR"), REGIONS])
def test_a_bracket_that_closes_behind_the_number_is_no_part_of_it(regions: tuple[str, ...]) -> None:
    text = "快递员某某（18979910297）"
    assert [text[span.start : span.end] for span in PatternEngine(regions).scan([text])] == ["18979910297"]


def test_a_bracket_around_the_area_is() -> None:
    text = "ligue (11) 98765-4321 hoje"
    assert [text[span.start : span.end] for span in PatternEngine(("CN", "BR")).scan([text])] == ["(11) 98765-4321"]
