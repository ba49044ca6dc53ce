"""Ingest from end to end on a small unit: accounting, scrubbing, partitions, reruns, bad input."""

from __future__ import annotations

import gzip
import sqlite3
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from clearinghouse.jobs.ingest import commit, ingest, plan, run_unit
from schemas.errors import QualityBreach, SourceChanged, SourceUnavailable
from tests.ingest_world import HEADER, PARTITION, PHONES, World, make_world, rows


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = make_world(tmp_path)
    made.contract()
    return made


def files_of(world: World) -> dict[str, bytes]:
    return {str(f.relative_to(world.store)): f.read_bytes() for f in world.store.rglob("*") if f.is_file()}


def test_rows_are_scrubbed_and_accounted_for(world: World) -> None:
    world.write("2024-05-01.csv", [*rows(1, 10), "x,王小明,13800138001,无,2024-05-01", "12,a,b", "13,a,b,,2024-05-01"])
    found = ingest(world.settings, "shop.notes")
    counts = found["counts"]
    assert counts["balanced"]
    assert (counts["rows_in"], counts["kept"]) == (13, 10)
    assert counts["quarantined"] == {"type:id": 1, "columns_missing": 1, "null:note": 1}
    notes = world.clean()["note"].to_pylist()
    assert all("<PHONE_NUMBER" in note for note in notes)
    assert not any(phone.encode() in world.store_bytes() for phone in PHONES)
    assert "王小明".encode() not in world.store_bytes()


def test_columns_that_the_contract_does_not_know_are_told(world: World) -> None:
    world.write("2024-05-01.csv", [f"{line},gold" for line in rows(1, 3)], header=f"{HEADER},tier")
    found = ingest(world.settings, "shop.notes")
    assert found["drift"] == ["unknown:tier"]
    assert found["drift_inputs"]["unknown:tier"] == {"of": 1, "first": ["2024-05-01.csv"]}
    assert "tier" not in world.clean().column_names


def test_rejects_say_where_and_why_and_show_only_a_shape(world: World) -> None:
    world.write("2024-05-01.csv", [*rows(1, 1), "x7,王小明,13800138001,无,2024-05-01"])
    ingest(world.settings, "shop.notes")
    (row,) = world.quarantine()
    assert (row["reason"], row["input"], row["partition"]) == ("type:id", "2024-05-01.csv", "2024-05-01")
    assert row["position"] >= 2
    assert "王" not in row["sample"]
    assert "13800138001" not in row["sample"]


def test_a_second_run_does_nothing(world: World) -> None:
    world.write("2024-05-01.csv", rows(1, 10))
    first = ingest(world.settings, "shop.notes")
    before = files_of(world)
    second = ingest(world.settings, "shop.notes")
    assert second["no_op"]
    assert second["units_run"] == 0
    assert second["digest"] == first["digest"]
    assert files_of(world) == before


def test_partitions_are_added_and_replaced_one_by_one(world: World) -> None:
    world.write("2024-05-01.csv", rows(1, 5))
    ingest(world.settings, "shop.notes")
    world.write("2024-05-02.csv", rows(6, 5, "2024-05-02"))
    found = ingest(world.settings, "shop.notes", "2024-05-02")
    assert found["counts"]["kept"] == 5
    assert found["total"]["kept"] == 10
    world.write("2024-05-01.csv", rows(1, 3))
    found = ingest(world.settings, "shop.notes")
    assert found["units_run"] == 1
    assert found["total"]["kept"] == 8
    assert sorted(world.clean()["id"].to_pylist()) == [1, 2, 3, 6, 7, 8, 9, 10]


def test_a_partition_whose_file_left_the_unit_stays(world: World) -> None:
    old = world.write("2024-05-01.csv", rows(1, 5))
    ingest(world.settings, "shop.notes")
    old.unlink()
    world.write("2024-05-02.csv", rows(6, 5))
    assert ingest(world.settings, "shop.notes")["total"]["kept"] == 10


def test_a_partition_that_is_not_there_is_named(world: World) -> None:
    world.write("2024-05-01.csv", rows(1, 1))
    with pytest.raises(SourceUnavailable, match="2024-06-01"):
        ingest(world.settings, "shop.notes", "2024-06-01")


def test_no_source_at_all(world: World) -> None:
    with pytest.raises(SourceUnavailable, match="unit"):
        ingest(world.settings, "shop.notes")


def test_the_same_bytes_whatever_the_number_of_workers(tmp_path: Path) -> None:
    made = []
    for workers in (1, 3):
        world = make_world(tmp_path / str(workers), workers)
        world.contract(path="${NOTES_DIR}/*.csv")
        for day in range(1, 5):
            world.write(f"2024-05-0{day}.csv", rows(day * 100, 50, f"2024-05-0{day}"))
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("NOTES_DIR", str(world.unit))
            found = ingest(world.settings, "shop.notes")
        assert found["units_run"] == 4
        data = {name: body for name, body in files_of(world).items() if "/data/" in name or "/snapshots/" in name}
        made.append((found["digest"], data))
    assert made[0] == made[1]


