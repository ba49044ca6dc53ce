"""Decontamination of a release: benchmark files of the mix, what is left out, what is told, and what is wrong."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from clearinghouse.jobs.release import build
from schemas.errors import MixError, ReleaseRefused
from tests.clearinghouse.test_release_near import rows
from tests.release_builders import ReleaseWorld

HAN = [chr(0x4E00 + number) for number in range(3000)]
ITEMS = [{"question": "".join(Random(seed).choices(HAN, k=40)), "answer": {"text": ["甲"]}} for seed in range(30)]
PLAIN = ["".join(Random(900 + seed).choices(HAN, k=60)) for seed in range(10)]


@pytest.fixture
def world(tmp_path: Path) -> ReleaseWorld:
    made = ReleaseWorld.make(tmp_path)
    texts = [*PLAIN, f"题：{ITEMS[3]['question']}？", ITEMS[4]["question"][5:30], ITEMS[5]["question"][5:24]]
    made.snapshot(made.contract("shop.reviews"), [rows(0, texts)])
    return made


def quiz(world: ReleaseWorld, items: list[Any] = ITEMS, name: str = "quiz.jsonl") -> None:
    data = "\n".join(json.dumps(item, ensure_ascii=False) for item in items).encode()
    path = world.root / "mixes" / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)


def mixed(world: ReleaseWorld, *benchmarks: str) -> str:
    listed = ", ".join(f"{{{one}}}" for one in benchmarks)
    return world.mix(["dataset: shop.reviews, weight: 1"], decontaminate=f"{{benchmarks: [{listed}]}}")


@pytest.mark.parametrize("file", ["quiz.jsonl", "quiz.jsonl.gz"])
def test_documents_that_overlap_are_left_out_and_counted(world: ReleaseWorld, file: str) -> None:
    quiz(world, name=file)
    mix = mixed(world, f"name: quiz, path: {file}")
    assert build(world.settings, mix)["rows"] == 11
    manifest = world.manifest(mix, "1.0.0")
    assert manifest.sources[0]["counts"]["filtered"] == {"benchmark": 2, "not_sampled": 0}
    (told,) = manifest.curation["benchmarks"]
    assert told["documents"] == {"shop.reviews": 2}
    # Thirty questions and their answers of one character, which are too short to look for.
    assert (told["items"], told["too_short"], told["warning"]) == (60, 30, "")


def test_a_benchmark_that_nothing_overlaps_with_is_a_warning(world: ReleaseWorld) -> None:
    quiz(world)
    quiz(world, [], "empty.jsonl")
    mix = mixed(world, "name: quiz, path: quiz.jsonl, fields: [answer]", "name: empty, path: empty.jsonl")
    assert build(world.settings, mix)["rows"] == 13
    one, two = world.manifest(mix, "1.0.0").curation["benchmarks"]
    assert "no document overlaps" in one["warning"]
    assert two["warning"] == ""


def test_another_benchmark_file_is_another_release(world: ReleaseWorld) -> None:
    quiz(world, ITEMS[10:])
    mix = mixed(world, "name: quiz, path: quiz.jsonl, fields: [question]")
    assert build(world.settings, mix)["rows"] == 13
    quiz(world, ITEMS)
    again = build(world.settings, mix) | {"rows": 11, "no_op": False, "shards_reused": 0}
    assert again == build(world.settings, mix) | {"no_op": False, "shards_reused": 0}
    assert build(world.settings, mix)["rows"] == 11


def test_every_bad_line_is_told_and_none_of_its_text(world: ReleaseWorld) -> None:
    (world.root / "mixes" / "quiz.jsonl").write_text(
        '{"question": "甲乙丙"\n{"other": 1}\n["甲乙丙"]\n', encoding="utf-8"
    )
    mix = mixed(world, "name: quiz, path: quiz.jsonl, fields: [question]")
    with pytest.raises(ReleaseRefused) as refused:
        build(world.settings, mix)
    said = str(refused.value)
    for line, fault in ((1, "not JSON"), (2, "has no question"), (3, "has no question")):
        assert f"quiz.jsonl:{line}: {fault}" in said
    assert "甲乙丙" not in said


def test_a_missing_file_and_a_name_twice_are_told_by_the_loader(world: ReleaseWorld) -> None:
    quiz(world)
    mix = mixed(world, "name: quiz, path: quiz.jsonl", "name: quiz, path: quiz.jsonl", "name: gone, path: gone.jsonl")
    with pytest.raises(MixError) as refused:
        build(world.settings, mix)
    said = str(refused.value)
    assert "'quiz' is there twice" in said
    assert "'gone.jsonl' cannot be read" in said
