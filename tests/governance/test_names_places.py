"""What streets, bodies and places are called in Vietnamese, Indonesian and Malay is nobody; who holds an office is."""

from __future__ import annotations

import pytest

from governance.names.engine import NameEngine


@pytest.fixture(scope="module")
def engine() -> NameEngine:
    return NameEngine()


def people(engine: NameEngine, text: str) -> list[str]:
    return [text[s.start : s.end] for s in engine.scan([text]) if s.entity == "PERSON"]


@pytest.mark.parametrize(
    "text",
    [
        "Ngã tư Trần Hưng Đạo đang ùn tắc từ sáng sớm",
        "Trường THPT Lê Hồng Phong đứng đầu thành phố",
        "Phường Nguyễn Cư Trinh lấy ý kiến người dân",
        "Kiểu hiển thị bên phải chưa được hỗ trợ",
        "Jalan Tun Razak ditutup dua jam pagi tadi",
        "Hospital Tengku Ampuan Afzan penuh sejak semalam",
        "Bandara Husein Sastranegara padat penumpang",
        "Mahkamah Konstitusi menolak gugatan itu",
        "Gubernur Jawa Barat meresmikan jembatan baru",
        "Menteri Pertanian meninjau lokasi panen",
    ],
)
def test_places_and_bodies_are_nobody(engine: NameEngine, text: str) -> None:
    assert people(engine, text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Menteri Keuangan Sri Hapsariningtyas mengatakan anggaran terkendali .", "Sri Hapsariningtyas"),
        ("Gubernur DKI Fauzan Baswira meninjau banjir .", "Fauzan Baswira"),
        ("Nhà văn Lê_Thị_Thuý_Vân phát_biểu tại hội_nghị .", "Lê_Thị_Thuý_Vân"),
        ("Chị Nhung gọi anh Sơn về", "Nhung"),
        ("麻烦让淑芬给我回个电话，谢谢", "淑芬"),
        ("上官文骏说，这条路修了八年。", "上官文骏"),
        ("请问尚师傅什么时候上门？", "尚师傅"),
        ("草原上的巴特尔和娜仁花唱起了歌", "巴特尔"),
    ],
)
def test_these_are_people(engine: NameEngine, text: str, name: str) -> None:
    assert any(name in found for found in people(engine, text))
