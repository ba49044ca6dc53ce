"""Erasures that are killed, of conversations, of releases of many shards, and of many people at once."""

from __future__ import annotations

import shutil
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import infra.store
from clearinghouse import catalog
from clearinghouse.jobs import erase_certificate
from clearinghouse.jobs.erase import Why, erase, request, run
from clearinghouse.jobs.ingest import ingest
from clearinghouse.jobs.release import build
from clearinghouse.subjects import Subjects, search
from clearinghouse.verify import verify
from governance.erasure import Person
from infra.store.local import LocalStore
from tests import deadly
from tests.clearinghouse.test_erase import MIX, OWN, WHY, Shop, make_shop
from tests.deadly import Death
from tests.ingest_world import PHONES, make_world

CHAT = (
    '  - {property: document, value: {kind: chat, text: "{note}", group: talk, order: turn, role: who, '
    "roles: {buyer: user, agent: assistant}, language: zh, profile: chat}}"
)
TEXT = """\
  - property: document
    value: {kind: text, text: "{note}", language: zh, profile: review}"""
FIELDS = """\
      - {name: talk, classification: identifier.record}
      - {name: turn, logicalType: integer, classification: none}
      - {name: who, classification: none}
"""


class Killed(BaseException):
    """Stands for the end of a process: nothing catches it."""


class Mortal:
    """A store whose n-th change does not happen, and nothing after it."""

    def __init__(self, inner: Any, left: int) -> None:
        self.inner, self.left = inner, left

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.inner, name)
        if name not in ("put", "upload", "delete"):
            return found

        def change(*args: Any, **kwargs: Any) -> Any:
            self.left -= 1
            if self.left == 0:
                raise Killed
            return found(*args, **kwargs)

        return change


def objects(store: Path, *, timed: bool = False) -> dict[str, bytes]:
    """What lies in a store; of what states a time only the name."""
    found = {}
    for file in store.rglob("*"):
        if file.is_file() and not file.name.startswith("."):
            name = str(file.relative_to(store))
            states = name.startswith(("ledger/", "erasures/")) and not timed
            found[name] = b"" if states else file.read_bytes()
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return make_shop(tmp_path_factory.mktemp("made"), 24)


