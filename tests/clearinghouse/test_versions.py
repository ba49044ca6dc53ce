"""``diff`` and ``explain``: what changed between releases, and where a document comes from and went."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from clearinghouse.cli import app
from clearinghouse.jobs import diff as job
from clearinghouse.jobs.context import NotFoundByName
from clearinghouse.jobs.decide import decide
from clearinghouse.jobs.diff import diff
from clearinghouse.jobs.explain import explain
from clearinghouse.jobs.ingest import ingest
from clearinghouse.jobs.release import build
from infra.store import open_store
from schemas.canonical import canonical_json
from schemas.errors import IntegrityError
from tests.builders import make_release, release_table
from tests.ingest_world import PHONES, World, make_world, rows
from tests.release_builders import ReleaseWorld, notes, row_id, talks

# --- diff ---


def compared(root: Path, first: str, second: str, tmp_path: Path, changes: Path | None = None) -> dict[str, Any]:
    folder = tmp_path / "scratch"
    folder.mkdir(exist_ok=True)
    return diff(open_store(str(root)), first, second, folder, changes)


def variant(table: pa.Table, **columns: list[Any]) -> pa.Table:
    for name, values in columns.items():
        place = table.schema.get_field_index(name)
        table = table.set_column(place, table.schema.field(name), pa.array(values, table.schema.field(name).type))
    return table


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """1.0.0 holds rows 0 to 99; 1.1.0 rows 10 to 119, of which 20 and 21 are holes and 30 has other tokens."""
    root = tmp_path / "store"
    make_release(root)
    table = release_table(110, 10)
    erased = [number in (10, 11) for number in range(110)]
    tokens = table.column("n_tokens").to_pylist()
    tokens[20] += 7
    table = variant(table, erased=erased, n_tokens=tokens)
    make_release(
        root, "demo", table, version="1.1.0", policy={"name": "default", "version": "1.1.0", "digest": "9" * 64}
    )
    return root


def test_documents_are_compared_by_id(two: Path, tmp_path: Path) -> None:
    found = compared(two, "demo@1.0.0", "demo@1.1.0", tmp_path, tmp_path / "changes.parquet")
    documents = found["documents"]
    assert {name: documents[name] for name in ("from", "to", "kept", "added", "removed", "erased", "other_tokens")} == {
        "from": 100, "to": 108, "kept": 88, "added": 20, "removed": 10, "erased": 2, "other_tokens": 1,
    }  # fmt: skip
    before = release_table(100).column("n_tokens").to_pylist()
    assert documents["tokens_from"] == sum(before)
    changes = pq.read_table(tmp_path / "changes.parquet").to_pylist()
    assert Counter(row["change"] for row in changes) == {"added": 20, "removed": 10, "erased": 2, "other_tokens": 1}
    ids = release_table(130).column("id").to_pylist()
    assert {row["id"] for row in changes if row["change"] == "erased"} == {ids[20], ids[21]}
    other = next(row for row in changes if row["change"] == "other_tokens")
    assert (other["id"], other["tokens_to"] - other["tokens_from"]) == (ids[30], 7)
    for name in ("kept", "added", "removed", "erased"):
        assert sum(source["documents"][name] for source in found["sources"]) == documents[name]
        assert sum(one[name] for one in found["languages"].values()) == documents[name]
    assert found["changed"]["policy"][1]["version"] == "1.1.0"
    assert "code" not in found["changed"]


@pytest.mark.parametrize("size", [7, 1 << 20])
def test_buckets_do_not_change_the_counts(
    two: Path, tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "BUCKET_ROWS", size)
    forth, back = (
        compared(two, *names, tmp_path) for names in (("demo@1.0.0", "demo@1.1.0"), ("demo@1.1.0", "demo@1.0.0"))
    )
    assert forth["documents"]["added"] == 20
    # The other way round holes of the first are documents that came.
    assert (back["documents"]["added"], back["documents"]["removed"]) == (12, 20)
    same = compared(two, "demo@1.1.0", "demo@1.1.0", tmp_path)
    assert same["documents"]["kept"] == 108
    assert not any(same["documents"][name] for name in ("added", "removed", "erased", "other_tokens"))
    assert same["changed"] == {}
    assert same["shards"]["new_bytes"] == 0


def test_a_frozen_row_is_gone_at_once(two: Path, tmp_path: Path) -> None:
    key = two / "releases/demo/1.1.0/frozen/e1.json"
    key.parent.mkdir()
    key.write_bytes(canonical_json({"erasure": "e1", "rows": [0, 1]}))
    assert compared(two, "demo@1.0.0", "demo@1.1.0", tmp_path)["documents"]["erased"] == 4
    key.write_bytes(b'{"rows": "all"}')
    with pytest.raises(IntegrityError, match="does not list rows"):
        compared(two, "demo@1.0.0", "demo@1.1.0", tmp_path)


def test_shared_shards_are_told_and_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "store"
    make_release(root)
    # The first two shards of forty rows are the same, the third has other rows.
    make_release(root, "demo", pa.concat_tables([release_table(80), release_table(20, 500)]), version="1.1.0")
    read: list[int] = []
    real = job.rows_of
    monkeypatch.setattr(
        job, "rows_of", lambda store, manifest, number: read.append(number) or real(store, manifest, number)
    )
    found = compared(root, "demo@1.0.0", "demo@1.1.0", tmp_path)
    assert found["shards"]["same"] == found["shards"]["shared"] == 2
    assert read == [0, 1, 2, 2]
    assert (found["documents"]["kept"], found["documents"]["added"], found["documents"]["removed"]) == (80, 20, 20)


def test_what_a_release_was_made_under_is_taken_apart(tmp_path: Path) -> None:
    world = ReleaseWorld.make(tmp_path, executor="inline")
    contract = world.contract("media.notes")
    world.snapshot(contract, [notes(0, 80)])
    build(world.settings, world.mix(["dataset: media.notes, weight: 1, minChars: 1"]))
    world.snapshot(contract, [notes(0, 80), notes(100, 40, "en")], partitions=["2026-01", "2026-02"])
    build(world.settings, world.mix(["dataset: media.notes, weight: 1, minChars: 2"], seed=8))
    found = compared(Path(world.settings.store), "house-mix@1.0.0", "house-mix@1.0.1", tmp_path)
    assert (found["documents"]["kept"], found["documents"]["added"]) == (80, 40)
    assert set(found["languages"]) == {"zh", "en"}
    assert found["languages"]["en"]["added"] == 40
    (source,) = found["sources"]
    assert [side["ordinal"] for side in source["snapshot"]] == [1, 2]
    assert found["changed"]["seed"] == [7, 8]
    assert [value for name, value in found["changed"]["recipe"].items() if name.endswith("min_chars")] == [[1, 2]]
    result = CliRunner().invoke(
        app, ["diff", "house-mix@1.0.0", "house-mix@1.0.1", "--store", world.settings.store, "--json"]
    )
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["documents"] == found["documents"]
    shown = CliRunner().invoke(app, ["diff", "house-mix@1.0.0", "house-mix@1.0.1", "--store", world.settings.store])
    assert all(word in shown.stdout for word in ("media.notes: snapshot", "seed", "min_chars", "120"))
    # Another tokenizer, or a source that only one of them has, is told as a whole.
    manifest = world.manifest("house-mix", "1.0.1")
    names = (*manifest.sources, {**manifest.sources[0], "dataset": "media.other"})
    changed = replace(manifest, version="1.0.2", tokenizer={"name": "x", "sha256": "0" * 64}, sources=names)
    world.store.put("releases/house-mix/1.0.2/manifest.json", replace(changed, recipe={}).to_json())
    other = compared(Path(world.settings.store), "house-mix@1.0.1", "house-mix@1.0.2", tmp_path)
    assert (other["documents"]["kept"], other["documents"]["other_tokens"]) == (120, None)
    assert other["sources"][1]["snapshot"][0] is None
    assert other["changed"]["recipe"]["sources"][1] is None
    last = CliRunner().invoke(app, ["diff", "house-mix@1.0.1", "house-mix@1.0.2", "--store", world.settings.store])
    assert last.stdout.count("media.other: ") == 1


def test_a_lost_shard_is_told(two: Path, tmp_path: Path) -> None:
    shard = sorted((two / "releases/demo/shards").iterdir())[0]
    shard.unlink()
    with pytest.raises(IntegrityError, match=shard.name):
        compared(two, "demo@1.0.0", "demo@1.1.0", tmp_path)


# --- explain ---


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two days of notes with a phone number in each, a duplicate among them, and three releases."""
    world = make_world(tmp_path_factory.mktemp("shop"))
    world.contract()
    (world.root / "mixes").mkdir()
    settings = settings_of(world)
    world.write(
        "2024-05-01.csv", [*rows(1, 30), "900,王小明,13600136004,第7条留言请打我电话13800138001谢谢,2024-05-01"]
    )
    ingest(settings, "shop.notes")
    mix(world, "notes", "{dataset: shop.notes, weight: 1}")
    build(settings, "notes")
    decide(settings, "notes@1.0.0", "approve", "dana.lin", "read it")
    world.write("2024-05-02.csv", rows(100, 20, "2024-05-02"))
    ingest(settings, "shop.notes")
    mix(world, "notes", "{dataset: shop.notes, weight: 1, maxChars: 5000}")
    build(settings, "notes")
    mix(world, "short", "{dataset: shop.notes, weight: 1, maxChars: 40, minChars: 3}", budget="budget: 60")
    build(settings, "short")
    return world


