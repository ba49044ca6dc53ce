"""Audits: what is drawn, who may say what, what is written, and what it comes to. All values are invented."""

from __future__ import annotations

import csv
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearinghouse.catalog import ledger
from clearinghouse.jobs import audit_csv, audit_sample
from clearinghouse.jobs.audit import Audit, Span, Verdict
from clearinghouse.jobs.audit_result import close, result
from clearinghouse.jobs.audit_rows import population
from clearinghouse.jobs.audit_sample import AuditError
from clearinghouse.jobs.decide import decide
from clearinghouse.jobs.record import record
from clearinghouse.jobs.signing_gates import MEASURES, evaluate
from clearinghouse.settings import Settings
from clearinghouse.verify import verify
from governance.ledger import verify as verify_chain
from infra.store import open_store
from schemas.canonical import canonical_json
from schemas.errors import IntegrityError, ReleaseRefused
from schemas.gate_rules import SIGNING
from schemas.manifest import ReleaseManifest
from tests.builders import make_release
from tests.governed import World
from tests.release_builders import PATIENT
from transforms import shards

LEAK = "13900001111"
NAME = "demo@1.0.0"
REDACTIONS = {
    "media.notes|text|PHONE_NUMBER|placeholder|phone": 30,
    "media.notes|text|PERSON|pseudonym|known": 10,
    "media.notes|text|PLATE|placeholder|plate": 2,
}


def text_of(number: int) -> str:
    if number % 10 == 0:
        return f"联系 <PHONE_NUMBER> 或 <PERSON:k7f3q2ab>,第{number}单"
    if number == 33:
        return "车牌 <PLATE> 停在门口,电话 <PHONE_NUMBER>"
    if number % 10 == 5:
        return f"请打 <PHONE_NUMBER> 第{number}单"
    return f"=第{number}单 一切都好 a < b"


def rows_of(texts: list[str], **more: Any) -> pa.Table:
    values = [
        {
            "id": hashlib.blake2b(str(n).encode(), digest_size=16).hexdigest(),
            "source": "media.notes" if n % 4 else "commerce.reviews",
            "language": "zh",
            "epoch": 1,
            "n_tokens": 4,
            "text": text,
            "provenance": {"unit": "media", "snapshot": "0" * 64, "partition": "2026-01", "position": n + 1, "rows": 1},
            "erased": False,
            **more.get(str(n), {}),
        }
        for n, text in enumerate(texts)
    ]
    return pa.Table.from_pylist(values, schema=shards.schema("text"))


SIGN = [
    {"name": "audit_closed", "comparison": "==", "threshold": "true", "citation": "house", "verified_by": "us"},
    {"name": "pii_residual_bound", "comparison": "<=", "threshold": "0.2", "citation": "house", "verified_by": "us"},
]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(store=str(tmp_path / "store"))


@pytest.fixture
def made(settings: Settings) -> ReleaseManifest:
    return release(settings)


def release(settings: Settings, rows: int = 100, **more: Any) -> ReleaseManifest:
    table = more.pop("table", None) or rows_of([text_of(n) for n in range(rows)])
    recipe = {"name": "demo", "reviewers": [], "signing_gates": SIGN}
    return make_release(settings.store, rows=table, redactions=REDACTIONS, **{"recipe": recipe, **more})


def state(settings: Settings) -> dict[str, bytes]:
    root = Path(settings.store)
    return {str(f.relative_to(root)): f.read_bytes() for f in root.rglob("*") if f.is_file() and f.name[0] != "."}


def read_all(settings: Settings, *readers: str, leaks: tuple[int, ...] = ()) -> Audit:
    audit = Audit.open(settings, NAME)
    for reader in readers:
        for item in audit.queue(reader):
            spans = (Span(0, 0, 3, "PHONE_NUMBER"),) if item.row in leaks else ()
            audit.add(Verdict(item.row, reader, "leak" if spans else "clean", spans))
    return audit


def test_strata_are_of_what_stood_in_the_rows(settings: Settings, made: ReleaseManifest) -> None:
    found = audit_sample.draw(settings, NAME, size=30)
    strata = {(one["entity"], one["side"]): one for one in found["strata"]}
    # A row with a phone and a person is of the rarer of the two, and a plate is rarer than all.
    assert {key: one["rows"] for key, one in strata.items()} == {
        ("PERSON", "redacted"): 10,
        ("PHONE_NUMBER", "redacted"): 10,
        ("PLATE", "redacted"): 1,
        ("", "unredacted"): 79,
    }
    assert found["size"] == sum(one["sampled"] for one in strata.values()) == 30
    assert strata["PLATE", "redacted"]["sampled"] == 1
    assert sum(one["tokens"] for one in strata.values()) == 400


