"""Values that other records declare are found in the free text of the rows that point at them, and nowhere else."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from clearinghouse import linked
from clearinghouse.jobs import unit as unit_of_work
from clearinghouse.jobs.context import Context
from clearinghouse.jobs.ingest import ingest, newest_snapshot
from schemas.errors import ClearinghouseError, ContractError, SourceUnavailable
from tests.ingest_world import World, make_world

HEAD = """\
apiVersion: v3.1.0
kind: DataContract
id: shop.%(name)s
name: %(name)s
version: 1.0.0
status: active
domain: shop
description: {purpose: Invented., limitations: Invented.}
team: {members: [{username: dana.lin, role: owner}]}
servers:
  - {server: files, type: local, path: "%(path)s", format: csv}
customProperties:
  - {property: legalBasis, value: contract}
  - {property: licence, value: LicenseRef-unit-internal}
  - {property: purposes, value: [pretrain, finetune]}
  - {property: residency, value: CN}
  - {property: retention, value: P3Y}
%(document)s
schema:
  - name: %(name)s
    properties:
"""
CHAT = "  - {property: document, value: {kind: chat, text: '{body}', group: talk, order: n, role: who, language: zh}}"
ORDERS = """\
      - {name: order_id, logicalType: integer, primaryKey: true, classification: identifier.record}
      - {name: buyer, classification: person.user_id}
      - {name: recipient, classification: person.name}
      - {name: waybill, classification: logistics.waybill}
"""
CHATS = """\
      - {name: n, logicalType: integer, primaryKey: true, classification: identifier.record}
      - {name: talk, classification: identifier.record}
      - {name: who, classification: none}
      - {name: order_id, logicalType: integer, classification: identifier.record%(link)s}
      - {name: nick, classification: person.username}
      - {name: body, required: true, classification: text.free}
"""
LINK = ", relationships: [{to: orders.order_id}]"
# A code that no recogniser knows, so that only its declaration tells what it is.
CODE, WRITTEN = "Qk7Lvzr9W", "qk7 lvzr-9w"


class Shop:
    """Orders and the talks about them, in two files of one unit."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.orders([f"1,u1,尹阔,{CODE}", "2,u2,Rosa Blum,Jx3Pttm5K"])
        self.chats(
            [
                f"1,c1,user,1,,你好 {WRITTEN} 到了吗",
                "2,c1,assistant,1,,尹先生您好 今天送到",
                f"3,c2,user,2,,别人的 {WRITTEN} 我不知道",
            ]
        )
        self.contract("orders", ORDERS)
        self.contract("chats", CHATS % {"link": LINK}, CHAT)

    def contract(self, name: str, fields: str, document: str = "") -> Path:
        file = self.world.root / "contracts" / "shop" / f"{name}.odcs.yaml"
        path = self.world.unit / f"{name}.csv"
        file.write_text(HEAD % {"name": name, "path": path, "document": document} + fields, encoding="utf-8")
        return file

    def orders(self, lines: list[str]) -> None:
        self.world.write("orders.csv", lines, header="order_id,buyer,recipient,waybill")

    def chats(self, lines: list[str]) -> None:
        self.world.write("chats.csv", lines, header="n,talk,who,order_id,nick,body")

    def bodies(self) -> list[str]:
        rows = [row for table in self.tables("data") for row in table]
        return [row["body"] for row in sorted(rows, key=lambda row: row["n"])]

    def recognisers(self) -> set[str]:
        return {row["recogniser"] for table in self.tables("evidence") for row in table}

    def tables(self, kind: str) -> list[list[dict]]:
        snapshot = newest_snapshot(Context.load(self.world.settings, "shop.chats"))
        assert snapshot is not None
        entries = [e for r in snapshot.receipts for e in getattr(r, kind)]
        return [pq.read_table(self.world.store / e.key).to_pylist() for e in entries]

    def ingest(self) -> dict:
        return ingest(self.world.settings, "shop.chats")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(make_world(tmp_path))


def test_a_link_finds_what_the_linked_record_declares_and_no_other_record(shop: Shop) -> None:
    shop.ingest()
    first, second, third = shop.bodies()
    assert "qk7" not in first
    assert "尹" not in second
    assert WRITTEN in third, "the code is of an order that this talk is not about"
    assert {"known.orders.waybill", "known.orders.recipient"} <= shop.recognisers()
    store = shop.world.store_bytes()
    assert CODE.encode() not in store
    assert b"Rosa Blum" not in store


def test_without_the_link_the_value_stays(shop: Shop) -> None:
    shop.contract("chats", CHATS % {"link": ""}, CHAT)
    shop.ingest()
    assert WRITTEN in shop.bodies()[0]


def test_a_changed_linked_source_scrubs_again_and_an_unchanged_one_does_not(shop: Shop) -> None:
    shop.orders(["1,u1,尹阔,Other1234"])
    first = shop.ingest()
    assert WRITTEN in shop.bodies()[0]
    assert shop.ingest()["no_op"]
    shop.orders([f"1,u1,尹阔,{CODE}"])
    second = shop.ingest()
    assert second["units_run"] == 1
    assert second["snapshot"] == first["snapshot"] + 1
    assert WRITTEN not in shop.bodies()[0]


