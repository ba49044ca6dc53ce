"""Real feeds of all three units go through; their rows add up; what identifies people does not come out."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from clearinghouse.jobs.context import Context
from clearinghouse.jobs.ingest import newest_snapshot
from clearinghouse.jobs.release import build
from tests.real.run import MIXES, Feed, counted_again, feeds, ingest_all, release_all, settings_in

pytestmark = pytest.mark.slow

#: Feeds whose size would make the test long; `make real` takes them.
LARGE = {"media.captions_en", "commerce.online_retail", "commerce.chats_zh", "logistics.postcodes"}


@pytest.fixture(scope="module")
def ingested(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple:
    settings = settings_in(tmp_path_factory.mktemp("real"), workers=1)
    return settings, {feed.key: feed for feed in ingest_all(settings, [k for k in feeds() if k not in LARGE])}


def test_there_are_feeds_of_all_three_units() -> None:
    keys = feeds()
    assert len(keys) >= 12
    assert {key.split(".")[0] for key in keys} == {"commerce", "logistics", "media"}


def test_every_feed_has_rows_and_they_add_up(ingested: tuple) -> None:
    done: dict[str, Feed] = ingested[1]
    for key, feed in done.items():
        counts = feed.result["counts"]
        assert counts["rows_in"] > 0, key
        assert counts["kept"] > 0.9 * counts["rows_in"], (key, counts)
        assert counts["balanced"], key


def rows_of(settings, key: str) -> list[dict]:
    context = Context.load(settings, key)
    snapshot = newest_snapshot(context)
    return [
        row
        for r in snapshot.receipts
        for e in r.data
        for row in pq.read_table(Path(settings.store) / e.key).to_pylist()
    ]


def test_the_headerless_tables_with_odd_separators_have_all_their_rows(ingested: tuple, shared_data: Path) -> None:
    settings, done = ingested
    crm = shared_data / "commerce" / "crm_adventureworks"
    assert done["commerce.crm_phones"].result["counts"]["kept"] == (crm / "PersonPhone.csv").read_bytes().count(b"&|\n")
    with (crm / "ProspectiveBuyer.csv").open(encoding="utf-8") as file:
        names = {(row[2], row[4]) for row in csv.reader(file, delimiter="|", quoting=csv.QUOTE_NONE)}
    buyers = rows_of(settings, "commerce.crm_buyers")
    assert len(buyers) > 2000
    firsts, lasts = {a for a, _ in names}, {b for _, b in names}
    assert not any(row["first_name"] in firsts or row["last_name"] in lasts for row in buyers)
    assert all(row["phone"].startswith("<PHONE_NUMBER") for row in buyers if row["phone"])


def test_subtitles_keep_both_languages(ingested: tuple) -> None:
    text = "\n".join(row["text"] for row in rows_of(ingested[0], "media.subtitles_zh_en"))
    assert "hello hackers" in text
    assert "黑客们你们好" in text


def test_the_dump_gives_its_tables(ingested: tuple) -> None:
    assert len(rows_of(ingested[0], "media.films")) == 1000
    renters = rows_of(ingested[0], "media.renters")
    assert len(renters) == 599
    assert not any("@" in (row["email"] or "") for row in renters)


def test_hotel_telephones_are_found_in_free_text(ingested: tuple) -> None:
    hotels = rows_of(ingested[0], "commerce.hotels_zh")
    with_phone = [row for row in hotels if row["phone"]]
    assert sum("<PHONE_NUMBER" in row["phone"] for row in with_phone) >= 0.95 * len(with_phone)


def test_a_release_of_what_was_ingested(ingested: tuple, tmp_path: Path) -> None:
    from dataclasses import replace

    mixes = tmp_path / "mixes"
    mixes.mkdir()
    text = (Path(__file__).parent / "mixes" / "real-pretrain.mix.yaml").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not any(f"{key}," in line for key in LARGE)]
    (mixes / "real-pretrain.mix.yaml").write_text("\n".join(kept), encoding="utf-8")
    found = build(replace(ingested[0], mixes=str(mixes)), "real-pretrain")
    assert found["rows"] > 1000
    assert found["tokens"] > found["rows"]


def test_every_mix_is_one_that_runs() -> None:
    assert {file.name.removesuffix(".mix.yaml") for file in Path(__file__).parent.glob("mixes/*")} == set(MIXES)


def test_recipes_pass_their_gates_but_for_what_no_licence_says(ingested: tuple) -> None:
    """Feeds under open licences in which nobody is real may be kept everywhere. Those that real people wrote are kept
    where they live, and no public licence is a transfer under the law of a country: a mix of reviews from two countries
    and records of a third stays unsigned until somebody states what lets it leave."""
    releases = {one.mix: one for one in release_all(ingested[0], ["real-search", "real-logistics", "real-7b"])}
    assert {mix: one.result.get("error") for mix, one in releases.items()} == dict.fromkeys(releases)
    assert all(one.result["rows"] > 500 for one in releases.values())
    assert {mix: counted_again(ingested[0], one) > 100 for mix, one in releases.items()} == dict.fromkeys(
        releases, True
    )
    assert releases["real-search"].failed_gates == ()
    assert releases["real-logistics"].failed_gates == ()
    assert releases["real-7b"].failed_gates == ("residency_kept",)