def test_a_sample_is_drawn_once_and_is_the_same_again(settings: Settings, tmp_path: Path) -> None:
    release(settings)
    first = audit_sample.draw(settings, NAME, size=30)
    data = (Path(settings.store) / "releases/demo/1.0.0/audit/sample.json").read_bytes()
    assert audit_sample.draw(settings, NAME, size=30)["repeated"] is True
    for other in ({"seed": 8}, {"size": 31}, {"twice": 0.5}):
        with pytest.raises(AuditError, match="has a sample already: 30 rows, seed 7"):
            audit_sample.draw(settings, NAME, **{"size": 30, **other})
    again = Settings(store=str(tmp_path / "other"))
    release(again)
    assert audit_sample.draw(again, NAME, size=30)["sample"] == first["sample"]
    third = Settings(store=str(tmp_path / "third"))
    release(third)
    assert audit_sample.draw(third, NAME, size=30, seed=8)["sample"] != first["sample"]
    assert "第" not in data.decode(), "a sample holds no text"


def test_what_cannot_be_drawn(settings: Settings, made: ReleaseManifest) -> None:
    before = state(settings)
    for bad in ({"size": 0}, {"twice": 1.5}):
        with pytest.raises(AuditError):
            audit_sample.draw(settings, NAME, **bad)
    shard = next((Path(settings.store) / "releases/demo/shards").iterdir())
    data = bytearray(shard.read_bytes())
    data[len(data) // 2] ^= 1
    shard.write_bytes(bytes(data))
    with pytest.raises(IntegrityError, match="cannot be audited"):
        audit_sample.draw(settings, NAME)
    shard.write_bytes(before[str(shard.relative_to(settings.store))])
    assert state(settings) == before
    with pytest.raises(AuditError, match="is drawn yet"):
        Audit.open(settings, NAME)


def test_a_release_of_one_row_and_one_of_erased_rows(settings: Settings) -> None:
    release(settings, 1)
    assert audit_sample.draw(settings, NAME)["size"] == 1
    read_all(settings, "ann", "ben")
    total = close(settings, NAME, "cy")["total"]
    assert (total["read"], total["upper"], total["extrapolated"]) == (1, "0", "0")
    holes = {str(n): {"erased": True, "text": None} for n in range(3)}
    release(settings, table=rows_of(["a", "b", "c"], **holes), mix="holes")
    assert audit_sample.draw(settings, "holes@1.0.0")["size"] == 0


def test_frozen_rows_are_neither_drawn_nor_shown(settings: Settings, made: ReleaseManifest) -> None:
    folder = Path(settings.store) / "releases/demo/1.0.0/frozen"
    folder.mkdir()
    (folder / "e1.json").write_text(json.dumps({"erasure": "e1", "rows": [3, 4]}))
    people = population(open_store(settings.store), made)
    assert len(people.rows) == 98
    audit_sample.draw(settings, NAME, size=98)
    row = Audit.open(settings, NAME).queue("ann")[0].row
    (folder / "e2.json").write_text(json.dumps({"erasure": "e2", "rows": [row]}))
    audit = Audit.open(settings, NAME)
    assert row not in {item.row for item in audit.queue("ann")}
    assert list(audit.documents([row], "ann", "terminal")) == []
    with pytest.raises(AuditError, match="is frozen"):
        audit.add(Verdict(row, "ann", "clean"))
    read_all(settings, "ann", "ben")
    assert result(settings, NAME)["missing"] == []


def test_readers_are_blind_and_read_the_same(settings: Settings, made: ReleaseManifest) -> None:
    audit_sample.draw(settings, NAME, size=20, twice=0.5)
    audit = Audit.open(settings, NAME)
    before = [item.row for item in audit.queue("ben")]
    read_all(settings, "ann")
    after = [item.row for item in audit.queue("ben")]
    assert len(before) == 20
    # What one reader is enough for was read; what two read is asked in the same order still.
    assert after == before[:10]
    assert audit.queue("ann") == []
    read_all(settings, "ben")
    assert audit.queue("cy") == []
    with pytest.raises(AuditError, match="was read by two others"):
        audit.add(Verdict(before[0], "cy", "clean"))


def test_views_are_logged_before_anything_is_shown(settings: Settings, made: ReleaseManifest) -> None:
    audit_sample.draw(settings, NAME, size=5)
    audit = Audit.open(settings, NAME)
    rows = [item.row for item in audit.queue("ann")][:2]
    shown = audit.documents(rows, "ann", "desk")
    first = next(shown)
    (log,) = (Path(settings.store) / "releases/demo/1.0.0/audit/views").glob("*.json")
    body = json.loads(log.read_bytes())
    assert (body["reader"], body["rows"], body["via"]) == ("ann", sorted(rows), "desk")
    assert first.parts[0].text == text_of(first.row)
    assert text_of(first.row) not in repr(first)
    with pytest.raises(AuditError, match="not in the sample"):
        list(audit.documents([10**6], "ann", "desk"))


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        ({"row": 10**9}, "is not in the sample"),
        ({"verdict": "fine"}, "a verdict is clean"),
        ({"verdict": "leak"}, "says where it stands"),
        ({"verdict": "clean", "spans": (Span(0, 0, 1, "PERSON"),)}, "marks nothing"),
        ({"verdict": "leak", "spans": (Span(0, 3, 3, "PERSON"),)}, "begins before it ends"),
        ({"verdict": "leak", "spans": (Span(0, 0, 3, "zhang san"),)}, "is of an entity"),
        ({"reader": " "}, "needs a reader's name"),
        ({"reader": "builder"}, "built demo@1.0.0 and does not read"),
    ],
)
def test_verdicts_that_may_not_be_given(
    settings: Settings, made: ReleaseManifest, verdict: dict[str, Any], told: str
) -> None:
    audit_sample.draw(settings, NAME, size=5)
    (Path(settings.store) / "releases/demo/1.0.0/built.json").write_text('{"by":["builder"]}')
    audit = Audit.open(settings, NAME)
    one = Verdict(audit.queue("ann")[0].row, "ann", "clean")
    before = state(settings)
    with pytest.raises(AuditError, match=told):
        audit.add(replace(one, **verdict))
    assert state(settings) == before


