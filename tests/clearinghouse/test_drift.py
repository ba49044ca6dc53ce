"""Snapshots beside those before them: remarked on, held back, refused, accepted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from clearinghouse import catalog
from clearinghouse.cli import app
from clearinghouse.jobs import ingest as module
from clearinghouse.jobs.drift import NotHeld, accept, acceptance, comparison, is_held
from clearinghouse.jobs.ingest import ingest
from clearinghouse.jobs.release_select import select
from clearinghouse.verify import verify
from infra.store import open_store
from schemas.errors import DriftBreach, QualityBreach, ReleaseRefused
from schemas.manifest import SnapshotManifest
from tests.ingest_world import PHONES, World, make_world, rows

LIMITS = (
    "{window: 3, volume: {warn: 0.2, hold: 0.5, fail: 0.9}, nulls: {warn: 0.05, hold: 0.3}, "
    "psi: {warn: 0.25, hold: 1}, redactions: {warn: 0.2, hold: 0.5}}"
)
MIX = """\
name: notes
version: 1.0.0
purpose: pretrain
format: text
audience: tests
description: All notes.
tokenizer: house
seed: 3
sources:
  - {dataset: shop.notes, weight: 1}
"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Partitions are files, read whole; limits for everything."""
    made = make_world(tmp_path)
    limited(made)
    (tmp_path / "mixes").mkdir()
    (tmp_path / "mixes" / "notes.mix.yaml").write_text(MIX, encoding="utf-8")
    return made


def limited(world: World, limits: str = LIMITS, **more: str) -> None:
    with_drift = f"  - {{property: drift, value: {limits}}}\n  - property: document"
    world.contract(**{"replace:  - property: document": with_drift, **more})


def days(world: World, *counts: int) -> dict[str, Any]:
    for day, count in enumerate(counts, 1):
        world.write(f"2024-05-0{day}.csv", rows(day * 1000, count, f"2024-05-0{day}"))
    return ingest(world.settings, "shop.notes")


def snapshots(world: World) -> list[SnapshotManifest]:
    files = sorted((world.store / "scrubbed/shop/notes/snapshots").glob("*.json"))
    return [SnapshotManifest.from_json(file.read_bytes()) for file in files]


def test_profiles_count_and_hold_no_value(world: World) -> None:
    world.write("2024-05-01.csv", [*rows(1, 30), "31,,,短,2024-05-01"])
    ingest(world.settings, "shop.notes")
    (receipt,) = world.snapshot().receipts
    assert receipt.profile["rows"] == 31
    assert receipt.profile["nulls"] == {"id": 0, "buyer": 1, "phone": 1, "note": 0, "day": 0}
    assert receipt.profile["lengths"]["note"]["1"] == 1
    assert sum(receipt.profile["lengths"]["note"].values()) == 31
    languages = receipt.profile["languages"]["note"]
    assert (sum(languages.values()), {tag[:2] for tag in languages}) == (31, {"zh"})
    # Personal and identifying columns are counted by their nulls alone.
    assert set(receipt.profile["values"]) == set()
    text = json.dumps(receipt.profile, ensure_ascii=False)
    assert not any(value in text for value in (*PHONES, "王小明"))


def test_values_of_few_are_counted_by_name_or_by_a_keyed_hash(world: World) -> None:
    day = "      - {name: day, logicalType: date, classification: none}\n"
    more = "      - {name: tier, classification: none}\n      - {name: many, classification: none}\n"
    limited(world, **{f"replace:{day}": day + more})
    world.write(
        "2024-05-01.csv",
        [f"{line},{'gold' if n % 3 else 'lead'},v{n}" for n, line in enumerate(rows(1, 60))],
        header="id,buyer,phone,note,day,tier,many",
    )
    ingest(world.settings, "shop.notes")
    (receipt,) = world.snapshot().receipts
    assert sorted(receipt.profile["values"]["tier"].values()) == [20, 40]
    assert all(label.startswith("#") for label in receipt.profile["values"]["tier"])
    assert receipt.profile["values"]["many"] is None


