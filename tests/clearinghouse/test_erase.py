"""Erasure end to end: found, held back, rewritten, kept out, certified, deleted; and what stands in its way."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from clearinghouse import catalog, open_release
from clearinghouse.catalog import ReleaseRef
from clearinghouse.jobs import erase_certificate, erase_purge
from clearinghouse.jobs.context import NotFoundByName
from clearinghouse.jobs.decide import decide
from clearinghouse.jobs.erase import Why, erase, request, run
from clearinghouse.jobs.exports import export
from clearinghouse.jobs.ingest import ingest
from clearinghouse.jobs.release import build
from clearinghouse.settings import Settings
from clearinghouse.verify import verify
from governance.erasure import BadRequest, Person
from governance.exports import KINDS
from infra.store import open_store
from schemas.errors import KeyMissing, ReleaseRefused
from schemas.manifest import ReleaseManifest
from tests import governed
from tests.ingest_world import PHONES, World, make_world, rows

MIX = """
name: notes
version: 1.0.0
purpose: pretrain
format: text
audience: tests
description: All notes.
tokenizer: house
seed: 3
shards: {tokens: 100, rowsPerGroup: 4}
sources:
  - {dataset: shop.notes, weight: 1}
"""
OWN = "13512345678"
WHY = Why("gdpr-17-b", "2026-01-31", "request 17 of the privacy desk", "olga")


@dataclass(frozen=True)
class Shop:
    """A unit's notes, ingested and released; one buyer's telephone stands in a column and in another's note."""

    world: World
    settings: Settings

    @property
    def store(self) -> Any:
        return open_store(self.settings.store)

    def manifest(self, version: str) -> ReleaseManifest:
        return catalog.manifest_of(self.store, ReleaseRef("notes", version))

    def rows(self, version: str) -> list[dict[str, Any]]:
        manifest = self.manifest(version)
        return [
            row
            for shard in manifest.shards
            for row in pq.read_table(self.store.open(manifest.shard_key(shard))).to_pylist()
        ]

    def person(self, **values: str) -> list[Person]:
        return [Person(tuple(values.items()))]


def make_shop(root: Path, count: int = 40) -> Shop:
    world = make_world(root)
    world.contract()
    lines = rows(0, count)
    lines[7] = f"7,王小明,{OWN},第7条留言东西很好用,2024-05-01"
    lines[21] = f"21,王小明,{PHONES[0]},第21条留言请打他电话{OWN}谢谢,2024-05-01"
    world.write("2024-05-01.csv", lines)
    (root / "mixes").mkdir()
    (root / "mixes" / "notes.mix.yaml").write_text(MIX, encoding="utf-8")
    settings = replace(world.settings, mixes=str(root / "mixes"), executor="inline", workers=1)
    ingest(settings, "shop.notes")
    build(settings, "notes")
    return Shop(world, settings)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return make_shop(tmp_path_factory.mktemp("made"))


@pytest.fixture
def shop(made: Shop, tmp_path: Path) -> Shop:
    """A copy of the store; contracts and sources are shared."""
    import shutil

    shutil.copytree(made.world.store, tmp_path / "store")
    return Shop(World(tmp_path, made.settings), replace(made.settings, store=str(tmp_path / "store")))