def settings_of(world: World) -> Any:
    return replace(world.settings, mixes=str(world.root / "mixes"), executor="inline", workers=1)


def mix(world: World, name: str, source: str, budget: str = "") -> None:
    text = f"""
name: {name}
version: 1.0.0
purpose: pretrain
format: text
audience: tests
description: Notes.
tokenizer: house
seed: 3
{budget}
shards: {{tokens: 200}}
sources:
  - {source}
"""
    (world.root / "mixes" / f"{name}.mix.yaml").write_text(text, encoding="utf-8")


def ids_of(world: World) -> dict[str, str]:
    """Ids of the rows of the newest snapshot by partition and record."""
    found = world.clean().select(["_id", "_partition", "_position"]).to_pylist()
    return {f"{row['_partition']}/{row['_position']}": row["_id"] for row in found}


def test_a_document_is_followed_from_its_row_to_its_releases(shop: World) -> None:
    store = open_store(str(shop.store))
    places = ids_of(shop)
    name = places["2024-05-01/5"]
    found = explain(store, name.upper())
    origin = found["origin"]
    assert (origin["dataset"], origin["unit"], origin["partition"], origin["position"]) == (
        "shop.notes", "shop", "2024-05-01", 5,
    )  # fmt: skip
    assert (origin["rows"], origin["complete"], origin["snapshots"], origin["newest"]) == ([name], True, [1, 2], True)
    assert any("2024-05-01.csv" in str(one["uri"]) for one in origin["inputs"])
    fields = {(one["field"], one["entity"], one["action"]) for one in found["redactions"]}
    assert any(field == "note" and entity == "PHONE_NUMBER" for field, entity, _ in fields)
    assert all(one["recogniser"] and one["policy"] in found["policies"] for one in found["redactions"])
    held = {one["release"]: one for one in found["releases"]}
    assert {"notes@1.0.0", "notes@1.0.1"} <= set(held)
    assert (held["notes@1.0.0"]["status"], held["notes@1.0.0"]["latest"]) == ("approved", True)
    assert held["notes@1.0.1"]["status"] == "unsigned"
    (row,) = held["notes@1.0.0"]["rows"]
    assert (row["split"], row["stage"], row["epoch"], row["state"]) == ("train", 0, 1, "live")
    import clearinghouse

    assert clearinghouse.open_release(shop.store, "notes", "1.0.0").row(row["row"])["id"] == name
    # Nothing of what people wrote or are called comes out of it.
    told = json.dumps(found, ensure_ascii=False)
    assert "留言" not in told
    assert "小明" not in told
    assert not any(phone in told for phone in PHONES)
    assert "value_hash" not in told


