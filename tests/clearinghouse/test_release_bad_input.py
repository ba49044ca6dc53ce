"""Documents that nobody writes on purpose, through a whole release; and one that is stopped at every change of the store."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random
from typing import Any

import pytest

from clearinghouse.jobs.release import build
from infra.store.local import LocalStore
from tests.release_builders import ReleaseWorld

WORDS = [f"word{number}" for number in range(2000)]
RULES = "{maxLoss: 1, near: {}, lines: {documents: 2, words: 4}}"


def text(seed: int, length: int = 60) -> str:
    return " ".join(Random(seed).choices(WORDS, k=length))


def rows(texts: list[str]) -> list[dict[str, Any]]:
    return [{"key": str(place), "note": one, "lang": "en"} for place, one in enumerate(texts)]


def crowd() -> list[str]:
    """Equal rows, rows of one cluster, rows of next to nothing, rows just above and just below the threshold, a giant."""
    base = text(1, 62)
    return [
        *["the same words over and over again"] * 300,
        *(f"{text(2)} end{number}" for number in range(200)),
        *["a", "a", "好", "好", ".", "?", "👍"],
        # Of 60 shingles the last k are others: (60 - k) / (60 + k) is 0.765 and 0.739.
        base,
        " ".join([*base.split()[:-8], *(f"x{number}" for number in range(8))]),
        " ".join([*base.split()[:-9], *(f"y{number}" for number in range(9))]),
        text(3, 60_000),
        text(3, 60_000) + " end",
    ]


def made(root: Path, workers: int = 1) -> tuple[ReleaseWorld, str]:
    world = ReleaseWorld.make(root, workers=workers)
    world.snapshot(world.contract("shop.reviews"), [rows(crowd())])
    # A source that has nothing of its own but five.
    world.snapshot(world.contract("media.captions"), [rows([*crowd()[::-1], *map(text, range(50, 55))])])
    mix = world.mix(["dataset: shop.reviews, weight: 1", "dataset: media.captions, weight: 0.001"], dedup=RULES)
    return world, mix


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    world, mix = made(tmp_path_factory.mktemp("whole"))
    build(world.settings, mix)
    return world.objects()


def test_one_of_each_is_left(tmp_path: Path) -> None:
    world, mix = made(tmp_path)
    build(world.settings, mix)
    found = world.rows(mix, "1.0.0")
    left = [row["text"] for row in found if row["source"] == "shop.reviews"]
    assert sum(one.startswith("the same words") for one in left) == 1
    assert sum(one.startswith(text(2)[:40]) for one in left) == 1
    assert sum(len(one) > 100_000 for one in left) == 1
    assert sorted(one for one in left if len(one) < 3) == sorted(["a", "好", ".", "?", "👍"])
    assert sum(one.startswith(text(1, 62)[:40]) for one in left) == 2
    assert len(left) == 10
    assert {row["text"] for row in found} - set(left) <= {*map(text, range(50, 55))}


@pytest.mark.parametrize("workers", [2, 7])
def test_workers_change_no_byte(tmp_path: Path, workers: int, reference: dict[str, bytes]) -> None:
    world, mix = made(tmp_path, workers)
    build(world.settings, mix)
    assert world.objects() == reference


class Stopped(BaseException):
    """Nothing in the code catches it, as nothing catches a power cut."""


@pytest.mark.slow
def test_stopped_at_every_change_of_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reference: dict[str, bytes]
) -> None:
    """Sketches, lines, cuts, shards, manifest: a rerun finishes with the same bytes."""
    world, mix = made(tmp_path / "world")
    shutil.copytree(world.root / "store", tmp_path / "before")
    left = 0

    def counted(name: str) -> Any:
        real = getattr(LocalStore, name)

        def change(self: LocalStore, *args: Any, **kwargs: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                raise Stopped
            return real(self, *args, **kwargs)

        return change

    for name in ("put", "upload", "delete"):
        monkeypatch.setattr(LocalStore, name, counted(name))
    at = 0
    while True:
        at += 1
        shutil.rmtree(world.root / "store")
        shutil.copytree(tmp_path / "before", world.root / "store")
        left = at
        try:
            build(world.settings, mix)
        except Stopped:
            left = 0
            build(world.settings, mix)
            assert world.objects() == reference
            continue
        break
    assert at > 8, "the release was meant to be stopped at several changes before it got through"
