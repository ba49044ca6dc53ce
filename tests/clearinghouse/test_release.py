"""Building releases: what goes in, what is refused, and the same bytes whoever builds them."""

from __future__ import annotations

import io
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from clearinghouse.jobs import release as job
from clearinghouse.jobs import release_tasks
from clearinghouse.jobs.release import build
from infra.store.local import LocalStore
from schemas.canonical import digest
from schemas.errors import AccountingError, ContractError, IntegrityError, ReleaseRefused
from tests.release_builders import ReleaseWorld, notes, row_id, talks


@pytest.fixture
def world(tmp_path: Path) -> ReleaseWorld:
    return ReleaseWorld.make(tmp_path)


def three_sources(world: ReleaseWorld, **mix: Any) -> str:
    """Two text sets of two partitions and one of chats, with duplicates between them and a row pulled twice."""
    reviews, captions = world.contract("shop.reviews"), world.contract("media.captions")
    chats = world.contract("shop.chats", chat=True)
    world.snapshot(reviews, [notes(0, 200), notes(180, 120)])
    world.snapshot(captions, [notes(5000, 150, "en") + notes(0, 30)])
    world.snapshot(chats, [talks(0, 30), talks(30, 20)])
    shards = "{rowsPerGroup: 16, tokens: 700}"
    return world.mix(
        [
            "dataset: shop.reviews, weight: 0.5",
            "dataset: media.captions, weight: 0.2",
            "dataset: shop.chats, weight: 0.3",
        ],
        **{"shards": shards, **mix},
    )


def content(world: ReleaseWorld, mix: str, version: str = "1.0.0") -> dict[str, str]:
    """Digests of what a release put: its own folder and the pool of its mix."""
    folders = (f"releases/{mix}/{version}/", f"releases/{mix}/shards/")
    return {key: digest(data) for folder in folders for key, data in world.objects(folder).items()}


# --- what a release holds ---


def test_rows_add_up_from_snapshot_to_shard(world: ReleaseWorld) -> None:
    mix = three_sources(world)
    result = build(world.settings, mix)
    manifest = world.manifest(mix, result["version"])
    rows = world.rows(mix, result["version"])
    assert result["rows"] == len(rows) == manifest.totals["rows"]
    assert result["tokens"] == sum(row["n_tokens"] for row in rows)
    assert [shard.first_row for shard in manifest.shards][:2] == [0, manifest.shards[0].rows]
    reviews, captions, _ = manifest.sources
    # 20 rows were delivered again by the second partition; 30 captions repeat reviews.
    assert reviews["row_counts"] == {
        "rows_in": 320, "kept": 300, "filtered": {"superseded": 20}, "quarantined": {}, "duplicates": 0,
    }  # fmt: skip
    assert captions["counts"]["duplicates"] == 30
    for source in manifest.sources:
        for name in ("row_counts", "counts"):
            counts = source[name]
            gone = sum(counts["filtered"].values()) + counts["duplicates"]
            assert counts["rows_in"] == counts["kept"] + gone
        mine = [row for row in rows if row["source"] == source["dataset"]]
        assert len(mine) == source["rows"]
        assert sum(row["n_tokens"] for row in mine) == source["tokens"] >= source["tokens_wanted"]
        assert Counter(row["language"] for row in mine) == source["languages"]


def test_every_row_says_where_it_comes_from(world: ReleaseWorld) -> None:
    contract = world.contract("shop.reviews")
    snapshot = world.snapshot(contract, [notes(0, 5), notes(5, 5)])
    mix = world.mix(["dataset: shop.reviews, weight: 1"])
    build(world.settings, mix)
    found = {row["id"]: row for row in world.rows(mix, "1.0.0")}
    assert len(found) == 10
    row = found[row_id("shop.reviews", "7")]
    assert row["text"] == notes(7, 1)[0]["note"]
    assert row["provenance"] == {
        "unit": "shop", "snapshot": snapshot.digest, "partition": "2026-02", "position": 3, "rows": 1, "row_ids": None,
    }  # fmt: skip
    assert (row["epoch"], row["erased"], row["language"]) == (1, False, "zh")


def test_the_latest_version_of_a_row_is_released(world: ReleaseWorld) -> None:
    contract = world.contract("shop.reviews")
    old, new = notes(0, 3), [{**notes(1, 1)[0], "note": "说错了 其实很好"}]
    world.snapshot(contract, [old, new])
    mix = world.mix(["dataset: shop.reviews, weight: 1"])
    build(world.settings, mix)
    assert {row["text"] for row in world.rows(mix, "1.0.0")} == {old[0]["note"], new[0]["note"], old[2]["note"]}


