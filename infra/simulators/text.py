"""Texts in the registers of the three units, with personal values planted on demand and noted as they are written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from importlib import resources
from random import Random
from typing import NamedTuple

from infra.simulators import grammar_pairs, names, places
from infra.simulators.grammar import Grammar
from infra.simulators.lexicon import BRANDS, GOODS, LATIN_BRANDS
from infra.simulators.people import (
    FULL_WIDTH,
    LANGUAGES,
    People,
    Person,
    language_of,
    mac_address,
    typed_card,
    typed_id,
    typed_phone,
    typed_plate,
    waybill_number,
)

CARRIER = {"zh": "云雀速运", "en": "Skylark Express"}
STATIONS = ("云雀驿站", "邻里驿站", "蜂鸟自提点", "小南门驿站", "学府驿站", "望江代收点")
STATIONS_EN = ("Skylark Corner", "Neighbour Point", "South Gate Locker", "Campus Post")
#: Lines of companies and authorities, which must stay in the text.
HOTLINES = {"zh": ("95338", "95338", "400-800-0000", "12305", "4008000000"), "en": ("1-800-555-0100", "1-888-555-0199")}
_EPOCH = date(2025, 3, 1)
COURIERS_FROM = 1 << 40
"""Numbers of `People` from here on are couriers; buyers stay below."""
COURIERS = 400


class Planted(NamedTuple):
    """A personal value as it stands in a text, or a service line that must stay (``expect`` is ``keep``)."""

    kind: str
    value: str
    expect: str = "redact"


@lru_cache(maxsize=1)
def grammars() -> dict[str, Grammar]:
    """One grammar a language, from ``<language>.grammar.txt`` beside this module."""
    here = resources.files("infra.simulators")
    return {name: Grammar((here / f"{name}.grammar.txt").read_text("utf-8")) for name in LANGUAGES}


#: A support talk: who says what; the buyer's answers are where personal data comes in.
TALKS: dict[str, tuple[tuple[str, str], ...]] = {
    name: tuple((turn[0], turn[2:]) for turn in turns.split())
    for name, turns in {
        "where": "b:ask_where a:agent_check b:give_phone a:agent_status b:thanks a:agent_bye",
        "address": "b:ask_addr a:agent_addr b:give_addr a:agent_done b:thanks",
        "refund": "b:ask_refund a:agent_refund b:give_card a:agent_done b:thanks a:agent_bye",
        "invoice": "b:ask_invoice a:agent_invoice b:give_email a:agent_done a:agent_bye",
        "customs": "b:ask_customs a:agent_customs b:give_id a:agent_done b:thanks",
        "advice": "b:ask_size a:agent_size b:ask_more a:agent_more b:ask_more a:agent_more b:thanks",
        "advice_short": "b:ask_size a:agent_size b:thanks a:agent_bye",
        "refund_advice": "b:ask_refund a:agent_refund b:ask_more a:agent_more b:thanks",
        "tech": "b:ask_tech a:agent_tech b:give_tech a:agent_done b:thanks",
        "contact": "b:ask_wechat a:agent_wechat b:give_wechat a:agent_bye",
    }.items()
}
_TALK_NAMES = tuple(TALKS)


class Scribe:
    """Writes texts with one random stream. Not thread-safe; make one per file.

    ``planted`` collects what the last texts gave away; `take` hands it over and empties it.
    """

    def __init__(self, rng: Random, people: People) -> None:
        self.rng, self.people = rng, people
        self.planted: list[Planted] = []
        self.person = people[0]
        self.courier = self.some_courier()
        self.goods: dict[str, str] = GOODS[0][1]
        self.order = 0
        self.day = _EPOCH
        self._grammars = grammars()
        self._contexts = {language: self._context(language) for language in self._grammars}

    def take(self) -> list[Planted]:
        planted, self.planted = self.planted, []
        return planted

    def expand(self, symbol: str, language: str) -> str:
        grammar = self._grammars[language]
        if symbol not in grammar:
            grammar, language = self._grammars["en"], "en"
        return grammar.expand(symbol, self.rng, self._contexts[language])

    # --- one text a register ---

    def review(self, language: str, *, leak: float = 0.06, stars: int = 3) -> str:
        self.some_goods()
        text = self.expand("review_good" if stars >= 4 and language in ("zh", "en") else "review", language)
        return self._maybe_leak(text, "r_leak", language, leak)

    def comment(self, language: str, *, leak: float = 0.04) -> str:
        self.some_goods()
        return self._maybe_leak(self.expand("comment", language), "c_leak", language, leak)

    def talk(self, language: str) -> list[tuple[str, str, list[Planted]]]:
        """A support talk as (``buyer`` or ``agent``, text, what it gave away); Chinese or English."""
        self.some_goods()
        turns = list(TALKS[self.rng.choice(_TALK_NAMES)])
        if self.rng.random() < 0.7:
            turns[:0] = [("b", "hello_b"), ("a", "hello_a")]
        if self.rng.random() < 0.25:
            turns[-1:-1] = [("b", "ask_more"), ("a", "agent_more")]
        return [
            ("buyer" if who == "b" else "agent", self.expand(symbol, language), self.take()) for who, symbol in turns
        ]

    def bilingual(self, count: int = 1) -> tuple[str, str]:
        return grammar_pairs.sentences(self.rng, count) if count > 1 else grammar_pairs.line(self.rng)

    # --- what the texts are about ---

    def some_language(self) -> str:
        return language_of(self.rng.random())

    def some_goods(self) -> dict[str, str]:
        self.goods = GOODS[int(self.rng.random() * len(GOODS))][1]
        return self.goods

    def some_courier(self) -> Person:
        """A courier who lives in China: the first Chinese speaker from a random courier's number on."""
        number = COURIERS_FROM + self.rng.randrange(COURIERS)
        while (courier := self.people[number]).language != "zh":
            number += 1
        self.courier = courier
        return courier

    def some_city(self) -> str:
        return self.rng.choice(places.ZH_CITIES)[1]

    def plant(self, kind: str, value: str, expect: str = "redact") -> str:
        self.planted.append(Planted(kind, value, expect))
        return value

    def _maybe_leak(self, text: str, symbol: str, language: str, share: float) -> str:
        if self.rng.random() >= share:
            return text
        leak = self.expand(symbol, language)
        return f"{text}{leak}" if language == "zh" else f"{text} {leak}"

    def _context(self, language: str) -> dict[str, str | Callable[[], str]]:
        rng, plant = self.rng, self.plant
        zh = language == "zh"
        lines = HOTLINES["zh" if zh else "en"]

        def city() -> str:
            if zh:
                return self.some_city()
            pool = {
                "id": places.ID_CITIES,
                "th": places.TH_CITIES,
                "vi": places.VI_CITIES,
                "pt": places.PT_CITIES,
                "es": places.ES_CITIES,
            }
            return str(rng.choice(pool.get(language, places.EN_CITIES))[0])

        def pickup() -> str:
            return plant("SECRET", f"{rng.randrange(1, 10)}-{rng.randrange(1, 10)}-{rng.randrange(1000, 10000)}")

        def courier_phone() -> str:
            # Systems print a courier's number plain; only people type it with separators or full-width digits.
            number = self.courier.phone[3:]
            return plant("PHONE_NUMBER", number.translate(FULL_WIDTH) if rng.random() < 0.02 else number)

        def url() -> str:
            host = rng.choice(("https://www.weibo.com/u/", "https://t.me/", "https://www.instagram.com/"))
            tail = f"99{rng.randrange(10**8):08d}" if "weibo" in host else self.person.account
            return plant("ACCOUNT_URL", host + tail)

        def name() -> str:
            return plant("PERSON", self.person.name)

        return {
            "product": lambda: self.goods[language],
            "product_t": lambda: self.goods[language].title(),
            "brand": lambda: rng.choice(BRANDS if zh else LATIN_BRANDS),
            "city": city,
            "city2": city,
            "carrier": CARRIER["zh" if zh else "en"],
            "station": lambda: rng.choice(STATIONS if zh else STATIONS_EN),
            "cast": lambda: rng.choice(names.CAST_ZH if zh else names.CAST_EN),
            "handle": lambda: (
                f"{rng.choice(names.CAST_ZH)}{rng.randrange(100)}"
                if zh
                else f"{rng.choice(names.EN_GIVEN)}{rng.randrange(1000)}"
            ),
            "date": lambda: self._date(zh, rng.randrange(0, 5)),
            "date2": lambda: self._date(zh, rng.randrange(6, 20)),
            "hotline": lambda: plant("PHONE_NUMBER", rng.choice(lines), "keep"),
            "line": lambda: plant("PHONE_NUMBER", f"400-000-{rng.randrange(1000, 10000)}", "keep"),
            "order": lambda: str(202500000000 + self.order),
            "pickup": pickup,
            "surname": self._surname,
            "name": name,
            "phone": lambda: plant("PHONE_NUMBER", typed_phone(self.person, rng)),
            "email": lambda: plant("EMAIL_ADDRESS", self.person.email),
            "id": lambda: plant("CN_RESIDENT_ID", typed_id(self.person, rng)) if self.person.id_number else name(),
            "card": lambda: plant("BANK_CARD", typed_card(self.person, rng)),
            "address": lambda: plant("ADDRESS", self.person.address),
            "plate": lambda: plant("PLATE", typed_plate(self.person, rng)),
            "wechat": lambda: plant("USERNAME", self.person.wechat),
            "waybill": lambda: plant("WAYBILL", waybill_number(self.order)),
            "url": url,
            "ip": lambda: plant("IP_ADDRESS", self.person.ip),
            "mac": lambda: plant("MAC_ADDRESS", mac_address(rng)),
            "cname": lambda: plant("PERSON", self.courier.name),
            "cphone": courier_phone,
        }

    def _surname(self) -> str:
        """How others call the person for short: the surname in Chinese, the given name elsewhere."""
        name = self.person.name
        if self.person.language != "zh":
            return name.split()[-1 if self.person.language == "vi" else 0]
        return name[:2] if name[:2] in names.ZH_SURNAMES else name[:1]

    def _date(self, zh: bool, later: int) -> str:
        day = self.day + timedelta(days=later)
        return f"{day.month}月{day.day}日" if zh else f"{day.day} {day:%B}"


@lru_cache(maxsize=4096)
def shared_review(seed: int, number: int) -> tuple[str, str]:
    """The number-th review that is posted in more than one place, as (language, text); nothing personal in it."""
    scribe = Scribe(Random(f"{seed}:shared review:{number}"), People(seed))  # noqa: S311 - not for secrets
    language = scribe.some_language()
    return language, scribe.review(language, leak=0.0)


@lru_cache(maxsize=1024)
def shared_notice(seed: int, number: int) -> str:
    """The number-th service notice, which the carrier and the shop both publish, word for word."""
    scribe = Scribe(Random(f"{seed}:shared notice:{number}"), People(seed))  # noqa: S311 - not for secrets
    scribe.day = _EPOCH + timedelta(days=number % 300)
    return scribe.expand("notice", "zh" if number % 4 else "en")