def test_one_person_from_request_to_deletion(shop: Shop) -> None:
    decide(shop.settings, "notes@1.0.0", "approve", "rita", "fine")
    before = shop.manifest("1.0.0")
    texts = {row["id"]: row["text"] for row in shop.rows("1.0.0")}
    found = erase(shop.settings, shop.person(phone="+86 135-1234-5678"), WHY)
    assert (found["found"], found["datasets"]["shop.notes"]["rows"]) == ({"subjects": 1, "rows": 2}, 2)
    # Held back at once.
    (listing,) = (entry.key for entry in shop.store.list("releases/notes/1.0.0/frozen/"))
    held = json.loads(shop.store.read(listing))
    ids = {shop.rows("1.0.0")[number]["id"] for number in held["rows"]}
    assert len(ids) == len(held["rows"]) == 2
    opened = open_release(shop.settings.store, "notes", "1.0.0")
    assert {number for number, row in enumerate(opened.rows()) if row["erased"]} == set(held["rows"])
    assert all(row["text"] is None for row in opened.rows() if row["erased"])
    # Only the shards that held the two rows are new.
    after = shop.manifest("1.0.1")
    holding = {
        number
        for number, shard in enumerate(before.shards)
        for row in held["rows"]
        if shard.first_row <= row < shard.first_row + shard.rows
    }
    assert len(before.shards) > len(holding) + 1
    assert {
        n for n, (a, b) in enumerate(zip(before.shards, after.shards, strict=True)) if a.sha256 != b.sha256
    } == holding
    assert after.parent == before.digest
    rows_now = shop.rows("1.0.1")
    for row in rows_now:
        gone = row["id"] in ids
        assert row["erased"] is gone
        assert row["text"] == (None if gone else texts[row["id"]])
        assert (row["provenance"] is None) is gone
    # Every number is that of the shards.
    assert after.totals["rows"] == before.totals["rows"] == len(rows_now)
    assert after.totals["tokens"] == sum(row["n_tokens"] for row in rows_now)
    assert after.totals["erased"] == sum(shard.erased for shard in after.shards) == 2
    (source,) = after.sources
    assert source["documents"] == before.sources[0]["documents"] - 2
    assert source["counts"]["filtered"]["erased"] == source["row_counts"]["filtered"]["erased"] == 2
    assert source["languages"] == dict(Counter(row["language"] for row in rows_now if not row["erased"]))
    assert {gate["name"]: gate["passed"] for gate in after.gates} == {
        gate["name"]: gate["passed"] for gate in before.gates
    }
    report = shop.store.read("releases/notes/1.0.1/report.json")
    assert json.loads(report)["digests"]["policy"] == after.policy["digest"]
    assert f": {after.totals['tokens']}".encode() in report or f":{after.totals['tokens']}".encode() in report
    verified = verify(shop.store)
    assert not verified.findings
    # Nothing is certified before a reviewer signed, and the old release cannot be signed instead.
    assert found["state"] == "no clean release is signed yet of notes"
    assert erase_certificate.certify(shop.settings, found["erasure"])["certified"] is None
    decide(shop.settings, "notes@1.0.1", "approve", "rita", "clean")
    done = erase_certificate.certify(shop.settings, found["erasure"])
    assert done["releases"]["notes"]["clean"] == "1.0.1"
    assert (done["state"], done["verification"]["left"]) == ("complete", 0)
    assert done["standing"] == ("met" if done["completed_at"][:10] <= "2026-02-28" else "late")
    page = shop.store.read(f"erasures/{found['erasure']}/certificate.md").decode()
    assert "First clean: notes@1.0.1" in page
    # Grace first, then everything that held them goes, and verify knows why.
    waits = erase_purge.purge(shop.settings, found["erasure"])["erasures"][0]["waits"]
    assert waits.startswith("grace until")
    later = datetime.now(UTC) + timedelta(days=40)
    dry = erase_purge.purge(shop.settings, found["erasure"], now=later, dry_run=True)["erasures"][0]
    assert all(shop.store.stat(key) is not None for key in dry["files"])
    gone = erase_purge.purge(shop.settings, found["erasure"], now=later)["erasures"][0]
    assert gone["files"] == dry["files"]
    assert not any(shop.store.stat(key) for key in gone["files"])
    assert {before.shard_key(number) for number in holding} <= set(gone["files"])
    assert not verify(shop.store).findings
    assert len(shop.rows("1.0.1")) == len(rows_now)
    assert "deleted on" in erase_certificate.status(shop.settings, found["erasure"])["purge"]
    assert erase_purge.purge(shop.settings, found["erasure"], now=later)["erasures"][0]["files"] == []
    # What is told of the old release can still be told; nothing of the new one went.
    assert shop.store.stat("releases/notes/1.0.0/report.json") is not None
    assert len(export(shop.settings, "notes@1.0.0", [])) >= len(KINDS)
    assert not any(key.startswith("releases/notes/1.0.1/") for key in gone["files"])
    # Nowhere a raw value.
    assert OWN.encode() not in shop.world.store_bytes()


def test_a_release_that_nobody_could_open_does_not_hold_up_the_certificate(shop: Shop) -> None:
    decide(shop.settings, "notes@1.0.0", "reject", "rita", "not this one")
    found = erase(shop.settings, shop.person(phone="+86 135-1234-5678"), WHY)
    assert found["releases"]["notes"]["refused"] is True
    done = erase_certificate.certify(shop.settings, found["erasure"])
    assert (done["state"], done["verification"]["left"]) == ("complete", 0)
    page = shop.store.read(f"erasures/{found['erasure']}/certificate.md").decode()
    assert "no release that was open to training held the records" in page
    assert "none needed" in page