def test_the_first_has_nothing_to_be_compared_with_and_like_follows_like(world: World) -> None:
    first = days(world, 60)
    assert (first["drift_status"], first["drift_remarks"]) == ("first", [])
    second = days(world, 60, 62)
    assert (second["drift_status"], second["drift_remarks"]) == ("ok", [])
    assert world.snapshot().drift["baseline"] == [1]
    assert days(world, 60, 62)["no_op"]


def test_a_partition_that_fell_is_held_until_it_is_accepted(world: World) -> None:
    days(world, 80, 80)
    found = days(world, 80, 80, 30)
    assert found["drift_status"] == "held"
    assert found["drift_remarks"][0].startswith("partition 2024-05-03: rows 80 -> 30 (0.6250, hold from 0.5)")
    assert world.snapshot().drift["held"] == ["2024-05-03"]
    store = open_store(world.settings.store)
    assert is_held(store, world.snapshot())
    mixes = {**world.settings.__dict__, "mixes": str(world.root / "mixes")}
    settings = type(world.settings)(**mixes)
    with pytest.raises(ReleaseRefused, match="held back") as caught:
        select(settings, "notes", store)
    assert "clearinghouse drift accept shop.notes" in str(caught.value)

    # The next day is sound, but what is held is in there still, and is no measure for it.
    again = days(world, 80, 80, 30, 78)
    assert again["drift_status"] == "held"
    assert world.snapshot().drift["held"] == ["2024-05-03"]
    assert "partition 2024-05-04" not in " ".join(again["drift_remarks"])

    done = accept(world.settings, "shop.notes", "mei.zhou", "A holiday.")
    assert done["ledger"] == 1
    (entry,) = [json.loads(body) for _, body in catalog.ledger(store)]
    assert (entry["kind"], entry["actor"], entry["body"]["reason"]) == ("drift.accept", "mei.zhou", "A holiday.")
    repeated = accept(world.settings, "shop.notes", "mei.zhou", "A holiday.")
    assert (repeated["ledger"], repeated["repeated"]) == (1, True)
    with pytest.raises(NotHeld, match=r"accepted already by mei\.zhou"):
        accept(world.settings, "shop.notes", "li.na", "Another word.")
    assert not is_held(store, world.snapshot())
    assert select(settings, "notes", store).chosen
    assert comparison(world.settings, "shop.notes")["status"] == "accepted"
    assert days(world, 80, 80, 30, 78)["drift_status"] == "accepted"
    assert days(world, 80, 80, 30, 78, 80)["drift_status"] == "ok"
    assert verify(store).findings == []
    (file,) = (world.store / "scrubbed/shop/notes/accepted").glob("*.json")
    file.write_bytes(file.read_bytes().replace(b"mei.zhou", b"mei.chen"))
    (finding,) = verify(store).findings
    assert "forged" in finding.message


def test_a_held_partition_that_is_mended_is_held_no_more(world: World) -> None:
    days(world, 80, 80)
    assert days(world, 80, 80, 20)["drift_status"] == "held"
    found = days(world, 80, 80, 79)
    assert found["drift_status"] == "ok"
    # The mean of those before leaves out what was held.
    assert world.snapshot().drift["baseline"] == [1]


def test_too_far_is_not_committed_unless_it_is_meant(world: World) -> None:
    days(world, 200, 200)
    with pytest.raises(DriftBreach) as caught:
        days(world, 200, 200, 10)
    error = caught.value
    assert isinstance(error, QualityBreach)
    assert (error.exit_code, error.transient) == (4, False)
    assert "partition 2024-05-03: rows 200 -> 10 (0.9500, fail from 0.9)" in error.message
    assert len(snapshots(world)) == 1
    (evidence,) = (world.store / "quality/shop/notes/drift").glob("*.json")
    assert evidence.name[:16] in error.fix
    assert json.loads(evidence.read_bytes())["changes"][0]["level"] == "fail"
    with pytest.raises(NotHeld, match="not held back"):
        accept(world.settings, "shop.notes", "mei.zhou", "Meant.")
    with pytest.raises(NotHeld, match=r"no snapshot of shop\.notes was held or refused"):
        accept(world.settings, "shop.notes", "mei.zhou", "Meant.", "0123456789")
    done = accept(world.settings, "shop.notes", "mei.zhou", "Meant.", evidence.name[:16])
    assert acceptance(open_store(world.settings.store), "shop.notes", done["digest"])
    found = ingest(world.settings, "shop.notes")
    assert (found["snapshot"], found["drift_status"], found["units_run"]) == (2, "accepted", 0)


