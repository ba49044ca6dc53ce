"""Exports: in the form that each standard asks for, the same bytes every time, and nothing that was not stated."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest
import yaml

from governance.cells import safe
from governance.exports import KINDS, UNSTATED, Facts, Stated, export
from governance.exports.article30 import article30
from governance.exports.card import card
from governance.exports.croissant import croissant
from governance.exports.openlineage import faults, openlineage
from governance.exports.tc260 import GATES as SHEET
from governance.exports.tc260 import tc260
from schemas.manifest import ReleaseManifest, Shard
from tests.conftest import ROOT

SOURCE: dict[str, Any] = {
    "dataset": "commerce.reviews", "unit": "commerce", "title": "reviews", "owner": "lin.qiao",
    "description": "Reviews <b>of</b> | the shop.", "limitations": "Some are posted twice.", "legal_basis": "consent",
    "consent": "terms s. 7", "licence": "LicenseRef-unit-internal", "residency": "CN", "retention": "P3Y",
    "purposes": ["pretrain"], "documents": 10, "tokens": 200, "languages": {"zh": 7, "en": 3},
    "first_partition": "2025-01-01", "last_partition": "2025-02-01", "ingest": {"kept": 12},
    "contract": {"version": "1.0.0", "digest": "c" * 64}, "snapshot": {"digest": "d" * 64, "ordinal": 1},
}  # fmt: skip
REPORT: dict[str, Any] = {
    "release": {"description": "Reviews.", "audience": "pretraining team"},
    "sources": [SOURCE],
    "redactions": [
        {"entity": "PERSON", "action": "placeholder", "count": 5, "dataset": "commerce.reviews"},
        {"entity": "PERSON", "action": "placeholder", "count": 2, "dataset": "commerce.reviews"},
    ],
    "rules": [
        {"dataset": "commerce.reviews", "field": "buyer_id", "classification": "person.user_id", "entity": "USER_ID",
         "action": "pseudonym"},
        {"dataset": "commerce.reviews", "field": "phone", "classification": "person.phone", "entity": "PHONE_NUMBER",
         "action": "drop"},
    ],
    "risks": ["7 values were replaced by pseudonyms."],
    "unchecked": [{"what": "Birth dates", "why": "no recogniser"}],
    "quarantine": [{"dataset": "commerce.reviews", "reason": "null:body", "rows": 2}],
}  # fmt: skip
GATES = (
    {"name": "licence_present", "value": "true", "threshold": "true", "comparison": "==", "passed": True,
     "citation": "s. 5.1", "verified_by": "nobody", "detail": ""},
    {"name": "source_rejection_rate", "value": "0.2", "threshold": "0.05", "comparison": "<=", "passed": False,
     "citation": "s. 5.1", "verified_by": "nobody", "detail": "2 of 10 rows"},
)  # fmt: skip


def manifest(shards: int = 2) -> ReleaseManifest:
    parts = tuple(
        Shard(f"shards/{n:064x}.parquet", 100, f"{n:064x}", 5, 100, 5 * n, ((5, 100),)) for n in range(shards)
    )
    made = ReleaseManifest(
        mix="m", version="1.0.0", parent=None, purpose="pretrain", sample_format="text", seed=1, recipe={},
        tokenizer={"name": "house", "sha256": "e" * 64}, policy={"name": "default", "version": "1", "digest": "f" * 64},
        code="0.1.0", sources=(), shards=parts,
        totals={"rows": 5 * shards, "tokens": 100 * shards, "bytes": 1, "documents": 20, "duplicates": 3},
        gates=GATES, redactions={"PERSON|placeholder|x": 7},
    )  # fmt: skip
    return made.beside()[0]


def facts(**changes: Any) -> Facts:
    columns = (
        ("id", "string"),
        ("epoch", "int16"),
        ("text", "large_string"),
        ("erased", "bool"),
        ("p", "struct<a: int>"),
    )
    return replace(Facts(manifest(), REPORT, columns, "2026-01-31T08:00:00Z"), **changes)


def test_every_kind_gives_the_same_bytes_again() -> None:
    for kind in KINDS:
        assert export(facts(), kind) == export(facts(), kind)
        assert all(one.data.endswith(b"\n") for one in export(facts(), kind))


def test_croissant_names_every_shard_with_its_digest_and_every_plain_column() -> None:
    found = croissant(facts())
    files = [one for one in found["distribution"] if one["@type"] == "cr:FileObject"]
    assert [one["sha256"] for one in files] == [shard.sha256 for shard in manifest().shards]
    (records,) = found["recordSet"]
    assert {one["name"]: one["dataType"] for one in records["field"]} == {
        "id": "sc:Text", "epoch": "sc:Integer", "text": "sc:Text", "erased": "sc:Boolean",
    }  # fmt: skip
    ids = [node["@id"] for node in [*found["distribution"], records, *records["field"]]]
    assert len(ids) == len(set(ids))
    assert "datePublished" not in found
    told = {"verdict": "approve", "reviewer": "wen", "at": "2026-02-01T00:00:00Z", "reason": "read"}
    assert croissant(facts(decision=told))["datePublished"] == told["at"]


def test_croissant_of_many_shards_points_at_their_listing() -> None:
    many = facts(manifest=manifest(1500))
    assert many.manifest.listing is not None
    listing, shards = croissant(many)["distribution"]
    assert listing["sha256"] == many.manifest.listing.shards.sha256
    assert shards["containedIn"] == [{"@id": "listing"}]


def test_a_card_takes_mark_up_from_a_contract_as_text() -> None:
    text = card(facts())
    assert "<b>" not in text
    assert r"\| the shop" in text
    header = text.split("---")[1]
    assert 'language: ["en", "zh"]' in header


def test_article_30_has_a_row_a_source_and_says_what_nobody_stated() -> None:
    (row,) = article30(facts())
    assert row["categories_of_data"] == "person.phone, person.user_id"
    assert row["transfers"] == UNSTATED
    assert row["controller"] == "commerce (unit)"
    (row,) = article30(facts(stated=Stated(controller="Example AG", transfers="none")))
    assert (row["controller"], row["transfers"]) == ("Example AG", "none")


def test_a_sheet_says_which_gates_failed_and_what_nobody_looked_at() -> None:
    rows = tc260(facts())
    assert rows[0]["result"] == "not fulfilled"
    # Of two gates that answer a clause one alone was asked for.
    assert [row["result"] for row in rows if row["clause"] == "5.1 c"] == [UNSTATED]
    assert "2 of 10 rows" in rows[0]["evidence"]
    assert any(row["result"] == UNSTATED for row in rows)
    assert all(row["verified"] for row in rows)


def test_lineage_says_which_columns_are_masked_and_leaves_out_those_that_go() -> None:
    events = openlineage(facts())
    assert [event["eventType"] for event in events] == ["START", "COMPLETE"] * 2
    assert [fault for event in events for fault in faults(event)] == []
    (made,) = events[1]["outputs"]
    columns = made["facets"]["columnLineage"]["fields"]
    assert list(columns) == ["buyer_id"]
    assert columns["buyer_id"]["inputFields"][0]["transformations"][0]["masking"] is True
    assert events[0]["run"] == events[1]["run"] != events[2]["run"]


def test_a_sheet_takes_gates_of_the_moment_of_signing() -> None:
    asked = ("manual_sample_items", "manual_pass_rate")
    rows = [{**GATES[0], "name": name, "detail": "read"} for name in asked]
    (line,) = (one for one in tc260(facts(signing=rows)) if one["requirement"].startswith("manual"))
    assert line["result"] == "fulfilled"
    assert "gate manual_pass_rate" in line["evidence"]
    rows[1]["passed"] = False
    (line,) = (one for one in tc260(facts(signing=rows)) if one["requirement"].startswith("manual"))
    assert line["result"] == "not fulfilled"


def test_a_sheet_asks_for_gates_by_the_names_that_profiles_give_them() -> None:
    asked = yaml.safe_load((ROOT / "schemas" / "profiles" / "cn.gates.yaml").read_text(encoding="utf-8"))["gates"]
    assert {name for names in SHEET.values() for name in names} <= {gate["name"] for gate in asked}


@pytest.mark.parametrize(
    "broken",
    [{"eventTime": ""}, {"run": {"runId": "x"}}, {"eventType": "DONE"}, {"inputs": [{"namespace": "a", "name": ""}]}],
)
def test_a_broken_event_is_told(broken: dict[str, Any]) -> None:
    assert faults({**openlineage(facts())[0], **broken})


def test_cells_of_a_csv_are_no_formulas() -> None:
    evil = {**SOURCE, "consent": "=HYPERLINK(1)"}
    (one,) = (x for x in export(facts(report={**REPORT, "sources": [evil]}), "article30") if x.name.endswith(".csv"))
    (row,) = csv.DictReader(io.StringIO(one.data.decode()))
    assert row["consent"] == "'=HYPERLINK(1)"
    assert safe(5) == 5


def test_the_ai_act_summary_has_its_three_sections_and_is_json() -> None:
    (one,) = export(facts(), "ai-act")
    body = json.loads(one.data)
    assert [name for name in body if name[0].isdigit()] == [
        "1_general_information", "2_list_of_data_sources", "3_data_processing",
    ]  # fmt: skip
    assert "not verified" in body["template"]