def test_in_a_governed_store_readers_are_people_of_the_registry(
    settings: Settings, made: ReleaseManifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from schemas.registry import People, Person

    audit_sample.draw(settings, NAME, size=5)
    people = People((Person("ann", ("reviewer",)),))
    monkeypatch.setattr("clearinghouse.jobs.people.in_force", lambda store: (1, people))
    audit = Audit.open(settings, NAME)
    assert len(audit.queue("ann")) == 5
    with pytest.raises(AuditError, match="zoe is not in the registry"):
        audit.queue("zoe")
    with pytest.raises(AuditError, match="zoe is not in the registry"):
        audit.add(Verdict(audit.queue("ann")[0].row, "zoe", "clean"))


def test_a_verdict_is_given_once_even_by_two_at_once(settings: Settings, made: ReleaseManifest) -> None:
    audit_sample.draw(settings, NAME, size=5)
    row = Audit.open(settings, NAME).queue("ann")[0].row

    def give(number: int) -> str:
        try:
            Audit.open(settings, NAME).add(Verdict(row, "ann", "clean" if number % 2 else "unsure"))
        except AuditError as error:
            return error.message
        return "written"

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(give, range(8)))
    assert told.count("written") == 1
    assert set(told) == {"written", f"ann has given a verdict on row {row} already"}
    assert len(Audit.open(settings, NAME).verdicts()) == 1


def test_disagreements_go_to_a_third_person(settings: Settings, made: ReleaseManifest) -> None:
    audit_sample.draw(settings, NAME, size=12)
    audit = Audit.open(settings, NAME)
    rows = [item.row for item in audit.queue("ann")]
    read_all(settings, "ann")
    for row in rows:
        said: Any = "unsure" if row == rows[0] else "leak" if row == rows[1] else "clean"
        audit.add(Verdict(row, "ben", said, (Span(0, 0, 2, "PERSON"),) if said == "leak" else ()))
    assert sorted(audit.disagreements()) == sorted(rows[:2])
    with pytest.raises(AuditError, match="2 rows on which readers differ"):
        close(settings, NAME, "dee")
    for bad, told in (
        (Verdict(rows[0], "ann", "clean"), "has read row"),
        (Verdict(rows[0], "cy", "unsure"), "is not unsure"),
        (Verdict(rows[5], "cy", "clean"), "nothing to settle"),
    ):
        with pytest.raises(AuditError, match=told):
            audit.adjudicate(bad)
    # Until it is settled, doubt counts as a leak.
    assert result(settings, NAME)["total"]["leaks"] == 2
    audit.adjudicate(Verdict(rows[0], "cy", "clean"))
    audit.adjudicate(Verdict(rows[1], "cy", "leak", (Span(0, 0, 2, "PERSON"),)))
    with pytest.raises(AuditError, match="nothing to settle"):
        audit.adjudicate(Verdict(rows[1], "eve", "clean"))
    body = close(settings, NAME, "dee")
    assert (body["total"]["leaks"], body["entities"], body["settled_by"]) == (1, {"PERSON": 1}, ["cy"])
    # One agreed on clean 10 of 12 times; of leaks one reader found one, the other none.
    assert body["kappa"]["both_read"] == 12
    assert body["capture"]["first"] + body["capture"]["second"] == 1
    assert Decimal(body["capture"]["missed"]) == 0


def test_results_are_weighed_back(settings: Settings) -> None:
    release(settings, 400)
    audit_sample.draw(settings, NAME, size=100)
    audit = Audit.open(settings, NAME)
    plain = [n for n, share in enumerate(audit.sample.strata) if share.stratum.side == "unredacted"]
    leaks = tuple(item.row for item in audit.sample.items if item.stratum in plain)[:4]
    read_all(settings, "ann", "ben", leaks=leaks)
    body = close(settings, NAME, "dee")
    (stratum,) = [one for one in body["strata"] if one["side"] == "unredacted"]
    assert stratum["leaks"] == 4
    estimate = Decimal(4 * stratum["population_rows"]) / stratum["read"]
    assert abs(Decimal(body["total"]["extrapolated"]) - estimate) < Decimal("0.001")
    assert Decimal(stratum["lower"]) < Decimal(4) / stratum["read"] < Decimal(stratum["upper"])
    assert body["total"]["read"] == 100
    assert body["passed"] == 96
    assert body["capture"] == {**body["capture"], "first": 4, "second": 4, "both": 4, "missed": "0"}
    again = close(settings, NAME, "dee")
    assert (again["repeated"], again["ledger"]) == (True, body["ledger"])
    with pytest.raises(AuditError, match="is closed"):
        audit.add(Verdict(leaks[0], "eve", "clean"))