def test_a_source_that_changes_between_plan_and_run(world: World) -> None:
    file = world.write("2024-05-01.csv", rows(1, 5))
    planned = plan(world.settings, "shop.notes")
    file.write_text(file.read_text().replace("第1条", "第9条"))
    with pytest.raises(SourceChanged):
        run_unit(world.settings, planned["plan"], planned["units"][0])
    assert ingest(world.settings, "shop.notes")["counts"]["kept"] == 5


def test_a_contract_that_changes_between_plan_and_run(world: World) -> None:
    world.write("2024-05-01.csv", rows(1, 5))
    planned = plan(world.settings, "shop.notes")
    world.contract(**{"replace:{name: buyer, classification: person.name}": "{name: buyer, classification: secret}"})
    from clearinghouse.jobs import ingest as module

    module._context.cache_clear()
    with pytest.raises(SourceChanged, match="contract"):
        run_unit(world.settings, planned["plan"], planned["units"][0])


def test_commit_without_the_suite_is_refused(world: World) -> None:
    world.write("2024-05-01.csv", rows(1, 5))
    planned = plan(world.settings, "shop.notes")
    run_unit(world.settings, planned["plan"], planned["units"][0])
    with pytest.raises(QualityBreach, match="has not run"):
        commit(world.settings, planned["plan"])


def test_a_breach_publishes_its_evidence_and_commits_nothing(world: World) -> None:
    world.contract(
        **{
            "replace:{name: day, logicalType: date, classification: none}": (
                "{name: day, logicalType: date, classification: none, "
                "quality: [{type: library, metric: nullValues, mustBe: 0}]}"
            )
        }
    )
    world.write("2024-05-01.csv", [*rows(1, 5), "7,王小明,13800138001,好,"])
    with pytest.raises(QualityBreach, match="day") as caught:
        ingest(world.settings, "shop.notes")
    assert "quality/shop/notes/" in caught.value.state
    assert "1 of 6 rows, line or record: 2024-05-01.csv at 7" in caught.value.message
    assert "data_docs/index.html" in caught.value.fix
    assert "clearinghouse ingest shop.notes" in caught.value.fix
    assert list((world.store / "quality/shop/notes").rglob("summary.json"))
    assert not list((world.store / "scrubbed/shop/notes").rglob("snapshots/*.json"))
    world.write("2024-05-01.csv", rows(1, 5))
    assert ingest(world.settings, "shop.notes")["snapshot"] == 1


@pytest.mark.parametrize("workers", [1, 2])
def test_files_that_cannot_be_read_are_all_told_and_the_others_are_done(world: World, workers: int) -> None:
    settings = replace(world.settings, workers=workers)
    for day in ("01", "03"):
        (world.unit / f"2024-05-{day}.csv").write_text("these,are\nnot,columns\n", encoding="utf-8")
    world.write("2024-05-02.csv", rows(1, 5))
    with pytest.raises(SourceUnavailable) as caught:
        ingest(settings, "shop.notes")
    said = caught.value
    assert said.message.startswith("2 things at the source cannot be read:")
    assert [day for day in ("01", "02", "03") if f"2024-05-{day}.csv" in said.message] == ["01", "03"]
    assert "nothing was committed" in said.state
    assert said.fix.endswith("then run: clearinghouse ingest shop.notes")
    assert not list((world.store / "scrubbed/shop/notes").rglob("snapshots/*.json"))
    for day in ("01", "03"):
        world.write(f"2024-05-{day}.csv", rows(int(day) * 100, 5))
    found = ingest(settings, "shop.notes")
    assert (found["counts"]["kept"], found["units"], found["units_run"]) == (15, 3, 2)


@pytest.mark.parametrize("lines", [None, []], ids=["empty", "header only"])
def test_files_without_rows(world: World, lines: list[str] | None) -> None:
    if lines is None:
        (world.unit / "2024-05-01.csv").write_bytes(b"")
    else:
        world.write("2024-05-01.csv", lines)
    counts = ingest(world.settings, "shop.notes")["counts"]
    assert counts["rows_in"] == 0
    assert counts["balanced"]


def test_wrong_bytes_and_nuls_are_quarantined_not_fatal(world: World) -> None:
    body = "\n".join([HEADER, *rows(1, 3)]).encode() + b"\n8,a,b,\xff\xfe\xfa,2024-05-01\n9,a,b,x\x00y,2024-05-01\n"
    (world.unit / "2024-05-01.csv").write_bytes(body)
    counts = ingest(world.settings, "shop.notes")["counts"]
    assert counts["kept"] == 3
    assert sum(counts["quarantined"].values()) == 2
    assert counts["balanced"]


