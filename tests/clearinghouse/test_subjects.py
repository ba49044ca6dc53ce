"""The subject index: what it finds, what it never holds, and what suppression keeps out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from clearinghouse import subjects
from clearinghouse.jobs.erase_suppress import FOLDER, OtherKey, write_hashes
from clearinghouse.jobs.ingest import ingest
from clearinghouse.subjects import ENTITIES, ENTRY, Subjects, SubjectSink, search, value_hash
from governance.pseudonyms import Key
from infra.store.local import LocalStore
from schemas.canonical import canonical_json, digest
from tests.ingest_world import PHONES, World, make_world, rows


def wanted(world: World, *values: tuple[str, str]) -> Subjects:
    key = Key.load(world.settings.key_file)
    return Subjects([(value_hash(key, entity, value), entity, 0) for entity, value in values])


def found(world: World, *values: tuple[str, str]) -> set[int]:
    """Numbers of the rows that lead to these values of one person."""
    store, people = LocalStore(str(world.store)), wanted(world, *values)
    ids = {hit.id for receipt in world.snapshot().receipts for hit in search(store, receipt.subjects, people)}
    clean = world.clean()
    return {number for number, own in zip(clean["id"].to_pylist(), clean["_id"].to_pylist(), strict=True) if own in ids}


def ask(world: World, *values: tuple[str, str], key_id: str | None = None) -> None:
    """Put a request on the list, as the erasure job does."""
    key, store = Key.load(world.settings.key_file), LocalStore(str(world.store))
    data = write_hashes([(value_hash(key, entity, value), entity, 0) for entity, value in values])
    store.put(f"{FOLDER}/e1/subjects.parquet", data)
    hashes = {"key": f"{FOLDER}/e1/subjects.parquet", "sha256": digest(data)}
    body = {"id": "e1", "key_id": key_id or key.id, "subjects": 1, "hashes": hashes}
    store.put(f"{FOLDER}/e1/request.json", canonical_json(body))


def test_columns_and_free_text_lead_to_a_person_in_whatever_form(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.contract()
    world.write("2024-05-01.csv", rows(0, 8))
    ingest(world.settings, "shop.notes")
    # Row n has telephone n in its column and telephone n + 1 in its note.
    assert found(world, ("PHONE_NUMBER", "+86 137-0013-7003")) == {1, 2, 5, 6}
    assert found(world, ("PHONE_NUMBER", "13799999999")) == set()
    # Thousands share a name: alone it leads to nobody, with another value that does not either it does.
    assert found(world, ("PERSON", "王小明")) == set()
    data = world.store_bytes()
    assert not any(phone.encode() in data for phone in PHONES)


def test_dropped_and_marked_columns_are_indexed_and_silent_ones_are_not(tmp_path: Path) -> None:
    marked = (
        "{name: day, logicalType: date, classification: none, customProperties: [{property: subject, value: true}]}"
    )
    phone = "customProperties: [{property: region, value: CN}]}"
    world = make_world(tmp_path)
    world.contract(
        **{
            "replace:{name: day, logicalType: date, classification: none}": marked,
            f"replace:{phone}": phone.replace("[", "[{property: action, value: drop}, "),
        }
    )
    world.write("2024-05-01.csv", rows(0, 3))
    ingest(world.settings, "shop.notes")
    assert "phone" not in world.clean().schema.names
    assert found(world, ("PHONE_NUMBER", PHONES[0])) == {0}
    assert found(world, ("RECORD", "2024-05-01")) == {0, 1, 2}
    world = make_world(tmp_path / "silent")
    world.contract(**{f"replace:{phone}": phone.replace("[", "[{property: subject, value: false}, ")})
    world.write("2024-05-01.csv", rows(0, 3))
    ingest(world.settings, "shop.notes")
    assert found(world, ("PHONE_NUMBER", PHONES[0])) == set()


def test_rows_of_a_suppressed_subject_do_not_come_in(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.contract()
    world.write("2024-05-01.csv", rows(0, 8))
    ask(world, ("PHONE_NUMBER", PHONES[2]))
    done = ingest(world.settings, "shop.notes")
    assert done["counts"]["filtered"] == {"erased": 4}
    assert done["counts"]["balanced"]
    assert world.clean()["id"].to_pylist() == [0, 3, 4, 7]
    (receipt,) = world.snapshot().receipts
    assert receipt.suppressed
    assert found(world, ("PHONE_NUMBER", PHONES[2])) == set()
    evidence = pq.read_table(world.store / receipt.evidence[0].key)
    assert set(evidence["id"].to_pylist()) == set(world.clean()["_id"].to_pylist())
    assert ingest(world.settings, "shop.notes")["no_op"]


def test_a_request_under_another_key_stops_ingest(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.contract()
    world.write("2024-05-01.csv", rows(0, 3))
    ask(world, ("PHONE_NUMBER", PHONES[2]), key_id="ffffffff")
    with pytest.raises(OtherKey, match="e1"):
        ingest(world.settings, "shop.notes")
    LocalStore(str(world.store)).put(f"{FOLDER}/e1/replaced.json", canonical_json({"by": "e2"}))
    assert ingest(world.settings, "shop.notes")["counts"]["kept"] == 3


def test_two_values_that_lead_to_nobody_alone_lead_to_one_together() -> None:
    entries = np.zeros(3, ENTRY)
    entries["h0"], entries["i0"] = [1, 2, 1], [7, 7, 8]
    entries["entity"] = [ENTITIES.index("PERSON"), ENTITIES.index("ADDRESS"), ENTITIES.index("PERSON")]
    person, address = ((number << 64).to_bytes(16, "big") for number in (1, 2))
    both = Subjects([(person, "PERSON", 4), (address, "ADDRESS", 4)])
    assert [(hit.subject, hit.id) for hit in both.hits(entries)] == [(4, f"{7 << 64:032x}")]
    assert Subjects([(person, "PERSON", 0), (address, "ADDRESS", 1)]).hits(entries) == []


def test_an_index_is_the_same_however_much_is_held_and_reads_few_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(3)
    made = np.zeros(5000, ENTRY)
    for name in ("h0", "h1", "i0", "i1", "d0", "d1"):
        made[name] = random.integers(0, 1 << 63, len(made)).astype(np.uint64) * 2
    made["entity"] = random.integers(0, len(ENTITIES), len(made))
    store = LocalStore(str(tmp_path / "store"))

    def written(held: int) -> tuple[str, int]:
        monkeypatch.setattr(subjects, "HELD", held)
        monkeypatch.setattr(subjects, "GROUP", 200)
        folder = tmp_path / str(held)
        folder.mkdir()
        sink = SubjectSink(folder)
        for start in range(0, len(made), 700):
            sink.add(made[start : start + 700])
        sink.add(made[:50])  # again: an entry stands once
        (entry,) = sink.finish(store, "subjects")
        return entry.key, entry.rows

    key, count = written(10_000)
    assert count == 5000
    again, _ = written(900)
    assert pq.read_table(store.open(key)).to_pylist() == pq.read_table(store.open(again)).to_pylist()
    value = (int(made["h0"][17]) << 64 | int(made["h1"][17])).to_bytes(16, "big")
    read = list(subjects.read_entries(store.open(key), [value]))
    assert len(read) == 1
    assert (read[0]["i0"] == made["i0"][17]).any()