def test_a_closed_audit_stands_in_the_ledger_and_is_finished_after_a_kill(
    settings: Settings, made: ReleaseManifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit_sample.draw(settings, NAME, size=8)
    with pytest.raises(AuditError, match="8 of 8 rows were read by nobody"):
        close(settings, NAME, "dee")
    read_all(settings, "ann")
    with pytest.raises(AuditError, match="8 rows wait for a second reader"):
        close(settings, NAME, "dee")
    read_all(settings, "ben")

    def killed(*_: Any, **__: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("clearinghouse.jobs.audit_result.record", killed)
        with pytest.raises(KeyboardInterrupt):
            close(settings, NAME, "dee")
    with pytest.raises(IntegrityError, match="is not in the ledger"):
        evaluate(settings, open_store(settings.store), made)
    body = close(settings, NAME, "somebody else")
    assert body["closed"]["by"] == "dee", "who closed it stands"
    entries = list(ledger(open_store(settings.store)))
    assert verify_chain(entries) == []
    _, entry = [json.loads(data) for _, data in entries]
    assert (entry["kind"], entry["actor"], entry["body"]["read"]) == ("audit", "dee", 8)


def test_who_may_close_an_audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path, monkeypatch)
    world.anchor()
    release(world.settings)
    world.store.put("releases/demo/1.0.0/built.json", canonical_json({"by": ["busy"]}))
    with pytest.raises(ReleaseRefused, match="audit-draw takes officer or reviewer"):
        audit_sample.draw(world.acting("eng"), NAME, size=5)
    with pytest.raises(AuditError, match=r"busy built demo@1\.0\.0"):
        audit_sample.draw(world.acting("busy"), NAME, size=5)
    assert not (tmp_path / "store/releases/demo/1.0.0/audit").exists()
    audit_sample.draw(world.acting("ada"), NAME, size=5)
    read_all(world.settings, "wen", "lin")
    before = state(world.settings)
    for actor, kind, told in (
        ("ada", ReleaseRefused, "who is officer; audit takes reviewer"),
        ("eng", ReleaseRefused, "who is engineer; audit takes reviewer"),
        ("busy", AuditError, "busy built demo@1.0.0 and does not close its audit"),
    ):
        with pytest.raises(kind, match=told):
            close(world.settings, NAME, actor)
    with pytest.raises(ReleaseRefused, match="the key is lin's"):
        close(replace(world.settings, signing_key=str(world.key("lin"))), NAME, "wen")
    assert state(world.settings) == before
    close(world.settings, NAME, "wen")
    assert verify(world.store).findings == []


def test_a_sample_that_was_taken_away_and_drawn_anew_is_found(settings: Settings, made: ReleaseManifest) -> None:
    store, key = open_store(settings.store), "releases/demo/1.0.0/audit/sample.json"
    first = audit_sample.draw(settings, NAME, size=8, seed=1)
    (entry,) = [json.loads(data) for _, data in ledger(store)]
    assert (entry["kind"], entry["ordinal"]) == ("audit-draw", first["ledger"])
    assert {name: entry["body"][name] for name in ("sample", "seed", "size")} == {
        "sample": hashlib.sha256(store.read(key)).hexdigest(), "seed": 1, "size": 8
    }  # fmt: skip
    stood = store.read(key)
    store.delete(key)
    (missing,) = verify(store).findings
    assert (missing.key, missing.message) == (key, "is missing")
    with pytest.raises(
        IntegrityError, match=r"the sample of demo@1\.0\.0 that the ledger names is gone: 8 rows, seed 1"
    ):
        audit_sample.draw(settings, NAME, size=8, seed=2)
    assert store.stat(key) is None
    assert audit_sample.draw(settings, NAME, size=8, seed=1)["ledger"] == first["ledger"]
    assert store.read(key) == stood, "the same command makes the same sample again"

    # Drawn where nobody looked, with a clean result, and put there by hand.
    other = Settings(store=f"{settings.store}-other")
    release(other)
    audit_sample.draw(other, NAME, size=8, seed=2)
    store.put(key, open_store(other.store).read(key))
    read_all(settings, "ann", "ben")
    assert "is not the sample that was drawn" in str(verify(store).findings[0])
    before = state(settings)
    with pytest.raises(IntegrityError, match="not the one that was drawn first"):
        close(settings, NAME, "dee")
    assert state(settings) == before
    # An entry for it comes too late.
    body = {**entry["body"], "sample": hashlib.sha256(store.read(key)).hexdigest()}
    record(store, kind="audit-draw", actor="eve", at=entry["at"], body=body)
    with pytest.raises(IntegrityError, match="not the one that was drawn first: entry 1"):
        close(settings, NAME, "dee")
    assert "is not the sample that was drawn" in str(verify(store).findings[0])


def test_a_draw_that_was_killed_is_finished_even_after_rows_were_frozen(
    settings: Settings, made: ReleaseManifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(settings.store)

    def killed(*_: Any, **__: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("clearinghouse.jobs.audit_sample.record", killed)
        with pytest.raises(KeyboardInterrupt):
            audit_sample.draw(settings, NAME, size=8)
    assert "drawing it was interrupted" in str(verify(store).findings[0])
    read_all(settings, "ann", "ben")
    with pytest.raises(IntegrityError, match="is not in the ledger: drawing it was interrupted"):
        close(settings, NAME, "dee")
    row = Audit.open(settings, NAME).sample.items[0].row
    store.put("releases/demo/1.0.0/frozen/e1.json", canonical_json({"erasure": "e1", "rows": [row]}))
    with pytest.raises(AuditError, match="has a sample already: 8 rows, seed 7"):
        audit_sample.draw(settings, NAME, size=8, seed=99)
    assert audit_sample.draw(settings, NAME, size=8)["repeated"] is True
    close(settings, NAME, "dee")
    assert [json.loads(data)["kind"] for _, data in ledger(store)] == ["audit-draw", "audit"]
    assert verify(store).findings == []


def test_a_release_is_signed_only_after_its_audit(settings: Settings, made: ReleaseManifest) -> None:
    store = open_store(settings.store)
    rows = evaluate(settings, store, made)
    assert [(row["value"], row["passed"]) for row in rows] == [("not measured", False)] * 2
    with pytest.raises(ReleaseRefused, match="pii_residual_bound"):
        decide(settings, NAME, "approve", "dee", "fine")
    audit_sample.draw(settings, NAME, size=60)
    read_all(settings, "ann", "ben")
    close(settings, NAME, "dee")
    rows = evaluate(settings, store, made)
    assert all(row["passed"] for row in rows)
    assert "0 in 60 rows read" in rows[1]["detail"]
    assert decide(settings, NAME, "approve", "dee", "fine")["verdict"] == "approve"
    assert verify(store).findings == []
    file = Path(settings.store) / "releases/demo/1.0.0/audit.json"
    kept = file.read_bytes()
    file.write_bytes(kept.replace(b'"leaks":0', b'"leaks":1', 1))
    assert ["is not in the ledger" in one.message for one in verify(store).findings] == [True]
    file.unlink()
    assert ["without an audit that passes" in one.message for one in verify(store).findings] == [True]


def test_a_release_without_such_gates_needs_no_audit(settings: Settings) -> None:
    manifest = release(settings, recipe={"name": "demo", "reviewers": []})
    assert evaluate(settings, open_store(settings.store), manifest) == ()


@pytest.mark.parametrize("change", ["upper", "manifest", "bytes"])
def test_an_audit_that_was_tampered_with_signs_nothing(settings: Settings, made: ReleaseManifest, change: str) -> None:
    audit_sample.draw(settings, NAME, size=60)
    read_all(settings, "ann", "ben", leaks=tuple(range(100)))
    close(settings, NAME, "dee")
    store = open_store(settings.store)
    assert not all(row["passed"] for row in evaluate(settings, store, made))
    file = Path(settings.store) / "releases/demo/1.0.0/audit.json"
    body = json.loads(file.read_bytes())
    if change == "upper":
        body["total"]["upper"] = "0.001"
    elif change == "manifest":
        body["manifest_digest"] = "0" * 64
    from schemas.canonical import canonical_json

    file.write_bytes(canonical_json(body) + (b" " if change == "bytes" else b""))
    with pytest.raises(IntegrityError):
        evaluate(settings, store, made)


def test_every_gate_of_signing_is_measured() -> None:
    assert set(MEASURES) == set(SIGNING)
    empty = {
        "state": "closed", "readers": [], "total": {"read": 0, "leaks": 0, "upper": "1"}, "passed": 0,
        "harmful": [], "technical": None, "kappa": {"value": None, "agreement": None, "both_read": 0},
    }  # fmt: skip
    unknown = {name for name, measure in MEASURES.items() if measure(empty) is None}
    assert unknown == set(SIGNING) - {"audit_closed", "pii_residual_bound", "manual_sample_items"}


def test_verdicts_on_another_sample_are_refused(settings: Settings, made: ReleaseManifest) -> None:
    audit_sample.draw(settings, NAME, size=5)
    read_all(settings, "ann")
    file = next((Path(settings.store) / "releases/demo/1.0.0/audit/verdicts").iterdir())
    file.write_bytes(file.read_bytes().replace(b'"sample":"', b'"sample":"0'))
    with pytest.raises(IntegrityError, match="another sample"):
        result(settings, NAME)


def test_a_shard_that_changed_since_is_noticed_when_it_is_shown_and_when_it_is_closed(
    settings: Settings, made: ReleaseManifest
) -> None:
    audit_sample.draw(settings, NAME, size=100)
    read_all(settings, "ann", "ben")
    folder = Path(settings.store) / "releases/demo/shards"
    one, other = made.shards[0], made.shards[1]
    (folder / f"{one.sha256}.parquet").write_bytes((folder / f"{other.sha256}.parquet").read_bytes())
    audit = Audit.open(settings, NAME)
    with pytest.raises(IntegrityError, match="is not the document that was drawn"):
        list(audit.documents([item.row for item in audit.sample.items if item.row < 40], "ann", "desk"))
    with pytest.raises(IntegrityError, match="cannot be audited"):
        close(settings, NAME, "dee")


# --- CSV ---


@given(st.text(max_size=20))
@PATIENT
def test_cells_are_read_back_as_they_were_and_are_no_formula(cell: str) -> None:
    said = audit_csv.escaped(cell)
    assert audit_csv.unescaped(said) == cell
    assert not said.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))


def filled(path: Path, change: Any) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows):
        change(number, row)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, audit_csv.COLUMNS, delimiter=";")
        out.writeheader()
        out.writerows(rows)


