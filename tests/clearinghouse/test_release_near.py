"""Near duplicates in a release: who stays, what is written of it, the ceiling, and that nothing depends on workers."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq
import pytest

from clearinghouse.jobs import release, release_near, release_tasks
from clearinghouse.jobs.release import build
from schemas.errors import ReleaseRefused
from tests.release_builders import ReleaseWorld, row_id
from transforms import near


@pytest.fixture
def world(tmp_path: Path) -> ReleaseWorld:
    return ReleaseWorld.make(tmp_path)


WORDS = [f"word{number}" for number in range(2000)]


def rows(first: int, texts: Sequence[str]) -> list[dict[str, Any]]:
    return [{"key": str(first + place), "note": text, "lang": "en"} for place, text in enumerate(texts)]


def text(seed: int, length: int = 60) -> str:
    return " ".join(Random(seed).choices(WORDS, k=length))


def losers(world: ReleaseWorld, mix: str, version: str = "1.0.0") -> list[dict[str, Any]]:
    data = world.store.read(f"releases/{mix}/{version}/duplicates.parquet")
    return pq.read_table(io.BytesIO(data)).to_pylist()


NEAR = "{near: {}}"


def test_one_of_each_cluster_stays_and_the_table_says_why(world: ReleaseWorld) -> None:
    originals = [text(seed) for seed in range(20)]
    copies = [original + " one more" for original in originals[:8]]
    shouted = [original.upper().replace(" ", ", ") + "!" for original in originals[8:10]]
    world.snapshot(world.contract("shop.reviews"), [rows(0, originals)])
    world.snapshot(world.contract("media.captions"), [rows(0, [*copies, *shouted, originals[12], text(99)])])
    mix = world.mix(["dataset: shop.reviews, weight: 1", "dataset: media.captions, weight: 0.01"], dedup=NEAR)
    build(world.settings, mix)
    found = losers(world, mix)
    assert {(row["id"], row["winner"], row["kind"]) for row in found} == {
        (row_id("media.captions", str(loser)), row_id("shop.reviews", str(winner)), kind)
        for loser, winner, kind in [
            *((number, number, "near") for number in range(10)),
            (10, 12, "exact"),
        ]
    }
    by_id = {row["id"]: row for row in found}
    assert by_id[row_id("media.captions", "0")]["similarity"] == pytest.approx(58 / 60)
    assert by_id[row_id("media.captions", "9")]["similarity"] == 1
    manifest = world.manifest(mix, "1.0.0")
    assert manifest.totals["duplicates"] == 11
    how = manifest.curation["duplicates"]
    assert {name: how[name] for name in ("exact", "near", "cut")} == {"exact": 1, "near": 10, "cut": 0}
    assert [source["counts"]["duplicates"] for source in manifest.sources] == [0, 11]


def test_without_the_rule_near_duplicates_stay(world: ReleaseWorld) -> None:
    world.snapshot(world.contract("shop.reviews"), [rows(0, [text(1), text(1) + " more"])])
    mix = world.mix(["dataset: shop.reviews, weight: 1"])
    assert build(world.settings, mix)["rows"] == 2


def test_a_source_that_loses_too_much_refuses_the_release(world: ReleaseWorld) -> None:
    same = [text(1) + f" end{number}" for number in range(30)]
    world.snapshot(world.contract("shop.reviews"), [rows(0, [*same, text(2), text(3)])])
    mix = world.mix(["dataset: shop.reviews, weight: 1"], dedup="{near: {}, maxLoss: 0.5}")
    with pytest.raises(ReleaseRefused, match=r"shop\.reviews loses 29 of 32 documents") as refused:
        build(world.settings, mix)
    assert "dedup.maxLoss" in refused.value.fix
    world.mix(["dataset: shop.reviews, weight: 1"], dedup="{near: {}, maxLoss: 0.95}")
    assert build(world.settings, mix)["rows"] == 3


def test_a_source_that_is_wholly_a_copy_keeps_nothing(world: ReleaseWorld) -> None:
    originals = [text(seed) for seed in range(12)]
    world.snapshot(world.contract("shop.reviews"), [rows(0, originals)])
    world.snapshot(world.contract("media.captions"), [rows(0, [one + " x" for one in originals])])
    sources = ["dataset: shop.reviews, weight: 1", "dataset: media.captions, tokens: 1"]
    mix = world.mix(sources, dedup=NEAR)
    with pytest.raises(ReleaseRefused, match=r"media\.captions loses 12 of 12 documents \(12 to shop\.reviews\)"):
        build(world.settings, mix)
    mix = world.mix(sources, dedup="{near: {}, maxLoss: 1}")
    with pytest.raises(ReleaseRefused, match=r"media\.captions: wants 1, has 0"):
        build(world.settings, mix)


def test_workers_and_task_sizes_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(4)
    texts = [text(seed, random.choice([4, 9, 30, 200])) for seed in range(100)]
    texts += [one.replace(" word1", " other1", 1) for one in random.choices(texts, k=60)]
    found = []
    for number, (workers, small, size) in enumerate([(1, 1 << 30, 64 << 20), (2, 0, 20_000), (7, 0, 40_000)]):
        world = ReleaseWorld.make(tmp_path / str(number), workers=workers)
        monkeypatch.setattr(release, "SMALL", small)
        monkeypatch.setattr(release_tasks, "TASK_BYTES", size)
        monkeypatch.setattr(release_near, "_KEYS", 1 << (24 - 6 * number))
        # Sketches in memory, some on disk, all on disk; in row groups of many rows and of few.
        monkeypatch.setattr(release_near, "_HELD", (1 << 25, 1 << 10, 0)[number])
        monkeypatch.setattr(release_near, "_GROUP", (1 << 20, 1 << 8, 0)[number])
        world.snapshot(world.contract("shop.reviews"), [rows(0, texts[:90]), rows(90, texts[90:])])
        mix = world.mix(["dataset: shop.reviews, weight: 1"], dedup=NEAR)
        content = build(world.settings, mix)["content_digest"]
        found.append((content, [(row["id"], row["winner"], row["similarity"]) for row in losers(world, mix)]))
    assert found[0] == found[1] == found[2]
    assert len(found[0][1]) > 30


def test_sketches_are_kept_for_the_next_release(world: ReleaseWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """New data is compared with old without a look at old text."""
    world.snapshot(world.contract("shop.reviews"), [rows(0, [text(seed) for seed in range(10)])])
    mix = world.mix(["dataset: shop.reviews, weight: 1"], dedup=NEAR)
    build(world.settings, mix)
    seen: list[int] = []
    real = release_tasks.make_documents

    def counting(task: Any) -> Any:
        made = real(task)
        seen.append(len(made.table))
        return made

    monkeypatch.setattr(release_tasks, "make_documents", counting)
    parts = [rows(0, [text(seed) for seed in range(10)]), rows(10, [text(3) + " more", text(50)])]
    world.snapshot(world.contract("shop.reviews"), parts)
    build(world.settings, mix)
    assert seen[0] == 2  # the rest is the laying out of what was chosen
    (loser,) = losers(world, mix, "1.0.1")
    assert (loser["id"], loser["winner"]) == (row_id("shop.reviews", "10"), row_id("shop.reviews", "3"))


def test_exact_and_near_are_told_apart(world: ReleaseWorld) -> None:
    originals = [text(seed) for seed in range(4)]
    copies = [originals[0] + " more", originals[0] + " more", originals[1] + " more", originals[0]]
    world.snapshot(world.contract("shop.reviews"), [rows(0, [*originals, *copies])])
    mix = world.mix(["dataset: shop.reviews, weight: 1"], dedup=NEAR)
    (source,) = build(world.settings, mix)["sources"]
    assert (source["duplicates"], source["near_duplicates"]) == (4, 2)
    how = world.manifest(mix, "1.0.0").curation["duplicates"]
    first, second = row_id("shop.reviews", "0"), row_id("shop.reviews", "1")
    assert how["sources"] == {"shop.reviews": {"exact": 2, "near": 2}}
    assert how["largest"] == [
        {"id": first, "dataset": "shop.reviews", "documents": 4, "near": 1},
        {"id": second, "dataset": "shop.reviews", "documents": 2, "near": 1},
    ]
    # A copy of a near duplicate has the winner that stayed.
    assert {row["winner"] for row in losers(world, mix)} == {first, second}
    page = world.store.read(f"releases/{mix}/1.0.0/report.html").decode()
    assert "Largest clusters" in page
    assert first in page


def test_keys_of_too_many_documents_are_told(world: ReleaseWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near, "LEADERS", 1)
    shared = text(1, 30)
    world.snapshot(world.contract("shop.reviews"), [rows(0, [f"{shared} {text(seed, 16)}" for seed in range(2, 40)])])
    mix = world.mix(["dataset: shop.reviews, weight: 1"], dedup=NEAR)
    build(world.settings, mix)
    assert world.manifest(mix, "1.0.0").curation["duplicates"]["cut"] > 0
    assert (
        "stood in more documents than were compared" in world.store.read(f"releases/{mix}/1.0.0/report.html").decode()
    )
