"""Number plates of any country behind a word for them, and what only looks like one."""

from __future__ import annotations

import pyarrow as pa
import pytest

from governance.recognisers.engine import PatternEngine
from governance.recognisers.regions import regions_for

PLATES = {
    "en": ("license plate {8H 6155V} seen", "Plate number {225EO}.", "plate {49-CV25}", "License plate: {abc-1234}"),
    "es": ("la matrícula {KSD-90-13} no aparece", "placa del coche {MTK-20-45}", "matrícula {1234 BCD}"),
    "ru": ("госномер {0094УЕ 60}", "номер авто {РА664 178}", "госномер {2273ТК 25} не читается"),
    "th": ("ทะเบียนรถ {ฌยล 42}", "ทะเบียนรถ {3 ฑษ 7} ค่ะ", "ทะเบียน {31-0440}"),
    "vi": ("biển số {91Đ-08152}", "biển số xe {60Đ-059.42}"),
    "zh": ("车牌{赣O-66520}停在门口", "車牌{1189-YZ}", "车牌号{粤Z·1234港}"),
}  # fmt: skip
NONE = {
    "en": ("vehicle registration 2024 fees rose", "Plate No. 12 in the atlas", "number plate costs 20 dollars", "plates 18CM"),
    "es": ("placas 2024", "patente US1234567", "placa RTX 3060", "matrícula escolar 2023-2024"),
    "ru": ("номер авто 2020 года", "номер машины 3 в гонке"),
    "th": ("ทะเบียนบ้าน 12", "ทะเบียน รถ 4 ล้อ"),
    "zh": ("号牌2020款", "车牌号码识别率99%"),
}  # fmt: skip


def found(language: str, texts: list[str]) -> list[set[int]]:
    out: list[set[int]] = [set() for _ in texts]
    for span in PatternEngine(regions_for(None, language)).scan(pa.array(texts, pa.large_string())):
        if span.entity == "PLATE":
            out[span.row].update(range(span.start, span.end))
    return out


@pytest.mark.parametrize("language", PLATES)
def test_a_plate_behind_a_word_for_it_is_found_whole(language: str) -> None:
    marked = PLATES[language]
    texts = [text.replace("{", "").replace("}", "") for text in marked]
    for text, got in zip(marked, found(language, texts), strict=True):
        assert got == set(range(text.index("{"), text.index("}") - 1)), text


@pytest.mark.parametrize("language", NONE)
def test_years_parts_and_counts_are_no_plates(language: str) -> None:
    assert found(language, list(NONE[language])) == [set() for _ in NONE[language]]