def test_the_sample_goes_to_a_spreadsheet_and_back(settings: Settings, tmp_path: Path) -> None:
    texts = [text_of(n) for n in range(20)]
    texts[3] = f"打我电话 {LEAK},打 {LEAK} 也行"
    release(settings, table=rows_of(texts))
    audit_sample.draw(settings, NAME, size=20, twice=0)
    path = tmp_path / "sample.csv"
    assert audit_csv.export(settings, NAME, "ann", path)["rows"] == 20
    assert path.stat().st_mode & 0o077 == 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert {audit_csv.unescaped(row["document"]) for row in rows} == set(texts)
    with pytest.raises(AuditError, match="is there already"):
        audit_csv.export(settings, NAME, "ann", path)

    def judge(number: int, row: dict[str, str]) -> None:
        if row["row"] == "5":
            return  # left for later
        row["verdict"] = "Leak" if row["row"] == "3" else "clean"
        row["leaks"] = f"PHONE_NUMBER: {LEAK}" if row["row"] == "3" else ""
        row["harmful"] = "yes" if row["row"] == "3" else ""

    filled(path, judge)
    done = audit_csv.load(settings, NAME, "ann", path)
    assert (done["written"], done["empty"]) == (19, 1)
    assert audit_csv.load(settings, NAME, "ann", path)["repeated"] == 19, "an import that was cut off is run again"
    (leak,) = [one for one in Audit.open(settings, NAME).verdicts() if one.verdict == "leak"]
    assert [texts[3][span.start : span.end] for span in leak.spans] == [LEAK, LEAK]
    assert leak.harmful
    assert not any(LEAK.encode() in data for key, data in state(settings).items() if "/shards/" not in key)


