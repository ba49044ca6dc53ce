"""The pool of a mix: shards shared by versions, listed beside the manifest where they are many, purged when unused."""

from __future__ import annotations

import json
import os
import pickle
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import clearinghouse
from clearinghouse import catalog
from clearinghouse.catalog import ReleaseRef
from clearinghouse.jobs.decide import decide
from clearinghouse.jobs.release import build
from clearinghouse.jobs.release_pool import PoolError, purge, unreferenced
from clearinghouse.reader_layout import Layout
from clearinghouse.settings import Settings
from clearinghouse.verify import verify
from infra.store import open_store
from schemas import manifest_shards
from schemas.canonical import canonical_json, digest
from schemas.errors import IntegrityError
from schemas.manifest import ReleaseManifest, Shard, ShardList, pool_key
from tests.builders import make_release, release_table
from tests.release_builders import PATIENT, ReleaseWorld, notes

OLD = timedelta(days=30).total_seconds()


@pytest.fixture
def world(tmp_path: Path) -> ReleaseWorld:
    made = ReleaseWorld.make(tmp_path, executor="inline")
    contract = made.contract("media.notes")
    made.snapshot(contract, [notes(0, 150)])
    return made


def mix(world: ReleaseWorld, **more: str) -> str:
    return world.mix(
        ["dataset: media.notes, weight: 1"], shards="{rowsPerGroup: 16, tokens: 200}", **{"version": "1.0.0", **more}
    )