@pytest.mark.parametrize("kind", ["gzip", "zip"])
def test_a_compressed_file_that_is_cut_short(world: World, kind: str) -> None:
    text = "\n".join([HEADER, *rows(1, 5000)]).encode()
    file = world.unit / f"2024-05-01.csv.{'gz' if kind == 'gzip' else 'zip'}"
    if kind == "gzip":
        file.write_bytes(gzip.compress(text)[:-2000])
    else:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr("notes.csv", text)
        file.write_bytes(file.read_bytes()[:-2000])
    world.contract(path=f"{world.unit}/*.csv.*")
    if kind == "gzip":
        counts = ingest(world.settings, "shop.notes")["counts"]
        assert counts["balanced"]
        assert counts["quarantined"]["truncated"] >= 1
        assert 0 < counts["kept"] < 5000
    else:
        # The directory of a zip stands at its end: without it no member can be trusted.
        with pytest.raises(SourceUnavailable, match=r"csv\.zip"):
            ingest(world.settings, "shop.notes")


def test_one_line_too_long_for_memory_is_refused_alone(world: World) -> None:
    world.contract(extra=PARTITION + "\n      - {property: maxRecordBytes, value: 65536}")
    world.write("2024-05-01.csv", [*rows(1, 3), f"5,a,13800138001,{'长' * 300_000},2024-05-01", *rows(6, 3)])
    counts = ingest(world.settings, "shop.notes")["counts"]
    assert counts["kept"] == 6
    assert counts["quarantined"] == {"record_too_large": 1}


def sqlite_world(world: World, lag: str | None = "2") -> sqlite3.Connection:
    database = world.unit / "shop.db"
    connection = sqlite3.connect(database)
    connection.execute("create table notes (id integer, buyer text, phone text, note text, day text, seq integer)")
    text = "      - {property: table, value: notes}\n      - {property: cursor, value: seq}"
    if lag:
        text += f"\n      - {{property: lag, value: {lag}}}"
    world.contract(
        kind="custom",
        extra=text,
        **{
            f"replace:    path: {world.unit}/*.csv\n    format: csv\n": f"    location: sqlite:///{database}\n",
            "replace:  - {name: day, logicalType": "  - {name: seq, logicalType: integer, classification: none}\n"
            "      - {name: day, logicalType",
            "replace:    properties:\n": "    quality: [{type: library, metric: rowCount, mustBeGreaterThan: 0}]\n"
            "    properties:\n",
        },
    )
    return connection


def add(connection: sqlite3.Connection, *seqs: int) -> None:
    for seq in seqs:
        number = connection.execute("select count(*) from notes").fetchone()[0]
        connection.execute(
            "insert into notes values (?,?,?,?,?,?)",
            (number, "王小明", PHONES[number % 4], f"第{number}条", "2024-05-01", seq),
        )
    connection.commit()


def test_incremental_pulls_meet_ties_and_late_rows_once(world: World) -> None:
    connection = sqlite_world(world)
    add(connection, 1, 2, 3, 3)
    assert ingest(world.settings, "shop.notes")["counts"]["kept"] == 4
    add(connection, 3, 2, 4)  # a tie of the watermark, a late row within the lag, a new one
    second = ingest(world.settings, "shop.notes")
    assert second["counts"]["kept"] == 3
    assert second["counts"]["duplicates"] == 4  # the lag of 2 reaches back over all that was committed
    assert second["total"]["kept"] == 7
    assert sorted(world.clean()["id"].to_pylist()) == list(range(7))
    assert world.snapshot().cursor is not None
    assert world.snapshot().cursor["high"] == 4
    third = ingest(world.settings, "shop.notes")
    assert third["no_op"]
    assert third["counts"]["kept"] == 0
    assert third["total"]["kept"] == 7


def test_ties_with_the_watermark_are_taken_without_a_lag(world: World) -> None:
    connection = sqlite_world(world, lag=None)
    add(connection, 1, 2, 3)
    ingest(world.settings, "shop.notes")
    assert ingest(world.settings, "shop.notes")["no_op"]
    add(connection, 3)
    found = ingest(world.settings, "shop.notes")
    assert (found["counts"]["kept"], found["counts"]["duplicates"]) == (1, 1)
    assert found["total"]["kept"] == 4
    assert ingest(world.settings, "shop.notes")["no_op"]


def test_a_row_that_changed_within_the_lag_is_taken_again(world: World) -> None:
    connection = sqlite_world(world)
    add(connection, 1, 2, 3)
    ingest(world.settings, "shop.notes")
    connection.execute("update notes set note = '改了' where id = 2")
    connection.commit()
    found = ingest(world.settings, "shop.notes")
    assert found["counts"]["kept"] == 1
    versions = [row for row in world.clean().to_pylist() if row["id"] == 2]
    assert sorted(row["note"] for row in versions) == ["改了", "第2条"]
    assert len({row["_id"] for row in versions}) == 1
