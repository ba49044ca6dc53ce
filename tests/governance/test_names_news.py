"""Names as newspapers write them: of one word, of other peoples, beside an office; and what does as people do.

All sentences are invented for these tests.
"""

from __future__ import annotations

import pytest

from governance.names.engine import NameEngine

ENGINE = NameEngine()


def people(text: str) -> list[str]:
    return [text[s.start : s.end] for s in ENGINE.scan([text]) if s.entity == "PERSON"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Слова Вандербильта вызвали споры.", ["Вандербильта"]),
        ("Вчера был задержан Корбут.", ["Корбут"]),
        ("Дело Сыроежского передано в суд.", ["Сыроежского"]),
        ("Гульдан призвал избирателей прийти на участки.", ["Гульдан"]),
        ("Зрители поддержали Матвиенко.", ["Матвиенко"]),
        ("Гульдан и Лебедев обсудили поставки.", ["Гульдан", "Лебедев"]),
        ("Новым главой совета избран Герман Штольц.", ["Герман Штольц"]),
        ("바이든 미국 대통령이 부산에 도착했다.", ["바이든"]),
        ("어제 푸틴은 협상을 거부했다.", ["푸틴"]),
        ("톰 크루즈가 다시 서울에 왔다.", ["톰 크루즈"]),
        ("Sekjen partai Hasto Wibisono menuding lawannya.", ["Hasto Wibisono"]),
        ("Bupati mengunjungi rumah nenek Icih.", ["nenek Icih"]),
        ("O treinador Mourinho deixou o clube.", ["treinador Mourinho"]),
        ("周大勇同志曾经在这里工作", ["周大勇"]),
        ("被告人敖日格乐当庭认罪", ["敖日格乐"]),
    ],
)
def test_names_of_the_news(text: str, names: list[str]) -> None:
    found = people(text)
    assert len(found) == len(names)
    assert all(name in one or one in name for one, name in zip(found, names, strict=True))
    assert all(one.endswith(name.split()[-1]) for one, name in zip(found, names, strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "Минфин предложил повысить акцизы на топливо.",
        "Спартак обыграл Зенит со счётом два ноль.",
        "Слова Пентагона опровергли в столице.",
        "Автобус из Иваново опоздал на час.",
        "Дело ЮКОСа рассмотрят в Гааге.",
        "어제 민주당 원내대표 회의가 열렸다.",
        "有境外永久居留权，现居上海",
        "大家纷纷发来贺电和鲜花",
    ],
)
def test_offices_clubs_and_prizes_are_nobody(text: str) -> None:
    assert people(text) == []