def test_what_is_left_of_a_unit_of_work_is_what_a_fresh_ingest_would_give(shop: Shop, tmp_path: Path) -> None:
    found = erase(shop.settings, shop.person(phone=OWN), WHY)
    (rewritten,) = catalog.snapshot_of(shop.store, "shop", "notes").receipts  # type: ignore[union-attr]
    again = ingest(shop.settings, "shop.notes")
    assert again["no_op"], "the rewritten unit of work stands for the one that the plan names"
    fresh = replace(shop.settings, store=str(tmp_path / "fresh"))
    request(fresh, shop.person(phone=OWN), WHY)
    ingest(fresh, "shop.notes")
    (other,) = catalog.snapshot_of(open_store(fresh.store), "shop", "notes").receipts  # type: ignore[union-attr]
    assert rewritten.counts == other.counts
    for name in ("redactions", "not_scanned", "chars", "profile"):
        assert getattr(rewritten, name) == getattr(other, name), name
    for name in ("data", "evidence", "subjects"):
        one, two = (
            pq.read_table(open_store(settings.store).open(getattr(receipt, name)[0].key)).to_pylist()
            for settings, receipt in ((shop.settings, rewritten), (fresh, other))
        )
        assert one == two, name
    assert found["datasets"]["shop.notes"]["snapshot"] == 2
    # A build on the rewritten snapshot has no hole and none of them.
    build(shop.settings, "notes")
    assert [row["erased"] for row in shop.rows("1.0.2")] == [False] * 38


def test_the_same_request_again_changes_nothing(shop: Shop) -> None:
    first = erase(shop.settings, shop.person(phone=OWN), WHY)
    held = {entry.key: shop.store.read(entry.key) for entry in shop.store.list("")}
    again = erase(shop.settings, shop.person(phone="135 1234 5678"), WHY)
    assert again["erasure"] == first["erasure"]
    assert {entry.key: shop.store.read(entry.key) for entry in shop.store.list("")} == held


def test_somebody_unknown_is_told_so_and_kept_out(shop: Shop) -> None:
    found = erase(shop.settings, shop.person(email="nobody@example.com"), WHY)
    assert (found["state"], found["releases"]) == ("nothing found", {})
    assert "Nothing was found" in shop.store.read(f"erasures/{found['erasure']}/certificate.md").decode()
    assert not list(shop.store.list("releases/notes/1.0.0/frozen/"))
    assert catalog.snapshot_of(shop.store, "shop", "notes").ordinal == 1  # type: ignore[union-attr]


def test_a_release_that_is_held_back_cannot_be_approved(shop: Shop) -> None:
    erase(shop.settings, shop.person(phone=OWN), WHY)
    with pytest.raises(ReleaseRefused, match="erased"):
        decide(shop.settings, "notes@1.0.0", "approve", "rita", "fine")


def test_a_release_that_was_built_meanwhile_is_held_back_when_it_is_to_be_approved(shop: Shop) -> None:
    found = erase(shop.settings, shop.person(phone=OWN), WHY)
    # As if 1.0.0 had been finished after the erasure had looked at all releases.
    shop.store.delete(f"releases/notes/1.0.0/frozen/{found['erasure']}.json")
    with pytest.raises(ReleaseRefused, match="erased"):
        decide(shop.settings, "notes@1.0.0", "approve", "rita", "fine")
    assert shop.store.stat(f"releases/notes/1.0.0/frozen/{found['erasure']}.json") is not None


def test_units_of_work_without_an_index_are_searched_by_their_evidence(shop: Shop) -> None:
    from clearinghouse.jobs.erase import people_of
    from clearinghouse.jobs.erase_find import of_receipt

    asked = request(shop.settings, shop.person(phone=OWN), WHY)
    (receipt,) = catalog.snapshot_of(shop.store, "shop", "notes").receipts  # type: ignore[union-attr]
    people = people_of(shop.store, asked)
    assert of_receipt(shop.store, replace(receipt, subjects=()), people) == of_receipt(shop.store, receipt, people)
    assert len(of_receipt(shop.store, receipt, people)) == 2