def test_every_fault_of_a_file_is_told_and_nothing_is_written(settings: Settings, tmp_path: Path) -> None:
    release(settings, 12)
    audit_sample.draw(settings, NAME, size=12, twice=0)
    path = tmp_path / "sample.csv"
    audit_csv.export(settings, NAME, "ann", path)
    faults = [
        lambda row: row.update(verdict="perhaps"),
        lambda row: row.update(verdict="clean", release="other@1.0.0"),
        lambda row: row.update(verdict="clean", id="0" * 32),
        lambda row: row.update(verdict="clean", row="999"),
        lambda row: row.update(verdict="clean", row="x"),
        lambda row: row.update(verdict="leak"),
        lambda row: row.update(verdict="leak", leaks=f"PHONE_NUMBER: {LEAK}"),
        lambda row: row.update(verdict="leak", leaks="PHONE_NUMBER 0:5-999"),
        lambda row: row.update(verdict="leak", leaks="somewhere"),
        lambda row: row.update(verdict="clean", harmful="maybe"),
        lambda row: row.update(verdict="", leaks="PERSON 0:0-1"),
    ]
    filled(path, lambda number, row: faults[number](row) if number < len(faults) else row.update(verdict="clean"))
    before = state(settings)
    with pytest.raises(audit_csv.CsvError) as caught:
        audit_csv.load(settings, NAME, "ann", path)
    told = str(caught.value)
    assert len(caught.value.problems) == len(faults)
    for words in (
        "none of clean", "another release", "not in the sample", "no number", "says where it stands",
        "does not stand in the document", "within the document", "is not ENTITY", "yes or no",
    ):  # fmt: skip
        assert words in told
    assert LEAK not in told, "a message repeats what was pasted"
    assert state(settings) == before


@pytest.mark.parametrize(
    "data", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00", b'release,row,id,source,language,document,verdict,leaks\n"x']
)
def test_files_that_are_no_table_of_verdicts(
    settings: Settings, made: ReleaseManifest, tmp_path: Path, data: bytes
) -> None:
    audit_sample.draw(settings, NAME, size=5)
    path = tmp_path / "bad.csv"
    path.write_bytes(data)
    with pytest.raises(audit_csv.CsvError):
        audit_csv.load(settings, NAME, "ann", path)
    with pytest.raises(audit_csv.CsvError):
        audit_csv.load(settings, NAME, "ann", tmp_path / "none.csv")