@pytest.fixture
def listing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three shards are too many for a manifest."""
    monkeypatch.setattr(manifest_shards, "INLINE_SHARDS", 2)


def test_a_version_of_the_same_rows_puts_no_shard_again(world: ReleaseWorld) -> None:
    first = build(world.settings, mix(world))
    before = world.objects("releases/house-mix/shards/")
    assert len(before) == first["shards"] > 3
    # Something that decides no row: the release is another, its shards are the same.
    second = build(world.settings, mix(world, description="the same rows under other words"))
    assert (second["version"], second["no_op"]) == ("1.0.1", False)
    assert (first["shards_reused"], second["shards_reused"]) == (0, second["shards"])
    assert world.objects("releases/house-mix/shards/") == before
    assert [s.sha256 for s in world.manifest("house-mix", "1.0.0").shards] == [
        s.sha256 for s in world.manifest("house-mix", "1.0.1").shards
    ]
    assert verify(world.store).findings == []


def test_two_mixes_do_not_share_a_pool(world: ReleaseWorld) -> None:
    build(world.settings, mix(world))
    world.mix(["dataset: media.notes, weight: 1"], name="other", shards="{rowsPerGroup: 16, tokens: 200}")
    found = build(world.settings, "other")
    assert found["shards_reused"] == 0
    assert {key.split("/")[1] for key in world.objects("releases/") if "/shards/" in key} == {"house-mix", "other"}


def test_what_a_killed_build_left_is_taken_up_while_it_is_young(world: ReleaseWorld) -> None:
    build(world.settings, mix(world))
    pool = world.root / "store/releases/house-mix/shards"
    whole = world.objects("releases/house-mix/")
    (world.root / "store/releases/house-mix/1.0.0/manifest.json").unlink()
    young, old, cut, *_ = sorted(pool.iterdir())
    os.utime(old, (old.stat().st_mtime - OLD,) * 2)
    cut.write_bytes(cut.read_bytes()[:-1])
    made = {path: path.stat().st_ino for path in (young, old, cut)}
    found = build(world.settings, mix(world))
    assert found["shards_reused"] == found["shards"] - 2
    # The old one was written again, so that no purge takes it for a left-over.
    assert [path.stat().st_ino == made[path] for path in (young, old, cut)] == [True, False, False]
    assert world.objects("releases/house-mix/") == whole


def test_a_purge_removes_what_no_manifest_names_and_is_old(world: ReleaseWorld) -> None:
    build(world.settings, mix(world))
    pool = world.root / "store/releases/house-mix/shards"
    kept = set(pool.iterdir())
    for age in (0, OLD):
        path = pool / f"{digest(str(age).encode())}.parquet"
        path.write_bytes(b"left over")
        os.utime(path, (path.stat().st_mtime - age,) * 2)
    for path in kept:
        os.utime(path, (path.stat().st_mtime - OLD,) * 2)
    assert len(unreferenced(world.store, "house-mix")) == 2
    told = verify(world.store)
    assert told.findings == []
    assert told.as_dict()["unreferenced"] == {"house-mix": {"objects": 2, "bytes": 18}}
    with pytest.raises(PoolError, match="less than a day"):
        purge(world.store, "house-mix", grace=timedelta(hours=1))
    tried = purge(world.store, "house-mix", dry_run=True)
    assert len(unreferenced(world.store, "house-mix")) == 2
    done = purge(world.store, "house-mix")
    assert (done.removed, done.kept) == (tried.removed, tried.kept)
    assert (len(done.removed), done.bytes, len(done.kept)) == (1, 9, 1)
    assert kept < set(pool.iterdir())
    assert purge(world.store, "house-mix").removed == ()


def test_nothing_is_purged_while_a_manifest_cannot_be_read(world: ReleaseWorld) -> None:
    build(world.settings, mix(world))
    (world.root / "store/releases/house-mix/1.0.0/manifest.json").write_bytes(b"{}")
    with pytest.raises(IntegrityError):
        purge(world.store, "house-mix")


@pytest.mark.usefixtures("listing")
def test_many_shards_stand_beside_the_manifest(world: ReleaseWorld) -> None:
    result = build(world.settings, mix(world))
    manifest = catalog.manifest_of(world.store, ReleaseRef("house-mix", "1.0.0"))
    assert isinstance(manifest.shards, ShardList)
    assert manifest.digest == result["digest"]
    raw = json.loads(world.store.read("releases/house-mix/1.0.0/manifest.json"))
    assert raw["shards"] == []
    assert raw["listing"]["shards"]["rows"] == len(manifest.shards) == result["shards"]
    assert build(world.settings, "house-mix")["no_op"] is True
    assert verify(world.store).findings == []
    release = clearinghouse.open_release(world.root / "store", "house-mix", "1.0.0", allow_unsigned=True)
    assert [row["id"] for row in release.rows(["id"])] == [row["id"] for row in world.rows("house-mix", "1.0.0")]


@pytest.mark.usefixtures("listing")
def test_a_listed_release_reads_as_any_other(tmp_path: Path) -> None:
    made = listed_release(tmp_path / "store")
    release = clearinghouse.open_release(tmp_path / "store", "demo", "1.0.0", allow_unsigned=True)
    assert isinstance(release.manifest.shards, ShardList)
    assert release.table().equals(release_table(100))
    assert release.row(77)["id"] == release_table(100).column("id")[77].as_py()
    again = pickle.loads(pickle.dumps(release))
    assert again.row(-1) == release.row(-1)
    assert again.manifest == release.manifest
    assert [shard.key for shard in made.shards] == [shard.key for shard in release.manifest.shards]
    assert tuple(release.manifest.shards[0].row_groups) == tuple(made.shards[0].row_groups)
    assert release.manifest.shards[-1] == made.shards[2]
    assert release.manifest.shards[1:] == tuple(made.shards)[1:]
    with pytest.raises(IndexError):
        release.manifest.shards[3]


def listed_release(root: Path) -> ReleaseManifest:
    """The builder's release of three shards, with its manifest written anew as a listing."""
    made = make_release(root)
    store = open_store(str(root))
    manifest, files = made.beside()
    for name, data in {**files, "manifest.json": manifest.to_json()}.items():
        store.put(f"releases/demo/1.0.0/{name}", data)
    return made


