"""Rejects: listed, shown without a value, read again after a fix, removed when their time is up."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from clearinghouse import catalog
from clearinghouse.cli import app
from clearinghouse.jobs import ingest as module
from clearinghouse.jobs import replay as replay_job
from clearinghouse.jobs.context import NotFoundByName
from clearinghouse.jobs.ingest import ingest
from clearinghouse.jobs.plan import UNIT_BYTES
from clearinghouse.jobs.replay import replay
from clearinghouse.quarantine import NothingQuarantined, expires, listing, purge, purged, rejects
from clearinghouse.verify import verify
from infra.store import Store, open_store
from schemas.errors import QualityBreach, SourceUnavailable
from tests.clearinghouse.test_ingest import add, sqlite_world
from tests.ingest_world import PARTITION, World, make_world, rows

NOW = datetime(2030, 1, 1, tzinfo=UTC)
BAD = ["x7,王小明,13800138001,无,2024-05-01", "8,a,b,short"]
INTEGER = "{name: id, logicalType: integer, primaryKey: true"
TEXT = "{name: id, primaryKey: true"


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = make_world(tmp_path)
    made.contract()
    return made


def mend(world: World) -> None:
    """The contract takes any text as an id. A process keeps a contract that it has read, another would read it anew."""
    world.contract(**{f"replace:{INTEGER}": TEXT})
    module._context.cache_clear()


def store_of(world: World) -> Store:
    return open_store(world.settings.store)


def run(world: World, *arguments: str) -> dict[str, Any]:
    places = ["--store", world.settings.store, "--json"]
    if arguments[1] != "show":
        places += ["--contracts", world.settings.contracts]
    if arguments[1] == "replay":
        places += ["--key-file", str(world.settings.key_file)]
    done = CliRunner().invoke(app, [*arguments, *places], catch_exceptions=False)
    return dict(json.loads(done.output))


def age(world: World, at: datetime) -> None:
    for file in (world.store / "quarantine").rglob("*.parquet"):
        os.utime(file, (at.timestamp(), at.timestamp()))


def test_rejects_are_listed_and_shown_by_their_place_and_shape(world: World) -> None:
    world.write("2024-05-01.csv", [*rows(1, 3), *BAD])
    world.write("2024-05-02.csv", [*rows(11, 3), "y9,李雷,13900139002,无,2024-05-02"])
    ingest(world.settings, "shop.notes")
    age(world, NOW - timedelta(days=10))
    (one,) = listing(world.settings, store_of(world), NOW)
    assert (one["dataset"], one["rows"], one["rows_in"]) == ("shop.notes", 3, 9)
    assert one["partitions"] == {"2024-05-01": {"columns_missing": 1, "type:id": 1}, "2024-05-02": {"type:id": 1}}
    assert one["oldest"] == "2029-12-22T00:00:00Z"
    assert (one["retention"], one["left"]) == ("P3Y", 3 * 365 + 1 - 10)
    assert run(world, "quarantine", "ls")["datasets"][0]["rows"] == 3

    found = run(world, "quarantine", "show", "shop.notes", "--reason", "type:id")
    assert found["of"] == 2
    assert [(r["file"], r["position"], r["field"]) for r in found["rejects"]] == [
        ("2024-05-01.csv", 5, "id"),
        ("2024-05-02.csv", 5, "id"),
    ]
    assert found["rejects"][0]["sample"] == "x0|字字字|00000000000|字|0000-00-00"
    assert len(rejects(store_of(world), "shop.notes", limit=1)["rejects"]) == 1


def test_what_is_not_there_is_told_with_near_names(world: World) -> None:
    world.write("2024-05-01.csv", [*rows(1, 3), *BAD])
    ingest(world.settings, "shop.notes")
    store = store_of(world)
    with pytest.raises(NotFoundByName, match=r"did you mean 'shop.notes'"):
        rejects(store, "shop.note")
    with pytest.raises(NotFoundByName, match=r"partition '2024-05-09': did you mean '2024-05-01'"):
        rejects(store, "shop.notes", "2024-05-09")
    with pytest.raises(NotFoundByName, match=r"reason 'type:idd': did you mean 'type:id'"):
        replay(world.settings, "shop.notes", reason="type:idd")
    world.write("2024-05-01.csv", rows(1, 3))
    ingest(world.settings, "shop.notes")
    with pytest.raises(NothingQuarantined, match="no rejects in snapshot 2"):
        replay(world.settings, "shop.notes")


def test_after_a_contract_was_mended_only_units_with_rejects_are_read_again(world: World) -> None:
    world.write("2024-05-01.csv", [*rows(1, 3), *BAD])
    world.write("2024-05-02.csv", rows(11, 3))
    before = ingest(world.settings, "shop.notes")
    unread = world.snapshot().receipts[1]
    mend(world)
    found = replay(world.settings, "shop.notes", reason="type:id")
    assert found["before"]["quarantined"] == {"columns_missing": 1, "type:id": 1}
    assert found["after"]["quarantined"] == {"columns_missing": 1}
    assert (found["before"]["kept"], found["after"]["kept"]) == (3, 4)
    assert (found["units"], found["units_run"], found["snapshot"]) == (1, 1, before["snapshot"] + 1)
    # The other partition was not touched, and is said to be under the contract of before.
    assert world.snapshot().receipts[1] == unread
    assert found["stale"] == ["2024-05-02"]
    again = replay(world.settings, "shop.notes")
    assert again["no_op"]
    assert "what they were" in again["why"]
    # An ingest afterwards does only what replay did not.
    assert ingest(world.settings, "shop.notes")["units_run"] == 1


def test_nothing_changed_is_nothing_done(world: World) -> None:
    world.write("2024-05-01.csv", [*rows(1, 3), *BAD])
    ingest(world.settings, "shop.notes")
    found = run(world, "quarantine", "replay", "shop.notes")
    assert found["no_op"]
    assert found["snapshot"] == 1
    assert found["before"] == found["after"]


def test_one_of_several_units_of_a_partition(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The source is mended in one file; what the partition's other units hold stays, and nothing is there twice."""
    monkeypatch.setattr("clearinghouse.jobs.plan.UNIT_BYTES", 200)
    assert UNIT_BYTES > 200
    world.contract(extra=PARTITION.replace(r"\d{4}-\d{2}-\d{2}", r"\d{4}-\d{2}"))
    for day in (1, 2, 3):
        world.write(f"2024-05-0{day}.csv", [*rows(day * 10, 3), *([BAD[0]] if day < 3 else [])])
    assert ingest(world.settings, "shop.notes")["units"] == 3
    kept = [r.unit_id for r in world.snapshot().receipts]
    world.write("2024-05-02.csv", [*rows(20, 3), "7,王小明,13800138001,无,2024-05-01"])
    found = replay(world.settings, "shop.notes")
    assert (found["units"], found["after"]["kept"], found["after"]["quarantined"]) == (1, 4, {})
    after = [r.unit_id for r in world.snapshot().receipts]
    assert (after[0], after[2]) == (kept[0], kept[2])
    assert sorted(world.clean()["id"].to_pylist()) == [7, 10, 11, 12, 20, 21, 22, 30, 31, 32]
    assert ingest(world.settings, "shop.notes")["no_op"]