def test_of_equal_documents_the_first_source_of_the_mix_keeps_its_own(world: ReleaseWorld) -> None:
    for key in ("shop.reviews", "media.captions"):
        world.snapshot(world.contract(key), [notes(0, 40)])
    for first, second in (("shop.reviews", "media.captions"), ("media.captions", "shop.reviews")):
        name = f"first-{first.split('.')[0]}"
        sources = [f"dataset: {first}, weight: 1", f"dataset: {second}, tokens: 1"]
        mix = world.mix(sources, name=name)
        # That next to nothing is left of a source is told, and whose its documents are.
        with pytest.raises(ReleaseRefused, match=f"{second} loses 40 of 40 documents \\(40 to {first}\\)"):
            build(world.settings, mix)
        mix = world.mix(sources, name=name, dedup="{maxLoss: 1}")
        with pytest.raises(ReleaseRefused, match=f"{second}: wants 1, has 0"):
            build(world.settings, mix)
    world.snapshot(world.contract("shop.reviews"), [notes(0, 40) + notes(90, 10)])
    mix = world.mix(["dataset: media.captions, weight: 1", "dataset: shop.reviews, weight: 0.1"])
    build(world.settings, mix)
    data = world.store.read(f"releases/{mix}/1.0.0/duplicates.parquet")
    losers = pq.read_table(io.BytesIO(data)).to_pylist()
    assert len(losers) == 40
    assert {(row["dataset"], row["winner_dataset"]) for row in losers} == {("shop.reviews", "media.captions")}
    assert losers[0]["winner"] in {row_id("media.captions", str(number)) for number in range(40)}


def test_filters_of_the_mix_are_counted_by_reason(world: ReleaseWorld) -> None:
    rows = notes(0, 20) + notes(100, 10, "en-GB") + notes(200, 5, "fr")
    rows += [{"key": "x", "note": "好", "lang": "zh"}, {"key": "y", "note": "好 " * 200, "lang": "zh"}]
    rows += [{"key": "z", "note": None, "lang": "zh"}]
    world.snapshot(world.contract("shop.reviews"), [rows])
    mix = world.mix(["dataset: shop.reviews, weight: 1, languages: [zh, en], minChars: 3, maxChars: 200"])
    build(world.settings, mix)
    (source,) = world.manifest(mix, "1.0.0").sources
    assert source["counts"]["filtered"] == {"language": 5, "not_sampled": 0, "too_long": 1, "too_short": 1}
    assert source["row_counts"]["filtered"] == {"empty": 1}
    assert source["documents"] == 30


def test_epochs_repeat_whole_passes_and_then_a_prefix(world: ReleaseWorld) -> None:
    world.snapshot(world.contract("shop.reviews"), [notes(0, 30)])
    mix = world.mix(["dataset: shop.reviews, weight: 1, epochs: 2.5"])
    result = build(world.settings, mix)
    rows = world.rows(mix, "1.0.0")
    by_epoch = Counter(row["epoch"] for row in rows)
    assert (by_epoch[1], by_epoch[2]) == (30, 30)
    assert 0 < by_epoch[3] < 30
    assert len({(row["id"], row["epoch"]) for row in rows}) == len(rows)
    (source,) = world.manifest(mix, "1.0.0").sources
    assert (source["documents"], source["rows"]) == (30, len(rows))
    once = sum(row["n_tokens"] for row in rows if row["epoch"] == 1)
    assert result["tokens"] >= once * 2.5


def test_a_budget_is_met(world: ReleaseWorld) -> None:
    mix = three_sources(world, budget=2000)
    result = build(world.settings, mix)
    assert [source["tokens_wanted"] for source in result["sources"]] == [1000, 400, 600]
    longest = max(row["n_tokens"] for row in world.rows(mix, "1.0.0"))
    for source in result["sources"]:
        assert 0 <= source["tokens"] - source["tokens_wanted"] < longest


def test_a_budget_that_cannot_be_met_is_refused_and_leaves_nothing(world: ReleaseWorld) -> None:
    mix = three_sources(world, budget=10_000_000)
    with pytest.raises(ReleaseRefused) as refused:
        build(world.settings, mix)
    for key in ("shop.reviews", "media.captions", "shop.chats"):
        assert f"{key}: wants" in refused.value.message
    assert not list(world.store.list("releases/"))


