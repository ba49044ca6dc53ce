"""Killed at any moment: the store holds the old state or the new one, and a rerun finishes with the same bytes."""

from __future__ import annotations

import shutil
import signal
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from clearinghouse.jobs.ingest import ingest
from clearinghouse.jobs.release import build
from schemas import manifest_shards
from schemas.manifest import SnapshotManifest
from tests import deadly
from tests.deadly import Death
from tests.ingest_world import World, make_world, rows

MIX = """
name: notes
version: 1.0.0
purpose: pretrain
format: text
audience: tests
description: All notes.
tokenizer: house
seed: 3
shards: {tokens: 200, rowsPerGroup: 32}
sources:
  - {dataset: shop.notes, weight: 1}
"""


def committed(world: World) -> list[SnapshotManifest]:
    return [
        SnapshotManifest.from_json(file.read_bytes())
        for file in sorted((world.store / "scrubbed/shop/notes/snapshots").glob("*.json"))
    ]


def objects(world: World) -> dict[str, bytes]:
    return {
        str(f.relative_to(world.store)): f.read_bytes()
        for f in world.store.rglob("*")
        if f.is_file() and not f.name.startswith(".")
    }


@pytest.mark.slow
def test_ingest_killed_at_every_change_of_the_store(tmp_path: Path) -> None:
    """Just before each change in turn; that is also just after the one before it."""
    clean = make_world(tmp_path / "clean")
    worlds = {}
    for world in (clean, worlds.setdefault("killed", make_world(tmp_path / "killed"))):
        world.contract(path=f"{clean.unit}/*.csv")
    for day in (1, 2):
        clean.write(f"2024-05-0{day}.csv", [*rows(day * 100, 30, f"2024-05-0{day}"), "bad"])
    wanted = ingest(clean.settings, "shop.notes")
    reference = objects(clean)

    world = worlds["killed"]
    inline = replace(world.settings, executor="inline", workers=1)
    at, ended = 0, -signal.SIGKILL
    while ended == -signal.SIGKILL:
        at += 1
        assert at < 60
        shutil.rmtree(world.store, ignore_errors=True)
        ended = deadly.ended(Death(at), ingest, inline, "shop.notes")
        if ended == -signal.SIGKILL:
            for snapshot in committed(world):
                assert snapshot.counts == clean.snapshot().counts
        # In this process: a run over whatever the kill left. What stands to compare with was made by several workers.
        found = ingest(inline, "shop.notes")
        assert found["digest"] == wanted["digest"]
        assert len(committed(world)) == 1
        assert objects(world) == reference
    assert ended == 0
    assert at > 5, "the child was meant to be killed at several changes before it got through"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_release_killed_at_every_change_of_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With shards enough to be listed beside the manifest: the pool, the listing and the manifest are changes too."""
    monkeypatch.setattr(manifest_shards, "INLINE_SHARDS", 1)
    world = make_world(tmp_path)
    world.contract()
    world.write("2024-05-01.csv", rows(1, 60))
    (tmp_path / "mixes").mkdir()
    (tmp_path / "mixes" / "notes.mix.yaml").write_text(MIX, encoding="utf-8")
    settings = replace(world.settings, mixes=str(tmp_path / "mixes"), executor="inline", workers=1)
    ingest(settings, "shop.notes")
    shutil.copytree(world.store, tmp_path / "ingested")
    wanted = build(settings, "notes")
    reference = objects(world)
    assert "releases/notes/1.0.0/shards.parquet" in reference

    at, ended = 0, -signal.SIGKILL
    while ended == -signal.SIGKILL:
        at += 1
        assert at < 60
        shutil.rmtree(world.store)
        shutil.copytree(tmp_path / "ingested", world.store)
        ended = deadly.ended(Death(at, inline_shards=1), build, settings, "notes")
        if ended == -signal.SIGKILL:
            manifests = list(world.store.glob("releases/notes/*/manifest.json"))
            assert all(file.read_bytes() == reference[str(file.relative_to(world.store))] for file in manifests)
        found = build(settings, "notes")
        assert (found["version"], found["digest"]) == (wanted["version"], wanted["digest"])
        assert objects(world) == reference
    assert ended == 0
    assert at > 5


@pytest.mark.slow
def test_a_full_disk_leaves_the_old_state(tmp_path: Path) -> None:
    """A store on a tiny file system: the error says so, nothing is torn, and space makes the same command work."""
    world = make_world(tmp_path)
    world.contract()
    world.write("2024-05-01.csv", rows(1, 200))
    world.store.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24k", "tmpfs", str(world.store)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a small file system needs root")
    try:
        from schemas.errors import StoreError

        with pytest.raises(StoreError) as caught:
            ingest(world.settings, "shop.notes")
        assert "space" in str(caught.value)
        assert not committed(world)
        subprocess.run(["mount", "-o", "remount,size=64m", str(world.store)], check=True)
        assert ingest(world.settings, "shop.notes")["counts"]["kept"] == 200
    finally:
        subprocess.run(["umount", str(world.store)], check=True)
