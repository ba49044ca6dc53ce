"""Releases of units, filtered sources, stages and splits: who is drawn, exactly how much, and where it stands."""

from __future__ import annotations

import json
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from clearinghouse.jobs.release import build
from schemas.errors import MixError, ReleaseRefused
from tests.release_builders import ReleaseWorld, notes, talks

RATED = """\
      - {name: rating, logicalType: integer, classification: none}
      - {name: buyer, classification: none}
      - {name: note, classification: text.free}"""
PLAIN = "      - {name: note, classification: text.free}"


def rated(first: int, count: int, **more: Any) -> list[dict[str, Any]]:
    """Notes with a rating from 1 to 5 (every seventh has none) and a buyer of three notes each."""
    return [
        {**row, "rating": None if number % 7 == 6 else number % 5 + 1, "buyer": f"b{number // 3}", **more}
        for number, row in enumerate(notes(first, count), first)
    ]


@pytest.fixture
def world(tmp_path: Path) -> ReleaseWorld:
    made = ReleaseWorld.make(tmp_path)
    made.snapshot(made.contract("shop.reviews", **{PLAIN: RATED}), [rated(0, 150), rated(150, 150)])
    made.snapshot(made.contract("shop.chats", chat=True), [talks(0, 60)])
    made.snapshot(made.contract("media.captions"), [notes(500, 200, "zh") + notes(700, 100, "en")])
    return made


def numbers(rows: list[dict[str, Any]]) -> set[int]:
    """The numbers of the notes that rows hold."""
    return {int(row["text"].rsplit(" ", 1)[1]) for row in rows}


def parts(world: ReleaseWorld, mix: str, version: str = "1.0.0") -> dict[str, Any]:
    return {part["name"]: part for part in world.manifest(mix, version).curation["parts"]}


def test_a_filter_takes_rows_by_their_fields_and_counts_the_others(world: ReleaseWorld) -> None:
    mix = world.mix(["dataset: shop.reviews, where: {rating: {'>=': 4}, buyer: {'!=': b1}, document.chars: {'>': 8}}"])
    build(world.settings, mix)
    kept = {
        number
        for number, row in enumerate(rated(0, 300))
        if row["rating"] is not None and row["rating"] >= 4 and row["buyer"] != "b1" and len(row["note"]) > 8
    }
    assert numbers(world.rows(mix, "1.0.0")) == kept
    (source,) = world.manifest(mix, "1.0.0").sources
    assert source["counts"]["filtered"] == {"not_sampled": 0, "where": 300 - len(kept)}


def test_an_empty_field_passes_null_alone(world: ReleaseWorld) -> None:
    mix = world.mix(["dataset: shop.reviews, where: {rating: {null: true}}"])
    build(world.settings, mix)
    assert numbers(world.rows(mix, "1.0.0")) == {number for number in range(300) if number % 7 == 6}


def test_a_conversation_is_asked_by_the_first_value_that_is_not_empty(tmp_path: Path) -> None:
    world = ReleaseWorld.make(tmp_path)
    rows = talks(0, 20)
    for row in rows:
        row |= {
            "rating": 9 if row["turn"] == 2 else None if row["turn"] == 0 else int(row["talk"][1:]) % 5,
            "buyer": "",
        }
    world.snapshot(world.contract("shop.chats", chat=True, **{PLAIN: RATED}), [rows])
    mix = world.mix(["dataset: shop.chats, where: {rating: [3, 4], document.rows: 3}"], format="messages")
    build(world.settings, mix)
    got = {row["messages"][0]["content"].split()[1] for row in world.rows(mix, "1.0.0")}
    assert got == {str(talk) for talk in range(20) if talk % 5 in (3, 4)}


def test_parts_of_one_data_set_share_it_and_the_first_that_takes_a_document_has_it(world: ReleaseWorld) -> None:
    mix = world.mix(
        [
            "name: zh, dataset: media.captions, languages: [zh], weight: 1",
            "name: short, dataset: media.captions, maxChars: 12, weight: 1",
            "name: rest, dataset: media.captions, weight: 2",
        ],
        budget=200,
    )
    build(world.settings, mix)
    told = parts(world, mix)
    assert [told[name]["wanted"] for name in ("zh", "short", "rest")] == [[50], [50], [100]]
    assert told["zh"]["documents_available"] == 200
    assert told["short"]["documents_available"] + told["rest"]["documents_available"] == 100
    (source,) = world.manifest(mix, "1.0.0").sources
    assert source["tokens_wanted"] == 200
    assert source["counts"]["rows_in"] == 300