def test_in_a_governed_store_entries_are_signed_or_nothing_is_begun(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "people"
    folder.mkdir()
    office = governed.World(folder, monkeypatch, shop.settings.store)
    office.anchor()
    signing = {name: getattr(office.settings, name) for name in ("people", "signing_key", "signing_passphrase")}
    keyless = replace(shop.settings, people=signing["people"])
    with pytest.raises(KeyMissing):
        erase(keyless, shop.person(phone=OWN), replace(WHY, by="ada"))
    for name in ("eng", "wen"):
        with pytest.raises(ReleaseRefused, match="erasure takes officer"):
            erase(replace(shop.settings, **signing), shop.person(phone=OWN), replace(WHY, by=name))
    forged = {**signing, "signing_key": str(office.key("wen"))}
    with pytest.raises(ReleaseRefused, match="the key is wen's"):
        erase(replace(shop.settings, **forged), shop.person(phone=OWN), replace(WHY, by="ada"))
    assert not list(shop.store.list("erasures/"))
    done = erase(replace(shop.settings, **signing), shop.person(phone=OWN), replace(WHY, by="ada"))
    with pytest.raises(ReleaseRefused, match="erasure takes officer"):
        erase_purge.defer(replace(shop.settings, **signing), done["erasure"], "a tape", "eng")
    assert erase_purge.deferred(shop.store, done["erasure"]) is None
    entries = [json.loads(data) for _, data in catalog.ledger(shop.store)]
    mine = [entry for entry in entries if entry["kind"] == "erasure"]
    assert [entry["body"]["step"] for entry in mine] == ["requested", "frozen", "rewritten"]
    assert all(entry["actor"] == "ada" and entry["signature"] for entry in mine)
    assert not verify(shop.store).findings


def test_two_erasures_one_after_the_other(shop: Shop) -> None:
    decide(shop.settings, "notes@1.0.0", "approve", "rita", "fine")
    erase(shop.settings, shop.person(phone=OWN), WHY)
    decide(shop.settings, "notes@1.0.1", "approve", "rita", "clean")
    second = erase(shop.settings, shop.person(phone=PHONES[3]), WHY)
    assert second["releases"]["notes"]["affected"] == ["notes@1.0.0", "notes@1.0.1"]
    manifest = shop.manifest("1.0.2")
    assert manifest.totals["erased"] == 2 + second["found"]["rows"] == sum(row["erased"] for row in shop.rows("1.0.2"))
    assert len(manifest.curation["erased"]["erasures"]) == 2
    assert not verify(shop.store).findings
    assert ingest(shop.settings, "shop.notes")["no_op"]


def test_a_mix_that_changed_is_told_to_be_built_anew(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "mixes").mkdir()
    (tmp_path / "mixes" / "notes.mix.yaml").write_text(MIX.replace("seed: 3", "seed: 4"), encoding="utf-8")
    settings = replace(shop.settings, mixes=str(tmp_path / "mixes"))
    found = erase(settings, shop.person(phone=OWN), WHY)
    assert "another version of the mix" in found["releases"]["notes"]["how"]
    version = build(settings, "notes")["version"]
    decide(settings, f"notes@{version}", "approve", "rita", "built anew")
    done = erase_certificate.certify(settings, found["erasure"])
    assert (done["state"], done["releases"]["notes"]["clean"]) == ("complete", version)


def test_rows_that_arrive_while_an_erasure_is_recorded_do_not_get_into_a_snapshot(shop: Shop) -> None:
    from clearinghouse.jobs import ingest as steps

    shop.store.delete("scrubbed/shop/notes/snapshots/00000001.json")
    planned = steps.plan(shop.settings, "shop.notes")
    request(shop.settings, shop.person(phone=OWN), WHY)
    # The unit's receipt is older than the request, as that of a run at the same time would be.
    steps.quality(shop.settings, planned["plan"])
    before = {entry.key for entry in shop.store.list("scrubbed/shop/notes/data/")}
    assert steps.commit(shop.settings, planned["plan"])["counts"]["filtered"] == {"erased": 2}
    # What no snapshot ever named is not left lying about.
    (kept,) = {entry.key for entry in shop.store.list("scrubbed/shop/notes/data/")}
    assert kept in before
    assert pq.read_table(shop.store.open(kept)).num_rows == 38
    assert ingest(shop.settings, "shop.notes")["no_op"]


def test_a_request_says_all_that_is_wrong_with_it_and_no_value(shop: Shop) -> None:
    people = [Person((("name", "王小明"),)), Person((("fone", OWN),)), Person((("phone", "12"),)), Person(())]
    with pytest.raises(BadRequest) as caught:
        request(shop.settings, people, WHY)
    said = str(caught.value)
    assert [f"subject {number}:" in said for number in (1, 2, 3, 4)] == [True] * 4
    assert OWN not in said
    assert "王小明" not in said
    with pytest.raises(BadRequest, match="gdpr-17-b"):
        request(shop.settings, shop.person(phone=OWN), replace(WHY, trigger="gdpr-17-z"))
    with pytest.raises(BadRequest, match="not a date"):
        request(shop.settings, shop.person(phone=OWN), replace(WHY, received="31.1.2026"))
    with pytest.raises(BadRequest, match="a reason"):
        request(shop.settings, shop.person(phone=OWN), replace(WHY, reason=" "))
    assert not list(shop.store.list("erasures/"))


def test_deletion_that_is_technically_hard_leaves_them_frozen(shop: Shop) -> None:
    found = erase(shop.settings, shop.person(phone=OWN), WHY)
    erase_purge.defer(shop.settings, found["erasure"], "write-once archive until 2027", "olga")
    assert "PIPL art. 47(2)" in erase_certificate.status(shop.settings, found["erasure"])["purge"]
    one = erase_purge.purge(shop.settings, found["erasure"], grace="P0D")["erasures"][0]
    assert one["waits"].startswith("deferred")
    assert not one["files"]


def test_run_of_a_recorded_request_finishes_it(shop: Shop) -> None:
    asked = request(shop.settings, shop.person(phone=OWN), WHY)
    assert erase_certificate.status(shop.settings, asked["id"])["state"].startswith("recorded")
    assert run(shop.settings, asked["id"])["found"]["rows"] == 2


# --- the command ---


def call(shop: Shop, *arguments: str, stdin: str | None = None) -> Any:
    from typer.testing import CliRunner

    from clearinghouse.cli import app

    places = {
        "CLEARINGHOUSE_STORE": shop.settings.store,
        "CLEARINGHOUSE_CONTRACTS": shop.settings.contracts,
        "CLEARINGHOUSE_MIXES": shop.settings.mixes,
        "CLEARINGHOUSE_KEY_FILE": str(shop.settings.key_file),
        "CLEARINGHOUSE_EXECUTOR": "inline",
    }
    return CliRunner().invoke(app, ["erase", *arguments], input=stdin, env=places)


ASKED = ("--trigger", "pipl-47-consent", "--received", "2026-01-31", "--reason", "request 17", "--by", "olga")


def test_the_command_takes_people_from_a_file_and_tells_what_is_to_be_done(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(f"phone,email\n{OWN},\n,nobody@example.com\n", encoding="utf-8")
    done = call(shop, "--subjects", str(file), *ASKED)
    assert done.exit_code == 0, done.output
    assert "clearinghouse approve notes@1.0.1" in done.output
    assert OWN not in done.output
    listed = json.loads(call(shop, "ls", "--json").output)["erasures"]
    assert [(one["subjects"], one["found"]["rows"], one["standing"]) for one in listed] == [(2, 2, "overdue")]
    name = listed[0]["erasure"]
    assert json.loads(call(shop, "status", name, "--json").output)["releases"]["notes"]["candidate"] == "notes@1.0.1"
    assert name in call(shop, "status").output
    waits = call(shop, "purge", "--dry-run").output
    assert "no clean release is signed yet" in waits
    for wrong in ("e0", "../../etc"):
        assert isinstance(call(shop, "status", wrong).exception, NotFoundByName)


def test_the_command_asks_for_a_value_and_refuses_one_in_its_arguments(shop: Shop) -> None:
    refused = call(shop, "--subject", f"phone={OWN}", *ASKED)
    assert isinstance(refused.exception, BadRequest)
    assert OWN not in str(refused.exception)
    asked = call(shop, "--subject", "phone", *ASKED, "--only-record", stdin=f"{OWN}\n")
    assert asked.exit_code == 0, asked.output
    assert OWN not in asked.output
    assert "recorded as e" in asked.output
    done = json.loads(call(shop, "run", "--json").output)["erasures"]
    assert [one["found"]["rows"] for one in done] == [2]


def test_the_command_reads_long_lists_from_standard_input_and_hashes(shop: Shop) -> None:
    from clearinghouse.jobs.erase import key_of
    from clearinghouse.subjects import value_hash

    lines = f"subject,kind,value\na,name,王小明\na,phone,{OWN}\nb,email,nobody@example.com\n"
    done = json.loads(call(shop, "--subjects", "-", *ASKED, "--json", stdin=lines).output)
    assert (done["subjects"], done["found"]["rows"]) == (2, 2)
    hashed = value_hash(key_of(shop.settings), "PHONE_NUMBER", PHONES[0]).hex()
    again = json.loads(call(shop, "--subject-hash", f"PHONE_NUMBER:{hashed}", *ASKED, "--json").output)
    assert again["found"]["subjects"] == 1
    assert again["found"]["rows"] > 2
    for wrong in ("PHONE_NUMBER:12", f"SHOE_SIZE:{hashed}"):
        assert isinstance(call(shop, "--subject-hash", wrong, *ASKED).exception, BadRequest)
    assert "fone" in str(call(shop, "--subjects", "-", *ASKED, stdin="fone\n123456\n").exception)