def test_messages_carry_roles_and_what_to_train_on(world: ReleaseWorld) -> None:
    world.snapshot(world.contract("shop.chats", chat=True), [talks(0, 8)])
    mix = world.mix(["dataset: shop.chats, weight: 1"], purpose="finetune", format="messages")
    build(world.settings, mix)
    rows = world.rows(mix, "1.0.0")
    assert len(rows) == 8
    assert "text" not in rows[0]
    for row in rows:
        assert [message["role"] for message in row["messages"]] == ["user", "assistant", "user"]
        assert [message["train"] for message in row["messages"]] == [False, True, False]
        assert row["provenance"]["rows"] == 3


def test_prefixes_keep_the_shares(world: ReleaseWorld) -> None:
    mix = three_sources(world)
    build(world.settings, mix)
    rows = world.rows(mix, "1.0.0")
    longest = max(row["n_tokens"] for row in rows)
    total = sum(row["n_tokens"] for row in rows)
    share = {key: sum(r["n_tokens"] for r in rows if r["source"] == key) / total for key in {r["source"] for r in rows}}
    running: Counter[str] = Counter()
    for row in rows:
        running[row["source"]] += row["n_tokens"]
        for key, part in share.items():
            assert abs(running[key] - part * running.total()) <= 2 * longest


# --- the same bytes ---


@pytest.mark.slow
def test_workers_and_task_sizes_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for number, (workers, small, size) in enumerate([(1, 1 << 30, 64 << 20), (2, 0, 64 << 20), (1, 1 << 30, 9000)]):
        world = ReleaseWorld.make(tmp_path / str(number), workers=workers)
        monkeypatch.setattr(job, "SMALL", small)
        monkeypatch.setattr(release_tasks, "TASK_BYTES", size)
        mix = three_sources(world)
        build(world.settings, mix)
        made.append(content(world, mix))
    assert len(made[0]) > 8
    assert made[0] == made[1]
    # Smaller tasks cut the work otherwise, and more of it; what comes out is the same.
    assert made[0] == made[2]


def test_shards_brought_together_a_stretch_at_a_time_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, batches = [], []
    real = release_tasks._read_batch
    monkeypatch.setattr(
        release_tasks, "_read_batch", lambda path, n: batches.append(n * ("scattered" in path)) or real(path, n)
    )
    for number, most in enumerate((1 << 30, 1)):
        world = ReleaseWorld.make(tmp_path / str(number))
        monkeypatch.setattr(job, "LAID_BYTES", most)
        monkeypatch.setattr(job, "LAID_ROWS", 1)
        batches.clear()
        mix = three_sources(world, shards="{rowsPerGroup: 16, tokens: 4000}")
        build(world.settings, mix)
        made.append((content(world, mix), max(batches)))
    shards = sum(key.endswith(".parquet") and "/shards/" in key for key in made[0][0])
    assert made[0][1] == shards - 1
    assert made[1][1] > shards
    assert made[0][0] == made[1][0]