def test_a_unit_gives_by_what_its_data_sets_hold(world: ReleaseWorld) -> None:
    mix = world.mix(["unit: shop, weight: 3", "unit: media, weight: 1"], budget=1200)
    build(world.settings, mix)
    told = parts(world, mix)
    assert told["shop"]["datasets"] == ["shop.chats", "shop.reviews"]
    assert (told["shop"]["wanted"], told["media"]["wanted"]) == ([900], [300])
    sources = {source["dataset"]: source for source in world.manifest(mix, "1.0.0").sources}
    assert sum(source["tokens_wanted"] for source in sources.values()) == 1200
    shares = [sources[key]["tokens_wanted"] / sources[key]["tokens_available"] for key in told["shop"]["datasets"]]
    assert shares[0] == pytest.approx(shares[1], rel=0.01)
    # A further data set of the unit joins without a change of the mix.
    world.snapshot(world.contract("shop.notes"), [notes(900, 50)])
    build(world.settings, mix)
    assert parts(world, mix, "1.0.1")["shop"]["datasets"] == ["shop.chats", "shop.notes", "shop.reviews"]


STAGES = "[{name: broad, share: 0.75}, {name: cool, share: 0.25, weights: {reviews: 1, captions: 4}}]"
SOURCES = (
    "name: reviews, dataset: shop.reviews, weight: 3",
    "name: chats, dataset: shop.chats, weight: 1",
    "name: captions, dataset: media.captions, weight: 2",
)


def worst_prefix(rows: list[dict[str, Any]]) -> Fraction:
    """How far a prefix's tokens of any source are off its share of all, in tokens of the longest document."""
    totals: Counter[str] = Counter()
    for row in rows:
        totals[row["source"]] += row["n_tokens"]
    total, longest = sum(totals.values()), max(row["n_tokens"] for row in rows)
    running: Counter[str] = Counter()
    worst = Fraction(0)
    for row in rows:
        running[row["source"]] += row["n_tokens"]
        prefix = sum(running.values())
        for name, whole in totals.items():
            worst = max(worst, abs(running[name] - Fraction(whole * prefix, total)))
    return worst / longest


def test_stages_and_validation_follow_each_other_exact_in_every_prefix(world: ReleaseWorld) -> None:
    mix = world.mix(
        SOURCES, budget=1600, stages=STAGES, split="{validation: 0.2}", shards="{tokens: 300, rowsPerGroup: 16}"
    )
    build(world.settings, mix)
    manifest, rows = world.manifest(mix, "1.0.0"), world.rows(mix, "1.0.0")
    order = [(shard.split, shard.stage) for shard in manifest.shards]
    assert list(dict.fromkeys(order)) == [("train", 0), ("train", 1), ("validation", 0)]
    assert order == sorted(order)
    # Every row group of a section is full but its last.
    for section in dict.fromkeys(order):
        groups = [count for s in manifest.shards if (s.split, s.stage) == section for count, _ in s.row_groups]
        assert set(groups[:-1]) <= {16}
        mine = [s for s in manifest.shards if (s.split, s.stage) == section]
        some = rows[mine[0].first_row : mine[-1].first_row + mine[-1].rows]
        assert sum(row["n_tokens"] for row in some) == sum(s.tokens for s in mine)
        assert worst_prefix(some) <= 3
    told = parts(world, mix)
    assert [told[name]["wanted"] for name in told] == [[600, 80], [200, 0], [400, 320]]
    longest = max(row["n_tokens"] for row in rows)
    for part in told.values():
        reached = 0
        for wanted, tokens in zip(part["wanted"], part["tokens"], strict=True):
            reached += tokens - wanted
            assert 0 <= reached < longest
    # Nothing comes twice: not in a later stage, not in both splits.
    assert len({row["id"] for row in rows}) == len(rows)
    assert sum(source["tokens"] for source in manifest.sources) == manifest.totals["tokens"]
    assert manifest.sources[0]["sections"][0]["tokens"] == told["reviews"]["tokens"][0]


def test_the_report_tells_sources_stages_and_validation(world: ReleaseWorld) -> None:
    mix = world.mix(
        ["name: some, dataset: shop.reviews, where: {rating: [4, 5]}", "unit: media"],
        stages="[{name: broad, share: 0.8}, {name: cool, share: 0.2}]",
        split="{validation: 0.2}",
    )
    build(world.settings, mix)
    told = json.loads(world.store.read(f"releases/{mix}/1.0.0/report.json"))["parts"]
    assert told["stages"] == ["broad", "cool"]
    assert told["split"] == {"validation": "0.2", "by": "document"}
    assert [(row["source"], row["filter"]) for row in told["rows"]] == [("some", "rating in 4, 5"), ("media", "")]
    page = world.store.read(f"releases/{mix}/1.0.0/report.html").decode()
    for words in ("Sources, stages and validation", "rating in 4, 5", "media.captions", "broad"):
        assert words in page
    plain = world.mix(["dataset: shop.reviews, weight: 1"], name="plain")
    build(world.settings, plain)
    assert json.loads(world.store.read("releases/plain/1.0.0/report.json"))["parts"] == {}
    assert "Sources, stages and validation" not in world.store.read("releases/plain/1.0.0/report.html").decode()


