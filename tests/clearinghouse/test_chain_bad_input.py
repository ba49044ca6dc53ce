"""Sources that nobody writes on purpose, from the unit's files to shards: nothing is lost in silence, nothing depends on
workers, and memory follows neither the number of rows nor the longest document."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq
import pytest

from clearinghouse.jobs.ingest import ingest
from clearinghouse.jobs.release import build
from clearinghouse.settings import Settings
from governance.pseudonyms import Key
from tests.release_builders import CONTRACT, TEXT, TEXT_FIELDS

WORDS = [f"word{number}" for number in range(2000)]
SOURCE = '  - {{server: files, type: local, path: "{path}", format: jsonl{more}}}'


def text(seed: int, length: int = 60) -> str:
    return " ".join(Random(seed).choices(WORDS, k=length))


class Chain:
    """A store, a mix, and data sets of JSON Lines."""

    def __init__(self, root: Path, workers: int = 1) -> None:
        for name in ("contracts/shop", "mixes", "unit"):
            (root / name).mkdir(parents=True)
        Key.create(root / "key")
        self.root = root
        self.settings = Settings(
            store=str(root / "store"), contracts=str(root / "contracts"), mixes=str(root / "mixes"),
            key_file=str(root / "key"), workers=workers,
        )  # fmt: skip

    def source(self, name: str, texts: Iterable[str], most: int = 0) -> None:
        folder = self.root / "unit" / name
        folder.mkdir()
        with (folder / "rows.jsonl").open("w", encoding="utf-8") as file:
            for place, one in enumerate(texts):
                row = {"key": f"{place:09d}", "note": one, "lang": "en"}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        contract = CONTRACT.format(
            key=f"shop.{name}", unit="shop", name=name, purposes="pretrain", document=TEXT, fields=TEXT_FIELDS
        )
        more = f", customProperties: [{{property: maxRecordBytes, value: {most}}}]" if most else ""
        # Seen from the folder that commands run in: contracts of two chains are then the same to the byte.
        files = SOURCE.format(path=f"unit/{name}/*.jsonl", more=more)
        plain = '  - {server: files, type: local, path: "/nowhere/*.csv", format: csv}'
        assert plain in contract
        (self.root / f"contracts/shop/{name}.odcs.yaml").write_text(contract.replace(plain, files), encoding="utf-8")

    def mix(self, *names: str, weights: tuple[str, ...] = ("1", "0.001")) -> None:
        lines = [
            "{name: all, version: 1.0.0, purpose: pretrain, format: text, seed: 7, audience: tests, tokenizer: house,",
            "quality: {rules: house}, dedup: {maxLoss: 1, near: {}}, sources: [",
            ", ".join(
                f"{{dataset: shop.{name}, weight: {weight}}}" for name, weight in zip(names, weights, strict=False)
            ),
            "]}",
        ]
        (self.root / "mixes/all.mix.yaml").write_text("\n".join(lines), encoding="utf-8")

    def run(self, *names: str) -> dict[str, Any]:
        with contextlib.chdir(self.root):
            found = {name: ingest(self.settings, f"shop.{name}") for name in names}
            return {**found, "release": build(self.settings, "all")}

    def objects(self) -> dict[str, bytes]:
        """All of the store but plans, which name the folder of the source."""
        store = self.root / "store"
        return {
            str(f.relative_to(store)): f.read_bytes()
            for f in sorted(store.rglob("*"))
            if f.is_file() and f.relative_to(store).parts[0] != "plans"
        }

    def texts(self) -> list[str]:
        shards = sorted((self.root / "store/releases/all/shards").glob("*.parquet"))
        return [one for shard in shards for one in pq.read_table(shard, columns=["text"]).column(0).to_pylist()]

    def command(self, *words: str) -> tuple[dict[str, Any], int]:
        """A command in a process of its own: what it says, and its peak memory in bytes."""
        code = (
            "import resource, sys\nfrom clearinghouse.cli import main\n"
            "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)"
        )
        options = ["--json", "--store", self.settings.store, "--contracts", self.settings.contracts, "--workers", "1"]
        options += (
            ["--key-file", str(self.settings.key_file)] if words[0] == "ingest" else ["--mixes", self.settings.mixes]
        )
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code, *words, *options],
            capture_output=True,
            text=True,
            check=True,
            cwd=self.root,
        )
        *said, peak = done.stdout.splitlines()
        return json.loads("".join(said)), int(peak)


def crowd() -> list[str]:
    """Equal rows, rows of one cluster, rows of next to nothing, rows at the threshold, a giant twice."""
    base = text(1, 62).split()
    return [
        *["the same words stand in every row of this source and in no other row of any"] * 400,
        *(f"{text(2)} end{number}" for number in range(200)),
        *["", "a", "a", "好", ".", "👍", " "],
        # Of 60 shingles the last k are others: (60 - k) / (60 + k) is 0.765 and 0.739.
        " ".join(base),
        " ".join([*base[:-8], *(f"x{number}" for number in range(8))]),
        " ".join([*base[:-9], *(f"y{number}" for number in range(9))]),
        text(3, 30_000),
        text(3, 30_000) + " end",
        *map(text, range(50, 60)),
    ]


def made(root: Path, workers: int = 1) -> tuple[Chain, dict[str, Any]]:
    chain = Chain(root, workers)
    chain.source("first", crowd())
    # It has nothing of its own but one.
    chain.source("second", [*crowd()[::-1], text(99)])
    chain.mix("first", "second")
    (root / "key").write_bytes(b"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
    return chain, chain.run("first", "second")


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> tuple[Chain, dict[str, Any]]:
    return made(tmp_path_factory.mktemp("reference"))


def test_every_row_is_accounted_for(reference: tuple[Chain, dict[str, Any]]) -> None:
    _, found = reference
    for name in ("first", "second"):
        counts = found[name]["counts"]
        assert counts["balanced"]
        assert counts["rows_in"] == counts["kept"] + sum(counts["quarantined"].values())
    for source in found["release"]["sources"]:
        gone = source["duplicates"] + sum(source["filtered"].values())
        assert source["documents"] == gone + source["taken"]


def test_one_of_each_is_left(reference: tuple[Chain, dict[str, Any]]) -> None:
    chain, _ = reference
    left = chain.texts()
    assert sum(one.startswith("the same words stand") for one in left) <= 1
    assert sum(one.startswith(text(2)[:40]) for one in left) == 1
    assert sum(len(one) > 100_000 for one in left) == 1
    assert sum(one.startswith(text(1, 62)[:40]) for one in left) == 2
    assert {text(seed) for seed in (*range(50, 60), 99)} <= set(left)
    assert len(left) == len(set(left))


@pytest.mark.parametrize("workers", [2, pytest.param(7, marks=pytest.mark.exhaustive)])
def test_workers_change_no_byte(
    tmp_path: Path, workers: int, reference: tuple[Chain, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clearinghouse.jobs.release.SMALL", 0)
    chain, _ = made(tmp_path, workers)
    mine, theirs = chain.objects(), reference[0].objects()
    assert mine.keys() == theirs.keys()
    assert [key for key, data in theirs.items() if mine[key] != data] == []


def test_a_record_beyond_the_contracts_limit_is_quarantined_and_told(tmp_path: Path) -> None:
    chain = Chain(tmp_path)
    chain.source("first", [text(1), text(2, 300_000), text(3)], most=1 << 20)
    with contextlib.chdir(chain.root):
        counts = ingest(chain.settings, "shop.first")["counts"]
    assert (counts["kept"], counts["quarantined"]) == (2, {"record_too_large": 1})


@pytest.mark.exhaustive
@pytest.mark.timeout(3600)
def test_a_million_equal_rows(tmp_path: Path) -> None:
    """Memory beside that of a twentieth: a release may hold some hundred bytes a document, an ingest nothing."""
    peaks = {}
    for rows in (50_000, 1_000_000):
        chain = Chain(tmp_path / str(rows))
        chain.source("first", ("the same words stand in every row of this source" for _ in range(rows)))
        chain.mix("first")
        found, at_ingest = chain.command("ingest", "shop.first")
        assert found["counts"]["kept"] == rows
        found, at_release = chain.command("release", "all")
        assert found["rows"] <= 1
        assert found["sources"][0]["documents"] == rows
        peaks[rows] = at_ingest, at_release
    assert peaks[1_000_000][0] < 1.2 * peaks[50_000][0]
    assert peaks[1_000_000][1] < peaks[50_000][1] + 950_000 * 800


@pytest.mark.exhaustive
@pytest.mark.timeout(3600)
def test_a_document_of_fifty_megabytes(tmp_path: Path) -> None:
    chain = Chain(tmp_path)
    giant = text(5, 6_000_000)
    assert len(giant) > 50_000_000
    chain.source("first", [giant, text(1), giant], most=64 << 20)
    chain.mix("first")
    found, peak = chain.command("ingest", "shop.first")
    assert found["counts"]["kept"] == 3
    # A few copies of the text; what is worked out of it is bounded by a piece (`governance.names.windows`).
    assert peak < 12 * len(giant) + (300 << 20)
    found, peak = chain.command("release", "all")
    assert found["rows"] == 2
    assert max(map(len, chain.texts())) == len(giant)
    # The rows of a task, its documents and their texts in a shard, and what is worked out of a pass of words.
    assert peak < 24 * len(giant) + (400 << 20)
