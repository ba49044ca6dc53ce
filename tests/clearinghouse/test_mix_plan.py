"""`clearinghouse mix`: a plan is what the release comes to, writes nothing else, and refuses with what would do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from clearinghouse.cli import app
from clearinghouse.jobs import release_tasks
from clearinghouse.jobs.mix_plan import plan
from clearinghouse.jobs.release import build
from tests.clearinghouse.test_release_parts import PLAIN, RATED, SOURCES, STAGES, rated
from tests.release_builders import ReleaseWorld, notes, talks


@pytest.fixture
def world(tmp_path: Path) -> ReleaseWorld:
    made = ReleaseWorld.make(tmp_path)
    made.snapshot(made.contract("shop.reviews", **{PLAIN: RATED}), [rated(0, 300)])
    made.snapshot(made.contract("shop.chats", chat=True), [talks(0, 60)])
    made.snapshot(made.contract("media.captions"), [notes(500, 200, "zh") + notes(0, 20) + notes(700, 100, "en")])
    return made


def run(world: ReleaseWorld, *words: str) -> tuple[int, str]:
    folders = {
        "--store": world.settings.store,
        "--mixes": world.settings.mixes,
        "--contracts": world.settings.contracts,
    }
    wanted = {"plan": ("--store", "--mixes", "--contracts"), "ls": ("--store", "--mixes")}
    options = [word for name in wanted.get(words[0], ("--mixes", "--contracts")) for word in (name, folders[name])]
    found = CliRunner().invoke(app, ["mix", *words, *options])
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        return getattr(found.exception, "exit_code", 1), f"{found.stdout}\n{found.exception}"
    return found.exit_code, found.stdout


MORE: dict[str, Any] = {
    "budget": 900,
    "stages": STAGES,
    "split": "{validation: 0.2}",
    "dedup": "{near: {}}",
}
WHERE = (
    "name: reviews, dataset: shop.reviews, where: {rating: {null: false}}, weight: 3",
    "name: chats, dataset: shop.chats, weight: 1",
    "name: captions, dataset: media.captions, languages: [zh], minChars: 9, weight: 2",
)


def test_a_plan_is_what_the_release_comes_to_and_writes_the_index_alone(world: ReleaseWorld) -> None:
    mix = world.mix(WHERE, **MORE)
    before = set(world.objects())
    planned = plan(world.settings, mix)
    assert {key.split("/")[3] for key in set(world.objects()) - before} == {"index"}
    assert planned["refused"] is None
    assert planned["same_as"] is None
    result = build(world.settings, mix)
    manifest = world.manifest(mix, "1.0.0")
    assert planned["totals"]["tokens"] == result["tokens"]
    assert planned["totals"]["rows"] == result["rows"]
    assert [(one["split"], one["stage"]) for one in planned["stages"]] == list(
        dict.fromkeys((shard.split, shard.stage) for shard in manifest.shards)
    )
    for one, part in zip(planned["sources"], manifest.curation["parts"], strict=True):
        assert one["tokens"] == sum(part["tokens"])
        assert one["wanted"] == sum(part["wanted"])
        assert one["available"] == part["available"]
        assert [stage["tokens"] for stage in one["stages"]] == part["tokens"]
    for data, source in zip(planned["datasets"], manifest.sources, strict=True):
        lost = {cost["reason"]: cost["documents"] for cost in data["lost"]}
        duplicates = lost.pop("duplicates", 0) + lost.pop("near_duplicates", 0)
        assert duplicates == source["counts"]["duplicates"]
        filtered = dict(source["counts"]["filtered"])
        assert data["documents_left"] == filtered.pop("not_sampled") + source["counts"]["kept"]
        assert lost == filtered
        # Every document and token that there was is left or has a reason.
        assert data["documents"] == data["documents_left"] + sum(cost["documents"] for cost in data["lost"])
        assert data["tokens"] == data["tokens_left"] + sum(cost["tokens"] for cost in data["lost"])
    assert plan(world.settings, mix)["same_as"] == f"{mix}@1.0.0"


def test_a_second_plan_counts_nothing_again(world: ReleaseWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    mix = world.mix(WHERE, **MORE)
    first = plan(world.settings, mix)

    def never(*_: object) -> None:
        raise AssertionError("documents were made again")

    monkeypatch.setattr(release_tasks, "index", never)
    monkeypatch.setattr(release_tasks, "make_documents", never)
    assert plan(world.settings, mix) == first


def test_other_shares_and_filters_read_no_text_again(world: ReleaseWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    plan(world.settings, world.mix(WHERE, **MORE))
    monkeypatch.setattr(release_tasks, "make_documents", lambda *_: pytest.fail("text was read"))
    other = world.mix(
        ["unit: shop, where: {document.rows: {'>': 0}}", "unit: media"], temperature=3, dedup="{near: {}}"
    )
    assert plan(world.settings, other)["refused"] is None


def test_a_budget_that_cannot_be_met_says_by_how_much_and_what_would_do(world: ReleaseWorld) -> None:
    mix = world.mix(SOURCES, budget=12000)
    found = plan(world.settings, mix)
    assert found["totals"] is None
    reviews = found["sources"][0]
    assert reviews["wanted"] is None
    short = 6000 - reviews["capacity"]
    assert f"reviews: wants 6,000, has {reviews['capacity']:,} × 1 epochs" in found["refused"]["message"]
    assert f"{short:,} short" in found["refused"]["message"]
    largest = int(found["refused"]["fix"].rpartition("budget is ")[2].replace(",", ""))
    epochs = found["refused"]["message"].split("reviews: ")[1].split("(")[1].split(" epochs")[0]
    # What it says would do does.
    world.mix(SOURCES, budget=largest)
    assert plan(world.settings, mix)["refused"] is None
    world.mix(SOURCES, budget=largest + 20)
    assert plan(world.settings, mix)["refused"] is not None
    world.mix([f"{source}, epochs: {epochs}" for source in SOURCES], budget=12000)
    refused = plan(world.settings, mix)["refused"]
    assert refused is None or "reviews: wants" not in refused["message"]
    world.mix(SOURCES, budget=12000)
    code, said = run(world, "plan", mix)
    assert code == 6
    assert "what sources give" in said
    assert "the budget of 12,000 tokens cannot be met" in said
    code, said = run(world, "plan", mix, "--json")
    assert code == 6
    assert json.loads(said)["refused"] == found["refused"]
    assert not world.objects("releases/")


def test_what_plan_prints(world: ReleaseWorld) -> None:
    mix = world.mix(WHERE, **MORE)
    code, said = run(world, "plan", mix)
    assert code == 0
    for words in ("near duplicates", "where", "language", "too short", "held out", "broad", "cool", "share wanted"):
        assert words in said
    assert f"next: clearinghouse release {mix}" in said
    code, text = run(world, "plan", mix, "--json")
    assert code == 0
    assert json.loads(text) == plan(world.settings, mix)


def test_mixes_are_listed_and_checked(world: ReleaseWorld) -> None:
    mix = world.mix(WHERE, **MORE)
    build(world.settings, mix)
    (Path(world.settings.mixes) / "bad.mix.yaml").write_text("name: bad\n", encoding="utf-8")
    code, said = run(world, "ls")
    assert code == 0
    assert "bad.mix.yaml does not load" in said
    (row,) = [line for line in said.splitlines() if line.startswith(mix)]
    assert "1.0.0" in row
    (listed,) = json.loads(run(world, "ls", "--json")[1])["mixes"]
    assert (listed["newest"], listed["latest"], listed["stages"]) == ("1.0.0", None, ["broad", "cool"])
    assert run(world, "check", mix)[0] == 0
    code, said = run(world, "check")
    assert code == 2
    assert "'version' is missing" in said
    world.mix(["unit: shop, where: {pay: x}"], name="asks")
    code, said = run(world, "check", "asks", "--json")
    assert code == 2
    assert {problem["path"] for problem in json.loads(said)["problems"]} == {"$.sources[0].where.pay"}