def test_views_of_one_data_set_count_its_redactions_once(tmp_path: Path) -> None:
    world = ReleaseWorld.make(tmp_path)
    contract = world.contract("shop.notes", **{"profile: review}}": VIEW})
    world.snapshot(contract, [notes(0, 90)], redactions={"note|PHONE_NUMBER|placeholder|phone": 7})
    mix = world.mix(
        ["name: a, dataset: shop.notes, view: asked", "name: b, dataset: shop.notes, view: again"], format="messages"
    )
    build(world.settings, mix)
    manifest = world.manifest(mix, "1.0.0")
    assert len(manifest.sources) == 2
    assert manifest.redactions == {"shop.notes|note|PHONE_NUMBER|placeholder|phone": 7}


def test_epochs_go_on_from_stage_to_stage(world: ReleaseWorld) -> None:
    mix = world.mix(
        ["name: chats, dataset: shop.chats, epochs: 2"],
        stages="[{name: one, share: 0.3}, {name: two, share: 0.7}]",
    )
    build(world.settings, mix)
    rows = world.rows(mix, "1.0.0")
    assert Counter(row["epoch"] for row in rows) == {1: 60, 2: 60}
    assert [row["epoch"] for row in rows] == sorted(row["epoch"] for row in rows)


def sides(world: ReleaseWorld, mix: str, version: str) -> dict[str, set[str]]:
    manifest, rows = world.manifest(mix, version), world.rows(mix, version)
    found: dict[str, set[str]] = {"train": set(), "validation": set()}
    for shard in manifest.shards:
        found[shard.split] |= {row["id"] for row in rows[shard.first_row : shard.first_row + shard.rows]}
    return found


def test_no_later_release_moves_a_document_across(world: ReleaseWorld) -> None:
    mix = world.mix(SOURCES, split="{validation: 0.3}")
    build(world.settings, mix)
    first = sides(world, mix, "1.0.0")
    assert first["train"]
    assert first["validation"]
    contract = world.contract("shop.reviews", **{PLAIN: RATED})
    world.snapshot(contract, [rated(0, 150), rated(150, 150), rated(300, 200)])
    world.mix([*SOURCES[::-1], "unit: media"][:3], split="{validation: 0.3}", seed=99, version="2.3.0", budget=1500)
    build(world.settings, mix)
    second = sides(world, mix, "2.3.0")
    assert second["train"] != first["train"]
    assert not first["train"] & second["validation"]
    assert not first["validation"] & second["train"]
    # Another mix of the same salt agrees; one of another salt does not.
    other = world.mix(["unit: shop", "unit: media"], name="other", split="{validation: 0.3}")
    build(world.settings, other)
    assert not sides(world, other, "1.0.0")["train"] & first["validation"]
    salted = world.mix(["unit: shop", "unit: media"], name="salted", split="{validation: 0.3, salt: mine}")
    build(world.settings, salted)
    assert sides(world, salted, "1.0.0")["train"] & first["validation"]


def test_what_has_one_value_goes_the_same_way_and_nulls_go_by_themselves(world: ReleaseWorld) -> None:
    mix = world.mix(["dataset: shop.reviews"], split="{validation: 0.4, by: buyer}")
    build(world.settings, mix)
    manifest, rows = world.manifest(mix, "1.0.0"), world.rows(mix, "1.0.0")
    found: dict[str, set[str]] = {}
    for shard in manifest.shards:
        for row in rows[shard.first_row : shard.first_row + shard.rows]:
            found.setdefault(f"b{next(iter(numbers([row]))) // 3}", set()).add(shard.split)
    assert all(len(splits) == 1 for splits in found.values())
    assert {"train"} in found.values()
    assert {"validation"} in found.values()
    nulls = ReleaseWorld.make(world.root / "nulls")
    nulls.snapshot(nulls.contract("shop.reviews", **{PLAIN: RATED}), [rated(0, 90, buyer=None)])
    by_field = nulls.mix(["dataset: shop.reviews"], split="{validation: 0.4, by: buyer}", name="by-field")
    by_itself = nulls.mix(["dataset: shop.reviews"], split="{validation: 0.4}", name="by-itself")
    build(nulls.settings, by_field)
    build(nulls.settings, by_itself)
    assert sides(nulls, by_field, "1.0.0") == sides(nulls, by_itself, "1.0.0")