def test_rejects_stand_in_the_order_of_the_file_whatever_refused_them(world: World) -> None:
    lines = [line for n in range(1, 30, 2) for line in (*rows(n, 1), BAD[n % 4 // 2])]
    world.write("2024-05-01.csv", lines)
    ingest(world.settings, "shop.notes")
    found = rejects(store_of(world), "shop.notes", limit=5)["rejects"]
    assert [one["position"] for one in found] == [3, 5, 7, 9, 11]
    assert {one["reason"] for one in found} == {"type:id", "columns_missing"}


def test_a_run_that_was_not_committed_is_told_from_a_data_set_that_is_unknown(world: World) -> None:
    # The same key twice: nothing is committed.
    world.write("2024-05-01.csv", [*rows(1, 3), *rows(1, 1), *BAD])
    with pytest.raises(QualityBreach):
        ingest(world.settings, "shop.notes")
    with pytest.raises(NotFoundByName, match="nothing was committed") as caught:
        rejects(store_of(world), "shop.notes")
    assert caught.value.fix.startswith("clearinghouse quarantine show shop.notes --uncommitted")
    found = run(world, "quarantine", "show", "shop.notes", "--uncommitted")
    assert [(one["position"], one["reason"]) for one in found["rejects"]] == [(6, "type:id"), (7, "columns_missing")]
    (one,) = run(world, "quarantine", "ls", "shop.notes", "--uncommitted")["datasets"]
    assert (one["snapshot"], one["rows"], one["rows_in"]) == (None, 2, 6)


def test_rejects_of_a_run_held_back_are_the_newest_reading_and_not_the_snapshot(world: World) -> None:
    world.write("2024-05-01.csv", [*rows(1, 3), BAD[0]])
    ingest(world.settings, "shop.notes")
    store = store_of(world)
    with pytest.raises(NothingQuarantined, match="no run that was not committed"):
        rejects(store, "shop.notes", pending=True)
    for bad in ([*BAD, BAD[0]], BAD):  # the second file is mended a little and is held back again
        world.write("2024-05-02.csv", [*rows(11, 3), *rows(11, 1), *bad])
        with pytest.raises(QualityBreach):
            ingest(world.settings, "shop.notes")
    found = rejects(store, "shop.notes", pending=True)
    assert {one["partition"] for one in found["rejects"]} == {"2024-05-02"}
    assert found["of"] == 2
    assert rejects(store, "shop.notes")["of"] == 1
    with pytest.raises(NotFoundByName, match="partition '2024-05-01'"):
        rejects(store, "shop.notes", "2024-05-01", pending=True)
    world.write("2024-05-02.csv", rows(11, 3))
    ingest(world.settings, "shop.notes")
    with pytest.raises(NothingQuarantined, match="no run that was not committed"):
        rejects(store, "shop.notes", pending=True)


def test_a_file_that_is_gone_keeps_its_rejects(world: World) -> None:
    first = world.write("2024-05-01.csv", [*rows(1, 3), BAD[0]])
    world.write("2024-05-02.csv", [*rows(11, 3), BAD[0]])
    ingest(world.settings, "shop.notes")
    first.unlink()
    mend(world)
    found = replay(world.settings, "shop.notes")
    assert [one["partition"] for one in found["gone"]] == ["2024-05-01"]
    assert found["after"] == {**found["after"], "kept": 4, "quarantined": {}}
    assert world.snapshot().counts.quarantined == {"type:id": 1}
    with pytest.raises(SourceUnavailable, match="at the source any more") as caught:
        replay(world.settings, "shop.notes", "2024-05-01")
    assert "the rejects stay" in str(caught.value)


def test_interrupted_it_is_finished_by_the_same_call(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.write("2024-05-01.csv", [*rows(1, 3), BAD[0]])
    ingest(world.settings, "shop.notes")
    mend(world)
    with monkeypatch.context() as patch:
        patch.setattr("clearinghouse.jobs.ingest.commit", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            replay(world.settings, "shop.notes")
    assert world.snapshot().ordinal == 1
    found = replay(world.settings, "shop.notes")
    assert (found["units_run"], found["snapshot"], found["after"]["kept"]) == (0, 2, 4)


def test_another_run_in_between_is_met(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from schemas.errors import SourceChanged

    world.write("2024-05-01.csv", [*rows(1, 3), BAD[0]])
    ingest(world.settings, "shop.notes")
    mend(world)
    real = replay_job.carry_out

    def late(*arguments: Any) -> dict[str, Any]:
        world.write("2024-05-01.csv", rows(1, 2))
        ingest(world.settings, "shop.notes")
        world.write("2024-05-01.csv", [*rows(1, 3), BAD[0]])
        return real(*arguments)

    monkeypatch.setattr(replay_job, "carry_out", late)
    with pytest.raises(SourceChanged, match="another run"):
        replay(world.settings, "shop.notes")
    assert world.snapshot().counts.kept == 2


def test_a_database_read_by_ranges_is_pulled_again_as_a_whole(world: World) -> None:
    connection = sqlite_world(world, lag=None)
    add(connection, 1, 2)
    connection.execute("update notes set note = null where seq = 2")
    connection.commit()
    ingest(world.settings, "shop.notes")
    add(connection, 3)
    ingest(world.settings, "shop.notes")
    found = replay(world.settings, "shop.notes")
    assert found["no_op"]
    assert "come with the next ingest if their seq is newer" in found["why"]

    file = world.root / "contracts/shop/notes.odcs.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("note, required: true,", "note,"), encoding="utf-8")
    module._context.cache_clear()
    found = replay(world.settings, "shop.notes")
    assert (found["before"]["kept"], found["after"]["kept"], found["after"]["quarantined"]) == (2, 3, {})
    assert "all of them were pulled again" in found["why"]
    assert sorted(world.clean()["seq"].to_pylist()) == [1, 2, 3]


def test_one_range_under_another_contract_leaves_the_other_ranges(world: World) -> None:
    connection = sqlite_world(world, lag=None)
    for number in (1, 2):
        add(connection, number)
        ingest(world.settings, "shop.notes")
    file = world.root / "contracts/shop/notes.odcs.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("note, required: true,", "note,"), encoding="utf-8")
    module._context.cache_clear()
    assert ingest(world.settings, "shop.notes", "1..2")["total"]["kept"] == 2


@pytest.mark.parametrize(
    ("at", "duration", "then"),
    [
        ("2024-01-31", "P1M", "2024-02-29"),
        ("2024-02-29", "P1Y", "2025-02-28"),
        ("2024-01-31", "P1Y2M3W4D", "2025-04-25"),
        ("2024-12-31", "PT24H", "2025-01-01"),
        ("2024-12-15", "P11M", "2025-11-15"),
    ],
)
def test_durations_by_the_calendar(at: str, duration: str, then: str) -> None:
    assert expires(datetime.fromisoformat(at), duration) == datetime.fromisoformat(then)


def test_a_retention_beyond_the_calendar_never_ends() -> None:
    assert expires(NOW, "P9999Y").year == 9999


def test_what_has_expired_is_removed_and_its_counts_stay(world: World) -> None:
    kept_for = "  - {property: quarantineRetention, value: P30D}\n  - property: document"
    world.contract(**{"replace:  - property: document": kept_for})
    world.write("2024-05-01.csv", [*rows(1, 3), *BAD])
    ingest(world.settings, "shop.notes")
    store, before = store_of(world), world.snapshot()
    age(world, NOW - timedelta(days=30))
    data = {e.key: store.read(e.key) for r in before.receipts for e in (*r.data, *r.evidence)}

    with pytest.raises(NotFoundByName, match=r"did you mean 'shop\.notes'"):
        purge(world.settings, store, NOW, dataset="shop.note")
    early = purge(world.settings, store, NOW - timedelta(days=1))
    assert early == {"removed": [], "no_contract": [], "dry_run": False}
    assert purge(world.settings, store, NOW, dry_run=True)["removed"][0]["files"] == 1
    assert world.quarantine()
    found = purge(world.settings, store, NOW)
    assert found["removed"] == [
        {"dataset": "shop.notes", "files": 1, "bytes": found["removed"][0]["bytes"], "after": "P30D"}
    ]
    assert world.snapshot() == before
    assert {key: store.read(key) for key in data} == data
    (entry,) = [json.loads(body) for _, body in catalog.ledger(store)]
    assert (entry["kind"], entry["at"], entry["body"]["dataset"]) == (
        "quarantine.purge",
        "2030-01-01T00:00:00Z",
        "shop.notes",
    )
    assert purged(store) == {e.key for r in before.receipts for e in r.quarantine}

    # The counts are there, the rest is told, and `verify` knows why the file is missing.
    shown = rejects(store, "shop.notes")
    assert (shown["of"], shown["purged"], shown["rejects"]) == (2, 2, [])
    assert listing(world.settings, store, NOW)[0]["oldest"] is None
    assert verify(store).findings == []
    assert purge(world.settings, store, NOW)["removed"] == []
    assert ingest(world.settings, "shop.notes")["no_op"]


def test_a_purge_that_was_interrupted_is_finished_with_one_entry(world: World) -> None:
    world.write("2024-05-01.csv", [*rows(1, 3), *BAD])
    ingest(world.settings, "shop.notes")
    store = store_of(world)
    (file,) = (world.store / "quarantine").rglob("*.parquet")
    saved = file.read_bytes()
    later = NOW + timedelta(days=3650)
    purge(world.settings, store, later)
    file.write_bytes(saved)
    purge(world.settings, store, later + timedelta(days=1), older_than="P1D")
    assert not file.exists()
    assert len(list(catalog.ledger(store))) == 1


def test_a_file_that_is_missing_without_a_purge_is_damage(world: World) -> None:
    world.write("2024-05-01.csv", [*rows(1, 3), *BAD])
    ingest(world.settings, "shop.notes")
    (file,) = (world.store / "quarantine").rglob("*.parquet")
    assert pq.read_table(file).num_rows == 2
    file.unlink()
    assert [one.message for one in verify(store_of(world)).findings] == ["is missing"]


def test_a_data_set_without_a_contract_is_kept(world: World) -> None:
    world.write("2024-05-01.csv", [*rows(1, 3), *BAD])
    ingest(world.settings, "shop.notes")
    (world.root / "contracts/shop/notes.odcs.yaml").unlink()
    store, later = store_of(world), NOW + timedelta(days=36500)
    assert purge(world.settings, store, later) == {"removed": [], "no_contract": ["shop.notes"], "dry_run": False}
    assert listing(world.settings, store, NOW)[0]["left"] is None
    assert purge(world.settings, store, later, older_than="P1D")["removed"][0]["files"] == 1
