"""The commerce unit: an SQLite shop with buyers, orders, support chats, reviews, catalogue, notices, searches, refunds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from typing import Any

from infra.simulators.commerce_events import SCHEMA, refunds, searches
from infra.simulators.lexicon import BRANDS
from infra.simulators.people import Person, waybill_number
from infra.simulators.site import FIRST_DAY, Site, moment
from infra.simulators.text import Planted, shared_notice, shared_review

FILE = "shop.db"
_SCHEMA = """
CREATE TABLE buyers (buyer_id INTEGER PRIMARY KEY, account TEXT, name TEXT, phone TEXT, email TEXT, id_number TEXT,
  birth_date TEXT, wechat TEXT, address TEXT, register_ip TEXT, language TEXT, updated_at TEXT);
CREATE TABLE orders (order_id INTEGER PRIMARY KEY, buyer_id INTEGER, recipient TEXT, phone TEXT, address TEXT,
  card TEXT, waybill_no TEXT, product TEXT, quantity INTEGER, amount REAL, remark TEXT, language TEXT,
  ordered_at TEXT, updated_at TEXT);
CREATE TABLE chat_messages (message_id INTEGER PRIMARY KEY, conversation_id TEXT, buyer_id INTEGER, sender TEXT,
  body TEXT, language TEXT, sent_at TEXT);
CREATE TABLE reviews (review_id INTEGER PRIMARY KEY, buyer_id INTEGER, nickname TEXT, product TEXT, stars INTEGER,
  body TEXT, language TEXT, updated_at TEXT);
CREATE TABLE products (product_id INTEGER PRIMARY KEY, brand TEXT, title TEXT, description TEXT, price REAL,
  language TEXT, updated_at TEXT);