def test_a_conversation_that_grows_stays_on_its_side(tmp_path: Path) -> None:
    split = {}
    for turns in (3, 4):
        world = ReleaseWorld.make(tmp_path / str(turns))
        world.snapshot(world.contract("shop.chats", chat=True), [talks(0, 50, turns)])
        mix = world.mix(["dataset: shop.chats"], format="messages", split="{validation: 0.3, by: conversation}")
        build(world.settings, mix)
        manifest, rows = world.manifest(mix, "1.0.0"), world.rows(mix, "1.0.0")
        split[turns] = {
            row["messages"][0]["content"].split()[1]: shard.split
            for shard in manifest.shards
            for row in rows[shard.first_row : shard.first_row + shard.rows]
        }
        assert {len(row["messages"]) for row in rows} == {turns}
    both = split[3].keys() & split[4].keys()
    assert len(both) > 30
    assert all(split[3][talk] == split[4][talk] for talk in both)


VIEW = """profile: review}}
  - property: documents
    value:
      asked: {kind: turns, turns: [{role: user, text: "{note}"}, {role: assistant, text: "{lang}"}]}
      again: {kind: turns, turns: [{role: user, text: "{lang}"}, {role: assistant, text: "{note}"}]}"""


def test_all_views_of_a_row_stand_on_its_side(tmp_path: Path) -> None:
    world = ReleaseWorld.make(tmp_path)
    world.snapshot(world.contract("shop.notes", **{"profile: review}}": VIEW}), [notes(0, 90)])
    text = world.mix(["dataset: shop.notes"], name="text", split="{validation: 0.3}")
    asked = world.mix(["dataset: shop.notes, view: asked"], name="asked", format="messages", split="{validation: 0.3}")
    found: dict[str, dict[str, str]] = {}
    for mix in (text, asked):
        build(world.settings, mix)
        manifest, rows = world.manifest(mix, "1.0.0"), world.rows(mix, "1.0.0")
        found[mix] = {}
        for shard in manifest.shards:
            for row in rows[shard.first_row : shard.first_row + shard.rows]:
                said = row["text"] if mix == text else row["messages"][0]["content"]
                found[mix][said.rsplit(" ", 1)[1]] = shard.split
    both = found[text].keys() & found[asked].keys()
    assert len(both) > 60
    assert {found[text][number] for number in both} == {"train", "validation"}
    assert all(found[text][number] == found[asked][number] for number in both)


def test_a_validation_split_has_its_size_or_is_refused(world: ReleaseWorld) -> None:
    mix = world.mix(SOURCES, budget=1200, split="{validation: 0.3, tokens: 240}")
    build(world.settings, mix)
    told = parts(world, mix)
    assert [told[name]["validation_wanted"] for name in told] == [120, 40, 80]
    small = world.mix(SOURCES, name="small", split="{validation: 0.3, tokens: 90_000}")
    with pytest.raises(ReleaseRefused, match="validation: the budget of 90,000 tokens cannot be met") as refused:
        build(world.settings, small)
    assert "raise split.validation" in refused.value.fix
    none = world.mix(["dataset: shop.chats"], name="none", split="{validation: 0.0001}")
    with pytest.raises(ReleaseRefused, match="there would be no validation split"):
        build(world.settings, none)


def test_what_cannot_be_met_writes_nothing(world: ReleaseWorld) -> None:
    mix = world.mix(SOURCES, budget=60_000, stages=STAGES)
    with pytest.raises(ReleaseRefused) as refused:
        build(world.settings, mix)
    assert "reviews: wants 25,500" in refused.value.message
    assert "the largest budget is" in refused.value.fix
    empty = world.mix(["dataset: shop.reviews, weight: 1, where: {rating: 9}", *SOURCES[1:]], name="empty")
    with pytest.raises(ReleaseRefused, match=r"shop\.reviews: no documents are left to take"):
        build(world.settings, empty)
    wrong = world.mix(["dataset: shop.reviews, where: {ratings: 9}"], name="wrong")
    with pytest.raises(MixError, match="has no field 'ratings'"):
        build(world.settings, wrong)
    nobody = world.mix(["unit: shops"], name="nobody")
    with pytest.raises(MixError, match="no contract of the unit 'shops'"):
        build(world.settings, nobody)
    assert not world.objects("releases/")


def test_a_temperature_evens_out_what_sources_hold(world: ReleaseWorld) -> None:
    for name, temperature in (("plain", 1), ("even", 100)):
        mix = world.mix(["unit: shop", "unit: media"], name=name, budget=1000, temperature=temperature)
        build(world.settings, mix)
    plain, even = parts(world, "plain"), parts(world, "even")
    assert abs(even["shop"]["wanted"][0] - 500) < 10
    assert plain["shop"]["wanted"][0] / 1000 == pytest.approx(
        plain["shop"]["available"] / sum(part["available"] for part in plain.values()), abs=0.001
    )