def test_rows_other_than_were_planned_are_found_out(world: ReleaseWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    mix = three_sources(world)
    real = release_tasks._read_batch
    monkeypatch.setattr(
        release_tasks, "_read_batch", lambda path, n: real(path, n).slice("scattered" in path and n == 1)
    )
    with pytest.raises(IntegrityError, match="were planned"):
        build(world.settings, mix)
    assert not list(world.store.list("releases/"))


def test_a_release_on_s3_is_the_one_in_a_folder(tmp_path: Path, moto_s3: Any) -> None:
    folder = ReleaseWorld.make(tmp_path / "folder")
    remote = ReleaseWorld.make(tmp_path / "remote")
    place = f"s3://{moto_s3.bucket}/house?endpoint_url={moto_s3.endpoint_url}"
    remote.settings = replace(remote.settings, store=place)
    made = []
    for world in (folder, remote):
        mix = three_sources(world)
        first = build(world.settings, mix)
        assert build(world.settings, mix)["no_op"]
        made.append((first["digest"], content(world, mix)))
    assert made[0] == made[1]


def test_a_second_build_does_nothing(world: ReleaseWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    mix = three_sources(world)
    first = build(world.settings, mix)
    before = world.objects()
    monkeypatch.setattr(job._Build, "run", lambda self: pytest.fail("built again"))
    second = build(world.settings, mix)
    assert (first["no_op"], second["no_op"]) == (False, True)
    assert (first["shards_reused"], second["shards_reused"]) == (0, first["shards"])
    assert {**second, "no_op": False, "shards_reused": 0} == first
    assert world.objects() == before


def test_a_release_that_lost_a_shard_is_built_again_under_its_name(world: ReleaseWorld) -> None:
    """The manifest of a release is never written twice, so what is missing is put back beside it."""
    mix = three_sources(world)
    build(world.settings, mix)
    before = world.objects()
    lost = world.manifest(mix, "1.0.0").shards[1]
    world.store.delete(f"releases/{mix}/{lost.key}")
    result = build(world.settings, mix)
    assert result["version"] == "1.0.0"
    assert world.objects() == before


def test_without_its_plan_an_equal_release_is_still_known(world: ReleaseWorld) -> None:
    mix = three_sources(world)
    build(world.settings, mix)
    world.store.delete(f"releases/{mix}/1.0.0/plan.json")
    result = build(world.settings, mix)
    assert (result["no_op"], result["version"]) == (True, "1.0.0")
    assert {key.split("/")[2] for key in world.objects("releases/")} == {"1.0.0", "shards"}


def test_new_data_makes_the_next_version_with_the_old_one_as_parent(world: ReleaseWorld) -> None:
    mix = three_sources(world)
    first = build(world.settings, mix)
    kept = {key: data for key, data in world.objects().items() if key.startswith("releases/")}
    world.snapshot(world.contract("shop.reviews"), [notes(0, 200), notes(180, 160)])
    second = build(world.settings, mix)
    assert (first["version"], second["version"]) == ("1.0.0", "1.0.1")
    assert world.manifest(mix, "1.0.1").parent == first["digest"]
    assert kept.items() <= world.objects().items()
    world.mix(["dataset: shop.reviews, weight: 0.5", "dataset: shop.chats, weight: 0.3"], name=mix, version="1.3.7")
    assert build(world.settings, mix)["version"] == "1.3.0"


def test_only_new_files_are_counted_again(world: ReleaseWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    contract = world.contract("shop.reviews")
    world.snapshot(contract, [notes(0, 40), notes(40, 40)])
    mix = world.mix(["dataset: shop.reviews, weight: 1"])
    build(world.settings, mix)
    world.snapshot(contract, [notes(0, 40), notes(40, 40), notes(80, 40)])
    counted = []
    real = release_tasks.index
    monkeypatch.setattr(release_tasks, "index", lambda *given, **named: counted.append(1) or real(*given, **named))
    assert build(world.settings, mix)["rows"] == 120
    assert len(counted) == 1


class Dies(Exception):
    pass


@pytest.mark.slow
def test_killed_at_every_change_of_the_store_a_rerun_ends_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every write of a build in turn fails, before it or after it; there is no release until all of it is there."""

    def small(root: Path) -> tuple[ReleaseWorld, str]:
        world = ReleaseWorld.make(root)
        world.snapshot(world.contract("shop.reviews"), [notes(0, 60), notes(60, 20)])
        world.snapshot(world.contract("shop.chats", chat=True), [talks(0, 10)])
        sources = ["dataset: shop.reviews, weight: 0.8", "dataset: shop.chats, weight: 0.2"]
        return world, world.mix(sources, shards="{rowsPerGroup: 16, tokens: 600}")

    clean, mix = small(tmp_path / "clean")
    changes = []
    with monkeypatch.context() as patch:
        for name in ("put", "upload"):
            real = getattr(LocalStore, name)
            patch.setattr(
                LocalStore, name, lambda self, *a, real=real, **k: (changes.append(1), real(self, *a, **k))[1]
            )
        build(clean.settings, mix)
    expected = clean.objects()
    assert len(changes) > 10
    world, _ = small(tmp_path / "killed")
    start = set(world.objects())
    for at in range(len(changes)):
        for after in (False, True):
            for key in world.objects():
                if key not in start:
                    world.store.delete(key)
            left = [at]

            def deadly(self: Any, *given: Any, real: Any, after: bool = after, left: Any = left, **more: Any) -> Any:
                left[0] -= 1
                if left[0] == -1 and not after:
                    raise Dies
                result = real(self, *given, **more)
                if left[0] == -1:
                    raise Dies
                return result

            with monkeypatch.context() as patch:
                for name in ("put", "upload"):
                    real = getattr(LocalStore, name)
                    patch.setattr(
                        LocalStore, name, lambda self, *a, real=real, d=deadly, **k: d(self, *a, real=real, **k)
                    )
                with pytest.raises(Dies):
                    build(world.settings, mix)
            finished = world.store.stat(f"releases/{mix}/1.0.0/manifest.json") is not None
            assert finished == (after and at == len(changes) - 1)
            assert build(world.settings, mix)["no_op"] == finished
            assert world.objects() == expected


def test_a_killed_build_of_other_data_does_not_get_in_the_way(
    world: ReleaseWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    mix = three_sources(world)
    with monkeypatch.context() as patch:
        patch.setattr(job, "describe", lambda *given: (_ for _ in ()).throw(Dies))
        with pytest.raises(Dies):
            build(world.settings, mix)
    world.snapshot(world.contract("shop.reviews"), [notes(300, 200)])
    result = build(world.settings, mix)
    # 1.0.0 was begun with another plan, and its number stays with it.
    assert result["version"] == "1.0.1"
    assert world.store.stat(f"releases/{mix}/1.0.0/manifest.json") is None


# --- what is refused ---


def test_everything_in_the_way_is_told_at_once(world: ReleaseWorld) -> None:
    world.contract("shop.reviews")
    captions = world.contract("media.captions", purposes="eval")
    world.snapshot(captions, [notes(0, 3)])
    stale = world.contract("shop.old")
    world.snapshot(stale, [notes(0, 3)], basis={"rows": "of yesterday"})
    mix = world.mix([f"dataset: {key}, weight: 1" for key in ("shop.reviews", "media.captions", "shop.old", "a.b")])
    with pytest.raises(ReleaseRefused) as refused:
        build(world.settings, mix)
    said = refused.value.message
    assert "4 things" in said
    assert "shop.reviews: has no snapshot" in said
    assert "media.captions: its contract allows eval, not pretrain" in said
    assert "shop.old: contract or policy changed since snapshot 1" in said
    assert "a.b: no contract 'a.b'" in said
    assert "clearinghouse ingest shop.reviews" in refused.value.fix
    assert not list(world.store.list("releases/"))


def test_text_in_a_mix_of_messages_is_refused(world: ReleaseWorld) -> None:
    world.snapshot(world.contract("shop.reviews"), [notes(0, 3)])
    mix = world.mix(["dataset: shop.reviews, weight: 1"], format="messages")
    with pytest.raises(ReleaseRefused, match="no speakers"):
        build(world.settings, mix)


def test_rows_scrubbed_under_an_older_policy_or_key_stay_out_and_are_counted(world: ReleaseWorld) -> None:
    contract = world.contract("shop.reviews")
    world.snapshot(contract, [notes(0, 30), notes(30, 12)])
    prefix = "scrubbed/shop/reviews/snapshots/00000001.json"
    body = json.loads(world.store.read(prefix))
    body["receipts"][1]["basis"]["key"] = "another0"
    del body["digest"], body["drift_digest"]
    from schemas.manifest import Receipt, SnapshotManifest

    receipts = tuple(Receipt.from_json(json.dumps(one).encode()) for one in body.pop("receipts"))
    made = SnapshotManifest(**{**body, "ordinal": 2}, receipts=receipts)
    world.store.put("scrubbed/shop/reviews/snapshots/00000002.json", made.to_json())
    mix = world.mix(["dataset: shop.reviews, weight: 1"])
    assert build(world.settings, mix)["rows"] == 30
    (source,) = world.manifest(mix, "1.0.0").sources
    assert source["row_counts"]["filtered"] == {"stale": 12}
    report = json.loads(world.store.read(f"releases/{mix}/1.0.0/report.json"))
    assert any("12 rows scrubbed under an older" in said for said in report["risks"])


@pytest.mark.parametrize("damage", ["missing", "changed"])
def test_a_damaged_snapshot_is_not_released(world: ReleaseWorld, damage: str) -> None:
    snapshot = world.snapshot(world.contract("shop.reviews"), [notes(0, 30)])
    key = snapshot.receipts[0].data[0].key
    if damage == "missing":
        world.store.delete(key)
    else:
        data = bytearray(world.store.read(key))
        data[50] ^= 1
        world.store.put(key, bytes(data))
    mix = world.mix(["dataset: shop.reviews, weight: 1"])
    with pytest.raises(IntegrityError, match=r"missing|digest") as refused:
        build(world.settings, mix)
    assert key in refused.value.message
    assert not list(world.store.list("releases/"))


def test_a_failed_gate_is_told_and_the_release_can_be_looked_at(world: ReleaseWorld) -> None:
    contract = world.contract("shop.reviews")
    world.snapshot(contract, [notes(0, 30)], not_scanned={"note|unbroken_token": 3}, quarantined={"malformed": 10})
    mix = world.mix(["dataset: shop.reviews, weight: 1"])
    result = build(world.settings, mix)
    assert not result["gates_passed"]
    failed = {gate["name"]: gate for gate in result["gates"] if not gate["passed"]}
    assert set(failed) == {"source_rejection_rate", "unscanned_share"}
    assert failed["unscanned_share"]["value"] == "0.1"
    assert failed["source_rejection_rate"]["detail"] == "highest: shop.reviews, 10 of 40 rows"


def test_a_broken_contract_is_told_with_every_problem_of_every_one(world: ReleaseWorld) -> None:
    for name in ("reviews", "captions"):
        world.contract(f"shop.{name}")
        file = world.root / "contracts" / "shop" / f"{name}.odcs.yaml"
        file.write_text(file.read_text().replace("value: P3Y", "value: for ever"), encoding="utf-8")
    mix = world.mix(["dataset: shop.reviews, weight: 1", "dataset: shop.captions, weight: 1"])
    with pytest.raises(ContractError) as refused:
        build(world.settings, mix)
    assert {Path(problem.file).name for problem in refused.value.problems} == {
        "reviews.odcs.yaml",
        "captions.odcs.yaml",
    }


def test_an_index_that_lost_a_document_is_found_out(world: ReleaseWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of the snapshot are held against rows in documents, so that nothing can go missing on the way."""
    world.snapshot(world.contract("shop.reviews"), [notes(0, 30)])
    mix = world.mix(["dataset: shop.reviews, weight: 1"])
    real = release_tasks.read_index

    def lossy(*given: Any) -> Any:
        table, dropped = real(*given)
        return table.slice(1), dropped

    monkeypatch.setattr(release_tasks, "read_index", lossy)
    with pytest.raises(AccountingError, match=r"shop\.reviews: rows: 30 in are not 29 kept"):
        build(world.settings, mix)
    assert not list(world.store.list("releases/"))


def test_a_damaged_index_is_made_again(world: ReleaseWorld) -> None:
    mix = three_sources(world)
    build(world.settings, mix)
    before = world.objects()
    (key, *_) = (key for key in before if "/index/" in key)
    for damage in (before[key][:100], before[key][:60] + b"\0\0\0\0" + before[key][64:]):
        world.store.put(key, damage)
        for name in before:
            if name.startswith("releases/"):
                world.store.delete(name)
        build(world.settings, mix)
        assert world.objects() == before


# --- nothing leaks into what is kept beside the shards ---


def test_text_stands_in_data_and_shards_alone(world: ReleaseWorld) -> None:
    """Index, duplicates, manifest, plan and report hold no text of any document."""
    contract = world.contract("shop.reviews")
    world.snapshot(contract, [[{"key": str(n), "note": f"MARKER{n:03d} 好", "lang": "zh"} for n in range(20)]])
    mix = world.mix(["dataset: shop.reviews, weight: 1"])
    build(world.settings, mix)
    looked = 0
    for key, data in world.objects().items():
        if "/data/" in key or "/shards/" in key:
            continue
        looked += 1
        assert b"MARKER" not in data
        if key.endswith(".parquet"):
            assert "MARKER" not in str(pq.read_table(io.BytesIO(data)).to_pylist())
    assert looked > 6


# --- the command ---


def test_the_command_prints_a_table_and_the_next_step(world: ReleaseWorld) -> None:
    from clearinghouse.cli import app

    mix = three_sources(world)
    places = ["--store", world.settings.store, "--contracts", world.settings.contracts, "--mixes", world.settings.mixes]
    found = CliRunner().invoke(app, ["release", mix, *places, "--workers", "1"])
    assert found.exit_code == 0, found.output
    assert f"clearinghouse approve {mix}@1.0.0" in found.output
    for name in ("shop.reviews", "media.captions", "shop.chats", "share wanted", "superseded: shop.reviews 20"):
        assert name in found.output
    again = CliRunner().invoke(app, ["release", str(Path(world.settings.mixes) / f"{mix}.mix.yaml"), *places, "--json"])
    assert json.loads(again.stdout)["no_op"] is True


def test_a_mix_that_is_not_there_is_named_with_those_that_are(world: ReleaseWorld) -> None:
    from clearinghouse.jobs.context import NotFoundByName

    three_sources(world)
    with pytest.raises(NotFoundByName, match="house-mix"):
        build(world.settings, "hosue-mix")