CREATE TABLE notices (notice_id INTEGER PRIMARY KEY, body TEXT, language TEXT, published_at TEXT);
CREATE INDEX orders_updated ON orders (updated_at);
CREATE INDEX reviews_updated ON reviews (updated_at);
"""


def write(site: Site) -> None:
    """Write ``shop.db``. The same seed and sizes give the same bytes under one version of SQLite."""
    with closing(sqlite3.connect(site.path(FILE), isolation_level=None)) as shop:
        shop.executescript("PRAGMA page_size=8192; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA + SCHEMA)
        for table, dataset, rows in (
            ("buyers", "commerce.buyers", _buyers(site)),
            ("orders", "commerce.orders", _orders(site)),
            ("chat_messages", "commerce.service_chats", _chats(site)),
            ("reviews", "commerce.reviews", _reviews(site)),
            ("products", "commerce.catalogue", _products(site)),
            ("notices", "commerce.notices", _notices(site)),
            ("searches", "commerce.searches", searches(site, FILE)),
            ("refunds", "commerce.refunds", refunds(site, FILE)),
        ):
            site.count(dataset, _insert(shop, table, rows))


def _insert(shop: sqlite3.Connection, table: str, rows: Iterable[tuple[Any, ...]]) -> int:
    count, source = 0, iter(rows)
    while batch := list(islice(source, 20_000)):
        marks = ",".join("?" * len(batch[0]))
        shop.execute("BEGIN")
        shop.executemany(f"INSERT INTO {table} VALUES ({marks})", batch)  # noqa: S608 - our own table names
        shop.execute("COMMIT")
        count += len(batch)
    return count


def national(person: Person) -> str:
    """A telephone number as systems keep it: bare in China, with the country code elsewhere."""
    return person.phone[3:] if person.language == "zh" else person.phone


def _time(step: int) -> str:
    return moment(step).isoformat(sep=" ")


def _buyers(site: Site) -> Iterator[tuple[Any, ...]]:
    dataset = "commerce.buyers"
    for number in range(site.sizes[dataset]):
        person = site.people[number]
        name: str | None = person.name
        if number % 700 == 350:
            # The system let somebody in without a name: a required value is missing.
            name = None
            site.fault(dataset, "required_missing")
        phone = national(person)
        site.truth.cells(
            dataset,
            FILE,
            str(number),
            (
                ("PERSON", "name", name),
                ("PHONE_NUMBER", "phone", phone),
                ("EMAIL_ADDRESS", "email", person.email),
                ("CN_RESIDENT_ID", "id_number", person.id_number),
                ("BIRTH_DATE", "birth_date", person.birth_date),
                ("USERNAME", "wechat", person.wechat),
                ("ADDRESS", "address", person.address),
                ("IP_ADDRESS", "register_ip", person.ip),
                ("USERNAME", "account", person.account),
            ),
        )
        yield (
            number, person.account, name, phone, person.email, person.id_number or None, person.birth_date,
            person.wechat, person.address, person.ip, person.language, _time(number),
        )  # fmt: skip


def _orders(site: Site) -> Iterator[tuple[Any, ...]]:
    dataset = "commerce.orders"
    scribe = site.scribe("orders")
    rng = scribe.rng
    for number in range(site.sizes[dataset]):
        scribe.person = person = site.buyer(number)
        scribe.order = number
        goods = scribe.some_goods()
        language = "zh" if person.language == "zh" else "en"
        remark = scribe.expand("remark", language) if rng.random() < 0.55 else None
        ordered = _time(number)
        if number % 900 == 123:
            # The 31st of February, as exports from spreadsheets bring it.
            ordered = "2025-02-31" + ordered[10:]
            site.fault(dataset, "bad_timestamp")
        row = str(number)
        card, waybill, phone = person.card, waybill_number(number), national(person)
        site.truth.cells(
            dataset,
            FILE,
            row,
            (
                ("PERSON", "recipient", person.name),
                ("PHONE_NUMBER", "phone", phone),
                ("ADDRESS", "address", person.address),
                ("BANK_CARD", "card", card),
                ("WAYBILL", "waybill_no", waybill),
            ),
        )
        site.truth.text(dataset, "remark", FILE, row, scribe.take())
        yield (
            number, person.number, person.name, phone, person.address, card, waybill, goods[language],
            rng.randrange(1, 5), rng.randrange(900, 90_000) / 100, remark, language, ordered, _time(number),
        )  # fmt: skip


def _chats(site: Site) -> Iterator[tuple[Any, ...]]:
    dataset = "commerce.service_chats"
    scribe = site.scribe("chats")
    total, message, talk = site.sizes[dataset], 0, 0
    orders = site.sizes["commerce.orders"] or 1_000_000
    while message < total:
        scribe.order = talk * 7 % orders
        scribe.person = person = site.buyer(scribe.order)
        language = "zh" if person.language == "zh" or scribe.rng.random() < 0.1 else "en"
        conversation = f"c{talk:09d}"
        for sender, said, planted in scribe.talk(language):
            if message >= total:
                break
            body: str | None = said
            if message % 1_100 == 777:
                # A message that was recalled: its text is gone, the row is not.
                body = None
                site.fault(dataset, "required_missing")
            else:
                site.truth.text(dataset, "body", FILE, str(message), planted)
            yield message, conversation, person.number, sender, body, language, _time(message)
            message += 1
        talk += 1


def _reviews(site: Site) -> Iterator[tuple[Any, ...]]:
    dataset = "commerce.reviews"
    scribe = site.scribe("reviews")
    rng = scribe.rng
    last: tuple[str, str, str, list[Planted]] | None = None
    for number in range(site.sizes[dataset]):
        scribe.person = person = site.buyer(number * 3 + 1)
        stars = 5 - int(rng.random() ** 2 * 5)
        planted: list[Planted]
        if number % 25 == 8:
            # Posted under a video, too.
            language, body = shared_review(site.seed, number // 25)
            product, planted = scribe.some_goods()["zh" if language == "zh" else "en"], []
        elif number % 40 == 21 and last is not None:
            # The same review, posted twice.
            language, product, body, planted = last
        else:
            language = person.language
            body = scribe.review(language, stars=stars)
            product, planted = scribe.goods[language], scribe.take()
            last = (language, product, body, planted)
        row = str(number)
        nickname = person.account
        site.truth.cells(dataset, FILE, row, (("USERNAME", "nickname", nickname),))
        if number % 800 == 400:
            # A reader of ours must not lose the row silently: no text, so it cannot be used.
            site.fault(dataset, "required_missing")
            yield number, person.number, nickname, product, stars, None, language, _time(number)
            continue
        site.truth.text(dataset, "body", FILE, row, planted)
        yield number, person.number, nickname, product, stars, body, language, _time(number)


def _products(site: Site) -> Iterator[tuple[Any, ...]]:
    dataset = "commerce.catalogue"
    scribe = site.scribe("products")
    rng = scribe.rng
    for number in range(site.sizes[dataset]):
        scribe.some_goods()
        language = scribe.some_language()
        title, description = scribe.expand("title", language), scribe.expand("description", language)
        site.truth.text(dataset, "description", FILE, str(number), scribe.take())
        price = rng.randrange(900, 90_000) / 100
        yield number, rng.choice(BRANDS), title, description, price, language, _time(number)


def _notices(site: Site) -> Iterator[tuple[Any, ...]]:
    for number in range(site.sizes["commerce.notices"]):
        body = shared_notice(site.seed, number)
        yield number, body, "zh" if number % 4 else "en", f"{FIRST_DAY:%Y-%m-%d} {number % 24:02d}:00:00"