def test_a_row_given_twice_or_differently_is_a_fault(settings: Settings, tmp_path: Path) -> None:
    release(settings, 12)
    audit_sample.draw(settings, NAME, size=12, twice=0)
    path = tmp_path / "sample.csv"
    audit_csv.export(settings, NAME, "ann", path)
    filled(path, lambda number, row: row.update(verdict="clean"))
    lines = path.read_text("utf-8").splitlines(keepends=True)
    twice = tmp_path / "twice.csv"
    twice.write_text("".join([*lines, lines[1]]), "utf-8")
    with pytest.raises(audit_csv.CsvError, match="is there twice"):
        audit_csv.load(settings, NAME, "ann", twice)
    audit_csv.load(settings, NAME, "ann", path)
    path.write_text("".join(lines).replace(";clean;", ";over-redacted;"), "utf-8")
    with pytest.raises(audit_csv.CsvError, match="has given a verdict"):
        audit_csv.load(settings, NAME, "ann", path)


# --- the second detector ---


def test_a_second_detector_finds_what_was_left_and_people_settle_it(settings: Settings) -> None:
    texts = [text_of(n) for n in range(40)]
    texts[3] = f"打我电话 {LEAK} 谢谢"
    texts[7] = "身份证 11010519491231002X 请核对"
    texts[9] = "user: hello, where is it?\nassistant: on its way\nuser: thanks"
    release(settings, table=rows_of(texts))
    audit_sample.draw(settings, NAME, size=40)
    from clearinghouse.jobs.audit_rescan import rescan

    found = rescan(settings, NAME, share=1.0)
    assert found["sample"] == {"rows": 40, "with_finds": 2}
    assert found["technical"] == {"rows": 40, "of": 40, "with_finds": 2}
    assert set(found["entities"]) == {"PHONE_NUMBER", "CN_RESIDENT_ID"}
    assert rescan(settings, NAME, share=0.5)["repeated"] is True
    audit = Audit.open(settings, NAME)
    for reader in ("ann", "ben"):
        for item in audit.queue(reader):
            if item.row == 3:
                start = texts[3].index(LEAK)
                audit.add(Verdict(3, reader, "leak", (Span(0, start, start + 11, "PHONE_NUMBER"),)))
            else:
                audit.add(Verdict(item.row, reader, "clean"))
    # Both readers passed over the number of row 7, which the detector found.
    assert audit.disagreements() == [7]
    audit.adjudicate(Verdict(7, "cy", "leak", audit.second_finds()[7]))
    body = close(settings, NAME, "dee")
    one = body["capture"]
    assert (one["detectors"], one["first"], one["second"], one["both"]) == (["readers", "second detector"], 1, 2, 1)
    assert body["total"]["leaks"] == 2
    assert body["technical"]["with_finds"] == 2
    assert not any(LEAK.encode() in data for key, data in state(settings).items() if "/shards/" not in key)


def test_what_leaves_no_mark_and_low_scores_are_known_by_the_evidence() -> None:
    from clearinghouse.evidence import EVIDENCE
    from clearinghouse.jobs.audit_rows import _read

    def row(one: str, entity: str, action: str, score: float) -> dict[str, Any]:
        blank = dict.fromkeys(EVIDENCE.names)
        return {**blank, "id": one, "entity": entity, "action": action, "score": score}

    rows = [
        row("a", "PERSON", "placeholder", 0.9),
        row("b", "PERSON", "surrogate", 0.55),
        row("b", "PHONE_NUMBER", "surrogate", 1.0),
        row("c", "PERSON", "placeholder", 0.4),
        row("d", "PERSON", "keep", 0.4),
        row("e", "BIRTH_DATE", "generalise", 1.0),
    ]
    low: set[str] = set()
    hidden: dict[str, set[str]] = {}
    schema = pa.schema([EVIDENCE.field(name) for name in ("id", "entity", "score", "action")])
    _read(pa.Table.from_pylist([{name: one[name] for name in schema.names} for one in rows], schema), low, hidden)
    assert low == {"b", "c"}
    assert hidden == {"b": {"PERSON", "PHONE_NUMBER"}, "e": {"BIRTH_DATE"}}


