"""Names and addresses in Russian: every case, initials, what stands alone, and what is none. All are invented."""

from __future__ import annotations

import pytest

from governance.names.engine import NameEngine
from governance.names.russian import forms, role


@pytest.fixture(scope="module")
def engine() -> NameEngine:
    return NameEngine()


def said(engine: NameEngine, text: str, entity: str = "PERSON") -> list[str]:
    return [text[s.start : s.end] for s in engine.scan([text]) if s.entity == entity]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("По словам Ивана Сергеевича Лаптева, ремонт закончат к осени.", "Ивана Сергеевича Лаптева"),
        ("Премию вручили Людмиле Огородниковой вчера", "Людмиле Огородниковой"),
        ("И. И. Петренко возглавил кафедру", "И. И. Петренко"),
        ("Автор статьи — Сидорова М.В., кандидат наук", "Сидорова М.В."),
        ("Под руководством С.П. Громова был запущен цех", "С.П. Громова"),
        ("Дж. К. Миллер отвергла обвинения", "Дж. К. Миллер"),
        ("ФИО: МАКАРОВА ЮЛИЯ ИГОРЕВНА", "МАКАРОВА ЮЛИЯ ИГОРЕВНА"),
        ("Спасибо Марине Юрьевне за терпение!", "Марине Юрьевне"),
        ("Ваш курьер — Бахтиёр.", "Бахтиёр"),
        ("Теннисистка обыграла Кристофера Янсена", "Кристофера Янсена"),
        ("Машка с Димкой поженились", "Димкой"),
        ("Балерина Диана Вишнявская станцует Жизель.", "Диана Вишнявская"),
        ("Лечащий врач Ким А.В., медсестра на месте", "Ким А.В."),
        ("Арон Моисеевич Гилельман, скрипач театра", "Арон Моисеевич Гилельман"),
        ("Вратарь Овечкин отразил удар", "Овечкин"),
        ("меня зовут иван смирнов, номер заказа 4471", "иван смирнов"),
    ],
)
def test_names_are_covered_whole(engine: NameEngine, text: str, name: str) -> None:
    assert name in said(engine, text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Доставить: г. Казань, ул. Баумана, д. 15, кв. 42, домофон 8", "г. Казань, ул. Баумана, д. 15, кв. 42"),
        ("{}, звоните", "Москва, Ленинский проспект, дом 32, корпус 2, квартира 118"),
        ("Индекс {}", "196084, Санкт-Петербург, Московский пр., д. 97, лит. А, оф. 204"),
        ("Привезите на {} после шести", "ул ленина 5 кв 3"),
        ("Я на {}", "Комсомольской 15, кв 8"),
        ("Оставьте в {}", "пер. Столярный, д. 3, стр. 1, под. 2, эт. 5"),
    ],
)
def test_addresses_are_covered_to_the_door(engine: NameEngine, text: str, address: str) -> None:
    text = text.replace("{}", address)
    covered = {i for s in engine.scan([text]) if s.entity == "ADDRESS" for i in range(s.start, s.end)}
    start = text.index(address)
    assert {i for i in range(start, start + len(address)) if text[i].isalnum()} <= covered


@pytest.mark.parametrize(
    "text",
    [
        "Московский государственный университет основан в 1755 году.",
        "Гражданин Узбекистана задержан, профессор Йельского университета выступил.",
        "Красная площадь закрыта для туристов. Почта России опять потеряла посылку.",
        "Любовь к родине, вера и надежда помогают жить.",
        "Ростов-на-Дону и Краснодар остались без света.",
        "Новая тема открыта. Любой может ответить. Основной вопрос решён.",
        "Дом 2 смотрите каждый вечер. На улице минус 20.",
        "Товар пришёл быстро. Упаковка целая. Рекомендую!",
        "это очень важно, привет всем",
    ],
)
def test_other_capitals_stay(engine: NameEngine, text: str) -> None:
    assert list(engine.scan([text])) == []


def test_roles_of_words() -> None:
    assert [role(w) for w in ("Ивану", "Петровичем", "Шевчук", "М.", "Дверь", "Казани")] == list("GPFIWL")
    assert {"марии", "марию", "марией"} <= set(forms("мария"))