@pytest.mark.usefixtures("listing")
@pytest.mark.parametrize("name", ["shards.parquet", "groups.parquet"])
def test_a_damaged_or_missing_listing_is_told(tmp_path: Path, name: str) -> None:
    root = tmp_path / "store"
    listed_release(root)
    path = root / "releases/demo/1.0.0" / name
    whole = path.read_bytes()

    def touch() -> None:
        release = clearinghouse.open_release(root, "demo", "1.0.0", allow_unsigned=True)
        release.row(0)
        assert release.manifest.shards[0].row_groups[0][0] == 8

    touch()
    for damage in (whole[:-1], bytes([whole[0] ^ 1]) + whole[1:], b""):
        path.write_bytes(damage)
        with pytest.raises(IntegrityError, match=f"{name} of demo@1.0.0"):
            touch()
        assert [finding.key for finding in verify(open_store(str(root)), "demo@1.0.0").findings][:1] == [
            f"releases/demo/1.0.0/{name}"
        ]
    path.unlink()
    with pytest.raises(IntegrityError, match="is missing"):
        touch()


@pytest.mark.usefixtures("listing")
def test_a_listing_that_contradicts_itself_is_told(tmp_path: Path) -> None:
    made = make_release(tmp_path / "store")
    wrong = [
        tuple(replace(shard, first_row=shard.first_row + 1) for shard in made.shards),
        tuple(replace(shard, tokens=shard.tokens + 1) for shard in made.shards),
        (made.shards[2], *made.shards[:2]),
        tuple(replace(s, split=split) for s, split in zip(made.shards, ("validation", "train", "train"), strict=True)),
        tuple(replace(s, stage=stage) for s, stage in zip(made.shards, (0, 1, 0), strict=True)),
    ]
    for shards in wrong:
        manifest, files = replace(made, shards=shards).beside()
        read = ReleaseManifest.from_json(manifest.to_json(), files.get)
        with pytest.raises(IntegrityError, match="contradicts itself"):
            Layout(read).check()
    sound, files = made.beside()
    layout = Layout(ReleaseManifest.from_json(sound.to_json(), files.get))
    layout.check()
    plain_layout = Layout(made)
    assert [layout.find(row) for row in range(100)] == [plain_layout.find(row) for row in range(100)]
    assert layout.sections == plain_layout.sections
    assert [layout.group_rows(n) for n in range(3)] == [(8,) * 5, (8,) * 5, (8, 8, 4)]


def test_a_hundred_thousand_shards_make_a_small_manifest() -> None:
    count, groups = 100_000, ((1024, 900_000),) * 4
    names = [digest(number.to_bytes(4, "big")) for number in range(count)]
    shards = tuple(
        Shard(pool_key(name), 10_000_000 + n, name, 4096, 3_600_000, 4096 * n, groups, footer=name)
        for n, name in enumerate(names)
    )
    bare = ReleaseManifest("m", "1.0.0", None, "pretrain", "text", 1, {}, {}, {}, "", (), shards, {}, (), {})
    manifest, files = replace(bare, rows_per_group=1024).beside()
    data = manifest.to_json()
    assert len(data) < 100_000
    opened: list[str] = []

    def read(name: str) -> bytes | None:
        opened.append(name)
        return files[name]

    found = ReleaseManifest.from_json(data, read)
    assert (len(found.shards), opened) == (count, [])
    layout = Layout(found)
    assert opened == ["shards.parquet"], "opening reads no more than one row a shard"
    assert layout.find(4096 * 77_777 + 2050) == (77_777, 2, 2)
    assert found.shard_key(99_999) == f"releases/m/shards/{names[-1]}.parquet"
    assert found.shards[5] == shards[5]
    assert opened == ["shards.parquet", "groups.parquet"]
    assert replace(bare, rows_per_group=1024).beside()[0].digest == manifest.digest


