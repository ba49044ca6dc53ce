"""The recipes of the house on the demo's units: each is planned and built once, and is what its plan said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from clearinghouse import catalog
from clearinghouse.demo import ENVIRONMENT
from clearinghouse.jobs.ingest import ingest
from clearinghouse.jobs.mix_plan import plan
from clearinghouse.jobs.release import build
from clearinghouse.settings import Settings
from governance.pseudonyms import Key
from infra.simulators.make import make_units
from infra.store import open_store
from schemas.contract_loader import load_contracts
from schemas.manifest import ReleaseManifest
from schemas.mix_loader import MANUAL, load_mixes

ROOT = Path(__file__).resolve().parents[2]
MIXES = ROOT / "schemas" / "mixes"
RECIPES = {
    "commerce-search": "messages",
    "frontier-pretrain": "text",
    "image-text": "image-text",
    "logistics-agent": "messages",
    "support-crosslingual": "messages",
    "vertical-7b": "text",
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A store with every data set of the demo's units, at a tenth of their size, ingested."""
    folder = tmp_path_factory.mktemp("recipes")
    make_units(folder, seed=5, scale=0.1)
    Key.create(folder / "key")
    made = Settings(
        store=str(folder / "store"),
        contracts=str(ROOT / "schemas" / "contracts"),
        mixes=str(MIXES),
        key_file=str(folder / "key"),
        executor="inline",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ENVIRONMENT, str(folder))
        for key in load_contracts(made.contracts_path):
            ingest(made, key)
        yield made


def test_there_are_recipes_for_all_of_it_and_none_starts_by_itself() -> None:
    mixes = load_mixes(MIXES)
    assert {name: mixes[name].format for name in RECIPES} == RECIPES
    assert {name for name, mix in mixes.items() if mix.schedule == MANUAL} == set(RECIPES)
    # None needs more than the pages of the documentation say.
    assert all(mixes[name].description and mixes[name].reviewers for name in RECIPES)


def read(settings: Settings, name: str) -> tuple[ReleaseManifest, list[dict[str, Any]]]:
    """A release's manifest and rows."""
    store = open_store(settings.store)
    manifest = catalog.manifest_of(store, catalog.ReleaseRef(name, "1.0.0"))
    rows: list[dict[str, Any]] = []
    for shard in manifest.shards:
        path = Path(settings.store) / manifest.shard_key(shard)
        rows += [{**row, "split": shard.split, "stage": shard.stage} for row in pq.read_table(path).to_pylist()]
    return manifest, rows


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_a_recipe_is_released_as_planned(settings: Settings, name: str) -> None:
    planned = plan(settings, name)
    assert planned["refused"] is None
    result = build(settings, name)
    manifest, rows = read(settings, name)
    assert [gate["name"] for gate in manifest.gates if gate["passed"] is not True] == []
    assert (result["rows"], result["tokens"]) == (planned["totals"]["rows"], planned["totals"]["tokens"])
    assert len(rows) == manifest.totals["rows"] > 0
    assert max(Counter((row["id"], row["epoch"]) for row in rows).values()) == 1
    mix = load_mixes(MIXES)[name]
    assert {row["split"] for row in rows} == {"train", "validation"}
    assert {row["stage"] for row in rows} == set(range(len(mix.stages) or 1))
    train, held = ({row["id"] for row in rows if row["split"] == split} for split in ("train", "validation"))
    assert not train & held
    assert not any(row["erased"] for row in rows)
    column = {"text": "text", "messages": "messages", "image-text": "image"}[mix.format]
    assert all(row[column] for row in rows)
    for one in planned["stages"]:
        some = [row for row in rows if (row["split"], row["stage"]) == (one["split"], one["stage"])]
        assert sum(row["n_tokens"] for row in some) == one["tokens"]
        assert worst_prefix(some) <= 4
    longest = max(row["n_tokens"] for row in rows)
    for source in planned["sources"]:
        assert 0 <= source["tokens"] - source["wanted"] < longest


def worst_prefix(rows: list[dict[str, Any]]) -> Fraction:
    """How far a prefix's tokens of any data set are off their share, in tokens of the longest document."""
    totals: Counter[str] = Counter()
    for row in rows:
        totals[row["source"]] += row["n_tokens"]
    total, longest = sum(totals.values()), max(row["n_tokens"] for row in rows)
    running: Counter[str] = Counter()
    worst = prefix = 0
    for row in rows:
        running[row["source"]] += row["n_tokens"]
        prefix += row["n_tokens"]
        # Whole numbers: |running/total - prefix*whole/total| times the total.
        worst = max(worst, *(abs(running[name] * total - whole * prefix) for name, whole in totals.items()))
    return Fraction(worst, total * longest)


def test_where_and_views_decide_what_is_said(settings: Settings) -> None:
    build(settings, "commerce-search")
    _, rows = read(settings, "commerce-search")
    stars = [row for row in rows if row["source"] == "commerce.reviews" and len(row["messages"][-1]["content"]) == 1]
    assert stars
    assert {row["messages"][-1]["content"] for row in stars} <= {"1", "2", "4", "5"}
    searches = [row for row in rows if row["source"] == "commerce.searches"]
    assert searches
    assert all(any(turn["role"] == "tool" for turn in row["messages"]) for row in searches)
