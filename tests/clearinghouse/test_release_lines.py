"""Releases whose mix cuts repeated lines and paragraphs: what goes from where, counted, the same with any workers."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from clearinghouse.jobs import release, release_lines, release_tasks
from clearinghouse.jobs.release import build
from schemas.errors import MixError
from schemas.mix_loader import load_mix, tokenizer_path
from tests.release_builders import ReleaseWorld, talks
from transforms.tokens import counter

NOTICE = "Opinions are those of their authors and of nobody else"


@pytest.fixture
def world(tmp_path: Path) -> ReleaseWorld:
    return ReleaseWorld.make(tmp_path)


def rows(texts: list[str], first: int = 0) -> list[dict[str, Any]]:
    return [{"key": str(first + place), "note": text, "lang": "en"} for place, text in enumerate(texts)]


def texts(world: ReleaseWorld, mix: str, version: str = "1.0.0") -> Counter[str]:
    return Counter(row["text"] for row in world.rows(mix, version))


def own(number: int) -> str:
    return f"what number {number} says is said by nobody but number {number} alone"


def test_boilerplate_goes_from_all_but_the_first(world: ReleaseWorld) -> None:
    world.snapshot(world.contract("shop.reviews"), [rows([f"{own(n)}\n{NOTICE}." for n in range(3)])])
    world.snapshot(world.contract("media.captions"), [rows([f"{NOTICE.upper()}\n{own(n)}" for n in range(3, 5)])])
    mix = world.mix(
        ["dataset: media.captions, weight: 1", "dataset: shop.reviews, weight: 1, epochs: 1"], dedup="{lines: {}}"
    )
    build(world.settings, mix)
    found = texts(world, mix)
    # The first of the mix's order keeps it.
    assert found[f"{NOTICE.upper()}\n{own(3)}"] == 1
    assert found[own(4)] == 1
    manifest = world.manifest(mix, "1.0.0")
    lines = manifest.curation["lines"]
    assert lines["media.captions"] == {"documents": 1, "dropped": 0, "pieces": 1, "chars": len(NOTICE)}
    assert lines["shop.reviews"] == {"documents": 3, "dropped": 0, "pieces": 3, "chars": 3 * len(NOTICE) + 3}
    count = counter(tokenizer_path(load_mix(world.root / "mixes" / f"{mix}.mix.yaml")).read_bytes())
    for row in world.rows(mix, "1.0.0"):
        assert row["n_tokens"] == count.count(pa.array([row["text"]])).tolist()[0]


def test_what_is_left_with_nothing_goes_and_is_counted(world: ReleaseWorld) -> None:
    world.snapshot(world.contract("shop.reviews"), [rows([f"{NOTICE}\n{own(1)}", f"{own(1)}\n{NOTICE}", own(2)])])
    mix = world.mix(["dataset: shop.reviews, weight: 1, minChars: 5"], dedup="{lines: {}}")
    build(world.settings, mix)
    assert texts(world, mix) == Counter([f"{NOTICE}\n{own(1)}", own(2)])
    (source,) = world.manifest(mix, "1.0.0").sources
    assert source["counts"]["filtered"] == {"not_sampled": 0, "repeated": 1}
    assert source["counts"]["rows_in"] == 3


def test_documents_that_become_equal_are_duplicates(world: ReleaseWorld) -> None:
    world.snapshot(
        world.contract("shop.reviews"), [rows([f"{NOTICE}\nShort.", f"Short.\n{NOTICE}", f"{NOTICE}\nshort", own(1)])]
    )
    mix = world.mix(["dataset: shop.reviews, weight: 1"], dedup="{lines: {keep: 0}}")
    build(world.settings, mix)
    assert texts(world, mix) == Counter(["Short.", "short", own(1)])
    assert world.manifest(mix, "1.0.0").curation["duplicates"]["exact"] == 1


def test_paragraphs_too_and_only_those_of_many(world: ReleaseWorld) -> None:
    block = "terms of use\nno part may be copied without leave of the publisher"
    world.snapshot(world.contract("shop.reviews"), [rows([f"{own(n)}\n\n{block}" for n in range(4)])])
    sources = ["dataset: shop.reviews, weight: 1"]
    few = world.mix(sources, dedup="{paragraphs: {documents: 4}}", name="few")
    many = world.mix(sources, dedup="{paragraphs: {documents: 3, keep: 2}, lines: {documents: 9}}", name="many")
    build(world.settings, few)
    build(world.settings, many)
    assert sum(block in text for text in texts(world, few).elements()) == 4
    assert sum(block in text for text in texts(world, many).elements()) == 2


def test_conversations_are_never_cut(world: ReleaseWorld) -> None:
    world.snapshot(world.contract("shop.talks", chat=True), [talks(0, 6)])
    sources = ["dataset: shop.talks, weight: 1"]
    plain, cut = world.mix(sources, name="plain"), world.mix(sources, name="cut", dedup="{lines: {words: 1}}")
    build(world.settings, plain)
    build(world.settings, cut)
    assert texts(world, plain) == texts(world, cut)


def test_a_copy_goes_whole_and_leaves_no_scraps(world: ReleaseWorld) -> None:
    whole = "\n".join(own(number) for number in range(20))
    world.snapshot(world.contract("shop.reviews"), [rows([whole, f"{whole}\nbye now", whole])])
    mix = world.mix(["dataset: shop.reviews, weight: 1"], dedup="{near: {}, lines: {}}")
    build(world.settings, mix)
    assert texts(world, mix) == Counter([whole])
    assert world.manifest(mix, "1.0.0").curation["lines"] == {}


def test_workers_task_sizes_and_kills_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(5)
    pool = [f"line {number} which several documents have in common {number}" for number in range(40)]
    made = ["\n".join([*random.sample(pool, 4), own(number)]) for number in range(120)]
    found = []
    for number, (workers, small, size) in enumerate([(1, 1 << 30, 64 << 20), (2, 0, 20_000), (7, 0, 40_000)]):
        world = ReleaseWorld.make(tmp_path / str(number), workers=workers)
        monkeypatch.setattr(release, "SMALL", small)
        monkeypatch.setattr(release_tasks, "TASK_BYTES", size)
        monkeypatch.setattr(release_lines, "_DIGESTS", 1 << (24 - 7 * number))
        world.snapshot(world.contract("shop.reviews"), [rows(made[:70]), rows(made[70:], 70)])
        mix = world.mix(["dataset: shop.reviews, weight: 1"], dedup="{lines: {}}")
        if number == 1:
            killed(world, mix, monkeypatch)
        build(world.settings, mix)
        manifest = world.manifest(mix, "1.0.0")
        found.append((manifest.content_digest, manifest.curation["lines"]))
    assert found[0] == found[1] == found[2]
    assert found[0][1]["shop.reviews"]["pieces"] == 4 * 120 - 40


def killed(world: ReleaseWorld, mix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Die after the cuts were decided, before they are all counted."""
    with monkeypatch.context() as patch:
        patch.setattr(release_lines, "settle", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            build(world.settings, mix)


def test_what_a_mix_cannot_say(world: ReleaseWorld) -> None:
    world.snapshot(world.contract("shop.reviews"), [rows([own(1)])])
    mix = world.mix(["dataset: shop.reviews, weight: 1"], dedup="{lines: {documents: 0, chars: 3}}")
    with pytest.raises(MixError) as refused:
        build(world.settings, mix)
    assert {problem.path for problem in refused.value.problems} == {"$.dedup.lines.chars", "$.dedup.lines.documents"}