def test_a_linked_source_that_is_not_there_says_which_line_asks_for_it(shop: Shop) -> None:
    (shop.world.unit / "orders.csv").unlink()
    with pytest.raises(SourceUnavailable) as caught:
        shop.ingest()
    said = str(caught.value)
    assert "chats.odcs.yaml:" in said
    assert "the linked data set shop.orders cannot be read" in said
    assert "state: " in said
    assert "take the link out" in said


def test_a_linked_source_that_changes_between_plan_and_run_is_refused(shop: Shop) -> None:
    from clearinghouse.jobs.ingest import plan, run_unit

    planned = plan(shop.world.settings, "shop.chats")
    shop.orders(["1,u1,尹阔,Other1234"])
    with pytest.raises(ClearinghouseError, match=r"shop\.orders cannot be read"):
        run_unit(shop.world.settings, planned["plan"], planned["units"][0])


def test_a_conversation_knows_what_any_of_its_messages_declares(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["1,c1,user,9,vexorq_81,你好", "2,c1,assistant,9,,好的 VEXORQ81 请稍等", "3,c2,user,9,,我找 vexorq 81"]
    shop.chats(lines)
    shop.ingest()
    assert ["VEXORQ81" in shop.bodies()[1], "vexorq 81" in shop.bodies()[2]] == [False, True]
    whole = shop.bodies()
    # Rows of the conversation in different batches, and in different windows.
    from infra.sources import reading

    def small(source, piece, fields, *, batch_rows=1):  # type: ignore[no-untyped-def]
        return real(source, piece, fields, batch_rows=1)

    real = reading.read_piece
    monkeypatch.setattr("infra.sources.read_piece", small)
    for window in (1 << 20, 1):
        monkeypatch.setattr(unit_of_work, "WINDOW_BYTES", window)
        shop.chats([*lines, f"{window % 7 + 4},c{window},user,9,,嗯"])
        shop.ingest()
        assert shop.bodies()[:3] == whole


def test_the_same_rows_with_one_worker_and_three(tmp_path: Path) -> None:
    made = []
    for workers in (1, 3):
        shop = Shop(make_world(tmp_path / str(workers), workers))
        shop.ingest()
        made.append(shop.tables("data"))
    assert made[0] == made[1]


def test_values_of_one_window_alone_are_held(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The linked source is larger than what is held of it: only values of the keys at hand are."""
    shop.orders([f"{n},u{n},尹阔,Code{n:06d}" for n in range(1, 3000)])
    held: list[int] = []
    real = linked._Values.__init__

    def counting(self, *args):  # type: ignore[no-untyped-def]
        real(self, *args)
        held.append(sum(len(frame) for frame in self.values.values()))

    monkeypatch.setattr(linked._Values, "__init__", counting)
    shop.ingest()
    assert max(held) <= 2 * 3, "three values for each of two keys"


def test_a_key_that_leads_everywhere_is_refused(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linked, "MOST_VALUES", 2)
    with pytest.raises(ClearinghouseError, match="its key does not tell records apart"):
        shop.ingest()


def test_a_link_of_two_fields_and_a_database(shop: Shop) -> None:
    base = shop.world.unit / "shop.db"
    with sqlite3.connect(base) as database:
        database.execute("CREATE TABLE orders (order_id INTEGER, buyer TEXT, recipient TEXT, waybill TEXT)")
        database.execute("INSERT INTO orders VALUES (1, '1', '尹阔', ?), (1, '2', '尹阔', 'Zz9Yy8Xx7')", [CODE])
    database.close()
    fields = ORDERS.replace("{name: buyer,", "{name: buyer, primaryKey: true,").replace(
        "person.user_id", "identifier.record"
    )
    file = shop.contract("orders", fields)
    old = f'{{server: files, type: local, path: "{shop.world.unit / "orders.csv"}", format: csv}}'
    new = f'{{server: base, type: custom, location: "sqlite:///{base}", customProperties: [{{property: table, value: orders}}]}}'
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    shop.chats([f"1,1,user,1,,你好 {WRITTEN} 到了吗", f"2,2,user,1,,你好 {WRITTEN} 到了吗"])
    both = "    relationships: [{from: [chats.order_id, chats.talk], to: [orders.order_id, orders.buyer]}]\n"
    shop.contract("chats", CHATS % {"link": ""} + both, CHAT)
    shop.ingest()
    assert [WRITTEN in body for body in shop.bodies()] == [False, True]


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("orders.order", "has no field 'order'"),
        ("order.order_id", "there is no data set shop.order"),
        ("orders.recipient", "'recipient' is not a key of shop.orders"),
        ("parcels.waybills.order_id", "is of another unit, and data may not leave its unit"),
        ("chats.talk", "'order_id' is of type integer and 'talk' of shop.chats of type string"),
    ],
)
def test_a_link_that_leads_nowhere_is_told_with_its_line(shop: Shop, link: str, said: str) -> None:
    file = shop.contract("chats", CHATS % {"link": f", relationships: [{{to: {link}}}]"}, CHAT)
    line = next(n for n, text in enumerate(file.read_text("utf-8").splitlines(), 1) if "relationships" in text)
    with pytest.raises(ContractError) as caught:
        Context.load(shop.world.settings, "shop.chats")
    (problem,) = caught.value.problems
    assert said in problem.message
    assert (Path(problem.file).name, problem.line) == ("chats.odcs.yaml", line)
    assert problem.hint
