"""What buyers search for and what the shop showed them, and refunds step by step: rows that belong together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from infra.simulators.lexicon import BRANDS
from infra.simulators.site import Site, moment

SCHEMA = """
CREATE TABLE searches (result_id INTEGER PRIMARY KEY, search_id TEXT, buyer_id INTEGER, query TEXT, place INTEGER,
  product TEXT, price REAL, match TEXT, language TEXT, searched_at TEXT);
CREATE TABLE refunds (event_id INTEGER PRIMARY KEY, refund_id TEXT, order_id INTEGER, buyer_id INTEGER, step TEXT,
  amount REAL, note TEXT, language TEXT, happened_at TEXT);
"""
_SHOWN = 4
_STEPS = {"paid": ("asked", "checked", "approved", "paid"), "refused": ("asked", "checked", "refused")}


def searches(site: Site, file: str) -> Iterator[tuple[Any, ...]]:
    """One row a product shown for a search: the first is what was looked for, the last often is not."""
    dataset = "commerce.searches"
    scribe = site.scribe("searches")
    rng = scribe.rng
    for number in range(site.sizes[dataset]):
        place = number % _SHOWN
        if place == 0:
            search = number // _SHOWN
            scribe.person = person = site.buyer(search * 5 + 3)
            language = person.language
            goods = scribe.some_goods()
            query = goods[language]
            if rng.random() < 0.03:
                # Some paste into the search box what they meant to send to a person.
                query = f"{query} {scribe.expand('c_leak', language)}"
            planted = scribe.take()
        else:
            scribe.goods = goods if place == 1 else scribe.some_goods()
        site.truth.text(dataset, "query", file, str(number), planted)
        product = scribe.expand("title", language)
        scribe.take()
        match = ("exact", "exact", "substitute", "unrelated")[place]
        price = rng.randrange(900, 90_000) / 100
        yield (
            number, f"s{search:09d}", person.number, query, place + 1, f"{rng.choice(BRANDS)} {product}", price, match,
            language, moment(search).isoformat(sep=" "),
        )  # fmt: skip


def refunds(site: Site, file: str) -> Iterator[tuple[Any, ...]]:
    """Rows of a refund's log, from the buyer's complaint to the payment or the refusal."""
    dataset = "commerce.refunds"
    scribe = site.scribe("refunds")
    rng = scribe.rng
    orders = site.sizes["commerce.orders"] or 1_000_000
    total, number, refund = site.sizes[dataset], 0, 0
    while number < total:
        order = refund * 11 % orders
        scribe.order, scribe.person = order, site.buyer(order)
        language = "zh" if scribe.person.language == "zh" or refund % 4 == 0 else "en"
        scribe.some_goods()
        amount = rng.randrange(900, 30_000) / 100
        for step in _STEPS["refused" if refund % 5 == 2 else "paid"][: total - number]:
            note = scribe.expand("ask_refund" if step == "asked" else "agent_done", language)
            if step == "asked" and rng.random() < 0.3:
                note = f"{note} {scribe.expand('give_card', language)}"
            row = str(number)
            site.truth.text(dataset, "note", file, row, scribe.take())
            yield (
                number, f"r{refund:09d}", order, scribe.person.number, step, amount, note, language,
                moment(number).isoformat(sep=" "),
            )  # fmt: skip
            number += 1
        refund += 1