def test_what_leaves_no_mark_is_known_of_documents_of_several_rows_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"第{n}单 一切都好" for n in range(6)]
    origin = {"unit": "media", "snapshot": "0" * 64, "partition": "2026-01", "position": 1, "rows": 2}
    made = {str(n): {"provenance": {**origin, "row_ids": [f"{n:032x}", f"{n + 50:032x}"]}} for n in (2, 3, 4)}
    manifest = make_release(str(tmp_path / "store"), rows=rows_of(texts, **made), redactions=REDACTIONS)
    alone = hashlib.blake2b(b"0", digest_size=16).hexdigest()
    hidden = {f"{52:032x}": frozenset(["PERSON"]), alone: frozenset(["BIRTH_DATE"])}
    monkeypatch.setattr("clearinghouse.jobs.audit_rows._evidence", lambda *_: ({f"{3:032x}"}, hidden))
    found = population(open_store(str(tmp_path / "store")), manifest)
    kinds = {int(row): found.kinds[kind] for row, kind in zip(found.rows, found.kind, strict=True)}
    assert {row: kind.entities for row, kind in kinds.items() if kind.entities} == {0: ("BIRTH_DATE",), 2: ("PERSON",)}
    assert [row for row, kind in kinds.items() if kind.score == "low"] == [3]


def test_parts_of_a_conversation_are_numbered_and_say_who_speaks() -> None:
    from clearinghouse.jobs.audit_rows import Document, _parts, texts

    value = [
        {"role": "user", "content": "我的电话 <PHONE_NUMBER>", "train": False},
        {"role": "assistant", "content": None, "train": True, "calls": [{"name": "look", "arguments": '{"q": 1}'}]},
    ]
    parts = tuple(_parts("messages", value, ""))
    assert [(one.place, one.role) for one in parts] == [
        ("messages[0].content", "user"),
        ("messages[1].calls[0].name", "assistant"),
        ("messages[1].calls[0].arguments", "assistant"),
    ]
    shown = audit_csv.shown(Document(0, "", "", "", parts))
    assert shown.splitlines()[0] == "[0 user] 我的电话 <PHONE_NUMBER>"
    document = Document(0, "", "", "", parts)
    assert list(audit_csv.parse_leaks("person: look\nPHONE_NUMBER 0:2-4", document)) == [
        Span(1, 0, 4, "PERSON"),
        Span(0, 2, 4, "PHONE_NUMBER"),
    ]
    message = pa.list_(pa.struct([("role", pa.string()), ("content", pa.large_string()), ("train", pa.bool_())]))
    table = pa.table({"id": ["a", "b", "c"], "messages": pa.array([value[:1] * 2, None, value[:1]], message)})
    (rows, content) = next(iter(texts(table)))
    assert (rows.tolist(), len(content)) == ([0, 0, 2], 3)


def test_text_does_nothing_to_a_terminal() -> None:
    from clearinghouse.cli.audit import plain

    assert plain("a\x1b[2J\u202eb\n\tc\x9b") == "a□[2J□b\n\tc□"


def test_the_sample_is_read_and_settled_in_the_terminal(
    settings: Settings, made: ReleaseManifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from typer.testing import CliRunner

    from clearinghouse.cli import app

    def run(*said: str, keys: str = "") -> str:
        done = CliRunner().invoke(app, ["audit", *said, "--store", settings.store], input=keys)
        assert done.exit_code == 0, done.output
        return done.output

    assert "4 of 100 rows, 4 of them for two readers" in run("draw", NAME, "--size", "4")
    rows = [item.row for item in Audit.open(settings, NAME).queue("ann")]
    words = text_of(rows[1])[:3]
    keys = f"c\nl\nPERSON: not there at all\n\nl\nPERSON: {words}\n\nx\nh\nc\nq\n"
    told = run("review", NAME, "--reader", "ann", keys=keys)
    assert "does not stand in the document" in told
    assert "3 verdicts written; 1 rows left for ann" in told
    run("review", NAME, "--reader", "ann", keys="c\n")
    run("review", NAME, "--reader", "ben", keys="c\nc\nc\nc\n")
    told = run("settle", NAME, "--reader", "cai", keys="c\nh\nc\n")
    assert "0 rows wait to be settled" in told
    assert "nothing is left to do" in run("result", NAME)
    shown = json.loads(run("views", NAME, "--json"))
    assert [(one["reader"], one["rows"]) for one in shown[-2:]] == [("cai", [rows[1]]), ("cai", [rows[2]])]
    assert len(shown) == 5 + 4 + 2, "four rows and one that was put off, four, two"
    body = json.loads(run("result", NAME, "--json"))
    assert (body["total"]["read"], body["total"]["leaks"], body["passed"]) == (4, 0, 3)
    assert "ledger entry 2: 0 leaks in 4 rows read" in run("close", NAME, "--actor", "dee")


def test_rows_are_found_in_the_shards_that_hold_them_listed_or_not(
    settings: Settings, made: ReleaseManifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from clearinghouse.jobs.audit_rows import column, holding

    wanted = [99, 0, 39, 40, 41, 80]
    store = open_store(settings.store)
    monkeypatch.setattr("schemas.manifest_shards.INLINE_SHARDS", 1)
    listed, files = made.beside()
    assert files
    for manifest in (made, listed):
        found = [(shard.first_row, rows) for shard, rows in holding(manifest, wanted)]
        assert found == [(0, [0, 39]), (40, [40, 41]), (80, [80, 99])]
        ids = column(store, manifest, wanted, "id")
        assert ids == {row: hashlib.blake2b(str(row).encode(), digest_size=16).hexdigest() for row in wanted}