def test_redactions_nulls_lengths_and_languages_are_seen(world: World) -> None:
    days(world, 100)
    lines = [f"{n},王小明,,the parcel was left at the door and it is not mine {n},2024-05-02" for n in range(100)]
    world.write("2024-05-02.csv", lines)
    found = ingest(world.settings, "shop.notes")
    partition = [one for one in world.snapshot().drift["changes"] if one["where"]]
    seen = {(one["measure"], one["what"]): one for one in partition}
    assert {("nulls", "phone"), ("redactions", "PHONE_NUMBER"), ("languages", "note"), ("lengths", "note")} <= set(seen)
    assert seen["redactions", "PHONE_NUMBER"]["now"] == "0"
    assert found["drift_status"] == "held"


def test_a_data_set_without_partitions_is_compared_as_a_whole(world: World) -> None:
    limited(world, extra="      - {property: header, value: true}")
    for count, status in ((100, "first"), (101, "ok"), (40, "held"), (100, "ok")):
        world.write("all.csv", rows(1, count))
        assert ingest(world.settings, "shop.notes")["drift_status"] == status
    assert [one.drift["baseline"] for one in snapshots(world)] == [[], [1], [2, 1], [2, 1]]


def test_the_contract_decides_by_default_nothing_is_held(world: World) -> None:
    world.contract()
    days(world, 100, 100)
    found = days(world, 100, 100, 3)
    assert found["drift_status"] == "warn"
    assert not is_held(open_store(world.settings.store), world.snapshot())


def test_what_was_accepted_is_no_news_when_the_same_rows_are_scrubbed_again(world: World) -> None:
    days(world, 80, 80)
    days(world, 80, 80, 30)
    accept(world.settings, "shop.notes", "mei.zhou", "A holiday.")
    # All is scrubbed again, because rows mean something else now: an id may be any text.
    limited(world, **{"replace:{name: id, logicalType: integer,": "{name: id,"})
    module._context.cache_clear()
    found = days(world, 80, 80, 30)
    assert (found["no_op"], found["units_run"], found["drift_status"]) == (False, 3, "ok")
    # A rise of that day from there on is news, and so is a further fall.
    assert days(world, 80, 80, 9)["drift_remarks"][0].startswith("partition 2024-05-03: rows 63 -> 9")


def test_what_was_held_is_held_still_when_the_same_rows_are_scrubbed_again(world: World) -> None:
    days(world, 80, 80)
    days(world, 80, 80, 30)
    limited(world, **{"replace:{name: id, logicalType: integer,": "{name: id,"})
    module._context.cache_clear()
    found = days(world, 80, 80, 30)
    assert (found["units_run"], found["drift_status"]) == (3, "held")


def test_the_same_history_says_the_same(tmp_path: Path) -> None:
    made = []
    for workers in (1, 3):
        world = make_world(tmp_path / str(workers), workers)
        limited(world, path="${NOTES_DIR}/*.csv")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("NOTES_DIR", str(world.unit))
            days(world, 60, 60)
            days(world, 60, 60, 20)
        made.append([one.to_json() for one in snapshots(world)])
    assert made[0] == made[1]


def test_the_commands(world: World) -> None:
    days(world, 80, 80)
    days(world, 80, 80, 30)
    places = ["--store", world.settings.store]
    run = CliRunner().invoke
    shown = run(app, ["drift", "show", "shop.notes", *places, "--contracts", world.settings.contracts])
    assert "shop.notes, snapshot 2: held" in shown.output
    assert "2024-05-03" in shown.output
    as_json = run(app, ["drift", "show", "shop.notes", *places, "--contracts", world.settings.contracts, "--json"])
    assert {one["measure"] for one in json.loads(as_json.output)["measures"]} >= {"volume", "nulls", "lengths"}
    done = run(app, ["drift", "accept", "shop.notes", "--reviewer", "li.na", "--reason", "Meant.", *places])
    assert "ledger entry 1" in done.output