def test_killed_before_any_change_of_the_store_it_finishes_when_run_again(
    made: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "store"
    settings = replace(made.settings, store=str(place))
    shutil.copytree(made.world.store, place)
    erase(settings, made.person(phone=OWN), WHY)
    wanted = objects(place)
    real, at, ended = infra.store.open_store, 0, False
    while not ended:
        at += 1
        assert at < 80
        shutil.rmtree(place)
        shutil.copytree(made.world.store, place)
        mortal = Mortal(real(str(place)), at)
        monkeypatch.setattr(infra.store, "open_store", lambda uri, mortal=mortal: mortal)
        try:
            erase(settings, made.person(phone=OWN), WHY)
            ended = True
        except Killed:
            pass
        monkeypatch.setattr(infra.store, "open_store", real)
        assert not verify(real(str(place))).findings, f"killed before change {at}"
        erase(settings, made.person(phone=OWN), WHY)
        assert objects(place) == wanted
    assert at > 12


@pytest.mark.slow
def test_killed_between_the_rewritten_files_and_the_pointer_ingest_and_a_rerun_go_on(
    made: Shop, tmp_path: Path
) -> None:
    place = tmp_path / "store"
    shutil.copytree(made.world.store, place)
    settings = replace(made.settings, store=str(place))
    asked = request(settings, made.person(phone=OWN), WHY)["id"]
    inline = replace(settings, executor="inline", workers=1)
    pointer = "scrubbed/shop/notes/snapshots/00000002.json"
    ended = deadly.ended(Death(key=pointer), run, inline, asked)
    assert ended == -signal.SIGKILL
    store = LocalStore(str(place))
    assert list(store.list("releases/notes/1.0.0/frozen/"))
    # An ingest that comes first commits what the erasure had written; then the erasure finds it done.
    assert ingest(settings, "shop.notes")["counts"]["filtered"] == {"erased": 2}
    found = erase(settings, made.person(phone=OWN), WHY)
    assert found["datasets"]["shop.notes"]["snapshot"] == 2
    assert found["releases"]["notes"]["candidate"] == "notes@1.0.1"
    assert not verify(store).findings


def test_a_conversation_goes_as_a_whole_and_stays_away(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.contract(
        **{
            f"replace:{TEXT}": CHAT,
            "replace:      - {name: buyer, classification: person.name}\n": FIELDS
            + "      - {name: buyer, classification: person.name}\n",
        }
    )
    header = "id,talk,turn,who,buyer,phone,note,day"

    def talk(number: int, phone: str) -> list[str]:
        return [
            f"{number}0,t{number},1,buyer,王小明,{phone},第{number}个包裹在哪里,2024-05-01",
            f"{number}1,t{number},2,agent,,,您好第{number}个已经发出了,2024-05-01",
            f"{number}2,t{number},3,buyer,王小明,{phone},谢谢第{number}次,2024-05-01",
        ]

    lines = [line for number in range(1, 9) for line in talk(number, OWN if number == 4 else PHONES[number % 4])]
    world.write("2024-05-01.csv", lines, header)
    (tmp_path / "mixes").mkdir()
    (tmp_path / "mixes" / "notes.mix.yaml").write_text(
        MIX.replace("format: text", "format: messages").replace("rowsPerGroup: 4", "rowsPerGroup: 2"), encoding="utf-8"
    )
    settings = replace(world.settings, mixes=str(tmp_path / "mixes"), executor="inline", workers=1)
    ingest(settings, "shop.notes")
    build(settings, "notes")
    shop = Shop(world, settings)
    found = erase(settings, shop.person(phone=OWN), WHY)
    # Three rows, one document: what the agent answered is about the buyer as well.
    assert found["found"] == {"subjects": 1, "rows": 3}
    assert found["frozen"] == {"notes@1.0.0": 1}
    assert found["datasets"]["shop.notes"]["rows"] == 3
    holes = [row for row in shop.rows("1.0.1") if row["erased"]]
    assert [row["messages"] for row in holes] == [None]
    (source,) = shop.manifest("1.0.1").sources
    assert source["row_counts"]["filtered"]["erased"] == 3
    assert source["counts"]["filtered"]["erased"] == 1
    assert world.clean()["talk"].to_pylist().count("t4") == 0
    # An answer that comes later names nobody, but its conversation is known.
    world.write("2024-05-02.csv", ["43,t4,4,agent,,,还有什么可以帮您,2024-05-02", *talk(9, PHONES[1])], header)
    assert ingest(settings, "shop.notes", "2024-05-02")["counts"]["filtered"] == {"erased": 1}
    assert not verify(shop.store).findings


def test_one_person_in_a_release_of_a_thousand_shards_costs_their_shards(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.contract()
    lines = [f"{n},王小明,{OWN if n == 617 else PHONES[n % 4]},第{n}条留言东西很好用,2024-05-01" for n in range(1010)]
    world.write("2024-05-01.csv", lines)
    (tmp_path / "mixes").mkdir()
    mix = MIX.replace("tokens: 100", "tokens: 1").replace("rowsPerGroup: 4", "rowsPerGroup: 1")
    (tmp_path / "mixes" / "notes.mix.yaml").write_text(mix, encoding="utf-8")
    settings = replace(world.settings, mixes=str(tmp_path / "mixes"), executor="inline", workers=1)
    ingest(settings, "shop.notes")
    build(settings, "notes")
    shop = Shop(world, settings)
    before = {entry.key for entry in shop.store.list("releases/notes/shards/")}
    found = erase(settings, shop.person(phone=OWN), WHY)
    after = {entry.key for entry in shop.store.list("releases/notes/shards/")}
    assert len(before) == len(shop.manifest("1.0.0").shards) == 1010
    assert len(after - before) == 1
    assert before <= after
    manifest = shop.manifest("1.0.1")
    assert manifest.listing is not None
    assert manifest.totals["erased"] == 1
    assert found["releases"]["notes"]["candidate"] == "notes@1.0.1"
    assert not verify(shop.store, "notes@1.0.1").findings


def test_many_people_are_looked_for_in_one_pass(made: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many people are asked for, an index is read once, and what is held grows by their hashes alone."""
    place = tmp_path / "store"
    shutil.copytree(made.world.store, place)
    settings = replace(made.settings, store=str(place))
    opened: list[str] = []
    real = LocalStore.open
    monkeypatch.setattr(LocalStore, "open", lambda self, key: opened.append(key) or real(self, key))
    people = [Person((("phone", f"+1 202 55{number:05d}"),)) for number in range(2000)]
    people += [Person((("email", f"someone.{number}@example.com"), ("phone", PHONES[1]))) for number in range(2)]
    found = erase(settings, people, Why("pipl-47-consent", "2026-01-31", "a list of the privacy desk", "olga"))
    indexes = [key for key in opened if "/subjects/" in key]
    first = catalog.snapshot_of(LocalStore(str(place)), "shop", "notes", 1)
    assert first is not None
    (index,) = first.receipts[0].subjects
    # Once by the search and once by what rewrites it; never once a person.
    assert indexes.count(index.key) <= 3
    assert found["subjects"] == 2002
    assert found["found"]["subjects"] == 2
    assert erase_certificate.listing(settings)[0]["law"] == "pipl"
    one = search(LocalStore(str(place)), [index], Subjects([]))
    assert one == []
