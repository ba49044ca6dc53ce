"""Names of Africa, the Andes, Java, Borneo and the north of Vietnam, Koreans of Russia, wives with their husbands' names,
and what stands within or beside names: "A/P", "ณ", "Ma.", initials behind a family name that is a word."""

from __future__ import annotations

import pytest

from governance.names.engine import NameEngine
from tests.governance.names_help import letters_left, said


@pytest.fixture(scope="module")
def engine() -> NameEngine:
    return NameEngine()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Kwabena and his sister run the stall together.", "Kwabena"),
        ("Signed by Katlego Mthethwa on Friday", "Katlego Mthethwa"),
        ("Según Ramiro Choquehuanca Ticona, faltan obras", "Ramiro Choquehuanca Ticona"),
        ("Sopir Jajang dan kernet selamat.", "Jajang"),
        ("ketemu Togar Panjaitan di terminal", "Togar Panjaitan"),
        ("Menurut Jeffrey anak Lawai, air naik", "Jeffrey anak Lawai"),
        ("Pesakit: KALIAMMA A/P RAMASAMY, Dr Teoh", "KALIAMMA A/P RAMASAMY"),
        ("RAJU A/L KRISHNAN, 34 tahun", "RAJU A/L KRISHNAN"),
        ("Mangsa, Hasnah binti Che Long, dihantar ke hospital.", "Hasnah binti Che Long"),
        ("Titular: Ma. Guadalupe Ríos Peña", "Ma. Guadalupe Ríos Peña"),
        ("firma Mª Carmen Lozano", "Mª Carmen Lozano"),
        ("Истец Бойко В.А., ответчик не явился", "Бойко В.А."),
        ("Пак Светлана открыла кафе", "Пак Светлана"),
        ("тренер похвалил Сашу Ким.", "Сашу Ким"),
        ("ศาลจำคุกนายประเสริฐ ณ นคร", "ประเสริฐ ณ นคร"),
        ("林黃秀鳳女士，請至三號櫃台", "林黃秀鳳"),
        ("Tài xế là Giàng A Páo", "Giàng A Páo"),
        ("Hạng A Chống, 34 tuổi", "Hạng A Chống"),
        ("nguoi nhan: tran thi be nam sdt ben duoi", "tran thi be nam"),
        ("ten em la nguyen thi ngoc anh", "nguyen thi ngoc anh"),
        ("em ten la pham quynh", "pham quynh"),
    ],
)
def test_names_are_covered_whole(engine: NameEngine, text: str, name: str) -> None:
    assert not letters_left(engine, text, name, "PERSON")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Но Анна пришла", ["Анна"]),
        ("За Олегом приехали", ["Олегом"]),
        ("INTERVIEWER: So how did it begin?", []),
        ("公園林黃秀鳳女士", ["黃秀鳳"]),
        ("Bên cho thuê: phòng đẹp", []),
        ("minh la do an nhanh", []),
        ("le van de la rue", []),
        ("the ho van is here, to van gogh museum", []),
        ("Mùa Thị trường", []),
        ("city name hastings, product name sasi", []),
    ],
)
def test_words_beside_names_stay(engine: NameEngine, text: str, names: list[str]) -> None:
    assert said(engine, text) == names


@pytest.mark.parametrize(
    "text",
    [
        "顺颂 商祺",
        "順頌 時祺",
        "訂房組 敬上",
        "祝好",
        "品名：童鞋  数量：2",
        "不會一直推銷植牙",
        "Tax Invoice\nBill To: see below",
        "PLAYLIST: Eleanor Rigby / Hey Jude / Sweet Caroline",
        "20:00 Billie Jean: The Making of a Hit",
        "To complete the KYC we still need a photo",
    ],
)
def test_letters_lists_and_invoices_are_nobody(engine: NameEngine, text: str) -> None:
    assert said(engine, text) == []


@pytest.mark.parametrize("backend", ["hyperscan", "re2", "re"])
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Tài xế là Giàng A Páo", "Giàng A Páo"),
        ("TEN: nguyen ngoc anh, quan 3", "nguyen ngoc anh"),
        ("gui cho tran thi hoa nhe " * 30, "tran thi hoa"),
        ("x" * 9000 + " gui cho tran thi hoa nhe", "tran thi hoa"),
    ],
)
def test_plain_vietnamese_names_are_pointed_to_by_every_automaton(backend: str, text: str, name: str) -> None:
    found = said(NameEngine(("vi",), backend=backend), text)
    assert found == [name] * text.count(name)