@PATIENT
@given(
    st.lists(st.lists(st.integers(1, 40), min_size=1, max_size=5), min_size=1, max_size=4),
    st.integers(1, 7),
    st.booleans(),
    st.data(),
)
def test_every_row_is_found_where_it_lies(
    stages: list[list[int]], size: int, beside: bool, draw: st.DataObject
) -> None:
    """Whatever sections there are: rows of a group by division, against a walk over all groups."""
    shards: list[Shard] = []
    walk: list[tuple[int, int, int]] = []
    for stage, counts in enumerate(stages):
        for place, groups in enumerate(counts):
            # Only the last row group of a section is short.
            last = draw.draw(st.integers(1, size)) if place == len(counts) - 1 else size
            rows = [*[size] * (groups - 1), last]
            name = digest([stage, place])
            pairs = tuple((count, 3 * count) for count in rows)
            total = sum(rows)
            shards.append(Shard(pool_key(name), 9, name, total, 3 * total, len(walk), pairs, "train", stage, 0, name))
            walk += [(len(shards) - 1, group, row) for group, count in enumerate(rows) for row in range(count)]
    made = ReleaseManifest("m", "1", None, "eval", "text", 0, {}, {}, {}, "", (), tuple(shards), {}, (), {})
    made = replace(made, rows_per_group=size)
    if beside:
        listing, files = manifest_shards.listed(shards, always=True) or pytest.fail("nothing was listed")
        made = replace(made, shards=ShardList(listing, files.get, "m@1"), listing=listing)
        made = ReleaseManifest.from_json(made.to_json(), files.get)
    layout = Layout(made)
    layout.check()
    assert [tuple(layout.find(row)) for row in range(layout.rows)] == walk
    assert [one.stage for one in layout.sections] == list(range(len(stages)))
    assert sum(layout.groups(one) for one in layout.sections) == sum(
        len(layout.group_rows(n)) for n in range(len(shards))
    )
    assert tuple(made.shards) == tuple(shards)


class TestFormatOne:
    """Releases made before there were pools: shards in their own folder, inline, no sections, any row groups."""

    @pytest.fixture
    def root(self, tmp_path: Path) -> Path:
        root = tmp_path / "store"
        manifest = make_release(root, format=1)
        # As format 1 wrote it: without the fields that came later.
        body = json.loads(manifest.to_json())
        for name in ("digest", "rows_per_group", "left"):
            body.pop(name, None)
        for shard in body["shards"]:
            for name in ("split", "stage", "erased", "footer"):
                del shard[name]
        (root / "releases/demo/1.0.0/manifest.json").write_bytes(canonical_json({**body, "digest": digest(body)}))
        return root

    def test_it_is_read_verified_and_signed(self, root: Path) -> None:
        store = open_store(str(root))
        assert verify(store).findings == []
        decide(Settings(store=str(root)), "demo@1.0.0", "approve", "dana.lin", "still good")
        release = clearinghouse.open_release(root, "demo")
        assert release.table().equals(release_table(100))
        assert all("/releases/demo/1.0.0/shards/" in file for file in release.files())
        assert release.row(99)["id"] == release_table(100).column("id")[99].as_py()
        assert verify(store).findings == []
        assert unreferenced(store, "demo") == []

    def test_damage_is_found(self, root: Path) -> None:
        shard = next((root / "releases/demo/1.0.0/shards").iterdir())
        shard.write_bytes(shard.read_bytes()[:-1])
        assert [finding.key.split("/")[-1] for finding in verify(open_store(str(root))).findings] == [shard.name]

    def test_the_next_version_goes_into_the_pool(self, root: Path) -> None:
        made = make_release(root, version="1.1.0")
        assert made.format == 2
        both = {str(info.ref): info.manifest.format for info in catalog.releases(open_store(str(root)))}
        assert both == {"demo@1.0.0": 1, "demo@1.1.0": 2}
        assert verify(open_store(str(root))).findings == []


def test_a_shard_whose_stated_footer_is_another_is_told(tmp_path: Path) -> None:
    made = make_release(tmp_path / "store", version="1.1.0")
    wrong = (replace(made.shards[0], footer="0" * 64), *made.shards[1:])
    make_release(tmp_path / "store", shards=wrong)
    found = verify(open_store(str(tmp_path / "store")), "demo@1.0.0").findings
    assert [finding.message for finding in found] == ["has another footer"]