def test_it_says_why_a_release_does_not_hold_a_document(shop: World) -> None:
    store, places = open_store(str(shop.store)), ids_of(shop)
    later = {one["release"]: one for one in explain(store, places["2024-05-02/3"])["absent"]}
    assert (later["notes@1.0.0"]["reason"], later["notes@1.0.0"]["snapshot"]) == ("snapshot", 1)
    everything = [one for name in places.values() for one in explain(store, name)["absent"]]
    (loser,) = [one for one in everything if one["release"] == "notes@1.0.0" and one["reason"] == "duplicate"]
    assert loser["winner"] in places.values()
    assert loser["kind"] == "exact"
    left = {one["reason"] for one in everything if one["release"] == "short@1.0.0"}
    assert left == {"duplicate", "not_sampled"}


def test_holes_and_frozen_rows_are_told(tmp_path: Path) -> None:
    root = tmp_path / "store"
    table = release_table(100)
    make_release(root)
    make_release(root, "demo", variant(table, erased=[n == 50 for n in range(100)]), version="1.1.0")
    make_release(
        root, "other", version="1.0.0", sources=({"dataset": "shop.else", "counts": {}},), rows=release_table(5, 900)
    )
    key = root / "releases/demo/1.0.0/frozen/e7.json"
    key.parent.mkdir()
    key.write_bytes(canonical_json({"erasure": "e7", "rows": [3, 50]}))
    found = explain(open_store(str(root)), table.column("id")[50].as_py())
    states = {
        one["release"]: [(row["row"], row["state"], row["erasure"]) for row in one["rows"]] for one in found["releases"]
    }
    assert states == {"demo@1.1.0": [(50, "erased", None)], "demo@1.0.0": [(50, "frozen", "e7")]}
    assert found["origin"] is None
    assert [(one["release"], one["reason"]) for one in found["absent"]] == [("other@1.0.0", "not_drawn_from")]
    result = CliRunner().invoke(app, ["explain", found["id"], "--store", str(root)])
    assert "frozen by e7" in result.stdout
    assert "in no snapshot any more" in result.stdout
    # One damaged shard hides its own rows and no others.
    lost = next((root / "releases/other/shards").iterdir())
    lost.unlink()
    assert any(lost.name in said for said in explain(open_store(str(root)), found["id"])["unread"])


