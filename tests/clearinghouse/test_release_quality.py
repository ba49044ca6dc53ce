"""Quality rules of a mix: who is left out, with which reasons, and how thresholds are changed."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from clearinghouse.jobs import release_tasks
from clearinghouse.jobs.release import build
from schemas.errors import MixError
from tests.clearinghouse.test_release_near import rows
from tests.release_builders import ReleaseWorld, row_id

GOOD = [f"这件衣服穿着很舒服，颜色也和图片上的一样，第{number}次买了，会再来的。" for number in range(20)]
POOR = ["好", "★★★★★★★★★★！！！", "买买买买买买买买买买买买买买买买买买买买", "锟斤拷锟斤拷锟斤拷锟斤拷很好很好的"]


@pytest.fixture
def world(tmp_path: Path) -> ReleaseWorld:
    made = ReleaseWorld.make(tmp_path)
    made.snapshot(made.contract("shop.reviews"), [rows(0, GOOD + POOR)])
    return made


def mixed(world: ReleaseWorld, quality: str) -> str:
    return world.mix(["dataset: shop.reviews, weight: 1"], quality=quality)


def filtered(world: ReleaseWorld, mix: str, version: str = "1.0.0") -> dict[str, list[str]]:
    data = world.store.read(f"releases/{mix}/{version}/filtered.parquet")
    return {row["id"]: row["reasons"] for row in pq.read_table(io.BytesIO(data)).to_pylist()}


REVIEW = "{profiles: {review: {all: {min_letter_share: null}, dense: {min_words: 5, max_top_2_share: 0.2}}}}"


def test_every_document_that_goes_keeps_all_of_its_reasons(world: ReleaseWorld) -> None:
    mix = mixed(world, REVIEW)
    assert build(world.settings, mix)["rows"] == len(GOOD)
    found = filtered(world, mix)
    assert set(found) == {row_id("shop.reviews", str(number)) for number in range(20, 24)}
    assert "min_words" in found[row_id("shop.reviews", "20")]
    assert "min_words" in found[row_id("shop.reviews", "21")]
    assert {"max_again_5_share", "max_top_2_share"} <= set(found[row_id("shop.reviews", "22")])
    assert "max_mojibake" in found[row_id("shop.reviews", "23")]
    manifest = world.manifest(mix, "1.0.0")
    counts = manifest.sources[0]["counts"]
    assert sum(n for reason, n in counts["filtered"].items() if reason.startswith("quality.")) == len(POOR)
    assert manifest.curation["quality"]["shop.reviews"]["min_words"] == 2


def test_another_threshold_reads_no_text_again(world: ReleaseWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    mix = mixed(world, REVIEW)
    build(world.settings, mix)
    counted: list[Any] = []
    real = release_tasks.index
    monkeypatch.setattr(release_tasks, "index", lambda *a, **k: counted.append(a) or real(*a, **k))
    mixed(world, REVIEW.replace("min_words: 5", "min_words: 0"))
    assert build(world.settings, mix)["rows"] == len(GOOD) + 1
    assert not counted


def test_without_rules_nothing_is_judged(world: ReleaseWorld) -> None:
    mix = world.mix(["dataset: shop.reviews, weight: 1"])
    assert build(world.settings, mix)["rows"] == len(GOOD) + len(POOR)
    assert not list(world.store.list(f"releases/{mix}/1.0.0/filtered"))


def test_of_near_duplicates_the_cleaner_one_stays(tmp_path: Path) -> None:
    world = ReleaseWorld.make(tmp_path)
    dirty = GOOD[0] + "<PERSON>"
    world.snapshot(world.contract("shop.reviews"), [rows(0, [dirty, GOOD[0] + "好。"])])
    mix = world.mix(
        ["dataset: shop.reviews, weight: 1"],
        dedup="{near: {}}",
        quality="{profiles: {article: {dense: {min_words: 3}}}}",
    )
    assert build(world.settings, mix)["rows"] == 1
    assert world.rows(mix, "1.0.0")[0]["id"] == row_id("shop.reviews", "1")


@pytest.mark.parametrize(
    ("quality", "said"),
    [
        ("{rules: hause}", "did you mean 'house'"),
        ("{profiles: {review: {all: {min_wrods: 3}}}}", "did you mean 'min_words'"),
        ("{profiles: {review: {sparse: {min_words: 3}}}}", "no sort of script"),
        ("{profiles: {review: {all: {min_words: -1}}}}", "must be a number of 0 or more"),
    ],
)
def test_what_is_wrong_with_rules_is_told(world: ReleaseWorld, quality: str, said: str) -> None:
    mix = mixed(world, quality)
    with pytest.raises(MixError, match="(?s)" + said):
        build(world.settings, mix)
