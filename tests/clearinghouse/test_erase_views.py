"""An erasure of a release that takes several views of one data set: all that a row became goes, and nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from clearinghouse.jobs import erase_find
from clearinghouse.jobs.erase import done_of, erase
from clearinghouse.jobs.ingest import ingest
from clearinghouse.jobs.release import build
from clearinghouse.verify import verify
from tests.clearinghouse.test_erase import MIX, OWN, WHY, Shop
from tests.ingest_world import PHONES, make_world
from transforms.documents import document_id

TEXT = """\
  - property: document
    value: {kind: text, text: "{note}", language: zh, profile: review}"""
VIEWS = (
    TEXT
    + """
  - property: documents
    value:
      asked:
        kind: turns
        language: zh
        turns:
          - {role: user, text: "说说{topic}。"}
          - {role: assistant, text: "{note}"}
      trip:
        kind: events
        group: topic
        order: n
        language: zh
        turns:
          - {role: user, text: "{topic}怎么样?"}
          - {role: assistant, of: all, text: "{note}"}"""
)
BUYER = "      - {name: buyer, classification: person.name}\n"
FIELDS = """\
      - {name: topic, classification: none}
      - {name: n, logicalType: integer, classification: none}
"""
VIEW_NAMES = ("asked", "trip")


def view_of(row: dict[str, Any]) -> str:
    (found,) = [view for view in VIEW_NAMES if document_id(row["provenance"]["row_ids"], view) == row["id"]]
    return found


def test_all_views_of_a_row_go_and_only_their_shards_are_new(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.contract(**{f"replace:{TEXT}": VIEWS, f"replace:{BUYER}": FIELDS + BUYER})
    lines = [
        f"{n},t{n % 15},{n // 15},王小明,{OWN if n == 19 else PHONES[n % 4]},第{n}条留言东西很好用,2024-05-01"
        for n in range(45)
    ]
    world.write("2024-05-01.csv", lines, "id,topic,n,buyer,phone,note,day")
    (tmp_path / "mixes").mkdir()
    sources = "".join(f"  - {{dataset: shop.notes, view: {view}, weight: 1}}\n" for view in VIEW_NAMES)
    mix = MIX.replace("  - {dataset: shop.notes, weight: 1}\n", sources).replace("format: text", "format: messages")
    mix = mix.replace("tokens: 100, rowsPerGroup: 4", "tokens: 60, rowsPerGroup: 2")
    (tmp_path / "mixes" / "notes.mix.yaml").write_text(mix, encoding="utf-8")
    settings = replace(world.settings, mixes=str(tmp_path / "mixes"), executor="inline", workers=1)
    ingest(settings, "shop.notes")
    build(settings, "notes")
    shop = Shop(world, settings)
    old = shop.manifest("1.0.0")
    before = shop.rows("1.0.0")
    found = erase(settings, shop.person(phone=OWN), WHY)

    (row,) = erase_find.read(shop.store, found["erasure"])
    theirs = [n for n, one in enumerate(before) if row.id in one["provenance"]["row_ids"]]
    assert {view_of(before[n]) for n in theirs} == set(VIEW_NAMES), (
        "the row by itself, and the talk that it was part of"
    )
    done = done_of(shop.store, found["erasure"])
    assert done is not None
    assert done["mixes"]["notes"]["how"] == "rewritten"

    new, after = shop.manifest("1.0.1"), shop.rows("1.0.1")
    holding = {
        shard.sha256 for shard in old.shards if any(shard.first_row <= n < shard.first_row + shard.rows for n in theirs)
    }
    assert {one.sha256 for one in old.shards} - {one.sha256 for one in new.shards} == holding
    assert (
        len({one.sha256 for one in new.shards} - {one.sha256 for one in old.shards}) == len(holding) < len(old.shards)
    )
    assert [n for n, one in enumerate(after) if one["erased"]] == theirs
    for number, (was, one) in enumerate(zip(before, after, strict=True)):
        if number in theirs:
            assert (one["messages"], one["provenance"], one["n_tokens"]) == (None, None, 0)
        else:
            assert one == was
            assert row.id not in one["provenance"]["row_ids"]

    # What the manifest says of each view, counted again from the rows.
    live = [one for one in after if not one["erased"]]
    tokens, documents = Counter[str](), Counter[str]()
    for one in live:
        tokens[view_of(one)] += one["n_tokens"]
        documents[view_of(one)] += one["epoch"] == 1
    for source in new.sources:
        assert source["tokens"] == tokens[source["view"]]
        assert source["counts"]["kept"] == documents[source["view"]]
        assert source["erased"] == sum(view_of(before[n]) == source["view"] for n in theirs)
    assert new.totals["erased"] == len(theirs)
    assert not verify(shop.store).findings