def test_all_rows_of_a_conversation_are_found(tmp_path: Path) -> None:
    world = ReleaseWorld.make(tmp_path, executor="inline")
    contract = world.contract("shop.chats", chat=True)
    world.snapshot(contract, [talks(0, 20)])
    build(world.settings, world.mix(["dataset: shop.chats, weight: 1"], purpose="finetune", format="messages"))
    some = world.rows("house-mix", "1.0.0")[4]
    found = explain(world.store, some["id"])
    assert found["origin"]["complete"] is True
    assert len(found["origin"]["rows"]) == some["provenance"]["rows"] == 3
    everyone = {row_id("shop.chats", row["key"]) for row in talks(0, 20)}
    assert set(found["origin"]["rows"]) <= everyone
    # A row of it is no document of its own: it is told from where it stands, and leads to the conversation alone.
    for one in found["origin"]["rows"]:
        row = explain(world.store, one)
        assert row["origin"]["dataset"] == "shop.chats"
        assert [held["id"] for release in row["releases"] for held in release["rows"]] == [some["id"]]


def test_a_row_leads_to_the_documents_that_are_made_of_it(tmp_path: Path) -> None:
    table = release_table(20)
    rows = [[f"{n:032x}", f"{n + 100:032x}"] if n % 2 else None for n in range(20)]
    origin = [{**one, "row_ids": row} for one, row in zip(table.column("provenance").to_pylist(), rows, strict=True)]
    place = table.schema.get_field_index("provenance")
    make_release(tmp_path / "store", "demo", table.set_column(place, "provenance", pa.array(origin)))
    found = explain(open_store(str(tmp_path / "store")), f"{107:032x}")
    (row,) = found["releases"][0]["rows"]
    assert (row["row"], row["id"]) == (7, table.column("id")[7].as_py())
    shown = CliRunner().invoke(app, ["explain", f"{107:032x}", "--store", str(tmp_path / "store")])
    assert f"in document {row['id']}" in shown.stdout


@pytest.mark.parametrize("name", ["", "nope", "../../etc/passwd", "0" * 31, "g" * 32, "0" * 32])
def test_an_unknown_id_is_told(shop: World, name: str) -> None:
    with pytest.raises(NotFoundByName, match=r"has the id|is not the id"):
        explain(open_store(str(shop.store)), name)
    result = CliRunner().invoke(app, ["explain", name, "--store", str(shop.store), "--json"])
    assert result.exit_code != 0


def test_explain_as_text(shop: World) -> None:
    name = ids_of(shop)["2024-05-02/3"]
    result = CliRunner().invoke(app, ["explain", name, "--store", str(shop.store)])
    assert result.exit_code == 0, result.output
    for word in ("shop.notes", "2024-05-02", "PHONE_NUMBER", "notes@1.0.1", "which did not hold it"):
        assert word in result.stdout
    (policy,) = explain(open_store(str(shop.store)), name)["policies"].values()
    assert policy in result.stdout


def test_purge_shards_by_command(shop: World) -> None:
    left = shop.store / "releases/notes/shards" / f"{'0' * 64}.parquet"
    left.write_bytes(b"left over")
    result = CliRunner().invoke(app, ["purge-shards", "--store", str(shop.store), "--json"])
    pools = {one["mix"]: one for one in json.loads(result.stdout)["pools"]}
    assert (pools["notes"]["removed"], len(pools["notes"]["kept"]), pools["short"]["kept"]) == ([], 1, [])
    assert CliRunner().invoke(app, ["purge-shards", "nope", "--store", str(shop.store)]).exit_code != 0
    left.unlink()
