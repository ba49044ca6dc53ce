"""Sketches, signals and overlaps of a task are made of its words, which are cut once for all of them."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pyarrow as pa
import pytest

from clearinghouse.jobs import release_tasks
from clearinghouse.jobs.release import build
from clearinghouse.jobs.release_near import Sketching
from clearinghouse.jobs.release_overlap import Overlap
from clearinghouse.jobs.release_quality import Signalling
from clearinghouse.jobs.release_tasks import OfWords, from_words
from schemas.contract import Decontaminate, Near
from tests.clearinghouse.test_release_near import rows, text
from tests.release_builders import ReleaseWorld
from transforms.overlap import runs_of
from transforms.words import PASS


def made(table: pa.Table, *extras: OfWords) -> list[bytes]:
    makings = [extra.begin(table) for extra in extras]
    from_words(table, makings)
    return [making.made() for making in makings]


def test_together_they_are_what_each_is_alone() -> None:
    random = Random(1)
    han = [chr(0x4E00 + number) for number in range(500)]
    texts = [text(seed, random.choice([2, 30, 400])) for seed in range(80)]
    texts += ["".join(random.choices(han, k=random.choice([3, 60, 900]))) for _ in range(80)]
    texts += [text(1000, PASS // 2), "", "".join(random.choices(han, k=PASS))]
    reason = ["empty" if number % 9 == 0 else None for number in range(len(texts))]
    table = pa.table(
        {
            "text": pa.array(texts, pa.large_string()),
            "reason": pa.array(reason, pa.string()),
            "language": pa.array(["en"] * len(texts), pa.string()),
        }
    )
    overlap = Overlap(Decontaminate(()), runs_of({"quiz": [texts[5], texts[90]]}))
    extras = (Sketching(Near()), Signalling(), overlap)
    alone = [made(table, extra)[0] for extra in extras]
    assert made(table, *extras) == alone
    assert len(set(alone)) == 3


def test_a_release_cuts_words_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = ReleaseWorld.make(tmp_path)
    world.snapshot(world.contract("shop.reviews"), [rows(0, [text(seed) for seed in range(12)])])
    (world.root / "mixes" / "quiz.jsonl").write_text('{"question": "' + text(5) + '"}\n')
    mix = world.mix(
        ["dataset: shop.reviews, weight: 1"],
        dedup="{near: {}}",
        quality="{rules: house}",
        decontaminate="{benchmarks: [{name: quiz, path: quiz.jsonl}]}",
    )
    seen: list[int] = []
    real = release_tasks.passes

    def counting(texts: pa.ChunkedArray) -> object:
        seen.append(len(texts))
        return real(texts)

    monkeypatch.setattr(release_tasks, "passes", counting)
    assert build(world.settings, mix)["rows"] == 11
    assert seen == [12]
    build(world.settings, mix)
    assert seen == [12]
